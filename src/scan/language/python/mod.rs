//! Python: `syntax` lowers the syntax tree to the common form, `http` knows the HTTP libraries; the other files hold
//! what no other language has, or writes in another way.

mod aliases;
mod asked;
mod calls;
mod changed_urls;
mod class_names;
mod declared;
mod fields;
pub(super) mod http;
mod resources;
mod streams;
pub(super) mod syntax;
mod types;
mod urls;
mod verbs_by_name;
