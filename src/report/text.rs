//! The report for people.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};

use super::plain::plain;
use super::{
    CheckReport, Format, InputProblem, Report, ReportError, counted, excerpt, notes, text_calls, text_diff,
    text_history,
};
use crate::finding::{Cover, Finding, Level, Settled};
use crate::rules::{self, Rule};

/// Plain text, with colours if asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Text {
    /// Whether to use colours.
    pub colour: bool,
}

impl Format for Text {
    fn render(&self, report: &Report<'_>) -> Result<String, ReportError> {
        let text = match report {
            Report::History(report) => text_history::render(report, *self),
            Report::Diff(report) => text_diff::render(report, *self),
            Report::Check(report) => check(report, *self),
            Report::Scan(report) => text_calls::scan(report, *self),
            Report::Upgrade(report) => text_calls::upgrade(report, *self),
            Report::Notes(report) => notes::render(report),
            Report::Pull(report) => super::pull::text(report, *self),
            Report::Rules(rules) => catalogue(rules, *self),
            Report::Explain(rule) => explain(rule),
        };
        Ok(plain(&text, self.colour).into_owned())
    }
}

impl Text {
    pub(super) fn styled(self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.styled(Style::new().bold(), text)
    }

    pub(super) fn level(self, level: Level, text: &str) -> String {
        let colour = match level {
            Level::Error => AnsiColor::BrightRed,
            Level::Warning => AnsiColor::Yellow,
            Level::Note => AnsiColor::BrightGreen,
        };
        self.styled(colour.on_default().bold(), text)
    }

    /// Findings, the worst first, each followed by an empty line.
    pub(super) fn findings(self, findings: &[&Finding], source: impl Fn(&str) -> Option<String>) -> String {
        let mut out = String::new();
        let mut sorted: Vec<&&Finding> = findings.iter().collect();
        sorted.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        for finding in sorted {
            let text = finding.spot.as_ref().and_then(|spot| source(&spot.file));
            out.push_str(&excerpt::render(finding, text.as_deref(), self.colour));
            out.push_str("\n\n");
        }
        out
    }
}

/// "2 errors, 1 warning", or `None` where there is nothing.
pub(super) fn tally(settled: &Settled) -> Option<String> {
    let names = [
        (Level::Error, "error", "errors"),
        (Level::Warning, "warning", "warnings"),
        (Level::Note, "note", "notes"),
    ];
    let parts: Vec<String> = names
        .iter()
        .map(|(level, one, many)| (settled.count(*level), one, many))
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// "2 covered by an exception of the policy", for everything that keeps findings out.
pub(super) fn covered(settled: &Settled) -> Vec<String> {
    let names = [
        (Cover::Line, "suppressed in the code"),
        (Cover::Policy, "covered by an exception of the policy"),
        (Cover::Baseline, "in the baseline"),
        (Cover::Unchanged, "at unchanged lines"),
        (Cover::Off, "of rules that are off"),
    ];
    let counts = names.iter().map(|(by, what)| (settled.covered(*by), what));
    counts.filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
}

/// A sentence about the parts that are missing, if any are.
pub(super) fn missing(problems: &[InputProblem], failed_files: usize) -> String {
    let lost = problems.iter().filter(|problem| problem.lost).count();
    let mut parts = Vec::new();
    if lost > 0 {
        parts.push(format!("{} of the documents", counted(lost, "part", "parts")));
    }
    if failed_files > 0 {
        parts.push(counted(failed_files, "client file", "client files"));
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!(" {} could not be analysed (see the warnings).", parts.join(" and "))
    }
}

/// More notes of one rule than this are listed by name.
const MANY: usize = 3;

fn check(report: &CheckReport<'_>, text: Text) -> String {
    let findings: Vec<&Finding> = report.settled.findings.iter().collect();
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &findings {
        by_rule.entry(finding.rule).or_default().push(finding);
    }
    let is_listed = |finding: &Finding| finding.level == Level::Note && by_rule[finding.rule].len() > MANY;
    let single: Vec<&Finding> = findings.iter().copied().filter(|finding| !is_listed(finding)).collect();
    let mut out = text.findings(&single, |_| None);
    for (rule, of_rule) in by_rule.iter().filter(|(_, of_rule)| is_listed(of_rule[0])) {
        let summary = rules::find(rule).map_or("", |rule| rule.summary);
        let head = text.level(Level::Note, &format!("note[{rule}]"));
        out.push_str(&format!("{head}: {}\n", text.bold(&format!("{} times: {summary}", of_rule.len()))));
        for finding in of_rule {
            let fact = finding.facts.first().map(|fact| format!(": {fact}")).unwrap_or_default();
            let name = finding.item.as_ref().map(ToString::to_string).unwrap_or_default();
            let channels: Vec<&str> = finding.channels.iter().map(|channel| channel.as_str()).collect();
            let only = if channels.is_empty() || channels.len() == report.channels.len() {
                String::new()
            } else {
                format!(" ({})", channels.join(", "))
            };
            out.push_str(&format!("  - {name}{only}{fact}\n"));
        }
        out.push('\n');
    }
    if !report.kept.is_empty() {
        let calendar = report.history.calendar(report.policy);
        out.push_str(&text.bold(&format!("Removed in time ({})\n", report.kept.len())));
        for item in &report.kept {
            let facts = rules::facts(item, report.policy, &calendar, &report.channels);
            let life = facts.first().map(|life| format!(": {life}")).unwrap_or_default();
            out.push_str(&format!("  - {}{life}\n", item.key));
        }
        out.push('\n');
    }
    let mut ignored = match report.settled.covered(Cover::Policy) {
        0 => String::new(),
        count => {
            format!(
                " {} by an exception of the policy.",
                counted(count, "finding is covered", "findings are covered")
            )
        }
    };
    let off = report.settled.covered(Cover::Off);
    if off > 0 {
        ignored.push_str(&format!(" {} of rules that are off.", counted(off, "finding is", "findings are")));
    }
    let channels: Vec<&str> = report.channels.iter().map(|channel| channel.as_str()).collect();
    let channels = if channels.is_empty() { String::new() } else { format!(" ({})", channels.join(", ")) };
    let head = format!("{} to {}{channels}", report.old, report.new);
    let missing = missing(&report.problems, 0);
    let last = match tally(&report.settled) {
        None => format!("{head}: the policy is kept.{ignored}{missing}\n"),
        Some(tally) => {
            let rule =
                findings.iter().rev().max_by_key(|finding| finding.level).map_or("", |finding| finding.rule);
            format!("{head}: {tally}.{ignored}{missing} See `sunwatch explain {rule}` for what to do.\n")
        }
    };
    out.push_str(&text.bold(&last));
    out
}

fn catalogue(rules: &[&Rule], text: Text) -> String {
    let rows: Vec<Vec<String>> = rules
        .iter()
        .map(|rule| {
            let who = if rule.breaks.is_empty() { "-".to_owned() } else { rule.breaks.join(", ") };
            vec![
                rule.id.to_owned(),
                rule.group.as_str().to_owned(),
                rule.level.to_string(),
                who,
                rule.summary.to_owned(),
            ]
        })
        .collect();
    let mut out = super::table::render(&["rule", "group", "level", "breaks", "reports that"], &rows, &[], "");
    out.push('\n');
    out.push_str(&text.bold(&format!(
        "{}. `sunwatch explain RULE` shows one in full.\n",
        counted(rules.len(), "rule", "rules")
    )));
    out
}

fn explain(rule: &Rule) -> String {
    let breaks = if rule.breaks.is_empty() { "nobody".to_owned() } else { rule.breaks.join(", ") };
    let (title, body) = rule.page.split_once('\n').unwrap_or((rule.page, ""));
    format!(
        "{title}\n\nLevel: {} · group: {} · breaks: {breaks} · since {}\n{body}",
        rule.level,
        rule.group.as_str(),
        rule.since
    )
}
