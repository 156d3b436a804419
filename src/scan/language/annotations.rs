//! Interfaces whose methods are requests by their annotations: Retrofit,
//! Feign, Spring's HTTP interfaces and Refit.
//!
//! Annotations of servers are no calls: those of Spring and JAX-RS count only
//! on interfaces that are declared to be clients.

use std::sync::Arc;

use tree_sitter::Node;

use super::lower::{Lowering, expr};
use super::shared::{Syntax, call, member, named, unknown};
use crate::scan::form::*;
use crate::scan::requests::request::{Found, Meaning, NamedValue, argument};
use crate::scan::value::{Kind, Piece, Value};
use crate::scan::wording::method_named;

/// The name of the call that an annotated method stands for.
pub(super) const REQUEST: &str = ANNOTATED;

/// The function of an interface that stands for making a client of it, and its parameter.
const MADE: &str = "(made)";
const BASE: &str = "(base)";

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
    path: Option<Expr>,
}

impl Annotation {
    /// The texts among its arguments.
    pub(super) fn texts(&self) -> impl Iterator<Item = Arc<str>> {
        self.args.iter().filter_map(|arg| text(&arg.value))
    }

    /// The argument of one of some names; `""` is for one without a name.
    fn given(&self, names: &[&str]) -> Option<Expr> {
        let fits = |arg: &&Arg| arg.name.as_deref().map_or(names.contains(&""), |name| names.contains(&name));
        self.args.iter().find(fits).and_then(|arg| written_again(&arg.value))
    }

    /// The address of a client, as far as it says a path: `url = "${orbit.url}/api/v1"`, Micronaut's
    /// `@Client("https://orbit.example.com/api")`. What is only a name is looked up elsewhere.
    fn address(&self) -> Option<Expr> {
        let names: &[&str] = if &*self.name == "Client" { &["", "value", "id", "url"] } else { &["url"] };
        let given = self.given(names)?;
        let ExprKind::Text(text) = &given.kind else { return None };
        let part = |kind: ExprKind| Expr { kind, span: given.span };
        let Some(inner) = text.strip_prefix("${") else {
            return text.contains("://").then(|| part(ExprKind::Text(text.clone())));
        };
        // `${orbit.url:`http://localhost:8500`}/api`
        let (setting, rest) = inner.split_once('}')?;
        let name = setting.split(':').next().unwrap_or(setting);
        let base = part(ExprKind::Setting { name: name.into(), default: None });
        Some(part(ExprKind::Concat(vec![base, part(ExprKind::Text(rest.into()))])))
    }

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

/// A text once more, as far as it is made of texts and constants.
fn written_again(value: &Expr) -> Option<Expr> {
    let kind = match &value.kind {
        ExprKind::Text(text) => ExprKind::Text(text.clone()),
        ExprKind::Concat(parts) => ExprKind::Concat(parts.iter().map(written_again).collect::<Option<_>>()?),
        ExprKind::List(items) => return items.first().and_then(written_again),
        ExprKind::Setting { name, .. } => ExprKind::Setting { name: name.clone(), default: None },
        ExprKind::Join { base, parts, style } => ExprKind::Join {
            base: Box::new(written_again(base)?),
            parts: parts.iter().map(written_again).collect::<Option<_>>()?,
            style: *style,
        },
        _ => return value.again(),
    };
    Some(Expr { kind, span: value.span })
}

/// The last of the names by which an annotation is called: `a.b.Get` is `Get`.
pub(super) fn plain_name(written: Option<Arc<str>>) -> Arc<str> {
    let written = written.unwrap_or_default();
    written.rsplit('.').next().unwrap_or_default().into()
}

/// A path below an address.
fn below(address: Option<Expr>, path: Option<Expr>) -> Option<Expr> {
    match (address, path) {
        (Some(address), Some(path)) => {
            let span = path.span;
            let base = Box::new(address);
            Some(Expr { kind: ExprKind::Join { base, parts: vec![path], style: JoinStyle::Path }, span })
        }
        (address, path) => address.or(path),
    }
}

/// Reads the annotations of an interface.
pub(super) fn prefix(annotations: &[Annotation]) -> Prefix {
    let mut out = Prefix::default();
    for annotation in annotations {
        let path = match &*annotation.name {
            "FeignClient" | "Client" => below(annotation.address(), annotation.given(&["path"])),
            "HttpExchange" => annotation.given(&["", "value", "url"]),
            "RegisterRestClient" => None,
            "Path" | "RequestMapping" => {
                out.path = out.path.take().or_else(|| annotation.given(&["", "value", "path"]));
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
    let front = prefix.path.as_ref().and_then(written_again);
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

impl Lowering<'_> {
    /// A method that is a request by its annotations, and the same request at the address
    /// that a client is made with elsewhere.
    pub(super) fn asked_by_annotation(
        &mut self,
        id: FunctionId,
        prefix: &Prefix,
        annotations: [Vec<Annotation>; 2],
        node: Node<'_>,
    ) {
        let class = self.unit.functions[id].class.map(|class| self.unit.classes[class].name.clone());
        // What the interface is called may say whose API it is.
        let [here, mut there] = annotations.map(|given| {
            let mut asked = request(prefix, given, node)?;
            if let (ExprKind::Call(call), Some(class)) = (&mut asked.kind, &class) {
                call.callee = member(named(class, node), REQUEST, node);
            }
            Some(asked)
        });
        self.unit.functions[id].body.extend(here.map(Stmt::Return));
        if let Some(Expr { kind: ExprKind::Call(call), .. }) = &mut there {
            call.args.push(Arg { name: None, value: named(BASE, node) });
        }
        if let Some(requests) = self.requests() {
            requests.extend(there);
        }
    }

    /// The object that makes a client of an interface; where it is handed in by its type, what
    /// the one function of the file gives that is declared to give one.
    pub(super) fn client_maker<S: Syntax>(&self, object: Expr, node: Node<'_>) -> Expr {
        let ExprKind::Name(name) = &object.kind else { return object };
        let function = &self.unit.functions[self.function];
        let Some((_, kind)) = function.declared.iter().find(|(known, _)| known == name) else {
            return object;
        };
        let mut giving = self.unit.functions.iter().filter(|other| other.gives.as_ref() == Some(kind));
        match (giving.next().and_then(|giving| giving.name.as_deref()), giving.next(), function.class) {
            (Some(giving), None, Some(_)) => {
                expr(call(member(named(S::RECEIVER, node), giving, node), Vec::new()), node)
            }
            _ => object,
        }
    }

    /// The function that stands for making a client of an interface: all that it can be asked
    /// for, at the address it is made with.
    pub(super) fn made_with_base(&mut self, class: ClassId, requests: Vec<Expr>) {
        if requests.is_empty() {
            return;
        }
        let id = self.add_function(Some(MADE.into()), Some(class));
        let function = &mut self.unit.functions[id];
        function.params = vec![Param { name: BASE.into(), kind: ParamKind::Plain, default: None }];
        function.body = requests.into_iter().map(Stmt::Expr).collect();
    }
}

/// A client of an interface, made for an address or by an object that has one.
pub(super) fn made(interface: &str, base: Expr, node: Node<'_>) -> ExprKind {
    let interface = interface.rsplit('.').next().unwrap_or(interface);
    call(member(named(interface, node), MADE, node), vec![Arg { name: None, value: base }])
}

/// What an annotated request asks for: on the client it is made with, if that is known.
pub(super) fn meaning(args: &[NamedValue]) -> Meaning {
    let (Some(method), Some(url)) = (argument(args, Some(0), &[]), argument(args, Some(1), &[])) else {
        return Meaning::Unknown;
    };
    let base = argument(args, Some(2), &[]).map(|base| {
        let client = base.terms.iter().find_map(|term| match &term.kind {
            Kind::Client(base) => Some(&**base),
            _ => None,
        });
        client.unwrap_or(base)
    });
    // The call stands where the path does, wherever the client is made.
    let Some(base) = base.map(|base| standing(base, false)) else {
        return Meaning::Request(Found::with_method(Some(method), None, url));
    };
    Meaning::Request(Found::with_method(Some(method), None, &standing(url, true)).on(Some(&base)))
}

/// A value whose texts say where a call stands, or do not.
fn standing(value: &Value, here: bool) -> Value {
    let mut value = value.clone();
    for term in &mut value.terms {
        if let Kind::Text(pieces) = &mut term.kind {
            for piece in pieces {
                if let Piece::Literal { literal, origin, local, .. } = piece {
                    (*origin, *local) = (if here { *literal } else { *origin }, here);
                }
            }
        }
    }
    value
}

/// The path that an annotation gives.
fn value_of(annotation: Annotation) -> Option<Expr> {
    let fits =
        |arg: &Arg| arg.name.as_deref().is_none_or(|name| matches!(name, "value" | "path" | "url" | "uri"));
    let mut value = annotation.args.into_iter().find(fits)?.value;
    // `"/users{?page}"`: the query stands in the template.
    if let ExprKind::Text(text) = &value.kind
        && let Some(end) = text.find("{?")
    {
        value.kind = ExprKind::Text(text[..end].into());
    }
    match value.kind {
        ExprKind::List(mut items) if !items.is_empty() => Some(items.remove(0)),
        kind => Some(Expr { kind, span: value.span }),
    }
}
