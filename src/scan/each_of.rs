//! Methods of lists that run something for each element where the list is known:
//! `paths.Select(p => client.GetAsync(p))`, `Stream.of(a, b).map(this::load)`, and those that give
//! the list in another form.

use std::sync::Arc;

use super::evaluate::{Evaluator, Frame};
use super::form::*;
use super::modules::Naming;
use super::request::{Callee, NamedValue};
use super::value::{self, Kind, Term, Value};

/// Methods that give what a function makes of each element.
const MAPPING: [&str; 7] = ["Select", "SelectMany", "map", "flatMap", "flat_map", "mapNotNull", "filter_map"];
/// Methods that run a function for each element.
const RUNNING: [&str; 6] = ["ForEach", "forEach", "for_each", "ForAll", "forEachOrdered", "peek"];
/// Methods that give the same elements.
const SAME: [&str; 26] = [
    "stream",
    "parallelStream",
    "parallel",
    "sequential",
    "sorted",
    "distinct",
    "toList",
    "collect",
    "boxed",
    "AsParallel",
    "AsEnumerable",
    "AsQueryable",
    "ToList",
    "ToArray",
    "ToImmutableList",
    "Distinct",
    "Reverse",
    "iter",
    "iter_mut",
    "into_iter",
    "into_par_iter",
    "par_iter",
    "copied",
    "cloned",
    "enumerate",
    "to_vec",
];

impl<'u> Evaluator<'u> {
    /// What a closure gives that is called where it is written.
    pub(super) fn run_in_place(&mut self, frame: &mut Frame, call: &'u CallExpr) -> Option<Value> {
        let ExprKind::Function(id) = call.callee.kind else { return None };
        let one = call.args.len() <= 1 && call.args.iter().all(|arg| arg.name.is_none());
        if !self.unit.functions[id].inline || !one {
            return None;
        }
        let given = call.args.first().map(|arg| self.expr(frame, &arg.value));
        let value = self.closure_given(frame, id, given);
        Some(if value.is_empty() { Value::unknown("") } else { value })
    }

    /// What a method of a list gives that is handed a function for its elements; none if it
    /// is no such method, or the elements are not known.
    pub(super) fn over_elements(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        args: &'u [Arg],
        span: Span,
    ) -> Option<Value> {
        if !matches!(self.dialect.naming(), Naming::Classes | Naming::Rust) {
            return None;
        }
        let items = elements(&callee.receiver)?;
        let name = callee.name();
        if SAME.contains(&name) {
            args.iter().for_each(|arg| drop(self.expr(frame, &arg.value)));
            return Some(callee.receiver.clone());
        }
        let maps = MAPPING.contains(&name);
        let [Arg { name: None, value: function }] = args else { return None };
        if !maps && !RUNNING.contains(&name) {
            return None;
        }
        let made = match &function.kind {
            ExprKind::Function(id)
                if self.unit.functions[*id].inline && !self.unit.functions[*id].params.is_empty() =>
            {
                let of = |item: &Value| self.closure_given(frame, *id, Some(item.clone()));
                items.iter().map(of).collect::<Vec<_>>()
            }
            ExprKind::Function(_) => return None,
            _ => {
                let function = self.expr(frame, function);
                let [Term { kind: Kind::Function(id), .. }] = function.terms.as_slice() else { return None };
                let id = *id;
                if self.unit.functions[id].inline || self.is_running(id) {
                    return None;
                }
                let mut made = Vec::with_capacity(items.len());
                for item in items.iter() {
                    let given: [NamedValue; 1] = [(None, item.clone())];
                    made.push(self.invoke(frame, id, &Value::default(), &given, span).0);
                }
                made
            }
        };
        if !maps {
            return Some(Value::unknown(""));
        }
        let known = |value: Value| if value.is_empty() { Value::unknown("") } else { value };
        Some(Value::one(Kind::List(Arc::new(made.into_iter().map(known).collect()))))
    }
}

/// The elements of a list that is known, and short enough.
fn elements(list: &Value) -> Option<Arc<Vec<Value>>> {
    let [Term { kind: Kind::List(items), .. }] = list.terms.as_slice() else { return None };
    let rest = |item: &Value| matches!(item.terms.as_slice(), [Term { kind: Kind::Rest(_), .. }]);
    let short = items.len() <= value::MAX_ALTERNATIVES;
    (short && !items.is_empty() && !items.iter().any(rest)).then(|| items.clone())
}
