//! Rust: what a type is as a text, in the ways beside `Display`: `impl From<Route> for String`,
//! `impl ToString for Route`, `impl AsRef<str> for Route`.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::syntax::{Into, Rust};
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children};
use crate::scan::language::shared::{Manner, named};

impl<'t> Lowering<'t> {
    /// The method of a trait that gives an object as a text.
    pub(super) fn rust_writer(&self, base: Option<Node<'t>>) -> Option<&'static str> {
        let base = base?;
        match &*self.rust_type(base) {
            "Display" => Some("fmt"),
            "ToString" => Some("to_string"),
            "AsRef" if self.text(base).ends_with("<str>") => Some("as_ref"),
            _ => None,
        }
    }

    /// `impl From<Route> for String { fn from(route: Route) -> Self { .. } }`: a method of `Route`.
    pub(super) fn rust_made_text(&mut self, node: Node<'t>) -> bool {
        let field = |name: &str| node.child_by_field_name(name);
        let (Some(base), Some(kind), Some(body)) = (field("trait"), field("type"), field("body")) else {
            return false;
        };
        let text = self.text(kind).trim_start_matches('&').trim_start_matches("'static ");
        if !matches!(text, "String" | "str" | "Cow<'static, str>") || &*self.rust_type(base) != "From" {
            return false;
        }
        let Some(from) = base.child_by_field_name("type_arguments").map(children) else { return false };
        let [from] = from.as_slice() else { return false };
        let from = match from.kind() {
            "reference_type" => from.child_by_field_name("type").unwrap_or(*from),
            _ => *from,
        };
        let name = self.rust_type(from);
        if !matches!(from.kind(), "type_identifier" | "scoped_type_identifier" | "generic_type") {
            return false;
        }
        let method = children(body).into_iter().find(|item| item.kind() == "function_item");
        let param = method.and_then(|method| method.child_by_field_name("parameters")).map(children);
        let (Some(method), Some([param])) = (method, param.as_deref()) else { return false };
        let Some(param) = param.child_by_field_name("pattern").and_then(|p| self.rust_binding(p)) else {
            return false;
        };
        let class = self.open_class::<Rust>(&name, Vec::new(), BTreeSet::new());
        self.define::<Rust>(Some(WRITTEN.into()), Some(class), Manner::default(), Vec::new(), |l| {
            let mut out = Vec::new();
            l.local(param, named("self", param), &mut out);
            l.rust_block_into(method.child_by_field_name("body"), Into::Return, &mut out);
            out
        });
        self.close_class();
        true
    }

    /// A choice that is made a text in one go: `String::from(match route { .. })`,
    /// `(if old { "a" } else { "b" }).to_string()`.
    pub(super) fn rust_chosen_text(&self, node: Node<'t>) -> Option<Node<'t>> {
        if node.kind() != "call_expression" {
            return None;
        }
        let function = node.child_by_field_name("function")?;
        let args = node.child_by_field_name("arguments").map(children)?;
        let mut inner = match (self.text(function), args.as_slice()) {
            ("String::from" | "Cow::from" | "Cow::Borrowed", [inner]) => *inner,
            (_, []) if function.kind() == "field_expression" => {
                let name = function.child_by_field_name("field").map_or("", |name| self.text(name));
                if !matches!(name, "to_string" | "to_owned" | "into" | "as_str") {
                    return None;
                }
                function.child_by_field_name("value")?
            }
            _ => return None,
        };
        while inner.kind() == "parenthesized_expression" {
            inner = children(inner).first().copied()?;
        }
        matches!(inner.kind(), "match_expression" | "if_expression").then_some(inner)
    }
}
