//! Fields: the keys that calls send and those that are read of their answers.

pub(super) mod answer;
pub(super) mod client_answers;
pub(super) mod complete;
pub(super) mod decoders;
mod deferred;
pub(super) mod each_answer;
mod jq;
mod json_text;
mod models;
mod one_liners;
pub(super) mod pipes;
mod promises;
pub(super) mod sent;
pub(super) mod structs;
pub(super) mod typed;
pub(super) mod written_into;
