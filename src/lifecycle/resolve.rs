//! From a written place to the schemas that stand there.

use crate::document::{Direction, Document, SchemaId};

/// Most steps of a place that are followed.
const MAX_STEPS: usize = 256;

/// The schemas at the place `at` (`entries[].spec.compute`) below `start`, in a
/// payload that goes in `direction`: all that declare it, through `$ref`,
/// `allOf` and branches. Empty where there is no such place.
pub(super) fn resolve(
    document: &Document,
    start: &[SchemaId],
    at: &str,
    direction: Direction,
) -> Vec<SchemaId> {
    below(document, start, at, direction, MAX_STEPS)
}

fn below(
    document: &Document,
    start: &[SchemaId],
    at: &str,
    direction: Direction,
    steps: usize,
) -> Vec<SchemaId> {
    if at.is_empty() || start.is_empty() {
        return start.to_vec();
    }
    let Some(steps) = steps.checked_sub(1) else { return Vec::new() };
    let shape = document.shape(start, direction);
    for (mark, members) in [("[]", &shape.items), ("{}", &shape.values)] {
        if let Some(rest) = at.strip_prefix(mark) {
            return below(document, members, rest.strip_prefix('.').unwrap_or(rest), direction, steps);
        }
    }
    // A name may hold dots and brackets itself, so that several may fit.
    let fits = shape.properties.iter().filter_map(|property| {
        let rest = at.strip_prefix(property.name.as_str())?;
        let rest = match rest.strip_prefix('.') {
            Some(rest) => rest,
            None if rest.is_empty() || rest.starts_with(['[', '{']) => rest,
            None => return None,
        };
        let found = below(document, &property.schemas, rest, direction, steps);
        (!found.is_empty()).then_some(found)
    });
    fits.into_iter().next().unwrap_or_default()
}
