//! Changes between two documents: a path parameter has another name.

use super::{Group, Rule};
use crate::finding::Level;

/// `path-parameter-renamed`.
pub(super) static RULE: Rule = Rule {
    id: "path-parameter-renamed",
    summary: "a path parameter has another name",
    group: Group::Change,
    level: Level::Note,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("path_parameter_renamed.md"),
    check: None,
};
