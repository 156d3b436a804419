//! Changes between two documents: an operation is new.

use super::{Group, Rule};
use crate::finding::Level;

/// `operation-added`.
pub(super) static RULE: Rule = Rule {
    id: "operation-added",
    summary: "an operation is new",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("operation_added.md"),
    check: None,
};
