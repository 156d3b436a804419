//! Changes between two documents: an operation, parameter, header or field is no longer flagged deprecated.

use super::{Group, Rule};
use crate::finding::Level;

/// `deprecation-removed`.
pub(super) static RULE: Rule = Rule {
    id: "deprecation-removed",
    summary: "an operation, parameter, header or field is no longer flagged deprecated",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("deprecation_removed.md"),
    check: None,
};
