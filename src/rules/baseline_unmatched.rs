//! Baselines that have outlived what they were for.

use super::{Group, Rule};
use crate::finding::Level;

/// `baseline-unmatched`.
pub(super) static RULE: Rule = Rule {
    id: "baseline-unmatched",
    summary: "an entry of the baseline matches nothing any more",
    group: Group::Exceptions,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("baseline_unmatched.md"),
    check: None,
};
