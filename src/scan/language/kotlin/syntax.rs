//! Kotlin: syntax tree -> common form.

use std::collections::BTreeSet;
use std::sync::Arc;

use tree_sitter::Node;

use super::scopes::Takes;
use super::told::VERB;
use crate::scan::form::*;
use crate::scan::language::annotations::{self, Annotation, Prefix};
use crate::scan::language::cases::{Case, Cases, chosen_case};
use crate::scan::language::lower::{Lowering, children, expr, unescape};
use crate::scan::language::rows::row_of;
use crate::scan::language::shared::{Manner, Part, Syntax, call, dedent, member, named, unknown};
use crate::scan::language::strings;
use crate::scan::objects::elements::{ROW, Rows};
use crate::scan::wording::method_named;

/// Kotlin's syntax.
pub(crate) struct Kotlin;

const STYLE: FormatStyle = FormatStyle::Percent;
/// The argument behind the parentheses of a call: `f(x) { .. }`.
pub(crate) const TRAILING: &str = "{}";
/// What a request's closure says about it, as a builder.
const OPTIONS: &str = "(options)";
/// The part of the options that stands behind the URL which is given.
pub(crate) const MORE: &str = "(more)";

/// Lowers a Kotlin file.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    // Functions of the file are called by their bare names inside classes too.
    for child in children(root) {
        if matches!(child.kind(), "function_declaration" | "property_declaration") {
            let name = lowering.kt_name(child);
            lowering.declare(name);
        }
    }
    let body = lowering.block::<Kotlin>(root);
    lowering.unit.functions[0].body = body;
    lowering.unit
}

pub(crate) fn child_of<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    children(node).into_iter().find(|child| child.kind() == kind)
}

impl Syntax for Kotlin {
    const BARE_MEMBERS: bool = true;

    fn statement<'t>(l: &mut Lowering<'t>, node: Node<'t>, out: &mut Vec<Stmt>) {
        match node.kind() {
            "class_declaration" | "object_declaration" => l.kt_class(node),
            "infix_expression" if child_of(node, "object_literal").is_some() => l.kt_class(node),
            "import_list" => {
                for header in children(node) {
                    let text = l.text(header).trim_start_matches("import");
                    match text.split_once(" as ") {
                        Some((path, alias)) => l.rename(alias.trim(), path),
                        None => l.note_import(text.trim()),
                    }
                }
            }
            "package_header" => l.note_package(l.text(node).trim_start_matches("package").trim()),
            "type_alias" | "file_annotation" | "modifiers" | "label" => {}
            "function_declaration" => {
                l.kt_function(node, None);
            }
            "property_declaration" => l.kt_local(node, out),
            "assignment" => l.kt_assignment(node, out),
            "if_expression" => {
                let field = |name: &str| node.child_by_field_name(name);
                l.branch::<Kotlin>(field("condition"), field("consequence"), field("alternative"), out);
            }
            "when_expression" => {
                let mut cases = Cases::of(kt_subject(node));
                let mut arms = Vec::new();
                let mut exhaustive = false;
                let bare = kt_subject(node).is_none();
                for entry in children(node) {
                    match entry.kind() {
                        "when_subject" => {
                            let value = l.effects::<Kotlin>(entry);
                            out.push(Stmt::Expr(expr(value, entry)));
                        }
                        "when_entry" => {
                            let case = kt_case(entry);
                            // `when { user.isAdmin -> .. }`
                            for label in case.labels.iter().filter(|_| bare) {
                                let value = l.effects::<Kotlin>(*label);
                                out.push(Stmt::Expr(expr(value, *label)));
                            }
                            exhaustive |= case.labels.is_empty();
                            let mut arm = cases.arm(l, &case);
                            arm.extend(l.body::<Kotlin>(child_of(entry, "control_structure_body")));
                            arms.push(arm);
                        }
                        _ => {}
                    }
                }
                l.arms(arms, exhaustive, out);
            }
            "for_statement" => {
                let parts = children(node);
                let name = child_of(node, "variable_declaration")
                    .and_then(|name| child_of(name, "simple_identifier"));
                let body = child_of(node, "control_structure_body");
                let list = parts.into_iter().find(|part| {
                    !matches!(
                        part.kind(),
                        "variable_declaration"
                            | "multi_variable_declaration"
                            | "control_structure_body"
                            | "annotation"
                    )
                });
                if let (Some(names), Some(list)) = (child_of(node, "multi_variable_declaration"), list) {
                    l.kt_rows(names, list, out);
                }
                l.each::<Kotlin>(name, list, body, out);
            }
            "while_statement" | "do_while_statement" => {
                let mut body = Vec::new();
                for part in children(node) {
                    l.stmt::<Kotlin>(part, &mut body);
                }
                out.push(Stmt::Loop(body));
            }
            "try_expression" => {
                let body =
                    child_of(node, "statements").map(|body| l.block::<Kotlin>(body)).unwrap_or_default();
                let of = |kind: &'static str| children(node).into_iter().filter(move |c| c.kind() == kind);
                let handlers = of("catch_block").filter_map(|block| child_of(block, "statements")).collect();
                let last = of("finally_block").next().and_then(|block| child_of(block, "statements"));
                l.attempt::<Kotlin>(body, handlers, last, out);
            }
            "jump_expression" => {
                let text = l.text(node);
                if text.starts_with("return") {
                    let value = children(node).into_iter().rfind(|child| child.kind() != "label");
                    l.give::<Kotlin>(node, value, out);
                } else {
                    l.leave::<Kotlin>(node, out);
                }
            }
            "statements" | "control_structure_body" | "source_file" | "ERROR" | "class_body" => {
                out.extend(l.block::<Kotlin>(node));
            }
            "call_expression" if l.kt_grown_each(node, out) => {}
            _ => {
                let value = l.value::<Kotlin>(node);
                let leaves = node.kind() == "call_expression" && l.kt_leaves(node);
                out.push(if leaves { Stmt::Return(value) } else { Stmt::Expr(value) });
            }
        }
    }

    fn expression<'t>(l: &mut Lowering<'t>, node: Node<'t>) -> ExprKind {
        match node.kind() {
            "string_literal" | "line_string_literal" | "multi_line_string_literal" => l.kt_string(node),
            "integer_literal" | "long_literal" => ExprKind::Text(l.name(node)),
            "character_literal" => ExprKind::Text(l.text(node).trim_matches('\'').into()),
            "simple_identifier" | "interpolated_identifier" => match l.text(node) {
                "this" => l.kt_this(),
                _ => l.variable::<Kotlin>(l.name(node), node),
            },
            "this_expression" if l.text(node) == "this" => l.kt_this(),
            "this_expression" => ExprKind::Name("this".into()),
            "super_expression" => ExprKind::Name("super".into()),
            "parenthesized_expression" | "interpolated_expression" => l.inner_value::<Kotlin>(node),
            "postfix_expression" | "as_expression" | "check_expression" => match children(node).first() {
                Some(inner) => l.value::<Kotlin>(*inner).kind,
                None => unknown(),
            },
            "spread_expression" => ExprKind::Spread(Box::new(expr(l.inner_value::<Kotlin>(node), node))),
            "additive_expression" => {
                let mut parts = Vec::new();
                l.kt_sum(node, &mut parts);
                ExprKind::Concat(l.values::<Kotlin>(parts))
            }
            "infix_expression" => match children(node).as_slice() {
                // `"GET" to "/users"` is a pair.
                [first, to, second] if l.text(*to) == "to" => {
                    ExprKind::List(l.values::<Kotlin>(vec![*first, *second]))
                }
                _ => l.effects::<Kotlin>(node),
            },
            "elvis_expression" => match children(node).as_slice() {
                [given, fallback] => {
                    let given = l.value::<Kotlin>(*given);
                    if fallback.kind() == "jump_expression" {
                        return given.kind;
                    }
                    ExprKind::Default(Box::new(given), Box::new(l.value::<Kotlin>(*fallback)))
                }
                _ => l.effects::<Kotlin>(node),
            },
            "navigation_expression" => {
                let parts = children(node);
                let object = parts.first().map(|object| l.value::<Kotlin>(*object));
                let name = child_of(node, "navigation_suffix")
                    .and_then(|suffix| child_of(suffix, "simple_identifier"));
                match (object, name) {
                    // A getter of Java that asks the server: `url.openConnection().inputStream`.
                    (Some(object), Some(name))
                        if matches!(l.text(name), "inputStream" | "responseCode" | "responseMessage") =>
                    {
                        call(member(object, l.text(name), node), Vec::new())
                    }
                    (Some(object), Some(name)) => ExprKind::Member(Box::new(object), l.name(name)),
                    _ => unknown(),
                }
            }
            "indexing_expression" => match children(node).as_slice() {
                [object, suffix] => {
                    let object = Box::new(l.value::<Kotlin>(*object));
                    ExprKind::Index(object, Box::new(expr(l.inner_value::<Kotlin>(*suffix), *suffix)))
                }
                _ => unknown(),
            },
            "if_expression" | "when_expression" | "try_expression" => {
                if let Some(chosen) = l.kt_chosen(node) {
                    return chosen;
                }
                let mut tails = Vec::new();
                let mut blocks = Vec::new();
                l.kt_tails(node, &mut tails, &mut blocks);
                let mut arms = l.values::<Kotlin>(tails);
                // `if (id == null) one else all`
                let condition = node.child_by_field_name("condition").filter(|_| blocks.is_empty());
                if let Some(asked) = condition.and_then(|condition| l.plain_test(condition, false))
                    && node.child_by_field_name("alternative").is_some()
                {
                    return l.plain_chosen(Some(asked), arms);
                }
                // What a block does before its value counts for its calls.
                for block in blocks {
                    let manner = Manner { inline: true, ..Manner::default() };
                    let id = l.define::<Kotlin>(None, None, manner, Vec::new(), |l| l.block::<Kotlin>(block));
                    arms.push(expr(ExprKind::Effects(vec![expr(ExprKind::Function(id), block)]), block));
                }
                ExprKind::Either(arms)
            }
            "lambda_literal" | "annotated_lambda" | "anonymous_function" => l.kt_lambda(node, None),
            "object_literal" => {
                l.kt_class(node);
                unknown()
            }
            "call_expression" => l.kt_call(node),
            "jump_expression" => l.effects::<Kotlin>(node),
            "null_literal" => ExprKind::Unknown("null".into()),
            "boolean_literal" => ExprKind::Unknown(l.name(node)),
            "callable_reference" | "user_type" | "type_identifier" => unknown(),
            _ => l.effects::<Kotlin>(node),
        }
    }
}

/// What a `when` compares its conditions with.
fn kt_subject(node: Node<'_>) -> Option<Node<'_>> {
    child_of(node, "when_subject").and_then(|subject| children(subject).last().copied())
}

/// The conditions of an entry of a `when`.
fn kt_case(entry: Node<'_>) -> Case<'_> {
    let labels = children(entry).into_iter().filter(|part| part.kind() == "when_condition").collect();
    Case { labels, does: true, asks_more: false }
}

impl<'t> Lowering<'t> {
    fn kt_string(&mut self, node: Node<'t>) -> ExprKind {
        let raw = self.text(node).strip_prefix("\"\"\"");
        // JSON keeps its places: what a body says stands at the line of its key.
        let raw = raw.is_some_and(|text| !text.trim_start().starts_with(['{', '[']));
        let mut parts = Vec::new();
        for child in children(node) {
            match child.kind() {
                "string_content" => {
                    let text = self.text(child);
                    parts.push(Part::Text(if raw && text.contains('\n') {
                        dedent(text)
                    } else {
                        text.to_owned()
                    }));
                }
                "character_escape_seq" | "escape_sequence" => {
                    parts.push(Part::Text(unescape(self.text(child))))
                }
                "interpolated_identifier" | "interpolated_expression" => parts.push(Part::Hole(child)),
                _ => {}
            }
        }
        self.text_of::<Kotlin>(node, parts)
    }

    /// The operands of a chain of `+`.
    fn kt_sum(&mut self, node: Node<'t>, out: &mut Vec<Node<'t>>) {
        let mut at = node;
        let mut back = Vec::new();
        while at.kind() == "additive_expression" {
            let parts = children(at);
            let [left, right] = parts.as_slice() else { break };
            back.push(*right);
            at = *left;
        }
        out.push(at);
        out.extend(back.into_iter().rev());
    }

    /// The value of a `when` whose arms are single expressions.
    fn kt_chosen(&mut self, node: Node<'t>) -> Option<ExprKind> {
        let subject = kt_subject(node)?;
        let mut cases = Cases::of(Some(subject));
        let mut chosen = Vec::new();
        for entry in children(node).into_iter().filter(|entry| entry.kind() == "when_entry") {
            let asked = cases.next(self, &kt_case(entry))?;
            let (mut tails, mut blocks) = (Vec::new(), Vec::new());
            self.kt_tails(child_of(entry, "control_structure_body")?, &mut tails, &mut blocks);
            match (tails.as_slice(), blocks.is_empty()) {
                ([], true) => {}
                ([value], true) => chosen.push((asked, *value)),
                _ => return None,
            }
        }
        let values = chosen.into_iter().map(|(asked, value)| (Some(asked), self.value::<Kotlin>(value)));
        Some(chosen_case(values.collect()))
    }

    /// The last expressions of a branch's arms, and the arms that do more.
    fn kt_tails(&mut self, node: Node<'t>, tails: &mut Vec<Node<'t>>, blocks: &mut Vec<Node<'t>>) {
        self.nested(node, |l| match node.kind() {
            "if_expression" => {
                for field in ["consequence", "alternative"] {
                    if let Some(arm) = node.child_by_field_name(field) {
                        l.kt_tails(arm, tails, blocks);
                    }
                }
            }
            "when_expression" => {
                for entry in children(node) {
                    if let Some(body) =
                        child_of(entry, "control_structure_body").filter(|_| entry.kind() == "when_entry")
                    {
                        l.kt_tails(body, tails, blocks);
                    }
                }
            }
            "try_expression" | "control_structure_body" | "statements" => {
                let parts = children(node);
                let body = child_of(node, "statements").or_else(|| parts.last().copied());
                if node.kind() == "statements" && parts.len() > 1 {
                    blocks.push(node);
                }
                let last = if node.kind() == "statements" { parts.last().copied() } else { body };
                if let Some(last) = last {
                    l.kt_tails(last, tails, blocks);
                }
            }
            "jump_expression" | "assignment" | "property_declaration" => {}
            _ => tails.push(node),
        });
    }

    pub(crate) fn kt_name(&self, node: Node<'t>) -> Arc<str> {
        let holder = child_of(node, "variable_declaration").unwrap_or(node);
        child_of(holder, "simple_identifier").map_or_else(|| "_".into(), |name| self.name(name))
    }

    /// The value of a property, unless it has none.
    fn kt_initial(&self, node: Node<'t>) -> Option<Node<'t>> {
        let value = children(node).into_iter().rfind(|child| {
            !matches!(
                child.kind(),
                "modifiers"
                    | "binding_pattern_kind"
                    | "variable_declaration"
                    | "multi_variable_declaration"
                    | "getter"
                    | "setter"
                    | "user_type"
                    | "type_parameters"
                    | "nullable_type"
                    | "type_constraints"
                    | "receiver_type"
            )
        })?;
        // `by lazy { .. }`
        Some(if value.kind() == "property_delegate" { children(value).first().copied()? } else { value })
    }

    fn kt_value(&mut self, node: Node<'t>) -> Expr {
        if node.kind() == "call_expression"
            && self.text(node).starts_with("lazy")
            && let Some(suffix) = child_of(node, "call_suffix")
            && let Some(lambda) = child_of(suffix, "annotated_lambda")
            && let Some(last) = self.kt_statements(lambda).last().copied()
        {
            // What stands above the value is done too, as in `run { .. }`.
            let more = self.kt_statements(lambda).len() > 1;
            let run = if more { self.kt_scoped("run", None, suffix, lambda) } else { None };
            return run.map_or_else(|| self.value::<Kotlin>(last), |run| expr(run, node));
        }
        self.value::<Kotlin>(node)
    }

    fn kt_local(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let value = self.kt_initial(node);
        let Some(name) =
            child_of(node, "variable_declaration").and_then(|name| child_of(name, "simple_identifier"))
        else {
            if let (Some(names), Some(value)) = (child_of(node, "multi_variable_declaration"), value) {
                return self.kt_taken_apart(names, value, out);
            }
            self.discard::<Kotlin>(value, out);
            return;
        };
        match value {
            Some(value) => {
                let value = self.kt_value(value);
                self.local(name, value, out);
            }
            None => self.declare(self.name(name)),
        }
    }

    fn kt_assignment(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let parts = children(node);
        let [left, .., right] = parts.as_slice() else { return };
        let mut cursor = node.walk();
        let operator =
            node.children(&mut cursor).find(|child| !child.is_named()).map_or("=", |op| self.text(op));
        let value = self.value::<Kotlin>(*right);
        let target = self.kt_target(*left);
        let old = self.kt_target(*left);
        if let (ExprKind::Member(_, name), "=") = (&target.kind, operator)
            && matches!(&**name, "requestMethod" | "doOutput" | "path" | "encodedPath")
        {
            // `connection.requestMethod = "PUT"` is Java's `setRequestMethod`.
            let setter = match &**name {
                "requestMethod" => "setRequestMethod",
                "doOutput" => "setDoOutput",
                _ => "setPath",
            };
            if let ExprKind::Member(object, _) = self.kt_target(*left).kind {
                let value = self.value::<Kotlin>(*right);
                let step = call(member(*object, setter, node), vec![Arg { name: None, value }]);
                out.push(Stmt::Expr(expr(step, node)));
            }
        }
        out.push(self.assignment(target, operator, old, value, node));
    }

    /// `a.b["c"]` on the left of an assignment.
    fn kt_target(&mut self, node: Node<'t>) -> Expr {
        let mut parts = children(node).into_iter();
        let Some(first) = parts.next() else { return expr(unknown(), node) };
        let implicit =
            self.kt_implicit(self.text(first), first).filter(|_| first.kind() == "simple_identifier");
        let mut target = implicit.unwrap_or_else(|| self.value::<Kotlin>(first));
        for suffix in parts {
            target = match suffix.kind() {
                "navigation_suffix" => {
                    let name =
                        child_of(suffix, "simple_identifier").map(|name| self.name(name)).unwrap_or_default();
                    member(target, &name, node)
                }
                _ => {
                    let key = expr(self.inner_value::<Kotlin>(suffix), suffix);
                    expr(ExprKind::Index(Box::new(target), Box::new(key)), node)
                }
            };
        }
        target
    }

    fn kt_class(&mut self, node: Node<'t>) {
        let name = child_of(node, "type_identifier").or_else(|| child_of(node, "simple_identifier"));
        let name =
            name.map_or_else(|| format!("(class {})", node.start_byte()).into(), |name| self.name(name));
        let mut bases = Vec::new();
        let mut above = None;
        for specifier in children(node).into_iter().filter(|child| child.kind() == "delegation_specifier") {
            let text = self.text(specifier).split(['(', '<', ' ']).next().unwrap_or_default();
            bases.push(text.rsplit('.').next().unwrap_or_default().into());
            // `class Pools : Http(HOST)`
            let given = child_of(specifier, "constructor_invocation");
            above = above.or(given.and_then(|given| child_of(given, "value_arguments")));
        }
        let body = child_of(node, "class_body").or_else(|| child_of(node, "enum_class_body"));
        let body = body
            .or_else(|| child_of(node, "lambda_literal").and_then(|lambda| child_of(lambda, "statements")));
        let mut declared = body.map(children).unwrap_or_default();
        // What a companion holds is read by the class's own name.
        for companion in declared.clone().into_iter().filter(|child| child.kind() == "companion_object") {
            declared.extend(child_of(companion, "class_body").map(children).unwrap_or_default());
        }
        let header = child_of(node, "primary_constructor");
        let params = header.map(|header| self.kt_params(header)).unwrap_or_default();
        let mut members: BTreeSet<Arc<str>> = params.iter().map(|param| param.name.clone()).collect();
        for child in &declared {
            match child.kind() {
                "property_declaration" | "function_declaration" | "enum_entry" => {
                    members.insert(self.kt_name(*child));
                }
                _ => {}
            }
        }
        let class = self.open_class::<Kotlin>(&name, bases, members);
        for param in header.map(children).unwrap_or_default() {
            self.declare_field(class, &self.kt_name(param), kt_type(param));
        }
        self.unit.classes[class].single = node.kind() == "object_declaration" && above.is_some();
        if let Some(place) = header.or(above) {
            let names: Vec<Arc<str>> = params.iter().map(|param| param.name.clone()).collect();
            let manner = Manner { constructor: true, ..Manner::default() };
            let id = self.define::<Kotlin>(Some("<init>".into()), Some(class), manner, params, |l| {
                let mut body: Vec<Stmt> = names.iter().map(|name| l.keep::<Kotlin>(name, place)).collect();
                if let Some(given) = above {
                    let args = l.kt_args(given);
                    body.push(Stmt::Expr(expr(call(named("super", given), args), given)));
                }
                body
            });
            self.kt_wired(id, header);
        }
        self.kt_wire(class, node, &declared, header);
        self.kt_resource(class, node);
        let mut cursor = node.walk();
        let interface = node.children(&mut cursor).any(|child| child.kind() == "interface");
        let prefix = if interface { Some(annotations::prefix(&self.kt_annotations(node))) } else { None };
        for child in &declared {
            self.nested(*child, |l| l.kt_member(class, *child, prefix.as_ref()));
        }
        for entry in declared.iter().filter(|child| child.kind() == "enum_entry") {
            let args = child_of(*entry, "value_arguments").map(children).unwrap_or_default();
            let name = self.kt_name(*entry);
            self.set_field::<Kotlin>(name.clone(), *entry, |l| {
                let args = args.iter().map(|arg| expr(l.inner_value::<Kotlin>(*arg), *arg)).collect();
                expr(l.constant_of(class, &name, args, *entry), *entry)
            });
        }
        self.close_class();
    }

    fn kt_member(&mut self, class: ClassId, node: Node<'t>, interface: Option<&Prefix>) {
        match node.kind() {
            "property_declaration" => {
                let name = self.kt_name(node);
                let declared = child_of(node, "variable_declaration").and_then(kt_type);
                self.declare_field(class, &name, declared);
                self.kt_field_handed(class, &name, node);
                // In a line of its own the grammar has the getter beside the property.
                let beside = || node.next_named_sibling().filter(|next| next.kind() == "getter");
                if let Some(getter) = child_of(node, "getter")
                    .or_else(beside)
                    .and_then(|getter| child_of(getter, "function_body"))
                {
                    let manner = Manner { property: true, ..Manner::default() };
                    self.define::<Kotlin>(Some(name), Some(class), manner, Vec::new(), |l| l.kt_body(getter));
                } else if let Some(value) = self.kt_initial(node) {
                    self.set_field::<Kotlin>(name, node, |l| l.kt_value(value));
                }
            }
            "function_declaration" => {
                let id = self.kt_function(node, Some(class));
                if let Some(prefix) = interface {
                    let found = [self.kt_annotations(node), self.kt_annotations(node)];
                    self.asked_by_annotation(id, prefix, found, node);
                }
            }
            "anonymous_initializer" => {
                let manner = Manner::default();
                self.define::<Kotlin>(None, Some(class), manner, Vec::new(), |l| l.block::<Kotlin>(node));
            }
            "secondary_constructor" => {
                let params = child_of(node, "function_value_parameters").map(|list| self.kt_params(list));
                let manner = Manner { constructor: true, ..Manner::default() };
                let name = Some("<init>".into());
                let other = child_of(node, "constructor_delegation_call");
                let id = self.define::<Kotlin>(name, Some(class), manner, params.unwrap_or_default(), |l| {
                    let other = other.and_then(|other| {
                        let args = l.kt_args(child_of(other, "value_arguments")?);
                        let own = l.text(other).starts_with("this");
                        let callee = named(if own { OWN_CONSTRUCTOR } else { "super" }, other);
                        Some(Stmt::Expr(expr(call(callee, args), other)))
                    });
                    let mut out: Vec<Stmt> = other.into_iter().collect();
                    out.extend(l.kt_secondary(node));
                    out
                });
                self.kt_wired(id, child_of(node, "function_value_parameters"));
            }
            "class_declaration" | "object_declaration" => self.kt_class(node),
            _ => {}
        }
    }

    fn kt_secondary(&mut self, node: Node<'t>) -> Vec<Stmt> {
        child_of(node, "statements").map(|body| self.block::<Kotlin>(body)).unwrap_or_default()
    }

    fn kt_function(&mut self, node: Node<'t>, class: Option<ClassId>) -> FunctionId {
        let name = self.kt_name(node);
        // `suspend fun HttpClient.read(path: String)` is a method of the client.
        let extended = node.child_by_field_name("receiver");
        let opened = extended.filter(|_| class.is_none()).map(|kind| {
            let kind: Arc<str> = self.text(kind).split(['<', '?']).next().unwrap_or_default().into();
            self.open_class::<Kotlin>(&format!("({kind})"), vec![kind], BTreeSet::new())
        });
        let class = class.or(opened);
        let params =
            child_of(node, "function_value_parameters").map(|list| self.kt_params(list)).unwrap_or_default();
        let body = child_of(node, "function_body");
        let id = self.define::<Kotlin>(Some(name), class, Manner::default(), params, |l| {
            let mut out = body.map(|body| l.kt_body(body)).unwrap_or_default();
            out.extend(l.kt_told_by_extension(node));
            out
        });
        if opened.is_some() {
            self.close_class();
        }
        self.declare_gives(id, kt_type(node));
        if opened.is_none() {
            self.kt_bean(id, node);
        }
        id
    }

    /// `{ statements }` or `= expression`
    fn kt_body(&mut self, node: Node<'t>) -> Vec<Stmt> {
        if self.text(node).starts_with('{') {
            return child_of(node, "statements").map(|body| self.block::<Kotlin>(body)).unwrap_or_default();
        }
        let value = self.inner_value::<Kotlin>(node);
        vec![Stmt::Return(expr(value, node))]
    }

    fn kt_params(&mut self, list: Node<'t>) -> Vec<Param> {
        let mut out: Vec<Param> = Vec::new();
        let mut rest = false;
        for child in children(list) {
            match child.kind() {
                "parameter_modifiers" => rest = self.text(child).contains("vararg"),
                "parameter" | "class_parameter" => {
                    let kind = if std::mem::take(&mut rest) { ParamKind::Rest } else { ParamKind::Plain };
                    let default = children(child)
                        .last()
                        .copied()
                        .filter(|_| child.kind() == "class_parameter" && self.text(child).contains('='));
                    let default = default.map(|value| self.value::<Kotlin>(value));
                    let name = self.kt_name(child);
                    self.declare_param(&name, kt_type(child));
                    out.push(Param { name, kind, default });
                }
                // A default stands behind its parameter.
                _ => {
                    let value = self.value::<Kotlin>(child);
                    if let Some(param) = out.last_mut() {
                        param.default = Some(value);
                    }
                }
            }
        }
        self.kt_verb_param(&mut out, list);
        out
    }

    /// A closure; `item` is what its first parameter, or `it`, stands for.
    fn kt_lambda(&mut self, node: Node<'t>, item: Option<Expr>) -> ExprKind {
        let literal = child_of(node, "lambda_literal").unwrap_or(node);
        let names = child_of(literal, "lambda_parameters").map(children).unwrap_or_default();
        let row = names.iter().find(|name| name.kind() == "multi_variable_declaration").copied();
        let named_so = |name: &Node<'t>| match Some(*name) == row {
            true => ROW.into(),
            false => self.kt_name(*name),
        };
        let mut params: Vec<Param> =
            names.iter().map(|name| crate::scan::language::java::param(named_so(name))).collect();
        if params.is_empty() {
            params.push(crate::scan::language::java::param("it".into()));
        }
        let first = params[0].name.clone();
        let manner = Manner { inline: true, ..Manner::default() };
        ExprKind::Function(self.define::<Kotlin>(None, None, manner, params, |l| {
            let mut out = Vec::new();
            if let Some(value) = item {
                out.push(Stmt::Assign { target: named(&first, node), value });
            }
            if let Some(pattern) = row {
                l.kt_row_given(pattern, &mut out);
            }
            out.extend(
                child_of(literal, "statements").map(|body| l.block::<Kotlin>(body)).unwrap_or_default(),
            );
            // What it ends in is what it gives.
            if let Some(Stmt::Expr(value)) = out.pop_if(|last| matches!(last, Stmt::Expr(_))) {
                out.push(Stmt::Return(value));
            }
            out
        }))
    }

    pub(crate) fn kt_annotations(&mut self, node: Node<'t>) -> Vec<Annotation> {
        let mut out = Vec::new();
        for annotation in child_of(node, "modifiers").map(children).unwrap_or_default() {
            if annotation.kind() != "annotation" {
                continue;
            }
            let invocation = child_of(annotation, "constructor_invocation");
            let kind = child_of(invocation.unwrap_or(annotation), "user_type");
            let name: Arc<str> =
                kind.map_or("", |kind| self.text(kind)).rsplit('.').next().unwrap_or_default().into();
            let list = invocation.and_then(|invocation| child_of(invocation, "value_arguments"));
            let args = list.map(|list| self.kt_args(list)).unwrap_or_default();
            out.push(Annotation { name, args });
        }
        out
    }

    pub(super) fn kt_args(&mut self, list: Node<'t>) -> Vec<Arg> {
        let mut out = Vec::new();
        for argument in children(list) {
            match children(argument).as_slice() {
                [name, value] if name.kind() == "simple_identifier" => {
                    let value = self.value::<Kotlin>(*value);
                    out.push(Arg { name: Some(self.name(*name)), value });
                }
                [value] => {
                    let mut value = self.value::<Kotlin>(*value);
                    if self.text(argument).starts_with('*') {
                        value = expr(ExprKind::Spread(Box::new(value)), argument);
                    }
                    out.push(Arg { name: None, value });
                }
                _ => out.push(Arg { name: None, value: expr(self.effects::<Kotlin>(argument), argument) }),
            }
        }
        out
    }

    /// The class that a call is given: `(Users::class.java)`, `<Users>()`.
    fn kt_given_class(&self, suffix: Node<'t>) -> Option<&'t str> {
        if let Some(types) = child_of(suffix, "type_arguments") {
            return Some(self.text(types).trim_matches(['<', '>']));
        }
        let first = children(child_of(suffix, "value_arguments")?).into_iter().next()?;
        self.text(first).strip_suffix("::class.java")
    }

    /// The class that a declaration says it is, of which a call is the value.
    fn kt_awaited(&self, call: Node<'t>) -> Option<&'t str> {
        const FURTHEST: usize = 8;
        let above = std::iter::successors(call.parent(), |node| node.parent()).take(FURTHEST);
        for node in above {
            let declared = match node.kind() {
                "function_declaration" => kt_type(node),
                "property_declaration" => child_of(node, "variable_declaration").and_then(kt_type),
                "value_argument" | "class_body" => return None,
                _ => continue,
            };
            return declared.map(|kind| self.text(kind).trim_end_matches('?'));
        }
        None
    }

    fn kt_call(&mut self, node: Node<'t>) -> ExprKind {
        let parts = children(node);
        let (Some(function), Some(suffix)) = (parts.first().copied(), child_of(node, "call_suffix")) else {
            return self.effects::<Kotlin>(node);
        };
        let mut args = child_of(suffix, "value_arguments").map(|list| self.kt_args(list)).unwrap_or_default();
        if self.text(function).starts_with(char::is_uppercase)
            && let Some(list) = child_of(suffix, "value_arguments")
        {
            for (arg, node) in args.iter_mut().zip(children(list)) {
                let name = children(node).into_iter().next().filter(|_| arg.name.is_some());
                if let Some(name) = name {
                    self.keyed(arg, name);
                }
            }
        }
        if let Some(handed) = self.kt_handed(function, suffix) {
            return handed;
        }
        let lambda = child_of(suffix, "annotated_lambda");
        let name: Arc<str> = match function.kind() {
            "navigation_expression" => child_of(function, "navigation_suffix")
                .and_then(|suffix| child_of(suffix, "simple_identifier"))
                .map(|name| self.name(name))
                .unwrap_or_default(),
            _ => self.name(function),
        };
        if let Some(lambda) = lambda {
            let object =
                children(function).first().copied().filter(|_| function.kind() == "navigation_expression");
            let item = match (&*name, object) {
                ("let" | "also" | "run" | "apply", Some(object)) => Some(self.value::<Kotlin>(object)),
                (
                    "forEach" | "map" | "onEach" | "flatMap" | "mapNotNull" | "forEachIndexed",
                    Some(object),
                ) => {
                    let list = self.value::<Kotlin>(object);
                    match self.kt_takes(lambda) {
                        Takes::Item => Some(expr(ExprKind::Element(Box::new(list)), object)),
                        Takes::Row => Some(row_of(list, Rows::Entries, object)),
                        // As the call gives them.
                        Takes::Both if &*name == "forEach" => None,
                        Takes::Both => Some(expr(ExprKind::Element(Box::new(list)), object)),
                    }
                }
                _ => None,
            };
            // Ktor: `HttpRequestBuilder().apply { url("..") }`
            let made = object.filter(|_| &*name == "apply").unwrap_or(function);
            if self.text(made).trim_end_matches("()") == "HttpRequestBuilder" {
                return self.kt_options(lambda).kind;
            }
            if let Some(object) = object.filter(|_| matches!(&*name, "apply" | "also"))
                && let Some(applied) = self.kt_applied(object, lambda, node)
            {
                return applied;
            }
            if let Some(address) = object.and_then(|object| self.kt_address(&name, object, lambda, function))
            {
                return address;
            }
            // `with(url.openConnection()) { requestMethod = "POST"; responseCode }`
            if &*name == "with"
                && let Some(list) = child_of(suffix, "value_arguments")
                && let Some(object) = children(list).first().and_then(|arg| children(*arg).last().copied())
                && self.text(object).contains("onnection")
                && let Some(applied) = self.kt_applied(object, lambda, node)
            {
                return call(member(expr(applied, node), "getResponseCode", node), Vec::new());
            }
            if let Some(scoped) = self.kt_scoped(&name, object, suffix, lambda) {
                return scoped;
            }
            let lower = name.strip_prefix("prepare").unwrap_or(&name).to_ascii_lowercase();
            if method_named(&lower).is_some() || lower == "request" {
                let options = self.kt_options(lambda);
                args.push(Arg { name: Some(OPTIONS.into()), value: options });
            }
            if let Some(verb) = self.kt_told(lambda) {
                args.push(Arg { name: Some(VERB.into()), value: verb });
            }
            if matches!(&*name, "HttpClient" | "config")
                && let Some(base) = self.kt_base(lambda)
            {
                args.push(Arg { name: Some("baseUrl".into()), value: base });
            }
            let value = expr(self.kt_lambda(lambda, item), lambda);
            args.push(Arg { name: Some(TRAILING.into()), value });
        }
        let dotted: String = self.text(function).split_whitespace().collect();
        match &*dotted {
            "listOf" | "arrayOf" | "setOf" | "sequenceOf" | "mutableListOf" | "listOfNotNull"
            | "arrayListOf" | "flowOf" | "Pair" | "Triple" => {
                return ExprKind::List(args.into_iter().map(|arg| arg.value).collect());
            }
            "mapOf" | "mutableMapOf" | "hashMapOf" => return self.kt_map(suffix),
            "StringBuilder" | "StringBuffer" => return strings::builder_of(args),
            _ => {}
        }
        let mut args = match strings::function(&dotted, args, STYLE, node) {
            Ok(kind) => return kind,
            Err(args) => args,
        };
        // `retrofit.create(Users::class.java)`, `retrofit.create<Users>()`
        let made = matches!(&*name, "create" | "target").then(|| self.kt_given_class(suffix)).flatten();
        // `fun users(): Users = retrofit.create()`
        let made = made.or_else(|| self.kt_awaited(node).filter(|_| &*name == "create" && args.is_empty()));
        let callee = match function.kind() {
            "simple_identifier" => {
                if let Some(kind) = self.alias(&name, function) {
                    expr(kind, function)
                } else if let Some(member) = self.kt_implicit(&name, function) {
                    member
                } else if let Some(member) = self.kt_of_extended_client(&name, function) {
                    member
                } else {
                    expr(self.variable::<Kotlin>(name.clone(), function), function)
                }
            }
            _ => self.value::<Kotlin>(function),
        };
        match callee.kind {
            ExprKind::Member(object, name) if function.kind() == "navigation_expression" => {
                match (made, &*name, args.len()) {
                    (Some(class), "create", 0 | 1) => {
                        return annotations::made(class, self.client_maker::<Kotlin>(*object, node), node);
                    }
                    (Some(class), "target", 2) => {
                        return annotations::made(class, args.remove(1).value, node);
                    }
                    _ => {}
                }
                if self.kt_told_by_caller(&name, &args) {
                    return self.kt_verb_step(*object, node);
                }
                if &*name == "joinToString" && args.iter().any(|arg| arg.name.is_some()) {
                    return self.kt_joined(*object, args, node);
                }
                match strings::method(*object, &name, args, node) {
                    Ok(kind) => kind,
                    Err((object, args)) => call(member(object, &name, function), args),
                }
            }
            kind => call(Expr { kind, span: callee.span }, args),
        }
    }

    /// `mapOf("a" to 1)`
    fn kt_map(&mut self, suffix: Node<'t>) -> ExprKind {
        let mut entries = Vec::new();
        for argument in child_of(suffix, "value_arguments").map(children).unwrap_or_default() {
            let pair = children(argument).last().copied().unwrap_or(argument);
            match children(pair).as_slice() {
                [key, to, value] if self.text(*to) == "to" => {
                    let key = self.value::<Kotlin>(*key).key();
                    entries.push((key, self.value::<Kotlin>(*value)));
                }
                _ => {
                    let value = self.value::<Kotlin>(pair);
                    entries.push((None, value));
                }
            }
        }
        ExprKind::Object(entries)
    }

    pub(super) fn kt_statements(&self, lambda: Node<'t>) -> Vec<Node<'t>> {
        let literal = child_of(lambda, "lambda_literal").unwrap_or(lambda);
        child_of(literal, "statements").map(children).unwrap_or_default()
    }
}

/// The type that stands behind the name of a declaration.
fn kt_type(node: Node<'_>) -> Option<Node<'_>> {
    children(node).into_iter().find(|child| matches!(child.kind(), "user_type" | "nullable_type"))
}
