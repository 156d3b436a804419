//! What the patterns of JavaScript give beside the names in them: the rest of an object, and what
//! is made for each pair of a table.

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::fields::each_answer::SLICE;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::named;

impl<'t> Lowering<'t> {
    /// What a function knows of a parameter that is said to be one of some words:
    /// `kind: "users" | "groups"`.
    pub(super) fn js_words_of(&self, param: Node<'t>, name: Node<'t>) -> Option<Stmt> {
        let mut left = children(param.child_by_field_name("type")?);
        let mut words: Vec<Arc<str>> = Vec::new();
        while let Some(kind) = left.pop() {
            match kind.kind() {
                "union_type" => left.extend(children(kind)),
                "literal_type" => {
                    let text = children(kind).first().copied().filter(|text| text.kind() == "string")?;
                    words.push(self.text(text).trim_matches(['"', '\'']).into());
                }
                _ => return None,
            }
        }
        // A single word is what tells apart how a function may be called.
        (name.kind() == "identifier" && words.len() > 1).then(|| Stmt::When {
            subject: named(self.text(name), name),
            test: Test::Among(words),
            holds: true,
        })
    }

    /// `const [first, ...others] = list`: the others are a part of the list.
    pub(super) fn js_others(&mut self, rest: Node<'t>, list: Expr, out: &mut Vec<Stmt>) {
        let Some(name) = children(rest).into_iter().find(|name| name.kind() == "identifier") else { return };
        let any = Arg { name: None, value: expr(ExprKind::Unknown("".into()), rest) };
        let callee = expr(ExprKind::Member(Box::new(list), SLICE.into()), rest);
        let part = expr(ExprKind::Call(Box::new(CallExpr { callee, args: vec![any] })), rest);
        out.push(Stmt::Assign { target: expr(ExprKind::Name(self.name(name)), name), value: part });
    }

    /// `const { path, ...options } = given`: all of it but what has a name of its own.
    pub(super) fn js_rest_of(
        &mut self,
        pattern: Node<'t>,
        whole: &dyn Fn(&mut Self) -> Expr,
        out: &mut Vec<Stmt>,
    ) {
        let rest = children(pattern).into_iter().find(|child| child.kind() == "rest_pattern");
        let Some(name) = rest.and_then(|rest| children(rest).first().copied()) else { return };
        if name.kind() != "identifier" {
            return;
        }
        let gone = || ExprKind::Unknown(crate::scan::fields::sent::DELETED.into());
        let taken = self.js_pattern(pattern).into_iter();
        let taken = taken.map(|(part, key, _)| (Some(Key::from(&*key)), expr(gone(), part)));
        let taken = taken.collect::<Vec<_>>();
        let spread = expr(ExprKind::Spread(Box::new(whole(self))), name);
        let entries = std::iter::once((None, spread)).chain(taken).collect();
        let value = expr(ExprKind::Object(entries), name);
        out.push(Stmt::Assign { target: expr(ExprKind::Name(self.name(name)), name), value });
    }

    /// `for (const [name, route] of Object.entries(ROUTES)) this[name] = (id) => ask(route, id)`:
    /// nobody is seen to call the function by its name, and what it asks for is the pair's. It
    /// is run where it stands.
    pub(super) fn js_of_pair(&mut self, left: Node<'t>, right: Node<'t>) -> Option<Stmt> {
        let closure = matches!(right.kind(), "arrow_function" | "function_expression");
        let key = left.child_by_field_name("index").filter(|_| left.kind() == "subscript_expression")?;
        if !closure || key.kind() != "identifier" {
            return None;
        }
        let other = self.js_paired_with(left, self.text(key))?;
        if !self.text(right).contains(other) {
            return None;
        }
        let function = self.js_expr(right);
        Some(Stmt::Expr(expr(ExprKind::Effects(vec![function]), right)))
    }

    /// The name beside this one in the pair that the nearest loop or closure around goes through.
    fn js_paired_with(&self, from: Node<'t>, name: &str) -> Option<&'t str> {
        let around = |node: &Node<'t>| {
            let loops = node.kind() == "for_in_statement";
            loops || matches!(node.kind(), "arrow_function" | "function_expression")
        };
        let around = std::iter::successors(from.parent(), |node| node.parent()).find(around)?;
        let pattern = match around.kind() {
            "for_in_statement" => around.child_by_field_name("left")?,
            _ => children(around.child_by_field_name("parameters")?).first().copied()?,
        };
        let pattern = pattern.child_by_field_name("pattern").unwrap_or(pattern);
        match children(pattern).as_slice() {
            [key, value] if pattern.kind() == "array_pattern" && self.text(*key) == name => {
                (value.kind() == "identifier").then(|| self.text(*value))
            }
            _ => None,
        }
    }
}
