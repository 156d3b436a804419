//! Changes between two documents: a response tells its variants apart in another way.

use super::{Group, Rule};
use crate::finding::Level;

/// `response-discriminator-changed`.
pub(super) static RULE: Rule = Rule {
    id: "response-discriminator-changed",
    summary: "a response tells its variants apart in another way",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("response_discriminator_changed.md"),
    check: None,
};
