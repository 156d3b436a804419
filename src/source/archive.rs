//! A folder of documents named by release, with a record of where each is from.
//!
//! The folder is itself a source (`folder`). Files appear whole or not at all,
//! and what was not put there by this is never overwritten.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Fetched, SourceError};
use crate::release::ReleaseId;

/// The record's name; a source of that folder passes over it.
pub const RECORD: &str = "archive.json";
/// A record is a line or two for each release.
const MAX_RECORD_BYTES: u64 = 8 * 1024 * 1024;

/// The record of an archive, described by docs/schema/archive.schema.json.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The version of the program that wrote it.
    pub sunwatch: String,
    /// 1.
    pub schema: u32,
    /// In the order of their releases.
    pub documents: Vec<Kept>,
}

/// One document of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The file, in the same folder.
    pub file: String,
    /// The release.
    pub release: String,
    /// What was asked for.
    pub asked: String,
    /// The document's own address or file.
    pub url: String,
    /// The name of its `[source.NAME]`.
    pub source: Option<String>,
    /// When it was fetched, in UTC (RFC 3339).
    pub fetched: String,
    /// Of the file.
    pub sha256: String,
    /// Of the file.
    pub bytes: usize,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// The files that the document referred to and that are now in it.
    #[serde(default)]
    pub parts: Vec<String>,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// A release that was not there.
    New,
    /// Other bytes than before.
    Replaced,
    /// The same bytes.
    Unchanged,
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An archive.
pub struct Archive {
    folder: PathBuf,
    record: Record,
}

impl Archive {
    /// Opens a folder; it need not be there yet.
    ///
    /// # Errors
    /// A record that cannot be read.
    pub fn open(folder: &Path) -> Result<Self, SourceError> {
        let file = folder.join(RECORD);
        let name = file.display().to_string();
        let malformed = |why: String| SourceError::Malformed { text: name.clone(), why };
        let record = match std::fs::metadata(&file) {
            Ok(data) if data.len() > MAX_RECORD_BYTES => {
                return Err(SourceError::TooLarge { name, limit: MAX_RECORD_BYTES as usize });
            }
            Ok(_) => {
                let text = std::fs::read_to_string(&file)
                    .map_err(|error| SourceError::Unreadable { name: name.clone(), error })?;
                serde_json::from_str(&text)
                    .map_err(|error| malformed(format!("no record of an archive: {error}")))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Record::default(),
            Err(error) => return Err(SourceError::Unreadable { name, error }),
        };
        Ok(Self { folder: folder.to_owned(), record })
    }

    /// Puts a document into the folder and the record, where its bytes hold the
    /// files `parts` that it referred to.
    ///
    /// # Errors
    /// A document without a release, a file of somebody else in the way, or what
    /// the system says.
    pub fn store(
        &mut self,
        document: &Fetched,
        parts: &[String],
        time: &str,
    ) -> Result<(PathBuf, Stored), SourceError> {
        let malformed = |why: String| SourceError::Malformed { text: document.name.clone(), why };
        let Some(release) = &document.release else {
            let asked = document.from.as_ref().map_or(&document.name, |from| &from.asked);
            return Err(malformed(format!(
                "nothing says which release it is, and the file is named after it: write it as in 2.19={asked}"
            )));
        };
        let stem = file_stem(release).ok_or_else(|| {
            malformed(format!("the release {:?} cannot be the name of a file", release.as_str()))
        })?;
        let file = format!("{stem}.{}", extension(&document.bytes));
        let hash = sha256(&document.bytes);
        let known = self.record.documents.iter().position(|kept| ReleaseId::new(&kept.release) == *release);
        let known = known.filter(|at| self.is_ours(&self.record.documents[*at].file));
        for end in ["json", "yaml", "yml"] {
            let other = format!("{stem}.{end}");
            let is_known = known.is_some_and(|at| self.record.documents[at].file == other);
            if !is_known && self.folder.join(&other).exists() {
                let other = self.folder.join(other).display().to_string();
                return Err(malformed(format!(
                    "{other} is there already and is in no record: move it away to put release {release} here"
                )));
            }
        }
        let path = self.folder.join(&file);
        let before = known.map(|at| self.record.documents[at].clone());
        let is_same = before.as_ref().is_some_and(|kept| {
            kept.file == file && std::fs::read(&path).is_ok_and(|bytes| bytes == document.bytes)
        });
        if !is_same {
            self.write(&file, &document.bytes)?;
        }
        let from = document.from.as_ref();
        let kept = Kept {
            file: file.clone(),
            release: release.as_str().to_owned(),
            asked: from.map_or_else(|| document.name.clone(), |from| from.asked.clone()),
            url: from.map_or_else(|| document.name.clone(), |from| from.url.clone()),
            source: from.and_then(|from| from.source.clone()),
            fetched: time.to_owned(),
            sha256: hash,
            bytes: document.bytes.len(),
            etag: from.and_then(|from| from.etag.clone()),
            last_modified: from.and_then(|from| from.last_modified.clone()),
            parts: parts.to_vec(),
        };
        match known {
            Some(at) => self.record.documents[at] = kept,
            None => self.record.documents.push(kept),
        }
        self.record.documents.sort_by_cached_key(|kept| ReleaseId::new(&kept.release));
        self.record.sunwatch = env!("CARGO_PKG_VERSION").to_owned();
        self.record.schema = 1;
        let mut text = serde_json::to_string_pretty(&self.record)
            .map_err(|error| malformed(format!("the record cannot be written: {error}")))?;
        text.push('\n');
        self.write(RECORD, text.as_bytes())?;
        // The same release in another notation: two files of one release are none.
        if let Some(before) = before.as_ref().filter(|before| before.file != file) {
            let gone = self.folder.join(&before.file);
            std::fs::remove_file(&gone)
                .map_err(|error| SourceError::Unreadable { name: gone.display().to_string(), error })?;
        }
        let stored = match (is_same, before) {
            (true, _) => Stored::Unchanged,
            (false, Some(_)) => Stored::Replaced,
            (false, None) => Stored::New,
        };
        Ok((path, stored))
    }

    /// Whether a name of the record is that of a file in this folder: a record
    /// can be edited.
    fn is_ours(&self, file: &str) -> bool {
        let path = Path::new(file);
        path.file_name().is_some_and(|name| name == path.as_os_str()) && self.folder.join(path).is_file()
    }

    fn write(&self, file: &str, bytes: &[u8]) -> Result<(), SourceError> {
        let path = self.folder.join(file);
        let write = || -> std::io::Result<()> {
            std::fs::create_dir_all(&self.folder)?;
            let mut temporary = tempfile::NamedTempFile::new_in(&self.folder)?;
            temporary.write_all(bytes)?;
            temporary.as_file().sync_all()?;
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                temporary.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
            }
            temporary.persist(&path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|error| SourceError::Unwritable { name: path.display().to_string(), error })
    }
}

/// The name of a release as that of a file.
fn file_stem(release: &ReleaseId) -> Option<&str> {
    let text = release.as_str();
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+_".contains(&byte));
    // What a folder of releases takes for one: it begins like a number.
    let number = text.strip_prefix(['v', 'V']).unwrap_or(text);
    (plain && text.len() <= 100 && number.starts_with(|c: char| c.is_ascii_digit())).then_some(text)
}

/// JSON begins with a bracket; the rest is YAML.
fn extension(bytes: &[u8]) -> &'static str {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => "json",
        _ => "yaml",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::NoReferences;

    fn document(release: &str, text: &str) -> Fetched {
        Fetched {
            name: "https://a/openapi".to_owned(),
            release: Some(ReleaseId::new(release)),
            bytes: text.as_bytes().to_vec(),
            references: Arc::new(NoReferences { why: "none are needed" }),
            from: None,
        }
    }

    fn files(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn one_file_for_each_release() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("new");
        let mut archive = Archive::open(&at).unwrap();
        let mut store = |release: &str, text: &str, time: &str| {
            archive.store(&document(release, text), &[], time).map(|(_, stored)| stored)
        };
        assert_eq!(store("2.20", "{}", "t1").unwrap(), Stored::New);
        assert_eq!(store("2.9", "openapi: x", "t1").unwrap(), Stored::New);
        assert_eq!(store("2.20", "{}", "t2").unwrap(), Stored::Unchanged);
        assert_eq!(store("2.20", "{ }", "t3").unwrap(), Stored::Replaced);
        assert_eq!(files(&at), ["2.20.json", "2.9.yaml", RECORD]);
        assert_eq!(store("2.20", "a: b", "t4").unwrap(), Stored::Replaced);
        assert_eq!(files(&at), ["2.20.yaml", "2.9.yaml", RECORD]);
        let again = Archive::open(&at).unwrap();
        let kept: Vec<(&str, &str)> = again
            .record
            .documents
            .iter()
            .map(|kept| (kept.release.as_str(), kept.fetched.as_str()))
            .collect();
        assert_eq!(kept, [("2.9", "t1"), ("2.20", "t4")]);
        assert_eq!(again.record.documents[1].sha256, sha256(b"a: b"));
    }

    #[test]
    fn what_others_put_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("2.20.yaml"), "mine").unwrap();
        let mut archive = Archive::open(folder.path()).unwrap();
        let error = archive.store(&document("2.20", "{}"), &[], "t").unwrap_err().to_string();
        assert!(error.contains("2.20.yaml"), "{error}");
        assert_eq!(files(folder.path()), ["2.20.yaml"]);
        for release in ["../2.20", "a/b", "", "latest", ".2", "2.20\n"] {
            let mut archive = Archive::open(folder.path()).unwrap();
            let hostile = Fetched { release: Some(ReleaseId::new(release)), ..document("1", "{}") };
            let refused = archive.store(&hostile, &[], "t");
            assert!(refused.is_err() || release == "2.20\n", "{release:?}");
        }
        assert_eq!(files(folder.path()), ["2.20.yaml"]);
    }

    #[test]
    fn an_edited_record_reaches_no_other_folder() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        let mut archive = Archive::open(&inner).unwrap();
        archive.store(&document("2.20", "{}"), &[], "t").unwrap();
        std::fs::write(folder.path().join("precious.json"), "{}").unwrap();
        let record = std::fs::read_to_string(inner.join(RECORD)).unwrap();
        std::fs::remove_file(inner.join("2.20.json")).unwrap();
        std::fs::write(inner.join(RECORD), record.replace("\"2.20.json\"", "\"../precious.json\"")).unwrap();
        let mut archive = Archive::open(&inner).unwrap();
        archive.store(&document("2.20", "a: b"), &[], "t").unwrap();
        assert!(folder.path().join("precious.json").exists());
    }
}
