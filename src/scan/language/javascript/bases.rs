//! JavaScript: bases that clients are given after they are made: `api.defaults.baseURL = base`,
//! `api.interceptors.request.use(config => { config.baseURL = base; .. })`.

use std::sync::Arc;

use tree_sitter::Node;

use super::classes::bare;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, below, children, expr};
use crate::scan::language::shared::call;

/// What is searched of a closure that changes requests.
const MAX_NODES: usize = 600;

impl<'t> Lowering<'t> {
    /// `api.defaults.baseURL = base`: from here on the client is one with that base.
    pub(super) fn js_base_of_client(&mut self, left: Node<'t>, right: Node<'t>) -> Option<Stmt> {
        if !self.text(left).ends_with(".defaults.baseURL") {
            return None;
        }
        let object = left.child_by_field_name("object")?.child_by_field_name("object")?;
        let id = self.js_lent(object)?;
        let outer = std::mem::replace(&mut self.function, id);
        let base = self.js_expr(right);
        self.function = outer;
        self.unit.functions[id].body = vec![Stmt::Return(with_base(base, right))];
        let base = self.js_expr(right);
        Some(Stmt::Assign { target: self.js_expr(object), value: with_base(base, left) })
    }

    /// `api.interceptors.request.use(closure)`: what the closure puts before a path is the base.
    pub(super) fn js_intercepted(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let Some((object, closure)) = self.js_interceptor(node) else { return false };
        let (Some(name), Some(body)) = (self.js_only_param(closure), closure.child_by_field_name("body"))
        else {
            return false;
        };
        let given = self.js_put_before(body, name);
        if given.is_empty() || self.js_lent_name(object).is_none() && !self.is_own_member(object) {
            return false;
        }
        let id = self.js_function(closure, None, None, false);
        let outer = std::mem::replace(&mut self.function, id);
        let mut bases = Vec::new();
        for (whole, value) in given {
            let value = self.js_expr(value);
            bases.extend(if whole { Some(value) } else { front_of(value, name) });
        }
        self.function = outer;
        let function = &mut self.unit.functions[id];
        function.body.retain(|stmt| !matches!(stmt, Stmt::Return(_)));
        let base = match bases.len() {
            0 => return false,
            1 => bases.remove(0),
            _ => expr(ExprKind::Either(bases), closure),
        };
        function.body.push(Stmt::Return(with_base(base, closure)));
        if let Some(name) = self.js_lent_name(object) {
            self.lend(id, name);
        }
        let given = call(expr(ExprKind::Function(id), closure), Vec::new());
        let value = self.js_expr(node);
        out.push(Stmt::Expr(value));
        out.push(Stmt::Assign { target: self.js_expr(object), value: expr(given, closure) });
        true
    }

    /// The client and the closure of a call that changes what is asked for.
    fn js_interceptor(&self, node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let function = node.child_by_field_name("function")?;
        if !self.text(function).ends_with(".interceptors.request.use") {
            return None;
        }
        let object = (0..3).try_fold(function, |at, _| at.child_by_field_name("object"))?;
        let closure = bare(*children(node.child_by_field_name("arguments")?).first()?);
        matches!(closure.kind(), "arrow_function" | "function_expression").then_some((object, closure))
    }

    /// The name of the one parameter of a closure.
    fn js_only_param(&self, closure: Node<'t>) -> Option<&'t str> {
        if let Some(single) = closure.child_by_field_name("parameter") {
            return Some(self.text(single));
        }
        let first = *children(closure.child_by_field_name("parameters")?).first()?;
        let name = first.child_by_field_name("pattern").unwrap_or(first);
        (name.kind() == "identifier").then(|| self.text(name))
    }

    /// What a closure gives to the base or to the URL of the request that it is handed, and
    /// whether it is the base.
    fn js_put_before(&self, body: Node<'t>, name: &str) -> Vec<(bool, Node<'t>)> {
        let given = |node: Node<'t>| {
            let left = node.child_by_field_name("left").filter(|_| node.kind() == "assignment_expression")?;
            let right = node.child_by_field_name("right")?;
            let member = self.text(left).strip_prefix(name)?;
            matches!(member, ".baseURL" | ".url").then_some((member == ".baseURL", right))
        };
        below(body, MAX_NODES, |node| !self.is_only_for_some(node, name)).filter_map(given).collect()
    }

    /// Whether what stands in a node holds for some requests only, and not for all that have no
    /// address yet: `if (!config.baseURL)`, `if (!config.url.startsWith("http"))`.
    fn is_only_for_some(&self, node: Node<'t>, name: &str) -> bool {
        let test = match node.kind() {
            "if_statement" | "ternary_expression" => node.child_by_field_name("condition"),
            "switch_statement" => return true,
            "binary_expression" => node
                .child_by_field_name("operator")
                .filter(|operator| matches!(self.text(*operator), "&&" | "||"))
                .and_then(|_| node.child_by_field_name("left")),
            _ => None,
        };
        test.is_some_and(|test| {
            let text = self.text(test).trim_start_matches('(').trim_start();
            let asked = text.strip_prefix('!').and_then(|text| text.strip_prefix(name));
            !asked.is_some_and(|member| member.starts_with(".baseURL") || member.starts_with(".url"))
        })
    }

    /// Whether an expression is a member of the object itself: `this.client`.
    fn is_own_member(&self, node: Node<'t>) -> bool {
        self.text(node).strip_prefix("this.").is_some_and(|name| !name.contains(['.', '(', '[']))
    }

    /// The name of a client that other files may have as well.
    fn js_lent_name(&mut self, object: Node<'t>) -> Option<Arc<str>> {
        if object.kind() != "identifier" {
            return None;
        }
        match self.js_expr(object).kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// A function, still empty, that gives a client as it is from now on.
    fn js_lent(&mut self, object: Node<'t>) -> Option<FunctionId> {
        let name = self.js_lent_name(object);
        if name.is_none() && !self.is_own_member(object) {
            return None;
        }
        let id = self.add_function(None, None);
        if let Some(name) = name {
            self.lend(id, name);
        }
        Some(id)
    }

    fn lend(&mut self, function: FunctionId, name: Arc<str>) {
        self.unit.based.push(Based { function, name });
    }
}

/// A client with a base.
fn with_base(base: Expr, node: Node<'_>) -> Expr {
    let options = expr(ExprKind::Object(vec![(Some(Key::from("baseURL")), base)]), node);
    let library = Box::new(expr(ExprKind::Name("axios".into()), node));
    let create = expr(ExprKind::Member(library, "create".into()), node);
    expr(call(create, vec![Arg { name: None, value: options }]), node)
}

/// What stands before the URL of a request in what it is given: `base + config.url`.
fn front_of(value: Expr, name: &str) -> Option<Expr> {
    let ExprKind::Concat(mut parts) = value.kind else { return None };
    let last = parts.pop()?;
    let own = matches!(&last.kind, ExprKind::Member(object, member)
        if &**member == "url" && matches!(&object.kind, ExprKind::Name(known) if **known == *name));
    (own && !parts.is_empty()).then_some(Expr { kind: ExprKind::Concat(parts), span: value.span })
}

/// URLs whose paths grow.
impl<'t> Lowering<'t> {
    /// `url.pathname += "/users"`, `` url.pathname = `${url.pathname}/users` ``: the URL is from
    /// now on what lies below it.
    pub(super) fn js_path_grows(&mut self, left: Node<'t>, right: Node<'t>, added: bool) -> Option<Stmt> {
        let object = left.child_by_field_name("object").filter(|object| object.kind() == "identifier")?;
        if left.kind() != "member_expression" || !self.text(left).ends_with(".pathname") {
            return None;
        }
        let name = self.name(object);
        let own = |part: &Expr| {
            matches!(&part.kind, ExprKind::Member(object, member) if &**member == "pathname"
                && matches!(&object.kind, ExprKind::Name(known) if *known == name))
        };
        let value = self.js_expr(right);
        let parts = match value.kind {
            _ if added => vec![value],
            ExprKind::Concat(mut parts) if parts.len() > 1 && own(&parts[0]) => {
                parts.remove(0);
                let span = value.span;
                vec![Expr { kind: ExprKind::Concat(parts), span }]
            }
            ExprKind::Join { base, parts, .. } if own(&base) => parts,
            _ => return None,
        };
        let base = Box::new(self.js_expr(object));
        let whole = expr(ExprKind::Join { base, parts, style: JoinStyle::Path }, right);
        Some(Stmt::Assign { target: self.js_expr(object), value: whole })
    }
}
