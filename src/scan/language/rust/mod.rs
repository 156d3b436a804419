//! Rust: `syntax` lowers the syntax tree to the common form, `http` knows the HTTP libraries; the other files hold
//! what no other language has, or writes in another way.

mod aliases;
mod arguments;
mod builders;
mod calls;
mod declared;
mod described;
pub(super) mod expansion;
mod generics;
pub(super) mod http;
pub(super) mod lazy;
mod macros;
mod matches;
mod modules;
mod newtypes;
mod opened;
mod pairs;
mod pasted;
mod patterns;
mod segments;
pub(super) mod streams;
pub(super) mod syntax;
mod uris;
mod variants;
mod wire;
mod written;
