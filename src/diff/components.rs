//! Components that changed their names.

use std::collections::BTreeMap;

use serde_json::json;

use super::change::{Change, Verdict};
use super::compare::{SDK, spot};
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
    let roots = |document: &Document| -> BTreeMap<String, NodeId> {
        let mut out: BTreeMap<String, NodeId> = BTreeMap::new();
        for schema in document.schemas() {
            if let (Anchor::Component(pointer), "") = (&*schema.anchor, &*schema.at)
                // Its branches come behind it.
                && !out.contains_key(&**pointer)
                && document.tree().pointer(pointer.trim_start_matches('#')).map(Node::id) == Some(schema.node)
            {
                out.insert(pointer.to_string(), schema.node);
            }
        }
        out
    };
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
