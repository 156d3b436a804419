//! JavaScript and TypeScript: `syntax` lowers the syntax tree to the common form, `http` knows the HTTP libraries; the other files hold
//! what no other language has, or writes in another way.

mod above;
mod bases;
mod beside;
mod calls;
pub(super) mod classes;
mod compiled;
mod described;
mod each;
mod endpoints;
mod enums;
mod exclusive;
mod fields;
pub(super) mod http;
mod imports;
mod patterns;
mod steps;
mod switch;
pub(super) mod syntax;
mod wretch;
