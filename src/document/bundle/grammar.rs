//! Which objects of a description may hold a `$ref`, and where they stand in
//! each other: the same for all dialects, whose differences (a parameter with
//! `content`, a response with `schema`) do not contradict each other.

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Root,
    Paths,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Responses,
    Response,
    MediaType,
    Encoding,
    Header,
    Example,
    Link,
    Callback,
    SecurityScheme,
    Schema,
    Components,
    /// A map of components of one kind.
    Schemas,
    Parameters,
    RequestBodies,
    SharedResponses,
    MediaTypes,
    Headers,
    Examples,
    Links,
    Callbacks,
    SecuritySchemes,
    PathItems,
    /// A part without references inside.
    Plain,
}

/// How members stand under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    One,
    List,
    Map,
}

use Form::{List, Map, One};

/// Methods are operations; `additionalOperations` is a map of them.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

const ROOT: &[(&str, Form, Kind)] = &[
    ("paths", One, Kind::Paths),
    ("webhooks", One, Kind::PathItems),
    ("components", One, Kind::Components),
    // Swagger 2.0.
    ("definitions", One, Kind::Schemas),
    ("parameters", One, Kind::Parameters),
    ("responses", One, Kind::SharedResponses),
    ("securityDefinitions", One, Kind::SecuritySchemes),
    // No references may stand there; authors put them there all the same.
    ("info", One, Kind::Plain),
    ("servers", One, Kind::Plain),
    ("tags", One, Kind::Plain),
    ("security", One, Kind::Plain),
];
pub(super) const COMPONENTS: &[(&str, Form, Kind)] = &[
    ("schemas", One, Kind::Schemas),
    ("parameters", One, Kind::Parameters),
    ("requestBodies", One, Kind::RequestBodies),
    ("responses", One, Kind::SharedResponses),
    ("mediaTypes", One, Kind::MediaTypes),
    ("headers", One, Kind::Headers),
    ("examples", One, Kind::Examples),
    ("links", One, Kind::Links),
    ("callbacks", One, Kind::Callbacks),
    ("securitySchemes", One, Kind::SecuritySchemes),
    ("pathItems", One, Kind::PathItems),
];
const PATH_ITEM: &[(&str, Form, Kind)] =
    &[("parameters", List, Kind::Parameter), ("additionalOperations", Map, Kind::Operation)];
const OPERATION: &[(&str, Form, Kind)] = &[
    ("parameters", List, Kind::Parameter),
    ("requestBody", One, Kind::RequestBody),
    ("responses", One, Kind::Responses),
    ("callbacks", Map, Kind::Callback),
];
/// A parameter, a header.
const PARAMETER: &[(&str, Form, Kind)] = &[
    ("schema", One, Kind::Schema),
    ("items", One, Kind::Schema),
    ("content", Map, Kind::MediaType),
    ("examples", Map, Kind::Example),
];
const RESPONSE: &[(&str, Form, Kind)] = &[
    ("headers", Map, Kind::Header),
    ("content", Map, Kind::MediaType),
    ("links", Map, Kind::Link),
    ("schema", One, Kind::Schema),
];
const MEDIA_TYPE: &[(&str, Form, Kind)] = &[
    ("schema", One, Kind::Schema),
    ("itemSchema", One, Kind::Schema),
    ("examples", Map, Kind::Example),
    ("encoding", Map, Kind::Encoding),
    ("prefixEncoding", List, Kind::Encoding),
    ("itemEncoding", One, Kind::Encoding),
];
const ENCODING: &[(&str, Form, Kind)] = &[
    ("headers", Map, Kind::Header),
    ("encoding", Map, Kind::Encoding),
    ("prefixEncoding", List, Kind::Encoding),
    ("itemEncoding", One, Kind::Encoding),
];
const SCHEMA: &[(&str, Form, Kind)] = &[
    ("properties", Map, Kind::Schema),
    ("patternProperties", Map, Kind::Schema),
    ("dependentSchemas", Map, Kind::Schema),
    ("$defs", Map, Kind::Schema),
    ("definitions", Map, Kind::Schema),
    ("items", One, Kind::Schema),
    ("additionalItems", One, Kind::Schema),
    ("additionalProperties", One, Kind::Schema),
    ("not", One, Kind::Schema),
    ("if", One, Kind::Schema),
    ("then", One, Kind::Schema),
    ("else", One, Kind::Schema),
    ("contains", One, Kind::Schema),
    ("propertyNames", One, Kind::Schema),
    ("unevaluatedItems", One, Kind::Schema),
    ("unevaluatedProperties", One, Kind::Schema),
    ("contentSchema", One, Kind::Schema),
    ("allOf", List, Kind::Schema),
    ("oneOf", List, Kind::Schema),
    ("anyOf", List, Kind::Schema),
    ("prefixItems", List, Kind::Schema),
];

impl Kind {
    /// The keys of a document's top that are looked at.
    pub(super) fn root_keys() -> impl Iterator<Item = &'static str> {
        ROOT.iter().map(|(key, ..)| *key)
    }

    /// What stands under a key of such an object.
    pub(super) fn member(self, key: &str) -> Option<(Form, Self)> {
        let table = match self {
            Self::Root => ROOT,
            Self::Components => COMPONENTS,
            Self::PathItem if METHODS.contains(&key) => return Some((One, Self::Operation)),
            Self::PathItem => PATH_ITEM,
            Self::Operation => OPERATION,
            Self::Parameter | Self::Header => PARAMETER,
            Self::RequestBody => &[("content", Map, Self::MediaType)],
            Self::Response => RESPONSE,
            Self::MediaType => MEDIA_TYPE,
            Self::Encoding => ENCODING,
            Self::Schema => SCHEMA,
            _ => {
                return self
                    .each()
                    .filter(|_| key != "$ref" && !key.starts_with("x-"))
                    .map(|kind| (One, kind));
            }
        };
        table.iter().find(|(name, ..)| *name == key).map(|(_, form, kind)| (*form, *kind))
    }

    /// What the values of a map are.
    pub(super) fn each(self) -> Option<Self> {
        Some(match self {
            Self::Paths | Self::PathItems | Self::Callback => Self::PathItem,
            Self::Responses | Self::SharedResponses => Self::Response,
            Self::Schemas => Self::Schema,
            Self::Parameters => Self::Parameter,
            Self::RequestBodies => Self::RequestBody,
            Self::MediaTypes => Self::MediaType,
            Self::Headers => Self::Header,
            Self::Examples => Self::Example,
            Self::Links => Self::Link,
            Self::Callbacks => Self::Callback,
            Self::SecuritySchemes => Self::SecurityScheme,
            _ => return None,
        })
    }

    /// The map of components that it belongs to, in OpenAPI 3.
    pub(super) fn section(self) -> &'static str {
        let of = |kind: &Kind| kind.each() == Some(self) && *kind != Kind::Paths && *kind != Kind::Responses;
        let found = COMPONENTS.iter().find(|(_, _, kind)| of(kind));
        // What has no place among components needs one to be referred to all the
        // same; readers know none of that name.
        found.map_or("x-parts", |(name, ..)| name)
    }

    /// Whether it is part of the document's frame: what holds components or
    /// paths, which nothing refers to by name.
    pub(super) fn is_frame(self) -> bool {
        !matches!(
            self,
            Self::PathItem
                | Self::Operation
                | Self::Parameter
                | Self::RequestBody
                | Self::Response
                | Self::MediaType
                | Self::Encoding
                | Self::Header
                | Self::Example
                | Self::Link
                | Self::Callback
                | Self::SecurityScheme
                | Self::Schema
        )
    }
}
