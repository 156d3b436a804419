//! Files beside a document in a file: those below its own folder, and below
//! the folders that the user allows.

use std::fs::File;
use std::path::{Component, Path, PathBuf};

use super::references::{self, Referenced, References, Refusal};
use super::{SourceError, read_limited};

/// What may be read for one document.
#[derive(Debug)]
pub(super) struct Beside {
    /// The document, without links in its path.
    document: String,
    /// Folders without links in their paths, and what to call them; the first is
    /// the document's own.
    folders: Vec<(PathBuf, PathBuf)>,
}

impl Beside {
    /// For the document at `path`; `None` where that is no file in a folder (a
    /// pipe, a device).
    pub(super) fn new(path: &Path, allowed: &[PathBuf]) -> Result<Option<Self>, SourceError> {
        let mut folders = Vec::new();
        for folder in allowed {
            let real = folder
                .canonicalize()
                .map_err(|error| SourceError::Unreadable { name: folder.display().to_string(), error })?;
            folders.push((real, folder.clone()));
        }
        let Some(document) = path.canonicalize().ok().filter(|path| path.is_file()) else { return Ok(None) };
        // A link to a document has its folder where it leads.
        let own = document.parent().map(Path::to_path_buf).unwrap_or_default();
        let named = path.parent().unwrap_or(path);
        let here = if named == Path::new("") { Path::new(".") } else { named };
        let is_there = here.canonicalize().is_ok_and(|real| real == own);
        let named = if is_there { named.to_path_buf() } else { own.clone() };
        folders.insert(0, (own, named));
        Ok(document.to_str().map(|document| Self { document: document.to_owned(), folders }))
    }

    fn is_allowed(&self, path: &Path) -> bool {
        self.folders.iter().any(|(folder, _)| path.starts_with(folder))
    }

    /// As people named it.
    fn named(&self, path: &Path) -> String {
        let found =
            self.folders.iter().find_map(|(folder, named)| Some((path.strip_prefix(folder).ok()?, named)));
        let path = found.map_or_else(|| path.to_path_buf(), |(rest, named)| named.join(rest));
        path.display().to_string()
    }
}

const OUTSIDE: &str = "it is outside the document's folder; allow its folder with --allow-ref DIR";

impl References for Beside {
    fn document(&self) -> &str {
        &self.document
    }

    fn locate(&self, base: &str, reference: &str) -> Result<String, Refusal> {
        let steps = references::relative(reference)?;
        let mut path = Path::new(base).parent().map(Path::to_path_buf).unwrap_or_default();
        for step in steps.iter().filter(|step| !matches!(step.as_str(), "" | ".")) {
            if step == ".." {
                if !path.pop() {
                    return Err(Refusal::new(OUTSIDE));
                }
                continue;
            }
            // On some systems a name can be more than a name (`C:`).
            if !Path::new(step).components().eq([Component::Normal(step.as_ref())]) {
                return Err(Refusal::new("a part of its path is no file's name"));
            }
            path.push(step);
        }
        // Before anything is looked at: whether a file outside exists is not told.
        if !self.is_allowed(&path) {
            return Err(Refusal::new(OUTSIDE));
        }
        let real = path.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Refusal::new(format!("there is no file {}", self.named(&path))),
            _ => Refusal::new(format!("{} cannot be read: {error}", self.named(&path))),
        })?;
        if !self.is_allowed(&real) {
            return Err(Refusal::new(format!("a link leads there; {OUTSIDE}")));
        }
        match real.to_str() {
            Some(real) => Ok(real.to_owned()),
            None => Err(Refusal::new("its path is no UTF-8 text")),
        }
    }

    fn fetch(&self, locations: &[String], limit: usize) -> Vec<Result<Referenced, Refusal>> {
        let fetch = |location: &String| {
            let path = Path::new(location);
            let name = self.named(path);
            // What is no plain file (a pipe, a device) may never end.
            let Some(found) = path.metadata().ok().filter(|found| found.is_file()) else {
                return Err(Refusal::new(format!("{name} is no file")));
            };
            let unreadable = |error| SourceError::Unreadable { name: name.clone(), error };
            let read = File::open(path)
                .map_err(unreadable)
                .and_then(|mut file| read_limited(&name, &mut file, limit, found.len()));
            let bytes = read.map_err(|error| Refusal::new(error.to_string()))?;
            Ok(Referenced { name, location: location.clone(), bytes })
        };
        locations.iter().map(fetch).collect()
    }
}
