//! Methods of generated clients that go though their operation stays.

use super::{Group, Rule};
use crate::finding::Level;

/// `sdk-method-removed`.
pub(super) static RULE: Rule = Rule {
    id: "sdk-method-removed",
    summary: "code calls a method that the client of the target release has under another name",
    group: Group::Client,
    level: Level::Warning,
    breaks: &["sdk"],
    since: "0.1.0",
    page: include_str!("sdk_method_removed.md"),
    check: None,
};
