//! Rust: what takes tuples apart, and texts that are written into a `String` piece by piece.

use tree_sitter::Node;

use super::macros;
use super::syntax::Rust;
use crate::scan::form::{Expr, ExprKind, Stmt};
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::objects::elements::Rows;

impl<'t> Lowering<'t> {
    /// `let (method, path) = request.parts();`: each name is an element. False for another
    /// pattern.
    pub(super) fn rust_tuple(&mut self, pattern: Node<'t>, value: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let parts = pattern.kind() == "tuple_pattern";
        if parts {
            let value = self.value::<Rust>(value);
            self.rust_parts(pattern, value, out);
        }
        parts
    }

    /// `for (method, path) in ROUTES { .. }`: each name is an element of one of them. False for
    /// another pattern.
    pub(super) fn rust_tuples(&mut self, pattern: Node<'t>, list: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        // `for &(method, path) in ROUTES`
        let inner = children(pattern).into_iter().next().filter(|_| pattern.kind() == "reference_pattern");
        let pattern = inner.unwrap_or(pattern);
        let parts = pattern.kind() == "tuple_pattern";
        if parts {
            let items = self.value::<Rust>(list);
            let names = children(pattern).into_iter().map(|part| self.rust_binding(part)).collect();
            for (name, part) in self.row_parts(names, items, Rows::Entries, pattern, out) {
                self.local(name, part, out);
            }
        }
        parts
    }

    fn rust_parts(&mut self, pattern: Node<'t>, value: Expr, out: &mut Vec<Stmt>) {
        let names = children(pattern).into_iter().map(|part| self.rust_binding(part)).collect();
        for (name, part) in self.parts(names, value, pattern, out) {
            self.local(name, part, out);
        }
    }

    /// `write!(url, "/users/{id}")?;` makes the text longer that it is given first.
    pub(super) fn rust_written(&mut self, node: Node<'t>) -> Option<Stmt> {
        let mut at = node;
        while at.kind() != "macro_invocation" {
            let inner = match at.kind() {
                "try_expression" | "parenthesized_expression" => children(at).first().copied(),
                // `write!(..).unwrap()`
                "call_expression" => at.child_by_field_name("function")?.child_by_field_name("value"),
                _ => None,
            };
            at = inner?;
        }
        if !matches!(&*self.field_name(at, "macro")?, "write" | "std::write") {
            return None;
        }
        let tree = children(at).into_iter().find(|child| child.kind() == "token_tree")?;
        let (target, text) = macros::written(self, tree)?;
        let ExprKind::Name(name) = &target.kind else { return None };
        let again = || Expr { kind: ExprKind::Name(name.clone()), span: target.span };
        let longer = expr(ExprKind::Concat(vec![again(), expr(text, tree)]), at);
        Some(Stmt::Assign { target: again(), value: longer })
    }
}
