//! Structs of Rust that are requests by their attributes:
//! `#[endpoint(method = "PUT", path = "users/{self.id}")]`.

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::annotations::REQUEST;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{call, named};

/// What attributes call the path.
const PATHS: [&str; 4] = ["path", "uri", "url", "endpoint"];

impl<'t> Lowering<'t> {
    /// The request that a struct is declared to be. An attribute that names a path alone may
    /// be of a template or a folder.
    pub(super) fn rust_declared(&mut self, node: Node<'t>) -> Option<Stmt> {
        let above = std::iter::successors(node.prev_named_sibling(), |at| at.prev_named_sibling());
        let above = above.take_while(|at| matches!(at.kind(), "attribute_item" | "line_comment"));
        let attributes: Vec<Node<'t>> = above.filter(|at| at.kind() == "attribute_item").collect();
        attributes.into_iter().find_map(|item| self.rust_declared_by(item))
    }

    fn rust_declared_by(&mut self, item: Node<'t>) -> Option<Stmt> {
        let attribute = children(item).into_iter().find(|child| child.kind() == "attribute")?;
        let name = children(attribute).first().map_or("", |name| self.text(*name));
        let mut cursor = attribute.walk();
        let tree = attribute.child_by_field_name("arguments")?;
        let tokens: Vec<Node<'t>> = tree.children(&mut cursor).collect();
        let given = |keys: &[&str]| {
            tokens.windows(3).find_map(|three| match three {
                [key, equals, value] if keys.contains(&self.text(*key)) && self.text(*equals) == "=" => {
                    Some(*value)
                }
                _ => None,
            })
        };
        let path = given(&PATHS).filter(|path| path.kind() == "string_literal")?;
        let method = given(&["method", "verb"]);
        // What is told no method is asked for with GET; what is no endpoint may be anything.
        let endpoint = name.rsplit("::").next() == Some("endpoint") || given(&["endpoint"]).is_some();
        if method.is_none() && !endpoint {
            return None;
        }
        let method = method.map_or("GET", |method| self.text(method)).trim_matches('"');
        let method = expr(ExprKind::Text(method.into()), path);
        let template = self.text(path).trim_matches('"');
        // Whoever sends it knows what stands before a path without a slash.
        let relative = !template.starts_with('/') && !template.contains("://");
        let template = Box::new(expr(ExprKind::Text(template.into()), path));
        let url = ExprKind::Format { template, style: FormatStyle::Braces, args: Vec::new() };
        let url = match relative {
            true => {
                let front = [ExprKind::Unknown("base_url".into()), ExprKind::Text("/".into()), url];
                ExprKind::Concat(front.map(|part| expr(part, path)).into())
            }
            false => url,
        };
        let args = [method, expr(url, path)].map(|value| Arg { name: None, value });
        Some(Stmt::Expr(expr(call(named(REQUEST, path), args.into()), path)))
    }
}
