//! Changes between two documents: an unused schema or a security scheme is gone from the components.

use super::{Group, Rule};
use crate::finding::Level;

/// `component-removed`.
pub(super) static RULE: Rule = Rule {
    id: "component-removed",
    summary: "an unused schema or a security scheme is gone from the components",
    group: Group::Change,
    level: Level::Note,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("component_removed.md"),
    check: None,
};
