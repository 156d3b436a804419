//! The baseline: findings that were there when somebody decided to begin with
//! the new ones. A file that `--update-baseline` writes and `--baseline` reads.
//!
//! Works on texts; where files stand is the caller's matter.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fingerprint::Identity;
use super::{Finding, Level};

/// Larger files are no baseline.
pub const MAX_BASELINE_BYTES: usize = 64 << 20;
/// The version of the form.
const SCHEMA: u32 = 1;
/// Entries that no longer match and are named one by one; more are counted.
const NAMED: usize = 20;

/// Why a baseline could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is no JSON, or another JSON.
    #[error("{file}:{line}:{column}: expected a baseline as `--update-baseline` writes it: {message}")]
    Form {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What was found.
        message: String,
    },
    /// A later version wrote it.
    #[error(
        "{file}: schema {found} of the baseline is newer than this sunwatch, which reads {SCHEMA}; use the sunwatch that wrote it, or write it anew with --update-baseline"
    )]
    Newer {
        /// The file.
        file: String,
        /// Its schema.
        found: u32,
    },
    /// It is too large.
    #[error("{file}: {bytes} bytes are more than a baseline may have ({MAX_BASELINE_BYTES})")]
    TooLarge {
        /// The file.
        file: String,
        /// Its size.
        bytes: usize,
    },
}

/// Known findings, by fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The file as it was named.
    pub file: String,
    entries: BTreeMap<String, Identity>,
}

#[derive(Serialize, Deserialize)]
struct EntryView {
    fingerprint: Option<String>,
    rule: String,
    method: Option<String>,
    path: Option<String>,
    item: Option<String>,
    file: String,
    occurrence: usize,
}

#[derive(Deserialize)]
struct View {
    schema: u32,
    baseline: Vec<EntryView>,
}

impl Baseline {
    /// A baseline of these findings.
    pub fn of(file: &str, findings: impl IntoIterator<Item = Identity>) -> Self {
        let entries = findings.into_iter().map(|identity| (identity.fingerprint(), identity));
        Self { file: file.to_owned(), entries: entries.collect() }
    }

    /// Reads a baseline. Fingerprints are made anew from what stands beside
    /// them, so that a file renamed in the baseline goes on matching.
    ///
    /// # Errors
    /// What is no baseline, with its place.
    pub fn read(file: &str, text: &str) -> Result<Self, BaselineError> {
        if text.len() > MAX_BASELINE_BYTES {
            return Err(BaselineError::TooLarge { file: file.to_owned(), bytes: text.len() });
        }
        let view: View = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().to_owned();
            BaselineError::Form { file: file.to_owned(), line: error.line(), column: error.column(), message }
        })?;
        if view.schema > SCHEMA {
            return Err(BaselineError::Newer { file: file.to_owned(), found: view.schema });
        }
        Ok(Self::of(
            file,
            view.baseline.into_iter().map(|entry| {
                let EntryView { fingerprint: _, rule, method, path, item, file, occurrence } = entry;
                Identity { file, rule, method, path, item, occurrence }
            }),
        ))
    }

    /// The text of the file: sorted, one entry a line.
    ///
    /// # Errors
    /// A value that JSON cannot hold: none is known.
    pub fn write(&self) -> Result<String, serde_json::Error> {
        let mut sorted: Vec<(&Identity, &String)> =
            self.entries.iter().map(|(print, id)| (id, print)).collect();
        sorted.sort();
        let mut out = format!(
            "{{\"sunwatch\":{},\"command\":\"scan\",\"schema\":{SCHEMA},\"baseline\":[",
            serde_json::to_string(env!("CARGO_PKG_VERSION"))?
        );
        for (at, (identity, fingerprint)) in sorted.into_iter().enumerate() {
            let Identity { file, rule, method, path, item, occurrence } = identity.clone();
            let fingerprint = Some(fingerprint.clone());
            let entry = EntryView { fingerprint, rule, method, path, item, file, occurrence };
            out.push_str(if at == 0 { "\n" } else { ",\n" });
            out.push_str(&serde_json::to_string(&entry)?);
        }
        out.push_str("\n]}\n");
        Ok(out)
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether it knows that finding.
    pub fn knows(&self, fingerprint: &str) -> bool {
        self.entries.contains_key(fingerprint)
    }

    /// The same with the entries of another whose files `keep` names.
    pub fn with(mut self, other: &Self, keep: impl Fn(&str) -> bool) -> Self {
        for (fingerprint, identity) in &other.entries {
            if keep(&identity.file) {
                self.entries.entry(fingerprint.clone()).or_insert_with(|| identity.clone());
            }
        }
        self
    }

    /// What is to be said about entries that matched nothing, of the files that
    /// were looked at: one finding for each rule, operation and file.
    pub(super) fn unmatched(
        &self,
        matched: &std::collections::BTreeSet<String>,
        level: Level,
        looked_at: impl Fn(&str) -> bool,
    ) -> Vec<Finding> {
        let mut groups: BTreeMap<Identity, usize> = BTreeMap::new();
        for (fingerprint, identity) in &self.entries {
            if !matched.contains(fingerprint) && looked_at(&identity.file) {
                *groups.entry(Identity { occurrence: 0, ..identity.clone() }).or_default() += 1;
            }
        }
        let more = groups.len().saturating_sub(NAMED);
        let mut out = Vec::new();
        for (identity, count) in groups.into_iter().take(NAMED) {
            let operation = match (&identity.method, &identity.path) {
                (Some(method), Some(path)) => format!(" of {method} {path}"),
                _ => String::new(),
            };
            let what = if count == 1 { "an entry".to_owned() } else { format!("{count} entries") };
            let verb = if count == 1 { "matches" } else { "match" };
            let message = format!(
                "{what} of the baseline {verb} nothing any more: {}{operation} in {}",
                identity.rule, identity.file
            );
            let mut finding = Finding::plain("baseline-unmatched", level, message);
            finding.facts.push(format!("write {} anew with --update-baseline", self.file));
            out.push(finding);
        }
        if more > 0 {
            let message = format!("and {more} more groups of entries of the baseline match nothing any more");
            out.push(Finding::plain("baseline-unmatched", level, message));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(file: &str, occurrence: usize) -> Identity {
        Identity {
            file: file.into(),
            rule: "operation-removed".into(),
            method: Some("GET".into()),
            path: Some("/a/{id}".into()),
            item: None,
            occurrence,
        }
    }

    #[test]
    fn it_reads_what_it_writes_and_writes_the_same_again() {
        let baseline =
            Baseline::of("b.json", [identity("z.py", 1), identity("a.py", 0), identity("z.py", 0)]);
        let text = baseline.write().unwrap_or_default();
        assert_eq!(text.lines().count(), 5);
        let again = Baseline::read("b.json", &text).ok();
        assert_eq!(again.as_ref(), Some(&baseline));
        assert_eq!(again.and_then(|again| again.write().ok()).as_ref(), Some(&text));
        assert!(baseline.knows(&identity("a.py", 0).fingerprint()));
        assert!(!baseline.knows(&identity("a.py", 1).fingerprint()));
    }

    #[test]
    fn what_is_no_baseline_is_refused_with_its_place() {
        let message =
            |text: &str| Baseline::read("b.json", text).map_or_else(|e| e.to_string(), |_| String::new());
        assert!(message("{").starts_with("b.json:1:1"), "{}", message("{"));
        assert!(message("{}").contains("missing field `schema`"), "{}", message("{}"));
        assert!(message("{\"schema\": 1, \"items\": []}").contains("baseline"));
        assert!(message("{\"schema\": 2, \"baseline\": []}").contains("newer"));
    }
}
