//! Deprecations that were taken back.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};

/// `deprecation-withdrawn`.
pub(super) static RULE: Rule = Rule {
    id: "deprecation-withdrawn",
    summary: "a deprecated item lost its label and is still there",
    group: Group::Policy,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("deprecation_withdrawn.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for item in &check.history.items {
        let last = item.undeprecated.as_ref().filter(|_| item.in_force().is_none());
        let last = item.deprecated.as_ref().zip(last);
        let earlier = item.earlier.iter().map(|withdrawn| (&withdrawn.deprecated, &withdrawn.undeprecated));
        for (since, release) in earlier.chain(last).filter(|(_, release)| check.is_judged(release)) {
            let message = format!("the deprecation of {} was withdrawn in {release}", named(item));
            let mut finding = Finding::about(RULE.id, RULE.level, item, message);
            finding.facts.push(format!("it was deprecated in {} and is still there", since.described()));
            finding.spot = spot(item.last_at.as_ref());
            out.push(finding);
        }
    }
}
