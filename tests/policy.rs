//! policy.toml from outside: what is read, and what is said about mistakes.

use proptest::prelude::*;
use sunwatch::document::OperationKey;
use sunwatch::policy::*;

const RULES: &[&str] = &[
    "operation-removed",
    "operation-removable",
    "operation-near-removal",
    "operation-deprecated",
    "operation-unknown",
    "method-unknown",
    "operation-not-yet-introduced",
    "removed-without-deprecation",
    "removed-before-window",
    "removal-undecided",
    "deprecation-withdrawn",
    "deprecated-item-extended",
    "deprecated-item-extended-shared",
    "deprecated-without-replacement",
    "replacement-missing",
    "deprecated-in-prose-only",
    "deprecated-flag-misspelt",
    "announced-not-flagged",
    "removal-overdue",
    "deprecated-on-arrival",
    "ignore-unused",
    "ignore-expired",
    "response-field-removed",
    "request-field-removed",
    "parameter-removed",
];

fn errors(text: &str) -> PolicyErrors {
    match Policy::parse(text, "policy.toml", RULES) {
        Ok(_) => panic!("no mistake found in:\n{text}"),
        Err(errors) => errors,
    }
}

/// Each text with all that is said about it, place first.
fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let found: Vec<String> = errors(text).iter().map(ToString::to_string).collect();
        let expected: Vec<String> = expected.iter().map(|e| format!("policy.toml:{e}")).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn mistakes_in_syntax() {
    check(&[
        (
            "a = \n b = [",
            &[
                "1:5: not valid TOML: string values must be quoted, expected literal string",
                "2:7: not valid TOML: unclosed array, expected `]`",
            ],
        ),
        (
            "[near]\ndays = 1\n[near]\ndays = 2",
            &["3:2: not valid TOML: duplicate key", "4:1: not valid TOML: duplicate key"],
        ),
        ("[[release]]\nid = v2.18", &["2:6: the release id v2.18 stands without quotes; write \"v2.18\""]),
        ("[[release]]\nid = 2.18.1", &["2:6: the release id 2.18.1 stands without quotes; write \"2.18.1\""]),
        (
            "[[release]]\nid = \"2.18\"\nsaas = 2024-02-30",
            &["3:8: not valid TOML: invalid date, expected day between 01 and 29"],
        ),
        (
            "\n {\n  \"openapi\": \"3.0.3\",\n  \"paths\": {}\n}",
            &["2:2: this is JSON; a policy is TOML, and names API documents by `document` in a [[release]]"],
        ),
    ]);
}

#[test]
fn mistakes_in_keys() {
    check(&[
        ("[windw.saas]\nmonths = 6", &["1:2: unknown section `windw`; did you mean `window`?"]),
        (
            "colour = 3",
            &[
                "1:1: unknown section `colour`: expected window, near, release, announcement, exempt, annotations, levels, scan, source or ignore",
            ],
        ),
        (
            "[window.saas]\nreleses = 2",
            &["2:1: unknown key `releses` in [window.saas]; did you mean `releases`?"],
        ),
        ("[near]\nmonths = 1", &["2:1: unknown key `months` in [near]: expected releases or days"]),
        ("[scan]\nhost = [\"x\"]", &["2:1: unknown key `host` in [scan]; did you mean `hosts`?"]),
        (
            "[release]\nid = \"2.18\"",
            &["1:1: there can be several of this section: write it as [[release]], with two brackets"],
        ),
        ("release = 3", &["1:11: `release`: expected a list of tables, found the number 3"]),
        ("[[near]]\ndays = 1", &["1:1: `near`: expected a table, found a list"]),
    ]);
}

#[test]
fn mistakes_in_windows() {
    check(&[
        ("[window.saas]", &["1:1: [window.saas]: expected `releases`, `months` or both, found neither"]),
        (
            "[window.saas]\nmonths = -1",
            &["2:10: `months`: expected a whole number of months from 0 to 1200, found `-1`"],
        ),
        (
            "[window.saas]\nmonths = 1.5\nreleases = \"2\"",
            &[
                "2:10: `months`: expected a whole number of months from 0 to 1200, found the number 1.5",
                "3:12: `releases`: expected a whole number of releases from 0 to 1000, found the text \"2\"",
            ],
        ),
        (
            "[window.saas]\nreleases = 99999999999999999999",
            &[
                "2:12: `releases`: expected a whole number of releases from 0 to 1000, found `99999999999999999999`",
            ],
        ),
        (
            "[window]\nsaas = 6",
            &["2:8: `saas`: expected a table for each channel, as [window.self-hosted], found the number 6"],
        ),
        (
            "[window.document]\nmonths = 6",
            &["1:9: `document` is no name for a channel: a [[release]] has a key of that name"],
        ),
        (
            "[near]\ndays = \"60\"\nreleases = -3",
            &[
                "2:8: `days`: expected a whole number of days from 0 to 36500, found the text \"60\"",
                "3:12: `releases`: expected a whole number of releases from 0 to 1000, found `-3`",
            ],
        ),
    ]);
}

#[test]
fn mistakes_in_releases() {
    check(&[
        (
            "[[release]]\nid = 2.20\nsaas = 2025-01-12",
            &["2:6: the release id 2.20 stands without quotes; write \"2.20\" (as a number it would be 2.2)"],
        ),
        ("[[release]]\nid = 2.18", &["2:6: the release id 2.18 stands without quotes; write \"2.18\""]),
        ("[[release]]\nid = 3", &["2:6: the release id 3 stands without quotes; write \"3\""]),
        (
            "[[release]]\nid = 2024-10-01",
            &["2:6: the release id 2024-10-01 stands without quotes; write \"2024-10-01\""],
        ),
        ("[[release]]\nid = \" \"", &["2:6: `id` is empty: expected a release id in quotes as \"2.18\""]),
        (
            "[[release]]\nsaas = 2024-10-01",
            &["1:1: [[release]]: `id` is missing: expected a release id in quotes as \"2.18\""],
        ),
        (
            "[[release]]\nid = \"2.18\"\nsass = 2024-10-01",
            &["3:1: unknown channel or key `sass` in [[release]]; did you mean `saas`?"],
        ),
        (
            "[window.edge]\nmonths = 1\n[[release]]\nid = \"2.18\"\nsaas = 2024-10-01\nedge = 2024-10-01\nfar = 2024-10-01",
            &[
                "7:1: unknown channel or key `far` in [[release]]: expected edge, self-hosted, saas, id or document",
            ],
        ),
        (
            "[[release]]\nid = \"2.18\"\nsaas = \"2024-1-1\"",
            &["3:8: `saas`: expected a date as 2024-07-21, found `2024-1-1`"],
        ),
        (
            "[[release]]\nid = \"2.18\"\nsaas = \"2024-02-30\"",
            &["3:8: `saas`: expected a date as 2024-07-21, found `2024-02-30`"],
        ),
        (
            "[[release]]\nid = \"2.18\"\nsaas = 2024-10-01T00:00:00Z",
            &["3:8: `saas`: expected a date as 2024-07-21, found `2024-10-01T00:00:00Z`"],
        ),
        (
            "[[release]]\nid = \"2.18\"\nsaas = 20241001",
            &["3:8: `saas`: expected a date as 2024-07-21, found the number 20241001"],
        ),
        (
            "[[release]]\nid = \"2.18\"\n[[release]]\nid = \"v2.18\"",
            &["4:6: release `v2.18` is already listed as `2.18` in line 2"],
        ),
        (
            "[[release]]\nid = \"2.18\"\n[[release]]\nid = \"2.9\"",
            &["4:6: release `2.9` stands after `2.18`: list releases from oldest to newest"],
        ),
    ]);
}

#[test]
fn mistakes_in_announcements() {
    check(&[
        (
            "[[announcement]]\nrelease = \"2.18\"\nitem = \"/v1\"",
            &["2:11: release `2.18` is not listed in [[release]]"],
        ),
        (
            "[[release]]\nid = \"2.18\"\n[[announcement]]\nrelease = \"2.81\"\nitem = \"/v1\"",
            &["4:11: release `2.81` is not listed in [[release]]; did you mean `2.18`?"],
        ),
        (
            "[[release]]\nid = \"2.18\"\n[[announcement]]\nrelease = 2.18\nitem = \"/v1/*\"\nreplacement = \"\"",
            &[
                "4:11: the release id 2.18 stands without quotes; write \"2.18\"",
                "5:8: `/v1/*` names no item: a `*` is allowed only in exceptions ([[ignore]])",
                "6:15: `replacement` is empty: expected what to use instead; leave the key out where there is nothing",
            ],
        ),
        (
            "[[release]]\nid = \"2.18\"\n[[announcement]]\nrelease = \"2.18\"\nitem = \"GET /v1/{a}\"\n[[announcement]]\nrelease = \"v2.18\"\nitem = \"get /v1/{b}\"",
            &["8:8: the same announcement stands already in line 5"],
        ),
        (
            "[[announcement]]\n",
            &[
                "1:1: [[announcement]]: `release` is missing: expected a release that [[release]] lists",
                "1:1: [[announcement]]: `item` is missing: expected an item as `GET /v1/users` or `/v1/users query:limit`",
            ],
        ),
    ]);
}

#[test]
fn mistakes_in_rest() {
    check(&[
        (
            "[exempt]\ntext = [\"\"]\nextension = { stability = [\"a\"], x-a.b = \"c\", x-c = [1.5] }",
            &[
                "2:9: `text` is empty: expected a text that marks exempt surface",
                "3:15: `extension`: expected an extension, beginning with `x-`, found `stability`",
                "3:42: `x-a.b`: expected a list of values as [\"alpha\", \"draft\"], found the text \"c\"",
                "3:54: `x-c`: expected a text, a whole number, true or false, found the number 1.5",
            ],
        ),
        (
            "[exempt]\ntext = \"[Beta]\"",
            &["2:8: `text`: expected a list as [\"[Experimental]\"], found the text \"[Beta]\""],
        ),
        (
            "[annotations]\nremoval-on = [\"sunset\", \"x-a..b\", 3]\nremoved-on = []",
            &[
                "2:15: `removal-on`: expected an extension, beginning with `x-`, found `sunset`",
                "2:25: `removal-on`: expected an extension, beginning with `x-`, found `x-a..b`",
                "2:35: `removal-on`: expected an extension, beginning with `x-`, found the number 3",
                "3:1: unknown key `removed-on` in [annotations]; did you mean `removal-on`?",
            ],
        ),
        (
            "[levels]\noperation-remved = \"eror\"\nresponse-field-removed = true",
            &[
                "2:1: unknown rule `operation-remved`; did you mean `operation-removed`?",
                "2:20: unknown level `eror`; did you mean `error`?",
                "3:26: unknown level `true`: expected error, warning, note or off",
            ],
        ),
        (
            "[scan]\nhosts = [\"https://x.run.ai\", \"x:80\"]\nbase-paths = [\"runai\"]\ntests = 1",
            &[
                "2:10: `hosts`: expected a host without scheme, port or path, as *.run.ai or !docs.run.ai, found `https://x.run.ai`",
                "2:30: `hosts`: expected a host without scheme, port or path, as *.run.ai or !docs.run.ai, found `x:80`",
                "3:15: `base-paths`: expected an empty text, or a path as /runai, found `runai`",
                "4:9: `tests`: expected true or false, found the number 1",
            ],
        ),
        (
            "[[scan.sdk]]\nlanguage = \"pyhton\"\nnaming = \"x\"",
            &[
                "1:1: [[scan.sdk]]: `package` is missing: expected the name of the package",
                "2:12: unknown language `pyhton`; did you mean `python`?",
                "3:10: unknown naming `x`: expected openapi-generator, swagger-codegen or octokit",
            ],
        ),
    ]);
}

#[test]
fn mistakes_in_sources() {
    check(&[
        (
            "[source.p]\nauth = \"basic\"",
            &[
                "1:1: [source.p]: `url` is missing: expected an address as https://runai.example.com",
                "2:8: unknown auth `basic`: expected run-ai, oauth2-client-credentials, bearer, header or none",
            ],
        ),
        (
            "[source.p]\nurl = \"x\"\npath = \"y\"",
            &["3:8: [source.p]: expected either `url` or `path`, found both"],
        ),
        (
            "[source.p]\nurl = \"ftp://x\"",
            &["2:7: `url`: expected an address as https://runai.example.com, found `ftp://x`"],
        ),
        (
            "[source.p]\nurl = \"https://user:hunter2@x\"",
            &[
                "2:7: `url`: expected an address without user name and password; name environment variables instead",
            ],
        ),
        (
            "[source.p]\nurl = \"https://x\"\nclient-secret = \"hunter2\"",
            &["3:1: unknown key `client-secret` in [source.p]; did you mean `client-secret-env`?"],
        ),
        (
            "[source.p]\nurl = \"https://x\"\nauth = \"run-ai\"\nclient-id-env = \"hunter 2\"\ntoken-env = \"T\"",
            &[
                "3:8: [source.p]: auth = \"run-ai\" needs `client-secret-env`: expected the name of an environment variable",
                "4:17: `client-id-env`: expected the name of an environment variable (letters, digits, `_`), not the secret itself",
                "5:13: [source.p]: auth = \"run-ai\" has no use for `token-env`",
            ],
        ),
        (
            "[source.p]\nurl = \"https://x\"\nauth = \"header\"\nheader = \"X-Key: hunter2\"",
            &[
                "3:8: [source.p]: auth = \"header\" needs `token-env`: expected the name of an environment variable",
                "4:10: `header`: expected the name of a header alone, without its value",
            ],
        ),
        (
            "[source.p]\nurl = \"https://x\"\nrelease = 2.20\nversion-path = \"//evil/x\"\nversion-poiner = \"/x\"",
            &[
                "3:11: the release id 2.20 stands without quotes; write \"2.20\" (as a number it would be 2.2)",
                "4:16: `version-path`: expected a path on the same server, as /api/v1/version, found `//evil/x`",
                "5:1: unknown key `version-poiner` in [source.p]; did you mean `version-pointer`?",
            ],
        ),
        (
            "[source.p]\nurl = \"https://x\"\nversion-pointer = \"version\"",
            &[
                "3:19: `version-pointer`: expected a JSON pointer, as /version, found `version`",
                "3:19: [source.p]: `version-path` is missing: expected a path on the same server, as /api/v1/version",
            ],
        ),
        (
            "[source.p]\nurl = \"https://x\"\nauth = \"run-ai\"\nclient-id-env = \"A\"\nclient-secret-env = \"B\"\nrealm = \"../x\"\nscope = \"y\"",
            &[
                "6:9: `realm`: expected the name of a realm, found `../x`",
                "7:9: [source.p]: auth = \"run-ai\" has no use for `scope`",
            ],
        ),
        (
            "[[release]]\nid = \"2.18\"\n[source.\"2.18\"]\npath = \"x\"",
            &["3:9: source `2.18` has the name of a release; a command could not tell them apart"],
        ),
    ]);
}

#[test]
fn mistakes_in_ignores() {
    check(&[
        (
            "[[ignore]]\nrule = \"operation-remove\"\nitem = \"GTE /x\"\nreason = \" \"\nuntil = 1",
            &[
                "2:8: unknown rule `operation-remove`; did you mean `operation-removed`?",
                "3:8: `GTE /x` names no item: `GTE` is no HTTP method; did you mean `GET`?",
                "4:10: `reason` is empty: expected the reason for the exception",
                "5:9: `until`: expected a date as 2024-07-21, found the number 1",
            ],
        ),
        (
            "[[ignore]]",
            &[
                "1:1: [[ignore]]: `rule` is missing: expected the id of a rule",
                "1:1: [[ignore]]: `item` is missing: expected an item as `GET /v1/users` or `/v1/users query:limit`",
                "1:1: [[ignore]]: `reason` is missing: expected the reason for the exception",
                "1:1: [[ignore]]: `until` is missing: expected the last day of the exception, as 2027-01-31",
            ],
        ),
    ]);
}

#[test]
fn mistakes_in_columns() {
    check(&[(
        "\"äö\" = 1\n\t\"b\" = 2",
        &[
            "1:1: unknown section `äö`: expected window, near, release, announcement, exempt, annotations, levels, scan, source or ignore",
            "2:2: unknown section `b`: expected window, near, release, announcement, exempt, annotations, levels, scan, source or ignore",
        ],
    )]);
}

#[test]
fn a_mistake_is_shown_with_its_line() {
    let text = "[near]\n\tdäys = 60\n[levels]\noperation-remved = \"off\"\n";
    let expected = "\
policy.toml:2:2: unknown key `däys` in [near]; did you mean `days`?
  |
2 | \tdäys = 60
  | \t^^^^
policy.toml:4:1: unknown rule `operation-remved`; did you mean `operation-removed`?
  |
4 | operation-remved = \"off\"
  | ^^^^^^^^^^^^^^^^";
    let text = text.replace("däys", "\"däys\"");
    let expected = expected.replace("\tdäys = 60\n  | \t^^^^", "\t\"däys\" = 60\n  | \t^^^^^^");
    let errors = errors(&text);
    assert_eq!(errors.to_string(), expected);
    assert_eq!(errors.count(), 2);
    let first = errors.iter().next().unwrap();
    assert_eq!((first.file(), first.line(), first.column(), first.width()), ("policy.toml", 2, 2, 6));
    assert!(
        matches!(first.kind(), PolicyErrorKind::UnknownKey { known, .. } if known.nearest() == Some("days"))
    );
}

#[test]
fn secrets_are_not_repeated() {
    for line in [
        "url = \"https://user:hunter2@x\"",
        "url = \"user:hunter2@x\"",
        "client-secret-env = hunter2",
        "url = \"https://x\"\nclient-secret = \"hunter2\"",
        "url = \"https://x\"\nauth = \"bearer\"\ntoken-env = \"hunter2!\"",
        "url = \"https://x\"\nauth = \"header\"\ntoken-env = \"T\"\nheader = \"X: hunter2\"",
    ] {
        let errors = errors(&format!("[source.p]\n{line}")).to_string();
        assert!(!errors.contains("hunter2"), "{errors}");
    }
}

#[test]
fn too_much_is_refused_or_counted() {
    let errors = self::errors(&"#".repeat(MAX_POLICY_BYTES + 1));
    assert!(matches!(errors.iter().next().unwrap().kind(), PolicyErrorKind::TooLarge { .. }));
    for deep in [
        "a = ".to_owned() + &"[".repeat(100_000),
        "[exempt.extension".to_owned() + &".x".repeat(100_000) + "]",
    ] {
        assert!(Policy::parse(&deep, "policy.toml", RULES).is_err());
    }
    let many: String = (0..150).map(|i| format!("k{i} = 1\n")).collect();
    let errors = self::errors(&many);
    assert_eq!((errors.iter().count(), errors.count()), (100, 150));
    assert!(errors.to_string().ends_with("\nand 50 more mistakes"));
}

const WHOLE: &str = r#"
[window.self-hosted]
releases = 2
[window.saas]
months = 6
[near]
releases = 2
days = 30
[[release]]
id = "2.17"
[[release]]
id = "v2.18"
self-hosted = 2024-07-21
saas = "2024-07-22"
document = "specs/2.18.json"
[[announcement]]
release = "2.17.0"
item = "PUT /v1/users/{id}"
replacement = "/api/v1/users/{userId} + PUT /api/v1/users/{userId}/roles"
[exempt]
text = ["[Experimental]"]
extension = { x-stability-level = ["alpha", true, 3], x-a.b = ["c"], "x-a.d" = ["e"] }
[annotations]
removal-on = ["x-sunset", "x-github.removalDate"]
message = []
[levels]
response-field-removed = "off"
[scan]
hosts = ["*.Run.AI"]
base-paths = ["", "/runai/"]
exclude = ["vendor/**"]
tests = true
[[scan.sdk]]
package = "runai"
language = "python"
[source.prod]
url = "https://runai.example.com"
auth = "run-ai"
client-id-env = "RUNAI_CLIENT_ID"
client-secret-env = "RUNAI_CLIENT_SECRET"
realm = "runai"
[source.old]
path = "specs"
[[ignore]]
rule = "removed-before-window"
item = "P* /api/v1/*"
reason = "never left beta"
until = 2027-01-31
"#;

#[test]
fn everything_is_read_with_its_place() {
    let policy = Policy::parse(WHOLE, "policy.toml", RULES).unwrap();
    let Policy {
        file,
        windows,
        near,
        releases,
        announcements,
        exempt,
        annotations,
        levels,
        scan,
        sources,
        ignores,
    } = &policy;
    assert_eq!(file, "policy.toml");
    let channels: Vec<_> = policy.channels().map(|c| c.as_str()).collect();
    assert_eq!(channels, ["self-hosted", "saas"]);
    assert_eq!(windows[0].releases, Some(Spanned { value: 2, line: 3, column: 12 }));
    assert_eq!(windows[1].months.as_ref().map(|m| m.value), Some(6));
    assert_eq!((windows[1].channel.line, windows[1].channel.column), (4, 9));
    assert_eq!(*near, Near { releases: 2, days: 30 });
    assert_eq!(releases[1].id.value.as_str(), "v2.18");
    let dates: Vec<_> = releases[1].dates.iter().map(|(c, d)| format!("{c} {}", d.value)).collect();
    assert_eq!(dates, ["self-hosted 2024-07-21", "saas 2024-07-22"]);
    assert_eq!(releases[1].document.as_ref().unwrap().value, "specs/2.18.json");
    assert!(policy.release(&sunwatch::release::ReleaseId::new("2.18")).is_some());

    let old = OperationKey::new("PUT", "/v1/users/{userId}");
    assert!(announcements[0].item.value.matches_operation(&old));
    assert_eq!((announcements[0].item.line, announcements[0].item.column), (18, 8));
    let replacement = &announcements[0].replacement.as_ref().unwrap().value;
    let new: Vec<_> = replacement.operations_for(&old).iter().map(ToString::to_string).collect();
    assert_eq!(new, ["PUT /api/v1/users/{userId}", "PUT /api/v1/users/{userId}/roles"]);
    assert_eq!(Replacement::new("filterBy / sortBy").operations_for(&old), []);

    let extensions: Vec<_> =
        exempt.extensions.iter().map(|e| (e.path.value.as_str(), e.values.len())).collect();
    assert_eq!(extensions, [("x-stability-level", 3), ("x-a.b", 1), ("x-a.d", 1)]);
    assert_eq!(exempt.extensions[0].values[1].value, ExtensionValue::Boolean(true));
    let removal: Vec<_> = annotations.removal_on.iter().map(|p| p.value.as_str()).collect();
    assert_eq!(removal, ["x-sunset", "x-github.removalDate"]);
    let segments: Vec<_> = annotations.removal_on[1].value.segments().collect();
    assert_eq!(segments, ["x-github", "removalDate"]);
    assert!(annotations.message.is_empty());
    assert_eq!(annotations.deprecated_on, Annotations::default().deprecated_on);
    assert!(!annotations.deprecated_on.is_empty());

    assert_eq!(levels.len(), 1);
    assert_eq!(policy.level("response-field-removed"), Some(LevelSetting::Off));
    assert_eq!(policy.level("operation-removed"), None);
    assert_eq!(scan.hosts[0].value, "*.run.ai");
    assert_eq!(scan.base_paths.iter().map(|p| p.value.as_str()).collect::<Vec<_>>(), ["", "/runai"]);
    assert!(scan.tests);
    assert_eq!((scan.sdks[0].language.value, scan.sdks[0].naming.value), ("python", "openapi-generator"));
    assert_eq!(sources.len(), 2);
    assert!(matches!(
        &policy.source("prod").unwrap().auth,
        Auth::RunAi { client_id_env, realm: Some(_), .. } if client_id_env.value == "RUNAI_CLIENT_ID"
    ));
    assert!(matches!(policy.source("old").unwrap().location, Location::Path(_)));

    let ignore = &ignores[0];
    let operation = OperationKey::new("POST", "/api/v1/logout");
    let subject = Subject { operation: Some(&operation), ..Subject::default() };
    assert!(ignore.covers("removed-before-window", &subject));
    assert!(!ignore.covers("operation-removed", &subject));
    assert!(!ignore.expired("2027-01-31".parse().unwrap()));
    assert!(ignore.expired("2027-02-01".parse().unwrap()));
}

#[test]
fn an_empty_policy_is_a_policy() {
    // As some editors write it: a byte order mark and CR LF.
    let policy = Policy::parse("\u{feff}[near]\r\ndays = 1\r\n", "policy.toml", &[]).unwrap();
    assert_eq!(policy.near, Near { releases: 1, days: 1 });

    let policy = Policy::parse("", "policy.toml", &[]).unwrap();
    assert_eq!(policy.near, Near { releases: 1, days: 60 });
    assert_eq!(policy.scan.base_paths.len(), 1);
    assert!(policy.windows.is_empty());
}

#[test]
fn the_template_is_clean_as_written_and_with_everything_in_force() {
    Policy::parse(INIT_TEMPLATE, "policy.toml", &[]).unwrap_or_else(|e| panic!("{e}"));
    // An example in a comment is a line of TOML after `# `; prose has no such form.
    let in_force: String = INIT_TEMPLATE
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.starts_with('[') || rest.split_once(" = ").is_some_and(|(k, _)| is_key(k)) => {
                rest
            }
            _ => line,
        })
        .flat_map(|line| [line, "\n"])
        .collect();
    let policy = Policy::parse(&in_force, "policy.toml", RULES).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(policy.announcements.len(), 1);
    assert_eq!(policy.sources.len(), 2);
    assert_eq!(policy.ignores.len(), 1);
    assert_eq!(policy.levels.len(), 1);
    assert_eq!(policy.annotations.deprecated_in.len(), 1);
}

fn is_key(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}

fn builtin() -> Policy {
    Policy::builtin(RULES).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_builtin_policy_has_the_published_facts() {
    let policy = builtin();
    assert_eq!(policy.releases.len(), 8);
    let calendar = Calendar::new(&policy, std::iter::empty());
    assert_eq!(calendar.latest().unwrap().as_str(), "2.23");
    let id = sunwatch::release::ReleaseId::new;
    let channel = sunwatch::release::Channel::new;
    let deadline = |c: &str, r: &str| policy.removable(&calendar, &channel(c), &id(r), None);
    assert_eq!(deadline("self-hosted", "2.18").release, Some(id("2.21")));
    assert_eq!(deadline("saas", "2.18").date.unwrap().to_string(), "2025-01-21");
    // Announced in 2.17 and gone in 2.20: just in time.
    assert_eq!(deadline("self-hosted", "2.17").allows_removal_in(&id("2.20"), &calendar), Verdict::Yes);
    assert!(policy.releases.iter().all(|release| release.document.is_none()));
}

#[test]
fn the_builtin_announcements_name_what_was_announced() {
    let policy = builtin();
    // The release in which an operation as a whole was announced, and its replacements.
    let announced = |operation: &str| -> Vec<String> {
        let key = OperationKey::parse(operation).unwrap();
        let whole = policy.announcements.iter().filter(|a| a.item.value.place().is_none());
        whole
            .filter(|a| a.item.value.matches_operation(&key))
            .map(|a| {
                let text = a.replacement.as_ref().map_or("", |r| r.value.text.as_str());
                format!("{} {text}", a.release.value)
            })
            .collect()
    };
    for (operation, expected) in [
        ("GET /v1/k8s/tenant/{id}/logo", "2.17 GET /api/v1/logo"),
        ("POST /v1/k8s/tenant/{id}/logo", "2.17 POST /api/v1/logo"),
        ("POST /v1/k8s/clusters/{c}/projects", "2.18 POST /api/v1/org-unit/projects"),
        ("GET /v1/k8s/clusters/{c}/departments", "2.18 GET /api/v1/org-unit/departments"),
        (
            "PUT /v1/k8s/clusters/{c}/projects/{p}",
            "2.18 PUT /api/v1/org-unit/projects/{projectId} + PUT /api/v1/org-unit/projects/{projectId}/resources",
        ),
        ("GET /v1/k8s/audit", "2.19 GET /api/v1/audit/log"),
        ("PATCH /api/v1/policy/workspace", "2.17 /api/v2/policy/workspaces"),
    ] {
        assert_eq!(announced(operation), [expected], "{operation}");
    }
    // Announced are parameters and fields of these, not the operations.
    for operation in ["GET /api/v1/authorization/access-rules", "POST /api/v1/token"] {
        assert_eq!(announced(operation), Vec::<String>::new(), "{operation}");
    }
    let named = |text: &str| policy.announcements.iter().any(|a| a.item.value.as_str() == text);
    assert!(named("GET /api/v1/authorization/access-rules query:roleId"));
    assert!(named("POST /api/v1/token request:appSecret"));
    assert!(named("POST /api/v1/workloads/distributed masterSpec.compute.migProfile"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is in the file: a policy, or mistakes that can be shown.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        if let Err(errors) = Policy::parse(&text, "p", RULES) {
            prop_assert!(!errors.to_string().is_empty());
        }
    }

    #[test]
    fn toml_like_text_is_read_or_refused(
        text in "([\\[\\]{}=\",.'#\n\r\t -9a-zé]|\\[\\[release\\]\\]\n|id = |\\[window.saas\\]\n|item = \"|extension = |x-|2\\.20){0,60}"
    ) {
        if let Err(errors) = Policy::parse(&text, "p", RULES) {
            prop_assert!(!errors.to_string().is_empty());
        }
    }

    /// A good policy with a stretch replaced.
    #[test]
    fn damage_is_read_or_refused(at in 0usize..WHOLE.len(), length in 0usize..12, put in "[\\PC\n]{0,6}") {
        let (start, end) = (floor(at), floor((at + length).min(WHOLE.len())));
        let text = format!("{}{put}{}", &WHOLE[..start], &WHOLE[end..]);
        match Policy::parse(&text, "p", RULES) {
            Err(errors) => {
                prop_assert!(errors.iter().all(|e| e.line() > 0 && e.column() > 0 && e.width() > 0));
                prop_assert!(!errors.to_string().is_empty());
            }
            Ok(policy) => {
                let calendar = Calendar::new(&policy, [sunwatch::release::ReleaseId::new(&put)].into_iter());
                for channel in policy.channels() {
                    for release in calendar.releases() {
                        let deadline = policy.removable(&calendar, channel, release, None);
                        let _ = (deadline.to_string(), deadline.allows_removal_in(release, &calendar));
                        let _ = deadline.state_at(Some(release), None, &calendar, &policy.near);
                    }
                }
            }
        }
    }

    #[test]
    fn any_selector_is_read_or_refused(text in "(\\PC|[/{}\\[\\]*:=. #]|GET |query:|request:){0,20}") {
        if let Ok(selector) = ItemSelector::parse(&text, Stars::Allowed) {
            let _ = selector.matches_operation(&OperationKey::new("GET", &text));
            let _ = selector.matches_place(None, &text);
            prop_assert_eq!(&ItemSelector::parse(selector.as_str(), Stars::Allowed).unwrap(), &selector);
        }
    }
}

fn floor(mut at: usize) -> usize {
    while !WHOLE.is_char_boundary(at) {
        at -= 1;
    }
    at
}
