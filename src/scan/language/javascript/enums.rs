//! Enumerations: as they are written, and as compilers leave them. Either is an object of constants.

use tree_sitter::Node;

use super::classes::bare;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, span};

impl<'t> Lowering<'t> {
    /// An enumeration is an object of constants; what has no value of its own is the next number.
    pub(super) fn js_enum(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let (Some(name), Some(body)) = (node.child_by_field_name("name"), node.child_by_field_name("body"))
        else {
            return;
        };
        let mut entries = Vec::new();
        let mut next = Some(0_i64);
        for member in children(body) {
            if let Some(value) = member.child_by_field_name("value") {
                let value = self.js_expr(value);
                next = match &value.kind {
                    ExprKind::Text(text) => text.parse::<i64>().ok().and_then(|number| number.checked_add(1)),
                    _ => None,
                };
                entries.push((self.field_name(member, "name").map(Key::from), value));
            } else if member.kind() == "property_identifier"
                && let Some(number) = next
            {
                let value = expr(ExprKind::Text(number.to_string().into()), member);
                entries.push((Some(self.key(member)), value));
                next = number.checked_add(1);
            }
        }
        let target = expr(ExprKind::Name(self.name(name)), name);
        out.push(Stmt::Assign { target, value: expr(ExprKind::Object(entries), body) });
    }

    /// A compiled enumeration that stands alone, with the names it goes by:
    /// `(function (Paths) { Paths["Users"] = "/users"; })(Paths || (exports.Paths = Paths = {}))`.
    pub(super) fn js_enum_filled(&mut self, call: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let Some(ExprKind::Object(entries)) = self.js_enum_compiled(call) else { return false };
        let mut targets = Vec::new();
        let mut given = self.arguments(call);
        while let Some(part) = given.pop().map(bare) {
            let left = part.child_by_field_name("left");
            targets.extend(
                left.map(bare).filter(|left| matches!(left.kind(), "identifier" | "member_expression")),
            );
            given.extend(part.child_by_field_name("right"));
        }
        let Some(named) = targets.iter().position(|target| target.kind() == "identifier") else {
            return false;
        };
        let named = targets.remove(named);
        let target = expr(ExprKind::Name(self.name(named)), named);
        out.push(Stmt::Assign { target, value: expr(ExprKind::Object(entries), call) });
        for target in targets.into_iter().filter(|target| target.kind() == "member_expression") {
            self.js_assigned(target, named, out);
        }
        true
    }

    /// The object that a compiled enumeration is: a function is called with what is nothing yet, gives
    /// it constants and does nothing else.
    pub(super) fn js_enum_compiled(&mut self, call: Node<'t>) -> Option<ExprKind> {
        let function = bare(call.child_by_field_name("function")?);
        if !matches!(function.kind(), "function_expression" | "arrow_function") {
            return None;
        }
        let args = self.arguments(call);
        let [given] = args.as_slice() else { return None };
        let nothing_yet = matches!(bare(*given).kind(), "binary_expression" | "assignment_expression")
            || self.text(*given) == "{}";
        if !nothing_yet {
            return None;
        }
        let params = function.child_by_field_name("parameters").map(children).unwrap_or_default();
        let [param] = params.as_slice() else { return None };
        let param = self.text(*param);
        let body = function.child_by_field_name("body").filter(|body| body.kind() == "statement_block")?;
        let mut constants = Vec::new();
        for stmt in children(body) {
            let inner = children(stmt);
            match (stmt.kind(), inner.as_slice()) {
                ("comment" | "empty_statement", _) => {}
                ("return_statement", [given]) if self.text(*given) == param => {}
                ("expression_statement", [assignment]) => {
                    constants.push(self.enum_constant(*assignment, param)?);
                }
                _ => return None,
            }
        }
        let entries = constants.into_iter().map(|(key, value)| (Some(key), self.js_expr(value)));
        let entries: Vec<_> = entries.collect();
        (!entries.is_empty()).then_some(ExprKind::Object(entries))
    }

    /// Name and value of a constant: `Paths["Users"] = "/users"`, `Kind[Kind["One"] = 1] = "One"`.
    fn enum_constant(&self, assignment: Node<'t>, param: &str) -> Option<(Key, Node<'t>)> {
        let left = assignment
            .child_by_field_name("left")
            .filter(|_| assignment.kind() == "assignment_expression")?;
        left.child_by_field_name("object").filter(|object| self.text(*object) == param)?;
        let key = left.child_by_field_name("index").or_else(|| left.child_by_field_name("property"))?;
        if key.kind() == "assignment_expression" {
            return self.enum_constant(key, param);
        }
        let name = match key.kind() {
            "property_identifier" => self.text(key),
            "string" => self.text(key).trim_matches(['"', '\'']),
            _ => return None,
        };
        let value = assignment.child_by_field_name("right")?;
        let constant = matches!(
            bare(value).kind(),
            "string" | "template_string" | "number" | "unary_expression" | "binary_expression"
        );
        constant.then(|| (Key::new(name.into(), span(key)), value))
    }
}
