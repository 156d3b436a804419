//! What every dialect's reader needs: problems with places, references, and
//! schemas that are read once each.

use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::model::{Anchor, EnumValue, Property, Schema, SchemaId};
use super::problem::{Problem, Severity};
use super::prose::{Described, Subject};
use super::{Annotations, Deprecation, Dialect, Few, bundle, deprecation, prose, swagger20};
use crate::text::{self, Fields, Kind, Node, NodeId, Span, Tree};

/// Longest chain of references to references that is followed.
const MAX_REFERENCES: usize = 32;

pub(super) struct Reader<'t> {
    pub(super) tree: &'t Tree,
    pub(super) annotations: &'t Annotations,
    pub(super) dialect: Dialect,
    /// Whether no callable operation depends on what is being read, so that
    /// nothing can be lost.
    pub(super) is_lenient: bool,
    pub(super) schemas: Vec<Schema>,
    pub(super) problems: Vec<Problem>,
    by_node: FxHashMap<NodeId, SchemaId>,
    /// Schemas that have a number but whose members are still to be read. A
    /// queue instead of recursion: chains of references have any length.
    pending: Vec<(SchemaId, Fields<'t>)>,
    /// What `$anchor`, `$dynamicAnchor` (with `#`) and `$id` name; made when asked for.
    names: OnceCell<FxHashMap<String, NodeId>>,
    /// Where references lead that were followed before: most lead to few targets.
    targets: RefCell<FxHashMap<String, Option<NodeId>>>,
    /// The place of what is not inside anything.
    top: Arc<str>,
    /// Why references to files lead to nothing, by their strings.
    refused: &'t FxHashMap<NodeId, String>,
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
    pub(super) fn new(
        tree: &'t Tree,
        annotations: &'t Annotations,
        dialect: Dialect,
        refused: &'t FxHashMap<NodeId, String>,
    ) -> Self {
        Self {
            tree,
            refused,
            annotations,
            dialect,
            is_lenient: false,
            schemas: Vec::new(),
            problems: Vec::new(),
            // About a schema for every eight values.
            by_node: FxHashMap::with_capacity_and_hasher(tree.len() / 8, FxBuildHasher),
            pending: Vec::new(),
            names: OnceCell::new(),
            targets: RefCell::default(),
            top: "".into(),
        }
    }

    /// What was read.
    pub(super) fn done(self) -> (Vec<Schema>, Vec<Problem>) {
        (self.schemas, self.problems)
    }

    pub(super) fn problem(&mut self, severity: Severity, span: Span, message: impl Into<String>) {
        let severity = if self.is_lenient { Severity::Warning } else { severity };
        let position = self.tree.position(span.start);
        let file = self.tree.part_name(span.start).cloned();
        self.problems.push(Problem { severity, message: message.into(), file, span, position });
    }

    /// Says that something is not of the kind that is due.
    pub(super) fn wrong_kind(
        &mut self,
        severity: Severity,
        what: impl fmt::Display,
        expected: Kind,
        found: Node<'_>,
    ) {
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
        self.of_kind(object.get(key)?, key, kind, severity)
    }

    fn of_kind(&mut self, node: Node<'t>, key: &str, kind: Kind, severity: Severity) -> Option<Node<'t>> {
        if node.kind() == kind {
            return Some(node);
        }
        if node.kind() != Kind::Null {
            self.wrong_kind(severity, format_args!("`{key}`"), kind, node);
        }
        None
    }

    /// Follows `$ref` from `node` as far as it leads. `None`, with a problem,
    /// where it leads nowhere.
    pub(super) fn resolve(
        &mut self,
        node: Node<'t>,
        what: impl fmt::Display + Copy,
        severity: Severity,
    ) -> Option<Resolved<'t>> {
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
                let why = self.why_nothing(reference, pointer);
                let message = format!("{what}: `$ref` to `{pointer}` leads to nothing{why}; it is left out");
                self.problem(severity, reference.span(), message);
                return None;
            };
            resolved.node = target;
            resolved.pointer = Some(pointer.to_owned());
        }
        Some(resolved)
    }

    /// Where references lead from `node`, without a word where they do not.
    pub(super) fn followed(&self, mut node: Node<'t>) -> Node<'t> {
        for _ in 0..MAX_REFERENCES {
            let reference = node.get("$ref").and_then(Node::as_str);
            let Some(target) = reference.and_then(|pointer| self.target(pointer)) else { break };
            node = target;
        }
        node
    }

    /// The name of the component that a reference leads to, the same in all
    /// dialects.
    pub(super) fn named(&self, pointer: &str) -> String {
        match self.dialect {
            Dialect::Swagger20 => swagger20::named(pointer),
            _ => self.local(pointer).to_owned(),
        }
    }

    /// A reference without the document's own URI (OpenAPI 3.2.0, `$self`).
    fn local<'p>(&self, pointer: &'p str) -> &'p str {
        if self.dialect != Dialect::OpenApi32 || pointer.starts_with('#') {
            return pointer;
        }
        let own = self.tree.root().get("$self").and_then(Node::as_str).filter(|own| !own.is_empty());
        own.and_then(|own| pointer.strip_prefix(own)).filter(|rest| rest.starts_with('#')).unwrap_or(pointer)
    }

    fn target(&self, pointer: &str) -> Option<Node<'t>> {
        if let Some(known) = self.targets.borrow().get(pointer) {
            return known.map(|id| self.tree.node(id));
        }
        let found = self.find_target(pointer);
        self.targets.borrow_mut().insert(pointer.to_owned(), found.map(Node::id));
        found
    }

    fn find_target(&self, pointer: &str) -> Option<Node<'t>> {
        let pointer = self.local(pointer);
        let path = pointer.strip_prefix('#');
        if let Some(node) = path.and_then(|path| self.tree.pointer(path)) {
            return Some(node);
        }
        // RFC 6901, section 6: in a URI fragment a pointer is percent-encoded.
        if let Some(path) = path.filter(|path| path.contains('%')) {
            return self.tree.pointer(&text::percent_decoded(path));
        }
        if !self.dialect.has_json_schema() || path.is_some_and(|path| path.starts_with('/')) {
            return None;
        }
        let names = self.names.get_or_init(|| self.declared_names());
        if let Some(id) = names.get(pointer) {
            return Some(self.tree.node(*id));
        }
        // A pointer into a schema that has an `$id`.
        let (id, path) = pointer.split_once('#')?;
        let mut node = self.tree.node(*names.get(id)?);
        for token in path.strip_prefix('/')?.split('/') {
            node = node.get(&token.replace("~1", "/").replace("~0", "~"))?;
        }
        Some(node)
    }

    /// What schemas call themselves. Scopes are not told apart: a name that
    /// stands twice means the first.
    fn declared_names(&self) -> FxHashMap<String, NodeId> {
        let mut names = bundle::anchors(self.tree);
        names.retain(|_, id| self.tree.part_name(self.tree.node(*id).span().start).is_none());
        names
    }

    /// Why a reference leads to nothing, with the nearest name if one is near.
    fn why_nothing(&self, reference: Node<'t>, pointer: &str) -> String {
        if let Some(why) = self.refused.get(&reference.id()) {
            return format!(" ({why})");
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
        self.finish();
        id
    }

    /// The schema of the property `name` of an object that is put together.
    pub(super) fn property(&mut self, node: Node<'t>, anchor: &Arc<Anchor>, name: &str) -> Option<SchemaId> {
        let id = self.declare(node, anchor, name, Some(name), false);
        self.finish();
        id
    }

    /// A schema that no object declares, standing at `node`.
    pub(super) fn made(&mut self, node: Node<'t>, anchor: &Arc<Anchor>, at: &str) -> SchemaId {
        let id = self.blank(node, anchor, at);
        self.schemas[id.index()].is_made = true;
        id
    }

    fn blank(&mut self, node: Node<'t>, anchor: &Arc<Anchor>, at: &str) -> SchemaId {
        let id = SchemaId(self.schemas.len() as u32);
        self.schemas.push(Schema {
            node: node.id(),
            anchor: anchor.clone(),
            at: if at.is_empty() { self.top.clone() } else { at.into() },
            is_made: false,
            is_branch: false,
            target: None,
            dangling: false,
            properties: Vec::new(),
            barred: Few::default(),
            required: Few::default(),
            items: None,
            values: Few::default(),
            all_of: Few::default(),
            any_of: Few::default(),
            enum_values: Few::default(),
            deprecation: None,
            exempt: false,
            read_only: false,
            write_only: false,
        });
        id
    }

    /// Lets what was read since there were `known` schemas, and belongs to no
    /// component, be read again: for another media type it has another name.
    pub(super) fn forget_inline(&mut self, known: usize) {
        for schema in &self.schemas[known..] {
            if matches!(*schema.anchor, Anchor::Inline { .. }) {
                self.by_node.remove(&schema.node);
            }
        }
    }

    /// The array of which `item` is each member, beside the schema of the whole
    /// (OpenAPI 3.2.0, Media Type Object, `itemSchema`).
    pub(super) fn sequence(&mut self, media: Node<'t>, item: Node<'t>, anchor: &Arc<Anchor>) -> SchemaId {
        let whole = media.get("schema").and_then(|schema| self.declare(schema, anchor, "", None, false));
        let items = self.declare(item, anchor, "[]", None, false);
        let id = self.made(media, anchor, "");
        self.schemas[id.index()].all_of.extend(whole);
        self.schemas[id.index()].items = items;
        self.finish();
        id
    }

    /// A member of a schema, if it is of that kind; says so if it is of another.
    fn own_member(&mut self, schema: &Fields<'t>, key: &str, kind: Kind) -> Option<Node<'t>> {
        self.of_kind(schema.get(key)?, key, kind, Severity::Warning)
    }

    fn finish(&mut self) {
        while let Some((next, fields)) = self.pending.pop() {
            self.read_members(next, &fields);
        }
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
        let fields = Fields::of(node);
        let described = |key: &&str| fields.get(key).filter(|_| !self.annotations.flags_only);
        let texts: SmallVec<[Node<'t>; 2]> = ["title", "description"].iter().filter_map(described).collect();
        let names: &[&str] = name.as_slice();
        let described = if name.is_some() { Described::Field } else { Described::Schema };
        let subject = Subject::new(described, names);
        // Most say nothing of it.
        let may_speak = !self.annotations.flags_only
            || fields.iter().any(|(key, value)| deprecation::may_speak(key, value));
        let deprecation = match may_speak {
            true => deprecation::read(node, &subject, &texts, self.annotations),
            false => None,
        };
        self.note_misspelt(deprecation.as_ref());
        let id = self.blank(node, anchor, at);
        self.by_node.insert(node.id(), id);
        let schema = &mut self.schemas[id.index()];
        schema.is_branch = is_branch;
        schema.deprecation = deprecation.map(Box::new);
        schema.exempt = self.annotations.exempts(node, &texts);
        schema.read_only = fields.flag("readOnly");
        schema.write_only = fields.flag("writeOnly");
        self.pending.push((id, fields));
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
            let why = self.why_nothing(reference, pointer);
            let message =
                format!("schema: `$ref` to `{pointer}` leads to nothing{why}; what it declares is unknown");
            self.problem(Severity::Warning, reference.span(), message);
            return None;
        };
        if let Some(id) = self.by_node.get(&target.id()) {
            return Some(*id);
        }
        let anchor = Arc::new(Anchor::Component(self.named(pointer).into()));
        self.declare(target, &anchor, "", None, false)
    }

    fn read_members(&mut self, id: SchemaId, fields: &Fields<'t>) {
        let index = id.0 as usize;
        let node = self.tree.node(self.schemas[index].node);
        let (anchor, at) = (self.schemas[index].anchor.clone(), self.schemas[index].at.clone());
        let (anchor, at) = (&anchor, &*at);
        if let Some(reference) = self.own_member(fields, "$ref", Kind::String) {
            let target = self.schema_reference(reference);
            self.schemas[index].target = target;
            self.schemas[index].dangling = target.is_none();
        }
        if let Some(properties) = self.own_member(fields, "properties", Kind::Object) {
            self.schemas[index].properties.reserve_exact(properties.members().len());
            for entry in properties.entries() {
                if is_nothing(entry.value) {
                    self.schemas[index].barred.push(entry.key.to_owned());
                    continue;
                }
                let place = join(at, entry.key);
                if let Some(schema) = self.declare(entry.value, anchor, &place, Some(entry.key), false) {
                    self.schemas[index].properties.push(Property { name: entry.key.to_owned(), schema });
                }
            }
        }
        // `required: true` on a property is Swagger 1's; only a list counts.
        if let Some(required) = fields.get("required").filter(|required| required.kind() == Kind::Array) {
            self.schemas[index].required =
                required.items().filter_map(|n| n.as_str()).map(str::to_owned).collect();
        }
        self.read_items(id, fields, anchor, at);
        let mut values = Vec::new();
        if let Some(value) = fields.get("additionalProperties").filter(|value| value.is_object()) {
            values.push(value);
        }
        if self.dialect.has_json_schema() {
            values.extend(fields.get("unevaluatedProperties").filter(|value| value.is_object()));
            self.read_conditions(id, fields, anchor, at);
        }
        if let Some(patterns) = fields.get("patternProperties").filter(|patterns| patterns.is_object()) {
            values.extend(patterns.entries().map(|entry| entry.value));
        }
        for value in values {
            let schema = self.declare(value, anchor, &format!("{at}{{}}"), None, false);
            self.schemas[index].values.extend(schema);
        }
        for (key, is_branch) in [("allOf", false), ("oneOf", true), ("anyOf", true)] {
            let Some(branches) = self.own_member(fields, key, Kind::Array) else { continue };
            let branches: Vec<Node<'t>> = branches.items().collect();
            let rest: Vec<Node<'t>> = branches.iter().copied().filter(|branch| !is_null(*branch)).collect();
            // One branch, or one beside `null`: it holds for every value that is there.
            let is_branch = is_branch && rest.len() != 1;
            for branch in rest {
                let Some(schema) = self.declare(branch, anchor, at, None, is_branch) else { continue };
                let schemas = &mut self.schemas[index];
                if is_branch { schemas.any_of.push(schema) } else { schemas.all_of.push(schema) }
            }
        }
        if let Some(list) = self.own_member(fields, "enum", Kind::Array) {
            self.schemas[index].enum_values = self.enum_values(node, list.items()).into();
        } else if let Some(value) = fields.get("const").filter(|_| self.dialect.has_json_schema()) {
            let mut values = self.enum_values(node, std::iter::once(value));
            // Branches of one value each are how 2020-12 describes the values of an
            // enum: what such a branch says, it says of the value.
            let schema = &mut self.schemas[index];
            for value in values.iter_mut().filter(|_| schema.is_branch) {
                value.deprecation = value.deprecation.take().or_else(|| schema.deprecation.clone());
            }
            schema.enum_values = values.into();
        }
    }

    /// What the members of an array may be.
    fn read_items(&mut self, id: SchemaId, fields: &Fields<'t>, anchor: &Arc<Anchor>, at: &str) {
        let keys: &[&str] =
            if self.dialect.has_json_schema() { &["items", "unevaluatedItems"] } else { &["items"] };
        let items = keys.iter().find_map(|key| fields.get(key).filter(|items| items.is_object()));
        let tuple = fields.get("prefixItems").filter(|_| self.dialect.has_json_schema());
        let tuple = tuple.filter(|tuple| tuple.kind() == Kind::Array);
        if items.is_none() && tuple.is_none() {
            return;
        }
        let place = format!("{at}[]");
        let Some(tuple) = tuple else {
            let items = items.and_then(|items| self.declare(items, anchor, &place, None, false));
            self.schemas[id.index()].items = items;
            return;
        };
        // Positions have no names of their own: a member is any of them.
        let members = self.made(tuple, anchor, &place);
        for member in tuple.items().chain(items) {
            let member = self.declare(member, anchor, &place, None, true);
            self.schemas[members.index()].any_of.extend(member);
        }
        self.schemas[id.index()].items = Some(members);
    }

    /// Parts that hold for some values only, and keywords of JSON Schema 2020-12
    /// that are read otherwise than meant.
    fn read_conditions(&mut self, id: SchemaId, fields: &Fields<'t>, anchor: &Arc<Anchor>, at: &str) {
        let node = fields.node();
        let dependent = fields.get("dependentSchemas").into_iter().flat_map(Node::entries);
        let parts = dependent.map(|entry| entry.value);
        let parts = parts.chain(["then", "else"].iter().filter_map(|key| fields.get(key)));
        for part in parts.filter(|part| part.is_object()) {
            let part = self.declare(part, anchor, at, None, true);
            self.schemas[id.index()].any_of.extend(part);
        }
        if let Some(reference) = fields.get("$dynamicRef").filter(|found| found.as_str().is_some()) {
            let message = "`$dynamicRef` is read as `$ref`: what other schemas put in its place is not seen";
            self.problem(Severity::Warning, reference.span(), message);
            let target = self.schema_reference(reference);
            self.schemas[id.index()].dangling |= target.is_none();
            // Beside a `$ref`, both hold.
            self.schemas[id.index()].all_of.extend(target);
        }
        if let Some(own) = fields.get("$id").filter(|own| own.as_str().is_some())
            // The reader of files knows what `#` means in one.
            && !self.tree.is_part_root(node.id())
            && has_local_reference(node)
        {
            let message = "`$id` makes `#` in the references inside mean this schema; they are read from \
                           the top of the document";
            self.problem(Severity::Warning, own.span(), message);
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
            // Most lead nowhere.
            let schema = &self.schemas[start];
            if schema.target.is_none() && schema.all_of.is_empty() && schema.any_of.is_empty() {
                state[start] = 2;
                continue;
            }
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
                Anchor::Component(name) if self.dialect == Dialect::Swagger20 => {
                    format!("schema `{}`", swagger20::written(name))
                }
                Anchor::Component(pointer) => format!("schema `{pointer}`"),
                Anchor::Inline { operation, .. } => format!("a schema of `{operation}`"),
            };
            let at = if schema.at.is_empty() { String::new() } else { format!(" at `{}`", schema.at) };
            let span = self.tree.node(schema.node).span();
            let message = format!("{name}{at} contains itself, over `$ref` or `allOf` alone");
            self.problem(Severity::Warning, span, message);
        }
    }

    fn enum_values(&self, schema: Node<'t>, list: impl Iterator<Item = Node<'t>>) -> Vec<EnumValue> {
        let list: Vec<Node<'t>> = list.filter(|value| value.kind() != Kind::Null).collect();
        let texts: Vec<String> = list
            .iter()
            .map(|value| value.as_str().map_or_else(|| value.to_json().to_string(), str::to_owned))
            .collect();
        let names: Vec<&str> = texts.iter().map(String::as_str).collect();
        let description = schema.get("description");
        let deprecated = match description.and_then(Node::as_str) {
            Some(text) if !self.annotations.flags_only => prose::deprecated_values(text, &names),
            _ => Vec::new(),
        };
        list.iter()
            .zip(&texts)
            .map(|(value, text)| EnumValue {
                text: text.clone(),
                node: value.id(),
                deprecation: description
                    .filter(|_| deprecated.contains(&text.as_str()))
                    .map(|node| deprecation::of_value(text, node.as_str().unwrap_or_default(), node.id()))
                    .map(Box::new),
            })
            .collect()
    }
}

/// Whether a schema is one that nothing satisfies, written as such (JSON Schema
/// 2020-12, section 4.3.2).
fn is_nothing(schema: Node<'_>) -> bool {
    let is_everything = |not: Node<'_>| match not.kind() {
        Kind::Bool => not.as_bool() == Some(true),
        kind => kind == Kind::Object && not.entries().len() == 0,
    };
    schema.as_bool() == Some(false)
        || (schema.get("not").is_some_and(is_everything) && schema.get("$ref").is_none())
}

/// Whether a schema allows nothing but `null`.
fn is_null(schema: Node<'_>) -> bool {
    let only = |key: &str, list: Option<Node<'_>>| {
        let is =
            |node: Node<'_>| node.kind() == Kind::Null || (key == "type" && node.as_str() == Some("null"));
        list.is_some_and(|node| match node.kind() {
            Kind::Array => node.items().len() > 0 && node.items().all(is),
            _ => key != "enum" && is(node),
        })
    };
    schema.get("$ref").is_none() && ["type", "enum", "const"].iter().any(|key| only(key, schema.get(key)))
}

/// Whether some `$ref` below `schema` begins with `#`.
fn has_local_reference(schema: Node<'_>) -> bool {
    let mut queue = vec![schema];
    let mut seen = FxHashSet::default();
    while let Some(node) = queue.pop() {
        if !seen.insert(node.id()) {
            continue;
        }
        if node.get("$ref").and_then(Node::as_str).is_some_and(|pointer| pointer.starts_with('#')) {
            return true;
        }
        queue.extend(node.items().chain(node.entries().map(|entry| entry.value)));
    }
    false
}

/// A property's place below `at`.
fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}
