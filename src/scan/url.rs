//! An evaluated URL taken apart: host and path segments.

use std::rc::Rc;

use super::form::Span;
use super::value::Piece;

/// Segments that a path may have; a longer one is no call of an API.
const MAX_SEGMENTS: usize = 40;

/// A URL as far as it is known.
#[derive(Clone, Debug)]
pub(crate) struct Url {
    pub host: Host,
    pub segments: Vec<Segment>,
    /// As evaluated, holes in braces.
    pub text: String,
    /// Where the longest literal text of the path stands.
    pub place: Option<Span>,
    /// Where all its literal texts stand.
    pub literals: Vec<Span>,
    /// No slash before the first segment and nothing before it.
    pub bare: bool,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Hole {
        /// A caller of the function may fill it.
        open: bool,
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

    /// Whether the segment is one or more holes and nothing else.
    pub(crate) fn is_hole(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|part| matches!(part, Part::Hole { .. }))
    }

    pub(crate) fn is_open(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Hole { open: true }))
    }
}

/// One character of a URL, or one hole.
enum Atom<'p> {
    Char(char, &'p Piece),
    Hole { name: Rc<str>, open: bool },
}

/// Takes a URL apart. `None` for what is no URL or path at all.
pub(crate) fn split(pieces: &[Piece], bare_host: bool, is_host: impl Fn(&str) -> bool) -> Option<Url> {
    let mut text = String::new();
    pieces.iter().for_each(|piece| piece.show(&mut text));
    let atoms = atoms(pieces)?;
    let mut at = 0;
    let mut host = Host::None;
    // Holes before the first text: scheme, host, base path, or all of them.
    let mut names = Vec::new();
    while let Some(Atom::Hole { name, .. }) = atoms.get(at) {
        names.push(&**name);
        at += 1;
    }
    let scheme = scheme_end(&atoms);
    let mut bare = false;
    if let Some(after) = scheme {
        let end =
            (after..atoms.len()).find(|i| matches!(atoms[*i], Atom::Char('/', _))).unwrap_or(atoms.len());
        host = read_host(&atoms[after..end]);
        at = end;
    } else if !names.is_empty() {
        // `{host}:8080/path`, `{tenant}.run.ai/path`
        let end = (at..atoms.len()).find(|i| matches!(atoms[*i], Atom::Char('/', _)));
        let first = atoms.get(at);
        host = match (first, end) {
            (Some(Atom::Char('.' | ':', _)), Some(end)) => {
                let host = read_host(&atoms[..end]);
                at = end;
                host
            }
            (Some(Atom::Char('/', _)), _) | (None, _) => Host::Variable(names.join("")),
            // `{base}api/v1/...`: the base ends in a slash.
            _ => Host::Variable(names.join("")),
        };
        if host == Host::None {
            return None;
        }
    } else {
        let end = (0..atoms.len()).find(|i| matches!(atoms[*i], Atom::Char('/', _))).unwrap_or(atoms.len());
        let first: String =
            atoms[..end].iter().map(|atom| if let Atom::Char(c, _) = atom { *c } else { '{' }).collect();
        let dotted = bare_host && (first.contains('.') || first.contains(':') || first == "localhost");
        if end > 0 && (dotted || is_host(&first)) {
            host = read_host(&atoms[..end]);
            at = end;
        } else {
            bare = end > 0;
        }
    }

    let mut segments: Vec<Segment> = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    let mut lengths: Vec<(Span, bool, usize)> = Vec::new();
    for atom in &atoms[at..] {
        match atom {
            Atom::Char('/', _) => {
                if !parts.is_empty() {
                    segments.push(Segment { parts: std::mem::take(&mut parts) });
                }
            }
            Atom::Char('?' | '#', _) => break,
            Atom::Char(c, piece) => {
                if c.is_whitespace() || matches!(c, '"' | '|' | '\\' | '^') {
                    return None;
                }
                if let Piece::Literal { origin, local, .. } = piece {
                    match lengths.iter_mut().find(|(span, _, _)| span == origin) {
                        Some((_, _, length)) => *length += 1,
                        None => lengths.push((*origin, *local, 1)),
                    }
                }
                match parts.last_mut() {
                    Some(Part::Text(text)) => text.push(*c),
                    _ => parts.push(Part::Text(c.to_string())),
                }
            }
            Atom::Hole { open, .. } => parts.push(Part::Hole { open: *open }),
        }
    }
    if !parts.is_empty() {
        segments.push(Segment { parts });
    }
    if segments.len() > MAX_SEGMENTS {
        return None;
    }
    let place = lengths.iter().max_by_key(|(_, local, length)| (*local, *length)).map(|(span, _, _)| *span);
    let literals = pieces.iter().filter_map(|piece| match piece {
        Piece::Literal { literal, .. } => Some(*literal),
        _ => None,
    });
    Some(Url { host, segments, text, place, literals: literals.collect(), bare })
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
            Piece::Param(param) => {
                out.push(Atom::Hole { name: param.name.clone(), open: true });
                continue;
            }
            Piece::Literal { text, .. } => text,
        };
        if out.len() + text.len() > MAX_LENGTH {
            return None;
        }
        let mut rest: &str = text;
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
    let ends =
        [".local", ".localhost", ".internal", ".example", ".test", ".invalid", ".svc", ".cluster.local"];
    let examples = ["example.com", "example.org", "example.net"];
    let private = ["10.", "127.", "192.168.", "0.0.0.0"];
    !host.contains('.')
        || ends.iter().any(|end| host.ends_with(end))
        || examples.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")))
        || (private.iter().any(|start| host.starts_with(start))
            && host.chars().all(|c| c.is_ascii_digit() || c == '.'))
        || host.contains(".svc.")
}
