//! Changes between two documents: an operation takes no body any more.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-body-removed`.
pub(super) static RULE: Rule = Rule {
    id: "request-body-removed",
    summary: "an operation takes no body any more",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("request_body_removed.md"),
    check: None,
};
