//! Changes between two documents: a parameter is required that was not, or is new and required.

use super::{Group, Rule};
use crate::finding::Level;

/// `parameter-required`.
pub(super) static RULE: Rule = Rule {
    id: "parameter-required",
    summary: "a parameter is required that was not, or is new and required",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("parameter_required.md"),
    check: None,
};
