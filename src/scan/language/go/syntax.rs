//! Go: syntax tree -> common form.

use std::sync::Arc;

use tree_sitter::Node;

use super::names;
use crate::scan::fields::structs::STRUCT;
use crate::scan::form::*;
use crate::scan::language::cases::{Case, Cases};
use crate::scan::language::lower::{Lowering, children, expr, field_children, operands, unescape};
use crate::scan::objects::elements::Rows;
use crate::scan::wording::words;

/// Types that a text is written into, piece by piece.
const TEXTS: [&str; 2] = ["strings.Builder", "bytes.Buffer"];

/// Lowers a Go file.
pub(crate) fn lower(root: Node<'_>, source: &str) -> Unit {
    let mut lowering = Lowering::new(source, root);
    let mut body = Vec::new();
    for child in children(root) {
        lowering.go_statement(child, &mut body);
    }
    lowering.unit.functions[0].body = body;
    lowering.unit
}

/// Types of the language that have no fields.
const BUILTIN: [&str; 21] = [
    "string",
    "bool",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "byte",
    "rune",
    "error",
    "any",
    "uintptr",
];

impl<'t> Lowering<'t> {
    fn go_block(&mut self, node: Node<'t>) -> Vec<Stmt> {
        let mut out = Vec::new();
        for child in children(node) {
            self.go_statement(child, &mut out);
        }
        out
    }

    fn go_field(&mut self, node: Node<'t>, field: &str) -> Vec<Stmt> {
        node.child_by_field_name(field).map(|body| self.go_block(body)).unwrap_or_default()
    }

    fn go_statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        self.nested(node, |lowering| lowering.go_statement_kind(node, out));
    }

    fn go_statement_kind(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        match node.kind() {
            "function_declaration" | "method_declaration" => self.go_function(node),
            "package_clause" => {
                self.unit.package = children(node).first().map(|name| self.name(*name));
            }
            "import_declaration" | "import_spec_list" => {
                for spec in children(node) {
                    self.go_statement(spec, out);
                }
            }
            "import_spec" => self.go_import(node),
            "const_declaration" if self.go_counted(node, out) => {}
            "const_declaration" | "var_declaration" | "var_spec_list" => {
                for spec in children(node) {
                    self.go_statement(spec, out);
                }
            }
            "type_declaration" => {
                for spec in children(node) {
                    self.go_type(spec);
                }
            }
            "const_spec" | "var_spec" => {
                let names = field_children(node, "name");
                if let Some(kind) = node.child_by_field_name("type") {
                    let shape = self.go_shape(kind, 0);
                    names.iter().for_each(|name| self.go_typed_name(*name, shape.clone()));
                }
                let values = node.child_by_field_name("value").map(children).unwrap_or_default();
                let kind = node.child_by_field_name("type").map(|kind| self.go_known_name(kind));
                if values.is_empty() && kind.is_some_and(|kind| TEXTS.contains(&kind.as_str())) {
                    for name in names {
                        let empty = expr(ExprKind::Text("".into()), name);
                        out.push(Stmt::Assign { target: self.go_expr(name), value: empty });
                    }
                    return;
                }
                // What the linker gives a value (`-X main.repository=..`), or the program later.
                if let ([name], [value]) = (names.as_slice(), values.as_slice())
                    && self.function == 0
                    && node.kind() == "var_spec"
                    && self.text(*value) == "\"\""
                {
                    let given = expr(ExprKind::Unknown(self.name(*name)), *name);
                    out.push(Stmt::Assign { target: self.go_expr(*name), value: given });
                    return;
                }
                self.go_assign(names, values, out);
            }
            "short_var_declaration" | "assignment_statement" => {
                let (Some(left), Some(right)) =
                    (node.child_by_field_name("left"), node.child_by_field_name("right"))
                else {
                    return;
                };
                let operator = node.child_by_field_name("operator").map(|op| self.text(op));
                if operator == Some("+=") {
                    let (Some(target), Some(value)) =
                        (children(left).first().copied(), children(right).first().copied())
                    else {
                        return;
                    };
                    // `u.Path += "/x"` is more at the end of what `u.String()` gives.
                    let target = url_of(target, self.source).unwrap_or(target);
                    let value = ExprKind::Concat(vec![self.go_expr(target), self.go_expr(value)]);
                    out.push(Stmt::Assign { target: self.go_expr(target), value: expr(value, node) });
                    return;
                }
                self.go_assign(children(left), children(right), out);
            }
            "expression_statement" | "go_statement" | "defer_statement" | "send_statement" => {
                for child in children(node) {
                    if let Some(target) = self.go_printed_into(child) {
                        let args = child.child_by_field_name("arguments").map(children).unwrap_or_default();
                        let printed = expr(formatted(self.go_exprs(args[1..].to_vec())), child);
                        let value = ExprKind::Concat(vec![self.go_expr(target), printed]);
                        out.push(Stmt::Assign { target: self.go_expr(target), value: expr(value, child) });
                        continue;
                    }
                    let value = self.go_expr(child);
                    out.push(Stmt::Expr(value));
                }
            }
            "return_statement" => {
                let values = children(node).first().copied().map(children).unwrap_or_default();
                // `return "", err`: there is no value.
                if let [first, .., error] = values.as_slice()
                    && matches!(self.text(*first), "\"\"" | "``" | "nil")
                    && error.kind() != "nil"
                {
                    let failed = self.go_exprs(values);
                    out.push(Stmt::Expr(expr(ExprKind::Effects(failed), node)));
                    out.push(Stmt::Leave);
                    return;
                }
                // `func (c *Client) api() (made *Api, err error) { made = newApi(); return }`
                if values.is_empty()
                    && let Some(result) = named_result(node)
                {
                    out.push(match is_error_path(node, self.source) {
                        true => Stmt::Leave,
                        false => Stmt::Return(self.go_expr(result)),
                    });
                    return;
                }
                let mut values = values.into_iter();
                let first = match values.next() {
                    Some(value) => self.go_expr(value),
                    None => expr(ExprKind::Unknown("".into()), node),
                };
                for value in values {
                    let value = self.go_expr(value);
                    out.push(Stmt::Expr(value));
                }
                out.push(Stmt::Return(first));
            }
            "if_statement" => {
                if let Some(initializer) = node.child_by_field_name("initializer") {
                    self.go_statement(initializer, out);
                }
                if let Some(condition) = node.child_by_field_name("condition") {
                    let value = self.go_expr(condition);
                    out.push(Stmt::Expr(expr(ExprKind::Effects(vec![value]), condition)));
                }
                let then = self.go_field(node, "consequence");
                let mut otherwise = Vec::new();
                if let Some(alternative) = node.child_by_field_name("alternative") {
                    self.go_statement(alternative, &mut otherwise);
                }
                let mut arms = [then, otherwise];
                let condition = node.child_by_field_name("condition");
                let asked = condition.and_then(|condition| self.plain_test(condition, false));
                let after = self.under_test(asked.as_ref(), &mut arms);
                out.push(Stmt::Branch(arms.into()));
                out.extend(after);
            }
            "for_statement" => {
                for clause in children(node) {
                    match clause.kind() {
                        "range_clause" => self.go_range(clause, out),
                        "for_clause" => {
                            if let Some(initializer) = clause.child_by_field_name("initializer") {
                                self.go_statement(initializer, out);
                            }
                            if let Some(condition) = clause.child_by_field_name("condition") {
                                self.go_asked(condition, out);
                            }
                        }
                        "block" | "comment" => {}
                        // `for len(list) > 0 {`
                        _ => self.go_asked(clause, out),
                    }
                }
                let body = self.go_field(node, "body");
                out.push(Stmt::Loop(body));
            }
            "expression_switch_statement" | "type_switch_statement" | "select_statement" => {
                if let Some(initializer) = node.child_by_field_name("initializer") {
                    self.go_statement(initializer, out);
                }
                let plain = node.kind() == "expression_switch_statement";
                if let Some(subject) = node.child_by_field_name("value").filter(|_| plain) {
                    self.go_asked(subject, out);
                }
                let mut cases = Cases::of(node.child_by_field_name("value"));
                let mut arms = Vec::new();
                let mut has_default = false;
                for case in children(node) {
                    if matches!(
                        case.kind(),
                        "expression_case" | "type_case" | "communication_case" | "default_case"
                    ) {
                        has_default |= case.kind() == "default_case";
                        let body =
                            children(case).into_iter().filter(|child| child.kind() == "statement_list");
                        let labels: Vec<_> = case.child_by_field_name("value").into_iter().collect();
                        let mut arm = match plain {
                            true => cases.arm(self, &Case { labels, does: true, asks_more: false }),
                            false => Vec::new(),
                        };
                        for list in body {
                            arm.extend(self.go_block(list));
                        }
                        // Leaving the switch is no leaving of the block.
                        arm.retain(|stmt| !matches!(stmt, Stmt::Leave));
                        arms.push(arm);
                    }
                }
                if !has_default {
                    arms.push(Vec::new());
                }
                out.push(Stmt::Branch(arms));
            }
            "block" | "statement_list" | "labeled_statement" | "ERROR" => out.extend(self.go_block(node)),
            "break_statement" | "continue_statement" => out.push(Stmt::Leave),
            _ => {}
        }
    }

    /// `import "a/b"`, `import c "a/b"`, `import . "a/b"`: the local name is the
    /// last part of the path that is no version, where no other is given.
    fn go_import(&mut self, node: Node<'t>) {
        let Some(path) = node.child_by_field_name("path") else { return };
        let path = self.text(path).trim_matches(['"', '`']);
        let version =
            |part: &&str| part.strip_prefix('v').is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
        match node.child_by_field_name("name").map(|name| self.text(name)) {
            Some("_") => {}
            Some(".") => self.import(path, Imported::All, "", node),
            Some(name) => self.import(path, Imported::Module, name, node),
            None => {
                let last = path.rsplit('/').find(|part| !version(part)).unwrap_or(path);
                self.import(path, Imported::Module, last, node);
            }
        }
    }

    /// What a condition asks for counts for its calls and what it reads.
    fn go_asked(&mut self, condition: Node<'t>, out: &mut Vec<Stmt>) {
        let value = self.go_expr(condition);
        out.push(Stmt::Expr(expr(ExprKind::Effects(vec![value]), condition)));
    }

    fn go_range(&mut self, clause: Node<'t>, out: &mut Vec<Stmt>) {
        let Some(right) = clause.child_by_field_name("right") else { return };
        let list = self.go_expr(right);
        let names = clause.child_by_field_name("left").map(children).unwrap_or_default();
        // `for page := range pages(client, "/users")`, too
        let named = |name: Node<'t>| (name.kind() == "identifier").then_some(name);
        let names: Vec<_> = names.into_iter().map(named).collect();
        for (name, value) in self.row_parts(names, list, Rows::Numbered, clause, out) {
            if self.text(name) != "_" {
                out.push(Stmt::Assign { target: self.go_expr(name), value });
            }
        }
    }

    /// `a, err := f()`: the first name gets the value.
    fn go_assign(&mut self, names: Vec<Node<'t>>, values: Vec<Node<'t>>, out: &mut Vec<Stmt>) {
        let single = values.len() == 1;
        for (index, name) in names.iter().enumerate() {
            let value = match values.get(index) {
                Some(value) => self.go_expr(*value),
                None if single || values.is_empty() => expr(ExprKind::Unknown(self.name(*name)), *name),
                None => continue,
            };
            if self.text(*name) == "_" {
                out.push(Stmt::Expr(value));
                continue;
            }
            if let Some(shape) = values.get(index).and_then(|value| self.go_made(*value)) {
                self.go_typed_name(*name, shape);
            }
            // `req.URL = u` is a step of the request `&http.Request{Method: "GET"}`.
            if let (Some((object, field)), Some(given)) =
                (request_field(*name, self.source), values.get(index))
            {
                let set = format!("{field}=").as_str().into();
                let callee = expr(ExprKind::Member(Box::new(self.go_expr(object)), set), *name);
                let args = vec![Arg { name: None, value: self.go_expr(*given) }];
                out.push(Stmt::Expr(expr(ExprKind::Call(Box::new(CallExpr { callee, args })), *name)));
            }
            // `u.Path = "/x"` also changes what `u.String()` gives.
            if let (Some(object), Some(part)) = (url_of(*name, self.source), values.get(index))
                && !self.go_is_struct(object)
            {
                let joined = match self.go_own_path(object, *part) {
                    Some(parts) => {
                        let base = Box::new(self.go_expr(object));
                        ExprKind::Join { base, parts, style: JoinStyle::Path }
                    }
                    None => {
                        let (base, part) = (Box::new(self.go_expr(object)), self.go_expr(*part));
                        ExprKind::Join { base, parts: vec![part], style: JoinStyle::Url }
                    }
                };
                out.push(Stmt::Assign { target: self.go_expr(object), value: expr(joined, *name) });
            }
            out.push(Stmt::Assign { target: self.go_expr(*name), value });
        }
    }

    /// The text that grows: `fmt.Fprintf(&text, "/users/%s", id)`.
    fn go_printed_into(&self, node: Node<'t>) -> Option<Node<'t>> {
        let function = node.child_by_field_name("function").map(|function| self.go_known_name(function));
        if function.as_deref() != Some("fmt.Fprintf") {
            return None;
        }
        let first = node.child_by_field_name("arguments").and_then(|list| children(list).first().copied())?;
        let target = first.child_by_field_name("operand").filter(|_| first.kind() == "unary_expression")?;
        (self.text(first).starts_with('&') && target.kind() == "identifier").then_some(target)
    }

    /// What is put behind the path that a URL has: `path.Join(u.Path, "x")`,
    /// `u.Path + "/x"`.
    fn go_own_path(&mut self, object: Node<'t>, value: Node<'t>) -> Option<Vec<Expr>> {
        let parts = match value.kind() {
            "call_expression" => {
                let function = self.go_known_name(value.child_by_field_name("function")?);
                if !matches!(function.as_str(), "path.Join" | "url.JoinPath") {
                    return None;
                }
                value.child_by_field_name("arguments").map(children)?
            }
            _ => operands(value, "binary_expression", "+", self.source)?,
        };
        let (first, rest) = parts.split_first()?;
        // `u := *c.base; u.Path = c.base.Path + "/x"` is the same.
        let own = self
            .text(*first)
            .strip_suffix(".Path")
            .is_some_and(|url| url == self.text(object) || names_url(url.rsplit('.').next().unwrap_or(url)));
        own.then(|| self.go_exprs(rest.to_vec()))
    }

    fn go_function(&mut self, node: Node<'t>) {
        let receiver = node.child_by_field_name("receiver").and_then(|list| children(list).first().copied());
        let class = receiver.and_then(|receiver| receiver.child_by_field_name("type")).map(|kind| {
            let name = self.type_name(kind);
            self.class(&name)
        });
        let id = self.add_function(self.field_name(node, "name"), class);
        self.unit.functions[id].receiver = receiver.and_then(|receiver| self.field_name(receiver, "name"));
        if let Some(list) = node.child_by_field_name("parameters") {
            self.unit.functions[id].params = self.go_params(list);
            self.go_typed_params(id, list);
        }
        let outer = std::mem::replace(&mut self.function, id);
        let body = self.go_field(node, "body");
        self.function = outer;
        self.unit.functions[id].body = body;
    }

    /// Notes the types of a function's parameters.
    fn go_typed_params(&mut self, id: FunctionId, list: Node<'t>) {
        for declaration in children(list) {
            let Some(kind) = declaration.child_by_field_name("type") else { continue };
            let shape = self.go_shape(kind, 0);
            for name in field_children(declaration, "name") {
                let name = self.name(name);
                if let Some(kind) = self.go_own_type(kind) {
                    self.unit.functions[id].declared.push((name.clone(), kind));
                }
                self.unit.functions[id].types.push((name, shape.clone()));
            }
        }
    }

    /// `*Client`, `Client[T]`: Client.
    fn type_name(&self, node: Node<'t>) -> Arc<str> {
        let text = self.text(node).trim_start_matches(['*', '&']);
        text.split('[').next().unwrap_or(text).into()
    }

    fn go_params(&self, list: Node<'t>) -> Vec<Param> {
        let mut out = Vec::new();
        for declaration in children(list) {
            let kind = match declaration.kind() {
                "variadic_parameter_declaration" => ParamKind::Rest,
                _ => ParamKind::Plain,
            };
            let names = field_children(declaration, "name");
            if names.is_empty() {
                out.push(Param { name: "_".into(), kind, default: None });
            }
            for name in names {
                out.push(Param { name: self.name(name), kind, default: None });
            }
        }
        out
    }

    fn go_expr(&mut self, node: Node<'t>) -> Expr {
        self.nested(node, |lowering| lowering.go_expr_kind(node))
            .map_or_else(|| expr(ExprKind::Unknown("".into()), node), |kind| expr(kind, node))
    }

    fn go_exprs(&mut self, nodes: Vec<Node<'t>>) -> Vec<Expr> {
        nodes.into_iter().map(|node| self.go_expr(node)).collect()
    }

    fn go_expr_kind(&mut self, node: Node<'t>) -> ExprKind {
        match node.kind() {
            "interpreted_string_literal" => {
                let mut text = String::new();
                for child in children(node) {
                    match child.kind() {
                        "escape_sequence" => text.push_str(&unescape(self.text(child))),
                        _ => text.push_str(self.text(child)),
                    }
                }
                ExprKind::Text(text.into())
            }
            "raw_string_literal" => ExprKind::Text(self.text(node).trim_matches('`').into()),
            "int_literal" => ExprKind::Text(self.name(node)),
            "identifier" | "type_identifier" | "package_identifier" => ExprKind::Name(self.name(node)),
            "selector_expression" => {
                let (Some(object), Some(name)) =
                    (node.child_by_field_name("operand"), self.field_name(node, "field"))
                else {
                    return ExprKind::Unknown("".into());
                };
                if let Some(method) = name.strip_prefix("Method")
                    && self.go_known_name(node).starts_with("http.")
                {
                    return ExprKind::Text(method.to_ascii_uppercase().into());
                }
                ExprKind::Member(Box::new(self.go_expr(object)), name)
            }
            "index_expression" => {
                let (Some(object), Some(key)) =
                    (node.child_by_field_name("operand"), node.child_by_field_name("index"))
                else {
                    return ExprKind::Unknown("".into());
                };
                ExprKind::Index(Box::new(self.go_expr(object)), Box::new(self.go_expr(key)))
            }
            "parenthesized_expression" | "literal_element" | "variadic_argument" => {
                let Some(inner) = children(node).first().copied() else {
                    return ExprKind::Unknown("".into());
                };
                let inner = self.go_expr(inner);
                if node.kind() == "variadic_argument" {
                    ExprKind::Spread(Box::new(inner))
                } else {
                    inner.kind
                }
            }
            "unary_expression" => {
                let operator = node.child_by_field_name("operator").map(|op| self.text(op));
                let Some(operand) = node.child_by_field_name("operand") else {
                    return ExprKind::Unknown("".into());
                };
                let inner = self.go_expr(operand);
                match operator {
                    Some("&" | "*") => inner.kind,
                    _ => ExprKind::Effects(vec![inner]),
                }
            }
            "binary_expression" => match operands(node, "binary_expression", "+", self.source) {
                Some(parts) => ExprKind::Concat(self.go_exprs(parts)),
                None => ExprKind::Effects(self.go_exprs(children(node))),
            },
            "call_expression" => self.go_call(node),
            "type_conversion_expression" | "type_assertion_expression" => {
                match node.child_by_field_name("operand") {
                    Some(operand) => self.go_expr(operand).kind,
                    None => ExprKind::Unknown("".into()),
                }
            }
            "composite_literal" => self.go_composite(node),
            "literal_value" => self.go_literal(node),
            "func_literal" => {
                let id = self.add_function(None, None);
                self.unit.functions[id].inline = true;
                if let Some(list) = node.child_by_field_name("parameters") {
                    self.unit.functions[id].params = self.go_params(list);
                    self.go_typed_params(id, list);
                }
                let body = self.go_field(node, "body");
                self.unit.functions[id].body = body;
                ExprKind::Function(id)
            }
            "nil" => ExprKind::Unknown("nil".into()),
            "true" | "false" => ExprKind::Unknown(self.name(node)),
            _ => ExprKind::Effects(self.go_exprs(children(node))),
        }
    }

    fn go_composite(&mut self, node: Node<'t>) -> ExprKind {
        let Some(body) = node.child_by_field_name("body") else { return ExprKind::Unknown("".into()) };
        match node.child_by_field_name("type") {
            Some(kind) => self.go_literal_of(kind, body, node),
            None => self.go_literal(body),
        }
    }

    /// A literal of a type; in lists and maps the type of what is in them is left out.
    fn go_literal_of(&mut self, kind: Node<'t>, body: Node<'t>, node: Node<'t>) -> ExprKind {
        match kind.kind() {
            "type_identifier" => {
                let name = self.type_name(kind);
                let class = self.class(&name);
                self.go_instance(class, body)
            }
            "struct_type" => {
                let class = self.go_anonymous(kind, 0);
                self.go_instance(class, body)
            }
            "qualified_type" => self.go_foreign_struct(&self.go_known_name(kind), node, body),
            "slice_type" | "array_type" | "implicit_length_array_type" | "map_type" | "pointer_type" => {
                let inner = match kind.kind() {
                    "map_type" => kind.child_by_field_name("value"),
                    "pointer_type" => children(kind).first().copied(),
                    _ => kind.child_by_field_name("element"),
                };
                let Some(inner) = inner else { return self.go_literal(body) };
                if kind.kind() == "pointer_type" {
                    return self.go_literal_of(inner, body, node);
                }
                let named = kind.kind() != "map_type";
                self.go_elements(body, named, |lowering, value| {
                    let short = value.kind() == "literal_element";
                    let bare = if short { children(value).first().copied() } else { Some(value) };
                    match bare {
                        Some(bare) if bare.kind() == "literal_value" => {
                            let literal = lowering
                                .nested(bare, |lowering| lowering.go_literal_of(inner, bare, bare))
                                .unwrap_or_else(|| ExprKind::Unknown("".into()));
                            expr(literal, bare)
                        }
                        _ => lowering.go_expr(value),
                    }
                })
            }
            _ => self.go_literal(body),
        }
    }

    fn go_instance(&mut self, class: ClassId, body: Node<'t>) -> ExprKind {
        let fields = match self.go_literal(body) {
            ExprKind::Object(entries) => {
                entries.into_iter().filter_map(|(key, value)| Some((key?, value))).collect()
            }
            // `endpoint{"users", "/users"}`: the fields in their order.
            ExprKind::List(items) => {
                let named = |(place, value)| (Key::from(Arc::from(at_place(place))), value);
                items.into_iter().enumerate().map(named).collect()
            }
            other => {
                let rest = expr(other, body);
                vec![("".into(), rest)]
            }
        };
        ExprKind::Instance(class, fields)
    }

    /// `type User struct { Email string `json:"email"` }`
    fn go_type(&mut self, spec: Node<'t>) {
        let (Some(name), Some(kind)) = (spec.child_by_field_name("name"), spec.child_by_field_name("type"))
        else {
            return;
        };
        // `type Endpoint string`
        if self.text(kind) == "string" {
            let class = self.class(self.text(name));
            self.unit.classes[class].declared.push((TEXT_TYPE.into(), TEXT_TYPE.into()));
        }
        if kind.kind() == "struct_type" {
            let class = self.class(self.text(name));
            self.go_fields(class, kind, 0);
        }
    }

    /// The class of a struct without a name.
    fn go_anonymous(&mut self, kind: Node<'t>, depth: usize) -> ClassId {
        let class = self.class(&format!("(struct {})", kind.start_byte()));
        if self.unit.classes[class].wire.is_empty() {
            self.go_fields(class, kind, depth);
        }
        class
    }

    /// How the fields of a struct are written in JSON: by their tags, else by their
    /// names, unless these are the package's own.
    fn go_fields(&mut self, class: ClassId, kind: Node<'t>, depth: usize) {
        let lists = children(kind).into_iter().filter(|child| child.kind() == "field_declaration_list");
        let declarations: Vec<Node<'t>> = lists.flat_map(children).collect();
        for declaration in declarations {
            let Some(kind) = declaration.child_by_field_name("type") else { continue };
            let tag = declaration.child_by_field_name("tag").map_or("", |tag| self.text(tag));
            let tag = tag.trim_matches(['`', '"']);
            let json = tag.split_once("json:\"").map(|(_, rest)| rest.split('"').next().unwrap_or_default());
            let (written, options) = json.map_or(("", ""), |json| json.split_once(',').unwrap_or((json, "")));
            let optional = options.split(',').any(|option| matches!(option, "omitempty" | "omitzero"));
            let shape = self.go_shape(kind, depth + 1);
            let names = field_children(declaration, "name");
            // Fields of an embedded struct are written in its place.
            if names.is_empty() {
                let name = self.type_name(kind);
                // Its methods and fields are those of the struct.
                self.unit.classes[class].bases.push(name.clone());
                let name: Arc<str> = name.rsplit('.').next().unwrap_or(&name).into();
                let key = (!written.is_empty()).then(|| written.into());
                let field = WireField { name, key, optional, shape };
                self.unit.classes[class].wire.push(field);
                continue;
            }
            for name in names {
                let name = self.name(name);
                if let Some(known) = self.go_own_type(kind) {
                    self.unit.classes[class].declared.push((name.clone(), known));
                }
                let own = !name.starts_with(char::is_uppercase);
                let field = match written {
                    _ if own => None,
                    "-" if options.is_empty() => None,
                    "" => Some(name.clone()),
                    key => Some(key.into()),
                };
                let shape = if field.is_none() { Shape::Open } else { shape.clone() };
                self.unit.classes[class].wire.push(WireField { name, key: field, optional, shape });
            }
        }
    }

    fn go_shape(&mut self, kind: Node<'t>, depth: usize) -> Shape {
        const MAX_SHAPE: usize = 20;
        if depth > MAX_SHAPE {
            return Shape::Open;
        }
        let inner = |node: Option<Node<'t>>, lowering: &mut Self| {
            Arc::new(node.map_or(Shape::Open, |node| lowering.go_shape(node, depth + 1)))
        };
        match kind.kind() {
            "type_identifier" if !BUILTIN.contains(&self.text(kind)) => {
                let name = self.type_name(kind);
                Shape::Struct(self.class(&name))
            }
            "qualified_type" => Shape::Foreign(self.text(kind).into()),
            "pointer_type" | "parenthesized_type" => match children(kind).first() {
                Some(node) => self.go_shape(*node, depth + 1),
                None => Shape::Open,
            },
            "slice_type" | "array_type" => Shape::List(inner(kind.child_by_field_name("element"), self)),
            "map_type" => Shape::Map(inner(kind.child_by_field_name("value"), self)),
            "struct_type" => Shape::Struct(self.go_anonymous(kind, depth)),
            _ => Shape::Open,
        }
    }

    fn go_typed_name(&mut self, name: Node<'t>, shape: Shape) {
        let name = self.name(name);
        let function = self.function;
        self.unit.functions[function].types.push((name, shape));
    }

    /// The type of what is made: `User{}`, `&User{}`, `[]User{}`, `new(User)`.
    fn go_made(&mut self, value: Node<'t>) -> Option<Shape> {
        let value = match value.kind() {
            "unary_expression" => value.child_by_field_name("operand")?,
            _ => value,
        };
        let kind = match value.kind() {
            "composite_literal" => value.child_by_field_name("type")?,
            "call_expression" => {
                let function = value.child_by_field_name("function")?;
                if !matches!(self.text(function), "new" | "make") {
                    return None;
                }
                children(value.child_by_field_name("arguments")?).first().copied()?
            }
            _ => return None,
        };
        Some(self.go_shape(kind, 0))
    }

    /// Structs of the standard library that matter.
    fn go_foreign_struct(&mut self, name: &str, node: Node<'t>, body: Node<'t>) -> ExprKind {
        let literal = self.go_literal(body);
        match (name, literal) {
            (name, _) if TEXTS.contains(&name) => ExprKind::Text("".into()),
            // `&http.Request{Method: "PUT", URL: u}` is sent by `client.Do`.
            ("http.Request", ExprKind::Object(entries)) => {
                let package = expr(ExprKind::Name("http".into()), node);
                let callee = expr(ExprKind::Member(Box::new(package), "Request".into()), node);
                let args = entries.into_iter();
                let args = args.map(|(key, value)| Arg { name: key.map(|key| key.name), value }).collect();
                ExprKind::Call(Box::new(CallExpr { callee, args }))
            }
            ("http.Client", _) => {
                let package = expr(ExprKind::Name("http".into()), node);
                let callee = expr(ExprKind::Member(Box::new(package), "Client".into()), node);
                ExprKind::Call(Box::new(CallExpr { callee, args: Vec::new() }))
            }
            ("url.URL", ExprKind::Object(mut entries)) => {
                let mut take = |field: &str| {
                    let at = entries.iter().position(|(name, _)| name.as_deref() == Some(field))?;
                    Some(entries.remove(at).1)
                };
                let (scheme, host, path) = (take("Scheme"), take("Host"), take("Path"));
                // Without a host it is relative to another URL.
                let path = match (scheme, &host, path) {
                    (None, None, Some(path)) => return path.kind,
                    (.., path) => path,
                };
                let scheme = expr(ExprKind::Text("https://".into()), node);
                let host = host.unwrap_or_else(|| expr(ExprKind::Unknown("host".into()), node));
                ExprKind::Concat([scheme, host].into_iter().chain(path).collect())
            }
            // Which names its fields have elsewhere is looked up when it is sent.
            // `client.ListUsers{}`
            (_, ExprKind::List(items)) if items.is_empty() => {
                let marker = expr(ExprKind::Text(name.into()), node);
                ExprKind::Object(vec![(Some(STRUCT.into()), marker)])
            }
            (_, ExprKind::Object(mut entries)) => {
                let marker = expr(ExprKind::Text(name.into()), node);
                entries.push((Some(STRUCT.into()), marker));
                ExprKind::Object(entries)
            }
            (_, literal) => literal,
        }
    }

    /// `{a, b}` or `{k: v}`.
    fn go_literal(&mut self, body: Node<'t>) -> ExprKind {
        self.go_elements(body, true, |lowering, value| lowering.go_expr(value))
    }

    /// `named`: a bare word before a colon is the name of a field.
    fn go_elements(
        &mut self,
        body: Node<'t>,
        named: bool,
        mut value_of: impl FnMut(&mut Self, Node<'t>) -> Expr,
    ) -> ExprKind {
        let elements = children(body);
        if elements.first().is_some_and(|element| element.kind() == "keyed_element") {
            let mut entries = Vec::new();
            for element in elements {
                let (Some(key), Some(value)) =
                    (element.child_by_field_name("key"), element.child_by_field_name("value"))
                else {
                    continue;
                };
                let key = self.go_expr(key);
                let key = match key.kind {
                    ExprKind::Text(text) => Some(Key::new(text, key.span)),
                    ExprKind::Name(text) if named => Some(Key::new(text, key.span)),
                    _ => None,
                };
                entries.push((key, value_of(self, value)));
            }
            return ExprKind::Object(entries);
        }
        ExprKind::List(elements.into_iter().map(|element| value_of(self, element)).collect())
    }

    fn go_call(&mut self, node: Node<'t>) -> ExprKind {
        let Some(function) = node.child_by_field_name("function") else {
            return ExprKind::Unknown("".into());
        };
        let nodes = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        // `base.Parse(path.Join(base.Path, "users"))`: behind the path that the base has.
        if let Some(base) = function.child_by_field_name("operand")
            && matches!(self.field_name(function, "field").as_deref(), Some("Parse" | "ResolveReference"))
            && let [given] = nodes[..]
            && let Some(parts) = self.go_own_path(base, given)
        {
            let base = Box::new(self.go_expr(base));
            return ExprKind::Join { base, parts, style: JoinStyle::Path };
        }
        let is_values = nodes.first().is_some_and(|kind| self.go_known_name(*kind) == "url.Values");
        let mut values = self.go_exprs(nodes);
        let name = self.go_known_name(function);
        match (name.as_str(), values.len()) {
            ("fmt.Sprintf", 1..) => return formatted(values),
            ("strings.Join", 2) => {
                let separator = Box::new(values.remove(1));
                return ExprKind::Implode { list: Box::new(values.remove(0)), separator };
            }
            // One list: `append(parts, more...)`, `append(parts, "a", "b")`.
            ("append", 2..) => {
                let first = values.remove(0);
                let place = first.span;
                let first = Expr { kind: ExprKind::Spread(Box::new(first)), span: place };
                return ExprKind::List(std::iter::once(first).chain(values).collect());
            }
            ("fmt.Sprint", _) => return ExprKind::Concat(values),
            // `path.Join(parts...)`
            ("path.Join", 1) => {
                let separator = Box::new(expr(ExprKind::Text("/".into()), node));
                return ExprKind::Implode { list: Box::new(values.remove(0)), separator };
            }
            ("url.JoinPath" | "path.Join", 1..) => {
                let base = Box::new(values.remove(0));
                let values = values.into_iter().map(names::joined).collect();
                return ExprKind::Join { base, parts: values, style: JoinStyle::Path };
            }
            (
                "url.PathEscape" | "url.QueryEscape" | "url.PathUnescape" | "string" | "strings.ToUpper"
                | "strings.ToLower",
                1,
            )
            | (
                "url.Parse" | "url.ParseRequestURI" | "path.Clean" | "strings.TrimSpace" | "strconv.Itoa",
                1,
            ) => {
                return values.remove(0).kind;
            }
            ("strings.TrimSuffix" | "strings.TrimRight", 2) => {
                return ExprKind::Trim { text: Box::new(values.remove(0)), start: false, end: true };
            }
            ("strings.TrimPrefix" | "strings.TrimLeft", 2) => {
                return ExprKind::Trim { text: Box::new(values.remove(0)), start: true, end: false };
            }
            ("strings.Trim", 2) => {
                return ExprKind::Trim { text: Box::new(values.remove(0)), start: true, end: true };
            }
            ("strings.ReplaceAll" | "strings.Replace", 3..) => {
                let to = Box::new(values.remove(2));
                let from = Box::new(values.remove(1));
                return ExprKind::Replace { text: Box::new(values.remove(0)), from, to };
            }
            // `strings.NewReplacer("{id}", id).Replace(path)`
            (_, 1) if name.ends_with(".Replace") => return values.remove(0).kind,
            // As `url.Values{}`.
            ("make", 1) if is_values => return ExprKind::List(Vec::new()),
            ("os.Getenv", 1) => {
                let name = match values.remove(0).kind {
                    ExprKind::Text(name) => name,
                    _ => "".into(),
                };
                return ExprKind::Setting { name, default: None };
            }
            _ => {}
        }
        // `request.Header.SetMethod("POST")` is the request's.
        if let Some(holder) = function.child_by_field_name("operand")
            && name.ends_with(".Header.SetMethod")
            && let Some(request) = holder.child_by_field_name("operand")
        {
            let callee =
                expr(ExprKind::Member(Box::new(self.go_expr(request)), "SetMethod".into()), function);
            let args = values.into_iter().map(|value| Arg { name: None, value }).collect();
            return ExprKind::Call(Box::new(CallExpr { callee, args }));
        }
        // `base.JoinPath("a", "b")`, `base.String()`
        if let Some(object) = function.child_by_field_name("operand") {
            let method = self.field_name(function, "field").unwrap_or_default();
            match &*method {
                "JoinPath" => {
                    let base = Box::new(self.go_expr(object));
                    return ExprKind::Join { base, parts: values, style: JoinStyle::Path };
                }
                "String" if values.is_empty() => return self.go_expr(object).kind,
                // `base.Parse(path)`, `base.ResolveReference(&url.URL{Path: path})`
                "ResolveReference" | "Parse"
                    if values.len() == 1 && (&*method != "Parse" || names_url(self.text(object))) =>
                {
                    let base = Box::new(self.go_expr(object));
                    return ExprKind::Join { base, parts: values, style: JoinStyle::Url };
                }
                _ => {}
            }
        }
        let args = values.into_iter().map(|value| Arg { name: None, value }).collect();
        let callee = self.go_expr(function);
        ExprKind::Call(Box::new(CallExpr { callee, args }))
    }
}

/// The first result of the function around a statement, if it has a name.
fn named_result(node: Node<'_>) -> Option<Node<'_>> {
    let mut at = node.parent()?;
    while !matches!(at.kind(), "function_declaration" | "method_declaration" | "func_literal") {
        at = at.parent()?;
    }
    let results = at.child_by_field_name("result").filter(|results| results.kind() == "parameter_list")?;
    children(results).first()?.child_by_field_name("name")
}

/// Whether a statement is what `if err != nil` does.
fn is_error_path(node: Node<'_>, source: &str) -> bool {
    let mut around = std::iter::successors(node.parent(), |at| at.parent());
    around.find(|at| at.kind() == "if_statement").is_some_and(|branch| {
        let condition = branch.child_by_field_name("condition");
        let then = branch.child_by_field_name("consequence");
        then.is_some_and(|then| then.byte_range().contains(&node.start_byte()))
            && condition.and_then(|condition| source.get(condition.byte_range())) == Some("err != nil")
    })
}

/// What `Sprintf` makes of a template and its values.
fn formatted(mut values: Vec<Expr>) -> ExprKind {
    if values.is_empty() {
        return ExprKind::Unknown("".into());
    }
    let template = Box::new(values.remove(0));
    let args = values.into_iter().map(|value| Arg { name: None, value }).collect();
    ExprKind::Format { template, style: FormatStyle::Percent, args }
}

/// The URL whose path is meant: `u` of `u.Path`.
fn url_of<'t>(node: Node<'t>, source: &str) -> Option<Node<'t>> {
    let field = node.child_by_field_name("field").filter(|_| node.kind() == "selector_expression")?;
    let object = node.child_by_field_name("operand").filter(|object| object.kind() == "identifier")?;
    (source.get(field.byte_range()) == Some("Path")).then_some(object)
}

/// The request whose field is set, and the field: `req` of `req.URL = u`.
fn request_field<'t, 's>(node: Node<'t>, source: &'s str) -> Option<(Node<'t>, &'s str)> {
    let field = node.child_by_field_name("field").filter(|_| node.kind() == "selector_expression")?;
    let object = node.child_by_field_name("operand").filter(|object| object.kind() == "identifier")?;
    let field = source.get(field.byte_range()).filter(|field| matches!(*field, "URL" | "Method"))?;
    let name = source.get(object.byte_range())?;
    let request = words(name).iter().any(|word| matches!(word.as_str(), "req" | "request" | "r"));
    request.then_some((object, field))
}

/// Whether an object is named like a URL, and is not the package.
fn names_url(name: &str) -> bool {
    name != "url"
        && words(name).iter().any(|word| matches!(word.as_str(), "url" | "uri" | "base" | "endpoint"))
}
