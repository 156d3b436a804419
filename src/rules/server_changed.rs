//! Changes between two documents: a base path is gone.

use super::{Group, Rule};
use crate::finding::Level;

/// `server-changed`.
pub(super) static RULE: Rule = Rule {
    id: "server-changed",
    summary: "a base path is gone",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("server_changed.md"),
    check: None,
};
