//! Many documents become one life per item: introduced, deprecated,
//! removable, removed.
//!
//! [`History::of_documents`] reads the lives out of documents and adds what a
//! policy knows (announcements, dates). A [`ledger`] keeps a history in one
//! small file; [`History::judged_by`] puts what was read from it under another
//! policy. Knows nothing of client code.

mod announced;
mod build;
mod compare;
mod deadline;
mod fields;
mod item;
mod labels;
pub mod ledger;
mod members;
mod places;
mod replacement;
mod requirements;
mod resolve;
mod surface;
mod until;

#[cfg(test)]
mod lives_tests;

pub use build::{Counts, History, Release};
pub use deadline::ChannelDeadline;
pub(crate) use deadline::subject;
pub use item::{ClientName, Item, ItemKey, ItemKind, ItemReplacement, Origin, Payload, Since, Withdrawn};
pub use places::{Place, places};
pub use requirements::Requirement;
