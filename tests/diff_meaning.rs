//! What `diff` makes of the words of OpenAPI beside containment: discriminators,
//! open lists, directions, styles, media types, statuses, webhooks, security, the
//! flags of a life; and of every keyword of JSON Schema against every other one,
//! judged by a validator that is not ours.

use serde_json::{Value, json};
use sunwatch::diff::{Change, Containment, Verdict, containment, diff};
use sunwatch::document::{Annotations, Direction, Document};

fn read(name: &str, value: &Value) -> Document {
    Document::read(name, value.to_string().into_bytes(), &Annotations::default()).unwrap()
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    diff(&read("old.json", old), &read("new.json", new))
}

fn rules(changes: &[Change]) -> Vec<&'static str> {
    let mut rules: Vec<&str> = changes.iter().map(|change| change.rule).collect();
    rules.sort_unstable();
    rules
}

fn api(version: &str, paths: Value, components: Value) -> Value {
    json!({"openapi": version, "info": {"title": "Harbour", "version": "1"}, "paths": paths, "components": components})
}

/// One operation whose request or response is that schema.
fn body(direction: Direction, schema: &Value, schemas: &Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    let operation = match direction {
        Direction::Request => {
            json!({"requestBody": {"content": content}, "responses": {"200": {"description": ""}}})
        }
        Direction::Response => json!({"responses": {"200": {"description": "", "content": content}}}),
    };
    api("3.1.0", json!({"/ports": {"post": operation}}), json!({"schemas": schemas}))
}

fn boats(discriminator: &Value) -> Value {
    let boat = |extra: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, extra: {"type": "integer"}}});
    let branches = json!([{"$ref": "#/components/schemas/Tug"}, {"$ref": "#/components/schemas/Barge"}]);
    let mut boats = json!({"oneOf": branches});
    if !discriminator.is_null() {
        boats["discriminator"] = discriminator.clone();
    }
    json!({"Boat": boats, "Tug": boat("pull"), "Barge": boat("load")})
}

#[test]
fn discriminators_are_compared_by_what_they_mean() {
    let boat = json!({"$ref": "#/components/schemas/Boat"});
    let with = |direction, discriminator: Value| body(direction, &boat, &boats(&discriminator));
    let implicit = json!({"propertyName": "kind"});
    let explicit =
        json!({"propertyName": "kind", "mapping": {"Tug": "#/components/schemas/Tug", "Barge": "Barge"}});
    let renamed = json!({"propertyName": "kind", "mapping": {"tow": "#/components/schemas/Tug", "Barge": "#/components/schemas/Barge"}});
    let swapped = json!({"propertyName": "kind", "mapping": {"Tug": "#/components/schemas/Barge", "Barge": "#/components/schemas/Tug"}});
    let other = json!({"propertyName": "type"});
    let default = json!({"propertyName": "kind", "defaultMapping": "Tug"});
    for (direction, rule) in [
        (Direction::Request, "request-discriminator-changed"),
        (Direction::Response, "response-discriminator-changed"),
    ] {
        let between =
            |a: &Value, b: &Value| changes(&with(direction, a.clone()), &with(direction, b.clone()));
        // Names that are implied may be written out.
        assert_eq!(rules(&between(&implicit, &explicit)), [""; 0]);
        assert_eq!(rules(&between(&explicit, &implicit)), [""; 0]);
        assert_eq!(rules(&between(&implicit, &other)), [rule]);
        // One value went, one came.
        assert_eq!(rules(&between(&explicit, &renamed)), [rule, rule]);
        let found = between(&explicit, &swapped);
        assert_eq!(rules(&found), [rule, rule]);
        assert!(found.iter().all(|change| change.breaks.words() == ["sdk"]), "{found:#?}");
        assert_eq!(rules(&between(&implicit, &default)), [rule]);
        assert_eq!(rules(&between(&implicit, &Value::Null)), [rule]);
    }
}

#[test]
fn heirs_belong_to_a_discriminator() {
    let schemas = |more: bool| {
        let heir = json!({"allOf": [{"$ref": "#/components/schemas/Boat"}, {"type": "object", "properties": {"pull": {"type": "integer"}}}]});
        let mut all = json!({
            "Boat": {"type": "object", "required": ["kind"], "discriminator": {"propertyName": "kind"}, "properties": {"kind": {"type": "string"}}},
            "Tug": heir,
        });
        if more {
            all["Barge"] = json!({"allOf": [{"$ref": "#/components/schemas/Boat"}, {"type": "object", "properties": {"load": {"type": "integer"}}}]});
        }
        all
    };
    let boat = json!({"$ref": "#/components/schemas/Boat"});
    let with = |more| body(Direction::Response, &boat, &schemas(more));
    assert!(rules(&changes(&with(false), &with(true))).contains(&"response-discriminator-changed"));
    assert!(rules(&changes(&with(true), &with(false))).contains(&"response-discriminator-changed"));
}

#[test]
fn open_lists_tell_their_values_and_break_nobody() {
    let spellings = [
        |values: Value| json!({"type": "string", "x-extensible-enum": values}),
        |values: Value| json!({"type": "string", "enum": values, "x-extensible-enum": values}),
        |values: Value| json!({"type": "string", "enum": values, "x-ms-enum": {"modelAsString": true}}),
    ];
    for open in spellings {
        for direction in [Direction::Request, Direction::Response] {
            let of = |values: Value| {
                body(direction, &json!({"type": "object", "properties": {"f": open(values)}}), &json!({}))
            };
            let found = changes(&of(json!(["a", "b"])), &of(json!(["a", "c"])));
            assert_eq!(
                rules(&found),
                [format!("{direction}-enum-value-added"), format!("{direction}-enum-value-removed")]
            );
            assert!(found.iter().all(|change| change.breaks.words().is_empty()), "{found:#?}");
        }
    }
    // A list that is closed is another matter.
    let closed = body(Direction::Request, &json!({"type": "string", "enum": ["a"]}), &json!({}));
    let open = body(
        Direction::Request,
        &json!({"type": "string", "enum": ["a"], "x-extensible-enum": ["a"]}),
        &json!({}),
    );
    assert!(changes(&open, &closed).iter().any(|change| change.breaks.wire));
    assert!(changes(&closed, &open).iter().all(|change| !change.breaks.wire));
}

#[test]
fn a_field_that_turns_read_only_says_so() {
    let with = |flag: Option<&str>, direction| {
        let mut field = json!({"type": "string"});
        if let Some(flag) = flag {
            field[flag] = json!(true);
        }
        body(
            direction,
            &json!({"type": "object", "properties": {"f": field, "g": {"type": "string"}}}),
            &json!({}),
        )
    };
    let found = changes(&with(None, Direction::Request), &with(Some("readOnly"), Direction::Request));
    assert_eq!(rules(&found), ["request-field-removed"]);
    assert_eq!(found[0].message, "`f` is read-only now: requests no longer carry it");
    assert!(
        changes(&with(None, Direction::Response), &with(Some("readOnly"), Direction::Response)).is_empty()
    );
    let found = changes(&with(Some("writeOnly"), Direction::Response), &with(None, Direction::Response));
    assert_eq!(rules(&found), ["response-field-added"]);
    assert_eq!(found[0].message, "`f` is no longer write-only: responses carry it");
}

/// An operation with that parameter.
fn taking(parameter: Value) -> Value {
    let path = if parameter["in"] == "path" { "/ports/{x}" } else { "/ports" };
    let operation = json!({"get": {"parameters": [parameter], "responses": {"200": {"description": ""}}}});
    let mut paths = json!({});
    paths[path] = operation;
    api("3.0.3", paths, json!({}))
}

#[test]
fn styles_are_told_with_what_is_misread() {
    let list = json!({"type": "array", "items": {"type": "string"}});
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let query = |style: Option<&str>, explode: Option<bool>, schema: &Value| {
        let mut parameter = json!({"name": "x", "in": "query", "schema": schema});
        if let Some(style) = style {
            parameter["style"] = json!(style);
        }
        if let Some(explode) = explode {
            parameter["explode"] = json!(explode);
        }
        taking(parameter)
    };
    let cases = [
        (query(None, None, &list), query(None, Some(false), &list)),
        (query(None, Some(false), &list), query(Some("pipeDelimited"), Some(false), &list)),
        (query(None, None, &object), query(Some("deepObject"), Some(true), &object)),
        (
            taking(json!({"name": "x", "in": "path", "required": true, "schema": list})),
            taking(json!({"name": "x", "in": "path", "required": true, "style": "matrix", "schema": list})),
        ),
        (
            taking(json!({"name": "x", "in": "query", "allowReserved": true, "schema": {"type": "string"}})),
            taking(json!({"name": "x", "in": "query", "schema": {"type": "string"}})),
        ),
    ];
    for (old, new) in &cases {
        let found = changes(old, new);
        assert_eq!(rules(&found), ["parameter-style-changed"], "{found:#?}");
        assert_eq!(found[0].verdict, Verdict::Breaks, "{found:#?}");
        assert!(found[0].witness.is_some());
        assert_eq!(rules(&changes(new, old)), ["parameter-style-changed"]);
    }
    // What is the default may be written out, and one text is written in one way.
    assert!(changes(&query(None, None, &list), &query(Some("form"), Some(true), &list)).is_empty());
    let text = json!({"type": "string"});
    assert!(changes(&query(None, None, &text), &query(None, Some(false), &text)).is_empty());
}

fn answering(media: &[&str], status: &str) -> Value {
    let content: serde_json::Map<String, Value> =
        media.iter().map(|name| ((*name).to_owned(), json!({"schema": {"type": "string"}}))).collect();
    let operation = json!({"get": {"responses": {status: {"description": "", "content": content}}}});
    api("3.0.3", json!({"/ports": operation}), json!({}))
}

#[test]
fn media_types_that_mean_the_same_are_the_same() {
    let same = [
        ("application/json", "application/json; charset=utf-8"),
        ("application/json", "Application/JSON"),
        ("applicatin/json", "application/json"),
        ("application/problem+json;charset=UTF-8", "application/problem+json"),
    ];
    for (a, b) in same {
        assert!(changes(&answering(&[a], "200"), &answering(&[b], "200")).is_empty(), "{a} {b}");
        assert!(changes(&answering(&[b], "200"), &answering(&[a], "200")).is_empty(), "{b} {a}");
    }
    // A range holds what is in it.
    let found = changes(&answering(&["image/*"], "200"), &answering(&["image/png"], "200"));
    assert!(!rules(&found).contains(&"response-media-type-added"), "{found:#?}");
    let found = changes(&answering(&["application/json"], "200"), &answering(&["text/plain"], "200"));
    assert_eq!(rules(&found), ["response-media-type-added", "response-media-type-removed"]);
}

#[test]
fn ranges_of_statuses_hold_what_is_in_them() {
    let json = ["application/json"];
    for (old, new) in [("200", "2XX"), ("2XX", "200"), ("404", "4XX"), ("404", "default"), ("200", "2xx")] {
        let found = changes(&answering(&json, old), &answering(&json, new));
        assert!(found.iter().all(|change| !change.breaks.wire), "{old} {new} {found:#?}");
        assert!(!rules(&found).contains(&"response-success-removed"), "{old} {new} {found:#?}");
    }
    let found = changes(&answering(&json, "200"), &answering(&json, "201"));
    assert_eq!(rules(&found), ["response-status-added", "response-success-removed"]);
    // What is under a range is compared with what was under the status.
    let wide = json!({"get": {"responses": {"2XX": {"description": "", "content": {"application/json": {"schema": {"type": ["string", "null"]}}}}}}});
    let found = changes(&answering(&json, "200"), &api("3.1.0", json!({"/ports": wide}), json!({})));
    assert_eq!(rules(&found), ["response-field-widened"]);
}

#[test]
fn webhooks_have_their_direction_turned() {
    let with = |sent: Value, answered: Value| {
        let content = |schema: Value| json!({"application/json": {"schema": schema}});
        json!({"openapi": "3.1.0", "info": {"title": "Harbour", "version": "1"}, "webhooks": {"docked": {"post": {
            "requestBody": {"content": content(sent)},
            "responses": {"200": {"description": "", "content": content(answered)}}}}}})
    };
    let (short, long) = (json!({"type": "string", "maxLength": 3}), json!({"type": "string"}));
    // The API sends more than it did.
    let found = changes(&with(short.clone(), long.clone()), &with(long.clone(), long.clone()));
    assert_eq!(rules(&found), ["response-field-widened"]);
    assert!(found[0].breaks.wire && found[0].witness.is_some());
    assert_eq!(
        rules(&changes(&with(long.clone(), long.clone()), &with(short.clone(), long.clone()))),
        ["response-field-narrowed"]
    );
    // The API takes less of what the client answers.
    let found = changes(&with(long.clone(), long.clone()), &with(long.clone(), short.clone()));
    assert_eq!(rules(&found), ["request-field-narrowed"]);
    assert!(found[0].breaks.wire && found[0].witness.is_some());
    let none = json!({"openapi": "3.1.0", "info": {"title": "Harbour", "version": "1"}, "webhooks": {}});
    assert_eq!(rules(&changes(&with(long.clone(), long.clone()), &none)), ["webhook-removed"]);
    assert_eq!(rules(&changes(&none, &with(long.clone(), long))), ["webhook-added"]);
}

/// The API chooses the media type of a call and asks nobody, so one more is what
/// breaks; of an answer it takes, one less.
#[test]
fn webhooks_have_bodies_and_media_types() {
    let called = |body: Value, answer: &[&str]| {
        let content = |names: &[&str]| -> Value {
            names.iter().map(|name| ((*name).to_owned(), json!({"schema": {"type": "string"}}))).collect()
        };
        let mut call = json!({"responses": {"200": {"description": "", "content": content(answer)}}});
        if let Some(names) = body["types"].as_array() {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            call["requestBody"] = json!({"required": body["required"], "content": content(&names)});
        }
        json!({"openapi": "3.1.0", "info": {"title": "Harbour", "version": "1"}, "webhooks": {"docked": {"post": call}}})
    };
    let (json_type, xml) = ("application/json", "application/xml");
    let sent = |types: &[&str], required: bool| json!({"types": types, "required": required});
    let plain = called(sent(&[json_type], true), &[json_type]);
    let table = [
        (
            called(sent(&[json_type, xml], true), &[json_type]),
            "webhook-media-type-added",
            "webhook-media-type-removed",
        ),
        (called(json!({}), &[json_type]), "webhook-body-removed", "webhook-body-added"),
        (called(sent(&[json_type], false), &[json_type]), "webhook-body-removed", "webhook-body-added"),
        (
            called(sent(&[json_type], true), &[json_type, xml]),
            "request-media-type-added",
            "request-media-type-removed",
        ),
    ];
    for (other, there, back) in table {
        for (old, new, rule) in [(&plain, &other, there), (&other, &plain, back)] {
            let found = changes(old, new);
            assert_eq!(rules(&found), [rule]);
            let hurts = ["webhook-media-type-added", "webhook-body-removed", "request-media-type-removed"];
            assert_eq!(found[0].breaks.wire, hurts.contains(&rule), "{rule}");
            assert_eq!(found[0].witness.is_some(), found[0].breaks.wire, "{rule}");
        }
    }
}

/// Breaks that are no matter of one schema: each with what shows it, and nobody
/// is hurt on the way back where there is such a way.
#[test]
fn what_stands_around_payloads_breaks_with_a_witness() {
    let secured = |name: &str, scopes: Value| {
        let scheme = json!({"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://h.example/t", "scopes": {"read": "", "write": ""}}}});
        let key = json!({"type": "apiKey", "in": "header", "name": name});
        let security = if scopes.is_null() { json!([{"key": []}]) } else { json!([{"login": scopes}]) };
        let mut api = api(
            "3.0.3",
            json!({"/ports": {"get": {"responses": {"200": {"description": ""}}}}}),
            json!({"securitySchemes": {"login": scheme, "key": key}}),
        );
        api["security"] = security;
        api
    };
    let at = |url: &str| {
        let mut api = answering(&["application/json"], "200");
        api["servers"] = json!([{"url": url}]);
        api
    };
    let optional = |name: &str| taking(json!({"name": name, "in": "query", "schema": {"type": "string"}}));
    let required = |name: &str| {
        taking(json!({"name": name, "in": "query", "required": true, "schema": {"type": "string"}}))
    };
    let whole = |schema: Value, direction| body(direction, &schema, &json!({}));
    let posting = |required: bool| {
        let content = json!({"application/json": {"schema": {"type": "object"}}});
        api(
            "3.0.3",
            json!({"/ports": {"post": {"requestBody": {"required": required, "content": content}, "responses": {"200": {"description": ""}}}}}),
            json!({}),
        )
    };
    let header = |required: bool| {
        let headers = json!({"X-Total": {"required": required, "schema": {"type": "integer"}}});
        api(
            "3.0.3",
            json!({"/ports": {"get": {"responses": {"200": {"description": "", "headers": headers}}}}}),
            json!({}),
        )
    };
    let cases: Vec<(&str, Value, Value)> = vec![
        ("a required parameter", optional("x"), required("x")),
        ("a required body", posting(false), posting(true)),
        (
            "a media type",
            answering(&["application/json", "text/csv"], "200"),
            answering(&["application/json"], "200"),
        ),
        (
            "a success status",
            answering(&["application/json"], "200"),
            answering(&["application/json"], "204"),
        ),
        ("the name of a key", secured("X-Key", Value::Null), secured("X-Token", Value::Null)),
        ("a scope", secured("X-Key", json!(["read"])), secured("X-Key", json!(["read", "write"]))),
        ("the base path", at("https://h.example/v1"), at("https://h.example/v2")),
        ("a header that was always there", header(true), header(false)),
        (
            "an enum at the root of a request",
            whole(json!({"type": "string", "enum": ["a", "b"]}), Direction::Request),
            whole(json!({"type": "string", "enum": ["a"]}), Direction::Request),
        ),
        (
            "an enum at the root of a response",
            whole(json!({"type": "string", "enum": ["a"]}), Direction::Response),
            whole(json!({"type": "string", "enum": ["a", "b"]}), Direction::Response),
        ),
        (
            "a bound dropped in a response",
            whole(json!({"type": "integer", "maximum": 9}), Direction::Response),
            whole(json!({"type": "integer"}), Direction::Response),
        ),
        (
            "no more undeclared members",
            whole(json!({"type": "object", "additionalProperties": true}), Direction::Request),
            whole(json!({"type": "object", "additionalProperties": false}), Direction::Request),
        ),
    ];
    for (name, old, new) in &cases {
        let found = changes(old, new);
        let wire: Vec<&Change> = found.iter().filter(|change| change.breaks.wire).collect();
        assert!(!wire.is_empty(), "{name}: {found:#?}");
        for change in wire {
            assert_eq!(change.verdict, Verdict::Breaks, "{name}: {change:#?}");
            assert!(change.witness.is_some(), "{name}: {change:#?}");
        }
        let is_exchange = ["the name of a key", "the base path", "a success status"].contains(name);
        let back = changes(new, old);
        assert!(is_exchange || back.iter().all(|change| !change.breaks.wire), "{name}: {back:#?}");
        assert!(!back.is_empty(), "{name}");
    }
    eprintln!("{} breaks around payloads, all shown", cases.len());
}

#[test]
fn lives_of_operations_parameters_headers_and_fields() {
    let with = |flag: bool, day: Option<&str>, level: &str| {
        let mut operation = json!({
            "parameters": [{"name": "x", "in": "query", "deprecated": flag, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "",
                "headers": {"X-Total": {"deprecated": flag, "schema": {"type": "integer"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Port"}}}}},
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Port"}}}},
            "deprecated": flag, "x-stability-level": level});
        if let Some(day) = day {
            operation["x-sunset"] = json!(day);
        }
        let port = json!({"type": "object", "properties": {"name": {"type": "string", "deprecated": flag}}});
        api("3.0.3", json!({"/ports": {"post": operation}}), json!({"schemas": {"Port": port}}))
    };
    let plain = with(false, None, "stable");
    let found = changes(&plain, &with(true, None, "stable"));
    // The operation, the parameter, the header, and the field once for both directions.
    assert_eq!(rules(&found), ["deprecation-added"; 4]);
    let field = found.iter().find(|change| change.component.is_some()).unwrap();
    assert_eq!((field.affects.len(), field.direction), (2, None));
    assert!(found.iter().all(|change| change.breaks.words().is_empty()));
    assert_eq!(rules(&changes(&with(true, None, "stable"), &plain)), ["deprecation-removed"; 4]);
    let (june, march) = (with(true, Some("2030-06-30"), "stable"), with(true, Some("2030-03-31"), "stable"));
    assert_eq!(rules(&changes(&june, &march)), ["sunset-changed"]);
    assert_eq!(rules(&changes(&plain, &with(false, None, "beta"))), ["stability-changed"]);
}

#[test]
fn security_schemes_have_addresses_and_scopes() {
    let with = |url: &str, scopes: Value| {
        let scheme =
            json!({"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": url, "scopes": scopes}}});
        api("3.0.3", json!({}), json!({"securitySchemes": {"login": scheme}}))
    };
    let old = with("https://a.example/t", json!({"read": ""}));
    let found = changes(&old, &with("https://b.example/t", json!({"read": "in other words"})));
    assert_eq!(rules(&found), ["security-scheme-changed"]);
    assert!(
        found[0].message.contains("tokenUrl was `https://a.example/t`, is `https://b.example/t`"),
        "{}",
        found[0].message
    );
    assert_eq!(
        rules(&changes(&old, &with("https://a.example/t", json!({"read": "", "write": ""})))),
        ["security-scheme-changed"]
    );
    let none = api("3.0.3", json!({}), json!({}));
    assert_eq!(rules(&changes(&old, &none)), ["component-removed"]);
    assert_eq!(rules(&changes(&none, &old)), ["component-added"]);
}

/// Schemas by kind: each is put to each of its kind.
fn kinds() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        (
            "numbers",
            vec![
                json!({"type": "number"}),
                json!({"type": "integer"}),
                json!({"type": "integer", "minimum": 0}),
                json!({"type": "number", "exclusiveMinimum": 0}),
                json!({"type": "integer", "minimum": 1, "maximum": 5}),
                json!({"type": "integer", "multipleOf": 2}),
                json!({"enum": [1, 2, 3]}),
                json!({"const": 2}),
                json!({"type": "number", "not": {"minimum": 3}}),
                json!({"type": ["integer", "null"]}),
                json!({"anyOf": [{"type": "integer"}, {"type": "null"}]}),
                json!({"type": "integer", "if": {"minimum": 3}, "then": {"maximum": 4}}),
                json!({"oneOf": [{"type": "integer", "maximum": 1}, {"type": "integer", "minimum": 2}]}),
            ],
        ),
        (
            "texts",
            vec![
                json!({"type": "string"}),
                json!({"type": "string", "minLength": 1}),
                json!({"type": "string", "maxLength": 3}),
                json!({"type": "string", "pattern": "^a"}),
                json!({"type": "string", "pattern": "^a*$"}),
                json!({"enum": ["a", "ab"]}),
                json!({"const": "a"}),
                json!({"type": "string", "minLength": 1, "maxLength": 2}),
                json!({"not": {"type": "number"}}),
                json!({"type": "string", "not": {"enum": ["a"]}}),
                json!({"type": ["string", "null"]}),
                json!({"allOf": [{"type": "string"}, {"maxLength": 5}, {"minLength": 2}]}),
                json!({"type": "string", "if": {"minLength": 3}, "then": {"pattern": "^a"}, "else": {"minLength": 1}}),
            ],
        ),
        (
            "arrays",
            vec![
                json!({"type": "array"}),
                json!({"type": "array", "items": {"type": "integer"}}),
                json!({"type": "array", "items": {"type": "number"}, "minItems": 1}),
                json!({"type": "array", "maxItems": 2}),
                json!({"type": "array", "uniqueItems": true}),
                json!({"type": "array", "maxItems": 1, "items": {"type": "integer"}}),
                json!({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]}),
                json!({"type": "array", "prefixItems": [{"type": "integer"}], "items": false}),
                json!({"type": "array", "prefixItems": [{"type": "integer"}], "unevaluatedItems": false}),
                json!({"allOf": [{"prefixItems": [{"type": "integer"}]}], "type": "array", "unevaluatedItems": {"type": "integer"}}),
                json!({"type": "array", "contains": {"type": "integer"}}),
                json!({"type": "array", "contains": {"type": "integer"}, "minContains": 2}),
                json!({"type": "array", "contains": {"type": "integer"}, "minContains": 0, "maxContains": 1}),
                json!({"type": "array", "items": {"type": "integer"}, "minItems": 2, "uniqueItems": true}),
                json!({"enum": [[], [1], [1, 2]]}),
            ],
        ),
        (
            "objects",
            vec![
                json!({"type": "object"}),
                json!({"type": "object", "properties": {"a": {"type": "string"}}}),
                json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}),
                json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}),
                json!({"type": "object", "properties": {"a": {"type": "string"}}, "unevaluatedProperties": false}),
                json!({"type": "object", "allOf": [{"properties": {"a": {"type": "string"}}}], "properties": {"b": {"type": "integer"}}, "unevaluatedProperties": false}),
                json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "additionalProperties": false}),
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
                json!({"type": "object", "properties": {"a": {"type": "string"}}, "unevaluatedProperties": {"type": "string"}}),
                json!({"type": "object", "patternProperties": {"^a": {"type": "string"}}}),
                json!({"type": "object", "patternProperties": {"^a": {"type": "string"}}, "additionalProperties": false}),
                json!({"type": "object", "propertyNames": {"maxLength": 1}}),
                json!({"type": "object", "minProperties": 1}),
                json!({"type": "object", "maxProperties": 1}),
                json!({"type": "object", "dependentRequired": {"a": ["b"]}}),
                json!({"type": "object", "dependentSchemas": {"a": {"required": ["b"]}}}),
                json!({"type": "object", "not": {"required": ["b"]}}),
                json!({"type": "object", "properties": {"b": false}}),
                json!({"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}}),
                json!({"oneOf": [{"type": "object", "properties": {"a": {"const": "x"}}, "required": ["a"]}, {"type": "object", "properties": {"a": {"const": "y"}}, "required": ["a"]}]}),
                json!({"type": "object", "properties": {"a": {"enum": ["x", "y"]}}, "required": ["a"]}),
            ],
        ),
        (
            "recursion",
            vec![
                json!({"$ref": "#/$defs/N", "$defs": {"N": {"type": "object", "properties": {"next": {"$ref": "#/$defs/N"}}}}}),
                json!({"$ref": "#/$defs/N", "$defs": {"N": {"type": "object", "properties": {"next": {"$ref": "#/$defs/N"}}, "required": ["next"]}}}),
                json!({"$ref": "#/$defs/N", "$defs": {"N": {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#/$defs/N"}, {"type": "null"}]}}}}}),
                json!({"$dynamicAnchor": "node", "type": "object", "properties": {"next": {"$dynamicRef": "#node"}}}),
                json!({"$dynamicAnchor": "node", "type": "object", "properties": {"next": {"$dynamicRef": "#node"}, "v": {"type": "integer"}}}),
                json!({"$ref": "#/$defs/N", "$defs": {"N": {"type": "object", "properties": {"next": {"$ref": "#/$defs/N"}}, "unevaluatedProperties": false}}}),
                json!({"type": "object"}),
            ],
        ),
    ]
}

fn values() -> Vec<Value> {
    let mut out: Vec<Value> = vec![json!(null), json!(true), json!("x"), json!([]), json!({})];
    out.extend(
        [-3.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 3.5, 4.0, 5.0, 6.0]
            .map(|n: f64| if n.fract() == 0.0 { json!(n as i64) } else { json!(n) }),
    );
    out.extend(["", "a", "b", "aa", "ab", "ba", "aab", "xyz", "abcd", "bcdefg"].map(Value::from));
    let items = [json!(1), json!(2), json!("a"), json!(0.5)];
    for a in &items {
        out.push(json!([a]));
        for b in &items {
            out.push(json!([a, b]));
            out.push(json!([a, b, 1]));
        }
    }
    let members = [
        json!("x"),
        json!("y"),
        json!(1),
        json!(null),
        json!({}),
        json!({"next": {}}),
        json!({"next": null}),
        json!({"next": 1}),
        json!({"b": 1}),
    ];
    for one in &members {
        for name in ["a", "b", "ab", "z", "next", "v"] {
            out.push(json!({ name: one }));
            for other in &members[..4] {
                out.push(json!({ name: one, "b": other }));
                out.push(json!({ name: one, "a": other, "zz": 1 }));
            }
        }
    }
    out
}

#[test]
fn every_keyword_against_every_other_one() {
    let values = values();
    let (mut asked, mut contained, mut shown) = (0, 0, 0);
    let (mut wrong, mut open) = (Vec::new(), Vec::new());
    for (kind, schemas) in kinds() {
        let validators: Vec<jsonschema::Validator> =
            schemas.iter().map(|schema| jsonschema::draft202012::new(schema).unwrap()).collect();
        let accepted: Vec<Vec<bool>> = validators
            .iter()
            .map(|validator| values.iter().map(|value| validator.is_valid(value)).collect())
            .collect();
        for (i, inner) in schemas.iter().enumerate() {
            for (o, outer) in schemas.iter().enumerate() {
                asked += 1;
                let refused = (0..values.len()).find(|at| accepted[i][*at] && !accepted[o][*at]);
                match containment(inner, outer) {
                    Containment::Contained => {
                        contained += 1;
                        if let Some(at) = refused {
                            wrong.push(format!("{kind}: {inner} in {outer}: not {}", values[at]));
                        }
                    }
                    Containment::NotContained(value) => {
                        shown += 1;
                        if !validators[i].is_valid(&value) || validators[o].is_valid(&value) {
                            wrong.push(format!("{kind}: {inner} in {outer}: {value} shows nothing"));
                        }
                    }
                    Containment::Unknown(_) => open.push(format!("{kind}: {inner} in {outer} ({refused:?})")),
                }
            }
        }
    }
    eprintln!("{asked} directed pairs: {contained} contained, {shown} shown not to be, {} open", open.len());
    eprintln!("{}", open.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(open.len() * 100 <= asked * 3, "{} of {asked}", open.len());
}

/// Bodies for which no schema object stands: a form of Swagger 2.0, a sequence of
/// OpenAPI 3.2.
#[test]
fn bodies_that_are_put_together_are_compared() {
    let form = |fields: Value| {
        let mut parameters =
            vec![json!({"name": "name", "in": "formData", "type": "string", "required": true})];
        parameters.extend(fields.as_array().cloned().unwrap_or_default());
        json!({"swagger": "2.0", "info": {"title": "Harbour", "version": "1"}, "paths": {"/ports": {"post": {
            "consumes": ["multipart/form-data"], "parameters": parameters,
            "responses": {"204": {"description": ""}}}}}})
    };
    let field = |more: Value| {
        let mut field = json!({"name": "berths", "in": "formData", "type": "integer"});
        for (key, value) in more.as_object().unwrap() {
            field[key] = value.clone();
        }
        json!([field])
    };
    let plain = form(field(json!({})));
    let table = [
        (form(field(json!({"maximum": 9}))), "request-field-narrowed"),
        (form(field(json!({"required": true}))), "request-field-required"),
        (form(json!([])), "request-field-removed"),
        (form(field(json!({"type": "file"}))), "request-field-narrowed"),
    ];
    for (changed, rule) in table {
        let found = changes(&plain, &changed);
        assert!(rules(&found).contains(&rule), "{:?}", rules(&found));
        let change = found.iter().find(|change| change.rule == rule).unwrap();
        assert_eq!(change.at, "berths");
        assert!(change.breaks.sdk || change.breaks.wire);
        assert_eq!(change.witness.is_some(), change.breaks.wire);
    }
    let sequence = |item: Value| {
        json!({"openapi": "3.2.0", "info": {"title": "Harbour", "version": "1"}, "paths": {"/log": {"get": {
            "responses": {"200": {"description": "", "content": {"application/jsonl": {"itemSchema": item}}}}}}}})
    };
    let item = |kind: &str| {
        sequence(json!({"type": "object", "required": ["at"], "properties": {"at": {"type": kind}}}))
    };
    let found = changes(&item("integer"), &item("number"));
    assert_eq!(rules(&found), ["response-field-widened"]);
    assert_eq!(found[0].at, "[].at");
    assert!(found[0].witness.is_some());
    assert!(changes(&item("integer"), &item("integer")).is_empty());
}

/// A variant more, of a union whose objects are told apart by what they must have:
/// what was sent before has none of it, so nothing is lost. The variant's own
/// changes are told in both directions, also those that hurt nobody.
#[test]
fn a_variant_more_loses_nothing() {
    let object = |names: &[&str]| {
        let properties: serde_json::Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), json!({"type": "number"}))).collect();
        json!({"type": "object", "required": names, "properties": properties})
    };
    let kind = |values: &[&str]| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string", "enum": values}}});
    let document = |variants: Vec<Value>| {
        let union = json!({"oneOf": variants});
        let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Cargo"}}});
        let post = json!({"requestBody": {"content": content}, "responses": {"200": {"description": "", "content": content}}});
        api("3.1.0", json!({"/cargo": {"post": post}}), json!({"schemas": {"Cargo": union}}))
    };
    let (length, weight) = (object(&["length"]), object(&["weight", "tare"]));
    let few = document(vec![length.clone(), kind(&["box"])]);
    let more = document(vec![length.clone(), kind(&["box"]), weight]);
    let found = changes(&few, &more);
    let hurts: Vec<_> = found.iter().filter(|change| change.breaks.wire).map(|change| change.rule).collect();
    assert_eq!(hurts, ["response-field-widened"], "{found:#?}");
    assert!(found.iter().all(|change| change.verdict != Verdict::Unknown));
    let found = changes(&more, &few);
    let hurts: Vec<_> = found.iter().filter(|change| change.breaks.wire).map(|change| change.rule).collect();
    assert_eq!(hurts, ["request-field-narrowed"], "{found:#?}");
    assert!(found.iter().all(|change| change.verdict != Verdict::Unknown));
    let boxes = document(vec![length.clone(), kind(&["box", "crate"])]);
    assert_eq!(rules(&changes(&few, &boxes)), ["request-enum-value-added", "response-enum-value-added"]);
    assert_eq!(rules(&changes(&boxes, &few)), ["request-enum-value-removed", "response-enum-value-removed"]);
}

/// One branch of `anyOf` or `oneOf`, alone or beside `null`, is what stands there:
/// its format, default and flags count, and a branch that is read-only is so for
/// the member.
#[test]
fn a_branch_alone_is_the_schema() {
    let id = json!({"type": "string", "format": "uuid", "default": "x"});
    let seen = json!({"type": "string", "readOnly": true});
    let key = json!({"type": "string", "writeOnly": true});
    let document = |wrap: &dyn Fn(&Value) -> Value| {
        let properties = json!({"id": wrap(&id), "seen": wrap(&seen), "key": wrap(&key)});
        let schema = json!({"type": "object", "required": ["seen", "key"], "properties": properties});
        let content = json!({"application/json": {"schema": schema}});
        let post = json!({"requestBody": {"content": content}, "responses": {"200": {"description": "", "content": content}}});
        api("3.1.0", json!({"/ships": {"post": post}}), json!({}))
    };
    let plain = document(&Value::clone);
    for key in ["allOf", "anyOf", "oneOf"] {
        let wrapped = document(&|schema| json!({key: [schema]}));
        assert_eq!(rules(&changes(&plain, &wrapped)), [""; 0], "{key}");
        assert_eq!(rules(&changes(&wrapped, &plain)), [""; 0], "{key}");
    }
    let listed = |schema: &Value| {
        let mut schema = schema.clone();
        schema["type"] = json!(["string", "null"]);
        schema
    };
    let beside = |schema: &Value| json!({"anyOf": [schema, {"type": "null"}]});
    assert_eq!(rules(&changes(&document(&listed), &document(&beside))), [""; 0]);
    assert_eq!(rules(&changes(&document(&beside), &document(&listed))), [""; 0]);
}
