//! Changes between two documents: the API calls its clients back.

use super::{Group, Rule};
use crate::finding::Level;

/// `callback-added`.
pub(super) static RULE: Rule = Rule {
    id: "callback-added",
    summary: "the API calls its clients back",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("callback_added.md"),
    check: None,
};
