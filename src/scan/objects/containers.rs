//! What calls put into lists and objects, take out of them and read of them.

use std::sync::Arc;

use super::elements::{self, Rows};
use crate::scan::evaluate::escape::PUTTERS;
use crate::scan::evaluate::{Evaluator, Frame, dotted};
use crate::scan::fields::decoders::only_answer;
use crate::scan::fields::sent;
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::requests::builder;
use crate::scan::requests::generic;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{self, Entry, Kind, ParamRef, Term, Value};
use crate::scan::wording;

impl<'u> Evaluator<'u> {
    /// Takes a key out of an object that a name stands for: `body.pop("x")`.
    pub(crate) fn take_out(&self, frame: &mut Frame, call: &CallExpr, args: &[NamedValue]) {
        let ExprKind::Member(object, name) = &call.callee.kind else { return };
        if !matches!(&**name, "pop" | "delete" | "remove" | "Remove") {
            return;
        }
        let (Some(path), Some(key)) = (dotted(object), args.first().and_then(|(_, key)| key.literal()))
        else {
            return;
        };
        let Some(known) = frame.env.get(&*path) else { return };
        let mut value = Value::clone(known);
        for term in &mut value.terms {
            let Kind::Object(entries) = &term.kind else { continue };
            let gone = Entry::Key(Key::from(key.as_str()));
            let mut entries: Vec<_> = entries.iter().filter(|(entry, _)| *entry != gone).cloned().collect();
            // What is spread in may have it too.
            entries.push((gone, Value::unknown(sent::DELETED)));
            term.kind = Kind::Object(Arc::new(entries));
        }
        frame.env.insert(path.into(), Arc::new(value));
    }

    /// Puts entries into an object that a name stands for: `body.update(more)`,
    /// `body.setdefault("x", 1)`, `Object.assign(body, more)`. Gives the object where
    /// the call does.
    pub(crate) fn put_in(
        &self,
        frame: &mut Frame,
        call: &CallExpr,
        callee: &Callee,
        args: &[NamedValue],
    ) -> Option<Value> {
        let ExprKind::Member(object, name) = &call.callee.kind else {
            return self.joined_options(callee, args);
        };
        let holds = |value: &Value| value.terms.iter().any(|term| matches!(term.kind, Kind::Object(_)));
        let named = |path: Option<String>, frame: &Frame| {
            let path = path?;
            let known = frame.env.get(&*path).filter(|known| holds(known) && !builder::is_builder(known))?;
            Some((path, Value::clone(known)))
        };
        read_into_param(frame, object, name, args);
        if let Some(whole) = self.put_behind(frame, object, name, callee, args) {
            return Some(whole);
        }
        if let Some((path, longer)) = self.longer_list(frame, object, name, args) {
            frame.env.insert(path, Arc::new(longer));
            return None;
        }
        match &**name {
            "assign" if callee.path.len() == 2 && &*callee.path[0] == "Object" => {
                let ((_, first), rest) = args.split_first()?;
                if args.iter().any(|(name, _)| name.is_some()) {
                    return None;
                }
                if !holds(first) {
                    return self.joined_options(callee, args);
                }
                let whole = rest.iter().fold(first.clone(), |whole, (_, more)| whole.merged(more, false));
                if let Some((path, _)) = named(dotted(&call.args.first()?.value), frame) {
                    frame.env.insert(path.into(), Arc::new(whole.clone()));
                }
                Some(whole)
            }
            "update" => {
                let (path, mut whole) = named(dotted(object), frame)?;
                for (name, value) in args {
                    whole = match name.as_deref() {
                        None | Some("**") => whole.merged(value, false),
                        Some("*") => whole.opened(),
                        Some(name) => whole.with(&Entry::Key(Key::from(name)), value),
                    };
                }
                frame.env.insert(path.into(), Arc::new(whole));
                None
            }
            // `body.put("name", name)`, which may go on with the next
            name if PUTTERS.contains(&name) && args.len() == 2 && self.dialect.naming().fills_by_calls() => {
                if !holds(&callee.receiver) || builder::is_builder(&callee.receiver) {
                    return None;
                }
                let span = call.args.first().map(|arg| arg.value.span);
                let entry = match args[0].1.literal() {
                    Some(key) => Entry::Key(Key { name: key.into(), span }),
                    None => Entry::Any,
                };
                let whole = callee.receiver.with(&entry, &args[1].1);
                // `body.put("a", 1).put("b", 2)`
                let mut first = &**object;
                while let ExprKind::Call(inner) = &first.kind
                    && let ExprKind::Member(object, step) = &inner.callee.kind
                    && **step == *name
                    && inner.args.len() == 2
                {
                    first = &**object;
                }
                if let Some((path, _)) = named(dotted(first), frame) {
                    frame.env.insert(path.into(), Arc::new(whole.clone()));
                }
                Some(whole)
            }
            "putAll" | "merge!" if args.len() == 1 => {
                let (path, whole) = named(dotted(object), frame)?;
                frame.env.insert(path.into(), Arc::new(whole.merged(&args[0].1, false)));
                None
            }
            "setdefault" => {
                let (path, whole) = named(dotted(object), frame)?;
                let span = call.args.first().map(|arg| arg.value.span);
                let entry = match args.first().and_then(|(_, key)| key.literal()) {
                    Some(key) => Entry::Key(Key { name: key.into(), span }),
                    None => Entry::Any,
                };
                let value = args.get(1).map(|(_, value)| value.clone()).unwrap_or_default();
                let more = Value::one(Kind::Object(Arc::new(vec![(entry, value)])));
                frame.env.insert(path.into(), Arc::new(whole.merged(&more, true)));
                None
            }
            _ => self.joined_options(callee, args),
        }
    }

    /// An argument that a function is given by a name that it does not declare:
    /// `kwargs.get("method", "GET")`.
    pub(crate) fn named_argument(
        &self,
        frame: &Frame,
        callee: &Callee,
        args: &[NamedValue],
    ) -> Option<Value> {
        let [Term { kind: Kind::Param(param), .. }] = callee.receiver.terms.as_slice() else { return None };
        let ([(None, key)] | [(None, key), (None, _)], "get" | "pop") = (args, callee.name()) else {
            return None;
        };
        if !param.members.is_empty() || !self.is_named_rest(frame.function, param.index) {
            return None;
        }
        let members = vec![key.literal()?.into()];
        let given = Value::one(Kind::Param(ParamRef { members, ..param.clone() })).opened();
        let default = args.get(1).map(|(_, default)| default.clone());
        Some(default.map_or(given.clone(), |default| value::or_default(given, default)))
    }

    /// Reading methods of dictionaries and lists.
    pub(crate) fn container_call(&self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        let name = callee.path.last()?;
        // `options.pop("path", self.path)`: nobody is seen to give another one.
        if let ([(None, key), (None, default)], "get" | "pop") = (args, &**name)
            && !callee
                .receiver
                .terms
                .iter()
                .any(|term| matches!(term.kind, Kind::Object(_) | Kind::Client(_)))
            && key.literal().is_some_and(|key| wording::names_path(&key))
            && (default.depends() || generic::reads_like_path(default))
        {
            return Some(Value::unknown("").join(default.clone()));
        }
        let held = |term: &Term| matches!(term.kind, Kind::Object(_) | Kind::List(_));
        if !callee.receiver.terms.iter().any(held) || builder::is_builder(&callee.receiver) {
            return None;
        }
        // An object of functions has a `get` of its own.
        if callee.receiver.terms.iter().any(|term| has_function(term, name)) {
            return None;
        }
        match &**name {
            "get" | "getValue" | "getOrDefault" | "GetValueOrDefault"
                if matches!(self.dialect.naming(), Naming::Classes | Naming::Python)
                    && args.first().is_some_and(|(_, key)| key.literal().is_none()) =>
            {
                // Python: `verbs.get(method, session.get)`, any of them like `verbs[method]`
                let any = self.element_of(&callee.receiver, &args.first()?.1).opened();
                Some(args.get(1).map_or(any.clone(), |(_, default)| any.join(default.clone())))
            }
            // Ruby: `TEMPLATES.fetch(kind)`
            "fetch" if self.dialect.calls_by_name() => {
                Some(self.element_of(&callee.receiver, &args.first()?.1).opened())
            }
            "get" | "pop" | "setdefault" | "getValue" if !args.is_empty() => {
                let key = args.first()?.1.literal()?;
                let default = args.get(1).map(|(_, default)| default);
                let value = self.element(&callee.receiver, Some(&key)).opened();
                match (default, elements::has(&callee.receiver, &key)) {
                    (Some(default), Some(false)) => Some(default.clone()),
                    (Some(default), None) => Some(value.join(default.clone())),
                    _ => Some(value),
                }
            }
            "keys" | "keySet" if args.is_empty() => Rows::keys(&callee.receiver),
            "entrySet" | "GetEnumerator" if args.is_empty() => {
                Some(Rows::Entries.of(&callee.receiver, |object| self.element(object, None)))
            }
            "getKey" | "getValue" if args.is_empty() => {
                let part = |row: &Term| Some(Rows::part(&row.kind, name)?.within(row));
                let parts: Vec<Value> = callee.receiver.terms.iter().map(part).collect::<Option<_>>()?;
                Some(parts.into_iter().fold(Value::default(), |out, part| out.join(part)))
            }
            "values" => match callee.receiver.terms.as_slice() {
                [Term { kind: Kind::Object(entries), .. }] => {
                    let values = entries.iter().map(|(_, value)| value.clone()).collect();
                    Some(Value::one(Kind::List(Arc::new(values))).opened())
                }
                _ => Some(callee.receiver.clone().opened()),
            },
            "copy" => Some(callee.receiver.clone().opened()),
            _ => None,
        }
    }
}

/// Whether an object keeps a function under a name.
pub(crate) fn has_function(term: &Term, name: &str) -> bool {
    let Kind::Object(entries) = &term.kind else { return false };
    let is_function = |value: &Value| value.terms.iter().any(|term| matches!(term.kind, Kind::Function(_)));
    entries
        .iter()
        .any(|(entry, value)| matches!(entry, Entry::Key(key) if **key == *name) && is_function(value))
}

/// A list that a caller hands over gets what is in an answer: `items.extend(reply.json())`,
/// `items.push(...await reply.json())`.
fn read_into_param(frame: &mut Frame, object: &Expr, name: &str, args: &[NamedValue]) {
    let ExprKind::Name(list) = &object.kind else { return };
    let [(told, value)] = args else { return };
    let whole = match name {
        "extend" => told.is_none(),
        "push" => told.as_deref() == Some("*"),
        _ => false,
    };
    let Some(answer) = only_answer(value).filter(|answer| whole && answer.at.as_deref() == Some("")) else {
        return;
    };
    if let Some([Term { kind: Kind::Param(param), .. }]) =
        frame.env.get(list).map(|value| value.terms.as_slice())
        && param.members.is_empty()
    {
        frame.decodes.push((answer.request, ParamRef::clone(param)));
    }
}

/// What is handed over by name where an object is one of several, as conditions make it
/// (`if new { call.Method = "Post" } else { call.Method = "Put" }`): each in its own case.
pub(crate) fn args_of_several(objects: &[Term]) -> Option<Vec<NamedValue>> {
    const MAX_OBJECTS: usize = 8;
    let mut out: Vec<NamedValue> = Vec::new();
    if objects.len() > MAX_OBJECTS {
        return None;
    }
    for term in objects {
        let Kind::Object(entries) = &term.kind else { return None };
        for (entry, value) in entries.iter() {
            let Entry::Key(key) = entry else { return None };
            let value = value.clone().within(term);
            match out.iter_mut().find(|(name, _)| name.as_ref() == Some(&key.name)) {
                Some((_, known)) => *known = std::mem::take(known).join(value),
                None => out.push((Some(key.name.clone()), value)),
            }
        }
    }
    Some(out)
}
