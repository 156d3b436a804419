//! Changes between two documents: what is left out of a request means something else.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-default-changed`.
pub(super) static RULE: Rule = Rule {
    id: "request-default-changed",
    summary: "what is left out of a request means something else",
    group: Group::Change,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("request_default_changed.md"),
    check: None,
};
