//! Lives over documents of a few lines: withdrawals, moves, announcements.

use serde_json::{Value, json};

use super::{History, Item};
use crate::document::{Annotations, Document};
use crate::policy::Policy;
use crate::release::ReleaseId;

fn history(policy: &str, documents: &[Value]) -> History {
    let policy = Policy::parse(policy, "policy.toml", &[]).unwrap();
    let read = |(nth, document): (usize, &Value)| {
        let document = Document::read("x.json", document.to_string().into_bytes(), &Annotations::default());
        (ReleaseId::new(&(nth + 1).to_string()), document.unwrap())
    };
    let documents: Vec<_> = documents.iter().enumerate().map(read).collect();
    History::of_documents(&documents, &policy)
}

/// A document whose `POST /a` takes and answers with that schema.
fn document(schema: &Value, components: &Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    json!({"openapi": "3.0.3", "info": {}, "components": {"schemas": components}, "paths": {"/a": {
        "post": {"requestBody": {"content": content}, "responses": {"200": {"description": "", "content": content}}},
    }}})
}

/// The fields and values in requests: name, introduction, deprecation, removal.
fn told(history: &History) -> Vec<String> {
    let of_request = |item: &&Item| {
        item.key.kind == super::ItemKind::RequestField
            || item.key.direction == Some(crate::document::Direction::Request)
    };
    let line = |item: &Item| {
        let mut line = format!("{} {}", item.key, item.introduced);
        let deprecated = item.deprecated.as_ref().map(|since| format!(" deprecated {since}"));
        line.push_str(&deprecated.unwrap_or_default());
        let removed = item.removed.as_ref().map(|removed| format!(" removed {removed}"));
        line.push_str(&removed.unwrap_or_default());
        if item.with_parent {
            line.push_str(" with its parent");
        }
        line
    };
    history.items.iter().filter(of_request).map(line).collect()
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[test]
fn withdrawals_restart_the_window() {
    let with = |key: &str| document(&json!({"properties": {"x": {key: true}}}), &json!({}));
    let (plain, flagged) = (with("nullable"), with("deprecated"));
    let found = history("", &[flagged.clone(), plain.clone(), flagged.clone(), plain.clone(), flagged]);
    let item = found.items.iter().find(|item| item.key.at == "x").unwrap();
    assert_eq!(item.deprecated.as_ref().unwrap().to_string(), "5");
    assert_eq!(item.undeprecated.as_ref().unwrap().as_str(), "4");
    let earlier: Vec<_> =
        item.earlier.iter().map(|w| format!("{} to {}", w.deprecated, w.undeprecated)).collect();
    assert_eq!(earlier, ["<=1 to 2", "3 to 4"]);
    let states = [true, false, true, false, true];
    for (nth, state) in states.iter().enumerate() {
        assert_eq!(item.is_deprecated_in(&ReleaseId::new(&(nth + 1).to_string())), *state, "{nth}");
    }
    // The last withdrawal stays with the deprecation that it ended.
    let found = history("", &[with("deprecated"), plain]);
    let item = found.items.iter().find(|item| item.key.at == "x").unwrap();
    assert_eq!((item.earlier.len(), item.in_force()), (0, None));
    assert_eq!(item.deprecated.as_ref().unwrap().to_string(), "<=1");
}

#[test]
fn misspelt_flags_count() {
    let with = |key: &str| document(&json!({"properties": {"x": {key: true}}}), &json!({}));
    let found = history("", &[with("nullable"), with("depracted"), with("deprecated")]);
    let item = found.items.iter().find(|item| item.key.at == "x").unwrap();
    let text = |since: &Option<super::Since>| since.as_ref().map(ToString::to_string);
    assert_eq!(text(&item.deprecated).as_deref(), Some("2"));
    assert_eq!(text(&item.misspelt).as_deref(), Some("2"));
    assert_eq!(text(&item.flagged).as_deref(), Some("3"));
}

#[test]
fn what_comes_back_has_two_lives() {
    let with = |name: &str| document(&json!({"properties": {name: {}, "z": {}}}), &json!({}));
    let found = history("", &[with("x"), with("y"), with("x")]);
    assert_eq!(told(&found), ["POST /a x <=1 removed 2", "POST /a x 3", "POST /a y 2 removed 3"]);
}

#[test]
fn rearranged_parts_are_silent() {
    let before = document(
        &reference("A"),
        &json!({"A": {"properties": {"x": {}, "y": {}}}, "B": {"properties": {"z": {}}}}),
    );
    let after = document(
        &json!({"allOf": [reference("A"), reference("C")]}),
        &json!({"A": {"properties": {"x": {}}}, "C": {"properties": {"y": {}}}}),
    );
    assert_eq!(told(&history("", &[before.clone(), after])), [""; 0]);
    // What is then flagged has been there before.
    let flagged = document(
        &json!({"allOf": [reference("A"), reference("C")]}),
        &json!({"A": {"properties": {"x": {}}}, "C": {"properties": {"y": {"deprecated": true}}}}),
    );
    assert_eq!(told(&history("", &[before, flagged])), ["#/components/schemas/C y <=1 deprecated 2"]);
}

#[test]
fn a_component_written_out_goes_on_in_each_use() {
    let flagged = json!({"properties": {"x": {"deprecated": true}}});
    let before = document(
        &json!({"properties": {"one": reference("A"), "two": reference("A")}}),
        &json!({"A": flagged}),
    );
    let after = document(&json!({"properties": {"one": flagged, "two": flagged}}), &json!({}));
    assert_eq!(
        told(&history("", &[before, after])),
        ["POST /a one.x <=1 deprecated <=1", "POST /a two.x <=1 deprecated <=1"]
    );
}

#[test]
fn one_new_use_of_a_component_is_named_after_the_user() {
    let components =
        json!({"A": {"properties": {"x": {}}}, "B": {"properties": {"y": {}}}, "C": {"properties": {}}});
    let with = |two: &Value| {
        let mut components = components.clone();
        components["C"] = two.clone();
        document(&json!({"properties": {"one": reference("A"), "two": reference("C")}}), &components)
    };
    let found = history("", &[with(&json!({})), with(&json!({"allOf": [reference("A")]})), with(&json!({}))]);
    assert_eq!(told(&found), ["POST /a two.x 2 removed 3"]);
}

#[test]
fn flags_of_a_target_belong_to_what_refers_to_it() {
    let with = |target: &Value| {
        let pair = json!({"properties": {"x": reference("T"), "y": {"allOf": [reference("T")]}}});
        document(&reference("A"), &json!({"A": pair, "T": target}))
    };
    let found = history("", &[with(&json!({})), with(&json!({"deprecated": true}))]);
    assert_eq!(
        told(&found),
        ["#/components/schemas/A x <=1 deprecated 2", "#/components/schemas/A y <=1 deprecated 2"]
    );
}

#[test]
fn values_follow_their_list_into_a_component() {
    let list = |values: &[&str]| json!({"type": "string", "enum": values});
    let before = document(&json!({"properties": {"s": list(&["a", "b"])}}), &json!({}));
    let after =
        document(&json!({"properties": {"s": reference("S")}}), &json!({"S": list(&["a", "b", "c"])}));
    let last = document(&json!({"properties": {"s": reference("S")}}), &json!({"S": list(&["b", "c"])}));
    assert_eq!(
        told(&history("", &[before, after, last])),
        ["#/components/schemas/S=a <=1 removed 3", "#/components/schemas/S=c 2"]
    );
}

#[test]
fn announcements_reach_what_a_component_declares() {
    let policy = |item: &str| {
        format!(
            "[[release]]\nid = \"1\"\n[[release]]\nid = \"2\"\n[[announcement]]\nrelease = \"2\"\nitem = \"{item}\"\n"
        )
    };
    let plain = document(
        &json!({"properties": {"list": {"items": reference("A")}}}),
        &json!({"A": {"properties": {"x": {"enum": ["a", "b"]}}}}),
    );
    let two = [plain.clone(), plain];
    let announced = |item: &str| told(&history(&policy(item), &two));
    let x = ["#/components/schemas/A x <=1 deprecated 2"];
    assert_eq!(announced("POST /a request:list[].x"), x);
    assert_eq!(announced("/a list[].x"), x);
    assert_eq!(announced("#/components/schemas/A x"), x);
    assert_eq!(announced("POST /a request:list[].x=b"), ["#/components/schemas/A x=b <=1 deprecated 2"]);
    assert_eq!(announced("POST /a response:list[].x"), [""; 0]);
    assert_eq!(announced("POST /a request:list[].nothing"), [""; 0]);
    assert_eq!(announced("POST /a"), [""; 0]);
}

#[test]
fn an_announced_parameter_stands_apart_from_its_component() {
    let operation = json!({"parameters": [{"$ref": "#/components/parameters/P"}], "responses": {}});
    let with = |deprecated: bool| {
        json!({"openapi": "3.0.3", "info": {}, "paths": {"/a": {"get": operation, "put": operation}, "/b": {"get": operation}},
            "components": {"parameters": {"P": {"name": "p", "in": "query", "deprecated": deprecated, "schema": {}}}}})
    };
    let lives = |policy: &str| -> Vec<String> {
        let found = history(policy, &[with(false), with(false), with(true)]);
        let parameters = found.items.iter().filter(|item| item.key.kind == super::ItemKind::Parameter);
        let of = |item: &Item| {
            format!("{} ({}) {}", item.key, item.operations.len(), item.deprecated.as_ref().unwrap())
        };
        parameters.map(of).collect()
    };
    assert_eq!(lives(""), ["#/components/parameters/P query:p (3) 3"]);
    let policy = "[[release]]\nid = \"1\"\n[[release]]\nid = \"2\"\n[[release]]\nid = \"3\"\n[[announcement]]\nrelease = \"2\"\nitem = \"GET /b query:p\"\n";
    assert_eq!(
        lives(policy),
        ["#/components/parameters/P query:p (2) 3", "#/components/parameters/P of GET /b query:p (0) 2"]
    );
}
