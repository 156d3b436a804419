//! The product that is built in, from the ledger alone: what its own documents
//! and release notes are known to say, and client code of our own against it.

use std::collections::BTreeSet;

use crate::common::{fixture, sunwatch};
use serde_json::Value;

/// `METHOD /path [at][=value]` of every finding of a rule.
fn items(report: &Value, list: &str, rule: Option<&str>) -> BTreeSet<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report[list].as_array().unwrap().iter();
    findings
        .filter(|finding| rule.is_none_or(|rule| finding["rule"] == rule))
        .map(|finding| {
            let operation = &finding["operation"];
            let whole = match operation.is_null() {
                true => text(&finding["component"]),
                false => format!("{} {}", text(&operation["method"]), text(&operation["path"])),
            };
            format!("{whole} {}", text(&finding["at"])).trim().to_owned()
        })
        .collect()
}

fn operations(all: &BTreeSet<String>) -> Vec<&str> {
    all.iter().map(String::as_str).filter(|item| !item.starts_with('#')).collect()
}

#[test]
fn audit_went_too_soon_and_templates_lost_their_label() {
    let report =
        sunwatch(fixture("runai")).args(["check", "2.19", "2.20", "--format", "json"]).run().code(1).json();
    assert_eq!(operations(&items(&report, "findings", Some("removed-before-window"))), ["GET /v1/k8s/audit"]);
    assert_eq!(
        operations(&items(&report, "findings", Some("deprecation-withdrawn"))),
        [
            "DELETE /api/v1/asset/workload-template/{AssetId}",
            "GET /api/v1/asset/workload-template",
            "GET /api/v1/asset/workload-template/{AssetId}",
            "POST /api/v1/asset/workload-template",
            "PUT /api/v1/asset/workload-template/{AssetId}",
        ]
    );
    let extended = items(&report, "findings", Some("deprecated-item-extended"));
    assert!(
        extended.contains("GET /v1/k8s/clusters/{uuid}/storage-classes query:includeNone"),
        "{extended:?}"
    );
    assert_eq!(operations(&items(&report, "findings", Some("removed-without-deprecation"))), [""; 0]);
    assert_eq!(operations(&items(&report, "findings", Some("removal-undecided"))), [""; 0]);
    // Announced in 2.17, which no document shows.
    assert_eq!(
        operations(&items(&report, "kept", None)),
        ["GET /v1/k8s/auth/token/exchange", "POST /v1/k8s/auth/oauth/tokens/refresh"]
    );
    assert!(report["kept"].as_array().unwrap().iter().all(|item| item["deprecated"] == "2.17"));
}

#[test]
fn installer_and_logout_went_without_notice() {
    let report =
        sunwatch(fixture("runai")).args(["check", "2.22", "2.23", "--format", "json"]).run().code(1).json();
    assert_eq!(
        operations(&items(&report, "findings", Some("removed-without-deprecation"))),
        ["GET /api/v1/apps/installer", "POST /api/v1/logout"]
    );
    assert_eq!(operations(&items(&report, "findings", Some("removed-before-window"))), [""; 0]);
}

/// File, line, operation and status of every call, as the comments say.
fn expected(folder: &str) -> BTreeSet<(String, usize, String)> {
    let mut out = BTreeSet::new();
    for entry in std::fs::read_dir(fixture(folder)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            for (mark, offset) in [("expect: ", 1), ("expect-next: ", 2)] {
                if let Some((_, rest)) = line.split_once(mark) {
                    out.insert((name.clone(), number + offset, rest.trim().to_owned()));
                }
            }
        }
    }
    assert!(!out.is_empty());
    out
}

fn called(report: &Value) -> BTreeSet<(String, usize, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let calls = report["calls"].as_array().unwrap().iter();
    calls
        .map(|call| {
            let status = text(&call["status"]);
            let path = match call["operation"]["path"].as_str() {
                Some(path) => path.to_owned(),
                None => {
                    let url = text(&call["url"]);
                    url[url.find("/v1").unwrap()..].to_owned()
                }
            };
            let line = usize::try_from(call["line"].as_u64().unwrap()).unwrap();
            let file = text(&call["file"]).rsplit('/').next().unwrap().to_owned();
            (file, line, format!("{} {path} {status}", text(&call["method"])))
        })
        .collect()
}

#[test]
fn an_upgrade_names_every_call_that_breaks() {
    let run = |format: &str| {
        let args = ["upgrade", "--from", "2.19", "--to", "2.23", "clients/legacy", "--format", format];
        sunwatch(fixture("runai")).args(args).run().code(1)
    };
    let report = run("json").json();
    assert_eq!(report["verdict"], "blocked");
    assert_eq!(called(&report), expected("runai/clients/legacy"));
    let text = run("text").stdout;
    for call in report["calls"].as_array().unwrap().iter().filter(|call| call["status"] == "removed") {
        let place = format!("{}:{}:{}", call["file"].as_str().unwrap(), call["line"], call["column"]);
        assert!(text.contains(&place), "{place}\n{text}");
        if let Some(path) = call["replacement"]["operation"]["path"].as_str() {
            assert!(text.contains(path), "{path}\n{text}");
        }
    }
}

#[test]
fn an_upgrade_of_current_calls_is_safe() {
    let args = ["upgrade", "--from", "2.19", "--to", "2.23", "clients/current", "--format", "json"];
    let report = sunwatch(fixture("runai")).args(args).run().code(0).json();
    assert_eq!(report["verdict"], "safe");
    assert_eq!(called(&report), expected("runai/clients/current"));
}

#[test]
fn the_examples_of_the_front_page_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "list.sh",
        "curl 'https://<COMPANY-URL>/v1/k8s/clusters' \\\n--header 'Accept: application/json'\n",
    );
    write(
        "list.py",
        "import http.client\nconn = http.client.HTTPSConnection(\"https://<COMPANY-URL>\")\nheaders = {}\n\
         conn.request(\"GET\", \"/v1/k8s/clusters\", headers=headers)\n",
    );
    let report = sunwatch(folder.path()).args(["scan", ".", "--format", "json"]).run().code(0).json();
    let found: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["rule"].as_str().unwrap(), finding["line"].as_u64().unwrap()))
        .collect();
    assert_eq!(found, [("operation-unknown", 4), ("operation-unknown", 1)]);
    let facts = report["findings"][0]["facts"].to_string();
    assert!(facts.contains("GET /api/v1/clusters"), "{facts}");
}

#[test]
fn a_policy_of_exceptions_and_hosts_is_about_the_built_in_product() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "policy.toml",
        "[scan]\nhosts = [\"gpu.corp.net\"]\n\n[[ignore]]\nrule = \"operation-removed\"\n\
         item = \"GET /v1/k8s/groups\"\nreason = \"moves in May\"\nuntil = 2027-05-31\n",
    );
    write(
        "call.sh",
        "curl https://gpu.corp.net/v1/k8s/groups\ncurl https://gpu.corp.net/v1/k8s/users\n\
         curl https://acme.run.ai/v1/k8s/apps\ncurl https://other.corp.net/v1/k8s/apps\n",
    );
    let report =
        sunwatch(folder.path()).args(["scan", "--to", "2.23", "--format", "json"]).run().code(1).json();
    assert_eq!(operations(&items(&report, "findings", None)), ["GET /v1/k8s/apps", "GET /v1/k8s/users"]);
    assert_eq!(operations(&items(&report, "ignored", None)), ["GET /v1/k8s/groups"]);
    assert_eq!(report["calls"].as_array().unwrap().len(), 3);
}

/// Without a policy the windows of the built-in one hold, but not its releases: the
/// numbers of another product are its own.
#[test]
fn releases_of_another_product_are_not_in_the_built_in_calendar() {
    let folder = tempfile::tempdir().unwrap();
    let document = |flag: &str| {
        format!(
            r#"{{"openapi": "3.0.3", "info": {{"title": "Harbour", "version": "1"}}, "paths": {{"/ships": {{"get": {{{flag}"responses": {{"200": {{"description": ""}}}}}}}}}}}}"#
        )
    };
    std::fs::write(folder.path().join("1.8.json"), document("")).unwrap();
    std::fs::write(folder.path().join("1.9.json"), document("\"deprecated\": true, ")).unwrap();
    let report = sunwatch(&folder).args(["history", ".", "--format", "json"]).run().code(0).json();
    let item = &report["items"][0];
    assert_eq!(item["deprecated"], "1.9");
    assert_eq!(item["removable"]["self-hosted"], Value::Null, "{item}");
    let text = sunwatch(&folder).args(["history", "."]).run().code(0).stdout;
    assert!(text.contains("the 3rd release after 1.9"), "{text}");
}

#[test]
fn its_client_is_known_under_a_policy_of_ones_own_and_where_another_file_makes_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("policy.toml", "[window.self-hosted]\nreleases = 2\n");
    write(
        "session.py",
        "from runai.runai_client import RunaiClient\n\n\ndef make_client(config):\n    return RunaiClient(config)\n",
    );
    write(
        "projects.py",
        "from runai.models import Project\n\nfrom session import make_client\nfrom tickets import make_board\n\n\n\
         def main(config):\n    client = make_client(config)\n    client.organizations.projects.get_projects()\n    \
         api = make_client(config).workloads.workspaces\n    api.suspend_workspace(\"1\")\n    \
         make_board(config).organizations.projects.create_project(Project())\n",
    );
    write("tickets.py", "def make_board(config):\n    return Board(config)\n");
    let report = sunwatch(folder.path()).args(["scan", "--format", "json"]).run().code(0).json();
    let calls: Vec<String> = report["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| {
            format!(
                "{} {} {}",
                call["line"],
                call["operation"]["method"].as_str().unwrap(),
                call["operation"]["path"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        calls,
        ["9 GET /api/v1/org-unit/projects", "11 POST /api/v1/workloads/workspaces/{workloadId}/suspend"]
    );
}
