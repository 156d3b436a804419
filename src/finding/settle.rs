//! Levels and exceptions of the policy, applied to findings.

use super::{Finding, Level, Spot};
use crate::policy::{Policy, Subject};
use crate::release::Date;
use crate::scan::Confidence;

/// A finding that an `[[ignore]]` covers.
#[derive(Clone, Debug)]
pub struct Ignored {
    /// The finding.
    pub finding: Finding,
    /// Why it is an exception.
    pub reason: String,
}

/// Findings after the policy's levels and exceptions.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// What is reported, in the order of reports.
    pub findings: Vec<Finding>,
    /// What exceptions cover.
    pub ignored: Vec<Ignored>,
}

impl Settled {
    /// How many findings there are of a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// The worst level there is.
    pub fn worst(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.level).max()
    }
}

/// What is known of rules where findings are settled.
pub trait Catalogue {
    /// Whether a run has asked that rule, so that an exception for it should
    /// have matched something.
    fn was_asked(&self, rule: &str) -> bool;

    /// The level of a rule unless the policy sets another.
    fn level(&self, rule: &str) -> Option<Level>;
}

/// Gives findings the policy's levels, takes out those that are off or covered
/// by an `[[ignore]]`, and reports exceptions that match nothing although their
/// rule was asked, or have run out. `today` is needed for exceptions with an
/// end; without it they hold.
pub fn settle(
    findings: Vec<Finding>,
    policy: &Policy,
    rules: impl Catalogue,
    today: Option<Date>,
) -> Settled {
    let mut settled = Settled::default();
    let mut used = vec![false; policy.ignores.len()];
    for mut finding in findings {
        match policy.level(finding.rule).map(Level::set) {
            Some(None) => continue,
            Some(Some(level)) => finding.level = level,
            None => {}
        }
        // What is not sure enough never fails a run.
        if finding.confidence == Some(Confidence::Low) {
            finding.level = Level::Note;
        }
        let covers = |at: &usize| policy.ignores[*at].covers(finding.rule, &subject(&finding));
        let matching: Vec<usize> = (0..policy.ignores.len()).filter(covers).collect();
        for at in &matching {
            used[*at] = true;
        }
        let holds = |at: &&usize| !today.is_some_and(|today| policy.ignores[**at].expired(today));
        match matching.iter().find(holds) {
            Some(at) => {
                let reason = policy.ignores[*at].reason.value.clone();
                settled.ignored.push(Ignored { finding, reason });
            }
            None => settled.findings.push(finding),
        }
    }
    for (ignore, used) in policy.ignores.iter().zip(used) {
        let was_asked = rules.was_asked(&ignore.rule.value);
        let expired = today.is_some_and(|today| ignore.expired(today));
        let (rule, message) = if used && expired {
            let what = format!(
                "the exception for {} of {} ended on {}",
                ignore.rule.value,
                ignore.item.value.as_str(),
                ignore.until.value
            );
            ("ignore-expired", what)
        } else if !used && was_asked {
            let what = format!(
                "the exception for {} of {} matches nothing",
                ignore.rule.value,
                ignore.item.value.as_str()
            );
            ("ignore-unused", what)
        } else {
            continue;
        };
        let level = match policy.level(rule).map(Level::set) {
            Some(None) => continue,
            Some(Some(level)) => level,
            None => rules.level(rule).unwrap_or(Level::Note),
        };
        let mut finding = Finding::plain(rule, level, message);
        finding.facts.push(format!("its reason was: {}", ignore.reason.value));
        let (line, column) = (ignore.rule.line as usize, ignore.rule.column as usize);
        let end_column = column + ignore.rule.value.chars().count() + 2;
        finding.spot =
            Some(Spot { file: policy.file.clone(), line, column, end_line: line, end_column, span: None });
        settled.findings.push(finding);
    }
    settled.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    settled.ignored.sort_by(|a, b| a.finding.order().cmp(&b.finding.order()));
    settled
}

fn subject(finding: &Finding) -> Subject<'_> {
    let mut subject = finding.life.as_deref().map(crate::lifecycle::subject).unwrap_or_default();
    if subject.operation.is_none() && subject.component.is_none() {
        subject.operation = finding.operation();
    }
    subject
}
