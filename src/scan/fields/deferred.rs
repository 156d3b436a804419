//! Closures and functions that a library runs once, elsewhere, later or again, and whose result it
//! gives: `Task.Run(() => Load())`, `retry(() => load())`, `asyncio.gather(load(1), load(2))`,
//! `Cache::remember($key, 60, fn () => $this->load())`.

use std::sync::Arc;

use super::answer::has_answer;
use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Kind, Term, Value};

/// What runs a closure and gives what it gives, by the last name of what is called.
const RUNNING: [&str; 12] = [
    "StartNew",
    "supplyAsync",
    "submit",
    "spawn",
    "spawn_blocking",
    "block_on",
    "timeout",
    "remember",
    "rememberForever",
    "retryAsync",
    "withTimeout",
    "limit",
];

impl<'u> Evaluator<'u> {
    /// What a call gives that runs a closure without parameters, where that is an answer.
    pub(crate) fn deferred(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        call: &'u CallExpr,
    ) -> Option<Value> {
        let name = callee.name();
        let retries = || {
            let name = name.to_ascii_lowercase();
            ["retry", "retries", "retriable", "retryable", "backoff"].iter().any(|word| name.contains(word))
        };
        // Ruby: `Net::HTTP.start(host) { |http| http.request(ask) }`
        let opened = self.dialect.calls_by_name() && name == "start" && callee.owner() == "HTTP";
        let runs =
            opened || RUNNING.contains(&name) || name == "Run" && callee.owner() == "Task" || retries();
        let own = |term: &Term| matches!(term.kind, Kind::Function(_) | Kind::Class(_) | Kind::Bound(..));
        if !runs || callee.value.terms.iter().any(own) {
            return None;
        }
        let takes = |id: &FunctionId| self.unit.functions[*id].params.len() == usize::from(opened);
        let Some(id) = call.args.iter().find_map(|arg| self.closure_in(arg).filter(takes)) else {
            if opened {
                return None;
            }
            // `Task.Run(Load)`
            let [Arg { name: None, value }] = call.args.as_slice() else { return None };
            if !matches!(value.kind, ExprKind::Name(_) | ExprKind::Member(..)) {
                return None;
            }
            let function = self.expr(frame, value);
            let [Term { kind: Kind::Function(id), .. }] = function.terms.as_slice() else { return None };
            let id = *id;
            if self.unit.functions[id].inline || self.is_running(id) {
                return None;
            }
            let (value, _) = self.invoke(frame, id, &Value::default(), &[], call.callee.span);
            return Some(if has_answer(&value) { value } else { Value::unknown("") });
        };
        for arg in &call.args {
            if !matches!(arg.value.kind, ExprKind::Function(other) if other == id) {
                self.expr(frame, &arg.value);
            }
        }
        let client = || Value::one(Kind::Client(Arc::default()));
        let value = self.closure_given(frame, id, opened.then(client));
        Some(match has_answer(&value) {
            true => value,
            false if opened => client(),
            false => Value::unknown(""),
        })
    }

    /// Python: what is waited for: `asyncio.run(load())`, `asyncio.gather(load(1), load(2))`.
    pub(crate) fn waited_for(&self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        if self.dialect.naming() != Naming::Python {
            return None;
        }
        let plain = |(name, _): &&NamedValue| name.is_none();
        match (callee.owner(), callee.name()) {
            (_, "run_until_complete")
            | ("asyncio" | "trio" | "anyio", "run" | "wait_for" | "shield" | "create_task") => {
                args.first().filter(plain).map(|(_, value)| value).filter(|value| has_answer(value)).cloned()
            }
            ("asyncio", "gather") => {
                let plain: Vec<Value> = args.iter().filter(plain).map(|(_, value)| value.clone()).collect();
                let whole = args.iter().all(|(name, _)| name.as_deref() != Some("*"));
                (whole && plain.iter().any(has_answer)).then(|| Value::one(Kind::List(Arc::new(plain))))
            }
            _ => None,
        }
    }
}
