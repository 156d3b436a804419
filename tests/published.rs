//! Published documents in other dialects: Swagger 2.0 in YAML and JSON,
//! OpenAPI 3.1 in YAML. What is asserted was counted by other means; the
//! fields have a second opinion. The documents are not part of the project;
//! `SUNWATCH_SPECS` names the folder that has them.

use std::path::PathBuf;
use std::time::Instant;

use crate::histories::referee;
use serde_json::{Map, Value, json};
use sunwatch::document::{Annotations, Document, Evidence};
use sunwatch::lifecycle::History;
use sunwatch::policy::Policy;
use sunwatch::release::ReleaseId;

fn read(vendor: &str, files: &[&str]) -> Vec<(ReleaseId, Document)> {
    let folder = std::env::var_os("SUNWATCH_SPECS").expect("SUNWATCH_SPECS names the folder");
    let folder = PathBuf::from(folder).join(vendor);
    let document = |file: &&str| {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let began = Instant::now();
        let document = Document::read(file, bytes, &Annotations::default()).unwrap();
        eprintln!("{vendor}/{file}: read in {:?}, {} schemas", began.elapsed(), document.schemas().len());
        let release = file.trim_end_matches(".json").trim_end_matches(".yaml");
        (ReleaseId::new(release), document)
    };
    files.iter().map(document).collect()
}

const HARBOR: [&str; 4] = ["2.8.0.yaml", "2.10.0.yaml", "2.12.0.yaml", "2.13.0.yaml"];
const LAKEKEEPER: [&str; 3] = ["0.9.0.yaml", "0.10.0.yaml", "0.11.0.yaml"];
const KUBERNETES: [&str; 2] = ["1.31.json", "1.32.json"];

fn history(documents: &[(ReleaseId, Document)]) -> History {
    let policy = Policy::parse("", "policy.toml", &[]).unwrap();
    let began = Instant::now();
    let history = History::of_documents(documents, &policy);
    eprintln!("history: {:?}, {} items", began.elapsed(), history.items.len());
    history
}

/// Operations, those flagged, those that only prose calls deprecated,
/// parameters with those of path items, components.
fn counts(document: &Document) -> [usize; 5] {
    let evidence = |kind: Evidence| {
        let of = |operation: &&sunwatch::document::Operation| {
            operation.deprecation.as_ref().is_some_and(|found| found.evidence == kind)
        };
        document.operations().iter().filter(of).count()
    };
    let parameters = document.operations().iter().map(|operation| {
        operation.parameters.len()
            + operation.body.as_ref().map_or(0, |body| {
                // Swagger 2.0: a body is a parameter, a form as many as it has fields.
                let form = body.content.iter().find(|media| media.name.contains("form"));
                form.map_or(1, |media| document.schema(media.schema.unwrap()).properties.len())
            })
    });
    let key = if document.dialect.family == "Swagger" { "/definitions" } else { "/components/schemas" };
    let components = document.tree().pointer(key).unwrap().entries().len();
    let parameters = if document.dialect.family == "Swagger" {
        parameters.sum()
    } else {
        document.operations().iter().map(|operation| operation.parameters.len()).sum()
    };
    [document.operations().len(), evidence(Evidence::Flag), evidence(Evidence::Prose), parameters, components]
}

fn all_counts(documents: &[(ReleaseId, Document)]) -> Vec<[usize; 5]> {
    for (release, document) in documents {
        assert_eq!(document.problems, [], "{release}");
    }
    documents.iter().map(|(_, document)| counts(document)).collect()
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn counts_of_swagger_in_yaml() {
    let documents = read("harbor", &HARBOR);
    assert_eq!(
        all_counts(&documents),
        [[201, 3, 0, 689, 143], [204, 3, 0, 699, 148], [205, 3, 0, 718, 150], [203, 3, 1, 704, 152]]
    );
    for (_, document) in &documents {
        assert_eq!(document.servers, ["http://localhost/api/v2.0", "https://localhost/api/v2.0"]);
    }
    let removed: Vec<_> = history(&documents).releases.iter().map(|release| release.counts.removed).collect();
    assert_eq!(removed, [0, 0, 0, 5]);
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn counts_of_31_in_yaml() {
    let documents = read("lakekeeper", &LAKEKEEPER);
    assert_eq!(all_counts(&documents), [[81, 4, 0, 94, 120], [85, 4, 0, 111, 132], [102, 12, 0, 174, 176]]);
    history(&documents);
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn counts_of_swagger_in_json() {
    let documents = read("kubernetes", &KUBERNETES);
    assert_eq!(all_counts(&documents), [[944, 0, 174, 7224, 635], [947, 0, 177, 7440, 638]]);
    let removed: Vec<_> = history(&documents).releases.iter().map(|release| release.counts.removed).collect();
    assert_eq!(removed, [0, 74]);
}

/// The documents as plain values, those of Swagger turned into OpenAPI 3.0.
fn values(documents: &[(ReleaseId, Document)]) -> Vec<(ReleaseId, Value)> {
    let value = |document: &Document| {
        let value = document.tree().root().to_json();
        if value.get("swagger").is_some() { turned(&value) } else { value }
    };
    documents.iter().map(|(release, document)| (release.clone(), value(document))).collect()
}

#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn fields_have_a_second_opinion() {
    for (vendor, files) in [("harbor", &HARBOR[..]), ("lakekeeper", &LAKEKEEPER[..])] {
        let documents = read(vendor, files);
        let history = history(&documents);
        let mut tally = referee::Tally::default();
        let report = referee::disagreements(&history, &values(&documents), &mut tally);
        eprintln!("{tally:#?}");
        assert!(report.is_empty(), "{} disagreements:\n{report}", report.lines().count());
    }
}

/// The second opinion expands every payload place by place, so that it is given
/// one way to send and one to receive each namespaced resource.
#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn recursive_fields_have_a_second_opinion() {
    let part = |(release, document): &(ReleaseId, Document)| {
        let mut value = document.tree().root().to_json();
        let paths = value["paths"].as_object_mut().unwrap();
        paths.retain(|path, _| path.contains("/namespaces/{namespace}/") && path.ends_with("/{name}"));
        for item in paths.values_mut() {
            item.as_object_mut()
                .unwrap()
                .retain(|key, _| ["get", "put", "parameters"].contains(&key.as_str()));
        }
        let document =
            Document::read("part", value.to_string().into_bytes(), &Annotations::default()).unwrap();
        (release.clone(), document)
    };
    let documents: Vec<_> = read("kubernetes", &KUBERNETES).iter().map(part).collect();
    let history = history(&documents);
    let mut tally = referee::Tally::default();
    let report = referee::disagreements(&history, &values(&documents), &mut tally);
    eprintln!("{tally:#?}");
    assert!(tally.compared > 10_000);
    assert!(report.is_empty(), "{} disagreements:\n{report}", report.lines().count());
}

/// Swagger 2.0 turned into OpenAPI 3.0 by other means is the same API.
#[test]
#[ignore = "needs SUNWATCH_SPECS"]
fn turned_into_30_nothing_happens() {
    for (vendor, file) in [("harbor", "2.13.0.yaml"), ("kubernetes", "1.32.json")] {
        let (_, original) = read(vendor, &[file]).pop().unwrap();
        let text = turned(&original.tree().root().to_json()).to_string();
        let other = Document::read("turned.json", text.into_bytes(), &Annotations::default()).unwrap();
        assert_eq!(other.problems, []);
        let names = |document: &Document| -> Vec<String> {
            let parameters = document.operations().iter().flat_map(|operation| {
                let named = |p: &sunwatch::document::Parameter| {
                    format!("{} {} {:?} {}", operation.key, p.at(), p.component, p.required)
                };
                operation.parameters.iter().map(named).collect::<Vec<_>>()
            });
            parameters.collect()
        };
        assert_eq!(names(&original), names(&other));
        let documents = [(ReleaseId::new("1"), original), (ReleaseId::new("2"), other)];
        for item in history(&documents).items {
            let is_quiet = item.introduced.or_earlier
                && item.removed.is_none()
                && item.required.is_none()
                && item.undeprecated.is_none()
                && item.deprecated.as_ref().is_none_or(|since| since.or_earlier);
            assert!(is_quiet, "{item:#?}");
        }
    }
}

/// Swagger 2.0 as OpenAPI 3.0, over plain values.
fn turned(root: &Value) -> Value {
    let shared = root.get("parameters").and_then(Value::as_object).cloned().unwrap_or_default();
    let turn = Turn { root, shared: &shared };
    let mut paths = Map::new();
    for (path, item) in root["paths"].as_object().unwrap() {
        let mut out = Map::new();
        for (key, value) in item.as_object().unwrap() {
            let value = match key.as_str() {
                "parameters" => turn.parameters(value.as_array().unwrap()),
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" => {
                    turn.operation(item, value)
                }
                _ => value.clone(),
            };
            out.insert(key.clone(), value);
        }
        paths.insert(path.clone(), Value::Object(out));
    }
    let (mut parameters, mut bodies) = (Map::new(), Map::new());
    for (name, parameter) in &shared {
        match parameter["in"].as_str().unwrap() {
            "body" => _ = bodies.insert(name.clone(), turn.body(parameter, root.get("consumes"))),
            "formData" => {}
            _ => _ = parameters.insert(name.clone(), turn.parameter(parameter)),
        }
    }
    let produces = root.get("produces");
    let responses = root.get("responses").and_then(Value::as_object).into_iter().flatten();
    let responses: Map<_, _> =
        responses.map(|(name, value)| (name.clone(), turn.response(value, produces))).collect();
    let mut out = json!({"openapi": "3.0.3", "info": root["info"], "paths": paths, "components": {
        "schemas": root["definitions"], "parameters": parameters, "requestBodies": bodies, "responses": responses}});
    rename(&mut out);
    out
}

struct Turn<'v> {
    root: &'v Value,
    shared: &'v Map<String, Value>,
}

impl Turn<'_> {
    fn followed<'v>(&'v self, parameter: &'v Value) -> (&'v Value, Option<&'v str>) {
        match parameter.get("$ref").and_then(Value::as_str) {
            Some(pointer) => {
                let name = pointer.strip_prefix("#/parameters/").unwrap();
                (&self.shared[name], Some(name))
            }
            None => (parameter, None),
        }
    }

    fn parameters(&self, list: &[Value]) -> Value {
        let is_plain =
            |value: &&Value| !matches!(self.followed(value).0["in"].as_str(), Some("body" | "formData"));
        let one =
            |value: &Value| if value.get("$ref").is_some() { value.clone() } else { self.parameter(value) };
        list.iter().filter(is_plain).map(one).collect()
    }

    fn parameter(&self, parameter: &Value) -> Value {
        let (mut out, mut schema) = (Map::new(), Map::new());
        for (key, value) in parameter.as_object().unwrap() {
            let own = ["name", "in", "required", "description", "deprecated"].contains(&key.as_str())
                || key.starts_with("x-");
            if own { &mut out } else { &mut schema }.insert(key.clone(), value.clone());
        }
        out.insert("schema".to_owned(), Value::Object(schema));
        Value::Object(out)
    }

    fn content(schema: &Value, types: Option<&Value>) -> Value {
        let types = types.and_then(Value::as_array).filter(|types| !types.is_empty()).cloned();
        let types = types.unwrap_or_else(|| vec![json!("*/*")]);
        let media = |name: &Value| (name.as_str().unwrap().to_owned(), json!({"schema": schema}));
        Value::Object(types.iter().map(media).collect())
    }

    fn body(&self, parameter: &Value, types: Option<&Value>) -> Value {
        json!({"required": parameter.get("required").unwrap_or(&json!(false)), "content": Self::content(&parameter["schema"], types)})
    }

    fn response(&self, response: &Value, types: Option<&Value>) -> Value {
        match (response.get("$ref"), response.get("schema")) {
            (Some(_), _) => response.clone(),
            (None, None) => json!({"description": ""}),
            (None, Some(schema)) => json!({"description": "", "content": Self::content(schema, types)}),
        }
    }

    fn operation(&self, item: &Value, operation: &Value) -> Value {
        let types = |key: &str| operation.get(key).or_else(|| self.root.get(key));
        let mut out = operation.as_object().unwrap().clone();
        out.retain(|key, _| !["consumes", "produces", "schemes"].contains(&key.as_str()));
        let own = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        out.insert("parameters".to_owned(), self.parameters(&own));
        let above = item.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        let (mut form, mut required) = (Map::new(), Vec::new());
        for written in own.iter().chain(&above) {
            let (parameter, name) = self.followed(written);
            match parameter["in"].as_str() {
                Some("body") => {
                    // A shared body holds what its operation consumes.
                    let body = match name.filter(|_| operation.get("consumes").is_none()) {
                        Some(name) => json!({"$ref": format!("#/components/requestBodies/{name}")}),
                        None => self.body(parameter, types("consumes")),
                    };
                    out.insert("requestBody".to_owned(), body);
                }
                Some("formData") => {
                    let name = parameter["name"].as_str().unwrap().to_owned();
                    form.insert(name.clone(), self.parameter(parameter)["schema"].clone());
                    if parameter.get("required") == Some(&json!(true)) {
                        required.push(name);
                    }
                }
                _ => {}
            }
        }
        if !form.is_empty() {
            let body = json!({"required": !required.is_empty(), "schema": {"type": "object", "properties": form, "required": required}});
            out.insert("requestBody".to_owned(), self.body(&body, types("consumes")));
        }
        let responses = operation["responses"].as_object().unwrap().iter().map(|(status, value)| {
            let pointer =
                value.get("$ref").and_then(Value::as_str).and_then(|pointer| pointer.strip_prefix('#'));
            // A shared response holds what its operation produces.
            let own = pointer.filter(|_| operation.get("produces").is_some());
            let value = own.map_or(value, |pointer| self.root.pointer(pointer).unwrap());
            (status.clone(), self.response(value, types("produces")))
        });
        let responses: Map<_, _> = responses.collect();
        out.insert("responses".to_owned(), Value::Object(responses));
        Value::Object(out)
    }
}

/// Makes references lead to where OpenAPI 3 has components.
fn rename(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    Value::String(text) if key == "$ref" => {
                        *text = text
                            .replace("#/definitions/", "#/components/schemas/")
                            .replace("#/parameters/", "#/components/parameters/")
                            .replace("#/responses/", "#/components/responses/");
                    }
                    _ => rename(value),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(rename),
        _ => {}
    }
}
