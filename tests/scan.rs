//! Every fixture of client code gives exactly the calls that its `expect:`
//! comments name: line, method, path and tags; a file without one gives none.
//!
//! An expectation is `expect: METHOD PATH`, METHOD `?` where it is not known,
//! followed by `[medium]` or `[low]` if the call is not sure, `[wrapper]` if it
//! goes through a helper, `[unknown]` if no release has the operation, `[method]`
//! if the path has no such method, `[ambiguous]` if several paths are possible.
//! Several are separated by `;`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sunwatch::document::OperationKey;
use sunwatch::scan::{
    Api, ApiConfig, Call, Confidence, Language, ScanOptions, SkipReason, Target, Via, scan_paths, scan_text,
};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scan")
}

fn api() -> Api {
    let text = std::fs::read_to_string(fixtures().join("operations.txt")).unwrap();
    Api::new(ApiConfig {
        operations: text.lines().map(|line| OperationKey::parse(line).unwrap()).collect(),
        hosts: vec!["*.run.ai".into()],
        hosts_are_complete: true,
        base_paths: vec![String::new(), "/runai".into()],
        server_paths: Vec::new(),
        ..ApiConfig::default()
    })
}

/// A call as an expectation is written.
fn describe(call: &Call) -> (usize, String) {
    let method = call.method.as_ref().map_or("?", |method| method.as_str());
    let mut tags = Vec::new();
    let path = match &call.target {
        Target::Operation(operation) => operation.path.to_string(),
        Target::Path(operations) => {
            let paths: BTreeSet<&str> = operations.iter().map(|operation| operation.path.as_str()).collect();
            if paths.len() > 1 {
                tags.push("ambiguous");
            }
            paths.first().unwrap().to_string()
        }
        Target::MethodUnknown { known } => {
            tags.push("method");
            known[0].path.to_string()
        }
        Target::SdkMethod { .. } => panic!("no client generated from the documents is configured"),
        Target::Unknown { nearest } => {
            tags.push("unknown");
            nearest.as_ref().map_or("-".to_owned(), |operation| operation.path.to_string())
        }
    };
    match call.confidence {
        Confidence::High => {}
        Confidence::Medium => tags.push("medium"),
        Confidence::Low => tags.push("low"),
    }
    if call.via == Via::Wrapper {
        tags.push("wrapper");
    }
    let tags: String = tags.iter().map(|tag| format!(" [{tag}]")).collect();
    (call.line, format!("{method} {path}{tags}"))
}

fn expected(text: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some((_, expectations)) = line.split_once("expect: ") else { continue };
        // In a continued command the only place is inside the string.
        let expectations = expectations.split('"').next().unwrap();
        for expectation in expectations.split(';') {
            let words: Vec<&str> = expectation.split_whitespace().collect();
            let (call, tags) = words.split_at(2.min(words.len()));
            let known = ["[ambiguous]", "[method]", "[unknown]", "[medium]", "[low]", "[wrapper]"];
            let tags: String =
                known.iter().filter(|tag| tags.contains(tag)).map(|tag| format!(" {tag}")).collect();
            out.push((index + 1, format!("{}{tags}", call.join(" "))));
        }
    }
    out.sort();
    out
}

/// The text without its expectations: their paths would say that a file is worth reading.
fn unsaid(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let Some((before, expectations)) = line.split_once("expect: ") else {
            out.push_str(line);
            continue;
        };
        let end = ["\"", "*/", "\n"].into_iter().filter_map(|end| expectations.find(end)).min();
        out.push_str(before);
        out.push_str(&expectations[end.unwrap_or(expectations.len())..]);
    }
    out
}

/// A copy of a folder, its texts without their expectations.
fn without_expectations(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    every_file(folder, &mut all);
    for path in all {
        let to = copy.path().join(path.strip_prefix(folder).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        match std::fs::read_to_string(&path) {
            Ok(text) => std::fs::write(&to, unsaid(&text)).unwrap(),
            Err(_) => drop(std::fs::copy(&path, &to).unwrap()),
        }
    }
    copy
}

fn every_file(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { every_file(&path, out) } else { out.push(path) }
    }
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    every_file(folder, out);
    out.retain(|path| path.extension().is_none_or(|extension| extension != "txt"));
    out.sort();
}

fn language(path: &Path, text: &str) -> Language {
    let by_name = path.extension().and_then(|extension| Language::of_extension(extension.to_str().unwrap()));
    by_name.or_else(|| Language::of_shebang(text)).unwrap()
}

#[test]
fn fixtures_give_exactly_the_expected_calls() {
    let api = api();
    let mut all = Vec::new();
    files(&fixtures(), &mut all);
    let mut failures = String::new();
    for path in &all {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.strip_prefix(fixtures()).unwrap().display().to_string();
        let scan = scan_text(&api, &name, &unsaid(&text), language(path, &text));
        let mut found: Vec<_> = scan.calls.iter().map(describe).collect();
        found.sort();
        let wanted = expected(&text);
        for (line, call) in wanted.iter().filter(|call| !found.contains(call)) {
            failures.push_str(&format!("{name}:{line}: missing  {call}\n"));
        }
        for (line, call) in found.iter().filter(|call| !wanted.contains(call)) {
            failures.push_str(&format!("{name}:{line}: invented {call}\n"));
        }
        if scan.skipped.is_some() {
            failures.push_str(&format!("{name}: skipped {:?}\n", scan.skipped));
        }
    }
    assert!(all.len() > 3, "no fixtures under {}", fixtures().display());
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn programs_of_several_files_give_exactly_the_expected_calls() {
    let api = api();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scan_projects");
    let mut failures = String::new();
    let mut folders = 0;
    for entry in std::fs::read_dir(&root).unwrap() {
        let folder = entry.unwrap().path();
        folders += 1;
        let copy = without_expectations(&folder);
        let scan = scan_paths(&api, &[copy.path().to_owned()], &ScanOptions::default()).unwrap();
        let mut all = Vec::new();
        files(&folder, &mut all);
        for path in &all {
            let Ok(text) = std::fs::read_to_string(path) else { continue };
            let name = copy.path().join(path.strip_prefix(&folder).unwrap()).display().to_string();
            let short = path.strip_prefix(&root).unwrap().display();
            let mut found: Vec<_> =
                scan.calls.iter().filter(|call| call.file == name).map(describe).collect();
            found.sort();
            let wanted = expected(&text);
            for (line, call) in wanted.iter().filter(|call| !found.contains(call)) {
                failures.push_str(&format!("{short}:{line}: missing  {call}\n"));
            }
            for (line, call) in found.iter().filter(|call| !wanted.contains(call)) {
                failures.push_str(&format!("{short}:{line}: invented {call}\n"));
            }
        }
        if !scan.files.skipped.is_empty() {
            failures.push_str(&format!("{}: skipped {:?}\n", folder.display(), scan.files.skipped));
        }
    }
    assert!(folders > 3, "no projects under {}", root.display());
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn a_client_may_say_the_ending_of_its_paths_once() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "base.js",
        "export class Base {\n  list(path) {\n    return fetch(`${this.url}/api/v2/${path}.json`);\n  }\n}\n",
    );
    write(
        "tickets.js",
        "import { Base } from './base';\nexport class Tickets extends Base {\n  \
         recent() { return this.list('tickets/recent'); }\n  one(id) { return this.list('tickets/' + id); }\n}\n",
    );
    // The path of a page.
    write("page.js", "import { Link } from 'router';\nexport const links = [Link('tickets/recent')];\n");
    let lines = ["GET /api/v2/tickets/recent.json", "GET /api/v2/tickets/{id}.json"];
    let api = Api::new(ApiConfig {
        operations: lines.iter().map(|line| OperationKey::parse(line).unwrap()).collect(),
        base_paths: vec![String::new()],
        ..ApiConfig::default()
    });
    let scan = scan_paths(&api, &[folder.path().to_owned()], &ScanOptions::default()).unwrap();
    let found: Vec<_> = scan.calls.iter().map(describe).collect();
    let expected =
        [(3, "GET /api/v2/tickets/recent.json [wrapper]"), (4, "GET /api/v2/tickets/{id}.json [wrapper]")];
    assert_eq!(found, expected.map(|(line, call)| (line, call.to_owned())));
}

#[test]
fn places_are_those_of_the_url_expression() {
    let text = "import requests\nBASE = 'https://app.run.ai'\nrequests.get(\n    f\"{BASE}/v1/k8s/ü/x\",\n)\n\
                r = requests.delete(BASE + '/v1/k8s/users/' + uid)\n";
    let scan = scan_text(&api(), "a.py", text, Language::Python);
    let call = scan.calls.iter().find(|call| call.method.as_ref().unwrap().as_str() == "DELETE").unwrap();
    assert_eq!(&text[call.span.clone()], "BASE + '/v1/k8s/users/' + uid");
    assert_eq!((call.line, call.column, call.end_line, call.end_column), (6, 21, 6, 50));
    assert_eq!(call.url, "https://app.run.ai/v1/k8s/users/{uid}");
}

#[test]
fn folders_are_walked_in_order_and_vendored_code_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let call = "import requests\nrequests.get('https://app.run.ai/v1/k8s/users')\n";
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("b.py", call);
    write("a/c.py", call);
    write("a/quiet.py", "print('nothing here')\n");
    // Types without code.
    write("a/types.d.ts", "export declare const users = fetch('https://app.run.ai/v1/k8s/users');\n");
    write("node_modules/x/y.py", call);
    write("tests/test_x.py", call);
    write("generated/z.py", call);
    write("tool", "#!/bin/sh\ncurl https://app.run.ai/v1/k8s/users\n");
    write("ignored/i.py", call);
    write(".gitignore", "ignored/\n");
    write("binary.py", "a\0b");
    write("readme.md", "text");
    let options = ScanOptions { exclude: vec!["generated/**".into()], ..ScanOptions::default() };
    let scan = scan_paths(&api(), &[folder.path().to_owned()], &options).unwrap();
    let prefix = format!("{}/", folder.path().display());
    let name = |file: &str| file.strip_prefix(&prefix).unwrap().to_owned();
    let found: Vec<_> = scan.calls.iter().map(|call| name(&call.file)).collect();
    assert_eq!(found, ["a/c.py", "b.py", "tool"]);
    let skipped: Vec<_> =
        scan.files.skipped.iter().map(|skipped| (name(&skipped.file), skipped.reason.clone())).collect();
    assert_eq!(
        skipped,
        [
            ("binary.py".to_owned(), SkipReason::Binary),
            ("generated/z.py".to_owned(), SkipReason::Excluded),
            ("tests/test_x.py".to_owned(), SkipReason::TestCode),
        ]
    );
    assert_eq!((scan.files.seen, scan.files.scanned), (7, 4));
    assert_eq!(scan.sources.len(), 3);

    let with_tests = ScanOptions { tests: true, ..options };
    let scan = scan_paths(&api(), &[folder.path().to_owned()], &with_tests).unwrap();
    let tests: Vec<_> = scan.calls.iter().filter(|call| call.in_test).collect();
    assert_eq!(tests.len(), 1);
    assert_eq!(tests[0].confidence, Confidence::Low);
}

#[test]
fn servers_and_gateways_may_hold_part_of_the_path() {
    let api = Api::new(ApiConfig {
        operations: vec![
            OperationKey::new("GET", "/projects/{name}/repositories"),
            OperationKey::new("DELETE", "/projects/{name}/repositories/{repository}/artifacts"),
        ],
        hosts: vec!["images.example.io".into()],
        hosts_are_complete: true,
        base_paths: vec![String::new(), "/gateway".into()],
        server_paths: vec!["/api/v2.0".into()],
        ..ApiConfig::default()
    });
    let calls = |text: &str| -> Vec<_> {
        let scan = scan_text(&api, "a.py", &format!("import requests\n{text}\n"), Language::Python);
        scan.calls.iter().map(|call| describe(call).1).collect()
    };
    let list = "GET /projects/{name}/repositories";
    assert_eq!(calls("requests.get('https://images.example.io/api/v2.0/projects/7/repositories')"), [list]);
    assert_eq!(calls("requests.get(BASE + '/api/v2.0/projects/' + p + '/repositories')"), [list]);
    assert_eq!(calls("requests.get(BASE + '/gateway/api/v2.0/projects/' + p + '/repositories')"), [list]);
    let base =
        "BASE = 'https://images.example.io/api/v2.0'\nrequests.get(f'{BASE}/projects/{p}/repositories')";
    assert_eq!(calls(base), [list]);
    assert_eq!(calls("requests.get('https://other.io/api/v2.0/projects/x/repositories')"), [""; 0]);
    // Behind a word that is no base path it may be another API's.
    let elsewhere = calls("requests.delete(f'/forge/projects/{p}/repositories/{r}/artifacts')");
    assert_eq!(elsewhere, ["DELETE /projects/{name}/repositories/{repository}/artifacts [low]"]);
    assert_eq!(calls("requests.get('https://images.example.io/api/v2.0/projects/x/repository')").len(), 1);
}

#[test]
fn behind_an_address_that_a_server_gave_stands_that_servers_api() {
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/quotas")],
        server_paths: vec!["/api/v2.0".into()],
        ..ApiConfig::default()
    });
    let confidence = |front: &str| {
        let text = format!("import requests\nrequests.get('%s/quotas' % {front})\n");
        let scan = scan_text(&api, "a.py", &text, Language::Python);
        scan.calls.iter().map(|call| call.confidence).collect::<Vec<_>>()
    };
    assert_eq!(confidence("tenant['href']"), [Confidence::Low]);
    assert_eq!(confidence("page.next_link"), [Confidence::Low]);
    assert_eq!(confidence("registry_url"), [Confidence::Medium]);
}

#[test]
fn a_path_of_several_apis_is_known_by_its_company() {
    let api = Api::new(ApiConfig {
        operations: [
            "/quotas",
            "/projects/{name}/members",
            "/projects/{name}/artifacts",
            "/replication/{id}",
        ]
        .map(|path| OperationKey::new("GET", path))
        .to_vec(),
        hosts: vec!["images.example.io".into()],
        server_paths: vec!["/api/v2.0".into()],
        ..ApiConfig::default()
    });
    let confidence = |base: &str, others: &[&str], version: &str| {
        let client = "import requests\n\nclass Client:\n    def get(self, path):\n";
        let mut text =
            format!("{client}        return requests.get(f\"{{{base}}}{{path}}\")\n\nc = Client()\n");
        for path in others {
            text.push_str(&format!("c.get(\"{path}\")\n"));
        }
        text.push_str(&format!("c.get(f\"{version}/projects/{{name}}/members\")\n"));
        let scan = scan_text(&api, "a.py", &text, Language::Python);
        scan.calls.last().map(|call| call.confidence)
    };
    let forge =
        ["/runners", "/snippets", "/epics", "/todos", "/wikis", "/issues", "/merge_requests", "/keys"];
    assert_eq!(confidence("self.base", &forge[..7], ""), Some(Confidence::Medium));
    assert_eq!(confidence("self.base", &forge, ""), Some(Confidence::Low));
    // The API's own host, a version and more of the API's paths say otherwise.
    assert_eq!(confidence("'https://images.example.io/api/v2.0'", &forge, ""), Some(Confidence::High));
    assert_eq!(confidence("self.base", &forge, "/api/v2.0"), Some(Confidence::Medium));
    // A version that all of them have is any product's.
    let versioned: Vec<String> = forge.iter().map(|path| format!("/api/v2.0{path}")).collect();
    let versioned: Vec<&str> = versioned.iter().map(String::as_str).collect();
    assert_eq!(confidence("self.base", &versioned[..7], "/api/v2.0"), Some(Confidence::Medium));
    assert_eq!(confidence("self.base", &versioned, "/api/v2.0"), Some(Confidence::Low));
    assert_eq!(confidence("'https://images.example.io'", &versioned, "/api/v2.0"), Some(Confidence::High));
    let mixed: Vec<&str> = forge.iter().copied().chain(["/quotas", "/replication/7"]).collect();
    assert_eq!(confidence("self.base", &mixed, ""), Some(Confidence::Medium));
}

#[test]
fn tools_of_the_command_line_ask_the_api_that_they_are_made_for() {
    let told = |hosts: &[&str], text: &str, language: Language| -> Vec<String> {
        let api = Api::new(ApiConfig {
            operations: [
                ("GET", "/repos/{owner}/{repo}/contents/{path}"),
                ("GET", "/repos/{owner}/{repo}/actions/runs"),
                ("GET", "/repos/{owner}/{repo}/labels"),
                ("POST", "/repos/{owner}/{repo}/labels"),
                ("DELETE", "/repos/{owner}/{repo}/labels/{name}"),
                ("GET", "/api/v1/namespaces/{namespace}/pods/{name}"),
                ("POST", "/api/v1/namespaces/{namespace}/pods"),
                ("GET", "/api/v1/nodes/{name}/proxy/{path}"),
            ]
            .map(|(method, path)| OperationKey::new(method, path))
            .to_vec(),
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            hosts_are_complete: true,
            titles: vec!["Kubernetes".into()],
            ..ApiConfig::default()
        });
        let scan = scan_text(&api, "a", text, language);
        let sure = scan.calls.iter().filter(|call| call.confidence > Confidence::Low);
        sure.map(|call| describe(call).1.split(" [").next().unwrap_or_default().to_owned()).collect()
    };
    let github = |text: &str| told(&["api.github.com"], text, Language::Shell);
    let labels = "/repos/{owner}/{repo}/labels";
    assert_eq!(github("gh api \"repos/$REPO/labels\" --paginate -q '.[].name'"), [format!("GET {labels}")]);
    assert_eq!(github("gh api repos/a/b/labels -f name=x"), [format!("POST {labels}")]);
    assert_eq!(github("gh api -X GET repos/a/b/labels -f per_page=100"), [format!("GET {labels}")]);
    assert_eq!(
        github("x=$(gh api -XDELETE /repos/$OWNER/$NAME/labels/$OLD)"),
        [format!("DELETE {labels}/{{name}}")]
    );
    assert_eq!(github("gh api repos/{owner}/{repo}/labels --input - <<< '{}'"), [format!("POST {labels}")]);
    let contents = ["GET /repos/{owner}/{repo}/contents/{path}"];
    assert_eq!(github("gh api --method GET repos/a/b/contents/.github/workflows/ci.yml"), contents);
    let runs = ["GET /repos/{owner}/{repo}/actions/runs"];
    assert_eq!(github("gh api \"repos/${REPO}/actions/runs\" --jq .total_count"), runs);
    assert_eq!(github("gh api --hostname git.corp.test repos/a/b/labels").len(), 1);
    for text in ["gh pr list --repo a/b", "echo gh api repos/a/b/labels", "glab api repos/a/b/labels"] {
        assert_eq!(github(text), [""; 0], "{text}");
    }
    let python = "import subprocess\nsubprocess.run(['gh', 'api', f'repos/{r}/labels'], check=True)\n";
    assert_eq!(told(&["api.github.com"], python, Language::Python), [format!("GET {labels}")]);

    let kubernetes = |text: &str| told(&[], text, Language::Shell);
    let pod = ["GET /api/v1/namespaces/{namespace}/pods/{name}"];
    assert_eq!(kubernetes("kubectl get --raw \"/api/v1/namespaces/$NS/pods/$POD\" | jq .status"), pod);
    let create = "kubectl --context=x create --raw=/api/v1/namespaces/$NS/pods -f pod.json";
    assert_eq!(kubernetes(create), ["POST /api/v1/namespaces/{namespace}/pods"]);
    let proxy = "oc get --raw /api/v1/nodes/$NODE/proxy/stats/summary";
    assert_eq!(kubernetes(proxy), ["GET /api/v1/nodes/{name}/proxy/{path}"]);
    assert_eq!(kubernetes("kubectl get pods -n x -o name"), [""; 0]);
}

/// Callers give hosts and names that nobody knows; what the class itself knows stays.
#[test]
fn what_callers_leave_open_takes_no_room_from_what_is_known() {
    let api = Api::new(ApiConfig {
        operations: ["/boxes/{owner}/{box}/lid", "/find/boxes"]
            .map(|path| OperationKey::new("GET", path))
            .to_vec(),
        hosts: vec!["api.orbit.example".into()],
        hosts_are_complete: true,
        ..ApiConfig::default()
    });
    let text = r#"
import requests

class Holder(requests.Session):
    def __init__(self, name=None, host=None):
        self.host = host

    @classmethod
    def taken_apart(cls, link):
        host = None
        if cls.is_link(link):
            host = parts[2]
            link = "/".join(parts[first:last])
        return host, link

class Orbit(Holder):
    HOST = "orbit.example"

    def __init__(self, name, host=HOST):
        super().__init__(name, host)
        if self.host != self.HOST:
            self.base = f"https://{self.host}/own"
        else:
            self.base = f"https://api.{self.HOST}"
        if "/" not in name:
            self.name = self.found(name)

    def found(self, name):
        if name in kept:
            return kept[name]["full"]
        known = self.official(name)
        if not known:
            known = self.looked_for(name)
        return known

    def looked_for(self, name):
        answer = self.get(f"{self.base}/find/boxes", params={"name": name})
        return answer.json()["items"][0]["full"] if answer.ok else None

    def official(self, name):
        twice = f"{name}/{name}"
        page = self.front_page(url=f"https://{self.host}/{twice}/feed")
        if page.ok:
            return twice
        return None

    def ask(self, part):
        return self.get(f"{self.base}/boxes/{self.name}{part}")

    def lid(self):
        return self.ask("/lid")

class Factory:
    @staticmethod
    def guess(page, host):
        if page.link:
            host, name = Orbit.taken_apart(page.link["href"])
            return Orbit(name, host)
        if page.rows:
            return Orbit(page.rows["first"], page.rows.get("place"))
        if page.source:
            return Orbit(page.source.title, page.source.domain)
        return Orbit(page.owner + "/" + page.name, page.server)
"#;
    let scan = scan_text(&api, "orbit.py", text, Language::Python);
    let paths: Vec<String> = scan.calls.iter().map(|call| describe(call).1).collect();
    assert_eq!(paths, ["GET /find/boxes", "GET /boxes/{owner}/{box}/lid [wrapper]"]);
}

/// The setting of a host may hold what a server's path begins with; the version is put in behind it.
#[test]
fn versions_of_servers_are_put_in_behind_what_is_not_known() {
    let api = Api::new(ApiConfig {
        operations: ["/http/upstreams", "/http/upstreams/{name}/servers"]
            .map(|path| OperationKey::new("GET", path))
            .to_vec(),
        server_paths: vec!["/api/8".into()],
        ..ApiConfig::default()
    });
    let paths = |front: &str| -> Vec<String> {
        let code = format!("import requests\n\nrequests.get(f'{front}/http/upstreams/{{x}}/servers')\n");
        let scan = scan_text(&api, "proxy.py", &code, Language::Python);
        scan.calls.iter().map(|call| describe(call).1).collect()
    };
    // The end of a server's path may be another API's.
    let end = ["GET /http/upstreams/{name}/servers [medium]"];
    assert_eq!(paths("{self.endpoint}/8"), end);
    assert_eq!(paths("{self.endpoint}/{self.version}"), end);
    assert_eq!(paths("{self.endpoint}/api/{self.api_version}"), ["GET /http/upstreams/{name}/servers"]);
    // Another word, and another version.
    for front in ["{self.endpoint}/{self.region}", "{self.endpoint}/9", "https://x.example/{self.version}"] {
        assert!(paths(front).iter().all(|call| call.ends_with("[low]")), "{front}: {:?}", paths(front));
    }
}

#[test]
fn a_helper_without_a_word_of_the_path_is_what_its_callers_make_of_it() {
    let api = Api::new(ApiConfig {
        operations: ["/v1/{account}", "/v1/pipelines", "/v1/pipelines/{id}"]
            .map(|path| OperationKey::new("GET", path))
            .to_vec(),
        hosts: vec!["ci.example.io".into()],
        ..ApiConfig::default()
    });
    let helper = "import requests\nHOST = 'https://ci.example.io'\n\ndef get(endpoint):\n";
    let text = format!(
        "{helper}    return requests.get(f'{{HOST}}/v1/{{endpoint}}')\n\nget('pipelines')\nget(f'pipelines/{{x}}')\n"
    );
    let scan = scan_text(&api, "a.py", &text, Language::Python);
    let sure = scan.calls.iter().filter(|call| call.confidence > Confidence::Low);
    let told: Vec<_> = sure.map(|call| (call.line, describe(call).1)).collect();
    assert_eq!(
        told,
        [(7, "GET /v1/pipelines [wrapper]".to_owned()), (8, "GET /v1/pipelines/{id} [wrapper]".to_owned())]
    );
}

#[test]
fn files_beside_a_call_are_company_too() {
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/projects/{name}/members")],
        server_paths: vec!["/api/v2.0".into()],
        ..ApiConfig::default()
    });
    let confidence = |others: &[&str], each_in: bool| {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let client = "import requests\n\nclass Client:\n    def get(self, path):\n";
        write("client.py", &format!("{client}        return requests.get(self.base + path)\n"));
        let module = |name: &str, path: &str| {
            let text = format!("from client import Client\nc = Client()\nc.get(f'{path}')\n");
            let file = if each_in { format!("{name}/calls.py") } else { format!("{name}.py") };
            write(&file, &text);
        };
        module("members", "/projects/{name}/members");
        others.iter().for_each(|name| module(name, &format!("/{name}")));
        let scan = scan_paths(&api, &[folder.path().to_owned()], &ScanOptions::default()).unwrap();
        scan.calls.iter().map(|call| (call.file.contains("members"), call.confidence)).collect::<Vec<_>>()
    };
    let forge = ["runners", "snippets", "epics", "todos", "wikis", "issues", "merge_requests", "keys"];
    // No word of the API stands in them: they are read because of the one call.
    for each_in in [false, true] {
        assert_eq!(confidence(&forge, each_in), [(true, Confidence::Low)], "{each_in}");
        assert_eq!(confidence(&forge[..5], each_in), [(true, Confidence::Medium)], "{each_in}");
        assert_eq!(confidence(&[], each_in), [(true, Confidence::Medium)], "{each_in}");
    }
}

#[test]
fn other_versions_of_a_client_are_company_too() {
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/quotas/{id}")],
        server_paths: vec!["/api/v2.0".into()],
        ..ApiConfig::default()
    });
    let confidence = |one: &str, other: &str| {
        let folder = tempfile::tempdir().unwrap();
        let write = |version: &str, name: &str, path: &str| {
            let file = folder.path().join(format!("names/{version}/requests/{name}.rb"));
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            let asked = format!("request(:method => 'GET', :path => \"{path}\", :expects => 200)");
            std::fs::write(file, format!("class Real\n  def {name}(id)\n    {asked}\n  end\nend\n")).unwrap();
        };
        write(one, "get_quota", "quotas/#{id}");
        for name in ["zones", "pools", "servers", "blacklists", "tsigkeys", "limits", "ptrs", "transfers"] {
            write(other, &format!("get_{name}"), &format!("{name}/#{{id}}"));
        }
        let scan = scan_paths(&api, &[folder.path().to_owned()], &ScanOptions::default()).unwrap();
        scan.calls.iter().map(|call| call.confidence).collect::<Vec<_>>()
    };
    assert_eq!(confidence("v1", "v2"), [Confidence::Low]);
    assert_eq!(confidence("v1", "v1"), [Confidence::Low]);
    // A folder that is called otherwise may be of another client.
    assert_eq!(confidence("forge", "clouds"), [Confidence::Medium]);
    assert_eq!(confidence("v1", "clouds"), [Confidence::Medium]);
}

#[test]
fn many_paths_of_one_thing_do_not_speak_against_their_company() {
    let operations = [
        "/users",
        "/users/{id}",
        "/users/{id}/followers",
        "/users/{id}/emails",
        "/users/{id}/orgs",
        "/teams",
        "/repos/{id}/labels",
    ];
    let api = Api::new(ApiConfig {
        operations: operations.map(|path| OperationKey::new("GET", path)).to_vec(),
        ..ApiConfig::default()
    });
    let own = ["/users", "/users/find", "/users/${id}", "/users/${id}/followers", "/users/${id}/roles"];
    let confidence = |method: &str, own: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let things =
            ["deals", "leads", "notes", "files", "goals", "stages", "calls", "pipelines", "products"];
        let others: Vec<String> = things
            .iter()
            .flat_map(|thing| {
                [format!("/{thing}"), format!("/{thing}/${{id}}"), format!("/{thing}/${{id}}/log")]
            })
            .collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        let all = others.chunks(3).zip(things).chain([(own, "users")]);
        for (paths, name) in all {
            let methods: String = paths
                .iter()
                .enumerate()
                .map(|(at, path)| {
                    format!("  m{at}(id) {{ return this.client.callApi(`{path}`, '{method}'); }}\n")
                })
                .collect();
            let text =
                format!("class Some {{\n  constructor(client) {{ this.client = client; }}\n{methods}}}\n");
            std::fs::write(folder.path().join(format!("{name}.js")), text).unwrap();
        }
        let scan = scan_paths(&api, &[folder.path().to_owned()], &ScanOptions::default()).unwrap();
        let mut found: Vec<Confidence> = scan.calls.iter().map(|call| call.confidence).collect();
        found.dedup();
        found
    };
    let more = ["/users/${id}/keys", "/users/${id}/mails", "/users/${id}/plans", "/users/me"];
    let users: Vec<&str> = own.iter().chain(&more).copied().collect();
    assert_eq!(confidence("GET", &users), [Confidence::Low]);
    assert_eq!(confidence("DELETE", &users), [Confidence::Low]);
    // Of one thing in several words, half of them not the API's, the files beside say more.
    let words = ["followers", "emails", "orgs"].map(|word| format!("/users/${{id}}/{word}"));
    let mixed = ["/users", "/users/${id}"].into_iter().chain(words.iter().map(String::as_str));
    let mixed: Vec<&str> = mixed.chain(more).collect();
    assert_eq!(confidence("GET", &mixed), [Confidence::Low]);
    // Several things of the API in one file are its own company.
    let several = ["/users", "/users/${id}", "/users/${id}/followers", "/teams", "/repos/${id}/labels"];
    let several: Vec<&str> = several.iter().chain(&more).copied().collect();
    assert_eq!(confidence("GET", &several), [Confidence::Medium]);
}

#[test]
fn callers_who_know_no_more_leave_a_call_where_it_stands() {
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/repos/{owner}/{repo}/releases/tags/{tag}")],
        hosts: vec!["api.forge.example".into()],
        ..ApiConfig::default()
    });
    // One hole is owner and name.
    let path = "https://api.forge.example/repos/${options.repo}/releases/tags/${tag}";
    let text = format!(
        "async function load(tag, options) {{\n  const url = `{path}`;\n  return fetch(url);\n}}\n\
         async function run(tag, options) {{\n  return (options.load ?? load)(tag, options);\n}}\n\
         async function main(args) {{\n  return load(args.tag, {{ repo: args.repo }});\n}}\n"
    );
    let lines = |text: &str| -> Vec<usize> {
        let scan = scan_text(&api, "a.js", text, Language::JavaScript);
        scan.calls.iter().map(|call| call.line).collect()
    };
    assert_eq!(lines(&text), [2]);
    // Nor do they know more who only say which tag.
    let tags = format!("{text}load('v1', options);\nload(`v${{major}}`, options);\n");
    assert_eq!(lines(&tags), [2]);
    // Where one of them says which repository it is, all are told.
    assert_eq!(lines(&format!("{text}load('v1', {{ repo: 'acme/tool' }});\n")), [6, 9, 11]);
}

#[test]
fn what_every_server_has_is_no_call_of_this_one() {
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/.well-known/openid-configuration/")],
        hosts: vec!["orbit.example".into()],
        ..ApiConfig::default()
    });
    let confidence = |front: &str| -> Vec<Confidence> {
        let text = format!("requests.get({front}/.well-known/openid-configuration\")\n");
        scan_text(&api, "a.py", &text, Language::Python).calls.iter().map(|call| call.confidence).collect()
    };
    assert_eq!(confidence("f\"{issuer}"), [Confidence::Low]);
    assert_eq!(confidence("\"https://orbit.example"), [Confidence::High]);
}

#[test]
fn no_gateway_stands_before_some_paths_of_a_server_only() {
    let api = Api::new(ApiConfig {
        operations: [("GET", "/containers/{id}/archive"), ("POST", "/containers/{id}/kill")]
            .map(|(method, path)| OperationKey::new(method, path))
            .to_vec(),
        ..ApiConfig::default()
    });
    let confidence = |text: &str| -> Vec<Confidence> {
        scan_text(&api, "a.py", text, Language::Python).calls.iter().map(|call| call.confidence).collect()
    };
    let plain = "requests.get(f\"{base}/containers/{id}/archive\")\n";
    let pods = "requests.post(f\"{base}/pods/containers/{id}/kill\")\n";
    let versioned = "requests.post(f\"{base}/8/containers/{id}/kill\")\n";
    assert_eq!(confidence(pods), [Confidence::Medium]);
    assert_eq!(confidence(&format!("{plain}{pods}")), [Confidence::High, Confidence::Low]);
    assert_eq!(confidence(&format!("{plain}{versioned}")), [Confidence::High, Confidence::Medium]);
}

#[test]
fn where_any_server_gives_tokens_is_a_call_of_this_one_where_something_says_so() {
    let api = Api::new(ApiConfig {
        operations: [
            ("POST", "/oauth/access_token"),
            ("GET", "/v1/orbits/{id}/moons"),
            ("GET", "/v1/healthz"),
        ]
        .map(|(method, path)| OperationKey::new(method, path))
        .to_vec(),
        hosts: vec!["orbit.example".into()],
        ..ApiConfig::default()
    });
    let confidence = |text: &str| -> Vec<Confidence> {
        scan_text(&api, "a.py", text, Language::Python).calls.iter().map(|call| call.confidence).collect()
    };
    let (low, high) = (Confidence::Low, Confidence::High);
    assert_eq!(confidence("requests.post(f\"{base}/oauth/access_token\")\n"), [low]);
    assert_eq!(confidence("requests.get(f\"{base}/v1/healthz\")\n"), [low]);
    assert_eq!(confidence("requests.post(f\"{orbit_api_url}/oauth/access_token\")\n"), [high]);
    assert_eq!(confidence("requests.post(\"https://orbit.example/oauth/access_token\")\n"), [high]);
    // What goes there goes to the API.
    let both =
        "requests.post(f\"{base}/oauth/access_token\")\nrequests.get(f\"{base}/v1/orbits/{id}/moons\")\n";
    assert_eq!(confidence(both), [high, high]);
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let call = "requests.get('https://app.run.ai/v1/k8s/users')\n";
    std::fs::write(path("large.py"), call.repeat(50)).unwrap();
    std::fs::write(path("large_data.py"), "x = 1\n".repeat(500)).unwrap();
    std::fs::write(path("latin.py"), [b"x = '\xe9'\n".as_slice(), call.as_bytes()].concat()).unwrap();
    std::fs::write(path("broken.py"), format!("def (:\n{call} )) ( '/v1/k8s/users\n")).unwrap();
    let options = ScanOptions { max_file_size: 1_000, ..ScanOptions::default() };
    let scan = scan_paths(&api(), &[folder.path().to_owned()], &options).unwrap();
    let skipped: Vec<_> = scan.files.skipped.iter().map(|skipped| skipped.reason.to_string()).collect();
    assert_eq!(skipped.len(), 3, "{skipped:?}");
    assert!(skipped[0].starts_with("syntax error in line"), "{skipped:?}");
    assert_eq!(skipped[1..], ["too large (2400 bytes)", "not UTF-8"]);
    assert!(scan.files.skipped.iter().all(|skipped| skipped.reason.is_failure()));
}

#[test]
fn no_prefix_of_a_fixture_panics() {
    let api = api();
    let mut all = Vec::new();
    files(&fixtures(), &mut all);
    for path in &all {
        let text = std::fs::read_to_string(path).unwrap();
        let language = language(path, &text);
        // Every line left out once, as well.
        for skipped in 0..text.lines().count() {
            let kept: Vec<&str> = text
                .lines()
                .enumerate()
                .filter(|(index, _)| *index != skipped)
                .map(|(_, line)| line)
                .collect();
            scan_text(&api, "gap", &kept.join("\n"), language);
        }
        for end in (0..text.len()).step_by(97).filter(|end| text.is_char_boundary(*end)) {
            scan_text(&api, "prefix", &text[..end], language);
        }
    }
}

/// Every part of a client holds the client, which holds all parts made so far.
#[test]
fn objects_that_hold_one_another_end() {
    let mut text = String::from("package x\n\ntype Client struct{ base string }\n\nfunc New() *Client {\n");
    text.push_str("\tc := &Client{base: \"https://acme.run.ai\"}\n");
    for part in 0..80 {
        text.push_str(&format!("\tc.Part{part} = &Part{part}{{client: c, again: c}}\n"));
    }
    text.push_str("\treturn c\n}\n\nfunc (c *Client) Users() { http.Get(c.base + \"/v1/k8s/users\") }\n");
    let scan = scan_text(&api(), "a.go", &text, Language::Go);
    let calls: Vec<String> = scan.calls.iter().map(|call| describe(call).1).collect();
    assert_eq!(calls, ["GET /v1/k8s/users"]);
}

/// Two fields, each of which falls back on the other, on an object that is made
/// elsewhere.
#[test]
fn fields_that_fall_back_on_one_another_end() {
    let text = r#"
import requests


class Place:
    def __init__(self, kind):
        if kind == "a":
            self.first = "/api/v1/clusters"
        elif kind == "b":
            self.first = "/api/v1/users"
        else:
            self.first = self.second
        if kind == "c":
            self.second = "/api/v1/clusters"
        elif kind == "d":
            self.second = "/api/v1/users"
        else:
            self.second = self.first


def ask(place):
    return requests.get("https://app.run.ai" + Place("e").first)
"#;
    let scan = scan_text(&api(), "a.py", text, Language::Python);
    let calls: Vec<(usize, String)> = scan.calls.iter().map(describe).collect();
    assert!(calls.iter().any(|(_, call)| call.starts_with("GET /api/v1/clusters")), "{calls:?}");
    assert!(calls.iter().any(|(_, call)| call.starts_with("GET /api/v1/users")), "{calls:?}");
}

/// One word that many APIs have, and a hole that would have to stand for two
/// segments and a word more.
#[test]
fn what_holes_may_stand_for_does_not_speak_for_a_path() {
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::parse("GET /networks/{owner}/{repo}/events").unwrap()],
        hosts: vec!["api.github.com".into()],
        ..ApiConfig::default()
    });
    let text = r#"
import requests


def found(module, uuid):
    api_url = module.params["api_url"]
    return requests.get(api_url + "networks/" + uuid)
"#;
    let scan = scan_text(&api, "a.py", text, Language::Python);
    let sure = scan.calls.iter().filter(|call| call.confidence > Confidence::Low);
    assert_eq!(sure.map(describe).collect::<Vec<_>>(), []);
}

/// The request stands at the bottom of a chain of calls.
#[test]
fn a_long_chain_of_calls_is_followed_or_reported() {
    let api = api();
    for length in (1..400).step_by(7).chain([5_000]) {
        for (begin, step) in [
            ("fetch('https://app.run.ai/v1/k8s/users')", ".then(reply => reply.json())"),
            ("axios.get('https://app.run.ai/v1/k8s/users')", ".then((reply) => { keep(reply.data); })"),
            ("new Request('https://app.run.ai/v1/k8s/users')", ".with(a, b)"),
        ] {
            let text = format!("{begin}{};\n", step.repeat(length));
            let scan = scan_text(&api, "chain.js", &text, Language::JavaScript);
            let said = matches!(scan.skipped, Some(SkipReason::TooComplex));
            let found = scan.calls.iter().any(|call| describe(call).1.ends_with("/v1/k8s/users"));
            let is_request = !begin.starts_with("new");
            assert!(found || said || !is_request, "{length} times {step}");
            assert!(length > 60 || !said, "{length} times {step} is too much");
        }
    }
}

#[test]
fn deep_nesting_ends_and_is_reported() {
    let api = api();
    let deep = |open: &str, close: &str| {
        let n = 20_000;
        format!("{}'/v1/k8s/users'{}", open.repeat(n), close.repeat(n))
    };
    for (text, language) in [
        (format!("x = {}", deep("(", ")")), Language::Python),
        (format!("x = {}", deep("[", "]")), Language::JavaScript),
        (format!("x = {}", deep("f(", ")")), Language::TypeScript),
        (deep("$(echo ", ")"), Language::Shell),
        (format!("package p\nvar x = {}", deep("(", ")").replace('\'', "\"")), Language::Go),
        (format!("x = '/v1/k8s/users'{}", " + '/a'".repeat(20_000)), Language::Python),
        (format!("x = '/v1/k8s/users'{}", " + '/a'".repeat(20_000)), Language::JavaScript),
        (
            "if x:\n".to_owned()
                + &(1..2_000).map(|n| format!("{}if x:\n", " ".repeat(n))).collect::<String>()
                + "/v1/k8s",
            Language::Python,
        ),
        ("if true; then\n".repeat(5_000) + "curl https://app.run.ai/v1/k8s/users", Language::Shell),
        ("{".repeat(20_000) + "fetch('/v1/k8s/users')", Language::JavaScript),
    ] {
        scan_text(&api, "deep", &text, language);
    }
}

/// Generated validators hold answers against what they should be: long tests, one in another.
#[test]
fn long_tests_of_answers_are_read() {
    let tests: String = (0..18).map(|n| format!(" && typeof it.f{n} === 'string'")).collect();
    let validators: String = (0..10)
        .map(|n| {
            format!(
                "function is{n}(it) {{ return typeof it === 'object'{tests} && is{}(it.next); }}\n",
                n + 1
            )
        })
        .collect();
    let text = validators
        + "async function find(id) {\n\
           const reply = await fetch(`https://app.run.ai/v1/k8s/users/${id}`);\n\
           const it = await reply.json();\n\
           if (!is0(it)) { throw new TypeError('no user'); }\n\
           return it;\n}\n";
    let scan = scan_text(&api(), "validators.js", &text, Language::JavaScript);
    assert!(scan.skipped.is_none(), "{:?}", scan.skipped);
    assert_eq!(scan.calls.len(), 1, "{:?}", scan.calls);
}

/// Generated code joins thousands of conditions, operands, branches and members.
#[test]
fn long_chains_end() {
    use Language::{CSharp, Go, Java, JavaScript, Kotlin, Php, PowerShell, Python, Ruby, Rust, Shell};
    let api = api();
    for (begin, step, end, language) in [
        ("if (a === 'x'", " || a === 'x'", ") { fetch('/v1/k8s/users') }", JavaScript),
        ("if (a === 'x'", " && a === 'x'", ") { fetch('/v1/k8s/users') }", JavaScript),
        ("if (", "!", "a) { fetch('/v1/k8s/users') }", JavaScript),
        ("fetch(", "a ? '/v1/k8s/users' : ", "'/v1/k8s/b')", JavaScript),
        ("fetch('/v1/k8s/users', a", ".b", ")", JavaScript),
        ("fetch('/v1/k8s/users' ", "?? a ", ")", JavaScript),
        ("if (a) {} ", "else if (a === 'x') { fetch('/v1/k8s/users') } ", "", JavaScript),
        ("const f = ", "(a) => ", "fetch('/v1/k8s/users')", JavaScript),
        ("const f = ", "await ", "fetch('/v1/k8s/users')", JavaScript),
        ("fetch('/v1/k8s/users')", ".a()", "", JavaScript),
        ("a = '/v1/k8s/users'", ", a = a", "", JavaScript),
        ("if a == 'x'", " or a == 'x'", ":\n  requests.get('/v1/k8s/users')", Python),
        ("if ", "not ", "a:\n  requests.get('/v1/k8s/users')", Python),
        ("requests.get(", "'/v1/k8s/users' if a else ", "'/v1/k8s/b')", Python),
        ("requests.get('/v1/k8s/users')", ".a", "", Python),
        ("requests.get('/v1/k8s/users')", "[0]", "", Python),
        ("if a:\n  pass\n", "elif a == 'x':\n  requests.get('/v1/k8s/users')\n", "", Python),
        ("f = ", "lambda a: ", "requests.get('/v1/k8s/users')", Python),
        ("a = '/v1/k8s/users'", " or a", "", Python),
        ("package p\nvar x = \"/v1/k8s/users\"", " + \"/a\"", "", Go),
        ("package p\nvar x = a", ".b", "(\"/v1/k8s/users\")", Go),
        ("package p\nfunc f() { if a { } ", "else if a { http.Get(\"/v1/k8s/users\") } ", "}", Go),
        ("class A { void f() { String x = \"/v1/k8s/users\"", " + \"/a\"", "; } }", Java),
        ("class A { void f() { x", ".b(\"/v1/k8s/users\")", "; } }", Java),
        ("class A { void f() { g(", "a ? \"/v1/k8s/users\" : ", "b); } }", Java),
        ("fun f() { val x = \"/v1/k8s/users\"", " + \"/a\"", " }", Kotlin),
        ("fun f() { x", ".b(\"/v1/k8s/users\")", " }", Kotlin),
        ("class A { void F() { var x = \"/v1/k8s/users\"", " + \"/a\"", "; } }", CSharp),
        ("class A { void F() { x", ".B(\"/v1/k8s/users\")", "; } }", CSharp),
        ("class A { void F() { G(", "a ? \"/v1/k8s/users\" : ", "b); } }", CSharp),
        ("<?php $x = '/v1/k8s/users'", " . '/a'", ";", Php),
        ("<?php $x", "->b('/v1/k8s/users')", ";", Php),
        ("<?php if ($a) { } ", "elseif ($a) { $c->get('/v1/k8s/users'); } ", "", Php),
        ("x = '/v1/k8s/users'", " + '/a'", "", Ruby),
        ("x", ".b('/v1/k8s/users')", "", Ruby),
        ("x = ", "a ? '/v1/k8s/users' : ", "b", Ruby),
        ("fn f() { let x = \"/v1/k8s/users\".to_owned()", " + \"/a\"", "; }", Rust),
        ("fn f() { x", ".b(\"/v1/k8s/users\")", "; }", Rust),
        ("fn f() { if a { } ", "else if a { get(\"/v1/k8s/users\"); } ", "}", Rust),
        ("$x = '/v1/k8s/users'", " + '/a'", "", PowerShell),
        ("$x", ".b('/v1/k8s/users')", "", PowerShell),
        ("curl https://app.run.ai/v1/k8s/users", " | jq .a", "", Shell),
        ("curl https://app.run.ai/v1/k8s/users", " && curl /v1/k8s/users", "", Shell),
        ("x=\"/v1/k8s/users", "$a", "\"", Shell),
    ] {
        scan_text(&api, "long", &format!("{begin}{}{end}\n", step.repeat(5_000)), language);
    }
}

#[test]
fn behind_the_servers_own_path_a_path_must_be_written() {
    let api = Api::new(ApiConfig {
        operations: vec![
            OperationKey::new("GET", "/zones"),
            OperationKey::new("GET", "/zones/{id}/settings"),
        ],
        hosts: vec!["api.example.io".into()],
        server_paths: vec!["/client/v4".into()],
        ..ApiConfig::default()
    });
    let calls = |text: &str| -> Vec<_> {
        let text = format!("import requests\nBASE = 'https://api.example.io/client/v4/'\n{text}\n");
        let scan = scan_text(&api, "a.py", &text, Language::Python);
        scan.calls
            .iter()
            .filter(|call| call.confidence > Confidence::Low)
            .map(|call| describe(call).1)
            .collect()
    };
    assert_eq!(calls("def get(path):\n    return requests.get(BASE + path)"), [""; 0]);
    assert_eq!(calls("requests.get(BASE + 'zones')"), ["GET /zones"]);
    assert_eq!(calls("requests.get(f'{BASE}zones/{zone}/{what}')"), ["GET /zones/{id}/settings [medium]"]);
}

#[test]
fn a_word_is_a_path_where_something_is_said_of_the_request() {
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/Account"), OperationKey::new("GET", "/Account/{id}")],
        server_paths: vec!["/api/v1".into()],
        ..ApiConfig::default()
    });
    let calls = |text: &str| -> Vec<_> {
        let text = format!("suspend fun f(client: HttpClient, cache: Store) {{\n{text}\n}}\n");
        let scan = scan_text(&api, "a.kt", &text, Language::Kotlin);
        scan.calls.iter().map(|call| describe(call).1).collect()
    };
    assert_eq!(calls("client.get(\"Account\") { parameter(\"limit\", 5) }"), ["GET /Account [medium]"]);
    assert_eq!(calls("cache.get(\"Account\") { load() }"), [""; 0]);
    assert_eq!(calls("client.get(\"Account\")"), [""; 0]);
}

#[test]
fn a_word_is_a_path_of_a_client_that_sends_something_there() {
    let api = Api::new(ApiConfig {
        operations: ["GET /episodes", "POST /episodes", "GET /episodes/{id}"]
            .map(|operation| operation.split_once(' ').unwrap())
            .map(|(method, path)| OperationKey::new(method, path))
            .to_vec(),
        ..ApiConfig::default()
    });
    let calls = |text: &str| -> Vec<_> {
        let text = format!("class Episodes extends Resource {{ ask(id, data) {{ {text} }} }}\n");
        let scan = scan_text(&api, "a.js", &text, Language::JavaScript);
        scan.calls.iter().map(|call| describe(call).1).collect()
    };
    assert_eq!(calls("this.http_get('episodes');"), ["GET /episodes [medium] [wrapper]"]);
    assert_eq!(calls("this.client.post('episodes', data);"), ["POST /episodes [medium] [wrapper]"]);
    // What a client has under a key, and what is no word of a path.
    assert_eq!(calls("this.client.get('episodes'); this.client.put('episodes');"), [""; 0]);
    assert_eq!(calls("this.client.post('Episodes of today', data); this.http.parser('episodes');"), [""; 0]);
}

#[test]
fn what_an_installation_puts_before_all_paths_is_of_its_host() {
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/api/events"), OperationKey::new("GET", "/api/config")],
        ..ApiConfig::default()
    });
    let calls = |url: &str| -> Vec<_> {
        let text =
            format!("import requests\n\n\ndef f(host, path_prefix, tenant):\n    requests.get({url})\n");
        let scan = scan_text(&api, "a.py", &text, Language::Python);
        scan.calls.iter().map(|call| describe(call).1).collect()
    };
    assert_eq!(calls("f'https://{host}/{path_prefix}/api/events'"), ["GET /api/events [low]"]);
    assert_eq!(calls("f'https://{host}{path_prefix}/api/config'"), ["GET /api/config [low]"]);
    // What is called otherwise is of the path.
    assert_eq!(calls("f'https://{host}/{tenant}/api/events'"), [""; 0]);
    assert_eq!(calls("f'https://{host}/{path_prefix}'"), [""; 0]);
}

#[test]
fn deep_code_needs_no_room_of_the_caller() {
    const LEVELS: usize = 30;
    const LITTLE: usize = 256 << 10;
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/boxes/{id}/lids")],
        ..ApiConfig::default()
    });
    let request = "fetch(`${base}/boxes/${id}/lids`)";
    let text = format!("{}{request}{};\n", "later(() => { soon(".repeat(LEVELS), ") })".repeat(LEVELS));
    let scan = move || scan_text(&api, "deep.js", &text, Language::JavaScript).calls.len();
    let found = std::thread::Builder::new().stack_size(LITTLE).spawn(scan).unwrap().join().unwrap();
    assert_eq!(found, 1);
}

/// What a library could ask for stands in every bundle with it; who asks is the program.
#[test]
fn tables_of_libraries_in_bundles_are_no_calls() {
    let operations = (0..120).map(|at| OperationKey::parse(&format!("GET /api/v1/shelf{at}/rows")).unwrap());
    let api = Api::new(ApiConfig {
        operations: operations.collect(),
        hosts: vec!["shelf.example.com".into()],
        base_paths: vec![String::new()],
        ..ApiConfig::default()
    });
    let routes: String =
        (0..120).map(|at| format!("    listShelf{at}: [\"GET /api/v1/shelf{at}/rows\"],\n")).collect();
    let table = format!("const Endpoints = {{\n{routes}}};\nmodule.exports = Endpoints;\n");
    let call = "fetch(\"https://shelf.example.com/api/v1/shelf7/rows\");\n";
    let told = |text: &str| {
        let calls = scan_text(&api, "dist/index.js", text, Language::JavaScript).calls;
        calls.iter().filter(|call| call.confidence > Confidence::Low).count()
    };
    assert_eq!(told(&format!("{table}{call}")), 121);
    let bundled = format!("function __nccwpck_require__(id) {{ return modules[id]; }}\n{table}{call}");
    assert_eq!(told(&bundled), 1);
}

/// A loop over the lines of a heredoc is written out for each line; loops in one another are not,
/// or six of them would be a thousand million commands.
#[test]
fn loops_over_lines_do_not_multiply() {
    let lines: String = (0..30).map(|line| format!("users/{line}\n")).collect();
    let mut script = "curl https://app.run.ai/api/v1/users/$p1\n".to_owned();
    for depth in 1..=6 {
        script = format!("while read -r p{depth}; do\n{script}done <<E{depth}\n{lines}E{depth}\n");
    }
    let scan = scan_text(&api(), "nested.sh", &script, Language::Shell);
    assert_eq!(scan.skipped, None);
    assert!(scan.calls.iter().any(|call| call.url.ends_with("/users/{p1}")), "{:?}", scan.calls);
}

#[test]
fn callers_who_know_the_last_word_ask_for_its_own_path() {
    let paths = ["", "/branches", "/tags", "/releases", "/releases/{id}", "/releases/latest"];
    let operation = |end: &&str| OperationKey::new("GET", &format!("/repos/{{owner}}/{{repo}}{end}"));
    let api = Api::new(ApiConfig {
        operations: paths.iter().map(operation).collect(),
        hosts: vec!["api.forge.example".into()],
        ..ApiConfig::default()
    });
    let found = |text: &str| -> BTreeSet<String> {
        let text = text.replace("HERE", "https://api.forge.example/repos");
        let scan = scan_text(&api, "a.js", &text, Language::JavaScript);
        let path = |call: &Call| match &call.target {
            Target::Operation(key) => key.path.to_string().split_off("/repos/{owner}/{repo}".len()),
            other => format!("{other:?}"),
        };
        scan.calls.iter().map(path).collect()
    };
    let list = "const list = (slug, kind) => fetch(`HERE/${slug}/${kind}`);\n";
    let both = format!("{list}list(me, 'branches');\nlist(me, 'tags');\n");
    assert_eq!(found(&both), BTreeSet::from(["/branches".to_owned(), "/tags".to_owned()]));
    // Somebody may ask for any repository.
    let open = format!("{both}const one = (name) => list('acme', name);\n");
    assert!(found(&open).contains(""));
    assert_eq!(found(&format!("{list}list('acme', 'tool');\n")), BTreeSet::from([String::new()]));
    // One word may be one value of many.
    let release = "const release = (owner, name, id) => fetch(`HERE/${owner}/${name}/releases/${id}`);\n";
    let known = ["/releases/latest".to_owned(), "/releases/{id}".to_owned()];
    assert_eq!(found(&format!("{release}release(me, it, 'latest');\n")), BTreeSet::from(known));
    // Who gives nothing does not ask for all of them.
    let one = BTreeSet::from(["/releases/{id}".to_owned()]);
    assert_eq!(found(&format!("{release}release(me, it, id ? id : '');\n")), one);
}

#[test]
fn the_default_address_of_a_client_counts_where_it_is_handed_on_under_its_name() {
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/user")],
        hosts: vec!["api.forge.example".into()],
        ..ApiConfig::default()
    });
    let found = |address: &str, field: &str| {
        let text = format!(
            "import requests\n\
             class Transport:\n    def __init__(self, base_url):\n        self.base_url = base_url\n\
             \x20   def get(self, path):\n        return requests.get(self.base_url + path)\n\
             class Client:\n    def __init__(self, token, base_url=\"{address}\"):\n        self.{field} = base_url\n\
             \x20       self.transport = Transport(base_url=self.{field})\n\
             \x20   def me(self):\n        return self.transport.get(\"/user\")\n"
        );
        let scan = scan_text(&api, "a.py", &text, Language::Python);
        scan.calls.iter().map(|call| call.confidence).max()
    };
    for field in ["base_url", "root"] {
        assert_eq!(found("https://api.forge.example", field), Some(Confidence::High), "{field}");
        assert_ne!(found("https://api.elsewhere.example", field), Some(Confidence::High), "{field}");
    }
}
