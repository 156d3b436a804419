//! Deprecations that only people can see.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};
use crate::document::Evidence;
use crate::lifecycle::ItemKind;

/// `deprecated-in-prose-only`.
pub(super) static RULE: Rule = Rule {
    id: "deprecated-in-prose-only",
    summary: "an item is deprecated in a sentence, without a flag that tools can read",
    group: Group::Policy,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("deprecated_in_prose_only.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for (item, since) in check.newly_deprecated() {
        // OpenAPI has no flag for a single value.
        if item.evidence != Some(Evidence::Prose) || item.key.kind == ItemKind::EnumValue {
            continue;
        }
        if item.flagged.as_ref().is_some_and(|flagged| flagged.release <= check.new) {
            continue;
        }
        let message = format!("{} is called deprecated in prose since {}, but not flagged", named(item), since.release);
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        finding.facts.push("expected `deprecated: true` beside the text".to_owned());
        finding.spot = spot(item.deprecated_at.as_ref());
        out.push(finding);
    }
}
