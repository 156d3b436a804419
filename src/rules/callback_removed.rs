//! Changes between two documents: the API no longer calls its clients back.

use super::{Group, Rule};
use crate::finding::Level;

/// `callback-removed`.
pub(super) static RULE: Rule = Rule {
    id: "callback-removed",
    summary: "the API no longer calls its clients back",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("callback_removed.md"),
    check: None,
};
