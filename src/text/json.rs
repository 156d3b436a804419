//! JSON (RFC 8259) into the tree: the tokens are jsonc-parser's with every
//! extension off, the grammar above them is walked without recursion.

use jsonc_parser::errors::ParseError;
use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};

use super::Source;
use super::tree::{Builder, Span, Tree};
use super::{SyntaxError, quick};

const STRICT: ScannerOptions = ScannerOptions {
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// What may come next.
#[derive(Clone, Copy, PartialEq)]
enum Expect {
    Value,
    /// A value, or the end of an array just opened.
    ValueOrEnd,
    Key,
    /// A key, or the end of an object just opened.
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

impl Expect {
    fn described(self, in_object: bool) -> &'static str {
        match (self, in_object) {
            (Self::Value, _) => "a value",
            (Self::ValueOrEnd, _) => "a value or `]`",
            (Self::Key, _) => "a key in double quotes",
            (Self::KeyOrEnd, _) => "a key in double quotes or `}`",
            (Self::Colon, _) => "`:`",
            (Self::CommaOrEnd, true) => "`,` or `}`",
            (Self::CommaOrEnd, false) => "`,` or `]`",
        }
    }
}

pub(super) fn parse(text: Source) -> Result<Tree, SyntaxError> {
    match quick::parse(&text) {
        Some(tree) => Ok(tree),
        None => careful(text),
    }
}

/// Reads a text token by token, so that mistakes have a place and a name.
pub(super) fn careful(text: Source) -> Result<Tree, SyntaxError> {
    let source = text.clone();
    // Offsets count from the start of the text, byte order mark included.
    let skipped = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut scanner = Scanner::new(&source[skipped..], &STRICT);
    let mut builder = Builder::for_json(text);
    let mut objects: Vec<bool> = Vec::new();
    let mut expect = Expect::Value;
    loop {
        let token = scanner.scan().map_err(|error| lexical(&error, &source, skipped))?;
        let (start, end) = (scanner.token_start() + skipped, scanner.token_end() + skipped);
        let in_object = objects.last().copied().unwrap_or(false);
        let Some(token) = token else {
            if builder.is_nested() || expect == Expect::Value {
                let message = format!("expected {}, found the end of the text", expect.described(in_object));
                return Err(SyntaxError::new(message, start, start));
            }
            return builder.finish();
        };
        let span = Span::new(start, end);
        let done = objects.is_empty() && expect == Expect::CommaOrEnd;
        expect = match (token, expect) {
            (_, _) if done => {
                return Err(SyntaxError::new(
                    "expected the end of the text after the document's value",
                    start,
                    end,
                ));
            }
            (Token::OpenBrace, Expect::Value | Expect::ValueOrEnd) => {
                builder.open(start, true)?;
                objects.push(true);
                Expect::KeyOrEnd
            }
            (Token::OpenBracket, Expect::Value | Expect::ValueOrEnd) => {
                builder.open(start, false)?;
                objects.push(false);
                Expect::ValueOrEnd
            }
            (Token::CloseBrace, Expect::KeyOrEnd | Expect::CommaOrEnd) if in_object => {
                builder.close(end)?;
                objects.pop();
                Expect::CommaOrEnd
            }
            (Token::CloseBracket, Expect::ValueOrEnd | Expect::CommaOrEnd) if !in_object => {
                builder.close(end)?;
                objects.pop();
                Expect::CommaOrEnd
            }
            (Token::Comma, Expect::CommaOrEnd) => {
                if in_object {
                    Expect::Key
                } else {
                    Expect::Value
                }
            }
            (Token::Colon, Expect::Colon) => Expect::Value,
            (Token::String(value), Expect::Key | Expect::KeyOrEnd) => {
                let key = builder.text_from(&value, Some(Span::new(start + 1, end - 1)));
                builder.key(key, span);
                Expect::Colon
            }
            (Token::String(value), Expect::Value | Expect::ValueOrEnd) => {
                let value = builder.text_from(&value, Some(Span::new(start + 1, end - 1)));
                builder.string(span, value);
                Expect::CommaOrEnd
            }
            (Token::Number(_), Expect::Value | Expect::ValueOrEnd) => {
                builder.number(span);
                Expect::CommaOrEnd
            }
            (Token::Boolean(value), Expect::Value | Expect::ValueOrEnd) => {
                builder.bool(span, value);
                Expect::CommaOrEnd
            }
            (Token::Null, Expect::Value | Expect::ValueOrEnd) => {
                builder.null(span);
                Expect::CommaOrEnd
            }
            (token, expect) => {
                let found = described(&token);
                return Err(SyntaxError::new(
                    format!("expected {}, found {found}", expect.described(in_object)),
                    start,
                    end,
                ));
            }
        };
    }
}

fn described(token: &Token<'_>) -> String {
    match token {
        Token::String(_) => "a string".to_owned(),
        Token::CommentLine(_) | Token::CommentBlock(_) => "a comment, which JSON has none of".to_owned(),
        other => {
            let text: String = other.as_str().chars().take(30).collect();
            format!("`{text}`")
        }
    }
}

fn lexical(error: &ParseError, source: &str, skipped: usize) -> SyntaxError {
    let range = error.range();
    let text = error.kind().to_string();
    let mut message = text.trim_end_matches('.').to_owned();
    if let Some(first) = message.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    let found = source.get(range.start + skipped..).unwrap_or_default();
    let word: String = found.chars().take_while(|c| c.is_alphanumeric()).take(30).collect();
    if !word.is_empty() {
        message.push_str(&format!(" `{word}`"));
    }
    SyntaxError::new(message, range.start + skipped, range.end + skipped)
}

#[cfg(test)]
mod tests {
    use crate::text::{Kind, parse};

    #[test]
    fn values_keep_their_places_and_text() {
        let tree = parse("\u{feff}{\"v\": 2.20, \"esc\\n\": [true, null, \"a\\u00e4\"],\n \"o\": {}}".into())
            .unwrap();
        let root = tree.root();
        assert_eq!(root.get("v").unwrap().number_text(), Some("2.20"));
        let list = root.get("esc\n").unwrap();
        assert_eq!(
            list.items().map(|n| n.kind()).collect::<Vec<_>>(),
            [Kind::Bool, Kind::Null, Kind::String]
        );
        assert_eq!(list.items().nth(2).unwrap().as_str(), Some("aä"));
        let inner = root.get("o").unwrap();
        assert_eq!(inner.position().to_string(), "2:7");
        assert_eq!(tree.pointer_to(inner.id()), "/o");
        assert_eq!(tree.pointer("/esc\n/2").unwrap().as_str(), Some("aä"));
    }

    #[test]
    fn mistakes_name_their_place() {
        for (text, at, message) in [
            ("{\"a\" 1}", 5, "expected `:`, found `1`"),
            ("{\"a\": [1,}", 9, "expected a value, found `}`"),
            ("{\"a\": [1, 2", 11, "expected `,` or `]`, found the end of the text"),
            ("{\"a\": 1} x", 9, "expected the end of the text after the document's value"),
        ] {
            let error = super::parse(text.into()).unwrap_err();
            assert_eq!((error.span.start, error.message.as_str()), (at, message), "{text}");
        }
        assert!(super::parse("{\"a\": 'b'}".into()).is_err());
        assert!(super::parse("{\"a\": +1}".into()).is_err());
        assert!(super::parse("".into()).is_err());
    }

    #[test]
    fn nesting_is_limited() {
        let deep = "[".repeat(100_000);
        assert!(super::parse(deep.as_str().into()).unwrap_err().message.contains("nested deeper"));
    }

    #[test]
    fn duplicate_keys_are_seen() {
        let tree = super::parse(r#"{"a": 1, "b": {"a": 2}, "a": 3}"#.into()).unwrap();
        assert_eq!(tree.duplicate_keys().len(), 1);
        assert_eq!(tree.root().get("a").unwrap().number_text(), Some("3"));
        let many: String = (0..40).map(|i| format!("\"k{}\": {i},", i % 39)).collect();
        let tree = super::parse(format!("{{{}}}", many.trim_end_matches(',')).into()).unwrap();
        assert_eq!(tree.duplicate_keys().len(), 1);
        assert_eq!(tree.root().get("k0").unwrap().number_text(), Some("39"));
    }
}
