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

use super::side::Side;
use crate::document::{Schema, SchemaId};
use crate::text::{Kind, Node, NodeId};

/// Most rounds; chains of references are shorter.
const MAX_ROUNDS: usize = 200;

type Place = (usize, NodeId);

/// A place in one word: texts are shorter than 2^28 bytes, and there are two.
pub(super) type Packed = u32;

pub(super) fn packed((side, node): Place) -> Packed {
    (node.index() as u32) << 1 | side as u32
}

/// Hashes of the schemas of two documents.
#[derive(Clone, Default)]
pub(super) struct Hashes {
    /// The settled hashes of schemas that something refers to.
    targets: FxHashMap<Packed, u64>,
    /// Hashes that were asked for, and of what is below.
    known: FxHashMap<Packed, u64>,
}

/// A schema's own hash, and what it refers to: where inside it, and what.
struct Own {
    hash: u64,
    references: Vec<(u64, Place)>,
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
            hashes.targets.insert(packed(*place), own.hash);
        }
        let mut distinct = 0;
        for _ in 0..MAX_ROUNDS {
            let next: Vec<u64> = own.iter().map(|own| own.mixed(sides, &hashes.targets)).collect();
            let now = next.iter().collect::<FxHashSet<_>>().len();
            for (place, hash) in all.iter().zip(next) {
                hashes.targets.insert(packed(*place), hash);
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
        if let Some(known) = self.known.get(&packed(place)) {
            return *known;
        }
        let hash = schema(sides, place, 0, self);
        self.known.insert(packed(place), hash);
        hash
    }
}

/// What is done with the schemas inside a schema, and with its references.
trait Below {
    /// The hash of a schema that stands inside another one, at a way of keys.
    fn inner(&mut self, sides: &[Side<'_>], place: Place, way: u64) -> u64;
    /// The hash of what a reference leads to.
    fn target(&mut self, sides: &[Side<'_>], target: Place, way: u64) -> u64;
}

/// References count with their settled hashes.
impl Below for Hashes {
    fn inner(&mut self, sides: &[Side<'_>], place: Place, _: u64) -> u64 {
        self.of(sides, place)
    }
    fn target(&mut self, sides: &[Side<'_>], target: Place, _: u64) -> u64 {
        settled(sides, &self.targets, target)
    }
}

/// References are put down, and count later.
impl Below for Vec<(u64, Place)> {
    fn inner(&mut self, sides: &[Side<'_>], place: Place, way: u64) -> u64 {
        schema(sides, place, way, self)
    }
    fn target(&mut self, _: &[Side<'_>], target: Place, way: u64) -> u64 {
        self.push((way, target));
        0
    }
}

impl Own {
    fn of(sides: &[Side<'_>], place: Place) -> Self {
        let mut references = Vec::new();
        let hash = schema(sides, place, 0, &mut references);
        Self { hash, references }
    }

    /// With the hashes of what it refers to.
    fn mixed(&self, sides: &[Side<'_>], targets: &FxHashMap<Packed, u64>) -> u64 {
        let all = self.references.iter().fold(self.hash, |sum, (way, target)| {
            sum.wrapping_add(pair(*way, settled(sides, targets, *target)))
        });
        if self.references.is_empty() { self.hash } else { spread(all) }
    }
}

fn settled(sides: &[Side<'_>], targets: &FxHashMap<Packed, u64>, target: Place) -> u64 {
    targets.get(&packed(target)).copied().unwrap_or_else(|| Own::of(sides, target).hash)
}

fn spread(hash: u64) -> u64 {
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}

fn pair(a: impl Hash, b: u64) -> u64 {
    let mut hasher = FxHasher::default();
    a.hash(&mut hasher);
    b.hash(&mut hasher);
    spread(hasher.finish())
}

/// The hash of a schema object: a sum over its keys, whose order means nothing.
fn schema<B: Below>(sides: &[Side<'_>], place: Place, way: u64, below: &mut B) -> u64 {
    let (at, side) = (place.0, &sides[place.0]);
    let node = side.tree.node(place.1);
    if let Some(schema) = side.made(place.1) {
        return put_together(sides, at, schema, way, below);
    }
    if !node.is_object() {
        return raw(node);
    }
    let mut sum = 1u64;
    for (key, value) in node.members() {
        let hash = match key {
            // Annotations say nothing about values or names.
            "title" | "description" | "example" | "examples" | "summary" | "externalDocs" | "xml"
            | "$comment" => continue,
            "$ref" => match value.as_str().and_then(|pointer| side.target(node, pointer)) {
                Some(target) => below.target(sides, (at, target), pair(key, way)),
                None => raw(value),
            },
            "$dynamicRef" => match value.as_str().and_then(|pointer| side.dynamic(pointer)) {
                Some(target) => below.target(sides, (at, target), pair(key, way)),
                None => raw(value),
            },
            "properties" | "patternProperties" | "dependentSchemas" => {
                let way = pair(key, way);
                value.members().fold(0u64, |sum, (name, member)| {
                    let hash = below.inner(sides, (at, member.id()), pair(name, way));
                    sum.wrapping_add(pair(name, hash))
                })
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
            | "propertyNames" => below.inner(sides, (at, value.id()), pair(key, way)),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                let way = pair(key, way);
                value.items().enumerate().fold(0u64, |all, (nth, item)| {
                    pair(all, below.inner(sides, (at, item.id()), pair(nth, way)))
                })
            }
            // What extends it belongs to it.
            "discriminator" => {
                let mut hasher = FxHasher::default();
                raw(value).hash(&mut hasher);
                side.heirs_of(&format!("#{}", side.tree.pointer_to(node.id()))).hash(&mut hasher);
                hasher.finish()
            }
            // Lists in which order means nothing.
            "required" | "enum" | "type" if value.kind() == Kind::Array => {
                value.items().fold(0u64, |sum, item| sum.wrapping_add(raw(item)))
            }
            "x-extensible-enum" | "x-ms-enum" | "x-nullable" | "x-deprecated" => raw(value),
            key if key.starts_with("x-") => continue,
            _ => raw(value),
        };
        sum = sum.wrapping_add(pair(key, hash));
    }
    spread(sum)
}

/// The hash of a schema for which no object stands.
fn put_together<B: Below>(sides: &[Side<'_>], at: usize, schema: &Schema, way: u64, below: &mut B) -> u64 {
    let mut inner = |id: SchemaId, step: &str| {
        let node = sides[at].node_of(id);
        node.map_or(0, |node| below.inner(sides, (at, node), pair(step, way)))
    };
    let mut sum = 1u64;
    for property in &schema.properties {
        let is_required = schema.required.contains(&property.name);
        let hash = inner(property.schema, &property.name);
        sum = sum.wrapping_add(pair((&property.name, is_required), hash));
    }
    for part in &schema.all_of {
        sum = sum.wrapping_add(pair("allOf", inner(*part, "allOf")));
    }
    if let Some(items) = schema.items {
        sum = sum.wrapping_add(pair("items", inner(items, "items")));
    }
    spread(sum)
}

/// A hash of a value as it is.
fn raw(node: Node<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    (node.kind() as u8).hash(&mut hasher);
    node.scalar_text().hash(&mut hasher);
    for item in node.items() {
        raw(item).hash(&mut hasher);
    }
    let sum = node.members().fold(0u64, |sum, (key, value)| sum.wrapping_add(pair(key, raw(value))));
    sum.hash(&mut hasher);
    spread(hasher.finish())
}
