//! Changes between two documents: an operation takes an optional body.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-body-added`.
pub(super) static RULE: Rule = Rule {
    id: "request-body-added",
    summary: "an operation takes an optional body",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("request_body_added.md"),
    check: None,
};
