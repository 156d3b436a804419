//! `diff` for people: one entry per cause, the worst first.

use std::collections::BTreeMap;

use super::diff::place;
use super::{DiffReport, Text, counted, text};
use crate::diff::{Affected, Change, Verdict};
use crate::finding::Level;
use crate::rules;

/// Places that are listed for one cause.
const PLACES: usize = 2;
/// Changes of one rule that are shown one by one.
const LISTED: usize = 3;
/// Longest witness that is shown whole.
const WITNESS: usize = 400;

pub(super) fn render(report: &DiffReport, text: Text) -> String {
    let mut out = String::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        let of_level: Vec<&Change> =
            report.changes.iter().filter(|(known, _)| *known == level).map(|(_, change)| change).collect();
        if report.all {
            of_level.iter().for_each(|change| entry(&mut out, report, level, change, text));
            continue;
        }
        let mut by_rule: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
        for change in of_level {
            by_rule.entry(change.rule).or_default().push(change);
        }
        for (rule, changes) in by_rule {
            let is_short = |change: &&&Change| change.component.is_none() && change.at.is_empty();
            let (short, long): (Vec<&Change>, Vec<&Change>) = if level == Level::Note {
                (changes, Vec::new())
            } else if changes.iter().filter(is_short).count() > LISTED {
                changes.iter().partition(|change| is_short(change))
            } else {
                (Vec::new(), changes)
            };
            for group in alike(&long) {
                match group.as_slice() {
                    [only] => entry(&mut out, report, level, only, text),
                    several => together(&mut out, report, level, several, text),
                }
            }
            // What hurts is listed in full.
            let limit = if level == Level::Note { LISTED } else { usize::MAX };
            list(&mut out, level, rule, &short, limit, text);
        }
    }
    out.push_str(&last(report, text));
    out
}

/// Changes of one rule in one component stand together.
fn alike<'r>(changes: &[&'r Change]) -> Vec<Vec<&'r Change>> {
    let mut out: Vec<Vec<&Change>> = Vec::new();
    for change in changes {
        let home = |change: &Change| (change.component.clone(), change.direction);
        let known = out.iter_mut().find(|group| {
            change.component.is_some() && group.first().is_some_and(|first| home(first) == home(change))
        });
        match known {
            Some(group) => group.push(change),
            None => out.push(vec![change]),
        }
    }
    out
}

/// Several changes of one rule in one component: a line each, and what they share.
fn together(out: &mut String, report: &DiffReport, level: Level, changes: &[&Change], text: Text) {
    let Some(first) = changes.first() else { return };
    let head = text.level(level, &format!("{level}[{}]", first.rule));
    let summary = rules::find(first.rule).map_or("", |rule| rule.summary);
    let times = counted(changes.len(), "time", "times");
    let title = format!("{times} in {}: {summary}", place(first));
    out.push_str(&format!("{head}: {}\n", text.bold(&title)));
    spots(out, report, first);
    for change in changes {
        let unknown = if change.verdict == Verdict::Unknown { " (no witness was confirmed)" } else { "" };
        out.push_str(&format!("  - {}{unknown}\n", change.message));
    }
    let shown = changes.iter().find(|change| change.witness.is_some()).unwrap_or(first);
    facts(out, shown, false);
    affected(out, report, shown);
    witness(out, report, shown);
    out.push('\n');
}

fn entry(out: &mut String, report: &DiffReport, level: Level, change: &Change, text: Text) {
    let head = text.level(level, &format!("{level}[{}]", change.rule));
    out.push_str(&format!("{head}: {}\n", text.bold(&change.message)));
    spots(out, report, change);
    facts(out, change, true);
    affected(out, report, change);
    witness(out, report, change);
    out.push('\n');
}

fn spots(out: &mut String, report: &DiffReport, change: &Change) {
    let spots = [("new", &change.new), ("old", &change.old)];
    let limit = if report.all { 2 } else { 1 };
    for (name, spot) in spots.into_iter().filter_map(|(name, spot)| Some((name, spot.as_ref()?))).take(limit)
    {
        out.push_str(&format!("  --> {name} {}:{}:{}\n", spot.file, spot.line, spot.column));
    }
}

fn facts(out: &mut String, change: &Change, names_component: bool) {
    let mut facts: Vec<String> = Vec::new();
    if change.component.is_some() && names_component {
        facts.push(format!("in {}", place(change)));
    }
    match change.verdict {
        Verdict::Unknown => facts.push("may break the wire: no witness was confirmed".to_owned()),
        _ if change.breaks.words().is_empty() => {}
        _ => facts.push(format!("breaks {}", change.breaks.words().join(" and "))),
    }
    if !facts.is_empty() {
        out.push_str(&format!("  = {}\n", facts.join("; ")));
    }
}

fn affected(out: &mut String, report: &DiffReport, change: &Change) {
    let is_said = change.affects.len() == 1
        && change.affects[0].at.is_empty()
        && change.operation.as_ref().is_some_and(|operation| change.message.contains(&operation.to_string()));
    if !change.affects.is_empty() && !is_said {
        let shown = if report.all { change.affects.len() } else { PLACES };
        let count = counted(change.affects.len(), "place", "places");
        let listed: Vec<String> = change.affects.iter().take(shown).map(affected_line).collect();
        if report.all && listed.len() > 1 {
            out.push_str(&format!("  = {count}:\n      {}\n", listed.join("\n      ")));
        } else {
            let rest = change.affects.len().saturating_sub(shown);
            let more = if rest > 0 { format!(", and {rest} more (--all)") } else { String::new() };
            out.push_str(&format!("  = {count}: {}{more}\n", listed.join(", ")));
        }
    }
}

fn witness(out: &mut String, report: &DiffReport, change: &Change) {
    if let Some(witness) = &change.witness {
        let value = witness.value.to_string();
        let is_response = change.direction == Some(crate::document::Direction::Response);
        let said = if change.rule.ends_with("-removed") && is_response && change.at.is_empty() {
            "was sent before"
        } else if is_response {
            "can be sent now, could not before"
        } else {
            "was accepted, is refused"
        };
        if value.len() <= WITNESS || report.all {
            out.push_str(&format!("  = {said}: {value}\n"));
        } else {
            out.push_str(&format!("  = {said}: a value of {} bytes (--all shows it)\n", value.len()));
        }
        if let Some(curl) = witness.curl.as_ref().filter(|curl| curl.len() <= 2 * WITNESS || report.all) {
            out.push_str(&format!("  = try: {curl}\n"));
        }
    }
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

/// Changes of one rule that need no more than a line each.
fn list(out: &mut String, level: Level, rule: &str, changes: &[&Change], limit: usize, text: Text) {
    if changes.is_empty() {
        return;
    }
    let summary = rules::find(rule).map_or("", |rule| rule.summary);
    let head = text.level(level, &format!("{level}[{rule}]"));
    let times = counted(changes.len(), "time", "times");
    out.push_str(&format!("{head}: {}\n", text.bold(&format!("{times}: {summary}"))));
    for change in changes.iter().take(limit) {
        let place = place(change);
        let name = place.rsplit(' ').next().unwrap_or_default();
        let is_said = change.component.is_some() && change.message.starts_with(&format!("`{name}"));
        let line = if is_said || change.message.starts_with(&place) {
            change.message.clone()
        } else {
            format!("{place}: {}", change.message)
        };
        out.push_str(&format!("  - {line}\n"));
    }
    if changes.len() > limit {
        out.push_str(&format!("  - and {} more (--rule {rule} --all)\n", changes.len() - limit));
    }
    out.push('\n');
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
    let worst = report.changes.iter().min_by_key(|(level, change)| (std::cmp::Reverse(*level), change.rule));
    let rule = worst.map_or("", |(_, change)| change.rule);
    text.bold(&format!(
        "{head}: {} in {}: {}.{unknown}{missing} See `sunwatch explain {rule}` for what to do.\n",
        counted(report.changes.len(), "change", "changes"),
        counted(places, "place", "places"),
        parts.join(", ")
    ))
}
