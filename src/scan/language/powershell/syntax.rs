//! PowerShell: syntax tree -> common form.
//!
//! Names do not tell upper from lower case: every name is spelled as the file
//! spells it first.

use std::collections::BTreeSet;
use std::sync::Arc;

use tree_sitter::Node;

use super::pipes::{PIPED, Piped};
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, span};
use crate::scan::language::shared::{Manner, Part, Syntax, call, member, named, plain, unknown};
use crate::scan::language::strings;

/// PowerShell's syntax.
pub(crate) struct PowerShell;

/// Parameters of cmdlets that take no value.
const SWITCHES: [&str; 14] = [
    "usebasicparsing",
    "skipcertificatecheck",
    "usedefaultcredentials",
    "passthru",
    "force",
    "verbose",
    "disablekeepalive",
    "allowunencryptedauthentication",
    "skipheadervalidation",
    "preserveauthorizationonredirect",
    "resume",
    "skiphttperrorcheck",
    "followrellink",
    "proxyusedefaultcredentials",
];

/// Lowers a PowerShell file.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    lowering.ps_functions(root);
    lowering.ps_required(root);
    if let Some(block) = child_of(root, "param_block") {
        for (target, default) in lowering.ps_param_nodes(block) {
            if let Some(default) = default {
                let value = lowering.value::<PowerShell>(default);
                let name = lowering.ps_variable(target);
                lowering.unit.functions[0].body.push(Stmt::Assign { target: named(&name, target), value });
            }
        }
    }
    let body = lowering.block::<PowerShell>(root);
    lowering.unit.functions[0].body.extend(body);
    let given = lowering.ps_scripted(root);
    lowering.unit.functions[0].body.extend(given);
    let kept = lowering.ps_tables(root);
    lowering.unit.functions[0].body.extend(kept);
    lowering.unit
}

pub(crate) fn child_of<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    children(node).into_iter().find(|child| child.kind() == kind)
}

/// The node inside nodes that add nothing: every level of precedence has one.
pub(crate) fn bare(node: Node<'_>) -> Node<'_> {
    let mut at = node;
    loop {
        match children(at).as_slice() {
            [only]
                if only.byte_range() == at.byte_range()
                    && (at.kind().ends_with("_expression")
                        || matches!(
                            at.kind(),
                            "pipeline"
                                | "pipeline_chain"
                                | "string_literal"
                                | "integer_literal"
                                | "key_expression"
                        )) =>
            {
                at = *only;
            }
            _ => return at,
        }
    }
}

impl Syntax for PowerShell {
    fn statement<'t>(l: &mut Lowering<'t>, node: Node<'t>, out: &mut Vec<Stmt>) {
        let node = bare(node);
        match node.kind() {
            "param_block" | "empty_statement" | "comment" | "attribute_list" | "enum_statement" => {}
            "function_statement" => l.ps_function(node),
            "class_statement" => l.ps_class(node),
            "assignment_expression" => l.ps_assignment(node, out),
            "pipeline" if child_of(node, "assignment_expression").is_some() => {
                if let Some(inner) = child_of(node, "assignment_expression") {
                    l.ps_assignment(inner, out);
                }
            }
            "if_statement" => l.ps_if(node, out),
            "foreach_statement" => {
                let parts = children(node);
                let body = l_body(node);
                if let [name, list, ..] = parts.as_slice()
                    && name.kind() == "variable"
                {
                    let target = named(&l.ps_variable(*name), *name);
                    let items = l.value::<PowerShell>(*list);
                    out.push(Stmt::Assign { target, value: expr(ExprKind::Element(Box::new(items)), *list) });
                }
                let body = l.body::<PowerShell>(body);
                out.push(Stmt::Loop(body));
            }
            "while_statement" | "do_statement" | "for_statement" => {
                let asked = ["for_initializer", "for_condition", "condition"].into_iter();
                for asked in asked.filter_map(|field| node.child_by_field_name(field)) {
                    l.ps_heard(asked, out);
                }
                let body = l.body::<PowerShell>(l_body(node));
                out.push(Stmt::Loop(body));
            }
            "switch_statement" => l.ps_switch(node, out),
            "switch_clause_condition" => {}
            "try_statement" => {
                let body = l.body::<PowerShell>(child_of(node, "statement_block"));
                let handlers = child_of(node, "catch_clauses").map(children).unwrap_or_default();
                let handlers =
                    handlers.into_iter().filter_map(|clause| child_of(clause, "statement_block")).collect();
                let last =
                    child_of(node, "finally_clause").and_then(|clause| child_of(clause, "statement_block"));
                l.attempt::<PowerShell>(body, handlers, last, out);
            }
            "flow_control_statement" => {
                let word = l.text(node).split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
                match word.as_str() {
                    "return" => l.give::<PowerShell>(node, children(node).first().copied(), out),
                    _ => l.leave::<PowerShell>(node, out),
                }
            }
            "statement_list"
            | "statement_block"
            | "script_block"
            | "script_block_body"
            | "program"
            | "named_block"
            | "named_block_list"
            | "ERROR"
            | "trap_statement"
            | "inlinescript_statement"
            | "parallel_statement" => {
                out.extend(l.block::<PowerShell>(node));
            }
            _ => {
                let value = l.value::<PowerShell>(node);
                out.push(Stmt::Expr(value));
            }
        }
    }

    fn expression<'t>(l: &mut Lowering<'t>, node: Node<'t>) -> ExprKind {
        let node = bare(node);
        match node.kind() {
            "expandable_string_literal" | "expandable_here_string_literal" => l.ps_string(node),
            "verbatim_string_characters" => {
                ExprKind::Text(l.text(node).trim_matches('\'').replace("''", "'").into())
            }
            "verbatim_here_string_characters" => {
                let text = l.text(node).trim_start_matches("@'").trim_end_matches("'@");
                ExprKind::Text(text.trim().into())
            }
            "string_literal" | "integer_literal" => match children(node).first() {
                Some(inner) => l.value::<PowerShell>(*inner).kind,
                None => ExprKind::Text(l.name(node)),
            },
            "decimal_integer_literal" | "generic_token" | "simple_name" => ExprKind::Text(l.name(node)),
            "variable" => l.ps_read(node),
            "parenthesized_expression" | "argument_expression" | "sub_expression" => {
                match children(node).first() {
                    Some(inner) => match bare(*inner).kind() {
                        "statement_list" => match children(bare(*inner)).last() {
                            Some(last) => l.value::<PowerShell>(*last).kind,
                            None => unknown(),
                        },
                        _ => l.value::<PowerShell>(*inner).kind,
                    },
                    None => unknown(),
                }
            }
            "statement_list" => match children(node).last() {
                Some(last) => l.value::<PowerShell>(*last).kind,
                None => unknown(),
            },
            "array_expression" => {
                let list = node.child_by_field_name("statements").map(children).unwrap_or_default();
                match list.as_slice() {
                    [only] => match l.value::<PowerShell>(*only).kind {
                        list @ ExprKind::List(_) => list,
                        kind => ExprKind::List(vec![expr(kind, *only)]),
                    },
                    _ => ExprKind::List(l.values::<PowerShell>(list)),
                }
            }
            "array_literal_expression" => ExprKind::List(l.values::<PowerShell>(children(node))),
            "additive_expression" | "additive_argument_expression" => {
                let mut parts = Vec::new();
                l.ps_sum(node, &mut parts);
                ExprKind::Concat(l.values::<PowerShell>(parts))
            }
            "format_expression" | "format_argument_expression" => match children(node).as_slice() {
                [template, _, list] => {
                    let template = Box::new(l.value::<PowerShell>(*template));
                    let items = match l.value::<PowerShell>(*list) {
                        Expr { kind: ExprKind::List(items), .. } => items,
                        // `(@($Tenant) + $Values)`
                        Expr { kind: ExprKind::Concat(parts), .. }
                            if matches!(parts.first(), Some(Expr { kind: ExprKind::List(_), .. })) =>
                        {
                            let all = parts.into_iter().flat_map(|part| match part.kind {
                                ExprKind::List(items) => items,
                                kind => vec![Expr { kind, span: part.span }],
                            });
                            all.collect()
                        }
                        value => vec![value],
                    };
                    ExprKind::Format { template, style: FormatStyle::Braces, args: plain(items) }
                }
                _ => l.effects::<PowerShell>(node),
            },
            "comparison_expression" | "comparison_argument_expression" => l.ps_comparison(node),
            "if_statement" => {
                let mut arms = Vec::new();
                l.ps_tails(node, &mut arms);
                ExprKind::Either(l.values::<PowerShell>(arms))
            }
            "unary_expression" | "expression_with_unary_operator" => l.inner_value::<PowerShell>(node),
            "cast_expression" => l.inner_value::<PowerShell>(node),
            "member_access" => {
                let parts = children(node);
                let Some(object) = parts.first() else { return unknown() };
                let name = l.ps_member_name(node);
                let object = l.value::<PowerShell>(*object);
                ExprKind::Member(Box::new(object), name)
            }
            "element_access" => match children(node).as_slice() {
                [object, key] => {
                    let object = Box::new(l.value::<PowerShell>(*object));
                    ExprKind::Index(object, Box::new(l.value::<PowerShell>(*key)))
                }
                _ => unknown(),
            },
            "hash_literal_expression" => l.ps_hash(node),
            "script_block_expression" => {
                let manner = Manner { inline: true, ..Manner::default() };
                let block = child_of(node, "script_block").unwrap_or(node);
                // `{ param($path) ... }`
                let params = [block, node].into_iter().find_map(|holder| child_of(holder, "param_block"));
                let params = l.ps_params(params);
                ExprKind::Function(l.define::<PowerShell>(None, None, manner, params, |l| l.ps_output(block)))
            }
            "invokation_expression" => l.ps_invocation(node),
            "type_literal" => {
                let text = l.text(node).trim_matches(['[', ']']);
                ExprKind::Name(text.rsplit('.').next().unwrap_or_default().into())
            }
            "command" => l.ps_command(node),
            "pipeline_chain" | "pipeline" => l.ps_pipeline(node),
            _ => l.effects::<PowerShell>(node),
        }
    }
}

fn l_body(node: Node<'_>) -> Option<Node<'_>> {
    child_of(node, "statement_block")
}

impl<'t> Lowering<'t> {
    /// The spelling of all functions, so that calls before them find them.
    fn ps_functions(&mut self, root: Node<'t>) {
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.kind() == "function_name" {
                let name = self.text(node).to_owned();
                self.spelling(&name);
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

    /// `$script:Url`, `${x}`, `@params`: the name.
    pub(super) fn ps_variable(&mut self, node: Node<'t>) -> Arc<str> {
        let text =
            self.text(node).trim_start_matches(['$', '@']).trim_start_matches('{').trim_end_matches('}');
        let name = match text.split_once(':') {
            Some((scope, name)) if !name.is_empty() && !scope.eq_ignore_ascii_case("env") => name,
            _ => text,
        };
        let name = name.to_owned();
        self.spelling(&name)
    }

    fn ps_read(&mut self, node: Node<'t>) -> ExprKind {
        let text = self.text(node).trim_start_matches('$').trim_start_matches('{').trim_end_matches('}');
        match text.get(..4) {
            Some(front) if front.eq_ignore_ascii_case("env:") => {
                ExprKind::Setting { name: text[4..].into(), default: None }
            }
            _ => match text.to_ascii_lowercase().as_str() {
                "null" => ExprKind::Unknown("null".into()),
                "true" | "false" => unknown(),
                _ => ExprKind::Name(self.ps_variable(node)),
            },
        }
    }

    /// Literal text between the variables of a string.
    fn ps_string(&mut self, node: Node<'t>) -> ExprKind {
        let here = node.kind() == "expandable_here_string_literal";
        let (from, to) = if here { (2, 2) } else { (1, 1) };
        let start = node.start_byte() + from;
        let end = node.end_byte().saturating_sub(to).max(start);
        let parts = self.ps_parts(node, start, end);
        let mut parts = parts;
        if here {
            if let Some(Part::Text(first)) = parts.first_mut() {
                *first = first.trim_start().to_owned();
            }
            if let Some(Part::Text(last)) = parts.last_mut() {
                *last = last.trim_end().to_owned();
            }
        }
        self.text_of::<PowerShell>(node, parts)
    }

    fn ps_parts(&mut self, node: Node<'t>, start: usize, end: usize) -> Vec<Part<'t>> {
        let mut parts = Vec::new();
        let mut at = start;
        let unescaped = |text: &str| {
            text.replace("`n", "\n")
                .replace("`r", "")
                .replace("`t", "\t")
                .replace("\"\"", "\"")
                .replace('`', "")
        };
        for child in children(node) {
            if !matches!(child.kind(), "variable" | "sub_expression") || child.start_byte() < at {
                continue;
            }
            parts.push(Part::Text(unescaped(self.source.get(at..child.start_byte()).unwrap_or_default())));
            parts.push(Part::Hole(child));
            at = child.end_byte();
        }
        parts.push(Part::Text(unescaped(self.source.get(at..end).unwrap_or_default())));
        parts
    }

    fn ps_sum(&mut self, node: Node<'t>, out: &mut Vec<Node<'t>>) {
        let mut at = bare(node);
        let mut back = Vec::new();
        while at.kind().starts_with("additive_") {
            let parts = children(at);
            let [left, right] = parts.as_slice() else { break };
            back.push(*right);
            at = bare(*left);
        }
        out.push(at);
        out.extend(back.into_iter().rev());
    }

    /// `-replace`, `-join`, `-split`; comparisons only count for their calls.
    fn ps_comparison(&mut self, node: Node<'t>) -> ExprKind {
        let parts = children(node);
        if let [left, operator, right] = parts.as_slice() {
            match self.text(*operator).to_ascii_lowercase().as_str() {
                "-replace" | "-creplace" | "-ireplace" => {
                    let text = Box::new(self.value::<PowerShell>(*left));
                    return match self.value::<PowerShell>(*right).kind {
                        ExprKind::List(mut items) if items.len() == 2 => {
                            let to = Box::new(items.remove(1));
                            let from = items.remove(0);
                            match &from.kind {
                                ExprKind::Text(pattern) if matches!(&**pattern, "/$" | "/+$" | "/*$") => {
                                    ExprKind::Trim { text, start: false, end: true }
                                }
                                _ => ExprKind::Replace { text, from: Box::new(from), to },
                            }
                        }
                        _ => text.kind,
                    };
                }
                "-join" => {
                    let list = self.value::<PowerShell>(*left);
                    let separator = self.value::<PowerShell>(*right);
                    return strings::imploded(separator, list, node);
                }
                _ => {}
            }
        }
        self.effects::<PowerShell>(node)
    }

    fn ps_tails(&mut self, node: Node<'t>, out: &mut Vec<Node<'t>>) {
        let mut blocks: Vec<Node<'t>> = child_of(node, "statement_block").into_iter().collect();
        for clauses in ["elseif_clauses", "else_clause"] {
            if let Some(clause) = node.child_by_field_name(clauses) {
                let holders = if clauses == "else_clause" { vec![clause] } else { children(clause) };
                blocks.extend(holders.into_iter().filter_map(|holder| child_of(holder, "statement_block")));
            }
        }
        for block in blocks {
            let list = child_of(block, "statement_list");
            out.extend(list.and_then(|list| children(list).last().copied()));
        }
    }

    fn ps_hash(&mut self, node: Node<'t>) -> ExprKind {
        let mut entries = Vec::new();
        let body = child_of(node, "hash_literal_body").map(children).unwrap_or_default();
        for entry in body.into_iter().filter(|entry| entry.kind() == "hash_entry") {
            let parts = children(entry);
            let [key, value] = parts.as_slice() else { continue };
            let key = self.value::<PowerShell>(*key).key();
            entries.push((key, self.value::<PowerShell>(*value)));
        }
        ExprKind::Object(entries)
    }

    fn ps_assignment(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let Some(left) = child_of(node, "left_assignment_expression") else { return };
        let operator = child_of(node, "assignement_operator").map_or("=", |op| self.text(op));
        let Some(right) = node.child_by_field_name("value") else { return };
        // `[string]$x = ..` has its type before the name.
        let mut target_node = bare(left);
        while !matches!(target_node.kind(), "variable" | "member_access" | "element_access") {
            match children(target_node).last() {
                Some(inner) => target_node = bare(*inner),
                None => return,
            }
        }
        // A branch or a loop as a value runs as well.
        if bare(right).kind().ends_with("_statement") {
            let target = self.value::<PowerShell>(target_node);
            self.ps_given(right, &target, out);
            return;
        }
        let value = self.value::<PowerShell>(right);
        let target = self.value::<PowerShell>(target_node);
        if let ExprKind::Member(object, name) = &target.kind
            && operator == "="
            && !matches!(&object.kind, ExprKind::Name(name) if &**name == "this")
        {
            // `$params.Method = "POST"` sets a key of a table, or steps a request. Where what is
            // set is made of what was there, that is read once.
            let name = name.clone();
            let itself = self.text(target_node).to_ascii_lowercase();
            if self.text(right).to_ascii_lowercase().contains(&itself) {
                let value = self.value::<PowerShell>(right);
                let key = Box::new(expr(ExprKind::Text(name), node));
                let ExprKind::Member(object, _) = target.kind else { return };
                out.push(Stmt::Assign { target: expr(ExprKind::Index(object, key), node), value });
                return;
            }
            for step in [false, true] {
                let ExprKind::Member(object, _) = self.value::<PowerShell>(target_node).kind else { return };
                let value = self.value::<PowerShell>(right);
                if step {
                    let args = vec![Arg { name: None, value }];
                    out.push(Stmt::Expr(expr(call(member(*object, &format!("{name}="), node), args), node)));
                } else {
                    let key = Box::new(expr(ExprKind::Text(name.clone()), node));
                    out.push(Stmt::Assign { target: expr(ExprKind::Index(object, key), node), value });
                }
            }
        }
        let old = self.value::<PowerShell>(target_node);
        out.push(self.assignment(target, operator, old, value, node));
    }

    /// The parameters of a block with their defaults.
    fn ps_param_nodes(&self, block: Node<'t>) -> Vec<(Node<'t>, Option<Node<'t>>)> {
        let list = child_of(block, "parameter_list").unwrap_or(block);
        let params = children(list)
            .into_iter()
            .filter(|child| matches!(child.kind(), "script_parameter" | "class_method_parameter"));
        let read = |param: Node<'t>| {
            let default = child_of(param, "script_parameter_default")
                .and_then(|default| children(default).last().copied());
            Some((child_of(param, "variable")?, default))
        };
        params.filter_map(read).collect()
    }

    fn ps_params(&mut self, block: Option<Node<'t>>) -> Vec<Param> {
        let mut out = Vec::new();
        for (name, default) in block.map(|block| self.ps_param_nodes(block)).unwrap_or_default() {
            let default = default.map(|default| self.value::<PowerShell>(default));
            out.push(Param { name: self.ps_variable(name), kind: ParamKind::Plain, default });
        }
        out
    }

    fn ps_function(&mut self, node: Node<'t>) {
        let name = child_of(node, "function_name").map(|name| self.text(name).to_owned()).unwrap_or_default();
        let name = self.spelling(&name);
        let block = child_of(node, "script_block");
        let params = block.and_then(|block| child_of(block, "param_block"));
        // `function f($a, $b) { .. }`
        let params = params.or_else(|| child_of(node, "function_parameter_declaration"));
        let params = self.ps_params(params);
        self.define::<PowerShell>(Some(name), None, Manner::default(), params, |l| {
            block.map(|block| l.ps_output(block)).unwrap_or_default()
        });
    }

    /// A body that gives what its last expression is.
    fn ps_output(&mut self, block: Node<'t>) -> Vec<Stmt> {
        let mut out = self.block::<PowerShell>(block);
        if let Some(Stmt::Expr(value)) = out.pop_if(|last| matches!(last, Stmt::Expr(_))) {
            out.push(Stmt::Return(value));
        }
        out
    }

    fn ps_class(&mut self, node: Node<'t>) {
        let Some(name) = child_of(node, "simple_name").map(|name| self.name(name)) else { return };
        let bases = children(node).into_iter().filter(|child| child.kind() == "simple_name").skip(1);
        let bases = bases.map(|base| self.name(base)).collect();
        let class = self.open_class::<PowerShell>(&name, bases, BTreeSet::new());
        for child in children(node) {
            match child.kind() {
                "class_property_definition" => {
                    let value = children(child)
                        .last()
                        .copied()
                        .filter(|last| !matches!(last.kind(), "variable" | "type_literal"));
                    if let (Some(field), Some(value)) = (child_of(child, "variable"), value) {
                        let field = self.ps_variable(field);
                        self.set_field::<PowerShell>(field, child, |l| l.value::<PowerShell>(value));
                    }
                }
                "class_method_definition" => {
                    let method = child_of(child, "simple_name").map(|name| self.name(name));
                    let params = child_of(child, "class_method_parameter_list");
                    let params = self.ps_params(params);
                    let manner =
                        Manner { constructor: method.as_deref() == Some(&*name), ..Manner::default() };
                    let block = child_of(child, "script_block");
                    self.define::<PowerShell>(method, Some(class), manner, params, |l| {
                        block.map(|block| l.block::<PowerShell>(block)).unwrap_or_default()
                    });
                }
                _ => {}
            }
        }
        self.close_class();
    }

    pub(super) fn ps_member_name(&mut self, node: Node<'t>) -> Arc<str> {
        let name = child_of(node, "member_name").map(|name| self.text(name).to_owned()).unwrap_or_default();
        name.trim_matches(['"', '\'']).into()
    }

    /// `$object.Method(args)`, `[Type]::Method(args)`
    fn ps_invocation(&mut self, node: Node<'t>) -> ExprKind {
        let parts = children(node);
        let Some(object_node) = parts.first().copied() else { return unknown() };
        let name = self.ps_member_name(node);
        let list =
            child_of(node, "argument_list").and_then(|list| child_of(list, "argument_expression_list"));
        let args = plain(list.map(|list| self.values::<PowerShell>(children(list))).unwrap_or_default());
        let object = self.value::<PowerShell>(object_node);
        if object_node.kind() == "type_literal" {
            let ExprKind::Name(kind) = &object.kind else { return unknown() };
            let kind = kind.to_ascii_lowercase();
            let dotted = match (kind.as_str(), &*name) {
                ("string", name) => format!("String.{name}"),
                ("uri", name) if name.starts_with("Escape") => format!("Uri.{name}"),
                ("environment", name) => format!("Environment.{name}"),
                ("httputility" | "webutility", _) => "HttpUtility.UrlEncode".to_owned(),
                _ => String::new(),
            };
            if &*name == "new" {
                return match (kind.as_str(), args.len()) {
                    // `[uri]::new($base, '/users')`
                    ("uri", 2) => {
                        let mut values = args.into_iter().map(|arg| arg.value);
                        let Some(base) = values.next() else { return unknown() };
                        let (base, parts) = (Box::new(base), values.collect());
                        ExprKind::Join { base, parts, style: JoinStyle::Url }
                    }
                    ("uri" | "system.uri", 1..) => {
                        strings::function("String", args, FormatStyle::Braces, node)
                            .unwrap_or_else(|_| unknown())
                    }
                    // `[UriBuilder]::new('https', $host)`
                    ("uribuilder" | "system.uribuilder", 2) => {
                        let mut parts: Vec<Expr> = args.into_iter().map(|arg| arg.value).collect();
                        parts.insert(1, expr(ExprKind::Text("://".into()), node));
                        ExprKind::Concat(parts)
                    }
                    _ => call(object, args),
                };
            }
            let args = match strings::function(&dotted, args, FormatStyle::Braces, node) {
                Ok(kind) => return kind,
                Err(args) => args,
            };
            return call(member(object, &name, node), args);
        }
        match strings::method(object, &name, args, node) {
            Ok(kind) => kind,
            Err((object, args)) => call(member(object, &name, node), args),
        }
    }

    fn ps_pipeline(&mut self, node: Node<'t>) -> ExprKind {
        let parts = children(node);
        let [first, rest @ ..] = parts.as_slice() else { return unknown() };
        if rest.is_empty() {
            return self.value::<PowerShell>(*first).kind;
        }
        // `@{ ... } | ConvertTo-Json` is what it writes, and the other way round.
        if let [last] = rest
            && let ExprKind::Call(mut written) = self.value::<PowerShell>(*last).kind
            && let ExprKind::Name(name) = &written.callee.kind
            && let Some(name) = ["ConvertTo-Json", "ConvertFrom-Json"]
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(name))
        {
            written.callee.kind = ExprKind::Name(name.into());
            written.args.insert(0, Arg { name: None, value: self.value::<PowerShell>(*first) });
            return ExprKind::Call(written);
        }
        let mut values = vec![self.value::<PowerShell>(*first)];
        // Whether what comes out is still what went in, or some of it.
        let mut same = true;
        let mut piped = Piped::new(*first);
        for part in rest {
            let value = self.value::<PowerShell>(*part);
            let ExprKind::Call(inner) = &value.kind else {
                (same, piped) = (false, Piped::unknown(*first));
                values.push(value);
                continue;
            };
            let name = match &inner.callee.kind {
                ExprKind::Name(name) => name.to_ascii_lowercase(),
                _ => String::new(),
            };
            let each = matches!(name.as_str(), "foreach-object" | "%" | "foreach");
            let some = matches!(name.as_str(), "where-object" | "?" | "where" | "sort-object" | "sort");
            // `$list | ForEach-Object { irm $_ }`
            if (each || some)
                && let Some(Expr { kind: ExprKind::Function(id), .. }) =
                    inner.args.iter().map(|arg| &arg.value).next()
            {
                let id = *id;
                let item = match self.ps_come_out(&piped) {
                    Some(list) => expr(ExprKind::Element(Box::new(list)), *first),
                    None => expr(unknown(), *first),
                };
                self.unit.functions[id]
                    .body
                    .insert(0, Stmt::Assign { target: named("_", *part), value: item });
            }
            same &= some;
            let read = self.ps_stage(&mut piped, &name, &inner.args, *part);
            values.extend(read);
            // `'/users' | Get-Resource`, of a function of the file
            let value = match same || values.len() > 1 {
                true => value,
                false => {
                    let piped = self.value::<PowerShell>(*first);
                    self.ps_piped_into(value, piped, *first)
                }
            };
            values.push(value);
        }
        // What a request answers is no text; a text that is handed on stays one.
        match self.ps_come_out(&piped) {
            Some(out) => {
                values.push(out);
                call(named(PIPED, *first), plain(values))
            }
            None => ExprKind::Effects(values),
        }
    }

    fn ps_command(&mut self, node: Node<'t>) -> ExprKind {
        let Some(name_node) = node.child_by_field_name("command_name") else {
            return self.effects::<PowerShell>(node);
        };
        let name = self.text(name_node).trim_matches(['"', '\'']).to_owned();
        let lower = name.to_ascii_lowercase();
        let elements = node.child_by_field_name("command_elements").map(children).unwrap_or_default();
        let elements: Vec<_> =
            elements.into_iter().filter(|part| part.kind() != "command_argument_sep").collect();
        let real_curl = matches!(lower.as_str(), "curl" | "curl.exe" | "wget" | "wget.exe")
            && (lower.ends_with(".exe") || elements.iter().any(|part| self.is_curl_option(*part)))
            || matches!(lower.as_str(), "kubectl" | "oc" | "gh" | "glab");
        let mut args: Vec<Arg> = Vec::new();
        let mut waiting: Option<Arc<str>> = None;
        for part in elements {
            if part.kind() == "command_parameter" && !real_curl {
                if let Some(switch) = waiting.take() {
                    args.push(Arg { name: Some(switch), value: expr(unknown(), part) });
                }
                let word = self.text(part).trim_start_matches('-').trim_end_matches(':').to_owned();
                if SWITCHES.contains(&word.to_ascii_lowercase().as_str()) {
                    continue;
                }
                waiting = Some(self.spelling(&word));
                continue;
            }
            let inner = bare(part);
            let splat = inner.kind() == "variable" && self.text(inner).starts_with('@');
            let value = match part.kind() {
                "command_parameter" => expr(ExprKind::Text(self.name(part)), part),
                "ERROR" => self.ps_token(part),
                _ => self.value::<PowerShell>(part),
            };
            let name = match waiting.take() {
                Some(name) => Some(name),
                None if splat => Some("**".into()),
                None => None,
            };
            args.push(Arg { name, value });
        }
        if let Some(switch) = waiting {
            args.push(Arg { name: Some(switch), value: expr(unknown(), node) });
        }
        match lower.as_str() {
            "join-path" if args.len() >= 2 => {
                let mut values = args.into_iter().map(|arg| arg.value);
                let Some(base) = values.next() else { return unknown() };
                return ExprKind::Join {
                    base: Box::new(base),
                    parts: values.collect(),
                    style: JoinStyle::Path,
                };
            }
            "new-object" => {
                let kind = args
                    .iter()
                    .find(|arg| arg.name.as_deref().is_none_or(|name| name.eq_ignore_ascii_case("typename")));
                let kind = match kind.map(|arg| &arg.value.kind) {
                    Some(ExprKind::Text(kind)) => kind.rsplit('.').next().unwrap_or_default().to_owned(),
                    _ => return unknown(),
                };
                let rest = args.into_iter().skip(1).map(|arg| Arg { name: None, value: arg.value }).collect();
                return call(named(&kind, node), rest);
            }
            "write-output" | "echo" if args.len() == 1 => return args.remove(0).value.kind,
            _ => {}
        }
        if real_curl {
            args.insert(
                0,
                Arg {
                    name: None,
                    value: expr(ExprKind::Text(lower.trim_end_matches(".exe").into()), name_node),
                },
            );
            return call(named("(program)", node), args);
        }
        // `& $block args`
        if let Some(variable) = name.strip_prefix('$')
            && variable.chars().all(|c| c.is_alphanumeric() || c == '_')
        {
            let name = self.spelling(variable);
            return call(named(&name, name_node), args);
        }
        let name = self.spelling(&name);
        call(named(&name, name_node), args)
    }

    /// Whether an option is one of the program and not of the cmdlet of the
    /// same name.
    fn is_curl_option(&self, node: Node<'t>) -> bool {
        let text = self.text(node);
        text.starts_with("--")
            || matches!(
                text,
                "-X" | "-H"
                    | "-d"
                    | "-s"
                    | "-k"
                    | "-L"
                    | "-sS"
                    | "-F"
                    | "-u"
                    | "-o"
                    | "-f"
                    | "-sSL"
                    | "-fsSL"
                    | "-sk"
                    | "-sX"
                    | "-XDELETE"
                    | "-XPOST"
                    | "-G"
                    | "-I"
                    | "-i"
                    | "-v"
            )
    }

    /// `$Base/users/$id` without quotes, which the grammar does not read.
    fn ps_token(&mut self, node: Node<'t>) -> Expr {
        let here = span(node);
        self.unit.errors.retain(|error| *error != here);
        let parts = self.ps_parts(node, node.start_byte(), node.end_byte());
        expr(self.text_of::<PowerShell>(node, parts), node)
    }
}
