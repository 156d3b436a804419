//! Changes between two documents: a response field is now always there.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-field-required`.
pub(super) static RULE: Rule = Rule {
    id: "response-field-required",
    summary: "a response field is now always there",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("response_field_required.md"),
    check: None,
};
