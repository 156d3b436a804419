//! Deprecations that leave clients alone.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};
use crate::lifecycle::ItemKind;

/// `deprecated-without-replacement`.
pub(super) static RULE: Rule = Rule {
    id: "deprecated-without-replacement",
    summary: "an item became deprecated and nothing says what to use instead",
    group: Group::Policy,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("deprecated_without_replacement.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for (item, since) in check.newly_deprecated() {
        // An enum value's prose lists values; it has no room for replacements.
        if item.replacement.is_some() || item.exempt || item.key.kind == ItemKind::EnumValue {
            continue;
        }
        let message = format!("{} is deprecated since {} and no replacement is named", named(item), since.release);
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        finding.facts = check.facts(item);
        finding.spot = spot(item.deprecated_at.as_ref());
        out.push(finding);
    }
}
