//! Calls to what goes soon.

use super::{Group, Rule};
use crate::finding::Level;

/// `operation-near-removal`.
pub(super) static RULE: Rule = Rule {
    id: "operation-near-removal",
    summary: "a call uses a deprecated operation whose support window is about to end",
    group: Group::Client,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("operation_near_removal.md"),
    check: None,
};
