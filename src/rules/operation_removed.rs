//! Calls to what is gone.

use super::{Group, Rule};
use crate::finding::Level;

/// `operation-removed`.
pub(super) static RULE: Rule = Rule {
    id: "operation-removed",
    summary: "an operation is gone: clients call it, or the newer document lacks it",
    group: Group::Client,
    level: Level::Error,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("operation_removed.md"),
    check: None,
};
