//! What operations come to require while they are there: fields of a body and
//! parameters that the release before did not ask for.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::{Item, ItemKind};
use crate::document::{Direction, Document, Operation, OperationKey, ParameterIn, SchemaId};
use crate::release::ReleaseId;

/// Something that requests to an operation must hold from a release on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requirement {
    /// The place: `spec.name` in the body, `query:name` for a parameter. What holds
    /// a field may be left out as a whole, and the field with it.
    pub at: String,
    /// The first release that requires it; the one before has the operation too.
    pub since: ReleaseId,
    /// The first release that no longer does.
    pub until: Option<ReleaseId>,
}

/// Nesting of objects that is followed.
const MAX_DEPTH: usize = 24;
/// Schemas looked at for one body.
const MAX_STEPS: usize = 20_000;

/// Fills in what operations come to require. Bodies are read only where a field
/// of theirs is known to have become required.
pub(super) fn fill(items: &mut [Item], documents: &[(ReleaseId, Document)]) {
    let fields = items.iter().filter(|item| item.key.kind == ItemKind::RequestField);
    let changed: FxHashSet<OperationKey> = fields
        .filter(|item| item.required.is_some())
        .flat_map(|item| &item.payloads)
        .map(|payload| payload.operation.clone())
        .collect();
    for item in items.iter_mut().filter(|item| item.key.kind == ItemKind::Operation) {
        let Some(key) = &item.key.operation else { continue };
        let life = documents.iter().filter(|(release, _)| item.is_in(release));
        let with_body = changed.contains(key);
        let wanted: Vec<(&ReleaseId, BTreeSet<String>)> = life
            .filter_map(|(release, document)| {
                let operation = document.operation(key)?;
                Some((release, required(document, operation, with_body)))
            })
            .collect();
        let mut out: Vec<Requirement> = Vec::new();
        for pair in wanted.windows(2) {
            let [(_, old), (release, new)] = pair else { continue };
            for at in old.difference(new) {
                let known = out.iter_mut().rev().find(|known| known.at == *at && known.until.is_none());
                if let Some(known) = known {
                    known.until = Some(ReleaseId::clone(release));
                }
            }
            out.extend(new.difference(old).map(|at| Requirement {
                at: at.clone(),
                since: ReleaseId::clone(release),
                until: None,
            }));
        }
        out.sort();
        item.requirements = out;
    }
}

/// What requests to an operation must hold.
fn required(document: &Document, operation: &Operation, with_body: bool) -> BTreeSet<String> {
    let parameters = operation.parameters.iter();
    let mut out: BTreeSet<String> = parameters
        .filter(|parameter| parameter.required && parameter.location == ParameterIn::Query)
        .map(|parameter| parameter.at())
        .collect();
    if with_body && let Some(body) = &operation.body {
        // What every media type asks for: which one a client sends is not known.
        let mut bodies = body.content.iter().map(|media| match media.schema {
            Some(schema) => fields(document, schema),
            None => BTreeSet::new(),
        });
        if let Some(first) = bodies.next() {
            out.extend(bodies.fold(first, |all, next| all.intersection(&next).cloned().collect()));
        }
    }
    out
}

/// The places of a body that must be there wherever what holds them is.
fn fields(document: &Document, root: SchemaId) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut steps = 0;
    let mut queue = vec![(root, String::new(), vec![root])];
    while let Some((id, at, way)) = queue.pop() {
        steps += 1;
        if steps > MAX_STEPS {
            break;
        }
        let shape = document.shape(&[id], Direction::Request);
        let mut below = |schema: SchemaId, at: String| {
            if way.len() < MAX_DEPTH && !way.contains(&schema) {
                let way = way.iter().copied().chain([schema]).collect();
                queue.push((schema, at, way));
            }
        };
        for property in &shape.properties {
            let place = match at.is_empty() {
                true => property.name.clone(),
                false => format!("{at}.{}", property.name),
            };
            // What only some of several alternatives declare asks for nothing in all.
            if let ([only], [firm]) = (property.schemas.as_slice(), property.firm.as_slice())
                && only == firm
            {
                below(*only, place.clone());
            }
            if property.required {
                out.insert(place);
            }
        }
        for (members, mark) in [(&shape.items, "[]"), (&shape.values, "{}")] {
            if let [only] = members.as_slice()
                && shape.firm.contains(only)
            {
                below(*only, format!("{at}{mark}"));
            }
        }
    }
    out
}
