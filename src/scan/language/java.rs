//! Java: syntax tree -> common form.

use std::collections::BTreeSet;
use std::sync::Arc;

use tree_sitter::Node;

use super::annotations::{self, Annotation, plain_name};
use super::cases::{Case, Cases, chosen_case};
use super::lower::{Lowering, children, expr, field_children, operands, unescape};
use super::shared::{Manner, Syntax, call, dedent, member, named, plain, unknown};
use super::strings;
use crate::scan::form::*;

/// Java's syntax.
struct Java;

/// Lowers a Java file.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    let body = lowering.block::<Java>(root);
    lowering.unit.functions[0].body = body;
    lowering.unit
}

impl Syntax for Java {
    const BARE_MEMBERS: bool = true;

    fn statement<'t>(l: &mut Lowering<'t>, node: Node<'t>, out: &mut Vec<Stmt>) {
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "class_declaration" | "interface_declaration" | "record_declaration" | "enum_declaration" => {
                l.java_class(node);
            }
            "import_declaration" => l.java_import(node),
            "package_declaration" | "annotation_type_declaration" => {}
            "method_declaration" => {
                l.java_method(node, None);
            }
            "local_variable_declaration" | "field_declaration" => {
                for declarator in field_children(node, "declarator") {
                    if let Some(name) = declarator.child_by_field_name("name") {
                        l.declare_local(l.text(name), field("type"));
                    }
                    let (Some(name), Some(value)) =
                        (declarator.child_by_field_name("name"), declarator.child_by_field_name("value"))
                    else {
                        // `String url;` is assigned in a branch.
                        if let Some(name) = declarator.child_by_field_name("name") {
                            l.declare(l.name(name));
                        }
                        continue;
                    };
                    let value = l.value::<Java>(value);
                    l.local(name, value, out);
                }
            }
            "resource" => match (field("name"), field("value")) {
                (Some(name), Some(value)) => {
                    let value = l.value::<Java>(value);
                    l.local(name, value, out);
                }
                _ => out.extend(l.block::<Java>(node)),
            },
            "expression_statement" => {
                for child in children(node) {
                    if child.kind() == "assignment_expression" {
                        l.java_assignment(child, out);
                    } else {
                        let value = l.value::<Java>(child);
                        out.push(Stmt::Expr(value));
                    }
                }
            }
            "return_statement" => l.give::<Java>(node, children(node).first().copied(), out),
            "yield_statement" => {
                let value = l.inner_value::<Java>(node);
                out.push(Stmt::Expr(expr(value, node)));
            }
            "if_statement" => {
                l.branch::<Java>(field("condition"), field("consequence"), field("alternative"), out);
            }
            "enhanced_for_statement" => {
                l.each::<Java>(field("name"), field("value"), field("body"), out);
            }
            "for_statement" | "while_statement" | "do_statement" => {
                if let Some(init) = field("init") {
                    l.stmt::<Java>(init, out);
                }
                l.discard::<Java>(field("condition"), out);
                let body = l.body::<Java>(field("body"));
                out.push(Stmt::Loop(body));
            }
            "try_statement" | "try_with_resources_statement" => {
                if let Some(resources) = field("resources") {
                    out.extend(l.block::<Java>(resources));
                }
                let body = l.body::<Java>(field("body"));
                let of =
                    |kind: &str| children(node).into_iter().filter(|c| c.kind() == kind).collect::<Vec<_>>();
                let last = of("finally_clause").first().and_then(|clause| children(*clause).first().copied());
                let handlers =
                    of("catch_clause").iter().filter_map(|c| c.child_by_field_name("body")).collect();
                l.attempt::<Java>(body, handlers, last, out);
            }
            "switch_expression" | "switch_statement" => {
                l.discard::<Java>(field("condition"), out);
                let mut cases = Cases::of(field("condition"));
                let mut arms = Vec::new();
                let mut exhaustive = false;
                for group in field("body").map(children).unwrap_or_default() {
                    let (case, parts) = java_case(group);
                    exhaustive |= case.labels.is_empty();
                    let mut arm = cases.arm(l, &case);
                    parts.into_iter().for_each(|part| l.stmt::<Java>(part, &mut arm));
                    arms.push(arm);
                }
                l.arms(arms, exhaustive, out);
            }
            "explicit_constructor_invocation" => {
                let args = field("arguments").map(children).unwrap_or_default();
                let args = plain(l.values::<Java>(args));
                let own = field("constructor").is_some_and(|word| l.text(word) == "this");
                let callee = named(if own { OWN_CONSTRUCTOR } else { "super" }, node);
                out.push(Stmt::Expr(expr(call(callee, args), node)));
            }
            "throw_statement" => l.leave::<Java>(node, out),
            "break_statement" | "continue_statement" => out.push(Stmt::Leave),
            "synchronized_statement" => out.extend(l.body::<Java>(field("body"))),
            "block" | "constructor_body" | "program" | "labeled_statement" | "ERROR"
            | "static_initializer" => {
                out.extend(l.block::<Java>(node));
            }
            "identifier" | "type_identifier" | "modifiers" => {}
            _ => {
                let value = l.value::<Java>(node);
                out.push(Stmt::Expr(value));
            }
        }
    }

    fn expression<'t>(l: &mut Lowering<'t>, node: Node<'t>) -> ExprKind {
        match node.kind() {
            "string_literal" => l.java_string(node),
            "decimal_integer_literal" | "character_literal" => {
                ExprKind::Text(l.text(node).trim_matches('\'').into())
            }
            "identifier" => {
                let name = l.name(node);
                if let Some(kind) = l.alias(&name, node) {
                    return kind;
                }
                l.variable::<Java>(name, node)
            }
            "this" => ExprKind::Name("this".into()),
            "super" => ExprKind::Name("super".into()),
            "parenthesized_expression" | "cast_expression" => match node.child_by_field_name("value") {
                Some(value) => l.value::<Java>(value).kind,
                None => l.inner_value::<Java>(node),
            },
            "binary_expression" => match operands(node, "binary_expression", "+", l.source) {
                Some(parts) => ExprKind::Concat(l.values::<Java>(parts)),
                None => l.effects::<Java>(node),
            },
            "ternary_expression" => {
                let arms = ["consequence", "alternative"].map(|arm| l.field_value::<Java>(node, arm));
                let condition = node.child_by_field_name("condition");
                let asked = condition.and_then(|condition| l.plain_test(condition, false));
                l.chosen_by::<Java>(condition, asked, arms.into())
            }
            "switch_expression" => {
                let mut cases = Cases::of(node.child_by_field_name("condition"));
                let mut arms = Vec::new();
                for rule in node.child_by_field_name("body").map(children).unwrap_or_default() {
                    let (case, parts) = java_case(rule);
                    let asked = cases.next(l, &case);
                    let value = parts.into_iter().find_map(|part| match part.kind() {
                        "throw_statement" => None,
                        "expression_statement" => Some(part),
                        _ => children(part).into_iter().rfind(|c| c.kind() == "yield_statement"),
                    });
                    arms.extend(value.map(|value| (asked, expr(l.inner_value::<Java>(value), value))));
                }
                chosen_case(arms)
            }
            "field_access" => {
                let name = l.field_name(node, "field").unwrap_or_default();
                ExprKind::Member(Box::new(l.field_value::<Java>(node, "object")), name)
            }
            "array_access" => {
                let object = Box::new(l.field_value::<Java>(node, "array"));
                ExprKind::Index(object, Box::new(l.field_value::<Java>(node, "index")))
            }
            "array_initializer" | "element_value_array_initializer" => {
                ExprKind::List(l.values::<Java>(children(node)))
            }
            "array_creation_expression" => match node.child_by_field_name("value") {
                Some(value) => l.value::<Java>(value).kind,
                None => unknown(),
            },
            "assignment_expression" => l.field_value::<Java>(node, "right").kind,
            "lambda_expression" => l.java_lambda(node),
            "method_invocation" => l.java_call(node),
            "object_creation_expression" => l.java_new(node),
            "null_literal" => ExprKind::Unknown("null".into()),
            "true" | "false" => ExprKind::Unknown(l.name(node)),
            // `.map(this::load)`: elsewhere it may as well be told what was answered.
            "method_reference" => match children(node).as_slice() {
                [object, name] if name.kind() == "identifier" && l.is_handed_elements(node) => {
                    member(l.value::<Java>(*object), l.text(*name), node).kind
                }
                _ => unknown(),
            },
            "class_literal" | "type_identifier" | "generic_type" | "scoped_type_identifier" => unknown(),
            _ => l.effects::<Java>(node),
        }
    }
}

/// The labels of an arm, and what is done in it.
fn java_case(group: Node<'_>) -> (Case<'_>, Vec<Node<'_>>) {
    let (labels, parts): (Vec<_>, Vec<_>) =
        children(group).into_iter().partition(|part| part.kind() == "switch_label");
    let labels = labels.into_iter().flat_map(children);
    let (guards, labels): (Vec<_>, Vec<_>) = labels.partition(|label| label.kind() == "guard");
    (Case { labels, does: !parts.is_empty(), asks_more: !guards.is_empty() }, parts)
}

impl<'t> Lowering<'t> {
    fn java_string(&mut self, node: Node<'t>) -> ExprKind {
        let block = self.text(node).starts_with("\"\"\"");
        let mut text = String::new();
        for child in children(node) {
            match child.kind() {
                "escape_sequence" => text.push_str(&unescape(self.text(child))),
                _ => text.push_str(self.text(child)),
            }
        }
        ExprKind::Text(if block { dedent(&text) } else { text }.into())
    }

    fn java_assignment(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let operator = node.child_by_field_name("operator").map_or("=", |op| self.text(op));
        let target = self.field_value::<Java>(node, "left");
        let old = self.field_value::<Java>(node, "left");
        let value = self.field_value::<Java>(node, "right");
        out.push(self.assignment(target, operator, old, value, node));
    }

    fn java_lambda(&mut self, node: Node<'t>) -> ExprKind {
        let params = match node.child_by_field_name("parameters") {
            Some(list) if list.kind() == "identifier" => vec![param(self.name(list))],
            Some(list) => self.java_params(list),
            None => Vec::new(),
        };
        let manner = Manner { inline: true, ..Manner::default() };
        let body = node.child_by_field_name("body");
        ExprKind::Function(self.define::<Java>(None, None, manner, params, |l| l.java_closure(body)))
    }

    fn java_closure(&mut self, body: Option<Node<'t>>) -> Vec<Stmt> {
        match body {
            Some(body) if body.kind() == "block" => self.block::<Java>(body),
            Some(body) => {
                let value = self.value::<Java>(body);
                vec![Stmt::Return(value)]
            }
            None => Vec::new(),
        }
    }

    fn java_params(&mut self, list: Node<'t>) -> Vec<Param> {
        let mut out = Vec::new();
        for child in children(list) {
            match child.kind() {
                "spread_parameter" => {
                    let declarator = children(child).into_iter().find(|c| c.kind() == "variable_declarator");
                    let name = declarator.and_then(|d| self.field_name(d, "name")).unwrap_or_default();
                    out.push(Param { name, kind: ParamKind::Rest, default: None });
                }
                "formal_parameter" => {
                    let name = self.field_name(child, "name").unwrap_or_default();
                    self.declare_param(&name, child.child_by_field_name("type"));
                    out.push(param(name));
                }
                "identifier" => out.push(param(self.name(child))),
                _ => {}
            }
        }
        out
    }

    fn java_class(&mut self, node: Node<'t>) {
        let Some(name) = self.field_name(node, "name") else { return };
        let body = node.child_by_field_name("body");
        let mut bases = Vec::new();
        for field in ["superclass", "interfaces"] {
            for part in node.child_by_field_name(field).map(children).unwrap_or_default() {
                let list = if part.kind() == "type_list" { children(part) } else { vec![part] };
                bases.extend(list.into_iter().map(|base| self.java_type(base)));
            }
        }
        let mut declared = body.map(children).unwrap_or_default();
        for part in declared.clone() {
            if part.kind() == "enum_body_declarations" {
                declared.extend(children(part));
            }
        }
        let header = node.child_by_field_name("parameters");
        let mut members: BTreeSet<Arc<str>> =
            declared.iter().flat_map(|m| self.java_member_names(*m)).collect();
        let params = header.map(|list| self.java_params(list)).unwrap_or_default();
        members.extend(params.iter().map(|param| param.name.clone()));
        let class = self.open_class::<Java>(&name, bases, members);
        if let Some(header) = header {
            let readers = params.iter().map(|param| param.name.clone());
            let declares = |name: &Arc<str>| {
                declared.iter().any(|member| self.field_name(*member, "name").as_ref() == Some(name))
            };
            let readers = readers.filter(|name| !declares(name)).collect();
            self.java_record(class, header, params, readers);
        }
        self.java_wire(class, node, &declared, header);
        let prefix = annotations::prefix(&self.java_annotations(node));
        let interface = node.kind() == "interface_declaration";
        for child in &declared {
            if child.kind() != "enum_constant" {
                self.nested(*child, |l| l.java_member(class, *child, interface.then_some(&prefix)));
            }
        }
        for constant in declared.iter().filter(|child| child.kind() == "enum_constant") {
            let Some(name) = self.field_name(*constant, "name") else { continue };
            let args = constant.child_by_field_name("arguments").map(children).unwrap_or_default();
            self.set_field::<Java>(name.clone(), *constant, |l| {
                let args = l.values::<Java>(args);
                expr(l.constant_of(class, &name, args, *constant), *constant)
            });
        }
        self.close_class();
    }

    /// The components of a record are parameters, fields and, of those that it does not declare
    /// itself, readers.
    fn java_record(&mut self, class: ClassId, header: Node<'t>, params: Vec<Param>, readers: Vec<Arc<str>>) {
        let names: Vec<Arc<str>> = params.iter().map(|param| param.name.clone()).collect();
        let manner = Manner { constructor: true, ..Manner::default() };
        let constructor = Some("<init>".into());
        self.define::<Java>(constructor, Some(class), manner, params, |l| {
            names.iter().map(|name| l.keep::<Java>(name, header)).collect()
        });
        for name in readers {
            self.define::<Java>(Some(name.clone()), Some(class), Manner::default(), Vec::new(), |_| {
                vec![Stmt::Return(member(named("this", header), &name, header))]
            });
        }
    }

    pub(super) fn java_member_names(&self, node: Node<'t>) -> Vec<Arc<str>> {
        match node.kind() {
            "field_declaration" | "constant_declaration" => {
                let declarators = field_children(node, "declarator").into_iter();
                declarators.filter_map(|declarator| self.field_name(declarator, "name")).collect()
            }
            "method_declaration" | "enum_constant" => self.field_name(node, "name").into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn java_member(&mut self, class: ClassId, node: Node<'t>, prefix: Option<&annotations::Prefix>) {
        match node.kind() {
            "field_declaration" | "constant_declaration" => {
                let front = self.java_front(node);
                for declarator in field_children(node, "declarator") {
                    if let Some(name) = self.field_name(declarator, "name") {
                        self.declare_field(class, &name, node.child_by_field_name("type"));
                        self.note_wanted(Asker::Class(class), &name, front);
                        if let Some(setting) = self.put_in(front, declarator) {
                            self.set_field::<Java>(name, declarator, |_| setting);
                        }
                    }
                    if let (Some(name), Some(value)) =
                        (self.field_name(declarator, "name"), declarator.child_by_field_name("value"))
                    {
                        self.set_field::<Java>(name, declarator, |l| l.value::<Java>(value));
                    }
                }
            }
            "method_declaration" => {
                let id = self.java_method(node, Some(class));
                if let Some(prefix) = prefix {
                    let found = [self.java_annotations(node), self.java_annotations(node)];
                    self.asked_by_annotation(id, prefix, found, node);
                }
            }
            "constructor_declaration" => {
                let params = node.child_by_field_name("parameters").map(|list| self.java_params(list));
                let manner = Manner { constructor: true, ..Manner::default() };
                let name = Some("<init>".into());
                let body = node.child_by_field_name("body");
                let id = self.define::<Java>(name, Some(class), manner, params.unwrap_or_default(), |l| {
                    body.map(|body| l.block::<Java>(body)).unwrap_or_default()
                });
                self.java_handed(id, node);
            }
            "static_initializer" | "block" => {
                let manner = Manner::default();
                self.define::<Java>(None, Some(class), manner, Vec::new(), |l| l.block::<Java>(node));
            }
            kind if kind.ends_with("_declaration") => self.java_class(node),
            _ => {}
        }
    }

    fn java_method(&mut self, node: Node<'t>, class: Option<ClassId>) -> FunctionId {
        let name = self.field_name(node, "name");
        let params = node.child_by_field_name("parameters").map(|list| self.java_params(list));
        let body = node.child_by_field_name("body");
        let id = self.define::<Java>(name, class, Manner::default(), params.unwrap_or_default(), |l| {
            body.map(|body| l.block::<Java>(body)).unwrap_or_default()
        });
        self.declare_gives(id, node.child_by_field_name("type"));
        if class.is_some() {
            let kind = self.unit.functions[id].gives.clone();
            self.note_bean(id, self.java_front(node), kind);
            self.java_handed(id, node);
        }
        id
    }

    /// The modifiers of a declaration, annotations among them.
    fn java_front(&self, node: Node<'t>) -> &'t str {
        let modifiers = children(node).into_iter().find(|child| child.kind() == "modifiers");
        modifiers.map_or("", |modifiers| self.text(modifiers))
    }

    /// What a container hands to the parameters of a function.
    fn java_handed(&mut self, id: FunctionId, node: Node<'t>) {
        let list = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let params = list.into_iter().filter(|child| child.kind() == "formal_parameter");
        for (param, front) in params.map(|param| (param, self.java_front(param))).collect::<Vec<_>>() {
            self.note_handed(id, self.field_name(param, "name"), front, param);
        }
    }

    /// `import static acme.Urls.*`, `import static acme.Urls.USERS`: bare names may be of that class.
    fn java_import(&mut self, node: Node<'t>) {
        let text = self.text(node).trim_start_matches("import").trim();
        let Some(path) = text.strip_prefix("static ") else { return };
        let path = path.trim_end_matches(';').trim();
        if let Some((class, _)) = path.rsplit_once('.') {
            let class = class.rsplit('.').next().unwrap_or(class).trim();
            self.unit.opened.push(class.into());
        }
    }

    /// Whether a function is what a call does with every element, or with what there is.
    fn is_handed_elements(&self, function: Node<'t>) -> bool {
        let call = function.parent().and_then(|list| list.parent());
        let name = call.and_then(|call| call.child_by_field_name("name")).map_or("", |name| self.text(name));
        matches!(name, "map" | "flatMap" | "mapToObj" | "forEach" | "forEachOrdered" | "peek" | "ifPresent")
    }

    /// The annotations of a declaration with their arguments.
    pub(super) fn java_annotations(&mut self, node: Node<'t>) -> Vec<Annotation> {
        let modifiers = children(node).into_iter().filter(|child| child.kind() == "modifiers");
        let mut out = Vec::new();
        for annotation in modifiers.flat_map(children) {
            if !annotation.kind().ends_with("annotation") {
                continue;
            }
            let name = plain_name(self.field_name(annotation, "name"));
            let mut args = Vec::new();
            for part in annotation.child_by_field_name("arguments").map(children).unwrap_or_default() {
                if part.kind() == "element_value_pair" {
                    let value = self.field_value::<Java>(part, "value");
                    args.push(Arg { name: self.field_name(part, "key"), value });
                } else {
                    let value = self.value::<Java>(part);
                    args.push(Arg { name: None, value });
                }
            }
            out.push(Annotation { name, args });
        }
        out
    }

    /// `a.b.Client<T>`: Client.
    pub(super) fn java_type(&self, node: Node<'t>) -> Arc<str> {
        let text = self.text(node);
        let text = text.split('<').next().unwrap_or(text).trim();
        text.rsplit('.').next().unwrap_or(text).into()
    }

    fn java_new(&mut self, node: Node<'t>) -> ExprKind {
        let Some(kind) = node.child_by_field_name("type") else { return unknown() };
        let args = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let args = plain(self.values::<Java>(args));
        // `new Request.Builder()` keeps both names.
        let text = self.text(kind).split('<').next().unwrap_or_default().trim();
        let mut words = text.split('.');
        let mut callee = named(words.next().unwrap_or_default().trim(), kind);
        for word in words {
            callee = member(callee, word.trim(), kind);
        }
        if let Some(body) = children(node).into_iter().find(|child| child.kind() == "class_body") {
            let name = format!("(class {})", node.start_byte());
            let members = children(body).iter().flat_map(|child| self.java_member_names(*child)).collect();
            let class = self.open_class::<Java>(&name, vec![self.java_type(kind)], members);
            for child in children(body) {
                self.nested(child, |l| l.java_member(class, child, None));
            }
            self.close_class();
            // `new HashMap<>() {{ put("a", 1); }}`
            if text.ends_with("Map") {
                return unknown();
            }
        }
        match text {
            "String" | "URL" | "URI" if args.len() == 1 => {
                match strings::function("String", args, STYLE, node) {
                    Ok(kind) => kind,
                    Err(_) => unknown(),
                }
            }
            "StringBuilder" | "StringBuffer" => strings::builder_of(args),
            // What stands between its parts and before them; that of a query begins one.
            "StringJoiner" => match args.into_iter().nth(1) {
                Some(front) => ExprKind::Concat(vec![front.value, expr(unknown(), node)]),
                None => unknown(),
            },
            "ArrayList" | "LinkedList" | "ArrayDeque" | "LinkedHashSet" | "HashSet" => strings::list_of(args),
            _ => call(callee, args),
        }
    }

    /// The name of the class in `Users.class`.
    fn of_class(&self, literal: Node<'t>) -> &'t str {
        self.text(literal).trim_end_matches(".class")
    }

    fn java_call(&mut self, node: Node<'t>) -> ExprKind {
        let Some(name) = self.field_name(node, "name") else { return unknown() };
        let nodes = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        // `.uri(builder -> builder.path("/x").build())` is what the closure gives.
        let args = match nodes.as_slice() {
            [closure] if matches!(&*name, "uri" | "url") && closure.kind() == "lambda_expression" => {
                let body = closure.child_by_field_name("body");
                match (closure.child_by_field_name("parameters"), body) {
                    (Some(list), Some(body)) if list.kind() == "identifier" && body.kind() != "block" => {
                        let word = self.name(list);
                        let value = self.with_alias(word, |l| l.value::<Java>(body));
                        plain(vec![value])
                    }
                    _ => plain(self.values::<Java>(nodes.clone())),
                }
            }
            _ => plain(self.values::<Java>(nodes.clone())),
        };
        let Some(object) = node.child_by_field_name("object") else {
            // `repo(repo)`: what is called is no variable, whatever has the same name.
            if self.is_declared(&name) && self.current_class().is_some() {
                return call(member(named("this", node), &name, node), args);
            }
            let callee = self.variable::<Java>(name, node);
            return call(expr(callee, node), args);
        };
        let dotted = format!("{}.{name}", self.text(object));
        let args = match strings::function(&dotted, args, STYLE, node) {
            Ok(kind) => return kind,
            Err(args) => args,
        };
        match (self.text(object), &*name) {
            ("Map" | "ImmutableMap" | "Collections", "of" | "singletonMap") => return pairs(args),
            // One name alone may be a whole array.
            (
                "List" | "Arrays" | "Set" | "ImmutableList" | "Stream",
                "of" | "asList" | "copyOf" | "stream",
            ) if matches!(args.as_slice(), [Arg { value: Expr { kind: ExprKind::Name(_), .. }, .. }]) => {
                return strings::list_of(args);
            }
            ("List" | "Arrays" | "Set" | "ImmutableList" | "Stream", "of" | "asList") => {
                return ExprKind::List(args.into_iter().map(|arg| arg.value).collect());
            }
            ("Optional", "of" | "ofNullable") if args.len() == 1 => {
                return args.into_iter().next().map_or_else(unknown, |arg| arg.value.kind);
            }
            _ => {}
        }
        let object = self.value::<Java>(object);
        let literal = |node: &Node<'t>| node.kind() == "class_literal";
        match (&*name, nodes.as_slice()) {
            // Retrofit: `retrofit.create(Users.class)`
            ("create", [class]) if literal(class) => {
                let maker = self.client_maker::<Java>(object, node);
                return annotations::made(self.of_class(*class), maker, node);
            }
            // Feign: `Feign.builder().target(Users.class, "https://..")`
            ("target", [class, url]) if literal(class) => {
                let url = self.value::<Java>(*url);
                return annotations::made(self.of_class(*class), url, node);
            }
            _ => {}
        }
        let (object, args) = match (&*name, &object.kind) {
            ("append", ExprKind::Concat(_)) => (object, args),
            _ => match strings::method(object, &name, args, node) {
                Ok(kind) => return kind,
                Err(parts) => parts,
            },
        };
        // `new StringBuilder(a).append(b)`
        if let ("append", ExprKind::Concat(_)) = (&*name, &object.kind) {
            let ExprKind::Concat(mut parts) = object.kind else { return unknown() };
            parts.extend(args.into_iter().map(|arg| arg.value));
            return ExprKind::Concat(parts);
        }
        call(member(object, &name, node), args)
    }
}

const STYLE: FormatStyle = FormatStyle::Percent;

pub(super) fn param(name: Arc<str>) -> Param {
    Param { name, kind: ParamKind::Plain, default: None }
}

/// `Map.of("a", 1, "b", 2)`
fn pairs(args: Vec<Arg>) -> ExprKind {
    let mut out = Vec::new();
    let mut values = args.into_iter().map(|arg| arg.value);
    while let (Some(key), Some(value)) = (values.next(), values.next()) {
        out.push((key.key(), value));
    }
    ExprKind::Object(out)
}
