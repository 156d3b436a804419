//! Requests that are built step by step: `newBuilder().uri(u).POST(b).build()`.
//!
//! A builder is a value, an object with the parts given so far, so that it may
//! be kept in a variable, returned by a helper, or finished in a branch. Which
//! call begins, continues or ends one is the languages' business.

use std::sync::Arc;

use super::request::{Found, NamedValue};
use crate::scan::fields::sent;
use crate::scan::form::{JoinStyle, Span};
use crate::scan::value::compose;
use crate::scan::value::{Entry, Kind, Piece, Term, Value};

/// The URL given so far.
pub(crate) const URL: &str = "(url)";
/// The method given so far.
pub(crate) const METHOD: &str = "(method)";
/// The base URL of the client that began it.
pub(crate) const BASE: &str = "(base)";
/// What is sent.
pub(crate) const BODY: &str = "(body)";
/// The query that is told key by key.
pub(crate) const QUERY: &str = "(query)";
/// The kind of resources whose address goes on in brackets: `resource["users"][id]`.
pub(crate) const RESOURCE: &str = "resource";
/// The kind of those that are objects of the program's own classes (`own_builders`).
pub(crate) const OWN: &str = "own";
/// Marks an object as a builder; its text says of which kind.
const KIND: &str = "(builder)";

/// Whether a field of a library's client is the address that it asks: `client.BaseAddress`.
pub(crate) fn names_base(field: &str) -> bool {
    matches!(field, BASE | "BaseAddress" | "BaseURL" | "baseURL" | "base_url")
}

/// A builder without parts.
pub(crate) fn new(kind: &str) -> Value {
    let marker = (Entry::Key(KIND.into()), Value::text(kind.into(), Span::NOWHERE));
    Value::one(Kind::Object(Arc::new(vec![marker])))
}

/// The entries of an alternative that is a builder.
fn entries(term: &Term) -> Option<&Arc<Vec<(Entry, Value)>>> {
    match &term.kind {
        Kind::Object(entries) if matches!(entries.first(), Some((Entry::Key(key), _)) if **key == *KIND) => {
            Some(entries)
        }
        _ => None,
    }
}

/// Whether some alternative of a value is a builder.
pub(crate) fn is_builder(value: &Value) -> bool {
    value.terms.iter().any(|term| entries(term).is_some())
}

/// What sort of builder it is.
pub(crate) fn kind(value: &Value) -> Option<String> {
    value.terms.iter().find_map(|term| entries(term)?.first()?.1.literal())
}

/// A part in all alternatives.
pub(crate) fn part(value: &Value, key: &str) -> Option<Value> {
    let mut out = Value::default();
    for term in &value.terms {
        let Some(entries) = entries(term) else { continue };
        let own = entries.iter().find(|(entry, _)| *entry == Entry::Key(key.into()));
        // What a function of the program tells the builder is put in as a whole.
        let told = || {
            entries.iter().filter(|(entry, _)| *entry == Entry::Spread).find_map(|(_, more)| part(more, key))
        };
        if let Some(mut part) = own.map(|(_, part)| part.clone()).or_else(told) {
            part.terms.iter_mut().for_each(|inner| inner.when.extend(term.when.iter().copied()));
            out = out.join(part);
        }
    }
    (!out.is_empty()).then_some(out)
}

/// The builder with a part set; the parts of each alternative go through `edit`.
fn edited(builder: &Value, key: &str, edit: impl Fn(Option<&Value>) -> Value) -> Value {
    let mut out = builder.clone();
    for term in &mut out.terms {
        let Some(known) = entries(term) else { continue };
        let old = known.iter().find(|(entry, _)| *entry == Entry::Key(key.into())).map(|(_, value)| value);
        let new = edit(old);
        let mut entries: Vec<_> =
            known.iter().filter(|(entry, _)| *entry != Entry::Key(key.into())).cloned().collect();
        entries.push((Entry::Key(key.into()), new));
        term.kind = Kind::Object(Arc::new(entries));
    }
    out
}

/// The builder with a part set.
pub(crate) fn with(builder: &Value, key: &str, part: &Value) -> Value {
    edited(builder, key, |_| part.clone())
}

/// The builder with a fixed method.
pub(crate) fn with_method(builder: &Value, method: &str) -> Value {
    with(builder, METHOD, &Value::text(method.into(), Span::NOWHERE))
}

/// The builder with what it sends, if that may have fields.
pub(crate) fn with_body(builder: &Value, body: Option<&Value>) -> Value {
    match body.filter(|body| sent::has_fields(body)) {
        Some(body) => with(builder, BODY, body),
        None => builder.clone(),
    }
}

/// The builder with more path at the end of its URL.
pub(crate) fn extended(builder: &Value, parts: &[Value]) -> Value {
    edited(builder, URL, |url| match (url, parts) {
        (Some(url), _) => compose::join_url(url, parts, JoinStyle::Path, Span::NOWHERE),
        (None, [first, rest @ ..]) => compose::join_url(first, rest, JoinStyle::Path, Span::NOWHERE),
        (None, []) => Value::default(),
    })
}

/// The builder with a template's name filled in: `{id}` is some value.
pub(crate) fn resolved(builder: &Value, name: &str) -> Value {
    filled(builder, name, None)
}

/// The builder with a template's name filled in by a value, as far as it is one text.
pub(crate) fn filled(builder: &Value, name: &str, value: Option<&Value>) -> Value {
    let template = format!("{{{name}}}");
    let given = value.and_then(|value| match value.terms.as_slice() {
        [Term { kind: Kind::Text(pieces), .. }] => Some(pieces.clone()),
        [Term { kind: Kind::Param(param), .. }] => Some(vec![Piece::Param(param.clone())]),
        _ => None,
    });
    let given = given.unwrap_or_else(|| vec![Piece::Hole(name.into())]);
    edited(builder, URL, |url| {
        url.cloned().unwrap_or_default().map_texts(|pieces| {
            let Some((at, start)) = pieces.iter().enumerate().find_map(|(at, piece)| match piece {
                Piece::Literal { text, .. } => Some((at, text.find(&template)?)),
                _ => None,
            }) else {
                return;
            };
            let Piece::Literal { text, literal, origin, local } = pieces[at].clone() else { return };
            let part = |text: &str| Piece::Literal { text: text.into(), literal, origin, local };
            let (before, after) = (part(&text[..start]), part(&text[start + template.len()..]));
            pieces.splice(at..=at, [before].into_iter().chain(given.clone()).chain([after]));
        })
    })
}

/// The request that a builder stands for, if it has a URL.
pub(crate) fn found(builder: &Value, default: Option<&str>) -> Option<Found> {
    let url = part(builder, URL)?;
    let method = part(builder, METHOD);
    let mut found = Found::with_method(method.as_ref(), default, &url).on(part(builder, BASE).as_ref());
    found.bodies.extend(part(builder, BODY));
    found.queries.extend(part(builder, QUERY));
    Some(found)
}

/// The first argument that is a builder.
pub(crate) fn given(args: &[NamedValue]) -> Option<&Value> {
    args.iter().map(|(_, value)| value).find(|value| is_builder(value))
}

/// Whether a value may be a request that somebody else finishes, or hold one: an answer, and what
/// is not known, does not.
pub(crate) fn may_go_on(value: &Value) -> bool {
    value.terms.iter().any(|term| match &term.kind {
        Kind::Unknown(_) | Kind::Answer(_) | Kind::Text(_) => false,
        Kind::List(items) => items.iter().any(may_go_on),
        _ => true,
    })
}
