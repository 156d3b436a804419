//! The documentation viewers, and where each keeps the address of its
//! document or the document itself: attributes of elements, arguments of
//! calls, names of files.

use url::Url;

use super::answer::{Candidate, Held, Lead, Purpose};
use super::page::{Element, resolve};
use super::value::Value;
use super::{MAX_PAGE_BYTES, index, look};

/// A documentation viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Viewer {
    SwaggerUi,
    Redoc,
    Scalar,
    RapiDoc,
    Elements,
    OpenApiExplorer,
}

impl Viewer {
    /// Its page, in words.
    pub(super) fn page(self) -> &'static str {
        match self {
            Self::SwaggerUi => "a Swagger UI page",
            Self::Redoc => "a Redoc page",
            Self::Scalar => "a Scalar page",
            Self::RapiDoc => "a RapiDoc page",
            Self::Elements => "a Stoplight Elements page",
            Self::OpenApiExplorer => "an OpenAPI Explorer page",
        }
    }
}

/// What was seen of a page's viewers.
#[derive(Default)]
pub(super) struct Seen {
    pub viewer: Option<Viewer>,
    /// Documents that a viewer was told to show.
    pub candidates: Vec<Candidate>,
    /// Where a viewer was told to look for its configuration.
    pub leads: Vec<Lead>,
    /// Addresses that look like documents, and nothing more.
    pub hints: Vec<Lead>,
    /// Documents that stand in the page for whatever reason.
    pub embedded: Vec<Candidate>,
}

impl Seen {
    fn named(&mut self, base: &Url, at: &str, name: Option<String>) {
        if let Some(url) = resolve(base, at).filter(|url| !is_demo(url, base)) {
            self.candidates.push(Candidate { name, held: Held::At(url) });
        }
    }

    /// A document, as a value or as its text.
    fn held(&mut self, value: &Value<'_>, name: Option<String>) -> bool {
        let json = match value {
            Value::Text(text) if text.trim_start().starts_with('{') || text.contains("openapi") => {
                Some(text.to_string())
            }
            value if value.is_object() => {
                let version = [value.get("openapi"), value.get("swagger")];
                let spoken = version.iter().any(|one| matches!(one, Value::Text(_) | Value::Number(_)));
                if spoken { value.to_json(MAX_PAGE_BYTES) } else { None }
            }
            _ => None,
        };
        let Some(json) = json else { return false };
        let Ok(tree) = crate::text::parse(json.into()) else { return false };
        if !look::is_document(tree.root()) {
            return false;
        }
        let mut candidate = index::inside(tree.root());
        candidate.name = name.or(candidate.name);
        self.candidates.push(candidate);
        true
    }
}

/// The address that Swagger UI's files name until somebody configures them.
fn is_demo(url: &Url, page: &Url) -> bool {
    let demo = ["petstore.swagger.io", "petstore3.swagger.io"];
    url.host_str().is_some_and(|host| demo.contains(&host)) && url.host() != page.host()
}

/// The viewer of a custom element.
pub(super) fn of_element(tag: &str) -> Option<Viewer> {
    Some(match tag {
        "redoc" => Viewer::Redoc,
        "rapi-doc" | "rapi-doc-mini" => Viewer::RapiDoc,
        "elements-api" | "elements-dev-portal" => Viewer::Elements,
        "openapi-explorer" => Viewer::OpenApiExplorer,
        "api-reference" => Viewer::Scalar,
        _ => return None,
    })
}

/// Attributes that make any element worth a look.
pub(super) const ATTRIBUTES: [&str; 9] = [
    "spec-url",
    "apidescriptionurl",
    "apidescriptiondocument",
    "data-url",
    "data-configuration",
    "data-initial-props",
    "data-props",
    "data-state",
    "data-spec-url",
];

/// What an element says.
pub(super) fn read_element(element: &Element, base: &Url) -> Seen {
    let mut seen = Seen { viewer: of_element(&element.tag), ..Seen::default() };
    for attribute in ["spec-url", "specurl", "data-spec-url", "apidescriptionurl"] {
        if let Some(at) = element.get(attribute) {
            seen.named(base, at, None);
        }
    }
    if let Some(text) = element.get("apidescriptiondocument") {
        seen.held(&Value::text(text), None);
    }
    if element.tag == "script" && element.get("id") == Some("api-reference") {
        seen.viewer = Some(Viewer::Scalar);
        let configuration = element.get("data-configuration").unwrap_or_default();
        if let Some(at) = element.get("data-url") {
            seen.named(base, at, None);
        } else if let Ok(tree) = crate::text::parse(configuration.into()) {
            let tree = std::rc::Rc::new(tree);
            let root = tree.root().id();
            scalar(&Value::of_json(&tree, root), base, &mut seen);
        }
        if seen.candidates.is_empty() {
            seen.held(&Value::text(&element.text), None);
        }
    }
    seen
}

/// The viewer whose files an element loads.
pub(super) fn of_asset(element: &Element) -> Option<Viewer> {
    let at = match element.tag.as_str() {
        "script" => element.get("src")?,
        "link" => element.get("href")?,
        _ => return None,
    };
    let at = at.to_ascii_lowercase();
    let names = [
        ("swagger-ui", Viewer::SwaggerUi),
        ("swaggerui", Viewer::SwaggerUi),
        ("swagger-initializer", Viewer::SwaggerUi),
        ("redoc", Viewer::Redoc),
        ("rapidoc", Viewer::RapiDoc),
        ("scalar", Viewer::Scalar),
        ("stoplight/elements", Viewer::Elements),
        ("openapi-explorer", Viewer::OpenApiExplorer),
    ];
    names.iter().find(|(name, _)| at.contains(name)).map(|(_, viewer)| *viewer)
}

/// What the query of a Swagger UI page's address asks for.
pub(super) fn of_query(page: &Url, base: &Url) -> Seen {
    let mut seen = Seen::default();
    for (key, value) in page.query_pairs() {
        match &*key {
            "url" if !value.is_empty() => seen.named(base, &value, None),
            "configUrl" if !value.is_empty() => {
                let url = resolve(base, &value);
                seen.leads.extend(url.map(|url| Lead { url, purpose: Purpose::Configuration }));
            }
            _ => {}
        }
    }
    // What stands in an address is asked for, but not sent elsewhere.
    seen.leads.retain(|lead| super::page::same_origin(&lead.url, page));
    seen
}

/// The last segment of an address, in small letters.
fn file_name(url: &Url) -> String {
    url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase()
}

/// Whether a script is a viewer itself, which knows no document.
pub(super) fn is_bundle(url: &Url) -> bool {
    let name = file_name(url);
    let bundles = [
        "swagger-ui-bundle",
        "swagger-ui-standalone",
        "swagger-ui-es-bundle",
        "swagger-ui.js",
        "swagger-ui.min.js",
        "redoc.standalone",
        "redoc.min.js",
        "rapidoc",
        "web-components.min",
        "openapi-explorer",
        "jquery",
        "standalone.js",
        "scalar.js",
        "immutable",
        "polyfill",
    ];
    bundles.iter().any(|bundle| name.starts_with(bundle))
}

/// Whether a script's name says that it configures a viewer.
pub(super) fn is_initializer(url: &Url) -> bool {
    let name = file_name(url);
    ["init", "config", "index.js", "swagger", "redoc"].iter().any(|part| name.contains(part))
}

/// Whether a reference is named like an API document.
pub(super) fn is_document_name(reference: &str) -> bool {
    let path = reference.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    if path.len() > 300 || path.contains(char::is_whitespace) {
        return false;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let typed = [".json", ".yaml", ".yml"].iter().any(|end| name.ends_with(end));
    let words = ["openapi", "swagger", "api-docs", "apispec", "api-spec"];
    let spoken = words.iter().any(|word| path.contains(word));
    (typed && spoken && name != "swagger-config.json")
        || ["/api-docs", "/openapi", "-json"].iter().any(|end| path.starts_with('/') && path.ends_with(end))
        || (reference.contains("format=openapi") && spoken)
}

/// What a call of a viewer from outside the script says; `None` where the
/// function is no viewer's.
pub(super) fn of_call(name: &str, arguments: &[Value<'_>], base: &Url) -> Option<Seen> {
    let name = name.strip_prefix("window.").unwrap_or(name);
    let mut seen = Seen::default();
    let first = arguments.first().unwrap_or(&Value::Null);
    match name {
        "SwaggerUIBundle" | "SwaggerUI" | "SwaggerUi" | "SwaggerUIBundle.default" => {
            seen.viewer = Some(Viewer::SwaggerUi);
            swagger_ui(first, base, &mut seen);
        }
        "Redoc.init" | "Redoc.hydrate" => {
            seen.viewer = Some(Viewer::Redoc);
            match first.as_address() {
                Some(at) if !at.trim_start().starts_with('{') => seen.named(base, &at, None),
                Some(_) => {
                    seen.held(first, None);
                }
                None => {
                    // The state of a page that was built ahead, or the document.
                    let data = first.get("spec").get("data");
                    let _ = seen.held(&data, None) || seen.held(first, None);
                }
            }
        }
        "Scalar.createApiReference" => {
            seen.viewer = Some(Viewer::Scalar);
            for argument in arguments {
                scalar(argument, base, &mut seen);
            }
        }
        _ => return None,
    }
    Some(seen)
}

/// What a script did to an element of the page, or gave a viewer to load.
pub(super) fn of_element_value(tag: Option<&str>, element: &Value<'_>, base: &Url) -> Seen {
    let mut seen = Seen { viewer: tag.and_then(of_element), ..Seen::default() };
    for key in ["spec-url", "specUrl", "apiDescriptionUrl", "data-url"] {
        if let Some(at) = element.get(key).as_address() {
            seen.named(base, &at, None);
        }
    }
    let document = element.get("apiDescriptionDocument");
    seen.held(&document, None);
    seen
}

/// The argument of RapiDoc's `loadSpec`.
pub(super) fn of_load(argument: &Value<'_>, base: &Url) -> Seen {
    let mut seen = Seen { viewer: Some(Viewer::RapiDoc), ..Seen::default() };
    if !seen.held(argument, None)
        && let Some(at) = argument.as_address()
    {
        seen.named(base, &at, None);
    }
    seen
}

/// Swagger UI's configuration: a document inside comes before all, `urls`
/// before `url`, and what `configUrl` leads to replaces both.
fn swagger_ui(config: &Value<'_>, base: &Url, seen: &mut Seen) {
    if seen.held(&config.get("spec"), None) {
        return;
    }
    if let Some(at) = config.get("configUrl").as_address()
        && let Some(url) = resolve(base, &at)
    {
        seen.leads.push(Lead { url, purpose: Purpose::Configuration });
        return;
    }
    let before = seen.candidates.len();
    for one in config.get("urls").items() {
        if let Some(at) = one.get("url").as_address() {
            seen.named(base, &at, one.get("name").as_address().map(|name| name.to_string()));
        }
    }
    if seen.candidates.len() == before
        && let Some(at) = config.get("url").as_address()
    {
        seen.named(base, &at, None);
    }
}

/// Scalar's configuration: one or several, each with `url`, `content`, `spec`
/// or `sources`.
fn scalar(config: &Value<'_>, base: &Url, seen: &mut Seen) {
    for one in config.items() {
        scalar_source(&one, base, seen);
    }
    for one in config.get("sources").items() {
        scalar_source(&one, base, seen);
    }
    if config.is_object() {
        scalar_source(config, base, seen);
    }
}

fn scalar_source(source: &Value<'_>, base: &Url, seen: &mut Seen) {
    let name = source.get("title").as_address().or_else(|| source.get("slug").as_address());
    let name = name.map(|name| name.to_string());
    for holder in [source.clone(), source.get("spec")] {
        if !holder.is_object() {
            continue;
        }
        if seen.held(&holder.get("content"), name.clone()) {
            return;
        }
        if let Some(at) = holder.get("url").as_address() {
            return seen.named(base, &at, name);
        }
    }
}
