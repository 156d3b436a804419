//! Values at random, by the words of a schema: the oracle's own, in no way the
//! engine's.

use std::collections::{BTreeMap, BTreeSet};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

/// Random values of a schema, without much thought: those that do not fit are
/// thrown away.
pub struct Maker<'m> {
    defs: &'m Value,
    state: u64,
    runner: TestRunner,
}

impl<'m> Maker<'m> {
    /// The same values in every run.
    pub fn new(defs: &'m Value) -> Self {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7u8; 32]);
        let runner = TestRunner::new_with_rng(Config::default(), rng);
        Self { defs, state: 0x9e37_79b9_7f4a_7c15, runner }
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % sides.max(1)
    }

    pub fn value(&mut self, schema: &Value, depth: usize) -> Value {
        let mut parts = Vec::new();
        self.parts(schema, &mut parts, 0);
        let get = |key: &str| parts.iter().find_map(|part| part.get(key));
        if let Some(list) = get("enum").and_then(Value::as_array).filter(|list| !list.is_empty()) {
            return list[self.roll(list.len() as u64) as usize].clone();
        }
        if let Some(value) = get("const") {
            return value.clone();
        }
        let named = parts.iter().filter_map(|part| part.get("type")).next();
        let kind = match named {
            Some(Value::String(kind)) => kind.clone(),
            Some(Value::Array(kinds)) if !kinds.is_empty() => {
                let pick = self.roll(kinds.len() as u64 + 2) as usize;
                kinds[if pick < kinds.len() { pick } else { 0 }].as_str().unwrap_or("null").to_owned()
            }
            _ if get("properties").is_some() || get("additionalProperties").is_some() => "object".to_owned(),
            _ if get("items").is_some() => "array".to_owned(),
            _ => ["string", "integer", "object", "boolean", "null"][self.roll(5) as usize].to_owned(),
        };
        // The tightest of all that say it.
        let number = |key: &str| {
            let said = parts.iter().filter_map(|part| part.get(key)?.as_f64());
            said.reduce(if key.starts_with("min") || key.ends_with("Minimum") { f64::max } else { f64::min })
        };
        match kind.as_str() {
            "null" => Value::Null,
            "boolean" => (self.roll(2) == 0).into(),
            "integer" | "number" => {
                let low = number("minimum").or(number("exclusiveMinimum").map(|n| n + 1.0)).unwrap_or(-3.0);
                let high = number("maximum")
                    .or(number("exclusiveMaximum").map(|n| n - 1.0))
                    .unwrap_or(low.max(0.0) + 3.0);
                let picks = [low, high, (low + high) / 2.0, low + 1.0, 0.0];
                let pick = picks[self.roll(5) as usize];
                if kind == "integer" || pick.fract() == 0.0 { json!(pick as i64) } else { json!(pick) }
            }
            "string" => self.text(&parts),
            "array" => {
                let least = number("minItems").unwrap_or(0.0) as u64;
                let most = number("maxItems").unwrap_or(least as f64 + 2.0) as u64;
                let length =
                    if depth > 7 { least } else { least + self.roll(most.saturating_sub(least).min(2) + 1) };
                let items: Vec<Value> = parts.iter().filter_map(|part| part.get("items").cloned()).collect();
                let items = json!({"allOf": items});
                (0..length).map(|_| self.value(&items, depth + 1)).collect()
            }
            _ => self.object(&parts, depth),
        }
    }

    fn text(&mut self, parts: &[Value]) -> Value {
        let patterns: Vec<&str> = parts.iter().filter_map(|part| part.get("pattern")?.as_str()).collect();
        if let Some(pattern) = patterns.first()
            && let Ok(strategy) =
                proptest::string::string_regex(pattern.trim_start_matches('^').trim_end_matches('$'))
            && let Ok(tree) = strategy.new_tree(&mut self.runner)
        {
            return tree.current().into();
        }
        let counts =
            |key: &str| -> Vec<u64> { parts.iter().filter_map(|part| part.get(key)?.as_u64()).collect() };
        let least = counts("minLength").into_iter().max().unwrap_or(0);
        let most = counts("maxLength").into_iter().min().unwrap_or(least + 300).max(least);
        let length =
            [least, most.min(least + 300), least + 1, 64, 5][self.roll(5) as usize].clamp(least, most);
        let letters = ["a", "A", "1", "-", " ", "é"];
        let letter = letters[self.roll(6) as usize];
        letter.repeat(length as usize).into()
    }

    fn object(&mut self, parts: &[Value], depth: usize) -> Value {
        let mut members: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for part in parts {
            for (name, schema) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
                members.entry(name.clone()).or_default().push(schema.clone());
            }
        }
        let required: BTreeSet<String> = parts
            .iter()
            .filter_map(|part| part.get("required")?.as_array())
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        let mut out = Map::new();
        // Few members reach deep, many reach wide: both are tried.
        let share = [2, 3, 8][self.roll(3) as usize];
        for (name, schemas) in &members {
            if required.contains(name) || (depth < 8 && self.roll(share) == 0) {
                out.insert(name.clone(), self.value(&json!({"allOf": schemas}), depth + 1));
            }
        }
        for name in required {
            out.entry(name).or_insert(json!("x"));
        }
        let map =
            parts.iter().find_map(|part| part.get("additionalProperties")).filter(|map| map.is_object());
        if let Some(map) = map.cloned().filter(|_| depth < 8)
            && self.roll(2) == 0
        {
            out.insert("madeKey".to_owned(), self.value(&map, depth + 1));
        }
        out.into()
    }

    /// The objects that a schema is made of, with a branch chosen at each choice.
    fn parts(&mut self, schema: &Value, out: &mut Vec<Value>, nesting: usize) {
        if nesting > 30 {
            return;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target =
                self.defs.get(reference.trim_start_matches("#/$defs/")).cloned().unwrap_or(json!({}));
            self.parts(&target, out, nesting + 1);
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(list) = schema.get(key).and_then(Value::as_array) {
                // Null now and then.
                let mut pick = self.roll(list.len() as u64) as usize;
                if list[pick] == json!({"type": "null"}) && self.roll(4) != 0 {
                    pick = list.len() - 1;
                }
                let branch = list[pick].clone();
                self.parts(&branch, out, nesting + 1);
            }
        }
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.parts(part, out, nesting + 1);
        }
        out.push(schema.clone());
    }
}
