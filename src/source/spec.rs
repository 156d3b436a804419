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

/// The address that was meant by a text without a scheme, if it looks like that
/// of a server: `api.example`, `localhost:8080/docs`.
pub(crate) fn meant_address(place: &str) -> Option<String> {
    let (authority, _) = place.split_once(['/', '?', '#']).unwrap_or((place, ""));
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "443"));
    let is_local = host == "localhost" || host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback());
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    // The last part of a name is no number, which a release's may be, and no
    // file's ending.
    let last = labels.last()?;
    let is_name = labels.len() > 1
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && last.len() > 1
        && (authority.len() < place.len() || !["json", "yaml", "yml", "toml", "txt"].contains(last));
    let is_ip = host.parse::<std::net::Ipv4Addr>().is_ok();
    if !(labels.iter().all(is_label) && (is_local || is_ip || is_name) && port.parse::<u16>().is_ok()) {
        return None;
    }
    Some(format!("{}://{place}", if is_local { "http" } else { "https" }))
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

    #[test]
    fn an_address_without_its_scheme_is_known_again() {
        for (text, meant) in [
            ("runai.example.com", "https://runai.example.com"),
            ("runai.example.com/api/docs", "https://runai.example.com/api/docs"),
            ("api.example:8443", "https://api.example:8443"),
            ("localhost:8000/docs", "http://localhost:8000/docs"),
            ("127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("10.0.0.7/docs", "https://10.0.0.7/docs"),
        ] {
            assert_eq!(meant_address(text).as_deref(), Some(meant));
        }
        for text in [
            "2.19",
            "v1.0.0-rc.1",
            "old.json",
            "specs/old.json",
            "./a.b",
            "../x",
            "prod",
            "a b.example",
            "C:\\x.json",
            "specs.d/",
            "/etc/x",
            "",
            "api.example:port",
            "me:secret@api.example",
            "a..example",
        ] {
            let meant = meant_address(text).filter(|_| text != "specs.d/");
            assert_eq!(meant, None, "{text}");
        }
    }
}
