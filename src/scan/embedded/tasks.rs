//! Ansible's tasks that make a request: `uri: { url: ..., method: ... }`, also as words in one line.

use super::commands::{self, Piece, Scalar, request};
use super::jinja;
use super::region::Region;
use crate::scan::language::Language;
use crate::text::Node;

/// The requests of a task that has its arguments as a map.
pub(super) fn of_map(value: Node<'_>, base: usize, shown: Language, raw: &str) -> Vec<Region> {
    let Some(url) = value.get("url").filter(|url| url.as_str().is_some()) else { return Vec::new() };
    let url = Scalar { node: url, base };
    let method = value.get("method").filter(|method| method.as_str().is_some());
    let written = method.map(|node| written(Scalar { node, base }, raw));
    let address = self::written(url, raw);
    let arms = jinja::requests(written.as_deref(), &address);
    // `endpoints['users']` is the entry of that name.
    let entry = address.contains("['") || address.contains("[\"");
    let plain = method.and_then(Node::as_str);
    match arms {
        Some(arms) if entry || says_more(&arms, plain, url.text()) => arms
            .into_iter()
            .filter_map(|(method, text)| {
                let start = commands::start(url);
                let whole = start..start + url.node.span().range().len();
                request(method.as_deref(), &[Piece::Text(text.into(), whole)], Some(shown))
            })
            .collect(),
        _ => request(plain, &[Piece::Scalar(url)], Some(shown)).into_iter().collect(),
    }
}

/// Whether expressions say more than the names in them.
fn says_more(arms: &[(Option<String>, String)], method: Option<&str>, url: &str) -> bool {
    let shell = |text: &str| super::template::for_shell(text).replace(['_', ' '], "");
    match arms {
        [(known, text)] => shell(text) != shell(url) || known.as_deref().map(shell) != method.map(shell),
        _ => !arms.is_empty(),
    }
}

/// The request of a task that has its arguments in one line: `uri: url=https://... method=POST`.
pub(super) fn of_words(line: Scalar<'_>, shown: Language, raw: &str) -> Vec<Region> {
    let text = written(line, raw);
    let given = |key: &str| {
        let words = words(&text);
        let word = words.into_iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        word.map(|word| word.trim_matches(['"', '\'']))
    };
    let Some(url) = given("url") else { return Vec::new() };
    let start = commands::start(line);
    let whole = start..start + line.node.span().range().len();
    let method = given("method");
    let arms =
        jinja::requests(method, url).unwrap_or_else(|| vec![(method.map(str::to_owned), url.to_owned())]);
    let arms = arms.into_iter();
    arms.filter_map(|(method, url)| {
        request(method.as_deref(), &[Piece::Text(url.into(), whole.clone())], Some(shown))
    })
    .collect()
}

/// The words of a line; blanks in placeholders and quotes part none.
fn words(line: &str) -> Vec<&str> {
    let (mut out, mut from, mut depth, mut quote) = (Vec::new(), 0, 0usize, None);
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '{') => depth += 1,
            (None, '}') => depth = depth.saturating_sub(1),
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') if depth == 0 => quote = Some(c),
            (None, c) if c.is_whitespace() && depth == 0 => {
                out.push(&line[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(&line[from..]);
    out.retain(|word| !word.is_empty());
    out
}

/// A scalar as it is written, with its placeholders and without its quotes.
fn written(scalar: Scalar<'_>, raw: &str) -> String {
    let start = commands::start(scalar);
    let text = raw.get(start..start + scalar.node.span().range().len()).unwrap_or_default();
    // A comment may stand behind the closing quote.
    let quoted = |quote: char| {
        let inner = text.strip_prefix(quote)?;
        let end = inner
            .rfind(quote)
            .filter(|end| matches!(inner[end + 1..].trim_start().as_bytes(), [] | [b'#', ..]));
        end.or_else(|| inner.find(quote)).map(|end| &inner[..end])
    };
    if let Some(inner) = quoted('"') {
        return inner.replace("\\\"", "\"");
    }
    if let Some(inner) = quoted('\'') {
        return inner.replace("''", "'");
    }
    let lines = text.split('\n').map(|line| line.split(" #").next().unwrap_or_default().trim());
    lines
        .filter(|line| !line.is_empty() && !matches!(*line, ">" | ">-" | "|" | "|-"))
        .collect::<Vec<_>>()
        .join(" ")
}
