//! C#: syntax tree -> common form.

use std::collections::BTreeSet;
use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::annotations::{self, Annotation, Prefix, plain_name};
use crate::scan::language::cases::{Case, Cases, chosen_case};
use crate::scan::language::lower::{Lowering, children, expr, operands, unescape};
use crate::scan::language::shared::{Manner, Part, Syntax, call, dedent, member, named, unknown};
use crate::scan::language::strings;

/// C#'s syntax.
pub(crate) struct CSharp;

const STYLE: FormatStyle = FormatStyle::Braces;

/// Lowers a C# file.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    let body = lowering.block::<CSharp>(root);
    lowering.unit.functions[0].body = body;
    // The files of a folder among which classes are divided.
    if source.contains("partial ") {
        lowering.unit.package = Some("partial".into());
    }
    lowering.unit
}

impl Syntax for CSharp {
    const BARE_MEMBERS: bool = true;

    fn statement<'t>(l: &mut Lowering<'t>, node: Node<'t>, out: &mut Vec<Stmt>) {
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "class_declaration" | "interface_declaration" | "record_declaration" | "struct_declaration" => {
                l.cs_class(node);
            }
            "namespace_declaration" => out.extend(l.body::<CSharp>(field("body"))),
            "using_directive" => {
                let used = l.text(node).trim_start_matches("global ").trim_start_matches("using");
                if let Some((alias, path)) = used.split_once('=') {
                    l.rename(alias.trim(), path);
                } else if let Some(path) = used.trim().strip_prefix("static ") {
                    let path = path.trim_end_matches(';').trim();
                    l.unit.opened.push(path.rsplit('.').next().unwrap_or(path).into());
                }
            }
            "file_scoped_namespace_declaration"
            | "enum_declaration"
            | "attribute_list"
            | "delegate_declaration"
            | "modifier"
            | "empty_statement" => {}
            "local_function_statement" => {
                l.cs_method(node, None, Manner::default());
            }
            "local_declaration_statement" => out.extend(l.block::<CSharp>(node)),
            "variable_declaration" => {
                for declarator in children(node).into_iter().filter(|c| c.kind() == "variable_declarator") {
                    let Some(name) = declarator.child_by_field_name("name") else { continue };
                    l.declare_local(l.text(name), field("type"));
                    match children(declarator).last().copied().filter(|value| *value != name) {
                        Some(value) => {
                            let value = l.value::<CSharp>(value);
                            l.local(name, value, out);
                        }
                        None => l.declare(l.name(name)),
                    }
                }
            }
            "expression_statement" => {
                for child in children(node) {
                    if child.kind() == "assignment_expression" {
                        l.cs_sets(child, out);
                    } else {
                        let value = l.value::<CSharp>(child);
                        out.push(Stmt::Expr(value));
                    }
                }
            }
            // `public Users(HttpClient client) => _client = client;`
            "arrow_expression_clause" if l.cs_only_sets(node, out) => {}
            "arrow_expression_clause" | "return_statement" => {
                l.give::<CSharp>(node, children(node).first().copied().or_else(|| this_of(node)), out);
            }
            "if_statement" => {
                l.branch::<CSharp>(field("condition"), field("consequence"), field("alternative"), out);
            }
            "foreach_statement" => {
                if let (Some(left), Some(right)) = (field("left"), field("right")) {
                    l.cs_each(left, right, out);
                }
                l.each::<CSharp>(None, None, field("body"), out);
            }
            "for_statement" | "while_statement" | "do_statement" => {
                l.discard::<CSharp>(field("condition"), out);
                let body = l.body::<CSharp>(field("body"));
                out.push(Stmt::Loop(body));
            }
            "switch_statement" => {
                l.discard::<CSharp>(field("value"), out);
                let mut cases = Cases::of(field("value"));
                let mut arms = Vec::new();
                let mut exhaustive = false;
                for section in field("body").map(children).unwrap_or_default() {
                    let (parts, labels): (Vec<_>, Vec<_>) =
                        children(section).into_iter().partition(|part| part.kind().ends_with("statement"));
                    let (guards, labels): (Vec<_>, Vec<_>) =
                        labels.into_iter().partition(|label| label.kind() == "when_clause");
                    exhaustive |= labels.is_empty();
                    let case = Case { labels, does: !parts.is_empty(), asks_more: !guards.is_empty() };
                    let mut arm = cases.arm(l, &case);
                    parts.into_iter().for_each(|part| l.stmt::<CSharp>(part, &mut arm));
                    arms.push(arm);
                }
                l.arms(arms, exhaustive, out);
            }
            "try_statement" => {
                let body = l.body::<CSharp>(field("body"));
                let of =
                    |kind: &str| children(node).into_iter().filter(|c| c.kind() == kind).collect::<Vec<_>>();
                let handlers =
                    of("catch_clause").iter().filter_map(|c| c.child_by_field_name("body")).collect();
                let last = of("finally_clause").first().and_then(|clause| children(*clause).first().copied());
                l.attempt::<CSharp>(body, handlers, last, out);
            }
            "throw_statement" => l.leave::<CSharp>(node, out),
            "break_statement" | "continue_statement" => out.push(Stmt::Leave),
            "block" | "declaration_list" | "compilation_unit" | "global_statement" | "using_statement"
            | "lock_statement" | "checked_statement" | "fixed_statement" | "ERROR" | "labeled_statement" => {
                out.extend(l.block::<CSharp>(node));
            }
            _ => {
                let value = l.value::<CSharp>(node);
                out.push(Stmt::Expr(value));
            }
        }
    }

    fn expression<'t>(l: &mut Lowering<'t>, node: Node<'t>) -> ExprKind {
        match node.kind() {
            "string_literal"
            | "raw_string_literal"
            | "verbatim_string_literal"
            | "interpolated_string_expression" => l.cs_string(node),
            "integer_literal" => ExprKind::Text(l.name(node)),
            "character_literal" => ExprKind::Text(l.text(node).trim_matches('\'').into()),
            "identifier" => l.variable::<CSharp>(l.name(node), node),
            "generic_name" => match children(node).first() {
                Some(name) => l.variable::<CSharp>(l.name(*name), *name),
                None => unknown(),
            },
            "this" | "base" => ExprKind::Name(if node.kind() == "this" { "this" } else { "super" }.into()),
            "this_expression" => ExprKind::Name("this".into()),
            "base_expression" => ExprKind::Name("super".into()),
            "predefined_type" => ExprKind::Name(l.name(node)),
            "parenthesized_expression"
            | "cast_expression"
            | "await_expression"
            | "checked_expression"
            | "expression_element"
            | "collection_element"
            | "argument"
            | "ref_expression" => match node.child_by_field_name("value") {
                Some(value) => l.value::<CSharp>(value).kind,
                None => l.inner_value::<CSharp>(node),
            },
            "postfix_unary_expression" => l.inner_value::<CSharp>(node),
            "as_expression" => l.field_value::<CSharp>(node, "left").kind,
            "binary_expression" => l.cs_binary(node),
            "conditional_expression" => {
                let arms = ["consequence", "alternative"].map(|arm| l.field_value::<CSharp>(node, arm));
                let condition = node.child_by_field_name("condition");
                let asked = condition.and_then(|condition| l.plain_test(condition, false));
                l.chosen_by::<CSharp>(condition, asked, arms.into())
            }
            "switch_expression" => {
                let mut cases = Cases::of(children(node).first().copied());
                let mut arms = Vec::new();
                for arm in children(node).into_iter().filter(|arm| arm.kind() == "switch_expression_arm") {
                    let parts = children(arm);
                    let [pattern, .., value] = parts.as_slice() else { continue };
                    let labels = if pattern.kind() == "discard" { Vec::new() } else { vec![*pattern] };
                    let asked = cases.next(l, &Case { labels, does: true, asks_more: parts.len() > 2 });
                    if value.kind() != "throw_expression" {
                        arms.push((asked, l.value::<CSharp>(*value)));
                    }
                }
                chosen_case(arms)
            }
            "member_access_expression" => {
                let name = l.cs_member_name(node);
                if matches!(l.text(node), "string.Empty" | "String.Empty") {
                    return ExprKind::Text("".into());
                }
                ExprKind::Member(Box::new(l.field_value::<CSharp>(node, "expression")), name)
            }
            "conditional_access_expression" => {
                let object = l.field_value::<CSharp>(node, "condition");
                match children(node).last() {
                    Some(binding) if binding.kind() == "member_binding_expression" => {
                        ExprKind::Member(Box::new(object), l.cs_member_name(*binding))
                    }
                    _ => ExprKind::Effects(vec![object]),
                }
            }
            "element_access_expression" => {
                let object = Box::new(l.field_value::<CSharp>(node, "expression"));
                let key =
                    node.child_by_field_name("subscript").and_then(|list| children(list).first().copied());
                match key {
                    Some(key) => ExprKind::Index(object, Box::new(l.value::<CSharp>(key))),
                    None => unknown(),
                }
            }
            "implicit_array_creation_expression" | "array_creation_expression" => {
                match children(node).into_iter().find(|child| child.kind() == "initializer_expression") {
                    Some(list) => l.value::<CSharp>(list).kind,
                    None => unknown(),
                }
            }
            "initializer_expression" => l.cs_initializer(node),
            "tuple_expression" => l.cs_tuple(node),
            "collection_expression" => ExprKind::List(l.values::<CSharp>(children(node))),
            "anonymous_object_creation_expression" => l.cs_anonymous(node),
            "object_creation_expression" => l.cs_new(node, None),
            "implicit_object_creation_expression" => match l.cs_address_given(node) {
                Some(address) => l.value::<CSharp>(address).kind,
                None => l.cs_new(node, implied_type(node)),
            },
            "assignment_expression" => l.field_value::<CSharp>(node, "right").kind,
            "lambda_expression" | "anonymous_method_expression" => l.cs_lambda(node),
            "invocation_expression" => l.cs_call(node),
            "null_literal" => ExprKind::Unknown("null".into()),
            "boolean_literal" => ExprKind::Unknown(l.name(node)),
            "typeof_expression" | "type_argument_list" => unknown(),
            _ => l.effects::<CSharp>(node),
        }
    }
}

impl<'t> Lowering<'t> {
    fn cs_string(&mut self, node: Node<'t>) -> ExprKind {
        let whole = self.text(node);
        if node.kind() == "verbatim_string_literal" {
            let inner = whole.trim_start_matches(['@', '"']).trim_end_matches('"');
            return ExprKind::Text(inner.replace("\"\"", "\"").into());
        }
        let raw = whole.trim_start_matches('$').starts_with("\"\"\"");
        let mut parts = Vec::new();
        for child in children(node) {
            match child.kind() {
                "interpolation" => {
                    let holes = children(child);
                    let hole = holes.iter().find(|part| !part.kind().starts_with("interpolation"));
                    parts.extend(hole.copied().map(Part::Hole));
                }
                "escape_sequence" => parts.push(Part::Text(unescape(self.text(child)))),
                "string_literal_content" | "raw_string_content" | "string_content" => {
                    let text = self.text(child);
                    let text = if raw { dedent(text) } else { text.to_owned() };
                    let text = if node.kind() == "interpolated_string_expression" {
                        text.replace("{{", "{").replace("}}", "}")
                    } else {
                        text
                    };
                    parts.push(Part::Text(text));
                }
                _ => {}
            }
        }
        self.text_of::<CSharp>(node, parts)
    }

    fn cs_binary(&mut self, node: Node<'t>) -> ExprKind {
        if let Some(parts) = operands(node, "binary_expression", "+", self.source) {
            return ExprKind::Concat(self.values::<CSharp>(parts));
        }
        let operator = node.child_by_field_name("operator").map(|op| self.text(op));
        if operator == Some("??") {
            let left = Box::new(self.field_value::<CSharp>(node, "left"));
            return match node.child_by_field_name("right") {
                Some(right) if right.kind() == "throw_expression" => left.kind,
                Some(right) if is_empty_list(self.text(right)) => {
                    ExprKind::Default(left, Box::new(expr(ExprKind::List(Vec::new()), right)))
                }
                Some(right) => ExprKind::Default(left, Box::new(self.value::<CSharp>(right))),
                None => left.kind,
            };
        }
        self.effects::<CSharp>(node)
    }

    /// An assignment; that of a property is a step of its object as well.
    pub(super) fn cs_assignment(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let operator = node.child_by_field_name("operator").map_or("=", |op| self.text(op));
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        else {
            return;
        };
        if left.kind() == "member_access_expression" && operator == "=" {
            let name = self.cs_member_name(left);
            if matches!(
                &*name,
                "Method" | "RequestUri" | "BaseAddress" | "Resource" | "Path" | "BaseUrl" | "Query"
            ) {
                let object = self.field_value::<CSharp>(left, "expression");
                let value = self.value::<CSharp>(right);
                // The address of a client is the client's, wherever that is kept: `this.http.BaseAddress = a`.
                if &*name == "BaseAddress" && matches!(object.kind, ExprKind::Name(_) | ExprKind::Member(..))
                {
                    let step = call(
                        expr(ExprKind::Name("BaseAddress=".into()), left),
                        vec![Arg { name: None, value }],
                    );
                    out.push(Stmt::Assign { target: object, value: expr(step, node) });
                    return;
                }
                let step = call(member(object, &format!("{name}="), left), vec![Arg { name: None, value }]);
                out.push(Stmt::Expr(expr(step, node)));
            }
        }
        let value = self.value::<CSharp>(right);
        let target = self.value::<CSharp>(left);
        let old = self.value::<CSharp>(left);
        out.push(self.assignment(target, operator, old, value, node));
    }

    fn cs_member_name(&self, node: Node<'t>) -> Arc<str> {
        let Some(name) = node.child_by_field_name("name") else { return "".into() };
        let text = self.text(name);
        text.split('<').next().unwrap_or(text).trim().into()
    }

    fn cs_lambda(&mut self, node: Node<'t>) -> ExprKind {
        let params = match node.child_by_field_name("parameters") {
            Some(list) if list.kind() == "parameter_list" => self.cs_params(list),
            Some(name) => vec![crate::scan::language::java::param(self.name(name))],
            None => Vec::new(),
        };
        let manner = Manner { inline: true, ..Manner::default() };
        let body = node.child_by_field_name("body");
        ExprKind::Function(self.define::<CSharp>(None, None, manner, params, |l| l.cs_body(body)))
    }

    fn cs_body(&mut self, body: Option<Node<'t>>) -> Vec<Stmt> {
        match body {
            Some(body) if matches!(body.kind(), "block" | "arrow_expression_clause") => {
                self.body::<CSharp>(Some(body))
            }
            Some(body) => {
                let value = self.value::<CSharp>(body);
                vec![Stmt::Return(value)]
            }
            None => Vec::new(),
        }
    }

    pub(super) fn cs_params(&mut self, list: Node<'t>) -> Vec<Param> {
        let mut out = Vec::new();
        let mut cursor = list.walk();
        let mut more = cursor.goto_first_child();
        while more {
            let child = cursor.node();
            if child.kind() == "parameter" {
                let name = child.child_by_field_name("name");
                let default = children(child).last().copied().filter(|last| Some(*last) != name);
                let default = default.filter(|_| self.text(child).contains('='));
                let default = default.map(|value| self.value::<CSharp>(value));
                let name = name.map_or_else(|| "_".into(), |name| self.name(name));
                self.declare_param(&name, child.child_by_field_name("type"));
                out.push(Param { name, kind: ParamKind::Plain, default });
            } else if cursor.field_name() == Some("name") {
                // `params string[] parts` stands in the list itself.
                out.push(Param { name: self.name(child), kind: ParamKind::Rest, default: None });
            }
            more = cursor.goto_next_sibling();
        }
        out
    }

    fn cs_class(&mut self, node: Node<'t>) {
        let Some(name) = self.field_name(node, "name") else { return };
        let of = |kind: &str| children(node).into_iter().find(|child| child.kind() == kind);
        let bases = of("base_list").map(children).unwrap_or_default();
        let bases = bases.into_iter().filter(|base| base.kind() != "argument_list").map(|base| {
            let text = self.text(base);
            let text = text.split(['<', '(']).next().unwrap_or(text).trim();
            text.rsplit('.').next().unwrap_or(text).into()
        });
        let bases: Vec<Arc<str>> = bases.collect();
        let declared = node.child_by_field_name("body").map(children).unwrap_or_default();
        let header = of("parameter_list");
        let params = header.map(|list| self.cs_params(list)).unwrap_or_default();
        let mut members: BTreeSet<Arc<str>> =
            declared.iter().flat_map(|m| self.cs_member_names(*m)).collect();
        members.extend(params.iter().map(|param| param.name.clone()));
        let class = self.open_class::<CSharp>(&name, bases, members);
        if let Some(header) = header {
            let names: Vec<Arc<str>> = params.iter().map(|param| param.name.clone()).collect();
            for param in children(header).into_iter().filter(|param| param.kind() == "parameter") {
                if let Some(name) = self.field_name(param, "name") {
                    self.declare_field(class, &name, param.child_by_field_name("type"));
                }
            }
            let manner = Manner { constructor: true, ..Manner::default() };
            let above = of("base_list");
            self.define::<CSharp>(Some(name), Some(class), manner, params, |l| {
                let kept = names.iter().map(|name| l.keep::<CSharp>(name, header));
                let mut body: Vec<Stmt> = kept.collect();
                let given = above.map(|list| {
                    children(list)
                        .into_iter()
                        .find(|part| part.kind() == "primary_constructor_base_type")
                        .unwrap_or(list)
                });
                body.extend(given.and_then(|given| l.cs_base(given)));
                body
            });
        }
        let interface = (node.kind() == "interface_declaration").then(Prefix::default);
        if interface.is_none() {
            self.cs_wire(class, node, &declared);
        }
        for child in declared {
            self.nested(child, |l| l.cs_member(class, child, interface.as_ref()));
        }
        self.close_class();
    }

    pub(crate) fn cs_member_names(&self, node: Node<'t>) -> Vec<Arc<str>> {
        match node.kind() {
            "field_declaration" => {
                let declarators = children(node).into_iter().filter(|c| c.kind() == "variable_declaration");
                let declarators =
                    declarators.flat_map(children).filter(|c| c.kind() == "variable_declarator");
                declarators.filter_map(|declarator| self.field_name(declarator, "name")).collect()
            }
            "method_declaration" | "property_declaration" => {
                self.field_name(node, "name").into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn cs_member(&mut self, class: ClassId, node: Node<'t>, interface: Option<&Prefix>) {
        match node.kind() {
            "field_declaration" => {
                let declarators = children(node).into_iter().filter(|c| c.kind() == "variable_declaration");
                for declarator in declarators.flat_map(children).filter(|c| c.kind() == "variable_declarator")
                {
                    let Some(name) = declarator.child_by_field_name("name") else { continue };
                    let kind = declarator.parent().and_then(|parent| parent.child_by_field_name("type"));
                    self.declare_field(class, self.text(name), kind);
                    if let Some(value) = children(declarator).last().copied().filter(|value| *value != name) {
                        self.set_field::<CSharp>(self.name(name), declarator, |l| l.cs_typed(value, kind));
                    }
                }
            }
            "property_declaration" => {
                let Some(name) = self.field_name(node, "name") else { return };
                let value = node.child_by_field_name("value");
                self.declare_field(class, &name, node.child_by_field_name("type"));
                match value {
                    Some(value) if value.kind() != "arrow_expression_clause" => {
                        let kind = node.child_by_field_name("type");
                        self.set_field::<CSharp>(name, node, |l| l.cs_typed(value, kind));
                    }
                    Some(value) => {
                        let manner = Manner { property: true, ..Manner::default() };
                        let body = Some(value);
                        self.define::<CSharp>(Some(name), Some(class), manner, Vec::new(), |l| {
                            l.cs_body(body)
                        });
                    }
                    None => {
                        let accessors =
                            node.child_by_field_name("accessors").map(children).unwrap_or_default();
                        let getter =
                            accessors.into_iter().find(|accessor| self.text(*accessor).starts_with("get"));
                        if let Some(body) = getter.and_then(|getter| getter.child_by_field_name("body")) {
                            let manner = Manner { property: true, ..Manner::default() };
                            self.define::<CSharp>(Some(name), Some(class), manner, Vec::new(), |l| {
                                l.cs_body(Some(body))
                            });
                        }
                    }
                }
            }
            "method_declaration" => {
                let id = self.cs_method(node, Some(class), Manner::default());
                if let Some(prefix) = interface {
                    let found = [self.cs_attributes(node), self.cs_attributes(node)];
                    self.asked_by_annotation(id, prefix, found, node);
                }
            }
            // `this[int id] => ..`
            "indexer_declaration" => {
                let params = node.child_by_field_name("parameters").map(|list| self.cs_params(list));
                let accessors = node.child_by_field_name("accessors").map(children).unwrap_or_default();
                let bodies = accessors.into_iter().filter_map(|part| part.child_by_field_name("body"));
                let bodies: Vec<Node<'t>> =
                    node.child_by_field_name("value").into_iter().chain(bodies).collect();
                let manner = Manner::default();
                self.define::<CSharp>(None, Some(class), manner, params.unwrap_or_default(), |l| {
                    let arms = bodies.into_iter().map(|body| l.cs_body(Some(body))).collect();
                    vec![Stmt::Branch(arms)]
                });
            }
            "constructor_declaration" => {
                self.cs_method(node, Some(class), Manner { constructor: true, ..Manner::default() });
            }
            "attribute_list" => {}
            _ => {
                let mut out = Vec::new();
                self.stmt::<CSharp>(node, &mut out);
            }
        }
    }

    fn cs_method(&mut self, node: Node<'t>, class: Option<ClassId>, manner: Manner) -> FunctionId {
        let name = self.field_name(node, "name");
        let list = node.child_by_field_name("parameters");
        let mut params = list.map(|list| self.cs_params(list)).unwrap_or_default();
        // `static Task<T> Read<T>(this HttpClient client, string path)` is a method of the client.
        let first = list.and_then(|list| children(list).first().copied());
        let extended = first.is_some_and(|first| self.text(first).starts_with("this "));
        let receiver = (extended && !params.is_empty()).then(|| params.remove(0).name);
        let body = node.child_by_field_name("body");
        let initializer = children(node).into_iter().find(|child| child.kind() == "constructor_initializer");
        let id = self.define::<CSharp>(name, class, manner, params, |l| {
            receiver.iter().for_each(|name| l.declare(name.clone()));
            let mut out: Vec<Stmt> = initializer.and_then(|given| l.cs_base(given)).into_iter().collect();
            out.extend(l.cs_body(body));
            out
        });
        if receiver.is_some() {
            let kind = first.and_then(|first| self.text(first).split_whitespace().nth(1));
            let kind = match kind {
                Some("string" | "String") => Some(TEXT_TYPE),
                Some("HttpClient" | "RestClient" | "IRestClient") => Some(CLIENT_TYPE),
                _ => None,
            };
            let own = receiver.clone().zip(kind);
            self.unit.functions[id].declared.extend(own.map(|(name, kind)| (name, kind.into())));
            self.unit.functions[id].receiver = receiver;
        }
        self.declare_gives(id, node.child_by_field_name("returns"));
        id
    }

    /// What the base class is given, or another constructor: `: base(url)`, `: this(url)`.
    fn cs_base(&mut self, node: Node<'t>) -> Option<Stmt> {
        let list = children(node).into_iter().find(|child| child.kind() == "argument_list")?;
        let own = self.text(node).trim_start_matches([':', ' ', '\n', '\r', '\t']).starts_with("this");
        let args = self.cs_args(list);
        let callee = named(if own { OWN_CONSTRUCTOR } else { "super" }, node);
        Some(Stmt::Expr(expr(call(callee, args), node)))
    }

    pub(crate) fn cs_attributes(&mut self, node: Node<'t>) -> Vec<Annotation> {
        let lists = children(node).into_iter().filter(|child| child.kind() == "attribute_list");
        let mut out = Vec::new();
        for attribute in lists.flat_map(children).filter(|child| child.kind() == "attribute") {
            let name = plain_name(self.field_name(attribute, "name"));
            let list =
                children(attribute).into_iter().find(|child| child.kind() == "attribute_argument_list");
            let mut args = Vec::new();
            for argument in list.map(children).unwrap_or_default() {
                if let Some(value) = children(argument).last() {
                    args.push(Arg { name: None, value: self.value::<CSharp>(*value) });
                }
            }
            out.push(Annotation { name, args });
        }
        out
    }

    /// A value whose type stands before its name: `HttpClient x = new() { .. }`.
    fn cs_typed(&mut self, value: Node<'t>, kind: Option<Node<'t>>) -> Expr {
        if value.kind() == "implicit_object_creation_expression" {
            return expr(self.cs_new(value, kind), value);
        }
        self.value::<CSharp>(value)
    }

    /// The text that an address is made of where its type is only implied: `RequestUri = new(path)`.
    fn cs_address_given(&self, node: Node<'t>) -> Option<Node<'t>> {
        let given = node.parent().filter(|parent| parent.kind() == "assignment_expression")?;
        let field = self.text(given.child_by_field_name("left")?);
        if !["Uri", "Url", "BaseAddress"].iter().any(|end| field.ends_with(end)) {
            return None;
        }
        let list = children(node).into_iter().find(|child| child.kind() == "argument_list")?;
        match children(list).as_slice() {
            [address] => children(*address).last().copied(),
            _ => None,
        }
    }

    /// `new T(args) { Field = value }`: the fields are named arguments.
    fn cs_new(&mut self, node: Node<'t>, kind: Option<Node<'t>>) -> ExprKind {
        let kind = node.child_by_field_name("type").or(kind);
        let text = kind.map_or("", |kind| self.text(kind));
        let text = text.split('<').next().unwrap_or(text).trim();
        let list = children(node).into_iter().find(|child| child.kind() == "argument_list");
        let mut args = list.map(|list| self.cs_args(list)).unwrap_or_default();
        let initializer = children(node).into_iter().find(|child| child.kind() == "initializer_expression");
        let mut fields = Vec::new();
        if let Some(initializer) = initializer {
            match self.cs_initializer(initializer) {
                ExprKind::Object(entries) => fields = entries,
                other if args.is_empty() => return other,
                _ => {}
            }
        }
        let name = text.rsplit('.').next().unwrap_or(text);
        let name = &*self.class_named(name);
        match name {
            "Uri" if !args.is_empty() => {
                let relative = args.len() == 2
                    && !matches!(&args[1].value.kind, ExprKind::Member(object, _) if matches!(&object.kind, ExprKind::Name(name) if &**name == "UriKind"));
                let base = args.remove(0).value;
                if relative {
                    let part = args.remove(0).value;
                    return ExprKind::Join { base: Box::new(base), parts: vec![part], style: JoinStyle::Url };
                }
                return base.kind;
            }
            "HttpMethod" if args.len() == 1 => return args.remove(0).value.kind,
            "UriBuilder" => return self.cs_uri_builder(args, fields, node),
            "StringBuilder" | "String" => return strings::builder_of(args),
            "List" | "HashSet" | "LinkedList" | "Collection" => return strings::list_of(args),
            // A dictionary, or some object that only holds values.
            "Dictionary" | "SortedDictionary" => {
                // `new Dictionary<string, object>(others)` begins with theirs.
                let others = args.into_iter().map(|arg| {
                    (None, Expr { span: arg.value.span, kind: ExprKind::Spread(Box::new(arg.value)) })
                });
                return ExprKind::Object(others.chain(fields).collect());
            }
            _ => {}
        }
        for (key, value) in fields {
            let Some(key) = key else { continue };
            let at = value.span;
            let text = Expr { kind: ExprKind::Text(key.name.clone()), span: key.span.unwrap_or(at) };
            let kind = ExprKind::Keyed(Box::new(text), Box::new(value));
            args.push(Arg { name: Some(key.name), value: Expr { kind, span: at } });
        }
        call(named(name, node), args)
    }

    /// `new UriBuilder(url)`, `new UriBuilder("https", host) { Path = path }`: the URL so far.
    fn cs_uri_builder(
        &mut self,
        args: Vec<Arg>,
        mut fields: Vec<(Option<Key>, Expr)>,
        node: Node<'t>,
    ) -> ExprKind {
        let mut take = |name: &str| {
            let at = fields.iter().position(|(key, _)| key.as_deref() == Some(name))?;
            Some(fields.remove(at).1)
        };
        let mut args: Vec<Expr> = args.into_iter().map(|arg| arg.value).collect();
        let mut path = take("Path");
        let base = match args.len() {
            1 => args.remove(0),
            0 => take("Host").unwrap_or_else(|| expr(unknown(), node)),
            // The scheme, the host, the port, the path.
            count => {
                let separator = expr(ExprKind::Text("://".into()), node);
                path = path.or((count > 3).then(|| args.remove(3)));
                let host = args.remove(1);
                expr(ExprKind::Concat(vec![args.remove(0), separator, host]), node)
            }
        };
        match path {
            Some(path) => ExprKind::Join { base: Box::new(base), parts: vec![path], style: JoinStyle::Path },
            None => base.kind,
        }
    }

    /// `{ Field = value }`, `{ ["key"] = value }`, `{ { "key", value } }`, `{ a, b }`.
    fn cs_initializer(&mut self, node: Node<'t>) -> ExprKind {
        let parts = children(node);
        let keyed =
            |part: &Node<'t>| matches!(part.kind(), "assignment_expression" | "initializer_expression");
        if parts.is_empty() || !parts.iter().all(keyed) {
            return ExprKind::List(self.values::<CSharp>(parts));
        }
        let mut entries = Vec::new();
        for part in parts {
            if part.kind() == "initializer_expression" {
                if let [key, value] = children(part).as_slice() {
                    let key = self.cs_key(*key);
                    entries.push((key, self.value::<CSharp>(*value)));
                }
                continue;
            }
            let key = part.child_by_field_name("left").and_then(|left| match left.kind() {
                "identifier" => Some(self.key(left)),
                _ => {
                    let argument = children(left).first().copied()?;
                    self.cs_key(children(argument).last().copied().unwrap_or(argument))
                }
            });
            entries.push((key, self.field_value::<CSharp>(part, "right")));
        }
        ExprKind::Object(entries)
    }

    fn cs_key(&mut self, node: Node<'t>) -> Option<Key> {
        self.value::<CSharp>(node).key()
    }

    /// `new { Name = x, y }`
    fn cs_anonymous(&mut self, node: Node<'t>) -> ExprKind {
        let mut entries = Vec::new();
        let mut cursor = node.walk();
        let mut key: Option<Key> = None;
        for child in node.children(&mut cursor) {
            if child.kind() == "identifier" && child.next_sibling().is_some_and(|next| next.kind() == "=") {
                key = Some(self.key(child));
            } else if child.is_named() && !child.is_extra() {
                let own = || (child.kind() == "identifier").then(|| self.key(child));
                let name = key.take().or_else(own);
                entries.push((name, self.value::<CSharp>(child)));
            }
        }
        self.anonymous(entries, node)
    }

    fn cs_args(&mut self, list: Node<'t>) -> Vec<Arg> {
        let mut out = Vec::new();
        for argument in children(list) {
            let name = argument.child_by_field_name("name");
            let value = children(argument).last().copied().or_else(|| this_of(argument)).unwrap_or(argument);
            let value = self.value::<CSharp>(value);
            out.push(Arg { name: name.map(|name| self.name(name)), value });
        }
        out
    }

    fn cs_call(&mut self, node: Node<'t>) -> ExprKind {
        let Some(function) = node.child_by_field_name("function") else { return unknown() };
        if let Some(made) = self.cs_set_up(node) {
            return made;
        }
        let mut args =
            node.child_by_field_name("arguments").map(|list| self.cs_args(list)).unwrap_or_default();
        if self.text(function).ends_with(".CreateClient") {
            args.extend(self.cs_client_asked(node));
        }
        let dotted: String = self.text(function).split_whitespace().collect();
        let args = match strings::function(&dotted, args, STYLE, node) {
            Ok(kind) => return kind,
            Err(args) => args,
        };
        // Refit: `RestService.For<IUsers>("https://..")`
        if let Some((_, class)) = dotted.split_once("RestService.For<")
            && let Some(class) = class.strip_suffix('>')
        {
            return match args.into_iter().next() {
                Some(base) => annotations::made(class, base.value, node),
                None => unknown(),
            };
        }
        let callee = self.cs_with_types(function).unwrap_or_else(|| self.value::<CSharp>(function));
        let ExprKind::Member(object, name) = callee.kind else { return call(callee, args) };
        // `"repos/{0}".FormatUri(x)`: helpers that fill a template.
        if name.starts_with("Format") && matches!(object.kind, ExprKind::Text(_)) {
            return ExprKind::Format { template: object, style: STYLE, args };
        }
        match (&*name, &object.kind) {
            ("Append" | "AppendFormat", ExprKind::Concat(_)) if &*name == "Append" => {
                let ExprKind::Concat(mut parts) = object.kind else { return unknown() };
                parts.extend(args.into_iter().map(|arg| arg.value));
                return ExprKind::Concat(parts);
            }
            ("ConfigureAwait" | "GetAwaiter" | "EnsureSuccessStatusCode", _) => return object.kind,
            // `segments.Select(Uri.EscapeDataString)`
            ("Select", _) if args.len() == 1 && escapes(&args[0].value) => return object.kind,
            _ => {}
        }
        match strings::method(*object, &name, args, node) {
            Ok(kind) => kind,
            Err((object, args)) => call(member(object, &name, function), args),
        }
    }
}

/// Whether a value is a function that escapes a text.
fn escapes(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Member(_, name)
        if matches!(&**name, "EscapeDataString" | "EscapeUriString" | "UrlEncode" | "UrlPathEncode"))
}

/// `this` where it stands alone: the grammar has no node of its own for it.
fn this_of(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.kind() == "this")
}

/// The type of an object that is made by `new()`: that of what is declared to be it.
fn implied_type(node: Node<'_>) -> Option<Node<'_>> {
    let mut at = node.parent()?;
    while matches!(
        at.kind(),
        "parenthesized_expression"
            | "conditional_expression"
            | "return_statement"
            | "block"
            | "if_statement"
            | "arrow_expression_clause"
            | "equals_value_clause"
            | "variable_declarator"
    ) {
        at = at.parent()?;
    }
    match at.kind() {
        "variable_declaration" | "property_declaration" | "local_function_statement" => {
            at.child_by_field_name("type")
        }
        "method_declaration" => at.child_by_field_name("returns"),
        _ => None,
    }
}

/// Whether an expression stands for nothing: `new()`, `[]`, `new List<User>()`, `Array.Empty<User>()`.
fn is_empty_list(text: &str) -> bool {
    let Some(front) = text.strip_suffix("()") else { return text == "[]" };
    let list = ["new List<", "new Dictionary<", "Array.Empty<", "Enumerable.Empty<"];
    front == "new" || front.ends_with('>') && list.iter().any(|list| front.starts_with(list))
}
