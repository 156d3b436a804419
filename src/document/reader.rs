//! What every dialect's reader needs: problems with places, references, and
//! schemas that are read once each.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::model::{Anchor, EnumValue, Property, Schema, SchemaId};
use super::problem::{Problem, Severity};
use super::prose::{Described, Subject};
use super::{Annotations, Deprecation, deprecation, prose};
use crate::text::{Kind, Node, NodeId, Span, Tree};

/// Longest chain of references to references that is followed.
const MAX_REFERENCES: usize = 32;

pub(super) struct Reader<'t> {
    pub(super) tree: &'t Tree,
    pub(super) annotations: &'t Annotations,
    pub(super) schemas: Vec<Schema>,
    pub(super) problems: Vec<Problem>,
    by_node: FxHashMap<NodeId, SchemaId>,
    /// Schemas that have a number but whose members are still to be read. A
    /// queue instead of recursion: chains of references have any length.
    pending: Vec<SchemaId>,
}

/// Where a reference leads.
pub(super) struct Resolved<'t> {
    pub(super) node: Node<'t>,
    /// The last reference followed; `None` where there was none.
    pub(super) pointer: Option<String>,
    /// The objects passed on the way, the first being the one that was asked
    /// for. Their siblings of `$ref` are void by OpenAPI 3.0.3 (Reference
    /// Object) but meant by their authors.
    pub(super) passed: Vec<Node<'t>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(tree: &'t Tree, annotations: &'t Annotations) -> Self {
        Self {
            tree,
            annotations,
            schemas: Vec::new(),
            problems: Vec::new(),
            by_node: FxHashMap::default(),
            pending: Vec::new(),
        }
    }

    pub(super) fn problem(&mut self, severity: Severity, span: Span, message: impl Into<String>) {
        let position = self.tree.position(span.start);
        self.problems.push(Problem { severity, message: message.into(), span, position });
    }

    /// Says that something is not of the kind that is due.
    pub(super) fn wrong_kind(&mut self, severity: Severity, what: &str, expected: Kind, found: Node<'_>) {
        let message =
            format!("{what}: expected {}, found {}", expected.described(), found.kind().described());
        self.problem(severity, found.span(), message);
    }

    /// The member of `object` under `key` if it is of that kind; says so if it is
    /// of another. `null` counts as absent.
    pub(super) fn member(
        &mut self,
        object: Node<'t>,
        key: &str,
        kind: Kind,
        severity: Severity,
    ) -> Option<Node<'t>> {
        let node = object.get(key)?;
        if node.kind() == kind {
            return Some(node);
        }
        if node.kind() != Kind::Null {
            self.wrong_kind(severity, &format!("`{key}`"), kind, node);
        }
        None
    }

    /// Follows `$ref` from `node` as far as it leads. `None`, with a problem,
    /// where it leads nowhere.
    pub(super) fn resolve(&mut self, node: Node<'t>, what: &str, severity: Severity) -> Option<Resolved<'t>> {
        let mut resolved = Resolved { node, pointer: None, passed: Vec::new() };
        while let Some(reference) = resolved.node.get("$ref") {
            let Some(pointer) = reference.as_str() else {
                self.wrong_kind(Severity::Warning, "`$ref`", Kind::String, reference);
                break;
            };
            resolved.passed.push(resolved.node);
            if resolved.passed.len() > MAX_REFERENCES {
                let message = format!("{what}: `{pointer}` refers to itself in the end; it is left out");
                self.problem(severity, reference.span(), message);
                return None;
            }
            let Some(target) = self.target(pointer) else {
                let why = self.why_nothing(pointer);
                let message = format!("{what}: `$ref` to `{pointer}` leads to nothing{why}; it is left out");
                self.problem(severity, reference.span(), message);
                return None;
            };
            resolved.node = target;
            resolved.pointer = Some(pointer.to_owned());
        }
        Some(resolved)
    }

    fn target(&self, pointer: &str) -> Option<Node<'t>> {
        let path = pointer.strip_prefix('#')?;
        if let Some(node) = self.tree.pointer(path) {
            return Some(node);
        }
        // RFC 6901, section 6: in a URI fragment a pointer is percent-encoded.
        path.contains('%').then(|| self.tree.pointer(&percent_decoded(path))).flatten()
    }

    /// Why a reference leads to nothing, with the nearest name if one is near.
    fn why_nothing(&self, pointer: &str) -> String {
        if !pointer.starts_with('#') {
            return " (references to other files are not followed)".to_owned();
        }
        let Some((parent, name)) = pointer.rsplit_once('/') else { return String::new() };
        let Some(parent) = self.target(parent) else { return String::new() };
        let close = parent
            .entries()
            .map(|entry| (strsim::osa_distance(entry.key, name), entry.key))
            .min()
            .filter(|(distance, _)| *distance <= 1 + name.len() / 4);
        close.map(|(_, name)| format!(" (did you mean `{name}`?)")).unwrap_or_default()
    }

    /// The schema at `node`, read if it was not yet.
    pub(super) fn schema(&mut self, node: Node<'t>, anchor: &Arc<Anchor>, at: &str) -> Option<SchemaId> {
        let id = self.declare(node, anchor, at, None, false);
        while let Some(next) = self.pending.pop() {
            self.read_members(next);
        }
        id
    }

    /// Gives the schema at `node` a number, and reads what it says of itself.
    fn declare(
        &mut self,
        node: Node<'t>,
        anchor: &Arc<Anchor>,
        at: &str,
        name: Option<&str>,
        is_branch: bool,
    ) -> Option<SchemaId> {
        if let Some(id) = self.by_node.get(&node.id()) {
            return Some(*id);
        }
        // OpenAPI 3.1 and JSON Schema allow `true` and `false`: nothing declared.
        if !node.is_object() && node.kind() != Kind::Bool {
            self.wrong_kind(Severity::Warning, "schema", Kind::Object, node);
            return None;
        }
        let id = SchemaId(self.schemas.len() as u32);
        self.by_node.insert(node.id(), id);
        let texts: Vec<Node<'t>> = ["title", "description"].iter().filter_map(|key| node.get(key)).collect();
        let names: Vec<&str> = name.into_iter().collect();
        let described = if name.is_some() { Described::Field } else { Described::Schema };
        let subject = Subject::new(described, &names);
        let deprecation = deprecation::read(node, &subject, &texts, self.annotations);
        self.note_misspelt(deprecation.as_ref());
        let flag = |key: &str| node.get(key).and_then(Node::as_bool) == Some(true);
        self.schemas.push(Schema {
            node: node.id(),
            anchor: anchor.clone(),
            at: at.into(),
            is_branch,
            target: None,
            dangling: false,
            properties: Vec::new(),
            required: Vec::new(),
            items: None,
            values: Vec::new(),
            all_of: Vec::new(),
            any_of: Vec::new(),
            enum_values: Vec::new(),
            deprecation,
            exempt: self.annotations.exempts(node, &texts),
            read_only: flag("readOnly"),
            write_only: flag("writeOnly"),
        });
        self.pending.push(id);
        Some(id)
    }

    /// Says that a deprecation's flag is misspelt, if it is.
    pub(super) fn note_misspelt(&mut self, deprecation: Option<&Deprecation>) {
        if let Some(found) = deprecation.filter(|found| found.misspelt) {
            let span = self.tree.node(found.node).span();
            self.problem(
                Severity::Warning,
                span,
                "the flag's key is misspelt (expected `deprecated`); it is taken as meant",
            );
        }
    }

    /// One step along a schema's `$ref`; chains go on from schema to schema.
    fn schema_reference(&mut self, reference: Node<'t>) -> Option<SchemaId> {
        let pointer = reference.as_str()?;
        let Some(target) = self.target(pointer) else {
            let why = self.why_nothing(pointer);
            let message =
                format!("schema: `$ref` to `{pointer}` leads to nothing{why}; what it declares is unknown");
            self.problem(Severity::Warning, reference.span(), message);
            return None;
        };
        if let Some(id) = self.by_node.get(&target.id()) {
            return Some(*id);
        }
        let anchor = Arc::new(Anchor::Component(pointer.into()));
        self.declare(target, &anchor, "", None, false)
    }

    fn read_members(&mut self, id: SchemaId) {
        let index = id.0 as usize;
        let node = self.tree.node(self.schemas[index].node);
        let (anchor, at) = (self.schemas[index].anchor.clone(), self.schemas[index].at.clone());
        let (anchor, at) = (&anchor, &*at);
        if let Some(reference) = self.member(node, "$ref", Kind::String, Severity::Warning) {
            let target = self.schema_reference(reference);
            self.schemas[index].target = target;
            self.schemas[index].dangling = target.is_none();
        }
        if let Some(properties) = self.member(node, "properties", Kind::Object, Severity::Warning) {
            for entry in properties.entries() {
                let place = join(at, entry.key);
                if let Some(schema) = self.declare(entry.value, anchor, &place, Some(entry.key), false) {
                    self.schemas[index].properties.push(Property { name: entry.key.to_owned(), schema });
                }
            }
        }
        // `required: true` on a property is Swagger 1's; only a list counts.
        if let Some(required) = node.get("required").filter(|required| required.kind() == Kind::Array) {
            self.schemas[index].required =
                required.items().filter_map(|n| n.as_str()).map(str::to_owned).collect();
        }
        if let Some(items) = node.get("items").filter(|items| items.is_object()) {
            self.schemas[index].items = self.declare(items, anchor, &format!("{at}[]"), None, false);
        }
        let mut values = Vec::new();
        if let Some(value) = node.get("additionalProperties").filter(|value| value.is_object()) {
            values.push(value);
        }
        if let Some(patterns) = node.get("patternProperties").filter(|patterns| patterns.is_object()) {
            values.extend(patterns.entries().map(|entry| entry.value));
        }
        for value in values {
            let schema = self.declare(value, anchor, &format!("{at}{{}}"), None, false);
            self.schemas[index].values.extend(schema);
        }
        for (key, is_branch) in [("allOf", false), ("oneOf", true), ("anyOf", true)] {
            let Some(branches) = self.member(node, key, Kind::Array, Severity::Warning) else { continue };
            for branch in branches.items() {
                let Some(schema) = self.declare(branch, anchor, at, None, is_branch) else { continue };
                let schemas = &mut self.schemas[index];
                if is_branch { schemas.any_of.push(schema) } else { schemas.all_of.push(schema) }
            }
        }
        if let Some(list) = self.member(node, "enum", Kind::Array, Severity::Warning) {
            self.schemas[index].enum_values = self.enum_values(node, list);
        }
    }

    /// Says which schemas contain themselves without a property or member in
    /// between: no value can be checked against them.
    pub(super) fn endless_schemas(&mut self) {
        let next = |schema: &Schema| -> Vec<SchemaId> {
            let lists = [&schema.all_of, &schema.any_of];
            lists.into_iter().flatten().copied().chain(schema.target).collect()
        };
        // 0: not seen, 1: on the way, 2: done.
        let mut state = vec![0u8; self.schemas.len()];
        let mut found: Vec<SchemaId> = Vec::new();
        for start in 0..self.schemas.len() {
            let mut way: Vec<(usize, Vec<SchemaId>)> = Vec::new();
            let mut enter = Some(start).filter(|start| state[*start] == 0);
            loop {
                if let Some(id) = enter.take() {
                    state[id] = 1;
                    way.push((id, next(&self.schemas[id])));
                }
                let Some((id, rest)) = way.last_mut() else { break };
                match rest.pop() {
                    None => {
                        state[*id] = 2;
                        way.pop();
                    }
                    Some(below) => match state[below.index()] {
                        0 => enter = Some(below.index()),
                        1 => found.push(below),
                        _ => {}
                    },
                }
            }
        }
        for id in found {
            let schema = &self.schemas[id.index()];
            let name = match &*schema.anchor {
                Anchor::Component(pointer) => format!("schema `{pointer}`"),
                Anchor::Inline { operation, .. } => format!("a schema of `{operation}`"),
            };
            let at = if schema.at.is_empty() { String::new() } else { format!(" at `{}`", schema.at) };
            let span = self.tree.node(schema.node).span();
            let message = format!("{name}{at} contains itself, over `$ref` or `allOf` alone");
            self.problem(Severity::Warning, span, message);
        }
    }

    fn enum_values(&self, schema: Node<'t>, list: Node<'t>) -> Vec<EnumValue> {
        let texts: Vec<String> = list
            .items()
            .map(|value| value.as_str().map_or_else(|| value.to_json().to_string(), str::to_owned))
            .collect();
        let names: Vec<&str> = texts.iter().map(String::as_str).collect();
        let description = schema.get("description");
        let deprecated = match description.and_then(Node::as_str) {
            Some(text) => prose::deprecated_values(text, &names),
            None => Vec::new(),
        };
        list.items()
            .zip(&texts)
            .map(|(value, text)| EnumValue {
                text: text.clone(),
                node: value.id(),
                deprecation: description
                    .filter(|_| deprecated.contains(&text.as_str()))
                    .map(|node| deprecation::of_value(text, node.as_str().unwrap_or_default(), node.id())),
            })
            .collect()
    }
}

/// A property's place below `at`.
fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
