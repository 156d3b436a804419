//! New functionality on surface that is on its way out.

use super::check::{Check, named, spot};
use super::{Group, Rule};
use crate::finding::{Finding, Level};
use crate::document::OperationKey;
use crate::lifecycle::{Item, ItemKind};

/// `deprecated-item-extended`.
pub(super) static RULE: Rule = Rule {
    id: "deprecated-item-extended",
    summary: "a deprecated item gained a parameter, field or enum value",
    group: Group::Policy,
    level: Level::Warning,
    breaks: &[],
    since: "0.1.0",
    page: include_str!("deprecated_item_extended.md"),
    check: Some(check),
};

fn check(check: &Check<'_>, out: &mut Vec<Finding>) {
    for item in &check.history.items {
        let release = &item.introduced.release;
        if item.introduced.or_earlier || item.extends_current || !check.is_judged(release) {
            continue;
        }
        let gained: Vec<&OperationKey> = match item.key.kind {
            ItemKind::Parameter => parameter_of(check, item),
            ItemKind::RequestField | ItemKind::ResponseField | ItemKind::EnumValue => item.extends.iter().collect(),
            _ => continue,
        };
        let Some(first) = gained.first() else { continue };
        let message = format!("{} was added in {release} to the deprecated {first}", named(item));
        let mut finding = Finding::about(RULE.id, RULE.level, item, message);
        if gained.len() > 1 {
            finding.facts.push(format!("and to {} more deprecated operations", gained.len() - 1));
        }
        finding.spot = spot(item.introduced_at.as_ref());
        out.push(finding);
    }
}

/// The deprecated operations that gained a parameter which arrived after they
/// were deprecated.
fn parameter_of<'c>(check: &Check<'c>, item: &'c Item) -> Vec<&'c OperationKey> {
    let release = &item.introduced.release;
    let Some(before) = check.history.before(release) else { return Vec::new() };
    let was_deprecated = |key: &&OperationKey| {
        check.history.lives(key).iter().any(|life| life.is_deprecated_in(before) && life.is_deprecated_in(release))
    };
    item.key.operation.iter().chain(&item.operations).filter(was_deprecated).collect()
}
