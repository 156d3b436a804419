//! Whether one schema accepts everything another does: contained, not
//! contained (with a value that shows it), or unknown (with the reason).
//!
//! Three judges, in order: proof by structure ([`super::covers`]), a confirmed
//! counterexample ([`super::witness`]), and the canonical forms of the
//! jsonschema crate, whose experimental interface is known to this file alone.

use serde_json::Value;

use super::covers::Engine;
use super::facets::Id;
use super::schema::json_schema;
use super::side::Side;
use super::space::Space;
use super::witness::confirms;
use crate::text;

/// Largest schema that is put into canonical form, in bytes of JSON: beyond it
/// the answer takes longer than it is worth.
const MAX_CANONICAL_BYTES: usize = 24 * 1024;

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Containment {
    /// Every value of the inner schema is one of the outer.
    Contained,
    /// The value is accepted by the inner and refused by the outer, as two
    /// validators confirm.
    NotContained(Value),
    /// Neither was established.
    Unknown(&'static str),
}

/// Compares two plain JSON Schemas (2020-12): whether `outer` accepts every
/// value that `inner` accepts.
pub fn containment(inner: &Value, outer: &Value) -> Containment {
    let trees = [inner, outer].map(|schema| text::parse(wrapped(schema).into()));
    let [Ok(a), Ok(b)] = trees else { return Containment::Unknown("a schema that is too deep to read") };
    let roots = [&a, &b].map(|tree| tree.pointer("/schema").map(|node| node.id()));
    let [Some(first), Some(second)] = roots else { return Containment::Unknown("no schema") };
    let space = Space::new(vec![Side::of_schema(&a), Side::of_schema(&b)], None);
    let mut engine = Engine::new(space, false);
    let (a, b) = (engine.space.schema(0, first), engine.space.schema(1, second));
    decide(&mut engine, &[a], &[b])
}

/// A schema in an object of its own, so that `true` and `false` are read like
/// the others; references into it are led there.
fn wrapped(schema: &Value) -> String {
    let mut schema = schema.clone();
    relocate(&mut schema);
    serde_json::json!({ "schema": schema }).to_string()
}

fn relocate(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                match member {
                    Value::String(pointer) if key == "$ref" && pointer.starts_with('#') => {
                        *pointer = format!("#/schema{}", &pointer[1..]);
                    }
                    other => relocate(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(relocate),
        _ => {}
    }
}

/// Judges two conjunctions of one space.
pub(super) fn decide(engine: &mut Engine<'_>, inner: &[Id], outer: &[Id]) -> Containment {
    engine.refill();
    if engine.covers(inner, outer) {
        return Containment::Contained;
    }
    if let Some(value) = engine.differ(inner, outer) {
        match confirms(engine, inner, outer, &value) {
            Some(true) => return Containment::NotContained(value),
            Some(false) => {}
            None => return Containment::Unknown("a schema that validators do not take"),
        }
    }
    // Members that senders leave out are not in what the canonical forms know.
    if !engine.declared_only
        && let Some(answer) = canonical(engine, inner, outer)
    {
        return answer;
    }
    Containment::Unknown("neither a proof nor a counterexample was found")
}

fn canonical(engine: &Engine<'_>, inner: &[Id], outer: &[Id]) -> Option<Containment> {
    let (a, b) = (json_schema(&engine.space, inner)?, json_schema(&engine.space, outer)?);
    if a.to_string().len() + b.to_string().len() > MAX_CANONICAL_BYTES {
        return None;
    }
    let options = || jsonschema::canonical::options().offline();
    let (a, b) = (options().canonicalize(&a).ok()?, options().canonicalize(&b).ok()?);
    match b.covers(&a).ok()? {
        jsonschema::canonical::Containment::Yes => Some(Containment::Contained),
        // A refusal without a value to show for it is no proof to a reader.
        jsonschema::canonical::Containment::No | jsonschema::canonical::Containment::Unknown => None,
    }
}
