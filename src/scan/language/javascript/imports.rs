//! What a script brings in from other files, and what it gives them: `import`,
//! `export` and `require`.

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};

impl<'t> Lowering<'t> {
    /// `import a, { b as c } from "m"`, `import * as n from "m"`.
    pub(super) fn js_import(&mut self, node: Node<'t>) {
        let required = children(node).into_iter().find(|child| child.kind() == "import_require_clause");
        if let Some(clause) = required {
            // TypeScript: `import a = require("m")`
            if let (Some(source), Some(name)) =
                (clause.child_by_field_name("source"), children(clause).first().copied())
            {
                let module = self.text(source).trim_matches(['"', '\'']);
                self.import(module, Imported::Module, self.text(name), node);
                self.named_module(module, self.text(name), node);
            }
            return;
        }
        let Some(source) = node.child_by_field_name("source") else { return };
        let module = self.text(source).trim_matches(['"', '\'']);
        for clause in children(node).into_iter().filter(|child| child.kind() == "import_clause") {
            for part in children(clause) {
                match part.kind() {
                    "identifier" => {
                        self.import(module, Imported::Name(DEFAULT_EXPORT.into()), self.text(part), part);
                        self.named_module(module, self.text(part), part);
                    }
                    "namespace_import" => {
                        if let Some(name) = children(part).first() {
                            self.import(module, Imported::Module, self.text(*name), part);
                            self.named_module(module, self.text(*name), part);
                        }
                    }
                    "named_imports" => self.js_specifiers(part, module),
                    _ => {}
                }
            }
        }
    }

    /// `{ a, b as c, default as d }` of an import or a re-export.
    fn js_specifiers(&mut self, list: Node<'t>, module: &str) {
        for specifier in children(list) {
            let Some(name) = specifier.child_by_field_name("name") else { continue };
            let local = specifier.child_by_field_name("alias").unwrap_or(name);
            let name = match self.text(name) {
                "default" => DEFAULT_EXPORT,
                name => name,
            };
            let local = match self.text(local) {
                "default" => DEFAULT_EXPORT,
                local => local,
            };
            self.import(module, Imported::Name(name.into()), local, specifier);
            self.named_function(module, name, local);
        }
    }

    /// `export * from "m"`, `export * as n from "m"`, `export { a as b } from "m"`.
    pub(super) fn js_reexport(&mut self, node: Node<'t>, source: Node<'t>) {
        let module = self.text(source).trim_matches(['"', '\'']);
        let mut all = true;
        for child in children(node) {
            match child.kind() {
                "export_clause" => {
                    all = false;
                    self.js_specifiers(child, module);
                }
                "namespace_export" => {
                    all = false;
                    if let Some(name) = children(child).first() {
                        self.import(module, Imported::Module, self.text(*name), child);
                    }
                }
                _ => {}
            }
        }
        if all {
            self.import(module, Imported::All, "", node);
        }
    }

    /// `export { a as b }`: what is exported under another name gets that too.
    pub(super) fn js_export_clause(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        for clause in children(node).into_iter().filter(|child| child.kind() == "export_clause") {
            for specifier in children(clause) {
                let (Some(name), Some(alias)) =
                    (specifier.child_by_field_name("name"), specifier.child_by_field_name("alias"))
                else {
                    continue;
                };
                let target = match self.text(alias) {
                    "default" => DEFAULT_EXPORT.into(),
                    _ => self.name(alias),
                };
                let value = expr(ExprKind::Name(self.name(name)), name);
                out.push(Stmt::Assign { target: expr(ExprKind::Name(target), alias), value });
            }
        }
    }

    /// The module of `require("m")` or `import("m")`, or of a name for it that a compiler
    /// wraps once more: `_m2 = _interopRequireDefault(_m)`.
    pub(super) fn js_required(&self, node: Node<'t>) -> Option<Arc<str>> {
        let node = match node.kind() {
            "await_expression" => children(node).first().copied()?,
            _ => node,
        };
        if node.kind() != "call_expression" {
            return None;
        }
        if let Some(inner) = self.interop(node) {
            return match inner.kind() {
                "identifier" => self.module_named(self.text(inner)),
                _ => self.js_required(inner),
            };
        }
        let function = node.child_by_field_name("function")?;
        if !matches!(self.text(function), "require" | "import") {
            return None;
        }
        let args = children(node.child_by_field_name("arguments")?);
        match args.as_slice() {
            [source] if source.kind() == "string" => {
                Some(self.text(*source).trim_matches(['"', '\'']).into())
            }
            _ => None,
        }
    }

    /// Notes what `const a = require("m")` and `const { a, b: c } = require("m")`
    /// bring in; true if the declaration does nothing else.
    pub(super) fn js_bind_import(&mut self, name: Node<'t>, value: Node<'t>) -> bool {
        // `const Client = require("./client").Client`
        if name.kind() == "identifier"
            && let Some(object) = value.child_by_field_name("object")
            && let (Some(module), Some(member)) = (self.js_required(object), self.member_name(value))
        {
            let what = if member == "default" { DEFAULT_EXPORT } else { member };
            self.import(&module, Imported::Name(what.into()), self.text(name), value);
            if member == "default" {
                self.named_module(&module, self.text(name), value);
            }
            return true;
        }
        let Some(module) = self.js_required(value) else { return false };
        match name.kind() {
            "identifier" => {
                self.import(&module, Imported::Module, self.text(name), value);
                self.named_module(&module, self.text(name), value);
            }
            "object_pattern" => {
                for (name, key, _) in self.js_pattern(name) {
                    self.named_function(&module, &key, self.text(name));
                    self.import(&module, Imported::Name(key), self.text(name), value);
                }
            }
            _ => return false,
        }
        true
    }
}
