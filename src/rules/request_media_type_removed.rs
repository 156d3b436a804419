//! Changes between two documents: a request body is no longer taken in a media type.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-media-type-removed`.
pub(super) static RULE: Rule = Rule {
    id: "request-media-type-removed",
    summary: "a request body is no longer taken in a media type",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("request_media_type_removed.md"),
    check: None,
};
