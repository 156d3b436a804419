//! YAML (1.2 core schema) into the tree: the events are saphyr-parser's.
//!
//! Aliases share the anchored value instead of copying it, so that a document
//! of nested aliases costs no more than its text.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle, Span as YamlSpan, Tag};

use super::Source;
use super::SyntaxError;
use super::tree::{Builder, NodeId, Span, Tree};

/// How much text is read again, in all, after repairs of [`indented`].
const MAX_REPAIRED: usize = 32 << 20;

pub(super) fn parse(text: Source) -> Result<Tree, SyntaxError> {
    let skipped = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut body = Cow::Borrowed(&text[skipped..]);
    let mut padding: Vec<(usize, usize)> = Vec::new();
    let mut repaired = 0;
    loop {
        let offsets = Offsets::new(&body, &padding, skipped);
        let error = match events(&text, &body, &offsets) {
            Ok(tree) => return Ok(tree),
            Err(error) => error,
        };
        repaired += body.len();
        let next = error.start.filter(|_| repaired <= MAX_REPAIRED).and_then(|at| indented(&body, at));
        let Some((next, pads)) = next else { return Err(error.error) };
        padding = merged(&padding, &pads);
        body = Cow::Owned(next);
    }
}

/// An error, and the character at which a quoted text begins whose lines are
/// not indented as they should be, if that is it.
struct Failed {
    error: SyntaxError,
    start: Option<usize>,
}

impl From<SyntaxError> for Failed {
    fn from(error: SyntaxError) -> Self {
        Self { error, start: None }
    }
}

/// Indents the lines of the quoted text that begins at character `start`.
///
/// YAML 1.2.2 (section 6.3) wants them deeper than what holds the text; libyaml
/// and its kin do not ask for it, so that such documents are published. Spaces
/// at the front of a line are folded away, so the text stays the same. Gives
/// back where, by characters of the result, how many spaces were put in; `None`
/// where nothing could be.
fn indented(body: &str, start: usize) -> Option<(String, Vec<(usize, usize)>)> {
    let mut out = String::with_capacity(body.len() + 64);
    let mut pads: Vec<(usize, usize)> = Vec::new();
    let (mut index, mut column, mut written) = (0, 0usize, 0);
    let mut depth = 0usize;
    let mut quote = None;
    let mut chars = body.chars().peekable();
    while let Some(c) = chars.next() {
        if index == start {
            quote = Some(c).filter(|c| matches!(c, '"' | '\''));
            quote?;
            depth = column;
        } else if let Some(open) = quote {
            if column == 0 && !matches!(c, '\n' | '\r') {
                let indent = if c == ' ' { 1 + chars.clone().take_while(|c| *c == ' ').count() } else { 0 };
                let pad = (depth + 1).saturating_sub(indent);
                if pad > 0 {
                    pads.push((written, pad));
                    out.extend(std::iter::repeat_n(' ', pad));
                    written += pad;
                }
            }
            let is_escape =
                (open == '"' && c == '\\') || (open == '\'' && c == open && chars.peek() == Some(&c));
            if is_escape && chars.peek().is_some_and(|next| *next != '\n') {
                out.push(c);
                out.extend(chars.next());
                (index, column, written) = (index + 2, column + 2, written + 2);
                continue;
            }
            if c == open {
                quote = None;
            }
        }
        out.push(c);
        (index, written) = (index + 1, written + 1);
        column = if c == '\n' { 0 } else { column + 1 };
    }
    (!pads.is_empty()).then_some((out, pads))
}

/// Paddings of a text and those put into the result, by characters of the last.
fn merged(before: &[(usize, usize)], pads: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut put_in = 0;
    let mut next = pads.iter().peekable();
    let shifted = before.iter().map(|(at, pad)| {
        while let Some((_, more)) = next.next_if(|(place, _)| *place <= at + put_in) {
            put_in += more;
        }
        (at + put_in, *pad)
    });
    let mut out: Vec<(usize, usize)> = shifted.chain(pads.iter().copied()).collect();
    out.sort_unstable();
    out
}

/// Makes the tree of `text` from the events of `body`, which may be indented
/// otherwise.
fn events(text: &Source, body: &str, offsets: &Offsets) -> Result<Tree, Failed> {
    let source = text;
    let mut parser = Parser::new_from_str(body);
    let mut builder = Builder::for_yaml(text.clone());
    let mut anchors: FxHashMap<usize, NodeId> = FxHashMap::default();
    let mut documents = 0;
    while let Some(next) = parser.next_event() {
        // The parser goes on after an error; nothing after it can be trusted.
        let (event, span) = next.map_err(|error| {
            let index = error.marker().index();
            let at = offsets.byte(index);
            let start = error.info().contains("indentation in quoted scalar").then_some(index);
            Failed {
                error: SyntaxError::new(format!("this is no valid YAML: {}", error.info()), at, at),
                start,
            }
        })?;
        let span = offsets.span(span);
        match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    let message = "expected one document, found a second one after `---`; split the file";
                    return Err(SyntaxError::new(message, span.start as usize, span.end as usize).into());
                }
            }
            Event::Alias(anchor) => {
                let (start, end) = (span.start as usize, span.end as usize);
                if builder.expects_key() {
                    return Err(SyntaxError::new("expected a plain key, found an alias", start, end).into());
                }
                match anchors.get(&anchor) {
                    Some(id) if !builder.is_open(*id) => builder.attach(*id),
                    _ => {
                        return Err(SyntaxError::new(
                            "this alias names a value that contains it",
                            start,
                            end,
                        )
                        .into());
                    }
                }
            }
            Event::Scalar(value, style, anchor, tag) => {
                if builder.expects_key() {
                    let key = builder.text_from(&value, Some(span));
                    builder.key(key, span);
                    continue;
                }
                let id = scalar(&mut builder, source, &value, style, tag.as_deref(), span);
                anchors.insert(anchor, id);
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                if builder.expects_key() {
                    let message = "expected a plain key, found a sequence or mapping as a key";
                    return Err(SyntaxError::new(message, span.start as usize, span.end as usize).into());
                }
                let id = builder.open(span.start as usize, matches!(event, Event::MappingStart(..)))?;
                anchors.insert(anchor, id);
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(span.end as usize)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }
    Ok(builder.finish()?)
}

/// Gives a scalar the type that the core schema (YAML 1.2.2, section 10.3.2)
/// or its tag says; the text stays as written.
fn scalar(
    builder: &mut Builder,
    source: &str,
    value: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    span: Span,
) -> NodeId {
    let is_string_tag =
        tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str" || tag.suffix == "!");
    if style == ScalarStyle::Plain && !is_string_tag {
        match value {
            "" | "~" | "null" | "Null" | "NULL" => return builder.null(span),
            "true" | "True" | "TRUE" => return builder.bool(span, true),
            "false" | "False" | "FALSE" => return builder.bool(span, false),
            _ if is_json_number(value) && source.get(span.range()) == Some(value) => {
                return builder.number(span);
            }
            _ => {}
        }
    }
    let text = builder.text_from(value, Some(span));
    builder.string(span, text)
}

/// Whether a plain scalar is a number that JSON can write too. YAML's others
/// (`.5`, `0o17`, `0x1F`, `.inf`, `+1`) stay text: nothing in OpenAPI needs
/// them and no number may change its value on the way.
fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let starts = digits.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let leading_zero = digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
    starts && !leading_zero && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

/// saphyr counts characters of what it was given, we count bytes of the text.
struct Offsets {
    /// Byte offset of every character; empty where they agree.
    bytes: Vec<u32>,
    skipped: usize,
    len: usize,
}

impl Offsets {
    /// Of `body`, into which spaces were put at `padding`.
    fn new(body: &str, padding: &[(usize, usize)], skipped: usize) -> Self {
        if body.is_ascii() && padding.is_empty() {
            return Self { bytes: Vec::new(), skipped, len: body.len() };
        }
        let mut padding = padding.iter().copied().peekable();
        let (mut put_in, mut left) = (0, 0);
        let mut bytes = Vec::with_capacity(body.len());
        for (index, (at, _)) in body.char_indices().enumerate() {
            if let Some((_, pad)) = padding.next_if(|(place, _)| *place == index) {
                left = pad;
            }
            bytes.push((at - put_in) as u32);
            if left > 0 {
                (put_in, left) = (put_in + 1, left - 1);
            }
        }
        Self { bytes, skipped, len: body.len() - put_in }
    }
    fn byte(&self, index: usize) -> usize {
        let at = if self.bytes.is_empty() {
            index.min(self.len)
        } else {
            self.bytes.get(index).map_or(self.len, |at| *at as usize)
        };
        at + self.skipped
    }
    fn span(&self, span: YamlSpan) -> Span {
        Span::new(self.byte(span.start.index()), self.byte(span.end.index()))
    }
}

#[cfg(test)]
mod tests {
    use crate::text::{Kind, parse};

    #[test]
    fn scalars_keep_what_was_written() {
        let text = "openapi: 3.0.3\nversion: 2.20\nä: 'x'\n200: ok\non: yes\nflag: true\nempty:\nhex: 0x1F\nlead: 007\nlist:\n- a\n- {b: c}\n";
        let tree = parse(text.into()).unwrap();
        let root = tree.root();
        assert_eq!(root.get("version").unwrap().scalar_text(), Some("2.20"));
        assert_eq!(root.get("openapi").unwrap().as_str(), Some("3.0.3"));
        assert_eq!(root.get("200").unwrap().as_str(), Some("ok"));
        assert_eq!(root.get("on").unwrap().as_str(), Some("yes"), "core schema: yes is text");
        assert_eq!(root.get("flag").unwrap().as_bool(), Some(true));
        assert_eq!(root.get("empty").unwrap().kind(), Kind::Null);
        assert_eq!(root.get("hex").unwrap().as_str(), Some("0x1F"));
        assert_eq!(root.get("lead").unwrap().as_str(), Some("007"));
        let flag = root.entry("flag").unwrap();
        assert_eq!(tree.position(flag.key_span.start).to_string(), "6:1", "characters are not bytes");
        assert_eq!(&text[flag.value.span().range()], "true");
    }

    #[test]
    fn aliases_and_merge_keys() {
        let tree = parse("base: &b {x: 1, y: 2}\nuse: *b\nmore:\n  <<: *b\n  y: 3\n".into()).unwrap();
        let root = tree.root();
        assert_eq!(root.get("use").unwrap().id(), root.get("base").unwrap().id());
        let more = root.get("more").unwrap();
        assert_eq!(more.get("x").unwrap().number_text(), Some("1"));
        assert_eq!(more.get("y").unwrap().number_text(), Some("3"));
        assert!(more.get("<<").is_none());
    }

    #[test]
    fn quoted_texts_need_no_indentation() {
        let text = "a:\n  ä: 'one\n  it''s two\n\nthree'\n  b: \"x \\\" y\nz \\\n w\"\n  c: true\nd:\n- 'x\ny'\n- z\n";
        let tree = parse(text.into()).unwrap();
        let a = tree.root().get("a").unwrap();
        assert_eq!(a.get("ä").unwrap().as_str(), Some("one it's two\nthree"));
        assert_eq!(a.get("b").unwrap().as_str(), Some("x \" y z w"));
        let last = a.entry("c").unwrap();
        assert_eq!(tree.position(last.key_span.start).to_string(), "9:3");
        assert_eq!(&text[last.value.span().range()], "true");
        assert_eq!(&text[a.get("b").unwrap().span().range()], "\"x \\\" y\nz \\\n w\"");
        let z = tree.root().get("d").unwrap().items().last().unwrap();
        assert_eq!(&text[z.span().range()], "z");
        assert!(parse("a: 'one\ntwo\n".into()).is_err(), "never closed");
    }

    #[test]
    fn hostile_texts_end_in_an_error() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..12 {
            let list = vec![format!("*a{}", i - 1); 10].join(", ");
            bomb.push_str(&format!("a{i}: &a{i} [{list}]\n"));
        }
        assert!(parse(bomb.into()).unwrap_err().message.contains("aliases expanded"));
        assert!(parse("a: &a [*a]\n".into()).unwrap_err().message.contains("contains it"));
        assert!(parse("a:\n\t- b\n".into()).is_err());
        assert!(parse("? [a, b]\n: c\n".into()).is_err());
        assert!(parse("a: 1\n---\nb: 2\n".into()).unwrap_err().message.contains("second one"));
        assert!(parse("- ".repeat(5000).into()).is_err());
    }
}
