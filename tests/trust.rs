//! What keeps findings out of a report, and what is said about that: comments in
//! the code, exceptions, baselines, changed lines, generated code, options.

use std::path::Path;
use std::process::Command;

use crate::common::{Ran, sunwatch};
use serde_json::Value;
use tempfile::TempDir;

/// A client of a small API whose `/api/b` is gone in release 3.
struct Client(TempDir);

const POLICY: &str =
    "[window.all]\nreleases = 1\n[scan]\nhosts = [\"small.example\", \"!docs.small.example\"]\n";
const GONE: &str = "curl https://small.example/api/b\n";
const FINE: &str = "curl https://small.example/api/a\n";

impl Client {
    fn new() -> Self {
        let client = Self(tempfile::tempdir().unwrap());
        client.write("policy.toml", POLICY);
        for (release, paths) in [("1", &["a", "b"][..]), ("2", &["a", "b"]), ("3", &["a"])] {
            let operation = |path: &&str| {
                let flag = if *path == "b" && release == "2" { "\"deprecated\": true, " } else { "" };
                format!(
                    "\"/api/{path}\": {{\"get\": {{{flag}\"responses\": {{\"200\": {{\"description\": \"OK\"}}}}}}}}"
                )
            };
            let paths: Vec<String> = paths.iter().map(operation).collect();
            client.write(
                &format!("releases/{release}.json"),
                &format!(
                    "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"Small\", \"version\": \"7\"}}, \"paths\": {{{}}}}}",
                    paths.join(", ")
                ),
            );
        }
        client
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn scan(&self, args: &str) -> Ran {
        self.scan_in(".", args)
    }

    fn scan_in(&self, folder: &str, args: &str) -> Ran {
        let history = self.path().join("releases");
        let policy = self.path().join("policy.toml");
        sunwatch(self.path().join(folder))
            .args(["scan", "--history", history.to_str().unwrap(), "--policy", policy.to_str().unwrap()])
            .args(args.split(' ').filter(|arg| !arg.is_empty()))
            .run()
    }

    /// `rule file:line` of all findings.
    fn findings(&self, args: &str) -> Vec<String> {
        list(&self.json(args)["findings"])
    }

    fn json(&self, args: &str) -> Value {
        self.scan(&format!("{args} --format json")).json()
    }

    fn git(&self, args: &str) {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.path())
            .args(["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"])
            .args(args.split(' '))
            .output()
            .unwrap();
        assert!(output.status.success(), "git {args}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self) {
        self.git("add -A");
        self.git("commit -q -m x");
    }
}

fn list(findings: &Value) -> Vec<String> {
    let place = |f: &Value| match f["file"].as_str() {
        Some(file) => format!("{} {file}:{}", f["rule"].as_str().unwrap(), f["line"]),
        None => f["rule"].as_str().unwrap().to_owned(),
    };
    findings.as_array().unwrap().iter().map(place).collect()
}

const REMOVED: &str = "operation-removed";

// ------------------------------------------------------------ comments in the code

#[test]
fn a_comment_suppresses_on_its_line_and_on_the_line_below() {
    let client = Client::new();
    client.write(
        "call.sh",
        "curl https://small.example/api/b  # sunwatch: ignore[operation-removed] old cluster\n\
         # sunwatch: ignore[operation-removed] old cluster\n\
         curl -X GET \\\n  https://small.example/api/b\n\
         curl https://small.example/api/b\n",
    );
    let json = client.json("call.sh");
    assert_eq!(list(&json["findings"]), [format!("{REMOVED} call.sh:5")]);
    assert_eq!(list(&json["ignored"]), [format!("{REMOVED} call.sh:1"), format!("{REMOVED} call.sh:4")]);
    assert_eq!(
        (&json["ignored"][0]["by"], &json["ignored"][0]["reason"]),
        (&"line".into(), &"old cluster".into())
    );
    let text = client.scan("call.sh").code(1).stdout;
    assert!(text.lines().last().unwrap().contains("2 suppressed in the code"), "{text}");
}

#[test]
fn other_languages_suppress_too() {
    let client = Client::new();
    client.write(
        "call.py",
        "import requests\n# sunwatch: ignore[operation-removed] old cluster\nrequests.get(\n    \"https://small.example/api/b\",\n)\n",
    );
    client.write(
        "call.js",
        "fetch('https://small.example/api/b') // sunwatch: ignore[operation-removed] old\n",
    );
    client.write(
        "call.go",
        "package x\n\nimport \"net/http\"\n\nfunc f() {\n\t/* sunwatch: ignore[operation-removed] old */\n\thttp.Get(\"https://small.example/api/b\")\n}\n",
    );
    let json = client.json("");
    assert_eq!(list(&json["findings"]), Vec::<String>::new());
    assert_eq!(json["ignored"].as_array().unwrap().len(), 3);
    client.scan("").code(0);
}

#[test]
fn a_suppression_of_another_rule_suppresses_nothing_and_is_said() {
    let client = Client::new();
    client.write(
        "call.sh",
        "# sunwatch: ignore[operation-deprecated] soon\ncurl https://small.example/api/b\n",
    );
    assert_eq!(
        client.findings("call.sh"),
        [format!("{REMOVED} call.sh:2"), "suppression-unused call.sh:1".to_owned()]
    );
    // Also where there is no call of the API any more.
    client.write("call.sh", "# sunwatch: ignore[operation-deprecated] soon\necho done\n");
    assert_eq!(client.findings("call.sh"), ["suppression-unused call.sh:1"]);
}

#[test]
fn a_misspelt_suppression_is_said_and_suppresses_nothing() {
    let client = Client::new();
    client.write("call.sh", "curl https://small.example/api/b # sunwatch: ignore[operation-remove] old\n");
    let json = client.json("call.sh");
    assert_eq!(
        list(&json["findings"]),
        [format!("{REMOVED} call.sh:1"), "suppression-malformed call.sh:1".to_owned()]
    );
    let facts = json["findings"][1]["facts"].to_string();
    assert!(facts.contains("did you mean operation-removed?"), "{facts}");
    // One without a reason holds, and is said.
    client.write("call.sh", "curl https://small.example/api/b # sunwatch: ignore[operation-removed]\n");
    assert_eq!(client.findings("call.sh"), ["suppression-malformed call.sh:1"]);
    client.scan("call.sh").code(0);
    client.scan("call.sh --fail-on warning").code(1);
}

// --------------------------------------------------------------- the policy's own

#[test]
fn an_exception_may_be_for_some_files() {
    let client = Client::new();
    client.write("old/call.sh", GONE);
    client.write("new/call.sh", GONE);
    let ignore = "\n[[ignore]]\nrule = \"operation-removed\"\nitem = \"GET /api/b\"\nreason = \"goes\"\nuntil = 2099-01-01\n";
    client.write("policy.toml", &format!("{POLICY}{ignore}file = \"old/*\"\n"));
    assert_eq!(client.findings(""), [format!("{REMOVED} new/call.sh:1")]);
    client.write("policy.toml", &format!("{POLICY}{ignore}file = \"gone/*\"\n"));
    let found = client.findings("");
    assert!(found.iter().any(|found| found.starts_with("ignore-unused")), "{found:?}");
    assert_eq!(found.len(), 3, "{found:?}");
    client.write("policy.toml", &format!("{POLICY}{ignore}file = 3\n"));
    let error = client.scan("").code(2).stderr;
    assert!(error.contains("policy.toml:11:8"), "{error}");
}

#[test]
fn a_rule_that_is_off_is_counted() {
    let client = Client::new();
    client.write("call.sh", GONE);
    client.write("policy.toml", &format!("{POLICY}\n[levels]\noperation-removed = \"off\"\n"));
    let ran = client.scan("call.sh").code(0);
    assert!(ran.stdout.contains("1 of rules that are off"), "{}", ran.stdout);
}

#[test]
fn some_hosts_are_never_of_the_api() {
    let client = Client::new();
    client.write("call.sh", "curl https://docs.small.example/api/b\ncurl https://other.example/api/b\n");
    let json = client.json("call.sh");
    assert_eq!(json["calls"].as_array().unwrap().len(), 0, "{json:#}");
    client.write("policy.toml", &POLICY.replace("\"small.example\", ", ""));
    let json = client.json("call.sh");
    assert_eq!(json["calls"].as_array().unwrap().len(), 1, "{json:#}");
}

// -------------------------------------------------------------------- the baseline

#[test]
fn a_baseline_survives_moved_lines_and_says_what_is_mended() {
    let client = Client::new();
    client.write("call.sh", &format!("{GONE}{FINE}{GONE}"));
    client.scan("call.sh").code(1);
    let ran = client.scan("call.sh --baseline known.json --update-baseline").code(0);
    assert!(ran.stdout.contains("2 in the baseline"), "{}", ran.stdout);
    let first = client.read("known.json");
    assert!(!first.contains("\"line\"") && first.lines().count() == 4, "{first}");
    client.scan("call.sh --baseline known.json").code(0);
    // Written again it is the same, byte for byte.
    client.scan("call.sh --baseline known.json --update-baseline").code(0);
    assert_eq!(client.read("known.json"), first);

    client.write("call.sh", &format!("# one\n# two\n{FINE}{GONE}\n\n{GONE}"));
    assert_eq!(client.findings("call.sh --baseline known.json"), Vec::<String>::new());
    client.write("call.sh", &format!("{GONE}{GONE}{GONE}"));
    assert_eq!(client.findings("call.sh --baseline known.json"), [format!("{REMOVED} call.sh:3")]);
    client.scan("call.sh --baseline known.json").code(1);

    client.write("call.sh", &format!("{FINE}{GONE}"));
    let json = client.json("call.sh --baseline known.json");
    assert_eq!(list(&json["findings"]), ["baseline-unmatched"]);
    let message = json["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("operation-removed of GET /api/b in call.sh"), "{message}");
    client.scan("call.sh --baseline known.json").code(0);
    // Mended, written, and made again: it is new.
    client.scan("call.sh --baseline known.json --update-baseline").code(0);
    client.write("call.sh", &format!("{GONE}{GONE}"));
    client.scan("call.sh --baseline known.json").code(1);
}

#[test]
fn a_baseline_holds_from_every_folder_and_keeps_what_was_not_looked_at() {
    let client = Client::new();
    client.write("one/call.sh", GONE);
    client.write("two/call.sh", GONE);
    client.scan("--baseline known.json --update-baseline").code(0);
    let whole = client.read("known.json");
    client.scan_in("one", "--baseline ../known.json").code(0);
    client.scan_in("one", "../two --baseline ../known.json").code(0);
    let absolute = client.path().join("two");
    client.scan(&format!("{} --baseline known.json", absolute.display())).code(0);
    // A part that is written anew leaves the rest as it is.
    client.scan("one --baseline known.json --update-baseline").code(0);
    assert_eq!(client.read("known.json"), whole);
    client.write("one/call.sh", FINE);
    assert_eq!(client.findings("two --baseline known.json"), Vec::<String>::new());
    assert_eq!(client.findings("--baseline known.json"), ["baseline-unmatched"]);
    std::fs::remove_file(client.path().join("one/call.sh")).unwrap();
    assert_eq!(client.findings("--baseline known.json"), ["baseline-unmatched"]);
}

#[test]
fn a_baseline_that_cannot_be_used_is_an_error() {
    let client = Client::new();
    client.write("call.sh", GONE);
    let error = client.scan("call.sh --baseline known.json").code(2).stderr;
    assert!(error.contains("known.json is not there") && error.contains("--update-baseline"), "{error}");
    client.write("known.json", "{\"schema\": 1}");
    let error = client.scan("call.sh --baseline known.json").code(2).stderr;
    assert!(error.contains("known.json:1:13"), "{error}");
    client.scan("call.sh --update-baseline").code(2);
    client.scan("call.sh --baseline known.json --update-baseline --since HEAD").code(2);
    // What is suppressed in the code is no business of the baseline.
    client.write("call.sh", "curl https://small.example/api/b # sunwatch: ignore[operation-removed] x\n");
    std::fs::remove_file(client.path().join("known.json")).unwrap();
    client.scan("call.sh --baseline known.json --update-baseline").code(0);
    assert!(client.read("known.json").contains("\"baseline\":[\n]"), "{}", client.read("known.json"));
}

#[test]
fn a_baseline_is_as_its_schema_says() {
    let client = Client::new();
    client.write("call.sh", GONE);
    client.scan("call.sh --baseline known.json --update-baseline").code(0);
    let schema =
        std::fs::read_to_string(crate::common::root().join("docs/schema/baseline.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut baseline: Value = serde_json::from_str(&client.read("known.json")).unwrap();
    assert!(validator.is_valid(&baseline), "{baseline:#}");
    for key in ["fingerprint", "rule", "method", "path", "item", "file", "occurrence"] {
        let mut less = baseline.clone();
        assert!(less["baseline"][0].as_object_mut().unwrap().remove(key).is_some(), "{key}");
        assert!(!validator.is_valid(&less), "{key} may be left out");
    }
    baseline["baseline"][0]["occurrence"] = (-1).into();
    assert!(!validator.is_valid(&baseline));
}

// ------------------------------------------------------------------- changed lines

#[test]
fn since_reports_changed_lines_only() {
    let client = Client::new();
    client.git("init -q");
    client.write("call.sh", &format!("{GONE}{FINE}"));
    client.write("move.sh", &format!("{FINE}{FINE}{FINE}{FINE}{GONE}"));
    client.commit();
    assert_eq!(client.findings("--since HEAD"), Vec::<String>::new());
    let text = client.scan("--since HEAD").code(0).stdout;
    assert!(text.lines().last().unwrap().contains("2 at unchanged lines"), "{text}");
    // Uncommitted, staged, untracked and renamed.
    client.write("call.sh", &format!("{GONE}{FINE}{GONE}"));
    client.write("new file.sh", GONE);
    client.git("mv move.sh moved.sh");
    assert_eq!(
        client.findings("--since HEAD"),
        [format!("{REMOVED} call.sh:3"), format!("{REMOVED} new file.sh:1")]
    );
    client.scan("--since HEAD").code(1);
    client.commit();
    assert_eq!(client.findings("--since HEAD"), Vec::<String>::new());
    assert_eq!(client.findings("--since HEAD~1").len(), 2);
    // From a folder below, and by an absolute path.
    client.write("sub/ä.sh", GONE);
    client.commit();
    let json = client.scan_in("sub", "--since HEAD~1 --format json").json();
    assert_eq!(list(&json["findings"]), [format!("{REMOVED} ä.sh:1")]);
}

#[test]
fn since_says_what_it_cannot_do() {
    let client = Client::new();
    client.write("call.sh", GONE);
    let error = client.scan("call.sh --since HEAD").code(2).stderr;
    assert!(error.contains("no git repository"), "{error}");
    client.git("init -q");
    client.commit();
    let error = client.scan("call.sh --since nonsense").code(2).stderr;
    assert!(error.contains("no commit nonsense"), "{error}");
    for revision in ["--output=x", "-p"] {
        let error = client.scan(&format!("call.sh --since={revision}")).code(2).stderr;
        assert!(error.contains("begins with `-`"), "{error}");
        let error = client.scan(&format!("call.sh --since {revision}")).code(2).stderr;
        assert!(error.contains("begins with `-`"), "{error}");
    }
    assert!(!client.path().join("x").exists());
}

// --------------------------------------------------------------- files and options

#[test]
fn tests_and_exclude_decide_what_is_read() {
    let client = Client::new();
    client.write("app/call.sh", GONE);
    client.write("tests/call.sh", GONE);
    client.write("old/call.sh", GONE);
    assert_eq!(client.findings("").len(), 2);
    assert_eq!(client.findings("--exclude old"), [format!("{REMOVED} app/call.sh:1")]);
    assert_eq!(client.findings("--exclude old/** --exclude app"), Vec::<String>::new());
    let json = client.json("--tests");
    assert_eq!(json["findings"].as_array().unwrap().len(), 3);
    let text = client.scan("--exclude old").code(1).stdout;
    assert!(text.lines().last().unwrap().contains("Left out: 1 excluded, 1 test code."), "{text}");
    client.scan("--exclude [").code(2);
}

#[test]
fn generated_code_is_summed_up() {
    let client = Client::new();
    let head = "# coding: utf-8\n\"\"\"\n    Small\n\n    Generated by OpenAPI Generator (https://openapi-generator.tech)\n\n    Do not edit the class manually.\n\"\"\"\nimport requests\n";
    let method = |n: usize| {
        let path = if usize::is_multiple_of(n, 2) { "b" } else { "a" };
        format!("def m{n}():\n    return requests.get(\"https://small.example/api/{path}\")\n")
    };
    client.write("sdk/api.py", &format!("{head}{}", (0..400).map(method).collect::<String>()));
    let json = client.json("");
    assert_eq!(list(&json["findings"]), ["generated-client-outdated"]);
    assert_eq!(json["findings"][0]["level"], "warning");
    assert_eq!(json["calls"].as_array().unwrap().len(), 400);
    assert!(json["calls"].as_array().unwrap().iter().all(|call| call["generated"] == true));
    let text = client.scan("").code(0).stdout;
    assert!(
        text.lines().count() < 12 && text.contains("1 of 2 operations of the generated client in sdk"),
        "{text}"
    );
    // Code of one's own beside it counts as ever.
    client.write("sdk/mine.py", "import requests\nrequests.get(\"https://small.example/api/b\")\n");
    assert_eq!(
        client.findings(""),
        [format!("{REMOVED} sdk/mine.py:2"), "generated-client-outdated".to_owned()]
    );
}

#[test]
fn what_is_no_source_is_left_out_and_said() {
    let client = Client::new();
    client.write("app.min.js", "fetch('https://small.example/api/b')\n");
    client.write("bundle.js", &format!("{};fetch('https://small.example/api/b')\n", "a=1;".repeat(9_000)));
    client.write("image.py", "\0https://small.example/api/b\n");
    client.write("call.sh", FINE);
    let json = client.json("");
    let skipped: Vec<String> = json["files"]["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| format!("{} {} {}", s["file"].as_str().unwrap(), s["reason"].as_str().unwrap(), s["failed"]))
        .collect();
    assert_eq!(skipped, ["app.min.js minified false", "bundle.js minified false", "image.py binary false"]);
    client.scan("").code(0);
}

#[cfg(unix)]
#[test]
fn symbolic_links_in_a_circle_are_harmless() {
    let client = Client::new();
    client.write("a/call.sh", GONE);
    std::os::unix::fs::symlink("../a", client.path().join("a/again")).unwrap();
    std::os::unix::fs::symlink(".", client.path().join("here")).unwrap();
    std::os::unix::fs::symlink("nowhere", client.path().join("a/broken.sh")).unwrap();
    std::os::unix::fs::symlink("self", client.path().join("self")).unwrap();
    assert_eq!(client.findings(""), [format!("{REMOVED} a/call.sh:1")]);
    assert_eq!(client.findings("here/a"), [format!("{REMOVED} here/a/call.sh:1")]);
}
