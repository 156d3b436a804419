//! Changes between two documents: a response is sent in another media type.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-media-type-added`.
pub(super) static RULE: Rule = Rule {
    id: "response-media-type-added",
    summary: "a response is sent in another media type",
    group: Group::Change,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("response_media_type_added.md"),
    check: None,
};
