//! Changes between two documents: the API no longer calls a webhook in a media type.

use super::{Group, Rule};
use crate::finding::Level;

/// `webhook-media-type-removed`.
pub(super) static RULE: Rule = Rule {
    id: "webhook-media-type-removed",
    summary: "the API no longer calls a webhook in a media type",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("webhook_media_type_removed.md"),
    check: None,
};
