//! The API model we reason about: operations, parameters, bodies and schemas
//! with their origins in the text.
//!
//! [`Document::read`] takes a text in whatever dialect; one reader per dialect
//! fills the same model. One bad operation or reference is a [`Problem`] with
//! its place, the rest still loads. Knows nothing of releases or policies.

mod annotations;
mod bundle;
mod client_names;
mod deprecation;
mod dialect;
mod few;
mod model;
mod openapi3;
mod operation_key;
mod problem;
mod prose;
mod read;
mod reader;
mod shape;
mod swagger20;
mod webhooks;

pub use annotations::Annotations;
pub use bundle::{MAX_REFERENCE_DISTANCE, MAX_REFERENCED_BYTES, MAX_REFERENCED_FILES};
pub(crate) use client_names::{Style, camelized, class, essence, invented};
pub use deprecation::{Deprecation, Evidence};
pub use dialect::{Dialect, DialectVersion};
pub use few::Few;
pub use model::{
    Anchor, Body, Direction, EnumValue, MediaType, Operation, Parameter, ParameterIn, Property, Response,
    Schema, SchemaId, Webhook,
};
pub use operation_key::{Method, OperationKey, PathTemplate};
pub use problem::{Problem, Severity};
pub use prose::{
    Described, ProseDeprecation, Replacement, Subject, Target, Wording, deprecated_values, deprecation,
    deprecation_of, replacement, replacement_of,
};
pub use read::{Document, ReadError};
pub use shape::{Shape, ShapeProperty};
