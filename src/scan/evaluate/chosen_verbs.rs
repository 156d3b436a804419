//! A client's method that is chosen: by a variable that holds one of several (`send = session.post`, and
//! where something is there already `send = session.put`; then `send(url)`), and in JavaScript by its
//! name (`axios[verb](url)`).

use std::sync::Arc;

use super::{Evaluator, Frame, dotted};
use crate::scan::form::{Expr, Key, Span};
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Entry, Kind, Term, Value};
use crate::scan::wording::{ends_with_word, method_named, names_verb};

/// A method that is looked up by its name.
const LOOKED_UP: &str = "(method)";

impl<'u> Evaluator<'u> {
    /// What `client[verb]` is, of a library or something that is called like a client: its value is the
    /// verb. The methods of the program's own objects are looked up like other members.
    pub(super) fn looked_up(&mut self, frame: &mut Frame, object: &'u Expr, key: &'u Expr) -> Option<Callee> {
        const CLIENTS: [&str; 8] =
            ["axios", "http", "request", "client", "api", "got", "superagent", "agent"];
        if self.dialect.naming() != Naming::JavaScript || dotted(object).is_none() {
            return None;
        }
        let Callee { mut path, value: receiver, .. } = self.callee(frame, object);
        let of_library = |term: &Term| match &term.kind {
            Kind::Client(_) => true,
            Kind::Unknown(name) => self.dialect.plain_name(name) != &**name,
            _ => false,
        };
        let unknown = |term: &Term| matches!(term.kind, Kind::Client(_) | Kind::Unknown(_));
        let is_library = receiver.terms.iter().all(of_library);
        let called_so = || path.last().is_some_and(|name| ends_with_word(name, &CLIENTS));
        if receiver.is_empty() || !receiver.terms.iter().all(unknown) || !(is_library || called_so()) {
            return None;
        }
        let verb = self.expr(frame, key);
        // A client of another kind has commands: `redisClient[command](key)`.
        let is_verb = |term: &Term| match &term.kind {
            Kind::Param(param) => is_library || names_verb(param.members.last().unwrap_or(&param.name)),
            _ => term.literal().is_some_and(|word| method_named(&word).is_some()),
        };
        if verb.is_empty() || !verb.terms.iter().all(is_verb) {
            return None;
        }
        path.push(LOOKED_UP.into());
        Some(Callee { path, receiver, value: verb })
    }

    /// The function of a library that a field holds, whichever of several it is:
    /// `this.request = secure ? https.request : http.request`.
    pub(super) fn held_function(&self, value: &Value) -> Option<Callee> {
        if self.dialect.naming() != Naming::JavaScript {
            return None;
        }
        let of_library = |term: &Term| match &term.kind {
            Kind::Bound(object, name) => match object.terms.as_slice() {
                [Term { kind: Kind::Unknown(library), .. }]
                    if self.dialect.plain_name(library) != &**library =>
                {
                    Some((Value::clone(object), library.clone(), name.clone()))
                }
                _ => None,
            },
            _ => None,
        };
        let mut held = value.terms.iter().map(of_library);
        let (receiver, library, name) = held.next()??;
        let same = held.all(|other| other.is_some_and(|(_, _, other)| other == name));
        let path = vec![self.dialect.plain_name(&library).into(), name.clone()];
        same.then(|| Callee { path, receiver, value: Value::unknown(&name) })
    }

    /// Makes a call of such a method one of the client's `request`, which is told all of it.
    fn verb_told(&self, callee: &mut Callee, args: Vec<NamedValue>) -> Vec<NamedValue> {
        let verb = std::mem::replace(&mut callee.value, Value::unknown("request"));
        callee.path.pop();
        callee.path.push("request".into());
        let entry = |name: &str, value: Value| (Entry::Key(Key::from(name)), value);
        let mut given = args.into_iter();
        let mut told = match given.next() {
            Some((None, Value { terms }))
                if terms.iter().all(|term| matches!(term.kind, Kind::Object(_))) =>
            {
                vec![(Entry::Spread, Value { terms })]
            }
            Some((None, url)) => vec![entry("url", url)],
            first => return first.into_iter().chain(given).collect(),
        };
        told.push(entry("method", verb));
        let term = Kind::Object(Arc::new(told));
        std::iter::once((None, Value::one(term))).chain(given).collect()
    }

    /// Makes such a call one of the client's `request`, which is told the method, as Python's
    /// libraries have it, so that each method keeps what it depends on. What is called otherwise
    /// stays.
    pub(super) fn verb_chosen(&self, callee: &mut Callee, args: Vec<NamedValue>) -> Vec<NamedValue> {
        if callee.path.last().is_some_and(|name| **name == *LOOKED_UP) {
            return self.verb_told(callee, args);
        }
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
