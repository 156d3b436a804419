//! Methods of texts that the program itself adds: `fun String.load()` of Kotlin,
//! `static Task Load(this string path)` of C#, methods of Go's `type Endpoint string`, and those that
//! a trait of Rust gives to `str`. Their object is the text.

use std::sync::Arc;

use super::evaluate::Evaluator;
use super::form::{FunctionId, TEXT_TYPE};
use super::modules::Naming;
use super::value::{Kind, ParamRef, RECEIVER, Term, Value};

impl Evaluator<'_> {
    /// Whether the object of a method is a text.
    pub(super) fn is_of_text(&self, id: FunctionId) -> bool {
        let function = &self.unit.functions[id];
        let Some(class) = function.class.map(|class| &self.unit.classes[class]) else { return false };
        let named = match self.dialect.naming() {
            Naming::Rust => matches!(&*class.name, "str" | "String"),
            Naming::Classes => matches!(&*class.name, "(String)" | "(CharSequence)"),
            _ => false,
        };
        let text = |(_, kind): &(Arc<str>, Arc<str>)| **kind == *TEXT_TYPE;
        named || class.declared.iter().any(text) || function.declared.iter().any(text)
    }

    /// The object of such a method, which its callers give.
    pub(super) fn text_object(&self, name: &Arc<str>) -> Value {
        let param = ParamRef { index: RECEIVER, members: Vec::new(), name: name.clone(), lent: false };
        Value::one(Kind::Param(param))
    }

    /// The method of texts that a name means, where the object is one.
    pub(super) fn text_method(&self, object: &Value, name: &Arc<str>) -> Option<Value> {
        let text = |term: &Term| matches!(term.kind, Kind::Text(_));
        if object.is_empty() || !object.terms.iter().all(text) {
            return None;
        }
        let mut found = self.index.methods.get(name)?.iter().filter(|id| self.is_of_text(**id));
        match (found.next(), found.next()) {
            (Some(only), None) => Some(Value::one(Kind::Function(*only))),
            _ => None,
        }
    }
}
