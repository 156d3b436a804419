//! Scripts: read by their syntax tree, evaluated as far as values are known.
//! Nothing is run: no loop goes round, nothing is fetched, steps are counted.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use tree_sitter::{Node, ParseOptions, Parser, Tree};
use url::Url;

use super::answer::{Answer, Lead, Purpose, Sight};
use super::evaluate::Evaluation;
use super::page::{resolve, same_origin};
use super::viewer::{self, Seen, Viewer};

/// Most strings of a script that are looked at.
const MAX_STRINGS: usize = 50_000;
/// Most addresses that are taken from a script on their looks alone.
const MAX_HINTS: usize = 8;
/// How often the parser may report progress, for each kilobyte, before a
/// script is given up: enough for any real one.
const PROGRESS_PER_KB: usize = 40;

/// Where a script runs.
pub(super) struct Place<'a> {
    /// The page's address.
    pub page: &'a Url,
    /// What relative addresses count from.
    pub base: &'a Url,
    /// The texts of the page's elements by id.
    pub texts: &'a BTreeMap<String, String>,
}

/// Reads a script that was fetched on its own; `page` is the page that it
/// belongs to.
pub(super) fn read(answer: &Answer, page: Option<&Url>, text: &str) -> Sight {
    let page = page.unwrap_or(&answer.url);
    let seen = run(text, &Place { page, base: page, texts: &BTreeMap::new() });
    let candidates = if seen.candidates.is_empty() { seen.embedded } else { seen.candidates };
    let mut leads = seen.leads;
    if candidates.is_empty() {
        leads.extend(seen.hints);
    }
    if candidates.is_empty() && leads.is_empty() {
        return Sight::Nothing { what: "a script that names no document".to_owned() };
    }
    Sight::Pointers { what: seen.viewer.map_or("a script", Viewer::page), candidates, leads }
}

/// What a script says to viewers.
pub(super) fn run(text: &str, place: &Place<'_>) -> Seen {
    let Some(tree) = parse(text) else { return Seen::default() };
    let mut seen = Evaluation::new(text, place).of(tree.root_node());
    seen.hints.extend(hints(tree.root_node(), text, place));
    seen.hints.truncate(MAX_HINTS);
    seen
}

fn parse(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_javascript::LANGUAGE.into()).ok()?;
    let mut left = (text.len() / 1_024 + 16).saturating_mul(PROGRESS_PER_KB);
    let mut progress = |_: &tree_sitter::ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let bytes = text.as_bytes();
    parser.parse_with_options(
        &mut |at, _| bytes.get(at..).unwrap_or_default(),
        None,
        Some(ParseOptions::new().progress_callback(&mut progress)),
    )
}

/// The strings of a script that are named like API documents of its server.
fn hints(root: Node<'_>, text: &str, place: &Place<'_>) -> Vec<Lead> {
    let mut found: Vec<Lead> = Vec::new();
    let mut strings = 0;
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.kind() == "string_fragment" {
            strings += 1;
            let fragment = text.get(node.byte_range()).unwrap_or_default();
            if viewer::is_document_name(fragment)
                && let Some(url) = resolve(place.base, fragment)
                && same_origin(&url, place.page)
                && !found.iter().any(|lead| lead.url == url)
            {
                found.push(Lead { url, purpose: Purpose::Document });
            }
        }
        if strings > MAX_STRINGS || found.len() >= MAX_HINTS {
            return found;
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}
