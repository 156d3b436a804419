//! Scripts: read by their syntax tree, evaluated as far as values are known.
//! Nothing is run: no loop goes round, nothing is fetched, steps are counted.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use tree_sitter::{Node, ParseOptions, Parser, Tree};
use url::Url;

use super::answer::{Answer, Lead, Purpose, Sight};
use super::evaluate::{Evaluation, MAX_STEPS};
use super::page::{resolve, same_origin};
use super::viewer::{self, Seen, Viewer};

/// Most strings of a script that are looked at.
const MAX_STRINGS: usize = 50_000;
/// Most addresses that are taken from a script on their looks alone.
const MAX_HINTS: usize = 8;
/// Most words and signs of a script that is parsed: a syntax tree takes 200
/// bytes for each, and up to 600 where it is nested. A document of 15 MB that is
/// written into a script has not as many.
const MAX_TOKENS: usize = 3_000_000;
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
    /// What all scripts of the page together may still cost.
    pub budget: Budget,
}

/// What scripts may cost.
pub(super) struct Budget {
    /// Words and signs that are parsed.
    pub tokens: Cell<usize>,
    /// Steps of evaluation.
    pub steps: Cell<usize>,
}

impl Budget {
    /// What one page has, however many scripts it is cut into.
    pub(super) fn of_page() -> Self {
        Self { tokens: Cell::new(2 * MAX_TOKENS), steps: Cell::new(4 * MAX_STEPS) }
    }

    /// Takes `count` out, if there is as much.
    fn take_tokens(&self, count: usize) -> bool {
        let left = self.tokens.get().checked_sub(count).filter(|_| count <= MAX_TOKENS);
        self.tokens.set(left.unwrap_or(self.tokens.get()));
        left.is_some()
    }
}

/// Reads a script that was fetched on its own; `page` is the page that it
/// belongs to.
pub(super) fn read(answer: &Answer, page: Option<&Url>, text: &str) -> Sight {
    let page = page.unwrap_or(&answer.url);
    let seen = run(text, &Place { page, base: page, texts: &BTreeMap::new(), budget: Budget::of_page() });
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
    if place.budget.steps.get() == 0 || !place.budget.take_tokens(tokens(text)) {
        return Seen::default();
    }
    let Some(tree) = parse(text) else { return Seen::default() };
    let mut seen = Evaluation::new(text, place).of(tree.root_node());
    seen.hints.extend(hints(tree.root_node(), text, place));
    seen.hints.truncate(MAX_HINTS);
    seen
}

/// At least half as many as a text has tokens, however it is read: words, and
/// signs one by one. Of quotes every other one opens a text.
fn tokens(text: &str) -> usize {
    let (mut count, mut quotes, mut in_word) = (0, 0, false);
    for byte in text.bytes() {
        let is_word = byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b'$');
        match byte {
            b'"' | b'\'' => quotes += 1,
            _ if is_word => count += usize::from(!in_word),
            _ => count += usize::from(!byte.is_ascii_whitespace()),
        }
        in_word = is_word;
    }
    count + quotes / 2
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_limited_by_what_a_tree_of_them_takes() {
        assert_eq!(tokens("var a = {b: [1, 'two words', \"\"]};"), 17);
        for (part, times) in [("f(a);", 900_000), ("''", 3_100_000), ("a ", 3_100_000), ("/'/;a;", 900_000)] {
            assert!(!Budget::of_page().take_tokens(tokens(&part.repeat(times))), "{part}");
        }
        // Two documents of 6 MB inside scripts are still read, but not any number of them.
        let one = "\"/projects/{projectId}\": {\"get\": {\"summary\": \"Returns what there is.\"}},";
        let script = format!("var spec = {{{}}};", one.repeat(80_000));
        let budget = Budget::of_page();
        let taken = (0..10).take_while(|_| budget.take_tokens(tokens(&script))).count();
        assert!((2..10).contains(&taken), "{taken}");
        assert!(parse(&script).is_some());
    }

    #[test]
    fn all_scripts_of_a_page_share_its_steps() {
        let page = Url::parse("https://api.example/").unwrap();
        let texts = BTreeMap::new();
        let place = Place { page: &page, base: &page, texts: &texts, budget: Budget::of_page() };
        let ui = "SwaggerUIBundle({url: '/a.json'});";
        assert_eq!(run(ui, &place).candidates.len(), 1);
        let doubling: String =
            (0..15).map(|n| format!("function f{n}(){{f{0}();f{0}();f{0}()}}", n + 1)).collect();
        let mut runs = 0;
        while place.budget.steps.get() > 0 {
            run(&format!("{doubling}f0();"), &place);
            runs += 1;
            assert!(runs < 10, "the steps of a page do not end");
        }
        assert_eq!(run(ui, &place).candidates.len(), 0);
    }
}
