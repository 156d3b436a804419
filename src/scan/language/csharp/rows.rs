//! C#: tuples, and loops that take them or the entries of a dictionary apart.

use tree_sitter::Node;

use super::syntax::CSharp;
use crate::scan::form::{ExprKind, Stmt};
use crate::scan::language::lower::{Lowering, children};
use crate::scan::language::rows::row_of;
use crate::scan::objects::elements::Rows;

impl<'t> Lowering<'t> {
    /// What a loop gives its names: `foreach (var (method, path) in routes)`; the name of an
    /// entry is given key and value, `entry.Key` and `entry.Value`.
    pub(super) fn cs_each(&mut self, left: Node<'t>, list: Node<'t>, out: &mut Vec<Stmt>) {
        let items = self.value::<CSharp>(list);
        if left.kind() == "identifier" {
            self.local(left, row_of(items, Rows::Entries, list), out);
            return;
        }
        let names = children(left).into_iter().map(name_of).collect();
        for (name, part) in self.row_parts(names, items, Rows::Entries, left, out) {
            self.local(name, part, out);
        }
    }

    /// `("GET", "/users")`, `(Method: "GET", Path: "/users")`
    pub(super) fn cs_tuple(&mut self, node: Node<'t>) -> ExprKind {
        let mut named = Vec::new();
        let mut items = Vec::new();
        for argument in children(node) {
            let Some(value) = children(argument).last().copied() else { continue };
            match argument.child_by_field_name("name") {
                Some(name) => named.push((Some(self.key(name)), self.value::<CSharp>(value))),
                None => items.push(self.value::<CSharp>(value)),
            }
        }
        if named.is_empty() { ExprKind::List(items) } else { ExprKind::Object(named) }
    }
}

/// The name that a part of a pattern declares.
fn name_of(part: Node<'_>) -> Option<Node<'_>> {
    match part.kind() {
        "identifier" => Some(part),
        "argument" => children(part).into_iter().find_map(name_of),
        "declaration_expression" => part.child_by_field_name("name"),
        _ => None,
    }
}
