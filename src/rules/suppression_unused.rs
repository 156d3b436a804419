//! Suppressions in client code that have outlived what they were for.

use super::{Group, Rule};
use crate::finding::Level;

/// `suppression-unused`.
pub(super) static RULE: Rule = Rule {
    id: "suppression-unused",
    summary: "a suppression in client code matches nothing",
    group: Group::Exceptions,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("suppression_unused.md"),
    check: None,
};
