//! Which schemas of two documents are equal in meaning, before anything is
//! compared: hashes of what they say, without descriptions and examples, in
//! any order of keys, and with what their `$ref`s lead to.
//!
//! References are followed by rounds of refinement: in each round a component's
//! hash takes in those of the components it uses, until no round tells two
//! components apart that the one before did not. Recursion ends that way, and
//! a component that only changed its name keeps its hash.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::facets::Side;
use crate::text::{Kind, Node, NodeId};

/// Keywords that say nothing about values or names.
const ANNOTATIONS: [&str; 8] =
    ["title", "description", "example", "examples", "summary", "externalDocs", "xml", "$comment"];
/// Most rounds; chains of references are shorter.
const MAX_ROUNDS: usize = 200;

type Place = (usize, NodeId);

/// Hashes of the schemas of two documents.
#[derive(Clone, Default)]
pub(super) struct Hashes {
    /// The settled hashes of schemas that something refers to.
    targets: FxHashMap<Place, u64>,
    /// Hashes that were asked for.
    known: FxHashMap<Place, u64>,
}

/// A schema's own hash, and what it refers to, in the order of its keys.
struct Own {
    hash: u64,
    references: Vec<Place>,
}

impl Hashes {
    /// Settles the hashes of all that is referred to in both documents.
    pub(super) fn new(sides: &[Side<'_>]) -> Self {
        let mut hashes = Self::default();
        let mut all: Vec<Place> = Vec::new();
        for (at, side) in sides.iter().enumerate() {
            let Some(document) = side.document else { continue };
            let targets: FxHashSet<_> =
                document.schemas().iter().filter_map(|schema| schema.target).collect();
            let mut targets: Vec<_> = targets.into_iter().collect();
            targets.sort();
            all.extend(targets.into_iter().map(|id| (at, document.schema(id).node)));
        }
        let own: Vec<Own> = all.iter().map(|place| Own::of(sides, *place)).collect();
        for (place, own) in all.iter().zip(&own) {
            hashes.targets.insert(*place, own.hash);
        }
        let mut distinct = 0;
        for _ in 0..MAX_ROUNDS {
            let next: Vec<u64> = own.iter().map(|own| own.mixed(sides, &hashes.targets)).collect();
            let now = next.iter().collect::<FxHashSet<_>>().len();
            for (place, hash) in all.iter().zip(next) {
                hashes.targets.insert(*place, hash);
            }
            if now == distinct {
                break;
            }
            distinct = now;
        }
        hashes
    }

    /// The hash of a schema with all that it refers to.
    pub(super) fn of(&mut self, sides: &[Side<'_>], place: Place) -> u64 {
        if let Some(known) = self.known.get(&place) {
            return *known;
        }
        let hash = Own::of(sides, place).mixed(sides, &self.targets);
        self.known.insert(place, hash);
        hash
    }
}

impl Own {
    fn of(sides: &[Side<'_>], place: Place) -> Self {
        let mut references = Vec::new();
        let side = &sides[place.0];
        let hash = schema(side, place.0, side.tree.node(place.1), &mut references);
        Self { hash, references }
    }

    /// With the hashes of what it refers to.
    fn mixed(&self, sides: &[Side<'_>], targets: &FxHashMap<Place, u64>) -> u64 {
        if self.references.is_empty() {
            return self.hash;
        }
        let mut hasher = FxHasher::default();
        self.hash.hash(&mut hasher);
        for target in &self.references {
            let known = targets.get(target).copied();
            known.unwrap_or_else(|| Self::of(sides, *target).hash).hash(&mut hasher);
        }
        spread(hasher.finish())
    }
}

fn spread(hash: u64) -> u64 {
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}

fn schema(side: &Side<'_>, at: usize, node: Node<'_>, references: &mut Vec<Place>) -> u64 {
    if !node.is_object() {
        return raw(node);
    }
    let mut entries: Vec<_> = node.entries().collect();
    entries.sort_by_key(|entry| entry.key);
    let mut hasher = FxHasher::default();
    for entry in entries {
        let is_hint = entry.key.starts_with("x-")
            && !["x-extensible-enum", "x-ms-enum", "x-nullable", "x-deprecated"].contains(&entry.key);
        if is_hint || ANNOTATIONS.contains(&entry.key) {
            continue;
        }
        entry.key.hash(&mut hasher);
        let value = entry.value;
        match entry.key {
            "$ref" => match value.as_str().and_then(|pointer| target(side, node, pointer)) {
                Some(target) => references.push((at, target)),
                None => raw(value).hash(&mut hasher),
            },
            "$dynamicRef" => match value.as_str().and_then(|pointer| side.dynamic(pointer)) {
                Some(target) => references.push((at, target)),
                None => raw(value).hash(&mut hasher),
            },
            "properties" | "patternProperties" | "dependentSchemas" => {
                let mut members: Vec<_> = value.entries().collect();
                members.sort_by_key(|member| member.key);
                for member in members {
                    member.key.hash(&mut hasher);
                    schema(side, at, member.value, references).hash(&mut hasher);
                }
            }
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "propertyNames" => schema(side, at, value, references).hash(&mut hasher),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                for item in value.items() {
                    schema(side, at, item, references).hash(&mut hasher);
                }
            }
            // What extends it belongs to it.
            "discriminator" => {
                raw(value).hash(&mut hasher);
                side.heirs_of(&format!("#{}", side.tree.pointer_to(node.id()))).hash(&mut hasher);
            }
            // Lists in which order means nothing.
            "required" | "enum" | "type" if value.kind() == Kind::Array => {
                value.items().fold(0u64, |sum, item| sum.wrapping_add(raw(item))).hash(&mut hasher);
            }
            _ => raw(value).hash(&mut hasher),
        }
    }
    spread(hasher.finish())
}

fn target(side: &Side<'_>, node: Node<'_>, pointer: &str) -> Option<NodeId> {
    let node = side.tree.node(node.id());
    side.target(node, pointer)
}

/// A hash of a value as it is.
pub(super) fn raw(node: Node<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    (node.kind() as u8).hash(&mut hasher);
    node.scalar_text().hash(&mut hasher);
    for item in node.items() {
        raw(item).hash(&mut hasher);
    }
    let sum = node.entries().fold(0u64, |sum, entry| {
        let mut one = FxHasher::default();
        entry.key.hash(&mut one);
        raw(entry.value).hash(&mut one);
        sum.wrapping_add(spread(one.finish()))
    });
    sum.hash(&mut hasher);
    spread(hasher.finish())
}
