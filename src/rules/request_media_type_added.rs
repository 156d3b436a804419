//! Changes between two documents: a request body is taken in another media type.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-media-type-added`.
pub(super) static RULE: Rule = Rule {
    id: "request-media-type-added",
    summary: "a request body is taken in another media type",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("request_media_type_added.md"),
    check: None,
};
