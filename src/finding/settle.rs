//! What becomes of findings: levels and exceptions of the policy, suppressions
//! in the code, the baseline, and the lines that changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::baseline::Baseline;
use super::fingerprint::identities;
use super::suppress::Suppressions;
use super::{Finding, Level, Spot};
use crate::policy::{Policy, Subject};
use crate::release::Date;
use crate::scan::Confidence;

/// What keeps a finding out of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// `sunwatch: ignore[...]` in the code.
    Line,
    /// An `[[ignore]]` of the policy.
    Policy,
    /// The baseline.
    Baseline,
    /// No line of it has changed since the revision that was asked about.
    Unchanged,
    /// `[levels]` turns the rule off.
    Off,
}

impl Cover {
    /// The word in reports for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Policy => "policy",
            Self::Baseline => "baseline",
            Self::Unchanged => "unchanged",
            Self::Off => "off",
        }
    }
}

/// A finding that is not reported.
#[derive(Clone, Debug)]
pub struct Ignored {
    /// The finding.
    pub finding: Finding,
    /// Why it is an exception.
    pub reason: String,
    /// What says so.
    pub by: Cover,
}

/// Findings after everything that keeps some of them out.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// What is reported, in the order of reports.
    pub findings: Vec<Finding>,
    /// What is not reported.
    pub ignored: Vec<Ignored>,
    /// The baseline of this run, if it was to be written.
    pub baseline: Option<Baseline>,
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

    /// How many findings are kept out in that way.
    pub fn covered(&self, by: Cover) -> usize {
        self.ignored.iter().filter(|ignored| ignored.by == by).count()
    }
}

/// What is known of rules where findings are settled.
pub trait Catalogue {
    /// Whether a run has asked that rule, so that an exception for it should
    /// have matched something.
    fn was_asked(&self, rule: &str) -> bool;

    /// The level of a rule unless the policy sets another.
    fn level(&self, rule: &str) -> Option<Level>;

    /// All rules.
    fn ids(&self) -> Vec<&'static str>;
}

/// What keeps findings in client code out, besides the policy.
#[derive(Default)]
pub struct Filters<'f> {
    /// The text of files that may hold suppressions.
    pub sources: Option<&'f BTreeMap<String, Arc<str>>>,
    /// What was there before.
    pub baseline: Option<BaselineUse<'f>>,
    /// Whether a file has changed in some of its lines.
    pub changed: Option<&'f Changed<'f>>,
}

/// Whether lines of a file have changed.
pub type Changed<'f> = dyn Fn(&str, RangeInclusive<usize>) -> bool + 'f;

/// A baseline and what is to be done with it.
pub struct BaselineUse<'f> {
    /// The baseline; an empty one where it is written for the first time.
    pub known: &'f Baseline,
    /// Whether the findings of this run are put into a new one.
    pub update: bool,
    /// The name that a file has in the baseline.
    pub named: &'f dyn Fn(&str) -> String,
    /// Whether this run looked at a file, by its name in the baseline.
    pub looked_at: &'f dyn Fn(&str) -> bool,
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
    settle_client(findings, policy, rules, today, &Filters::default())
}

/// As [`settle`], for findings in client code.
pub fn settle_client(
    findings: Vec<Finding>,
    policy: &Policy,
    rules: impl Catalogue,
    today: Option<Date>,
    filters: &Filters<'_>,
) -> Settled {
    let mut settled = Settled::default();
    let mut exceptions = Exceptions { policy, used: vec![false; policy.ignores.len()], today };
    let mut suppressions =
        filters.sources.map(|sources| Suppressions::read(sources, &rules)).unwrap_or_default();
    let baseline = filters.baseline.as_ref();
    let identities = baseline.map(|found| identities(&findings, found.named));
    let mut matched = BTreeSet::new();
    let mut fresh = Vec::new();
    for (at, mut finding) in findings.into_iter().enumerate() {
        let off = match policy.level(finding.rule).map(Level::set) {
            Some(Some(level)) => {
                finding.level = level;
                false
            }
            Some(None) => true,
            None => false,
        };
        // What is not sure enough never fails a run.
        if finding.confidence == Some(Confidence::Low) {
            finding.level = Level::Note;
        }
        // All are asked, so that none is called unused for another's sake.
        let line = suppressions.cover(&finding).map(|reason| (Cover::Line, reason));
        let exception = exceptions.cover(&finding).map(|reason| (Cover::Policy, reason));
        let identity = identities.as_ref().and_then(|all| all.get(at));
        let mut cover = off.then(|| (Cover::Off, format!("{} is off in the policy", finding.rule)));
        cover = cover.or(line).or(exception);
        if let (Some(baseline), Some(identity)) = (baseline, identity) {
            let fingerprint = identity.fingerprint();
            let known = baseline.known.knows(&fingerprint);
            if cover.is_none() && (known || baseline.update) {
                cover = Some((Cover::Baseline, "in the baseline".to_owned()));
                fresh.push(identity.clone());
            }
            if known {
                matched.insert(fingerprint);
            }
        }
        if cover.is_none() && !is_changed(&finding, filters) {
            cover = Some((Cover::Unchanged, "its lines have not changed".to_owned()));
        }
        match cover {
            Some((by, reason)) => settled.ignored.push(Ignored { finding, reason, by }),
            None => settled.findings.push(finding),
        }
    }
    let mut more = exceptions.findings(&rules);
    more.extend(suppressions.findings(&rules));
    if let Some(BaselineUse { known, update, looked_at, .. }) = baseline {
        if *update {
            let file = known.file.clone();
            let kept = |file: &str| !looked_at(file);
            settled.baseline = Some(Baseline::of(&file, fresh).with(known, kept));
        } else {
            let level = rules.level("baseline-unmatched").unwrap_or(Level::Note);
            more.extend(known.unmatched(&matched, level, looked_at));
        }
    }
    for mut finding in more {
        match policy.level(finding.rule).map(Level::set) {
            Some(None) => continue,
            Some(Some(level)) => finding.level = level,
            None => {}
        }
        if is_changed(&finding, filters) {
            settled.findings.push(finding);
        }
    }
    settled.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    settled.ignored.sort_by(|a, b| a.finding.order().cmp(&b.finding.order()));
    settled
}

/// Whether a finding stands at lines that have changed, or nobody asks.
fn is_changed(finding: &Finding, filters: &Filters<'_>) -> bool {
    let (Some(changed), Some(spot)) = (filters.changed, &finding.spot) else { return true };
    changed(&spot.file, spot.line..=spot.end_line)
        || finding.request_line.is_some_and(|line| changed(&spot.file, line..=line))
}

/// The policy's `[[ignore]]` entries at work.
struct Exceptions<'p> {
    policy: &'p Policy,
    used: Vec<bool>,
    today: Option<Date>,
}

impl Exceptions<'_> {
    /// The reason of the exception that covers a finding.
    fn cover(&mut self, finding: &Finding) -> Option<String> {
        let subjects = subjects(finding);
        let file = finding.spot.as_ref().map(|spot| spot.file.as_str());
        let mut reason = None;
        for (ignore, used) in self.policy.ignores.iter().zip(&mut self.used) {
            if subjects.iter().any(|subject| ignore.covers(finding.rule, subject)) && ignore.covers_file(file)
            {
                *used = true;
                if reason.is_none() && !self.today.is_some_and(|today| ignore.expired(today)) {
                    reason = Some(ignore.reason.value.clone());
                }
            }
        }
        reason
    }

    /// What is to be said about the exceptions themselves.
    fn findings(&self, rules: &impl Catalogue) -> Vec<Finding> {
        let mut out = Vec::new();
        for (ignore, used) in self.policy.ignores.iter().zip(&self.used) {
            let expired = self.today.is_some_and(|today| ignore.expired(today));
            let what = format!("the exception for {} of {}", ignore.rule.value, ignore.item.value.as_str());
            let (rule, message) = if *used && expired {
                ("ignore-expired", format!("{what} ended on {}", ignore.until.value))
            } else if !used && rules.was_asked(&ignore.rule.value) {
                ("ignore-unused", format!("{what} matches nothing"))
            } else {
                continue;
            };
            let mut finding = Finding::plain(rule, rules.level(rule).unwrap_or(Level::Note), message);
            finding.facts.push(format!("its reason was: {}", ignore.reason.value));
            let (line, column) = (ignore.rule.line as usize, ignore.rule.column as usize);
            let end_column = column + ignore.rule.value.chars().count() + 2;
            let file = self.policy.file.clone();
            finding.spot = Some(Spot { file, line, column, end_line: line, end_column, span: None });
            out.push(finding);
        }
        out
    }
}

/// What a finding is about: the item, and for a field that a call uses the place
/// in the operation's payload too.
fn subjects(finding: &Finding) -> Vec<Subject<'_>> {
    let item = subject(finding);
    let placed = finding.place.as_deref().zip(finding.called.as_ref()).map(|(at, operation)| Subject {
        operation: Some(operation),
        at: Some(at),
        direction: finding.directions.first().copied(),
        ..Subject::default()
    });
    std::iter::once(item).chain(placed).collect()
}

fn subject(finding: &Finding) -> Subject<'_> {
    let mut subject = finding.life.as_deref().map(crate::lifecycle::subject).unwrap_or_default();
    if subject.operation.is_none() && subject.component.is_none() {
        subject.operation = finding.operation();
    }
    subject
}
