//! What stands around a word in a file's bytes: the text that it is a part of,
//! and whether that text can be more than a name, a comment or a sentence.

use super::{Ground, REACH};

/// Bytes of a value that is put in.
const MAX_HOLE: usize = 96;
/// Stands for a value that is put in; no text of a program has it.
pub(super) const HOLE: char = '\u{1a}';

/// Bytes that PowerShell's help of a script or a function may have.
const MAX_HELP: usize = 16 << 10;

/// Text before a word, up to where it begins.
pub(super) struct Left {
    /// With [`HOLE`] for each value that is put in.
    pub text: String,
    pub begin: usize,
    /// Where the first of these values ends.
    pub hole: Option<usize>,
}

/// Text behind a word, up to where it ends, with [`HOLE`] for each value that is put in.
pub(super) struct Right {
    pub text: String,
    pub end: usize,
}

pub(crate) fn left_of(bytes: &[u8], at: usize) -> Left {
    let from = at.saturating_sub(REACH);
    let (mut begin, mut hole) = (at, None);
    let mut text: Vec<u8> = Vec::new();
    while begin > from {
        let last = bytes[begin - 1];
        if is_path(last) {
            text.push(last);
            begin -= 1;
        } else if let Some(start) = put_in_before(&bytes[from..begin]) {
            text.push(HOLE as u8);
            hole = Some(begin);
            begin = from + start;
        } else {
            break;
        }
    }
    text.reverse();
    let text = String::from_utf8(text).unwrap_or_else(|_| HOLE.to_string());
    Left { text, begin, hole }
}

pub(super) fn right_of(bytes: &[u8], at: usize) -> Right {
    let to = (at + REACH).min(bytes.len());
    let mut end = at;
    let mut text: Vec<u8> = Vec::new();
    while end < to {
        let first = bytes[end];
        if is_path(first) {
            text.push(first);
            end += 1;
        } else if let Some(length) = put_in_behind(&bytes[end..to], text.last().copied()) {
            text.push(HOLE as u8);
            end += length;
        } else {
            break;
        }
    }
    Right { text: String::from_utf8(text).unwrap_or_else(|_| HOLE.to_string()), end }
}

/// Where the value begins that is put in at the end of a text: `{id}`, `#{id}`,
/// `$(id)`, `%(id)s`, `<id>`, `$ids[0]`.
fn put_in_before(bytes: &[u8]) -> Option<usize> {
    let close = *bytes.last()?;
    let open = opener(close)?;
    let at = partner(bytes.iter().copied().enumerate().rev(), close, open)?;
    let before = at.checked_sub(1).map(|at| bytes[at]);
    let ruby = open == b'{' && before == Some(b'#');
    is_put_in(open, before, &bytes[at + 1..bytes.len() - 1]).then_some(at - usize::from(ruby))
}

/// The length of the value that is put in at the beginning of a text.
fn put_in_behind(bytes: &[u8], before: Option<u8>) -> Option<usize> {
    let ruby = usize::from(bytes.starts_with(b"#{"));
    let bytes = &bytes[ruby..];
    let open = *bytes.first()?;
    let close = [b'}', b')', b'>', b']'].into_iter().find(|close| opener(*close) == Some(open))?;
    let at = partner(bytes.iter().copied().enumerate(), open, close)?;
    is_put_in(open, before, &bytes[1..at]).then_some(ruby + at + 1)
}

/// Where the bracket stands that belongs to the first one, in the same line.
pub(super) fn partner(bytes: impl Iterator<Item = (usize, u8)>, one: u8, other: u8) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in bytes.take(MAX_HOLE).take_while(|(_, byte)| *byte != b'\n') {
        if byte == one {
            depth += 1;
        } else if byte == other {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

fn opener(close: u8) -> Option<u8> {
    match close {
        b'}' => Some(b'{'),
        b')' => Some(b'('),
        b'>' => Some(b'<'),
        b']' => Some(b'['),
        _ => None,
    }
}

/// Whether what stands in brackets is put into the text around them.
fn is_put_in(open: u8, before: Option<u8>, inside: &[u8]) -> bool {
    let plain = |b: &u8| is_word(*b) || matches!(*b, b'-' | b'.' | b'$' | b'\'' | b'"' | b' ');
    match open {
        b'(' => matches!(before, Some(b'$' | b'%' | b'\\')),
        b'[' => before.is_some_and(is_word) && inside.iter().all(plain),
        b'<' => !inside.is_empty() && inside.iter().all(|b| is_word(*b) || matches!(*b, b'-' | b':' | b' ')),
        _ => true,
    }
}

/// Whether a comment has begun in the line of a place, before it.
pub(super) fn in_comment(bytes: &[u8], at: usize, ground: Ground) -> bool {
    let from = at.saturating_sub(REACH);
    let Some(start) = bytes[from..at].iter().rposition(|b| *b == b'\n').map(|end| from + end + 1) else {
        return false;
    };
    let line = bytes[start..at].trim_ascii_start();
    // PowerShell's comments of several lines.
    ground == Ground::Shell && is_open(&bytes[at.saturating_sub(MAX_HELP)..at], b"<#", b"#>")
        || line.starts_with(b"//")
        || line.starts_with(b"# ")
        || line.starts_with(b"* ")
        || line.starts_with(b"/*") && memchr::memmem::find(line, b"*/").is_none()
        || ground == Ground::Code
            && memchr::memmem::find_iter(line, b"// ").any(|slashes| ends_code(&line[..slashes]))
}

/// Whether what one mark opens is not ended by another one yet.
fn is_open(before: &[u8], open: &[u8], close: &[u8]) -> bool {
    memchr::memmem::rfind(before, open)
        .is_some_and(|at| memchr::memmem::find(&before[at + open.len()..], close).is_none())
}

/// Whether code may end here, behind a statement and outside of a text.
fn ends_code(line: &[u8]) -> bool {
    let quotes = |quote: u8| line.iter().filter(|b| **b == quote).count() % 2;
    let end = line.trim_ascii_end().last();
    matches!(end, Some(b';' | b')' | b'}' | b'{' | b',' | b'('))
        && [b'"', b'\'', b'`'].into_iter().all(|quote| quotes(quote) == 0)
}

/// Whether a text in quotes is the name of something rather than its value: the
/// key of a table (`"users": [`, `'users' => 1`), an index (`kinds["users"]`), what
/// is given a value, a text within a text, or one that is only measured.
pub(crate) fn is_name(bytes: &[u8], begin: usize, end: usize) -> bool {
    let before = &bytes[begin.saturating_sub(REACH)..begin.saturating_sub(1)];
    let quoted = bytes.get(end).is_some_and(|b| matches!(b, b'"' | b'\'' | b'`'));
    let behind = &bytes[(end + usize::from(quoted)).min(bytes.len())..];
    let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    let spaced = behind.iter().position(|b| *b != b' ').map_or(&behind[..0], |at| &behind[at..]);
    let given = !quoted && spaced.starts_with(b"=") && !spaced.starts_with(b"==");
    let key = behind.starts_with(b":") && !line.contains(&b'?') || spaced.starts_with(b"=>");
    let index = quoted
        && before.ends_with(b"[")
        && before[..before.len() - 1].last().is_some_and(|b| is_word(*b) || matches!(b, b']' | b')'));
    let measured = quoted && behind.starts_with(b".length");
    given || key || index || measured || before.ends_with(b"\\")
}

/// Whether a word without quotes stands in a sentence, by what stands around it
/// in its line: a command has few words before what it takes, a list is one of
/// `for` or is given to a name.
pub(super) fn is_prose(before: &[u8], behind: &[u8]) -> bool {
    const MAX_WORDS: usize = 3;
    let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    let quoted = line.iter().filter(|b| **b == b'"').count() % 2 == 1;
    let text = String::from_utf8_lossy(line);
    if quoted {
        // A list of words is given to a name; a sentence has marks between them.
        let end = behind.iter().position(|b| matches!(*b, b'"' | b'\n')).unwrap_or(behind.len());
        let within = text.rsplit('"').next().unwrap_or_default().to_owned()
            + &String::from_utf8_lossy(&behind[..end])
            + " ";
        let sentence = [". ", ", ", ": ", "! ", "? "].iter().any(|mark| within.contains(mark));
        return sentence || !text.rsplit('"').nth(1).is_some_and(|before| before.ends_with('='));
    }
    let command = text.rsplit(['|', ';', '&', '(', '{', '`']).next().unwrap_or_default();
    let command = command.trim_start();
    if command.starts_with("for ") {
        return !command.contains(" in ");
    }
    if text.contains("=(") || text.contains("@(") {
        return false;
    }
    let words = command.split_whitespace().count();
    let more = behind.strip_prefix(b" ").and_then(|rest| rest.first()).is_some_and(u8::is_ascii_lowercase);
    words > MAX_WORDS || words >= 2 && more || words == 0 && goes_on_in_words(behind)
}

/// Whether several words follow in the line, as in a sentence.
fn goes_on_in_words(behind: &[u8]) -> bool {
    const SEVERAL: usize = 4;
    let line = behind.split(|b| *b == b'\n').next().unwrap_or_default();
    line.starts_with(b" ")
        && line[1..].split(|b| *b == b' ').count() >= SEVERAL
        && line[1..].split(|b| *b == b' ').take(SEVERAL).all(|word| word.iter().all(u8::is_ascii_alphabetic))
}

/// Where texts of several lines stand in a file of Python. Found as far as asked.
#[derive(Default)]
pub(super) struct Prose {
    at: usize,
    /// The quote of the text that goes on here, and where its first line ends.
    open: Option<(u8, usize)>,
}

impl Prose {
    /// Whether a place lies in a line, but the first, of a text of several lines.
    pub(super) fn goes_on_at(&mut self, bytes: &[u8], place: usize) -> bool {
        while self.at < place {
            let rest = &bytes[self.at..];
            let long = |quote: u8| rest.starts_with(&[quote; 3]);
            match (self.open, rest[0]) {
                (_, b'\\') => self.at += 1,
                (Some((quote, _)), _) if long(quote) => {
                    self.open = None;
                    self.at += 2;
                }
                (None, quote @ (b'"' | b'\'')) if long(quote) => {
                    let line = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                    self.open = Some((quote, self.at + line));
                    self.at += 2;
                }
                (None, quote @ (b'"' | b'\'')) => {
                    let end = rest.iter().enumerate().skip(1);
                    let end = end.scan(false, |escaped, (at, b)| {
                        let ends = !*escaped && (*b == quote || *b == b'\n');
                        *escaped = !*escaped && *b == b'\\';
                        Some((at, ends))
                    });
                    self.at += end.into_iter().find(|(_, ends)| *ends).map_or(rest.len(), |(at, _)| at);
                }
                (None, b'#') => self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
                _ => {}
            }
            self.at += 1;
        }
        self.open.is_some_and(|(_, line)| line < place)
    }
}

/// Whether what is put in is named like a place in a file system: `{root_dir}`.
pub(super) fn names_folder(before: &[u8]) -> bool {
    let name = before.split_last().map_or(before, |(_, name)| name);
    let end = name.iter().rposition(|b| !b.is_ascii_whitespace()).map_or(0, |at| at + 1);
    let from = name[..end].iter().rposition(|b| !is_word(*b)).map_or(0, |at| at + 1);
    let name = String::from_utf8_lossy(&name[from..end]);
    let words = wording::words(&name);
    let last = words.last().map(String::as_str).unwrap_or_default();
    ["dir", "directory", "folder", "path", "file", "root", "home", "tmp", "temp"]
        .iter()
        .any(|end| last.ends_with(end))
}

/// Whether a method stands before a path: `GET /users`.
pub(super) fn names_method(before: &[u8]) -> bool {
    before.strip_suffix(b" ").is_some_and(|before| {
        let from = before.iter().rposition(|b| !b.is_ascii_uppercase()).map_or(0, |at| at + 1);
        wording::METHODS.iter().any(|method| method.as_bytes() == &before[from..])
    })
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a byte may stand in the literal text of a path and its query, or mark
/// a value that is put in. What stands behind `#` is never sent (RFC 3986, section 3.5).
pub(super) fn is_path(byte: u8) -> bool {
    is_word(byte) || !byte.is_ascii() || b"-.~/:@+%$=,&?!".contains(&byte)
}
use crate::scan::wording;
