//! Releases, channels and dates: the calendar of a product.
//!
//! Knows the order of release ids and how calendar months are added; knows
//! nothing of documents or policies.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

pub use jiff::civil::Date;
use semver::Version;

/// The name of a release as its owner writes it: `2.18`, `v2.18`,
/// `2.18.45-rc.1`, `2024-10-01`.
///
/// The text is kept as written and never read as a number (`2.20` is not
/// `2.2`). Order and equality go by meaning: a leading `v` and missing minor or
/// patch numbers do not matter (`v2.18`, `2.18` and `2.18.0` are one release),
/// everything else orders by semantic versioning (2.0.0, section 11). Ids
/// that are no versions order after versions, by their numbers and words.
///
/// ```
/// use sunwatch::release::ReleaseId;
///
/// assert!(ReleaseId::new("2.20") > ReleaseId::new("2.19"));
/// assert!(ReleaseId::new("2.20") > ReleaseId::new("2.2"));
/// assert_eq!(ReleaseId::new("v2.20"), ReleaseId::new("2.20.0"));
/// ```
#[derive(Clone)]
pub struct ReleaseId {
    text: Arc<str>,
    key: Key,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key {
    Version(Version),
    Words(Vec<Word>),
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Word {
    Number(u64),
    Text(String),
}

impl ReleaseId {
    /// Takes any text as a release id; surrounding white space is dropped.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        let key = version(text).map_or_else(|| Key::Words(words(text)), Key::Version);
        Self { text: text.into(), key }
    }

    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the id reads as a version number (with or without `v`, with
    /// one to three numbers, optionally a pre-release).
    pub fn is_version(&self) -> bool {
        matches!(self.key, Key::Version(_))
    }
}

/// Reads one to three dotted numbers with an optional pre-release or build
/// part as a semantic version, missing numbers being zero.
fn version(text: &str) -> Option<Version> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    // `2024-10-01` is a date, not version 2024 with pre-release `10-01`.
    if text.parse::<Date>().is_ok() {
        return None;
    }
    let mut parts = [0u64; 3];
    for (count, part) in numbers.split('.').enumerate() {
        if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *parts.get_mut(count)? = part.parse().ok()?;
    }
    Version::parse(&format!("{}.{}.{}{rest}", parts[0], parts[1], parts[2])).ok()
}

/// Splits an id into its numbers and words, so that `r9` comes before `r10`.
fn words(text: &str) -> Vec<Word> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (head, tail) = rest.split_at(end);
        out.push(match head.parse() {
            Ok(number) if digits => Word::Number(number),
            _ => Word::Text(head.to_owned()),
        });
        rest = tail;
    }
    out
}

impl PartialEq for ReleaseId {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl Eq for ReleaseId {}
impl std::hash::Hash for ReleaseId {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}
impl PartialOrd for ReleaseId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for ReleaseId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}
impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
impl fmt::Debug for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReleaseId({})", self.text)
    }
}

/// How a release reaches people: `self-hosted`, `saas`, or whatever else a
/// policy defines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(Arc<str>);

impl Channel {
    /// A channel of that name.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }
    /// The channel's name as the policy writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The same day `months` calendar months later; where that month is shorter,
/// its last day (`2024-08-31` plus 6 is `2025-02-28`). `None` past the end of
/// the calendar (year 9999).
pub fn add_months(date: Date, months: u32) -> Option<Date> {
    date.checked_add(jiff::Span::new().try_months(i64::from(months)).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_by_meaning() {
        let sorted = ["2.2", "2.18", "2.19", "2.20", "2.20.1-rc.1", "2.20.1", "10.0"];
        for pair in sorted.windows(2) {
            assert!(ReleaseId::new(pair[0]) < ReleaseId::new(pair[1]), "{pair:?}");
        }
        assert_eq!(ReleaseId::new("v2.18"), ReleaseId::new("2.18.0"));
        assert_ne!(ReleaseId::new("2.20"), ReleaseId::new("2.2"));
        assert!(ReleaseId::new("2024-09-30") < ReleaseId::new("2024-10-01"));
        assert!(ReleaseId::new("r9") < ReleaseId::new("r10"));
        assert_eq!(ReleaseId::new("2.20").to_string(), "2.20");
        // Numbers too large for a version are still an id.
        assert!(!ReleaseId::new("99999999999999999999.1").is_version());
    }

    #[test]
    fn months_end_on_the_last_day() {
        let add = |d: &str, m| add_months(d.parse().unwrap(), m).unwrap().to_string();
        assert_eq!(add("2024-08-31", 6), "2025-02-28");
        assert_eq!(add("2024-07-21", 6), "2025-01-21");
        assert_eq!(add("2023-08-31", 6), "2024-02-29");
        assert_eq!(add_months("9999-12-01".parse().unwrap(), 1), None);
    }
}
