//! Markdown: release notes, and the pages of rules.

use super::{Format, Report, ReportError, notes};

/// Markdown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Markdown;

impl Format for Markdown {
    fn render(&self, report: &Report<'_>) -> Result<String, ReportError> {
        let text = match report {
            Report::Diff(report) => super::diff::markdown(report),
            Report::Notes(report) => notes::render(report),
            Report::Explain(rule) => rule.page.to_owned(),
            Report::Rules(rules) => catalogue(rules),
            other => {
                return Err(ReportError::Unsupported {
                    command: other.command(),
                    format: "markdown",
                    expected: "text, json",
                });
            }
        };
        Ok(super::plain::plain(&text, false).into_owned())
    }
}

/// All rules: a table, then every page. docs/rules.md is this text.
fn catalogue(rules: &[&crate::rules::Rule]) -> String {
    let mut out = String::from("# Rules\n\nWritten by `sunwatch rules --format markdown`; do not edit.\n\n");
    out.push_str("| rule | group | level | breaks | reports that |\n| --- | --- | --- | --- | --- |\n");
    for rule in rules {
        let breaks = if rule.breaks.is_empty() { "nobody".to_owned() } else { rule.breaks.join(", ") };
        let id = rule.id;
        out.push_str(&format!(
            "| [{id}](#{id}) | {} | {} | {breaks} | {} |\n",
            rule.group.as_str(),
            rule.level,
            rule.summary
        ));
    }
    for rule in rules {
        out.push('\n');
        let mut in_code = false;
        for line in rule.page.lines() {
            in_code ^= line.starts_with("```");
            // A page's headings stand one level deeper among the others.
            if !in_code && line.starts_with('#') {
                out.push('#');
            }
            out.push_str(&if in_code { line.to_owned() } else { linked(line, rules) });
            out.push('\n');
        }
    }
    out
}

/// Names of other rules as links to their pages.
fn linked(line: &str, rules: &[&crate::rules::Rule]) -> String {
    let mut out = line.to_owned();
    for rule in rules {
        let id = rule.id;
        out = out.replace(&format!("[{id}]"), &format!("[{id}](#{id})"));
    }
    out
}
