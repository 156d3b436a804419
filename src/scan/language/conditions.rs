//! What conditions ask of names, as far as the callers of a function decide it:
//! `method == "POST"`, one of several words, or whether something is given.

use std::sync::Arc;

use tree_sitter::Node;

use super::asked::chosen_beside;
use super::lower::{Lowering, children, expr};
use crate::scan::form::*;
use crate::scan::language::javascript::classes::bare;

/// Conditions in conditions: generated code joins thousands of them.
pub(super) const MAX_NESTED: usize = 48;

/// Arms of one condition that know what the ones above them asked.
pub(super) const MAX_ARMS: usize = 24;

/// What a condition asks of a name.
pub(super) struct Asked<'t> {
    pub subject: Node<'t>,
    /// The name, and the members of what it means.
    pub names: Vec<Arc<str>>,
    pub test: Test,
    /// What it is where it is not given: `method || "GET"`.
    pub absent: Option<Arc<str>>,
    /// Whether it asks that this is so.
    pub positive: bool,
}

impl<'t> Asked<'t> {
    /// The name of which something is asked.
    pub(super) fn subject(&self) -> Expr {
        let mut names = self.names.iter().cloned();
        let first = expr(ExprKind::Name(names.next().unwrap_or_default()), self.subject);
        let member = |object, name| expr(ExprKind::Member(Box::new(object), name), self.subject);
        let mut subject = names.fold(first, member);
        if let Some(text) = &self.absent {
            let absent = expr(ExprKind::Text(text.clone()), self.subject);
            subject = expr(ExprKind::Default(Box::new(subject), Box::new(absent)), self.subject);
        }
        subject
    }

    /// What is so where the condition holds, or does not.
    pub(super) fn when(&self, holds: bool) -> Stmt {
        Stmt::When { subject: self.subject(), test: self.test.clone(), holds: holds == self.positive }
    }

    /// Both of the same name: `method === "PUT" || method === "POST"`.
    pub(super) fn or(mut self, other: Self) -> Option<Self> {
        let same =
            self.names == other.names && self.absent == other.absent && self.positive && other.positive;
        match (&mut self.test, other.test) {
            (Test::Among(texts), Test::Among(more)) if same => texts.extend(more),
            (Test::Constant(constants), Test::Constant(more)) if same => {
                constants.texts.extend(more.texts);
                constants.names.extend(more.names);
            }
            _ => return None,
        }
        Some(self)
    }
}

impl<'t> Lowering<'t> {
    /// What a condition asks of a name: `method === "GET"`, one of several texts, or
    /// whether it is given.
    pub(super) fn js_test(&self, condition: Node<'t>) -> Option<Asked<'t>> {
        self.js_test_within(condition, MAX_NESTED)
    }

    fn js_test_within(&self, condition: Node<'t>, left: usize) -> Option<Asked<'t>> {
        let nested = |condition| self.js_test_within(condition, left.checked_sub(1)?);
        let condition = bare(condition);
        match condition.kind() {
            "identifier" | "member_expression" => self.js_subject(condition, Test::Given, true),
            "unary_expression" if self.text(condition).starts_with('!') => {
                let asked = nested(condition.child_by_field_name("argument")?)?;
                Some(Asked { positive: !asked.positive, ..asked })
            }
            "binary_expression" => {
                let left = condition.child_by_field_name("left")?;
                let right = condition.child_by_field_name("right")?;
                let operator = self.text(condition.child_by_field_name("operator")?);
                if operator == "||" {
                    return nested(left)?.or(nested(right)?);
                }
                let positive = match operator {
                    "===" | "==" => true,
                    "!==" | "!=" => false,
                    _ => return None,
                };
                if matches!(self.text(right), "undefined" | "null") {
                    return self.js_subject(left, Test::Given, !positive);
                }
                let (subject, test) = match (self.js_among(&[left]), self.js_among(&[right])) {
                    (None, Some(test)) => (left, test),
                    (Some(test), None) => (right, test),
                    _ => return None,
                };
                self.js_subject(subject, test, positive)
            }
            // `["GET", "HEAD"].includes(method)`, `params.hasOwnProperty("version")`
            "call_expression" => {
                let function = condition.child_by_field_name("function")?;
                let list = function.child_by_field_name("object")?;
                let args = children(condition.child_by_field_name("arguments")?);
                if self.member_name(function)? == "hasOwnProperty"
                    && let [key] = args.as_slice()
                {
                    let mut asked = self.js_subject(list, Test::Given, true)?;
                    asked.names.push(self.js_word(*key)?);
                    return Some(asked);
                }
                if self.member_name(function)? != "includes" || list.kind() != "array" {
                    return None;
                }
                let test = self.js_among(&children(list))?;
                let args = children(condition.child_by_field_name("arguments")?);
                let [subject] = args.as_slice() else { return None };
                self.js_subject(*subject, test, true)
            }
            _ => None,
        }
    }

    /// `method === "PUT" ? a : b`: each where a caller decides so, else one of both.
    pub(super) fn js_chosen(&mut self, node: Node<'t>, arms: [Option<Node<'t>>; 2]) -> ExprKind {
        let asked = node.child_by_field_name("condition").and_then(|condition| self.js_test(condition));
        let mut arms: Vec<Expr> = arms.into_iter().flatten().map(|arm| self.js_expr(arm)).collect();
        let Some(asked) = asked.filter(|_| arms.len() == 2) else {
            let condition = node.child_by_field_name("condition").map(|condition| self.js_expr(condition));
            return match (arms.pop(), arms.pop()) {
                (Some(otherwise), Some(then)) => chosen_beside(condition, then, otherwise),
                (last, _) => ExprKind::Either(last.into_iter().collect()),
            };
        };
        if !asked.positive {
            arms.reverse();
        }
        let (Some(otherwise), Some(then)) = (arms.pop(), arms.pop()) else { return ExprKind::Either(arms) };
        let (then, otherwise) = (Box::new(then), Box::new(otherwise));
        ExprKind::Asked { subject: Box::new(asked.subject()), test: asked.test, then, otherwise }
    }

    /// A word that stands as a text, or a number.
    pub(super) fn js_word(&self, node: Node<'t>) -> Option<Arc<str>> {
        let text = self.text(bare(node));
        if bare(node).kind() == "number" {
            return Some(text.into());
        }
        let quoted = bare(node).kind() == "string" && !text.contains('\\');
        quoted.then(|| text.trim_matches(['"', '\'']).into())
    }

    /// A name of which something is asked, in capitals or not.
    pub(super) fn js_subject(&self, subject: Node<'t>, test: Test, positive: bool) -> Option<Asked<'t>> {
        let mut subject = bare(subject);
        if subject.kind() == "call_expression"
            && let Some(function) = subject.child_by_field_name("function")
            && matches!(self.member_name(function), Some("toLowerCase" | "toUpperCase"))
        {
            subject = bare(function.child_by_field_name("object")?);
        }
        let mut absent = None;
        if subject.kind() == "binary_expression"
            && matches!(self.text(subject.child_by_field_name("operator")?), "||" | "??")
        {
            absent = Some(self.js_word(subject.child_by_field_name("right")?)?);
            subject = bare(subject.child_by_field_name("left")?);
        }
        let mut at = subject;
        while at.kind() == "member_expression" {
            at = at.child_by_field_name("object")?;
        }
        (at.kind() == "identifier").then(|| {
            let mut names = Vec::new();
            let mut at = subject;
            while at.kind() == "member_expression"
                && let (Some(object), Some(name)) =
                    (at.child_by_field_name("object"), at.child_by_field_name("property"))
            {
                names.push(name);
                at = object;
            }
            names.push(at);
            names.reverse();
            Asked {
                subject,
                names: names.iter().map(|name| self.name(*name)).collect(),
                test,
                absent,
                positive,
            }
        })
    }

    /// What a condition asks of a name: `method == "GET"`, one of several texts, or
    /// whether it is given.
    pub(super) fn py_test(&self, condition: Node<'t>) -> Option<Asked<'t>> {
        self.py_test_within(condition, MAX_NESTED)
    }

    fn py_test_within(&self, condition: Node<'t>, left: usize) -> Option<Asked<'t>> {
        let nested = |condition| self.py_test_within(condition, left.checked_sub(1)?);
        match condition.kind() {
            "identifier" | "attribute" => self.py_subject(condition, Test::Given, true),
            "parenthesized_expression" => nested(children(condition).first().copied()?),
            "not_operator" => {
                let asked = nested(condition.child_by_field_name("argument")?)?;
                Some(Asked { positive: !asked.positive, ..asked })
            }
            "boolean_operator" => {
                let (left, right) =
                    (condition.child_by_field_name("left")?, condition.child_by_field_name("right")?);
                let or = self.text(condition.child_by_field_name("operator")?) == "or";
                if or { nested(left)?.or(nested(right)?) } else { None }
            }
            "comparison_operator" => {
                let parts = children(condition);
                let [left, right] = parts.as_slice() else { return None };
                let between = self.source.get(left.end_byte()..right.start_byte())?;
                let words: Vec<&str> = between.split_whitespace().collect();
                let positive = !matches!(words.as_slice(), ["!="] | ["is" | "not", _]);
                match words.as_slice() {
                    ["is" | "==" | "!="] | ["is", "not"] if right.kind() == "none" => {
                        self.py_subject(*left, Test::Given, !positive)
                    }
                    ["==" | "!=" | "is"] | ["is", "not"] => match (self.py_word(*left), self.py_word(*right))
                    {
                        (None, Some(word)) => self.py_subject(*left, Test::Among(vec![word]), positive),
                        (Some(word), None) => self.py_subject(*right, Test::Among(vec![word]), positive),
                        (None, None) => {
                            let one = |node| self.py_among(&[node]);
                            match (one(*left), one(*right)) {
                                (None, Some(test)) => self.py_subject(*left, test, positive),
                                (Some(test), None) => self.py_subject(*right, test, positive),
                                _ => None,
                            }
                        }
                        _ => None,
                    },
                    ["in"] | ["not", "in"] if matches!(right.kind(), "list" | "tuple" | "set") => {
                        self.py_subject(*left, self.py_among(&children(*right))?, positive)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A word that stands as a text.
    fn py_word(&self, node: Node<'t>) -> Option<Arc<str>> {
        let text = self.text(node);
        let plain = node.kind() == "string" && text.starts_with(['"', '\'']) && !text.contains('\\');
        plain.then(|| text.trim_matches(['"', '\'']).into())
    }

    /// Whether it is one of some words and constants.
    fn py_among(&self, words: &[Node<'t>]) -> Option<Test> {
        let (mut texts, mut names) = (Vec::new(), Vec::new());
        for word in words {
            match self.py_word(*word) {
                Some(text) => texts.push(text),
                None => names.push(self.py_constant(*word)?),
            }
        }
        Some(match names.is_empty() {
            true => Test::Among(texts),
            false => Test::Constant(Box::new(Constants { texts, names })),
        })
    }

    /// The name of a constant, which ends in capitals: `GET`, `self.METHOD_GET`.
    fn py_constant(&self, node: Node<'t>) -> Option<Arc<str>> {
        let mut at = node;
        while at.kind() == "attribute" {
            at = at.child_by_field_name("object")?;
        }
        let name = self.text(node);
        let last = name.rsplit('.').next().unwrap_or_default();
        let capitals = last.contains(|c: char| c.is_ascii_uppercase()) && !last.contains(char::is_lowercase);
        (at.kind() == "identifier" && capitals).then(|| name.into())
    }

    /// A name of which something is asked, in capitals or not.
    fn py_subject(&self, subject: Node<'t>, test: Test, positive: bool) -> Option<Asked<'t>> {
        let mut subject = subject;
        if subject.kind() == "call"
            && let Some(function) = subject.child_by_field_name("function")
            && let Some(name) = function.child_by_field_name("attribute")
            && matches!(self.text(name), "lower" | "upper")
        {
            subject = function.child_by_field_name("object")?;
        }
        let mut names = Vec::new();
        let mut at = subject;
        while at.kind() == "attribute" {
            names.push(self.name(at.child_by_field_name("attribute")?));
            at = at.child_by_field_name("object")?;
        }
        if at.kind() != "identifier" {
            return None;
        }
        names.push(self.name(at));
        names.reverse();
        Some(Asked { subject, names, test, absent: None, positive })
    }
}
