//! Changes between two documents: the API no longer calls a webhook.

use super::{Group, Rule};
use crate::finding::Level;

/// `webhook-removed`.
pub(super) static RULE: Rule = Rule {
    id: "webhook-removed",
    summary: "the API no longer calls a webhook",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("webhook_removed.md"),
    check: None,
};
