//! Suppressions in client code: `sunwatch: ignore[rule, ...] reason` in a
//! comment of any language.
//!
//! A suppression holds for its own line, or, where it is a comment line of its
//! own, for the next line of code. Knows comments by how they begin, so that a
//! language needs nothing of its own here.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::settle::Catalogue;
use super::{Finding, Level, Spot};
use crate::text::LineIndex;

/// The word that a suppression begins with.
pub(crate) const MARK: &str = "sunwatch:";
/// What begins a comment in some language.
const OPENERS: [&str; 10] = ["#", "//", "/*", "*", "--", ";", "<!--", "{#", "{{/*", "%"];
/// What ends a comment on the same line.
const CLOSERS: [&str; 6] = ["*/}}", "*/", "-->", "#}", "#>", "%>"];
/// What begins a line that is nothing but a comment.
const WHOLE_LINE: [&str; 9] = ["#", "//", "/*", "*/", "--", ";", "<!--", "{#", "{{/*"];

/// The suppressions of all files.
#[derive(Debug, Default)]
pub(super) struct Suppressions {
    files: BTreeMap<String, Vec<Suppression>>,
}

#[derive(Debug)]
struct Suppression {
    /// The line for which it holds, from 1.
    line: usize,
    /// The rules it names, and whether each covered something.
    rules: Vec<(String, bool)>,
    reason: String,
    spot: Spot,
    /// What is wrong with it, and what would be right.
    mistakes: Vec<(String, String)>,
}

impl Suppressions {
    /// Reads all suppressions of the files.
    pub(super) fn read(sources: &BTreeMap<String, Arc<str>>, rules: &impl Catalogue) -> Self {
        let mut files = BTreeMap::new();
        for (file, text) in sources {
            let found = read(file, text, rules);
            if !found.is_empty() {
                files.insert(file.clone(), found);
            }
        }
        Self { files }
    }

    /// The reason of the suppression that covers a finding, which is thereby used.
    pub(super) fn cover(&mut self, finding: &Finding) -> Option<String> {
        let spot = finding.spot.as_ref()?;
        let found = self.files.get_mut(&spot.file)?;
        let mut reason = None;
        for suppression in found {
            let here = (spot.line..=spot.end_line).contains(&suppression.line)
                || finding.request_line == Some(suppression.line);
            let named = suppression.rules.iter_mut().find(|(rule, _)| rule == finding.rule);
            if let (true, Some((_, used))) = (here, named) {
                *used = true;
                reason.get_or_insert_with(|| suppression.reason.clone());
            }
        }
        reason
    }

    /// What is to be said about the suppressions themselves.
    pub(super) fn findings(&self, rules: &impl Catalogue) -> Vec<Finding> {
        const MALFORMED: &str = "suppression-malformed";
        const UNUSED: &str = "suppression-unused";
        let mut out = Vec::new();
        for suppression in self.files.values().flatten() {
            let mut say = |rule: &'static str, message: String, fact: String| {
                let level = rules.level(rule).unwrap_or(Level::Note);
                let mut finding = Finding::plain(rule, level, message);
                finding.facts.push(fact);
                finding.spot = Some(suppression.spot.clone());
                out.push(finding);
            };
            for (what, how) in &suppression.mistakes {
                say(MALFORMED, what.clone(), how.clone());
            }
            for (rule, used) in &suppression.rules {
                if !used && rules.was_asked(rule) {
                    let reason = match suppression.reason.as_str() {
                        "" => "delete it".to_owned(),
                        reason => format!("its reason was: {reason}"),
                    };
                    say(UNUSED, format!("the suppression of {rule} matches nothing"), reason);
                }
            }
        }
        out
    }
}

fn read(file: &str, text: &str, rules: &impl Catalogue) -> Vec<Suppression> {
    let mut out = Vec::new();
    if !text.contains(MARK) {
        return out;
    }
    let index = LineIndex::new(text);
    let mut start = 0;
    let lines: Vec<Range<usize>> = text
        .split_inclusive('\n')
        .map(|line| {
            let range = start..start + line.trim_end_matches(['\n', '\r']).len();
            start += line.len();
            range
        })
        .collect();
    for (at, range) in lines.iter().enumerate() {
        let line = &text[range.clone()];
        let Some((opener, mark)) = comment(line) else { continue };
        // A comment line speaks for the next line that is none.
        let alone = line[..opener].trim().is_empty();
        let next = || {
            let more = lines[at + 1..].iter().position(|range| !is_comment(&text[range.clone()]));
            at + 1 + more.unwrap_or(0)
        };
        let holds = if alone { next() } else { at };
        let span = range.start + mark..range.end;
        let (line_number, column) = place(&index, text, span.start);
        let (_, end_column) = place(&index, text, span.end);
        let spot = Spot {
            file: file.to_owned(),
            line: line_number,
            column,
            end_line: line_number,
            end_column,
            span: Some(span),
        };
        out.push(parse(&line[mark + MARK.len()..], holds + 1, spot, rules));
    }
    out
}

fn place(index: &LineIndex, text: &str, at: usize) -> (usize, usize) {
    let position = index.position(text, at);
    (position.line as usize, position.column as usize)
}

/// Where the comment of a line begins and where the mark stands in it, if the
/// comment begins with the mark.
fn comment(line: &str) -> Option<(usize, usize)> {
    line.match_indices(MARK).find_map(|(mark, _)| {
        let before = line[..mark].trim_end();
        let opener = OPENERS.iter().filter(|opener| before.ends_with(**opener)).max_by_key(|o| o.len())?;
        // `##`, `///`, `/**`
        let last = opener.chars().last()?;
        let head = before[..before.len() - opener.len()].trim_end_matches([last, '/', '!']);
        let apart =
            head.is_empty() || head.ends_with([' ', '\t', ')', ';', '}', ']', ',', '{', '"', '\'', '`']);
        (apart && !in_text(head, &line[mark..])).then_some((head.len(), mark))
    })
}

/// Whether a comment's beginning stands in a string: a quote is open before it
/// and closed after it.
fn in_text(before: &str, after: &str) -> bool {
    let mut open = None;
    let mut escaped = false;
    for c in before.chars() {
        match (c, open) {
            _ if escaped => escaped = false,
            ('\\', _) => escaped = true,
            ('"' | '\'' | '`', None) => open = Some(c),
            (_, Some(quote)) if quote == c => open = None,
            _ => {}
        }
    }
    open.is_some_and(|quote| after.contains(quote))
}

/// Whether a line is nothing but a comment.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    WHOLE_LINE.iter().any(|opener| line.starts_with(opener))
}

/// Reads what follows the mark.
fn parse(text: &str, line: usize, spot: Spot, rules: &impl Catalogue) -> Suppression {
    const FORM: &str = "expected as `sunwatch: ignore[operation-removed] why it is fine`";
    let mut out = Suppression { line, rules: Vec::new(), reason: String::new(), spot, mistakes: Vec::new() };
    let mut mistake = |what: String, how: String| out.mistakes.push((what, how));
    let text = text.trim();
    let text = CLOSERS.iter().find_map(|closer| text.strip_suffix(closer)).unwrap_or(text).trim_end();
    let Some(rest) = text.strip_prefix("ignore") else {
        let word: String = text.chars().take_while(|c| !c.is_whitespace() && *c != '[').take(40).collect();
        let found = if word.is_empty() { "nothing".to_owned() } else { format!("`{word}`") };
        mistake(format!("found {found} after `sunwatch:`"), FORM.to_owned());
        return out;
    };
    let list = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((list, reason)) = list else {
        mistake("this suppression names no rules in brackets".to_owned(), FORM.to_owned());
        return out;
    };
    out.reason = reason.trim_start_matches([':', '-', ' ', '\t']).trim().to_owned();
    let ids = rules.ids();
    let mut named = Vec::new();
    for rule in list.split(',').map(str::trim) {
        if rule.is_empty() {
            mistake("this suppression has an empty place in its brackets".to_owned(), FORM.to_owned());
        } else if ids.contains(&rule) {
            if !rules.was_asked(rule) {
                let what = format!("{rule} reports nothing in client code");
                mistake(what, "`sunwatch rules` lists those of the group `client`".to_owned());
            }
            if !named.iter().any(|(known, _)| known == rule) {
                named.push((rule.to_owned(), false));
            }
        } else {
            let near = ids.iter().min_by_key(|id| strsim::osa_distance(id, rule));
            let hint = near.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
            mistake(format!("no rule is called {rule}"), format!("{hint}`sunwatch rules` lists them"));
        }
    }
    if out.reason.is_empty() {
        let how = "write the reason behind the bracket: whoever reads it next will ask".to_owned();
        mistake("this suppression gives no reason".to_owned(), how);
    }
    out.rules = named;
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;

    impl Catalogue for Known {
        fn was_asked(&self, rule: &str) -> bool {
            rule.starts_with("operation-")
        }
        fn level(&self, _: &str) -> Option<Level> {
            None
        }
        fn ids(&self) -> Vec<&'static str> {
            vec!["operation-removed", "operation-deprecated", "removal-overdue"]
        }
    }

    /// The suppressions of a text: line, rules, reason, number of mistakes.
    fn found(text: &str) -> Vec<(usize, String, String, usize)> {
        read("x", text, &Known)
            .into_iter()
            .map(|found| {
                let rules: Vec<&str> = found.rules.iter().map(|(rule, _)| rule.as_str()).collect();
                (found.line, rules.join(","), found.reason, found.mistakes.len())
            })
            .collect()
    }

    #[track_caller]
    fn one(text: &str, line: usize, reason: &str) {
        assert_eq!(found(text), [(line, "operation-removed".to_owned(), reason.to_owned(), 0)], "{text}");
    }

    #[test]
    fn comments_of_every_language() {
        one("call()  # sunwatch: ignore[operation-removed] old host", 1, "old host");
        one("call()  // sunwatch: ignore[operation-removed]: old host", 1, "old host");
        one("call()  # noqa  # sunwatch:ignore[ operation-removed ] old", 1, "old");
        one("a\n\n  # sunwatch: ignore[operation-removed] old\n  call()\n", 4, "old");
        one("/* sunwatch: ignore[operation-removed] old */\ncall()", 2, "old");
        one("/**\n * sunwatch: ignore[operation-removed] old\n */\ncall()", 4, "old");
        one("<!-- sunwatch: ignore[operation-removed] old -->\ncall()", 2, "old");
        one("-- sunwatch: ignore[operation-removed] old\ncall()", 2, "old");
        one("{# sunwatch: ignore[operation-removed] old #}\ncall()", 2, "old");
        one("{{/* sunwatch: ignore[operation-removed] old */}}\ncall()", 2, "old");
        one("call(x)# sunwatch: ignore[operation-removed] old\r\n", 1, "old");
        one("let x: &'a str = f(); // sunwatch: ignore[operation-removed] old", 1, "old");
    }

    #[test]
    fn a_comment_may_go_on_before_the_call() {
        let text = "# sunwatch: ignore[operation-removed] a reason\n# in two lines\ncall()";
        assert_eq!(found(text)[0].0, 3);
        let text =
            "# sunwatch: ignore[operation-removed] a\n# sunwatch: ignore[operation-deprecated] b\ncall()";
        assert_eq!(found(text).iter().map(|found| found.0).collect::<Vec<_>>(), [3, 3]);
        assert_eq!(found("# sunwatch: ignore[operation-removed] at the end")[0].0, 2);
    }

    #[test]
    fn strings_and_prose_are_no_suppressions() {
        for text in [
            "print(\"# sunwatch: ignore[operation-removed] x\")",
            "echo ' // sunwatch: ignore[operation-removed] x'",
            "write `# sunwatch: ignore[operation-removed] why` behind the call",
            "the mark sunwatch: ignore[operation-removed] in prose",
            "https://sunwatch: ignore",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn mistakes_are_said() {
        for (text, mistakes) in [
            ("# sunwatch: ignore", 1),
            ("# sunwatch: ignore[operation-removed", 1),
            ("# sunwatch: ignore[] x", 1),
            ("# sunwatch: ignore[operation-remove] x", 1),
            ("# sunwatch: ignore[operation-remove, ]", 3),
            ("# sunwatch: ignore[removal-overdue] x", 1),
            ("# sunwatch: ignore[operation-removed]", 1),
            ("# sunwatch: disable", 1),
            ("# sunwatch:", 1),
            ("# sunwatch: ignore[operation-removed,operation-deprecated] x", 0),
        ] {
            assert_eq!(found(text)[0].3, mistakes, "{text}");
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        for text in [
            "#sunwatch:",
            "sunwatch:",
            "é # sunwatch: é[é",
            "{# sunwatch: ignore[é] #}",
            "\u{feff}# sunwatch:",
        ] {
            found(text);
        }
    }
}
