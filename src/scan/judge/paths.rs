//! The known paths of an API as one tree, and the search for the path that a
//! URL with holes means.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Method, OperationKey, PathTemplate};
use crate::scan::value::url::{Part, Segment};

/// Nodes visited per URL.
const MAX_VISITS: usize = 4_000;
/// Path segments that one hole may stand for.
const MAX_HOLE_SEGMENTS: usize = 4;

/// All templates, and the operations of each.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    root: Node,
    pub templates: Vec<Template>,
    /// The literal segments of all templates.
    words: BTreeSet<String>,
    /// What templates end with, from a literal segment in the middle on.
    tails: BTreeSet<String>,
}

/// A path template and its operations.
#[derive(Debug)]
pub(crate) struct Template {
    pub path: PathTemplate,
    /// Every operation of the path in any release, ordered by method.
    pub operations: Vec<OperationKey>,
    /// How much the literal segments say: 0 for versions, 1 for words that
    /// many APIs have, 2 for others.
    pub weight: usize,
}

#[derive(Debug, Default)]
struct Node {
    literal: BTreeMap<String, Node>,
    param: Option<Box<Node>>,
    /// Segments with text around parameters.
    mixed: Vec<(Vec<String>, Node)>,
    ends: Option<usize>,
    /// What ends here is a path or a name with slashes: `.../contents/{path}`.
    takes_rest: bool,
    /// What ends here is a path, which may be that of the root.
    takes_nothing: bool,
    /// Templates at or below.
    count: usize,
}

/// How a URL fits a template; smaller is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fit {
    /// The last parameter, a path of its own, stands for several segments.
    pub rest_of_path: u8,
    /// A word that the API has as literal text stands for a parameter.
    pub misplaced: u8,
    /// Literal text stands for a parameter: a word.
    pub words_at_params: u8,
    /// Nothing stands for the last parameter, a path: `/contents/` is that of the root.
    pub without_rest: u8,
    /// Holes that stand where the template has literal text.
    pub holes_at_literals: u8,
    /// Segments beyond the first that holes stand for.
    pub long_holes: u8,
    /// Text is glued to a hole where the template has literal text: `/users{query}`. A parameter
    /// that stands beside that text counts twice.
    pub glued: u8,
    /// Literal text stands for a parameter: something with digits in it.
    pub values_at_params: u8,
    /// A hole that a caller fills stands at literal text.
    pub open_at_literals: u8,
    /// Another template has the text that a segment has around its holes, or
    /// only a hole where this one has text around parameters.
    pub other_shape: u8,
}

impl Fit {
    /// Whether every word and every parameter is there, each at its place.
    pub(crate) fn is_certain(&self) -> bool {
        *self <= Fit { values_at_params: u8::MAX, ..Fit::default() }
    }
    /// Whether a hole would have to be a word of the path, or several segments.
    pub(crate) fn has_stand_ins(&self) -> bool {
        self.holes_at_literals > 0 || self.long_holes > 0
    }
    /// Whether more than values stand for parameters.
    pub(crate) fn is_guess(&self) -> bool {
        *self > Fit { values_at_params: u8::MAX, open_at_literals: u8::MAX, ..Fit::default() }
    }
}

/// A template that a URL fits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Match {
    pub template: usize,
    pub fit: Fit,
    /// Weight of the literal segments that the URL and the template share.
    pub shared: usize,
}

/// Names of last parameters that are paths of files.
const OF_FILES: [&str; 4] = ["path", "filepath", "file_path", "filePath"];
/// Names of others whose values have slashes: git's branches, and keys of objects.
const WITH_SLASHES: [&str; 4] = ["ref", "refname", "objectKey", "object_key"];
/// Words that the paths of many APIs have.
const COMMON: [&str; 68] = [
    "account",
    "accounts",
    "admin",
    "alerts",
    "app",
    "application",
    "applications",
    "apps",
    "audit",
    "auth",
    "cluster",
    "clusters",
    "config",
    "count",
    "data",
    "devices",
    "domains",
    "events",
    "export",
    "files",
    "graphql",
    "group",
    "groups",
    "health",
    "history",
    "hooks",
    "images",
    "import",
    "info",
    "items",
    "job",
    "jobs",
    "keys",
    "labels",
    "list",
    "login",
    "logo",
    "logout",
    "logs",
    "me",
    "members",
    "messages",
    "metrics",
    "node",
    "nodes",
    "notifications",
    "organizations",
    "orgs",
    "password",
    "permissions",
    "ping",
    "pods",
    "policies",
    "policy",
    "projects",
    "query",
    "reports",
    "roles",
    "search",
    "services",
    "session",
    "settings",
    "status",
    "tags",
    "teams",
    "token",
    "tokens",
    "user",
];
const COMMON_TOO: [&str; 8] =
    ["users", "version", "versions", "webhooks", "workspaces", "resources", "profile", "subscriptions"];

/// What the words of a path that hardly another API has say together, see [`weight`].
pub(crate) const SPECIFIC: usize = 3;

/// How much a literal segment says about the API.
pub(crate) fn weight(segment: &str) -> usize {
    // What any server has there (RFC 8615, OpenID Connect Discovery).
    let well_known = matches!(segment, ".well-known" | "openid-configuration" | "oauth-authorization-server");
    if well_known
        || is_version(segment)
        || matches!(segment, "api" | "apis" | "rest" | "public" | "services" | "service")
    {
        0
    } else if COMMON.contains(&segment) || COMMON_TOO.contains(&segment) {
        1
    } else {
        2
    }
}

/// Whether a path with these words is one that any server may have: where OAuth's tokens are
/// had (RFC 6749 and 7009 leave the paths open, and most servers take these), and where a
/// server is asked how it is.
pub(crate) fn is_of_any_server<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    const TOKENS: [&str; 6] = ["token", "access_token", "authorize", "revoke", "introspect", "refresh_token"];
    const STATES: [&str; 8] =
        ["health", "healthz", "healthcheck", "ready", "readyz", "livez", "ping", "metrics"];
    match words.collect::<Vec<_>>()[..] {
        ["oauth" | "oauth2", token] => TOKENS.contains(&token),
        [state] => STATES.contains(&state),
        _ => false,
    }
}

/// Whether a word is put together of several: `node-pools`, `orgUnit`.
fn is_compound(word: &str) -> bool {
    word.contains(['-', '_']) || word.trim_start_matches(char::is_uppercase).contains(char::is_uppercase)
}

/// Whether a segment is a version: `v2`, `v1beta1`, `v2.0`.
pub(crate) fn is_version(segment: &str) -> bool {
    segment
        .strip_prefix(['v', 'V'])
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.len() < 10)
}

/// Whether a template ends in a parameter that takes a path or a name with slashes.
pub(crate) fn ends_in_path(template: &str) -> bool {
    let last = segments_of(template).last().and_then(|last| last.strip_prefix('{')?.strip_suffix('}'));
    last.is_some_and(|name| OF_FILES.contains(&name) || WITH_SLASHES.contains(&name))
}

/// The words of a path that say something.
pub(crate) fn words_of(path: &str) -> impl Iterator<Item = &str> {
    segments_of(path).filter(|segment| weight(segment) > 0 && !segment.contains('{'))
}

impl Paths {
    /// Builds the tree. `prefix` is the base path of the documents' server.
    pub(crate) fn new(operations: &[OperationKey], prefixes: &[String]) -> Self {
        let mut by_path: BTreeMap<&PathTemplate, Vec<&OperationKey>> = BTreeMap::new();
        for operation in operations {
            by_path.entry(&operation.path).or_default().push(operation);
        }
        let mut paths = Paths::default();
        for (path, mut operations) in by_path {
            operations.sort();
            operations.dedup();
            let index = paths.templates.len();
            for prefix in prefixes {
                paths.insert(prefix, path.as_str(), index);
            }
            let segments: Vec<&str> = segments_of(path.as_str()).map(shape_of).collect();
            let front =
                segments.iter().take_while(|segment| weight(segment) == 0 && **segment != "{}").count();
            for at in front + 1..segments.len() {
                if segments[at] != "{}" {
                    paths.tails.insert(segments[at..].join("/"));
                }
            }
            let literal = segments_of(path.as_str());
            paths.templates.push(Template {
                path: path.clone(),
                operations: operations.into_iter().cloned().collect(),
                weight: literal.filter(|segment| !segment.contains('{')).map(weight).sum(),
            });
        }
        paths
    }

    fn insert(&mut self, prefix: &str, path: &str, index: usize) {
        let mut node = &mut self.root;
        node.count += 1;
        for segment in segments_of(prefix).chain(segments_of(path)) {
            if !segment.contains('{') && !self.words.contains(segment) {
                self.words.insert(segment.to_owned());
            }
            node = match around_params(segment) {
                None => node.literal.entry(segment.to_owned()).or_default(),
                Some(around) if around.iter().all(String::is_empty) => node.param.get_or_insert_default(),
                Some(around) => {
                    let at = node.mixed.iter().position(|(known, _)| *known == around);
                    let at = at.unwrap_or_else(|| {
                        node.mixed.push((around, Node::default()));
                        node.mixed.len() - 1
                    });
                    &mut node.mixed[at].1
                }
            };
            node.count += 1;
        }
        node.ends.get_or_insert(index);
        let last = segments_of(path).last().and_then(|last| last.strip_prefix('{')?.strip_suffix('}'));
        node.takes_nothing |= last.is_some_and(|name| OF_FILES.contains(&name));
        node.takes_rest |= node.takes_nothing || last.is_some_and(|name| WITH_SLASHES.contains(&name));
    }

    /// The templates that fit a path best; several if they fit equally well. Of
    /// guesses, those count that have the method.
    pub(crate) fn find(&self, segments: &[Segment], method: Option<&Method>) -> Vec<Match> {
        let mut search = Search { found: Vec::new(), visits: 0, words: &self.words, all: segments };
        search.visit(&self.root, segments, Fit::default(), 0);
        let best_of = |found: &[Match]| found.iter().map(|found| found.fit).min();
        let mut found = search.found;
        // What a last parameter takes is no guess: what has to guess counts where nothing takes it.
        let takes_rest = |fit: &Fit| fit.rest_of_path > 0 && Fit { rest_of_path: 0, ..*fit }.is_certain();
        if found.iter().any(|found| takes_rest(&found.fit)) {
            found.retain(|found| !found.fit.has_stand_ins() && found.fit.misplaced == 0);
        }
        let Some(mut best) = best_of(&found) else { return Vec::new() };
        if let Some(method) = method
            && best.is_guess()
        {
            // Not where more of the path has to be guessed for it.
            let able = |found: &Match| {
                found.fit.holes_at_literals <= best.holes_at_literals
                    && self.templates[found.template].operations.iter().any(|known| known.method == *method)
            };
            if found.iter().any(able) {
                found.retain(able);
                best = best_of(&found).unwrap_or(best);
            }
        }
        let mut out: Vec<Match> = found.into_iter().filter(|found| found.fit == best).collect();
        out.sort_by_key(|found| found.template);
        out.dedup_by_key(|found| found.template);
        out
    }

    /// Whether a path, or the template that it fits, is also the end of a
    /// longer known path.
    pub(crate) fn is_tail(&self, segments: &[Segment], template: &str) -> bool {
        let url: Vec<&str> = segments.iter().map(Segment::shape).collect();
        let known: Vec<&str> = segments_of(template).map(shape_of).collect();
        self.tails.contains(&url.join("/")) || self.tails.contains(&known.join("/"))
    }

    /// Whether a path begins with literal text that several known paths begin with and that
    /// only this API is likely to have: more than a plain word behind a version, or one with
    /// areas of its own below it (`/v1/k8s/clusters` and `/v1/k8s/users`), where `/api/assets`
    /// has but its assets.
    pub(crate) fn is_distinctive(&self, segments: &[Segment]) -> bool {
        let (mut node, mut weighs) = (&self.root, 0);
        for (depth, segment) in segments.iter().enumerate() {
            let text = segment.text();
            let Some(next) = text.and_then(|text| node.literal.get(text)) else { return false };
            node = next;
            let word = text.map_or(0, weight);
            weighs += word + usize::from(word > 1 && text.is_some_and(is_compound));
            // Two segments at least, more than one path below.
            let says = weighs >= SPECIFIC || node.literal.len() >= 2;
            if depth >= 1 && node.count >= 2 && word >= 2 && says {
                return true;
            }
        }
        false
    }

    /// The known path that is most like this one: by the segments that both
    /// have in the same order, the last word counting most, for it names the
    /// thing (`/v1/k8s/clusters` is nearer to `/api/v1/clusters` than to
    /// `/v1/k8s/users`).
    pub(crate) fn nearest(&self, segments: &[Segment]) -> Option<&Template> {
        const ENOUGH: f64 = 0.35;
        let wanted: Vec<&str> = segments.iter().map(Segment::shape).collect();
        let mut best: Option<(f64, &Template)> = None;
        for template in &self.templates {
            let known: Vec<&str> = segments_of(template.path.as_str()).collect();
            let score = likeness(&wanted, &known);
            if score > ENOUGH && best.is_none_or(|(known, _)| score > known) {
                best = Some((score, template));
            }
        }
        best.map(|(_, template)| template)
    }
}

/// How alike two paths are, from 0 to 1: the weight of their longest common
/// subsequence of segments against that of the heavier path.
fn likeness(a: &[&str], b: &[&str]) -> f64 {
    let weights = |path: &[&str]| -> Vec<f64> {
        let last = path.iter().rposition(|segment| !segment.contains('{'));
        let weigh = |(at, segment): (usize, &&str)| match weight(segment) {
            _ if segment.contains('{') => 0.5,
            _ if Some(at) == last => 2.0,
            0 => 0.2,
            _ => 1.0,
        };
        path.iter().enumerate().map(weigh).collect()
    };
    let (of_a, of_b) = (weights(a), weights(b));
    let alike = |x: &str, y: &str| match (x.contains('{'), y.contains('{')) {
        (true, true) => 1.0,
        (false, false) if x == y => 1.0,
        // So much is only missing that the rest cannot be alike enough. Most pairs of words
        // are such, and a client of another product has thousands of paths.
        (false, false)
            if x.len().abs_diff(y.len()) * 10 >= x.len().max(y.len()) * 3 && x.is_ascii() && y.is_ascii() =>
        {
            0.0
        }
        (false, false) => {
            let typed = strsim::normalized_damerau_levenshtein(x, y);
            if typed > 0.7 { typed } else { 0.0 }
        }
        // A value where a parameter stands, or a word that is no value.
        _ => 0.3,
    };
    let mut row = vec![0.0f64; b.len() + 1];
    for (x, weight_x) in a.iter().zip(&of_a) {
        let mut diagonal = 0.0;
        for (at, (y, weight_y)) in b.iter().zip(&of_b).enumerate() {
            let both = diagonal + alike(x, y) * weight_x.min(*weight_y);
            diagonal = row[at + 1];
            row[at + 1] = both.max(row[at + 1]).max(row[at]);
        }
    }
    let heavier = of_a.iter().sum::<f64>().max(of_b.iter().sum::<f64>());
    row.last().copied().unwrap_or(0.0) / heavier.max(0.1)
}

/// The segments of a path as written.
pub(crate) fn segments_of(path: &str) -> impl Iterator<Item = &str> {
    path.split(['?', '#']).next().unwrap_or_default().split('/').filter(|segment| !segment.is_empty())
}

/// A segment, or `{}` for one with parameters.
fn shape_of(segment: &str) -> &str {
    if segment.contains('{') { "{}" } else { segment }
}

/// The literal texts around a segment's parameters; `None` without parameters.
fn around_params(segment: &str) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut rest = segment;
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}')? + open;
        out.push(rest[..open].to_owned());
        rest = &rest[close + 1..];
    }
    if out.is_empty() {
        return None;
    }
    out.push(rest.to_owned());
    Some(out)
}

struct Search<'p> {
    found: Vec<Match>,
    visits: usize,
    words: &'p BTreeSet<String>,
    all: &'p [Segment],
}

impl Search<'_> {
    fn visit(&mut self, node: &Node, segments: &[Segment], fit: Fit, shared: usize) {
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return;
        }
        let Some((segment, rest)) = segments.split_first() else {
            if let Some(template) = node.ends {
                self.found.push(Match { template, fit, shared });
            } else if let Some(next) = node.param.as_ref().filter(|next| next.takes_nothing)
                && let Some(template) = next.ends
            {
                let fit = Fit { without_rest: fit.without_rest + 1, ..fit };
                self.found.push(Match { template, fit, shared });
            }
            return;
        };
        if let Some((next, template)) = node.param.as_ref().and_then(|next| Some((next, next.ends?)))
            && next.takes_rest
            && !rest.is_empty()
        {
            let fit = Fit { rest_of_path: fit.rest_of_path + 1, ..fit };
            self.found.push(Match { template, fit, shared });
        }
        let open = u8::from(segment.is_open());
        match segment.text() {
            Some(text) => {
                if let Some(next) = node.literal.get(text) {
                    self.visit(next, rest, fit, shared + weight(text));
                }
                if let Some(next) = &node.param {
                    let mut fit = fit;
                    if text.chars().any(|c| c.is_ascii_digit()) {
                        fit.values_at_params += 1;
                    } else {
                        fit.words_at_params += 1;
                        let before = (self.all.len() - segments.len()).checked_sub(1);
                        let behind_hole = before.is_some_and(|at| self.all[at].is_hole());
                        // `{}/projects` for `{owner}/{repo}`, which has paths below it.
                        let things = behind_hole && next.literal.len() > 2;
                        fit.misplaced += u8::from(things || self.words.contains(text));
                    }
                    self.visit(next, rest, fit, shared);
                }
            }
            None if segment.is_hole() => {
                let fit = Fit { long_holes: fit.long_holes + u8::from(segment.is_many()), ..fit };
                if let Some(next) = &node.param {
                    self.visit(next, rest, fit, shared);
                }
                let worse = Fit {
                    holes_at_literals: fit.holes_at_literals + 1,
                    open_at_literals: fit.open_at_literals + open,
                    ..fit
                };
                // `{task_id}` is no word of the path.
                if !segment.identifies() {
                    for next in node.literal.values() {
                        self.visit(next, rest, worse, shared);
                    }
                }
                let long = Fit { open_at_literals: fit.open_at_literals + open, ..fit };
                self.stretch(node, rest, long, shared, 1);
            }
            None => {
                if let Some(next) = &node.param {
                    // `{a}...{b}` is the template that is written so, if there is one.
                    let shaped = node.mixed.iter().any(|(around, _)| fits_around(segment, around));
                    // `tags/list{query}` is that word, if there is one.
                    let word =
                        rest.is_empty() && node.literal.keys().any(|text| glued(segment, text) == Some(true));
                    let glued = fit.glued + 2 * u8::from(word);
                    let fit = Fit { glued, other_shape: fit.other_shape + u8::from(shaped), ..fit };
                    self.visit(next, rest, fit, shared);
                }
                for (text, next) in &node.literal {
                    if let Some(whole) = glued(segment, text) {
                        let mut fit = fit;
                        fit.open_at_literals += open;
                        if whole {
                            fit.glued += 1;
                        } else {
                            fit.holes_at_literals += 1;
                        }
                        let more = if whole { weight(text) } else { 0 };
                        self.visit(next, rest, fit, shared + more);
                    }
                }
            }
        }
        for (around, next) in &node.mixed {
            if fits_around(segment, around) {
                // `posts.json` is that word, if there is one, and `{id}.json` else.
                let word = segment.text().is_some_and(|text| node.literal.contains_key(text));
                let other = u8::from(word || segment.is_hole() && node.param.is_some());
                self.visit(next, rest, Fit { other_shape: fit.other_shape + other, ..fit }, shared);
            }
        }
    }

    /// One hole for several segments, the last of them a parameter or a word.
    fn stretch(&mut self, node: &Node, rest: &[Segment], fit: Fit, shared: usize, taken: usize) {
        self.visits += 1;
        if taken > MAX_HOLE_SEGMENTS || self.visits > MAX_VISITS {
            return;
        }
        let longer = Fit { long_holes: fit.long_holes + u8::from(taken > 1), ..fit };
        let literal = Fit { holes_at_literals: longer.holes_at_literals + 1, ..longer };
        let literals = node.literal.values().map(|next| (next, literal));
        for (next, fit) in node.param.as_deref().map(|next| (next, longer)).into_iter().chain(literals) {
            if taken > 1 {
                self.visit(next, rest, fit, shared);
            }
            self.stretch(next, rest, fit, shared, taken + 1);
        }
    }
}

/// Whether a segment of text and holes can be a literal one; `Some(true)` if
/// the text is the whole of it and the hole behind it would be a query.
fn glued(segment: &Segment, literal: &str) -> Option<bool> {
    match segment.parts.as_slice() {
        [Part::Text(text), Part::Hole { .. }] if text == literal => Some(true),
        [Part::Text(text), Part::Hole { .. }] => literal.starts_with(text.as_str()).then_some(false),
        [Part::Hole { .. }, Part::Text(text)] => literal.ends_with(text.as_str()).then_some(false),
        [Part::Text(start), Part::Hole { .. }, Part::Text(end)] => {
            let fits = literal.starts_with(start.as_str()) && literal.ends_with(end.as_str());
            (fits && literal.len() >= start.len() + end.len()).then_some(false)
        }
        _ => None,
    }
}

/// Whether a segment fits text around parameters: `{}.tar.gz`, `{a}:{b}`.
fn fits_around(segment: &Segment, around: &[String]) -> bool {
    let mut text = String::new();
    for part in &segment.parts {
        match part {
            Part::Text(part) => text.push_str(part),
            Part::Hole { .. } => text.push('\0'),
        }
    }
    let (Some(first), Some(last)) = (around.first(), around.last()) else { return false };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return text == "\0" };
    for middle in &around[1..around.len() - 1] {
        match rest.find(middle.as_str()) {
            Some(at) if at > 0 && !middle.is_empty() => rest = &rest[at + middle.len()..],
            _ => return text == "\0",
        }
    }
    text == "\0" || (rest.len() > last.len() && rest.ends_with(last.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::form::Span;
    use crate::scan::value::Piece;
    use crate::scan::value::url::split;

    fn paths(templates: &[&str]) -> Paths {
        let operations: Vec<_> = templates.iter().map(|path| OperationKey::new("GET", path)).collect();
        Paths::new(&operations, &[String::new()])
    }

    /// The best templates for a path whose holes are written `{}`.
    fn best(paths: &Paths, path: &str) -> Vec<String> {
        let span = Span { start: 0, end: 1 };
        let pieces = [Piece::Literal { text: path.into(), literal: span, origin: span, local: true }];
        let url = split(&pieces, false, |_| false).unwrap();
        paths.find(&url.segments, None).iter().map(|m| paths.templates[m.template].path.to_string()).collect()
    }

    #[test]
    fn literal_segments_win() {
        let api = paths(&["/v1/jobs/{id}", "/v1/jobs/count", "/v1/jobs/{id}/pods", "/v1/jobs"]);
        assert_eq!(best(&api, "/v1/jobs/count"), ["/v1/jobs/count"]);
        assert_eq!(best(&api, "/v1/jobs/{x}"), ["/v1/jobs/{id}"]);
        assert_eq!(best(&api, "/v1/jobs/17/pods"), ["/v1/jobs/{id}/pods"]);
        assert_eq!(best(&api, "v1/jobs/"), ["/v1/jobs"]);
        assert_eq!(best(&api, "/v1/jobs?limit=3"), ["/v1/jobs"]);
        assert_eq!(best(&api, "/v1/job"), [""; 0]);
        assert_eq!(best(&api, "/v1/jobs{q}"), ["/v1/jobs"]);
        assert_eq!(best(&api, "/v1/jobs/count{q}"), ["/v1/jobs/count"]);
        assert_eq!(best(&api, "/v1/jobs/job-{q}"), ["/v1/jobs/{id}"]);
    }

    #[test]
    fn holes_may_stand_for_words_or_several_segments() {
        let api = paths(&["/repos/{owner}/{repo}/labels", "/orgs/{org}/labels", "/a/{x}.{y}"]);
        assert_eq!(best(&api, "/repos/{full}/labels"), ["/repos/{owner}/{repo}/labels"]);
        assert_eq!(best(&api, "/{kind}/{x}/labels"), ["/orgs/{org}/labels"]);
        assert_eq!(best(&api, "/a/b.c"), ["/a/{x}.{y}"]);
    }

    #[test]
    fn no_more_is_guessed_for_a_method_than_for_the_path() {
        let known = [
            ("POST", "/repos/{owner}/{repo}/statuses/{sha}"),
            ("GET", "/repos/{a}/{b}/deploys/{c}/statuses/{d}"),
        ];
        let operations: Vec<_> = known.iter().map(|(method, path)| OperationKey::new(method, path)).collect();
        let api = Paths::new(&operations, &[String::new()]);
        let span = Span { start: 0, end: 1 };
        let path = "/repos/{full}/statuses/{x}";
        let pieces = [Piece::Literal { text: path.into(), literal: span, origin: span, local: true }];
        let url = split(&pieces, false, |_| false).unwrap();
        let found = api.find(&url.segments, Some(&Method::new("GET")));
        let found: Vec<&str> = found.iter().map(|m| api.templates[m.template].path.as_str()).collect();
        assert_eq!(found, ["/repos/{owner}/{repo}/statuses/{sha}"]);
    }

    #[test]
    fn a_path_as_the_last_parameter_has_slashes() {
        let api = paths(&[
            "/repos/{owner}/{repo}/contents/{path}",
            "/repos/{owner}/{repo}/git/ref/{ref}",
            "/repos/{owner}/{repo}/labels/{name}",
            "/files/{path}",
            "/files/{path}/meta",
        ]);
        let contents = ["/repos/{owner}/{repo}/contents/{path}"];
        assert_eq!(best(&api, "/repos/a/b/contents/README.md"), contents);
        assert_eq!(best(&api, "/repos/a/b/contents/.github/workflows/{file}?ref=x"), contents);
        assert_eq!(best(&api, "/repos/{full}/contents/src/main.rs"), contents);
        assert_eq!(best(&api, "/repos/{o}/{r}/contents/{folder}/notes.md"), contents);
        assert_eq!(best(&api, "/repos/a/b/git/ref/heads/{x}"), ["/repos/{owner}/{repo}/git/ref/{ref}"]);
        assert_eq!(best(&api, "/repos/a/b/labels/x/y"), [""; 0]);
        // The path of the root is empty, a branch's name is not.
        assert_eq!(best(&api, "/repos/{full}/contents/"), contents);
        assert_eq!(best(&api, "/repos/a/b/git/ref/"), [""; 0]);
        // What is written out is meant.
        assert_eq!(best(&api, "/files/{x}/meta"), ["/files/{path}/meta"]);
        assert_eq!(best(&api, "/files/a/b/c"), ["/files/{path}"]);
    }

    #[test]
    fn what_identifies_a_thing_is_no_word() {
        let api = paths(&["/tasks/audits", "/jobs/{id}", "/jobs/count"]);
        assert_eq!(best(&api, "/tasks/{task_id}"), [""; 0]);
        assert_eq!(best(&api, "/tasks/{taskUuid}"), [""; 0]);
        assert_eq!(best(&api, "/tasks/{kind}"), ["/tasks/audits"]);
        assert_eq!(best(&api, "/jobs/{job_id}"), ["/jobs/{id}"]);
    }

    #[test]
    fn a_word_counts_more_than_a_parameter_with_text_around_it() {
        let api = paths(&["/t/{topic}/{name}.json", "/t/{topic}/posts.json", "/t/{topic}/posts"]);
        assert_eq!(best(&api, "/t/{x}/posts.json"), ["/t/{topic}/posts.json"]);
        assert_eq!(best(&api, "/t/{x}/other.json"), ["/t/{topic}/{name}.json"]);
        assert_eq!(best(&api, "/t/{x}/posts"), ["/t/{topic}/posts"]);
    }

    #[test]
    fn text_around_parameters_tells_templates_apart() {
        let api = paths(&["/compare/{pair}", "/compare/{base}...{head}", "/x/{a}:{b}"]);
        assert_eq!(best(&api, "/compare/{x}...{y}"), ["/compare/{base}...{head}"]);
        assert_eq!(best(&api, "/compare/{x}"), ["/compare/{pair}"]);
        assert_eq!(best(&api, "/compare/{x}-{y}"), ["/compare/{pair}"]);
        assert_eq!(best(&api, "/x/{pair}"), ["/x/{a}:{b}"]);
    }

    #[test]
    fn distinctive_prefixes_have_a_word_of_their_own() {
        let is_distinctive = |api: &Paths, path: &str| {
            let span = Span { start: 0, end: 1 };
            let pieces = [Piece::Literal { text: path.into(), literal: span, origin: span, local: true }];
            api.is_distinctive(&split(&pieces, false, |_| false).unwrap().segments)
        };
        let api = paths(&["/v1/k8s/users", "/v1/k8s/apps", "/api/v1/users/{id}", "/api/v1/users"]);
        let check = |path: &str| is_distinctive(&api, path);
        assert!(check("/v1/k8s/nothing"));
        assert!(!check("/api/v1/users/me/x"));
        assert!(!check("/api/v1/other"));
        let api = paths(&["/api/assets", "/api/assets/{id}", "/api/node-pools", "/api/node-pools/{id}"]);
        let check = |path: &str| is_distinctive(&api, path);
        assert!(!check("/api/assets/7/original"));
        assert!(check("/api/node-pools/7/drain"));
    }
}
