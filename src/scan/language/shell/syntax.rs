//! Shell: syntax tree -> common form.
//!
//! Commands become calls, words become concatenations, shell functions take
//! their parameters by position. The tree gives commands and structure; the
//! words are read by `language/shell/words.rs`.

use std::sync::Arc;

use tree_sitter::Node;

use super::words::{Words, is_name};
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, field_children, span};

/// Lowers a shell script.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    let mut body = Vec::new();
    let mut scope = Scope::new(false);
    for child in children(root) {
        lowering.sh_statement(child, &mut scope, &mut body);
    }
    lowering.unit.functions[0].body = body;
    lowering.unit
}

/// Commands of one pipe through which what they write is followed.
const MAX_STAGES: usize = 12;

/// Where positional parameters come from.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    pub in_function: bool,
    /// Parameters that `shift` has dropped so far.
    pub shifted: usize,
    /// Parameters are what `set --` has put in their place.
    pub replaced: bool,
    /// The option that is being read, and whether it has a value.
    pub option: Option<(usize, bool)>,
    /// It is the body of a loop that is written out once for each line.
    pub line_by_line: bool,
}

impl Scope {
    fn new(in_function: bool) -> Self {
        Self { in_function, shifted: 0, replaced: false, option: None, line_by_line: false }
    }
}

/// The name of the list that `set --` puts in place of parameters.
pub(super) const PUT: &str = "(set)";

impl<'t> Lowering<'t> {
    pub(super) fn sh_block(&mut self, nodes: Vec<Node<'t>>, scope: &mut Scope) -> Vec<Stmt> {
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
            "command" | "pipeline" => {
                if let Some(value) = self.sh_output(node, None, scope, out) {
                    out.push(Stmt::Expr(value));
                }
            }
            "variable_assignment" => self.sh_assignment(node, scope, out),
            "variable_assignments" | "declaration_command" => {
                for child in children(node) {
                    if child.kind() == "variable_assignment" {
                        self.sh_assignment(child, scope, out);
                    }
                }
            }
            "redirected_statement" if self.sh_lines(node, scope, out) => {}
            "redirected_statement" => match node.child_by_field_name("body") {
                Some(body) if !is_flow(body) => {
                    self.sh_statement(body, scope, out);
                    for redirect in field_children(node, "redirect") {
                        match redirect.kind() {
                            "heredoc_redirect" => _ = self.sh_rest(redirect, None, scope, out),
                            _ => self.sh_target(redirect, scope, out),
                        }
                    }
                }
                _ => {
                    if let Some(value) = self.sh_output(node, None, scope, out) {
                        out.push(Stmt::Expr(value));
                    }
                }
            },
            "list" => {
                let parts = children(node);
                if let Some((last, first)) = parts.split_last() {
                    for part in first {
                        self.sh_statement(*part, scope, out);
                    }
                    // `a && b`, `a || exit`: the second may not run.
                    let arm = self.sh_arm(vec![*last], scope);
                    out.push(Stmt::Branch(vec![arm, Vec::new()]));
                }
            }
            "compound_statement" | "negated_command" | "program" | "do_group" | "ERROR" => {
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
                let replaced = scope.replaced;
                for child in children(node) {
                    if conditions.contains(&child) {
                        continue;
                    }
                    match child.kind() {
                        "elif_clause" => {
                            let arm = self.sh_arm(children(child), scope);
                            arms.push(arm);
                        }
                        "else_clause" => {
                            has_else = true;
                            let arm = self.sh_arm(children(child), scope);
                            arms.push(arm);
                        }
                        _ => self.sh_statement(child, scope, &mut arms[0]),
                    }
                }
                if !has_else {
                    arms.push(Vec::new());
                }
                scope.replaced = replaced;
                out.push(Stmt::Branch(arms));
            }
            "case_statement" => {
                let value = node.child_by_field_name("value");
                let mut arms = Vec::new();
                for item in children(node).into_iter().filter(|child| Some(*child) != value) {
                    let patterns = field_children(item, "value");
                    let body = children(item).into_iter().filter(|child| !patterns.contains(child)).collect();
                    let mut arm: Vec<Stmt> =
                        value.and_then(|value| self.sh_is_among(value, &patterns)).into_iter().collect();
                    arm.extend(self.sh_arm(body, scope));
                    arms.push(arm);
                }
                arms.push(Vec::new());
                out.push(Stmt::Branch(arms));
            }
            "for_statement" | "select_statement" => {
                if let Some(name) = self.field_name(node, "variable") {
                    let mut items = self.sh_words("", field_children(node, "value"), scope);
                    if items.is_empty() {
                        items = self.sh_given_words(node, scope);
                    }
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
            "while_statement" if self.sh_options(node, scope, out) => {}
            "while_statement" | "c_style_for_statement" => {
                let mut body = self.sh_block(field_children(node, "condition"), scope);
                body.extend(self.sh_read_anew(node));
                if let Some(block) = node.child_by_field_name("body") {
                    body.extend(self.sh_block(children(block), scope));
                }
                out.push(Stmt::Loop(body));
            }
            "function_definition" => {
                let name = self.field_name(node, "name");
                let id = self.add_function(name, None);
                let outer = std::mem::replace(&mut self.function, id);
                let mut inner = Scope::new(true);
                let body = match node.child_by_field_name("body") {
                    Some(body) => self.sh_block(vec![body], &mut inner),
                    None => Vec::new(),
                };
                self.function = outer;
                let fails = node.child_by_field_name("body").is_some_and(ends_in_case_of_failure);
                self.unit.functions[id].body = giving(body, fails);
            }
            "test_command" => {
                // `[ "$(curl ...)" = x ]`
                let parts = self.sh_substitutions(node, scope);
                out.push(Stmt::Expr(expr(ExprKind::Effects(parts), node)));
            }
            _ => {}
        }
    }

    /// Statements that may not run: parameters that are replaced there are so only there.
    fn sh_arm(&mut self, nodes: Vec<Node<'t>>, scope: &mut Scope) -> Vec<Stmt> {
        let replaced = scope.replaced;
        let arm = self.sh_block(nodes, scope);
        scope.replaced = replaced;
        arm
    }

    /// What holds in an arm of `case "$kind" in users|groups)`.
    fn sh_is_among(&self, value: Node<'t>, patterns: &[Node<'t>]) -> Option<Stmt> {
        let name = self.text(value).trim_matches('"').strip_prefix('$')?;
        let name = name.trim_start_matches('{').trim_end_matches('}');
        let name = name.split_once(":-").map_or(name, |(name, _)| name);
        let word = |pattern: &Node<'t>| {
            let text = self.text(*pattern).trim_matches(['"', '\'']);
            let plain = !text.is_empty() && !text.contains(['*', '?', '[', '$']);
            plain.then(|| Arc::from(text))
        };
        let words = patterns.iter().map(word).collect::<Option<Vec<Arc<str>>>>()?;
        let subject = expr(ExprKind::Name(name.into()), value);
        (is_name(name) && !words.is_empty()).then_some(Stmt::When {
            subject,
            test: Test::Among(words),
            holds: true,
        })
    }

    fn sh_assignment(&mut self, node: Node<'t>, scope: &mut Scope, out: &mut Vec<Stmt>) {
        let Some(name) = self.field_name(node, "name") else { return };
        let target = |node| expr(ExprKind::Name(name.clone()), node);
        let value = match node.child_by_field_name("value") {
            None => expr(ExprKind::Text("".into()), node),
            Some(value) if value.kind() == "array" => {
                let nodes = children(value);
                let keys: Vec<_> = nodes.iter().map(|node| key_of(self.text(*node))).collect();
                let items = self.sh_words("", nodes, scope);
                // `declare -A paths=([users]="/users")`
                let kind = match keys.iter().all(Option::is_some) && keys.len() == items.len() {
                    true if !keys.is_empty() => {
                        let keyed = |(key, item): (Option<(&str, usize)>, Expr)| {
                            let (key, length) = key?;
                            Some((Some(Key::from(key)), without_start(item, length)))
                        };
                        ExprKind::Object(keys.into_iter().zip(items).filter_map(keyed).collect())
                    }
                    _ => ExprKind::List(items),
                };
                expr(kind, value)
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

    /// Lowers a command, or several in a pipe; gives what they write.
    fn sh_output(
        &mut self,
        node: Node<'t>,
        stdin: Option<Expr>,
        scope: &mut Scope,
        out: &mut Vec<Stmt>,
    ) -> Option<Expr> {
        match node.kind() {
            "command" => self.sh_command(node, Vec::new(), stdin, scope, out),
            "pipeline" => {
                let stages = children(node);
                let linked = stages.len() <= MAX_STAGES;
                stages.into_iter().fold(stdin, |flow, stage| {
                    let flow = match linked {
                        true => flow,
                        false => {
                            out.extend(flow.map(Stmt::Expr));
                            None
                        }
                    };
                    self.sh_stage(stage, flow, scope, out)
                })
            }
            _ => self.sh_redirected(node, stdin, scope, out),
        }
    }

    /// One part of a pipe, which reads what the part before it writes.
    fn sh_stage(
        &mut self,
        node: Node<'t>,
        flow: Option<Expr>,
        scope: &mut Scope,
        out: &mut Vec<Stmt>,
    ) -> Option<Expr> {
        if is_flow(node) {
            let mut flow = flow;
            let value = self.nested(node, |lowering| lowering.sh_output(node, flow.take(), scope, out));
            // Too deep to be looked at; what comes before it runs all the same.
            out.extend(flow.map(Stmt::Expr));
            return value.flatten();
        }
        out.extend(flow.map(Stmt::Expr));
        self.sh_statement(node, scope, out);
        None
    }

    /// A command with `<<EOF`, `<<< "$x"`, `> file`.
    fn sh_redirected(
        &mut self,
        node: Node<'t>,
        stdin: Option<Expr>,
        scope: &mut Scope,
        out: &mut Vec<Stmt>,
    ) -> Option<Expr> {
        let mut stdin = stdin;
        let mut extra = Vec::new();
        let mut kept = false;
        let redirects = field_children(node, "redirect");
        let strings = children(node).into_iter().filter(|child| child.kind() == "herestring_redirect");
        let all: Vec<Node<'t>> =
            redirects.iter().copied().chain(strings.filter(|child| !redirects.contains(child))).collect();
        for redirect in &all {
            match redirect.kind() {
                "heredoc_redirect" => {
                    // Words behind `<<EOF` still belong to the command.
                    extra.extend(field_children(*redirect, "argument"));
                    stdin = self.sh_heredoc(*redirect, scope).or(stdin);
                }
                "herestring_redirect" => stdin = self.sh_herestring(*redirect, scope).or(stdin),
                _ => kept |= self.sh_keeps(*redirect),
            }
        }
        let body = node.child_by_field_name("body");
        let mut flow = match body {
            Some(body) if body.kind() == "command" => self.sh_command(body, extra, stdin, scope, out),
            Some(body) => self.nested(body, |lowering| lowering.sh_output(body, stdin, scope, out)).flatten(),
            None => None,
        };
        for redirect in all {
            match redirect.kind() {
                "heredoc_redirect" => flow = self.sh_rest(redirect, flow, scope, out),
                "file_redirect" => self.sh_target(redirect, scope, out),
                _ => {}
            }
        }
        match flow {
            // What is written to a file is not given on.
            Some(value) if kept => Some(expr(ExprKind::Effects(vec![value]), node)),
            flow => flow,
        }
    }

    /// What follows `<<EOF` in its line: a pipe, another command.
    fn sh_rest(
        &mut self,
        redirect: Node<'t>,
        flow: Option<Expr>,
        scope: &mut Scope,
        out: &mut Vec<Stmt>,
    ) -> Option<Expr> {
        let mut flow = flow;
        for child in children(redirect).into_iter().filter(|child| child.kind() == "pipeline") {
            flow = self.sh_stage(child, flow, scope, out);
        }
        for child in field_children(redirect, "right") {
            out.extend(flow.take().map(Stmt::Expr));
            self.sh_statement(child, scope, out);
        }
        flow
    }

    /// Runs what stands in a redirection: `> "$(…)"`, `< <(…)`.
    fn sh_target(&mut self, redirect: Node<'t>, scope: &mut Scope, out: &mut Vec<Stmt>) {
        let parts = self.sh_substitutions(redirect, scope);
        if !parts.is_empty() {
            out.push(Stmt::Expr(expr(ExprKind::Effects(parts), redirect)));
        }
    }

    /// Whether a redirection takes away what a command writes.
    fn sh_keeps(&self, redirect: Node<'t>) -> bool {
        let text = self.text(redirect);
        text.starts_with('>') || text.starts_with("1>") || text.starts_with("&>")
    }

    fn sh_heredoc(&mut self, redirect: Node<'t>, scope: &mut Scope) -> Option<Expr> {
        let parts = children(redirect);
        let start = parts.iter().find(|part| part.kind() == "heredoc_start")?;
        let body = parts.iter().find(|part| part.kind() == "heredoc_body")?;
        if self.text(*start).contains(['\'', '"', '\\']) {
            return Some(expr(ExprKind::Text(self.text(*body).into()), *body));
        }
        Some(self.sh_text(body.start_byte(), body.end_byte(), &[*body], false, scope))
    }

    fn sh_herestring(&mut self, redirect: Node<'t>, scope: &mut Scope) -> Option<Expr> {
        let word = children(redirect).into_iter().find(|child| child.kind() != "file_descriptor")?;
        Some(whole(self.sh_word(word, scope)))
    }

    /// A command; gives the call that it is.
    fn sh_command(
        &mut self,
        node: Node<'t>,
        extra: Vec<Node<'t>>,
        stdin: Option<Expr>,
        scope: &mut Scope,
        out: &mut Vec<Stmt>,
    ) -> Option<Expr> {
        let name = node.child_by_field_name("name")?;
        let command = self.text(name);
        let mut stdin = stdin;
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
                let by = field_children(node, "argument").first().map(|by| self.text(*by));
                // Options have names: `shift $((OPTIND - 1))`, `shift 2` where one is read.
                if scope.option.is_none() && !by.is_some_and(|by| by.contains("OPTIND")) {
                    scope.shifted += by.and_then(|by| by.parse().ok()).unwrap_or(1).min(100);
                }
                return None;
            }
            "exit" | "return" => {
                out.push(Stmt::Leave);
                return None;
            }
            // `read -r -d '' BODY <<EOF`: all of it, since nothing ends it.
            "read" => {
                let words: Vec<&str> =
                    field_children(node, "argument").into_iter().map(|word| self.text(word)).collect();
                let all = words.iter().any(|word| matches!(*word, "''" | "\"\"" | "$'\\0'"));
                if let Some(variable) = words.last().filter(|word| all && is_name(word))
                    && let Some(text) = stdin.take()
                {
                    let target = expr(ExprKind::Name((*variable).into()), node);
                    out.push(Stmt::Assign { target, value: text });
                    return None;
                }
            }
            _ => {}
        }
        let mut nodes = field_children(node, "argument");
        nodes.extend(extra);
        // `set -- "$url" "$@"`
        if command == "set" && nodes.first().is_some_and(|first| self.text(*first) == "--") {
            let words = self.sh_words(command, nodes.split_off(1), scope);
            (scope.replaced, scope.shifted) = (true, 0);
            let target = expr(ExprKind::Name(PUT.into()), node);
            out.push(Stmt::Assign { target, value: expr(ExprKind::List(words), node) });
            return None;
        }
        let words = self.sh_words(command, nodes, scope);
        let mut args: Vec<Arg> = words.into_iter().map(|value| Arg { name: None, value }).collect();
        let redirects = field_children(node, "redirect");
        let mut kept = false;
        for redirect in &redirects {
            match redirect.kind() {
                "herestring_redirect" => stdin = self.sh_herestring(*redirect, scope).or(stdin),
                _ => kept |= self.sh_keeps(*redirect),
            }
        }
        args.extend(stdin.map(|value| Arg { name: Some(STDIN.into()), value }));
        let callee = if is_name(command) || !command.contains(['$', '`', '"', '\'']) {
            // `/usr/bin/curl` is curl.
            let base = command.rsplit('/').next().unwrap_or(command);
            expr(ExprKind::Name(base.into()), name)
        } else {
            self.sh_word(name, scope)
        };
        let call = expr(ExprKind::Call(Box::new(CallExpr { callee, args })), node);
        for redirect in redirects.into_iter().filter(|redirect| redirect.kind() == "file_redirect") {
            self.sh_target(redirect, scope, out);
        }
        Some(if kept { expr(ExprKind::Effects(vec![call]), node) } else { call })
    }

    /// The words of a command; nodes that touch are one word.
    fn sh_words(&mut self, command: &'t str, nodes: Vec<Node<'t>>, scope: &mut Scope) -> Vec<Expr> {
        let mut out = Vec::new();
        let mut at = 0;
        let mut before = ["", command];
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
            let text: &'t str = self.source.get(first.start_byte()..end).unwrap_or_default();
            // What another shell is told in single quotes takes its variables from the environment.
            let told = runs_script(before) && group.len() == 1 && first.kind() == "raw_string";
            out.push(match told && text.len() > 2 && !takes_arguments(text) {
                true => self.sh_text(first.start_byte() + 1, end - 1, &[], false, scope),
                false => self.sh_text(first.start_byte(), end, &group, true, scope),
            });
            before = [before[1], text];
        }
        out
    }

    fn sh_word(&mut self, node: Node<'t>, scope: &mut Scope) -> Expr {
        self.sh_text(node.start_byte(), node.end_byte(), &[node], true, scope)
    }

    /// A word, or with `quotes` off the text of a here-document.
    fn sh_text(
        &mut self,
        start: usize,
        end: usize,
        nodes: &[Node<'t>],
        quotes: bool,
        scope: &mut Scope,
    ) -> Expr {
        let text: &'t str = self.source.get(start..end).unwrap_or_default();
        let option = scope.option.filter(|(_, takes)| *takes);
        let option = option.and_then(|(option, _)| self.sh_option_names.get(option).cloned());
        let mut word = Words { text, start, scope: *scope, quotes, option }.word();
        // Commands inside the word run first.
        let mut inside = Vec::new();
        for node in nodes {
            for substitution in substitutions(*node) {
                // What one command writes becomes a part of the word.
                let place = match &mut word.kind {
                    ExprKind::Unknown(_) => Some(&mut word),
                    ExprKind::Concat(parts) => parts.iter_mut().find(|part| {
                        part.span.start as usize == substitution.start_byte()
                            && matches!(part.kind, ExprKind::Unknown(_))
                    }),
                    _ => None,
                };
                match (place, self.sh_written(substitution, scope)) {
                    (Some(place), Ok(value)) => place.kind = value.kind,
                    (None, Ok(value)) => {
                        let body = vec![Stmt::Expr(value)];
                        inside.push(self.sh_closure(body, substitution));
                    }
                    (_, Err(body)) => inside.push(self.sh_closure(body, substitution)),
                }
            }
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

    /// What a command substitution is replaced by, if it is one command or pipe, else
    /// what it runs.
    fn sh_written(&mut self, node: Node<'t>, scope: &mut Scope) -> Result<Expr, Vec<Stmt>> {
        let commands = children(node);
        let lowered = self.nested(node, |lowering| match commands.as_slice() {
            [only] if node.kind() == "command_substitution" && is_flow(*only) => {
                let mut before = Vec::new();
                match lowering.sh_output(*only, None, scope, &mut before) {
                    Some(value) if before.is_empty() => Ok(value),
                    value => {
                        before.extend(value.map(Stmt::Expr));
                        Err(before)
                    }
                }
            }
            [only] if node.kind() == "command_substitution" && only.kind() == "list" => {
                lowering.sh_fallback(*only, scope).ok_or_else(|| lowering.sh_block(vec![*only], scope))
            }
            _ => Err(lowering.sh_block(commands.clone(), scope)),
        });
        lowered.unwrap_or_else(|| Err(Vec::new()))
    }

    /// What a command writes, or another one if it fails: `setting url || echo "$DEFAULT"`,
    /// `[ -n "$all" ] && echo users/all || echo users`. The last one only writes.
    fn sh_fallback(&mut self, list: Node<'t>, scope: &mut Scope) -> Option<Expr> {
        let mut parts = Vec::new();
        let mut at = list;
        let mut falls_back = false;
        while at.kind() == "list" {
            let [first, last] = children(at)[..] else { return None };
            falls_back |= at.child(1).is_some_and(|sign| sign.kind() == "||");
            parts.push(last);
            at = first;
        }
        parts.push(at);
        parts.reverse();
        let echoes = |node: &Node<'t>| {
            let name = node.child_by_field_name("name").map(|name| self.text(name));
            node.kind() == "command" && matches!(name, Some("echo" | "printf"))
        };
        let tests = |node: &Node<'t>| node.kind() == "test_command" && substitutions(*node).is_empty();
        let (first, rest) = parts.split_first()?;
        if !falls_back
            || !rest.last().is_some_and(echoes)
            || !rest.iter().all(|part| echoes(part) || tests(part))
            || !(tests(first) || first.kind() == "command")
        {
            return None;
        }
        let written: Vec<Node<'t>> = parts.into_iter().filter(|part| !tests(part)).collect();
        let mut before = Vec::new();
        let values: Vec<Expr> =
            written.iter().filter_map(|part| self.sh_output(*part, None, scope, &mut before)).collect();
        Some(expr(ExprKind::Either(values), list))
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

/// Whether a statement is a command or a pipe of some, which writes something.
fn is_flow(node: Node<'_>) -> bool {
    match node.kind() {
        "command" | "pipeline" => true,
        "redirected_statement" => {
            node.child_by_field_name("body").is_none_or(|body| matches!(body.kind(), "command" | "pipeline"))
        }
        _ => false,
    }
}

/// The command substitutions of a word, without those inside others.
fn substitutions(node: Node<'_>) -> Vec<Node<'_>> {
    let mut out = Vec::new();
    let mut queue = vec![node];
    while let Some(node) = queue.pop() {
        if matches!(node.kind(), "command_substitution" | "process_substitution") {
            out.push(node);
        } else {
            queue.extend(children(node).into_iter().rev());
        }
    }
    out
}

/// Whether the last thing that a body does is a command, and another one if that fails:
/// `curl "$URL" || fail`.
fn ends_in_case_of_failure(body: Node<'_>) -> bool {
    let list = children(body).into_iter().rfind(|child| child.kind() != "comment");
    list.filter(|list| list.kind() == "list").is_some_and(|list| {
        let parts = children(list);
        parts.len() == 2 && is_flow(parts[0]) && list.child(1).is_some_and(|sign| sign.kind() == "||")
    })
}

/// The body of a function, which gives what its last command writes; where that is followed
/// by another one in case it `fails`, the last but one.
fn giving(mut body: Vec<Stmt>, fails: bool) -> Vec<Stmt> {
    if fails && body.len() > 1 {
        let other = body.len() - 2;
        body[other..].reverse();
    }
    let writes = |value: &Expr| match &value.kind {
        ExprKind::Call(call) => match &call.callee.kind {
            // `echo "$response"`, `printf '%s/%s' "$BASE" "$1"`; a sentence is for people.
            ExprKind::Name(name) if matches!(&**name, "echo" | "printf") => {
                let sentence = |text: &str| text.trim().contains(' ');
                !call.args.iter().any(|arg| arg.value.has_text(&sentence))
            }
            _ => true,
        },
        _ => false,
    };
    match body.pop() {
        Some(Stmt::Expr(value)) if writes(&value) => body.push(Stmt::Return(value)),
        last => body.extend(last),
    }
    body
}

/// A word that is not split.
fn whole(word: Expr) -> Expr {
    match word.kind {
        ExprKind::Spread(inner) => *inner,
        kind => Expr { kind, span: word.span },
    }
}

/// The key of an element, `[users]="/users"`, and how long it is as it is written.
fn key_of(element: &str) -> Option<(&str, usize)> {
    let (key, _) = element.strip_prefix('[')?.split_once("]=")?;
    Some((key.trim_matches(['"', '\'']), key.len() + "[]=".len()))
}

/// A word without what stands at its beginning.
fn without_start(word: Expr, length: usize) -> Expr {
    let kind = match word.kind {
        ExprKind::Text(text) => ExprKind::Text(text.get(length..).unwrap_or_default().into()),
        ExprKind::Concat(mut parts) if !parts.is_empty() => {
            let first = without_start(parts.remove(0), length);
            parts.insert(0, first);
            ExprKind::Concat(parts)
        }
        other => other,
    };
    Expr { kind, ..word }
}

/// Whether the last two words of a command have a shell run the next: `bash -c`.
fn runs_script([shell, flag]: [&str; 2]) -> bool {
    let shell = shell.rsplit('/').next().unwrap_or(shell);
    let flags = flag.strip_prefix('-').unwrap_or_default();
    matches!(shell, "sh" | "bash" | "zsh" | "dash" | "ash" | "ksh")
        && flags.ends_with('c')
        && flags.chars().all(|c| c.is_ascii_lowercase())
}

/// Whether a script asks for arguments of its own, `$1` or `$@`.
fn takes_arguments(script: &str) -> bool {
    let asks = |c: char| c.is_ascii_digit() || matches!(c, '@' | '*' | '#');
    script.match_indices('$').any(|(at, _)| script[at + 1..].trim_start_matches('{').starts_with(asks))
}
