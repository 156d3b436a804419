//! Values: a small one that a schema accepts, and one that one schema accepts
//! and another refuses. Made by structure, from where the two differ; shown
//! only once validators of both schemas have confirmed them.

use serde_json::{Map, Value};

use super::covers::Engine;
use super::facets::Id;
use super::norm::{Arr, Obj, Set};
use super::schema::json_schema_for;
use super::{numbers, strings};

/// Deepest nesting of a made value.
const MAX_DEPTH: usize = 24;
/// Most values tried for one question.
const MAX_TRIED: usize = 4_000;
/// Longest witness that is shown, in bytes of JSON.
pub(super) const MAX_BYTES: usize = 64 * 1024;
/// Most members made to have more than a limit allows.
const MAX_MEMBERS: u64 = 2_000;

/// A text that people expect under a format.
pub(super) fn example_of_format(formats: &[String]) -> Option<&'static str> {
    formats.iter().find_map(|format| match format.as_str() {
        "date-time" => Some("2024-01-01T00:00:00Z"),
        "date" => Some("2024-01-01"),
        "time" => Some("00:00:00Z"),
        "uuid" => Some("00000000-0000-0000-0000-000000000000"),
        "email" => Some("a@example.com"),
        "uri" | "url" => Some("https://example.com"),
        "ipv4" => Some("192.0.2.1"),
        "ipv6" => Some("2001:db8::1"),
        "hostname" => Some("example.com"),
        _ => None,
    })
}

/// The independent opinion on a value: whether a validator of the first schema
/// accepts it and one of the second refuses it. `None` where a schema is none
/// that validators take.
pub(super) fn confirms(engine: &Engine<'_>, inner: &[Id], outer: &[Id], value: &Value) -> Option<bool> {
    let accepts = is_valid(engine, inner, value)?;
    Some(accepts && !is_valid(engine, outer, value)?)
}

fn is_valid(engine: &Engine<'_>, set: &[Id], value: &Value) -> Option<bool> {
    let schema = json_schema_for(&engine.space, set, value)?;
    let options = jsonschema::draft202012::options().with_pattern_cache(engine.patterns.clone());
    Some(options.build(&schema).ok()?.is_valid(value))
}

impl Engine<'_> {
    /// A small value that a conjunction accepts.
    pub(super) fn example(&mut self, set: &[Id], depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let norm = self.norm(set);
        // Members without a type are meant for objects, whatever else is allowed.
        let is_meant =
            |obj: &Obj| obj.values.is_none() && !(obj.properties.is_empty() && obj.required.is_empty());
        if !norm.strs.is_empty()
            && let Some(obj) = norm.objs.iter().find(|obj| is_meant(obj))
            && let Some(value) = self.object(obj, &[], depth)
            && self.not_refused(set, &value)
        {
            return Some(value);
        }
        for str in &norm.strs {
            if let Some(text) = strings::shortest(&mut self.norms, &mut self.space, str) {
                return Some(text.into());
            }
        }
        for num in &norm.nums {
            if let numbers::Found::Number(found) = numbers::find(&mut self.norms, &mut self.space, num, &[]) {
                return Some(found.to_json());
            }
        }
        for value in [true, false] {
            if norm.booleans[usize::from(value)] {
                return Some(value.into());
            }
        }
        // Those that end soon come first.
        for arr in &norm.arrs {
            if arr.min == 0 && arr.contains.is_empty() && arr.values.is_none() && arr.nots.is_empty() {
                return Some(Value::Array(Vec::new()));
            }
        }
        if norm.null {
            return Some(Value::Null);
        }
        for obj in &norm.objs {
            let made = self.object(obj, &[], depth);
            if let Some(value) = made.filter(|value| self.not_refused(set, value)) {
                return Some(value);
            }
        }
        // The smallest one may be what another branch takes too: one more member
        // that the other refuses tells them apart.
        for obj in &norm.objs {
            for not in &obj.nots {
                let others = self.norm(not).objs.clone();
                let mut tried = 0;
                let apart = self.objects_differ(set, not, obj, &others, depth + 1, &mut tried);
                if apart.is_some() {
                    return apart;
                }
            }
        }
        for arr in &norm.arrs {
            let made = self.array(arr, arr.min, None, depth);
            if let Some(value) = made.filter(|value| self.not_refused(set, value)) {
                return Some(value);
            }
        }
        None
    }

    fn not_refused(&mut self, set: &[Id], value: &Value) -> bool {
        self.norms.accepts(&mut self.space, set, value) != Some(false)
    }

    /// An object with all that is required, and with the given members.
    pub(super) fn object(&mut self, obj: &Obj, given: &[(String, Value)], depth: usize) -> Option<Value> {
        if let Some(values) = &obj.values {
            return values.first().cloned().filter(|_| given.is_empty());
        }
        let mut out = Map::new();
        for name in obj.required.iter() {
            if given.iter().any(|(known, _)| **known == **name) {
                continue;
            }
            let set = self.member(obj, name);
            out.insert(name.to_string(), self.example(&set, depth + 1)?);
        }
        for (name, value) in given {
            out.insert(name.clone(), value.clone());
        }
        let mut declared = obj.properties.names();
        while (out.len() as u64) < obj.min {
            let name = match declared.next() {
                Some(name) => name.to_string(),
                None => format!("extra{}", out.len()),
            };
            if out.len() as u64 > MAX_MEMBERS {
                return None;
            }
            let set = self.member(obj, &name);
            if !out.contains_key(&name)
                && let Some(value) = self.example(&set, depth + 1)
            {
                out.insert(name, value);
            } else if declared.len() == 0
                && !self.norms.accepts(&mut self.space, &set, &Value::from("")).is_some_and(|ok| ok)
            {
                return None;
            }
        }
        Some(out.into())
    }

    /// An array of that length; `given` goes to its place.
    pub(super) fn array(
        &mut self,
        arr: &Arr,
        length: u64,
        given: Option<(usize, Value)>,
        depth: usize,
    ) -> Option<Value> {
        if let Some(values) = &arr.values {
            return values.first().cloned();
        }
        if length > MAX_MEMBERS {
            return None;
        }
        let mut out: Vec<Value> = Vec::new();
        for at in 0..length as usize {
            let set = arr.prefix.get(at).unwrap_or(&arr.items).clone();
            let wanted = arr.contains.get(at).map(|(id, ..)| *id);
            let set = match wanted {
                Some(id) => super::norm::joined(&[&set, &[id]]),
                None => set,
            };
            let value = match &given {
                Some((place, value)) if *place == at => value.clone(),
                _ if arr.unique => self.distinct(&set, &out, depth)?,
                _ => self.example(&set, depth + 1)?,
            };
            out.push(value);
        }
        Some(out.into())
    }

    /// A value that is not among those already there.
    fn distinct(&mut self, set: &Set, taken: &[Value], depth: usize) -> Option<Value> {
        let first = self.example(set, depth + 1)?;
        if !taken.contains(&first) {
            return Some(first);
        }
        let norm = self.norm(set);
        let listed = norm
            .strs
            .iter()
            .flat_map(|str| str.values.iter().flatten())
            .map(|text| Value::from(text.as_str()));
        let numbered =
            norm.nums.iter().flat_map(|num| num.values.iter().flatten()).map(|value| value.to_json());
        let counted = (0..=taken.len() as i64).map(Value::from);
        let lettered = (0..=taken.len()).map(|n| Value::from(format!("a{n}")));
        let bools = [true, false].map(Value::from);
        let mut all: Vec<Value> =
            listed.chain(numbered).chain(counted).chain(lettered).chain(bools).collect();
        all.push(Value::Null);
        all.into_iter().find(|value| {
            !taken.contains(value) && self.norms.accepts(&mut self.space, set, value) == Some(true)
        })
    }

    /// A value that `inner` accepts and `outer` refuses, as far as this engine
    /// can tell: still to be confirmed.
    pub(super) fn differ(&mut self, inner: &[Id], outer: &[Id]) -> Option<Value> {
        let mut tried = 0;
        self.differ_at(inner, outer, 0, &mut tried)
    }

    fn refutes(&mut self, inner: &[Id], outer: &[Id], value: &Value) -> bool {
        self.norms.accepts(&mut self.space, inner, value) != Some(false)
            && self.norms.accepts(&mut self.space, outer, value) != Some(true)
    }

    fn differ_at(&mut self, inner: &[Id], outer: &[Id], depth: usize, tried: &mut usize) -> Option<Value> {
        if depth > MAX_DEPTH || outer.is_empty() {
            return None;
        }
        let (a, b) = (self.norm(inner), self.norm(outer));
        if a.null && !b.null {
            return Some(Value::Null);
        }
        for value in [true, false] {
            let at = usize::from(value);
            if a.booleans[at] && !b.booleans[at] {
                return Some(value.into());
            }
        }
        for num in &a.nums {
            if let numbers::Found::Number(found) =
                numbers::find(&mut self.norms, &mut self.space, num, &b.nums)
            {
                return Some(found.to_json());
            }
        }
        for str in &a.strs {
            let found = strings::find(&mut self.norms, &mut self.space, str, &b.strs);
            if let Some(value) = strings::value(&found) {
                return Some(value);
            }
        }
        for arr in &a.arrs {
            if let Some(value) = self.arrays_differ(inner, outer, arr, &b.arrs, depth, tried) {
                return Some(value);
            }
        }
        for obj in &a.objs {
            if let Some(value) = self.objects_differ(inner, outer, obj, &b.objs, depth, tried) {
                return Some(value);
            }
        }
        None
    }

    fn arrays_differ(
        &mut self,
        inner: &[Id],
        outer: &[Id],
        arr: &Arr,
        outers: &[Arr],
        depth: usize,
        tried: &mut usize,
    ) -> Option<Value> {
        let mut candidates: Vec<Value> = arr.values.iter().flatten().cloned().collect();
        let mut lengths = vec![arr.min, arr.min + 1, arr.contains.len() as u64];
        for outer in outers {
            lengths.extend([outer.min.saturating_sub(1), outer.contains.len() as u64]);
            lengths.extend(outer.max.map(|max| max + 1));
            lengths.extend(outer.contains.iter().filter_map(|(_, _, most)| most.map(|most| most + 1)));
            lengths.push(outer.prefix.len() as u64 + 1);
        }
        lengths.extend(arr.max);
        lengths.sort_unstable();
        lengths.dedup();
        lengths.retain(|length| *length >= arr.min && arr.max.is_none_or(|max| *length <= max));
        for length in lengths {
            candidates.extend(self.array(arr, length, None, depth));
        }
        // The same member twice.
        let twice = arr.items.clone();
        if !arr.unique
            && let Some(value) = self.example(&twice, depth + 1)
        {
            let least = arr.min.max(2) as usize;
            candidates.push(vec![value; least.min(MAX_MEMBERS as usize)].into());
        }
        for value in candidates {
            if self.try_value(inner, outer, &value, tried) {
                return Some(value);
            }
        }
        let prefix = outers.iter().map(|outer| outer.prefix.len()).max().unwrap_or(0).max(arr.prefix.len());
        let mut bad: Vec<Value> = Vec::new();
        for at in 0..=prefix {
            let set = arr.prefix.get(at).unwrap_or(&arr.items).clone();
            for outer_arr in outers {
                let target = outer_arr.prefix.get(at).unwrap_or(&outer_arr.items).clone();
                *tried += 1;
                if *tried > MAX_TRIED {
                    return None;
                }
                let Some(member) = self.differ_at(&set, &target, depth + 1, tried) else { continue };
                bad.push(member.clone());
                // Behind those that have to be there.
                let place = if at >= arr.prefix.len() { at.max(arr.contains.len()) } else { at };
                let length = arr.min.max(place as u64 + 1);
                if let Some(value) = self.array(arr, length, Some((place, member)), depth)
                    && self.try_value(inner, outer, &value, tried)
                {
                    return Some(value);
                }
            }
            for outer_arr in outers {
                for (id, ..) in &outer_arr.contains {
                    if let Some(member) = self.differ_at(&set, &[*id], depth + 1, tried) {
                        let value = Value::from(vec![member; arr.min.max(1) as usize]);
                        if self.try_value(inner, outer, &value, tried) {
                            return Some(value);
                        }
                    }
                }
            }
        }
        // Members of different sorts together, against each branch one.
        if bad.len() > 1 {
            bad.dedup();
            let value = Value::from(bad);
            if self.try_value(inner, outer, &value, tried) {
                return Some(value);
            }
        }
        None
    }

    fn try_value(&mut self, inner: &[Id], outer: &[Id], value: &Value, tried: &mut usize) -> bool {
        *tried += 1;
        *tried <= MAX_TRIED && self.refutes(inner, outer, value)
    }

    fn objects_differ(
        &mut self,
        inner: &[Id],
        outer: &[Id],
        obj: &Obj,
        outers: &[Obj],
        depth: usize,
        tried: &mut usize,
    ) -> Option<Value> {
        for value in obj.values.iter().flatten() {
            if self.try_value(inner, outer, value, tried) {
                return Some(value.clone());
            }
        }
        let small = self.object(obj, &[], depth);
        if let Some(value) = &small
            && self.try_value(inner, outer, value, tried)
        {
            return small;
        }
        // One member that an outer branch refuses.
        let is_closed = self.is_closed(obj);
        let mut names: Vec<String> = obj.properties.names().map(|name| name.to_string()).collect();
        if !is_closed {
            let more = outers.iter().flat_map(|outer| outer.properties.names().chain(outer.required.iter()));
            names.extend(more.map(|name| name.to_string()));
            names.extend([
                "extra".to_owned(),
                "x".to_owned(),
                "a1".to_owned(),
                "1".to_owned(),
                "A".to_owned(),
            ]);
        }
        for pattern in obj.patterns.keys().chain(outers.iter().flat_map(|outer| outer.patterns.keys())) {
            let str = super::norm::Str { patterns: vec![pattern.clone()], ..Default::default() };
            names.extend(strings::shortest(&mut self.norms, &mut self.space, &str));
        }
        for set in outers.iter().map(|outer| &outer.names).chain([&obj.names]) {
            let text = self.space.made(super::facets::Facets {
                types: Some(super::facets::types::STRING),
                ..Default::default()
            });
            let mine = super::norm::joined(&[&obj.names, &[text]]);
            if let Some(Value::String(name)) = self.differ_at(&mine, set, depth + 1, tried) {
                names.push(name);
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        let mut bad: Vec<Vec<(String, Value)>> = Vec::new();
        for outer_obj in outers {
            let mut of_this: Vec<(String, Value)> = Vec::new();
            for name in &names {
                let (a, b) = (self.member(obj, name), self.member(outer_obj, name));
                if self.space_is_never(&a) {
                    continue;
                }
                if let Some(member) = self.differ_at(&a, &b, depth + 1, tried) {
                    let made = self.object(obj, &[(name.clone(), member.clone())], depth);
                    if let Some(value) = made
                        && self.try_value(inner, outer, &value, tried)
                    {
                        return Some(value);
                    }
                    of_this.push((name.clone(), member));
                }
                if *tried > MAX_TRIED {
                    return None;
                }
            }
            bad.push(of_this);
        }
        self.combined(inner, outer, obj, &names, &bad, depth, tried)
    }

    fn space_is_never(&self, set: &[Id]) -> bool {
        set.contains(&super::facets::NEVER)
    }

    /// Several members at once: one bad for each branch, each optional one, all.
    #[allow(clippy::too_many_arguments)]
    fn combined(
        &mut self,
        inner: &[Id],
        outer: &[Id],
        obj: &Obj,
        names: &[String],
        bad: &[Vec<(String, Value)>],
        depth: usize,
        tried: &mut usize,
    ) -> Option<Value> {
        let mut all: Vec<(String, Value)> = Vec::new();
        let mut singles: Vec<(String, Value)> = Vec::new();
        for name in names {
            let set = self.member(obj, name);
            if let Some(value) = self.example(&set, depth + 1) {
                singles.push((name.clone(), value.clone()));
                if obj.properties.contains(name) {
                    all.push((name.clone(), value));
                }
            }
        }
        let mut candidates: Vec<Vec<(String, Value)>> = singles.iter().map(|one| vec![one.clone()]).collect();
        candidates.push(singles.clone());
        candidates.push(all.clone());
        for (at, (name, _)) in all.iter().enumerate() {
            // All but one.
            if !obj.required.contains(name) {
                let mut some = all.clone();
                some.remove(at);
                candidates.push(some);
            }
        }
        // A member that every branch refuses.
        let branches = self.norm(outer).objs.clone();
        for name in names.iter().filter(|_| branches.len() > 1) {
            let mut nots = Vec::new();
            for branch in &branches {
                let all_of = self.member(branch, name).into_vec();
                nots.push(self.space.made(super::facets::Facets { all_of, ..Default::default() }));
            }
            let apart = self.space.made(super::facets::Facets { not: nots, ..Default::default() });
            let set = super::norm::joined(&[&self.member(obj, name), &[apart]]);
            if let Some(value) = self.example(&set, depth + 1) {
                candidates.push(vec![(name.clone(), value)]);
            }
        }
        // Each first bad member together with the others' first ones.
        let mut joint: Vec<(String, Value)> = Vec::new();
        for of_branch in bad {
            for (name, value) in of_branch {
                if !joint.iter().any(|(known, _)| known == name) {
                    joint.push((name.clone(), value.clone()));
                    break;
                }
            }
        }
        candidates.push(joint);
        if let [first, rest @ ..] = bad {
            for one in first {
                for other in rest.iter().flatten() {
                    if one.0 != other.0 {
                        candidates.push(vec![one.clone(), other.clone()]);
                    }
                }
            }
        }
        for (at, one) in singles.iter().enumerate() {
            for other in singles.iter().skip(at + 1).take(12) {
                candidates.push(vec![one.clone(), other.clone()]);
            }
        }
        // More members than a limit allows.
        let most = self.norm(outer).objs.iter().filter_map(|outer| outer.max).max();
        if let Some(most) = most.filter(|most| *most < MAX_MEMBERS) {
            let mut many = all.clone();
            let set = obj.additional.clone();
            if !self.is_closed(obj)
                && !self.space_is_never(&set)
                && let Some(value) = self.example(&set, depth + 1)
            {
                for at in 0..=most {
                    many.push((format!("extra{at}"), value.clone()));
                }
            }
            many.truncate((most + 1) as usize);
            candidates.push(many);
        }
        for given in candidates {
            if let Some(value) = self.object(obj, &given, depth)
                && self.try_value(inner, outer, &value, tried)
            {
                return Some(value);
            }
        }
        None
    }
}
