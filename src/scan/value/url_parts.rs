//! URLs that a program itself takes apart and puts together again: what becomes
//! of a URL's path on the way.
//!
//! Only as far as a path is concerned: where a URL begins with something that is
//! not known, that is the front of it, and all of the path that is known stays.

use std::sync::Arc;

use super::compose;
use super::{Answer, Entry, Kind, ParamRef, Piece, Term, Value, is_nothing};
use crate::scan::form::Span;
use crate::scan::requests::request::{Callee, NamedValue};

/// A part of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Scheme,
    /// Host and port.
    Host,
    Path,
    Query,
    /// Scheme and host.
    Origin,
    /// What stands before the path in the line of a request: `GET /users`.
    Verb,
    /// What stands behind that.
    Target,
}

use Part::*;

/// The members by which a part of a parameter is meant, before a caller gives it.
const MEMBERS: [(&str, Part); 7] = [
    ("(scheme)", Scheme),
    ("(host)", Host),
    ("(path)", Path),
    ("(query)", Query),
    ("(origin)", Origin),
    ("(verb)", Verb),
    ("(target)", Target),
];
/// What JavaScript calls the parts of a `URL`.
const SCRIPT: [(&str, Part); 7] = [
    ("protocol", Scheme),
    ("host", Host),
    ("hostname", Host),
    ("pathname", Path),
    ("path", Path),
    ("search", Query),
    ("origin", Origin),
];
/// What Python calls the parts of a URL that was taken apart, by name and by place.
const NAMED: [(&str, Part); 5] =
    [("scheme", Scheme), ("netloc", Host), ("path", Path), ("query", Query), ("hostname", Host)];
const PLACED: [(&str, Part); 3] = [("0", Scheme), ("1", Host), ("2", Path)];
/// The place that holds the whole URL.
const WHOLE: &str = "(url)";

/// The part that a member means, where its object is a URL.
pub(crate) fn meant(member: &str) -> Option<Part> {
    MEMBERS.iter().find(|(name, _)| *name == member).map(|(_, part)| *part)
}

/// What JavaScript has under a member of a URL: with the signs around it
/// (`"https:"`, `"?x=1"`), unlike Python.
pub(crate) fn script_part(url: &Value, member: &str) -> Option<Value> {
    let (_, which) = SCRIPT.iter().find(|(name, _)| *name == member)?;
    let value = part(url, *which);
    let sign = |text: &str| Value::text(text.into(), Span::NOWHERE).imported(Span::NOWHERE);
    let empty = value.literal().is_some_and(|text| text.is_empty());
    Some(match member {
        "protocol" if !empty => compose::concat(&[value, sign(":")], Span::NOWHERE),
        "search" if !empty => compose::concat(&[sign("?"), value], Span::NOWHERE),
        _ => value,
    })
}

/// A part of a URL, in each of its alternatives.
pub(crate) fn part(url: &Value, part: Part) -> Value {
    let mut out = url.clone();
    for term in &mut out.terms {
        term.kind = match &term.kind {
            Kind::Text(pieces) => Kind::Text(cut(pieces, part)),
            Kind::Param(param) => {
                let mut param = param.clone();
                let member = MEMBERS.iter().find(|(_, known)| *known == part).map_or("", |(name, _)| name);
                param.members.push(member.into());
                Kind::Param(param)
            }
            Kind::Unknown(name) | Kind::Answer(Answer { name, .. }) => match part {
                Scheme => Kind::Unknown("scheme".into()),
                Query => Kind::Unknown("query".into()),
                Host | Path | Origin | Verb | Target => Kind::Unknown(name.clone()),
            },
            _ => Kind::Unknown("".into()),
        };
    }
    out
}

/// The method and the path of what callers give, where the program takes it apart: `const [method, path] =
/// route.split(" ")`, `method, _, path = route.partition(" ")`. A table of such texts tells its routes itself.
pub(crate) fn line_taken_apart(callee: &Callee, args: &[NamedValue]) -> Option<Value> {
    let line = &callee.receiver;
    let given = |term: &Term| matches!(term.kind, Kind::Param(_));
    if line.is_empty() || !line.terms.iter().all(given) {
        return None;
    }
    let at_space = || match args {
        [(None, at), ..] => at.literal().as_deref() == Some(" ") || is_nothing(at),
        // At any space: `route.split()`, `route.split(maxsplit=1)`.
        rest => rest.iter().all(|(name, _)| name.as_deref() == Some("maxsplit")),
    };
    let parts = match callee.name() {
        "split" | "Split" if at_space() => vec![part(line, Verb), part(line, Target)],
        "partition" if !args.is_empty() && at_space() => {
            vec![part(line, Verb), Value::unknown(""), part(line, Target)]
        }
        _ => return None,
    };
    Some(Value::one(Kind::List(Arc::new(parts))))
}

/// Where the parts of a URL stand in its pieces: piece and byte.
struct Places {
    scheme: Option<usize>,
    /// Where the host begins in the first piece.
    front: usize,
    /// Where the path begins.
    path: (usize, usize),
}

fn places(pieces: &[Piece]) -> Places {
    let bare = Places { scheme: None, front: 0, path: (0, 0) };
    let Some(Piece::Literal { text, .. }) = pieces.first() else { return bare };
    let scheme = text.find("://").filter(|end| text[..*end].chars().all(|c| c.is_ascii_alphanumeric()));
    let front = match scheme {
        Some(end) => end + 3,
        None if text.starts_with("//") => 2,
        None => return bare,
    };
    // The host ends at a slash, or behind a hole that stands for all of it.
    let mut seen = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal { text, .. } => {
                let from = if at == 0 { front } else { 0 };
                if let Some(end) = text[from..].find(['/', '?', '#']) {
                    return Places { scheme, front, path: (at, from + end) };
                }
                seen.push_str(&text[from..]);
            }
            _ if seen.is_empty() || seen.ends_with(['.', ':', '@', '-']) => seen.push('x'),
            _ => return Places { scheme, front, path: (at, 0) },
        }
    }
    Places { scheme, front, path: (pieces.len(), 0) }
}

/// The pieces of a part of a URL.
fn cut(pieces: &[Piece], part: Part) -> Vec<Piece> {
    if matches!(part, Verb | Target) {
        let Some(Piece::Literal { text, .. }) = pieces.first() else { return pieces.to_vec() };
        let space = text.find(' ').unwrap_or(text.len());
        let behind = (text.len() > space).then_some(space + 1);
        return match (part, behind) {
            (Verb, _) => between(pieces, (0, 0), (0, space)),
            (_, Some(behind)) => between(pieces, (0, behind), (pieces.len(), 0)),
            (_, None) => Vec::new(),
        };
    }
    let Places { scheme, front, path } = places(pieces);
    let hole = |name: &str| vec![Piece::Hole(name.into())];
    let opens_with_hole = !pieces.is_empty() && !matches!(pieces[0], Piece::Literal { .. });
    match part {
        Scheme if opens_with_hole => hole("scheme"),
        Scheme => scheme.map(|end| between(pieces, (0, 0), (0, end))).unwrap_or_default(),
        // What stands at the front may be a host, and a part of the path as well.
        Host | Origin if opens_with_hole => vec![narrowed(&pieces[0], Host)],
        Host => between(pieces, (0, front), path),
        Origin => between(pieces, (0, 0), path),
        Path => {
            let mut out = before(between(pieces, path, (pieces.len(), 0)), &['?', '#']);
            if opens_with_hole && let Some(first) = out.first_mut() {
                *first = narrowed(first, Path);
            }
            out
        }
        Query => {
            // RFC 3986 section 3.5: what comes behind `#` is no part of it.
            let pieces = &before(pieces.to_vec(), &['#'])[..];
            let found = pieces.iter().enumerate().find_map(|(at, piece)| match piece {
                Piece::Literal { text, .. } => Some((at, text.find('?')? + 1)),
                _ => None,
            });
            found.map(|from| between(pieces, from, (pieces.len(), 0))).unwrap_or_default()
        }
        Verb | Target => Vec::new(),
    }
}

/// Whether a path begins with what may be empty: `{base}/users`.
pub(super) fn is_front(pieces: &[Piece]) -> bool {
    let hole = matches!(pieces.first(), Some(Piece::Hole(_) | Piece::Param(_)));
    hole && matches!(pieces.get(1), Some(Piece::Literal { text, .. }) if text.starts_with('/'))
}

/// A hole of which only a part is meant.
fn narrowed(piece: &Piece, part: Part) -> Piece {
    let Piece::Param(param) = piece else { return piece.clone() };
    let mut param = param.clone();
    param.members.push(MEMBERS.iter().find(|(_, known)| *known == part).map_or("", |(name, _)| name).into());
    Piece::Param(param)
}

/// The pieces from one place to another.
fn between(pieces: &[Piece], from: (usize, usize), to: (usize, usize)) -> Vec<Piece> {
    let mut out = Vec::new();
    for (at, piece) in pieces.iter().enumerate().skip(from.0) {
        if at > to.0 || (at == to.0 && to.1 == 0) {
            break;
        }
        let Piece::Literal { text, literal, origin, local } = piece else {
            out.push(piece.clone());
            continue;
        };
        let start = if at == from.0 { from.1 } else { 0 };
        let end = if at == to.0 { to.1 } else { text.len() };
        if let Some(kept) = text.get(start..end)
            && !kept.is_empty()
        {
            let (literal, origin, local) = (*literal, *origin, *local);
            out.push(Piece::Literal { text: kept.into(), literal, origin, local });
        }
    }
    out
}

/// A URL without its query, in each of its alternatives.
pub(crate) fn without_query(url: &Value) -> Value {
    let mut out = url.clone();
    for term in &mut out.terms {
        if let Kind::Text(pieces) = &mut term.kind {
            *pieces = before(std::mem::take(pieces), &['?', '#']);
        }
    }
    out
}

/// What stands before the first of some signs.
fn before(pieces: Vec<Piece>, ends: &[char]) -> Vec<Piece> {
    let found = pieces.iter().enumerate().find_map(|(at, piece)| match piece {
        Piece::Literal { text, .. } => Some((at, text.find(ends)?)),
        _ => None,
    });
    match found {
        Some(to) => between(&pieces, (0, 0), to),
        None => pieces,
    }
}

/// A URL taken apart, as Python's `urlsplit` and `urlparse` do: its parts by name
/// and by place, with the parameters of the last segment before the query or
/// without them.
pub(crate) fn taken_apart(url: &Value, parameters: bool) -> Value {
    let query = if parameters { "4" } else { "3" };
    let mut entries = vec![(Entry::Key(WHOLE.into()), url.clone())];
    for (name, which) in NAMED.iter().chain(&PLACED).chain(&[(query, Query)]) {
        entries.push((Entry::Key((*name).into()), part(url, *which)));
    }
    let empty: &[&str] = if parameters { &["3", "5", "params", "fragment"] } else { &["4", "fragment"] };
    for name in empty {
        entries.push((Entry::Key((*name).into()), Value::one(Kind::Text(Vec::new()))));
    }
    entries.push((Entry::Key("port".into()), Value::unknown("port")));
    Value::one(Kind::Object(Arc::new(entries)))
}

fn entry(parts: &Term, name: &str) -> Option<Value> {
    let Kind::Object(entries) = &parts.kind else { return None };
    let named = |(key, _): &&(Entry, Value)| matches!(key, Entry::Key(key) if **key == *name);
    entries.iter().find(named).map(|(_, value)| value.clone())
}

/// Whether a value is a URL taken apart.
pub(crate) fn is_taken_apart(value: &Value) -> bool {
    matches!(value.terms.as_slice(), [term] if entry(term, WHOLE).is_some())
}

/// A URL taken apart with other parts in place of some: `_replace(path="/x")`.
pub(crate) fn replaced(parts: &Value, args: &[(Option<Arc<str>>, Value)]) -> Value {
    let mut out = parts.clone();
    for term in &mut out.terms {
        let Kind::Object(entries) = &term.kind else { continue };
        let mut entries = entries.to_vec();
        for (name, value) in args {
            let Some(name) = name else { continue };
            let place = NAMED.iter().find(|(known, _)| *known == &**name).map(|(_, part)| *part);
            let place = place.and_then(|part| PLACED.iter().find(|(_, known)| *known == part));
            for name in std::iter::once(&**name).chain(place.map(|(place, _)| *place)) {
                entries.retain(|(key, _)| !matches!(key, Entry::Key(key) if **key == *name));
                entries.push((Entry::Key(name.into()), value.clone()));
            }
        }
        term.kind = Kind::Object(Arc::new(entries));
    }
    out
}

/// The parameter of which a value is a part.
fn whole_of(value: &Value, which: Part) -> Option<ParamRef> {
    let [Term { kind: Kind::Param(param), .. }] = value.terms.as_slice() else { return None };
    let mut whole = param.clone();
    let last = whole.members.pop()?;
    (meant(&last) == Some(which)).then_some(whole)
}

/// A URL of its parts: a list of them in their order, or a URL taken apart.
pub(crate) fn put_together(parts: &Value) -> Option<Value> {
    let [term] = parts.terms.as_slice() else { return None };
    let at = |index: &str| match &term.kind {
        Kind::List(items) => index.parse::<usize>().ok().and_then(|index| items.get(index)).cloned(),
        _ => entry(term, index),
    };
    let (scheme, host, path) = (at("0")?, at("1")?, at("2")?);
    let nothing = |value: &Value| value.literal().is_some_and(|text| text.is_empty());
    let text = |text: &str| Value::text(text.into(), Span::NOWHERE).imported(Span::NOWHERE);
    let mut all = Vec::new();
    let whole = whole_of(&scheme, Scheme).filter(|whole| {
        [(&host, Host), (&path, Path)]
            .iter()
            .all(|(value, which)| whole_of(value, *which).as_ref() == Some(whole))
    });
    let path = match whole {
        Some(whole) => Value::one(Kind::Param(whole)),
        None => {
            if !nothing(&scheme) || !nothing(&host) {
                // Which scheme it is says nothing about a path.
                let scheme = if scheme.terms.len() > 1 { Value::unknown("scheme") } else { scheme };
                all.extend([scheme, text("://"), host]);
            }
            path
        }
    };
    // A path that has no slash gets one.
    let bare = path.literal().is_some_and(|path| !path.is_empty() && !path.starts_with('/'));
    if bare && !all.is_empty() {
        all.push(text("/"));
    }
    all.push(path);
    // `urlparse` has the parameters of the last segment before the query.
    let query = match &term.kind {
        Kind::List(items) if items.len() < 6 => at("3"),
        Kind::List(_) => at("4"),
        _ => entry(term, "query"),
    };
    if let Some(query) = query.filter(|query| !nothing(query)) {
        all.extend([text("?"), query]);
    }
    Some(compose::concat(&all, Span::NOWHERE))
}

/// Whether a URL begins with a base of its own, though not a known one:
/// `{baseUrl}/users`.
pub(super) fn begins_elsewhere(pieces: &[Piece]) -> bool {
    let name = match pieces.first() {
        Some(Piece::Hole(name)) => name,
        Some(Piece::Param(param)) => &param.name,
        _ => return false,
    };
    let lower = name.to_ascii_lowercase();
    let base = ["url", "base", "host", "uri", "endpoint", "server"].iter().any(|end| lower.ends_with(end));
    base && matches!(pieces.get(1), Some(Piece::Literal { text, .. }) if text.starts_with('/'))
}

/// Whether a member of a URL is what is asked of its host, `Net::HTTP::Get.new(uri.request_uri)`:
/// the whole URL says more than the path alone.
pub(crate) fn is_target(url: &Term, member: &str) -> bool {
    match &url.kind {
        Kind::Text(_) => matches!(member, "request_uri" | "path"),
        Kind::Param(_) => member == "request_uri",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::form::Span;

    /// A URL in which `{}` is a parameter.
    fn url(text: &str) -> Value {
        let span = Span { start: 0, end: 1 };
        let mut pieces = Vec::new();
        for (at, text) in text.split("{}").enumerate() {
            if at > 0 {
                pieces.push(Piece::Param(ParamRef::new(at, "p".into())));
            }
            if !text.is_empty() {
                pieces.push(Piece::Literal { text: text.into(), literal: span, origin: span, local: true });
            }
        }
        Value::one(Kind::Text(pieces))
    }

    fn shown(value: &Value) -> String {
        let mut out = String::new();
        for (pieces, _) in value.texts() {
            pieces.iter().for_each(|piece| piece.show(&mut out));
        }
        out
    }

    #[test]
    fn parts_are_those_of_the_standard() {
        // RFC 3986 section 3: scheme, authority, path, query.
        for (text, scheme, host, path, query) in [
            ("https://a.example:8/b/c?d=/e#f", "https", "a.example:8", "/b/c", "d=/e"),
            ("/b#c?d", "", "", "/b", ""),
            ("https://a.example", "https", "a.example", "", ""),
            ("https://a.example?x", "https", "a.example", "", "x"),
            ("/b/c?d", "", "", "/b/c", "d"),
            ("//a.example/b", "", "a.example", "/b", ""),
            ("b/c", "", "", "b/c", ""),
            ("", "", "", "", ""),
            ("https://{}/b", "https", "{p}", "/b", ""),
            ("https://{}{}/b", "https", "{p}", "{p}/b", ""),
            ("https://{}.a.example{}", "https", "{p}.a.example", "{p}", ""),
            ("{}/b/{}?c", "{scheme}", "{p}", "{p}/b/{p}", "c"),
            ("a://b://c/d", "a", "b:", "//c/d", ""),
        ] {
            let parts = [Scheme, Host, Path, Query].map(|which| shown(&part(&url(text), which)));
            assert_eq!(parts, [scheme, host, path, query], "{text}");
        }
    }

    #[test]
    fn javascript_has_the_signs_around_a_part_with_it() {
        for (text, protocol, search) in [
            ("https://a.example/b?c=1", "https:", "?c=1"),
            ("https://a.example/b", "https:", ""),
            ("/b", "", ""),
        ] {
            let parts = ["protocol", "search"].map(|name| shown(&script_part(&url(text), name).unwrap()));
            assert_eq!(parts, [protocol, search], "{text}");
        }
        assert!(script_part(&url("/b"), "length").is_none());
    }

    #[test]
    fn what_is_put_together_again_is_the_same() {
        for parameters in [false, true] {
            for text in ["https://a.example/b?c", "/b/c", "//a.example/b", "https://a.example"] {
                let whole = put_together(&taken_apart(&url(text), parameters)).unwrap();
                assert_eq!(shown(&whole).trim_start_matches("://"), text.trim_start_matches("//"), "{text}");
            }
        }
        let parts = taken_apart(&url("https://a.example/b?c"), true);
        let moved = replaced(&parts, &[(Some("path".into()), url("/d")), (Some("query".into()), url(""))]);
        assert_eq!(shown(&put_together(&moved).unwrap()), "https://a.example/d");
        let list = ["https", "a.example", "b", "c", ""].map(url);
        let list = Value::one(Kind::List(Arc::new(list.to_vec())));
        assert_eq!(shown(&put_together(&list).unwrap()), "https://a.example/b?c");
    }
}
