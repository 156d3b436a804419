//! The reader of OpenAPI 3.0.x.
//!
//! The openapiv3 crate's types read the sub-trees that are theirs: the head of
//! an operation, a parameter, a server. They are never given a whole document,
//! since one value that does not fit would lose everything; what they refuse
//! is reported with its place, left out, and the rest is read.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::model::{Anchor, Body, MediaType, Operation, Parameter, ParameterIn, Response, is_method};
use super::problem::Severity;
use super::prose::{Described, Subject};
use super::read::Surface;
use super::reader::Reader;
use super::{Deprecation, OperationKey, deprecation};
use crate::text::{Kind, Node, NodeId};

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
    if let Some(components) = reader.member(root, "components", Kind::Object, Severity::Lost)
        && let Some(schemas) = reader.member(components, "schemas", Kind::Object, Severity::Lost)
    {
        for entry in schemas.entries() {
            let pointer = format!("#/components/schemas/{}", entry.key.replace('~', "~0").replace('/', "~1"));
            reader.schema(entry.value, &Arc::new(Anchor::Component(pointer.into())), "");
        }
    }
    let Some(paths) = root.get("paths") else { return surface };
    let deprecated_tags = deprecated_tags(reader, root);
    let mut paths_reader = Paths { reader, deprecated_tags, shared: FxHashMap::default() };
    for entry in paths.entries() {
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
        paths_reader.path_item(entry.key, entry.value, &mut surface);
    }
    surface
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

struct Paths<'r, 't> {
    reader: &'r mut Reader<'t>,
    deprecated_tags: FxHashMap<String, Deprecation>,
    /// Parameters of components, read once.
    shared: FxHashMap<NodeId, Option<Parameter>>,
}

impl<'t> Paths<'_, 't> {
    fn path_item(&mut self, path: &str, item: Node<'t>, surface: &mut Surface) {
        let what = format!("path `{path}`");
        let Some(resolved) = self.reader.resolve(item, &what, Severity::Lost) else { return };
        let item = resolved.node;
        if !item.is_object() {
            self.reader.wrong_kind(Severity::Lost, &what, Kind::Object, item);
            return;
        }
        for entry in item.entries() {
            if !is_method(entry.key) {
                continue;
            }
            let key = OperationKey::new(entry.key, path);
            if !entry.value.is_object() {
                self.reader.wrong_kind(
                    Severity::Lost,
                    &format!("operation `{key}`"),
                    Kind::Object,
                    entry.value,
                );
                continue;
            }
            let operation = self.operation(key, item, entry.value);
            if let Err(twin) = surface.push(operation) {
                let message =
                    format!("operation `{twin}` stands a second time under another name; it is left out");
                self.reader.problem(Severity::Lost, entry.key_span, message);
            }
        }
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

    fn operation(&mut self, key: OperationKey, item: Node<'t>, node: Node<'t>) -> Operation {
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
        let body = node.get("requestBody").and_then(|body| self.body(&key, body));
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
            for parameter in list.items() {
                let Some(parameter) = self.parameter(key, parameter) else { continue };
                if !out.iter().any(|own| own.location == parameter.location && own.name == parameter.name) {
                    out.push(parameter);
                }
            }
        }
        out
    }

    fn parameter(&mut self, key: &OperationKey, node: Node<'t>) -> Option<Parameter> {
        let what = format!("a parameter of `{key}`");
        let resolved = self.reader.resolve(node, &what, Severity::Lost)?;
        let target = resolved.node;
        if !target.is_object() {
            self.reader.wrong_kind(Severity::Lost, &what, Kind::Object, target);
            return None;
        }
        let mut parameter = match resolved.pointer.as_deref() {
            Some(pointer) => {
                if !self.shared.contains_key(&target.id()) {
                    let anchor = Anchor::Component(pointer.into());
                    let read = self.declared_parameter(&what, target, anchor, Some(pointer));
                    self.shared.insert(target.id(), read);
                }
                self.shared.get(&target.id())?.clone()?
            }
            None => {
                let name = target.get("name").and_then(Node::scalar_text).unwrap_or_default();
                let location = target.get("in").and_then(Node::as_str).unwrap_or_default();
                let anchor = Anchor::Inline {
                    operation: key.clone(),
                    parameter: format!("{location}:{name}"),
                    status: None,
                    media_type: String::new(),
                };
                self.declared_parameter(&what, target, anchor, None)?
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
        what: &str,
        node: Node<'t>,
        anchor: Anchor,
        component: Option<&str>,
    ) -> Option<Parameter> {
        let read = match node
            .read_without::<openapiv3::Parameter>(&["content", "example", "examples"], &["schema"])
        {
            Ok(read) => read,
            Err(error) => {
                let span = error.span.unwrap_or(node.span());
                self.reader.problem(Severity::Lost, span, format!("{what}: {error}; it is left out"));
                return None;
            }
        };
        let location = ParameterIn::of(&read);
        let data = read.parameter_data();
        let texts: Vec<Node<'t>> = node.get("description").into_iter().collect();
        let names = [data.name.as_str()];
        let subject = Subject::new(Described::Parameter, &names);
        let deprecation = deprecation::read(node, &subject, &texts, self.reader.annotations);
        self.reader.note_misspelt(deprecation.as_ref());
        let schema = node.get("schema").or_else(|| {
            let (_, first) = node.get("content")?.entries().next().map(|entry| (entry.key, entry.value))?;
            first.get("schema")
        });
        let anchor = Arc::new(anchor);
        let schema = schema.and_then(|schema| self.reader.schema(schema, &anchor, ""));
        // The schema's own flag means the parameter (3.0 generators write it so).
        let flagged_schema = || schema.and_then(|id| self.reader.schemas[id.index()].deprecation.clone());
        Some(Parameter {
            location,
            node: node.id(),
            component: component.map(Into::into),
            required: data.required || location == ParameterIn::Path,
            deprecation: deprecation.or_else(flagged_schema),
            exempt: self.reader.annotations.exempts(node, &texts),
            schema,
            name: data.name,
        })
    }

    fn body(&mut self, key: &OperationKey, node: Node<'t>) -> Option<Body> {
        let what = format!("the request body of `{key}`");
        let resolved = self.reader.resolve(node, &what, Severity::Lost)?;
        let node = resolved.node;
        if !node.is_object() {
            self.reader.wrong_kind(Severity::Lost, &what, Kind::Object, node);
            return None;
        }
        let content = self.content(key, node, resolved.pointer.as_deref(), None);
        Some(Body {
            node: node.id(),
            required: node.get("required").and_then(Node::as_bool) == Some(true),
            content,
        })
    }

    fn responses(&mut self, key: &OperationKey, node: Node<'t>) -> Vec<Response> {
        let mut out = Vec::new();
        let Some(responses) = self.reader.member(node, "responses", Kind::Object, Severity::Lost) else {
            return out;
        };
        for entry in responses.entries() {
            if entry.key.starts_with("x-") {
                continue;
            }
            let what = format!("response `{}` of `{key}`", entry.key);
            let Some(resolved) = self.reader.resolve(entry.value, &what, Severity::Lost) else { continue };
            if !resolved.node.is_object() {
                self.reader.wrong_kind(Severity::Lost, &what, Kind::Object, resolved.node);
                continue;
            }
            let content = self.content(key, resolved.node, resolved.pointer.as_deref(), Some(entry.key));
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
        let mut out = Vec::new();
        let Some(content) = self.reader.member(node, "content", Kind::Object, Severity::Lost) else {
            return out;
        };
        for entry in content.entries() {
            let anchor = match component {
                Some(pointer) => Anchor::Component(pointer.into()),
                None => Anchor::Inline {
                    operation: key.clone(),
                    parameter: String::new(),
                    status: status.map(str::to_owned),
                    media_type: entry.key.to_owned(),
                },
            };
            let schema = entry.value.get("schema");
            let schema = schema.and_then(|schema| self.reader.schema(schema, &Arc::new(anchor), ""));
            out.push(MediaType { name: entry.key.to_owned(), node: entry.value.id(), schema });
        }
        out
    }
}
