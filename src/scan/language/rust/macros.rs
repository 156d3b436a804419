//! Macros of Rust: their tokens are read as arguments where they look like
//! expressions.
//!
//! Knows `format!`, `concat!`, `json!` and `vec!`; any other macro is a call
//! of its name.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::Rust;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{call, member, named, unknown};

/// Lowers a macro invocation.
pub(crate) fn lower<'t>(l: &mut Lowering<'t>, node: Node<'t>) -> ExprKind {
    let name = l.field_name(node, "macro").unwrap_or_default();
    let tree = children(node).into_iter().find(|child| child.kind() == "token_tree");
    let Some(tree) = tree else { return unknown() };
    named_macro(l, name.rsplit("::").next().unwrap_or_default(), tree)
}

fn named_macro<'t>(l: &mut Lowering<'t>, name: &str, tree: Node<'t>) -> ExprKind {
    match name {
        // In `impl Display`: what it writes is what it gives.
        "write" | "writeln" if l.unit.functions[l.function].name.as_deref() == Some(WRITTEN) => {
            let mut args = arguments(l, tree);
            if args.len() < 2 {
                return unknown();
            }
            args.remove(0);
            formatted(args, tree)
        }
        "format" | "format_args" | "format_compact" | "format_smolstr" | "eco_format" | "formatcp"
        | "concatcp" | "concat" | "const_format" => {
            let args = arguments(l, tree);
            if name.starts_with("concat") {
                return ExprKind::Concat(args.into_iter().map(|arg| arg.value).collect());
            }
            formatted(args, tree)
        }
        "json" => object(l, tree),
        "vec" => ExprKind::List(arguments(l, tree).into_iter().map(|arg| arg.value).collect()),
        _ => {
            let args = arguments(l, tree);
            call(named(name, tree), args)
        }
    }
}

/// What `write!` is given: the text that grows, and what is put behind it.
pub(crate) fn written<'t>(l: &mut Lowering<'t>, tree: Node<'t>) -> Option<(Expr, ExprKind)> {
    let mut args = arguments(l, tree);
    if args.len() < 2 {
        return None;
    }
    let target = args.remove(0).value;
    Some((target, formatted(args, tree)))
}

/// A text with its arguments.
fn formatted(mut args: Vec<Arg>, tree: Node<'_>) -> ExprKind {
    if args.is_empty() {
        return unknown();
    }
    let template = args.remove(0).value;
    // `{name}` in the text is the variable.
    if let ExprKind::Text(text) = &template.kind {
        for word in inline_names(text) {
            if !args.iter().any(|arg| arg.name.as_deref() == Some(word)) {
                args.push(Arg { name: Some(word.into()), value: named(word, tree) });
            }
        }
    }
    ExprKind::Format { template: Box::new(template), style: FormatStyle::Braces, args }
}

/// Names that a format text takes from its surroundings.
fn inline_names(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        rest = &rest[open + 1..];
        if let Some(escaped) = rest.strip_prefix('{') {
            rest = escaped;
            continue;
        }
        let end = rest.find(['}', ':']).unwrap_or(rest.len());
        let word = rest[..end].trim();
        if word.starts_with(|c: char| c.is_alphabetic() || c == '_') && !out.contains(&word) {
            out.push(word);
        }
    }
    out
}

/// All tokens of a tree but its brackets.
fn tokens<'t>(tree: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = tree.walk();
    let all: Vec<_> = tree.children(&mut cursor).filter(|token| !token.is_extra()).collect();
    match all.as_slice() {
        [_, inner @ .., _] => inner.to_vec(),
        _ => Vec::new(),
    }
}

/// The arguments in a token tree, separated by commas.
fn arguments<'t>(l: &mut Lowering<'t>, tree: Node<'t>) -> Vec<Arg> {
    let read = l.nested(tree, |l| {
        let tokens = tokens(tree);
        let mut parts: Vec<Vec<Node<'t>>> = vec![Vec::new()];
        let mut at = 0;
        while at < tokens.len() {
            let typed = l.text(tokens[at]) == "<" && at > 0 && l.text(tokens[at - 1]) == "::";
            let end = if typed { behind_types(l, &tokens, at) } else { at + 1 };
            match l.text(tokens[at]) {
                "," | ";" => parts.push(Vec::new()),
                _ => parts.last_mut().into_iter().for_each(|part| part.extend(&tokens[at..end])),
            }
            at = end;
        }
        parts.retain(|part| !part.is_empty());
        let mut out = Vec::new();
        for part in parts {
            let (name, value) = match part.as_slice() {
                [name, equals, rest @ ..] if l.text(*equals) == "=" && name.kind() == "identifier" => {
                    (Some(l.name(*name)), rest)
                }
                all => (None, all),
            };
            out.push(Arg { name, value: expression(l, value, tree) });
        }
        out
    });
    read.unwrap_or_default()
}

/// Where the types end that begin at a bracket.
fn behind_types(l: &Lowering<'_>, tokens: &[Node<'_>], from: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match l.text(*token) {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            ">>" => depth = depth.saturating_sub(2),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Tokens as an expression; what does not look like one is unknown.
fn expression<'t>(l: &mut Lowering<'t>, tokens: &[Node<'t>], tree: Node<'t>) -> Expr {
    let mut at = 0;
    let mut out: Vec<Expr> = Vec::new();
    // Parts before an operator.
    let mut parts: Vec<Expr> = Vec::new();
    while at < tokens.len() {
        while at < tokens.len() && matches!(l.text(tokens[at]), "&" | "*" | "mut" | "+" | "move" | "async") {
            at += 1;
        }
        let Some(token) = tokens.get(at).copied() else { break };
        let mut value = match token.kind() {
            _ if l.text(token) == "Self" => named(&l.rust_class_name("Self"), token),
            "token_tree" => {
                let mut inner = arguments(l, token);
                if inner.len() == 1 { inner.remove(0).value } else { expr(unknown(), token) }
            }
            "identifier" | "self" | "string_literal" | "raw_string_literal" | "integer_literal"
            | "char_literal" | "crate" | "super" | "primitive_type" | "type_identifier" => {
                l.value::<Rust>(token)
            }
            _ => expr(unknown(), token),
        };
        at += 1;
        while let Some(token) = tokens.get(at).copied() {
            match l.text(token) {
                // `self.get::<Vec<Job>>(url)`
                "::" if tokens.get(at + 1).is_some_and(|next| l.text(*next) == "<") => {
                    at = behind_types(l, tokens, at + 1);
                }
                "." | "::" => {
                    let Some(name) = tokens.get(at + 1).copied() else { break };
                    let word = l.name(name);
                    value = match (&*word, &value.kind) {
                        ("await", _) => value,
                        // `crate::BASE_URL`, of the crate itself
                        (_, ExprKind::Name(front))
                            if matches!(&**front, "crate" | "super")
                                && tokens.get(at + 2).is_none_or(|next| l.text(*next) != "::") =>
                        {
                            l.import(front, Imported::Name(word.clone()), &word, name);
                            named(&word, name)
                        }
                        (_, ExprKind::Name(front)) if matches!(&**front, "crate" | "super") => {
                            l.import(&format!("{front}/{word}"), Imported::Module, &word, name);
                            named(&word, name)
                        }
                        _ => member(value, &word, name),
                    };
                    at += 2;
                }
                "?" => at += 1,
                "!" if tokens.get(at + 1).is_some_and(|next| next.kind() == "token_tree") => {
                    let name: Arc<str> = match &value.kind {
                        ExprKind::Name(name) | ExprKind::Member(_, name) => name.clone(),
                        _ => "".into(),
                    };
                    value = expr(named_macro(l, &name, tokens[at + 1]), token);
                    at += 2;
                }
                // `println!("{}", reply["name"])`
                _ if token.kind() == "token_tree" && l.text(token).starts_with('[') => {
                    let mut key = arguments(l, token);
                    value = match key.len() {
                        1 => {
                            let kind = ExprKind::Index(Box::new(value), Box::new(key.remove(0).value));
                            expr(kind, token)
                        }
                        _ => expr(unknown(), token),
                    };
                    at += 1;
                }
                _ if token.kind() == "token_tree" && l.text(token).starts_with('(') => {
                    let args = arguments(l, token);
                    value = match value.kind {
                        // `String::from(route)` is what it is made of.
                        ExprKind::Member(object, name)
                            if matches!(&object.kind, ExprKind::Name(owner) if **owner == *"String")
                                && &*name == "from"
                                && args.len() == 1 =>
                        {
                            args.into_iter().next().map_or_else(|| expr(unknown(), token), |arg| arg.value)
                        }
                        ExprKind::Member(object, name) => {
                            match crate::scan::language::strings::method(*object, &name, args, token) {
                                Ok(kind) => expr(kind, token),
                                Err((object, args)) => expr(call(member(object, &name, token), args), token),
                            }
                        }
                        kind => expr(call(Expr { kind, span: value.span }, args), token),
                    };
                    at += 1;
                }
                _ => break,
            }
        }
        out.push(value);
        if tokens.get(at).is_some_and(|token| l.text(*token) != "+") {
            // Some other operator: the parts count for their calls only.
            parts.append(&mut out);
            at += 1;
        }
    }
    let last = match out.len() {
        1 => out.remove(0),
        0 => expr(unknown(), tree),
        _ => expr(ExprKind::Concat(out), tree),
    };
    if parts.is_empty() {
        return last;
    }
    parts.push(last);
    expr(ExprKind::Effects(parts), tree)
}

/// `json!({ "key": value })`
fn object<'t>(l: &mut Lowering<'t>, tree: Node<'t>) -> ExprKind {
    let inner = match tokens(tree).as_slice() {
        [only] if only.kind() == "token_tree" => *only,
        _ => return unknown(),
    };
    if !l.text(inner).starts_with('{') {
        return unknown();
    }
    braces(l, inner)
}

/// `{ "key": value }`, in which a value may be such an object itself.
fn braces<'t>(l: &mut Lowering<'t>, inner: Node<'t>) -> ExprKind {
    let tokens = tokens(inner);
    let mut entries = Vec::new();
    for part in tokens.split(|token| l.text(*token) == ",").map(<[_]>::to_vec).collect::<Vec<_>>() {
        let [key, colon, value @ ..] = part.as_slice() else { continue };
        if l.text(*colon) != ":" {
            continue;
        }
        let key = l.value::<Rust>(*key).key();
        let value = match value {
            [token] if token.kind() == "token_tree" && l.text(*token).starts_with('{') => {
                let kind = l.nested(*token, |l| braces(l, *token)).unwrap_or_else(unknown);
                expr(kind, *token)
            }
            value => expression(l, value, inner),
        };
        entries.push((key, value));
    }
    ExprKind::Object(entries)
}
