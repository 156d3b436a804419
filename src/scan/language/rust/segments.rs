//! Rust: segments that a URL is given one by one,
//! `url.path_segments_mut()?.pop_if_empty().push("users").extend(&[id])`.

use tree_sitter::Node;

use super::syntax::Rust;
use crate::scan::form::{ExprKind, JoinStyle, Stmt};
use crate::scan::language::lower::{Lowering, children, expr};

/// Statements between a name and the `let` that gives it its segments.
const MAX_ABOVE: usize = 24;

impl<'t> Lowering<'t> {
    /// The URL after the segments of a statement, as an assignment.
    pub(super) fn rust_segments(&mut self, node: Node<'t>) -> Option<Stmt> {
        let mut added = Vec::new();
        let url = self.rust_url_of_segments(node, &mut added, true)?;
        if added.is_empty() {
            return None;
        }
        added.reverse();
        let base = Box::new(self.value::<Rust>(url));
        let part = |part: Node<'t>| {
            let value = self.value::<Rust>(part);
            // `extend(segments)`: what a caller gives as a list, or one text.
            let listed = part.kind() == "identifier"
                && part.parent().and_then(|args| args.prev_named_sibling()).is_some_and(|function| {
                    function.child_by_field_name("field").is_some_and(|name| self.text(name) == "extend")
                });
            if !listed {
                return value;
            }
            let separator = Box::new(expr(ExprKind::Text("/".into()), part));
            expr(ExprKind::Implode { list: Box::new(value), separator }, part)
        };
        let parts = added.into_iter().map(part).collect();
        let joined = expr(ExprKind::Join { base, parts, style: JoinStyle::Path }, node);
        Some(Stmt::Assign { target: self.value::<Rust>(url), value: joined })
    }

    /// Follows a chain of calls back to the URL whose segments they change; `added` gets
    /// the segments, the last one first. With `named`, the chain may begin with a name.
    fn rust_url_of_segments(
        &self,
        node: Node<'t>,
        added: &mut Vec<Node<'t>>,
        named: bool,
    ) -> Option<Node<'t>> {
        let mut at = node;
        loop {
            match at.kind() {
                "try_expression" | "parenthesized_expression" => at = children(at).first().copied()?,
                "call_expression" => {
                    let function = at.child_by_field_name("function")?;
                    let object = function.child_by_field_name("value")?;
                    let args = at.child_by_field_name("arguments").map(children).unwrap_or_default();
                    match (self.field_name(function, "field")?.as_ref(), args.as_slice()) {
                        ("path_segments_mut", []) => return Some(object),
                        ("push" | "extend", [part]) => added.push(*part),
                        (
                            "pop_if_empty" | "unwrap" | "expect" | "map_err" | "ok" | "ok_or" | "ok_or_else",
                            _,
                        )
                        | ("context" | "with_context", _) => {}
                        _ => return None,
                    }
                    at = object;
                }
                "identifier" if named && !added.is_empty() => {
                    let bound = self.rust_bound_above(at)?;
                    return self.rust_url_of_segments(bound, &mut Vec::new(), false);
                }
                _ => return None,
            }
        }
    }

    /// What a name was given by a `let` before, in the same block.
    fn rust_bound_above(&self, name: Node<'t>) -> Option<Node<'t>> {
        let mut stmt = name;
        while stmt.parent()?.kind() != "block" {
            stmt = stmt.parent()?;
        }
        let mut before = stmt.prev_named_sibling();
        for _ in 0..MAX_ABOVE {
            let known = before?;
            let pattern = known.child_by_field_name("pattern").filter(|_| known.kind() == "let_declaration");
            if pattern.is_some_and(|pattern| self.text(pattern) == self.text(name)) {
                return known.child_by_field_name("value");
            }
            before = known.prev_named_sibling();
        }
        None
    }
}
