//! Removals that the documents alone cannot judge.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};

/// `removal-undecided`.
pub(super) static RULE: Rule = Rule {
    id: "removal-undecided",
    summary: "whether a removal kept its window cannot be told from what is known",
    group: Group::Policy,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("removal_undecided.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for (item, removed) in check.removed() {
        let Some(since) = item.in_force().filter(|_| !item.exempt) else { continue };
        let windows = check.windows(item, since, removed);
        if windows.undecided.is_empty() {
            continue;
        }
        let message = format!("whether {} was removed in {removed} in time cannot be told", named(item));
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        finding.facts = check.facts(item);
        for (channel, why) in windows.undecided {
            finding.facts.push(format!("{channel}: {why}"));
            finding.channels.push(channel);
        }
        finding.spot = spot(item.last_at.as_ref());
        out.push(finding);
    }
}
