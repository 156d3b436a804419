//! What a clause names: operations by their paths, bare names, or plain words.

use super::tokens::{Kind, Token};
use super::words::{is_identifier, noun};
use super::{Method, Target};

/// Longest plain-word target in bytes; what is longer is a sentence, not a name.
const MAX_TEXT: usize = 80;
/// Most targets of one clause.
const MAX_TARGETS: usize = 8;

/// What `tokens`, the object of "use" or "replaced by", name, in order.
/// Operations win: beside a path, a quoted word is an argument of it.
pub(super) fn targets(text: &str, tokens: &[Token<'_>]) -> Vec<Target> {
    let instead_of = |n: usize| {
        let second = tokens.get(n + 1);
        (tokens[n].is("instead") && second.is_some_and(|t| t.is("of")))
            || (tokens[n].is("rather") && second.is_some_and(|t| t.is("than")))
    };
    let end = (0..tokens.len()).find(|n| instead_of(*n)).unwrap_or(tokens.len());
    let tokens = &tokens[..end];
    let operations = operations(tokens);
    if operations.is_empty() { names(text, tokens) } else { operations }
}

fn operations(tokens: &[Token<'_>]) -> Vec<Target> {
    let mut found: Vec<Target> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some((inner, path)) = operation_in(token) else { continue };
        let near = |n: Option<usize>| n.and_then(|n| tokens.get(n)).and_then(|t| method(t.text));
        // "POST /users", "POST to /users", "/users POST"
        let to =
            at.checked_sub(1).filter(|n| tokens[*n].is_in("to on request")).and_then(|n| n.checked_sub(1));
        let behind = || {
            let belongs_to_next = tokens.get(at + 2).is_some_and(|t| operation_in(t).is_some());
            near(Some(at + 1)).filter(|_| !belongs_to_next)
        };
        let method = inner.or_else(|| near(at.checked_sub(1))).or_else(|| near(to)).or_else(behind);
        let target = Target::Operation { method, path };
        if !found.contains(&target) && found.len() < MAX_TARGETS {
            found.push(target);
        }
    }
    found
}

/// A method in capitals: in lower case it is an ordinary verb.
fn method(word: &str) -> Option<Method> {
    let is_one = Method::KEYS.iter().any(|key| key.to_ascii_uppercase() == word);
    is_one.then(|| Method::new(word))
}

/// The operation that one token writes: `/a/{b}`, "GET /a" in a code span.
fn operation_in(token: &Token<'_>) -> Option<(Option<Method>, String)> {
    match token.kind {
        Kind::Path => Some((None, path(token.text, false)?)),
        Kind::Code | Kind::Link => {
            let mut words =
                token.text.split_whitespace().map(|w| w.trim_matches(['`', '*', '"', '\'', ':', ',']));
            let first = words.next()?;
            let named =
                Method::KEYS.iter().any(|key| key.eq_ignore_ascii_case(first)).then(|| Method::new(first));
            let place = if named.is_some() { words.next()? } else { first };
            let whole = named.is_some() || words.next().is_none();
            whole.then(|| path(place, true)).flatten().map(|path| (named, path))
        }
        _ => None,
    }
}

/// The path that `text` writes, with a slash at the front and without host,
/// query and fragment. `None` for "and/or", media types, links to documentation.
fn path(text: &str, quoted: bool) -> Option<String> {
    let (host, place) = match text.split_once("://") {
        Some((scheme, rest)) => {
            scheme.bytes().all(|b| b.is_ascii_alphabetic()).then_some(())?;
            let slash = rest.find('/')?;
            (Some(&rest[..slash]), &rest[slash..])
        }
        None => (None, text),
    };
    if host.is_some_and(|host| !is_api(host, place)) {
        return None;
    }
    let place = place.split(['?', '#']).next().unwrap_or_default();
    if !place.starts_with('/') {
        let mut segments = place.split('/');
        let first = segments.next().unwrap_or_default();
        let count = segments.clone().filter(|s| !s.is_empty()).count();
        // "api.example.com/v1/users"
        let dotted = first.contains('.') && !is_version(first) && !first.contains('{');
        if dotted && count > 0 && first.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        {
            return path(&place[first.len()..], quoted);
        }
        let media = ["application", "text", "image", "audio", "video", "multipart"].contains(&first);
        let words = method(first).is_some() || first.eq_ignore_ascii_case("and") || media;
        let api = ["api", "rest", "apis"].contains(&first)
            || is_version(first)
            || place.contains("/{")
            || place.contains("/:");
        let enough = if quoted || api { 1 } else { 2 };
        let starts = first.starts_with(|c: char| c.is_ascii_alphabetic() || c == '{');
        if words || count < enough || !starts {
            return None;
        }
    }
    let place = place.trim_start_matches('/').trim_end_matches(['.', ',']);
    let sensible =
        place.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '{' | ':' | '_' | '.' | '@'));
    sensible.then(|| format!("/{place}"))
}

/// `v1`, `v2.1`, `v3beta`.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix(['v', 'V']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a URL leads to an operation: most URLs in prose lead to a page.
fn is_api(host: &str, place: &str) -> bool {
    const PAGES: &str = "docs doc developer developers help support www github dev blog wiki git";
    let page = super::words::among(host.split('.').next().unwrap_or_default(), PAGES);
    let mut segments = place.split('/');
    !page && (host.starts_with("api") || segments.any(|s| s == "api" || is_version(s) || s.contains('{')))
}

const ARTICLES: &str = "the a an our its their new newer either both instead using use another newly latest";
/// Where the name ends and the rest of the sentence begins.
const ENDS: &str = "instead with for to when which that under in on from as if by at and or where via rather \
    since because so while is are should will can after before until";

/// Whether a noun is one for a part of a payload or of a request.
fn is_part(token: &Token<'_>) -> bool {
    const PARTS: &str = "field fields property properties parameter parameters param params attribute attributes \
    option options argument key value values flag setting header query object type filter \
    element";
    token.is_in(PARTS)
}

/// Names and plain words, for a clause that writes no path.
fn names(text: &str, tokens: &[Token<'_>]) -> Vec<Target> {
    let mut found = Vec::new();
    let mut at = 0;
    while found.len() < MAX_TARGETS {
        let start =
            at + tokens[at..].iter().take_while(|t| t.is_in(ARTICLES) || t.kind == Kind::Colon).count();
        let ends = |t: &Token<'_>| t.is_mark() || t.is_in(ENDS);
        let end = start + tokens[start..].iter().take_while(|t| !ends(t)).count();
        let Some(target) = name(text, &tokens[at..start], &tokens[start..end]) else { break };
        let bare = !matches!(target, Target::Text(_)) || tokens[start].kind == Kind::Link;
        found.push(target);
        // "`a`, `b` or `c`": the list goes on with names of the same kind only.
        let joiners =
            tokens[end..].iter().take_while(|t| t.kind == Kind::Comma || t.is_in("and or the")).count();
        let goes_on = tokens.get(end + joiners).is_some_and(|t| {
            matches!(t.kind, Kind::Code | Kind::Link) || (t.kind == Kind::Word && is_identifier(t.text))
        });
        if !(bare && joiners > 0 && goes_on) {
            break;
        }
        at = end + joiners;
    }
    found
}

/// An identifier or something with a capital or digit in it.
fn is_name_like(text: &str) -> bool {
    is_identifier(text) || text.contains(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '-')
}

/// One noun phrase, its articles apart.
fn name(text: &str, articles: &[Token<'_>], phrase: &[Token<'_>]) -> Option<Target> {
    let (first, last) = (phrase.first()?, phrase.last()?);
    let is_call = |t: &Token<'_>| {
        t.kind == Kind::Word
            && (t.is_in("api apis endpoints methods calls operations interface tool page")
                || noun(t.text) == Some(super::words::Noun::Call))
    };
    // The word that carries the name: "parameter `x`", "`x` field", "x".
    let core_start = phrase.iter().take_while(|t| is_part(t)).count();
    let core_end = phrase.len() - phrase.iter().rev().take_while(|t| is_part(t)).count();
    let core = phrase.get(core_start..core_end).unwrap_or_default();
    let calls = phrase.iter().any(is_call);
    let bare = match core {
        [one] if one.kind != Kind::Link && !is_call(one) => Some(one),
        [one, ..] if one.kind == Kind::Code && !calls => Some(one),
        _ => None,
    };
    if let Some(one) = bare {
        let spaced = one.text.contains(char::is_whitespace);
        // "the information in ..." names nothing.
        let vague = one.kind == Kind::Word
            && core.len() == phrase.len()
            && !articles.is_empty()
            && !is_name_like(one.text);
        if vague && articles.iter().any(|t| t.is_in("the a an latest")) {
            let start = articles.first().map_or(one.start, |t| t.start);
            return text.get(start..one.end).map(|written| Target::Text(short(written)));
        }
        return Some(if spaced || one.kind == Kind::Path {
            Target::Text(short(one.text))
        } else {
            Target::Field(one.text.to_owned())
        });
    }
    if let [link] = phrase
        && link.kind == Kind::Link
    {
        return Some(Target::Text(short(link.text)));
    }
    let start = articles.iter().find(|t| t.is_in("the a an our new")).map_or(first.start, |t| t.start);
    let written: String = text.get(start..last.end)?.chars().filter(|c| !matches!(c, '`' | '*')).collect();
    let has_link = phrase.iter().any(|t| t.kind == Kind::Link);
    // A link inside of a phrase: its title is what counts.
    let title = phrase.iter().find(|t| t.kind == Kind::Link).map(|t| t.text);
    Some(Target::Text(short(if has_link { title.unwrap_or(&written) } else { &written })))
}

/// Trimmed, on one line, cut at a word.
pub(super) fn shorten(text: &str, limit: usize) -> String {
    let mut line = String::with_capacity(text.len().min(limit + 4));
    for word in text.split_whitespace() {
        let gap = usize::from(!line.is_empty());
        if line.len() + gap + word.len() > limit {
            if line.is_empty() {
                line.push_str(&word[..word.floor_char_boundary(limit)]);
            }
            line.push('…');
            break;
        }
        if gap == 1 {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

fn short(text: &str) -> String {
    shorten(text, MAX_TEXT)
}
