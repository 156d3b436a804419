//! What can be wrong with a policy file, and how it is said.
//!
//! Every mistake has a place; all mistakes of a file are reported together.
//! Plain text only: colour belongs to the command line.

use std::fmt;

use crate::release::{Channel, Date};

use super::selector::SelectorError;
use super::spanned::{Lines, Place};

/// All mistakes of one policy file, in the order of their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyErrors {
    errors: Vec<PolicyError>,
    omitted: usize,
}

impl PolicyErrors {
    /// More mistakes than this are counted, not listed.
    pub const MAX_LISTED: usize = 100;

    pub(crate) fn new(mut errors: Vec<PolicyError>) -> Self {
        errors.sort_by_key(|e| (e.line, e.column));
        let omitted = errors.len().saturating_sub(Self::MAX_LISTED);
        errors.truncate(Self::MAX_LISTED);
        Self { errors, omitted }
    }

    /// The mistakes, at most [`Self::MAX_LISTED`] of them.
    pub fn iter(&self) -> impl Iterator<Item = &PolicyError> {
        self.errors.iter()
    }

    /// How many mistakes there are, with those that are not listed. Never 0.
    pub fn count(&self) -> usize {
        self.errors.len() + self.omitted
    }
}

impl std::error::Error for PolicyErrors {}

impl fmt::Display for PolicyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{error:#}")?;
        }
        if self.omitted > 0 {
            write!(f, "\nand {} more mistakes", self.omitted)?;
        }
        Ok(())
    }
}

/// One mistake in a policy file.
///
/// `{}` is one line, `policy.toml:3:1: unknown key ...`; `{:#}` adds the line
/// of the file with a mark under the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    file: String,
    line: u32,
    column: u32,
    width: u32,
    source_line: Option<String>,
    kind: PolicyErrorKind,
}

impl PolicyError {
    pub(crate) fn new(file: &str, lines: &Lines<'_>, place: Place, kind: PolicyErrorKind) -> Self {
        // What may be a secret is not repeated on a terminal or in a log of a CI job.
        let secret = match &kind {
            PolicyErrorKind::NotAnEnvName { .. }
            | PolicyErrorKind::NotAHeaderName
            | PolicyErrorKind::UrlWithCredentials => true,
            // `client-secret = "..."` is the likeliest unknown key there.
            PolicyErrorKind::UnknownKey { section, .. } => section.starts_with("[source."),
            // `client-secret-env = hunter2`, without quotes.
            PolicyErrorKind::Syntax(_) => {
                let line = lines.line(place.line).to_ascii_lowercase();
                ["secret", "token", "password"].iter().any(|word| line.contains(word))
            }
            _ => false,
        };
        let source_line = (!secret).then(|| lines.line(place.line).to_owned());
        let Place { line, column, width } = place;
        Self { file: file.to_owned(), line, column, width, source_line, kind }
    }

    /// The label of the file as it was given.
    pub fn file(&self) -> &str {
        &self.file
    }
    /// The line, beginning with 1.
    pub fn line(&self) -> u32 {
        self.line
    }
    /// The column in characters, beginning with 1.
    pub fn column(&self) -> u32 {
        self.column
    }
    /// How many characters of the line are meant; at least 1.
    pub fn width(&self) -> u32 {
        self.width
    }
    /// The line as it stands in the file; `None` where it may hold a secret.
    pub fn source_line(&self) -> Option<&str> {
        self.source_line.as_deref()
    }
    /// What is wrong.
    pub fn kind(&self) -> &PolicyErrorKind {
        &self.kind
    }
}

impl std::error::Error for PolicyError {}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.kind)?;
        let (true, Some(source)) = (f.alternate(), self.source_line()) else { return Ok(()) };
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        // Tabs are kept before the mark, so that it stands where the eye looks.
        let before: String = source
            .chars()
            .take(self.column as usize - 1)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let mark = "^".repeat(self.width as usize);
        write!(f, "\n{margin} |\n{number} | {source}\n{margin} | {before}{mark}")
    }
}

/// Up to this many known words are listed where none is near.
const LIST_AT_MOST: usize = 12;

/// The known words and the nearest of them, ready to be put into a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    words: Vec<String>,
    nearest: Option<String>,
}

impl Known {
    pub(crate) fn new<'w>(found: &str, words: impl IntoIterator<Item = &'w str>) -> Self {
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let nearest = super::near::nearest(found, words.iter().map(String::as_str)).map(str::to_owned);
        Self { words, nearest }
    }
    /// The word that was probably meant.
    pub fn nearest(&self) -> Option<&str> {
        self.nearest.as_deref()
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.nearest, self.words.split_last()) {
            (Some(word), _) => write!(f, "; did you mean `{word}`?"),
            (None, Some((last, rest))) if !rest.is_empty() && rest.len() < LIST_AT_MOST => {
                write!(f, ": expected {} or {last}", rest.join(", "))
            }
            (None, Some((only, []))) => write!(f, ": expected {only}"),
            (None, _) => Ok(()),
        }
    }
}

/// What is wrong at a place of a policy file. The message is the variant's
/// documentation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs)] // each variant is its message
pub enum PolicyErrorKind {
    #[error("the policy is {bytes} bytes long; at most {max} are read")]
    TooLarge { bytes: usize, max: usize },
    #[error("this is JSON; a policy is TOML, and names API documents by `document` in a [[release]]")]
    Json,
    #[error("not valid TOML: {0}")]
    Syntax(String),
    #[error("unknown section `{key}`{known}")]
    UnknownSection { key: String, known: Known },
    #[error("unknown key `{key}` in {section}{known}")]
    UnknownKey { key: String, section: String, known: Known },
    #[error("unknown channel or key `{key}` in [[release]]{known}")]
    UnknownChannel { key: String, known: Known },
    #[error("unknown rule `{rule}`{known}")]
    UnknownRule { rule: String, known: Known },
    #[error("release `{release}` is not listed in [[release]]{known}")]
    UnknownRelease { release: String, known: Known },
    #[error("unknown {what} `{found}`{known}")]
    UnknownWord { what: &'static str, found: String, known: Known },
    #[error("there can be several of this section: write it as {section}, with two brackets")]
    SingleBrackets { section: &'static str },
    #[error("`{key}`: expected {expected}, found {found}")]
    WrongType { key: String, expected: &'static str, found: String },
    #[error("`{key}`: expected {expected}, found `{found}`")]
    WrongValue { key: String, expected: &'static str, found: String },
    #[error("`{key}` is empty: expected {expected}")]
    EmptyText { key: String, expected: &'static str },
    #[error("{section}: `{key}` is missing: expected {expected}")]
    Missing { section: String, key: &'static str, expected: &'static str },
    #[error("{section}: expected `releases`, `months` or both, found neither")]
    EmptyWindow { section: String },
    #[error("`{key}` is no name for a channel: a [[release]] has a key of that name")]
    ReservedChannel { key: String },
    #[error(
        "the release id {raw} stands without quotes; write \"{raw}\"{}",
        lost(.raw)
    )]
    UnquotedRelease { raw: String },
    #[error("release `{id}` is already listed as `{first}` in line {first_line}")]
    DuplicateRelease { id: String, first: String, first_line: u32 },
    #[error("release `{id}` stands after `{before}`: list releases from oldest to newest")]
    ReleaseOrder { id: String, before: String },
    #[error(
        "{id} reached {channel} on {date}, before {before} ({before_date}): expected the same day or a later one"
    )]
    DatedBefore { id: String, channel: Channel, date: Date, before: String, before_date: Date },
    #[error("`{item}` names no item: {error}")]
    BadItem { item: String, error: SelectorError },
    #[error("the same announcement stands already in line {first_line}")]
    DuplicateAnnouncement { first_line: u32 },
    #[error(
        "`{key}`: expected the name of an environment variable (letters, digits, `_`), not the secret itself"
    )]
    NotAnEnvName { key: String },
    #[error("`header`: expected the name of a header alone, without its value")]
    NotAHeaderName,
    #[error("`url`: expected an address without user name and password; name environment variables instead")]
    UrlWithCredentials,
    #[error("{section}: auth = \"{auth}\" needs `{key}`: expected {expected}")]
    AuthNeeds { section: String, auth: &'static str, key: &'static str, expected: &'static str },
    #[error("{section}: auth = \"{auth}\" has no use for `{key}`")]
    AuthIgnores { section: String, auth: &'static str, key: &'static str },
    #[error("{section}: expected either `url` or `path`, found both")]
    UrlAndPath { section: String },
    #[error("source `{name}` has the name of a release; a command could not tell them apart")]
    SourceLikeRelease { name: String },
}

/// What a typed reader makes of an unquoted id, where that is not the same.
fn lost(raw: &str) -> String {
    let trimmed = raw.trim_end_matches('0').trim_end_matches('.');
    if raw.contains('.') && trimmed != raw {
        format!(" (as a number it would be {trimmed})")
    } else {
        String::new()
    }
}
