//! Suppressions in client code that cannot mean what was meant.

use super::{Group, Rule};
use crate::finding::Level;

/// `suppression-malformed`.
pub(super) static RULE: Rule = Rule {
    id: "suppression-malformed",
    summary: "a suppression in client code is misspelt, names no rule, or gives no reason",
    group: Group::Exceptions,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("suppression_malformed.md"),
    check: None,
};
