//! What the closure of a Ktor request says of it: `client.get { url("..."); parameter("state", s) }`.

use tree_sitter::Node;

use super::syntax::{Kotlin, MORE, child_of};
use super::told::VERB;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::named;

impl<'t> Lowering<'t> {
    /// What the closure of a request says: `{ url("..."); method = HttpMethod.Post }`.
    pub(super) fn kt_options(&mut self, lambda: Node<'t>) -> Expr {
        let mut entries: Vec<(Option<Key>, Expr)> =
            vec![(Some("(builder)".into()), expr(ExprKind::Text("".into()), lambda))];
        let mut parameters: Vec<(Option<Key>, Expr)> = Vec::new();
        for stmt in self.kt_statements(lambda) {
            match stmt.kind() {
                "assignment" => {
                    if let [target, value] = children(stmt).as_slice()
                        && self.text(*target).trim_start_matches("this.") == "method"
                    {
                        entries.push((Some("(method)".into()), self.value::<Kotlin>(*value)));
                    }
                }
                "call_expression" => {
                    let called = children(stmt).first().map(|name| self.text(*name)).unwrap_or_default();
                    if self.kt_told_by_caller(called, &[]) {
                        entries.push((Some("(method)".into()), named(VERB, stmt)));
                    }
                    if let Some((url, more)) = self.kt_url(stmt) {
                        entries.push((Some(if more { MORE } else { "(url)" }.into()), url));
                    }
                    if called == "parameter" {
                        parameters.extend(self.kt_parameter(stmt));
                    }
                    if let Some(body) = self.kt_sent(stmt) {
                        entries.push((Some("(body)".into()), body));
                    }
                    entries.extend(self.kt_asked_of_extension(stmt).map(|told| (None, told)));
                }
                _ => {}
            }
        }
        if !parameters.is_empty() {
            entries.push((Some("(query)".into()), expr(ExprKind::Object(parameters), lambda)));
        }
        expr(ExprKind::Object(entries), lambda)
    }

    /// `parameter("state", state)`
    fn kt_parameter(&mut self, node: Node<'t>) -> Option<(Option<Key>, Expr)> {
        let list = child_of(child_of(node, "call_suffix")?, "value_arguments")?;
        let [name, value] = <[Arg; 2]>::try_from(self.kt_args(list)).ok()?;
        let ExprKind::Text(text) = name.value.kind else { return None };
        Some((Some(Key::new(text, name.value.span)), value.value))
    }

    /// `setBody(mapOf("name" to name))`
    fn kt_sent(&mut self, node: Node<'t>) -> Option<Expr> {
        let function = children(node).first().copied()?;
        let list = child_of(child_of(node, "call_suffix")?, "value_arguments")?;
        if self.text(function) != "setBody" {
            return None;
        }
        self.kt_args(list).into_iter().next().map(|arg| arg.value)
    }

    /// `url("...")`, `url { path("a", "b") }`; whether it is more of a URL that is given
    /// besides: `url { appendPathSegments(id) }`.
    fn kt_url(&mut self, node: Node<'t>) -> Option<(Expr, bool)> {
        let function = children(node).first().copied()?;
        let suffix = child_of(node, "call_suffix")?;
        if self.text(function) == "url.appendPathSegments" {
            return Some((self.kt_segments(node)?, true));
        }
        if self.text(function) != "url" {
            return None;
        }
        if let Some(list) = child_of(suffix, "value_arguments") {
            let mut args = self.kt_args(list);
            // `url(host = HOST, path = "/users")`
            let path = args.iter().position(|arg| arg.name.as_deref() == Some("path")).unwrap_or(0);
            return (path < args.len()).then(|| (args.swap_remove(path).value, false));
        }
        let lambda = child_of(suffix, "annotated_lambda")?;
        let mut front = None;
        for stmt in self.kt_statements(lambda) {
            let Some(name) = children(stmt).first().map(|name| self.text(*name)) else { continue };
            // `takeFrom(BASE); appendPathSegments("users")`
            if let ("takeFrom", Some(suffix)) = (name, child_of(stmt, "call_suffix")) {
                let given = child_of(suffix, "value_arguments").map(|list| self.kt_args(list));
                front = given.and_then(|args| args.into_iter().next()).map(|arg| Box::new(arg.value));
                continue;
            }
            if matches!(name, "path" | "appendPathSegments" | "encodedPath" | "appendEncodedPathSegments") {
                let more = name.starts_with("append");
                if stmt.kind() == "assignment" {
                    return children(stmt).last().map(|value| (self.value::<Kotlin>(*value), more));
                }
                let path = self.kt_segments(stmt)?;
                return Some(match front.take() {
                    Some(base) => {
                        let whole = ExprKind::Join { base, parts: vec![path], style: JoinStyle::Path };
                        (expr(whole, stmt), false)
                    }
                    None => (path, more),
                });
            }
        }
        front.map(|base| (*base, false))
    }

    /// The arguments of a call as a path.
    fn kt_segments(&mut self, call: Node<'t>) -> Option<Expr> {
        let list = child_of(child_of(call, "call_suffix")?, "value_arguments")?;
        let parts = self.kt_args(list).into_iter().map(|arg| arg.value).collect();
        let base = Box::new(expr(ExprKind::Text("/".into()), call));
        Some(expr(ExprKind::Join { base, parts, style: JoinStyle::Path }, call))
    }

    /// `HttpClient { defaultRequest { url("https://...") } }`
    pub(super) fn kt_base(&mut self, lambda: Node<'t>) -> Option<Expr> {
        for stmt in self.kt_statements(lambda) {
            let Some(suffix) = child_of(stmt, "call_suffix") else { continue };
            if !self.text(stmt).contains("efaultRequest") {
                continue;
            }
            let Some(inner) = child_of(suffix, "annotated_lambda") else { continue };
            for stmt in self.kt_statements(inner) {
                if stmt.kind() == "call_expression"
                    && let Some((url, _)) = self.kt_url(stmt)
                {
                    return Some(url);
                }
            }
        }
        None
    }
}
