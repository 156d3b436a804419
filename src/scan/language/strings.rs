//! Calls that build strings, by the names that they have in one language or
//! another: what `trim` or `TrimEnd` means does not depend on who says it.
//!
//! Only calls whose names mean the same wherever they exist are here.

use tree_sitter::Node;

use super::lower::expr;
use super::shared::unknown;
use crate::scan::form::*;
use crate::scan::wording::CONVERSIONS;

/// A call of a method on a value; the parts are given back if the name says
/// nothing about strings.
pub(super) fn method(
    object: Expr,
    name: &str,
    mut args: Vec<Arg>,
    node: Node<'_>,
) -> Result<ExprKind, (Expr, Vec<Arg>)> {
    let first_text = match args.first() {
        Some(Arg { value: Expr { kind: ExprKind::Text(text), .. }, .. }) => Some(text.clone()),
        _ => None,
    };
    let slash = first_text.as_deref().is_some_and(|text| text.contains('/'));
    match (name, args.len()) {
        // What an object of the program is written as is not the object.
        (name, 0)
            if CONVERSIONS.contains(&name)
                && matches!(object.kind, ExprKind::Call(_) | ExprKind::Name(_)) =>
        {
            Err((object, args))
        }
        (
            "toString" | "trim" | "strip" | "toUpperCase" | "toLowerCase" | "to_string" | "to_owned" | "into"
            | "as_str" | "clone" | "as_ref" | "to_s" | "to_str" | "chomp" | "downcase" | "upcase" | "freeze"
            | "dup" | "ToString" | "Trim" | "ToLower" | "ToUpper" | "ToLowerInvariant" | "ToUpperInvariant"
            | "intern" | "trimIndent" | "trimMargin" | "lowercase" | "uppercase" | "unwrap" | "as_deref"
            | "to_lowercase" | "to_uppercase" | "to_sym" | "toUri" | "toURI" | "toURL" | "toUrl"
            | "stripIndent" | "borrow" | "into_string" | "orEmpty" | "unwrap_or_default" | "as_bytes"
            | "take" | "html_safe" | "presence" | "to_uri" | "toExternalForm" | "asString" | "capitalize"
            | "toHttpUrl" | "toHttpUrlOrNull"
            // A list without what is nothing.
            | "compact" | "compact_blank" | "flatten" | "filterNotNull"
            // A list in another form.
            | "toList" | "toTypedArray" | "toMutableList" | "asList" | "asSequence" | "asIterable",
            0,
        )
        | ("expect" | "unwrap_or" | "ToString" | "toLowerCase" | "toUpperCase", 1) => Ok(object.kind),
        ("TrimEnd" | "trim_end_matches" | "trimEnd" | "removeSuffix" | "delete_suffix" | "chomp", 1)
            if slash =>
        {
            Ok(ExprKind::Trim { text: Box::new(object), start: false, end: true })
        }
        ("TrimStart" | "trim_start_matches" | "trimStart" | "removePrefix" | "delete_prefix", 1) if slash => {
            Ok(ExprKind::Trim { text: Box::new(object), start: true, end: false })
        }
        ("Trim" | "trim_matches" | "trim", 1) if slash => {
            Ok(ExprKind::Trim { text: Box::new(object), start: true, end: true })
        }
        ("TrimEnd" | "trimEnd" | "trim_end" | "trim_start" | "rstrip" | "lstrip", 0) => Ok(object.kind),
        ("replaceAll" | "replaceFirst" | "sub" | "gsub", 2)
            if first_text
                .as_deref()
                .is_some_and(|text| matches!(text, "/$" | "/+$" | "/*$" | r"/\z" | "/+\\z")) =>
        {
            Ok(ExprKind::Trim { text: Box::new(object), start: false, end: true })
        }
        ("replace" | "replaceAll" | "replaceFirst" | "Replace" | "gsub" | "sub" | "replacen", 2..) => {
            let to = Box::new(args.remove(1).value);
            let from = Box::new(args.remove(0).value);
            Ok(ExprKind::Replace { text: Box::new(object), from, to })
        }
        ("concat" | "plus", 1..) => {
            let parts = std::iter::once(object).chain(args.into_iter().map(|arg| arg.value));
            Ok(ExprKind::Concat(parts.collect()))
        }
        ("formatted" | "format", 0..) => {
            Ok(ExprKind::Format { template: Box::new(object), style: FormatStyle::Percent, args })
        }
        ("orElse" | "or_else" | "ifEmpty" | "ifBlank" | "unwrap_or_else" | "getOrDefault", 1) => {
            let fallback = args.remove(0).value;
            Ok(ExprKind::Default(Box::new(object), Box::new(fallback)))
        }
        ("joinToString" | "join", 0 | 1) if matches!(object.kind, ExprKind::List(_)) => {
            let separator = args.pop().map(|arg| arg.value.kind);
            let separator = match separator {
                Some(ExprKind::Text(text)) => text,
                _ if name == "joinToString" => ", ".into(),
                _ => "".into(),
            };
            let ExprKind::List(items) = object.kind else { return Ok(unknown()) };
            Ok(joined(&separator, items, node))
        }
        // A list that is known later: `parts.join("/")`, but not `base.join("/users")`.
        ("joinToString" | "join", 1)
            if first_text.as_deref().is_some_and(|text| !text.contains(char::is_alphanumeric)) =>
        {
            let separator = Box::new(args.remove(0).value);
            Ok(ExprKind::Implode { list: Box::new(object), separator })
        }
        _ => Err((object, args)),
    }
}

/// A call of a function by its dotted name, in a language whose `format`
/// functions have one style.
pub(crate) fn function(
    name: &str,
    mut args: Vec<Arg>,
    style: FormatStyle,
    node: Node<'_>,
) -> Result<ExprKind, Vec<Arg>> {
    match (name, args.len()) {
        (
            "String.format" | "String.Format" | "string.Format" | "sprintf" | "format" | "Kernel.format",
            1..,
        ) => {
            // `String.format(Locale.ROOT, "...", x)`, `string.Format(culture, ...)`
            let locale = |arg: &Arg| match &arg.value.kind {
                ExprKind::Member(object, _) => {
                    let named = matches!(&object.kind, ExprKind::Name(name) if matches!(&**name, "CultureInfo" | "Locale"));
                    args.len() > 1 && (named || matches!(args[1].value.kind, ExprKind::Text(_)))
                }
                _ => false,
            };
            if locale(&args[0]) {
                args.remove(0);
            }
            let template = Box::new(args.remove(0).value);
            // `String.format("%s%s", new Object[] { base, path })`
            if let [Arg { value: Expr { kind: ExprKind::List(items), .. }, .. }] = args.as_mut_slice() {
                let items = std::mem::take(items);
                args = items.into_iter().map(|value| Arg { name: None, value }).collect();
            }
            Ok(ExprKind::Format { template, style, args })
        }
        ("MessageFormat.format", 1..) => {
            let template = Box::new(args.remove(0).value);
            Ok(ExprKind::Format { template, style: FormatStyle::Braces, args })
        }
        ("String.join" | "String.Join" | "string.Join", 2..) => {
            let separator = args.remove(0).value;
            if args.len() == 1 {
                return Ok(imploded(separator, args.remove(0).value, node));
            }
            let items = args.into_iter().map(|arg| arg.value).collect();
            Ok(imploded(separator, expr(ExprKind::List(items), node), node))
        }
        ("String.Concat" | "string.Concat", 1..) => {
            Ok(ExprKind::Concat(args.into_iter().map(|arg| arg.value).collect()))
        }
        (
            "String.valueOf"
            | "Objects.requireNonNull"
            | "URLEncoder.encode"
            | "UriUtils.encode"
            | "UriUtils.encodePath"
            | "UriUtils.encodePathSegment"
            | "UriUtils.encodeQueryParam"
            | "Uri.EscapeDataString"
            | "Uri.EscapeUriString"
            | "Uri.encode"
            | "HttpUtility.UrlEncode"
            | "WebUtility.UrlEncode"
            | "HttpUtility.UrlPathEncode"
            | "Convert.ToString"
            | "Integer.toString"
            | "Long.toString"
            | "CGI.escape"
            | "ERB::Util.url_encode"
            | "URI.encode_www_form_component"
            | "URI.encode"
            | "Addressable::URI.encode_component"
            | "ERB.Util.url_encode"
            | "CGI.escapeURIComponent"
            | "rawurlencode"
            | "escapeshellarg"
            | "escapeshellcmd"
            | "urlencode"
            | "strval"
            | "strtolower"
            | "strtoupper"
            | "urlencoding::encode"
            | "encode"
            | "String::from"
            | "Cow::Owned"
            | "Cow::Borrowed"
            | "Cow::from"
            | "String"
            | "URI"
            | "URL"
            | "Uri"
            | "URI.parse"
            | "URI.create"
            | "Uri.parse"
            | "Addressable::URI.parse"
            | "Url::parse"
            | "Cow::from"
            | "Shellwords.split"
            | "Cow::Borrowed"
            | "encodeURIComponent"
            | "UrlEscapers.urlPathSegmentEscaper.escape"
            | "[uri]::EscapeDataString"
            | "Some"
            | "Ok"
            | "StringUtils.trim"
            | "requireNonNull"
            | "valueOf"
            | "Uri::parse",
            1 | 2,
        ) if !args.is_empty() => Ok(args.remove(0).value.kind),
        ("URI.join" | "URI.Join", 2..) => {
            let base = Box::new(args.remove(0).value);
            let parts = args.into_iter().map(|arg| arg.value).collect();
            Ok(ExprKind::Join { base, parts, style: JoinStyle::Url })
        }
        ("File.join" | "Path.Combine" | "Url.Combine" | "path.join", 1..) => {
            let base = Box::new(args.remove(0).value);
            let parts = args.into_iter().map(|arg| arg.value).collect();
            Ok(ExprKind::Join { base, parts, style: JoinStyle::Path })
        }
        // `StringUtils.prependIfMissing(tail, "/")`
        ("StringUtils.prependIfMissing" | "StringUtils.appendIfMissing", 2) if matches!(&args[1].value.kind, ExprKind::Text(text) if &**text == "/") =>
        {
            let before = name == "StringUtils.prependIfMissing";
            let slash = args.remove(1).value;
            let text = Box::new(args.remove(0).value);
            let bare = expr(ExprKind::Trim { text, start: before, end: !before }, node);
            Ok(ExprKind::Concat(if before { vec![slash, bare] } else { vec![bare, slash] }))
        }
        ("rtrim" | "ltrim" | "trim", 1 | 2) => {
            let text = Box::new(args.remove(0).value);
            Ok(ExprKind::Trim { text, start: name != "rtrim", end: name != "ltrim" })
        }
        ("str_replace" | "strtr", 3) => {
            let text = Box::new(args.remove(2).value);
            let to = Box::new(args.remove(1).value);
            Ok(ExprKind::Replace { text, from: Box::new(args.remove(0).value), to })
        }
        // What is put in for `{id}` is a hole in any case; a query says nothing of the path.
        ("strtr", 2) | ("QueryHelpers.AddQueryString", 2 | 3) => Ok(args.remove(0).value.kind),
        // A method by its name is the name.
        (
            "HttpMethod" | "HttpMethod.parse" | "HttpMethod.valueOf" | "HttpMethod.resolve"
            | "HttpMethod.Parse" | "Method.valueOf" | "Method.of",
            1,
        )
        | ("Method::from_bytes" | "Method::from_str" | "Method::try_from", 1) => {
            Ok(args.remove(0).value.kind)
        }
        ("implode" | "join", 2) => {
            let list = args.remove(1).value;
            Ok(imploded(args.remove(0).value, list, node))
        }
        (
            "System.getenv"
            | "System.getProperty"
            | "Environment.GetEnvironmentVariable"
            | "getenv"
            | "env"
            | "ENV.fetch"
            | "config",
            1 | 2,
        ) => {
            let default = (args.len() > 1).then(|| Box::new(args.remove(1).value));
            match args.remove(0).value.kind {
                ExprKind::Text(name) => Ok(ExprKind::Setting { name, default }),
                other => Ok(ExprKind::Effects(vec![expr(other, node)])),
            }
        }
        _ => Err(args),
    }
}

/// A text that is going to grow: what it begins with, unless that is only its room.
pub(super) fn builder_of(args: Vec<Arg>) -> ExprKind {
    let number = |value: &Expr| matches!(&value.kind, ExprKind::Text(text) if text.parse::<u64>().is_ok());
    let texts: Vec<Expr> = args.into_iter().map(|arg| arg.value).filter(|value| !number(value)).collect();
    if texts.is_empty() { ExprKind::Text("".into()) } else { ExprKind::Concat(texts) }
}

/// A new list: empty, or with the elements of the one that it is made of.
pub(super) fn list_of(mut args: Vec<Arg>) -> ExprKind {
    let number = |value: &Expr| matches!(&value.kind, ExprKind::Text(text) if text.parse::<u64>().is_ok());
    match args.pop() {
        Some(Arg { value, .. }) if args.is_empty() && !number(&value) => {
            let span = value.span;
            ExprKind::List(vec![Expr { kind: ExprKind::Spread(Box::new(value)), span }])
        }
        _ => ExprKind::List(Vec::new()),
    }
}

/// The elements of a list, which may be known later, as one text.
pub(super) fn imploded(separator: Expr, list: Expr, node: Node<'_>) -> ExprKind {
    match (separator.kind, list.kind) {
        (ExprKind::Text(separator), ExprKind::List(items)) => joined(&separator, items, node),
        (kind, list_kind) => ExprKind::Implode {
            list: Box::new(Expr { kind: list_kind, span: list.span }),
            separator: Box::new(Expr { kind, span: separator.span }),
        },
    }
}

/// Items with a text between them.
pub(super) fn joined(separator: &str, items: Vec<Expr>, node: Node<'_>) -> ExprKind {
    if items.iter().any(|item| matches!(item.kind, ExprKind::PositionalRest(_))) {
        let list = Box::new(expr(ExprKind::List(items), node));
        let separator = Box::new(expr(ExprKind::Text(separator.into()), node));
        return ExprKind::Implode { list, separator };
    }
    let mut parts = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            parts.push(expr(ExprKind::Text(separator.into()), node));
        }
        let span = item.span;
        parts.push(match item.kind {
            // `[base, ...segments].join("/")`
            ExprKind::Spread(list) => {
                let separator = Box::new(expr(ExprKind::Text(separator.into()), node));
                Expr { kind: ExprKind::Implode { list, separator }, span }
            }
            kind => Expr { kind, span },
        });
    }
    ExprKind::Concat(parts)
}
