//! Python: resources of libraries that are told their paths and ask by themselves: the `actions` of
//! simple_rest_client, and `_path` of restfly's endpoints with what `self._get(..)` adds to it.

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{call, member, named};
use crate::scan::wording::method_named;

/// What stands for an address that another file says.
const BASE: &str = "base_url";

impl<'t> Lowering<'t> {
    /// The requests that a class lists by name:
    /// `actions = {"retrieve": {"method": "GET", "url": "/users/{}"}}`.
    pub(super) fn py_listed_actions(&mut self, class: ClassId, node: Node<'t>) {
        let resource = |base: &std::sync::Arc<str>| matches!(&**base, "Resource" | "AsyncResource");
        if !self.source.contains("simple_rest_client") || !self.unit.classes[class].bases.iter().any(resource)
        {
            return;
        }
        let Some(actions) = self.py_kept_in(node, "actions") else { return };
        for action in children(actions).into_iter().filter(|part| part.kind() == "pair") {
            let (Some(key), Some(told)) =
                (action.child_by_field_name("key"), action.child_by_field_name("value"))
            else {
                continue;
            };
            let (Some(method), Some(url)) = (self.py_under(told, "method"), self.py_under(told, "url"))
            else {
                continue;
            };
            let Some(verb) = method_named(&bare(self.text(method)).to_ascii_lowercase()) else { continue };
            let address = self.py_said_in(node, |lowering, at| {
                let function = at.child_by_field_name("function").filter(|_| at.kind() == "call")?;
                let made = lowering.text(function).rsplit('.').next() == Some("API");
                let args = children(at.child_by_field_name("arguments").filter(|_| made)?);
                args.into_iter().find_map(|arg| {
                    let name = arg.child_by_field_name("name")?;
                    (lowering.text(name) == "api_root_url").then(|| arg.child_by_field_name("value"))?
                })
            });
            let base = match address {
                Some(said) => self.py_expr(said),
                None => named(BASE, url),
            };
            let path = self.py_expr(url);
            let request = asked(verb, base, vec![path], Vec::new(), url);
            let name = bare(self.text(key)).into();
            let id = self.add_function(Some(name), Some(class));
            let function = &mut self.unit.functions[id];
            function.receiver = Some("self".into());
            function.body = vec![Stmt::Return(expr(request, url))];
        }
    }

    /// What an endpoint of restfly asks for: `self._get(f"{id}/members")`, below its `_path`.
    pub(super) fn py_of_endpoint(&mut self, function: Node<'t>, args: &mut Vec<Arg>) -> Option<ExprKind> {
        let object = function.child_by_field_name("object").filter(|_| self.source.contains("restfly"))?;
        let name = self.text(function.child_by_field_name("attribute")?);
        let verb = method_named(name.strip_prefix('_').filter(|_| self.text(object) == "self")?)?;
        let mut around = std::iter::successors(function.parent(), |at| at.parent());
        let class = around.find(|at| at.kind() == "class_definition")?;
        if !self.py_builds_on(class, "APIEndpoint") {
            return None;
        }
        let address = self.py_said_in(class, |lowering, at| {
            let session = at.kind() == "class_definition" && lowering.py_builds_on(at, "APISession");
            session.then(|| at.child_by_field_name("name"))?
        });
        let base = match address {
            Some(session) => member(named(self.text(session), object), "_url", object),
            None => named(BASE, object),
        };
        let mut parts = vec![member(named("self", object), "_path", object)];
        if let Some(at) = args.iter().position(|arg| arg.name.as_deref().is_none_or(|name| name == "path")) {
            parts.push(args.remove(at).value);
        }
        Some(asked(verb, base, parts, std::mem::take(args), function))
    }

    /// Whether a class names another one as what it builds upon.
    fn py_builds_on(&self, class: Node<'t>, name: &str) -> bool {
        let bases = class.child_by_field_name("superclasses").map(children).unwrap_or_default();
        bases.into_iter().any(|base| self.text(base).rsplit('.').next() == Some(name))
    }

    /// What a class keeps under a name in its body.
    fn py_kept_in(&self, class: Node<'t>, name: &str) -> Option<Node<'t>> {
        let body = children(class.child_by_field_name("body")?);
        body.into_iter().filter(|child| child.kind() == "expression_statement").flat_map(children).find_map(
            |part| {
                let left = part.child_by_field_name("left").filter(|_| part.kind() == "assignment")?;
                (self.text(left) == name).then(|| part.child_by_field_name("right"))?
            },
        )
    }

    /// What an object that is written out has under a key.
    fn py_under(&self, object: Node<'t>, key: &str) -> Option<Node<'t>> {
        children(object).into_iter().filter(|part| part.kind() == "pair").find_map(|part| {
            let known = bare(self.text(part.child_by_field_name("key")?)) == key;
            known.then(|| part.child_by_field_name("value"))?
        })
    }

    /// What the first statement of the file says that says it: itself, what it consists of, or what it
    /// gives a name.
    fn py_said_in(
        &self,
        inside: Node<'t>,
        says: impl Fn(&Self, Node<'t>) -> Option<Node<'t>>,
    ) -> Option<Node<'t>> {
        let file = std::iter::successors(Some(inside), |at| at.parent()).last()?;
        children(file).into_iter().find_map(|statement| {
            let inner = children(statement);
            let values = inner.iter().filter_map(|part| part.child_by_field_name("right"));
            let mut all = std::iter::once(statement).chain(inner.iter().copied()).chain(values);
            all.find_map(|at| says(self, at))
        })
    }
}

/// The request that such a call is.
fn asked(verb: &str, base: Expr, parts: Vec<Expr>, more: Vec<Arg>, node: Node<'_>) -> ExprKind {
    let url = expr(ExprKind::Join { base: Box::new(base), parts, style: JoinStyle::Path }, node);
    let verb = expr(ExprKind::Text(verb.into()), node);
    let mut args: Vec<Arg> = [verb, url].map(|value| Arg { name: None, value }).into();
    args.extend(more);
    call(member(named("requests", node), "request", node), args)
}

/// A text without its quotes.
fn bare(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}
