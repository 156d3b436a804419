//! `$ref`s to other files: what is followed is one document, what is not is
//! said at its place, and nothing outside is touched.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::common::{fixture, sunwatch};
use serde_json::json;
use sunwatch::diff::diff;
use sunwatch::document::{
    Annotations, Document, MAX_REFERENCE_DISTANCE, MAX_REFERENCED_BYTES, MAX_REFERENCED_FILES, Severity,
};
use sunwatch::lifecycle::ledger;
use sunwatch::policy::Policy;
use sunwatch::source::{Referenced, References, Refusal, SourceSpec, Surroundings};

fn read_allowing(path: &Path, allow_ref: &[std::path::PathBuf]) -> Document {
    let spec = SourceSpec::parse(path.to_str().unwrap()).unwrap();
    let mut bundle =
        spec.fetch(&mut Surroundings { stdin: &mut std::io::empty(), allow_ref, network: None }).unwrap();
    let found = bundle.documents.remove(0);
    Document::read_with(&found.name, found.bytes, &Annotations::default(), &*found.references).unwrap()
}

fn read(path: &Path) -> Document {
    read_allowing(path, &[])
}

/// Places and messages, one a line.
fn problems(document: &Document) -> String {
    let folder = fixture("bad/references").display().to_string();
    let mut out = String::new();
    for problem in &document.problems {
        let file = problem.file.as_deref().unwrap_or("api.yaml");
        let lost = if problem.severity == Severity::Lost { "lost" } else { "warning" };
        writeln!(out, "{lost} {file}:{} {}", problem.position, problem.message).unwrap();
    }
    out.replace(&format!("{folder}/"), "")
}

#[test]
fn one_file_and_many_are_one_document() {
    for release in ["1.0.yaml", "1.1.yaml"] {
        let one = read(&fixture("references/one").join(release));
        let split = read(&fixture("references/split").join(release));
        assert_eq!(problems(&split), "");
        assert_eq!(problems(&one), "");
        assert_eq!(split.files().count(), 14);
        assert_eq!(one.files().count(), 0);
        for (old, new) in [(&one, &split), (&split, &one), (&split, &split)] {
            let changes = diff(old, new);
            assert!(changes.is_empty(), "{:#?}", changes);
        }
        let names = |document: &Document| {
            let anchors =
                document.schemas().iter().map(|schema| format!("{:?} {}", schema.anchor, schema.at));
            anchors.collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(names(&one), names(&split), "components have the names that one file gives them");
        assert_eq!(one.operations().len(), split.operations().len());
        assert_eq!(one.webhooks().len(), split.webhooks().len());
    }
}

#[test]
fn one_file_and_many_have_one_history() {
    let policy = || Policy::parse("[window.self-hosted]\nreleases = 2\n", "policy.toml", &[]).unwrap();
    let one = crate::histories::read(&fixture("references/one"), policy());
    let split = crate::histories::read(&fixture("references/split"), policy());
    let text = |api: &crate::histories::Api| ledger::write(&api.history, &api.policy).unwrap();
    assert_eq!(text(&one), text(&split));
    assert!(text(&one).contains("height"), "something happened");
}

#[test]
fn places_are_in_the_files() {
    let run = sunwatch(fixture("references")).args([
        "diff",
        "split/1.0.yaml",
        "split/1.1.yaml",
        "--format",
        "json",
    ]);
    let report = run.run().json();
    let changes = report["changes"].as_array().unwrap();
    let removed = changes.iter().find(|change| change["rule"] == "response-field-removed").unwrap();
    assert_eq!(removed["component"], "#/components/schemas/Light");
    let old = &removed["old"];
    assert_eq!(old["file"], "split/v1.0/schemas/Light.yaml");
    assert_eq!((&old["line"], &old["pointer"]), (&json!(1), &json!("")));
    let narrowed = changes.iter().find(|change| change["rule"] == "request-field-removed").unwrap();
    assert_eq!(narrowed["component"], "#/components/schemas/NewLight");
    assert_eq!(narrowed["old"]["file"], "split/v1.0/shared/NewLight.body.yaml");
    assert_eq!(narrowed["old"]["pointer"], "/schemas/NewLight");
}

#[test]
fn a_folder_of_releases_may_have_files_that_are_none() {
    let run = sunwatch(fixture("references")).args(["history", "split", "--format", "json"]).run();
    assert_eq!(run.stderr, "", "common.yaml is referred to: nothing is passed over");
    let releases: Vec<_> =
        run.json()["releases"].as_array().unwrap().iter().map(|r| r["id"].clone()).collect();
    assert_eq!(releases, ["1.0", "1.1"]);
}

#[test]
fn what_is_not_followed_is_said_at_its_place() {
    let document = read(&fixture("bad/references/api.yaml"));
    insta::assert_snapshot!(problems(&document));
    // Nothing of what lies outside was read.
    assert!(document.files().all(|file| !file.contains("bom") && !file.contains("passwd")));
    // Each reference that leads nowhere has its own line.
    let said: std::collections::BTreeSet<_> =
        document.problems.iter().map(|problem| (problem.file.clone(), problem.position)).collect();
    assert_eq!(said.len(), document.problems.len());
    let run = sunwatch(fixture("bad/references")).args(["history", "1.0=api.yaml"]).run();
    assert_eq!(run.code, 3, "operations are missing: {}", run.stderr);
}

#[test]
fn a_folder_can_be_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("api/parts")).unwrap();
    std::fs::create_dir_all(path("shared")).unwrap();
    let api = json!({
        "openapi": "3.0.3", "info": {"title": "x", "version": "1"},
        "paths": {"/x": {"get": {"responses": {"200": {"description": "x", "content": {
            "application/json": {"schema": {"$ref": "../shared/x.json"}}}}}}}}
    });
    std::fs::write(path("api/1.json"), api.to_string()).unwrap();
    std::fs::write(path("shared/x.json"), r#"{"type": "object", "properties": {"y": {"type": "string"}}}"#)
        .unwrap();
    let without = read(&path("api/1.json"));
    assert_eq!(without.problems.len(), 1);
    assert!(without.problems[0].message.contains("--allow-ref"), "{}", without.problems[0].message);
    let with = read_allowing(&path("api/1.json"), &[path("shared")]);
    assert_eq!(problems(&with), "");
    assert_eq!(with.files().collect::<Vec<_>>(), [path("shared/x.json").to_str().unwrap()]);
    // The option does the same.
    let run = |more: &[&str]| {
        let args = ["history", "api/1.json", "--format", "json", "-v"].iter().chain(more);
        sunwatch(folder.path()).args(args).run()
    };
    assert!(run(&[]).stderr.contains("outside the document's folder"));
    assert!(!run(&["--allow-ref", "shared"]).stderr.contains("outside the document's folder"));
    assert_eq!(run(&["--allow-ref", "nowhere"]).code, 2);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("api")).unwrap();
    std::fs::create_dir_all(path("secret")).unwrap();
    std::fs::write(path("secret/key.json"), r#"{"type": "string"}"#).unwrap();
    std::os::unix::fs::symlink("../secret", path("api/out")).unwrap();
    std::os::unix::fs::symlink("real.json", path("api/same.json")).unwrap();
    std::fs::write(path("api/real.json"), r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#)
        .unwrap();
    std::process::Command::new("mkfifo").arg(path("api/pipe.json")).status().unwrap();
    let member = |to: &str| json!({"$ref": to});
    let api = json!({
        "openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {"/x": {"get": {"responses": {}}}},
        "components": {"schemas": {"All": {"type": "object", "properties": {
            "out": member("out/key.json"), "pipe": member("pipe.json"),
            "a": member("same.json"), "b": member("./real.json"),
        }}}}
    });
    std::fs::write(path("api/api.json"), api.to_string()).unwrap();
    let document = read(&path("api/api.json"));
    let said = problems(&document);
    assert_eq!(document.problems.len(), 2, "{said}");
    assert!(said.contains("a link leads there") && said.contains("pipe.json is no file"), "{said}");
    assert_eq!(document.files().count(), 1, "two names of one file are one file");
}

#[test]
fn a_revision_has_its_own_files() {
    let folder = tempfile::tempdir().unwrap();
    let git = |args: &[&str]| {
        let run = std::process::Command::new("git").current_dir(folder.path()).args(args).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    let copy = |from: &str, to: &str| {
        std::fs::copy(fixture("references").join(from), folder.path().join(to)).unwrap()
    };
    git(&["init", "-q"]);
    for file in walkdir::WalkDir::new(fixture("references/split")) {
        let file = file.unwrap();
        let to =
            folder.path().join("specs").join(file.path().strip_prefix(fixture("references/split")).unwrap());
        if file.file_type().is_dir() {
            std::fs::create_dir_all(to).unwrap();
        } else {
            std::fs::copy(file.path(), to).unwrap();
        }
    }
    git(&["add", "."]);
    git(&["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "x"]);
    git(&["tag", "v1"]);
    copy("one/1.0.yaml", "one.yaml");
    // What is in the working tree now does not matter.
    std::fs::remove_dir_all(folder.path().join("specs/v1.0/schemas")).unwrap();
    for path in ["specs/1.0.yaml", "./specs/1.0.yaml"] {
        let args = ["diff", "one.yaml", &format!("git:v1:{path}"), "--format", "json"].map(str::to_owned);
        let run = sunwatch(folder.path()).args(args).run().code(0);
        assert_eq!(run.json()["changes"], json!([]), "{path}");
        assert_eq!(run.stderr.matches("leads to nothing").count(), 0, "{}", run.stderr);
    }
}

#[test]
fn standard_input_has_no_files_beside_it() {
    let text = std::fs::read(fixture("references/split/1.0.yaml")).unwrap();
    let run = sunwatch(fixture("references/split")).args(["history", "1.0=-"]).input(text).run();
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("standard input has no files beside it"), "{}", run.stderr);
}

#[test]
fn other_dialects_are_followed_too() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, value: serde_json::Value| {
        std::fs::write(folder.path().join(name), value.to_string()).unwrap();
    };
    write(
        "parts.json",
        json!({
            "Limit": {"name": "limit", "in": "query", "type": "integer"},
            "Body": {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Light"}},
            "Failure": {"description": "x", "schema": {"$ref": "#/definitions/Error"}},
            "definitions": {"Light": {"type": "object", "properties": {"name": {"type": "string"}}},
                            "Error": {"type": "object", "properties": {"code": {"type": "integer"}}}}
        }),
    );
    let two = |inside: bool| {
        let to = |name: &str, own: &str| json!({"$ref": if inside { format!("#/{own}") } else { format!("parts.json#/{name}") }});
        let mut value = json!({
            "swagger": "2.0", "info": {"title": "x", "version": "1"}, "consumes": ["application/json"],
            "produces": ["application/json"],
            "paths": {"/lights": {"post": {
                "parameters": [to("Limit", "parameters/Limit"), to("Body", "parameters/Body")],
                "responses": {"200": {"description": "x", "schema": to("definitions/Light", "definitions/Light")},
                              "default": to("Failure", "responses/Failure")}}}}
        });
        if inside {
            let parts: serde_json::Value =
                serde_json::from_slice(&std::fs::read(folder.path().join("parts.json")).unwrap()).unwrap();
            value["definitions"] = parts["definitions"].clone();
            value["parameters"] = json!({"Limit": parts["Limit"], "Body": parts["Body"]});
            value["responses"] = json!({"Failure": parts["Failure"]});
        }
        value
    };
    write("one.json", two(true));
    write("many.json", two(false));
    // 3.1: `$anchor`, `$id`-free files, siblings of `$ref`, whole maps by reference.
    write(
        "paths.json",
        json!({"/lights": {"get": {"responses": {"200": {"description": "x", "content": {
        "application/json": {"schema": {"$ref": "schemas.json#light", "description": "beside"}}}}}}}}),
    );
    write(
        "schemas.json",
        json!({
            "Light": {"$anchor": "light", "type": "object", "properties": {"next": {"$ref": "#light"}, "day": {"$ref": "#/Day"}}},
            "Day": {"type": ["string", "null"], "format": "date"}
        }),
    );
    write(
        "31.json",
        json!({"openapi": "3.1.0", "info": {"title": "x", "version": "1"},
        "paths": {"$ref": "paths.json"}, "components": {"schemas": {"$ref": "schemas.json"}}}),
    );
    let light = json!({"$ref": "#/components/schemas/Light"});
    write(
        "31-one.json",
        json!({"openapi": "3.1.0", "info": {"title": "x", "version": "1"},
        "paths": {"/lights": {"get": {"responses": {"200": {"description": "x", "content": {
            "application/json": {"schema": light}}}}}}},
        "components": {"schemas": {
            "Light": {"type": "object", "properties": {"next": light, "day": {"$ref": "#/components/schemas/Day"}}},
            "Day": {"type": ["string", "null"], "format": "date"}}}}),
    );
    for (one, many) in [("one.json", "many.json"), ("31-one.json", "31.json")] {
        let (one, many) = (read(&folder.path().join(one)), read(&folder.path().join(many)));
        assert_eq!(problems(&many), "");
        assert_eq!(many.operations().len(), 1);
        let names = |document: &Document| {
            let anchors =
                document.schemas().iter().map(|schema| format!("{:?} {}", schema.anchor, schema.at));
            anchors.collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(names(&one), names(&many));
        assert!(diff(&one, &many).is_empty() && diff(&many, &one).is_empty());
        assert!(diff(&many, &many).is_empty());
    }
}

#[test]
fn components_of_one_name_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let object = |field: &str| format!("type: object\nproperties:\n  {field}: {{type: string}}\n");
    write("a/Item.yaml", &object("a"));
    write("b/Item.yaml", &object("b"));
    write("c.yaml", "Item:\n  type: object\n  properties:\n    c: {type: string}\n");
    write(
        "api.yaml",
        "openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths:\n  /x:\n    get:\n      responses:\n        '200':\n          description: x\n          content:\n            application/json:\n              schema:\n                type: object\n                properties:\n                  a: {$ref: a/Item.yaml}\n                  b: {$ref: b/Item.yaml}\n                  c: {$ref: 'c.yaml#/Item'}\n                  d: {$ref: '#/components/schemas/Item'}\ncomponents:\n  schemas:\n    Item:\n      type: object\n      properties:\n        d: {type: string}\n",
    );
    let document = read(&folder.path().join("api.yaml"));
    assert_eq!(problems(&document), "");
    let fields: Vec<String> = document
        .schemas()
        .iter()
        .filter(|schema| {
            matches!(&*schema.anchor, sunwatch::document::Anchor::Component(_)) && !schema.at.is_empty()
        })
        .map(|schema| match &*schema.anchor {
            sunwatch::document::Anchor::Component(name) => {
                format!("{}.{}", name.rsplit('/').next().unwrap(), schema.at)
            }
            _ => unreachable!(),
        })
        .collect();
    assert_eq!(fields, ["Item.d", "a_Item.a", "b_Item.b", "c_Item.c"]);
}

/// Files without end: each refers to the next ones.
#[derive(Debug)]
struct Endless {
    /// References in each file.
    each: usize,
    bytes: usize,
    fetched: AtomicUsize,
}

impl References for Endless {
    fn document(&self) -> &str {
        "0"
    }
    fn locate(&self, _: &str, reference: &str) -> Result<String, Refusal> {
        Ok(reference.to_owned())
    }
    fn fetch(&self, locations: &[String], limit: usize) -> Vec<Result<Referenced, Refusal>> {
        self.fetched.fetch_add(locations.len(), Ordering::Relaxed);
        let fetch = |location: &String| {
            // A source that does not keep to the limit is not trusted either.
            let _ = limit;
            let number: usize = location.parse().unwrap();
            let next: serde_json::Map<String, serde_json::Value> = (1..=self.each)
                .map(|at| (format!("p{at}"), json!({"$ref": format!("{}", number * self.each + at)})))
                .collect();
            let mut bytes = json!({"type": "object", "properties": next}).to_string().into_bytes();
            bytes.resize(bytes.len().max(self.bytes), b' ');
            Ok(Referenced { name: location.clone(), location: location.clone(), bytes })
        };
        locations.iter().map(fetch).collect()
    }
}

#[test]
fn files_are_limited_in_number_size_and_distance() {
    let text = "openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {/x: {get: {responses: {}}}}\ncomponents: {schemas: {A: {$ref: '1'}}}\n";
    let read = |each: usize, bytes: usize| {
        let files = Endless { each, bytes, fetched: AtomicUsize::new(0) };
        let document = Document::read_with("x", text.into(), &Annotations::default(), &files).unwrap();
        (document, files.fetched.into_inner())
    };
    let (far, fetched) = read(1, 0);
    assert_eq!(fetched, MAX_REFERENCE_DISTANCE);
    assert!(problems(&far).contains("more than 64 files away"), "{}", problems(&far));
    let (many, fetched) = read(4, 0);
    assert_eq!(fetched, MAX_REFERENCED_FILES);
    assert!(problems(&many).contains("more than 10000 files"));
    let (large, fetched) = read(2, MAX_REFERENCED_BYTES / 2 + 1);
    assert!(fetched < 16, "{fetched}");
    assert_eq!(large.files().count(), 1);
    assert!(problems(&large).contains("64 MB"), "{}", problems(&large));
}
