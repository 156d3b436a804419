//! Changes between two documents: the API calls a webhook in another media type.

use super::{Group, Rule};
use crate::finding::Level;

/// `webhook-media-type-added`.
pub(super) static RULE: Rule = Rule {
    id: "webhook-media-type-added",
    summary: "the API calls a webhook in another media type",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("webhook_media_type_added.md"),
    check: None,
};
