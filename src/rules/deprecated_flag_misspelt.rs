//! Flags that no tool reads.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};

/// `deprecated-flag-misspelt`.
pub(super) static RULE: Rule = Rule {
    id: "deprecated-flag-misspelt",
    summary: "the key of a deprecation flag is misspelt",
    group: Group::Policy,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("deprecated_flag_misspelt.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for item in &check.history.items {
        let Some(since) = item.misspelt.as_ref().filter(|since| !since.or_earlier) else { continue };
        if item.exempt || !check.is_judged(&since.release) {
            continue;
        }
        let message = format!("the deprecation flag of {} is misspelt since {}", named(item), since.release);
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        finding.facts.push("it is taken as meant here; other tools do not read it".to_owned());
        finding.spot = spot(item.deprecated_at.as_ref());
        out.push(finding);
    }
}
