//! Answers on disk: asked for again by validator, and all there is offline.
//!
//! One file per address and asker. Its name is a hash of both, and it holds no
//! address, no credentials and no header but those listed in [`Entry`]. What it
//! is used for (whether an answer is still right) is decided in `session`.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

/// Answers that are kept; the oldest go first.
const MAX_ENTRIES: usize = 400;
/// Their bytes.
const MAX_TOTAL: u64 = 512 * 1024 * 1024;
/// The form of the files; another one is not read.
const FORM: u32 = 1;

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    form: u32,
    /// Of the body: what is damaged is not used.
    sha256: String,
    /// `ETag`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    /// `Last-Modified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_modified: Option<String>,
    /// `Content-Type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_type: Option<String>,
    /// `Link`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) links: Vec<String>,
    /// Where it leads, if it is a redirect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<String>,
    /// The body, unpacked.
    #[serde(skip)]
    pub(super) body: Vec<u8>,
}

impl Entry {
    pub(super) fn new(body: Vec<u8>) -> Self {
        Self {
            form: FORM,
            sha256: hex(&Sha256::digest(&body)),
            etag: None,
            last_modified: None,
            content_type: None,
            links: Vec::new(),
            location: None,
            body,
        }
    }

    /// Whether a server can be asked if it has changed.
    pub(super) fn has_validator(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A folder of answers.
pub(super) struct Cache {
    folder: PathBuf,
    asker: [u8; 32],
}

impl Cache {
    pub(super) fn new(folder: PathBuf, asker: [u8; 32]) -> Self {
        Self { folder, asker }
    }

    /// The file of an address; `own` where credentials are sent along.
    fn file(&self, url: &Url, accept: &str, own: bool) -> PathBuf {
        let mut hash = Sha256::new();
        hash.update(if own { self.asker } else { [0; 32] });
        hash.update((accept.len() as u64).to_le_bytes());
        hash.update(accept);
        hash.update(url.as_str());
        self.folder.join(format!("{}.http", hex(&hash.finalize())))
    }

    /// What is kept, whole and undamaged.
    pub(super) fn read(&self, url: &Url, accept: &str, own: bool) -> Option<Entry> {
        let file = std::fs::File::open(self.file(url, accept, own)).ok()?;
        let mut bytes = Vec::new();
        let limit = crate::text::MAX_BYTES as u64 + 64 * 1024;
        file.take(limit).read_to_end(&mut bytes).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let mut entry: Entry = serde_json::from_slice(&bytes[..end]).ok()?;
        entry.body = bytes.split_off(end + 1);
        let is_whole = entry.form == FORM && entry.sha256 == hex(&Sha256::digest(&entry.body));
        is_whole.then_some(entry)
    }

    /// Keeps an answer; it appears whole or not at all. A cache that cannot be
    /// written is no reason to fail, and says why.
    pub(super) fn write(&self, url: &Url, accept: &str, own: bool, entry: &Entry) -> Result<(), String> {
        let write = || -> std::io::Result<()> {
            private_folder(&self.folder)?;
            // Temporary files are private from the beginning.
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            serde_json::to_writer(&mut file, entry)?;
            file.write_all(b"\n")?;
            file.write_all(&entry.body)?;
            file.persist(self.file(url, accept, own)).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|error| format!("the cache {} cannot be written: {error}", self.folder.display()))?;
        self.prune();
        Ok(())
    }

    /// Forgets an answer that is not right any more.
    pub(super) fn forget(&self, url: &Url, accept: &str, own: bool) {
        // What is not there needs no forgetting.
        let _ = std::fs::remove_file(self.file(url, accept, own));
    }

    fn prune(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        let mut files: Vec<_> = entries
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "http"))
            .filter_map(|entry| {
                let data = entry.metadata().ok()?;
                Some((data.modified().ok()?, data.len(), entry.path()))
            })
            .collect();
        files.sort();
        let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        let mut count = files.len();
        for (_, bytes, path) in files {
            if count <= MAX_ENTRIES && total <= MAX_TOTAL {
                break;
            }
            // Another process may have been quicker.
            let _ = std::fs::remove_file(path);
            total -= bytes;
            count -= 1;
        }
    }
}

/// Answers that needed credentials are nobody else's business.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(body: &str) -> Entry {
        Entry { etag: Some("\"1\"".to_owned()), ..Entry::new(body.as_bytes().to_vec()) }
    }

    #[test]
    fn askers_are_kept_apart_and_damage_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let url = Url::parse("https://a/x?key=hunter2").unwrap();
        let mine = Cache::new(folder.path().join("new"), [1; 32]);
        let other = Cache::new(folder.path().join("new"), [2; 32]);
        mine.write(&url, "*/*", true, &entry("mine")).unwrap();
        assert_eq!(mine.read(&url, "*/*", true), Some(entry("mine")));
        assert_eq!(other.read(&url, "*/*", true), None);
        assert_eq!(mine.read(&url, "*/*", false), None);
        assert_eq!(mine.read(&url, "text/html", true), None);
        // What everybody gets, everybody gets.
        mine.write(&url, "*/*", false, &entry("all")).unwrap();
        assert_eq!(other.read(&url, "*/*", false), Some(entry("all")));
        // No address, no key.
        for file in std::fs::read_dir(folder.path().join("new")).unwrap() {
            let file = file.unwrap();
            let text = String::from_utf8(std::fs::read(file.path()).unwrap()).unwrap();
            assert!(!format!("{:?}{text}", file.path()).contains("hunter2"));
            assert!(!text.contains("https://"));
        }
        let file = mine.file(&url, "*/*", true);
        let mut bytes = std::fs::read(&file).unwrap();
        bytes.pop();
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(mine.read(&url, "*/*", true), None);
        mine.forget(&url, "*/*", false);
        assert_eq!(mine.read(&url, "*/*", false), None);
    }

    #[test]
    fn the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned(), [0; 32]);
        for at in 0..MAX_ENTRIES + 3 {
            let url = Url::parse(&format!("https://a/{at}")).unwrap();
            cache.write(&url, "", false, &entry("x")).unwrap();
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), MAX_ENTRIES);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("a/b"), [0; 32]);
        let url = Url::parse("https://a/").unwrap();
        cache.write(&url, "", false, &entry("x")).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path().join("a/b")), 0o700);
        assert_eq!(mode(&cache.file(&url, "", false)), 0o600);
    }
}
