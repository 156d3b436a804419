//! Items that are born on their way out.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};

/// `deprecated-on-arrival`.
pub(super) static RULE: Rule = Rule {
    id: "deprecated-on-arrival",
    summary: "an item was introduced already deprecated",
    group: Group::Policy,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("deprecated_on_arrival.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for item in &check.history.items {
        let Some(since) = &item.deprecated else { continue };
        let release = &item.introduced.release;
        if item.introduced.or_earlier || since.release != *release || !check.is_judged(release) {
            continue;
        }
        let message = format!("{} arrived in {release} already deprecated", named(item));
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        finding.facts = check.facts(item);
        finding.spot = spot(item.introduced_at.as_ref());
        out.push(finding);
    }
}
