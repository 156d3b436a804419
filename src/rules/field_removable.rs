//! Uses of what may go any day.

use super::{Group, Rule};
use crate::finding::Level;

/// `field-removable`.
pub(super) static RULE: Rule = Rule {
    id: "field-removable",
    summary: "a call uses a deprecated field or parameter whose support window has ended",
    group: Group::Client,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("field_removable.md"),
    check: None,
};
