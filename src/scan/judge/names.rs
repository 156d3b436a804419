//! What the API itself is called: a setting that is named after it (`RUNAI_URL`,
//! `harborHost`) leads to it, so that a path which many APIs have counts there.

use std::collections::BTreeSet;

use super::paths::weight;

/// Letters of a name that says enough.
const MIN_LETTERS: usize = 4;
/// Letters of a name that is also written by their number: `k8s`.
const MIN_NUMBERED: usize = 8;
/// Words of titles and hosts that name no product.
const GENERIC: [&str; 26] = [
    "admin",
    "backend",
    "client",
    "cloud",
    "company",
    "control",
    "corp",
    "documentation",
    "enterprise",
    "example",
    "gateway",
    "http",
    "internal",
    "local",
    "localhost",
    "management",
    "open",
    "openapi",
    "plane",
    "platform",
    "reference",
    "server",
    "specification",
    "swagger",
    "system",
    "test",
];

/// Products that do the same as others of their list, so that their APIs may have the same paths:
/// hosts of code, registries of images, catalogs of tables, and families of one maker.
const ALIKE: [&[&str]; 7] = [
    &["alertmanager", "grafana", "prometheus", "thanos"],
    &["atlassian", "bitbucket", "confluence", "jira"],
    &[
        "bitbucket",
        "codeberg",
        "forgejo",
        "gitbucket",
        "gitea",
        "gitee",
        "github",
        "gitlab",
        "gogs",
        "onedev",
        "sourcehut",
    ],
    &["artifactory", "dockerhub", "harbor", "nexus", "quay"],
    &["auth0", "keycloak", "okta", "zitadel"],
    &["consul", "nomad", "vault"],
    &["gravitino", "lakekeeper", "nessie", "polaris"],
];
/// Other products that programs ask, beside those. What hands requests on to others is not among them.
const PRODUCTS: [&str; 23] = [
    "airflow",
    "argocd",
    "circleci",
    "cloudflare",
    "datadog",
    "digitalocean",
    "discord",
    "jenkins",
    "kibana",
    "mattermost",
    "opsgenie",
    "pagerduty",
    "prefect",
    "sentry",
    "servicenow",
    "slack",
    "sonarqube",
    "splunk",
    "stripe",
    "telegram",
    "temporal",
    "unity",
    "zendesk",
];

/// The names of an API.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// What a name begins with: `github`.
    words: BTreeSet<String>,
    /// What a part of a name is: `k8s`.
    short: BTreeSet<String>,
    /// Other products: those that no title and no host has in it. What is named after one of them
    /// is no other API.
    others: BTreeSet<&'static str>,
    /// Those of them that do the same as this one.
    rivals: BTreeSet<&'static str>,
}

impl Names {
    /// The names in the titles of an API's documents and in its hosts.
    pub(crate) fn new(titles: &[String], hosts: &[String]) -> Self {
        let mut names = Self::default();
        let words: Vec<BTreeSet<String>> = titles.iter().map(|title| words_of_title(title)).collect();
        // A vendor may come and go in a title; the product stays.
        let common = words.iter().skip(1).fold(words.first().cloned().unwrap_or_default(), |all, title| {
            all.intersection(title).cloned().collect()
        });
        let common = if common.is_empty() { words.last().cloned().unwrap_or_default() } else { common };
        // `User Service API` is called by none of its words.
        if common.len() == 1 {
            common.iter().for_each(|word| names.add(word));
        }
        let hosts = || hosts.iter().filter(|host| !host.starts_with('!'));
        hosts().for_each(|host| names.add(&name_of_host(host)));
        // Without a name of its own it may be any of them.
        if !names.words.is_empty() {
            let said: Vec<String> = titles.iter().chain(hosts()).map(|text| text.to_lowercase()).collect();
            let is_said = |name: &&str| said.iter().any(|text| text.contains(*name));
            let alike = ALIKE.iter().flat_map(|list| list.iter().copied());
            names.others = PRODUCTS.into_iter().chain(alike).filter(|name| !is_said(name)).collect();
            let own = ALIKE.iter().filter(|list| list.iter().any(&is_said));
            names.rivals = own.flat_map(|list| list.iter().copied()).filter(|name| !is_said(name)).collect();
        }
        names
    }

    /// Notes a word that names a client of the API alone.
    pub(super) fn add(&mut self, word: &str) {
        let letters = word.chars().count();
        if letters < MIN_LETTERS || GENERIC.contains(&word) || weight(word) < 2 {
            return;
        }
        if letters >= MIN_NUMBERED
            && let (Some(first), Some(last)) = (word.chars().next(), word.chars().last())
        {
            self.short.insert(format!("{first}{}{last}", letters - 2));
        }
        self.words.insert(word.to_owned());
    }

    /// Whether something is named after another product, where it is known what the API is called.
    pub(super) fn are_others_in(&self, name: &str) -> bool {
        !self.are_in(name) && has_any(&self.others, name)
    }

    /// Whether something is named after a product that does the same, such as another host of
    /// code, which may have copied the paths.
    pub(super) fn are_rivals_in(&self, name: &str) -> bool {
        !self.are_in(name) && has_any(&self.rivals, name)
    }

    /// Whether it is known what the API is called.
    pub(super) fn has_any(&self) -> bool {
        !self.words.is_empty()
    }

    /// Whether a text has a name in it; only letters and digits are left of it, small ones.
    pub(super) fn are_written_in(&self, plain: &str) -> bool {
        self.words.iter().chain(&self.short).any(|word| plain.contains(word.as_str()))
    }

    /// Whether something is named after the API.
    pub(super) fn are_in(&self, name: &str) -> bool {
        let parts = parts_of(name);
        (0..parts.len()).any(|from| {
            let rest = parts[from..].concat();
            self.short.contains(&parts[from]) || self.words.iter().any(|word| rest.starts_with(word.as_str()))
        })
    }
}

fn has_any(products: &BTreeSet<&str>, name: &str) -> bool {
    !products.is_empty() && parts_of(name).iter().any(|part| products.contains(part.as_str()))
}

/// The words of a title that may be the product's name: `runai` of `Run:ai API`.
fn words_of_title(title: &str) -> BTreeSet<String> {
    let plain = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let words = title.split_whitespace().map(plain);
    words.filter(|word| !word.is_empty() && !GENERIC.contains(&word.as_str()) && weight(word) > 0).collect()
}

/// What a host is called: `github` of `api.github.com`, `runai` of `*.run.ai`.
fn name_of_host(host: &str) -> String {
    let labels: Vec<&str> = host.split('.').collect();
    match labels.as_slice() {
        [.., name, end] if name.len() < MIN_LETTERS => format!("{name}{end}"),
        [.., name, _] => (*name).to_owned(),
        _ => String::new(),
    }
}

/// The parts of a name, in small letters: `harborApiUrl` has three.
fn parts_of(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut small = false;
    for letter in name.chars().take(256) {
        let next = !letter.is_alphanumeric() || small && letter.is_uppercase();
        if next && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(part) = parts.last_mut()
        {
            part.extend(letter.to_lowercase());
        }
        small = letter.is_lowercase();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The file and folders of a path that are named after what is in them: neither settings
/// (`.github`) nor hosts, as they stand in folders of packages (`com/github`, `github.com`).
pub(super) fn names_in_path(path: &str) -> impl Iterator<Item = &str> {
    const DOMAINS: [&str; 5] = ["com", "dev", "io", "net", "org"];
    let mut above = "";
    let mut parts = path.split('/').peekable();
    std::iter::from_fn(move || {
        loop {
            let part = parts.next()?;
            let host = DOMAINS.contains(&above) || parts.peek().is_some() && part.contains('.');
            above = part;
            if !host && !part.starts_with('.') {
                return Some(part);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(titles: &[&str], hosts: &[&str]) -> Names {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Names::new(&owned(titles), &owned(hosts))
    }

    #[test]
    fn settings_are_named_after_the_product() {
        let orbit = names(&["Orbit Management API"], &[]);
        for name in
            ["ORBIT_URL", "orbitHost", "MY_ORBIT_BASE", "orbit.corp.example.com", "object orbit_client"]
        {
            assert!(orbit.are_in(name), "{name}");
        }
        for name in ["MANAGEMENT_URL", "API_URL", "absorbit_url", "url", ""] {
            assert!(!orbit.are_in(name), "{name}");
        }
    }

    #[test]
    fn a_name_may_be_written_with_signs_or_by_the_number_of_its_letters() {
        let lunar = names(&["Moon:ai API", "ACME Moon:ai"], &[]);
        assert!(lunar.are_in("MOONAI_CTRL_URL") && lunar.are_in("moon_ai_url"));
        assert!(!lunar.are_in("ACME_URL"));
        let long = names(&["Constellation"], &[]);
        assert!(long.are_in("C11N_API") && !long.are_in("xC11Ny"));
    }

    #[test]
    fn hosts_have_names_too() {
        let names = names(&[], &["api.orbit.example", "*.sun.ai", "!docs.moon.example"]);
        assert!(names.are_in("ORBIT_API") && names.are_in("SUNAI_URL"));
        assert!(!names.are_in("MOON_API") && !names.are_in("SUN_URL"));
    }

    #[test]
    fn other_products_are_known_where_the_api_has_a_name() {
        let orbit = names(&["Orbit API"], &[]);
        assert!(orbit.are_others_in("GITEA_URL") && orbit.are_others_in("acme.okta.com"));
        assert!(!orbit.are_others_in("orbit.gitlab.example") && !orbit.are_others_in("API_URL"));
        assert!(!orbit.are_others_in("defaulted_url"));
        // Nobody knows what this one is called.
        assert!(!names(&["Issue and Project API"], &[]).are_others_in("JIRA_URL"));
        assert!(!names(&["grafana-http"], &[]).are_others_in("GRAFANA_URL"));
        assert!(!names(&["Boards"], &["acme.jira.example"]).are_others_in("JIRA_URL"));
    }

    #[test]
    fn several_words_or_common_ones_name_nothing() {
        assert!(!names(&["User Catalog Service"], &[]).are_in("CATALOG_URL"));
        assert!(!names(&["Projects API"], &[]).are_in("PROJECTS_URL"));
    }

    #[test]
    fn settings_and_hosts_in_a_path_name_nothing() {
        let inside = |path: &'static str| names_in_path(path).collect::<Vec<_>>();
        assert_eq!(inside("platform/gitea/http.rs"), ["platform", "gitea", "http.rs"]);
        assert_eq!(inside(".github/scripts/a.sh"), ["scripts", "a.sh"]);
        assert_eq!(
            inside("src/main/java/io/github/acme/A.java"),
            ["src", "main", "java", "io", "acme", "A.java"]
        );
        assert_eq!(inside("vendor/github.com/acme/a.go"), ["vendor", "acme", "a.go"]);
    }
}
