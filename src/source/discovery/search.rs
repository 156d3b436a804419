//! The order of a search: what was asked for, what answers point to, and the
//! usual places at last. Decides when to stop and what to say then.

use std::collections::{BTreeSet, VecDeque};

use url::Url;

use super::answer::{Answer, Candidate, Held, Lead, Purpose, Sight};
use super::{MAX_HOPS, MAX_REQUESTS, USUAL_PLACES, look};

/// Something to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The address, without a fragment.
    pub url: Url,
    /// What it is fetched for; gives the `Accept` header.
    pub purpose: Purpose,
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Fetch this and hand the answer over.
    Fetch(Request),
    /// The document.
    Found(Found),
    /// There is none, or several.
    Failed(Failure),
}

/// A document that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where its bytes came from: its own address, or that of the page that
    /// has it inside.
    pub url: Url,
    /// What the page calls it.
    pub name: Option<String>,
    /// The document.
    pub bytes: Vec<u8>,
}

/// One request of a search and what came of it; for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The address.
    pub url: Url,
    /// Why it was looked at: `named by https://api.example/docs`.
    pub why: String,
    /// What came back: `404`, `a Swagger UI page that names 2 documents`.
    pub result: String,
}

impl std::fmt::Display for Tried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}): {}", self.url, self.why, self.result)
    }
}

/// Why a search found nothing. [`Search::tried`] has the requests.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The address itself could not be fetched.
    #[error("cannot fetch {url}: {reason}")]
    Unreachable {
        /// The address.
        url: Url,
        /// Why not.
        reason: String,
    },
    /// Several documents, and nothing says which.
    #[error("{url} is {what} of {} documents: {}; choose one, for example {}", names.len(), listed(names), example)]
    Several {
        /// An address that chooses one.
        example: Url,
        /// The page.
        url: Url,
        /// What it is.
        what: &'static str,
        /// The documents by name, in the page's order.
        names: Vec<String>,
    },
    /// The name after `#` is none of the page's documents.
    #[error("{url} is {what} that names no document {wanted:?}; it names {}", listed(names))]
    NoSuchName {
        /// The page.
        url: Url,
        /// What it is.
        what: &'static str,
        /// What was asked for.
        wanted: String,
        /// The documents by name, in the page's order.
        names: Vec<String>,
    },
    /// A page names a document, and there is none.
    #[error("{page} names {url} as its document, but that gave {result}")]
    Broken {
        /// The page.
        page: Url,
        /// What it names.
        url: Url,
        /// What came back.
        result: String,
    },
    /// Nothing was found anywhere.
    #[error("found no API document at {url}{}{}", if *places { " nor in the usual places below it" } else { "" }, if *refused { "; some answers ask for credentials (401 or 403)" } else { "" })]
    Nothing {
        /// The address that was asked for.
        url: Url,
        /// Whether the usual places were tried.
        places: bool,
        /// Whether some answer was 401 or 403.
        refused: bool,
    },
}

/// Longest name of a document: nobody types a longer one, and it has a number.
const MAX_NAME: usize = 300;

/// Names in a message; long lists are cut.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut text = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

/// A request that is planned.
#[derive(Clone, Debug)]
struct Task {
    url: Url,
    purpose: Purpose,
    why: String,
    hops: usize,
    /// The page that a script belongs to.
    page: Option<Url>,
    /// The page that says that this is its document, and by what name.
    named_by: Option<(Url, Option<String>)>,
    /// One of the usual places.
    usual: bool,
}

/// A search for one document.
#[derive(Debug)]
pub struct Search {
    start: Url,
    wanted: Option<String>,
    queue: VecDeque<Task>,
    pending: Option<Task>,
    seen: BTreeSet<String>,
    tried: Vec<Tried>,
    outcome: Option<Result<Found, Failure>>,
    /// Addresses below which the usual places are still to be tried.
    bases: Vec<Url>,
    places: bool,
    refused: bool,
    /// Requests in a row that could not be made.
    unreachable: usize,
}

/// So many requests in a row that cannot be made end a search.
const MAX_UNREACHABLE: usize = 3;

impl Search {
    /// A search that begins at this address. A fragment names one of several
    /// documents of the page, by name or by number from 1
    /// (`https://api.example/docs#billing`), unless it is one of those that
    /// viewers make themselves (`#/pets/listPets`, `#tag/pets`).
    pub fn new(start: Url) -> Self {
        let mut url = start.clone();
        url.set_fragment(None);
        let task = Task {
            url: url.clone(),
            purpose: Purpose::Start,
            why: "asked for".to_owned(),
            hops: 0,
            page: None,
            named_by: None,
            usual: false,
        };
        Self {
            wanted: wanted(&start),
            start: url,
            queue: VecDeque::from([task]),
            pending: None,
            seen: BTreeSet::new(),
            tried: Vec::new(),
            outcome: None,
            bases: Vec::new(),
            places: false,
            refused: false,
            unreachable: 0,
        }
    }

    /// What to do next. After [`Step::Fetch`], [`Search::answered`] or
    /// [`Search::unreachable`] is due; without it the same step comes again.
    pub fn step(&mut self) -> Step {
        loop {
            match &self.outcome {
                Some(Ok(found)) => return Step::Found(found.clone()),
                Some(Err(failure)) => return Step::Failed(failure.clone()),
                None => {}
            }
            if let Some(task) = &self.pending {
                return Step::Fetch(Request { url: task.url.clone(), purpose: task.purpose });
            }
            let Some(task) = self.queue.pop_front() else {
                self.widen();
                continue;
            };
            if self.tried.len() >= MAX_REQUESTS {
                self.queue.clear();
                self.bases.clear();
                continue;
            }
            if self.seen.insert(task.url.as_str().to_owned()) {
                self.pending = Some(task);
            } else if let Some((page, _)) = task.named_by {
                let result = self.result_of(&task.url);
                self.outcome = Some(Err(Failure::Broken { page, url: task.url, result }));
            }
        }
    }

    /// All requests so far, with what came of them.
    pub fn tried(&self) -> &[Tried] {
        &self.tried
    }

    /// Takes the answer to the last request.
    pub fn answered(&mut self, answer: Answer) {
        let Some(task) = self.pending.take() else { return };
        self.unreachable = 0;
        // Where the scheme was changed for the better, the usual places keep it.
        if task.purpose == Purpose::Start
            && answer.url.host() == self.start.host()
            && answer.url.scheme() == "https"
            && self.start.scheme() == "http"
        {
            let mut start = answer.url.clone();
            start.set_path(self.start.path());
            start.set_query(self.start.query());
            start.set_fragment(None);
            self.start = start;
        }
        if !(200..300).contains(&answer.status) {
            self.refused |= matches!(answer.status, 401 | 403);
            let result = answer.status.to_string();
            return self.missed(task, result);
        }
        match look(&answer, task.purpose, task.page.as_ref()) {
            Sight::Document if task.usual && self.wanted.is_some() => {
                let result = "an API document, but no list of named ones".to_owned();
                self.missed(task, result);
            }
            Sight::Document => {
                self.note(&task, "an API document".to_owned());
                let name = task.named_by.and_then(|(_, name)| name);
                self.outcome = Some(Ok(Found { url: answer.url, name, bytes: answer.body }));
            }
            Sight::Pointers { what, candidates, leads } => {
                self.note(&task, described(what, &candidates, &leads));
                self.follow(task, answer.url, what, candidates, leads);
            }
            Sight::Nothing { what } => {
                let result = if answer.url == task.url {
                    what
                } else {
                    format!("{what} (redirected to {})", answer.url)
                };
                self.missed(task, result);
            }
        }
    }

    /// The last request could not be made: no connection, a timeout, too many
    /// redirects. `reason` is for people.
    pub fn unreachable(&mut self, reason: String) {
        let Some(task) = self.pending.take() else { return };
        self.unreachable += 1;
        if task.purpose == Purpose::Start || self.unreachable >= MAX_UNREACHABLE {
            self.note(&task, reason.clone());
            self.outcome = Some(Err(Failure::Unreachable { url: task.url, reason }));
        } else {
            self.missed(task, reason);
        }
    }

    fn note(&mut self, task: &Task, result: String) {
        self.tried.push(Tried { url: task.url.clone(), why: task.why.clone(), result });
    }

    /// A request that led nowhere: an error where a page names its document.
    fn missed(&mut self, task: Task, result: String) {
        self.note(&task, result.clone());
        if let Some((page, _)) = task.named_by {
            self.outcome = Some(Err(Failure::Broken { page, url: task.url, result }));
        }
    }

    fn result_of(&self, url: &Url) -> String {
        let tried = self.tried.iter().find(|tried| tried.url == *url);
        tried.map_or_else(|| "nothing new".to_owned(), |tried| tried.result.clone())
    }

    /// Goes on from an answer that points somewhere.
    fn follow(
        &mut self,
        task: Task,
        page: Url,
        what: &'static str,
        candidates: Vec<Candidate>,
        leads: Vec<Lead>,
    ) {
        if candidates.is_empty() {
            if task.hops >= MAX_HOPS {
                return;
            }
            let why = format!("{what} at {page} leads there");
            for lead in leads.into_iter().rev() {
                self.queue.push_front(Task {
                    url: without_fragment(lead.url),
                    purpose: lead.purpose,
                    why: why.clone(),
                    hops: task.hops + 1,
                    page: Some(task.page.clone().unwrap_or_else(|| page.clone())),
                    named_by: None,
                    usual: false,
                });
            }
            return;
        }
        let Some(chosen) = self.choose(&task, &page, what, candidates) else { return };
        match chosen.held {
            Held::Inside(bytes) => {
                self.outcome = Some(Ok(Found { url: page, name: chosen.name, bytes }));
            }
            Held::At(url) => self.queue.push_front(Task {
                url: without_fragment(url),
                purpose: Purpose::Document,
                why: format!("named by {page}"),
                hops: task.hops + 1,
                page: None,
                named_by: Some((page, chosen.name)),
                usual: false,
            }),
        }
    }

    /// The candidate that is meant; where none is, the search ends.
    fn choose(
        &mut self,
        task: &Task,
        page: &Url,
        what: &'static str,
        mut candidates: Vec<Candidate>,
    ) -> Option<Candidate> {
        for one in &mut candidates {
            one.name = one.name.take().filter(|name| name.len() <= MAX_NAME);
        }
        let names: Vec<String> = candidates.iter().enumerate().map(|(at, one)| shown(at, one)).collect();
        let Some(wanted) = self.wanted.clone() else {
            if candidates.len() == 1 {
                return candidates.pop();
            }
            let mut example = self.start.clone();
            let first = candidates.first().and_then(|one| one.name.as_deref());
            example.set_fragment(Some(first.unwrap_or("1")));
            self.outcome = Some(Err(Failure::Several { example, url: page.clone(), what, names }));
            return None;
        };
        if let Some(at) = position(&candidates, &wanted) {
            return Some(candidates.swap_remove(at));
        }
        // A single document without a name: the fragment is some anchor of the page.
        if let [Candidate { name: None, .. }] = candidates.as_slice()
            && !task.usual
        {
            return candidates.pop();
        }
        if !task.usual {
            self.outcome = Some(Err(Failure::NoSuchName { url: page.clone(), what, wanted, names }));
        }
        None
    }

    /// The queue is empty: the usual places, and then the end.
    fn widen(&mut self) {
        if !self.places {
            self.places = true;
            self.bases = bases(&self.start);
        }
        if self.bases.is_empty() {
            let places = self.tried.iter().any(|tried| tried.why == USUAL);
            let url = self.start.clone();
            self.outcome = Some(Err(Failure::Nothing { url, places, refused: self.refused }));
            return;
        }
        let base = self.bases.remove(0);
        for (place, purpose) in USUAL_PLACES {
            if let Ok(url) = base.join(place) {
                self.queue.push_back(Task {
                    url,
                    purpose,
                    why: USUAL.to_owned(),
                    hops: 0,
                    page: None,
                    named_by: None,
                    usual: true,
                });
            }
        }
    }
}

const USUAL: &str = "a usual place";

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

/// How a candidate is shown and may be asked for.
fn shown(at: usize, candidate: &Candidate) -> String {
    match (&candidate.name, &candidate.held) {
        (Some(name), _) => name.clone(),
        (None, Held::At(url)) => format!("{} ({url})", at + 1),
        (None, Held::Inside(_)) => (at + 1).to_string(),
    }
}

/// The candidate of a name or, where none is called so, a number from 1.
fn position(candidates: &[Candidate], wanted: &str) -> Option<usize> {
    let named = |same: &dyn Fn(&str) -> bool| {
        let mut found =
            candidates.iter().enumerate().filter(|(_, one)| one.name.as_deref().is_some_and(same));
        match (found.next(), found.next()) {
            (Some((at, _)), None) => Some(at),
            _ => None,
        }
    };
    named(&|name| name == wanted).or_else(|| named(&|name| name.eq_ignore_ascii_case(wanted))).or_else(|| {
        let at = wanted.parse::<usize>().ok()?.checked_sub(1)?;
        (at < candidates.len()).then_some(at)
    })
}

/// The document that an address asks for by name.
fn wanted(url: &Url) -> Option<String> {
    // Swagger UI's own way of choosing.
    let primary = url.query_pairs().find(|(key, _)| key == "urls.primaryName");
    if let Some((_, name)) = primary {
        return Some(name.into_owned());
    }
    let fragment = url.fragment()?;
    let fragment = percent_decoded(fragment);
    let anchor = ["/", "!", "tag/", "operation/", "section/", "schema/", "model/", "description/"];
    (!fragment.is_empty() && !anchor.iter().any(|start| fragment.starts_with(start))).then_some(fragment)
}

fn percent_decoded(text: &str) -> String {
    // A form's decoding, but that `+` is a plus sign.
    let pair = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(String::new, |(_, text)| text.into_owned())
}

/// Last path segments of pages that describe an API mounted where they stand.
const PAGE_NAMES: [&str; 14] = [
    "docs",
    "doc",
    "documentation",
    "swagger",
    "swagger-ui",
    "swagger-ui.html",
    "index.html",
    "redoc",
    "rapidoc",
    "scalar",
    "elements",
    "reference",
    "api-docs",
    "apidocs",
];

/// The addresses below which the usual places are tried: the address itself as
/// a folder, or for a docs page the folder that it stands in. An address with
/// a query or of a document means itself alone.
fn bases(start: &Url) -> Vec<Url> {
    let mut segments: Vec<&str> = start.path().split('/').filter(|part| !part.is_empty()).collect();
    let document = segments.last().is_some_and(|last| {
        [".json", ".yaml", ".yml", ".js"].iter().any(|end| last.to_ascii_lowercase().ends_with(end))
    });
    if start.query().is_some() || document {
        return Vec::new();
    }
    let given = segments.len();
    while segments.last().is_some_and(|last| PAGE_NAMES.contains(&last.to_ascii_lowercase().as_str())) {
        segments.pop();
    }
    let folder = |segments: &[&str]| {
        let mut url = start.clone();
        let path = segments.iter().map(|part| format!("/{part}")).collect::<String>();
        url.set_path(&format!("{path}/"));
        url
    };
    // `/api/docs` describes `/api` or, as often, the whole server.
    let mut bases = vec![folder(&segments)];
    if segments.len() < given && segments == ["api"] {
        bases.push(folder(&[]));
    }
    bases
}

fn described(what: &str, candidates: &[Candidate], leads: &[Lead]) -> String {
    let inside = candidates.iter().any(|one| matches!(one.held, Held::Inside(_)));
    match (candidates.len(), leads.len()) {
        (0, 1) => format!("{what} that leads to another address"),
        (0, count) => format!("{what} that leads to {count} other addresses"),
        (1, _) if inside => format!("{what} with its document inside"),
        (1, _) => format!("{what} that names its document"),
        (count, _) => format!("{what} of {count} documents"),
    }
}
