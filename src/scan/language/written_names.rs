//! How objects of Java, Kotlin and C# are written by libraries of JSON: which properties
//! a class has, and the names that annotations give them.
//!
//! More properties than a library would write do no harm, since what they are for is to
//! tell what no object of the class can hold. What nobody can list (a getter of any
//! property, a serializer of its own, a base class that is not seen) leaves the class open.

use std::sync::Arc;

use tree_sitter::Node;

use super::annotations::Annotation;
use super::lower::{Lowering, children, expr};
use super::said_types::of_member;
use crate::scan::form::*;
use crate::scan::wording::words;

/// Annotations that name a property.
const NAMING: [&str; 7] =
    ["JsonProperty", "JsonPropertyName", "SerializedName", "SerialName", "Json", "DataMember", "JsonGetter"];
/// Annotations by which other properties are written than those that are declared.
const OPENING: [&str; 9] = [
    "JsonAnyGetter",
    "JsonUnwrapped",
    "JsonValue",
    "JsonExtensionData",
    "JsonSerialize",
    "JsonAdapter",
    "JsonConverter",
    "JsonTypeInfo",
    "JsonNaming",
];
const SKIPPING: [&str; 4] = ["JsonIgnore", "IgnoreDataMember", "NonSerialized", "Transient"];

/// Something that may be written that nobody can name.
fn anything() -> WireField {
    inherited("?")
}

/// What a base class has.
fn inherited(base: &str) -> WireField {
    WireField { name: "".into(), key: None, optional: false, shape: Shape::Foreign(base.into()) }
}

/// A property with its name in JSON, unless an annotation gives it another one.
fn property(name: Arc<str>, key: &str, annotations: &[Annotation]) -> WireField {
    let named = annotations.iter().find(|annotation| NAMING.contains(&&*annotation.name));
    let opens = annotations.iter().any(|annotation| OPENING.contains(&&*annotation.name));
    // `[JsonIgnore(Condition = ...)]` leaves it out sometimes.
    let skips = annotations
        .iter()
        .any(|annotation| SKIPPING.contains(&&*annotation.name) && annotation.args.is_empty());
    if opens {
        return WireField { name, ..anything() };
    }
    let field = |key: Option<Arc<str>>| WireField { name, key, optional: false, shape: Shape::Open };
    match named {
        _ if skips => field(None),
        Some(annotation) => match annotation.texts().next() {
            Some(key) => field(Some(key)),
            // `@JsonProperty` alone, `[JsonProperty(Required = Required.Always)]`
            None if annotation.args.iter().all(|arg| arg.name.is_some() || is_setting(&arg.value)) => {
                field(Some(key.into()))
            }
            None => WireField { key: None, shape: Shape::Foreign("?".into()), ..field(None) },
        },
        None => field(Some(key.into())),
    }
}

/// The same, with what it holds.
fn holding(mut property: WireField, shape: Shape) -> WireField {
    if property.key.is_some() {
        property.shape = shape;
    }
    property
}

/// A member of an enumeration or a truth: no name that stands in a constant.
fn is_setting(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Member(object, _) => {
            matches!(&object.kind, ExprKind::Name(name) if matches!(&**name, "Required" | "NullValueHandling" | "DefaultValueHandling"))
        }
        ExprKind::Unknown(_) | ExprKind::Effects(_) => true,
        _ => false,
    }
}

/// `OwnerName` as C#'s libraries write it: `ownerName`.
fn camel(name: &str) -> String {
    let mut chars = name.chars();
    let Some(first) = chars.next() else { return String::new() };
    match name.chars().all(|c| !c.is_lowercase()) {
        true => name.to_lowercase(),
        false => first.to_lowercase().chain(chars).collect(),
    }
}

impl<'t> Lowering<'t> {
    /// An object of a class without a name: `new { Name = x }`.
    pub(super) fn anonymous(&mut self, entries: Vec<(Option<Key>, Expr)>, node: Node<'t>) -> ExprKind {
        let mut wire = Vec::new();
        let mut fields = Vec::new();
        for (key, value) in entries {
            // `new { x.Name }`
            let named = |key: Key, value| {
                let field = property(key.name.clone(), &camel(&key), &[]);
                (field, (key, value))
            };
            match (key, value) {
                (Some(key), value) => {
                    let (field, given) = named(key, value);
                    wire.push(field);
                    fields.push(given);
                }
                (None, value) => match &value.kind {
                    ExprKind::Member(_, name) => {
                        let key = Key::new(name.clone(), value.span);
                        let (field, given) = named(key, value);
                        wire.push(field);
                        fields.push(given);
                    }
                    _ => {
                        wire.push(anything());
                        fields.push(("".into(), value));
                    }
                },
            }
        }
        self.unit.classes.push(Class {
            name: format!("(object {})", node.start_byte()).into(),
            bases: Vec::new(),
            methods: Vec::new(),
            fields: Vec::new(),
            wire,
            declared: Vec::new(),
            added: false,
            single: false,
        });
        ExprKind::Instance(self.unit.classes.len() - 1, fields)
    }

    /// A named argument that keeps where its name is written: it may be a property.
    pub(super) fn keyed(&self, arg: &mut Arg, name: Node<'t>) {
        let at = arg.value.span;
        let value = std::mem::replace(&mut arg.value.kind, ExprKind::Unknown("".into()));
        let key = Box::new(expr(ExprKind::Text(self.name(name)), name));
        arg.value.kind = ExprKind::Keyed(key, Box::new(Expr { kind: value, span: at }));
    }

    /// Whether one of the words before a declaration is this one.
    fn says(&self, node: Node<'t>, word: &str) -> bool {
        let mut cursor = node.walk();
        node.children(&mut cursor)
            .filter(|child| child.kind().starts_with("modifier"))
            .any(|modifiers| self.text(modifiers).split_whitespace().any(|said| said == word))
    }

    /// The properties of a class of C#.
    pub(super) fn cs_wire(&mut self, class: ClassId, node: Node<'t>, members: &[Node<'t>]) {
        let mut wire = Vec::new();
        let annotations = self.cs_attributes(node);
        if self.says(node, "partial") || annotations.iter().any(|a| OPENING.contains(&&*a.name)) {
            wire.push(anything());
        }
        let bases: Vec<Arc<str>> = self.unit.classes[class].bases.clone();
        // Interfaces are named so.
        let is_interface = |base: &str| {
            let mut chars = base.chars();
            chars.next() == Some('I') && chars.next().is_some_and(char::is_uppercase)
        };
        wire.extend(bases.iter().filter(|base| !is_interface(base)).map(|base| inherited(base)));
        let header = children(node).into_iter().find(|child| child.kind() == "parameter_list");
        if node.kind() == "record_declaration" {
            for param in header.map(children).unwrap_or_default() {
                let Some(name) = self.field_name(param, "name") else { continue };
                let annotations = self.cs_attributes(param);
                let shape = of_member(param, self.source);
                wire.push(holding(property(name.clone(), &camel(&name), &annotations), shape));
            }
        }
        for member in members {
            let (names, field) = match member.kind() {
                "property_declaration" => (self.field_name(*member, "name").into_iter().collect(), false),
                "field_declaration" => (self.cs_member_names(*member), true),
                _ => continue,
            };
            if self.says(*member, "static") || self.says(*member, "const") {
                continue;
            }
            let annotations = self.cs_attributes(*member);
            let named = annotations.iter().any(|annotation| NAMING.contains(&&*annotation.name));
            if !self.says(*member, "public") && !named {
                continue;
            }
            for name in names {
                let key = camel(&name);
                let shape = of_member(*member, self.source);
                let mut property = holding(property(name, &key, &annotations), shape);
                // Some libraries write fields, some do not.
                property.optional = field;
                wire.push(property);
            }
        }
        self.unit.classes[class].wire = wire;
    }

    /// The properties of a class or record of Java.
    pub(super) fn java_wire(
        &mut self,
        class: ClassId,
        node: Node<'t>,
        members: &[Node<'t>],
        header: Option<Node<'t>>,
    ) {
        if !matches!(node.kind(), "class_declaration" | "record_declaration") {
            return;
        }
        let mut wire = Vec::new();
        let annotations = self.java_annotations(node);
        if annotations.iter().any(|annotation| OPENING.contains(&&*annotation.name)) {
            wire.push(anything());
        }
        for base in node.child_by_field_name("superclass").map(children).unwrap_or_default() {
            wire.push(inherited(&self.java_type(base)));
        }
        // What tells the classes of an interface apart may be said there.
        if node.child_by_field_name("superclass").or(node.child_by_field_name("interfaces")).is_some() {
            wire.push(property("type".into(), "type", &[]));
        }
        for param in header.map(children).unwrap_or_default() {
            if let Some(name) = self.field_name(param, "name") {
                let annotations = self.java_annotations(param);
                let shape = of_member(param, self.source);
                wire.push(holding(property(name.clone(), &name, &annotations), shape));
            }
        }
        for member in members {
            if self.says(*member, "static") {
                continue;
            }
            let annotations = self.java_annotations(*member);
            match member.kind() {
                "field_declaration" if !self.says(*member, "transient") => {
                    let shape = of_member(*member, self.source);
                    for name in self.java_member_names(*member) {
                        wire.push(holding(property(name.clone(), &name, &annotations), shape.clone()));
                    }
                }
                // `getName()` is a property for some.
                "method_declaration" => {
                    let name = self.field_name(*member, "name").unwrap_or_default();
                    let without =
                        member.child_by_field_name("parameters").is_none_or(|list| children(list).is_empty());
                    let named = annotations.iter().any(|annotation| {
                        NAMING.contains(&&*annotation.name) || OPENING.contains(&&*annotation.name)
                    });
                    let read = ["get", "is"].iter().find_map(|front| name.strip_prefix(front));
                    let key = match (read, words(&name).as_slice()) {
                        (Some(rest), [_, _, ..]) => camel(rest),
                        _ if named => name.to_string(),
                        _ => continue,
                    };
                    if without && !wire.iter().any(|field| *field.name == *key) {
                        let shape = of_member(*member, self.source);
                        wire.push(holding(property(key.as_str().into(), &key, &annotations), shape));
                    }
                }
                _ => {}
            }
        }
        self.unit.classes[class].wire = wire;
    }

    /// The properties of a class of Kotlin.
    pub(super) fn kt_wire(
        &mut self,
        class: ClassId,
        node: Node<'t>,
        members: &[Node<'t>],
        header: Option<Node<'t>>,
    ) {
        let mut cursor = node.walk();
        if !node.children(&mut cursor).any(|child| child.kind() == "class") {
            return;
        }
        let mut wire = Vec::new();
        let annotations = self.kt_annotations(node);
        let opens = |annotation: &Annotation| {
            OPENING.contains(&&*annotation.name)
                || matches!(&*annotation.name, "Serializable" | "JsonClassDiscriminator")
                    && !annotation.args.is_empty()
        };
        if annotations.iter().any(opens) {
            wire.push(anything());
        }
        let above: Vec<Node<'t>> =
            children(node).into_iter().filter(|child| child.kind() == "delegation_specifier").collect();
        // Sealed classes are told apart by it.
        if !above.is_empty() {
            wire.push(property("type".into(), "type", &[]));
        }
        for base in above {
            if children(base).iter().any(|child| child.kind() == "constructor_invocation") {
                let text = self.text(base).split(['(', '<', ' ']).next().unwrap_or_default();
                wire.push(inherited(text.rsplit('.').next().unwrap_or_default()));
            }
        }
        for param in header.map(children).unwrap_or_default() {
            let mut cursor = param.walk();
            let kept = param
                .children(&mut cursor)
                .any(|child| matches!(child.kind(), "val" | "var" | "binding_pattern_kind"));
            if kept {
                let name = self.kt_name(param);
                let annotations = self.kt_annotations(param);
                let shape = of_member(param, self.source);
                wire.push(holding(property(name.clone(), &name, &annotations), shape));
            }
        }
        for member in members.iter().filter(|member| member.kind() == "property_declaration") {
            let name = self.kt_name(*member);
            let annotations = self.kt_annotations(*member);
            let shape = of_member(*member, self.source);
            wire.push(holding(property(name.clone(), &name, &annotations), shape));
        }
        self.unit.classes[class].wire = wire;
    }
}
