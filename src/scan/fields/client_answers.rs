//! Calls of a client that is generated or made from the documents, whose methods are grouped
//! (Octokit's): the fields that they are handed, and what is read of their answers.
//!
//! Which expressions are such calls is known before anything is evaluated (`sdk.rs`). They are no
//! requests: their answers have numbers of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Read, answers};
use super::sent::{self, Sent};
use crate::scan::call::{Call, FieldPlace, FieldUse, Target};
use crate::scan::evaluate::{Evaluation, Evaluator, Frame};
use crate::scan::form::{CallExpr, Expr, ExprKind, Span};
use crate::scan::judge::decide::File;
use crate::scan::judge::weigh::Places;
use crate::scan::link::Program;
use crate::scan::value::{Answer, Value};

/// The number of the first answer of a client.
const FIRST: usize = usize::MAX / 2;
/// What methods of clients take besides: it is no field.
const OPTIONS: [&str; 5] = ["headers", "mediaType", "request", "baseUrl", "octokit"];

/// Methods of clients in a program, in the order of their places.
#[derive(Debug, Default)]
pub(crate) struct ClientCalls(Vec<Span>);

impl ClientCalls {
    /// Those of a program, by the calls of each of its files.
    pub(crate) fn of(program: &Program, calls: &[Vec<Call>]) -> Self {
        let grouped = |call: &&Call| call.sdk.as_ref().is_some_and(|used| used.grouped);
        let mut out = BTreeSet::new();
        for (file, calls) in program.files.iter().zip(calls) {
            for call in calls.iter().filter(grouped) {
                out.extend(place(file.base, call));
            }
        }
        Self(out.into_iter().map(|(start, end)| Span { start, end }).collect())
    }

    fn at(&self, span: Span) -> Option<usize> {
        let at = self.0.binary_search_by_key(&(span.start, span.end), |span| (span.start, span.end)).ok()?;
        Some(FIRST + at)
    }
}

/// Where a call stands in a program.
fn place(base: u32, call: &Call) -> Option<(u32, u32)> {
    let at = |place: usize| u32::try_from(place).ok()?.checked_add(base);
    Some((at(call.span.start)?, at(call.span.end)?))
}

impl<'u> Evaluator<'u> {
    /// What a call of a client's method gives, and `paginate` that is told one: what it is answered.
    pub(crate) fn asked_of_client(&mut self, frame: &mut Frame, call: &'u CallExpr) -> Option<Value> {
        if self.clients.0.is_empty() {
            return None;
        }
        if let Some(id) = self.clients.at(call.callee.span) {
            let args = self.args(frame, &call.args);
            args.iter().for_each(|(_, value)| self.sink(value));
            if let Some((None, options)) = args.first() {
                self.handed_to_client(id, options);
            }
            return Some(Answer::whole(id));
        }
        let (ExprKind::Member(_, name) | ExprKind::Name(name)) = &call.callee.kind else { return None };
        let told = |value: &Expr| matches!(value.kind, ExprKind::Member(..)).then_some(value.span);
        let id = self.clients.at(told(&call.args.first()?.value)?).filter(|_| &**name == "paginate")?;
        let args = self.args(frame, &call.args[1..]);
        args.iter().for_each(|(_, value)| self.sink(value));
        if let Some((None, options)) = args.first() {
            self.handed_to_client(id, options);
        }
        answers(&Answer::whole(id)).next().map(Answer::body)
    }

    fn handed_to_client(&mut self, id: usize, options: &Value) {
        if self.muted == 0 {
            self.handed.entry(id).or_default().extend(sent::of_object(options));
        }
    }
}

/// Gives the calls of clients the fields that they are handed, and those that are read of their
/// answers.
pub(crate) fn put(program: &Program, files: &[File<'_>], evaluation: &Evaluation, calls: &mut [Vec<Call>]) {
    if evaluation.clients.0.is_empty() {
        return;
    }
    let mut used: BTreeMap<usize, Vec<Sent>> = evaluation.handed.clone();
    for Read { request, at, span } in evaluation.reads.iter().filter(|read| read.request >= FIRST) {
        let read =
            Sent { place: FieldPlace::Answer, at: at.clone(), span: *span, when: Vec::new(), or: Vec::new() };
        used.entry(*request).or_default().push(read);
    }
    let mut places = Places::new(program, files);
    for (linked, calls) in program.files.iter().zip(calls) {
        for call in calls {
            let Some((start, end)) = place(linked.base, call) else { continue };
            let Some(id) = evaluation.clients.at(Span { start, end }) else { continue };
            let Target::Operation(operation) = &call.target else { continue };
            let path = operation.path.to_string();
            let query = matches!(operation.method.as_str(), "GET" | "HEAD" | "DELETE");
            let mut fields: Vec<FieldUse> = Vec::new();
            for field in used.get(&id).into_iter().flatten() {
                let front = field.at.split(['.', '[']).next().unwrap_or_default();
                let own = field.place == FieldPlace::Body;
                if own && (OPTIONS.contains(&front) || path.contains(&format!("{{{front}}}"))) {
                    continue;
                }
                if own && query && front != field.at {
                    continue;
                }
                let Some(mut found) = places.field(field) else { continue };
                if own && query {
                    found.place = FieldPlace::Query;
                }
                if !fields.contains(&found) {
                    fields.push(found);
                }
            }
            call.fields = fields;
        }
    }
}
