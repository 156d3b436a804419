//! Libraries under names of a file's own: `import requests as rq`, `import urllib.request as
//! ur`, `from httpx import AsyncClient as Http`. What is called by such a name is called by
//! the library's, so that the dialect knows only these.

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::ExprKind;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::member;
use crate::scan::wording::method_named;

/// The packages whose names the dialect knows.
const LIBRARIES: [&str; 9] =
    ["aiohttp", "grequests", "http", "httpx", "niquests", "requests", "treq", "urllib", "urllib3"];

/// Those whose functions are requests.
const ASKING: [&str; 3] = ["httpx", "niquests", "requests"];

impl<'t> Lowering<'t> {
    /// Notes that a library, or what is imported from one, has another name here.
    pub(super) fn py_alias(&mut self, module: Option<&str>, written: &str, local: &str) {
        let package = module.unwrap_or(written).split('.').next().unwrap_or_default();
        // `from requests import get`
        if let Some(module) = module.filter(|module| ASKING.contains(module))
            && (written == "request" || method_named(written).is_some())
        {
            self.aliases.push((local.into(), vec![module.into(), written.into()]));
            return;
        }
        // `from os.path import join`
        if written == "join" && module.is_some_and(|module| matches!(module, "os.path" | "posixpath")) {
            self.aliases.push((local.into(), ["os", "path", "join"].map(Arc::from).into()));
            return;
        }
        if local != written && LIBRARIES.contains(&package) {
            self.aliases.push((local.into(), written.split('.').map(Arc::from).collect()));
        }
    }

    /// A bare name, as the library has it that it stands for.
    pub(super) fn py_name(&self, node: Node<'t>) -> ExprKind {
        let text = self.text(node);
        if let Some(method) = method_of(text).filter(|_| self.source.contains("hdrs")) {
            return ExprKind::Text(method.into());
        }
        let known = self.aliases.iter().find(|(local, _)| **local == *text);
        // What is handed on under its name is known by that.
        let called = || node.parent().is_some_and(|call| call.child_by_field_name("function") == Some(node));
        let asks = |path: &[Arc<str>]| path.len() == 2 && ASKING.contains(&&*path[0]) && &*path[1] == text;
        let known = known.filter(|(_, path)| !asks(path) || called());
        let Some((_, path)) = known.filter(|_| !is_taken(node, text, self.source)) else {
            return ExprKind::Name(text.into());
        };
        let mut parts = path.iter();
        let first = ExprKind::Name(parts.next().cloned().unwrap_or_default());
        parts.fold(first, |object, name| member(expr(object, node), name, node).kind)
    }
}

/// The method that a constant of aiohttp's `hdrs` is: `METH_GET`.
pub(super) fn method_of(name: &str) -> Option<&'static str> {
    method_named(name.strip_prefix("METH_")?)
}

/// Whether a function around takes a parameter of that name, which then is what it means.
fn is_taken(node: Node<'_>, name: &str, source: &str) -> bool {
    let mut around = std::iter::successors(node.parent(), |at| at.parent());
    around.any(|at| {
        let parameters = at.child_by_field_name("parameters");
        parameters.into_iter().flat_map(children).any(|parameter| {
            let named = parameter.child_by_field_name("name").or_else(|| parameter.named_child(0));
            let named = named.unwrap_or(parameter);
            source.get(named.byte_range()) == Some(name)
        })
    })
}
