//! Which bytes can hold a call at all: a look at a file before it is parsed.
//!
//! Words of the API's paths are searched for in one pass. Many of them stand in
//! all sorts of text (`docs`, `users`, `environment`), so that what stands
//! around a word has to fit one of the paths: the segments before and after it,
//! and the host if there is one. A word that stands alone (`"users"`) says
//! something only in a file that has to do with HTTP.

mod asked;
mod chain;
mod finder;
mod likeness;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::wording;
use crate::scan::judge::paths::{SPECIFIC, segments_of, weight};
use crate::scan::value::url::is_local;
use asked::{is_asked_for, is_compared, names_something};
use finder::{Finder, Found};
use likeness::{Around, Led, Likeness, is_hole, may_go_on, skip_put_in};
use text::{
    HOLE, Left, Prose, Right, in_comment, is_name, is_path, is_prose, is_word, left_of, names_folder,
    names_method, right_of,
};

/// Bytes looked at before and after a word.
const REACH: usize = 256;
/// Words looked at in one file; one that has more of them is read anyhow.
const MAX_LOOKS: usize = 20_000;
/// Leading segments that a gateway may put before a known path.
const MAX_EXTRA_PREFIX: usize = 3;

/// What the bytes of a file are searched for.
#[derive(Debug)]
pub(super) struct Prefilter {
    /// `None` if a word has no letter that could be looked for: every file counts.
    words: Option<Finder>,
    patterns: Vec<Pattern>,
    /// Literal segments of the templates; `None` is a parameter.
    templates: Vec<Vec<Option<String>>>,
    /// Base paths, as segments.
    bases: Vec<Vec<String>>,
    /// Some host is known, so that another one says that a call is none of this API.
    knows_hosts: bool,
    /// Any other host is another API's.
    hosts_are_complete: bool,
    /// Words of files that have to do with HTTP.
    http: Option<AhoCorasick>,
}

#[derive(Debug)]
enum Pattern {
    /// The end of a host.
    Host,
    /// The package of a generated client.
    Word,
    /// Where the API begins, `api/v1`, and what comes next; empty if anything may.
    Start(BTreeSet<String>),
    /// A word of paths: template and place in it.
    Segment(Vec<(usize, usize)>),
}

/// How much what stands around a word says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    #[default]
    Nothing,
    /// It may be a path where requests are made.
    Weak,
    Strong,
}

/// What sort of text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    /// Code of a language in which texts stand in quotes.
    Code,
    /// The same; a text of several lines is prose or data there.
    Python,
    /// Commands of a shell.
    Shell,
    /// Files in which code may stand: a word alone says nothing there.
    Data,
}

/// What is searched for, beside the paths.
pub(super) struct Words<'a> {
    pub paths: Vec<&'a str>,
    /// Base paths under which the API may be.
    pub bases: Vec<Vec<String>>,
    /// Ends of hosts.
    pub hosts: Vec<&'a str>,
    /// Whether these are all.
    pub hosts_are_complete: bool,
    /// Packages of generated clients.
    pub packages: Vec<&'a str>,
}

/// How names and calls of code that makes requests are written.
const HTTP: [&str; 51] = [
    "request",
    "fetch",
    "axios",
    "curl",
    "wget",
    "urlopen",
    "httpx",
    "urllib",
    "aiohttp",
    "faraday",
    "httparty",
    "guzzle",
    "resty",
    "superagent",
    "webclient",
    "endpoint",
    "http.",
    "http_",
    "_http",
    "httpc",
    "net/http",
    "client.",
    "client->",
    "session.",
    "base_url",
    "baseurl",
    "_get(",
    "_post(",
    "_put(",
    "_patch(",
    "_delete(",
    ".post(",
    ".put(",
    ".patch(",
    "->post(",
    "->put(",
    "->patch(",
    "this->get(",
    "this->delete(",
    "this.get(",
    "this.delete(",
    "self.get(",
    "self.delete(",
    "super.get(",
    "ws.rs.",
    "okhttp",
    "retrofit",
    "resttemplate",
    "unirest",
    "_api.",
    "apiclient",
];

/// Libraries and tools whose name says nothing of it; short ones as they are imported.
const LIBRARIES: [&str; 17] = [
    "\"got\"",
    "'got'",
    "\"ky\"",
    "'ky'",
    "undici",
    "needle",
    "wretch",
    "typhoeus",
    "excon",
    "restclient",
    "rest-client",
    "restsharp",
    "gh api",
    "glab api",
    "gh\", \"api\"",
    "gh', 'api'",
    "kubectl",
];

/// What stands between the name of a method and a path that it is handed.
const HANDED: [&str; 6] = ["(\"/", "('/", "(`/", "(f\"/", " \"/", " '/"];

/// What stands between the name of a path and the path that it is given.
const GIVEN: [&str; 2] = [" = \"/", " = '/"];

/// How files are told that have to do with HTTP: by words, and by a path that
/// is handed to something named like a method (`get("/users")`).
fn http_words() -> impl Iterator<Item = String> {
    let verbs = ["get", "post", "put", "patch", "delete"];
    let handed = verbs.into_iter().flat_map(|verb| HANDED.map(|between| format!("{verb}{between}")));
    // A table of routes: `{ method: "get", path: USERS }`
    let told = ["method: \"", "method: '", "method:\"", "method:'", "method\": \"", "method': '"];
    let routes = verbs.into_iter().flat_map(move |verb| told.map(|before| format!("{before}{verb}")));
    // What classes only declare, whose requests are made elsewhere: `_path = "/users"`
    let declared =
        ["path", "url", "uri"].into_iter().flat_map(|name| GIVEN.map(|given| format!("{name}{given}")));
    let getters = ["path", "url", "uri", "endpoint", "resource", "route"].map(|name| format!("get {name}()"));
    let words = HTTP.into_iter().chain(LIBRARIES).map(str::to_owned);
    words.chain(handed).chain(routes).chain(declared).chain(getters)
}

/// The words that nearly all paths of an API have: a client may say them once, far from the rest.
fn common_words<'p>(paths: &[&'p str]) -> BTreeSet<&'p str> {
    const FEW: usize = 5;
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for path in paths {
        let literal: BTreeSet<&str> = segments_of(path).filter(|segment| !segment.contains('{')).collect();
        literal.into_iter().for_each(|segment| *count.entry(segment).or_default() += 1);
    }
    let nearly_all = |(_, count): &(&str, usize)| paths.len() >= FEW && count * 5 >= paths.len() * 4;
    count.into_iter().filter(nearly_all).map(|(segment, _)| segment).collect()
}

impl Prefilter {
    pub(crate) fn new(words: &Words<'_>) -> Self {
        let mut places: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
        let mut telling: BTreeSet<&str> = BTreeSet::new();
        let mut found: BTreeMap<String, Pattern> = BTreeMap::new();
        let mut starts: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let mut templates = Vec::with_capacity(words.paths.len());
        // A client may say `.json` once for all of its paths.
        let shorter = words
            .paths
            .iter()
            .filter_map(|path| path.strip_suffix(".json"))
            .filter(|path| !path.ends_with('}'));
        let common = common_words(&words.paths);
        let telling_weight = |segment: &str| if common.contains(segment) { 0 } else { word_weight(segment) };
        for (id, path) in words.paths.iter().copied().chain(shorter).enumerate() {
            let literal = || segments_of(path).filter(|segment| !segment.contains('{'));
            let tells = |segment: &&str| (telling_weight(segment), word_weight(segment), segment.len());
            telling.extend(literal().max_by_key(tells));
            let mut template = Vec::new();
            for (at, segment) in segments_of(path).enumerate() {
                let is_literal = !segment.contains('{');
                if is_literal {
                    places.entry(segment).or_default().push((id, at));
                }
                template.push(is_literal.then(|| segment.to_owned()));
            }
            templates.push(template);
            // `/api/v1/$kind`: the telling word may stand alone, far away.
            let mut segments = segments_of(path);
            if let (Some(first), Some(second)) = (segments.next(), segments.next())
                && telling_weight(first) + telling_weight(second) == 0
                && !first.contains('{')
            {
                let next = starts.entry(format!("{first}/{second}")).or_default();
                next.insert(segments.next().unwrap_or_default());
            }
        }
        for (start, next) in starts {
            let any = next.iter().any(|segment| segment.contains('{'));
            let next = if any { BTreeSet::new() } else { next.into_iter().map(str::to_owned).collect() };
            found.insert(start, Pattern::Start(next));
        }
        for word in telling {
            let places = places.remove(word).unwrap_or_default();
            found.insert(word.to_owned(), Pattern::Segment(places));
        }
        found.extend(words.hosts.iter().map(|host| ((*host).to_owned(), Pattern::Host)));
        found.extend(words.packages.iter().map(|package| ((*package).to_owned(), Pattern::Word)));
        Self {
            words: Finder::new(found.keys().map(String::as_str)),
            patterns: found.into_values().collect(),
            templates,
            bases: words.bases.clone(),
            knows_hosts: !words.hosts.is_empty(),
            hosts_are_complete: words.hosts_are_complete,
            http: AhoCorasick::builder().ascii_case_insensitive(true).build(http_words()).ok(),
        }
    }

    /// Whether a call can stand in a part of a text, and how likely that is.
    pub(crate) fn look_at(&self, bytes: &[u8], part: Range<usize>, ground: Ground) -> Sign {
        match self.sign_of(bytes, part, ground) {
            Sign::Weak if self.words.is_some() && !self.speaks_of_http(bytes) => Sign::Nothing,
            sign => sign,
        }
    }

    pub(crate) fn speaks_of_http(&self, bytes: &[u8]) -> bool {
        self.http.as_ref().is_none_or(|http| http.is_match(bytes))
    }

    /// Whether a text names a host of the API.
    pub(crate) fn names_host(&self, bytes: &[u8]) -> bool {
        let is_host = |found: Found| {
            matches!(self.patterns[found.word], Pattern::Host)
                && !bytes.get(found.at.end).is_some_and(|after| is_word(*after))
        };
        self.words.as_ref().is_some_and(|words| words.all(bytes, 0..bytes.len()).any(is_host))
    }

    /// As [`Self::look_at`], whether or not the file has to do with HTTP.
    pub(super) fn sign_of(&self, bytes: &[u8], part: Range<usize>, ground: Ground) -> Sign {
        let Some(words) = &self.words else { return Sign::Weak };
        let mut weak = false;
        // The last word that may be of a path.
        let mut last: Option<(usize, &[(usize, usize)])> = None;
        let mut prose = Prose::default();
        for (look, Found { word, at }) in words.all(bytes, part).enumerate() {
            let (start, end) = (at.start, at.end);
            if bytes.get(at.end).is_some_and(|after| is_word(*after))
                || ground != Ground::Data && in_comment(bytes, start, ground)
            {
                continue;
            }
            let sign = match &self.patterns[word] {
                Pattern::Host | Pattern::Word => return Sign::Strong,
                Pattern::Start(next) => match goes_on_with(&bytes[at.end..]) {
                    // `"/api/v1/user_groups".replace("_", "-")`
                    Some(segment)
                        if !next.contains(segment) && !next.contains(&segment.replace('_', "-")) =>
                    {
                        Sign::Nothing
                    }
                    _ if self.begins_elsewhere(bytes, start) => Sign::Nothing,
                    _ => return Sign::Strong,
                },
                Pattern::Segment(_) if look >= MAX_LOOKS => return Sign::Weak,
                Pattern::Segment(places) => self.sign(bytes, at, places, ground),
            };
            if sign != Sign::Nothing && ground == Ground::Python && prose.goes_on_at(bytes, start) {
                continue;
            }
            match sign {
                Sign::Nothing => {}
                Sign::Weak => {
                    weak = true;
                    if let Pattern::Segment(places) = &self.patterns[word] {
                        // `"/repos/" + owner + "/issues/" + id`
                        if last.is_some_and(|(known, before)| {
                            start <= known + REACH
                                && memchr::memchr(b'\n', &bytes[known.min(start)..start]).is_none()
                                && go_together(before, places)
                        }) {
                            return Sign::Strong;
                        }
                        last = Some((end, places));
                    }
                }
                Sign::Strong => return Sign::Strong,
            }
        }
        if weak { Sign::Weak } else { Sign::Nothing }
    }

    /// Whether a text of a program can be a part of a path: what the file has the
    /// words for stands neither in a comment nor in a sentence.
    pub(crate) fn tells(&self, text: &str) -> bool {
        let Some(words) = &self.words else { return true };
        let bytes = text.as_bytes();
        words.all(bytes, 0..bytes.len()).any(|Found { word, at }| {
            let before = at.start.checked_sub(1).map(|before| bytes[before]);
            let after = bytes.get(at.end).copied();
            match self.patterns[word] {
                Pattern::Host => true,
                Pattern::Word | Pattern::Start(_) => !after.is_some_and(is_word),
                Pattern::Segment(_) => {
                    let slashed = before == Some(b'/') || after == Some(b'/');
                    let starts = before.is_none_or(|b| b != b'-' && b != b'.');
                    let ends = after.is_none_or(|b| b != b'-' && b != b'.' && !is_word(b));
                    let spaced = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_whitespace());
                    starts && ends && (slashed || !spaced(before) && !spaced(after))
                }
            }
        })
    }

    /// What the text around a word says.
    fn sign(&self, bytes: &[u8], at: Range<usize>, places: &[(usize, usize)], ground: Ground) -> Sign {
        let joins = |b: u8| matches!(b, b'/' | b'=' | b'?' | b'&' | b',');
        if at.start.checked_sub(1).is_some_and(|before| is_path(bytes[before]) && !joins(bytes[before])) {
            return Sign::Nothing;
        }
        if bytes.get(at.end).is_some_and(|b| matches!(b, b'-' | b'.' | b'~' | b'@' | b'+' | b'=')) {
            return Sign::Nothing;
        }
        let Left { text: left, begin, hole } = left_of(bytes, at.start);
        let Right { text: right, end } = right_of(bytes, at.end);
        if right.starts_with("://") {
            return Sign::Nothing;
        }
        // A value or a placeholder ends where a new text begins.
        let cut = left.rfind(['=', '?', '&', ',']).map_or(0, |cut| cut + 1);
        let (query, left) = left.split_at(cut);
        // `/interface=eth0/users` is a path of another kind.
        if query.contains('/') && !query.contains('?') && !left.is_empty() && !left.starts_with('/') {
            return Sign::Nothing;
        }
        let front = if cut > 0 { Some(b'=') } else { begin.checked_sub(1).map(|at| bytes[at]) };
        let back = bytes.get(end).copied();
        let from = at.start.saturating_sub(REACH);
        // What is put in before the text.
        let fronted = cut == 0
            && left.split('/').next().is_some_and(|first| first.ends_with(HOLE) || is_variable(first));
        let glued = fronted && !left.contains('/');
        if !(left.is_empty() || left.ends_with('/') || glued) {
            return Sign::Nothing;
        }
        let put_before = hole.filter(|_| fronted).or_else(|| (front == Some(b'}')).then_some(begin));
        let open = put_before.is_some_and(|end| !names_folder(&bytes[from.min(end)..end]));
        let slashed = left.ends_with('/') || right.starts_with('/');
        // `x/log(x)`, and what no request sends: `#/users`, `/users#top`.
        if right.is_empty() && back == Some(b'(') || front == Some(b'#') || back == Some(b'#') {
            return Sign::Nothing;
        }
        if !slashed {
            let told =
                ground != Ground::Data && stands_alone(bytes, at, begin..end, (front, &right), open, ground);
            return if told { Sign::Weak } else { Sign::Nothing };
        }

        let (host, path) = match left.split_once("://") {
            // It is the host.
            Some((_, "")) => return Sign::Nothing,
            Some((scheme, rest)) => {
                // `file:///users`
                if !is_web(scheme) {
                    return Sign::Nothing;
                }
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                (Some(host), path)
            }
            None => (None, left),
        };
        let foreign = self.knows_hosts && host.is_some_and(is_elsewhere);
        // A host that is put in may hold a part of the path.
        let open = open || host.is_some_and(is_hole);
        let host = host.is_some();
        let before: Vec<&str> = path.rsplit('/').skip(1).collect();
        // `/users`: nothing stands before the first slash, or something is put in there.
        let before = match before.split_last() {
            Some((&"", rest)) => rest,
            Some((_, rest)) if fronted => rest,
            _ => &before[..],
        };
        if before.iter().any(|segment| matches!(*segment, "." | ".." | "~" | "")) {
            return Sign::Nothing;
        }
        let mut after: Vec<&str> = right.split('/').skip(1).collect();
        // What is put in behind the text, or a query.
        let goes_on = !right.is_empty() && !right.starts_with('/');
        if goes_on {
            after.clear();
        }
        let open_end = goes_on || matches!(back, Some(b'{' | b'<' | b'['));
        // What comes behind the text: `"/users/" + id`, `"/users" + "/" + id`.
        let added = chain::added(&bytes[end..]);
        let continued = match right.ends_with('/') {
            true => !added.is_empty(),
            false => right.is_empty() && added.starts_with('/'),
        };
        let put_in = open_end && after.last().is_some_and(|last| last.is_empty());
        if after.last().is_some_and(|last| last.is_empty() || open_end) {
            after.pop();
        }
        let whole = right.clone() + &added;
        let beyond = whole.split('?').next().unwrap_or_default().split('/').skip(1 + after.len());
        let beyond: Vec<&str> = if added.is_empty() { Vec::new() } else { beyond.collect() };
        // In code a path stands in quotes; what does not is prose.
        let quoted = matches!(front, None | Some(b'"' | b'\'' | b'`' | b'=' | b'}'))
            || host
            || fronted
            || names_method(&bytes[from..begin]);
        let prose = !quoted && matches!(ground, Ground::Code | Ground::Python);
        let around = Around {
            before,
            after: &after,
            beyond: &beyond,
            open,
            put_in,
            anchored: host,
            foreign,
            continued,
            prose,
        };
        let mut best = Sign::Nothing;
        for (template, place) in places {
            best = best.max(self.fits(&self.templates[*template], *place, &around));
            if best == Sign::Strong {
                break;
            }
        }
        let nowhere = best == Sign::Weak && (prose || is_compared(&bytes[from..begin]));
        if nowhere || ground == Ground::Python && is_route(&bytes[from..begin], &bytes[begin..end]) {
            Sign::Nothing
        } else {
            best
        }
    }

    /// Whether what stands before the beginning of the API's paths is another
    /// API's: a host, or segments that are no base path.
    fn begins_elsewhere(&self, bytes: &[u8], at: usize) -> bool {
        let Left { text: left, .. } = left_of(bytes, at);
        let left = left.rsplit(['=', '?', '&', ',']).next().unwrap_or_default();
        let path = match left.split_once("://") {
            Some((_, rest)) => {
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                if self.hosts_are_complete && is_elsewhere(host) {
                    return true;
                }
                path
            }
            None => left,
        };
        let before: Vec<&str> = path.rsplit('/').filter(|segment| !segment.is_empty()).collect();
        !before.is_empty() && !before.iter().any(|segment| is_hole(segment)) && !self.is_base(&before)
    }

    /// What a template says of a word at a place of it, with what is around it.
    fn fits(&self, template: &[Option<String>], place: usize, around: &Around<'_>) -> Sign {
        let Around { before, after, beyond, open, put_in, anchored, foreign, continued, prose } = *around;
        let word = template[place].as_deref().unwrap_or_default();
        let mut fit = Likeness { literal: 1, holes: usize::from(open || put_in), weighs: weight(word) };
        let Some(Led { more, first }) = fit.leads(&template[..place], before) else { return Sign::Nothing };
        // No text begins with the value of a parameter.
        if !open && first.is_some_and(|first| template[first].is_none()) {
            return Sign::Nothing;
        }
        if anchored && !open && before.len() < place && !before.iter().any(|text| is_hole(text)) {
            return Sign::Nothing;
        }
        // What is put in at the beginning is the address: `"%s/users"`.
        let more = match more.split_last() {
            Some((front, rest)) if is_hole(front) => rest,
            _ => more,
        };
        // `/api/v2.0` with one word of the API behind it.
        let based = more.len() >= 2 && self.is_base(more);
        let leads = more.is_empty() || self.is_base(more);
        let gateway = |fit: &Likeness| more.len() <= MAX_EXTRA_PREFIX && fit.weighs >= SPECIFIC;
        // `/v1/k8s/x` is of the API, though no release has it.
        let begins = fit.literal > place && fit.literal >= 2 && fit.weighs >= 2;
        let behind = skip_put_in(&template[place + 1..], after);
        for (known, text) in behind.iter().zip(after) {
            if !fit.takes(known, text) {
                return if begins && (leads || gateway(&fit)) { Sign::Strong } else { Sign::Nothing };
            }
        }
        if !(leads || gateway(&fit)) {
            return Sign::Nothing;
        }
        let takes_rest = fit.literal >= 2 && template.last().is_some_and(Option::is_none);
        if !begins && !takes_rest && !may_go_on(behind.get(after.len()..).unwrap_or_default(), beyond) {
            return Sign::Nothing;
        }
        let longer = after.len() + usize::from(continued) > behind.len();
        // A value behind the last segment may be empty, but that of a common word hardly is.
        let all_values = || after.iter().skip(behind.len()).all(|text| is_hole(text));
        // `/contents/docs/index.md` for `/contents/{path}`.
        let may_be = begins || takes_rest || fit.weighs >= 2 && all_values();
        if longer && !may_be {
            return Sign::Nothing;
        }
        // A file's name is no value of a parameter, and a word alone is no path; nor is the end
        // of a sentence.
        let file = after.last().is_some_and(|last| is_file(last) || last.ends_with('.'));
        match () {
            () if fit.literal >= 2 && fit.weighs >= 2 || based => Sign::Strong,
            () if (file || foreign || prose) && fit.literal < 2 => Sign::Nothing,
            // `{base}/users`
            () if fit.weighs >= 2 && fit.holes > 0 || open && before.is_empty() => Sign::Strong,
            () => Sign::Weak,
        }
    }

    /// Whether segments, nearest first, are the end of a base path or end with one.
    fn is_base(&self, before: &[&str]) -> bool {
        self.bases.iter().any(|base| {
            !base.is_empty()
                && base.iter().rev().zip(before).all(|(base, text)| base == text || is_hole(text))
        })
    }
}

/// Whether a text of Python says which requests a server answers: `path("<id>/roles/", view)`.
fn is_route(before: &[u8], text: &[u8]) -> bool {
    let Some(before) = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")) else { return false };
    let Some(before) = before.trim_ascii_end().strip_suffix(b"(") else { return false };
    let from = before.iter().rposition(|b| !is_word(*b)).map_or(0, |at| at + 1);
    memchr::memchr(b'<', text).is_some()
        && matches!(&before[from..], b"path" | b"re_path" | b"url" | b"route" | b"add_url_rule")
}

/// How much a segment of a template says where it is looked for: a number may be a version
/// (`/api/0/users`), which clients keep elsewhere than the words behind it.
fn word_weight(segment: &str) -> usize {
    let number = segment.bytes().all(|byte| byte.is_ascii_digit());
    if number { 0 } else { weight(segment) }
}

/// Whether two words stand in one path, in this order; both lists are in the order of the
/// paths.
fn go_together(first: &[(usize, usize)], second: &[(usize, usize)]) -> bool {
    let mut first = first.iter().peekable();
    second.iter().any(|(template, place)| {
        while first.next_if(|(other, _)| other < template).is_some() {}
        first.peek().is_some_and(|(other, at)| other == template && at < place)
    })
}

/// Whether a word without a slash beside it may be a path where requests are made:
/// it is a text of its own, or its beginning or end, and is asked for.
fn stands_alone(
    bytes: &[u8],
    at: Range<usize>,
    text: Range<usize>,
    (front, right): (Option<u8>, &str),
    open: bool,
    ground: Ground,
) -> bool {
    let before = &bytes[text.start.saturating_sub(REACH)..text.start];
    let back = bytes.get(text.end).copied();
    let quote = |b: Option<u8>| matches!(b, Some(b'"' | b'\'' | b'`'));
    let shell = ground == Ground::Shell;
    let loose = |b: Option<u8>| {
        shell && b.is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b';' | b')' | b'('))
    };
    if loose(front) && is_prose(before, &bytes[text.end..]) {
        return false;
    }
    let starts = quote(front) || loose(front) || open;
    let ends = match right.as_bytes().first() {
        Some(b'$') | Some(b'%') => !right.contains(HOLE) || goes_on_as_path(&bytes[at.end..]),
        Some(b) => matches!(*b, b'?' | b'&') || *b == HOLE as u8 && goes_on_as_path(&bytes[at.end..]),
        None => quote(back) || loose(back) || matches!(back, Some(b'{' | b'<' | b'\\')),
    };
    let word = || String::from_utf8_lossy(&bytes[at]);
    starts
        && ends
        && !is_name(bytes, text.start, text.end)
        && !is_compared(before)
        && if shell { !names_something(before) } else { is_asked_for(before, &word()) }
}

/// The literal segment that comes next, behind a slash.
fn goes_on_with(right: &[u8]) -> Option<&str> {
    let rest = right.strip_prefix(b"/")?;
    let end = rest.iter().position(|b| !is_word(*b) && !b"-.~".contains(b)).unwrap_or(rest.len());
    let whole =
        rest.get(end).is_none_or(|b| !matches!(b, b'{' | b'$' | b'%' | b'<' | b':' | b'*' | b'+' | b'#'));
    std::str::from_utf8(&rest[..end]).ok().filter(|segment| whole && !segment.is_empty())
}

/// Whether what is put in behind a word can be a query or more of a path, and is no other
/// part of its name: `users${query}`, `users${id ? '/' + id : ''}`, but not `app${name}`.
fn goes_on_as_path(behind: &[u8]) -> bool {
    let end = behind.iter().position(|b| matches!(b, b'}' | b'\n')).unwrap_or(behind.len());
    let inside = &behind[..end];
    let words = || wording::words(&String::from_utf8_lossy(inside));
    inside.iter().any(|b| matches!(b, b'/' | b'?' | b'('))
        || words().iter().any(|word| {
            ["query", "param", "qs", "search", "filter", "suffix", "arg", "opt", "page", "path", "id"]
                .iter()
                .any(|name| word.starts_with(name))
        })
}

/// Whether a host, with what may stand around its name, is written out and no machine of one's own.
fn is_elsewhere(host: &str) -> bool {
    let name = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    !name.is_empty() && !host.contains(['%', '$', HOLE]) && !is_local(name)
}

/// Whether requests go to addresses of a scheme; one that is put in may be any.
fn is_web(scheme: &str) -> bool {
    is_hole(scheme) || scheme.is_empty() || ["http", "https"].iter().any(|web| scheme.ends_with(web))
}

/// Whether a segment is a variable as it stands: `$BASE` before `/users`.
fn is_variable(segment: &str) -> bool {
    segment.strip_prefix('$').is_some_and(|name| !name.is_empty() && name.bytes().all(is_word))
}

/// Whether a segment is named like a file.
fn is_file(segment: &str) -> bool {
    const ENDS: [&str; 22] = [
        "js", "mjs", "cjs", "ts", "tsx", "jsx", "py", "rb", "go", "rs", "java", "php", "cs", "html", "htm",
        "css", "scss", "md", "txt", "png", "svg", "map",
    ];
    segment.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefilter() -> Prefilter {
        Prefilter::new(&Words {
            paths: vec![
                "/api/v1/users",
                "/api/v1/users/{id}/roles",
                "/repos/{owner}/{repo}/environments",
                "/licenses",
                "/user/subscriptions",
                "/v1/k8s/tenants/{id}",
                "/api/v1/user-groups",
                "/api/0/organizations/{id}/",
            ],
            bases: vec![vec!["gateway".into()]],
            hosts: vec![".orbit.example"],
            hosts_are_complete: false,
            packages: vec!["orbit_client"],
        })
    }

    #[test]
    fn what_stands_around_a_word_has_to_fit_a_path() {
        let prefilter = prefilter();
        let code =
            |text: &str| prefilter.look_at(text.as_bytes(), 0..text.len(), Ground::Code) != Sign::Nothing;
        for text in [
            "f\"{BASE}/users\"",
            "f'{BASE}/users/{id}/roles'",
            "get(base + '/v1/k8s/tenants/' + id)",
            "client.get(\"users\")",
            "request('GET /users')",
            "client.get(\n    'users',\n)",
            "get('/gateway/api/v1/' + kind)",
            "endpoint = \"/api/v1\"",
            "f\"/api/v1/user_groups/{id}\".replace(\"_\", \"-\")",
            "self._request('GET', 'users')",
            "request(url) # \nendpoint = 'users'",
            "sprintf('/repos/%s/%s/environments', $owner, $repo)",
            "get(\"https://anybody.example/api/v1/users\") // request",
            "get(\"/gateway/api/v1/users\"); fetch()",
            "class A:\n    def get(self, path): request(path)\n    def all(self): return self.get('users')",
            "ROUTES = ['a']\nENDPOINTS = {\n    'tokens': 'token',\n    'list': 'users',\n}\nrequest(BASE)",
            "USERS = 'users'\nrequest(USERS)",
            "this.getRequest<Result<User[]>>('users')",
            "request(a)\nreturn this._list('users')",
            "import orbit_client",
            "url = 'https://control.orbit.example'",
            "request(`${this.base(\"a\")}/users/${user.id}/roles`)",
            "request(f\"https://{host}/users\")",
            "request('%(base)s/users' % names)",
            "http.Get(fmt.Sprintf(\"%s/v1/k8s/tenants\", base))",
            "request(\"$(base)/users/\")",
            "request(f\"{base}/v1/k8s/{kind}/\" + 'tenants/')",
            "request('GET', path=\"users\")",
            "client.get(format('organizations/%s/', id))",
            "fetch(withBase('users'))",
            "request('/'.join([base, 'users']))",
            "request('--url=/users')",
            "def all\n  get 'users'\nend # request",
            "request\n  boolean_from_response :put, \"users\"",
            "request(is_one ? 'users' : 'tenants')",
            "request(\"#{base}/users\")",
            "request(\"users#{query}\")",
            "request(`users${id ? '/' + id : ''}`)",
            "request((0, http.join)(base, 'users'))",
            "request(a(1) // 'x'\n + '/users')",
            "request(client.base().join('users'))",
            "request('/users' + \"/\" + id + '/roles')",
            "request('/users/' + id + suffix)",
            "request('/users/' +\n    user.get(\"id\") + '/roles?all=' + all)",
            "request('/repos/' . $name . '/environments')",
            "request('/v1/k8s/tenants/' + id + '/members')",
        ] {
            assert!(code(text), "{text}");
        }
        for text in [
            "// licensed under http://www.example.org/licenses/LICENSE-2.0, on request",
            "from \"./users\"; request()",
            "open('/usr/share/licenses/x'); request()",
            "data.get('users'); request()",
            "os.path.join(home, 'users'); request()",
            "posix.join('users', page); request()",
            "const isPath = kind === 'users'; request()",
            "url = ('/subscriptions' +\n    '/{{ id }}' +\n    '/other'); request()",
            "users of environments request()",
            "import orbit_clients",
            "f\"{root_dir}/users\"",
            "if 'users' == kind: request()",
            "PATHS = {'a': 'b'}\nNAMES = ['users']; request()",
            "request(kind); print('users')",
            "# the path a/users is a request",
            "open('file://users'); request()",
            "get('/other/api/v1/' + kind); request()",
            "connection.get_option('users'); request()",
            "join(folder, 'users'); request()",
            "path.default.join(folder, 'users'); request()",
            "cache.fetch('users'); request()",
            "do_member_operation('users'); request()",
            "request(getattr(self, 'users'))",
            "request('/interface=%s/users' % name)",
            "cache.delete('users'); request()",
            "get('/repos/a/b/pulls/environments/x'); request()",
            "get('/api/v1/namespaces'); request()",
            "include('users/index.html'); request()",
            "request('/apis/apps/v1/spaces/{space}/tenants')",
            "request('/admin/realms/{realm}/users/{id}')",
            "request('/users/{id}/realms')",
            "request(f(users(2)/users(3)))",
            "request(x); n*users/users(2)",
            "fn join(path: &str) {\n    if x.scheme() == \"users\" { request() }",
            "\n  // request('/users')",
            "\n  # request('/api/v1/users')",
            "\n * request('/users')",
            "request(kind, {path: {'users': {}}})",
            "request(this.paths['users'])",
            "request(config.get('users'))",
            "self._request(family='users')",
            "request('cluster/roles')",
            "cache.fetch<User>('users'); request()",
            "request(x); if (get < limit > ('users')) {}",
            "request('users#all')",
            "request('users=1')",
            "log(`some users are in tenants/${id} of request ${url}`)",
            "request(removePathPrefix(bundlePath, 'users'))",
            "request(x); session.client('users')",
            "request('/users/' + id + '/realms')",
            "request('/users' \\\n  + '/' + self.id \\\n  + '/realms/' + kind)",
            "request(path=dict(kind='str', aliases=['users']))",
            "request('kind=users')",
            "request(body, \"{resources: [\\\"users\\\"]}\")",
            "request({\"us-*/users\": 1})",
            "request({$ref: '#/users'})",
            "request('/users#top')",
            "request('/other/area/{area}/environments/' + id)",
            "request('file:///users/x')",
            "request('https://elsewhere.net/licenses')",
            "if (path.startsWith('/users')) request()",
            "if (path == '/users') request()",
            "path = (0, external_path_.join)(folder, 'users'); request()",
            "path = path_default().join(folder, 'users'); request()",
            "path = path.posix.join(folder, 'users'); request()",
            "path = root.join('users'); request()",
            "folder.path().join('users'); request()",
            "pages.slice('users'.length); request()",
            "bundlePath = `users${name}`; request()",
            "\nrequest(x); // of '/users'",
            "request('licenses/all.')",
        ] {
            assert!(!code(text), "{text}");
        }
    }

    #[test]
    fn a_word_alone_counts_in_a_shell_and_not_in_data() {
        let prefilter = prefilter();
        let on =
            |text: &str, ground| prefilter.look_at(text.as_bytes(), 0..text.len(), ground) != Sign::Nothing;
        let text = "for kind in users tenants; do curl $URL/$kind; done";
        assert!(on(text, Ground::Shell));
        assert!(!on(text, Ground::Data));
        assert!(on("curl $URL/users/$id/roles", Ground::Data));
        assert!(!on("{\"users\": 3, \"request\": 1}", Ground::Data));
    }

    #[test]
    fn a_variable_is_put_in_before_a_path() {
        let prefilter = Prefilter::new(&Words {
            paths: vec!["/moons/v1/craters"],
            bases: Vec::new(),
            hosts: Vec::new(),
            hosts_are_complete: false,
            packages: Vec::new(),
        });
        let on =
            |text: &str, ground| prefilter.look_at(text.as_bytes(), 0..text.len(), ground) != Sign::Nothing;
        assert!(on("curl -X POST \"$BASE/moons/v1/craters\"", Ground::Shell));
        assert!(on("curl $BASE/moons/v1/craters", Ground::Data));
        assert!(on("request(\"$base/moons/v1/craters\")", Ground::Code));
        assert!(!on("cp $HOME/photos/moons/v9/craters", Ground::Shell));
    }

    #[test]
    fn a_text_of_several_lines_is_prose_in_python_and_a_sentence_in_a_shell() {
        let prefilter = prefilter();
        let on =
            |text: &str, ground| prefilter.look_at(text.as_bytes(), 0..text.len(), ground) != Sign::Nothing;
        for text in [
            "'''About\n'/users' '''",
            "x = '\\'' \"\"\"a\n`{base}/users`\"\"\"",
            "# it's\n'''a\n'/users'\n'''",
        ] {
            assert!(!on(&format!("request\n{text}\n"), Ground::Python), "{text}");
            assert!(on(&format!("{text}\nrequest(base + '/users')\n"), Ground::Python), "{text}");
        }
        assert!(on("request('''/users''')", Ground::Python));
        for text in [
            "api_get users",
            "KINDS=\"users tenants\"",
            "for kind in one two three users; do",
            "kinds=(a b c d users)",
            "<# Of kinds #>\nInvoke-Api -Path \"users\"",
        ] {
            assert!(on(&format!("\n{text}\ncurl $URL/$kind"), Ground::Shell), "{text}");
        }
        for text in [
            "echo \"all the users\"",
            "users = 3",
            "  of what users have",
            "# users",
            "for users of all sorts",
            "users are asked for here",
            "MESSAGE=\"not for users. Ask $somebody\"",
            "if ($kind -eq \"users\") {",
            "if [ \"$kind\" = \"users\" ]; then",
            "<#\n.PARAMETER Kind\n  users\n#>",
            "$kind = Get-Param -Name \"users\"",
        ] {
            assert!(!on(&format!("\n{text}\ncurl $URL/$kind"), Ground::Shell), "{text}");
        }
    }

    #[test]
    fn what_a_server_answers_is_no_request_in_python() {
        let prefilter = prefilter();
        let on =
            |text: &str| prefilter.look_at(text.as_bytes(), 0..text.len(), Ground::Python) != Sign::Nothing;
        for text in ["path(\"users/<int:id>/roles/\", view)", "@app.route('/users/<id>/roles')\n"] {
            assert!(!on(&format!("request\n{text}")), "{text}");
        }
        for text in ["get(\"/users/<id>/roles\".replace('<id>', id))", "path(f\"users/{id}/roles\")"] {
            assert!(on(&format!("request\n{text}")), "{text}");
        }
    }

    #[test]
    fn texts_that_are_sentences_tell_nothing() {
        let prefilter = prefilter();
        for text in ["users", "/api/v1/users", "users/%s", "GET /licenses", "{}/users?page=1"] {
            assert!(prefilter.tells(text), "{text}");
        }
        for text in ["all users are here", "users.", "superusers", "the-users-list"] {
            assert!(!prefilter.tells(text), "{text}");
        }
    }

    #[test]
    fn bytes_of_any_sort_are_looked_at() {
        let prefilter = prefilter();
        for text in [&b"/users"[..], b"users", b"\xff/users/\xfe", b"//users//", b"%/users/%", b"://users/"] {
            for ground in [Ground::Code, Ground::Shell, Ground::Data] {
                prefilter.look_at(text, 0..text.len(), ground);
            }
        }
    }
}
