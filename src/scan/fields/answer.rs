//! Answers of requests: what is read of them, field by field.
//!
//! The answer of a request of an HTTP library is a value. `.json()` and the like
//! lead to its body, keys and elements to places in it, and each that is read is
//! noted. What an answer becomes in any other way is not known.

use std::sync::Arc;

use super::decoders::{self, only_answer};
use super::each_answer::is_list_of_answers;
use crate::scan::evaluate::filling::Filling;
use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::{ClassId, FunctionId, ParamKind, Shape, Span};
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Answer, FRAME, Kind, PLACES, ParamRef, Piece, Term, Value, compatible};

/// A field of an answer that is read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Read {
    /// The request that is answered.
    pub request: usize,
    /// The place in the body.
    pub at: String,
    /// Where the key is written.
    pub span: Span,
}

/// The number of what is asked of an address that only an answer knows, such as that of the next
/// page: it says nothing by itself, and takes nothing from the answer beside it.
pub(crate) const NOBODY: usize = usize::MAX;
/// Reads that are noted per program.
const MAX_READS: usize = 100_000;
/// Functions that are run for an answer, one in another, and in one program.
const MAX_FOLLOWING: usize = 3;
const MAX_FOLLOWED: usize = 5_000;
/// Lists and objects in one another in which a helper hands answers on.
const MAX_HANDED: usize = 3;
/// Length of a place that is followed.
const MAX_PLACE: usize = 400;

impl Answer {
    /// The answer as a whole: status, headers, body.
    pub(crate) fn whole(request: usize) -> Value {
        Value::one(Kind::Answer(Answer { request, at: None, name: "response".into(), shape: None }))
    }

    pub(crate) fn body(&self) -> Value {
        Value::one(Kind::Answer(Answer { at: Some("".into()), ..self.clone() }))
    }

    /// What stands at a place of the body.
    pub(crate) fn part(&self, at: String) -> Self {
        let name = at.rsplit(['.', ']']).next().filter(|name| !name.is_empty()).unwrap_or("response");
        Answer { request: self.request, name: name.into(), at: Some(at.into()), shape: None }
    }

    /// What stands under a key of the body.
    pub(crate) fn field(&self, name: &str) -> Option<Value> {
        let at = self.at.as_ref()?;
        if !super::sent::is_name(name) || at.len() + name.len() > MAX_PLACE {
            return None;
        }
        let below = if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
        let shape = match self.shape.as_deref() {
            Some(Shape::Map(inner)) => Some(inner.clone()),
            _ => None,
        };
        let answer = Answer { request: self.request, at: Some(below.into()), name: name.into(), shape };
        Some(Value::one(Kind::Answer(answer)))
    }

    /// An element of a list in the body.
    pub(crate) fn item(&self) -> Option<Value> {
        let at = self.at.as_ref().filter(|at| at.len() < MAX_PLACE)?;
        let (mark, shape) = match self.shape.as_deref() {
            Some(Shape::List(inner)) => ("[]", Some(inner.clone())),
            Some(Shape::Map(inner)) => ("{}", Some(inner.clone())),
            _ => ("[]", None),
        };
        let answer = Answer { at: Some(format!("{at}{mark}").into()), shape, ..self.clone() };
        Some(Value::one(Kind::Answer(answer)))
    }

    /// What stands under a key or an index.
    pub(crate) fn under(&self, key: Option<&str>) -> Option<Value> {
        if matches!(self.shape.as_deref(), Some(Shape::List(_))) {
            return self.item();
        }
        let Some(key) = key else {
            // `list[index]`: nothing else of an answer is known by what only its elements count.
            return match *self.name == *FRAME {
                true => Some(Value::one(Kind::Answer(self.clone()))),
                false => self.item(),
            };
        };
        match key.parse::<i64>() {
            Ok(_) => self.item(),
            // WordPress has it under a key, as a text: `json_decode($reply['body'])`.
            Err(_) if self.at.is_none() && key == "body" => Some(Value::one(Kind::Answer(self.clone()))),
            Err(_) => self.field(key),
        }
    }
}

pub(crate) fn answers(value: &Value) -> impl Iterator<Item = &Answer> {
    value.terms.iter().filter_map(|term| match &term.kind {
        Kind::Answer(answer) => Some(answer),
        _ => None,
    })
}

impl Evaluator<'_> {
    /// Notes that what a value stands for is read, by a key that is written there.
    pub(crate) fn note_read(&mut self, value: &Value, span: Span) {
        if self.muted != self.following || span.start == u32::MAX {
            return;
        }
        // Of one of several answers nobody knows which fields it has.
        let mut arms: Vec<(&Answer, &Term)> = Vec::new();
        for term in &value.terms {
            let Kind::Answer(answer) = &term.kind else { continue };
            if answer.request == NOBODY {
                continue;
            }
            // Any element of a list stands under an arm of its own.
            let real = |term: &Term| -> Vec<(u32, u32)> {
                term.when.iter().filter(|(branch, _)| branch & PLACES == 0).copied().collect()
            };
            let other = |known: &Answer| known.request != answer.request || known.at != answer.at;
            if arms.iter().any(|(known, arm)| other(known) && compatible(&real(arm), &real(term))) {
                return;
            }
            arms.push((answer, term));
        }
        for answer in answers(value) {
            let Some(at) = answer.at.as_ref().filter(|at| !at.is_empty() && !at.ends_with([']', '}'])) else {
                continue;
            };
            if self.reads.len() < MAX_READS && answer.request != NOBODY {
                self.reads.insert(Read { request: answer.request, at: at.to_string(), span });
            }
        }
    }

    /// A member of an answer that is no call: axios' `data`, a key of a body.
    pub(crate) fn answer_member(&self, answer: &Answer, member: &str) -> Option<Value> {
        // `list[0]` of a parameter that is an answer
        if answer.at.is_some() && member.parse::<usize>().is_ok() {
            return answer.item();
        }
        if answer.shape.is_some() && answer.at.is_some() {
            // C#: what is waited for.
            let awaited = || (member == "Result").then(|| Value::one(Kind::Answer(answer.clone())));
            return self.answer_field(answer, member).or_else(awaited);
        }
        if decoders::read_already(answer, member) {
            return Some(answer.body());
        }
        let is_script = matches!(self.dialect.naming(), Naming::JavaScript);
        if !is_script && (answer.at.is_none() || !self.dialect.reads_members()) {
            // `response.text`, which may be parsed.
            let text = answer.at.is_none()
                && matches!(member, "text" | "content" | "data" | "body" | "Content" | "Body");
            // Ruby: naming it is calling it.
            if self.dialect.calls_by_name()
                && let Some(value) = decoders::called(answer, member)
            {
                return Some(value);
            }
            let text = text || decoders::gives_itself(answer, member);
            return text.then(|| Value::one(Kind::Answer(answer.clone())));
        }
        match &answer.at {
            // Axios' and got's, superagent's; what is no JSON yet is parsed by whoever reads it.
            None if matches!(member, "data" | "body") => Some(answer.body()),
            None if member == "text" => Some(Value::one(Kind::Answer(answer.clone()))),
            None => None,
            // PowerShell: how many there are.
            Some(_) if !is_script && matches!(member, "Count" | "Length") => None,
            Some(_) => answer.field(member),
        }
    }

    /// A call that leads from an answer to its body or to a part of it; `first` is
    /// where its first argument is written, `at` where the call is.
    pub(crate) fn answer_call(
        &mut self,
        first: Option<Span>,
        at: [Span; 2],
        callee: &Callee,
        args: &[NamedValue],
    ) -> Option<Value> {
        let name = callee.name();
        let Some(answer) = only_answer(&callee.receiver).cloned() else {
            let several = self.got_of_each(first, callee, args);
            return several.or_else(|| self.decoded_by_method(first, callee, args));
        };
        if let Some(value) = self.asked_of_model(&answer, callee, args, at) {
            return Some(value);
        }
        match (name, &answer.at) {
            // Rust: `client.post(url).json(&body).send()`; the request is there already.
            ("json" | "form" | "query" | "body", None)
                if matches!(self.dialect.naming(), Naming::Rust) && args.len() == 1 =>
            {
                let (_, body) = args.first()?;
                self.sink(body);
                let file =
                    self.requests.get(answer.request).map(|request| self.program.owners[request.function]);
                let body = file.map_or_else(|| body.clone(), |file| self.wired(body, file, 0));
                self.tell_request(answer.request, name, &body);
                Some(Value::one(Kind::Answer(answer)))
            }
            // Rust: the same list, with its elements borrowed or not.
            ("iter" | "into_iter" | "iter_mut" | "drain", Some(_)) if answer.shape.is_some() => {
                Some(Value::one(Kind::Answer(answer)))
            }
            (
                "send" | "call" | "body_mut" | "into_body" | "error_for_status" | "header" | "headers"
                | "bearer_auth" | "basic_auth" | "timeout" | "set" | "query_pairs" | "config" | "build",
                None,
            ) if matches!(self.dialect.naming(), Naming::Rust) => Some(Value::one(Kind::Answer(answer))),
            ("json" | "into_json" | "read_json", None) if args.is_empty() => Some(answer.body()),
            // `raise_for_status` of httpx gives the answer back.
            ("read" | "text" | "decode" | "strip" | "raise_for_status", None) => {
                Some(Value::one(Kind::Answer(answer)))
            }
            // `.then(...).catch(() => [])`
            ("catch" | "finally", _) if matches!(self.dialect.naming(), Naming::JavaScript) => {
                Some(Value::one(Kind::Answer(answer)))
            }
            _ => self.decoded_by_method(first, callee, args),
        }
    }
}

impl<'u> Evaluator<'u> {
    /// What a request is answered: its body, where the library reads it, or what a filter makes
    /// of it that the command is told: `gh api user --jq .login`.
    pub(crate) fn answered(
        &mut self,
        frame: &mut Frame,
        callee: Callee,
        args: Vec<NamedValue>,
        span: Span,
    ) -> Value {
        let read = self.dialect.answers_with_body(&callee);
        let filter =
            (self.dialect.naming() == Naming::Files).then(|| super::pipes::filter_told(&args)).flatten();
        let answer = self.record(frame, callee, args, span);
        match answer.as_ref().map(|answer| answer.terms.as_slice()) {
            Some([Term { kind: Kind::Answer(whole), .. }]) if read => whole.body(),
            Some(_) if let (Some(filter), Some(answer)) = (&filter, &answer) => {
                self.jq(&[filter], answer).unwrap_or_else(|| Value::unknown(""))
            }
            _ => answer.unwrap_or_else(|| Value::unknown("response")),
        }
    }

    /// Gives a request that is there already one more argument, and what it is where nobody
    /// fills its parameters.
    pub(crate) fn tell_request(&mut self, request: usize, name: &str, value: &Value) {
        let Some(request) = self.requests.get_mut(request) else { return };
        let request = Arc::make_mut(request);
        request.args.push((Some(name.into()), value.clone()));
        if let Some(in_place) = &mut request.in_place {
            in_place.args.push((Some(name.into()), value.clone().closed()));
        }
    }

    /// Runs a function that is handed an answer for the fields that it reads; gives what it
    /// returns. Nothing else is noted there: its requests are known from its own evaluation.
    pub(crate) fn follow(&mut self, id: FunctionId, this: Option<ClassId>, filling: &Filling) -> Value {
        let handed = self.may_follow() && filling.args().iter().any(|(_, value)| has_answer(value));
        if handed { self.run_for(id, this, filling) } else { Value::default() }
    }

    /// Whether a function may be run for an answer.
    pub(super) fn may_follow(&self) -> bool {
        let in_order = self.muted == self.following;
        in_order && !self.is_short() && self.following < MAX_FOLLOWING && self.followed < MAX_FOLLOWED
    }

    /// Runs something for the fields that it reads alone: its requests are known from elsewhere.
    pub(crate) fn for_fields<R>(&mut self, run: impl FnOnce(&mut Self) -> R) -> R {
        self.following += 1;
        self.muted += 1;
        let out = run(self);
        self.muted -= 1;
        self.following -= 1;
        out
    }

    /// Runs a function whose object, or one of whose arguments, is an answer; gives what it
    /// returns.
    pub(super) fn run_for(&mut self, id: FunctionId, this: Option<ClassId>, filling: &Filling) -> Value {
        let mut frame = Frame::new(id);
        frame.this = this;
        if let Some(object) = filling.receiver.as_ref().filter(|object| answers(object).next().is_some()) {
            let name = self.unit.functions[id].receiver.clone().unwrap_or_else(|| "this".into());
            frame.env.insert(name, Arc::new(object.clone()));
        }
        let go = self.dialect.naming() == Naming::Go;
        for (index, param) in self.unit.functions[id].params.iter().enumerate() {
            let value = match param.kind {
                ParamKind::Plain => {
                    let param = ParamRef::new(index, param.name.clone());
                    let given = self.argument(&param, filling);
                    // What it is read into is the caller's.
                    match go && !has_answer(&given) {
                        true => Value::one(Kind::Param(param)),
                        false => given,
                    }
                }
                ParamKind::Rest | ParamKind::Named => Value::unknown(&param.name),
            };
            frame.env.insert(param.name.clone(), Arc::new(value));
        }
        let unit = self.unit;
        self.followed += 1;
        self.for_fields(|evaluator| evaluator.block(&mut frame, &unit.functions[id].body));
        self.handed_back = frame.decodes;
        frame.returned
    }
}

/// A value in which the answers of some requests are those of others: what a
/// helper is answered is the caller's. Those that nobody answers are not known.
pub(crate) fn passed_on(mut value: Value, open: &[usize], made: &[(usize, usize)]) -> Value {
    hand_on(&mut value, open, made, MAX_HANDED);
    value
}

/// Whether an answer stands in a value, or in what it holds.
pub(crate) fn has_answer(value: &Value) -> bool {
    holds_answer(value, MAX_HANDED)
}

/// Whether the address of a request is nothing that is known: `requests.get(links["next"]["url"])`.
pub(crate) fn is_asked_elsewhere(args: &[NamedValue]) -> bool {
    let verb = |value: &Value| {
        let text = value.literal().map(|text| text.to_ascii_lowercase());
        text.is_some_and(|text| crate::scan::wording::method_named(&text).is_some())
    };
    let unknown = |term: &Term| match &term.kind {
        Kind::Unknown(_) => true,
        Kind::Answer(answer) => answer.at.is_some(),
        _ => false,
    };
    // Of a method nobody knows the address, and a context is none: `(ctx, "GET", url)`.
    let path = |value: &Value| {
        let mut texts = value.texts().map(|(pieces, _)| pieces);
        texts.any(|pieces| {
            pieces.iter().any(|piece| matches!(piece, Piece::Literal { text, .. } if text.contains('/')))
        })
    };
    let mut plain = args.iter().filter(|(name, _)| name.is_none()).map(|(_, value)| value).peekable();
    let address = loop {
        let Some(value) = plain.next() else { return false };
        let open = value.terms.iter().all(unknown);
        let before = open && plain.peek().is_some_and(|next| verb(next) || path(next));
        if !verb(value) && !before {
            break value;
        }
    };
    !address.is_empty() && address.terms.iter().all(unknown)
}

/// Whether all that a value may be is an answer, lists of them, and nothing.
pub(crate) fn is_part(value: &Value) -> bool {
    let lists = |term: &Term| is_list_of_answers(&Value { terms: vec![term.clone()] });
    let (lists, others): (Vec<&Term>, Vec<&Term>) = value.terms.iter().partition(|term| lists(term));
    let others = Value { terms: others.into_iter().cloned().collect() };
    only_answer(&others).is_some() || !lists.is_empty() && others.terms.iter().all(decoders::is_empty)
}

fn holds_answer(value: &Value, depth: usize) -> bool {
    value.terms.iter().any(|term| match &term.kind {
        Kind::Answer(_) => true,
        Kind::List(items) => depth > 0 && items.iter().any(|item| holds_answer(item, depth - 1)),
        Kind::Object(entries) => depth > 0 && entries.iter().any(|(_, held)| holds_answer(held, depth - 1)),
        _ => false,
    })
}

fn hand_on(value: &mut Value, open: &[usize], made: &[(usize, usize)], depth: usize) {
    for term in &mut value.terms {
        match &mut term.kind {
            Kind::Answer(answer) if open.contains(&answer.request) => {
                match made.iter().find(|(from, _)| *from == answer.request) {
                    Some((_, to)) => answer.request = *to,
                    None => term.kind = Kind::Unknown(answer.name.clone()),
                }
            }
            // What is yielded one after the other, or returned together.
            Kind::List(items) if depth > 0 && items.iter().any(|item| holds_answer(item, depth)) => {
                Arc::make_mut(items).iter_mut().for_each(|item| hand_on(item, open, made, depth - 1));
            }
            Kind::Object(entries)
                if depth > 0 && entries.iter().any(|(_, held)| holds_answer(held, depth)) =>
            {
                Arc::make_mut(entries).iter_mut().for_each(|(_, held)| hand_on(held, open, made, depth - 1));
            }
            _ => {}
        }
    }
}
