//! Functions that a caller hands over so that a URL is made of them:
//! `all_pages(lambda page: f"/users?page={page}")`, where the helper asks for `make(page)`.

use std::sync::Arc;

use super::filling::Filling;
use super::{Evaluator, Frame};
use crate::scan::form::{FunctionId, Span};
use crate::scan::requests::generic;
use crate::scan::requests::request::Callee;
use crate::scan::value::{Kind, ParamRef, RECEIVER, Term, Value};
use crate::scan::wording::words;

/// The member of a parameter that stands for what it gives when it is called.
pub(super) const CALLED: &str = "{called}";
/// Functions that make one another's URLs.
const MAX_CALLED: usize = 2;

/// Whether a function is by its name one that makes a URL.
fn names_url(name: &str) -> bool {
    words(name).iter().any(|word| matches!(word.as_str(), "url" | "uri" | "path" | "endpoint"))
}

impl Evaluator<'_> {
    /// What a function gives that only a caller knows.
    pub(super) fn given_when_called(&self, callee: &Callee) -> Option<Value> {
        let [Term { kind: Kind::Param(param), .. }] = callee.value.terms.as_slice() else { return None };
        let called = |member: &&Arc<str>| &***member == CALLED;
        // `text.split("/")` is what texts can do, and no function that somebody hands over.
        let handed = callee.owner().is_empty() || names_url(callee.name());
        if !handed || param.index == RECEIVER || param.members.iter().filter(called).count() >= MAX_CALLED {
            return None;
        }
        let members = param.members.iter().cloned().chain([CALLED.into()]).collect();
        Some(Value::one(Kind::Param(ParamRef { members, ..param.clone() })))
    }

    /// Keeps what a closure gives where it stands, if that reads like a path.
    pub(super) fn keep_given(&mut self, id: FunctionId, value: Value) {
        let path = generic::reads_like_path(&value)
            && value.terms.iter().all(|term| matches!(term.kind, Kind::Text(_)));
        match path {
            true => drop(self.gave.insert(id, value)),
            false => drop(self.gave.remove(&id)),
        }
    }

    /// What a function that is handed over gives, whatever it is called with.
    pub(super) fn url_given_by(&mut self, id: FunctionId, span: Span) -> Value {
        if self.unit.functions[id].inline {
            return self.gave.get(&id).cloned().unwrap_or_else(|| Value::unknown(""));
        }
        let Some(done) = self.summary(id, None) else { return Value::unknown("") };
        if !generic::reads_like_path(&done.returned) {
            return Value::unknown("");
        }
        let filling = Filling { local: true, ..Filling::new(id, Vec::new(), span) };
        self.fill(&done.returned.clone(), &filling)
    }

    /// What a class has under a field in which others may put a function, where it is called:
    /// `send: Sender = urllib_send`.
    pub(super) fn own_default(&mut self, frame: &Frame, callee: &mut Callee) {
        let [Term { kind: Kind::Param(param), .. }] = callee.value.terms.as_slice() else { return };
        let ([member], RECEIVER) = (param.members.as_slice(), param.index) else { return };
        let Some(class) = frame.this.or(self.unit.functions[frame.function].class) else { return };
        let mut own = self.field(class, &member.clone());
        own.terms.retain(|term| !matches!(term.kind, Kind::Unknown(_)));
        let function =
            |term: &Term| matches!(term.kind, Kind::Function(id) if !self.unit.functions[id].inline);
        if matches!(own.terms.as_slice(), [term] if function(term)) {
            callee.value = own;
        }
    }
}
