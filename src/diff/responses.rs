//! What comes back, and in what form: media types, statuses and headers.

use serde_json::json;

use super::cause::Root;
use super::change::{Change, Witness};
use super::compare::{BOTH, Comparison, NOBODY, Payload, SDK, WIRE, about, request, spot};
use crate::document::{Direction, MediaType, Operation, OperationKey, Response};
use crate::text::{Node, NodeId};

/// What has media types: the body of a request, a response, or what a client
/// answers to a call of the API (a request with a status).
pub(super) struct Holder<'k> {
    pub(super) key: &'k OperationKey,
    /// The place in the operation; empty for its own body and responses.
    pub(super) at: &'k str,
    pub(super) direction: Direction,
    pub(super) status: Option<&'k str>,
}

impl<'k> Holder<'k> {
    fn response(key: &'k OperationKey, status: &'k str) -> Self {
        Self { key, at: "", direction: Direction::Response, status: Some(status) }
    }
}

impl<'d> Comparison<'d> {
    pub(super) fn media(
        &mut self,
        holder: &Holder<'_>,
        (old, old_node): (&[MediaType], NodeId),
        (new, new_node): (&[MediaType], NodeId),
    ) {
        let Holder { key, at, direction, status } = *holder;
        let is_request = direction == Direction::Request;
        for before in old {
            if find(new, &before.name).is_some() {
                continue;
            }
            let (rule, breaks, message) = if is_request {
                let message = format!("`{}` is no longer taken", before.name);
                ("request-media-type-removed", BOTH, message)
            } else {
                let message = format!("`{}` is no longer sent", before.name);
                ("response-media-type-removed", BOTH, message)
            };
            let mut change = about(rule, breaks, key, at, message);
            change.direction = Some(direction);
            change.before = json!(before.name);
            change.affects[0].status = status.map(str::to_owned);
            change.affects[0].media_type = Some(before.name.clone());
            change.witness = Some(match status {
                // What a client answers.
                Some(status) if is_request => {
                    let value = json!({"status": status, "headers": {"Content-Type": before.name}});
                    Witness { value, curl: None }
                }
                _ => {
                    let header = if is_request { "Content-Type" } else { "Accept" };
                    request(key, &[], Some((header, &before.name)))
                }
            });
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
                            at: at.to_owned(),
                        };
                        let payload = self.payload(a, b, root);
                        if is_request { self.requests.push(payload) } else { self.responses.push(payload) }
                    }
                }
                None => {
                    let (rule, verb) = if is_request {
                        ("request-media-type-added", "taken")
                    } else {
                        ("response-media-type-added", "sent")
                    };
                    let message = format!("`{}` is {verb} now", after.name);
                    let mut change = about(rule, NOBODY, key, at, message);
                    change.direction = Some(direction);
                    change.after = json!(after.name);
                    change.affects[0].status = status.map(str::to_owned);
                    change.affects[0].media_type = Some(after.name.clone());
                    self.push(change, old_node, after.node);
                }
            }
        }
    }

    pub(super) fn statuses(&mut self, old: &Operation, new: &Operation) {
        let key = &new.key;
        // A range or `default` stands for the statuses that are not written out.
        let covering = |responses: &'d [Response], status: &str| {
            let same = responses.iter().find(|response| response.status.eq_ignore_ascii_case(status));
            if same.is_some() {
                return same;
            }
            let range = status.get(..1).map(|first| format!("{first}XX")).unwrap_or_default();
            responses
                .iter()
                .find(|response| response.status.eq_ignore_ascii_case(&range))
                .or_else(|| responses.iter().find(|response| response.status == "default"))
        };
        let old_responses: &'d [Response] =
            self.old.operation(&old.key).map_or(&[], |operation| &operation.responses);
        let new_responses: &'d [Response] =
            self.new.operation(&new.key).map_or(&[], |operation| &operation.responses);
        let is_range = |status: &str| status.to_ascii_uppercase().ends_with("XX");
        let new_has_success = new_responses.iter().any(|after| after.status.starts_with('2'));
        for before in old_responses {
            if before.status == "default" {
                continue;
            }
            match covering(new_responses, &before.status) {
                // Beside successes `default` is what goes wrong.
                Some(after)
                    if after.status == "default" && before.status.starts_with('2') && new_has_success => {}
                // Written out before, one of a range now.
                Some(after) if is_range(&after.status) && !is_range(&before.status) => {
                    self.media(
                        &Holder::response(key, &after.status),
                        (&before.content, before.node),
                        (&after.content, after.node),
                    );
                    continue;
                }
                Some(_) => continue,
                None => {}
            }
            // A range that is written out now.
            if is_range(&before.status)
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
            let message = format!("status {} is gone", before.status);
            let mut change = about(rule, breaks, key, "", message);
            change.direction = Some(Direction::Response);
            change.before = json!(before.status);
            change.affects[0].status = Some(before.status.clone());
            change.witness =
                is_success.then(|| Witness { value: json!({"status": before.status}), curl: None });
            self.push(change, before.node, new.node);
        }
        for after in new_responses {
            let Some(before) = covering(old_responses, &after.status) else {
                if is_range(&after.status)
                    && old_responses.iter().any(|before| before.status.get(..1) == after.status.get(..1))
                {
                    continue;
                }
                let mut change = about(
                    "response-status-added",
                    NOBODY,
                    key,
                    "",
                    format!("status {} is new", after.status),
                );
                change.direction = Some(Direction::Response);
                change.after = json!(after.status);
                change.affects[0].status = Some(after.status.clone());
                self.push(change, old.node, after.node);
                continue;
            };
            self.media(
                &Holder::response(key, &after.status),
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
                let mut change =
                    about("response-header-removed", SDK, key, &at, format!("the header `{name}` is gone"));
                if is_required(*node) {
                    change.breaks = BOTH;
                    change.witness =
                        Some(Witness { value: json!({"status": status, "headers": {}}), curl: None });
                }
                change.old = Some(spot(self.old, node.id()));
                found.push(change);
            } else if !is_required(*node) && now.is_some_and(is_required) {
                let message = format!("the header `{name}` is now always there");
                found.push(about("response-header-required", NOBODY, key, &at, message));
            } else if is_required(*node) && now.is_some_and(|now| !is_required(now)) {
                let message = format!("the header `{name}` is no longer always there");
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
                    let message = format!("the header `{name}` is new");
                    let mut change = about("response-header-added", NOBODY, key, &at, message);
                    change.new = Some(spot(self.new, node.id()));
                    found.push(change);
                }
                Some(was) => {
                    let flag = |node: Node<'_>| node.get("deprecated").and_then(Node::as_bool) == Some(true);
                    let told = match (flag(was), flag(*node)) {
                        (false, true) => Some(("deprecation-added", "is deprecated now")),
                        (true, false) => Some(("deprecation-removed", "is no longer deprecated")),
                        _ => None,
                    };
                    if let Some((rule, words)) = told {
                        let mut change =
                            about(rule, NOBODY, key, &at, format!("the header `{name}` {words}"));
                        change.old = Some(spot(self.old, was.id()));
                        change.new = Some(spot(self.new, node.id()));
                        found.push(change);
                    }
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
}

/// The media type of that name: case, parameters such as `charset` and slips of
/// the pen make no difference, and a range stands for all in it.
pub(super) fn find<'m>(all: &'m [MediaType], name: &str) -> Option<&'m MediaType> {
    if let Some(same) = all.iter().find(|media| media.name == name) {
        return Some(same);
    }
    let wanted = essence(name);
    let range = format!("{}/*", wanted.split('/').next().unwrap_or_default());
    all.iter()
        .find(|media| essence(&media.name) == wanted)
        .or_else(|| all.iter().find(|media| essence(&media.name) == range))
        .or_else(|| all.iter().find(|media| essence(&media.name) == "*/*"))
}

/// Type and subtype in lower case. A top-level type that nobody registered
/// (RFC 6838, section 4.2) and that is one or two letters off is what was meant.
fn essence(name: &str) -> String {
    const TYPES: [&str; 10] = [
        "application",
        "audio",
        "example",
        "font",
        "haptics",
        "image",
        "message",
        "model",
        "multipart",
        "video",
    ];
    let plain = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((kind, rest)) = plain.split_once('/') else { return plain };
    if kind == "text" || kind == "*" || TYPES.contains(&kind) || kind.starts_with("x-") {
        return plain;
    }
    let meant = TYPES.iter().find(|known| strsim::osa_distance(known, kind) <= 2 && known.len() > 5);
    meant.map_or(plain.clone(), |known| format!("{known}/{rest}"))
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
