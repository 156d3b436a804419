//! The API model we reason about: operations, parameters, bodies and schemas
//! with their origins in the text.
//!
//! Knows nothing of releases or policies.

mod operation_key;
mod prose;

pub use operation_key::{Method, OperationKey, PathTemplate};
pub use prose::{
    Described, ProseDeprecation, Replacement, Subject, Target, Wording, deprecated_values, deprecation,
    deprecation_of, replacement, replacement_of,
};
