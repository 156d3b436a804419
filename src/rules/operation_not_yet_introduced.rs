//! Calls to what is not there yet.

use super::{Group, Rule};
use crate::finding::Level;

/// `operation-not-yet-introduced`.
pub(super) static RULE: Rule = Rule {
    id: "operation-not-yet-introduced",
    summary: "a call uses an operation that comes only after the target release",
    group: Group::Client,
    level: Level::Error,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("operation_not_yet_introduced.md"),
    check: None,
};
