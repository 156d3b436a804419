//! Changes between two documents: a field is new in a response.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-field-added`.
pub(super) static RULE: Rule = Rule {
    id: "response-field-added",
    summary: "a field is new in a response",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("response_field_added.md"),
    check: None,
};
