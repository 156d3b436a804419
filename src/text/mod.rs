//! Bytes with positions: one spanned tree for JSON and YAML.
//!
//! Every value keeps where it stands and how it was written (`2.10` stays
//! "2.10"). Strict front ends build it, JSON pointers and a line index lead
//! into it, and serde reads typed values out of it. Knows nothing of OpenAPI.

mod de;
mod fields;
mod joined;
mod json;
mod lines;
mod quick;
mod shared;
mod tree;
mod write;
mod yaml;

pub use de::DeError;
pub(crate) use fields::Fields;
pub use lines::{LineIndex, Position};
pub use shared::Source;
pub use tree::{Entry, Kind, Node, NodeId, Span, Tree};

/// Deepest nesting that is read. Real documents stay below 60; the limit keeps
/// every recursive walk over a tree well inside the stack.
pub const MAX_DEPTH: usize = 256;
/// Longest text that is read, in bytes.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;
/// Most values that a tree may stand for once YAML aliases are expanded. The
/// tree itself shares aliased values; the limit stops documents made to blow
/// up whoever walks them.
pub const MAX_EXPANDED: u64 = 20_000_000;

/// Why a text could not be read, with the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What was expected and what was found.
    pub message: String,
    /// Where, in bytes of the text.
    pub span: Span,
}

impl SyntaxError {
    fn new(message: impl Into<String>, start: usize, end: usize) -> Self {
        Self { message: message.into(), span: Span::new(start, end) }
    }
}

/// Reads a text as JSON or YAML, told apart by its content: a text that begins
/// with `{` or `[` is JSON. It may be YAML's flow style if it is no JSON and its
/// first key is not in double quotes; all else is YAML.
///
/// # Errors
/// The first place where the text is neither, or a limit of this module.
pub fn parse(text: Source) -> Result<Tree, SyntaxError> {
    if text.len() > MAX_BYTES {
        let message = format!("the text is {} bytes long; at most {MAX_BYTES} are read", text.len());
        return Err(SyntaxError::new(message, 0, 0));
    }
    let body = text.trim_start_matches('\u{feff}').trim_start();
    let second = body.get(1..).and_then(|rest| rest.trim_start().bytes().next());
    match body.bytes().next() {
        None => Err(SyntaxError::new("the text is empty; expected a JSON or YAML document", 0, 0)),
        // Comments, trailing commas and NaN are YAML of another meaning.
        Some(b'{' | b'[') if second == Some(b'"') => json::parse(text),
        Some(b'{' | b'[') => json::parse(text.clone()).or_else(|error| yaml::parse(text).map_err(|_| error)),
        Some(_) => yaml::parse(text),
    }
}

/// Decodes bytes as UTF-8.
///
/// # Errors
/// Names the first byte that is no UTF-8, and the usual reason; with it the text
/// before that byte.
pub fn decode(bytes: Vec<u8>) -> Result<Source, (SyntaxError, String)> {
    String::from_utf8(bytes).map(Into::into).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let hint = match error.as_bytes() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it looks like UTF-16; save it as UTF-8",
            [0x1f, 0x8b, ..] => "it looks like gzip; unpack it first",
            [b'P', b'K', 3, 4, ..] => "it looks like a zip archive; unpack it first",
            _ => "save it as UTF-8",
        };
        let message = format!("expected UTF-8 text, found a byte that is not: {hint}");
        let before = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
        (SyntaxError::new(message, at, at), before)
    })
}

/// Decodes `%2F` and the like (RFC 3986, section 2.1).
pub(crate) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
