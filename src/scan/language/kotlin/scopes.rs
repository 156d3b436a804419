//! Closures of Kotlin that run where they stand, on an object that they need not name:
//! `buildString { append("/users") }`, `with(url) { ... }`, `builder.apply { ... }`, and those that
//! are handed it: `id?.let { "/users/$it" }`.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::{Kotlin, child_of};
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{Manner, call, member, named, plain, unknown};
use crate::scan::objects::elements::{ROW, Rows};

/// Functions that run a closure once, somewhere else or later, and give what it gives.
const RUNNERS: [&str; 10] = [
    "withContext",
    "coroutineScope",
    "supervisorScope",
    "runBlocking",
    "async",
    "withTimeout",
    "withTimeoutOrNull",
    "runInterruptible",
    "synchronized",
    "runTest",
];

/// What a closure of a list or a table takes.
pub(super) enum Takes {
    Item,
    /// A pair, which it takes apart.
    Row,
    /// Key and value, or number and item.
    Both,
}

/// What a closure gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gives {
    /// What its last statement is.
    Last,
    /// The object that it runs on.
    Object,
}

impl<'t> Lowering<'t> {
    /// A call of a function that runs a closure on an object; `object` is what stands before
    /// its name.
    pub(super) fn kt_scoped(
        &mut self,
        name: &str,
        object: Option<Node<'t>>,
        suffix: Node<'t>,
        lambda: Node<'t>,
    ) -> Option<ExprKind> {
        let first = || {
            let list = child_of(suffix, "value_arguments")?;
            children(children(list).first().copied()?).last().copied()
        };
        let scope: Arc<str> = format!("(scope {})", lambda.start_byte()).into();
        let (on, param, gives) = match (name, object) {
            ("buildString", None) => {
                (Some(expr(ExprKind::Text("".into()), lambda)), Some(scope), Gives::Object)
            }
            ("with", None) => (Some(self.value::<Kotlin>(first()?)), Some(scope), Gives::Last),
            ("run", Some(object)) => (Some(self.value::<Kotlin>(object)), Some(scope), Gives::Last),
            ("apply", Some(object)) => (Some(self.value::<Kotlin>(object)), Some(scope), Gives::Object),
            ("let" | "use", Some(object)) => (Some(self.value::<Kotlin>(object)), None, Gives::Last),
            ("also", Some(object)) => (Some(self.value::<Kotlin>(object)), None, Gives::Object),
            ("run" | "runCatching", None) => (None, None, Gives::Last),
            // What it stands on says where it runs: `withContext(Dispatchers.IO) { .. }`.
            (name, None) if RUNNERS.contains(&name) => (None, None, Gives::Last),
            ("async" | "withLock" | "withPermit", Some(_)) => (None, None, Gives::Last),
            _ => return None,
        };
        let closure = self.kt_scope(lambda, param, gives);
        Some(call(expr(closure, lambda), plain(on.into_iter().collect())))
    }

    /// `::load`, `this::load`, `client::get`; a class has no object to ask.
    fn kt_reference(&mut self, node: Node<'t>) -> ExprKind {
        let text = self.text(node);
        let plain = |word: &str| word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
        match text.split_once("::").map(|(object, name)| (object.trim(), name.trim())) {
            Some(("", name)) if plain(name) => self.variable::<Kotlin>(name.into(), node),
            Some((object, name))
                if object.starts_with(char::is_lowercase) && plain(object) && plain(name) =>
            {
                let mut words = object.split('.');
                let first = self.variable::<Kotlin>(words.next().unwrap_or_default().into(), node);
                let object = words.fold(expr(first, node), |object, word| member(object, word, node));
                member(object, name, node).kind
            }
            _ => unknown(),
        }
    }

    /// `id?.let(::load)`, `request.run(client::newCall)`: the function that is named is called.
    pub(super) fn kt_handed(&mut self, function: Node<'t>, suffix: Node<'t>) -> Option<ExprKind> {
        let navigated =
            child_of(function, "navigation_suffix").filter(|_| function.kind() == "navigation_expression")?;
        let name = self.text(child_of(navigated, "simple_identifier")?);
        let list = children(child_of(suffix, "value_arguments")?);
        let [only] = list.as_slice() else { return None };
        let reference = children(*only).last().copied().filter(|node| node.kind() == "callable_reference")?;
        if !matches!(name, "let" | "run") {
            return None;
        }
        let object = self.value::<Kotlin>(*children(function).first()?);
        let callee = expr(self.kt_reference(reference), reference);
        Some(call(callee, plain(vec![object])))
    }

    /// A closure whose object is called `scope`, or by the name that it gives it.
    fn kt_scope(&mut self, lambda: Node<'t>, scope: Option<Arc<str>>, gives: Gives) -> ExprKind {
        let literal = child_of(lambda, "lambda_literal").unwrap_or(lambda);
        let given = child_of(literal, "lambda_parameters").map(children).unwrap_or_default();
        let name = match (&scope, given.first()) {
            (Some(scope), _) => scope.clone(),
            (None, Some(first)) => self.kt_name(*first),
            (None, None) => "it".into(),
        };
        let params = vec![crate::scan::language::java::param(name.clone())];
        let manner = Manner { inline: true, ..Manner::default() };
        let implicit = scope.is_some();
        if implicit {
            self.names.scoped.push(name.clone());
        }
        let id = self.define::<Kotlin>(None, None, manner, params, |l| {
            let statements = child_of(literal, "statements");
            let mut out = statements.map(|body| l.block::<Kotlin>(body)).unwrap_or_default();
            match gives {
                Gives::Object => out.push(Stmt::Return(named(&name, lambda))),
                Gives::Last => {
                    if let Some(Stmt::Expr(value)) = out.pop_if(|last| matches!(last, Stmt::Expr(_))) {
                        out.push(Stmt::Return(value));
                    }
                }
            }
            out
        });
        if implicit {
            self.names.scoped.pop();
        }
        ExprKind::Function(id)
    }

    /// Whether a call as a statement leaves the function with what its closure gives, as the last
    /// thing that the closure does: `reply.use { return parse(it) }`.
    pub(super) fn kt_leaves(&self, node: Node<'t>) -> bool {
        let lambda = child_of(node, "call_suffix").and_then(|suffix| child_of(suffix, "annotated_lambda"));
        let name = children(node).first().and_then(|function| match function.kind() {
            "navigation_expression" => {
                child_of(child_of(*function, "navigation_suffix")?, "simple_identifier")
            }
            _ => Some(*function),
        });
        let (Some(lambda), Some(name)) = (lambda, name) else { return false };
        if !matches!(self.text(name), "let" | "use" | "run" | "with" | "withLock" | "synchronized") {
            return false;
        }
        let last = self.kt_statements(lambda).last().copied();
        last.is_some_and(|last| {
            let text = self.text(last);
            last.kind() == "jump_expression" && text.starts_with("return") && !text.starts_with("return@")
        })
    }

    /// `.uri { it.path("/users/{id}").build(id) }`: the address is what the closure gives.
    pub(super) fn kt_address(
        &mut self,
        name: &str,
        object: Node<'t>,
        lambda: Node<'t>,
        node: Node<'t>,
    ) -> Option<ExprKind> {
        let statements = self.kt_statements(lambda);
        let ([only], "uri" | "url") = (statements.as_slice(), name) else { return None };
        let literal = child_of(lambda, "lambda_literal").unwrap_or(lambda);
        let word = child_of(literal, "lambda_parameters").and_then(|list| children(list).first().copied());
        let word = word.map_or_else(|| "it".into(), |word| self.kt_name(word));
        let value = self.with_alias(word, |l| l.value::<Kotlin>(*only));
        let object = self.value::<Kotlin>(object);
        Some(call(member(object, name, node), vec![Arg { name: None, value }]))
    }

    /// The member of the object of a closure around it that a bare name may be.
    pub(super) fn kt_implicit(&self, name: &str, node: Node<'t>) -> Option<Expr> {
        let scope = self.names.scoped.last()?;
        let free = name.starts_with(char::is_lowercase) && !self.is_declared(name);
        free.then(|| member(named(scope, node), name, node))
    }

    /// `this` inside such a closure.
    pub(super) fn kt_this(&self) -> ExprKind {
        ExprKind::Name(self.names.scoped.last().cloned().unwrap_or_else(|| "this".into()))
    }

    /// `parts.joinToString(separator = "/", prefix = "https://...")`
    pub(super) fn kt_joined(&self, object: Expr, args: Vec<Arg>, node: Node<'t>) -> ExprKind {
        let mut take = {
            let mut args = args;
            move |name: &str, at: usize| {
                let by_name = args.iter().position(|arg| arg.name.as_deref() == Some(name));
                let by_place = || args.get(at).is_some_and(|arg| arg.name.is_none()).then_some(at);
                let found = by_name.or_else(by_place)?;
                let empty = expr(ExprKind::Text("".into()), node);
                Some(std::mem::replace(&mut args[found].value, empty))
            }
        };
        let usual = || expr(ExprKind::Text(", ".into()), node);
        let separator = take("separator", 0).unwrap_or_else(usual);
        let (prefix, postfix) = (take("prefix", 1), take("postfix", 2));
        let list = ExprKind::Implode { list: Box::new(object), separator: Box::new(separator) };
        let parts = prefix.into_iter().chain([expr(list, node)]).chain(postfix);
        ExprKind::Concat(parts.collect())
    }

    /// `val (method, path) = route`
    pub(super) fn kt_taken_apart(&mut self, names: Node<'t>, value: Node<'t>, out: &mut Vec<Stmt>) {
        let list = self.value::<Kotlin>(value);
        for (name, part) in self.parts(kt_names(names), list, value, out) {
            self.local(name, part, out);
        }
    }

    /// What a closure of a list or a table takes.
    pub(super) fn kt_takes(&self, lambda: Node<'t>) -> Takes {
        let literal = child_of(lambda, "lambda_literal").unwrap_or(lambda);
        let given = child_of(literal, "lambda_parameters").map(children).unwrap_or_default();
        match given.as_slice() {
            [row] if row.kind() == "multi_variable_declaration" => Takes::Row,
            [_, _] => Takes::Both,
            _ => Takes::Item,
        }
    }

    /// `segments.forEach { url.addPathSegment(it) }` is a loop in which the URL grows.
    pub(super) fn kt_grown_each(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let Some((list, lambda)) = self.kt_each_of(node) else { return false };
        let literal = child_of(lambda, "lambda_literal").unwrap_or(lambda);
        let given = child_of(literal, "lambda_parameters").and_then(|list| children(list).first().copied());
        let name = given.map_or_else(|| "it".into(), |name| self.kt_name(name));
        let items = self.value::<Kotlin>(list);
        self.declare(name.clone());
        let value = expr(ExprKind::Element(Box::new(items)), list);
        out.push(Stmt::Assign { target: named(&name, given.unwrap_or(lambda)), value });
        let body = child_of(literal, "statements").map(|body| self.block::<Kotlin>(body));
        out.push(Stmt::Loop(body.unwrap_or_default()));
        true
    }

    /// The list of a `forEach` and its closure, which takes an element and puts it behind a path.
    fn kt_each_of(&self, node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let function = children(node).first().copied()?;
        let navigated =
            child_of(function, "navigation_suffix").filter(|_| function.kind() == "navigation_expression")?;
        let lambda = child_of(child_of(node, "call_suffix")?, "annotated_lambda")?;
        let each = self.text(child_of(navigated, "simple_identifier")?) == "forEach";
        let text = self.text(lambda);
        let grows = ["PathSegment", "appendPath", ".append(", "+="].iter().any(|step| text.contains(step));
        let item = matches!(self.kt_takes(lambda), Takes::Item);
        (each && grows && item).then_some((*children(function).first()?, lambda))
    }

    /// `routes.forEach { (method, path) -> .. }`
    pub(super) fn kt_row_given(&mut self, names: Node<'t>, out: &mut Vec<Stmt>) {
        for (name, part) in self.parts(kt_names(names), named(ROW, names), names, out) {
            self.local(name, part, out);
        }
    }

    /// `for ((method, path) in routes)`
    pub(super) fn kt_rows(&mut self, names: Node<'t>, list: Node<'t>, out: &mut Vec<Stmt>) {
        let items = self.value::<Kotlin>(list);
        for (name, part) in self.row_parts(kt_names(names), items, Rows::Entries, names, out) {
            self.local(name, part, out);
        }
    }
}

/// The names of a declaration of several; none for one that is not used.
fn kt_names(names: Node<'_>) -> Vec<Option<Node<'_>>> {
    children(names).into_iter().map(|variable| child_of(variable, "simple_identifier")).collect()
}
