//! Python: syntax tree -> common form.

use std::sync::Arc;

use tree_sitter::Node;

use super::aliases::method_of;
use crate::scan::form::*;
use crate::scan::language::asked::chosen_beside;
use crate::scan::language::cases::{Case, Cases};
use crate::scan::language::conditions::{Asked, MAX_ARMS};
use crate::scan::language::lower::{Lowering, children, expr, field_children, gone, operands, unescape};
use crate::scan::language::rows::row_of;
use crate::scan::language::shared::{all_of, both_of, long_chain};
use crate::scan::objects::elements::Rows;

/// Lowers a Python module.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    let body = lowering.py_block(root);
    lowering.unit.functions[0].body = body;
    lowering.unit
}

impl<'t> Lowering<'t> {
    pub(crate) fn py_block(&mut self, node: Node<'t>) -> Vec<Stmt> {
        let mut out = Vec::new();
        for child in children(node) {
            self.nested(child, |lowering| lowering.py_statement(child, &mut out));
        }
        out
    }

    /// The block of a field, or nothing.
    pub(crate) fn py_field(&mut self, node: Node<'t>, field: &str) -> Vec<Stmt> {
        node.child_by_field_name(field).map(|body| self.py_block(body)).unwrap_or_default()
    }

    fn py_statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        match node.kind() {
            "expression_statement" => {
                for child in children(node) {
                    match child.kind() {
                        "assignment" | "augmented_assignment" => self.py_assignment(child, out),
                        // Docstrings and other strings that nobody reads, and `...` for what others do.
                        "string" | "concatenated_string" | "ellipsis" => {}
                        "yield" => out.push(self.py_yield(child)),
                        _ => {
                            let put = self.py_path_added(child);
                            out.push(put.unwrap_or_else(|| Stmt::Expr(self.py_expr(child))));
                        }
                    }
                }
            }
            "return_statement" => {
                let value = match children(node).first() {
                    Some(child) => self.py_expr(*child),
                    None => expr(ExprKind::Unknown("".into()), node),
                };
                out.push(Stmt::Return(value));
            }
            "if_statement" => {
                self.py_condition(node, "condition", out);
                let mut asked: Vec<Asked<'t>> = Vec::new();
                let arm = |lowering: &mut Self, clause: Node<'t>, asked: &mut Vec<Asked<'t>>| {
                    // None of the conditions above holds.
                    let mut arm: Vec<Stmt> = asked.iter().map(|asked| asked.when(false)).collect();
                    if let Some(own) = clause.child_by_field_name("condition") {
                        let own = lowering.py_test(own);
                        arm.extend(own.as_ref().map(|own| own.when(true)));
                        asked.extend(own.filter(|_| asked.len() < MAX_ARMS));
                    }
                    arm
                };
                let mut first = arm(self, node, &mut asked);
                first.extend(self.py_field(node, "consequence"));
                let mut arms = vec![first];
                let mut has_else = false;
                for clause in field_children(node, "alternative") {
                    if clause.kind() == "else_clause" {
                        has_else = true;
                        let mut other = arm(self, clause, &mut asked);
                        other.extend(self.py_field(clause, "body"));
                        arms.push(other);
                    } else {
                        let mut other = Vec::new();
                        self.py_condition(clause, "condition", &mut other);
                        other.extend(arm(self, clause, &mut asked));
                        other.extend(self.py_field(clause, "consequence"));
                        arms.push(other);
                    }
                }
                let after = match arms.as_slice() {
                    [only] if leaves(only) && asked.len() == 1 => Some(asked[0].when(false)),
                    _ => None,
                };
                if !has_else {
                    arms.push(asked.iter().map(|asked| asked.when(false)).collect());
                }
                out.push(Stmt::Branch(arms));
                out.extend(after);
            }
            "for_statement" => {
                if let Some(right) = node.child_by_field_name("right")
                    && let Some(left) = node.child_by_field_name("left")
                {
                    self.py_loop_variable(left, right, out);
                }
                let body = self.py_field(node, "body");
                out.push(Stmt::Loop(body));
                for clause in field_children(node, "alternative") {
                    out.extend(self.py_field(clause, "body"));
                }
            }
            "while_statement" => {
                self.py_condition(node, "condition", out);
                let body = self.py_field(node, "body");
                out.push(Stmt::Loop(body));
            }
            "try_statement" => self.py_attempt(node, out),
            "with_statement" => {
                for clause in children(node) {
                    if clause.kind() != "with_clause" {
                        continue;
                    }
                    for item in children(clause) {
                        if let Some(value) = item.child_by_field_name("value") {
                            self.py_with_item(value, out);
                        }
                    }
                }
                out.extend(self.py_field(node, "body"));
            }
            "match_statement" => {
                let mut arms = Vec::new();
                let subject = self.py_match_subject(node, out);
                if let Some(body) = node.child_by_field_name("body") {
                    let mut cases = Cases::of(node.child_by_field_name("subject"));
                    for case in field_children(body, "alternative") {
                        let (labels, guard) = (children(case), case.child_by_field_name("guard"));
                        let patterns = labels.into_iter().filter(|label| label.kind() == "case_pattern");
                        let labels = patterns.filter(|label| self.text(*label) != "_").collect();
                        let asked = Case { labels, does: true, asks_more: guard.is_some() };
                        let mut arm = cases.arm(self, &asked);
                        self.py_case_keys(subject.as_ref(), case, &mut arm);
                        arm.extend(self.py_field(case, "consequence"));
                        arms.push(arm);
                    }
                }
                arms.push(Vec::new());
                out.push(Stmt::Branch(arms));
            }
            "function_definition" => {
                self.py_function(node, None, false);
            }
            "class_definition" => self.py_class(node, out),
            "decorated_definition" if self.is_overload(node) => {}
            "decorated_definition" => {
                self.py_decorators(node, out);
                let property = children(node).iter().any(|child| {
                    child.kind() == "decorator"
                        && matches!(self.text(*child), "@property" | "@cached_property")
                });
                if let Some(definition) = node.child_by_field_name("definition") {
                    match definition.kind() {
                        "class_definition" => self.py_class(definition, out),
                        _ => {
                            self.py_function(definition, None, property);
                        }
                    }
                }
            }
            "raise_statement" => {
                let parts = children(node).into_iter().map(|child| self.py_expr(child)).collect();
                out.push(Stmt::Expr(expr(ExprKind::Effects(parts), node)));
                out.push(Stmt::Leave);
            }
            "delete_statement" => {
                let mut targets = children(node);
                while let [list] = targets.as_slice()
                    && list.kind() == "expression_list"
                {
                    targets = children(*list);
                }
                for target in targets {
                    let is_key = target.kind() == "subscript";
                    let target = self.py_expr(target);
                    out.push(match is_key {
                        true => gone(target),
                        false => Stmt::Expr(expr(ExprKind::Effects(vec![target]), node)),
                    });
                }
            }
            "assert_statement" | "print_statement" => {
                let parts = children(node).into_iter().map(|child| self.py_expr(child)).collect();
                out.push(Stmt::Expr(expr(ExprKind::Effects(parts), node)));
            }
            "import_statement" | "import_from_statement" => self.py_import(node),
            "global_statement" => {
                for name in children(node) {
                    let name = self.text(name).into();
                    self.unit.shared.push((self.function, name));
                }
            }
            "break_statement" | "continue_statement" => out.push(Stmt::Leave),
            "block" | "module" => out.extend(self.py_block(node)),
            // A part that could not be read may hold statements that can.
            "ERROR" => out.extend(self.py_block(node)),
            _ => {}
        }
    }

    /// `import a.b`, `import a.b as c`, `from .a import b as c`, `from a import *`.
    fn py_import(&mut self, node: Node<'t>) {
        let module = node.child_by_field_name("module_name").map(|name| self.text(name));
        for name in field_children(node, "name") {
            let aliased = name.kind() == "aliased_import";
            let written = if aliased { name.child_by_field_name("name").unwrap_or(name) } else { name };
            let alias = if aliased { name.child_by_field_name("alias") } else { None };
            let local = self.text(alias.unwrap_or(written));
            self.py_alias(module, self.text(written), local);
            match module {
                Some(module) => self.import(module, Imported::Name(self.name(written)), local, name),
                None => self.import(self.text(written), Imported::Module, local, name),
            }
        }
        let all = children(node).into_iter().find(|child| child.kind() == "wildcard_import");
        if let (Some(all), Some(module)) = (all, module) {
            self.import(module, Imported::All, "", all);
        }
    }

    fn py_condition(&mut self, node: Node<'t>, field: &str, out: &mut Vec<Stmt>) {
        if let Some(condition) = node.child_by_field_name(field) {
            let value = self.py_expr(condition);
            out.push(Stmt::Expr(expr(ExprKind::Effects(vec![value]), condition)));
        }
    }

    /// `for x in xs`: x is any element.
    fn py_loop_variable(&mut self, left: Node<'t>, right: Node<'t>, out: &mut Vec<Stmt>) {
        let value = self.py_expr(right);
        self.py_bind_element(left, value, right, out);
    }

    fn py_bind_element(&mut self, left: Node<'t>, list: Expr, right: Node<'t>, out: &mut Vec<Stmt>) {
        if left.kind() == "identifier" {
            let value = row_of(list, Rows::Keys, right);
            out.push(Stmt::Assign { target: self.py_expr(left), value });
            return;
        }
        // `for method, path in [("GET", "/a"), ...]`, `for k, v in d.items()`
        let named = |name: Node<'t>| (name.kind() == "identifier").then_some(name);
        let names = children(left).into_iter().map(named).collect();
        let (list, rows) = match items_of(list) {
            Ok(table) => (table, Rows::Numbered),
            Err(list) => (list, Rows::Entries),
        };
        for (name, value) in self.row_parts(names, list, rows, left, out) {
            out.push(Stmt::Assign { target: self.py_expr(name), value });
        }
    }

    fn py_with_item(&mut self, value: Node<'t>, out: &mut Vec<Stmt>) {
        if value.kind() == "as_pattern" {
            let alias = value.child_by_field_name("alias");
            let target = alias.and_then(|alias| children(alias).first().copied());
            if let (Some(object), Some(target)) = (children(value).first().copied(), target) {
                let value = self.py_expr(object);
                out.push(Stmt::Assign { target: self.py_expr(target), value });
                return;
            }
        }
        let value = self.py_expr(value);
        out.push(Stmt::Expr(value));
    }

    fn py_assignment(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        self.py_declare_target(node, None);
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        else {
            return;
        };
        if matches!(right.kind(), "assignment" | "augmented_assignment") {
            self.nested(right, |lowering| lowering.py_assignment(right, out));
            if let Some(inner) = right.child_by_field_name("left") {
                self.py_assign(left, inner, out);
            }
            return;
        }
        if let Some(put) = self.py_path_goes_on(node) {
            out.push(put);
            return;
        }
        if node.kind() == "augmented_assignment" {
            let operator = node.child_by_field_name("operator").map(|op| self.text(op));
            let value = match operator {
                Some("+=") => ExprKind::Concat(vec![self.py_expr(left), self.py_expr(right)]),
                // `url /= "users"` of furl
                Some("/=") => ExprKind::Join {
                    base: Box::new(self.py_expr(left)),
                    parts: vec![self.py_expr(right)],
                    style: JoinStyle::Path,
                },
                _ => ExprKind::Effects(vec![self.py_expr(right)]),
            };
            out.push(Stmt::Assign { target: self.py_expr(left), value: expr(value, node) });
            return;
        }
        self.py_assign(left, right, out);
    }

    /// What stands on the right is given to what stands on the left.
    fn py_assign(&mut self, left: Node<'t>, right: Node<'t>, out: &mut Vec<Stmt>) {
        if matches!(left.kind(), "pattern_list" | "tuple_pattern" | "list_pattern") {
            let names = children(left);
            let values = children(right);
            let paired =
                matches!(right.kind(), "expression_list" | "tuple" | "list") && names.len() == values.len();
            let whole: Arc<str> = format!("(tuple {})", left.start_byte()).into();
            if !paired {
                let value = self.py_expr(right);
                out.push(Stmt::Assign { target: expr(ExprKind::Name(whole.clone()), left), value });
            }
            for (index, name) in names.iter().enumerate() {
                let value = if paired {
                    self.py_expr(values[index])
                } else {
                    let list = expr(ExprKind::Name(whole.clone()), left);
                    let key = expr(ExprKind::Text(index.to_string().into()), *name);
                    expr(ExprKind::Index(Box::new(list), Box::new(key)), *name)
                };
                out.push(Stmt::Assign { target: self.py_expr(*name), value });
            }
            return;
        }
        // `ask = getattr(session, method)`
        if left.kind() == "identifier"
            && let Some((object, name)) = self.py_getattr(right)
        {
            self.attributes.push((self.function, self.name(left), object, name));
        }
        let value = self.py_expr(right);
        out.push(Stmt::Assign { target: self.py_expr(left), value });
    }

    /// The object and the name of `getattr(object, name)`.
    pub(super) fn py_getattr(&self, node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let function = (node.kind() == "call").then(|| node.child_by_field_name("function"))??;
        let args = children(node.child_by_field_name("arguments")?);
        match args.as_slice() {
            [object, name, ..] if self.text(function) == "getattr" => Some((*object, *name)),
            _ => None,
        }
    }

    pub(super) fn py_function(
        &mut self,
        node: Node<'t>,
        class: Option<ClassId>,
        property: bool,
    ) -> FunctionId {
        let name = self.field_name(node, "name");
        let id = self.add_function(name.clone(), class);
        let mut params = match node.child_by_field_name("parameters") {
            Some(list) => self.py_params(list),
            None => Vec::new(),
        };
        // A static method has no receiver, and no parameter called self.
        let receives = class.is_some() && params.first().is_some_and(|p| matches!(&*p.name, "self" | "cls"));
        let outer = std::mem::replace(&mut self.function, id);
        let mut body = self.py_words_of(node);
        body.extend(self.py_field(node, "body"));
        self.function = outer;
        let function = &mut self.unit.functions[id];
        if receives {
            function.receiver = Some(params.remove(0).name);
        }
        function.property = property;
        function.constructor = name.as_deref() == Some("__init__");
        function.params = params;
        function.body = body;
        self.py_declare(node, id);
        id
    }

    fn py_params(&mut self, list: Node<'t>) -> Vec<Param> {
        let mut out = Vec::new();
        for child in children(list) {
            let mut kind = ParamKind::Plain;
            let mut name = child;
            let mut default = None;
            match child.kind() {
                "default_parameter" | "typed_default_parameter" => {
                    if let Some(inner) = child.child_by_field_name("name") {
                        name = inner;
                    }
                    default = child.child_by_field_name("value").map(|value| self.py_expr(value));
                }
                "typed_parameter" => name = children(child).first().copied().unwrap_or(child),
                _ => {}
            }
            match name.kind() {
                "list_splat_pattern" => kind = ParamKind::Rest,
                "dictionary_splat_pattern" => kind = ParamKind::Named,
                "keyword_separator" | "positional_separator" => continue,
                _ => {}
            }
            if kind != ParamKind::Plain {
                name = children(name).first().copied().unwrap_or(name);
            }
            out.push(Param { name: self.name(name), kind, default });
        }
        out
    }

    /// Decorators that are calls: those of the program may make requests.
    /// Whether it only says for type checkers how a function that follows may be called.
    fn is_overload(&self, node: Node<'t>) -> bool {
        let names =
            |part: &Node<'t>| matches!(self.text(*part), "@overload" | "@typing.overload" | "@t.overload");
        children(node).iter().any(|part| part.kind() == "decorator" && names(part))
    }

    fn py_decorators(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        for decorator in children(node).into_iter().filter(|child| child.kind() == "decorator") {
            let Some(made) = children(decorator).into_iter().find(|child| child.kind() == "call") else {
                continue;
            };
            let mut call = self.py_expr(made);
            if let ExprKind::Call(call) = &mut call.kind {
                let value = expr(ExprKind::Unknown("".into()), made);
                call.args.push(Arg { name: Some(DECORATED.into()), value });
            } else {
                continue;
            }
            out.push(Stmt::Expr(call));
        }
    }

    fn py_class(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let Some(name) = self.field_name(node, "name") else { return };
        let class = self.class(&name);
        if let Some(bases) = node.child_by_field_name("superclasses") {
            for base in children(bases) {
                // `Manager[Label]` is a Manager.
                let generic = (base.kind() == "subscript").then(|| base.child_by_field_name("value"));
                let text = self.text(generic.flatten().unwrap_or(base));
                self.unit.classes[class].bases.push(text.rsplit('.').next().unwrap_or(text).into());
            }
        }
        let Some(body) = node.child_by_field_name("body") else { return };
        for child in children(body) {
            self.nested(child, |lowering| lowering.py_class_member(class, child, out));
        }
        self.py_constructor_of_fields(node, class);
        self.py_address_of_client(class, node);
        self.py_listed_actions(class, node);
        self.py_stream(class, node);
    }

    fn py_class_member(&mut self, class: ClassId, child: Node<'t>, out: &mut Vec<Stmt>) {
        match child.kind() {
            "function_definition" => {
                self.py_function(child, Some(class), false);
                self.py_verbs_by_name(class, child);
            }
            "decorated_definition" if self.is_overload(child) => {}
            "decorated_definition" if self.py_declared_request(class, child) => {}
            "decorated_definition" => {
                self.py_decorators(child, out);
                let property = children(child).iter().any(|part| {
                    part.kind() == "decorator"
                        && self.text(*part).trim_end_matches("()").ends_with("property")
                });
                if let Some(definition) = child.child_by_field_name("definition")
                    && definition.kind() == "function_definition"
                {
                    self.py_function(definition, Some(class), property);
                }
            }
            "class_definition" => self.py_class(child, out),
            // What a class has under conditions is one of several.
            "if_statement" | "elif_clause" | "else_clause" | "try_statement" | "except_clause"
            | "finally_clause" | "block" => {
                for part in children(child) {
                    self.nested(part, |lowering| lowering.py_class_member(class, part, out));
                }
            }
            "expression_statement" => {
                for part in children(child) {
                    if part.kind() != "assignment" {
                        continue;
                    }
                    self.py_declare_target(part, Some(class));
                    if let (Some(left), Some(right)) =
                        (part.child_by_field_name("left"), part.child_by_field_name("right"))
                    {
                        let value = self.py_expr(right);
                        let value = self.py_below_base(value, part);
                        let function = self.function;
                        let name = self.name(left);
                        if let Some(value) = self.partial_method(class, &name, value, right) {
                            self.unit.classes[class].fields.push((name, function, value));
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// What a condition asks to be given, and whether or not: `x`, `not x`,
    /// `x is not None`.
    fn py_asked(&mut self, condition: Node<'t>) -> Option<(Expr, bool)> {
        match condition.kind() {
            "identifier" => Some((self.py_expr(condition), true)),
            "parenthesized_expression" => self.py_asked(children(condition).first().copied()?),
            "not_operator" => {
                let (asked, positive) = self.py_asked(condition.child_by_field_name("argument")?)?;
                Some((asked, !positive))
            }
            "comparison_operator" => {
                let parts = children(condition);
                let [left, right] = parts.as_slice() else { return None };
                if left.kind() != "identifier" || right.kind() != "none" {
                    return None;
                }
                let between = self.source.get(left.end_byte()..right.start_byte())?;
                let words: Vec<&str> = between.split_whitespace().collect();
                match words.as_slice() {
                    ["is", "not"] | ["!="] => Some((self.py_expr(*left), true)),
                    ["is"] | ["=="] => Some((self.py_expr(*left), false)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Lowers an expression; beyond the depth limit it is unknown.
    pub(crate) fn py_expr(&mut self, node: Node<'t>) -> Expr {
        self.nested(node, |lowering| lowering.py_expr_kind(node))
            .map_or_else(|| expr(ExprKind::Unknown("".into()), node), |kind| expr(kind, node))
    }

    pub(super) fn py_exprs(&mut self, nodes: Vec<Node<'t>>) -> Vec<Expr> {
        nodes.into_iter().map(|node| self.py_expr(node)).collect()
    }

    fn py_expr_kind(&mut self, node: Node<'t>) -> ExprKind {
        match node.kind() {
            "string" => self.py_string(node),
            "concatenated_string" => ExprKind::Concat(self.py_exprs(children(node))),
            "identifier" => self.py_name(node),
            "parenthesized_expression" | "await" | "named_expression" | "list_splat" | "dictionary_splat" => {
                let inner = node.child_by_field_name("value").or_else(|| children(node).first().copied());
                let Some(inner) = inner else { return ExprKind::Unknown("".into()) };
                let inner = self.py_expr(inner);
                match node.kind() {
                    "list_splat" | "dictionary_splat" => ExprKind::Spread(Box::new(inner)),
                    _ => inner.kind,
                }
            }
            "binary_operator" => self.py_binary(node),
            "boolean_operator" => {
                if let Some(parts) = long_chain(node, "and", self.source) {
                    return all_of(parts.into_iter().map(|part| self.py_expr(part)).collect(), node);
                }
                let left = node.child_by_field_name("left");
                let right = node.child_by_field_name("right");
                let (Some(left), Some(right)) = (left, right) else { return ExprKind::Unknown("".into()) };
                if self.text(node.child_by_field_name("operator").unwrap_or(node)) == "or" {
                    let left = Box::new(self.py_expr(left));
                    return ExprKind::Default(left, Box::new(self.py_expr(right)));
                }
                both_of(self.py_expr(left), self.py_expr(right), node)
            }
            "conditional_expression" => {
                let parts = children(node);
                let [then, condition, otherwise] = parts.as_slice() else {
                    return ExprKind::Unknown("".into());
                };
                if let Some((asked, positive)) = self.py_asked(*condition) {
                    let (then, otherwise) = if positive { (*then, *otherwise) } else { (*otherwise, *then) };
                    let (then, otherwise) = (self.py_expr(then), self.py_expr(otherwise));
                    return ExprKind::Given(Box::new(asked), Box::new(then), Box::new(otherwise));
                }
                let parts = [*condition, *then, *otherwise].map(|part| self.py_expr(part));
                let [condition, then, otherwise] = parts;
                chosen_beside(Some(condition), then, otherwise)
            }
            "attribute" => {
                let (Some(object), Some(name)) =
                    (node.child_by_field_name("object"), self.field_name(node, "attribute"))
                else {
                    return ExprKind::Unknown("".into());
                };
                if let Some(named) = self.py_class_name(node, object, &name) {
                    return named;
                }
                match self.text(object) {
                    "hdrs" | "aiohttp.hdrs" if method_of(&name).is_some() => {
                        ExprKind::Text(method_of(&name).unwrap_or_default().into())
                    }
                    _ => ExprKind::Member(Box::new(self.py_expr(object)), name),
                }
            }
            "subscript" => {
                let (Some(object), Some(key)) =
                    (node.child_by_field_name("value"), node.child_by_field_name("subscript"))
                else {
                    return ExprKind::Unknown("".into());
                };
                if matches!(self.text(object), "os.environ" | "environ") {
                    let name = self.text(key).trim_matches(['"', '\'']).into();
                    return ExprKind::Setting { name, default: None };
                }
                let object = Box::new(self.py_expr(object));
                if key.kind() == "slice" {
                    return super::asked::slice(*object, node);
                }
                ExprKind::Index(object, Box::new(self.py_expr(key)))
            }
            "call" => self.py_call(node),
            "list" | "tuple" | "set" | "expression_list" => ExprKind::List(self.py_exprs(children(node))),
            "integer" => ExprKind::Text(self.name(node)),
            "dictionary" => {
                let mut entries = Vec::new();
                for child in children(node) {
                    match child.kind() {
                        "pair" => {
                            let (Some(key), Some(value)) =
                                (child.child_by_field_name("key"), child.child_by_field_name("value"))
                            else {
                                continue;
                            };
                            let key = self.py_expr(key);
                            let value = self.py_expr(value);
                            entries.push(match key.kind {
                                ExprKind::Name(_) | ExprKind::Member(..) => {
                                    let kind = ExprKind::Keyed(Box::new(key), Box::new(value));
                                    (None, expr(kind, child))
                                }
                                _ => (key.key(), value),
                            });
                        }
                        _ => entries.push((None, self.py_expr(child))),
                    }
                }
                ExprKind::Object(entries)
            }
            "lambda" => {
                let id = self.add_function(None, None);
                self.unit.functions[id].inline = true;
                let mut body = Vec::new();
                if let Some(list) = node.child_by_field_name("parameters") {
                    // `lambda page=number:` keeps what the name around it is just then.
                    for param in self.py_params(list) {
                        match param.default {
                            Some(Expr { kind: ExprKind::Name(name), .. }) if name == param.name => {}
                            Some(value @ Expr { kind: ExprKind::Name(_), .. }) => {
                                let target = expr(ExprKind::Name(param.name), list);
                                body.push(Stmt::Assign { target, value });
                            }
                            _ => self.unit.functions[id].params.push(param),
                        }
                    }
                }
                if let Some(result) = node.child_by_field_name("body") {
                    body.push(Stmt::Return(self.py_expr(result)));
                }
                self.unit.functions[id].body = body;
                ExprKind::Function(id)
            }
            "list_comprehension"
            | "set_comprehension"
            | "generator_expression"
            | "dictionary_comprehension" => self.py_comprehension(node),
            "none" => ExprKind::Unknown("None".into()),
            "true" | "false" => ExprKind::Unknown(self.name(node)),
            "comparison_operator" | "not_operator" => self.py_comparison(node),
            _ => ExprKind::Effects(self.py_exprs(children(node))),
        }
    }

    /// A comprehension is a closure that runs where it stands.
    fn py_comprehension(&mut self, node: Node<'t>) -> ExprKind {
        let clauses: Vec<_> =
            children(node).into_iter().filter(|child| child.kind() == "for_in_clause").collect();
        if let [clause] = clauses.as_slice()
            && node.kind() != "dictionary_comprehension"
            && let Some(body) = node.child_by_field_name("body")
            && let (Some(left), Some(right)) =
                (clause.child_by_field_name("left"), clause.child_by_field_name("right"))
            && left.kind() == "identifier"
        {
            let list = Box::new(self.py_expr(right));
            let body = Box::new(self.py_body_of_each(node, left, body));
            return ExprKind::Each { list, name: self.name(left), body };
        }
        let id = self.add_function(None, None);
        self.unit.functions[id].inline = true;
        let mut body = Vec::new();
        for clause in children(node) {
            if clause.kind() == "for_in_clause"
                && let (Some(left), Some(right)) =
                    (clause.child_by_field_name("left"), clause.child_by_field_name("right"))
            {
                self.py_loop_variable(left, right, &mut body);
            } else if clause.kind() == "if_clause" {
                let asked = self.py_exprs(children(clause));
                body.push(Stmt::Expr(expr(ExprKind::Effects(asked), clause)));
            }
        }
        if let Some(element) = node.child_by_field_name("body") {
            let value = self.py_expr(element);
            body.push(Stmt::Expr(value));
        }
        self.unit.functions[id].body = body;
        ExprKind::Effects(vec![expr(ExprKind::Function(id), node)])
    }

    fn py_string(&mut self, node: Node<'t>) -> ExprKind {
        let mut parts: Vec<Expr> = Vec::new();
        let mut raw = false;
        for child in children(node) {
            match child.kind() {
                "string_start" => raw = self.text(child).to_ascii_lowercase().contains('r'),
                "string_content" => {
                    let text = self.py_content(child, raw);
                    parts.push(expr(ExprKind::Text(text.into()), child));
                }
                "interpolation" => {
                    let inner = child.child_by_field_name("expression");
                    let value = inner.map(|inner| self.py_expr(inner).kind);
                    parts.push(expr(value.unwrap_or(ExprKind::Unknown("".into())), child));
                }
                _ => {}
            }
        }
        match parts.len() {
            0 => ExprKind::Text("".into()),
            1 if matches!(parts[0].kind, ExprKind::Text(_)) => match parts.remove(0).kind {
                ExprKind::Text(text) => ExprKind::Text(text),
                _ => ExprKind::Unknown("".into()),
            },
            _ => ExprKind::Concat(parts),
        }
    }

    fn py_content(&self, node: Node<'t>, raw: bool) -> String {
        let mut out = String::new();
        let mut at = node.start_byte();
        for escape in children(node) {
            out.push_str(self.source.get(at..escape.start_byte()).unwrap_or_default());
            let text = self.text(escape);
            match escape.kind() {
                "escape_interpolation" => out.push_str(&text[..text.len().min(1)]),
                _ if raw => out.push_str(text),
                _ => out.push_str(&unescape(text)),
            }
            at = escape.end_byte();
        }
        out.push_str(self.source.get(at..node.end_byte()).unwrap_or_default());
        out
    }

    fn py_binary(&mut self, node: Node<'t>) -> ExprKind {
        if let Some(parts) = operands(node, "binary_operator", "+", self.source) {
            return ExprKind::Concat(self.py_exprs(parts));
        }
        let operator = node.child_by_field_name("operator").map(|op| self.text(op));
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        else {
            return ExprKind::Unknown("".into());
        };
        match operator {
            Some("%") => {
                let template = Box::new(self.py_expr(left));
                let args = match self.py_expr(right) {
                    Expr { kind: ExprKind::List(items), .. } if right.kind() == "tuple" => {
                        items.into_iter().map(|value| Arg { name: None, value }).collect()
                    }
                    Expr { kind: ExprKind::Object(entries), .. } => entries
                        .into_iter()
                        .map(|(key, value)| Arg { name: key.map(|key| key.name), value })
                        .collect(),
                    value => vec![Arg { name: None, value }],
                };
                ExprKind::Format { template, style: FormatStyle::Percent, args }
            }
            // pathlib-like: `URL(base) / "api" / "v1"` of yarl.
            Some("/") => {
                let parts = operands(node, "binary_operator", "/", self.source).unwrap_or_default();
                let mut parts = self.py_exprs(parts);
                let base = Box::new(parts.remove(0));
                ExprKind::Join { base, parts, style: JoinStyle::Path }
            }
            _ => ExprKind::Effects(self.py_exprs(vec![left, right])),
        }
    }
}

/// `d.items()` gives `d`.
fn items_of(list: Expr) -> Result<Expr, Expr> {
    if let ExprKind::Call(call) = list.kind {
        return match *call {
            CallExpr { callee: Expr { kind: ExprKind::Member(object, name), .. }, .. }
                if &*name == "items" =>
            {
                Ok(*object)
            }
            other => Err(Expr { kind: ExprKind::Call(Box::new(other)), span: list.span }),
        };
    }
    Err(list)
}
