//! From byte offsets to lines and columns.

use std::fmt;

/// A place as people count it: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters (Unicode scalar values).
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where the lines of a text begin.
///
/// It counts by pieces of [`STEP`] bytes and looks into one when asked: a text
/// costs next to nothing until then, and a position costs the same in one line
/// of 40 MB as in many short ones.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// How many lines end before every [`STEP`]th byte.
    lines: Vec<u32>,
    /// How many characters begin before every [`STEP`]th byte; empty where all
    /// are single bytes.
    characters: Vec<u32>,
}

/// Bytes between two counts.
const STEP: usize = 1024;

impl LineIndex {
    /// Finds the lines of `text`; they end in `\n` (a `\r` before it counts as
    /// part of the line).
    pub fn new(text: &str) -> Self {
        Self {
            lines: counted(text, ended),
            characters: if text.is_ascii() { Vec::new() } else { counted(text, begun) },
        }
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, text: &str, offset: usize) -> usize {
        match self.characters.get(offset / STEP) {
            Some(count) => *count as usize + begun(&text.as_bytes()[offset / STEP * STEP..offset]),
            None => offset,
        }
    }

    /// How many lines end before a byte.
    fn lines_before(&self, text: &str, offset: usize) -> usize {
        let count = self.lines.get(offset / STEP).copied().unwrap_or_default();
        count as usize + ended(&text.as_bytes()[offset / STEP * STEP..offset])
    }

    /// Where the line begins before which so many end.
    fn start(&self, text: &str, before: usize) -> Option<usize> {
        let Some(nth) = before.checked_sub(1) else { return Some(0) };
        // The piece in which the last of them ends.
        let piece = self.lines.partition_point(|count| (*count as usize) < before).checked_sub(1)?;
        let from = piece * STEP;
        let inside = nth - self.lines[piece] as usize;
        let at = memchr::memchr_iter(b'\n', text.as_bytes().get(from..)?).nth(inside)?;
        Some(from + at + 1)
    }

    /// The place of a byte offset of the same text; past the end, the end.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = self.lines_before(text, offset);
        let start = self.start(text, before).unwrap_or_default();
        let column = self.characters_before(text, offset) - self.characters_before(text, start) + 1;
        Position { line: before as u32 + 1, column: column as u32 }
    }

    /// The byte range of a line (from 1) without its line break; `None` where
    /// the text has no such line.
    pub fn line_range(&self, text: &str, line: u32) -> Option<std::ops::Range<usize>> {
        let start = self.start(text, (line as usize).checked_sub(1)?)?;
        let end = memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at);
        let end = if text[start..end].ends_with('\r') { end - 1 } else { end };
        Some(start..end)
    }
}

/// The sum of `count` before every [`STEP`]th byte, and at the end.
fn counted(text: &str, count: fn(&[u8]) -> usize) -> Vec<u32> {
    let mut out = Vec::with_capacity(text.len() / STEP + 2);
    let mut sum = 0;
    for piece in text.as_bytes().chunks(STEP) {
        out.push(sum as u32);
        sum += count(piece);
    }
    out.push(sum as u32);
    out
}

/// How many lines end in these bytes.
fn ended(bytes: &[u8]) -> usize {
    tally(bytes, |byte| byte == b'\n')
}

/// How many characters begin in these bytes of a text: all but the
/// continuation bytes of UTF-8.
fn begun(bytes: &[u8]) -> usize {
    tally(bytes, |byte| byte & 0xc0 != 0x80)
}

/// How many bytes are like that: summed up in bytes, many at a time.
fn tally(bytes: &[u8], is_it: impl Fn(u8) -> bool) -> usize {
    bytes.chunks(255).map(|few| usize::from(few.iter().map(|byte| u8::from(is_it(*byte))).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "ab\r\nä€x\n";
        let index = LineIndex::new(text);
        let at = |offset| index.position(text, offset).to_string();
        assert_eq!(at(0), "1:1");
        assert_eq!(at(4), "2:1");
        assert_eq!(at(text.find('x').unwrap()), "2:3");
        assert_eq!(at(5), "2:1", "inside a character: its beginning");
        assert_eq!(at(999), "3:1");
        assert_eq!(index.line_range(text, 1), Some(0..2));
        assert_eq!(index.line_range(text, 3), Some(11..11));
        assert_eq!(index.line_range(text, 4), None);
    }

    #[test]
    fn long_lines_are_counted_in_steps() {
        for unit in ["x", "äx", "€"] {
            let text = format!("{}\n{}", unit.repeat(3000), unit.repeat(3000));
            let index = LineIndex::new(&text);
            for (offset, _) in text.char_indices().step_by(97) {
                let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
                let column = text[start..offset].chars().count() + 1;
                assert_eq!(index.position(&text, offset).column as usize, column, "{unit} {offset}");
            }
        }
    }
}
