//! Ruby: syntax tree -> common form.

use std::collections::BTreeSet;
use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::cases::{Case, Cases};
use crate::scan::language::conditions::Asked;
use crate::scan::language::lower::{Lowering, children, expr, operands, span, unescape};
use crate::scan::language::shared::{Manner, Part, Syntax, call, member, named, unknown};
use crate::scan::language::strings;
use crate::scan::wording::method_named;

/// Ruby's syntax.
pub(crate) struct Ruby;

const STYLE: FormatStyle = FormatStyle::Percent;

/// What becomes of the last value of a body.
#[derive(Clone, Copy)]
pub(super) enum Into<'t> {
    Return,
    Target(Node<'t>),
    Nothing,
}

/// Lowers a Ruby file.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    lowering.rb_methods(root);
    let body = lowering.block::<Ruby>(root);
    lowering.unit.functions[0].body = body;
    lowering.unit
}

impl Syntax for Ruby {
    const RECEIVER: &'static str = "self";
    const BARE_MEMBERS: bool = true;

    fn statement<'t>(l: &mut Lowering<'t>, node: Node<'t>, out: &mut Vec<Stmt>) {
        l.rb_into(node, Into::Nothing, out);
    }

    fn expression<'t>(l: &mut Lowering<'t>, node: Node<'t>) -> ExprKind {
        match node.kind() {
            "string" | "bare_string" | "symbol" | "delimited_symbol" => l.rb_string(node),
            // `curl -s #{url}` in backticks
            "subshell" => {
                let value = expr(l.rb_string(node), node);
                call(named("system", node), vec![Arg { name: None, value }])
            }
            "heredoc_beginning" => l.rb_heredoc(node),
            "chained_string" => ExprKind::Concat(l.values::<Ruby>(children(node))),
            "simple_symbol" => ExprKind::Text(l.text(node).trim_start_matches(':').into()),
            "hash_key_symbol" | "integer" => ExprKind::Text(l.name(node)),
            "identifier" => {
                let name = l.name(node);
                match l.variable::<Ruby>(name.clone(), node) {
                    ExprKind::Member(object, name) if l.is_method(&name) => {
                        call(member(*object, &name, node), Vec::new())
                    }
                    kind => kind,
                }
            }
            "constant" => l.variable::<Ruby>(l.name(node), node),
            "scope_resolution" => {
                let name = l.field_name(node, "name").unwrap_or_default();
                match node.child_by_field_name("scope") {
                    Some(scope) => {
                        let scope = expr(l.rb_scope(scope), scope);
                        ExprKind::Member(Box::new(scope), name)
                    }
                    None => ExprKind::Name(name),
                }
            }
            "instance_variable" | "class_variable" => {
                let name = l.text(node).trim_start_matches('@');
                ExprKind::Member(Box::new(named("self", node)), name.into())
            }
            "self" => ExprKind::Name("self".into()),
            "super" => ExprKind::Name("super".into()),
            "parenthesized_statements" | "argument_list" if children(node).len() == 1 => {
                l.inner_value::<Ruby>(node)
            }
            "array" | "string_array" | "symbol_array" | "right_assignment_list" => {
                ExprKind::List(l.values::<Ruby>(children(node)))
            }
            "hash" => {
                let nodes = children(node);
                let pairs = || nodes.iter().copied().filter(|pair| pair.kind() != "block_argument");
                let places: Vec<Option<Span>> =
                    pairs().map(|pair| pair.child_by_field_name("key").map(span)).collect();
                let args = l.rb_pairs(pairs().collect());
                let entry =
                    |(arg, span): (Arg, Option<Span>)| (arg.name.map(|name| Key { name, span }), arg.value);
                ExprKind::Object(args.into_iter().zip(places).map(entry).collect())
            }
            "conditional" => {
                let arms = ["consequence", "alternative"].map(|arm| l.field_value::<Ruby>(node, arm));
                let condition = node.child_by_field_name("condition");
                let asked = condition.and_then(|condition| l.plain_test(condition, true));
                l.chosen_by::<Ruby>(condition, asked, arms.into())
            }
            "if" | "unless" | "case" | "then" | "else" | "begin" | "elsif" => {
                let mut tails = Vec::new();
                l.rb_tails(node, &mut tails);
                ExprKind::Either(l.values::<Ruby>(tails))
            }
            "binary" => l.rb_binary(node),
            "element_reference" => l.rb_element(node),
            "call" => l.rb_call(node),
            "lambda" | "block" | "do_block" => l.rb_block(node),
            "block_argument" | "splat_argument" => {
                let inner = expr(l.inner_value::<Ruby>(node), node);
                if node.kind() == "splat_argument" { ExprKind::Spread(Box::new(inner)) } else { unknown() }
            }
            "assignment" | "operator_assignment" => l.field_value::<Ruby>(node, "right").kind,
            "nil" => ExprKind::Unknown("nil".into()),
            "true" | "false" => ExprKind::Unknown(l.name(node)),
            // `+"text"` may be changed.
            "unary" if l.text(node).starts_with(['+', '-']) => l.field_value::<Ruby>(node, "operand").kind,
            _ => l.effects::<Ruby>(node),
        }
    }
}

impl<'t> Lowering<'t> {
    /// The names of all methods of the file: a bare name of theirs is a call.
    fn rb_methods(&mut self, root: Node<'t>) {
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if matches!(node.kind(), "method" | "singleton_method")
                && let Some(name) = self.field_name(node, "name")
            {
                self.note_method(name);
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn rb_into(&mut self, node: Node<'t>, into: Into<'t>, out: &mut Vec<Stmt>) {
        self.nested(node, |l| l.rb_into_kind(node, into, out));
    }

    fn rb_into_kind(&mut self, node: Node<'t>, into: Into<'t>, out: &mut Vec<Stmt>) {
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "module" | "class" => self.rb_class(node),
            "singleton_class" => {
                let body = field("body").map(children).unwrap_or_default();
                match self.current_class() {
                    Some(class) => body.into_iter().for_each(|child| self.rb_member(class, child, out)),
                    None => body.into_iter().for_each(|child| self.stmt::<Ruby>(child, out)),
                }
            }
            "method" | "singleton_method" if self.rb_hands_to_class(node) => {}
            "method" | "singleton_method" => {
                self.rb_method(node, self.current_class());
            }
            "assignment" => {
                let (Some(left), Some(right)) = (field("left"), field("right")) else { return };
                self.rb_assign(left, right, out);
                if let Into::Return = into {
                    let value = self.value::<Ruby>(left);
                    out.push(Stmt::Return(value));
                }
            }
            "operator_assignment" => {
                let operator = field("operator").map_or("=", |op| self.text(op));
                let target = self.field_value::<Ruby>(node, "left");
                let old = self.field_value::<Ruby>(node, "left");
                let value = self.field_value::<Ruby>(node, "right");
                // `@x ||= y` reads as y where nothing else is assigned.
                let stmt = match (operator, &target.kind) {
                    ("||=", ExprKind::Member(..)) => Stmt::Assign { target, value },
                    _ => self.assignment(target, operator, old, value, node),
                };
                out.push(stmt);
                if let Into::Return = into {
                    let value = self.field_value::<Ruby>(node, "left");
                    out.push(Stmt::Return(value));
                }
            }
            "binary" if field("operator").is_some_and(|op| self.text(op) == "<<") => {
                if let Some(left) = field("left").filter(|left| !matches!(left.kind(), "call" | "binary")) {
                    let (target, old) = (self.value::<Ruby>(left), self.value::<Ruby>(left));
                    let value = self.field_value::<Ruby>(node, "right");
                    out.push(self.assignment(target, "<<", old, value, node));
                } else {
                    let value = self.value::<Ruby>(node);
                    out.push(Stmt::Expr(value));
                }
            }
            "if" | "elsif" | "unless" => {
                self.discard::<Ruby>(field("condition"), out);
                let mut then = Vec::new();
                self.rb_body_into(field("consequence"), into, &mut then);
                let mut otherwise = Vec::new();
                self.rb_body_into(field("alternative"), into, &mut otherwise);
                let mut arms = [then, otherwise];
                let after = self.under_test(self.rb_asked(node).as_ref(), &mut arms);
                out.push(Stmt::Branch(arms.into()));
                out.extend(after);
            }
            "if_modifier" | "unless_modifier" => {
                self.discard::<Ruby>(field("condition"), out);
                let mut then = Vec::new();
                self.rb_body_into(field("body"), into, &mut then);
                let mut arms = [then, Vec::new()];
                let after = self.under_test(self.rb_asked(node).as_ref(), &mut arms);
                out.push(Stmt::Branch(arms.into()));
                out.extend(after);
            }
            "case" | "case_match" => {
                self.discard::<Ruby>(field("value"), out);
                let mut cases = Cases::of(field("value"));
                let mut arms = Vec::new();
                let mut exhaustive = false;
                for arm in children(node) {
                    let body = match arm.kind() {
                        "when" | "in_clause" => arm.child_by_field_name("body"),
                        "else" => {
                            exhaustive = true;
                            Some(arm)
                        }
                        _ => continue,
                    };
                    let labels = children(arm).into_iter().filter(|part| part.kind() == "pattern").collect();
                    let plain = arm.kind() != "in_clause";
                    let case = Case { labels, does: plain, asks_more: false };
                    let mut stmts = cases.arm(self, &case);
                    self.rb_body_into(body, into, &mut stmts);
                    arms.push(stmts);
                }
                if !exhaustive {
                    arms.push(Vec::new());
                }
                out.push(Stmt::Branch(arms));
            }
            "while" | "until" | "for" | "while_modifier" | "until_modifier" => {
                if node.kind() == "for" {
                    let name = field("pattern").filter(|pattern| pattern.kind() == "identifier");
                    let list = field("value").and_then(|list| children(list).first().copied());
                    self.each::<Ruby>(name, list, field("body"), out);
                    return;
                }
                self.discard::<Ruby>(field("condition"), out);
                let body = self.body::<Ruby>(field("body"));
                out.push(Stmt::Loop(body));
            }
            "return" => {
                let value = children(node).first().copied();
                // `return path, options` is a list.
                if let Some(list) = value.filter(|list| children(*list).len() > 1)
                    && list.kind() == "argument_list"
                {
                    let items = children(list).into_iter().map(|item| self.value::<Ruby>(item)).collect();
                    out.push(Stmt::Return(expr(ExprKind::List(items), list)));
                    return;
                }
                let value = value.and_then(|list| {
                    if list.kind() == "argument_list" { children(list).first().copied() } else { Some(list) }
                });
                match value {
                    Some(value) => self.rb_into(value, Into::Return, out),
                    None => self.give::<Ruby>(node, None, out),
                }
            }
            "break" | "next" | "redo" | "retry" => out.push(Stmt::Leave),
            "begin"
            | "then"
            | "else"
            | "do"
            | "body_statement"
            | "block_body"
            | "program"
            | "parenthesized_statements"
            | "ERROR"
            | "begin_block" => self.rb_body_into(Some(node), into, out),
            "rescue_modifier" => {
                if let Some(body) = field("body") {
                    self.rb_into(body, into, out);
                }
            }
            "rescue" => {
                let mut body = Vec::new();
                self.rb_body_into(field("body"), Into::Nothing, &mut body);
                out.push(Stmt::Branch(vec![body, Vec::new()]));
            }
            "ensure" => out.extend(self.block::<Ruby>(node)),
            "heredoc_body" | "empty_statement" | "alias" | "undef" | "comment" | "uninterpreted" => {}
            "call"
                if field("method")
                    .is_some_and(|method| matches!(self.text(method), "raise" | "fail" | "abort"))
                    && field("receiver").is_none() =>
            {
                let value = self.value::<Ruby>(node);
                out.push(Stmt::Expr(value));
                out.push(Stmt::Leave);
            }
            _ => {
                let value = self.value::<Ruby>(node);
                out.push(match into {
                    Into::Return => Stmt::Return(value),
                    Into::Target(target) => Stmt::Assign { target: self.value::<Ruby>(target), value },
                    Into::Nothing => Stmt::Expr(value),
                });
            }
        }
    }

    /// A body whose last statement is its value.
    pub(super) fn rb_body_into(&mut self, node: Option<Node<'t>>, into: Into<'t>, out: &mut Vec<Stmt>) {
        let Some(node) = node else { return };
        if !matches!(
            node.kind(),
            "body_statement"
                | "then"
                | "else"
                | "begin"
                | "block_body"
                | "do"
                | "program"
                | "parenthesized_statements"
                | "ERROR"
                | "begin_block"
        ) {
            return self.rb_into(node, into, out);
        }
        let parts: Vec<_> = children(node).into_iter().filter(|part| part.kind() != "heredoc_body").collect();
        let guarded = parts.iter().any(|part| part.kind() == "rescue");
        let last = parts.iter().rposition(|part| !matches!(part.kind(), "rescue" | "ensure" | "else"));
        for (index, part) in parts.iter().enumerate() {
            let tail = Some(index) == last;
            let from = out.len();
            self.rb_into(*part, if tail { into } else { Into::Nothing }, out);
            // What is rescued may go on behind the end.
            if guarded && tail {
                let stmts: Vec<_> = out.drain(from..).collect();
                out.extend(stmts.into_iter().map(|stmt| match stmt {
                    leaving @ (Stmt::Return(_) | Stmt::Leave) => {
                        Stmt::Branch(vec![vec![leaving], Vec::new()])
                    }
                    other => other,
                }));
            }
        }
    }

    /// What the condition of a branch asks; `unless` asks for the opposite.
    fn rb_asked(&self, node: Node<'t>) -> Option<Asked<'t>> {
        let asked = self.plain_test(node.child_by_field_name("condition")?, true)?;
        let positive = asked.positive != node.kind().starts_with("unless");
        Some(Asked { positive, ..asked })
    }

    /// The last expressions of a branch's arms.
    fn rb_tails(&mut self, node: Node<'t>, out: &mut Vec<Node<'t>>) {
        self.nested(node, |l| match node.kind() {
            "if" | "unless" | "elsif" => {
                for field in ["consequence", "alternative"] {
                    if let Some(arm) = node.child_by_field_name(field) {
                        l.rb_tails(arm, out);
                    }
                }
            }
            "case" | "case_match" => {
                for arm in children(node) {
                    match arm.kind() {
                        "when" | "in_clause" => {
                            if let Some(body) = arm.child_by_field_name("body") {
                                l.rb_tails(body, out);
                            }
                        }
                        "else" => l.rb_tails(arm, out),
                        _ => {}
                    }
                }
            }
            "then" | "else" | "begin" | "body_statement" => {
                if let Some(last) = children(node).into_iter().rfind(|part| part.kind() != "rescue") {
                    l.rb_tails(last, out);
                }
            }
            "return" | "break" | "next" => {}
            _ => out.push(node),
        });
    }

    fn rb_assign(&mut self, left: Node<'t>, right: Node<'t>, out: &mut Vec<Stmt>) {
        match left.kind() {
            "left_assignment_list" => {
                let names = children(left);
                let values =
                    if right.kind() == "right_assignment_list" { children(right) } else { Vec::new() };
                if values.is_empty() {
                    self.rb_taken_apart(&names, right, out);
                }
                for (name, value) in names.into_iter().zip(values) {
                    self.rb_assign(name, value, out);
                }
                return;
            }
            "identifier" => self.declare(self.name(left)),
            // `request.body = x`
            "call" => {
                let object = self.field_value::<Ruby>(left, "receiver");
                let name = self.field_name(left, "method").unwrap_or_default();
                let value = self.value::<Ruby>(right);
                let target = member(object, &name, left);
                out.push(Stmt::Assign { target, value });
                return;
            }
            _ => {}
        }
        let branching = matches!(right.kind(), "if" | "unless" | "case" | "begin");
        if branching && matches!(left.kind(), "identifier" | "instance_variable") {
            self.rb_into(right, Into::Target(left), out);
            return;
        }
        let value = self.value::<Ruby>(right);
        let target = match left.kind() {
            // A constant of the file.
            "constant" => named(self.text(left), left),
            _ => self.value::<Ruby>(left),
        };
        out.push(Stmt::Assign { target, value });
    }

    fn rb_class(&mut self, node: Node<'t>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let name: Arc<str> = self.text(name).rsplit("::").next().unwrap_or_default().into();
        let superclass = node.child_by_field_name("superclass");
        let base = superclass.and_then(|superclass| children(superclass).first().copied());
        let mut bases: Vec<Arc<str>> = base
            .map(|base| self.text(base).rsplit("::").next().unwrap_or_default().into())
            .into_iter()
            .collect();
        let body = node.child_by_field_name("body").map(children).unwrap_or_default();
        let mut members = BTreeSet::new();
        let defined: Vec<_> = body.iter().map(|child| self.rb_defined(*child, &body)).collect();
        members.extend(defined.iter().flatten().map(|method| method.name.clone()));
        for child in &body {
            members.extend(self.rb_member_names(*child));
            if child.kind() == "call"
                && self.field_name(*child, "method").is_some_and(|m| &*m == "include" || &*m == "extend")
            {
                let list = child.child_by_field_name("arguments").map(children).unwrap_or_default();
                bases.extend(
                    list.iter().map(|m| Arc::from(self.text(*m).rsplit("::").next().unwrap_or_default())),
                );
            }
        }
        let class = self.open_class::<Ruby>(&name, bases, members);
        let mut out = Vec::new();
        for (child, defined) in body.into_iter().zip(&defined) {
            if defined.is_empty() || !self.rb_only_defines(child) {
                self.nested(child, |l| l.rb_member(class, child, &mut out));
            }
            for method in defined {
                self.nested(child, |l| l.rb_define(class, method));
            }
        }
        // What the body of a class calls runs where the class stands.
        let manner = Manner::default();
        self.define::<Ruby>(None, Some(class), manner, Vec::new(), |_| out);
        self.close_class();
    }

    fn rb_member_names(&self, node: Node<'t>) -> Vec<Arc<str>> {
        match node.kind() {
            "assignment" => self.field_name(node, "left").into_iter().collect(),
            "method" | "singleton_method" => self.field_name(node, "name").into_iter().collect(),
            "call" => {
                let list = node.child_by_field_name("arguments").map(children).unwrap_or_default();
                match self.field_name(node, "method").as_deref() {
                    Some("attr_reader" | "attr_accessor" | "attr_writer") => {
                        list.iter().map(|name| self.text(*name).trim_start_matches(':').into()).collect()
                    }
                    Some("base_uri") => vec!["base_uri".into()],
                    _ => Vec::new(),
                }
            }
            "singleton_class" | "body_statement" => {
                let body = node.child_by_field_name("body").map(children).unwrap_or_default();
                body.iter().flat_map(|child| self.rb_member_names(*child)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn rb_member(&mut self, class: ClassId, node: Node<'t>, out: &mut Vec<Stmt>) {
        match node.kind() {
            "method" | "singleton_method" if self.rb_hands_to_class(node) => {}
            "method" | "singleton_method" => {
                self.rb_method(node, Some(class));
            }
            "assignment" => {
                let (Some(left), Some(right)) =
                    (node.child_by_field_name("left"), node.child_by_field_name("right"))
                else {
                    return;
                };
                if left.kind() == "constant"
                    || left.kind() == "class_variable"
                    || left.kind() == "instance_variable"
                {
                    let name = self.text(left).trim_start_matches('@').into();
                    self.set_field::<Ruby>(name, left, |l| l.value::<Ruby>(right));
                } else {
                    // A variable of the body, which runs when the class is read.
                    self.stmt::<Ruby>(node, out);
                }
            }
            "call" => {
                let name = self.field_name(node, "method");
                let list = node.child_by_field_name("arguments").map(children).unwrap_or_default();
                match (name.as_deref(), list.as_slice()) {
                    // HTTParty: `base_uri "https://..."`
                    (Some("base_uri"), [base]) => {
                        let base = *base;
                        self.set_field::<Ruby>("base_uri".into(), node, |l| l.value::<Ruby>(base));
                    }
                    // `private def x`, `memoize def x`
                    (_, [method]) if method.kind() == "method" || method.kind() == "singleton_method" => {
                        self.rb_method(*method, Some(class));
                    }
                    _ => self.stmt::<Ruby>(node, out),
                }
            }
            _ => self.stmt::<Ruby>(node, out),
        }
    }

    fn rb_method(&mut self, node: Node<'t>, class: Option<ClassId>) -> FunctionId {
        let mut name = self.field_name(node, "name");
        // The class may have a method of that name where its objects have one.
        if node.kind() == "singleton_method"
            && let Some(known) = &name
            && self.has_method_beside(node, known)
        {
            name = Some(format!("{OF_CLASS}{known}").into());
        }
        let params =
            node.child_by_field_name("parameters").map(|list| self.rb_params(list)).unwrap_or_default();
        let manner = Manner { constructor: name.as_deref() == Some("initialize"), ..Manner::default() };
        let body = node.child_by_field_name("body");
        self.define::<Ruby>(name, class, manner, params, |l| {
            let mut out = Vec::new();
            l.rb_body_into(body, Into::Return, &mut out);
            out
        })
    }

    /// Whether the objects of the class have a method of the name as well.
    fn has_method_beside(&self, node: Node<'t>, name: &Arc<str>) -> bool {
        let body = node.parent().map(children).unwrap_or_default();
        body.into_iter()
            .filter(|beside| beside.kind() == "method" && !self.rb_hands_to_class(*beside))
            .any(|beside| self.field_name(beside, "name").as_ref() == Some(name))
    }

    pub(super) fn rb_params(&mut self, list: Node<'t>) -> Vec<Param> {
        let mut out = Vec::new();
        for child in children(list) {
            let kind = match child.kind() {
                "splat_parameter" => ParamKind::Rest,
                "hash_splat_parameter" => ParamKind::Named,
                "block_parameter" => continue,
                _ => ParamKind::Plain,
            };
            let default = child.child_by_field_name("value").map(|value| self.value::<Ruby>(value));
            let name = self
                .field_name(child, "name")
                .unwrap_or_else(|| if child.kind() == "identifier" { self.name(child) } else { "_".into() });
            out.push(Param { name, kind, default });
        }
        out
    }

    fn rb_block(&mut self, node: Node<'t>) -> ExprKind {
        let params =
            node.child_by_field_name("parameters").map(|list| self.rb_params(list)).unwrap_or_default();
        let manner = Manner { inline: true, ..Manner::default() };
        let body = node.child_by_field_name("body");
        ExprKind::Function(self.define::<Ruby>(None, None, manner, params, |l| {
            let mut out = Vec::new();
            match body {
                Some(body) if matches!(body.kind(), "block" | "do_block") => {
                    l.rb_body_into(body.child_by_field_name("body"), Into::Return, &mut out);
                }
                body => l.rb_body_into(body, Into::Return, &mut out),
            }
            out
        }))
    }

    fn rb_string(&mut self, node: Node<'t>) -> ExprKind {
        let mut parts = Vec::new();
        for child in children(node) {
            match child.kind() {
                "interpolation" => match children(child).first() {
                    Some(hole) => parts.push(Part::Hole(*hole)),
                    None => parts.push(Part::Text(String::new())),
                },
                "escape_sequence" => parts.push(Part::Text(unescape(self.text(child)))),
                _ => parts.push(Part::Text(self.text(child).to_owned())),
            }
        }
        self.text_of::<Ruby>(node, parts)
    }

    /// The text of a heredoc stands behind the line that begins it.
    fn rb_heredoc(&mut self, node: Node<'t>) -> ExprKind {
        let mut at = Some(node);
        while let Some(here) = at {
            let mut next = here.next_sibling();
            while let Some(sibling) = next {
                if sibling.kind() == "heredoc_body" {
                    let mut parts = Vec::new();
                    for child in children(sibling) {
                        match child.kind() {
                            "heredoc_end" => {}
                            "interpolation" => parts.extend(children(child).first().copied().map(Part::Hole)),
                            _ => parts.push(Part::Text(self.text(child).trim().to_owned())),
                        }
                    }
                    return self.text_of::<Ruby>(sibling, parts);
                }
                next = sibling.next_sibling();
            }
            at = here.parent();
        }
        unknown()
    }

    fn rb_binary(&mut self, node: Node<'t>) -> ExprKind {
        if let Some(parts) = operands(node, "binary", "+", self.source) {
            return ExprKind::Concat(self.values::<Ruby>(parts));
        }
        let operator = node.child_by_field_name("operator").map(|op| self.text(op));
        match operator {
            Some("%") => {
                let template = Box::new(self.field_value::<Ruby>(node, "left"));
                let right = self.field_value::<Ruby>(node, "right");
                let args = match right.kind {
                    ExprKind::List(items) => {
                        items.into_iter().map(|value| Arg { name: None, value }).collect()
                    }
                    ExprKind::Object(entries) => entries
                        .into_iter()
                        .map(|(key, value)| Arg { name: key.map(|key| key.name), value })
                        .collect(),
                    kind => vec![Arg { name: None, value: Expr { kind, span: right.span } }],
                };
                ExprKind::Format { template, style: STYLE, args }
            }
            // `url << "/users"`, `parts << id`
            Some("<<") => {
                let object = self.field_value::<Ruby>(node, "left");
                let value = self.field_value::<Ruby>(node, "right");
                call(member(object, "<<", node), vec![Arg { name: None, value }])
            }
            Some("||" | "or") => {
                let left = Box::new(self.field_value::<Ruby>(node, "left"));
                ExprKind::Default(left, Box::new(self.field_value::<Ruby>(node, "right")))
            }
            _ => self.effects::<Ruby>(node),
        }
    }

    /// `Net::HTTP`: names of modules are no members of the class at hand.
    fn rb_scope(&mut self, node: Node<'t>) -> ExprKind {
        match node.kind() {
            "constant" => ExprKind::Name(self.name(node)),
            _ => self.value::<Ruby>(node).kind,
        }
    }

    fn rb_element(&mut self, node: Node<'t>) -> ExprKind {
        let Some(object) = node.child_by_field_name("object") else { return unknown() };
        let keys: Vec<_> = children(node).into_iter().filter(|child| *child != object).collect();
        let [key] = keys.as_slice() else { return self.effects::<Ruby>(node) };
        let value = self.value::<Ruby>(*key);
        if self.text(object) == "ENV" {
            return match value.kind {
                ExprKind::Text(name) => ExprKind::Setting { name, default: None },
                _ => unknown(),
            };
        }
        ExprKind::Index(Box::new(self.value::<Ruby>(object)), Box::new(value))
    }

    /// Arguments, or the entries of a hash.
    fn rb_pairs(&mut self, nodes: Vec<Node<'t>>) -> Vec<Arg> {
        let mut out = Vec::new();
        for node in nodes {
            match node.kind() {
                "pair" => {
                    let key = node.child_by_field_name("key");
                    let name = match key.map(|key| self.value::<Ruby>(key).kind) {
                        Some(ExprKind::Text(text)) => Some(text),
                        _ => None,
                    };
                    // `path:` alone is the variable of that name.
                    let value = match (node.child_by_field_name("value"), &name) {
                        (Some(value), _) => self.value::<Ruby>(value),
                        (None, Some(name)) => expr(self.variable::<Ruby>(name.clone(), node), node),
                        (None, None) => expr(unknown(), node),
                    };
                    match name {
                        Some(name) => {
                            self.rb_tell(node, key, &name);
                            out.push(Arg { name: Some(name), value });
                        }
                        None => out.push(Arg { name: Some("".into()), value }),
                    }
                }
                "hash_splat_argument" => {
                    let value = self.inner_value::<Ruby>(node);
                    out.push(Arg { name: Some("**".into()), value: expr(value, node) });
                }
                "block_argument" => {}
                _ => out.push(Arg { name: None, value: self.value::<Ruby>(node) }),
            }
        }
        out
    }

    /// Whether something is an address by how it is made, or by its name.
    fn is_uri(&self, receiver: Node<'t>) -> bool {
        let text = self.text(receiver);
        match receiver.kind() {
            "call" => ["URI(", "URI.parse(", "URI.join(", "Addressable::URI.parse("]
                .iter()
                .any(|front| text.starts_with(front) && text.ends_with(')')),
            "identifier" | "instance_variable" => {
                let name = text.trim_start_matches('@');
                matches!(name, "uri" | "url") || name.ends_with("_uri") || name.ends_with("_url")
            }
            _ => false,
        }
    }

    fn rb_call(&mut self, node: Node<'t>) -> ExprKind {
        let receiver = node.child_by_field_name("receiver");
        let method = node.child_by_field_name("method");
        let name: Arc<str> = method.map_or_else(|| "call".into(), |method| self.name(method));
        if let Some(value) = self.rb_block_call(node, &name) {
            return value;
        }
        let nodes = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let mut args = self.rb_pairs(nodes);
        if receiver.is_none() && matches!(&*name, "require_relative" | "require" | "load") {
            self.rb_required(node, &name, &args);
        }
        let block = node.child_by_field_name("block");
        if receiver.is_none()
            && matches!(&*name, "lambda" | "proc")
            && let Some(block) = block
        {
            return self.rb_block(block);
        }
        if let Some(block) = block {
            self.rb_block_url(&name, block, &mut args);
            let value = self.value::<Ruby>(block);
            // `list.each { |item| .. }` gives the closure every item.
            if let (ExprKind::Function(id), Some(list)) = (&value.kind, receiver)
                && args.is_empty()
            {
                self.rb_each(*id, &name, list, block);
            }
            args.push(Arg { name: Some("&".into()), value });
        }
        let dotted: String = match receiver {
            Some(receiver) => format!("{}.{name}", self.text(receiver)),
            None => name.to_string(),
        };
        let parts = || ["host", "path"].iter().all(|key| args.iter().any(|a| a.name.as_deref() == Some(key)));
        if matches!(&*dotted, "URI::HTTPS.build" | "URI::HTTP.build")
            || matches!(&*dotted, "Addressable::URI.new" | "Addressable::URI.build") && parts()
        {
            return self.rb_uri(args, node);
        }
        // A template of RFC 6570, and what is put into it.
        if dotted == "Addressable::Template.new" && !args.is_empty() {
            return args.remove(0).value.kind;
        }
        if &*name == "expand"
            && self.source.contains("Addressable::Template")
            && let Some(template) = receiver
        {
            let template = Box::new(self.value::<Ruby>(template));
            return ExprKind::Format { template, style: FormatStyle::Braces, args };
        }
        let args = match strings::function(&dotted, args, STYLE, node) {
            Ok(kind) => return kind,
            Err(args) => args,
        };
        let Some(receiver) = receiver else {
            if method.is_some_and(|method| method.kind() == "super") {
                // The method of the same name in the base class.
                let own = self.unit.functions[self.function].name.clone().unwrap_or_default();
                return call(member(named("super", node), &own, node), args);
            }
            let callee = match method {
                Some(method) if method.kind() == "constant" => ExprKind::Name(name),
                // An object of the class itself.
                Some(_) if &*name == "new" && self.current_class().is_some() => {
                    let class = self.current_class().map(|class| self.unit.classes[class].name.clone());
                    ExprKind::Name(class.unwrap_or_default())
                }
                _ => self.variable::<Ruby>(name, node),
            };
            return self.rb_on_base(expr(callee, node), args, node);
        };
        let object = match receiver.kind() {
            "constant" => {
                let name = self.name(receiver);
                expr(self.variable::<Ruby>(name, receiver), receiver)
            }
            _ => self.value::<Ruby>(receiver),
        };
        match (&*name, args.len()) {
            // open-uri: `URI.parse(url).open`, `uri.read`
            ("open", _) | ("read", 0) if self.is_uri(receiver) => {
                let first = Arg { name: None, value: object };
                let callee = member(named("URI", node), "open", node);
                return call(callee, std::iter::once(first).chain(args).collect());
            }
            // An object is made by calling its class.
            ("new", _) => return call(object, args),
            ("send" | "public_send" | "__send__", 2..) => return call(member(object, "request", node), args),
            // A method of that name of a class or an object of the file; else a closure is run.
            ("call", _)
                if method.is_some_and(|method| self.text(method) == "call")
                    && (self.is_method("call") || self.rb_names_class(receiver)) =>
            {
                return call(member(object, "call", node), args);
            }
            ("call" | "()", _) => return call(object, args),
            ("class", 0) => return ExprKind::Member(Box::new(object), name),
            // What it makes of an object, whoever holds it, is written.
            ("to_json", 0) => return call(member(object, &name, node), args),
            _ => {}
        }
        let (object, args) = match strings::method(object, &name, args, node) {
            Ok(kind) => return kind,
            Err(parts) => parts,
        };
        // A name without arguments is read like a field, unless a method is known.
        let verb = method_named(&name).is_some() || &*name == "request";
        if args.is_empty() && !verb && !self.is_method(&name) && !self.text(node).ends_with(')') {
            return ExprKind::Member(Box::new(object), name);
        }
        self.rb_on_base(member(object, &name, node), args, node)
    }

    /// HTTParty: the class's verbs go to its `base_uri`.
    fn rb_on_base(&mut self, callee: Expr, mut args: Vec<Arg>, node: Node<'t>) -> ExprKind {
        let verb = match &callee.kind {
            ExprKind::Member(object, name) if method_named(name).is_some() => {
                let own = match &object.kind {
                    ExprKind::Name(name) => &**name == "self",
                    ExprKind::Member(inner, class) => {
                        &**class == "class"
                            && matches!(&inner.kind, ExprKind::Name(name) if &**name == "self")
                    }
                    _ => false,
                };
                own.then(|| name.clone())
            }
            _ => None,
        };
        // The class's verbs are the library's, whatever its objects call theirs.
        let of_class = matches!(&callee.kind, ExprKind::Member(object, _) if matches!(object.kind, ExprKind::Member(..)))
            && self
                .current_class()
                .is_some_and(|class| self.unit.classes[class].bases.iter().any(|base| &**base == "HTTParty"));
        if let Some(verb) = &verb
            && of_class
            && !self.has_member("base_uri")
        {
            return call(member(named("HTTParty", node), verb, node), args);
        }
        if let Some(verb) = verb
            && self.has_member("base_uri")
            && !self.is_method(&verb)
            && args.first().is_some_and(|arg| arg.name.is_none())
        {
            let path = args.remove(0).value;
            let span = path.span;
            let base = Box::new(member(named("self", node), "base_uri", node));
            let kind = ExprKind::Join { base, parts: vec![path], style: JoinStyle::Base };
            args.insert(0, Arg { name: None, value: Expr { kind, span } });
            return call(member(named("HTTParty", node), &verb, node), args);
        }
        call(callee, args)
    }

    /// Faraday: `conn.post do |request| request.url "/x" end`
    fn rb_block_url(&mut self, name: &str, block: Node<'t>, args: &mut Vec<Arg>) {
        if method_named(name).is_none() || args.iter().any(|arg| arg.name.is_none()) {
            return;
        }
        let params = block.child_by_field_name("parameters").map(children).unwrap_or_default();
        let Some(param) = params.first().map(|param| self.text(*param)) else { return };
        for stmt in block.child_by_field_name("body").map(children).unwrap_or_default() {
            let (target, value) = match stmt.kind() {
                "assignment" => (stmt.child_by_field_name("left"), stmt.child_by_field_name("right")),
                _ => {
                    let list = stmt.child_by_field_name("arguments").map(children).unwrap_or_default();
                    (Some(stmt), list.first().copied())
                }
            };
            let (Some(target), Some(value)) = (target, value) else { continue };
            let on = target.child_by_field_name("receiver").is_some_and(|object| self.text(object) == param);
            let setter = target.child_by_field_name("method").map_or("", |method| self.text(method));
            if on && matches!(setter, "url" | "path") {
                let value = self.value::<Ruby>(value);
                args.insert(0, Arg { name: None, value });
                return;
            }
        }
    }

    /// `URI::HTTPS.build(host: h, path: p)`
    fn rb_uri(&mut self, args: Vec<Arg>, node: Node<'t>) -> ExprKind {
        let mut host = None;
        let mut path = None;
        for arg in args {
            match arg.name.as_deref() {
                Some("host") => host = Some(arg.value),
                Some("path") => path = Some(arg.value),
                _ => {}
            }
        }
        let scheme = expr(ExprKind::Text("https://".into()), node);
        ExprKind::Concat([Some(scheme), host, path].into_iter().flatten().collect())
    }
}
