//! Changes between two documents: a response is no longer sent in a media type.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-media-type-removed`.
pub(super) static RULE: Rule = Rule {
    id: "response-media-type-removed",
    summary: "a response is no longer sent in a media type",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("response_media_type_removed.md"),
    check: None,
};
