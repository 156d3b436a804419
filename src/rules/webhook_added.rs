//! Changes between two documents: the API calls a webhook that it did not call.

use super::{Group, Rule};
use crate::finding::Level;

/// `webhook-added`.
pub(super) static RULE: Rule = Rule {
    id: "webhook-added",
    summary: "the API calls a webhook that it did not call",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("webhook_added.md"),
    check: None,
};
