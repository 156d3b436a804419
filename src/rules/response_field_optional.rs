//! Changes between two documents: a response field is no longer always there.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-field-optional`.
pub(super) static RULE: Rule = Rule {
    id: "response-field-optional",
    summary: "a response field is no longer always there",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("response_field_optional.md"),
    check: None,
};
