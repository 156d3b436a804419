//! Stub.
pub(super) fn lower(_: tree_sitter::Node<'_>, _: &str) -> crate::scan::form::Unit { Default::default() }
