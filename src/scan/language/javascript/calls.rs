//! Calls in scripts: those that put texts and lists together, and all others.

use std::sync::Arc;

use tree_sitter::Node;

use super::above::joined;
use super::classes::library_of;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::strings;
use crate::scan::wording::words;

impl<'t> Lowering<'t> {
    pub(super) fn js_call(&mut self, node: Node<'t>) -> ExprKind {
        let constructor = node.kind() == "new_expression";
        let field = if constructor { "constructor" } else { "function" };
        let Some(function) = node.child_by_field_name(field) else { return ExprKind::Unknown("".into()) };
        if let Some(awaited) = self.awaited(node) {
            return self.js_expr(awaited).kind;
        }
        if let Some(member) = self.js_private(node) {
            return member;
        }
        if let Some(parts) = self.js_spread_compiled(node) {
            let part =
                |inner: Expr| (None, Expr { span: inner.span, kind: ExprKind::Spread(Box::new(inner)) });
            return ExprKind::Object(self.js_exprs(parts).into_iter().map(part).collect());
        }
        if let Some(endpoint) = self.js_endpoint(node, function) {
            return endpoint;
        }
        if let Some(list) = self.js_list_compiled(node) {
            return list;
        }
        if let Some(constants) = self.js_enum_compiled(node) {
            return constants;
        }
        let function = self.called(function);
        // `return _createClass(Client, [...])`
        if matches!(self.text(function), "_createClass" | "createClass")
            && let Some(made) = node.child_by_field_name("arguments").and_then(|list| list.named_child(0))
            && self.script_statement(node, &mut Vec::new())
        {
            return ExprKind::Name(self.name(made));
        }
        let list = node.child_by_field_name("arguments");
        let values = match list {
            // A tagged template: `gql`...``.
            Some(list) if list.kind() == "template_string" => {
                let inner = self.js_expr(list);
                // A tag that escapes what is put into a path: `path`/users/${id}``.
                let tag = words(self.text(function).rsplit('.').next().unwrap_or_default());
                let escapes = |word: &String| {
                    matches!(word.as_str(), "path" | "url" | "uri" | "endpoint" | "route" | "raw" | "encode")
                };
                return if tag.iter().any(escapes) { inner.kind } else { ExprKind::Effects(vec![inner]) };
            }
            Some(list) => self.js_exprs(children(list)),
            None => Vec::new(),
        };
        self.js_call_of(node, function, list, values)
    }

    /// A call whose arguments are known. What is nested goes through the function above,
    /// which is small.
    fn js_call_of(
        &mut self,
        node: Node<'t>,
        function: Node<'t>,
        list: Option<Node<'t>>,
        mut values: Vec<Expr>,
    ) -> ExprKind {
        let constructor = node.kind() == "new_expression";
        let name = self.text(function);
        if let Some(module) = self.js_required(node) {
            // `require("axios").create(...)`
            if let Some(library) = library_of(&module) {
                return ExprKind::Name(format!("({library})").into());
            }
            // `require("./client").get(...)`
            let local = format!("(module {module})");
            self.import(&module, Imported::Module, &local, node);
            return ExprKind::Name(local.into());
        }
        // A bundler's `https_default().get(...)`
        if values.is_empty() && name.ends_with("_default") && self.module_named(name).is_some() {
            return self.js_expr(function).kind;
        }
        // `new url_1.URL(path, base)`, `new globalThis.URL(address)`
        let name = if constructor && name.ends_with(".URL") { "URL" } else { name };
        match (name, values.len()) {
            ("URL", 2) if constructor => {
                let base = Box::new(values.remove(1));
                return ExprKind::Join { base, parts: values, style: JoinStyle::Url };
            }
            // `new Map([["api", host], ["version", "2"]])`
            ("Map", 1) if constructor && is_of_pairs(&values[0]) => {
                return ExprKind::Object(entries_of(values.remove(0)));
            }
            ("URL" | "Request" | "String", 1) if constructor || name == "String" => {
                return values.remove(0).kind;
            }
            // `fetch(new Request(url, options))`
            ("Request", 2) if constructor => {
                let options = values.remove(1);
                let url = values.remove(0);
                let span = options.span;
                let spread = Expr { kind: ExprKind::Spread(Box::new(options)), span };
                return ExprKind::Object(vec![(Some(Key::from("url")), url), (None, spread)]);
            }
            (
                "encodeURIComponent" | "encodeURI" | "decodeURIComponent" | "decodeURI"
                | "querystring.escape" | "Object.freeze" | "Object.seal",
                1,
            ) => {
                return values.remove(0).kind;
            }
            ("util.format" | "format" | "sprintf" | "util.sprintf", 1..)
                if matches!(values[0].kind, ExprKind::Text(_) | ExprKind::Concat(_)) =>
            {
                let template = Box::new(values.remove(0));
                let args = values.into_iter().map(|value| Arg { name: None, value }).collect();
                return ExprKind::Format { template, style: FormatStyle::Percent, args };
            }
            // `util.format(...pattern)`: the first of the list, its places open.
            ("util.format" | "util.sprintf" | "sprintf", 1)
                if matches!(values[0].kind, ExprKind::Spread(_) | ExprKind::PositionalRest(_)) =>
            {
                return self.js_first_of(values.remove(0), node);
            }
            // redux-saga: `yield call(api.get, "/users")`, `yield call([api, "get"], "/users")`
            ("call", 2..) if node.parent().is_some_and(|parent| parent.kind() == "yield_expression") => {
                let first = values.remove(0);
                let callee = match first.kind {
                    ExprKind::List(parts) => saga_method(parts),
                    ExprKind::Name(_) | ExprKind::Member(..) => Some(first),
                    _ => None,
                };
                let args = values.into_iter().map(|value| Arg { name: None, value }).collect();
                return match callee {
                    Some(callee) => ExprKind::Call(Box::new(CallExpr { callee, args })),
                    None => ExprKind::Effects(args.into_iter().map(|arg: Arg| arg.value).collect()),
                };
            }
            // SWR calls what fetches with the key: `useSWR(id ? `/users/${id}` : null, fetcher)`.
            ("useSWR" | "useSWRImmutable" | "useSWRMutation" | "preload", 2..)
                if matches!(values[1].kind, ExprKind::Name(_) | ExprKind::Member(..)) =>
            {
                let callee = values.remove(1);
                let key = called_in_place(values.remove(0));
                let args = vec![Arg { name: None, value: key }];
                return ExprKind::Call(Box::new(CallExpr { callee, args }));
            }
            // What a framework keeps of what a closure gives: `computed(() => `/users/${id.value}`)`.
            ("computed" | "useMemo" | "createMemo" | "$derived.by", 1..)
                if matches!(values[0].kind, ExprKind::Function(_)) =>
            {
                return called_in_place(values.remove(0)).kind;
            }
            // Nuxt: `useFetch(() => `/users/${id}`, { baseURL })`
            ("useFetch" | "useLazyFetch", 1..) if matches!(values[0].kind, ExprKind::Function(_)) => {
                let url = called_in_place(values.remove(0));
                values.insert(0, url);
            }
            (_, 1) if self.url_function(function) == Some("parse") => return values.remove(0).kind,
            (_, 1) if self.url_function(function) == Some("format") => {
                if let Some(parts) = list.and_then(|list| children(list).first().copied()) {
                    return self.url_of_parts(parts, values.remove(0));
                }
            }
            // A list may be called `path`.
            ("path.join", 1)
                if matches!(&values[0].kind, ExprKind::Text(text) if !text.contains(char::is_alphanumeric))
                    && !self.unit.imports.iter().any(|import| *import.local == *"path") => {}
            ("path.join" | "path.posix.join" | "urlJoin" | "urljoin", 1..) => return joined(values, node),
            (_, 1..) if self.joins_urls(function) => return joined(values, node),
            ("slice.call" | "[].slice.call" | "Array.prototype.slice.call" | "Array.from", 1..) => {
                let args = children(list.unwrap_or(function));
                let from = args.get(1).map_or(Some(0), |from| self.text(*from).parse().ok());
                if let (ExprKind::PositionalRest(_), Some(from)) = (&values[0].kind, from) {
                    return ExprKind::PositionalRest(from);
                }
            }
            _ => {}
        }
        if !constructor && let Some(call) = self.script_call(node).or_else(|| self.js_called_above(node)) {
            return call;
        }
        if !constructor && function.kind() == "member_expression" {
            let method = self.field_name(function, "property").unwrap_or_default();
            let object = function.child_by_field_name("object");
            if let Some(object) = object {
                match (&*method, values.len()) {
                    // `this.config.getOrThrow<string>("ORBIT_URL")`
                    ("get" | "getOrThrow", 1..=2)
                        if let Some(name) = self.setting_asked(object, &values[0]) =>
                    {
                        let default = values.into_iter().nth(1).map(Box::new);
                        return ExprKind::Setting { name, default };
                    }
                    ("concat", 1..) => {
                        let mut parts = vec![self.js_expr(object)];
                        parts.extend(values);
                        return ExprKind::Concat(parts);
                    }
                    ("toString" | "toUpperCase" | "toLowerCase" | "trim", 0) => {
                        return self.js_expr(object).kind;
                    }
                    ("replace" | "replaceAll", 2) => {
                        let text = Box::new(self.js_expr(object));
                        let to = Box::new(values.remove(1));
                        let from = children(list.unwrap_or(function)).first().copied();
                        let slashes = from.is_some_and(|from| {
                            from.kind() == "regex"
                                && matches!(self.text(from), r"/\/$/" | r"/\/+$/" | r"/\/*$/")
                        });
                        if slashes {
                            return ExprKind::Trim { text, start: false, end: true };
                        }
                        return ExprKind::Replace { text, from: Box::new(values.remove(0)), to };
                    }
                    // `path.slice(1)`, of a path that begins with a slash
                    ("slice" | "substring" | "substr", 1) if matches!(&values[0].kind, ExprKind::Text(text) if &**text == "1") =>
                    {
                        let text = Box::new(self.js_expr(object));
                        return ExprKind::Trim { text, start: true, end: false };
                    }
                    ("filter", 1) if matches!(values[0].kind, ExprKind::Function(_)) => {}
                    // What the function reads of the elements, `releases.filter(isStable)`
                    ("filter", 1) if matches!(&values[0].kind, ExprKind::Name(name) if &**name != "Boolean") =>
                        {}
                    ("filter", 1) | ("slice", 0) | ("bind", 1) => return self.js_expr(object).kind,
                    // `create.bind(this, id)` is called with that sooner or later.
                    ("bind", 2..) => {
                        let args =
                            values.into_iter().skip(1).map(|value| Arg { name: None, value }).collect();
                        let callee = self.js_callee(object);
                        return self.with_first(callee, args, node);
                    }
                    ("map", 1) if matches!(&values[0].kind, ExprKind::Name(name) if matches!(&**name, "encodeURIComponent" | "encodeURI" | "String")) =>
                    {
                        return self.js_expr(object).kind;
                    }
                    ("map", 1) | ("reduce", 2) if &*method == "reduce" || self.is_joined(node) => {
                        if let Some(rounds) = self.js_rounds(list.unwrap_or(function), object) {
                            return rounds;
                        }
                    }
                    ("join", 1)
                        if object.kind() != "array"
                            || children(object).iter().any(|item| item.kind() == "spread_element") =>
                    {
                        let list = self.js_expr(object);
                        return strings::imploded(values.remove(0), list, node);
                    }
                    ("join", 1) => {
                        if let (ExprKind::List(items), ExprKind::Text(separator)) =
                            (self.js_expr(object).kind, values.remove(0).kind)
                        {
                            let mut parts = Vec::new();
                            for (index, item) in items.into_iter().enumerate() {
                                if index > 0 {
                                    parts.push(expr(ExprKind::Text(separator.clone()), node));
                                }
                                parts.push(item);
                            }
                            return ExprKind::Concat(parts);
                        }
                        return ExprKind::Unknown("".into());
                    }
                    _ => {}
                }
            }
        }
        let mut args: Vec<Arg> = values.into_iter().map(|value| Arg { name: None, value }).collect();
        if !constructor && let Some(value) = self.js_path_beside(node) {
            args.push(Arg { name: Some(BESIDE.into()), value });
        }
        let callee = self.js_callee(function);
        ExprKind::Call(Box::new(CallExpr { callee, args }))
    }

    /// What a closure that only gives a value makes of the elements of a list: of each
    /// one, or, of a first value, with all of them in turn.
    fn js_rounds(&mut self, args: Node<'t>, list: Node<'t>) -> Option<ExprKind> {
        let args = children(args);
        let (names, body) = self.js_single(*args.first()?)?;
        let list = |lowering: &mut Self| Box::new(lowering.js_expr(list));
        match (names.as_slice(), args.get(1)) {
            ([whole, item, ..], Some(first)) => {
                let first = Box::new(self.js_expr(*first));
                let names = [whole.clone(), item.clone()];
                let body = Box::new(self.js_expr(body));
                Some(ExprKind::Fold { list: list(self), first, names, body })
            }
            // `(path, [key, value]) => path.replace(`:${key}`, value)`
            ([whole], Some(first)) => {
                let first = Box::new(self.js_expr(*first));
                let names = [whole.clone(), "_".into()];
                let body = Box::new(self.js_expr(body));
                Some(ExprKind::Fold { list: list(self), first, names, body })
            }
            ([name, ..], None) => {
                let body = Box::new(self.js_expr(body));
                Some(ExprKind::Each { list: list(self), name: name.clone(), body })
            }
            _ => None,
        }
    }

    /// The setting that an object called like one that holds them is asked for.
    fn setting_asked(&self, object: Node<'t>, key: &Expr) -> Option<Arc<str>> {
        const HOLDERS: [&str; 4] = ["config", "configuration", "settings", "env"];
        const ADDRESSES: [&str; 6] = ["url", "uri", "host", "base", "endpoint", "server"];
        let ExprKind::Text(key) = &key.kind else { return None };
        let holder = words(self.text(object).rsplit('.').next().unwrap_or_default());
        let holds = holder.iter().any(|word| HOLDERS.contains(&word.as_str()));
        let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
        let address = words(key).last().is_some_and(|last| ADDRESSES.contains(&last.as_str()));
        (holds && plain && address).then(|| key.clone())
    }

    /// Whether the list that a call gives is made a text.
    fn is_joined(&self, call: Node<'t>) -> bool {
        let member = call.parent().filter(|parent| parent.kind() == "member_expression");
        member.is_some_and(|member| self.member_name(member) == Some("join"))
    }

    /// The parameters of a closure and what it gives, where it does nothing else.
    pub(super) fn js_single(&self, closure: Node<'t>) -> Option<(Vec<Arc<str>>, Node<'t>)> {
        let text = self.text(closure.child_by_field_name("body")?);
        if ["=>", "function", "await "].iter().any(|word| text.contains(word)) {
            return None;
        }
        let mut body = closure.child_by_field_name("body")?;
        if body.kind() == "statement_block" {
            let statements = children(body);
            let [only] = statements.as_slice() else { return None };
            body = (only.kind() == "return_statement").then(|| children(*only).first().copied())??;
        }
        let name = |param: Node<'t>| {
            let name = param.child_by_field_name("pattern").unwrap_or(param);
            (name.kind() == "identifier").then(|| self.name(name))
        };
        let names = match closure.child_by_field_name("parameter") {
            Some(single) => vec![name(single)?],
            None => {
                children(closure.child_by_field_name("parameters")?).into_iter().map_while(name).collect()
            }
        };
        Some((names, body))
    }
}

/// What a closure gives that is called without arguments; anything else is itself.
fn called_in_place(value: Expr) -> Expr {
    let span = value.span;
    match value.kind {
        ExprKind::Function(_) => {
            Expr { kind: ExprKind::Call(Box::new(CallExpr { callee: value, args: Vec::new() })), span }
        }
        _ => value,
    }
}

/// `[api, "get"]`, `[api, api.get]`: a method and its object.
fn saga_method(parts: Vec<Expr>) -> Option<Expr> {
    let [object, method] = <[Expr; 2]>::try_from(parts).ok()?;
    match method.kind {
        ExprKind::Text(name) => {
            Some(Expr { span: method.span, kind: ExprKind::Member(Box::new(object), name) })
        }
        ExprKind::Member(..) => Some(method),
        _ => None,
    }
}

/// Whether a map is made of pairs, each with a text for its key.
fn is_of_pairs(pairs: &Expr) -> bool {
    let is_pair = |pair: &Expr| matches!(&pair.kind, ExprKind::List(pair) if matches!(pair.as_slice(), [Expr { kind: ExprKind::Text(_), .. }, _]));
    matches!(&pairs.kind, ExprKind::List(pairs) if !pairs.is_empty() && pairs.iter().all(is_pair))
}

/// The entries of such a map.
fn entries_of(pairs: Expr) -> Vec<(Option<Key>, Expr)> {
    let ExprKind::List(pairs) = pairs.kind else { return Vec::new() };
    let entry = |pair: Expr| {
        let ExprKind::List(pair) = pair.kind else { return None };
        let [key, value]: [Expr; 2] = pair.try_into().ok()?;
        let ExprKind::Text(name) = key.kind else { return None };
        Some((Some(Key::new(name, key.span)), value))
    };
    pairs.into_iter().filter_map(entry).collect()
}
