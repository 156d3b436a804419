//! Files that PHP and Ruby run by their paths: `require __DIR__ . '/lib.php'`,
//! `require_relative "lib/api"`.

use tree_sitter::Node;

use super::lower::{Lowering, children, expr};
use super::shared::unknown;
use crate::scan::form::*;

impl<'t> Lowering<'t> {
    /// `require __DIR__ . '/settings.php'`: what the file defines has its name here, and what it
    /// returns is the value.
    pub(super) fn php_required(&mut self, node: Node<'t>) -> ExprKind {
        let text = self.text(node);
        // The last text is the path, whatever folder stands before it.
        let end = text.rfind(['\'', '"']);
        let path = end.and_then(|end| {
            let quote = text[end..].chars().next()?;
            text[..end].rsplit(quote).next()
        });
        let Some(path) = path.filter(|path| path.ends_with(".php") && !path.contains(['$', '{'])) else {
            return unknown();
        };
        let path = path.trim_start_matches("./");
        self.import(path, Imported::All, "", node);
        let local = format!("(file {path})");
        self.import(path, Imported::Module, &local, node);
        let file = Box::new(expr(ExprKind::Name(local.into()), node));
        ExprKind::Member(file, DEFAULT_EXPORT.into())
    }

    /// `return [...]` of a file itself, which whoever requires it gets.
    pub(super) fn php_given_by_file(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let value = children(node).first().copied().filter(|_| self.function == 0);
        let Some(value) = value else { return false };
        let value = self.value::<super::php::Php>(value);
        out.push(Stmt::Assign { target: expr(ExprKind::Name(DEFAULT_EXPORT.into()), node), value });
        out.push(Stmt::Leave);
        true
    }

    /// `require_relative "lib/api"`, `require "./api"`, `load "api.rb"`.
    pub(super) fn rb_required(&mut self, node: Node<'t>, name: &str, args: &[Arg]) {
        let [Arg { name: None, value: Expr { kind: ExprKind::Text(path), .. } }] = args else { return };
        let near = name == "require_relative" || path.starts_with("./") || path.starts_with("../");
        if near || name == "load" && path.ends_with(".rb") {
            let path = path.trim_start_matches("./").trim_end_matches(".rb");
            self.import(&format!("{path}.rb"), Imported::All, "", node);
        }
    }
}
