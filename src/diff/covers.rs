//! Whether every value of one conjunction of schemas is a value of another,
//! proved by structure. What is not proved here is not refuted: that takes a
//! witness.
//!
//! Each pair is asked once. Recursive schemas are taken to hold while they are
//! being asked (the greatest fixed point), and what was concluded from that is
//! forgotten again if it turns out not to hold.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::facets::{Facets, Id, NEVER, types};
use super::hash::Hashes;
use super::norm::{Arr, Norm, Norms, Obj, Set, joined, least};
use super::record::Name;
use super::space::Space;
use super::{numbers, strings};

/// Deepest nesting of questions in questions.
const MAX_DEPTH: usize = 150;
/// Most questions for one answer.
const MAX_QUESTIONS: u64 = 200_000;
/// Most questions of one direction of two documents. The largest published
/// documents take a hundredth of it.
const MAX_ASKED: u64 = 3_000_000;
/// Most ways in which an object is split to fit the branches of a union.
const MAX_SPLITS: usize = 4;

/// Most pieces into which objects are cut for one answer.
const MAX_PIECES: usize = 300;

/// Asks about schemas of one space.
pub(super) struct Engine<'d> {
    pub(super) space: Space<'d>,
    pub(super) norms: Norms,
    /// Senders write declared names only: the one assumption about undeclared
    /// fields. Off where schemas are compared for themselves.
    pub(super) declared_only: bool,
    /// What tells schemas of equal meaning, where there are documents.
    pub(super) hashes: Option<Hashes>,
    /// The regular expressions of validators.
    pub(super) patterns: jsonschema::PatternCache,
    /// The hashes of schemas by their numbers; 0 where none was asked for.
    meanings: Vec<u64>,
    memo: FxHashMap<(Set, Set), bool>,
    asking: Vec<(Set, Set)>,
    /// Answers that rest on a question still being asked.
    provisional: Vec<(Set, Set)>,
    assumed: usize,
    void: FxHashMap<Set, bool>,
    pub(super) questions: u64,
    /// The questions of all answers together.
    pub(super) asked: u64,
    pieces_left: usize,
}

impl<'d> Engine<'d> {
    pub(super) fn new(space: Space<'d>, declared_only: bool) -> Self {
        Self {
            space,
            norms: Norms::default(),
            declared_only,
            hashes: None,
            patterns: jsonschema::PatternCache::new(),
            meanings: Vec::new(),
            memo: FxHashMap::default(),
            asking: Vec::new(),
            provisional: Vec::new(),
            assumed: usize::MAX,
            void: FxHashMap::default(),
            questions: 0,
            asked: 0,
            pieces_left: MAX_PIECES,
        }
    }

    pub(super) fn norm(&mut self, set: &[Id]) -> Rc<Norm> {
        self.norms.of(&mut self.space, set)
    }

    pub(super) fn member(&mut self, obj: &Obj, name: &str) -> Set {
        self.norms.member(obj, name)
    }

    /// Whether two schemas are known to be equal in meaning.
    pub(super) fn is_same(&mut self, a: Id, b: Id) -> bool {
        a == b || self.meaning(a).is_some_and(|meaning| self.meaning(b) == Some(meaning))
    }

    /// A number that schemas of equal meaning share; `None` for those that stand
    /// in no document.
    fn meaning(&mut self, id: Id) -> Option<u64> {
        let at = id as usize;
        if let Some(known) = self.meanings.get(at).filter(|known| **known != 0) {
            return Some(*known);
        }
        let hashes = self.hashes.as_mut()?;
        let meaning = hashes.of(&self.space.sides, self.space.origin(id)?).max(1);
        if self.meanings.len() <= at {
            self.meanings.resize(self.space.len() + 1, 0);
        }
        self.meanings[at] = meaning;
        Some(meaning)
    }

    /// Whether two conjunctions are made of equal schemas.
    pub(super) fn are_same(&mut self, a: &[Id], b: &[Id]) -> bool {
        a.len() == b.len()
            && a.iter().all(|x| b.iter().any(|y| self.is_same(*x, *y)))
            && b.iter().all(|y| a.iter().any(|x| self.is_same(*x, *y)))
    }

    /// Whether it is proved that `outer` accepts every value of `inner`.
    pub(super) fn covers(&mut self, inner: &[Id], outer: &[Id]) -> bool {
        if outer.iter().all(|b| inner.iter().any(|a| self.is_same(*a, *b))) {
            return true;
        }
        let key = (Set::from_slice(inner), Set::from_slice(outer));
        if let Some(known) = self.memo.get(&key) {
            return *known;
        }
        if let Some(at) = self.asking.iter().position(|asked| *asked == key) {
            self.assumed = self.assumed.min(at);
            return true;
        }
        self.questions += 1;
        self.asked += 1;
        if self.asking.len() > MAX_DEPTH || self.questions > MAX_QUESTIONS || self.asked > MAX_ASKED {
            return false;
        }
        let depth = self.asking.len();
        let before = std::mem::replace(&mut self.assumed, usize::MAX);
        let mark = self.provisional.len();
        self.asking.push(key.clone());
        let (a, b) = (self.norm(inner), self.norm(outer));
        let holds = self.norm_covers(&a, &b);
        self.asking.pop();
        let rests_on = std::mem::replace(&mut self.assumed, before);
        if !holds {
            // What was concluded from this one is open again.
            for key in self.provisional.split_off(mark) {
                self.memo.remove(&key);
            }
        } else if rests_on < depth {
            self.provisional.push(key.clone());
            self.assumed = self.assumed.min(rests_on);
        } else {
            self.provisional.truncate(mark);
        }
        self.memo.insert(key, holds);
        holds
    }

    /// Gives the next question its whole share of the budget.
    pub(super) fn refill(&mut self) {
        self.questions = 0;
        self.pieces_left = MAX_PIECES;
    }

    fn norm_covers(&mut self, a: &Norm, b: &Norm) -> bool {
        if b.vague || (a.null && !b.null) {
            return false;
        }
        if (0..2).any(|at| a.booleans[at] && !b.booleans[at]) {
            return false;
        }
        a.nums.iter().all(|num| {
            numbers::find(&mut self.norms, &mut self.space, num, &b.nums) == numbers::Found::Nothing
        }) && a.strs.iter().all(|str| {
            strings::find(&mut self.norms, &mut self.space, str, &b.strs) == strings::Found::Nothing
        }) && a.arrs.iter().all(|arr| self.arr_covered(arr, &b.arrs))
            && a.objs.iter().all(|obj| self.obj_covered(obj, &b.objs, 0))
    }

    pub(super) fn arr_covered(&mut self, inner: &Arr, outers: &[Arr]) -> bool {
        if let Some(values) = &inner.values {
            return values.iter().all(|value| {
                let whole = |arr: &Arr| Norm { arrs: vec![arr.clone()], ..Norm::default() };
                self.holds(&whole(inner), value) == Some(false)
                    || outers.iter().any(|outer| self.holds(&whole(outer), value) == Some(true))
            });
        }
        if self.arr_is_void(inner) {
            return true;
        }
        outers.iter().any(|outer| self.arr_covers(inner, outer))
    }

    fn arr_is_void(&mut self, arr: &Arr) -> bool {
        (0..arr.min).any(|at| {
            let set = arr.prefix.get(at as usize).unwrap_or(&arr.items).clone();
            at <= arr.prefix.len() as u64 && self.is_void(&set)
        })
    }

    /// The most members that an array can have.
    pub(super) fn longest(&mut self, arr: &Arr) -> Option<u64> {
        let mut longest = arr.max;
        for at in 0..=arr.prefix.len() {
            let set = arr.prefix.get(at).unwrap_or(&arr.items).clone();
            if self.is_void(&set) {
                longest = Some(longest.map_or(at as u64, |max| max.min(at as u64)));
                break;
            }
        }
        longest
    }

    fn arr_covers(&mut self, inner: &Arr, outer: &Arr) -> bool {
        let longest = self.longest(inner);
        if outer.values.is_some()
            || outer.min > inner.min
            || outer.max.is_some_and(|max| longest.is_none_or(|mine| mine > max))
            || (outer.unique && !inner.unique && longest.is_none_or(|mine| mine > 1))
        {
            return false;
        }
        let prefix = inner.prefix.len().max(outer.prefix.len());
        for at in 0..=prefix {
            if longest.is_some_and(|longest| at as u64 >= longest) {
                break;
            }
            let a = inner.prefix.get(at).unwrap_or(&inner.items).clone();
            let b = outer.prefix.get(at).unwrap_or(&outer.items).clone();
            if !self.covers(&a, &b) {
                return false;
            }
        }
        for (id, least, most) in &outer.contains {
            let mut is_given = inner.contains.iter().any(|(mine, my_least, my_most)| {
                self.is_same(*mine, *id)
                    && my_least >= least
                    && most.is_none_or(|most| my_most.is_some_and(|mine| mine <= most))
            });
            if !is_given && most.is_none() {
                is_given = inner
                    .contains
                    .iter()
                    .any(|(mine, my_least, _)| my_least >= least && self.covers(&[*mine], &[*id]))
                    || (inner.min >= *least
                        && inner.prefix.is_empty()
                        && self.covers(&inner.items.clone(), &[*id]));
            }
            let asks_nothing = *least == 0 && most.is_none_or(|most| longest.is_some_and(|l| l <= most));
            if !is_given && !asks_nothing {
                return false;
            }
        }
        outer.nots.iter().all(|not| {
            inner.nots.iter().any(|mine| self.covers(not, mine))
                || self.is_apart(not, &Norm { arrs: vec![inner.clone()], ..Norm::default() })
        })
    }

    fn holds(&mut self, norm: &Norm, value: &serde_json::Value) -> Option<bool> {
        self.norms.norm_holds(&mut self.space, norm, value)
    }

    /// Whether no value of `norm` satisfies `set`: asked of arrays and objects.
    fn is_apart(&mut self, set: &[Id], norm: &Norm) -> bool {
        let other = self.norm(set);
        if !norm.arrs.is_empty() {
            let mine = Norm { arrs: norm.arrs.clone(), ..Norm::default() };
            let both = self.norms.both(&mut self.space, &mine, &other);
            if !both.arrs.iter().all(|arr| self.arr_is_void(arr)) {
                return false;
            }
        }
        norm.objs.iter().all(|mine| other.objs.iter().all(|theirs| self.objs_are_apart(mine, theirs)))
    }

    /// Whether no object that is sent as `a` is like both, as far as that is plain
    /// to see: without putting them together.
    fn objs_are_apart(&mut self, a: &Obj, b: &Obj) -> bool {
        let required = a.required.union(&b.required);
        let least_size = a.min.max(b.min).max(required.len() as u64);
        if least(a.max, b.max).is_some_and(|most| most < least_size) {
            return true;
        }
        if let (Some(mine), Some(theirs)) = (&a.values, &b.values)
            && !mine.iter().any(|value| theirs.contains(value))
        {
            return true;
        }
        required.iter().any(|name| {
            if self.is_left_out(a, name) {
                return true;
            }
            let set = joined(&[&self.member(a, name), &self.member(b, name)]);
            set.contains(&NEVER) || self.norms.clash(&self.space, &set) || self.is_void(&set)
        })
    }

    /// Whether nothing satisfies a conjunction, as far as that is plain to see.
    pub(super) fn is_void(&mut self, set: &[Id]) -> bool {
        if set.is_empty() {
            return false;
        }
        if set.contains(&NEVER) {
            return true;
        }
        if let Some(known) = self.void.get(set) {
            return *known;
        }
        // While it is being asked: not void.
        self.void.insert(Set::from_slice(set), false);
        let norm = self.norm(set);
        let void = !norm.null
            && norm.booleans == [false, false]
            && norm.nums.iter().all(|num| {
                numbers::find(&mut self.norms, &mut self.space, num, &[]) == numbers::Found::Nothing
            })
            && norm.strs.iter().all(|str| {
                strings::find(&mut self.norms, &mut self.space, str, &[]) == strings::Found::Nothing
            })
            && norm.arrs.iter().all(|arr| self.arr_is_void(arr))
            && norm.objs.iter().all(|obj| self.obj_is_void(obj));
        self.void.insert(Set::from_slice(set), void);
        void
    }

    fn obj_is_void(&mut self, obj: &Obj) -> bool {
        obj.required.iter().any(|name| {
            let set = self.member(obj, name);
            self.is_void(&set)
        }) || obj.max.is_some_and(|max| max < obj.min.max(obj.required.len() as u64))
    }

    pub(super) fn obj_covered(&mut self, inner: &Obj, outers: &[Obj], splits: usize) -> bool {
        if let Some(values) = &inner.values {
            return values.iter().all(|value| {
                let whole = |obj: &Obj| Norm { objs: vec![obj.clone()], ..Norm::default() };
                self.holds(&whole(inner), value) == Some(false)
                    || outers.iter().any(|outer| self.holds(&whole(outer), value) == Some(true))
            });
        }
        if self.obj_is_void(inner) {
            return true;
        }
        if outers.iter().any(|outer| self.obj_covers(inner, outer)) {
            return true;
        }
        if splits >= MAX_SPLITS || outers.len() < 2 || self.pieces_left == 0 {
            return false;
        }
        // Cut the object along a member in which the branches differ.
        let mut names: Vec<&Name> =
            outers.iter().flat_map(|outer| outer.properties.names().chain(outer.required.iter())).collect();
        names.sort();
        names.dedup();
        // A member that all branches see alike tells none of them apart.
        names.retain(|name| {
            let first = &outers[0];
            outers.iter().any(|outer| {
                outer.properties.get(name) != first.properties.get(name)
                    || outer.required.contains(name) != first.required.contains(name)
            })
        });
        for name in names {
            if self.pieces_left == 0 {
                return false;
            }
            let Some(pieces) = self.pieces(inner, name, outers) else { continue };
            self.pieces_left = self.pieces_left.saturating_sub(pieces.len());
            if pieces.iter().all(|piece| self.obj_covered(piece, outers, splits + 1)) {
                return true;
            }
        }
        false
    }

    /// An object cut into several by what a member is; `None` where that gives
    /// nothing new.
    fn pieces(&mut self, obj: &Obj, name: &Name, outers: &[Obj]) -> Option<Vec<Obj>> {
        let set = self.member(obj, name);
        let mut out = Vec::new();
        let mut with = |add: Id| {
            let mut piece = obj.clone();
            piece.properties.insert(name, joined(&[&set, &[add]]));
            piece.required.insert(name);
            out.push(piece);
        };
        let norm = self.norms.of(&mut self.space, &set);
        let mut kinds: Vec<Facets> = Vec::new();
        let kind = |bits: u8| Facets { types: Some(bits), ..Facets::default() };
        let constant = |value: serde_json::Value| Facets { values: Some(vec![value]), ..Facets::default() };
        if norm.null {
            kinds.push(kind(types::NULL));
        }
        if norm.booleans == [true, true] {
            kinds.extend([constant(false.into()), constant(true.into())]);
        } else if norm.booleans != [false, false] {
            kinds.push(kind(types::BOOLEAN));
        }
        if norm.nums.iter().all(|num| num.values.is_some()) {
            let values = norm.nums.iter().flat_map(|num| num.values.iter().flatten());
            kinds.extend(values.map(|value| constant(value.to_json())));
        } else {
            kinds.push(kind(types::NUMBER));
        }
        if norm.strs.iter().all(|str| str.values.is_some()) {
            let values = norm.strs.iter().flat_map(|str| str.values.iter().flatten());
            kinds.extend(values.map(|value| constant(value.as_str().into())));
        } else {
            // The values that branches ask for, and the rest.
            let mut asked: Vec<serde_json::Value> = Vec::new();
            for outer in outers {
                let theirs = self.norms.member(outer, name);
                let theirs = self.norms.of(&mut self.space, &theirs);
                let values = theirs.strs.iter().flat_map(|str| str.values.iter().flatten());
                asked.extend(values.map(|value| value.as_str().into()));
            }
            asked.sort_by_key(ToString::to_string);
            asked.dedup();
            if !asked.is_empty() && asked.len() <= 16 {
                let not = Facets { values: Some(asked.clone()), ..Facets::default() };
                let not = self.space.made(not);
                kinds.push(Facets { types: Some(types::STRING), not: vec![not], ..Facets::default() });
                kinds.extend(asked.into_iter().map(constant));
            } else {
                kinds.push(kind(types::STRING));
            }
        }
        if !norm.arrs.is_empty() {
            kinds.push(kind(types::ARRAY));
        }
        if !norm.objs.is_empty() {
            kinds.push(kind(types::OBJECT));
        }
        if kinds.len() > 24 {
            return None;
        }
        let is_optional = !obj.required.contains(name);
        if kinds.len() < 2 && !is_optional {
            return None;
        }
        for facets in kinds {
            let id = self.space.made(facets);
            with(id);
        }
        if is_optional {
            let mut piece = obj.clone();
            piece.properties.insert(name, Set::from_slice(&[NEVER]));
            out.push(piece);
        }
        Some(out)
    }

    /// Whether undeclared names are left out by who sends such objects.
    pub(super) fn is_closed(&self, obj: &Obj) -> bool {
        self.declared_only && !obj.says_additional && (!obj.properties.is_empty() || !obj.patterns.is_empty())
    }

    /// Whether who sends such an object has no such member in it.
    fn is_left_out(&mut self, obj: &Obj, name: &Name) -> bool {
        self.is_closed(obj)
            && !obj.properties.contains(name)
            && !obj.patterns.keys().any(|pattern| self.norms.fits(pattern, name) != Some(false))
    }

    fn obj_covers(&mut self, inner: &Obj, outer: &Obj) -> bool {
        if outer.values.is_some() || !outer.required.is_subset(&inner.required) {
            return false;
        }
        let is_closed = self.is_closed(inner) || self.is_void(&inner.additional.clone());
        if outer.min > inner.min.max(inner.required.len() as u64) {
            return false;
        }
        if let Some(max) = outer.max
            && inner.max.is_none_or(|mine| mine > max)
        {
            let is_small = is_closed && inner.patterns.is_empty() && inner.properties.len() as u64 <= max;
            if !is_small {
                return false;
            }
        }
        let is_more = !is_closed || !inner.patterns.is_empty();
        let more = outer.properties.names().filter(|name| is_more && !inner.properties.contains(name));
        for name in inner.properties.names().chain(more) {
            let a = self.member(inner, name);
            if is_closed
                && !inner.properties.contains(name)
                && !inner.patterns.keys().any(|p| self.norms.fits(p, name) != Some(false))
            {
                continue;
            }
            if self.is_void(&a) {
                continue;
            }
            if !inner.names.is_empty()
                && self.norms.accepts(&mut self.space, &inner.names.clone(), &Value::from(&**name))
                    == Some(false)
            {
                continue;
            }
            let b = self.member(outer, name);
            if !self.covers(&a, &b) {
                return false;
            }
            if !outer.names.is_empty()
                && self.norms.accepts(&mut self.space, &outer.names.clone(), &Value::from(&**name))
                    != Some(true)
            {
                return false;
            }
        }
        // Names that fit a pattern.
        for (pattern, set) in &inner.patterns {
            let same = outer.patterns.get(pattern).cloned();
            let target = match same {
                Some(set) => set,
                None => joined(&[
                    &outer.additional,
                    &outer.patterns.values().flatten().copied().collect::<Vec<_>>(),
                ]),
            };
            if !self.covers(set, &target) {
                return false;
            }
        }
        // All other names.
        if !is_closed {
            let open = inner.additional.clone();
            if !self.covers(&open, &outer.additional) {
                return false;
            }
            for (pattern, set) in &outer.patterns {
                if !inner.patterns.contains_key(pattern) && !self.covers(&open, set) {
                    return false;
                }
            }
            if !outer.names.is_empty() && (inner.names.is_empty() || !self.names_cover(inner, outer)) {
                return false;
            }
        } else if !inner.patterns.is_empty() && !outer.names.is_empty() && !self.names_cover(inner, outer) {
            return false;
        }
        outer.nots.iter().all(|not| {
            inner.nots.iter().any(|mine| self.covers(not, mine))
                || self.is_apart(not, &Norm { objs: vec![inner.clone()], ..Norm::default() })
        })
    }

    fn names_cover(&mut self, inner: &Obj, outer: &Obj) -> bool {
        let text = self.space.made(Facets { types: Some(types::STRING), ..Facets::default() });
        let mine = joined(&[&inner.names, &[text]]);
        self.covers(&mine, &outer.names.clone())
    }
}
