//! Calls that are handed many requests at once: k6's `http.batch([["GET", url], { method, url }, url])`,
//! and a client that is made of all that it can ask for: `new Zodios(base, [{ method, path }])`.

use std::sync::Arc;

use super::{Evaluator, Frame};
use crate::scan::form::Span;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue, option};
use crate::scan::value::{Entry, Kind, MAX_HELD, Term, Value};

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
            && is_elsewhere(callee);
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

    /// A client that is made of a contract, which says all of its requests: those of Zodios and of
    /// ts-rest. A server is made of the same by other functions.
    pub(super) fn client_of_contract(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        args: &[NamedValue],
        span: Span,
    ) -> Option<Value> {
        let known =
            matches!(callee.name(), "Zodios" | "initClient" | "initQueryClient" | "initTsrReactQuery");
        if !known || self.dialect.naming() != Naming::JavaScript || !is_elsewhere(callee) {
            return None;
        }
        let text = |value: &&Value| value.terms.iter().any(|term| matches!(term.kind, Kind::Text(_)));
        let given = || args.iter().map(|(_, value)| value);
        let base = given().find_map(|value| option(value, "baseUrl")).or_else(|| given().find(text)).cloned();
        let mut requests = Vec::new();
        given().for_each(|value| in_contract(value, 0, &mut requests));
        if requests.is_empty() {
            return None;
        }
        for (method, path) in requests.into_iter().take(MAX_HELD) {
            let mut options = vec![(Entry::Key("method".into()), method), (Entry::Key("url".into()), path)];
            options.extend(base.clone().map(|base| (Entry::Key("baseURL".into()), base)));
            let callee = Callee {
                path: vec!["axios".into()],
                receiver: Value::default(),
                value: Value::unknown("axios"),
            };
            self.record(frame, callee, vec![(None, Value::one(Kind::Object(Arc::new(options))))], span);
        }
        Some(Value::one(Kind::Client(Arc::new(base.unwrap_or_default()))))
    }
}

/// Whether nothing of the program itself is called.
fn is_elsewhere(callee: &Callee) -> bool {
    callee.value.terms.iter().all(|term| matches!(term.kind, Kind::Unknown(_) | Kind::Bound(..)))
}

/// How deeply the routes of a contract may be grouped.
const MAX_GROUPS: usize = 4;

/// The method and the path of each request that a contract has.
fn in_contract(value: &Value, depth: usize, out: &mut Vec<(Value, Value)>) {
    for term in &value.terms {
        let whole = Value { terms: vec![term.clone()] };
        if let (Some(method), Some(path)) = (option(&whole, "method"), option(&whole, "path")) {
            out.push((method.clone(), path.clone()));
            continue;
        }
        if depth == MAX_GROUPS {
            continue;
        }
        match &term.kind {
            Kind::List(items) => items.iter().for_each(|item| in_contract(item, depth + 1, out)),
            Kind::Object(entries) => {
                entries.iter().for_each(|(_, value)| in_contract(value, depth + 1, out));
            }
            _ => {}
        }
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
