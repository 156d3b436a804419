//! What the arms of a switch ask of its subject, where a caller decides that: Java's and C#'s
//! `switch (method)`, Kotlin's `when (method)`, PHP's and Python's `match`, Go's and Ruby's
//! cases. See `conditions.rs` for what becomes of it.

use std::sync::Arc;

use tree_sitter::Node;

use super::conditions::{Asked, MAX_ARMS};
use super::lower::{Lowering, children};
use crate::scan::form::*;
use crate::scan::wording::method_constant;

/// The arms of one switch, from the first to the last.
pub(super) struct Cases<'t> {
    subject: Option<Node<'t>>,
    /// Words of arms without statements, which run on into the next one.
    running: Vec<Word>,
    /// Words of all arms so far.
    all: Vec<Word>,
}

/// An arm.
pub(super) struct Case<'t> {
    /// What its labels say; none are those of the arm for everything else.
    pub labels: Vec<Node<'t>>,
    /// Whether something is done in it: without, its labels run on into the next arm.
    pub does: bool,
    /// Whether more than its labels has to hold: `case "GET" if cached`.
    pub asks_more: bool,
}

impl<'t> Cases<'t> {
    pub(crate) fn of(subject: Option<Node<'t>>) -> Self {
        let bare = |node: Node<'t>| match node.kind() {
            "parenthesized_expression" => children(node).first().copied().unwrap_or(node),
            _ => node,
        };
        Self { subject: subject.map(bare), running: Vec::new(), all: Vec::new() }
    }

    /// The beginning of the next arm: what holds in it, where that is known.
    pub(super) fn arm(&mut self, l: &Lowering<'t>, case: &Case<'t>) -> Vec<Stmt> {
        self.next(l, case).map(|asked| asked.when(true)).into_iter().collect()
    }

    /// What holds in the next arm; `None` where that is not known.
    pub(super) fn next(&mut self, l: &Lowering<'t>, case: &Case<'t>) -> Option<Asked<'t>> {
        let default = case.labels.is_empty();
        let words: Option<Vec<_>> = case.labels.iter().map(|label| l.case_words(*label)).collect();
        let known = words.is_some() && self.all.len() < MAX_ARMS;
        let words = words.unwrap_or_default().concat();
        if !case.asks_more {
            self.all.extend(words.iter().cloned());
        }
        let mut asked = std::mem::take(&mut self.running);
        asked.extend(words);
        if !case.does {
            self.running = asked;
            return None;
        }
        let Some(subject) = self.subject else { return l.case_condition(&case.labels) };
        if default {
            // What stands before it may run on into it, which then holds as well.
            asked.clone_from(&self.all);
        }
        if !known || asked.is_empty() {
            return None;
        }
        let variants = asked.iter().any(|word| word.is_variant);
        let test = Test::Among(asked.into_iter().map(|word| word.text).collect());
        let own = l.text(subject).trim_start_matches('$');
        let mut asked = match own {
            "this" => Asked { subject, names: vec![own.into()], test, absent: None, positive: !default },
            _ => l.plain_subject(subject, test, !default)?,
        };
        // Another constant of the same name may be a text.
        asked.names.extend((variants || own == "this").then(|| VARIANT.into()));
        Some(asked)
    }
}

/// What a label says.
#[derive(Clone)]
struct Word {
    text: Arc<str>,
    /// It is the name of a constant, and no method of HTTP.
    is_variant: bool,
}

impl<'t> Lowering<'t> {
    /// What an arm asks that is a condition itself: `case method == "GET":`.
    fn case_condition(&self, labels: &[Node<'t>]) -> Option<Asked<'t>> {
        let [label] = labels else { return None };
        match label.kind() {
            "expression_list" | "when_condition" | "pattern" => self.case_condition(&children(*label)),
            _ => self.plain_test(*label, false),
        }
    }

    /// The words of a label: texts, and the names of constants.
    fn case_words(&self, label: Node<'t>) -> Option<Vec<Word>> {
        match label.kind() {
            "or_pattern" | "union_pattern" | "expression_list" | "constant_pattern" | "case_pattern"
            | "pattern" | "when_condition" => children(label)
                .into_iter()
                .map(|part| self.case_words(part))
                .collect::<Option<Vec<_>>>()
                .map(|words| words.concat()),
            _ => {
                let text = self.plain_word(label).or_else(|| self.go_text_constant(label));
                let text = text.map(|text| Word { text, is_variant: false });
                text.or_else(|| self.constant_label(label)).map(|word| vec![word])
            }
        }
    }

    /// The name of a constant, `Kind.Pods`; the method that it is by its name: `Verb.Get`,
    /// `http.MethodPost`, `GET`.
    fn constant_label(&self, label: Node<'t>) -> Option<Word> {
        let text = self.text(label);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '\\' | '$');
        let last = text.rsplit(['.', ':', '\\']).next().filter(|_| text.chars().all(plain))?;
        let constant = last.starts_with(|c: char| c.is_uppercase());
        let method = method_constant(last);
        constant.then(|| Word { text: method.unwrap_or(last).into(), is_variant: method.is_none() })
    }
}

/// One of the values of several arms: each where a caller decides so, if all that the arms ask
/// is known, else any.
pub(super) fn chosen_case(arms: Vec<(Option<Asked<'_>>, Expr)>) -> ExprKind {
    if arms.len() > MAX_ARMS || arms.iter().any(|(asked, _)| asked.is_none()) {
        return ExprKind::Either(arms.into_iter().map(|(_, value)| value).collect());
    }
    let (defaults, cases): (Vec<_>, Vec<_>) =
        arms.into_iter().partition(|(asked, _)| asked.as_ref().is_some_and(|asked| !asked.positive));
    let otherwise = ExprKind::Either(defaults.into_iter().map(|(_, value)| value).collect());
    cases.into_iter().rev().fold(otherwise, |otherwise, (asked, then)| match asked {
        Some(asked) => ExprKind::Asked {
            subject: Box::new(asked.subject()),
            test: asked.test,
            otherwise: Box::new(Expr { kind: otherwise, span: then.span }),
            then: Box::new(then),
        },
        None => otherwise,
    })
}
