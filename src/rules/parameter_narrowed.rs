//! Changes between two documents: a parameter no longer takes every value it took.

use super::{Group, Rule};
use crate::finding::Level;

/// `parameter-narrowed`.
pub(super) static RULE: Rule = Rule {
    id: "parameter-narrowed",
    summary: "a parameter no longer takes every value it took",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("parameter_narrowed.md"),
    check: None,
};
