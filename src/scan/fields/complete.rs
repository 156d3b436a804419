//! Objects that a request sends and of which every key is seen: what is not among
//! the keys is not sent.
//!
//! Whatever may add a key makes an object open, and an open object says nothing:
//! a spread that is not known, a key that is put together, a variable that others
//! hold too, an argument of a call that may say more of the body.

use std::collections::{BTreeMap, BTreeSet};

use super::json_text;
use super::sent::{self, Role, is_name};
use crate::scan::call::FieldPlace;
use crate::scan::form::{STDIN, Span};
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Found, Request};
use crate::scan::value::{self, Entry, Kind, Piece, Term, Value, compatible};
use crate::scan::wording::{capitalised, words};

/// Objects that are read of one request.
const MAX_OBJECTS: usize = 200;
/// Nesting of objects that is followed.
const MAX_DEPTH: usize = 32;

/// An object with all of its keys.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Complete {
    pub place: FieldPlace,
    /// Where the object is in the body: `spec`, `entries[]`, or nothing.
    pub at: String,
    pub keys: BTreeSet<String>,
    /// Where its first key is written.
    pub span: Option<Span>,
}

/// Arguments that say nothing of what is sent in body and query.
const HARMLESS: [&str; 38] = [
    "url",
    "uri",
    "path",
    "method",
    "headers",
    "timeout",
    "auth",
    "verify",
    "cookies",
    "proxies",
    "allow_redirects",
    "follow_redirects",
    "stream",
    "cert",
    "ssl",
    "raise_for_status",
    "signal",
    "mode",
    "credentials",
    "cache",
    "redirect",
    "keepalive",
    "referrerPolicy",
    "baseURL",
    "base_url",
    "responseType",
    "maxRedirects",
    "validateStatus",
    "withCredentials",
    "agent",
    "dispatcher",
    "http_errors",
    "connect_timeout",
    "debug",
    "proxy",
    "auth_bearer",
    "blocking",
    "basic_auth",
];

/// The same of PowerShell's cmdlets, which write names as they like.
const HARMLESS_SWITCHES: [&str; 20] = [
    "uri",
    "method",
    "custommethod",
    "headers",
    "contenttype",
    "authentication",
    "token",
    "credential",
    "usebasicparsing",
    "skipcertificatecheck",
    "skiphttperrorcheck",
    "timeoutsec",
    "websession",
    "useragent",
    "maximumredirection",
    "disablekeepalive",
    "allowunencryptedauthentication",
    "erroraction",
    "proxy",
    "verbose",
];

/// Libraries whose functions send the query that they are given and no other;
/// sessions and client objects may have one of their own.
const PLAIN: [&str; 6] = ["requests", "httpx", "axios", "http", "got", "ky"];

/// The complete objects of a request, for an alternative of its URL that holds under
/// these conditions.
pub(crate) fn objects(
    request: &Request,
    found: &Found,
    naming: Naming,
    url: &Term,
    when: &[(u32, u32)],
) -> Vec<Complete> {
    let Some(handed) = Handed::of(request, found, naming) else { return Vec::new() };
    let mut out = Vec::new();
    if let [body] = handed.bodies.as_slice() {
        let mut seen = Seen::default();
        seen.value(body, "", &[], when, 0);
        let mut whole = seen.finish();
        if naming == Naming::Classes {
            whole.iter_mut().for_each(|object| spell(&mut object.keys));
        }
        out.extend(whole);
    }
    let callee = &request.callee;
    let is_plain = match callee.path.as_slice() {
        // What is made first and sent later may get a query in between.
        [.., name] if matches!(&**name, "NewRequest" | "NewRequestWithContext") => false,
        [_] => true,
        [library, _] => PLAIN.contains(&&**library),
        _ => false,
    } && matches!(naming, Naming::Python | Naming::JavaScript | Naming::Go | Naming::Files);
    if is_plain
        && !url.open
        && callee.client().is_none()
        && let Some(mut keys) = query(&url.pieces(), false)
    {
        for given in &found.queries {
            match given.terms.as_slice() {
                [Term { kind: Kind::Text(pieces), .. }] => match query(pieces, true) {
                    Some(more) => keys.extend(more),
                    None => return out,
                },
                _ => return out,
            }
        }
        let given = match handed.queries.as_slice() {
            [] => Some(Vec::new()),
            [one] => {
                let mut seen = Seen::default();
                seen.value(one, "", &[], when, MAX_DEPTH);
                Some(seen.finish()).filter(|whole| whole.len() == 1)
            }
            _ => None,
        };
        if let Some(given) = given {
            let span = given.iter().find_map(|whole| whole.span);
            keys.extend(given.into_iter().flat_map(|whole| whole.keys));
            out.push(Complete { place: FieldPlace::Query, at: String::new(), keys, span });
        }
    }
    out
}

/// Adds the other spellings of keys: who writes an object down may have a policy of its
/// own for names.
fn spell(keys: &mut BTreeSet<String>) {
    let mut more = Vec::new();
    for key in keys.iter() {
        let words = words(key);
        let capital = |word: &String| capitalised(word);
        let pascal: String = words.iter().map(capital).collect();
        let camel = words.first().cloned().unwrap_or_default();
        let camel = camel + &words.iter().skip(1).map(capital).collect::<String>();
        more.extend([words.join("_"), words.join("-"), words.concat(), pascal, camel]);
    }
    keys.extend(more);
}

/// What a request is handed for its body and its query.
#[derive(Default)]
struct Handed {
    bodies: Vec<Value>,
    queries: Vec<Value>,
}

impl Handed {
    /// `None` where some argument may say more.
    fn of(request: &Request, found: &Found, naming: Naming) -> Option<Self> {
        if !found.sure {
            return None;
        }
        let mut handed = Self { bodies: found.bodies.clone(), queries: Vec::new() };
        if naming == Naming::Files {
            return known_words(request).then_some(handed);
        }
        if request.callee.name() == "Request" {
            return None;
        }
        let keyed = matches!(naming, Naming::Python | Naming::JavaScript | Naming::Go);
        if !keyed {
            // Only bodies are seen as a whole here; what is behind one says how it is sent.
            return match handed.bodies.is_empty() {
                true => handed.body_of(request, found, naming).map(|()| handed),
                false => Some(handed),
            };
        }
        if !handed.bodies.is_empty() {
            return None;
        }
        let takes_method = matches!(request.callee.name(), "request" | "NewRequest");
        let mut positional = 0;
        for (role, (name, value)) in sent::roles(request, found, naming) {
            match (role, name.as_deref()) {
                (_, Some("*" | "**")) => return None,
                (Some(Role::Body), _) => handed.bodies.push(value.clone()),
                (Some(Role::Query), _) => handed.queries.push(value.clone()),
                (Some(Role::Options), _) => handed.options(value)?,
                (None, Some(name)) if HARMLESS.contains(&name) => {}
                (None, Some(_)) => return None,
                (None, None) => {
                    // `get(url, "a=1")`: in Python a text behind the URL is the query or the body.
                    let is_text = naming != Naming::Python
                        && value.terms.iter().all(|term| matches!(term.kind, Kind::Text(_)));
                    if !is_text && positional > usize::from(takes_method) {
                        return None;
                    }
                }
            }
            positional += usize::from(name.is_none());
        }
        Some(handed)
    }

    /// The body among the arguments, in languages whose libraries are given it by its
    /// place, by a name or in an object of options.
    fn body_of(&mut self, request: &Request, found: &Found, naming: Naming) -> Option<()> {
        for (role, (name, value)) in sent::roles(request, found, naming) {
            match (role, name.as_deref()) {
                (_, Some("*" | "**")) => return None,
                (Some(Role::Body), _) => self.bodies.push(value.clone()),
                (Some(Role::Query), _) => {}
                (Some(Role::Options), _) => self.options(value)?,
                (None, Some(name)) if HARMLESS.contains(&name) => {}
                (None, Some(name))
                    if naming == Naming::Commands
                        && HARMLESS_SWITCHES.contains(&&*name.to_ascii_lowercase()) => {}
                (None, Some(_)) => return None,
                (None, None) => {}
            }
        }
        Some(())
    }

    fn options(&mut self, value: &Value) -> Option<()> {
        let [Term { kind: Kind::Object(entries), open: false, .. }] = value.terms.as_slice() else {
            return None;
        };
        for (entry, value) in entries.iter() {
            let Entry::Key(key) = entry else { return None };
            match sent::named(key) {
                Some(Role::Body) => self.bodies.push(value.clone()),
                Some(Role::Query) => self.queries.push(value.clone()),
                Some(Role::Options) => return None,
                None if HARMLESS.contains(&&**key) => {}
                None => return None,
            }
        }
        Some(())
    }
}

/// Whether all words of a command line are known, but for the values of options.
fn known_words(request: &Request) -> bool {
    let mut option = false;
    for (name, value) in &request.args {
        if name.as_deref() == Some(STDIN) {
            continue;
        }
        let known = value.terms.iter().all(|term| match &term.kind {
            Kind::Text(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Literal { .. })),
            _ => false,
        });
        if !known && !option {
            return false;
        }
        option = value.literal().is_some_and(|word| word.starts_with('-'));
    }
    true
}

/// The keys of a URL's query, or of a text that is one, if all of it is seen.
fn query(pieces: &[Piece], is_query: bool) -> Option<BTreeSet<String>> {
    let mut keys = BTreeSet::new();
    // The key that is being read; in a value there is none.
    let mut key: Option<String> = is_query.then(String::new);
    let mut in_query = is_query;
    for piece in pieces {
        let Piece::Literal { text, .. } = piece else {
            if key.is_some() {
                return None;
            }
            continue;
        };
        for c in text.chars() {
            match (c, &mut key) {
                ('?', None) if !in_query => {
                    in_query = true;
                    key = Some(String::new());
                }
                ('#', _) => return Some(keys),
                ('&', _) if in_query => {
                    keys.extend(key.take().filter(|key| !key.is_empty()));
                    key = Some(String::new());
                }
                ('=', Some(_)) => keys.extend(key.take()),
                // `--data-urlencode name@file`, `@file`
                ('@', Some(known)) if is_query => match known.is_empty() {
                    true => return None,
                    false => keys.extend(key.take()),
                },
                (c, Some(key)) => key.push(c),
                _ => {}
            }
        }
    }
    keys.extend(key.filter(|key| !key.is_empty()));
    // What ends the path may bring a query with it.
    (in_query || matches!(pieces.last(), Some(Piece::Literal { .. }))).then_some(keys)
}

/// Keys of an object and where the first is written.
type Keys = (BTreeSet<String>, Option<Span>);

/// Objects by their place and by which members of lists they are; `None` for those
/// that are open.
#[derive(Default)]
struct Seen(BTreeMap<(String, Vec<usize>), Option<Keys>>);

impl Seen {
    fn finish(self) -> Vec<Complete> {
        // Without the whole nothing is known of its parts.
        if self.0.get(&(String::new(), Vec::new())).is_some_and(Option::is_none) {
            return Vec::new();
        }
        let complete = |((at, _), keys): ((String, Vec<usize>), Option<Keys>)| {
            let (keys, span) = keys?;
            Some(Complete { place: FieldPlace::Body, at, keys, span })
        };
        self.0.into_iter().filter_map(complete).collect()
    }

    /// Several objects that may stand at a place: what any of them has may be sent.
    fn note(&mut self, at: &str, path: &[usize], keys: Option<Keys>) {
        // What is known already may still turn out to be open.
        let full = self.0.len() >= MAX_OBJECTS;
        let known = self.0.entry((at.to_owned(), path.to_vec()));
        match (known, keys) {
            (std::collections::btree_map::Entry::Vacant(_), _) if full => {}
            (std::collections::btree_map::Entry::Vacant(entry), keys) => _ = entry.insert(keys),
            (std::collections::btree_map::Entry::Occupied(mut entry), Some((more, span))) => {
                if let Some((keys, first)) = entry.get_mut() {
                    keys.extend(more);
                    *first = first.or(span);
                }
            }
            (std::collections::btree_map::Entry::Occupied(mut entry), None) => _ = entry.insert(None),
        }
    }

    fn value(&mut self, value: &Value, at: &str, path: &[usize], when: &[(u32, u32)], depth: usize) {
        if depth > MAX_DEPTH || sent::is_open(&value.terms) {
            return self.note(at, path, None);
        }
        let is_root = at.is_empty() && path.is_empty();
        let mut any = false;
        for term in value.terms.iter().filter(|term| compatible(when, &term.when)) {
            any = true;
            let mut when = when.to_vec();
            when.extend(term.when.iter().filter(|arm| !when.contains(arm)).copied().collect::<Vec<_>>());
            match &term.kind {
                _ if term.open => self.note(at, path, None),
                Kind::Object(entries) => match flat(entries, depth) {
                    Some(entries) => {
                        let span = entries.iter().find_map(|(_, span, _)| *span);
                        let keys = entries.iter().map(|(name, ..)| name.clone()).collect();
                        self.note(at, path, Some((keys, span)));
                        for (name, _, value) in entries.iter().filter(|(.., value)| sent::holds_object(value))
                        {
                            let below = match at.is_empty() {
                                true => name.clone(),
                                false => format!("{at}.{name}"),
                            };
                            self.value(value, &below, path, &when, depth + 1);
                        }
                    }
                    None => self.note(at, path, None),
                },
                Kind::List(items) => {
                    for (index, item) in items.iter().enumerate().filter(|(_, item)| sent::holds_object(item))
                    {
                        let path: Vec<usize> = path.iter().copied().chain([index]).collect();
                        self.value(item, &format!("{at}[]"), &path, &when, depth + 1);
                    }
                }
                // A body that is written as a text.
                Kind::Text(pieces) if is_root && depth == 0 => match json_text::objects(pieces) {
                    Some(objects) => {
                        for (index, object) in objects.into_iter().enumerate() {
                            let path = if object.at.is_empty() { Vec::new() } else { vec![index] };
                            let keys = object.keys.map(|keys| (keys, object.span));
                            self.note(&object.at, &path, keys);
                        }
                    }
                    None => self.note(at, path, None),
                },
                _ if !is_root && value::is_nothing_term(term) => {}
                _ => self.note(at, path, None),
            }
        }
        if !any {
            self.note(at, path, None);
        }
    }
}

/// The entries of an object with those that are spread into it, the last of each
/// name; `None` if there may be more.
fn flat(entries: &[(Entry, Value)], depth: usize) -> Option<Vec<(String, Option<Span>, Value)>> {
    let mut out: Vec<(String, Option<Span>, Value)> = Vec::new();
    let mut put = |name: String, span, value| {
        out.retain(|(known, ..)| *known != name);
        out.push((name, span, value));
    };
    for (entry, value) in entries {
        match entry {
            Entry::Key(key) if is_name(key) => put(key.name.to_string(), key.span, value.clone()),
            Entry::Key(_) | Entry::Any => return None,
            Entry::Spread => {
                let [Term { kind: Kind::Object(inner), open: false, .. }] = value.terms.as_slice() else {
                    return None;
                };
                let inner = if depth < MAX_DEPTH { flat(inner, depth + 1)? } else { return None };
                inner.into_iter().for_each(|(name, span, value)| put(name, span, value));
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(parts: &[&str]) -> Option<Vec<String>> {
        let piece = |text: &&str| match *text {
            "$" => Piece::Hole("x".into()),
            text => {
                let span = Span { start: 0, end: 1 };
                Piece::Literal { text: text.into(), literal: span, origin: span, local: true }
            }
        };
        let pieces: Vec<Piece> = parts.iter().map(piece).collect();
        query(&pieces, false).map(|keys| keys.into_iter().collect())
    }

    #[test]
    fn a_query_is_known_if_nothing_can_add_to_it() {
        let known = |keys: &[&str]| Some(keys.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(keys(&["https://a.b/c"]), known(&[]));
        assert_eq!(keys(&["$", "/c"]), known(&[]));
        assert_eq!(keys(&["/c/", "$", "/d?a=", "$", "&b"]), known(&["a", "b"]));
        assert_eq!(keys(&["/c?a=1&b=2#x=3"]), known(&["a", "b"]));
        for open in [&["/c/", "$"][..], &["/c?", "$"], &["/c?a", "$", "=1"], &["/c?a=1&", "$"]] {
            assert_eq!(keys(open), None, "{open:?}");
        }
    }
}
