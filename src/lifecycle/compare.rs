//! Which names came and went between two documents: every body and parameter
//! that both have, followed through the shapes of their schemas.
//!
//! Equal parts are not looked into: a pair of schemas is skipped when its text
//! and all it refers to are equal, and every other pair is compared once,
//! however many operations share it. What *values* schemas accept is not the
//! matter of this file.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::surface::Surface;
use super::{ItemKey, ItemKind};
use crate::document::{Anchor, Direction, Document, OperationKey, SchemaId, Shape, ShapeProperty};
use crate::text::NodeId;

/// One name that came, went, or changed between two documents.
#[derive(Clone, Debug)]
pub(super) struct NameChange {
    pub(super) key: ItemKey,
    /// Where it stands: in the new document, for what went in the old one.
    pub(super) node: NodeId,
    /// The operations of the new document that it reaches.
    pub(super) operations: Vec<OperationKey>,
}

/// What changed between two documents.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) added: Vec<NameChange>,
    pub(super) removed: Vec<NameChange>,
    /// Became required, or arrived required.
    pub(super) required: Vec<NameChange>,
    /// Declarations that moved to another component or place while staying
    /// where they were on the wire: the old names of each new one.
    pub(super) moved: BTreeMap<ItemKey, Vec<ItemKey>>,
    /// The same for names under what uses a declaration.
    pub(super) uses: BTreeMap<ItemKey, Vec<ItemKey>>,
}

type PairKey = (Vec<SchemaId>, Vec<SchemaId>, Direction);

struct Pair {
    key: PairKey,
    parents: Vec<usize>,
    operations: Vec<OperationKey>,
}

struct Comparison<'d> {
    old: &'d Surface<'d>,
    new: &'d Surface<'d>,
    tainted: Vec<bool>,
    pairs: Vec<Pair>,
    by_key: FxHashMap<PairKey, usize>,
    found: Vec<Found>,
    moved: FxHashSet<(ItemKey, ItemKey)>,
    uses: FxHashSet<(ItemKey, ItemKey)>,
}

/// A name that one pair of schemas has found to differ.
struct Found {
    what: What,
    pair: usize,
    /// Its name under what declares it.
    key: ItemKey,
    /// Its name under what uses that; `None` where it can have but one name.
    used: Option<ItemKey>,
    node: NodeId,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Added,
    Removed,
    Required,
}

/// Compares two documents.
pub(super) fn names(old: &Surface<'_>, new: &Surface<'_>) -> Names {
    let mut comparison = Comparison {
        old,
        new,
        tainted: tainted(old, new),
        pairs: Vec::new(),
        by_key: FxHashMap::default(),
        found: Vec::new(),
        moved: FxHashSet::default(),
        uses: FxHashSet::default(),
    };
    comparison.roots();
    let mut next = 0;
    while next < comparison.pairs.len() {
        comparison.compare(next);
        next += 1;
    }
    comparison.finish()
}

impl Comparison<'_> {
    fn roots(&mut self) {
        let (old, new) = (self.old.document, self.new.document);
        for operation in new.operations() {
            let Some(before) = old.operation(&operation.key) else { continue };
            for parameter in &operation.parameters {
                let twin = before
                    .parameters
                    .iter()
                    .find(|p| p.location == parameter.location && p.name == parameter.name);
                if let (Some(a), Some(b)) = (twin.and_then(|p| p.schema), parameter.schema) {
                    self.push((vec![a], vec![b], Direction::Request), None, Some(&operation.key));
                }
            }
            if let (Some(a), Some(b)) = (&before.body, &operation.body) {
                for (a, b) in matching(&a.content, &b.content) {
                    self.push((vec![a], vec![b], Direction::Request), None, Some(&operation.key));
                }
            }
            for response in &operation.responses {
                let Some(twin) = before.responses.iter().find(|r| r.status == response.status) else {
                    continue;
                };
                for (a, b) in matching(&twin.content, &response.content) {
                    self.push((vec![a], vec![b], Direction::Response), None, Some(&operation.key));
                }
            }
        }
    }

    fn push(&mut self, key: PairKey, parent: Option<usize>, operation: Option<&OperationKey>) {
        if self.are_equal(&key.0, &key.1) {
            return;
        }
        let index = *self.by_key.entry(key.clone()).or_insert_with(|| {
            self.pairs.push(Pair { key, parents: Vec::new(), operations: Vec::new() });
            self.pairs.len() - 1
        });
        self.pairs[index].parents.extend(parent);
        if let Some(operation) = operation
            && self.pairs[index].operations.last() != Some(operation)
        {
            self.pairs[index].operations.push(operation.clone());
        }
    }

    fn are_equal(&self, old: &[SchemaId], new: &[SchemaId]) -> bool {
        old.len() == new.len()
            && old.iter().zip(new).all(|(a, b)| {
                let (x, y) = (self.old.document.schema(*a), self.new.document.schema(*b));
                x.anchor == y.anchor
                    && x.at == y.at
                    && self.old.hashes.of(x.node) == self.new.hashes.of(y.node)
                    && !self.tainted[b.index()]
            })
    }

    fn compare(&mut self, index: usize) {
        let (a, b, direction) = self.pairs[index].key.clone();
        let old = self.old.document.shape(&a, direction);
        let new = self.new.document.shape(&b, direction);
        let (Some(old_base), Some(new_base)) = (a.first().copied(), b.first().copied()) else { return };
        let by_name: FxHashMap<&str, &ShapeProperty> =
            new.properties.iter().map(|p| (p.name.as_str(), p)).collect();
        for property in &old.properties {
            match by_name.get(property.name.as_str()) {
                Some(twin) => self.both(index, property, twin, direction),
                None if new.has_holes => {}
                None => self.field(What::Removed, index, old_base, property),
            }
        }
        let before: FxHashSet<&str> = old.properties.iter().map(|p| p.name.as_str()).collect();
        let arrived = new.properties.iter().filter(|p| !before.contains(p.name.as_str()));
        for property in arrived.filter(|_| !old.has_holes) {
            self.field(What::Added, index, new_base, property);
            if property.required && direction == Direction::Request {
                self.field(What::Required, index, new_base, property);
            }
        }
        for (x, y) in [(&old.items, &new.items), (&old.values, &new.values)] {
            if !x.is_empty() && !y.is_empty() {
                self.push((x.clone(), y.clone(), direction), Some(index), None);
                self.link(x, y, direction);
            }
        }
        self.enums(index, &old, &new, direction);
    }

    fn both(&mut self, index: usize, old: &ShapeProperty, new: &ShapeProperty, direction: Direction) {
        self.push((old.schemas.clone(), new.schemas.clone(), direction), Some(index), None);
        if new.required && !old.required && direction == Direction::Request {
            for schema in &new.schemas {
                let node = self.new.document.schema(*schema).node;
                let key = field_key(self.new.document, *schema, direction);
                self.found.push(Found { what: What::Required, pair: index, key, used: None, node });
            }
        }
        self.link(&old.schemas, &new.schemas, direction);
        // The same for the names under what uses the declarations.
        let (a, b) = (self.pairs[index].key.0.first(), self.pairs[index].key.1.first());
        let (Some(a), Some(b)) = (a.copied(), b.copied()) else { return };
        let (x, y) = (self.old.document.schema(a), self.new.document.schema(b));
        if x.anchor == y.anchor && x.at == y.at {
            return;
        }
        let from = used_key(self.old.document, a, &old.name, direction);
        let to = used_key(self.new.document, b, &new.name, direction);
        if from != to {
            let declared = new.schemas.iter().map(|id| field_key(self.new.document, *id, direction));
            let to: Vec<ItemKey> = declared.chain([to]).filter(|to| *to != from).collect();
            self.uses.extend(to.into_iter().map(|to| (from.clone(), to)));
        }
    }

    /// Takes note that what `old` declares is declared by `new` now.
    fn link(&mut self, old: &[SchemaId], new: &[SchemaId], direction: Direction) {
        let is_same = |(a, b): (&SchemaId, &SchemaId)| {
            let (x, y) = (self.old.document.schema(*a), self.new.document.schema(*b));
            x.anchor == y.anchor && x.at == y.at
        };
        if old.len() == new.len() && old.iter().zip(new).all(is_same) {
            return;
        }
        let names = |surface: &Surface<'_>, ids: &[SchemaId]| -> Vec<ItemKey> {
            ids.iter().map(|id| field_key(surface.document, *id, direction)).collect()
        };
        let (before, after) = (names(self.old, old), names(self.new, new));
        for from in before.iter().filter(|key| !after.contains(key)) {
            for to in after.iter().filter(|key| !before.contains(key)) {
                self.moved.insert((from.clone(), to.clone()));
            }
        }
    }

    /// Records a field that stands on one side alone, below `base`.
    fn field(&mut self, what: What, pair: usize, base: SchemaId, property: &ShapeProperty) {
        let direction = self.pairs[pair].key.2;
        let document = if what == What::Removed { self.old.document } else { self.new.document };
        let used = used_key(document, base, &property.name, direction);
        for id in &property.schemas {
            let (key, node) = (field_key(document, *id, direction), document.schema(*id).node);
            self.found.push(Found { what, pair, key, used: Some(used.clone()), node });
        }
    }

    fn enums(&mut self, index: usize, old: &Shape, new: &Shape, direction: Direction) {
        // A list that appears or vanishes narrows or opens a type; no value came
        // or went by it.
        if old.enums.is_empty() || new.enums.is_empty() {
            return;
        }
        let values = |surface: &Surface<'_>, shape: &Shape| -> Vec<(SchemaId, String, NodeId)> {
            let of = |id: &SchemaId| {
                let schema = surface.document.schema(*id);
                schema.enum_values.iter().map(|v| (*id, v.text.clone(), v.node)).collect::<Vec<_>>()
            };
            shape.enums.iter().flat_map(of).collect()
        };
        let (before, after) = (values(self.old, old), values(self.new, new));
        for (old, value, _) in &before {
            for (new, _, _) in after.iter().filter(|(_, twin, _)| twin == value) {
                let from = value_key(self.old.document, *old, direction, value);
                let to = value_key(self.new.document, *new, direction, value);
                if from != to {
                    self.moved.insert((from, to));
                }
            }
        }
        let missing =
            |value: &String, list: &[(SchemaId, String, NodeId)]| !list.iter().any(|(_, v, _)| v == value);
        for (id, value, node) in before.iter().filter(|(_, value, _)| missing(value, &after)) {
            let key = value_key(self.old.document, *id, direction, value);
            self.found.push(Found { what: What::Removed, pair: index, key, used: None, node: *node });
        }
        for (id, value, node) in after.iter().filter(|(_, value, _)| missing(value, &before)) {
            let key = value_key(self.new.document, *id, direction, value);
            self.found.push(Found { what: What::Added, pair: index, key, used: None, node: *node });
        }
    }

    /// The operations from which the pairs were reached.
    fn operations(&self, pairs: &[usize]) -> Vec<OperationKey> {
        let mut seen = FxHashSet::default();
        let mut queue = pairs.to_vec();
        let mut out = Vec::new();
        while let Some(index) = queue.pop() {
            if seen.insert(index) {
                out.extend(self.pairs[index].operations.iter().cloned());
                queue.extend(&self.pairs[index].parents);
            }
        }
        out.sort();
        out.dedup();
        out
    }

    fn finish(mut self) -> Names {
        let moved = by_new_name(std::mem::take(&mut self.moved));
        let uses = by_new_name(std::mem::take(&mut self.uses));
        let left: FxHashSet<&ItemKey> = moved.values().flatten().collect();
        let mut known: FxHashMap<(bool, ItemKey), bool> = FxHashMap::default();
        let mut lists: [BTreeMap<ItemKey, (NodeId, Vec<usize>)>; 3] = Default::default();
        for Found { what, pair, key, used, node } in std::mem::take(&mut self.found) {
            // Where the other document has what declares the field too, under
            // this name or another, only this use of it came or went.
            let key = match used {
                None => key,
                Some(used) => {
                    let is_removed = what == What::Removed;
                    let elsewhere =
                        *known.entry((is_removed, key.clone())).or_insert_with(|| match is_removed {
                            true => left.contains(&key) || self.new.has_field(&key),
                            false => moved.contains_key(&key) || self.old.has_field(&key),
                        });
                    if elsewhere { used } else { key }
                }
            };
            lists[what as usize].entry(key).or_insert_with(|| (node, Vec::new())).1.push(pair);
        }
        let [added, removed, required] = lists.map(|list| {
            let change = |(key, (node, pairs)): (ItemKey, (NodeId, Vec<usize>))| {
                let operations = self.operations(&pairs);
                NameChange { key, node, operations }
            };
            list.into_iter().map(change).collect::<Vec<_>>()
        });
        Names { added, removed, required, moved, uses }
    }
}

/// Pairs of an old and a new name, sorted by the new one.
fn by_new_name(pairs: FxHashSet<(ItemKey, ItemKey)>) -> BTreeMap<ItemKey, Vec<ItemKey>> {
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort();
    let mut out: BTreeMap<ItemKey, Vec<ItemKey>> = BTreeMap::new();
    for (old, new) in pairs {
        out.entry(new).or_default().push(old);
    }
    out
}

fn matching(
    old: &[crate::document::MediaType],
    new: &[crate::document::MediaType],
) -> Vec<(SchemaId, SchemaId)> {
    let twin = |name: &str| old.iter().find(|media| media.name == name);
    new.iter().filter_map(|media| Some((twin(&media.name)?.schema?, media.schema?))).collect()
}

/// The name of a field: its schema's anchor and place.
pub(super) fn field_key(document: &Document, id: SchemaId, direction: Direction) -> ItemKey {
    let schema = document.schema(id);
    named(&schema.anchor, schema.at.to_string(), direction)
}

/// The name of a field under the schema that holds it, whoever declares it.
fn used_key(document: &Document, holder: SchemaId, name: &str, direction: Direction) -> ItemKey {
    let holder = document.schema(holder);
    let at = if holder.at.is_empty() { name.to_owned() } else { format!("{}.{name}", holder.at) };
    named(&holder.anchor, at, direction)
}

/// The name of an enum value of a schema.
pub(super) fn value_key(document: &Document, id: SchemaId, direction: Direction, value: &str) -> ItemKey {
    let mut key = field_key(document, id, direction);
    key.kind = ItemKind::EnumValue;
    key.direction = Some(direction);
    key.value = Some(value.to_owned());
    key
}

fn named(anchor: &Anchor, at: String, direction: Direction) -> ItemKey {
    let kind = match direction {
        Direction::Request => ItemKind::RequestField,
        Direction::Response => ItemKind::ResponseField,
    };
    match anchor {
        Anchor::Component(pointer) => ItemKey {
            kind,
            operation: None,
            component: Some(pointer.to_string()),
            direction: None,
            at,
            value: None,
            status: None,
            media_type: None,
        },
        Anchor::Inline { operation, parameter, status, media_type } => ItemKey {
            kind,
            operation: Some(operation.clone()),
            component: None,
            direction: None,
            at: match (parameter.is_empty(), at.is_empty()) {
                (true, _) => at,
                (false, true) => parameter.clone(),
                (false, false) => format!("{parameter}.{at}"),
            },
            value: None,
            status: status.clone(),
            media_type: (!media_type.is_empty()).then(|| media_type.clone()),
        },
    }
}

/// A hash of every value's text and structure, whatever the order of keys.
#[derive(Debug)]
pub(super) struct Hashes(Vec<u64>);

impl Hashes {
    pub(super) fn new(document: &Document) -> Self {
        let tree = document.tree();
        let mut hashes = vec![0u64; tree.len()];
        // Members come after what holds them, so that going backwards meets them
        // first; only YAML aliases lead back, and are done on the way.
        for id in tree.ids().rev() {
            fill(tree.node(id), &mut hashes);
        }
        Self(hashes)
    }

    pub(super) fn of(&self, node: NodeId) -> u64 {
        self.0[node.index()]
    }
}

fn fill(node: crate::text::Node<'_>, hashes: &mut [u64]) -> u64 {
    if hashes[node.id().index()] != 0 {
        return hashes[node.id().index()];
    }
    let mut hasher = FxHasher::default();
    (node.kind() as u8).hash(&mut hasher);
    node.scalar_text().hash(&mut hasher);
    for item in node.items() {
        fill(item, hashes).hash(&mut hasher);
    }
    let mut sum = 0u64;
    for entry in node.entries() {
        let mut one = FxHasher::default();
        entry.key.hash(&mut one);
        fill(entry.value, hashes).hash(&mut one);
        // Not a plain sum of weak hashes: spread the bits first.
        sum = sum.wrapping_add(one.finish().wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29));
    }
    sum.hash(&mut hasher);
    let hash = hasher.finish() | 1;
    hashes[node.id().index()] = hash;
    hash
}

/// Schemas of the new document that lead to a component whose text differs
/// from the old document's one of the same name.
fn tainted(old: &Surface<'_>, new: &Surface<'_>) -> Vec<bool> {
    let document = new.document;
    let mut users: Vec<Vec<SchemaId>> = vec![Vec::new(); document.schemas().len()];
    let mut tainted = vec![false; document.schemas().len()];
    let mut queue = Vec::new();
    for id in document.schema_ids() {
        let schema = document.schema(id);
        for child in children(schema) {
            users[child.index()].push(id);
        }
        let is_root = schema.at.is_empty() && matches!(*schema.anchor, Anchor::Component(_));
        if is_root {
            let before = old.declared(&schema.anchor, "").first().map(|id| old.document.schema(*id).node);
            if before.map(|node| old.hashes.of(node)) != Some(new.hashes.of(schema.node)) {
                tainted[id.index()] = true;
                queue.push(id);
            }
        }
    }
    while let Some(id) = queue.pop() {
        for user in &users[id.index()] {
            if !tainted[user.index()] {
                tainted[user.index()] = true;
                queue.push(*user);
            }
        }
    }
    tainted
}

/// The schemas that a schema is made of.
pub(super) fn children(schema: &crate::document::Schema) -> impl Iterator<Item = SchemaId> {
    let properties = schema.properties.iter().map(|property| property.schema);
    let lists = [&schema.values, &schema.all_of, &schema.any_of];
    properties.chain(schema.target).chain(schema.items).chain(lists.into_iter().flatten().copied())
}
