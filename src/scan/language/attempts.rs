//! What the body of a `try` may not have come to.

use std::sync::Arc;

use tree_sitter::Node;

use super::lower::{Lowering, children};
use crate::scan::form::*;
use crate::scan::wording;

/// What stands behind the name of a variable that keeps what was there before a `try`.
const BEFORE: &str = " (before)";

/// Lets the methods that a body gives names be those that there were before as well, where a
/// handler goes on: `method = "POST"; try { find(); method = "PUT" } catch {}`. The body begins
/// at `start`; what comes first in it cannot fail to happen.
pub(super) fn may_not_happen(out: &mut Vec<Stmt>, start: usize, body: usize) {
    let given = |stmt: &Stmt| match stmt {
        Stmt::Assign { target, value } => match (&target.kind, &value.kind) {
            (ExprKind::Name(name), ExprKind::Text(text)) if wording::method_named(text).is_some() => {
                Some((name.clone(), target.span))
            }
            _ => None,
        },
        _ => None,
    };
    let end = (start + body).min(out.len());
    let named: Vec<(Arc<str>, Span)> = out[start..end].iter().skip(1).filter_map(given).collect();
    for (name, span) in named {
        let variable = |name: &str| Expr { kind: ExprKind::Name(name.into()), span };
        let kept = format!("{name}{BEFORE}");
        out.insert(start, Stmt::Assign { target: variable(&kept), value: variable(&name) });
        let back = Stmt::Assign { target: variable(&name), value: variable(&kept) };
        out.push(Stmt::Branch(vec![vec![back], Vec::new()]));
    }
}

/// A statement of a body that may end before it.
pub(super) fn attempted(stmt: Stmt) -> Stmt {
    match stmt {
        leaving @ (Stmt::Return(_) | Stmt::Leave) => Stmt::Branch(vec![vec![leaving], Vec::new()]),
        other => other,
    }
}

impl<'t> Lowering<'t> {
    /// Python's `try`: the handlers run after some part of the body, or not at all.
    pub(super) fn py_attempt(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let body = self.py_field(node, "body");
        let (start, count) = (out.len(), body.len());
        out.extend(body.into_iter().map(attempted));
        let (mut goes_on, mut last) = (false, Vec::new());
        for clause in children(node) {
            let blocks = || children(clause).into_iter().filter(|child| child.kind() == "block");
            match clause.kind() {
                "except_clause" | "except_group_clause" => {
                    let arm = blocks().next_back().map(|block| self.py_block(block)).unwrap_or_default();
                    goes_on |= !leaves(&arm);
                    out.push(Stmt::Branch(vec![arm, Vec::new()]));
                }
                "else_clause" => out.extend(self.py_field(clause, "body")),
                "finally_clause" => blocks().for_each(|block| last.extend(self.py_block(block))),
                _ => {}
            }
        }
        if goes_on {
            may_not_happen(out, start, count);
        }
        out.extend(last);
    }

    /// The `try` of scripts.
    pub(super) fn js_attempt(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let body = self.js_field(node, "body");
        let (start, count) = (out.len(), body.len());
        out.extend(body.into_iter().map(attempted));
        if let Some(handler) = node.child_by_field_name("handler") {
            let body = self.js_field(handler, "body");
            let goes_on = !leaves(&body);
            out.push(Stmt::Branch(vec![body, Vec::new()]));
            if goes_on {
                may_not_happen(out, start, count);
            }
        }
        if let Some(last) = node.child_by_field_name("finalizer") {
            out.extend(self.js_field(last, "body"));
        }
    }
}
