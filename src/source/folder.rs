//! A folder of `<release>.json` and `<release>.yaml`.

use std::path::Path;

use walkdir::WalkDir;

use super::{Bundle, Fetched, Source, SourceError, Surroundings, file, release_of};

pub(super) struct Folder<'a>(pub(super) &'a Path);

impl Source for Folder<'_> {
    fn fetch(&self, surroundings: &mut Surroundings<'_>) -> Result<Bundle, SourceError> {
        let name = self.0.display().to_string();
        let mut documents: Vec<Fetched> = Vec::new();
        let mut others = Vec::new();
        for entry in WalkDir::new(self.0).min_depth(1).max_depth(1).follow_links(true).sort_by_file_name() {
            let entry = entry.map_err(|error| SourceError::Unreadable {
                name: name.clone(),
                error: error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of links")),
            })?;
            let is_document = entry
                .path()
                .extension()
                .and_then(|end| end.to_str())
                .is_some_and(|end| ["json", "yaml", "yml"].contains(&end));
            let is_record = entry.file_name() == super::archive::RECORD;
            if !entry.file_type().is_file() || !is_document || is_record {
                continue;
            }
            if release_of(entry.path()).is_some() {
                documents.push(file::read(entry.path(), surroundings.allow_ref)?);
            } else {
                others.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        if documents.is_empty() {
            let found =
                if others.is_empty() { String::new() } else { format!(", found only {}", others.join(", ")) };
            return Err(SourceError::EmptyFolder { name, found });
        }
        let passed_over = others.iter().map(|other| self.0.join(other).display().to_string()).collect();
        let mut bundle = Bundle { documents, passed_over, ..Bundle::default() };
        keep_one_each(&mut bundle)?;
        Ok(bundle)
    }
}

/// Puts the documents in the order of their releases. Where two name the same
/// release (`2.21.json` and `2.21.0.yaml`), the shorter name is taken to be the
/// release's own and the other is said to be passed over. Where they are
/// spelled alike (`2.21.json` and `2.21.yaml`), nothing tells which is meant.
fn keep_one_each(bundle: &mut Bundle) -> Result<(), SourceError> {
    bundle.documents.sort_by(|a, b| {
        let length =
            |document: &Fetched| document.release.as_ref().map_or(0, |release| release.as_str().len());
        a.release.cmp(&b.release).then(length(a).cmp(&length(b))).then(a.name.cmp(&b.name))
    });
    let mut kept: Vec<Fetched> = Vec::new();
    for document in bundle.documents.drain(..) {
        let spelled =
            |document: &Fetched| document.release.as_ref().map(|release| release.as_str().to_owned());
        match kept.last() {
            Some(last) if spelled(last) == spelled(&document) => {
                return Err(SourceError::Twins { one: last.name.clone(), other: document.name });
            }
            Some(last) if last.release == document.release => {
                bundle.notes.push(format!(
                    "{} is passed over: {} names the same release; name it with RELEASE=FILE to use it",
                    document.name, last.name
                ));
            }
            _ => kept.push(document),
        }
    }
    bundle.documents = kept;
    Ok(())
}
