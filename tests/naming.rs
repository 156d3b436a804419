//! What settings, functions, files and packages are called, as evidence for a call and against it.

use sunwatch::document::OperationKey;
use sunwatch::scan::{Api, ApiConfig, Confidence, Language, ScanOptions, scan_paths, scan_text};

/// What a script of Python makes of `GET /users`, `/teams` and `/keys` under `/api/v2.0`,
/// which any API may have: the confidence of each call.
fn of_common_paths(text: &str) -> Vec<Confidence> {
    let api = Api::new(ApiConfig {
        operations: ["/users", "/users/{id}", "/teams", "/projects"]
            .map(|path| OperationKey::new("GET", path))
            .to_vec(),
        server_paths: vec!["/api/v2.0".into()],
        titles: vec!["Orbit Management API".into()],
        ..ApiConfig::default()
    });
    let scan = scan_text(&api, "a.py", &format!("import requests\n{text}\n"), Language::Python);
    scan.calls.iter().map(|call| call.confidence).collect()
}

#[test]
fn what_is_named_after_the_api_leads_to_it() {
    let get = |base: &str| of_common_paths(&format!("requests.get(f'{{{base}}}/api/v2.0/users')"));
    assert_eq!(get("ORBIT_URL"), [Confidence::High]);
    assert_eq!(get("config['orbit_host']"), [Confidence::High]);
    assert_eq!(get("GRAFANA_URL"), [Confidence::Low]);
    // Three paths together say much, but not at another product's address.
    let all = |base: &str| {
        let get = |path: &str| format!("requests.get(f'{{{base}}}/api/v2.0/{path}')");
        of_common_paths(&["users", "teams", "projects"].map(get).join("\n"))
    };
    assert_eq!(all("BASE_URL"), [Confidence::High; 3]);
    assert_eq!(all("GITEA_URL"), [Confidence::Low; 3]);
    assert_eq!(
        of_common_paths("requests.get('https://orbit.corp.test/api/v2.0/users')"),
        [Confidence::Medium]
    );
    assert_eq!(
        of_common_paths("requests.get('https://grafana.corp.test/api/v2.0/users')"),
        [Confidence::Low]
    );
    // An installation of one's own, beside the vendor's hosts.
    let at = |host: &str| {
        let api = Api::new(ApiConfig {
            operations: vec![OperationKey::new("GET", "/api/v1/users")],
            hosts: vec!["app.orbit.example".into()],
            titles: vec!["Orbit".into()],
            ..ApiConfig::default()
        });
        let text = format!("import requests\nrequests.get('https://{host}/api/v1/users')\n");
        scan_text(&api, "a.py", &text, Language::Python).calls.first().map(|call| call.confidence)
    };
    assert_eq!(at("orbit.customer.dev"), Some(Confidence::Medium));
    assert_eq!(at("docs.orbit.example"), Some(Confidence::Low));
    assert_eq!(at("grafana.customer.dev"), Some(Confidence::Low));
    // The product has pages, too.
    assert_eq!(of_common_paths("requests.get(f'{ORBIT_URL}/users')"), [Confidence::Low]);
    let helper = |name: &str| {
        let text = format!("def {name}(path):\n    return requests.get(f'{{BASE}}/api/v2.0{{path}}')\n");
        of_common_paths(&format!("{text}\n{name}('/users')"))
    };
    assert_eq!(helper("orbit_get"), [Confidence::High]);
    assert_eq!(helper("fetch"), [Confidence::Low]);
}

#[test]
fn several_common_paths_of_one_place_are_no_accident() {
    let get = |paths: &[&str]| {
        let calls = paths.iter().map(|path| format!("requests.get(f'{{BASE}}{path}')\n"));
        of_common_paths(&calls.collect::<String>())
    };
    let three = ["/api/v2.0/users", "/api/v2.0/teams", "/api/v2.0/projects"];
    assert_eq!(get(&three), [Confidence::High; 3]);
    assert_eq!(get(&three[..2]), [Confidence::Low; 2]);
    // Another path at the same place is another API's.
    let calls = get(&[three[0], three[1], three[2], "/api/v2.0/invoices"]);
    assert!(calls.iter().all(|confidence| *confidence == Confidence::Low), "{calls:?}");
    // Three ways to the same things are one thing.
    assert_eq!(get(&["/api/v2.0/users", "/api/v2.0/users/{x}", "/api/v2.0/teams"]), [Confidence::Low; 3]);
}

#[test]
fn a_file_that_is_named_after_the_api_asks_it() {
    let api = Api::new(ApiConfig {
        operations: ["/users", "/boxes/{id}/lids"].map(|path| OperationKey::new("GET", path)).to_vec(),
        server_paths: vec!["/api/v2.0".into()],
        titles: vec!["Orbit".into()],
        ..ApiConfig::default()
    });
    let calls = |name: &str, url: &str| {
        let text = format!("import requests\nrequests.get(f'{url}')\n");
        let scan = scan_text(&api, name, &text, Language::Python);
        scan.calls.iter().map(|call| call.confidence).collect::<Vec<_>>()
    };
    let users = "{base_url}/api/v2.0/users";
    assert_eq!(calls("lib/orbit_client.py", users), [Confidence::Medium]);
    assert_eq!(calls("lib/orbit/client.py", users), [Confidence::Medium]);
    assert_eq!(calls("orbit/lib/client.py", users), [Confidence::Low]);
    assert_eq!(calls("lib/absorbit.py", users), [Confidence::Low]);
    // Something else is named.
    assert_eq!(calls("lib/orbit_client.py", "{GRAFANA_URL}/api/v2.0/users"), [Confidence::Low]);
    assert_eq!(calls("lib/orbit_client.py", "https://grafana.test/api/v2.0/users"), [Confidence::Low]);
}

#[test]
fn what_stands_in_another_product_asks_that_one() {
    let api = Api::new(ApiConfig {
        operations: ["/repos/{owner}/{repo}/milestones", "/users/{name}/projects"]
            .map(|path| OperationKey::new("GET", path))
            .to_vec(),
        titles: vec!["GitHub API".into()],
        ..ApiConfig::default()
    });
    let call = |name: &str, function: &str, path: &str| {
        let text = format!(
            "import requests\ndef {function}(base_url, a, b):\n    requests.get(f'{{base_url}}{path}')\n"
        );
        let scan = scan_text(&api, name, &text, Language::Python);
        scan.calls.first().map(|call| call.confidence)
    };
    let own = "/repos/{a}/{b}/milestones";
    assert_eq!(call("lib/client.py", "get", own), Some(Confidence::High));
    // Another host of code has the same paths.
    assert_eq!(call("lib/gitea/client.py", "get", own), Some(Confidence::Low));
    assert_eq!(call("lib/client.py", "from_gitea", own), Some(Confidence::Low));
    // A product of another kind has not.
    assert_eq!(call("jenkins/client.py", "get", own), Some(Confidence::High));
    // Both are named.
    assert_eq!(call("gitea/client.py", "from_github", own), Some(Confidence::High));
    // A setting or a host names nothing.
    assert_eq!(call(".gitlab/client.py", "get", own), Some(Confidence::High));
    assert_eq!(call("io/gitlab/acme/client.py", "get", own), Some(Confidence::High));
    let common = "/users/{a}/projects";
    assert_eq!(call("lib/client.py", "from_github", common), Some(Confidence::Medium));
    assert_eq!(call("jenkins/client.py", "get", common), Some(Confidence::Low));
}

#[test]
fn a_path_of_its_own_outweighs_the_setting_of_a_product_of_another_kind() {
    // An extension of Jira is asked at Jira's address.
    let api = Api::new(ApiConfig {
        operations: ["/rest/scales/1.0/testcase/{key}/links", "/users/{name}/projects"]
            .map(|path| OperationKey::new("GET", path))
            .to_vec(),
        titles: vec!["Scales API".into()],
        ..ApiConfig::default()
    });
    let get = |api: &Api, url: &str| {
        let text = format!("import requests\nrequests.get(f'{url}')\n");
        let scan = scan_text(api, "a.py", &text, Language::Python);
        scan.calls.first().map(|call| call.confidence)
    };
    let own = |base: &str| get(&api, &format!("{{{base}}}/rest/scales/1.0/testcase/{{key}}/links"));
    assert_eq!([own("JIRA_URL"), own("jira_server"), own("GITLAB_URL")], [Some(Confidence::High); 3]);
    assert_eq!(get(&api, "{JIRA_URL}/users/{name}/projects"), Some(Confidence::Low));
    // Products of one kind, or of one maker, have paths in common.
    let of_one_maker = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/v1/acl/binding-rules/{id}/history")],
        titles: vec!["Nomad API".into()],
        ..ApiConfig::default()
    });
    let rules = |base: &str| get(&of_one_maker, &format!("{{{base}}}/v1/acl/binding-rules/{{id}}/history"));
    assert_eq!(rules("CONSUL_URL"), Some(Confidence::Low));
    assert_eq!(rules("JIRA_URL"), Some(Confidence::High));
}

#[test]
fn a_package_of_another_product_asks_that_one() {
    let api = Api::new(ApiConfig {
        operations: vec![OperationKey::new("GET", "/repos/{owner}/{repo}/milestones")],
        titles: vec!["GitHub API".into()],
        ..ApiConfig::default()
    });
    // What the folders above are called is chance.
    let folder = tempfile::Builder::new().prefix("gitlab-").tempdir().unwrap();
    let text =
        "import requests\ndef of(base, a, b):\n    return requests.get(f'{base}/repos/{a}/{b}/milestones')\n";
    std::fs::create_dir(folder.path().join("src")).unwrap();
    std::fs::write(folder.path().join("src/client.py"), text).unwrap();
    let confidence = || {
        let scan = scan_paths(&api, &[folder.path().to_owned()], &ScanOptions::default()).unwrap();
        scan.calls.iter().map(|call| call.confidence).collect::<Vec<_>>()
    };
    assert_eq!(confidence(), [Confidence::High]);
    let manifest = |name: &str| {
        std::fs::write(folder.path().join("pyproject.toml"), format!("[project]\nname = '{name}'\n"))
            .unwrap();
    };
    manifest("pygitea");
    assert_eq!(confidence(), [Confidence::High], "the name of nothing known");
    manifest("python-gitea");
    assert_eq!(confidence(), [Confidence::Low]);
    manifest("gitea-to-github");
    assert_eq!(confidence(), [Confidence::High]);
}
