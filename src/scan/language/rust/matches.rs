//! Rust: which arm of a `match` runs, where the caller of a function decides it, and
//! the variants of enumerations that stand for methods of HTTP; and types beside values.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::Rust;
use crate::scan::fields::typed::TYPED;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{call, member};
use crate::scan::wording::{method_named, names_verb};

/// Whether a text reads the body of an answer.
pub(super) fn reads_json(text: &str) -> bool {
    ["json()", "from_str(", "from_slice(", "from_reader("].iter().any(|read| text.contains(read))
}

/// Whether a bare name in a pattern is a variant that is imported, for names that a pattern gives
/// are small, those of constants large.
pub(super) fn is_bare_variant(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
        && name.contains(char::is_lowercase)
        && !matches!(name, "Some" | "None" | "Ok" | "Err")
}

impl<'t> Lowering<'t> {
    /// What the arms of a `match` ask of its subject: `Method::Get { .. } =>`, `"GET" | "get" =>`.
    pub(super) fn rust_arms(&mut self, node: Node<'t>, arms: &mut [Vec<Stmt>]) {
        let Some(subject) = node.child_by_field_name("value").and_then(|node| self.rust_subject(node)) else {
            return;
        };
        let nodes = node.child_by_field_name("body").map(children).unwrap_or_default();
        let nodes: Vec<Node<'t>> =
            nodes.into_iter().filter(|arm| arm.child_by_field_name("pattern").is_some()).collect();
        if nodes.len() != arms.len() {
            return;
        }
        let patterns: Vec<Node<'t>> = nodes
            .iter()
            .filter_map(|arm| children(arm.child_by_field_name("pattern")?).first().copied())
            .collect();
        let variant = self.rust_asked(subject, &patterns);
        if subject.kind() == "self" && variant.is_none() {
            return;
        }
        let mut before: Vec<Arc<str>> = Vec::new();
        for (node, arm) in nodes.into_iter().zip(arms) {
            let Some(pattern) = node.child_by_field_name("pattern") else { return };
            let asks_more = pattern.child_by_field_name("condition").is_some();
            let inner = children(pattern).first().copied();
            let words = inner.and_then(|inner| self.rust_words(inner));
            let (texts, holds) = match (words, self.text(pattern).trim()) {
                (Some(words), _) => {
                    if !asks_more {
                        before.extend(words.iter().cloned());
                    }
                    (words, true)
                }
                (None, "_") if !before.is_empty() => (before.clone(), false),
                _ => return,
            };
            let subject = match &variant {
                Some(asked) => asked.again().unwrap_or_else(|| self.value::<Rust>(subject)),
                None => self.value::<Rust>(subject),
            };
            arm.insert(0, Stmt::When { subject, test: Test::Among(texts), holds });
        }
    }

    /// A `match` that is a value, where its arms are chosen by words: each arm's value where the
    /// subject is that word.
    pub(super) fn rust_chosen(&mut self, node: Node<'t>) -> Option<ExprKind> {
        const MAX_ARMS: usize = 32;
        let subject = self.rust_subject(node.child_by_field_name("value")?)?;
        let arms = children(node.child_by_field_name("body")?);
        if arms.is_empty() || arms.len() > MAX_ARMS {
            return None;
        }
        let mut chosen = Vec::with_capacity(arms.len());
        let mut patterns = Vec::with_capacity(arms.len());
        for arm in arms {
            let pattern = arm.child_by_field_name("pattern")?;
            let inner = children(pattern).first().copied();
            let words = inner.and_then(|inner| self.rust_words(inner));
            let other = self.text(pattern).trim() == "_";
            if words.is_none() && !other || pattern.child_by_field_name("condition").is_some() {
                return None;
            }
            patterns.extend(inner);
            chosen.push((words, arm.child_by_field_name("value")?));
        }
        let asked = self.rust_asked(subject, &patterns);
        if asked.is_none() && subject.kind() == "self" {
            return None;
        }
        let mut out = expr(ExprKind::Unknown("".into()), node);
        for (words, value) in chosen.into_iter().rev() {
            let mut tails = Vec::new();
            self.rust_tails(value, &mut tails);
            let [tail] = tails.as_slice() else { return None };
            let then = self.value::<Rust>(*tail);
            let Some(words) = words else {
                out = then;
                continue;
            };
            let subject = match &asked {
                Some(asked) => asked.again()?,
                None => self.value::<Rust>(subject),
            };
            let parts = (Box::new(subject), Box::new(then), Box::new(out));
            let (subject, then, otherwise) = parts;
            out = expr(ExprKind::Asked { subject, test: Test::Among(words), then, otherwise }, node);
        }
        Some(out.kind)
    }

    /// What is matched, if that is a name or a member: `&self.method`, `method.as_str()`.
    fn rust_subject(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut at = node;
        loop {
            at = match at.kind() {
                "identifier" | "field_expression" | "self" => return Some(at),
                "reference_expression" | "parenthesized_expression" => children(at).last().copied()?,
                "unary_expression" if self.text(at).starts_with('*') => children(at).last().copied()?,
                "call_expression" => {
                    let function = at.child_by_field_name("function")?;
                    let name = self.field_name(function, "field")?;
                    if !matches!(&*name, "as_str" | "as_ref" | "deref" | "clone") {
                        return None;
                    }
                    function.child_by_field_name("value")?
                }
                _ => return None,
            };
        }
    }

    /// The words of a pattern: variants by their last names, texts.
    fn rust_words(&self, pattern: Node<'t>) -> Option<Vec<Arc<str>>> {
        match pattern.kind() {
            "or_pattern" => {
                let parts = children(pattern);
                let words = parts.into_iter().map(|part| self.rust_words(part));
                words.collect::<Option<Vec<_>>>().map(|words| words.concat())
            }
            "struct_pattern" | "tuple_struct_pattern" => {
                let kind = pattern.child_by_field_name("type")?;
                self.rust_words(kind)
            }
            "scoped_identifier" | "scoped_type_identifier" => {
                let (_, last) = self.text(pattern).rsplit_once("::")?;
                Some(vec![last.into()])
            }
            // `use Route::*;`
            "identifier" | "type_identifier" => {
                let text = self.text(pattern);
                is_bare_variant(text).then(|| vec![text.into()])
            }
            "string_literal" | "boolean_literal" => {
                let text = self.text(pattern);
                Some(vec![text.trim_matches('"').into()])
            }
            _ => None,
        }
    }

    /// A value with the type that is written beside it.
    pub(super) fn rust_typed(&self, value: Expr, kind: Node<'t>) -> Expr {
        let text: String = self.text(kind).split_whitespace().collect();
        let name = Arg { name: None, value: expr(ExprKind::Text(text.into()), kind) };
        let span = value.span;
        Expr { kind: call(member(value, TYPED, kind), vec![name]), span }
    }

    /// The method that a variant with fields is: `Method::Post { body }`, `Method::Put(body)`.
    pub(super) fn rust_verb(&self, path: Node<'t>) -> Option<ExprKind> {
        let text = self.text(path).split('<').next().unwrap_or_default();
        let (owner, last) = text.rsplit_once("::")?;
        let owner = owner.rsplit("::").next().unwrap_or(owner);
        let is_method = owner.ends_with("Method") || owner.ends_with("Verb");
        (is_method && method_named(last).is_some()).then(|| ExprKind::Text(last.into()))
    }

    /// What is made of a method of HTTP that a name or a field holds, another type of the same
    /// method: `self.method.reqwest_method()`, `method.into_hyper()`.
    pub(super) fn rust_verb_as_another(&mut self, function: Node<'t>) -> Option<ExprKind> {
        let name = self.field_name(function, "field").filter(|_| function.kind() == "field_expression")?;
        let changes =
            name.ends_with("method") || ["as_", "into_", "to_"].iter().any(|front| name.starts_with(front));
        let object = function.child_by_field_name("value").filter(|_| changes)?;
        let held = match object.kind() {
            "identifier" => self.name(object),
            "field_expression" => self.field_name(object, "field")?,
            _ => return None,
        };
        names_verb(&held).then(|| self.value::<Rust>(object).kind)
    }
}
