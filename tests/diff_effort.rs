//! What a comparison costs grows with what changed, not with the documents:
//! counted in steps, so that no machine is too slow for the test.

use serde_json::{Map, Value, json};
use sunwatch::diff::{Effort, diff_with_effort};
use sunwatch::document::{Annotations, Document};

const COMPONENTS: usize = 300;

fn to(at: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/Berth{at}")})
}

/// One operation for each component; each component holds the one of half its
/// number, so that the first is in all of them.
fn api() -> Value {
    let (mut schemas, mut paths) = (Map::new(), Map::new());
    for at in 0..COMPONENTS {
        let mut properties = Map::new();
        for field in 0..8 {
            properties.insert(format!("f{field}"), json!({"type": "string", "maxLength": 10 + field}));
        }
        if at > 0 {
            properties.insert("below".to_owned(), to(at / 2));
        }
        schemas.insert(format!("Berth{at}"), json!({"type": "object", "properties": properties}));
        let content = json!({"application/json": {"schema": to(at)}});
        let operation = json!({"requestBody": {"content": content}, "responses": {"200": {"description": "", "content": content}}});
        paths.insert(format!("/berths{at}"), json!({ "post": operation }));
    }
    json!({"openapi": "3.0.3", "info": {"title": "Harbour", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}

fn read(value: &Value) -> Document {
    Document::read("api.json", value.to_string().into_bytes(), &Annotations::default()).unwrap()
}

#[test]
fn equal_documents_are_not_walked() {
    let old = api();
    // The same in another order and with other words.
    let mut new = old.clone();
    new["components"]["schemas"]["Berth5"]["description"] = json!("Where ships lie.");
    let fields = new["components"]["schemas"]["Berth6"]["properties"].as_object_mut().unwrap();
    let last = fields.remove("f0").unwrap();
    fields.insert("f0".to_owned(), last);
    let (changes, effort) = diff_with_effort(&read(&old), &read(&new));
    assert!(changes.is_empty(), "{changes:?}");
    let expected = Effort { payloads: 2 * COMPONENTS, ..Effort::default() };
    assert_eq!(effort, expected);
}

#[test]
fn one_change_walks_only_what_leads_to_it() {
    let old = api();
    let mut new = old.clone();
    // The last component is in no other.
    let last = format!("Berth{}", COMPONENTS - 1);
    new["components"]["schemas"][&last]["properties"]["f3"]["maxLength"] = json!(3);
    let (changes, effort) = diff_with_effort(&read(&old), &read(&new));
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(effort.changed, 2, "its request and its response");
    // The body and the field, in each direction.
    assert_eq!(effort.pairs, 4);
    assert!(effort.questions <= 20, "{effort:?}");
}

#[test]
fn one_change_that_all_see_walks_each_way_once() {
    let old = api();
    let mut new = old.clone();
    new["components"]["schemas"]["Berth0"]["properties"]["f3"]["maxLength"] = json!(3);
    let (changes, effort) = diff_with_effort(&read(&old), &read(&new));
    assert_eq!(changes.len(), 2, "one cause in each direction: {changes:?}");
    assert_eq!(effort.changed, 2 * COMPONENTS);
    // A pair for each reference and each component, none for the other fields.
    assert!(effort.pairs <= 2 * (3 * COMPONENTS + 1), "{effort:?}");
    assert!(effort.questions <= 20 * COMPONENTS as u64, "{effort:?}");
}
