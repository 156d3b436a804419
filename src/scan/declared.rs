//! What a parameter is declared to be, where nothing else says what it holds.

use std::sync::Arc;

use super::evaluate::Evaluator;
use super::form::FunctionId;
use super::value::{Kind, ParamRef, Term, Value};

impl Evaluator<'_> {
    /// An object of the class that a parameter is declared to be of, for one of its fields:
    /// `settings: Settings` of which `settings.path` is asked. Only where nobody is seen
    /// to give another one.
    pub(super) fn declared_object(
        &self,
        function: FunctionId,
        param: &ParamRef,
        given: &Value,
    ) -> Option<Value> {
        let member = param.members.first()?;
        let unknown = |term: &Term| matches!(term.kind, Kind::Unknown(_));
        if !given.terms.iter().all(unknown) {
            return None;
        }
        let owner = &self.unit.functions[function];
        let name = &owner.params.get(param.index)?.name;
        let (_, kind) = owner.declared.iter().rev().find(|(known, _)| known == name)?;
        let class = self.index.class_named(self.program.owners[function], kind)?;
        let has = |class: &usize| self.index.fields[*class].contains_key(member);
        let known = self.index.chain(class).iter().any(has);
        known.then(|| Value::one(Kind::Instance(class, Arc::default())))
    }
}
