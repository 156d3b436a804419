//! Changes between two documents: a field is no longer required in a request.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-field-optional`.
pub(super) static RULE: Rule = Rule {
    id: "request-field-optional",
    summary: "a field is no longer required in a request",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("request_field_optional.md"),
    check: None,
};
