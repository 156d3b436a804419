//! Every place of a payload at which a component's field appears.

use rustc_hash::{FxHashMap, FxHashSet};

use super::compare::{children, field_key};
use super::resolve::resolve;
use super::{Item, ItemKey, ItemKind, Payload};
use crate::document::{Direction, Document, MediaType, OperationKey, SchemaId};
use crate::release::ReleaseId;

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
/// Most places of one field in one operation that are kept for clients.
const MAX_PAYLOAD_PLACES: usize = 256;
/// Most steps of a walk through all payloads: schemas can be shared in ways
/// that make more places than anybody could read.
const MAX_STEPS: usize = 5_000_000;

/// All places of the given field items in a document, by item; each list is
/// sorted. Items that are no fields have none.
pub fn places(document: &Document, items: &[&Item]) -> Vec<Vec<Place>> {
    listed(document, items, false)
}

/// Fills in where clients meet the fields that have an event: in the last
/// document that has them. A place counts only where nothing else declares a
/// field of that name too, and, once the field has gone, where the next document
/// has none.
pub(super) fn payloads(items: &mut [Item], documents: &[(ReleaseId, Document)]) {
    for (at, (release, document)) in documents.iter().enumerate() {
        let next = documents.get(at + 1);
        let is_last = |item: &Item| {
            let field = matches!(item.key.kind, ItemKind::RequestField | ItemKind::ResponseField);
            field && item.has_event() && item.is_in(release) && next.is_none_or(|(next, _)| !item.is_in(next))
        };
        let indexes: Vec<usize> = (0..items.len()).filter(|index| is_last(&items[*index])).collect();
        if indexes.is_empty() {
            continue;
        }
        let asked: Vec<&Item> = indexes.iter().map(|index| &items[*index]).collect();
        let found = listed(document, &asked, true);
        for (index, places) in indexes.into_iter().zip(found) {
            let item = &mut items[index];
            let mut out: Vec<Payload> = Vec::new();
            for place in places {
                let succeeds = |status: &String| status.starts_with('2') || status == "default";
                let stays = || match (&item.removed, next) {
                    (Some(_), Some((_, next))) => stands(next, &place),
                    _ => false,
                };
                if !place.status.as_ref().is_none_or(succeeds) || stays() {
                    continue;
                }
                match out.iter_mut().find(|payload| payload.operation == place.operation) {
                    Some(known) if known.at.contains(&place.at) => {}
                    Some(known) if known.at.len() >= MAX_PAYLOAD_PLACES => {}
                    Some(known) => known.at.push(place.at),
                    None => out.push(Payload { operation: place.operation, at: vec![place.at] }),
                }
            }
            out.iter_mut().for_each(|payload| payload.at.sort());
            item.payloads = out;
        }
    }
}

/// Whether a document has a field at a place, whatever declares it, in some
/// media type and status.
fn stands(document: &Document, place: &Place) -> bool {
    let Some(operation) = document.operation(&place.operation) else { return false };
    let bodies: Vec<&MediaType> = match place.direction {
        Direction::Request => operation.body.iter().flat_map(|body| &body.content).collect(),
        Direction::Response => operation.responses.iter().flat_map(|response| &response.content).collect(),
    };
    let mut schemas = bodies.into_iter().filter_map(|media| media.schema);
    schemas.any(|schema| !resolve(document, &[schema], &place.at, place.direction).is_empty())
}

/// The places of items; only the sure ones if asked for.
fn listed(document: &Document, items: &[&Item], sure: bool) -> Vec<Vec<Place>> {
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
        let held = if sure { held(document, direction, &by_key, &wanted) } else { FxHashMap::default() };
        let leads = leading(document, |id| wanted.contains_key(&id) || held.contains_key(&id));
        let mut walk = Walk { document, direction, wanted, out: &mut out, held, leads, sure, steps: 0 };
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
    /// Look at these schemas, of which the second hold for every value, and which
    /// stand at that place.
    Enter(Vec<SchemaId>, Vec<SchemaId>, String),
    /// All below these schemas has been looked at.
    Leave(Vec<SchemaId>),
}

struct Walk<'w> {
    document: &'w Document,
    direction: Direction,
    /// The items' places in the list, by the schemas that stand for them.
    wanted: FxHashMap<SchemaId, usize>,
    out: &'w mut Vec<Vec<Place>>,
    /// Names wanted of what uses a schema, by the schema.
    held: FxHashMap<SchemaId, Vec<(String, usize)>>,
    /// Whether a schema leads to a wanted one.
    leads: Vec<bool>,
    /// Whether a place counts only if all that declares it is wanted, or what is
    /// wanted holds for every value.
    sure: bool,
    steps: usize,
}

impl Walk<'_> {
    /// Walks a payload down to everything wanted. Without recursion of its own:
    /// references chain to any depth.
    fn payload(&mut self, root: SchemaId, payload: &Place) {
        let mut on_the_way: FxHashSet<Vec<SchemaId>> = FxHashSet::default();
        let mut stack = vec![Step::Enter(vec![root], vec![root], String::new())];
        while let Some(step) = stack.pop() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return;
            }
            let (ids, firm, at) = match step {
                Step::Enter(ids, firm, at) => (ids, firm, at),
                Step::Leave(ids) => {
                    on_the_way.remove(&ids);
                    continue;
                }
            };
            let all = ids.iter().all(|id| self.wanted.contains_key(id));
            let any = all || !self.sure;
            for id in ids.iter().filter(|id| any || firm.contains(id)) {
                self.note(*id, payload, &at);
            }
            for id in &ids {
                for (name, index) in self.held.get(id).into_iter().flatten() {
                    let below = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                    let place = Place { at: below, ..payload.clone() };
                    if self.out[*index].len() < MAX_PLACES && stands(self.document, &place) {
                        self.out[*index].push(place);
                    }
                }
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
                stack.push(Step::Enter(property.schemas, property.firm, below));
            }
            for (members, mark) in [(shape.items, "[]"), (shape.values, "{}")] {
                if !members.is_empty() {
                    stack.push(Step::Enter(members, Vec::new(), format!("{at}{mark}")));
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

/// What is named after the schema that uses it and not after what declares it:
/// a reference that leads to another component gives and takes names.
fn held(
    document: &Document,
    direction: Direction,
    by_key: &FxHashMap<&ItemKey, usize>,
    wanted: &FxHashMap<SchemaId, usize>,
) -> FxHashMap<SchemaId, Vec<(String, usize)>> {
    let declared: FxHashSet<usize> = wanted.values().copied().collect();
    let mut holders: FxHashMap<ItemKey, Vec<(String, usize)>> = FxHashMap::default();
    for (key, index) in by_key.iter().filter(|(_, index)| !declared.contains(*index)) {
        let (at, name) = key.at.rsplit_once('.').unwrap_or(("", &key.at));
        let holder = ItemKey { at: at.to_owned(), ..(*key).clone() };
        holders.entry(holder).or_default().push((name.to_owned(), *index));
    }
    if holders.is_empty() {
        return FxHashMap::default();
    }
    let names = |id: SchemaId| Some((id, holders.get(&field_key(document, id, direction))?.clone()));
    document.schema_ids().filter_map(names).collect()
}

/// Which schemas lead to a wanted one.
fn leading(document: &Document, is_wanted: impl Fn(SchemaId) -> bool) -> Vec<bool> {
    let mut users: Vec<Vec<SchemaId>> = vec![Vec::new(); document.schemas().len()];
    for id in document.schema_ids() {
        for child in children(document.schema(id)) {
            users[child.index()].push(id);
        }
    }
    let mut leads = vec![false; users.len()];
    let mut queue: Vec<SchemaId> = document.schema_ids().filter(|id| is_wanted(*id)).collect();
    while let Some(id) = queue.pop() {
        if !std::mem::replace(&mut leads[id.index()], true) {
            queue.extend(&users[id.index()]);
        }
    }
    leads
}
