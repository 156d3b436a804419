//! The lives of the items of two fictional vendors, compared exactly with what
//! was written down by hand (`fixtures/*/truth.toml`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::histories::{Api, fixture, referee};
use serde::Deserialize;
use sunwatch::lifecycle::{Item, ItemKind, ledger};

#[derive(Deserialize)]
struct Truth {
    release: Vec<Release>,
    operation: Vec<Life>,
    item: Vec<Life>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    id: String,
    operations: usize,
    flagged: usize,
    newly_flagged: usize,
    removed: usize,
    flag_dropped: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Life {
    kind: Option<String>,
    operation: Option<String>,
    #[serde(default)]
    operations: Vec<String>,
    component: Option<String>,
    at: Option<String>,
    value: Option<String>,
    introduced: String,
    deprecated: Option<String>,
    evidence: Option<String>,
    undeprecated: Option<String>,
    removed: Option<String>,
    #[serde(default)]
    removable: BTreeMap<String, String>,
    replacement: Option<Replacement>,
    #[serde(default)]
    exempt: bool,
    misspelt: Option<String>,
    required: Option<String>,
    #[serde(default)]
    with_parent: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replacement {
    text: String,
    operation: Option<String>,
    exists: bool,
}

/// A life as lines of text: its name, then what is known of it.
type Lives = BTreeMap<String, BTreeSet<String>>;

fn put(lives: &mut Lives, name: String, facts: [(&str, Option<String>); 11]) {
    let mut line = String::new();
    for (label, fact) in facts {
        if let Some(fact) = fact {
            write!(line, "\n      {label}: {fact}").unwrap();
        }
    }
    assert!(lives.entry(name.clone()).or_default().insert(line), "{name} stands twice");
}

fn yes(flag: bool) -> Option<String> {
    flag.then(|| "yes".to_owned())
}

/// A shared component is one item, whatever uses it; else the operation names it.
fn name(kind: &str, owner: [Option<&str>; 2], at: &str, value: Option<&str>) -> String {
    let [component, operation] = owner;
    let value = value.map(|value| format!("={value}")).unwrap_or_default();
    format!("{kind} {} {at}{value}", component.or(operation).unwrap_or("?")).trim_end().to_owned()
}

fn expected(truth: &Truth) -> Lives {
    let mut lives = Lives::new();
    for life in truth.operation.iter().chain(&truth.item) {
        let kind = life.kind.as_deref().unwrap_or("operation");
        let owner = [life.component.as_deref(), life.operation.as_deref()];
        let name = name(kind, owner, life.at.as_deref().unwrap_or_default(), life.value.as_deref());
        let replacement = life.replacement.as_ref().map(|known| {
            let operation = known.operation.clone().unwrap_or_else(|| "no operation".to_owned());
            format!("{operation}, exists: {}", known.exists)
        });
        put(
            &mut lives,
            name,
            [
                ("introduced", Some(life.introduced.clone())),
                ("deprecated", life.deprecated.clone()),
                ("evidence", life.evidence.clone()),
                ("undeprecated", life.undeprecated.clone()),
                ("removed", life.removed.clone()),
                ("removable", Some(format!("{:?}", life.removable))),
                ("replacement", replacement),
                ("exempt", yes(life.exempt)),
                ("misspelt", life.misspelt.clone()),
                ("required", life.required.clone()),
                ("with its parent", yes(life.with_parent)),
            ],
        );
    }
    lives
}

const KINDS: [ItemKind; 5] = [
    ItemKind::Operation,
    ItemKind::Parameter,
    ItemKind::RequestField,
    ItemKind::ResponseField,
    ItemKind::EnumValue,
];

/// Items with something to tell: what went with its operation and had no
/// event of its own before is not in the truth either.
fn found(api: &Api, kinds: &[ItemKind]) -> Lives {
    let calendar = api.history.calendar(&api.policy);
    let mut lives = Lives::new();
    for item in api.history.items.iter().filter(|item| kinds.contains(&item.key.kind)) {
        let view = ledger::view(item, &api.policy, &calendar);
        let removable: BTreeMap<String, String> =
            view.removable.into_iter().filter_map(|(channel, end)| Some((channel, end?))).collect();
        let operation = item.key.operation.as_ref().map(ToString::to_string);
        let owner = [item.key.component.as_deref(), operation.as_deref()];
        let name = name(item.key.kind.as_str(), owner, &item.key.at, item.key.value.as_deref());
        let replacement = item.replacement.as_ref().map(|known| {
            let operation = known.operation.as_ref().map_or("no operation".to_owned(), ToString::to_string);
            format!("{operation}, exists: {}", known.exists == Some(true))
        });
        put(
            &mut lives,
            name,
            [
                ("introduced", Some(view.introduced)),
                ("deprecated", view.deprecated),
                ("evidence", view.evidence),
                ("undeprecated", view.undeprecated),
                ("removed", view.removed),
                ("removable", Some(format!("{removable:?}"))),
                ("replacement", replacement),
                ("exempt", yes(view.exempt)),
                ("misspelt", view.misspelt),
                ("required", view.required),
                ("with its parent", yes(view.with_parent)),
            ],
        );
    }
    lives
}

/// All differences at once, each life that differs in both versions.
fn differences(expected: &Lives, found: &Lives) -> String {
    let mut out = String::new();
    let names: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    for name in names {
        let (wanted, got) = (expected.get(name), found.get(name));
        if wanted == got {
            continue;
        }
        writeln!(out, "{name}").unwrap();
        for (label, lives) in [("expected", wanted), ("found", got)] {
            match lives {
                Some(lives) => lives.iter().for_each(|life| writeln!(out, "    {label}{life}").unwrap()),
                None => writeln!(out, "    {label} nothing").unwrap(),
            }
        }
    }
    out
}

fn truth(vendor: &str) -> Truth {
    let file = format!("{}/fixtures/{vendor}/truth.toml", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn check_lives(vendor: &str) {
    let (api, truth) = (fixture(vendor), truth(vendor));
    let mut kinds = KINDS.to_vec();
    let named = |kind: ItemKind| truth.item.iter().any(|item| item.kind.as_deref() == Some(kind.as_str()));
    kinds.extend([ItemKind::ResponseStatus, ItemKind::MediaType].into_iter().filter(|kind| named(*kind)));
    let report = differences(&expected(&truth), &found(&api, &kinds));
    assert!(report.is_empty(), "{vendor}:\n{report}");
}

fn check_counts(vendor: &str) {
    let (api, truth) = (fixture(vendor), truth(vendor));
    let found: Vec<_> = api
        .history
        .releases
        .iter()
        .map(|release| {
            let c = release.counts;
            let counts = [c.operations, c.flagged, c.newly_flagged, c.removed, c.flag_dropped];
            (release.id.to_string(), counts)
        })
        .collect();
    let expected: Vec<_> = truth
        .release
        .iter()
        .map(|r| (r.id.clone(), [r.operations, r.flagged, r.newly_flagged, r.removed, r.flag_dropped]))
        .collect();
    assert_eq!(found, expected, "{vendor}: release, operations, flagged, newly, removed, dropped");
}

#[test]
fn orbit_lives() {
    check_lives("orbit");
}

#[test]
fn orbit_counts() {
    check_counts("orbit");
}

#[test]
fn tidewater_lives() {
    check_lives("tidewater");
}

#[test]
fn tidewater_counts() {
    check_counts("tidewater");
}

/// A component's item lists what uses it; the truth says so where it matters.
#[test]
fn shared_parameters_list_their_operations() {
    let api = fixture("orbit");
    let listed = |item: &Item| item.operations.iter().map(ToString::to_string).collect::<Vec<_>>();
    for life in truth("orbit").item.iter().filter(|life| !life.operations.is_empty()) {
        let is_it =
            |item: &&Item| item.key.component == life.component && Some(&item.key.at) == life.at.as_ref();
        let item = api.history.items.iter().find(is_it).unwrap();
        assert_eq!(listed(item), life.operations);
        assert_eq!(item.key.operation, None);
    }
}

/// What a replacement's text names is what the truth says, in whatever clause it stands.
#[test]
fn replacements_are_said_in_the_documents_words() {
    for vendor in ["orbit", "tidewater"] {
        let (api, truth) = (fixture(vendor), truth(vendor));
        let mut missing = String::new();
        for life in truth.operation.iter().chain(&truth.item) {
            let Some(replacement) = &life.replacement else { continue };
            let of_life = |item: &&Item| {
                item.key.operation.as_ref().map(ToString::to_string) == life.operation
                    && item.key.at == life.at.clone().unwrap_or_default()
                    && (life.component.is_none() || item.key.component == life.component)
                    && item.key.value == life.value
            };
            let said = api.history.items.iter().find(of_life).and_then(|item| item.replacement.as_ref());
            let text = said.map(|said| said.text.to_lowercase()).unwrap_or_default();
            let named = |part: &str| text.contains(&part.to_lowercase());
            if !replacement.text.split([' ', '.']).any(|part| part.len() > 1 && named(part))
                && !named(&replacement.text)
            {
                writeln!(
                    missing,
                    "{:?}{:?}: {:?} is not in {said:?}",
                    life.operation, life.at, replacement.text
                )
                .unwrap();
            }
        }
        assert!(missing.is_empty(), "{vendor}:\n{missing}");
    }
}

/// Every field and value that came, went or is flagged, by an independent
/// expansion of all payloads.
#[test]
fn fields_have_a_second_opinion() {
    for vendor in ["orbit", "tidewater"] {
        let api = fixture(vendor);
        let documents: Vec<_> = api
            .documents
            .iter()
            .map(|(release, document)| (release.clone(), document.tree().root().to_json()))
            .collect();
        let report = referee::disagreements(&api.history, &documents, &mut referee::Tally::default());
        assert!(report.is_empty(), "{vendor}:\n{report}");
    }
}
