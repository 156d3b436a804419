//! Calls of Python: those of its own library whose meaning is known, and all others.

use crate::scan::form::*;
use crate::scan::language::kept_calls::substituted;
use crate::scan::language::lower::{Lowering, children};
use crate::scan::wording::{METHOD_WORDS, PATH_WORDS, ends_with_word};
use tree_sitter::Node;

impl<'t> Lowering<'t> {
    pub(super) fn py_call(&mut self, node: Node<'t>) -> ExprKind {
        let Some(function) = node.child_by_field_name("function") else {
            return ExprKind::Unknown("".into());
        };
        let mut args = Vec::new();
        if let Some(list) = node.child_by_field_name("arguments") {
            if list.kind() == "generator_expression" {
                let value = self.py_expr(list);
                args.push(Arg { name: None, value });
            } else {
                for child in children(list) {
                    if child.kind() == "keyword_argument" {
                        if let Some(value) = child.child_by_field_name("value") {
                            let value = self.py_expr(value);
                            self.tell(node, child.child_by_field_name("name"));
                            args.push(Arg { name: self.field_name(child, "name"), value });
                        }
                    } else {
                        let name = (child.kind() == "dictionary_splat").then(|| "**".into());
                        let value = self.py_expr(child);
                        args.push(Arg { name, value });
                    }
                }
            }
        }
        args.extend(self.py_method_told(node));
        if let Some(request) = self.py_of_endpoint(function, &mut args) {
            return request;
        }
        let mut callee = self.py_expr(function);
        // `getattr(requests, verb)(url)` is `requests.request(verb, url)`.
        let named = |lowering: &Self| {
            let name = (function.kind() == "identifier").then(|| lowering.text(function))?;
            let mut known = lowering.attributes.iter().rev();
            let (_, _, object, verb) =
                known.find(|(home, known, ..)| *home == lowering.function && **known == *name)?;
            Some((*object, *verb))
        };
        if let Some((object, verb)) = self.py_getattr(function).or_else(|| named(self)) {
            args.insert(0, Arg { name: None, value: self.py_expr(verb) });
            let kind = ExprKind::Member(Box::new(self.py_expr(object)), "request".into());
            callee = Expr { kind, span: callee.span };
        }
        self.py_known_call(callee, args, node)
    }

    /// Calls that build strings; anything else stays a call.
    pub(super) fn py_known_call(&mut self, callee: Expr, mut args: Vec<Arg>, node: Node<'t>) -> ExprKind {
        let first_text = |args: &[Arg]| match args.first() {
            Some(Arg { name: None, value: Expr { kind: ExprKind::Text(text), .. } }) => Some(text.clone()),
            _ => None,
        };
        match callee.kind {
            ExprKind::Name(name) => match &*name {
                "urljoin" if args.len() >= 2 => {
                    let part = args.remove(1).value;
                    let base = Box::new(args.remove(0).value);
                    ExprKind::Join { base, parts: vec![part], style: JoinStyle::Url }
                }
                // What an object is written as its class may say.
                "str" if args.len() == 1 && self.source.contains("def __str__") => {
                    ExprKind::Concat(vec![args.remove(0).value])
                }
                "str" | "URL" if args.len() == 1 => args.remove(0).value.kind,
                // `quote(segment, safe="")`
                "quote" | "quote_plus" if args.first().is_some_and(|arg| arg.name.is_none()) => {
                    args.remove(0).value.kind
                }
                "map"
                    if args.len() == 2
                        && matches!(&args[0].value.kind, ExprKind::Name(name) if matches!(&**name, "str" | "quote" | "quote_plus")) =>
                {
                    args.remove(1).value.kind
                }
                "list" | "tuple" | "sorted" | "deepcopy" if args.len() == 1 => args.remove(0).value.kind,
                // A table that nobody may change is the table.
                "MappingProxyType" | "frozendict" | "OrderedDict" if holds_one(&args) => {
                    args.remove(0).value.kind
                }
                // `chain(first, rest)`
                "chain" if args.iter().all(|arg| arg.name.is_none()) => {
                    ExprKind::List(args.into_iter().map(|arg| spread(arg.value)).collect())
                }
                // `dict(options)`, which is not that object itself.
                "dict" if args.len() == 1 && args[0].name.is_none() => {
                    ExprKind::Object(vec![(None, spread(args.remove(0).value))])
                }
                "getenv" if !args.is_empty() => setting(args),
                "dict" | "SimpleNamespace" if args.iter().all(|arg| arg.name.is_some()) => {
                    self.py_named(args, node)
                }
                "partial" if is_callable(&args) => {
                    let callee = args.remove(0).value;
                    self.with_first(callee, args, node)
                }
                name if self.py_is_template(name, &args) => args.remove(0).value.kind,
                _ => match self.py_url_call(&name, args) {
                    Ok(kind) => kind,
                    Err(args) => call(Expr { kind: ExprKind::Name(name), span: callee.span }, args),
                },
            },
            ExprKind::Member(object, name) => {
                let owner = crate::scan::evaluate::dotted(&object).unwrap_or_default();
                match (&*name, args.len()) {
                    ("format", _) => ExprKind::Format { template: object, style: FormatStyle::Braces, args },
                    ("deepcopy" | "copy", 1) if owner == "copy" => args.remove(0).value.kind,
                    ("SimpleNamespace", 1..)
                        if owner == "types" && args.iter().all(|arg| arg.name.is_some()) =>
                    {
                        self.py_named(args, node)
                    }
                    ("MappingProxyType" | "OrderedDict", _)
                        if matches!(&*owner, "types" | "collections") && holds_one(&args) =>
                    {
                        args.remove(0).value.kind
                    }
                    // The same request with other parameters: `dataclasses.replace(self, args=args)`.
                    ("replace" | "evolve", 2..)
                        if matches!(&*owner, "dataclasses" | "copy" | "attr" | "attrs")
                            && keeps_request(&args) =>
                    {
                        args.remove(0).value.kind
                    }
                    ("urljoin", 2..) => {
                        let part = args.remove(1).value;
                        let base = Box::new(args.remove(0).value);
                        ExprKind::Join { base, parts: vec![part], style: JoinStyle::Url }
                    }
                    ("join", 2..) if owner.ends_with("path") => {
                        let base = Box::new(args.remove(0).value);
                        let parts = args.into_iter().map(|arg| arg.value).collect();
                        ExprKind::Join { base, parts, style: JoinStyle::Path }
                    }
                    ("join", 1) if self.py_joins_urls(node) => {
                        let parts = vec![args.remove(0).value];
                        ExprKind::Join { base: object, parts, style: JoinStyle::Url }
                    }
                    ("join", 1) => match (object.kind, args.remove(0).value) {
                        (ExprKind::Text(separator), Expr { kind: ExprKind::List(items), .. }) => {
                            crate::scan::language::strings::joined(&separator, items, node)
                        }
                        (separator, value) => ExprKind::Implode {
                            list: Box::new(value),
                            separator: Box::new(Expr { kind: separator, span: callee.span }),
                        },
                    },
                    ("get" | "getenv", 1..) if matches!(&*owner, "os.environ" | "environ" | "os") => {
                        setting(args)
                    }
                    ("replace", 2..) if !is_member_of_self(&object) && is_text_replaced(&args) => {
                        let to = Box::new(args.remove(1).value);
                        let from = Box::new(args.remove(0).value);
                        ExprKind::Replace { text: object, from, to }
                    }
                    ("strip" | "lstrip" | "rstrip", 0..=1) => {
                        // Only slashes matter at the ends of a URL.
                        let slashes = first_text(&args).is_some_and(|text| text.contains('/'));
                        if !slashes {
                            return object.kind;
                        }
                        let start = &*name != "rstrip";
                        let end = &*name != "lstrip";
                        ExprKind::Trim { text: object, start, end }
                    }
                    ("lower" | "upper" | "removesuffix" | "encode" | "decode" | "casefold", _) => object.kind,
                    ("quote" | "quote_plus", 1..) => args.remove(0).value.kind,
                    // The words of a command line.
                    ("split", 1) if owner == "shlex" => args.remove(0).value.kind,
                    ("split", 0) if !is_taken_apart(node) => object.kind,
                    ("Template", 1) if owner == "string" && self.py_is_template("string.Template", &args) => {
                        args.remove(0).value.kind
                    }
                    ("substitute" | "safe_substitute", 1..) => substituted(object, args),
                    ("partial", 2..) if is_callable(&args) => {
                        let callee = args.remove(0).value;
                        self.with_first(callee, args, node)
                    }
                    // A function handed on with its arguments.
                    ("submit" | "to_thread", 2..) if is_callable(&args) && !names_path(&args[0].value) => {
                        let callee = args.remove(0).value;
                        call(callee, args)
                    }
                    ("run_in_executor", 3..) if is_callable(&args[1..]) => {
                        let callee = args.drain(..2).nth(1).map(|arg| arg.value);
                        callee.map_or(ExprKind::Unknown("".into()), |callee| call(callee, args))
                    }
                    _ => match self.py_url_step(object, &name, args, node) {
                        Ok(kind) => kind,
                        Err((object, args)) => {
                            call(Expr { kind: ExprKind::Member(object, name), span: callee.span }, args)
                        }
                    },
                }
            }
            kind => call(Expr { kind, span: callee.span }, args),
        }
    }

    /// An object of what a call is given by names: `dict(method="GET", path=path)`.
    fn py_named(&self, args: Vec<Arg>, node: Node<'t>) -> ExprKind {
        let list = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let names = list.iter().map(|arg| arg.child_by_field_name("name").map(|name| self.key(name)));
        let named = |(arg, name): (Arg, Option<Key>)| (name.or(arg.name.map(Key::from)), arg.value);
        ExprKind::Object(args.into_iter().zip(names).map(named).collect())
    }
}

/// Whether the parts of what a call gives have names, or one is asked for: `verb, path = route.split()`.
fn is_taken_apart(node: Node<'_>) -> bool {
    let Some(parent) = node.parent() else { return false };
    match parent.kind() {
        "assignment" => parent
            .child_by_field_name("left")
            .is_some_and(|left| matches!(left.kind(), "pattern_list" | "tuple_pattern" | "list_pattern")),
        "subscript" => true,
        _ => false,
    }
}

/// Whether an object is copied with other fields, none of which says what is asked for.
fn keeps_request(args: &[Arg]) -> bool {
    let [Arg { name: None, .. }, rest @ ..] = args else { return false };
    let says = |name: &str| ends_with_word(name, &PATH_WORDS) || ends_with_word(name, &METHOD_WORDS);
    rest.iter().all(|arg| arg.name.as_deref().is_some_and(|name| name != "**" && !says(name)))
}

/// Whether a table is made of one that stands there.
fn holds_one(args: &[Arg]) -> bool {
    matches!(args, [Arg { name: None, .. }])
}

/// Whether a method is one of the class in which the call stands, which is no text.
fn is_member_of_self(object: &Expr) -> bool {
    match &object.kind {
        ExprKind::Name(name) => matches!(&**name, "self" | "cls"),
        _ => false,
    }
}

/// Whether the arguments are those of `str.replace`: two texts without names, neither of which is
/// an object.
fn is_text_replaced(args: &[Arg]) -> bool {
    args.iter().take(2).all(|arg| arg.name.is_none() && !matches!(arg.value.kind, ExprKind::Object(_)))
}

/// Whether a name is a path's rather than a function's: `self.submit(Paths.RULES, body)`.
fn names_path(value: &Expr) -> bool {
    let (ExprKind::Name(name) | ExprKind::Member(_, name)) = &value.kind else { return false };
    let is_constant = name.len() > 1 && !name.contains(char::is_lowercase);
    is_constant || PATH_WORDS.contains(&&**name)
}

/// Whether the first argument is a name that could be a function's.
fn is_callable(args: &[Arg]) -> bool {
    matches!(
        args.first(),
        Some(Arg { name: None, value: Expr { kind: ExprKind::Name(_) | ExprKind::Member(..), .. } })
    )
}

fn call(callee: Expr, args: Vec<Arg>) -> ExprKind {
    ExprKind::Call(Box::new(CallExpr { callee, args }))
}

fn setting(mut args: Vec<Arg>) -> ExprKind {
    let default = (args.len() > 1).then(|| Box::new(args.remove(1).value));
    let name = match args.remove(0).value.kind {
        ExprKind::Text(name) => name,
        _ => "".into(),
    };
    ExprKind::Setting { name, default }
}

/// All that a value holds.
fn spread(value: Expr) -> Expr {
    let span = value.span;
    Expr { kind: ExprKind::Spread(Box::new(value)), span }
}
