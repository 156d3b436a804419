//! What a program writes into an answer itself: a key that it has put there is its own.

use std::ops::Bound;
use std::sync::Arc;

use super::decoders::GETTERS;
use super::pipes::is_answer;
use crate::scan::evaluate::{Evaluator, Frame, dotted};
use crate::scan::form::*;
use crate::scan::requests::request::NamedValue;
use crate::scan::value::Value;

/// The name under which a key is kept that was written into what a name stands for.
fn slot(path: &str, key: &str) -> Arc<str> {
    format!("{path}[{key:?}]").into()
}

/// Drops what was written into what a name stood for before it was given something else.
pub(crate) fn forget(frame: &mut Frame, path: &str) {
    let front = format!("{path}[\"");
    let slots = frame.env.range::<str, _>((Bound::Included(&*front), Bound::Unbounded));
    let slots: Vec<_> =
        slots.map(|(slot, _)| slot.clone()).take_while(|slot| slot.starts_with(&front)).collect();
    slots.iter().for_each(|slot| drop(frame.env.remove(slot)));
}

impl<'u> Evaluator<'u> {
    /// Notes that a key of an answer is written: `issue["labels"] = names`.
    pub(crate) fn write_into(&self, frame: &mut Frame, path: &str, key: &str, value: Value) {
        if frame.env.get(path).is_some_and(|known| is_answer(known)) {
            frame.env.insert(slot(path, key), Arc::new(value));
        }
    }

    /// The same of a call: `issue.update(labels=names)`, `issue.setdefault("labels", [])`.
    fn written_by_call(&self, frame: &mut Frame, call: &CallExpr, args: &[NamedValue]) {
        let ExprKind::Member(object, method) = &call.callee.kind else { return };
        let Some(path) = dotted(object) else { return };
        match &**method {
            "update" => {
                for (name, value) in args {
                    if let Some(name) = name.as_deref().filter(|name| !name.starts_with('*')) {
                        self.write_into(frame, &path, name, value.clone());
                    }
                }
            }
            "setdefault" | "put" | "insert" => {
                if let [(None, key), (None, value)] = args
                    && let Some(key) = key.literal()
                {
                    self.write_into(frame, &path, &key, value.clone());
                }
            }
            _ => {}
        }
    }

    /// What a call asks for where the program itself has put it there. Notes what the call puts
    /// there.
    pub(crate) fn of_its_own(
        &self,
        frame: &mut Frame,
        call: &CallExpr,
        args: &[NamedValue],
    ) -> Option<Value> {
        self.written_by_call(frame, call, args);
        let ExprKind::Member(object, method) = &call.callee.kind else { return None };
        if !GETTERS.contains(&&**method) {
            return None;
        }
        let [Arg { name: None, value: key }, ..] = call.args.as_slice() else { return None };
        self.own_entry(frame, object, key)
    }

    /// What the program has written under a key of what an expression stands for.
    pub(crate) fn own_entry(&self, frame: &Frame, object: &Expr, key: &Expr) -> Option<Value> {
        let ExprKind::Text(key) = &key.kind else { return None };
        let path = dotted(object)?;
        frame.env.get(&*slot(&path, key)).map(|value| Value::clone(value).opened())
    }
}
