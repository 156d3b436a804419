//! A history as it was known when a release came out.

use super::{History, Item};
use crate::release::ReleaseId;

impl History {
    /// What was known when `release` came out: nothing of what came, went or was
    /// said later. Places stay as they are.
    #[must_use]
    pub fn until(&self, release: &ReleaseId) -> Self {
        let newest = self.releases.iter().position(|known| known.id == *release);
        let releases = self.releases.iter().take(newest.map_or(self.releases.len(), |at| at + 1)).cloned();
        Self {
            releases: releases.collect(),
            items: self.items.iter().filter_map(|item| until(item, release)).collect(),
            server_paths: self.server_paths.clone(),
            server_hosts: self.server_hosts.clone(),
            titles: self.titles.clone(),
        }
    }
}

fn until(item: &Item, release: &ReleaseId) -> Option<Item> {
    let is_later = |at: &ReleaseId| at > release;
    if !item.introduced.or_earlier && is_later(&item.introduced.release) {
        return None;
    }
    let mut item = item.clone();
    if item.removed.as_ref().is_some_and(is_later) {
        item.removed = None;
        item.with_parent = false;
    }
    while item.deprecated.as_ref().is_some_and(|since| is_later(&since.release)) {
        let before = item.earlier.pop();
        item.undeprecated = before.as_ref().map(|withdrawn| withdrawn.undeprecated.clone());
        item.deprecated = before.map(|withdrawn| withdrawn.deprecated);
        // What is said of the last deprecation is not known of one before it.
        item.deprecated_on = None;
        item.deprecated_at = None;
        item.sunset = None;
        item.sunset_release = None;
        if item.deprecated.is_none() {
            item.evidence = None;
            item.replacement = None;
        }
    }
    if item.undeprecated.as_ref().is_some_and(is_later) {
        item.undeprecated = None;
    }
    for since in [&mut item.labelled, &mut item.flagged, &mut item.misspelt] {
        if since.as_ref().is_some_and(|since| is_later(&since.release)) {
            *since = None;
        }
    }
    if item.required.as_ref().is_some_and(is_later) {
        item.required = None;
    }
    item.requirements.retain(|requirement| !is_later(&requirement.since));
    for requirement in &mut item.requirements {
        requirement.until = requirement.until.take().filter(|until| !is_later(until));
    }
    Some(item)
}
