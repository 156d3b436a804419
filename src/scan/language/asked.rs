//! What conditions ask of names in languages whose conditions are written alike: Java, Kotlin,
//! C#, PHP, Go and Ruby. See `conditions.rs` for what becomes of it.

use std::sync::Arc;

use tree_sitter::Node;

use super::conditions::{Asked, MAX_ARMS, MAX_NESTED};
use super::lower::{Lowering, children};
use super::shared::Syntax;
use crate::scan::form::*;

/// A call in a condition: the object or nothing, the name, and the arguments.
struct Called<'t> {
    object: Option<Node<'t>>,
    name: &'t str,
    args: Vec<Node<'t>>,
}

impl<'t> Lowering<'t> {
    /// What a condition asks of a name: `"GET".equals(method)`, `kind == null`,
    /// `string.IsNullOrEmpty(id)`. `by_name`: a name or a member asks whether it is given; else
    /// a bare name is a flag, and a member may be set by whoever has the object.
    pub(super) fn plain_test(&self, condition: Node<'t>, by_name: bool) -> Option<Asked<'t>> {
        self.plain_within(condition, by_name, MAX_NESTED)
    }

    fn plain_within(&self, condition: Node<'t>, by_name: bool, left: usize) -> Option<Asked<'t>> {
        let nested = |condition| self.plain_within(condition, by_name, left.checked_sub(1)?);
        let opposite = |asked: Asked<'t>| Asked { positive: !asked.positive, ..asked };
        match condition.kind() {
            "parenthesized_expression" | "parenthesized_statements" => match children(condition).as_slice() {
                [inner] => nested(*inner),
                _ => None,
            },
            "unary_expression"
            | "prefix_unary_expression"
            | "unary_op_expression"
            | "prefix_expression"
            | "unary" => {
                let text = self.text(condition);
                let negates = text.starts_with('!') || text.starts_with("not ");
                nested(children(condition).last().copied().filter(|_| negates)?).map(opposite)
            }
            "binary_expression"
            | "equality_expression"
            | "comparison_expression"
            | "disjunction_expression"
            | "binary" => {
                let parts = children(condition);
                let [first, .., second] = parts.as_slice() else { return None };
                let operator = self.source.get(first.end_byte()..second.start_byte())?.trim();
                if matches!(operator, "||" | "or") {
                    return nested(*first)?.or(nested(*second)?);
                }
                self.compared(*first, operator, *second)
            }
            "is_pattern_expression" => {
                let parts = children(condition);
                let [subject, pattern] = parts.as_slice() else { return None };
                match self.text(*pattern) {
                    "null" => self.plain_subject(*subject, Test::Given, false),
                    "not null" => self.plain_subject(*subject, Test::Given, true),
                    _ => self.compared(*subject, "==", children(*pattern).first().copied()?),
                }
            }
            _ => match self.called_in(condition) {
                Some(called) => self.asked_by_call(&called),
                None if by_name => self.plain_subject(condition, Test::Given, true),
                // That it is false does not say that nobody gives it.
                None if matches!(condition.kind(), "identifier" | "simple_identifier") => {
                    self.plain_subject(condition, Test::Among(vec!["true".into()]), true)
                }
                None => None,
            },
        }
    }

    /// `method == "GET"`, `id != null`, `len(name) > 0`
    fn compared(&self, first: Node<'t>, operator: &str, second: Node<'t>) -> Option<Asked<'t>> {
        if matches!((operator, self.text(second)), (">" | "!=" | "==", "0"))
            && let Some(Called { object: None, name: "len", args }) = self.called_in(first)
        {
            return self.plain_subject(*args.first()?, Test::Given, operator != "==");
        }
        let positive = match operator {
            "==" | "===" => true,
            "!=" | "!==" => false,
            _ => return None,
        };
        let nothing = |node: Node<'t>| matches!(self.text(node), "null" | "nil" | "NULL" | "Null");
        // `post == true`
        if let word @ ("true" | "false") = self.text(second) {
            return self.plain_subject(first, Test::Among(vec![word.into()]), positive);
        }
        let (subject, word) = match (nothing(first), nothing(second)) {
            (false, true) => return self.plain_subject(first, Test::Given, !positive),
            (true, false) => return self.plain_subject(second, Test::Given, !positive),
            _ => match (self.plain_word(first), self.plain_word(second)) {
                (None, Some(word)) => (first, word),
                (Some(word), None) => (second, word),
                _ => return None,
            },
        };
        match word.is_empty() {
            true => self.plain_subject(subject, Test::Given, !positive),
            false => self.plain_subject(subject, Test::Among(vec![word]), positive),
        }
    }

    fn asked_by_call(&self, called: &Called<'t>) -> Option<Asked<'t>> {
        let one = || match called.args.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        match called.name {
            "equals" | "Equals" | "equalsIgnoreCase" | "eql?" | "contentEquals" => {
                let compared = self.compared(called.object?, "==", one()?);
                compared.filter(|asked| asked.test != Test::Given)
            }
            "isEmpty" | "isBlank" | "isNullOrEmpty" | "isNullOrBlank" | "nil?" | "empty?" | "blank?"
                if called.args.is_empty() =>
            {
                self.plain_subject(called.object?, Test::Given, false)
            }
            "isNotEmpty" | "isNotBlank" | "present?" if called.args.is_empty() => {
                self.plain_subject(called.object?, Test::Given, true)
            }
            "isEmpty" | "isBlank" | "isNullOrEmpty" | "IsNullOrEmpty" | "IsNullOrWhiteSpace" | "isNull"
            | "empty" | "is_null" => self.plain_subject(one()?, Test::Given, false),
            "isNotEmpty" | "isNotBlank" | "nonNull" | "hasText" | "hasLength" | "isset" => {
                self.plain_subject(one()?, Test::Given, true)
            }
            // `in_array($method, ['POST', 'PUT'])`
            "in_array" => {
                let [subject, list, ..] = called.args.as_slice() else { return None };
                self.plain_subject(*subject, Test::Among(self.plain_words(*list)?), true)
            }
            // `%w[post put].include?(method)`
            "include?" => self.plain_subject(one()?, Test::Among(self.plain_words(called.object?)?), true),
            _ => None,
        }
    }

    /// The parts of a call, whatever the grammar calls them.
    fn called_in(&self, node: Node<'t>) -> Option<Called<'t>> {
        let field = |name: &str| node.child_by_field_name(name);
        let args = |list: Option<Node<'t>>| {
            let inner = |arg: Node<'t>| match arg.kind() {
                "argument" | "value_argument" => children(arg).last().copied().unwrap_or(arg),
                _ => arg,
            };
            list.map(children).unwrap_or_default().into_iter().map(inner).collect::<Vec<_>>()
        };
        let (object, name, args) = match node.kind() {
            "method_invocation" => (field("object"), field("name")?, args(field("arguments"))),
            "member_call_expression" => (field("object"), field("name")?, args(field("arguments"))),
            // Python's names the function, Ruby's the method.
            "call" if let Some(function) = field("function") => {
                let (object, name) = self.member_in(function)?;
                (Some(object), name, args(field("arguments")))
            }
            "call" => (field("receiver"), field("method")?, args(field("arguments"))),
            "invocation_expression" | "function_call_expression" | "call_expression" => {
                let parts = children(node);
                let function = field("function").or_else(|| parts.first().copied())?;
                let list = field("arguments").or_else(|| {
                    let suffix = parts.last().filter(|suffix| suffix.kind() == "call_suffix")?;
                    children(*suffix).into_iter().find(|list| list.kind() == "value_arguments")
                });
                let (object, name) = self.member_in(function).map_or((None, function), |(o, n)| (Some(o), n));
                (object, name, args(list))
            }
            _ => return None,
        };
        Some(Called { object, name: self.text(name), args })
    }

    /// The object and the name of a member.
    fn member_in(&self, node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let pair = |object: &str, name: &str| {
            Some((node.child_by_field_name(object)?, node.child_by_field_name(name)?))
        };
        match node.kind() {
            "field_access" => pair("object", "field"),
            "member_access_expression" => pair("expression", "name").or_else(|| pair("object", "name")),
            "selector_expression" => pair("operand", "field"),
            "attribute" => pair("object", "attribute"),
            "navigation_expression" => {
                let parts = children(node);
                let [object, suffix] = parts.as_slice() else { return None };
                Some((*object, children(*suffix).last().copied()?))
            }
            _ => None,
        }
    }

    /// A name of which something is asked, in capitals or not.
    pub(super) fn plain_subject(&self, subject: Node<'t>, test: Test, positive: bool) -> Option<Asked<'t>> {
        let mut subject = subject;
        if let Some(Called { object: Some(object), name, args }) = self.called_in(subject)
            && args.is_empty()
            && matches!(
                name,
                "toLowerCase"
                    | "toUpperCase"
                    | "lower"
                    | "upper"
                    | "lowercase"
                    | "uppercase"
                    | "ToLower"
                    | "ToUpper"
                    | "ToLowerInvariant"
                    | "ToUpperInvariant"
                    | "downcase"
                    | "upcase"
                    | "trim"
                    | "Trim"
                    | "strip"
                    | "to_s"
            )
        {
            subject = object;
        }
        // `strtoupper($method)`, `strings.ToUpper(method)`
        if let Some(Called { name: "strtoupper" | "strtolower" | "ToUpper" | "ToLower", args, .. }) =
            self.called_in(subject)
            && let [one] = args.as_slice()
        {
            subject = *one;
        }
        let mut names = Vec::new();
        let mut at = subject;
        while let Some((object, name)) = self.member_in(at) {
            names.push(self.text(name));
            at = object;
        }
        if !matches!(at.kind(), "identifier" | "simple_identifier" | "variable_name") {
            return None;
        }
        names.push(self.text(at).trim_start_matches('$'));
        let names: Vec<Arc<str>> = names.into_iter().rev().map(Arc::from).collect();
        Some(Asked { subject, names, test, absent: None, positive })
    }

    /// A word that stands as a text.
    pub(super) fn plain_word(&self, node: Node<'t>) -> Option<Arc<str>> {
        let text = self.text(node);
        match node.kind() {
            "string_literal"
            | "string"
            | "encapsed_string"
            | "interpreted_string_literal"
            | "raw_string_literal"
            | "line_string_literal" => {
                let inner = text.trim_matches(['"', '\'', '`']);
                (!inner.contains(['\\', '$', '#', '{', '"'])).then(|| inner.into())
            }
            "simple_symbol" => Some(text.trim_start_matches(':').into()),
            _ => None,
        }
    }

    /// The words of a list.
    fn plain_words(&self, list: Node<'t>) -> Option<Vec<Arc<str>>> {
        let word = |item: Node<'t>| match item.kind() {
            "array_element_initializer" => self.plain_word(children(item).first().copied()?),
            "bare_string" | "bare_symbol" => Some(self.text(item).into()),
            _ => self.plain_word(item),
        };
        let lists = ["array_creation_expression", "array", "string_array", "symbol_array"];
        lists.contains(&list.kind()).then(|| children(list).into_iter().map(word).collect())?
    }

    /// Arms of a branch under what their condition asks, and what holds behind it where the
    /// first arm leaves.
    pub(super) fn under_test(&self, asked: Option<&Asked<'t>>, arms: &mut [Vec<Stmt>; 2]) -> Vec<Stmt> {
        let Some(asked) = asked else { return Vec::new() };
        let left = leaves(&arms[0]);
        arms[0].insert(0, asked.when(true));
        let mut after = Vec::new();
        if left {
            // What holds at the end of the other arm holds behind both.
            let ending = arms[1].iter().rev().map_while(|stmt| match stmt {
                Stmt::When { subject, test, holds } => {
                    Some(Stmt::When { subject: subject.again()?, test: test.clone(), holds: *holds })
                }
                _ => None,
            });
            after.extend(ending.take(MAX_ARMS));
            after.push(asked.when(false));
        }
        arms[1].insert(0, asked.when(false));
        after
    }

    /// `method == "PUT" ? a : b`: each where a caller decides so, else one of both.
    pub(super) fn plain_chosen(&self, asked: Option<Asked<'t>>, mut arms: Vec<Expr>) -> ExprKind {
        let Some(asked) = asked.filter(|_| arms.len() == 2) else { return ExprKind::Either(arms) };
        if !asked.positive {
            arms.reverse();
        }
        let (Some(otherwise), Some(then)) = (arms.pop(), arms.pop()) else { return ExprKind::Either(arms) };
        let (then, otherwise) = (Box::new(then), Box::new(otherwise));
        ExprKind::Asked { subject: Box::new(asked.subject()), test: asked.test, then, otherwise }
    }

    /// The same, with the condition evaluated for what is called in it where nobody decides it:
    /// `node.has("name") ? a : b`.
    pub(super) fn chosen_by<S: Syntax>(
        &mut self,
        condition: Option<Node<'t>>,
        asked: Option<Asked<'t>>,
        mut arms: Vec<Expr>,
    ) -> ExprKind {
        if let (None, 2, Some(condition)) = (&asked, arms.len(), condition) {
            let condition = self.value::<S>(condition);
            if let (Some(condition), [_, _]) = (looked_at(condition), arms.as_slice())
                && let (Some(otherwise), Some(then)) = (arms.pop(), arms.pop())
            {
                return ExprKind::Given(Box::new(condition), Box::new(then), Box::new(otherwise));
            }
        }
        self.plain_chosen(asked, arms)
    }
}

/// One of two values by a condition of which nothing else is known.
pub(super) fn chosen_beside(condition: Option<Expr>, then: Expr, otherwise: Expr) -> ExprKind {
    match condition.and_then(looked_at) {
        Some(condition) => ExprKind::Given(Box::new(condition), Box::new(then), Box::new(otherwise)),
        None => ExprKind::Either(vec![then, otherwise]),
    }
}

/// A condition in which something is called or read, of which nothing is known but that.
fn looked_at(condition: Expr) -> Option<Expr> {
    match condition.kind {
        ExprKind::Call(_) | ExprKind::Effects(_) => Some(condition),
        ExprKind::Member(..) | ExprKind::Index(..) => {
            let span = condition.span;
            Some(Expr { kind: ExprKind::Effects(vec![condition]), span })
        }
        _ => None,
    }
}
