//! Changes between two documents: the day on which an operation or parameter goes is another.

use super::{Group, Rule};
use crate::finding::Level;

/// `sunset-changed`.
pub(super) static RULE: Rule = Rule {
    id: "sunset-changed",
    summary: "the day on which an operation or parameter goes is another",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("sunset_changed.md"),
    check: None,
};
