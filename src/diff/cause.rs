//! From differences to changes: those of one cause become one entry, with
//! every place it reaches and a value that shows it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::change::{Affected, Breaks, Change, Spot, Verdict, Witness};
use super::facets::Id;
use super::summary::kinds;
use super::walk::{Aspect, Reason, Shift, Step, Walk};
use super::witness::{MAX_BYTES, confirms};
use crate::document::{Anchor, Direction, Document, OperationKey};

/// A body, parameter or header that both documents have.
#[derive(Clone, Debug)]
pub(super) struct Root {
    /// As the newer document writes it.
    pub(super) operation: OperationKey,
    pub(super) status: Option<String>,
    pub(super) media_type: Option<String>,
    /// `query:x` or `header:X`; empty for a body.
    pub(super) at: String,
}

/// Most witnesses made in one direction: what is beyond has verdict unknown.
const MAX_WITNESSES: usize = 600;
/// Most places at which a witness is tried for one cause.
const MAX_PLACES_TRIED: usize = 4;
/// Most places that are listed for one cause, and for one cause in one body.
const MAX_AFFECTED: usize = 20_000;
const MAX_PLACES_OF_A_BODY: usize = 256;
/// Most steps upwards for one difference.
const MAX_STEPS: usize = 20_000;
/// Most steps upwards for all differences of a direction; each has a few behind that.
const MAX_ALL_STEPS: usize = 1_000_000;
const MIN_STEPS: usize = 200;

struct Cause {
    rule: &'static str,
    breaks: Breaks,
    reasons: Vec<usize>,
}

type Key = (&'static str, Option<String>, Option<OperationKey>, String, String);

/// Where a schema stands, as people name it.
struct Named {
    component: Option<String>,
    operation: Option<OperationKey>,
    at: String,
    spot: Option<Spot>,
}

/// Turns what a walk found into changes.
pub(super) fn changes(walk: &mut Walk<'_, '_>, roots: &[Root]) -> Vec<Change> {
    let merged = settle(walk);
    let by_shift = [Shift::Lost, Shift::Gained].map(|shift| counted(walk, shift));
    let counted = &by_shift[walk.breaking() as usize];
    let mut causes: BTreeMap<Key, Cause> = BTreeMap::new();
    for at in merged {
        let reason = walk.reasons[at].clone();
        let is_parameter = {
            let pair = &walk.pairs[reason.pair];
            pair.parents.is_empty()
                && reason.field.is_none()
                && pair.roots.iter().all(|root| !roots[*root].at.is_empty())
        };
        let Some((rule, breaks)) = rule(walk, &reason, is_parameter) else { continue };
        let breaks = if counted.contains(&reason.pair) && !reason.absorbed {
            breaks
        } else {
            Breaks { wire: false, ..breaks }
        };
        let is_absorbed = !by_shift[reason.shift as usize].contains(&reason.pair);
        if breaks == Breaks::default() && is_silent_when_absorbed(&reason) && is_absorbed {
            continue;
        }
        let named = name(walk, &reason, roots);
        let detail = match reason.aspect {
            Aspect::Listed | Aspect::Hint | Aspect::Discriminator => {
                format!("{}{}", reason.before, reason.after)
            }
            Aspect::Values(word) => word.to_owned(),
            Aspect::Branch => format!("{}{}", reason.before, reason.after),
            _ => String::new(),
        };
        let key = (rule, named.component, named.operation, named.at, detail);
        let cause = causes.entry(key).or_insert_with(|| Cause { rule, breaks, reasons: Vec::new() });
        cause.breaks.wire |= breaks.wire;
        cause.breaks.sdk |= breaks.sdk;
        cause.reasons.push(at);
    }
    let mut budget = MAX_WITNESSES;
    let mut steps = MAX_ALL_STEPS;
    causes.into_values().map(|cause| entry(walk, roots, cause, counted, &mut budget, &mut steps)).collect()
}

/// Whether a difference says nothing where another branch takes the values.
fn is_silent_when_absorbed(reason: &Reason) -> bool {
    matches!(
        reason.aspect,
        Aspect::Values(_) | Aspect::Branch | Aspect::Undeclared | Aspect::Required | Aspect::Listed
    )
}

/// The pairs in which a value lost, or gained, is that for a whole payload.
fn counted(walk: &Walk<'_, '_>, shift: Shift) -> FxHashSet<usize> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); walk.pairs.len()];
    let mut queue: Vec<usize> = Vec::new();
    for (at, pair) in walk.pairs.iter().enumerate() {
        if !pair.roots.is_empty() {
            queue.push(at);
        }
        for edge in pair.parents.iter().filter(|edge| edge.counts[shift as usize]) {
            children[edge.parent].push(at);
        }
    }
    let mut seen = FxHashSet::default();
    while let Some(at) = queue.pop() {
        if seen.insert(at) {
            queue.extend(&children[at]);
        }
    }
    seen
}

/// The differences that stand for themselves: what a member's coming or going
/// implies is told with it.
fn settle(walk: &mut Walk<'_, '_>) -> Vec<usize> {
    let mut declared: FxHashMap<(usize, Shift, String), usize> = FxHashMap::default();
    for (at, reason) in walk.reasons.iter().enumerate() {
        if let (Aspect::Declared, Some(field)) = (&reason.aspect, &reason.field) {
            declared.insert((reason.pair, reason.shift, field.clone()), at);
        }
    }
    let mut out = Vec::new();
    let mut dropped: FxHashSet<usize> = FxHashSet::default();
    let mut shown: Vec<(usize, Value)> = Vec::new();
    for (at, reason) in walk.reasons.iter().enumerate() {
        let Some(field) = &reason.field else { continue };
        let twin = |shift: Shift| declared.get(&(reason.pair, shift, field.clone())).copied();
        match (&reason.aspect, reason.shift, walk.direction) {
            // New and required at once: that it is required is what matters.
            (Aspect::Required, Shift::Lost, Direction::Request) => dropped.extend(twin(Shift::Gained)),
            (Aspect::Required, Shift::Gained, Direction::Request) if twin(Shift::Lost).is_some() => {
                dropped.insert(at);
            }
            (Aspect::Required, Shift::Lost, Direction::Response) if twin(Shift::Gained).is_some() => {
                dropped.insert(at);
            }
            // Gone, and it was always there: the going is shown by that.
            (Aspect::Required, Shift::Gained, Direction::Response)
            | (Aspect::Undeclared, Shift::Lost, Direction::Request) => {
                if let Some(twin) = twin(Shift::Lost) {
                    dropped.insert(at);
                    shown.extend(reason.witness.clone().map(|value| (twin, value)));
                }
            }
            (Aspect::Undeclared, ..) => {
                dropped.insert(at);
            }
            _ => {}
        }
    }
    // Values that were exchanged for others: what was lost is what matters.
    let breaking = match walk.direction {
        Direction::Request => Shift::Lost,
        Direction::Response => Shift::Gained,
    };
    let told: FxHashSet<(usize, &Aspect)> = walk
        .reasons
        .iter()
        .filter(|reason| reason.shift == breaking && matches!(reason.aspect, Aspect::Values(_)))
        .map(|reason| (reason.pair, &reason.aspect))
        .collect();
    for (at, reason) in walk.reasons.iter().enumerate() {
        if reason.shift != breaking && told.contains(&(reason.pair, &reason.aspect)) {
            dropped.insert(at);
        }
    }
    for (at, value) in shown {
        walk.reasons[at].witness = Some(value);
    }
    out.extend((0..walk.reasons.len()).filter(|at| !dropped.contains(at)));
    out
}

fn rule(walk: &mut Walk<'_, '_>, reason: &Reason, is_parameter: bool) -> Option<(&'static str, Breaks)> {
    let none = Breaks::default();
    let wire = Breaks { wire: true, sdk: false };
    let sdk = Breaks { wire: false, sdk: true };
    let both = Breaks { wire: true, sdk: true };
    let is_type = matches!(reason.aspect, Aspect::Values("type"));
    if is_parameter && is_type && is_text_all_the_same(walk, reason) {
        return Some(("parameter-type-changed", sdk));
    }
    Some(match (walk.direction, &reason.aspect, reason.shift) {
        (Direction::Request, Aspect::Values(_) | Aspect::Branch | Aspect::Undeclared, Shift::Lost) => {
            let breaks = if is_type { both } else { wire };
            (if is_parameter { "parameter-narrowed" } else { "request-field-narrowed" }, breaks)
        }
        (Direction::Request, Aspect::Values(_) | Aspect::Branch | Aspect::Undeclared, Shift::Gained) => {
            (if is_parameter { "parameter-widened" } else { "request-field-widened" }, none)
        }
        (Direction::Response, Aspect::Values(_) | Aspect::Branch | Aspect::Undeclared, Shift::Lost) => {
            ("response-field-narrowed", none)
        }
        (Direction::Response, Aspect::Values(_) | Aspect::Branch | Aspect::Undeclared, Shift::Gained) => {
            ("response-field-widened", if is_type { both } else { wire })
        }
        (Direction::Request, Aspect::Listed, Shift::Lost) => ("request-enum-value-removed", both),
        (Direction::Request, Aspect::Listed, Shift::Gained) => ("request-enum-value-added", none),
        (Direction::Response, Aspect::Listed, Shift::Lost) => ("response-enum-value-removed", none),
        (Direction::Response, Aspect::Listed, Shift::Gained) => ("response-enum-value-added", both),
        (Direction::Request, Aspect::Required, Shift::Lost) => ("request-field-required", both),
        (Direction::Request, Aspect::Required, Shift::Gained) => ("request-field-optional", none),
        (Direction::Response, Aspect::Required, Shift::Lost) => ("response-field-required", none),
        (Direction::Response, Aspect::Required, Shift::Gained) => ("response-field-optional", both),
        (Direction::Request, Aspect::Declared, Shift::Lost) => {
            ("request-field-removed", if reason.witness.is_some() { both } else { sdk })
        }
        (Direction::Request, Aspect::Declared, Shift::Gained) => ("request-field-added", none),
        (Direction::Response, Aspect::Declared, Shift::Lost) => {
            ("response-field-removed", if reason.witness.is_some() { both } else { sdk })
        }
        (Direction::Response, Aspect::Declared, Shift::Gained) => ("response-field-added", none),
        (_, Aspect::Flag, Shift::Gained) => ("deprecation-added", none),
        (_, Aspect::Flag, Shift::Lost) => ("deprecation-removed", none),
        (Direction::Request, Aspect::Hint, Shift::Lost) => ("request-enum-value-removed", none),
        (Direction::Request, Aspect::Hint, Shift::Gained) => ("request-enum-value-added", none),
        (Direction::Response, Aspect::Hint, Shift::Lost) => ("response-enum-value-removed", none),
        (Direction::Response, Aspect::Hint, Shift::Gained) => ("response-enum-value-added", none),
        (direction, Aspect::Discriminator, shift) => {
            let is_request = direction == Direction::Request;
            let id =
                if is_request { "request-discriminator-changed" } else { "response-discriminator-changed" };
            // A value more in a request is one more that may be sent.
            (id, if is_request && shift == Shift::Gained { none } else { sdk })
        }
        (Direction::Request, Aspect::Format, _) => ("request-format-changed", sdk),
        (Direction::Response, Aspect::Format, _) => ("response-format-changed", sdk),
        (Direction::Request, Aspect::Default, _) => ("request-default-changed", none),
        (Direction::Response, Aspect::Default, _) => return None,
    })
}

/// Parameters are text on the wire: a number where any text is taken is no loss.
fn is_text_all_the_same(walk: &mut Walk<'_, '_>, reason: &Reason) -> bool {
    if reason.shift != Shift::Lost || walk.direction != Direction::Request {
        return false;
    }
    let (old, new) = (walk.pairs[reason.pair].old.clone(), walk.pairs[reason.pair].new.clone());
    let (old, new) = (walk.engine.norm(&old), walk.engine.norm(&new));
    let scalars = kinds(&old).iter().all(|kind| !["array", "object"].contains(kind));
    let takes_all = new.strs.iter().any(|str| {
        str.values.is_none()
            && str.patterns.is_empty()
            && str.min == 0
            && str.max.is_none()
            && str.nots.is_empty()
    });
    scalars && takes_all
}

fn spot(walk: &Walk<'_, '_>, id: Id) -> Option<(&'static str, Named)> {
    let (side, node) = walk.engine.space.origin(id)?;
    let place = &walk.engine.space.sides[side];
    let document: &Document = place.document?;
    let schema = place.schema_of(node)?;
    let position = document.position(node);
    let spot = Spot {
        file: document.file(node).to_owned(),
        line: position.line as usize,
        column: position.column as usize,
        pointer: document.tree().pointer_to(node),
    };
    let (component, operation, prefix) = match &*schema.anchor {
        Anchor::Component(pointer) => (Some(pointer.to_string()), None, ""),
        Anchor::Inline { operation, parameter, .. } => (None, Some(operation.clone()), parameter.as_str()),
    };
    let at = joined(prefix, &schema.at);
    let name = if side == 0 { "old" } else { "new" };
    Some((name, Named { component, operation, at, spot: Some(spot) }))
}

fn joined(prefix: &str, at: &str) -> String {
    match (prefix.is_empty(), at.is_empty()) {
        (true, _) => at.to_owned(),
        (_, true) => prefix.to_owned(),
        _ if at.starts_with(['[', '{']) => format!("{prefix}{at}"),
        _ => format!("{prefix}.{at}"),
    }
}

/// What a difference is put down to: the newer document's schema, for what went
/// the older one's.
fn name(walk: &Walk<'_, '_>, reason: &Reason, roots: &[Root]) -> Named {
    let went = reason.shift == Shift::Lost && matches!(reason.aspect, Aspect::Declared);
    let order = if went { [0, 1] } else { [1, 0] };
    let found = order.iter().find_map(|side| spot(walk, reason.blame[*side]?).map(|(_, named)| named));
    let mut named = found.unwrap_or_else(|| {
        let root = walk.pairs[reason.pair].roots.first().map(|root| &roots[*root]);
        Named {
            component: None,
            operation: root.map(|root| root.operation.clone()),
            at: root.map(|root| root.at.clone()).unwrap_or_default(),
            spot: None,
        }
    });
    if let Some(field) = &reason.field {
        named.at = joined(&named.at, field);
    }
    named
}

fn entry(
    walk: &mut Walk<'_, '_>,
    roots: &[Root],
    cause: Cause,
    counted: &FxHashSet<usize>,
    budget: &mut usize,
    steps: &mut usize,
) -> Change {
    let Cause { rule, breaks, reasons } = cause;
    let first = walk.reasons[reasons[0]].clone();
    let named = name(walk, &first, roots);
    let affects = affected(walk, roots, &reasons, steps);
    let mut witness = None;
    if breaks.wire {
        let mut order: Vec<usize> = reasons.clone();
        order.sort_by_key(|at| !counted.contains(&walk.reasons[*at].pair));
        for at in order.into_iter().take(MAX_PLACES_TRIED) {
            if *budget == 0 || witness.is_some() {
                break;
            }
            *budget -= 1;
            witness = shown(walk, roots, at);
        }
    }
    let verdict = match (breaks.wire, witness.is_some()) {
        (true, true) => Verdict::Breaks,
        (true, false) => Verdict::Unknown,
        (false, _) if breaks.sdk => Verdict::Breaks,
        _ => Verdict::Compatible,
    };
    let spots: [Option<Spot>; 2] =
        [0, 1].map(|side| spot(walk, first.blame[side]?).and_then(|(_, named)| named.spot));
    let [mut old, mut new] = spots;
    if matches!(first.aspect, Aspect::Declared) {
        match first.shift {
            Shift::Lost => new = None,
            Shift::Gained => old = None,
        }
    }
    let message = super::message::of(walk.direction, &first, named.component.as_deref(), &named.at);
    Change {
        rule,
        breaks,
        direction: Some(walk.direction),
        operation: named.operation,
        affects,
        component: named.component,
        at: named.at,
        before: first.before,
        after: first.after,
        message,
        witness,
        verdict,
        old,
        new,
    }
}

/// Every place that differences reach, the nearest first: components that hold
/// themselves have no end of places, so that each body has so many and no more.
fn affected(
    walk: &Walk<'_, '_>,
    roots: &[Root],
    reasons: &[usize],
    steps_of_all: &mut usize,
) -> Vec<Affected> {
    let mut out: BTreeSet<Affected> = BTreeSet::new();
    for at in reasons {
        let reason = &walk.reasons[*at];
        let tail = reason.field.clone().map(Step::Field);
        let mut met: FxHashMap<usize, usize> = FxHashMap::default();
        let mut ways: Vec<Way<'_>> = vec![Way { pair: reason.pair, step: tail.as_ref(), below: None }];
        let share = MAX_STEPS.min((*steps_of_all).max(MIN_STEPS));
        let mut steps_left = share;
        let mut next = 0;
        while let Some(pair) = ways.get(next).map(|way| &walk.pairs[way.pair]) {
            for index in &pair.roots {
                let count = met.entry(*index).or_insert(0);
                *count += 1;
                if *count > MAX_PLACES_OF_A_BODY || out.len() >= MAX_AFFECTED {
                    continue;
                }
                let root = &roots[*index];
                let steps = down(&ways, next).filter_map(|way| way.step);
                out.insert(Affected {
                    operation: root.operation.clone(),
                    status: root.status.clone(),
                    media_type: root.media_type.clone(),
                    at: place(&root.at, steps),
                });
            }
            for edge in &pair.parents {
                if steps_left == 0 || down(&ways, next).any(|way| way.pair == edge.parent) {
                    continue;
                }
                steps_left -= 1;
                ways.push(Way { pair: edge.parent, step: Some(&edge.step), below: Some(next) });
            }
            next += 1;
        }
        *steps_of_all = steps_of_all.saturating_sub(share - steps_left);
    }
    out.into_iter().collect()
}

/// A pair on the way up from a difference.
struct Way<'w> {
    pair: usize,
    /// The step down to what it came from, or to the field that differs.
    step: Option<&'w Step>,
    /// Which way it came from.
    below: Option<usize>,
}

/// The ways from one of them down to the difference.
fn down<'w>(ways: &'w [Way<'w>], from: usize) -> impl Iterator<Item = &'w Way<'w>> {
    std::iter::successors(ways.get(from), |way| way.below.and_then(|below| ways.get(below)))
}

fn place<'s>(root: &str, steps: impl Iterator<Item = &'s Step>) -> String {
    let mut out = root.to_owned();
    for step in steps {
        match step {
            Step::Field(name) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(name);
            }
            Step::Item => out.push_str("[]"),
            Step::Value => out.push_str("{}"),
        }
    }
    out
}

/// A whole payload that shows a difference, confirmed by validators of the two
/// payloads' schemas.
fn shown(walk: &mut Walk<'_, '_>, roots: &[Root], at: usize) -> Option<Witness> {
    walk.engine.refill();
    let reason = walk.reasons[at].clone();
    let own = |walk: &Walk<'_, '_>, pair: usize| {
        let pair = &walk.pairs[pair];
        match walk.direction {
            Direction::Request => (pair.old.clone(), pair.new.clone()),
            Direction::Response => (pair.new.clone(), pair.old.clone()),
        }
    };
    let (inner, outer) = own(walk, reason.pair);
    let value = match reason.witness {
        Some(value) => value,
        None => walk.engine.differ(&inner, &outer)?,
    };
    // Upwards by the shortest way on which what is lost below is lost above.
    let mut came: FxHashMap<usize, Option<(usize, Step)>> = FxHashMap::default();
    came.insert(reason.pair, None);
    let mut queue = VecDeque::from([reason.pair]);
    let mut tried = 0;
    while let Some(pair) = queue.pop_front() {
        if !walk.pairs[pair].roots.is_empty() {
            tried += 1;
            let found = embedded(walk, pair, &came, value.clone());
            if let Some(value) = found {
                let root = walk.pairs[pair].roots.first().map(|root| &roots[*root])?;
                let curl = (walk.direction == Direction::Request).then(|| super::curl::command(root, &value));
                return Some(Witness { value, curl });
            }
            if tried >= MAX_PLACES_TRIED {
                return None;
            }
        }
        for edge in walk.pairs[pair].parents.clone() {
            if edge.counts[walk.breaking() as usize] && !came.contains_key(&edge.parent) {
                came.insert(edge.parent, Some((pair, edge.step)));
                queue.push_back(edge.parent);
            }
        }
    }
    None
}

fn embedded(
    walk: &mut Walk<'_, '_>,
    root: usize,
    came: &FxHashMap<usize, Option<(usize, Step)>>,
    value: Value,
) -> Option<Value> {
    // From the root down, then the value up again.
    let mut path: Vec<(usize, Step)> = Vec::new();
    let mut at = root;
    while let Some(Some((child, step))) = came.get(&at) {
        path.push((at, step.clone()));
        at = *child;
    }
    let mut value = value;
    for (pair, step) in path.into_iter().rev() {
        value = wrapped(walk, pair, &step, value)?;
    }
    if value.to_string().len() > MAX_BYTES {
        return None;
    }
    let (inner, outer) = match walk.direction {
        Direction::Request => (walk.pairs[root].old.clone(), walk.pairs[root].new.clone()),
        Direction::Response => (walk.pairs[root].new.clone(), walk.pairs[root].old.clone()),
    };
    confirms(walk.engine, &inner, &outer, &value)?.then_some(value)
}

/// A value put at its place in a small one of what holds it.
fn wrapped(walk: &mut Walk<'_, '_>, pair: usize, step: &Step, value: Value) -> Option<Value> {
    let (inner, outer) = match walk.direction {
        Direction::Request => (walk.pairs[pair].old.clone(), walk.pairs[pair].new.clone()),
        Direction::Response => (walk.pairs[pair].new.clone(), walk.pairs[pair].old.clone()),
    };
    let norm = walk.engine.norm(&inner);
    let mut candidates: Vec<Value> = Vec::new();
    match step {
        Step::Field(name) => {
            for obj in norm.objs.iter().filter(|obj| obj.properties.contains(name)) {
                candidates.extend(walk.engine.object(obj, &[(name.clone(), value.clone())], 0));
            }
        }
        Step::Value => {
            for obj in &norm.objs {
                candidates.extend(walk.engine.object(obj, &[("key".to_owned(), value.clone())], 0));
            }
        }
        Step::Item => {
            for arr in &norm.arrs {
                let place = arr.prefix.len().max(arr.contains.len());
                let place = if arr.max.is_some_and(|max| place as u64 >= max) { 0 } else { place };
                let length = arr.min.max(place as u64 + 1);
                candidates.extend(walk.engine.array(arr, length, Some((place, value.clone())), 0));
            }
        }
    }
    let is_sent = |walk: &mut Walk<'_, '_>, value: &Value| {
        walk.engine.norms.accepts(&mut walk.engine.space, &inner, value) != Some(false)
    };
    candidates.retain(|value| is_sent(walk, value));
    let refused = candidates
        .iter()
        .position(|value| walk.engine.norms.accepts(&mut walk.engine.space, &outer, value) != Some(true));
    (!candidates.is_empty()).then(|| candidates.swap_remove(refused.unwrap_or(0)))
}
