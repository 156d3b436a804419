//! From an answer to its fields by the methods that libraries have for it: `json_decode`,
//! `mapper.readTree(response.body()).path("name")`, `doc.RootElement.GetProperty("name")`.
//!
//! Says nothing of what is read into a class of the program: how its fields are written is
//! not known here (`structs.rs` knows it for Go and Rust).

use super::answer::{NOBODY, answers};
use super::each_answer::SLICE;
use super::sent;
use crate::scan::evaluate::Evaluator;
use crate::scan::form::{Shape, Span};
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Answer, Kind, Term, Value};

/// Methods that read the body of an answer into what they are told, or what is wanted of them.
pub(super) const READERS: [&str; 16] = [
    "readValue",
    "fromJson",
    "decodeFromString",
    "decodeFromStream",
    "Deserialize",
    "DeserializeAsync",
    "DeserializeObject",
    "readEntity",
    "convertValue",
    "parseObject",
    "ReadFromJsonAsync",
    "ReadAsAsync",
    "readerFor",
    "bodyToMono",
    "bodyToFlux",
    "treeToValue",
];
/// Methods that give the body, in an answer of the library's own, still.
pub(crate) const GIVING_MORE: [&str; 11] = [
    "getForEntity",
    "postForEntity",
    "exchange",
    "toEntity",
    "toEntityList",
    "asObject",
    "Execute",
    "ExecuteAsync",
    "ExecuteGetAsync",
    "ExecutePostAsync",
    "ExecutePutAsync",
];
/// Their methods and properties that lead from such an answer to what its body was read into.
pub(super) const GIVING_BODY: [&str; 4] = ["getBody", "body", "Content", "Data"];
/// Functions and constructors that make the body of the answer that they are handed.
const PARSERS: [&str; 13] = [
    "ConvertFrom-Json",
    "json_decode",
    "readTree",
    "JSONObject",
    "JSONArray",
    "parseString",
    "parseReader",
    "parseToJsonElement",
    "parseText",
    "parse_json",
    "from_str",
    "from_slice",
    "from_reader",
];
/// Names that many functions have, and what those are called that parse JSON by them.
const PLAIN_PARSERS: [&str; 5] = ["Parse", "parse", "ParseAsync", "load", "loads"];
const PARSING: [&str; 12] = [
    "JsonDocument",
    "JObject",
    "JArray",
    "JToken",
    "JsonNode",
    "JsonParser",
    "JsonElement",
    "JSON",
    "Oj",
    "json",
    "orjson",
    "simplejson",
];
/// What gives the answer that it is handed on, or a reader of it.
const HANDING: [&str; 17] = [
    "wp_remote_retrieve_body",
    "newCall",
    "execute",
    "urlopen",
    "open",
    "send",
    "sendAsync",
    "SendAsync",
    "prepare_request",
    "InputStreamReader",
    "BufferedReader",
    "StreamReader",
    "BufferedInputStream",
    "Scanner",
    "readText",
    "String",
    "str",
];
/// Methods and properties, without arguments, that lead from a request to its answer, or from
/// an answer to its text.
const WHOLE: [&str; 41] = [
    "ReadAsStream",
    "ReadAsByteArray",
    "ReadAsByteArrayAsync",
    "prepare",
    "body",
    "getBody",
    "string",
    "bytes",
    "getContents",
    "Content",
    "content",
    "ReadAsStringAsync",
    "ReadAsStreamAsync",
    "ReadAsString",
    "ReadToEnd",
    "ReadToEndAsync",
    "GetResponseStream",
    "EnsureSuccessStatusCode",
    "ConfigureAwait",
    "GetAwaiter",
    "GetResult",
    "Result",
    "bodyAsText",
    "bodyAsString",
    "byteStream",
    "charStream",
    "getInputStream",
    "inputStream",
    "bufferedReader",
    "readText",
    "toString",
    "__toString",
    "join",
    "get",
    "getEntity",
    "asString",
    "ok",
    "throw",
    "await",
    "execute",
    "to_s",
];
/// Methods that read the field that they are told.
pub(super) const GETTERS: [&str; 41] = [
    "hasOwnProperty",
    "__contains__",
    "get",
    "pop",
    "path",
    "required",
    "findValue",
    "opt",
    "optString",
    "optInt",
    "optLong",
    "optDouble",
    "optBoolean",
    "optJSONObject",
    "optJSONArray",
    "getString",
    "getInt",
    "getLong",
    "getDouble",
    "getBoolean",
    "getJSONObject",
    "getJSONArray",
    "getJsonObject",
    "getJsonArray",
    "getJsonNumber",
    "getAsJsonObject",
    "getAsJsonArray",
    "getAsJsonPrimitive",
    "getAsString",
    "has",
    "isNull",
    "GetProperty",
    "TryGetProperty",
    "Value",
    "ContainsKey",
    "containsKey",
    "fetch",
    "dig",
    "key?",
    "get_mut",
    "contains_key",
];
/// Methods and properties that give the same place of the body again.
const SAME: [&str; 70] = [
    "Result",
    "GetAwaiter",
    "GetResult",
    "ConfigureAwait",
    "await",
    "getOrNull",
    "getOrThrow",
    "getOrDefault",
    "getOrElse",
    "slice",
    "take",
    "Take",
    "Skip",
    "skip",
    "limit",
    "reversed",
    "toReversed",
    "toSorted",
    "toList",
    "ToList",
    "ToArray",
    "to_vec",
    "sorted",
    "distinct",
    "asSequence",
    "AsEnumerable",
    "stream",
    "parallelStream",
    "toMutableList",
    "orEmpty",
    "filterNotNull",
    "orElse",
    "orElseThrow",
    "orElseGet",
    "RootElement",
    "Clone",
    "AsArray",
    "AsObject",
    "EnumerateArray",
    "EnumerateObject",
    "Children",
    "jsonObject",
    "jsonArray",
    "getAsJsonObject",
    "getAsJsonArray",
    "asJsonObject",
    "asJsonArray",
    "asObject",
    "asArray",
    "elements",
    "iterator",
    "iter",
    "iter_mut",
    "into_iter",
    "as_array",
    "as_object",
    "as_array_mut",
    "cloned",
    "flatten",
    "unwrap",
    "unwrap_or_default",
    "expect",
    "ok_or",
    "ok_or_else",
    "to_owned",
    "to_a",
    "values",
    "compact",
    "reverse",
    "all",
];

/// Methods that give one of the elements of a list.
pub(super) const ONE_OF: [&str; 20] = [
    "first",
    "last",
    "First",
    "FirstOrDefault",
    "Last",
    "LastOrDefault",
    "Single",
    "SingleOrDefault",
    "firstOrNull",
    "lastOrNull",
    "single",
    "singleOrNull",
    "findFirst",
    "findAny",
    "next",
    "getFirst",
    "getLast",
    "ElementAt",
    "shift",
    "sample",
];

/// The only answer among the alternatives of a value; what stands for nothing beside it
/// does not count: `reply or {}`.
pub(crate) fn only_answer(value: &Value) -> Option<&Answer> {
    let (mut found, mut elsewhere) = (None, None);
    for term in &value.terms {
        match &term.kind {
            Kind::Answer(answer) if answer.request == NOBODY => elsewhere = Some(answer),
            Kind::Answer(answer) if found.is_none() => found = Some(answer),
            _ if is_empty(term) => {}
            _ => return None,
        }
    }
    found.or(elsewhere)
}

/// Whether a member of an answer leads to what its body was read into: `reply.getBody()`.
pub(super) fn read_already(answer: &Answer, member: &str) -> bool {
    answer.at.is_none() && answer.shape.is_some() && GIVING_BODY.contains(&member)
}

/// Whether a property of an answer is its text, or of a place of its body this place again:
/// `response.Content`, `document.RootElement`.
pub(super) fn gives_itself(answer: &Answer, member: &str) -> bool {
    match answer.at {
        None => WHOLE.contains(&member),
        Some(_) => SAME.contains(&member),
    }
}

/// Ruby: what a method without arguments gives that leads to the body, which some libraries have
/// parsed by then, or to an element of a list.
pub(super) fn called(answer: &Answer, method: &str) -> Option<Value> {
    let whole = answer.at.as_ref().is_none_or(|at| at.is_empty());
    if whole && matches!(method, "body" | "parsed_response" | "parse") {
        return Some(answer.body());
    }
    (answer.at.is_some() && matches!(method, "first" | "last" | "sample" | "shift" | "pop"))
        .then(|| answer.item())?
}

pub(super) fn is_empty(term: &Term) -> bool {
    match &term.kind {
        Kind::Object(entries) => entries.is_empty(),
        Kind::List(items) => items.is_empty(),
        Kind::Text(pieces) => pieces.is_empty(),
        _ => crate::scan::value::is_nothing_term(term),
    }
}

impl Evaluator<'_> {
    /// What a method of these tables gives; `first` is where its first argument is written.
    pub(super) fn decoded_by_method(
        &mut self,
        first: Option<Span>,
        callee: &Callee,
        args: &[NamedValue],
    ) -> Option<Value> {
        let name = callee.name();
        // Of some libraries the body is parsed already, and may be parsed all the same.
        let undivided = |answer: &&Answer| answer.at.as_ref().is_none_or(|at| at.is_empty());
        let whole = |value: &Value| answers(value).find(undivided).cloned();
        if let Some(value) = self.asked_by_function(callee, args) {
            return Some(value);
        }
        let handed = args.iter().find(|(name, _)| name.is_none());
        if let Some(answer) = handed.and_then(|(_, value)| whole(value)) {
            let owner = callee.owner().trim_end_matches("()");
            let plain = PLAIN_PARSERS.contains(&name) && PARSING.contains(&owner);
            if plain || PARSERS.contains(&name) {
                return Some(answer.body());
            }
            // Ruby: `http.request(Net::HTTP::Get.new(uri))`
            let asked = name == "request" && self.dialect.calls_by_name() && answer.at.is_none();
            if asked || HANDING.contains(&name) {
                return Some(Value::one(Kind::Answer(answer)));
            }
            return None;
        }
        let answer = only_answer(&callee.receiver)?.clone();
        if self.dialect.calls_by_name()
            && args.is_empty()
            && let Some(value) = called(&answer, name)
        {
            return Some(value);
        }
        let Some(at) = &answer.at else {
            if args.is_empty() && read_already(&answer, name) {
                return Some(answer.body());
            }
            // `response.GetAwaiter().GetResult()`, `response.body().string()`
            let bare = args.is_empty() || name == "ConfigureAwait" || name.starts_with("ReadAs");
            return (WHOLE.contains(&name) && bare).then(|| Value::one(Kind::Answer(answer)));
        };
        if GETTERS.contains(&name) && !args.is_empty() {
            return self.got(first, name, &answer, args);
        }
        let counted =
            |(_, value): &NamedValue| value.literal().is_some_and(|text| text.parse::<i64>().is_ok());
        if ONE_OF.contains(&name) {
            return match (args, answer.shape.as_deref()) {
                // Ruby: `first(5)` is a list.
                ([_], _) if self.dialect.calls_by_name() => Some(Value::one(Kind::Answer(answer))),
                ([], None | Some(Shape::List(_) | Shape::Open)) => answer.item(),
                ([index], _) if name == "ElementAt" || counted(index) => answer.item(),
                _ => None,
            };
        }
        // Of a list, and of what was perhaps not got.
        if matches!(name, "getOrNull" | "getOrElse" | "getOrDefault") && args.first().is_some_and(counted) {
            return answer.item();
        }
        if name == SLICE || name == "slice" && args.len() == 2 && args.iter().all(counted) {
            return Some(Value::one(Kind::Answer(answer)));
        }
        let listed = self.dialect.naming() == Naming::Rust || !at.is_empty() || args.is_empty();
        let listed = listed || args.iter().all(counted) || name == "ConfigureAwait";
        (SAME.contains(&name) && listed && args.len() <= 1).then(|| Value::one(Kind::Answer(answer)))
    }

    /// What stands under a key of one of several places, of which a branch says which it is:
    /// `rows = rows["items"] if paged else rows`.
    pub(super) fn got_of_each(
        &mut self,
        first: Option<Span>,
        callee: &Callee,
        args: &[NamedValue],
    ) -> Option<Value> {
        let known = |term: &Term| matches!(&term.kind, Kind::Answer(answer) if answer.at.is_some());
        let places = callee.receiver.terms.iter().filter(|term| known(term)).count();
        let others = callee.receiver.terms.iter().filter(|term| !known(term));
        let (_, key) = args.first()?;
        if places < 2 || !GETTERS.contains(&callee.name()) || !others.into_iter().all(is_empty) {
            return None;
        }
        let key = key.literal()?;
        let mut out = Value::default();
        for term in &callee.receiver.terms {
            if let Kind::Answer(answer) = &term.kind {
                out = out.join(answer.under(Some(&key))?.within(term));
            }
        }
        self.note_read(&out, first?);
        Some(out)
    }

    /// Functions that ask whether an answer has a key: `array_key_exists("id", $reply)`,
    /// `Object.hasOwn(reply, "id")`.
    fn asked_by_function(&mut self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        let [(None, first), (None, second)] = args else { return None };
        let (object, key) = match callee.name() {
            "array_key_exists" => (second, first),
            "hasOwn" if callee.owner() == "Object" => (first, second),
            "call" if callee.owner() == "hasOwnProperty" => (first, second),
            _ => return None,
        };
        let answer = only_answer(object).filter(|answer| answer.at.is_some())?.clone();
        let (name, place) = sent::written_text(key)?;
        let name = name.to_owned();
        let under = answer.under(Some(&name))?;
        self.note_read(&under, place);
        Some(Value::unknown(""))
    }

    /// What stands under the key, the index or, of `dig`, the keys that a method is told.
    fn got(
        &mut self,
        first: Option<Span>,
        name: &str,
        answer: &Answer,
        args: &[NamedValue],
    ) -> Option<Value> {
        let keys = if name == "dig" { args } else { &args[..1] };
        let mut place = answer.clone();
        let mut value = None;
        for (at, (_, told)) in keys.iter().enumerate() {
            let Some(key) = told.literal() else {
                // `array.get(i)`
                return (at + 1 == keys.len()).then(|| place.item()).flatten();
            };
            let under = place.under(Some(&key))?;
            if key.parse::<i64>().is_err()
                && let Some(span) =
                    if at == 0 { first } else { sent::written_text(told).map(|(_, place)| place) }
            {
                self.note_read(&under, span);
            }
            place = answers(&under).next()?.clone();
            value = Some(under);
        }
        match name {
            "hasOwnProperty" | "__contains__" | "has" | "isNull" | "ContainsKey" | "containsKey" | "key?"
            | "contains_key" => Some(Value::unknown("")),
            _ => value,
        }
    }
}
