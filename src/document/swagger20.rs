//! The reader of Swagger 2.0: what differs from OpenAPI 3.
//!
//! Components get the names that they have in OpenAPI 3, so that an API is the
//! same one when its vendor moves on. A body is a parameter here, a form several,
//! and media types stand in lists of their own; what has no object in the text
//! is put together and placed at what it is made of.

use std::sync::Arc;

use super::model::{Anchor, Body, MediaType, Property, SchemaId};
use super::openapi3::Paths;
use super::problem::Severity;
use super::read::Surface;
use super::reader::Reader;
use super::{OperationKey, openapi3};
use crate::text::{Kind, Node};

/// The media types of forms (Swagger 2.0, Parameter Object, `in`).
const FORMS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data"];

/// A media type with the place that names it, if there is one.
pub(super) type Named<'t> = (String, Option<Node<'t>>);

/// Where components stand, and under which name OpenAPI 3 has them.
const COMPONENTS: [(&str, &str); 3] = [
    ("#/definitions/", "#/components/schemas/"),
    ("#/parameters/", "#/components/parameters/"),
    ("#/responses/", "#/components/responses/"),
];

/// The name of a component as OpenAPI 3 writes it.
pub(super) fn named(pointer: &str) -> String {
    let found = COMPONENTS.iter().find_map(|(from, to)| Some(format!("{to}{}", pointer.strip_prefix(from)?)));
    found.unwrap_or_else(|| pointer.to_owned())
}

/// The other way round, for messages about the text.
pub(super) fn written(name: &str) -> String {
    let found = COMPONENTS.iter().find_map(|(from, to)| Some(format!("{from}{}", name.strip_prefix(to)?)));
    found.unwrap_or_else(|| name.to_owned())
}

pub(super) fn read<'t>(reader: &mut Reader<'t>, root: Node<'t>) -> Surface {
    let mut surface = Surface::default();
    surface.servers = servers(reader, root);
    if let Some(definitions) = reader.member(root, "definitions", Kind::Object, Severity::Lost) {
        openapi3::components(reader, definitions);
    }
    openapi3::paths(reader, root, &mut surface);
    surface
}

/// Scheme, host and base path as the URLs of OpenAPI 3. Without a host they
/// are relative to wherever the document is served.
fn servers<'t>(reader: &mut Reader<'t>, root: Node<'t>) -> Vec<String> {
    let base = reader.member(root, "basePath", Kind::String, Severity::Warning).and_then(Node::as_str);
    let base = base.unwrap_or_default();
    let slash = if base.is_empty() || base.starts_with('/') { "" } else { "/" };
    let base = format!("{slash}{base}");
    match reader.member(root, "host", Kind::String, Severity::Warning).and_then(Node::as_str) {
        None => Some(base).filter(|base| !base.is_empty()).into_iter().collect(),
        Some(host) => {
            let schemes = reader.member(root, "schemes", Kind::Array, Severity::Warning);
            let schemes: Vec<&str> =
                schemes.into_iter().flat_map(Node::items).filter_map(Node::as_str).collect();
            // The scheme by which the document was read is not known here.
            let schemes = if schemes.is_empty() { vec!["https"] } else { schemes };
            schemes.into_iter().map(|scheme| format!("{scheme}://{host}{base}")).collect()
        }
    }
}

impl<'t> Paths<'_, 't> {
    /// The media types of an operation: its own list, even an empty one,
    /// replaces that of the document (Swagger 2.0, Operation Object).
    pub(super) fn media_types(&mut self, operation: Node<'t>, key: &str) -> Vec<Named<'t>> {
        let root = self.reader.tree.root();
        let owner = if operation.get(key).is_some() { operation } else { root };
        let list = self.reader.member(owner, key, Kind::Array, Severity::Warning);
        let items = list.into_iter().flat_map(Node::items);
        items.filter_map(|item| Some((item.as_str()?.to_owned(), Some(item)))).collect()
    }

    /// Whether a parameter is a body or a part of one.
    pub(super) fn is_payload(&self, parameter: Node<'t>) -> bool {
        let place = self.reader.followed(parameter).get("in").and_then(Node::as_str);
        self.is_swagger() && place.is_some_and(|place| place == "body" || place == "formData")
    }

    /// The body that an operation's parameters make.
    pub(super) fn swagger_body(
        &mut self,
        key: &OperationKey,
        item: Node<'t>,
        operation: Node<'t>,
    ) -> Option<Body> {
        // As written and where it leads, the operation's own first.
        let mut found: Vec<(Node<'t>, Node<'t>)> = Vec::new();
        let mut holder = None;
        let name =
            |node: Node<'t>| (node.get("in").and_then(Node::as_str), node.get("name").map(Node::as_str));
        for owner in [operation, item] {
            let Some(list) = owner.get("parameters").filter(|list| list.kind() == Kind::Array) else {
                continue;
            };
            for parameter in list.items().filter(|parameter| self.is_payload(*parameter)) {
                let target = self.reader.followed(parameter);
                if !found.iter().any(|(_, known)| name(*known) == name(target)) {
                    holder = holder.or(Some(list));
                    found.push((parameter, target));
                }
            }
        }
        let holder = holder?;
        let consumes = self.media_types(operation, "consumes");
        let is_body = |node: &Node<'t>| node.get("in").and_then(Node::as_str) == Some("body");
        if let Some((parameter, body)) = found.iter().find(|(_, target)| is_body(target)).copied() {
            let component = self.component_of(parameter).map(|name| {
                // OpenAPI 3 keeps shared bodies apart from shared parameters.
                name.replacen("#/components/parameters/", "#/components/requestBodies/", 1)
            });
            let content = self.swagger_content(key, body, component.as_deref(), None, consumes);
            return Some(Body { node: body.id(), required: is_required(body), content });
        }
        let mut types: Vec<Named<'t>> =
            consumes.into_iter().filter(|(name, _)| FORMS.contains(&name.as_str())).collect();
        if types.is_empty() {
            let is_file = |(_, node): &(_, Node<'t>)| node.get("type").and_then(Node::as_str) == Some("file");
            types.push((FORMS[usize::from(found.iter().any(is_file))].to_owned(), None));
        }
        let mut content = Vec::new();
        for (name, node) in types {
            let (known, schema) = (self.reader.schemas.len(), self.form(key, holder, &found, &name));
            self.reader.forget_inline(known);
            content.push(MediaType { name, node: node.unwrap_or(holder).id(), schema: Some(schema) });
        }
        let required = found.iter().any(|(_, target)| is_required(*target));
        Some(Body { node: holder.id(), required, content })
    }

    /// The object whose properties are a form's parameters.
    fn form(
        &mut self,
        key: &OperationKey,
        holder: Node<'t>,
        found: &[(Node<'t>, Node<'t>)],
        media_type: &str,
    ) -> SchemaId {
        let anchor = Arc::new(Anchor::Inline {
            operation: key.clone(),
            parameter: String::new(),
            status: None,
            media_type: media_type.to_owned(),
        });
        let form = self.reader.made(holder, &anchor, "");
        for (parameter, target) in found {
            let Some(name) = target.get("name").and_then(Node::scalar_text) else {
                let message = format!("a form parameter of `{key}`: expected `name`; it is left out");
                self.reader.problem(Severity::Lost, target.span(), message);
                continue;
            };
            if let Some(schema) = self.reader.property(*parameter, &anchor, name) {
                let form = &mut self.reader.schemas[form.index()];
                form.properties.push(Property { name: name.to_owned(), schema });
                if is_required(*target) {
                    form.required.push(name.to_owned());
                }
            }
        }
        form
    }

    /// What a body or a response holds: one schema under every media type.
    pub(super) fn swagger_content(
        &mut self,
        key: &OperationKey,
        node: Node<'t>,
        component: Option<&str>,
        status: Option<&str>,
        mut types: Vec<Named<'t>>,
    ) -> Vec<MediaType> {
        let Some(schema) = node.get("schema") else { return Vec::new() };
        if types.is_empty() {
            // The specification has no default.
            types.push(("*/*".to_owned(), None));
        }
        let mut out = Vec::new();
        for (name, place) in types {
            let anchor = openapi3::content_anchor(key, component, status, &name);
            let known = self.reader.schemas.len();
            let schema = self.reader.schema(schema, &Arc::new(anchor), "");
            self.reader.forget_inline(known);
            out.push(MediaType { name, node: place.unwrap_or(node).id(), schema });
        }
        out
    }

    /// The name of the component that a reference leads to.
    fn component_of(&self, node: Node<'t>) -> Option<String> {
        let pointer = node.get("$ref")?.as_str()?;
        Some(self.reader.named(pointer))
    }
}

fn is_required(parameter: Node<'_>) -> bool {
    parameter.get("required").and_then(Node::as_bool) == Some(true)
}
