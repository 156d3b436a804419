//! A script's statements and expressions over values that may be unknown.
//!
//! Branches whose condition is unknown are both taken, one after the other;
//! the body of a loop once, or once for each key of a known object. Functions
//! are entered where they are called, and once at the end with unknown
//! arguments if nobody called them (somebody else will).

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::answer::Held;
use super::script::Place;
use super::value::{Entries, Heap, MAX_TEXT, Value};
use super::viewer::Seen;

/// Steps of one script.
pub(super) const MAX_STEPS: usize = 400_000;
/// Bytes of text that count as one step where they are copied or searched.
const BYTES_PER_STEP: usize = 64;
/// Nesting of syntax and calls that is followed.
const MAX_NESTING: usize = 100;
/// Calls inside calls that are followed.
const MAX_CALLS: usize = 16;
/// Keys of an object that a loop goes through.
const MAX_KEYS: usize = 64;
/// Literals from this length on are kept as they are written, if they are JSON.
const JSON_FROM: usize = 64;

/// What a statement does to those after it.
enum Flow<'s> {
    Next,
    Return(Value<'s>),
}

/// The evaluation of one script.
pub(super) struct Evaluation<'s> {
    source: &'s str,
    pub(super) place: &'s Place<'s>,
    /// The innermost last; the first is the global one.
    scopes: Vec<FxHashMap<Rc<str>, Value<'s>>>,
    /// Elements made or found by scripts, each with its tag.
    pub(super) elements: Vec<(Option<Rc<str>>, Value<'s>)>,
    pub(super) seen: Seen,
    /// What functions returned under unknown conditions, for each open call.
    maybe: Vec<Option<Value<'s>>>,
    /// How many unknown conditions are open.
    unsure: usize,
    entered: FxHashSet<usize>,
    functions: Vec<Node<'s>>,
    pub(super) heap: Heap<'s>,
    steps: usize,
    /// No more than these: the page's own may be nearly used up.
    most_steps: usize,
    depth: usize,
    /// Bytes of literals that may still be tried as JSON.
    json_left: usize,
}

impl<'s> Evaluation<'s> {
    pub(super) fn new(source: &'s str, place: &'s Place<'s>) -> Self {
        Self {
            source,
            place,
            scopes: vec![FxHashMap::default()],
            elements: Vec::new(),
            seen: Seen::default(),
            maybe: Vec::new(),
            unsure: 0,
            entered: FxHashSet::default(),
            functions: Vec::new(),
            heap: Heap::default(),
            steps: 0,
            most_steps: MAX_STEPS.min(place.budget.steps.get()),
            depth: 0,
            json_left: source.len().saturating_mul(4),
        }
    }

    /// What the whole script says.
    pub(super) fn of(mut self, root: Node<'s>) -> Seen {
        self.block(root);
        // Functions that are handed to others by name, or called by the page.
        let mut at = 0;
        while let Some(function) = self.functions.get(at).copied() {
            at += 1;
            if !self.entered.contains(&function.id()) {
                self.invoke(function, &[]);
            }
        }
        let elements = std::mem::take(&mut self.elements);
        for (tag, element) in &elements {
            if !self.has_room() {
                break;
            }
            let said = super::viewer::of_element_value(tag.as_deref(), element, self.place.base);
            self.take(said);
        }
        // Documents in variables, for whoever shows them.
        let globals = std::mem::take(&mut self.scopes).into_iter().next().unwrap_or_default();
        let mut names: Vec<&Rc<str>> = globals.keys().collect();
        names.sort();
        for name in names {
            if let Some(node) = globals.get(name).and_then(Value::json) {
                self.seen.embedded.extend(super::index::documents_in(node));
            }
        }
        let budget = &self.place.budget.steps;
        budget.set(budget.get().saturating_sub(self.steps));
        self.seen
    }

    /// Counts work that depends on the length of a text.
    pub(super) fn charge(&mut self, bytes: usize) {
        self.steps = self.steps.saturating_add(bytes / BYTES_PER_STEP);
    }

    /// Whether more documents may be taken out of the script.
    pub(super) fn has_room(&self) -> bool {
        let inside = self.seen.candidates.iter().map(|one| match &one.held {
            Held::At(_) => 0,
            Held::Inside(bytes) => bytes.len(),
        });
        inside.sum::<usize>() <= super::MAX_PAGE_BYTES && self.seen.candidates.len() <= super::MAX_CANDIDATES
    }

    pub(super) fn take(&mut self, said: Seen) {
        self.seen.viewer = self.seen.viewer.or(said.viewer);
        self.seen.candidates.extend(said.candidates);
        self.seen.leads.extend(said.leads);
        self.seen.hints.extend(said.hints);
        self.seen.embedded.extend(said.embedded);
    }

    pub(super) fn text_of(&self, node: Node<'s>) -> &'s str {
        self.source.get(node.byte_range()).unwrap_or_default()
    }

    /// One step deeper; `None` where the limits are reached.
    fn nested<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.steps += 1;
        if self.steps > self.most_steps || self.depth >= MAX_NESTING {
            return None;
        }
        self.depth += 1;
        let out = run(self);
        self.depth -= 1;
        Some(out)
    }

    fn declare(&mut self, name: &str, value: Value<'s>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.into(), value);
        }
    }

    fn assign(&mut self, name: &str, value: Value<'s>) {
        // Under an unknown condition, what is known stays.
        let keep = self.unsure > 0 && matches!(value, Value::Unknown);
        for scope in self.scopes.iter_mut().rev() {
            if let Some(old) = scope.get_mut(name) {
                if !keep || matches!(old, Value::Null) {
                    *old = value;
                }
                return;
            }
        }
        if let Some(global) = self.scopes.first_mut() {
            global.insert(name.into(), value);
        }
    }

    fn block(&mut self, node: Node<'s>) -> Flow<'s> {
        let statements = children(node);
        for statement in &statements {
            let inner = statement.child_by_field_name("declaration").unwrap_or(*statement);
            if inner.kind().ends_with("function_declaration") {
                self.function_declaration(inner);
            }
        }
        for statement in statements {
            if let Flow::Return(value) = self.statement(statement) {
                return Flow::Return(value);
            }
        }
        Flow::Next
    }

    fn function_declaration(&mut self, node: Node<'s>) {
        if let Some(name) = node.child_by_field_name("name") {
            let name = self.text_of(name);
            self.declare(name, Value::Function(node));
            self.functions.push(node);
        }
    }

    fn statement(&mut self, node: Node<'s>) -> Flow<'s> {
        self.nested(|this| this.statement_kind(node)).unwrap_or(Flow::Next)
    }

    fn field_statement(&mut self, node: Node<'s>, field: &str) -> Flow<'s> {
        node.child_by_field_name(field).map_or(Flow::Next, |inner| self.statement(inner))
    }

    fn statement_kind(&mut self, node: Node<'s>) -> Flow<'s> {
        match node.kind() {
            "statement_block" | "program" | "finally_clause" | "else_clause" | "class_static_block" => {
                return self.block(node);
            }
            "lexical_declaration" | "variable_declaration" => {
                for declarator in children(node) {
                    let value = self.field(declarator, "value").unwrap_or(Value::Null);
                    if let Some(name) = declarator.child_by_field_name("name") {
                        self.bind(name, value);
                    }
                }
            }
            "if_statement" => {
                let condition = self.field(node, "condition").unwrap_or(Value::Unknown);
                match condition.truth() {
                    Some(true) => return self.field_statement(node, "consequence"),
                    Some(false) => return self.field_statement(node, "alternative"),
                    None => {
                        self.unsurely(|this| this.field_statement(node, "consequence"));
                        self.unsurely(|this| this.field_statement(node, "alternative"));
                    }
                }
            }
            "for_in_statement" => self.for_in(node),
            "for_statement" | "while_statement" | "do_statement" => {
                self.field_statement(node, "initializer");
                self.unsurely(|this| this.field_statement(node, "body"));
            }
            "try_statement" => {
                if let Flow::Return(value) = self.field_statement(node, "body") {
                    return Flow::Return(value);
                }
                return self.field_statement(node, "finalizer");
            }
            "return_statement" => {
                let value = children(node).first().map_or(Value::Null, |value| self.expression(*value));
                return Flow::Return(value);
            }
            "throw_statement" => return Flow::Return(Value::Unknown),
            "switch_statement" => {
                self.field(node, "value");
                for case in node.child_by_field_name("body").map(children).unwrap_or_default() {
                    for statement in children(case) {
                        self.unsurely(|this| this.statement(statement));
                    }
                }
            }
            "export_statement" => return self.field_statement(node, "declaration"),
            "import_statement" => self.import(node),
            "function_declaration" | "generator_function_declaration" => {}
            "expression_statement" | "labeled_statement" => {
                for child in children(node) {
                    self.expression(child);
                }
            }
            "comment" | "empty_statement" | "class_declaration" => {}
            _ => {
                self.expression(node);
            }
        }
        Flow::Next
    }

    /// Runs what may or may not be run.
    fn unsurely(&mut self, run: impl FnOnce(&mut Self) -> Flow<'s>) {
        self.unsure += 1;
        if let Flow::Return(value) = run(self)
            && let Some(maybe) = self.maybe.last_mut()
            && !matches!(value, Value::Unknown | Value::Null)
        {
            maybe.get_or_insert(value);
        }
        self.unsure -= 1;
    }

    fn for_in(&mut self, node: Node<'s>) {
        let list = self.field(node, "right").unwrap_or(Value::Unknown);
        let of = node.child_by_field_name("operator").is_some_and(|operator| self.text_of(operator) == "of");
        let values: Vec<Value<'s>> = if of {
            list.items()
        } else {
            list.entries().into_iter().map(|(key, _)| Value::Text(key)).collect()
        };
        let known = list.is_object() || !values.is_empty();
        let left = node.child_by_field_name("left");
        for value in values.into_iter().take(MAX_KEYS) {
            if let Some(left) = left {
                self.bind(left, value);
            }
            self.field_statement(node, "body");
        }
        if !known {
            if let Some(left) = left {
                self.bind(left, Value::Unknown);
            }
            self.unsurely(|this| this.field_statement(node, "body"));
        }
    }

    /// Imported names stand for what viewers' packages export.
    fn import(&mut self, node: Node<'s>) {
        let source = node.child_by_field_name("source").map(|source| self.string(source)).unwrap_or_default();
        let source = source.to_ascii_lowercase();
        let package = match () {
            () if source.contains("swagger-ui") => "SwaggerUIBundle",
            () if source.contains("redoc") => "Redoc",
            () if source.contains("scalar") => "Scalar",
            () => "import",
        };
        let mut open: Vec<Node<'s>> = children(node);
        while let Some(part) = open.pop() {
            match part.kind() {
                "import_specifier" => {
                    let Some(name) = part.child_by_field_name("name") else { continue };
                    let local = part.child_by_field_name("alias").unwrap_or(name);
                    let value = Value::Name(format!("{package}.{}", self.text_of(name)).into());
                    let local = self.text_of(local);
                    self.declare(local, value);
                }
                "identifier" | "namespace_import" => {
                    let name = if part.kind() == "identifier" { Some(part) } else { children(part).pop() };
                    if let Some(name) = name {
                        let name = self.text_of(name);
                        self.declare(name, Value::Name(package.into()));
                    }
                }
                "import_clause" | "named_imports" => open.extend(children(part)),
                _ => {}
            }
        }
    }

    /// Binds a declared name, or the names of a pattern.
    fn bind(&mut self, target: Node<'s>, value: Value<'s>) {
        match target.kind() {
            "identifier" => {
                let name = self.text_of(target);
                self.declare(name, value);
            }
            "object_pattern" => {
                for part in children(target) {
                    let (key, local) = match part.kind() {
                        "shorthand_property_identifier_pattern" => (Some(part), Some(part)),
                        "pair_pattern" => {
                            (part.child_by_field_name("key"), part.child_by_field_name("value"))
                        }
                        _ => (None, None),
                    };
                    if let (Some(key), Some(local)) = (key, local) {
                        let inner = value.get(self.text_of(key));
                        let local = self.text_of(local);
                        self.declare(local, inner);
                    }
                }
            }
            _ => {
                for name in children(target).into_iter().filter(|child| child.kind() == "identifier") {
                    let name = self.text_of(name);
                    self.declare(name, value.clone());
                }
            }
        }
    }

    fn field(&mut self, node: Node<'s>, field: &str) -> Option<Value<'s>> {
        node.child_by_field_name(field).map(|inner| self.expression(inner))
    }

    /// The value of an expression.
    pub(super) fn expression(&mut self, node: Node<'s>) -> Value<'s> {
        self.nested(|this| this.expression_kind(node)).unwrap_or(Value::Unknown)
    }

    fn expression_kind(&mut self, node: Node<'s>) -> Value<'s> {
        match node.kind() {
            "string" => Value::text(&self.string(node)),
            "template_string" => self.template(node),
            "number" => Value::text(self.text_of(node)).as_text().map_or(Value::Unknown, Value::Number),
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "undefined" => Value::Null,
            "identifier" => self.name(self.text_of(node)),
            "object" | "array" => self.literal(node),
            "function_expression" | "arrow_function" | "function" | "generator_function" => {
                self.functions.push(node);
                Value::Function(node)
            }
            "member_expression" => {
                let object = self.field(node, "object").unwrap_or(Value::Unknown);
                let key = node.child_by_field_name("property").map_or("", |key| self.text_of(key));
                self.property(&object, key)
            }
            "subscript_expression" => {
                let object = self.field(node, "object").unwrap_or(Value::Unknown);
                match self.field(node, "index") {
                    Some(Value::Text(key) | Value::Number(key)) => self.property(&object, &key),
                    _ => Value::Unknown,
                }
            }
            "assignment_expression" => {
                let value = self.field(node, "right").unwrap_or(Value::Unknown);
                if let Some(target) = node.child_by_field_name("left") {
                    self.store(target, value.clone());
                }
                value
            }
            "augmented_assignment_expression" => {
                let (left, right) = (self.field(node, "left"), self.field(node, "right"));
                let operator =
                    node.child_by_field_name("operator").map_or("", |operator| self.text_of(operator));
                let (left, right) = (left.unwrap_or(Value::Unknown), right.unwrap_or(Value::Unknown));
                let value = binary(operator.trim_end_matches('='), left, right);
                if let Some(target) = node.child_by_field_name("left") {
                    self.store(target, value.clone());
                }
                value
            }
            "binary_expression" => self.binary_chain(node),
            "ternary_expression" => {
                let condition = self.field(node, "condition").unwrap_or(Value::Unknown);
                match condition.truth() {
                    Some(true) => self.field(node, "consequence").unwrap_or(Value::Unknown),
                    Some(false) => self.field(node, "alternative").unwrap_or(Value::Unknown),
                    None => {
                        let first = self.field(node, "consequence").unwrap_or(Value::Unknown);
                        let second = self.field(node, "alternative").unwrap_or(Value::Unknown);
                        if matches!(second, Value::Unknown | Value::Null) { first } else { second }
                    }
                }
            }
            "unary_expression" => {
                let value = self.field(node, "argument").unwrap_or(Value::Unknown);
                let operator =
                    node.child_by_field_name("operator").map_or("", |operator| self.text_of(operator));
                match (operator, value.truth()) {
                    ("!", Some(truth)) => Value::Bool(!truth),
                    ("void", _) => Value::Null,
                    _ => Value::Unknown,
                }
            }
            "call_expression" | "new_expression" => self.call(node),
            "parenthesized_expression" | "await_expression" | "sequence_expression" => {
                let mut last = Value::Unknown;
                for child in children(node) {
                    last = self.expression(child);
                }
                last
            }
            "class" | "comment" | "regex" => Value::Unknown,
            _ => {
                for child in children(node) {
                    self.expression(child);
                }
                Value::Unknown
            }
        }
    }

    /// The value of a variable of the script.
    pub(super) fn variable(&self, name: &str) -> Option<Value<'s>> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name)).cloned()
    }

    fn name(&self, name: &str) -> Value<'s> {
        if let Some(value) = self.variable(name) {
            return value;
        }
        match name {
            "undefined" => Value::Null,
            "window" | "self" | "globalThis" | "top" => Value::Name("window".into()),
            _ => Value::Name(name.into()),
        }
    }

    /// A property; those of `window` are names.
    fn property(&self, object: &Value<'s>, key: &str) -> Value<'s> {
        match object {
            Value::Name(name) if &**name == "window" => self.name(key),
            Value::Name(name) => self.of_location(name, key).unwrap_or_else(|| object.get(key)),
            _ => object.get(key),
        }
    }

    fn store(&mut self, target: Node<'s>, value: Value<'s>) {
        let (object, key) = match target.kind() {
            "identifier" => {
                let name = self.text_of(target);
                return self.assign(name, value);
            }
            "member_expression" => {
                let key = target.child_by_field_name("property").map(|key| Rc::from(self.text_of(key)));
                (target.child_by_field_name("object"), key)
            }
            "subscript_expression" => {
                let key = match self.field(target, "index") {
                    Some(Value::Text(key) | Value::Number(key)) => Some(key),
                    _ => None,
                };
                (target.child_by_field_name("object"), key)
            }
            _ => return,
        };
        let (Some(object), Some(key)) = (object, key) else { return };
        let holder = self.expression(object);
        match &holder {
            Value::Name(name) if &**name == "window" => self.assign(&key, value),
            Value::Json(..) => {
                let opened = self.opened(holder);
                opened.set(&key, value);
                self.nested(|this| this.store(object, opened));
            }
            _ => holder.set(&key, value),
        }
    }

    /// An object that can be changed, where there was a literal.
    pub(super) fn opened(&mut self, value: Value<'s>) -> Value<'s> {
        match value.json() {
            Some(node) if node.is_object() => {
                let entries: Entries<'s> = value.entries().into_iter().collect();
                self.steps += entries.len();
                self.heap.object(entries)
            }
            _ => value,
        }
    }

    /// An object or array that is written out.
    fn literal(&mut self, node: Node<'s>) -> Value<'s> {
        let text = self.text_of(node);
        if text.len() >= JSON_FROM && self.json_left >= text.len() {
            self.json_left -= text.len();
            let second = text[1..].trim_start().chars().next();
            if second.is_some_and(|c| matches!(c, '"' | '{' | '['))
                && let Ok(tree) = crate::text::parse(text.into())
            {
                let tree = Rc::new(tree);
                let root = tree.root().id();
                return Value::of_json(&tree, root);
            }
        }
        if node.kind() == "array" {
            let items: Vec<Value<'s>> =
                children(node).into_iter().map(|item| self.expression(item)).collect();
            return self.heap.array(items);
        }
        let mut entries = Entries::default();
        for part in children(node) {
            match part.kind() {
                "pair" => {
                    let key = part.child_by_field_name("key").map(|key| self.key(key));
                    let value = self.field(part, "value").unwrap_or(Value::Unknown);
                    if let Some(key) = key.flatten() {
                        entries.insert(key, value);
                    }
                }
                "shorthand_property_identifier" => {
                    let name = self.text_of(part);
                    entries.insert(name.into(), self.name(name));
                }
                "spread_element" => {
                    for inner in children(part) {
                        entries.extend(self.expression(inner).entries());
                    }
                }
                _ => {}
            }
        }
        self.heap.object(entries)
    }

    fn key(&mut self, node: Node<'s>) -> Option<Rc<str>> {
        match node.kind() {
            "string" => Some(self.string(node).into()),
            "computed_property_name" => {
                children(node).first().and_then(|inner| self.expression(*inner).as_text())
            }
            _ => Some(self.text_of(node).into()),
        }
    }

    /// The text of a string literal.
    pub(super) fn string(&mut self, node: Node<'s>) -> String {
        let parts = children(node);
        self.charge(node.byte_range().len() + parts.len() * BYTES_PER_STEP);
        let mut text = String::new();
        for part in parts {
            match part.kind() {
                "escape_sequence" => text.push_str(&super::builtin::unescape(self.text_of(part))),
                _ => text.push_str(self.text_of(part)),
            }
        }
        text
    }

    fn template(&mut self, node: Node<'s>) -> Value<'s> {
        self.charge(node.byte_range().len());
        let mut text = String::new();
        let mut known = true;
        for part in children(node) {
            match part.kind() {
                "escape_sequence" => text.push_str(&super::builtin::unescape(self.text_of(part))),
                "template_substitution" => {
                    let value = children(part).first().map(|inner| self.expression(*inner));
                    match value.as_ref().and_then(super::builtin::as_string) {
                        Some(inner) => text.push_str(&inner),
                        None => known = false,
                    }
                }
                _ => text.push_str(self.text_of(part)),
            }
            known &= text.len() <= MAX_TEXT.max(node.byte_range().len());
            if !known {
                break;
            }
        }
        if known { Value::Text(text.into()) } else { Value::Unknown }
    }

    /// A chain of binary operators, however long, without recursion to the left.
    fn binary_chain(&mut self, node: Node<'s>) -> Value<'s> {
        let mut chain = Vec::new();
        let mut at = node;
        while at.kind() == "binary_expression" {
            let (Some(operator), Some(right), Some(left)) = (
                at.child_by_field_name("operator"),
                at.child_by_field_name("right"),
                at.child_by_field_name("left"),
            ) else {
                return Value::Unknown;
            };
            chain.push((self.text_of(operator), right));
            at = left;
        }
        let mut value = self.expression(at);
        for (operator, right) in chain.into_iter().rev() {
            let right = self.expression(right);
            value = binary(operator, value, right);
        }
        value
    }

    /// Enters a function; parameters without an argument are unknown.
    pub(super) fn invoke(&mut self, function: Node<'s>, arguments: &[Value<'s>]) -> Value<'s> {
        if self.maybe.len() >= MAX_CALLS {
            return Value::Unknown;
        }
        self.entered.insert(function.id());
        self.scopes.push(FxHashMap::default());
        self.maybe.push(None);
        let parameters = match function.child_by_field_name("parameters") {
            Some(parameters) => children(parameters),
            None => function.child_by_field_name("parameter").into_iter().collect(),
        };
        for (at, parameter) in parameters.into_iter().enumerate() {
            let value = arguments.get(at).cloned().unwrap_or(Value::Unknown);
            self.bind(parameter, value);
        }
        let returned = match function.child_by_field_name("body") {
            Some(body) if body.kind() == "statement_block" => match self.nested(|this| this.block(body)) {
                Some(Flow::Return(value)) => value,
                _ => Value::Null,
            },
            Some(body) => self.expression(body),
            None => Value::Unknown,
        };
        let maybe = self.maybe.pop().flatten();
        self.scopes.pop();
        match (returned, maybe) {
            (Value::Unknown | Value::Null, Some(maybe)) => maybe,
            (returned, _) => returned,
        }
    }
}

fn binary<'s>(operator: &str, left: Value<'s>, right: Value<'s>) -> Value<'s> {
    match operator {
        "+" => match (super::builtin::as_string(&left), super::builtin::as_string(&right)) {
            (Some(left), Some(right)) if left.len() + right.len() <= MAX_TEXT => {
                Value::Text(format!("{left}{right}").into())
            }
            _ => Value::Unknown,
        },
        "||" => match left.truth() {
            Some(true) => left,
            Some(false) => right,
            // Defaults stand to the right.
            None => right,
        },
        "&&" => match left.truth() {
            Some(true) => right,
            Some(false) => left,
            None => Value::Unknown,
        },
        "??" => match left {
            Value::Null => right,
            Value::Unknown | Value::Name(_) => right,
            left => left,
        },
        "===" | "==" | "!==" | "!=" => {
            let same = match (&left, &right) {
                (Value::Text(left), Value::Text(right)) => Some(left == right),
                (Value::Null, Value::Null) => Some(true),
                (Value::Null, Value::Text(_) | Value::Object(_) | Value::Array(_) | Value::Json(..))
                | (Value::Text(_) | Value::Object(_) | Value::Array(_) | Value::Json(..), Value::Null) => {
                    Some(false)
                }
                _ => None,
            };
            same.map_or(Value::Unknown, |same| Value::Bool(same == operator.starts_with('=')))
        }
        _ => Value::Unknown,
    }
}

/// The named children of a node but comments.
pub(super) fn children<'s>(node: Node<'s>) -> Vec<Node<'s>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}
