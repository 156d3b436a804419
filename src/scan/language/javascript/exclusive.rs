//! Conditions one behind the other of which one can hold at most: `if (kind === "a") { .. }
//! if (kind === "b") { .. }`. What one arm sets never goes with what another one does.

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, below, children};

/// Conditions that are one inside the other at most.
const MAX_CHAIN: usize = 16;
/// What is searched of an arm for an assignment; of a longer one nothing is said.
const MAX_NODES: usize = 1_000;

impl<'t> Lowering<'t> {
    /// Statements of a block, where conditions that exclude each other are arms of one branch.
    pub(super) fn js_statements(&mut self, nodes: &[Node<'t>], out: &mut Vec<Stmt>) {
        let mut rest = nodes;
        while let Some((first, behind)) = rest.split_first() {
            let more = behind.windows(1).zip(rest).take(MAX_CHAIN - 1);
            let more = more.take_while(|(next, last)| self.js_excludes(**last, next[0])).count();
            let (chain, behind) = behind.split_at(more);
            rest = behind;
            let start = out.len();
            self.js_statement(*first, out);
            // Each is what happens where the one before does not hold.
            for (at, next) in chain.iter().enumerate() {
                let mut otherwise = Vec::new();
                self.js_statement(*next, &mut otherwise);
                if let Some(arm) = last_arm(&mut out[start..], at) {
                    arm.append(&mut otherwise);
                }
            }
        }
    }

    /// Whether two statements are conditions of which one can hold at most.
    fn js_excludes(&self, one: Node<'t>, other: Node<'t>) -> bool {
        let compared = |node: Node<'t>| {
            if node.kind() != "if_statement" || node.child_by_field_name("alternative").is_some() {
                return None;
            }
            let mut test = node.child_by_field_name("condition")?;
            while test.kind() == "parenthesized_expression" {
                test = children(test).first().copied()?;
            }
            let operator = test.child_by_field_name("operator").map(|operator| self.text(operator))?;
            let (left, right) = (test.child_by_field_name("left")?, test.child_by_field_name("right")?);
            (matches!(operator, "===" | "==") && left.kind() == "identifier" && right.kind() == "string")
                .then(|| (self.text(left), self.text(right).trim_matches(['"', '\''])))
        };
        let (Some((name, is)), Some((also, other))) = (compared(one), compared(other)) else { return false };
        let body = one.child_by_field_name("consequence");
        name == also && is != other && body.is_none_or(|body| !self.js_sets(body, name))
    }

    /// Whether something in a body may give a name another value.
    fn js_sets(&self, body: Node<'t>, name: &str) -> bool {
        let sets = |node: &Node<'t>| {
            let target = match node.kind() {
                "assignment_expression" | "augmented_assignment_expression" => {
                    node.child_by_field_name("left")
                }
                "update_expression" => node.child_by_field_name("argument"),
                _ => None,
            };
            target.is_some_and(|target| self.text(target) == name)
        };
        let nodes: Vec<_> = below(body, MAX_NODES, |_| true).collect();
        nodes.len() == MAX_NODES || nodes.iter().any(sets)
    }
}

/// What happens where the condition at a place of a chain does not hold.
fn last_arm(out: &mut [Stmt], depth: usize) -> Option<&mut Vec<Stmt>> {
    let branch = out.iter_mut().rev().find_map(|stmt| match stmt {
        Stmt::Branch(arms) => arms.last_mut(),
        _ => None,
    })?;
    match depth {
        0 => Some(branch),
        _ => last_arm(branch, depth - 1),
    }
}
