//! Calls that read an entry of something and only look like requests:
//! `answer.get("action", None)` in a file with a client that has a `get` of its own.

use super::request::{Callee, NamedValue};
use crate::scan::value::{self, Kind, Term, Value};
use crate::scan::wording;

/// Words by which objects that make requests are called, beside [`wording::ASKING`].
const CLIENTS: [&str; 9] =
    ["session", "conn", "connection", "service", "gateway", "transport", "sdk", "requester", "connector"];

/// Whether a call of a method of a class, which is meant by its name alone, rather reads
/// an entry under a word. `class` is the class's name in words.
pub(crate) fn reads_entry(callee: &Callee, args: &[NamedValue], class: &[String]) -> bool {
    let [(None, key), rest @ ..] = args else { return false };
    let word = key.literal().is_some_and(|key| !key.is_empty() && !key.contains('/'));
    if callee.name() != "get" || !word || rest.len() > 1 {
        return false;
    }
    let owner = callee.owner();
    let words = wording::words(owner);
    let asks = |word: &String| {
        CLIENTS.contains(&word.as_str())
            || wording::ASKING.contains(&word.as_str())
            || word.len() > 2 && class.contains(word)
    };
    // What has so short a name may be anything.
    if owner.len() <= 3 || matches!(owner, "self" | "this" | "super()") || words.iter().any(asks) {
        return false;
    }
    let default = rest.iter().any(|(name, value)| name.is_none() && is_default(value));
    let given = callee.receiver.terms.iter().any(|term| matches!(term.kind, Kind::Param(_)));
    default || rest.is_empty() && (!given || wording::keeps_values(owner))
}

/// Whether a value is what people give where an entry is missing: nothing, or something
/// empty.
fn is_default(value: &Value) -> bool {
    let empty = |term: &Term| match &term.kind {
        Kind::List(items) => items.is_empty(),
        Kind::Object(entries) => entries.is_empty(),
        Kind::Unknown(name) => matches!(&**name, "True" | "False" | "true" | "false"),
        _ => term.literal().is_some_and(|text| !text.contains('/')),
    };
    value::is_nothing(value) || !value.is_empty() && value.terms.iter().all(empty)
}
