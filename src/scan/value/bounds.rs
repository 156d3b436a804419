//! How much a value may hold.

use std::sync::Arc;

use super::guard::Guard;
use super::{Kind, MAX_ALTERNATIVES, Piece, Term, Value};

/// Alternatives kept of a table of which a caller gives the key, and of what the variants of an
/// enumeration are: each call takes one.
const MAX_KEYED: usize = 128;

/// Places that are kept for what comes later.
const MOST_KEPT: usize = 2;

/// How many alternatives a value may have for one with these conditions to be added.
pub(crate) fn room(guards: &[Guard]) -> usize {
    if guards.iter().any(|guard| guard.key().is_some() || guard.variant().is_some()) {
        MAX_KEYED
    } else {
        MAX_ALTERNATIVES
    }
}

/// The alternatives of a part of a text, and how many places are kept for each of the texts
/// before it: where not all have room, the first do not take it from the last, which may be
/// the ones that are known. Of alternatives that are not known one is enough, if
/// that always holds.
pub(crate) fn shared_out(part: &Value, fronts: usize) -> (Vec<(Vec<Piece>, &Term)>, usize) {
    let mut texts: Vec<_> = part.texts().collect();
    // Python writes `None` out, which nobody asks for where there is something else.
    let none = |term: &Term| matches!(&term.kind, Kind::Unknown(name) if &**name == "None");
    if texts.iter().any(|(_, term)| !none(term)) {
        texts.retain(|(_, term)| !none(term));
    }
    if texts.len().saturating_mul(fronts) <= MAX_ALTERNATIVES {
        return (texts, 0);
    }
    let hole = |pieces: &[Piece]| matches!(pieces, [Piece::Hole(_)]);
    let always = |term: &Term| {
        term.when.is_empty() && term.without.is_empty() && term.given.is_empty() && term.guards.is_empty()
    };
    if texts.iter().any(|(pieces, term)| hole(pieces) && always(term)) {
        texts.retain(|(pieces, term)| !hole(pieces) || always(term));
    }
    (texts, (MAX_ALTERNATIVES / fronts.max(1)).clamp(1, MOST_KEPT))
}

impl Value {
    /// The value, or nothing known where there are more values in it than so many:
    /// objects that hold one another double with every assignment.
    pub(crate) fn no_more_than(&self, most: usize) -> Self {
        if self.holds_at_most(most) { self.clone() } else { Self::unknown("") }
    }

    /// The value without the elements of the lists that it may be: what is put into a list
    /// may be a request, but what is there already is no part of it.
    pub(crate) fn emptied(mut self) -> Self {
        for term in &mut self.terms {
            if let Kind::List(items) = &mut term.kind {
                *items = Arc::default();
            }
        }
        self
    }

    /// Whether there are at most so many values in it.
    pub(crate) fn holds_at_most(&self, most: usize) -> bool {
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
        count(self, &mut left)
    }
}
