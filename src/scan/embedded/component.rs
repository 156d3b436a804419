//! Pages and their components in one file (`.html`, `.vue`, `.svelte`): the code of their scripts.

use super::Extracted;
use super::region::Region;
use crate::scan::language::Language;

/// Reads the scripts of a component.
pub(super) fn extract(text: &str) -> Extracted {
    let mut out = Extracted::default();
    // Letters of other scripts stay as long as they are.
    let lower = text.to_ascii_lowercase();
    let mut at = 0;
    while let Some(found) = lower[at..].find("<script") {
        let tag = at + found;
        at = tag + "<script".len();
        let Some(open) = end_of_tag(&lower[at..]).map(|end| at + end) else { break };
        let attributes = &lower[at..open];
        at = open + 1;
        // A tag that closes itself, or another word.
        if attributes.ends_with('/') || attributes.starts_with(|c: char| c.is_alphanumeric() || c == '-') {
            continue;
        }
        let Some(close) = lower[at..].find("</script").map(|end| at + end) else { break };
        if let Some(language) = language_of(attributes) {
            let mut region = Region::new(language);
            region.verbatim(&text[at..close], at);
            if !region.is_empty() {
                out.regions.push(region);
            }
        }
        at = close;
    }
    out
}

/// Where a tag ends: what stands in quotes is an attribute's value.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(at, c)| {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
        None
    })
}

/// The language that the attributes of a script name; data is none.
fn language_of(attributes: &str) -> Option<Language> {
    let value = |name: &str| {
        let rest = attributes.split_once(name)?.1.trim_start().strip_prefix('=')?.trim_start();
        let rest = rest.trim_start_matches(['"', '\'']);
        rest.split(['"', '\'', ' ', '\t', '\n']).next()
    };
    match value("lang") {
        Some(language) => Language::of_extension(language),
        None if value("type").is_some_and(|kind| kind.contains("json") || kind.contains("template")) => None,
        None => Language::of_extension("js"),
    }
}
