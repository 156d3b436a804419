//! An oracle that knows nothing of the engine: values are made at random from
//! one document's schemas and put to validators of the other's. Where `diff`
//! says compatible, none may disagree; where it says breaks, its witness must.
//!
//! The documents are not part of the project: `SUNWATCH_SPECS` names the folder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use sunwatch::diff::{Change, Verdict, diff};
use sunwatch::document::{Annotations, Direction, Document, Operation};

/// Values made for each pair of schemas and each seed.
const VALUES: usize = 60;

fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("SUNWATCH_SPECS").expect("SUNWATCH_SPECS names the folder"))
}

fn document(name: &str) -> (Document, Value) {
    let bytes = std::fs::read(folder().join(name)).unwrap();
    let document = Document::read(name, bytes, &Annotations::default()).unwrap();
    let value = document.tree().root().to_json();
    (document, value)
}

/// A second reading of OpenAPI 3.0's schemas as JSON Schema 2020-12.
fn converted(schema: &Value, direction: Direction, root: &Value) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    let mut out = Map::new();
    let nullable = members.get("nullable") == Some(&json!(true));
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        let name = reference.trim_start_matches("#/").replace('/', "_");
        let target = if root.pointer(&reference[1..]).is_some() {
            json!({"$ref": format!("#/$defs/{name}")})
        } else {
            json!({})
        };
        return if nullable { json!({"anyOf": [{"type": "null"}, target]}) } else { target };
    }
    let barred_key = if direction == Direction::Request { "readOnly" } else { "writeOnly" };
    let is_barred = |property: &Value| {
        let mut property = property.clone();
        for _ in 0..32 {
            if property.get(barred_key) == Some(&json!(true)) {
                return true;
            }
            match property.get("$ref").and_then(Value::as_str).and_then(|r| root.pointer(&r[1..])) {
                Some(next) => property = next.clone(),
                None => return false,
            }
        }
        false
    };
    let mut barred: BTreeSet<&str> = BTreeSet::new();
    for (key, value) in members {
        match key.as_str() {
            "type" | "enum" | "minLength" | "maxLength" | "pattern" | "minItems" | "maxItems"
            | "uniqueItems" | "minProperties" | "maxProperties" | "multipleOf" => {
                out.insert(key.clone(), value.clone());
            }
            "minimum" | "maximum" => {
                let exclusive = if key == "minimum" { "exclusiveMinimum" } else { "exclusiveMaximum" };
                let is_open = members.get(exclusive) == Some(&json!(true));
                out.insert(if is_open { exclusive.to_owned() } else { key.clone() }, value.clone());
            }
            "properties" => {
                let mut properties = Map::new();
                for (name, property) in value.as_object().unwrap() {
                    if is_barred(property) {
                        barred.insert(name);
                    } else {
                        properties.insert(name.clone(), converted(property, direction, root));
                    }
                }
                out.insert(key.clone(), properties.into());
            }
            "items" | "not" => {
                out.insert(key.clone(), converted(value, direction, root));
            }
            "additionalProperties" => {
                out.insert(key.clone(), converted(value, direction, root));
            }
            "allOf" | "anyOf" | "oneOf" => {
                let list: Vec<Value> =
                    value.as_array().unwrap().iter().map(|one| converted(one, direction, root)).collect();
                out.insert(key.clone(), list.into());
            }
            _ => {}
        }
    }
    if let Some(required) = members.get("required").and_then(Value::as_array) {
        let kept: Vec<Value> =
            required.iter().filter(|name| !barred.contains(name.as_str().unwrap_or(""))).cloned().collect();
        out.insert("required".to_owned(), kept.into());
    }
    if nullable { json!({"anyOf": [{"type": "null"}, Value::Object(out)]}) } else { out.into() }
}

/// The converted definitions that a schema reaches.
fn whole(schema: &Value, direction: Direction, root: &Value, names: &BTreeMap<String, String>) -> Value {
    let mut schema = converted(schema, direction, root);
    let mut defs = Map::new();
    let mut queue = references(&schema);
    while let Some(name) = queue.pop() {
        if defs.contains_key(&name) {
            continue;
        }
        let pointer = &names[&name];
        let one = converted(root.pointer(pointer).unwrap(), direction, root);
        queue.extend(references(&one));
        defs.insert(name, one);
    }
    if !schema.is_object() {
        schema = json!({"allOf": [schema]});
    }
    schema["$defs"] = defs.into();
    schema
}

fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(members) => members
            .iter()
            .flat_map(|(key, value)| match value.as_str() {
                Some(text) if key == "$ref" => {
                    text.strip_prefix("#/$defs/").map(str::to_owned).into_iter().collect()
                }
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// Random values of a schema, without much thought: those that do not fit are
/// thrown away.
struct Maker<'m> {
    defs: &'m Value,
    state: u64,
    runner: TestRunner,
}

impl Maker<'_> {
    fn roll(&mut self, sides: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % sides.max(1)
    }

    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        let mut parts = Vec::new();
        self.parts(schema, &mut parts, 0);
        let get = |key: &str| parts.iter().find_map(|part| part.get(key));
        if let Some(list) = get("enum").and_then(Value::as_array) {
            return list[self.roll(list.len() as u64) as usize].clone();
        }
        let named = parts.iter().filter_map(|part| part.get("type")).next();
        let kind = match named {
            Some(Value::String(kind)) => kind.clone(),
            _ if get("properties").is_some() || get("additionalProperties").is_some() => "object".to_owned(),
            _ if get("items").is_some() => "array".to_owned(),
            _ => ["string", "integer", "object", "boolean", "null"][self.roll(5) as usize].to_owned(),
        };
        let number = |key: &str| get(key).and_then(Value::as_f64);
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
        let count = |key: &str| parts.iter().find_map(|part| part.get(key)?.as_u64());
        let least = count("minLength").unwrap_or(0);
        let most = count("maxLength").unwrap_or(least + 300);
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
            out.insert("key".to_owned(), self.value(&map, depth + 1));
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

/// A payload: operation, status, media type.
type Name = (String, Option<String>, Option<String>, String);

fn payloads(document: &Document) -> BTreeMap<Name, (Direction, String)> {
    let mut out = BTreeMap::new();
    let pointer = |id| document.tree().pointer_to(document.schema(id).node);
    let mut add =
        |operation: &Operation, status: Option<&str>, media: Option<&str>, at: &str, direction, id| {
            let key = format!("{} {}", operation.key.method, operation.key.path.shape());
            let name = (key, status.map(str::to_owned), media.map(str::to_owned), at.to_owned());
            out.insert(name, (direction, pointer(id)));
        };
    for operation in document.operations() {
        for media in operation.body.iter().flat_map(|body| &body.content) {
            if let Some(id) = media.schema {
                add(operation, None, Some(&media.name), "", Direction::Request, id);
            }
        }
        for response in &operation.responses {
            for media in &response.content {
                if let Some(id) = media.schema {
                    add(operation, Some(&response.status), Some(&media.name), "", Direction::Response, id);
                }
            }
        }
    }
    out
}

fn verdicts(changes: &[Change]) -> BTreeMap<Name, Verdict> {
    let mut out: BTreeMap<Name, Verdict> = BTreeMap::new();
    for change in changes {
        if !change.breaks.wire || change.direction.is_none() {
            continue;
        }
        for place in &change.affects {
            let key = format!("{} {}", place.operation.method, place.operation.path.shape());
            if ["query:", "path:", "header:", "cookie:"].iter().any(|start| place.at.starts_with(start)) {
                continue;
            }
            let name = (key, place.status.clone(), place.media_type.clone(), String::new());
            let known = out.entry(name).or_insert(change.verdict);
            *known = (*known).min(change.verdict);
        }
    }
    out
}

/// The places of a payload that entries about the wire name.
fn told(changes: &[Change], name: &Name) -> Vec<String> {
    let is_here = |change: &&Change| change.breaks.wire && change.direction.is_some();
    let places = changes.iter().filter(is_here).flat_map(|change| &change.affects);
    places
        .filter(|place| {
            format!("{} {}", place.operation.method, place.operation.path.shape()) == name.0
                && place.status == name.1
                && place.media_type == name.2
        })
        .map(|place| place.at.clone())
        .collect()
}

/// A JSON pointer as a place: `/a/0/b` is `a[].b`.
fn place(pointer: &str) -> String {
    let mut out = String::new();
    for token in pointer.split('/').skip(1) {
        if token.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push_str("[]");
        } else if token == "key" {
            out.push_str("{}");
        } else {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(token);
        }
    }
    out
}

/// Names that a converted schema uses for what it refers to, and their pointers.
fn names(root: &Value) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    fn collect(value: &Value, out: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    if let (true, Some(text)) = (key == "$ref", value.as_str()) {
                        out.insert(text.trim_start_matches("#/").replace('/', "_"), text[1..].to_owned());
                    }
                    collect(value, out);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
            _ => {}
        }
    }
    collect(root, &mut out);
    out
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn random_values_agree_with_every_verdict() {
    let (mut compatible, mut breaks, mut unknown, mut values, mut equal) = (0, 0, 0, 0, 0);
    let mut missed: Vec<String> = Vec::new();
    let mut named: BTreeSet<(&str, Name, String)> = BTreeSet::new();
    let releases = ["2.18", "2.19", "2.20", "2.21", "2.22", "2.23"];
    for pair in releases.windows(2) {
        let (old, old_json) = document(&format!("runai/{}.json", pair[0]));
        let (new, new_json) = document(&format!("runai/{}.json", pair[1]));
        let (old_names, new_names) = (names(&old_json), names(&new_json));
        let changes = diff(&old, &new);
        let verdicts = verdicts(&changes);
        let (before, after) = (payloads(&old), payloads(&new));
        for (name, (direction, new_pointer)) in &after {
            let Some((_, old_pointer)) = before.get(name) else { continue };
            let at = |root: &Value, pointer: &str| root.pointer(pointer).unwrap().clone();
            let a = whole(&at(&old_json, old_pointer), *direction, &old_json, &old_names);
            let b = whole(&at(&new_json, new_pointer), *direction, &new_json, &new_names);
            let verdict = verdicts.get(name).copied().unwrap_or(Verdict::Compatible);
            match verdict {
                Verdict::Compatible => compatible += 1,
                Verdict::Breaks => breaks += 1,
                Verdict::Unknown => unknown += 1,
            }
            if a == b {
                equal += 1;
                continue;
            }
            let told = told(&changes, name);
            let (inner, outer) = if *direction == Direction::Request { (&a, &b) } else { (&b, &a) };
            let own = jsonschema::draft202012::new(inner).unwrap();
            let other = jsonschema::draft202012::new(outer).unwrap();
            let seed = [7u8; 32];
            let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
            let runner = TestRunner::new_with_rng(Config::default(), rng);
            let mut maker = Maker { defs: &inner["$defs"], state: 0x9e37_79b9_7f4a_7c15, runner };
            for _ in 0..VALUES {
                let value = maker.value(inner, 0);
                if !own.is_valid(&value) {
                    continue;
                }
                values += 1;
                for error in other.iter_errors(&value) {
                    let at = place(error.instance_path().as_str());
                    if told.iter().any(|known| known.starts_with(&at) || at.starts_with(known)) {
                        named.insert((pair[1], name.clone(), at));
                    } else {
                        missed.push(format!("{} -> {} {name:?}: {error} at {at}", pair[0], pair[1]));
                    }
                }
            }
        }
    }
    let all = compatible + breaks + unknown;
    eprintln!(
        "{all} pairs of schemas: {compatible} compatible ({equal} of all are equal), {breaks} breaks, {unknown} unknown; {values} values put to the other side"
    );
    eprintln!("{} places at which a value was refused, each named by an entry", named.len());
    missed.sort();
    missed.dedup();
    eprintln!("{} disagree\n{}", missed.len(), missed.join("\n"));
    assert!(missed.is_empty());
    assert!(unknown * 100 < all * 3);
}

/// Every document under the folder that can be read, by folder, in order.
fn all_documents() -> BTreeMap<String, Vec<PathBuf>> {
    let mut out: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder()).sort_by_file_name() {
        let entry = entry.unwrap();
        let is_document =
            entry.path().extension().is_some_and(|ext| ext == "json" || ext == "yaml" || ext == "yml");
        if is_document {
            let group = entry.path().parent().unwrap().display().to_string();
            out.entry(group).or_default().push(entry.into_path());
        }
    }
    out
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn published_documents_do_not_differ_from_themselves() {
    let mut compared = 0;
    for path in all_documents().into_values().flatten() {
        let bytes = std::fs::read(&path).unwrap();
        let read = || Document::read("document", bytes.clone(), &Annotations::default());
        let (Ok(a), Ok(b)) = (read(), read()) else { continue };
        let found = diff(&a, &b);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
        compared += 1;
    }
    eprintln!("{compared} documents compared with themselves");
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn known_facts_of_the_runai_documents() {
    let (old, _) = document("runai/2.18.json");
    let (new, _) = document("runai/2.19.json");
    let changes = diff(&old, &new);
    let removed: Vec<&Change> =
        changes.iter().filter(|change| change.rule == "response-field-removed").collect();
    let reaches = |at: &str| -> Vec<&&Change> {
        removed.iter().filter(|change| change.affects.iter().any(|place| place.at == at)).collect()
    };
    for resource in ["gpu", "cpu", "memory"] {
        for field in ["limit", "overQuotaWeight"] {
            let found = reaches(&format!("projectsAggregatedResources[].{resource}.{field}"));
            assert_eq!(found.len(), 1, "{resource} {field}");
            assert!(found[0].affects.len() % 3 == 0);
        }
    }
    // Nothing is called removed that the new document still has at its place.
    for change in &removed {
        for place in &change.affects {
            let after = new.operation(&place.operation).unwrap();
            let response = after
                .responses
                .iter()
                .find(|response| Some(&response.status) == place.status.as_ref())
                .unwrap();
            let media =
                response.content.iter().find(|media| Some(&media.name) == place.media_type.as_ref()).unwrap();
            let mut schemas: Vec<_> = media.schema.into_iter().collect();
            let mut is_there = true;
            for step in
                place.at.replace("[]", ".[]").replace("{}", ".{}").split('.').filter(|step| !step.is_empty())
            {
                let shape = new.shape(&schemas, Direction::Response);
                schemas = match step {
                    "[]" => shape.items,
                    "{}" => shape.values,
                    name => match shape.properties.into_iter().find(|property| property.name == name) {
                        Some(property) => property.schemas,
                        None => {
                            is_there = false;
                            break;
                        }
                    },
                };
            }
            assert!(!is_there, "{} {} is still there", place.operation, place.at);
        }
    }
    eprintln!("{} response fields removed, each gone from all its places", removed.len());
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn wire_breaks_in_requests_are_all_confirmed() {
    let releases = ["2.18", "2.19", "2.20", "2.21", "2.22", "2.23"];
    let (mut confirmed, mut open) = (0, 0);
    for pair in releases.windows(2) {
        let (old, _) = document(&format!("runai/{}.json", pair[0]));
        let (new, _) = document(&format!("runai/{}.json", pair[1]));
        let changes = diff(&old, &new);
        for change in
            changes.iter().filter(|change| change.breaks.wire && change.direction == Some(Direction::Request))
        {
            if change.witness.is_some() {
                confirmed += 1;
            } else {
                open += 1;
                assert_eq!(change.verdict, Verdict::Unknown);
                eprintln!("open: {} {:?} {}", change.rule, change.component, change.message);
            }
        }
        let places: usize = changes.iter().map(|change| change.affects.len()).sum();
        eprintln!("{} -> {}: {} entries, {places} places", pair[0], pair[1], changes.len());
        let (there, back) = (changes.len(), diff(&new, &old).len());
        eprintln!("  back: {back} entries, there: {there}");
    }
    eprintln!("{confirmed} wire breaks in requests with a confirmed witness, {open} undecided");
}

/// What a rule says whichever way the documents stand.
fn class(rule: &str) -> String {
    let mut class = rule.replace("-success-", "-status-");
    for (there, back) in [
        ("-added", "-removed"),
        ("-required", "-optional"),
        ("-narrowed", "-widened"),
        ("-stricter", "-looser"),
    ] {
        class = class.replace(there, "").replace(back, "");
    }
    class
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn there_and_back_reach_the_same_places() {
    let releases = ["2.18", "2.19", "2.20", "2.21", "2.22", "2.23"];
    let (mut both, mut odd) = (0, Vec::new());
    for pair in releases.windows(2) {
        let (old, _) = document(&format!("runai/{}.json", pair[0]));
        let (new, _) = document(&format!("runai/{}.json", pair[1]));
        let places = |changes: &[Change]| -> BTreeSet<String> {
            let mut out = BTreeSet::new();
            for change in changes {
                for place in &change.affects {
                    let key = format!("{} {}", place.operation.method, place.operation.path.shape());
                    let at = if place.at.starts_with("path:") { "path" } else { &place.at };
                    out.insert(format!(
                        "{} {key} {:?} {:?} {at}",
                        class(change.rule),
                        place.status,
                        place.media_type
                    ));
                }
            }
            out
        };
        let (there, back) = (places(&diff(&old, &new)), places(&diff(&new, &old)));
        both += there.intersection(&back).count();
        odd.extend(there.symmetric_difference(&back).map(|place| format!("{}: {place}", pair[1])));
    }
    eprintln!("{both} places are told both ways, {} one way only", odd.len());
    eprintln!("{}", odd.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
    assert!(odd.len() * 100 < both, "{}", odd.len());
}
