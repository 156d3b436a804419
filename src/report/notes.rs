//! A release-note summary, readable as it stands.

use super::NotesReport;
use crate::document::Direction;
use crate::lifecycle::{Item, ItemKind, ledger};
use crate::release::ReleaseId;
use crate::rules::replacement_text;

/// What a release-note summary tells, each item in one part but for those that
/// break clients, which stand under their own part too.
pub(super) struct Parts<'r> {
    /// Gone since the old release.
    pub(super) removed: Vec<&'r Item>,
    /// Deprecated since the old release.
    pub(super) deprecated: Vec<&'r Item>,
    /// Deprecated before, and still there.
    pub(super) scheduled: Vec<&'r Item>,
    /// Hurts clients that were right: removed without notice, newly required.
    pub(super) breaking: Vec<&'r Item>,
    /// Came since the old release.
    pub(super) added: Vec<&'r Item>,
}

pub(super) fn parts<'r>(report: &NotesReport<'r>) -> Parts<'r> {
    let at = |release: &ReleaseId| report.calendar.index(release);
    let is_new = |release: &ReleaseId| at(release) > at(&report.old) && at(release) <= at(&report.new);
    let mut parts = Parts {
        removed: Vec::new(),
        deprecated: Vec::new(),
        scheduled: Vec::new(),
        breaking: Vec::new(),
        added: Vec::new(),
    };
    for item in &report.history.items {
        if let Some(removed) = item.removed.as_ref().filter(|removed| !item.with_parent && is_new(removed)) {
            let had_notice =
                item.in_force().is_some_and(|since| since.or_earlier || at(&since.release) < at(removed));
            if !had_notice && !item.exempt && item.key.kind != ItemKind::MediaType {
                parts.breaking.push(item);
            }
            parts.removed.push(item);
            continue;
        }
        if !item.is_in(&report.new) {
            continue;
        }
        if !item.introduced.or_earlier && is_new(&item.introduced.release) {
            parts.added.push(item);
        }
        if item.required.as_ref().is_some_and(is_new) {
            parts.breaking.push(item);
        }
        if item.is_deprecated_in(&report.new)
            && let Some(since) = &item.deprecated
        {
            if !since.or_earlier && is_new(&since.release) {
                parts.deprecated.push(item);
            } else {
                parts.scheduled.push(item);
            }
        }
    }
    parts
}

pub(super) fn render(report: &NotesReport<'_>) -> String {
    let parts = parts(report);
    let mut out = format!("# API changes from {} to {}\n", report.old, report.new);
    let mut any = false;
    any |= section(&mut out, "Removed", &parts.removed, report, Columns::Removed);
    any |= section(
        &mut out,
        &format!("Deprecated in {}", report.new),
        &parts.deprecated,
        report,
        Columns::Deprecated,
    );
    any |= section(&mut out, "Scheduled for removal", &parts.scheduled, report, Columns::Deprecated);
    any |= section(&mut out, "Breaking", &parts.breaking, report, Columns::Breaking);
    any |= section(&mut out, "Added", &parts.added, report, Columns::Added);
    if !any {
        out.push_str("\nNo operation, parameter, field or value came, went or was deprecated.\n");
    }
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Columns {
    Removed,
    Deprecated,
    Breaking,
    Added,
}

fn section(
    out: &mut String,
    title: &str,
    items: &[&Item],
    report: &NotesReport<'_>,
    columns: Columns,
) -> bool {
    if items.is_empty() {
        return false;
    }
    out.push_str(&format!("\n## {title}\n"));
    for topic in TOPICS {
        let of_topic: Vec<&Item> =
            items.iter().copied().filter(|item| topic.kinds.contains(&item.key.kind)).collect();
        if of_topic.is_empty() {
            continue;
        }
        out.push_str(&format!("\n### {}\n\n", topic.title));
        let mut head = vec![topic.column.to_owned()];
        match columns {
            Columns::Removed => head.extend(["Deprecated since", "Use instead"].map(str::to_owned)),
            Columns::Deprecated => {
                head.push("Use instead".to_owned());
                head.extend(report.channels.iter().map(|channel| format!("Earliest removal ({channel})")));
            }
            Columns::Breaking => head.push("What breaks".to_owned()),
            Columns::Added => {}
        }
        let rows = rows(&of_topic, report, columns);
        if columns == Columns::Added {
            for row in rows {
                out.push_str(&format!("- {}\n", row.join(" ")));
            }
            continue;
        }
        out.push_str(&format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len())));
        for row in rows {
            out.push_str(&format!("| {} |\n", row.join(" | ")));
        }
    }
    true
}

/// One table or list of a section.
struct Topic {
    title: &'static str,
    column: &'static str,
    kinds: &'static [ItemKind],
}

const TOPICS: [Topic; 6] = [
    Topic { title: "Operations", column: "Operation", kinds: &[ItemKind::Operation] },
    Topic { title: "Parameters", column: "Parameter", kinds: &[ItemKind::Parameter] },
    Topic { title: "Fields", column: "Field", kinds: &[ItemKind::RequestField, ItemKind::ResponseField] },
    Topic { title: "Enum values", column: "Value", kinds: &[ItemKind::EnumValue] },
    Topic { title: "Response statuses", column: "Status", kinds: &[ItemKind::ResponseStatus] },
    Topic { title: "Media types", column: "Media type", kinds: &[ItemKind::MediaType] },
];

/// The rows of a table, in the order of the items, each field and value once:
/// a row says in which direction it is, where that is not both.
fn rows(items: &[&Item], report: &NotesReport<'_>, columns: Columns) -> Vec<Vec<String>> {
    let mut merged: Vec<(Vec<String>, String, Vec<Direction>)> = Vec::new();
    for item in items {
        let cells = match columns {
            Columns::Removed => {
                vec![
                    item.in_force().map_or_else(|| "never".to_owned(), |since| since.described()),
                    instead(item),
                ]
            }
            Columns::Deprecated => std::iter::once(instead(item)).chain(earliest(item, report)).collect(),
            Columns::Breaking => vec![what_breaks(item, report)],
            Columns::Added => Vec::new(),
        };
        let (name, direction) = (name(item), item.key.direction());
        match merged.iter_mut().find(|row| row.0 == cells && row.1 == name) {
            Some(row) => row.2.extend(direction),
            None => merged.push((cells, name, direction.into_iter().collect())),
        }
    }
    let row = |(cells, name, directions): (Vec<String>, String, Vec<Direction>)| {
        let name = match directions.as_slice() {
            [Direction::Request] => format!("{name} (request)"),
            [Direction::Response] => format!("{name} (response)"),
            _ => name,
        };
        std::iter::once(name).chain(cells).collect()
    };
    merged.into_iter().map(row).collect()
}

/// A name as a writer wants it: components without their pointer.
fn name(item: &Item) -> String {
    let key = &item.key;
    let place = match (&key.value, key.at.is_empty()) {
        (Some(value), true) => format!("`{value}`"),
        (Some(value), false) => format!("`{value}` of `{}`", key.at),
        (None, false) => format!("`{}`", key.at),
        (None, true) => String::new(),
    };
    let whole = match (&key.operation, &key.component) {
        (Some(operation), _) => Some(format!("`{operation}`")),
        (None, Some(component)) => Some(format!("`{}`", component.rsplit('/').next().unwrap_or(component))),
        (None, None) => None,
    };
    let text = match (place.is_empty(), whole) {
        (true, Some(whole)) => whole,
        (false, Some(whole)) => format!("{place} in {whole}"),
        (_, None) => place,
    };
    let shared = match item.operations.len() {
        0 => String::new(),
        count => format!(" ({count} operations)"),
    };
    escaped(&format!("{text}{shared}"))
}

/// Text that does not end a table cell.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn instead(item: &Item) -> String {
    let Some(replacement) = &item.replacement else { return "—".to_owned() };
    let named = replacement.operation.as_ref().map(ToString::to_string);
    match named.or_else(|| replacement.field.clone()) {
        Some(name) if replacement.exists == Some(false) => {
            format!("`{}` (named, but not there)", escaped(&name))
        }
        Some(name) => format!("`{}`", escaped(&name)),
        None => replacement_text(item).map_or_else(|| "—".to_owned(), |text| escaped(&text)),
    }
}

fn earliest(item: &Item, report: &NotesReport<'_>) -> Vec<String> {
    let deadlines = item.deadlines(report.policy, &report.calendar);
    let of = |channel: &crate::release::Channel| {
        let found = deadlines.iter().find(|found| found.channel == *channel);
        let known =
            found.and_then(|found| ledger::removable_text(&found.deadline, report.policy, &report.calendar));
        match (known, found) {
            (Some(text), _) => text,
            (None, Some(found)) if found.deadline.has_window() => found.deadline.to_string(),
            _ if item.exempt => "any time (experimental)".to_owned(),
            _ => "—".to_owned(),
        }
    };
    report.channels.iter().map(of).collect()
}

fn what_breaks(item: &Item, report: &NotesReport<'_>) -> String {
    match (&item.removed, &item.required) {
        (Some(removed), _) if !item.is_in(&report.new) => {
            format!("removed in {removed} without having been deprecated")
        }
        (_, Some(required)) if item.introduced.release == *required => {
            format!("added in {required}, required")
        }
        (_, Some(required)) => format!("required since {required}"),
        _ => String::new(),
    }
}
