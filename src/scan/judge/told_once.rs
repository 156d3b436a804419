//! Requests that are found in two ways and told once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::decide::{Candidate, Matched};
use crate::document::OperationKey;
use crate::scan::call::Target;
use crate::scan::form::{ANNOTATED, Span};
use crate::scan::language::PAIR;
use crate::scan::requests::request::Request;
use crate::scan::value::url::Segment;

/// The operation that a candidate is a call of, where it is one.
fn operation(candidate: &Candidate) -> Option<&OperationKey> {
    match &candidate.matched {
        Some(Matched { target: Target::Operation(operation), .. }) => Some(operation),
        _ => None,
    }
}

/// A function that stands in another one may be known with what that one has for it: then the
/// request stands there, and calls that add nothing to the path are none of their own.
pub(super) fn by_the_outer_one(requests: &[Arc<Request>], candidates: &mut Vec<Candidate>) {
    let key = |candidate: &Candidate, span: Span| Some((span, operation(candidate)?.clone()));
    let there = |(at, candidate): (usize, &Candidate)| {
        // Its path is written there, and all of its segments are seen.
        let written = candidate.place != candidate.request;
        let open = candidate.url.segments.iter().any(Segment::is_many);
        let stands = candidate.root.is_none() && !candidate.headless && !candidate.tail && written && !open;
        Some((key(candidate, candidate.request).filter(|_| stands)?, at))
    };
    let there: BTreeMap<(Span, OperationKey), usize> =
        candidates.iter().enumerate().filter_map(there).collect();
    let mut added: Vec<(usize, usize)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate().filter(|(_, c)| c.place == c.request) {
        let root = candidate.root.map(|root| requests[root].span);
        let known = root.and_then(|root| there.get(&key(candidate, root)?));
        added.extend(known.map(|known| (at, *known)));
    }
    for (from, to) in &added {
        let (sent, complete) = (candidates[*from].sent.clone(), candidates[*from].complete.clone());
        candidates[*to].sent.extend(sent);
        candidates[*to].complete.extend(complete);
    }
    let gone: BTreeSet<usize> = added.into_iter().map(|(from, _)| from).collect();
    let mut at = 0;
    candidates.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
}

/// A method and a path that belong together are a request if nobody is seen to send them: where
/// somebody is, the request stands there.
pub(super) fn by_who_sends_it(requests: &[Arc<Request>], candidates: &mut Vec<Candidate>) {
    let pairs = requests.iter().filter(|request| request.callee.name() == PAIR).map(|request| request.span);
    let pairs: BTreeSet<Span> = pairs.collect();
    let mut sent: BTreeSet<(Span, OperationKey)> = BTreeSet::new();
    if pairs.is_empty() {
        return;
    }
    for candidate in candidates.iter().filter(|candidate| !pairs.contains(&candidate.request)) {
        let operation = operation(candidate).into_iter();
        sent.extend(
            operation.flat_map(|known| candidate.url.literals.iter().map(|text| (*text, known.clone()))),
        );
    }
    let is_sent = |candidate: &Candidate| {
        let known = operation(candidate);
        known.is_some_and(|known| {
            candidate.url.literals.iter().any(|text| sent.contains(&(*text, known.clone())))
        })
    };
    candidates.retain(|candidate| !pairs.contains(&candidate.request) || !is_sent(candidate));
}

/// What an interface asks for by its annotations is asked at the address that a client of it is made
/// with, where somebody is seen to make one: the requests that know no address, which say no more.
pub(super) fn by_who_makes_it(requests: &[Arc<Request>], callers: &[Vec<usize>]) -> BTreeSet<usize> {
    let annotated = |request: &Request| request.callee.name() == ANNOTATED && request.fills.is_none();
    let all = || requests.iter().enumerate().filter(|(_, request)| annotated(request));
    let made: BTreeSet<Span> =
        all().filter(|(id, _)| !callers[*id].is_empty()).map(|(_, request)| request.span).collect();
    let alone =
        |(id, request): &(usize, &Arc<Request>)| callers[*id].is_empty() && made.contains(&request.span);
    all().filter(alone).map(|(id, _)| id).collect()
}
