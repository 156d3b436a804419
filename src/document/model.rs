//! The parts of a document as the rest of sunwatch sees them, whatever
//! dialect they were written in.

use std::fmt;
use std::sync::Arc;

use super::{Deprecation, Few, OperationKey};
use crate::text::NodeId;

/// A schema's number in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub(super) u32);

/// Which way a payload goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the client to the API.
    Request,
    /// From the API to the client.
    Response,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Request => "request",
            Self::Response => "response",
        })
    }
}

/// Where a parameter is sent (OpenAPI 3.0.3, Parameter Object, `in`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterIn {
    /// In the path template.
    Path,
    /// In the query string.
    Query,
    /// As a header.
    Header,
    /// As a cookie.
    Cookie,
    /// The whole query string as one value (OpenAPI 3.2.0, `querystring`). Its
    /// place is written `query:NAME`: there is no other parameter beside it.
    QueryString,
}

impl ParameterIn {
    pub(super) fn of(parameter: &openapiv3::Parameter) -> Self {
        match parameter {
            openapiv3::Parameter::Query { .. } => Self::Query,
            openapiv3::Parameter::Header { .. } => Self::Header,
            openapiv3::Parameter::Path { .. } => Self::Path,
            openapiv3::Parameter::Cookie { .. } => Self::Cookie,
        }
    }
}

impl fmt::Display for ParameterIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Path => "path",
            Self::Query | Self::QueryString => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        })
    }
}

/// An operation: one method of one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Method and path as this document writes them.
    pub key: OperationKey,
    /// The operation object.
    pub node: NodeId,
    /// `operationId`, where there is one.
    pub operation_id: Option<String>,
    /// One line of what it does.
    pub summary: Option<String>,
    /// The tags it stands under.
    pub tags: Vec<String>,
    /// What says that it is deprecated.
    pub deprecation: Option<Deprecation>,
    /// Whether the support window does not apply to it.
    pub exempt: bool,
    /// The parameters, those of the path item included.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The responses in the order of the document.
    pub responses: Vec<Response>,
}

/// What the API calls and a client serves: a webhook, or a callback of an
/// operation. Not callable, so never among [`super::Document::operations`].
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The webhook's or callback's name.
    pub name: String,
    /// The operation that a callback belongs to; `None` for a webhook.
    pub owner: Option<OperationKey>,
    /// What is called, with its direction turned: its parameters and its body
    /// reach the client ([`Direction::Response`]), its responses come from the
    /// client ([`Direction::Request`]). The path of its key is no path of the
    /// API: `webhook:NAME`, or `callback:METHOD PATH NAME EXPRESSION`.
    pub operation: Operation,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Where it is sent.
    pub location: ParameterIn,
    /// Its name.
    pub name: String,
    /// The parameter object (the `$ref`'s target where it is one).
    pub node: NodeId,
    /// The component that declares it: `#/components/parameters/X`.
    pub component: Option<Arc<str>>,
    /// Whether it must be sent.
    pub required: bool,
    /// What says that it is deprecated.
    pub deprecation: Option<Deprecation>,
    /// Whether the support window does not apply to it.
    pub exempt: bool,
    /// What it may be.
    pub schema: Option<SchemaId>,
}

impl Parameter {
    /// The place as the contract writes it: `query:includeNone`.
    pub fn at(&self) -> String {
        format!("{}:{}", self.location, self.name)
    }

    /// Whether it is sent like another one: under the same name in the same
    /// place. The names of headers know no case (RFC 9110, section 5.1).
    pub fn is_same(&self, other: &Self) -> bool {
        let is_alike = match self.location {
            ParameterIn::Header => self.name.eq_ignore_ascii_case(&other.name),
            _ => self.name == other.name,
        };
        is_alike && self.location == other.location
    }
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// The body object. For the form of Swagger 2.0, which has none, the list
    /// of parameters that it is made of.
    pub node: NodeId,
    /// Whether it must be sent.
    pub required: bool,
    /// What it may hold, by media type.
    pub content: Vec<MediaType>,
}

/// A response under one status.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status as written: `200`, `2XX`, `default`.
    pub status: String,
    /// The response object.
    pub node: NodeId,
    /// What it may hold, by media type.
    pub content: Vec<MediaType>,
}

/// A media type with its schema.
#[derive(Clone, Debug)]
pub struct MediaType {
    /// As written: `application/json`.
    pub name: String,
    /// The media type object; in Swagger 2.0 the entry of `consumes` or
    /// `produces`, or without one the body or response.
    pub node: NodeId,
    /// The schema, where one is given and could be read.
    pub schema: Option<SchemaId>,
}

/// What a schema belongs to, so that it has one name wherever it is used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anchor {
    /// A component: its pointer, `#/components/schemas/Project`.
    Component(Arc<str>),
    /// Written out where an operation uses it.
    Inline {
        /// The operation.
        operation: OperationKey,
        /// `query:x`, or empty for a body.
        parameter: String,
        /// The response's status; `None` for a request.
        status: Option<String>,
        /// The media type; empty for a parameter.
        media_type: String,
    },
}

/// A schema object, read once however often it is used.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The schema object. Some schemas have none, and stand at what they are
    /// made of: the form of Swagger 2.0 at its list of parameters, a sequence of
    /// OpenAPI 3.2 at its media type, the members of a tuple at `prefixItems`.
    /// A parameter of Swagger 2.0 is its own schema.
    pub node: NodeId,
    /// What it belongs to.
    pub anchor: Arc<Anchor>,
    /// Its place inside the anchor: `spec.compute`, `entries[]`, `labels{}`;
    /// empty for the anchor itself and for the branches of its `allOf`.
    pub at: Arc<str>,
    /// Whether no object declares it, so that what it says stands here alone.
    pub is_made: bool,
    /// Whether it is a branch of `oneOf` or `anyOf` written out in place: what
    /// it says holds for that branch alone.
    pub is_branch: bool,
    /// The schema that its `$ref` leads to.
    pub target: Option<SchemaId>,
    /// Whether it has a `$ref` that leads nowhere: what it declares is unknown.
    pub dangling: bool,
    /// Declared properties in order.
    pub properties: Vec<Property>,
    /// Names under which nothing may stand (`false`, `not: {}`).
    pub barred: Few<String>,
    /// Names in `required`.
    pub required: Few<String>,
    /// What the members of an array are; of a tuple, any of its schemas.
    pub items: Option<SchemaId>,
    /// What the values of a map are (`additionalProperties`,
    /// `patternProperties`).
    pub values: Few<SchemaId>,
    /// The branches of `allOf`, and the one branch of `oneOf` or `anyOf` that
    /// stands beside `null`.
    pub all_of: Few<SchemaId>,
    /// The branches of `oneOf` and `anyOf` but for `null`, and other parts that
    /// hold for some values only.
    pub any_of: Few<SchemaId>,
    /// The values of `enum` or `const`, in order. `null` is none of them: each
    /// dialect writes in its own way that a value may be missing.
    pub enum_values: Few<EnumValue>,
    /// What says that it is deprecated, on this object itself.
    pub deprecation: Option<Box<Deprecation>>,
    /// Whether the support window does not apply to it.
    pub exempt: bool,
    /// `readOnly`: in responses only.
    pub read_only: bool,
    /// `writeOnly`: in requests only.
    pub write_only: bool,
}

/// A declared property.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What it may be.
    pub schema: SchemaId,
}

/// A value of an `enum`.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// The value; text that is not a string in JSON notation.
    pub text: String,
    /// Where it stands.
    pub node: NodeId,
    /// What says that this value is deprecated.
    pub deprecation: Option<Box<Deprecation>>,
}
