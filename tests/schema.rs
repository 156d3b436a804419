//! What `--format json` writes is what docs/schema describes.
//!
//! The schemas are open: fields are only ever added, and a reader of an older
//! schema should not stumble over them. Here they are closed first, so that a
//! field which no schema describes fails.

use crate::common::{fixture, root, sunwatch};
use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

const SCHEMAS: [&str; 9] =
    ["common", "history", "check", "scan", "upgrade", "notes", "rules", "pull", "archive"];

/// Where schemas refer to each other from.
const BASE: &str = "json-schema:///";

fn schema(name: &str) -> Value {
    let file = root().join("docs/schema").join(format!("{name}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The same schema with no room for fields that it does not describe.
fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        match value {
            Value::Object(map) => {
                let is_object = map.get("type") == Some(&json!("object"));
                if is_object && map.contains_key("properties") && !map.contains_key("additionalProperties") {
                    map.insert("additionalProperties".to_owned(), json!(false));
                }
                map.values_mut().for_each(close);
            }
            Value::Array(list) => list.iter_mut().for_each(close),
            _ => {}
        }
    }
    close(&mut schema);
    schema
}

/// A validator of a schema, closed or as it stands.
fn validator(name: &str, prepare: fn(Value) -> Value) -> Validator {
    let mut registry = Registry::new();
    for name in SCHEMAS {
        registry = registry.add(format!("{BASE}{name}.schema.json"), prepare(schema(name))).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let start = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("{BASE}{name}.schema.json"),
    });
    jsonschema::options().with_registry(&registry).build(&start).unwrap()
}

/// Every kind of report: the schema, the folder it is made in, the arguments.
const REPORTS: [(&str, &str, &str); 22] = [
    ("history", "orbit", "history"),
    ("history", "orbit", "history --places"),
    ("history", "orbit", "history --channel saas"),
    ("history", "tidewater", "history --places"),
    ("history", "runai", "history"),
    ("check", "orbit", "check 1.8 1.9"),
    ("check", "orbit", "check 1.9 1.10"),
    ("check", "orbit", "check 1.10 1.11 --today 2027-02-01"),
    ("check", "orbit", "check 1.10 1.13 --channel saas"),
    ("check", "tidewater", "check 2025.1 2025.2"),
    ("scan", "orbit", "scan clients"),
    ("scan", "orbit", "scan clients upgrade --from 1.8 --to 1.9"),
    ("scan", "tidewater", "scan clients later"),
    ("scan", "bad", "scan clients"),
    ("upgrade", "orbit", "upgrade --from 1.9 --to 1.13 clients/legacy"),
    ("upgrade", "orbit", "upgrade --from 1.12 --to 1.13 clients/current"),
    ("upgrade", "tidewater", "upgrade --from 2024.1 --to 2025.2 clients"),
    ("notes", "orbit", "notes 1.10 1.11"),
    ("notes", "tidewater", "notes 2024.1 2025.2"),
    ("pull", "orbit", "pull releases/1.8.json"),
    ("rules", "orbit", "rules"),
    ("rules", "orbit", "explain operation-removed"),
];

fn report(folder: &str, args: &str) -> Value {
    sunwatch(fixture(folder)).args(args.split(' ')).args(["--format", "json", "-q"]).run_as_is_json()
}

trait RunJson {
    fn run_as_is_json(self) -> Value;
}

impl RunJson for crate::common::Sunwatch {
    /// The report with the version it really has.
    fn run_as_is_json(self) -> Value {
        let mut report = self.run().json();
        assert_eq!(report["sunwatch"], "[VERSION]");
        report["sunwatch"] = json!(env!("CARGO_PKG_VERSION"));
        report
    }
}

#[track_caller]
fn assert_valid(validator: &Validator, report: &Value, what: &str) {
    let errors: Vec<String> = validator
        .iter_errors(report)
        .take(5)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}:\n  {}", errors.join("\n  "));
}

#[test]
fn the_schemas_are_schemas() {
    for name in SCHEMAS {
        let schema = schema(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// Each thing that a schema describes says what it is.
#[test]
fn everything_is_described() {
    fn walk(value: &Value, path: &str, out: &mut Vec<String>) {
        let Value::Object(map) = value else { return };
        for (key, inner) in map {
            let path = format!("{path}/{key}");
            if key == "properties" && !path.contains("/then/") {
                for (name, property) in inner.as_object().unwrap() {
                    let says = property.get("description").is_some() || property.get("$ref").is_some();
                    if !says {
                        out.push(format!("{path}/{name}"));
                    }
                }
            }
            walk(inner, &path, out);
        }
    }
    for name in SCHEMAS {
        let mut silent = Vec::new();
        walk(&schema(name), name, &mut silent);
        assert!(silent.is_empty(), "without description: {silent:?}");
    }
}

#[test]
fn reports_are_as_described() {
    let mut seen = std::collections::BTreeSet::new();
    for (name, folder, args) in REPORTS {
        let report = report(folder, args);
        seen.insert(report["command"].as_str().unwrap().to_owned());
        assert_valid(&validator(name, closed), &report, &format!("{folder}: {args}"));
        assert_valid(&validator(name, |schema| schema), &report, &format!("{folder}: {args}"));
    }
    let all = ["check", "explain", "history", "notes", "pull", "rules", "scan", "upgrade"];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all, "every command with --format json is checked");
}

#[test]
fn a_ledger_is_as_described() {
    let folder = tempfile::tempdir().unwrap();
    for vendor in ["orbit", "tidewater"] {
        let file = folder.path().join("ledger.json");
        sunwatch(fixture(vendor)).args(["history", "-q", "-o"]).args([&file]).run();
        let ledger: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert_valid(&validator("history", closed), &ledger, vendor);
        assert!(ledger.get("problems").is_none());
    }
}

/// The names of contract and documentation, word by word.
#[test]
fn reports_have_every_field_that_is_promised() {
    #[track_caller]
    fn has(value: &Value, fields: &str) {
        for field in fields.split(' ') {
            assert!(value.get(field).is_some(), "expected {field} in {value:#}");
        }
    }
    let first = |list: &Value| list.as_array().unwrap().first().cloned().unwrap_or(Value::Null);

    for (_, folder, args) in REPORTS {
        let text =
            sunwatch(fixture(folder)).args(args.split(' ')).args(["--format", "json", "-q"]).run().stdout;
        let command = args.split(' ').next().unwrap();
        let start =
            format!("{{\n  \"sunwatch\": \"[VERSION]\",\n  \"command\": \"{command}\",\n  \"schema\": 1,\n");
        assert!(text.starts_with(&start), "{args}: {}", &text[..100]);
    }

    let history = report("orbit", "history --places");
    has(&history, "releases items");
    for item in history["items"].as_array().unwrap() {
        has(item, "kind operation component at introduced deprecated undeprecated removed removable");
        has(item, "replacement exempt evidence");
        has(&item["removable"], "self-hosted saas");
        if !item["replacement"].is_null() {
            has(&item["replacement"], "text operation exists");
        }
    }
    let is_field = |item: &&Value| item["kind"] == "response-field" && item["removed"].is_null();
    let items = history["items"].as_array().unwrap();
    let fields: Vec<&Value> = items.iter().filter(is_field).collect();
    assert!(fields.len() > 5);
    for field in fields {
        has(&first(&field["places"]), "method path direction status media_type at");
    }

    let check = report("orbit", "check 1.9 1.10");
    for finding in check["findings"].as_array().unwrap() {
        has(finding, "rule level kind operation component at deprecated removed removable message");
    }

    for args in ["scan clients/legacy", "upgrade --from 1.9 --to 1.13 clients/legacy"] {
        let report = report("orbit", args);
        has(&report, "calls findings files");
        has(&report["files"], "seen scanned skipped");
        for call in report["calls"].as_array().unwrap() {
            has(call, "file line column end_line end_column language method url operation confidence via");
            has(call, "status findings");
        }
    }
    let upgrade = report("orbit", "upgrade --from 1.9 --to 1.13 clients/legacy");
    assert_eq!(upgrade["verdict"], "blocked");
    let skipped = report("bad", "scan clients");
    has(&first(&skipped["files"]["skipped"]), "file reason");
}

/// Fields that a report may leave out.
const OPTIONAL: [&str; 27] = [
    "sdk",
    "names",
    "tags",
    "nth",
    "server_paths",
    "server_hosts",
    "titles",
    "dates",
    "field",
    "unverifiable",
    "operations",
    "value",
    "direction",
    "status",
    "media_type",
    "operation_id",
    "deprecated_on",
    "labelled",
    "flagged",
    "misspelt",
    "earlier",
    "with_parent",
    "required",
    "extends",
    "extends_current",
    "places",
    "confidence",
];

/// Objects whose keys are names of the policy.
const MAPS: [&str; 2] = ["removable", "dates"];

/// Every way to spoil one value of a report: each key left out, each value of
/// another type, in the first and last element of each list.
fn spoiled(value: &Value, path: &str, out: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) => {
            let is_map = MAPS.iter().any(|name| path.ends_with(name));
            for (key, inner) in map {
                let at = format!("{path}/{key}");
                let in_replacement = key == "operation" && path.ends_with("replacement");
                // `status` and `confidence` may miss in items and findings, never in calls.
                let is_call = path.starts_with("/calls/") && path.matches('/').count() == 2;
                let may_miss = in_replacement || OPTIONAL.contains(&key.as_str()) && !is_call;
                if !is_map && !may_miss {
                    let mut less = map.clone();
                    less.shift_remove(key);
                    out.push((format!("{at} left out"), Value::Object(less)));
                }
                let mut inside = Vec::new();
                spoiled(inner, &at, &mut inside);
                for (what, bad) in inside {
                    let mut changed = map.clone();
                    changed.insert(key.clone(), bad);
                    out.push((what, Value::Object(changed)));
                }
            }
            if !is_map {
                let mut more = map.clone();
                more.insert("surprise".to_owned(), json!(1));
                out.push((format!("{path} with another field"), Value::Object(more)));
            }
            out.push((format!("{path} as a list"), json!([])));
        }
        Value::Array(list) => {
            let ends = [0, list.len().saturating_sub(1)];
            for at in ends.iter().copied().filter(|at| *at < list.len()) {
                let mut inside = Vec::new();
                spoiled(&list[at], &format!("{path}/{at}"), &mut inside);
                for (what, bad) in inside {
                    let mut changed = list.clone();
                    changed[at] = bad;
                    out.push((what, Value::Array(changed)));
                }
            }
            out.push((format!("{path} as an object"), json!({})));
        }
        Value::String(_) => out.push((format!("{path} as a number"), json!(1.5))),
        Value::Number(_) => out.push((format!("{path} below nothing"), json!(-1))),
        Value::Bool(_) => out.push((format!("{path} as a text"), json!("yes"))),
        Value::Null => out.push((format!("{path} as true"), json!(true))),
    }
}

#[test]
fn a_spoiled_report_is_refused() {
    let mut count = 0;
    for (name, folder, args) in REPORTS.into_iter().filter(|(_, folder, _)| *folder == "orbit") {
        let validator = validator(name, closed);
        // Long lists say nothing more than their ends.
        let mut report = report(folder, args);
        for list in report.as_object_mut().unwrap().values_mut().filter_map(Value::as_array_mut) {
            list.truncate(3);
        }
        assert_valid(&validator, &report, args);
        let mut bad = Vec::new();
        spoiled(&report, "", &mut bad);
        // Without problems it is a ledger.
        let is_ledger = |what: &str| name == "history" && what == "/problems left out";
        for (what, bad) in bad.into_iter().filter(|(what, _)| !is_ledger(what)) {
            assert!(!validator.is_valid(&bad), "{args}: {what} is still valid");
            count += 1;
        }
    }
    assert!(count > 1_000, "{count} spoiled reports");
}

#[test]
fn words_that_do_not_exist_are_refused() {
    for (name, args, pointer, bad) in [
        ("scan", "scan clients/legacy", "/calls/0/status", json!("gone")),
        ("scan", "scan clients/legacy", "/calls/0/operation/method", json!("get")),
        ("scan", "scan clients/legacy", "/calls/0/line", json!(0)),
        ("scan", "scan clients/legacy", "/findings/0/level", json!("fatal")),
        ("upgrade", "upgrade --from 1.9 --to 1.13 clients/legacy", "/verdict", json!("fine")),
        ("upgrade", "upgrade --from 1.9 --to 1.13 clients/legacy", "/from", json!(null)),
        ("history", "history", "/items/0/kind", json!("field")),
        ("history", "history", "/releases", json!([])),
        ("check", "check 1.10 1.11", "/command", json!("scan")),
        ("check", "check 1.10 1.11", "/schema", json!(2)),
        ("rules", "rules", "/rules/0/id", json!("No Id")),
    ] {
        let mut report = report("orbit", args);
        let validator = validator(name, closed);
        assert!(validator.is_valid(&report));
        *report.pointer_mut(pointer).unwrap_or_else(|| panic!("{args} has no {pointer}")) = bad;
        assert!(!validator.is_valid(&report), "{args}: {pointer}");
    }
}
