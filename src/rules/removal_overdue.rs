//! Items that could have gone.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};
use crate::policy::Verdict;

/// `removal-overdue`.
pub(super) static RULE: Rule = Rule {
    id: "removal-overdue",
    summary: "the support window of a deprecated item has ended and it is still there",
    group: Group::Policy,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("removal_overdue.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for item in &check.history.items {
        if item.in_force().is_none() || !item.is_deprecated_in(&check.new) {
            continue;
        }
        let ended: Vec<_> = item
            .deadlines(check.policy, &check.calendar)
            .into_iter()
            .filter(|found| check.channels.contains(&found.channel))
            .filter(|found| found.deadline.allows_removal_in(&check.new, &check.calendar) == Verdict::Yes)
            .collect();
        if ended.is_empty() {
            continue;
        }
        let channels: Vec<_> = ended.into_iter().map(|found| found.channel).collect();
        let only = check.only_in(&channels);
        let message =
            format!("{} is still in {} although its window has ended{only}", named(item), check.new);
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        finding.facts = check.facts(item);
        finding.channels = channels;
        finding.spot = spot(item.last_at.as_ref());
        out.push(finding);
    }
}
