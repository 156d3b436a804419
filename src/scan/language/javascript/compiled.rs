//! What compilers make of newer syntax, back in its own form: private members
//! (`this.#base`), `a ?? b`, `a?.b`, `{ ...a, b }`, `async` functions and defaults of parameters.

use tree_sitter::Node;

use super::classes::bare;
use super::syntax::default_of;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};

impl<'t> Lowering<'t> {
    /// The object and the name of a private member: `__classPrivateFieldGet(this, _Client_base, "f")`,
    /// `_classPrivateFieldGet(_base, this)`, of a method with the function that it is.
    fn private_member(&self, call: Node<'t>, reads: bool) -> Option<(Node<'t>, Node<'t>, Vec<Node<'t>>)> {
        let function = self.called(call.child_by_field_name("function")?);
        let name = self.text(function).rsplit('.').next()?.trim_start_matches('_').trim_end_matches('2');
        let known = match reads {
            true => matches!(name, "classPrivateFieldGet" | "assertClassBrand"),
            false => name == "classPrivateFieldSet",
        };
        if !known {
            return None;
        }
        let args = children(call.child_by_field_name("arguments")?);
        let (first, second) = (*args.first()?, *args.get(1)?);
        let member = |node: &Node<'t>| node.kind() == "identifier" && self.text(*node).starts_with('_');
        let this = |node: &Node<'t>| !member(node) || self.text(*node) == "_this";
        match (this(&first), member(&second)) {
            (true, true) => Some((first, second, args)),
            _ if member(&first) && this(&second) => Some((second, first, args)),
            _ => None,
        }
    }

    /// Reading of a private member, as the member that it is.
    pub(super) fn js_private(&mut self, call: Node<'t>) -> Option<ExprKind> {
        let (object, name, args) = self.private_member(call, true)?;
        // A method is named behind the set of the objects that have it.
        let method = args.get(2).filter(|kind| self.text(**kind).trim_matches('"') == "m");
        let method =
            method.and_then(|_| args.get(3)).or(args.get(2)).filter(|node| node.kind() == "identifier");
        let name = self.name(method.copied().unwrap_or(name));
        let object = self.js_expr(object);
        Some(ExprKind::Member(Box::new(object), name))
    }

    /// A private member that is given a value.
    pub(super) fn js_private_set(&mut self, call: Node<'t>) -> Option<Stmt> {
        let (object, name, args) = self.private_member(call, false)?;
        let value = self.js_expr(*args.get(2)?);
        let name = self.name(name);
        let object = Box::new(self.js_expr(object));
        Some(Stmt::Assign { target: expr(ExprKind::Member(object, name), call), value })
    }

    /// `_Client_ask = async function _Client_ask(path) {...}` behind a class: a private method.
    pub(super) fn js_private_methods(&mut self, sequence: Node<'t>) -> bool {
        let mut found = false;
        let mut parts = vec![sequence];
        while let Some(part) = parts.pop() {
            if part.kind() == "sequence_expression" {
                parts.extend(children(part));
                continue;
            }
            let (Some(left), Some(right)) =
                (part.child_by_field_name("left"), part.child_by_field_name("right"))
            else {
                continue;
            };
            let name = self.text(left);
            let class = self.unit.classes.iter().position(|class| {
                let rest = name.strip_prefix('_').and_then(|name| name.strip_prefix(&*class.name));
                rest.is_some_and(|rest| rest.starts_with('_'))
            });
            if let Some(class) = class.filter(|_| right.kind() == "function_expression") {
                let id = self.js_function(right, Some(name.into()), Some(class), false);
                self.unit.functions[id].constructor = false;
                found = true;
            }
        }
        found
    }

    /// `(_a = x) !== null && _a !== void 0 ? _a : y` is `x ?? y`, and
    /// `x === null || x === void 0 ? void 0 : x.y` is `x?.y`.
    pub(super) fn js_nullish(&mut self, ternary: Node<'t>) -> Option<ExprKind> {
        let condition = bare(ternary.child_by_field_name("condition")?);
        let (first, second) =
            (bare(condition.child_by_field_name("left")?), bare(condition.child_by_field_name("right")?));
        if self.text(second.child_by_field_name("right")?) != "void 0"
            || self.text(first.child_by_field_name("right")?) != "null"
        {
            return None;
        }
        let then = ternary.child_by_field_name("consequence")?;
        let otherwise = ternary.child_by_field_name("alternative")?;
        let asked = bare(first.child_by_field_name("left")?);
        let name = self.text(second.child_by_field_name("left")?);
        match self.text(condition.child_by_field_name("operator")?) {
            "&&" if self.text(then) == name => {
                let value = asked.child_by_field_name("right").unwrap_or(asked);
                let both = vec![self.js_expr(value), self.js_expr(otherwise)];
                Some(default_of(both))
            }
            "||" if self.text(then) == "void 0" && asked.kind() != "assignment_expression" => {
                Some(self.js_expr(otherwise).kind)
            }
            _ => None,
        }
    }
    /// `arguments.length > 2 && arguments[2] !== undefined ? arguments[2] : "GET"` is a
    /// parameter with a default. Older compilers ask the other way round.
    pub(super) fn js_argument_default(&mut self, ternary: Node<'t>) -> Option<ExprKind> {
        let condition = bare(ternary.child_by_field_name("condition")?);
        let (first, second) =
            (bare(condition.child_by_field_name("left")?), bare(condition.child_by_field_name("right")?));
        let mut arms =
            (ternary.child_by_field_name("consequence")?, ternary.child_by_field_name("alternative")?);
        let operator = |lowering: &Self, node: Node<'t>| {
            node.child_by_field_name("operator").map(|operator| lowering.text(operator))
        };
        let asked = match operator(self, condition)? {
            "&&" => (">", "!=="),
            "||" => ("<=", "==="),
            _ => return None,
        };
        if (operator(self, first)?, operator(self, second)?) != asked
            || self.text(first.child_by_field_name("left")?) != "arguments.length"
            || !matches!(self.text(second.child_by_field_name("right")?), "undefined" | "void 0")
        {
            return None;
        }
        if asked.1 == "===" {
            arms = (arms.1, arms.0);
        }
        let (given, default) = arms;
        let index = self.text(given.child_by_field_name("index")?);
        if self.text(given) != self.text(second.child_by_field_name("left")?)
            || self.text(first.child_by_field_name("right")?) != index
        {
            return None;
        }
        let argument = self.script_argument(given)?;
        if self.text(default) != "undefined" {
            let default = self.js_expr(default);
            self.set_default(&argument, default);
        }
        Some(ExprKind::Name(argument))
    }

    /// The generator that stands for a function's body, with the parameters in their newer form:
    /// `ask(path_1) { return __awaiter(this, arguments, void 0, function* (path, options = {}) {..}) }`.
    pub(super) fn js_stepped(&self, function: Node<'t>) -> Option<Node<'t>> {
        let body = function.child_by_field_name("body")?;
        let call = match children(body).as_slice() {
            [only] if body.kind() == "statement_block" && only.kind() == "return_statement" => {
                children(*only).first().copied()?
            }
            _ => body,
        };
        let helper = self.helper_of(call)?;
        let args = children(call.child_by_field_name("arguments")?);
        let (steps, given) = args.split_last()?;
        let handed = given.iter().any(|arg| arg.kind() == "array" || self.text(*arg) == "arguments");
        (matches!(helper, "awaiter" | "async") && handed && steps.kind() == "generator_function")
            .then_some(*steps)
    }

    /// `__spreadProps(__spreadValues({}, given), { method })` is `{ ...given, method }`.
    pub(super) fn js_spread_compiled(&self, call: Node<'t>) -> Option<Vec<Node<'t>>> {
        let written = self.text(call.child_by_field_name("function")?);
        let spreads = match self.helper_of(call)? {
            "spreadValues"
            | "spreadProps"
            | "objectSpread"
            | "objectSpread2"
            | "object_spread"
            | "object_spread_props" => true,
            // Not `__extends`, which is of classes.
            "extends" => written == "_extends",
            "assign" => written.ends_with("__assign"),
            _ => false,
        };
        let args = children(call.child_by_field_name("arguments")?);
        (spreads && !args.is_empty()).then_some(args)
    }

    /// The helper of a compiler that is called, without what stands before and behind its name:
    /// `tslib_1.__awaiter`, `_objectSpread2.default`.
    pub(super) fn helper_of(&self, call: Node<'t>) -> Option<&'t str> {
        if call.kind() != "call_expression" {
            return None;
        }
        let written = self.text(self.called(call.child_by_field_name("function")?));
        let written = written.trim_end_matches(".default").trim_end_matches("[\"default\"]");
        let name = written.rsplit('.').next()?;
        name.starts_with('_').then(|| name.trim_start_matches('_'))
    }
}
