//! The published documents of a real control plane: what is known to be true
//! of them, and a second opinion on every field. They are not part of the
//! project; `SUNWATCH_SPECS` names the folder that has them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod histories;
mod naive;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use histories::{Api, read, referee};
use serde_json::Value;
use sunwatch::document::{Document, OperationKey};
use sunwatch::lifecycle::{Item, ledger};
use sunwatch::policy::Policy;
use sunwatch::release::ReleaseId;

fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("SUNWATCH_SPECS").expect("SUNWATCH_SPECS names the folder")).join("runai")
}

/// Read once for all tests.
fn api() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| read(&folder(), Policy::builtin(&[]).unwrap()))
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn life(text: &str) -> &'static Item {
    api().history.operation(&OperationKey::parse(text).unwrap()).expect(text)
}

fn text(since: Option<&impl ToString>) -> Option<String> {
    since.map(ToString::to_string)
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn one_document_for_each_release() {
    let found: Vec<_> = api().history.releases.iter().map(|release| release.id.as_str()).collect();
    assert_eq!(found, ["2.18", "2.19", "2.20", "2.21", "2.22", "2.23"]);
    let notes = api().notes.join("\n");
    assert!(notes.contains("2.21.0.yaml is passed over"), "{notes}");
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn counts() {
    let found: Vec<_> = api()
        .history
        .releases
        .iter()
        .map(|release| {
            let c = release.counts;
            (release.id.as_str(), [c.operations, c.flagged, c.newly_flagged, c.removed, c.flag_dropped])
        })
        .collect();
    assert_eq!(
        found,
        [
            ("2.18", [246, 45, 0, 0, 0]),
            ("2.19", [268, 55, 12, 2, 0]),
            ("2.20", [305, 56, 9, 3, 5]),
            ("2.21", [327, 56, 0, 0, 0]),
            ("2.22", [335, 50, 0, 6, 0]),
            ("2.23", [361, 38, 6, 20, 0]),
        ]
    );
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn known_lives() {
    let audit = life("GET /v1/k8s/audit");
    assert_eq!(text(audit.deprecated.as_ref()).as_deref(), Some("2.19"));
    assert_eq!(text(audit.removed.as_ref()).as_deref(), Some("2.20"));
    let again: Vec<_> = api()
        .history
        .operations()
        .filter(|item| item.undeprecated.is_some())
        .map(|item| {
            assert!(item.key.to_string().contains("template"), "{}", item.key);
            let deprecated = text(item.deprecated.as_ref());
            let earlier: Vec<_> =
                item.earlier.iter().map(|w| (w.deprecated.to_string(), w.undeprecated.to_string())).collect();
            (deprecated, text(item.undeprecated.as_ref()), earlier.len())
        })
        .collect();
    assert_eq!(again, vec![(Some("2.23".to_owned()), Some("2.20".to_owned()), 1); 5]);
    let silent: Vec<_> = api()
        .history
        .operations()
        .filter(|item| text(item.removed.as_ref()).as_deref() == Some("2.23") && item.deprecated.is_none())
        .map(|item| item.key.to_string())
        .collect();
    eprintln!("removed in 2.23 without deprecation: {silent:?}");
    assert!(silent.iter().any(|key| key.ends_with("/logout")), "{silent:?}");
    assert!(silent.iter().any(|key| key.contains("install")), "{silent:?}");
    for key in ["POST /v1/k8s/auth/oauth/apptoken", "POST /v1/k8s/auth/oauth/tokens/refresh"] {
        let item = life(key);
        assert_eq!(text(item.deprecated.as_ref()).as_deref(), Some("2.17"), "{key}");
        assert_eq!(text(item.evidence.as_ref()).as_deref(), Some("announcement"), "{key}");
    }
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn replacements() {
    let history = &api().history;
    let deprecated: Vec<&Item> = history.operations().filter(|item| item.deprecated.is_some()).collect();
    let (mut existing, mut missing, mut vague, mut none) = (0, Vec::new(), Vec::new(), Vec::new());
    for item in &deprecated {
        match item.replacement.as_ref().map(|known| (known.operation.as_ref(), known.exists)) {
            Some((Some(_), Some(true))) => existing += 1,
            Some((Some(_), _)) => missing.push(item.key.to_string()),
            Some((None, _)) => vague.push(format!("{}: {:?}", item.key, item.replacement)),
            None => none.push(item.key.to_string()),
        }
    }
    eprintln!("deprecated operations: {}, with an existing operation: {existing}", deprecated.len());
    eprintln!("missing: {missing:#?}\nno operation: {vague:#?}\nnone: {none:#?}");
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn fields_have_a_second_opinion() {
    let documents: Vec<(ReleaseId, Value)> = api()
        .documents
        .iter()
        .map(|(release, _)| (release.clone(), json(&folder().join(format!("{release}.json")))))
        .collect();
    let mut tally = referee::Tally::default();
    let report = referee::disagreements(&api().history, &documents, &mut tally);
    eprintln!("{tally:#?}");
    assert!(
        report.is_empty(),
        "{} disagreements:\n{}",
        report.lines().count(),
        report.lines().take(6000).collect::<Vec<_>>().join("\n")
    );
}
