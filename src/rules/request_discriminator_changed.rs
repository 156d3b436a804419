//! Changes between two documents: a request tells its variants apart in another way.

use super::{Group, Rule};
use crate::finding::Level;

/// `request-discriminator-changed`.
pub(super) static RULE: Rule = Rule {
    id: "request-discriminator-changed",
    summary: "a request tells its variants apart in another way",
    group: Group::Change,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("request_discriminator_changed.md"),
    check: None,
};
