//! A document in a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::beside::Beside;
use super::references::{NoReferences, References};
use super::{Bundle, Fetched, Source, SourceError, Surroundings, read_limited, release_of};

pub(super) struct File<'a>(pub(super) &'a Path);

impl Source for File<'_> {
    fn fetch(&self, surroundings: &mut Surroundings<'_>) -> Result<Bundle, SourceError> {
        Ok(Bundle { documents: vec![read(self.0, surroundings.allow_ref)?], ..Bundle::default() })
    }
}

pub(super) fn read(path: &Path, allow_ref: &[PathBuf]) -> Result<Fetched, SourceError> {
    let name = path.display().to_string();
    let unreadable = |error| SourceError::Unreadable { name: name.clone(), error };
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    let expected = file.metadata().map_or(0, |found| found.len());
    let bytes = read_limited(&name, &mut file, crate::text::MAX_BYTES, expected)?;
    let references: Arc<dyn References> = match Beside::new(path, allow_ref)? {
        Some(files) => Arc::new(files),
        None => Arc::new(NoReferences { why: "the document is no file in a folder" }),
    };
    Ok(Fetched { release: release_of(path), name, bytes, references, from: None })
}
