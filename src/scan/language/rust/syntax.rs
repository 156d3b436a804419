//! Rust: syntax tree -> common form.

use std::collections::BTreeSet;
use std::sync::Arc;

use tree_sitter::Node;

use super::http::CRATES;
use super::macros;
use super::matches::reads_json;
use super::pairs::is_method_constant;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, operands, span, unescape};
use crate::scan::language::shared::{Manner, Syntax, call, member, named, unknown};

/// Rust's syntax.
pub(crate) struct Rust;

/// What becomes of the value of a block.
#[derive(Clone, Copy)]
pub(super) enum Into<'t> {
    Return,
    Name(Node<'t>),
    Nothing,
}

/// Lowers a Rust file.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    lowering.rust_modules(root);
    lowering.rust_newtypes(root);
    let body = lowering.rust_items(root);
    lowering.unit.functions[0].body = body;
    let declared = std::mem::take(&mut lowering.names.declared);
    for class in &mut lowering.unit.classes {
        class.added = !declared.contains(&class.name);
    }
    lowering.unit
}

impl Syntax for Rust {
    const RECEIVER: &'static str = "self";

    fn statement<'t>(l: &mut Lowering<'t>, node: Node<'t>, out: &mut Vec<Stmt>) {
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "const_item" | "static_item" => {
                if let (Some(name), Some(value)) = (field("name"), field("value")) {
                    let value = l.value::<Rust>(value);
                    l.local(name, value, out);
                }
            }
            "function_item" => {
                l.rust_function(node, None, None);
            }
            "impl_item" | "trait_item" => l.rust_impl(node),
            "mod_item" => match (field("body"), field("name")) {
                (Some(body), name) => {
                    l.rust_constants_of(body, name);
                    out.extend(l.rust_items(body));
                }
                // `mod paths;` stands in a file of its own.
                (None, Some(name)) => {
                    let module = l.text(name);
                    l.import(&format!("self/{module}"), Imported::Module, module, name);
                }
                (None, None) => {}
            },
            "use_declaration" => {
                if let Some(tree) = field("argument") {
                    l.rust_use(tree, "", 0);
                }
            }
            "let_declaration" => match (field("pattern"), field("value")) {
                (Some(pattern), Some(value))
                    if l.rust_tuple(pattern, value, out) || l.rust_last_taken(pattern, value, out) => {}
                (Some(pattern), Some(value)) => {
                    let name = l.rust_binding(pattern);
                    match (name, field("type").filter(|_| reads_json(l.text(value)))) {
                        (Some(name), Some(kind)) => {
                            let read = l.value::<Rust>(value);
                            let value = l.rust_typed(read, kind);
                            let target = expr(ExprKind::Name(l.name(name)), name);
                            out.push(Stmt::Assign { target, value });
                        }
                        _ => l.rust_into(value, name.map_or(Into::Nothing, Into::Name), out),
                    }
                    if let Some(otherwise) = field("alternative") {
                        if name.is_none() {
                            l.rust_match(pattern, value, out);
                        }
                        let body = l.block::<Rust>(otherwise);
                        out.push(Stmt::Branch(vec![body, Vec::new()]));
                    }
                }
                (Some(pattern), None) => {
                    l.rust_binding(pattern);
                }
                _ => {}
            },
            "expression_statement" => {
                for child in children(node) {
                    match l.rust_segments(child).or_else(|| l.rust_written(child)) {
                        Some(longer) => out.push(longer),
                        None => l.rust_into(child, Into::Nothing, out),
                    }
                }
            }
            "block" | "unsafe_block" | "else_clause" | "ERROR" | "declaration_list" => {
                out.extend(l.block::<Rust>(node));
            }
            "struct_item" => {
                l.rust_fields(node);
                l.rust_wire(node);
                out.extend(l.rust_declared(node));
            }
            "enum_item" => {
                let name = field("name").map(|name| l.name(name));
                l.names.declared.extend(name);
                l.rust_variants(node);
            }
            "type_item" => l.rust_alias(node),
            "attribute_item"
            | "macro_definition"
            | "inner_attribute_item"
            | "extern_crate_declaration"
            | "empty_statement"
            | "label" => {}
            _ => l.rust_into(node, Into::Nothing, out),
        }
    }

    fn expression<'t>(l: &mut Lowering<'t>, node: Node<'t>) -> ExprKind {
        match node.kind() {
            "string_literal" | "raw_string_literal" => l.rust_string(node),
            "integer_literal" | "char_literal" => ExprKind::Text(l.text(node).trim_matches('\'').into()),
            "identifier" => ExprKind::Name(l.name(node)),
            "boolean_literal" => ExprKind::Unknown(l.name(node)),
            "self" | "crate" | "super" => ExprKind::Name(l.name(node)),
            "scoped_identifier" => l.rust_of_type(node).unwrap_or_else(|| l.rust_path(node)),
            "field_expression" => {
                let name = l.field_name(node, "field").unwrap_or_default();
                ExprKind::Member(Box::new(l.field_value::<Rust>(node, "value")), name)
            }
            "parenthesized_expression"
            | "await_expression"
            | "try_expression"
            | "reference_expression"
            | "type_cast_expression"
            | "generic_function" => {
                let inner =
                    node.child_by_field_name("value").or_else(|| node.child_by_field_name("function"));
                match inner.or_else(|| children(node).first().copied()) {
                    Some(inner) => l.value::<Rust>(inner).kind,
                    None => unknown(),
                }
            }
            "unary_expression" => l.inner_value::<Rust>(node),
            // `get({ let mut url = base.clone(); url.push_str(path); url })`, as macros leave it
            "block" if node.parent().is_some_and(|parent| parent.kind() == "arguments") => {
                let id = l.rust_inline(node, Vec::new());
                call(expr(ExprKind::Function(id), node), Vec::new())
            }
            "async_block" | "unsafe_block" | "const_block" | "block" => {
                let id = l.rust_inline(node, Vec::new());
                ExprKind::Effects(vec![expr(ExprKind::Function(id), node)])
            }
            "match_expression" if let Some(chosen) = l.rust_chosen(node) => chosen,
            "if_expression" | "match_expression" => {
                let mut tails = Vec::new();
                l.rust_tails(node, &mut tails);
                let condition = node.child_by_field_name("condition");
                let asked = condition.and_then(|condition| l.plain_test(condition, false));
                let arms = l.values::<Rust>(tails);
                l.plain_chosen(asked, arms)
            }
            "binary_expression" => match operands(node, "binary_expression", "+", l.source) {
                Some(parts) => ExprKind::Concat(l.values::<Rust>(parts)),
                None => l.effects::<Rust>(node),
            },
            "index_expression" => match children(node).as_slice() {
                // `&path[..]` is all of it.
                [object, key] if l.text(*key) == ".." => l.value::<Rust>(*object).kind,
                [object, key] => {
                    let object = Box::new(l.value::<Rust>(*object));
                    ExprKind::Index(object, Box::new(l.value::<Rust>(*key)))
                }
                _ => unknown(),
            },
            "array_expression" | "tuple_expression" => ExprKind::List(l.values::<Rust>(children(node))),
            "struct_expression" => l.rust_struct(node),
            "closure_expression" => {
                let params = node.child_by_field_name("parameters").map(|list| l.rust_params(list));
                match node.child_by_field_name("body") {
                    Some(body) => ExprKind::Function(l.rust_inline(body, params.unwrap_or_default())),
                    None => unknown(),
                }
            }
            "macro_invocation" => macros::lower(l, node),
            "call_expression" => l.rust_call(node),
            "return_expression" | "let_condition" | "let_chain" => l.effects::<Rust>(node),
            "type_identifier" | "primitive_type" | "unit_expression" => unknown(),
            _ => l.effects::<Rust>(node),
        }
    }
}

impl<'t> Lowering<'t> {
    /// The items of a file or module; those for tests only are left out.
    fn rust_items(&mut self, node: Node<'t>) -> Vec<Stmt> {
        let mut out = Vec::new();
        let mut test = false;
        for child in children(node) {
            if child.kind() == "attribute_item" {
                let text = self.text(child);
                test |= text.contains("cfg(test)") || text.contains("test]") || text.contains("cfg(all(test");
                continue;
            }
            if !std::mem::take(&mut test) {
                self.stmt::<Rust>(child, &mut out);
            }
        }
        out
    }

    /// Puts the value of an expression somewhere; blocks and branches are
    /// followed into each of their arms.
    fn rust_into(&mut self, node: Node<'t>, into: Into<'t>, out: &mut Vec<Stmt>) {
        self.nested(node, |l| l.rust_into_kind(node, into, out));
    }

    fn rust_into_kind(&mut self, node: Node<'t>, into: Into<'t>, out: &mut Vec<Stmt>) {
        let field = |name: &str| node.child_by_field_name(name);
        match node.kind() {
            "if_expression" => {
                let mut then = Vec::new();
                if let Some(condition) = field("condition") {
                    self.rust_condition(condition, &mut then, out);
                }
                self.rust_block_into(field("consequence"), into, &mut then);
                let mut otherwise = Vec::new();
                let alternative = field("alternative").and_then(|clause| children(clause).first().copied());
                match alternative {
                    Some(inner) if inner.kind() == "if_expression" => {
                        self.rust_into(inner, into, &mut otherwise)
                    }
                    inner => self.rust_block_into(inner, into, &mut otherwise),
                }
                let mut arms = [then, otherwise];
                let asked = field("condition").and_then(|condition| self.plain_test(condition, false));
                let after = self.under_test(asked.as_ref(), &mut arms);
                out.push(Stmt::Branch(arms.into()));
                out.extend(after);
            }
            "match_expression" => {
                self.discard::<Rust>(field("value"), out);
                let mut arms = Vec::new();
                for arm in field("body").map(children).unwrap_or_default() {
                    let mut body = Vec::new();
                    if let (Some(pattern), Some(value)) = (arm.child_by_field_name("pattern"), field("value"))
                    {
                        self.rust_match(pattern, value, &mut body);
                    }
                    if let Some(value) = arm.child_by_field_name("value") {
                        self.rust_block_into(Some(value), into, &mut body);
                    }
                    arms.push(body);
                }
                self.rust_arms(node, &mut arms);
                out.push(Stmt::Branch(arms));
            }
            "block" | "unsafe_block" | "async_block" => self.rust_block_into(Some(node), into, out),
            "return_expression" => {
                if let Some(value) = children(node).first() {
                    self.rust_into(*value, Into::Return, out);
                } else {
                    out.push(Stmt::Return(expr(unknown(), node)));
                }
            }
            "break_expression" | "continue_expression" => out.push(Stmt::Leave),
            "for_expression" => {
                let name = field("pattern").filter(|pattern| pattern.kind() == "identifier");
                let value = field("value");
                let taken_apart = field("pattern")
                    .zip(value)
                    .is_some_and(|(pattern, list)| self.rust_tuples(pattern, list, out));
                if name.is_none() && !taken_apart {
                    self.discard::<Rust>(value, out);
                }
                self.each::<Rust>(name, value, field("body"), out);
            }
            "while_expression" | "loop_expression" => {
                let mut body = Vec::new();
                if let Some(condition) = field("condition") {
                    self.rust_condition(condition, &mut body, out);
                }
                body.extend(field("body").map(|body| self.block::<Rust>(body)).unwrap_or_default());
                out.push(Stmt::Loop(body));
            }
            "assignment_expression" | "compound_assignment_expr" => {
                let operator = field("operator").map_or("=", |op| self.text(op));
                let target = self.field_value::<Rust>(node, "left");
                let old = self.field_value::<Rust>(node, "left");
                let value = self.field_value::<Rust>(node, "right");
                out.push(self.assignment(target, operator, old, value, node));
            }
            "await_expression" | "try_expression" | "parenthesized_expression"
                if children(node).first().is_some_and(|inner| {
                    matches!(inner.kind(), "if_expression" | "match_expression" | "block" | "async_block")
                }) =>
            {
                if let Some(inner) = children(node).first() {
                    self.rust_into(*inner, into, out);
                }
            }
            "call_expression" if let Some(inner) = self.rust_chosen_text(node) => {
                self.rust_into(inner, into, out);
            }
            _ => {
                if let Into::Return = into {
                    out.extend(self.rust_told_pair(node));
                }
                let value = self.value::<Rust>(node);
                out.push(match into {
                    Into::Return => Stmt::Return(value),
                    Into::Name(name) => {
                        Stmt::Assign { target: expr(ExprKind::Name(self.name(name)), name), value }
                    }
                    Into::Nothing => Stmt::Expr(value),
                });
            }
        }
    }

    /// A block whose last expression is its value.
    pub(super) fn rust_block_into(&mut self, node: Option<Node<'t>>, into: Into<'t>, out: &mut Vec<Stmt>) {
        let Some(node) = node else { return };
        if !matches!(node.kind(), "block" | "unsafe_block" | "async_block") {
            return self.rust_into(node, into, out);
        }
        let parts = children(node);
        for (index, part) in parts.iter().enumerate() {
            let last = index + 1 == parts.len();
            // Without a semicolon, branches and loops are statements all the same.
            let tail = last
                && match part.kind() {
                    "expression_statement" => !self.text(*part).ends_with(';'),
                    kind => kind.ends_with("_expression") || is_value(kind),
                };
            if !tail {
                self.stmt::<Rust>(*part, out);
                continue;
            }
            let value = if part.kind() == "expression_statement" {
                children(*part).first().copied()
            } else {
                Some(*part)
            };
            if let Some(value) = value {
                self.rust_into(value, into, out);
            }
        }
    }

    /// The last expressions of a branch's arms.
    pub(super) fn rust_tails(&mut self, node: Node<'t>, out: &mut Vec<Node<'t>>) {
        self.nested(node, |l| match node.kind() {
            "if_expression" | "else_clause" => {
                for field in ["consequence", "alternative"] {
                    if let Some(arm) = node.child_by_field_name(field) {
                        l.rust_tails(arm, out);
                    }
                }
                if node.kind() == "else_clause"
                    && let Some(inner) = children(node).first()
                {
                    l.rust_tails(*inner, out);
                }
            }
            "match_expression" => {
                for arm in node.child_by_field_name("body").map(children).unwrap_or_default() {
                    if let Some(value) = arm.child_by_field_name("value") {
                        l.rust_tails(value, out);
                    }
                }
            }
            "block" => {
                if let Some(last) = children(node).last() {
                    l.rust_tails(*last, out);
                }
            }
            "return_expression" | "expression_statement" | "break_expression" | "continue_expression" => {}
            _ => out.push(node),
        });
    }

    /// The condition of a branch, with the names it binds.
    fn rust_condition(&mut self, node: Node<'t>, then: &mut Vec<Stmt>, out: &mut Vec<Stmt>) {
        if node.kind() == "let_condition"
            && let (Some(pattern), Some(value)) =
                (node.child_by_field_name("pattern"), node.child_by_field_name("value"))
        {
            self.discard::<Rust>(Some(value), out);
            self.rust_match(pattern, value, then);
            return;
        }
        self.discard::<Rust>(Some(node), out);
    }

    /// `Some(name)` and `name` are the value that is matched.
    fn rust_match(&mut self, pattern: Node<'t>, value: Node<'t>, out: &mut Vec<Stmt>) {
        let mut at = pattern;
        while matches!(at.kind(), "match_pattern" | "ref_pattern" | "reference_pattern") {
            let Some(inner) = children(at).first().copied() else { return };
            at = inner;
        }
        if at.kind() == "tuple_struct_pattern"
            && at.child_by_field_name("type").is_some_and(|kind| matches!(self.text(kind), "Some" | "Ok"))
            && let [_, inner] = children(at).as_slice()
        {
            at = *inner;
        }
        if matches!(at.kind(), "tuple_struct_pattern" | "struct_pattern") {
            self.rust_unpacked(at, value, out);
        }
        let constant = self.text(at).starts_with(|c: char| c.is_uppercase());
        if at.kind() == "identifier" && !constant {
            let value = self.value::<Rust>(value);
            self.local(at, value, out);
        }
    }

    /// The name that a pattern binds, if it is only a name.
    pub(super) fn rust_binding(&mut self, pattern: Node<'t>) -> Option<Node<'t>> {
        let name = match pattern.kind() {
            "mut_pattern" | "ref_pattern" => children(pattern).last().copied()?,
            _ => pattern,
        };
        (name.kind() == "identifier").then_some(name)
    }

    fn rust_inline(&mut self, body: Node<'t>, params: Vec<Param>) -> FunctionId {
        let manner = Manner { inline: true, ..Manner::default() };
        self.define::<Rust>(None, None, manner, params, |l| {
            let mut out = Vec::new();
            l.rust_block_into(Some(body), Into::Return, &mut out);
            out
        })
    }

    fn rust_function(
        &mut self,
        node: Node<'t>,
        class: Option<ClassId>,
        writer: Option<&str>,
    ) -> Option<FunctionId> {
        let mut name = self.field_name(node, "name")?;
        let written = writer == Some(&*name);
        if written {
            name = WRITTEN.into();
        }
        let list = node.child_by_field_name("parameters");
        let method = list.is_some_and(|list| children(list).iter().any(|p| p.kind() == "self_parameter"));
        let params = list.map(|list| self.rust_params(list)).unwrap_or_default();
        let made = node.child_by_field_name("return_type").map_or("", |kind| self.text(kind));
        let own = class.map(|class| self.unit.classes[class].name.clone()).unwrap_or_default();
        let constructor = !method && class.is_some() && (made.contains("Self") || made.contains(&*own));
        let manner = Manner { constructor, ..Manner::default() };
        let body = node.child_by_field_name("body");
        Some(self.define::<Rust>(Some(name), class, manner, params, |l| {
            let mut out = Vec::new();
            l.rust_block_into(body, Into::Return, &mut out);
            if written && in_pieces(&out) {
                out = vec![Stmt::Return(expr(unknown(), node))];
            }
            out
        }))
    }

    fn rust_params(&mut self, list: Node<'t>) -> Vec<Param> {
        let mut out = Vec::new();
        for child in children(list) {
            let name = match child.kind() {
                "parameter" => {
                    child.child_by_field_name("pattern").and_then(|pattern| self.rust_binding(pattern))
                }
                "identifier" => Some(child),
                _ => continue,
            };
            let name = name.map_or_else(|| "_".into(), |name| self.name(name));
            if let Some(kind) = child.child_by_field_name("type").and_then(|kind| self.rust_held(kind)) {
                self.names.of_params.push((name.clone(), kind));
            }
            out.push(Param { name, kind: ParamKind::Plain, default: None });
        }
        out
    }

    fn rust_impl(&mut self, node: Node<'t>) {
        let field = if node.kind() == "trait_item" { "name" } else { "type" };
        let Some(kind) = node.child_by_field_name(field) else { return };
        let name = self.rust_type(kind);
        if self.rust_made_text(node) {
            return;
        }
        let base = node.child_by_field_name("trait");
        let writer = self.rust_writer(base);
        let described = base.map(|base| self.rust_type(base));
        let base = base.map(|base| self.rust_trait(base, &name));
        if node.kind() == "trait_item" {
            self.names.declared.insert(name.clone());
        }
        // `impl crate::scan::language::Client` stands for a class of that module.
        let outer = kind.child_by_field_name("type").filter(|_| kind.kind() == "generic_type");
        if let Some(path) = Some(outer.unwrap_or(kind)).filter(|kind| kind.kind() == "scoped_type_identifier")
        {
            self.rust_path(path);
        }
        let class = self.open_class::<Rust>(&name, base.into_iter().collect(), BTreeSet::new());
        let mut methods: Vec<(FunctionId, Node<'t>)> = Vec::new();
        let mut constant = None;
        for child in node.child_by_field_name("body").map(children).unwrap_or_default() {
            match child.kind() {
                "function_item" | "function_signature_item" => {
                    let id = self.nested(child, |l| l.rust_function(child, Some(class), writer)).flatten();
                    methods.extend(id.map(|id| (id, child)));
                }
                "const_item" => {
                    if let (Some(name), Some(value)) =
                        (self.field_name(child, "name"), child.child_by_field_name("value"))
                    {
                        if is_method_constant(&name) {
                            constant = Some((name.clone(), child));
                        }
                        self.set_field::<Rust>(name, child, |l| l.value::<Rust>(value));
                        self.rust_described(class, described.as_deref(), value);
                    }
                }
                _ => {}
            }
        }
        self.rust_endpoint(class, &methods, constant);
        self.close_class();
    }

    /// `a::Client<'_, T>`: Client.
    pub(super) fn rust_type(&self, node: Node<'t>) -> Arc<str> {
        let text = self.text(node).trim_start_matches(['&', '*']);
        let text = text.split('<').next().unwrap_or(text).trim();
        text.rsplit("::").next().unwrap_or(text).into()
    }

    /// What the fields of a struct are declared as, where that is a type with a name.
    fn rust_fields(&mut self, node: Node<'t>) {
        let Some(name) = self.field_name(node, "name") else { return };
        self.names.declared.insert(name.clone());
        self.rust_derived_builder(node, &name);
        let Some(body) = node.child_by_field_name("body") else { return };
        if body.kind() != "field_declaration_list" {
            return;
        }
        let class = self.class(&name);
        for field in children(body).into_iter().filter(|child| child.kind() == "field_declaration") {
            if let Some((name, value)) = self.rust_argument(field) {
                self.unit.classes[class].fields.push((name, 0, value));
            }
            let (Some(name), Some(kind)) =
                (self.field_name(field, "name"), field.child_by_field_name("type"))
            else {
                continue;
            };
            if self.text(kind).starts_with("Vec<") {
                self.unit.classes[class].declared.push((name, LIST_TYPE.into()));
            } else if let Some(kind) = self.rust_held(kind) {
                self.unit.classes[class].declared.push((name, kind));
            }
        }
    }

    /// The type that a type is or holds: `&'a Client`, `Option<Arc<Client>>`.
    fn rust_held(&mut self, kind: Node<'t>) -> Option<Arc<str>> {
        let mut at = kind;
        loop {
            at = match at.kind() {
                "reference_type" => at.child_by_field_name("type")?,
                "dynamic_type" | "abstract_type" => at.child_by_field_name("trait")?,
                "generic_type" => {
                    let outer = at.child_by_field_name("type")?;
                    let outer_name = self.rust_type(outer);
                    if !matches!(&*outer_name, "Option" | "Arc" | "Rc" | "Box") {
                        at = outer;
                        break;
                    }
                    children(at.child_by_field_name("type_arguments")?).into_iter().next()?
                }
                _ => break,
            };
        }
        if !matches!(at.kind(), "type_identifier" | "scoped_type_identifier") {
            return None;
        }
        let name = self.rust_type(at);
        if at.kind() == "scoped_type_identifier" {
            // `reqwest::Client` is no class of the program that has the same name.
            let front = self.text(at).split("::").next().unwrap_or_default();
            if CRATES.contains(&front) {
                return None;
            }
            self.rust_path(at);
        }
        let known = ["String", "PathBuf", "Self"].contains(&&*name);
        (!known && name.starts_with(char::is_uppercase)).then_some(name)
    }

    /// The attributes before an item or a field.
    pub(super) fn rust_attributes(&self, node: Node<'t>) -> Vec<&'t str> {
        let mut out = Vec::new();
        let mut at = node.prev_named_sibling();
        while let Some(before) = at {
            match before.kind() {
                "attribute_item" => out.push(self.text(before)),
                "line_comment" | "block_comment" => {}
                _ => break,
            }
            at = before.prev_named_sibling();
        }
        out
    }

    fn rust_struct(&mut self, node: Node<'t>) -> ExprKind {
        let Some(kind) = node.child_by_field_name("name") else { return unknown() };
        if let Some(verb) = self.rust_verb(kind) {
            return verb;
        }
        let variant = self.rust_variant(kind);
        let name = match &variant {
            Some((owner, _)) => owner.clone(),
            None => self.rust_class_name(&self.rust_type(kind)),
        };
        let class = self.class(&name);
        let says = variant.map(|(_, name)| (Key::from(VARIANT), expr(ExprKind::Text(name), kind)));
        let mut fields: Vec<(Key, Expr)> = says.into_iter().collect();
        for child in node.child_by_field_name("body").map(children).unwrap_or_default() {
            match child.kind() {
                "field_initializer" => {
                    let key = child.child_by_field_name("field");
                    let key = key.map_or_else(|| "".into(), |key| Key::new(self.name(key), span(key)));
                    fields.push((key, self.field_value::<Rust>(child, "value")));
                }
                "shorthand_field_initializer" => {
                    let name = self.name(child);
                    let key = Key::new(name.clone(), span(child));
                    fields.push((key, expr(ExprKind::Name(name), child)));
                }
                _ => {}
            }
        }
        ExprKind::Instance(class, fields)
    }

    pub(super) fn rust_class_name(&self, name: &str) -> Arc<str> {
        match self.current_class() {
            Some(class) if name == "Self" => self.unit.classes[class].name.clone(),
            _ => name.into(),
        }
    }

    /// `use crate::api::{paths::USERS, Client as Api}`: one import for each name.
    fn rust_use(&mut self, node: Node<'t>, before: &str, depth: usize) {
        const MAX_NESTING: usize = 8;
        if depth > MAX_NESTING {
            return;
        }
        let path = |text: &str| {
            let text: String = text.split("::").map(str::trim).collect::<Vec<_>>().join("/");
            if before.is_empty() { text } else { format!("{before}/{text}") }
        };
        match node.kind() {
            "scoped_use_list" => {
                let before =
                    node.child_by_field_name("path").map_or(before.to_owned(), |p| path(self.text(p)));
                if let Some(list) = node.child_by_field_name("list") {
                    self.rust_use(list, &before, depth + 1);
                }
            }
            "use_list" => {
                for part in children(node) {
                    self.rust_use(part, before, depth + 1);
                }
            }
            "use_wildcard" => {
                let module = path(self.text(node).trim_end_matches("::*").trim_end_matches('*'));
                self.import(&module, Imported::All, "", node);
            }
            "use_as_clause" => {
                if let (Some(whole), Some(alias)) =
                    (node.child_by_field_name("path"), node.child_by_field_name("alias"))
                {
                    let (whole, alias) = (path(self.text(whole)), self.text(alias));
                    self.rust_import(&whole, alias, node);
                }
            }
            _ => {
                let whole = path(self.text(node));
                self.rust_import(&whole, "", node);
            }
        }
    }

    fn rust_import(&mut self, whole: &str, alias: &str, node: Node<'t>) {
        let (module, name) = match whole.rsplit_once('/') {
            // `use crate::api::{self}`
            Some((module, "self")) => module.rsplit_once('/').unwrap_or(("", module)),
            Some(parts) => parts,
            None => ("", whole),
        };
        let local = if alias.is_empty() { name } else { alias };
        self.import(module, Imported::Name(name.into()), local, node);
    }

    /// `Client::new`, `Self::BASE`, `crate::paths::USERS`.
    fn rust_path(&mut self, node: Node<'t>) -> ExprKind {
        let text = self.text(node);
        // `crate::api::paths::USERS` needs no `use`.
        let front = text.split("::").next().map_or("", str::trim);
        if matches!(front, "crate" | "super" | "self") && front.len() < text.len() {
            let lower = |word: &&str| word.starts_with(|c: char| c.is_lowercase());
            let words: Vec<&str> = text.split("::").map(str::trim).collect();
            let modules = words.iter().take_while(|word| lower(word)).count().min(words.len() - 1);
            let first = words.iter().position(|word| !matches!(*word, "crate" | "super" | "self"));
            if let Some(first) = first {
                let (home, rest) = (words[..modules].join("/"), &words[first..]);
                match rest {
                    [name] => self.import(&home, Imported::Name((*name).into()), name, node),
                    _ if first < modules => {
                        let name = words[modules];
                        self.import(&home, Imported::Name(name.into()), name, node);
                        self.import(&words[..=first].join("/"), Imported::Module, words[first], node);
                    }
                    _ => {}
                }
            }
        }
        let words = text.split("::").map(str::trim).filter(|word| !word.is_empty() && !word.starts_with('<'));
        let words: Vec<&str> = words.skip_while(|word| matches!(*word, "crate" | "super" | "self")).collect();
        let Some((last, owners)) = words.split_last() else { return unknown() };
        // A constant of a module stands for itself.
        let module = |word: &&str| word.starts_with(|c: char| c.is_lowercase());
        let constant = last.len() > 1 && !last.contains(|c: char| c.is_lowercase());
        let held = owners.last().filter(|module| self.names.modules.contains(**module));
        if let (true, Some(module)) = (constant, held) {
            return member(named(module, node), last, node).kind;
        }
        // Unless the module is one that the file imports.
        let imported = |word: &str| self.unit.imports.iter().any(|import| *import.local == *word);
        let constant = constant && !owners.first().is_some_and(|first| imported(first));
        if owners.is_empty() || (constant && owners.iter().all(module)) {
            return ExprKind::Name((*last).into());
        }
        if let ([owner], false) = (owners, constant)
            && let Some(name) = self.rust_of_hidden_module(owner, last, node)
        {
            return name;
        }
        let mut at = named(&self.rust_class_name(owners[0]), node);
        for word in &owners[1..] {
            at = member(at, word, node);
        }
        ExprKind::Member(Box::new(at), (*last).into())
    }

    fn rust_string(&mut self, node: Node<'t>) -> ExprKind {
        let mut text = String::new();
        // A backslash at the end of a line eats the indentation of the next.
        let mut continued = false;
        for child in children(node) {
            let part = self.text(child);
            match child.kind() {
                "escape_sequence" => text.push_str(&unescape(part)),
                _ if continued => text.push_str(part.trim_start()),
                _ => text.push_str(part),
            }
            continued = child.kind() == "escape_sequence" && part.trim_start_matches('\\').trim().is_empty();
        }
        ExprKind::Text(text.into())
    }
}

/// The expression that a block ends in.
pub(super) fn tail(mut node: Node<'_>) -> Node<'_> {
    while node.kind() == "block"
        && let Some(last) = children(node).last()
    {
        node = *last;
    }
    node
}

/// Whether what is written is written piece by piece: the last piece is not all of it.
fn in_pieces(body: &[Stmt]) -> bool {
    let text =
        |expr: &Expr| matches!(expr.kind, ExprKind::Text(_) | ExprKind::Format { .. } | ExprKind::Concat(_));
    body.iter().any(|stmt| match stmt {
        Stmt::Expr(value) => text(value),
        Stmt::Branch(arms) => arms.iter().any(|arm| in_pieces(arm)),
        Stmt::Loop(_) => true,
        Stmt::Assign { .. } | Stmt::Return(_) | Stmt::Leave | Stmt::When { .. } => false,
    })
}

fn is_value(kind: &str) -> bool {
    matches!(
        kind,
        "string_literal"
            | "raw_string_literal"
            | "identifier"
            | "macro_invocation"
            | "scoped_identifier"
            | "self"
            | "async_block"
            | "unsafe_block"
            | "block"
            | "integer_literal"
            | "generic_function"
    )
}
