//! What an answer is, by its content; its content type is a hint at most.

use url::Url;

use super::answer::{Answer, Candidate, Held, Lead, Purpose, Sight};
use super::{MAX_CANDIDATES, MAX_LEADS, MAX_PAGE_BYTES, index, link, script};
use crate::text::{self, Kind, Node};

/// Sorts one answer. Its status is not looked at. For a script, `page` is the
/// page that it belongs to.
pub fn look(answer: &Answer, purpose: Purpose, page: Option<&Url>) -> Sight {
    let body = answer.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answer.body);
    let sight = match std::str::from_utf8(body) {
        Ok(text) => look_at_text(answer, purpose, page, text),
        Err(_) if is_binary(body) => Sight::Nothing { what: "binary data".to_owned() },
        Err(_) => Sight::Nothing { what: "text that is not UTF-8".to_owned() },
    };
    limited(with_header_links(answer, sight))
}

fn is_binary(body: &[u8]) -> bool {
    body.iter().take(1_024).any(|byte| *byte == 0)
}

fn look_at_text(answer: &Answer, purpose: Purpose, page: Option<&Url>, text: &str) -> Sight {
    let start = text.trim_start();
    if start.is_empty() {
        return Sight::Nothing { what: "an empty answer".to_owned() };
    }
    if start.starts_with('<') {
        if text.len() > MAX_PAGE_BYTES {
            return too_long();
        }
        return super::page::read(answer, text);
    }
    if start.starts_with(['{', '[']) {
        return match text::parse(text.into()) {
            Ok(tree) if is_document(tree.root()) => Sight::Document,
            Ok(tree) => index::read(&answer.url, tree.root(), purpose),
            // A document that is broken is one: its reader says where.
            Err(_) if names_a_version(start) => Sight::Document,
            Err(_) => Sight::Nothing { what: "text that is no JSON".to_owned() },
        };
    }
    if has_version_line(text) {
        return Sight::Document;
    }
    if is_script(answer, purpose) {
        if text.len() > MAX_PAGE_BYTES {
            return too_long();
        }
        return script::read(answer, page, text);
    }
    Sight::Nothing { what: "text that is no API document".to_owned() }
}

fn too_long() -> Sight {
    Sight::Nothing { what: format!("a page of more than {} MB, which is not read", MAX_PAGE_BYTES >> 20) }
}

/// Whether a value is an API document, of whatever version.
pub(super) fn is_document(node: Node<'_>) -> bool {
    let version = |key: &str| {
        let text = node.get(key).and_then(Node::scalar_text);
        text.is_some_and(|text| text.trim().starts_with(|c: char| c.is_ascii_digit()))
    };
    // Of Swagger 1.2, a list of documents of its own kind, only the version is common.
    node.kind() == Kind::Object && (version("openapi") || version("swagger"))
}

/// Whether JSON that cannot be read begins like an API document.
fn names_a_version(text: &str) -> bool {
    let inner = text[1..].trim_start();
    ["\"openapi\"", "\"swagger\""].iter().any(|key| {
        let rest = inner.strip_prefix(key).map(str::trim_start).and_then(|rest| rest.strip_prefix(':'));
        rest.is_some_and(|rest| rest.trim_start().trim_start_matches('"').starts_with(['2', '3']))
    })
}

/// Whether YAML has the key of a version at its outermost level.
fn has_version_line(text: &str) -> bool {
    text.lines().any(|line| {
        ["openapi", "swagger"].iter().any(|key| {
            let quote = line.chars().next().filter(|c| matches!(c, '"' | '\''));
            let bare = quote.map_or(line, |quote| line.strip_prefix(quote).unwrap_or(line));
            let Some(rest) = bare.strip_prefix(key) else { return false };
            let rest = quote.map_or(Some(rest), |quote| rest.strip_prefix(quote));
            let value = rest.and_then(|rest| rest.trim_start().strip_prefix(':'));
            let value = value.map(|value| value.trim().trim_start_matches(['"', '\'']));
            value.is_some_and(|value| value.starts_with(|c: char| c.is_ascii_digit()))
        })
    })
}

fn is_script(answer: &Answer, purpose: Purpose) -> bool {
    let content_type = answer.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    purpose == Purpose::Script
        || content_type.contains("javascript")
        || content_type.contains("ecmascript")
        || [".js", ".mjs"].iter().any(|end| answer.url.path().ends_with(end))
}

/// Adds what the answer's `Link` headers say.
fn with_header_links(answer: &Answer, sight: Sight) -> Sight {
    if answer.links.is_empty() || sight == Sight::Document {
        return sight;
    }
    let links: Vec<link::Link> = answer.links.iter().flat_map(|header| link::parse(header)).collect();
    super::page::with_links(sight, &answer.url, &links, "an answer with links")
}

/// Cuts lists to their limits and leaves out what is named twice.
fn limited(sight: Sight) -> Sight {
    let Sight::Pointers { what, candidates, leads } = sight else { return sight };
    let mut kept: Vec<Candidate> = Vec::new();
    let mut addresses = std::collections::BTreeSet::new();
    for candidate in candidates {
        let new = match &candidate.held {
            Held::At(url) => addresses.insert(url.as_str().to_owned()),
            Held::Inside(_) => !kept.iter().any(|one| one.held == candidate.held),
        };
        if new && kept.len() < MAX_CANDIDATES {
            kept.push(candidate);
        }
    }
    let mut next: Vec<Lead> = Vec::new();
    for lead in leads {
        if next.len() < MAX_LEADS && !next.iter().any(|one| one.url == lead.url) {
            next.push(lead);
        }
    }
    if kept.is_empty() && next.is_empty() {
        return Sight::Nothing { what: what.to_owned() };
    }
    Sight::Pointers { what, candidates: kept, leads: next }
}
