//! Changes between two documents: a security scheme has other addresses, flows or scopes.

use super::{Group, Rule};
use crate::finding::Level;

/// `security-scheme-changed`.
pub(super) static RULE: Rule = Rule {
    id: "security-scheme-changed",
    summary: "a security scheme has other addresses, flows or scopes",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("security_scheme_changed.md"),
    check: None,
};
