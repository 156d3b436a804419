//! Clients whose methods are in groups, as the operationIds are (`repos/list-tags`): exactly the calls that comments expect.

use std::collections::BTreeSet;
use std::path::Path;

use crate::common::{fixture, sunwatch};
use serde_json::Value;

/// `main.js:5 GET /repos/{owner}/{repo}/tags [high]`, of all comments.
fn expected() -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for entry in std::fs::read_dir(fixture("grouped").join("clients")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for (at, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            if let Some((_, call)) = line.split_once("// expect: ") {
                out.insert(format!("{name}:{} {call}", at + 1));
            }
        }
    }
    out
}

fn found(policy: &Path) -> BTreeSet<String> {
    let args =
        ["scan", "clients", "--fail-on", "never", "--format", "json", "--policy", policy.to_str().unwrap()];
    let report = sunwatch(fixture("grouped")).args(args).run().code(0).json();
    let call = |call: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let file = text(&call["file"]).rsplit('/').next().unwrap().to_owned();
        assert_eq!(call["via"], "sdk");
        let operation = &call["operation"];
        format!(
            "{file}:{} {} {} [{}]",
            call["line"],
            text(&operation["method"]),
            text(&operation["path"]),
            text(&call["confidence"])
        )
    };
    report["calls"].as_array().unwrap().iter().map(call).collect()
}

#[test]
fn packages_are_known_where_all_operations_are_in_groups() {
    let expected = expected();
    assert!(expected.len() > 6);
    assert_eq!(found(&fixture("grouped").join("policy.toml")), expected);
}

#[test]
fn a_policy_names_packages_of_its_own() {
    let own = tempfile::tempdir().unwrap();
    let policy = own.path().join("policy.toml");
    let document = fixture("grouped").join("api.json");
    let text = format!(
        "[[release]]\nid = \"1\"\ndocument = \"{}\"\n[[scan.sdk]]\npackage = \"mirror-kit\"\nlanguage = \"javascript\"\nnaming = \"octokit\"\n",
        document.display()
    );
    std::fs::write(&policy, text).unwrap();
    let found = found(&policy);
    let of_other: Vec<&String> = found.iter().filter(|call| call.starts_with("other.js")).collect();
    assert_eq!(
        of_other,
        [
            "other.js:7 GET /repos/{owner}/{repo}/tags [high]",
            "other.js:8 POST /repos/{owner}/{repo}/issues [high]"
        ]
    );
    assert!(!found.iter().any(|call| call.starts_with("main.js")), "{found:?}");
}

#[test]
fn fields_that_clients_are_handed_and_read_are_known_and_methods_that_go_on_are_not_gone() {
    let folder = fixture("grouped").join("fields");
    let args = ["scan", "client.js", "--to", "2", "--fail-on", "never", "--format", "json"];
    let report = sunwatch(folder.clone()).args(args).run().code(0).json();
    let finding = |finding: &Value| {
        let message = finding["message"].as_str().unwrap();
        let words: Vec<&str> = message.split_whitespace().collect();
        let name = match words.as_slice() {
            ["field" | "parameter", at, ..] => at.rsplit(['.', ']']).next().unwrap(),
            [method, ..] => *method,
            [] => panic!("{finding}"),
        };
        (finding["line"].as_u64().unwrap(), name.to_owned())
    };
    let found: BTreeSet<(u64, String)> = report["findings"].as_array().unwrap().iter().map(finding).collect();
    let text = std::fs::read_to_string(folder.join("client.js")).unwrap();
    let wanted =
        text.lines().enumerate().filter_map(|(at, line)| Some((at, line.split_once("// finds: ")?.1)));
    let wanted: BTreeSet<(u64, String)> = wanted
        .flat_map(|(at, names)| names.split("; ").map(move |name| (at as u64 + 1, name.to_owned())))
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn a_client_that_is_called_after_the_api_alone_speaks_for_short_paths() {
    let own = tempfile::tempdir().unwrap();
    let operation = r#"{"get":{"operationId":"users/get","responses":{"200":{"description":"x"}}}}"#;
    let document = format!(
        r#"{{"openapi":"3.0.3","info":{{"title":"x","version":"1"}},"paths":{{"/user":{operation}}}}}"#
    );
    std::fs::write(own.path().join("api.json"), document).unwrap();
    std::fs::write(
        own.path().join("policy.toml"),
        "[[release]]\nid = \"1\"\ndocument = \"api.json\"\n[scan]\nhosts = [\"api.forge.example\"]\n",
    )
    .unwrap();
    let code = "const me = (octokit) => octokit.request(\"GET /user\");\nconst you = (kit) => kit.request(\"GET /user\");\n";
    std::fs::write(own.path().join("a.js"), code).unwrap();
    let args = ["scan", "a.js", "--fail-on", "never", "--format", "json"];
    let report = sunwatch(own.path()).args(args).run().code(0).json();
    let sure: Vec<&str> =
        report["calls"].as_array().unwrap().iter().map(|call| call["confidence"].as_str().unwrap()).collect();
    assert_eq!(sure, ["medium", "low"]);
}
