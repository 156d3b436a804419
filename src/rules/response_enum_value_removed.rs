//! Changes between two documents: a response no longer has a listed value.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-enum-value-removed`.
pub(super) static RULE: Rule = Rule {
    id: "response-enum-value-removed",
    summary: "a response no longer has a listed value",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("response_enum_value_removed.md"),
    check: None,
};
