//! Recorded truth: programs of ours were run against a server that wrote down
//! what they asked of it (`tests/recorded/README.md`). `scan` must say the same
//! without running them: every request, at a line through which it was made,
//! with its method and operation, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sunwatch::document::OperationKey;
use sunwatch::scan::{
    Api, ApiConfig, Call, Confidence, FieldPlace, FieldUse, ScanOptions, Target, scan_paths,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded")
}

fn operations() -> Vec<OperationKey> {
    let text = std::fs::read_to_string(folder().join("operations.txt")).unwrap();
    text.lines().map(|line| OperationKey::parse(line).unwrap()).collect()
}

/// A request that was made, with the lines through which it came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Made {
    method: String,
    path: String,
    host: String,
    frames: Vec<(String, usize)>,
    /// Names in the query, `?name`, and places of the body.
    fields: BTreeSet<String>,
}

fn recording() -> BTreeMap<String, Vec<Made>> {
    let text = std::fs::read_to_string(folder().join("recording.tsv")).unwrap();
    let mut out: BTreeMap<String, Vec<Made>> = BTreeMap::new();
    for line in text.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [program, method, path, host, frames, fields] = columns.as_slice() else { panic!("{line}") };
        let frame = |frame: &str| {
            let (file, line) = frame.rsplit_once(':').unwrap();
            (file.to_owned(), line.parse().unwrap())
        };
        out.entry((*program).to_owned()).or_default().push(Made {
            method: (*method).to_owned(),
            path: (*path).to_owned(),
            host: (*host).to_owned(),
            frames: frames.split(';').map(frame).collect(),
            fields: fields.split(';').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        });
    }
    out
}

/// The operation that a request is, by the template with most literal text.
fn operation_of<'o>(made: &Made, operations: &'o [OperationKey]) -> Option<&'o OperationKey> {
    let path: Vec<&str> = made.path.split('/').filter(|part| !part.is_empty()).collect();
    let fits = |operation: &&OperationKey| {
        let template: Vec<&str> =
            operation.path.as_str().split('/').filter(|part| !part.is_empty()).collect();
        operation.method.as_str() == made.method
            && template.len() == path.len()
            && template.iter().zip(&path).all(|(known, part)| known.starts_with('{') || known == part)
    };
    if made.host == "weather.example" {
        return None;
    }
    operations.iter().filter(fits).min_by_key(|operation| operation.path.as_str().matches('{').count())
}

/// Whether a call stands at a line through which a request came.
fn at_frame(call: &Call, prefix: &str, made: &Made) -> bool {
    let file = call.file.strip_prefix(prefix).unwrap();
    made.frames.iter().any(|(name, line)| {
        name == file && (*line == call.request_line || (call.line..=call.end_line).contains(line))
    })
}

/// Requests whose path stands on a line that is not run when they are made:
/// program, operation, the line of the path, a line of the request.
const PREPARED: [(&str, &str, &str, &str); 9] = [
    // `send = functools.partial(client.post, "/api/v2/...")`
    ("python/registry", "POST /api/v2/sites/{siteId}/drills", "main.py:67", "main.py:83"),
    // A class says the path that the methods which it inherits ask for.
    (
        "python/sdk_like",
        "GET /api/v2/sites",
        "quarry_sdk/resources/sites.py:6",
        "quarry_sdk/resources/common.py:11",
    ),
    (
        "python/sdk_like",
        "GET /api/v2/sites/{siteId}",
        "quarry_sdk/resources/sites.py:6",
        "quarry_sdk/resources/common.py:14",
    ),
    (
        "python/sdk_like",
        "GET /api/v2/crews",
        "quarry_sdk/resources/crews.py:6",
        "quarry_sdk/resources/common.py:11",
    ),
    (
        "python/sdk_like",
        "GET /api/v2/crews/{crewId}",
        "quarry_sdk/resources/crews.py:6",
        "quarry_sdk/resources/common.py:14",
    ),
    ("node/worker", "GET /api/v2/permits/{permitId}", "lib/services/permits.js:7", "lib/services/base.js:11"),
    ("node/worker", "POST /api/v2/permits", "lib/services/permits.js:7", "lib/services/base.js:15"),
    ("node/worker", "GET /api/v2/crews/{crewId}", "lib/services/crews.js:5", "lib/services/base.js:11"),
    ("node/worker", "POST /api/v2/crews", "lib/services/crews.js:5", "lib/services/base.js:15"),
];

fn api(operations: &[OperationKey]) -> Api {
    Api::new(ApiConfig {
        operations: operations.to_vec(),
        hosts: vec!["*.quarry.example".into(), "quarry.example".into()],
        hosts_are_complete: true,
        base_paths: vec![String::new()],
        server_paths: Vec::new(),
        ..ApiConfig::default()
    })
}

/// Fields that were sent and that the scan does not see, of all; each is a miss.
const UNSEEN: usize = 7;

#[test]
fn fields_are_those_that_were_sent() {
    let operations = operations();
    let api = api(&operations);
    let mut failures = String::new();
    let mut missed = BTreeSet::new();
    let mut sent = BTreeSet::new();
    // Objects that are known in full, held against what was sent.
    let mut compared = 0;
    for (program, all) in recording() {
        let root = folder().join(&program);
        let prefix = format!("{}/", root.display());
        let scan = scan_paths(&api, std::slice::from_ref(&root), &ScanOptions::default()).unwrap();
        let answers = |call: &Call, made: &Made| {
            let operation = operation_of(made, &operations);
            let same = operation.is_some_and(
                |operation| matches!(&call.target, Target::Operation(known) if known == operation),
            );
            same && at_frame(call, &prefix, made)
        };
        let fields = |call: &Call| -> BTreeSet<String> {
            let name = |field: &FieldUse| match field.place {
                FieldPlace::Body => Some(field.at.clone()),
                FieldPlace::Query => Some(format!("?{}", field.at)),
                FieldPlace::Answer => None,
            };
            call.fields.iter().filter_map(name).collect()
        };
        for call in &scan.calls {
            let made: Vec<&Made> = all.iter().filter(|made| answers(call, made)).collect();
            for field in fields(call) {
                if !made.is_empty() && !made.iter().any(|made| made.fields.contains(&field)) {
                    failures.push_str(&format!("{program}:{}: invented {field}\n", call.line));
                }
            }
            // What is known in full holds all that was sent.
            for object in &call.objects {
                let in_query = object.stands.place == FieldPlace::Query;
                let holder = if in_query { "" } else { object.stands.at.as_str() };
                let within = |field: &&String| match field.rsplit_once('.') {
                    _ if field.starts_with('?') != in_query => false,
                    Some((above, _)) => above == holder,
                    None => holder.is_empty(),
                };
                let name = |field: &String| field.rsplit(['.', '?']).next().unwrap().to_owned();
                let whole = |made: &&Made| {
                    made.fields.iter().filter(within).all(|field| object.keys.contains(&name(field)))
                };
                compared += usize::from(!made.is_empty());
                if !made.is_empty() && !made.iter().any(whole) {
                    failures.push_str(&format!("{program}:{}: not all of {object:?}\n", call.line));
                }
            }
        }
        for made in &all {
            let calls: Vec<&Call> = scan.calls.iter().filter(|call| answers(call, made)).collect();
            for field in &made.fields {
                let known = (program.clone(), made.frames.clone(), field.clone());
                if !calls.is_empty() && !calls.iter().any(|call| fields(call).contains(field)) {
                    missed.insert(known.clone());
                }
                sent.insert(known);
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert_eq!(sent.len(), 48, "the recording has other fields than it had");
    assert!(compared >= 55, "only {compared} objects were compared");
    assert!(missed.len() <= UNSEEN, "{} of {} are missed:\n{missed:#?}", missed.len(), sent.len());
}

#[test]
fn scan_says_what_the_programs_did() {
    let operations = operations();
    let api = api(&operations);
    let mut failures = String::new();
    let (mut requests, mut places) = (0, BTreeSet::new());
    for (program, all) in recording() {
        let root = folder().join(&program);
        let prefix = format!("{}/", root.display());
        let scan = scan_paths(&api, std::slice::from_ref(&root), &ScanOptions::default()).unwrap();
        assert!(scan.files.skipped.is_empty(), "{program}: {:?}", scan.files.skipped);
        let mut all = all;
        for (_, operation, path, request) in PREPARED.iter().filter(|(name, ..)| *name == program) {
            let at = |place: &str| {
                let (file, line) = place.rsplit_once(':').unwrap();
                (file.to_owned(), line.parse::<usize>().unwrap())
            };
            for made in &mut all {
                let same =
                    operation_of(made, &operations).is_some_and(|known| known.to_string() == *operation);
                if same && made.frames.contains(&at(request)) {
                    made.frames.push(at(path));
                }
            }
        }
        let sure: Vec<&Call> =
            scan.calls.iter().filter(|call| call.confidence >= Confidence::Medium).collect();
        let says = |call: &Call, operation: &OperationKey| match &call.target {
            Target::Operation(known) => known == operation,
            _ => false,
        };
        let mut missed = BTreeSet::new();
        for made in &all {
            let Some(operation) = operation_of(made, &operations) else { continue };
            requests += 1;
            places.insert((program.clone(), operation.clone(), made.frames.clone()));
            if !sure.iter().any(|call| says(call, operation) && at_frame(call, &prefix, made)) {
                missed.insert((operation.to_string(), made.frames.clone()));
            }
        }
        for (operation, frames) in missed {
            let frames: Vec<String> = frames.iter().map(|(file, line)| format!("{file}:{line}")).collect();
            failures.push_str(&format!("{program}: missed {operation} by {}\n", frames.join(", ")));
        }
        for call in sure {
            let real = all.iter().any(|made| {
                operation_of(made, &operations).is_some_and(|operation| says(call, operation))
                    && at_frame(call, &prefix, made)
            });
            if !real {
                let method = call.method.as_ref().map_or("?", |method| method.as_str());
                let file = call.file.strip_prefix(&prefix).unwrap();
                failures.push_str(&format!(
                    "{program}: invented {method} {} at {file}:{} ({:?}, {:?})\n",
                    call.url, call.line, call.confidence, call.target
                ));
            }
        }
    }
    assert!(requests >= 150, "only {requests} requests were recorded");
    assert!(places.len() >= 150, "only {} places", places.len());
    assert!(failures.is_empty(), "\n{failures}");
}
