//! Exceptions whose time is over.

use super::{Group, Rule};
use crate::finding::Level;

/// `ignore-expired`.
pub(super) static RULE: Rule = Rule {
    id: "ignore-expired",
    summary: "an exception of the policy has passed its last day",
    group: Group::Exceptions,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("ignore_expired.md"),
    check: None,
};
