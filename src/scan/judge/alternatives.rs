//! Requests that may be one of several operations: what is sent with them, and read of their
//! answers, is told only as far as it holds whichever operation it is.

use super::decide::Candidate;
use crate::document::OperationKey;
use crate::scan::call::Target;

/// Operations of one request for which its fields are told.
const MAX_OPERATIONS: usize = 8;

/// The candidate that stands for what a request is, and what else it may be.
pub(super) fn one_of(candidates: &mut [Candidate]) -> Option<(&mut Candidate, Vec<OperationKey>)> {
    let [first, others @ ..] = candidates else { return None };
    let target = |candidate: &Candidate| candidate.matched.as_ref().map(|matched| matched.target.clone());
    let called = target(first);
    let mut operations: Vec<OperationKey> = Vec::new();
    for other in others.iter().map(target).filter(|other| *other != called) {
        let (Some(Target::Operation(_)), Some(Target::Operation(other))) = (&called, other) else {
            return None;
        };
        if !operations.contains(&other) {
            operations.push(other);
        }
    }
    (operations.len() < MAX_OPERATIONS).then_some((first, operations))
}
