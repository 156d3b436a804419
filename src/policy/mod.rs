//! policy.toml: support windows, releases, announcements, exceptions.
//!
//! - [`Policy::parse`] reads and checks a file; every value that a message may
//!   point at keeps its line and column, and all mistakes are reported together.
//! - [`ItemSelector`] is how a policy names an operation, parameter or field.
//! - [`Calendar`] orders releases, [`Policy::removable`] says from when an item
//!   may be removed.
//!
//! Nothing here knows what a document contains, what a finding is, or what is
//! in the environment; rule ids and the text of the file are handed in.

mod calendar;
mod deadline;
mod error;
mod glob;
mod model;
mod near;
mod parse;
mod parse_calendar;
mod reader;
mod selector;
mod source;
mod spanned;

#[cfg(test)]
mod deadline_tests;
#[cfg(test)]
mod selector_tests;

pub use calendar::Calendar;
pub use deadline::{Deadline, State, UnknownReason, Verdict};
pub use error::{Known, PolicyError, PolicyErrorKind, PolicyErrors};
pub use model::{
    Annotations, Announcement, Exempt, ExemptExtension, ExtensionPath, ExtensionValue, Ignore, LevelSetting,
    Near, Policy, Release, Replacement, Scan, Sdk, Window,
};
pub use parse::{INIT_TEMPLATE, MAX_POLICY_BYTES};
pub use selector::{ItemSelector, Place, SelectorError, Stars, Subject, Target};
pub use source::{Auth, Location, Source, VersionAt};
pub use spanned::Spanned;
