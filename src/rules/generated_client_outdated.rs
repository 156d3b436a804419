//! Generated client code that is older than the target release.

use super::{Group, Rule};
use crate::finding::Level;

/// `generated-client-outdated`.
pub(super) static RULE: Rule = Rule {
    id: "generated-client-outdated",
    summary: "generated client code has methods for what is deprecated or gone",
    group: Group::Client,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("generated_client_outdated.md"),
    check: None,
};
