//! The catalogue of rules: every rule is declared, described and fired.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::common::{fixture, root, sunwatch};
use sunwatch::policy::Policy;
use sunwatch::rules::{self, RULES};

/// Files in src/rules that are no rules.
const NO_RULES: [&str; 6] = ["mod", "check", "call", "fields", "generated", "sdk"];

const HEADINGS: [&str; 5] =
    ["## What it does", "## Why it matters", "## Example", "## How to fix", "## How to silence"];

/// The stems of the files of that extension in src/rules.
fn stems(extension: &str) -> BTreeSet<String> {
    std::fs::read_dir(root().join("src/rules"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|stem| !NO_RULES.contains(&stem.as_str()))
        .collect()
}

#[test]
fn a_rule_is_two_files_of_its_name() {
    let ids: BTreeSet<String> = rules::ids().into_iter().map(|id| id.replace('-', "_")).collect();
    assert_eq!(stems("rs"), ids, "every .rs in src/rules is a rule of its name, and registered");
    assert_eq!(stems("md"), ids, "every .md in src/rules is the page of a rule of its name");
    for rule in RULES {
        let file = root().join("src/rules").join(format!("{}.md", rule.id.replace('-', "_")));
        assert_eq!(std::fs::read_to_string(file).unwrap(), rule.page, "{} shows its own page", rule.id);
    }
}

#[test]
fn ids_are_sorted_and_unique() {
    let ids = rules::ids();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    for id in &ids {
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{id}");
        assert_eq!(rules::find(id).unwrap().id, *id);
    }
}

#[test]
fn ids_stay() {
    let lines: Vec<String> = RULES
        .iter()
        .map(|rule| {
            let breaks = if rule.breaks.is_empty() { "nobody".to_owned() } else { rule.breaks.join(", ") };
            format!("{} ({}, {}, breaks {breaks})", rule.id, rule.group.as_str(), rule.level)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn pages_have_the_five_headings_in_order_and_something_under_each() {
    for rule in RULES {
        let mut lines = rule.page.lines();
        assert_eq!(lines.next(), Some(format!("# {}", rule.id).as_str()));
        let headings: Vec<&str> = rule.page.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(headings, HEADINGS, "{}", rule.id);
        for part in rule.page.split("\n## ").skip(1) {
            let (heading, body) = part.split_once('\n').unwrap();
            assert!(body.trim().len() > 20, "{}: nothing under {heading}", rule.id);
        }
        assert!(rule.page.ends_with('\n') && !rule.page.ends_with("\n\n"), "{}", rule.id);
        for list in rule.breaks {
            assert!(["wire", "sdk"].contains(list), "{}", rule.id);
        }
        let summary = rule.summary;
        assert!(!summary.ends_with('.') && summary.len() <= 90, "{}: {summary}", rule.id);
    }
}

/// A rule about changes names its mirror, which names it back, or says in words
/// of its own why it has none.
#[test]
fn every_change_has_a_mirror_or_a_reason() {
    let mut reasons: BTreeMap<String, &str> = BTreeMap::new();
    for rule in RULES.iter().filter(|rule| rule.group.as_str() == "change") {
        let (_, what) = rule.page.split_once("## What it does").unwrap();
        let (what, _) = what.split_once("\n## ").unwrap();
        let said = what
            .lines()
            .find(|line| line.contains("mirror") || line.contains("the same seen from both"))
            .unwrap_or_else(|| panic!("{}: neither a mirror nor a reason", rule.id));
        let Some(mirror) = said.strip_prefix("Its mirror is `").and_then(|rest| rest.split('`').next())
        else {
            let twin = reasons.insert(said.to_owned(), rule.id);
            assert!(twin.is_none(), "{} and {twin:?} give the same reason", rule.id);
            continue;
        };
        let other = rules::find(mirror).unwrap_or_else(|| panic!("{} names {mirror}", rule.id));
        assert!(
            other.page.contains(&format!("Its mirror is `{}`", rule.id)) || said.len() > 60 + mirror.len(),
            "{} names {mirror}, which does not name it back",
            rule.id
        );
    }
}

/// What a page says to write into policy.toml is a policy, and silences that rule.
#[test]
fn how_to_silence_works_as_it_stands() {
    for rule in RULES {
        let (_, part) = rule.page.split_once("## How to silence").unwrap();
        let Some((_, code)) = part.split_once("```toml\n") else {
            panic!("{}: expected a ```toml block under How to silence", rule.id);
        };
        let (code, _) = code.split_once("```").unwrap();
        let policy = Policy::parse(code, "page.toml", &rules::ids())
            .unwrap_or_else(|errors| panic!("{}: {errors}", rule.id));
        let set = policy.level(rule.id).is_some();
        let ignored = policy.ignores.iter().any(|ignore| ignore.rule.value == rule.id);
        assert!(set || ignored, "{}: the block does not name the rule", rule.id);
    }
}

/// Links between pages go to rules that exist.
#[test]
fn pages_name_only_rules_that_exist() {
    for rule in RULES {
        for (at, _) in rule.page.match_indices('[') {
            let name: String =
                rule.page[at + 1..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            let closed = rule.page[at + 1 + name.len()..].starts_with(']');
            if closed && name.contains('-') {
                assert!(rules::find(&name).is_some(), "{} names {name}", rule.id);
            }
        }
    }
}

#[test]
fn the_catalogue_in_docs_is_what_the_program_writes() {
    let written = sunwatch(root()).args(["rules", "--format", "markdown"]).run().code(0).stdout;
    let docs = std::fs::read_to_string(root().join("docs/rules.md")).unwrap_or_default();
    let how = "cargo run -- rules --format markdown -o docs/rules.md";
    assert!(docs == written, "docs/rules.md is stale: write it with `{how}`");
}

fn policies(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            policies(&path, out);
        } else if path.file_name().is_some_and(|name| name == "policy.toml") {
            out.push(path);
        }
    }
}

/// A policy that names a rule which does not exist is refused, so it is enough
/// to read them.
#[test]
fn policies_name_only_rules_that_exist() {
    let mut files = vec![root().join("policy.toml")];
    policies(&root().join("fixtures"), &mut files);
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        if let Err(errors) = Policy::parse(&text, &file.display().to_string(), &rules::ids()) {
            panic!("{errors}");
        }
    }
}

/// Every run of the fixtures that this test makes: folder and arguments.
const RUNS: [(&str, &str); 23] = [
    ("orbit", "check 1.8 1.9"),
    ("orbit", "check 1.9 1.10"),
    ("orbit", "check 1.10 1.11"),
    ("orbit", "check 1.10 1.11 --today 2027-02-01"),
    ("orbit", "check 1.11 1.12"),
    ("orbit", "check 1.12 1.13"),
    ("orbit", "scan clients/legacy"),
    ("orbit", "scan clients/legacy --to 1.11"),
    ("orbit", "scan clients/current --to 1.8"),
    ("orbit", "scan fields"),
    ("orbit", "scan fields --to 1.11"),
    ("orbit", "scan fields --channel saas --today 2025-09-15"),
    ("orbit", "scan upgrade"),
    ("orbit", "scan trust --baseline trust/known.json"),
    ("orbit", "scan sdk --to 1.9"),
    ("required", "scan client.py"),
    ("orbit", "upgrade --from 1.9 --to 1.13 clients/legacy"),
    ("orbit", "upgrade --from 1.9 --to 1.13 clients/current"),
    ("tidewater", "check 2024.1 2024.2"),
    ("tidewater", "check 2024.2 2024.3"),
    ("tidewater", "check 2024.3 2025.1"),
    ("tidewater", "check 2025.1 2025.2"),
    ("tidewater", "upgrade --from 2024.1 --to 2025.2 clients"),
];

/// Pairs of documents that are compared in both directions.
const DIFFS: [(&str, &str, &str); 7] = [
    ("orbit/releases", "1.8.json", "1.9.yaml"),
    ("orbit/releases", "1.9.yaml", "1.10.yaml"),
    ("orbit/releases", "1.10.yaml", "1.11.json"),
    ("orbit/releases", "1.11.json", "1.12.json"),
    ("orbit/releases", "1.12.json", "1.13.yaml"),
    ("tidewater/releases", "2024.1.yaml", "2025.2.yaml"),
    ("diff", "old.yaml", "new.yaml"),
];

#[test]
fn every_rule_is_fired_by_a_fixture() {
    let mut fired: BTreeMap<String, String> = BTreeMap::new();
    for (folder, args) in RUNS {
        let run = sunwatch(fixture(folder)).args(args.split(' ')).args(["--format", "json"]).run();
        let report = run.json();
        let group = if args.starts_with("check") { "policy" } else { "client" };
        for finding in
            report["findings"].as_array().unwrap().iter().chain(report["ignored"].as_array().unwrap())
        {
            let id = finding["rule"].as_str().unwrap();
            let rule = rules::find(id).unwrap_or_else(|| panic!("{id} is no rule"));
            assert!(
                [group, "exceptions"].contains(&rule.group.as_str()),
                "{id} is of group {}, but came from `{args}`",
                rule.group.as_str()
            );
            fired.entry(id.to_owned()).or_insert_with(|| format!("{folder}: {args}"));
        }
    }
    for (folder, old, new) in DIFFS {
        for (old, new) in [(old, new), (new, old)] {
            let args = ["diff", &format!("1={old}"), &format!("2={new}"), "--format", "json"];
            let report = sunwatch(fixture(folder)).args(args).run().json();
            for change in report["changes"].as_array().unwrap() {
                let id = change["rule"].as_str().unwrap();
                assert!(rules::find(id).is_some(), "{id} is no rule");
                fired.entry(id.to_owned()).or_insert_with(|| format!("{folder}: {args:?}"));
            }
        }
    }
    let missing: Vec<&str> = rules::ids().into_iter().filter(|id| !fired.contains_key(*id)).collect();
    assert!(missing.is_empty(), "no fixture fires {missing:?}");
}
