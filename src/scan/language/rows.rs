//! What takes rows apart: the key and the value of a table's entries, the elements of lists in
//! a list. The rows of a table are told by the evaluator (`scan/objects/elements.rs`).

use tree_sitter::Node;

use super::lower::{Lowering, expr};
use super::shared::{call, named, plain};
use crate::scan::form::{Expr, ExprKind, Stmt};
use crate::scan::objects::elements::Rows;

impl<'t> Lowering<'t> {
    /// The names that a loop over a list or a table gives the parts of a row, each with its part;
    /// a place without a name takes none.
    pub(super) fn row_parts(
        &mut self,
        names: Vec<Option<Node<'t>>>,
        list: Expr,
        rows: Rows,
        pattern: Node<'t>,
        out: &mut Vec<Stmt>,
    ) -> Vec<(Node<'t>, Expr)> {
        self.parts(names, row_of(list, rows, pattern), pattern, out)
    }

    /// The names that a pattern gives the elements of a list, each with its element.
    pub(super) fn parts(
        &mut self,
        names: Vec<Option<Node<'t>>>,
        list: Expr,
        pattern: Node<'t>,
        out: &mut Vec<Stmt>,
    ) -> Vec<(Node<'t>, Expr)> {
        let whole = self.hold(list, pattern, out);
        let part = |(at, name): (usize, Option<Node<'t>>)| {
            let name = name?;
            let key = Box::new(expr(ExprKind::Text(at.to_string().into()), name));
            Some((name, expr(ExprKind::Index(Box::new(named(&whole, name)), key), name)))
        };
        names.into_iter().enumerate().filter_map(part).collect()
    }
}

/// One of the rows of a list or a table.
pub(super) fn row_of(list: Expr, rows: Rows, place: Node<'_>) -> Expr {
    let span = list.span;
    let told = Expr { kind: call(named(rows.name(), place), plain(vec![list])), span };
    Expr { kind: ExprKind::Element(Box::new(told)), span }
}
