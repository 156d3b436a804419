//! Tables of routes whose entries hold a method and a path, which nobody is seen to send.

use super::generic::reads_like_path;
use super::request::{NamedValue, is_function};
use crate::scan::value::{Entry, Kind, Piece, Term, Value};
use crate::scan::wording::{method_named, names_path};

/// What a server says beside a route of its own.
const SERVED: [&str; 16] = [
    "handler",
    "handlers",
    "controller",
    "action",
    "middleware",
    "middlewares",
    "component",
    "element",
    "response",
    "responses",
    "reply",
    "status",
    "statusCode",
    "result",
    "callback",
    "expect",
];

/// What a proxy says beside what it lets pass.
const RULED: [&str; 9] =
    ["origin", "upstream", "valid", "allow", "deny", "roles", "permission", "permissions", "scopes"];

/// Whether a call keeps what a proxy lets pass: `rules.push({ method, path, origin })`.
pub(crate) fn keeps_rule(name: &str, args: &[NamedValue]) -> bool {
    let ruled = |term: &Term| match &term.kind {
        Kind::Object(entries) => entries.iter().any(|(entry, _)| match entry {
            Entry::Key(key) => RULED.contains(&&**key),
            Entry::Spread | Entry::Any => false,
        }),
        _ => false,
    };
    matches!(name, "push" | "unshift" | "append" | "add")
        && args.iter().any(|(_, value)| value.terms.iter().any(ruled))
}

/// The route that an entry of a table is, as a text: `{ method: "GET", path: "/users" }`. What
/// has a function or an answer beside it is a server's, and what says who may ask a proxy's.
pub(crate) fn route_entry(entries: &[(Entry, Value)]) -> Option<Value> {
    let mut method = None;
    let mut path = None;
    for (entry, value) in entries {
        let Entry::Key(key) = entry else { continue };
        if SERVED.contains(&&**key) || RULED.contains(&&**key) || is_function(value) {
            return None;
        }
        match value.literal().as_deref().and_then(method_named) {
            Some(verb) if matches!(&**key, "method" | "verb" | "httpMethod" | "http_method") => {
                method = Some(verb);
            }
            _ if names_path(key) && reads_like_path(value) => path = Some((key, value)),
            _ => {}
        }
    }
    let (method, (key, path)) = (method?, path?);
    let [Term { kind: Kind::Text(pieces), .. }] = path.terms.as_slice() else { return None };
    let mut pieces = pieces.clone();
    for (at, piece) in pieces.iter_mut().enumerate() {
        if let Piece::Literal { text, origin, .. } = piece {
            if at == 0 {
                *text = format!("{method} {text}").into();
            }
            // `{ method: "GET", path: USERS }` stands where it names the constant.
            if let Some(span) = key.span.filter(|span| !(span.end..span.end + BESIDE).contains(&origin.start))
            {
                *origin = span;
            }
        } else if at == 0 {
            return None;
        }
    }
    Some(Value::one(Kind::Text(pieces)))
}

/// How far from its key a value begins at most.
const BESIDE: u32 = 8;
