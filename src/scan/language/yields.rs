//! Generators: what a function yields, one after the other, are the elements of the list that
//! a loop over its call goes through.

use tree_sitter::Node;

use super::lower::{Lowering, children, expr};
use crate::scan::form::*;

/// Decorators of Python after which what is yielded is what the caller gets, and no element.
const HANDED: [&str; 3] = ["contextmanager", "asynccontextmanager", "fixture"];

impl<'t> Lowering<'t> {
    /// `yield item`, `yield from items`: the function goes on behind it.
    pub(super) fn py_yield(&mut self, node: Node<'t>) -> Stmt {
        let whole = self.text(node).trim_start_matches("yield").trim_start().starts_with("from ");
        let whole = whole || self.hands_over(node);
        let value = children(node).last().map(|value| self.py_expr(*value));
        yielded(value, whole, node)
    }

    /// `yield item;`, `yield* items;`
    pub(super) fn js_yield(&mut self, node: Node<'t>) -> Stmt {
        let whole = self.text(node).trim_start_matches("yield").trim_start().starts_with('*');
        let value = children(node).last().map(|value| self.js_expr(*value));
        yielded(value, whole, node)
    }

    /// Whether a `yield` stands in a generator of the program, and not in what a compiler or
    /// a library makes steps of: `__awaiter(this, function* () { yield fetch(url); })`.
    pub(super) fn is_of_generator(&self, node: Node<'t>) -> bool {
        let mut around = std::iter::successors(node.parent(), |at| at.parent());
        let function = around.find(|at| {
            matches!(
                at.kind(),
                "generator_function" | "generator_function_declaration" | "method_definition" | "program"
            )
        });
        function.is_some_and(|at| !matches!(at.kind(), "generator_function" | "program"))
    }

    /// Whether the function around a `yield` hands over what it yields.
    fn hands_over(&self, node: Node<'t>) -> bool {
        let mut around = std::iter::successors(node.parent(), |at| at.parent());
        let decorated = around
            .find(|at| at.kind() == "function_definition")
            .and_then(|function| function.parent())
            .filter(|parent| parent.kind() == "decorated_definition");
        decorated.map(children).unwrap_or_default().into_iter().any(|part| {
            let name = self.text(part).split('(').next().unwrap_or_default();
            part.kind() == "decorator" && HANDED.iter().any(|handed| name.trim_end().ends_with(handed))
        })
    }
}

/// A value that the function may give, `whole` or as an element, after which it goes on.
fn yielded(value: Option<Expr>, whole: bool, node: Node<'_>) -> Stmt {
    let value = value.unwrap_or_else(|| expr(ExprKind::Unknown("".into()), node));
    let given = if whole { value } else { expr(ExprKind::List(vec![value]), node) };
    Stmt::Branch(vec![vec![Stmt::Return(given)], Vec::new()])
}
