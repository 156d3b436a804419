//! Announcements that name a place: from `POST /jobs request:spec.image` to
//! the item that stands there.
//!
//! A field belongs to the component that declares it, so that its name alone
//! does not tell which operations carry it; the documents do.

use super::compare::{field_key, value_key};
use super::labels::Releases;
use super::resolve::resolve;
use super::surface::Surface;
use super::{ItemKey, ItemKind};
use crate::document::{Anchor, Direction, Operation, OperationKey, SchemaId};
use crate::policy::{Calendar, ItemSelector, Place, Policy, Subject, Target};

/// The announcements of a policy by number, where they name a place.
#[derive(Default)]
pub(super) struct Announced<'p> {
    parameters: Vec<(usize, &'p ItemSelector)>,
    /// For each document, the fields and values that are announced, in order.
    fields: Vec<Vec<(ItemKey, usize)>>,
}

impl<'p> Announced<'p> {
    pub(super) fn new(
        policy: &'p Policy,
        calendar: &Calendar,
        releases: &Releases<'_>,
        surfaces: &[Surface<'_>],
    ) -> Self {
        let mut out = Self { parameters: Vec::new(), fields: vec![Vec::new(); surfaces.len()] };
        for (number, announcement) in policy.announcements.iter().enumerate() {
            let selector = &announcement.item.value;
            match (selector.place(), selector.value()) {
                (None, _) => {}
                (Some(Place::Parameter { .. }), None) => out.parameters.push((number, selector)),
                (Some(place), _) => {
                    let release = calendar.index(&announcement.release.value);
                    for (at, surface) in surfaces.iter().enumerate() {
                        // What was there before is another life if it went in between.
                        let is_late = calendar.index(&releases.ids[at]) >= release;
                        if is_late || at + 1 == surfaces.len() {
                            let found = keys(surface, selector, place);
                            out.fields[at].extend(found.into_iter().map(|key| (key, number)));
                        }
                    }
                }
            }
        }
        out
    }

    /// The announcements of a parameter.
    pub(super) fn of_parameter(&self, operation: &OperationKey, at: &str) -> Vec<usize> {
        let subject = Subject { operation: Some(operation), at: Some(at), ..Subject::default() };
        let about = self.parameters.iter().filter(|(_, selector)| selector.covers(&subject));
        about.map(|(number, _)| *number).collect()
    }

    /// The announced fields and values of the document at that place.
    pub(super) fn fields(&self, at: usize) -> &[(ItemKey, usize)] {
        self.fields.get(at).map_or(&[], Vec::as_slice)
    }
}

/// The items at a selector's place in one document.
fn keys(surface: &Surface<'_>, selector: &ItemSelector, place: &Place) -> Vec<ItemKey> {
    let mut out: Vec<ItemKey> = Vec::new();
    for direction in [Direction::Request, Direction::Response] {
        for id in standing(surface, selector, place, direction) {
            out.extend(named(surface, selector.value(), id, direction));
        }
    }
    out.sort();
    out.dedup();
    out
}

/// The schemas at a selector's place, as they go in `direction`.
fn standing(
    surface: &Surface<'_>,
    selector: &ItemSelector,
    place: &Place,
    direction: Direction,
) -> Vec<SchemaId> {
    let document = surface.document;
    let at = match place {
        Place::Field { direction: Some(wanted), .. } if *wanted != direction => return Vec::new(),
        Place::Field { at, .. } => at,
        Place::Parameter { .. } => "",
    };
    let mut out = Vec::new();
    match selector.target() {
        Target::Component(pointer) => {
            let anchor = Anchor::Component(pointer.as_str().into()).into();
            out.extend(resolve(document, surface.declared(&anchor, ""), at, direction));
        }
        Target::Operation { method, path } => {
            let named =
                method.as_ref().map(|method| OperationKey { method: method.clone(), path: path.clone() });
            let about: Vec<&Operation> = match named {
                Some(key) => document.operation(&key).into_iter().collect(),
                None => document.operations().iter().filter(|op| op.key.path == *path).collect(),
            };
            for operation in about {
                for root in payloads(operation, selector, place, direction) {
                    out.extend(resolve(document, &[root], at, direction));
                }
            }
        }
    }
    out.retain(|id| surface.reaches(*id, direction));
    out
}

/// The payloads of an operation that a place can be in.
fn payloads(
    operation: &Operation,
    selector: &ItemSelector,
    place: &Place,
    direction: Direction,
) -> Vec<SchemaId> {
    match (place, direction) {
        (Place::Parameter { .. }, Direction::Response) => Vec::new(),
        (Place::Parameter { .. }, Direction::Request) => {
            let meant = operation.parameters.iter().filter(|p| selector.matches_place(None, &p.at()));
            meant.filter_map(|parameter| parameter.schema).collect()
        }
        (Place::Field { .. }, Direction::Request) => {
            operation.body.iter().flat_map(|body| &body.content).filter_map(|media| media.schema).collect()
        }
        (Place::Field { .. }, Direction::Response) => {
            let content = operation.responses.iter().flat_map(|response| &response.content);
            content.filter_map(|media| media.schema).collect()
        }
    }
}

/// The items that a schema stands for: itself, or its enum value.
fn named(surface: &Surface<'_>, value: Option<&str>, id: SchemaId, direction: Direction) -> Vec<ItemKey> {
    let document = surface.document;
    let Some(value) = value else { return vec![field_key(document, id, direction)] };
    let lists = |id: &SchemaId| document.schema(*id).enum_values.iter().any(|known| known.text == value);
    let enums = document.shape(&[id], direction).enums;
    enums.into_iter().filter(lists).map(|id| value_key(document, id, direction, value)).collect()
}

/// Whether an announcement can be about an item of that kind as a whole: one
/// of an operation is not one of all its members.
pub(super) fn speaks_of(selector: &ItemSelector, kind: ItemKind) -> bool {
    kind == ItemKind::Operation || selector.place().is_some() || selector.value().is_some()
}
