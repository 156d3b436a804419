//! Fields that are empty until somebody sets them: `self.id = ""`.
//!
//! Such a text is what it says at the front of a URL or behind it, but no
//! segment of a path, since nobody asks for nothing.

use super::{Kind, Piece, Term, Value};
use crate::scan::form::Span;

/// Where an empty text stands that a field only has until it is given something.
const UNSET: Span = Span { start: u32::MAX, end: 1 };

impl Value {
    /// The value of a field: where it is empty, it is so until it is given something.
    pub(crate) fn of_field(self) -> Self {
        self.map_texts(|pieces| {
            if pieces.is_empty() {
                let (text, local) = ("".into(), true);
                pieces.push(Piece::Literal { text, literal: UNSET, origin: UNSET, local });
            }
            if let [Piece::Literal { text, literal, .. }] = pieces.as_mut_slice()
                && text.is_empty()
            {
                *literal = UNSET;
            }
        })
    }

    /// A part of a path: a field that is empty there is not set, since nobody asks for
    /// nothing. `"users/%s" % self.id`
    fn as_segment(&self) -> Self {
        let mut out = self.clone();
        for term in out.terms.iter_mut().filter(|term| is_unset(term)) {
            term.kind = Kind::Unknown("".into());
        }
        out
    }

    /// Whether all alternatives are texts that end in a word and a slash.
    fn ends_a_segment(&self) -> bool {
        let ends = |term: &Term| match &term.kind {
            Kind::Text(pieces) => match pieces.last() {
                Some(Piece::Literal { text, .. }) => text.strip_suffix('/').is_some_and(names_segment),
                _ => false,
            },
            _ => false,
        };
        !self.is_empty() && self.terms.iter().all(ends)
    }
}

/// Whether a text ends with a word of a path: a host alone is none.
fn names_segment(text: &str) -> bool {
    let path =
        text.split_once("://").map_or(Some(text), |(_, rest)| rest.split_once('/').map(|(_, path)| path));
    path.is_some_and(|path| path.ends_with(char::is_alphanumeric))
}

/// Whether an alternative is what a field is until it is given something.
fn is_unset(term: &Term) -> bool {
    match &term.kind {
        Kind::Text(pieces) => matches!(pieces.as_slice(), [Piece::Literal { literal: UNSET, .. }]),
        _ => false,
    }
}

/// The parts of a text where one of them is a segment that is not set; `None` where there
/// is no such part.
pub(super) fn as_segments(values: &[Value]) -> Option<Vec<Value>> {
    let slash = |term: &Term| match term.pieces().first() {
        Some(Piece::Literal { text, .. }) => text.starts_with(['/', '?']),
        _ => false,
    };
    let segment = |at: usize| {
        let after = values.get(at + 1).is_none_or(|next| next.terms.iter().all(slash));
        after && at > 0 && values[at].terms.iter().any(is_unset) && values[at - 1].ends_a_segment()
    };
    let part = |at: usize| if segment(at) { values[at].as_segment() } else { values[at].clone() };
    (0..values.len()).any(segment).then(|| (0..values.len()).map(part).collect())
}
