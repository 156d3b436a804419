//! Changes between two documents: an operation has another stability level.

use super::{Group, Rule};
use crate::finding::Level;

/// `stability-changed`.
pub(super) static RULE: Rule = Rule {
    id: "stability-changed",
    summary: "an operation has another stability level",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("stability_changed.md"),
    check: None,
};
