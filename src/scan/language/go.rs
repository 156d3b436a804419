//! Stub.
pub(super) fn lower(_: tree_sitter::Node<'_>, _: &str) -> crate::scan::form::Unit { Default::default() }
use crate::scan::request::*;
pub(super) struct Go;
impl Dialect for Go { fn meaning(&self, _: &Callee, _: &[NamedValue]) -> Meaning { Meaning::Unknown } }
