//! The dialects: one API written in each of them is one API, what each calls
//! deprecated, and what only later ones can say.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use sunwatch::document::{
    Anchor, Annotations, Dialect, Direction, Document, OperationKey, ParameterIn, Schema, SchemaId, Severity,
};
use sunwatch::lifecycle::{History, ItemKind};
use sunwatch::policy::Policy;
use sunwatch::release::ReleaseId;

const PETS: [(&str, Dialect); 4] = [
    ("pets.2.0.yaml", Dialect::Swagger20),
    ("pets.3.0.json", Dialect::OpenApi30),
    ("pets.3.1.yaml", Dialect::OpenApi31),
    ("pets.3.2.yaml", Dialect::OpenApi32),
];

fn pets(name: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dialects").join(name);
    Document::read(name, std::fs::read(path).unwrap(), &Annotations::default()).unwrap()
}

fn read(value: &Value) -> Document {
    Document::read("x", value.to_string().into_bytes(), &Annotations::default()).unwrap()
}

fn policy() -> Policy {
    Policy::parse("", "policy.toml", &[]).unwrap()
}

fn history(names: &[&str]) -> History {
    let release = |(nth, name): (usize, &&str)| (ReleaseId::new(&(nth + 1).to_string()), pets(name));
    let documents: Vec<_> = names.iter().enumerate().map(release).collect();
    History::of_documents(&documents, &policy())
}

/// Everything that an operation names: parameters, bodies, statuses, fields by
/// place, values.
fn names(document: &Document) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for operation in document.operations() {
        let key = &operation.key;
        out.insert(format!("{key} {:?}", operation.operation_id));
        for parameter in &operation.parameters {
            let at = format!("{key} {} {:?} {}", parameter.at(), parameter.component, parameter.required);
            fields(document, &[parameter.schema.unwrap()], Direction::Request, &at, 3, &mut out);
            out.insert(at);
        }
        if let Some(body) = &operation.body {
            out.insert(format!("{key} body {}", body.required));
            for media in &body.content {
                let at = format!("{key} body {}", media.name);
                fields(document, &[media.schema.unwrap()], Direction::Request, &at, 5, &mut out);
            }
        }
        for response in &operation.responses {
            out.insert(format!("{key} {}", response.status));
            for media in &response.content {
                let at = format!("{key} {} {}", response.status, media.name);
                fields(document, &[media.schema.unwrap()], Direction::Response, &at, 5, &mut out);
            }
        }
    }
    out
}

fn fields(
    document: &Document,
    ids: &[SchemaId],
    direction: Direction,
    at: &str,
    depth: usize,
    out: &mut BTreeSet<String>,
) {
    if depth == 0 || ids.is_empty() {
        return;
    }
    let shape = document.shape(ids, direction);
    for value in shape.enums.iter().flat_map(|id| &document.schema(*id).enum_values) {
        out.insert(format!("{at} = {}", value.text));
    }
    for property in &shape.properties {
        let at = format!("{at} {}", property.name);
        out.insert(format!("{at} {}", property.required));
        fields(document, &property.schemas, direction, &at, depth - 1, out);
    }
    fields(document, &shape.items, direction, &format!("{at} []"), depth - 1, out);
    fields(document, &shape.values, direction, &format!("{at} {{}}"), depth - 1, out);
}

#[test]
fn one_api_has_the_same_names_in_all_dialects() {
    let expected = names(&pets("pets.3.0.json"));
    assert!(expected.len() > 100, "{}", expected.len());
    for (name, dialect) in PETS {
        let document = pets(name);
        assert_eq!(document.problems, [], "{name}");
        assert_eq!(document.dialect.dialect, dialect);
        assert_eq!(document.servers, ["https://kennel.harbour.example/v1"]);
        let found = names(&document);
        let odd: Vec<_> = found.symmetric_difference(&expected).collect();
        assert!(odd.is_empty(), "{name}: {odd:#?}");
    }
}

/// In every order, so that no dialect is only good to come from or to go to.
#[test]
fn between_dialects_nothing_happens() {
    let all: Vec<&str> = PETS.iter().map(|(name, _)| *name).collect();
    let mut orders = vec![all.clone(), all.iter().rev().copied().collect()];
    for a in &all {
        orders.extend(all.iter().map(|b| vec![*a, *b]));
    }
    for order in orders {
        let history = history(&order);
        for item in &history.items {
            let is_quiet = item.introduced.or_earlier
                && item.removed.is_none()
                && item.required.is_none()
                && item.undeprecated.is_none()
                && item.earlier.is_empty()
                && item.deprecated.as_ref().is_none_or(|since| since.or_earlier);
            assert!(is_quiet, "{order:?}: {item:#?}");
        }
        let deprecated = history.items.iter().filter(|item| item.deprecated.is_some());
        let found: Vec<String> = deprecated.map(|item| format!("{} {}", item.key.kind, item.key)).collect();
        assert_eq!(
            found,
            [
                "operation DELETE /pets/{petId}",
                "parameter GET /pets query:sort",
                "request-field #/components/schemas/Pet chip",
                "request-field POST /pets/{petId}/photo album",
                "response-field #/components/schemas/Pet chip",
            ],
            "{order:?}"
        );
        assert_eq!(history.operations().count(), 6);
    }
}

/// The deprecated items of one document.
fn deprecated(value: &Value) -> Vec<String> {
    let document = read(value);
    assert!(!document.has_losses(), "{:?}", document.problems);
    let history = History::of_documents(&[(ReleaseId::new("1"), document)], &policy());
    let items = history.items.iter().filter(|item| item.deprecated.is_some());
    items.map(|item| format!("{} {}", item.key.kind, item.key)).collect()
}

#[test]
fn swagger_deprecates_by_flag_and_extension() {
    let value = json!({"swagger": "2.0", "info": {}, "paths": {"/a": {
        "get": {"x-deprecated": true, "parameters": [
            {"name": "old", "in": "query", "type": "string", "x-deprecated": "2024-01-31"},
            {"name": "flagged", "in": "header", "type": "string", "deprecated": true},
            {"name": "new", "in": "query", "type": "string"},
        ], "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/A"}}}},
        "post": {"deprecated": true, "parameters": [{"name": "x", "in": "body", "schema": {"$ref": "#/definitions/A"}}],
            "responses": {}},
        "put": {"deprecated": false, "responses": {}},
    }}, "definitions": {
        "A": {"properties": {"b": {"$ref": "#/definitions/B"}, "c": {"deprecated": true}, "d": {}}},
        "B": {"x-deprecated": true, "properties": {"e": {}}},
    }});
    assert_eq!(
        deprecated(&value),
        [
            "operation GET /a",
            "operation POST /a",
            "parameter GET /a header:flagged",
            "parameter GET /a query:old",
            "request-field #/components/schemas/A b",
            "request-field #/components/schemas/A c",
            "response-field #/components/schemas/A b",
            "response-field #/components/schemas/A c",
        ]
    );
}

/// JSON Schema 2020-12: deprecated where any part that applies says so.
#[test]
fn annotations_are_collected() {
    let schema = json!({"type": ["object", "null"], "properties": {
        "sibling": {"$ref": "#/components/schemas/Plain", "deprecated": true},
        "target": {"$ref": "#/components/schemas/Old"},
        "wrapped": {"allOf": [{"$ref": "#/components/schemas/Old"}, {"description": "x"}]},
        "nullable": {"anyOf": [{"$ref": "#/components/schemas/Old"}, {"type": "null"}]},
        "either": {"oneOf": [{"type": "string", "deprecated": true}, {"type": "integer"}]},
        "kind": {"oneOf": [{"const": "a"}, {"const": "b", "deprecated": true}]},
        "pair": {"prefixItems": [{"$ref": "#/components/schemas/Plain"}], "items": false},
        "never": false,
    }});
    for version in ["3.1.0", "3.2.0"] {
        let value = json!({"openapi": version, "info": {}, "paths": {"/a": {"get": {"responses": {"200": {"description": "",
        "content": {"application/json": {"schema": schema}}}}}}}, "components": {"schemas": {
            "Plain": {"type": "string"}, "Old": {"type": "string", "deprecated": true},
        }}});
        let found = deprecated(&value);
        let fields: Vec<&str> = found
            .iter()
            .map(|item| item.strip_prefix("response-field GET /a 200 ").unwrap_or(item))
            .collect();
        let ends = |name: &str| fields.iter().any(|field| field.ends_with(name));
        for name in ["sibling", "target", "wrapped", "nullable"] {
            assert!(ends(name), "{name}: {fields:#?}");
        }
        for name in ["either", "pair", "pair[]", "never"] {
            assert!(!ends(name), "{name}: {fields:#?}");
        }
        let values: Vec<_> = found.iter().filter(|item| item.starts_with("enum-value")).collect();
        assert!(values.len() == 1 && values[0].ends_with("kind=b"), "{values:?}");
        assert_eq!(found.len(), 5, "{found:#?}");
    }
}

#[test]
fn what_swagger_writes_in_lists() {
    let value = json!({"swagger": "2.0", "info": {}, "host": "h.example:8080", "basePath": "v1", "schemes": ["http", "https"],
        "produces": ["a/x"], "consumes": ["application/json"], "paths": {"/a": {
        "post": {"consumes": ["application/x-www-form-urlencoded", "multipart/form-data", "a/y"], "produces": ["a/y", "a/z"],
            "parameters": [{"$ref": "#/parameters/Word"}, {"name": "n", "in": "formData", "type": "integer"}],
            "responses": {"200": {"description": "", "schema": {"type": "string"}}, "204": {"description": ""}}},
        "put": {"parameters": [{"$ref": "#/parameters/Thing"}], "produces": [],
            "responses": {"200": {"$ref": "#/responses/Done"}}},
        "patch": {"parameters": [{"name": "f", "in": "formData", "type": "file"}], "responses": {}},
    }}, "parameters": {
        "Word": {"name": "word", "in": "formData", "type": "string", "enum": ["x", "y"], "required": true},
        "Thing": {"name": "thing", "in": "body", "schema": {"type": "object", "properties": {"p": {}}}},
    }, "responses": {"Done": {"description": "", "schema": {"type": "object", "properties": {"q": {}}}}}});
    let document = read(&value);
    assert_eq!(document.problems, []);
    assert_eq!(document.servers, ["http://h.example:8080/v1", "https://h.example:8080/v1"]);
    let operation = |method: &str| document.operation(&OperationKey::new(method, "/a")).unwrap();
    let types = |content: &[sunwatch::document::MediaType]| -> Vec<String> {
        content.iter().map(|media| media.name.clone()).collect()
    };
    let post = operation("POST");
    assert!(post.parameters.is_empty());
    let body = post.body.as_ref().unwrap();
    assert!(body.required);
    assert_eq!(types(&body.content), ["application/x-www-form-urlencoded", "multipart/form-data"]);
    let form = document.schema(body.content[0].schema.unwrap());
    let fields: Vec<_> = form.properties.iter().map(|property| property.name.as_str()).collect();
    assert_eq!((fields, form.required.as_slice()), (vec!["word", "n"], ["word".to_owned()].as_slice()));
    let pointer = |schema: &Schema| document.tree().pointer_to(schema.node);
    assert_eq!(pointer(form), "/paths/~1a/post/parameters");
    let word = document.schema(form.properties[0].schema);
    let shared = document.schema(word.target.unwrap());
    assert_eq!(*shared.anchor, Anchor::Component("#/components/parameters/Word".into()));
    assert_eq!((pointer(shared).as_str(), shared.enum_values.len()), ("/parameters/Word", 2));
    assert_eq!(types(&post.responses[0].content), ["a/y", "a/z"]);
    assert!(post.responses[1].content.is_empty());
    let put = operation("PUT");
    let anchor =
        |media: &sunwatch::document::MediaType| document.schema(media.schema.unwrap()).anchor.clone();
    let body = put.body.as_ref().unwrap();
    assert_eq!(types(&body.content), ["application/json"]);
    assert_eq!(*anchor(&body.content[0]), Anchor::Component("#/components/requestBodies/Thing".into()));
    assert_eq!(types(&put.responses[0].content), ["*/*"]);
    let done = anchor(&put.responses[0].content[0]);
    assert_eq!(*done, Anchor::Component("#/components/responses/Done".into()));
    assert_eq!(types(&operation("PATCH").body.as_ref().unwrap().content), ["multipart/form-data"]);
}

#[test]
fn what_is_wrong_in_swagger_is_said() {
    let value = json!({"swagger": 2.0, "info": {}, "paths": {"/a": {"get": {"parameters": [
        {"name": "a", "in": "cookie", "type": "string"}, {"in": "query"}, {"$ref": "#/parameters/Nobody"},
        {"in": "formData", "type": "string"}, {"name": "b", "in": "query", "type": "string"},
    ], "responses": {"200": {"$ref": "#/responses/A"}}}}},
        "responses": {"A": {"$ref": "#/responses/B"}, "B": {"$ref": "#/responses/A"}},
        "definitions": {"S": {"allOf": [{"$ref": "#/definitions/S"}]}}});
    let document = read(&value);
    assert_eq!(document.operations()[0].parameters.len(), 1);
    let messages: Vec<&str> = document.problems.iter().map(|problem| problem.message.as_str()).collect();
    for words in [
        "`swagger`: expected a string",
        "`in`: expected path, query, header",
        "a parameter of `GET /a`: expected `name`",
        "`#/parameters/Nobody` leads to nothing",
        "a form parameter of `GET /a`: expected `name`",
        "refers to itself",
        "schema `#/definitions/S` contains itself",
    ] {
        assert!(messages.iter().any(|message| message.contains(words)), "{words}: {messages:#?}");
    }
    assert_eq!(messages.len(), 7, "{messages:#?}");
}

#[test]
fn webhooks_and_callbacks_are_kept_apart() {
    let body = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}});
    let done = json!({"200": {"description": ""}});
    let components = json!({"schemas": {"Event": {"properties": {"id": {"deprecated": true}}}},
        "callbacks": {"Moved": {"{$request.body#/url}": {"put": {"responses": done, "callbacks": {"again": {"$ref": "#/components/callbacks/Moved"}}}}}}});
    let hook = json!({"newPet": {"post": {"requestBody": body, "responses": done}}});
    let value = json!({"openapi": "3.1.0", "info": {}, "webhooks": hook, "components": components, "paths": {"/newPet": {"post": {
        "callbacks": {"moved": {"$ref": "#/components/callbacks/Moved"},
            "sold": {"{$url}": {"post": {"requestBody": body, "responses": done, "parameters": [{"in": "nowhere"}]}}}},
        "responses": done}}}});
    let document = read(&value);
    assert_eq!(document.operations().len(), 1);
    let found: Vec<String> = document
        .webhooks()
        .iter()
        .map(|hook| format!("{}, {:?}: {}", hook.name, hook.owner.is_some(), hook.operation.key))
        .collect();
    assert_eq!(
        found,
        [
            "moved, true: PUT callback:POST /newPet moved {$request.body#/url}",
            "sold, true: POST callback:POST /newPet sold {$url}",
            "newPet, false: POST webhook:newPet",
        ]
    );
    // Nobody sends or receives the event by a call, so it has no life.
    assert!(!document.has_losses());
    assert_eq!(document.problems.len(), 1, "{:?}", document.problems);
    let history = History::of_documents(&[(ReleaseId::new("1"), document)], &policy());
    assert_eq!(history.items.len(), 1);
    // In 3.0 there are callbacks, no webhooks.
    let mut older = value.clone();
    older["openapi"] = json!("3.0.3");
    assert_eq!(read(&older).webhooks().len(), 2);
    // Without `paths` there is nothing to call, and nothing lost.
    let mut hooks = value;
    hooks.as_object_mut().unwrap().remove("paths");
    let document = read(&hooks);
    assert_eq!((document.operations().len(), document.webhooks().len()), (0, 1));
    assert_eq!(document.problems.iter().map(|p| p.severity).collect::<Vec<_>>(), [Severity::Warning]);
}

#[test]
fn json_schema_in_openapi_31() {
    let schemas = json!({
        "Tree": {"$id": "https://x.example/tree", "$defs": {"leaf": {"$anchor": "leaf", "properties": {"green": {}, "blue": false}}},
            "properties": {"pair": {"prefixItems": [{"$ref": "#leaf"}, {"properties": {"second": {}}}], "items": {"properties": {"rest": {}}}},
                "by": {"$ref": "https://x.example/tree#/$defs/leaf"}},
            "dependentSchemas": {"a": {"properties": {"dependent": {}}}},
            "if": {"properties": {"condition": {}}}, "then": {"properties": {"then": {}}}, "else": true,
            "unevaluatedProperties": {"properties": {"other": {}}}},
        "Deep": {"$defs": {"inner": {"const": 7}}, "properties": {"x": {"$ref": "#/components/schemas/Deep/$defs/inner"}}},
        "Node": {"$dynamicAnchor": "node", "properties": {"next": {"$dynamicRef": "#node"}}},
        "Yes": true, "No": false,
        "Enum": {"enum": ["a", null, 1]},
    });
    let properties: serde_json::Map<String, Value> = schemas
        .as_object()
        .unwrap()
        .keys()
        .map(|name| (name.clone(), json!({"$ref": format!("#/components/schemas/{name}")})))
        .collect();
    let value = json!({"openapi": "3.1.0", "info": {}, "components": {"schemas": schemas}, "paths": {"/a": {"get": {"responses": {"200":
        {"description": "", "content": {"application/json": {"schema": {"properties": properties}}}}}}}}});
    let document = read(&value);
    let messages: Vec<&str> = document.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(messages.iter().any(|message| message.contains("`$id` makes `#`")), "{messages:#?}");
    assert!(
        messages.iter().any(|message| message.contains("`$dynamicRef` is read as `$ref`")),
        "{messages:#?}"
    );
    assert_eq!(messages.len(), 2, "{messages:#?}");
    let found: BTreeSet<String> = names(&document)
        .into_iter()
        .filter_map(|name| Some(name.strip_prefix("GET /a 200 application/json ")?.to_owned()))
        .collect();
    for name in [
        "Tree pair [] green false",
        "Tree pair [] second false",
        "Tree pair [] rest false",
        "Tree by green false",
        "Tree dependent false",
        "Tree then false",
        "Tree {} other false",
        "Deep x = 7",
        "Node next next false",
        "Enum = a",
        "Enum = 1",
    ] {
        assert!(found.contains(name), "{name}: {found:#?}");
    }
    assert!(
        !found
            .iter()
            .any(|name| name.contains("condition") || name.contains("blue") || name.contains("null")),
        "{found:#?}"
    );
}

#[test]
fn what_is_new_in_32() {
    let done = json!({"200": {"description": "", "content": {"application/jsonl": {"itemSchema": {"properties": {"line": {}}}}}}});
    let value = json!({"openapi": "3.2.0", "$self": "https://x.example/api.json", "info": {}, "paths": {"/a": {
        "query": {"responses": done, "requestBody": {"content": {"application/json": {"$ref": "#/components/mediaTypes/Question"}}}},
        "additionalOperations": {"COPY": {"deprecated": true, "responses": {}}, "LINK": 7},
        "get": {"parameters": [
            {"name": "all", "in": "querystring", "content": {"application/x-www-form-urlencoded": {"schema": {"properties": {"q": {}}}}}},
            {"name": "c", "in": "cookie", "style": "cookie", "schema": {"type": "string"}},
        ], "responses": {}},
        }},
        "components": {"mediaTypes": {"Question": {"schema": {"$ref": "https://x.example/api.json#/components/schemas/Q"}}},
            "schemas": {"Q": {"properties": {"ask": {}}, "discriminator": {"propertyName": "x", "defaultMapping": "Q"}}}}});
    let document = read(&value);
    let messages: Vec<&str> = document.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(messages.len() == 1 && messages[0].contains("`LINK /a`"), "{messages:#?}");
    let keys: Vec<String> = document.operations().iter().map(|operation| operation.key.to_string()).collect();
    assert_eq!(keys, ["QUERY /a", "GET /a", "COPY /a"]);
    assert!(document.operations()[2].deprecation.is_some());
    let get = &document.operations()[1];
    let places: Vec<_> = get.parameters.iter().map(|parameter| parameter.at()).collect();
    assert_eq!(places, ["query:all", "cookie:c"]);
    assert_eq!(get.parameters[0].location, ParameterIn::QueryString);
    let found = names(&document);
    for name in [
        "GET /a query:all None false q false",
        "QUERY /a body application/json ask false",
        "QUERY /a 200 application/jsonl [] line false",
    ] {
        assert!(found.contains(name), "{name}: {found:#?}");
    }
    // A field of a query string has a life.
    let mut newer = value.clone();
    newer["paths"]["/a"]["get"]["parameters"][0]["content"]["application/x-www-form-urlencoded"]["schema"]
        ["properties"] = json!({"r": {}});
    let documents = [(ReleaseId::new("1"), document), (ReleaseId::new("2"), read(&newer))];
    let history = History::of_documents(&documents, &policy());
    let fields = history.items.iter().filter(|item| item.key.kind == ItemKind::RequestField);
    let lives: Vec<_> = fields.map(|item| (item.key.at.as_str(), item.removed.is_some())).collect();
    assert_eq!(lives, [("query:all.q", true), ("query:all.r", false)]);
    // Earlier dialects do not know the method.
    let mut older = value;
    older["openapi"] = json!("3.1.0");
    assert!(read(&older).operation(&OperationKey::new("QUERY", "/a")).is_none());
}

/// Operations beside the `$ref` of a path item count, and win.
#[test]
fn path_items_have_siblings() {
    let named = |name: &str| json!({"operationId": name, "responses": {}});
    let value = json!({"openapi": "3.1.0", "info": {}, "components": {"pathItems": {"A": {"get": named("a"), "put": named("b")}}},
        "paths": {"/a": {"$ref": "#/components/pathItems/A", "put": named("c"), "post": named("d")}}});
    let document = read(&value);
    assert_eq!(document.problems, []);
    let found: BTreeSet<&str> =
        document.operations().iter().filter_map(|operation| operation.operation_id.as_deref()).collect();
    assert_eq!(found, BTreeSet::from(["a", "c", "d"]));
}

/// What leads back to itself ends, in every dialect.
#[test]
fn rings_end() {
    let schema =
        json!({"$ref": "#/components/schemas/A", "prefixItems": [{"$ref": "#/components/schemas/A"}]});
    let ring = json!({"openapi": "3.2.0", "$self": "#", "info": {}, "components": {
        "schemas": {"A": {"$dynamicRef": "#/components/schemas/B", "then": {"$ref": "#/components/schemas/A"}},
            "B": {"$dynamicAnchor": "x", "$dynamicRef": "#x", "items": {"$ref": "#x"}}},
        "mediaTypes": {"M": {"$ref": "#/components/mediaTypes/M"}},
        "callbacks": {"C": {"$ref": "#/components/callbacks/C"}},
        "pathItems": {"P": {"$ref": "#/components/pathItems/P"}}},
        "webhooks": {"p": {"$ref": "#/components/pathItems/P"}},
        "paths": {"/p": {"$ref": "#/components/pathItems/P"}, "/a": {"get": {"callbacks": {"c": {"$ref": "#/components/callbacks/C"}},
            "responses": {"200": {"description": "", "content": {"a/b": {"$ref": "#/components/mediaTypes/M"}, "c/d": {"itemSchema": schema, "schema": schema}}}}}}}});
    let document = read(&ring);
    assert_eq!(document.operations().len(), 1);
    assert!(document.has_losses());
    let swagger = json!({"swagger": "2.0", "info": {}, "parameters": {"A": {"$ref": "#/parameters/A"}},
        "definitions": {"A": {"$ref": "#/definitions/A"}},
        "paths": {"/a": {"get": {"parameters": [{"$ref": "#/parameters/A"}, {"in": "body", "schema": {"$ref": "#/definitions/A"}}], "responses": {}}}}});
    let other = read(&swagger);
    assert!(other.has_losses());
    let documents =
        [(ReleaseId::new("1"), document), (ReleaseId::new("2"), other), (ReleaseId::new("3"), read(&ring))];
    let history = History::of_documents(&documents, &policy());
    assert!(history.items.iter().any(|item| item.key.kind == ItemKind::Operation));
}

/// One API by the means of each dialect: what each writes in its own way is one
/// meaning. The two halves of each row are the schema of a field in Swagger 2.0
/// or OpenAPI 3.0, and in 3.1 or 3.2.
fn meanings() -> Vec<(Value, Value, Value)> {
    let same = |schema: Value| (schema.clone(), schema.clone(), schema);
    let row = |two: Value, three: Value, later: Value| (two, three, later);
    vec![
        row(
            json!({"type": "integer", "minimum": 3, "exclusiveMinimum": true}),
            json!({"type": "integer", "minimum": 3, "exclusiveMinimum": true}),
            json!({"type": "integer", "exclusiveMinimum": 3}),
        ),
        row(
            json!({"type": "number", "maximum": 9.5, "exclusiveMaximum": true, "minimum": 0, "exclusiveMinimum": false}),
            json!({"type": "number", "maximum": 9.5, "exclusiveMaximum": true, "minimum": 0, "exclusiveMinimum": false}),
            json!({"type": "number", "exclusiveMaximum": 9.5, "minimum": 0}),
        ),
        row(
            json!({"type": "string", "x-nullable": true, "maxLength": 4}),
            json!({"type": "string", "nullable": true, "maxLength": 4}),
            json!({"type": ["string", "null"], "maxLength": 4}),
        ),
        row(
            json!({"type": "string", "x-nullable": true, "enum": ["a", "b"]}),
            json!({"type": "string", "nullable": true, "enum": ["a", "b", null]}),
            json!({"enum": ["a", "b", null]}),
        ),
        row(
            json!({"type": "array", "items": {"type": "string", "enum": ["only"]}}),
            json!({"type": "array", "items": {"type": "string", "enum": ["only"]}}),
            json!({"type": "array", "items": {"type": "string", "const": "only"}}),
        ),
        row(
            json!({"type": "string", "format": "byte"}),
            json!({"type": "string", "format": "byte"}),
            json!({"type": "string", "contentEncoding": "base64"}),
        ),
        row(
            json!({"allOf": [{"$ref": "#/definitions/Crew"}], "x-nullable": true}),
            json!({"allOf": [{"$ref": "#/components/schemas/Crew"}], "nullable": true}),
            json!({"anyOf": [{"$ref": "#/components/schemas/Crew"}, {"type": "null"}]}),
        ),
        row(
            json!({"$ref": "#/definitions/Crew"}),
            json!({"$ref": "#/components/schemas/Crew"}),
            json!({"$ref": "#/components/schemas/Crew", "description": "Who is aboard."}),
        ),
        same(json!({"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 5})),
        same(
            json!({"type": "object", "additionalProperties": false, "properties": {"deck": {"type": "string"}}}),
        ),
        same(
            json!({"type": "array", "items": {"type": "number", "multipleOf": 0.5}, "uniqueItems": true, "minItems": 1}),
        ),
        same(json!({"type": "string", "pattern": "^[a-z]+$", "minLength": 1, "default": "quay"})),
        same(json!({})),
    ]
}

fn in_dialect(version: &str) -> Value {
    let is_old = version == "2.0";
    let root = if is_old { "#/definitions" } else { "#/components/schemas" };
    let properties: serde_json::Map<String, Value> = meanings()
        .into_iter()
        .enumerate()
        .map(|(nth, (two, three, later))| {
            let schema = match version {
                "2.0" => two,
                "3.0.3" => three,
                _ => later,
            };
            (format!("field{nth}"), schema)
        })
        .collect();
    let ship = json!({"type": "object", "required": ["field0"], "properties": properties});
    let crew = json!({"type": "object", "properties": {"size": {"type": "integer", "minimum": 1}}});
    let ship_ref = json!({"$ref": format!("{root}/Ship")});
    let mut document = json!({
        "info": {"title": "Harbour", "version": "1"},
        "paths": {"/ships": {"get": {}, "post": {}}, "/crews": {"post": {}}},
    });
    if is_old {
        document["swagger"] = "2.0".into();
        document["schemes"] = json!(["https"]);
        document["host"] = "harbour.example".into();
        document["basePath"] = "/v2".into();
        document["consumes"] = json!(["application/json"]);
        document["produces"] = json!(["application/json"]);
        document["definitions"] = json!({"Ship": ship, "Crew": crew});
        document["securityDefinitions"] = json!({
            "basic": {"type": "basic"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "login": {"type": "oauth2", "flow": "application", "tokenUrl": "https://harbour.example/token", "scopes": {"read": "r"}},
        });
        document["paths"]["/ships"]["get"] = json!({
            "security": [{"basic": []}, {"login": ["read"]}],
            "parameters": [
                {"name": "kinds", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"},
                {"name": "ids", "in": "query", "type": "array", "items": {"type": "integer"}},
                {"name": "spaced", "in": "query", "type": "array", "items": {"type": "integer"}, "collectionFormat": "ssv"},
                {"name": "limit", "in": "query", "type": "integer", "minimum": 1, "default": 20},
                {"name": "X-Trace", "in": "header", "type": "string", "required": true},
            ],
            "responses": {"200": {
                "description": "",
                "schema": {"type": "array", "items": ship_ref},
                "headers": {"X-Total": {"type": "integer"}},
            }},
        });
        document["paths"]["/ships"]["post"] = json!({
            "security": [{"key": []}],
            "parameters": [{"name": "ship", "in": "body", "required": true, "schema": ship_ref}],
            "responses": {"201": {"description": "", "schema": ship_ref}},
        });
        document["paths"]["/crews"]["post"] = json!({
            "consumes": ["application/x-www-form-urlencoded"],
            "parameters": [
                {"name": "size", "in": "formData", "type": "integer", "required": true},
                {"name": "name", "in": "formData", "type": "string", "maxLength": 9},
            ],
            "responses": {"204": {"description": ""}},
        });
    } else {
        document["openapi"] = version.into();
        document["servers"] = json!([{"url": "https://harbour.example/v2"}]);
        document["components"] = json!({
            "schemas": {"Ship": ship, "Crew": crew},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
                "login": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://harbour.example/token", "scopes": {"read": "r"}}}},
            },
        });
        let list = |of: &str| json!({"type": "array", "items": {"type": of}});
        document["paths"]["/ships"]["get"] = json!({
            "security": [{"basic": []}, {"login": ["read"]}],
            "parameters": [
                {"name": "kinds", "in": "query", "schema": list("string")},
                {"name": "ids", "in": "query", "explode": false, "schema": list("integer")},
                {"name": "spaced", "in": "query", "style": "spaceDelimited", "explode": false, "schema": list("integer")},
                {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 20}},
                {"name": "X-Trace", "in": "header", "required": true, "schema": {"type": "string"}},
            ],
            "responses": {"200": {
                "description": "",
                "content": {"application/json": {"schema": {"type": "array", "items": ship_ref}}},
                "headers": {"X-Total": {"schema": {"type": "integer"}}},
            }},
        });
        document["paths"]["/ships"]["post"] = json!({
            "security": [{"key": []}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": ship_ref}}},
            "responses": {"201": {"description": "", "content": {"application/json": {"schema": ship_ref}}}},
        });
        document["paths"]["/crews"]["post"] = json!({
            "requestBody": {"required": true, "content": {"application/x-www-form-urlencoded": {"schema": {
                "type": "object",
                "required": ["size"],
                "properties": {"size": {"type": "integer"}, "name": {"type": "string", "maxLength": 9}},
            }}}},
            "responses": {"204": {"description": ""}},
        });
    }
    document
}

#[test]
fn between_dialects_diff_tells_nothing() {
    for (old, _) in PETS {
        for (new, _) in PETS {
            let found: Vec<String> = sunwatch::diff::diff(&pets(old), &pets(new))
                .iter()
                .map(|change| format!("{} {} {}", change.rule, change.at, change.message))
                .collect();
            assert!(found.is_empty(), "{old} to {new}: {found:#?}");
        }
    }
}

#[test]
fn what_each_dialect_writes_in_its_own_way_is_no_change() {
    let versions = ["2.0", "3.0.3", "3.1.0", "3.2.0"];
    for old in versions {
        for new in versions {
            let (a, b) = (read(&in_dialect(old)), read(&in_dialect(new)));
            assert_eq!(a.problems, [], "{old}");
            let found: Vec<String> = sunwatch::diff::diff(&a, &b)
                .iter()
                .map(|change| format!("{} {} {}", change.rule, change.at, change.message))
                .collect();
            assert!(found.is_empty(), "{old} to {new}: {found:#?}");
        }
    }
}
