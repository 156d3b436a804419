//! Keys of JSON that is written as a text, with holes where values are put in:
//! `'{"name": "'$NAME'", "spec": {"image": "x"}}'`.
//!
//! Reads as far as it is JSON. What follows a hole outside a string is taken for
//! the rest of a value; where a key is not known, nothing below it is.

use std::collections::BTreeSet;

use super::sent::{is_name, within};
use crate::scan::form::Span;
use crate::scan::value::Piece;

/// Bytes of text that are read.
const MAX_TEXT: usize = 1 << 20;
/// Nesting that is followed.
const MAX_DEPTH: usize = 32;
/// Keys that are read.
const MAX_KEYS: usize = 1_000;

/// An object of a text.
pub(super) struct Object {
    pub at: String,
    /// All of its keys, if they are known.
    pub keys: Option<BTreeSet<String>>,
    /// Where the first of them is written.
    pub span: Option<Span>,
}

/// The places of all keys, and where each is written.
pub(crate) fn keys(pieces: &[Piece]) -> Vec<(String, Span)> {
    let Some(mut reader) = Reader::new(pieces) else { return Vec::new() };
    // A list or an object; anything else is no body with fields.
    reader.blank();
    if matches!(reader.char(), Some('{' | '[')) {
        reader.value("", 0);
    }
    reader.out
}

/// All objects of a text that is JSON from its beginning to its end.
pub(crate) fn objects(pieces: &[Piece]) -> Option<Vec<Object>> {
    let mut reader = Reader::new(pieces)?;
    reader.value("", 0)?;
    reader.blank();
    let whole = reader.at == reader.atoms.len() && !reader.vague && reader.objects.len() < MAX_KEYS;
    whole.then_some(reader.objects)
}

fn atoms(pieces: &[Piece]) -> Option<Vec<Atom>> {
    let mut atoms = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal { text, .. } if atoms.len() + text.len() <= MAX_TEXT => {
                atoms.extend(text.char_indices().map(|(at, c)| Atom::Char { c, index, at }));
            }
            Piece::Literal { .. } => return None,
            _ => atoms.push(Atom::Hole),
        }
    }
    Some(atoms)
}

enum Atom {
    Char {
        c: char,
        /// The piece, and the byte in its text.
        index: usize,
        at: usize,
    },
    Hole,
}

struct Reader<'p> {
    pieces: &'p [Piece],
    atoms: Vec<Atom>,
    at: usize,
    out: Vec<(String, Span)>,
    objects: Vec<Object>,
    /// A hole stands where it may be more than one value.
    vague: bool,
}

impl<'p> Reader<'p> {
    fn new(pieces: &'p [Piece]) -> Option<Self> {
        Some(Self {
            pieces,
            atoms: atoms(pieces)?,
            at: 0,
            out: Vec::new(),
            objects: Vec::new(),
            vague: false,
        })
    }

    fn char(&self) -> Option<char> {
        match self.atoms.get(self.at)? {
            Atom::Char { c, .. } => Some(*c),
            Atom::Hole => None,
        }
    }

    fn is_hole(&self) -> bool {
        matches!(self.atoms.get(self.at), Some(Atom::Hole))
    }

    fn blank(&mut self) {
        while self.char().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn eat(&mut self, c: char) -> Option<()> {
        self.blank();
        (self.char() == Some(c)).then(|| self.at += 1)
    }

    /// Reads a value; `None` where it is no JSON.
    fn value(&mut self, place: &str, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.blank();
        match self.char() {
            Some('{') => self.object(place, depth),
            Some('[') => self.list(place, depth),
            Some('"') => self.string().map(drop),
            Some(_) => self.scalar(),
            None if self.is_hole() => self.scalar(),
            None => None,
        }
    }

    fn object(&mut self, place: &str, depth: usize) -> Option<()> {
        self.eat('{')?;
        let number = self.objects.len();
        if number < MAX_KEYS {
            self.objects.push(Object { at: place.to_owned(), keys: Some(BTreeSet::new()), span: None });
        }
        if self.eat('}').is_some() {
            return Some(());
        }
        loop {
            self.blank();
            let key = self.string()?;
            self.eat(':')?;
            if let Some(object) = self.objects.get_mut(number) {
                match (&key, &mut object.keys) {
                    (Some((name, span)), Some(keys)) => {
                        keys.insert(name.clone());
                        object.span = object.span.or(Some(*span));
                    }
                    _ => object.keys = None,
                }
            }
            match key {
                Some((name, span)) if is_name(&name) && self.out.len() < MAX_KEYS => {
                    let below = if place.is_empty() { name } else { format!("{place}.{name}") };
                    let known = self.out.len();
                    self.out.push((below.clone(), span));
                    self.blank();
                    let null = self.is_null();
                    self.value(&below, depth + 1)?;
                    if null {
                        self.out.truncate(known);
                    }
                }
                // What stands below a key that is not known is not known either.
                _ => {
                    let known = (self.out.len(), self.objects.len());
                    self.value(place, depth + 1)?;
                    self.out.truncate(known.0);
                    self.objects.truncate(known.1);
                }
            }
            if self.eat(',').is_none() {
                return self.eat('}');
            }
        }
    }

    fn list(&mut self, place: &str, depth: usize) -> Option<()> {
        self.eat('[')?;
        if self.eat(']').is_some() {
            return Some(());
        }
        let below = format!("{place}[]");
        loop {
            self.value(&below, depth + 1)?;
            if self.eat(',').is_none() {
                return self.eat(']');
            }
        }
    }

    fn is_null(&self) -> bool {
        let word = |(at, c): (usize, char)| matches!(self.atoms.get(self.at + at), Some(Atom::Char { c: found, .. }) if *found == c);
        "null".chars().enumerate().all(word)
    }

    /// Reads a string: its text and place, if nothing in it is a hole or escaped.
    fn string(&mut self) -> Option<Option<(String, Span)>> {
        self.eat('"')?;
        let mut text = String::new();
        let mut plain = true;
        let from = self.at;
        loop {
            match self.atoms.get(self.at)? {
                Atom::Hole => plain = false,
                Atom::Char { c: '"', .. } => break,
                Atom::Char { c: '\\', .. } => {
                    plain = false;
                    self.at += 1;
                }
                Atom::Char { c, .. } => text.push(*c),
            }
            self.at += 1;
        }
        let place = self.place(from, text.len());
        self.at += 1;
        Some(place.filter(|_| plain).map(|span| (text, span)))
    }

    /// Where a text stands that begins at an atom.
    fn place(&self, from: usize, length: usize) -> Option<Span> {
        let Some(Atom::Char { index, at, .. }) = self.atoms.get(from) else { return None };
        match self.pieces.get(*index)? {
            Piece::Literal { text, literal, .. } if at + length <= text.len() => {
                Some(within(*literal, text, *at, length))
            }
            Piece::Literal { literal, .. } => Some(*literal),
            _ => None,
        }
    }

    /// A number, a word, or a hole with what stands around it.
    fn scalar(&mut self) -> Option<()> {
        let from = self.at;
        while self.is_hole()
            || self.char().is_some_and(|c| !matches!(c, ',' | '}' | ']' | '{' | '[' | '"' | ':'))
        {
            self.at += 1;
        }
        let read = self.atoms.get(from..self.at).unwrap_or_default();
        let blank = |atom: &Atom| matches!(atom, Atom::Char { c, .. } if c.is_whitespace());
        let end = read.iter().rposition(|atom| !blank(atom)).map_or(0, |last| last + 1);
        let inner = read.get(..end).unwrap_or_default();
        self.vague |= inner.iter().any(|atom| matches!(atom, Atom::Hole)) && inner.iter().any(blank);
        (self.at > from).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parts: &[&str]) -> Vec<String> {
        let piece = |text: &&str| match *text {
            "$" => Piece::Hole("x".into()),
            text => {
                let span = Span { start: 0, end: 1 };
                Piece::Literal { text: text.into(), literal: span, origin: span, local: true }
            }
        };
        keys(&parts.iter().map(piece).collect::<Vec<_>>()).into_iter().map(|(at, _)| at).collect()
    }

    #[test]
    fn keys_are_read_around_holes() {
        assert_eq!(
            read(&["{\"a\": \"", "$", "\", \"b\": {\"c\": [{\"d\": 1}, 2]}}"]),
            ["a", "b", "b.c", "b.c[].d"]
        );
        assert_eq!(read(&["{\"a\": ", "$", ", \"b\": ", "$", "0}"]), ["a", "b"]);
        assert_eq!(read(&["[{\"a\":1}]"]), ["[].a"]);
    }

    #[test]
    fn what_is_not_known_says_nothing() {
        assert_eq!(read(&["{\"", "$", "\": {\"b\": 1}, \"c\": 1}"]), ["c"]);
        assert_eq!(read(&["{\"a\": null, \"b\": 1}"]), ["b"]);
        assert_eq!(read(&["$"]), [""; 0]);
        assert_eq!(read(&["text {\"a\": 1}"]), [""; 0]);
        assert_eq!(
            read(&["{\"a\": 1, ", "$", ", \"b\": 1}"]),
            ["a"],
            "what is put in between is not JSON here"
        );
        assert_eq!(read(&["{\"a\": {{template}}}"]), ["a"]);
        assert_eq!(read(&[&"[".repeat(100_000)]), [""; 0]);
        assert_eq!(read(&["{\"a"]), [""; 0]);
    }
}
