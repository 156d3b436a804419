//! `diff` for people: one entry per cause, the worst first.

use std::collections::BTreeMap;

use super::diff::place;
use super::{DiffReport, Text, counted, text};
use crate::diff::{Affected, Change, Verdict};
use crate::finding::Level;
use crate::rules;

/// Places that are listed for one cause.
const PLACES: usize = 3;
/// Notes of one rule that are listed by name.
const NOTES: usize = 3;
/// Longest witness that is shown whole.
const WITNESS: usize = 400;

pub(super) fn render(report: &DiffReport, text: Text) -> String {
    let mut out = String::new();
    let mut shown: Vec<&(Level, Change)> = report.changes.iter().collect();
    shown.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
    for (level, change) in &shown {
        if *level > Level::Note || report.all {
            entry(&mut out, report, *level, change, text);
        }
    }
    if !report.all {
        notes(&mut out, report, text);
    }
    out.push_str(&last(report, text));
    out
}

fn entry(out: &mut String, report: &DiffReport, level: Level, change: &Change, text: Text) {
    let head = text.level(level, &format!("{level}[{}]", change.rule));
    out.push_str(&format!("{head}: {}\n", text.bold(&change.message)));
    for (name, spot) in [("old", &change.old), ("new", &change.new)] {
        if let Some(spot) = spot {
            out.push_str(&format!("  --> {name} {}:{}:{}\n", spot.file, spot.line, spot.column));
        }
    }
    if change.component.is_some() {
        out.push_str(&format!("  = in {}\n", place(change)));
    }
    let who = change.breaks.words();
    match change.verdict {
        Verdict::Unknown => out.push_str("  = may break the wire: no witness was confirmed\n"),
        _ if who.is_empty() => {}
        _ => out.push_str(&format!("  = breaks {}\n", who.join(" and "))),
    }
    let limit = if report.all { usize::MAX } else { PLACES };
    let is_plain = change.affects.len() == 1 && change.component.is_none() && change.affects[0].at.is_empty();
    if !change.affects.is_empty() && !is_plain {
        let count = counted(change.affects.len(), "place", "places");
        out.push_str(&format!("  = {count}:\n"));
        for affected in change.affects.iter().take(limit) {
            out.push_str(&format!("      {}\n", affected_line(affected)));
        }
        if change.affects.len() > limit {
            out.push_str(&format!("      and {} more (--all)\n", change.affects.len() - limit));
        }
    }
    if let Some(witness) = &change.witness {
        let value = witness.value.to_string();
        let is_response = change.direction == Some(crate::document::Direction::Response);
        let said = if change.rule.ends_with("-removed") && is_response && change.at.is_empty() {
            "was sent before"
        } else if is_response { "can be sent now, could not before" } else { "was accepted, is refused" };
        if value.len() <= WITNESS || report.all {
            out.push_str(&format!("  = {said}: {value}\n"));
        } else {
            out.push_str(&format!("  = {said}: a value of {} bytes (--format json has it)\n", value.len()));
        }
        if let Some(curl) = witness.curl.as_ref().filter(|curl| curl.len() <= 2 * WITNESS || report.all) {
            out.push_str(&format!("  = try: {curl}\n"));
        }
    }
    out.push('\n');
}

fn affected_line(affected: &Affected) -> String {
    let mut line = affected.operation.to_string();
    if let Some(status) = &affected.status {
        line.push_str(&format!(" -> {status}"));
    }
    if !affected.at.is_empty() {
        line.push_str(&format!("  {}", affected.at));
    }
    line
}

/// What breaks nobody, by rule.
fn notes(out: &mut String, report: &DiffReport, text: Text) {
    let mut by_rule: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for (level, change) in &report.changes {
        if *level == Level::Note {
            by_rule.entry(change.rule).or_default().push(change);
        }
    }
    for (rule, changes) in by_rule {
        let summary = rules::find(rule).map_or("", |rule| rule.summary);
        let head = text.level(Level::Note, &format!("note[{rule}]"));
        let times = counted(changes.len(), "time", "times");
        out.push_str(&format!("{head}: {}\n", text.bold(&format!("{times}: {summary}"))));
        for change in changes.iter().take(NOTES) {
            let place = place(change);
            let line = if change.message.starts_with(&place) {
                change.message.clone()
            } else {
                format!("{place}: {}", change.message)
            };
            out.push_str(&format!("  - {line}\n"));
        }
        if changes.len() > NOTES {
            out.push_str(&format!("  - and {} more (--all, or --rule {rule} --all)\n", changes.len() - NOTES));
        }
        out.push('\n');
    }
}

fn last(report: &DiffReport, text: Text) -> String {
    let head = format!("{} to {}", report.old, report.new);
    let missing = text::missing(&report.problems, 0);
    if report.changes.is_empty() {
        return text.bold(&format!("{head}: no changes.{missing}\n"));
    }
    let count = |wanted: Level| report.changes.iter().filter(|(level, _)| *level == wanted).count();
    let parts: Vec<String> = [
        (Level::Error, "error", "errors"),
        (Level::Warning, "warning", "warnings"),
        (Level::Note, "note", "notes"),
    ]
    .iter()
    .filter(|(level, ..)| count(*level) > 0)
    .map(|(level, one, many)| counted(count(*level), one, many))
    .collect();
    let places: usize = report.changes.iter().map(|(_, change)| change.affects.len()).sum();
    let unknown = report.changes.iter().filter(|(_, change)| change.verdict == Verdict::Unknown).count();
    let unknown = if unknown > 0 { format!(" {unknown} could not be decided.") } else { String::new() };
    let worst = report.changes.iter().max_by_key(|(level, _)| *level);
    let rule = worst.map_or("", |(_, change)| change.rule);
    text.bold(&format!(
        "{head}: {} in {}: {}.{unknown}{missing} See `sunwatch explain {rule}` for what to do.\n",
        counted(report.changes.len(), "change", "changes"),
        counted(places, "place", "places"),
        parts.join(", ")
    ))
}
