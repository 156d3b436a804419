//! From an answer to its fields by the methods that libraries have for it: `json_decode`,
//! `mapper.readTree(response.body()).path("name")`, `doc.RootElement.GetProperty("name")`.
//!
//! Says nothing of what is read into a class of the program: how its fields are written is
//! not known here (`structs.rs` knows it for Go and Rust).

use super::answer::answers;
use super::evaluate::Evaluator;
use super::form::Span;
use super::modules::Naming;
use super::request::{Callee, NamedValue};
use super::sent;
use super::value::{Answer, Kind, Term, Value};

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
const HANDING: [&str; 16] = [
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
const WHOLE: [&str; 38] = [
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
const GETTERS: [&str; 39] = [
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
const SAME: [&str; 36] = [
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

/// The only answer among the alternatives of a value; what stands for nothing beside it
/// does not count: `reply or {}`.
pub(super) fn only_answer(value: &Value) -> Option<&Answer> {
    let mut found = None;
    for term in &value.terms {
        match &term.kind {
            Kind::Answer(answer) if found.is_none() => found = Some(answer),
            _ if is_empty(term) => {}
            _ => return None,
        }
    }
    found
}

/// Whether a property of an answer is its text, or of a place of its body this place again:
/// `response.Content`, `document.RootElement`.
pub(super) fn gives_itself(answer: &Answer, member: &str) -> bool {
    match answer.at {
        None => WHOLE.contains(&member),
        Some(_) => SAME.contains(&member),
    }
}

fn is_empty(term: &Term) -> bool {
    match &term.kind {
        Kind::Object(entries) => entries.is_empty(),
        Kind::List(items) => items.is_empty(),
        Kind::Text(pieces) => pieces.is_empty(),
        _ => super::value::is_nothing_term(term),
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
        let handed = args.iter().find(|(name, _)| name.is_none());
        if let Some(answer) = handed.and_then(|(_, value)| whole(value)) {
            let owner = callee.owner().trim_end_matches("()");
            let plain = PLAIN_PARSERS.contains(&name) && PARSING.contains(&owner);
            if plain || PARSERS.contains(&name) {
                return Some(answer.body());
            }
            if HANDING.contains(&name) {
                return Some(Value::one(Kind::Answer(answer)));
            }
            return None;
        }
        let answer = only_answer(&callee.receiver)?.clone();
        let Some(at) = &answer.at else {
            // `response.GetAwaiter().GetResult()`, `response.body().string()`
            let bare = args.is_empty() || name == "ConfigureAwait";
            return (WHOLE.contains(&name) && bare).then(|| Value::one(Kind::Answer(answer)));
        };
        if GETTERS.contains(&name) && !args.is_empty() {
            return self.got(first, name, &answer, args);
        }
        let listed = self.dialect.naming() == Naming::Rust || !at.is_empty() || args.is_empty();
        (SAME.contains(&name) && listed && args.len() <= 1).then(|| Value::one(Kind::Answer(answer)))
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
            "has" | "isNull" | "ContainsKey" | "containsKey" | "key?" | "contains_key" => {
                Some(Value::unknown(""))
            }
            _ => value,
        }
    }
}
