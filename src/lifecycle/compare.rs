//! Which names came and went between two documents: every body and parameter
//! that both have, followed through the shapes of their schemas.
//!
//! Equal parts are not looked into: a pair of schemas is skipped when its text
//! and all it refers to are equal, and every other pair is compared once,
//! however many operations share it. Which values of a list may stand at a place
//! is asked of the comparison's normal forms ([`Meaning`]), but only where
//! several schemas meet: one schema alone means what it lists.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::surface::Surface;
use super::{ItemKey, ItemKind};
use crate::diff::Meaning;
use crate::document::{
    Anchor, Direction, Document, MediaType, OperationKey, Response, SchemaId, Shape, ShapeProperty,
};
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
    /// Those of the schemas on each side that all hold.
    firm: [Vec<SchemaId>; 2],
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
    /// By side and direction, made when asked for.
    meanings: [[Option<Meaning<'d>>; 2]; 2],
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
        meanings: Default::default(),
    };
    comparison.roots();
    let mut next = 0;
    while next < comparison.pairs.len() {
        comparison.compare(next);
        next += 1;
    }
    comparison.finish()
}

impl<'d> Comparison<'d> {
    fn roots(&mut self) {
        let (old, new) = (self.old.document, self.new.document);
        for operation in new.operations() {
            let Some(before) = old.operation(&operation.key) else { continue };
            for parameter in &operation.parameters {
                let twin = before.parameters.iter().find(|p| p.is_same(parameter));
                if let (Some(a), Some(b)) = (twin.and_then(|p| p.schema), parameter.schema) {
                    self.root(a, b, Direction::Request, &operation.key);
                }
            }
            if let (Some(a), Some(b)) = (&before.body, &operation.body) {
                for (a, b) in matching(&a.content, &b.content) {
                    self.root(a, b, Direction::Request, &operation.key);
                }
            }
            for response in &operation.responses {
                let Some(twin) = answering(&before.responses, &response.status) else { continue };
                for (a, b) in matching(&twin.content, &response.content) {
                    self.root(a, b, Direction::Response, &operation.key);
                }
            }
        }
    }

    fn root(&mut self, old: SchemaId, new: SchemaId, direction: Direction, operation: &OperationKey) {
        let firm = [vec![old], vec![new]];
        self.push((vec![old], vec![new], direction), firm, None, Some(operation));
    }

    fn push(
        &mut self,
        key: PairKey,
        firm: [Vec<SchemaId>; 2],
        parent: Option<usize>,
        operation: Option<&OperationKey>,
    ) {
        if self.are_equal(&key.0, &key.1) {
            return;
        }
        let index = *self.by_key.entry(key.clone()).or_insert_with(|| {
            self.pairs.push(Pair { key, firm, parents: Vec::new(), operations: Vec::new() });
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
                let firm = |ids: &[SchemaId], all: &[SchemaId]| -> Vec<SchemaId> {
                    ids.iter().copied().filter(|id| all.contains(id)).collect()
                };
                let firm = [firm(x, &old.firm), firm(y, &new.firm)];
                self.push((x.clone(), y.clone(), direction), firm, Some(index), None);
                self.link(x, y, direction);
            }
        }
        self.enums(index, &old, &new, direction);
    }

    fn both(&mut self, index: usize, old: &ShapeProperty, new: &ShapeProperty, direction: Direction) {
        let firm = [old.firm.clone(), new.firm.clone()];
        self.push((old.schemas.clone(), new.schemas.clone(), direction), firm, Some(index), None);
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
        // A copy that came or went beside what it is a copy of, which others go on using.
        for (twin, from) in old.iter().zip(&before) {
            let hash = self.old.hashes.of(self.old.document.schema(*twin).node);
            for (id, to) in new.iter().zip(&after) {
                let one_stays = after.contains(from) != before.contains(to);
                if one_stays && self.new.hashes.of(self.new.document.schema(*id).node) == hash {
                    self.moved.insert((from.clone(), to.clone()));
                }
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
        let (listed, arrived) = (listed(self.old.document, old), listed(self.new.document, new));
        let mut before = listed.clone();
        let mut after = arrived.clone();
        // Where lists meet, what stands in one of them is not yet a value.
        let is_met = |document: &Document, shape: &Shape| {
            let combines = |id: &SchemaId| {
                let schema = document.schema(*id);
                !schema.all_of.is_empty()
                    || !schema.any_of.is_empty()
                    || document.tree().node(schema.node).get("not").is_some()
            };
            shape.enums.len() > 1 || shape.parts.iter().any(combines)
        };
        let is_met = is_met(self.old.document, old) || is_met(self.new.document, new);
        if is_met {
            self.keep_possible(OLD, index, &mut before);
            self.keep_possible(NEW, index, &mut after);
            // What is in no list of the other side may stand there all the same.
            let lacks = |list: &[Listed], value: &String| !list.iter().any(|(_, known, _)| known == value);
            let open: Vec<String> = before
                .iter()
                .filter(|value| lacks(&arrived, &value.1) && self.may_stand(OLD, NEW, index, value))
                .map(|value| value.1.clone())
                .collect();
            before.retain(|value| !open.contains(&value.1));
            let open: Vec<String> = after
                .iter()
                .filter(|value| lacks(&listed, &value.1) && self.may_stand(NEW, OLD, index, value))
                .map(|value| value.1.clone())
                .collect();
            after.retain(|value| !open.contains(&value.1));
        }
        for (old, value, _) in &before {
            for (new, _, _) in after.iter().filter(|(_, twin, _)| twin == value) {
                let from = value_key(self.old.document, *old, direction, value);
                let to = value_key(self.new.document, *new, direction, value);
                if from != to {
                    self.moved.insert((from, to));
                }
            }
        }
        let missing = |value: &String, list: &[Listed]| !list.iter().any(|(_, v, _)| v == value);
        for (id, value, node) in before.iter().filter(|(_, value, _)| missing(value, &after)) {
            let key = value_key(self.old.document, *id, direction, value);
            self.found.push(Found { what: What::Removed, pair: index, key, used: None, node: *node });
        }
        for (id, value, node) in after.iter().filter(|(_, value, _)| missing(value, &before)) {
            let key = value_key(self.new.document, *id, direction, value);
            self.found.push(Found { what: What::Added, pair: index, key, used: None, node: *node });
        }
    }

    fn document(&self, side: usize) -> &'d Document {
        if side == OLD { self.old.document } else { self.new.document }
    }

    fn meaning(&mut self, side: usize, direction: Direction) -> &mut Meaning<'d> {
        let document = self.document(side);
        self.meanings[side][direction as usize].get_or_insert_with(|| Meaning::new(document, direction))
    }

    /// Keeps the values that may stand at a pair's place. Where none may, the
    /// schemas there contradict each other (an object that is one of some texts):
    /// a mistake of the author, who means what is listed.
    fn keep_possible(&mut self, side: usize, index: usize, values: &mut Vec<Listed>) {
        let is_possible: Vec<bool> =
            values.iter().map(|value| self.accepted(side, side, index, value) != Some(false)).collect();
        if is_possible.contains(&true) {
            let mut is_possible = is_possible.into_iter();
            values.retain(|_| is_possible.next() == Some(true));
        }
    }

    /// Whether a value that `from` lists may stand at a pair's place on `side`;
    /// where that is not known, it may not.
    fn may_stand(&mut self, from: usize, side: usize, index: usize, value: &Listed) -> bool {
        self.accepted(from, side, index, value) == Some(true)
    }

    fn accepted(&mut self, from: usize, side: usize, index: usize, value: &Listed) -> Option<bool> {
        let value = self.document(from).tree().node(value.2).to_json();
        let Pair { key, firm, .. } = &self.pairs[index];
        let ids = if side == OLD { &key.0 } else { &key.1 };
        let ((firm, loose), direction) = (parted(ids, &firm[side]), key.2);
        let meaning = self.meaning(side, direction);
        if loose.is_empty() {
            return meaning.accepts(&firm, &value);
        }
        let answers: Vec<Option<bool>> =
            loose.into_iter().map(|id| meaning.accepts(&with(&firm, id), &value)).collect();
        match answers.contains(&Some(true)) {
            true => Some(true),
            false if answers.contains(&None) => None,
            false => Some(false),
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

fn matching(old: &[MediaType], new: &[MediaType]) -> Vec<(SchemaId, SchemaId)> {
    let twin = |name: &str| {
        let same = || old.iter().find(|media| plain_media_type(&media.name) == plain_media_type(name));
        old.iter().find(|media| media.name == name).or_else(same)
    };
    new.iter().filter_map(|media| Some((twin(&media.name)?.schema?, media.schema?))).collect()
}

/// A media type as all spell it: types know no case (RFC 9110, section 8.3.1),
/// and a JSON text has but one `charset`, so that it says nothing.
pub(super) fn plain_media_type(name: &str) -> String {
    let parts = name.split(';').map(|part| part.trim().to_ascii_lowercase());
    let parts = parts.filter(|part| !part.starts_with("charset=") && !part.is_empty());
    parts.collect::<Vec<_>>().join(";")
}

/// The response that has a status: under itself, else under its range (`2XX`),
/// else the one whose range or status it is.
fn answering<'r>(responses: &'r [Response], status: &str) -> Option<&'r Response> {
    let is_range = |text: &str| text.get(1..).is_some_and(|rest| rest.eq_ignore_ascii_case("xx"));
    let meets = |other: &&Response| {
        let other = other.status.as_str();
        is_range(status) != is_range(other) && other.get(..1).is_some() && other.get(..1) == status.get(..1)
    };
    let exact = responses.iter().find(|response| response.status.eq_ignore_ascii_case(status));
    exact.or_else(|| {
        let mut others = responses.iter().filter(meets);
        others.next().filter(|_| others.next().is_none())
    })
}

/// A value with the schema that lists it.
type Listed = (SchemaId, String, NodeId);

const OLD: usize = 0;
const NEW: usize = 1;

fn listed(document: &Document, shape: &Shape) -> Vec<Listed> {
    let of = |id: &SchemaId| {
        let values = document.schema(*id).enum_values.iter();
        values.map(|value| (*id, value.text.clone(), value.node)).collect::<Vec<_>>()
    };
    shape.enums.iter().flat_map(of).collect()
}

/// Schemas that all hold, and those of which one does.
fn parted(all: &[SchemaId], firm: &[SchemaId]) -> (Vec<SchemaId>, Vec<SchemaId>) {
    all.iter().partition(|id| all.len() == 1 || firm.contains(id))
}

fn with(firm: &[SchemaId], id: SchemaId) -> Vec<SchemaId> {
    firm.iter().copied().chain([id]).collect()
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
