//! Announcements that the documents do not know of.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};
use crate::document::Evidence;

/// `announced-not-flagged`.
pub(super) static RULE: Rule = Rule {
    id: "announced-not-flagged",
    summary: "an announced deprecation is not labelled in the document",
    group: Group::Policy,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("announced_not_flagged.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for item in &check.history.items {
        let Some(since) = item.in_force().filter(|_| item.evidence == Some(Evidence::Announcement)) else { continue };
        let at = |release| check.calendar.index(release);
        let is_announced = at(&since.release) <= at(&check.new);
        let is_labelled = item.labelled.as_ref().is_some_and(|label| at(&label.release) <= at(&check.new));
        if !is_announced || is_labelled || !item.is_in(&check.new) {
            continue;
        }
        let message = format!("{} was announced as deprecated in {}, but is not labelled", named(item), since.release);
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        finding.facts = check.facts(item);
        finding.spot = spot(item.last_at.as_ref());
        out.push(finding);
    }
}
