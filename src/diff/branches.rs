//! Objects side by side: which names are declared, what is asked of members,
//! and which branch of a union is which.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Value, json};

use super::facets::{Facets, NEVER};
use super::norm::{Norm, Obj, Set};
use super::record::Names;
use super::summary::{MAX_LISTED, kinds};
use super::walk::{Aspect, Edge, Reason, Shift, Step, Walk};

impl Walk<'_, '_> {
    pub(super) fn objects(&mut self, index: usize, a: &Norm, b: &Norm) {
        if a.objs.is_empty() || b.objs.is_empty() {
            return;
        }
        self.declared(index, a, b);
        if a.objs.len() == 1 && b.objs.len() == 1 {
            let (x, y) = (&a.objs[0], &b.objs[0]);
            self.limits(index, x, y, Shift::Lost, false);
            self.limits(index, y, x, Shift::Gained, false);
            self.members(index, x, y, [true; 2]);
            for (inner, outer, shift) in [(x, y, Shift::Lost), (y, x, Shift::Gained)] {
                let has_more = outer.nots.iter().any(|not| !inner.nots.contains(not))
                    || outer.names != inner.names
                    || outer.patterns.keys().any(|pattern| !inner.patterns.contains_key(pattern));
                if has_more && !self.engine.obj_covered(inner, std::slice::from_ref(outer), 0) {
                    self.unexplained(index, inner, outer, shift);
                }
            }
            return;
        }
        // Branches are told by what they look like; a branch that the other
        // side takes as a whole has nothing to answer for.
        let (lost, gained): (Vec<bool>, Vec<bool>) = (
            a.objs.iter().map(|obj| !self.engine.obj_covered(obj, &b.objs, 0)).collect(),
            b.objs.iter().map(|obj| !self.engine.obj_covered(obj, &a.objs, 0)).collect(),
        );
        let twins = self.twins(&a.objs, &b.objs);
        let mut met = [BTreeSet::new(), BTreeSet::new()];
        for (at, other) in twins {
            met[0].insert(at);
            met[1].insert(other);
            let (x, y) = (&a.objs[at], &b.objs[other]);
            if lost[at] {
                self.limits(index, x, y, Shift::Lost, false);
            }
            if gained[other] {
                self.limits(index, y, x, Shift::Gained, false);
            }
            self.members(index, x, y, [lost[at], gained[other]]);
            if lost[at] {
                self.unexplained(index, x, y, Shift::Lost);
            }
            if gained[other] {
                self.unexplained(index, y, x, Shift::Gained);
            }
        }
        for (side, objs, open, shift) in
            [(0, &a.objs, &lost, Shift::Lost), (1, &b.objs, &gained, Shift::Gained)]
        {
            for (at, obj) in objs.iter().enumerate() {
                if open[at] && !met[side].contains(&at) {
                    let witness = self.engine.object(obj, &[], 0);
                    let named = obj.properties.names().take(MAX_LISTED).map(|name| &**name);
                    let named = json!(named.collect::<Vec<&str>>());
                    let (before, after) = match shift {
                        Shift::Lost => (named, Value::Null),
                        Shift::Gained => (Value::Null, named),
                    };
                    let blame =
                        self.blame(index, |facets| !facets.any_of.is_empty() || !facets.one_of.is_empty());
                    let reason = self.report(index, Aspect::Branch, shift, before, after);
                    reason.blame = blame;
                    reason.witness = witness;
                }
            }
        }
    }

    /// A branch that is not covered although neither its limits nor its members
    /// tell why: the place itself answers for it.
    fn unexplained(&mut self, index: usize, inner: &Obj, outer: &Obj, shift: Shift) {
        let is_told = |reason: &Reason| {
            reason.pair == index
                && (reason.shift == shift
                    && !matches!(reason.aspect, Aspect::Declared | Aspect::Format | Aspect::Default))
        };
        if self.reasons.iter().any(is_told) {
            return;
        }
        for name in inner.properties.names() {
            let (a, b) = (self.engine.member(inner, name), self.engine.member(outer, name));
            if !self.engine.covers(&a, &b) {
                return;
            }
        }
        let (old, new) = (self.pairs[index].old.clone(), self.pairs[index].new.clone());
        let witness = match shift {
            Shift::Lost => self.engine.differ(&old, &new),
            Shift::Gained => self.engine.differ(&new, &old),
        };
        // What hurts nobody is told where it is known.
        if witness.is_none() && shift != self.breaking() {
            return;
        }
        let is_branch = |facets: &Facets| {
            !facets.any_of.is_empty() || !facets.one_of.is_empty() || !facets.not.is_empty()
        };
        let blame = self.blame(index, is_branch);
        let reason = self.report(index, Aspect::Values("branch"), shift, Value::Null, Value::Null);
        reason.blame = blame;
        reason.witness = witness;
    }

    /// Names that one side declares, in whatever branch, and the other does not.
    fn declared(&mut self, index: usize, a: &Norm, b: &Norm) {
        let names = |norm: &Norm| -> Names {
            let declared = norm.objs.iter().flat_map(|obj| obj.properties.iter());
            declared.filter(|(_, set)| !set.contains(&NEVER)).map(|(name, _)| name.clone()).collect()
        };
        let (old, new) = (names(a), names(b));
        let (mut gone, mut come) = (old.without(&new), new.without(&old));
        // What nothing satisfies is as good as not there; asked of few, it costs.
        for (side, differing) in [(a, &mut gone), (b, &mut come)] {
            differing.retain(|name| {
                let mut sets = side.objs.iter().filter_map(|obj| obj.properties.get(name));
                !sets.all(|set| self.engine.is_void(set))
            });
        }
        // What leads to nothing may declare anything.
        let (old_open, new_open) = (a.vague, b.vague);
        for (differing, arrived, shift, open) in
            [(&gone, &come, Shift::Lost, new_open), (&come, &gone, Shift::Gained, old_open)]
        {
            if open {
                continue;
            }
            for name in differing {
                let blame =
                    self.blame(index, |facets| facets.properties.iter().any(|(known, _)| known == name));
                let side = if shift == Shift::Lost { a } else { b };
                let set: Set =
                    side.objs.iter().find_map(|obj| obj.properties.get(name).cloned()).unwrap_or_default();
                // A rename is told where there is no doubt.
                let other = if shift == Shift::Lost { b } else { a };
                let twin = match arrived.as_slice() {
                    [only] if differing.len() == 1 && self.may_be_renamed(name, only, &set) => {
                        let theirs = other.objs.iter().find_map(|obj| obj.properties.get(only).cloned());
                        theirs.filter(|theirs| self.engine.are_same(&set, theirs)).map(|_| only.to_string())
                    }
                    _ => None,
                };
                let side = if shift == Shift::Lost { &self.pairs[index].new } else { &self.pairs[index].old };
                let is_barred = self
                    .parts(side)
                    .iter()
                    .any(|id| self.engine.space.get(*id).barred.iter().any(|known| **known == **name));
                let norm = self.engine.norm(&set);
                let what = json!(kinds(&norm));
                let (before, after) = match shift {
                    Shift::Lost => (what, Value::Null),
                    Shift::Gained => (Value::Null, what),
                };
                let reason = self.report(index, Aspect::Declared, shift, before, after);
                reason.field = Some(name.to_string());
                reason.blame = blame;
                reason.twin = twin;
                reason.is_barred = is_barred;
            }
        }
    }

    /// Whether two members of equal meaning may be one member by another name: the
    /// names are alike, or the schema is like no other.
    fn may_be_renamed(&self, name: &str, other: &str, set: &Set) -> bool {
        let plain = |name: &str| -> String {
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let (a, b) = (plain(name), plain(other));
        let is_alike = a == b || strsim::osa_distance(&a, &b) * 4 <= a.len().max(b.len());
        is_alike
            || self.parts(set).iter().any(|id| {
                let facets = self.engine.space.get(*id);
                facets.values.is_some()
                    || facets.pattern.is_some()
                    || facets.minimum.is_some()
                    || facets.maximum.is_some()
                    || facets.min_length.is_some()
                    || facets.max_length.is_some()
                    || facets.properties.len() > 1
                    || !facets.any_of.is_empty()
                    || !facets.one_of.is_empty()
            })
    }

    /// What two objects ask of their members beside what these are.
    fn limits(&mut self, index: usize, x: &Obj, y: &Obj, shift: Shift, absorbed: bool) {
        for name in y.required.without(&x.required) {
            let witness = self.engine.object(x, &[], 0).filter(|value| value.get(&*name).is_none());
            let blame = self.blame(index, |facets| facets.required.contains(&name));
            let (before, after) = match shift {
                Shift::Lost => (json!(false), json!(true)),
                Shift::Gained => (json!(true), json!(false)),
            };
            let reason = self.report(index, Aspect::Required, shift, before, after);
            reason.field = Some(name.to_string());
            reason.blame = blame;
            reason.witness = witness;
            reason.absorbed = absorbed;
        }
        // Declared here, refused there.
        for name in x.properties.names().filter(|name| !y.properties.contains(name)) {
            let name = name.to_string();
            let (mine, theirs) = (self.engine.member(x, &name), self.engine.member(y, &name));
            if !theirs.contains(&NEVER) || mine.contains(&NEVER) {
                continue;
            }
            let Some(value) = self.engine.example(&mine, 0) else { continue };
            let witness = self.engine.object(x, &[(name.clone(), value)], 0);
            let blame = self.blame(index, |facets| facets.additional == super::facets::Additional::Never);
            let reason = self.report(index, Aspect::Undeclared, shift, json!(true), json!(false));
            reason.field = Some(name);
            reason.blame = blame;
            reason.witness = witness;
            reason.absorbed = absorbed;
        }
        let is_open = !self.engine.is_closed(x) && !x.additional.contains(&NEVER);
        if is_open && y.additional.contains(&NEVER) {
            let value = self.engine.example(&x.additional.clone(), 0);
            let witness = value.and_then(|value| self.engine.object(x, &[("extra".to_owned(), value)], 0));
            let blame = self.blame(index, |facets| facets.additional != super::facets::Additional::Unsaid);
            let (before, after) = match shift {
                Shift::Lost => (json!(true), json!(false)),
                Shift::Gained => (json!(false), json!(true)),
            };
            let reason = self.report(index, Aspect::Undeclared, shift, before, after);
            reason.blame = blame;
            reason.witness = witness;
            reason.absorbed = absorbed;
        }
        let bare =
            |obj: &Obj| Obj { min: obj.min, max: obj.max, required: obj.required.clone(), ..Obj::default() };
        let (one, mut other) = (bare(x), bare(y));
        other.required = Names::default();
        if (one.min, one.max) != (other.min, other.max) && !self.engine.obj_covered(&one, &[other], 9) {
            let size = |obj: &Obj| json!({"minProperties": obj.min, "maxProperties": obj.max});
            let (before, after) = match shift {
                Shift::Lost => (size(x), size(y)),
                Shift::Gained => (size(y), size(x)),
            };
            let blame = self
                .blame(index, |facets| facets.min_properties.is_some() || facets.max_properties.is_some());
            let (old, new) = (self.pairs[index].old.clone(), self.pairs[index].new.clone());
            let witness = match shift {
                Shift::Lost => self.engine.differ(&old, &new),
                Shift::Gained => self.engine.differ(&new, &old),
            };
            let reason = self.report(index, Aspect::Values("size"), shift, before, after);
            reason.blame = blame;
            reason.witness = witness;
            reason.absorbed = absorbed;
        }
    }

    fn members(&mut self, index: usize, x: &Obj, y: &Obj, counts: [bool; 2]) {
        for (name, old) in x.properties.iter() {
            // Declared by name before, by a map's values now.
            let as_value = y.properties.get(name).is_none().then(|| self.engine.member(y, name));
            let as_value = as_value.filter(|now| !now.is_empty() && !now.contains(&NEVER));
            let Some(new) = y.properties.get(name).cloned().or(as_value) else { continue };
            // Most are: they leave no trace.
            if !self.engine.are_same(old, &new) {
                let edge = Edge { parent: index, step: Step::Field(name.to_string()), counts };
                self.push(old.clone(), new, Some(edge), None);
            }
        }
        let are_maps = x.says_additional && y.says_additional;
        let are_alike = self.engine.is_closed(x) == self.engine.is_closed(y)
            && !self.engine.is_closed(x)
            && x.additional != y.additional;
        let is_barred = x.additional.contains(&NEVER) || y.additional.contains(&NEVER);
        if (are_maps || are_alike) && !is_barred {
            let edge = Edge { parent: index, step: Step::Value, counts };
            self.push(x.additional.clone(), y.additional.clone(), Some(edge), None);
        }
        for (pattern, old) in &x.patterns {
            if let Some(new) = y.patterns.get(pattern) {
                let edge = Edge { parent: index, step: Step::Value, counts };
                self.push(old.clone(), new.clone(), Some(edge), None);
            }
        }
    }

    /// Which branch of one side is which of the other: the most alike first.
    fn twins(&mut self, a: &[Obj], b: &[Obj]) -> Vec<(usize, usize)> {
        let mut scores: Vec<(i64, usize, usize)> = Vec::new();
        for (at, x) in a.iter().enumerate() {
            for (other, y) in b.iter().enumerate() {
                scores.push((self.likeness(x, y), at, other));
            }
        }
        scores
            .sort_by_key(|(score, at, other)| (std::cmp::Reverse(*score), at.abs_diff(*other), *at, *other));
        let (mut used_a, mut used_b) = (BTreeSet::new(), BTreeSet::new());
        let mut out = Vec::new();
        for (score, at, other) in scores {
            if score > 0 && !used_a.contains(&at) && !used_b.contains(&other) {
                used_a.insert(at);
                used_b.insert(other);
                out.push((at, other));
            }
        }
        out.sort_unstable();
        out
    }

    fn likeness(&mut self, x: &Obj, y: &Obj) -> i64 {
        let mut score = 1;
        for (name, set) in x.properties.iter() {
            let Some(other) = y.properties.get(name) else {
                score -= 2;
                continue;
            };
            if self.engine.are_same(set, other) {
                score += 6;
                continue;
            }
            score += 3;
            let (p, q) = (self.engine.norm(set), self.engine.norm(other));
            let constant = |norm: &Rc<Norm>| match norm.strs.as_slice() {
                [one] => one.values.clone().filter(|values| values.len() == 1),
                _ => None,
            };
            if let (Some(p), Some(q)) = (constant(&p), constant(&q)) {
                // A discriminator decides.
                score += if p == q { 1_000 } else { -10_000 };
            }
        }
        score -= 2 * y.properties.names().filter(|name| !x.properties.contains(name)).count() as i64;
        if x.properties.is_empty() && y.properties.is_empty() {
            5
        } else {
            score.max(if score < -1_000 { -1 } else { 1 })
        }
    }
}
