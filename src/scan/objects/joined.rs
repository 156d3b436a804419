//! Objects that are put together of several: `Object.assign({}, defaults, options)`.

use std::sync::Arc;

use crate::scan::evaluate::Evaluator;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Kind, Term, Value};
use crate::scan::wording;

impl Evaluator<'_> {
    /// One object of several, as helpers of scripts make it: `extend({}, defaults,
    /// options)`, `_.merge(options, { method: "POST" })`. What comes later counts.
    pub(super) fn joined_options(&self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        if !matches!(self.dialect.naming(), Naming::JavaScript) {
            return None;
        }
        // `(0, deepmerge_1.default)(..)`, compiled from `import deepmerge from "deepmerge"`
        let itself = callee.name() == "default" && callee.path.len() == 2;
        let words = wording::words(imported(if itself { callee.owner() } else { callee.name() }));
        let joins =
            |word: &String| matches!(word.as_str(), "assign" | "extend" | "merge" | "deepmerge" | "defaults");
        let helper = itself
            || callee.path.len() <= 1
            || matches!(
                imported(callee.owner()),
                "_" | "$" | "jQuery" | "Object" | "lodash" | "R" | "ramda" | "util" | "utils"
            );
        let plain = |word: &String| {
            matches!(word.as_str(), "object" | "deep" | "in" | "with" | "options" | "right" | "lodash")
        };
        if !helper || !words.iter().any(joins) || !words.iter().all(|word| joins(word) || plain(word)) {
            return None;
        }
        // `extend(true, {}, options)`
        let object = |value: &Value| value.terms.iter().any(|term| matches!(term.kind, Kind::Object(_)));
        let mut parts: Vec<&Value> = args.iter().map(|(_, value)| value).collect();
        if parts.len() < 2
            || !parts.iter().any(|part| object(part))
            || args.iter().any(|(name, _)| name.is_some())
        {
            return None;
        }
        if words.iter().any(|word| word == "defaults") {
            parts.reverse();
        }
        let empty = Value::one(Kind::Object(Arc::default()));
        Some(parts.into_iter().fold(empty, |whole, part| match part.terms.as_slice() {
            [Term { kind: Kind::Object(_), .. }] => whole.merged(part, false),
            _ => whole.merged(&part.clone().opened(), false),
        }))
    }
}

/// What a compiler calls an import, without the number behind it: `lodash_1`.
fn imported(name: &str) -> &str {
    match name.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix('_') {
        Some(plain) if !plain.is_empty() => plain,
        _ => name,
    }
}
