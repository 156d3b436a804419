//! Variables of PowerShell that a function gives to the whole script or module:
//! `$script:Server = [Server]::new($Url)`.

use tree_sitter::Node;

use super::syntax::{PowerShell, child_of};
use crate::scan::form::Stmt;
use crate::scan::language::lower::{Lowering, children};
use crate::scan::language::shared::named;

impl<'t> Lowering<'t> {
    /// What functions give to such variables, as the script's own assignments. A command is
    /// run where it stands, and nowhere else.
    pub(super) fn ps_scripted(&mut self, root: Node<'t>) -> Vec<Stmt> {
        let found: Vec<_> = all_below(root)
            .into_iter()
            .filter(|node| node.kind() == "assignment_expression" && in_function(*node))
            .filter_map(|node| {
                let left = child_of(node, "left_assignment_expression")?;
                let value = node.child_by_field_name("value")?;
                let name = self.text(left).trim().to_ascii_lowercase();
                let scoped = ["$script:", "$global:"].iter().any(|scope| name.starts_with(scope));
                let plain = child_of(node, "assignement_operator").is_none_or(|sign| self.text(sign) == "=");
                let runs = || all_below(value).iter().any(|inner| inner.kind() == "command");
                (scoped && plain && !name.contains(['.', '[']) && !runs()).then_some((left, value))
            })
            .collect();
        let mut out = Vec::new();
        for (left, value) in found {
            let value = self.value::<PowerShell>(value);
            let name = self.ps_variable(left);
            out.push(Stmt::Assign { target: named(&name, left), value });
        }
        out
    }
}

fn in_function(node: Node<'_>) -> bool {
    let mut around = std::iter::successors(node.parent(), |at| at.parent());
    around.any(|at| matches!(at.kind(), "function_statement" | "class_method_definition"))
}

/// A node and all below it.
pub(super) fn all_below(node: Node<'_>) -> Vec<Node<'_>> {
    let mut out = vec![node];
    let mut at = 0;
    while at < out.len() {
        out.extend(children(out[at]));
        at += 1;
    }
    out
}
