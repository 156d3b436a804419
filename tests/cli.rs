//! The program as people and other programs meet it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::{Ran, fixture, root, sunwatch};
use serde::Deserialize;
use tempfile::TempDir;

/// Runs in a fixture; the arguments are separated by blanks.
fn run(vendor: &str, args: &str) -> Ran {
    sunwatch(fixture(vendor)).args(args.split(' ')).run()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn write(folder: &TempDir, name: &str, text: &str) {
    let file = folder.path().join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

/// A document of a small API with these paths below `/api`, each with its GET.
fn document(paths: &[&str]) -> String {
    let operation = |path: &&str| {
        let flag = if path.ends_with('!') { r#""deprecated": true, "# } else { "" };
        let path = path.trim_end_matches('!');
        format!(r#""/api/{path}": {{"get": {{{flag}"responses": {{"200": {{"description": "OK"}}}}}}}}"#)
    };
    let paths: Vec<String> = paths.iter().map(operation).collect();
    format!(
        "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"Small\", \"version\": \"7\"}},\n \"paths\": {{{}}}}}\n",
        paths.join(",\n  ")
    )
}

const SMALL_POLICY: &str = "[window.all]\nreleases = 1\n\n[scan]\nhosts = [\"small.example\"]\n";

/// A folder with releases 1 to 3 of the small API, its policy, and one client.
fn small() -> TempDir {
    let folder = folder();
    write(&folder, "policy.toml", SMALL_POLICY);
    write(&folder, "releases/1.json", &document(&["a", "b"]));
    write(&folder, "releases/2.json", &document(&["a", "b!"]));
    write(&folder, "releases/3.json", &document(&["a"]));
    write(&folder, "client/call.sh", "curl https://small.example/api/b\n");
    folder
}

// ------------------------------------------------------------- what is printed

macro_rules! snapshots {
    ($($name:ident: $vendor:literal, $args:literal, $code:literal;)*) => {
        $(#[test]
        fn $name() {
            let ran = run($vendor, $args).code($code);
            insta::with_settings!({ description => concat!("sunwatch ", $args), omit_expression => true }, {
                insta::assert_snapshot!(ran.stdout);
            });
        })*
    };
}

snapshots! {
    orbit_history: "orbit", "history", 3;
    orbit_history_of_a_channel: "orbit", "history --channel saas", 3;
    orbit_check_1_9: "orbit", "check 1.8 1.9", 0;
    orbit_check_1_10: "orbit", "check 1.9 1.10", 1;
    orbit_check_1_11: "orbit", "check 1.10 1.11", 1;
    orbit_check_1_12: "orbit", "check 1.11 1.12", 1;
    orbit_check_1_13: "orbit", "check 1.12 1.13", 0;
    orbit_scan_legacy: "orbit", "scan clients/legacy", 1;
    orbit_scan_current: "orbit", "scan clients/current", 0;
    orbit_scan_too_new: "orbit", "scan clients/current --to 1.10", 1;
    orbit_upgrade_legacy: "orbit", "upgrade --from 1.9 --to 1.13 clients/legacy", 1;
    orbit_upgrade_legacy_verbose: "orbit", "upgrade --from 1.12 --to 1.13 clients/legacy -v", 1;
    orbit_upgrade_current: "orbit", "upgrade --from 1.9 --to 1.13 clients/current", 0;
    orbit_notes_1_11: "orbit", "notes 1.10 1.11", 3;
    orbit_notes_1_13: "orbit", "notes 1.12 1.13", 0;
    tidewater_history: "tidewater", "history", 0;
    tidewater_check_2024_3: "tidewater", "check 2024.2 2024.3", 1;
    tidewater_check_2025_2: "tidewater", "check 2025.1 2025.2", 1;
    tidewater_upgrade: "tidewater", "upgrade --from 2024.2 --to 2025.2 clients", 1;
    tidewater_notes: "tidewater", "notes 2025.1 2025.2", 0;
    runai_upgrade_legacy: "runai", "upgrade --from 2.19 --to 2.23 clients/legacy", 1;
    runai_upgrade_current: "runai", "upgrade --from 2.19 --to 2.23 clients/current", 0;
    rules: "orbit", "rules", 0;
    explain: "orbit", "explain removed-before-window", 0;
    help: "orbit", "--help", 0;
    help_upgrade: "orbit", "upgrade --help", 0;
}

#[test]
fn init_writes_a_policy_that_works() {
    let folder = folder();
    let ran = sunwatch(folder.path()).args(["init"]).run().code(0);
    assert_eq!(ran.stdout, "");
    let text = std::fs::read_to_string(folder.path().join("policy.toml")).unwrap();
    insta::assert_snapshot!(text);
    write(&folder, "call.sh", "curl https://app.run.ai/api/v1/clusters\n");
    sunwatch(folder.path()).args(["scan"]).run().code(0);
    // It never overwrites.
    let ran = sunwatch(folder.path()).args(["init"]).run().code(2);
    assert!(ran.stderr.contains("policy.toml is there already"), "{}", ran.stderr);
    sunwatch(folder.path()).args(["init", "other.toml"]).run().code(0);
    assert!(folder.path().join("other.toml").exists());
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = sunwatch(root()).args(["completions", shell]).run().code(0);
        assert!(ran.stdout.contains("upgrade"), "{shell}");
    }
    let ran = sunwatch(root()).args(["man"]).run().code(0);
    assert!(ran.stdout.starts_with(".") && ran.stdout.contains("sunwatch"), "{}", ran.stdout);
}

// ----------------------------------------------------------------- the answers

#[derive(Deserialize)]
struct Truth {
    operation: Vec<Life>,
}

#[derive(Deserialize)]
struct Life {
    operation: String,
    removed: Option<String>,
    replacement: Option<Replacement>,
}

#[derive(Deserialize)]
struct Replacement {
    operation: Option<String>,
}

fn lives(vendor: &str) -> BTreeMap<String, Life> {
    let text = std::fs::read_to_string(fixture(vendor).join("truth.toml")).unwrap();
    let truth: Truth = toml::from_str(&text).unwrap();
    truth.operation.into_iter().map(|life| (life.operation.clone(), life)).collect()
}

/// The lines of client code that say `expect:`, each with the operation.
fn expected_calls(folder: &Path, shown: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for (at, line) in text.lines().enumerate() {
            for (mark, line_of) in [("expect: ", at + 1), ("expect-next: ", at + 2)] {
                if let Some((_, said)) = line.split_once(mark) {
                    let operation = said.split(" [").next().unwrap().trim().to_owned();
                    out.push((format!("{shown}/{name}:{line_of}:"), operation));
                }
            }
        }
    }
    out.sort();
    assert!(!out.is_empty(), "{}", folder.display());
    out
}

/// The errors of a report: each headline with its place and facts.
fn errors(report: &str) -> Vec<&str> {
    report.split("\n\n").filter(|block| block.starts_with("error[")).collect()
}

#[track_caller]
fn every_broken_call_is_named(vendor: &str, args: &str, clients: &str, target: &str) {
    let lives = lives(vendor);
    let report = run(vendor, args).code(1).stdout;
    let errors = errors(&report);
    let mut broken = 0;
    for (place, operation) in expected_calls(&fixture(vendor).join(clients), clients) {
        let Some(life) = lives.get(&operation).filter(|life| life.removed.is_some()) else { continue };
        broken += 1;
        let block = errors
            .iter()
            .find(|block| block.contains(&format!("--> {place}")))
            .unwrap_or_else(|| panic!("{place} calls {operation}, which is gone\n{report}"));
        assert!(
            block.starts_with(&format!("error[operation-removed]: {operation} is gone in {target}")),
            "{block}"
        );
        if let Some(instead) = life.replacement.as_ref().and_then(|found| found.operation.as_ref()) {
            assert!(block.contains(&format!("= replacement: {instead}")), "{block}");
        }
    }
    assert_eq!(errors.len(), broken, "nothing else is an error\n{report}");
}

#[test]
fn an_upgrade_names_every_call_that_breaks_with_line_and_replacement() {
    let args = "upgrade --from 1.9 --to 1.13 clients/legacy";
    every_broken_call_is_named("orbit", args, "clients/legacy", "1.13");
    let report = run("orbit", args).stdout;
    assert!(report.starts_with("Upgrade from 1.9 to 1.13 (self-hosted): blocked\n"), "{report}");
    let args = "upgrade --from 2024.1 --to 2025.2 clients";
    every_broken_call_is_named("tidewater", args, "clients", "2025.2");
}

#[test]
fn an_upgrade_of_current_clients_is_safe() {
    let ran = run("orbit", "upgrade --from 1.9 --to 1.13 clients/current").code(0);
    assert!(ran.stdout.starts_with("Upgrade from 1.9 to 1.13 (self-hosted): safe\n"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("The upgrade is safe for these clients.\n"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("error") && !ran.stdout.contains("warning"), "{}", ran.stdout);
}

/// The built-in product, on a machine that has nothing else.
#[test]
fn the_built_in_policy_and_ledger_work_without_any_set_up() {
    let folder = folder();
    write(&folder, "call.py", "import requests\nrequests.get('https://acme.run.ai/v1/k8s/audit')\n");
    let ran = sunwatch(folder.path()).args(["scan", ".", "--to", "2.23"]).run().code(1);
    assert!(
        ran.stdout.contains("error[operation-removed]: GET /v1/k8s/audit is gone in 2.23"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("--> ./call.py:2:") || ran.stdout.contains("--> call.py:2:"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.stderr, "");
}

// ----------------------------------------------------------------- exit status

#[test]
fn status_0_is_nothing_at_or_above_fail_on() {
    run("orbit", "check 1.8 1.9").code(0);
    run("orbit", "check 1.9 1.10 --fail-on never").code(0);
    run("orbit", "scan clients/current").code(0);
    run("orbit", "rules").code(0);
}

#[test]
fn status_1_is_something_at_or_above_fail_on() {
    run("orbit", "check 1.9 1.10").code(1);
    run("orbit", "check 1.8 1.9 --fail-on warning").code(1);
    run("orbit", "check 1.12 1.13 --fail-on warning").code(0);
    run("orbit", "check 1.12 1.13 --fail-on note").code(1);
    run("orbit", "scan clients/legacy").code(1);
    run("orbit", "scan clients/legacy --fail-on never").code(0);
}

/// A job that cannot be done: status 2, nothing on standard output, and an error
/// that says what, where and how to go on.
#[track_caller]
fn refused(ran: Ran, says: &[&str]) {
    let ran = ran.code(2);
    assert_eq!(ran.stdout, "");
    for text in says {
        assert!(ran.stderr.contains(text), "expected `{text}` in\n{}", ran.stderr);
    }
    let errors = ran.stderr.lines().filter(|line| line.starts_with("error: ")).count();
    assert_eq!(errors, 1, "one error\n{}", ran.stderr);
}

#[test]
fn status_2_is_bad_usage() {
    refused(run("orbit", "chekc 1.8 1.9"), &["unrecognized subcommand 'chekc'", "'check'"]);
    refused(run("orbit", "check 1.8"), &["<NEW>"]);
    refused(run("orbit", "check 1.8 1.9 --format yaml"), &["invalid value 'yaml'", "text, json, markdown"]);
    refused(run("orbit", "check 1.8 1.9 --today 2025-02-30"), &["--today", "2025-02-30", "as 2025-08-19"]);
    refused(
        run("orbit", "history --format markdown"),
        &["`history` cannot be written as markdown", "text, json"],
    );
    refused(run("orbit", "explain removed-before-windw"), &["did you mean removed-before-window?"]);
}

#[test]
fn status_2_is_a_bad_policy() {
    refused(
        run("bad", "check --policy unknown-rule-policy.toml 2.18 2.19"),
        &[
            "unknown-rule-policy.toml:9:1: unknown rule `removed-before-windw`",
            "did you mean `removed-before-window`?",
        ],
    );
    refused(
        run("bad", "check --policy unknown-key-policy.toml 2.18 2.19"),
        &["unknown-key-policy.toml:", "did you mean"],
    );
    refused(run("bad", "check --policy none.toml 2.18 2.19"), &["cannot read none.toml"]);
}

/// Every policy in fixtures/bad is refused, at the line that the README there says.
#[test]
fn status_2_is_every_bad_policy() {
    let readme = std::fs::read_to_string(fixture("bad").join("README.md")).unwrap();
    let mut count = 0;
    for entry in std::fs::read_dir(fixture("bad")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.ends_with("-policy.toml") {
            continue;
        }
        let (_, said) = readme.split_once(&format!("| `{name}` | line")).unwrap_or_else(|| panic!("{name}"));
        let (said, _) = said.split_once(':').unwrap();
        let lines: Vec<&str> = said.split(' ').filter(|word| word.parse::<u32>().is_ok()).collect();
        let ran = run("bad", &format!("history --policy {name}"));
        let is_there = lines.iter().any(|line| ran.stderr.contains(&format!("{name}:{line}:")));
        assert!(is_there, "{name}: expected line{said}\n{}", ran.stderr);
        refused(ran, &[]);
        count += 1;
    }
    assert!(count >= 18, "{count} policies");
}

#[test]
fn status_2_is_an_unknown_release() {
    refused(
        run("orbit", "check 1.9 1.31"),
        &["1.31: no such release or file", "1.8, 1.9, 1.10, 1.11, 1.12, 1.13", "did you mean 1.13?"],
    );
    refused(run("orbit", "upgrade --from 1.9 --to 2 clients"), &["2: no such release or file"]);
    refused(run("orbit", "scan --to 1.99 clients"), &["1.99: no such release or file"]);
    refused(run("orbit", "notes 1.7 1.8"), &["1.7: no such release or file"]);
}

#[test]
fn status_2_is_a_document_that_cannot_be_read() {
    refused(run("bad", "history 1=truncated.json"), &["truncated.json:8:31: unterminated string"]);
    refused(run("bad", "history 1=login-page.json"), &["login-page.json:1:1:"]);
    refused(run("bad", "history 1=empty.json"), &["empty.json"]);
    refused(run("bad", "history 1=alias-bomb.yaml"), &["alias-bomb.yaml:"]);
    refused(run("bad", "history 1=nowhere.json"), &["nowhere.json"]);
}

#[test]
fn status_2_is_a_path_that_is_not_there() {
    refused(run("orbit", "scan nowhere"), &["cannot scan nowhere", "check the path"]);
}

#[test]
fn status_3_is_a_part_that_was_not_analysed() {
    let ran = run("bad", "scan clients").code(3);
    assert_eq!(ran.stderr, "warning: clients/latin1.py was not analysed: not UTF-8\n");
    assert!(ran.stdout.contains("1 client file could not be analysed"), "{}", ran.stdout);
    // An upgrade is not called safe then.
    let ran = run("bad", "upgrade --from 2.19 --to 2.23 clients").code(3);
    assert!(ran.stdout.contains(": attention\n"), "{}", ran.stdout);
    // A broken operation of a document that was asked about.
    let ran = run("orbit", "notes 1.10 1.11").code(3);
    assert!(
        ran.stderr.contains("releases/1.11.json:261:19: `parameters`: expected an array"),
        "{}",
        ran.stderr
    );
    // Findings come first.
    run("orbit", "check 1.10 1.11").code(1);
    // With other releases it does not matter.
    run("orbit", "notes 1.12 1.13").code(0);
}

#[test]
fn status_3_is_a_scan_of_nothing() {
    let folder = folder();
    let ran = sunwatch(folder.path()).args(["scan", "--fail-on", "never"]).run().code(3);
    assert!(ran.stdout.ends_with("Nothing was scanned: check the paths.\n"), "{}", ran.stdout);
    write(&folder, "notes.txt", "GET /api/v1/clusters\n");
    sunwatch(folder.path()).args(["scan"]).run().code(3);
    let ran = sunwatch(folder.path()).args(["upgrade", "--from", "2.19", "--to", "2.23"]).run().code(3);
    assert!(!ran.stdout.contains("safe"), "{}", ran.stdout);
}

// ------------------------------------------------------------ streams and files

#[test]
fn the_report_alone_is_on_standard_output() {
    for args in ["check 1.9 1.11", "history", "notes 1.10 1.11", "scan clients/legacy"] {
        let ran = run("orbit", args);
        assert!(ran.stderr.lines().all(|line| line.starts_with("warning: ")), "{}", ran.stderr);
        assert!(ran.stderr.contains("1.11.json:261:19"), "{}", ran.stderr);
        assert!(!ran.stdout.contains("expected an array"), "{}", ran.stdout);
        assert_eq!(run("orbit", &format!("{args} -q")).stderr, "");
    }
    let ran = run("orbit", "check 1.9 1.10 -v");
    assert!(ran.stderr.contains("note: the policy is policy.toml"), "{}", ran.stderr);
    assert!(ran.stderr.contains("the flag's key is misspelt"), "{}", ran.stderr);
    assert_eq!(ran.stdout, run("orbit", "check 1.9 1.10").stdout);
}

#[test]
fn a_file_holds_what_standard_output_would() {
    let folder = folder();
    let file = folder.path().join("report.txt");
    for args in
        ["check 1.9 1.10", "scan clients/legacy", "upgrade --from 1.9 --to 1.13 clients/legacy", "rules"]
    {
        let shown = run("orbit", args);
        let ran = sunwatch(fixture("orbit")).args(args.split(' ')).arg_file(&file).run().code(shown.code);
        assert_eq!(ran.stdout, "");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), shown.stdout);
    }
}

trait ArgFile {
    fn arg_file(self, file: &Path) -> Self;
}

impl ArgFile for crate::common::Sunwatch {
    fn arg_file(self, file: &Path) -> Self {
        self.args(["-o"]).args([file])
    }
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let folder = folder();
    let file = folder.path().join("missing/report.txt");
    for args in ["check 1.9 1.10", "history", "rules"] {
        let ran = sunwatch(fixture("orbit")).args(args.split(' ')).args(["-q"]).arg_file(&file).run();
        refused(ran, &["cannot write", "report.txt", "missing is no folder that is there"]);
        assert!(!folder.path().join("missing").exists());
    }
    // A folder in its place, too.
    let taken = folder.path().join("taken");
    std::fs::create_dir(&taken).unwrap();
    let ran = sunwatch(fixture("orbit")).args(["rules"]).arg_file(&taken).run();
    refused(ran, &["cannot write"]);
    // What failed before leaves an older report as it was, and no remains.
    let old = folder.path().join("old.txt");
    std::fs::write(&old, "older").unwrap();
    let ran = sunwatch(fixture("orbit")).args(["check", "1.9", "1.31"]).arg_file(&old).run();
    assert_eq!(ran.code, 2);
    assert_eq!(std::fs::read_to_string(&old).unwrap(), "older");
    let left: BTreeSet<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, ["old.txt", "taken"].map(str::to_owned).into());
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    for args in [&["history", "--format", "json", "-q"][..], &["rules"], &["--help"], &["man"]] {
        let mut command = sunwatch(fixture("orbit")).args(args).command();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(stderr, "", "{args:?}");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn colours_are_as_asked_for() {
    let coloured = |env: &[(&str, &str)], args: &[&str]| {
        let mut run = sunwatch(fixture("orbit")).args(["check", "1.9", "1.31"].iter().chain(args));
        let mut report = sunwatch(fixture("orbit")).args(["check", "1.9", "1.10"].iter().chain(args));
        for (name, value) in env {
            run = run.env(name, value);
            report = report.env(name, value);
        }
        let (failed, report) = (run.run_as_is(), report.run_as_is());
        let error = failed.stderr.contains("\u{1b}[");
        assert_eq!(error, report.stdout.contains("\u{1b}["), "both streams alike: {env:?} {args:?}");
        error
    };
    // Not on a terminal.
    assert!(!coloured(&[], &[]));
    assert!(!coloured(&[], &["--color", "auto"]));
    assert!(coloured(&[], &["--color", "always"]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
    assert!(coloured(&[("NO_COLOR", "1")], &["--color", "always"]));
}

#[test]
fn a_file_never_has_colours_unless_it_is_the_terminal() {
    let folder = folder();
    let file = folder.path().join("report.txt");
    let run = sunwatch(fixture("orbit")).args(["check", "1.9", "1.10", "--color", "always"]).arg_file(&file);
    run.run_as_is();
    assert!(!std::fs::read_to_string(file).unwrap().contains('\u{1b}'));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for args in [
        "history --places --format json",
        "check 1.8 1.13 --format json",
        "scan clients --format json",
        "upgrade --from 1.9 --to 1.13 clients",
        "notes 1.8 1.13",
    ] {
        let with = |threads: &str| {
            sunwatch(fixture("orbit")).args(args.split(' ')).env("RAYON_NUM_THREADS", threads).run()
        };
        let first = with("1");
        assert!(first.stdout.len() > 1_000);
        assert_eq!(first, with("4"), "{args}");
        assert_eq!(first, with("4"), "{args}");
        assert_eq!(first, run("orbit", args), "{args}");
    }
}

// ------------------------------------------------------------------------ time

#[test]
fn today_moves_windows_in_months_and_ends_exceptions() {
    let status = |args: &str| {
        let report = run("orbit", &format!("{args} --format json")).json();
        let calls = report["calls"].as_array().unwrap();
        let call = calls.iter().find(|call| call["operation"]["path"] == "/api/v1/tle").unwrap();
        call["status"].as_str().unwrap().to_owned()
    };
    // 1.13 came on 2025-08-19; the window ends on 2025-08-28.
    assert_eq!(status("scan clients/legacy --channel saas"), "near-removal");
    assert_eq!(status("scan clients/legacy --channel saas --today 2025-08-27"), "near-removal");
    assert_eq!(status("scan clients/legacy --channel saas --today 2025-08-28"), "removable");
    assert_eq!(status("scan clients/legacy --channel saas --today 2025-05-01"), "deprecated");
    // A window in releases does not ask for the day.
    assert_eq!(status("scan clients/legacy --today 2035-01-01"), "near-removal");

    let covered = run("orbit", "check 1.10 1.11 --today 2027-01-31");
    assert!(!covered.stdout.contains("ignore-expired"), "{}", covered.stdout);
    assert!(covered.stdout.contains("1 finding is covered by an exception"), "{}", covered.stdout);
    let expired = run("orbit", "check 1.10 1.11 --today 2027-02-01").stdout;
    assert!(expired.contains("warning[ignore-expired]"), "{expired}");
    assert!(expired.contains("error[removed-before-window]: DELETE /v1/stations/{stationId}"), "{expired}");
}

// ---------------------------------------------------------- where releases come from

fn git(folder: &Path, args: &[&str]) {
    let ran = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "")
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_document_in_git() {
    let folder = folder();
    write(&folder, "policy.toml", SMALL_POLICY);
    git(folder.path(), &["init", "-q"]);
    for paths in [&["a", "b"][..], &["a"]] {
        write(&folder, "api/spec.json", &document(paths));
        git(folder.path(), &["add", "."]);
        git(folder.path(), &["commit", "-q", "-m", "api"]);
    }
    let check = |old: &str, new: &str| sunwatch(folder.path()).args(["check", old, new]).run();
    let ran = check("1=git:HEAD~1:api/spec.json", "2=git:HEAD:api/spec.json").code(1);
    assert!(ran.stdout.contains("GET /api/b was removed in 2 without"), "{}", ran.stdout);
    assert!(ran.stdout.contains("--> git:HEAD~1:api/spec.json:3:"), "{}", ran.stdout);
    // Without names the order in which they were given counts.
    check("git:HEAD~1:api/spec.json", "api/spec.json").code(1);
    refused(check("1=git:HEAD~9:api/spec.json", "2=git:HEAD:api/spec.json"), &["HEAD~9"]);
    refused(check("1=git:--output=x:api/spec.json", "2=git:HEAD:api/spec.json"), &["--output=x"]);
    assert!(!folder.path().join("x").exists());
}

#[test]
fn a_document_with_the_name_of_its_release() {
    let small = small();
    let check = |args: &str| sunwatch(small.path()).args(args.split(' ')).run();
    let ran = check("check 1=releases/2.json 2=releases/3.json").code(0);
    // By these names it is flagged in the oldest document: nobody knows since when.
    assert!(ran.stdout.contains("note[removal-undecided]: whether GET /api/b"), "{}", ran.stdout);
    assert!(ran.stdout.contains("1 to 2 (all)"), "{}", ran.stdout);
    // `2.20` is no number.
    let ran = check("history 2.3=releases/1.json 2.20=releases/2.json").code(0);
    let rows: Vec<&str> = ran.stdout.lines().skip(1).take(2).collect();
    assert!(rows[0].starts_with("2.3 ") && rows[1].starts_with("2.20 "), "{}", ran.stdout);
}

#[test]
fn a_document_from_standard_input() {
    let small = small();
    let ran =
        sunwatch(small.path()).args(["check", "1=releases/1.json", "3=-"]).input(document(&["a"])).run();
    let ran = ran.code(1);
    assert!(ran.stdout.contains("GET /api/b was removed in 3 without"), "{}", ran.stdout);
    let ran = sunwatch(small.path()).args(["check", "1=-", "2=-"]).input(document(&["a"])).run();
    refused(ran, &["can be given once"]);
    let ran = sunwatch(small.path()).args(["history", "1=-"]).input("{}").run();
    refused(ran, &["-:1:1: expected an OpenAPI document"]);
}

#[test]
fn a_folder_of_releases() {
    let small = small();
    let ran = sunwatch(small.path()).args(["history", "releases"]).run().code(0);
    let releases: Vec<&str> = ran.stdout.lines().skip(1).take(3).map(|line| &line[..1]).collect();
    assert_eq!(releases, ["1", "2", "3"], "{}", ran.stdout);
    // The same as its files, named one by one.
    let files = ["1=releases/1.json", "2=releases/2.json", "3=releases/3.json"];
    assert_eq!(sunwatch(small.path()).args(["history"]).args(files).run().stdout, ran.stdout);
    // Releases are looked up in it.
    let ran = sunwatch(small.path()).args("check --history releases 2 3".split(' ')).run().code(1);
    assert!(ran.stdout.contains("error[removed-before-window]: GET /api/b"), "{}", ran.stdout);
    let ran = sunwatch(small.path())
        .args("upgrade --history releases --from 1 --to 3 client".split(' '))
        .run()
        .code(1);
    assert!(ran.stdout.contains("--> client/call.sh:1:6"), "{}", ran.stdout);
}

#[test]
fn a_document_whose_release_nobody_says() {
    let folder = folder();
    write(&folder, "old.json", &document(&["a", "b"]));
    write(&folder, "new.json", &document(&["a"]));
    write(&folder, "policy.toml", SMALL_POLICY);
    let ran = sunwatch(folder.path()).args(["history", "old.json"]).run().code(0);
    assert!(ran.stdout.lines().nth(1).unwrap().starts_with("Small 7 "), "{}", ran.stdout);
    assert!(ran.stderr.contains("say it as in 2.19=old.json to count"), "{}", ran.stderr);
    let ran = sunwatch(folder.path()).args(["check", "old.json", "new.json"]).run().code(1);
    assert!(ran.stdout.contains("GET /api/b was removed in"), "{}", ran.stdout);
    assert!(ran.stdout.contains("1: Small 7 to 2: Small 7"), "{}", ran.stdout);
}

#[test]
fn two_documents_of_one_release_are_refused() {
    let small = small();
    let run = |args: &str| sunwatch(small.path()).args(args.split(' ')).run();
    refused(run("history 1=releases/1.json 1=releases/2.json"), &["both of release 1", "RELEASE=SOURCE"]);
    refused(run("check 1=releases/1.json 1=releases/2.json"), &["both of release 1"]);
}

/// Every command that takes releases takes a ledger for them.
#[test]
fn a_ledger_in_place_of_documents() {
    let folder = folder();
    let ledger = folder.path().join("ledger.json");
    let orbit = || sunwatch(fixture("orbit"));
    let ran = orbit().args(["history", "-q"]).arg_file(&ledger).run().code(3);
    assert_eq!(ran.stdout, "");
    let text = |ran: Ran| {
        // A ledger does not say where things stand, nor what could not be analysed.
        let lines = ran.stdout.lines().filter(|line| !line.trim_start().starts_with("--> releases/"));
        lines
            .map(|line| {
                line.replace(" 1 part of the documents could not be analysed (see the warnings).", "")
            })
            .collect::<Vec<_>>()
            .join("\n")
    };
    // The same table, from the file and as --history.
    let documents = text(orbit().args(["history"]).run());
    assert_eq!(text(orbit().args(["history"]).args([&ledger]).run().code(0)), documents);
    for args in [
        "check 1.12 1.13",
        "notes 1.12 1.13",
        "scan clients/legacy",
        "scan clients/legacy --to 1.10",
        "upgrade --from 1.9 --to 1.13 clients/legacy",
        "upgrade --from 1.9 --to 1.13 clients/current",
    ] {
        let documents = orbit().args(args.split(' ')).run();
        let ran = orbit().args(args.split(' ')).args(["--history"]).args([&ledger]).run();
        assert_eq!(ran.stderr, "");
        assert_eq!(ran.code, documents.code);
        assert_eq!(text(ran), text(documents), "{args}");
    }
    // It can stand where a release does: it is then its newest.
    let ran = orbit().args(["scan", "clients/legacy", "--to"]).args([&ledger]).run().code(1);
    assert!(ran.stdout.contains("judged for 1.13"), "{}", ran.stdout);
    let refuses = orbit().args(["history", "--places"]).args([&ledger]).run();
    refused(refuses, &["--places needs documents"]);
    let refuses = orbit().args(["history", "releases"]).args([&ledger]).run();
    refused(refuses, &["is a ledger; expected it alone"]);
    // Written again it is the same.
    let again = folder.path().join("again.json");
    orbit().args(["history"]).args([&ledger]).arg_file(&again).run().code(0);
    assert_eq!(std::fs::read_to_string(again).unwrap(), std::fs::read_to_string(&ledger).unwrap());
}

#[test]
fn a_damaged_ledger_is_refused_with_its_place() {
    let folder = folder();
    let ledger = folder.path().join("ledger.json");
    sunwatch(fixture("orbit")).args(["history", "-q"]).arg_file(&ledger).run();
    let text = std::fs::read_to_string(&ledger).unwrap();
    for (bad, says) in [
        (text.replace("\"schema\":1", "\"schema\":2"), "expected a ledger of schema 1, found schema 2"),
        (text[..text.len() / 2].to_owned(), "this is no ledger that can be read"),
        (text.replacen("\"operation\"", "\"operatoin\"", 1), "item 0"),
    ] {
        write(&folder, "bad.json", &bad);
        let ran = sunwatch(folder.path()).args(["history", "bad.json"]).run();
        refused(ran, &["bad.json", says]);
    }
}

#[test]
fn ids_and_files_can_be_mixed() {
    let orbit = fixture("orbit");
    let run = |args: &str| sunwatch(&orbit).args(args.split(' ')).args(["-q"]).run();
    let by_id = run("check 1.12 1.13").code(0).stdout;
    assert_eq!(run("check 1.12 releases/1.13.yaml").code(0).stdout, by_id);
    assert_eq!(run("check releases/1.12.json releases/1.13.yaml").code(0).stdout, by_id);
    // What comes next is judged by the whole history before it.
    let next = run("check 1.13 1.14=releases/1.12.json").code(1).stdout;
    assert!(next.contains("PATCH /api/v1/passes/{passId} was removed in 1.14 without"), "{next}");
}

// ---------------------------------------------------------------------- policy

#[test]
fn the_policy_is_found_upwards() {
    let below = fixture("orbit").join("clients").join("legacy");
    let ran = sunwatch(&below).args(["scan", "agent.go", "-v"]).run().code(1);
    assert!(ran.stdout.contains("--> agent.go:38:"), "{}", ran.stdout);
    assert!(ran.stderr.contains("orbit/policy.toml"), "{}", ran.stderr);
    // A nearer one counts, and --policy counts before both.
    let small = small();
    write(&small, "client/policy.toml", "[window.near]\nreleases = 1\n");
    let client = small.path().join("client");
    let history = |policy: &[&str]| {
        sunwatch(&client).args(["history", "../releases"]).args(policy).run().code(0).stdout
    };
    assert!(history(&[]).contains("removable (near)"));
    assert!(history(&["--policy", "../policy.toml"]).contains("removable (all)"));
}

#[test]
fn channels_are_those_of_the_policy() {
    for args in [
        "check 1.9 1.10",
        "history",
        "notes 1.9 1.10",
        "scan clients",
        "upgrade --from 1.9 --to 1.10 clients",
    ] {
        let ran = run("orbit", &format!("{args} --channel cloud"));
        refused(ran, &["--channel cloud: expected one of self-hosted, saas", "policy.toml"]);
    }
    let saas = run("orbit", "check 1.10 1.11 --channel saas").code(1).stdout;
    assert!(saas.contains("1.10 to 1.11 (saas)"), "{saas}");
    // The too early removal was too early for self-hosted installations only.
    assert!(!saas.contains("DELETE /v1/stations") || saas.contains("ignore-unused"), "{saas}");
}

/// A policy with one exception for what `check 2 3` finds in the small API.
fn with_exception(item: &str, until: &str) -> TempDir {
    let small = small();
    let exception = format!(
        "\n[[ignore]]\nrule = \"removed-before-window\"\nitem = \"{item}\"\nreason = \"nobody used it\"\nuntil = {until}\n"
    );
    write(&small, "policy.toml", &format!("{SMALL_POLICY}{exception}"));
    small
}

#[test]
fn exceptions_are_used_unused_or_over() {
    let check = |folder: &TempDir, more: &str| {
        sunwatch(folder.path()).args(format!("check --history releases 2 3{more}").split(' ')).run()
    };
    let used = with_exception("GET /api/b", "2030-06-30");
    let ran = check(&used, "").code(0);
    assert!(ran.stdout.contains("the policy is kept. 1 finding is covered"), "{}", ran.stdout);
    let json = check(&used, " --format json").json();
    assert_eq!(json["ignored"][0]["reason"], "nobody used it");
    assert_eq!(json["findings"], serde_json::json!([]));
    // On its last day it holds.
    check(&used, " --today 2030-06-30").code(0);
    let over = check(&used, " --today 2030-07-01").code(1);
    assert!(over.stdout.contains("error[removed-before-window]: GET /api/b"), "{}", over.stdout);
    assert!(over.stdout.contains("warning[ignore-expired]"), "{}", over.stdout);
    assert!(over.stdout.contains("ended on 2030-06-30"), "{}", over.stdout);
    assert!(over.stdout.contains("  --> policy.toml:8:8\n"), "{}", over.stdout);

    let unused = with_exception("GET /api/z", "2030-06-30");
    let ran = check(&unused, "").code(1);
    assert!(ran.stdout.contains("note[ignore-unused]"), "{}", ran.stdout);
    assert!(ran.stdout.contains("its reason was: nobody used it"), "{}", ran.stdout);
    // A scan does not ask the rule, so nothing can be said of its exceptions.
    let scan = sunwatch(unused.path()).args("scan --history releases client".split(' ')).run().code(1);
    assert!(!scan.stdout.contains("ignore-unused"), "{}", scan.stdout);
}

#[test]
fn exceptions_cover_calls_too() {
    let small = small();
    let exception = "\n[[ignore]]\nrule = \"operation-removed\"\nitem = \"GET /api/*\"\nreason = \"a mock answers\"\nuntil = 2030-06-30\n";
    write(&small, "policy.toml", &format!("{SMALL_POLICY}{exception}"));
    let run = |args: &str| sunwatch(small.path()).args(args.split(' ')).args(["--history", "releases"]).run();
    let ran = run("upgrade --from 1 --to 3 client").code(0);
    assert!(ran.stdout.starts_with("Upgrade from 1 to 3 (all): safe\n"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("1 call in 1 file, judged for 3: 1 covered by an exception"),
        "{}",
        ran.stdout
    );
    let report = run("scan client --format json").code(0).json();
    assert_eq!(report["calls"][0]["findings"], serde_json::json!([]));
    assert_eq!(report["calls"][0]["status"], "removed");
    assert_eq!(report["ignored"][0]["reason"], "a mock answers");
    run("scan client --today 2030-07-01").code(1);
}

/// The calls of a scan, each as its URL and its confidence.
fn calls(ran: &Ran) -> Vec<(String, String)> {
    let report = ran.json();
    let text = |call: &serde_json::Value, key: &str| call[key].as_str().unwrap().to_owned();
    let calls = report["calls"].as_array().unwrap();
    calls.iter().map(|call| (text(call, "url"), text(call, "confidence"))).collect()
}

#[test]
fn the_servers_of_the_documents_are_hosts_of_the_api() {
    let small = small();
    let served = |url: &str| {
        let text = document(&["parts", "a"]);
        let servers = format!("\"servers\": [{{\"url\": \"{url}\"}}],\n \"paths\"");
        write(&small, "releases/4.json", &text.replacen("\"paths\"", &servers, 1));
    };
    let scan = |policy: &str| {
        write(&small, "policy.toml", policy);
        let args = "scan --history releases --to 4 --format json --fail-on never client";
        calls(&sunwatch(small.path()).args(args.split(' ')).run().code(0))
    };
    let window = "[window.all]\nreleases = 1\n";
    let hosts = format!("{window}\n[scan]\nhosts = [\"other.example.dev\"]\n");
    let script = "curl https://api.small.dev/api/a\ncurl https://us.small.dev/api/a\n";
    write(&small, "client/call.sh", &format!("{script}curl https://other.example.dev/api/a\n"));
    let found = |urls: &[(&str, &str)]| -> Vec<(String, String)> {
        urls.iter().map(|(url, confidence)| ((*url).to_owned(), (*confidence).to_owned())).collect()
    };
    let [api, us, other] =
        ["api.small.dev", "us.small.dev", "other.example.dev"].map(|host| format!("https://{host}/api/a"));

    served("https://api.small.dev");
    assert_eq!(scan(window), found(&[(&api, "high"), (&us, "low"), (&other, "low")]));
    // What the policy says of hosts is all there is beside them.
    assert_eq!(scan(&hosts), found(&[(&api, "high"), (&other, "high")]));
    served("https://{region}.small.dev");
    assert_eq!(scan(&hosts), found(&[(&api, "high"), (&us, "high"), (&other, "high")]));
    served("{scheme}://{host}");
    assert_eq!(scan(&hosts), found(&[(&other, "high")]));
}

#[test]
fn servers_of_single_paths_and_operations_are_hosts_of_the_api_as_well() {
    let small = small();
    write(&small, "policy.toml", "[window.all]\nreleases = 1\n\n[scan]\nhosts = [\"api.small.dev\"]\n");
    write(
        &small,
        "releases/4.json",
        r#"{"openapi": "3.0.3", "info": {"title": "t", "version": "4"}, "paths": {
            "/api/a": {"get": {"responses": {"200": {"description": "ok"}}}},
            "/api/files": {
                "servers": [{"url": "https://files.small.dev"}],
                "get": {"responses": {"200": {"description": "ok"}}},
                "post": {
                    "servers": [{"url": "https://uploads.small.dev"}, {"url": 3}],
                    "responses": {"200": {"description": "ok"}}
                }
            }
        }}"#,
    );
    let script = "curl https://files.small.dev/api/files\ncurl -X POST https://uploads.small.dev/api/files\n";
    write(&small, "client/call.sh", &format!("{script}curl https://nobody.small.dev/api/files\n"));
    let args = "scan --history releases --to 4 --format json --fail-on never client";
    let found = calls(&sunwatch(small.path()).args(args.split(' ')).run().code(0));
    let expected = ["https://files.small.dev/api/files", "https://uploads.small.dev/api/files"];
    let sure: Vec<&str> =
        found.iter().filter(|(_, sure)| sure == "high").map(|(url, _)| url.as_str()).collect();
    assert_eq!(sure, expected);
}

#[test]
fn hosts_of_the_built_in_product_say_nothing_about_another() {
    let small = small();
    write(&small, "client/call.sh", "curl https://anybody.example.dev/api/b\n");
    write(&small, "policy.toml", "[scan]\nbase-paths = [\"\"]\n");
    let args = "scan --from 2=releases/2.json --to 3=releases/3.json --format json --fail-on never client";
    let ran = sunwatch(small.path()).args(args.split(' ')).run();
    let known = "https://anybody.example.dev/api/b".to_owned();
    assert_eq!(calls(&ran).into_iter().map(|(url, _)| url).collect::<Vec<_>>(), [known]);
}

#[test]
fn levels_are_those_of_the_policy() {
    let small = small();
    let check = |level: &str| {
        let policy = format!("{SMALL_POLICY}\n[levels]\nremoved-before-window = \"{level}\"\n");
        write(&small, "policy.toml", &policy);
        sunwatch(small.path()).args("check --history releases 2 3".split(' ')).run()
    };
    assert!(check("error").code(1).stdout.contains("error[removed-before-window]"));
    assert!(check("warning").code(0).stdout.contains("warning[removed-before-window]"));
    assert!(check("note").code(0).stdout.contains("note[removed-before-window]"));
    assert!(
        check("off").code(0).stdout.ends_with("the policy is kept. 1 finding is of rules that are off.\n")
    );
}
