//! A second reading of OpenAPI's schemas, of every dialect, as JSON Schema
//! 2020-12: what the engine is held against, so nothing of it is used here.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sunwatch::document::Direction;

/// How a document writes its schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Swagger 2.0.
    Two,
    /// OpenAPI 3.0.
    Three,
    /// OpenAPI 3.1 and later: JSON Schema itself.
    Whole,
}

/// A document as plain JSON, and its dialect.
pub struct Source {
    pub root: Value,
    pub dialect: Dialect,
}

impl Source {
    pub fn new(root: Value) -> Self {
        let version = root.get("openapi").map(|version| version.as_str().unwrap_or_default().to_owned());
        let dialect = match version {
            None => Dialect::Two,
            Some(version) if version.starts_with("3.0") => Dialect::Three,
            Some(_) => Dialect::Whole,
        };
        Self { root, dialect }
    }

    fn target(&self, reference: &str) -> Option<&Value> {
        self.root.pointer(reference.strip_prefix('#')?)
    }

    /// Whether a property goes in the other direction only.
    fn is_barred(&self, property: &Value, direction: Direction) -> bool {
        let key = if direction == Direction::Request { "readOnly" } else { "writeOnly" };
        let mut property = property;
        for _ in 0..32 {
            if property.get(key) == Some(&json!(true)) {
                return true;
            }
            match property.get("$ref").and_then(Value::as_str).and_then(|r| self.target(r)) {
                Some(next) => property = next,
                None => return false,
            }
        }
        false
    }

    /// The schema that stands at a pointer, whatever stands there: a schema, a
    /// parameter of Swagger 2.0, the parameters that make up its form.
    pub fn schema(&self, pointer: &str, direction: Direction) -> Value {
        let node = self.root.pointer(pointer).cloned().unwrap_or(json!(true));
        let mut schema = match node {
            Value::Array(parameters) => self.form(&parameters, direction),
            node => self.converted(&node, direction),
        };
        let mut defs = Map::new();
        let mut queue = references(&schema);
        while let Some(pointer) = queue.pop() {
            let name = named(&pointer);
            if defs.contains_key(&name) {
                continue;
            }
            let one = self.target(&pointer).map_or(json!({}), |one| self.converted(one, direction));
            queue.extend(references(&one));
            defs.insert(name, one);
        }
        if !schema.is_object() {
            schema = json!({"allOf": [schema]});
        }
        let mut schema = renamed(schema);
        schema["$defs"] = renamed(defs.into());
        schema
    }

    fn form(&self, parameters: &[Value], direction: Direction) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for parameter in parameters {
            let parameter = match parameter.get("$ref").and_then(Value::as_str).and_then(|r| self.target(r)) {
                Some(shared) => shared,
                None => parameter,
            };
            if parameter.get("in") != Some(&json!("formData")) {
                continue;
            }
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            if parameter.get("required") == Some(&json!(true)) {
                required.push(name.clone());
            }
            properties.insert(name, self.converted(parameter, direction));
        }
        json!({"type": "object", "properties": properties, "required": required})
    }

    fn converted(&self, schema: &Value, direction: Direction) -> Value {
        let Some(members) = schema.as_object() else { return schema.clone() };
        let mut out = Map::new();
        let is_set = |key: &str| members.get(key) == Some(&json!(true));
        let nullable = self.dialect != Dialect::Whole && (is_set("nullable") || is_set("x-nullable"));
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            // A hole allows anything.
            let target =
                if self.target(reference).is_some() { json!({"$ref": reference}) } else { json!({}) };
            if self.dialect != Dialect::Whole {
                return if nullable { json!({"anyOf": [{"type": "null"}, target]}) } else { target };
            }
            out.insert("allOf".to_owned(), json!([target]));
        }
        let mut barred: BTreeSet<&str> = BTreeSet::new();
        let list = |value: &Value| -> Vec<Value> {
            value.as_array().into_iter().flatten().map(|one| self.converted(one, direction)).collect()
        };
        for (key, value) in members {
            match key.as_str() {
                "type" if value == "file" => {}
                "type" | "enum" | "const" | "minLength" | "maxLength" | "pattern" | "minItems"
                | "maxItems" | "uniqueItems" | "minProperties" | "maxProperties" | "multipleOf"
                | "dependentRequired" | "minContains" | "maxContains" => {
                    out.insert(key.clone(), value.clone());
                }
                "minimum" | "maximum" => {
                    let exclusive = if key == "minimum" { "exclusiveMinimum" } else { "exclusiveMaximum" };
                    let key = if is_set(exclusive) { exclusive } else { key };
                    out.insert(key.to_owned(), value.clone());
                }
                "exclusiveMinimum" | "exclusiveMaximum" if value.is_number() => {
                    out.insert(key.clone(), value.clone());
                }
                "properties" => {
                    let mut properties = Map::new();
                    for (name, property) in value.as_object().into_iter().flatten() {
                        if self.is_barred(property, direction) {
                            barred.insert(name);
                        } else {
                            properties.insert(name.clone(), self.converted(property, direction));
                        }
                    }
                    out.insert(key.clone(), properties.into());
                }
                "patternProperties" | "dependentSchemas" => {
                    let all = value.as_object().into_iter().flatten();
                    let all: Map<_, _> =
                        all.map(|(name, one)| (name.clone(), self.converted(one, direction))).collect();
                    out.insert(key.clone(), all.into());
                }
                "items"
                | "not"
                | "additionalProperties"
                | "contains"
                | "propertyNames"
                | "if"
                | "then"
                | "else"
                | "unevaluatedProperties"
                | "unevaluatedItems" => {
                    out.insert(key.clone(), self.converted(value, direction));
                }
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                    let mut all = list(value);
                    // Beside a reference.
                    if let Some(Value::Array(known)) = out.remove(key) {
                        all.extend(known);
                    }
                    if !all.is_empty() {
                        out.insert(key.clone(), all.into());
                    }
                }
                _ => {}
            }
        }
        if let Some(required) = members.get("required").and_then(Value::as_array) {
            let is_kept = |name: &&Value| !barred.contains(name.as_str().unwrap_or(""));
            let kept: Vec<Value> = required.iter().filter(is_kept).cloned().collect();
            out.insert("required".to_owned(), kept.into());
        }
        if nullable { with_null(out) } else { out.into() }
    }
}

/// The same with `null`, in a way that errors still tell the place.
fn with_null(mut schema: Map<String, Value>) -> Value {
    let has_branches = ["allOf", "anyOf", "oneOf", "not"].iter().any(|key| schema.contains_key(*key));
    match schema.get("type").cloned() {
        Some(Value::String(one)) if !has_branches => {
            schema.insert("type".to_owned(), json!([one, "null"]));
            if let Some(Value::Array(values)) = schema.get_mut("enum")
                && !values.contains(&Value::Null)
            {
                values.push(Value::Null);
            }
            schema.into()
        }
        _ => json!({"anyOf": [{"type": "null"}, schema]}),
    }
}

/// The name of what a reference leads to, among the definitions.
fn named(reference: &str) -> String {
    reference.trim_start_matches("#/").replace('/', "_").replace('~', "-")
}

/// References turned to the definitions.
fn renamed(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(key, value)| match &value {
                Value::String(text) if key == "$ref" => {
                    let text = format!("#/$defs/{}", named(text));
                    (key, text.into())
                }
                Value::Array(_) if key == "enum" => (key, value),
                _ if key == "const" => (key, value),
                _ => (key, renamed(value)),
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(renamed).collect(),
        other => other,
    }
}

fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(members) => members
            .iter()
            .flat_map(|(key, value)| match value.as_str() {
                Some(text) if key == "$ref" => vec![text.to_owned()],
                _ if key == "enum" || key == "const" => Vec::new(),
                _ => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
