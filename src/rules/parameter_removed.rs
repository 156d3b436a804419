//! Changes between two documents: a parameter is gone.

use super::{Group, Rule};
use crate::finding::Level;

/// `parameter-removed`.
pub(super) static RULE: Rule = Rule {
    id: "parameter-removed",
    summary: "a parameter is gone",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("parameter_removed.md"),
    check: None,
};
