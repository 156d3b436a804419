//! Client code inside other files gives exactly the calls that are expected:
//! by `expect:` comments, as in `tests/scan.rs`, or, where a format has no
//! comments, by `expect.txt` beside the files (`FILE:LINE: METHOD PATH`). The
//! place of every call must be the text of its path in the file itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sunwatch::document::OperationKey;
use sunwatch::scan::{
    Api, ApiConfig, Call, Confidence, ScanOptions, Target, Via, scan_file_text, scan_paths,
};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/embedded")
}

fn api() -> Api {
    let text = std::fs::read_to_string(fixtures().join("../scan/operations.txt")).unwrap();
    Api::new(ApiConfig {
        operations: text.lines().map(|line| OperationKey::parse(line).unwrap()).collect(),
        hosts: vec!["*.run.ai".into()],
        hosts_are_complete: true,
        base_paths: vec![String::new()],
        ..ApiConfig::default()
    })
}

/// A call as an expectation is written.
fn describe(call: &Call) -> (usize, String) {
    let method = call.method.as_ref().map_or("?", |method| method.as_str());
    let mut tags = String::new();
    let path = match &call.target {
        Target::Operation(operation) => operation.path.to_string(),
        Target::Path(operations) => {
            let paths: BTreeSet<&str> = operations.iter().map(|operation| operation.path.as_str()).collect();
            if paths.len() > 1 {
                tags.push_str(" [ambiguous]");
            }
            paths.first().unwrap().to_string()
        }
        Target::MethodUnknown { known } => {
            tags.push_str(" [method]");
            known[0].path.to_string()
        }
        Target::SdkMethod { .. } => panic!("no client generated from the documents is configured"),
        Target::Unknown { .. } => {
            tags.push_str(" [unknown]");
            call.url.clone()
        }
    };
    match call.confidence {
        Confidence::High => {}
        Confidence::Medium => tags.push_str(" [medium]"),
        Confidence::Low => tags.push_str(" [low]"),
    }
    if call.via == Via::Wrapper {
        tags.push_str(" [wrapper]");
    }
    (call.line, format!("{method} {path}{tags}"))
}

fn files() -> Vec<PathBuf> {
    let mut open = vec![fixtures()];
    let mut out = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().unwrap() != "expect.txt" {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// What `expect.txt` beside a file says of it.
fn beside(path: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(path.with_file_name("expect.txt")).unwrap_or_default();
    let name = path.file_name().unwrap().to_str().unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
        .map(|rest| {
            let (line, call) = rest.split_once(": ").unwrap();
            (line.parse().unwrap(), call.to_owned())
        })
        .collect()
}

fn expected(path: &Path, text: &str) -> Vec<(usize, String)> {
    let mut out = beside(path);
    for (index, line) in text.lines().enumerate() {
        if let Some((_, call)) = line.split_once("expect: ") {
            out.push((index + 1, call.split('"').next().unwrap().trim().to_owned()));
        }
    }
    out.sort();
    out
}

#[test]
fn code_in_other_files_gives_exactly_the_expected_calls() {
    let api = api();
    let files = files();
    assert!(files.len() >= 18, "{} files", files.len());
    let mut wrong = String::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(fixtures()).unwrap().display().to_string();
        let Some(scan) = scan_file_text(&api, &name, &text) else { panic!("{name} is of no known kind") };
        let mut found: Vec<_> = scan.calls.iter().map(describe).collect();
        found.sort();
        let wanted = expected(&path, &text);
        for (line, call) in wanted.iter().filter(|call| !found.contains(call)) {
            wrong.push_str(&format!("{name}:{line}: missing  {call}\n"));
        }
        for (line, call) in found.iter().filter(|call| !wanted.contains(call)) {
            wrong.push_str(&format!("{name}:{line}: invented {call}\n"));
        }
        if found.len() != wanted.len() {
            wrong.push_str(&format!("{name}: {} calls, {} expected\n", found.len(), wanted.len()));
        }
        if scan.skipped.is_some() {
            wrong.push_str(&format!("{name}: skipped {:?}\n", scan.skipped));
        }
        for call in &scan.calls {
            let place = text.get(call.span.clone()).unwrap_or("(no text)");
            let word =
                call.url.rsplit('/').find(|part| part.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
            if !word.is_some_and(|word| place.contains(word)) || place.len() > 250 {
                wrong.push_str(&format!("{name}:{}: stands at {place:?}\n", call.line));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_playbook_knows_what_its_role_and_its_hosts_are_given() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write(
        "group_vars/all.yml",
        "platform_host: platform.run.ai\nwiki_api: https://wiki.example.org/api/v1\n",
    );
    write("roles/platform/defaults/main.yml", "platform_api: \"https://{{ platform_host }}/api/v1\"\n");
    write(
        "site.yml",
        "- hosts: all\n  roles: [platform]\n  tasks:\n    - uri:\n        url: \"{{ platform_api }}/nodes\"\n",
    );
    write(
        "roles/kinds/vars/main.yml",
        "kinds: [distributed, trainings]\nmade:\n  - {of: users, size: 1}\n  - {of: pages}\n",
    );
    write(
        "roles/kinds/tasks/main.yml",
        "- uri:\n    url: \"https://platform.run.ai/api/v1/workloads/{{ item }}/{{ id }}\"\n    method: DELETE\n  \
         loop: \"{{ kinds }}\"\n- uri:\n    url: \"https://platform.run.ai/api/v1/{{ item.of }}\"\n    \
         method: POST\n  with_items: \"{{ made }}\"\n",
    );
    write("roles/platform/vars/main.yml", "platform_pools: \"{{ platform_api }}/node-pools\"\n");
    write(
        "roles/platform/tasks/main.yml",
        "- uri:\n    url: \"{{ platform_pools }}\"\n- uri:\n    url: \"{{ platform_api }}/org-unit/projects/{{ id }}\"\n    \
         method: DELETE\n- uri:\n    url: \"{{ wiki_api }}/pages\"\n- debug:\n    msg: \"{{ platform_api }}/users\"\n",
    );
    let scan = scan_paths(&api(), &[folder.path().to_owned()], &ScanOptions::default()).unwrap();
    let mut calls: Vec<_> = scan.calls.iter().map(describe).collect();
    calls.sort();
    let expected = [
        (2, "GET /api/v1/node-pools".to_owned()),
        (2, "DELETE /api/v1/workloads/distributed/{workloadId}".to_owned()),
        (2, "DELETE /api/v1/workloads/trainings/{workloadId}".to_owned()),
        (4, "DELETE /api/v1/org-unit/projects/{projectId}".to_owned()),
        (5, "GET /api/v1/nodes".to_owned()),
        (6, "POST /api/v1/users".to_owned()),
    ];
    let mut expected = expected;
    expected.sort();
    assert_eq!(calls, expected);
}

#[test]
fn the_files_of_an_hcl_module_know_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write(
        "variables.tf",
        "variable \"platform\" {\n  default = \"https://platform.run.ai\"\n}\nvariable \"wiki\" {\n  \
         default = \"https://wiki.fleet.dev\"\n}\n",
    );
    write(
        "locals.tf",
        "locals {\n  api   = \"${var.platform}/api/v1\"\n  pools = \"${local.api}/node-pools\"\n  \
         pages = \"${var.wiki}/api/v1\"\n  own = local.shared\n}\n",
    );
    write("providers.tf", "provider \"restapi\" {\n  uri = local.api\n}\n");
    write(
        "main.tf",
        "data \"http\" \"clusters\" {\n  url = \"${local.api}/clusters\"\n}\ndata \"http\" \"pools\" {\n  \
         url = local.pools\n}\nresource \"restapi_object\" \"project\" {\n  path = \"/org-unit/projects\"\n}\n\
         resource \"null_resource\" \"training\" {\n  provisioner \"local-exec\" {\n    \
         command = \"curl -X POST ${local.api}/workloads/trainings -d @x\"\n  }\n}\n\
         data \"http\" \"pages\" {\n  url = \"${local.pages}/users\"\n}\n\
         locals {\n  shared = \"${local.api}/nodes\"\n}\ndata \"http\" \"own\" {\n  url = local.own\n}\n",
    );
    // Another folder is another module.
    write("dns/main.tf", "data \"http\" \"nodes\" {\n  url = \"${local.api}/users\"\n}\n");
    let scan = scan_paths(&api(), &[folder.path().to_owned()], &ScanOptions::default()).unwrap();
    let mut calls: Vec<_> = scan.calls.iter().map(describe).collect();
    calls.sort();
    let expected = [
        (2, "GET /api/v1/clusters"),
        (5, "GET /api/v1/node-pools"),
        (8, "POST /api/v1/org-unit/projects"),
        (12, "POST /api/v1/workloads/trainings"),
        (22, "GET /api/v1/nodes"),
    ];
    assert_eq!(calls, expected.map(|(line, call)| (line, call.to_owned())));
}

#[test]
fn a_port_of_ones_own_is_the_api_where_something_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let found = || {
        let scan = scan_paths(&api(), &[folder.path().to_owned()], &ScanOptions::default()).unwrap();
        scan.calls.iter().map(|call| describe(call).1).collect::<BTreeSet<_>>()
    };
    write("Makefile", "check:\n\tcurl -f -X DELETE http://localhost:8080/api/v1/node-pools/1\n");
    write("smoke.sh", "curl -f http://127.0.0.1:8080/api/v1/node-pools\n");
    let alone = ["DELETE /api/v1/node-pools/{nodepoolId} [low]", "GET /api/v1/node-pools [low]"];
    assert_eq!(found(), BTreeSet::from(alone.map(str::to_owned)));
    // So it is with the server that a page comes from.
    write("page.ts", "export const clusters = () => fetch('/api/v1/node-pools')\n");
    assert!(found().iter().all(|call| call.ends_with("[low]")), "{:?}", found());
    write("proxy.json", "{\"/api\": \"https://platform.run.ai\"}\n");
    assert!(found().contains("GET /api/v1/node-pools"), "{:?}", found());
    write("list.sh", "curl -f https://app.run.ai/api/v1/nodes\n");
    let beside = [
        "DELETE /api/v1/node-pools/{nodepoolId} [medium]",
        "GET /api/v1/node-pools",
        "GET /api/v1/node-pools [medium]",
        "GET /api/v1/nodes",
    ];
    assert_eq!(found(), BTreeSet::from(beside.map(str::to_owned)));
    // Hardly another service has such a path.
    for name in ["proxy.json", "list.sh"] {
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    write("smoke.sh", "curl -f http://127.0.0.1:8080/api/v1/workloads/trainings/1\n");
    assert!(found().contains("GET /api/v1/workloads/trainings/{workloadId} [medium]"), "{:?}", found());
}

#[test]
fn folders_are_searched_for_them_and_data_is_no_client_code() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("ci.yml", "run: curl https://app.run.ai/api/v1/users\n");
    write("data.json", "{\"users\": [\"/api/v1/users\"]}");
    write("notes.md", "nothing of it\n");
    write("broken.yml", "- run: curl https://app.run.ai/api/v1/users\n -: [\n");
    write("prose.yml", "- run: https://app.run.ai/api/v1/users\n -: [\n");
    let scan = scan_paths(&api(), &[folder.path().to_owned()], &ScanOptions::default()).unwrap();
    let found: Vec<_> =
        scan.calls.iter().map(|call| call.file.rsplit('/').next().unwrap().to_owned()).collect();
    assert_eq!(found, ["ci.yml"]);
    let skipped: BTreeMap<String, String> = scan
        .files
        .skipped
        .iter()
        .map(|one| (one.file.rsplit('/').next().unwrap().to_owned(), one.reason.to_string()))
        .collect();
    assert_eq!(skipped.len(), 1, "{skipped:?}");
    assert!(skipped["broken.yml"].starts_with("syntax error in line"), "{skipped:?}");
    assert_eq!(scan.sources.len(), 1);
}

/// An API of which no host is known.
fn orbit() -> Api {
    let paths = ["POST /labels", "DELETE /labels/{id}", "POST /oauth/token", "GET /telescopes/{id}/mirrors"];
    Api::new(ApiConfig {
        operations: paths.iter().map(|line| OperationKey::parse(line).unwrap()).collect(),
        titles: vec!["Orbit API".into()],
        base_paths: vec![String::new(), "/api/v2".into()],
        server_paths: vec!["/api/v2".into()],
        ..ApiConfig::default()
    })
}

#[test]
fn the_name_of_an_address_speaks_for_the_requests_of_a_file() {
    let sure = |name: &str| {
        let text = format!("@{name} = https://labs.example.net/api/v2\n\nPOST {{{{{name}}}}}/labels\n");
        let scan = scan_file_text(&orbit(), "labels.http", &text).unwrap();
        scan.calls.iter().any(|call| call.confidence > Confidence::Low)
    };
    assert!(sure("orbit"));
    assert!(!sure("shop"));
}

#[test]
fn calls_at_one_placeholder_host_are_as_sure_as_each_other() {
    let text = |host: &str| {
        format!(
            "```sh\ncurl -X POST https://<{host}>/api/v2/oauth/token\n```\n\n\
             ```sh\ncurl https://<ORBIT-URL>/api/v2/telescopes/7/mirrors\n```\n"
        )
    };
    let token = |host: &str| {
        let scan = scan_file_text(&orbit(), "how-to.md", &text(host)).unwrap();
        let call = scan.calls.iter().find(|call| call.url.ends_with("token")).map(|call| call.confidence);
        call.is_some_and(|confidence| confidence > Confidence::Low)
    };
    assert!(token("ORBIT-URL"));
    assert!(!token("SHOP-URL"));
}

#[test]
fn what_a_file_gives_alone_is_found_in_its_folder() {
    let api = api();
    let scan =
        scan_paths(&api, &[fixtures()], &ScanOptions { tests: true, ..ScanOptions::default() }).unwrap();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let alone = scan_file_text(&api, name, &text).unwrap();
        for call in alone.calls.iter().map(describe) {
            let same = |found: &Call| Path::new(&found.file) == path && describe(found) == call;
            assert!(scan.calls.iter().any(same), "{}:{}: {}", path.display(), call.0, call.1);
        }
    }
}

#[test]
fn broken_containers_never_panic() {
    let api = api();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for end in (0..text.len()).step_by(311).filter(|end| text.is_char_boundary(*end)) {
            scan_file_text(&api, name, &text[..end]);
            scan_file_text(&api, name, &text[end..]);
        }
        let deep = "[{\"run\":".repeat(2_000) + "\"curl https://app.run.ai/api/v1/users\"";
        scan_file_text(&api, name, &deep);
        scan_file_text(&api, name, &"{{ {% ${{ <% [[ /api/v1/users ".repeat(500));
    }
}
