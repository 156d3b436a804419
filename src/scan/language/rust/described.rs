//! Requests that a constant of an `impl` describes:
//! `impl Request for Users { const METADATA: Metadata = Metadata { endpoint: "/users", method: Method::GET }; }`.

use tree_sitter::Node;

use super::syntax::Rust;
use crate::scan::form::*;
use crate::scan::language::annotations::REQUEST;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{Manner, call, named};
use crate::scan::wording::method_constant;

impl<'t> Lowering<'t> {
    /// The request that a constant of a class describes, where the `impl` says that its type is
    /// one: what a server has in such constants are its routes.
    pub(super) fn rust_described(&mut self, class: ClassId, base: Option<&str>, value: Node<'t>) {
        let asks = base.is_some_and(|base| base.ends_with("Request") || base.ends_with("Endpoint"));
        if !asks || value.kind() != "struct_expression" {
            return;
        }
        let fields = value.child_by_field_name("body").map(children).unwrap_or_default();
        let field = |names: &[&str]| {
            let field = fields.iter().find(|field| {
                field.child_by_field_name("field").is_some_and(|name| names.contains(&self.text(name)))
            })?;
            field.child_by_field_name("value")
        };
        let (Some(method), Some(path)) =
            (field(&["method", "http_method"]), field(&["path", "endpoint", "uri", "url"]))
        else {
            return;
        };
        let verb = self.text(method).rsplit("::").next().and_then(method_constant);
        let template = self.text(path).trim_matches('"');
        let Some(verb) = verb.filter(|_| path.kind() == "string_literal" && template.starts_with('/')) else {
            return;
        };
        let verb = expr(ExprKind::Text(verb.into()), path);
        let template = Box::new(expr(ExprKind::Text(template.into()), path));
        let url = ExprKind::Format { template, style: FormatStyle::Braces, args: Vec::new() };
        let args = [verb, expr(url, path)].map(|value| Arg { name: None, value });
        let request = Stmt::Expr(expr(call(named(REQUEST, path), args.into()), path));
        self.define::<Rust>(None, Some(class), Manner::default(), Vec::new(), |_| vec![request]);
    }
}
