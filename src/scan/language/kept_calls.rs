//! Functions of which a part of the arguments is given, and templates that are filled by name:
//! `get = partial(call, "GET")`, `call.bind(null, "GET")`, `Template("/users/$id").substitute(id=x)`.

use std::sync::Arc;

use tree_sitter::Node;

use super::lower::{Lowering, expr};
use crate::scan::form::*;

/// What the further arguments of such a function are called.
const REST: &str = "(rest)";
const NAMED: &str = "(named)";
/// What its object is called inside a method that is made so.
const OBJECT: &str = "(object)";

impl<'t> Lowering<'t> {
    /// A function that calls another one with these arguments, and with those that it is given.
    pub(super) fn with_first(&mut self, callee: Expr, args: Vec<Arg>, node: Node<'t>) -> ExprKind {
        let id = self.add_function(None, None);
        self.unit.functions[id].inline = true;
        self.give_first(id, callee, args, node);
        ExprKind::Function(id)
    }

    /// A method that calls another one of its object so: `get = partialmethod(call, "GET")`. What
    /// is none is given back.
    pub(super) fn partial_method(
        &mut self,
        class: ClassId,
        name: &Arc<str>,
        value: Expr,
        node: Node<'t>,
    ) -> Option<Expr> {
        let ExprKind::Call(call) = &value.kind else { return Some(value) };
        let made = match &call.callee.kind {
            ExprKind::Name(name) | ExprKind::Member(_, name) => &**name == "partialmethod",
            _ => false,
        };
        let method = match call.args.first() {
            Some(Arg { name: None, value: Expr { kind: ExprKind::Name(method), .. } }) if made => {
                method.clone()
            }
            _ => return Some(value),
        };
        let ExprKind::Call(call) = value.kind else { return None };
        let id = self.add_function(Some(name.clone()), Some(class));
        self.unit.functions[id].receiver = Some(OBJECT.into());
        let object = Box::new(expr(ExprKind::Name(OBJECT.into()), node));
        let callee = expr(ExprKind::Member(object, method), node);
        self.give_first(id, callee, call.args.into_iter().skip(1).collect(), node);
        None
    }

    /// Makes a function one that hands on what it is given behind some arguments.
    pub(super) fn give_first(&mut self, id: FunctionId, callee: Expr, mut args: Vec<Arg>, node: Node<'t>) {
        let named = |name: &str| expr(ExprKind::Name(name.into()), node);
        let rest = expr(ExprKind::Spread(Box::new(named(REST))), node);
        let first_named = args.iter().position(|arg| arg.name.is_some()).unwrap_or(args.len());
        args.insert(first_named, Arg { name: None, value: rest });
        args.push(Arg { name: Some("**".into()), value: named(NAMED) });
        let call = expr(ExprKind::Call(Box::new(CallExpr { callee, args })), node);
        let param = |name: &str, kind| Param { name: name.into(), kind, default: None };
        let function = &mut self.unit.functions[id];
        function.params = vec![param(REST, ParamKind::Rest), param(NAMED, ParamKind::Named)];
        function.body = vec![Stmt::Return(call)];
    }

    /// `Template(text)` of Python's standard library is the text.
    pub(super) fn py_is_template(&self, name: &str, args: &[Arg]) -> bool {
        let from = |import: &Import| *import.module == *"string";
        let plain = matches!(args, [Arg { name: None, .. }]);
        plain && matches!(name, "Template" | "string.Template") && self.unit.imports.iter().any(from)
    }
}

/// A template filled by the entries of an object or by names: `substitute(params)`,
/// `substitute(id=x)`.
pub(super) fn substituted(template: Box<Expr>, args: Vec<Arg>) -> ExprKind {
    let spread = |arg: Arg| Arg { name: Some(arg.name.unwrap_or_else(|| Arc::from("**"))), ..arg };
    ExprKind::Format { template, style: FormatStyle::Dollar, args: args.into_iter().map(spread).collect() }
}
