//! Words of shell source: quoting and expansions, read from the text.
//!
//! Follows POSIX.1-2024, Shell Command Language, sections 2.2 and 2.6, as far
//! as the text of a URL can depend on it.

use std::sync::Arc;

use super::syntax::{PUT, Scope};
use crate::scan::form::*;

/// Nesting of expansions inside expansions.
const MAX_EXPANSIONS: usize = 20;

/// A word being read.
pub(super) struct Words<'t> {
    pub text: &'t str,
    /// The byte of the file at which the text begins.
    pub start: usize,
    pub scope: Scope,
    /// Quotes are taken away; not so in a here-document.
    pub quotes: bool,
    /// The option whose value is being read.
    pub option: Option<Arc<str>>,
}

/// Whether a text is a variable's or a plain command's name.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl<'t> Words<'t> {
    /// The word as an expression.
    pub(crate) fn word(&self) -> Expr {
        let parts = self.parts(self.text, self.start, 0);
        let whole = self.span(self.start, self.start + self.text.len());
        let quoted = !self.quotes || self.text.starts_with('"');
        match parts.len() {
            0 => Expr { kind: ExprKind::Text("".into()), span: whole },
            1 => {
                let only = parts.into_iter().next();
                let kind = only.map_or(ExprKind::Text("".into()), |part| part.kind);
                // An unquoted variable is split into words.
                match kind {
                    ExprKind::Name(_) if !quoted => {
                        let inner = Expr { kind, span: whole };
                        Expr { kind: ExprKind::Spread(Box::new(inner)), span: whole }
                    }
                    kind => Expr { kind, span: whole },
                }
            }
            _ => Expr { kind: ExprKind::Concat(parts), span: whole },
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Span { start: at(start), end: at(end) }
    }

    /// The parts of a text that begins at byte `start` of the file.
    fn parts(&self, text: &str, start: usize, depth: usize) -> Vec<Expr> {
        let mut out: Vec<Expr> = Vec::new();
        let mut literal = String::new();
        let mut literal_start = 0;
        let mut at = 0;
        let mut double = !self.quotes;
        let text_of = text;
        let flush = |literal: &mut String, from: usize, to: usize, out: &mut Vec<Expr>| {
            if !literal.is_empty() {
                let text = std::mem::take(literal);
                // Two more bytes than the text has are quotes around it; where they are
                // something else, no part of the text can be told from its place in it.
                let raw = text_of.get(from..to).is_some_and(|raw| raw.starts_with(['\'', '"']));
                let to = if to - from == text.len() + 2 && !raw { to - 1 } else { to };
                out.push(Expr {
                    kind: ExprKind::Text(text.into()),
                    span: self.span(start + from, start + to),
                });
            }
        };
        while let Some(c) = text[at..].chars().next() {
            if literal.is_empty() {
                literal_start = at;
            }
            match c {
                '"' if self.quotes => {
                    double = !double;
                    at += 1;
                }
                '\'' if !double => {
                    let end = text[at + 1..].find('\'').map_or(text.len(), |end| at + 1 + end);
                    literal.push_str(&text[at + 1..end]);
                    at = (end + 1).min(text.len());
                }
                '\\' => {
                    let next = text[at + 1..].chars().next();
                    match next {
                        Some('\n') => {}
                        Some(next)
                            if !double
                                || matches!(next, '$' | '`' | '\\')
                                || (next == '"' && self.quotes) =>
                        {
                            literal.push(next)
                        }
                        Some(next) => {
                            literal.push('\\');
                            literal.push(next);
                        }
                        None => {}
                    }
                    at += 1 + next.map_or(0, char::len_utf8);
                }
                '$' => {
                    let (kind, length) = self.expansion(&text[at..], start + at, depth);
                    match kind {
                        Some(kind) => {
                            flush(&mut literal, literal_start, at, &mut out);
                            out.push(Expr { kind, span: self.span(start + at, start + at + length) });
                        }
                        None => literal.push_str(&text[at..at + length]),
                    }
                    at += length;
                }
                '`' => {
                    flush(&mut literal, literal_start, at, &mut out);
                    let end = text[at + 1..].find('`').map_or(text.len(), |end| at + 2 + end);
                    out.push(Expr {
                        kind: ExprKind::Unknown("".into()),
                        span: self.span(start + at, start + end),
                    });
                    at = end;
                }
                _ => {
                    literal.push(c);
                    at += c.len_utf8();
                }
            }
        }
        flush(&mut literal, literal_start, at, &mut out);
        out
    }

    /// The expansion at the front of a text, and its length. Always takes at
    /// least the dollar sign.
    fn expansion(&self, text: &str, start: usize, depth: usize) -> (Option<ExprKind>, usize) {
        let rest = &text[1..];
        match rest.chars().next() {
            Some('(') => (Some(ExprKind::Unknown("".into())), 1 + closing(rest, '(', ')')),
            Some('{') => {
                let length = closing(rest, '{', '}');
                let inner = rest.get(1..length.saturating_sub(1)).unwrap_or_default();
                if depth >= MAX_EXPANSIONS {
                    return (Some(ExprKind::Unknown("".into())), 1 + length);
                }
                (Some(self.braced(inner, start + 2, depth)), 1 + length)
            }
            Some('\'') => {
                // $'...'
                let end = rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
                let inner = rest.get(1..end.saturating_sub(1)).unwrap_or_default();
                (Some(ExprKind::Text(inner.into())), 1 + end)
            }
            Some(c) if c.is_ascii_digit() => {
                let index = c.to_digit(10).unwrap_or(0) as usize;
                (Some(self.positional(index)), 2)
            }
            Some('@' | '*') => (Some(self.all_positional()), 2),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                (Some(self.variable(&rest[..end])), 1 + end)
            }
            Some('#' | '?' | '!' | '$' | '-') => (Some(ExprKind::Unknown("".into())), 2),
            _ => (None, 1),
        }
    }

    /// A variable; `OPTARG` is what is given to the option that is read.
    fn variable(&self, name: &str) -> ExprKind {
        match &self.option {
            Some(option) if name == "OPTARG" => ExprKind::Name(option.clone()),
            _ => ExprKind::Name(name.into()),
        }
    }

    fn positional(&self, index: usize) -> ExprKind {
        // `-m) method=$2 ;;` in a loop over arguments.
        if let (Some(option), 2) = (&self.option, index) {
            return ExprKind::Name(option.clone());
        }
        match index.checked_sub(1) {
            Some(index) if self.scope.replaced => {
                let nowhere = |kind| Box::new(Expr { kind, span: Span::NOWHERE });
                let index = (index + self.scope.shifted).to_string();
                ExprKind::Index(nowhere(ExprKind::Name(PUT.into())), nowhere(ExprKind::Text(index.into())))
            }
            Some(index) if self.scope.in_function => ExprKind::Positional(index + self.scope.shifted),
            _ => ExprKind::Unknown(index.to_string().into()),
        }
    }

    fn all_positional(&self) -> ExprKind {
        if self.scope.replaced {
            let list = Expr { kind: ExprKind::Name(PUT.into()), span: Span::NOWHERE };
            match self.scope.shifted {
                0 => ExprKind::Spread(Box::new(list)),
                _ => ExprKind::Unknown("@".into()),
            }
        } else if self.scope.in_function {
            ExprKind::PositionalRest(self.scope.shifted)
        } else {
            ExprKind::Unknown("@".into())
        }
    }

    /// `${...}`: the inner text and where it begins.
    fn braced(&self, inner: &str, start: usize, depth: usize) -> ExprKind {
        let end =
            inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|end| *end > 0).unwrap_or(
                if inner.starts_with(['@', '*', '#', '!']) { 1.min(inner.len()) } else { inner.len() },
            );
        let (name, operation) = inner.split_at(end);
        let variable = match name.parse::<usize>() {
            Ok(index) => self.positional(index),
            Err(_) if matches!(name, "@" | "*") => self.all_positional(),
            Err(_) if !is_name(name) => return ExprKind::Unknown("".into()),
            Err(_) => self.variable(name),
        };
        let variable = Expr { kind: variable, span: self.span(start, start + end) };
        let operation_start = start + end;
        for operator in [":-", ":=", "-", "="] {
            if let Some(default) = operation.strip_prefix(operator) {
                let from = operation_start + operator.len();
                let parts = self.parts(default, from, depth + 1);
                let span = self.span(from, from + default.len());
                let default = Expr { kind: ExprKind::Concat(parts), span };
                return ExprKind::Default(Box::new(variable), Box::new(default));
            }
        }
        if operation.starts_with("[@]") || operation.starts_with("[*]") {
            return ExprKind::Spread(Box::new(variable));
        }
        if let Some(index) = operation.strip_prefix('[') {
            let key = index.trim_end_matches(']').trim_matches(['"', '\'']);
            let kind = match key.strip_prefix('$') {
                Some(name) => match name.trim_matches(['{', '}']) {
                    name if is_name(name) => ExprKind::Name(name.into()),
                    name => name.parse().map_or(ExprKind::Unknown("".into()), |at| self.positional(at)),
                },
                None => ExprKind::Text(key.into()),
            };
            let key = Expr { kind, span: variable.span };
            return ExprKind::Index(Box::new(variable), Box::new(key));
        }
        // `--method=*) method=${1#*=} ;;`
        if let (Some(option), "1", "#*=" | "##*=" | "#*[=]") = (&self.option, name, operation) {
            return ExprKind::Name(option.clone());
        }
        match operation {
            "%/" | "%%/" => ExprKind::Trim { text: Box::new(variable), start: false, end: true },
            "#/" | "##/" => ExprKind::Trim { text: Box::new(variable), start: true, end: false },
            _ => variable.kind,
        }
    }
}

/// The length of a bracketed text that begins with `open`.
fn closing(text: &str, open: char, close: char) -> usize {
    let mut depth = 0usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match (quote, c) {
            (_, '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, c) if c == open => depth += 1,
            (None, c) if c == close => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + c.len_utf8();
                }
            }
            _ => {}
        }
    }
    text.len()
}
