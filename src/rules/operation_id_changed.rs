//! Changes between two documents: an operation has another operationId.

use super::{Group, Rule};
use crate::finding::Level;

/// `operation-id-changed`.
pub(super) static RULE: Rule = Rule {
    id: "operation-id-changed",
    summary: "an operation has another operationId",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("operation_id_changed.md"),
    check: None,
};
