//! Functions of which a part of the arguments is given, and templates that are filled by name:
//! `get = partial(call, "GET")`, `call.bind(null, "GET")`, `Template("/users/$id").substitute(id=x)`.

use std::sync::Arc;

use tree_sitter::Node;

use super::lower::{Lowering, expr};
use crate::scan::form::*;

/// What the further arguments of such a function are called.
const REST: &str = "(rest)";
const NAMED: &str = "(named)";

impl<'t> Lowering<'t> {
    /// A function that calls another one with these arguments, and with those that it is given.
    pub(super) fn with_first(&mut self, callee: Expr, mut args: Vec<Arg>, node: Node<'t>) -> ExprKind {
        let id = self.add_function(None, None);
        let named = |name: &str| expr(ExprKind::Name(name.into()), node);
        let rest = expr(ExprKind::Spread(Box::new(named(REST))), node);
        let first_named = args.iter().position(|arg| arg.name.is_some()).unwrap_or(args.len());
        args.insert(first_named, Arg { name: None, value: rest });
        args.push(Arg { name: Some("**".into()), value: named(NAMED) });
        let call = expr(ExprKind::Call(Box::new(CallExpr { callee, args })), node);
        let param = |name: &str, kind| Param { name: name.into(), kind, default: None };
        let function = &mut self.unit.functions[id];
        function.inline = true;
        function.params = vec![param(REST, ParamKind::Rest), param(NAMED, ParamKind::Named)];
        function.body = vec![Stmt::Return(call)];
        ExprKind::Function(id)
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
