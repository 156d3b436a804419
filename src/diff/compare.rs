//! Two documents, operation by operation: what came, what went, and which
//! payloads are to be compared.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use smallvec::smallvec;

use super::cause::{self, Root};
use super::change::{Affected, Breaks, Change, Spot, Verdict, Witness};
use super::components::Components;
use super::covers::Engine;
use super::hash::Hashes;
use super::responses::Holder;
use super::side::Side;
use super::space::Space;
use super::walk::Walk;
use super::{curl, security};
use crate::document::{Direction, Document, Operation, OperationKey, Parameter, ParameterIn, SchemaId};
use crate::text::{Node, NodeId};

/// The changes from one document to another, in the order of reports.
pub fn diff(old: &Document, new: &Document) -> Vec<Change> {
    diff_with_effort(old, new).0
}

/// The changes, for a process that ends when they are told: what was worked out
/// on the way is not taken apart, which only takes time.
pub(crate) fn last_diff(old: &Document, new: &Document) -> Vec<Change> {
    compared(old, new, true).0
}

/// The changes, and what it took to find them.
pub fn diff_with_effort(old: &Document, new: &Document) -> (Vec<Change>, Effort) {
    compared(old, new, false)
}

fn compared(old: &Document, new: &Document, is_last: bool) -> (Vec<Change>, Effort) {
    let mut comparison =
        Comparison { old, new, changes: Vec::new(), requests: Vec::new(), responses: Vec::new() };
    let sides = vec![Side::of_document(old), Side::of_document(new)];
    let hashed = |sides: &[Side<'_>]| {
        let components = Components::new(old, new);
        let mut hashes = Hashes::new(sides);
        let renamed = components.renamed(sides, &mut hashes);
        (hashes, components.stray(&renamed), renamed)
    };
    // Neither needs the other.
    let (hashes, stray, renamed) = std::thread::scope(|scope| {
        let (mine, hashed) = (sides.clone(), &hashed);
        let hashing = std::thread::Builder::new().spawn_scoped(scope, move || hashed(&mine));
        comparison.operations();
        match hashing.map(|thread| thread.join()) {
            Ok(Ok(found)) => found,
            Ok(Err(payload)) => std::panic::resume_unwind(payload),
            // No thread to be had.
            Err(_) => hashed(&sides),
        }
    });
    comparison.changes.extend(stray);
    comparison.changes.extend(renamed);
    let effort = comparison.payloads(sides, &hashes, is_last);
    let mut changes = super::surface::both_ways(together(comparison.changes));
    changes.sort_by(|a, b| a.order().cmp(&b.order()));
    (changes, effort)
}

/// What a comparison took, in steps that do not depend on the machine. What is
/// equal in meaning takes none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Bodies, parameters and headers that both documents have.
    pub payloads: usize,
    /// Those of them that differ, in themselves or in what they refer to.
    pub changed: usize,
    /// Pairs of schemas that were compared.
    pub pairs: usize,
    /// Schemas that were read for it, of both documents and both directions.
    pub schemas: usize,
    /// Questions whether one schema contains another.
    pub questions: u64,
}

impl Effort {
    fn with(self, other: Self) -> Self {
        Self {
            payloads: self.payloads + other.payloads,
            changed: self.changed + other.changed,
            pairs: self.pairs + other.pairs,
            schemas: self.schemas + other.schemas,
            questions: self.questions + other.questions,
        }
    }
}

/// What is done to many operations in one go where it is done at all: the same
/// in several is one cause.
const SWEEPING: [&str; 22] = [
    "deprecation-added",
    "deprecation-removed",
    "operation-tag-changed",
    "parameter-added",
    "parameter-optional",
    "parameter-removed",
    "parameter-required",
    "parameter-style-changed",
    "path-parameter-renamed",
    "request-media-type-added",
    "request-media-type-removed",
    "response-header-added",
    "response-header-optional",
    "response-header-removed",
    "response-header-required",
    "response-media-type-added",
    "response-media-type-removed",
    "response-status-added",
    "response-status-removed",
    "response-success-removed",
    "security-looser",
    "security-stricter",
];

/// Puts together what happened to a shared parameter, header or response, and
/// what happened to many operations alike: one cause, however many there are.
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
        let is_one = stands && is_shared(&change.old) && is_shared(&change.new);
        let is_sweeping = change.component.is_none() && SWEEPING.contains(&change.rule);
        if change.operation.is_none() || !(is_one || is_sweeping) {
            out.push(change);
            continue;
        }
        let values = (change.before.to_string(), change.after.to_string());
        let spots = if is_one { Some((change.old.clone(), change.new.clone())) } else { None };
        let words = (change.breaks.wire, change.breaks.sdk, change.message.clone());
        let key = (change.rule, change.at.clone(), spots, values, words);
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

/// Stack of the threads that compare, in bytes: schemas are asked about in
/// schemas, deeper than the usual stack of a thread allows everywhere.
const STACK: usize = 64 << 20;

/// A payload that both documents have.
pub(super) struct Payload {
    pub(super) old: NodeId,
    pub(super) new: NodeId,
    pub(super) root: Root,
}

pub(super) struct Comparison<'d> {
    pub(super) old: &'d Document,
    pub(super) new: &'d Document,
    pub(super) changes: Vec<Change>,
    pub(super) requests: Vec<Payload>,
    pub(super) responses: Vec<Payload>,
}

pub(super) const WIRE: Breaks = Breaks { wire: true, sdk: false };
pub(super) const SDK: Breaks = Breaks { wire: false, sdk: true };
pub(super) const BOTH: Breaks = Breaks { wire: true, sdk: true };
pub(super) const NOBODY: Breaks = Breaks { wire: false, sdk: false };

pub(super) fn spot(document: &Document, node: NodeId) -> Spot {
    let position = document.position(node);
    Spot {
        file: document.file(node).to_owned(),
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
        self.served();
        self.changes.extend(security::servers(self.old, self.new));
        self.changes.extend(security::schemes(self.old, self.new));
    }

    pub(super) fn push(&mut self, mut change: Change, old: NodeId, new: NodeId) {
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
            let message = format!("the first tag was {}, is {}", shown(&old.tags), shown(&new.tags));
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
        self.life(old, new);
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
                let mut change = about("path-parameter-renamed", SDK, key, &at, message);
                (change.before, change.after) = (json!(old.name), json!(new.name));
                found.push(change);
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
        let (reserved, now) = (is_reserved(self.old, old), is_reserved(self.new, new));
        if reserved != now {
            let word = if now {
                "may carry reserved characters as they are"
            } else {
                "takes reserved characters encoded only"
            };
            let message = format!("the {} parameter `{}` {word}", new.location, new.name);
            let mut change =
                about("parameter-style-changed", if now { NOBODY } else { WIRE }, key, &at, message);
            (change.before, change.after) =
                (json!({"allowReserved": reserved}), json!({"allowReserved": now}));
            if reserved {
                let query = format!("{}=a/b", new.name);
                let value = json!({"method": key.method.as_str(), "path": key.path.as_str(), "query": query, "expected": format!("{}=a%2Fb", new.name)});
                let curl = Some(format!("{} --url-query '+{query}'", curl::head(key, &[])));
                change.witness = Some(Witness { value, curl });
            }
            found.push(change);
        }
        let what = format!("the {} parameter `{}`", new.location, new.name);
        found.extend(super::surface::deprecation(
            key,
            &at,
            &what,
            old.deprecation.as_ref(),
            new.deprecation.as_ref(),
        ));
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

    pub(super) fn payload(&self, old: SchemaId, new: SchemaId, root: Root) -> Payload {
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

    /// A list of two, or an object, as both styles write it.
    fn style_witness(
        &self,
        key: &OperationKey,
        parameter: &Parameter,
        old: &str,
        new: &str,
    ) -> Option<Witness> {
        let shape = parameter.schema.map(|id| self.new.shape(&[id], Direction::Request));
        let is_object = shape.is_some_and(|shape| !shape.properties.is_empty());
        let name = &parameter.name;
        let (a, b) = (written(old, name, is_object)?, written(new, name, is_object)?);
        if a == b {
            return None;
        }
        let (place, sent) = match parameter.location {
            ParameterIn::Path => {
                let hole = format!("{{{name}}}");
                ("path", key.path.as_str().replace(&hole, &a))
            }
            ParameterIn::Header => ("header", format!("{name}: {a}")),
            ParameterIn::Cookie => ("cookie", a.clone()),
            _ => ("query", a.clone()),
        };
        let mut value = json!({"method": key.method.as_str(), "path": key.path.as_str(), "expected": b});
        value[place] = sent.clone().into();
        let head = curl::head(key, &[]);
        let curl = match place {
            "query" => format!("{head} --url-query '{sent}'"),
            "header" => format!("{head} -H '{sent}'"),
            "cookie" => format!("{head} --cookie '{sent}'"),
            _ => curl::head(&OperationKey::new(key.method.as_str(), &sent), &[]),
        };
        Some(Witness { value, curl: Some(curl) })
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
                    &Holder { key, at: "", direction: Direction::Request, status: None },
                    (&before.content, before.node),
                    (&after.content, after.node),
                );
            }
        }
    }

    fn payloads(&mut self, sides: Vec<Side<'d>>, hashes: &Hashes, is_last: bool) -> Effort {
        let (requests, responses) = (std::mem::take(&mut self.requests), std::mem::take(&mut self.responses));
        // The directions know nothing of each other.
        let of = |direction: Direction, payloads: &[Payload], sides: Vec<Side<'d>>| {
            one_way(direction, payloads, sides, hashes.clone(), is_last)
        };
        let of = &of;
        let (requests, responses) = std::thread::scope(|scope| {
            let start = |direction, payloads| {
                let sides = sides.clone();
                let thread = std::thread::Builder::new().stack_size(STACK);
                thread.spawn_scoped(scope, move || of(direction, payloads, sides)).ok()
            };
            let started = [start(Direction::Request, &*requests), start(Direction::Response, &*responses)];
            let [one, other] = started.map(|thread| thread.map(|thread| thread.join()));
            let settle = |result: Option<std::thread::Result<_>>, direction, payloads| match result {
                Some(Ok(found)) => found,
                Some(Err(payload)) => std::panic::resume_unwind(payload),
                // No thread to be had: one after the other.
                None => of(direction, payloads, sides.clone()),
            };
            (settle(one, Direction::Request, &*requests), settle(other, Direction::Response, &*responses))
        });
        self.changes.extend(requests.0);
        self.changes.extend(responses.0);
        requests.1.with(responses.1)
    }
}

/// What the payloads of one direction tell.
fn one_way(
    direction: Direction,
    payloads: &[Payload],
    sides: Vec<Side<'_>>,
    mut hashes: Hashes,
    is_last: bool,
) -> (Vec<Change>, Effort) {
    // Most are equal: they are not even read.
    let changed: Vec<&Payload> = payloads
        .iter()
        .filter(|payload| hashes.of(&sides, (0, payload.old)) != hashes.of(&sides, (1, payload.new)))
        .collect();
    let mut engine = Engine::new(Space::new(sides, Some(direction)), true);
    engine.hashes = Some(hashes);
    let mut walk = Walk::new(&mut engine, direction);
    for (at, payload) in changed.iter().enumerate() {
        let a = walk.engine.space.schema(0, payload.old);
        let b = walk.engine.space.schema(1, payload.new);
        walk.push(smallvec![a], smallvec![b], None, Some(at));
    }
    walk.run();
    let roots: Vec<Root> = changed.iter().map(|payload| payload.root.clone()).collect();
    let changes = cause::changes(&mut walk, &roots);
    let effort = Effort {
        payloads: payloads.len(),
        changed: roots.len(),
        pairs: walk.pairs.len(),
        schemas: engine.space.len(),
        questions: engine.asked,
    };
    if is_last {
        std::mem::forget(engine);
    }
    (changes, effort)
}

/// A request without a body, as a witness.
pub(super) fn request(key: &OperationKey, query: &[(&str, &str)], header: Option<(&str, &str)>) -> Witness {
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

/// Two members `a` and `b`, or an object with the member `a` of value `b`, in a
/// style (OpenAPI 3.0.3, Style Values).
fn written(style: &str, name: &str, is_object: bool) -> Option<String> {
    Some(match (style, is_object) {
        ("form, exploded", false) => format!("{name}=a&{name}=b"),
        ("form, exploded", true) => "a=b".to_owned(),
        ("form", _) => format!("{name}=a,b"),
        ("spaceDelimited", _) => format!("{name}=a%20b"),
        ("pipeDelimited", _) => format!("{name}=a%7Cb"),
        ("deepObject" | "deepObject, exploded", true) => format!("{name}[a]=b"),
        ("simple", _) | ("simple, exploded", false) => "a,b".to_owned(),
        ("simple, exploded", true) => "a=b".to_owned(),
        ("label", _) => ".a,b".to_owned(),
        ("label, exploded", false) => ".a.b".to_owned(),
        ("label, exploded", true) => ".a=b".to_owned(),
        ("matrix", _) => format!(";{name}=a,b"),
        ("matrix, exploded", false) => format!(";{name}=a;{name}=b"),
        ("matrix, exploded", true) => ";a=b".to_owned(),
        _ => return None,
    })
}

/// Whether reserved characters are sent as they are.
fn is_reserved(document: &Document, parameter: &Parameter) -> bool {
    document.tree().node(parameter.node).get("allowReserved").and_then(Node::as_bool) == Some(true)
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
        ParameterIn::Query | ParameterIn::QueryString | ParameterIn::Cookie => "form",
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
