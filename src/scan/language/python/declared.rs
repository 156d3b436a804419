//! Python: methods that are requests by their decorators (uplink's `@get("users")` in a `Consumer`),
//! and classes whose texts lie below an address (`@endpoint(base_url=..)` of api-client).

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{call, member, named};
use crate::scan::wording::method_named;

/// The class that uplink's clients build upon.
const CONSUMER: &str = "Consumer";
/// The field and the parameter that hold the address.
const BASE: &str = "base_url";

impl<'t> Lowering<'t> {
    /// A method of a client that is a request by one of its decorators.
    pub(super) fn py_declared_request(&mut self, class: ClassId, node: Node<'t>) -> bool {
        let known = self.unit.classes[class].bases.iter().any(|base| **base == *CONSUMER);
        if !known || !self.source.contains("uplink") {
            return false;
        }
        let definition = node.child_by_field_name("definition");
        let Some(definition) = definition.filter(|inner| inner.kind() == "function_definition") else {
            return false;
        };
        let decorators = children(node).into_iter().filter(|child| child.kind() == "decorator");
        let asked =
            decorators.filter_map(|decorator| children(decorator).first().copied()).find_map(|made| {
                let function = made.child_by_field_name("function").filter(|_| made.kind() == "call")?;
                let verb = method_named(self.text(function).rsplit('.').next()?)?;
                let path = children(made.child_by_field_name("arguments")?).first().copied()?;
                Some((verb, path))
            });
        let Some((verb, path)) = asked else { return false };
        let id = self.py_function(definition, Some(class), false);
        let value = self.py_expr(path);
        let receiver: Arc<str> = self.unit.functions[id].receiver.clone().unwrap_or_else(|| "self".into());
        let base = Box::new(member(named(&receiver, path), BASE, path));
        let url = expr(ExprKind::Join { base, parts: vec![value], style: JoinStyle::Path }, path);
        let verb = expr(ExprKind::Text(verb.into()), path);
        let args = [verb, url].map(|value| Arg { name: None, value });
        let request = call(member(named("requests", path), "request", path), args.into());
        let function = &mut self.unit.functions[id];
        function.receiver = Some(receiver);
        function.body = vec![Stmt::Return(expr(request, path))];
        true
    }

    /// What a client keeps as its address: what it is made with, or hands to the class above.
    pub(super) fn py_address_of_client(&mut self, class: ClassId, node: Node<'t>) {
        let own = self.unit.classes[class].bases.iter().any(|base| **base == *CONSUMER);
        if !own || !self.source.contains("uplink") {
            return;
        }
        let methods = self.unit.classes[class].methods.clone();
        let keep = |receiver: &str, value: Expr| Stmt::Assign {
            target: member(named(receiver, node), BASE, node),
            value,
        };
        if let Some(id) = methods.into_iter().find(|id| self.unit.functions[*id].constructor) {
            let function = &mut self.unit.functions[id];
            let receiver = function.receiver.clone().unwrap_or_else(|| "self".into());
            if let Some(value) = function.body.iter_mut().find_map(handed_up) {
                function.body.push(keep(&receiver, value));
            }
            return;
        }
        let id = self.add_function(Some("__init__".into()), Some(class));
        let function = &mut self.unit.functions[id];
        function.constructor = true;
        function.receiver = Some("self".into());
        function.params = vec![Param { name: BASE.into(), kind: ParamKind::Plain, default: None }];
        function.body = vec![keep("self", named(BASE, node))];
    }

    /// The address below which the texts of a class lie.
    pub(super) fn py_endpoint_base(&self, class: Node<'t>) -> Option<Node<'t>> {
        if !self.source.contains("apiclient") {
            return None;
        }
        let decorated = class.parent().filter(|parent| parent.kind() == "decorated_definition")?;
        let decorators = children(decorated).into_iter().filter(|child| child.kind() == "decorator");
        decorators.filter_map(|decorator| children(decorator).first().copied()).find_map(|made| {
            let function = made.child_by_field_name("function").filter(|_| made.kind() == "call")?;
            if self.text(function).rsplit('.').next() != Some("endpoint") {
                return None;
            }
            let args = children(made.child_by_field_name("arguments")?);
            let base = args
                .into_iter()
                .find(|arg| arg.child_by_field_name("name").is_some_and(|name| self.text(name) == BASE))?;
            base.child_by_field_name("value")
        })
    }

    /// A text of such a class, where the address stands before it.
    pub(super) fn py_below_base(&mut self, value: Expr, part: Node<'t>) -> Expr {
        let text = matches!(value.kind, ExprKind::Text(_) | ExprKind::Concat(_));
        let class = part.parent().and_then(|statement| statement.parent()).and_then(|body| body.parent());
        let Some(base) = class.filter(|_| text).and_then(|class| self.py_endpoint_base(class)) else {
            return value;
        };
        let base = Box::new(self.py_expr(base));
        expr(ExprKind::Join { base, parts: vec![value], style: JoinStyle::Path }, part)
    }
}

/// The address that a constructor hands to the one above: `super().__init__(base_url=url)`.
fn handed_up(stmt: &mut Stmt) -> Option<Expr> {
    let Stmt::Expr(Expr { kind: ExprKind::Call(call), span }) = stmt else { return None };
    if !crate::scan::evaluate::index::hands_up(call) {
        return None;
    }
    let at = call.args.iter().position(|arg| arg.name.as_deref().is_none_or(|name| name == BASE))?;
    let unknown = Expr { kind: ExprKind::Unknown("".into()), span: *span };
    Some(std::mem::replace(&mut call.args[at].value, unknown))
}
