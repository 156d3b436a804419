//! Requests that may be one of several operations: what is read of the answer is told where it is
//! deprecated whichever operation it is.

use crate::common::sunwatch;
use serde_json::json;

const EITHER: &str = r#"
import json
import urllib.request

def release(owner, tag):
    path = f"/repos/{owner}/releases/latest" if tag is None else f"/repos/{owner}/releases/{tag}"
    with urllib.request.urlopen("https://a.example.com" + path) as answer:
        return json.loads(answer.read().decode())

def note(owner, tag):
    path = f"/repos/{owner}/notes/{tag}" if tag else f"/repos/{owner}/releases/latest"
    return json.loads(urllib.request.urlopen("https://a.example.com" + path).read())

print(release("a", "b")["tag"])
print(note("a", "b")["tag"], note("a", "b")["label"])
"#;

#[test]
fn a_field_of_several_operations_is_told_where_it_is_deprecated_in_each() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let document = |deprecated: bool| {
        let answer = |name: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{name}")});
            json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}})
        };
        let get = |name: &str| json!({"get": {"responses": answer(name)}});
        let field = |deprecated: bool| json!({"type": "string", "deprecated": deprecated});
        json!({
            "openapi": "3.0.3",
            "info": {"title": "A", "version": "1"},
            "servers": [{"url": "https://a.example.com"}],
            "paths": {
                "/repos/{owner}/releases/latest": get("Release"),
                "/repos/{owner}/releases/{tag}": get("Release"),
                "/repos/{owner}/notes/{tag}": get("Note"),
            },
            "components": {"schemas": {
                "Release": {"type": "object", "properties": {"tag": field(deprecated), "name": field(false)}},
                "Note": {"type": "object", "properties": {"tag": field(false), "label": field(deprecated)}},
            }},
        })
        .to_string()
    };
    write("1.json", &document(false));
    write("2.json", &document(true));
    write(
        "policy.toml",
        "[window.self-hosted]\nreleases = 2\n[[release]]\nid = \"1\"\nself-hosted = 2025-01-01\n\
         document = \"1.json\"\n[[release]]\nid = \"2\"\nself-hosted = 2026-01-01\ndocument = \"2.json\"\n",
    );
    write("either.py", EITHER);
    let args = ["scan", "either.py", "--to", "2", "--format", "json", "--policy", "policy.toml"];
    let report = sunwatch(folder.path()).args(args).run().json();
    let told: Vec<_> = report["findings"].as_array().unwrap().iter().map(|found| &found["line"]).collect();
    assert_eq!(told, [14], "{}", report["findings"]);
}
