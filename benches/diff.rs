//! Comparing two documents, against reading one of them: what has not changed
//! should cost next to nothing.
//!
//! On a synthetic API of some 2 MB; with `SUNWATCH_SPECS` set also on two
//! releases of its `runai` folder.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Map, Value, json};
use sunwatch::diff::diff;
use sunwatch::document::{Annotations, Document};

const COMPONENTS: usize = 600;

/// An API in which every component refers to two others, and every operation
/// takes one and sends one.
fn api() -> Value {
    let name = |at: usize| format!("Thing{}", at % COMPONENTS);
    let to = |at: usize| json!({"$ref": format!("#/components/schemas/{}", name(at))});
    let mut schemas = Map::new();
    let mut paths = Map::new();
    for at in 0..COMPONENTS {
        let mut properties = Map::new();
        for field in 0..20 {
            let text = "A field of a thing, as somebody would describe it in a sentence or two.";
            let schema = json!({"type": "string", "description": text, "maxLength": 40 + field});
            properties.insert(format!("field{field}"), schema);
        }
        properties.insert("next".to_owned(), to(at + 1));
        properties.insert("others".to_owned(), json!({"type": "array", "items": to(at * 7 + 3)}));
        let schema = json!({"type": "object", "required": ["field0"], "properties": properties});
        schemas.insert(name(at), schema);
        let content = json!({"application/json": {"schema": to(at)}});
        let operation = json!({
            "operationId": format!("put{at}"),
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "requestBody": {"content": content},
            "responses": {"200": {"description": "", "content": content}},
        });
        paths.insert(format!("/things{at}/{{id}}"), json!({"put": operation}));
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

fn read(name: &str, bytes: &[u8]) -> Document {
    Document::read(name, bytes.to_vec(), &Annotations::default()).unwrap()
}

fn pair(criterion: &mut Criterion, name: &str, old: &[u8], new: &[u8]) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(old.len() as u64));
    group.sample_size(20);
    group.bench_function("read one", |bencher| bencher.iter(|| read("old", old)));
    let (old, new) = (read("old", old), read("new", new));
    group.bench_function("nothing changed", |bencher| bencher.iter(|| diff(&old, &old)));
    group.bench_function("compare", |bencher| bencher.iter(|| diff(&old, &new)));
    group.finish();
}

fn benches(criterion: &mut Criterion) {
    let old = api();
    let mut new = old.clone();
    new["paths"]["/things7/{id}"]["put"]["parameters"][0]["schema"]["maxLength"] = json!(12);
    pair(criterion, "one change", old.to_string().as_bytes(), new.to_string().as_bytes());
    // Every component reaches this one.
    let mut new = old.clone();
    new["components"]["schemas"]["Thing7"]["properties"]["field3"]["maxLength"] = json!(12);
    pair(criterion, "one change that all see", old.to_string().as_bytes(), new.to_string().as_bytes());
    if let Ok(specs) = std::env::var("SUNWATCH_SPECS") {
        let [old, new] =
            ["2.22", "2.23"].map(|release| std::fs::read(format!("{specs}/runai/{release}.json")).unwrap());
        pair(criterion, "runai", &old, &new);
    }
}

criterion_group!(all, benches);
criterion_main!(all);
