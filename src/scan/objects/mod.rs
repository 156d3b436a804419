//! What the evaluator knows of objects: what they are made of, are told, inherit and say for themselves.

mod appended;
mod beans;
mod bound_later;
pub(super) mod captured;
mod change;
mod client_bases;
mod constants;
pub(super) mod containers;
mod declared;
pub(super) mod elements;
pub(super) mod fluent;
mod given_paths;
pub(super) mod handed_up;
mod inherited;
mod joined;
mod made_up;
mod own_builders;
mod queries;
mod text_methods;
mod told_options;
mod variants;
