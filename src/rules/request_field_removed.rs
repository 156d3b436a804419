//! Changes between two documents: a field is no longer declared in a request.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-field-removed`.
pub(super) static RULE: Rule = Rule {
    id: "request-field-removed",
    summary: "a field is no longer declared in a request",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("request_field_removed.md"),
    check: None,
};
