//! What calls do not send though a release requires it: every fixture gives exactly
//! the findings that its comments name.
//!
//! `1.1: length; ?port` names what is not sent from that release on: a field, or
//! with `?` a parameter of the query. `note` is required in 1.1 alone.

use std::collections::BTreeSet;

use crate::common::{fixture, sunwatch};
use serde_json::Value;

const RELEASES: [&str; 3] = ["1.0", "1.1", "1.2"];
const FILES: [&str; 17] = [
    "client.py",
    "silent.py",
    "client.js",
    "interceptor.js",
    "calls.sh",
    "more.sh",
    "client.go",
    "Berths.java",
    "berths.kt",
    "berths.php",
    "berths.rb",
    "berths.rs",
    "berths.cs",
    "berths.ps1",
    "classes.cs",
    "Classes.java",
    "classes.kt",
];

fn report(args: &[&str]) -> Value {
    let run = sunwatch(fixture("required")).args(["scan", "--format", "json"]).args(args).run();
    assert!([0, 1].contains(&run.code), "{}", run.stderr);
    run.json()
}

/// Line and place of each finding, as comments write it.
fn found(report: &Value) -> BTreeSet<(u64, String)> {
    let findings = report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "field-required");
    let place = |finding: &Value| {
        let message = finding["message"].as_str().unwrap();
        let (name, _) = message.split_once(" of ").unwrap();
        let name = name.replace("field ", "").replace("parameter ", "?");
        (finding["line"].as_u64().unwrap(), name)
    };
    findings.map(place).collect()
}

/// What comments say of a release.
fn wanted(text: &str, release: &str) -> BTreeSet<(u64, String)> {
    let mut out = BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        for from in RELEASES.iter().filter(|from| **from <= release) {
            let Some((_, names)) = line.split_once(&format!(" {from}: ")) else { continue };
            let names = RELEASES.iter().fold(names, |names, next| {
                names.split_once(&format!(" {next}: ")).map_or(names, |(names, _)| names)
            });
            let names = names.split(';').map(str::trim).filter(|name| release == "1.1" || *name != "note");
            out.extend(names.map(|name| (index as u64 + 1, name.to_owned())));
        }
    }
    out
}

#[test]
fn what_is_seen_not_to_be_sent_is_found_at_its_object() {
    for file in FILES {
        let text = std::fs::read_to_string(fixture("required").join(file)).unwrap();
        let calls = report(&[file])["calls"].as_array().unwrap().len();
        assert!(calls > 0, "{file}: no call");
        for release in RELEASES {
            let found = found(&report(&[file, "--to", release]));
            assert_eq!(found, wanted(&text, release), "{file} at {release}");
        }
    }
}

#[test]
fn a_struct_of_another_package_has_the_names_of_its_tags() {
    let text = std::fs::read_to_string(fixture("required").join("packages/main.go")).unwrap();
    let found = found(&report(&["packages", "--to", "1.1"]));
    assert_eq!(found, wanted(&text, "1.1"));
    assert_eq!(found.len(), 2);
}

#[test]
fn what_changes_requests_in_another_file_is_heeded() {
    let length = (3, "length".to_owned());
    assert!(found(&report(&["shared_plain", "--to", "1.1"])).contains(&length));
    assert_eq!(found(&report(&["shared", "--to", "1.1"])), BTreeSet::new());
}

#[test]
fn what_the_clients_release_requires_already_is_no_news() {
    let all = found(&report(&["client.py", "--to", "1.2"]));
    let new = found(&report(&["client.py", "--from", "1.1", "--to", "1.2"]));
    assert!(all.len() > new.len());
    assert!(new.iter().all(|(_, name)| name == "draft"), "{new:?}");
    assert!(!new.is_empty());
    let upgrade = sunwatch(fixture("required"))
        .args(["upgrade", "--from", "1.1", "--to", "1.2", "client.py", "--format", "json"])
        .run()
        .code(1)
        .json();
    assert_eq!(found(&upgrade), new);
}

#[test]
fn a_finding_names_field_operation_and_release() {
    let report = report(&["calls.sh", "--to", "1.1"]);
    let finding = &report["findings"][0];
    assert_eq!(finding["message"], "field length of POST /v1/berths is required in 1.1 and not sent");
    assert_eq!(finding["level"], "error");
    assert_eq!(finding["kind"], "request-field");
    assert_eq!(finding["operation"]["path"], "/v1/berths");
    let text = sunwatch(fixture("required")).args(["scan", "calls.sh", "--to", "1.1"]).run().code(1);
    assert!(text.stdout.contains("= required since 1.1"), "{}", text.stdout);
}

#[test]
fn a_ledger_keeps_what_operations_come_to_require() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger.json");
    sunwatch(fixture("required")).args(["history", "-q", "-o"]).args([&ledger]).run().code(0);
    let text = std::fs::read_to_string(&ledger).unwrap();
    let items: Value = serde_json::from_str(&text).unwrap();
    let items = items["items"].as_array().unwrap();
    let of = |method: &str, path: &str| {
        let item = items.iter().find(|item| {
            item["kind"] == "operation"
                && item["operation"]["method"] == method
                && item["operation"]["path"] == path
        });
        item.unwrap()["requirements"].clone()
    };
    assert_eq!(
        of("POST", "/v1/berths"),
        serde_json::json!([
            {"at": "draft", "since": "1.2"},
            {"at": "labels{}.source", "since": "1.1"},
            {"at": "length", "since": "1.1"},
            {"at": "lines[].kind", "since": "1.1"},
            {"at": "note", "since": "1.1", "until": "1.2"},
            {"at": "owner.email", "since": "1.1"},
            {"at": "query:dryRun", "since": "1.2"},
        ])
    );
    assert_eq!(of("POST", "/v1/visits"), Value::Null, "one of two alternatives asks for it");
    assert_eq!(of("POST", "/v1/logs"), Value::Null, "one of two media types asks for it");
    // It says the same as the documents.
    let run = sunwatch(fixture("required")).args(["scan", "client.py", "--format", "json", "--history"]);
    let from_ledger = run.args([&ledger]).args(["--to", "1.2"]).run().json();
    assert_eq!(found(&from_ledger), found(&report(&["client.py", "--to", "1.2"])));
}
