//! From what each release says about an item to the item's deprecation.

use super::{Item, Since, Withdrawn};
use crate::document::{Deprecation, Document, Evidence};
use crate::lifecycle::Origin;
use crate::release::ReleaseId;
use crate::text::NodeId;

/// What one release says about one item that it has.
#[derive(Clone, Debug)]
pub(super) struct Seen<'d> {
    /// The release's place among the documents.
    pub(super) at: usize,
    pub(super) deprecation: Option<&'d Deprecation>,
}

/// The documents with their releases, oldest first.
pub(super) struct Releases<'d> {
    pub(super) ids: Vec<ReleaseId>,
    pub(super) documents: Vec<&'d Document>,
}

impl Releases<'_> {
    /// Whether something of that name is declared in the newest document of an
    /// item's life.
    pub(super) fn declare(&self, item: &Item, name: &str) -> bool {
        let end = item.removed.as_ref().and_then(|removed| self.ids.iter().position(|id| id == removed));
        let newest = end.unwrap_or(self.ids.len()).checked_sub(1);
        newest.is_some_and(|newest| super::replacement::declares(self.documents[newest], name))
    }

    /// The release at that place, "or earlier" for the oldest.
    pub(super) fn since(&self, at: usize) -> Since {
        Since { release: self.ids[at].clone(), or_earlier: at == 0 }
    }

    pub(super) fn origin(&self, at: usize, node: NodeId) -> Origin {
        let document = self.documents[at];
        let position = document.position(node);
        Origin { file: document.file(node).to_owned(), line: position.line, column: position.column }
    }
}

/// Puts the deprecations that `seen` shows, in order of the releases, into
/// `item`. A gap between two of them is a withdrawal.
pub(super) fn apply(item: &mut Item, seen: &[Seen<'_>], releases: &Releases<'_>) {
    let mut before: Option<Since> = None;
    for (place, now) in seen.iter().enumerate() {
        let Some(deprecation) = now.deprecation else {
            if let Some(began) = before.take() {
                item.undeprecated = Some(releases.ids[now.at].clone());
                item.earlier
                    .push(Withdrawn { deprecated: began, undeprecated: releases.ids[now.at].clone() });
            }
            continue;
        };
        if before.is_none() {
            let since = releases.since(now.at);
            item.deprecated = Some(since.clone());
            item.flagged = None;
            item.labelled = Some(since.clone());
            item.misspelt = None;
            item.evidence = Some(deprecation.evidence);
            item.deprecated_on = deprecation.since_date;
            item.deprecated_at = Some(releases.origin(now.at, deprecation.node));
            before = Some(since);
        }
        if deprecation.evidence == Evidence::Flag && item.flagged.is_none() {
            let said = if deprecation.misspelt { &mut item.misspelt } else { &mut item.flagged };
            said.get_or_insert_with(|| releases.since(now.at));
        }
        item.deprecated_on = item.deprecated_on.or(deprecation.since_date);
        item.sunset = deprecation.removal_date.or(item.sunset);
        if let Some(version) = &deprecation.removal_version {
            item.sunset_release = Some(ReleaseId::new(version));
        }
        if let Some(version) = &deprecation.since_version
            && place == 0
            && now.at == 0
        {
            // The oldest document dates its own past.
            let named = ReleaseId::new(version);
            if named <= releases.ids[0] {
                item.deprecated = Some(Since::exactly(named));
            }
        }
    }
    // The last deprecation stands in `deprecated`; one that was withdrawn last
    // stands there too, and only those before it in `earlier`.
    if before.is_none() {
        item.earlier.pop();
    }
}
