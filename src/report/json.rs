//! The report for programs: one object, described by the schemas in
//! docs/schema/. The types are the frozen outside form (contract: JSON).

use std::collections::BTreeMap;

use serde::Serialize;

use super::plain::plain_json;
use super::{
    CheckReport, Format, HistoryReport, InputProblem, NotesReport, Report, ReportError, ScanReport,
    UpgradeReport, notes,
};
use crate::finding::{Finding, Settled};
use crate::lifecycle::Place;
use crate::lifecycle::ledger::{self, ItemView, OperationView, PlaceView, ReplacementView};
use crate::policy::Policy;
use crate::rules::{JudgedCall, Rule};

/// JSON, one object.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

impl Format for Json {
    fn render(&self, report: &Report<'_>) -> Result<String, ReportError> {
        let value = match report {
            Report::History(report) => history(report)?,
            Report::Diff(report) => super::diff::json(report, serde_json::to_value(Head::of("diff"))?)?,
            Report::Check(report) => serde_json::to_value(check(report))?,
            Report::Scan(report) => serde_json::to_value(scan(report))?,
            Report::Upgrade(report) => serde_json::to_value(upgrade(report))?,
            Report::Notes(report) => serde_json::to_value(notes_view(report))?,
            Report::Pull(report) => {
                let problems = serde_json::to_value(problems(&report.problems))?;
                super::pull::json(report, serde_json::to_value(Head::of("pull"))?, problems)?
            }
            Report::Rules(rules) => {
                let rules: Vec<RuleView> = rules.iter().map(|rule| RuleView::from(*rule)).collect();
                serde_json::to_value(RulesView { head: Head::of("rules"), rules })?
            }
            Report::Explain(rule) => serde_json::to_value(RulesView {
                head: Head::of("explain"),
                rules: vec![RuleView::from(*rule)],
            })?,
        };
        let mut text = serde_json::to_string_pretty(&value)?;
        text.push('\n');
        Ok(plain_json(text))
    }
}

#[derive(Serialize)]
struct Head {
    sunwatch: &'static str,
    command: &'static str,
    schema: u32,
}

impl Head {
    fn of(command: &'static str) -> Self {
        Self { sunwatch: env!("CARGO_PKG_VERSION"), command, schema: ledger::SCHEMA }
    }
}

#[derive(Serialize)]
struct ProblemView<'r> {
    file: &'r str,
    release: &'r str,
    line: usize,
    column: usize,
    message: &'r str,
    lost: bool,
}

fn problems(problems: &[InputProblem]) -> Vec<ProblemView<'_>> {
    problems
        .iter()
        .map(|problem| ProblemView {
            file: &problem.file,
            release: problem.release.as_str(),
            line: problem.line,
            column: problem.column,
            message: &problem.message,
            lost: problem.lost,
        })
        .collect()
}

#[derive(Serialize)]
struct HistoryView<'r> {
    #[serde(flatten)]
    head: Head,
    server_paths: Vec<String>,
    server_hosts: Vec<String>,
    titles: Vec<String>,
    releases: Vec<ledger::ReleaseView>,
    items: Vec<ItemView>,
    problems: Vec<ProblemView<'r>>,
}

fn history(report: &HistoryReport<'_>) -> Result<serde_json::Value, serde_json::Error> {
    let ledger::LedgerView { server_paths, server_hosts, titles, releases, mut items, .. } =
        ledger::views(report.history, report.policy);
    if let Some(places) = &report.places {
        for (item, places) in items.iter_mut().zip(places) {
            item.places = places.iter().map(place).collect();
        }
    }
    let problems = problems(&report.problems);
    serde_json::to_value(HistoryView {
        head: Head::of("history"),
        server_paths,
        server_hosts,
        titles,
        releases,
        items,
        problems,
    })
}

fn place(place: &Place) -> PlaceView {
    PlaceView {
        method: place.operation.method.to_string(),
        path: place.operation.path.to_string(),
        direction: place.direction.to_string(),
        status: place.status.clone(),
        media_type: Some(place.media_type.clone()),
        at: place.at.clone(),
    }
}

/// A finding of any command.
#[derive(Serialize)]
struct FindingView<'r> {
    rule: &'static str,
    level: &'static str,
    kind: Option<&'static str>,
    operation: Option<OperationView>,
    component: Option<&'r str>,
    at: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'r str>,
    directions: Vec<String>,
    deprecated: Option<String>,
    removed: Option<String>,
    removable: BTreeMap<String, Option<String>>,
    replacement: Option<ReplacementView>,
    channels: Vec<String>,
    message: &'r str,
    facts: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<&'static str>,
    file: Option<&'r str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    /// Why an exception covers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
    /// What covers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
}

fn finding<'r>(finding: &'r Finding, policy: &Policy, calendar: &crate::policy::Calendar) -> FindingView<'r> {
    let item = finding.item.as_ref();
    let life = finding.life.as_deref().map(|life| ledger::view(life, policy, calendar));
    let spot = finding.spot.as_ref();
    let (deprecated, removed, removable, replacement) = match life {
        Some(life) => (life.deprecated, life.removed, life.removable, life.replacement),
        None => (None, None, BTreeMap::new(), None),
    };
    FindingView {
        rule: finding.rule,
        level: finding.level.as_str(),
        kind: finding.kind().map(|kind| kind.as_str()),
        operation: finding.operation().map(Into::into),
        component: item.and_then(|item| item.component.as_deref()),
        at: item.map(|item| item.at.as_str()),
        value: item.and_then(|item| item.value.as_deref()),
        directions: finding.directions.iter().map(ToString::to_string).collect(),
        deprecated,
        removed,
        removable,
        replacement,
        channels: finding.channels.iter().map(ToString::to_string).collect(),
        message: &finding.message,
        facts: &finding.facts,
        confidence: finding.confidence.map(|confidence| confidence.as_str()),
        file: spot.map(|spot| spot.file.as_str()),
        line: spot.map(|spot| spot.line),
        column: spot.map(|spot| spot.column),
        end_line: spot.map(|spot| spot.end_line),
        end_column: spot.map(|spot| spot.end_column),
        reason: None,
        by: None,
    }
}

fn settled<'r>(
    settled: &'r Settled,
    policy: &Policy,
    calendar: &crate::policy::Calendar,
) -> (Vec<FindingView<'r>>, Vec<FindingView<'r>>) {
    let findings = settled.findings.iter().map(|found| finding(found, policy, calendar)).collect();
    let ignored = settled.ignored.iter().map(|ignored| {
        let view = finding(&ignored.finding, policy, calendar);
        FindingView { reason: Some(&ignored.reason), by: Some(ignored.by.as_str()), ..view }
    });
    (findings, ignored.collect())
}

#[derive(Serialize)]
struct CheckView<'r> {
    #[serde(flatten)]
    head: Head,
    old: String,
    new: String,
    channels: Vec<String>,
    findings: Vec<FindingView<'r>>,
    ignored: Vec<FindingView<'r>>,
    kept: Vec<ItemView>,
    problems: Vec<ProblemView<'r>>,
}

fn check<'r>(report: &'r CheckReport<'_>) -> CheckView<'r> {
    let calendar = report.history.calendar(report.policy);
    let (findings, ignored) = settled(&report.settled, report.policy, &calendar);
    CheckView {
        head: Head::of("check"),
        old: report.old.to_string(),
        new: report.new.to_string(),
        channels: report.channels.iter().map(ToString::to_string).collect(),
        findings,
        ignored,
        kept: report.kept.iter().map(|item| ledger::view(item, report.policy, &calendar)).collect(),
        problems: problems(&report.problems),
    }
}

#[derive(Serialize)]
struct CallView<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    language: &'static str,
    method: Option<String>,
    url: &'r str,
    operation: Option<OperationView>,
    confidence: &'static str,
    via: &'static str,
    in_test: bool,
    generated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sdk: Option<SdkView<'r>>,
    status: &'static str,
    deprecated: Option<String>,
    removed: Option<String>,
    removable: BTreeMap<String, Option<String>>,
    replacement: Option<ReplacementView>,
    findings: Vec<&'static str>,
}

/// A method of a generated client.
#[derive(Serialize)]
struct SdkView<'r> {
    package: &'r str,
    class: &'r str,
    method: &'r str,
    pinned: Option<&'r str>,
}

#[derive(Serialize)]
struct FilesView<'r> {
    seen: usize,
    scanned: usize,
    skipped: Vec<SkippedView<'r>>,
}

#[derive(Serialize)]
struct SkippedView<'r> {
    file: &'r str,
    reason: String,
    /// Whether calls may have been missed for it.
    failed: bool,
}

#[derive(Serialize)]
struct ScanView<'r> {
    #[serde(flatten)]
    head: Head,
    #[serde(flatten)]
    body: ScanBody<'r>,
}

#[derive(Serialize)]
struct ScanBody<'r> {
    from: Option<String>,
    to: String,
    channel: Option<String>,
    calls: Vec<CallView<'r>>,
    findings: Vec<FindingView<'r>>,
    ignored: Vec<FindingView<'r>>,
    files: FilesView<'r>,
    problems: Vec<ProblemView<'r>>,
}

fn call<'r>(
    judged: &'r JudgedCall,
    report: &ScanReport<'_>,
    calendar: &crate::policy::Calendar,
) -> CallView<'r> {
    let call = &judged.call;
    let life = judged.life.as_ref().map(|life| ledger::view(life, report.policy, calendar));
    let (deprecated, removed, removable, replacement) = match life {
        Some(life) => (life.deprecated, life.removed, life.removable, life.replacement),
        None => (None, None, BTreeMap::new(), None),
    };
    // What the policy turned off or covers is not among the findings.
    let is_reported = |finding: &Finding| {
        report.settled.findings.iter().any(|kept| kept.rule == finding.rule && kept.spot == finding.spot)
    };
    let mut rules: Vec<&str> = Vec::new();
    for finding in judged.finding.iter().chain(&judged.fields).filter(|finding| is_reported(finding)) {
        if !rules.contains(&finding.rule) {
            rules.push(finding.rule);
        }
    }
    CallView {
        file: &call.file,
        line: call.line,
        column: call.column,
        end_line: call.end_line,
        end_column: call.end_column,
        language: call.language.as_str(),
        method: call.method.as_ref().map(ToString::to_string),
        url: &call.url,
        operation: judged.operation.as_ref().map(Into::into),
        confidence: call.confidence.as_str(),
        via: call.via.as_str(),
        in_test: call.in_test,
        generated: call.generated,
        sdk: call.sdk.as_ref().map(|sdk| SdkView {
            package: &sdk.package,
            class: &sdk.class,
            method: &sdk.method,
            pinned: sdk.pinned.as_deref(),
        }),
        status: judged.status.as_str(),
        deprecated,
        removed,
        removable,
        replacement,
        findings: rules,
    }
}

fn scan_body<'r>(report: &'r ScanReport<'_>) -> ScanBody<'r> {
    let calendar = report.history.calendar(report.policy);
    let (findings, ignored) = settled(&report.settled, report.policy, &calendar);
    let skipped = report.files.skipped.iter().map(|skipped| SkippedView {
        file: &skipped.file,
        reason: skipped.reason.to_string(),
        failed: skipped.reason.is_failure(),
    });
    ScanBody {
        from: report.from.as_ref().map(ToString::to_string),
        to: report.to.to_string(),
        channel: report.channel.as_ref().map(ToString::to_string),
        calls: report.calls.iter().map(|judged| call(judged, report, &calendar)).collect(),
        findings,
        ignored,
        files: FilesView {
            seen: report.files.seen,
            scanned: report.files.scanned,
            skipped: skipped.collect(),
        },
        problems: problems(&report.problems),
    }
}

fn scan<'r>(report: &'r ScanReport<'_>) -> ScanView<'r> {
    ScanView { head: Head::of("scan"), body: scan_body(report) }
}

#[derive(Serialize)]
struct UpgradeView<'r> {
    #[serde(flatten)]
    head: Head,
    verdict: &'static str,
    #[serde(flatten)]
    body: ScanBody<'r>,
    outlook: Vec<OutlookView>,
}

/// An operation that goes, or is on its way out.
#[derive(Serialize)]
struct OutlookView {
    operation: Option<OperationView>,
    status: &'static str,
    deprecated: Option<String>,
    removed: Option<String>,
    removable: BTreeMap<String, Option<String>>,
    replacement: Option<ReplacementView>,
    /// The calls of it, as indexes into `calls`.
    calls: Vec<usize>,
}

fn upgrade<'r>(report: &'r UpgradeReport<'_>) -> UpgradeView<'r> {
    let calendar = report.scan.history.calendar(report.scan.policy);
    let outlook = report.outlook.iter().map(|entry| {
        let life = ledger::view(entry.item, report.scan.policy, &calendar);
        OutlookView {
            operation: life.operation,
            status: entry.status.as_str(),
            deprecated: life.deprecated,
            removed: life.removed,
            removable: life.removable,
            replacement: life.replacement,
            calls: entry.calls.clone(),
        }
    });
    UpgradeView {
        head: Head::of("upgrade"),
        verdict: report.verdict.as_str(),
        outlook: outlook.collect(),
        body: scan_body(&report.scan),
    }
}

#[derive(Serialize)]
struct NotesView<'r> {
    #[serde(flatten)]
    head: Head,
    old: String,
    new: String,
    channels: Vec<String>,
    removed: Vec<ItemView>,
    deprecated: Vec<ItemView>,
    scheduled: Vec<ItemView>,
    breaking: Vec<ItemView>,
    added: Vec<ItemView>,
    problems: Vec<ProblemView<'r>>,
}

fn notes_view<'r>(report: &'r NotesReport<'_>) -> NotesView<'r> {
    let parts = notes::parts(report);
    let views = |items: &[&crate::lifecycle::Item]| -> Vec<ItemView> {
        items.iter().map(|item| ledger::view(item, report.policy, &report.calendar)).collect()
    };
    NotesView {
        head: Head::of("notes"),
        old: report.old.to_string(),
        new: report.new.to_string(),
        channels: report.channels.iter().map(ToString::to_string).collect(),
        removed: views(&parts.removed),
        deprecated: views(&parts.deprecated),
        scheduled: views(&parts.scheduled),
        breaking: views(&parts.breaking),
        added: views(&parts.added),
        problems: problems(&report.problems),
    }
}

#[derive(Serialize)]
struct RulesView {
    #[serde(flatten)]
    head: Head,
    rules: Vec<RuleView>,
}

#[derive(Serialize)]
struct RuleView {
    id: &'static str,
    summary: &'static str,
    group: &'static str,
    level: &'static str,
    breaks: &'static [&'static str],
    since: &'static str,
    page: &'static str,
}

impl From<&Rule> for RuleView {
    fn from(rule: &Rule) -> Self {
        Self {
            id: rule.id,
            summary: rule.summary,
            group: rule.group.as_str(),
            level: rule.level.as_str(),
            breaks: rule.breaks,
            since: rule.since,
            page: rule.page,
        }
    }
}
