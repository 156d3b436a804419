//! Changes between two documents: a request no longer takes a listed value.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-enum-value-removed`.
pub(super) static RULE: Rule = Rule {
    id: "request-enum-value-removed",
    summary: "a request no longer takes a listed value",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("request_enum_value_removed.md"),
    check: None,
};
