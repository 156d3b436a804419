//! Changes between two documents: an operation, parameter, header or field is flagged deprecated now.

use super::{Group, Rule};
use crate::finding::Level;

/// `deprecation-added`.
pub(super) static RULE: Rule = Rule {
    id: "deprecation-added",
    summary: "an operation, parameter, header or field is flagged deprecated now",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("deprecation_added.md"),
    check: None,
};
