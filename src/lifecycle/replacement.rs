//! Which operation or field a deprecated item's replacement is, and whether it
//! exists.

use super::labels::Releases;
use super::surface::Surface;
use super::{Item, ItemKind, ItemReplacement};
use crate::document::{Deprecation, Document, Operation, OperationKey, PathTemplate};
use crate::document::{Replacement, Target};

/// Longest replacement text that is kept.
const MAX_TEXT: usize = 60;

/// The replacement of an operation: what its deprecation says; else where its
/// operationId moved; else the operation whose id it has with `_deprecated`
/// behind it.
pub(super) fn of_operation(
    lives: &[(usize, &Operation)],
    item: &Item,
    releases: &Releases<'_>,
) -> Option<ItemReplacement> {
    let key = item.key.operation.as_ref()?;
    // The newest that was said: a text that stopped naming it took nothing back.
    let said = lives
        .iter()
        .rev()
        .find_map(|(at, operation)| Some((*at, operation.deprecation.as_ref()?.replacement.as_ref()?)));
    let resolved = said.map(|(at, said)| resolve(said, key, at, releases));
    if let Some(found) = &resolved
        && found.operation.is_some()
    {
        return resolved;
    }
    let moved = moved_id(lives, key, item, releases).or_else(|| suffixed_id(lives, key, releases));
    match (moved, resolved) {
        (Some((operation, id)), said) => {
            let text =
                said.map_or_else(|| format!("{operation} (by the operationId {id})"), |said| said.text);
            Some(ItemReplacement { text, operation: Some(operation), field: None, exists: Some(true) })
        }
        (None, said) => said,
    }
}

/// The operation that has taken over the operationId of one that is gone.
fn moved_id(
    lives: &[(usize, &Operation)],
    key: &OperationKey,
    item: &Item,
    releases: &Releases<'_>,
) -> Option<(OperationKey, String)> {
    // From the release in which the id is free again: where the old operation
    // got another id, or was removed.
    for (at, operation) in lives.iter().rev() {
        let Some(id) = operation.operation_id.as_deref() else { continue };
        let document = releases.documents.get(at + 1)?;
        let taken = document.operations().iter().find(|other| other.operation_id.as_deref() == Some(id))?;
        if taken.key == *key {
            continue;
        }
        let is_new =
            item.is_in(&releases.ids[*at]) && releases.documents[*at].operation(&taken.key).is_none();
        return is_new.then(|| (taken.key.clone(), id.to_owned()));
    }
    None
}

fn suffixed_id(
    lives: &[(usize, &Operation)],
    key: &OperationKey,
    releases: &Releases<'_>,
) -> Option<(OperationKey, String)> {
    let (at, operation) = lives.last()?;
    let id = operation.operation_id.as_deref()?;
    let base = ["_deprecated", "-deprecated", "Deprecated"].iter().find_map(|end| id.strip_suffix(end))?;
    let document = releases.documents[*at];
    let found = document.operations().iter().find(|other| other.operation_id.as_deref() == Some(base))?;
    (found.key != *key).then(|| (found.key.clone(), base.to_owned()))
}

/// The replacement of a parameter.
pub(super) fn of_parameter(
    label: &Deprecation,
    item: &Item,
    at: usize,
    releases: &Releases<'_>,
) -> Option<ItemReplacement> {
    let key = item.key.operation.as_ref()?;
    let mut found = resolve(label.replacement.as_ref()?, key, at, releases);
    if found.operation.is_none()
        && let Some(field) = &found.field
    {
        let operation = releases.documents[at].operation(key)?;
        let bare = field.split_once(':').map_or(field.as_str(), |(_, name)| name);
        let named = operation.parameters.iter().any(|parameter| parameter.name == bare);
        found.exists = Some(named || declares(releases.documents[at], bare));
    }
    Some(found)
}

/// The replacement of a field or enum value.
pub(super) fn of_field(
    label: &Deprecation,
    item: &Item,
    at: usize,
    releases: &Releases<'_>,
    surfaces: &[Surface<'_>],
) -> Option<ItemReplacement> {
    let said = label.replacement.as_ref()?;
    let key = item.key.operation.clone().unwrap_or_else(|| OperationKey::new("GET", "/"));
    let mut found = resolve(said, &key, at, releases);
    if found.operation.is_none()
        && let Some(field) = &found.field
    {
        let last = field.rsplit('.').next().unwrap_or(field).trim_end_matches("[]");
        let value = item.key.kind == ItemKind::EnumValue && {
            let mut other = item.key.clone();
            other.value = Some(field.clone());
            surfaces[at].has_field(&other)
        };
        found.exists = Some(value || declares(releases.documents[at], last));
    }
    Some(found)
}

/// Whether any schema declares a property of that name. Fields are named
/// loosely in prose ("`deserved` under `resources`"), so that more cannot be
/// asked for without false alarms.
pub(super) fn declares(document: &Document, name: &str) -> bool {
    document.schemas().iter().any(|schema| schema.properties.iter().any(|property| property.name == name))
        || document.operations().iter().any(|operation| operation.parameters.iter().any(|p| p.name == name))
}

/// Finds what a text names among the operations of the release at `at`, and of
/// the later ones: a replacement may be promised ahead.
fn resolve(said: &Replacement, old: &OperationKey, at: usize, releases: &Releases<'_>) -> ItemReplacement {
    let text = named(said);
    let mut missing = None;
    let mut field = None;
    for target in &said.targets {
        match target {
            Target::Operation { method, path } => {
                let path = PathTemplate::new(path);
                let documents = releases.documents[at..].iter();
                let found = documents
                    .filter_map(|document| operation_on(document, &path, method.as_ref(), old))
                    .next();
                match found {
                    Some(Found::Operation(operation)) => {
                        return ItemReplacement {
                            text,
                            operation: Some(operation),
                            field: None,
                            exists: Some(true),
                        };
                    }
                    Some(Found::Path) => {
                        return ItemReplacement { text, operation: None, field: None, exists: Some(true) };
                    }
                    None => {
                        let method = method.clone().unwrap_or_else(|| old.method.clone());
                        missing.get_or_insert(OperationKey { method, path });
                    }
                }
            }
            Target::Field(name) => {
                let documents = releases.documents[at..].iter();
                let by_id = |document: &&Document| {
                    document
                        .operations()
                        .iter()
                        .find(|op| op.operation_id.as_deref() == Some(name))
                        .map(|op| op.key.clone())
                };
                if let Some(operation) = documents.filter_map(by_id).next() {
                    return ItemReplacement {
                        text,
                        operation: Some(operation),
                        field: None,
                        exists: Some(true),
                    };
                }
                field.get_or_insert_with(|| name.clone());
            }
            Target::Text(_) => {}
        }
    }
    if let Some(operation) = missing {
        return ItemReplacement { text, operation: Some(operation), field: None, exists: Some(false) };
    }
    // A whole area of the API ("the antennas API") stands under a tag.
    let is_tag = |document: &&Document| {
        let lower = said.text.to_lowercase();
        document.operations().iter().flat_map(|op| &op.tags).any(|tag| lower.contains(&tag.to_lowercase()))
    };
    let exists = (field.is_none() && releases.documents[at..].iter().any(is_tag)).then_some(true);
    ItemReplacement { text, operation: None, field, exists }
}

enum Found {
    Operation(OperationKey),
    /// The path is there, but which of its methods is meant cannot be told.
    Path,
}

/// The operation on `path`: of `method` if one is said, else of the old
/// operation's method or, if there is none, the only sensible other one.
fn operation_on(
    document: &Document,
    path: &PathTemplate,
    method: Option<&crate::document::Method>,
    old: &OperationKey,
) -> Option<Found> {
    let on_path: Vec<&OperationKey> = document
        .operations()
        .iter()
        .map(|operation| &operation.key)
        .filter(|key| key.path == *path)
        .collect();
    if let Some(method) = method {
        return on_path.iter().find(|key| key.method == *method).map(|key| Found::Operation((*key).clone()));
    }
    let like = |name: &str| on_path.iter().find(|key| key.method.as_str() == name);
    let same = on_path.iter().find(|key| key.method == old.method);
    let near = match old.method.as_str() {
        "PUT" => like("PATCH"),
        "PATCH" => like("PUT"),
        _ => None,
    };
    match (same.or(near), on_path.as_slice()) {
        (Some(key), _) => Some(Found::Operation((*key).clone())),
        (None, []) => None,
        (None, [only]) => Some(Found::Operation((*only).clone())),
        (None, _) => Some(Found::Path),
    }
}

/// What a text names, without the sentence around it: a history holds facts,
/// not a vendor's words.
fn named(said: &Replacement) -> String {
    let name = |target: &Target| match target {
        Target::Operation { method: Some(method), path } => format!("{method} {path}"),
        Target::Operation { method: None, path } => path.clone(),
        Target::Field(name) => name.clone(),
        Target::Text(text) => shortened(text),
    };
    said.targets.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(MAX_TEXT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// Operations that were promised as replacements and have gone since exist no
/// more; those whose template was written with other names get the newest one.
pub(super) fn check(items: &mut [Item], releases: &Releases<'_>) {
    let Some(newest) = releases.documents.last() else { return };
    for replacement in items.iter_mut().filter_map(|item| item.replacement.as_mut()) {
        let Some(operation) = &replacement.operation else { continue };
        let found = newest.operation(operation);
        if let Some(found) = found {
            replacement.operation = Some(found.key.clone());
        }
        replacement.exists = Some(found.is_some());
    }
}
