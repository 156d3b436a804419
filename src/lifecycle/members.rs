//! The lives of what an operation has beside its payloads: parameters,
//! response statuses, media types.

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::announced::Announced;
use super::build::{Found, runs};
use super::compare::plain_media_type;
use super::labels::{Releases, Seen, apply};
use super::{Item, ItemKey, ItemKind, Since, replacement};
use crate::document::{Deprecation, Operation, OperationKey, Parameter, ParameterIn};
use crate::release::ReleaseId;
use crate::text::NodeId;

/// A member of an operation in one release.
#[derive(Clone)]
struct Member<'d> {
    /// Its place as written.
    at: String,
    node: NodeId,
    deprecation: Option<&'d Deprecation>,
    parameter: Option<&'d Parameter>,
}

impl Member<'_> {
    fn is_required(&self) -> bool {
        self.parameter.is_some_and(|parameter| parameter.required)
    }
}

/// Kind, place as all spell it and, for the media type of a response, its status.
type Name = (ItemKind, String, Option<String>);

/// The members with an event of their own, in releases where `operations`, the
/// items of the operations, have them.
pub(super) fn items(releases: &Releases<'_>, operations: &[Item], announced: &Announced<'_>) -> Vec<Found> {
    let mut out = Vec::new();
    for operation in operations {
        let Some(operation_key) = &operation.key.operation else { continue };
        let first = releases.ids.iter().position(|id| *id == operation.introduced.release).unwrap_or(0);
        let end = match &operation.removed {
            Some(removed) => releases.ids.iter().position(|id| id == removed).unwrap_or(releases.ids.len()),
            None => releases.ids.len(),
        };
        let mut rows: IndexMap<Name, Vec<Option<Member<'_>>>> = IndexMap::new();
        for at in first..end {
            let Some(found) = releases.documents[at].operation(operation_key) else { continue };
            for (name, member) in members(found) {
                rows.entry(name).or_insert_with(|| vec![None; end - first])[at - first] = Some(member);
            }
        }
        for ((kind, _, status), row) in rows {
            for run in runs(&row) {
                // Its name is the one it had last.
                let Some(at) = row[run.clone()].iter().rev().flatten().next().map(|member| member.at.clone())
                else {
                    continue;
                };
                let mut key = ItemKey::of_operation(kind, operation_key, at.clone());
                key.status.clone_from(&status);
                let announced = match kind {
                    ItemKind::Parameter => announced.of_parameter(operation_key, &at),
                    _ => Vec::new(),
                };
                if announced.is_empty() && !has_event(&row, &run) {
                    continue;
                }
                let item = item(key, &row, run, first, operation, releases);
                out.extend(item.map(|item| Found { item, announced }));
            }
        }
    }
    shared(out)
}

fn members(operation: &Operation) -> Vec<(Name, Member<'_>)> {
    let plain = |at: &str, node| Member { at: at.to_owned(), node, deprecation: None, parameter: None };
    let mut out = Vec::new();
    for parameter in &operation.parameters {
        // Path parameters are told by their place, not by their names.
        if parameter.location == ParameterIn::Path {
            continue;
        }
        let member = Member {
            at: parameter.at(),
            node: parameter.node,
            deprecation: parameter.deprecation.as_ref(),
            parameter: Some(parameter),
        };
        // The names of headers know no case (RFC 9110, section 5.1).
        let name = match parameter.location {
            ParameterIn::Header => parameter.at().to_ascii_lowercase(),
            _ => parameter.at(),
        };
        out.push(((ItemKind::Parameter, name, None), member));
    }
    for media in operation.body.iter().flat_map(|body| &body.content) {
        let name = plain_media_type(&media.name);
        out.push(((ItemKind::MediaType, name, None), plain(&media.name, media.node)));
    }
    for response in &operation.responses {
        let (name, member) = (response.status.clone(), plain(&response.status, response.node));
        out.push(((ItemKind::ResponseStatus, name, None), member));
        for media in &response.content {
            let name = plain_media_type(&media.name);
            let status = Some(response.status.clone());
            out.push(((ItemKind::MediaType, name, status), plain(&media.name, media.node)));
        }
    }
    out
}

/// Whether something happened to a member while its operation was there.
fn has_event(row: &[Option<Member<'_>>], run: &std::ops::Range<usize>) -> bool {
    let life = || row[run.clone()].iter().flatten();
    run.start > 0
        || run.end < row.len()
        || life().any(|member| member.deprecation.is_some())
        || life().zip(life().skip(1)).any(|(old, new)| !old.is_required() && new.is_required())
}

fn item(
    key: ItemKey,
    row: &[Option<Member<'_>>],
    run: std::ops::Range<usize>,
    first: usize,
    operation: &Item,
    releases: &Releases<'_>,
) -> Option<Item> {
    let lives: Vec<(usize, &Member<'_>)> =
        run.clone().filter_map(|at| Some((first + at, row[at].as_ref()?))).collect();
    let ((begin, begun), (last, newest)) = (lives.first()?, lives.last()?);
    let mut item = Item::new(key, releases.since(*begin));
    if run.start == 0 {
        item.introduced = operation.introduced.clone();
    }
    if run.end < row.len() {
        item.removed = Some(releases.ids[first + run.end].clone());
    } else if operation.removed.is_some() {
        item.removed.clone_from(&operation.removed);
        item.with_parent = true;
    }
    item.introduced_at = Some(releases.origin(*begin, begun.node));
    item.last_at = Some(releases.origin(*last, newest.node));
    let became = lives.windows(2).find(|pair| !pair[0].1.is_required() && pair[1].1.is_required());
    item.required = became.map(|pair| releases.ids[pair[1].0].clone());
    if run.start > 0 && begun.is_required() {
        item.required = Some(releases.ids[*begin].clone());
    }
    let seen: Vec<Seen<'_>> =
        lives.iter().map(|(at, m)| Seen { at: *at, deprecation: m.deprecation }).collect();
    apply(&mut item, &seen, releases);
    if let Some(parameter) = newest.parameter {
        item.key.component = parameter.component.as_deref().map(str::to_owned);
        item.exempt = parameter.exempt || operation.exempt;
        let newest_label = lives.iter().rev().find_map(|(at, m)| Some((*at, m.deprecation?)));
        item.replacement =
            newest_label.and_then(|(at, label)| replacement::of_parameter(label, &item, at, releases));
    }
    item.exempt |= operation.exempt;
    Some(item)
}

/// What the lives of a shared parameter's uses must have in common.
#[derive(PartialEq, Eq, Hash)]
struct SharedLife {
    component: String,
    at: String,
    introduced: Option<Since>,
    deprecated: Option<ReleaseId>,
    flagged: Option<Since>,
    removed: Option<ReleaseId>,
    required: Option<ReleaseId>,
    announced: Vec<usize>,
}

/// Puts the items of one shared parameter component together: what happened to
/// the component is one event, however many operations use it. Those whose
/// lives differ stay apart.
fn shared(items: Vec<Found>) -> Vec<Found> {
    let mut groups: FxHashMap<SharedLife, usize> = FxHashMap::default();
    let mut out: Vec<Found> = Vec::new();
    for Found { item, announced } in items {
        let Some(component) = item.key.component.clone().filter(|_| item.key.kind == ItemKind::Parameter)
        else {
            out.push(Found { item, announced });
            continue;
        };
        let operation: Option<OperationKey> = item.key.operation.clone();
        let is_new_only = item.deprecated.is_none() && item.removed.is_none();
        let life = SharedLife {
            component,
            at: item.key.at.clone(),
            introduced: is_new_only.then(|| item.introduced.clone()),
            deprecated: item.deprecated.as_ref().map(|since| since.release.clone()),
            flagged: item.flagged.clone(),
            removed: item.removed.clone().filter(|_| !item.with_parent),
            required: item.required.clone(),
            announced: announced.clone(),
        };
        match groups.get(&life) {
            Some(index) => {
                let group = &mut out[*index].item;
                group.operations.extend(operation);
                // The component is as old as its oldest use.
                if item.introduced.or_earlier || item.introduced.release < group.introduced.release {
                    group.introduced = item.introduced;
                }
                // It went with its operations only if they all went.
                if group.with_parent && !item.with_parent {
                    group.with_parent = false;
                    group.removed = item.removed;
                }
                if let (Some(mine), Some(group_since)) = (&item.deprecated, &mut group.deprecated) {
                    group_since.or_earlier |= mine.or_earlier;
                }
                group.last_at = item.last_at.or(group.last_at.take());
                group.exempt &= item.exempt;
            }
            None => {
                let mut item = item;
                item.operations.extend(operation);
                groups.insert(life, out.len());
                out.push(Found { item, announced });
            }
        }
    }
    for Found { item, .. } in &mut out {
        if item.operations.len() > 1 {
            item.key.operation = None;
            item.operations.sort();
        } else {
            item.operations.clear();
        }
    }
    out
}
