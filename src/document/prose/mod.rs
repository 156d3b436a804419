//! Reads deprecation and replacements out of prose: summaries, descriptions,
//! announcements. For documents whose authors wrote "Deprecated - use X
//! instead" where a flag belongs, or a flag without saying what to use.
//!
//! Pure functions on text, in English. It knows no documents: whether a named
//! replacement exists is for others to find out. It judges one text at a time
//! and would rather miss a deprecation than invent one: a text often speaks
//! of the deprecation of something else ("replaces the deprecated `x` field"),
//! and only what it says of its own subject counts.

mod claim;
mod deprecation;
mod label;
mod replacement;
mod target;
mod tokens;
mod values;
mod words;

use std::ops::Range;

use super::Method;
pub use deprecation::{deprecation, deprecation_of};
pub use replacement::{replacement, replacement_of};
pub use values::deprecated_values;

/// What kind of thing a text describes. It decides which nouns mean the thing
/// itself: "this parameter is deprecated" in the description of an operation
/// does not make the operation deprecated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Described {
    /// Not known: every noun is taken to mean the thing.
    #[default]
    Anything,
    /// An operation, or a group of them (a path, a tag).
    Operation,
    /// A parameter or a header.
    Parameter,
    /// A property of a schema.
    Field,
    /// A schema, a body, a response.
    Schema,
}

/// What a text describes, and under which names it may speak of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The kind of thing.
    pub what: Described,
    /// Its names: the field's or parameter's name; for an operation its id, its
    /// path, its summary. Compared without regard to case and separators.
    pub names: &'a [&'a str],
}

impl<'a> Subject<'a> {
    /// A thing of that kind with these names.
    pub fn new(what: Described, names: &'a [&'a str]) -> Self {
        Self { what, names }
    }
}

/// How a text words a deprecation: how sure it is and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wording {
    /// "will be deprecated in 3.0": announced, not yet so.
    Planned,
    /// "deprecated", "obsolete", "discontinued", "superseded by".
    Deprecated,
    /// "no longer supported".
    Unsupported,
    /// "will be removed in 3.0", "is scheduled for removal".
    Removal,
}

/// What a text says of the deprecation of the thing that it describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProseDeprecation {
    /// The first sentence that says so, in bytes of the text.
    pub sentence: Range<usize>,
    /// How it is worded.
    pub wording: Wording,
}

/// The replacement that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The clause as written, trimmed and cut to a readable length: "Use `x` instead".
    pub text: String,
    /// What it names, in the order of the text. Empty where the clause names
    /// nothing that could be told apart.
    pub targets: Vec<Target>,
}

/// One thing that a text names as a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An operation, or all operations of a path.
    Operation {
        /// The method, where the text says one.
        method: Option<Method>,
        /// The path with a slash at its front and without a host.
        path: String,
    },
    /// A bare name: of a field, a parameter, a value, a schema.
    Field(String),
    /// Anything else, as written: "the accessrules API", a link's title.
    Text(String),
}
