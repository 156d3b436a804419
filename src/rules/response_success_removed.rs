//! Changes between two documents: an operation no longer answers with a success status.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-success-removed`.
pub(super) static RULE: Rule = Rule {
    id: "response-success-removed",
    summary: "an operation no longer answers with a success status",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("response_success_removed.md"),
    check: None,
};
