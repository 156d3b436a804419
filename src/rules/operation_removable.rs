//! Calls to what may go any day.

use super::{Group, Rule};
use crate::finding::Level;

/// `operation-removable`.
pub(super) static RULE: Rule = Rule {
    id: "operation-removable",
    summary: "a call uses a deprecated operation whose support window has ended",
    group: Group::Client,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("operation_removable.md"),
    check: None,
};
