//! wretch: `wretch(base).auth(token).url("/users").get().json()`.

use crate::scan::form::Span;
use crate::scan::requests::builder::{self, QUERY, URL};
use crate::scan::requests::request::{Callee, Meaning, NamedValue, argument};
use crate::scan::value::compose;
use crate::scan::value::{Kind, Term, Value};

/// What marks a request that is built so.
const WRETCH: &str = "wretch";

/// What a call of the library, or of what it has made so far, means.
pub(super) fn meaning(callee: &Callee, library: &str, args: &[NamedValue]) -> Option<Meaning> {
    let first = argument(args, Some(0), &[]);
    let known = &callee.receiver;
    if builder::kind(known).as_deref() != Some(WRETCH) {
        let makes = library == WRETCH && callee.path.len() <= 1;
        let made = || first.map_or(builder::new(WRETCH), |url| behind(&builder::new(WRETCH), Some(url)));
        return makes.then(|| Meaning::Value(made()));
    }
    let second = argument(args, Some(1), &[]);
    let asked = |method: &str, url: Option<&Value>, body: Option<&Value>| {
        let whole = builder::with_method(&behind(known, url), method);
        let found = builder::found(&builder::with_body(&whole, body), None);
        found.map_or(Meaning::Unknown, Meaning::Request)
    };
    let name = callee.name();
    Some(match name {
        "get" | "delete" | "head" => asked(&name.to_ascii_uppercase(), first, None),
        "post" | "put" | "patch" => asked(&name.to_ascii_uppercase(), second, first),
        "url" if second.is_some_and(is_true) => {
            Meaning::Value(first.map_or_else(|| known.clone(), |url| builder::with(known, URL, url)))
        }
        "url" => Meaning::Value(behind(known, first)),
        "query" => {
            Meaning::Value(first.map_or_else(|| known.clone(), |all| builder::with(known, QUERY, all)))
        }
        "json" | "body" | "formData" | "formUrl" => Meaning::Value(builder::with_body(known, first)),
        // `auth`, `headers`, `options`, `catcher`, and what else says nothing of where it goes
        _ => Meaning::Value(known.clone()),
    })
}

/// What is built so far with more of the URL.
fn behind(known: &Value, more: Option<&Value>) -> Value {
    let Some(more) = more else { return known.clone() };
    let url = match builder::part(known, URL) {
        Some(url) => compose::concat(&[url, more.clone()], Span::NOWHERE),
        None => more.clone(),
    };
    builder::with(known, URL, &url)
}

fn is_true(value: &Value) -> bool {
    matches!(value.terms.as_slice(), [Term { kind: Kind::Unknown(name), .. }] if &**name == "true")
}
