//! What a scan yields: calls with their places.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::language::Language;
use crate::document::{Method, OperationKey};

/// The outcome of a scan.
#[derive(Debug, Default)]
pub struct Scan {
    /// All calls, ordered by file, line and column.
    pub calls: Vec<Call>,
    /// What was looked at.
    pub files: Files,
    /// The text of every file with calls, for excerpts, and of every file that
    /// was searched and speaks to sunwatch in a comment.
    pub sources: BTreeMap<String, Arc<str>>,
}

/// Counts of files, and the files that were left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Files of a known client language that were found.
    pub seen: usize,
    /// Files that were analysed, or shown by their bytes to contain no call.
    pub scanned: usize,
    /// Files or parts of files that were not analysed, ordered by name.
    pub skipped: Vec<Skipped>,
}

/// A file that was not analysed, or not in full.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The file as it was given or found.
    pub file: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why a file was not analysed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// The options leave it out.
    Excluded,
    /// It is test code, and test code does not count.
    TestCode,
    /// It is no text.
    Binary,
    /// It is the output of a minifier or bundler.
    Minified,
    /// It is larger than the options allow; its size in bytes.
    TooLarge(u64),
    /// Its text is not UTF-8.
    NotUtf8,
    /// It could not be read: why.
    Unreadable(String),
    /// A part that may hold a call could not be parsed: the line.
    SyntaxError(usize),
    /// A part is nested too deeply, or the file is too large to evaluate.
    TooComplex,
}

impl SkipReason {
    /// Whether calls may have been missed against the user's will.
    pub fn is_failure(&self) -> bool {
        match self {
            Self::Excluded | Self::TestCode | Self::Binary | Self::Minified => false,
            Self::TooLarge(_)
            | Self::NotUtf8
            | Self::Unreadable(_)
            | Self::SyntaxError(_)
            | Self::TooComplex => true,
        }
    }
}

impl std::fmt::Display for SkipReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Excluded => f.write_str("excluded"),
            Self::TestCode => f.write_str("test code"),
            Self::Binary => f.write_str("binary"),
            Self::Minified => f.write_str("minified"),
            Self::TooLarge(size) => write!(f, "too large ({size} bytes)"),
            Self::NotUtf8 => f.write_str("not UTF-8"),
            Self::Unreadable(why) => write!(f, "unreadable: {why}"),
            Self::SyntaxError(line) => write!(f, "syntax error in line {line}"),
            Self::TooComplex => f.write_str("too complex"),
        }
    }
}

/// A place in client code that uses an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The file, with `/` between folders.
    pub file: String,
    /// The bytes of the expression that holds the path.
    pub span: Range<usize>,
    /// First line, from 1.
    pub line: usize,
    /// First column, from 1, in characters.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
    /// The line where the request is made: another one if the path is stored
    /// in a variable first.
    pub request_line: usize,
    /// The language of the file.
    pub language: Language,
    /// The method, if it is known.
    pub method: Option<Method>,
    /// The URL as evaluated, holes written `{name}` or `{}`.
    pub url: String,
    /// What is called.
    pub target: Target,
    /// How sure that is.
    pub confidence: Confidence,
    /// How the request is made.
    pub via: Via,
    /// The file is test code.
    pub in_test: bool,
    /// The file is generated client code: the call is one of its methods, used
    /// or not.
    pub generated: bool,
    /// The method of a generated client that makes it, if one does.
    pub sdk: Option<SdkUse>,
    /// The fields and parameters that it sends, and those that are read of its
    /// answer, as far as they are seen.
    pub fields: Vec<FieldUse>,
    /// The objects that it sends of which every key is seen.
    pub objects: Vec<SentObject>,
    pub(super) standing: Standing,
}

/// What speaks for a call beside its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A host, a version, or nothing that other files could tell more of.
    Settled,
    /// Nothing, and several APIs may have the path; it goes through a helper, of which
    /// other files may tell more.
    Open,
    /// What else goes the same way speaks against it.
    Strange,
}

impl Call {
    /// Where something stands that it uses: keys and objects.
    pub(super) fn places(&self) -> impl Iterator<Item = &FieldUse> {
        self.fields.iter().chain(self.objects.iter().map(|object| &object.stands))
    }
}

/// A method of a generated client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdkUse {
    /// The package.
    pub package: String,
    /// Its language, as policies name it.
    pub language: String,
    /// The class, as its generator names it; empty where several have the method.
    pub class: String,
    /// The method, without what says how it answers.
    pub method: String,
    /// Its methods are in groups, as the operationIds are (`repos/list-tags`).
    pub grouped: bool,
    /// The release whose client a lock file pins.
    pub pinned: Option<String>,
}

/// What a call uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One operation.
    Operation(OperationKey),
    /// One of several: the method is not known, or the path is ambiguous.
    Path(Vec<OperationKey>),
    /// A known path with a method that no release has there.
    MethodUnknown {
        /// The operations that the path has.
        known: Vec<OperationKey>,
    },
    /// A method that the class of a generated client has in no release.
    SdkMethod {
        /// The method that is spelled most like it.
        nearest: Option<String>,
    },
    /// Clearly this API, but no operation of any known release.
    Unknown {
        /// The operation whose path is spelled most like it.
        nearest: Option<OperationKey>,
    },
}

/// Where a call uses a field or a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldUse {
    /// In what it is.
    pub place: FieldPlace,
    /// Its place there: `spec.compute.migProfile`, `entries[].id`.
    pub at: String,
    /// The file in which the key is written, which may be another than the call's.
    pub file: String,
    /// First line of the key, from 1.
    pub line: usize,
    /// First column, from 1, in characters.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
    /// The bytes of the key.
    pub span: Range<usize>,
    /// What else the request may be, where it is one of several operations.
    pub or: Vec<OperationKey>,
}

/// An object that a call sends, with all of its keys: what is not among them is not
/// sent. The parameters of a query are one too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentObject {
    /// The object: its place in what is sent, empty for the whole of it, and where
    /// its first key is written.
    pub stands: FieldUse,
    /// Its keys.
    pub keys: BTreeSet<String>,
}

/// What a field that a call uses is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldPlace {
    /// The body that is sent.
    Body,
    /// The query of the URL.
    Query,
    /// The body of the answer.
    Answer,
}

/// How sure it is that the code makes this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// A path in a string that is not seen to reach a call, a path that many
    /// APIs have, test code.
    Low,
    /// Something is inferred: the method from a name, a segment from a hole.
    Medium,
    /// A request with the whole path and the method known.
    High,
}

/// How a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// By a call of an HTTP library.
    Http,
    /// By a helper, of the same file or elsewhere.
    Wrapper,
    /// By a method of a generated client.
    Sdk,
}

impl Confidence {
    /// The word for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Via {
    /// The word for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Wrapper => "wrapper",
            Self::Sdk => "sdk",
        }
    }
}
