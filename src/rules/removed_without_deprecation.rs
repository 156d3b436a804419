//! Removals without any notice.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};
use crate::lifecycle::ItemKind;

/// `removed-without-deprecation`.
pub(super) static RULE: Rule = Rule {
    id: "removed-without-deprecation",
    summary: "an item is gone that was never deprecated",
    group: Group::Policy,
    level: Level::Error,
    breaks: &["wire", "sdk"],
    since: "0.1.0",
    page: include_str!("removed_without_deprecation.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for (item, removed) in check.removed() {
        // A withdrawn deprecation is no notice either.
        if item.exempt || item.in_force().is_some() || !can_be_deprecated(item.key.kind) {
            continue;
        }
        let message = format!("{} was removed in {removed} without having been deprecated", named(item));
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        finding.facts = check.facts(item);
        finding.spot = spot(item.last_at.as_ref());
        out.push(finding);
    }
}

/// OpenAPI has no way to call a status or a media type deprecated, so that
/// their removal breaks no promise about labels.
fn can_be_deprecated(kind: ItemKind) -> bool {
    !matches!(kind, ItemKind::ResponseStatus | ItemKind::MediaType)
}
