//! Keys that Python code asks something for: `"id" in reply`, `case {"id": number}`.

use tree_sitter::Node;

use crate::scan::fields::each_answer::SLICE;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, field_children};
use crate::scan::language::shared::{call, member};
use crate::scan::value::truth;

/// The method that an object is asked by whether it has a key.
const HAS: &str = "__contains__";

/// A part of a list: `items[:5]`.
pub(super) fn slice(object: Expr, node: Node<'_>) -> ExprKind {
    let any = Arg { name: None, value: expr(ExprKind::Unknown("".into()), node) };
    call(member(object, SLICE, node), vec![any])
}

impl<'t> Lowering<'t> {
    /// A comparison: `"id" in reply` asks the reply for it.
    pub(super) fn py_comparison(&mut self, node: Node<'t>) -> ExprKind {
        let parts = children(node);
        let mut values = Vec::with_capacity(parts.len());
        if let [key, object] = parts.as_slice()
            && key.kind() == "string"
            && matches!(object.kind(), "identifier" | "subscript" | "attribute" | "call")
            && let Some(between) = self.source.get(key.end_byte()..object.start_byte())
            && matches!(between.split_whitespace().collect::<Vec<_>>().as_slice(), ["in"] | ["not", "in"])
        {
            let object = self.py_expr(*object);
            let value = self.py_expr(*key);
            let key = expr(ExprKind::Unknown("".into()), node);
            let has = call(member(object, HAS, node), vec![Arg { name: None, value }]);
            values.extend([key, expr(has, node)]);
        } else {
            values.extend(parts.into_iter().map(|part| self.py_expr(part)));
        }
        truth::of_comparison(values)
    }

    /// The name under which the subject of a `match` is asked for by its cases: its own, or one
    /// that is made for it, as it is evaluated once.
    pub(super) fn py_match_subject(&mut self, whole: Node<'t>, out: &mut Vec<Stmt>) -> Option<Expr> {
        let subjects = field_children(whole, "subject");
        let [subject] = subjects.as_slice() else {
            for subject in subjects {
                let value = self.py_expr(subject);
                out.push(Stmt::Expr(value));
            }
            return None;
        };
        let value = self.py_expr(*subject);
        if matches!(value.kind, ExprKind::Name(_)) {
            return Some(value);
        }
        let held = self.hold(value, *subject, out);
        Some(expr(ExprKind::Name(held), *subject))
    }

    /// The keys of a pattern of a `match`, which are read of its subject, and the names that it
    /// gives what stands under them.
    pub(super) fn py_case_keys(&mut self, subject: Option<&Expr>, case: Node<'t>, out: &mut Vec<Stmt>) {
        let Some(Expr { kind: ExprKind::Name(subject), span }) = subject else { return };
        let pattern = |node: &Node<'t>| node.kind() == "case_pattern";
        for case in children(case).into_iter().filter(pattern) {
            for dict in children(case).into_iter().filter(|node| node.kind() == "dict_pattern") {
                let mut key = None;
                for part in children(dict) {
                    if part.kind() == "string" {
                        key = Some(part);
                        continue;
                    }
                    let Some(key) = key.take() else { continue };
                    let object = Box::new(Expr { kind: ExprKind::Name(subject.clone()), span: *span });
                    let place = Box::new(self.py_expr(key));
                    let value = expr(ExprKind::Index(object, place), key);
                    let name = self.text(part);
                    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
                    out.push(
                        match plain
                            && !matches!(name, "_" | "None" | "True" | "False")
                            && !name.starts_with(char::is_numeric)
                        {
                            true => Stmt::Assign { target: expr(ExprKind::Name(name.into()), part), value },
                            false => Stmt::Expr(value),
                        },
                    );
                }
            }
        }
    }
}
