//! From documents to a history.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::announced::Announced;
use super::labels::{Releases, Seen, apply};
use super::surface::Surface;
use super::{ClientName, Item, ItemKey, ItemKind, fields, members, places, replacement, requirements};
use crate::document::{Document, Evidence, Operation, OperationKey, Style, class};
use crate::policy::{Calendar, Policy};
use crate::release::ReleaseId;

/// The lives of all items of an API over its releases.
///
/// All operations are listed; of everything else only what has an event of its
/// own. What is not listed has the life of its operation.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The releases that were read, oldest first.
    pub releases: Vec<Release>,
    /// The items in [`Item::order`], on which the look-ups rely.
    pub items: Vec<Item>,
    /// The base paths under which the documents' servers mount the API.
    pub server_paths: Vec<String>,
    /// Hosts of the documents' servers, `*` for what a variable stands for:
    /// `api.example.com`, `*.example.com`. Only such as name somebody.
    pub server_hosts: Vec<String>,
    /// What the documents call themselves, each title once, oldest first.
    pub titles: Vec<String>,
}

/// A release that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its id.
    pub id: ReleaseId,
    /// What was counted in its document.
    pub counts: Counts,
}

/// Operations of one release, counted by the documents' own
/// `deprecated: true`: what any reader of the documents can check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub operations: usize,
    /// Flagged.
    pub flagged: usize,
    /// Flagged here and not in the release before (or not there then); 0 in the
    /// oldest document.
    pub newly_flagged: usize,
    /// In the release before, gone here.
    pub removed: usize,
    /// Flagged in the release before, here and not flagged.
    pub flag_dropped: usize,
}

/// An item with the announcements (by their place in the policy) that are about
/// it, though its name may not say so.
pub(super) struct Found {
    pub(super) item: Item,
    pub(super) announced: Vec<usize>,
}

impl History {
    /// The history that documents tell, oldest first, each release once, with
    /// what a policy knows of it ([`History::judged_by`]). Announcements of a
    /// place in a payload are followed to whatever declares what stands there.
    pub fn of_documents(inputs: &[(ReleaseId, Document)], policy: &Policy) -> Self {
        let releases = Releases {
            ids: inputs.iter().map(|(id, _)| id.clone()).collect(),
            documents: inputs.iter().map(|(_, document)| document).collect(),
        };
        let surfaces: Vec<Surface<'_>> = {
            use rayon::prelude::*;
            releases.documents.par_iter().map(|document| Surface::new(document)).collect()
        };
        let calendar = Calendar::new(policy, releases.ids.iter().cloned());
        let announced = Announced::new(policy, &calendar, &releases, &surfaces);
        let operations = operations(&releases);
        let mut found = members::items(&releases, &operations, &announced);
        found.extend(fields::items(&releases, &surfaces, &operations, &announced));
        found.extend(operations.into_iter().map(|item| Found { item, announced: Vec::new() }));
        found.sort_by(|a, b| a.item.order().cmp(&b.item.order()));
        let (mut items, announced): (Vec<Item>, Vec<Vec<usize>>) =
            found.into_iter().map(|Found { item, announced }| (item, announced)).unzip();
        replacement::check(&mut items, &releases);
        places::payloads(&mut items, inputs);
        requirements::fill(&mut items, inputs);
        let servers = || releases.documents.iter().flat_map(|document| &document.servers);
        // Of a single operation's own server only the host is the whole API's.
        let others = releases.documents.iter().flat_map(|document| &document.other_servers);
        let paths: BTreeSet<String> = servers().filter_map(|url| server_path(url)).collect();
        let hosts: BTreeSet<String> = servers().chain(others).filter_map(|url| server_host(url)).collect();
        let (server_paths, server_hosts) = (paths.into_iter().collect(), hosts.into_iter().collect());
        let mut titles: Vec<String> = Vec::new();
        for title in releases.documents.iter().filter_map(|document| document.title.as_ref()) {
            titles.retain(|known| known != title);
            titles.push(title.clone());
        }
        let counts = counts(&releases.documents);
        let ids = releases.ids.iter().cloned().zip(counts);
        let history = Self {
            releases: ids.map(|(id, counts)| Release { id, counts }).collect(),
            items,
            server_paths,
            server_hosts,
            titles,
        };
        history.judge(policy, &announced, &|item, name| Some(releases.declare(item, name)))
    }

    /// The newest release.
    pub fn newest(&self) -> Option<&ReleaseId> {
        self.releases.last().map(|release| &release.id)
    }

    /// The operations of all releases, each once (the last life of each).
    pub fn operations(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.key.kind == ItemKind::Operation)
    }

    /// The lives of an operation, in order.
    pub fn lives(&self, key: &OperationKey) -> &[Item] {
        let kind_and_key = |item: &Item| {
            item.key.kind.cmp(&ItemKind::Operation).then_with(|| item.key.operation.as_ref().cmp(&Some(key)))
        };
        let start = self.items.partition_point(|item| kind_and_key(item).is_lt());
        let end = self.items.partition_point(|item| kind_and_key(item).is_le());
        &self.items[start..end]
    }

    /// The last life of an operation.
    pub fn operation(&self, key: &OperationKey) -> Option<&Item> {
        self.lives(key).last()
    }

    /// Whether an operation is in a release, as far as is known.
    pub fn has_operation(&self, key: &OperationKey, release: &ReleaseId) -> bool {
        self.lives(key).iter().any(|item| item.is_in(release))
    }

    /// The release before `release` among those that were read.
    pub fn before(&self, release: &ReleaseId) -> Option<&ReleaseId> {
        let index = self.releases.iter().position(|known| known.id == *release)?;
        self.releases.get(index.checked_sub(1)?).map(|release| &release.id)
    }
}

/// The path of a server's URL, without its variables' values; `None` for the
/// root.
fn server_path(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = if url.starts_with('/') { url } else { &rest[rest.find('/')?..] };
    let path = path.trim_end_matches('/');
    (!path.is_empty()).then(|| path.to_owned())
}

/// The host of a server's URL (OpenAPI 3.1.1, section 4.8.5), with `*` for each
/// variable. `None` for relative URLs, for addresses, and for names that are
/// everybody's: without a dot, or with nothing but variables in the last two
/// labels.
fn server_host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit('@').next()?;
    let mut host = String::new();
    let mut depth = 0_usize;
    for c in authority.chars() {
        match c {
            '{' => {
                depth += 1;
                host.push('*');
            }
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => break,
            c if depth == 0 => host.extend(c.to_lowercase()),
            _ => {}
        }
    }
    let (before, last) = host.rsplit_once('.')?;
    let owner = before.rsplit('.').next()?;
    let known = |label: &str| !label.contains('*') && label.contains(|c: char| c.is_ascii_alphabetic());
    let reserved = ["local", "localhost", "internal", "test", "invalid"];
    (known(last) && known(owner) && !reserved.contains(&last)).then_some(host)
}

fn is_flagged(operation: &Operation) -> bool {
    operation.deprecation.as_ref().is_some_and(|found| found.evidence == Evidence::Flag && !found.misspelt)
}

fn counts(documents: &[&Document]) -> Vec<Counts> {
    let mut out = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        let mut counts = Counts { operations: document.operations().len(), ..Counts::default() };
        let before = at.checked_sub(1).map(|at| documents[at]);
        for operation in document.operations() {
            let old = before.and_then(|before| before.operation(&operation.key));
            counts.flagged += usize::from(is_flagged(operation));
            if before.is_some() && is_flagged(operation) && !old.is_some_and(is_flagged) {
                counts.newly_flagged += 1;
            }
            counts.flag_dropped += usize::from(old.is_some_and(is_flagged) && !is_flagged(operation));
        }
        if let Some(before) = before {
            counts.removed =
                before.operations().iter().filter(|old| document.operation(&old.key).is_none()).count();
        }
        out.push(counts);
    }
    out
}

/// Splits a row of releases into the runs in which something is there.
pub(super) fn runs<T>(row: &[Option<T>]) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, cell) in row.iter().enumerate() {
        match (cell, start) {
            (Some(_), None) => start = Some(at),
            (None, Some(from)) => {
                out.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    out.extend(start.map(|from| from..row.len()));
    out
}

/// How many operations before each one of a document have the same method name
/// in the same class of a generated client.
fn nth(document: &Document) -> FxHashMap<&OperationKey, usize> {
    let mut seen: FxHashMap<(String, String), usize> = FxHashMap::default();
    let mut out = FxHashMap::default();
    for operation in document.operations() {
        let Some(id) = &operation.operation_id else { continue };
        let method = Style::Snake.method(id, 0);
        let mut most = 0;
        for class in
            operation.tags.iter().map(|tag| class(tag)).chain(operation.tags.is_empty().then(|| class("")))
        {
            let count = seen.entry((class, method.clone())).or_default();
            most = most.max(*count);
            *count += 1;
        }
        out.insert(&operation.key, most);
    }
    out
}

/// What generated clients name an operation after, where it changes.
fn names(
    lives: &[(usize, &Operation)],
    nth: &[FxHashMap<&OperationKey, usize>],
    releases: &Releases<'_>,
) -> Vec<ClientName> {
    let mut out: Vec<ClientName> = Vec::new();
    for (at, operation) in lives {
        let name = ClientName {
            since: releases.ids[*at].clone(),
            operation_id: operation.operation_id.clone(),
            tags: operation.tags.clone(),
            nth: nth.get(*at).and_then(|nth| nth.get(&operation.key)).copied().unwrap_or(0),
        };
        let same = |last: &ClientName| {
            (&last.operation_id, &last.tags, last.nth) == (&name.operation_id, &name.tags, name.nth)
        };
        if !out.last().is_some_and(same) {
            out.push(name);
        }
    }
    out
}

fn operations(releases: &Releases<'_>) -> Vec<Item> {
    let count = releases.ids.len();
    let mut rows: IndexMap<&OperationKey, Vec<Option<&Operation>>> = IndexMap::new();
    for (at, document) in releases.documents.iter().enumerate() {
        for operation in document.operations() {
            rows.entry(&operation.key).or_insert_with(|| vec![None; count])[at] = Some(operation);
        }
    }
    let nth: Vec<FxHashMap<&OperationKey, usize>> = releases.documents.iter().map(|d| nth(d)).collect();
    let mut out = Vec::new();
    for row in rows.values() {
        for run in runs(row) {
            let lives: Vec<(usize, &Operation)> = run.clone().filter_map(|at| Some((at, row[at]?))).collect();
            let (Some((first, begun)), Some((last, newest))) = (lives.first(), lives.last()) else {
                continue;
            };
            let mut item = Item::new(ItemKey::operation(&newest.key), releases.since(*first));
            item.operation_id.clone_from(&newest.operation_id);
            item.names = names(&lives, &nth, releases);
            item.exempt = newest.exempt;
            item.removed = releases.ids.get(run.end).cloned();
            item.introduced_at = Some(releases.origin(*first, begun.node));
            item.last_at = Some(releases.origin(*last, newest.node));
            let seen: Vec<Seen<'_>> =
                lives.iter().map(|(at, op)| Seen { at: *at, deprecation: op.deprecation.as_ref() }).collect();
            apply(&mut item, &seen, releases);
            item.replacement = replacement::of_operation(&lives, &item, releases);
            out.push(item);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::server_host;

    #[test]
    fn hosts_of_servers() {
        let host = |url: &str| server_host(url);
        assert_eq!(host("https://API.example.com:8443/v1").as_deref(), Some("api.example.com"));
        assert_eq!(host("https://{region}.api.example.com/v1").as_deref(), Some("*.api.example.com"));
        assert_eq!(host("https://{tenant}-eu.example.com").as_deref(), Some("*-eu.example.com"));
        for nobody in [
            "/v1",
            "{scheme}://{host}/v1",
            "https://{host}.com",
            "http://localhost:8080",
            "http://10.0.0.1/v1",
            "https://x.internal",
            "http://[::1]/",
        ] {
            assert_eq!(host(nobody), None, "{nobody}");
        }
    }
}
