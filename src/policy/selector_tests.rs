//! What the selector grammar accepts, refuses and matches.

use super::selector::*;
use crate::document::OperationKey;

fn parse(text: &str) -> ItemSelector {
    ItemSelector::parse(text, Stars::Allowed).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn key(text: &str) -> OperationKey {
    OperationKey::parse(text).unwrap()
}

#[test]
fn targets_match_operations() {
    for (selector, operation, expected) in [
        ("GET /v1/users/{userId}", "GET /v1/users/{id}", true),
        ("get /v1/users/{userId}", "GET /v1/users/{id}", true),
        ("GET /v1/users/{userId}", "PUT /v1/users/{id}", false),
        ("/v1/users/{userId}", "PUT /v1/users/{id}", true),
        ("/v1/users", "GET /v1/users/{id}", false),
        ("* /v1/users", "GET /v1/users", true),
        ("P* /v1/users", "PATCH /v1/users", true),
        ("P* /v1/users", "GET /v1/users", false),
        ("/v1/k8s/*", "GET /v1/k8s/clusters/{c}/jobs", true),
        ("/v1/*/jobs", "GET /v1/k8s/clusters/{c}/jobs", true),
        ("/v1/*/jobs", "GET /v1/k8s/jobs/{id}", false),
        ("#/components/schemas/Job", "GET /v1/jobs", false),
    ] {
        assert_eq!(parse(selector).matches_operation(&key(operation)), expected, "{selector} {operation}");
    }
    assert!(parse("#/components/schemas/Job").matches_component("#/components/schemas/Job"));
    assert!(parse("#/components/schemas/*").matches_component("#/components/schemas/Job"));
    assert!(parse("#/definitions/Job").matches_component("#/definitions/Job"));
    assert!(!parse("/v1/jobs").matches_component("#/components/schemas/Job"));
}

#[test]
fn places_match_by_kind_name_and_direction() {
    use crate::document::Direction::{Request, Response};
    for (selector, direction, at, expected) in [
        ("/a query:limit", None, "query:limit", true),
        ("/a query:limit", None, "header:limit", false),
        ("/a header:X-Tenant", None, "header:x-tenant", true),
        ("/a query:Limit", None, "query:limit", false),
        ("/a path:id", None, "path:id", true),
        ("/a cookie:c", None, "cookie:c", true),
        ("/a query:filter[name]", None, "query:filter[name]", true),
        ("/a request:spec.image", Some(Request), "spec.image", true),
        ("/a request:spec.image", Some(Response), "spec.image", false),
        ("/a request:spec.image", None, "spec.image", false),
        ("/a response:[].name", Some(Response), "[].name", true),
        ("/a request:", Some(Request), "", true),
        ("/a spec.image", Some(Response), "spec.image", true),
        ("/a spec.image", None, "spec.image", true),
        ("/a *.image", Some(Request), "entries[].spec.image", true),
        ("/a *", Some(Request), "spec", true),
        ("/a *", None, "query:limit", false),
        ("/a query:*", None, "query:limit", true),
        ("/a", None, "query:limit", false),
        ("#/components/schemas/Job labels{}.app:name", None, "labels{}.app:name", true),
    ] {
        assert_eq!(parse(selector).matches_place(direction, at), expected, "{selector} {at}");
    }
}

#[test]
fn exceptions_cover_what_is_inside() {
    let operation = key("POST /v1/jobs");
    let subject = Subject {
        operation: Some(&operation),
        direction: Some(crate::document::Direction::Request),
        at: Some("spec.mode"),
        value: Some("slow"),
        component: Some("#/components/schemas/Job"),
    };
    for (selector, expected) in [
        ("POST /v1/jobs", true),
        ("/v1/*", true),
        ("/v1/jobs spec.mode", true),
        ("/v1/jobs request:spec.mode=slow", true),
        ("/v1/jobs spec.mode=fast", false),
        ("/v1/jobs spec.image", false),
        ("GET /v1/jobs", false),
        ("#/components/schemas/Job", true),
        ("#/components/schemas/Pod", false),
    ] {
        assert_eq!(parse(selector).covers(&subject), expected, "{selector}");
    }
    assert!(!parse("/v1/jobs").covers(&Subject::default()));
    assert!(!parse("/v1/jobs spec=x").covers(&Subject { operation: Some(&operation), ..Subject::default() }));
}

#[test]
fn parts_can_be_asked_for() {
    let selector = parse("POST /v1/jobs  request:spec.mode=very slow");
    assert_eq!(selector.value(), Some("very slow"));
    assert_eq!(
        selector.place(),
        Some(&Place::Field {
            direction: Some(crate::document::Direction::Request),
            at: "spec.mode".to_owned()
        })
    );
    assert_eq!(selector.operation(), None);
    assert_eq!(parse("POST /v1/jobs").operation(), Some(key("POST /v1/jobs")));
    assert_eq!(parse("/v1/jobs").operation(), None);
    assert_eq!(parse("GET /a/{b}"), parse(" get  /a/{c}/ "));
    assert_ne!(parse("GET /a"), parse("/a"));
    assert_eq!(parse(" /a  x ").to_string(), "/a  x");
    assert_eq!(parse("LOCK /a").operation(), Some(key("LOCK /a")));
}

#[test]
fn what_is_no_item_is_refused_with_a_reason() {
    for (text, expected) in [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("v1/users", "`v1/users` is neither a method, a path that begins with `/`, nor `#/components/...`"),
        ("GTE /v1", "`GTE` is no HTTP method; did you mean `GET`?"),
        ("PSOT /v1", "`PSOT` is no HTTP method; did you mean `POST`?"),
        ("GET", "after the method `GET` a path is missing"),
        ("GET v1/users", "the path `v1/users` does not begin with `/`"),
        ("/v1/{id", "the path `/v1/{id` has a brace without its partner"),
        ("/v1/id}", "the path `/v1/id}` has a brace without its partner"),
        ("#/schemas/X", "`#/schemas/X` is no component: write `#/components/schemas/NAME`"),
        ("/a qeury:x", "`qeury:` is no kind of place; did you mean `query:`?"),
        (
            "/a zzz:x",
            "`zzz:` is no kind of place: expected query:, header:, path:, cookie:, request: or response:",
        ),
        ("/a query:", "after `query:` a name is missing"),
        ("/a b c", "the place `b c` holds a space"),
        ("/a b..c", "the field `b..c` has an empty name in it"),
        ("/a b.[]", "the field `b.[]` has an empty name in it"),
        ("/a b[0].c", "in the field `b[0].c` a bracket is not `[]` (array) or `{}` (map)"),
        ("/a =x", "there is a value after `=`, but no place before it"),
        ("/a/*", "a `*` is allowed only in exceptions ([[ignore]])"),
    ] {
        let error = ItemSelector::parse(text, Stars::Refused).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text:?}");
    }
    // A value is taken as it stands.
    assert!(ItemSelector::parse("/a mode=*", Stars::Refused).is_ok());
}
