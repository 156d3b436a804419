//! Removals that came too soon.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};

/// `removed-before-window`.
pub(super) static RULE: Rule = Rule {
    id: "removed-before-window",
    summary: "a deprecated item is gone before its support window ended",
    group: Group::Policy,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("removed_before_window.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for (item, removed) in check.removed() {
        let Some(since) = item.in_force().filter(|_| !item.exempt) else { continue };
        let broken = check.windows(item, since, removed).broken;
        if broken.is_empty() {
            continue;
        }
        let channels: Vec<_> = broken.iter().map(|(channel, _)| channel.clone()).collect();
        let only = check.only_in(&channels);
        let message = format!("{} was removed in {removed}, before its window ended{only}", named(item));
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        finding.facts = check.facts(item);
        for (channel, promised) in broken {
            finding.facts.extend(promised.map(|promised| format!("{channel}: {promised}")));
        }
        finding.channels = channels;
        finding.spot = spot(item.last_at.as_ref());
        out.push(finding);
    }
}
