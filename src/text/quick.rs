//! JSON as nearly all of it is, read in one pass over the bytes.
//!
//! It gives up at the first thing that is odd (a mistake, a limit, half a
//! surrogate pair) and says nothing: [`super::json`] then reads the text anew and
//! finds the words. So it takes nothing that the other does not.

use super::Source;
use super::tree::{Builder, Span, Tree};

/// The tree of a text; `None` where the careful reader has to see it.
pub(super) fn parse(text: &Source) -> Option<Tree> {
    let source = text.clone();
    let bytes = source.as_bytes();
    let at = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader =
        Reader { bytes, at, builder: Builder::for_json(text.clone()), scratch: Vec::new(), open: Vec::new() };
    reader.whole()?;
    reader.builder.finish().ok()
}

struct Reader<'s> {
    bytes: &'s [u8],
    at: usize,
    builder: Builder,
    /// A string with its escapes undone.
    scratch: Vec<u8>,
    /// What is open: whether each is an object.
    open: Vec<bool>,
}

impl Reader<'_> {
    fn whole(&mut self) -> Option<()> {
        loop {
            if !self.value()? {
                continue;
            }
            // Behind a value: what ends with it, and what comes next.
            loop {
                let byte = self.next_byte();
                match (self.open.last(), byte) {
                    (None, None) => return Some(()),
                    (Some(true), Some(b',')) => {
                        self.at += 1;
                        self.key()?;
                        break;
                    }
                    (Some(false), Some(b',')) => {
                        self.at += 1;
                        break;
                    }
                    (Some(true), Some(b'}')) | (Some(false), Some(b']')) => self.close()?,
                    _ => return None,
                }
            }
        }
    }

    /// Skips white space and gives the byte behind it.
    fn next_byte(&mut self) -> Option<u8> {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => {
                    self.at += 1;
                    // Indentation.
                    while self.eight() == Some(u64::from_le_bytes([b' '; 8])) {
                        self.at += 8;
                    }
                }
                b' ' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(*byte),
            }
        }
        None
    }

    /// Reads a value, or the beginning of one: `false` where a member follows.
    fn value(&mut self) -> Option<bool> {
        let start = {
            self.next_byte()?;
            self.at
        };
        match self.bytes[start] {
            b'{' => {
                self.builder.open(start, true).ok()?;
                self.open.push(true);
                self.at += 1;
                if self.next_byte()? == b'}' {
                    self.close()?;
                    return Some(true);
                }
                self.key()?;
                return Some(false);
            }
            b'[' => {
                self.builder.open(start, false).ok()?;
                self.open.push(false);
                self.at += 1;
                if self.next_byte()? == b']' {
                    self.close()?;
                    return Some(true);
                }
                return Some(false);
            }
            b'"' => {
                let has_escapes = self.string()?;
                let text = match has_escapes {
                    false => self.builder.text_at(Span::new(start + 1, self.at - 1)),
                    true => self.builder.text_from(std::str::from_utf8(&self.scratch).ok()?, None),
                };
                self.builder.string(Span::new(start, self.at), text);
            }
            b'-' | b'0'..=b'9' => {
                self.number()?;
                self.builder.number(Span::new(start, self.at));
            }
            b't' => {
                self.word(b"true")?;
                self.builder.bool(Span::new(start, self.at), true);
            }
            b'f' => {
                self.word(b"false")?;
                self.builder.bool(Span::new(start, self.at), false);
            }
            b'n' => {
                self.word(b"null")?;
                self.builder.null(Span::new(start, self.at));
            }
            _ => return None,
        }
        Some(true)
    }

    fn close(&mut self) -> Option<()> {
        self.at += 1;
        self.open.pop();
        self.builder.close(self.at).ok()
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        let end = self.at + word.len();
        let is_it = self.bytes.get(self.at..end) == Some(word);
        self.at = end;
        is_it.then_some(())
    }

    /// A key with its colon.
    fn key(&mut self) -> Option<()> {
        if self.next_byte()? != b'"' {
            return None;
        }
        let start = self.at;
        let has_escapes = self.string()?;
        let text = match has_escapes {
            false => self.builder.text_at(Span::new(start + 1, self.at - 1)),
            true => self.builder.text_from(std::str::from_utf8(&self.scratch).ok()?, None),
        };
        self.builder.key(text, Span::new(start, self.at));
        if self.next_byte()? != b':' {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Goes behind a string. Whether it has escapes; they are then undone in
    /// `scratch`.
    fn string(&mut self) -> Option<bool> {
        self.at += 1;
        let start = self.at;
        self.plain();
        match self.bytes.get(self.at)? {
            b'"' => {
                self.at += 1;
                return Some(false);
            }
            b'\\' => {}
            _ => return None,
        }
        self.scratch.clear();
        self.scratch.extend_from_slice(&self.bytes[start..self.at]);
        loop {
            match self.bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some(true);
                }
                b'\\' => self.escape()?,
                _ => return None,
            }
            let from = self.at;
            self.plain();
            self.scratch.extend_from_slice(&self.bytes[from..self.at]);
        }
    }

    /// The next eight bytes, the first one lowest.
    fn eight(&self) -> Option<u64> {
        let chunk = self.bytes.get(self.at..)?.first_chunk::<8>()?;
        Some(u64::from_le_bytes(*chunk))
    }

    /// Goes on to the next quote, backslash or control character: eight bytes
    /// at a time, then one by one.
    fn plain(&mut self) {
        const ONES: u64 = u64::MAX / 255;
        const HIGH: u64 = ONES << 7;
        let is_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
        while let Some(word) = self.eight() {
            let quotes = is_zero(word ^ (ONES * u64::from(b'"')));
            let slashes = is_zero(word ^ (ONES * u64::from(b'\\')));
            let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
            // What is found may be in the bytes behind the first one, never before it.
            let found = quotes | slashes | controls;
            if found != 0 {
                self.at += (found.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
        }
        while let Some(byte) = self.bytes.get(self.at) {
            if *byte == b'"' || *byte == b'\\' || *byte < 0x20 {
                break;
            }
            self.at += 1;
        }
    }

    fn escape(&mut self) -> Option<()> {
        let letter = *self.bytes.get(self.at + 1)?;
        self.at += 2;
        self.scratch.push(match letter {
            b'"' | b'\\' | b'/' => letter,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let unit = self.hex()?;
                let code = match unit {
                    0xd800..0xdc00 => {
                        if self.bytes.get(self.at..self.at + 2) != Some(b"\\u") {
                            return None;
                        }
                        self.at += 2;
                        let low = self.hex().filter(|low| (0xdc00..0xe000).contains(low))?;
                        0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
                    }
                    unit => unit,
                };
                let letter = char::from_u32(code)?;
                let mut buffer = [0; 4];
                self.scratch.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
                return Some(());
            }
            _ => return None,
        });
        Some(())
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        let mut out = 0;
        for digit in digits {
            out = out << 4 | char::from(*digit).to_digit(16)?;
        }
        self.at += 4;
        Some(out)
    }

    fn number(&mut self) -> Option<()> {
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        match self.bytes.get(self.at)? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::json;
    use crate::text::Tree;

    /// Every value with its place, every key with its.
    fn written(tree: &Tree) -> String {
        let mut out = tree.root().to_json().to_string();
        for id in tree.ids() {
            let node = tree.node(id);
            out.push_str(&format!(" {:?} {:?}", node.kind(), node.span()));
            for entry in node.entries() {
                out.push_str(&format!(" {}@{:?}", entry.key, entry.key_span));
            }
        }
        out + &format!("{:?}", tree.duplicate_keys())
    }

    fn agree(text: &str) {
        let text = text.into();
        let Some(quick) = super::parse(&text) else { return };
        let careful = json::careful(text.clone()).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(written(&quick), written(&careful), "{text:?}");
    }

    #[test]
    fn ordinary_texts_are_read() {
        for text in [
            "{}",
            "[]",
            " [1, -2.50e+3, 0, \"\"]\n",
            "{\"a\": {\"b\\n\": [true, false, null]}, \"a\": \"\\u00e4\\ud83d\\ude00 \\\\\\\"/\"}",
            "\u{feff}{\"ä€😀 and more than eight\": \"x\"}",
        ] {
            assert!(super::parse(&text.into()).is_some(), "{text}");
            agree(text);
        }
        for text in
            ["", "{", "{\"a\" 1}", "[1,]", "[01]", "[1.]", "\"\\ud800\"", "\"a\nb\"", "[1] x", "tru", "-"]
        {
            assert!(super::parse(&text.into()).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn it_takes_nothing_else(pieces in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\\u0041\"", "\"", "\\", "\\ud800", "1", "-", "0", ".5", "e9",
            "true", "null", " ", "\n", "ä", "\u{1}", "abcdefghij", "/", "//", "'", "\t",
        ]), 0..14)) {
            agree(&pieces.concat());
        }
    }
}
