//! Changes between two documents: a response header is now always there.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-header-required`.
pub(super) static RULE: Rule = Rule {
    id: "response-header-required",
    summary: "a response header is now always there",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("response_header_required.md"),
    check: None,
};
