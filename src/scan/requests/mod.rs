//! What calls mean for HTTP, asked of the language's dialect and, of helpers that no file defines, of their names.

pub(super) mod beside;
pub(super) mod builder;
pub(super) mod generic;
pub(super) mod lookups;
pub(super) mod options;
mod overridden;
pub(super) mod request;
pub(super) mod routes;
pub(super) mod template;
