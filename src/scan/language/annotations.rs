//! Interfaces whose methods are requests by their annotations: Retrofit,
//! Feign, Spring's HTTP interfaces and Refit.
//!
//! Annotations of servers are no calls: those of Spring and JAX-RS count only
//! on interfaces that are declared to be clients.

use std::sync::Arc;

use tree_sitter::Node;

use super::lower::expr;
use super::shared::{call, named, unknown};
use crate::scan::form::*;
use crate::scan::request::method_named;

/// The name of the call that an annotated method stands for; its arguments
/// are the method and the path.
pub(super) const REQUEST: &str = "(annotated request)";

/// An annotation with its arguments.
pub(super) struct Annotation {
    pub name: Arc<str>,
    pub args: Vec<Arg>,
}

/// What the annotations of an interface say.
#[derive(Debug, Default)]
pub(super) struct Prefix {
    /// A client by declaration: annotations of servers mean requests on it.
    client: bool,
    path: Option<Arc<str>>,
}

impl Annotation {
    fn text(&self, names: &[&str]) -> Option<Arc<str>> {
        let fits = |arg: &&Arg| arg.name.as_deref().map_or(names.contains(&""), |name| names.contains(&name));
        self.args.iter().find(fits).and_then(|arg| text(&arg.value))
    }
}

fn text(value: &Expr) -> Option<Arc<str>> {
    match &value.kind {
        ExprKind::Text(text) => Some(text.clone()),
        ExprKind::List(items) => items.first().and_then(text),
        _ => None,
    }
}

/// Reads the annotations of an interface.
pub(super) fn prefix(annotations: &[Annotation]) -> Prefix {
    let mut out = Prefix::default();
    for annotation in annotations {
        let path = match &*annotation.name {
            "FeignClient" => annotation.text(&["path"]),
            "HttpExchange" => annotation.text(&["", "value", "url"]),
            "RegisterRestClient" => None,
            "Client" => annotation.text(&["path"]),
            "Path" | "RequestMapping" => {
                out.path = out.path.take().or_else(|| annotation.text(&["", "value", "path"]));
                continue;
            }
            _ => continue,
        };
        out.client = true;
        out.path = path.or_else(|| out.path.take());
    }
    out
}

/// The request that a method of an interface is by its annotations.
pub(super) fn request(prefix: &Prefix, annotations: Vec<Annotation>, node: Node<'_>) -> Option<Expr> {
    let mut method: Option<Arc<str>> = None;
    let mut path: Option<Expr> = None;
    let mut marked: Option<Arc<str>> = None;
    for annotation in annotations {
        let name = annotation.name.clone();
        let verb = method_named(&name);
        let end = |tail: &str| name.strip_suffix(tail).and_then(method_named);
        match (&*name, verb) {
            // Feign's own: `@RequestLine("GET /users/{id}")`.
            ("RequestLine", _) => {
                let line = annotation.text(&["", "value"])?;
                let (verb, rest) = line.split_once(' ')?;
                method = Some(method_named(verb)?.into());
                let at = annotation.args.first().map_or(expr(unknown(), node), |arg| Expr {
                    kind: ExprKind::Text(rest.trim().into()),
                    span: arg.value.span,
                });
                path = Some(at);
            }
            // Retrofit's has a path, that of JAX-RS none.
            (_, Some(verb)) if !annotation.args.is_empty() => {
                method = Some(verb.into());
                path = value_of(annotation);
            }
            ("HTTP", _) => {
                method = annotation.text(&["method"]);
                path = value_of(annotation);
            }
            (_, Some(verb)) if prefix.client => marked = Some(verb.into()),
            ("Path", _) if prefix.client => path = value_of(annotation),
            ("RequestMapping", _) if prefix.client => {
                let given = annotation.args.iter().find(|arg| arg.name.as_deref() == Some("method"));
                let verb = given.and_then(|arg| match &arg.value.kind {
                    ExprKind::Member(_, name) | ExprKind::Name(name) => method_named(name),
                    _ => None,
                });
                method = Some(verb.unwrap_or("GET").into());
                path = value_of(annotation);
            }
            _ => {
                let mapped = if prefix.client { end("Mapping") } else { None };
                if let Some(verb) = mapped.or_else(|| end("Exchange")) {
                    method = Some(verb.into());
                    path = value_of(annotation);
                }
            }
        }
    }
    let method = method.or(marked)?;
    let front = prefix.path.clone().map(|front| expr(ExprKind::Text(front), node));
    let url = match (front, path) {
        (Some(front), Some(path)) => {
            let span = path.span;
            let base = Box::new(Expr { kind: front.kind, span });
            Expr { kind: ExprKind::Join { base, parts: vec![path], style: JoinStyle::Base }, span }
        }
        (front, path) => front.or(path)?,
    };
    let method = expr(ExprKind::Text(method), node);
    let args = vec![Arg { name: None, value: method }, Arg { name: None, value: url }];
    Some(expr(call(named(REQUEST, node), args), node))
}

/// The path that an annotation gives.
fn value_of(annotation: Annotation) -> Option<Expr> {
    let fits =
        |arg: &Arg| arg.name.as_deref().is_none_or(|name| matches!(name, "value" | "path" | "url" | "uri"));
    let value = annotation.args.into_iter().find(fits)?.value;
    match value.kind {
        ExprKind::List(mut items) if !items.is_empty() => Some(items.remove(0)),
        kind => Some(Expr { kind, span: value.span }),
    }
}
