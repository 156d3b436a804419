//! A conjunction of schemas in normal form: for each JSON type, the
//! alternatives that a value of that type may follow.
//!
//! `$ref`, `allOf`, `anyOf`, `oneOf`, `enum` and nullability are gone here, so
//! that two ways of writing one thing are one thing. Members (properties,
//! items) stay conjunctions of schemas, and are normalised when somebody asks.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde_json::Value;
use smallvec::{SmallVec, smallvec};

use super::facets::{Additional, Bound, Facets, Id, NEVER, types};
use super::number::Decimal;
use super::record::{Members, Names};
use super::space::Space;
use super::strings::says_nothing;

/// A conjunction of schemas, sorted; the empty one accepts everything.
pub(super) type Set = SmallVec<[Id; 4]>;

/// More alternatives of one type than this are not kept apart.
const MAX_ALTERNATIVES: usize = 96;
/// Deepest nesting of references and branches in one value.
pub(super) const MAX_NESTING: usize = 200;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Num {
    pub(super) values: Option<Vec<Decimal>>,
    pub(super) min: Option<Bound>,
    pub(super) max: Option<Bound>,
    pub(super) steps: Vec<Decimal>,
    pub(super) nots: Vec<Set>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Str {
    pub(super) values: Option<Vec<String>>,
    pub(super) min: u64,
    pub(super) max: Option<u64>,
    pub(super) patterns: Vec<String>,
    /// A hint for examples, never a limit.
    pub(super) formats: Vec<String>,
    pub(super) nots: Vec<Set>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Arr {
    pub(super) values: Option<Vec<Value>>,
    pub(super) prefix: Vec<Set>,
    pub(super) items: Set,
    pub(super) min: u64,
    pub(super) max: Option<u64>,
    pub(super) unique: bool,
    pub(super) contains: Vec<(Id, u64, Option<u64>)>,
    pub(super) nots: Vec<Set>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Obj {
    pub(super) values: Option<Vec<Value>>,
    pub(super) properties: Members,
    /// For each pattern the schemas of names that fit it.
    pub(super) patterns: BTreeMap<String, Set>,
    /// What undeclared names must be.
    pub(super) additional: Set,
    /// Whether anything was said of undeclared names.
    pub(super) says_additional: bool,
    pub(super) required: Names,
    pub(super) min: u64,
    pub(super) max: Option<u64>,
    pub(super) names: Set,
    pub(super) nots: Vec<Set>,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Norm {
    pub(super) null: bool,
    pub(super) booleans: [bool; 2],
    pub(super) nums: Vec<Num>,
    pub(super) strs: Vec<Str>,
    pub(super) arrs: Vec<Arr>,
    pub(super) objs: Vec<Obj>,
    /// Something could not be modelled: the values are among these, no more is known.
    pub(super) vague: bool,
}

impl Norm {
    fn everything() -> Self {
        Self {
            null: true,
            booleans: [true, true],
            nums: vec![Num::default()],
            strs: vec![Str::default()],
            arrs: vec![Arr::default()],
            objs: vec![Obj::default()],
            vague: false,
        }
    }

    fn union(mut self, other: Self) -> Self {
        fn add<T: PartialEq>(mine: &mut Vec<T>, other: Vec<T>) {
            for one in other {
                if !mine.contains(&one) {
                    mine.push(one);
                }
            }
        }
        self.null |= other.null;
        self.booleans[0] |= other.booleans[0];
        self.booleans[1] |= other.booleans[1];
        add(&mut self.nums, other.nums);
        add(&mut self.strs, other.strs);
        add(&mut self.arrs, other.arrs);
        add(&mut self.objs, other.objs);
        self.vague |= other.vague;
        self
    }
}

/// Normal forms, each made once.
#[derive(Default)]
pub(super) struct Norms {
    known: FxHashMap<Set, Rc<Norm>>,
    /// Those of single schemas, where they do not depend on the way there.
    singles: FxHashMap<Id, Rc<Norm>>,
    /// The outermost schema on the way that what is at hand came back to.
    back_to: Option<usize>,
    pub(super) patterns: FxHashMap<String, Option<regex_automata::meta::Regex>>,
    /// The same patterns by their parts.
    pub(super) parts: FxHashMap<String, Option<Rc<regex_syntax::hir::Hir>>>,
    /// Searches for texts that took automata, and these.
    pub(super) texts: FxHashMap<String, super::strings::Found>,
    pub(super) automata: super::strings::Automata,
    pub(super) depth: usize,
}

/// Puts conjunctions together, sorted and once each.
pub(super) fn joined(sets: &[&[Id]]) -> Set {
    // Most often one of two has nothing to add.
    match sets {
        [one, other] if other.is_empty() || one == other => return Set::from_slice(one),
        [[], other] => return Set::from_slice(other),
        _ => {}
    }
    let mut out: Set = sets.iter().flat_map(|set| set.iter().copied()).collect();
    out.sort_unstable();
    out.dedup();
    out
}

impl Norms {
    /// The normal form of a conjunction.
    pub(super) fn of(&mut self, space: &mut Space<'_>, set: &[Id]) -> Rc<Norm> {
        if let Some(known) = self.known.get(set) {
            return known.clone();
        }
        let mut trail = Vec::new();
        let mut norm: Option<Rc<Norm>> = None;
        for id in set {
            let one = self.one(space, *id, &mut trail);
            norm = Some(match norm {
                Some(norm) => Rc::new(self.intersect(space, &norm, &one)),
                None => one,
            });
        }
        let norm = norm.unwrap_or_else(|| Rc::new(Norm::everything()));
        self.known.insert(Set::from_slice(set), norm.clone());
        norm
    }

    fn one(&mut self, space: &mut Space<'_>, id: Id, trail: &mut Vec<Id>) -> Rc<Norm> {
        // A schema that refers to itself on the same value adds nothing to itself.
        if let Some(at) = trail.iter().position(|known| *known == id) {
            self.back_to = Some(self.back_to.map_or(at, |known| known.min(at)));
            return Rc::new(Norm::everything());
        }
        if let Some(known) = self.singles.get(&id) {
            return known.clone();
        }
        if trail.len() > MAX_NESTING {
            self.back_to = Some(0);
            return Rc::new(Norm::everything());
        }
        let outside = self.back_to.take();
        trail.push(id);
        let facets = space.get(id);
        let mut norm = (!facets.says_nothing()).then(|| Rc::new(self.plain(space, &facets)));
        for part in facets.all_of.iter().chain(&facets.reference) {
            let part = self.one(space, *part, trail);
            norm = Some(match norm {
                Some(norm) => Rc::new(self.intersect(space, &norm, &part)),
                None => part,
            });
        }
        for group in &facets.any_of {
            let mut all = Norm::default();
            for branch in group {
                all = all.union(Norm::clone(&self.one(space, *branch, trail)));
            }
            norm = Some(Rc::new(match norm {
                Some(norm) => self.intersect(space, &norm, &all),
                None => all,
            }));
        }
        for group in &facets.one_of {
            let mut all = Norm::default();
            for (at, branch) in group.iter().enumerate() {
                let mut alone = Norm::clone(&self.one(space, *branch, trail));
                for (other_at, other) in group.iter().enumerate() {
                    if other_at != at {
                        alone = self.without(space, alone, *other, trail);
                    }
                }
                all = all.union(alone);
            }
            norm = Some(Rc::new(match norm {
                Some(norm) => self.intersect(space, &norm, &all),
                None => all,
            }));
        }
        let mut norm = norm.unwrap_or_else(|| Rc::new(Norm::everything()));
        for not in &facets.not {
            norm = Rc::new(self.without(space, Norm::clone(&norm), *not, trail));
        }
        let is_rest_ruled = [facets.unevaluated, facets.unevaluated_items]
            .iter()
            .any(|said| !matches!(said, Additional::Unsaid | Additional::Any));
        if is_rest_ruled {
            self.unevaluated(space, id, &facets, Rc::make_mut(&mut norm));
        }
        trail.pop();
        if facets.nullable && !norm.null {
            Rc::make_mut(&mut norm).null = true;
        }
        // What came back to a schema further out is one thing here, another there.
        let own = self.back_to.take().filter(|at| *at < trail.len());
        if own.is_none() {
            self.singles.insert(id, norm.clone());
        }
        self.back_to = match (own, outside) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        norm
    }

    /// What nothing else speaks of: known where all that speaks holds for every
    /// value. With `anyOf` several branches may speak at once, which alternatives
    /// do not show.
    fn unevaluated(&mut self, space: &Space<'_>, id: Id, facets: &Facets, norm: &mut Norm) {
        let rule = |said: Additional| match said {
            Additional::Unsaid | Additional::Any => None,
            Additional::Never => Some(NEVER),
            Additional::Schema(id) => Some(id),
        };
        let (members, items) = (rule(facets.unevaluated), rule(facets.unevaluated_items));
        if members.is_none() && items.is_none() {
            return;
        }
        if may_speak_twice(space, id) {
            norm.vague = true;
            return;
        }
        if let Some(id) = members {
            for obj in norm.objs.iter_mut().filter(|obj| !obj.says_additional) {
                obj.additional = smallvec![id];
                obj.says_additional = true;
            }
        }
        if let Some(id) = items {
            // What `contains` finds has been spoken of.
            norm.vague |= norm.arrs.iter().any(|arr| !arr.contains.is_empty());
            for arr in norm.arrs.iter_mut().filter(|arr| arr.items.is_empty()) {
                arr.items = smallvec![id];
            }
        }
    }

    /// What the object itself says, without what it refers to.
    fn plain(&mut self, space: &Space<'_>, facets: &Facets) -> Norm {
        if facets.never {
            return Norm::default();
        }
        let allowed = facets.types.unwrap_or(types::ALL);
        let has = |bits: u8| allowed & bits == bits;
        let mut norm = Norm { vague: !facets.residue.is_empty() || facets.dangling, ..Norm::default() };
        norm.null = has(types::NULL);
        norm.booleans = [has(types::BOOLEAN); 2];
        if allowed & types::NUMBER != 0 {
            let mut steps: Vec<Decimal> = facets.multiple_of.as_deref().copied().into_iter().collect();
            if !has(types::NUMBER) {
                steps.push(Decimal::ONE);
            }
            steps.sort();
            steps.dedup();
            let [min, max] = [&facets.minimum, &facets.maximum].map(|bound| bound.as_deref().copied());
            let num = Num { min, max, steps, ..Num::default() };
            norm.nums = num.and(&Num::default()).map_or_else(Vec::new, |num| vec![num]);
        }
        let fits = |min: Option<u64>, max: Option<u64>| max.is_none_or(|max| min.unwrap_or(0) <= max);
        if has(types::STRING) && fits(facets.min_length, facets.max_length) {
            norm.strs = vec![Str {
                min: facets.min_length.unwrap_or(0),
                max: facets.max_length,
                patterns: facets
                    .pattern
                    .iter()
                    .filter(|pattern| !says_nothing(pattern))
                    .map(|pattern| pattern.to_string())
                    .collect(),
                formats: facets.format.iter().map(|format| format.to_string()).collect(),
                ..Str::default()
            }];
        }
        if has(types::ARRAY) && fits(facets.min_items, facets.max_items) {
            norm.arrs = vec![Arr {
                prefix: facets.prefix.iter().map(|id| smallvec![*id]).collect(),
                items: facets.items.into_iter().collect(),
                min: facets.min_items.unwrap_or(0),
                max: facets.max_items,
                unique: facets.unique,
                contains: facets.contains.as_deref().copied().into_iter().collect(),
                ..Arr::default()
            }];
        }
        if has(types::OBJECT) {
            let (additional, says_additional) = match facets.additional {
                Additional::Unsaid => (Set::new(), false),
                Additional::Any => (Set::new(), true),
                Additional::Never => (smallvec![NEVER], true),
                Additional::Schema(id) => (smallvec![id], true),
            };
            let mut properties = Vec::with_capacity(facets.properties.len());
            for (name, id) in &facets.properties {
                let mut set: Set = smallvec![*id];
                for (pattern, id) in &facets.patterns {
                    if self.fits(pattern, name) != Some(false) {
                        set.push(*id);
                    }
                }
                properties.push((name.clone(), joined(&[&set])));
            }
            let obj = Obj {
                properties: Members::new(properties),
                patterns: facets
                    .patterns
                    .iter()
                    .map(|(pattern, id)| (pattern.clone(), smallvec![*id]))
                    .collect(),
                additional,
                says_additional,
                required: facets.required.iter().cloned().collect(),
                min: facets.min_properties.unwrap_or(0),
                max: facets.max_properties,
                names: facets.property_names.into_iter().collect(),
                ..Obj::default()
            };
            if !self.is_impossible(space, &obj) {
                norm.objs = vec![obj];
            }
        }
        match &facets.values {
            None => norm,
            Some(values) => self.listed(norm, values),
        }
    }

    /// The alternatives cut down to listed values.
    fn listed(&mut self, norm: Norm, values: &[Value]) -> Norm {
        let mut out = Norm { vague: norm.vague, ..Norm::default() };
        let (mut nums, mut strs, mut arrs, mut objs) = (vec![], vec![], vec![], vec![]);
        for value in values {
            match value {
                Value::Null => out.null |= norm.null,
                Value::Bool(value) => out.booleans[usize::from(*value)] |= norm.booleans[usize::from(*value)],
                Value::Number(number) => nums.extend(Decimal::of(number)),
                Value::String(text) => strs.push(text.clone()),
                Value::Array(_) => arrs.push(value.clone()),
                Value::Object(_) => objs.push(value.clone()),
            }
        }
        for mut num in norm.nums {
            num.values = Some(nums.iter().copied().filter(|value| num.holds(*value)).collect());
            if num.values.as_ref().is_some_and(|values| !values.is_empty()) {
                out.nums.push(num);
            }
        }
        for mut str in norm.strs {
            let fits = |text: &&String| self.holds_plain(&str, text) != Some(false);
            let kept: Vec<String> = strs.iter().filter(fits).cloned().collect();
            if !kept.is_empty() {
                str.values = Some(kept);
                out.strs.push(str);
            }
        }
        for mut arr in norm.arrs.into_iter().filter(|_| !arrs.is_empty()) {
            arr.values = Some(arrs.clone());
            out.arrs.push(arr);
        }
        for mut obj in norm.objs.into_iter().filter(|_| !objs.is_empty()) {
            obj.values = Some(objs.clone());
            out.objs.push(obj);
        }
        out
    }

    /// The values of `norm` that do not satisfy the schema `id`.
    fn without(&mut self, space: &mut Space<'_>, mut norm: Norm, id: Id, trail: &mut Vec<Id>) -> Norm {
        let other = self.one(space, id, trail);
        if !other.vague {
            norm.null &= !other.null;
            norm.booleans[0] &= !other.booleans[0];
            norm.booleans[1] &= !other.booleans[1];
        } else if other.null && norm.null || other.booleans != [false; 2] {
            norm.vague = true;
        }
        let set: Set = smallvec![id];
        // A part that the other refuses altogether keeps all it has; one that it
        // takes altogether loses all.
        let all = Norm::everything();
        if !other.nums.is_empty() {
            if !other.vague && other.nums == all.nums {
                norm.nums.clear();
            }
            norm.nums.iter_mut().for_each(|num| num.nots.push(set.clone()));
        }
        if !other.strs.is_empty() {
            if !other.vague && other.strs == all.strs {
                norm.strs.clear();
            }
            norm.strs.iter_mut().for_each(|str| str.nots.push(set.clone()));
        }
        if !other.arrs.is_empty() {
            if !other.vague && other.arrs == all.arrs {
                norm.arrs.clear();
            }
            norm.arrs.iter_mut().for_each(|arr| arr.nots.push(set.clone()));
        }
        if !other.objs.is_empty() {
            if !other.vague && other.objs == all.objs {
                norm.objs.clear();
            }
            norm.objs.iter_mut().for_each(|obj| obj.nots.push(set.clone()));
        }
        norm
    }

    fn intersect(&mut self, space: &mut Space<'_>, a: &Norm, b: &Norm) -> Norm {
        let mut out = Norm {
            null: a.null && b.null,
            booleans: [a.booleans[0] && b.booleans[0], a.booleans[1] && b.booleans[1]],
            vague: a.vague || b.vague,
            ..Norm::default()
        };
        for x in &a.nums {
            out.nums.extend(b.nums.iter().filter_map(|y| x.and(y)));
        }
        for x in &a.strs {
            for y in &b.strs {
                if let Some(both) = self.and_str(x, y) {
                    out.strs.push(both);
                }
            }
        }
        for x in &a.arrs {
            out.arrs.extend(b.arrs.iter().filter_map(|y| x.and(y)));
        }
        for x in &a.objs {
            for y in &b.objs {
                if let Some(both) = self.and_obj(space, x, y) {
                    out.objs.push(both);
                }
            }
        }
        fn cut<T: PartialEq>(list: &mut Vec<T>, vague: &mut bool) {
            let mut kept: Vec<T> = Vec::with_capacity(list.len());
            for one in list.drain(..) {
                if !kept.contains(&one) {
                    kept.push(one);
                }
            }
            *list = kept;
            if list.len() > MAX_ALTERNATIVES {
                list.truncate(MAX_ALTERNATIVES);
                *vague = true;
            }
        }
        cut(&mut out.nums, &mut out.vague);
        cut(&mut out.strs, &mut out.vague);
        cut(&mut out.arrs, &mut out.vague);
        cut(&mut out.objs, &mut out.vague);
        out
    }

    fn and_str(&mut self, x: &Str, y: &Str) -> Option<Str> {
        let mut out = Str {
            min: x.min.max(y.min),
            max: least(x.max, y.max),
            patterns: merged(&x.patterns, &y.patterns),
            formats: merged(&x.formats, &y.formats),
            nots: merged(&x.nots, &y.nots),
            values: match (&x.values, &y.values) {
                (Some(a), Some(b)) => Some(a.iter().filter(|value| b.contains(value)).cloned().collect()),
                (a, b) => a.clone().or_else(|| b.clone()),
            },
        };
        if let Some(values) = out.values.take() {
            let kept: Vec<String> =
                values.into_iter().filter(|text| self.holds_plain(&out, text) != Some(false)).collect();
            if kept.is_empty() {
                return None;
            }
            out.values = Some(kept);
        }
        out.max.is_none_or(|max| out.min <= max).then_some(out)
    }

    fn and_obj(&mut self, space: &mut Space<'_>, x: &Obj, y: &Obj) -> Option<Obj> {
        if y.says_nothing() {
            return Some(x.clone());
        }
        if x.says_nothing() {
            return Some(y.clone());
        }
        let required = x.required.union(&y.required);
        // What tells branches apart, before all else is put together.
        let is_void = required.iter().any(|name| {
            let parts = [x, y].map(|part| part.properties.get(name));
            let set = joined(&[&self.either(parts[0], x, name), &self.either(parts[1], y, name)]);
            let is_declared = parts != [None, None];
            let is_known =
                [x, y].iter().zip(parts).any(|(part, own)| part.required.contains(name) && own == Some(&set));
            !(is_declared && is_known)
                && (set.iter().any(|id| space.get(*id).never) || is_declared && self.clash(space, &set))
        });
        if is_void {
            return None;
        }
        // What only one side speaks of stays as it is.
        let is_plain = |obj: &Obj| obj.patterns.is_empty() && obj.additional.is_empty();
        let properties = match (x.properties.is_empty(), y.properties.is_empty()) {
            (_, true) if is_plain(y) => x.properties.clone(),
            (true, _) if is_plain(x) => y.properties.clone(),
            _ => Members::zipped(&x.properties, &y.properties, |name, a, b| {
                joined(&[&self.either(a, x, name), &self.either(b, y, name)])
            }),
        };
        let mut patterns = x.patterns.clone();
        for (pattern, set) in &y.patterns {
            let mine = patterns.entry(pattern.clone()).or_default();
            *mine = joined(&[mine, set]);
        }
        // A name that fits the patterns of one side alone is undeclared to the
        // other; where that matters the pattern takes over the other's rule.
        for (pattern, set) in &mut patterns {
            for side in [x, y] {
                if !side.patterns.contains_key(pattern) && !side.additional.is_empty() {
                    *set = joined(&[set, &side.additional]);
                }
            }
        }
        let out = Obj {
            values: match (&x.values, &y.values) {
                (Some(a), Some(b)) => Some(a.iter().filter(|value| b.contains(value)).cloned().collect()),
                (a, b) => a.clone().or_else(|| b.clone()),
            },
            properties,
            patterns,
            additional: joined(&[&x.additional, &y.additional]),
            says_additional: x.says_additional || y.says_additional,
            required,
            min: x.min.max(y.min),
            max: least(x.max, y.max),
            names: joined(&[&x.names, &y.names]),
            nots: merged(&x.nots, &y.nots),
        };
        (!out.is_out_of_size()).then_some(out)
    }

    /// Whether no object is like that, as far as that is plain to see.
    fn is_impossible(&mut self, space: &Space<'_>, obj: &Obj) -> bool {
        if obj.is_out_of_size() {
            return true;
        }
        // A required member that nothing satisfies: no such object. Only what
        // is plain to see is asked, so that recursion ends.
        obj.required.iter().any(|name| {
            let declared = obj.properties.get(name);
            let set = self.member(obj, name);
            set.iter().any(|id| space.get(*id).never) || declared.is_some_and(|set| self.clash(space, set))
        })
    }

    /// Whether two schemas of a conjunction list values of which none is shared,
    /// or types that are: how discriminators tell branches apart.
    pub(super) fn clash(&self, space: &Space<'_>, set: &[Id]) -> bool {
        let mut values: Option<Vec<Value>> = None;
        let mut allowed = types::ALL;
        let mut queue: Vec<(Id, usize)> = set.iter().map(|id| (*id, 0)).collect();
        while let Some((id, depth)) = queue.pop() {
            let facets = space.get(id);
            if facets.nullable || depth > 8 {
                continue;
            }
            if let Some(listed) = &facets.values {
                values = Some(match values {
                    Some(mine) => mine.into_iter().filter(|value| listed.contains(value)).collect(),
                    None => listed.clone(),
                });
            }
            allowed &= facets.types.unwrap_or(types::ALL);
            queue.extend(facets.all_of.iter().chain(&facets.reference).map(|id| (*id, depth + 1)));
        }
        values.is_some_and(|values| values.is_empty()) || allowed == 0
    }

    /// What a member of that name must be.
    pub(super) fn member(&mut self, obj: &Obj, name: &str) -> Set {
        Set::from_slice(&self.either(obj.properties.get(name), obj, name))
    }

    /// What the member of that name must be where it is declared as `declared`,
    /// and where it is not.
    fn either<'o>(&mut self, declared: Option<&'o Set>, obj: &'o Obj, name: &str) -> Cow<'o, [Id]> {
        if let Some(set) = declared {
            return Cow::Borrowed(set);
        }
        if obj.patterns.is_empty() {
            return Cow::Borrowed(&obj.additional);
        }
        let mut sets: Vec<&[Id]> = Vec::new();
        for (pattern, set) in &obj.patterns {
            if self.fits(pattern, name) != Some(false) {
                sets.push(set);
            }
        }
        if sets.is_empty() { Cow::Borrowed(&obj.additional) } else { Cow::Owned(joined(&sets).into_vec()) }
    }

    /// What both normal forms accept.
    pub(super) fn both(&mut self, space: &mut Space<'_>, a: &Norm, b: &Norm) -> Norm {
        self.intersect(space, a, b)
    }
}

impl Num {
    fn and(&self, other: &Self) -> Option<Self> {
        let tighter = |a: Option<Bound>, b: Option<Bound>, lower: bool| match (a, b) {
            (Some(a), Some(b)) if a.value == b.value => {
                Some(Bound { value: a.value, exclusive: a.exclusive || b.exclusive })
            }
            (Some(a), Some(b)) => Some(if (a.value > b.value) == lower { a } else { b }),
            (a, b) => a.or(b),
        };
        let mut steps = merged(&self.steps, &other.steps);
        steps.sort();
        let mut out = Self {
            min: tighter(self.min, other.min, true),
            max: tighter(self.max, other.max, false),
            steps,
            nots: merged(&self.nots, &other.nots),
            values: None,
        };
        let listed = match (&self.values, &other.values) {
            (Some(a), Some(b)) => Some(a.iter().copied().filter(|value| b.contains(value)).collect()),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        if let Some(listed) = listed {
            let kept: Vec<Decimal> = Vec::into_iter(listed).filter(|value| out.holds(*value)).collect();
            if kept.is_empty() {
                return None;
            }
            out.values = Some(kept);
        }
        let fits = match (out.min, out.max) {
            (Some(min), Some(max)) => {
                min.value < max.value || (min.value == max.value && !min.exclusive && !max.exclusive)
            }
            _ => true,
        };
        fits.then_some(out)
    }
}

impl Arr {
    fn and(&self, other: &Self) -> Option<Self> {
        let longest = self.prefix.len().max(other.prefix.len());
        let at = |arr: &Self, at: usize| arr.prefix.get(at).unwrap_or(&arr.items).clone();
        let mut contains = self.contains.clone();
        contains.extend(other.contains.iter().filter(|one| !self.contains.contains(one)));
        let out = Self {
            values: match (&self.values, &other.values) {
                (Some(a), Some(b)) => Some(a.iter().filter(|value| b.contains(value)).cloned().collect()),
                (a, b) => a.clone().or_else(|| b.clone()),
            },
            prefix: (0..longest).map(|i| joined(&[&at(self, i), &at(other, i)])).collect(),
            items: joined(&[&self.items, &other.items]),
            min: self.min.max(other.min),
            max: least(self.max, other.max),
            unique: self.unique || other.unique,
            contains,
            nots: merged(&self.nots, &other.nots),
        };
        (out.max.is_none_or(|max| out.min <= max)
            && out.values.as_ref().is_none_or(|values| !values.is_empty()))
        .then_some(out)
    }
}

impl Obj {
    /// Whether no number of members, or no listed value, is left.
    fn is_out_of_size(&self) -> bool {
        self.max.is_some_and(|max| self.min.max(self.required.len() as u64) > max)
            || self.values.as_ref().is_some_and(Vec::is_empty)
    }

    /// Whether every object is like that.
    fn says_nothing(&self) -> bool {
        let Self {
            values,
            properties,
            patterns,
            additional,
            says_additional,
            required,
            min,
            max,
            names,
            nots,
        } = self;
        values.is_none()
            && properties.is_empty()
            && patterns.is_empty()
            && additional.is_empty()
            && !says_additional
            && required.is_empty()
            && *min == 0
            && max.is_none()
            && names.is_empty()
            && nots.is_empty()
    }
}

/// Whether several branches of a choice may hold for one value, anywhere in a
/// schema that holds as a whole.
fn may_speak_twice(space: &Space<'_>, id: Id) -> bool {
    let mut seen: BTreeSet<Id> = BTreeSet::new();
    let mut queue = vec![id];
    while let Some(id) = queue.pop() {
        if !seen.insert(id) {
            continue;
        }
        let facets = space.get(id);
        let speaks_inside = seen.len() > 1
            && (facets.unevaluated != Additional::Unsaid || facets.unevaluated_items != Additional::Unsaid);
        if !facets.any_of.is_empty() || !facets.residue.is_empty() || speaks_inside {
            return true;
        }
        queue.extend(facets.all_of.iter().chain(&facets.reference));
        queue.extend(facets.one_of.iter().flatten());
    }
    false
}

pub(super) fn least(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn merged<T: PartialEq + Clone>(a: &[T], b: &[T]) -> Vec<T> {
    let mut out = a.to_vec();
    out.extend(b.iter().filter(|one| !a.contains(one)).cloned());
    out
}
