//! An evaluated URL taken apart: host and path segments.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Listed, Piece};
use crate::scan::form::Span;

/// Segments that a path may have; a longer one is no call of an API.
const MAX_SEGMENTS: usize = 40;

/// How a list of segments that a caller gives is shown.
const MANY: &str = "...";

/// A URL as far as it is known.
#[derive(Clone, Debug)]
pub(crate) struct Url {
    pub host: Host,
    pub segments: Vec<Segment>,
    /// As evaluated, holes in braces.
    pub text: String,
    /// Where the longest literal text of the path stands.
    pub place: Option<Span>,
    /// Where its last word stands.
    pub word: Option<Span>,
    /// Where all its literal texts stand.
    pub literals: Vec<Span>,
    /// What stands before the path, as evaluated.
    pub front: String,
    /// The name of the last of several holes that stand there.
    pub behind: Option<Arc<str>>,
    /// No slash before the first segment and nothing before it.
    pub bare: bool,
    /// Before which segments something empty stands between two slashes: `/repos//issues`.
    emptied: Vec<usize>,
}

impl Url {
    /// The URL with something put in wherever it has nothing between two slashes, if there is such a
    /// place behind a word: a setting that somebody else fills (`owner = env.OWNER || ""`).
    pub(crate) fn with_empty_filled(&self) -> Option<Self> {
        if self.emptied.iter().all(|at| *at == 0) {
            return None;
        }
        let mut filled = self.clone();
        filled.emptied.retain(|at| *at > 0);
        let hole = Part::Hole { open: false, many: false, identifies: false, path: false, version: false };
        for at in filled.emptied.drain(..).rev() {
            filled.segments.insert(at, Segment { parts: vec![hole.clone()] });
        }
        Some(filled)
    }

    /// Where a call says its path: `client.get("users")` does, whatever of it stands in the
    /// client's base URL.
    pub(crate) fn place_in(&self, call: Span) -> Span {
        let place = self.place.unwrap_or(call);
        match self.word {
            Some(word) if call.contains(word) && !call.contains(place) => word,
            _ => place,
        }
    }
}

/// What the host is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// The URL is a path only.
    None,
    /// A variable; its name or names.
    Variable(String),
    /// Known, lower case, without port.
    Known(String),
    /// Known but for its first labels: `{tenant}.run.ai`.
    Partly(String),
    /// Something to be filled in by hand: `<COMPANY-URL>`, `your-host`.
    Placeholder,
}

/// A segment of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Segment {
    pub parts: Vec<Part>,
}

impl Segment {
    /// Whether all of it stands in the code.
    pub(crate) fn is_written(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text(_)))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Text(String),
    Hole {
        /// A caller of the function may fill it.
        open: bool,
        /// It is any number of segments: `"/".join(args)`.
        many: bool,
        /// Its name is that of what identifies one thing: `task_id`.
        identifies: bool,
        /// Its name is that of a path: `endpoint`.
        path: bool,
        /// Its name is that of a version of an API: `api_version`.
        version: bool,
    },
}

impl Segment {
    /// The text, if there is no hole.
    pub(crate) fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text, or `{}` where something is put in.
    pub(crate) fn shape(&self) -> &str {
        self.text().unwrap_or("{}")
    }

    /// Whether the segment is one or more holes and nothing else.
    pub(crate) fn is_hole(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|part| matches!(part, Part::Hole { .. }))
    }

    /// Whether a word is stuck to a hole before it: `{name}issues`.
    pub(crate) fn is_stuck(&self) -> bool {
        self.parts.windows(2).any(|pair| match pair {
            [Part::Hole { .. }, Part::Text(text)] => text.starts_with(|c: char| c.is_alphabetic()),
            _ => false,
        })
    }

    pub(crate) fn is_open(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Hole { open: true, .. }))
    }

    /// Whether it is what identifies one thing, by its name.
    pub(crate) fn identifies(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Hole { identifies: true, .. }])
    }

    /// Whether it is a path, by its name, that a caller of the function gives.
    pub(crate) fn is_path(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Hole { open: true, path: true, .. }])
    }

    /// Whether it is whatever path there is, by its name: `{root}/{path}`.
    pub(crate) fn is_any_path(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Hole { path: true, .. }])
    }

    /// Whether it is the version of an API, by its name or by the letter before it: `v{major}`.
    pub(crate) fn is_version(&self) -> bool {
        match self.parts.as_slice() {
            [Part::Hole { version, .. }] => *version,
            [Part::Text(text), Part::Hole { .. }] => matches!(text.as_str(), "v" | "V"),
            _ => false,
        }
    }

    /// Whether what a caller gives stands right behind something: `{repo}{path}`.
    pub(crate) fn goes_on(&self) -> bool {
        matches!(self.parts.as_slice(), [_, .., Part::Hole { open: true, .. }])
    }

    /// Whether it may be any number of segments.
    pub(crate) fn is_many(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Hole { many: true, .. }))
    }
}

/// One character of a URL, or one hole.
enum Atom<'p> {
    Char(char, &'p Piece),
    Hole { name: Arc<str>, open: bool },
}

/// Whether what follows an ampersand is `name=`.
fn begins_parameter(atoms: &[Atom<'_>]) -> bool {
    let name = |atom: &&Atom<'_>| matches!(atom, Atom::Char(c, _) if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']'));
    let length = atoms.iter().take_while(name).count();
    length > 0 && matches!(atoms.get(length), Some(Atom::Char('=', _)))
}

/// The segments without those that lead upwards: `/projects/{id}/../users` is `/projects/users`
/// (RFC 3986, section 5.2.4).
fn without_dots(segments: Vec<Segment>) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::with_capacity(segments.len());
    for segment in segments {
        let known = out.last().is_some_and(|last| !last.is_many() && !leads_upwards(last));
        if known && leads_upwards(&segment) {
            out.pop();
        } else {
            out.push(segment);
        }
    }
    out
}

fn leads_upwards(segment: &Segment) -> bool {
    segment.text() == Some("..")
}

/// Takes a URL apart. `None` for what is no URL or path at all.
pub(crate) fn split(pieces: &[Piece], bare_host: bool, is_host: impl Fn(&str) -> bool) -> Option<Url> {
    let mut text = String::new();
    pieces.iter().for_each(|piece| piece.show(&mut text));
    let atoms = atoms(pieces)?;
    let Front { host, end, bare } = front(&atoms, bare_host, is_host);
    let mut segments: Vec<Segment> = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    let mut emptied: Vec<usize> = Vec::new();
    let mut places = Places::default();
    for (at, atom) in atoms[end..].iter().enumerate() {
        match atom {
            // What goes on with a query that began elsewhere: `{url}&page=2`.
            Atom::Char('&', _) if goes_on_as_query(&atoms[end + at + 1..]) => break,
            Atom::Char('/', piece) => {
                places.add(piece, SLASH);
                if !parts.is_empty() {
                    segments.push(Segment { parts: std::mem::take(&mut parts) });
                } else if at > 0 && matches!(atoms[end + at - 1], Atom::Char('/', _)) {
                    emptied.push(segments.len());
                }
            }
            // A sign that belongs to a name, and is escaped: `/players/${encodeURIComponent("#" + tag)}`.
            Atom::Char('#', _)
                if at > 0
                    && matches!(atoms[end + at - 1], Atom::Char('/', _))
                    && matches!(atoms.get(end + at + 1), Some(Atom::Hole { .. })) => {}
            Atom::Char('?' | '#', _) => break,
            // What is added to a query that stands in what is not known: `{url}&page=2`.
            Atom::Char('&', _) if matches!(atoms.get(end + at + 1), Some(Atom::Hole { .. })) => break,
            // A helper that adds to a query, where there is none yet.
            Atom::Char('&', _) if begins_parameter(&atoms[end + at + 1..]) => break,
            Atom::Char(c, piece) => {
                if c.is_whitespace() || matches!(c, '"' | '|' | '\\' | '^') {
                    return None;
                }
                places.add(piece, 1);
                if c.is_alphanumeric()
                    && let Piece::Literal { origin, local: true, text, .. } = piece
                    && *origin != Span::NOWHERE
                {
                    // A number is an argument.
                    places.word = if c.is_alphabetic() { Some(*origin) } else { places.word };
                    if text.contains('/') {
                        places.last = Some(*origin);
                    }
                }
                match parts.last_mut() {
                    Some(Part::Text(text)) => text.push(*c),
                    _ => parts.push(Part::Text(c.to_string())),
                }
            }
            // What an installation puts before all paths is of its host: `https://{host}{path_prefix}/users`.
            Atom::Hole { name, .. }
                if segments.is_empty()
                    && parts.is_empty()
                    && host != Host::None
                    && names_prefix(name)
                    && matches!(atoms.get(end + at + 1), Some(Atom::Char('/', _))) => {}
            Atom::Hole { open, name } => {
                let many = &**name == MANY;
                let path = crate::scan::wording::names_path(name);
                let version = names_version(name);
                parts.push(Part::Hole { open: *open, many, identifies: identifies(name), path, version });
            }
        }
    }
    if !parts.is_empty() {
        segments.push(Segment { parts });
    }
    if segments.iter().any(leads_upwards) {
        segments = without_dots(segments);
        // Their places are no more what they were.
        emptied.clear();
    }
    if segments.len() > MAX_SEGMENTS {
        return None;
    }
    let literals = pieces.iter().filter_map(|piece| match piece {
        Piece::Literal { literal, .. } => Some(*literal),
        _ => None,
    });
    let mut front = String::new();
    for atom in &atoms[..end] {
        match atom {
            Atom::Char(c, _) => front.push(*c),
            Atom::Hole { name, .. } => {
                front.push('{');
                front.push_str(name);
                front.push('}');
            }
        }
    }
    let behind = match &atoms[..end] {
        [.., Atom::Hole { .. }, Atom::Hole { name, .. }] => Some(name.clone()),
        _ => None,
    };
    let (place, word, literals) = (places.best(), places.word, literals.collect());
    Some(Url { host, front, behind, segments, text, place, word, literals, bare, emptied })
}

/// Whether a name is that of what stands before all paths of a server.
fn names_prefix(name: &str) -> bool {
    let words = crate::scan::wording::words(name);
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["prefix"] | [.., "base", "path"] => true,
        [.., before, "prefix"] => matches!(before, "path" | "url" | "uri" | "base" | "api" | "root"),
        _ => false,
    }
}

/// Whether a name is that of an API's version.
fn names_version(name: &str) -> bool {
    crate::scan::wording::words(name).last().is_some_and(|word| matches!(word.as_str(), "version" | "ver"))
}

/// Whether a name is that of what identifies one thing.
fn identifies(name: &str) -> bool {
    let last = crate::scan::wording::words(name).pop();
    last.is_some_and(|word| matches!(word.as_str(), "id" | "uid" | "uuid" | "guid" | "pk" | "number"))
}

/// Whether `name=` comes next.
fn goes_on_as_query(atoms: &[Atom<'_>]) -> bool {
    let is_name =
        |atom: &&Atom<'_>| matches!(atom, Atom::Char(c, _) if c.is_alphanumeric() || "_-.[]".contains(*c));
    let name = atoms.iter().take_while(is_name).count();
    name > 0 && matches!(atoms.get(name), Some(Atom::Char('=', _)))
}

/// What stands before the path.
struct Front {
    host: Host,
    /// Where the path begins.
    end: usize,
    bare: bool,
}

fn front(atoms: &[Atom<'_>], bare_host: bool, is_host: impl Fn(&str) -> bool) -> Front {
    let slash = |from: usize| (from..atoms.len()).find(|at| matches!(atoms[*at], Atom::Char('/', _)));
    if let Some(after) = scheme_end(atoms) {
        let end = slash(after).unwrap_or(atoms.len());
        // A path that was taken apart like a URL and put together again.
        let host = if end == "://".len() { Host::None } else { read_host(&atoms[after..end]) };
        return Front { host, end, bare: false };
    }
    // Holes before the first text: scheme, host, base path, or all of them.
    let mut names = Vec::new();
    while let Some(Atom::Hole { name, .. }) = atoms.get(names.len()) {
        names.push(&**name);
    }
    let at = names.len();
    if at > 0 {
        // `{host}:8080/path`, `{tenant}.run.ai/path`
        return match (atoms.get(at), slash(at)) {
            (Some(Atom::Char('.' | ':', _)), Some(end)) => {
                Front { host: read_host(&atoms[..end]), end, bare: false }
            }
            _ => Front { host: Host::Variable(names.concat()), end: at, bare: false },
        };
    }
    let end = slash(0).unwrap_or(atoms.len());
    let shown = |atom: &Atom<'_>| if let Atom::Char(c, _) = atom { *c } else { '{' };
    let first: String = atoms[..end].iter().map(shown).collect();
    let dotted = bare_host && (first.contains(['.', ':']) || first == "localhost");
    if end > 0 && (dotted || is_host(&first)) {
        return Front { host: read_host(&atoms[..end]), end, bare: false };
    }
    Front { host: Host::None, end: 0, bare: end > 0 }
}

/// A slash says as much about where a path stands as this many letters.
const SLASH: usize = 4;

/// How much of a path stands where.
#[derive(Default)]
struct Places {
    all: Vec<(Span, bool, usize)>,
    /// Where the last part of the path with a slash stands in the function itself.
    last: Option<Span>,
    /// The same of the last word.
    word: Option<Span>,
}

impl Places {
    fn add(&mut self, piece: &Piece, weight: usize) {
        let Piece::Literal { origin, local, .. } = piece else { return };
        if *origin == Span::NOWHERE {
            return;
        }
        match self.all.iter_mut().find(|(span, known, _)| span == origin && known == local) {
            Some((_, _, length)) => *length += weight,
            None => self.all.push((*origin, *local, weight)),
        }
    }

    /// The place where the path is finished, in the function itself; else the
    /// one with most of the path.
    fn best(&self) -> Option<Span> {
        self.last.or_else(|| self.longest())
    }

    fn longest(&self) -> Option<Span> {
        self.all.iter().max_by_key(|(_, local, length)| (*local, *length)).map(|(span, _, _)| *span)
    }
}

/// Characters and holes. Braces, angle brackets and `%s` that were left in a
/// literal text are holes as well: a template that nobody filled.
fn atoms(pieces: &[Piece]) -> Option<Vec<Atom<'_>>> {
    const MAX_LENGTH: usize = 4096;
    let mut out = Vec::new();
    for piece in pieces {
        let text = match piece {
            Piece::Hole(name) => {
                out.push(Atom::Hole { name: name.clone(), open: false });
                continue;
            }
            Piece::Joined(Listed::Template(template), _) => {
                out.push(Atom::Hole { name: template.param.name.clone(), open: true });
                continue;
            }
            Piece::Joined(_, separator) => {
                let name = if separator.contains('/') { MANY } else { "" };
                out.push(Atom::Hole { name: name.into(), open: true });
                continue;
            }
            Piece::Param(param) => {
                out.push(Atom::Hole { name: param.name.clone(), open: true });
                continue;
            }
            Piece::Literal { text, .. } => text,
        };
        if out.len() + text.len() > MAX_LENGTH {
            return None;
        }
        let text = by_default(text);
        let mut rest: &str = &text;
        while let Some(c) = rest.chars().next() {
            if let Some((name, length)) = unfilled(rest) {
                out.push(Atom::Hole { name: name.into(), open: false });
                rest = &rest[length..];
            } else {
                out.push(Atom::Char(c, piece));
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    Some(out)
}

/// A template in which what stands where nothing is given is in place of it:
/// `/auth/{{mount}}{{^mount}}basic{{/mount}}`.
fn by_default(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    let mut from = 0;
    while let Some(at) = text[from..].find("{{^").map(|at| from + at) {
        let inner = &text[at + 3..];
        let Some((name, inner)) = inner.split_once("}}") else { break };
        let Some((default, behind)) = inner.split_once(&format!("{{{{/{name}}}}}")) else { break };
        let before = &text[..at];
        let before = before.strip_suffix(&format!("{{{{{name}}}}}")).unwrap_or(before);
        from = before.len() + default.len();
        text = Cow::Owned(format!("{before}{default}{behind}"));
    }
    text
}

/// A hole at the front of a text, with its name and length.
fn unfilled(text: &str) -> Option<(&str, usize)> {
    let name_like = |name: &str| name.len() <= 60 && !name.contains(['/', '"', '\n', '<', '{']);
    for (open, close) in [("${", "}"), ("{{", "}}"), ("{", "}"), ("<", ">")] {
        if let Some(inner) = text.strip_prefix(open)
            && let Some(end) = inner.find(close)
            && name_like(&inner[..end])
        {
            return Some((inner[..end].trim(), open.len() + end + close.len()));
        }
    }
    let rest = text.strip_prefix('%')?;
    let kind = rest.chars().next()?;
    // `%20` is an escape, `%s` a hole.
    matches!(kind, 's' | 'd' | 'v' | 'q').then_some(("", 2))
}

/// The place after `scheme://`, if the URL begins with a scheme.
fn scheme_end(atoms: &[Atom<'_>]) -> Option<usize> {
    for at in 0..atoms.len().min(12) {
        match &atoms[at] {
            Atom::Char(':', _) => {
                let slashes = atoms.get(at + 1..at + 3)?;
                return slashes.iter().all(|atom| matches!(atom, Atom::Char('/', _))).then_some(at + 3);
            }
            Atom::Char(c, _) if c.is_ascii_alphanumeric() || *c == '+' => {}
            Atom::Hole { .. } => {}
            Atom::Char(..) => return None,
        }
    }
    None
}

fn read_host(atoms: &[Atom<'_>]) -> Host {
    let mut text = String::new();
    let mut names = Vec::new();
    for atom in atoms {
        match atom {
            Atom::Char(c, _) => text.push(c.to_ascii_lowercase()),
            Atom::Hole { name, .. } => {
                names.push(&**name);
                text.push('\0');
            }
        }
    }
    if let Some((_, host)) = text.rsplit_once('@') {
        text = host.to_owned();
    }
    let raw_upper = atoms.iter().any(|atom| matches!(atom, Atom::Char(c, _) if c.is_ascii_uppercase()));
    let host = text.split(':').next().unwrap_or_default();
    match host.rfind('\0') {
        Some(hole) => {
            let tail = &host[hole + 1..];
            if tail.starts_with('.') && tail.len() > 1 {
                Host::Partly(tail.to_owned())
            } else {
                Host::Variable(names.join(""))
            }
        }
        None if host.is_empty() || is_placeholder(host, raw_upper) => Host::Placeholder,
        None => Host::Known(host.to_owned()),
    }
}

/// Whether a host only stands for one: `your-company.com`, `COMPANY_URL`, `...`.
fn is_placeholder(host: &str, upper: bool) -> bool {
    let words = ["your", "company", "tenant", "placeholder", "replace", "changeme", "hostname", "xxx", "my-"];
    (upper && !host.contains('.'))
        || host.contains('_')
        || host.contains("..")
        || host.contains('$')
        || words.iter().any(|word| host.contains(word) && (host.starts_with(word) || !host.contains('.')))
}

/// Whether a host stands for a machine of one's own: a port-forward, an
/// example, a name inside a cluster.
pub(crate) fn is_local(host: &str) -> bool {
    let ends = [".local", ".localhost", ".internal", ".svc", ".cluster.local"];
    let examples = ["example.com", "example.org", "example.net"];
    let private = ["10.", "127.", "192.168.", "0.0.0.0"];
    !host.contains('.')
        || ends.iter().any(|end| host.ends_with(end))
        || examples.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")))
        || (private.iter().any(|start| host.starts_with(start))
            && host.chars().all(|c| c.is_ascii_digit() || c == '.'))
        || host.contains(".svc.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        let span = Span { start: 0, end: 1 };
        let piece = Piece::Literal { text: text.into(), literal: span, origin: span, local: true };
        split(&[piece], true, |host| host == "known.host").unwrap()
    }

    fn shape(url: &Url) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Hole { .. } => "*".to_owned(),
        };
        let segment = |segment: &Segment| segment.parts.iter().map(part).collect::<String>();
        url.segments.iter().map(segment).collect::<Vec<_>>().join("/")
    }

    #[test]
    fn hosts_are_told_from_paths() {
        let host = |text: &str| url(text).host;
        assert_eq!(host("https://User:pw@App.Run.ai:443/a"), Host::Known("app.run.ai".into()));
        assert_eq!(host("https://<COMPANY-URL>/v1"), Host::Variable("COMPANY-URL".into()));
        assert_eq!(host("https://COMPANY_URL/v1"), Host::Placeholder);
        assert_eq!(host("https://your-company.com/v1"), Host::Placeholder);
        assert_eq!(host("{base}/v1"), Host::Variable("base".into()));
        assert_eq!(host("{scheme}://{host}/v1"), Host::Variable("host".into()));
        assert_eq!(host("https://{tenant}.run.ai/v1"), Host::Partly(".run.ai".into()));
        assert_eq!(host("{tenant}.run.ai/v1"), Host::Partly(".run.ai".into()));
        assert_eq!(host("{host}:8080/v1"), Host::Variable("host".into()));
        assert_eq!(host("known.host/v1"), Host::Known("known.host".into()));
        assert_eq!(host("/v1"), Host::None);
        assert!(url("v1/users").bare);
    }

    #[test]
    fn what_leads_upwards_takes_what_is_before_it_away() {
        assert_eq!(shape(&url("/a/{id}/../b")), "a/b");
        assert_eq!(shape(&url("/../a/b/../../..//c")), "../../c");
        let filled = |text: &str| url(text).with_empty_filled().map(|url| shape(&url));
        assert_eq!(filled("/a//b"), Some("a/*/b".to_owned()));
        // What is empty is no more where it was.
        assert_eq!(filled("/a/b/c/../../..//d"), None);
        assert_eq!(filled("/a//b/../c"), None);
    }

    #[test]
    fn paths_end_at_the_query_and_keep_their_holes() {
        assert_eq!(shape(&url("/a//b/{id}?x=/c#d")), "a/b/*");
        assert_eq!(shape(&url("/a/%s/x-%d.tar/%20")), "a/*/x-*.tar/%20");
        assert_eq!(shape(&url("https://h.example/a/<id>/")), "a/*");
        assert_eq!(shape(&url("{base}")), "");
        assert_eq!(shape(&url("/a/b&{more}")), "a/b");
        assert_eq!(shape(&url("/a/b&c/d")), "a/b&c/d");
    }

    #[test]
    fn machines_of_ones_own_are_known() {
        for host in
            ["localhost", "127.0.0.1", "backend", "api.example.com", "x.svc.cluster.local", "10.0.0.1"]
        {
            assert!(is_local(host), "{host}");
        }
        for host in ["api.github.com", "10.example-host.io", "example.community"] {
            assert!(!is_local(host), "{host}");
        }
    }
}
