//! Changes between two documents: a body is no longer required.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-body-optional`.
pub(super) static RULE: Rule = Rule {
    id: "request-body-optional",
    summary: "a body is no longer required",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("request_body_optional.md"),
    check: None,
};
