//! A history against the second opinion of `naive`: every field and value that
//! came or went, both ways.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;
use sunwatch::document::{Direction, OperationKey};
use sunwatch::lifecycle::{History, Item, ItemKind};
use sunwatch::release::ReleaseId;

use crate::naive::{self, Change, Name, REQUEST, RESPONSE};

/// What was compared, for those who like figures.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) compared: usize,
    pub(crate) removed_places: usize,
    pub(crate) added_places: usize,
    pub(crate) removed_items: usize,
    pub(crate) added_items: usize,
    pub(crate) with_parent: usize,
    pub(crate) flagged: usize,
}

fn is_field(item: &Item) -> bool {
    matches!(item.key.kind, ItemKind::RequestField | ItemKind::ResponseField | ItemKind::EnumValue)
}

fn direction(item: &Item) -> usize {
    match (item.key.kind, item.key.direction) {
        (ItemKind::ResponseField, _) | (_, Some(Direction::Response)) => RESPONSE,
        _ => REQUEST,
    }
}

fn owner(key: &OperationKey, rest: &str) -> String {
    format!("{} {} {rest}", key.method, key.path.shape())
}

/// The item's name as `naive` writes it.
pub(crate) fn name(item: &Item) -> Name {
    let key = &item.key;
    match (&key.component, &key.operation) {
        (Some(component), _) => Name { owner: component.clone(), at: key.at.clone() },
        (None, Some(operation)) => {
            let parameter = ["query:", "path:", "header:", "cookie:"].iter().any(|p| key.at.starts_with(p));
            if parameter {
                let (parameter, at) = key.at.split_once('.').unwrap_or((&key.at, ""));
                return Name { owner: owner(operation, parameter), at: at.to_owned() };
            }
            Name { owner: owner(operation, key.status.as_deref().unwrap_or("request")), at: key.at.clone() }
        }
        (None, None) => panic!("an item of nobody: {item:?}"),
    }
}

/// A name with its direction and, for a value, the value.
type Known = (usize, Name, Option<String>);

fn directed(change: &Change, name: &Name) -> [Known; 2] {
    [REQUEST, RESPONSE].map(|direction| (direction, name.clone(), change.value.clone()))
}

/// All disagreements, in words; nothing where there is none.
pub(crate) fn disagreements(
    history: &History,
    documents: &[(ReleaseId, Value)],
    tally: &mut Tally,
) -> String {
    let mut out = String::new();
    let names: Vec<_> = documents.iter().map(|(_, document)| naive::names(document)).collect();
    let indexed: Vec<_> =
        documents.iter().map(|(_, document)| (document, naive::operations(document))).collect();
    let compared: Vec<_> = documents.windows(2).map(|pair| naive::compare(&pair[0].1, &pair[1].1)).collect();
    // The names that a name of document `at` has in later ones.
    let later_names = |at: usize, direction: usize, name: &Name| -> BTreeSet<Name> {
        let mut called = BTreeSet::from([name.clone()]);
        for changes in compared.iter().skip(at) {
            let next = changes.moved[direction].iter().filter(|(old, _)| called.contains(old));
            let next: Vec<Name> = next.map(|(_, new)| new.clone()).collect();
            called.extend(next);
        }
        called
    };
    // The names that a name of the newest document had in document `at` and later.
    let earlier_names = |at: usize, direction: usize, name: &Name| -> BTreeSet<Name> {
        let mut called = BTreeSet::from([name.clone()]);
        for changes in compared.iter().skip(at).rev() {
            let before = changes.moved[direction].iter().filter(|(_, new)| called.contains(new));
            let before: Vec<Name> = before.map(|(old, _)| old.clone()).collect();
            called.extend(before);
        }
        called
    };
    for (at, pair) in documents.windows(2).enumerate() {
        let (release, next, changes) = (&pair[1].0, at + 1, &compared[at]);
        tally.compared += changes.compared;
        tally.removed_places += changes.removed.len();
        tally.added_places += changes.added.len();
        let fields = || history.items.iter().filter(|item| is_field(item));
        let known = |item: &Item| -> Known { (direction(item), name(item), item.key.value.clone()) };
        let removed: BTreeMap<Known, &Item> = fields()
            .filter(|item| item.removed.as_ref() == Some(release))
            .map(|item| (known(item), item))
            .collect();
        let introduced = |item: &&Item| item.introduced.release == *release && !item.introduced.or_earlier;
        let added: BTreeMap<Known, &Item> =
            fields().filter(introduced).map(|item| (known(item), item)).collect();
        for (list, items, word) in
            [(&changes.removed, &removed, "removed"), (&changes.added, &added, "added")]
        {
            let mut explained: BTreeSet<Known> = BTreeSet::new();
            for change in list {
                let mut here: Vec<Known> =
                    change.names.iter().flat_map(|name| directed(change, name)).collect();
                if word == "added" {
                    // An item has the name it had last: what the place is called later on.
                    let later =
                        indexed.iter().skip(next + 1).flat_map(|(root, index)| change.names_in(root, index));
                    here.extend(later.flat_map(|name| directed(change, &name)));
                    for (direction, name, value) in here.clone() {
                        let moved = later_names(next, direction, &name).into_iter();
                        here.extend(moved.map(|name| (direction, name, value.clone())));
                    }
                }
                if !here.iter().any(|name| items.contains_key(name)) {
                    writeln!(
                        out,
                        "{release}: no item says that {} was {word}: {:?}",
                        change.place(),
                        change.names
                    )
                    .unwrap();
                }
                explained.extend(here);
            }
            for (known, item) in items {
                let called = earlier_names(next, known.0, &known.1);
                let reached = |at: usize| called.iter().any(|name| names[at].0[known.0].contains_key(name));
                if explained.contains(known) {
                    *(if word == "removed" { &mut tally.removed_items } else { &mut tally.added_items }) += 1;
                } else if (word == "removed" && item.with_parent && reached(at) && !reached(next))
                    || (word == "added" && !reached(at) && reached(next))
                {
                    // It came or went with what holds it.
                    tally.with_parent += 1;
                } else {
                    writeln!(out, "{release}: {word}, but no place changed: {} {}", item.key.kind, item.key)
                        .unwrap();
                }
            }
        }
    }
    // Every flag is in somebody's life.
    for (at, (release, _)) in documents.iter().enumerate() {
        for direction in [REQUEST, RESPONSE] {
            for (flagged, place) in &names[at].1[direction] {
                // The item has the name that the place has last.
                let later = indexed.iter().skip(at + 1).flat_map(|(root, index)| place.names_in(root, index));
                let called: BTreeSet<Name> = later.chain(later_names(at, direction, flagged)).collect();
                tally.flagged += 1;
                let is_it = |item: &&Item| {
                    is_field(item)
                        && item.key.value.is_none()
                        && self::direction(item) == direction
                        && called.contains(&name(item))
                };
                if !history.items.iter().filter(is_it).any(|item| item.is_deprecated_in(release)) {
                    writeln!(out, "{release}: flagged, but not deprecated: {flagged:?} ({direction})")
                        .unwrap();
                }
            }
        }
    }
    out
}
