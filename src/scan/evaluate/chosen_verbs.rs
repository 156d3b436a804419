//! A client's method that a variable holds, of several: `send = session.post`, and where something
//! is there already `send = session.put`; then `send(url)`.

use super::Evaluator;
use crate::scan::form::Span;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Kind, Term, Value};
use crate::scan::wording::method_named;

impl Evaluator<'_> {
    /// Makes such a call one of the client's `request`, which is told the method, as Python's
    /// libraries have it, so that each method keeps what it depends on. What is called otherwise
    /// stays.
    pub(super) fn verb_chosen(&self, callee: &mut Callee, args: Vec<NamedValue>) -> Vec<NamedValue> {
        let [first, _, ..] = callee.value.terms.as_slice() else { return args };
        let held = |term: &Term| match &term.kind {
            Kind::Bound(object, name) => Some((object.clone(), method_named(name)?)),
            _ => None,
        };
        let Some((object, _)) = held(first).filter(|_| self.dialect.naming() == Naming::Python) else {
            return args;
        };
        // A client of the program's own has no `request`.
        let of_library = |object: &Value| {
            let library = |term: &Term| matches!(term.kind, Kind::Unknown(_) | Kind::Client(_));
            !object.is_empty() && object.terms.iter().all(library)
        };
        let same = |other: &Value| match (object.terms.as_slice(), other.terms.as_slice()) {
            ([Term { kind: Kind::Unknown(one), .. }], [Term { kind: Kind::Unknown(other), .. }]) => {
                one == other
            }
            (one, other) => {
                let client = |term: &Term| matches!(term.kind, Kind::Client(_));
                one.iter().chain(other).all(client)
            }
        };
        let mut method = Value::default();
        for term in &callee.value.terms {
            let Some((object, verb)) = held(term) else { return args };
            if !of_library(&object) || !same(&object) {
                return args;
            }
            let word = Value::text(verb.into(), Span::NOWHERE);
            let word = word.terms.into_iter().map(|word| Term { kind: word.kind, ..term.clone() });
            method.terms.extend(word);
        }
        if let [Term { kind: Kind::Unknown(name), .. }] = object.terms.as_slice() {
            callee.path = vec![name.clone()];
        }
        callee.path.push("request".into());
        callee.receiver = Value::clone(&object);
        callee.value = Value::unknown("request");
        std::iter::once((None, method)).chain(args).collect()
    }
}
