//! Arguments of the command line that a derive reads into a struct, as clap's: what is not given has its
//! default, and the variable of the environment that may hold it says whose address it is.
//! `#[arg(long, env = "ORBIT_URL", default_value = "https://orbit.example")] url: String`.

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};

impl<'t> Lowering<'t> {
    /// What a field of a struct is where nobody gives it, if an attribute says so.
    pub(super) fn rust_argument(&mut self, field: Node<'t>) -> Option<(Arc<str>, Expr)> {
        let above = std::iter::successors(field.prev_named_sibling(), |at| at.prev_named_sibling());
        let above =
            above.take_while(|at| matches!(at.kind(), "attribute_item" | "line_comment" | "block_comment"));
        let attribute = above.filter_map(|item| {
            let attribute = children(item).into_iter().find(|child| child.kind() == "attribute")?;
            let name = children(attribute).first().map(|name| self.text(*name))?;
            matches!(name, "arg" | "clap" | "structopt" | "argh").then_some(attribute)
        });
        let tree = attribute.last()?.child_by_field_name("arguments")?;
        let mut cursor = tree.walk();
        let tokens: Vec<Node<'t>> = tree.children(&mut cursor).collect();
        let given = |key: &str| {
            tokens.windows(3).find_map(|three| match three {
                [name, equals, value] if self.text(*name) == key && self.text(*equals) == "=" => Some(*value),
                _ => None,
            })
        };
        let text = |key: &str| given(key).filter(|value| value.kind() == "string_literal");
        let name: Arc<str> = self.field_name(field, "name")?;
        let plain = |value: Node<'t>| self.text(value).trim_matches('"');
        let default =
            text("default_value").map(|value| Box::new(expr(ExprKind::Text(plain(value).into()), value)));
        let called: Arc<str> = text("env").map_or_else(|| name.clone(), |value| plain(value).into());
        if default.is_none() && called == name {
            return None;
        }
        Some((name, expr(ExprKind::Setting { name: called, default }, field)))
    }

    /// `Args::parse()`: the struct that a derive fills from the command line.
    pub(super) fn rust_parsed(&mut self, function: Node<'t>, node: Node<'t>) -> Option<ExprKind> {
        let (owner, name) = self.text(function).rsplit_once("::")?;
        let parses = matches!(name, "parse" | "try_parse" | "from_args" | "from_env");
        let alone = children(node.child_by_field_name("arguments")?).is_empty();
        let owner = owner.rsplit("::").next().filter(|owner| owner.starts_with(char::is_uppercase))?;
        if !parses || !alone || owner == "Self" || self.source.contains(&format!("fn {name}(")) {
            return None;
        }
        let class = self.class(owner);
        Some(ExprKind::Instance(class, Vec::new()))
    }
}
