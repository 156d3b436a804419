//! Markdown: release notes, and the pages of rules.

use super::{Format, Report, ReportError, notes};

/// Markdown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Markdown;

impl Format for Markdown {
    fn render(&self, report: &Report<'_>) -> Result<String, ReportError> {
        match report {
            Report::Diff(report) => Ok(super::diff::markdown(report)),
            Report::Notes(report) => Ok(notes::render(report)),
            Report::Explain(rule) => Ok(rule.page.to_owned()),
            Report::Rules(rules) => Ok(catalogue(rules)),
            other => Err(ReportError::Unsupported {
                command: other.command(),
                format: "markdown",
                expected: "text, json",
            }),
        }
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
        for line in rule.page.lines() {
            // A page's headings stand one level deeper among the others.
            if line.starts_with('#') {
                out.push('#');
            }
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
