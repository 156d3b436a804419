//! Rust: modules in a file that hold nothing but constants, `pub mod users { pub const LIST: &str = ".."; }`.
//! Several may have constants of the same names, so such a module is a class with these fields.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::syntax::Rust;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, span};

/// Modules in one another that are looked through.
const MAX_MODULES: usize = 4;

impl<'t> Lowering<'t> {
    /// Notes the modules of a file that are read as classes.
    pub(super) fn rust_modules(&mut self, root: Node<'t>) {
        let mut at = vec![(root, 0)];
        while let Some((node, depth)) = at.pop() {
            for module in children(node).into_iter().filter(|child| child.kind() == "mod_item") {
                let Some(body) = module.child_by_field_name("body") else { continue };
                if holds_constants(body) {
                    let name = self.field_name(module, "name");
                    self.names.modules.extend(name);
                }
                if depth < MAX_MODULES {
                    at.push((body, depth + 1));
                }
            }
        }
    }

    /// The class that such a module is.
    pub(super) fn rust_constants_of(&mut self, body: Node<'t>, name: Option<Node<'t>>) {
        let Some(name) = name.map(|name| self.name(name)).filter(|name| self.names.modules.contains(name))
        else {
            return;
        };
        if !holds_constants(body) {
            return;
        }
        self.open_class::<Rust>(&name, Vec::new(), BTreeSet::new());
        for item in children(body) {
            let (Some(name), Some(value)) =
                (self.field_name(item, "name"), item.child_by_field_name("value"))
            else {
                continue;
            };
            self.set_field::<Rust>(name, item, |l| l.value::<Rust>(value));
        }
        self.close_class();
    }

    /// A function of the type that implements a trait, `Self::path(id)`, as a method of the object.
    pub(super) fn rust_own_function(&self, function: Node<'t>) -> Option<ExprKind> {
        let name = self.text(function).strip_prefix("Self::")?;
        if !name.starts_with(|c: char| c.is_lowercase()) || name.contains(':') {
            return None;
        }
        let (mut method, mut holder) = (None, function.parent());
        while let Some(node) = holder {
            match node.kind() {
                "function_item" => method = method.or(Some(node)),
                "trait_item" => break,
                "impl_item" => return None,
                _ => {}
            }
            holder = node.parent();
        }
        holder?;
        let params = children(method?.child_by_field_name("parameters")?);
        if !params.iter().any(|param| param.kind() == "self_parameter") {
            return None;
        }
        let object = Expr { kind: ExprKind::Name("self".into()), span: span(function) };
        Some(ExprKind::Member(Box::new(object), name.into()))
    }

    /// A function of a module whose name a parameter has as well: in `url::build(url)` the first is
    /// the module.
    pub(super) fn rust_of_hidden_module(
        &mut self,
        owner: &str,
        name: &str,
        node: Node<'t>,
    ) -> Option<ExprKind> {
        if !owner.starts_with(|c: char| c.is_lowercase()) || !self.is_declared(owner) {
            return None;
        }
        let import = self.unit.imports.iter().find(|import| *import.local == *owner)?;
        let Imported::Name(module) = &import.what else { return None };
        let home = format!("{}/{module}", import.module);
        let local = format!("{owner}::{name}");
        if !self.unit.imports.iter().any(|import| *import.local == *local) {
            self.import(&home, Imported::Name(name.into()), &local, node);
        }
        Some(ExprKind::Name(local.into()))
    }

    /// Whether a closure never comes to an end: `|e| panic!("{e}")`, `|| std::process::exit(1)`.
    pub(super) fn rust_diverges(&self, closure: Node<'t>) -> bool {
        if closure.kind() != "closure_expression" {
            return false;
        }
        let Some(mut at) = closure.child_by_field_name("body") else { return false };
        while matches!(at.kind(), "block" | "expression_statement")
            && let Some(last) = children(at).last()
        {
            at = *last;
        }
        let word = |field: &str| {
            let text = at.child_by_field_name(field).map_or("", |node| self.text(node));
            text.rsplit("::").next().unwrap_or(text)
        };
        match at.kind() {
            "macro_invocation" => {
                matches!(word("macro"), "panic" | "unreachable" | "todo" | "unimplemented" | "bail")
            }
            "call_expression" => matches!(word("function"), "exit" | "abort"),
            _ => false,
        }
    }
}

/// Whether a module has constants and nothing else, or modules beside them.
fn holds_constants(body: Node<'_>) -> bool {
    let mut any = false;
    children(body).into_iter().all(|item| match item.kind() {
        "const_item" | "static_item" => {
            any = true;
            true
        }
        "mod_item" | "use_declaration" | "attribute_item" | "line_comment" | "block_comment" => true,
        _ => false,
    }) && any
}
