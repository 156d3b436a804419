//! Changes between two documents: a component has another name and the same meaning.

use super::{Group, Rule};
use crate::finding::Level;

/// `component-renamed`.
pub(super) static RULE: Rule = Rule {
    id: "component-renamed",
    summary: "a component has another name and the same meaning",
    group: Group::Change,
    level: Level::Note,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("component_renamed.md"),
    check: None,
};
