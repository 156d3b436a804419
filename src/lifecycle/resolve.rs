//! From a written place to the schemas that stand there.

use crate::document::{Direction, Document, SchemaId};

/// The schemas at the place `at` (`entries[].spec.compute`) below `start`, in a
/// payload that goes in `direction`: all that declare it, through `$ref`,
/// `allOf` and branches. Empty where there is no such place.
pub(super) fn resolve(
    document: &Document,
    start: &[SchemaId],
    at: &str,
    direction: Direction,
) -> Vec<SchemaId> {
    if at.is_empty() || start.is_empty() {
        return start.to_vec();
    }
    let shape = document.shape(start, direction);
    for (mark, members) in [("[]", &shape.items), ("{}", &shape.values)] {
        if let Some(rest) = at.strip_prefix(mark) {
            return resolve(document, members, rest.strip_prefix('.').unwrap_or(rest), direction);
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
        let found = resolve(document, &property.schemas, rest, direction);
        (!found.is_empty()).then_some(found)
    });
    fits.into_iter().next().unwrap_or_default()
}
