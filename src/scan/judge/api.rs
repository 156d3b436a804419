//! The API whose calls are looked for: its operations, hosts and base paths,
//! built once and shared by all threads.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

use super::names::Names;
use super::paths::{Paths, segments_of, weight};
use super::sdk::{Sdk, SdkConfig, SdkName};
use crate::document::OperationKey;
use crate::scan::form::Unit;
use crate::scan::prefilter::{Ground, Prefilter, Sign, Words};
use crate::scan::value::url::{Host, is_local};

/// Most beginnings of paths that a client may leave out.
const MAX_FRONTS: usize = 8;

/// What makes a URL one of this API.
#[derive(Clone, Debug, Default)]
pub struct ApiConfig {
    /// Every operation of every known release.
    pub operations: Vec<OperationKey>,
    /// Hosts of this API; `*` stands for any characters: `*.run.ai`. One with `!`
    /// before it never is: `!docs.run.ai`.
    pub hosts: Vec<String>,
    /// Whether the hosts are all that there are: a URL of any other is none of this
    /// API. Else it may be one, if its path speaks for it.
    pub hosts_are_complete: bool,
    /// Prefixes under which the API may be mounted: `""`, `/runai`.
    pub base_paths: Vec<String>,
    /// Base paths of the servers that the documents name: `/api/v2.0`.
    pub server_paths: Vec<String>,
    /// The titles of the documents, oldest first.
    pub titles: Vec<String>,
    /// Generated clients of the API.
    pub sdks: Vec<SdkConfig>,
    /// What the operations are called in them.
    pub sdk_names: Vec<SdkName>,
    /// The labels of the releases that the names count.
    pub releases: Vec<String>,
    /// Whether there is something to say of fields that are sent or read: files are read
    /// then that only do this.
    pub fields: bool,
}

/// A matcher over all known operations of one API.
#[derive(Debug)]
pub struct Api {
    pub(super) paths: Paths,
    hosts: Vec<String>,
    hosts_are_complete: bool,
    /// Hosts that are never of this API.
    others: Vec<String>,
    /// Longest first, as segments; always contains the empty one.
    pub(super) base_paths: Vec<Vec<String>>,
    /// Beginnings of known paths that say nothing of the API: `/api/v1`.
    pub(super) fronts: Vec<Vec<String>>,
    /// The paths of the servers, as segments.
    pub(super) server_paths: Vec<Vec<String>>,
    /// First segments of the known paths.
    pub(super) roots: BTreeSet<String>,
    pub(crate) sdks: Vec<Sdk>,
    pub(super) names: Names,
    /// Whether it matters which fields are sent and read.
    pub(crate) fields: bool,
    prefilter: Prefilter,
    /// Words of files that may help to understand others.
    helpful: Option<AhoCorasick>,
}

/// What a host says about a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostSign {
    /// A host of this API.
    Ours,
    /// No host, a variable, a placeholder.
    Open,
    /// A machine of one's own, perhaps a port-forward to this API.
    Local,
    /// A host that nobody knows: another API, or an installation of this one.
    Strange,
    /// Some other API.
    Other,
}

impl Api {
    /// Builds the matcher.
    pub fn new(config: ApiConfig) -> Self {
        let ApiConfig {
            operations,
            hosts,
            hosts_are_complete,
            base_paths,
            server_paths,
            titles,
            sdks,
            sdk_names,
            releases,
            fields,
        } = config;
        let sdks: Vec<Sdk> =
            sdks.into_iter().filter_map(|sdk| Sdk::new(sdk, &sdk_names, &releases)).collect();
        let hosts = hosts.iter().map(|host| host.trim().to_ascii_lowercase());
        let (others, hosts): (Vec<String>, Vec<String>) = hosts.partition(|host| host.starts_with('!'));
        let others = others.iter().map(|host| host.trim_start_matches('!').trim().to_owned()).collect();
        // Client code may leave the server's base path to a variable.
        let prefixes: BTreeSet<String> = server_paths
            .iter()
            .map(|path| path.trim_end_matches('/').to_owned())
            .chain([String::new()])
            .collect();
        let prefixes: Vec<String> = prefixes.into_iter().collect();
        let mut bases: BTreeSet<Vec<String>> =
            base_paths.iter().map(|path| segments_of(path).map(str::to_owned).collect()).collect();
        bases.insert(Vec::new());
        let mut bases: Vec<Vec<String>> = bases.into_iter().collect();
        bases.sort_by_key(|base| std::cmp::Reverse(base.len()));

        let mut roots = BTreeSet::new();
        for operation in &operations {
            let path = operation.path.as_str();
            for prefix in &prefixes {
                roots.extend(segments_of(prefix).chain(segments_of(path)).next().map(str::to_owned));
            }
        }
        // What clients may leave to the setting that holds the host: `/api/v1`.
        let mut fronts: BTreeSet<Vec<String>> = BTreeSet::new();
        for operation in &operations {
            let front = segments_of(operation.path.as_str()).take_while(|segment| weight(segment) == 0);
            fronts.insert(front.map(str::to_owned).collect());
        }
        fronts.remove([].as_slice());
        let fronts = fronts.into_iter().take(MAX_FRONTS).collect();
        let paths: BTreeSet<&str> = operations.iter().map(|operation| operation.path.as_str()).collect();
        let server_paths: Vec<Vec<String>> =
            prefixes.iter().map(|prefix| segments_of(prefix).map(str::to_owned).collect()).collect();
        let prefilter = Prefilter::new(&Words {
            paths: paths.into_iter().collect(),
            bases: bases.iter().chain(&server_paths).cloned().collect(),
            hosts: hosts.iter().filter_map(|host| end_of_host(host)).collect(),
            hosts_are_complete,
            packages: sdks.iter().flat_map(Sdk::words).collect(),
        });
        const HELPFUL: [&str; 10] =
            ["http", "url", "uri", "fetch", "axios", "request", "curl", "wget", "endpoint", "api"];
        let words = HELPFUL.into_iter().chain(roots.iter().map(String::as_str));
        let helpful = AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok();
        let mut names = Names::new(&titles, &hosts);
        sdks.iter().flat_map(Sdk::named_after).for_each(|word| names.add(word));
        Self {
            helpful,
            paths: Paths::new(&operations, &prefixes),
            names,
            hosts,
            hosts_are_complete,
            others,
            sdks,
            base_paths: bases,
            fronts,
            server_paths,
            roots,
            fields,
            prefilter,
        }
    }

    /// Whether a file can contain a call at all: some word of a known path or
    /// host stands in it.
    pub(crate) fn may_occur(&self, bytes: &[u8], ground: Ground) -> bool {
        self.occurs_in(bytes, 0..bytes.len(), ground)
    }

    /// How much a file that is imported can help to understand calls: none if it cannot, being
    /// neither small enough to hand things on nor speaking of HTTP, URLs or this API; else how
    /// many words of that it has in each 1,024 bytes.
    pub(crate) fn helps(&self, bytes: &[u8]) -> Option<usize> {
        const SMALL: usize = 8 << 10;
        let words = self.helpful.as_ref().map_or(1, |words| words.find_iter(bytes).count());
        (words > 0 || bytes.len() <= SMALL).then(|| words * 1024 / bytes.len().max(1))
    }

    /// Whether a file that was parsed can contain a call: a text of the program
    /// itself is a part of a path or a host, or it imports a generated client.
    pub(crate) fn may_call(&self, unit: &Unit) -> bool {
        let imports = |sdk: &Sdk| {
            unit.imports.iter().any(|import| sdk.is_package(&import.module)) || sdk.is_handed(unit)
        };
        self.sdks.iter().any(imports) || unit.has_text(&|text| self.prefilter.tells(text))
    }

    /// Whether other files may take a part of a path or a host from a file.
    pub(crate) fn may_give(&self, unit: &Unit) -> bool {
        unit.gives_text(&|text| self.prefilter.tells(text))
    }

    /// Whether a text can be a part of a path or a host.
    pub(crate) fn tells(&self, text: &str) -> bool {
        self.prefilter.tells(text)
    }

    /// Whether something is named after the API.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.names.are_in(name)
    }

    /// Whether a text names a host of the API.
    pub(crate) fn names_host(&self, bytes: &[u8]) -> bool {
        self.prefilter.names_host(bytes)
    }

    /// As [`Self::may_occur`], for a part of a file.
    pub(crate) fn occurs_in(&self, bytes: &[u8], part: std::ops::Range<usize>, ground: Ground) -> bool {
        self.prefilter.look_at(bytes, part, ground) != Sign::Nothing
    }

    /// As [`Self::may_occur`]: how likely that is.
    pub(crate) fn look_at(&self, bytes: &[u8], ground: Ground) -> Sign {
        self.prefilter.look_at(bytes, 0..bytes.len(), ground)
    }

    /// Whether some word of a path stands where it may be asked for, whatever else the file says.
    pub(crate) fn has_word(&self, bytes: &[u8], ground: Ground) -> bool {
        self.prefilter.sign_of(bytes, 0..bytes.len(), ground) != Sign::Nothing
    }

    /// Whether a file of Python may make clients of the names that they are asked for
    /// (`client.users`): the paths then stand in other files, as no texts.
    pub(crate) fn names_paths(&self, bytes: &[u8], ground: Ground) -> bool {
        // How a name comes behind another one.
        const PUT_TOGETHER: [&[u8]; 5] = [b"}/{", b"\"/\".join", b"'/'.join", b"\"/\" +", b"'/' +"];
        let has = |word: &[u8]| memchr::memmem::find(bytes, word).is_some();
        ground == Ground::Python
            && has(b"def __getattr__")
            && PUT_TOGETHER.iter().any(|way| has(way))
            && self.prefilter.speaks_of_http(bytes)
    }

    /// Whether a word names a client of this API alone.
    pub(super) fn is_client(&self, word: &str) -> bool {
        self.sdks.iter().filter_map(Sdk::named_after).any(|name| name == word)
    }

    /// Whether a host is one of this API.
    pub(super) fn owns(&self, host: &str) -> bool {
        let matches = |glob: &String| glob_matches(glob.as_bytes(), host.as_bytes());
        self.hosts.iter().any(matches) && !self.others.iter().any(matches)
    }

    /// Whether all hosts of the API are known.
    pub(crate) fn hosts_are_complete(&self) -> bool {
        self.hosts_are_complete
    }

    /// Whether a host is said to be another API's.
    fn disowns(&self, host: &str) -> bool {
        self.others.iter().any(|glob| glob_matches(glob.as_bytes(), host.as_bytes()))
    }

    /// Whether a host is the server of the cluster that a program runs in, which serves
    /// the API of Kubernetes and no other.
    fn is_the_clusters(&self, host: &str) -> bool {
        let server = host == "kubernetes.default" || host.starts_with("kubernetes.default.svc");
        server && !self.names.are_in(host) && !self.owns(host)
    }

    /// Whether a host is in the domain of one of this API: `docs.run.ai` beside `app.run.ai`.
    pub(super) fn is_beside(&self, host: &str) -> bool {
        let domain = |host: &str| {
            let mut labels = host.rsplit('.');
            Some((labels.next()?.to_owned(), labels.next()?.to_owned()))
        };
        let own = domain(host);
        self.hosts.iter().chain(&self.others).any(|known| domain(known) == own)
    }

    pub(super) fn sign(&self, host: &Host) -> HostSign {
        match host {
            Host::None | Host::Variable(_) | Host::Placeholder => HostSign::Open,
            Host::Known(host) if self.disowns(host) || self.is_the_clusters(host) => HostSign::Other,
            Host::Partly(tail) if self.owns(&format!("x{tail}")) => HostSign::Ours,
            Host::Known(host) if self.owns(host) => HostSign::Ours,
            Host::Partly(tail) if is_local(tail.trim_start_matches('.')) || self.hosts.is_empty() => {
                HostSign::Local
            }
            Host::Known(host) if is_local(host) || self.hosts.is_empty() => HostSign::Local,
            Host::Partly(_) | Host::Known(_) if self.hosts_are_complete => HostSign::Other,
            Host::Partly(_) | Host::Known(_) => HostSign::Strange,
        }
    }
}

/// The longest part of a host's glob that is written out, if it says enough.
fn end_of_host(host: &str) -> Option<&str> {
    host.split('*').max_by_key(|part| part.len()).filter(|part| part.len() > 2)
}

/// `*` stands for any characters, also none.
fn glob_matches(glob: &[u8], text: &[u8]) -> bool {
    let (mut g, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if glob.get(g) == Some(&b'*') {
            star = Some((g, t));
            g += 1;
        } else if glob.get(g) == Some(&text[t]) {
            g += 1;
            t += 1;
        } else if let Some((star_at, from)) = star {
            star = Some((star_at, from + 1));
            g = star_at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    glob[g..].iter().all(|b| *b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api() -> Api {
        Api::new(ApiConfig {
            operations: vec![
                OperationKey::new("GET", "/v1/k8s/users/{id}"),
                OperationKey::new("GET", "/api/v1/users"),
            ],
            hosts: vec!["*.run.ai".into()],
            hosts_are_complete: true,
            ..ApiConfig::default()
        })
    }

    #[test]
    fn hosts_decide() {
        let api = api();
        let known = |host: &str| api.sign(&Host::Known(host.into()));
        assert_eq!(known("app.run.ai"), HostSign::Ours);
        assert_eq!(known("api.github.com"), HostSign::Other);
        assert_eq!(known("notrun.ai"), HostSign::Other);
        assert_eq!(known("localhost"), HostSign::Local);
        assert_eq!(known("runai-backend"), HostSign::Local);
        assert_eq!(api.sign(&Host::Partly(".run.ai".into())), HostSign::Ours);
        assert_eq!(api.sign(&Host::Placeholder), HostSign::Open);
    }

    #[test]
    fn hosts_of_others_are_not_local_ones() {
        let api = Api::new(ApiConfig {
            hosts: vec!["*.orbit.example".into()],
            hosts_are_complete: true,
            ..ApiConfig::default()
        });
        let known = |host: &str| api.sign(&Host::Known(host.into()));
        assert_eq!(known("control.orbit.example"), HostSign::Ours);
        assert_eq!(known("paging.ops.example"), HostSign::Other);
        assert_eq!(known("orbit.example.com"), HostSign::Local);
    }

    #[test]
    fn hosts_of_documents_do_not_exclude_others() {
        let api = Api::new(ApiConfig { hosts: vec!["api.orbit.example".into()], ..ApiConfig::default() });
        let known = |host: &str| api.sign(&Host::Known(host.into()));
        assert_eq!(known("api.orbit.example"), HostSign::Ours);
        assert_eq!(known("orbit.corp.example"), HostSign::Strange);
    }

    #[test]
    fn the_prefilter_wants_words_not_parts_of_words() {
        let api = api();
        assert!(api.may_occur(b"get(base + '/v1/k8s/x')", Ground::Code));
        assert!(api.may_occur(b"f\"{BASE}/users\"", Ground::Code));
        assert!(!api.may_occur(b"all users of superusers and k8sx", Ground::Code));
        assert!(api.may_occur(b"https://app.run.ai/", Ground::Code));
        assert!(api.may_occur(b"for x in users; do curl $U/api/v1/$x; done", Ground::Code));
    }
}
