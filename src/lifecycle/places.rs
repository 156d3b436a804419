//! Every place of a payload at which a component's field appears.

use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::{children, field_key};
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
/// Most steps of a walk through all payloads: schemas can be shared in ways
/// that make more places than anybody could read.
const MAX_STEPS: usize = 5_000_000;

/// All places of the given field items in a document, by item; each list is
/// sorted. Items that are no fields have none.
pub fn places(document: &Document, items: &[&Item]) -> Vec<Vec<Place>> {
    let mut out = vec![Vec::new(); items.len()];
    for direction in [Direction::Request, Direction::Response] {
        let by_key: FxHashMap<&ItemKey, usize> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| matches!(item.key.kind, ItemKind::RequestField | ItemKind::ResponseField))
            .map(|(index, item)| (&item.key, index))
            .collect();
        let index = |id: SchemaId| Some((id, *by_key.get(&field_key(document, id, direction))?));
        let wanted: FxHashMap<SchemaId, usize> = document.schema_ids().filter_map(index).collect();
        let leads = leading(document, &wanted);
        let mut walk = Walk { document, direction, wanted, out: &mut out, leads, steps: 0 };
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
                walk.payload(schema, &place);
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

/// What a walk has still to do.
enum Step {
    /// Look at these schemas, which stand at that place.
    Enter(Vec<SchemaId>, String),
    /// All below these schemas has been looked at.
    Leave(Vec<SchemaId>),
}

struct Walk<'w> {
    document: &'w Document,
    direction: Direction,
    /// The items' places in the list, by the schemas that stand for them.
    wanted: FxHashMap<SchemaId, usize>,
    out: &'w mut Vec<Vec<Place>>,
    /// Whether a schema leads to a wanted one.
    leads: Vec<bool>,
    steps: usize,
}

impl Walk<'_> {
    /// Walks a payload down to everything wanted. Without recursion of its own:
    /// references chain to any depth.
    fn payload(&mut self, root: SchemaId, payload: &Place) {
        let mut on_the_way: FxHashSet<Vec<SchemaId>> = FxHashSet::default();
        let mut stack = vec![Step::Enter(vec![root], String::new())];
        while let Some(step) = stack.pop() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return;
            }
            let (ids, at) = match step {
                Step::Enter(ids, at) => (ids, at),
                Step::Leave(ids) => {
                    on_the_way.remove(&ids);
                    continue;
                }
            };
            for id in &ids {
                self.note(*id, payload, &at);
            }
            if on_the_way.contains(&ids) || !ids.iter().any(|id| self.leads[id.index()]) {
                continue;
            }
            on_the_way.insert(ids.clone());
            let shape = self.document.shape(&ids, self.direction);
            stack.push(Step::Leave(ids));
            for property in shape.properties {
                let name = property.name;
                let below = if at.is_empty() { name } else { format!("{at}.{name}") };
                stack.push(Step::Enter(property.schemas, below));
            }
            for (members, mark) in [(shape.items, "[]"), (shape.values, "{}")] {
                if !members.is_empty() {
                    stack.push(Step::Enter(members, format!("{at}{mark}")));
                }
            }
        }
    }

    fn note(&mut self, id: SchemaId, payload: &Place, at: &str) {
        if let Some(index) = self.wanted.get(&id)
            && self.out[*index].len() < MAX_PLACES
        {
            self.out[*index].push(Place { at: at.to_owned(), ..payload.clone() });
        }
    }
}

/// Which schemas lead to a wanted one.
fn leading(document: &Document, wanted: &FxHashMap<SchemaId, usize>) -> Vec<bool> {
    let mut users: Vec<Vec<SchemaId>> = vec![Vec::new(); document.schemas().len()];
    for id in document.schema_ids() {
        for child in children(document.schema(id)) {
            users[child.index()].push(id);
        }
    }
    let mut leads = vec![false; users.len()];
    let mut queue: Vec<SchemaId> = document.schema_ids().filter(|id| wanted.contains_key(id)).collect();
    while let Some(id) = queue.pop() {
        if !std::mem::replace(&mut leads[id.index()], true) {
            queue.extend(&users[id.index()]);
        }
    }
    leads
}
