//! Uses of what goes soon.

use super::{Group, Rule};
use crate::finding::Level;

/// `field-near-removal`.
pub(super) static RULE: Rule = Rule {
    id: "field-near-removal",
    summary: "a call uses a deprecated field or parameter whose support window is about to end",
    group: Group::Client,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("field_near_removal.md"),
    check: None,
};
