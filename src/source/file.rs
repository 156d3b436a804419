//! A document in a file.

use std::path::Path;

use super::{Bundle, Fetched, Source, SourceError, Surroundings, read_limited, release_of};

pub(super) struct File<'a>(pub(super) &'a Path);

impl Source for File<'_> {
    fn fetch(&self, _: &mut Surroundings<'_>) -> Result<Bundle, SourceError> {
        Ok(Bundle { documents: vec![read(self.0)?], notes: Vec::new() })
    }
}

pub(super) fn read(path: &Path) -> Result<Fetched, SourceError> {
    let name = path.display().to_string();
    let unreadable = |error| SourceError::Unreadable { name: name.clone(), error };
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    let bytes = read_limited(&name, &mut file)?;
    Ok(Fetched { release: release_of(path), name, bytes, from: None })
}
