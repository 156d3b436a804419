//! `sunwatch diff`: two documents in, their changes out.

use anyhow::bail;

use super::args::{BreaksName, Common, LevelName};
use super::commands::{find_rule, has_losses, render};
use super::load::Loader;
use super::{Outcome, output};
use crate::diff::{Change, Verdict, last_diff};
use crate::document::OperationKey;
use crate::finding::Level;
use crate::policy::{Policy, Subject};
use crate::release::Date;
use crate::report::{DiffReport, Report};
use crate::rules;

/// What is to be shown.
pub(super) struct Filter<'f> {
    pub(super) breaks: Option<BreaksName>,
    pub(super) operation: Option<&'f str>,
    pub(super) rules: &'f [String],
    pub(super) level: Option<LevelName>,
}

impl Filter<'_> {
    fn keeps(&self, level: Level, change: &Change) -> bool {
        let who = match self.breaks {
            Some(BreaksName::Wire) => change.breaks.wire,
            Some(BreaksName::Sdk) => change.breaks.sdk,
            None => true,
        };
        let reaches = self.operation.is_none_or(|glob| {
            change.affects.iter().any(|place| matches(glob, &place.operation.to_string()))
        });
        who && reaches
            && (self.rules.is_empty() || self.rules.iter().any(|rule| rule == change.rule))
            && self.level.is_none_or(|least| level >= least.level())
    }
}

/// Whether `glob`, in which `*` stands for any run of characters, is `text`.
fn matches(glob: &str, text: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

pub(super) fn run(
    common: &Common,
    old: &str,
    new: &str,
    filter: &Filter<'_>,
    all: bool,
) -> anyhow::Result<Outcome> {
    for rule in filter.rules {
        let found = find_rule(rule)?;
        if found.group != rules::Group::Change && found.id != "operation-removed" {
            bail!(
                "--rule {rule}: that rule is not one of `diff`; `sunwatch rules` lists those of the group change"
            );
        }
    }
    let loader = Loader::new(common)?;
    let (documents, problems) = loader.documents(&[old, new])?;
    let [(before, old), (after, new)] = documents.as_slice() else {
        bail!("expected two documents, found {}", documents.len())
    };
    let changes = last_diff(old, new);
    let policy = &loader.policy.policy;
    let mut kept: Vec<(Level, Change)> = Vec::new();
    let mut excepted = 0;
    for change in changes {
        let usual = rules::find(change.rule).map_or(Level::Note, |rule| rule.level);
        let set = policy.level(change.rule).map(Level::set);
        let Some(mut level) = set.unwrap_or(Some(usual)) else { continue };
        // What is not proved fails no run.
        if change.verdict == Verdict::Unknown {
            level = level.min(Level::Warning);
        }
        if is_excepted(policy, &change, common.today) {
            excepted += 1;
        } else if filter.keeps(level, &change) {
            kept.push((level, change));
        }
    }
    if excepted > 0 {
        output::note(&format!("exceptions of the policy cover {excepted} changes"), common);
    }
    let worst = kept.iter().map(|(level, _)| *level).max();
    let outcome = match common.fail_on.level() {
        Some(level) if worst.is_some_and(|worst| worst >= level) => Outcome::Findings,
        _ if has_losses(&problems) => Outcome::Incomplete,
        _ => Outcome::Clean,
    };
    let report = DiffReport {
        old: before.clone(),
        new: after.clone(),
        changes: kept,
        all: all || common.verbose,
        problems,
    };
    output::report(&render(&Report::Diff(report), common)?, common)?;
    // The process ends here: taking large documents apart would only take time.
    std::mem::forget(documents);
    Ok(outcome)
}

/// Whether an `[[ignore]]` that still holds covers a change: the item it is
/// about, or every place that it reaches.
fn is_excepted(policy: &Policy, change: &Change, today: Option<Date>) -> bool {
    policy.ignores.iter().any(|ignore| {
        let holds = !today.is_some_and(|today| ignore.expired(today));
        let covers = |operation: Option<&OperationKey>, component: Option<&str>, at: &str| {
            let direction = change.direction;
            ignore
                .covers(change.rule, &Subject { operation, component, direction, at: Some(at), value: None })
        };
        let everywhere = !change.affects.is_empty()
            && change.affects.iter().all(|place| covers(Some(&place.operation), None, &place.at));
        holds && (covers(change.operation.as_ref(), change.component.as_deref(), &change.at) || everywhere)
    })
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn globs() {
        for (glob, text, expected) in [
            ("GET /v1/*", "GET /v1/a/b", true),
            ("GET /v1/*", "POST /v1/a", false),
            ("*/ports*", "GET /v1/ports/{id}", true),
            ("*", "", true),
            ("GET /a", "GET /a", true),
            ("GET /a", "GET /ab", false),
            ("*b*b", "ab", false),
        ] {
            assert_eq!(matches(glob, text), expected, "{glob} {text}");
        }
    }
}
