//! JavaScript's answers that somebody is told of later: `new Promise((resolve) => ..)`, Node's
//! `https.request(options, (response) => ..)`, and the pieces that come one after the other
//! (`response.on("data", ..)`).

use std::sync::Arc;

use super::answer::has_answer;
use super::decoders::only_answer;
use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Kind, Term, Value, is_nothing_term};

/// What stands before the number of a promise in the name of the function that keeps it.
const RESOLVE: &str = "(resolve) ";
/// Promises in one another.
const MAX_PROMISES: usize = 8;
/// Values that one promise may be kept with.
const MAX_KEPT: usize = 16;

impl<'u> Evaluator<'u> {
    /// What a promise gives, or the function that keeps one, what is heard of an answer in
    /// pieces, and a request that is written to. None for anything else.
    pub(crate) fn promised(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        call: &'u CallExpr,
    ) -> Option<Value> {
        if self.dialect.naming() != Naming::JavaScript {
            return None;
        }
        if matches!(callee.path.as_slice(), [name] if **name == *"Promise") {
            return self.promise(frame, call);
        }
        if let Some(promise) = keeps(&callee.value) {
            let args = self.args(frame, &call.args);
            self.keep(promise, args.into_iter().next().map(|(_, value)| value).unwrap_or_default());
            return Some(Value::unknown(""));
        }
        // `.then(resolve)`
        if callee.name() == "then"
            && let Some(Arg { value: Expr { kind: ExprKind::Name(name), .. }, .. }) = call.args.first()
            && let Some(promise) = frame.env.get(name).and_then(|value| keeps(value))
        {
            self.keep(promise, callee.receiver.clone());
            return Some(Value::unknown(""));
        }
        self.heard(frame, callee, call)
    }

    /// `new Promise((resolve, reject) => ..)`: what the function is called with.
    fn promise(&mut self, frame: &mut Frame, call: &'u CallExpr) -> Option<Value> {
        let [arg] = call.args.as_slice() else { return None };
        let id = self.closure_in(arg).filter(|id| !self.unit.functions[*id].params.is_empty())?;
        if self.promises.len() >= MAX_PROMISES {
            return None;
        }
        let number = self.promises.len();
        self.promises.push(Vec::new());
        self.closure_given(frame, id, [Value::unknown(&format!("{RESOLVE}{number}"))]);
        let mut kept = Value::default();
        for value in self.promises.pop().unwrap_or_default() {
            kept = kept.join(value);
        }
        Some(if has_answer(&kept) { kept } else { Value::unknown("") })
    }

    fn keep(&mut self, promise: usize, value: Value) {
        let known = has_answer(&value) || value.terms.iter().all(is_nothing_term);
        if let Some(kept) = self.promises.get_mut(promise)
            && known
            && kept.len() < MAX_KEPT
        {
            kept.push(value);
        }
    }

    /// `response.on("data", (chunk) => { text += chunk })`: what pieces are put into is the
    /// answer's text; `response.on("end", ..)`.
    fn heard(&mut self, frame: &mut Frame, callee: &Callee, call: &'u CallExpr) -> Option<Value> {
        if !matches!(callee.name(), "on" | "once" | "addListener") {
            return None;
        }
        let whole = only_answer(&callee.receiver).filter(|answer| answer.at.is_none())?.clone();
        let [event, listener] = call.args.as_slice() else { return None };
        let ExprKind::Text(event) = &event.value.kind else { return None };
        let id = self.closure_in(listener)?;
        let whole = Value::one(Kind::Answer(whole));
        if **event != *"data" {
            self.closure_given(frame, id, None);
            return Some(whole);
        }
        for name in grown(&self.unit.functions[id].body) {
            if frame.env.contains_key(name) {
                frame.env.insert(name.clone(), Arc::new(whole.clone()));
            }
        }
        Some(whole)
    }

    /// Runs the closure that a request calls back with its answer, for what it reads of it:
    /// `https.get(url, (response) => ..)`, `request(options, (error, response, body) => ..)`.
    pub(crate) fn called_back(&mut self, frame: &mut Frame, call: &'u CallExpr, given: &Value) {
        let script = self.dialect.naming() == Naming::JavaScript;
        if !script && !self.dialect.calls_by_name() || !self.may_follow() {
            return;
        }
        let [Term { kind: Kind::Answer(answer), .. }] = given.terms.as_slice() else { return };
        let Some(id) = call.args.last().and_then(|arg| self.closure_in(arg)) else { return };
        if answer.at.is_some() {
            return;
        }
        if !script {
            return self.filled_in(frame, id, answer.request);
        }
        let (body, whole) = (answer.body(), given.clone());
        let params = &self.unit.functions[id].params;
        let fails = |param: &Param| matches!(&*param.name, "err" | "error" | "e" | "er" | "_err" | "_");
        let (ExprKind::Member(_, name) | ExprKind::Name(name)) = &call.callee.kind else { return };
        let given = match params.as_slice() {
            [first, _] if fails(first) => vec![Value::unknown(""), whole],
            [first, _, _] if fails(first) => vec![Value::unknown(""), whole, body],
            [only] if matches!(&**name, "get" | "request") && !fails(only) => vec![whole],
            _ => return,
        };
        self.followed += 1;
        self.for_fields(|evaluator| evaluator.closure_given(frame, id, given));
    }

    /// Ruby: the block in which a request is filled in: `post(url) { |ask| ask.body = body }`.
    fn filled_in(&mut self, frame: &mut Frame, id: FunctionId, request: usize) {
        const PARTS: [&str; 2] = ["body", "params"];
        let unit = self.unit;
        let [param] = unit.functions[id].params.as_slice() else { return };
        let before = frame.env.clone();
        let returned = std::mem::take(&mut frame.returned);
        let nothing = Arc::new(Value::one(Kind::Object(Arc::default())));
        frame.env.insert(param.name.clone(), Arc::new(Value::unknown(&param.name)));
        for part in PARTS {
            frame.env.insert(format!("{}.{part}", param.name).into(), nothing.clone());
        }
        self.followed += 1;
        self.for_fields(|evaluator| evaluator.block(frame, &unit.functions[id].body));
        frame.returned = returned;
        let after = std::mem::replace(&mut frame.env, before);
        for part in PARTS {
            let told = after.get(&*format!("{}.{part}", param.name));
            if let Some(value) = told.filter(|value| !Arc::ptr_eq(value, &nothing)) {
                self.tell_request(request, part, value);
            }
        }
    }

    /// The text of an answer that is put together of its pieces, and of nothing else:
    /// `Buffer.concat(chunks)`, `chunks.join("")`, `text + chunk`.
    pub(crate) fn text_of_pieces(&self, values: &[Value]) -> Option<Value> {
        if self.dialect.naming() != Naming::JavaScript {
            return None;
        }
        let whole = |value: &&Value| only_answer(value).is_some_and(|answer| answer.at.is_none());
        let text = values.iter().find(whole)?;
        let nothing = |value: &Value| match value.terms.as_slice() {
            [Term { kind: Kind::Unknown(name), .. }] => **name == *"Buffer",
            _ => value.literal().is_some_and(|text| text.is_empty()),
        };
        let same = |value: &Value| only_answer(value) == only_answer(text) || nothing(value);
        values.iter().all(same).then(|| text.clone())
    }

    /// Node: what a request is written with after it is made (`request.write(body)`,
    /// `request.end(body)`), and texts of answers that are put together.
    pub(crate) fn written_to(&mut self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        if self.dialect.naming() != Naming::JavaScript {
            return None;
        }
        let first = args.first().filter(|(name, _)| name.is_none()).map(|(_, value)| value);
        match (callee.owner(), callee.name()) {
            ("Buffer", "concat" | "from") => {
                let whole =
                    first.filter(|value| only_answer(value).is_some_and(|answer| answer.at.is_none()));
                whole.cloned()
            }
            (_, "toString" | "join" | "trim") => {
                let text = |(_, value): &NamedValue| value.literal().is_some();
                let whole = only_answer(&callee.receiver).filter(|answer| answer.at.is_none())?;
                args.iter().all(text).then(|| Value::one(Kind::Answer(whole.clone())))
            }
            (_, "write" | "end") => {
                let whole = only_answer(&callee.receiver).filter(|answer| answer.at.is_none())?;
                self.tell_request(whole.request, "body", first?);
                Some(Value::unknown(""))
            }
            _ => None,
        }
    }
}

/// The names that statements put something into: `chunks.push(chunk)`, `text += chunk`.
fn grown(body: &[Stmt]) -> impl Iterator<Item = &Arc<str>> {
    body.iter().filter_map(|stmt| match stmt {
        Stmt::Assign { target: Expr { kind: ExprKind::Name(name), .. }, .. } => Some(name),
        Stmt::Expr(expr) | Stmt::Return(expr) => put_into(expr),
        _ => None,
    })
}

fn put_into(expr: &Expr) -> Option<&Arc<str>> {
    let ExprKind::Call(call) = &expr.kind else { return None };
    let ExprKind::Member(list, name) = &call.callee.kind else { return None };
    match &list.kind {
        ExprKind::Name(list) if matches!(&**name, "push" | "concat" | "append" | "write") => Some(list),
        _ => None,
    }
}

/// The number of the promise that a function keeps.
fn keeps(value: &Value) -> Option<usize> {
    let [Term { kind: Kind::Unknown(name), .. }] = value.terms.as_slice() else { return None };
    name.strip_prefix(RESOLVE)?.parse().ok()
}
