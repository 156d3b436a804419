//! Macros of Rust whose braces hold ordinary code: `try_stream! { .. yield x; }`.

use std::borrow::Cow;

/// What makes streams of code that yields.
const STREAMS: [&str; 4] = ["stream!", "try_stream!", "async_stream!", "try_async_stream!"];

/// A text in which such macros are the blocks in their braces: their names are spaces, so
/// that every other byte stays at its place.
pub(super) fn opened(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    for (at, _) in text.match_indices("stream!") {
        let end = at + "stream!".len();
        let before =
            text[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
        let from = before.len();
        let name = text[from..end].rsplit("::").next().unwrap_or_default();
        if STREAMS.contains(&name) && text[end..].trim_start().starts_with('{') {
            out.to_mut().replace_range(from..end, &" ".repeat(end - from));
        }
    }
    out
}
