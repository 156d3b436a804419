//! Files that PHP, Ruby and PowerShell run by their paths: `require __DIR__ . '/lib.php'`,
//! `require_relative "lib/api"`, `. $PSScriptRoot/lib.ps1`.

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

    /// Laravel's `config('services.orbit.url')`: what the table that `config/services.php` gives
    /// has under these keys, and a setting of that name all the same.
    pub(super) fn php_configured(&mut self, args: Vec<Arg>, node: Node<'t>) -> ExprKind {
        let mut args = args.into_iter().map(|arg| arg.value);
        let Some(Expr { kind: ExprKind::Text(name), .. }) = args.next() else { return unknown() };
        let mut keys = name.split('.');
        let path = format!("config/{}.php", keys.next().unwrap_or_default());
        let local = format!("(file {path})");
        self.import(&path, Imported::Module, &local, node);
        let file = Box::new(expr(ExprKind::Name(local.into()), node));
        let held = keys.fold(ExprKind::Member(file, DEFAULT_EXPORT.into()), |table, key| {
            let key = expr(ExprKind::Text(key.into()), node);
            ExprKind::Index(Box::new(expr(table, node)), Box::new(key))
        });
        let held = expr(held, node);
        let default = match args.next() {
            Some(given) => expr(ExprKind::Either(vec![held, given]), node),
            None => held,
        };
        ExprKind::Setting { name, default: Some(Box::new(default)) }
    }

    /// `return [...]` of a file itself, which whoever requires it gets.
    pub(super) fn php_given_by_file(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let value = children(node).first().copied().filter(|_| self.function == 0);
        let Some(value) = value else { return false };
        let value = self.value::<crate::scan::language::php::syntax::Php>(value);
        out.push(Stmt::Assign { target: expr(ExprKind::Name(DEFAULT_EXPORT.into()), node), value });
        out.push(Stmt::Leave);
        true
    }

    /// `. $PSScriptRoot/lib.ps1`, `Import-Module "$PSScriptRoot\lib.psm1"`,
    /// `. (Join-Path $PSScriptRoot 'lib' 'api.ps1')`.
    pub(super) fn ps_required(&mut self, root: Node<'t>) {
        for line in self.source.lines() {
            if let Some(path) = script_run_by(line) {
                self.import(&path, Imported::All, "", root);
            }
        }
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

/// The path of the script that a line of PowerShell runs, below the folder of its own.
fn script_run_by(line: &str) -> Option<String> {
    let line = line.trim_start();
    let lower = line.to_ascii_lowercase();
    let front = [". ", "import-module ", "using module "].iter().find(|front| lower.starts_with(**front))?;
    let extension = [".psm1", ".ps1"].iter().find_map(|end| Some(lower.find(end)? + end.len()))?;
    let words = line.get(front.len()..extension)?.split([' ', '"', '\'', '(', ')', ',']);
    let parts = words.filter_map(|word| match word.strip_prefix('$') {
        // What stands behind the folder that a variable holds.
        Some(held) => held.split_once(['/', '\\']).map(|(_, path)| path),
        None => Some(word).filter(|word| !word.starts_with('-') && !word.eq_ignore_ascii_case("join-path")),
    });
    let path = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/").replace('\\', "/");
    let path = path.trim_start_matches("./");
    (!path.contains(['$', '*'])).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::script_run_by;

    #[test]
    fn scripts_are_found_by_how_they_are_run() {
        let found = |line: &str| script_run_by(line).unwrap_or_default();
        assert_eq!(found(". $PSScriptRoot/lib/api.ps1"), "lib/api.ps1");
        assert_eq!(found("  . \"$PSScriptRoot\\lib\\api.ps1\""), "lib/api.ps1");
        assert_eq!(found(". (Join-Path $PSScriptRoot 'lib' 'api.ps1')"), "lib/api.ps1");
        assert_eq!(found("Import-Module -Name ./Tools.psm1 -Force"), "Tools.psm1");
        assert_eq!(found(". $PSScriptRoot/*.ps1"), "");
        assert_eq!(found("Write-Host api.ps1"), "");
    }
}
