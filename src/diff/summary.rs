//! What a place allows, in a few words of JSON Schema: the `before` and `after`
//! of changes.

use serde_json::{Value, json};

use super::norm::{Arr, Norm, Num, Str};
use super::number::Decimal;

/// Listed values beyond this number are cut from `before` and `after`.
pub(super) const MAX_LISTED: usize = 24;

/// The JSON types of a normal form, whole numbers apart.
pub(super) fn kinds(norm: &Norm) -> Vec<&'static str> {
    let mut out = Vec::new();
    if norm.null {
        out.push("null");
    }
    if norm.booleans != [false, false] {
        out.push("boolean");
    }
    if !norm.nums.is_empty() {
        let whole = |num: &Num| {
            num.steps.iter().any(|step| step.is_integer())
                || num.values.as_ref().is_some_and(|values| values.iter().all(|value| value.is_integer()))
        };
        out.push(if norm.nums.iter().all(whole) { "integer" } else { "number" });
    }
    if !norm.strs.is_empty() {
        out.push("string");
    }
    if !norm.arrs.is_empty() {
        out.push("array");
    }
    if !norm.objs.is_empty() {
        out.push("object");
    }
    // A whole number is a number.
    out
}

pub(super) fn num_summary(nums: &[Num]) -> Value {
    let one = |num: &Num| {
        let mut out = serde_json::Map::new();
        for (bound, plain, exclusive) in
            [(num.min, "minimum", "exclusiveMinimum"), (num.max, "maximum", "exclusiveMaximum")]
        {
            if let Some(bound) = bound {
                out.insert(if bound.exclusive { exclusive } else { plain }.to_owned(), bound.value.to_json());
            }
        }
        if let Some(values) = &num.values {
            out.insert("enum".to_owned(), values.iter().take(MAX_LISTED).map(|v| v.to_json()).collect());
        }
        for step in &num.steps {
            if *step != Decimal::ONE {
                out.insert("multipleOf".to_owned(), step.to_json());
            }
        }
        Value::Object(out)
    };
    several(nums.iter().map(one).collect())
}

pub(super) fn str_summary(strs: &[Str]) -> Value {
    let one = |str: &Str| {
        let mut out = serde_json::Map::new();
        if let Some(values) = &str.values {
            out.insert("enum".to_owned(), values.iter().take(MAX_LISTED).cloned().collect());
        }
        if str.min > 0 {
            out.insert("minLength".to_owned(), str.min.into());
        }
        if let Some(max) = str.max {
            out.insert("maxLength".to_owned(), max.into());
        }
        if !str.patterns.is_empty() {
            let patterns =
                if str.patterns.len() == 1 { str.patterns[0].clone().into() } else { json!(str.patterns) };
            out.insert("pattern".to_owned(), patterns);
        }
        Value::Object(out)
    };
    several(strs.iter().map(one).collect())
}

pub(super) fn arr_summary(arr: &Arr) -> Value {
    let mut out = serde_json::Map::new();
    if arr.min > 0 {
        out.insert("minItems".to_owned(), arr.min.into());
    }
    if let Some(max) = arr.max {
        out.insert("maxItems".to_owned(), max.into());
    }
    if arr.unique {
        out.insert("uniqueItems".to_owned(), true.into());
    }
    Value::Object(out)
}

fn several(mut list: Vec<Value>) -> Value {
    if list.len() == 1 { list.remove(0) } else { list.into() }
}
