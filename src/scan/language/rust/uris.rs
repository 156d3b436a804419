//! URLs of Rust that are built in parts: `Uri::builder()`, `Uri::from_parts(parts)`, and templates
//! of RFC 6570, `UriTemplate::new("/users/{id}").set("id", id).build()`.

use tree_sitter::Node;

use super::syntax::Rust;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::member;

impl<'t> Lowering<'t> {
    /// What a call makes that builds a URL, if it is one.
    pub(super) fn rust_uri(&mut self, node: Node<'t>, function: Node<'t>) -> Option<ExprKind> {
        let args = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let path = self.text(function);
        let name = &path[path.rmatch_indices("::").nth(1).map_or(0, |(at, _)| at + 2)..];
        match (name, args.as_slice()) {
            ("UriTemplate::new" | "UriTemplateString::new" | "UriTemplateStr::new", [template]) => {
                let template = Box::new(self.value::<Rust>(*template));
                Some(ExprKind::Format { template, style: FormatStyle::Braces, args: Vec::new() })
            }
            // `let mut parts = base.into_parts(); parts.path_and_query = Some(path);`
            ("Uri::from_parts", [parts]) if parts.kind() == "identifier" => {
                let base = Box::new(self.value::<Rust>(*parts));
                let path = member(self.value::<Rust>(*parts), "path_and_query", *parts);
                Some(ExprKind::Join { base, parts: vec![path], style: JoinStyle::Url })
            }
            _ if path.ends_with(".build") && args.is_empty() => self.rust_built_uri(function),
            _ => None,
        }
    }

    /// `Uri::builder().scheme("https").authority(host).path_and_query(path).build()`
    fn rust_built_uri(&mut self, build: Node<'t>) -> Option<ExprKind> {
        let (mut authority, mut path) = (None, None);
        let mut at = build.child_by_field_name("value")?;
        loop {
            let function = at.child_by_field_name("function").filter(|_| at.kind() == "call_expression")?;
            if function.kind() == "scoped_identifier" {
                if !matches!(
                    self.text(function),
                    "Uri::builder" | "http::Uri::builder" | "hyper::Uri::builder"
                ) {
                    return None;
                }
                break;
            }
            let first = at.child_by_field_name("arguments").and_then(|args| children(args).first().copied());
            match self.field_name(function, "field")?.as_ref() {
                "authority" => authority = first,
                "path_and_query" => path = first,
                "scheme" => {}
                _ => return None,
            }
            at = function.child_by_field_name("value")?;
        }
        let (authority, path) = (self.value::<Rust>(authority?), self.value::<Rust>(path?));
        // Which of the two schemes it is tells no call from another.
        let scheme = expr(ExprKind::Text("https://".into()), build);
        Some(ExprKind::Concat(vec![scheme, authority, path]))
    }
}
