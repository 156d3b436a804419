//! The shell: `syntax` lowers the syntax tree to the common form, `http` knows its clients; the other files hold
//! what no other language has, or writes in another way.

pub(super) mod http;
mod loops;
mod options;
pub(super) mod syntax;
pub(super) mod text;
pub(super) mod tools;
mod words;
