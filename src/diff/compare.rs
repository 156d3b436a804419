//! Two documents, operation by operation: what came, what went, and which
//! payloads are to be compared.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::cause::{self, Root};
use super::change::{Affected, Breaks, Change, Spot, Verdict, Witness};
use super::covers::Engine;
use super::facets::{Side, Space};
use super::hash::Hashes;
use super::walk::Walk;
use super::{curl, security};
use crate::document::{
    Anchor, Direction, Document, MediaType, Operation, OperationKey, Parameter, ParameterIn, SchemaId,
};
use crate::text::{Node, NodeId};

/// The changes from one document to another, in the order of reports.
pub fn diff(old: &Document, new: &Document) -> Vec<Change> {
    let mut comparison =
        Comparison { old, new, changes: Vec::new(), requests: Vec::new(), responses: Vec::new() };
    comparison.operations();
    comparison.payloads();
    let mut changes = together(comparison.changes);
    changes.sort_by(|a, b| a.order().cmp(&b.order()));
    changes
}

/// Puts together what happened to a shared parameter, header or response: one
/// cause, however many operations use it.
fn together(changes: Vec<Change>) -> Vec<Change> {
    let is_shared = |spot: &Option<Spot>| {
        spot.as_ref().is_none_or(|spot| {
            ["/components/", "/parameters/", "/responses/"].iter().any(|root| spot.pointer.starts_with(root))
        })
    };
    let mut at: BTreeMap<_, usize> = BTreeMap::new();
    let mut out: Vec<Change> = Vec::new();
    for change in changes {
        let stands = change.old.is_some() || change.new.is_some();
        if !stands || change.operation.is_none() || !is_shared(&change.old) || !is_shared(&change.new) {
            out.push(change);
            continue;
        }
        let values = (change.before.to_string(), change.after.to_string());
        let key = (change.rule, change.at.clone(), change.old.clone(), change.new.clone(), values);
        match at.get(&key) {
            Some(known) => {
                let known: &mut Change = &mut out[*known];
                known.affects.extend(change.affects);
                known.operation = None;
                if known.witness.is_none() {
                    known.witness = change.witness;
                    known.verdict = change.verdict;
                }
            }
            None => {
                at.insert(key, out.len());
                out.push(change);
            }
        }
    }
    for change in &mut out {
        change.affects.sort();
        change.affects.dedup();
    }
    out
}

/// A payload that both documents have.
struct Payload {
    old: NodeId,
    new: NodeId,
    root: Root,
}

struct Comparison<'d> {
    old: &'d Document,
    new: &'d Document,
    changes: Vec<Change>,
    requests: Vec<Payload>,
    responses: Vec<Payload>,
}

pub(super) const WIRE: Breaks = Breaks { wire: true, sdk: false };
pub(super) const SDK: Breaks = Breaks { wire: false, sdk: true };
pub(super) const BOTH: Breaks = Breaks { wire: true, sdk: true };
pub(super) const NOBODY: Breaks = Breaks { wire: false, sdk: false };

pub(super) fn spot(document: &Document, node: NodeId) -> Spot {
    let position = document.position(node);
    Spot {
        file: document.name.clone(),
        line: position.line as usize,
        column: position.column as usize,
        pointer: document.tree().pointer_to(node),
    }
}

/// A change of an operation itself.
pub(super) fn about(
    rule: &'static str,
    breaks: Breaks,
    key: &OperationKey,
    at: &str,
    message: String,
) -> Change {
    let affected = Affected { operation: key.clone(), status: None, media_type: None, at: at.to_owned() };
    Change {
        rule,
        breaks,
        direction: None,
        operation: Some(key.clone()),
        affects: vec![affected],
        component: None,
        at: at.to_owned(),
        before: Value::Null,
        after: Value::Null,
        message,
        witness: None,
        verdict: if breaks == NOBODY { Verdict::Compatible } else { Verdict::Breaks },
        old: None,
        new: None,
    }
}

impl<'d> Comparison<'d> {
    fn operations(&mut self) {
        for operation in self.old.operations() {
            if self.new.operation(&operation.key).is_none() {
                let mut change = about(
                    "operation-removed",
                    BOTH,
                    &operation.key,
                    "",
                    format!("{} is gone", operation.key),
                );
                change.old = Some(spot(self.old, operation.node));
                change.witness = Some(request(&operation.key, &[], None));
                self.changes.push(change);
            }
        }
        for operation in self.new.operations() {
            match self.old.operation(&operation.key) {
                Some(before) => self.operation(before, operation),
                None => {
                    let message = format!("{} is new", operation.key);
                    let mut change = about("operation-added", NOBODY, &operation.key, "", message);
                    change.new = Some(spot(self.new, operation.node));
                    self.changes.push(change);
                }
            }
        }
        self.changes.extend(security::servers(self.old, self.new));
    }

    fn push(&mut self, mut change: Change, old: NodeId, new: NodeId) {
        change.old = Some(spot(self.old, old));
        change.new = Some(spot(self.new, new));
        self.changes.push(change);
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        let key = &new.key;
        if old.operation_id != new.operation_id && old.operation_id.is_some() {
            let shown = |id: &Option<String>| id.clone().unwrap_or_else(|| "none".to_owned());
            let message = format!(
                "{key}: the operationId was {}, is {}",
                shown(&old.operation_id),
                shown(&new.operation_id)
            );
            let mut change = about("operation-id-changed", SDK, key, "", message);
            (change.before, change.after) = (json!(old.operation_id), json!(new.operation_id));
            self.push(change, old.node, new.node);
        }
        // Generators put operations into classes by their first tag.
        if old.tags.first() != new.tags.first() && !old.tags.is_empty() {
            let shown = |tags: &[String]| tags.first().cloned().unwrap_or_else(|| "none".to_owned());
            let message = format!("{key}: the first tag was {}, is {}", shown(&old.tags), shown(&new.tags));
            let mut change = about("operation-tag-changed", SDK, key, "", message);
            (change.before, change.after) = (json!(old.tags), json!(new.tags));
            self.push(change, old.node, new.node);
        }
        if let Some(mut change) = security::compare(self.old, self.new, old, new) {
            change.old = Some(spot(self.old, old.node));
            change.new = Some(spot(self.new, new.node));
            self.changes.push(change);
        }
        self.parameters(old, new);
        self.body(old, new);
        self.statuses(old, new);
        self.callbacks(old, new);
    }

    /// What the API sends to its clients: bodies with their direction turned.
    fn callbacks(&mut self, old: &Operation, new: &Operation) {
        let list = |document: &'d Document, operation: &Operation| -> BTreeMap<String, Node<'d>> {
            let node = document.tree().node(operation.node);
            let mut out = BTreeMap::new();
            for callback in node.get("callbacks").into_iter().flat_map(Node::entries) {
                for address in resolved(callback.value).entries() {
                    for method in resolved(address.value).entries().filter(|entry| entry.value.is_object()) {
                        out.insert(format!("callback:{}:{}", callback.key, method.key), method.value);
                    }
                }
            }
            out
        };
        let (before, after) = (list(self.old, old), list(self.new, new));
        for (at, node) in &before {
            match after.get(at) {
                None => {
                    let mut change = about(
                        "callback-removed",
                        BOTH,
                        &new.key,
                        at,
                        format!("`{at}` is not called any more"),
                    );
                    change.direction = Some(Direction::Response);
                    change.breaks = SDK;
                    change.old = Some(spot(self.old, node.id()));
                    self.changes.push(change);
                }
                Some(now) => self.callback(&new.key, at, *node, *now),
            }
        }
        for (at, node) in after.iter().filter(|(at, _)| !before.contains_key(*at)) {
            let mut change = about("callback-added", NOBODY, &new.key, at, format!("`{at}` is called now"));
            change.direction = Some(Direction::Response);
            change.new = Some(spot(self.new, node.id()));
            self.changes.push(change);
        }
    }

    fn callback(&mut self, key: &OperationKey, at: &str, old: Node<'d>, new: Node<'d>) {
        let body = |node: Node<'d>| node.get("requestBody").map(resolved)?.get("content");
        let (Some(old), Some(new)) = (body(old), body(new)) else { return };
        for entry in new.entries() {
            let schemas =
                (old.get(entry.key).and_then(|media| media.get("schema")), entry.value.get("schema"));
            if let (Some(a), Some(b)) = schemas {
                let root = Root {
                    operation: key.clone(),
                    status: None,
                    media_type: Some(entry.key.to_owned()),
                    at: at.to_owned(),
                };
                self.responses.push(Payload { old: a.id(), new: b.id(), root });
            }
        }
    }

    fn parameters(&mut self, old: &Operation, new: &Operation) {
        let key = &new.key;
        let old_names: Vec<&str> = old.key.path.parameters().collect();
        let new_names: Vec<&str> = new.key.path.parameters().collect();
        let is_same = |a: &Parameter, b: &Parameter| {
            a.location == b.location
                && match a.location {
                    // Told by their place in the path.
                    ParameterIn::Path => {
                        let x = old_names.iter().position(|name| *name == a.name);
                        let y = new_names.iter().position(|name| *name == b.name);
                        if x.is_some() || y.is_some() { x == y } else { a.name == b.name }
                    }
                    ParameterIn::Header => a.name.eq_ignore_ascii_case(&b.name),
                    _ => a.name == b.name,
                }
        };
        for before in &old.parameters {
            if new.parameters.iter().any(|after| is_same(before, after)) {
                continue;
            }
            // A path parameter that is not declared any more is still in the path.
            if before.location == ParameterIn::Path {
                continue;
            }
            let at = before.at();
            let mut change = about(
                "parameter-removed",
                SDK,
                key,
                &at,
                format!("the {} parameter `{}` is gone", before.location, before.name),
            );
            change.direction = Some(Direction::Request);
            change.component = before.component.as_deref().map(str::to_owned);
            change.old = Some(spot(self.old, before.node));
            self.changes.push(change);
        }
        for after in &new.parameters {
            let at = after.at();
            let Some(before) = old.parameters.iter().find(|before| is_same(before, after)) else {
                if after.location == ParameterIn::Path {
                    continue;
                }
                let mut change = if after.required {
                    let message =
                        format!("the new {} parameter `{}` is required", after.location, after.name);
                    let mut change = about("parameter-required", BOTH, key, &at, message);
                    self.show_missing(&mut change, old, after);
                    change
                } else {
                    let message = format!("the {} parameter `{}` is new", after.location, after.name);
                    about("parameter-added", NOBODY, key, &at, message)
                };
                change.direction = Some(Direction::Request);
                change.component = after.component.as_deref().map(str::to_owned);
                change.new = Some(spot(self.new, after.node));
                self.changes.push(change);
                continue;
            };
            self.parameter(old, key, before, after);
        }
    }

    fn parameter(&mut self, operation: &Operation, key: &OperationKey, old: &Parameter, new: &Parameter) {
        let at = new.at();
        let mut found: Vec<Change> = Vec::new();
        if old.name != new.name {
            let message = format!("the path parameter `{}` is now called `{}`", old.name, new.name);
            if new.location == ParameterIn::Path {
                found.push(about("path-parameter-renamed", SDK, key, &at, message));
            }
        }
        if new.required && !old.required {
            let message = format!("the {} parameter `{}` is now required", new.location, new.name);
            let mut change = about("parameter-required", BOTH, key, &at, message);
            self.show_missing(&mut change, operation, new);
            found.push(change);
        } else if old.required && !new.required {
            let message = format!("the {} parameter `{}` is no longer required", new.location, new.name);
            found.push(about("parameter-optional", NOBODY, key, &at, message));
        }
        let (a, b) = (style(self.old, old), style(self.new, new));
        if a != b {
            let message = format!(
                "the {} parameter `{}` is written in another way: was {a}, is {b}",
                new.location, new.name
            );
            let mut change = about("parameter-style-changed", WIRE, key, &at, message);
            change.witness = self.style_witness(key, new, &a, &b);
            (change.before, change.after) = (json!(a), json!(b));
            if change.witness.is_none() {
                change.verdict = Verdict::Unknown;
            }
            found.push(change);
        }
        for mut change in found {
            change.direction = Some(Direction::Request);
            change.component = new.component.as_deref().map(str::to_owned);
            self.push(change, old.node, new.node);
        }
        if let (Some(a), Some(b)) = (old.schema, new.schema) {
            let root = Root { operation: key.clone(), status: None, media_type: None, at };
            self.requests.push(self.payload(a, b, root));
        }
    }

    fn payload(&self, old: SchemaId, new: SchemaId, root: Root) -> Payload {
        Payload { old: self.old.schema(old).node, new: self.new.schema(new).node, root }
    }

    /// A request that carries all that was required and lacks what now is.
    fn show_missing(&self, change: &mut Change, old: &Operation, missing: &Parameter) {
        let required: Vec<&Parameter> = old
            .parameters
            .iter()
            .filter(|parameter| parameter.required && parameter.location != ParameterIn::Path)
            .collect();
        let names: Vec<String> = required.iter().map(|parameter| parameter.at()).collect();
        let sent: serde_json::Map<String, Value> =
            names.iter().map(|name| (name.clone(), json!("<value>"))).collect();
        let asks = |names: &[String]| json!({"type": "object", "required": names});
        let mut now = names.clone();
        now.push(missing.at());
        let sent_value = Value::Object(sent);
        let confirmed = jsonschema::draft202012::is_valid(&asks(&names), &sent_value)
            && !jsonschema::draft202012::is_valid(&asks(&now), &sent_value);
        if confirmed {
            let query: Vec<(&str, &str)> = required
                .iter()
                .filter(|parameter| parameter.location == ParameterIn::Query)
                .map(|parameter| (parameter.name.as_str(), "<value>"))
                .collect();
            change.witness =
                Some(request(&change.operation.clone().unwrap_or_else(|| old.key.clone()), &query, None));
        } else {
            change.verdict = Verdict::Unknown;
        }
    }

    /// A list of two as both styles write it.
    fn style_witness(
        &self,
        key: &OperationKey,
        parameter: &Parameter,
        old: &str,
        new: &str,
    ) -> Option<Witness> {
        let written = |style: &str| match style {
            "form, exploded" => Some(format!("{0}=a&{0}=b", parameter.name)),
            "form" => Some(format!("{}=a,b", parameter.name)),
            "spaceDelimited" => Some(format!("{}=a%20b", parameter.name)),
            "pipeDelimited" => Some(format!("{}=a%7Cb", parameter.name)),
            _ => None,
        };
        let (a, b) = (written(old)?, written(new)?);
        let value =
            json!({"method": key.method.as_str(), "path": key.path.as_str(), "query": a, "expected": b});
        let curl = Some(format!("{} --url-query '{a}'", curl::head(key, &[])));
        (a != b && parameter.location == ParameterIn::Query).then_some(Witness { value, curl })
    }

    fn body(&mut self, old: &Operation, new: &Operation) {
        let key = &new.key;
        match (&old.body, &new.body) {
            (None, None) => {}
            (Some(before), None) => {
                let mut change =
                    about("request-body-removed", SDK, key, "", format!("{key} takes no body any more"));
                change.direction = Some(Direction::Request);
                change.old = Some(spot(self.old, before.node));
                self.changes.push(change);
            }
            (None, Some(after)) => {
                let (rule, breaks, what) = if after.required {
                    ("request-body-required", BOTH, "needs a body now")
                } else {
                    ("request-body-added", NOBODY, "takes a body now")
                };
                let mut change = about(rule, breaks, key, "", format!("{key} {what}"));
                change.direction = Some(Direction::Request);
                change.new = Some(spot(self.new, after.node));
                change.witness = after.required.then(|| request(key, &[], None));
                self.changes.push(change);
            }
            (Some(before), Some(after)) => {
                let found = match (before.required, after.required) {
                    (false, true) => {
                        let mut change =
                            about("request-body-required", BOTH, key, "", format!("{key} needs a body now"));
                        change.witness = Some(request(key, &[], None));
                        Some(change)
                    }
                    (true, false) => Some(about(
                        "request-body-optional",
                        NOBODY,
                        key,
                        "",
                        format!("{key} no longer needs a body"),
                    )),
                    _ => None,
                };
                if let Some(mut change) = found {
                    change.direction = Some(Direction::Request);
                    self.push(change, before.node, after.node);
                }
                self.media(
                    key,
                    Direction::Request,
                    None,
                    (&before.content, before.node),
                    (&after.content, after.node),
                );
            }
        }
    }

    fn media(
        &mut self,
        key: &OperationKey,
        direction: Direction,
        status: Option<&str>,
        (old, old_node): (&[MediaType], NodeId),
        (new, new_node): (&[MediaType], NodeId),
    ) {
        let is_request = direction == Direction::Request;
        let place = status.map(|status| format!(" in {status}")).unwrap_or_default();
        for before in old {
            if find(new, &before.name).is_some() {
                continue;
            }
            let (rule, breaks, message) = if is_request {
                let message = format!("{key} no longer takes {}", before.name);
                ("request-media-type-removed", BOTH, message)
            } else {
                let message = format!("{key} no longer sends {}{place}", before.name);
                ("response-media-type-removed", BOTH, message)
            };
            let mut change = about(rule, breaks, key, "", message);
            change.direction = Some(direction);
            change.before = json!(before.name);
            change.affects[0].status = status.map(str::to_owned);
            change.affects[0].media_type = Some(before.name.clone());
            let header = if is_request { "Content-Type" } else { "Accept" };
            change.witness = Some(request(key, &[], Some((header, &before.name))));
            self.push(change, before.node, new_node);
        }
        for after in new {
            match find(old, &after.name) {
                Some(before) => {
                    if let (Some(a), Some(b)) = (before.schema, after.schema) {
                        let root = Root {
                            operation: key.clone(),
                            status: status.map(str::to_owned),
                            media_type: Some(after.name.clone()),
                            at: String::new(),
                        };
                        let payload = self.payload(a, b, root);
                        if is_request { self.requests.push(payload) } else { self.responses.push(payload) }
                    }
                }
                None => {
                    let (rule, verb) = if is_request {
                        ("request-media-type-added", "takes")
                    } else {
                        ("response-media-type-added", "sends")
                    };
                    let mut change =
                        about(rule, NOBODY, key, "", format!("{key} {verb} {} now{place}", after.name));
                    change.direction = Some(direction);
                    change.after = json!(after.name);
                    change.affects[0].status = status.map(str::to_owned);
                    change.affects[0].media_type = Some(after.name.clone());
                    self.push(change, old_node, after.node);
                }
            }
        }
    }

    fn statuses(&mut self, old: &Operation, new: &Operation) {
        let key = &new.key;
        // A range or `default` stands for the statuses that are not written out.
        let covering = |responses: &'d [crate::document::Response], status: &str| {
            let range = status.get(..1).map(|first| format!("{first}XX")).unwrap_or_default();
            responses
                .iter()
                .find(|response| response.status.eq_ignore_ascii_case(status))
                .or_else(|| responses.iter().find(|response| response.status.eq_ignore_ascii_case(&range)))
                .or_else(|| responses.iter().find(|response| response.status == "default"))
        };
        let old_responses: &'d [crate::document::Response] =
            self.old.operation(&old.key).map_or(&[], |operation| &operation.responses);
        let new_responses: &'d [crate::document::Response] =
            self.new.operation(&new.key).map_or(&[], |operation| &operation.responses);
        for before in old_responses {
            if covering(new_responses, &before.status).is_some() || before.status == "default" {
                continue;
            }
            // A range that is written out now.
            if before.status.to_ascii_uppercase().ends_with("XX")
                && new_responses.iter().any(|after| after.status.get(..1) == before.status.get(..1))
            {
                continue;
            }
            let is_success = before.status.starts_with('2');
            let (rule, breaks) = if is_success {
                ("response-success-removed", BOTH)
            } else {
                ("response-status-removed", NOBODY)
            };
            let mut change =
                about(rule, breaks, key, "", format!("{key} no longer answers with {}", before.status));
            change.direction = Some(Direction::Response);
            change.before = json!(before.status);
            change.affects[0].status = Some(before.status.clone());
            change.witness =
                is_success.then(|| Witness { value: json!({"status": before.status}), curl: None });
            self.push(change, before.node, new.node);
        }
        for after in new_responses {
            let Some(before) = covering(old_responses, &after.status) else {
                let is_range = after.status.to_ascii_uppercase().ends_with("XX");
                if is_range
                    && old_responses.iter().any(|before| before.status.get(..1) == after.status.get(..1))
                {
                    continue;
                }
                let mut change = about(
                    "response-status-added",
                    NOBODY,
                    key,
                    "",
                    format!("{key} may now answer with {}", after.status),
                );
                change.direction = Some(Direction::Response);
                change.after = json!(after.status);
                change.affects[0].status = Some(after.status.clone());
                self.push(change, old.node, after.node);
                continue;
            };
            self.media(
                key,
                Direction::Response,
                Some(&after.status),
                (&before.content, before.node),
                (&after.content, after.node),
            );
            self.headers(key, &after.status, before.node, after.node);
        }
    }

    fn headers(&mut self, key: &OperationKey, status: &str, old: NodeId, new: NodeId) {
        let (old_tree, new_tree) = (self.old.tree(), self.new.tree());
        let list = |node: Node<'d>| -> Vec<(&'d str, Node<'d>)> {
            let headers = node.get("headers").into_iter().flat_map(Node::entries);
            headers.map(|entry| (entry.key, resolved(entry.value))).collect()
        };
        let (before, after) = (list(old_tree.node(old)), list(new_tree.node(new)));
        let twin = |all: &[(&'d str, Node<'d>)], name: &str| {
            all.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, node)| *node)
        };
        let is_required = |node: Node<'_>| node.get("required").and_then(Node::as_bool) == Some(true);
        let mut found: Vec<Change> = Vec::new();
        for (name, node) in &before {
            let at = format!("header:{name}");
            let now = twin(&after, name);
            if now.is_none() {
                let mut change = about(
                    "response-header-removed",
                    SDK,
                    key,
                    &at,
                    format!("the header `{name}` is gone from {status}"),
                );
                if is_required(*node) {
                    change.breaks = BOTH;
                    change.witness =
                        Some(Witness { value: json!({"status": status, "headers": {}}), curl: None });
                }
                change.old = Some(spot(self.old, node.id()));
                found.push(change);
            } else if is_required(*node) && now.is_some_and(|now| !is_required(now)) {
                let message = format!("the header `{name}` of {status} is no longer always there");
                let mut change = about("response-header-optional", WIRE, key, &at, message);
                change.witness =
                    Some(Witness { value: json!({"status": status, "headers": {}}), curl: None });
                found.push(change);
            }
        }
        for (name, node) in &after {
            let at = format!("header:{name}");
            match twin(&before, name) {
                None => {
                    let message = format!("the header `{name}` is new in {status}");
                    let mut change = about("response-header-added", NOBODY, key, &at, message);
                    change.new = Some(spot(self.new, node.id()));
                    found.push(change);
                }
                Some(was) => {
                    let schemas = (schema_of(was), schema_of(*node));
                    if let (Some(a), Some(b)) = schemas {
                        let root = Root {
                            operation: key.clone(),
                            status: Some(status.to_owned()),
                            media_type: None,
                            at,
                        };
                        self.responses.push(Payload { old: a.id(), new: b.id(), root });
                    }
                }
            }
        }
        for mut change in found {
            change.direction = Some(Direction::Response);
            change.affects[0].status = Some(status.to_owned());
            self.changes.push(change);
        }
    }

    fn payloads(&mut self) {
        let mut hashes: Option<Hashes> = None;
        for (direction, payloads) in [
            (Direction::Request, std::mem::take(&mut self.requests)),
            (Direction::Response, std::mem::take(&mut self.responses)),
        ] {
            let sides = vec![Side::of_document(self.old), Side::of_document(self.new)];
            let mut engine = Engine::new(Space::new(sides, Some(direction)), true);
            let known = hashes.take().unwrap_or_else(|| Hashes::new(&engine.space.sides));
            engine.hashes = Some(known);
            if direction == Direction::Request {
                let renamed = renamed(self.old, self.new, &mut engine);
                self.changes.extend(renamed);
            }
            let mut walk = Walk::new(&mut engine, direction);
            let mut roots: Vec<Root> = Vec::with_capacity(payloads.len());
            for payload in payloads {
                // Most are equal: they are not even read.
                if let Some(hashes) = &mut walk.engine.hashes {
                    let sides = &walk.engine.space.sides;
                    if hashes.of(sides, (0, payload.old)) == hashes.of(sides, (1, payload.new)) {
                        continue;
                    }
                }
                let a = walk.engine.space.schema(0, payload.old);
                let b = walk.engine.space.schema(1, payload.new);
                roots.push(payload.root);
                walk.push(vec![a], vec![b], None, Some(roots.len() - 1));
            }
            walk.run();
            self.changes.extend(cause::changes(&mut walk, &roots));
            hashes = engine.hashes.take();
        }
    }
}

/// Components that have another name and the same meaning: typed clients call
/// their classes after them.
fn renamed(old: &Document, new: &Document, engine: &mut Engine<'_>) -> Vec<Change> {
    let roots = |document: &Document| -> BTreeMap<String, NodeId> {
        let mut out = BTreeMap::new();
        for schema in document.schemas() {
            if let (Anchor::Component(pointer), "") = (&*schema.anchor, &*schema.at)
                && document.tree().pointer(pointer.trim_start_matches('#')).map(Node::id) == Some(schema.node)
            {
                out.insert(pointer.to_string(), schema.node);
            }
        }
        out
    };
    let (before, after) = (roots(old), roots(new));
    let Some(hashes) = &mut engine.hashes else { return Vec::new() };
    let sides = &engine.space.sides;
    let mut arrived: BTreeMap<u64, Vec<(&String, NodeId)>> = BTreeMap::new();
    for (name, node) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        arrived.entry(hashes.of(sides, (1, *node))).or_default().push((name, *node));
    }
    let mut left: BTreeMap<u64, Vec<(&String, NodeId)>> = BTreeMap::new();
    for (name, node) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        left.entry(hashes.of(sides, (0, *node))).or_default().push((name, *node));
    }
    let mut out = Vec::new();
    for (hash, from) in left {
        // Only where there is no doubt which became which.
        let ([(from, old_node)], Some([(to, new_node)])) =
            (from.as_slice(), arrived.get(&hash).map(Vec::as_slice))
        else {
            continue;
        };
        let short = |pointer: &str| pointer.rsplit('/').next().unwrap_or_default().to_owned();
        out.push(Change {
            rule: "component-renamed",
            breaks: SDK,
            direction: None,
            operation: None,
            affects: Vec::new(),
            component: Some((*to).clone()),
            at: String::new(),
            before: json!(from),
            after: json!(to),
            message: format!("`{}` is now called `{}`", short(from), short(to)),
            witness: None,
            verdict: Verdict::Breaks,
            old: Some(spot(old, *old_node)),
            new: Some(spot(new, *new_node)),
        });
    }
    out
}

/// A request without a body, as a witness.
fn request(key: &OperationKey, query: &[(&str, &str)], header: Option<(&str, &str)>) -> Witness {
    let mut value = json!({"method": key.method.as_str(), "path": key.path.as_str()});
    let mut command = curl::head(key, query);
    if let Some(members) = value.as_object_mut() {
        if !query.is_empty() {
            let query: serde_json::Map<String, Value> =
                query.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
            members.insert("query".to_owned(), query.into());
        }
        if let Some((name, text)) = header {
            members.insert("headers".to_owned(), json!({ name: text }));
            command.push_str(&format!(" -H '{name}: {text}'"));
        }
    }
    Witness { value, curl: Some(command) }
}

/// The media type of that name; parameters such as `charset` make no difference.
fn find<'m>(all: &'m [MediaType], name: &str) -> Option<&'m MediaType> {
    let essence = |name: &str| name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    all.iter()
        .find(|media| media.name == name)
        .or_else(|| all.iter().find(|media| essence(&media.name) == essence(name)))
        .or_else(|| all.iter().find(|media| media.name == "*/*"))
}

/// How a parameter's value is put into text (OpenAPI 3.0.3, Parameter Object).
fn style(document: &Document, parameter: &Parameter) -> String {
    let node = document.tree().node(parameter.node);
    let is_many = parameter.schema.is_some_and(|id| {
        let shape = document.shape(&[id], Direction::Request);
        !shape.items.is_empty() || !shape.properties.is_empty()
    });
    if !is_many {
        return "plain".to_owned();
    }
    let usual = match parameter.location {
        ParameterIn::Query | ParameterIn::Cookie => "form",
        ParameterIn::Path | ParameterIn::Header => "simple",
    };
    let style = match node.get("collectionFormat").and_then(Node::as_str) {
        Some("multi") => return "form, exploded".to_owned(),
        Some("ssv") => "spaceDelimited",
        Some("pipes") => "pipeDelimited",
        Some(_) => usual,
        None => node.get("style").and_then(Node::as_str).unwrap_or(usual),
    };
    // Swagger 2.0 knows no `schema`: lists are comma-separated unless said otherwise.
    let is_old = node.get("schema").is_none() && node.get("content").is_none();
    let explode = node.get("explode").and_then(Node::as_bool).unwrap_or(style == "form" && !is_old);
    if explode { format!("{style}, exploded") } else { style.to_owned() }
}

fn resolved(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    for _ in 0..32 {
        let target = node.get("$ref").and_then(Node::as_str).and_then(|pointer| pointer.strip_prefix('#'));
        match target.and_then(|pointer| node.tree().pointer(pointer)) {
            Some(next) => node = next,
            None => break,
        }
    }
    node
}

/// A header's schema; Swagger 2.0 writes its keywords into the header itself.
fn schema_of(header: Node<'_>) -> Option<Node<'_>> {
    header.get("schema").or_else(|| header.get("type").map(|_| header)).filter(|node| node.is_object())
}
