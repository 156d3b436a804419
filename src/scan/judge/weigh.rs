//! Candidates in the light of each other: which of them are calls of the API, how
//! sure that is, and where they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::api::{Api, HostSign};
use super::company::{Company, Group, SEVERAL, Verdicts, says_its_beginning, unversioned};
use super::decide::{Candidate, File, Matched};
use super::names::names_in_path;
use super::paths::{SPECIFIC, Template, is_of_any_server, weight, words_of};
use crate::document::{Method, OperationKey, PathTemplate};
use crate::scan::call::{Call, Confidence, FieldUse, SentObject, Standing, Target};
use crate::scan::fields::complete::Complete;
use crate::scan::fields::sent::Sent;
use crate::scan::files::generated;
use crate::scan::form::{Span, Unit};
use crate::scan::lines::Lines;
use crate::scan::link::{FileId, Program};
use crate::scan::value::url::{Host, Segment, Url};
use crate::scan::wording;

/// Routes of known operations that make a table.
const TABLE: usize = 8;
/// Routes of known operations that make one of all that a library can ask for.
const LIBRARY: usize = 100;
/// What the package is called that a file of a program belongs to.
pub(crate) type Packages<'p> = dyn Fn(FileId) -> Option<String> + 'p;

/// Functions around a request whose names are heard.
const MAX_AROUND: usize = 4;
/// Words of code that changes what requests send after they are written.
const CHANGING: [&str; 5] =
    ["interceptors.request", "transformRequest", "defaults.params", "event_hooks", "beforeRequest"];

/// The calls among the candidates, one list per file. `strangers` are requests to
/// paths that the API does not have.
pub(crate) fn calls(
    api: &Api,
    program: &Program,
    files: &[File<'_>],
    packages: &Packages<'_>,
    candidates: &[Candidate],
    strangers: &[Candidate],
) -> Vec<Vec<Call>> {
    let scene = Scene { program, files, packages };
    let evidence = Evidence::gather(scene, candidates, strangers);
    let mut nearest = Nearest { api, known: BTreeMap::new() };
    let mut places = Places::new(program, files);
    let changed = files.iter().any(|file| CHANGING.iter().any(|word| file.text.contains(word)));
    let mut calls: Vec<BTreeMap<Same, Call>> = Vec::new();
    calls.resize_with(files.len(), BTreeMap::new);
    for candidate in candidates {
        let at = scene.home(candidate);
        let Some(file) = files.get(at) else { continue };
        let Some((target, confidence)) = evidence.verdict(candidate, at, &mut nearest) else { continue };
        let confidence = if file.in_test { Confidence::Low } else { confidence };
        let Some(mut call) = places.call(candidate, at, target, confidence) else { continue };
        call.standing = evidence.standing(candidate);
        // What requests send is changed after they are written; it is often done where the client
        // is made, in another file.
        if changed {
            call.objects.clear();
        }
        let method = call.method.as_ref().map_or("", Method::as_str).to_owned();
        let same = (call.span.start, call.span.end, method, format!("{:?}", call.target));
        match calls[at].get_mut(&same) {
            Some(known) => unite(known, call),
            None => {
                calls[at].insert(same, call);
            }
        }
    }
    for calls in &mut calls {
        // A place that is known with its method needs no word of it without.
        let known = calls.values().filter(|call| call.method.is_some() && call.confidence > Confidence::Low);
        let known: BTreeSet<(usize, usize)> = known.map(|call| (call.span.start, call.span.end)).collect();
        calls.retain(|(start, end, ..), call| call.method.is_some() || !known.contains(&(*start, *end)));
    }
    calls.into_iter().map(|calls| calls.into_values().collect()).collect()
}

/// The place, the method and the target of a call: what makes two calls the same.
type Same = (usize, usize, String, String);

/// One call of two: the surer one, with the fields of both, for both are sent, by
/// one caller or another.
fn unite(known: &mut Call, mut call: Call) {
    if known.confidence < call.confidence {
        std::mem::swap(known, &mut call);
    }
    call.fields.retain(|field| !known.fields.contains(field));
    known.fields.append(&mut call.fields);
    call.objects.retain(|object| !known.objects.contains(object));
    known.objects.append(&mut call.objects);
}

/// The program and its files.
#[derive(Clone, Copy)]
struct Scene<'a> {
    program: &'a Program,
    files: &'a [File<'a>],
    packages: &'a Packages<'a>,
}

impl<'a> Scene<'a> {
    /// The file in which a candidate stands.
    fn home(&self, candidate: &Candidate) -> FileId {
        self.program.file_at(place_of(candidate).start)
    }

    /// Whether the function that makes a request is named after the API: `harbor_api`.
    fn is_named(&self, candidate: &Candidate, api: &Api) -> bool {
        const LONG: usize = 80;
        let start = candidate.request.start;
        let at = self.program.file_at(start);
        let base = self.program.files.get(at).map_or(0, |file| file.base);
        let text = self.files.get(at).and_then(|file| file.text.get(start.checked_sub(base)? as usize..));
        let callee = text.unwrap_or_default().split(|c: char| c == '(' || c.is_whitespace()).next();
        let callee = callee.filter(|callee| callee.len() < LONG).unwrap_or_default();
        is_api_of(api, callee, &candidate.url)
    }

    /// Whether the function, the class, the file or the folder in which a request stands is named
    /// after the API (`src/remote/github.rs`), nothing else names what is asked there, and the
    /// path is more than a word that other APIs have too.
    fn is_at_named_place(&self, candidate: &Candidate, api: &Api) -> bool {
        let Some(matched) = &candidate.matched else { return false };
        let name = self.files.get(self.home(candidate)).map_or("", |file| file.inside);
        let mut places = name.rsplit('/').take(2).chain(self.definitions(candidate));
        let host = match &candidate.url.host {
            Host::Variable(name) => is_anybody(candidate.url.behind.as_deref().unwrap_or(name)),
            Host::Known(_) | Host::Partly(_) => false,
            _ => true,
        };
        let says_more = says_its_beginning(&candidate.url) || matched.weight > 1;
        host && !candidate.of_another
            && !matched.extra_prefix
            && says_more
            && places.any(|name| api.names.are_in(name))
    }

    /// Whether a path without its beginning stands in a class, file or folder that is named after the
    /// API (`Gitlab::Client`), so that the client's address may have the beginning, or is asked for
    /// by a helper in such a file or folder.
    fn is_of_named_client(&self, candidate: &Candidate, api: &Api) -> bool {
        let asked_at = candidate.root.map(|_| self.program.file_at(candidate.asked_at.start));
        let homes = std::iter::once(self.home(candidate)).chain(asked_at);
        let names =
            homes.filter_map(|at| self.files.get(at)).flat_map(|file| file.inside.rsplit('/').take(3));
        let mut places = names.chain(self.definitions(candidate));
        !candidate.of_another && places.any(|name| api.names.are_in(name))
    }

    /// Whether it stands in a function, a class, a file, a folder or a package that is named after
    /// another product (`gitea/client.go`), and nothing says that this API is asked there. A path
    /// that only this API has is copied by products of its kind alone.
    fn stands_in_another(&self, candidate: &Candidate, api: &Api) -> bool {
        let at = self.home(candidate);
        let is_open = !matches!(candidate.url.host, Host::Known(_) | Host::Partly(_));
        let Some(file) = self.files.get(at).filter(|_| is_open) else { return false };
        let own_path = is_of_few(candidate);
        let is_other = |name: &str| match own_path {
            true => api.names.are_rivals_in(name),
            false => api.names.are_others_in(name),
        };
        let places = || names_in_path(file.inside).chain(self.definitions(candidate));
        if places().any(|name| api.names.are_in(name)) {
            return false;
        }
        // Manifests are read last: it is rare that they are needed.
        places().any(is_other) || (self.packages)(at).is_some_and(|name| is_other(&name))
    }

    /// The names of the functions, from within, and of the class in which a request stands.
    fn definitions(&self, candidate: &Candidate) -> impl Iterator<Item = &'a str> {
        let Unit { functions, classes, .. } = &self.program.unit;
        let around = std::iter::successors(candidate.function, |id| functions.get(*id)?.parent);
        let around = around.take(MAX_AROUND).filter_map(|id| functions.get(id));
        around.flat_map(|function| {
            let class = function.class.and_then(|id| classes.get(id)).map(|class| &*class.name);
            function.name.as_deref().into_iter().chain(class)
        })
    }

    fn folder(&self, at: FileId) -> &'a str {
        self.files.get(at).map_or("", |file| file.name.rsplit_once('/').map_or("", |(folder, _)| folder))
    }

    /// What goes to the same place as a candidate, the surest first.
    fn groups(&self, candidate: &Candidate) -> Vec<Group> {
        let (at, base) = (self.home(candidate), &candidate.base);
        match candidate.root {
            _ if candidate.route => vec![Group::Routes(at)],
            Some(root) => vec![Group::Root(root)],
            None if base.is_empty() => Vec::new(),
            None if is_name(base) => {
                let folder = self.folder(at);
                let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
                let near = [folder, above].map(|folder| Group::Near(unversioned(folder), base.clone()));
                std::iter::once(Group::Base(at, base.clone())).chain(near).collect()
            }
            None => vec![Group::Base(at, base.clone())],
        }
    }
}

/// Whether what stands before a path is an object or a function: files of a folder that
/// call one by the same name mean the same.
fn is_name(base: &str) -> bool {
    base.starts_with("object ") || base.starts_with("function ")
}

/// Where a candidate stands: what was put together by the scan itself stands nowhere.
fn place_of(candidate: &Candidate) -> Span {
    match candidate.place {
        Span { start: u32::MAX, .. } => candidate.request,
        place => place,
    }
}

/// What the candidates say about each other.
struct Evidence<'c> {
    scene: Scene<'c>,
    company: Verdicts,
    /// Places of calls that are known with the beginning of their path.
    whole: BTreeSet<Span>,
    /// Fronts through which a file certainly reaches the API.
    ours: BTreeSet<(FileId, &'c str)>,
    /// Objects through which a folder does.
    near: BTreeSet<(&'c str, &'c str)>,
    /// Requests of a library that do, and what stands before the path.
    ways: BTreeSet<(usize, &'c str)>,
    /// Fronts of which a file asks for several paths, all of them the API's.
    several: BTreeSet<(FileId, &'c str)>,
    /// Routes of known operations, by file and by folder.
    routes: BTreeMap<FileId, usize>,
    tables: BTreeMap<&'c str, usize>,
    /// Built bundles with the table of all that a library can ask for.
    bundles: BTreeSet<FileId>,
}

impl<'c> Evidence<'c> {
    fn gather(scene: Scene<'c>, candidates: &'c [Candidate], strangers: &'c [Candidate]) -> Self {
        let mut company = Company::default();
        for candidate in candidates {
            match &candidate.matched {
                Some(matched) if matched.fit.has_stand_ins() => {}
                matched => {
                    let known = matched.as_ref().and_then(|matched| template_of(&matched.target));
                    company.add(scene.groups(candidate), &candidate.url, known);
                }
            }
        }
        for stranger in strangers {
            company.add(scene.groups(stranger), &stranger.url, None);
        }
        let beginning = |candidate: &&Candidate| candidate.matched.is_some() && !candidate.headless;
        let mut routes: BTreeMap<FileId, usize> = BTreeMap::new();
        let mut tables: BTreeMap<&str, usize> = BTreeMap::new();
        let known = |candidate: &&Candidate| matches!(&candidate.matched, Some(matched) if matches!(matched.target, Target::Operation(_)));
        for candidate in candidates.iter().filter(|candidate| candidate.route).filter(known) {
            *routes.entry(scene.home(candidate)).or_default() += 1;
            *tables.entry(scene.folder(scene.home(candidate))).or_default() += 1;
        }
        let bundled = |(at, count): (&FileId, &usize)| {
            let text = scene.files.get(*at).filter(|_| *count >= LIBRARY).map(|file| file.text)?;
            generated::is_bundled(text).then_some(*at)
        };
        let mut evidence = Self {
            scene,
            bundles: routes.iter().filter_map(bundled).collect(),
            several: several(scene, candidates, strangers),
            company: company.verdicts(),
            whole: candidates.iter().filter(beginning).map(place_of).collect(),
            ours: BTreeSet::new(),
            near: BTreeSet::new(),
            ways: BTreeSet::new(),
            routes,
            tables,
        };
        for candidate in
            candidates.iter().filter(|candidate| evidence.is_certain(candidate)).collect::<Vec<_>>()
        {
            if let Some(root) = candidate.root {
                evidence.ways.insert((root, &candidate.url.front));
            }
            let (at, base) = (scene.home(candidate), candidate.base.as_str());
            if base.is_empty() {
                continue;
            }
            evidence.ours.insert((at, base));
            // A helper's own requests go where those go that it makes for others.
            evidence.ours.insert((scene.program.file_at(candidate.asked_at.start), base));
            if is_name(base) {
                evidence.near.insert((scene.folder(at), base));
            }
        }
        evidence
    }

    /// Whether a candidate goes to the API whatever the others say.
    fn is_certain(&self, candidate: &Candidate) -> bool {
        let doubtful = candidate.loose
            || candidate.tail
            || candidate.sign == HostSign::Strange
            || self.is_strange(candidate)
            || is_anybodys(candidate)
            || candidate.headless && says_little(candidate);
        !doubtful
            && candidate.matched.as_ref().is_some_and(|matched| {
                matches!(matched.target, Target::Operation(_) | Target::Path(_))
                    && (!matched.extra_prefix || candidate.headless || says_its_beginning(&candidate.url))
                    && (matched.weight >= SPECIFIC || candidate.distinctive)
                    && matched.fit.holes_at_literals == 0
            })
    }

    /// Whether its client asks for other paths than the API's.
    fn is_strange(&self, candidate: &Candidate) -> bool {
        candidate.sign != HostSign::Ours
            && self.company.is_strange(self.scene.groups(candidate), &candidate.url)
    }

    /// What speaks for it beside its path.
    fn standing(&self, candidate: &Candidate) -> Standing {
        match is_by_path_alone(candidate) && goes_through_a_helper(candidate) {
            _ if self.is_strange(candidate) => Standing::Strange,
            true => Standing::Open,
            false => Standing::Settled,
        }
    }

    /// Whether it goes where a certain call goes.
    fn is_shared(&self, candidate: &Candidate, at: FileId) -> bool {
        let base = candidate.base.as_str();
        self.ours.contains(&(at, base))
            || self.several.contains(&(at, base))
            || self.near.contains(&(self.scene.folder(at), base))
            || candidate.root.is_some_and(|root| self.ways.contains(&(root, &candidate.url.front)))
    }

    /// What a candidate calls and how sure that is; `None` if it is no call of the API.
    fn verdict<'a>(
        &self,
        candidate: &'c Candidate,
        at: FileId,
        nearest: &mut Nearest<'a, 'c>,
    ) -> Option<(Target, Confidence)> {
        let shared = self.is_shared(candidate, at);
        let signed = candidate.sign == HostSign::Ours || shared || candidate.distinctive;
        let named = candidate.named || self.scene.is_named(candidate, nearest.api);
        let fronted = candidate.headless && candidate.url.host == Host::None;
        if fronted && !candidate.by_client && !self.scene.is_of_named_client(candidate, nearest.api) {
            return None;
        }
        let known = signed || named;
        let told_by_place = !known && self.scene.is_at_named_place(candidate, nearest.api);
        // Where a call is known with its beginning, it needs no word of it without.
        let is_repeated = || self.whole.contains(&place_of(candidate));
        if candidate.headless && (is_repeated() || says_little(candidate) && !shared && !candidate.by_client)
        {
            return None;
        }
        // A path that many APIs have, with a method that this one lacks.
        let is_foreign = |matched: &Matched| {
            matches!(matched.target, Target::MethodUnknown { .. }) && !known && matched.weight < SPECIFIC
        };
        let (target, confidence) = match &candidate.matched {
            Some(matched) if is_foreign(matched) => return None,
            // What a library could ask for, nobody asks for here.
            Some(_) if candidate.route && self.bundles.contains(&at) => return None,
            Some(matched) if candidate.route => {
                // A table of routes is what a client is made of, a single one an example.
                // It may have a file for each part of the API.
                let many = self.routes.get(&at).is_some_and(|count| *count >= TABLE)
                    || self.tables.get(self.scene.folder(at)).is_some_and(|count| *count >= 2 * TABLE);
                (matched.target.clone(), if many { Confidence::Medium } else { Confidence::Low })
            }
            Some(matched) if told_by_place => {
                let confidence = confidence(candidate, matched, true).min(Confidence::Medium);
                (matched.target.clone(), confidence)
            }
            Some(matched) => (matched.target.clone(), confidence(candidate, matched, known)),
            // An address that is handed to what somebody gives asks for nothing yet: `make(url)`.
            None if candidate.method.is_none() && is_beginning(&candidate.url) => return None,
            None if signed => {
                let sure = candidate.sign == HostSign::Ours && candidate.sure && candidate.method.is_some();
                let confidence = if sure { Confidence::High } else { Confidence::Medium };
                (Target::Unknown { nearest: nearest.of(candidate) }, confidence)
            }
            None => return None,
        };
        let nameless = matches!(&candidate.url.host, Host::Variable(name) if names_no_start(name));
        // Behind a word that is no base path, `/registry/projects/{id}` may be of any API.
        let based = nearest.api.server_paths.iter().any(|path| !path.is_empty());
        let behind_a_word = candidate.matched.as_ref().is_some_and(|matched| matched.extra_prefix)
            && !candidate.headless
            && !says_its_beginning(&candidate.url);
        // Only a path that hardly another API has speaks for a host that nobody knows.
        let says_much = named || is_of_few(candidate);
        let open = candidate.sign != HostSign::Ours && !shared;
        let vague = (candidate.tail || nameless) && open
            || is_anybodys(candidate) && open && !named && !told_by_place
            || behind_a_word && based && open && !named
            // No gateway stands before some paths of a server only; a version may.
            || behind_a_word && shared && candidate.sign != HostSign::Ours && begins_with_word(&candidate.url)
            || candidate.sign == HostSign::Strange && !says_much
            || if is_of_few(candidate) { candidate.of_rival } else { candidate.of_another }
            || candidate.any_variant
            // Nor does a beginning of its own, that two products may have: `api/v1/categories`.
            || self.is_strange(candidate) && !told_by_place && (is_by_path_alone(candidate) || !shared && !named)
            || candidate.sign != HostSign::Ours
                && !named
                && confidence > Confidence::Low
                && self.scene.stands_in_another(candidate, nearest.api);
        let confidence = if fronted { confidence.max(Confidence::Medium) } else { confidence };
        Some((target, if vague { Confidence::Low } else { confidence }))
    }
}

/// Fronts of which a file asks for several paths of the API with different words, that
/// begin where it does, and for nothing else: each alone may be of many APIs, all of
/// them together are not.
fn several<'c>(
    scene: Scene<'_>,
    candidates: &'c [Candidate],
    strangers: &'c [Candidate],
) -> BTreeSet<(FileId, &'c str)> {
    let mut paths: BTreeMap<(FileId, &str), BTreeSet<&PathTemplate>> = BTreeMap::new();
    let mut strange: BTreeSet<(FileId, &str)> = BTreeSet::new();
    for candidate in candidates.iter().filter(|candidate| !candidate.base.is_empty()) {
        let at = (scene.home(candidate), candidate.base.as_str());
        let certain = candidate.method.is_some() && says_its_beginning(&candidate.url);
        match &candidate.matched {
            Some(Matched { target: Target::Operation(operation), fit, .. })
                if certain && fit.is_certain() && !candidate.headless =>
            {
                paths.entry(at).or_default().insert(&operation.path);
            }
            _ => {
                strange.insert(at);
            }
        }
    }
    let strangers = strangers.iter().filter(|stranger| !stranger.url.segments.is_empty());
    strange.extend(strangers.map(|stranger| (scene.home(stranger), stranger.base.as_str())));
    paths.retain(|at, paths| {
        let words: BTreeSet<&str> = paths.iter().flat_map(|path| words_of(path.as_str())).collect();
        !strange.contains(at) && paths.len() >= SEVERAL && words.len() >= SEVERAL
    });
    paths.into_keys().collect()
}

/// The path that the API has for a call.
fn template_of(target: &Target) -> Option<&PathTemplate> {
    let operation = match target {
        Target::Operation(operation) => operation,
        Target::Path(operations) | Target::MethodUnknown { known: operations } => operations.first()?,
        Target::SdkMethod { .. } | Target::Unknown { .. } => return None,
    };
    Some(&operation.path)
}

/// Whether other files may go the same way.
fn goes_through_a_helper(candidate: &Candidate) -> bool {
    candidate.root.is_some() || is_name(&candidate.base)
}

/// Whether a name is the API's and the path begins like one of an API, for a product
/// has pages of its own (`{github_url}/settings`).
pub(super) fn is_api_of(api: &Api, name: &str, url: &Url) -> bool {
    // `octokit` is a client and nothing else.
    let says_api = || wording::words(name).iter().any(|word| word == "api" || api.is_client(word));
    api.names.are_in(name) && (says_its_beginning(url) || says_api())
}

/// Whether the path is one that hardly another API has, but for those that copy this one.
fn is_of_few(candidate: &Candidate) -> bool {
    candidate.distinctive || candidate.matched.as_ref().is_some_and(|matched| matched.weight >= SPECIFIC)
}

/// Whether neither a host nor a version says where it goes.
fn is_by_path_alone(candidate: &Candidate) -> bool {
    candidate.sign != HostSign::Ours && !says_its_beginning(&candidate.url)
}

/// Whether any server may have the path, and nothing says that it is the API's.
fn is_anybodys(candidate: &Candidate) -> bool {
    candidate.sign != HostSign::Ours && !candidate.named && is_of_any_server(words_of_url(&candidate.url))
}

/// The words of a URL's path that say something.
fn words_of_url(url: &Url) -> impl Iterator<Item = &str> {
    url.segments.iter().filter_map(Segment::text).filter(|text| weight(text) > 0)
}

/// Whether a URL is nothing but what paths begin with: `https://api.example.com/api/v1/`.
fn is_beginning(url: &Url) -> bool {
    let says_nothing = |text: &str| weight(text) == 0 || text.chars().all(|c| c.is_ascii_digit());
    url.segments.iter().all(|segment| segment.text().is_some_and(says_nothing))
}

/// Whether a path begins with a word: neither a number nor something that is put in.
fn begins_with_word(url: &Url) -> bool {
    let first = url.segments.first().and_then(Segment::text);
    first.is_some_and(|text| weight(text) > 0 && text.starts_with(char::is_alphabetic))
}

/// One word behind an unknown front says nothing by itself.
fn says_little(candidate: &Candidate) -> bool {
    let weighs = candidate.matched.as_ref().map_or(0, |matched| matched.weight);
    words_of_url(&candidate.url).count() < 2 || weighs < SPECIFIC
}

/// Whether a variable is named like what no API begins with: a place in a file
/// system, or the address of a resource, as servers give it (`href`).
fn names_no_start(name: &str) -> bool {
    const NAMES: [&str; 8] = ["path", "dir", "directory", "folder", "file", "href", "link", "links"];
    wording::words(name).last().is_some_and(|word| NAMES.contains(&word.as_str()))
}

/// Whether a variable that holds a host is named like that of any server: `base_url`.
fn is_anybody(name: &str) -> bool {
    const WORDS: [&str; 21] = [
        "addr", "address", "api", "base", "config", "domain", "endpoint", "host", "hostname", "http", "port",
        "prefix", "protocol", "registry", "root", "scheme", "server", "service", "settings", "uri", "url",
    ];
    wording::words(name).iter().all(|word| WORDS.contains(&word.as_str()))
}

/// How sure it is that a candidate calls what it matched, as far as it alone can tell.
fn confidence(candidate: &Candidate, matched: &Matched, signed: bool) -> Confidence {
    let fit = matched.fit;
    let ambiguous = matches!(matched.target, Target::Path(_)) && candidate.method.is_some();
    // Nobody is seen to say what all the segments are.
    let open = candidate.url.segments.iter().any(Segment::is_many);
    if candidate.loose || ambiguous || open || (matched.weight <= 1 && !signed) {
        return Confidence::Low;
    }
    // What a hole may stand for says nothing: `{url}networks/{id}` is of many APIs.
    if fit.has_stand_ins() && matched.shared < SPECIFIC && !signed {
        return Confidence::Low;
    }
    if fit.misplaced > 0 && candidate.sign != HostSign::Ours {
        return Confidence::Low;
    }
    // One hole for several segments, a word of the path among them, and little else
    // or one more: `/repos/{owner}/{repo}/downloads` is not `.../actions/runners/downloads`.
    let words = usize::from(fit.holes_at_literals);
    if words > 0 && fit.long_holes > 0 && (words > 1 || matched.shared <= SPECIFIC) {
        return Confidence::Low;
    }
    let doubts = [
        fit.rest_of_path > 0,
        fit.without_rest > 0,
        fit.misplaced > 0,
        fit.holes_at_literals > 0,
        fit.long_holes > 0,
        fit.glued > 0,
        fit.words_at_params > 0,
        matched.extra_prefix,
        matched.in_part,
        matched.method_inferred,
        candidate.method.is_none(),
        !candidate.sure,
        matches!(candidate.sign, HostSign::Local | HostSign::Strange),
        matched.weight < SPECIFIC && !signed,
    ];
    match doubts.into_iter().filter(|doubt| *doubt).count() {
        0 => Confidence::High,
        1..=3 => Confidence::Medium,
        _ => Confidence::Low,
    }
}

/// The known paths that are nearest to unknown ones, looked for once: a helper that is
/// called a hundred times asks for one path.
struct Nearest<'a, 'c> {
    api: &'a Api,
    known: BTreeMap<&'c [Segment], Option<&'a Template>>,
}

impl<'c> Nearest<'_, 'c> {
    /// The operation of the nearest path: that of the same method, if it has one.
    fn of(&mut self, candidate: &'c Candidate) -> Option<OperationKey> {
        let segments = candidate.url.segments.as_slice();
        let paths = &self.api.paths;
        let template = (*self.known.entry(segments).or_insert_with(|| paths.nearest(segments)))?;
        let method = candidate.method.as_ref();
        let same = template.operations.iter().find(|operation| Some(&operation.method) == method);
        same.or(template.operations.first()).cloned()
    }
}

/// Lines and columns of what stands in the files.
pub(crate) struct Places<'a> {
    program: &'a Program,
    files: &'a [File<'a>],
    lines: BTreeMap<FileId, Lines>,
}

/// Where something stands in its file.
struct Place<'a> {
    file: &'a File<'a>,
    span: std::ops::Range<usize>,
    start: (usize, usize),
    end: (usize, usize),
}

impl<'a> Places<'a> {
    pub(crate) fn new(program: &'a Program, files: &'a [File<'a>]) -> Self {
        Self { program, files, lines: BTreeMap::new() }
    }

    /// The place of a span in a file.
    fn of(&mut self, at: FileId, span: Span) -> Option<Place<'a>> {
        let file = self.files.get(at)?;
        let base = self.program.files[at].base;
        let span = span.start.checked_sub(base)? as usize..span.end.checked_sub(base)? as usize;
        let lines = self.lines.entry(at).or_insert_with(|| Lines::new(file.text));
        let (start, end) = (lines.place(file.text, span.start), lines.place(file.text, span.end));
        Some(Place { file, span, start, end })
    }

    fn call(
        &mut self,
        candidate: &Candidate,
        at: FileId,
        target: Target,
        confidence: Confidence,
    ) -> Option<Call> {
        let place = place_of(candidate);
        // A request in another file is made where the path is handed on.
        let here = self.program.file_at(candidate.request.start) == at;
        let (request_line, _) = self.of(at, if here { candidate.request } else { place })?.start;
        let fields = candidate.sent.iter().filter_map(|field| self.field(field)).collect();
        let objects = candidate.complete.iter().filter_map(|object| self.object(object)).collect();
        let Place { file, span, start: (line, column), end: (end_line, end_column) } = self.of(at, place)?;
        Some(Call {
            file: file.name.to_owned(),
            line,
            column,
            end_line,
            end_column,
            request_line,
            language: file.language,
            method: candidate.method.clone(),
            url: candidate.url.text.clone(),
            confidence,
            via: candidate.via,
            in_test: file.in_test,
            generated: false,
            standing: Standing::Settled,
            sdk: None,
            span,
            target,
            fields,
            objects,
        })
    }

    /// A complete object that is sent, at the place of its first key, else at the request.
    fn object(&mut self, (object, request): &(Complete, Span)) -> Option<SentObject> {
        let Complete { place, at, keys, span } = object;
        let span = span.filter(|span| span.start != u32::MAX).unwrap_or(*request);
        let place = Sent { place: *place, at: at.clone(), span, when: Vec::new(), or: Vec::new() };
        let stands = self.field(&place)?;
        Some(SentObject { stands, keys: keys.clone() })
    }

    /// A field that is sent or read, at its place in a file.
    pub(crate) fn field(&mut self, field: &Sent) -> Option<FieldUse> {
        if field.span.start == u32::MAX {
            return None;
        }
        let at = self.program.file_at(field.span.start);
        let Place { file, span, start: (line, column), end: (end_line, end_column) } =
            self.of(at, field.span)?;
        Some(FieldUse {
            place: field.place,
            at: field.at.clone(),
            file: file.name.to_owned(),
            line,
            column,
            end_line,
            end_column,
            span,
            or: field.or.clone(),
        })
    }
}
