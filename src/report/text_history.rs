//! A history for people: releases, then items by state.

use super::text::{Text, missing};
use super::{HistoryReport, ItemState, counted, table};
use crate::lifecycle::{Item, ItemKind, ledger};

pub(super) fn render(report: &HistoryReport<'_>, text: Text) -> String {
    let history = report.history;
    let mut out = String::new();
    let rows: Vec<Vec<String>> = history
        .releases
        .iter()
        .enumerate()
        .map(|(at, release)| {
            let counts = release.counts;
            let change = |count: usize| if at == 0 { "-".to_owned() } else { count.to_string() };
            vec![
                release.id.to_string(),
                counts.operations.to_string(),
                counts.flagged.to_string(),
                change(counts.newly_flagged),
                change(counts.removed),
                change(counts.flag_dropped),
            ]
        })
        .collect();
    let head = ["release", "operations", "flagged", "newly flagged", "removed", "flag dropped"];
    out.push_str(&table::render(&head, &rows, &[1, 2, 3, 4, 5], ""));
    for (state, title) in [
        (ItemState::Removed, "Removed"),
        (ItemState::Removable, "Removable: the support window has ended"),
        (ItemState::Near, "Near removal"),
        (ItemState::Deprecated, "Deprecated"),
    ] {
        section(&mut out, report, state, title, text);
    }
    let missing = missing(&report.problems, 0);
    let newest = history.newest().map(ToString::to_string).unwrap_or_default();
    let count = |state| report.states.iter().filter(|(of, item)| *of == state && is_operation(item)).count();
    let last = format!(
        "{} in {}: {} deprecated, {} of them removable, {} near removal; {} removed since {}.{missing} \
         `sunwatch history -o FILE` writes the ledger.\n",
        counted(
            history.operations().filter(|item| item.removed.is_none()).count(),
            "operation",
            "operations"
        ),
        newest,
        count(ItemState::Removable) + count(ItemState::Near) + count(ItemState::Deprecated),
        count(ItemState::Removable),
        count(ItemState::Near),
        count(ItemState::Removed),
        history.releases.first().map(|release| release.id.to_string()).unwrap_or_default(),
    );
    out.push('\n');
    out.push_str(&text.bold(&last));
    out
}

fn is_operation(item: &Item) -> bool {
    item.key.kind == ItemKind::Operation
}

fn section(out: &mut String, report: &HistoryReport<'_>, state: ItemState, title: &str, text: Text) {
    let calendar = report.history.calendar(report.policy);
    let items: Vec<&Item> =
        report.states.iter().filter(|(of, _)| *of == state).map(|(_, item)| *item).collect();
    if items.is_empty() {
        return;
    }
    out.push('\n');
    out.push_str(&text.bold(&format!("{title} ({})\n", items.len())));
    let channels: Vec<String> =
        report.channels.iter().map(|channel| format!("removable ({channel})")).collect();
    let mut is_first = true;
    for kind in ItemKind::ALL {
        let of_kind: Vec<&&Item> = items.iter().filter(|item| item.key.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        if !std::mem::take(&mut is_first) {
            out.push('\n');
        }
        let mut head = vec![kind.noun(), "deprecated"];
        head.extend(channels.iter().map(String::as_str));
        if state == ItemState::Removed {
            head.push("removed");
        }
        head.push("replacement");
        let row = |item: &&&Item| {
            let mut row = vec![
                item.key.to_string(),
                item.in_force().map_or_else(|| "never".to_owned(), |since| since.described()),
            ];
            let deadlines = item.deadlines(report.policy, &calendar);
            for channel in &report.channels {
                let found = deadlines.iter().find(|found| found.channel == *channel);
                let known =
                    found.and_then(|found| ledger::removable_text(&found.deadline, report.policy, &calendar));
                row.push(match (known, found) {
                    (Some(text), _) => text,
                    (None, Some(found)) if found.deadline.has_window() => found.deadline.to_string(),
                    _ if item.exempt => "exempt".to_owned(),
                    _ => "-".to_owned(),
                });
            }
            if state == ItemState::Removed {
                row.push(item.removed.as_ref().map(ToString::to_string).unwrap_or_default());
            }
            row.push(crate::rules::replacement_text(item).unwrap_or_else(|| "-".to_owned()));
            row
        };
        let rows: Vec<Vec<String>> = of_kind.iter().map(row).collect();
        out.push_str(&table::render(&head, &rows, &[], "  "));
    }
}
