//! Changes between two documents: an unused schema or a security scheme is new in the components.

use super::{Group, Rule};
use crate::finding::Level;

/// `component-added`.
pub(super) static RULE: Rule = Rule {
    id: "component-added",
    summary: "an unused schema or a security scheme is new in the components",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("component_added.md"),
    check: None,
};
