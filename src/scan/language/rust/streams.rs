//! Macros of Rust whose braces hold ordinary code: `try_stream! { .. yield x; }`.

use std::borrow::Cow;

/// What makes streams of code that yields.
const STREAMS: [&str; 4] = ["stream!", "try_stream!", "async_stream!", "try_async_stream!"];

/// A text in which such macros are the blocks in their braces: their names are spaces, so
/// that every other byte stays at its place. A choice that `write!` is given stands in a call.
pub(crate) fn opened(text: &str) -> Cow<'_, str> {
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
    let (writer, rest) = rest.split_at(rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?);
    let rest = rest
        .strip_prefix(',')?
        .trim_start()
        .strip_prefix("\"{}\"")?
        .trim_start()
        .strip_prefix(',')?
        .trim_start();
    let choice = ["match ", "if "].iter().any(|word| rest.starts_with(word));
    (!writer.is_empty() && choice).then(|| (writer, text.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use super::opened;

    #[test]
    fn a_choice_is_handed_to_the_writer() {
        let text = "write!(f, \"{}\", match self { A => \"a\" })";
        assert_eq!(opened(text), "f.pad(          match self { A => \"a\" })");
        for other in [
            "write!(f, \"{} \", match a {})",
            "write!(, \"{}\", if a {})",
            "write!(f.g, \"{}\", if a {})",
            "write!(f",
        ] {
            assert_eq!(opened(other), other);
        }
    }

    #[test]
    fn what_is_written_nowhere_costs_no_search() {
        let text = "write!(f);\n".repeat(200_000);
        assert_eq!(opened(&text), text);
    }
}
