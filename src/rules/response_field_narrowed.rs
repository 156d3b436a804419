//! Changes between two documents: a response field has fewer possible values.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-field-narrowed`.
pub(super) static RULE: Rule = Rule {
    id: "response-field-narrowed",
    summary: "a response field has fewer possible values",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("response_field_narrowed.md"),
    check: None,
};
