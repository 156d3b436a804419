//! Objects that are made for every element of a list: `NAMES.forEach((name) => { this[name] = new Resource(name); })`
//! is the loop over the list.

use tree_sitter::Node;

use super::classes::bare;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};

/// Length of a closure, and of the function around it, that is looked at.
const MAX_LENGTH: usize = 8_000;

impl<'t> Lowering<'t> {
    /// Lowers such a call as the loop that it is: true if it was one.
    pub(super) fn js_made_for_each(&mut self, call: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let Some((list, name, body)) = self.js_maker(call) else { return false };
        let list = self.js_expr(list);
        let value = expr(ExprKind::Element(Box::new(list)), call);
        out.push(Stmt::Assign { target: expr(ExprKind::Name(self.name(name)), name), value });
        let mut inside = Vec::new();
        self.js_statement(body, &mut inside);
        out.push(Stmt::Loop(inside));
        true
    }

    /// The list, the name of its element, and what is done with it.
    fn js_maker(&self, call: Node<'t>) -> Option<(Node<'t>, Node<'t>, Node<'t>)> {
        let function = call.child_by_field_name("function")?;
        if function.kind() != "member_expression" || self.member_name(function)? != "forEach" {
            return None;
        }
        let args = self.arguments(call);
        let closure = bare(*args.first()?);
        let body = closure.child_by_field_name("body").filter(|body| body.kind() == "statement_block")?;
        let text = self.text(body);
        let makes = text.contains("new ") && !text.contains("return") && text.len() < MAX_LENGTH;
        // A function has an object of its own.
        let same = match closure.kind() {
            "arrow_function" => true,
            "function_expression" => !text.contains("this"),
            _ => false,
        };
        if !makes || !same {
            return None;
        }
        let name = match closure.child_by_field_name("parameter") {
            Some(single) => single,
            None => {
                let params = children(closure.child_by_field_name("parameters")?);
                let [only] = params.as_slice() else { return None };
                only.child_by_field_name("pattern").unwrap_or(*only)
            }
        };
        // The name means nothing else around the closure.
        let mut around = call;
        while let Some(outer) = around.parent()
            && !matches!(around.kind(), "statement_block" | "program")
        {
            around = outer;
        }
        let called = self.text(name);
        let count = |text: &str| {
            let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
            text.match_indices(called)
                .filter(|(at, _)| {
                    !text[..*at].ends_with(word) && !text[at + called.len()..].starts_with(word)
                })
                .count()
        };
        let alone =
            self.text(around).len() < MAX_LENGTH && count(self.text(around)) == count(self.text(closure));
        (name.kind() == "identifier" && alone).then_some((
            function.child_by_field_name("object")?,
            name,
            body,
        ))
    }
}
