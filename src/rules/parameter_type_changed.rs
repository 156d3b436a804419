//! Changes between two documents: a parameter has another type that is written the same.

use super::{Group, Rule};
use crate::finding::Level;

/// `parameter-type-changed`.
pub(super) static RULE: Rule = Rule {
    id: "parameter-type-changed",
    summary: "a parameter has another type that is written the same",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("parameter_type_changed.md"),
    check: None,
};
