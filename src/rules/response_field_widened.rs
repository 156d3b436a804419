//! Changes between two documents: a response field may have values it could not have.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-field-widened`.
pub(super) static RULE: Rule = Rule {
    id: "response-field-widened",
    summary: "a response field may have values it could not have",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("response_field_widened.md"),
    check: None,
};
