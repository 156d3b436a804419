//! What a discriminator says: which property tells variants apart, and which
//! of its values means which schema.
//!
//! It limits no values (OpenAPI 3.0.3, Discriminator Object: a hint for
//! readers), so containment knows nothing of it; typed clients decode by it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::side::Side;
use super::walk::{Aspect, Said, Shift, Walk};
use crate::text::{Kind, Node, NodeId, Tree};

/// The value that stands for all that no other names (OpenAPI 3.2.0).
const OTHERWISE: &str = "(any other)";

/// A discriminator as it is meant: implicit names are written out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Discriminator {
    pub(super) property: String,
    /// For each value what it means: the component's name and its place.
    pub(super) values: BTreeMap<String, (String, Option<NodeId>)>,
    /// Whether its variants are schemas that extend it with `allOf`, and not
    /// branches beside it.
    pub(super) is_extended: bool,
}

/// For each component those that extend it with `allOf`.
pub(super) type Heirs = FxHashMap<String, Vec<String>>;

/// The heirs of all components of a document.
pub(super) fn heirs(tree: &Tree) -> Heirs {
    let mut out = Heirs::default();
    let root = tree.root();
    let components = root
        .get("components")
        .and_then(|components| components.get("schemas"))
        .or_else(|| root.get("definitions"));
    for entry in components.into_iter().flat_map(Node::entries) {
        for branch in entry.value.get("allOf").into_iter().flat_map(Node::items) {
            if let Some(pointer) = branch.get("$ref").and_then(Node::as_str) {
                out.entry(pointer.to_owned()).or_default().push(entry.key.to_owned());
            }
        }
    }
    out
}

fn short(pointer: &str) -> String {
    let name = pointer.rsplit(['/', '#']).next().unwrap_or_default();
    name.trim_end_matches(".json").trim_end_matches(".yaml").to_owned()
}

/// The discriminator of a schema object.
pub(super) fn read<'d>(side: &Side<'d>, node: Node<'d>, heirs: &Heirs) -> Option<Rc<Discriminator>> {
    let written = node.get("discriminator")?;
    // Swagger 2.0 writes the property alone.
    let property = written.as_str().or_else(|| written.get("propertyName").and_then(Node::as_str))?;
    let mut out = Discriminator { property: property.to_owned(), ..Discriminator::default() };
    let branches: Vec<&str> = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|key| node.get(key).filter(|list| list.kind() == Kind::Array))
        .flat_map(Node::items)
        .filter_map(|branch| branch.get("$ref").and_then(Node::as_str))
        .collect();
    let own = format!("#{}", side.tree.pointer_to(node.id()));
    let implicit: Vec<String> = if branches.is_empty() {
        out.is_extended = true;
        let names = heirs.get(&own).cloned().unwrap_or_default();
        let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        names.iter().map(|name| format!("{folder}/{name}")).collect()
    } else {
        branches.iter().map(|pointer| (*pointer).to_owned()).collect()
    };
    let place = |pointer: &str| side.target(node, pointer);
    let mut named: BTreeSet<String> = BTreeSet::new();
    for entry in written.get("mapping").into_iter().flat_map(Node::entries) {
        let Some(target) = entry.value.as_str() else { continue };
        named.insert(short(target));
        let pointer = if target.contains(['/', '#']) {
            target.to_owned()
        } else {
            format!("#/components/schemas/{target}")
        };
        out.values.insert(entry.key.to_owned(), (short(target), place(&pointer)));
    }
    // A name that the mapping gives another value keeps none of its own.
    for pointer in implicit.iter().filter(|pointer| !named.contains(&short(pointer))) {
        out.values.entry(short(pointer)).or_insert_with(|| (short(pointer), place(pointer)));
    }
    if let Some(default) = written.get("defaultMapping").and_then(Node::as_str) {
        out.values.insert(OTHERWISE.to_owned(), (short(default), place(default)));
    }
    Some(Rc::new(out))
}

impl Walk<'_, '_> {
    /// What two conjunctions say of how variants are told apart.
    pub(super) fn discriminators(&mut self, index: usize, old: &Said, new: &Said) {
        let of = |said: &Said| said.iter().find_map(|facets| facets.discriminator.clone());
        let (a, b) = (of(old), of(new));
        let (before, after) = match (&a, &b) {
            (None, None) => return,
            (Some(a), Some(b)) if a.property != b.property => (json!(a.property), json!(b.property)),
            (Some(a), Some(b)) => {
                self.mapping(index, a, b);
                return;
            }
            (a, b) => {
                let name = |found: &Option<Rc<Discriminator>>| {
                    found.as_ref().map_or(Value::Null, |found| json!(found.property))
                };
                (name(a), name(b))
            }
        };
        let shift = if a.is_none() { Shift::Gained } else { Shift::Lost };
        self.tell(index, shift, before, after);
    }

    fn tell(&mut self, index: usize, shift: Shift, before: Value, after: Value) {
        let blame = self.blame(index, |facets| facets.discriminator.is_some());
        self.report(index, Aspect::Discriminator, shift, before, after).blame = blame;
    }

    /// Values that mean another schema, or are no longer or newly known. A
    /// variant that came or went beside its discriminator is told as that.
    fn mapping(&mut self, index: usize, old: &Discriminator, new: &Discriminator) {
        let is_known = |all: &Discriminator, name: &str| all.values.values().any(|(known, _)| known == name);
        let names: BTreeSet<&String> = old.values.keys().chain(new.values.keys()).collect();
        for value in names {
            let (was, is) = (old.values.get(value), new.values.get(value));
            let word = |target: &str| json!({ value.as_str(): target });
            match (was, is) {
                (Some(was), Some(is)) if was.0 != is.0 && !self.is_same_target(was.1, is.1) => {
                    self.tell(index, Shift::Lost, word(&was.0), word(&is.0));
                }
                (Some((target, _)), None) if old.is_extended || is_known(new, target) => {
                    self.tell(index, Shift::Lost, word(target), Value::Null);
                }
                (None, Some((target, _))) if new.is_extended || is_known(old, target) => {
                    self.tell(index, Shift::Gained, Value::Null, word(target));
                }
                _ => {}
            }
        }
    }

    fn is_same_target(&mut self, old: Option<NodeId>, new: Option<NodeId>) -> bool {
        let (Some(old), Some(new)) = (old, new) else { return false };
        let (a, b) = (self.engine.space.schema(0, old), self.engine.space.schema(1, new));
        self.engine.is_same(a, b)
    }
}
