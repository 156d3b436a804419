//! What the schemas of one document accept, for those who ask whether a value may
//! stand at a place of it.
//!
//! The answers are those of the comparison's normal forms; nothing is compared
//! here, and no witness is made.

use serde_json::Value;

use super::covers::Engine;
use super::facets::Id;
use super::side::Side;
use super::space::Space;
use crate::document::{Direction, Document, SchemaId};

/// The meaning of a document's schemas in one direction.
pub(crate) struct Meaning<'d> {
    document: &'d Document,
    engine: Engine<'d>,
}

impl<'d> Meaning<'d> {
    pub(crate) fn new(document: &'d Document, direction: Direction) -> Self {
        let space = Space::new(vec![Side::of_document(document)], Some(direction));
        Self { document, engine: Engine::new(space, true) }
    }

    fn numbers(&mut self, schemas: &[SchemaId]) -> Vec<Id> {
        schemas.iter().map(|id| self.engine.space.schema(0, self.document.schema(*id).node)).collect()
    }

    /// Whether all of `schemas` together accept a value; `None` where that is not
    /// known.
    pub(crate) fn accepts(&mut self, schemas: &[SchemaId], value: &Value) -> Option<bool> {
        let set = super::norm::joined(&[&self.numbers(schemas)]);
        self.engine.refill();
        let Engine { norms, space, .. } = &mut self.engine;
        norms.accepts(space, &set, value)
    }
}
