//! Changes between two documents: a parameter takes more values.

use super::{Group, Rule};
use crate::finding::Level;

/// `parameter-widened`.
pub(super) static RULE: Rule = Rule {
    id: "parameter-widened",
    summary: "a parameter takes more values",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("parameter_widened.md"),
    check: None,
};
