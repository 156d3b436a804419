//! The published documents of a real control plane: what is known to be true
//! of them, and a second opinion on every field. They are not part of the
//! project; `SUNWATCH_SPECS` names the folder that has them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::histories::{Api, read, referee};
use serde_json::Value;
use sunwatch::document::{Direction, Document, OperationKey};
use sunwatch::lifecycle::{History, Item, ItemKind, ledger};
use sunwatch::policy::{Place, Policy, Target};
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
    assert!(missing.is_empty(), "said to be replaced by what is not there: {missing:#?}");
    assert_eq!((deprecated.len(), existing), (67, 51), "of these some operation was found");
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

/// The steps of a written place: `[].spec.image`.
fn steps(at: &str) -> Vec<String> {
    let spaced = at.replace("[]", ".[]").replace("{}", ".{}");
    spaced.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect()
}

/// Every announcement of the built-in policy has its effect, also where the
/// field that it names belongs to a component.
#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn announcements_find_their_items() {
    let api = api();
    let documents: Vec<Value> =
        api.documents.iter().map(|(release, _)| json(&folder().join(format!("{release}.json")))).collect();
    let indexed: Vec<_> =
        documents.iter().map(|document| (document, crate::naive::operations(document))).collect();
    let (mut missing, mut fields) = (Vec::new(), 0);
    for announcement in &api.policy.announcements {
        let selector = &announcement.item.value;
        let release = &announcement.release.value;
        let begun = |item: &&Item| item.deprecated.as_ref().is_some_and(|since| since.release <= *release);
        let Target::Operation { method, path } = selector.target() else { panic!("{selector}") };
        let mut items = api.history.items.iter().filter(begun);
        let found = match selector.place() {
            None => items.any(|item| {
                item.key.kind == ItemKind::Operation
                    && selector.matches_operation(item.key.operation.as_ref().unwrap())
            }),
            Some(Place::Parameter { .. }) => items.any(|item| {
                let of = |key: &OperationKey| selector.matches_operation(key);
                (item.key.operation.as_ref().is_some_and(of) || item.operations.iter().any(of))
                    && selector.matches_place(None, &item.key.at)
            }),
            Some(Place::Field { direction, at }) => {
                fields += 1;
                let key = format!("{} {}", method.as_ref().unwrap(), path.shape());
                let mut names = std::collections::BTreeSet::new();
                for (document, operations) in &indexed {
                    let Some(operation) = operations.get(&key) else { continue };
                    for (label, (way, _)) in &operation.payloads {
                        let wanted = direction
                            .is_none_or(|d| (d == Direction::Response) == (*way == crate::naive::RESPONSE));
                        if wanted && label.contains("json") {
                            let place = crate::naive::Change {
                                payload: (key.clone(), label.clone()),
                                path: steps(at),
                                names: Default::default(),
                                value: None,
                            };
                            names.extend(place.names_in(document, operations));
                        }
                    }
                }
                assert!(!names.is_empty(), "{selector}: no document has such a place");
                items.any(|item| names.contains(&referee::name(item)) && item.key.value.is_none())
            }
        };
        if !found {
            missing.push(selector.as_str());
        }
    }
    // Gone before the oldest document, so that nothing is known of them.
    assert_eq!(missing, ["/api/v1/policy/workspace", "/api/v1/policy/training"]);
    assert!(fields > 20, "{fields}");
}

/// What a ledger cannot hold: places in documents.
fn without_origins(history: &History) -> History {
    let mut history = history.clone();
    for item in &mut history.items {
        (item.introduced_at, item.deprecated_at, item.last_at) = (None, None, None);
    }
    history
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn the_ledger_holds_the_history() {
    let api = api();
    let text = ledger::write(&api.history, &api.policy).unwrap();
    eprintln!("ledger: {} bytes, {} items", text.len(), api.history.items.len());
    for kind in ItemKind::ALL {
        eprintln!("  {kind}: {}", api.history.items.iter().filter(|item| item.key.kind == kind).count());
    }
    assert!(text.len() < 400_000, "{} bytes", text.len());
    assert!(ledger::is_ledger(&text));
    let read = ledger::read(&text, "ledger").unwrap();
    let expected = without_origins(&api.history);
    assert_eq!(read.items.len(), expected.items.len());
    for (read, expected) in read.items.iter().zip(&expected.items) {
        assert_eq!(read, expected);
    }
    assert_eq!((&read.releases, &read.server_paths), (&expected.releases, &expected.server_paths));
    assert_eq!((&read.server_hosts, &read.titles), (&expected.server_hosts, &expected.titles));
    assert!(ledger::write(&read, &api.policy).unwrap() == text, "written again it differs");
    let again = read.judged_by(&api.policy);
    assert!(ledger::write(&again, &api.policy).unwrap() == text, "judged again it differs");
}

/// The same release from two sources: a patch in YAML and the line's own JSON.
#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn a_patch_release_in_yaml() {
    let policy = Policy::builtin(&[]).unwrap();
    let document = |file: &str| {
        Document::read(file, std::fs::read(folder().join(file)).unwrap(), &policy.reading()).unwrap()
    };
    let (yaml, json) = (document("2.21.0.yaml"), document("2.21.json"));
    eprintln!("yaml: {} operations, json: {}", yaml.operations().len(), json.operations().len());
    assert!(!yaml.has_losses(), "{:?}", yaml.problems);
    let documents = [(ReleaseId::new("2.20.9"), yaml), (ReleaseId::new("2.21"), json)];
    let values: Vec<_> = documents
        .iter()
        .map(|(release, document)| (release.clone(), document.tree().root().to_json()))
        .collect();
    let history = History::of_documents(&documents, &policy);
    let mut tally = referee::Tally::default();
    let report = referee::disagreements(&history, &values, &mut tally);
    eprintln!("{tally:?}");
    assert!(report.is_empty(), "{report}");
}

/// What `sunwatch history FOLDER -o src/cli/builtin-ledger.json` would write.
#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn the_built_in_ledger_is_made_of_these_documents() {
    let Api { history, policy, .. } = api();
    let written = ledger::write(history, policy).unwrap();
    let built_in = std::fs::read_to_string("src/cli/builtin-ledger.json").unwrap();
    let differs = written.lines().zip(built_in.lines()).find(|(written, built_in)| written != built_in);
    assert_eq!(differs, None);
    assert_eq!(written.len(), built_in.len());
}
