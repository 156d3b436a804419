//! Changes between two documents: an operation stands first under another tag.

use super::{Group, Rule};
use crate::finding::Level;

/// `operation-tag-changed`.
pub(super) static RULE: Rule = Rule {
    id: "operation-tag-changed",
    summary: "an operation stands first under another tag",
    group: Group::Change,
    level: Level::Note,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("operation_tag_changed.md"),
    check: None,
};
