//! The lives of fields and enum values, once per component that declares them.

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::announced::Announced;
use super::build::Found;
use super::compare::{self, NameChange, Names, field_key, value_key};
use super::labels::{Releases, Seen, apply};
use super::surface::Surface;
use super::{Item, ItemKey, ItemKind, Since, replacement};
use crate::document::{Deprecation, Direction, Document, OperationKey, Schema, SchemaId};
use crate::text::NodeId;

/// What one release says about a field that it calls deprecated.
#[derive(Clone, Copy)]
struct Label<'d> {
    deprecation: &'d Deprecation,
    node: NodeId,
    exempt: bool,
}

/// A life while it goes on.
#[derive(Clone, Default)]
struct Life<'d> {
    introduced: Option<usize>,
    introduced_node: Option<NodeId>,
    extends: Vec<OperationKey>,
    extends_current: bool,
    required: Option<usize>,
    /// Releases in which the item was looked at: all since the first label.
    seen: Vec<Seen<'d>>,
    last_label: Option<(usize, Label<'d>)>,
    exempt: bool,
    /// The announcements that are about it.
    announced: Vec<usize>,
}

/// The lives of operations by name.
struct Operations<'i>(FxHashMap<&'i OperationKey, Vec<&'i Item>>);

impl<'i> Operations<'i> {
    fn new(items: &'i [Item]) -> Self {
        let mut by_key: FxHashMap<&OperationKey, Vec<&Item>> = FxHashMap::default();
        for item in items {
            if let Some(key) = &item.key.operation {
                by_key.entry(key).or_default().push(item);
            }
        }
        Self(by_key)
    }

    fn lives(&self, key: &OperationKey) -> impl Iterator<Item = &'i Item> {
        self.0.get(key).into_iter().flatten().copied()
    }
}

/// The lives that go on, in order of discovery: nothing depends on a hash.
type Open<'d> = IndexMap<ItemKey, Life<'d>, FxBuildHasher>;

struct Ended<'d> {
    key: ItemKey,
    life: Life<'d>,
    /// The release that does not have it any more.
    removed: Option<usize>,
    with_parent: bool,
    last_node: Option<(usize, NodeId)>,
}

pub(super) fn items(
    releases: &Releases<'_>,
    surfaces: &[Surface<'_>],
    operations: &[Item],
    announced: &Announced<'_>,
) -> Vec<Found> {
    let operations = &Operations::new(operations);
    let pairs: Vec<Names> = {
        use rayon::prelude::*;
        surfaces.par_windows(2).map(|pair| compare::names(&pair[0], &pair[1])).collect()
    };
    let mut open: Open<'_> = Open::default();
    let mut ended: Vec<Ended<'_>> = Vec::new();
    for (at, surface) in surfaces.iter().enumerate() {
        if let Some(names) = at.checked_sub(1).map(|pair| &pairs[pair]) {
            follow(at, surface, names, &mut open, &mut ended, releases, operations);
        }
        look(at, surface, announced, &mut open, &mut ended);
    }
    for (key, life) in open {
        ended.push(Ended { key, life, removed: None, with_parent: false, last_node: None });
    }
    let context = Context { releases, surfaces, pairs: &pairs };
    merged(ended.into_iter().filter_map(|life| context.item(life)).collect())
}

/// Takes over what changed between the release before `at` and `at`.
fn follow<'d>(
    at: usize,
    surface: &Surface<'d>,
    names: &Names,
    open: &mut Open<'d>,
    ended: &mut Vec<Ended<'d>>,
    releases: &Releases<'d>,
    operations: &Operations<'_>,
) {
    // One use of a component that was news before has other names now.
    let mut left: Vec<&ItemKey> = Vec::new();
    for (new, old) in names.uses.iter().flat_map(|(new, olds)| olds.iter().map(move |old| (new, old))) {
        if let Some(life) = open.get(old).filter(|life| life.seen.is_empty() && !surface.has_field(old)) {
            left.push(old);
            if !open.contains_key(new) {
                open.insert(new.clone(), life.clone());
            }
        }
    }
    for old in left {
        open.swap_remove(old);
    }
    // What moved goes on under each of its new names.
    for (new, olds) in &names.moved {
        let Some(life) = taken_over(olds, open) else { continue };
        match open.get_mut(new) {
            // One use of a component was news; now it says itself what the
            // component said of it before.
            Some(known) if known.seen.is_empty() => {
                known.seen = life.seen;
                known.last_label = life.last_label;
                known.exempt |= life.exempt;
            }
            Some(_) => {}
            None => _ = open.insert(new.clone(), life),
        }
    }
    for change in &names.removed {
        let life = open.swap_remove(&change.key).unwrap_or_default();
        let last_node = Some((at - 1, change.node));
        ended.push(Ended { key: change.key.clone(), life, removed: Some(at), with_parent: false, last_node });
    }
    for old in names.moved.values().flatten() {
        // Another name for the same place is no second life, unless it was announced.
        let is_left = open.get(old).is_some_and(|life| {
            surface.written(old).is_empty() && (life.announced.is_empty() || !surface.has_field(old))
        });
        if is_left {
            open.swap_remove(old);
        }
    }
    for change in &names.added {
        let (extends, extends_current) = extended(change, at, releases, operations);
        let life = Life {
            introduced: Some(at),
            introduced_node: Some(change.node),
            extends,
            extends_current,
            ..Life::default()
        };
        open.insert(change.key.clone(), life);
    }
    for change in &names.required {
        open.entry(change.key.clone()).or_default().required = Some(at);
    }
}

/// The life of what had several names before and has one now: the one that more
/// is known of, and as old as the oldest of them.
fn taken_over<'d>(olds: &[ItemKey], open: &Open<'d>) -> Option<Life<'d>> {
    let known: Vec<&Life<'d>> = olds.iter().filter_map(|old| open.get(old)).collect();
    let mut life = known.iter().rev().max_by_key(|life| life.seen.len()).map(|life| (*life).clone())?;
    // One without an event has been there since the oldest document.
    let oldest = known.iter().map(|life| life.introduced).min().flatten();
    if known.len() < olds.len() || oldest != life.introduced {
        life.introduced = oldest.filter(|_| known.len() == olds.len());
        life.introduced_node = None;
        life.extends.clear();
    }
    Some(life)
}

/// The operations that were deprecated before and in release `at` among those
/// that an addition reaches, and whether it reaches others too.
fn extended(
    change: &NameChange,
    at: usize,
    releases: &Releases<'_>,
    operations: &Operations<'_>,
) -> (Vec<OperationKey>, bool) {
    let (before, now) = (&releases.ids[at - 1], &releases.ids[at]);
    let is_old = |key: &OperationKey| {
        operations.lives(key).any(|item| item.is_deprecated_in(before) && item.is_deprecated_in(now))
    };
    let (old, current): (Vec<_>, Vec<_>) = change.operations.iter().cloned().partition(is_old);
    (old, !current.is_empty())
}

/// Reads what release `at` says of its fields, and ends the lives of those that
/// it does not have any more.
fn look<'d>(
    at: usize,
    surface: &Surface<'d>,
    announced: &Announced<'_>,
    open: &mut Open<'d>,
    ended: &mut Vec<Ended<'d>>,
) {
    let labels = labels(surface);
    let mut lost = Vec::new();
    for (key, life) in open.iter_mut() {
        if let Some(label) = labels.get(key) {
            life.seen.push(Seen { at, deprecation: Some(label.deprecation) });
            life.last_label = Some((at, *label));
            life.exempt = label.exempt;
        } else if surface.has_field(key) {
            if !life.seen.is_empty() {
                life.seen.push(Seen { at, deprecation: None });
            }
        } else {
            lost.push(key.clone());
        }
    }
    lost.sort();
    for key in lost {
        let life = open.swap_remove(&key).unwrap_or_default();
        ended.push(Ended { key, life, removed: Some(at), with_parent: true, last_node: None });
    }
    for (key, label) in labels {
        open.entry(key).or_insert_with(|| Life {
            seen: vec![Seen { at, deprecation: Some(label.deprecation) }],
            last_label: Some((at, label)),
            exempt: label.exempt,
            ..Life::default()
        });
    }
    for (key, number) in announced.fields(at) {
        let life = open.entry(key.clone()).or_default();
        if !life.announced.contains(number) {
            life.announced.push(*number);
        }
    }
}

/// All fields and enum values that a document calls deprecated, by name.
fn labels<'d>(surface: &Surface<'d>) -> IndexMap<ItemKey, Label<'d>, FxBuildHasher> {
    let document: &'d Document = surface.document;
    let mut out: IndexMap<ItemKey, Label<'d>, FxBuildHasher> = IndexMap::default();
    let roots = payload_roots(document);
    for id in document.schema_ids() {
        let schema = document.schema(id);
        // A schema of no place is a field only where it is a whole payload; a
        // branch speaks for itself alone.
        let is_field = (!schema.at.is_empty() || roots.contains(&id)) && !schema.is_branch;
        for direction in [Direction::Request, Direction::Response] {
            if !surface.reaches(id, direction) {
                continue;
            }
            if is_field && let Some((deprecation, exempt)) = meant(document, schema) {
                let label = Label { deprecation, node: schema.node, exempt };
                out.entry(field_key(document, id, direction)).or_insert(label);
            }
            for value in &schema.enum_values {
                if let Some(deprecation) = value.deprecation.as_deref() {
                    let label = Label { deprecation, node: value.node, exempt: schema.exempt };
                    out.entry(value_key(document, id, direction, &value.text)).or_insert(label);
                }
            }
        }
    }
    out
}

fn payload_roots(document: &Document) -> FxHashSet<SchemaId> {
    let bodies = document.operations().iter().flat_map(|operation| {
        let request = operation.body.iter().flat_map(|body| &body.content);
        let responses = operation.responses.iter().flat_map(|response| &response.content);
        request.chain(responses).filter_map(|media| media.schema)
    });
    bodies.collect()
}

/// What says that the value at a schema is deprecated: the schema itself, what
/// its `$ref` leads to, or a part of its `allOf` (JSON Schema 2020-12,
/// validation vocabulary, section 9.3: an annotation of any part that applies).
fn meant<'d>(document: &'d Document, schema: &'d Schema) -> Option<(&'d Deprecation, bool)> {
    let mut queue = vec![schema];
    let mut seen = FxHashSet::default();
    let mut exempt = false;
    let mut found = None;
    while let Some(schema) = queue.pop() {
        if !seen.insert(schema.node) {
            continue;
        }
        exempt |= schema.exempt;
        if found.is_none() {
            found = schema.deprecation.as_deref();
        }
        queue.extend(schema.all_of.iter().rev().chain(&schema.target).map(|id| document.schema(*id)));
    }
    found.map(|deprecation| (deprecation, exempt))
}

struct Context<'c, 'd> {
    releases: &'c Releases<'d>,
    surfaces: &'c [Surface<'d>],
    /// What changed from each release to the next.
    pairs: &'c [Names],
}

impl Context<'_, '_> {
    /// When a field that release `at` has came in, as far back as it can be followed.
    fn introduced(&self, key: &ItemKey, at: usize) -> usize {
        let mut keys = vec![key];
        for at in (1..=at).rev() {
            let Names { moved, uses, .. } = &self.pairs[at - 1];
            let olds = keys.iter().filter_map(|key| moved.get(*key).or_else(|| uses.get(*key)));
            let olds: Vec<&ItemKey> = olds.flatten().collect();
            keys.extend(olds);
            keys.sort_unstable();
            keys.dedup();
            keys.retain(|key| self.surfaces[at - 1].has_field(key));
            if keys.is_empty() {
                return at;
            }
        }
        0
    }

    fn item(&self, ended: Ended<'_>) -> Option<Found> {
        let Ended { key, life, removed, with_parent, last_node } = ended;
        let releases = self.releases;
        // Its name is the one it had last.
        let last = removed.unwrap_or(self.surfaces.len()) - 1;
        let first_known = life.introduced.unwrap_or_else(|| self.introduced(&key, last));
        let mut item = Item::new(key, releases.since(first_known));
        // With its parent it has no story of its own unless it had one before.
        if with_parent
            && life.introduced.is_none()
            && life.seen.is_empty()
            && life.required.is_none()
            && life.announced.is_empty()
        {
            return None;
        }
        item.removed = removed.map(|at| releases.ids[at].clone());
        item.with_parent = with_parent;
        item.required = life.required.map(|at| releases.ids[at].clone());
        item.extends = life.extends;
        item.extends_current = life.extends_current;
        item.exempt = life.exempt || self.surfaces[last].is_exempt(&item.key);
        apply(&mut item, &life.seen, releases);
        item.introduced_at =
            life.introduced.zip(life.introduced_node).map(|(at, node)| releases.origin(at, node));
        let last_node = last_node.or(life.last_label.map(|(at, label)| (at, label.node)));
        item.last_at = last_node.map(|(at, node)| releases.origin(at, node));
        if let Some((at, label)) = life.last_label {
            item.replacement = replacement::of_field(label.deprecation, &item, at, releases, self.surfaces);
        }
        Some(Found { item, announced: life.announced })
    }
}

/// An inline field under several media types or statuses is one item where its
/// life is the same.
fn merged(items: Vec<Found>) -> Vec<Found> {
    type Life = (ItemKey, Since, Option<Since>, Option<crate::release::ReleaseId>);
    let mut seen: FxHashSet<Life> = FxHashSet::default();
    let mut out: Vec<Found> = Vec::new();
    for found in items {
        let item = &found.item;
        let mut key = item.key.clone();
        if key.component.is_none() && matches!(key.kind, ItemKind::RequestField | ItemKind::ResponseField) {
            key.media_type = None;
        }
        if seen.insert((key, item.introduced.clone(), item.deprecated.clone(), item.removed.clone())) {
            out.push(found);
        }
    }
    out
}
