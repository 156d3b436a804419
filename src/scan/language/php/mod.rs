//! PHP: `syntax` lowers the syntax tree to the common form, `http` knows the HTTP libraries.

pub(super) mod http;
pub(super) mod syntax;
