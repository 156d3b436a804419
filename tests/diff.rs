//! `diff` over small documents: what breaks is shown, what does not is silent.

use std::path::Path;

use serde_json::{Value, json};
use sunwatch::diff::{Change, Verdict, diff};
use sunwatch::document::{Annotations, Direction, Document};

fn read(name: &str, value: &Value) -> Document {
    Document::read(name, value.to_string().into_bytes(), &Annotations::default()).unwrap()
}

fn api(paths: Value, schemas: Value) -> Value {
    json!({"openapi": "3.0.3", "info": {"title": "Harbour", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}

/// One operation with one field `f` of that schema in its body.
fn body(direction: Direction, schema: &Value, schemas: Value) -> Value {
    let whole = json!({"type": "object", "properties": {"f": schema}});
    let content = json!({"application/json": {"schema": whole}});
    let operation = match direction {
        Direction::Request => {
            json!({"requestBody": {"content": content}, "responses": {"200": {"description": ""}}})
        }
        Direction::Response => json!({"responses": {"200": {"description": "", "content": content}}}),
    };
    api(json!({"/ports": {"post": operation}}), schemas)
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    diff(&read("old.json", old), &read("new.json", new))
}

fn rules(changes: &[Change]) -> Vec<&'static str> {
    changes.iter().map(|change| change.rule).collect()
}

/// A wide schema and a narrower one, by the keyword that makes the difference.
fn families() -> Vec<(&'static str, Value, Value)> {
    let object = |keyword: &str, value: Value| {
        let mut schema = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "additionalProperties": true});
        schema[keyword] = value;
        schema
    };
    let cat = json!({"type": "object", "properties": {"k": {"type": "string", "enum": ["cat"]}}, "required": ["k"]});
    let dog = json!({"type": "object", "properties": {"k": {"type": "string", "enum": ["dog"]}}, "required": ["k"]});
    vec![
        ("type", json!({"type": "number"}), json!({"type": "integer"})),
        ("enum", json!({"type": "string", "enum": ["a", "b"]}), json!({"type": "string", "enum": ["a"]})),
        ("minimum", json!({"type": "integer", "minimum": 0}), json!({"type": "integer", "minimum": 1})),
        ("maximum", json!({"type": "integer", "maximum": 9}), json!({"type": "integer", "maximum": 8})),
        (
            "exclusiveMinimum",
            json!({"type": "number", "minimum": 0}),
            json!({"type": "number", "minimum": 0, "exclusiveMinimum": true}),
        ),
        ("multipleOf", json!({"type": "integer"}), json!({"type": "integer", "multipleOf": 5})),
        ("minLength", json!({"type": "string"}), json!({"type": "string", "minLength": 3})),
        ("maxLength", json!({"type": "string"}), json!({"type": "string", "maxLength": 63})),
        (
            "pattern",
            json!({"type": "string", "pattern": "^[a-z]"}),
            json!({"type": "string", "pattern": "^[a-z]+$"}),
        ),
        (
            "minItems",
            json!({"type": "array", "items": {"type": "string"}}),
            json!({"type": "array", "items": {"type": "string"}, "minItems": 2}),
        ),
        (
            "maxItems",
            json!({"type": "array", "items": {"type": "string"}}),
            json!({"type": "array", "items": {"type": "string"}, "maxItems": 2}),
        ),
        (
            "uniqueItems",
            json!({"type": "array", "items": {"type": "string"}}),
            json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true}),
        ),
        (
            "items",
            json!({"type": "array", "items": {"type": "string"}}),
            json!({"type": "array", "items": {"type": "string", "maxLength": 4}}),
        ),
        ("required", object("minProperties", json!(0)), object("required", json!(["a"]))),
        (
            "additionalProperties",
            object("minProperties", json!(0)),
            object("additionalProperties", json!(false)),
        ),
        ("minProperties", object("minProperties", json!(0)), object("minProperties", json!(1))),
        ("maxProperties", object("minProperties", json!(0)), object("maxProperties", json!(1))),
        ("nullable", json!({"type": "string", "nullable": true}), json!({"type": "string"})),
        ("oneOf", json!({"oneOf": [cat, dog]}), json!({"oneOf": [cat]})),
        ("allOf", json!({"type": "string"}), json!({"allOf": [{"type": "string"}, {"maxLength": 3}]})),
        ("not", json!({"type": "string"}), json!({"type": "string", "not": {"enum": ["x"]}})),
    ]
}

#[test]
fn each_keyword_breaks_with_a_witness_and_not_the_other_way() {
    let mut shown = 0;
    for (name, wide, narrow) in families() {
        for direction in [Direction::Request, Direction::Response] {
            let (wide, narrow) = (body(direction, &wide, json!({})), body(direction, &narrow, json!({})));
            let (old, new) = match direction {
                Direction::Request => (&wide, &narrow),
                Direction::Response => (&narrow, &wide),
            };
            let found = changes(old, new);
            let broken: Vec<&Change> = found.iter().filter(|change| change.breaks.wire).collect();
            assert_eq!(broken.len(), 1, "{name} {direction}: {found:#?}");
            assert_eq!(broken[0].verdict, Verdict::Breaks, "{name} {direction}: {found:#?}");
            assert!(broken[0].witness.is_some(), "{name} {direction}");
            assert_eq!(broken[0].witness.as_ref().unwrap().curl.is_some(), direction == Direction::Request);
            shown += 1;
            // And back: somebody may notice, nobody breaks on the wire.
            let back = changes(new, old);
            assert!(!back.is_empty(), "{name} {direction}");
            assert!(back.iter().all(|change| !change.breaks.wire), "{name} {direction}: {back:#?}");
        }
    }
    eprintln!("{shown} breaking changes, all with a confirmed witness");
}

/// Two ways to write one thing.
#[test]
fn what_is_written_another_way_is_silent() {
    let point = json!({"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}, "required": ["x"]});
    let shared = json!({
        "Point": point,
        "X": {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]},
        "Y": {"type": "object", "properties": {"y": {"type": "integer"}}},
        "Text": {"type": "string", "nullable": true},
        "Kind": {"type": "string", "enum": ["a", "b"]},
        "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}},
        "Knot": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Knot"}}},
    });
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let cases: Vec<(&str, Value, Value)> = vec![
        ("inlining a component", reference("Point"), point.clone()),
        ("allOf regrouped", point.clone(), json!({"allOf": [reference("X"), reference("Y")]})),
        ("allOf of one", reference("Point"), json!({"allOf": [reference("Point")]})),
        (
            "allOf split in place",
            point.clone(),
            json!({"type": "object", "allOf": [{"properties": {"x": {"type": "integer"}}}, {"properties": {"y": {"type": "integer"}}}, {"required": ["x"]}]}),
        ),
        (
            "required in a sibling branch",
            json!({"allOf": [{"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}}, {"required": ["x"]}]}),
            point.clone(),
        ),
        (
            "reordering",
            point.clone(),
            json!({"required": ["x"], "properties": {"y": {"type": "integer"}, "x": {"type": "integer"}}, "type": "object"}),
        ),
        (
            "reordered enum",
            json!({"type": "string", "enum": ["a", "b"]}),
            json!({"type": "string", "enum": ["b", "a"]}),
        ),
        (
            "an enum moved into a component",
            json!({"type": "string", "enum": ["a", "b"]}),
            json!({"allOf": [reference("Kind")]}),
        ),
        ("nullable by a component", json!({"type": "string", "nullable": true}), reference("Text")),
        (
            "nullable beside a reference",
            json!({"type": "string", "enum": ["a", "b"], "nullable": true}),
            json!({"$ref": "#/components/schemas/Kind", "nullable": true}),
        ),
        (
            "nullable on an allOf",
            json!({"type": "string", "enum": ["a", "b"], "nullable": true}),
            json!({"nullable": true, "allOf": [reference("Kind")]}),
        ),
        (
            "an allOf of nullable objects",
            json!({"type": "object", "nullable": true, "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}}),
            json!({"allOf": [{"type": "object", "nullable": true, "properties": {"x": {"type": "integer"}}}, {"type": "object", "nullable": true, "properties": {"y": {"type": "integer"}}}]}),
        ),
        ("a pattern that takes all", json!({"type": "string"}), json!({"type": "string", "pattern": ".*"})),
        ("double, as every number", json!({"type": "number"}), json!({"type": "number", "format": "double"})),
        (
            "exclusive bounds of whole numbers",
            json!({"type": "integer", "minimum": 1}),
            json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true}),
        ),
        (
            "oneOf of distinct types as anyOf",
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            json!({"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        ),
        ("a renamed recursive component", reference("Node"), reference("Knot")),
        ("descriptions and examples", point.clone(), {
            let mut p = point.clone();
            p["description"] = json!("A point.");
            p["example"] = json!({"x": 1});
            p
        }),
        ("minLength 0", json!({"type": "string"}), json!({"type": "string", "minLength": 0})),
        (
            "a list of all booleans",
            json!({"type": "boolean"}),
            json!({"type": "boolean", "enum": [true, false]}),
        ),
    ];
    for (name, a, b) in cases {
        for direction in [Direction::Request, Direction::Response] {
            for (old, new) in [(&a, &b), (&b, &a)] {
                let found =
                    changes(&body(direction, old, shared.clone()), &body(direction, new, shared.clone()));
                assert!(found.is_empty(), "{name} {direction}: {found:#?}");
            }
        }
    }
}

#[test]
fn safe_widenings_break_nobody() {
    let cases = [
        (Direction::Request, json!({"type": "integer"}), json!({"type": "number"})),
        (Direction::Response, json!({"type": "number"}), json!({"type": "integer"})),
        (
            Direction::Request,
            json!({"type": "string", "enum": ["ab", "cd"]}),
            json!({"type": "string", "pattern": "^[a-z]{2}$"}),
        ),
        (
            Direction::Request,
            json!({"type": "string", "maxLength": 3}),
            json!({"type": "string", "maxLength": 4}),
        ),
        (Direction::Response, json!({"type": "string"}), json!({"type": "string", "enum": ["a"]})),
    ];
    for (direction, old, new) in cases {
        let found = changes(&body(direction, &old, json!({})), &body(direction, &new, json!({})));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].verdict, Verdict::Compatible, "{found:#?}");
    }
}

#[test]
fn one_component_is_one_cause() {
    let operation = |status: &str| json!({"responses": {status: {"description": "", "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Port"}}}}}}});
    let paths =
        json!({"/a": {"get": operation("200")}, "/b": {"get": operation("200"), "post": operation("201")}});
    let port = |with: bool| {
        let mut port = json!({"type": "object", "properties": {"id": {"type": "string"}, "berth": {"type": "string"}}, "required": ["id"]});
        if !with {
            port["properties"].as_object_mut().unwrap().remove("berth");
        }
        json!({"Port": port})
    };
    let found = changes(&api(paths.clone(), port(true)), &api(paths, port(false)));
    assert_eq!(rules(&found), ["response-field-removed"]);
    assert_eq!(found[0].component.as_deref(), Some("#/components/schemas/Port"));
    assert_eq!(found[0].at, "berth");
    let places: Vec<String> =
        found[0].affects.iter().map(|place| format!("{} {}", place.operation, place.at)).collect();
    assert_eq!(places, ["GET /a [].berth", "GET /b [].berth", "POST /b [].berth"]);
}

#[test]
fn what_many_operations_have_in_common_is_one_cause() {
    let with = |media: &[&str], status: &str, tag: &str, header: bool| {
        let content: serde_json::Map<String, Value> =
            media.iter().map(|name| ((*name).to_owned(), json!({"schema": {"type": "string"}}))).collect();
        let mut ok = json!({"description": "", "content": content});
        if header {
            ok["headers"] = json!({"X-Total": {"schema": {"type": "integer"}}});
        }
        let operation = json!({"tags": [tag], "responses": {"200": ok, status: {"description": ""}}});
        let paths: serde_json::Map<String, Value> =
            ["/a", "/b", "/c"].iter().map(|path| ((*path).to_owned(), json!({"get": operation}))).collect();
        api(paths.into(), json!({}))
    };
    let old = with(&["application/json"], "404", "x", true);
    let new = with(&["application/json", "application/cbor"], "409", "y", false);
    let found = changes(&old, &new);
    let mut names = rules(&found);
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "operation-tag-changed",
            "response-header-removed",
            "response-media-type-added",
            "response-status-added",
            "response-status-removed"
        ]
    );
    for change in &found {
        assert_eq!(change.affects.len(), 3, "{change:#?}");
        assert!(change.operation.is_none());
    }
}

#[test]
fn a_renamed_field_is_recognised() {
    let port = |name: &str| json!({"type": "object", "properties": {"id": {"type": "string"}, name: {"type": "integer", "minimum": 3}}});
    let wide = |name: &str| body(Direction::Response, &port(name), json!({}));
    let found = changes(&wide("depth"), &wide("draught"));
    let mut messages: Vec<&str> = found.iter().map(|change| change.message.as_str()).collect();
    messages.sort_unstable();
    assert_eq!(
        messages,
        [
            "`f.depth` is gone; `draught`, new beside it, means the same",
            "`f.draught` is new; `depth`, gone beside it, meant the same"
        ]
    );
}

#[test]
fn a_renamed_component_matters_to_typed_clients_alone() {
    let port = json!({"type": "object", "properties": {"id": {"type": "string"}}});
    let with = |name: &str| {
        body(
            Direction::Request,
            &json!({"$ref": format!("#/components/schemas/{name}")}),
            json!({name: port}),
        )
    };
    let found = changes(&with("Port"), &with("Harbour"));
    assert_eq!(rules(&found), ["component-renamed"]);
    assert_eq!(found[0].breaks.words(), ["sdk"]);
}

#[test]
fn callbacks_have_their_direction_turned() {
    let with = |schema: Value| {
        let call = json!({"{$request.body#/url}": {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": {"200": {"description": ""}}}}});
        api(
            json!({"/ports": {"post": {"callbacks": {"onDocked": call}, "responses": {"200": {"description": ""}}}}}),
            json!({}),
        )
    };
    let (narrow, wide) = (with(json!({"type": "string", "maxLength": 3})), with(json!({"type": "string"})));
    let found = changes(&narrow, &wide);
    assert_eq!(rules(&found), ["response-field-widened"]);
    assert_eq!(found[0].affects[0].at, "callback:onDocked:post");
    assert!(found[0].witness.is_some());
    assert_eq!(rules(&changes(&wide, &narrow)), ["response-field-narrowed"]);
}

#[test]
fn undeclared_fields_by_one_assumption() {
    // Requests carry declared fields only: nobody sent what is refused now.
    let object = |additional: Option<bool>, with: bool| {
        let mut schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        if with {
            schema["properties"]["b"] = json!({"type": "string"});
        }
        if let Some(additional) = additional {
            schema["additionalProperties"] = json!(additional);
        }
        body(Direction::Request, &schema, json!({}))
    };
    assert!(
        changes(&object(None, false), &object(Some(false), false)).iter().all(|change| !change.breaks.wire)
    );
    // What was declared and is refused now is lost on the wire, with a witness.
    let found = changes(&object(None, true), &object(Some(false), false));
    let gone = found.iter().find(|change| change.rule == "request-field-removed").unwrap();
    assert_eq!(gone.breaks.words(), ["wire", "sdk"]);
    assert!(gone.witness.is_some());
    // Where undeclared fields are ignored it is only gone for typed clients.
    let found = changes(&object(None, true), &object(None, false));
    assert_eq!(rules(&found), ["request-field-removed"]);
    assert_eq!(found[0].breaks.words(), ["sdk"]);
}

#[test]
fn read_only_and_write_only_count_by_direction() {
    let with = |direction: Direction, flag: &str| {
        let schema = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", flag: true}, "b": {"type": "string"}}});
        body(direction, &schema, json!({}))
    };
    let without = |direction: Direction| {
        body(direction, &json!({"type": "object", "properties": {"b": {"type": "string"}}}), json!({}))
    };
    for (direction, flag) in [(Direction::Request, "readOnly"), (Direction::Response, "writeOnly")] {
        let found = changes(&with(direction, flag), &without(direction));
        assert!(found.is_empty(), "{flag}: {found:#?}");
    }
    for (direction, flag) in [(Direction::Response, "readOnly"), (Direction::Request, "writeOnly")] {
        assert!(!changes(&with(direction, flag), &without(direction)).is_empty(), "{flag}");
    }
}

#[test]
fn open_lists_of_values_may_grow() {
    let with = |values: Value| {
        body(
            Direction::Response,
            &json!({"type": "string", "enum": values, "x-extensible-enum": values}),
            json!({}),
        )
    };
    let found = changes(&with(json!(["a"])), &with(json!(["a", "b"])));
    assert!(found.iter().all(|change| !change.breaks.wire), "{found:#?}");
}

#[test]
fn operations_and_their_parts() {
    let old = json!({"openapi": "3.0.3", "info": {"title": "Harbour", "version": "1"},
        "servers": [{"url": "https://h.example/v1"}],
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
        "paths": {
            "/gone": {"get": {"responses": {"200": {"description": ""}}}},
            "/ports/{id}": {"get": {"operationId": "getPort", "tags": ["Ports"],
                "parameters": [
                    {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                    {"name": "old", "in": "query", "schema": {"type": "string"}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 50}},
                    {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                    {"name": "need", "in": "query", "schema": {"type": "string"}},
                    {"name": "n", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "", "headers": {"X-Total": {"schema": {"type": "integer"}}},
                    "content": {"application/json": {"schema": {"type": "string"}}, "text/plain": {"schema": {"type": "string"}}}},
                    "404": {"description": ""}}},
              "put": {"requestBody": {"content": {"application/json": {"schema": {"type": "string"}}}}, "responses": {"200": {"description": ""}}}}}});
    let new = json!({"openapi": "3.0.3", "info": {"title": "Harbour", "version": "2"},
        "servers": [{"url": "https://h.example/v2"}],
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Token"}}},
        "paths": {
            "/fresh": {"get": {"responses": {"200": {"description": ""}}}},
            "/ports/{portId}": {"get": {"operationId": "readPort", "tags": ["Harbour"],
                "parameters": [
                    {"name": "portId", "in": "path", "required": true, "schema": {"type": "string"}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 100}},
                    {"name": "ids", "in": "query", "explode": false, "schema": {"type": "array", "items": {"type": "string"}}},
                    {"name": "need", "in": "query", "required": true, "schema": {"type": "string"}},
                    {"name": "fresh", "in": "query", "schema": {"type": "string"}},
                    {"name": "n", "in": "query", "schema": {"type": "string"}}],
                "responses": {"202": {"description": "", "content": {"application/json": {"schema": {"type": "string"}}}},
                    "4XX": {"description": ""}}},
              "put": {"requestBody": {"required": true, "content": {"application/xml": {"schema": {"type": "string"}}}}, "responses": {"2XX": {"description": ""}}}}}});
    let found = changes(&old, &new);
    let mut names = rules(&found);
    names.sort_unstable();
    names.dedup();
    assert_eq!(
        names,
        [
            "operation-added",
            "operation-id-changed",
            "operation-removed",
            "operation-tag-changed",
            "parameter-added",
            "parameter-removed",
            "parameter-required",
            "parameter-style-changed",
            "parameter-type-changed",
            "path-parameter-renamed",
            "request-body-required",
            "request-default-changed",
            "request-media-type-added",
            "request-media-type-removed",
            "response-status-added",
            "response-success-removed",
            "security-stricter",
            "server-changed",
        ]
    );
    assert!(
        found.iter().all(|change| !change.breaks.wire
            || change.verdict != Verdict::Breaks
            || change.witness.is_some())
    );
}

fn fixture_documents() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut out = Vec::new();
    for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
        let entry = entry.unwrap();
        let is_document = entry.path().extension().is_some_and(|ext| ext == "json" || ext == "yaml");
        if is_document {
            out.push((entry.path().display().to_string(), std::fs::read(entry.path()).unwrap()));
        }
    }
    out
}

#[test]
fn no_document_differs_from_itself() {
    let mut compared = 0;
    for (name, bytes) in fixture_documents() {
        let read = || Document::read(&name, bytes.clone(), &Annotations::default());
        let (Ok(a), Ok(b)) = (read(), read()) else { continue };
        let found = diff(&a, &b);
        assert!(found.is_empty(), "{name}: {found:#?}");
        compared += 1;
    }
    assert!(compared > 5, "{compared}");
}

/// Each rule with what it is called when the documents change places.
fn mirror(rule: &str) -> &str {
    match rule {
        "operation-added" => "operation-removed",
        "parameter-added" => "parameter-removed",
        "parameter-required" => "parameter-optional",
        "parameter-narrowed" => "parameter-widened",
        "request-field-added" => "request-field-removed",
        "request-field-required" => "request-field-optional",
        "request-field-narrowed" => "request-field-widened",
        "request-enum-value-added" => "request-enum-value-removed",
        "request-media-type-added" => "request-media-type-removed",
        "request-body-required" => "request-body-optional",
        "response-field-added" => "response-field-removed",
        "response-field-required" => "response-field-optional",
        "response-field-widened" => "response-field-narrowed",
        "response-enum-value-added" => "response-enum-value-removed",
        "response-media-type-added" => "response-media-type-removed",
        "response-header-added" => "response-header-removed",
        "response-header-required" => "response-header-optional",
        "callback-added" => "callback-removed",
        "component-added" => "component-removed",
        "deprecation-added" => "deprecation-removed",
        "webhook-added" => "webhook-removed",
        "webhook-body-added" => "webhook-body-removed",
        "webhook-media-type-added" => "webhook-media-type-removed",
        other => other,
    }
}

/// Rules that say the same from both sides once they are put in one class: what
/// is required and what came or went are told together.
fn class(rule: &'static str) -> &'static str {
    match rule {
        "parameter-required" | "parameter-optional" | "parameter-added" | "parameter-removed" => "parameter",
        "request-field-required"
        | "request-field-optional"
        | "request-field-added"
        | "request-field-removed" => "request field",
        "response-field-required"
        | "response-field-optional"
        | "response-field-added"
        | "response-field-removed" => "response field",
        "response-success-removed" | "response-status-removed" | "response-status-added" => "status",
        "request-body-required" | "request-body-added" | "request-body-removed" | "request-body-optional" => {
            "body"
        }
        "parameter-type-changed" | "parameter-narrowed" | "parameter-widened" => "parameter values",
        "security-stricter" | "security-looser" => "security",
        "operation-added" | "operation-removed" => "operation",
        other => {
            let turned = sunwatch::rules::RULES
                .iter()
                .map(|rule| rule.id)
                .find(|id| *id != other && mirror(id) == other);
            turned.unwrap_or(other)
        }
    }
}

fn classes(changes: &[Change]) -> std::collections::BTreeMap<&'static str, usize> {
    let mut out = std::collections::BTreeMap::new();
    for change in changes {
        *out.entry(class(change.rule)).or_insert(0) += 1;
    }
    out
}

#[test]
fn there_and_back_mirror_each_other() {
    let documents: Vec<Document> = fixture_documents()
        .into_iter()
        .filter(|(name, _)| name.contains("orbit") && name.contains("releases"))
        .filter_map(|(name, bytes)| Document::read(&name, bytes, &Annotations::default()).ok())
        .collect();
    assert!(documents.len() > 3);
    for pair in documents.windows(2) {
        let (there, back) = (diff(&pair[0], &pair[1]), diff(&pair[1], &pair[0]));
        assert_eq!(classes(&there), classes(&back), "{} {}", pair[0].name, pair[1].name);
    }
}
