//! Filters of jq: which places of their input they read.
//!
//! Reads paths, pipes, conditions and what builds on them. What a filter makes of
//! its input otherwise is not known, and where it is no filter that is understood
//! reading ends; what was read before was read.

use std::sync::Arc;

use super::sent::{is_name, within};
use crate::scan::form::{Key, Span};
use crate::scan::value::{Entry, Kind, Piece, Value};

/// Bytes of a filter that are read.
const MAX_TEXT: usize = 20_000;
/// Nesting that is followed.
const MAX_DEPTH: usize = 40;
/// Length of a place that is followed.
const MAX_PLACE: usize = 400;

/// What a filter is given, or gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Flow {
    Unknown,
    /// What stands at a place of the input; at the empty one, the input itself.
    At(String),
    /// A list of what stands at a place.
    List(String),
}

/// What a filter reads.
pub(super) struct Filter {
    /// The places, and where the key of each is written.
    pub reads: Vec<(String, Span)>,
    pub out: Flow,
}

impl Flow {
    /// The elements of a list.
    fn element(&self) -> Self {
        match self {
            Flow::At(at) if at.len() < MAX_PLACE => Flow::At(format!("{at}[]")),
            Flow::List(at) => Flow::At(at.clone()),
            Flow::At(_) | Flow::Unknown => Flow::Unknown,
        }
    }

    /// A list of what this is for each element.
    fn listed(&self) -> Self {
        match self {
            Flow::At(at) => Flow::List(at.clone()),
            Flow::List(_) | Flow::Unknown => Flow::Unknown,
        }
    }
}

/// The characters of a filter; none if there are too many.
fn reader(pieces: &[Piece]) -> Option<Reader<'_>> {
    let mut reader = Reader { pieces, atoms: Vec::new(), at: 0, reads: Vec::new(), depth: 0 };
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal { text, .. } if reader.atoms.len() + text.len() <= MAX_TEXT => {
                reader.atoms.extend(text.char_indices().map(|(at, c)| (c, index, at)));
            }
            Piece::Literal { .. } => return None,
            _ => reader.atoms.push((HOLE, index, 0)),
        }
    }
    Some(reader)
}

/// The object that a filter makes of nothing: `{name: $name, "on": {push: true}}`.
pub(super) fn made(pieces: &[Piece]) -> Option<Value> {
    let mut reader = reader(pieces)?;
    let object = reader.made_object()?;
    reader.blank();
    // `{name: $name} + $more`
    let whole = reader.at == reader.atoms.len() || reader.peek(0) == Some('+');
    whole.then_some(object)
}

/// Reads a filter that is given something.
pub(super) fn read(pieces: &[Piece], input: &Flow) -> Filter {
    let Some(mut reader) = reader(pieces) else {
        return Filter { reads: Vec::new(), out: Flow::Unknown };
    };
    let out = reader.pipe(input);
    reader.blank();
    let whole = reader.at == reader.atoms.len();
    Filter { out: out.filter(|_| whole).unwrap_or(Flow::Unknown), reads: reader.reads }
}

/// Stands for what is put in where the filter is run.
const HOLE: char = '\0';

struct Reader<'p> {
    pieces: &'p [Piece],
    /// Characters with their piece and their byte in it.
    atoms: Vec<(char, usize, usize)>,
    at: usize,
    reads: Vec<(String, Span)>,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.atoms.get(self.at + ahead).map(|(c, ..)| *c)
    }

    fn blank(&mut self) {
        while let Some(c) = self.peek(0) {
            match c {
                '#' => {
                    while self.peek(0).is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                c if c.is_whitespace() => self.at += 1,
                _ => return,
            }
        }
    }

    fn eat(&mut self, text: &str) -> bool {
        self.blank();
        let found = text.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c));
        if found {
            self.at += text.chars().count();
        }
        found
    }

    /// Eats a word that no other letter follows.
    fn word(&mut self, word: &str) -> bool {
        self.blank();
        let length = word.chars().count();
        let found = word.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
            && !self.peek(length).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        if found {
            self.at += length;
        }
        found
    }

    fn name(&mut self) -> Option<String> {
        let begins = |c: char| c.is_ascii_alphabetic() || c == '_';
        self.peek(0).filter(|c| begins(*c))?;
        let mut name = String::new();
        while let Some(c) = self.peek(0).filter(|c| begins(*c) || c.is_ascii_digit()) {
            name.push(c);
            self.at += 1;
        }
        Some(name)
    }

    /// Filters one after another. `None` where it is none that is understood.
    fn pipe(&mut self, input: &Flow) -> Option<Flow> {
        self.deeper(|reader| reader.pipe_of(input))
    }

    /// Reads what is nested; `None` where it is nested too deeply.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Option<Flow>) -> Option<Flow> {
        self.depth += 1;
        let out = if self.depth > MAX_DEPTH { None } else { read(self) };
        self.depth -= 1;
        out
    }

    fn pipe_of(&mut self, input: &Flow) -> Option<Flow> {
        let mut input = input.clone();
        loop {
            let out = self.comma(&input)?;
            if self.word("as") {
                // The variable is not followed; the rest is given the same again.
                self.until('|')?;
                continue;
            }
            self.blank();
            if self.peek(0) == Some('|') {
                self.at += 1;
                input = out;
                continue;
            }
            return Some(out);
        }
    }

    /// Goes behind the next one of a character.
    fn until(&mut self, end: char) -> Option<()> {
        while self.peek(0)? != end {
            self.at += 1;
        }
        self.at += 1;
        Some(())
    }

    fn comma(&mut self, input: &Flow) -> Option<Flow> {
        let mut out = self.binary(input)?;
        while self.eat(",") {
            if self.binary(input)? != out {
                out = Flow::Unknown;
            }
        }
        Some(out)
    }

    fn binary(&mut self, input: &Flow) -> Option<Flow> {
        let known = self.reads.len();
        let mut out = self.postfix(input)?;
        loop {
            self.blank();
            // What stands in place of a missing value leaves the place what it is.
            if self.eat("//") {
                self.eat("=");
                self.postfix(input)?;
                continue;
            }
            let update = ["|=", "+=", "-=", "*=", "/=", "%="].iter().any(|update| self.eat(update));
            let operator = update
                || ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%"].iter().any(|op| self.eat(op))
                || self.word("and")
                || self.word("or");
            if !operator {
                if !self.eat("=") {
                    return Some(out);
                }
                // What is given to a place is not read there.
                self.reads.truncate(known);
            }
            self.postfix(input)?;
            out = Flow::Unknown;
        }
    }

    fn postfix(&mut self, input: &Flow) -> Option<Flow> {
        self.deeper(|reader| reader.postfix_of(input))
    }

    fn postfix_of(&mut self, input: &Flow) -> Option<Flow> {
        let mut out = self.primary(input)?;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('?'), _) => self.at += 1,
                (Some('['), _) => out = self.bracket(&out, input)?,
                (Some('.'), Some('[')) => {
                    self.at += 1;
                    out = self.bracket(&out, input)?;
                }
                (Some('.'), Some(next)) if next == '"' || next == '_' || next.is_ascii_alphabetic() => {
                    self.at += 1;
                    out = self.key(&out, input)?;
                }
                _ => return Some(out),
            }
        }
    }

    /// The key behind a dot.
    fn key(&mut self, of: &Flow, input: &Flow) -> Option<Flow> {
        let from = self.at;
        if self.peek(0) == Some('"') {
            let key = self.string(input)?;
            return Some(self.field(of, key.as_deref(), from + 1));
        }
        let name = self.name()?;
        Some(self.field(of, Some(&name), from))
    }

    /// Notes that a key is read that is written at an atom.
    fn field(&mut self, of: &Flow, name: Option<&str>, from: usize) -> Flow {
        let (Flow::At(at), Some(name)) = (of, name) else { return Flow::Unknown };
        if !is_name(name) || at.len() + name.len() > MAX_PLACE {
            return Flow::Unknown;
        }
        let below = if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
        if let Some(span) = self.place(from, name.len()) {
            self.reads.push((below.clone(), span));
        }
        Flow::At(below)
    }

    /// Where a text stands that begins at an atom.
    fn place(&self, from: usize, length: usize) -> Option<Span> {
        let (_, index, at) = self.atoms.get(from)?;
        match self.pieces.get(*index)? {
            Piece::Literal { text, literal, .. } => Some(within(*literal, text, *at, length)),
            _ => None,
        }
    }

    /// `["key"]`, `[0]`, `[]`, `[2:4]`.
    fn bracket(&mut self, of: &Flow, input: &Flow) -> Option<Flow> {
        self.at += 1;
        if self.eat("]") {
            return Some(of.element());
        }
        self.blank();
        let from = self.at;
        if self.peek(0) == Some('"') {
            let key = self.string(input)?;
            if self.eat("]") {
                return Some(self.field(of, key.as_deref(), from + 1));
            }
            self.at = from;
        }
        let number = self.peek(0).is_some_and(|c| c.is_ascii_digit() || c == '-' || c == ':');
        if !self.eat(":") {
            self.pipe(input)?;
        }
        let slice = self.eat(":") || self.peek(0) != Some(']');
        if slice && self.peek(0) != Some(']') {
            self.pipe(input)?;
        }
        if !self.eat("]") {
            return None;
        }
        Some(match (number, slice) {
            (_, true) => of.clone(),
            (true, false) => of.element(),
            (false, false) => Flow::Unknown,
        })
    }

    /// Reads a string; its text, if nothing is put into it.
    fn string(&mut self, input: &Flow) -> Option<Option<String>> {
        self.at += 1;
        let mut text = String::new();
        let mut plain = true;
        loop {
            let c = self.peek(0)?;
            self.at += 1;
            match c {
                '"' => return Some(Some(text).filter(|_| plain)),
                '\\' => {
                    plain = false;
                    let escaped = self.peek(0)?;
                    self.at += 1;
                    if escaped == '(' {
                        self.pipe(input)?;
                        if !self.eat(")") {
                            return None;
                        }
                    }
                }
                HOLE => plain = false,
                c => text.push(c),
            }
        }
    }

    fn primary(&mut self, input: &Flow) -> Option<Flow> {
        self.blank();
        match self.peek(0)? {
            '.' => {
                if self.peek(1) == Some('.') {
                    self.at += 2;
                    return Some(Flow::Unknown);
                }
                let key = self.peek(1).is_some_and(|c| c == '"' || c == '_' || c.is_ascii_alphabetic());
                self.at += 1;
                if key { self.key(input, input) } else { Some(input.clone()) }
            }
            '[' => {
                self.at += 1;
                if self.eat("]") {
                    return Some(Flow::Unknown);
                }
                let inner = self.pipe(input)?;
                self.eat("]").then(|| inner.listed())
            }
            '{' => self.object(input),
            '(' => {
                self.at += 1;
                let inner = self.pipe(input)?;
                self.eat(")").then_some(inner)
            }
            '"' => self.string(input).map(|_| Flow::Unknown),
            '-' => {
                self.at += 1;
                self.postfix(input).map(|_| Flow::Unknown)
            }
            '$' | '@' => {
                self.at += 1;
                self.name();
                self.blank();
                // `@uri "...\(.name)"`
                if self.peek(0) == Some('"') {
                    self.string(input)?;
                }
                Some(Flow::Unknown)
            }
            HOLE => {
                self.at += 1;
                Some(Flow::Unknown)
            }
            c if c.is_ascii_digit() => {
                while self.peek(0).is_some_and(|c| c.is_ascii_alphanumeric() || c == '.') {
                    self.at += 1;
                }
                Some(Flow::Unknown)
            }
            _ => {
                let name = self.name()?;
                self.function(&name, input)
            }
        }
    }

    fn object(&mut self, input: &Flow) -> Option<Flow> {
        self.at += 1;
        if self.eat("}") {
            return Some(Flow::Unknown);
        }
        loop {
            self.blank();
            let from = self.at;
            let key = match self.peek(0)? {
                '"' => self.string(input)?.map(|key| (key, from + 1)),
                '(' => {
                    self.at += 1;
                    self.pipe(input)?;
                    if !self.eat(")") {
                        return None;
                    }
                    None
                }
                '$' | '@' => {
                    self.at += 1;
                    self.name()?;
                    None
                }
                HOLE => {
                    self.at += 1;
                    None
                }
                _ => Some((self.name()?, from)),
            };
            if self.eat(":") {
                self.binary(input)?;
            } else if let Some((key, from)) = key {
                // `{name}` takes it from the input.
                self.field(input, Some(&key), from);
            }
            if !self.eat(",") {
                return self.eat("}").then_some(Flow::Unknown);
            }
        }
    }

    /// An object with the places of its keys; what their values are is not known but for
    /// objects.
    fn made_object(&mut self) -> Option<Value> {
        if self.depth > MAX_DEPTH || !self.eat("{") {
            return None;
        }
        self.depth += 1;
        let mut entries = Vec::new();
        while !self.eat("}") {
            self.blank();
            let from = self.at;
            let key = match self.peek(0)? {
                '"' => self.string(&Flow::Unknown)?.map(|key| (key, from + 1)),
                '$' => {
                    self.at += 1;
                    Some((self.name()?, from + 1))
                }
                '(' => {
                    self.at += 1;
                    self.pipe(&Flow::Unknown)?;
                    self.eat(")").then_some(None)?
                }
                _ => Some((self.name()?, from)),
            };
            let value = match self.eat(":") {
                true => self.made_value()?,
                false => Value::unknown("value"),
            };
            entries.push(match key.filter(|(key, _)| is_name(key)) {
                Some((key, from)) => {
                    let span = self.place(from, key.len());
                    (Entry::Key(Key { name: key.as_str().into(), span }), value)
                }
                None => (Entry::Any, value),
            });
            if !self.eat(",") {
                self.eat("}").then_some(())?;
                break;
            }
        }
        self.depth -= 1;
        Some(Value::one(Kind::Object(Arc::new(entries))))
    }

    fn made_value(&mut self) -> Option<Value> {
        self.blank();
        let from = self.at;
        if self.peek(0) == Some('{') {
            let inner = self.made_object()?;
            self.blank();
            if matches!(self.peek(0), Some(',' | '}')) {
                return Some(inner);
            }
            self.at = from;
        }
        self.binary(&Flow::Unknown)?;
        Some(Value::unknown("value"))
    }

    fn function(&mut self, name: &str, input: &Flow) -> Option<Flow> {
        match name {
            "if" => {
                loop {
                    self.pipe(input)?;
                    if !self.word("then") {
                        return None;
                    }
                    self.pipe(input)?;
                    if !self.word("elif") {
                        break;
                    }
                }
                if self.word("else") {
                    self.pipe(input)?;
                }
                return self.word("end").then_some(Flow::Unknown);
            }
            "try" => {
                let out = self.postfix(input)?;
                if self.word("catch") {
                    self.postfix(&Flow::Unknown)?;
                }
                return Some(out);
            }
            "reduce" | "foreach" => {
                self.postfix(input)?;
                if !self.word("as") {
                    return None;
                }
                self.until('(')?;
                self.arguments(&Flow::Unknown)?;
                return Some(Flow::Unknown);
            }
            "def" | "label" | "import" | "include" | "then" | "else" | "elif" | "end" | "as" | "and"
            | "or" | "catch" => return None,
            _ => {}
        }
        let each = input.element();
        let given = match name {
            "map" | "any" | "all" | "sort_by" | "group_by" | "unique_by" | "min_by" | "max_by" => &each,
            "select" | "first" | "last" | "limit" | "isempty" | "contains" | "inside" | "test" | "match"
            | "startswith" | "endswith" | "split" | "join" | "sub" | "gsub" | "index" | "IN" | "nth" => input,
            _ => &Flow::Unknown,
        };
        let arguments = if self.eat("(") { Some(self.arguments(given)?) } else { None };
        Some(match (name, arguments) {
            ("map", Some(out)) => out.listed(),
            ("select", Some(_)) => input.clone(),
            ("sort_by" | "unique_by", Some(_)) | ("sort" | "reverse" | "unique" | "values", None) => {
                input.clone()
            }
            ("min_by" | "max_by", Some(_)) | ("first" | "last" | "min" | "max", None) => each,
            ("first" | "last" | "limit", Some(out)) => out,
            _ => Flow::Unknown,
        })
    }

    /// The arguments of a function; gives what the last of them is.
    fn arguments(&mut self, input: &Flow) -> Option<Flow> {
        loop {
            let out = self.pipe(input)?;
            if !self.eat(";") {
                return self.eat(")").then_some(out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> (Vec<String>, Flow) {
        let pieces: Vec<Piece> = text
            .split('~')
            .enumerate()
            .flat_map(|(index, text)| {
                let span = Span { start: 0, end: 1 };
                let text = Piece::Literal { text: text.into(), literal: span, origin: span, local: true };
                (index > 0).then(|| Piece::Hole("x".into())).into_iter().chain([text])
            })
            .collect();
        let Filter { reads, out } = read(&pieces, &Flow::At(String::new()));
        (reads.into_iter().map(|(at, _)| at).collect(), out)
    }

    fn at(place: &str) -> Flow {
        Flow::At(place.into())
    }

    #[test]
    fn paths_pipes_and_conditions_are_read() {
        let cases: [(&str, &[&str], Flow); 18] = [
            (".a[] | \"\\(.b) ~\"", &["a", "a[].b"], Flow::Unknown),
            (".a.b[].c", &["a", "a.b", "a.b[].c"], at("a.b[].c")),
            (".[] | .id", &["[].id"], at("[].id")),
            (".", &[], at("")),
            (".a[0][\"b\"]?.c", &["a", "a[].b", "a[].b.c"], at("a[].b.c")),
            (
                ".items[]|select(.name==\"~\" and (.x|not))|.id",
                &["items", "items[].name", "items[].x", "items[].id"],
                at("items[].id"),
            ),
            ("[.a[] | .b] | .[0].c", &["a", "a[].b", "a[].b.c"], at("a[].b.c")),
            (".a | map(.b) | join(\",\")", &["a", "a[].b"], Flow::Unknown),
            (".a | length", &["a"], Flow::Unknown),
            ("\"\\(.a): \\(.b.c)\"", &["a", "b", "b.c"], Flow::Unknown),
            ("{id, name: .b.c, (.k): 1, $x}", &["id", "b", "b.c", "k"], Flow::Unknown),
            (".a // \"x\" # .b", &["a"], at("a")),
            (".a as $x | .b[$x] | .c", &["a", "b"], Flow::Unknown),
            ("if .a then .b else .c end", &["a", "b", "c"], Flow::Unknown),
            (".a[1:3][].b", &["a", "a[].b"], at("a[].b")),
            (".a[] | [.b, .c] | @tsv", &["a", "a[].b", "a[].c"], Flow::Unknown),
            ("sort_by(.a)[0].b", &["[].a", "[].b"], at("[].b")),
            (".\"a\".b", &["a", "a.b"], at("a.b")),
        ];
        for (text, reads, out) in cases {
            let (found, flow) = filter(text);
            assert_eq!(found, reads, "{text}");
            assert_eq!(flow, out, "{text}");
        }
    }

    #[test]
    fn what_is_not_known_reads_nothing() {
        for text in [
            "to_entries | .[].key",
            "{a: 1} | .a",
            ".. | .a?",
            "$x.a",
            ".a = 1",
            "del(.a)",
            "~.a",
            "def f: .a; f",
        ] {
            assert_eq!(filter(text).0, [""; 0], "{text}");
        }
        assert_eq!(filter(".a.~").1, Flow::Unknown);
        assert_eq!(filter(&".a|".repeat(5_000)).1, Flow::Unknown);
        assert_eq!(filter(&"(".repeat(10_000)).1, Flow::Unknown);
        assert_eq!(filter(&"[".repeat(10_000)).1, Flow::Unknown);
        assert_eq!(filter(&"-".repeat(10_000)).1, Flow::Unknown);
        assert_eq!(filter("\"").1, Flow::Unknown);
    }
}
