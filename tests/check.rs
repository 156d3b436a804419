//! `check` over every neighbouring pair of the fixtures: exactly the findings
//! that were written down by hand (`fixtures/*/truth.toml`).

use std::collections::BTreeSet;

use crate::common::{Ran, fixture, sunwatch};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Truth {
    release: Vec<Release>,
    check: Vec<Check>,
}

#[derive(Deserialize)]
struct Release {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    pair: [String; 2],
    rule: String,
    item: String,
    #[serde(default)]
    channels: Vec<String>,
    #[serde(default)]
    ignored: bool,
}

/// One finding in one line: two lists of them are easy to compare.
fn line(rule: &str, item: &str, channels: &[String], ignored: bool) -> String {
    let ignored = if ignored { " (ignored)" } else { "" };
    format!("{rule}: {} [{}]{ignored}", without_names(item), channels.join(", "))
}

/// Names of path parameters do not matter, and change from release to release.
fn without_names(item: &str) -> String {
    let mut out = String::new();
    let mut rest = item;
    while let Some((before, after)) = rest.split_once("/{") {
        let Some((_, after)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str("/{}");
        rest = after;
    }
    out + rest
}

/// The item of a finding as truth.toml writes it.
fn item(finding: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut out = match finding["component"].as_str() {
        Some(component) => component.to_owned(),
        None => format!("{} {}", text(&finding["operation"]["method"]), text(&finding["operation"]["path"])),
    };
    if let Some(at) = finding["at"].as_str().filter(|at| !at.is_empty()) {
        out.push_str(&format!(" {at}"));
    }
    if let Some(value) = finding["value"].as_str() {
        out.push_str(&format!("={value}"));
    }
    out
}

/// The findings about the API (not about exceptions), sorted; twins stay twins.
fn findings(report: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for (list, ignored) in [("findings", false), ("ignored", true)] {
        for finding in report[list].as_array().unwrap() {
            let rule = finding["rule"].as_str().unwrap();
            if rule.starts_with("ignore-") {
                continue;
            }
            let channels: Vec<String> = serde_json::from_value(finding["channels"].clone()).unwrap();
            out.push(line(rule, &item(finding), &channels, ignored));
        }
    }
    out.sort();
    out
}

fn truth(vendor: &str) -> Truth {
    let text = std::fs::read_to_string(fixture(vendor).join("truth.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

fn check(vendor: &str, old: &str, new: &str) -> Ran {
    sunwatch(fixture(vendor)).args(["check", old, new, "--format", "json"]).run()
}

fn expected(truth: &Truth, old: &str, new: &str) -> Vec<String> {
    let mut out: Vec<String> = truth
        .check
        .iter()
        .filter(|check| check.pair == [old, new])
        .map(|check| line(&check.rule, &check.item, &check.channels, check.ignored))
        .collect();
    out.sort();
    out
}

fn pairs(truth: &Truth) -> Vec<(&str, &str)> {
    truth.release.windows(2).map(|pair| (pair[0].id.as_str(), pair[1].id.as_str())).collect()
}

#[track_caller]
fn every_pair(vendor: &str) {
    let truth = truth(vendor);
    let mut written = 0;
    for (old, new) in pairs(&truth) {
        let expected = expected(&truth, old, new);
        written += expected.len();
        let report = check(vendor, old, new).json();
        assert_eq!(findings(&report), expected, "{vendor} {old} -> {new}");
    }
    assert_eq!(written, truth.check.len(), "every check in truth.toml is of a neighbouring pair");
}

#[test]
fn orbit_gives_exactly_the_findings_that_are_true() {
    every_pair("orbit");
}

#[test]
fn tidewater_gives_exactly_the_findings_that_are_true() {
    every_pair("tidewater");
}

/// What happened between two releases far apart is what happened between the
/// neighbours on the way, but for what depends on the last release alone.
#[test]
fn a_wide_pair_reports_every_removal_on_the_way() {
    for vendor in ["orbit", "tidewater"] {
        let truth = truth(vendor);
        let pairs = pairs(&truth);
        let removals = |lines: Vec<String>| -> BTreeSet<String> {
            lines.into_iter().filter(|line| line.starts_with("removed-")).collect()
        };
        let near: BTreeSet<String> =
            pairs.iter().flat_map(|(old, new)| removals(expected(&truth, old, new))).collect();
        let wide = check(vendor, pairs[0].0, pairs[pairs.len() - 1].1).json();
        // An item that is introduced on the way counts as well.
        assert_eq!(removals(findings(&wide)), near, "{vendor}");
    }
}

/// The later releases of the policy are there or not: the answer is the same.
#[test]
fn later_releases_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("releases")).unwrap();
    let orbit = fixture("orbit");
    for name in ["1.8.json", "1.9.yaml", "1.10.yaml"] {
        std::fs::copy(orbit.join("releases").join(name), folder.path().join("releases").join(name)).unwrap();
    }
    // The same policy without the documents of later releases.
    let policy = std::fs::read_to_string(orbit.join("policy.toml")).unwrap();
    let later = ["1.11.json", "1.12.json", "1.13.yaml"];
    let policy: String = policy
        .lines()
        .filter(|line| !later.iter().any(|name| line.contains(&format!("releases/{name}"))))
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(folder.path().join("policy.toml"), policy).unwrap();
    let then = sunwatch(folder.path()).args(["check", "1.9", "1.10"]).run().code(1);
    let now = sunwatch(&orbit).args(["check", "1.9", "1.10"]).run().code(1);
    // Exceptions stand on another line of the shorter policy.
    let text = |ran: &Ran| -> Vec<String> {
        ran.stdout.lines().filter(|line| !line.contains("policy.toml")).map(str::to_owned).collect()
    };
    assert_eq!(text(&then), text(&now));
}

/// A ledger knows all but the places in documents.
#[test]
fn a_ledger_gives_the_findings_of_the_documents() {
    for (vendor, old, new) in [("orbit", "1.12", "1.13"), ("tidewater", "2025.1", "2025.2")] {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("ledger.json");
        sunwatch(fixture(vendor)).args(["history", "-q", "-o"]).args([&ledger]).run();
        let from_ledger = sunwatch(fixture(vendor))
            .args(["check", old, new, "--format", "json", "--history"])
            .args([&ledger]);
        let from_ledger = from_ledger.run().json();
        assert_eq!(findings(&from_ledger), findings(&check(vendor, old, new).json()), "{vendor}");
    }
}

#[test]
fn a_release_with_itself_is_refused_and_so_is_the_wrong_order() {
    for (old, new) in [("1.9", "1.9"), ("1.10", "1.9")] {
        let ran = check("orbit", old, new).code(2);
        assert!(ran.stderr.contains("expected an older and a newer release"), "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
}

const SHARED: &str = r##"{
  "openapi": "3.0.3", "info": {"title": "Depot", "version": "1"},
  "paths": {"/crates": {"post": {
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Crate"}}}},
    "responses": {"201": {"description": "made",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Crate"}}}}}}}},
  "components": {"schemas": {"Crate": {"type": "object", "properties": {
    "weight": {"type": "number"}COLOUR
    "size": {"type": "string", "enum": ["small"LARGE]}}}}}
}"##;

/// A component that requests and responses share loses a field: one cause, one finding.
#[test]
fn a_field_of_both_directions_is_one_finding() {
    let folder = tempfile::tempdir().unwrap();
    let old = SHARED.replace("COLOUR", r#", "colour": {"type": "string"},"#).replace("LARGE", r#", "large""#);
    let new = SHARED.replace("COLOUR", ",").replace("LARGE", "");
    std::fs::write(folder.path().join("1.json"), old).unwrap();
    std::fs::write(folder.path().join("2.json"), new).unwrap();
    std::fs::write(folder.path().join("policy.toml"), "[window.all]\nreleases = 1\n").unwrap();
    let run = |format: &str| {
        sunwatch(folder.path()).args(["check", "1=1.json", "2=2.json", "--format", format]).run().code(1)
    };
    let report = run("json").json();
    assert_eq!(
        findings(&report),
        [
            "removed-without-deprecation: #/components/schemas/Crate colour []",
            "removed-without-deprecation: #/components/schemas/Crate size=large []"
        ]
    );
    for finding in report["findings"].as_array().unwrap() {
        assert_eq!(finding["directions"], serde_json::json!(["request", "response"]));
    }
    let text = run("text").stdout;
    let expected = "field #/components/schemas/Crate colour (requests and responses) was removed in 2";
    assert!(text.contains(expected), "{text}");
}

/// The findings about operations that a rule gives, with the built-in ledger.
fn built_in(old: &str, new: &str, rule: &str) -> Vec<String> {
    let report = check("runai", old, new).json();
    let findings = report["findings"].as_array().unwrap();
    let of_rule = findings.iter().filter(|found| found["rule"] == rule && found["kind"] == "operation");
    of_rule.map(item).collect()
}

/// What the vendor's releases really did, from the ledger that is built in.
#[test]
fn the_built_in_product_is_judged_by_its_promises() {
    assert_eq!(built_in("2.19", "2.20", "removed-before-window"), ["GET /v1/k8s/audit"]);
    assert_eq!(built_in("2.19", "2.20", "removed-without-deprecation"), Vec::<String>::new());
    assert_eq!(
        built_in("2.19", "2.20", "deprecation-withdrawn"),
        [
            "GET /api/v1/asset/workload-template",
            "POST /api/v1/asset/workload-template",
            "DELETE /api/v1/asset/workload-template/{AssetId}",
            "GET /api/v1/asset/workload-template/{AssetId}",
            "PUT /api/v1/asset/workload-template/{AssetId}",
        ]
    );
    let report = check("runai", "2.19", "2.20").json();
    assert!(
        findings(&report)
            .iter()
            .any(|line| line.starts_with("deprecated-item-extended: ")
                && line.ends_with(" query:includeNone []")),
        "{:#?}",
        findings(&report)
    );
    // Announced in 2.17, so gone in time.
    let text = sunwatch(fixture("runai")).args(["check", "2.19", "2.20"]).run().code(1).stdout;
    let (_, kept) = text.split_once("\nRemoved in time (").unwrap();
    for operation in ["POST /v1/k8s/auth/oauth/tokens/refresh", "GET /v1/k8s/auth/token/exchange"] {
        assert!(kept.contains(&format!("  - {operation}: deprecated since 2.17 (announced)")), "{kept}");
    }
    let mut gone = built_in("2.22", "2.23", "removed-without-deprecation");
    gone.sort();
    assert_eq!(gone, ["GET /api/v1/apps/installer", "POST /api/v1/logout"]);
    assert_eq!(built_in("2.22", "2.23", "removed-before-window"), Vec::<String>::new());
}
