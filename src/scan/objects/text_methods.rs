//! Methods of texts that the program itself adds: `fun String.load()` of Kotlin,
//! `static Task Load(this string path)` of C#, methods of Go's `type Endpoint string`, and those that
//! a trait of Rust gives to `str`. Their object is the text. So are methods that it adds to clients.

use std::sync::Arc;

use crate::scan::evaluate::Evaluator;
use crate::scan::form::{CLIENT_TYPE, FunctionId, TEXT_TYPE};
use crate::scan::naming::Naming;
use crate::scan::value::{Kind, ParamRef, RECEIVER, Term, Value};

impl Evaluator<'_> {
    /// Whether the object of a method is a text.
    pub(super) fn is_of_text(&self, id: FunctionId) -> bool {
        let function = &self.unit.functions[id];
        let Some(class) = function.class.map(|class| &self.unit.classes[class]) else { return false };
        let named = match self.dialect.naming() {
            // What a trait adds to the URLs of a library: the program has no type of that name.
            Naming::Rust if &*class.name == "Url" => class.added && !class.bases.is_empty(),
            Naming::Rust => matches!(&*class.name, "str" | "String"),
            Naming::Classes => matches!(&*class.name, "(String)" | "(CharSequence)"),
            _ => false,
        };
        let text = |(_, kind): &(Arc<str>, Arc<str>)| **kind == *TEXT_TYPE;
        named || class.declared.iter().any(text) || function.declared.iter().any(text)
    }

    /// Whether the object of a method is a client of a library.
    fn is_of_client(&self, id: FunctionId) -> bool {
        let function = &self.unit.functions[id];
        let class = function.class.map(|class| &*self.unit.classes[class].name);
        matches!(class, Some("(HttpClient)" | "(WebClient)" | "(RestClient)" | "(RestTemplate)"))
            || function.declared.iter().any(|(_, kind)| **kind == *CLIENT_TYPE)
    }

    /// Whether the object of a method is what its callers give: a text, or a client of a library with
    /// the address that it has there.
    pub(crate) fn is_of_given(&self, id: FunctionId) -> bool {
        self.is_of_text(id) || self.is_of_client(id)
    }

    /// The object of such a method, which its callers give.
    pub(crate) fn text_object(&self, name: &Arc<str>) -> Value {
        let param = ParamRef { index: RECEIVER, members: Vec::new(), name: name.clone(), lent: false };
        Value::one(Kind::Param(param))
    }

    /// The method of texts that a name means, where the object is one; so of clients.
    pub(crate) fn text_method(&self, object: &Value, name: &Arc<str>) -> Option<Value> {
        let text = |term: &Term| matches!(term.kind, Kind::Text(_));
        let client = |term: &Term| matches!(term.kind, Kind::Client(_));
        let texts = object.terms.iter().all(text);
        if object.is_empty() || !texts && !object.terms.iter().all(client) {
            return None;
        }
        let is_its = |id: &FunctionId| if texts { self.is_of_text(*id) } else { self.is_of_client(*id) };
        let mut found = self.index.methods.get(name)?.iter().filter(|id| is_its(id));
        match (found.next(), found.next()) {
            (Some(only), None) => Some(Value::one(Kind::Function(*only))),
            _ => None,
        }
    }
}
