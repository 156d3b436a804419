//! Macros of Rust whose braces hold ordinary code: `try_stream! { .. yield x; }`.

use std::borrow::Cow;

/// What makes streams of code that yields.
const STREAMS: [&str; 4] = ["stream!", "try_stream!", "async_stream!", "try_async_stream!"];

/// A text in which such macros are the blocks in their braces: their names are spaces, so
/// that every other byte stays at its place. A choice that `write!` is given stands in a call.
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
    for (at, _) in text.match_indices("write!") {
        if let Some((writer, end)) = chosen(&text[at + "write!".len()..]) {
            let end = at + "write!".len() + end;
            let call = format!("{writer}.pad(");
            let rest = text.as_bytes()[at + call.len()..end].iter();
            let rest = rest.map(|byte| if *byte == b'\n' { '\n' } else { ' ' });
            let written: String = call.chars().chain(rest).collect();
            out.to_mut().replace_range(at..end, &written);
        }
    }
    out
}

/// Of `write!(f, "{}", match self { .. })` what it writes to, and where the choice begins that it
/// writes: that is `f.pad(match self { .. })`.
fn chosen(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix('(')?.trim_start();
    let (writer, rest) = rest.split_once(',')?;
    let rest = rest.trim_start().strip_prefix("\"{}\"")?.trim_start().strip_prefix(',')?.trim_start();
    let is_name = !writer.is_empty() && writer.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let choice = ["match ", "if "].iter().any(|word| rest.starts_with(word));
    (is_name && choice).then(|| (writer, text.len() - rest.len()))
}
