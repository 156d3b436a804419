//! Changes between two documents: an optional field is new in a request.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-field-added`.
pub(super) static RULE: Rule = Rule {
    id: "request-field-added",
    summary: "an optional field is new in a request",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("request_field_added.md"),
    check: None,
};
