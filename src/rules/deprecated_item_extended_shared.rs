//! Additions that reach deprecated operations by a shared component.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};

/// `deprecated-item-extended-shared`.
pub(super) static RULE: Rule = Rule {
    id: "deprecated-item-extended-shared",
    summary: "a deprecated operation gained by an addition that current operations share",
    group: Group::Policy,
    level: Level::Note,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("deprecated_item_extended_shared.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for item in &check.history.items {
        let release = &item.introduced.release;
        let is_shared = item.extends_current && !item.extends.is_empty();
        if item.introduced.or_earlier || !is_shared || !check.is_judged(release) {
            continue;
        }
        let message = format!(
            "{} was added in {release} to a component that {} deprecated {} with current ones",
            named(item),
            item.extends.len(),
            if item.extends.len() == 1 { "operation shares" } else { "operations share" },
        );
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        if let Some(first) = item.extends.first() {
            finding.facts.push(format!("for instance {first}"));
        }
        finding.spot = spot(item.introduced_at.as_ref());
        out.push(finding);
    }
}
