//! From requests to calls: which requests of a program go to the API, to which
//! operation, and how sure that is.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::answer::Read;
use super::api::{Api, HostSign};
use super::call::{Call, Confidence, FieldPlace, FieldUse, SentObject, Target, Via};
use super::company::{Company, Group, says_its_beginning};
use super::complete::{self, Complete};
use super::evaluate::Evaluation;
use super::form::Span;
use super::language::Language;
use super::link::{FileId, Program};
use super::paths::{Fit, Match, Template, weight};
use super::request::{self, Dialect, Request};
use super::sent::{self, Sent};
use super::url::{Host, Part, Segment, Url, split};
use super::value::{Entry, Kind, Piece, Value, compatible};
use crate::document::{Method, OperationKey};

/// Leading segments that a gateway may put before a known path.
const MAX_EXTRA_PREFIX: usize = 3;
/// Operations among which an ambiguous URL may choose before it says nothing.
const MAX_AMBIGUOUS: usize = 4;
/// Routes of known operations that make a table.
const TABLE: usize = 8;
/// Callers of one request whose arguments are looked through for fields.
const MAX_CALLERS: usize = 200;
/// Words of code that changes what requests send after they are written.
const CHANGING: [&str; 5] =
    ["interceptors.request", "transformRequest", "defaults.params", "event_hooks", "beforeRequest"];
/// Weight of a path that hardly another API has.
const SPECIFIC: usize = 3;

/// A file that is judged.
pub(super) struct File<'a> {
    pub name: &'a str,
    pub text: &'a str,
    pub language: Language,
    pub in_test: bool,
}

/// A URL with a method, judged but for what the rest of the program says.
#[derive(Clone, Debug)]
struct Candidate {
    url: Url,
    method: Option<Method>,
    /// The matched templates' operations, or nothing.
    matched: Option<Matched>,
    sign: HostSign,
    /// What the URL's unknown front is called: candidates of a file that share it
    /// go to the same place.
    base: String,
    /// The request of a library that is made in the end: candidates that share
    /// it and what stands before the path go to the same place.
    root: Option<usize>,
    place: Span,
    request: Span,
    via: Via,
    sure: bool,
    distinctive: bool,
    /// Nobody is seen to send it.
    loose: bool,
    /// A method and a path in one text that nobody is seen to send.
    route: bool,
    /// The front is not known, and what follows ends a longer path as well.
    tail: bool,
    /// The front is not known, and has to hold the beginning of the path.
    headless: bool,
    /// The fields that are sent with it.
    sent: Vec<Sent>,
    /// The objects that are sent with it and of which every key is seen, and the
    /// request that sends them.
    complete: Vec<(Complete, Span)>,
}

#[derive(Clone, Debug)]
struct Matched {
    target: Target,
    fit: Fit,
    /// Weight of the literal text of the path.
    weight: usize,
    /// Weight of the part of it that the URL has as well.
    shared: usize,
    extra_prefix: bool,
    method_inferred: bool,
}

/// Reads the calls out of a program's evaluation, one list per file.
pub(super) fn calls(
    api: &Api,
    program: &Program,
    files: &[File<'_>],
    evaluation: &Evaluation,
    dialect: &dyn Dialect,
) -> Vec<Vec<Call>> {
    let mut children = vec![Vec::new(); evaluation.requests.len()];
    let mut used: BTreeSet<Span> = evaluation.quiet.clone();
    for (id, request) in evaluation.requests.iter().enumerate() {
        if let Some(parent) = request.fills {
            children[parent].push(id);
        }
        request.args.iter().for_each(|(_, value)| literals(value, &mut used));
        literals(&request.callee.receiver, &mut used);
    }
    let mut reads: BTreeMap<usize, Vec<Sent>> = BTreeMap::new();
    for Read { request, at, span } in &evaluation.reads {
        let read = Sent { place: FieldPlace::Answer, at: at.clone(), span: *span, when: Vec::new() };
        reads.entry(*request).or_default().push(read);
    }
    let (matches, strangers) = (RefCell::default(), RefCell::default());
    let judge = Judge { api, requests: &evaluation.requests, reads, children, dialect, matches, strangers };
    let mut candidates = Vec::new();
    for (id, request) in evaluation.requests.iter().enumerate() {
        if request.fills.is_none() {
            candidates.extend(judge.resolve(id, id, 0));
        }
    }
    for value in &evaluation.loose {
        candidates.extend(judge.loose(value, &used));
    }
    finish(api, program, files, candidates, judge.strangers.into_inner())
}

/// Where the literal texts of a value stand.
fn literals(value: &Value, out: &mut BTreeSet<Span>) {
    for term in &value.terms {
        match &term.kind {
            Kind::Text(pieces) => {
                for piece in pieces {
                    if let Piece::Literal { literal, .. } = piece {
                        out.insert(*literal);
                    }
                }
            }
            Kind::List(items) => items.iter().for_each(|item| literals(item, out)),
            Kind::Object(entries) => entries.iter().for_each(|(key, value)| {
                if *key != Entry::Spread {
                    literals(value, out);
                }
            }),
            Kind::Client(base) => literals(base, out),
            _ => {}
        }
    }
}

/// What fits a path best, by path and method.
type Matches = BTreeMap<(Vec<Segment>, Option<Method>), Vec<Match>>;

struct Judge<'a> {
    api: &'a Api,
    requests: &'a [Arc<Request>],
    /// What is read of the answers.
    reads: BTreeMap<usize, Vec<Sent>>,
    children: Vec<Vec<usize>>,
    dialect: &'a dyn Dialect,
    /// What was found for a path and a method: helpers are asked for the same again
    /// and again.
    matches: RefCell<Matches>,
    /// Requests whose path is not one of the API.
    strangers: RefCell<Vec<Stranger>>,
}

/// A request to a path that the API does not have, see [`Candidate`].
struct Stranger {
    base: String,
    root: Option<usize>,
    route: bool,
    place: Span,
    url: Url,
}

impl Judge<'_> {
    /// The known paths that fit best.
    fn find(&self, segments: &[Segment], method: Option<&Method>) -> Vec<Match> {
        let key = (segments.to_vec(), method.cloned());
        if let Some(known) = self.matches.borrow().get(&key) {
            return known.clone();
        }
        let found = self.api.paths.find(segments, method);
        self.matches.borrow_mut().insert(key, found.clone());
        found
    }

    /// The calls that a request stands for: itself, if it is known where it
    /// is written, else what the callers of its function make of it.
    fn resolve(&self, id: usize, root: usize, depth: usize) -> Vec<Candidate> {
        let request = &self.requests[id];
        let Some(in_place) = &request.in_place else {
            if request.repeats {
                return Vec::new();
            }
            return self.with_reads(self.read(request, root, false), id);
        };
        let here = match request.repeats {
            true => Vec::new(),
            false => self.with_reads(self.read(request, root, true), id),
        };
        let settled = !here.is_empty()
            && here.iter().all(|candidate| {
                // What stands behind a base may hold the beginning of a longer path, and
                // a caller may know what the front is.
                let begins = !(candidate.tail && candidate.url.behind.is_some());
                candidate.method.is_some()
                    && begins
                    && !candidate.headless
                    && candidate.matched.as_ref().is_some_and(|matched| {
                        let fit = matched.fit;
                        fit.open_at_literals == 0 && fit.holes_at_literals == 0 && fit.long_holes == 0
                    })
            });
        if settled {
            return self.with_fields_of_callers(here, id);
        }
        let mut filled = Vec::new();
        if depth < 12 {
            for child in &self.children[id] {
                filled.extend(self.resolve(*child, root, depth + 1));
            }
        }
        let fits = |candidate: &Candidate| candidate.matched.is_some() && !candidate.headless;
        if request.repeats || filled.iter().any(fits) {
            return filled;
        }
        let mut here = self.with_reads(self.read(in_place, root, false), id);
        here.extend(filled);
        here
    }

    /// What is read of the answer of a request, if it is known which one is.
    fn with_reads(&self, mut here: Vec<Candidate>, id: usize) -> Vec<Candidate> {
        if let Some(candidate) = only_target(&mut here)
            && let Some(reads) = self.reads.get(&id)
        {
            candidate.sent.extend(reads.iter().cloned());
        }
        here
    }

    /// What is sent with a request whose body a caller hands over, and what the
    /// caller reads of the answer.
    fn with_fields_of_callers(&self, mut here: Vec<Candidate>, id: usize) -> Vec<Candidate> {
        let Some(candidate) = only_target(&mut here) else { return here };
        let mut below: Vec<usize> = self.children[id].clone();
        let mut steps = 0;
        while let Some(id) = below.pop() {
            steps += 1;
            if steps > MAX_CALLERS {
                break;
            }
            let request = &self.requests[id];
            below.extend(&self.children[id]);
            let Some(found) = request.read(self.dialect) else { continue };
            let sent = sent::fields(request, &found, self.dialect.naming());
            if let [term] = found.url.terms.as_slice() {
                let objects = complete::objects(request, &found, self.dialect.naming(), term, &term.when);
                candidate.complete.extend(objects.into_iter().map(|object| (object, request.span)));
            }
            for field in sent.into_iter().chain(self.reads.get(&id).into_iter().flatten().cloned()) {
                let same = |known: &Sent| {
                    (known.place, &known.at, known.span) == (field.place, &field.at, field.span)
                };
                if !candidate.sent.iter().any(same) {
                    candidate.sent.push(field);
                }
            }
        }
        here
    }

    /// Every alternative of a request; `open` keeps those with parameters.
    fn read(&self, request: &Request, root: usize, open: bool) -> Vec<Candidate> {
        let Some(found) = request.read(self.dialect) else { return Vec::new() };
        if open && (found.method_open || found.url.is_chosen()) {
            return Vec::new();
        }
        let mut out: Vec<Candidate> = Vec::new();
        let fields = sent::fields(request, &found, self.dialect.naming());
        for (pieces, term) in found.url.texts() {
            let owns = |host: &str| self.api.owns(host);
            let Some(url) = split(&pieces, found.bare_host, owns) else { continue };
            for (method, when) in &found.methods {
                if !compatible(when, &term.when) {
                    continue;
                }
                let via = if request.wrappers > 0 || !found.sure { Via::Wrapper } else { Via::Http };
                let base = base_of(&url, &request.callee.path);
                let place = url.place.unwrap_or(request.span);
                let root = (request.wrappers > 0).then_some(root);
                let goes =
                    |field: &&Sent| compatible(&field.when, &term.when) && compatible(&field.when, when);
                let judged = self.judge(Candidate {
                    method: method.as_deref().map(Method::new),
                    matched: None,
                    sign: HostSign::Open,
                    base: base.clone(),
                    root,
                    place,
                    request: request.span,
                    via,
                    sure: found.sure && !request.later,
                    distinctive: false,
                    route: false,
                    loose: false,
                    tail: false,
                    headless: false,
                    sent: fields.iter().filter(goes).cloned().collect(),
                    complete: Vec::new(),
                    url: url.clone(),
                });
                if judged.is_none() && self.api.sign(&url.host) != HostSign::Other {
                    let stranger = Stranger { base, root, route: false, place, url: url.clone() };
                    self.strangers.borrow_mut().push(stranger);
                }
                out.extend(judged.map(|candidate| {
                    let when: Vec<(u32, u32)> = term.when.iter().chain(when).copied().collect();
                    let objects = complete::objects(request, &found, self.dialect.naming(), term, &when);
                    let complete = objects.into_iter().map(|object| (object, request.span)).collect();
                    Candidate { complete, ..candidate }
                }));
            }
        }
        // Alternatives that do not belong together say nothing beside one that fits.
        let operation =
            |c: &Candidate| matches!(&c.matched, Some(m) if matches!(m.target, Target::Operation(_)));
        if out.iter().any(operation) {
            let lacks = |m: &Matched| matches!(m.target, Target::MethodUnknown { .. });
            out.retain(|candidate| !candidate.matched.as_ref().is_some_and(lacks));
        }
        // Nor does a hole that would have to be a word of the path beside what fits as it is
        // and is as long.
        let guessed = |c: &Candidate| c.matched.as_ref().is_some_and(|m| m.fit.holes_at_literals > 0);
        let clean = out.iter().filter(|c| operation(c) && !guessed(c));
        let lengths: BTreeSet<usize> = clean.map(|c| c.url.segments.len()).collect();
        out.retain(|candidate| !guessed(candidate) || !lengths.contains(&candidate.url.segments.len()));
        // `{name}issues` is not written that way if `{name}/issues` is what else it may be.
        let stuck = |c: &Candidate| c.url.segments.iter().any(Segment::is_stuck);
        if out.iter().any(|candidate| operation(candidate) && !stuck(candidate)) {
            out.retain(|candidate| !stuck(candidate));
        }
        // Nor does what lacks its beginning, beside what has it.
        if out.iter().any(|candidate| operation(candidate) && !candidate.headless) {
            out.retain(|candidate| !candidate.headless);
        }
        // An alternative that fits nothing says nothing if another one fits.
        if out.iter().any(|candidate| candidate.matched.is_some()) {
            let fitting: BTreeSet<Span> =
                out.iter().filter(|c| c.matched.is_some()).map(|c| c.place).collect();
            out.retain(|candidate| candidate.matched.is_some() || !fitting.contains(&candidate.place));
        }
        out
    }

    /// Texts that reach no call.
    fn loose(&self, value: &Value, used: &BTreeSet<Span>) -> Vec<Candidate> {
        let mut out = Vec::new();
        for (pieces, term) in value.texts() {
            // `"GET /users/{id}"` in a table of routes
            let route = request::route_of(term);
            let (method, pieces) = match route {
                Some((method, pieces)) => (Some(Method::new(method)), pieces),
                None => (None, pieces),
            };
            let Some(url) = split(&pieces, false, |host| self.api.owns(host)) else { continue };
            let Some(place) = url.place else { continue };
            if url.bare || url.literals.iter().any(|literal| used.contains(literal)) {
                continue;
            }
            let route = method.is_some();
            let stranger = Stranger { base: String::new(), root: None, route, place, url: url.clone() };
            let candidate = self.judge(Candidate {
                base: String::new(),
                root: None,
                route,
                method,
                matched: None,
                sign: HostSign::Open,
                place,
                request: place,
                via: Via::Http,
                sure: false,
                distinctive: false,
                loose: true,
                tail: false,
                headless: false,
                sent: Vec::new(),
                complete: Vec::new(),
                url,
            });
            if route && candidate.is_none() {
                self.strangers.borrow_mut().push(stranger);
            }
            out.extend(candidate.filter(|candidate| {
                candidate.matched.as_ref().is_some_and(|matched| {
                    (matched.weight >= SPECIFIC || candidate.distinctive || candidate.route)
                        && matched.fit.is_certain()
                        && !matched.extra_prefix
                })
            }));
        }
        out
    }

    /// Compares a URL with the known paths. `None` if it cannot be of this API.
    fn judge(&self, mut candidate: Candidate) -> Option<Candidate> {
        let api = self.api;
        candidate.sign = api.sign(&candidate.url.host);
        if candidate.sign == HostSign::Other || candidate.url.segments.is_empty() {
            return None;
        }
        let segments = candidate.url.segments.clone();
        let mut unmatched = true;
        for base in &api.base_paths {
            let Some(rest) = without_base(&segments, base) else { continue };
            candidate.distinctive |= api.paths.is_distinctive(rest);
            let matches = self.find(rest, candidate.method.as_ref());
            unmatched &= matches.is_empty();
            if let Some(matched) = self.choose(&candidate, rest, &matches, false) {
                candidate.tail = may_be_tail(&candidate.url)
                    && match &matched.target {
                        Target::Operation(operation) => api.paths.is_tail(rest, operation.path.as_str()),
                        Target::Path(all) | Target::MethodUnknown { known: all } => {
                            all.iter().any(|operation| api.paths.is_tail(rest, operation.path.as_str()))
                        }
                        Target::Unknown { .. } | Target::SdkMethod { .. } => false,
                    };
                candidate.matched = Some(matched);
                return Some(candidate);
            }
        }
        let rooted = api.base_paths.iter().filter_map(|base| without_base(&segments, base)).any(|rest| {
            let literal = rest.iter().take(2).all(|segment| segment.text().is_some());
            let root = rest.first().and_then(Segment::text).is_some_and(|text| api.roots.contains(text));
            // `/api/v2` alone is where an API begins.
            let says = rest.iter().any(|segment| segment.text().is_none_or(|text| weight(text) > 0));
            literal && root && says && rest.len() >= 2
        });
        // What stands at the API's own host and begins like it has no gateway before it.
        let whole = rooted && (candidate.sign == HostSign::Ours || candidate.url.host == Host::None);
        let longest = if whole { 0 } else { MAX_EXTRA_PREFIX };
        for skip in 1..=longest.min(segments.len().saturating_sub(1)) {
            let rest = &segments[skip..];
            let matches = self.find(rest, candidate.method.as_ref());
            let clean = matches
                .first()
                .is_some_and(|found| found.fit.holes_at_literals == 0 && found.fit.long_holes == 0);
            let literal: usize = rest.iter().filter_map(Segment::text).map(weight).sum();
            // `/api` before `/v1/k8s/...` is another API, `/gateway` a gateway.
            let another = segments[..skip].iter().filter_map(Segment::text).any(|text| weight(text) == 0);
            let clean = clean && (!another || candidate.sign == HostSign::Ours);
            if clean && (api.paths.is_distinctive(rest) || literal >= SPECIFIC) {
                candidate.distinctive |= api.paths.is_distinctive(rest);
                candidate.matched = self.choose(&candidate, rest, &matches, true);
                return candidate.matched.is_some().then_some(candidate);
            }
        }
        if unmatched && let Some(matched) = self.headless(&candidate, &segments) {
            (candidate.matched, candidate.headless) = (Some(matched), true);
            return Some(candidate);
        }
        // Unknown to every release: kept for the moment, if it begins like the API.
        let begins = rooted && !(candidate.url.behind.is_some() && may_be_tail(&candidate.url));
        (unmatched && begins && !candidate.loose).then_some(candidate)
    }

    /// The known path of which the URL has all but the beginning: `/api/v1` stands in the
    /// setting that holds the host. Nothing is guessed there.
    fn headless(&self, candidate: &Candidate, segments: &[Segment]) -> Option<Matched> {
        let Host::Variable(name) = &candidate.url.host else { return None };
        let words = super::request::words(candidate.url.behind.as_deref().unwrap_or(name));
        let is_base = !may_be_tail(&candidate.url) || words.iter().any(|word| word == "url" || word == "uri");
        let first = segments.first().and_then(Segment::text)?;
        if !is_base || candidate.loose || weight(first) == 0 {
            return None;
        }
        self.api.fronts.iter().find_map(|front| {
            let front = front.iter().map(|text| Segment { parts: vec![Part::Text(text.clone())] });
            let whole: Vec<Segment> = front.chain(segments.iter().cloned()).collect();
            let matches = self.find(&whole, candidate.method.as_ref());
            matches.first().filter(|found| found.fit.is_certain())?;
            self.choose(candidate, &whole, &matches, true)
        })
    }

    /// The operation among the best matches that the method allows.
    fn choose(
        &self,
        candidate: &Candidate,
        rest: &[Segment],
        matches: &[Match],
        extra_prefix: bool,
    ) -> Option<Matched> {
        let fit = matches.first()?.fit;
        let paths = &self.api.paths;
        let shared = matches.iter().map(|found| found.shared).min().unwrap_or(0);
        let guessed = fit.has_stand_ins();
        // A guess needs a beginning that is known and a word that says something.
        if guessed && (shared < 2 || rest.first().is_none_or(|first| first.text().is_none())) {
            return None;
        }
        // A hole for a word of the path and a word for a parameter: it is another path.
        if fit.holes_at_literals > 0 && fit.words_at_params > 0 {
            return None;
        }
        if rest.iter().all(Segment::is_hole) {
            return None;
        }
        let templates = matches.iter().map(|found| &paths.templates[found.template]);
        let weight = templates.clone().map(|template| template.weight).max().unwrap_or(0);
        let all: Vec<OperationKey> = templates.flat_map(|template| template.operations.clone()).collect();
        let mut method_inferred = false;
        let target = match &candidate.method {
            None => {
                if matches.len() > MAX_AMBIGUOUS {
                    return None;
                }
                Target::Path(all)
            }
            Some(method) => {
                let mut fitting: Vec<OperationKey> =
                    all.iter().filter(|operation| operation.method == *method).cloned().collect();
                if fitting.is_empty() && method.as_str() == "HEAD" {
                    // RFC 9110 section 9.3.2: HEAD is GET without the content.
                    fitting =
                        all.iter().filter(|operation| operation.method.as_str() == "GET").cloned().collect();
                    method_inferred = true;
                }
                match fitting.len() {
                    1 => Target::Operation(fitting.remove(0)),
                    0 if method.as_str() == "OPTIONS" || method.as_str() == "TRACE" => return None,
                    0 => {
                        if !fit.is_certain() || extra_prefix {
                            return None;
                        }
                        Target::MethodUnknown { known: all }
                    }
                    n if n <= MAX_AMBIGUOUS => Target::Path(fitting),
                    _ => return None,
                }
            }
        };
        Some(Matched { target, fit, weight, shared, extra_prefix, method_inferred })
    }
}

/// The first of candidates that all call the same: with which of several operations
/// something goes is not known.
fn only_target(candidates: &mut [Candidate]) -> Option<&mut Candidate> {
    let [first, others @ ..] = candidates else { return None };
    let target = |candidate: &Candidate| candidate.matched.as_ref().map(|matched| matched.target.clone());
    let called = target(first);
    others.iter().all(|other| target(other) == called).then_some(first)
}

/// The segments after a base path, if they begin with it.
fn without_base<'s>(segments: &'s [Segment], base: &[String]) -> Option<&'s [Segment]> {
    let head = segments.get(..base.len())?;
    head.iter().zip(base).all(|(segment, base)| segment.text() == Some(base)).then(|| &segments[base.len()..])
}

/// Whether the unknown front of a URL may hold a part of the path: nothing in
/// its name says that it is where the API begins.
fn may_be_tail(url: &Url) -> bool {
    const STARTS: [&str; 10] =
        ["base", "host", "server", "api", "endpoint", "root", "origin", "gateway", "address", "domain"];
    let Host::Variable(name) = &url.host else { return false };
    let name = url.behind.as_deref().unwrap_or(name);
    !super::request::words(name).iter().any(|word| STARTS.iter().any(|start| word.ends_with(start)))
}

/// Whether a variable is named like what no API begins with: a place in a file
/// system, or the address of a resource, as servers give it (`href`).
fn names_no_start(name: &str) -> bool {
    const NAMES: [&str; 8] = ["path", "dir", "directory", "folder", "file", "href", "link", "links"];
    super::request::words(name).last().is_some_and(|word| NAMES.contains(&word.as_str()))
}

/// A name for the unknown front of a URL.
fn base_of(url: &Url, callee: &[std::sync::Arc<str>]) -> String {
    match &url.host {
        // What stands behind a base is different from call to call.
        Host::Variable(_) if url.behind.is_some() && may_be_tail(url) => String::new(),
        Host::Variable(name) if !name.is_empty() => format!("variable {name}"),
        Host::None if callee.len() > 1 => format!("object {}", callee[..callee.len() - 1].join(".")),
        Host::Known(host) => format!("host {host}"),
        Host::Placeholder => "placeholder".to_owned(),
        Host::None | Host::Variable(_) | Host::Partly(_) => String::new(),
    }
}

/// Weighs every candidate in the light of the others and gives it a place.
fn finish(
    api: &Api,
    program: &Program,
    files: &[File<'_>],
    candidates: Vec<Candidate>,
    strangers: Vec<Stranger>,
) -> Vec<Vec<Call>> {
    // What was put together by the scan itself stands nowhere.
    let place_of = |candidate: &Candidate| match candidate.place {
        Span { start: u32::MAX, .. } => candidate.request,
        place => place,
    };
    let home = |candidate: &Candidate| program.file_at(place_of(candidate).start);
    let group = |route: bool, root: Option<usize>, base: &str, at: FileId| match root {
        _ if route => Some(Group::Routes(at)),
        Some(root) => Some(Group::Root(root)),
        None if base.is_empty() => None,
        None => Some(Group::Base(at, base.to_owned())),
    };
    let group_of =
        |candidate: &Candidate| group(candidate.route, candidate.root, &candidate.base, home(candidate));
    let mut company = Company::default();
    for candidate in &candidates {
        match &candidate.matched {
            Some(matched) if matched.fit.has_stand_ins() => {}
            matched => company.add(group_of(candidate), &candidate.url, matched.is_some()),
        }
    }
    for Stranger { base, root, route, place, url } in &strangers {
        if place.start != u32::MAX {
            company.add(group(*route, *root, base, program.file_at(place.start)), url, false);
        }
    }
    // Where a call is known with its beginning, it needs no word of it without.
    let whole: BTreeSet<Span> = candidates
        .iter()
        .filter(|candidate| candidate.matched.is_some() && !candidate.headless)
        .map(place_of)
        .collect();
    let strange = company.strange();
    let is_strange = |candidate: &Candidate| {
        candidate.sign != HostSign::Ours
            && !says_its_beginning(&candidate.url)
            && group_of(candidate).is_some_and(|group| strange.contains(&group))
    };
    // One word behind an unknown front says nothing by itself.
    let says_little = |candidate: &Candidate| {
        let words = candidate.url.segments.iter().filter_map(Segment::text).filter(|text| weight(text) > 0);
        let weighs = candidate.matched.as_ref().map_or(0, |matched| matched.weight);
        words.count() < 2 || weighs < SPECIFIC
    };
    // Fronts through which a file certainly reaches the API.
    let certain: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| !candidate.loose && !candidate.tail && candidate.sign != HostSign::Strange)
        .filter(|candidate| !is_strange(candidate))
        .filter(|candidate| !candidate.headless || !says_little(candidate))
        .filter(|candidate| {
            candidate.matched.as_ref().is_some_and(|matched| {
                matches!(matched.target, Target::Operation(_) | Target::Path(_))
                    && (matched.weight >= SPECIFIC || candidate.distinctive)
                    && matched.fit.holes_at_literals == 0
            })
        })
        .collect();
    let named = certain.iter().filter(|candidate| !candidate.base.is_empty());
    let ours: BTreeSet<(FileId, &str)> =
        named.map(|candidate| (home(candidate), candidate.base.as_str())).collect();
    let folder = |at: FileId| {
        files.get(at).map_or("", |file| file.name.rsplit_once('/').map_or("", |(folder, _)| folder))
    };
    // Files of a folder that call an object by the same name mean the same.
    let near: BTreeSet<(&str, &str)> = ours
        .iter()
        .filter(|(_, base)| base.starts_with("object "))
        .map(|(at, base)| (folder(*at), *base))
        .collect();
    let fronted = certain.iter().filter_map(|candidate| Some((candidate.root?, &candidate.url.front)));
    let ways: BTreeSet<(usize, &String)> = fronted.collect();
    // A table of routes is what a client is made of, a single one an example.
    let mut routes: BTreeMap<FileId, usize> = BTreeMap::new();
    let known = |candidate: &&Candidate| matches!(&candidate.matched, Some(matched) if matches!(matched.target, Target::Operation(_)));
    for candidate in candidates.iter().filter(|candidate| candidate.route).filter(known) {
        *routes.entry(home(candidate)).or_default() += 1;
    }
    // It is often done where the client is made, in another file.
    let changed = files.iter().any(|file| CHANGING.iter().any(|word| file.text.contains(word)));
    let mut lines: BTreeMap<FileId, Lines> = BTreeMap::new();
    // Looked for once: a helper that is called a hundred times asks for one path.
    let mut nearest: BTreeMap<&[Segment], Option<&Template>> = BTreeMap::new();
    let mut calls: Vec<BTreeMap<(usize, usize, String, String), Call>> = Vec::new();
    calls.resize_with(files.len(), BTreeMap::new);
    for candidate in &candidates {
        let at = home(candidate);
        let Some(file) = files.get(at) else { continue };
        let shared = ours.contains(&(at, candidate.base.as_str()))
            || near.contains(&(folder(at), candidate.base.as_str()))
            || candidate.root.is_some_and(|root| ways.contains(&(root, &candidate.url.front)));
        let signed = candidate.sign == HostSign::Ours || shared || candidate.distinctive;
        if candidate.headless && (whole.contains(&place_of(candidate)) || says_little(candidate) && !shared) {
            continue;
        }
        // A path that many APIs have, with a method that this one lacks.
        let foreign = candidate.matched.as_ref().is_some_and(|matched| {
            matches!(matched.target, Target::MethodUnknown { .. }) && !signed && matched.weight < SPECIFIC
        });
        if foreign {
            continue;
        }
        let (target, confidence) = match &candidate.matched {
            Some(matched) if candidate.route => {
                let many = routes.get(&at).is_some_and(|count| *count >= TABLE);
                (matched.target.clone(), if many { Confidence::Medium } else { Confidence::Low })
            }
            Some(matched) => (matched.target.clone(), confidence(candidate, matched, signed)),
            None if signed => {
                let segments = candidate.url.segments.as_slice();
                let template = nearest.entry(segments).or_insert_with(|| api.paths.nearest(segments));
                let nearest = template.and_then(|template| {
                    let method = candidate.method.as_ref();
                    let same = template.operations.iter().find(|operation| Some(&operation.method) == method);
                    same.or(template.operations.first()).cloned()
                });
                let sure = candidate.sign == HostSign::Ours && candidate.sure && candidate.method.is_some();
                let confidence = if sure { Confidence::High } else { Confidence::Medium };
                (Target::Unknown { nearest }, confidence)
            }
            None => continue,
        };
        let elsewhere = matches!(&candidate.url.host, Host::Variable(name) if names_no_start(name));
        let vague = (candidate.tail || elsewhere) && !shared && candidate.sign != HostSign::Ours;
        // Only a path that hardly another API has speaks for a host that nobody knows.
        let says_much = candidate.distinctive
            || candidate.matched.as_ref().is_some_and(|matched| matched.weight >= SPECIFIC);
        let vague = vague || (candidate.sign == HostSign::Strange && !says_much) || is_strange(candidate);
        let confidence = if file.in_test || vague { Confidence::Low } else { confidence };
        let base = program.files[at].base;
        let place = place_of(candidate);
        let local = |place: u32| place.saturating_sub(base) as usize;
        let span = local(place.start)..local(place.end);
        let fields = candidate.sent.iter().filter_map(|field| field_use(program, files, &mut lines, field));
        let fields: Vec<FieldUse> = fields.collect();
        let objects = candidate.complete.iter().filter(|_| !changed);
        let objects = objects.filter_map(|object| sent_object(program, files, &mut lines, object));
        let objects: Vec<SentObject> = objects.collect();
        let lines = lines.entry(at).or_insert_with(|| Lines::new(file.text));
        let (line, column) = lines.place(file.text, span.start);
        let (end_line, end_column) = lines.place(file.text, span.end);
        // A request in another file is made where the path is handed on.
        let made = if program.file_at(candidate.request.start) == at { candidate.request } else { place };
        let (request_line, _) = lines.place(file.text, local(made.start));
        let method = candidate.method.as_ref().map_or("", Method::as_str).to_owned();
        let call = Call {
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
            sdk: None,
            span: span.clone(),
            target,
            fields,
            objects,
        };
        let key = (span.start, span.end, method, format!("{:?}", call.target));
        match calls[at].get_mut(&key) {
            Some(known) => {
                let mut call = call;
                if known.confidence < call.confidence {
                    std::mem::swap(known, &mut call);
                }
                // Both are sent, by one caller or another.
                call.fields.retain(|field| !known.fields.contains(field));
                known.fields.append(&mut call.fields);
                call.objects.retain(|object| !known.objects.contains(object));
                known.objects.append(&mut call.objects);
            }
            None => {
                calls[at].insert(key, call);
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

/// A complete object that is sent, at the place of its first key, else at the request.
fn sent_object(
    program: &Program,
    files: &[File<'_>],
    lines: &mut BTreeMap<FileId, Lines>,
    (object, request): &(Complete, Span),
) -> Option<SentObject> {
    let Complete { place, at, keys, span } = object;
    let span = span.filter(|span| span.start != u32::MAX).unwrap_or(*request);
    let place = Sent { place: *place, at: at.clone(), span, when: Vec::new() };
    let stands = field_use(program, files, lines, &place)?;
    Some(SentObject { stands, keys: keys.clone() })
}

/// A field that is sent, at its place in a file.
fn field_use(
    program: &Program,
    files: &[File<'_>],
    lines: &mut BTreeMap<FileId, Lines>,
    field: &Sent,
) -> Option<FieldUse> {
    if field.span.start == u32::MAX {
        return None;
    }
    let at = program.file_at(field.span.start);
    let file = files.get(at)?;
    let base = program.files[at].base;
    let span = field.span.start.checked_sub(base)? as usize..field.span.end.checked_sub(base)? as usize;
    let lines = lines.entry(at).or_insert_with(|| Lines::new(file.text));
    let (line, column) = lines.place(file.text, span.start);
    let (end_line, end_column) = lines.place(file.text, span.end);
    Some(FieldUse {
        place: field.place,
        at: field.at.clone(),
        file: file.name.to_owned(),
        line,
        column,
        end_line,
        end_column,
        span,
    })
}

fn confidence(candidate: &Candidate, matched: &Matched, signed: bool) -> Confidence {
    let fit = matched.fit;
    let ambiguous = matches!(matched.target, Target::Path(_)) && candidate.method.is_some();
    if candidate.loose || ambiguous || (matched.weight <= 1 && !signed) {
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
        fit.misplaced > 0,
        fit.holes_at_literals > 0,
        fit.long_holes > 0,
        fit.glued > 0,
        fit.words_at_params > 0,
        matched.extra_prefix,
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

/// Where lines begin.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub(super) fn place(&self, text: &str, byte: usize) -> (usize, usize) {
        let byte = byte.min(text.len());
        let line = self.0.partition_point(|start| *start <= byte).max(1);
        let start = self.0[line - 1];
        let column = text.get(start..byte).map_or(byte - start, |head| head.chars().count());
        (line, column + 1)
    }
}
