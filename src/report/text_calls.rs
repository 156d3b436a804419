//! Calls of client code for people: `scan` and `upgrade`.

use super::text::{Text, covered, missing, tally};
use super::{OutlookEntry, ScanReport, UpgradeReport, UpgradeVerdict, counted};
use crate::finding::{Finding, Level};
use crate::rules::{CallStatus, JudgedCall};

/// How many entries of a list are shown without `-v`.
const SHOWN: usize = 12;

pub(super) fn scan(report: &ScanReport<'_>, text: Text) -> String {
    let mut out = findings(report, text);
    let last = format!("{} {}\n", summary(report), advice(report));
    out.push_str(&text.bold(&last));
    out
}

fn findings(report: &ScanReport<'_>, text: Text) -> String {
    let all: Vec<&Finding> = report.settled.findings.iter().collect();
    text.findings(&all, |file| report.sources.get(file).map(|source| source.to_string()))
}

/// Whether a call goes on working, with all that it is seen to use.
fn is_fine(judged: &JudgedCall) -> bool {
    judged.status == CallStatus::Current && judged.fields.is_empty()
}

fn summary(report: &ScanReport<'_>) -> String {
    // A generated client's methods are not what people call.
    let written = || report.calls.iter().filter(|call| !call.call.generated);
    let count = written().count();
    let generated = report.calls.len() - count;
    let current = written().filter(|call| is_fine(call)).count();
    let fine = match (count, current) {
        (0, _) | (_, 0) => None,
        (all, current) if all == current => Some("all fine".to_owned()),
        (_, current) => Some(format!("{current} fine")),
    };
    let mut parts: Vec<String> = [tally(&report.settled), fine].into_iter().flatten().collect();
    parts.extend(covered(&report.settled));
    let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    format!(
        "{}{} in {}, judged for {}{parts}.{}{}",
        counted(count, "call", "calls"),
        if generated == 0 {
            String::new()
        } else {
            format!(" and {}", counted(generated, "generated method", "generated methods"))
        },
        counted(report.files.scanned, "file", "files"),
        report.to,
        missing(&report.problems, failed(report)),
        left_out(report)
    )
}

/// A sentence about the files that were left out on purpose, if any were.
fn left_out(report: &ScanReport<'_>) -> String {
    let mut reasons: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for skipped in report.files.skipped.iter().filter(|skipped| !skipped.reason.is_failure()) {
        *reasons.entry(skipped.reason.to_string()).or_default() += 1;
    }
    if reasons.is_empty() {
        return String::new();
    }
    let parts: Vec<String> = reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    format!(" Left out: {}.", parts.join(", "))
}

/// How many files may have calls that were missed.
fn failed(report: &ScanReport<'_>) -> usize {
    report.files.skipped.iter().filter(|skipped| skipped.reason.is_failure()).count()
}

/// The one thing to do next.
fn advice(report: &ScanReport<'_>) -> String {
    match report.settled.worst() {
        Some(Level::Error) => {
            let count = report.settled.count(Level::Error);
            format!("Mend the {} before using {}.", counted(count, "error", "errors"), report.to)
        }
        Some(Level::Warning) => {
            "Nothing breaks that is known; look at what is marked `warning` next.".to_owned()
        }
        Some(Level::Note) => "Nothing has to be done now.".to_owned(),
        None if report.files.scanned == 0 => "Nothing was scanned: check the paths.".to_owned(),
        None if !missing(&report.problems, failed(report)).is_empty() => {
            "Look at the rest by hand.".to_owned()
        }
        None => "Nothing to do.".to_owned(),
    }
}

pub(super) fn upgrade(report: &UpgradeReport<'_>, text: Text) -> String {
    let scan = &report.scan;
    let mut out = String::new();
    let (word, level) = match report.verdict {
        UpgradeVerdict::Safe => ("safe", Level::Note),
        UpgradeVerdict::Attention => ("attention", Level::Warning),
        UpgradeVerdict::Blocked => ("blocked", Level::Error),
    };
    let channel = scan.channel.as_ref().map(|channel| format!(" ({channel})")).unwrap_or_default();
    out.push_str(&format!(
        "{} {}\n\n",
        text.bold(&format!("Upgrade from {} to {}{channel}:", report.from, scan.to)),
        text.level(level, word)
    ));
    out.push_str(&findings(scan, text));
    let gone: Vec<&OutlookEntry<'_>> =
        report.outlook.iter().filter(|entry| entry.status == CallStatus::Removed).collect();
    let going: Vec<&OutlookEntry<'_>> = report
        .outlook
        .iter()
        .filter(|entry| matches!(entry.status, CallStatus::Removable | CallStatus::NearRemoval))
        .collect();
    let deprecated = report.outlook.iter().filter(|entry| entry.status == CallStatus::Deprecated).count();
    list(&mut out, report, &format!("Gone in {}", scan.to), &gone, text);
    list(&mut out, report, &format!("Near the end or past it in {}", scan.to), &going, text);
    if deprecated > 0 {
        let what =
            counted(deprecated, "further operation is deprecated", "further operations are deprecated");
        out.push_str(&format!("{what} in {}, with time left.\n\n", scan.to));
    }
    fine(&mut out, report, text);
    let last = match report.verdict {
        UpgradeVerdict::Safe => format!("{} The upgrade is safe for these clients.\n", summary(scan)),
        UpgradeVerdict::Attention if scan.settled.worst() < Some(Level::Warning) => {
            format!("{} {}\n", summary(scan), advice(scan))
        }
        UpgradeVerdict::Attention => {
            format!(
                "{} Nothing breaks in {}; look at the warnings before the upgrade after it.\n",
                summary(scan),
                scan.to
            )
        }
        UpgradeVerdict::Blocked => {
            let broken = scan.settled.count(Level::Error);
            format!(
                "{} Mend the {} above, then upgrade.\n",
                summary(scan),
                counted(broken, "error", "errors")
            )
        }
    };
    out.push_str(&text.bold(&last));
    out
}

fn list(
    out: &mut String,
    report: &UpgradeReport<'_>,
    title: &str,
    entries: &[&OutlookEntry<'_>],
    text: Text,
) {
    if entries.is_empty() {
        return;
    }
    out.push_str(&text.bold(&format!("{title} ({})\n", counted(entries.len(), "operation", "operations"))));
    // What clients call comes first.
    let mut sorted = entries.to_vec();
    sorted.sort_by_key(|entry| std::cmp::Reverse(entry.calls.len()));
    let shown = if report.scan.verbose {
        sorted.len()
    } else {
        SHOWN.max(sorted.iter().filter(|e| !e.calls.is_empty()).count())
    };
    for entry in sorted.iter().take(shown) {
        let when = match (&entry.item.removed, &entry.removable) {
            (Some(removed), _) if entry.status == CallStatus::Removed => format!("removed in {removed}"),
            (_, Some(removable)) => format!("removable from {removable}"),
            _ => String::new(),
        };
        let instead = entry.replacement.as_ref().map(|text| format!(", use {text}")).unwrap_or_default();
        let key = &entry.item.key;
        let callers = match entry.calls.len() {
            0 => "not called".to_owned(),
            count => text.level(Level::Warning, &counted(count, "call", "calls")),
        };
        out.push_str(&format!("  {key}: {when}{instead} ({callers})\n"));
    }
    if sorted.len() > shown {
        out.push_str(&format!("  and {} more that are not called (-v lists them)\n", sorted.len() - shown));
    }
    out.push('\n');
}

/// The calls that go on working.
fn fine(out: &mut String, report: &UpgradeReport<'_>, text: Text) {
    let calls: Vec<_> =
        report.scan.calls.iter().filter(|judged| is_fine(judged) && !judged.call.generated).collect();
    if calls.is_empty() {
        return;
    }
    out.push_str(&text.bold(&format!(
        "Fine in {} ({})\n",
        report.scan.to,
        counted(calls.len(), "call", "calls")
    )));
    let shown = if report.scan.verbose { calls.len() } else { SHOWN };
    for judged in calls.iter().take(shown) {
        let name = judged.operation.as_ref().map_or_else(|| judged.call.url.clone(), ToString::to_string);
        out.push_str(&format!("  {}:{}: {name}\n", judged.call.file, judged.call.line));
    }
    if calls.len() > shown {
        out.push_str(&format!("  and {} more (-v lists them)\n", calls.len() - shown));
    }
    out.push('\n');
}
