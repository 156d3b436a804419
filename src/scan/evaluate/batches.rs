//! Calls that are handed many requests at once: k6's `http.batch([["GET", url], { method, url }, url])`.

use std::sync::Arc;

use super::{Evaluator, Frame};
use crate::scan::form::Span;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue, option};
use crate::scan::value::{Kind, MAX_HELD, Term, Value};

impl Evaluator<'_> {
    /// The requests of a batch, each as the call of its own that it stands for.
    pub(super) fn batch(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        args: &[NamedValue],
        span: Span,
    ) -> Option<Value> {
        let library = self.dialect.naming() == Naming::JavaScript
            && callee.name() == "batch"
            && self.dialect.plain_name(callee.owner()) == "http"
            && callee.value.terms.iter().all(|term| matches!(term.kind, Kind::Unknown(_) | Kind::Bound(..)));
        let (true, [(None, list)]) = (library, args) else { return None };
        let mut requests = Vec::new();
        for term in &list.terms {
            let items: Vec<&Value> = match &term.kind {
                Kind::List(items) => items.iter().collect(),
                Kind::Object(entries) => entries.iter().map(|(_, value)| value).collect(),
                _ => continue,
            };
            requests.extend(items.into_iter().flat_map(|item| &item.terms).filter_map(asked));
        }
        if requests.is_empty() {
            return None;
        }
        for (name, args) in requests.into_iter().take(MAX_HELD) {
            let path = vec![Arc::from("http"), Arc::from(name)];
            let callee = Callee { path, receiver: callee.receiver.clone(), value: Value::unknown(name) };
            let args = args.into_iter().map(|value| (None, value)).collect();
            self.record(frame, callee, args, span);
        }
        Some(Value::unknown("responses"))
    }
}

/// The function of the library that an element of a batch stands for, and its arguments.
fn asked(element: &Term) -> Option<(&'static str, Vec<Value>)> {
    let whole = Value { terms: vec![element.clone()] };
    match &element.kind {
        Kind::Text(_) => Some(("get", vec![whole])),
        Kind::List(parts) if parts.len() >= 2 => {
            Some(("request", parts.iter().map(|part| part.clone().within(element)).collect()))
        }
        Kind::Object(_) => {
            let url = option(&whole, "url")?.clone().within(element);
            let method = option(&whole, "method").cloned().map(|method| method.within(element));
            let body = option(&whole, "body").cloned();
            Some(match method {
                Some(method) => ("request", [method, url].into_iter().chain(body).collect()),
                None => ("get", vec![url]),
            })
        }
        _ => None,
    }
}
