//! Requests of Rust that are a method and a path, which somebody else sends: a type that says both
//! (`fn method(&self)`, `fn path(&self)`), and pairs that a function gives back,
//! `match self { Self::Users => (Method::GET, "/users") }`.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::Rust;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{Manner, PAIR, call, member, named, plain};
use crate::scan::wording::{method_constant, names_path};

/// Whether a constant of a type says the method of its requests: `const METHOD: Method`.
pub(super) fn is_method_constant(name: &str) -> bool {
    matches!(name, "METHOD" | "HTTP_METHOD" | "REQUEST_METHOD")
}

impl<'t> Lowering<'t> {
    /// A type whose methods say its method and path is a request; a constant may say the method.
    pub(super) fn rust_endpoint(
        &mut self,
        class: ClassId,
        methods: &[(FunctionId, Node<'t>)],
        constant: Option<(Arc<str>, Node<'t>)>,
    ) {
        let find = |test: &dyn Fn(&str) -> bool| {
            methods.iter().find_map(|(id, node)| {
                let function = &self.unit.functions[*id];
                let name = function.name.clone()?;
                (test(&name) && function.params.is_empty()).then_some((name, *node))
            })
        };
        // `fn relative_path(&self)`, `fn api_path(&self)`
        let path = |name: &str| {
            let last = name.rsplit('_').next().unwrap_or(name);
            matches!(last, "endpoint" | "path" | "url" | "uri")
        };
        let method = |name: &str| matches!(name, "method" | "http_method" | "request_method" | "get_method");
        let Some(path) = find(&path) else {
            if let Some(method) = find(&method) {
                self.rust_endpoint_of_segments(class, methods, &method);
            }
            return;
        };
        let ask = |(name, node): &(Arc<str>, Node<'t>)| {
            // What the method gives stands where its body ends.
            let body = node.child_by_field_name("body").unwrap_or(*node);
            let at = children(body).last().copied().unwrap_or(body);
            expr(call(member(named("self", at), name, at), Vec::new()), at)
        };
        let method = match (find(&method), constant) {
            (Some(method), _) => ask(&method),
            (None, Some((name, node))) => member(named("self", node), &name, node),
            (None, None) => return,
        };
        let args = plain(vec![method, ask(&path)]);
        let request = expr(call(named(PAIR, path.1), args), path.1);
        self.define::<Rust>(None, Some(class), Manner::default(), Vec::new(), |_| vec![Stmt::Expr(request)]);
    }

    /// A type that says its method, and puts its path behind an address that it is handed:
    /// `fn build_url(&self, url: &mut Url) { url.path_segments_mut().unwrap().push("users"); }`.
    fn rust_endpoint_of_segments(
        &mut self,
        class: ClassId,
        methods: &[(FunctionId, Node<'t>)],
        (name, node): &(Arc<str>, Node<'t>),
    ) {
        let handed = methods.iter().find(|(id, node)| {
            let takes = node.child_by_field_name("parameters").map_or("", |list| self.text(list));
            let address = takes.contains("&mut Url") || takes.contains("&mut url::Url");
            self.unit.functions[*id].params.len() == 1 && address
        });
        let Some(body) = handed.and_then(|(_, node)| node.child_by_field_name("body")) else { return };
        let at = node.child_by_field_name("body").unwrap_or(*node);
        let at = children(at).last().copied().unwrap_or(at);
        let asked = expr(call(member(named("self", at), name, at), Vec::new()), at);
        self.define::<Rust>(None, Some(class), Manner::default(), Vec::new(), |l| {
            let stmts = children(body).into_iter().filter_map(|stmt| children(stmt).first().copied());
            let path =
                stmts.filter(|stmt| stmt.kind() == "call_expression").find_map(|stmt| l.rust_segments(stmt));
            let Some(Stmt::Assign { value, .. }) = path else { return Vec::new() };
            vec![Stmt::Expr(expr(call(named(PAIR, body), plain(vec![asked, value])), body))]
        });
    }

    /// The request that a pair is which a function gives back: a method by its name, and a path.
    pub(super) fn rust_told_pair(&mut self, node: Node<'t>) -> Option<Stmt> {
        if node.kind() != "tuple_expression" {
            return None;
        }
        let parts = children(node);
        let [method, path, ..] = parts.as_slice() else { return None };
        let (kind, verb) = self.text(*method).rsplit_once("::")?;
        let verb = method_constant(verb).filter(|_| kind.ends_with("Method"))?;
        let text = self.text(*path);
        if !text.contains('"') && !names_path(text) {
            return None;
        }
        let method = expr(ExprKind::Text(verb.into()), *method);
        let path = self.value::<Rust>(*path);
        Some(Stmt::Expr(expr(call(named(PAIR, node), plain(vec![method, path])), node)))
    }
}
