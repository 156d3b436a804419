//! Changes between two documents: a declared response header is gone.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-header-removed`.
pub(super) static RULE: Rule = Rule {
    id: "response-header-removed",
    summary: "a declared response header is gone",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("response_header_removed.md"),
    check: None,
};
