//! HTTP libraries of Java and Kotlin: java.net and java.net.http, OkHttp,
//! Apache HttpClient, Spring, JAX-RS, Retrofit, Feign, Unirest, Ktor, Fuel, and
//! what only looks like one of them.

use std::sync::Arc;

use super::annotations::{self, REQUEST};
use super::shared::URL_BUILDER;
use crate::scan::fields::sent;
use crate::scan::form::{FormatStyle, JoinStyle, Span};
use crate::scan::naming::Naming;
use crate::scan::requests::builder::{self, BASE, METHOD, URL};
use crate::scan::requests::generic::reads_like_path;
use crate::scan::requests::request::{Callee, Dialect, Found, Meaning, NamedValue, argument, is_function};
use crate::scan::value::compose;
use crate::scan::value::{Kind, Piece, Term, Value};
use crate::scan::wording::{foreign_name, message_name, method_named, names_verb, words};

/// The dialect of Java and Kotlin.
pub(super) struct Jvm;

/// A builder whose verbs are steps: `.uri(u).GET().build()`.
const STEPS: &str = "steps";
/// A builder whose verbs send: `.path(p).request().get()`.
const TARGET: &str = "target";
/// A request that is told its parts and handed to a client: `request.setUri(u)`.
const MESSAGE: &str = "message";
/// `url.openConnection()`
const CONNECTION: &str = "connection";

impl Dialect for Jvm {
    fn naming(&self) -> Naming {
        Naming::Classes
    }

    /// What Kotlin's extensions of it call without an object.
    fn is_client_class(&self, name: &str) -> bool {
        matches!(name, "HttpClient")
    }

    fn begins(&self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        // The program's own targets: `getBaseResource().path("/users")`.
        (callee.name() == "path").then(|| begin(callee, args))?
    }

    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning {
        let name = callee.name();
        let owner = callee.owner();
        if name == REQUEST {
            return annotations::meaning(args);
        }
        if name == URL_BUILDER {
            return Meaning::Value(Value::text("".into(), Span::NOWHERE));
        }
        if builder::is_builder(&callee.receiver) {
            return step(callee, args);
        }
        if let Some(message) = builder::given(args)
            && builder::kind(message).as_deref() == Some(MESSAGE)
            && words(name).iter().any(|word| SENDING.contains(&word.as_str()))
        {
            return builder::found(message, Some("GET")).map_or(Meaning::Unknown, Meaning::Request);
        }
        // `server.resolve(path)` of a URI is no server of the web.
        let resolves = is_resolved(callee, args);
        if callee.client().is_none() && !resolves && is_foreign(callee, args) {
            return Meaning::Foreign;
        }
        if matches!(owner, "log" | "logger" | "LOG" | "LOGGER" | "out" | "err" | "Assert" | "Log" | "Timber")
            || message_name(name)
        {
            return Meaning::Quiet;
        }
        if is_handed_builder(callee) {
            // Whoever hands the builder in says where the request goes.
            return match name {
                "build" => Meaning::Request(Found::with_method(None, None, &callee.receiver).unsure()),
                _ => Meaning::Value(callee.receiver.clone()),
            };
        }
        if matches!((owner, name), ("", "ProcessBuilder") | (_, "exec" | "commandLine")) {
            return super::programs::meaning(callee, args);
        }
        // `template.setUriTemplateHandler(new DefaultUriBuilderFactory(base))`
        if let ("setUriTemplateHandler" | "setUriBuilderFactory", Some(_), [(_, base)]) =
            (name, callee.client(), args)
        {
            return Meaning::Value(Value::one(Kind::Client(Arc::new(base.clone()))));
        }
        if let Some(value) = begin(callee, args).or_else(|| address(callee, args)) {
            return Meaning::Value(value);
        }
        if let Some(base) = client(callee, args) {
            return Meaning::Client(base);
        }
        match direct(callee, args) {
            Some(found) => Meaning::Request(found),
            None => Meaning::Unknown,
        }
    }
}

/// A parameter that is a builder by its name, which cannot have been asked for
/// anything but one more step.
fn is_handed_builder(callee: &Callee) -> bool {
    let steps = ["build", "header", "headers", "addHeader", "setHeader", "timeout", "version", "tag"];
    let named = callee.owner() == "builder" && callee.path.len() == 2;
    steps.contains(&callee.name())
        && callee.receiver.terms.iter().any(|term| {
            matches!(&term.kind, Kind::Param(param)
                if named || words(&param.name).iter().any(|word| matches!(word.as_str(), "request" | "builder" | "req")))
        })
}

/// Routers, matchers of security rules, mocks.
fn is_foreign(callee: &Callee, args: &[NamedValue]) -> bool {
    let name = callee.name();
    // `route(GET("/x"), handler)`: the predicate of a router.
    let predicate = method_named(name) == Some(name) && callee.owner() != "HttpRequest";
    let matching = name.to_ascii_lowercase().ends_with("matchers")
        || matches!(name, "antMatcher" | "pathMatcher" | "permitAll" | "addMapping" | "routing" | "stubFor")
        || name.starts_with("urlEqual")
        || name.starts_with("urlPath")
        || name.starts_with("urlMatching");
    // Ktor's server: `get("/x") { call.respond() }`
    let bare = callee.path.len() == 1 || (callee.path.len() == 2 && callee.owner() == "this");
    let closure =
        args.iter().any(|(name, _)| name.as_deref() == Some(crate::scan::language::kotlin::syntax::TRAILING));
    // A closure that says a URL is told to a client: `fun HttpClient.load(id: String) = get { url(id) }`.
    let told = |(_, value): &NamedValue| {
        [URL, crate::scan::language::kotlin::syntax::MORE]
            .iter()
            .any(|part| builder::part(value, part).is_some())
    };
    if bare && closure && method_named(name).is_some() && !args.iter().any(told) {
        return true;
    }
    // Spring's client is no server of the web.
    let path: Vec<_> =
        callee.path.iter().filter(|name| !name.to_ascii_lowercase().contains("webclient")).cloned().collect();
    let defining = !matches!(name, "method" | "all" | "on" | "add" | "register");
    callee.is_foreign()
        || matching
        || (predicate && matches!(callee.path.len(), 1 | 2) && !args.is_empty())
        || (defining && foreign_name(&path))
        || (!defining
            && path.split_last().is_some_and(|(_, owners)| foreign_name(&[owners, &["".into()]].concat())))
}

/// Whether a value is a method that a caller gives, by the name of the parameter.
fn is_callers_verb(value: &Value) -> bool {
    let is_verb = |term: &Term| matches!(&term.kind, Kind::Param(param) if param.members.is_empty() && names_verb(&param.name));
    !value.terms.is_empty() && value.terms.iter().all(is_verb)
}

/// Calls that begin a request: `HttpRequest.newBuilder()`.
fn begin(callee: &Callee, args: &[NamedValue]) -> Option<Value> {
    let name = callee.name();
    let owner = callee.owner();
    let first = argument(args, Some(0), &[]);
    let with_url = |kind: &str, url: Option<&Value>| {
        let empty = builder::new(kind);
        url.map_or(empty.clone(), |url| builder::with(&empty, URL, url))
    };
    match (owner, name) {
        ("", "HttpRequest" | "RestRequest" | "ApiRequest") if args.is_empty() => Some(builder::new(MESSAGE)),
        ("HttpRequest", "newBuilder") => Some(with_url(STEPS, first)),
        ("Request", "Builder") | ("", "RequestBuilder") => Some(with_url(STEPS, None)),
        ("RequestBuilder" | "ClassicRequestBuilder" | "SimpleRequestBuilder" | "RequestEntity", _)
            if method_named(name).is_some() =>
        {
            Some(builder::with_method(&with_url(STEPS, first), &name.to_ascii_uppercase()))
        }
        ("RequestBuilder" | "ClassicRequestBuilder" | "RequestEntity", "create" | "method") => {
            let url = argument(args, Some(1), &[]);
            first.map(|method| builder::with(&with_url(STEPS, url), METHOD, method))
        }
        (_, "openConnection") => Some(with_url(CONNECTION, Some(&callee.receiver))),
        (_, "target" | "resource") if args.len() == 1 && first.is_some_and(is_address) => {
            Some(with_url(TARGET, first))
        }
        (_, "path") if is_target(owner) && !is_text(&callee.receiver) => {
            let start = with_url(TARGET, Some(&callee.receiver));
            Some(builder::extended(&start, &[first?.clone()]))
        }
        (_, "request") if is_target(owner) && !first.is_some_and(reads_like_path) => {
            Some(with_url(TARGET, Some(&callee.receiver)))
        }
        // A client whose verb comes before the URL: `webClient.get().uri(u)`.
        (_, "get" | "post" | "put" | "patch" | "delete" | "head")
            if args.is_empty() && callee.client().is_some() =>
        {
            let start = builder::with_method(&with_url(STEPS, None), &name.to_ascii_uppercase());
            Some(builder::with(&start, BASE, callee.client()?))
        }
        (_, "method")
            if args.len() <= 2
                && first.is_some_and(|value| {
                    let found = Found::with_method(Some(value), None, value);
                    // A helper's callers say which: `webClient.method(method).uri(path)`.
                    found.methods.iter().all(|(method, _)| method.is_some()) || is_callers_verb(value)
                }) =>
        {
            let start = builder::with(&with_url(STEPS, None), METHOD, first?);
            Some(match callee.client() {
                Some(base) => builder::with(&start, BASE, base),
                None => start,
            })
        }
        // A builder from elsewhere: what its first step was says the method.
        (_, "uri" | "url" | "setUri" | "withUrlPath" | "urlString" | "withUrl") => {
            let url = first.filter(|url| reads_like_path(url) || url.depends() || owner.ends_with("()"))?;
            let start = match (name, args) {
                ("withUrlPath", [_, rest @ ..]) if !rest.is_empty() => {
                    let rest: Vec<Value> = rest.iter().map(|(_, value)| value.clone()).collect();
                    with_url(STEPS, Some(&compose::join_url(url, &rest, JoinStyle::Path, Span::NOWHERE)))
                }
                _ => with_url(STEPS, Some(&expanded(url, &args[1..]))),
            };
            let verb = owner.strip_suffix("()").and_then(method_named);
            Some(verb.map_or(start.clone(), |verb| builder::with_method(&start, verb)))
        }
        _ => None,
    }
}

/// Words in the names of functions that send a request which they are handed.
const SENDING: [&str; 6] = ["request", "send", "execute", "exchange", "call", "perform"];

/// How steps begin that send the request.
const ENDS: [&str; 4] = ["fetch", "send", "execute", "retrieve"];

/// A step of a request, or its end.
fn step(callee: &Callee, args: &[NamedValue]) -> Meaning {
    let name = callee.name();
    let known = &callee.receiver;
    let first = argument(args, Some(0), &[]);
    let kind = builder::kind(known).unwrap_or_default();
    let has_url = builder::part(known, URL).is_some();
    let end = |default: &str| match builder::found(known, Some(default)) {
        Some(found) => Meaning::Request(found),
        None => Meaning::Value(known.clone()),
    };
    if kind == MESSAGE {
        return Meaning::Value(match (name, first) {
            ("setUri" | "setUrl" | "setURI" | "setURL" | "setPath", Some(url)) => {
                builder::with(known, URL, url)
            }
            ("setMethod" | "setHttpMethod" | "setRequestMethod", Some(method)) => {
                builder::with(known, METHOD, method)
            }
            ("setBody" | "setEntity" | "setPayload" | "setContent", body) => builder::with_body(known, body),
            _ => known.clone(),
        });
    }
    if kind == CONNECTION {
        return match (name, first) {
            ("setRequestMethod" | "method", Some(method)) => {
                Meaning::Value(builder::with(known, METHOD, method))
            }
            ("setDoOutput", _) if builder::part(known, METHOD).is_none() => {
                Meaning::Value(builder::with_method(known, "POST"))
            }
            (
                "getInputStream" | "getResponseCode" | "connect" | "getResponseMessage" | "getContent"
                | "getHeaderField" | "responseCode" | "inputStream",
                _,
            ) => end("GET"),
            _ => Meaning::Value(known.clone()),
        };
    }
    if let (Some(verb), true) = (method_named(name), kind == TARGET) {
        let known = builder::with_body(known, first);
        return match builder::found(&builder::with_method(&known, verb), None) {
            Some(found) => Meaning::Request(found),
            None => Meaning::Unknown,
        };
    }
    if let (TARGET, Some(verb)) = (kind.as_str(), name.strip_prefix("build").and_then(method_named)) {
        return match builder::found(&builder::with_method(known, verb), None) {
            Some(found) => Meaning::Request(found),
            None => Meaning::Unknown,
        };
    }
    match (name, first) {
        // The pieces of a path: `withUrlPath("/users", id)`.
        ("withUrlPath", Some(url)) if args.len() > 1 => {
            let rest: Vec<Value> = args.iter().skip(1).map(|(_, value)| value.clone()).collect();
            let url = compose::join_url(url, &rest, JoinStyle::Path, Span::NOWHERE);
            Meaning::Value(builder::with(known, URL, &url))
        }
        ("uri" | "url" | "setUri" | "URI" | "withUrlPath" | "urlString" | "withUrl", Some(url)) => {
            Meaning::Value(builder::with(known, URL, &expanded(url, &args[1..])))
        }
        ("path" | "setPath" | "appendPath" | "segment", Some(_)) => {
            let parts: Vec<Value> = args.iter().map(|(_, value)| value.clone()).collect();
            Meaning::Value(builder::extended(known, &parts))
        }
        // `.path("/users/{id}").resolveTemplate("id", id)`
        ("resolveTemplate" | "resolveTemplateFromEncoded" | "routeParam", Some(word)) if args.len() == 2 => {
            Meaning::Value(word.literal().map_or(known.clone(), |word| builder::resolved(known, &word)))
        }
        ("method" | "setMethod" | "httpMethod", Some(method)) => {
            let known = builder::with(known, METHOD, method);
            let known = builder::with_body(&known, argument(args, Some(1), &[]));
            if kind != TARGET {
                return Meaning::Value(known);
            }
            builder::found(&known, None).map_or(Meaning::Unknown, Meaning::Request)
        }
        // What a closure from elsewhere tells is not seen.
        ("apply" | "also", Some(closure))
            if !is_function(closure) && builder::part(known, METHOD).is_none() =>
        {
            Meaning::Value(builder::with(known, METHOD, &Value::unknown("method")))
        }
        // OkHttp's delete may have a body, GET never has one.
        _ if method_named(name).is_some() && (!has_url || args.len() <= 1) => {
            let known = builder::with_body(known, first);
            Meaning::Value(builder::with_method(&known, &name.to_ascii_uppercase()))
        }
        ("bodyValue" | "setBody" | "body" | "setEntity" | "syncBody", Some(body)) => {
            Meaning::Value(builder::with_body(known, Some(body)))
        }
        (
            "build" | "send" | "sendAsync" | "execute" | "retrieve" | "exchange" | "exchangeToMono"
            | "exchangeToFlux" | "call" | "fetch" | "submit" | "awaitExchange" | "asJson" | "enqueue"
            | "exchangeForm" | "toEntity" | "body" | "toIterable" | "asString" | "asObject" | "asEmpty"
            | "awaitBody",
            _,
        ) if has_url && (name != "body" || args.is_empty()) => end("GET"),
        // `fetchInto(x)`, `sendAndCheck()`
        _ if has_url && ENDS.iter().any(|end| name.starts_with(end)) => end("GET"),
        _ => Meaning::Value(known.clone()),
    }
}

/// A template with what stands for its names, one after the other: `.uri("/{kind}/{id}", kind, id)`.
/// What is not known leaves the name as it is.
fn expanded(url: &Value, given: &[NamedValue]) -> Value {
    let known = |value: &Value| value.depends() || value.terms.iter().any(|term| term.literal().is_some());
    if given.iter().any(|(name, _)| name.is_some()) || !given.iter().any(|(_, value)| known(value)) {
        return url.clone();
    }
    let mut names = Vec::new();
    for piece in url.terms.first().map(Term::pieces).unwrap_or_default() {
        let Piece::Literal { text, .. } = piece else { continue };
        let parts = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
        names.extend(parts.map(|(name, _)| Arc::<str>::from(name)));
    }
    let word =
        |value: &Value| value.terms.iter().all(|term| !matches!(term.kind, Kind::Object(_) | Kind::List(_)));
    if names.len() != given.len() || !given.iter().all(|(_, value)| word(value)) {
        return url.clone();
    }
    let args: Vec<NamedValue> =
        names.into_iter().zip(given).map(|(name, (_, value))| (Some(name), value.clone())).collect();
    compose::format(url, FormatStyle::Braces, &args, Span::NOWHERE)
}

/// URLs that are built by calls.
fn address(callee: &Callee, args: &[NamedValue]) -> Option<Value> {
    let name = callee.name();
    let owner = callee.owner();
    let first = argument(args, Some(0), &[]);
    let text = is_text(&callee.receiver);
    if matches!(name, "buildAndExpand" | "expand") && text {
        return Some(expanded(&callee.receiver, args));
    }
    let parts = || compose::path_parts(args.iter().map(|(_, value)| value));
    match (owner, name) {
        (_, "fromHttpUrl" | "fromUriString" | "fromPath" | "fromUri" | "fromOriginHeader") => {
            Some(compose::concat(&[first?.clone()], Span::NOWHERE))
        }
        ("UriComponentsBuilder", "newInstance")
        | ("HttpUrl", "Builder")
        | ("", "URIBuilder" | "URLBuilder")
            if args.is_empty() =>
        {
            Some(Value::text("".into(), Span::NOWHERE))
        }
        ("", "URIBuilder" | "URLBuilder" | "Url" | "GenericUrl")
        | ("HttpUrl", "parse" | "get")
        | ("UriBuilder", "of") => Some(compose::concat(&[first?.clone()], Span::NOWHERE)),
        // `URL("https", host, path)`
        ("", "URL") if args.len() == 3 => {
            let sign = Value::text("://".into(), Span::NOWHERE);
            let [scheme, host, path] = [0, 1, 2].map(|at| args[at].1.clone());
            Some(compose::concat(&[scheme, sign, host, path], Span::NOWHERE))
        }
        ("", "DefaultUriBuilderFactory") => first.cloned(),
        // `client.getBaseUri().resolve(path)`
        (_, "resolve") if !text && is_resolved(callee, args) => Some(compose::join_url(
            &Value::unknown(owner.trim_end_matches("()")),
            &parts(),
            JoinStyle::Path,
            Span::NOWHERE,
        )),
        _ if !text && !known_builder(owner) => None,
        (_, "append") => Some(compose::concat(&[callee.receiver.clone(), first?.clone()], Span::NOWHERE)),
        (
            _,
            "path"
            | "pathSegment"
            | "addPathSegment"
            | "addPathSegments"
            | "appendPath"
            | "appendEncodedPath"
            | "appendPathSegments"
            | "addEncodedPathSegment"
            | "addEncodedPathSegments"
            | "appendPathSegment",
        ) => Some(compose::join_url(&callee.receiver, &parts(), JoinStyle::Path, Span::NOWHERE)),
        // OkHttp: `base.newBuilder("/users")` is what resolving gives.
        (_, "newBuilder") if first.is_some_and(reads_like_path) => {
            Some(compose::join_url(&callee.receiver, &parts(), JoinStyle::Url, Span::NOWHERE))
        }
        // Apache: `new URIBuilder(server).setPathSegments("users", id)`
        (_, "setPathSegments") => {
            Some(compose::join_url(&callee.receiver, &parts(), JoinStyle::Path, Span::NOWHERE))
        }
        (_, "resolve" | "setPath" | "replacePath" | "encodedPath") => {
            let style = if name == "resolve" { JoinStyle::Url } else { JoinStyle::Path };
            Some(compose::join_url(&callee.receiver, &parts(), style, Span::NOWHERE))
        }
        (_, "host" | "setHost") => {
            let scheme = Value::text("https://".into(), Span::NOWHERE);
            Some(compose::concat(&[scheme, first?.clone()], Span::NOWHERE))
        }
        (
            _,
            "build"
            | "buildAndExpand"
            | "expand"
            | "encode"
            | "toUriString"
            | "queryParam"
            | "queryParams"
            | "addQueryParameter"
            | "addEncodedQueryParameter"
            | "addParameter"
            | "setParameter"
            | "scheme"
            | "setScheme"
            | "port"
            | "setPort"
            | "newBuilder"
            | "queryParamIfPresent"
            | "uriVariables"
            | "encodedPathSegments"
            | "setCustomQuery"
            | "replaceQuery"
            | "appendQueryParameter"
            | "buildUpon"
            | "buildString"
            | "also"
            | "uri"
            | "url",
        ) => Some(callee.receiver.clone()),
        _ => None,
    }
}

/// Whether a call gives a URL of another one: no path of a disk has what only a URL has.
fn is_resolved(callee: &Callee, args: &[NamedValue]) -> bool {
    let [(_, value)] = args else { return false };
    let asks = |piece: &Piece| matches!(piece, Piece::Literal { text, .. } if text.contains('?'));
    let asks = |term: &Term| matches!(&term.kind, Kind::Text(pieces) if pieces.iter().any(asks));
    callee.name() == "resolve" && (is_base(callee.owner()) || value.terms.iter().any(asks))
}

/// Whether a name is that of an address below which others are.
fn is_base(owner: &str) -> bool {
    let words = words(owner.trim_end_matches("()"));
    let last = words.last().map(String::as_str);
    matches!(
        last,
        Some("uri" | "url" | "endpoint" | "base" | "root" | "server" | "host" | "address" | "api" | "origin")
    )
}

/// Names of URL builders that are handed in.
fn known_builder(owner: &str) -> bool {
    let lower = owner.to_ascii_lowercase();
    lower.ends_with("uribuilder") || lower.ends_with("urlbuilder") || lower.ends_with("componentsbuilder")
}

/// Client objects with their base URL.
fn client(callee: &Callee, args: &[NamedValue]) -> Option<Value> {
    let name = callee.name();
    let owner = callee.owner();
    let first = argument(args, Some(0), &[]);
    let known = callee.client();
    match (owner, name) {
        ("WebClient" | "RestClient", "create") => Some(first.cloned().unwrap_or_default()),
        ("WebClient" | "RestClient", "builder") | ("Retrofit", "Builder") => Some(Value::default()),
        ("", "RestTemplate" | "HttpClient" | "OkHttpClient" | "TestRestTemplate") => Some(base_in(args)),
        ("HttpClient", "newHttpClient" | "newBuilder" | "create") => Some(Value::default()),
        (_, "baseUrl" | "rootUri" | "uriTemplateHandler" | "uriBuilderFactory")
            if known.is_some() || words(owner).iter().any(|word| word == "builder") =>
        {
            first.cloned()
        }
        (
            _,
            "build"
            | "defaultHeader"
            | "mutate"
            | "clone"
            | "filter"
            | "defaultHeaders"
            | "requestInterceptor"
            | "clientConnector"
            | "requestFactory"
            | "exchangeStrategies"
            | "codecs"
            | "followRedirects"
            | "connectTimeout"
            | "defaultCookie"
            | "messageConverters"
            | "addConverterFactory"
            | "addCallAdapterFactory"
            | "callFactory"
            | "client",
        ) => known.cloned(),
        _ => None,
    }
}

/// The base URL in a client's configuration, as Ktor's `defaultRequest`.
fn base_in(args: &[NamedValue]) -> Value {
    argument(args, None, &["baseUrl"]).cloned().unwrap_or_default()
}

/// Calls that are requests.
fn direct(callee: &Callee, args: &[NamedValue]) -> Option<Found> {
    let name = callee.name();
    let owner = callee.owner();
    let first = argument(args, Some(0), &["url", "urlString", "path", "uri"]);
    let lower = owner.trim_end_matches("()").to_ascii_lowercase();
    let base = callee.client();
    let fixed = |verb: &str, url: &Value| Some(Found::fixed(verb, url).on(base));
    // Apache: `new HttpGet(url)`, `HttpDelete(url)`
    if callee.path.len() == 1
        && let Some(verb) = name.strip_prefix("Http").and_then(method_named)
    {
        return fixed(verb, first?);
    }
    match (owner, name) {
        ("", "HttpUriRequestBase" | "BasicClassicHttpRequest" | "BasicHttpRequest" | "RequestEntity") => {
            let at = args.len().checked_sub(1)?;
            return Some(Found::with_method(first, None, argument(args, Some(at.max(1)), &[])?));
        }
        ("Unirest" | "Request" | "Fuel" | "HttpRequest" | "khttp", _) if method_named(name).is_some() => {
            return fixed(method_named(name)?, first?);
        }
        ("Unirest" | "HttpRequest", "request" | "create" | "of") => {
            return Some(Found::with_method(first, None, argument(args, Some(1), &[])?));
        }
        (_, "openStream" | "readText" | "readBytes") if args.is_empty() && is_address(&callee.receiver) => {
            return fixed("GET", &callee.receiver);
        }
        // Fuel: `"https://...".httpGet()`
        _ if args.len() <= 1
            && let Some(verb) = name.strip_prefix("http").and_then(method_named) =>
        {
            return (!callee.receiver.is_empty()).then(|| Found::fixed(verb, &callee.receiver));
        }
        _ => {}
    }
    // Spring: `rest.getForObject(url, ...)`, `rest.exchange(url, HttpMethod.PUT, ...)`
    for (front, verb) in
        [("get", "GET"), ("post", "POST"), ("patch", "PATCH"), ("head", "HEAD"), ("options", "OPTIONS")]
    {
        let tail = name.strip_prefix(front).unwrap_or_default();
        if matches!(tail, "ForObject" | "ForEntity" | "ForLocation" | "ForHeaders" | "ForAllow") {
            let sends = matches!(verb, "POST" | "PATCH");
            let url = expanded(first?, args.get(if sends { 3 } else { 2 }..).unwrap_or_default());
            return with_body(fixed(verb, &url), args, 1, sends);
        }
    }
    let template =
        lower.ends_with("resttemplate") || lower.ends_with("template") || lower.ends_with("restoperations");
    match name {
        "exchange" | "execute" if args.len() >= 2 && (template || base.is_some()) => {
            let url = expanded(first?, args.get(4..).unwrap_or_default());
            let found = Found::with_method(argument(args, Some(1), &[]), None, &url).on(base);
            return with_body(Some(found), args, 2, true);
        }
        "put" | "delete" if template => {
            let url = expanded(first?, args.get(if name == "put" { 2 } else { 1 }..).unwrap_or_default());
            return with_body(fixed(method_named(name)?, &url), args, 1, name == "put");
        }
        "getAbs" | "postAbs" | "putAbs" | "deleteAbs" | "patchAbs" => {
            return fixed(method_named(name.trim_end_matches("Abs"))?, first?);
        }
        _ => {}
    }
    ktor(callee, args, &lower)
}

/// Ktor: `client.get("url") { .. }`, `client.get { url("..") }`.
fn ktor(callee: &Callee, args: &[NamedValue], owner: &str) -> Option<Found> {
    let base = callee.client();
    let options = args.iter().map(|(_, value)| value).find(|value| builder::kind(value).is_some());
    // What a closure tells a URL is one of Ktor's clients, whatever it is called: `it.get { url(path) }`.
    let told = || options.is_some_and(|options| builder::part(options, URL).is_some());
    let client = base.is_some()
        || owner.ends_with("httpclient")
        || matches!(owner, "client" | "http")
        || matches!(owner, "it" | "this") && told();
    let name = callee.name();
    let name = name.strip_prefix("prepare").unwrap_or(name).to_ascii_lowercase();
    let verb = method_named(&name);
    if !client || callee.path.len() < 2 || (verb.is_none() && name != "request") {
        return None;
    }
    let url = argument(args, None, &["url", "urlString"]);
    let url = url.or_else(|| argument(args, Some(0), &[]).filter(|value| !is_function(value)));
    let more =
        options.and_then(|options| builder::part(options, crate::scan::language::kotlin::syntax::MORE));
    // `client.get(base) { url { path("users") } }`
    let path = options.filter(|_| url.is_some()).and_then(|options| builder::part(options, URL));
    let more = more.or(path);
    let url = match (url.filter(|value| !builder::is_builder(value)), more) {
        (Some(url), Some(more)) => compose::join_url(url, &[more], JoinStyle::Path, Span::NOWHERE),
        (Some(url), None) => url.clone(),
        (None, Some(more)) => more,
        (None, None) => builder::part(options?, URL)?,
    };
    // `client.get("users") { parameter("limit", 5) }`: with what is said of the request, a word is a path.
    let said =
        args.iter().any(|(name, _)| name.as_deref() == Some(crate::scan::language::kotlin::syntax::TRAILING));
    let word = |value: &Value| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        value.literal().is_some_and(|text| !text.is_empty() && text.chars().all(plain))
    };
    let is_url = is_address(&url) || reads_like_path(&url) || url.depends() || said && word(&url);
    if !is_url {
        return None;
    }
    let method = options.and_then(|options| builder::part(options, METHOD));
    let found = match verb {
        Some(verb) => Found::fixed(verb, &url),
        None => Found::with_method(method.as_ref(), Some("GET"), &url),
    };
    let mut found = found.on(base);
    found.bodies.extend(options.and_then(|options| builder::part(options, builder::BODY)));
    found.queries.extend(options.and_then(|options| builder::part(options, builder::QUERY)));
    Some(found)
}

/// A request with the argument at a place as its body.
fn with_body(found: Option<Found>, args: &[NamedValue], at: usize, sends: bool) -> Option<Found> {
    let mut found = found?;
    let body = argument(args, Some(at), &[]).filter(|body| sends && sent::has_fields(body));
    found.bodies.extend(body.cloned());
    Some(found)
}

/// Whether a name is one of a JAX-RS target.
fn is_target(owner: &str) -> bool {
    let words = words(owner.trim_end_matches("()"));
    words.last().is_some_and(|word| matches!(word.as_str(), "target" | "resource" | "webresource"))
}

fn is_text(value: &Value) -> bool {
    value.terms.iter().any(|term| matches!(term.kind, Kind::Text(_)))
}

/// Whether a value can be a URL: it has a slash, or is handed in.
fn is_address(value: &Value) -> bool {
    reads_like_path(value) || value.depends() || value.terms.iter().any(|term| matches!(&term.kind, Kind::Unknown(name) if {
        let words = words(name);
        words.last().is_some_and(|word| matches!(word.as_str(), "url" | "uri" | "base" | "endpoint" | "host" | "server"))
    }))
}
