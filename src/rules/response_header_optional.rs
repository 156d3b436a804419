//! Changes between two documents: a response header is no longer always sent.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-header-optional`.
pub(super) static RULE: Rule = Rule {
    id: "response-header-optional",
    summary: "a response header is no longer always sent",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("response_header_optional.md"),
    check: None,
};
