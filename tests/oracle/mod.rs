//! What `diff` is held against on real documents: another reading of their
//! schemas, values at random, and where payloads stand. Nothing of the engine.

mod convert;
mod maker;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use convert::Source;
pub use maker::Maker;
use sunwatch::diff::Change;
use sunwatch::document::{Annotations, Direction, Document, Operation};

/// The folder of published documents.
pub fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("SUNWATCH_SPECS").expect("SUNWATCH_SPECS names the folder"))
}

/// A document read by the product, and as plain JSON.
pub fn document(name: &str) -> (Document, Source) {
    let bytes = std::fs::read(folder().join(name)).unwrap();
    let document = Document::read(name, bytes, &Annotations::default()).unwrap();
    let source = Source::new(document.tree().root().to_json());
    (document, source)
}

/// The products with their documents, in the order of their releases.
pub const PRODUCTS: [(&str, &[&str]); 4] = [
    (
        "runai",
        &[
            "runai/2.18.json",
            "runai/2.19.json",
            "runai/2.20.json",
            "runai/2.21.json",
            "runai/2.22.json",
            "runai/2.23.json",
        ],
    ),
    ("harbor", &["harbor/2.8.0.yaml", "harbor/2.10.0.yaml", "harbor/2.12.0.yaml", "harbor/2.13.0.yaml"]),
    ("lakekeeper", &["lakekeeper/0.9.0.yaml", "lakekeeper/0.10.0.yaml", "lakekeeper/0.11.0.yaml"]),
    ("kubernetes", &["kubernetes/1.31.json", "kubernetes/1.32.json"]),
];

/// Neighbours, product by product.
pub fn pairs() -> Vec<(&'static str, &'static str, &'static str)> {
    let all = PRODUCTS.iter();
    all.flat_map(|(product, names)| names.windows(2).map(move |pair| (*product, pair[0], pair[1]))).collect()
}

/// A body, a parameter or a header.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payload {
    pub operation: String,
    pub status: Option<String>,
    pub media_type: Option<String>,
    /// `query:x`; empty for a body.
    pub at: String,
}

/// All payloads, with their direction and the pointer of their schema.
pub fn payloads(document: &Document) -> BTreeMap<Payload, (Direction, String)> {
    let mut out = BTreeMap::new();
    let pointer = |id| document.tree().pointer_to(document.schema(id).node);
    let mut add = |operation: &Operation,
                   status: Option<&str>,
                   media: Option<&str>,
                   at: &str,
                   direction,
                   pointer: String| {
        let payload = Payload {
            operation: format!("{} {}", operation.key.method, operation.key.path.shape()),
            status: status.map(str::to_owned),
            media_type: media.map(str::to_owned),
            at: at.to_owned(),
        };
        out.insert(payload, (direction, pointer));
    };
    for operation in document.operations() {
        for parameter in &operation.parameters {
            if let Some(id) = parameter.schema {
                add(operation, None, None, &parameter.at(), Direction::Request, pointer(id));
            }
        }
        for media in operation.body.iter().flat_map(|body| &body.content) {
            if let Some(id) = media.schema {
                add(operation, None, Some(&media.name), "", Direction::Request, pointer(id));
            }
        }
        for response in &operation.responses {
            for media in &response.content {
                if let Some(id) = media.schema {
                    let status = Some(response.status.as_str());
                    add(operation, status, Some(&media.name), "", Direction::Response, pointer(id));
                }
            }
        }
    }
    out
}

/// Where schemas really stand: a reference alone is what it leads to.
pub fn settled(source: &Source, pointer: &str) -> String {
    let mut pointer = pointer.to_owned();
    for _ in 0..32 {
        let node = source.root.pointer(&pointer).and_then(|node| node.as_object());
        let next = node
            .filter(|node| node.len() == 1)
            .and_then(|node| node.get("$ref")?.as_str()?.strip_prefix('#').map(str::to_owned));
        match next {
            Some(next) if source.root.pointer(&next).is_some() => pointer = next,
            _ => break,
        }
    }
    pointer
}

/// The places of a payload that entries name, each inside the payload.
pub fn told<'c>(changes: &'c [Change], payload: &Payload) -> Vec<(String, &'c Change)> {
    let mut out = Vec::new();
    for change in changes.iter().filter(|change| change.direction.is_some()) {
        for place in &change.affects {
            if place.status != payload.status || place.media_type != payload.media_type {
                continue;
            }
            let key = format!("{} {}", place.operation.method, place.operation.path.shape());
            let Some(rest) = place.at.strip_prefix(&payload.at).filter(|_| key == payload.operation) else {
                continue;
            };
            if payload.at.is_empty() || rest.is_empty() || rest.starts_with(['.', '[', '{']) {
                out.push((rest.trim_start_matches('.').to_owned(), change));
            }
        }
    }
    out
}

/// A JSON pointer into a value as a place: `/a/0/b` is `a[].b`. The made values
/// have one undeclared member, `madeKey`.
pub fn place(pointer: &str) -> String {
    let mut out = String::new();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        if token.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push_str("[]");
        } else if token == "madeKey" {
            out.push_str("{}");
        } else {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&token);
        }
    }
    out
}

/// A name under a place.
pub fn below(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}
