//! Files: which are looked at, what a first look at their bytes says, and which belong to one program.

mod askers;
pub(super) mod generated;
mod mentions;
pub(super) mod modules;
mod namespaces;
mod neighbours;
mod own_routes;
mod packages;
mod pins;
pub(super) mod project;
mod readers;
pub(super) mod walk;
