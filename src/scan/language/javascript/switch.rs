//! What scripts ask of a name by words, numbers and constants of theirs (`case Method.Get:`),
//! also where a compiler has made jumps of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tree_sitter::Node;

use super::classes::bare;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, field_children};

impl<'t> Lowering<'t> {
    /// A `switch`: its arms, and what holds in each.
    pub(super) fn js_switch(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let mut arms = vec![Vec::new()];
        self.js_condition(node, "value", out);
        let subject = node.child_by_field_name("value").map(bare);
        let mut labels: Vec<Node<'t>> = Vec::new();
        let mut all: Vec<Node<'t>> = Vec::new();
        for case in node.child_by_field_name("body").map(children).unwrap_or_default() {
            let mut arm = Vec::new();
            let label = case.child_by_field_name("value").filter(|label| self.js_among(&[*label]).is_some());
            let default = case.kind() == "switch_default";
            labels.extend(label);
            all.extend(label);
            // What stands before it may run on into it.
            let asked = if default { &all } else { &labels };
            if let Some(subject) = subject.filter(|_| default || !labels.is_empty())
                && let Some(test) = self.js_among(asked)
                && let Some(asked) = self.js_subject(subject, test, true)
            {
                arm.push(asked.when(!default));
            }
            if case.child_by_field_name("body").is_some() {
                labels.clear();
            }
            for stmt in field_children(case, "body") {
                self.js_statement(stmt, &mut arm);
            }
            arm.retain(|stmt| !matches!(stmt, Stmt::Leave));
            arms.push(arm);
        }
        out.push(Stmt::Branch(arms));
    }

    /// Whether it is one of some words, numbers and constants.
    pub(crate) fn js_among(&self, words: &[Node<'t>]) -> Option<Test> {
        let (mut texts, mut names) = (Vec::new(), Vec::new());
        for word in words {
            match self.js_word(*word) {
                Some(text) => texts.push(text),
                None => names.push(self.js_constant(bare(*word))?),
            }
        }
        Some(match names.is_empty() {
            true => Test::Among(texts),
            false => Test::Constant(Box::new(Constants { texts, names })),
        })
    }

    /// The name of a constant: `HttpMethod.Get`, `GET_ALL`.
    fn js_constant(&self, node: Node<'t>) -> Option<Arc<str>> {
        let mut at = node;
        while at.kind() == "member_expression" {
            at = at.child_by_field_name("object")?;
        }
        let name = self.text(node);
        let mut parts = name.rsplit('.');
        let last = parts.next()?;
        let capitals = |name: &str| name.len() > 1 && !name.contains(char::is_lowercase);
        let constant = match parts.next() {
            Some(of) => of.starts_with(char::is_uppercase),
            None => capitals(last) && last.contains(|c: char| c.is_ascii_uppercase()),
        };
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$');
        (at.kind() == "identifier" && constant && name.chars().all(plain)).then(|| name.into())
    }

    /// The steps of a state machine that a `switch` inside of it jumps to, with what holds there:
    /// `switch (_a) { case 0: return [3 /*break*/, 2]; case 1: return [3 /*break*/, 4]; }`.
    pub(super) fn js_jumps(&self, machine: Node<'t>) -> BTreeMap<&'t str, Stmt> {
        let mut jumps = BTreeMap::new();
        let steps = machine.child_by_field_name("body").map(children).unwrap_or_default();
        let inner = steps.into_iter().flat_map(|step| field_children(step, "body"));
        for switch in inner.filter(|stmt| stmt.kind() == "switch_statement") {
            let Some(subject) = switch.child_by_field_name("value").map(bare) else { continue };
            for case in switch.child_by_field_name("body").map(children).unwrap_or_default() {
                let label = case.child_by_field_name("value").and_then(|label| self.js_among(&[label]));
                let to = match field_children(case, "body").as_slice() {
                    [only] => self.jump_of(*only),
                    _ => None,
                };
                if let (Some(test), Some(to)) = (label, to)
                    && let Some(asked) = self.js_subject(subject, test, true)
                {
                    jumps.insert(to, asked.when(true));
                }
            }
        }
        jumps
    }

    /// The step that `return [3 /*break*/, 4]` goes to.
    fn jump_of(&self, stmt: Node<'t>) -> Option<&'t str> {
        let list = children(stmt).first().copied().filter(|list| list.kind() == "array")?;
        let items: Vec<Node<'t>> =
            children(list).into_iter().filter(|item| item.kind() != "comment").collect();
        match items.as_slice() {
            [way, to] if stmt.kind() == "return_statement" && self.text(*way) == "3" => Some(self.text(*to)),
            _ => None,
        }
    }

    /// Whether a step of a state machine ends its part: it is done, or jumps elsewhere.
    pub(super) fn leaves_step(&self, stmt: Node<'t>) -> bool {
        let done = || {
            let list = children(stmt).first().copied().filter(|list| list.kind() == "array");
            let first = list.and_then(|list| children(list).first().copied());
            first.is_some_and(|way| self.text(way) == "2")
        };
        stmt.kind() == "return_statement" && (self.jump_of(stmt).is_some() || done())
    }
}
