//! Changes between two documents: a parameter is no longer required.

use super::{Group, Rule};
use crate::finding::Level;

/// `parameter-optional`.
pub(super) static RULE: Rule = Rule {
    id: "parameter-optional",
    summary: "a parameter is no longer required",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("parameter_optional.md"),
    check: None,
};
