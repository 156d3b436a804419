//! Changes between two documents: a response header is new.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-header-added`.
pub(super) static RULE: Rule = Rule {
    id: "response-header-added",
    summary: "a response header is new",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("response_header_added.md"),
    check: None,
};
