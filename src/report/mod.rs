//! Reports: one file per format behind one trait.
//!
//! A [`Report`] is the finished answer of a command; a [`Format`] puts it into
//! text. Nothing here knows the command line, the terminal or the clock.

mod diff;
mod excerpt;
mod json;
mod markdown;
mod notes;
mod plain;
mod pull;
mod table;
mod text;
mod text_calls;
mod text_diff;
mod text_history;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use json::Json;
pub use markdown::Markdown;
pub use text::Text;

pub(crate) use plain::plain;

use crate::diff::Change;
use crate::finding::{Level, Settled};
use crate::lifecycle::{History, Item, Place};
use crate::policy::{Calendar, Policy};
use crate::release::{Channel, ReleaseId};
use crate::rules::{CallStatus, JudgedCall, Rule};
use crate::scan::Files;
use crate::source::Provenance;

/// A part of the input that could not be analysed, or not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputProblem {
    /// The file.
    pub file: String,
    /// The release whose document it is.
    pub release: ReleaseId,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// What was expected, found, and made of it.
    pub message: String,
    /// Whether an answer may be missing for it.
    pub lost: bool,
}

/// A history with what it is judged by.
pub struct HistoryReport<'r> {
    /// The lives.
    pub history: &'r History,
    /// The policy.
    pub policy: &'r Policy,
    /// The channels that are shown.
    pub channels: Vec<Channel>,
    /// The items of each state at the newest release.
    pub states: Vec<(ItemState, &'r Item)>,
    /// For each item of the history the places where it appears, if asked for.
    pub places: Option<Vec<Vec<Place>>>,
    /// What was wrong with the documents.
    pub problems: Vec<InputProblem>,
}

/// Where an item stands at the newest release of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemState {
    /// Gone.
    Removed,
    /// Deprecated, its window over.
    Removable,
    /// Deprecated, its end near.
    Near,
    /// Deprecated.
    Deprecated,
}

/// The answer of `check`.
pub struct CheckReport<'r> {
    /// The history.
    pub history: &'r History,
    /// The policy.
    pub policy: &'r Policy,
    /// The release before.
    pub old: ReleaseId,
    /// The release that was checked.
    pub new: ReleaseId,
    /// The channels it was checked for.
    pub channels: Vec<Channel>,
    /// What was found.
    pub settled: Settled,
    /// What was removed when its windows allowed it.
    pub kept: Vec<&'r Item>,
    /// What was wrong with the documents.
    pub problems: Vec<InputProblem>,
}

/// The answer of `scan`, and a part of that of `upgrade`.
pub struct ScanReport<'r> {
    /// The history.
    pub history: &'r History,
    /// The policy.
    pub policy: &'r Policy,
    /// The release in use, if it was said.
    pub from: Option<ReleaseId>,
    /// The release for which calls were judged.
    pub to: ReleaseId,
    /// The channel whose windows count.
    pub channel: Option<Channel>,
    /// The calls with their status.
    pub calls: Vec<JudgedCall>,
    /// What was found.
    pub settled: Settled,
    /// The files that were looked at.
    pub files: Files,
    /// The text of files with calls.
    pub sources: BTreeMap<String, Arc<str>>,
    /// What was wrong with the documents.
    pub problems: Vec<InputProblem>,
    /// Whether everything is shown instead of the first few.
    pub verbose: bool,
}

/// What an upgrade does to an admin's clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UpgradeVerdict {
    /// Nothing to do.
    Safe,
    /// Nothing breaks, but something should be looked at.
    Attention,
    /// Calls break.
    Blocked,
}

impl UpgradeVerdict {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Attention => "attention",
            Self::Blocked => "blocked",
        }
    }
}

/// An operation that an upgrade takes away or brings near its end.
#[derive(Clone, Debug)]
pub struct OutlookEntry<'r> {
    /// Where it stands at the target.
    pub status: CallStatus,
    /// Its life.
    pub item: &'r Item,
    /// From when it may go, in the judged channel.
    pub removable: Option<String>,
    /// What to use instead.
    pub replacement: Option<String>,
    /// The calls that use it, as numbers in the scan's calls.
    pub calls: Vec<usize>,
}

/// The answer of `upgrade`.
pub struct UpgradeReport<'r> {
    /// The calls.
    pub scan: ScanReport<'r>,
    /// The release in use.
    pub from: ReleaseId,
    /// What it comes to.
    pub verdict: UpgradeVerdict,
    /// What goes, and what is on its way out at the target.
    pub outlook: Vec<OutlookEntry<'r>>,
}

/// The answer of `notes`.
pub struct NotesReport<'r> {
    /// The history.
    pub history: &'r History,
    /// The policy.
    pub policy: &'r Policy,
    /// The calendar of both.
    pub calendar: Calendar,
    /// The release before.
    pub old: ReleaseId,
    /// The release that is described.
    pub new: ReleaseId,
    /// The channels that are shown.
    pub channels: Vec<Channel>,
    /// What was wrong with the documents.
    pub problems: Vec<InputProblem>,
}

/// The answer of `diff`.
pub struct DiffReport {
    /// The release before.
    pub old: ReleaseId,
    /// The release after.
    pub new: ReleaseId,
    /// The changes with their levels.
    pub changes: Vec<(Level, Change)>,
    /// Whether everything is shown instead of the first few.
    pub all: bool,
    /// What was wrong with the documents.
    pub problems: Vec<InputProblem>,
}

/// The answer of `pull`.
pub struct PullReport {
    /// What was fetched.
    pub documents: Vec<PulledDocument>,
    /// What was wrong with it.
    pub problems: Vec<InputProblem>,
}

/// A document that was fetched.
#[derive(Clone, Debug)]
pub struct PulledDocument {
    /// Its release, where anything says it.
    pub release: Option<ReleaseId>,
    /// The address or file it is from.
    pub name: String,
    /// Where in the network it is from.
    pub from: Option<Provenance>,
    /// `OpenAPI 3.0.3`.
    pub dialect: String,
    /// What it calls itself.
    pub title: Option<String>,
    /// What it says of its version, which is no release.
    pub version: Option<String>,
    /// How many operations it has.
    pub operations: usize,
    /// Its size.
    pub bytes: usize,
    /// In hexadecimal digits.
    pub sha256: String,
    /// The files that it referred to and that are in it now.
    pub parts: Vec<String>,
    /// Where it was written.
    pub file: Option<String>,
}

/// The answer of a command.
pub enum Report<'r> {
    /// `history`.
    History(HistoryReport<'r>),
    /// `diff`.
    Diff(DiffReport),
    /// `check`.
    Check(CheckReport<'r>),
    /// `scan`.
    Scan(ScanReport<'r>),
    /// `upgrade`.
    Upgrade(UpgradeReport<'r>),
    /// `notes`.
    Notes(NotesReport<'r>),
    /// `pull`.
    Pull(PullReport),
    /// `rules`.
    Rules(&'static [&'static Rule]),
    /// `explain`.
    Explain(&'static Rule),
}

impl Report<'_> {
    /// The command's name.
    pub fn command(&self) -> &'static str {
        match self {
            Self::History(_) => "history",
            Self::Diff(_) => "diff",
            Self::Check(_) => "check",
            Self::Scan(_) => "scan",
            Self::Upgrade(_) => "upgrade",
            Self::Notes(_) => "notes",
            Self::Pull(_) => "pull",
            Self::Rules(_) => "rules",
            Self::Explain(_) => "explain",
        }
    }
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// This command has no such format.
    #[error("`{command}` cannot be written as {format}; expected one of {expected}")]
    Unsupported {
        /// The command.
        command: &'static str,
        /// The format that was asked for.
        format: &'static str,
        /// Those it has.
        expected: &'static str,
    },
    /// A value that JSON cannot hold.
    #[error("the report could not be put in JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// A form in which reports are written.
pub trait Format {
    /// Puts a report into text that ends in a line break.
    ///
    /// # Errors
    /// A report that this format cannot say.
    fn render(&self, report: &Report<'_>) -> Result<String, ReportError>;
}

/// "1 call", "2 calls".
fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
