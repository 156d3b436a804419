//! Changes between two documents: credentials that were enough are not any more.

use super::{Group, Rule};
use crate::finding::Level;

/// `security-stricter`.
pub(super) static RULE: Rule = Rule {
    id: "security-stricter",
    summary: "credentials that were enough are not any more",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("security_stricter.md"),
    check: None,
};
