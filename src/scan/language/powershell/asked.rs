//! What conditions of PowerShell ask of names, and branches that give a value:
//! `if ($Name) { .. }`, `$part = switch ($Kind) { 'a' { .. } }`. See `conditions.rs`.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::{PowerShell, bare, child_of};
use crate::scan::form::*;
use crate::scan::language::conditions::{Asked, MAX_NESTED};
use crate::scan::language::lower::{Lowering, children};

impl<'t> Lowering<'t> {
    /// `if`, `elseif`, `else`: each arm under what its condition asks.
    pub(super) fn ps_if(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let mut arms = vec![(node.child_by_field_name("condition"), child_of(node, "statement_block"))];
        for clause in node.child_by_field_name("elseif_clauses").map(children).unwrap_or_default() {
            arms.push((clause.child_by_field_name("condition"), child_of(clause, "statement_block")));
        }
        let last = node.child_by_field_name("else_clause");
        let last = last.and_then(|clause| child_of(clause, "statement_block"));
        let mut otherwise = self.body::<PowerShell>(last);
        for (condition, block) in arms.into_iter().rev() {
            let mut branch = Vec::new();
            self.discard::<PowerShell>(condition, &mut branch);
            let mut arms = [self.body::<PowerShell>(block), otherwise];
            let asked = condition.and_then(|condition| self.ps_test(condition, MAX_NESTED));
            let after = self.under_test(asked.as_ref(), &mut arms);
            branch.push(Stmt::Branch(arms.into()));
            branch.extend(after);
            otherwise = branch;
        }
        out.extend(otherwise);
    }

    /// The arms of a `switch`, each under the word that it is for.
    pub(super) fn ps_switch(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        if let Some(subject) = child_of(node, "switch_condition") {
            self.ps_heard(subject, out);
        }
        let subject =
            child_of(node, "switch_condition").and_then(|subject| children(subject).last().copied());
        let clauses = child_of(node, "switch_body").and_then(|body| child_of(body, "switch_clauses"));
        let mut arms = Vec::new();
        for clause in clauses.map(children).unwrap_or_default() {
            let mut arm = self.block::<PowerShell>(clause);
            let word = child_of(clause, "switch_clause_condition").and_then(|word| self.ps_word(word));
            let asked = subject
                .zip(word)
                .and_then(|(subject, word)| self.ps_subject(subject, Test::Among(vec![word]), true));
            arm.splice(0..0, asked.map(|asked| asked.when(true)));
            arms.push(arm);
        }
        self.arms(arms, false, out);
    }

    /// What stands in a condition counts for its calls and what it reads.
    pub(super) fn ps_heard(&mut self, condition: Node<'t>, out: &mut Vec<Stmt>) {
        for part in children(condition) {
            self.stmt::<PowerShell>(part, out);
        }
    }

    /// Statements that give a value as a whole: what each arm ends with becomes the target's.
    pub(super) fn ps_given(&mut self, node: Node<'t>, target: &Expr, out: &mut Vec<Stmt>) {
        let mut stmts = Vec::new();
        self.stmt::<PowerShell>(node, &mut stmts);
        give_to(target, &mut stmts, MAX_NESTED);
        out.extend(stmts);
    }

    /// What a condition asks of a name: `$Name`, `-not $Id`, `$null -ne $Body`,
    /// `$Method -eq 'GET'`, `$PSBoundParameters.ContainsKey('Body')`.
    fn ps_test(&mut self, condition: Node<'t>, left: usize) -> Option<Asked<'t>> {
        let left = left.checked_sub(1)?;
        let condition = bare(condition);
        match condition.kind() {
            "parenthesized_expression" => self.ps_test(children(condition).first().copied()?, left),
            "variable" | "member_access" => self.ps_subject(condition, Test::Given, true),
            "expression_with_unary_operator" => {
                let text = self.text(condition).to_ascii_lowercase();
                if !text.starts_with('!') && !text.starts_with("-not") {
                    return None;
                }
                let asked = self.ps_test(children(condition).last().copied()?, left)?;
                Some(Asked { positive: !asked.positive, ..asked })
            }
            "logical_expression" => {
                let parts = children(condition);
                let (first, second) = (*parts.first()?, *parts.last()?);
                let operator = self.source.get(first.end_byte()..second.start_byte())?.trim();
                if !operator.eq_ignore_ascii_case("-or") {
                    return None;
                }
                let first = self.ps_test(first, left)?;
                first.or(self.ps_test(second, left)?)
            }
            "comparison_expression" => {
                let parts = children(condition);
                let [first, operator, second] = parts.as_slice() else { return None };
                let operator = self.text(*operator).to_ascii_lowercase();
                let (positive, list) = match operator.as_str() {
                    "-eq" | "-ieq" | "-ceq" => (true, false),
                    "-ne" | "-ine" | "-cne" => (false, false),
                    "-in" => (true, true),
                    "-notin" => (false, true),
                    _ => return None,
                };
                if list {
                    let words = bare(*second);
                    let words = match words.kind() {
                        "array_expression" => words.child_by_field_name("statements").map(bare)?,
                        "parenthesized_expression" => bare(children(words).first().copied()?),
                        _ => words,
                    };
                    let words =
                        children(words).into_iter().map(|word| self.ps_word(word)).collect::<Option<_>>();
                    return self.ps_subject(*first, Test::Among(words?), positive);
                }
                let nothing = |l: &Self, node: Node<'t>| l.text(bare(node)).eq_ignore_ascii_case("$null");
                let (subject, word) = match (nothing(self, *first), nothing(self, *second)) {
                    (true, false) => return self.ps_subject(*second, Test::Given, !positive),
                    (false, true) => return self.ps_subject(*first, Test::Given, !positive),
                    _ => match (self.ps_word(*first), self.ps_word(*second)) {
                        (None, Some(word)) => (*first, word),
                        (Some(word), None) => (*second, word),
                        _ => return None,
                    },
                };
                match word.is_empty() {
                    true => self.ps_subject(subject, Test::Given, !positive),
                    false => self.ps_subject(subject, Test::Among(vec![word]), positive),
                }
            }
            "invokation_expression" => {
                let object = children(condition).first().copied()?;
                let name = child_of(condition, "member_name").map(|name| self.text(name).to_owned())?;
                let list = child_of(condition, "argument_list")?;
                let list = children(child_of(list, "argument_expression_list")?);
                let [arg] = list.as_slice() else { return None };
                if self.text(object).eq_ignore_ascii_case("$PSBoundParameters") && name == "ContainsKey" {
                    let word = self.ps_word(*arg)?;
                    let names = vec![self.spelling(&word)];
                    return Some(Asked {
                        subject: *arg,
                        names,
                        test: Test::Given,
                        absent: None,
                        positive: true,
                    });
                }
                matches!(&*name, "IsNullOrEmpty" | "IsNullOrWhiteSpace")
                    .then(|| self.ps_subject(inside(*arg), Test::Given, false))?
            }
            _ => None,
        }
    }

    /// A word that stands as a text.
    fn ps_word(&self, node: Node<'t>) -> Option<Arc<str>> {
        let node = inside(node);
        let text = self.text(node);
        let quoted = node.kind() == "verbatim_string_characters"
            || matches!(
                node.kind(),
                "string_literal" | "expandable_string_literal" | "switch_clause_condition"
            );
        let inner = text.trim_matches(['"', '\'']);
        (quoted && !inner.contains(['$', '`', '\'', '"', '{', '('])).then(|| inner.into())
    }

    /// A name of which something is asked, in capitals or not.
    fn ps_subject(&mut self, subject: Node<'t>, test: Test, positive: bool) -> Option<Asked<'t>> {
        let subject = bare(subject);
        let mut names = Vec::new();
        let mut at = subject;
        while at.kind() == "member_access" {
            names.push(self.ps_member_name(at));
            at = bare(children(at).first().copied()?);
        }
        let word = self.text(at).to_ascii_lowercase();
        if at.kind() != "variable"
            || word.contains(':')
            || matches!(word.as_str(), "$true" | "$false" | "$null" | "$_")
        {
            return None;
        }
        names.push(self.ps_variable(at));
        names.reverse();
        Some(Asked { subject, names, test, absent: None, positive })
    }
}

/// The node inside those of every level of an argument.
fn inside(node: Node<'_>) -> Node<'_> {
    let mut at = bare(node);
    while let [only] = children(at).as_slice()
        && only.byte_range() == at.byte_range()
    {
        at = bare(*only);
    }
    at
}

/// What the ends of statements give becomes a target's value.
fn give_to(target: &Expr, stmts: &mut [Stmt], left: usize) {
    let Some(left) = left.checked_sub(1) else { return };
    // What holds behind a branch comes after it.
    let Some(at) = stmts.iter().rposition(|stmt| !matches!(stmt, Stmt::When { .. })) else { return };
    match &mut stmts[at] {
        Stmt::Branch(arms) => arms.iter_mut().for_each(|arm| give_to(target, arm, left)),
        Stmt::Expr(_) => {
            let Some(target) = target.again() else { return };
            let given = std::mem::replace(&mut stmts[at], Stmt::Leave);
            if let Stmt::Expr(value) = given {
                stmts[at] = Stmt::Assign { target, value };
            }
        }
        _ => {}
    }
}
