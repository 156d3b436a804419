//! Uses of what is deprecated.

use super::{Group, Rule};
use crate::finding::Level;

/// `field-deprecated`.
pub(super) static RULE: Rule = Rule {
    id: "field-deprecated",
    summary: "a call uses a deprecated field or parameter",
    group: Group::Client,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("field_deprecated.md"),
    check: None,
};
