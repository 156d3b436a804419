//! Changes between two documents: an operation may answer with another status.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-status-added`.
pub(super) static RULE: Rule = Rule {
    id: "response-status-added",
    summary: "an operation may answer with another status",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("response_status_added.md"),
    check: None,
};
