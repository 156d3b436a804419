//! From requests to calls: the API's paths, names and clients, and how sure it is that a request is the API's.

mod alternatives;
pub(super) mod api;
mod company;
pub(super) mod decide;
mod defaults;
mod led;
mod names;
pub(crate) mod own_machine;
pub(super) mod paths;
mod placed;
pub(super) mod sdk;
mod told_once;
pub(super) mod weigh;
