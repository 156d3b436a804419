//! Answers that are read into classes of the program: by types that calls say
//! (`mapper.readValue(text, User.class)`, `GetFromJsonAsync<User>(url)`), by constructors that
//! take all fields (`User(**reply.json())`), and what is asked of such objects then.

use std::sync::Arc;

use super::answer::answers;
use super::decoders::{GIVING_BODY, READERS, only_answer};
use crate::scan::evaluate::filling::Filling;
use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Answer, Kind, Term, Value};

/// Python: what models are made by, besides their constructors.
const MAKERS: [&str; 12] = [
    "model_validate",
    "model_validate_json",
    "model_construct",
    "parse_obj",
    "parse_raw",
    "validate_python",
    "validate_json",
    "from_dict",
    "from_json",
    "construct",
    "structure",
    "convert",
];

impl<'u> Evaluator<'u> {
    /// An answer with the type that the call is said to give.
    pub(crate) fn read_as(&self, frame: &Frame, span: Span, mut value: Value) -> Value {
        let Some(said) = self.unit.typed.get(&span) else { return value };
        if answers(&value).next().is_none() {
            return value;
        }
        let shape = self.known(&said.shape, self.file_of(frame));
        if !is_known(&shape) {
            return value;
        }
        for term in &mut value.terms {
            let Kind::Answer(answer) = &mut term.kind else { continue };
            let fresh = answer.shape.as_deref().is_none_or(|shape| *shape == Shape::Open);
            if fresh && answer.at.as_ref().is_none_or(|at| at.is_empty()) {
                match said.whole {
                    Whole::No => answer.at = Some("".into()),
                    // What a function of the program has read already is the body.
                    Whole::ByName => {}
                    Whole::ByType => answer.at = None,
                }
                answer.shape = Some(Arc::new(shape.clone()));
            }
        }
        value
    }

    /// What a call gives that is handed an answer, or is one of its methods, and says what the
    /// body is read into.
    pub(crate) fn decoded_as(
        &mut self,
        frame: &mut Frame,
        call: &'u CallExpr,
        callee: &Callee,
        args: &[NamedValue],
        span: Span,
    ) -> Option<Value> {
        let own = |term: &Term| matches!(term.kind, Kind::Function(_) | Kind::Instance(..));
        if callee.value.terms.iter().any(own) {
            return None;
        }
        let name = callee.name();
        let handed = args.iter().filter(|(name, _)| name.as_deref() != Some("**"));
        let handed = handed.filter_map(|(_, value)| only_answer(value));
        let answer = handed.chain(only_answer(&callee.receiver)).next()?.clone();
        if answer.shape.is_some() && answer.at.is_some() {
            return None;
        }
        if self.dialect.naming() == Naming::Python {
            let shape = self.made_by(frame, call, callee, name)?;
            let answer = if answer.at.is_none() { answer.body() } else { Value::one(Kind::Answer(answer)) };
            return Some(shaped(answer, &shape));
        }
        if answer.at.as_ref().is_some_and(|at| !at.is_empty()) {
            return None;
        }
        // Its status is not what its body was read into.
        let beside = answer.at.is_none()
            && answer.shape.is_some()
            && only_answer(&callee.receiver).is_some()
            && !GIVING_BODY.contains(&name);
        let file = self.file_of(frame);
        let said = self.unit.typed.get(&span);
        let shape = said.map(|said| (self.known(&said.shape, file), said.whole));
        match shape.filter(|(shape, _)| is_known(shape)) {
            Some((_, Whole::No)) if beside => None,
            Some((shape, Whole::No)) => Some(shaped(answer.body(), &shape)),
            Some((shape, _)) => Some(shaped(Value::one(Kind::Answer(answer)), &shape)),
            None => READERS.contains(&name).then(|| answer.body()),
        }
    }

    /// Python: the type of what a call makes of an answer: `User.model_validate(reply)`,
    /// `TypeAdapter(list[User]).validate_python(reply)`, `decode(text, type=User)`.
    fn made_by(
        &mut self,
        frame: &mut Frame,
        call: &'u CallExpr,
        callee: &Callee,
        name: &str,
    ) -> Option<Shape> {
        if let [Term { kind: Kind::Class(class), .. }] = callee.receiver.terms.as_slice() {
            let own = self.index.method(*class, name).is_some()
                || self.index.method(*class, &format!("{OF_CLASS}{name}")).is_some();
            return (MAKERS.contains(&name) && !own && self.has_fields(*class))
                .then_some(Shape::Struct(*class));
        }
        let typed = |arg: &'u Arg| {
            let named = arg.name.as_deref().is_some_and(|name| matches!(name, "type" | "data_class" | "cl"));
            named || arg.name.is_none()
        };
        let made =
            MAKERS.contains(&name) || matches!(name, "decode" | "parse_obj_as" | "TypeAdapter" | "loads");
        if !made {
            return None;
        }
        if let ExprKind::Member(object, _) = &call.callee.kind
            && let ExprKind::Call(adapter) = &object.kind
            && matches!(&adapter.callee.kind, ExprKind::Name(name) | ExprKind::Member(_, name) if &**name == "TypeAdapter")
        {
            return self.type_written(frame, &adapter.args.first()?.value);
        }
        let found = call.args.iter().filter(|arg| typed(arg)).map(|arg| &arg.value);
        found.into_iter().find_map(|value| self.type_written(frame, value))
    }

    /// The type that an expression of Python names.
    fn type_written(&mut self, frame: &mut Frame, value: &'u Expr) -> Option<Shape> {
        match &value.kind {
            ExprKind::Name(_) | ExprKind::Member(..) => {
                self.muted += 1;
                let value = self.expr(frame, value);
                self.muted -= 1;
                let [Term { kind: Kind::Class(class), .. }] = value.terms.as_slice() else { return None };
                self.has_fields(*class).then_some(Shape::Struct(*class))
            }
            ExprKind::Index(outer, inner) => {
                let (ExprKind::Name(outer) | ExprKind::Member(_, outer)) = &outer.kind else { return None };
                let inner = self.type_written(frame, inner)?;
                matches!(&**outer, "list" | "List" | "Sequence" | "tuple" | "Tuple")
                    .then(|| Shape::List(Arc::new(inner)))
            }
            _ => None,
        }
    }

    /// Whether the fields of a class are known by their names in JSON.
    fn has_fields(&self, class: ClassId) -> bool {
        !self.unit.classes[class].wire.is_empty()
    }

    /// Python: an object of a class that takes its fields by name from an answer:
    /// `User(**reply)`.
    pub(crate) fn model_of(&self, class: ClassId, args: &[NamedValue]) -> Option<Value> {
        if self.dialect.naming() != Naming::Python || !self.has_fields(class) {
            return None;
        }
        let (_, whole) = args.iter().find(|(name, _)| name.as_deref() == Some("**"))?;
        let answer = only_answer(whole).filter(|answer| answer.at.is_some() && answer.shape.is_none())?;
        let others = args.iter().filter(|(name, _)| name.as_deref() != Some("**"));
        let known = others.into_iter().all(|(name, _)| name.is_some());
        known.then(|| shaped(Value::one(Kind::Answer(answer.clone())), &Shape::Struct(class)))
    }

    /// What a method gives of an object that an answer was read into: a getter of a field
    /// (`user.getLogin()`, `user.login()`), or one that its class has.
    pub(super) fn asked_of_model(
        &mut self,
        answer: &Answer,
        callee: &Callee,
        args: &[NamedValue],
        [span, member]: [Span; 2],
    ) -> Option<Value> {
        let Some(Shape::Struct(class)) = answer.shape.as_deref() else { return None };
        answer.at.as_ref()?;
        let class = *class;
        let name = callee.name();
        if args.is_empty() && self.dialect.naming() == Naming::Classes {
            let field = self.answer_field(answer, name).or_else(|| {
                let rest = name.strip_prefix("get").or_else(|| name.strip_prefix("is"))?;
                let mut chars = rest.chars();
                let first = chars.next().filter(|first| first.is_uppercase())?;
                let field: String = first.to_lowercase().chain(chars).collect();
                self.answer_field(answer, &field)
            });
            if let Some(value) = field {
                let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
                // Where the whole call is the place of what is called, its brackets stand behind.
                let end = if member.end == span.end { span.end.saturating_sub(2) } else { member.end };
                let start = end.saturating_sub(length).max(member.start);
                self.note_read(&value, Span { start, end });
                return Some(value);
            }
        }
        let id = self.index.method(class, name)?;
        if !self.may_follow() || self.is_running(id) {
            return Some(Value::unknown(""));
        }
        let mut filling = Filling::new(id, args.to_vec(), span);
        filling.receiver = Some(callee.receiver.clone());
        let value = self.run_for(id, Some(class), &filling);
        let known = !value.is_empty() && value.terms.iter().all(|term| matches!(term.kind, Kind::Answer(_)));
        Some(if known { value } else { Value::unknown("") })
    }
}

/// Whether a type has fields that can be reached.
fn is_known(shape: &Shape) -> bool {
    match shape {
        Shape::Struct(_) => true,
        Shape::List(inner) => is_known(inner),
        Shape::Map(_) => true,
        Shape::Foreign(_) | Shape::Open => false,
    }
}

fn shaped(mut value: Value, shape: &Shape) -> Value {
    for term in &mut value.terms {
        if let Kind::Answer(answer) = &mut term.kind {
            answer.shape = Some(Arc::new(shape.clone()));
        }
    }
    value
}
