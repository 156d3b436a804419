//! What a comparison gives: changes, each with its cause, its proof and all
//! the places it reaches.

use serde_json::Value;

use crate::document::{Direction, OperationKey};

/// What is known of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It breaks those it names; on the wire a witness shows it.
    Breaks,
    /// It may break them: no witness was confirmed.
    Unknown,
    /// It breaks nobody.
    Compatible,
}

impl Verdict {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaks => "breaks",
            Self::Unknown => "unknown",
            Self::Compatible => "compatible",
        }
    }
}

/// Who a change hurts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaks {
    /// Bytes are refused or missing.
    pub wire: bool,
    /// Generated or typed client code no longer compiles or decodes.
    pub sdk: bool,
}

impl Breaks {
    /// The words of the contract.
    pub fn words(self) -> Vec<&'static str> {
        [(self.wire, "wire"), (self.sdk, "sdk")].iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect()
    }
}

/// A place that a change reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Affected {
    /// The operation, as the newer document writes it.
    pub operation: OperationKey,
    /// The status of a response.
    pub status: Option<String>,
    /// The media type of a body.
    pub media_type: Option<String>,
    /// The place in the payload, or `query:x`.
    pub at: String,
}

/// A value that shows a break.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// The body, the parameter's value, or for what is no value the request.
    pub value: Value,
    /// The same as a command, for requests.
    pub curl: Option<String>,
}

/// Where something stands in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The document's name.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// The JSON pointer.
    pub pointer: String,
}

/// One difference between two documents, by its cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The rule's id.
    pub rule: &'static str,
    /// Who it hurts.
    pub breaks: Breaks,
    /// Which way the payload goes; `None` for what is no payload.
    pub direction: Option<Direction>,
    /// The operation, where it is about one alone.
    pub operation: Option<OperationKey>,
    /// Every place it reaches, in order.
    pub affects: Vec<Affected>,
    /// The component in which it stands.
    pub component: Option<String>,
    /// The place in the component, or in the operation's payload.
    pub at: String,
    /// What it was.
    pub before: Value,
    /// What it is.
    pub after: Value,
    /// One sentence.
    pub message: String,
    /// What shows it.
    pub witness: Option<Witness>,
    /// What is known of it.
    pub verdict: Verdict,
    /// Where it stood.
    pub old: Option<Spot>,
    /// Where it stands.
    pub new: Option<Spot>,
}

impl Change {
    /// The order of reports: by place, then rule.
    pub fn order(&self) -> impl Ord + '_ {
        (
            &self.component,
            &self.operation,
            &self.at,
            self.rule,
            self.direction,
            &self.message,
            self.affects.first(),
        )
    }
}
