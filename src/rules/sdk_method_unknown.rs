//! Methods of generated clients that never were.

use super::{Group, Rule};
use crate::finding::Level;

/// `sdk-method-unknown`.
pub(super) static RULE: Rule = Rule {
    id: "sdk-method-unknown",
    summary: "code calls a method that the generated client has in no known release",
    group: Group::Client,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("sdk_method_unknown.md"),
    check: None,
};
