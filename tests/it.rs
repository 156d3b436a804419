//! All tests that see the crate from outside, as one program: each program more
//! would be linked with the whole crate and all its grammars again, for which a
//! build needs minutes and gigabytes. `cargo test --test it scan::` runs the
//! tests of `scan.rs` alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]
#![allow(unreachable_pub)] // what several modules use

mod alternatives;
mod architecture;
mod builtin;
mod check;
mod cli;
mod common;
mod containment;
mod dialects;
mod diff;
mod diff_cli;
mod diff_effort;
mod diff_meaning;
mod diff_oracle;
mod discovery;
mod documents;
mod embedded;
mod fields;
mod grouped;
mod histories;
mod lifecycle;
mod naive;
mod naming;
mod network;
mod oracle;
mod policy;
mod prose;
mod published;
mod pull;
mod recorded;
mod references;
mod required;
mod rules;
mod runai;
mod scan;
mod schema;
mod sent;
mod server;
mod trust;
