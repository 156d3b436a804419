//! The fields that calls send and read: every fixture gives exactly those that its
//! `sends:` comments name, at their lines, and what is said of them where the
//! API changes.
//!
//! `sends: PLACE`, or `sends: ?NAME` for a parameter of the query; several are
//! separated by `;`. Where no comment can stand, `sends +2:` stands two lines above. `reads: PLACE` names what is read of the answer, `reads either: PLACE` what is
//! read of whichever of several operations answers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::common::{fixture, sunwatch};
use serde_json::Value;
use sunwatch::document::OperationKey;
use sunwatch::scan::{Api, ApiConfig, FieldPlace, Scan, ScanOptions, Target, scan_paths};

fn scan(path: PathBuf) -> Scan {
    scan_for(path, true)
}

/// Scans a file or a folder; `fields` says whether there is something to say of fields.
fn scan_for(path: PathBuf, fields: bool) -> Scan {
    let text = std::fs::read_to_string(fixture("scan").join("operations.txt")).unwrap();
    let api = Api::new(ApiConfig {
        operations: text.lines().map(|line| OperationKey::parse(line).unwrap()).collect(),
        hosts: vec!["*.run.ai".into()],
        hosts_are_complete: true,
        base_paths: vec![String::new()],
        fields,
        ..ApiConfig::default()
    });
    scan_paths(&api, &[path], &ScanOptions::default()).unwrap()
}

/// What comments behind a mark name, by line.
fn marked(text: &str, mark: &str) -> BTreeSet<(u64, String)> {
    let lines = text.lines().enumerate().filter_map(|(index, line)| Some((index, line.split_once(mark)?.1)));
    let names = |(index, names): (usize, &str)| {
        names.split(';').map(move |name| (index as u64 + 1, name.trim().to_owned())).collect::<Vec<_>>()
    };
    lines.flat_map(names).collect()
}

#[test]
fn fixtures_send_exactly_what_their_comments_say() {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(fixture("sent")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 3, "{files:?}");
    let mut failures = String::new();
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let scan = scan(path.clone());
        assert!(scan.calls.iter().any(|call| matches!(call.target, Target::Operation(_))), "{name}: no call");
        assert_eq!(scan.files.skipped, [], "{name}");
        compare(&scan, &path, &mut failures);
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// Programs of several files, of which some only read answers or put together what is sent.
#[test]
fn programs_send_and_read_exactly_what_their_comments_say() {
    let mut failures = String::new();
    let folders = std::fs::read_dir(fixture("sent_projects")).unwrap();
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    for folder in folders {
        let scan = scan(folder.clone());
        let files = std::fs::read_dir(&folder).unwrap();
        let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for path in files {
            compare(&scan, &path, &mut failures);
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// Files are read for the fields that they read and send: that makes no call, and moves none.
#[test]
fn which_calls_there_are_does_not_depend_on_fields() {
    let mut compared = 0;
    for folder in ["sent_projects", "scan_projects"] {
        let folders = std::fs::read_dir(fixture(folder)).unwrap().map(|entry| entry.unwrap().path());
        for folder in folders.filter(|path| path.is_dir()) {
            let calls = |fields: bool| {
                let mut calls = scan_for(folder.clone(), fields).calls;
                calls.iter_mut().for_each(|call| (call.fields, call.objects) = (Vec::new(), Vec::new()));
                calls
            };
            let with = calls(true);
            assert_eq!(with, calls(false), "{}", folder.display());
            compared += with.len();
        }
    }
    assert!(compared > 500, "{compared} calls");
}

/// Compares what a scan found in a file with its comments.
fn compare(scan: &Scan, path: &Path, failures: &mut String) {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    {
        let found: BTreeSet<(u64, String)> = scan
            .calls
            .iter()
            .flat_map(|call| &call.fields)
            .filter(|field| Path::new(&field.file).file_name() == path.file_name())
            .map(|field| {
                let mark = match field.place {
                    FieldPlace::Body => "",
                    FieldPlace::Query => "?",
                    FieldPlace::Answer => "answer ",
                };
                // The key itself is what the place ends in; a struct's field has a name of
                // its own for it.
                let own_names = [".go", ".rs", ".cs"].iter().any(|end| name.ends_with(end));
                let plain = |text: &str| match own_names {
                    true => text.replace('_', "").to_lowercase(),
                    false => text.to_owned(),
                };
                let key = &text[field.span.clone()];
                assert!(
                    plain(key).contains(&plain(field.at.rsplit('.').next().unwrap())),
                    "{name}: {key:?} for {}",
                    field.at
                );
                let either = if field.or.is_empty() { "" } else { "either " };
                (field.line as u64, format!("{either}{mark}{}", field.at))
            })
            .collect();
        let mut wanted = marked(&text, "sends: ");
        let read = marked(&text, "reads: ");
        wanted.extend(read.into_iter().map(|(line, field)| (line, format!("answer {field}"))));
        let either = marked(&text, "reads either: ").into_iter();
        wanted.extend(either.map(|(line, field)| (line, format!("either answer {field}"))));
        for below in 1..10 {
            let fields = marked(&text, &format!("sends +{below}: "));
            wanted.extend(fields.into_iter().map(|(line, field)| (line + below, field)));
        }
        for (line, field) in wanted.difference(&found) {
            failures.push_str(&format!("{name}:{line}: missing  {field}\n"));
        }
        for (line, field) in found.difference(&wanted) {
            failures.push_str(&format!("{name}:{line}: invented {field}\n"));
        }
    }
}

/// The findings about fields, by line.
fn findings(report: &Value, list: &str) -> BTreeSet<(u64, String)> {
    let all = report[list].as_array().unwrap().iter();
    let fields = all.filter(|finding| finding["rule"].as_str().unwrap().starts_with("field-"));
    fields
        .map(|finding| (finding["line"].as_u64().unwrap(), finding["rule"].as_str().unwrap().to_owned()))
        .collect()
}

fn orbit(args: &[&str]) -> Value {
    let run = sunwatch(fixture("orbit")).args(["scan", "--format", "json"]).args(args).run();
    assert!([0, 1, 3].contains(&run.code), "{}", run.stderr);
    run.json()
}

/// `1.12: RULE` says what the release makes of the key in that line.
#[test]
fn what_becomes_of_a_field_is_a_finding_at_its_line() {
    for file in ["fields/passes.py", "fields/passes.js"] {
        let text = std::fs::read_to_string(fixture("orbit").join(file)).unwrap();
        for release in ["1.8", "1.10", "1.11", "1.12", "1.13"] {
            let report = orbit(&[file, "--to", release]);
            let wanted = marked(&text, &format!(" {release}: "));
            let wanted: BTreeSet<(u64, String)> = wanted
                .into_iter()
                .map(|(line, rule)| (line, rule.split_whitespace().next().unwrap().to_owned()))
                .collect();
            assert_eq!(findings(&report, "findings"), wanted, "{file} at {release}");
        }
    }
}

#[test]
fn a_finding_about_a_field_names_field_operation_and_life() {
    let report = orbit(&["fields/passes.py", "--to", "1.12"]);
    let finding = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "field-removed");
    let finding = finding.unwrap();
    assert_eq!(finding["message"], "field priorityHint of POST /api/v1/passes is gone in 1.12");
    assert_eq!(finding["level"], "error");
    assert_eq!(finding["kind"], "request-field");
    assert_eq!(finding["operation"]["path"], "/api/v1/passes");
    assert_eq!(finding["component"], "#/components/schemas/PassCreate");
    assert_eq!(finding["removed"], "1.12");
    let calls = report["calls"].as_array().unwrap();
    let call = calls.iter().find(|call| call["line"] == 10).unwrap();
    assert_eq!(call["findings"], serde_json::json!(["field-removed", "field-deprecated"]));
    assert_eq!(call["status"], "current");
    let read = report["findings"].as_array().unwrap().iter().find(|f| f["kind"] == "response-field").unwrap();
    assert_eq!(
        read["message"],
        "field [].altitude in the answer of GET /api/v1/stations is near its removal"
    );
    let text = sunwatch(fixture("orbit")).args(["scan", "fields/passes.py", "--to", "1.12"]).run().code(1);
    assert!(
        text.stdout
            .contains("error[field-removed]: field priorityHint of POST /api/v1/passes is gone in 1.12")
    );
    // Nine calls, of which five use what goes or is deprecated.
    assert!(text.stdout.contains("9 calls in 1 file"), "{}", text.stdout);
    assert!(text.stdout.contains(" 4 fine"), "{}", text.stdout);
}

#[test]
fn exceptions_cover_fields_by_line_by_place_and_by_component() {
    let folder = tempfile::tempdir().unwrap();
    let code = |comment: &str| {
        format!(
            "import requests\nrequests.post(\n    \"https://a.orbit.example/api/v1/passes\",\n    \
             json={{\n        \"priorityHint\": 1,{comment}\n    }},\n)\n"
        )
    };
    let policy = |ignore: &str| {
        let text = std::fs::read_to_string(fixture("orbit").join("policy.toml")).unwrap();
        let releases = format!("document = \"{}/", fixture("orbit/releases").display());
        let text = text.replace("document = \"releases/", &releases);
        std::fs::write(folder.path().join("policy.toml"), format!("{text}{ignore}")).unwrap();
    };
    let run = |comment: &str| {
        std::fs::write(folder.path().join("a.py"), code(comment)).unwrap();
        let args = ["scan", "a.py", "--to", "1.12", "--format", "json", "--policy", "policy.toml"];
        let report = sunwatch(folder.path()).args(args).run().json();
        (findings(&report, "findings").len(), findings(&report, "ignored").len())
    };
    policy("");
    assert_eq!(run(""), (1, 0));
    assert_eq!(run("  # sunwatch: ignore[field-removed] the server drops it"), (0, 1));
    for item in [
        "POST /api/v1/passes request:priorityHint",
        "/api/v1/passes priorityHint",
        "#/components/schemas/PassCreate priorityHint",
    ] {
        policy(&format!(
            "\n[[ignore]]\nrule = \"field-removed\"\nitem = \"{item}\"\nreason = \"x\"\nuntil = 2099-01-31\n"
        ));
        assert_eq!(run(""), (0, 1), "{item}");
    }
    policy(
        "\n[[ignore]]\nrule = \"field-removed\"\nitem = \"POST /api/v1/passes request:other\"\nreason = \"x\"\n\
         until = 2099-01-31\n",
    );
    assert_eq!(run(""), (1, 0), "an exception for another field");
}

#[test]
fn a_baseline_knows_fields_apart() {
    let folder = tempfile::tempdir().unwrap();
    let write = |lines: &str| std::fs::write(folder.path().join("a.py"), lines).unwrap();
    let policy = fixture("orbit").join("policy.toml");
    let run = |more: &[&str]| {
        let args = ["scan", "a.py", "--to", "1.12", "--format", "json", "--policy"];
        let run = sunwatch(folder.path()).args(args).args([&policy]).args(more).run();
        findings(&run.json(), "findings")
    };
    let first = "import requests\nU = \"https://a.orbit.example/api/v1/passes\"\nrequests.post(U, json={\"priorityHint\": 1})\n";
    write(first);
    run(&["--baseline", "known.json", "--update-baseline"]);
    write(&format!("\n\n{first}requests.get(U, params={{\"station\": 1}})\n"));
    let left = run(&["--baseline", "known.json"]);
    assert_eq!(left, BTreeSet::from([(6, "field-removed".to_owned())]), "the other one moved");
}
