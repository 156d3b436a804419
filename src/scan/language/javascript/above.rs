//! What compilers make of `super.list(path)`, of `...rest` and of lists that are spread.

use tree_sitter::Node;

use super::classes::bare;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::strings;

impl<'t> Lowering<'t> {
    /// The method of the class above that a compiler asks for by its name:
    /// `_get(Users.prototype.__proto__ || Object.getPrototypeOf(Users.prototype), "list", this)`,
    /// `_get(_getPrototypeOf(Users.prototype), "list", this)`, `_superPropGet(Users, "list", this)`.
    pub(super) fn js_method_above(&self, asked: Node<'t>) -> Option<Expr> {
        let asked = bare(asked);
        // `(_get2 = _get(...)).call`
        let call = match asked.kind() {
            "assignment_expression" => bare(asked.child_by_field_name("right")?),
            _ => asked,
        };
        if call.kind() != "call_expression" {
            return None;
        }
        let helper = self.text(self.called(call.child_by_field_name("function")?));
        let helper = helper.trim_end_matches(".default").trim_end_matches("[\"default\"]");
        let helper = helper.rsplit('.').next()?;
        let args = self.arguments(call);
        let (of, name) = (args.first()?, args.get(1).filter(|name| name.kind() == "string")?);
        let known = match helper.trim_start_matches('_').trim_end_matches(|c: char| c.is_ascii_digit()) {
            // `super.name` that is read, or called of the class itself, is the same helper.
            "get" if helper.starts_with('_') => self.text(*of).contains("rototype"),
            "superPropGet" | "super_prop_get" => true,
            _ => false,
        };
        let name = self.text(*name).trim_matches(['"', '\'']);
        known.then(|| {
            let above = Box::new(expr(ExprKind::Name("super".into()), call));
            expr(ExprKind::Member(above, name.into()), call)
        })
    }

    /// `_superPropGet(Users, "list", this, 3)([path])`: the arguments are a list.
    pub(super) fn js_called_above(&mut self, call: Node<'t>) -> Option<ExprKind> {
        let callee = self.js_method_above(call.child_by_field_name("function")?)?;
        let args = match self.arguments(call).as_slice() {
            [list] if list.kind() == "array" => children(*list),
            _ => return None,
        };
        let args = args.into_iter().map(|arg| Arg { name: None, value: self.js_expr(arg) }).collect();
        Some(ExprKind::Call(Box::new(CallExpr { callee, args })))
    }

    /// `f.call.apply(f, [this, path].concat(rest))` is `f.apply(this, [path].concat(rest))`: the
    /// function that is called, the object, and the list, whose first element is the object.
    pub(super) fn js_applied_call(&self, call: Node<'t>) -> Option<(Node<'t>, Node<'t>, Node<'t>)> {
        let function = call.child_by_field_name("function").map(bare)?;
        let way = function.child_by_field_name("object").map(bare)?;
        if self.member_name(function)? != "apply" || self.member_name(way)? != "call" {
            return None;
        }
        let args = self.arguments(call);
        let [_, list] = args.as_slice() else { return None };
        let mut first = *list;
        while first.kind() == "call_expression" {
            let concat = first.child_by_field_name("function")?;
            first = concat
                .child_by_field_name("object")
                .filter(|_| self.member_name(concat) == Some("concat"))?;
        }
        let this = children(first).first().copied().filter(|_| first.kind() == "array")?;
        Some((bare(way.child_by_field_name("object")?), this, *list))
    }

    /// What compilers make of lists that are spread: `_toConsumableArray(parts)`,
    /// `__spreadArray(["a"], parts, true)`.
    pub(super) fn js_list_compiled(&mut self, call: Node<'t>) -> Option<ExprKind> {
        let whole = match self.helper_of(call)? {
            "toConsumableArray" | "to_consumable_array" => true,
            "spreadArray" | "spreadArrays" | "spread" => false,
            _ => return None,
        };
        let args = self.arguments(call);
        if whole {
            return Some(self.js_expr(*args.first()?).kind);
        }
        let mut out = Vec::new();
        for list in args.into_iter().filter(|list| !matches!(list.kind(), "true" | "false")) {
            let list = self.js_expr(list);
            match list.kind {
                ExprKind::List(items) => out.extend(items),
                _ => out.push(Expr { span: list.span, kind: ExprKind::Spread(Box::new(list)) }),
            }
        }
        Some(ExprKind::List(out))
    }

    /// The loop by which compilers gather `...rest`:
    /// `for (var _len = arguments.length, rest = new Array(_len), _key = 0; _key < _len; _key++) {
    /// rest[_key] = arguments[_key]; }`, or `for (var _i = 1; _i < arguments.length; _i++)`.
    pub(super) fn js_rest(&mut self, loops: Node<'t>) -> Option<Stmt> {
        let body = loops.child_by_field_name("body")?;
        let only = match children(body).as_slice() {
            [only] if body.kind() == "statement_block" => *only,
            _ => body,
        };
        let given = children(only).first().copied().filter(|_| only.kind() == "expression_statement")?;
        let (left, right) = (given.child_by_field_name("left")?, given.child_by_field_name("right")?);
        let index = right.child_by_field_name("index").filter(|index| index.kind() == "identifier")?;
        if self.text(right.child_by_field_name("object")?) != "arguments"
            || !self.text(loops.child_by_field_name("initializer")?).contains("arguments.length")
                && !self.text(loops.child_by_field_name("condition")?).contains("arguments.length")
        {
            return None;
        }
        let list = left.child_by_field_name("object").filter(|list| list.kind() == "identifier")?;
        let first = children(loops.child_by_field_name("initializer")?).into_iter().find_map(|made| {
            let name = made.child_by_field_name("name")?;
            (self.text(name) == self.text(index)).then(|| made.child_by_field_name("value")).flatten()
        })?;
        let first = self.text(first).parse().ok()?;
        let target = expr(ExprKind::Name(self.name(list)), list);
        Some(Stmt::Assign { target, value: expr(ExprKind::PositionalRest(first), right) })
    }

    /// The first element of a list that is spread, as the text that is filled in: `%s` is open.
    pub(super) fn js_first_of(&mut self, list: Expr, node: Node<'t>) -> ExprKind {
        let list = match list.kind {
            ExprKind::Spread(list) => *list,
            _ => list,
        };
        match list.kind {
            ExprKind::PositionalRest(from) if let Some(first) = self.argument_at(from) => {
                ExprKind::Name(first)
            }
            _ => ExprKind::Index(Box::new(list), Box::new(expr(ExprKind::Text("0".into()), node))),
        }
    }
}

/// Parts of a path that a function joins, also where a list of them is spread.
pub(super) fn joined(mut values: Vec<Expr>, node: Node<'_>) -> ExprKind {
    if values.iter().any(|value| matches!(value.kind, ExprKind::Spread(_) | ExprKind::PositionalRest(_))) {
        return strings::imploded(
            expr(ExprKind::Text("/".into()), node),
            expr(ExprKind::List(values), node),
            node,
        );
    }
    let base = Box::new(values.remove(0));
    ExprKind::Join { base, parts: values, style: JoinStyle::Path }
}
