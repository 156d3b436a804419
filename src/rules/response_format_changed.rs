//! Changes between two documents: a response field has another format.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-format-changed`.
pub(super) static RULE: Rule = Rule {
    id: "response-format-changed",
    summary: "a response field has another format",
    group: Group::Change,
    level: Level::Note,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("response_format_changed.md"),
    check: None,
};
