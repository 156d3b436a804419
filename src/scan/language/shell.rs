//! Shell: syntax tree -> common form.
//!
//! Commands become calls, words become concatenations, shell functions take
//! their parameters by position. The tree gives commands and structure; the
//! words are read by `shell_words.rs`.

use std::sync::Arc;

use tree_sitter::Node;

use super::lower::{Lowering, children, expr, field_children, span};
use super::shell_words::{Words, is_name};
use crate::scan::form::*;

/// Lowers a shell script.
pub(super) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    let mut body = Vec::new();
    let mut scope = Scope { in_function: false, shifted: 0 };
    for child in children(root) {
        lowering.sh_statement(child, &mut scope, &mut body);
    }
    lowering.unit.functions[0].body = body;
    lowering.unit
}

/// Where positional parameters come from.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    pub in_function: bool,
    /// Parameters that `shift` has dropped so far.
    pub shifted: usize,
}

impl<'t> Lowering<'t> {
    fn sh_block(&mut self, nodes: Vec<Node<'t>>, scope: &mut Scope) -> Vec<Stmt> {
        let mut out = Vec::new();
        for node in nodes {
            self.sh_statement(node, scope, &mut out);
        }
        out
    }

    fn sh_statement(&mut self, node: Node<'t>, scope: &mut Scope, out: &mut Vec<Stmt>) {
        self.nested(node, |lowering| lowering.sh_statement_kind(node, scope, out));
    }

    fn sh_statement_kind(&mut self, node: Node<'t>, scope: &mut Scope, out: &mut Vec<Stmt>) {
        match node.kind() {
            "command" => self.sh_command(node, Vec::new(), scope, out),
            "variable_assignment" => self.sh_assignment(node, scope, out),
            "variable_assignments" | "declaration_command" => {
                for child in children(node) {
                    if child.kind() == "variable_assignment" {
                        self.sh_assignment(child, scope, out);
                    }
                }
            }
            "redirected_statement" => {
                let mut extra = Vec::new();
                let mut after = Vec::new();
                for redirect in field_children(node, "redirect") {
                    if redirect.kind() == "heredoc_redirect" {
                        // Words behind `<<EOF` still belong to the command.
                        extra.extend(field_children(redirect, "argument"));
                        after.extend(
                            children(redirect).into_iter().filter(|child| child.kind() == "pipeline"),
                        );
                        after.extend(field_children(redirect, "right"));
                    }
                }
                if let Some(body) = node.child_by_field_name("body") {
                    if body.kind() == "command" {
                        self.sh_command(body, extra, scope, out);
                    } else {
                        self.sh_statement(body, scope, out);
                    }
                }
                for child in after {
                    self.sh_statement(child, scope, out);
                }
            }
            "list" => {
                let parts = children(node);
                if let Some((last, first)) = parts.split_last() {
                    for part in first {
                        self.sh_statement(*part, scope, out);
                    }
                    // `a && b`, `a || exit`: the second may not run.
                    let arm = self.sh_block(vec![*last], scope);
                    out.push(Stmt::Branch(vec![arm, Vec::new()]));
                }
            }
            "pipeline" | "compound_statement" | "negated_command" | "program" | "do_group" | "ERROR" => {
                out.extend(self.sh_block(children(node), scope));
            }
            "subshell" => {
                let body = self.sh_block(children(node), scope);
                out.push(Stmt::Expr(self.sh_closure(body, node)));
            }
            "if_statement" => {
                let conditions = field_children(node, "condition");
                out.extend(self.sh_block(conditions.clone(), scope));
                let mut arms = vec![Vec::new()];
                let mut has_else = false;
                for child in children(node) {
                    if conditions.contains(&child) {
                        continue;
                    }
                    match child.kind() {
                        "elif_clause" => {
                            let arm = self.sh_block(children(child), scope);
                            arms.push(arm);
                        }
                        "else_clause" => {
                            has_else = true;
                            let arm = self.sh_block(children(child), scope);
                            arms.push(arm);
                        }
                        _ => self.sh_statement(child, scope, &mut arms[0]),
                    }
                }
                if !has_else {
                    arms.push(Vec::new());
                }
                out.push(Stmt::Branch(arms));
            }
            "case_statement" => {
                let value = node.child_by_field_name("value");
                let mut arms = Vec::new();
                for item in children(node).into_iter().filter(|child| Some(*child) != value) {
                    let patterns = field_children(item, "value");
                    let body = children(item).into_iter().filter(|child| !patterns.contains(child)).collect();
                    arms.push(self.sh_block(body, scope));
                }
                arms.push(Vec::new());
                out.push(Stmt::Branch(arms));
            }
            "for_statement" | "select_statement" => {
                if let Some(name) = self.field_name(node, "variable") {
                    let items = self.sh_words(field_children(node, "value"), scope);
                    let list = expr(ExprKind::List(items), node);
                    let target = expr(ExprKind::Name(name), node);
                    let value = expr(ExprKind::Element(Box::new(list)), node);
                    out.push(Stmt::Assign { target, value });
                }
                if let Some(body) = node.child_by_field_name("body") {
                    let body = self.sh_block(children(body), scope);
                    out.push(Stmt::Loop(body));
                }
            }
            "while_statement" | "c_style_for_statement" => {
                let mut body = self.sh_block(field_children(node, "condition"), scope);
                if let Some(block) = node.child_by_field_name("body") {
                    body.extend(self.sh_block(children(block), scope));
                }
                out.push(Stmt::Loop(body));
            }
            "function_definition" => {
                let name = self.field_name(node, "name");
                let id = self.add_function(name, None);
                let outer = std::mem::replace(&mut self.function, id);
                let mut inner = Scope { in_function: true, shifted: 0 };
                let body = match node.child_by_field_name("body") {
                    Some(body) => self.sh_block(vec![body], &mut inner),
                    None => Vec::new(),
                };
                self.function = outer;
                self.unit.functions[id].body = body;
            }
            "test_command" => {
                // `[ "$(curl ...)" = x ]`
                let parts = self.sh_substitutions(node, scope);
                out.push(Stmt::Expr(expr(ExprKind::Effects(parts), node)));
            }
            _ => {}
        }
    }

    fn sh_assignment(&mut self, node: Node<'t>, scope: &mut Scope, out: &mut Vec<Stmt>) {
        let Some(name) = self.field_name(node, "name") else { return };
        let target = |node| expr(ExprKind::Name(name.clone()), node);
        let value = match node.child_by_field_name("value") {
            None => expr(ExprKind::Text("".into()), node),
            Some(value) if value.kind() == "array" => {
                let items = self.sh_words(children(value), scope);
                expr(ExprKind::List(items), value)
            }
            Some(value) => self.sh_word(value, scope),
        };
        let operator = node
            .child_by_field_name("name")
            .and_then(|name| self.source.get(name.end_byte()..name.end_byte() + 2));
        let value = if operator == Some("+=") {
            match value.kind {
                ExprKind::List(items) => {
                    let known = expr(ExprKind::Spread(Box::new(target(node))), node);
                    expr(ExprKind::List(std::iter::once(known).chain(items).collect()), node)
                }
                _ => expr(ExprKind::Concat(vec![target(node), value]), node),
            }
        } else {
            value
        };
        out.push(Stmt::Assign { target: target(node), value });
    }

    fn sh_command(&mut self, node: Node<'t>, extra: Vec<Node<'t>>, scope: &mut Scope, out: &mut Vec<Stmt>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let command = self.text(name);
        match command {
            "source" | "." => {
                // `source ./lib.sh`, `. "$(dirname "$0")/lib.sh"`: what is known
                // of the name is its end.
                if let Some(file) = field_children(node, "argument").first() {
                    let text = self.text(*file).trim_matches(['"', '\'']);
                    let end = text.rfind(['}', ')']).map_or(0, |at| at + 1);
                    let end = text[end..].rfind('$').map_or(end, |at| {
                        let name = &text[end + at..];
                        end + at + name.find('/').unwrap_or(0)
                    });
                    self.import(&text[end..], Imported::All, "", *file);
                }
            }
            "shift" => {
                let by = field_children(node, "argument").first().and_then(|by| self.text(*by).parse().ok());
                scope.shifted += by.unwrap_or(1).min(100);
                return;
            }
            "exit" | "return" => {
                out.push(Stmt::Leave);
                return;
            }
            _ => {}
        }
        let mut nodes = field_children(node, "argument");
        nodes.extend(extra);
        let words = self.sh_words(nodes, scope);
        let args = words.into_iter().map(|value| Arg { name: None, value }).collect();
        let callee = if is_name(command) || !command.contains(['$', '`', '"', '\'']) {
            // `/usr/bin/curl` is curl.
            let base = command.rsplit('/').next().unwrap_or(command);
            expr(ExprKind::Name(base.into()), name)
        } else {
            self.sh_word(name, scope)
        };
        let call = ExprKind::Call(Box::new(CallExpr { callee, args }));
        out.push(Stmt::Expr(expr(call, node)));
        // `curl ... <<< "$(curl ...)"`, `> "$(…)"`
        for redirect in field_children(node, "redirect") {
            let parts = self.sh_substitutions(redirect, scope);
            out.push(Stmt::Expr(expr(ExprKind::Effects(parts), redirect)));
        }
    }

    /// Words; nodes that touch are one word.
    fn sh_words(&mut self, nodes: Vec<Node<'t>>, scope: &mut Scope) -> Vec<Expr> {
        let mut out = Vec::new();
        let mut at = 0;
        while at < nodes.len() {
            let first = nodes[at];
            let mut end = first.end_byte();
            let mut group = vec![first];
            while let Some(next) = nodes.get(at + 1)
                && next.start_byte() == end
            {
                end = next.end_byte();
                group.push(*next);
                at += 1;
            }
            at += 1;
            out.push(self.sh_text(first.start_byte(), end, &group, scope));
        }
        out
    }

    fn sh_word(&mut self, node: Node<'t>, scope: &mut Scope) -> Expr {
        self.sh_text(node.start_byte(), node.end_byte(), &[node], scope)
    }

    fn sh_text(&mut self, start: usize, end: usize, nodes: &[Node<'t>], scope: &mut Scope) -> Expr {
        let text: &'t str = self.source.get(start..end).unwrap_or_default();
        let word = Words { text, start, scope: *scope }.word();
        // Commands inside the word run first.
        let mut inside = Vec::new();
        for node in nodes {
            inside.extend(self.sh_substitutions(*node, scope));
        }
        if inside.is_empty() {
            return word;
        }
        let whole = word.span;
        if let ExprKind::Unknown(_) = word.kind {
            return Expr { kind: ExprKind::Effects(inside), span: whole };
        }
        // The effects yield nothing that is part of the word: a choice of one.
        let effects = Expr { kind: ExprKind::Effects(inside), span: whole };
        let run = Expr { kind: ExprKind::List(vec![effects, word]), span: whole };
        let last: Arc<str> = "1".into();
        let index = Expr { kind: ExprKind::Text(last), span: whole };
        Expr { kind: ExprKind::Index(Box::new(run), Box::new(index)), span: whole }
    }

    /// The command substitutions in a node, as closures.
    fn sh_substitutions(&mut self, node: Node<'t>, scope: &mut Scope) -> Vec<Expr> {
        let mut out = Vec::new();
        if matches!(node.kind(), "command_substitution" | "process_substitution") {
            let body = self.nested(node, |lowering| lowering.sh_block(children(node), scope));
            out.push(self.sh_closure(body.unwrap_or_default(), node));
            return out;
        }
        for child in children(node) {
            let more = self.nested(child, |lowering| lowering.sh_substitutions(child, scope));
            out.extend(more.unwrap_or_default());
        }
        out
    }

    fn sh_closure(&mut self, body: Vec<Stmt>, node: Node<'t>) -> Expr {
        let id = self.add_function(None, None);
        self.unit.functions[id].inline = true;
        self.unit.functions[id].body = body;
        Expr { kind: ExprKind::Function(id), span: span(node) }
    }
}
