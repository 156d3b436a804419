//! Who may call, and where: security requirements and servers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::change::{Change, Spot, Verdict, Witness};
use super::compare::{NOBODY, SDK, WIRE, about, spot};
use crate::document::{Document, Operation};
use crate::text::Node;

/// One way of being let in: schemes with their scopes, sorted.
type Way = Vec<(String, Vec<String>)>;

/// Whether the callers of before are still let in, and others are now.
pub(super) fn compare(
    old: &Document,
    new: &Document,
    before: &Operation,
    after: &Operation,
) -> Option<Change> {
    let (a, b) = (ways(old, before), ways(new, after));
    if a == b {
        return None;
    }
    // Whoever brings one of these is let in by one of those.
    let refused = a.iter().find(|way| !b.iter().any(|other| asks_no_more(other, way)));
    let admitted = b.iter().any(|way| !a.iter().any(|other| asks_no_more(other, way)));
    let key = &after.key;
    let shown = |ways: &[Way]| -> Value { ways.iter().map(words).collect() };
    let mut change = match (refused, admitted) {
        (Some(way), _) => {
            let message = format!("{} is no longer enough to be let in", words(way));
            let mut change = about("security-stricter", WIRE, key, "", message);
            let credentials: serde_json::Map<String, Value> =
                way.iter().map(|(name, scopes)| (name.clone(), json!(scopes))).collect();
            let value =
                json!({"method": key.method.as_str(), "path": key.path.as_str(), "security": credentials});
            change.witness = Some(Witness { value, curl: Some(super::curl::head(key, &[])) });
            change
        }
        (None, true) => about("security-looser", NOBODY, key, "", "more callers are let in".to_owned()),
        (None, false) => return None,
    };
    (change.before, change.after) = (shown(&a), shown(&b));
    Some(change)
}

fn asks_no_more(other: &Way, way: &Way) -> bool {
    other.iter().all(|(name, scopes)| {
        way.iter().any(|(known, mine)| known == name && scopes.iter().all(|scope| mine.contains(scope)))
    })
}

fn words(way: &Way) -> String {
    if way.is_empty() {
        return "no credential".to_owned();
    }
    let one = |(name, scopes): &(String, Vec<String>)| {
        if scopes.is_empty() { name.clone() } else { format!("{name} ({})", scopes.join(", ")) }
    };
    way.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// The ways of an operation, else those of the document; schemes by what they
/// are, so that a renamed one is the same one.
fn ways(document: &Document, operation: &Operation) -> Vec<Way> {
    let root = document.tree().root();
    let list = document.tree().node(operation.node).get("security").or_else(|| root.get("security"));
    let Some(list) = list else { return vec![Vec::new()] };
    let mut out: Vec<Way> = list
        .items()
        .map(|way| {
            let mut way: Way = way
                .entries()
                .map(|entry| {
                    let mut scopes: Vec<String> =
                        entry.value.items().filter_map(Node::as_str).map(str::to_owned).collect();
                    scopes.sort();
                    (scheme(root, entry.key), scopes)
                })
                .collect();
            way.sort();
            way
        })
        .collect();
    // An empty list asks for nothing.
    if out.is_empty() {
        out.push(Vec::new());
    }
    out.sort();
    out
}

/// Schemes of one name with other addresses, flows or scopes.
pub(super) fn schemes(old: &Document, new: &Document) -> Vec<Change> {
    let list = |document: &Document| -> BTreeMap<String, (BTreeMap<String, String>, Spot)> {
        let root = document.tree().root();
        let declared = root
            .get("components")
            .and_then(|components| components.get("securitySchemes"))
            .or_else(|| root.get("securityDefinitions"));
        let schemes = declared.into_iter().flat_map(Node::entries);
        schemes
            .map(|entry| (entry.key.to_owned(), (facts(entry.value), spot(document, entry.value.id()))))
            .collect()
    };
    let (before, after) = (list(old), list(new));
    let mut out = Vec::new();
    for (name, (is, place)) in &after {
        let Some((was, old_place)) = before.get(name).filter(|(was, _)| was != is) else { continue };
        let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        let word = |text: Option<&String>| text.map_or("none".to_owned(), |text| format!("`{text}`"));
        let parts: Vec<String> = keys
            .into_iter()
            .filter(|key| was.get(*key) != is.get(*key))
            .map(|key| format!("{key} was {}, is {}", word(was.get(key)), word(is.get(key))))
            .collect();
        out.push(Change {
            rule: "security-scheme-changed",
            breaks: SDK,
            direction: None,
            operation: None,
            affects: Vec::new(),
            component: Some(format!("#/components/securitySchemes/{name}")),
            at: String::new(),
            before: json!(was),
            after: json!(is),
            message: format!("`{name}`: {}", parts.join("; ")),
            witness: None,
            verdict: Verdict::Breaks,
            old: Some(old_place.clone()),
            new: Some(place.clone()),
        });
    }
    out
}

/// The addresses and scopes of a scheme, flow by flow, whatever the dialect. What
/// a caller sends is compared operation by operation.
fn facts(scheme: Node<'_>) -> BTreeMap<String, String> {
    const URLS: [&str; 4] = ["authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"];
    let mut out = BTreeMap::new();
    for key in ["openIdConnectUrl", "oauth2MetadataUrl"] {
        if let Some(url) = scheme.get(key).and_then(Node::as_str) {
            out.insert(key.to_owned(), url.to_owned());
        }
    }
    let mut flow = |name: &str, node: Node<'_>| {
        for key in URLS {
            if let Some(url) = node.get(key).and_then(Node::as_str) {
                out.insert(format!("{name} {key}"), url.to_owned());
            }
        }
        let mut scopes: Vec<&str> =
            node.get("scopes").into_iter().flat_map(Node::entries).map(|entry| entry.key).collect();
        scopes.sort_unstable();
        out.insert(format!("{name} scopes"), scopes.join(" "));
    };
    for entry in scheme.get("flows").into_iter().flat_map(Node::entries) {
        flow(entry.key, entry.value);
    }
    // Swagger 2.0 has one flow, under names of its own.
    if let Some(name) = scheme.get("flow").and_then(Node::as_str) {
        let name = match name {
            "application" => "clientCredentials",
            "accessCode" => "authorizationCode",
            other => other,
        };
        flow(name, scheme);
    }
    out
}

/// A scheme by what a caller has to send.
fn scheme(root: Node<'_>, name: &str) -> String {
    let declared = root
        .get("components")
        .and_then(|components| components.get("securitySchemes"))
        .or_else(|| root.get("securityDefinitions"))
        .and_then(|schemes| schemes.get(name));
    let text = |key: &str| declared.and_then(|node| node.get(key)).and_then(Node::as_str).unwrap_or_default();
    match text("type") {
        "apiKey" => format!("the key in the {} `{}`", text("in"), text("name")),
        "http" if !text("scheme").is_empty() => format!("http {}", text("scheme").to_ascii_lowercase()),
        "basic" => "http basic".to_owned(),
        _ => name.to_owned(),
    }
}

/// Whether the paths moved to another base.
pub(super) fn servers(old: &Document, new: &Document) -> Option<Change> {
    let path = |url: &String| -> String {
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let path = if url.contains("://") { rest.find('/').map_or("", |at| &rest[at..]) } else { rest };
        path.trim_end_matches('/').to_owned()
    };
    let paths = |document: &Document| -> Vec<String> {
        let mut out: Vec<String> = document.servers.iter().map(path).collect();
        // Without servers the paths begin at the root (OpenAPI 3.0.3, OpenAPI Object).
        if out.is_empty() {
            out.push(String::new());
        }
        out.sort();
        out.dedup();
        out
    };
    let (before, after) = (paths(old), paths(new));
    let gone: Vec<&String> = before.iter().filter(|path| !after.contains(path)).collect();
    let first = gone.first()?;
    let operation = new.operations().iter().find(|operation| old.operation(&operation.key).is_some())?;
    let shown = |path: &str| if path.is_empty() { "/".to_owned() } else { path.to_owned() };
    let known: Vec<String> = after.iter().map(|path| shown(path)).collect();
    let message = format!("the base path {} is gone; known now: {}", shown(first), known.join(", "));
    let mut change = about("server-changed", WIRE, &operation.key, "", message);
    let value =
        json!({"method": operation.key.method.as_str(), "path": format!("{first}{}", operation.key.path)});
    change.witness = Some(Witness { value, curl: None });
    change.verdict = Verdict::Breaks;
    change.operation = None;
    change.affects = Vec::new();
    (change.before, change.after) = (json!(before), json!(after));
    Some(change)
}
