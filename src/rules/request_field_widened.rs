//! Changes between two documents: a request field takes more values.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-field-widened`.
pub(super) static RULE: Rule = Rule {
    id: "request-field-widened",
    summary: "a request field takes more values",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("request_field_widened.md"),
    check: None,
};
