//! Requests that scripts build step by step with objects of their own or of a library that is
//! not known: `builder().withPath("/users").build().execute(http.get)`.

use crate::scan::requests::builder::{self, METHOD, URL};
use crate::scan::requests::generic::reads_like_path;
use crate::scan::requests::request::{Callee, Found, Meaning, NamedValue, argument};
use crate::scan::value::Value;
use crate::scan::wording::{ASKING, is_verb, method_named, names_path, words};

/// What marks a request that is built so.
const STEPS: &str = "steps";

/// A builder that begins with a path: `withPath("/users")`, `setUrl(url)`.
pub(super) fn begun(callee: &Callee, args: &[NamedValue]) -> Option<Value> {
    let name = callee.name();
    let gives = matches!(words(name).first().map(String::as_str), Some("with" | "set"));
    let path = argument(args, Some(0), &[]).filter(|path| reads_like_path(path))?;
    (gives && args.len() == 1 && names_path(name) && callee.path.len() >= 2)
        .then(|| builder::with(&builder::new(STEPS), URL, path))
}

/// What a call of a builder means: one part more, or the request.
pub(super) fn step(callee: &Callee, args: &[NamedValue]) -> Option<Meaning> {
    let known = &callee.receiver;
    if builder::kind(known).as_deref() != Some(STEPS) {
        return None;
    }
    let name = callee.name();
    let words = words(name);
    let first = argument(args, Some(0), &[]);
    let named = |list: &[&str]| words.last().is_some_and(|word| list.contains(&word.as_str()));
    let verb = |value: &Value| value.literal().is_some_and(|text| method_named(&text).is_some());
    let request = |known: &Value| match builder::found(known, None) {
        Some(found) => Meaning::Request(Found::unsure(found)),
        None => Meaning::Unknown,
    };
    Some(match first {
        Some(path) if names_path(name) => Meaning::Value(builder::with(known, URL, path)),
        Some(method) if named(&["method", "verb"]) => Meaning::Value(builder::with(known, METHOD, method)),
        _ if is_verb(name) && name != "request" => {
            let method = if name == "del" { "DELETE" } else { name };
            request(&builder::with_method(known, &method.to_ascii_uppercase()))
        }
        Some(method) if words.iter().any(|word| ASKING.contains(&word.as_str())) && verb(method) => {
            request(&builder::with(known, METHOD, method))
        }
        _ if words.iter().any(|word| ASKING.contains(&word.as_str()))
            && builder::part(known, METHOD).is_some() =>
        {
            request(known)
        }
        _ => Meaning::Value(known.clone()),
    })
}
