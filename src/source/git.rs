//! A document in a git revision. git itself is asked: reading one blob does
//! not pay for a git library.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::references::{self, Referenced, References, Refusal};
use super::{Bundle, Fetched, Source, SourceError, Surroundings, read_limited, release_of};

pub(super) struct GitBlob<'a> {
    pub(super) revision: &'a str,
    pub(super) path: &'a str,
}

impl Source for GitBlob<'_> {
    fn fetch(&self, _: &mut Surroundings<'_>) -> Result<Bundle, SourceError> {
        let bytes = blob(self.revision, self.path, crate::text::MAX_BYTES)?;
        let files = Revision { revision: self.revision.to_owned(), document: normal(self.path) };
        let document = Fetched {
            release: release_of(Path::new(self.path)),
            name: named(self.revision, self.path),
            bytes,
            references: Arc::new(files),
            from: None,
        };
        Ok(Bundle { documents: vec![document], ..Bundle::default() })
    }
}

fn named(revision: &str, path: &str) -> String {
    format!("git:{revision}:{path}")
}

/// A path without what means nothing in it.
fn normal(path: &str) -> String {
    let is_first = |at| at == 0;
    let steps =
        path.split('/').enumerate().filter(|(at, step)| !step.is_empty() && (*step != "." || is_first(*at)));
    steps.map(|(_, step)| step).collect::<Vec<_>>().join("/")
}

fn blob(revision: &str, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
    let name = named(revision, path);
    let failed = |message: String| SourceError::Git { name: name.clone(), message };
    let object = format!("{revision}:{path}");
    let mut child = Command::new("git")
        .args(["cat-file", "blob", &object])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("git could not be started: {error}")))?;
    let bytes = match child.stdout.take() {
        Some(mut stdout) => read_limited(&name, &mut stdout, limit, 0),
        None => Ok(Vec::new()),
    };
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    let bytes = bytes?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(failed(message.trim().trim_start_matches("fatal: ").to_owned()));
    }
    Ok(bytes)
}

/// The files of a revision.
#[derive(Debug)]
struct Revision {
    revision: String,
    document: String,
}

impl References for Revision {
    fn document(&self) -> &str {
        &self.document
    }

    fn locate(&self, base: &str, reference: &str) -> Result<String, Refusal> {
        // git reads `./x` and `../x` from the current folder, all else from the top.
        let steps: Vec<String> = base.split('/').map(str::to_owned).collect();
        let (steps, _) = steps.split_at(steps.len() - 1);
        let is_here = |step: &&String| matches!(step.as_str(), "." | "..");
        let (prefix, folder) = steps.split_at(steps.iter().take_while(is_here).count());
        let path = references::followed(folder, &references::relative(reference)?);
        let Some(path) = path.filter(|path| !path.is_empty()) else {
            let why = match prefix.is_empty() {
                true => "it is outside the repository",
                false => {
                    "it is above the current folder; name the document by its path from the top of the repository"
                }
            };
            return Err(Refusal::new(why));
        };
        Ok(prefix.iter().chain(&path).map(String::as_str).collect::<Vec<_>>().join("/"))
    }

    fn fetch(&self, locations: &[String], limit: usize) -> Vec<Result<Referenced, Refusal>> {
        let fetch = |location: &String| {
            let bytes =
                blob(&self.revision, location, limit).map_err(|error| Refusal::new(error.to_string()))?;
            Ok(Referenced { name: named(&self.revision, location), location: location.clone(), bytes })
        };
        locations.iter().map(fetch).collect()
    }
}
