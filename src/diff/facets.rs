//! One schema object in the words of JSON Schema 2020-12, whatever dialect it
//! was written in. Read by [`super::keywords`], numbered by [`super::space`].

use std::collections::BTreeMap;

use serde_json::Value;

use super::discriminator::Discriminator;
use super::number::Decimal;
use super::record::Name;

/// A schema's number in its [`super::space::Space`].
pub(super) type Id = u32;

/// The schema that nothing satisfies.
pub(super) const NEVER: Id = 0;

/// JSON types as bits.
pub(super) mod types {
    pub(in crate::diff) const NULL: u8 = 1;
    pub(in crate::diff) const BOOLEAN: u8 = 2;
    pub(in crate::diff) const INTEGER: u8 = 4;
    /// Every number, whole or not.
    pub(in crate::diff) const NUMBER: u8 = 8 | INTEGER;
    pub(in crate::diff) const STRING: u8 = 16;
    pub(in crate::diff) const ARRAY: u8 = 32;
    pub(in crate::diff) const OBJECT: u8 = 64;
    pub(in crate::diff) const ALL: u8 = 127;

    pub(in crate::diff) fn of(name: &str) -> u8 {
        match name {
            "null" => NULL,
            "boolean" => BOOLEAN,
            "integer" => INTEGER,
            "number" => NUMBER,
            // A `file` of Swagger 2.0 is a text of bytes.
            "string" | "file" => STRING,
            "array" => ARRAY,
            "object" => OBJECT,
            // What nobody knows: no statement.
            _ => ALL,
        }
    }
}

/// A bound of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Bound {
    pub(super) value: Decimal,
    pub(super) exclusive: bool,
}

/// What an object says of names that it does not declare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Additional {
    /// Nothing: anything, and senders leave them out.
    #[default]
    Unsaid,
    /// Anything, in so many words.
    Any,
    /// They are refused.
    Never,
    /// They are of that schema.
    Schema(Id),
}

/// The keywords of one schema object.
#[derive(Clone, Debug, Default)]
pub(super) struct Facets {
    /// The schema `false`.
    pub(super) never: bool,
    pub(super) types: Option<u8>,
    pub(super) nullable: bool,
    pub(super) values: Option<Vec<Value>>,
    /// An open list: readers are told to expect more values than these.
    pub(super) hints: Option<Vec<Value>>,
    pub(super) minimum: Option<Box<Bound>>,
    pub(super) maximum: Option<Box<Bound>>,
    pub(super) multiple_of: Option<Box<Decimal>>,
    pub(super) min_length: Option<u64>,
    pub(super) max_length: Option<u64>,
    pub(super) pattern: Option<Box<str>>,
    pub(super) items: Option<Id>,
    pub(super) prefix: Vec<Id>,
    pub(super) min_items: Option<u64>,
    pub(super) max_items: Option<u64>,
    pub(super) unique: bool,
    /// Schema, least and most members of it.
    pub(super) contains: Option<Box<(Id, u64, Option<u64>)>>,
    pub(super) properties: Vec<(Name, Id)>,
    pub(super) patterns: Vec<(String, Id)>,
    pub(super) additional: Additional,
    pub(super) required: Vec<Name>,
    pub(super) min_properties: Option<u64>,
    pub(super) max_properties: Option<u64>,
    pub(super) property_names: Option<Id>,
    pub(super) all_of: Vec<Id>,
    /// Each list: one of them at least.
    pub(super) any_of: Vec<Vec<Id>>,
    /// Each list: exactly one of them.
    pub(super) one_of: Vec<Vec<Id>>,
    pub(super) not: Vec<Id>,
    pub(super) reference: Option<Id>,
    /// A `$ref` that leads to nothing.
    pub(super) dangling: bool,
    /// Keywords that are not modelled, word for word.
    pub(super) residue: BTreeMap<String, Value>,
    /// `format`, or what takes its place in JSON Schema: what a text holds.
    pub(super) format: Option<Box<str>>,
    pub(super) default: Option<Box<Value>>,
    /// What members must be that nothing else speaks of.
    pub(super) unevaluated: Additional,
    pub(super) unevaluated_items: Additional,
    pub(super) discriminator: Option<std::rc::Rc<Discriminator>>,
    pub(super) deprecated: bool,
    /// Declared, but for the other direction only.
    pub(super) barred: Vec<String>,
}

impl Facets {
    /// Whether the object itself limits no value: all that it says it says by
    /// what it refers to and by its branches.
    pub(super) fn says_nothing(&self) -> bool {
        let Self {
            never,
            types,
            nullable: _,
            values,
            hints,
            minimum,
            maximum,
            multiple_of,
            min_length,
            max_length,
            pattern,
            items,
            prefix,
            min_items,
            max_items,
            unique,
            contains,
            properties,
            patterns,
            additional,
            required,
            min_properties,
            max_properties,
            property_names,
            all_of: _,
            any_of: _,
            one_of: _,
            not: _,
            reference: _,
            dangling,
            residue,
            // A hint for examples of what other schemas limit.
            format,
            default: _,
            unevaluated,
            unevaluated_items,
            discriminator,
            deprecated,
            barred,
        } = self;
        !never
            && !unique
            && !dangling
            && !deprecated
            && hints.is_none()
            && *unevaluated == Additional::Unsaid
            && *unevaluated_items == Additional::Unsaid
            && discriminator.is_none()
            && barred.is_empty()
            && types.is_none()
            && values.is_none()
            && minimum.is_none()
            && maximum.is_none()
            && multiple_of.is_none()
            && min_length.is_none()
            && max_length.is_none()
            && pattern.is_none()
            && items.is_none()
            && prefix.is_empty()
            && min_items.is_none()
            && max_items.is_none()
            && contains.is_none()
            && properties.is_empty()
            && patterns.is_empty()
            && *additional == Additional::Unsaid
            && required.is_empty()
            && min_properties.is_none()
            && max_properties.is_none()
            && property_names.is_none()
            && residue.is_empty()
            && format.is_none()
    }
}
