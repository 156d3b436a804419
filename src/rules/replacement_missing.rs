//! Replacements that lead nowhere.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};

/// `replacement-missing`.
pub(super) static RULE: Rule = Rule {
    id: "replacement-missing",
    summary: "the replacement that a deprecation names does not exist",
    group: Group::Policy,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("replacement_missing.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for (item, since) in check.newly_deprecated() {
        let Some(replacement) = item.replacement.as_ref().filter(|_| !item.exempt) else { continue };
        let missing = match &replacement.operation {
            Some(operation) => !check.history.has_operation(operation, &check.new),
            None => replacement.exists == Some(false),
        };
        if !missing {
            continue;
        }
        let what = match (&replacement.operation, &replacement.field) {
            (Some(operation), _) => operation.to_string(),
            (None, Some(field)) => format!("`{field}`"),
            (None, None) => replacement.text.clone(),
        };
        let message =
            format!("{} is deprecated since {}; its replacement {what} does not exist", named(item), since.release);
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        // The life, without the replacement that the headline names.
        finding.facts = check.facts(item).into_iter().take(1).collect();
        finding.spot = spot(item.deprecated_at.as_ref());
        out.push(finding);
    }
}
