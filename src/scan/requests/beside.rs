//! Operations that a resource lists with a method and the rest of a path, while the path
//! that they begin with stands beside them: `{ path: "charges", list: operation({ method:
//! "GET", path: "/{id}" }) }`.

use std::sync::Arc;

use super::request::NamedValue;
use crate::scan::form::*;
use crate::scan::value::compose;
use crate::scan::value::{Entry, Kind, Term, Value};
use crate::scan::wording;

/// Arguments without the path that stands beside the call, and the same where it is put
/// before the path of the options.
pub(crate) fn split(mut args: Vec<NamedValue>, span: Span) -> (Vec<NamedValue>, Option<Vec<NamedValue>>) {
    let Some((_, beside)) = args.pop_if(|(name, _)| name.as_deref() == Some(BESIDE)) else {
        return (args, None);
    };
    let joined = joined(&args, &beside.imported(span), span);
    (args, joined)
}

fn joined(args: &[NamedValue], beside: &Value, span: Span) -> Option<Vec<NamedValue>> {
    let [(None, options)] = args else { return None };
    let [Term { kind: Kind::Object(entries), .. }] = options.terms.as_slice() else { return None };
    let named = |(entry, _): &&(Entry, Value)| matches!(entry, Entry::Key(key) if wording::names_path(key));
    let mut given = entries.iter().filter(named);
    let (key, path) = match (given.next(), given.next()) {
        (None, _) => (Entry::Key(Key::from("path")), beside.clone()),
        (Some((key, path)), None) => {
            let own = path.literal()?;
            let first = beside.literal()?;
            // A path that says that it is whole, or begins with what stands beside it.
            let words = match key {
                Entry::Key(key) => wording::words(key),
                _ => Vec::new(),
            };
            let begins = own.trim_start_matches('/').starts_with(first.trim_start_matches('/'));
            if words.iter().any(|word| matches!(word.as_str(), "full" | "absolute")) || begins {
                return None;
            }
            match own.is_empty() {
                true => (key.clone(), beside.clone()),
                false => {
                    let parts = std::slice::from_ref(path);
                    (key.clone(), compose::join_url(beside, parts, JoinStyle::Path, span))
                }
            }
        }
        _ => return None,
    };
    let mut whole: Vec<(Entry, Value)> = entries.iter().filter(|(entry, _)| *entry != key).cloned().collect();
    whole.push((key, path));
    Some(vec![(None, Value::one(Kind::Object(Arc::new(whole))))])
}
