//! A rule that fired at a place, and what becomes of it: levels, exceptions.
//!
//! [`settle`] is the only place where a finding can be dropped: by the policy, by
//! a comment in the code ([`suppress`]), by a [`Baseline`], or because its lines
//! have not changed. Knows nothing of report formats.

mod baseline;
mod fingerprint;
mod level;
mod settle;
mod suppress;

use std::ops::Range;

use crate::document::{Direction, OperationKey};
use crate::lifecycle::{Item, ItemKey, ItemKind};
use crate::release::Channel;
use crate::scan::Confidence;

pub use baseline::{Baseline, BaselineError, MAX_BASELINE_BYTES};
pub use fingerprint::{Identity, identities};
pub use level::Level;
pub use settle::{BaselineUse, Catalogue, Changed, Cover, Filters, Ignored, Settled, settle, settle_client};

/// Where a finding stands: a line of a document or of client code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The file as it was named.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
    /// The bytes, where the file's text is at hand for an excerpt.
    pub span: Option<Range<usize>>,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is, after the policy's `[levels]` once settled.
    pub level: Level,
    /// What it is about; `None` for the policy's own exceptions.
    pub item: Option<ItemKey>,
    /// The headline, without the rule and the level.
    pub message: String,
    /// More lines, each a fact of its own: since when, until when, what instead.
    pub facts: Vec<String>,
    /// The life it was judged by.
    pub life: Option<Box<Item>>,
    /// The directions of the payload it is about: none for what is no part of one.
    pub directions: Vec<Direction>,
    /// The channels it holds for; empty where that makes no difference.
    pub channels: Vec<Channel>,
    /// How sure a finding in client code is.
    pub confidence: Option<Confidence>,
    /// The path that was called, where it is no known operation's.
    pub called: Option<OperationKey>,
    /// The place in that operation's payload, for a field that a call uses.
    pub place: Option<String>,
    /// Where it stands, if anywhere.
    pub spot: Option<Spot>,
    /// The line of the request, where that is another one: a comment there
    /// speaks for the finding too.
    pub request_line: Option<usize>,
}

impl Finding {
    /// A finding about an item, at the rule's own level.
    pub fn about(rule: &'static str, level: Level, item: &Item, message: String) -> Self {
        Self {
            rule,
            level,
            item: Some(item.key.clone()),
            message,
            facts: Vec::new(),
            life: Some(Box::new(item.clone())),
            directions: item.key.direction().into_iter().collect(),
            channels: Vec::new(),
            confidence: None,
            called: None,
            place: None,
            spot: None,
            request_line: None,
        }
    }

    /// A finding about nothing in particular.
    pub fn plain(rule: &'static str, level: Level, message: String) -> Self {
        Self {
            rule,
            level,
            item: None,
            message,
            facts: Vec::new(),
            life: None,
            directions: Vec::new(),
            channels: Vec::new(),
            confidence: None,
            called: None,
            place: None,
            spot: None,
            request_line: None,
        }
    }

    /// The operation it is about.
    pub fn operation(&self) -> Option<&OperationKey> {
        self.item.as_ref().and_then(|item| item.operation.as_ref()).or(self.called.as_ref())
    }

    /// What kind of item it is about.
    pub fn kind(&self) -> Option<ItemKind> {
        self.item.as_ref().map(|item| item.kind)
    }

    /// The order of reports: by place, then rule, then item; what is about the
    /// policy's exceptions last.
    pub fn order(&self) -> impl Ord + '_ {
        let place = self.spot.as_ref().map(|spot| (&spot.file, spot.line, spot.column));
        let is_exception = self.item.is_none() && self.confidence.is_none();
        (is_exception, place, self.rule, self.item.as_ref(), &self.message)
    }
}
