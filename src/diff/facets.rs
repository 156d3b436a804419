//! One schema object, read: the only place where the dialects of OpenAPI are
//! put into the words of JSON Schema 2020-12.
//!
//! What differs between dialects and is settled here: `nullable`, boolean
//! `exclusiveMinimum`, one type or a list of types, what stands beside a
//! `$ref`, `readOnly` and `writeOnly` by direction. A schema without `type`
//! says nothing of types. `nullable: true` means that null is allowed wherever
//! it is written, also without a type, beside a `$ref` or with an `enum` that
//! does not list null: void by the letter of OpenAPI 3.0.3, meant by authors.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::discriminator::{self, Discriminator, Heirs};
use super::number::Decimal;
use super::record::Name;
use crate::document::{Direction, Document, Schema};
use crate::text::{Kind, Node, NodeId, Tree};

/// Longest chain of references to references that is followed.
const MAX_REFERENCES: usize = 32;
/// Keywords that say nothing of values where they stand beside a `$ref`.
const SAYS_NOTHING: [&str; 9] = [
    "title",
    "description",
    "summary",
    "example",
    "examples",
    "externalDocs",
    "deprecated",
    "readOnly",
    "writeOnly",
];

/// A schema's number in its [`Space`].
pub(super) type Id = u32;

/// JSON types as bits.
pub(super) mod types {
    pub(in crate::diff) const NULL: u8 = 1;
    pub(in crate::diff) const BOOLEAN: u8 = 2;
    pub(in crate::diff) const INTEGER: u8 = 4;
    /// Every number, whole or not.
    pub(in crate::diff) const NUMBER: u8 = 8 | INTEGER;
    pub(in crate::diff) const STRING: u8 = 16;
    pub(in crate::diff) const ARRAY: u8 = 32;
    pub(in crate::diff) const OBJECT: u8 = 64;
    pub(in crate::diff) const ALL: u8 = 127;

    pub(in crate::diff) fn of(name: &str) -> u8 {
        match name {
            "null" => NULL,
            "boolean" => BOOLEAN,
            "integer" => INTEGER,
            "number" => NUMBER,
            "string" => STRING,
            "array" => ARRAY,
            "object" => OBJECT,
            // `file` of Swagger 2.0, and what nobody knows: no statement.
            _ => ALL,
        }
    }
}

/// A bound of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Bound {
    pub(super) value: Decimal,
    pub(super) exclusive: bool,
}

/// What an object says of names that it does not declare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Additional {
    /// Nothing: anything, and senders leave them out.
    #[default]
    Unsaid,
    /// Anything, in so many words.
    Any,
    /// They are refused.
    Never,
    /// They are of that schema.
    Schema(Id),
}

/// The keywords of one schema object.
#[derive(Clone, Debug, Default)]
pub(super) struct Facets {
    /// Which document, 0 or 1, and where; `None` for what was made here.
    pub(super) origin: Option<(usize, NodeId)>,
    /// The schema `false`.
    pub(super) never: bool,
    pub(super) types: Option<u8>,
    pub(super) nullable: bool,
    pub(super) values: Option<Vec<Value>>,
    /// An open list: readers are told to expect more values than these.
    pub(super) hints: Option<Vec<Value>>,
    pub(super) minimum: Option<Bound>,
    pub(super) maximum: Option<Bound>,
    pub(super) multiple_of: Option<Decimal>,
    pub(super) min_length: Option<u64>,
    pub(super) max_length: Option<u64>,
    pub(super) pattern: Option<String>,
    pub(super) items: Option<Id>,
    pub(super) prefix: Vec<Id>,
    pub(super) min_items: Option<u64>,
    pub(super) max_items: Option<u64>,
    pub(super) unique: bool,
    /// Schema, least and most members of it.
    pub(super) contains: Option<(Id, u64, Option<u64>)>,
    pub(super) properties: Vec<(Name, Id)>,
    pub(super) patterns: Vec<(String, Id)>,
    pub(super) additional: Additional,
    pub(super) required: Vec<Name>,
    pub(super) min_properties: Option<u64>,
    pub(super) max_properties: Option<u64>,
    pub(super) property_names: Option<Id>,
    pub(super) all_of: Vec<Id>,
    /// Each list: one of them at least.
    pub(super) any_of: Vec<Vec<Id>>,
    /// Each list: exactly one of them.
    pub(super) one_of: Vec<Vec<Id>>,
    pub(super) not: Vec<Id>,
    pub(super) reference: Option<Id>,
    /// A `$ref` that leads to nothing.
    pub(super) dangling: bool,
    /// Keywords that are not modelled, word for word.
    pub(super) residue: BTreeMap<String, Value>,
    pub(super) format: Option<String>,
    /// What a text holds: `contentEncoding`, `contentMediaType`.
    pub(super) content: Option<String>,
    pub(super) default: Option<Value>,
    /// What members must be that nothing else speaks of.
    pub(super) unevaluated: Additional,
    pub(super) unevaluated_items: Additional,
    pub(super) discriminator: Option<std::rc::Rc<Discriminator>>,
    pub(super) deprecated: bool,
    /// Declared, but for the other direction only.
    pub(super) barred: Vec<String>,
}

impl Facets {
    /// Whether the object itself limits no value: all that it says it says by
    /// what it refers to and by its branches.
    pub(super) fn says_nothing(&self) -> bool {
        let Self {
            origin: _,
            never,
            types,
            nullable: _,
            values,
            hints,
            minimum,
            maximum,
            multiple_of,
            min_length,
            max_length,
            pattern,
            items,
            prefix,
            min_items,
            max_items,
            unique,
            contains,
            properties,
            patterns,
            additional,
            required,
            min_properties,
            max_properties,
            property_names,
            all_of: _,
            any_of: _,
            one_of: _,
            not: _,
            reference: _,
            dangling,
            residue,
            // A hint for examples of what other schemas limit.
            format,
            content,
            default: _,
            unevaluated,
            unevaluated_items,
            discriminator,
            deprecated,
            barred,
        } = self;
        !never
            && !unique
            && !dangling
            && !deprecated
            && hints.is_none()
            && content.is_none()
            && *unevaluated == Additional::Unsaid
            && *unevaluated_items == Additional::Unsaid
            && discriminator.is_none()
            && barred.is_empty()
            && types.is_none()
            && values.is_none()
            && minimum.is_none()
            && maximum.is_none()
            && multiple_of.is_none()
            && min_length.is_none()
            && max_length.is_none()
            && pattern.is_none()
            && items.is_none()
            && prefix.is_empty()
            && min_items.is_none()
            && max_items.is_none()
            && contains.is_none()
            && properties.is_empty()
            && patterns.is_empty()
            && *additional == Additional::Unsaid
            && required.is_empty()
            && min_properties.is_none()
            && max_properties.is_none()
            && property_names.is_none()
            && residue.is_empty()
            && format.is_none()
    }
}

/// A document as far as schemas need it. Cheap to copy.
#[derive(Clone)]
pub(super) struct Side<'d> {
    pub(super) tree: &'d Tree,
    pub(super) document: Option<&'d Document>,
    /// For each node its schema's number and one more; 0 where there is none.
    by_node: Arc<[u32]>,
    /// Whether what stands beside a `$ref` counts (OpenAPI 3.1, JSON Schema).
    siblings_count: bool,
    heirs: Arc<Heirs>,
    /// What `$dynamicAnchor` and `$anchor` name; `None` for a name that stands twice.
    anchors: std::cell::OnceCell<FxHashMap<String, Option<NodeId>>>,
}

impl<'d> Side<'d> {
    pub(super) fn of_document(document: &'d Document) -> Self {
        let tree = document.tree();
        let mut by_node = vec![0; tree.len()];
        for (at, schema) in document.schemas().iter().enumerate() {
            by_node[schema.node.index()] = at as u32 + 1;
        }
        let dialect = &document.dialect;
        let siblings_count = dialect.family == "OpenAPI" && !dialect.version.starts_with("3.0");
        let heirs = Arc::new(discriminator::heirs(tree));
        let anchors = std::cell::OnceCell::new();
        Self { tree, document: Some(document), by_node: by_node.into(), siblings_count, heirs, anchors }
    }

    /// The components that extend the one at that pointer.
    pub(super) fn heirs_of(&self, pointer: &str) -> &[String] {
        self.heirs.get(pointer).map_or(&[], Vec::as_slice)
    }

    pub(super) fn of_schema(tree: &'d Tree) -> Self {
        let (by_node, heirs) = (Arc::default(), Arc::default());
        let anchors = std::cell::OnceCell::new();
        Self { tree, document: None, by_node, siblings_count: true, heirs, anchors }
    }

    /// The schema that the document's model has at a node.
    pub(super) fn schema_of(&self, node: NodeId) -> Option<&'d Schema> {
        let at = self.by_node.get(node.index())?.checked_sub(1)?;
        self.document?.schemas().get(at as usize)
    }

    /// Where a schema's `$ref` leads.
    pub(super) fn target(&self, node: Node<'d>, pointer: &str) -> Option<NodeId> {
        if let Some(target) = self.schema_of(node.id()).and_then(|schema| schema.target) {
            return self.document.map(|document| document.schema(target).node);
        }
        self.tree.pointer(pointer.strip_prefix('#')?).map(Node::id)
    }

    /// Where a `$dynamicRef` leads: with one anchor of that name there is but one
    /// place, whatever is in scope.
    pub(super) fn dynamic(&self, pointer: &str) -> Option<NodeId> {
        let Some(name) = pointer.strip_prefix('#').filter(|name| !name.is_empty() && !name.starts_with('/'))
        else {
            return self.tree.pointer(pointer.strip_prefix('#')?).map(Node::id);
        };
        let all = self.anchors.get_or_init(|| {
            let mut all: FxHashMap<String, Option<NodeId>> = FxHashMap::default();
            for id in self.tree.ids() {
                for key in ["$dynamicAnchor", "$anchor"] {
                    if let Some(name) = self.tree.node(id).get(key).and_then(Node::as_str) {
                        all.entry(name.to_owned()).and_modify(|known| *known = None).or_insert(Some(id));
                    }
                }
            }
            all
        });
        all.get(name).copied().flatten()
    }

    /// The schema that is meant at a node: where a `$ref` leads beside which
    /// nothing stands that counts. So a component is one schema, however many
    /// places refer to it.
    fn meant(&self, node: NodeId) -> NodeId {
        let mut at = node;
        for _ in 0..MAX_REFERENCES {
            let here = self.tree.node(at);
            let Some(pointer) = here.get("$ref").and_then(Node::as_str) else { return at };
            let is_bare = here.entries().all(|entry| match entry.key {
                "$ref" => true,
                "nullable" | "x-nullable" | "format" | "default" | "deprecated" | "x-deprecated" => false,
                key => !self.siblings_count || SAYS_NOTHING.contains(&key),
            });
            match self.target(here, pointer).filter(|_| is_bare) {
                Some(target) => at = target,
                None => return at,
            }
        }
        // In a circle: no more than what is written.
        node
    }

    /// Whether a schema goes in that direction only the other way.
    pub(super) fn is_barred(&self, node: Node<'d>, direction: Direction) -> bool {
        let key = match direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let mut node = node;
        for _ in 0..MAX_REFERENCES {
            if node.get(key).and_then(Node::as_bool) == Some(true) {
                return true;
            }
            let Some(pointer) = node.get("$ref").and_then(Node::as_str) else { return false };
            match self.target(node, pointer) {
                Some(next) => node = self.tree.node(next),
                None => return false,
            }
        }
        false
    }
}

/// The schemas of two documents as one direction has them, read when asked for.
pub(super) struct Space<'d> {
    pub(super) sides: Vec<Side<'d>>,
    pub(super) direction: Option<Direction>,
    nodes: Vec<std::rc::Rc<Facets>>,
    read: FxHashMap<(usize, NodeId), Id>,
    /// Those that a bare `$ref` leads to: they may hold themselves.
    shared: FxHashSet<Id>,
    /// Numbered, but not read yet.
    pending: Vec<(Id, usize, NodeId)>,
    /// The names of members, one of each.
    names: FxHashMap<&'d str, Name>,
}

/// The schema that nothing satisfies.
pub(super) const NEVER: Id = 0;

impl<'d> Space<'d> {
    pub(super) fn new(sides: Vec<Side<'d>>, direction: Option<Direction>) -> Self {
        let never = Facets { never: true, ..Facets::default() };
        Self {
            sides,
            direction,
            nodes: vec![std::rc::Rc::new(never)],
            read: FxHashMap::default(),
            shared: FxHashSet::default(),
            pending: Vec::new(),
            names: FxHashMap::default(),
        }
    }

    /// How many schemas were read or made.
    pub(super) fn len(&self) -> usize {
        // The one that nothing satisfies is always there.
        self.nodes.len() - 1
    }

    /// Whether references lead to a schema.
    pub(super) fn is_shared(&self, id: Id) -> bool {
        self.shared.contains(&id)
    }

    /// Where a schema stands; `None` for what was made here.
    pub(super) fn origin(&self, id: Id) -> Option<(usize, NodeId)> {
        self.nodes[id as usize].origin
    }

    pub(super) fn get(&self, id: Id) -> std::rc::Rc<Facets> {
        self.nodes[id as usize].clone()
    }

    /// A schema of our own making.
    pub(super) fn made(&mut self, facets: Facets) -> Id {
        self.nodes.push(std::rc::Rc::new(facets));
        (self.nodes.len() - 1) as Id
    }

    /// The number of the schema at a node, which is read with all below it.
    pub(super) fn schema(&mut self, side: usize, node: NodeId) -> Id {
        let id = self.number(side, node);
        while let Some((id, side, node)) = self.pending.pop() {
            let facets = self.read_one(side, node);
            self.nodes[id as usize] = std::rc::Rc::new(facets);
        }
        id
    }

    fn number(&mut self, side: usize, node: NodeId) -> Id {
        if let Some(id) = self.read.get(&(side, node)) {
            return *id;
        }
        let meant = self.sides[side].meant(node);
        let id = match self.read.get(&(side, meant)) {
            Some(id) => *id,
            None => {
                let id = self.made(Facets::default());
                self.read.insert((side, meant), id);
                self.pending.push((id, side, meant));
                id
            }
        };
        if meant != node {
            self.shared.insert(id);
        }
        self.read.insert((side, node), id);
        id
    }

    fn read_one(&mut self, side: usize, id: NodeId) -> Facets {
        let node = self.sides[side].tree.node(id);
        let mut out = Facets { origin: Some((side, id)), ..Facets::default() };
        match node.kind() {
            Kind::Bool => {
                out.never = node.as_bool() == Some(false);
                return out;
            }
            Kind::Object => {}
            _ => return out,
        }
        out.nullable =
            ["nullable", "x-nullable"].iter().any(|key| node.get(key).and_then(Node::as_bool) == Some(true));
        out.format = node.get("format").and_then(Node::as_str).map(str::to_owned);
        let content = ["contentEncoding", "contentMediaType"].map(|key| node.get(key).and_then(Node::as_str));
        if content != [None, None] {
            out.content = Some(content.into_iter().flatten().collect::<Vec<_>>().join(" of "));
        }
        out.default = node.get("default").map(Node::to_json);
        out.deprecated = ["deprecated", "x-deprecated"]
            .iter()
            .any(|key| node.get(key).and_then(Node::as_bool) == Some(true));
        if let Some(pointer) = node.get("$ref").and_then(Node::as_str) {
            match self.sides[side].target(node, pointer) {
                Some(target) => out.reference = Some(self.number(side, target)),
                None => out.dangling = true,
            }
            if !self.sides[side].siblings_count {
                return out;
            }
        }
        self.scalars(node, &mut out);
        self.arrays(side, node, &mut out);
        self.objects(side, node, &mut out);
        self.combined(side, node, &mut out);
        out.unevaluated = self.additional(side, node, "unevaluatedProperties");
        out.unevaluated_items = self.additional(side, node, "unevaluatedItems");
        if let Some(pointer) = node.get("$dynamicRef").and_then(Node::as_str) {
            match self.sides[side].dynamic(pointer) {
                Some(target) => {
                    let reference = Some(self.number(side, target));
                    let part = self.made(Facets { reference, ..Facets::default() });
                    out.all_of.push(part);
                }
                None => drop(out.residue.insert("$dynamicRef".to_owned(), pointer.into())),
            }
        }
        let place = &self.sides[side];
        out.discriminator = discriminator::read(place, node, &place.heirs.clone());
        out
    }

    fn scalars(&mut self, node: Node<'d>, out: &mut Facets) {
        out.types = match node.get("type") {
            Some(one) if one.kind() == Kind::String => one.as_str().map(types::of),
            Some(list) if list.kind() == Kind::Array => {
                Some(list.items().filter_map(Node::as_str).fold(0, |all, name| all | types::of(name)))
            }
            _ => None,
        };
        if let Some(list) = node.get("enum").filter(|list| list.kind() == Kind::Array) {
            out.values = Some(list.items().map(Node::to_json).collect());
        }
        if let Some(value) = node.get("const") {
            let value = value.to_json();
            let fits = out.values.as_ref().is_none_or(|values| values.contains(&value));
            out.values = Some(if fits { vec![value] } else { Vec::new() });
        }
        let flag = |key: &str| node.get(key).and_then(Node::as_bool) == Some(true);
        let open = node.get("x-extensible-enum");
        let is_open = open.is_some()
            || node.get_dotted("x-ms-enum.modelAsString").and_then(Node::as_bool) == Some(true);
        // An open list is a hint, not a limit.
        if is_open {
            let listed = open.filter(|list| list.kind() == Kind::Array && list.items().len() > 0);
            let listed = listed.map(|list| list.items().map(Node::to_json).collect());
            out.hints = listed.or_else(|| out.values.take());
            out.values = None;
        }
        let number = |key: &str| node.get(key).and_then(Node::number_text).and_then(Decimal::parse);
        let bound = |plain: &str, exclusive: &str, lower: bool| -> Option<Bound> {
            let closed = number(plain).map(|value| Bound { value, exclusive: flag(exclusive) });
            let open = number(exclusive).map(|value| Bound { value, exclusive: true });
            match (closed, open) {
                (Some(a), Some(b)) => {
                    let keep_open = if lower { b.value >= a.value } else { b.value <= a.value };
                    Some(if keep_open { b } else { a })
                }
                (a, b) => a.or(b),
            }
        };
        out.minimum = bound("minimum", "exclusiveMinimum", true);
        out.maximum = bound("maximum", "exclusiveMaximum", false);
        out.multiple_of = number("multipleOf").filter(|step| *step > Decimal::ZERO);
        out.min_length = count(node, "minLength");
        out.max_length = count(node, "maxLength");
        out.pattern = node.get("pattern").and_then(Node::as_str).map(str::to_owned);
    }

    fn arrays(&mut self, side: usize, node: Node<'d>, out: &mut Facets) {
        if let Some(list) = node.get("prefixItems") {
            out.prefix = list.items().map(|item| self.number(side, item.id())).collect();
        }
        match node.get("items") {
            Some(items) if matches!(items.kind(), Kind::Object | Kind::Bool) => {
                out.items = Some(self.number(side, items.id()));
            }
            _ => {}
        }
        out.min_items = count(node, "minItems");
        out.max_items = count(node, "maxItems");
        out.unique = node.get("uniqueItems").and_then(Node::as_bool) == Some(true);
        if let Some(contains) = node.get("contains") {
            let least = count(node, "minContains").unwrap_or(1);
            out.contains = Some((self.number(side, contains.id()), least, count(node, "maxContains")));
        }
    }

    fn name(&mut self, name: &'d str) -> Name {
        self.names.entry(name).or_insert_with(|| name.into()).clone()
    }

    fn objects(&mut self, side: usize, node: Node<'d>, out: &mut Facets) {
        let mut barred: Vec<&str> = Vec::new();
        if let Some(list) = node.get("properties").filter(|list| list.is_object()) {
            for entry in list.entries() {
                let is_barred = self
                    .direction
                    .is_some_and(|direction| self.sides[side].is_barred(entry.value, direction));
                if is_barred {
                    barred.push(entry.key);
                } else if matches!(entry.value.kind(), Kind::Object | Kind::Bool) {
                    let id = self.number(side, entry.value.id());
                    let name = self.name(entry.key);
                    out.properties.push((name, id));
                }
            }
        }
        if let Some(list) = node.get("required").filter(|list| list.kind() == Kind::Array) {
            let names = list.items().filter_map(Node::as_str).filter(|name| !barred.contains(name));
            out.required = names.map(|name| self.name(name)).collect();
        }
        if let Some(list) = node.get("patternProperties") {
            for entry in list.entries() {
                let id = self.number(side, entry.value.id());
                out.patterns.push((entry.key.to_owned(), id));
            }
        }
        out.additional = self.additional(side, node, "additionalProperties");
        out.barred = barred.iter().map(|name| (*name).to_owned()).collect();
        out.min_properties = count(node, "minProperties");
        out.max_properties = count(node, "maxProperties");
        self.dependent_schemas(side, node, out);
        out.property_names = node.get("propertyNames").map(|names| self.number(side, names.id()));
        // "If `a` is there, so must be `b`": `a` is not there, or both are.
        for entry in node.get("dependentRequired").into_iter().flat_map(Node::entries) {
            let absent = Facets { properties: vec![(self.name(entry.key), NEVER)], ..Facets::default() };
            let mut names: Vec<Name> =
                entry.value.items().filter_map(Node::as_str).map(|name| self.name(name)).collect();
            names.push(self.name(entry.key));
            let both = Facets { required: names, ..Facets::default() };
            let branches = vec![self.made(absent), self.made(both)];
            out.any_of.push(branches);
        }
    }

    fn additional(&mut self, side: usize, node: Node<'d>, key: &str) -> Additional {
        match node.get(key) {
            Some(value) if value.as_bool() == Some(false) => Additional::Never,
            Some(value) if value.as_bool() == Some(true) => Additional::Any,
            Some(value) if value.is_object() && value.entries().len() == 0 => Additional::Any,
            Some(value) if value.is_object() => Additional::Schema(self.number(side, value.id())),
            _ => Additional::Unsaid,
        }
    }

    fn dependent_schemas(&mut self, side: usize, node: Node<'d>, out: &mut Facets) {
        for entry in node.get("dependentSchemas").into_iter().flat_map(Node::entries) {
            let absent = Facets { properties: vec![(self.name(entry.key), NEVER)], ..Facets::default() };
            let branches = vec![self.made(absent), self.number(side, entry.value.id())];
            out.any_of.push(branches);
        }
    }

    fn combined(&mut self, side: usize, node: Node<'d>, out: &mut Facets) {
        let mut list = |key: &str| -> Vec<Id> {
            let list = node.get(key).filter(|list| list.kind() == Kind::Array);
            let branches = list.into_iter().flat_map(Node::items);
            branches
                .filter(|branch| matches!(branch.kind(), Kind::Object | Kind::Bool))
                .map(|branch| self.number(side, branch.id()))
                .collect()
        };
        out.all_of.extend(list("allOf"));
        let any_of = list("anyOf");
        let one_of = list("oneOf");
        if !any_of.is_empty() {
            out.any_of.push(any_of);
        }
        match one_of.len() {
            0 => {}
            1 => out.all_of.extend(one_of),
            _ => out.one_of.push(one_of),
        }
        if let Some(not) = node.get("not").filter(|not| matches!(not.kind(), Kind::Object | Kind::Bool)) {
            out.not.push(self.number(side, not.id()));
        }
        // `if` is a choice: it holds and so does `then`, or it does not and `else` does.
        if let Some(condition) = node.get("if") {
            let condition = self.number(side, condition.id());
            let mut branch = |key: &str| node.get(key).map(|branch| self.number(side, branch.id()));
            let (then, otherwise) = (branch("then"), branch("else"));
            let holds = Facets {
                all_of: [Some(condition), then].into_iter().flatten().collect(),
                ..Facets::default()
            };
            let fails =
                Facets { not: vec![condition], all_of: otherwise.into_iter().collect(), ..Facets::default() };
            let branches = vec![self.made(holds), self.made(fails)];
            out.any_of.push(branches);
        }
    }
}

fn count(node: Node<'_>, key: &str) -> Option<u64> {
    let text = node.get(key)?.number_text()?;
    Decimal::parse(text).filter(|value| value.is_integer())?.to_string().parse().ok()
}
