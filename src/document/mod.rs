//! The API model we reason about: operations, parameters, bodies and schemas
//! with their origins in the text.
//!
//! Knows nothing of releases or policies.

mod operation_key;

pub use operation_key::{Method, OperationKey, PathTemplate};
