//! Functions that a program adds to Ktor's requests, `fun HttpRequestBuilder.api(vararg path: String)`: what
//! they tell the request that is being built, for the closures that call them.

use tree_sitter::Node;

use super::syntax::child_of;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{call, member, named};

/// What a request has of the library: no function of a program is meant.
const OWN: [&str; 16] = [
    "url",
    "parameter",
    "setBody",
    "body",
    "header",
    "headers",
    "contentType",
    "accept",
    "bearerAuth",
    "basicAuth",
    "timeout",
    "cookie",
    "formData",
    "expectSuccess",
    "attributes",
    "onUpload",
];

impl<'t> Lowering<'t> {
    /// What a function that is added to requests tells them, as what it gives.
    pub(super) fn kt_told_by_extension(&mut self, node: Node<'t>) -> Option<Stmt> {
        let receiver = node.child_by_field_name("receiver")?;
        let body = child_of(node, "function_body")?;
        if self.text(receiver) != "HttpRequestBuilder" {
            return None;
        }
        Some(Stmt::Return(self.kt_options(body)))
    }

    /// What the closure of a request calls that may be such a function.
    pub(super) fn kt_asked_of_extension(&mut self, stmt: Node<'t>) -> Option<Expr> {
        let function = children(stmt).first().copied().filter(|name| name.kind() == "simple_identifier")?;
        let list = child_of(child_of(stmt, "call_suffix")?, "value_arguments")?;
        let name = self.text(function);
        let alone = child_of(child_of(stmt, "call_suffix")?, "annotated_lambda").is_none();
        if OWN.contains(&name) || !alone {
            return None;
        }
        let args = self.kt_args(list);
        let asked = call(member(named("(request)", function), name, function), args);
        Some(expr(ExprKind::Spread(Box::new(expr(asked, stmt))), stmt))
    }
}
