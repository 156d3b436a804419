//! A text in a client language, put together from pieces of a file, that knows
//! where each of its bytes came from.

use std::ops::Range;

use crate::scan::language::Language;

/// Bytes between two pieces of a text that still stand in one place.
const MAX_GAP: usize = 100;

/// A piece of client code in another file.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub language: Language,
    /// The language that reports name: that of the file, where a request is
    /// written as data.
    pub shown: Option<Language>,
    /// The code may be an example: its calls are less sure.
    pub doubtful: bool,
    /// What the file calls the address of the request, which is known: `@orbit = https://..`.
    pub named: Option<String>,
    /// The code should stand alone, so that a syntax error says something.
    pub whole: bool,
    text: String,
    chunks: Vec<Chunk>,
}

/// Bytes of the text and where they came from. Equal lengths mean that the
/// bytes are the same.
#[derive(Clone, Debug)]
struct Chunk {
    text: Range<usize>,
    file: Range<usize>,
}

impl Region {
    pub(crate) fn new(language: Language) -> Self {
        Self {
            language,
            shown: None,
            doubtful: false,
            named: None,
            whole: false,
            text: String::new(),
            chunks: Vec::new(),
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Adds text that stands in the file as it is.
    pub(super) fn verbatim(&mut self, text: &str, at: usize) {
        self.part(text, at..at + text.len());
    }

    /// Adds text that stands for these bytes of the file.
    pub(crate) fn part(&mut self, text: &str, file: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let range = self.text.len()..self.text.len() + text.len();
        self.text.push_str(text);
        let same = text.len() == file.len();
        match self.chunks.last_mut() {
            Some(last)
                if same
                    && last.text.len() == last.file.len()
                    && last.file.end == file.start
                    && last.text.end == range.start =>
            {
                last.text.end = range.end;
                last.file.end = file.end;
            }
            _ => self.chunks.push(Chunk { text: range, file }),
        }
    }

    /// Adds text that stands nowhere in the file.
    pub(super) fn glue(&mut self, text: &str) {
        let at = self.chunks.last().map_or(0, |chunk| chunk.file.end);
        self.part(text, at..at);
    }

    /// Writes something in another way that is as long.
    pub(super) fn respell(&mut self, from: &str, to: &str) {
        if from.len() == to.len() && self.text.contains(from) {
            self.text = self.text.replace(from, to);
        }
    }

    /// Adds another region's text at the end.
    pub(super) fn append(&mut self, other: &Region) {
        for chunk in &other.chunks {
            self.part(&other.text[chunk.text.clone()], chunk.file.clone());
        }
    }

    /// Adds a part of another region's text.
    pub(super) fn slice(&mut self, other: &Region, range: Range<usize>) {
        let first = other.chunks.partition_point(|chunk| chunk.text.end <= range.start);
        for chunk in &other.chunks[first..] {
            let start = chunk.text.start.max(range.start);
            let end = chunk.text.end.min(range.end);
            if start >= end {
                return;
            }
            let file = if chunk.text.len() == chunk.file.len() {
                let at = |place: usize| chunk.file.start + (place - chunk.text.start);
                at(start)..at(end)
            } else {
                chunk.file.clone()
            };
            self.part(&other.text[start..end], file);
        }
    }

    /// Adds a decoded text (a YAML or JSON scalar) whose characters stand in
    /// `raw`, which begins at `at` in the file.
    pub(crate) fn decoded(&mut self, text: &str, raw: &str, at: usize, escapes: Escapes) {
        let mut place = 0;
        for (index, c) in text.char_indices() {
            let source = &text[index..index + c.len_utf8()];
            let range = next(raw, place, c, escapes);
            place = range.end;
            self.part(source, at + range.start..at + range.end);
        }
    }

    /// Where in the file the text from this byte on begins.
    pub(super) fn start_of(&self, byte: usize) -> usize {
        let at = self.chunks.partition_point(|chunk| chunk.text.end <= byte);
        let Some(chunk) = self.chunks.get(at).or(self.chunks.last()) else { return 0 };
        if chunk.text.len() == chunk.file.len() {
            (chunk.file.start + byte.saturating_sub(chunk.text.start)).min(chunk.file.end)
        } else {
            chunk.file.start
        }
    }

    /// Where in the file a part of the text stands. Of a part that was put
    /// together from several places, the last one: that is where it is used.
    /// `file` is the file's text: pieces with an assignment on a line between them
    /// stand in several places, items of a list and lines of a block do not.
    pub(super) fn span_of(&self, part: Range<usize>, file: &str) -> Range<usize> {
        let mut start = self.start_of(part.start);
        let mut before: Option<usize> = None;
        let first = self.chunks.partition_point(|chunk| chunk.text.end <= part.start);
        for chunk in self.chunks[first..].iter().take_while(|chunk| chunk.text.start < part.end) {
            let here = self.start_of(chunk.text.start.max(part.start));
            let is_broken = |gap: &str| gap.contains('\n') && gap.contains('=');
            let apart = before.is_some_and(|end| {
                here < end || here - end > MAX_GAP || file.get(end..here).is_some_and(is_broken)
            });
            if apart {
                start = here;
            }
            before = Some(chunk.file.end);
        }
        start..self.end_of(part.end).max(start)
    }

    /// Where in the file the text up to this byte ends.
    pub(super) fn end_of(&self, byte: usize) -> usize {
        let Some(last) = byte.checked_sub(1) else { return self.start_of(0) };
        let at = self.chunks.partition_point(|chunk| chunk.text.end <= last);
        let Some(chunk) = self.chunks.get(at).or(self.chunks.last()) else { return 0 };
        if chunk.text.len() == chunk.file.len() {
            (chunk.file.start + byte.saturating_sub(chunk.text.start)).min(chunk.file.end)
        } else {
            chunk.file.end
        }
    }
}

/// How a scalar writes what it cannot hold as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// Not at all: plain scalars and blocks, whose lines may be indented and
    /// folded.
    None,
    /// By a backslash: JSON, double quotes.
    Backslash,
    /// By doubling the quote.
    Quote,
}

/// The bytes of `raw` from `at` on that stand for a character.
fn next(raw: &str, mut at: usize, c: char, escapes: Escapes) -> Range<usize> {
    let bytes = raw.as_bytes();
    loop {
        let Some(found) = raw.get(at..).and_then(|rest| rest.chars().next()) else {
            return bytes.len()..bytes.len();
        };
        if escapes == Escapes::Backslash && found == '\\' {
            let length = match bytes.get(at + 1) {
                Some(b'u') => 6,
                Some(b'U') => 10,
                Some(b'x') => 4,
                // The end of a line that goes on: no character.
                Some(b'\n') => {
                    at = skip_space(raw, at + 2);
                    continue;
                }
                Some(_) => 2,
                None => 1,
            };
            let mut end = (at + length).min(bytes.len());
            // Two escapes for one character outside the basic plane.
            if length == 6 && c.len_utf8() == 4 {
                end = (at + 12).min(bytes.len());
            }
            while !raw.is_char_boundary(end) {
                end += 1;
            }
            return at..end;
        }
        if found == c {
            let twice = escapes == Escapes::Quote && c == '\'' && bytes.get(at + 1) == Some(&b'\'');
            return at..at + c.len_utf8() + usize::from(twice);
        }
        // A folded line end stands for a space, or for a line end some blank
        // lines further; indentation for nothing.
        if found.is_whitespace() {
            if c == ' ' || c == '\n' {
                let end = skip_space(raw, at);
                let line = raw[at..end].rfind('\n').map_or(at, |line| at + line);
                return line..end.max(line + 1).min(bytes.len());
            }
            at += found.len_utf8();
            continue;
        }
        return at..at;
    }
}

fn skip_space(raw: &str, at: usize) -> usize {
    raw.get(at..).map_or(raw.len(), |rest| at + (rest.len() - rest.trim_start().len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, raw: &str, escapes: Escapes, word: &str) {
        let mut region = Region::new(Language::Shell);
        region.decoded(text, raw, 100, escapes);
        let at = text.find(word).unwrap();
        let (start, end) = (region.start_of(at) - 100, region.end_of(at + word.len()) - 100);
        assert_eq!(&raw[start..end], word, "{text:?} in {raw:?}");
    }

    #[test]
    fn decoded_texts_know_their_places() {
        check("a\n  b c\n", "    a\n      b c\n", Escapes::None, "b c");
        check("a b\nc", "a\n  b\n\n  c", Escapes::None, "c");
        check("a \"b\" \\\n c", r#"a \"b\" \\\n c"#, Escapes::Backslash, "c");
        check("ü\u{1F600}/x", r"\u00fc\ud83d\ude00/x", Escapes::Backslash, "/x");
        check("it's x", "it''s x", Escapes::Quote, "x");
        check("ab", "a\\\n   b", Escapes::Backslash, "b");
    }
}
