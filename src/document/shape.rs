//! What a schema declares in effect, however it is written: `$ref`, `allOf`
//! and the branches of `oneOf`/`anyOf` put together.
//!
//! Two schemas of equal shape accept the same names at the same places. What
//! values they accept is not the matter of this file.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Direction, Document, SchemaId};

/// Most schemas that are asked whether a property goes in one direction only.
const MAX_PARTS: usize = 64;

/// The names that a set of schemas declares together.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// Every schema that was put together, in order of discovery.
    pub parts: Vec<SchemaId>,
    /// Properties in order of discovery.
    pub properties: Vec<ShapeProperty>,
    /// What the members of an array may be.
    pub items: Vec<SchemaId>,
    /// What the values of a map may be.
    pub values: Vec<SchemaId>,
    /// Those of `items` and `values` that hold for every value.
    pub firm: Vec<SchemaId>,
    /// The schemas that list allowed values.
    pub enums: Vec<SchemaId>,
    /// Whether some part leads to nothing, so that names may be missing here.
    pub has_holes: bool,
}

/// A property by name, with every schema that declares it.
#[derive(Clone, Debug, Default)]
pub struct ShapeProperty {
    /// Its name.
    pub name: String,
    /// Its schemas, one for each part that declares it.
    pub schemas: Vec<SchemaId>,
    /// Those of `schemas` that hold for every value.
    pub firm: Vec<SchemaId>,
    /// Whether a part that always holds requires it.
    pub required: bool,
}

impl Document {
    /// The shape of `ids` taken together, as it goes in `direction`: properties
    /// that are `readOnly` are not in requests, `writeOnly` ones not in
    /// responses (OpenAPI 3.0.3, Schema Object).
    pub fn shape(&self, ids: &[SchemaId], direction: Direction) -> Shape {
        let mut shape = Shape::default();
        let mut seen = FxHashSet::default();
        let mut at: FxHashMap<&str, usize> = FxHashMap::default();
        let mut required: Vec<&str> = Vec::new();
        let mut barred: FxHashSet<&str> = FxHashSet::default();
        // The flag tells whether the part holds for every value.
        let mut queue: Vec<(SchemaId, bool)> = ids.iter().rev().map(|id| (*id, ids.len() == 1)).collect();
        while let Some((id, always)) = queue.pop() {
            if !seen.insert(id) {
                continue;
            }
            let schema = self.schema(id);
            shape.parts.push(id);
            for property in &schema.properties {
                if !self.goes(property.schema, direction) {
                    continue;
                }
                let index = *at.entry(&property.name).or_insert_with(|| {
                    let name = property.name.clone();
                    shape.properties.push(ShapeProperty { name, ..ShapeProperty::default() });
                    shape.properties.len() - 1
                });
                shape.properties[index].schemas.push(property.schema);
                if always {
                    shape.properties[index].firm.push(property.schema);
                }
            }
            if always {
                required.extend(schema.required.iter().map(String::as_str));
                barred.extend(schema.barred.iter().map(String::as_str));
                shape.firm.extend(schema.items.iter().chain(&schema.values));
            }
            shape.items.extend(schema.items);
            shape.values.extend(&schema.values);
            if !schema.enum_values.is_empty() {
                shape.enums.push(id);
            }
            shape.has_holes |= schema.dangling;
            let branches = schema.any_of.iter().rev().map(|id| (*id, false));
            queue.extend(branches);
            queue.extend(schema.all_of.iter().rev().map(|id| (*id, always)));
            queue.extend(schema.target.map(|id| (id, always)));
        }
        for name in required {
            if let Some(index) = at.get(name) {
                shape.properties[*index].required = true;
            }
        }
        if !barred.is_empty() {
            shape.properties.retain(|property| !barred.contains(property.name.as_str()));
        }
        shape
    }

    /// Whether a property goes in that direction.
    fn goes(&self, id: SchemaId, direction: Direction) -> bool {
        let mut parts = vec![id];
        let mut at = 0;
        while let Some(id) = parts.get(at) {
            let schema = self.schema(*id);
            let barred = match direction {
                Direction::Request => schema.read_only,
                Direction::Response => schema.write_only,
            };
            if barred {
                return false;
            }
            at += 1;
            if parts.len() < MAX_PARTS {
                parts.extend(schema.target.iter().chain(&schema.all_of));
            }
        }
        true
    }
}
