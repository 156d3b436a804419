//! Cuts prose (plain, Markdown or HTML) into words and sentences, with byte
//! positions. One pass, every look-ahead bounded, no knowledge of deprecation.
//!
//! Not a Markdown parser: emphasis and tags are skipped, code spans, quoted
//! names and links become one token, blocks only matter as sentence ends.

use std::ops::Range;

/// Longest code span, link title or tag that is recognised, in bytes. What is
/// longer is read as ordinary text; the bound keeps the scan linear.
const MAX_SPAN: usize = 300;
/// Longest sentence in tokens; what is longer is no sentence, and judging one
/// looks at its words more than once.
const MAX_SENTENCE: usize = 200;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, a number, an identifier, `a.b`.
    Word,
    /// A code span or a short quoted name: the text between the quotes.
    Code,
    /// Something with a slash or a brace in it: a path, a URL, `and/or`.
    Path,
    /// The title of a Markdown link.
    Link,
    /// `(` or `[`.
    Open,
    /// `)` or `]`.
    Close,
    Comma,
    Colon,
    /// A dash or an arrow between words, a semicolon, a bar: a new clause.
    Dash,
    /// The end of a sentence.
    Stop,
    /// The end of a question.
    Question,
}

/// One token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    /// The text without quotes and emphasis.
    pub(super) text: &'t str,
    /// Where it begins in the whole text, quotes included.
    pub(super) start: usize,
    /// Where it ends, quotes included.
    pub(super) end: usize,
    /// Emphasis (`*`, `_` or a tag) closes directly behind it.
    pub(super) emphasis_ends: bool,
    /// First on its line.
    line_start: bool,
}

impl Token<'_> {
    /// The same word, whatever the case of ASCII letters.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// One of these words, which stand apart by white space; whatever the case.
    pub(super) fn is_in(&self, words: &str) -> bool {
        self.kind == Kind::Word && super::words::among(self.text, words)
    }

    /// Punctuation of any kind.
    pub(super) fn is_mark(&self) -> bool {
        !matches!(self.kind, Kind::Word | Kind::Code | Kind::Path | Kind::Link)
    }
}

/// A run of tokens that ends in a full stop or at the end of a block.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// Which tokens, the full stop included.
    pub(super) tokens: Range<usize>,
    /// Stands in a list item or a table cell, so it may speak of the item.
    pub(super) item: bool,
    /// The first one of its block.
    pub(super) opens_block: bool,
}

/// A text cut up.
pub(super) struct Prose<'t> {
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) sentences: Vec<Sentence>,
}

impl<'t> Prose<'t> {
    /// Cuts up `text`.
    pub(super) fn read(text: &'t str) -> Self {
        let mut scanner = Scanner { text, at: 0, tokens: Vec::new(), breaks: Vec::new(), new_line: true };
        scanner.run();
        let sentences = sentences(&scanner.tokens, &scanner.breaks);
        Self { tokens: scanner.tokens, sentences }
    }

    /// The tokens of a sentence.
    pub(super) fn of(&self, sentence: &Sentence) -> &[Token<'t>] {
        self.tokens.get(sentence.tokens.clone()).unwrap_or_default()
    }
}

/// A block begins before token `at`.
struct Break {
    at: usize,
    item: bool,
}

fn sentences(tokens: &[Token<'_>], breaks: &[Break]) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut breaks = breaks.iter().peekable();
    let (mut start, mut item, mut opens_block) = (0, false, true);
    for (at, token) in tokens.iter().enumerate() {
        let mut new_block = None;
        while let Some(next) = breaks.next_if(|b| b.at <= at) {
            new_block = Some(next.item);
        }
        // A line that begins with a capitalised marker is a sentence of its
        // own, also where the line above has no full stop.
        let label =
            token.line_start && token.text.starts_with(['D', 'O']) && token.is_in(super::words::MARKERS);
        if (new_block.is_some() || label || at - start >= MAX_SENTENCE) && start < at {
            found.push(Sentence { tokens: start..at, item, opens_block });
            (start, opens_block) = (at, false);
        }
        if let Some(is_item) = new_block {
            (item, opens_block) = (is_item, true);
        }
        if matches!(token.kind, Kind::Stop | Kind::Question) {
            found.push(Sentence { tokens: start..at + 1, item, opens_block });
            (start, opens_block) = (at + 1, false);
        }
    }
    if start < tokens.len() {
        found.push(Sentence { tokens: start..tokens.len(), item, opens_block });
    }
    // A full stop behind a bracket that was a sentence itself, an ellipsis.
    found.retain(|s| tokens[s.tokens.clone()].iter().any(|t| !t.is_mark()));
    found
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token<'t>>,
    breaks: Vec<Break>,
    new_line: bool,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The rest, cut near `MAX_SPAN` bytes.
    fn near(&self) -> &'t str {
        let rest = self.rest();
        rest.get(..rest.floor_char_boundary(MAX_SPAN)).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, inner: Range<usize>, end: usize) {
        let start = self.at;
        let text = self.text.get(inner).unwrap_or_default();
        let behind = self.text.get(end..).unwrap_or_default();
        let emphasis_ends = behind.starts_with(['*', '_']) || behind.starts_with("</");
        let line_start = std::mem::replace(&mut self.new_line, false);
        self.tokens.push(Token { kind, text, start, end, emphasis_ends, line_start });
        self.at = end;
    }

    fn mark(&mut self, kind: Kind, length: usize) {
        self.push(kind, self.at..self.at + length, self.at + length);
    }

    fn block(&mut self, item: bool) {
        self.breaks.push(Break { at: self.tokens.len(), item });
        self.new_line = true;
    }

    fn run(&mut self) {
        self.line();
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\n' => {
                    self.at += 1;
                    self.new_line = true;
                    self.line();
                }
                '<' => self.tag(),
                '&' => self.entity(),
                '`' => self.code(),
                '"' | '\'' | '“' | '‘' => self.quote(c),
                '[' => self.bracket(),
                '(' => self.mark(Kind::Open, 1),
                ')' => self.mark(Kind::Close, 1),
                ']' => self.close_bracket(),
                ',' => self.mark(Kind::Comma, 1),
                ':' => self.mark(Kind::Colon, 1),
                ';' | '|' => self.mark(Kind::Dash, 1),
                '–' | '—' | '→' => self.mark(Kind::Dash, c.len_utf8()),
                '-' | '=' => self.dash(),
                '?' => self.mark(Kind::Question, 1),
                '.' | '!' | '。' => self.stop(c),
                '/' | '{' => self.path(),
                _ if c.is_alphanumeric() => self.word(),
                _ => self.at += c.len_utf8(),
            }
        }
    }

    /// At the beginning of a line: does a block begin here?
    fn line(&mut self) {
        let rest = self.rest();
        let line = rest.trim_start_matches([' ', '\t', '\r']);
        let indent = rest.len() - line.len();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let numbered = (1..=3).contains(&digits)
            && matches!(line.as_bytes().get(digits), Some(b'.' | b')'))
            && matches!(line.as_bytes().get(digits + 1), Some(b' '));
        if line.starts_with('\n') {
            self.block(false);
        } else if line.starts_with("```") {
            // A fenced block is data, not prose.
            let length = line.get(3..).and_then(|body| body.find("```")).map_or(line.len(), |n| n + 6);
            self.at += indent + length;
            self.block(false);
        } else if line.starts_with('#') {
            self.block(false);
        } else if line.starts_with(['|', '•'])
            || ["- ", "* ", "+ ", "-\t", "*\t"].iter().any(|bullet| line.starts_with(bullet))
        {
            self.at += indent + line.chars().next().map_or(0, char::len_utf8);
            self.block(true);
        } else if numbered {
            self.at += indent + digits + 1;
            self.block(true);
        }
    }

    fn tag(&mut self) {
        let near = self.near();
        let name = near.get(1..).unwrap_or_default();
        let name = name.strip_prefix(['/', '!']).unwrap_or(name);
        let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
        let Some(length) = is_tag.then(|| near.find('>')).flatten() else {
            self.at += 1;
            return;
        };
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        self.at += length + 1;
        let is = |names: &[&str]| names.iter().any(|n| name.eq_ignore_ascii_case(n));
        if is(&["li", "td", "th", "tr", "dt", "dd"]) {
            self.block(!near.starts_with("</"));
        } else if is(&["p", "br", "div", "ul", "ol", "dl", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6"])
        {
            self.block(false);
        }
    }

    /// `&nbsp;` and the like are white space; a bare `&` is a word.
    fn entity(&mut self) {
        let body: usize = self
            .rest()
            .bytes()
            .skip(1)
            .take(8)
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'#')
            .count();
        if body > 0 && self.rest().as_bytes().get(body + 1) == Some(&b';') {
            self.at += body + 2;
        } else {
            self.mark(Kind::Word, 1);
        }
    }

    fn code(&mut self) {
        let near = self.near();
        let ticks = near.bytes().take_while(|b| *b == b'`').count();
        let body = &near[ticks..];
        match body.find('`') {
            Some(length) if length > 0 => {
                let end = body[length..].bytes().take_while(|b| *b == b'`').count().min(ticks);
                let from = self.at + ticks;
                self.push(Kind::Code, from..from + length, from + length + end);
            }
            _ => self.at += ticks,
        }
    }

    /// A short quoted name is one token; a quoted sentence is read through.
    fn quote(&mut self, open: char) {
        let close = match open {
            '“' => '”',
            '‘' => '’',
            other => other,
        };
        let near = self.near();
        let body = &near[open.len_utf8()..];
        let inside_word = self.text[..self.at].ends_with(|c: char| c.is_alphanumeric());
        let length = body.find(close).filter(|length| {
            let name = &body[..*length];
            let spaces = name.matches(char::is_whitespace).count();
            *length > 0 && spaces <= if open == '\'' { 0 } else { 4 } && !name.contains('\n')
        });
        match length {
            Some(length) if !inside_word => {
                let from = self.at + open.len_utf8();
                self.push(Kind::Code, from..from + length, from + length + close.len_utf8());
            }
            _ => self.at += open.len_utf8(),
        }
    }

    /// Length of `](target)` at the head of `text`.
    fn link_tail(text: &str) -> Option<usize> {
        let target = text.strip_prefix("](")?;
        let target = &target[..target.floor_char_boundary(MAX_SPAN)];
        let length = target.find(')')?;
        (!target[..length].contains(char::is_whitespace)).then_some(length + 3)
    }

    fn bracket(&mut self) {
        let near = self.near();
        let title = near.find(']').filter(|close| *close > 1);
        let tail = title.and_then(|close| Self::link_tail(self.text.get(self.at + close..)?));
        match (title, tail) {
            // The words of a link that itself says "deprecated" are wanted one by one.
            (Some(close), Some(_)) if super::words::may_say(&near[1..close]) => self.at += 1,
            (Some(close), Some(tail)) => {
                let from = self.at + 1;
                self.push(Kind::Link, from..self.at + close, self.at + close + tail);
            }
            _ => self.mark(Kind::Open, 1),
        }
    }

    fn close_bracket(&mut self) {
        match Self::link_tail(self.rest()) {
            Some(length) => self.at += length,
            None => self.mark(Kind::Close, 1),
        }
    }

    fn dash(&mut self) {
        let run = self.rest().bytes().take_while(|b| matches!(b, b'-' | b'=' | b'>')).count();
        let rule = run > 3;
        if rule || self.rest()[..run] == *"=" {
            self.at += run;
        } else {
            self.mark(Kind::Dash, run);
        }
    }

    fn stop(&mut self, c: char) {
        let run = self.rest().chars().take_while(|d| *d == c).count() * c.len_utf8();
        let abbreviation = self
            .tokens
            .last()
            .is_some_and(|t| t.end == self.at && t.is_in("e.g i.e eg ie etc vs approx incl esp cf"));
        if abbreviation || self.tokens.is_empty() {
            self.at += run;
        } else {
            self.mark(Kind::Stop, run);
        }
    }

    fn word(&mut self) {
        let rest = self.rest();
        let mut end = 0;
        for (at, c) in rest.char_indices() {
            let next = rest[at + c.len_utf8()..].chars().next();
            let joined = next.is_some_and(char::is_alphanumeric);
            match c {
                _ if c.is_alphanumeric() => {}
                '_' if joined || next == Some('_') => {}
                '-' | '@' | '\'' | '’' if joined => {}
                '.' if joined && !sentence_opens(&rest[at + 1..]) => {}
                // A slash or a brace makes it a path: read again as one.
                '/' | '{' if next.is_some_and(|n| n.is_alphanumeric() || matches!(n, '{' | ':' | '_')) => {
                    return self.path();
                }
                ':' if rest[at..].starts_with("://") => return self.path(),
                _ => break,
            }
            end = at + c.len_utf8();
        }
        self.push(Kind::Word, self.at..self.at + end, self.at + end);
    }

    /// A path or a URL ends at white space, a quote or a bracket; punctuation
    /// at its end belongs to the sentence.
    fn path(&mut self) {
        let rest = self.rest();
        let mut braces = 0_usize;
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            match c {
                '{' => braces += 1,
                '}' if braces == 0 => end = at,
                '}' => braces -= 1,
                '`' | '"' | '\'' | '“' | '”' | '‘' | '’' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';'
                | '|' => end = at,
                _ if c.is_whitespace() => end = at,
                _ => {}
            }
            if end == at {
                break;
            }
        }
        let path =
            rest[..end].trim_end_matches(['.', ':', '!', '?', '*', '_', '-', '–', '—', '…', '。', '\\', '{']);
        if path.len() < 2 {
            // Past all that was read: what is looked at twice makes it quadratic.
            self.at += end.max(1);
        } else {
            self.push(Kind::Path, self.at..self.at + path.len(), self.at + path.len());
        }
    }
}

/// "operator.This field": a full stop without a space, not `a.Name`.
fn sentence_opens(rest: &str) -> bool {
    const OPENERS: [&str; 9] =
        ["This", "The", "Deprecated", "DEPRECATED", "Use", "Please", "Instead", "Note", "NOTE"];
    OPENERS.iter().any(|word| {
        rest.strip_prefix(word)
            .is_some_and(|tail| !tail.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}
