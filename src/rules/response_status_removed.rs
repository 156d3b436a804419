//! Changes between two documents: an operation no longer answers with a status that is no success.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-status-removed`.
pub(super) static RULE: Rule = Rule {
    id: "response-status-removed",
    summary: "an operation no longer answers with a status that is no success",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("response_status_removed.md"),
    check: None,
};
