//! One document prepared for comparison: what is reachable in which direction,
//! and where each name is declared.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::compare::{Hashes, children};
use super::resolve::resolve;
use super::{ItemKey, ItemKind};
use crate::document::{Anchor, Direction, Document, SchemaId};

#[derive(Debug)]
pub(super) struct Surface<'d> {
    pub(super) document: &'d Document,
    pub(super) hashes: Hashes,
    declared: FxHashMap<(Arc<Anchor>, Arc<str>), Vec<SchemaId>>,
    reachable: [Vec<bool>; 2],
    /// The same without what is exempt from the window.
    protected: [Vec<bool>; 2],
}

impl<'d> Surface<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let mut declared: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for id in document.schema_ids() {
            let schema = document.schema(id);
            declared.entry((schema.anchor.clone(), schema.at.clone())).or_default().push(id);
        }
        let directions = [Direction::Request, Direction::Response];
        let reachable = directions.map(|direction| reached(document, direction, false));
        let protected = if has_exempt(document) {
            directions.map(|direction| reached(document, direction, true))
        } else {
            reachable.clone()
        };
        Self { document, hashes: Hashes::new(document), declared, reachable, protected }
    }

    /// The schemas that are declared at that place of that anchor.
    pub(super) fn declared(&self, anchor: &Arc<Anchor>, at: &str) -> &[SchemaId] {
        self.declared.get(&(anchor.clone(), Arc::from(at))).map_or(&[], Vec::as_slice)
    }

    /// Whether some operation sends or receives that schema.
    pub(super) fn reaches(&self, id: SchemaId, direction: Direction) -> bool {
        self.reachable[direction as usize][id.index()]
    }

    /// The reachable schemas that stand at the place that a field or enum value
    /// is named after: those that are written there or, where a component uses
    /// another one, those that the other one declares.
    pub(super) fn field(&self, key: &ItemKey) -> Vec<SchemaId> {
        let written = self.written(key);
        if !written.is_empty() {
            return written;
        }
        let (anchor, at) = place(key);
        let direction = direction(key);
        let below = resolve(self.document, self.declared(&anchor, ""), at, direction);
        self.standing(&below, direction, key)
    }

    /// The reachable schemas that are written at that place itself.
    pub(super) fn written(&self, key: &ItemKey) -> Vec<SchemaId> {
        let (anchor, at) = place(key);
        self.standing(self.declared(&anchor, at), direction(key), key)
    }

    /// Those of `ids` that go in that direction and list the key's value.
    fn standing(&self, ids: &[SchemaId], direction: Direction, key: &ItemKey) -> Vec<SchemaId> {
        let lists = |id: &SchemaId| {
            let values = &self.document.schema(*id).enum_values;
            key.value.as_ref().is_none_or(|value| values.iter().any(|known| known.text == *value))
        };
        ids.iter().copied().filter(|id| self.reaches(*id, direction) && lists(id)).collect()
    }

    /// Whether a field or enum value stands only where the window does not apply:
    /// in exempt operations, below exempt fields.
    pub(super) fn is_exempt(&self, key: &ItemKey) -> bool {
        let protected = &self.protected[direction(key) as usize];
        let found = self.field(key);
        !found.is_empty() && found.iter().all(|id| !protected[id.index()])
    }

    /// Whether an operation sends or receives a field or enum value of that name.
    pub(super) fn has_field(&self, key: &ItemKey) -> bool {
        !self.field(key).is_empty()
    }
}

fn direction(key: &ItemKey) -> Direction {
    match (key.kind, key.direction) {
        (_, Some(direction)) => direction,
        (ItemKind::ResponseField, _) => Direction::Response,
        _ => Direction::Request,
    }
}

/// What a name belongs to, and the place in it.
fn place(key: &ItemKey) -> (Arc<Anchor>, &str) {
    let anchor = Arc::new(anchor_of(key));
    let at = match &*anchor {
        Anchor::Inline { parameter, .. } if !parameter.is_empty() => {
            key.at[parameter.len()..].trim_start_matches('.')
        }
        _ => key.at.as_str(),
    };
    (anchor, at)
}

fn anchor_of(key: &ItemKey) -> Anchor {
    match (&key.component, &key.operation) {
        (None, Some(operation)) => {
            let in_parameter =
                ["query:", "path:", "header:", "cookie:"].iter().any(|p| key.at.starts_with(p));
            let parameter = if in_parameter { key.at.split('.').next().unwrap_or_default() } else { "" };
            Anchor::Inline {
                operation: operation.clone(),
                parameter: parameter.to_owned(),
                status: key.status.clone(),
                media_type: key.media_type.clone().unwrap_or_default(),
            }
        }
        (component, _) => Anchor::Component(component.as_deref().unwrap_or_default().into()),
    }
}

fn has_exempt(document: &Document) -> bool {
    document.operations().iter().any(|operation| operation.exempt)
        || document.schemas().iter().any(|schema| schema.exempt)
}

/// The schemas that operations send or receive; with `protected` not those that
/// exempt operations and fields alone lead to.
fn reached(document: &Document, direction: Direction, protected: bool) -> Vec<bool> {
    let mut seen = vec![false; document.schemas().len()];
    let mut queue: Vec<SchemaId> = Vec::new();
    for operation in document.operations().iter().filter(|operation| !(protected && operation.exempt)) {
        match direction {
            Direction::Request => {
                queue.extend(operation.parameters.iter().filter_map(|parameter| parameter.schema));
                let content = operation.body.iter().flat_map(|body| &body.content);
                queue.extend(content.filter_map(|media| media.schema));
            }
            Direction::Response => {
                let content = operation.responses.iter().flat_map(|response| &response.content);
                queue.extend(content.filter_map(|media| media.schema));
            }
        }
    }
    while let Some(id) = queue.pop() {
        let schema = document.schema(id);
        let barred = match direction {
            Direction::Request => schema.read_only,
            Direction::Response => schema.write_only,
        };
        let barred = barred || (protected && schema.exempt);
        if !barred && !std::mem::replace(&mut seen[id.index()], true) {
            queue.extend(children(schema));
        }
    }
    seen
}
