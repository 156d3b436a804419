//! Where a value of the policy file stands: line and column.
//!
//! Turns byte offsets into places a person can go to. It is not about TOML and
//! not about documents, which have positions of their own.

use std::ops::Range;

/// A value together with the place in the policy file where it is written.
///
/// Lines and columns begin with 1; columns count characters, as editors do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What is written there.
    pub value: T,
    /// The line, beginning with 1.
    pub line: u32,
    /// The column in characters, beginning with 1.
    pub column: u32,
}

impl<T> Spanned<T> {
    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), line: self.line, column: self.column }
    }
}

/// A stretch of the policy file in the form that messages need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// How many characters of that line belong to it; at least 1.
    pub(crate) width: u32,
}

/// The lines of a text, to find the place of a byte offset.
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1))
            .collect();
        Self { text, starts }
    }

    /// The place of a byte range. An offset past the end or inside a character
    /// is moved back to the nearest one that is neither.
    pub(crate) fn place(&self, range: &Range<usize>) -> Place {
        let start = self.boundary(range.start);
        let end = self.boundary(range.end.max(start));
        let index = self.starts.partition_point(|s| *s <= start).saturating_sub(1);
        let line_start = self.starts.get(index).copied().unwrap_or(0);
        let line_end = line_start + self.line_at(index).len();
        let count = |a: usize, b: usize| self.text.get(a..b).map_or(0, |s| s.chars().count());
        Place {
            line: small(index + 1),
            column: small(count(line_start, start) + 1),
            width: small(count(start, end.min(line_end).max(start)).max(1)),
        }
    }

    /// The text of a line (beginning with 1) without its line end.
    pub(crate) fn line(&self, line: u32) -> &'t str {
        self.line_at((line as usize).saturating_sub(1))
    }

    fn line_at(&self, index: usize) -> &'t str {
        let Some(&start) = self.starts.get(index) else { return "" };
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

/// Places are stored in 32 bits: the file is far smaller (`MAX_POLICY_BYTES`).
fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_widths_stay_in_the_line() {
        let lines = Lines::new("ab\r\nä = \"xy\nz\"\n");
        assert_eq!(lines.place(&(0..1)), Place { line: 1, column: 1, width: 1 });
        // The string begins after `ä = `, six bytes and five characters in.
        assert_eq!(lines.place(&(9..14)), Place { line: 2, column: 5, width: 3 });
        assert_eq!(lines.line(1), "ab");
        assert_eq!(lines.line(2), "ä = \"xy");
        assert_eq!(lines.line(9), "");
        // Past the end, inside a character: never a panic.
        assert_eq!(lines.place(&(99..200)).line, 4);
        assert_eq!(lines.place(&(5..5)), Place { line: 2, column: 1, width: 1 });
    }
}
