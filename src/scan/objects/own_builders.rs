//! Classes of the program whose objects are told a path and a method, one after the other,
//! and give themselves back: `new Ask(client).method("PUT").withUrlPath(path).send()`.
//!
//! Between such an object and the library that sends it there may be any number of others.
//! What it is told is all that matters: the object is a builder, and the first call that
//! neither tells it something nor reads it is the request.

use std::sync::Arc;

use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::requests::builder::{self, METHOD, URL};
use crate::scan::requests::request::{Callee, Meaning, NamedValue};
use crate::scan::value::compose;
use crate::scan::value::{Kind, Term, Value};
use crate::scan::wording;

/// The entry of a builder that has an object of its class.
const CLASS: &str = "(class)";
/// How far methods that give what another one of the same object gives are followed.
const MAX_GIVING: usize = 3;

/// What a call does to a builder.
enum Step {
    Path,
    Method,
    /// Something else is told.
    Other,
    /// A part is read.
    Reads,
    Ends,
}

impl<'u> Evaluator<'u> {
    /// What a call yields that makes such an object, or that is a step of one.
    pub(crate) fn own_request(
        &mut self,
        frame: &mut Frame,
        callee: &mut Callee,
        args: &[NamedValue],
        span: Span,
    ) -> Option<Value> {
        if let [Term { kind: Kind::Class(class), .. }] = callee.value.terms.as_slice() {
            return self.own_builder(*class, args);
        }
        match self.own_step(callee, args)? {
            (Meaning::Request(_), whole) => {
                callee.receiver = whole;
                let answer = self.record(frame, callee.clone(), args.to_vec(), span);
                Some(answer.unwrap_or_else(|| Value::unknown("response")))
            }
            (Meaning::Value(value), _) => {
                self.stepped = Some(span);
                Some(value)
            }
            _ => None,
        }
    }

    /// A builder, if a class is one: an object that knows a part by now.
    fn own_builder(&mut self, class: ClassId, args: &[NamedValue]) -> Option<Value> {
        if !self.is_own_builder(class) {
            return None;
        }
        let object = Value::one(Kind::Instance(class, Arc::default()));
        let made = builder::with(&builder::new(builder::OWN), CLASS, &object);
        // `new Ask("PUT", path)`
        let constructor = self.index.constructor(class).map(|id| self.of_count(id, args.len()));
        Some(self.filled_by(made, constructor, args))
    }

    /// A builder with what the arguments of a method are called: its path, its method.
    fn filled_by(&self, mut builder: Value, method: Option<FunctionId>, args: &[NamedValue]) -> Value {
        let params = method.map_or(&[][..], |id| &self.unit.functions[id].params);
        for (param, (name, value)) in params.iter().zip(args) {
            let named = name.as_ref().unwrap_or(&param.name);
            if names_address(named) {
                builder = builder::with(&builder, URL, value);
            } else if wording::names_verb(named) {
                builder = builder::with(&builder, METHOD, value);
            }
        }
        builder
    }

    /// What a call means whose object is such a builder.
    fn own_step(&mut self, callee: &Callee, args: &[NamedValue]) -> Option<(Meaning, Value)> {
        let known = &callee.receiver;
        if builder::kind(known).as_deref() != Some(builder::OWN) {
            return None;
        }
        let class = class_of(known)?;
        let name = callee.name();
        let method = self.index.method(class, name).map(|id| self.overload(id, args));
        let step = match method {
            Some(id) => self.step_of(id),
            None if ENDS.iter().any(|end| name.starts_with(end)) => Step::Ends,
            None => Step::Other,
        };
        let value = |value: Value| Some((Meaning::Value(value), Value::default()));
        match step {
            Step::Path => {
                let parts: Vec<Value> = args.iter().map(|(_, value)| value.clone()).collect();
                let adds = method.is_some_and(|id| adds(&self.unit.functions[id]));
                match parts.split_first() {
                    Some(_) if adds => value(builder::extended(known, &parts)),
                    Some((first, [])) => value(builder::with(known, URL, first)),
                    Some((first, rest)) => {
                        let path = compose::join_url(first, rest, JoinStyle::Path, Span::NOWHERE);
                        value(builder::with(known, URL, &path))
                    }
                    None => value(known.clone()),
                }
            }
            Step::Method => match args.first() {
                Some((_, method)) => value(builder::with(known, METHOD, method)),
                None => value(known.clone()),
            },
            Step::Other => value(known.clone()),
            Step::Reads => None,
            Step::Ends => {
                let mut whole = self.filled_by(known.clone(), method, args);
                if builder::part(&whole, METHOD).is_none() {
                    whole = builder::with_method(&whole, self.method_at_first(class).unwrap_or("GET"));
                }
                let found = builder::found(&whole, None)?;
                Some((Meaning::Request(found.unsure()), whole))
            }
        }
    }

    /// Whether objects of a class are told a path and a method by methods that give
    /// the object back.
    fn is_own_builder(&mut self, class: ClassId) -> bool {
        if let Some(known) = self.own_builders.get(&class) {
            return *known;
        }
        let steps: Vec<FunctionId> = self.index.methods_of(class);
        let has = |test: &dyn Fn(&str) -> bool| {
            steps.iter().any(|id| {
                let function = &self.unit.functions[*id];
                function.name.as_deref().is_some_and(test)
                    && !function.params.is_empty()
                    && self.index.setting.contains(id)
                    && self.gives_itself(*id, MAX_GIVING)
            })
        };
        let is = has(&names_address) && has(&wording::names_verb);
        self.own_builders.insert(class, is);
        is
    }

    fn step_of(&self, id: FunctionId) -> Step {
        let function = &self.unit.functions[id];
        let name = function.name.as_deref().unwrap_or_default();
        if self.gives_itself(id, MAX_GIVING) {
            return match function.params.is_empty() || !self.index.setting.contains(&id) {
                true => Step::Other,
                false if names_address(name) => Step::Path,
                false if wording::names_verb(name) => Step::Method,
                false => Step::Other,
            };
        }
        let read = matches!(
            function.body.as_slice(),
            [Stmt::Return(Expr { kind: ExprKind::Member(..) | ExprKind::Name(_), .. })]
        );
        let told = self.index.setting.contains(&id) && !gives(&function.body);
        let usual = ["toString", "ToString", "equals", "Equals", "hashCode", "GetHashCode", "clone", "Clone"];
        match () {
            () if read || usual.contains(&name) => Step::Reads,
            // Another builder, with the same parts.
            () if told || name.starts_with("to") && name.ends_with("Builder") => Step::Other,
            () => Step::Ends,
        }
    }

    /// Whether all that a method gives is its own object.
    fn gives_itself(&self, id: FunctionId, further: usize) -> bool {
        let function = &self.unit.functions[id];
        let given = returned(&function.body);
        let own = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(name) if function.receiver.as_ref() == Some(name));
        let itself = |expr: &&Expr| match &expr.kind {
            ExprKind::Call(call) if further > 0 => {
                let name = match &call.callee.kind {
                    ExprKind::Name(name) => name,
                    ExprKind::Member(object, name) if own(object) => name,
                    _ => return false,
                };
                // Of methods of one name, another one may be meant.
                let mut others = self.index.methods.get(name).into_iter().flatten().filter(|other| {
                    let other = &self.unit.functions[**other];
                    other.class == function.class && other.params.len() == call.args.len()
                });
                others.any(|other| *other != id && self.gives_itself(*other, further - 1))
            }
            _ => own(expr),
        };
        !given.is_empty() && given.iter().all(itself)
    }

    /// The method that objects of a class have before they are told one.
    fn method_at_first(&self, class: ClassId) -> Option<&'static str> {
        let fields = self.index.chain(class).into_iter().flat_map(|class| &self.unit.classes[class].fields);
        let mut first = fields.filter(|(name, ..)| wording::names_verb(name));
        match &first.next()?.2.kind {
            ExprKind::Text(text) => wording::method_named(text),
            ExprKind::Member(_, name) => wording::method_constant(name),
            _ => None,
        }
    }
}

/// How steps begin that send a request, where the class does not have them.
const ENDS: [&str; 5] = ["fetch", "send", "execute", "retrieve", "build"];

/// Whether a name is that of the path of a request, and not of what all paths begin with.
fn names_address(name: &str) -> bool {
    let base = |word: &String| matches!(word.as_str(), "base" | "api" | "host" | "server" | "root");
    wording::names_path(name) && !wording::words(name).iter().any(base)
}

/// The class of a builder.
fn class_of(known: &Value) -> Option<ClassId> {
    builder::part(known, CLASS)?.terms.iter().find_map(|term: &Term| match term.kind {
        Kind::Instance(class, _) => Some(class),
        _ => None,
    })
}

fn gives(body: &[Stmt]) -> bool {
    returned(body).iter().any(|value| !matches!(&value.kind, ExprKind::Unknown(_)))
}

/// Whether a step puts what it is told behind what the field has: `path += "/" + id`.
fn adds(function: &Function) -> bool {
    let mut stmts: Vec<&Stmt> = function.body.iter().collect();
    while let Some(stmt) = stmts.pop() {
        match stmt {
            Stmt::Branch(arms) => stmts.extend(arms.iter().flatten()),
            Stmt::Loop(body) => stmts.extend(body),
            Stmt::Assign { target: Expr { kind: ExprKind::Member(_, field), .. }, value } => {
                let parts = match &value.kind {
                    ExprKind::Concat(parts) => parts.as_slice(),
                    ExprKind::Format { args, .. } => {
                        if args.iter().any(|arg| is_field(&arg.value, field)) {
                            return true;
                        }
                        &[]
                    }
                    ExprKind::Join { base, .. } => std::slice::from_ref(&**base),
                    _ => &[],
                };
                if parts.iter().any(|part| is_field(part, field)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

fn is_field(expr: &Expr, field: &str) -> bool {
    matches!(&expr.kind, ExprKind::Member(_, name) if **name == *field)
}
