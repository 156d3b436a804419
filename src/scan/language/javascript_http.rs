//! Stub.
use crate::scan::request::*;
pub(super) struct JavaScript;
impl Dialect for JavaScript { fn meaning(&self, _: &Callee, _: &[NamedValue]) -> Meaning { Meaning::Unknown } }
