//! Changes between two documents: more callers are let in.

use super::{Group, Rule};
use crate::finding::Level;

/// `security-looser`.
pub(super) static RULE: Rule = Rule {
    id: "security-looser",
    summary: "more callers are let in",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("security_looser.md"),
    check: None,
};
