//! Elements of objects and lists: under a key that is known, under one that a caller gives, or any.

use std::sync::Arc;

use crate::scan::evaluate::Evaluator;
use crate::scan::fields::decoders::only_answer;
use crate::scan::fields::sent;
use crate::scan::form::Span;
use crate::scan::requests::builder;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::guard::Guard;
use crate::scan::value::{Entry, Kind, ParamRef, Term, Value};

impl<'u> Evaluator<'u> {
    /// An element of an object or list by a key; where a caller gives the key, each
    /// under the condition that it does.
    pub(crate) fn element_of(&self, object: &Value, key: &Value) -> Value {
        // A function of certain types: `fetch[Project](ctx, "/projects")`.
        if !object.is_empty() && object.terms.iter().all(|term| matches!(term.kind, Kind::Function(_))) {
            return object.clone();
        }
        let [Term { kind: Kind::Param(param), .. }] = key.terms.as_slice() else {
            return self
                .under_each(object, key)
                .unwrap_or_else(|| self.element(object, key.literal().as_deref()));
        };
        let mut out = Value::default();
        for term in &object.terms {
            let Kind::Object(entries) = &term.kind else { continue };
            for (entry, value) in entries.iter() {
                if let Entry::Key(key) = entry {
                    let mut value = value.clone().within(term);
                    for term in &mut value.terms {
                        term.guard(&[Guard::of_key(param.clone(), key.name.clone())]);
                    }
                    out = out.join(value);
                }
            }
        }
        if out.is_empty() { self.element(object, None) } else { out }
    }

    /// What an object holds under each of several keys, `TABLE[kind]` beside `kind`; none where it
    /// has none of them.
    fn under_each(&self, object: &Value, key: &Value) -> Option<Value> {
        let keys: Vec<String> = key.terms.iter().map(Term::literal).collect::<Option<_>>()?;
        let named = |(entry, _): &(Entry, Value)| match entry {
            Entry::Key(known) => keys.iter().any(|key| **key == **known),
            Entry::Any | Entry::Spread => false,
        };
        let holds = |term: &Term| matches!(&term.kind, Kind::Object(entries) if entries.iter().any(named));
        let known = object.terms.iter().any(holds);
        let found = keys.iter().zip(&key.terms);
        let found = found.map(|(key, term)| self.element(object, Some(key)).within(term));
        (known && keys.len() > 1).then(|| found.fold(Value::default(), |out, value| out.join(value)))
    }

    /// An element of an object or list: that of a key, or any.
    pub(crate) fn element(&self, object: &Value, key: Option<&str>) -> Value {
        element(object, key)
    }
}

/// An element of an object or list: that of a key, or any.
pub(crate) fn element(object: &Value, key: Option<&str>) -> Value {
    let mut out = Value::default();
    for term in &object.terms {
        match &term.kind {
            Kind::Answer(answer) => {
                let under = answer.under(key).unwrap_or_else(|| Value::unknown(key.unwrap_or("")));
                out = out.join(under.within(term));
            }
            Kind::Object(entries) => match key {
                None => {
                    let held = entries.iter().filter(|(entry, _)| *entry != Entry::Spread);
                    out = held.fold(out, |out, (_, value)| out.join(value.clone()));
                }
                Some(key) => out = out.join(under(entries, key, term)),
            },
            Kind::List(items) => match key.and_then(|key| key.parse::<usize>().ok()) {
                Some(index) => {
                    let item = items.get(index).cloned().unwrap_or_default();
                    out = out.join(item.within(term));
                }
                None => out = items.iter().fold(out, |out, item| out.join(item.clone())),
            },
            Kind::Param(param) if let Some(key) = key => {
                out = out.join(Value::one(Kind::Param(param.member(key.into()))));
            }
            _ => {}
        }
    }
    if out.is_empty() { Value::unknown(key.unwrap_or_default()) } else { out }
}

/// What is read of the only answer that is spread in an object which is a copy of it with something
/// besides: `{ ...issue, kind: "bug" }.title`.
pub(crate) fn of_copied(object: &Value, key: &str) -> Option<Value> {
    let [Term { kind: Kind::Object(entries), .. }] = object.terms.as_slice() else { return None };
    let mut copied = None;
    for (entry, value) in entries.iter() {
        match entry {
            Entry::Key(known) if **known == *key => return None,
            Entry::Key(_) => {}
            Entry::Spread if copied.is_none() => copied = Some(only_answer(value)?),
            _ => return None,
        }
    }
    copied.filter(|answer| answer.at.is_some())?.under(Some(key))
}

/// What an object holds under a key. What is spread in behind it counts, if it has the key; of
/// options that a caller gives, what stands before them counts without that key.
fn under(entries: &[(Entry, Value)], key: &str, object: &Term) -> Value {
    let mut out = Value::default();
    let hit = entries.iter().rposition(|(entry, _)| matches!(entry, Entry::Key(known) if **known == *key));
    let behind = hit.map_or(entries, |at| &entries[at + 1..]);
    if hit.is_none() {
        let unnamed = entries.iter().filter(|(entry, _)| *entry == Entry::Any);
        out = unnamed.fold(out, |out, (_, value)| out.join(value.clone()));
    }
    let mut unless: Vec<ParamRef> = Vec::new();
    let mut add = |mut found: Value, out: Value| {
        found.terms.iter_mut().for_each(|term| term.without.extend(unless.iter().cloned()));
        if let [Term { kind: Kind::Param(param), .. }] = found.terms.as_slice() {
            unless.push(param.clone());
        }
        out.join(found)
    };
    for (_, spread) in behind.iter().rev().filter(|(entry, _)| *entry == Entry::Spread) {
        let has = has(spread, key);
        if has == Some(false) {
            continue;
        }
        let found = element(spread, Some(key));
        // What nobody knows leaves what is written out.
        if hit.is_none() || has.is_some() || found.depends() {
            out = add(found, out);
        }
        if has == Some(true) {
            return out;
        }
    }
    match hit {
        Some(at) => add(entries[at].1.clone().within(object), out),
        None => out,
    }
}

/// The name of a parameter that is a row, which the function takes apart.
pub(crate) const ROW: &str = "(row)";

/// What the rows are of which a loop takes the parts, as a lowering asks for them.
#[derive(Clone, Copy)]
pub(crate) enum Rows {
    /// Key and value of the entries of a table; the items of a list are rows themselves.
    Entries,
    /// The same; of a list the number and the item.
    Numbered,
    /// The keys of a table; the items of a list.
    Keys,
}

impl Rows {
    const ENTRIES: &'static str = "(entries)";
    const NUMBERED: &'static str = "(numbered entries)";
    const KEYS: &'static str = "(keys)";

    /// The name of the call that gives them.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Entries => Self::ENTRIES,
            Self::Numbered => Self::NUMBERED,
            Self::Keys => Self::KEYS,
        }
    }

    /// Those that a call asks for.
    pub(crate) fn asked(
        callee: &Callee,
        args: &[NamedValue],
        each: impl Fn(&Value) -> Value,
    ) -> Option<Value> {
        let rows = match callee.name() {
            Self::ENTRIES => Self::Entries,
            Self::NUMBERED => Self::Numbered,
            Self::KEYS => Self::Keys,
            _ => return None,
        };
        args.first().map(|(_, value)| rows.of(value, each))
    }

    /// Those of a value; what is in one of which no more is known, `each` says.
    pub(crate) fn of(self, value: &Value, each: impl Fn(&Value) -> Value) -> Value {
        let row = |key: Value, value: Value| Value::one(Kind::List(Arc::new(vec![key, value])));
        let list = |rows: Vec<Value>| Value::one(Kind::List(Arc::new(rows)));
        let numbered = matches!(self, Self::Numbered);
        if matches!(self, Self::Keys) {
            return Self::keys(value).unwrap_or_else(|| value.clone());
        }
        match value.terms.as_slice() {
            [Term { kind: Kind::Object(entries), .. }] if !builder::is_builder(value) => {
                let rows = entries.iter().map(|(entry, value)| match entry {
                    Entry::Key(key) => {
                        row(Value::text(key.name.clone(), key.span.unwrap_or(Span::NOWHERE)), value.clone())
                    }
                    Entry::Any => row(Value::unknown("key"), value.clone()),
                    Entry::Spread => row(Value::unknown("key"), each(value)),
                });
                list(rows.collect())
            }
            [Term { kind: Kind::List(items), .. }] if numbered => {
                list(items.iter().map(|item| row(Value::unknown("number"), item.clone())).collect())
            }
            _ if numbered => list(vec![row(Value::unknown("key"), each(value))]),
            _ => value.clone(),
        }
    }

    /// The keys of a table of which all are seen.
    pub(crate) fn keys(value: &Value) -> Option<Value> {
        let [Term { kind: Kind::Object(entries), .. }] = value.terms.as_slice() else { return None };
        if builder::is_builder(value) {
            return None;
        }
        let key = |(entry, _): &(Entry, Value)| match entry {
            Entry::Key(key) => Some(Value::text(key.name.clone(), key.span.unwrap_or(Span::NOWHERE))),
            Entry::Any | Entry::Spread => None,
        };
        let keys: Vec<Value> = entries.iter().map(key).collect::<Option<_>>()?;
        (!keys.is_empty()).then(|| Value::one(Kind::List(Arc::new(keys))).opened())
    }

    /// A part of a row by its name: `entry.Key`, `entry.getValue()`.
    pub(crate) fn part(row: &Kind, name: &str) -> Option<Value> {
        let Kind::List(items) = row else { return None };
        let [key, value] = items.as_slice() else { return None };
        match name {
            "Key" | "getKey" => Some(key.clone()),
            "Value" | "getValue" => Some(value.clone()),
            _ => None,
        }
    }
}

/// What scripts make a list of an object by: `Object.values(PATHS)`, of which all is seen or
/// which a caller gives.
pub(crate) fn listed(callee: &Callee, args: &[NamedValue], each: impl Fn(&Value) -> Value) -> Option<Value> {
    let ([object, name], [(None, value)]) = (callee.path.as_slice(), args) else { return None };
    if let [Term { kind: Kind::Param(_), .. }] = value.terms.as_slice()
        && &**object == "Object"
    {
        return match &**name {
            "values" => Some(value.clone()),
            "entries" => {
                let pair = Kind::List(Arc::new(vec![Value::unknown("key"), each(value)]));
                Some(Value::one(Kind::List(Arc::new(vec![Value::one(pair)]))).opened())
            }
            _ => None,
        };
    }
    let [Term { kind: Kind::Object(entries), .. }] = value.terms.as_slice() else { return None };
    if &**object != "Object" || builder::is_builder(value) {
        return None;
    }
    let items: Option<Vec<Value>> = entries
        .iter()
        .map(|(entry, value)| {
            let Entry::Key(key) = entry else { return None };
            let text = || Value::text(key.name.clone(), key.span.unwrap_or(Span::NOWHERE));
            match &**name {
                "values" => Some(value.clone()),
                "keys" => Some(text()),
                "entries" => Some(Value::one(Kind::List(Arc::new(vec![text(), value.clone()])))),
                _ => None,
            }
        })
        .collect();
    items.filter(|items| !items.is_empty()).map(|items| Value::one(Kind::List(Arc::new(items))).opened())
}

/// Whether a value is objects that have a key, or lack it; `None` where that is not
/// known.
pub(crate) fn has(value: &Value, key: &str) -> Option<bool> {
    let mut all = value.terms.iter().map(|term| match &term.kind {
        Kind::Object(entries) if !term.open => {
            let named = |(entry, _): &(Entry, Value)| matches!(entry, Entry::Key(known) if **known == *key);
            let plain = |(entry, _): &(Entry, Value)| matches!(entry, Entry::Key(_));
            match entries.iter().rev().find(|entry| named(entry)) {
                // What is taken out again is not there: `{ path, ...rest }`.
                Some((_, value)) => Some(!sent::is_deleted(value)),
                None => entries.iter().all(plain).then_some(false),
            }
        }
        _ => None,
    });
    let first = all.next()??;
    all.all(|other| other == Some(first)).then_some(first)
}
