//! Kotlin: `syntax` lowers the syntax tree to the common form, `http` knows the HTTP libraries; the other files hold
//! what no other language has, or writes in another way.

mod extended;
mod requests;
mod resources;
mod scopes;
pub(super) mod syntax;
mod told;
