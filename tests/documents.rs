//! Documents that are wrong, or at a limit: each mistake is said at its place,
//! the rest is read, and nothing ends in a panic or a long wait.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sunwatch::document::{Annotations, Document, OperationKey, Severity};
use sunwatch::lifecycle::{History, ledger};
use sunwatch::policy::Policy;
use sunwatch::release::ReleaseId;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn read(name: &str, text: impl Into<Vec<u8>>) -> Result<Document, String> {
    Document::read(name, text.into(), &Annotations::default()).map_err(|error| error.to_string())
}

/// What is expected of a file.
enum Outcome {
    /// Not read, with this place and these words.
    Fails(&'static str, &'static [&'static str]),
    /// Read but for parts of it: operations, and each problem's place and words.
    Problems(usize, &'static [(Severity, &'static str, &'static str)]),
    /// Read, and nothing said.
    Loads(usize),
}
use Outcome::{Fails, Loads, Problems};
use Severity::{Lost, Warning};

const BAD: &[(&str, Outcome)] = &[
    ("alias-bomb.yaml", Fails("11:6", &["aliases expanded", "20000000"])),
    ("alias-cycle.yaml", Fails("5:10", &["alias", "contains it"])),
    ("alias-unknown.yaml", Fails("4:14", &["unknown anchor"])),
    ("allof-cycle.json", Problems(2, &[(Warning, "18:12", "schemas/A` contains itself")])),
    ("blank.yaml", Fails("1:1", &["holds no value"])),
    ("bom.json", Loads(1)),
    ("comments.json", Fails("4:3", &["comment"])),
    ("crlf.yaml", Loads(1)),
    ("duplicate-keys.json", Problems(1, &[(Lost, "7:7", "`get` stands twice")])),
    ("duplicate-keys.yaml", Problems(1, &[(Lost, "8:3", "`/stations` stands twice")])),
    ("empty-paths.json", Problems(0, &[(Lost, "4:12", "not one operation")])),
    ("empty.json", Fails("1:1", &["empty"])),
    ("external-ref.json", Problems(2, &[(Warning, "8:92", "`other.json#/X`")])),
    ("latin1.json", Fails("8:47", &["UTF-8"])),
    ("login-page.json", Fails("1:1", &["HTML", "log in"])),
    ("nan.json", Fails("3:67", &["NaN"])),
    ("no-paths.json", Fails("1:1", &["expected `paths`", "found none"])),
    ("norway.yaml", Loads(1)),
    ("not-openapi.json", Fails("1:1", &["`openapi`", "dependencies"])),
    ("number-keys.yaml", Loads(1)),
    ("openapi-3.1.yaml", Loads(1)),
    ("openapi-3.2.yaml", Loads(1)),
    ("openapi-9.json", Fails("1:1", &["OpenAPI 9.0.0 is no known version"])),
    ("openapi-number.yaml", Problems(1, &[(Warning, "1:10", "the number 3.0")])),
    ("paths-is-array.json", Fails("4:12", &["`paths`: expected an object, found an array"])),
    ("ref-cycle.json", Problems(2, &[(Warning, "18:12", "schemas/A` contains itself")])),
    ("ref-into-path.json", Loads(2)),
    ("ref-not-a-string.json", Problems(2, &[(Warning, "8:92", "`$ref`: expected a string, found a number")])),
    ("ref-self.json", Problems(2, &[(Warning, "17:22", "schemas/A` contains itself")])),
    ("remote-ref.json", Problems(2, &[(Warning, "8:92", "cannot be read from here")])),
    ("scalar.yaml", Fails("1:1", &["an object", "found a string"])),
    ("swagger-2.json", Loads(1)),
    ("tabs.yaml", Fails("3:2", &["tab"])),
    ("trailing-comma.json", Fails("8:52", &["found `}`"])),
    ("trailing-data.json", Fails("13:1", &["expected the end of the text"])),
    ("truncated.json", Fails("8:31", &["unterminated string"])),
    ("truncated.yaml", Fails("7:30", &["unexpected end"])),
    ("two-documents.yaml", Fails("4:1", &["second one"])),
    ("utf16.json", Fails("1:1", &["UTF-16"])),
];

#[test]
fn every_mistake_is_said_at_its_place() {
    let mut wrong = String::new();
    for (name, outcome) in BAD {
        let found = read(name, std::fs::read(fixtures().join("bad").join(name)).unwrap());
        let is_right = match (outcome, &found) {
            (Fails(place, words), Err(message)) => {
                message.starts_with(&format!("{name}:{place}: "))
                    && words.iter().all(|word| message.contains(word))
            }
            (Loads(operations), Ok(document)) => {
                document.problems.is_empty() && document.operations().len() == *operations
            }
            (Problems(operations, problems), Ok(document)) => {
                let is_it = |(expected, found): (&(Severity, &str, &str), &sunwatch::document::Problem)| {
                    expected.0 == found.severity
                        && found.position.to_string() == expected.1
                        && found.message.contains(expected.2)
                };
                document.operations().len() == *operations
                    && document.problems.len() == problems.len()
                    && problems.iter().zip(&document.problems).all(is_it)
            }
            _ => false,
        };
        if !is_right {
            match found {
                Ok(document) => writeln!(
                    wrong,
                    "{name}: {} operations, {:?}",
                    document.operations().len(),
                    document.problems
                ),
                Err(message) => writeln!(wrong, "{message}"),
            }
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_file_is_in_the_list() {
    let listed: BTreeSet<String> = BAD.iter().map(|(name, _)| (*name).to_owned()).collect();
    let is_document = |name: &String| name.ends_with(".json") || name.ends_with(".yaml");
    let folder = std::fs::read_dir(fixtures().join("bad")).unwrap();
    let there = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).filter(is_document);
    assert_eq!(there.collect::<BTreeSet<_>>(), listed);
}

#[test]
fn texts_keep_what_was_written() {
    let bad = |name: &str| read(name, std::fs::read(fixtures().join("bad").join(name)).unwrap()).unwrap();
    let numbers = bad("number-keys.yaml");
    assert_eq!(numbers.version.as_deref(), Some("1.10"));
    let statuses = |document: &Document| -> Vec<String> {
        document.operations()[0].responses.iter().map(|response| response.status.clone()).collect()
    };
    assert_eq!(statuses(&numbers), ["200", "404"]);
    let norway = bad("norway.yaml");
    let values: Vec<&str> = norway
        .schemas()
        .iter()
        .flat_map(|schema| &schema.enum_values)
        .map(|value| value.text.as_str())
        .collect();
    assert_eq!(values, ["DE", "NO", "SE", "on", "yes"]);
}

/// All documents of the fictional vendors, and one API in all dialects.
fn sound() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for folder in ["orbit/releases", "tidewater/releases", "dialects"] {
        for entry in std::fs::read_dir(fixtures().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            out.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    out.sort();
    out
}

/// Reads a text and, if it is a document, makes a history of it and a sound one.
fn survive(name: &str, text: &str, sound: &str, policy: &Policy) {
    let Ok(document) = read(name, text) else { return };
    let documents = [
        (ReleaseId::new("1"), document),
        (ReleaseId::new("2"), read("sound", sound).unwrap()),
        (ReleaseId::new("3"), read(name, text).unwrap()),
    ];
    let history = History::of_documents(&documents, policy);
    let written = ledger::write(&history, policy).unwrap();
    ledger::read(&written, "ledger").unwrap();
}

#[test]
fn cut_texts_never_panic() {
    let policy = Policy::parse("", "policy.toml", &[]).unwrap();
    for (name, text) in sound() {
        let step = if name.starts_with("pets") { 197 } else { 2_399 };
        for cut in (0..text.len()).step_by(step).filter(|cut| text.is_char_boundary(*cut)) {
            survive(&name, &text[..cut], &text, &policy);
            // One character changed, one taken out.
            for change in ["\"", "{", "]", ":", "-", "&x ", "*x"] {
                let mut text = text.clone();
                text.replace_range(cut..cut, change);
                let _ = read(&name, text);
            }
            let _ = read(&name, format!("{}{}", &text[..cut], text.get(cut + 1..).unwrap_or_default()));
        }
    }
}

/// Every value of a document, by its pointer.
fn pointers(value: &Value, here: &str, out: &mut Vec<String>) {
    out.push(here.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| pointers(value, &format!("{here}/{}", escaped(key)), out))
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(nth, value)| pointers(value, &format!("{here}/{nth}"), out))
        }
        _ => {}
    }
}

/// A value of another type at any place loses that place, not the document.
#[test]
fn odd_types_never_panic() {
    let policy = Policy::parse("", "policy.toml", &[]).unwrap();
    for (name, text) in sound() {
        if name == "1.12.json" || name.starts_with("pets") {
            odd_types(&name, &text, &policy);
        }
    }
}

fn odd_types(name: &str, text: &str, policy: &Policy) {
    let whole = read(name, text).unwrap().tree().root().to_json();
    let step = if name.starts_with("pets") { 2 } else { 7 };
    let mut all = Vec::new();
    pointers(&whole, "", &mut all);
    let odd = [
        json!(null),
        json!(true),
        json!(1.5),
        json!("x"),
        json!([]),
        json!({}),
        json!([{"$ref": 1}, null]),
        json!({"$ref": "#/components/schemas/Nobody"}),
        json!({"$ref": "#/paths/~1api~1v1~1stations/get"}),
        json!({"$ref": "#/components/schemas"}),
        json!({"$dynamicRef": "#"}),
    ];
    for (nth, pointer) in all.iter().enumerate().skip(1).step_by(step) {
        let mut changed = whole.clone();
        *changed.pointer_mut(pointer).unwrap() = odd[nth % odd.len()].clone();
        let changed = changed.to_string();
        match nth % 3 {
            0 => survive(name, &changed, text, policy),
            _ => drop(read(name, changed)),
        }
    }
}

fn document(paths: &Value, components: &Value) -> String {
    json!({"openapi": "3.0.3", "info": {}, "paths": paths, "components": components}).to_string()
}

/// Each kind of broken reference loses what it stands for, with a problem.
#[test]
fn broken_references_are_said() {
    let sound = json!({"responses": {"200": {"description": "OK"}}});
    let cases = [
        (json!({"parameters": [{"$ref": "#/components/parameters/A"}]}), "refers to itself"),
        (json!({"parameters": [{"$ref": "#/components/parameters/Nobody"}]}), "leads to nothing"),
        (json!({"parameters": [7, "x", null]}), "expected an object"),
        (json!({"parameters": {"a": 1}}), "`parameters`: expected an array"),
        (json!({"requestBody": {"$ref": "#/components/requestBodies/A"}}), "refers to itself"),
        (json!({"requestBody": [1]}), "expected an object"),
        (json!({"responses": {"200": {"$ref": "#/components/responses/A"}}}), "refers to itself"),
        (json!({"responses": []}), "`responses`: expected an object"),
        (json!({"responses": {"200": {"content": []}}}), "`content`: expected an object"),
        (json!({"responses": {"200": {"content": {"a/b": {"schema": 1}}}}}), "schema: expected an object"),
        (json!({"responses": {"200": {"content": {"a/b": {"schema": {"properties": []}}}}}}), "`properties`"),
        (json!({"responses": {"200": {"content": {"a/b": {"schema": {"allOf": {}}}}}}}), "`allOf`"),
        (json!({"responses": {"200": {"content": {"a/b": {"schema": {"enum": "x"}}}}}}), "`enum`"),
        (json!({"tags": "x"}), "`tags`"),
        (json!({"operationId": 7}), "`operationId`"),
    ];
    let ring = |kind: &str| json!({"A": {"$ref": format!("#/components/{kind}/B")}, "B": {"$ref": format!("#/components/{kind}/A")}});
    let components = json!({
        "parameters": ring("parameters"), "requestBodies": ring("requestBodies"), "responses": ring("responses"),
    });
    for (operation, words) in cases {
        let text =
            document(&json!({"/a": {"get": operation, "put": sound}, "/b": {"get": sound}}), &components);
        let document = read("x", text).unwrap();
        assert_eq!(document.operations().len(), 3, "{operation}");
        assert!(
            document.problems.iter().any(|problem| problem.message.contains(words)),
            "{words}: {:?}",
            document.problems
        );
    }
    // A path item in a ring loses its operations, and says so.
    let text = document(
        &json!({"/a": {"$ref": "#/paths/~1c"}, "/c": {"$ref": "#/paths/~1a"}, "/b": {"get": sound}}),
        &json!({}),
    );
    let document = read("x", text).unwrap();
    assert!(document.has_losses());
    assert!(document.operation(&OperationKey::new("GET", "/b")).is_some());
}

#[test]
fn boolean_schemas_and_tuples_are_tolerated() {
    let schema = json!({"type": "object", "properties": {"any": true, "none": false, "pair": {"items": [{"type": "string"}]}},
        "additionalProperties": true, "items": true, "required": true});
    let text = document(
        &json!({"/a": {"get": {"responses": {"200": {"description": "OK", "content": {"a/b": {"schema": schema}}}}}}}),
        &json!({}),
    );
    assert_eq!(read("x", text).unwrap().problems, []);
}

#[test]
fn deep_nesting_ends_in_an_error_or_is_read() {
    for depth in [50, 100, 200, 1_000, 100_000] {
        let open = r#"{"properties":{"a":"#.repeat(depth);
        let schema = format!("{open}{{}}{}", "}}".repeat(depth));
        let text = format!(
            r#"{{"openapi":"3.0.3","info":{{}},"paths":{{"/a":{{"get":{{"responses":{{"200":{{"content":{{"a/b":{{"schema":{schema}}}}}}}}}}}}}}}}}"#
        );
        let found = read("deep.json", text);
        assert_eq!(found.is_ok(), depth <= 100, "{depth}");
        if let Err(message) = found {
            assert!(message.contains("nested deeper"), "{message}");
        }
        assert!(read("deep.yaml", format!("a: {}", "[".repeat(depth))).is_err());
        assert!(read("deep.yaml", "- ".repeat(depth)).is_err());
    }
}

/// Aliases nest as what they stand for does.
#[test]
fn deep_nesting_over_aliases_is_an_error() {
    let mut text = String::from("x0: &a0 []\n");
    for nth in 1..400 {
        text.push_str(&format!("x{nth}: &a{nth} [[[[*a{}]]]]\n", nth - 1));
    }
    assert!(read("aliases.yaml", text).unwrap_err().contains("nested deeper"));
}

/// References are no nesting: a chain of any length is read, and walked.
#[test]
fn long_chains_of_references_are_read() {
    let policy = Policy::parse("", "policy.toml", &[]).unwrap();
    let chain = |length: usize, last: Value| {
        let mut schemas = serde_json::Map::new();
        for nth in 0..length {
            let next = json!({"$ref": format!("#/components/schemas/S{}", nth + 1)});
            let schema = match nth % 3 {
                0 => json!({"properties": {"next": next}}),
                1 => json!({"allOf": [next]}),
                _ => json!({"items": next}),
            };
            schemas.insert(format!("S{nth}"), schema);
        }
        schemas.insert(format!("S{length}"), last);
        let schema = json!({"$ref": "#/components/schemas/S0"});
        document(
            &json!({"/a": {"get": {"responses": {"200": {"description": "OK", "content": {"a/b": {"schema": schema}}}}}}}),
            &json!({"schemas": schemas}),
        )
    };
    let before = chain(3_000, json!({"properties": {"x": {}}}));
    let after = chain(3_000, json!({"properties": {"y": {"deprecated": true}}}));
    let documents =
        [(ReleaseId::new("1"), read("1", before).unwrap()), (ReleaseId::new("2"), read("2", after).unwrap())];
    let history = History::of_documents(&documents, &policy);
    let fields: Vec<String> = history.items.iter().skip(1).map(|item| item.key.to_string()).collect();
    assert_eq!(fields, ["#/components/schemas/S3000 x", "#/components/schemas/S3000 y"]);
    let items: Vec<_> = history.items.iter().collect();
    let places = sunwatch::lifecycle::places(&documents[1].1, &items);
    assert_eq!(places[2].len(), 1);
}
