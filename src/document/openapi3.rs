//! The reader of OpenAPI 3.0, 3.1 and 3.2, and what Swagger 2.0 shares with
//! them (`swagger20.rs` has the rest).
//!
//! The openapiv3 crate's types read the sub-trees that are theirs: the head of
//! an operation, a parameter, a server. They are never given a whole document,
//! since one value that does not fit would lose everything; what they refuse
//! is reported with its place, left out, and the rest is read. They know 3.0:
//! what later dialects write otherwise is kept from them.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::model::{Anchor, Body, MediaType, Operation, Parameter, ParameterIn, Response};
use super::problem::Severity;
use super::prose::{Described, Subject};
use super::read::Surface;
use super::reader::Reader;
use super::swagger20::Named;
use super::{Deprecation, Dialect, OperationKey, deprecation};
use crate::text::{Kind, Node, NodeId, Span};

/// The members of an operation that have readers of their own here.
const OPERATION_PARTS: [&str; 4] = ["parameters", "requestBody", "responses", "callbacks"];

pub(super) fn read<'t>(reader: &mut Reader<'t>, root: Node<'t>) -> Surface {
    let mut surface = Surface::default();
    if let Some(servers) = reader.member(root, "servers", Kind::Array, Severity::Warning) {
        for server in servers.items() {
            match server.read::<openapiv3::Server>() {
                Ok(server) => surface.servers.push(server.url),
                Err(error) => {
                    let span = error.span.unwrap_or(server.span());
                    reader.problem(Severity::Warning, span, format!("server: {error}; it is left out"));
                }
            }
        }
    }
    // Components first, so that what they declare is named after them.
    if let Some(found) = reader.member(root, "components", Kind::Object, Severity::Lost)
        && let Some(schemas) = reader.member(found, "schemas", Kind::Object, Severity::Lost)
    {
        components(reader, schemas);
    }
    paths(reader, root, &mut surface);
    surface
}

/// Reads all schemas of `components.schemas` or, in Swagger 2.0, `definitions`.
pub(super) fn components<'t>(reader: &mut Reader<'t>, schemas: Node<'t>) {
    for entry in schemas.entries() {
        let pointer = format!("#/components/schemas/{}", entry.key.replace('~', "~0").replace('/', "~1"));
        reader.schema(entry.value, &Arc::new(Anchor::Component(pointer.into())), "");
    }
}

/// Reads the operations of `paths`, then the webhooks.
pub(super) fn paths<'t>(reader: &mut Reader<'t>, root: Node<'t>, surface: &mut Surface) {
    let deprecated_tags = deprecated_tags(reader, root);
    let mut paths_reader =
        Paths { reader, deprecated_tags, shared: FxHashMap::default(), produces: Vec::new() };
    for entry in root.get("paths").into_iter().flat_map(Node::entries) {
        if entry.key.starts_with("x-") {
            continue;
        }
        if !entry.key.starts_with('/') {
            let message = format!(
                "path `{}`: expected a slash at its front; it is read as if it were there",
                entry.key
            );
            paths_reader.reader.problem(Severity::Warning, entry.key_span, message);
        }
        paths_reader.path_item(entry.key, entry.value, surface);
    }
    paths_reader.webhooks(root, surface);
}

/// Tags whose own description says that all under them is deprecated.
fn deprecated_tags(reader: &mut Reader<'_>, root: Node<'_>) -> FxHashMap<String, Deprecation> {
    let mut out = FxHashMap::default();
    let Some(tags) = root.get("tags") else { return out };
    for tag in tags.items() {
        let Some(name) = tag.get("name").and_then(Node::as_str) else { continue };
        let texts: Vec<_> = tag.get("description").into_iter().collect();
        let names = [name];
        let subject = Subject::new(Described::Operation, &names);
        if let Some(found) = deprecation::read(tag, &subject, &texts, reader.annotations) {
            out.insert(name.to_owned(), found);
        }
    }
    out
}

pub(super) struct Paths<'r, 't> {
    pub(super) reader: &'r mut Reader<'t>,
    deprecated_tags: FxHashMap<String, Deprecation>,
    /// Parameters of components, read once.
    shared: FxHashMap<NodeId, Option<Parameter>>,
    /// What the operation at hand produces (Swagger 2.0).
    produces: Vec<Named<'t>>,
}

/// The servers that a path item or an operation has of its own. What is odd in them is no loss:
/// they only tell which hosts are the API's as well.
fn own_servers(node: Node<'_>) -> impl Iterator<Item = &str> {
    let servers = node.get("servers").into_iter().flat_map(Node::items);
    servers.filter_map(|server| server.get("url").and_then(Node::as_str))
}

/// An operation to be read: its key, the path item it stands in, its object,
/// the span of its method.
pub(super) type Written<'t> = (OperationKey, Node<'t>, Node<'t>, Span);

impl<'t> Paths<'_, 't> {
    pub(super) fn is_swagger(&self) -> bool {
        self.reader.dialect == Dialect::Swagger20
    }

    fn path_item(&mut self, path: &str, item: Node<'t>, surface: &mut Surface) {
        for (key, item, node, span) in self.operations_of(path, item) {
            if !self.is_swagger() {
                let own = [item, node].into_iter().flat_map(own_servers);
                surface.other_servers.extend(own.map(str::to_owned));
            }
            let operation = self.operation(key.clone(), item, node);
            if let Err(twin) = surface.push(operation) {
                let message =
                    format!("operation `{twin}` stands a second time under another name; it is left out");
                self.reader.problem(Severity::Lost, span, message);
                continue;
            }
            if !self.is_swagger() {
                self.callbacks(&key, node, surface);
            }
        }
    }

    /// The operations of a path item, and those that stand beside its `$ref`.
    pub(super) fn operations_of(&mut self, path: &str, item: Node<'t>) -> Vec<Written<'t>> {
        let mut out: Vec<Written<'t>> = Vec::new();
        let what = format_args!("path `{path}`");
        let Some(resolved) = self.reader.resolve(item, what, Severity::Lost) else { return out };
        if !resolved.node.is_object() {
            self.reader.wrong_kind(Severity::Lost, what, Kind::Object, resolved.node);
            return out;
        }
        let items = resolved.passed.into_iter().chain([resolved.node]);
        for (nth, item) in items.enumerate() {
            let fixed = item.entries().filter(|entry| self.reader.dialect.is_method(entry.key));
            let mut entries: Vec<_> = fixed.collect();
            // OpenAPI 3.2.0, Path Item Object: methods beyond the fixed ones.
            if self.reader.dialect == Dialect::OpenApi32 {
                let more = self.reader.member(item, "additionalOperations", Kind::Object, Severity::Lost);
                entries.extend(more.into_iter().flat_map(Node::entries));
            }
            for entry in entries {
                let key = OperationKey::new(entry.key, path);
                // What stands outside overrides what the reference leads to.
                if nth > 0 && out.iter().any(|(known, ..)| *known == key) {
                    continue;
                }
                // No reference may stand there; what it means is plain all the same.
                let what = format_args!("operation `{key}`");
                let Some(found) = self.reader.resolve(entry.value, what, Severity::Lost) else { continue };
                if !found.node.is_object() {
                    self.reader.wrong_kind(Severity::Lost, what, Kind::Object, found.node);
                    continue;
                }
                out.push((key, item, found.node, entry.key_span));
            }
        }
        out
    }

    /// The part of an operation that openapiv3 reads. A member it refuses is
    /// reported and left out, then it reads the rest.
    fn head(&mut self, key: &OperationKey, node: Node<'t>) -> openapiv3::Operation {
        let mut refused: Vec<&str> = OPERATION_PARTS.to_vec();
        loop {
            let error = match node.read_without::<openapiv3::Operation>(&refused, &["responses"]) {
                Ok(head) => return head,
                Err(error) => error,
            };
            let guilty = error.span.and_then(|span| {
                node.entries().find(|entry| {
                    let value = entry.value.span();
                    value.start <= span.start && span.end <= value.end && !refused.contains(&entry.key)
                })
            });
            let span = error.span.unwrap_or(node.span());
            let Some(entry) = guilty else {
                self.reader.problem(Severity::Warning, span, format!("operation `{key}`: {error}"));
                return openapiv3::Operation::default();
            };
            let message = format!("operation `{key}`, `{}`: {error}; it is left out", entry.key);
            self.reader.problem(Severity::Warning, span, message);
            refused.push(entry.key);
        }
    }

    pub(super) fn operation(&mut self, key: OperationKey, item: Node<'t>, node: Node<'t>) -> Operation {
        let head = self.head(&key, node);
        let texts: Vec<Node<'t>> =
            ["summary", "description"].iter().filter_map(|text| node.get(text)).collect();
        let mut names = vec![key.path.as_str()];
        names.extend(head.operation_id.as_deref());
        names.extend(head.summary.as_deref());
        let subject = Subject::new(Described::Operation, &names);
        let mut deprecation = deprecation::read(node, &subject, &texts, self.reader.annotations);
        // All the tags must be deprecated: an operation may stand under an old and
        // a new one.
        let by_tag: Option<Vec<&Deprecation>> =
            head.tags.iter().map(|tag| self.deprecated_tags.get(tag)).collect();
        if let Some(tag) = by_tag.as_ref().and_then(|tags| tags.first()) {
            let found = deprecation.get_or_insert_with(|| (*tag).clone());
            if found.replacement.is_none() {
                found.replacement.clone_from(&tag.replacement);
            }
        }
        self.reader.note_misspelt(deprecation.as_ref());
        let exempt = self.reader.annotations.exempts(node, &texts);
        let parameters = self.parameters(&key, item, node);
        let body = match self.is_swagger() {
            true => {
                self.produces = self.media_types(node, "produces");
                self.swagger_body(&key, item, node)
            }
            false => node.get("requestBody").and_then(|body| self.body(&key, body)),
        };
        let responses = self.responses(&key, node);
        Operation {
            key,
            node: node.id(),
            operation_id: head.operation_id,
            summary: head.summary,
            tags: head.tags,
            deprecation,
            exempt,
            parameters,
            body,
            responses,
        }
    }

    /// The operation's own parameters, then those of its path item that it does
    /// not override (OpenAPI 3.0.3, Path Item Object, `parameters`).
    fn parameters(&mut self, key: &OperationKey, item: Node<'t>, node: Node<'t>) -> Vec<Parameter> {
        let mut out: Vec<Parameter> = Vec::new();
        for owner in [node, item] {
            let Some(list) = self.reader.member(owner, "parameters", Kind::Array, Severity::Lost) else {
                continue;
            };
            out.reserve_exact(list.items().len());
            for parameter in list.items() {
                if self.is_payload(parameter) {
                    continue;
                }
                let Some(parameter) = self.parameter(key, parameter) else { continue };
                if !out.iter().any(|own| own.location == parameter.location && own.name == parameter.name) {
                    out.push(parameter);
                }
            }
        }
        out
    }

    fn parameter(&mut self, key: &OperationKey, node: Node<'t>) -> Option<Parameter> {
        let what = format_args!("a parameter of `{key}`");
        let resolved = self.reader.resolve(node, what, Severity::Lost)?;
        let target = resolved.node;
        if !target.is_object() {
            self.reader.wrong_kind(Severity::Lost, what, Kind::Object, target);
            return None;
        }
        let mut parameter = match resolved.pointer.as_deref() {
            Some(pointer) => {
                if !self.shared.contains_key(&target.id()) {
                    let name = self.reader.named(pointer);
                    let anchor = Anchor::Component(name.as_str().into());
                    let read = self.declared_parameter(what, target, anchor, Some(&name));
                    self.shared.insert(target.id(), read);
                }
                self.shared.get(&target.id())?.clone()?
            }
            None => {
                let name = target.get("name").and_then(Node::scalar_text).unwrap_or_default();
                let location = match target.get("in").and_then(Node::as_str).unwrap_or_default() {
                    "querystring" => "query",
                    location => location,
                };
                let anchor = Anchor::Inline {
                    operation: key.clone(),
                    parameter: format!("{location}:{name}"),
                    status: None,
                    media_type: String::new(),
                };
                self.declared_parameter(what, target, anchor, None)?
            }
        };
        // What stands beside a `$ref` on the way, from the outside in.
        for passed in resolved.passed {
            let texts: Vec<Node<'t>> = passed.get("description").into_iter().collect();
            let names = [parameter.name.as_str()];
            let subject = Subject::new(Described::Parameter, &names);
            if let Some(found) = deprecation::read(passed, &subject, &texts, self.reader.annotations) {
                self.reader.note_misspelt(Some(&found));
                parameter.deprecation = Some(found);
                break;
            }
        }
        Some(parameter)
    }

    fn declared_parameter(
        &mut self,
        what: impl fmt::Display + Copy,
        node: Node<'t>,
        anchor: Anchor,
        component: Option<&str>,
    ) -> Option<Parameter> {
        let Head { location, name, required } = match self.parameter_head(node) {
            Ok(head) => head,
            Err((span, message)) => {
                self.reader.problem(Severity::Lost, span, format!("{what}: {message}; it is left out"));
                return None;
            }
        };
        let texts: Vec<Node<'t>> = node.get("description").into_iter().collect();
        let names = [name.as_str()];
        let subject = Subject::new(Described::Parameter, &names);
        let deprecation = deprecation::read(node, &subject, &texts, self.reader.annotations);
        let schema = match self.is_swagger() {
            // Type, items and values stand on the parameter itself.
            true => Some(node),
            false => {
                self.reader.note_misspelt(deprecation.as_ref());
                node.get("schema").or_else(|| {
                    let first = node.get("content")?.entries().next()?;
                    self.reader.followed(first.value).get("schema")
                })
            }
        };
        let anchor = Arc::new(anchor);
        let schema = schema.and_then(|schema| self.reader.schema(schema, &anchor, ""));
        // The schema's own flag means the parameter (3.0 generators write it so).
        let flagged_schema =
            || schema.and_then(|id| self.reader.schemas[id.index()].deprecation.as_deref().cloned());
        Some(Parameter {
            location,
            node: node.id(),
            component: component.map(Into::into),
            required: required || location == ParameterIn::Path,
            deprecation: deprecation.or_else(flagged_schema),
            exempt: self.reader.annotations.exempts(node, &texts),
            schema,
            name,
        })
    }

    /// Where a parameter is sent, its name, whether it must be. Read by
    /// openapiv3 but for what it does not know.
    fn parameter_head(&self, node: Node<'t>) -> Result<Head, (Span, String)> {
        let place = node.get("in").and_then(Node::as_str);
        let is_query_string = self.reader.dialect == Dialect::OpenApi32 && place == Some("querystring");
        if !self.is_swagger() && !is_query_string {
            let mut left_out = vec!["content", "example", "examples"];
            if self.reader.dialect == Dialect::OpenApi32 {
                // A cookie has a style of its own there.
                left_out.push("style");
            }
            let read = node.read_without::<openapiv3::Parameter>(&left_out, &["schema"]);
            let read = read.map_err(|error| (error.span.unwrap_or(node.span()), error.to_string()))?;
            let location = ParameterIn::of(&read);
            let data = read.parameter_data();
            return Ok(Head { location, name: data.name, required: data.required });
        }
        let location = match place {
            Some("path") => ParameterIn::Path,
            Some("query") => ParameterIn::Query,
            Some("header") => ParameterIn::Header,
            Some("querystring") if is_query_string => ParameterIn::QueryString,
            _ => {
                let at = node.get("in").unwrap_or(node);
                let expected = "`in`: expected path, query, header, body or formData";
                return Err((at.span(), expected.to_owned()));
            }
        };
        let Some(name) = node.get("name").and_then(Node::scalar_text).map(str::to_owned) else {
            return Err((node.span(), "expected `name`".to_owned()));
        };
        Ok(Head { location, name, required: node.get("required").and_then(Node::as_bool) == Some(true) })
    }

    fn body(&mut self, key: &OperationKey, node: Node<'t>) -> Option<Body> {
        let what = format_args!("the request body of `{key}`");
        let resolved = self.reader.resolve(node, what, Severity::Lost)?;
        let node = resolved.node;
        if !node.is_object() {
            self.reader.wrong_kind(Severity::Lost, what, Kind::Object, node);
            return None;
        }
        let component = resolved.pointer.map(|pointer| self.reader.named(&pointer));
        let content = self.content(key, node, component.as_deref(), None);
        Some(Body {
            node: node.id(),
            required: node.get("required").and_then(Node::as_bool) == Some(true),
            content,
        })
    }

    fn responses(&mut self, key: &OperationKey, node: Node<'t>) -> Vec<Response> {
        let Some(responses) = self.reader.member(node, "responses", Kind::Object, Severity::Lost) else {
            return Vec::new();
        };
        let mut out = Vec::with_capacity(responses.members().len());
        for entry in responses.entries() {
            if entry.key.starts_with("x-") {
                continue;
            }
            let what = format_args!("response `{}` of `{key}`", entry.key);
            let Some(resolved) = self.reader.resolve(entry.value, what, Severity::Lost) else { continue };
            if !resolved.node.is_object() {
                self.reader.wrong_kind(Severity::Lost, what, Kind::Object, resolved.node);
                continue;
            }
            let component = resolved.pointer.map(|pointer| self.reader.named(&pointer));
            let (component, status) = (component.as_deref(), Some(entry.key));
            let content = match self.is_swagger() {
                true => self.swagger_content(key, resolved.node, component, status, self.produces.clone()),
                false => self.content(key, resolved.node, component, status),
            };
            out.push(Response { status: entry.key.to_owned(), node: resolved.node.id(), content });
        }
        out
    }

    fn content(
        &mut self,
        key: &OperationKey,
        node: Node<'t>,
        component: Option<&str>,
        status: Option<&str>,
    ) -> Vec<MediaType> {
        let Some(content) = self.reader.member(node, "content", Kind::Object, Severity::Lost) else {
            return Vec::new();
        };
        let mut out = Vec::with_capacity(content.members().len());
        for entry in content.entries() {
            // OpenAPI 3.2.0 shares media types as it does the rest.
            let what = format_args!("media type `{}` of `{key}`", entry.key);
            let Some(resolved) = self.reader.resolve(entry.value, what, Severity::Lost) else { continue };
            let node = resolved.node;
            let shared = resolved.pointer.map(|pointer| self.reader.named(&pointer));
            let component = shared.as_deref().or(component);
            let anchor = Arc::new(content_anchor(key, component, status, entry.key));
            let schema = match node.get("itemSchema").filter(|_| self.reader.dialect == Dialect::OpenApi32) {
                Some(item) => Some(self.reader.sequence(node, item, &anchor)),
                None => node.get("schema").and_then(|schema| self.reader.schema(schema, &anchor, "")),
            };
            out.push(MediaType { name: entry.key.to_owned(), node: node.id(), schema });
        }
        out
    }
}

/// What openapiv3 or we read of a parameter.
struct Head {
    location: ParameterIn,
    name: String,
    required: bool,
}

/// What the schema of a body belongs to.
pub(super) fn content_anchor(
    key: &OperationKey,
    component: Option<&str>,
    status: Option<&str>,
    media_type: &str,
) -> Anchor {
    match component {
        Some(name) => Anchor::Component(name.into()),
        None => Anchor::Inline {
            operation: key.clone(),
            parameter: String::new(),
            status: status.map(str::to_owned),
            media_type: media_type.to_owned(),
        },
    }
}
