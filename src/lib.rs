//! sunwatch: an API deprecation and compatibility checker.
//!
//! Documents of several releases go in; what a support-window policy says
//! about every item, and which client code is hit by it, comes out. The flow
//! and the order in which modules may use each other is in
//! `docs/architecture.md`. The library never prints, exits, reads the
//! environment or asks for the time: all of that is handed in by `cli`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod cli;
pub mod diff;
pub mod document;
pub mod finding;
pub mod lifecycle;
pub mod policy;
pub mod release;
pub mod report;
pub mod rules;
pub mod scan;
pub mod source;
pub mod text;
