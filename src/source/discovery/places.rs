//! The usual places of API documents on a server whose address is all that is
//! known. Data only.

use super::answer::Purpose;

/// The usual places, in the order in which they are tried, relative to the
/// address of the control plane. Those that describe a whole API at once come
/// before those that list parts.
pub const USUAL_PLACES: [(&str, Purpose); 36] = [
    // RFC 9727: the place that is standardised.
    (".well-known/api-catalog", Purpose::Index),
    // Run:ai.
    ("api/docs", Purpose::Page),
    // FastAPI, ASP.NET Core's MapOpenApi, and the common name.
    ("openapi.json", Purpose::Document),
    ("openapi.yaml", Purpose::Document),
    ("openapi/v1.json", Purpose::Document),
    ("api/openapi.json", Purpose::Document),
    ("api/openapi.yaml", Purpose::Document),
    ("api/v1/openapi.json", Purpose::Document),
    // Swagger 2.0, flask-restx.
    ("swagger.json", Purpose::Document),
    ("swagger.yaml", Purpose::Document),
    ("api/swagger.json", Purpose::Document),
    ("api/v1/swagger.json", Purpose::Document),
    // springdoc: groups first, since with groups the document itself is one of them.
    ("v3/api-docs/swagger-config", Purpose::Index),
    ("v3/api-docs", Purpose::Document),
    // springfox.
    ("swagger-resources", Purpose::Index),
    ("v2/api-docs", Purpose::Document),
    // swagger-jsdoc, NestJS, swaggo.
    ("api-docs", Purpose::Page),
    ("api-json", Purpose::Document),
    ("docs-json", Purpose::Document),
    ("swagger/doc.json", Purpose::Document),
    // Swashbuckle and NSwag.
    ("swagger/index.html", Purpose::Page),
    ("swagger/v1/swagger.json", Purpose::Document),
    // Quarkus, MicroProfile OpenAPI.
    ("q/openapi", Purpose::Document),
    ("openapi", Purpose::Document),
    // Litestar, drf-spectacular, flasgger.
    ("schema/openapi.json", Purpose::Document),
    ("api/schema/", Purpose::Document),
    ("schema/", Purpose::Document),
    ("apispec_1.json", Purpose::Document),
    // Kubernetes: all groups in one, then one by one.
    ("openapi/v2", Purpose::Document),
    ("openapi/v3", Purpose::Index),
    // Pages of viewers.
    ("docs", Purpose::Page),
    ("swagger", Purpose::Page),
    ("swagger-ui/index.html", Purpose::Page),
    ("swagger-ui.html", Purpose::Page),
    ("redoc", Purpose::Page),
    ("scalar", Purpose::Page),
];
