//! The files that a document refers to with `$ref`: who may be asked for what.
//!
//! What the references mean is the matter of the `document` module. It asks a
//! [`References`], which every source gives along with its documents, and takes
//! a [`Refusal`] for an answer, which it says at the place of the reference.

use std::fmt;

/// Gives the files that one document refers to.
///
/// Locations are texts of the implementation's own: whatever names one file and
/// no other (a path without links, an address), so that two spellings of one
/// file are one file.
pub trait References: fmt::Debug + Send + Sync {
    /// The location of the document itself, from which its references are read.
    fn document(&self) -> &str;

    /// Where `reference` leads that stands in the file at `base`: a URI
    /// reference (RFC 3986) as written, without its fragment and never empty.
    /// Nothing is opened or sent for what is refused.
    ///
    /// # Errors
    /// Why it may not be followed, in words that go on from "`$ref` to `X`:".
    fn locate(&self, base: &str, reference: &str) -> Result<String, Refusal>;

    /// Fetches files, each of them `limit` bytes long at most, in the order of
    /// `locations`, which [`References::locate`] gave.
    fn fetch(&self, locations: &[String], limit: usize) -> Vec<Result<Referenced, Refusal>>;
}

/// A file that a document refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referenced {
    /// What to call it in messages and reports.
    pub name: String,
    /// Where it was found in the end: the base of the references inside (RFC
    /// 3986, section 5.1.3). Usually what was asked for.
    pub location: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Why a file is not given: a sentence without its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

impl Refusal {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// Gives no files at all.
#[derive(Clone, Copy, Debug)]
pub struct NoReferences {
    /// Why not, as in [`Refusal`].
    pub why: &'static str,
}

impl References for NoReferences {
    fn document(&self) -> &'static str {
        ""
    }
    fn locate(&self, _: &str, _: &str) -> Result<String, Refusal> {
        Err(Refusal::new(self.why))
    }
    fn fetch(&self, locations: &[String], _: usize) -> Vec<Result<Referenced, Refusal>> {
        locations.iter().map(|_| Err(Refusal::new(self.why))).collect()
    }
}

/// The segments of a relative reference to a file, decoded; `..` and `.` are
/// still among them.
pub(super) fn relative(reference: &str) -> Result<Vec<String>, Refusal> {
    if let Some((scheme, _)) = reference.split_once(':')
        && !scheme.contains('/')
    {
        let why = match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => "a document that is a file refers to nothing over the network",
            "file" => "`file:` addresses are not followed; write the path from this file on",
            _ => "only relative paths are followed",
        };
        return Err(Refusal::new(why));
    }
    if reference.starts_with(['/', '\\']) {
        return Err(Refusal::new("absolute paths are not followed; write the path from this file on"));
    }
    if reference.contains('?') {
        return Err(Refusal::new("a file has no query (`?`)"));
    }
    reference.split('/').map(segment).collect()
}

fn segment(text: &str) -> Result<String, Refusal> {
    let decoded = crate::text::percent_decoded(text);
    // A separator that was hidden, or what no path can hold.
    if decoded.contains(['/', '\\', '\0']) {
        return Err(Refusal::new("a part of its path holds a character that no file's name can have"));
    }
    Ok(decoded)
}

/// Follows `segments` from the folder `from`; `None` where they lead out of
/// the top.
pub(super) fn followed(from: &[String], segments: &[String]) -> Option<Vec<String>> {
    let mut out = from.to_vec();
    for segment in segments {
        match segment.as_str() {
            "" | "." => {}
            ".." => {
                out.pop()?;
            }
            name => out.push(name.to_owned()),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_relative_paths() {
        for refused in [
            "/etc/passwd",
            "//host/share",
            "\\\\host\\share",
            "C:\\x.yaml",
            "file:///etc/passwd",
            "HTTP://x.example/a",
            "urn:a",
            "a%2fb.yaml",
            "a%5Cb.yaml",
            "a\\..\\b.yaml",
            "a%00.yaml",
            "a.yaml?b",
        ] {
            assert!(relative(refused).is_err(), "{refused}");
        }
        let steps = |text: &str| followed(&["a".to_owned(), "b".to_owned()], &relative(text).unwrap());
        let joined = |text: &str| steps(text).map(|steps| steps.join("/"));
        assert_eq!(joined("./c.yaml").as_deref(), Some("a/b/c.yaml"));
        assert_eq!(joined("../c%20d.yaml").as_deref(), Some("a/c d.yaml"));
        assert_eq!(joined("%2e%2e/%2E./c").as_deref(), Some("c"));
        assert_eq!(joined("../../../c"), None);
        assert_eq!(joined("c//d:e.yaml").as_deref(), Some("a/b/c/d:e.yaml"));
    }
}
