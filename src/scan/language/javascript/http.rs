//! HTTP libraries of JavaScript: fetch, axios, got, ky, superagent, node's
//! http, k6, jQuery, and what only looks like one.

use crate::scan::form::Span;
use crate::scan::naming::Naming;
use crate::scan::requests::generic::reads_like_path;
use crate::scan::requests::generic::routes_of;
use crate::scan::requests::request::{
    Callee, Dialect, Found, Meaning, NamedValue, argument, is_function, is_open, option, option_or_given,
};
use crate::scan::value::compose;
use crate::scan::value::{Entry, Kind, Piece, Term, Value, is_nothing, is_nothing_term};
use crate::scan::wording::{ends_with_word, foreign_name, message_name, method_named, words};

/// JavaScript's dialect.
pub(crate) struct JavaScript;

/// Libraries whose functions are requests.
const LIBRARIES: [&str; 19] = [
    "axios",
    "got",
    "ky",
    "superagent",
    "request",
    "needle",
    "$http",
    "http",
    "https",
    "undici",
    "$fetch",
    "ofetch",
    "wretch",
    "bent",
    "phin",
    "$axios",
    "restler",
    "popsicle",
    "unirest",
];
/// Libraries that are called themselves: `axios(config)`, `got(url)`.
const CALLED: [&str; 16] = [
    "fetch",
    "undici",
    "axios",
    "got",
    "ky",
    "request",
    "$fetch",
    "ofetch",
    "fetchWithTimeout",
    "nodeFetch",
    "node_fetch",
    "useFetch",
    "useLazyFetch",
    "crossFetch",
    "needle",
    "phin",
];

impl Dialect for JavaScript {
    fn naming(&self) -> Naming {
        Naming::JavaScript
    }

    /// `RESTDataSource` of Apollo, and what libraries call their clients. Others are asked for more
    /// than methods of HTTP.
    fn is_client_class(&self, name: &str) -> bool {
        let name = name.rsplit('.').next().unwrap_or(name);
        let words: Vec<String> = words(name);
        matches!(name, "RESTDataSource" | "HTTPDataSource")
            || matches!(words.as_slice(), [.., kind, client] if client == "client" && matches!(kind.as_str(), "rest" | "http" | "axios"))
    }

    fn answers_with_body(&self, callee: &Callee) -> bool {
        matches!(callee.name(), "ofetch" | "$fetch" | "getJSON")
    }

    fn plain_name<'n>(&self, name: &'n str) -> &'n str {
        library(name)
    }

    fn begins(&self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        super::steps::begun(callee, args)
    }

    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning {
        if let Some(meaning) = super::steps::step(callee, args) {
            return meaning;
        }
        // Google's scripts; an `App` is none that is served.
        if callee.owner() == "UrlFetchApp" && callee.name() == "fetch" {
            return configured(args, 0, None);
        }
        // A library may be kept in a field: `this.http = axios`.
        let called = kept(&callee.value).filter(|name| CALLED.contains(name));
        // `this.ask = options.fetch ?? fetch`
        let fetches =
            |term: &Term| matches!(&term.kind, Kind::Unknown(name) if matches!(&**name, "fetch" | "(fetch)"));
        // `this.fetch = options.fetch ?? globalThis.fetch`
        let other = (callee.name() != "fetch" || callee.path.len() > 1) && !callee.value.is_empty();
        let injected = is_injected(callee, args);
        let called = called.or(injected.then_some("fetch"));
        let called = called.or((other && callee.value.terms.iter().all(fetches)).then_some("fetch"));
        let owner = match kept(&callee.receiver) {
            Some(library) => library,
            None => callee.owner(),
        };
        let name = called.unwrap_or_else(|| callee.name());
        if let Some(meaning) = super::wretch::meaning(callee, library(name), args) {
            return meaning;
        }
        // Homebridge: the page with settings asks its own server.
        let of_page = owner == "homebridge" && name == "request";
        if callee.is_foreign()
            || foreign_name(&callee.path)
            || of_page
            || matches!(name, "nock" | "intercept" | "setupServer")
        {
            return Meaning::Foreign;
        }
        if matches!(owner, "console" | "logger" | "log" | "winston")
            || message_name(name) && !LIBRARIES.contains(&owner)
        {
            return Meaning::Quiet;
        }
        if let Some(template) = filled_template(callee, args) {
            return Meaning::Value(template.clone());
        }
        // `const execFileAsync = promisify(execFile)`
        let runs = ["Async", "Promise"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        if matches!(runs, "exec" | "execSync" | "spawn" | "spawnSync" | "execFile" | "execFileSync" | "execa")
            && let Meaning::Request(found) = crate::scan::language::programs::meaning(callee, args)
        {
            return Meaning::Request(found);
        }
        // `pattern.exec(path)`, of a regular expression
        if name == "exec" && callee.path.len() > 1 && args.len() == 1 {
            return Meaning::Quiet;
        }
        // Nodes of n8n; where credentials are added, their name comes first.
        if owner == "helpers" {
            match name {
                "httpRequest" => return configured(args, 0, None),
                // Other objects of helpers have one, too.
                "request" if args.first().is_some_and(|(_, given)| asks_for_url(given)) => {
                    return configured(args, 0, None);
                }
                "httpRequestWithAuthentication"
                | "requestWithAuthentication"
                | "requestOAuth2"
                | "requestOAuth1" => return configured(args, 1, None),
                _ => {}
            }
        }
        if matches!(name, "express" | "Router" | "fastify" | "Hono" | "Koa") {
            return Meaning::Foreign;
        }
        // Clients with a base URL: `axios.create({ baseURL })`, `got.extend({ prefixUrl })`.
        // RTK Query: what asks for all endpoints, and the API that is made of it.
        if matches!(name, "fetchBaseQuery" | "createApi") && callee.path.len() == 1 {
            let options = argument(args, Some(0), &[]);
            let given = |key: &str| options.and_then(|options| option(options, key)).cloned();
            let base = match name {
                "fetchBaseQuery" => given("baseUrl"),
                _ => given("baseQuery").and_then(|query| match query.terms.as_slice() {
                    [Term { kind: Kind::Client(base), .. }] => Some(Value::clone(base)),
                    _ => None,
                }),
            };
            return Meaning::Client(base.unwrap_or_default());
        }
        if matches!(name, "create" | "extend" | "defaults") && LIBRARIES.contains(&owner) {
            let options = argument(args, Some(0), &[]);
            let base = options.and_then(|options| {
                ["baseURL", "prefixUrl", "baseUrl", "baseURI"].iter().find_map(|key| option(options, key))
            });
            return Meaning::Client(base.cloned().unwrap_or_default());
        }
        // restify-clients: `clients.createJsonClient({ url })`
        if matches!(name, "createJsonClient" | "createStringClient" | "createJSONClient")
            && let Some(base) = args.first().and_then(|(_, options)| option(options, "url"))
        {
            return Meaning::Client(base.clone());
        }
        // What another library makes with the address of all: `createClient({ baseUrl })`.
        if makes_client(callee)
            && let Some(base) = args.iter().take(2).find_map(|(_, options)| base_of_all(options))
        {
            return Meaning::Client(base.clone());
        }
        if let Some(contract) = contract(name, args) {
            return Meaning::Value(contract.clone());
        }
        // `$api.useQuery("get", "/users/{id}")`, of a client made of a document
        if matches!(
            name,
            "useQuery" | "useMutation" | "useSuspenseQuery" | "useInfiniteQuery" | "queryOptions"
        ) && let [(None, method), (None, url), ..] = args
            && method.literal().is_some_and(|text| method_named(&text).is_some())
            && reads_like_path(url)
        {
            return Meaning::Request(Found::with_method(Some(method), None, url).on(callee.client()));
        }
        // `client.extend({ headers })` goes where the client goes.
        if name == "extend"
            && let Some(known) = callee.client()
        {
            let base = argument(args, Some(0), &[]).and_then(base_in);
            return Meaning::Client(base.unwrap_or(known).clone());
        }
        // undici: `new Pool("https://...")`
        if matches!(name, "Client" | "Pool" | "BalancedPool")
            && callee.path.len() <= 2
            && let [(None, origin), ..] = args
            && is_address(origin)
        {
            return Meaning::Client(origin.clone());
        }
        let base = callee.client();
        if name == "$.ajax" || (owner == "$" || owner == "jQuery") && name == "ajax" {
            return configured(args, 0, base);
        }
        if matches!(owner, "$" | "jQuery")
            && let Some(verb) = match name {
                "get" | "getJSON" => Some("GET"),
                "post" => Some("POST"),
                _ => None,
            }
        {
            let Some(url) = argument(args, Some(0), &[]) else { return Meaning::Unknown };
            let url = ["url", "uri"].iter().find_map(|key| option(url, key)).unwrap_or(url);
            return Meaning::Request(Found::fixed(verb, url));
        }
        // Scripts of a collection: `pm.sendRequest(url, (error, response) => {})`
        if name == "sendRequest" && owner == "pm" {
            let url = argument(args, Some(0), &[]).filter(|url| reads_like_path(url));
            return match url {
                Some(url) => Meaning::Request(Found::fixed("GET", url)),
                None => configured(args, 0, base),
            };
        }
        // `needle("put", url, body)`
        if name == "needle"
            && let [(None, method), (None, url), ..] = args
            && method.literal().is_some_and(|text| method_named(&text).is_some())
        {
            return Meaning::Request(Found::with_method(Some(method), None, url));
        }
        if called.is_some()
            || (callee.path.len() == 1 && (CALLED.contains(&name) || base.is_some()))
            // `this.http("/users")`, where that is a client
            || (!callee.value.is_empty()
                && callee.value.terms.iter().all(|term| matches!(term.kind, Kind::Client(_))))
            || (name == "fetch"
                && matches!(
                    owner,
                    "window" | "globalThis" | "self" | "undici" | "fetch" | "page" | "context" | "ctx" | "deps" | "env"
                ))
        {
            // Its `fetch` is the language's.
            let of_body = match library(name) {
                "undici" => Some("PUT"),
                _ if owner == "undici" && name != "fetch" => Some("PUT"),
                "got" if base.is_none() => Some("POST"),
                _ => None,
            };
            let meaning = configured(args, 0, base);
            return match of_body {
                Some(method) => sent_with_body(meaning, args, method),
                None => meaning,
            };
        }
        if callee.path.len() < 2 {
            return Meaning::Unknown;
        }
        let library = LIBRARIES.contains(&owner)
            || ["axios", "http"].iter().any(|end| owner.to_ascii_lowercase().ends_with(end));
        if base.is_none() && !library {
            return Meaning::Unknown;
        }
        // k6: `http.get(url)`, `http.del(url)`; msw: `http.get(url, resolver)`.
        let callback = args.get(1).is_some_and(|(_, value)| is_function(value));
        if callback && owner == "http" && args.len() == 2 && name != "get" && name != "request" {
            return Meaning::Foreign;
        }
        let method = match name {
            "del" => Some("DELETE"),
            // got
            "stream" | "paginate" if owner == "got" || base.is_some() => Some("GET"),
            "request" => None,
            _ => match method_named(name) {
                Some(method) => Some(method),
                None => return Meaning::Unknown,
            },
        };
        let Some(first) = argument(args, Some(0), &[]) else { return Meaning::Unknown };
        // `request.put({ url, body })`
        let config = ["url", "uri"].iter().find_map(|key| option(first, key));
        // `request.get(path, { baseUrl })`
        let base = args.iter().find_map(|(_, options)| base_in(options)).or(base);
        let first = if method.is_some() { config.unwrap_or(first) } else { first };
        match method {
            // `client.paginate("GET /users")`
            Some(_) if let Some((method, path)) = routes_of(first) => {
                Meaning::Request(Found::fixed(method, &path).on(base))
            }
            // Node: `https.get({ hostname, path })`
            Some("GET") if option(first, "path").is_some() => configured(args, 0, base),
            // restify-clients: `client.post({ path }, body, done)`
            Some(method)
                if base.is_some()
                    && let Some(path) = option(first, "path") =>
            {
                Meaning::Request(Found::fixed(method, path).on(base))
            }
            Some(method) => Meaning::Request(Found::fixed(method, first).on(base)),
            // k6: `http.request("GET", url)`
            None if first.literal().is_some_and(|text| method_named(&text).is_some()) => {
                match argument(args, Some(1), &[]) {
                    Some(url) => Meaning::Request(Found::with_method(Some(first), None, url).on(base)),
                    None => Meaning::Unknown,
                }
            }
            None if owner == "undici" => sent_with_body(configured(args, 0, base), args, "PUT"),
            None => configured(args, 0, base),
        }
    }
}

/// Whether something from elsewhere makes a client by its name: `createClient`, `new Httpx`.
fn makes_client(callee: &Callee) -> bool {
    let name = callee.name();
    let first = words(name).into_iter().next();
    let makes = first.is_some_and(|word| matches!(word.as_str(), "create" | "init" | "make" | "new"));
    // Clients like Octokit's have methods of their own.
    let own = name.ends_with("Octokit");
    callee.path.len() <= 2 && !own && (makes || name.starts_with(char::is_uppercase))
}

/// The address of all requests that options of a client say, and nothing of one request.
fn base_of_all(options: &Value) -> Option<&Value> {
    const OF_ONE: [&str; 5] = ["url", "path", "method", "uri", "endpoint"];
    base_in(options).filter(|_| OF_ONE.iter().all(|key| option(options, key).is_none()))
}

/// The template whose places a library fills (string-template, pupa), and which keeps them open:
/// `format("/users/{id}", { id })`.
fn filled_template<'a>(callee: &Callee, args: &'a [NamedValue]) -> Option<&'a Value> {
    let [(None, template), (None, values)] = args else { return None };
    let fills = matches!(callee.path.as_slice(), [name] if matches!(&**name, "format" | "template" | "pupa" | "formatString"));
    let texts = |term: &Term| matches!(term.kind, Kind::Text(_) | Kind::Param(_));
    let places = |term: &Term| matches!(term.kind, Kind::Object(_) | Kind::Param(_));
    let is = |value: &Value, kind: &dyn Fn(&Term) -> bool| !value.is_empty() && value.terms.iter().all(kind);
    (fills && is(template, &texts) && is(values, &places)).then_some(template)
}

/// A contract as its library gives it back: `makeApi([{ method, path }])`, `c.router({ users: { method, path } })`.
fn contract<'a>(name: &str, args: &'a [NamedValue]) -> Option<&'a Value> {
    let (None, given) = args.first()? else { return None };
    let described = |value: &Value| option(value, "method").is_some() && option(value, "path").is_some();
    match name {
        "makeApi" | "makeEndpoint" => Some(given),
        "router" => {
            let [Term { kind: Kind::Object(entries), .. }] = given.terms.as_slice() else { return None };
            entries.iter().any(|(_, value)| described(value)).then_some(given)
        }
        _ => None,
    }
}

/// `this.fetchImpl(url, options)`, `proxyFetch(url, { headers })`: what is called like the function
/// of the language, and is none of the program that is seen, is called as that one is.
fn is_injected(callee: &Callee, args: &[NamedValue]) -> bool {
    // What `fetch` takes beside the URL.
    const OPTIONS: [&str; 16] = [
        "method",
        "headers",
        "body",
        "signal",
        "credentials",
        "mode",
        "cache",
        "redirect",
        "referrer",
        "referrerPolicy",
        "integrity",
        "keepalive",
        "agent",
        "dispatcher",
        "timeout",
        "next",
    ];
    if callee.value.terms.iter().any(|term| matches!(term.kind, Kind::Function(_))) {
        return false;
    }
    let given = match args {
        [(None, _)] => None,
        [(None, _), (None, options)] => Some(options),
        _ => return false,
    };
    let named = matches!(
        callee.name(),
        "fetchImpl"
            | "fetchImplementation"
            | "fetchFn"
            | "fetchFunction"
            | "fetcher"
            | "customFetch"
            | "fetch_"
            | "_fetch"
    );
    // What is handed over, and given nothing else than that one takes.
    let handed = || callee.is_handed() && callee.path.len() <= 1 && ends_with_word(callee.name(), &["fetch"]);
    let plain = |term: &Term| match &term.kind {
        Kind::Object(entries) => entries.iter().all(|(entry, _)| match entry {
            Entry::Key(key) => OPTIONS.contains(&&*key.name),
            Entry::Spread | Entry::Any => false,
        }),
        // `rawFetch(url, init)`, which only hands its callers' options on
        Kind::Param(param) => {
            param.members.is_empty() && ends_with_word(&param.name, &["init", "options", "opts"])
        }
        _ => false,
    };
    named || handed() && given.is_none_or(|options| options.terms.iter().all(plain))
}

/// undici puts what has a body where no method is said, and got posted it for long.
fn sent_with_body(meaning: Meaning, args: &[NamedValue], method: &str) -> Meaning {
    let options = argument(args, Some(1), &[]).or_else(|| argument(args, Some(0), &[]));
    let has = |key: &str| {
        let given = options.and_then(|options| option(options, key));
        given.is_some_and(|given| !is_nothing(given))
    };
    match meaning {
        Meaning::Request(mut found) if has("body") && !has("method") && !found.method_open => {
            found.methods = Found::fixed(method, &found.url).methods;
            Meaning::Request(found)
        }
        other => other,
    }
}

/// Whether options say what they ask for.
fn asks_for_url(options: &Value) -> bool {
    ["url", "uri"].iter().any(|key| option(options, key).is_some())
}

/// `fetch(url, options)`, `axios(config)`, `axios(url, config)`.
fn configured(args: &[NamedValue], at: usize, base: Option<&Value>) -> Meaning {
    let Some(first) = argument(args, Some(at), &[]) else { return Meaning::Unknown };
    // `axios(step, { url })`, as platforms hand one on that knows who asks.
    let texts = |value: &Value| value.terms.iter().any(|term| matches!(term.kind, Kind::Text(_)));
    if !texts(first) && !asks_for_url(first) && argument(args, Some(at + 1), &[]).is_some_and(asks_for_url) {
        return configured(args, at + 1, base);
    }
    // Node: `https.request({ hostname, path, method })`.
    if let Some(path) = option(first, "path")
        && let Some(host) = option(first, "hostname").or_else(|| option(first, "host"))
    {
        let span = Span::NOWHERE;
        let scheme = Value::text("https://".into(), span);
        let url = compose::concat(&[scheme, host.clone(), path.clone()], span);
        return Meaning::Request(Found::with_method(option(first, "method"), Some("GET"), &url));
    }
    // `request("GET /users/{id}")`
    if let Some((method, path)) = routes_of(first) {
        return Meaning::Request(Found::fixed(method, &path).on(base));
    }
    let config = ["url", "uri"].iter().find_map(|key| option(first, key));
    // undici: `client.request({ path, method })`
    let config = config.or_else(|| base.and_then(|_| option(first, "path")));
    let (url, options) = match config {
        Some(url) => (url, Some(first)),
        None => (first, argument(args, Some(at + 1), &[]).filter(|given| !is_callback(given))),
    };
    let base_here = options.and_then(base_in);
    let method_in =
        |options: &Value| option_or_given(options, "method").or_else(|| option_or_given(options, "type"));
    let method = options.and_then(method_in);
    let found = match (&method, options) {
        // Options that are given a method in one branch have none in another.
        (Some(_), Some(options)) if options.terms.len() > 1 && options.terms.iter().all(is_plain) => {
            let mut found = Found::with_method(None, None, url);
            found.methods.clear();
            for term in &options.terms {
                let one = Value { terms: vec![term.clone()] };
                let of_term = Found::with_method(method_in(&one).as_ref(), Some("GET"), url);
                found.method_open |= of_term.method_open;
                for (method, mut when) in of_term.methods {
                    when.extend(term.when.iter().copied());
                    found.methods.push((method, when));
                }
            }
            found
        }
        (Some(method), _) => Found::with_method(Some(method), Some("GET"), url),
        // Options from elsewhere may hold a method.
        (None, Some(options)) if is_open(options) => {
            let mut found = Found::with_method(None, None, url);
            found.method_open = true;
            found
        }
        (None, Some(options)) if !is_object(options) => Found::with_method(None, None, url),
        (None, _) => Found::with_method(None, Some("GET"), url),
    };
    Meaning::Request(found.on(base_here.or(base)))
}

/// Whether a parameter is what is called with the answer: `request(url, done)`.
fn is_callback(value: &Value) -> bool {
    const NAMES: [&str; 5] = ["callback", "cb", "done", "next", "fn"];
    let named = |term: &Term| matches!(&term.kind, Kind::Param(param) if param.members.is_empty() && NAMES.contains(&&*param.name));
    !value.is_empty() && value.terms.iter().all(named)
}

/// The base that options of one request say.
fn base_in(options: &Value) -> Option<&Value> {
    ["baseURL", "baseUrl", "prefixUrl"].iter().find_map(|key| option(options, key))
}

/// Whether a value is an address with its scheme, where nobody gives another one.
fn is_address(value: &Value) -> bool {
    let address = |term: &Term| match &term.kind {
        Kind::Text(pieces) => {
            matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.starts_with("http://") || text.starts_with("https://"))
        }
        _ => false,
    };
    value.terms.iter().any(address)
}

/// The library that a value is, whatever its name.
fn kept(value: &Value) -> Option<&str> {
    value.terms.iter().find_map(|term| match &term.kind {
        Kind::Unknown(name) => {
            let known = library(name);
            let own = matches!(known, "axios" | "superagent" | "got" | "ky" | "needle");
            ((LIBRARIES.contains(&known) || CALLED.contains(&known)) && (own || known.len() < name.len()))
                .then_some(known)
        }
        _ => None,
    })
}

/// The library that a name is kept for, whatever the file calls it.
fn library(name: &str) -> &str {
    let inner = name.strip_prefix('(').and_then(|name| name.strip_suffix(')'));
    inner.filter(|inner| LIBRARIES.contains(inner) || CALLED.contains(inner)).unwrap_or(name)
}

/// Whether an alternative is options that nobody else has a part in.
fn is_plain(term: &Term) -> bool {
    match &term.kind {
        Kind::Object(entries) => entries.iter().all(|(entry, _)| matches!(entry, Entry::Key(_))),
        _ => false,
    }
}

fn is_object(options: &Value) -> bool {
    options.terms.iter().all(|term| match &term.kind {
        Kind::Object(_) => true,
        _ => is_nothing_term(term),
    })
}
