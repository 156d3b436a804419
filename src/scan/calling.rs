//! Calls: what is called, what it means, and what it yields.

use std::sync::Arc;

use super::evaluate::{Evaluator, Frame, dotted};
use super::form::*;
use super::request::{self, Callee, Meaning, NamedValue};
use super::value::{self, Entry, Kind, Term, Value};

impl<'u> Evaluator<'u> {
    pub(super) fn call(&mut self, frame: &mut Frame, span: Span, call: &'u CallExpr) -> Value {
        let callee = self.callee(frame, &call.callee);
        let args = self.args(frame, &call.args);
        if let Some(value) = self.container_call(&callee, &args) {
            return value;
        }
        let own =
            callee.value.terms.iter().any(|term| matches!(term.kind, Kind::Function(_) | Kind::Class(_)));
        let meaning = if own { Meaning::Unknown } else { self.dialect.meaning(&callee, &args) };
        match meaning {
            Meaning::Request(_) => {
                self.record(frame, callee, args, span);
                return Value::unknown("response");
            }
            Meaning::Client(base) => return Value::one(Kind::Client(Arc::new(base))),
            Meaning::Foreign => {
                args.iter().for_each(|(_, value)| self.hush(value));
                return Value::one(Kind::Foreign);
            }
            Meaning::Quiet => {
                args.iter().for_each(|(_, value)| self.hush(value));
                return Value::unknown("");
            }
            Meaning::Unknown => {}
        }
        if let Some(id) = self.function_of(frame, &callee) {
            let (value, reaches_request) = self.invoke(frame, id, &args, span);
            if reaches_request || !value.is_empty() {
                args.iter().for_each(|(_, value)| self.sink(value));
                return if value.is_empty() { Value::unknown("response") } else { value };
            }
        }
        let class = callee.value.terms.iter().find_map(|term| match term.kind {
            Kind::Class(class) => Some(class),
            _ => None,
        });
        if let Some(class) = class {
            args.iter().for_each(|(_, value)| self.sink(value));
            return Value::one(Kind::Instance(class, Arc::default()));
        }
        if request::builds_url(&callee, &args) {
            // The path counts where a request uses the result, not here.
            let path = args.into_iter().next().map(|(_, value)| value).unwrap_or_default();
            self.hush(&path);
            return value::concat(&[Value::unknown(callee.name()), path], span);
        }
        match request::generic(&callee, &args) {
            Meaning::Request(_) => self.record(frame, callee, args, span),
            Meaning::Quiet | Meaning::Foreign => args.iter().for_each(|(_, value)| self.hush(value)),
            _ if request::passes_through(&callee, &args) => {
                return args.into_iter().next().map(|(_, value)| value).unwrap_or_default();
            }
            _ => args.iter().for_each(|(_, value)| self.sink(value)),
        }
        Value::unknown("")
    }

    /// Evaluates what is called, keeping the names it is called by.
    pub(super) fn callee(&mut self, frame: &mut Frame, expr: &'u Expr) -> Callee {
        let mut path: Vec<Arc<str>> = Vec::new();
        let mut at = expr;
        loop {
            match &at.kind {
                ExprKind::Member(object, name) => {
                    path.push(name.clone());
                    at = object;
                }
                ExprKind::Name(name) => {
                    path.push(name.clone());
                    break;
                }
                ExprKind::Call(call) => match &call.callee.kind {
                    // `requests.Session().get(...)`, `super().get(...)`
                    ExprKind::Member(_, name) | ExprKind::Name(name) => {
                        path.push(format!("{name}()").into());
                        break;
                    }
                    _ => break,
                },
                ExprKind::Text(_) => break,
                _ => break,
            }
        }
        path.reverse();
        match &expr.kind {
            ExprKind::Member(object, member) => {
                let receiver = self.expr(frame, object);
                let known = dotted(expr).and_then(|path| frame.env.get(&*path).cloned());
                let value = match known {
                    Some(value) => Value::clone(&value),
                    None => self.member(&receiver, member, expr.span),
                };
                Callee { path, receiver, value }
            }
            _ => {
                let value = self.expr(frame, expr);
                Callee { path, receiver: Value::default(), value }
            }
        }
    }

    /// Reading methods of dictionaries and lists.
    pub(super) fn container_call(&self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        let name = callee.path.last()?;
        let held = |term: &Term| matches!(term.kind, Kind::Object(_) | Kind::List(_));
        if !callee.receiver.terms.iter().any(held) {
            return None;
        }
        match &**name {
            "get" | "pop" | "setdefault" => {
                let key = args.first()?.1.literal()?;
                Some(self.element(&callee.receiver, Some(&key)))
            }
            "values" | "copy" => Some(callee.receiver.clone()),
            _ => None,
        }
    }
}

/// Adds an argument to a list, spreading lists and objects that are known.
pub(super) fn push_arg(out: &mut Vec<NamedValue>, name: Option<Arc<str>>, value: Value, spread: bool) {
    if spread || name.as_deref() == Some("**") {
        match value.terms.as_slice() {
            [Term { kind: Kind::List(items), .. }] => {
                out.extend(items.iter().map(|item| (None, item.clone())));
                return;
            }
            [Term { kind: Kind::Object(entries), .. }] if name.is_some() => {
                for (entry, value) in entries.iter() {
                    if let Entry::Key(key) = entry {
                        out.push((Some(key.clone()), value.clone()));
                    }
                }
                return;
            }
            _ => {}
        }
        let marker = if name.is_some() { "**" } else { "*" };
        out.push((Some(marker.into()), value));
        return;
    }
    out.push((name, value));
}
