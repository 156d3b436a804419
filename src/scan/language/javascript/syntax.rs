//! JavaScript and TypeScript: syntax tree -> common form.

use std::sync::Arc;

use tree_sitter::Node;

use super::classes::{bare, base_name};
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, gone, operands, unescape};
use crate::scan::language::shared::{all_of, both_of, long_chain};
use crate::scan::value::truth;

/// Lowers a script or module.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    lowering.script_classes(root);
    let body = lowering.js_block(root);
    lowering.unit.functions[0].body = body;
    lowering.unit
}

impl<'t> Lowering<'t> {
    fn js_block(&mut self, node: Node<'t>) -> Vec<Stmt> {
        let mut out = Vec::new();
        self.js_statements(&children(node), &mut out);
        out
    }

    /// The statements of a field, which may be a block or a single statement.
    pub(crate) fn js_field(&mut self, node: Node<'t>, field: &str) -> Vec<Stmt> {
        let mut out = Vec::new();
        if let Some(body) = node.child_by_field_name(field) {
            self.js_statement(body, &mut out);
        }
        out
    }

    pub(super) fn js_statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        self.nested(node, |lowering| lowering.js_statement_kind(node, out));
    }

    /// An expression that is a statement.
    fn js_effect(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        match node.kind() {
            "assignment_expression" | "augmented_assignment_expression" => self.js_assignment(node, out),
            "string" => {}
            "call_expression" if self.js_intercepted(node, out) => {}
            "call_expression" if self.script_statement(node, out) => {}
            "call_expression" if self.js_made_for_each(node, out) => {}
            "call_expression" if self.js_enum_filled(node, out) => {}
            "yield_expression" if self.is_of_generator(node) => out.push(self.js_yield(node)),
            "sequence_expression" if self.js_private_methods(node) => {}
            // `path = arguments[0], callback = arguments[1];`
            "sequence_expression" => {
                let mut parts = vec![node];
                while let Some(part) = parts.pop() {
                    match part.kind() {
                        "sequence_expression" => parts.extend(children(part).into_iter().rev()),
                        _ => self.js_effect(part, out),
                    }
                }
            }
            "unary_expression" if self.text(node).starts_with("delete ") => {
                let target = node.child_by_field_name("argument");
                out.extend(target.map(|target| gone(self.js_expr(target))));
            }
            _ => {
                let value = self.js_expr(node);
                out.push(Stmt::Expr(value));
            }
        }
    }

    fn js_statement_kind(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        match node.kind() {
            "expression_statement" => {
                for child in children(node) {
                    self.js_effect(child, out);
                }
            }
            "lexical_declaration" | "variable_declaration" => {
                for declarator in children(node) {
                    let (Some(name), Some(value)) =
                        (declarator.child_by_field_name("name"), declarator.child_by_field_name("value"))
                    else {
                        continue;
                    };
                    self.js_bind(name, value, out);
                }
            }
            "function_declaration" | "generator_function_declaration" => {
                let name = self.field_name(node, "name");
                match name.as_deref().and_then(|name| self.constructor_named(name)) {
                    Some(class) => self.script_constructor(node, class),
                    None => self.js_function(node, name, None, false),
                };
            }
            "class_declaration" | "abstract_class_declaration" | "class" => self.js_class(node),
            "enum_declaration" => self.js_enum(node, out),
            "import_statement" => self.js_import(node),
            "export_statement" => {
                if let Some(source) = node.child_by_field_name("source") {
                    self.js_reexport(node, source);
                    return;
                }
                if let Some(value) = node.child_by_field_name("value") {
                    // `export default {...}`, `export default () => ...`
                    let value = self.js_named(value, DEFAULT_EXPORT.into());
                    out.push(Stmt::Assign {
                        target: expr(ExprKind::Name(DEFAULT_EXPORT.into()), node),
                        value,
                    });
                    return;
                }
                let default = {
                    let mut cursor = node.walk();
                    node.children(&mut cursor).any(|child| child.kind() == "default")
                };
                if default
                    && let Some(declared) = node.child_by_field_name("declaration")
                    && let Some(name) = declared.child_by_field_name("name")
                {
                    let value = expr(ExprKind::Name(self.name(name)), name);
                    out.push(Stmt::Assign {
                        target: expr(ExprKind::Name(DEFAULT_EXPORT.into()), node),
                        value,
                    });
                }
                self.js_export_clause(node, out);
                for child in children(node) {
                    match child.kind() {
                        "export_clause" | "namespace_export" | "string" | "decorator" => {}
                        kind if kind.ends_with("declaration") || kind == "class" => {
                            self.js_statement(child, out)
                        }
                        _ => {
                            let value = self.js_expr(child);
                            out.push(Stmt::Expr(value));
                        }
                    }
                }
            }
            "return_statement" => {
                let value = match children(node).first() {
                    Some(child) => self.js_expr(*child),
                    None => expr(ExprKind::Unknown("".into()), node),
                };
                out.push(Stmt::Return(value));
            }
            "if_statement" => {
                self.js_condition(node, "condition", out);
                let mut then = self.js_field(node, "consequence");
                let mut otherwise = self.js_field(node, "alternative");
                let asked = node.child_by_field_name("condition").and_then(|asked| self.js_test(asked));
                let after = asked.as_ref().filter(|_| leaves(&then)).map(|asked| asked.when(false));
                if let Some(asked) = asked {
                    then.insert(0, asked.when(true));
                    otherwise.insert(0, asked.when(false));
                }
                out.push(Stmt::Branch(vec![then, otherwise]));
                out.extend(after);
            }
            "for_statement" if let Some(rest) = self.js_rest(node) => out.push(rest),
            "for_statement" => {
                if let Some(initializer) = node.child_by_field_name("initializer") {
                    self.js_statement(initializer, out);
                }
                self.js_condition(node, "condition", out);
                let mut body = self.js_field(node, "body");
                self.js_condition(node, "increment", &mut body);
                out.push(Stmt::Loop(body));
            }
            "for_in_statement" => {
                if let (Some(left), Some(right)) =
                    (node.child_by_field_name("left"), node.child_by_field_name("right"))
                {
                    let list = self.js_expr(right);
                    let of = node.child_by_field_name("operator").is_some_and(|op| self.text(op) == "of");
                    if left.kind() == "identifier" && of {
                        let value = expr(ExprKind::Element(Box::new(list)), right);
                        out.push(Stmt::Assign { target: self.js_expr(left), value });
                    } else if left.kind() == "object_pattern" && of {
                        let whole: Arc<str> = format!("(object {})", left.start_byte()).into();
                        let value = expr(ExprKind::Element(Box::new(list)), right);
                        out.push(Stmt::Assign { target: expr(ExprKind::Name(whole.clone()), left), value });
                        let whole = |_: &mut Self| expr(ExprKind::Name(whole.clone()), left);
                        self.js_members(left, &whole, out);
                    } else if left.kind() == "array_pattern" && of {
                        // `for (const [name, path] of Object.entries(PATHS))`
                        let value = expr(ExprKind::Element(Box::new(list)), right);
                        self.js_parts(left, value, out);
                    } else {
                        out.push(Stmt::Expr(list));
                    }
                }
                let body = self.js_field(node, "body");
                out.push(Stmt::Loop(body));
            }
            "while_statement" | "do_statement" => {
                self.js_condition(node, "condition", out);
                let body = self.js_field(node, "body");
                out.push(Stmt::Loop(body));
            }
            "try_statement" => self.js_attempt(node, out),
            "switch_statement" if self.is_state_machine(node) => self.js_steps(node, out),
            "switch_statement" => self.js_switch(node, out),
            "throw_statement" => {
                let parts = children(node).into_iter().map(|child| self.js_expr(child)).collect();
                out.push(Stmt::Expr(expr(ExprKind::Effects(parts), node)));
                out.push(Stmt::Leave);
            }
            "break_statement" | "continue_statement" => out.push(Stmt::Leave),
            "statement_block"
            | "else_clause"
            | "program"
            | "labeled_statement"
            | "ERROR"
            | "internal_module"
            | "module"
            | "ambient_declaration" => out.extend(self.js_block(node)),
            _ => {}
        }
    }

    pub(super) fn js_condition(&mut self, node: Node<'t>, field: &str, out: &mut Vec<Stmt>) {
        if let Some(condition) = node.child_by_field_name(field) {
            let value = self.js_expr(condition);
            out.push(Stmt::Expr(expr(ExprKind::Effects(vec![value]), condition)));
        }
    }

    /// `name = value` in a declaration, also with a destructuring pattern.
    fn js_bind(&mut self, name: Node<'t>, value: Node<'t>, out: &mut Vec<Stmt>) {
        if self.js_bind_import(name, value) {
            return;
        }
        match name.kind() {
            "identifier" if self.script_class(self.text(name), value, out) => {}
            // `var Client = module.exports = function () {...}`
            "identifier" if bare(value).kind() == "assignment_expression" => {
                self.js_chain(vec![name], bare(value), out);
            }
            "identifier" => {
                let value = self.js_named(value, self.name(name));
                out.push(Stmt::Assign { target: expr(ExprKind::Name(self.name(name)), name), value });
            }
            "object_pattern" => {
                let whole = self.js_expr(value);
                out.push(Stmt::Expr(whole));
                self.js_members(name, &|lowering| lowering.js_expr(value), out);
            }
            "array_pattern" => {
                // `const [method, path] = route(id)`
                let value = self.js_expr(value);
                self.js_parts(name, value, out);
            }
            _ => {
                let value = self.js_expr(value);
                out.push(Stmt::Expr(value));
            }
        }
    }

    /// Gives the names of an array pattern the elements of a value.
    fn js_parts(&mut self, pattern: Node<'t>, value: Expr, out: &mut Vec<Stmt>) {
        let whole: Arc<str> = format!("(array {})", pattern.start_byte()).into();
        out.push(Stmt::Assign { target: expr(ExprKind::Name(whole.clone()), pattern), value });
        for (index, part) in children(pattern).into_iter().enumerate() {
            let list = expr(ExprKind::Name(whole.clone()), pattern);
            if part.kind() == "rest_pattern" {
                self.js_others(part, list, out);
                continue;
            }
            let key = expr(ExprKind::Text(index.to_string().into()), part);
            let value = expr(ExprKind::Index(Box::new(list), Box::new(key)), part);
            if part.kind() == "object_pattern" {
                let name: Arc<str> = format!("(element {})", part.start_byte()).into();
                out.push(Stmt::Assign { target: expr(ExprKind::Name(name.clone()), part), value });
                self.js_members(part, &|_| expr(ExprKind::Name(name.clone()), part), out);
                continue;
            }
            if part.kind() != "identifier" {
                continue;
            }
            out.push(Stmt::Assign { target: expr(ExprKind::Name(self.name(part)), part), value });
        }
    }

    /// Gives the names of an object pattern the members of what `whole` is.
    fn js_members(&mut self, pattern: Node<'t>, whole: &dyn Fn(&mut Self) -> Expr, out: &mut Vec<Stmt>) {
        for (name, key, default) in self.js_pattern(pattern) {
            // `{ key: name }` reads the key.
            let place = match name.parent() {
                Some(pair) if pair.kind() == "pair_pattern" => {
                    pair.child_by_field_name("key").unwrap_or(name)
                }
                _ => name,
            };
            let member = expr(ExprKind::Member(Box::new(whole(self)), key), place);
            let value = match default {
                Some(default) => expr(default_of(vec![member, self.js_expr(default)]), name),
                None => member,
            };
            let inner = name.kind() == "object_pattern";
            let target: Arc<str> = match inner {
                true => format!("(object {})", name.start_byte()).into(),
                false => self.name(name),
            };
            out.push(Stmt::Assign { target: expr(ExprKind::Name(target.clone()), name), value });
            if inner {
                let whole = |_: &mut Self| expr(ExprKind::Name(target.clone()), name);
                self.nested(name, |lowering| lowering.js_members(name, &whole, out));
            }
        }
        self.js_rest_of(pattern, whole, out);
    }

    /// Name, key and default of the members of an object pattern.
    pub(super) fn js_pattern(&self, pattern: Node<'t>) -> Vec<(Node<'t>, Arc<str>, Option<Node<'t>>)> {
        let mut out = Vec::new();
        for child in children(pattern) {
            match child.kind() {
                "shorthand_property_identifier_pattern" => out.push((child, self.name(child), None)),
                "object_assignment_pattern" => {
                    if let Some(left) = child.child_by_field_name("left") {
                        out.push((left, self.name(left), child.child_by_field_name("right")));
                    }
                }
                "pair_pattern" => {
                    if let (Some(key), Some(value)) =
                        (child.child_by_field_name("key"), child.child_by_field_name("value"))
                    {
                        let (name, default) = match value.kind() {
                            "assignment_pattern" => (
                                value.child_by_field_name("left").unwrap_or(value),
                                value.child_by_field_name("right"),
                            ),
                            _ => (value, None),
                        };
                        out.push((name, self.name(key), default));
                    }
                }
                _ => {}
            }
        }
        out
    }

    /// A value that gets a name: a function gets it too.
    fn js_named(&mut self, value: Node<'t>, name: Arc<str>) -> Expr {
        match value.kind() {
            "arrow_function" | "function_expression" | "generator_function" => {
                let id = self.js_function(value, Some(name), None, false);
                expr(ExprKind::Function(id), value)
            }
            _ => self.js_expr(value),
        }
    }

    fn js_assignment(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        else {
            return;
        };
        if node.kind() == "augmented_assignment_expression" {
            let operator = node.child_by_field_name("operator").map(|op| self.text(op));
            if operator == Some("+=")
                && let Some(grown) = self.js_path_grows(left, right, true)
            {
                out.push(grown);
                return;
            }
            let value = match operator {
                Some("+=") => ExprKind::Concat(vec![self.js_expr(left), self.js_expr(right)]),
                Some("||=" | "??=") => default_of(vec![self.js_expr(left), self.js_expr(right)]),
                _ => ExprKind::Effects(vec![self.js_expr(right)]),
            };
            out.push(Stmt::Assign { target: self.js_expr(left), value: expr(value, node) });
            return;
        }
        self.js_assigned(left, right, out);
    }

    pub(super) fn js_assigned(&mut self, left: Node<'t>, right: Node<'t>, out: &mut Vec<Stmt>) {
        if bare(right).kind() == "assignment_expression" {
            self.js_chain(vec![left], bare(right), out);
            return;
        }
        let written = self.text(left);
        // CommonJS: what a file exports are names of it.
        let exported = match written {
            "exports" | "module.exports" => Some(Arc::from(COMMON_EXPORTS)),
            _ => self.exports_member(left),
        };
        if let Some(name) = exported.filter(|_| self.function == 0) {
            // A compiler's first word of what is given its value further down.
            if self.text(right) == "void 0" {
                return;
            }
            let target = expr(ExprKind::Name(name.clone()), left);
            // `module.exports = function Client() {...}`
            let own = self.field_name(right, "name").filter(|_| right.kind() == "function_expression");
            if let Some(class) = own.as_deref().and_then(|name| self.constructor_named(name)) {
                self.script_constructor(right, class);
                let value = expr(ExprKind::Name(own.unwrap_or_default()), right);
                out.push(Stmt::Assign { target, value });
                return;
            }
            let value = self.js_named(right, name);
            out.push(Stmt::Assign { target, value });
            return;
        }
        // `request = require("request")`, of a name that is declared above
        if left.kind() == "identifier"
            && (self.js_bind_import(left, right) || self.script_class(written, right, out))
        {
            return;
        }
        if self.script_member(left, right) {
            // `Client.prototype.list = requesting("/users")`
            if bare(right).kind() == "call_expression" {
                let made = self.js_expr(right);
                out.push(Stmt::Expr(made));
            }
            return;
        }
        let made = self.js_of_pair(left, right).or_else(|| self.js_base_of_client(left, right));
        if let Some(made) = made.or_else(|| self.js_path_grows(left, right, false)) {
            out.push(made);
            return;
        }
        let name: Arc<str> = self.member_name(left).unwrap_or(written).into();
        let value = self.js_named(right, name);
        out.push(Stmt::Assign { target: self.js_expr(left), value });
    }

    /// `a = b = value`: one of the names is given the value, the others that name.
    fn js_chain(&mut self, mut targets: Vec<Node<'t>>, chain: Node<'t>, out: &mut Vec<Stmt>) {
        let mut value = chain;
        while value.kind() == "assignment_expression"
            && let (Some(left), Some(right)) =
                (value.child_by_field_name("left"), value.child_by_field_name("right"))
        {
            targets.push(left);
            value = bare(right);
        }
        if self.text(value) == "void 0" {
            return;
        }
        // A method under several names is one under each.
        if targets.len() <= 3
            && matches!(value.kind(), "function_expression" | "arrow_function")
            && targets.iter().all(|target| self.is_script_member(*target))
        {
            targets.into_iter().for_each(|target| self.js_give(target, value, out));
            return;
        }
        let named = targets.iter().rposition(|target| target.kind() == "identifier");
        let first = targets.remove(named.unwrap_or(targets.len() - 1));
        self.js_give(first, value, out);
        for target in targets.into_iter().rev() {
            self.js_give(target, first, out);
        }
    }

    /// Gives a name or a member a value.
    fn js_give(&mut self, target: Node<'t>, value: Node<'t>, out: &mut Vec<Stmt>) {
        if target.kind() == "identifier" && self.text(target) != "exports" {
            self.js_bind(target, value, out);
        } else {
            self.js_assigned(target, value, out);
        }
    }

    pub(super) fn js_function(
        &mut self,
        node: Node<'t>,
        name: Option<Arc<str>>,
        class: Option<ClassId>,
        inline: bool,
    ) -> FunctionId {
        let id = self.add_function(name, class);
        let mut prologue = Vec::new();
        let mut params = Vec::new();
        let arrow = node.kind() == "arrow_function";
        let node = self.js_stepped(node).unwrap_or(node);
        if let Some(single) = node.child_by_field_name("parameter") {
            params.push(Param { name: self.name(single), kind: ParamKind::Plain, default: None });
        }
        if let Some(list) = node.child_by_field_name("parameters") {
            for param in children(list) {
                self.js_param(param, &mut params, &mut prologue, class);
            }
        }
        let outer = self.function;
        if !inline {
            self.function = id;
        }
        let around = if arrow { None } else { Some(self.enter_arguments(&params, inline)) };
        let mut body = prologue;
        if let Some(block) = node.child_by_field_name("body") {
            if block.kind() == "statement_block" {
                body.extend(self.js_block(block));
            } else {
                let value = self.js_expr(block);
                body.push(Stmt::Return(value));
            }
        }
        self.function = outer;
        if let Some(around) = around {
            self.leave_arguments(around, &mut params);
        }
        let function = &mut self.unit.functions[id];
        function.inline = inline;
        function.params = params;
        function.body = body;
        if class.is_some() && !arrow {
            function.receiver = Some("this".into());
        }
        if function.class.is_some() && function.name.as_deref() == Some("constructor") {
            function.constructor = true;
        }
        id
    }

    fn js_param(
        &mut self,
        node: Node<'t>,
        params: &mut Vec<Param>,
        prologue: &mut Vec<Stmt>,
        class: Option<ClassId>,
    ) {
        let mut pattern = node.child_by_field_name("pattern").unwrap_or(node);
        let mut default = node.child_by_field_name("value");
        if pattern.kind() == "assignment_pattern" {
            default = pattern.child_by_field_name("right");
            pattern = pattern.child_by_field_name("left").unwrap_or(pattern);
        }
        let mut default = default.map(|default| self.js_expr(default));
        // `name?: string`
        if node.kind() == "optional_parameter" && default.is_none() {
            default = Some(expr(ExprKind::Unknown("undefined".into()), node));
        }
        match pattern.kind() {
            "this" => {}
            "rest_pattern" => {
                let name = children(pattern).first().map_or_else(|| "".into(), |name| self.name(*name));
                params.push(Param { name, kind: ParamKind::Rest, default: None });
            }
            "object_pattern" => {
                // `({ method, path })`: members of one parameter.
                let name: Arc<str> = format!("(arguments {})", params.len()).into();
                let whole = |_: &mut Self| expr(ExprKind::Name(name.clone()), pattern);
                self.js_members(pattern, &whole, prologue);
                params.push(Param { name, kind: ParamKind::Plain, default });
            }
            "array_pattern" => {
                // `([name, path]) => ...`
                let name: Arc<str> = format!("(arguments {})", params.len()).into();
                self.js_parts(pattern, expr(ExprKind::Name(name.clone()), pattern), prologue);
                params.push(Param { name, kind: ParamKind::Plain, default });
            }
            _ => {
                let name = self.name(pattern);
                prologue.extend(self.js_words_of(node, pattern));
                // `constructor(private readonly base: string)`
                let field = class.is_some() && self.text(node).starts_with(['p', 'r']) && {
                    let text = self.text(node);
                    ["private ", "public ", "protected ", "readonly "]
                        .iter()
                        .any(|word| text.starts_with(word))
                };
                if field {
                    let this = expr(ExprKind::Name("this".into()), pattern);
                    let target = expr(ExprKind::Member(Box::new(this), name.clone()), pattern);
                    let value = expr(ExprKind::Name(name.clone()), pattern);
                    prologue.push(Stmt::Assign { target, value });
                }
                params.push(Param { name, kind: ParamKind::Plain, default });
            }
        }
    }

    fn class_name(&self, node: Node<'t>) -> Arc<str> {
        self.field_name(node, "name").unwrap_or_else(|| format!("(class {})", node.start_byte()).into())
    }

    /// What a condition asks to be given, and whether or not: `x`, `!x`,
    /// `x !== undefined`.
    fn js_asked(&mut self, condition: Node<'t>) -> Option<(Expr, bool)> {
        match condition.kind() {
            "identifier" => Some((self.js_expr(condition), true)),
            // `params.hasOwnProperty("version")`
            "call_expression" => {
                let asked = self.js_test(condition).filter(|asked| asked.test == Test::Given)?;
                Some((asked.subject(), asked.positive))
            }
            "parenthesized_expression" => self.js_asked(children(condition).first().copied()?),
            "unary_expression" if self.text(condition).starts_with('!') => {
                let (asked, positive) = self.js_asked(condition.child_by_field_name("argument")?)?;
                Some((asked, !positive))
            }
            "binary_expression" => {
                let left = condition.child_by_field_name("left")?;
                let right = condition.child_by_field_name("right")?;
                if left.kind() != "identifier" || !matches!(self.text(right), "undefined" | "null") {
                    return None;
                }
                let positive = match self.text(condition.child_by_field_name("operator")?) {
                    "!==" | "!=" => true,
                    "===" | "==" => false,
                    _ => return None,
                };
                Some((self.js_expr(left), positive))
            }
            _ => None,
        }
    }

    fn js_class(&mut self, node: Node<'t>) {
        let name = self.class_name(node);
        let class = self.class(&name);
        for heritage in children(node).into_iter().filter(|child| child.kind() == "class_heritage") {
            let text = self.text(heritage).trim_start_matches("extends").trim();
            let base = text.split([' ', '<', '(', '{']).next().unwrap_or_default();
            self.unit.classes[class].bases.push(base_name(base).into());
        }
        let Some(body) = node.child_by_field_name("body") else { return };
        for member in children(body) {
            self.nested(member, |lowering| lowering.js_class_member(class, member));
        }
    }

    pub(super) fn js_class_member(&mut self, class: ClassId, member: Node<'t>) {
        match member.kind() {
            "method_definition" => {
                let name = self.field_name(member, "name");
                let id = self.js_function(member, name, Some(class), false);
                // `static get base()`, `protected get path()`
                self.unit.functions[id].property =
                    member.children(&mut member.walk()).any(|child| child.kind() == "get");
            }
            "field_definition" | "public_field_definition" => {
                let name =
                    member.child_by_field_name("property").or_else(|| member.child_by_field_name("name"));
                let (Some(name), Some(value)) = (name, member.child_by_field_name("value")) else { return };
                let name = self.name(name);
                if matches!(value.kind(), "arrow_function" | "function_expression") {
                    let id = self.js_function(value, Some(name), Some(class), false);
                    self.unit.functions[id].receiver = Some("this".into());
                    return;
                }
                if self.js_asks(value) {
                    self.js_run_with_object(class, value);
                }
                let value = self.js_expr(value);
                let function = self.function;
                self.unit.classes[class].fields.push((name, function, value));
            }
            _ => {}
        }
    }

    pub(crate) fn js_expr(&mut self, node: Node<'t>) -> Expr {
        self.nested(node, |lowering| lowering.js_expr_kind(node))
            .map_or_else(|| expr(ExprKind::Unknown("".into()), node), |kind| expr(kind, node))
    }

    pub(super) fn js_exprs(&mut self, nodes: Vec<Node<'t>>) -> Vec<Expr> {
        nodes.into_iter().map(|node| self.js_expr(node)).collect()
    }

    fn js_expr_kind(&mut self, node: Node<'t>) -> ExprKind {
        let unknown = || ExprKind::Unknown("".into());
        match node.kind() {
            "string" | "template_string" => self.js_string(node),
            "identifier" if self.script.library(self.text(node)).is_some() => {
                ExprKind::Name(self.script.library(self.text(node)).unwrap_or_default())
            }
            "identifier" if self.is_arguments(node) => ExprKind::PositionalRest(0),
            "member_expression" | "subscript_expression" if self.is_default(node) => {
                match node.child_by_field_name("object") {
                    Some(object) => self.js_expr(object).kind,
                    None => unknown(),
                }
            }
            "member_expression" if self.own_export(node).is_some() => {
                self.own_export(node).unwrap_or_else(unknown)
            }
            // `(0, request)(url)`
            "sequence_expression" if children(node).len() == 2 && self.text(node).starts_with("0,") => {
                self.js_expr(children(node)[1]).kind
            }
            "identifier"
            | "shorthand_property_identifier"
            | "this"
            | "super"
            | "property_identifier"
            | "private_property_identifier" => ExprKind::Name(self.name(node)),
            "number" => ExprKind::Text(self.name(node)),
            "parenthesized_expression"
            | "await_expression"
            | "yield_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression"
            | "spread_element" => {
                let Some(inner) = children(node).first().copied() else { return unknown() };
                let inner = self.js_expr(inner);
                if node.kind() == "spread_element" { ExprKind::Spread(Box::new(inner)) } else { inner.kind }
            }
            "binary_expression" => {
                if let Some(parts) = operands(node, "binary_expression", "+", self.source) {
                    return ExprKind::Concat(self.js_exprs(parts));
                }
                if let Some(parts) = long_chain(node, "&&", self.source) {
                    return all_of(self.js_exprs(parts), node);
                }
                let operator = node.child_by_field_name("operator").map(|op| self.text(op));
                let both = [node.child_by_field_name("left"), node.child_by_field_name("right")];
                let both: Vec<Expr> = both.into_iter().flatten().map(|side| self.js_expr(side)).collect();
                match operator {
                    // `body && JSON.stringify(body)`
                    Some("&&") => match <[Expr; 2]>::try_from(both) {
                        Ok([first, second]) => both_of(first, second, node),
                        Err(both) => ExprKind::Effects(both),
                    },
                    Some("||" | "??") => default_of(both),
                    Some("===" | "!==" | "==" | "!=" | "<" | ">" | "<=" | ">=") => truth::of_comparison(both),
                    _ => ExprKind::Effects(both),
                }
            }
            "ternary_expression" => {
                if let Some(value) = self.js_nullish(node).or_else(|| self.js_argument_default(node)) {
                    return value;
                }
                let arms = [node.child_by_field_name("consequence"), node.child_by_field_name("alternative")];
                let asked = node.child_by_field_name("condition").and_then(|node| self.js_asked(node));
                if let (Some((asked, positive)), [Some(then), Some(otherwise)]) = (asked, arms) {
                    let (then, otherwise) = if positive { (then, otherwise) } else { (otherwise, then) };
                    let (then, otherwise) = (self.js_expr(then), self.js_expr(otherwise));
                    return ExprKind::Given(Box::new(asked), Box::new(then), Box::new(otherwise));
                }
                self.js_chosen(node, arms)
            }
            "member_expression" => {
                let (Some(object), Some(name)) =
                    (node.child_by_field_name("object"), self.field_name(node, "property"))
                else {
                    return unknown();
                };
                if matches!(self.text(object), "process.env" | "import.meta.env" | "__ENV") {
                    return ExprKind::Setting { name, default: None };
                }
                // What a class keeps is there for its objects: `this.constructor.path`.
                let object = match object.child_by_field_name("object") {
                    Some(this)
                        if this.kind() == "this" && self.member_name(object) == Some("constructor") =>
                    {
                        this
                    }
                    _ => object,
                };
                ExprKind::Member(Box::new(self.js_expr(object)), name)
            }
            "subscript_expression" if self.script_argument(node).is_some() => {
                ExprKind::Name(self.script_argument(node).unwrap_or_default())
            }
            "subscript_expression" => {
                let (Some(object), Some(key)) =
                    (node.child_by_field_name("object"), node.child_by_field_name("index"))
                else {
                    return unknown();
                };
                ExprKind::Index(Box::new(self.js_expr(object)), Box::new(self.js_expr(key)))
            }
            "call_expression" | "new_expression" => self.js_call(node),
            "arrow_function" | "function_expression" | "generator_function" => {
                ExprKind::Function(self.js_function(node, None, None, true))
            }
            "class" => {
                self.js_class(node);
                ExprKind::Name(self.class_name(node))
            }
            "array" => ExprKind::List(self.js_exprs(children(node))),
            "object" => self.js_object(node),
            "assignment_expression" => {
                // In the middle of an expression: the value passes through.
                match node.child_by_field_name("right") {
                    Some(right) => self.js_expr(right).kind,
                    None => unknown(),
                }
            }
            "augmented_assignment_expression" => {
                let both = [node.child_by_field_name("left"), node.child_by_field_name("right")];
                let both: Vec<Expr> = both.into_iter().flatten().map(|side| self.js_expr(side)).collect();
                match node.child_by_field_name("operator").map(|op| self.text(op)) {
                    Some("||=" | "??=") => default_of(both),
                    Some("+=") => ExprKind::Concat(both),
                    _ => ExprKind::Effects(both),
                }
            }
            "undefined" | "null" => ExprKind::Unknown("null".into()),
            "true" | "false" => ExprKind::Unknown(self.name(node)),
            "regex" | "type_arguments" => unknown(),
            "unary_expression" if self.text(node).starts_with('!') => {
                truth::of_comparison(self.js_exprs(children(node)))
            }
            _ => ExprKind::Effects(self.js_exprs(children(node))),
        }
    }

    fn js_object(&mut self, node: Node<'t>) -> ExprKind {
        if let Some(object) = self.script_object(node) {
            return object;
        }
        let mut entries = Vec::new();
        for child in children(node) {
            match child.kind() {
                "pair" => {
                    let (Some(key), Some(value)) =
                        (child.child_by_field_name("key"), child.child_by_field_name("value"))
                    else {
                        continue;
                    };
                    if key.kind() == "computed_property_name"
                        && let Some(key) = children(key).first()
                    {
                        let (key, value) = (self.js_expr(*key), self.js_expr(value));
                        let kind = match key.kind {
                            ExprKind::Text(_) | ExprKind::Name(_) | ExprKind::Member(..) => {
                                ExprKind::Keyed(Box::new(key), Box::new(value))
                            }
                            _ => value.kind,
                        };
                        entries.push((None, expr(kind, child)));
                        continue;
                    }
                    let key = match key.kind() {
                        "string" => self.js_expr(key).key(),
                        "computed_property_name" => None,
                        _ => Some(self.key(key)),
                    };
                    if let Some(request) = self.js_described(child, value) {
                        entries.push((key, expr(request, value)));
                        continue;
                    }
                    let value = match &key {
                        Some(key) => self.js_named(value, key.name.clone()),
                        None => self.js_expr(value),
                    };
                    if let ExprKind::Function(id) = value.kind {
                        self.unit.functions[id].keyed = true;
                    }
                    entries.push((key, value));
                }
                "shorthand_property_identifier" => {
                    let value = self.js_expr(child);
                    entries.push((Some(self.key(child)), value));
                }
                "method_definition" => {
                    let name = self.field_name(child, "name");
                    let id = self.js_function(child, name.clone(), None, false);
                    self.unit.functions[id].keyed = true;
                    entries.push((name.map(Key::from), expr(ExprKind::Function(id), child)));
                }
                _ => entries.push((None, self.js_expr(child))),
            }
        }
        ExprKind::Object(entries)
    }

    fn js_string(&mut self, node: Node<'t>) -> ExprKind {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let plain = node.kind() == "string";
        for child in children(node) {
            match child.kind() {
                "escape_sequence" => literal.push_str(&unescape(self.text(child))),
                "template_substitution" => {
                    if !literal.is_empty() {
                        let text = std::mem::take(&mut literal);
                        parts.push(expr(ExprKind::Text(text.into()), node));
                    }
                    let inner = children(child).first().copied();
                    let value = inner.map(|inner| self.js_expr(inner).kind);
                    parts.push(expr(value.unwrap_or(ExprKind::Unknown("".into())), child));
                }
                _ => literal.push_str(self.text(child)),
            }
        }
        if plain || parts.is_empty() {
            return ExprKind::Text(literal.into());
        }
        if !literal.is_empty() {
            parts.push(expr(ExprKind::Text(literal.into()), node));
        }
        ExprKind::Concat(parts)
    }
}

/// `process.env.X || "https://..."`
pub(super) fn default_of(mut both: Vec<Expr>) -> ExprKind {
    match (both.pop(), both.pop()) {
        (Some(fallback), Some(given)) => ExprKind::Default(Box::new(given), Box::new(fallback)),
        _ => ExprKind::Unknown("".into()),
    }
}
