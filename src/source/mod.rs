//! Where documents come from: a file, a folder of releases, standard input, a
//! git revision, the network. One file each behind one trait; what is in a
//! document is not known here. Each gives along whom to ask for the files that
//! a document refers to ([`References`]).
//!
//! A source is written as on the command line, see [`SourceSpec::parse`].

pub mod archive;
mod beside;
mod changes;
pub mod discovery;
mod file;
mod folder;
mod git;
pub mod http;
mod references;
mod spec;
mod stdin;

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

pub use changes::{Changes, ChangesError};
pub use references::{NoReferences, Referenced, References, Refusal};
pub use spec::{Location, SourceSpec};
pub(crate) use spec::{meant_address, split_release};

use crate::release::ReleaseId;

/// The bytes of one document, with what its source says about it.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// What to call it in messages: a file name, `-`, `git:v1:api.json`.
    pub name: String,
    /// The release, where the command line or the file's name says it.
    pub release: Option<ReleaseId>,
    /// What was fetched.
    pub bytes: Vec<u8>,
    /// Gives the files that the document refers to.
    pub references: Arc<dyn References>,
    /// Where in the network it comes from, if it does.
    pub from: Option<Provenance>,
}

/// Where in the network a document comes from. Addresses are without what may
/// be a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The address that was asked for.
    pub asked: String,
    /// The name of its `[source.NAME]`.
    pub source: Option<String>,
    /// The document's own address, after redirects.
    pub url: String,
    /// What the page that names it calls it.
    pub document: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// Whether its bytes come from the cache.
    pub from_cache: bool,
}

/// All that a source gave.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// The documents; those of a folder in the order of their releases.
    pub documents: Vec<Fetched>,
    /// What was passed over, and why: sentences for people.
    pub notes: Vec<String>,
    /// Files of a folder whose names are no releases. Whether a document refers
    /// to them is not known here.
    pub passed_over: Vec<String>,
}

/// Why a source gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file or folder that is not there or cannot be read.
    #[error("cannot read {name}: {error}")]
    Unreadable {
        /// The file as named.
        name: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file or folder that cannot be written.
    #[error("cannot write {name}: {error}")]
    Unwritable {
        /// The file as named.
        name: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// More bytes than are read.
    #[error("{name} is larger than {limit} bytes, which is not read")]
    TooLarge {
        /// The file as named.
        name: String,
        /// How many bytes are read.
        limit: usize,
    },
    /// A folder without documents of releases.
    #[error(
        "found no documents in the folder {name}: expected files named after releases, such as 2.19.json or 2.20.yaml{found}"
    )]
    EmptyFolder {
        /// The folder as named.
        name: String,
        /// What stands there instead.
        found: String,
    },
    /// Two documents of a folder under one name.
    #[error(
        "{one} and {other} name the same release: expected one document for each; move one away, or name one with RELEASE=FILE"
    )]
    Twins {
        /// The first.
        one: String,
        /// The other.
        other: String,
    },
    /// git did not give the file.
    #[error("cannot read {name}: {message}")]
    Git {
        /// `git:REV:PATH`.
        name: String,
        /// What git says, or what is wrong with the name.
        message: String,
    },
    /// The network gave none.
    #[error(transparent)]
    Network(#[from] http::NetworkError),
    /// A source that is written in a way that means nothing.
    #[error("{text:?} is no source: {why}")]
    Malformed {
        /// As written.
        text: String,
        /// What is missing.
        why: String,
    },
}

/// What fetching needs from outside.
pub struct Surroundings<'a> {
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// Folders beside a document's own that its `$ref`s may lead to.
    pub allow_ref: &'a [PathBuf],
    /// How the network is used, if it may be.
    pub network: Option<&'a std::sync::Arc<http::Options>>,
}

/// A place that documents come from.
trait Source {
    /// Fetches all documents of the source.
    fn fetch(&self, surroundings: &mut Surroundings<'_>) -> Result<Bundle, SourceError>;
}

impl SourceSpec {
    /// Fetches the documents that the source names.
    ///
    /// # Errors
    /// Says which file, folder or revision could not be read, and why.
    pub fn fetch(&self, surroundings: &mut Surroundings<'_>) -> Result<Bundle, SourceError> {
        let source: &dyn Source = match &self.location {
            Location::Stdin => &stdin::Stdin,
            Location::Git { revision, path } => &git::GitBlob { revision, path },
            Location::Path(path) if path.is_dir() => &folder::Folder(path),
            Location::Path(path) if !path.exists() => {
                if let Some(address) = path.to_str().and_then(meant_address) {
                    let why = format!("no such file or folder is there; for a server, write {address}");
                    return Err(SourceError::Malformed { text: self.text.clone(), why });
                }
                &file::File(path)
            }
            Location::Path(path) => &file::File(path),
            Location::Url(url) => &http::Remote(url),
        };
        let bundle = source.fetch(surroundings)?;
        self.named(bundle)
    }

    /// Gives the release of `RELEASE=` to what was fetched.
    ///
    /// # Errors
    /// Several documents, which cannot all be of one release.
    pub fn named(&self, mut bundle: Bundle) -> Result<Bundle, SourceError> {
        if let Some(release) = &self.release {
            if let [document] = bundle.documents.as_mut_slice() {
                document.release = Some(release.clone());
            } else {
                return Err(SourceError::Malformed {
                    text: self.text.clone(),
                    why: "a release can be given to one document, not to a folder of them".to_owned(),
                });
            }
        }
        Ok(bundle)
    }
}

/// Reads to the end, but no more than `limit` bytes; about `expected` of them.
fn read_limited(
    name: &str,
    reader: &mut dyn Read,
    limit: usize,
    expected: u64,
) -> Result<Vec<u8>, SourceError> {
    // One more than there are, so that the end is seen without growing.
    let room = usize::try_from(expected).unwrap_or(limit).min(limit);
    let mut bytes = Vec::with_capacity(if room > 0 { room + 1 } else { 0 });
    let read = reader.take(limit as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| SourceError::Unreadable { name: name.to_owned(), error })?;
    if bytes.len() > limit {
        return Err(SourceError::TooLarge { name: name.to_owned(), limit });
    }
    Ok(bytes)
}

/// The release that a file's name says: its stem, where that begins like a
/// version or a date (`2.19.json`, `v1.0.0-rc.1.yaml`, `2024-10-01.json`).
fn release_of(path: &std::path::Path) -> Option<ReleaseId> {
    let stem = path.file_name()?.to_str()?;
    let stem = [".json", ".yaml", ".yml"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
    let number = stem.strip_prefix(['v', 'V']).unwrap_or(stem);
    number.starts_with(|c: char| c.is_ascii_digit()).then(|| ReleaseId::new(stem))
}
