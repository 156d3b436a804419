//! Whether a value is one of a normal form: yes, no, or not to be told.

use regex_automata::meta;
use serde_json::Value;

use super::facets::Id;
use super::norm::{Arr, MAX_NESTING, Norm, Norms, Num, Obj, Set, Str};
use super::number::Decimal;
use super::space::Space;

impl Norms {
    /// Whether a pattern matches somewhere in a text; `None` where it is of a
    /// kind that is not read.
    pub(super) fn fits(&mut self, pattern: &str, text: &str) -> Option<bool> {
        if !self.patterns.contains_key(pattern) {
            // Few texts are held against each: what makes that fast costs more.
            let config = meta::Config::new().dfa(false).onepass(false).hybrid(false).auto_prefilter(false);
            let regex =
                meta::Builder::new().configure(config).build(&super::strings::translated(pattern)).ok();
            self.patterns.insert(pattern.to_owned(), regex);
        }
        Some(self.patterns.get(pattern)?.as_ref()?.is_match(text))
    }

    /// Whether a text satisfies an alternative but for its list and its `not`s.
    pub(super) fn holds_plain(&mut self, str: &Str, text: &str) -> Option<bool> {
        let length = text.chars().count() as u64;
        if length < str.min || str.max.is_some_and(|max| length > max) {
            return Some(false);
        }
        let mut known = true;
        for pattern in &str.patterns {
            match self.fits(pattern, text) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => known = false,
            }
        }
        known.then_some(true)
    }

    /// Whether a conjunction accepts a value; `None` where that is not known.
    pub(super) fn accepts(&mut self, space: &mut Space<'_>, set: &[Id], value: &Value) -> Option<bool> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            self.depth -= 1;
            return None;
        }
        let norm = self.of(space, set);
        let out = self.norm_accepts(space, &norm, value);
        self.depth -= 1;
        if norm.vague && out == Some(true) { None } else { out }
    }

    /// Whether a normal form accepts a value.
    pub(super) fn norm_holds(&mut self, space: &mut Space<'_>, norm: &Norm, value: &Value) -> Option<bool> {
        self.norm_accepts(space, norm, value)
    }

    fn norm_accepts(&mut self, space: &mut Space<'_>, norm: &Norm, value: &Value) -> Option<bool> {
        match value {
            Value::Null => Some(norm.null),
            Value::Bool(value) => Some(norm.booleans[usize::from(*value)]),
            Value::Number(number) => {
                let number = Decimal::of(number)?;
                any(norm.nums.iter().map(|num| self.num_accepts(space, num, number)))
            }
            Value::String(text) => any(norm.strs.iter().map(|str| self.str_accepts(space, str, text))),
            Value::Array(items) => {
                any(norm.arrs.iter().map(|arr| self.arr_accepts(space, arr, items, value)))
            }
            Value::Object(_) => any(norm.objs.iter().map(|obj| self.obj_accepts(space, obj, value))),
        }
    }

    pub(super) fn num_accepts(&mut self, space: &mut Space<'_>, num: &Num, value: Decimal) -> Option<bool> {
        if !num.holds(value) || num.values.as_ref().is_some_and(|values| !values.contains(&value)) {
            return Some(false);
        }
        self.none_of(space, &num.nots, &value.to_json())
    }

    pub(super) fn str_accepts(&mut self, space: &mut Space<'_>, str: &Str, text: &str) -> Option<bool> {
        if str.values.as_ref().is_some_and(|values| !values.iter().any(|value| value == text)) {
            return Some(false);
        }
        match self.holds_plain(str, text) {
            Some(true) => self.none_of(space, &str.nots, &Value::from(text)),
            other => other,
        }
    }

    fn arr_accepts(
        &mut self,
        space: &mut Space<'_>,
        arr: &Arr,
        items: &[Value],
        value: &Value,
    ) -> Option<bool> {
        let length = items.len() as u64;
        if length < arr.min
            || arr.max.is_some_and(|max| length > max)
            || arr.values.as_ref().is_some_and(|values| !values.contains(value))
            || (arr.unique && items.iter().enumerate().any(|(at, item)| items[..at].contains(item)))
        {
            return Some(false);
        }
        let mut known = true;
        for (at, item) in items.iter().enumerate() {
            let set = arr.prefix.get(at).unwrap_or(&arr.items).clone();
            match self.accepts(space, &set, item) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => known = false,
            }
        }
        for (id, least, most) in &arr.contains {
            let mut found = 0;
            for item in items {
                match self.accepts(space, &[*id], item) {
                    Some(true) => found += 1,
                    Some(false) => {}
                    None => known = false,
                }
            }
            if known && (found < *least || most.is_some_and(|most| found > most)) {
                return Some(false);
            }
        }
        match self.none_of(space, &arr.nots, value) {
            Some(true) if !known => None,
            other => other,
        }
    }

    pub(super) fn obj_accepts(&mut self, space: &mut Space<'_>, obj: &Obj, value: &Value) -> Option<bool> {
        let members = value.as_object()?;
        let length = members.len() as u64;
        if length < obj.min
            || obj.max.is_some_and(|max| length > max)
            || obj.values.as_ref().is_some_and(|values| !values.contains(value))
            || obj.required.iter().any(|name| !members.contains_key(&**name))
        {
            return Some(false);
        }
        let mut known = true;
        for (name, member) in members {
            let set = self.member(obj, name);
            let names = obj.names.clone();
            let verdicts =
                [self.accepts(space, &set, member), self.accepts(space, &names, &Value::from(name.as_str()))];
            if verdicts.contains(&Some(false)) {
                return Some(false);
            }
            known &= !verdicts.contains(&None);
        }
        match self.none_of(space, &obj.nots, value) {
            Some(true) if !known => None,
            other => other,
        }
    }

    fn none_of(&mut self, space: &mut Space<'_>, nots: &[Set], value: &Value) -> Option<bool> {
        let mut known = true;
        for not in nots {
            match self.accepts(space, not, value) {
                Some(true) => return Some(false),
                Some(false) => {}
                None => known = false,
            }
        }
        known.then_some(true)
    }
}

fn any(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for verdict in verdicts {
        match verdict {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = false,
        }
    }
    if known { Some(false) } else { None }
}

impl Num {
    /// Whether a number is within the bounds and on the steps.
    pub(super) fn holds(&self, value: Decimal) -> bool {
        let above = self.min.is_none_or(|min| value > min.value || (value == min.value && !min.exclusive));
        let below = self.max.is_none_or(|max| value < max.value || (value == max.value && !max.exclusive));
        above && below && self.steps.iter().all(|step| value.is_multiple_of(*step))
    }
}
