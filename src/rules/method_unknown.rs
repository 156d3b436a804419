//! Calls with the wrong verb.

use super::{Group, Rule};
use crate::finding::Level;

/// `method-unknown`.
pub(super) static RULE: Rule = Rule {
    id: "method-unknown",
    summary: "a call uses a method that its path does not have in any known release",
    group: Group::Client,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("method_unknown.md"),
    check: None,
};
