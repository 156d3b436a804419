//! What could not be read in a document, with its place.

use std::sync::Arc;

use crate::text::{Position, Span};

/// How much is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Read with a guess or a hole that changes no operation: said, no more.
    Warning,
    /// A part of the document (an operation, a path, the components) is
    /// missing from every answer.
    Lost,
}

/// One thing in a document that could not be read as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How much is lost.
    pub severity: Severity,
    /// What was expected, what was found, what was made of it.
    pub message: String,
    /// The file, where it is not the document itself but one it refers to.
    pub file: Option<Arc<str>>,
    /// Where, in bytes.
    pub span: Span,
    /// Where, in line and column.
    pub position: Position,
}
