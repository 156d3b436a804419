//! Classes of Python's libraries whose objects are URLs, and their steps: yarl, httpx, furl,
//! and templates of RFC 6570.

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, expr};

/// Statements behind a request among which its method is looked for.
const MAX_FURTHER: usize = 16;

impl<'t> Lowering<'t> {
    /// The method that a request of urllib is told once it is made, as was the way before it
    /// could be handed over: `req.get_method = lambda: "PUT"`.
    pub(super) fn py_method_told(&mut self, call: Node<'t>) -> Option<Arg> {
        let made = call.parent().filter(|parent| parent.kind() == "assignment")?;
        let function = self.text(call.child_by_field_name("function")?);
        if !function.ends_with("Request") {
            return None;
        }
        let object = self.text(made.child_by_field_name("left")?);
        let mut after = made.parent().and_then(|stmt| stmt.next_named_sibling());
        for _ in 0..MAX_FURTHER {
            let stmt = after?;
            let told = stmt.named_child(0).filter(|child| child.kind() == "assignment");
            if let Some(told) = told
                && let Some(target) = told.child_by_field_name("left")
                && self.text(target).strip_prefix(object) == Some(".get_method")
            {
                let lambda = told.child_by_field_name("right")?;
                let body = lambda.child_by_field_name("body")?;
                let said = matches!(body.kind(), "string" | "identifier" | "attribute");
                let body = Some(body).filter(|_| said)?;
                return Some(Arg { name: Some("method".into()), value: self.py_expr(body) });
            }
            // Another request has its name.
            if told
                .and_then(|told| told.child_by_field_name("left"))
                .is_some_and(|left| self.text(left) == object)
            {
                return None;
            }
            after = stmt.next_named_sibling();
        }
        None
    }

    /// What a method of a URL makes of it; the parts are given back if the call says nothing
    /// about URLs.
    pub(super) fn py_url_step(
        &mut self,
        object: Box<Expr>,
        name: &str,
        mut args: Vec<Arg>,
        node: Node<'t>,
    ) -> Result<ExprKind, (Box<Expr>, Vec<Arg>)> {
        let placed = args.iter().all(|arg| arg.name.is_none());
        let path = args.iter().position(|arg| arg.name.as_deref() == Some("path"));
        let join = |base, parts| Ok(ExprKind::Join { base, parts, style: JoinStyle::Path });
        let class = matches!(&object.kind, ExprKind::Name(name) if &**name == "URL");
        match (name, path) {
            // `URL.build(scheme="https", host=HOST, path="/users")`
            ("build", Some(_)) if class => {
                let mut part = |name: &str| {
                    let at = args.iter().position(|arg| arg.name.as_deref() == Some(name))?;
                    Some(args.remove(at).value)
                };
                let scheme = expr(ExprKind::Text("https://".into()), node);
                let parts = [Some(scheme), part("host"), part("path")];
                Ok(ExprKind::Concat(parts.into_iter().flatten().collect()))
            }
            ("joinpath", _) if placed && !args.is_empty() => {
                join(object, args.into_iter().map(|arg| arg.value).collect())
            }
            ("with_path", _) if !args.is_empty() => join(object, vec![args.remove(0).value]),
            ("add" | "set" | "copy_with", Some(at)) => join(object, vec![args.remove(at).value]),
            ("copy", _) if args.is_empty() && self.py_copies_url(&object) => Ok(object.kind),
            ("tostr" | "human_repr", _) if args.is_empty() => Ok(object.kind),
            // What changes only the query.
            ("update_query" | "extend_query" | "with_query", _) if self.source.contains("yarl") => {
                Ok(object.kind)
            }
            ("sub", _) if matches!(&object.kind, ExprKind::Name(module) if &**module == "re") => {
                super::class_names::without(args).map_err(|args| (object, args))
            }
            ("expand", _) if self.has_uri_templates() => match &object.kind {
                ExprKind::Name(module) if &**module == "uritemplate" => Ok(expanded(args)),
                _ => Ok(ExprKind::Format { template: object, style: FormatStyle::Braces, args }),
            },
            ("URITemplate", _) if args.len() == 1 && self.has_uri_templates() => {
                Ok(args.remove(0).value.kind)
            }
            _ => Err((object, args)),
        }
    }

    /// Whether the object of a `join`, or what it is handed, is a URL rather than a text:
    /// `base.join(URL(path))` of yarl, `URL(base).join(path)` of httpx.
    pub(super) fn py_joins_urls(&self, call: Node<'t>) -> bool {
        let is_url = |node: Node<'t>| {
            let function = Some(node).filter(|node| node.kind() == "call");
            let function = function.and_then(|node| node.child_by_field_name("function"));
            function.is_some_and(|function| {
                matches!(
                    self.text(function),
                    "URL" | "yarl.URL" | "httpx.URL" | "URL.build" | "yarl.URL.build"
                )
            })
        };
        let argument = call.child_by_field_name("arguments").and_then(|args| args.named_child(0));
        let object = call.child_by_field_name("function").and_then(|join| join.child_by_field_name("object"));
        argument.into_iter().chain(object).any(is_url)
    }

    /// As [`Self::py_url_step`], of functions and classes that are called by their bare names.
    pub(super) fn py_url_call(&mut self, name: &str, mut args: Vec<Arg>) -> Result<ExprKind, Vec<Arg>> {
        match name {
            "furl" if args.len() == 1 && self.source.contains("furl") => Ok(args.remove(0).value.kind),
            // `furl(BASE, path="/users")`
            "furl" if args.len() == 2 && args[1].name.as_deref() == Some("path") => {
                let parts = vec![args.remove(1).value];
                let base = Box::new(args.remove(0).value);
                Ok(ExprKind::Join { base, parts, style: JoinStyle::Path })
            }
            "URITemplate" if args.len() == 1 && self.has_uri_templates() => Ok(args.remove(0).value.kind),
            "expand" if !args.is_empty() && self.has_uri_templates() => Ok(expanded(args)),
            _ => Err(args),
        }
    }

    /// Whether what is copied is a URL that is changed then: `url = USERS_ENDPOINT.copy()`.
    fn py_copies_url(&self, object: &Expr) -> bool {
        crate::scan::evaluate::dotted(object).is_some_and(|name| self.py_is_changed_url(&name))
    }

    fn has_uri_templates(&self) -> bool {
        self.source.contains("uritemplate")
    }
}

/// `expand(template, id=id)`
fn expanded(mut args: Vec<Arg>) -> ExprKind {
    if args.is_empty() {
        return ExprKind::Unknown("".into());
    }
    let template = Box::new(args.remove(0).value);
    ExprKind::Format { template, style: FormatStyle::Braces, args }
}
