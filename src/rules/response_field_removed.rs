//! Changes between two documents: a declared field is gone from a response.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-field-removed`.
pub(super) static RULE: Rule = Rule {
    id: "response-field-removed",
    summary: "a declared field is gone from a response",
    group: Group::Change,
    level: Level::Error,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("response_field_removed.md"),
    check: None,
};
