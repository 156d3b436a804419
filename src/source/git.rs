//! A document in a git revision. git itself is asked: reading one blob does
//! not pay for a git library.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Bundle, Fetched, Source, SourceError, Surroundings, read_limited, release_of};

pub(super) struct GitBlob<'a> {
    pub(super) revision: &'a str,
    pub(super) path: &'a str,
}

impl Source for GitBlob<'_> {
    fn fetch(&self, _: &mut Surroundings<'_>) -> Result<Bundle, SourceError> {
        let name = format!("git:{}:{}", self.revision, self.path);
        let failed = |message: String| SourceError::Git { name: name.clone(), message };
        let object = format!("{}:{}", self.revision, self.path);
        let mut child = Command::new("git")
            .args(["cat-file", "blob", &object])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| failed(format!("git could not be started: {error}")))?;
        let bytes = match child.stdout.take() {
            Some(mut stdout) => read_limited(&name, &mut stdout)?,
            None => Vec::new(),
        };
        let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr);
            return Err(failed(message.trim().trim_start_matches("fatal: ").to_owned()));
        }
        let document = Fetched { release: release_of(Path::new(self.path)), name, bytes, from: None };
        Ok(Bundle { documents: vec![document], notes: Vec::new() })
    }
}
