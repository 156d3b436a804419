//! How a source is written.

use std::path::PathBuf;

use url::Url;

use super::SourceError;
use super::http::Ask;
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
    /// An http or https URL: of a document, a docs page or a control plane.
    Url(Url),
}

impl SourceSpec {
    /// Reads `-`, `git:REV:PATH`, a URL, a file or a folder, each with an
    /// optional `RELEASE=` before it.
    ///
    /// # Errors
    /// Text that can be none of these.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        let malformed = |why: &str| SourceError::Malformed { text: text.to_owned(), why: why.to_owned() };
        let (release, place) = split_release(text);
        if place.is_empty() {
            return Err(malformed("expected a file, a folder, an address, `-` or `git:REV:PATH`"));
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
        } else if is_url(place) {
            let ask =
                Ask::new(place).map_err(|why| SourceError::Malformed { text: without_user(text), why })?;
            Location::Url(ask.url)
        } else {
            Location::Path(PathBuf::from(place))
        };
        Ok(Self { text: text.to_owned(), release, location })
    }
}

/// Whether a source is written as an address in the network.
fn is_url(place: &str) -> bool {
    let scheme = place.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| scheme == "http" || scheme == "https")
}

/// An address as a message may repeat it: what stands before an `@` may be a
/// password.
fn without_user(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(start), Some(at)) if start < at => format!("{}...{}", &text[..start + 3], &text[at..]),
        _ => text.to_owned(),
    }
}

/// `RELEASE=PLACE` in its two parts.
pub(crate) fn split_release(text: &str) -> (Option<ReleaseId>, &str) {
    match text.split_once('=') {
        Some((release, place)) if names_release(release) => (Some(ReleaseId::new(release)), place),
        _ => (None, text),
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
        let url = |text: &str| Location::Url(Url::parse(text).unwrap());
        assert_eq!(parse("https://api.example/a?b=c").location, url("https://api.example/a?b=c"));
        assert_eq!(parse("HTTP://api.example").location, url("http://api.example/"));
        let named = parse("2.20=https://api.example/a?b=c");
        assert_eq!(named.location, url("https://api.example/a?b=c"));
        assert_eq!(named.release, Some(ReleaseId::new("2.20")));
        let refused = SourceSpec::parse("2.20=https://me:hunter2@api.example/").unwrap_err().to_string();
        assert!(refused.contains("[source.NAME]") && !refused.contains("hunter2"), "{refused}");
        assert!(SourceSpec::parse("https://").is_err());
    }
}
