//! How a source is written.

use std::path::PathBuf;

use super::SourceError;
use crate::release::ReleaseId;

/// A source as written on the command line or in a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSpec {
    /// As written.
    pub text: String,
    /// The release given with `RELEASE=`.
    pub release: Option<ReleaseId>,
    /// Where to fetch from.
    pub location: Location,
}

/// Where to fetch from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A file or a folder.
    Path(PathBuf),
    /// Standard input, `-`.
    Stdin,
    /// `git:REV:PATH`.
    Git {
        /// Whatever git takes for a revision.
        revision: String,
        /// The file's path from the repository's root.
        path: String,
    },
}

impl SourceSpec {
    /// Reads `-`, `git:REV:PATH`, a file or a folder, each with an optional
    /// `RELEASE=` before it.
    ///
    /// # Errors
    /// Text that can be none of these.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        let malformed = |why: &str| SourceError::Malformed { text: text.to_owned(), why: why.to_owned() };
        let (release, place) = match text.split_once('=') {
            Some((release, place)) if names_release(release) => (Some(ReleaseId::new(release)), place),
            _ => (None, text),
        };
        if place.is_empty() {
            return Err(malformed("expected a file, a folder, `-` or `git:REV:PATH`"));
        }
        let location = if place == "-" {
            Location::Stdin
        } else if let Some(rest) = place.strip_prefix("git:") {
            let (revision, path) =
                rest.split_once(':').ok_or_else(|| malformed("expected `git:REV:PATH`"))?;
            if revision.is_empty() || path.is_empty() {
                return Err(malformed("expected `git:REV:PATH`, with a revision and a path"));
            }
            if revision.starts_with('-') {
                return Err(malformed("a revision cannot begin with `-`"));
            }
            Location::Git { revision: revision.to_owned(), path: path.to_owned() }
        } else if place.starts_with("http://") || place.starts_with("https://") {
            return Err(malformed("documents are not fetched over the network yet; save it to a file first"));
        } else {
            Location::Path(PathBuf::from(place))
        };
        Ok(Self { text: text.to_owned(), release, location })
    }
}

/// Whether the text before a `=` is the name of a release and not a part of a
/// path (`dir/a=b.json`) or of a git revision.
fn names_release(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(['/', '\\', ':'])
        && !text.contains(char::is_whitespace)
        && !std::path::Path::new(text).is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_told_apart() {
        let parse = |text: &str| SourceSpec::parse(text).unwrap();
        assert_eq!(parse("-").location, Location::Stdin);
        assert_eq!(parse("2.20=-").release, Some(ReleaseId::new("2.20")));
        assert_eq!(parse("2.20=specs/a.json").location, Location::Path("specs/a.json".into()));
        assert_eq!(parse("specs/a=b.json").release, None);
        assert_eq!(
            parse("git:v1:api/x.json").location,
            Location::Git { revision: "v1".into(), path: "api/x.json".into() }
        );
        assert!(SourceSpec::parse("git:--upload-pack=x:y").is_err());
        assert!(SourceSpec::parse("git:v1").is_err());
        assert!(SourceSpec::parse("").is_err());
        assert!(SourceSpec::parse("https://api.example/openapi.json").is_err());
    }
}
