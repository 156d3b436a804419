//! Changes between two documents: a request field no longer takes every value it took.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-field-narrowed`.
pub(super) static RULE: Rule = Rule {
    id: "request-field-narrowed",
    summary: "a request field no longer takes every value it took",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("request_field_narrowed.md"),
    check: None,
};
