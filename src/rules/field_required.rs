//! Uses that lack what has become required.

use super::{Group, Rule};
use crate::finding::Level;

/// `field-required`.
pub(super) static RULE: Rule = Rule {
    id: "field-required",
    summary: "a call does not send a field or parameter that has become required",
    group: Group::Client,
    level: Level::Error,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("field_required.md"),
    check: None,
};
