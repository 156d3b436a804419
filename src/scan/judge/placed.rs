//! Where a call is told of which one function writes the path and others say the rest.

use super::decide::{Candidate, Matched};
use super::paths::weight;
use crate::scan::call::Target;
use crate::scan::value::url::Segment;

/// Puts the calls of callers who write nothing of the path where their helper writes it: there it has
/// to be changed. They may know the address, with the beginning of the path, or the options. Where one
/// of them says more, each is told where it stands.
pub(super) fn stand_where_written(callers: &mut [Candidate], helper: &[Candidate]) {
    let [own] = helper else { return };
    let written = own.place != own.request
        && !own.url.segments.last().is_some_and(Segment::is_any_path)
        && !own.url.segments.iter().any(Segment::is_many);
    let called = |candidate: &&mut Candidate| candidate.matched.is_some();
    if !written || !callers.iter_mut().filter(called).all(|candidate| adds_nothing(candidate, own)) {
        return;
    }
    for candidate in callers.iter_mut().filter(called) {
        (candidate.place, candidate.request, candidate.function) = (own.place, own.request, own.function);
    }
}

/// Whether a caller asks for what its helper writes, and writes nothing itself.
fn adds_nothing(candidate: &Candidate, own: &Candidate) -> bool {
    let Some(called) = &candidate.matched else { return false };
    let whole = || {
        let same = |known: &Matched| known.target == called.target && known.fit == called.fit;
        own.matched.as_ref().is_some_and(same)
    };
    // All that a caller adds stands before it: the address has the beginning of the path.
    let fronted = || own.matched.is_none() && ends_alike(candidate, own);
    matches!(called.target, Target::Operation(_))
        && candidate.place == candidate.request
        && candidate.method == own.method
        && (whole() || fronted())
}

/// Whether the path of one is the end of the path of another, and says something.
fn ends_alike(whole: &Candidate, end: &Candidate) -> bool {
    let (all, last) = (&whole.url.segments, &end.url.segments);
    let words = last.iter().filter_map(Segment::text).filter(|text| weight(text) > 0).count();
    let before = all.len().checked_sub(last.len());
    let same = |before: usize| all[before..].iter().zip(last).all(|(a, b)| a.shape() == b.shape());
    words > 0 && before.is_some_and(same)
}
