//! The keywords of one schema object: the only place where the dialects of
//! OpenAPI are put into the words of JSON Schema 2020-12.
//!
//! What differs between dialects and is settled here: `nullable`, boolean
//! `exclusiveMinimum`, one type or a list of types, what stands beside a
//! `$ref`, `readOnly` and `writeOnly` by direction. A schema without `type`
//! says nothing of types. `nullable: true` means that null is allowed wherever
//! it is written, also without a type, beside a `$ref` or with an `enum` that
//! does not list null: void by the letter of OpenAPI 3.0.3, meant by authors.

use super::discriminator;
use super::facets::{Additional, Bound, Facets, Id, NEVER, types};
use super::number::Decimal;
use super::record::Name;
use super::side::Side;
use super::space::State;
use crate::document::{Direction, Schema, SchemaId};
use crate::text::{Fields, Kind, Node, NodeId};

/// Reads schema objects; those inside get numbers.
pub(super) struct Reading<'s, 'd> {
    pub(super) sides: &'s [Side<'d>],
    pub(super) direction: Option<Direction>,
    pub(super) state: &'s mut State<'d>,
}

impl<'d> Reading<'_, 'd> {
    fn number(&mut self, side: usize, node: NodeId) -> Id {
        self.state.number(self.sides, side, node)
    }

    pub(super) fn facets(&mut self, side: usize, id: NodeId) -> Facets {
        if let Some(schema) = self.sides[side].made(id) {
            return self.put_together(side, schema);
        }
        let node = self.sides[side].tree.node(id);
        let mut out = Facets::default();
        match node.kind() {
            Kind::Bool => {
                out.never = node.as_bool() == Some(false);
                return out;
            }
            Kind::Object => {}
            _ => return out,
        }
        let node = Fields::of(node);
        let node = &node;
        out.nullable = ["nullable", "x-nullable"].iter().any(|key| node.flag(key));
        out.format = format(node);
        out.default = node.get("default").map(Node::to_json).map(Box::new);
        // A parameter of Swagger 2.0 is its own schema. What it says of its life is
        // about the parameter, but in a form, where it stands for a field.
        let place = node.get("in").and_then(Node::as_str).filter(|_| self.sides[side].is_swagger);
        out.deprecated = place.is_none_or(|place| place == "formData")
            && ["deprecated", "x-deprecated"].iter().any(|key| node.flag(key));
        if let Some(pointer) = node.get("$ref").and_then(Node::as_str) {
            match self.sides[side].target(node.node(), pointer) {
                Some(target) => out.reference = Some(self.number(side, target)),
                None => out.dangling = true,
            }
            if !self.sides[side].siblings_count {
                return out;
            }
        }
        self.scalars(node, &mut out);
        self.arrays(side, node, &mut out);
        self.objects(side, node, &mut out);
        self.combined(side, node, &mut out);
        out.unevaluated = self.additional(side, node, "unevaluatedProperties");
        out.unevaluated_items = self.additional(side, node, "unevaluatedItems");
        if let Some(pointer) = node.get("$dynamicRef").and_then(Node::as_str) {
            match self.sides[side].dynamic(pointer) {
                Some(target) => {
                    let reference = Some(self.number(side, target));
                    let part = self.state.made(Facets { reference, ..Facets::default() });
                    out.all_of.push(part);
                }
                None => drop(out.residue.insert("$dynamicRef".to_owned(), pointer.into())),
            }
        }
        let place = &self.sides[side];
        out.discriminator =
            node.get("discriminator").and_then(|_| discriminator::read(place, node.node(), &place.heirs));
        out
    }

    /// A form of Swagger 2.0, or a sequence of OpenAPI 3.2.
    fn put_together(&mut self, side: usize, schema: &'d Schema) -> Facets {
        let place = &self.sides[side];
        let numbered = |id: &SchemaId| Some((side, place.node_of(*id)?));
        let all_of: Vec<_> = schema.all_of.iter().filter_map(numbered).collect();
        let items = schema.items.as_ref().and_then(numbered);
        let properties: Vec<_> = schema
            .properties
            .iter()
            .filter_map(|property| Some((&*property.name, numbered(&property.schema)?)))
            .collect();
        let kind = if items.is_some() { "array" } else { "object" };
        Facets {
            types: Some(types::of(kind)),
            all_of: all_of.into_iter().map(|(side, node)| self.number(side, node)).collect(),
            items: items.map(|(side, node)| self.number(side, node)),
            properties: properties
                .into_iter()
                .map(|(name, (side, node))| (self.state.name(name), self.number(side, node)))
                .collect(),
            required: schema.required.iter().map(|name| self.state.name(name)).collect(),
            ..Facets::default()
        }
    }

    fn scalars(&mut self, node: &Fields<'d>, out: &mut Facets) {
        out.types = match node.get("type") {
            Some(one) if one.kind() == Kind::String => one.as_str().map(types::of),
            Some(list) if list.kind() == Kind::Array => {
                Some(list.items().filter_map(Node::as_str).fold(0, |all, name| all | types::of(name)))
            }
            _ => None,
        };
        if let Some(list) = node.get("enum").filter(|list| list.kind() == Kind::Array) {
            out.values = Some(list.items().map(Node::to_json).collect());
        }
        if let Some(value) = node.get("const") {
            let value = value.to_json();
            let fits = out.values.as_ref().is_none_or(|values| values.contains(&value));
            out.values = Some(if fits { vec![value] } else { Vec::new() });
        }
        let flag = |key: &str| node.flag(key);
        let open = node.get("x-extensible-enum");
        let is_open = open.is_some()
            || ["x-ms-enum", "x-ms-enum.modelAsString"].iter().any(|key| node.get(key).is_some())
                && node.node().get_dotted("x-ms-enum.modelAsString").and_then(Node::as_bool) == Some(true);
        // An open list is a hint, not a limit.
        if is_open {
            let listed = open.filter(|list| list.kind() == Kind::Array && list.items().len() > 0);
            let listed = listed.map(|list| list.items().map(Node::to_json).collect());
            out.hints = listed.or_else(|| out.values.take());
            out.values = None;
        }
        let number = |key: &str| node.get(key).and_then(Node::number_text).and_then(Decimal::parse);
        let bound = |plain: &str, exclusive: &str, lower: bool| -> Option<Bound> {
            let closed = number(plain).map(|value| Bound { value, exclusive: flag(exclusive) });
            let open = number(exclusive).map(|value| Bound { value, exclusive: true });
            match (closed, open) {
                (Some(a), Some(b)) => {
                    let keep_open = if lower { b.value >= a.value } else { b.value <= a.value };
                    Some(if keep_open { b } else { a })
                }
                (a, b) => a.or(b),
            }
        };
        out.minimum = bound("minimum", "exclusiveMinimum", true).map(Box::new);
        out.maximum = bound("maximum", "exclusiveMaximum", false).map(Box::new);
        out.multiple_of = number("multipleOf").filter(|step| *step > Decimal::ZERO).map(Box::new);
        out.min_length = count(node, "minLength");
        out.max_length = count(node, "maxLength");
        out.pattern = node.get("pattern").and_then(Node::as_str).map(Box::from);
    }

    fn arrays(&mut self, side: usize, node: &Fields<'d>, out: &mut Facets) {
        if let Some(list) = node.get("prefixItems") {
            out.prefix = list.items().map(|item| self.number(side, item.id())).collect();
        }
        match node.get("items") {
            Some(items) if matches!(items.kind(), Kind::Object | Kind::Bool) => {
                out.items = Some(self.number(side, items.id()));
            }
            _ => {}
        }
        out.min_items = count(node, "minItems");
        out.max_items = count(node, "maxItems");
        out.unique = node.flag("uniqueItems");
        if let Some(contains) = node.get("contains") {
            let least = count(node, "minContains").unwrap_or(1);
            out.contains =
                Some(Box::new((self.number(side, contains.id()), least, count(node, "maxContains"))));
        }
    }

    fn objects(&mut self, side: usize, node: &Fields<'d>, out: &mut Facets) {
        let mut barred: Vec<&str> = Vec::new();
        if let Some(list) = node.get("properties").filter(|list| list.is_object()) {
            for entry in list.entries() {
                let is_barred = self
                    .direction
                    .is_some_and(|direction| self.sides[side].is_barred(entry.value, direction));
                if is_barred {
                    barred.push(entry.key);
                } else if matches!(entry.value.kind(), Kind::Object | Kind::Bool) {
                    let id = self.number(side, entry.value.id());
                    let name = self.state.name(entry.key);
                    out.properties.push((name, id));
                }
            }
        }
        if let Some(list) = node.get("required").filter(|list| list.kind() == Kind::Array) {
            let names = list.items().filter_map(Node::as_str).filter(|name| !barred.contains(name));
            out.required = names.map(|name| self.state.name(name)).collect();
        }
        if let Some(list) = node.get("patternProperties") {
            for entry in list.entries() {
                let id = self.number(side, entry.value.id());
                out.patterns.push((entry.key.to_owned(), id));
            }
        }
        out.additional = self.additional(side, node, "additionalProperties");
        out.barred = barred.iter().map(|name| (*name).to_owned()).collect();
        out.min_properties = count(node, "minProperties");
        out.max_properties = count(node, "maxProperties");
        self.dependent_schemas(side, node, out);
        out.property_names = node.get("propertyNames").map(|names| self.number(side, names.id()));
        // "If `a` is there, so must be `b`": `a` is not there, or both are.
        for entry in node.get("dependentRequired").into_iter().flat_map(Node::entries) {
            let absent =
                Facets { properties: vec![(self.state.name(entry.key), NEVER)], ..Facets::default() };
            let mut names: Vec<Name> =
                entry.value.items().filter_map(Node::as_str).map(|name| self.state.name(name)).collect();
            names.push(self.state.name(entry.key));
            let both = Facets { required: names, ..Facets::default() };
            let branches = vec![self.state.made(absent), self.state.made(both)];
            out.any_of.push(branches);
        }
    }

    fn additional(&mut self, side: usize, node: &Fields<'d>, key: &str) -> Additional {
        match node.get(key) {
            Some(value) if value.as_bool() == Some(false) => Additional::Never,
            Some(value) if value.as_bool() == Some(true) => Additional::Any,
            Some(value) if value.is_object() && value.entries().len() == 0 => Additional::Any,
            Some(value) if value.is_object() => Additional::Schema(self.number(side, value.id())),
            _ => Additional::Unsaid,
        }
    }

    fn dependent_schemas(&mut self, side: usize, node: &Fields<'d>, out: &mut Facets) {
        for entry in node.get("dependentSchemas").into_iter().flat_map(Node::entries) {
            let absent =
                Facets { properties: vec![(self.state.name(entry.key), NEVER)], ..Facets::default() };
            let branches = vec![self.state.made(absent), self.number(side, entry.value.id())];
            out.any_of.push(branches);
        }
    }

    fn combined(&mut self, side: usize, node: &Fields<'d>, out: &mut Facets) {
        let mut list = |key: &str| -> Vec<Id> {
            let list = node.get(key).filter(|list| list.kind() == Kind::Array);
            let branches = list.into_iter().flat_map(Node::items);
            branches
                .filter(|branch| matches!(branch.kind(), Kind::Object | Kind::Bool))
                .map(|branch| self.number(side, branch.id()))
                .collect()
        };
        out.all_of.extend(list("allOf"));
        let any_of = list("anyOf");
        let one_of = list("oneOf");
        if !any_of.is_empty() {
            out.any_of.push(any_of);
        }
        match one_of.len() {
            0 => {}
            1 => out.all_of.extend(one_of),
            _ => out.one_of.push(one_of),
        }
        if let Some(not) = node.get("not").filter(|not| matches!(not.kind(), Kind::Object | Kind::Bool)) {
            out.not.push(self.number(side, not.id()));
        }
        // `if` is a choice: it holds and so does `then`, or it does not and `else` does.
        if let Some(condition) = node.get("if") {
            let condition = self.number(side, condition.id());
            let mut branch = |key: &str| node.get(key).map(|branch| self.number(side, branch.id()));
            let (then, otherwise) = (branch("then"), branch("else"));
            let holds = Facets {
                all_of: [Some(condition), then].into_iter().flatten().collect(),
                ..Facets::default()
            };
            let fails =
                Facets { not: vec![condition], all_of: otherwise.into_iter().collect(), ..Facets::default() };
            let branches = vec![self.state.made(holds), self.state.made(fails)];
            out.any_of.push(branches);
        }
    }
}

/// What a text holds, in one word for all dialects: OpenAPI 3.1 writes the formats
/// `byte` and `binary` as `contentEncoding` and `contentMediaType`, and Swagger
/// 2.0 has the type `file` (OpenAPI 3.1.0, Considerations for File Uploads).
fn format(node: &Fields<'_>) -> Option<Box<str>> {
    let text = |key: &str| node.get(key).and_then(Node::as_str);
    match (text("contentEncoding"), text("contentMediaType")) {
        (Some(encoding), None) if encoding.eq_ignore_ascii_case("base64") => Some("byte".into()),
        (None, Some("application/octet-stream")) => Some("binary".into()),
        (None, None) if text("type") == Some("file") => Some("binary".into()),
        (None, None) => text("format").map(Box::from),
        (Some(encoding), Some(media)) => Some(format!("{encoding} of {media}").into()),
        (one, other) => one.or(other).map(Box::from),
    }
}

fn count(node: &Fields<'_>, key: &str) -> Option<u64> {
    let text = node.get(key)?.number_text()?;
    Decimal::parse(text).filter(|value| value.is_integer())?.to_string().parse().ok()
}
