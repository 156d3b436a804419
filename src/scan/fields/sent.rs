//! The fields that a request sends: keys of its body and of its query, each at
//! its place in the code.
//!
//! Says only what is seen: what is spread from elsewhere, a key that is taken
//! out again, or one of several objects of which nobody knows which it is adds
//! nothing.

use std::sync::Arc;

use super::json_text;
use super::structs::STRUCT;
use crate::document::OperationKey;
use crate::scan::call::FieldPlace;
use crate::scan::form::Span;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{self, Found, NamedValue, Request};
use crate::scan::value::{self, Entry, Kind, Piece, Term, Value, compatible};
use crate::scan::wording;

/// The value of a key that is taken out of an object again.
pub(crate) const DELETED: &str = "(deleted)";
/// Fields that are read of one request.
const MAX_FIELDS: usize = 1_000;
/// Nesting of objects that is followed.
const MAX_DEPTH: usize = 32;

/// A field that a request sends.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub place: FieldPlace,
    /// `spec.compute.migProfile`, `entries[].id`.
    pub at: String,
    /// Where the key is written.
    pub span: Span,
    /// The arms of branches under which it is sent.
    pub when: Vec<(u32, u32)>,
    /// What else the request may be, where it is one of several operations.
    pub or: Vec<OperationKey>,
}

/// What an argument is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Body,
    Query,
    /// An object whose entries are arguments.
    Options,
}

/// What a named argument or an entry of an options object is for.
pub(super) fn named(name: &str) -> Option<Role> {
    let lower: String = name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect();
    match lower.as_str() {
        "json" | "data" | "body" | "form" | "payload" | "jsondata" | "jsonbody" | "formparams" | "fields" => {
            Some(Role::Body)
        }
        "params" | "query" | "searchparams" | "qs" | "queryparams" => Some(Role::Query),
        _ => None,
    }
}

/// What each argument of a request is for, as far as it is seen.
pub(super) fn roles<'r>(
    request: &'r Request,
    found: &Found,
    naming: Naming,
) -> Vec<(Option<Role>, &'r NamedValue)> {
    let mut out = Vec::with_capacity(request.args.len());
    let mut bodies = found.bodies.len();
    let mut positional_at = 0;
    let sends = || {
        let body = |method: &str| matches!(method, "POST" | "PUT" | "PATCH");
        found.methods.iter().all(|(method, _)| method.as_deref().is_some_and(body))
    };
    for arg in &request.args {
        let (name, value) = arg;
        let at = positional_at;
        positional_at += usize::from(name.is_none());
        let role = match name.as_deref() {
            Some("*") => None,
            Some("**") => Some(Role::Options),
            Some(name) => named(name),
            // JSON as a text: `http.Post(url, "application/json", strings.NewReader("{...}"))`
            None if sends() && bodies == 0 && is_json(value) => Some(Role::Body),
            None if !holds_object(value) => None,
            None => {
                let role = positional(request, found, value, naming, bodies, sends());
                // Behind the URL and the body stand the values of variables.
                let classes = naming.fills_by_calls();
                let placed = |role: &Role| !matches!(role, Role::Body | Role::Query) || at <= 1 || !classes;
                let role = role.filter(placed);
                bodies += usize::from(role == Some(Role::Body));
                role
            }
        };
        out.push((role, arg));
    }
    out
}

/// The fields that a request sends by its arguments, and by the query of its URL.
pub(crate) fn fields(request: &Request, found: &Found, naming: Naming) -> Vec<Sent> {
    let mut sent = Vec::new();
    for (role, (_, value)) in roles(request, found, naming) {
        if let Some(role) = role {
            argument(role, value, &mut sent);
        }
    }
    for body in &found.bodies {
        collect(FieldPlace::Body, body, "", &[], 0, &mut sent);
    }
    url(&found.url, false, &mut sent);
    found.queries.iter().for_each(|query| argument(Role::Query, query, &mut sent));
    sent
}

/// What an object sends as a whole.
pub(super) fn of_object(value: &Value) -> Vec<Sent> {
    let mut out = Vec::new();
    collect(FieldPlace::Body, value, "", &[], 0, &mut out);
    out
}

fn argument(role: Role, value: &Value, out: &mut Vec<Sent>) {
    match role {
        Role::Body => collect(FieldPlace::Body, value, "", &[], 0, out),
        Role::Query => {
            url(value, true, out);
            match pairs(value) {
                Some(pairs) => {
                    let when = value.terms.first().map(|term| term.when.clone()).unwrap_or_default();
                    let sent = |(at, span)| Sent {
                        place: FieldPlace::Query,
                        at,
                        span,
                        when: when.clone(),
                        or: Vec::new(),
                    };
                    out.extend(pairs.into_iter().map(sent));
                }
                None => collect(FieldPlace::Query, value, "", &[], 0, out),
            }
        }
        Role::Options => {
            for term in &value.terms {
                let Kind::Object(entries) = &term.kind else { continue };
                for (at, (entry, value)) in entries.iter().enumerate() {
                    // `{ ...options, headers }`, unless what is written behind it replaces it.
                    let replaced = |(entry, _): &(Entry, Value)| match entry {
                        Entry::Key(key) => named(key).is_some(),
                        _ => true,
                    };
                    if *entry == Entry::Spread && !entries[at + 1..].iter().any(replaced) {
                        argument(Role::Options, value, out);
                    }
                    let Entry::Key(key) = entry else { continue };
                    if let Some(role) = named(key) {
                        let mut value = value.clone();
                        value.terms.iter_mut().for_each(|inner| inner.when.extend(term.when.iter().copied()));
                        argument(role, &value, out);
                    }
                }
            }
        }
    }
}

/// Options of clients beside what is sent.
const OPTIONS: [&str; 12] = [
    "headers",
    "method",
    "auth",
    "timeout",
    "signal",
    "retry",
    "hooks",
    "responseType",
    "throwHttpErrors",
    "username",
    "password",
    "credentials",
];

/// Options of clients in languages whose `get` takes parameters as well.
const GET_OPTIONS: [&str; 20] = [
    "allow_redirects",
    "cert",
    "connect_timeout",
    "cookies",
    "debug",
    "decode_content",
    "expect",
    "http_errors",
    "on_stats",
    "progress",
    "proxy",
    "read_timeout",
    "sink",
    "stream",
    "verify",
    "verify_peer",
    "version",
    "base_uri",
    "accept",
    "basic_auth",
];

/// What an object is for that is handed over by its place.
fn positional(
    request: &Request,
    found: &Found,
    value: &Value,
    naming: Naming,
    bodies: usize,
    sends: bool,
) -> Option<Role> {
    let has = |names: &dyn Fn(&str) -> bool| {
        value.terms.iter().any(|term| match &term.kind {
            Kind::Object(entries) => {
                entries.iter().any(|(entry, _)| matches!(entry, Entry::Key(key) if names(key)))
            }
            _ => false,
        })
    };
    if has(&|key| matches!(key, "url" | "uri")) {
        return Some(Role::Options);
    }
    let name = request.callee.name().to_ascii_lowercase();
    let verb = wording::method_named(&name);
    let first = bodies == 0;
    match naming {
        // `post(url, data)`, `get(url, params)`
        Naming::Python => match verb {
            Some("POST" | "PUT" | "PATCH") if first => Some(Role::Body),
            Some("GET") if first && found.sure => Some(Role::Query),
            _ => None,
        },
        Naming::JavaScript if found.sure => {
            let owner = request.callee.owner();
            // Those of got, ky and ofetch, whatever their client is called.
            let options = has(&|key| matches!(key, "json" | "searchParams" | "responseType"))
                && !has(&|key| named(key).is_none() && !OPTIONS.contains(&key));
            let configured =
                options || matches!(owner, "got" | "ky" | "$fetch" | "ofetch" | "undici" | "request");
            match verb {
                Some("POST" | "PUT" | "PATCH") if first && !configured => Some(Role::Body),
                _ => Some(Role::Options),
            }
        }
        _ => {
            let option = |key: &str| {
                named(key).is_some() || matches!(key, "headers" | "method" | "auth" | "timeout" | "signal")
            };
            // `Http::get($url, ['state' => 'open'])`, `connection.get(path, state: "open")`; of other
            // libraries it may be options that are not known here, or headers.
            let asks = verb == Some("GET") && found.asks_by_place;
            // `post(url, { title: t, body: b })`, which is sent as it is.
            let plain = |key: &str| {
                matches!(key, "body" | "data" | "payload" | "fields" | "form")
                    || !option(key) && !GET_OPTIONS.contains(&key) && !OPTIONS.contains(&key)
            };
            let whole = first
                && sends
                && has(&|key| plain(key) && !option(key))
                && !has(&|key| !plain(key))
                && !holds_body(value);
            match has(&option) && !whole {
                true => Some(Role::Options),
                false if asks => Some(Role::Query),
                false => (first && sends).then_some(Role::Body),
            }
        }
    }
}

/// Whether an object has a body under the name of an option for it, which makes it options:
/// `['body' => json_encode($issue), 'delay' => 100]`.
fn holds_body(value: &Value) -> bool {
    let body = |(entry, value): &(Entry, Value)| {
        matches!(entry, Entry::Key(key) if matches!(&**key, "body" | "data" | "payload" | "form"))
            && (is_json(value) || holds_object(value))
    };
    value.terms.iter().any(|term| matches!(&term.kind, Kind::Object(entries) if entries.iter().any(body)))
}

/// Whether every alternative of a value is a text that begins like an object.
fn is_json(value: &Value) -> bool {
    let begins = |term: &Term| match &term.kind {
        Kind::Text(pieces) => {
            matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.trim_start().starts_with(['{', '[']))
        }
        _ => false,
    };
    !value.is_empty() && value.terms.iter().all(begins)
}

pub(crate) fn holds_object(value: &Value) -> bool {
    value.terms.iter().any(|term| match &term.kind {
        Kind::Object(_) => true,
        Kind::List(items) => items.iter().any(holds_object),
        _ => false,
    })
}

/// Whether a value may be a body with fields: an object, JSON as a text, or what a
/// caller gives.
pub(crate) fn has_fields(value: &Value) -> bool {
    let held = |term: &Term| {
        matches!(term.kind, Kind::Object(_) | Kind::List(_) | Kind::Param(_) | Kind::Instance(..))
    };
    is_json(value) || value.terms.iter().any(held)
}

/// Whether it is open which of several alternatives is sent: two of them hold at
/// once, as everything that a name is ever given does.
pub(super) fn is_open(terms: &[Term]) -> bool {
    let holds = |term: &&Term| matches!(term.kind, Kind::Object(_) | Kind::List(_) | Kind::Text(_));
    let mut all = terms.iter().filter(holds);
    while let Some(term) = all.next() {
        let other = |other: &Term| {
            compatible(&term.when, &other.when)
                && !term.without.iter().any(|param| other.given.contains(param))
                && !term.given.iter().any(|param| other.without.contains(param))
        };
        if all.clone().any(other) {
            return true;
        }
    }
    false
}

/// The keys that are written in each of several alternatives at the same place: a text of JSON
/// in which one value may be this or that.
fn of_all(place: FieldPlace, value: &Value, when: &[(u32, u32)]) -> Vec<Sent> {
    let fields = |term: &Term| {
        let (term, mut fields) = (Value { terms: vec![term.clone()] }, Vec::new());
        collect(place, &term, "", when, 0, &mut fields);
        fields
    };
    let mut all = value.terms.iter().map(fields);
    let mut common = all.next().unwrap_or_default();
    for other in all {
        common.retain(|sent| other.iter().any(|known| (&known.at, known.span) == (&sent.at, sent.span)));
    }
    common.into_iter().map(|sent| Sent { when: when.to_vec(), ..sent }).collect()
}

/// The keys of an object, and of the objects in it.
fn collect(
    place: FieldPlace,
    value: &Value,
    prefix: &str,
    when: &[(u32, u32)],
    depth: usize,
    out: &mut Vec<Sent>,
) {
    if depth > MAX_DEPTH {
        return;
    }
    if is_open(&value.terms) {
        if depth == 0 {
            out.extend(of_all(place, value, when));
        }
        return;
    }
    for term in value.terms.iter().filter(|term| compatible(when, &term.when)) {
        let mut when = when.to_vec();
        when.extend(term.when.iter().filter(|arm| !when.contains(arm)).copied().collect::<Vec<_>>());
        match &term.kind {
            Kind::Object(entries) => {
                for (at, (entry, value)) in entries.iter().enumerate() {
                    if out.len() >= MAX_FIELDS {
                        return;
                    }
                    let key = match entry {
                        Entry::Key(key) if is_name(key) => key,
                        Entry::Spread => {
                            // What is written behind it replaces its keys.
                            let replaced = |sent: &Sent| {
                                let later = entries[at + 1..].iter();
                                let name = sent.at.strip_prefix(prefix).unwrap_or(&sent.at);
                                let name = name.strip_prefix('.').unwrap_or(name);
                                let name = name.split(['.', '[']).next().unwrap_or(name);
                                later
                                    .into_iter()
                                    .any(|(entry, _)| matches!(entry, Entry::Key(key) if **key == *name))
                            };
                            let from = out.len();
                            collect(place, value, prefix, &when, depth + 1, out);
                            let spread = out.split_off(from);
                            out.extend(spread.into_iter().filter(|sent| !replaced(sent)));
                            continue;
                        }
                        _ => continue,
                    };
                    // What is null may be left out by whoever writes it.
                    if is_absent(value) {
                        continue;
                    }
                    let below =
                        if prefix.is_empty() { key.to_string() } else { format!("{prefix}.{}", &**key) };
                    if let Some(span) = key.span {
                        out.push(Sent { place, at: below.clone(), span, when: when.clone(), or: Vec::new() });
                    }
                    if place == FieldPlace::Body {
                        collect(place, value, &below, &when, depth + 1, out);
                    }
                }
            }
            Kind::List(items) if place == FieldPlace::Body => {
                let below = format!("{prefix}[]");
                for item in items.iter() {
                    collect(place, item, &below, &when, depth + 1, out);
                }
            }
            // A body that is written as a text.
            Kind::Text(pieces) if place == FieldPlace::Body && depth == 0 => {
                for (at, span) in json_text::keys(pieces) {
                    if out.len() < MAX_FIELDS {
                        out.push(Sent { place, at, span, when: when.clone(), or: Vec::new() });
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether a key is a name that a place can be written with.
pub(crate) fn is_name(key: &str) -> bool {
    !key.is_empty() && !key.contains(['.', '[', ']', '{', '}', '*', '(', ' '])
}

fn is_deleted_term(term: &Term) -> bool {
    matches!(&term.kind, Kind::Unknown(name) if **name == *DELETED)
}

/// Whether a value says that a key has been taken out of an object.
pub(crate) fn is_deleted(value: &Value) -> bool {
    !value.is_empty() && value.terms.iter().all(is_deleted_term)
}

fn is_absent(value: &Value) -> bool {
    let absent = |term: &Term| is_deleted_term(term) || value::is_nothing_term(term);
    value.is_empty() || value.terms.iter().all(absent)
}

/// The names of the parameters that an object or a list of pairs has, with their places:
/// `{"state": s}`, `[("state", s)]`. `None` for anything else, or where it is open which one is meant.
pub(crate) fn parameters(value: &Value) -> Option<Vec<(String, Option<Span>)>> {
    if let [Term { kind: Kind::Object(entries), .. }] = value.terms.as_slice() {
        return Some(entries.iter().filter_map(|(entry, _)| key_of(entry)).collect());
    }
    Some(pairs(value)?.into_iter().map(|(name, place)| (name, Some(place))).collect())
}

/// The same of a list of pairs alone.
fn pairs(value: &Value) -> Option<Vec<(String, Span)>> {
    let [Term { kind: Kind::List(pairs), .. }] = value.terms.as_slice() else { return None };
    let name = |pair: &Value| {
        let [Term { kind: Kind::List(pair), .. }] = pair.terms.as_slice() else { return None };
        let [name, _] = pair.as_slice() else { return None };
        let (text, place) = written_text(name)?;
        is_name(text).then(|| (text.to_owned(), place))
    };
    if pairs.is_empty() { None } else { pairs.iter().map(name).collect() }
}

/// A text that is written in one piece, and where.
pub(super) fn written_text(value: &Value) -> Option<(&str, Span)> {
    let [Term { kind: Kind::Text(pieces), .. }] = value.terms.as_slice() else { return None };
    match pieces.as_slice() {
        [Piece::Literal { text, literal, .. }] if *literal != Span::NOWHERE => Some((text, *literal)),
        _ => None,
    }
}

/// What an entry of an object is called, and where.
fn key_of(entry: &Entry) -> Option<(String, Option<Span>)> {
    match entry {
        Entry::Key(key) if is_name(key) => Some((key.to_string(), key.span)),
        _ => None,
    }
}

/// The keys of the query of a URL, or of a text that is one.
fn url(url: &Value, is_query: bool, out: &mut Vec<Sent>) {
    for term in &url.terms {
        let Kind::Text(pieces) = &term.kind else { continue };
        let mut in_query = is_query;
        // Whether a key begins where the next piece does.
        let mut begins = is_query;
        for piece in pieces {
            let Piece::Literal { text, literal, .. } = piece else {
                begins = false;
                continue;
            };
            let mut at = 0;
            while at < text.len() && out.len() < MAX_FIELDS {
                if !in_query {
                    let Some(mark) = text[at..].find('?') else { break };
                    in_query = true;
                    begins = true;
                    at += mark + 1;
                    continue;
                }
                let end = text[at..].find(['=', '&', '#']).map(|end| at + end);
                let key = &text[at..end.unwrap_or(text.len())];
                let closed = end.is_some_and(|end| text[end..].starts_with('='));
                if begins && closed && is_name(key) {
                    let span = within(*literal, text, at, key.len());
                    out.push(Sent {
                        place: FieldPlace::Query,
                        at: key.to_owned(),
                        span,
                        when: term.when.clone(),
                        or: Vec::new(),
                    });
                }
                begins = false;
                // On to the next key.
                let Some(next) = text[at..].find('&') else { break };
                begins = true;
                at += next + 1;
            }
            if at < text.len() {
                begins = false;
            }
        }
    }
}

/// Where a part of a text stands, if the text is written as it is; else where all
/// of the text does.
pub(crate) fn within(literal: Span, text: &str, at: usize, length: usize) -> Span {
    let written = literal.end.saturating_sub(literal.start) as usize;
    // With quotes around it, or without.
    let quote = match written.checked_sub(text.len()) {
        Some(0) => 0,
        Some(2) => 1,
        _ => return literal,
    };
    let start = u32::try_from(at + quote).map_or(literal.start, |at| literal.start.saturating_add(at));
    Span { start, end: u32::try_from(length).map_or(literal.end, |length| start.saturating_add(length)) }
}

/// An object without entries that a call makes: `new HashMap<>()`.
pub(crate) fn empty(callee: &request::Callee, args: &[NamedValue]) -> Option<Value> {
    let makes = matches!(
        callee.name(),
        "HashMap" | "LinkedHashMap" | "TreeMap" | "JSONObject" | "JsonObject" | "createObjectNode"
    );
    (makes && args.is_empty()).then(|| Value::one(Kind::Object(Arc::default())))
}

/// The query that a call writes: `urlencode({"limit": 5})`, `new URLSearchParams({})`.
pub(crate) fn encoded(callee: &request::Callee, args: &[NamedValue], span: Span) -> Option<Value> {
    let named =
        args.iter().filter_map(|(name, value)| Some((Entry::Key(name.clone()?.into()), value.clone())));
    let value = match (callee.name(), args) {
        ("urlencode" | "URLSearchParams" | "http_build_query" | "encode_www_form", [(None, value), ..]) => {
            value.clone()
        }
        // Ruby: `URI.encode_www_form(state: s)`
        ("encode_www_form", [_, ..]) => Value::one(Kind::Object(Arc::new(named.collect()))),
        // Go: `url.Values{"state": {s}}.Encode()`
        ("Encode", []) => callee.receiver.clone(),
        _ => return None,
    };
    // What a caller gives becomes a query where it does.
    if let [Term { kind: Kind::Param(_), .. }] = value.terms.as_slice()
        && matches!(callee.name(), "urlencode" | "URLSearchParams" | "http_build_query" | "encode_www_form")
    {
        return Some(value);
    }
    as_query(&value, span)
}

/// An object written as a query: `state={}&sort={}`.
pub(crate) fn as_query(value: &Value, span: Span) -> Option<Value> {
    let mut out = value.clone();
    for term in &mut out.terms {
        let none = Vec::new();
        let entries = match &term.kind {
            Kind::Object(entries) => entries,
            // Go: `url.Values{}`
            Kind::List(items) if items.is_empty() => &none,
            // What it was told in one case, and nothing in the other.
            Kind::Text(_) => continue,
            _ => return None,
        };
        let mut pieces = Vec::new();
        let literal = |text: String, place: Option<Span>| Piece::Literal {
            text: text.into(),
            literal: place.unwrap_or(Span::NOWHERE),
            origin: span,
            local: true,
        };
        let entries =
            entries.iter().filter(|(entry, _)| !matches!(entry, Entry::Key(key) if **key == *STRUCT));
        for (at, (entry, _)) in entries.enumerate() {
            let mark = if at == 0 { "" } else { "&" };
            match entry {
                Entry::Key(key) if is_name(key) => {
                    pieces.extend((at > 0).then(|| literal(mark.to_owned(), None)));
                    pieces.push(literal(format!("{}=", &**key), key.span));
                    pieces.push(Piece::Hole(key.name.clone()));
                }
                _ => {
                    pieces.extend((at > 0).then(|| literal(mark.to_owned(), None)));
                    pieces.push(Piece::Hole("".into()));
                }
            }
        }
        if std::mem::take(&mut term.open) {
            pieces.push(literal("&".to_owned(), None));
            pieces.push(Piece::Hole("".into()));
        }
        term.kind = Kind::Text(pieces);
    }
    (!out.is_empty()).then_some(out)
}

/// The argument that is what is sent; a parameter only where no other can be.
fn body_in(args: &[NamedValue]) -> Option<&Value> {
    let values = || args.iter().map(|(_, value)| value);
    values()
        .find(|value| holds_object(value) || is_json(value))
        .or_else(|| values().find(|value| has_fields(value)))
}

/// The value that a call writes as text: `json.dumps(body)`, `body.encode()`.
pub(crate) fn written(callee: &request::Callee, args: &[NamedValue]) -> Option<Value> {
    let handed = |value: &&Value| {
        let held = |term: &Term| {
            matches!(
                term.kind,
                Kind::Object(_) | Kind::List(_) | Kind::Param(_) | Kind::Instance(..) | Kind::This(_)
            )
        };
        value.terms.iter().all(held) && !value.is_empty()
    };
    let value = match callee.name() {
        // A text, whatever a caller gives: something is sent.
        "dumps" | "stringify" | "json_encode" | "ConvertTo-Json" | "Marshal" | "MarshalIndent" => {
            let first = args.iter().find(|(name, _)| name.is_none()).map(|(_, value)| value);
            return first.filter(handed).map(Value::written_out);
        }
        // `bytes.NewBuffer(body)`, `strings.NewReader("{...}")`
        "NewBuffer" | "NewBufferString" | "NewReader" if args.len() == 1 => {
            let text = |value: &&Value| value.terms.iter().all(|term| matches!(term.kind, Kind::Text(_)));
            args.first().map(|(_, value)| value).filter(|value| handed(value) || text(value))
        }
        "writeValueAsString" | "writeValueAsBytes" | "toJson" | "toJSONString" | "encodeToString"
        | "ofString" | "ofByteArray" | "StringEntity" | "fromValue" | "HttpEntity" | "JSONObject"
        | "valueToTree" => body_in(args),
        "Serialize" | "SerializeObject" | "SerializeToUtf8Bytes" | "StringContent" => body_in(args),
        "Create" if callee.owner() == "JsonContent" => body_in(args),
        "create" | "json" | "entity" if matches!(callee.owner(), "RequestBody" | "Entity") => body_in(args),
        "toString" | "toRequestBody" | "getBytes" | "toByteArray" | "encodeToByteArray"
        | "toPrettyString" => Some(&callee.receiver).filter(|value| holds_object(value) || is_json(value)),
        // Python: what models are written as.
        "asdict" | "to_builtins" | "unstructure" | "jsonable_encoder" => {
            args.first().map(|(_, value)| value).filter(handed)
        }
        "model_dump" | "model_dump_json" => Some(&callee.receiver).filter(handed),
        "encode" => Some(&callee.receiver).filter(|value| holds_object(value)).filter(handed),
        "to_json" => Some(&callee.receiver).filter(handed),
        _ => None,
    };
    value.cloned()
}
