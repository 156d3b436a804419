//! A second opinion on which names came and went between two documents: every
//! payload expanded place by place over plain `serde_json` values, nothing
//! shared, nothing skipped, nothing known of how sunwatch does it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Who declares a name: a component's pointer or the operation with its place,
/// and the place inside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    /// `#/components/schemas/X`, or `GET /a/{} 200`.
    pub(crate) owner: String,
    /// `spec.compute`, `entries[]`.
    pub(crate) at: String,
}

/// One place of a payload at which something came or went.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The operation and which of its payloads.
    pub(crate) payload: (String, String),
    /// The steps to it: names, `[]`, `{}`.
    pub(crate) path: Vec<String>,
    /// Whoever declares it there, and whoever it is declared in.
    pub(crate) names: BTreeSet<Name>,
    /// The enum value, if it is one that came or went.
    pub(crate) value: Option<String>,
}

impl Change {
    /// For people.
    pub(crate) fn place(&self) -> String {
        let value = self.value.as_ref().map(|value| format!("={value}")).unwrap_or_default();
        format!("{} {} {}{value}", self.payload.0, self.payload.1, self.path.join("/"))
    }

    /// The names that the place has in another document.
    pub(crate) fn names_in(&self, root: &Value, operations: &Operations<'_>) -> BTreeSet<Name> {
        let payload = operations.get(&self.payload.0).and_then(|found| found.payloads.get(&self.payload.1));
        let Some((direction, part)) = payload else { return BTreeSet::new() };
        let (mut here, mut names) = (vec![part.clone()], BTreeSet::new());
        for (nth, step_to) in self.path.iter().enumerate() {
            let (holders, _) = parts(root, &here);
            if nth + 1 == self.path.len() {
                names.extend(holders.iter().map(|part| step(&part.name, step_to)));
            }
            here = members(root, &holders, *direction).remove(step_to).unwrap_or_default();
        }
        if here.is_empty() {
            return BTreeSet::new();
        }
        names.extend(parts(root, &here).0.iter().map(|part| part.name.clone()));
        names
    }
}

#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) removed: Vec<Change>,
    pub(crate) added: Vec<Change>,
    /// Names that one place has, before and after, by direction.
    pub(crate) moved: [BTreeSet<(Name, Name)>; 2],
    /// How many pairs of places were compared.
    pub(crate) compared: usize,
}

/// Names by direction: requests, responses.
/// each with one of its places.
pub(crate) type Reached = [BTreeMap<Name, Change>; 2];

/// A schema with whoever it belongs to.
#[derive(Clone)]
pub(crate) struct Part<'v> {
    node: &'v Value,
    name: Name,
}

pub(crate) const REQUEST: usize = 0;
pub(crate) const RESPONSE: usize = 1;

/// A template without the names of its parameters.
pub(crate) fn shape(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => {
                inside = true;
                out.push_str("{}");
            }
            '}' => inside = false,
            _ if inside => {}
            c => out.push(c),
        }
    }
    if out.len() > 1 && out.ends_with('/') {
        out.pop();
    }
    out
}

/// Follows references to the end; the pointer of the last one.
fn follow<'v>(root: &'v Value, mut node: &'v Value) -> Option<(&'v Value, Option<String>)> {
    let mut last = None;
    for _ in 0..20 {
        match node.get("$ref").and_then(Value::as_str) {
            Some(pointer) => {
                node = root.pointer(pointer.strip_prefix('#')?)?;
                last = Some(pointer.to_owned());
            }
            None => return Some((node, last)),
        }
    }
    None
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

pub(crate) struct Operation<'v> {
    /// `GET /a/{}`
    pub(crate) key: String,
    /// `query:x` with the object, and the component that declares it.
    pub(crate) parameters: BTreeMap<String, (&'v Value, Option<String>)>,
    /// Direction, label (`request application/json`, `200 application/json`) and schema.
    pub(crate) payloads: BTreeMap<String, (usize, Part<'v>)>,
    /// `200`, `400`.
    pub(crate) statuses: BTreeSet<String>,
}

/// All operations of a document, by key.
pub(crate) type Operations<'d> = BTreeMap<String, Operation<'d>>;

/// Reads them.
pub(crate) fn operations<'d>(root: &'d Value) -> Operations<'d> {
    let mut out = BTreeMap::new();
    let Some(paths) = root.get("paths").and_then(Value::as_object) else { return out };
    for (path, item) in paths {
        let Some((item, _)) = follow(root, item) else { continue };
        for method in METHODS {
            let Some(node) = item.get(method).filter(|node| node.is_object()) else { continue };
            let key = format!("{} {}", method.to_uppercase(), shape(path));
            let mut operation = Operation {
                key: key.clone(),
                parameters: BTreeMap::new(),
                payloads: BTreeMap::new(),
                statuses: BTreeSet::new(),
            };
            for owner in [item, node] {
                for parameter in owner.get("parameters").and_then(Value::as_array).into_iter().flatten() {
                    let Some((parameter, component)) = follow(root, parameter) else { continue };
                    let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
                    let at = format!("{}:{}", text("in"), text("name"));
                    if let Some(schema) = parameter.get("schema") {
                        let owner = component.clone().unwrap_or_else(|| format!("{key} {at}"));
                        let part = Part { node: schema, name: Name { owner, at: String::new() } };
                        operation.payloads.insert(at.clone(), (REQUEST, part));
                    }
                    operation.parameters.insert(at, (parameter, component));
                }
            }
            let mut content =
                |direction: usize, label: &str, holder: &'d Value, component: Option<String>| {
                    let media = holder.get("content").and_then(Value::as_object);
                    for (media, value) in media.into_iter().flatten() {
                        let Some(schema) = value.get("schema") else { continue };
                        let owner = component.clone().unwrap_or_else(|| format!("{key} {label}"));
                        let part = Part { node: schema, name: Name { owner, at: String::new() } };
                        operation.payloads.insert(format!("{label} {media}"), (direction, part));
                    }
                };
            if let Some((body, component)) = node.get("requestBody").and_then(|body| follow(root, body)) {
                content(REQUEST, "request", body, component);
            }
            let responses = node.get("responses").and_then(Value::as_object);
            for (status, response) in responses.into_iter().flatten() {
                let Some((response, component)) = follow(root, response) else { continue };
                content(RESPONSE, status, response, component);
                operation.statuses.insert(status.clone());
            }
            out.insert(key, operation);
        }
    }
    out
}

/// All schemas that hold together at one place: `$ref`, `allOf`, `oneOf`,
/// `anyOf`; and whether one of them leads nowhere.
fn parts<'v>(root: &'v Value, start: &[Part<'v>]) -> (Vec<Part<'v>>, bool) {
    let mut out: Vec<Part<'v>> = Vec::new();
    let mut hole = false;
    let mut queue: Vec<Part<'v>> = start.to_vec();
    while let Some(part) = queue.pop() {
        if out.iter().any(|known| std::ptr::eq(known.node, part.node)) {
            continue;
        }
        if let Some(pointer) = part.node.get("$ref").and_then(Value::as_str) {
            match pointer.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) {
                Some(node) => {
                    let name = Name { owner: pointer.to_owned(), at: String::new() };
                    queue.push(Part { node, name });
                }
                None => hole = true,
            }
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            for node in part.node.get(key).and_then(Value::as_array).into_iter().flatten() {
                queue.push(Part { node, name: part.name.clone() });
            }
        }
        out.push(part);
    }
    (out, hole)
}

fn step(name: &Name, member: &str) -> Name {
    let dot = if name.at.is_empty() || member.starts_with(['[', '{']) { "" } else { "." };
    Name { owner: name.owner.clone(), at: format!("{}{dot}{member}", name.at) }
}

/// What is below a place: properties, `[]`, `{}`.
fn members<'v>(root: &'v Value, parts: &[Part<'v>], direction: usize) -> BTreeMap<String, Vec<Part<'v>>> {
    let barred = ["readOnly", "writeOnly"][direction];
    let mut out: BTreeMap<String, Vec<Part<'v>>> = BTreeMap::new();
    for part in parts {
        for (name, node) in part.node.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let marked = |node: &Value| node.get(barred) == Some(&Value::Bool(true));
            if marked(node) || follow(root, node).is_some_and(|(node, _)| marked(node)) {
                continue;
            }
            let next = Part { node, name: step(&part.name, name) };
            out.entry(name.clone()).or_default().push(next);
        }
        for (key, mark) in [("items", "[]"), ("additionalProperties", "{}")] {
            if let Some(node) = part.node.get(key).filter(|node| node.is_object()) {
                out.entry(mark.to_owned()).or_default().push(Part { node, name: step(&part.name, mark) });
            }
        }
    }
    out
}

fn values(parts: &[Part<'_>]) -> BTreeMap<String, BTreeSet<Name>> {
    let mut out: BTreeMap<String, BTreeSet<Name>> = BTreeMap::new();
    for part in parts {
        for value in part.node.get("enum").and_then(Value::as_array).into_iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            out.entry(text).or_default().insert(part.name.clone());
        }
    }
    out
}

/// The payload places that came and went between two documents.
pub(crate) fn compare(old: &Value, new: &Value) -> Changes {
    let (before, after) = (operations(old), operations(new));
    let mut changes = Changes::default();
    for (key, operation) in &before {
        let Some(twin) = after.get(key) else { continue };
        for (label, (direction, part)) in &operation.payloads {
            let Some((_, other)) = twin.payloads.get(label) else { continue };
            let mut walk = Walk {
                old,
                new,
                direction: *direction,
                payload: (key.clone(), label.clone()),
                path: Vec::new(),
                stack: Vec::new(),
                changes: &mut changes,
            };
            walk.compare(std::slice::from_ref(part), std::slice::from_ref(other));
        }
    }
    changes
}

struct Walk<'v, 'c> {
    old: &'v Value,
    new: &'v Value,
    direction: usize,
    payload: (String, String),
    path: Vec<String>,
    /// What is being compared, to end recursion.
    stack: Vec<(Vec<*const Value>, Vec<*const Value>)>,
    changes: &'c mut Changes,
}

impl<'v> Walk<'v, '_> {
    fn compare(&mut self, old: &[Part<'v>], new: &[Part<'v>]) {
        let ((old, old_hole), (new, new_hole)) = (parts(self.old, old), parts(self.new, new));
        let identity = |parts: &[Part<'v>]| {
            let mut list: Vec<*const Value> =
                parts.iter().map(|part| std::ptr::from_ref(part.node)).collect();
            list.sort();
            list
        };
        let pair = (identity(&old), identity(&new));
        if self.stack.contains(&pair) {
            return;
        }
        self.stack.push(pair);
        self.changes.compared += 1;
        let (before, after) =
            (members(self.old, &old, self.direction), members(self.new, &new, self.direction));
        let (payload, path) = (self.payload.clone(), self.path.clone());
        let change = |name: &str, declared: &[Part<'v>], holders: &[Part<'v>]| {
            let mut names: BTreeSet<Name> = declared.iter().map(|part| part.name.clone()).collect();
            names.extend(holders.iter().map(|part| step(&part.name, name)));
            let path = path.iter().cloned().chain([name.to_owned()]).collect();
            Change { payload: payload.clone(), path, names, value: None }
        };
        for (name, declared) in &before {
            match after.get(name) {
                Some(twin) => {
                    let pairs =
                        declared.iter().flat_map(|old| twin.iter().map(move |new| (&old.name, &new.name)));
                    let pairs =
                        pairs.filter(|(old, new)| old != new).map(|(old, new)| (old.clone(), new.clone()));
                    self.changes.moved[self.direction].extend(pairs);
                    self.path.push(name.clone());
                    self.compare(declared, twin);
                    self.path.pop();
                }
                // An array or map that is none any more changed its type.
                None if name.starts_with(['[', '{']) || new_hole => {}
                None => self.changes.removed.push(change(name, declared, &old)),
            }
        }
        for (name, declared) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
            if !name.starts_with(['[', '{']) && !old_hole {
                self.changes.added.push(change(name, declared, &new));
            }
        }
        let (before, after) = (values(&old), values(&new));
        for (value, olds) in &before {
            let twins = after.get(value).into_iter().flatten();
            let pairs = twins.flat_map(|new| olds.iter().map(move |old| (old.clone(), new.clone())));
            self.changes.moved[self.direction].extend(pairs.filter(|(old, new)| old != new));
        }
        if !before.is_empty() && !after.is_empty() {
            let gone = |from: &BTreeMap<String, BTreeSet<Name>>, to: &BTreeMap<String, BTreeSet<Name>>| {
                let missing = from.iter().filter(|(value, _)| !to.contains_key(*value));
                let change = |(value, names): (&String, &BTreeSet<Name>)| Change {
                    payload: payload.clone(),
                    path: path.clone(),
                    names: names.clone(),
                    value: Some(value.clone()),
                };
                missing.map(change).collect::<Vec<_>>()
            };
            self.changes.removed.extend(gone(&before, &after));
            self.changes.added.extend(gone(&after, &before));
        }
        self.stack.pop();
    }
}

/// Every name that some payload of a document reaches, by direction; and of
/// them those that are flagged: on the object, where its `$ref` leads, in a
/// part of its `allOf`.
pub(crate) fn names(root: &Value) -> (Reached, Reached) {
    let (mut reached, mut flagged) = (Reached::default(), Reached::default());
    for operation in operations(root).values() {
        for (label, (direction, part)) in &operation.payloads {
            let mut seen: BTreeSet<*const Value> = BTreeSet::new();
            let mut queue = vec![(part.clone(), Vec::new())];
            while let Some((next, path)) = queue.pop() {
                let (parts, _) = parts(root, &[next]);
                for part in &parts {
                    if !seen.insert(std::ptr::from_ref(part.node)) {
                        continue;
                    }
                    reached[*direction].entry(part.name.clone()).or_insert_with(|| Change {
                        payload: (operation.key.clone(), label.clone()),
                        path: path.clone(),
                        names: BTreeSet::from([part.name.clone()]),
                        value: None,
                    });
                    for (step, below) in members(root, std::slice::from_ref(part), *direction) {
                        for member in below {
                            let path: Vec<String> = path.iter().cloned().chain([step.clone()]).collect();
                            let place = Change {
                                payload: (operation.key.clone(), label.clone()),
                                path: path.clone(),
                                names: BTreeSet::from([member.name.clone()]),
                                value: None,
                            };
                            if is_flagged(root, member.node, 0) {
                                flagged[*direction].insert(member.name.clone(), place.clone());
                            }
                            reached[*direction].insert(member.name.clone(), place);
                            queue.push((member, path));
                        }
                    }
                }
            }
        }
    }
    (reached, flagged)
}

fn is_flagged(root: &Value, node: &Value, depth: usize) -> bool {
    let own = ["deprecated", "depracted"].iter().any(|key| node.get(key) == Some(&Value::Bool(true)));
    let below = node.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let target =
        node.get("$ref").and_then(Value::as_str).and_then(|pointer| root.pointer(pointer.strip_prefix('#')?));
    own || (depth < 20 && below.chain(target).any(|node| is_flagged(root, node, depth + 1)))
}
