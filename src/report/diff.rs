//! The answer of `diff` as JSON and as Markdown.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::{DiffReport, counted};
use crate::diff::{Affected, Change, Spot, Witness};
use crate::document::OperationKey;
use crate::finding::Level;

#[derive(Serialize)]
struct DiffView<'r> {
    old: String,
    new: String,
    changes: Vec<ChangeView<'r>>,
    problems: Vec<ProblemView<'r>>,
}

#[derive(Serialize)]
struct ProblemView<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    message: &'r str,
    lost: bool,
}

#[derive(Serialize)]
struct ChangeView<'r> {
    rule: &'static str,
    level: &'static str,
    breaks: Vec<&'static str>,
    direction: Option<String>,
    operation: Option<OperationView>,
    affects: Vec<AffectedView<'r>>,
    component: Option<&'r str>,
    at: &'r str,
    before: &'r Value,
    after: &'r Value,
    message: &'r str,
    witness: Option<WitnessView<'r>>,
    verdict: &'static str,
    old: Option<SpotView<'r>>,
    new: Option<SpotView<'r>>,
}

#[derive(Serialize)]
struct OperationView {
    method: String,
    path: String,
}

#[derive(Serialize)]
struct AffectedView<'r> {
    method: String,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<&'r str>,
    at: &'r str,
}

#[derive(Serialize)]
struct WitnessView<'r> {
    value: &'r Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    curl: Option<&'r str>,
}

#[derive(Serialize)]
struct SpotView<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    pointer: &'r str,
}

fn operation(key: &OperationKey) -> OperationView {
    OperationView { method: key.method.to_string(), path: key.path.to_string() }
}

fn spot(spot: &Spot) -> SpotView<'_> {
    let Spot { file, line, column, pointer } = spot;
    SpotView { file, line: *line, column: *column, pointer }
}

fn change(level: Level, change: &Change) -> ChangeView<'_> {
    let affected =
        |place: &'_ Affected| (place.operation.method.to_string(), place.operation.path.to_string());
    ChangeView {
        rule: change.rule,
        level: level.as_str(),
        breaks: change.breaks.words(),
        direction: change.direction.map(|direction| direction.to_string()),
        operation: change.operation.as_ref().map(operation),
        affects: change
            .affects
            .iter()
            .map(|place| {
                let (method, path) = affected(place);
                AffectedView {
                    method,
                    path,
                    status: place.status.as_deref(),
                    media_type: place.media_type.as_deref(),
                    at: &place.at,
                }
            })
            .collect(),
        component: change.component.as_deref(),
        at: &change.at,
        before: &change.before,
        after: &change.after,
        message: &change.message,
        witness: change
            .witness
            .as_ref()
            .map(|Witness { value, curl }| WitnessView { value, curl: curl.as_deref() }),
        verdict: change.verdict.as_str(),
        old: change.old.as_ref().map(spot),
        new: change.new.as_ref().map(spot),
    }
}

/// The report behind `head`.
pub(super) fn json(report: &DiffReport, head: Value) -> Result<Value, serde_json::Error> {
    let view = DiffView {
        old: report.old.to_string(),
        new: report.new.to_string(),
        changes: report.changes.iter().map(|(level, one)| change(*level, one)).collect(),
        problems: report
            .problems
            .iter()
            .map(|problem| ProblemView {
                file: &problem.file,
                line: problem.line,
                column: problem.column,
                message: &problem.message,
                lost: problem.lost,
            })
            .collect(),
    };
    let mut out = head;
    if let (Some(out), Value::Object(body)) = (out.as_object_mut(), serde_json::to_value(view)?) {
        out.extend(body);
    }
    Ok(out)
}

/// A table for each level.
pub(super) fn markdown(report: &DiffReport) -> String {
    let mut out = format!("# Changes from {} to {}\n", report.old, report.new);
    for (level, title) in [(Level::Error, "Errors"), (Level::Warning, "Warnings"), (Level::Note, "Notes")] {
        let of_level: Vec<&Change> =
            report.changes.iter().filter(|(known, _)| *known == level).map(|(_, change)| change).collect();
        if of_level.is_empty() {
            continue;
        }
        out.push_str(&format!(
            "\n## {title}\n\n| rule | where | what | breaks | places |\n| --- | --- | --- | --- | --- |\n"
        ));
        for change in of_level {
            let breaks = change.breaks.words().join(", ");
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} |\n",
                change.rule,
                cell(&place(change)),
                cell(&change.message),
                if breaks.is_empty() { "-" } else { &breaks },
                change.affects.len()
            ));
        }
    }
    let causes = counted(report.changes.len(), "change", "changes");
    out.push_str(&format!("\n{causes}.\n"));
    out
}

/// The component or the operation.
pub(super) fn place(change: &Change) -> String {
    match (&change.component, &change.operation) {
        (Some(component), _) => component.trim_start_matches("#/components/").replace('/', " "),
        (None, Some(operation)) => operation.to_string(),
        (None, None) if change.affects.is_empty() => "the document".to_owned(),
        (None, None) => {
            let operations: BTreeSet<_> = change.affects.iter().map(|place| &place.operation).collect();
            counted(operations.len(), "operation", "operations")
        }
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
