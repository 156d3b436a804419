//! C#: `syntax` lowers the syntax tree to the common form, `http` knows the HTTP libraries; the other files hold
//! what no other language has, or writes in another way.

mod factories;
mod generics;
pub(super) mod http;
mod rows;
mod sets;
pub(super) mod syntax;
