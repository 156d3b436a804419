//! What a parameter is declared to be, where nothing else says what it holds.

use std::sync::Arc;

use crate::scan::evaluate::filling::Filling;
use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::{ClassId, FunctionId, Span};
use crate::scan::naming::Naming;
use crate::scan::value::compose;
use crate::scan::value::{Kind, Listed, ParamRef, Term, Value};
use crate::scan::wording;

impl Evaluator<'_> {
    /// What is called a builder by its type, whatever its name: `run(Request.Builder b)`.
    pub(crate) fn builder_named(&self, frame: &Frame, path: &mut [Arc<str>]) {
        let [first, _] = path else { return };
        let declared = &self.unit.functions[frame.function].declared;
        if declared.iter().any(|(name, kind)| name == first && &**kind == "Builder") {
            *first = "builder".into();
        }
    }

    /// An object of the class that a parameter is declared to be of, for one of its fields:
    /// `settings: Settings` of which `settings.path` is asked. Only where nobody is seen
    /// to give another one.
    pub(crate) fn declared_object(
        &mut self,
        function: FunctionId,
        param: &ParamRef,
        given: &Value,
        span: Span,
    ) -> Option<Value> {
        let member = param.members.first()?;
        let unknown = |term: &Term| matches!(term.kind, Kind::Unknown(_));
        if !given.terms.iter().all(unknown) {
            return None;
        }
        let owner = &self.unit.functions[function];
        let name = &owner.params.get(param.index)?.name;
        let (_, kind) = owner.declared.iter().rev().find(|(known, _)| known == name)?;
        let class = self.index.class_named(self.program.owners[function], kind);
        // A class that stands in one that the method's class builds upon.
        let class = class.or_else(|| self.index.nested(&self.index.chain(owner.class?), kind))?;
        // What its class is called says which request it is: only whoever makes one knows.
        if self.index.chain(class).iter().any(|class| self.index.asks_its_name(*class)) {
            return None;
        }
        if self.constants_hold(class, member) {
            return Some(self.any_constant(class)?.imported_with_fields(span));
        }
        let has = |class: &usize| self.index.fields[*class].contains_key(member);
        // `val root get() = "/repos/$slug"`
        let reads = |id: FunctionId| self.unit.functions[id].property;
        let known =
            self.index.chain(class).iter().any(has) || self.index.method(class, member).is_some_and(reads);
        known.then(|| Value::one(Kind::Instance(class, Arc::default())))
    }

    /// The same for a parameter that is read from elsewhere: a field keeps what a constructor
    /// takes of it, `self.url = settings.url`.
    pub(crate) fn of_declared(&self, function: FunctionId, index: usize, given: &Value) -> Option<Value> {
        if !given.terms.iter().all(|term| matches!(term.kind, Kind::Unknown(_))) {
            return None;
        }
        let owner = &self.unit.functions[function];
        let name = &owner.params.get(index)?.name;
        let (_, kind) = owner.declared.iter().rev().find(|(known, _)| known == name)?;
        self.object_of(function, kind)
    }

    /// What a function gives: an object of the class that it says, where nothing is known of it
    /// (`def client() -> Client: return context["client"]`).
    pub(crate) fn of_given(&self, function: FunctionId, given: Value) -> Value {
        let kind = self.unit.functions[function].gives.as_ref();
        let known = given.terms.iter().any(|term| !matches!(term.kind, Kind::Unknown(_)));
        let object = kind.filter(|_| !known).and_then(|kind| self.object_of(function, kind));
        object.unwrap_or(given)
    }

    /// An object of a class that is named where a function stands.
    fn object_of(&self, function: FunctionId, kind: &Arc<str>) -> Option<Value> {
        let class = self.index.class_named(self.program.owners[function], kind)?;
        let whole = match self.dialect.naming() {
            Naming::Python => true,
            // What may be an interface is asked when a method of it is called.
            Naming::Classes => self.only_holds(class),
            _ => false,
        };
        whole.then(|| Value::one(Kind::Instance(class, Arc::default())))
    }

    /// Whether an object of a class is a request that its maker describes, the verb among
    /// what it is given: `request{Method: "GET", Parts: parts}`. Its fields belong together.
    pub(crate) fn is_described(&mut self, class: ClassId) -> bool {
        self.writes_structs() && self.varying_of(class).0.iter().any(|name| wording::names_verb(name))
    }

    /// Whether objects are written out with their fields, by whoever needs one.
    pub(crate) fn writes_structs(&self) -> bool {
        matches!(self.dialect.naming(), Naming::Go | Naming::Rust)
    }

    /// The only object that there is of a class, which is called by the class's name.
    pub(crate) fn single(&mut self, frame: &mut Frame, receiver: &Value, span: Span) -> Option<Value> {
        let [Term { kind: Kind::Class(class), .. }] = receiver.terms.as_slice() else { return None };
        let class = *class;
        let own = self.index.constructor(class).filter(|id| self.unit.functions[*id].class == Some(class));
        (self.unit.classes[class].single && own.is_some()).then(|| {
            self.muted += 1;
            let object = self.construct(frame, class, &[], span);
            self.muted -= 1;
            object
        })
    }

    /// What a parameter is written as by the class that it is declared to be of, where nobody
    /// is seen to give it.
    pub(crate) fn declared_text(
        &mut self,
        param: &ParamRef,
        given: &Value,
        filling: &Filling,
    ) -> Option<Value> {
        let unknown = |term: &Term| matches!(term.kind, Kind::Unknown(_));
        if !filling.local || !param.members.is_empty() || !given.terms.iter().all(unknown) {
            return None;
        }
        let owner = &self.unit.functions[filling.function];
        let name = &owner.params.get(param.index)?.name;
        let (_, kind) = owner.declared.iter().rev().find(|(known, _)| known == name)?;
        let class = self.index.class_named(self.program.owners[filling.function], kind)?;
        let object = Value::one(Kind::Instance(class, Arc::default()));
        let text = self.as_text(object, filling.span);
        text.terms.iter().all(|term| matches!(term.kind, Kind::Text(_))).then_some(text)
    }

    /// A template that a parameter's declared class says, where nobody gives the object.
    pub(crate) fn declared_template(&mut self, listed: &Listed, filling: &Filling) -> Option<Value> {
        let Listed::Template(waiting) = listed else { return None };
        waiting.param.members.first()?;
        let template = self.argument(&waiting.param, filling);
        if !template.terms.iter().all(|term| matches!(term.kind, Kind::Text(_))) {
            return None;
        }
        Some(compose::format(&template, waiting.style, &waiting.args, Span::NOWHERE))
    }
}
