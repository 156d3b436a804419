//! Endpoints that an object of options describes: RTK Query's
//! `build.query({ query: (id) => `users/${id}` })` below a base query.

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};

/// Calls between an endpoint and what makes the API of it.
const MAX_AROUND: usize = 16;

impl<'t> Lowering<'t> {
    /// What an endpoint asks for, as a call of its base query.
    pub(super) fn js_endpoint(&mut self, node: Node<'t>, function: Node<'t>) -> Option<ExprKind> {
        if !matches!(self.member_name(function)?, "query" | "mutation" | "infiniteQuery") {
            return None;
        }
        let options = self.arguments(node).first().copied().filter(|options| options.kind() == "object")?;
        let closure = self.entry(options, "query")?;
        let base = self.js_base_query(node)?;
        let (_, body) = self.js_single(closure)?;
        let mut body = body;
        while body.kind() == "parenthesized_expression" {
            body = children(body).first().copied()?;
        }
        let asked = self.js_expr(body);
        // The path alone.
        let asked = match body.kind() {
            "object" => asked,
            _ => expr(ExprKind::Object(vec![(Some(Key::from("url")), asked)]), body),
        };
        let callee = self.js_expr(base);
        Some(ExprKind::Call(Box::new(CallExpr { callee, args: vec![Arg { name: None, value: asked }] })))
    }

    /// What asks for the endpoints of the API that a place belongs to: `createApi({ baseQuery })`,
    /// `api.injectEndpoints({ ... })`.
    fn js_base_query(&self, place: Node<'t>) -> Option<Node<'t>> {
        let mut at = place.parent();
        for _ in 0..MAX_AROUND {
            let node = at?;
            if node.kind() == "call_expression"
                && let Some(function) = node.child_by_field_name("function")
            {
                if self.text(function) == "createApi" {
                    return self.entry(self.arguments(node).first().copied()?, "baseQuery");
                }
                if self.member_name(function) == Some("injectEndpoints") {
                    return function.child_by_field_name("object");
                }
            }
            at = node.parent();
        }
        None
    }
}
