//! Loops of shells over what stands in the script: `while read -r path; do .. done <<EOF` over the
//! lines of a heredoc, and `for path; do .. done` over what the script or `set --` was given.

use tree_sitter::Node;

use super::syntax::{PUT, Scope};
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, field_children};

/// Lines of a heredoc that are told apart.
const MAX_LINES: usize = 32;

impl<'t> Lowering<'t> {
    /// A loop that reads the lines of a heredoc, one arm a line. False where the lines are not
    /// written there.
    pub(super) fn sh_lines(&mut self, node: Node<'t>, scope: &mut Scope, out: &mut Vec<Stmt>) -> bool {
        let body = node.child_by_field_name("body").filter(|body| body.kind() == "while_statement");
        let Some((names, separators)) = body.and_then(|body| self.sh_read_names(body)) else { return false };
        let Some(block) = body.and_then(|body| body.child_by_field_name("body")) else { return false };
        let redirects = field_children(node, "redirect");
        let [redirect] = redirects.as_slice() else { return false };
        let parts = children(*redirect);
        let part = |kind: &str| parts.iter().find(|part| part.kind() == kind).copied();
        let (Some(start), Some(text)) = (part("heredoc_start"), part("heredoc_body")) else { return false };
        let literal = self.text(start).contains(['\'', '"', '\\']);
        let lines: Vec<(usize, &str)> = {
            let mut at = text.start_byte();
            let all = self.text(text).split_inclusive('\n').map(move |line| {
                at += line.len();
                (at - line.len(), line)
            });
            all.filter(|(_, line)| !line.trim().is_empty()).collect()
        };
        // What the shell puts in is not written there.
        let put_in = |line: &str| line.contains(['$', '`']) && !literal;
        // Loops in one another would multiply.
        if scope.line_by_line
            || lines.is_empty()
            || lines.len() > MAX_LINES
            || lines.iter().any(|(_, line)| put_in(line))
        {
            return false;
        }
        scope.line_by_line = true;
        let mut arms = Vec::new();
        for (at, line) in lines {
            let mut arm = Vec::new();
            for (name, (from, value)) in names.iter().zip(fields(line, &separators, names.len())) {
                let start = (at + from) as u32;
                let span = Span { start, end: start + value.len() as u32 };
                let target = Expr { kind: ExprKind::Name((*name).into()), span };
                arm.push(Stmt::Assign { target, value: Expr { kind: ExprKind::Text(value.into()), span } });
            }
            arm.extend(self.sh_block(children(block), scope));
            arms.push(arm);
        }
        scope.line_by_line = false;
        out.push(Stmt::Branch(arms));
        true
    }

    /// What a loop reads is no more what it was before.
    pub(super) fn sh_read_anew(&self, node: Node<'t>) -> Vec<Stmt> {
        let (names, _) = self.sh_read_names(node).unwrap_or_default();
        let unknown = |name: &str| Stmt::Assign {
            target: expr(ExprKind::Name(name.into()), node),
            value: expr(ExprKind::Unknown(name.into()), node),
        };
        names.into_iter().map(unknown).collect()
    }

    /// The names that the condition of a loop reads a line into, and what parts them.
    fn sh_read_names(&self, body: Node<'t>) -> Option<(Vec<&'t str>, String)> {
        let conditions = field_children(body, "condition");
        let first = conditions.first().filter(|node| node.kind() == "command")?;
        if self.text(first.child_by_field_name("name")?) != "read" {
            return None;
        }
        let mut separators = String::from(" \t");
        for assigned in children(*first).into_iter().filter(|child| child.kind() == "variable_assignment") {
            if self.field_name(assigned, "name").as_deref() == Some("IFS") {
                let value = assigned.child_by_field_name("value").map_or("", |value| self.text(value));
                separators = value.trim_start_matches('$').trim_matches(['\'', '"']).replace("\\t", "\t");
            }
        }
        let words: Vec<&str> =
            field_children(*first, "argument").into_iter().map(|word| self.text(word)).collect();
        let names: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with('-')).collect();
        let plain = |name: &&str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        // `-d`, `-n`, `-u` and others are given something.
        let known =
            words.iter().filter(|word| word.starts_with('-')).all(|word| matches!(*word, "-r" | "--"));
        (known && !names.is_empty() && names.iter().all(plain)).then_some((names, separators))
    }

    /// What a loop runs over that names no list: all that there is.
    pub(super) fn sh_given_words(&self, node: Node<'t>, scope: &Scope) -> Vec<Expr> {
        let named = self.text(node).split(['\n', ';']).next().unwrap_or_default();
        if named.split_whitespace().any(|word| word == "in") || scope.shifted > 0 && scope.replaced {
            return Vec::new();
        }
        let kind = match (scope.replaced, scope.in_function) {
            (true, _) => ExprKind::Spread(Box::new(expr(ExprKind::Name(PUT.into()), node))),
            (false, true) => ExprKind::PositionalRest(scope.shifted),
            (false, false) => return Vec::new(),
        };
        vec![expr(kind, node)]
    }
}

/// The fields of a line and where they begin; the last one is all that is left.
fn fields<'l>(line: &'l str, separators: &str, count: usize) -> Vec<(usize, &'l str)> {
    let blank = separators.chars().all(char::is_whitespace);
    let line = line.trim_end_matches(['\n', '\r']);
    let parts = |c: char| separators.contains(c);
    let mut out = Vec::new();
    let mut at = 0;
    while out.len() < count {
        let rest = &line[at..];
        let skipped = if blank { rest.len() - rest.trim_start_matches(parts).len() } else { 0 };
        let (from, rest) = (at + skipped, &rest[skipped..]);
        let end = rest.find(parts).filter(|_| out.len() + 1 < count && !separators.is_empty());
        let value = &rest[..end.unwrap_or(rest.len())];
        out.push((from, if blank { value.trim_end() } else { value }));
        at = match end {
            Some(end) => from + end + rest[end..].chars().next().map_or(0, char::len_utf8),
            None => line.len(),
        };
    }
    out
}
