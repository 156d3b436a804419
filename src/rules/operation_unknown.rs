//! Calls to what no known release has.

use super::{Group, Rule};
use crate::finding::Level;

/// `operation-unknown`.
pub(super) static RULE: Rule = Rule {
    id: "operation-unknown",
    summary: "a call goes to this API but matches no operation of any known release",
    group: Group::Client,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("operation_unknown.md"),
    check: None,
};
