//! Two payloads side by side, from the root down: what was declared and is
//! gone, what is new, and at which place values were lost or gained.
//!
//! A pair of schemas is compared once, however many operations share it, and
//! not at all where both are equal in meaning. Each pair answers for its own
//! level only; its members are pairs of their own. So what is found is found
//! where it was caused.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::covers::Engine;
use super::facets::{Facets, Id, NEVER, types};
use super::norm::{Arr, Norm, Num, Set, Str};
use super::summary::{arr_summary, kinds, num_summary, str_summary};
use super::{numbers, strings};
use crate::document::Direction;

/// One step into a payload.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Step {
    Field(String),
    Item,
    Value,
}

/// How a pair is reached.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) parent: usize,
    pub(super) step: Step,
    /// Whether values lost below are lost above, and those gained gained.
    pub(super) counts: [bool; 2],
}

/// The schemas at one place in both documents.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) old: Set,
    pub(super) new: Set,
    pub(super) parents: Vec<Edge>,
    /// The numbers of the roots that it stands at.
    pub(super) roots: Vec<usize>,
}

/// What happened to the values at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Shift {
    /// Old values are no longer possible.
    Lost,
    /// New values have become possible.
    Gained,
}

/// What a difference is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Aspect {
    /// Which values a place may have; the word says by what they are told apart.
    Values(&'static str),
    /// Members of a list of values.
    Listed,
    /// Whether a member must be there.
    Required,
    /// Members of an open list of values.
    Hint,
    /// A member that one side does not declare.
    Declared,
    /// Undeclared members.
    Undeclared,
    /// A branch of a union.
    Branch,
    Format,
    Default,
    /// Whether it is flagged deprecated.
    Flag,
    /// By which property and values variants are told apart.
    Discriminator,
}

/// A difference at a pair.
#[derive(Clone, Debug)]
pub(super) struct Reason {
    pub(super) pair: usize,
    pub(super) aspect: Aspect,
    pub(super) shift: Shift,
    /// The member it is about, where it is not the place itself.
    pub(super) field: Option<String>,
    pub(super) before: Value,
    pub(super) after: Value,
    /// A value of the pair's place that one side accepts alone.
    pub(super) witness: Option<Value>,
    /// The schemas that say so.
    pub(super) blame: [Option<Id>; 2],
    /// The one name of equal meaning that came where this one went.
    pub(super) twin: Option<String>,
    /// Still declared, but for the other direction alone.
    pub(super) is_barred: bool,
    /// Another branch takes the values all the same.
    pub(super) absorbed: bool,
}

/// What the schemas of a conjunction say.
pub(super) type Said = Vec<std::rc::Rc<Facets>>;

/// All pairs of one direction.
pub(super) struct Walk<'e, 'd> {
    pub(super) engine: &'e mut Engine<'d>,
    pub(super) direction: Direction,
    pub(super) pairs: Vec<Pair>,
    by_key: FxHashMap<(Set, Set), usize>,
    pub(super) reasons: Vec<Reason>,
}

impl<'e, 'd> Walk<'e, 'd> {
    pub(super) fn new(engine: &'e mut Engine<'d>, direction: Direction) -> Self {
        Self { engine, direction, pairs: Vec::new(), by_key: FxHashMap::default(), reasons: Vec::new() }
    }

    /// Adds a place to compare; `None` where both sides are equal in meaning.
    pub(super) fn push(
        &mut self,
        old: Set,
        new: Set,
        edge: Option<Edge>,
        root: Option<usize>,
    ) -> Option<usize> {
        if self.engine.are_same(&old, &new) {
            return None;
        }
        let key = (old, new);
        let index = match self.by_key.get(&key) {
            Some(index) => *index,
            None => {
                let (old, new) = key.clone();
                self.pairs.push(Pair { old, new, parents: Vec::new(), roots: Vec::new() });
                self.by_key.insert(key, self.pairs.len() - 1);
                self.pairs.len() - 1
            }
        };
        self.pairs[index].parents.extend(edge);
        self.pairs[index].roots.extend(root);
        Some(index)
    }

    /// Compares all pairs, those that are met on the way included.
    pub(super) fn run(&mut self) {
        let mut next = 0;
        while next < self.pairs.len() {
            self.compare(next);
            next += 1;
        }
    }

    /// Which shift is one that somebody can be hurt by.
    pub(super) fn breaking(&self) -> Shift {
        if self.direction == Direction::Request { Shift::Lost } else { Shift::Gained }
    }

    fn compare(&mut self, index: usize) {
        self.engine.refill();
        let (old, new) = (self.pairs[index].old.clone(), self.pairs[index].new.clone());
        let (a, b) = (self.engine.norm(&old), self.engine.norm(&new));
        self.notes(index, &old, &new);
        self.values(index, &a, &b, Shift::Lost);
        self.values(index, &b, &a, Shift::Gained);
        self.objects(index, &a, &b);
        self.arrays(index, &a, &b);
    }

    pub(super) fn report(
        &mut self,
        index: usize,
        aspect: Aspect,
        shift: Shift,
        before: Value,
        after: Value,
    ) -> &mut Reason {
        self.reasons.push(Reason {
            pair: index,
            aspect,
            shift,
            field: None,
            before,
            after,
            witness: None,
            blame: [None, None],
            twin: None,
            is_barred: false,
            absorbed: false,
        });
        let at = self.reasons.len() - 1;
        &mut self.reasons[at]
    }

    /// The schema of `set` that says something `theirs` does not say: what a
    /// difference is put down to.
    fn culprit(&mut self, set: &[Id], theirs: &[Id], says: impl Fn(&Facets) -> bool) -> Option<Id> {
        let others = self.parts(theirs);
        let mut found = None;
        for id in self.parts(set) {
            if !says(&self.engine.space.get(id)) {
                continue;
            }
            found = found.or(Some(id));
            if !others.iter().any(|other| self.engine.is_same(id, *other)) {
                return Some(id);
            }
        }
        found
    }

    /// The schemas that a conjunction is made of. The one branch beside `null` of a
    /// union is one of them: it holds for every value that is there.
    pub(super) fn parts(&self, set: &[Id]) -> Vec<Id> {
        let mut out: Vec<Id> = Vec::new();
        let mut queue: std::collections::VecDeque<Id> = set.iter().copied().collect();
        while let Some(id) = queue.pop_front() {
            if out.contains(&id) || out.len() > 500 {
                continue;
            }
            out.push(id);
            let facets = self.engine.space.get(id);
            queue.extend(facets.reference.iter().chain(&facets.all_of));
            let unions = facets.any_of.iter().chain(&facets.one_of);
            queue.extend(unions.filter_map(|union| self.beside_null(union)));
        }
        out
    }

    fn beside_null(&self, union: &[Id]) -> Option<Id> {
        let is_null = |id: &Id| self.engine.space.get(*id).types == Some(types::NULL);
        let mut others = union.iter().take(3).filter(|id| !is_null(id));
        others.next().copied().filter(|_| union.len() <= 2 && others.next().is_none())
    }

    pub(super) fn blame(&mut self, index: usize, says: impl Fn(&Facets) -> bool + Copy) -> [Option<Id>; 2] {
        let (old, new) = (self.pairs[index].old.clone(), self.pairs[index].new.clone());
        let first = |id: Option<Id>, set: &[Id]| id.or(set.first().copied());
        let a = self.culprit(&old, &new, says);
        let b = self.culprit(&new, &old, says);
        [first(a, &old), first(b, &new)]
    }

    /// Format and default: what is no matter of values.
    fn notes(&mut self, index: usize, old: &[Id], new: &[Id]) {
        let said = |set: &[Id]| -> Said {
            self.parts(set).into_iter().map(|id| self.engine.space.get(id)).collect()
        };
        let (old, new) = (&said(old), &said(new));
        let of = |said: &Said, get: fn(&Facets) -> Option<Value>| said.iter().find_map(|facets| get(facets));
        let flagged = |said: &Said| said.iter().any(|facets| facets.deprecated);
        let (was, is) = (flagged(old), flagged(new));
        if was != is {
            let shift = if is { Shift::Gained } else { Shift::Lost };
            let blame = self.blame(index, |facets| facets.deprecated);
            self.report(index, Aspect::Flag, shift, json!(was), json!(is)).blame = blame;
        }
        self.discriminators(index, old, new);
        self.hints(index, old, new);
        let format: fn(&Facets) -> Option<Value> = |facets| facets.format.as_deref().map(Value::from);
        let (a, b) = (of(old, format), of(new, format));
        // What every number is anyway.
        let is_plain = |value: &Option<Value>| {
            value
                .as_ref()
                .and_then(Value::as_str)
                .is_none_or(|text| ["double", "float", "decimal"].contains(&text))
        };
        if a != b && !(is_plain(&a) && is_plain(&b)) {
            let blame = self.blame(index, |facets| facets.format.is_some());
            let reason =
                self.report(index, Aspect::Format, Shift::Lost, a.unwrap_or_default(), b.unwrap_or_default());
            reason.blame = blame;
        }
        let default: fn(&Facets) -> Option<Value> = |facets| facets.default.as_deref().cloned();
        let (a, b) = (of(old, default), of(new, default));
        if a != b && self.direction == Direction::Request {
            let blame = self.blame(index, |facets| facets.default.is_some());
            let reason = self.report(
                index,
                Aspect::Default,
                Shift::Lost,
                a.unwrap_or_default(),
                b.unwrap_or_default(),
            );
            reason.blame = blame;
        }
    }

    /// The values of open lists: what is told of them hurts nobody.
    fn hints(&mut self, index: usize, old: &Said, new: &Said) {
        fn of(said: &Said) -> Option<&Vec<Value>> {
            said.iter().find_map(|facets| facets.hints.as_ref())
        }
        let (Some(a), Some(b)) = (of(old), of(new)) else { return };
        for (mine, theirs, shift) in [(a, b, Shift::Lost), (b, a, Shift::Gained)] {
            for value in mine.iter().filter(|value| !theirs.contains(value)) {
                let (before, after) = match shift {
                    Shift::Lost => (value.clone(), Value::Null),
                    Shift::Gained => (Value::Null, value.clone()),
                };
                let blame = self.blame(index, |facets| facets.hints.is_some());
                let reason = self.report(index, Aspect::Hint, shift, before, after);
                reason.blame = blame;
            }
        }
    }

    /// What `x` accepts and `y` does not, members aside.
    fn values(&mut self, index: usize, x: &Norm, y: &Norm, shift: Shift) {
        if y.vague {
            self.opaque(index, x, shift);
            return;
        }
        let order = |mine: Value, theirs: Value| match shift {
            Shift::Lost => (mine, theirs),
            Shift::Gained => (theirs, mine),
        };
        let (mine, theirs) = (kinds(x), kinds(y));
        let is_there =
            |kind: &&str| theirs.contains(kind) || (*kind == "integer" && theirs.contains(&"number"));
        let missing: Vec<&str> = mine.iter().copied().filter(|kind| !is_there(kind)).collect();
        if !missing.is_empty() {
            let only_null = missing.len() == 1 && missing[0] == "null";
            let (before, after) = order(json!(mine), json!(theirs));
            let blame = self
                .blame(index, |facets| facets.types.is_some() || facets.nullable || facets.values.is_some());
            let witness = self.of_missing_kind(x, y);
            let word = if only_null { "null" } else { "type" };
            let reason = self.report(index, Aspect::Values(word), shift, before, after);
            reason.blame = blame;
            reason.witness = witness;
        }
        if x.booleans != y.booleans && kinds(y).contains(&"boolean") {
            for at in [false, true] {
                if x.booleans[usize::from(at)] && !y.booleans[usize::from(at)] {
                    let (before, after) = order(json!(x.booleans), json!(y.booleans));
                    let blame = self.blame(index, |facets| facets.values.is_some());
                    let reason = self.report(index, Aspect::Values("value"), shift, before, after);
                    reason.blame = blame;
                    reason.witness = Some(at.into());
                }
            }
        }
        if !y.nums.is_empty() && !missing.contains(&"number") {
            self.numbers(index, &x.nums, &y.nums, shift);
        }
        if !y.strs.is_empty() {
            self.strings(index, &x.strs, &y.strs, shift);
        }
    }

    /// A side with keywords that are not modelled: what it refuses is not known.
    fn opaque(&mut self, index: usize, x: &Norm, shift: Shift) {
        let sets = [self.pairs[index].old.clone(), self.pairs[index].new.clone()];
        // What leads to nothing is a matter of the document, told when it is read.
        let is_dangling =
            sets.iter().any(|set| self.parts(set).iter().any(|id| self.engine.space.get(*id).dangling));
        if is_dangling || kinds(x).is_empty() {
            return;
        }
        let witness = match shift {
            Shift::Lost => self.engine.differ(&sets[0], &sets[1]),
            Shift::Gained => self.engine.differ(&sets[1], &sets[0]),
        };
        // What hurts nobody is told where it is known.
        if witness.is_none() && shift != self.breaking() {
            return;
        }
        let blame = self.blame(index, |facets| !facets.residue.is_empty());
        let reason = self.report(index, Aspect::Values("branch"), shift, Value::Null, Value::Null);
        reason.blame = blame;
        reason.witness = witness;
    }

    fn of_missing_kind(&mut self, x: &Norm, y: &Norm) -> Option<Value> {
        let mut only = x.clone();
        only.null &= !y.null;
        if y.booleans != [false, false] {
            only.booleans = [false, false];
        }
        if !y.nums.is_empty() {
            let whole = y.nums.iter().all(|num| num.steps.iter().any(|step| step.is_integer()));
            if !whole {
                only.nums.clear();
            }
        }
        if !y.strs.is_empty() {
            only.strs.clear();
        }
        if !y.arrs.is_empty() {
            only.arrs.clear();
        }
        if !y.objs.is_empty() {
            only.objs.clear();
        }
        if only.null {
            return Some(Value::Null);
        }
        for str in &only.strs {
            if let Some(text) = strings::shortest(&mut self.engine.norms, &mut self.engine.space, str) {
                return Some(text.into());
            }
        }
        for num in &only.nums {
            let found = numbers::find(&mut self.engine.norms, &mut self.engine.space, num, &y.nums);
            if let numbers::Found::Number(found) = found {
                return Some(found.to_json());
            }
        }
        if let Some(at) = only.booleans.iter().position(|on| *on) {
            return Some((at == 1).into());
        }
        for obj in &only.objs {
            if let Some(value) = self.engine.object(obj, &[], 0) {
                return Some(value);
            }
        }
        only.arrs.iter().find_map(|arr| self.engine.array(arr, arr.min, None, 0))
    }

    fn numbers(&mut self, index: usize, x: &[Num], y: &[Num], shift: Shift) {
        let listed = |nums: &[Num]| -> Option<Vec<Value>> {
            let mut out = Vec::new();
            for num in nums {
                out.extend(num.values.as_ref()?.iter().map(|value| value.to_json()));
            }
            Some(out)
        };
        if let (Some(mine), Some(theirs)) = (listed(x), listed(y)) {
            self.lists(index, &mine, &theirs, shift);
            return;
        }
        for num in x {
            let found = numbers::find(&mut self.engine.norms, &mut self.engine.space, num, y);
            if found == numbers::Found::Nothing {
                continue;
            }
            let (before, after) = match shift {
                Shift::Lost => (num_summary(x), num_summary(y)),
                Shift::Gained => (num_summary(y), num_summary(x)),
            };
            let is_bound = |facets: &Facets| {
                facets.minimum.is_some()
                    || facets.maximum.is_some()
                    || facets.multiple_of.is_some()
                    || facets.values.is_some()
            };
            let blame = self.blame(index, is_bound);
            let reason = self.report(index, Aspect::Values("range"), shift, before, after);
            reason.blame = blame;
            if let numbers::Found::Number(value) = found {
                reason.witness = Some(value.to_json());
            }
            return;
        }
    }

    fn lists(&mut self, index: usize, mine: &[Value], theirs: &[Value], shift: Shift) {
        for value in mine.iter().filter(|value| !theirs.contains(value)) {
            let (before, after) = match shift {
                Shift::Lost => (value.clone(), Value::Null),
                Shift::Gained => (Value::Null, value.clone()),
            };
            let blame = self.blame(index, |facets| facets.values.is_some());
            let reason = self.report(index, Aspect::Listed, shift, before, after);
            reason.blame = blame;
            reason.witness = Some(value.clone());
        }
    }

    fn strings(&mut self, index: usize, x: &[Str], y: &[Str], shift: Shift) {
        let listed = |strs: &[Str]| -> Option<Vec<Value>> {
            let mut out = Vec::new();
            for str in strs {
                out.extend(str.values.as_ref()?.iter().map(|value| Value::from(value.as_str())));
            }
            Some(out)
        };
        if let (Some(mine), Some(theirs)) = (listed(x), listed(y)) {
            self.lists(index, &mine, &theirs, shift);
            return;
        }
        for str in x {
            let found = strings::find(&mut self.engine.norms, &mut self.engine.space, str, y);
            if found == strings::Found::Nothing {
                continue;
            }
            let (before, after) = match shift {
                Shift::Lost => (str_summary(x), str_summary(y)),
                Shift::Gained => (str_summary(y), str_summary(x)),
            };
            let is_limit = |facets: &Facets| {
                facets.min_length.is_some()
                    || facets.max_length.is_some()
                    || facets.pattern.is_some()
                    || facets.values.is_some()
            };
            let blame = self.blame(index, is_limit);
            let witness = strings::value(&found);
            let reason = self.report(index, Aspect::Values("text"), shift, before, after);
            reason.blame = blame;
            reason.witness = witness;
            return;
        }
    }

    fn arrays(&mut self, index: usize, a: &Norm, b: &Norm) {
        if a.arrs.is_empty() || b.arrs.is_empty() {
            return;
        }
        let is_plain = a.arrs.len() == 1 && b.arrs.len() == 1;
        for (x, y, shift) in [(a, b, Shift::Lost), (b, a, Shift::Gained)] {
            for arr in &x.arrs {
                if !is_plain && self.engine.arr_covered(arr, &y.arrs) {
                    continue;
                }
                if let Some(other) = y.arrs.first().filter(|_| is_plain) {
                    self.array(index, arr, other, shift);
                } else {
                    let (before, after) = match shift {
                        Shift::Lost => (json!(x.arrs.len()), json!(y.arrs.len())),
                        Shift::Gained => (json!(y.arrs.len()), json!(x.arrs.len())),
                    };
                    let blame =
                        self.blame(index, |facets| !facets.any_of.is_empty() || !facets.one_of.is_empty());
                    self.report(index, Aspect::Branch, shift, before, after).blame = blame;
                }
            }
        }
        if !is_plain {
            return;
        }
        let (x, y) = (&a.arrs[0], &b.arrs[0]);
        for at in 0..=x.prefix.len().max(y.prefix.len()) {
            let old = x.prefix.get(at).unwrap_or(&x.items).clone();
            let new = y.prefix.get(at).unwrap_or(&y.items).clone();
            if (old.is_empty() && new.is_empty()) || old.contains(&NEVER) || new.contains(&NEVER) {
                continue;
            }
            self.push(old, new, Some(Edge { parent: index, step: Step::Item, counts: [true; 2] }), None);
        }
    }

    fn array(&mut self, index: usize, x: &Arr, y: &Arr, shift: Shift) {
        let bare = |arr: &Arr| Arr { items: Set::new(), prefix: Vec::new(), ..arr.clone() };
        let (one, other) = (bare(x), bare(y));
        if self.engine.arr_covered(&one, std::slice::from_ref(&other)) {
            return;
        }
        let (before, after) = match shift {
            Shift::Lost => (arr_summary(x), arr_summary(y)),
            Shift::Gained => (arr_summary(y), arr_summary(x)),
        };
        let mut witness = None;
        if y.min > x.min {
            witness = self.engine.array(x, y.min - 1, None, 0);
        } else if let Some(max) = y.max
            && x.max.is_none_or(|mine| mine > max)
        {
            witness = self.engine.array(x, max + 1, None, 0);
        } else if y.unique && !x.unique {
            let member = self.engine.example(&x.items.clone(), 0);
            witness = member.map(|member| vec![member; x.min.clamp(2, 100) as usize].into());
        }
        let is_limit = |facets: &Facets| {
            facets.min_items.is_some()
                || facets.max_items.is_some()
                || facets.unique
                || facets.contains.is_some()
        };
        let blame = self.blame(index, is_limit);
        let reason = self.report(index, Aspect::Values("length"), shift, before, after);
        reason.blame = blame;
        reason.witness = witness;
    }
}
