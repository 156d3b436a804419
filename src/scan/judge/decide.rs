//! From requests to candidates: which requests of a program may go to the API, and
//! to which operation. `weigh.rs` weighs them against each other.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::api::{Api, HostSign};
use super::defaults::Defaults;

use super::paths::{self, Fit, Match, SPECIFIC, weight};
use super::{alternatives, placed, told_once, weigh};
use crate::document::{Method, OperationKey};
use crate::scan::call::{Call, FieldPlace, Target, Via};
use crate::scan::evaluate::Evaluation;
use crate::scan::fields::answer::Read;
use crate::scan::fields::complete::{self, Complete};
use crate::scan::fields::sent::{self, Sent};
use crate::scan::form::{FunctionId, Span};
use crate::scan::language::Language;
use crate::scan::link::Program;
use crate::scan::objects::handed_up::has_own_address;
use crate::scan::requests::generic;
use crate::scan::requests::request::{Dialect, Request};
use crate::scan::value::guard::is_variant;
use crate::scan::value::url::{Host, Part, Segment, Url, split};
use crate::scan::value::{Entry, Kind, Piece, Value, compatible};

/// Leading segments that a gateway may put before a known path.
const MAX_EXTRA_PREFIX: usize = 3;
/// Operations among which an ambiguous URL may choose before it says nothing.
const MAX_AMBIGUOUS: usize = 4;
/// Callers of one request whose arguments are looked through for fields.
const MAX_CALLERS: usize = 200;
/// Variants of an enumeration of which any may be meant, where nobody says which one it is.
const MANY_VARIANTS: usize = 4;

/// A file that is judged.
pub(crate) struct File<'a> {
    pub name: &'a str,
    /// The name as far as it says something about the file.
    pub inside: &'a str,
    pub text: &'a str,
    pub language: Language,
    pub in_test: bool,
}

/// A URL with a method, judged but for what the rest of the program says.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub url: Url,
    pub method: Option<Method>,
    /// The function in which the request stands.
    pub function: Option<FunctionId>,
    /// The matched templates' operations, or nothing.
    pub matched: Option<Matched>,
    pub sign: HostSign,
    /// What the URL's unknown front is called: candidates of a file that share it
    /// go to the same place.
    pub base: String,
    /// The request of a library that is made in the end: candidates that share
    /// it and what stands before the path go to the same place.
    pub root: Option<usize>,
    /// Where that is made.
    pub asked_at: Span,
    pub place: Span,
    pub request: Span,
    pub via: Via,
    pub sure: bool,
    pub distinctive: bool,
    /// It goes where something leads that is named after the API.
    pub named: bool,
    /// It goes where something leads that is named after another product.
    pub of_another: bool,
    /// The same, where the other product may have copied the paths.
    pub of_rival: bool,
    /// A client asks that is made of a class which is named after the API.
    pub by_client: bool,
    /// Nobody is seen to send it.
    pub loose: bool,
    /// A method and a path in one text that nobody is seen to send.
    pub route: bool,
    /// The front is not known, and what follows ends a longer path as well.
    pub tail: bool,
    /// The front is not known, and has to hold the beginning of the path.
    pub headless: bool,
    /// It is what one of several variants says, and nobody is seen to say which one.
    pub any_variant: bool,
    /// The fields that are sent with it.
    pub sent: Vec<Sent>,
    /// The objects that are sent with it and of which every key is seen, and the
    /// request that sends them.
    pub complete: Vec<(Complete, Span)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Matched {
    pub target: Target,
    pub fit: Fit,
    /// Weight of the literal text of the path.
    pub weight: usize,
    /// Weight of the part of it that the URL has as well.
    pub shared: usize,
    pub extra_prefix: bool,
    pub method_inferred: bool,
    /// Only the end of a server's path stands before it.
    pub in_part: bool,
}

/// Reads the calls out of a program's evaluation, one list per file.
pub(crate) fn calls(
    api: &Api,
    program: &Program,
    files: &[File<'_>],
    packages: &weigh::Packages<'_>,
    evaluation: &Evaluation,
    dialect: &dyn Dialect,
) -> Vec<Vec<Call>> {
    let mut children = vec![Vec::new(); evaluation.requests.len()];
    let mut callers = children.clone();
    // A file that is there for the fields alone makes no calls: what it asks for is told where it is
    // asked for, as if the file were not there.
    let only_reads = |request: &Request| {
        let file = program.files.get(program.file_at(request.span.start));
        request.span.start != u32::MAX && file.is_some_and(|file| file.added)
    };
    let mut used: BTreeSet<Span> = evaluation.quiet.clone();
    for (id, request) in evaluation.requests.iter().enumerate() {
        if let Some(parent) = request.fills {
            children[parent].push(id);
            if !only_reads(request) {
                callers[parent].push(id);
            }
        }
        request.args.iter().for_each(|(_, value)| literals(value, &mut used));
        literals(&request.callee.receiver, &mut used);
    }
    let mut reads: BTreeMap<usize, Vec<Sent>> = BTreeMap::new();
    for Read { request, at, span } in &evaluation.reads {
        let read =
            Sent { place: FieldPlace::Answer, at: at.clone(), span: *span, when: Vec::new(), or: Vec::new() };
        reads.entry(*request).or_default().push(read);
    }
    let made_elsewhere = told_once::by_who_makes_it(&evaluation.requests, &callers);
    let (matches, strangers) = (RefCell::default(), RefCell::default());
    let judge =
        Judge { api, requests: &evaluation.requests, reads, children, callers, dialect, matches, strangers };
    let mut candidates = Vec::new();
    for (id, request) in evaluation.requests.iter().enumerate() {
        if request.fills.is_none() && !only_reads(request) && !made_elsewhere.contains(&id) {
            candidates.extend(judge.resolve(id, id, 0));
        }
    }
    told_once::by_the_outer_one(&evaluation.requests, &mut candidates);
    told_once::by_who_sends_it(&evaluation.requests, &mut candidates);
    // What stands elsewhere and is found in a call is no text that may be one.
    let found = candidates.iter().filter(|candidate| candidate.matched.is_some());
    used.extend(found.flat_map(|candidate| candidate.url.literals.iter().copied()));
    for value in &evaluation.loose {
        candidates.extend(judge.loose(value, &used));
    }
    weigh::calls(api, program, files, packages, &candidates, &judge.strangers.into_inner())
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

pub(super) struct Judge<'a> {
    pub(super) api: &'a Api,
    pub(super) requests: &'a [Arc<Request>],
    /// What is read of the answers.
    reads: BTreeMap<usize, Vec<Sent>>,
    /// The requests that fill one in, and those of them that may be calls of their own.
    children: Vec<Vec<usize>>,
    pub(super) callers: Vec<Vec<usize>>,
    pub(super) dialect: &'a dyn Dialect,
    /// What was found for a path and a method: helpers are asked for the same again
    /// and again.
    matches: RefCell<Matches>,
    /// Requests whose path is not one of the API.
    strangers: RefCell<Vec<Candidate>>,
}

/// Callers are resolved once more when they are led further.
pub(super) const MAX_LED: usize = 4;

/// What callers make of a path that any value may end.
struct Led {
    others: Vec<Candidate>,
    /// All of them say which word it is, so that the path is none as it stands.
    all: bool,
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
        // A class that only says where its paths begin asks for none of them, unless what comes
        // behind is a path in the document as well: `/contents/{path}`.
        let takes_path = |own: &Candidate| match own.target() {
            Some(Target::Operation(operation)) => {
                let last = operation.path.as_str().rsplit('/').next().unwrap_or_default();
                crate::scan::wording::names_path(last.trim_matches(['{', '}']))
            }
            _ => false,
        };
        let any_path = |own: &Candidate| {
            in_place.declared && own.url.segments.last().is_some_and(Segment::is_any_path) && !takes_path(own)
        };
        let settled = !here.is_empty()
            && !here.iter().any(any_path)
            && here.iter().all(|candidate| {
                // What stands behind a base may hold the beginning of a longer path, and
                // a caller may know what the front is.
                let begins = !(candidate.tail && candidate.url.behind.is_some());
                candidate.method.is_some()
                    && begins
                    && !candidate.headless
                    && !candidate.leaves_path_open()
                    && candidate.matched.as_ref().is_some_and(|matched| {
                        // Of `{base}/v1/{endpoint}` a caller may make anything.
                        let fit = matched.fit;
                        // The word that a caller puts in may make it another path.
                        let lacks = matches!(matched.target, Target::MethodUnknown { .. });
                        let filled = lacks && candidate.url.segments.iter().any(Segment::is_hole);
                        matched.shared > 0
                            && !filled
                            && fit.open_at_literals == 0
                            && fit.holes_at_literals == 0
                            && fit.long_holes == 0
                    })
            });
        // Of what a class says in front of `{path}`, its own methods hand on what is behind it.
        let open = |last: &Segment| last.goes_on() || in_place.declared && last.is_hole();
        let goes_on = here.iter().any(|candidate| candidate.url.segments.last().is_some_and(open));
        if settled && here.iter().all(Candidate::has_open_host) && self.goes_elsewhere(id, depth) {
            return Vec::new();
        }
        let mut here = here;
        if settled && here.iter().any(|own| own.has_open_host() && !own.named) && self.comes_home(id, depth) {
            here.iter_mut().for_each(|own| own.named = true);
        }
        if settled && !(goes_on && self.is_led_further(id, root, depth, &here)) {
            let ends_open = |own: &Candidate| own.url.segments.last().is_some_and(Segment::is_hole);
            let led = match !goes_on && here.iter().any(ends_open) {
                true => self.led_elsewhere(id, root, depth, &here),
                false => None,
            };
            let here = match has_own_address(request, in_place, self.dialect) {
                true => self.with_reads(self.read(in_place, root, false), id),
                false => here,
            };
            let mut here = self.with_fields_of_callers(here, id);
            if let Some(Led { others, all }) = led {
                here.retain(|_| !all);
                here.extend(others);
            }
            return here;
        }
        let mut filled = Vec::new();
        // Where the answers of each caller begin.
        let mut callers = Vec::new();
        if depth < 12 {
            for child in &self.callers[id] {
                callers.push(filled.len());
                filled.extend(self.resolve(*child, root, depth + 1));
            }
        }
        let fits = |candidate: &Candidate| candidate.matched.is_some() && !candidate.headless;
        if request.repeats {
            return filled;
        }
        let mut here = self.with_reads(self.read(in_place, root, false), id);
        here.retain(|own| !any_path(own) || filled.iter().any(|candidate| candidate.calls_like(own)));
        // What a class says is a call of that class, whoever has an object of it.
        let whole = |own: &Candidate| {
            let sure = |matched: &Matched| {
                matched.fit.holes_at_literals == 0 && matched.fit.long_holes == 0 && !own.headless
            };
            let open = own.url.segments.iter().any(Segment::is_many);
            own.method.is_some() && !open && own.matched.as_ref().is_some_and(sure)
        };
        if in_place.declared && !here.is_empty() && here.iter().all(whole) {
            let called: Vec<_> = filled.iter().map(|candidate| candidate.target().cloned()).collect();
            filled.retain(|candidate| {
                let adds = here.iter().all(|own| own.target() != candidate.target());
                // The caller writes the path itself: `Thing(requester, url=f"/things/{id}")`.
                let elsewhere = here.iter().all(|own| own.place != candidate.place);
                fits(candidate) && (adds || elsewhere && candidate.place != candidate.request)
            });
            let mut here = self.with_fields_of_callers(here, id);
            // `{root}/{path}`, of which those that call it make other calls each.
            let led = |own: &Candidate| {
                own.url.segments.last().is_some_and(Segment::is_hole)
                    && !called.iter().any(|target| target.as_ref() == own.target())
                    && filled.iter().any(|candidate| candidate.method == own.method)
            };
            here.retain(|own| !led(own));
            here.extend(filled);
            return here;
        }
        // Where one hole is several segments, callers who ask for the same and know no more of it
        // leave the call where its path stands.
        let wide = |own: &Candidate| {
            own.place != own.request
                && !own.url.segments.iter().any(Segment::is_many)
                && own
                    .matched
                    .as_ref()
                    .is_some_and(|matched| matched.fit.long_holes > 0 && matched.fit.holes_at_literals == 0)
        };
        let long = |candidate: &Candidate| candidate.matched.as_ref().map(|matched| matched.fit.long_holes);
        let adds_nothing = |candidate: &Candidate| {
            let wrote = candidate.place != candidate.request;
            here.iter().any(|own| own.calls_like(candidate) && (long(own) == long(candidate) || !wrote))
        };
        if !here.is_empty() && here.iter().all(wide) && filled.iter().all(adds_nothing) {
            return self.with_fields_of_callers(here, id);
        }
        // So do those who decide nothing where it may be several.
        let stands = |own: &Candidate| {
            let sure = |matched: &Matched| matched.fit.holes_at_literals == 0 && !own.headless && !own.tail;
            let open = own.url.segments.iter().any(Segment::is_many);
            own.place != own.request && !open && own.matched.as_ref().is_some_and(sure)
        };
        let undecided = |of_caller: &[Candidate]| {
            here.iter().all(|own| of_caller.iter().any(|candidate| own.calls_like(candidate)))
                && of_caller
                    .iter()
                    .all(|candidate| candidate.place == candidate.request && adds_nothing(candidate))
        };
        let ends = callers.iter().skip(1).copied().chain([filled.len()]);
        let mut of_callers = callers.iter().copied().zip(ends).map(|(from, to)| &filled[from..to]);
        let several = here.iter().any(|own| own.target() != here[0].target());
        if several && here.iter().all(stands) && !filled.is_empty() && of_callers.all(undecided) {
            return self.with_fields_of_callers(here, id);
        }
        if !in_place.declared {
            placed::stand_where_written(&mut filled, &here);
        }
        if filled.iter().any(fits) {
            // What the helper itself reads is read of what all its callers ask for.
            return self.with_reads(filled, id);
        }
        // A path that is whole where it stands, of a login, is nothing that callers ask for.
        let same = |candidate: &Candidate| {
            let known = |own: &Candidate| {
                own.matched.is_none()
                    && own.method == candidate.method
                    && own.url.segments == candidate.url.segments
            };
            candidate.matched.is_none()
                && candidate.url.segments.iter().all(Segment::is_written)
                && here.iter().any(known)
        };
        // Nor is one of which the caller knows as little of what stands before it.
        let headless = |candidate: &Candidate| {
            let known =
                |own: &Candidate| own.headless && own.place != own.request && own.calls_like(candidate);
            candidate.headless && candidate.place == candidate.request && here.iter().any(known)
        };
        filled.retain(|candidate| !same(candidate) && !headless(candidate));
        if filled.is_empty() {
            return self.with_fields_of_callers(here, id);
        }
        here.extend(filled);
        here
    }

    /// The other calls that callers make who know a word at the end of a path, which any value may
    /// be where it stands: `list("branches")`, of `/repos/${slug}/${kind}`.
    fn led_elsewhere(&self, id: usize, root: usize, depth: usize, here: &[Candidate]) -> Option<Led> {
        let mut led = Led { others: Vec::new(), all: true };
        let mut targets = BTreeSet::new();
        if depth >= MAX_LED {
            return None;
        }
        for child in &self.callers[id] {
            let mut other = self.resolve(*child, root, depth + 1);
            other.retain(|candidate| {
                let length = candidate.url.segments.len();
                candidate.url.segments.last().is_some_and(|last| last.text().is_some())
                    // A caller who gives nothing says no word: `/users/${name ?? ""}`.
                    && here.iter().any(|own| own.url.segments.len() == length)
                    && matches!(candidate.target(), Some(Target::Operation(_)))
                    && !candidate.headless
                    && here.iter().all(|own| own.target() != candidate.target())
            });
            led.all &= !other.is_empty();
            targets.extend(other.iter().filter_map(|candidate| match candidate.target() {
                Some(Target::Operation(operation)) => Some(operation.clone()),
                _ => None,
            }));
            led.others.extend(other);
        }
        // One word alone may be one value of many: `release("latest")`.
        led.all &= targets.len() > 1;
        (!led.others.is_empty()).then_some(led)
    }

    /// Whether some caller makes another call of what goes on with a path that callers give:
    /// `get("/milestones")`, of `self.repo_url + path`.
    fn is_led_further(&self, id: usize, root: usize, depth: usize, here: &[Candidate]) -> bool {
        depth < MAX_LED
            && self.callers[id].iter().flat_map(|child| self.resolve(*child, root, depth + 1)).any(
                |candidate| {
                    candidate.matched.is_some()
                        && !candidate.headless
                        && here.iter().all(|own| own.target() != candidate.target())
                },
            )
    }

    /// What is read of the answer of a request, if it is known which one, or one of which, it is.
    fn with_reads(&self, mut here: Vec<Candidate>, id: usize) -> Vec<Candidate> {
        if let Some(reads) = self.reads.get(&id)
            && let Some((candidate, or)) = alternatives::one_of(&mut here)
        {
            candidate.sent.extend(reads.iter().map(|read| Sent { or: or.clone(), ..read.clone() }));
        }
        here
    }

    /// What is sent with a request whose body a caller hands over, and what the
    /// caller reads of the answer.
    fn with_fields_of_callers(&self, mut here: Vec<Candidate>, id: usize) -> Vec<Candidate> {
        let Some((candidate, or)) = alternatives::one_of(&mut here) else { return here };
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
            if let [term] = found.url.terms.as_slice()
                && or.is_empty()
            {
                let objects = complete::objects(request, &found, self.dialect.naming(), term, &term.when);
                candidate.complete.extend(objects.into_iter().map(|object| (object, request.span)));
            }
            for field in sent.into_iter().chain(self.reads.get(&id).into_iter().flatten().cloned()) {
                let same = |known: &Sent| {
                    (known.place, &known.at, known.span) == (field.place, &field.at, field.span)
                };
                if !candidate.sent.iter().any(same) {
                    candidate.sent.push(Sent { or: or.clone(), ..field });
                }
            }
        }
        here
    }

    /// Every alternative of a request; `open` keeps those with parameters.
    fn read(&self, request: &Request, root: usize, open: bool) -> Vec<Candidate> {
        let Some(found) = request.read(self.dialect) else { return Vec::new() };
        if open && (found.method_open || found.url.is_chosen() || found.url.is_of_variant()) {
            return Vec::new();
        }
        let mut out: Vec<Candidate> = Vec::new();
        let mut defaults = Defaults::default();
        let fields = sent::fields(request, &found, self.dialect.naming());
        let maker = request.callee.maker().filter(|_| !found.sure);
        // A few variants are asked for one as well as another; of many nobody needs them all.
        let variants: BTreeSet<_> =
            found.url.terms.iter().flat_map(|term| &term.when).filter(|arm| is_variant(arm)).collect();
        let many = variants.len() > MANY_VARIANTS;
        for (pieces, term) in found.url.texts().filter(|(_, term)| !term.leaves_out()) {
            let owns = |host: &str| self.api.owns(host);
            let Some(url) = split(&pieces, found.bare_host, owns) else { continue };
            // What a method calls is the same whichever arm says it, and options put together in many
            // arms say the same few methods again and again.
            let mut judged: Vec<(&Option<String>, Option<Candidate>)> = Vec::new();
            for (method, when) in &found.methods {
                if !compatible(when, &term.when) {
                    continue;
                }
                let at = judged.iter().position(|(known, _)| *known == method).unwrap_or_else(|| {
                    let mut candidate = Candidate {
                        method: method.as_deref().map(Method::new),
                        function: Some(request.function),
                        matched: None,
                        sign: HostSign::Open,
                        base: base_of(&url, &request.callee.path),
                        root: (request.wrappers > 0).then_some(root),
                        asked_at: self.requests[root].span,
                        place: url.place_in(request.span),
                        request: request.span,
                        via: if request.wrappers > 0 || !found.sure { Via::Wrapper } else { Via::Http },
                        sure: found.sure && !request.later,
                        distinctive: false,
                        named: false,
                        of_another: false,
                        of_rival: false,
                        by_client: maker.is_some_and(|class| self.api.names.are_in(class)),
                        route: false,
                        loose: false,
                        tail: false,
                        headless: false,
                        any_variant: false,
                        sent: Vec::new(),
                        complete: Vec::new(),
                        url: url.clone(),
                    };
                    let fits = self.judge(&mut candidate);
                    defaults.note(&candidate);
                    if !fits && candidate.sign != HostSign::Other {
                        self.strangers.borrow_mut().push(candidate.clone());
                    }
                    judged.push((method, fits.then_some(candidate)));
                    judged.len() - 1
                });
                let Some(candidate) = &judged[at].1 else { continue };
                let goes =
                    |field: &&Sent| compatible(&field.when, &term.when) && compatible(&field.when, when);
                let any_variant = many && term.when.iter().any(is_variant) && !when.iter().any(is_variant);
                let sent: Vec<Sent> = fields.iter().filter(goes).cloned().collect();
                let when: Vec<(u32, u32)> = term.when.iter().chain(when).copied().collect();
                let objects = complete::objects(request, &found, self.dialect.naming(), term, &when);
                let complete: Vec<_> = objects.into_iter().map(|object| (object, request.span)).collect();
                out.push(Candidate { any_variant, sent, complete, ..candidate.clone() });
            }
        }
        defaults.apply(&mut out);
        // Alternatives that do not belong together say nothing beside one that fits.
        let operation =
            |c: &Candidate| matches!(&c.matched, Some(m) if matches!(m.target, Target::Operation(_)));
        if out.iter().any(operation) {
            out.retain(|candidate| !candidate.lacks_method());
        }
        // Nor does a hole that would have to be a word of the path beside what fits as it is
        // and is as long.
        let guessed = |c: &Candidate| c.matched.as_ref().is_some_and(|m| m.fit.holes_at_literals > 0);
        let clean = out.iter().filter(|c| operation(c) && !guessed(c));
        let lengths: BTreeSet<usize> = clean.map(|c| c.url.segments.len()).collect();
        out.retain(|candidate| !guessed(candidate) || !lengths.contains(&candidate.url.segments.len()));
        // A class that says a path inherits methods for all that may be asked of such a path.
        if request.unasked {
            out.retain(|candidate| !candidate.lacks_method());
        }
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
            let route = generic::route_of(term);
            let (method, pieces) = match route {
                // It is told where it is written.
                Some((_, pieces)) if matches!(pieces.first(), Some(Piece::Literal { local: false, .. })) => {
                    continue;
                }
                Some((method, pieces)) => (Some(Method::new(method)), pieces),
                None => (None, pieces),
            };
            let Some(url) = split(&pieces, false, |host| self.api.owns(host)) else { continue };
            let Some(place) = url.place else { continue };
            if url.bare || url.literals.iter().any(|literal| used.contains(literal)) {
                continue;
            }
            let mut candidate = Candidate {
                base: String::new(),
                root: None,
                asked_at: place,
                route: method.is_some(),
                method,
                function: None,
                matched: None,
                sign: HostSign::Open,
                place,
                request: place,
                via: Via::Http,
                sure: false,
                distinctive: false,
                named: false,
                of_another: false,
                of_rival: false,
                by_client: false,
                loose: true,
                tail: false,
                headless: false,
                any_variant: false,
                sent: Vec::new(),
                complete: Vec::new(),
                url,
            };
            let says_enough = |candidate: &Candidate, matched: &Matched| {
                let at_home = candidate.sign == HostSign::Ours && matched.weight > 1;
                (matched.weight >= SPECIFIC || candidate.distinctive || candidate.route || at_home)
                    && matched.fit.is_certain()
                    && !matched.extra_prefix
            };
            if !self.judge(&mut candidate) {
                self.strangers.borrow_mut().extend(candidate.route.then_some(candidate));
            } else if candidate.matched.as_ref().is_some_and(|matched| says_enough(&candidate, matched)) {
                out.push(candidate);
            }
        }
        out
    }

    /// Compares the URL of a candidate with the known paths. False if it cannot be of
    /// this API.
    fn judge(&self, candidate: &mut Candidate) -> bool {
        let fits = self.compare(candidate);
        let exact =
            |matched: &Matched| matched.fit.is_certain() && matches!(matched.target, Target::Operation(_));
        // What is empty here may be given where the program runs: `/repos/${owner}/${repo}/issues`.
        if !candidate.matched.as_ref().is_some_and(exact)
            && let Some(url) = candidate.url.with_empty_filled()
        {
            // What was found of it as it stands is not true of it.
            let (matched, distinctive, tail, headless) = (None, false, false, false);
            let mut filled = Candidate { url, matched, distinctive, tail, headless, ..candidate.clone() };
            if self.compare(&mut filled) && filled.matched.as_ref().is_some_and(exact) {
                *candidate = filled;
                return true;
            }
        }
        fits
    }

    /// The same, of the URL as it stands.
    fn compare(&self, candidate: &mut Candidate) -> bool {
        let api = self.api;
        candidate.sign = api.sign(&candidate.url.host);
        if candidate.sign == HostSign::Other || candidate.url.segments.is_empty() {
            return false;
        }
        let names = self.leading_names(candidate);
        let named = names.iter().any(|name| weigh::is_api_of(api, name, &candidate.url));
        let elsewhere = |is_other: &dyn Fn(&str) -> bool| {
            candidate.sign != HostSign::Ours && names.iter().any(|name| is_other(name))
        };
        let of_another = elsewhere(&|name| api.names.are_others_in(name));
        let of_rival = of_another && elsewhere(&|name| api.names.are_rivals_in(name));
        (candidate.named, candidate.of_another, candidate.of_rival) =
            (named || candidate.by_client, of_another, of_rival);
        let segments = candidate.url.segments.clone();
        let mut unmatched = true;
        let behind_version =
            self.behind_version(&candidate.url).map(|(skip, whole)| (&segments[skip..], !whole));
        let behind_bases = api.base_paths.iter().filter_map(|base| without_base(&segments, base));
        for (rest, in_part) in behind_version.into_iter().chain(behind_bases.map(|rest| (rest, false))) {
            candidate.distinctive |= api.paths.is_distinctive(rest);
            let matches = self.find(rest, candidate.method.as_ref());
            unmatched &= matches.is_empty();
            if let Some(mut matched) = self.choose(candidate, rest, &matches, false) {
                matched.in_part = in_part;
                // Many APIs have one word behind a version.
                let words = rest.iter().filter_map(Segment::text).count();
                matched.extra_prefix |= in_part && words < 2;
                let is_tail = |operation: &OperationKey| api.paths.is_tail(rest, operation.path.as_str());
                candidate.tail = may_be_tail(&candidate.url)
                    && match &matched.target {
                        Target::Operation(operation) => is_tail(operation),
                        Target::Path(all) | Target::MethodUnknown { known: all } => all.iter().any(is_tail),
                        Target::Unknown { .. } | Target::SdkMethod { .. } => false,
                    };
                candidate.matched = Some(matched);
                return true;
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
        if !whole && let Some(skip) = self.gateway(candidate, &segments) {
            let rest = &segments[skip..];
            let matches = self.find(rest, candidate.method.as_ref());
            candidate.distinctive |= api.paths.is_distinctive(rest);
            candidate.matched = self.choose(candidate, rest, &matches, true);
            return candidate.matched.is_some();
        }
        if unmatched && let Some(matched) = self.headless(candidate, &segments) {
            (candidate.matched, candidate.headless) = (Some(matched), true);
            return true;
        }
        // Unknown to every release: kept for the moment, if it begins like the API.
        let begins = rooted && !(candidate.url.behind.is_some() && may_be_tail(&candidate.url));
        unmatched && begins && !candidate.loose
    }

    /// How many segments are the path of a server that ends in a version, `/api/{version}` for
    /// `/api/8`, and whether it is all of it: behind a host that is not known and may hold the
    /// beginning, the end of it may be enough, `{base}/8/users`.
    fn behind_version(&self, url: &Url) -> Option<(usize, bool)> {
        let open = matches!(url.host, Host::Variable(_));
        let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit() || c == '.');
        let servers = self.api.server_paths.iter().chain(&self.api.base_paths);
        let ends = servers.filter_map(|server| {
            let last = server.last().filter(|last| paths::is_version(last) || is_number(last))?;
            let fits = |count: &usize| {
                let (head, end) = (url.segments.get(..*count), &server[server.len() - count..]);
                // What is put in alone is the version of many APIs.
                let words = url.segments.iter().skip(*count).filter_map(Segment::text);
                let says = *count == server.len() || words.count() >= SPECIFIC;
                let is_like = |(segment, word): (&Segment, &String)| {
                    segment.text() == Some(word) || says && word == last && segment.is_version()
                };
                head.is_some_and(|head| head.iter().zip(end).all(is_like))
            };
            let least = if open { 1 } else { server.len() };
            let count = (least..=server.len()).rev().find(fits)?;
            Some((count, count == server.len()))
        });
        ends.max().filter(|(count, _)| *count < url.segments.len())
    }

    /// The names of what leads to the API: a setting, a host, an object.
    fn leading_names(&self, candidate: &Candidate) -> Vec<String> {
        let url = &candidate.url;
        let host = match &url.host {
            Host::Variable(name) => Some(&**name),
            // Beside a known host of the API, others of its domain are not it; elsewhere
            // somebody has an installation of their own.
            Host::Known(host) | Host::Partly(host)
                if candidate.sign != HostSign::Strange || !self.api.is_beside(host) =>
            {
                Some(&**host)
            }
            _ => None,
        };
        host.into_iter()
            .chain(url.behind.as_deref())
            .chain(Some(candidate.base.as_str()).filter(|base| !base.starts_with("host ")))
            .map(str::to_owned)
            .collect()
    }

    /// How many segments a gateway has put before a known path, if one may have.
    fn gateway(&self, candidate: &Candidate, segments: &[Segment]) -> Option<usize> {
        // What makes a URL of a path (`make_endpoint("/v2/images/json")`) has what comes before it.
        if let Host::Variable(name) = &candidate.url.host
            && generic::puts_together(candidate.url.behind.as_deref().unwrap_or(name))
        {
            return None;
        }
        let paths = &self.api.paths;
        (1..=MAX_EXTRA_PREFIX.min(segments.len().saturating_sub(1))).find(|skip| {
            let (front, rest) = segments.split_at(*skip);
            let matches = self.find(rest, candidate.method.as_ref());
            let fits = |found: &Match| found.fit.holes_at_literals == 0 && found.fit.long_holes == 0;
            let literal: usize = rest.iter().filter_map(Segment::text).map(weight).sum();
            // `/api` before `/v1/k8s/...` is another API, `/gateway` a gateway.
            let another = front.iter().filter_map(Segment::text).any(|text| weight(text) == 0);
            matches.first().is_some_and(fits)
                && (!another || candidate.sign == HostSign::Ours)
                && (paths.is_distinctive(rest) || literal >= SPECIFIC)
        })
    }

    /// The known path of which the URL has all but the beginning: `/api/v1` stands in the
    /// setting that holds the host. Nothing is guessed there.
    fn headless(&self, candidate: &Candidate, segments: &[Segment]) -> Option<Matched> {
        let is_base = match &candidate.url.host {
            Host::Variable(name) => {
                let words = crate::scan::wording::words(candidate.url.behind.as_deref().unwrap_or(name));
                !may_be_tail(&candidate.url) || words.iter().any(|word| word == "url" || word == "uri")
            }
            // Of a client whose address is not seen; what that client is called decides (`verdict`).
            Host::None => candidate.method.is_some(),
            _ => false,
        };
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
        // Behind the server's own path nothing is written: all paths may be meant.
        let open = |server: &Vec<String>| {
            let known = rest.len() > server.len()
                && rest.iter().zip(server).all(|(segment, word)| segment.text() == Some(word));
            known && !server.is_empty() && rest[server.len()..].iter().all(Segment::is_hole)
        };
        if guessed && self.api.server_paths.iter().any(open) {
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
        Some(Matched { target, fit, weight, shared, extra_prefix, method_inferred, in_part: false })
    }
}

impl Candidate {
    /// Whether another one calls the same at the same place.
    fn calls_like(&self, other: &Self) -> bool {
        self.method == other.method
            && self.url.host == other.url.host
            && self.url.front == other.url.front
            && self.target() == other.target()
    }

    /// Whether what it goes to is not said where it stands.
    fn has_open_host(&self) -> bool {
        matches!(self.url.host, Host::None | Host::Variable(_))
    }

    /// Whether a caller gives a path where this is matched as if it were one word:
    /// `/repos/{repo}/{path}` for `/repos/{owner}/{repo}`.
    fn leaves_path_open(&self) -> bool {
        let taken = |operation: &OperationKey| paths::ends_in_path(operation.path.as_str());
        self.url.segments.last().is_some_and(Segment::is_path)
            && self.target().is_some_and(|target| match target {
                Target::Operation(operation) => !taken(operation),
                Target::Path(operations) => !operations.iter().any(taken),
                _ => false,
            })
    }

    /// Whether the path is known, and not with this method.
    fn lacks_method(&self) -> bool {
        matches!(self.target(), Some(Target::MethodUnknown { .. }))
    }

    /// What it calls.
    fn target(&self) -> Option<&Target> {
        self.matched.as_ref().map(|matched| &matched.target)
    }
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
    !crate::scan::wording::words(name).iter().any(|word| STARTS.iter().any(|start| word.ends_with(start)))
}

/// A name for the unknown front of a URL.
fn base_of(url: &Url, callee: &[std::sync::Arc<str>]) -> String {
    match &url.host {
        // What stands behind a base is different from call to call.
        Host::Variable(_) if url.behind.is_some() && may_be_tail(url) => String::new(),
        Host::Variable(name) if !name.is_empty() => format!("variable {name}"),
        // An address of values without a name, written the same way for the same object.
        Host::Variable(_) if callee.len() > 1 && url.front.contains("://") => {
            format!("front {} {}", callee[..callee.len() - 1].join("."), url.front)
        }
        Host::None if callee.len() > 1 => format!("object {}", callee[..callee.len() - 1].join(".")),
        Host::None if callee.len() == 1 => format!("function {}", callee[0]),
        Host::Known(host) => format!("host {host}"),
        Host::Placeholder => "placeholder".to_owned(),
        Host::None | Host::Variable(_) | Host::Partly(_) => String::new(),
    }
}
