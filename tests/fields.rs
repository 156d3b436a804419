//! Lives of fields, parameters and values between two releases: what is
//! written otherwise is no news, what went is found, whoever shares it.

use serde_json::{Value, json};
use sunwatch::document::{Annotations, Document};
use sunwatch::lifecycle::{History, ItemKind};
use sunwatch::policy::Policy;
use sunwatch::release::ReleaseId;

/// `POST /a` and `GET /b` take and answer with `schema`; `GET /b` has `parameters`.
fn document(version: &str, schema: &Value, components: &Value, parameters: &Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    let responses = json!({"200": {"description": "", "content": content}});
    json!({"openapi": version, "info": {"title": "x", "version": "1"},
        "components": {"schemas": components}, "paths": {
        "/a": {"post": {"requestBody": {"content": content}, "responses": responses}},
        "/b": {"get": {"parameters": parameters, "responses": responses}},
    }})
}

fn events(documents: &[Value]) -> Vec<String> {
    let policy = Policy::parse("", "policy.toml", &[]).unwrap();
    let read = |(nth, value): (usize, &Value)| {
        let document =
            Document::read("x.json", value.to_string().into_bytes(), &Annotations::default()).unwrap();
        assert_eq!(document.problems, [], "{value}");
        (ReleaseId::new(&(nth + 1).to_string()), document)
    };
    let read: Vec<_> = documents.iter().enumerate().map(read).collect();
    let history = History::of_documents(&read, &policy);
    let mut out = Vec::new();
    for item in history.items.iter().filter(|item| item.key.kind != ItemKind::Operation) {
        let told = [
            (!item.introduced.or_earlier).then_some("added"),
            item.removed.is_some().then_some("removed"),
            item.required.is_some().then_some("required"),
            item.deprecated.as_ref().is_some_and(|since| !since.or_earlier).then_some("deprecated"),
            item.undeprecated.is_some().then_some("undeprecated"),
        ];
        let told: Vec<&str> = told.into_iter().flatten().collect();
        if !told.is_empty() {
            let direction = item.key.direction.map(|direction| format!(" {direction}")).unwrap_or_default();
            out.push(format!("{} {}{direction} {}", told.join(" "), item.key.kind, item.key));
        }
    }
    out.sort();
    out
}

/// What happens on the way from one pair of schema and components to another.
#[track_caller]
fn between(name: &str, old: (Value, Value), new: (Value, Value), expected: &[&str]) {
    for version in ["3.0.3", "3.1.0"] {
        let documents =
            [&old, &new].map(|(schema, components)| document(version, schema, components, &json!([])));
        assert_eq!(events(&documents), expected, "{name}, {version}");
        // The way back is the mirror: what went comes, and the other way round.
        let [a, b] = documents;
        let mut back: Vec<String> = events(&[b, a])
            .into_iter()
            .filter(|line| !line.starts_with("required"))
            .map(|line| match line.split_once(' ') {
                Some(("added", rest)) => format!("removed {}", rest.trim_start_matches("required ")),
                Some(("removed", rest)) => format!("added {rest}"),
                _ => line,
            })
            .collect();
        back.sort();
        let forth: Vec<String> = expected
            .iter()
            .filter(|line| !line.starts_with("required"))
            .map(|line| line.replacen("added required", "added", 1))
            .collect();
        assert_eq!(back, forth, "{name} back, {version}");
    }
}

fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn object(names: &[&str]) -> Value {
    let members: serde_json::Map<_, _> =
        names.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
    json!({"type": "object", "properties": members})
}

#[test]
fn other_ways_to_write_the_same_are_no_news() {
    let plain = (object(&["a", "b", "c"]), json!({}));
    let same: &[(&str, Value, Value)] = &[
        ("allOf", json!({"allOf": [object(&["a"]), object(&["b", "c"])]}), json!({})),
        ("nested allOf", json!({"allOf": [{"allOf": [object(&["c", "a"])]}, object(&["b"])]}), json!({})),
        ("a component", to("Abc"), json!({"Abc": object(&["a", "b", "c"])})),
        (
            "components in allOf",
            json!({"allOf": [to("A"), to("Bc")]}),
            json!({"A": object(&["a"]), "Bc": object(&["b", "c"])}),
        ),
        (
            "a component of components",
            to("X"),
            json!({"X": {"allOf": [to("Y"), object(&["c"])]}, "Y": object(&["a", "b"])}),
        ),
        ("oneOf", json!({"oneOf": [object(&["a", "b"]), object(&["a", "c"])]}), json!({})),
        (
            "anyOf beside properties",
            json!({"anyOf": [object(&["b"]), to("C")], "properties": {"a": {"type": "string"}}}),
            json!({"C": object(&["c"])}),
        ),
        (
            "oneOf of components",
            json!({"oneOf": [to("P"), to("Q")]}),
            json!({"P": object(&["a", "b"]), "Q": object(&["c"])}),
        ),
        (
            "nullable",
            json!({"type": "object", "nullable": true, "properties": object(&["a", "b", "c"])["properties"]}),
            json!({}),
        ),
    ];
    for (name, schema, components) in same {
        between(name, plain.clone(), (schema.clone(), components.clone()), &[]);
    }
    // From each way to each other one.
    for pair in same.windows(2) {
        between(
            &format!("{} to {}", pair[0].0, pair[1].0),
            (pair[0].1.clone(), pair[0].2.clone()),
            (pair[1].1.clone(), pair[1].2.clone()),
            &[],
        );
    }
}

#[test]
fn values_are_what_may_stand_there() {
    let list = |values: &[&str]| json!({"type": "string", "enum": values});
    let field = |value: Value| json!({"type": "object", "properties": {"k": value}});
    let all = || (field(list(&["x", "y", "z"])), json!({}));
    let same: Vec<(&str, Value, Value)> = vec![
        ("a component", to("K"), json!({"K": list(&["z", "y", "x"])})),
        ("in allOf", json!({"allOf": [list(&["x", "y", "z"])]}), json!({})),
        (
            "a component in allOf",
            json!({"allOf": [to("K")], "description": "k"}),
            json!({"K": list(&["x", "y", "z"])}),
        ),
        ("anyOf", json!({"anyOf": [list(&["x"]), list(&["y", "z"])]}), json!({})),
        (
            "oneOf of components",
            json!({"oneOf": [to("K"), to("L")]}),
            json!({"K": list(&["x"]), "L": list(&["y", "z"])}),
        ),
        (
            "allOf that meets",
            json!({"allOf": [list(&["x", "y", "z", "w"]), list(&["v", "x", "y", "z"])]}),
            json!({}),
        ),
        ("not", json!({"allOf": [list(&["x", "y", "z", "w"]), {"not": {"enum": ["w"]}}]}), json!({})),
        ("one by one", json!({"oneOf": [list(&["x"]), list(&["y"]), list(&["z"])]}), json!({})),
    ];
    for (name, schema, components) in &same {
        between(name, all(), (field(schema.clone()), components.clone()), &[]);
    }
    // `const` is a list of one (3.1 only).
    let old = document("3.1.0", &field(list(&["x", "y"])), &json!({}), &json!([]));
    let consts = json!({"oneOf": [{"const": "x"}, {"const": "y"}]});
    let new = document("3.1.0", &field(consts), &json!({}), &json!([]));
    assert_eq!(events(&[old.clone(), new.clone()]), [""; 0]);
    assert_eq!(events(&[new, old]), [""; 0]);
    // What goes is found, however it goes.
    let gone = [
        "removed enum-value request POST /a k=z",
        "removed enum-value response GET /b k=z",
        "removed enum-value response POST /a k=z",
    ];
    let less: Vec<(&str, Value)> = vec![
        ("a shorter list", list(&["x", "y"])),
        ("an allOf that meets less", json!({"allOf": [list(&["x", "y", "z"]), list(&["x", "y"])]})),
        ("not", json!({"allOf": [list(&["x", "y", "z"]), {"not": {"enum": ["z"]}}]})),
        ("anyOf of less", json!({"anyOf": [list(&["x"]), list(&["y"])]})),
    ];
    for (name, schema) in &less {
        let documents = [all(), (field(schema.clone()), json!({}))]
            .map(|(schema, components)| document("3.0.3", &schema, &components, &json!([])));
        assert_eq!(events(&documents), gone, "{name}");
    }
    // An opened list loses nothing.
    between("opened", all(), (field(json!({"anyOf": [list(&["x"]), {"type": "string"}]})), json!({})), &[]);
}

#[test]
fn what_can_no_longer_be_is_gone() {
    let plain = (object(&["a", "b"]), json!({}));
    let gone = [
        "removed request-field POST /a b",
        "removed response-field GET /b b",
        "removed response-field POST /a b",
    ];
    let ways: Vec<(&str, Value)> = vec![
        ("left out", object(&["a"])),
        ("not {}", json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"not": {}}}})),
        ("not {} in allOf", json!({"allOf": [object(&["a", "b"]), {"properties": {"b": {"not": {}}}}]})),
    ];
    for (name, schema) in ways {
        between(name, plain.clone(), (schema, json!({})), &gone);
    }
    let with = |schema: Value| document("3.1.0", &schema, &json!({}), &json!([]));
    let never = json!({"allOf": [object(&["a", "b"]), {"properties": {"b": false}}]});
    assert_eq!(events(&[with(object(&["a", "b"])), with(never)]), gone);
}

#[test]
fn contradictions_mean_what_they_list() {
    // As published: an object that is one of some texts, mended a release later.
    let field = |kind: &str, more: Value| {
        let members = json!({"k": {"type": kind, "allOf": [to("K")]}, "a": more});
        (
            json!({"type": "object", "properties": members}),
            json!({"K": {"type": "string", "enum": ["x", "y"]}}),
        )
    };
    let text = json!({"type": "string"});
    between("mended", field("object", text.clone()), field("string", text.clone()), &[]);
    let both = json!({"allOf": [{"type": "string"}, {"type": "integer"}]});
    between("two types at once", field("string", text), field("string", both), &[]);
}

#[test]
fn a_shared_component_is_one_item_at_all_its_places() {
    let components = |names: &[&str]| {
        json!({
            "Page": {"type": "object", "properties": {"entries": {"type": "array", "items": to("Entry")}, "first": to("Entry")}},
            "Entry": {"allOf": [to("Base"), {"type": "object", "properties": {"next": to("Entry")}}]},
            "Base": object(names),
        })
    };
    let documents = [&["id", "old"][..], &["id"]]
        .map(|names| document("3.0.3", &to("Page"), &components(names), &json!([])));
    assert_eq!(
        events(&documents),
        [
            "removed request-field #/components/schemas/Base old",
            "removed response-field #/components/schemas/Base old"
        ]
    );
}

#[test]
fn parameters_and_their_values() {
    let with = |parameters: Value| {
        document(
            "3.0.3",
            &json!({"type": "object"}),
            &json!({"Sort": {"type": "string", "enum": ["a", "b"]}}),
            &parameters,
        )
    };
    let query = |schema: Value| json!([{"name": "sort", "in": "query", "schema": schema}]);
    let list = |values: &[&str]| json!({"type": "string", "enum": values});
    let plain = with(query(list(&["a", "b"])));
    for same in [
        query(to("Sort")),
        query(json!({"allOf": [to("Sort")]})),
        query(json!({"anyOf": [list(&["b"]), list(&["a"])]})),
    ] {
        assert_eq!(events(&[plain.clone(), with(same)]), [""; 0]);
    }
    assert_eq!(
        events(&[plain.clone(), with(query(list(&["a"])))]),
        ["removed enum-value request GET /b query:sort=b"]
    );
    let meets = json!({"allOf": [to("Sort"), list(&["b", "c"])]});
    assert_eq!(
        events(&[plain.clone(), with(query(meets))]),
        ["removed enum-value request GET /b query:sort=a"]
    );
    // The names of headers know no case (RFC 9110, section 5.1).
    let header =
        |name: &str, values: &[&str]| json!([{"name": name, "in": "header", "schema": list(values)}]);
    let old = with(header("X-Mode", &["on", "off"]));
    assert_eq!(events(&[old.clone(), with(header("x-mode", &["on", "off"]))]), [""; 0]);
    assert_eq!(
        events(&[old.clone(), with(header("x-mode", &["on"]))]),
        ["removed enum-value request GET /b header:X-Mode=off"]
    );
    assert_eq!(events(&[old, with(json!([]))]), ["removed parameter GET /b header:X-Mode"]);
}

#[test]
fn media_types_and_statuses_are_known_again() {
    let with = |name: &str, status: &str, names: &[&str]| {
        json!({"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {"/a": {"get": {"responses": {
            status: {"description": "", "content": {name: {"schema": object(names)}}}}}}}})
    };
    let old = with("application/json", "200", &["a", "b"]);
    let found = events(&[old.clone(), with("application/json; charset=utf-8", "200", &["a"])]);
    assert_eq!(found, ["removed response-field GET /a b"]);
    assert_eq!(events(&[old, with("Application/JSON", "200", &["a", "b"])]), [""; 0]);
}

/// A field that is called deprecated stays so, and as old as it was, however it is
/// written, in every pair of ways to write it.
#[test]
fn deprecations_go_on_however_they_are_written() {
    let old = || json!({"type": "string", "deprecated": true});
    let body =
        |field: Value| json!({"type": "object", "properties": {"name": {"type": "string"}, "old": field}});
    let shared = |body: &Value| json!({"type": "object", "properties": {"one": to("One"), "more": body}});
    let plain = body(old());
    let union = |first: Value| json!({"oneOf": [first, to("Other")]});
    let other = || json!({"type": "object", "properties": {"else": {"type": "string"}}});
    let ways = [
        ("plain", shared(&plain), json!({"One": plain})),
        (
            "allOf of one",
            shared(&body(json!({"allOf": [old()]}))),
            json!({"One": body(json!({"allOf": [old()]}))}),
        ),
        (
            "anyOf of one",
            shared(&body(json!({"anyOf": [old()]}))),
            json!({"One": body(json!({"anyOf": [old()]}))}),
        ),
        ("a component", shared(&body(to("Old"))), json!({"One": body(to("Old")), "Old": old()})),
        ("an object by name", shared(&to("One")), json!({"One": plain})),
        (
            "parts",
            shared(&json!({"allOf": [to("Part")]})),
            json!({"One": {"allOf": [to("Part"), {"type": "object", "properties": {"name": {"type": "string"}}}]}, "Part": plain}),
        ),
        (
            "a part that is a copy",
            shared(&json!({"allOf": [plain.clone()]})),
            json!({"One": {"allOf": [plain.clone()]}}),
        ),
    ];
    for (a, old, with) in &ways {
        for (b, new, too) in &ways {
            between(&format!("{a} to {b}"), (old.clone(), with.clone()), (new.clone(), too.clone()), &[]);
        }
    }
    // A copy in one branch of a union, while another branch uses the original.
    let list = |first: Value| json!({"type": "array", "items": union(first)});
    let with = json!({"One": plain, "Other": {"allOf": [to("One"), other()]}});
    let (by_name, copied) = (json!({"allOf": [to("One"), other()]}), json!({"allOf": [plain, other()]}));
    between("copy", (list(by_name.clone()), with.clone()), (list(copied.clone()), with.clone()), &[]);
    between("copy", (list(copied), with.clone()), (list(by_name), with), &[]);
}

/// What goes in one direction only does so wherever the flag stands.
#[test]
fn directions_count_in_every_part() {
    let body = |field: Value| (json!({"type": "object", "properties": {"id": field}}), json!({}));
    let id = json!({"type": "string", "readOnly": true});
    for key in ["allOf", "anyOf", "oneOf"] {
        between(key, body(id.clone()), body(json!({key: [id]})), &[]);
    }
}
