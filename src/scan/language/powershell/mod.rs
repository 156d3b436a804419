//! PowerShell: `syntax` lowers the syntax tree to the common form, `http` knows the HTTP libraries; the other files hold
//! what no other language has, or writes in another way.

mod asked;
pub(super) mod http;
mod pipes;
mod scopes;
pub(super) mod syntax;
mod tables;
pub(super) mod text;
