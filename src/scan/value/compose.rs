//! How values are put together: texts one behind the other, lists as one text,
//! URLs on their base, templates with what they are given.
//!
//! Alternatives are combined where they can hold at once, and no more of them are
//! kept than a [`Value`] may have.

use std::sync::Arc;

use super::bounds::{room, shared_out};
use super::guard::Guard;
use super::{Kind, Listed, MAX_ALTERNATIVES, MAX_PIECES, ParamRef, Piece, Term, Value, compatible};
use crate::scan::form::{FormatStyle, JoinStyle, Span};
use crate::scan::requests::template;

/// Puts texts together in every compatible combination.
pub(crate) fn concat(values: &[Value], span: Span) -> Value {
    if let Some(values) = super::unset::as_segments(values) {
        return product(&values, |out, pieces| out.extend(pieces), span);
    }
    product(values, |out, pieces| out.extend(pieces), span)
}

/// Combines the alternatives of several values with `add`, which appends the
/// pieces of the next value to what is there.
fn product(values: &[Value], add: impl Fn(&mut Vec<Piece>, Vec<Piece>), span: Span) -> Value {
    let mut terms = vec![(Conditions::default(), Vec::new())];
    for value in values {
        let (mut texts, kept) = shared_out(value, terms.len());
        // Nearly always there is one of each, and nothing has to be copied.
        if terms.len() == 1
            && texts.len() == 1
            && let (Some((conditions, mut pieces)), Some((more, term))) = (terms.pop(), texts.pop())
        {
            if conditions.allow(term) {
                add(&mut pieces, more);
                if pieces.len() > MAX_PIECES {
                    return Value::unknown("");
                }
                terms.push((conditions.and(term), pieces));
            }
            continue;
        }
        let mut next = Vec::new();
        for (front, (conditions, pieces)) in terms.iter().enumerate() {
            let most = MAX_ALTERNATIVES.saturating_sub(kept * (terms.len() - 1 - front));
            for (more, term) in &texts {
                let room = room(&conditions.guards).max(room(&term.guards));
                let most = if room > MAX_ALTERNATIVES { room } else { room.min(most) };
                if next.len() >= most || !conditions.allow(term) {
                    continue;
                }
                let more = more.clone();
                let mut pieces = pieces.clone();
                add(&mut pieces, more);
                if pieces.len() > MAX_PIECES {
                    return Value::unknown("");
                }
                next.push((conditions.and(term), pieces));
            }
        }
        if !value.is_empty() {
            terms = next;
        }
    }
    let term = |(conditions, pieces): (Conditions, Vec<Piece>)| {
        let Conditions { when, without, given, guards, open } = conditions;
        Term { when, without, given, guards, open, kind: widen(pieces, span) }
    };
    Value { terms: terms.into_iter().map(term).collect() }
}

/// The conditions of several terms together.
#[derive(Clone, Default)]
struct Conditions {
    when: Vec<(u32, u32)>,
    without: Vec<ParamRef>,
    given: Vec<ParamRef>,
    open: bool,
    guards: Vec<Guard>,
}

impl Conditions {
    fn allow(&self, term: &Term) -> bool {
        compatible(&self.when, &term.when)
            && !self.without.iter().any(|param| term.given.contains(param))
            && !self.given.iter().any(|param| term.without.contains(param))
            && !self.guards.iter().any(|guard| term.guards.iter().any(|other| guard.excludes(other)))
    }

    fn and(&self, term: &Term) -> Self {
        Self {
            when: union(&self.when, &term.when),
            without: union(&self.without, &term.without),
            given: union(&self.given, &term.given),
            open: self.open || term.open,
            guards: union(&self.guards, &term.guards),
        }
    }
}

fn union<T: Clone + PartialEq>(a: &[T], b: &[T]) -> Vec<T> {
    let mut out = a.to_vec();
    out.extend(b.iter().filter(|item| !a.contains(item)).cloned());
    out
}

/// Widens the origins of the texts inside `span` to it.
fn widen(mut pieces: Vec<Piece>, span: Span) -> Kind {
    for piece in &mut pieces {
        if let Piece::Literal { origin, .. } = piece
            && span.contains(*origin)
        {
            *origin = span;
        }
    }
    Kind::Text(pieces)
}

/// The elements of a list as one text.
pub(crate) fn join_list(list: &Value, separator: &str, span: Span) -> Value {
    let separating = Value::one(Kind::Text(vec![Piece::Literal {
        text: separator.into(),
        literal: span,
        origin: span,
        local: false,
    }]));
    let mut out = Value::default();
    for term in &list.terms {
        let joined = |listed| Value::one(Kind::Text(vec![Piece::Joined(listed, separator.into())]));
        let value = match &term.kind {
            Kind::Rest(from) => joined(Listed::Rest(*from)),
            Kind::Param(param) => joined(Listed::Param(param.clone())),
            Kind::List(items) => {
                let mut parts = Vec::with_capacity(items.len() * 2);
                // Options behind the pieces of a path are taken out before these are joined, or never meant.
                let options = items.len() > 1 && items.last().is_some_and(is_object);
                for item in &items[..items.len() - usize::from(options)] {
                    if !parts.is_empty() {
                        parts.push(separating.clone());
                    }
                    match item.terms.as_slice() {
                        [Term { kind: Kind::Rest(from), .. }] => parts.push(joined(Listed::Rest(*from))),
                        _ => parts.push(item.clone()),
                    }
                }
                concat(&parts, span)
            }
            _ => Value::unknown(""),
        };
        out = out.join(value);
    }
    if out.is_empty() { Value::unknown("") } else { out }
}

/// Whether a value is an object by keys, and nothing else.
fn is_object(value: &Value) -> bool {
    !value.is_empty() && value.terms.iter().all(|term| matches!(term.kind, Kind::Object(_)))
}

/// Several lists as one; `None` if one of the values is no list.
pub(crate) fn chain_lists(values: &[Value]) -> Option<Value> {
    let mut out = Vec::new();
    let mut open = false;
    for value in values {
        open |= value.terms.iter().any(|term| term.open);
        match value.terms.as_slice() {
            [Term { kind: Kind::List(items), .. }] => out.extend(items.iter().cloned()),
            [Term { kind: Kind::Rest(_), .. }] if values.len() > 1 => out.push(value.clone()),
            // Any element of a list in an answer.
            [Term { kind: Kind::Answer(answer), .. }] if values.len() > 1 => {
                out.push(answer.item()?);
                open = true;
            }
            _ => return None,
        }
    }
    let list = Value::one(Kind::List(Arc::new(out)));
    Some(if open { list.opened() } else { list })
}

/// As [`chain_lists`], where what stands first may be one of several lists by now: `command +=
/// [url]`.
pub(crate) fn chain_several(values: &[Value]) -> Option<Value> {
    const MAX_LISTS: usize = 8;
    const MAX_ELEMENTS: usize = 64;
    let list = |term: &Term| matches!(term.kind, Kind::List(_));
    let (first, rest) = values.split_first()?;
    let several = (2..=MAX_LISTS).contains(&first.terms.len()) && first.terms.iter().all(list);
    if !several || rest.is_empty() || !first.holds_at_most(MAX_ELEMENTS) {
        return chain_lists(values);
    }
    let mut out = Value::default();
    for term in &first.terms {
        let mut parts = vec![Value { terms: vec![term.clone()] }];
        parts.extend(rest.iter().cloned());
        out = out.join(chain_lists(&parts)?.within(term));
    }
    Some(out.opened())
}

/// Puts the parts of a URL together as the libraries' join functions do.
pub(crate) fn join_url(base: &Value, parts: &[Value], style: JoinStyle, span: Span) -> Value {
    let mut values = vec![base.clone()];
    values.extend(parts.iter().cloned());
    let add = |out: &mut Vec<Piece>, more: Vec<Piece>| {
        if out.is_empty() {
            out.extend(more);
            return;
        }
        let absolute = starts_with(&more, '/');
        match style {
            JoinStyle::Url | JoinStyle::Base
                if has_scheme(&more) || super::url_parts::begins_elsewhere(&more) =>
            {
                *out = more
            }
            JoinStyle::Url if absolute => {
                cut_path(out);
                out.extend(more);
            }
            JoinStyle::Url => {
                // A relative reference replaces what follows the last slash.
                cut_after_last_slash(out);
                out.extend(more);
            }
            JoinStyle::Parts if super::url_parts::is_front(&more) => out.extend(more),
            JoinStyle::Path | JoinStyle::Base | JoinStyle::Parts => {
                trim_slashes(out, false, true);
                let mut more = more;
                trim_slashes(&mut more, true, false);
                out.push(Piece::Literal { text: "/".into(), literal: span, origin: span, local: false });
                out.extend(more);
            }
        }
    };
    product(&values, add, span)
}

fn starts_with(pieces: &[Piece], c: char) -> bool {
    matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.starts_with(c))
}

fn has_scheme(pieces: &[Piece]) -> bool {
    matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.starts_with("http://") || text.starts_with("https://"))
}

/// Cuts a URL after its host; a base that begins with a hole keeps only it.
fn cut_path(pieces: &mut Vec<Piece>) {
    let mut seen_scheme = false;
    for at in 0..pieces.len() {
        let Piece::Literal { text, .. } = &mut pieces[at] else { continue };
        let from = match text.find("://") {
            Some(scheme) if !seen_scheme => {
                seen_scheme = true;
                scheme + 3
            }
            _ => 0,
        };
        if let Some(slash) = text[from..].find('/') {
            let kept: Arc<str> = text[..from + slash].into();
            *text = kept;
            pieces.truncate(at + 1);
            return;
        }
    }
}

fn cut_after_last_slash(pieces: &mut Vec<Piece>) {
    let Some(Piece::Literal { text, .. }) = pieces.last_mut() else {
        // `urljoin(base, "api/v1/x")` with an unknown base: people mean one slash.
        let span = Span { start: 0, end: 0 };
        pieces.push(Piece::Literal { text: "/".into(), literal: span, origin: span, local: false });
        return;
    };
    if let Some(slash) = text.rfind('/') {
        let in_scheme = text[..slash].ends_with(":/") || text[..slash].ends_with(':');
        let kept: String = if in_scheme { format!("{text}/") } else { text[..=slash].to_owned() };
        *text = kept.into();
    }
}

/// Cuts slashes and white space off the ends of a text.
pub(crate) fn trim_slashes(pieces: &mut Vec<Piece>, start: bool, end: bool) {
    let cut = |c: char| c == '/' || c.is_whitespace();
    if start && let Some(Piece::Literal { text, .. }) = pieces.first_mut() {
        *text = text.trim_start_matches(cut).into();
    }
    if end && let Some(Piece::Literal { text, .. }) = pieces.last_mut() {
        *text = text.trim_end_matches(cut).into();
    }
    pieces.retain(|piece| !matches!(piece, Piece::Literal { text, .. } if text.is_empty()));
}

/// Fills a format template with its arguments.
pub(crate) fn format(
    template: &Value,
    style: FormatStyle,
    args: &[(Option<Arc<str>>, Value)],
    span: Span,
) -> Value {
    let mut out = Value::default();
    for term in &template.terms {
        if let Some(value) = template::waiting(term, style, args) {
            out = out.join(value);
            continue;
        }
        let mut parts = Vec::new();
        let mut position = 0;
        for piece in term.pieces() {
            let Piece::Literal { text, literal, origin, local } = &piece else {
                parts.push(Value::one(Kind::Text(vec![piece])));
                continue;
            };
            for field in fields(text, style) {
                match field {
                    Field::Text(text) => parts.push(Value::one(Kind::Text(vec![Piece::Literal {
                        text: text.into(),
                        literal: *literal,
                        origin: *origin,
                        local: *local,
                    }]))),
                    Field::Argument(name) => {
                        let value = match name.parse::<usize>() {
                            Ok(index) => positional(args, index),
                            Err(_) if name.is_empty() => {
                                position += 1;
                                positional(args, position - 1)
                            }
                            Err(_) => args
                                .iter()
                                .find(|(key, _)| key.as_deref() == Some(&*name))
                                .map(|(_, value)| value.clone()),
                        };
                        parts.push(value.unwrap_or_else(|| Value::unknown(&name)));
                    }
                }
            }
            if parts.len() > MAX_PIECES {
                return Value::unknown("");
            }
        }
        let mut filled = concat(&parts, span);
        for term_out in &mut filled.terms {
            term_out.when.extend(term.when.iter().copied());
            term_out.without.extend(term.without.iter().cloned());
            term_out.given.extend(term.given.iter().cloned());
            term_out.guard(&term.guards);
        }
        out = out.join(filled);
    }
    out
}

fn positional(args: &[(Option<Arc<str>>, Value)], index: usize) -> Option<Value> {
    args.iter().filter(|(name, _)| name.is_none()).nth(index).map(|(_, value)| value.clone())
}

enum Field {
    Text(String),
    /// The argument's name or number; empty for the next one.
    Argument(String),
}

fn fields(text: &str, style: FormatStyle) -> Vec<Field> {
    let mut out = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    let mut push = |literal: &mut String, name: String| {
        if !literal.is_empty() {
            out.push(Field::Text(std::mem::take(literal)));
        }
        out.push(Field::Argument(name));
    };
    while let Some(c) = chars.next() {
        match (style, c) {
            (FormatStyle::Braces, '{') if chars.peek() == Some(&'{') => {
                chars.next();
                literal.push('{');
            }
            (FormatStyle::Braces, '}') => {
                chars.next_if_eq(&'}');
                literal.push('}');
            }
            (FormatStyle::Braces, '{') => {
                let mut inner = String::new();
                for c in chars.by_ref() {
                    if c == '}' {
                        break;
                    }
                    inner.push(c);
                }
                // RFC 6570: `{?page}` says nothing of the path, `{/id}` is a segment more.
                match inner.chars().next() {
                    Some('?' | '&' | '#') => continue,
                    Some('/') => literal.push('/'),
                    _ => {}
                }
                let inner = inner.trim_start_matches(['+', '/', ';']);
                let end = inner.find([':', '!', '.', '[', '*', ',']).unwrap_or(inner.len());
                let inner = inner[..end].to_owned();
                push(&mut literal, inner);
            }
            (FormatStyle::Dollar, '$') if chars.next_if_eq(&'$').is_some() => literal.push('$'),
            (FormatStyle::Dollar, '$') => {
                let braces = chars.next_if_eq(&'{').is_some();
                let mut name = String::new();
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                if braces {
                    chars.next_if_eq(&'}');
                }
                if name.is_empty() { literal.push('$') } else { push(&mut literal, name) }
            }
            (FormatStyle::Percent, '%') if chars.next_if_eq(&'%').is_some() => literal.push('%'),
            (FormatStyle::Percent, '%') => {
                let mut name = String::new();
                let close = match chars.peek() {
                    Some('(') => Some(')'),
                    Some('{') => Some('}'),
                    Some('<') => Some('>'),
                    _ => None,
                };
                if let Some(close) = close {
                    chars.next();
                    name.extend(chars.by_ref().take_while(|c| *c != close));
                    // Ruby's `%{name}` needs no letter behind it.
                    if close == '}' {
                        push(&mut literal, name);
                        continue;
                    }
                }
                // `%2$s`: the second argument.
                let digits: String = chars.clone().take_while(char::is_ascii_digit).collect();
                if chars.clone().nth(digits.len()) == Some('$')
                    && let Ok(number @ 1..) = digits.parse::<usize>()
                {
                    chars.by_ref().take(digits.len() + 1).for_each(drop);
                    name = (number - 1).to_string();
                }
                while chars
                    .next_if(|c| matches!(c, '0'..='9' | '.' | '-' | '+' | '#' | ' ' | '[' | ']'))
                    .is_some()
                {}
                if chars.next_if(|c| c.is_ascii_alphabetic()).is_some() {
                    push(&mut literal, name);
                } else {
                    literal.push('%');
                }
            }
            _ => literal.push(c),
        }
    }
    if !literal.is_empty() {
        out.push(Field::Text(literal));
    }
    out
}

/// Replaces literal text inside the literal pieces; where what is replaced is
/// not known, the text stays.
pub(crate) fn replace(text: Value, from: &Value, to: &Value) -> Value {
    let (Some(from), Some(to)) = (from.literal(), to.literal()) else { return text };
    // What has no slash any more is one segment, whatever a caller gives.
    let text = match from == "/" && !to.contains('/') {
        true => text.without_params(),
        false => text,
    };
    if from.is_empty() {
        return text;
    }
    text.map_texts(|pieces| {
        for piece in pieces.iter_mut() {
            if let Piece::Literal { text, .. } = piece
                && text.contains(&from)
            {
                *text = text.replace(&from, &to).into();
            }
        }
    })
}

/// What a call is given as the parts of a path: a list is its elements, and all further
/// arguments of the function around it are what its callers give.
pub(crate) fn path_parts<'v>(given: impl Iterator<Item = &'v Value>) -> Vec<Value> {
    let mut parts = Vec::new();
    for value in given {
        match value.terms.as_slice() {
            [Term { kind: Kind::List(items), .. }] => parts.extend(items.iter().cloned()),
            [Term { kind: Kind::Rest(_), .. }] => parts.push(join_list(value, "/", Span::NOWHERE)),
            _ => parts.push(value.clone()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::tests::{shown, text};
    use super::*;

    const SPAN: Span = Span { start: 0, end: 9 };

    #[test]
    fn templates_are_filled() {
        let args = [(None, text("a")), (Some("id".into()), Value::unknown("x"))];
        let fill = |template: &str, style| shown(&format(&text(template), style, &args, SPAN)).remove(0);
        assert_eq!(fill("/{}/{id}/{{}}/{0}", FormatStyle::Braces), "/a/{x}/{}/a");
        assert_eq!(fill("/%s/%(id)s/100%%/%-3d", FormatStyle::Percent), "/a/{x}/100%/{}");
        assert_eq!(fill("/%1$s/%{id}/%<id>s/%1$05d", FormatStyle::Percent), "/a/{x}/{x}/a");
        assert_eq!(fill("/{0:>3}/{unclosed", FormatStyle::Braces), "/a/{unclosed}");
    }

    #[test]
    fn urls_are_joined_as_the_standard_says() {
        let join = |base: &str, part: &str, style| {
            shown(&join_url(&text(base), &[text(part)], style, SPAN)).remove(0)
        };
        // RFC 3986 section 5.4
        assert_eq!(join("http://a/b/c", "g", JoinStyle::Url), "http://a/b/g");
        assert_eq!(join("http://a/b/c/", "g", JoinStyle::Url), "http://a/b/c/g");
        assert_eq!(join("http://a/b/c", "/g", JoinStyle::Url), "http://a/g");
        assert_eq!(join("http://a", "/g", JoinStyle::Url), "http://a/g");
        assert_eq!(join("http://a/b", "http://c/d", JoinStyle::Url), "http://c/d");
        assert_eq!(join("http://a/b/", "/g", JoinStyle::Path), "http://a/b/g");
        assert_eq!(join("http://a/b", "https://c", JoinStyle::Base), "https://c");
    }

    #[test]
    fn arms_of_one_branch_do_not_mix() {
        let a = text("a").under(1, 0).join(text("b").under(1, 1));
        let b = text("1").under(1, 0).join(text("2").under(1, 1));
        assert_eq!(shown(&concat(&[a.clone(), b], SPAN)), ["a1", "b2"]);
        let c = text("1").under(2, 0).join(text("2").under(2, 1));
        assert_eq!(shown(&concat(&[a, c], SPAN)), ["a1", "a2", "b1", "b2"]);
    }

    #[test]
    fn alternatives_and_pieces_are_limited() {
        let two = |n: u32| text("a").under(n, 0).join(text("b").under(n, 1));
        let many: Vec<Value> = (0..40).map(two).collect();
        assert_eq!(concat(&many, SPAN).terms.len(), MAX_ALTERNATIVES);
        let long: Vec<Value> = (0..10_000).map(|_| text("a")).collect();
        assert_eq!(shown(&concat(&long, SPAN)), ["{}"]);
    }
}
