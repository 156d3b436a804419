//! Functions and names that need one another.
//!
//! Evaluating a function or reading a name can come back to itself; it then goes
//! on without. What was found on the way lacks something, and is kept only until
//! the function or name at the head of the knot is done: then it is evaluated
//! again on need, with the head known. Knots are the strongly connected parts of
//! what needs what, found while evaluating (Gabow, "Path-based depth-first search
//! for strong and biconnected components", 2000).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::scan::form::{ClassId, FunctionId};

/// How often a part of a knot is evaluated. With each time another head is done;
/// few knots have more than one that matters.
const MAX_TRIES: u8 = 6;

/// A function, and the class of its object where that matters.
pub(super) type SummaryKey = (FunctionId, Option<ClassId>);
/// A name or field, by its scope.
pub(super) type NameKey = (usize, Arc<str>);

/// What is known of a function or a name.
pub(crate) enum Settled<T> {
    /// It is being evaluated, with this number.
    Running(usize),
    /// Something above it, which is being evaluated, is missing in it.
    Partly(T, usize),
    /// What was missing is known by now.
    Again(T),
    Known(T),
}

/// A part of a knot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Knot {
    Function(SummaryKey),
    Name(NameKey),
}

/// What is being evaluated, and what waits for it.
#[derive(Default)]
pub(crate) struct Knots {
    /// The number of the next evaluation; they begin anew with the outermost one.
    next: usize,
    /// The numbers of what may be the head of a knot, innermost last.
    heads: Vec<usize>,
    /// What lacks something, with the number of its evaluation.
    waiting: Vec<(Knot, usize)>,
    tries: BTreeMap<Knot, u8>,
    /// How often something was met that is not known in full.
    pub cuts: usize,
    /// Functions to be evaluated again.
    pub again: Vec<SummaryKey>,
}

impl Knots {
    /// Begins an evaluation and gives its number.
    pub(super) fn enter(&mut self) -> usize {
        if self.heads.is_empty() {
            self.next = 0;
        }
        let number = self.next;
        self.next += 1;
        self.heads.push(number);
        number
    }

    /// What is evaluated now needs what has this number: everything in between
    /// belongs to its knot.
    pub(super) fn meet(&mut self, number: usize) {
        self.cuts += 1;
        while self.heads.len() > 1 && self.heads.last().is_some_and(|head| *head > number) {
            self.heads.pop();
        }
    }

    /// Ends an evaluation. The parts of its knot if it is the head of one, each
    /// with whether it has been evaluated often enough.
    pub(super) fn leave(&mut self, number: usize, knot: Knot) -> Option<Vec<(Knot, bool)>> {
        if self.heads.last() != Some(&number) {
            self.waiting.push((knot, number));
            return None;
        }
        self.heads.pop();
        let from = self.waiting.iter().rposition(|(_, waiting)| *waiting < number).map_or(0, |at| at + 1);
        let mut loosened = Vec::new();
        for (knot, _) in self.waiting.split_off(from) {
            let tries = self.tries.entry(knot.clone()).or_default();
            *tries += 1;
            let last = *tries >= MAX_TRIES;
            if !last && let Knot::Function(key) = &knot {
                self.again.push(*key);
            }
            loosened.push((knot, last));
        }
        Some(loosened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Knot {
        Knot::Name((0, name.into()))
    }

    #[test]
    fn what_needs_nothing_that_runs_is_known() {
        let mut knots = Knots::default();
        let outer = knots.enter();
        let inner = knots.enter();
        assert_eq!(knots.leave(inner, name("inner")).map(|all| all.len()), Some(0));
        assert_eq!(knots.leave(outer, name("outer")).map(|all| all.len()), Some(0));
    }

    #[test]
    fn what_is_between_waits_for_the_head() {
        let mut knots = Knots::default();
        let above = knots.enter();
        let head = knots.enter();
        let between = knots.enter();
        let leaf = knots.enter();
        knots.meet(head);
        assert!(knots.leave(leaf, name("leaf")).is_none());
        assert!(knots.leave(between, name("between")).is_none());
        // Somebody else asks for what waits.
        let other = knots.enter();
        knots.meet(between);
        assert!(knots.leave(other, name("other")).is_none());
        let loosened = knots.leave(head, name("head")).unwrap_or_default();
        let loosened: Vec<Knot> = loosened.into_iter().map(|(knot, _)| knot).collect();
        assert_eq!(loosened, [name("leaf"), name("between"), name("other")]);
        assert_eq!(knots.leave(above, name("above")).map(|all| all.len()), Some(0));
    }

    #[test]
    fn a_part_is_evaluated_a_few_times_only() {
        let mut knots = Knots::default();
        for turn in 1..=MAX_TRIES {
            let head = knots.enter();
            let part = knots.enter();
            knots.meet(head);
            assert!(knots.leave(part, name("part")).is_none());
            let loosened = knots.leave(head, name("head")).unwrap_or_default();
            assert_eq!(loosened, [(name("part"), turn == MAX_TRIES)]);
        }
    }
}
