//! Functions that a program adds to Ktor's requests, `fun HttpRequestBuilder.api(vararg path: String)`: what
//! they tell the request that is being built, for the closures that call them.

use tree_sitter::Node;

use super::syntax::child_of;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{call, member, named};
use crate::scan::wording::method_named;

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

    /// The client whose method a bare name is in a function that is added to clients:
    /// `fun HttpClient.load(path: String) = get { url(path) }`.
    pub(super) fn kt_of_extended_client(&self, name: &str, node: Node<'t>) -> Option<Expr> {
        let class = self.current_class()?;
        let added = *self.unit.classes[class].name == *"(HttpClient)";
        let verb = name.strip_prefix("prepare").unwrap_or(name).to_ascii_lowercase();
        let asks = method_named(&verb).is_some() || verb == "request";
        (added && asks && !self.is_declared(name)).then(|| member(named("this", node), name, node))
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
