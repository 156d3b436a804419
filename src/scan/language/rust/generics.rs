//! Rust: constants of a type that only a caller knows, `E::METHOD` beside `endpoint: &E`, or
//! that implements the trait whose method asks for them, `Self::PATH`.

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::ExprKind;
use crate::scan::language::lower::{Lowering, children};
use crate::scan::language::shared::{member, named};

impl<'t> Lowering<'t> {
    /// The constant as a member of the object that is of that type.
    pub(super) fn rust_of_type(&self, node: Node<'t>) -> Option<ExprKind> {
        let (front, constant) = self.text(node).split_once("::")?;
        if constant.len() < 2 || constant.contains(|c: char| c.is_lowercase() || c == ':' || c == '<') {
            return None;
        }
        let above = |kind: &str| {
            let mut at = node.parent();
            while let Some(found) = at.filter(|found| found.kind() != kind) {
                at = found.parent();
            }
            at
        };
        let function = above("function_item")?;
        let params = children(function.child_by_field_name("parameters")?);
        if front == "Self" {
            let own = params.iter().any(|param| param.kind() == "self_parameter");
            return above("trait_item")
                .filter(|_| own)
                .map(|_| member(named("self", node), constant, node).kind);
        }
        let generics = self.text(function.child_by_field_name("type_parameters")?);
        let word =
            |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == front);
        if !word(generics) {
            return None;
        }
        let of_type =
            |param: &&Node<'t>| param.child_by_field_name("type").is_some_and(|kind| word(self.text(kind)));
        let name = params.iter().find(of_type)?.child_by_field_name("pattern")?;
        Some(member(named(self.text(name), node), constant, node).kind)
    }

    /// The trait that a type implements: with its module where the type has the same name,
    /// `impl resource::Creator for Creator`.
    pub(super) fn rust_trait(&self, base: Node<'t>, class: &str) -> Arc<str> {
        let name = self.rust_type(base);
        let path = self.text(base).split('<').next().unwrap_or_default();
        match path.rsplit("::").map(str::trim).nth(1) {
            Some(module) if *name == *class && !matches!(module, "crate" | "super" | "self" | "") => {
                format!("{module}.{name}").into()
            }
            _ => name,
        }
    }
}
