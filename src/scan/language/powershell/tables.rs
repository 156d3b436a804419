//! Tables of PowerShell that hold requests: `'Get-Host' = @{ Uri = '/api/v1/host'; Method = 'Get' }`, which
//! a function of the module sends whose names they are kept under.

use tree_sitter::Node;

use super::scopes::all_below;
use super::syntax::{PowerShell, child_of};
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{PAIR, call, named, plain};
use crate::scan::wording::method_named;

/// What such tables call the path.
const PATHS: [&str; 5] = ["uri", "url", "path", "endpoint", "uripath"];
/// Most paths of one request of a table.
const MAX_PATHS: usize = 8;

impl<'t> Lowering<'t> {
    /// The requests of all tables in tables.
    pub(super) fn ps_tables(&mut self, root: Node<'t>) -> Vec<Stmt> {
        let tables = all_below(root).into_iter().filter(|node| {
            let around = |at: &Node<'t>| at.kind() == "hash_entry" || at.kind() == "statement_block";
            // One that a call is handed stands in no other table.
            let mut above = std::iter::successors(node.parent(), |at| at.parent()).filter(around);
            node.kind() == "hash_literal_expression"
                && above.next().is_some_and(|at| at.kind() == "hash_entry")
        });
        tables.collect::<Vec<_>>().into_iter().flat_map(|table| self.ps_table(table)).collect()
    }

    fn ps_table(&mut self, table: Node<'t>) -> Vec<Stmt> {
        let body = child_of(table, "hash_literal_body").map(children).unwrap_or_default();
        let entries = body.into_iter().filter(|entry| entry.kind() == "hash_entry");
        let entries: Vec<Vec<Node<'t>>> = entries.map(children).collect();
        let held = |names: &[&str]| {
            entries.iter().find_map(|entry| match entry.as_slice() {
                [key, value] => {
                    let key = self.text(*key).trim_matches(['"', '\'']).to_ascii_lowercase();
                    names.contains(&key.as_str()).then_some(*value)
                }
                _ => None,
            })
        };
        let (Some(method), Some(paths)) = (held(&["method"]), held(&PATHS)) else { return Vec::new() };
        let verb = self.text(method).trim_matches(['"', '\'', ' ']).to_ascii_lowercase();
        let Some(verb) = method_named(&verb) else { return Vec::new() };
        let texts = all_below(paths).into_iter().filter(|node| {
            let text = self.text(*node).trim_matches(['"', '\'']);
            node.kind() == "string_literal" && (text.starts_with('/') || text.contains("://"))
        });
        let texts: Vec<Node<'t>> = texts.take(MAX_PATHS).collect();
        let pair = |text: Node<'t>| {
            let method = expr(ExprKind::Text(verb.into()), method);
            let path = self.value::<PowerShell>(text);
            Stmt::Expr(expr(call(named(PAIR, text), plain(vec![method, path])), text))
        };
        texts.into_iter().map(pair).collect()
    }
}
