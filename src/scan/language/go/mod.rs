//! Go: `syntax` lowers the syntax tree to the common form, `http` knows the HTTP libraries; the other files hold
//! what no other language has, or writes in another way.

mod constants;
pub(super) mod http;
mod names;
pub(super) mod syntax;
