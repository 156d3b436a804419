//! Every place of a payload at which a component's field appears.

use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::field_key;
use super::{Item, ItemKey, ItemKind};
use crate::document::{Direction, Document, MediaType, OperationKey, SchemaId};

/// A field's place in one payload of one operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The operation.
    pub operation: OperationKey,
    /// Which way the payload goes.
    pub direction: Direction,
    /// The response's status; `None` for a request.
    pub status: Option<String>,
    /// The media type.
    pub media_type: String,
    /// The place in the payload: `entries[].spec.compute`.
    pub at: String,
}

/// Most places that are listed for one item; recursion is followed once round.
const MAX_PLACES: usize = 20_000;

/// All places of the given field items in a document, by item; each list is
/// sorted. Items that are no fields have none.
pub fn places(document: &Document, items: &[&Item]) -> Vec<Vec<Place>> {
    let mut out = vec![Vec::new(); items.len()];
    for direction in [Direction::Request, Direction::Response] {
        let wanted: FxHashMap<ItemKey, usize> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| matches!(item.key.kind, ItemKind::RequestField | ItemKind::ResponseField))
            .map(|(index, item)| (item.key.clone(), index))
            .collect();
        let mut walk =
            Walk { document, direction, wanted: &wanted, out: &mut out, leads: FxHashMap::default() };
        for operation in document.operations() {
            let mut payload = |media: &MediaType, status: Option<&str>| {
                let Some(schema) = media.schema else { return };
                let place = Place {
                    operation: operation.key.clone(),
                    direction,
                    status: status.map(str::to_owned),
                    media_type: media.name.clone(),
                    at: String::new(),
                };
                walk.shape(&[schema], &place, &mut FxHashSet::default());
            };
            match direction {
                Direction::Request => {
                    for media in operation.body.iter().flat_map(|body| &body.content) {
                        payload(media, None);
                    }
                }
                Direction::Response => {
                    for response in &operation.responses {
                        for media in &response.content {
                            payload(media, Some(&response.status));
                        }
                    }
                }
            }
        }
    }
    for list in &mut out {
        list.sort();
        list.dedup();
    }
    out
}

struct Walk<'w> {
    document: &'w Document,
    direction: Direction,
    wanted: &'w FxHashMap<ItemKey, usize>,
    out: &'w mut Vec<Vec<Place>>,
    /// Whether a set of schemas leads to a wanted field.
    leads: FxHashMap<Vec<SchemaId>, bool>,
}

impl Walk<'_> {
    fn shape(&mut self, ids: &[SchemaId], place: &Place, on_the_way: &mut FxHashSet<Vec<SchemaId>>) {
        for id in ids {
            self.note(*id, place);
        }
        if !self.leads_to_wanted(ids) || !on_the_way.insert(ids.to_vec()) {
            return;
        }
        let shape = self.document.shape(ids, self.direction);
        for property in &shape.properties {
            let at = &place.at;
            let at = if at.is_empty() { property.name.clone() } else { format!("{at}.{}", property.name) };
            self.shape(&property.schemas, &Place { at, ..place.clone() }, on_the_way);
        }
        for (members, mark) in [(&shape.items, "[]"), (&shape.values, "{}")] {
            if !members.is_empty() {
                let at = format!("{}{mark}", place.at);
                self.shape(members, &Place { at, ..place.clone() }, on_the_way);
            }
        }
        on_the_way.remove(ids);
    }

    fn note(&mut self, id: SchemaId, place: &Place) {
        let key = field_key(self.document, id, self.direction);
        if let Some(index) = self.wanted.get(&key)
            && self.out[*index].len() < MAX_PLACES
        {
            self.out[*index].push(place.clone());
        }
    }

    /// Whether anything wanted can be reached from a set of schemas.
    fn leads_to_wanted(&mut self, ids: &[SchemaId]) -> bool {
        if let Some(known) = self.leads.get(ids) {
            return *known;
        }
        let mut seen = FxHashSet::default();
        let mut queue = ids.to_vec();
        let mut found = false;
        while let Some(id) = queue.pop() {
            if !seen.insert(id) {
                continue;
            }
            if self.wanted.contains_key(&field_key(self.document, id, self.direction)) {
                found = true;
                break;
            }
            queue.extend(super::compare::children(self.document.schema(id)));
        }
        self.leads.insert(ids.to_vec(), found);
        found
    }
}
