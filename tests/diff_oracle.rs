//! An oracle that knows nothing of the engine: values are made at random from
//! one document's schemas and put to validators of the other's. Where `diff`
//! says compatible, none may disagree; where it says breaks, its witness must.
//!
//! The documents are not part of the project: `SUNWATCH_SPECS` names the folder.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::rc::Rc;

use crate::oracle::{Maker, Source, below, document, folder, pairs, payloads, place, settled, told};
use jsonschema::error::ValidationErrorKind;
use serde_json::{Value, json};
use sunwatch::diff::{Change, Verdict, diff};
use sunwatch::document::{Annotations, Direction, Document};

/// Values made for each pair of schemas.
const VALUES: usize = 60;

/// The schemas of two documents with their validators, each made once.
struct Judges<'s> {
    sources: [&'s Source; 2],
    schemas: HashMap<(usize, String, Direction), Rc<Value>>,
    validators: HashMap<(usize, String, Direction), Rc<jsonschema::Validator>>,
}

impl<'s> Judges<'s> {
    fn new(old: &'s Source, new: &'s Source) -> Self {
        Self { sources: [old, new], schemas: HashMap::new(), validators: HashMap::new() }
    }

    fn schema(&mut self, side: usize, pointer: &str, direction: Direction) -> Rc<Value> {
        let pointer = settled(self.sources[side], pointer);
        let source = self.sources[side];
        let key = (side, pointer.clone(), direction);
        self.schemas.entry(key).or_insert_with(|| Rc::new(source.schema(&pointer, direction))).clone()
    }

    fn validator(&mut self, side: usize, pointer: &str, direction: Direction) -> Rc<jsonschema::Validator> {
        let schema = self.schema(side, pointer, direction);
        let key = (side, settled(self.sources[side], pointer), direction);
        let made = || Rc::new(jsonschema::draft202012::new(&schema).unwrap());
        self.validators.entry(key).or_insert_with(made).clone()
    }
}

/// Whether a rule's witness is a value of the payload, and not a whole request.
fn is_value(rule: &str) -> bool {
    ["-field-", "-enum-value-", "parameter-narrowed", "parameter-type-"]
        .iter()
        .any(|part| rule.contains(part))
}

/// Where a refused value is refused, and whether places below answer for it too.
fn refusals(validator: &jsonschema::Validator, value: &Value) -> BTreeSet<(String, bool)> {
    let mut out = BTreeSet::new();
    for error in validator.iter_errors(value) {
        let at = place(error.instance_path().as_str());
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                out.insert((below(&at, property.as_str().unwrap_or_default()), false));
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                out.extend(unexpected.iter().map(|name| (below(&at, name), false)));
            }
            ValidationErrorKind::AnyOf { .. }
            | ValidationErrorKind::OneOfNotValid { .. }
            | ValidationErrorKind::OneOfMultipleValid { .. }
            | ValidationErrorKind::Not { .. } => drop(out.insert((at, true))),
            _ => drop(out.insert((at, false))),
        }
    }
    out
}

/// Whether one of these places answers for a refusal: the place itself, the
/// object whose member it is, and under a union all below.
fn is_named(names: &[String], at: &str, with_below: bool) -> bool {
    let holder = at.rsplit_once(['.', '[', '{']).map_or("", |(holder, _)| holder);
    names.iter().any(|name| {
        name == at || name == holder || (with_below && name.starts_with(at)) || {
            // A union above tells all below apart.
            at.starts_with(name.as_str()) && at[name.len()..].starts_with(['.', '[', '{'])
        }
    })
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn random_values_agree_with_every_verdict() {
    let mut counts: BTreeMap<&str, [usize; 6]> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    let (mut refused, mut shown) = (0, 0);
    for (product, old_name, new_name) in pairs() {
        let ((old, old_source), (new, new_source)) = (document(old_name), document(new_name));
        let changes = diff(&old, &new);
        let mut judges = Judges::new(&old_source, &new_source);
        let (before, after) = (payloads(&old), payloads(&new));
        let count = counts.entry(product).or_default();
        let mut asked: BTreeSet<(String, String, Direction)> = BTreeSet::new();
        let mut disagreed: HashMap<*const Change, bool> = HashMap::new();
        for (payload, (direction, new_pointer)) in &after {
            let Some((_, old_pointer)) = before.get(payload) else { continue };
            let told: Vec<(String, &Change)> =
                told(&changes, payload).into_iter().filter(|(_, change)| change.breaks.wire).collect();
            let verdict = told.iter().map(|(_, change)| change.verdict).min().unwrap_or(Verdict::Compatible);
            count[match verdict {
                Verdict::Compatible => 0,
                Verdict::Breaks => 1,
                Verdict::Unknown => 2,
            }] += 1;
            let pointers = [old_pointer, new_pointer];
            let (inner, outer) = if *direction == Direction::Request { (0, 1) } else { (1, 0) };
            for (_, change) in &told {
                if let Some(witness) = &change.witness
                    && is_value(change.rule)
                    && disagreed.get(&std::ptr::from_ref(*change)) != Some(&true)
                {
                    let shows = judges.validator(inner, pointers[inner], *direction).is_valid(&witness.value)
                        && !judges.validator(outer, pointers[outer], *direction).is_valid(&witness.value);
                    disagreed.insert(std::ptr::from_ref(*change), shows);
                }
            }
            let a = judges.schema(0, old_pointer, *direction);
            let b = judges.schema(1, new_pointer, *direction);
            if a == b {
                count[3] += 1;
                continue;
            }
            let names: Vec<String> = told.into_iter().map(|(at, _)| at).collect();
            if !asked.insert((
                format!("{names:?}"),
                format!("{}{}", settled(&old_source, old_pointer), settled(&new_source, new_pointer)),
                *direction,
            )) {
                continue;
            }
            let own = judges.validator(inner, pointers[inner], *direction);
            let other = judges.validator(outer, pointers[outer], *direction);
            let schema = judges.schema(inner, pointers[inner], *direction);
            let mut maker = Maker::new(&schema["$defs"]);
            for _ in 0..VALUES {
                let value = maker.value(&schema, 0);
                if !own.is_valid(&value) {
                    continue;
                }
                count[4] += 1;
                for (at, with_below) in refusals(&other, &value) {
                    if is_named(&names, &at, with_below) {
                        refused += 1;
                    } else {
                        wrong.push(format!("{new_name} {payload:?}: refused at `{at}`, not told"));
                    }
                }
            }
        }
        for change in &changes {
            match disagreed.get(&std::ptr::from_ref(change)) {
                Some(true) => shown += 1,
                Some(false) => {
                    let witness = change.witness.as_ref().map(|witness| witness.value.to_string());
                    wrong.push(format!(
                        "{new_name} {} {:?} {}: its witness shows nothing: {witness:?}",
                        change.rule, change.component, change.message
                    ));
                }
                None => {}
            }
        }
        count[5] += changes.len();
    }
    for (product, [compatible, breaks, unknown, equal, values, entries]) in &counts {
        eprintln!(
            "{product}: {} pairs of schemas: {compatible} compatible ({equal} of all are equal), {breaks} breaks, {unknown} unknown; {values} values put to the other side; {entries} entries",
            compatible + breaks + unknown
        );
    }
    eprintln!(
        "{refused} refusals, each where an entry names it; {shown} witnesses confirmed by the second reading"
    );
    wrong.sort();
    wrong.dedup();
    eprintln!("{} disagree\n{}", wrong.len(), wrong.join("\n"));
    assert!(wrong.is_empty());
    for (product, [compatible, breaks, unknown, ..]) in counts {
        assert!(unknown * 100 < (compatible + breaks + unknown) * 3, "{product}");
    }
}

/// Most levels of a payload that the referee descends.
const DEEP: usize = 9;

/// The schemas at every place of a payload: a conjunction each, with what
/// stands in `allOf` and behind references; unions but for `null` are left alone.
fn places(parts: Vec<Value>, defs: &Value, at: String, depth: usize, out: &mut BTreeMap<String, Vec<Value>>) {
    if depth > DEEP || out.len() > 4_000 || out.contains_key(&at) {
        return;
    }
    out.insert(at.clone(), parts.clone());
    let mut flat: Vec<Value> = Vec::new();
    let mut queue = parts;
    while let Some(part) = queue.pop() {
        if flat.len() > 200 {
            break;
        }
        if let Some(name) = part.get("$ref").and_then(Value::as_str) {
            queue.extend(defs.get(name.trim_start_matches("#/$defs/")).cloned());
        }
        queue.extend(part.get("allOf").and_then(Value::as_array).into_iter().flatten().cloned());
        for key in ["anyOf", "oneOf"] {
            if let Some([first, second]) = part.get(key).and_then(Value::as_array).map(Vec::as_slice) {
                let null = json!({"type": "null"});
                if *first == null {
                    queue.push(second.clone());
                } else if *second == null {
                    queue.push(first.clone());
                }
            }
        }
        flat.push(part);
    }
    let mut members: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for part in &flat {
        for (name, schema) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
            members.entry(below(&at, name)).or_default().push(schema.clone());
        }
        for (key, step) in [("items", "[]"), ("additionalProperties", "{}")] {
            if let Some(schema) = part.get(key).filter(|schema| schema.is_object()) {
                members.entry(format!("{at}{step}")).or_default().push(schema.clone());
            }
        }
    }
    for (at, parts) in members {
        places(parts, defs, at, depth + 1, out);
    }
}

/// The referee of narrowed request fields: every place of every request is
/// sampled on its own, and one that refuses an old value must be named.
#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn no_narrowed_request_field_is_left_out() {
    let mut missed: BTreeSet<String> = BTreeSet::new();
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (product, old_name, new_name) in pairs() {
        let ((old, old_source), (new, new_source)) = (document(old_name), document(new_name));
        let changes = diff(&old, &new);
        let mut judges = Judges::new(&old_source, &new_source);
        let (before, after) = (payloads(&old), payloads(&new));
        let count = counts.entry(product).or_default();
        // What refuses which values, by the two texts.
        let mut known: HashMap<(String, String), BTreeSet<(String, bool)>> = HashMap::new();
        for (payload, (direction, new_pointer)) in &after {
            let Some((_, old_pointer)) = before.get(payload) else { continue };
            if *direction == Direction::Response {
                continue;
            }
            let a = judges.schema(0, old_pointer, *direction);
            let b = judges.schema(1, new_pointer, *direction);
            if a == b {
                continue;
            }
            let names: Vec<String> = told(&changes, payload)
                .into_iter()
                .filter(|(_, change)| change.breaks.wire)
                .map(|(at, _)| at)
                .collect();
            let (mut olds, mut news) = (BTreeMap::new(), BTreeMap::new());
            places(vec![(*a).clone()], &a["$defs"], String::new(), 0, &mut olds);
            places(vec![(*b).clone()], &b["$defs"], String::new(), 0, &mut news);
            for (at, old_parts) in &olds {
                let Some(new_parts) = news.get(at) else { continue };
                count[0] += 1;
                if old_parts == new_parts || at.is_empty() {
                    continue;
                }
                let with = |parts: &[Value], defs: &Value| json!({"allOf": parts, "$defs": defs});
                let texts = (json!(old_parts).to_string(), json!(new_parts).to_string());
                let found = known.entry(texts).or_insert_with(|| {
                    let (inner, outer) = (with(old_parts, &a["$defs"]), with(new_parts, &b["$defs"]));
                    let own = jsonschema::draft202012::new(&inner).unwrap();
                    let other = jsonschema::draft202012::new(&outer).unwrap();
                    let mut maker = Maker::new(&a["$defs"]);
                    let values: Vec<Value> = (0..VALUES).map(|_| maker.value(&inner, 2)).collect();
                    let kept = values.iter().filter(|value| own.is_valid(value));
                    kept.flat_map(|value| refusals(&other, value)).collect()
                });
                for (inside, with_below) in found.iter() {
                    let whole = match (inside.is_empty(), inside.starts_with(['[', '{'])) {
                        (true, _) => at.clone(),
                        (_, true) => format!("{at}{inside}"),
                        _ => below(at, inside),
                    };
                    count[1] += 1;
                    if is_named(&names, &whole, *with_below) {
                        count[2] += 1;
                    } else {
                        missed.insert(format!("{new_name} {payload:?} {whole}"));
                    }
                }
            }
        }
    }
    for (product, [fields, narrowed, named]) in counts {
        eprintln!(
            "{product}: {fields} places in requests, {narrowed} of them refuse an old value, {named} are named"
        );
    }
    eprintln!(
        "{} are not named\n{}",
        missed.len(),
        missed.iter().take(200).cloned().collect::<Vec<_>>().join("\n")
    );
    assert!(missed.is_empty());
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
    let (mut confirmed, mut open) = (0, 0);
    for (_, old_name, new_name) in pairs() {
        let ((old, _), (new, _)) = (document(old_name), document(new_name));
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
        eprintln!("{old_name} -> {new_name}: {} entries, {places} places", changes.len());
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
    let (mut both, mut odd) = (0, Vec::new());
    for (_, old_name, new_name) in pairs() {
        let ((old, _), (new, _)) = (document(old_name), document(new_name));
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
        odd.extend(there.symmetric_difference(&back).map(|place| format!("{new_name}: {place}")));
    }
    eprintln!("{both} places are told both ways, {} one way only", odd.len());
    eprintln!("{}", odd.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
    assert!(odd.len() * 100 < both, "{}", odd.len());
}
