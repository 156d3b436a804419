//! PHP: syntax tree -> common form.

use std::collections::BTreeSet;
use std::sync::Arc;

use tree_sitter::Node;

use super::http::library_class;
use crate::scan::form::*;
use crate::scan::language::cases::{Case, Cases, chosen_case};
use crate::scan::language::conditions::{Asked, MAX_ARMS};
use crate::scan::language::lower::{Lowering, children, expr, field_children, operands, unescape};
use crate::scan::language::shared::{Manner, Part, Syntax, call, declared_type, member, named, unknown};
use crate::scan::language::strings;
use crate::scan::objects::elements::Rows;
use crate::scan::wording::method_named;

/// PHP's syntax.
pub(crate) struct Php;

const STYLE: FormatStyle = FormatStyle::Percent;

/// Lowers a PHP file.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    let body = lowering.block::<Php>(root);
    lowering.unit.functions[0].body = body;
    lowering.unit
}

impl Syntax for Php {
    fn statement<'t>(l: &mut Lowering<'t>, node: Node<'t>, out: &mut Vec<Stmt>) {
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "class_declaration" | "interface_declaration" | "trait_declaration" | "enum_declaration" => {
                l.php_class(node)
            }
            "function_definition" => {
                l.php_function(node, None);
            }
            "const_declaration" => {
                for element in children(node).into_iter().filter(|child| child.kind() == "const_element") {
                    if let [name, value] = children(element).as_slice() {
                        let value = l.value::<Php>(*value);
                        l.local(*name, value, out);
                    }
                }
            }
            "namespace_definition" => out.extend(l.body::<Php>(field("body"))),
            "namespace_use_declaration" => {
                let text = l.text(node).trim_start_matches("use").trim_end_matches(';');
                for part in text.split([',', '{', '}']) {
                    if let Some((path, alias)) = part.split_once(" as ") {
                        l.rename(alias.trim(), library_class(path.trim()).unwrap_or(path));
                    }
                }
            }
            "php_tag" | "text" | "text_interpolation" | "use_declaration" | "global_declaration"
            | "declare_statement" | "php_end_tag" | "attribute_list" => {}
            "expression_statement" => {
                for child in children(node) {
                    match child.kind() {
                        "assignment_expression"
                        | "augmented_assignment_expression"
                        | "reference_assignment_expression" => l.php_assignment(child, out),
                        "throw_expression" => l.leave::<Php>(child, out),
                        "match_expression" => l.php_match(child, out),
                        _ => {
                            if let Some((name, value)) = l.php_defined(child) {
                                let value = l.value::<Php>(value);
                                let name = expr(ExprKind::Name(name), child);
                                out.push(Stmt::Assign { target: name, value });
                                continue;
                            }
                            let value = l.value::<Php>(child);
                            out.push(Stmt::Expr(value));
                        }
                    }
                }
            }
            "echo_statement" | "print_intrinsic" => {
                let args = children(node)
                    .into_iter()
                    .map(|child| Arg { name: None, value: l.value::<Php>(child) })
                    .collect();
                out.push(Stmt::Expr(expr(call(named("echo", node), args), node)));
            }
            "return_statement" if l.php_given_by_file(node, out) => {}
            "return_statement" => l.give::<Php>(node, children(node).first().copied(), out),
            "if_statement" | "else_if_clause" => {
                l.discard::<Php>(field("condition"), out);
                // None of the conditions above an arm holds there.
                let mut above: Vec<Asked<'_>> = Vec::new();
                let (mut arms, mut asks) = (Vec::new(), Vec::new());
                let mut exhaustive = false;
                for arm in std::iter::once(node).chain(field_children(node, "alternative")) {
                    exhaustive |= arm.kind() == "else_clause";
                    let mut body: Vec<Stmt> = above.iter().map(|asked| asked.when(false)).collect();
                    let condition = arm.child_by_field_name("condition");
                    let asked = condition.and_then(|condition| l.plain_test(condition, true));
                    body.extend(asked.as_ref().map(|asked| asked.when(true)));
                    body.extend(l.body::<Php>(arm.child_by_field_name("body")));
                    let asked = asked.filter(|_| above.len() < MAX_ARMS);
                    asks.push(asked.as_ref().map(|_| above.len()));
                    above.extend(asked);
                    arms.push(body);
                }
                // Behind arms that leave, what they asked does not hold.
                let mut after = Vec::new();
                for (asked, _) in asks.iter().zip(&arms).take_while(|(_, arm)| leaves(arm)) {
                    after.extend(asked.map(|at: usize| above[at].when(false)));
                }
                if !exhaustive {
                    arms.push(above.iter().map(|asked| asked.when(false)).collect());
                }
                out.push(Stmt::Branch(arms));
                out.extend(after);
            }
            "foreach_statement" => {
                let parts = children(node);
                let list = parts.first().copied();
                if let (Some(list), Some(pattern)) = (list, parts.get(1).copied()) {
                    let items = l.value::<Php>(list);
                    l.php_each(pattern, items, out);
                }
                let body = l.body::<Php>(field("body"));
                out.push(Stmt::Loop(body));
            }
            "for_statement" | "while_statement" | "do_statement" => {
                l.discard::<Php>(field("condition"), out);
                let body = l.body::<Php>(field("body"));
                out.push(Stmt::Loop(body));
            }
            "switch_statement" => {
                l.discard::<Php>(field("condition"), out);
                let mut cases = Cases::of(field("condition"));
                let mut arms = Vec::new();
                let mut exhaustive = false;
                for case in field("body").map(children).unwrap_or_default() {
                    exhaustive |= case.kind() == "default_statement";
                    let value = case.child_by_field_name("value");
                    let parts: Vec<_> =
                        children(case).into_iter().filter(|part| Some(*part) != value).collect();
                    let labels = value.into_iter().collect();
                    let mut arm = cases.arm(l, &Case { labels, does: !parts.is_empty(), asks_more: false });
                    parts.into_iter().for_each(|part| l.stmt::<Php>(part, &mut arm));
                    arms.push(arm);
                }
                l.arms(arms, exhaustive, out);
            }
            "try_statement" => {
                let body = l.body::<Php>(field("body"));
                let of =
                    |kind: &str| children(node).into_iter().filter(|c| c.kind() == kind).collect::<Vec<_>>();
                let handlers =
                    of("catch_clause").iter().filter_map(|c| c.child_by_field_name("body")).collect();
                let last = of("finally_clause").first().and_then(|clause| clause.child_by_field_name("body"));
                l.attempt::<Php>(body, handlers, last, out);
            }
            "break_statement" | "continue_statement" | "exit_statement" => out.push(Stmt::Leave),
            "compound_statement" | "program" | "colon_block" | "ERROR" | "else_clause" => {
                out.extend(l.block::<Php>(node))
            }
            "comment" | "name" => {}
            _ => {
                let value = l.value::<Php>(node);
                out.push(Stmt::Expr(value));
            }
        }
    }

    fn expression<'t>(l: &mut Lowering<'t>, node: Node<'t>) -> ExprKind {
        match node.kind() {
            "string" | "encapsed_string" | "heredoc_body" => l.php_string(node),
            "require_expression"
            | "require_once_expression"
            | "include_expression"
            | "include_once_expression" => l.php_required(node),
            "heredoc" | "nowdoc" => match node.child_by_field_name("value") {
                Some(body) if body.kind() == "nowdoc_body" => ExprKind::Text(l.text(body).trim().into()),
                Some(body) => l.php_string(body),
                None => ExprKind::Text("".into()),
            },
            "integer" => ExprKind::Text(l.name(node)),
            "variable_name" => ExprKind::Name(l.text(node).trim_start_matches('$').into()),
            "dynamic_variable_name" => unknown(),
            "name" | "qualified_name" => ExprKind::Name(l.php_last(node)),
            "relative_scope" => l.php_scope(node),
            "member_access_expression" | "nullsafe_member_access_expression" => {
                let name = l.field_name(node, "name").unwrap_or_default();
                ExprKind::Member(Box::new(l.field_value::<Php>(node, "object")), name)
            }
            "class_constant_access_expression" => match children(node).as_slice() {
                // Guzzle's names of options: `RequestOptions::QUERY`
                [scope, name] if l.text(*scope).ends_with("RequestOptions") => {
                    ExprKind::Text(l.text(*name).to_ascii_lowercase().into())
                }
                [scope, name] => {
                    let scope = expr(l.php_scope(*scope), *scope);
                    ExprKind::Member(Box::new(scope), l.name(*name))
                }
                _ => unknown(),
            },
            "scoped_property_access_expression" => {
                let Some(scope) = node.child_by_field_name("scope") else { return unknown() };
                let name = l.field_name(node, "name").unwrap_or_default();
                let scope = expr(l.php_scope(scope), scope);
                ExprKind::Member(Box::new(scope), name.trim_start_matches('$').into())
            }
            "subscript_expression" => match children(node).as_slice() {
                [object, key] => {
                    let object = Box::new(l.value::<Php>(*object));
                    let key = match key.kind() {
                        "name" => expr(ExprKind::Text(l.name(*key)), *key),
                        _ => l.value::<Php>(*key),
                    };
                    match (&object.kind, key.kind) {
                        (ExprKind::Name(name), ExprKind::Text(key))
                            if matches!(&**name, "_ENV" | "_SERVER") =>
                        {
                            ExprKind::Setting { name: key, default: None }
                        }
                        (_, kind) => ExprKind::Index(object, Box::new(Expr { kind, span: key.span })),
                    }
                }
                _ => l.effects::<Php>(node),
            },
            "parenthesized_expression"
            | "cast_expression"
            | "error_suppression_expression"
            | "clone_expression"
            | "by_ref"
            | "reference_assignment_expression"
            | "argument" => l.inner_value::<Php>(node),
            "binary_expression" => l.php_binary(node),
            "conditional_expression" => {
                let alternative = l.field_value::<Php>(node, "alternative");
                match node.child_by_field_name("body") {
                    Some(body) => {
                        let arms = vec![l.value::<Php>(body), alternative];
                        let condition = node.child_by_field_name("condition");
                        let asked = condition.and_then(|condition| l.plain_test(condition, true));
                        l.chosen_by::<Php>(condition, asked, arms)
                    }
                    None => {
                        let given = Box::new(l.field_value::<Php>(node, "condition"));
                        ExprKind::Default(given, Box::new(alternative))
                    }
                }
            }
            "match_expression" => {
                let mut arms = Vec::new();
                for (asked, value) in l.php_cases(node) {
                    if value.kind() != "throw_expression" {
                        arms.push((asked, l.value::<Php>(value)));
                    }
                }
                chosen_case(arms)
            }
            "array_creation_expression" => l.php_array(node),
            "assignment_expression" => l.field_value::<Php>(node, "right").kind,
            "anonymous_function" | "arrow_function" | "anonymous_function_creation_expression" => {
                l.php_closure(node)
            }
            "object_creation_expression" => l.php_new(node),
            "function_call_expression" => l.php_call(node),
            "member_call_expression" | "nullsafe_member_call_expression" => {
                let object = l.field_value::<Php>(node, "object");
                l.php_method_call(object, node)
            }
            "scoped_call_expression" => {
                let Some(scope) = node.child_by_field_name("scope") else { return unknown() };
                let object = expr(l.php_scope(scope), scope);
                l.php_method_call(object, node)
            }
            "variadic_unpacking" => ExprKind::Spread(Box::new(expr(l.inner_value::<Php>(node), node))),
            "null" => ExprKind::Unknown("null".into()),
            "boolean" => ExprKind::Unknown(l.text(node).to_ascii_lowercase().into()),
            _ => l.effects::<Php>(node),
        }
    }
}

impl<'t> Lowering<'t> {
    /// `A\B\C`: C.
    fn php_last(&self, node: Node<'t>) -> Arc<str> {
        let text = self.text(node);
        if let Some(class) = library_class(text) {
            return class.into();
        }
        match text.rsplit_once('\\') {
            Some((_, last)) => last.into(),
            None => (*self.class_named(text)).into(),
        }
    }

    /// What `self::`, `static::`, `parent::` and `Name::` stand for.
    fn php_scope(&mut self, node: Node<'t>) -> ExprKind {
        match self.text(node) {
            "self" | "static" => ExprKind::Name("this".into()),
            "parent" => ExprKind::Name("super".into()),
            _ => self.value::<Php>(node).kind,
        }
    }

    fn php_string(&mut self, node: Node<'t>) -> ExprKind {
        let single = node.kind() == "string";
        let mut parts = Vec::new();
        for child in children(node) {
            match child.kind() {
                "string_content" | "nowdoc_string" => parts.push(Part::Text(self.text(child).to_owned())),
                "escape_sequence" if single => parts.push(Part::Text(self.text(child)[1..].to_owned())),
                "escape_sequence" => parts.push(Part::Text(unescape(self.text(child)))),
                _ => parts.push(Part::Hole(child)),
            }
        }
        self.text_of::<Php>(node, parts)
    }

    fn php_binary(&mut self, node: Node<'t>) -> ExprKind {
        if let Some(parts) = operands(node, "binary_expression", ".", self.source) {
            return ExprKind::Concat(self.values::<Php>(parts));
        }
        if node.child_by_field_name("operator").is_some_and(|op| self.text(op) == "??") {
            let left = Box::new(self.field_value::<Php>(node, "left"));
            return ExprKind::Default(left, Box::new(self.field_value::<Php>(node, "right")));
        }
        self.effects::<Php>(node)
    }

    /// The names between the brackets of `[$method, $path] = ..` and `['id' => $id] = ..`, each
    /// with the key whose value it gets.
    fn php_taken_apart(&mut self, pattern: Node<'t>) -> Option<Vec<(Expr, Node<'t>)>> {
        if pattern.kind() != "list_literal" {
            return None;
        }
        let parts = children(pattern);
        let mut out = Vec::with_capacity(parts.len());
        let mut key = None;
        for part in parts {
            match part.kind() {
                "string" | "encapsed_string" if key.is_none() => key = Some(self.value::<Php>(part)),
                "variable_name" => {
                    let place = || expr(ExprKind::Text(out.len().to_string().into()), part);
                    out.push((key.take().unwrap_or_else(place), part));
                }
                _ => return None,
            }
        }
        Some(out)
    }

    fn php_assignment(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let operator = node.child_by_field_name("operator").map_or("=", |op| self.text(op));
        // `[$method, $path] = self::ROUTES[$name];`
        if let Some(names) = node.child_by_field_name("left").and_then(|left| self.php_taken_apart(left)) {
            let value = self.field_value::<Php>(node, "right");
            self.php_parts(names, value, node, out);
            return;
        }
        let target = self.field_value::<Php>(node, "left");
        let old = self.field_value::<Php>(node, "left");
        let value = self.field_value::<Php>(node, "right");
        // `$this->base ??= $value` reads as the value where nothing else is assigned.
        let operator = match &target.kind {
            ExprKind::Member(..) if operator == "??=" => "=",
            _ => operator,
        };
        out.push(self.assignment(target, operator, old, value, node));
    }

    /// What a loop gives its names: `foreach ($paths as $name => $path)`,
    /// `foreach ($routes as [$method, $path])`.
    fn php_each(&mut self, pattern: Node<'t>, items: Expr, out: &mut Vec<Stmt>) {
        let given = match (pattern.kind(), children(pattern).as_slice()) {
            ("pair", [key, value]) => {
                self.row_parts(vec![Some(*key), Some(*value)], items, Rows::Numbered, pattern, out)
            }
            _ => vec![(pattern, expr(ExprKind::Element(Box::new(items)), pattern))],
        };
        for (name, value) in given {
            match self.php_taken_apart(name) {
                Some(names) => self.php_parts(names, value, name, out),
                None if name.kind() == "variable_name" => {
                    let target = self.value::<Php>(name);
                    out.push(Stmt::Assign { target, value });
                }
                None => out.push(Stmt::Expr(value)),
            }
        }
    }

    /// Gives names what stands under their keys.
    fn php_parts(&mut self, names: Vec<(Expr, Node<'t>)>, value: Expr, whole: Node<'t>, out: &mut Vec<Stmt>) {
        let held = self.hold(value, whole, out);
        for (key, name) in names {
            let list = Box::new(expr(ExprKind::Name(held.clone()), name));
            let target = self.value::<Php>(name);
            out.push(Stmt::Assign { target, value: expr(ExprKind::Index(list, Box::new(key)), name) });
        }
    }

    /// A match whose arms run for what they do.
    fn php_match(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        self.discard::<Php>(node.child_by_field_name("condition"), out);
        let mut arms = Vec::new();
        for (asked, value) in self.php_cases(node) {
            let mut arm: Vec<Stmt> = asked.map(|asked| asked.when(true)).into_iter().collect();
            arm.push(Stmt::Expr(self.value::<Php>(value)));
            arms.push(arm);
        }
        out.push(Stmt::Branch(arms));
    }

    /// What the arms of a `match` ask, and their values.
    fn php_cases(&self, node: Node<'t>) -> Vec<(Option<Asked<'t>>, Node<'t>)> {
        let mut cases = Cases::of(node.child_by_field_name("condition"));
        let arms = node.child_by_field_name("body").map(children).unwrap_or_default().into_iter();
        arms.filter_map(|arm| {
            let labels = arm.child_by_field_name("conditional_expressions").map(children).unwrap_or_default();
            let asked = cases.next(self, &Case { labels, does: true, asks_more: false });
            Some((asked, arm.child_by_field_name("return_expression")?))
        })
        .collect()
    }

    fn php_array(&mut self, node: Node<'t>) -> ExprKind {
        let mut entries = Vec::new();
        let (mut keyed, mut spread) = (false, false);
        for element in children(node) {
            match children(element).as_slice() {
                [key, value] => {
                    keyed = true;
                    let key = match key.kind() {
                        "name" => Some(self.key(*key)),
                        _ => self.value::<Php>(*key).key(),
                    };
                    entries.push((key, self.value::<Php>(*value)));
                }
                _ => {
                    let inner = if element.kind() == "variadic_unpacking" { Some(&element) } else { None };
                    let value = match inner {
                        Some(element) => self.value::<Php>(*element),
                        None => expr(self.inner_value::<Php>(element), element),
                    };
                    spread |= matches!(value.kind, ExprKind::Spread(_));
                    entries.push((None, value));
                }
            }
        }
        // `[...$options, 'timeout' => 5]`; beside what has no key, a list is spread out.
        let listed = entries.iter().any(|(_, value)| !matches!(value.kind, ExprKind::Spread(_)));
        if keyed || spread && !listed {
            ExprKind::Object(entries)
        } else {
            ExprKind::List(entries.into_iter().map(|(_, value)| value).collect())
        }
    }

    fn php_class(&mut self, node: Node<'t>) {
        let Some(name) = self.field_name(node, "name") else { return };
        let mut bases = Vec::new();
        for clause in children(node) {
            if matches!(clause.kind(), "base_clause" | "class_interface_clause") {
                bases.extend(children(clause).into_iter().map(|base| self.php_last(base)));
            }
        }
        let declared = node.child_by_field_name("body").map(children).unwrap_or_default();
        for child in declared.iter().filter(|child| child.kind() == "use_declaration") {
            bases.extend(children(*child).into_iter().map(|base| self.php_last(base)));
        }
        let class = self.open_class::<Php>(&name, bases, BTreeSet::new());
        for child in &declared {
            self.nested(*child, |l| l.php_member(class, *child));
        }
        self.php_endpoint(class, &declared, node);
        self.close_class();
    }

    /// A class that is a request: Saloon's say their method in a property and their path by
    /// `resolveEndpoint`.
    fn php_endpoint(&mut self, class: ClassId, declared: &[Node<'t>], node: Node<'t>) {
        let method = declared.iter().filter(|child| child.kind() == "property_declaration");
        let method = method.flat_map(|child| children(*child)).find_map(|element| {
            let named = self.field_name(element, "name").is_some_and(|name| &*name == "$method");
            let value = element.child_by_field_name("default_value").filter(|_| named)?;
            method_named(self.text(value).strip_prefix("Method::")?)
        });
        let name = self.unit.classes[class].name.clone();
        let functions = &mut self.unit.functions;
        let endpoint = self.unit.classes[class].methods.iter().copied();
        let mut endpoint = endpoint.filter(|id| functions[*id].name.as_deref() == Some("resolveEndpoint"));
        let (Some(method), Some(id)) = (method, endpoint.next()) else { return };
        for stmt in &mut functions[id].body {
            if let Stmt::Return(value) = stmt {
                let span = value.span;
                let path = std::mem::replace(value, expr(unknown(), node));
                let verb = Expr { kind: ExprKind::Text(method.into()), span };
                let args = [verb, path].map(|value| Arg { name: None, value });
                let callee = member(named(&name, node), ANNOTATED, node);
                *value = Expr { kind: call(callee, args.into()), span };
            }
        }
    }

    fn php_member(&mut self, class: ClassId, node: Node<'t>) {
        match node.kind() {
            "method_declaration" => {
                self.php_function(node, Some(class));
            }
            "const_declaration" => {
                for element in children(node).into_iter().filter(|child| child.kind() == "const_element") {
                    if let [name, value] = children(element).as_slice() {
                        let (name, value) = (self.name(*name), *value);
                        self.set_field::<Php>(name, element, |l| l.value::<Php>(value));
                    }
                }
            }
            "property_declaration" => {
                for element in children(node).into_iter().filter(|child| child.kind() == "property_element") {
                    if let Some(name) = self.field_name(element, "name") {
                        let name = name.trim_start_matches('$');
                        match node.child_by_field_name("type") {
                            Some(kind) => self.declare_field(class, name, Some(kind)),
                            None => {
                                let kind = self.php_documented(node);
                                self.unit.classes[class]
                                    .declared
                                    .extend(kind.map(|kind| (name.into(), kind)));
                            }
                        }
                    }
                    if let (Some(name), Some(value)) =
                        (self.field_name(element, "name"), element.child_by_field_name("default_value"))
                    {
                        let name = name.trim_start_matches('$').into();
                        self.set_field::<Php>(name, element, |l| l.value::<Php>(value));
                    }
                }
            }
            "enum_case" => {
                if let Some(name) = self.field_name(node, "name") {
                    self.set_field::<Php>(name.clone(), node, |l| {
                        let mut fields = vec![(VARIANT.into(), expr(ExprKind::Text(name), node))];
                        let value = node.child_by_field_name("value").map(|value| l.value::<Php>(value));
                        fields.extend(value.map(|value| ("value".into(), value)));
                        expr(ExprKind::Instance(class, fields), node)
                    });
                }
            }
            _ => {}
        }
    }

    /// The class that the comment above a field says it is of: `@var Client`.
    fn php_documented(&self, node: Node<'t>) -> Option<Arc<str>> {
        let comment = node.prev_named_sibling().filter(|comment| comment.kind() == "comment")?;
        let (_, said) = self.text(comment).split_once("@var")?;
        declared_type(said.split_whitespace().next()?.split('|').next()?)
    }

    fn php_function(&mut self, node: Node<'t>, class: Option<ClassId>) -> FunctionId {
        let name = self.field_name(node, "name");
        let list = node.child_by_field_name("parameters");
        let params = list.map(|list| self.php_params(list)).unwrap_or_default();
        // `__construct(private Client $client)`
        let promoted: Vec<Node<'t>> = list.map(children).unwrap_or_default();
        let promoted = promoted.into_iter().filter(|param| param.kind() == "property_promotion_parameter");
        let promoted: Vec<(Arc<str>, Node<'t>)> = promoted
            .filter_map(|param| Some((self.field_name(param, "name")?.trim_start_matches('$').into(), param)))
            .collect();
        if let Some(class) = class {
            for (name, param) in &promoted {
                self.declare_field(class, name, param.child_by_field_name("type"));
            }
        }
        let manner = Manner { constructor: name.as_deref() == Some("__construct"), ..Manner::default() };
        let body = node.child_by_field_name("body");
        let id = self.define::<Php>(name, class, manner, params, |l| {
            let mut out: Vec<Stmt> =
                promoted.iter().map(|(name, param)| l.keep::<Php>(name, *param)).collect();
            out.extend(body.map(|body| l.block::<Php>(body)).unwrap_or_default());
            out
        });
        self.declare_gives(id, node.child_by_field_name("return_type"));
        id
    }

    fn php_params(&mut self, list: Node<'t>) -> Vec<Param> {
        let mut out = Vec::new();
        for child in children(list) {
            let Some(name) = self.field_name(child, "name") else { continue };
            let kind = if child.kind() == "variadic_parameter" { ParamKind::Rest } else { ParamKind::Plain };
            let default = child.child_by_field_name("default_value").map(|value| self.value::<Php>(value));
            let name: Arc<str> = name.trim_start_matches('$').into();
            self.declare_param(&name, child.child_by_field_name("type"));
            out.push(Param { name, kind, default });
        }
        out
    }

    fn php_closure(&mut self, node: Node<'t>) -> ExprKind {
        let params =
            node.child_by_field_name("parameters").map(|list| self.php_params(list)).unwrap_or_default();
        let manner = Manner { inline: true, ..Manner::default() };
        let body = node.child_by_field_name("body");
        ExprKind::Function(self.define::<Php>(None, None, manner, params, |l| match body {
            Some(body) if body.kind() == "compound_statement" => l.block::<Php>(body),
            Some(body) => {
                let value = l.value::<Php>(body);
                vec![Stmt::Return(value)]
            }
            None => Vec::new(),
        }))
    }

    fn php_args(&mut self, node: Node<'t>) -> Vec<Arg> {
        let list = children(node).into_iter().find(|child| child.kind() == "arguments");
        let mut out = Vec::new();
        for argument in list.map(children).unwrap_or_default() {
            let name = self.field_name(argument, "name");
            let value = children(argument).last().copied().unwrap_or(argument);
            out.push(Arg { name, value: self.value::<Php>(value) });
        }
        out
    }

    fn php_new(&mut self, node: Node<'t>) -> ExprKind {
        let args = self.php_args(node);
        match children(node).first() {
            Some(kind) if matches!(kind.kind(), "name" | "qualified_name") => {
                let name = self.php_last(*kind);
                if matches!(&*name, "Uri" | "Url") && !args.is_empty() {
                    return args.into_iter().next().map_or_else(unknown, |arg| arg.value.kind);
                }
                call(named(&name, *kind), args)
            }
            _ => unknown(),
        }
    }

    /// The name and the value of a constant that a call defines, perhaps only where it is
    /// not yet: `defined('BASE') or define('BASE', '/api')`.
    fn php_defined(&mut self, node: Node<'t>) -> Option<(Arc<str>, Node<'t>)> {
        if node.kind() == "binary_expression" {
            return self.php_defined(node.child_by_field_name("right")?);
        }
        let function = node.child_by_field_name("function").filter(|name| self.text(*name) == "define")?;
        let arguments = children(function.parent()?.child_by_field_name("arguments")?);
        let [name, value, ..] = arguments.as_slice() else { return None };
        let name: Arc<str> = self.text(*name).trim_matches(['\'', '"']).into();
        self.declare(name.clone());
        Some((name, children(*value).first().copied()?))
    }

    fn php_call(&mut self, node: Node<'t>) -> ExprKind {
        let Some(function) = node.child_by_field_name("function") else { return unknown() };
        let mut args = self.php_args(node);
        let name = self.php_last(function);
        if matches!(function.kind(), "variable_name" | "subscript_expression" | "parenthesized_expression") {
            let callee = self.value::<Php>(function);
            return call(callee, args);
        }
        // What has a handle as its first argument is a method of the handle.
        if name.starts_with("curl_") && &*name != "curl_init" && !args.is_empty() {
            let handle = args.remove(0).value;
            return call(member(handle, &name, node), args);
        }
        match (&*name, args.len()) {
            ("http_build_query", _) => return unknown(),
            // The list with its elements escaped: `array_map('rawurlencode', $parts)`.
            ("array_map", 2) if self.text(node).to_ascii_lowercase().contains("urlencode") => {
                return args.remove(1).value.kind;
            }
            // WordPress: `add_query_arg($query, $url)`, `add_query_arg($key, $value, $url)`
            ("add_query_arg", 2 | 3) => return args.remove(args.len() - 1).value.kind,
            ("array_values" | "array_filter", 1) => return args.remove(0).value.kind,
            ("array_merge", 2..)
                if args.iter().any(|arg| matches!(arg.value.kind, ExprKind::List(_)))
                    // `$this->parts = array_merge($this->parts, $parts)` of a variadic parameter
                    || self.is_variadic(&args[args.len() - 1].value) =>
            {
                let spread = |arg: Arg| {
                    let span = arg.value.span;
                    Expr { kind: ExprKind::Spread(Box::new(arg.value)), span }
                };
                return ExprKind::List(args.into_iter().map(spread).collect());
            }
            // Options with defaults: of `wp_parse_args($options, $defaults)` the first count.
            (
                "array_merge"
                | "array_merge_recursive"
                | "array_replace"
                | "array_replace_recursive"
                | "wp_parse_args",
                2..,
            ) if args.iter().any(|arg| matches!(arg.value.kind, ExprKind::Object(_))) => {
                if &*name == "wp_parse_args" {
                    args.reverse();
                }
                let spread = |arg: Arg| {
                    let span = arg.value.span;
                    (None, Expr { span, kind: ExprKind::Spread(Box::new(arg.value)) })
                };
                return ExprKind::Object(args.into_iter().map(spread).collect());
            }
            ("config", 1 | 2) if matches!(&args[0].value.kind, ExprKind::Text(key) if key.contains('.')) => {
                return self.php_configured(args, node);
            }
            ("vsprintf", 2) => {
                let list = args.remove(1).value;
                let template = Box::new(args.remove(0).value);
                let args = match list.kind {
                    ExprKind::List(items) => {
                        items.into_iter().map(|value| Arg { name: None, value }).collect()
                    }
                    _ => Vec::new(),
                };
                return ExprKind::Format { template, style: STYLE, args };
            }
            _ => {}
        }
        match strings::function(&name, args, STYLE, node) {
            Ok(kind) => kind,
            Err(args) => call(named(&name, function), args),
        }
    }

    /// Whether a value is a parameter that takes all further arguments.
    fn is_variadic(&self, value: &Expr) -> bool {
        let ExprKind::Name(name) = &value.kind else { return false };
        let params = &self.unit.functions[self.function].params;
        params.iter().any(|param| param.kind == ParamKind::Rest && param.name == *name)
    }

    /// Whether a value is an object of the class around, which builds upon Symfony's `AbstractTransport`
    /// and says nothing of its own about where it sends.
    fn php_is_transport(&self, object: &Expr) -> bool {
        let own = matches!(&object.kind, ExprKind::Name(name) if **name == *"this");
        let class = self.current_class().filter(|_| own && !self.source.contains("function getEndpoint"));
        class.is_some_and(|class| {
            self.unit.classes[class].bases.iter().any(|base| **base == *"AbstractTransport")
        })
    }

    fn php_method_call(&mut self, object: Expr, node: Node<'t>) -> ExprKind {
        let name = self.field_name(node, "name").unwrap_or_default();
        let args = self.php_args(node);
        // Symfony's transports ask the host that their class says, unless they are told another one.
        if &*name == "getEndpoint" && args.is_empty() && self.php_is_transport(&object) {
            return ExprKind::Member(Box::new(object), "HOST".into());
        }
        // Verbs and the like are methods of clients here, not of strings.
        let parts = if matches!(&*name, "format" | "concat" | "or_else") {
            Err((object, args))
        } else {
            strings::method(object, &name, args, node)
        };
        match parts {
            Ok(kind) => kind,
            Err((object, args)) => call(member(object, &name, node), args),
        }
    }
}
