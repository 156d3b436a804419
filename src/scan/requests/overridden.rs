//! A method that a header says instead of the request's own: servers that are only reached by
//! `POST` take `X-HTTP-Method-Override: PATCH`.

use super::request::{Found, NamedValue};
use crate::scan::value::{Entry, Kind, Value};
use crate::scan::wording::method_named;

/// Names of such headers.
const HEADERS: [&str; 3] = ["x-http-method-override", "x-http-method", "x-method-override"];
/// Objects in objects that are looked through.
const MAX_DEPTH: usize = 3;

/// The request with the method that a header of it says, if one does. Only a `POST` is taken
/// for another one.
pub(super) fn by_header(mut found: Found, args: &[NamedValue]) -> Found {
    let posts = |(method, _): &(Option<String>, _)| method.as_deref() == Some("POST");
    if found.methods.iter().all(posts)
        && let Some(method) = args.iter().find_map(|(_, value)| said(value, MAX_DEPTH))
    {
        found.methods.iter_mut().for_each(|(known, _)| *known = Some(method.to_owned()));
    }
    found
}

/// The method that one of the headers in an object is given.
fn said(value: &Value, depth: usize) -> Option<&'static str> {
    let depth = depth.checked_sub(1)?;
    let [term] = value.terms.as_slice() else { return None };
    // `-H "X-HTTP-Method-Override: PATCH"`
    if let Some(text) = term.literal() {
        let (name, method) = text.split_once(':')?;
        return is_header(name).then(|| method_named(method.trim()))?;
    }
    let Kind::Object(entries) = &term.kind else { return None };
    entries.iter().find_map(|(entry, value)| match entry {
        Entry::Key(name) if is_header(name) => method_named(value.literal()?.trim()),
        _ => said(value, depth),
    })
}

fn is_header(name: &str) -> bool {
    HEADERS.iter().any(|header| name.trim().eq_ignore_ascii_case(header))
}
