//! Changes between two documents: a request field has another format.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-format-changed`.
pub(super) static RULE: Rule = Rule {
    id: "request-format-changed",
    summary: "a request field has another format",
    group: Group::Change,
    level: Level::Note,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("request_format_changed.md"),
    check: None,
};
