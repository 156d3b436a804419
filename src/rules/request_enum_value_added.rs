//! Changes between two documents: a request takes another listed value.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-enum-value-added`.
pub(super) static RULE: Rule = Rule {
    id: "request-enum-value-added",
    summary: "a request takes another listed value",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("request_enum_value_added.md"),
    check: None,
};
