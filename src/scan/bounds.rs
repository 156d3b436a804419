//! How much a value may hold.

use super::guards::Guard;
use super::value::{Kind, MAX_ALTERNATIVES, Value};

/// Alternatives kept of a table of which a caller gives the key: each call takes one.
const MAX_KEYED: usize = 128;

/// How many alternatives a value may have for one with these conditions to be added.
pub(crate) fn room(guards: &[Guard]) -> usize {
    if guards.iter().any(|guard| guard.key().is_some()) { MAX_KEYED } else { MAX_ALTERNATIVES }
}

impl Value {
    /// The value, or nothing known where there are more values in it than so many:
    /// objects that hold one another double with every assignment.
    pub(crate) fn no_more_than(&self, most: usize) -> Self {
        fn count(value: &Value, left: &mut usize) -> bool {
            let mut within = |inner: &Value| match left.checked_sub(1) {
                Some(less) => {
                    *left = less;
                    count(inner, left)
                }
                None => false,
            };
            value.terms.iter().all(|term| match &term.kind {
                Kind::List(items) => items.iter().all(&mut within),
                Kind::Object(entries) => entries.iter().all(|(_, value)| within(value)),
                Kind::Instance(_, fields) => fields.iter().all(|(_, value)| within(value)),
                Kind::Client(inner) | Kind::Bound(inner, _) => within(inner),
                _ => true,
            })
        }
        let mut left = most;
        if count(self, &mut left) { self.clone() } else { Self::unknown("") }
    }
}
