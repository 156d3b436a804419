//! Changes between two documents: a body is required that was not.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-body-required`.
pub(super) static RULE: Rule = Rule {
    id: "request-body-required",
    summary: "a body is required that was not",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("request_body_required.md"),
    check: None,
};
