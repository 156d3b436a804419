//! Changes between two documents: a field is required in a request that was not, or is new and required.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-field-required`.
pub(super) static RULE: Rule = Rule {
    id: "request-field-required",
    summary: "a field is required in a request that was not, or is new and required",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("request_field_required.md"),
    check: None,
};
