//! Changes between two documents: an optional parameter is new.

use super::{Group, Rule};
use crate::finding::Level;

/// `parameter-added`.
pub(super) static RULE: Rule = Rule {
    id: "parameter-added",
    summary: "an optional parameter is new",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("parameter_added.md"),
    check: None,
};
