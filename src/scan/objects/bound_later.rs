//! Functions of scripts that speak of an object and are put on one elsewhere:
//! `Object.assign(Client.prototype, methods)`, `send.bind(client)`.

use std::sync::Arc;

use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::{Expr, ExprKind};
use crate::scan::naming::Naming;
use crate::scan::value::{Kind, Value};
use crate::scan::wording::words;

impl Evaluator<'_> {
    /// The object whose method a function outside of all classes calls, where the program has only one
    /// method of that name and the name says enough: `this._performRequest(options)`.
    pub(crate) fn bound_later(&self, frame: &Frame, object: &Expr, method: &str) -> Option<Value> {
        let is_this = matches!(&object.kind, ExprKind::Name(name) if &**name == "this");
        let outside = frame.this.is_none() && self.unit.functions[frame.function].class.is_none();
        if self.dialect.naming() != Naming::JavaScript || !is_this || !outside || words(method).len() < 2 {
            return None;
        }
        let [only] = self.index.methods.get(method)?.as_slice() else { return None };
        let class = self.unit.functions[*only].class?;
        Some(Value::one(Kind::Instance(class, Arc::default())))
    }
}
