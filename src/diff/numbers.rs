//! Which number satisfies one set of rules and none of another.
//!
//! Bounds cut the line into pieces. Within a piece only whole numbers and
//! steps make a difference, so that one number of each sort in each piece
//! decides; where steps other than 1 meet, a period of them is tried.

use super::norm::{Norms, Num, Set};
use super::number::Decimal;
use super::space::Space;

/// The answer of a search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Found {
    /// There is no such number.
    Nothing,
    /// One of them.
    Number(Decimal),
    /// Not to be told.
    Unknown,
}

/// Most multiples tried where steps meet.
const MAX_PERIOD: i128 = 2_000;

/// A number that `inner` accepts and none of `outers` does.
pub(super) fn find(norms: &mut Norms, space: &mut Space<'_>, inner: &Num, outers: &[Num]) -> Found {
    let mut known = true;
    let mut refuted = |norms: &mut Norms, space: &mut Space<'_>, value: Decimal| -> bool {
        match norms.num_accepts(space, inner, value) {
            Some(true) => {}
            Some(false) => return false,
            None => {
                known = false;
                return false;
            }
        }
        for outer in outers {
            match norms.num_accepts(space, outer, value) {
                Some(false) => {}
                Some(true) => return false,
                None => {
                    known = false;
                    return false;
                }
            }
        }
        true
    };
    if let Some(values) = &inner.values {
        for value in values {
            if refuted(norms, space, *value) {
                return Found::Number(*value);
            }
        }
        return if known { Found::Nothing } else { Found::Unknown };
    }
    let mut points = vec![Decimal::ZERO];
    let mut steps: Vec<Decimal> = Vec::new();
    gather(norms, space, inner, &mut points, &mut steps, 0);
    for outer in outers {
        gather(norms, space, outer, &mut points, &mut steps, 0);
    }
    points.sort();
    points.dedup();
    let odd: Vec<Decimal> = steps.iter().copied().filter(|step| *step != Decimal::ONE).collect();
    // The usual case: an outer one asks for less, steps and all.
    let asks_less = |outer: &Num| {
        let bounds = Num { steps: Vec::new(), ..outer.clone() };
        let covers = |step: &Decimal| inner.steps.iter().any(|mine| mine.is_multiple_of(*step));
        outer.values.is_none()
            && outer.nots.iter().all(|not| inner.nots.contains(not))
            && outer.steps.iter().all(covers)
            && within(inner, &bounds)
    };
    if outers.iter().any(asks_less) {
        return Found::Nothing;
    }
    for value in trials(&points, &odd) {
        if refuted(norms, space, value) {
            return Found::Number(value);
        }
    }
    // With odd steps the trials are many but not all.
    if known && odd.is_empty() { Found::Nothing } else { Found::Unknown }
}

/// Whether the interval of `inner` lies in that of `outer`.
fn within(inner: &Num, outer: &Num) -> bool {
    let above = match (inner.min, outer.min) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => a.value > b.value || (a.value == b.value && (a.exclusive || !b.exclusive)),
    };
    let below = match (inner.max, outer.max) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => a.value < b.value || (a.value == b.value && (a.exclusive || !b.exclusive)),
    };
    above && below
}

fn gather(
    norms: &mut Norms,
    space: &mut Space<'_>,
    num: &Num,
    points: &mut Vec<Decimal>,
    steps: &mut Vec<Decimal>,
    depth: usize,
) {
    points.extend(num.min.iter().chain(&num.max).map(|bound| bound.value));
    points.extend(num.values.iter().flatten());
    steps.extend(&num.steps);
    if depth > 4 {
        return;
    }
    for not in num.nots.clone() {
        let norm = norms.of(space, &Set::clone(&not));
        for num in &norm.nums {
            gather(norms, space, num, points, steps, depth + 1);
        }
    }
}

fn trials(points: &[Decimal], odd: &[Decimal]) -> Vec<Decimal> {
    let mut out: Vec<Decimal> = Vec::new();
    let big = Decimal::integer(1_000);
    let mut edges: Vec<Decimal> = points.to_vec();
    edges.extend(points.first().and_then(|first| first.minus(big)));
    edges.extend(points.last().and_then(|last| last.add(big)));
    edges.sort();
    // Small and whole ones first: they read best.
    out.extend([0, 1, -1, 2].map(Decimal::integer));
    out.extend(&edges);
    for pair in edges.windows(2) {
        let [low, high] = pair else { continue };
        out.extend(low.floor_to(Decimal::ONE).and_then(|whole| whole.add(Decimal::ONE)));
        out.extend(high.minus(Decimal::ONE).and_then(|below| below.floor_to(Decimal::ONE)));
        out.extend(low.add(*high).and_then(Decimal::half));
        // One that is not whole: between the lower end and the next whole number.
        let next = low.floor_to(Decimal::ONE).and_then(|whole| whole.add(Decimal::ONE));
        let end = next.map(|next| next.min(*high));
        out.extend(end.and_then(|end| low.add(end)).and_then(Decimal::half));
        for step in odd {
            let mut at = low.floor_to(*step);
            for _ in 0..8 {
                let Some(value) = at else { break };
                out.push(value);
                at = value.add(*step);
            }
        }
    }
    for step in odd {
        let mut value = Decimal::ZERO;
        for _ in 0..MAX_PERIOD.min(64) {
            let Some(next) = value.add(*step) else { break };
            value = next;
            out.push(value);
            out.extend(value.half());
        }
    }
    out
}
