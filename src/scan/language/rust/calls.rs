//! Calls of Rust: those that wrap, take or give on a value, and all others.

use tree_sitter::Node;

use super::syntax::{Rust, tail};
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{call, member, plain, unknown};
use crate::scan::language::strings;

impl<'t> Lowering<'t> {
    /// What an option is made into, and what it is without: `x.map(|x| a).unwrap_or(b)`,
    /// `x.map_or(b, |x| a)`.
    fn rust_option(&self, function: Node<'t>, name: &str, args: &[Node<'t>]) -> Option<Vec<Node<'t>>> {
        let body = |node: Node<'t>| match node.kind() {
            "closure_expression" => node.child_by_field_name("body").map(tail),
            _ => None,
        };
        match (name, args) {
            ("unwrap_or", [other]) => {
                let inner = function.child_by_field_name("value")?;
                Some(vec![self.rust_mapped(inner).and_then(body)?, *other])
            }
            ("unwrap_or_else", [other]) => {
                let inner = function.child_by_field_name("value")?;
                Some(vec![self.rust_mapped(inner).and_then(body)?, body(*other)?])
            }
            ("map_or", [other, mapped]) => Some(vec![body(*mapped)?, *other]),
            ("map_or_else", [other, mapped]) => Some(vec![body(*mapped)?, body(*other)?]),
            _ => None,
        }
    }

    /// The closure of `x.map(closure)`.
    fn rust_mapped(&self, call: Node<'t>) -> Option<Node<'t>> {
        let function = call.child_by_field_name("function").filter(|f| f.kind() == "field_expression")?;
        if self.text(function.child_by_field_name("field")?) != "map" {
            return None;
        }
        match children(call.child_by_field_name("arguments")?).as_slice() {
            [closure] => Some(*closure),
            _ => None,
        }
    }

    pub(super) fn rust_call(&mut self, node: Node<'t>) -> ExprKind {
        let Some(mut function) = node.child_by_field_name("function") else { return unknown() };
        if function.kind() == "generic_function"
            && let Some(inner) = function.child_by_field_name("function")
        {
            // `response.json::<User>()`
            if self.text(inner).ends_with(".json")
                && let Some(kind) = function.child_by_field_name("type_arguments")
                && let [kind] = children(kind).as_slice()
            {
                let object = self.field_value::<Rust>(inner, "value");
                let read = expr(call(member(object, "json", inner), Vec::new()), node);
                return self.rust_typed(read, *kind).kind;
            }
            function = inner;
        }
        if function.kind() == "scoped_identifier"
            && let Some(verb) = self.rust_verb(function)
        {
            return verb;
        }
        if let Some(uri) = self.rust_uri(node, function) {
            return uri;
        }
        let nodes = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        if nodes.is_empty()
            && let Some(verb) = self.rust_verb_as_another(function)
        {
            return verb;
        }
        let args = plain(self.values::<Rust>(nodes.clone()));
        let args = match super::lazy::made_later(self, function, args, node) {
            Ok(made) => return made,
            Err(args) => args,
        };
        let args = match self.rust_newtype(function, args) {
            Ok(made) => return made,
            Err(args) => args,
        };
        let path = self.text(function);
        let at = path.rmatch_indices("::").nth(1).map_or(0, |(at, _)| at + 2);
        // A variable of the environment has the same name in every language.
        let name = match path[at..].split_once("::") {
            Some(("env", "var" | "var_os")) => "getenv",
            _ => &path[at..],
        };
        let name = match name {
            "Uri::from_str" | "Url::from_str" | "Uri::try_from" | "Url::try_from" | "Uri::from_static" => {
                "Uri::parse"
            }
            // A variable of that name, no module.
            "path.join" => "join",
            other => other,
        };
        match name {
            "Vec::new" | "Vec::with_capacity" => return ExprKind::List(Vec::new()),
            // A text that the next lines put together; anywhere else it says nothing.
            "String::new" | "String::with_capacity"
                if node.parent().is_some_and(|parent| parent.kind() == "let_declaration") =>
            {
                return ExprKind::Text("".into());
            }
            // What an object is as a text, by its `impl From<Route> for String`.
            "String::from" if matches!(nodes.as_slice(), [node] if node.kind() == "identifier") => {
                let template = Box::new(expr(ExprKind::Text("{}".into()), node));
                return ExprKind::Format { template, style: FormatStyle::Braces, args };
            }
            "stream::iter" | "tokio_stream::iter" if args.len() == 1 => {
                return args.into_iter().next().map_or_else(unknown, |arg| arg.value.kind);
            }
            _ => {}
        }
        let args = match strings::function(name, args, FormatStyle::Braces, node) {
            Ok(kind) => return kind,
            Err(args) => args,
        };
        if function.kind() != "field_expression" {
            if let Some(parsed) = self.rust_parsed(function, node) {
                return parsed;
            }
            let callee = match self.rust_own_function(function) {
                Some(method) => expr(method, function),
                None => self.value::<Rust>(function),
            };
            return call(callee, args);
        }
        let name = self.field_name(function, "field").unwrap_or_default();
        if let Some(built) = self.rust_built(node) {
            return built;
        }
        if let Some(arms) = self.rust_option(function, &name, &nodes) {
            return ExprKind::Either(self.values::<Rust>(arms));
        }
        let object = self.field_value::<Rust>(function, "value");
        // `Url::parse(base).unwrap_or_else(|e| panic!("{e}"))`
        if &*name == "unwrap_or_else" && matches!(nodes.as_slice(), [closure] if self.rust_diverges(*closure))
        {
            return object.kind;
        }
        // `[API, "/users/", id].concat()`
        if &*name == "concat" && args.is_empty() {
            let separator = Box::new(expr(ExprKind::Text("".into()), node));
            return ExprKind::Implode { list: Box::new(object), separator };
        }
        // In `impl Display`: what it writes is what it gives.
        if matches!(&*name, "write_str" | "pad" | "fmt")
            && self.unit.functions[self.function].name.as_deref() == Some(WRITTEN)
        {
            let mut args = args;
            return match (&*name, args.is_empty()) {
                ("fmt", _) => object.kind,
                (_, false) => args.remove(0).value.kind,
                _ => unknown(),
            };
        }
        // A result or a text of another type is still what it was.
        let same = matches!(
            (&*name, args.len()),
            ("try_into" | "parse" | "ok", 0)
                | ("map_err" | "context" | "with_context" | "ok_or" | "ok_or_else", 1)
        );
        // Others change what it holds: `method.map_body(write)`.
        let mapped = name.starts_with("map_") && !name.starts_with("map_or") && args.len() == 1;
        if same || mapped && matches!(args[0].value.kind, ExprKind::Function(_)) {
            return object.kind;
        }
        // No text of Rust has such a method; one of the program's own may.
        let parts = match &*name {
            "format" | "formatted" => Err((object, args)),
            _ => strings::method(object, &name, args, node),
        };
        match parts {
            Ok(kind) => kind,
            Err((object, args)) => call(member(object, &name, function), args),
        }
    }
}
