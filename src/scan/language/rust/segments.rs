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

    /// The last segment, taken off a list that is gone through behind it:
    /// `let last = segments.pop().unwrap(); for segment in segments { .. }`. The loop is read as one over
    /// the whole list, so that nothing is left for the last one to add.
    pub(super) fn rust_last_taken(
        &mut self,
        pattern: Node<'t>,
        value: Node<'t>,
        out: &mut Vec<Stmt>,
    ) -> bool {
        let Some(name) = self.rust_binding(pattern) else { return false };
        let Some(list) = self.rust_list_of_last(value) else { return false };
        let mut behind = value.parent();
        let gone_through = std::iter::from_fn(|| {
            behind = behind?.next_named_sibling();
            behind
        })
        .take(MAX_ABOVE)
        .any(|stmt| {
            let of_loop = if stmt.kind() == "expression_statement" { children(stmt) } else { vec![stmt] };
            of_loop.first().is_some_and(|stmt| {
                let over = stmt.child_by_field_name("value").filter(|_| stmt.kind() == "for_expression");
                over.is_some_and(|over| {
                    let over = self.text(over).trim_start_matches('&').trim_start_matches("mut ");
                    over.split('.').next() == Some(list)
                })
            })
        });
        if gone_through {
            let target = expr(ExprKind::Name(self.name(name)), name);
            out.push(Stmt::Assign { target, value: expr(ExprKind::Text("".into()), value) });
        }
        gone_through
    }

    /// The name of the list whose last element is taken off: `segments.pop().expect("some")`.
    fn rust_list_of_last(&self, value: Node<'t>) -> Option<&'t str> {
        let mut at = value;
        loop {
            if at.kind() == "try_expression" {
                at = children(at).first().copied()?;
                continue;
            }
            let function = at.child_by_field_name("function").filter(|_| at.kind() == "call_expression")?;
            let object = function.child_by_field_name("value")?;
            match self.field_name(function, "field")?.as_ref() {
                "pop" if object.kind() == "identifier" => return Some(self.text(object)),
                "unwrap" | "expect" | "unwrap_or_default" | "ok_or" | "ok_or_else" | "context" => at = object,
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
