//! `sunwatch diff` as people and programs meet it: exit status, text, JSON.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_sunwatch"));
    // No policy upwards, nothing of the user's surroundings.
    let folder = tempfile::tempdir().unwrap();
    command.env_clear().current_dir(folder.path());
    for argument in arguments {
        if argument.starts_with("fixtures/") {
            command.arg(root.join(argument));
        } else if let Some((release, file)) =
            argument.split_once('=').filter(|(_, file)| file.starts_with("fixtures/"))
        {
            command.arg(format!("{release}={}", root.join(file).display()));
        } else {
            command.arg(argument);
        }
    }
    command.output().unwrap()
}

const OLD: &str = "1=fixtures/diff/harbour/1.json";
const NEW: &str = "2=fixtures/diff/harbour/2.json";

fn text(output: &Output) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    String::from_utf8(output.stdout.clone()).unwrap().replace(root, "").replace('\\', "/")
}

fn json(arguments: &[&str]) -> Value {
    let mut all = vec!["diff", OLD, NEW, "--format", "json"];
    all.extend(arguments);
    serde_json::from_slice(&run(&all).stdout).unwrap()
}

fn rules(report: &Value) -> Vec<String> {
    let changes = report["changes"].as_array().unwrap();
    changes.iter().map(|change| change["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn text_says_each_cause_once() {
    let output = run(&["diff", OLD, NEW]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "\
error[operation-removed]: GET /v1/tides is gone
  --> old /fixtures/diff/harbour/1.json:35:27
  = breaks wire and sdk
  = was accepted, is refused: {\"method\":\"GET\",\"path\":\"/v1/tides\"}
  = try: curl -X GET \"$BASE_URL\"'/v1/tides' -H \"Authorization: Bearer $TOKEN\"

error[request-field-narrowed]: `name` allows less: maxLength 20 is new
  --> new /fixtures/diff/harbour/2.json:107:17
  = in schemas Named; breaks wire
  = 1 place: POST /v1/berths  name
  = was accepted, is refused: {\"name\":\"aaaaaaaaaaaaaaaaaaaaa\"}
  = try: curl -X POST \"$BASE_URL\"'/v1/berths' -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' --data '{\"name\":\"aaaaaaaaaaaaaaaaaaaaa\"}'

error[response-field-removed]: `depth` is gone
  --> old /fixtures/diff/harbour/1.json:53:20
  = in schemas Berth; breaks sdk
  = 2 places: GET /v1/berths -> 200  [].depth, POST /v1/berths -> 201  depth

warning[response-enum-value-added]: `Kind` has the new value \"mooring\"
  --> new /fixtures/diff/harbour/2.json:73:15
  = in schemas Kind; breaks wire and sdk
  = 2 places: GET /v1/berths -> 200  [].kind, POST /v1/berths -> 201  kind
  = can be sent now, could not before: {\"id\":\"00000000-0000-0000-0000-000000000000\",\"name\":\"\",\"kind\":\"mooring\"}

note[request-enum-value-added]: 1 time: a request takes another listed value
  - `Kind` has the new value \"mooring\"

1 to 2: 5 changes in 7 places: 3 errors, 1 warning, 1 note. See `sunwatch explain operation-removed` for what to do.
";
    let normal = |text: &str| {
        // Lines and columns move with the fixture, the rest is what people see.
        let kept = text.lines().map(|line| match line.split_once(".json:") {
            Some((file, _)) => file.to_owned(),
            None => line.to_owned(),
        });
        kept.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(normal(&text(&output)), normal(expected));
}

#[test]
fn json_keeps_to_its_schema() {
    let schema: Value = serde_json::from_str(include_str!("../docs/schema/diff.schema.json")).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let report = json(&[]);
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(report["command"], "diff");
    assert_eq!(report["old"], "1");
}

#[test]
fn filters() {
    let mut wire = rules(&json(&["--breaks", "wire"]));
    wire.sort();
    assert_eq!(wire, ["operation-removed", "request-field-narrowed", "response-enum-value-added"]);
    assert_eq!(rules(&json(&["--operation", "GET /v1/tides"])), ["operation-removed"]);
    let posted = rules(&json(&["--operation", "POST /v1/*"]));
    assert!(posted.contains(&"request-field-narrowed".to_owned()), "{posted:?}");
    assert!(!posted.contains(&"operation-removed".to_owned()), "{posted:?}");
    assert!(rules(&json(&["--operation", "GET /v2/*"])).is_empty());
    // All of them at once.
    let both = ["--breaks", "wire", "--operation", "* /v1/berths", "--level", "error"];
    assert_eq!(rules(&json(&both)), ["request-field-narrowed"]);
    assert_eq!(rules(&json(&["--rule", "response-field-removed"])), ["response-field-removed"]);
    assert_eq!(rules(&json(&["--level", "error"])).len(), 3);
}

#[test]
fn exit_status() {
    let code = |arguments: &[&str]| run(arguments).status.code();
    assert_eq!(code(&["diff", OLD, OLD]), Some(0));
    assert_eq!(code(&["diff", OLD, NEW, "--fail-on", "never"]), Some(0));
    assert_eq!(code(&["diff", OLD, NEW, "--level", "note", "--rule", "request-enum-value-added"]), Some(0));
    assert_eq!(code(&["diff", OLD, NEW, "--rule", "no-such-rule"]), Some(2));
    assert_eq!(code(&["diff", OLD, NEW, "--rule", "removal-overdue"]), Some(2));
    assert_eq!(code(&["diff", OLD, "no-such-file.json"]), Some(2));
    assert!(text(&run(&["diff", OLD, OLD])).ends_with("1 to 1: no changes.\n"));
}

#[test]
fn a_ledger_is_not_enough() {
    let output = run(&["diff", "2.22", "2.23"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("only a ledger is known of release 2.22"), "{error}");
    assert!(error.contains("give two files"), "{error}");
}

#[test]
fn markdown_has_a_table_for_each_level() {
    let output = run(&["diff", OLD, NEW, "--format", "markdown"]);
    let text = text(&output);
    for part in [
        "# Changes from 1 to 2",
        "## Errors",
        "## Warnings",
        "## Notes",
        "| response-field-removed | schemas Berth |",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
