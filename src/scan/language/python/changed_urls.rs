//! URLs of furl, which are changed where they stand: `url.path /= "users"`, `url.add(path="users")`.

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, operands};
use crate::scan::wording::ends_with_word;

impl<'t> Lowering<'t> {
    /// Whether an object may be such a URL: the library makes it in this file, or it is called so.
    pub(super) fn py_is_changed_url(&self, object: &str) -> bool {
        let name = object.rsplit('.').next().unwrap_or_default();
        self.source.contains("furl(") || ends_with_word(name, &["url", "uri", "endpoint"])
    }

    /// The URL of which a node is the path: `url` of `url.path`.
    fn py_url_of(&self, path: Node<'t>) -> Option<Node<'t>> {
        let own = path.kind() == "attribute" && self.field_name(path, "attribute").as_deref() == Some("path");
        let url = path.child_by_field_name("object").filter(|_| own)?;
        self.py_may_change(url).then_some(url)
    }

    fn py_may_change(&self, url: Node<'t>) -> bool {
        matches!(url.kind(), "identifier" | "attribute") && self.py_is_changed_url(self.text(url))
    }

    /// A statement that puts segments behind the path of a URL.
    fn py_put_behind(&mut self, url: Node<'t>, parts: Vec<Expr>, node: Node<'t>) -> Stmt {
        let base = Box::new(self.py_expr(url));
        let value = expr(ExprKind::Join { base, parts, style: JoinStyle::Path }, node);
        Stmt::Assign { target: self.py_expr(url), value }
    }

    /// `url.path /= "users"`, `url.path = url.path / owner / "repos"`
    pub(super) fn py_path_goes_on(&mut self, node: Node<'t>) -> Option<Stmt> {
        let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
        let url = self.py_url_of(left)?;
        let operator = node.child_by_field_name("operator").map(|operator| self.text(operator));
        let parts = match operator {
            Some("/=") => vec![right],
            Some(_) => return None,
            None => {
                let parts = operands(right, "binary_operator", "/", self.source)?;
                let (first, rest) = parts.split_first()?;
                (self.text(*first) == self.text(left)).then(|| rest.to_vec())?
            }
        };
        let parts = parts.into_iter().map(|part| self.py_expr(part)).collect();
        Some(self.py_put_behind(url, parts, node))
    }

    /// `url.add(path="users")`, `url.path.add("users")`
    pub(super) fn py_path_added(&mut self, node: Node<'t>) -> Option<Stmt> {
        let function = node.child_by_field_name("function").filter(|_| node.kind() == "call")?;
        let object = function.child_by_field_name("object").filter(|_| function.kind() == "attribute")?;
        if self.field_name(function, "attribute").as_deref() != Some("add") {
            return None;
        }
        let args = children(node.child_by_field_name("arguments")?);
        let (url, added) = match self.py_url_of(object) {
            Some(url) => (url, *args.first().filter(|arg| arg.kind() != "keyword_argument")?),
            None => {
                let path = |arg: &&Node<'t>| {
                    arg.child_by_field_name("name").is_some_and(|name| self.text(name) == "path")
                };
                (object, args.iter().find(path)?.child_by_field_name("value")?)
            }
        };
        if !self.py_may_change(url) {
            return None;
        }
        let added = self.py_expr(added);
        Some(self.py_put_behind(url, vec![added], node))
    }
}
