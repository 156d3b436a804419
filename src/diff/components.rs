//! Components that changed their names, and those that no payload tells of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use super::change::{Change, Verdict};
use super::compare::{NOBODY, SDK, spot};
use super::hash::Hashes;
use super::side::Side;
use crate::document::{Anchor, Document};
use crate::text::{Node, NodeId};

/// The schema components of two documents.
pub(super) struct Components<'d> {
    old: &'d Document,
    new: &'d Document,
    before: BTreeMap<&'d str, NodeId>,
    after: BTreeMap<&'d str, NodeId>,
}

impl<'d> Components<'d> {
    pub(super) fn new(old: &'d Document, new: &'d Document) -> Self {
        Self { old, new, before: roots(old), after: roots(new) }
    }

    /// Components that have another name and the same meaning: typed clients call
    /// their classes after them.
    pub(super) fn renamed(&self, sides: &[Side<'_>], hashes: &mut Hashes) -> Vec<Change> {
        let Self { old, new, before, after } = self;
        let mut arrived: BTreeMap<u64, Vec<(&str, NodeId)>> = BTreeMap::new();
        for (name, node) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
            arrived.entry(hashes.of(sides, (1, *node))).or_default().push((name, *node));
        }
        let mut left: BTreeMap<u64, Vec<(&str, NodeId)>> = BTreeMap::new();
        for (name, node) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
            left.entry(hashes.of(sides, (0, *node))).or_default().push((name, *node));
        }
        let mut out = Vec::new();
        for (hash, from) in left {
            // Only where there is no doubt which became which.
            let ([(from, old_node)], Some([(to, new_node)])) =
                (from.as_slice(), arrived.get(&hash).map(Vec::as_slice))
            else {
                continue;
            };
            let short = |pointer: &str| pointer.rsplit('/').next().unwrap_or_default().to_owned();
            out.push(Change {
                rule: "component-renamed",
                breaks: SDK,
                direction: None,
                operation: None,
                affects: Vec::new(),
                component: Some((*to).to_owned()),
                at: String::new(),
                before: json!(from),
                after: json!(to),
                message: format!("`{}` is now called `{}`", short(from), short(to)),
                witness: None,
                verdict: Verdict::Breaks,
                old: Some(spot(old, *old_node)),
                new: Some(spot(new, *new_node)),
            });
        }
        out
    }

    /// Schemas that nothing refers to and security schemes, where they came or went.
    /// What a payload uses is told where it is used: a component that was written
    /// out in place is no change.
    pub(super) fn stray(&self, renamed: &[Change]) -> Vec<Change> {
        type List<'d> = BTreeMap<Cow<'d, str>, (NodeId, bool)>;
        let list = |document: &'d Document, roots: &BTreeMap<&'d str, NodeId>| -> List<'d> {
            let used: FxHashSet<NodeId> = document
                .schemas()
                .iter()
                .filter_map(|schema| schema.target)
                .map(|id| document.schema(id).node)
                .collect();
            let mut out: List<'d> = roots
                .iter()
                .filter(|(pointer, _)| pointer.starts_with("#/components/schemas/"))
                .map(|(pointer, node)| (Cow::Borrowed(*pointer), (*node, used.contains(node))))
                .collect();
            let root = document.tree().root();
            let schemes = root
                .get("components")
                .and_then(|components| components.get("securitySchemes"))
                .or_else(|| root.get("securityDefinitions"));
            for entry in schemes.into_iter().flat_map(Node::entries) {
                let pointer = format!("#/components/securitySchemes/{}", entry.key);
                out.insert(Cow::Owned(pointer), (entry.value.id(), false));
            }
            out
        };
        let is_renamed = |name: &str| {
            renamed.iter().any(|change| [&change.before, &change.after].iter().any(|known| **known == name))
        };
        let (before, after) = (list(self.old, &self.before), list(self.new, &self.after));
        let mut out = Vec::new();
        let sides = [
            (&before, &after, self.old, "component-removed", SDK, "gone"),
            (&after, &before, self.new, "component-added", NOBODY, "new"),
        ];
        for (mine, theirs, document, rule, breaks, word) in sides {
            for (name, (node, is_used)) in mine {
                if *is_used || theirs.contains_key(name) || is_renamed(name) {
                    continue;
                }
                let is_gone = breaks == SDK;
                let place = Some(spot(document, *node));
                let short = name.rsplit('/').next().unwrap_or_default();
                out.push(Change {
                    rule,
                    breaks,
                    direction: None,
                    operation: None,
                    affects: Vec::new(),
                    component: Some(name.to_string()),
                    at: String::new(),
                    before: if is_gone { json!(name) } else { Value::Null },
                    after: if is_gone { Value::Null } else { json!(name) },
                    message: format!("`{short}` is {word}"),
                    witness: None,
                    verdict: if is_gone { Verdict::Breaks } else { Verdict::Compatible },
                    old: place.clone().filter(|_| is_gone),
                    new: place.filter(|_| !is_gone),
                });
            }
        }
        out
    }
}

/// The schema components of a document.
fn roots(document: &Document) -> BTreeMap<&str, NodeId> {
    let root = document.tree().root();
    let components = root.get("components").and_then(|components| components.get("schemas"));
    let mut out: BTreeMap<&str, NodeId> = BTreeMap::new();
    for schema in document.schemas() {
        if let (Anchor::Component(pointer), "") = (&*schema.anchor, &*schema.at) {
            // Its branches come behind it. Most are where most components are.
            let name = pointer.strip_prefix("#/components/schemas/");
            let found = name.zip(components).and_then(|(name, components)| components.get(name));
            let is_it = found.is_some_and(|found| found.id() == schema.node)
                || !out.contains_key(&**pointer) && is_at(document, pointer, schema.node);
            if is_it {
                out.entry(pointer).or_insert(schema.node);
            }
        }
    }
    out
}

/// Whether a component stands at a node, in the words of either family of dialects.
fn is_at(document: &Document, pointer: &str, node: NodeId) -> bool {
    let tree = document.tree();
    let pointer = pointer.trim_start_matches('#');
    let stands = |pointer: &str| tree.pointer(pointer).map(Node::id) == Some(node);
    stands(pointer) || stands(&pointer.replacen("/components/schemas/", "/definitions/", 1))
}
