//! Changes between two documents: a call of the API may come without its body.

use super::{Group, Rule};
use crate::finding::Level;

/// `webhook-body-removed`.
pub(super) static RULE: Rule = Rule {
    id: "webhook-body-removed",
    summary: "a call of the API may come without its body",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("webhook_body_removed.md"),
    check: None,
};
