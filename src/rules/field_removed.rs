//! Uses of what is gone.

use super::{Group, Rule};
use crate::finding::Level;

/// `field-removed`.
pub(super) static RULE: Rule = Rule {
    id: "field-removed",
    summary: "a call uses a field or parameter that is gone",
    group: Group::Client,
    level: Level::Error,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("field_removed.md"),
    check: None,
};
