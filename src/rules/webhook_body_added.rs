//! Changes between two documents: a call of the API comes with a body.

use super::{Group, Rule};
use crate::finding::Level;

/// `webhook-body-added`.
pub(super) static RULE: Rule = Rule {
    id: "webhook-body-added",
    summary: "a call of the API comes with a body",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("webhook_body_added.md"),
    check: None,
};
