//! The answer of `pull`: what was fetched, and where it is now.

use serde::Serialize;
use serde_json::Value;

use super::{PullReport, PulledDocument, Text, counted};

#[derive(Serialize)]
struct View<'r> {
    release: Option<&'r str>,
    name: &'r str,
    asked: Option<&'r str>,
    source: Option<&'r str>,
    url: Option<&'r str>,
    document: Option<&'r str>,
    etag: Option<&'r str>,
    last_modified: Option<&'r str>,
    from_cache: bool,
    dialect: &'r str,
    title: Option<&'r str>,
    version: Option<&'r str>,
    operations: usize,
    bytes: usize,
    sha256: &'r str,
    parts: &'r [String],
    file: Option<&'r str>,
}

/// `head` with what belongs to `pull`.
pub(super) fn json(report: &PullReport, mut head: Value, problems: Value) -> serde_json::Result<Value> {
    let documents: Vec<View<'_>> = report.documents.iter().map(view).collect();
    head["documents"] = serde_json::to_value(documents)?;
    head["problems"] = problems;
    Ok(head)
}

fn view(document: &PulledDocument) -> View<'_> {
    let PulledDocument {
        release,
        name,
        from,
        dialect,
        title,
        version,
        operations,
        bytes,
        sha256,
        parts,
        file,
    } = document;
    let from = from.as_ref();
    View {
        release: release.as_ref().map(|release| release.as_str()),
        name,
        asked: from.map(|from| from.asked.as_str()),
        source: from.and_then(|from| from.source.as_deref()),
        url: from.map(|from| from.url.as_str()),
        document: from.and_then(|from| from.document.as_deref()),
        etag: from.and_then(|from| from.etag.as_deref()),
        last_modified: from.and_then(|from| from.last_modified.as_deref()),
        from_cache: from.is_some_and(|from| from.from_cache),
        dialect,
        title: title.as_deref(),
        version: version.as_deref(),
        operations: *operations,
        bytes: *bytes,
        sha256,
        parts,
        file: file.as_deref(),
    }
}

/// A line for each document.
pub(super) fn text(report: &PullReport, text: Text) -> String {
    let mut out = String::new();
    for document in &report.documents {
        let release = document.release.as_ref().map_or("no release is said", |release| release.as_str());
        let file = document.file.as_deref().unwrap_or(&document.name);
        let with = match document.parts.len() {
            0 => String::new(),
            count => format!(" with {} that it refers to", counted(count, "file", "files")),
        };
        out.push_str(&format!(
            "{}: {release}, {}, {}, from {}{with}\n",
            text.bold(file),
            document.dialect,
            counted(document.operations, "operation", "operations"),
            document.name,
        ));
    }
    out
}
