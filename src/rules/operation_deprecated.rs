//! Calls to what is deprecated.

use super::{Group, Rule};
use crate::finding::Level;

/// `operation-deprecated`.
pub(super) static RULE: Rule = Rule {
    id: "operation-deprecated",
    summary: "a call uses a deprecated operation",
    group: Group::Client,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("operation_deprecated.md"),
    check: None,
};
