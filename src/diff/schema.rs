//! Schemas written out as JSON Schema 2020-12, for validators and for the
//! canonical forms of the jsonschema crate: what OpenAPI means by them in one
//! direction, in the words everybody has.
//!
//! `format` stays an annotation. Components are `$defs`, so that recursion ends.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use super::facets::{Additional, Facets, Id, types};
use super::space::Space;

/// Most definitions that are written out.
const MAX_DEFINITIONS: usize = 4_000;
/// Most definitions that are written where they are used, of what a value needs:
/// validators look up references more slowly than they read a schema twice.
const MAX_IN_PLACE: usize = 64;
/// Deepest nesting of schemas that are written out, and of values.
const MAX_NESTING: usize = 400;

/// The conjunction of `set` as a document; `None` where it is too large.
pub(super) fn json_schema(space: &Space<'_>, set: &[Id]) -> Option<Value> {
    written(space, set, None)
}

/// The conjunction of `set` as a document, as far as it has a say about one
/// value: without the properties that are nowhere in it, and without what asks
/// something of members where no array has any. On that value it is the whole
/// schema, and validators are made of it in a hundredth of the time.
pub(super) fn json_schema_for(space: &Space<'_>, set: &[Id], value: &Value) -> Option<Value> {
    let mut reach = Reach::default();
    reach.add(value, 0)?;
    written(space, set, Some(reach))
}

/// What stands in a value.
#[derive(Default)]
struct Reach {
    names: FxHashSet<String>,
    has_items: bool,
}

impl Reach {
    fn add(&mut self, value: &Value, depth: usize) -> Option<()> {
        if depth > MAX_NESTING {
            return None;
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if !self.names.contains(name) {
                        self.names.insert(name.clone());
                    }
                    self.add(member, depth + 1)?;
                }
            }
            Value::Array(items) => {
                self.has_items |= !items.is_empty();
                items.iter().try_for_each(|item| self.add(item, depth + 1))?;
            }
            _ => {}
        }
        Some(())
    }
}

fn written(space: &Space<'_>, set: &[Id], reach: Option<Reach>) -> Option<Value> {
    let in_place_left = if reach.is_some() { MAX_IN_PLACE } else { 0 };
    let (pending, written, open) = (Vec::new(), BTreeMap::new(), Vec::new());
    let mut writer = Writer { space, reach, pending, written, open, in_place_left, nesting: 0 };
    let mut root = match set {
        [] => Map::new(),
        [one] => into_object(writer.schema(*one)?),
        many => {
            let parts = many.iter().map(|id| writer.schema(*id)).collect::<Option<Vec<_>>>()?;
            let mut root = Map::new();
            root.insert("allOf".to_owned(), parts.into());
            root
        }
    };
    while let Some(id) = writer.pending.pop() {
        if writer.written.contains_key(&id) {
            continue;
        }
        if writer.written.len() > MAX_DEFINITIONS {
            return None;
        }
        writer.written.insert(id, Value::Null);
        let schema = writer.write(id)?;
        writer.written.insert(id, schema);
    }
    if !writer.written.is_empty() {
        let defs: Map<String, Value> =
            writer.written.into_iter().map(|(id, schema)| (format!("s{id}"), schema)).collect();
        root.insert("$defs".to_owned(), defs.into());
    }
    root.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    Some(root.into())
}

fn into_object(schema: Value) -> Map<String, Value> {
    match schema {
        Value::Object(map) => map,
        other => {
            let mut map = Map::new();
            map.insert("allOf".to_owned(), vec![other].into());
            map
        }
    }
}

struct Writer<'s, 'd> {
    space: &'s Space<'d>,
    /// The value that it is about; `None` where it is about all.
    reach: Option<Reach>,
    pending: Vec<Id>,
    written: BTreeMap<Id, Value>,
    /// Definitions that are being written in place: they may hold themselves.
    open: Vec<Id>,
    in_place_left: usize,
    nesting: usize,
}

impl Writer<'_, '_> {
    fn schema(&mut self, id: Id) -> Option<Value> {
        if self.space.is_shared(id) {
            return self.definition(id);
        }
        self.nested(id)
    }

    /// A schema that has a name: in place, or a reference to it.
    fn definition(&mut self, id: Id) -> Option<Value> {
        if self.in_place_left == 0 || self.open.contains(&id) {
            self.pending.push(id);
            return Some(json!({"$ref": format!("#/$defs/s{id}")}));
        }
        self.in_place_left -= 1;
        self.open.push(id);
        let out = self.nested(id);
        self.open.pop();
        out
    }

    fn nested(&mut self, id: Id) -> Option<Value> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return None;
        }
        let out = self.write(id);
        self.nesting -= 1;
        out
    }

    fn write(&mut self, id: Id) -> Option<Value> {
        let facets = self.space.get(id);
        if facets.never || facets.types == Some(0) {
            return Some(Value::Bool(false));
        }
        let mut out = Map::new();
        for (key, value) in &facets.residue {
            out.insert(key.clone(), value.clone());
        }
        if let Some(bits) = facets.types {
            out.insert("type".to_owned(), type_names(bits));
        }
        if let Some(values) = &facets.values {
            out.insert("enum".to_owned(), values.clone().into());
        }
        if let Some(bound) = &facets.minimum {
            let key = if bound.exclusive { "exclusiveMinimum" } else { "minimum" };
            out.insert(key.to_owned(), bound.value.to_json());
        }
        if let Some(bound) = &facets.maximum {
            let key = if bound.exclusive { "exclusiveMaximum" } else { "maximum" };
            out.insert(key.to_owned(), bound.value.to_json());
        }
        if let Some(step) = &facets.multiple_of {
            out.insert("multipleOf".to_owned(), step.to_json());
        }
        let counts = [
            ("minLength", facets.min_length),
            ("maxLength", facets.max_length),
            ("minItems", facets.min_items),
            ("maxItems", facets.max_items),
            ("minProperties", facets.min_properties),
            ("maxProperties", facets.max_properties),
        ];
        for (key, count) in counts {
            if let Some(count) = count {
                out.insert(key.to_owned(), count.into());
            }
        }
        if let Some(pattern) = &facets.pattern {
            out.insert("pattern".to_owned(), (&**pattern).into());
        }
        if facets.unique {
            out.insert("uniqueItems".to_owned(), true.into());
        }
        let has_items = self.reach.as_ref().is_none_or(|reach| reach.has_items);
        if let Some(items) = facets.items.filter(|_| has_items) {
            out.insert("items".to_owned(), self.schema(items)?);
        }
        if let Some((id, least, most)) = facets.contains.as_deref().copied() {
            out.insert("contains".to_owned(), self.schema(id)?);
            out.insert("minContains".to_owned(), least.into());
            if let Some(most) = most {
                out.insert("maxContains".to_owned(), most.into());
            }
        }
        if !facets.properties.is_empty() {
            let mut members = Map::new();
            for (name, id) in &facets.properties {
                if self.reach.as_ref().is_none_or(|reach| reach.names.contains(&**name)) {
                    members.insert(name.to_string(), self.schema(*id)?);
                }
            }
            out.insert("properties".to_owned(), members.into());
        }
        if !facets.patterns.is_empty() {
            let members = facets
                .patterns
                .iter()
                .map(|(pattern, id)| Some((pattern.clone(), self.schema(*id)?)))
                .collect::<Option<Map<_, _>>>()?;
            out.insert("patternProperties".to_owned(), members.into());
        }
        let rests = [
            ("additionalProperties", facets.additional),
            ("unevaluatedProperties", facets.unevaluated),
            ("unevaluatedItems", facets.unevaluated_items),
        ];
        for (key, rest) in rests {
            match rest {
                Additional::Never => drop(out.insert(key.to_owned(), false.into())),
                // That anything goes is said: nothing is left unevaluated.
                Additional::Any => drop(out.insert(key.to_owned(), true.into())),
                Additional::Schema(id) => drop(out.insert(key.to_owned(), self.schema(id)?)),
                Additional::Unsaid => {}
            }
        }
        if let Some(names) = facets.property_names {
            out.insert("propertyNames".to_owned(), self.schema(names)?);
        }
        if !facets.required.is_empty() {
            let required = facets.required.iter().map(|name| Value::from(&**name)).collect::<Vec<_>>();
            out.insert("required".to_owned(), required.into());
        }
        let target = match facets.reference {
            Some(target) => Some(self.definition(target)?),
            None => None,
        };
        let target = match target {
            Some(Value::Object(bare)) if bare.len() == 1 && bare.contains_key("$ref") => {
                out.extend(bare);
                None
            }
            target => target,
        };
        self.lists(&facets, target, &mut out)?;
        let out = Value::Object(out);
        Some(if facets.nullable { json!({"anyOf": [{"type": "null"}, out]}) } else { out })
    }

    fn lists(&mut self, facets: &Facets, target: Option<Value>, out: &mut Map<String, Value>) -> Option<()> {
        let has_items = self.reach.as_ref().is_none_or(|reach| reach.has_items);
        let mut list = |ids: &[Id]| -> Option<Value> {
            Some(ids.iter().map(|id| self.schema(*id)).collect::<Option<Vec<_>>>()?.into())
        };
        if !facets.prefix.is_empty() && has_items {
            out.insert("prefixItems".to_owned(), list(&facets.prefix)?);
        }
        let mut all: Vec<Value> = target.into_iter().collect();
        for id in &facets.all_of {
            all.extend(list(&[*id])?.as_array_mut().map(std::mem::take).unwrap_or_default());
        }
        for (key, groups) in [("anyOf", &facets.any_of), ("oneOf", &facets.one_of)] {
            if let [only] = groups.as_slice() {
                out.insert(key.to_owned(), list(only)?);
            } else {
                for group in groups {
                    all.push(json!({ key: list(group)? }));
                }
            }
        }
        for id in &facets.not {
            let not = list(&[*id])?.as_array_mut().and_then(Vec::pop)?;
            all.push(json!({ "not": not }));
        }
        if !all.is_empty() {
            out.insert("allOf".to_owned(), all.into());
        }
        Some(())
    }
}

fn type_names(bits: u8) -> Value {
    let names = [
        (types::NULL, "null"),
        (types::BOOLEAN, "boolean"),
        (types::STRING, "string"),
        (types::ARRAY, "array"),
        (types::OBJECT, "object"),
    ];
    let mut out: Vec<Value> =
        names.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| (*name).into()).collect();
    if bits & types::NUMBER == types::NUMBER {
        out.push("number".into());
    } else if bits & types::INTEGER != 0 {
        out.push("integer".into());
    }
    match out.len() {
        1 => out.remove(0),
        _ => out.into(),
    }
}
