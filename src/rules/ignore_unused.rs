//! Exceptions that have outlived what they were for.

use super::{Group, Rule};
use crate::finding::Level;

/// `ignore-unused`.
pub(super) static RULE: Rule = Rule {
    id: "ignore-unused",
    summary: "an exception of the policy matches nothing any more",
    group: Group::Exceptions,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("ignore_unused.md"),
    check: None,
};
