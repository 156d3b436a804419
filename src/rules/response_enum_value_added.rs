//! Changes between two documents: a response may have a listed value it could not have.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-enum-value-added`.
pub(super) static RULE: Rule = Rule {
    id: "response-enum-value-added",
    summary: "a response may have a listed value it could not have",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("response_enum_value_added.md"),
    check: None,
};
