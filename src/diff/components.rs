//! Components that changed their names, and those that no payload tells of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::change::{Change, Verdict};
use super::compare::{NOBODY, SDK, spot};
use super::facets::Side;
use super::hash::Hashes;
use crate::document::{Anchor, Document};
use crate::text::{Node, NodeId};

/// Components that have another name and the same meaning: typed clients call
/// their classes after them.
pub(super) fn renamed(
    old: &Document,
    new: &Document,
    sides: &[Side<'_>],
    hashes: &mut Hashes,
) -> Vec<Change> {
    let (before, after) = (roots(old), roots(new));
    let mut arrived: BTreeMap<u64, Vec<(&String, NodeId)>> = BTreeMap::new();
    for (name, node) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        arrived.entry(hashes.of(sides, (1, *node))).or_default().push((name, *node));
    }
    let mut left: BTreeMap<u64, Vec<(&String, NodeId)>> = BTreeMap::new();
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
            component: Some((*to).clone()),
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

/// The schema components of a document.
fn roots(document: &Document) -> BTreeMap<String, NodeId> {
    let mut out: BTreeMap<String, NodeId> = BTreeMap::new();
    for schema in document.schemas() {
        if let (Anchor::Component(pointer), "") = (&*schema.anchor, &*schema.at)
            // Its branches come behind it.
            && !out.contains_key(&**pointer)
            && is_at(document, pointer, schema.node)
        {
            out.insert(pointer.to_string(), schema.node);
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

/// Schemas that nothing refers to and security schemes, where they came or went.
/// What a payload uses is told where it is used: a component that was written
/// out in place is no change.
pub(super) fn stray(old: &Document, new: &Document, renamed: &[Change]) -> Vec<Change> {
    let list = |document: &Document| -> BTreeMap<String, (NodeId, bool)> {
        let used: BTreeSet<NodeId> = document
            .schemas()
            .iter()
            .filter_map(|schema| schema.target)
            .map(|id| document.schema(id).node)
            .collect();
        let schemas = roots(document).into_iter();
        let mut out: BTreeMap<String, (NodeId, bool)> = schemas
            .filter(|(pointer, _)| pointer.starts_with("#/components/schemas/"))
            .map(|(pointer, node)| (pointer, (node, used.contains(&node))))
            .collect();
        let root = document.tree().root();
        let schemes = root
            .get("components")
            .and_then(|components| components.get("securitySchemes"))
            .or_else(|| root.get("securityDefinitions"));
        for entry in schemes.into_iter().flat_map(Node::entries) {
            let pointer = format!("#/components/securitySchemes/{}", entry.key);
            out.insert(pointer, (entry.value.id(), false));
        }
        out
    };
    let is_renamed =
        |name: &String| renamed.iter().any(|change| [&change.before, &change.after].contains(&&json!(name)));
    let (before, after) = (list(old), list(new));
    let mut out = Vec::new();
    let sides = [
        (&before, &after, old, "component-removed", SDK, "gone"),
        (&after, &before, new, "component-added", NOBODY, "new"),
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
                component: Some(name.clone()),
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
