//! Objects that a builder makes which a derive writes: of `#[derive(Builder)] struct Bot`,
//! `Bot::builder().api_url(url).build()` is `Bot { api_url: url }`.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::Rust;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, span};

/// Steps of one chain that are followed.
const MAX_STEPS: usize = 40;

impl<'t> Lowering<'t> {
    /// Notes a struct whose builder a derive writes.
    pub(super) fn rust_derived_builder(&mut self, node: Node<'t>, name: &Arc<str>) {
        let word = |c: char| !(c.is_alphanumeric() || c == '_');
        let derived =
            |text: &&str| text.contains("derive(") && text.split(word).any(|name| name.ends_with("Builder"));
        if self.rust_attributes(node).iter().any(derived) {
            self.names.built.insert(name.clone());
        }
    }

    /// The object that a chain of calls on such a builder ends in.
    pub(super) fn rust_built(&mut self, node: Node<'t>) -> Option<ExprKind> {
        let mut steps = Vec::new();
        let mut at = self.rust_step(node, "build")?;
        let kind = loop {
            let function = at.child_by_field_name("function").filter(|_| at.kind() == "call_expression")?;
            let args = children(at.child_by_field_name("arguments")?);
            match function.kind() {
                "field_expression" if steps.len() < MAX_STEPS => {
                    if let [value] = args.as_slice() {
                        steps.push((function.child_by_field_name("field")?, *value));
                    }
                    at = function.child_by_field_name("value")?;
                }
                "scoped_identifier" if args.is_empty() => break self.rust_builder_of(function)?,
                _ => return None,
            }
        };
        let class = self.class(&kind);
        steps.reverse();
        let field = |(name, value): (Node<'t>, Node<'t>)| {
            (Key::new(self.name(name), span(name)), self.value::<Rust>(value))
        };
        let fields = steps.into_iter().map(field).collect();
        Some(expr(ExprKind::Instance(class, fields), node).kind)
    }

    /// The object of a call without arguments.
    fn rust_step(&self, node: Node<'t>, name: &str) -> Option<Node<'t>> {
        let function = node.child_by_field_name("function").filter(|f| f.kind() == "field_expression")?;
        let empty = children(node.child_by_field_name("arguments")?).is_empty();
        (empty && self.text(function.child_by_field_name("field")?) == name)
            .then(|| function.child_by_field_name("value"))?
    }

    /// The struct whose builder a call gives: `Bot::builder()`, `BotBuilder::default()`.
    fn rust_builder_of(&self, function: Node<'t>) -> Option<Arc<str>> {
        let mut words = self.text(function).rsplit("::");
        let (last, owner) = (words.next()?, words.next()?);
        let own = || Some(self.unit.classes[self.current_class()?].name.clone());
        let name = match (last, owner) {
            ("builder", "Self") => own()?,
            ("builder", owner) => owner.into(),
            ("default" | "new" | "create_empty", owner) => owner.strip_suffix("Builder")?.into(),
            _ => return None,
        };
        self.names.built.contains(&name).then_some(name)
    }
}
