//! What stands around payloads: what is called deprecated and until when, how
//! stable operations are, and the calls that the API makes itself.

use std::collections::BTreeMap;

use serde_json::json;

use super::cause::Root;
use super::change::{Affected, Breaks, Change, Witness};
use super::compare::{BOTH, Comparison, NOBODY, SDK, about, spot};
use super::responses::{Holder, find};
use crate::document::{Deprecation, Direction, Document, MediaType, Operation, OperationKey, Webhook};
use crate::text::{Node, NodeId};

/// Where documents say how stable an operation is.
const STABILITY: [&str; 4] = ["x-stability-level", "x-stability", "x-scalar-stability", "x-state"];

/// A flag that came or went, and another day of removal.
pub(super) fn deprecation(
    key: &OperationKey,
    at: &str,
    what: &str,
    old: Option<&Deprecation>,
    new: Option<&Deprecation>,
) -> Vec<Change> {
    let mut out = Vec::new();
    match (old, new) {
        (None, Some(_)) => {
            out.push(about("deprecation-added", NOBODY, key, at, format!("{what} is deprecated now")));
        }
        (Some(_), None) => {
            let message = format!("{what} is no longer deprecated");
            out.push(about("deprecation-removed", NOBODY, key, at, message));
        }
        _ => {}
    }
    let day = |found: Option<&Deprecation>| {
        let found = found?;
        found.removal_date.map(|day| day.to_string()).or_else(|| found.removal_version.clone())
    };
    let (before, after) = (day(old), day(new));
    if before != after {
        let word = |day: &Option<String>| day.clone().unwrap_or_else(|| "no day".to_owned());
        let message = format!("{what} was to go on {}, is to go on {}", word(&before), word(&after));
        let mut change = about("sunset-changed", NOBODY, key, at, message);
        (change.before, change.after) = (json!(before), json!(after));
        out.push(change);
    }
    out
}

impl<'d> Comparison<'d> {
    /// What operations say of their own life.
    pub(super) fn life(&mut self, old: &Operation, new: &Operation) {
        let key = &new.key;
        let found = deprecation(key, "", "the operation", old.deprecation.as_ref(), new.deprecation.as_ref());
        for change in found {
            self.push(change, old.node, new.node);
        }
        let level = |document: &'d Document, operation: &Operation| -> Option<&'d str> {
            let node = document.tree().node(operation.node);
            STABILITY.iter().find_map(|key| node.get(key).and_then(Node::as_str))
        };
        let (before, after) = (level(self.old, old), level(self.new, new));
        if before != after {
            let word = |level: Option<&str>| level.unwrap_or("unsaid").to_owned();
            let message = format!("the stability level was {}, is {}", word(before), word(after));
            let mut change = about("stability-changed", NOBODY, key, "", message);
            (change.before, change.after) = (json!(before), json!(after));
            self.push(change, old.node, new.node);
        }
    }

    /// Webhooks, and the callbacks of operations that both documents have: what
    /// the API sends is a response to the client, what the client answers a request.
    pub(super) fn served(&mut self) {
        let (old, new) = (self.old, self.new);
        let name = |webhook: &Webhook| {
            let owner =
                webhook.owner.as_ref().map(|owner| (owner.method.to_string(), owner.path.shape().to_owned()));
            // The expression of a callback, behind the text of its owner.
            let place = webhook.operation.key.path.as_str().to_owned();
            let expression = webhook.owner.as_ref().and_then(|owner| {
                let rest = place.strip_prefix(&format!("callback:{owner} {} ", webhook.name))?;
                Some(rest.to_owned())
            });
            let method = webhook.operation.key.method.to_string();
            (owner, webhook.name.clone(), method, expression.unwrap_or_default())
        };
        for before in old.webhooks() {
            if new.webhooks().iter().any(|after| name(after) == name(before)) {
                continue;
            }
            let (key, at) = match &before.owner {
                // Gone with its operation.
                Some(owner) if new.operation(owner).is_none() => continue,
                Some(owner) => (owner.clone(), place_of(before)),
                None => (before.operation.key.clone(), String::new()),
            };
            let rule = if before.owner.is_some() { "callback-removed" } else { "webhook-removed" };
            let mut change =
                about(rule, SDK, &key, &at, format!("`{}` is not called any more", label(before)));
            change.direction = Some(Direction::Response);
            change.old = Some(spot(old, before.operation.node));
            self.changes.push(change);
        }
        for after in new.webhooks() {
            let (key, at) = match &after.owner {
                Some(owner) if old.operation(owner).is_none() => continue,
                Some(owner) => (owner.clone(), place_of(after)),
                None => (after.operation.key.clone(), String::new()),
            };
            match old.webhooks().iter().find(|before| name(before) == name(after)) {
                Some(before) => self.pair(&key, &at, &before.operation, &after.operation),
                None => {
                    let rule = if after.owner.is_some() { "callback-added" } else { "webhook-added" };
                    let mut change =
                        about(rule, NOBODY, &key, &at, format!("`{}` is called now", label(after)));
                    change.direction = Some(Direction::Response);
                    change.new = Some(spot(new, after.operation.node));
                    self.changes.push(change);
                }
            }
        }
    }

    fn pair(&mut self, key: &OperationKey, at: &str, old: &'d Operation, new: &'d Operation) {
        for change in deprecation(key, at, "the call", old.deprecation.as_ref(), new.deprecation.as_ref()) {
            self.push(change, old.node, new.node);
        }
        match (&old.body, &new.body) {
            (Some(before), Some(after)) => {
                if before.required != after.required {
                    let (rule, breaks, word) = if after.required {
                        ("webhook-body-added", NOBODY, "now")
                    } else {
                        ("webhook-body-removed", BOTH, "no longer")
                    };
                    let message = format!("the body is {word} always sent");
                    self.push(bodily(rule, breaks, key, at, message), before.node, after.node);
                }
                self.sent(key, at, (&before.content, before.node), (&after.content, after.node));
            }
            (Some(before), None) => {
                let message = "no body is sent any more".to_owned();
                self.push(bodily("webhook-body-removed", BOTH, key, at, message), before.node, new.node);
            }
            (None, Some(after)) => {
                let message = "a body is sent now".to_owned();
                self.push(bodily("webhook-body-added", NOBODY, key, at, message), old.node, after.node);
            }
            (None, None) => {}
        }
        for after in &new.responses {
            let before =
                old.responses.iter().find(|before| before.status.eq_ignore_ascii_case(&after.status));
            if let Some(before) = before {
                let status = Some(after.status.as_str());
                self.media(
                    &Holder { key, at, direction: Direction::Request, status },
                    (&before.content, before.node),
                    (&after.content, after.node),
                );
            }
        }
        for after in &new.parameters {
            let before = old
                .parameters
                .iter()
                .find(|before| before.location == after.location && before.name == after.name);
            if let Some((a, b)) = before.and_then(|before| before.schema).zip(after.schema) {
                let inside = after.at();
                let at = if at.is_empty() { inside } else { format!("{at}.{inside}") };
                let root = Root { operation: key.clone(), status: None, media_type: None, at };
                let payload = self.payload(a, b, root);
                self.responses.push(payload);
            }
        }
    }

    /// The media types in which the API calls, and what they carry. It chooses among
    /// them and nobody is asked, so that one more is what a receiver may not read.
    fn sent(
        &mut self,
        key: &OperationKey,
        at: &str,
        (old, old_node): (&[MediaType], NodeId),
        (new, new_node): (&[MediaType], NodeId),
    ) {
        let told = |rule, breaks, media: &MediaType, verb: &str| {
            let mut change = about(rule, breaks, key, at, format!("`{}` is {verb}", media.name));
            change.direction = Some(Direction::Response);
            change.affects[0].media_type = Some(media.name.clone());
            change
        };
        for before in old.iter().filter(|before| find(new, &before.name).is_none()) {
            let mut change = told("webhook-media-type-removed", NOBODY, before, "no longer sent");
            change.before = json!(before.name);
            self.push(change, before.node, new_node);
        }
        for after in new {
            if let Some(before) = find(old, &after.name) {
                if let Some((a, b)) = before.schema.zip(after.schema) {
                    let root = Root {
                        operation: key.clone(),
                        status: None,
                        media_type: Some(after.name.clone()),
                        at: at.to_owned(),
                    };
                    let payload = self.payload(a, b, root);
                    self.responses.push(payload);
                }
                continue;
            }
            let mut change = told("webhook-media-type-added", BOTH, after, "sent now");
            change.after = json!(after.name);
            let value = json!({"method": key.method.as_str(), "headers": {"Content-Type": after.name}});
            change.witness = Some(Witness { value, curl: None });
            self.push(change, old_node, after.node);
        }
    }
}

/// A change of whether a call of the API carries a body.
fn bodily(rule: &'static str, breaks: Breaks, key: &OperationKey, at: &str, message: String) -> Change {
    let mut change = about(rule, breaks, key, at, message);
    change.direction = Some(Direction::Response);
    if breaks != NOBODY {
        change.witness =
            Some(Witness { value: json!({"method": key.method.as_str(), "body": null}), curl: None });
    }
    change
}

fn label(webhook: &Webhook) -> String {
    if webhook.owner.is_some() { place_of(webhook) } else { webhook.name.clone() }
}

/// The place of a callback in its operation.
fn place_of(webhook: &Webhook) -> String {
    let method = webhook.operation.key.method.to_string().to_ascii_lowercase();
    format!("callback:{}:{method}", webhook.name)
}

/// Flags on shared schemas are met in both directions: one cause.
pub(super) fn both_ways(changes: Vec<Change>) -> Vec<Change> {
    let mut at: BTreeMap<_, usize> = BTreeMap::new();
    let mut out: Vec<Change> = Vec::with_capacity(changes.len());
    for mut change in changes {
        if !change.rule.starts_with("deprecation-") {
            out.push(change);
            continue;
        }
        let key = (change.rule, change.component.clone(), change.operation.clone(), change.at.clone());
        match at.get(&key) {
            Some(known) => {
                let affects: Vec<Affected> = std::mem::take(&mut change.affects);
                let known: &mut Change = &mut out[*known];
                known.affects.extend(affects);
                known.affects.sort();
                known.affects.dedup();
                if known.direction != change.direction {
                    known.direction = None;
                }
            }
            None => {
                at.insert(key, out.len());
                out.push(change);
            }
        }
    }
    out
}
