//! Assignments of C# that stand as expressions, and those of several names at once.

use tree_sitter::Node;

use super::syntax::CSharp;
use crate::scan::form::Stmt;
use crate::scan::language::lower::{Lowering, children};

impl<'t> Lowering<'t> {
    /// Lowers a body that is nothing but an assignment: `=> _client = client`,
    /// `=> (_client, _url) = (client, url)`. False for any other one.
    pub(super) fn cs_only_sets(&mut self, body: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let Some(inner) = children(body).first().copied().filter(|one| one.kind() == "assignment_expression")
        else {
            return false;
        };
        self.cs_sets(inner, out);
        true
    }

    /// Lowers an assignment, of which each side may be a tuple.
    pub(super) fn cs_sets(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let side = |name: &str| node.child_by_field_name(name);
        let tuple = |node: Node<'t>| {
            let parts = children(node).into_iter().map(|part| children(part).last().copied().unwrap_or(part));
            (node.kind() == "tuple_expression").then(|| parts.collect::<Vec<_>>())
        };
        let (Some(left), Some(right)) = (side("left").and_then(tuple), side("right").and_then(tuple)) else {
            return self.cs_assignment(node, out);
        };
        for (name, value) in left.into_iter().zip(right) {
            let value = self.value::<CSharp>(value);
            let target = self.value::<CSharp>(name);
            out.push(Stmt::Assign { target, value });
        }
    }
}
