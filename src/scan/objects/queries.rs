//! Queries that are told one parameter after the other: `builder.addQueryParameter("state", s)`,
//! `url.searchParams.set("state", s)`, `values.Set("state", s)`.
//!
//! What a query is told stands in its text, `state={}`, and so in the URL that it is put into.

use std::sync::Arc;

use crate::scan::evaluate::{Evaluator, Frame, dotted};
use crate::scan::fields::decoders::only_answer;
use crate::scan::fields::sent;
use crate::scan::form::{CallExpr, ExprKind, Span};
use crate::scan::naming::Naming;
use crate::scan::requests::builder;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::compose;
use crate::scan::value::url_parts;
use crate::scan::value::{Kind, Piece, Term, Value};

/// Methods by which a URL, or a request that is being built, is told a name and a value.
const TELLING: [&str; 16] = [
    "addQueryParameter",
    "addEncodedQueryParameter",
    "setQueryParameter",
    "appendQueryParameter",
    "addParameter",
    "setParameter",
    "queryParam",
    "replaceQueryParam",
    "queryString",
    "AddQueryParameter",
    "SetQueryParam",
    "AppendQueryParam",
    "AddQueryParam",
    "append_pair",
    "query_param",
    "query",
];
/// Methods that are told many at once, as an object or a list of pairs.
const TELLING_ALL: [&str; 5] = ["queryParams", "SetQueryParams", "AppendQueryParams", "query", "queryString"];
/// What is a query of its own in JavaScript and Go, by what it is told with.
const SETTING: [&str; 4] = ["append", "set", "Set", "Add"];
/// Pieces of a URL from which on it is told nothing more: a text has room for so many.
const MAX_TOLD: usize = 64;

impl<'u> Evaluator<'u> {
    /// What a call makes of the URL, the query or the request that it tells a parameter.
    pub(crate) fn told_query(
        &mut self,
        frame: &mut Frame,
        call: &'u CallExpr,
        callee: &Callee,
        args: &[NamedValue],
        span: Span,
    ) -> Option<Value> {
        let name = callee.name();
        let known = [&TELLING[..], &TELLING_ALL, &SETTING, &["Query", "Encode", "URLSearchParams"]];
        if !known.iter().any(|names| names.contains(&name)) {
            return None;
        }
        let own = |term: &Term| matches!(term.kind, Kind::Function(_) | Kind::Class(_));
        if callee.value.terms.iter().any(own) {
            return None;
        }
        let is_text = |value: &Value| {
            !value.is_empty() && value.terms.iter().all(|term| matches!(term.kind, Kind::Text(_)))
        };
        let go = self.dialect.naming() == Naming::Go;
        match (name, args) {
            // `q := req.URL.Query()`
            ("Query", []) if go => {
                return match is_text(&callee.receiver) {
                    true => Some(url_parts::part(&callee.receiver, url_parts::Part::Query)),
                    false => (callee.owner() == "URL").then(|| Value::one(Kind::Text(Vec::new()))),
                };
            }
            ("Encode", []) if go && is_text(&callee.receiver) => return Some(callee.receiver.clone()),
            // `new URLSearchParams()`
            ("URLSearchParams", []) => return Some(Value::one(Kind::Text(Vec::new()))),
            _ => {}
        }
        // `url.searchParams.set("state", s)` is told the URL.
        let (object, receiver) = match &call.callee.kind {
            ExprKind::Member(object, _) => match &object.kind {
                ExprKind::Member(url, part) if &**part == "searchParams" => {
                    (Some(url), self.expr(frame, url))
                }
                _ => (Some(object), callee.receiver.clone()),
            },
            _ => (None, callee.receiver.clone()),
        };
        let mut receiver = receiver;
        if go {
            // What else it may be told somewhere is behind what is seen.
            receiver.terms.iter_mut().for_each(|term| term.open = false);
            receiver = sent::as_query(&receiver, span).unwrap_or(receiver);
        }
        let parameters = match args {
            [(_, key), (_, value), ..] if args.len() <= 3 && !sent::holds_object(value) => {
                let at = call.args.first()?.value.span;
                vec![(key.literal()?, Some(at))]
            }
            [(_, all)] if TELLING_ALL.contains(&name) => sent::parameters(all)?,
            _ => return None,
        };
        let telling = TELLING.contains(&name) || TELLING_ALL.contains(&name);
        if telling && builder::is_builder(&callee.receiver) {
            let query = builder::part(&callee.receiver, builder::QUERY).unwrap_or_default();
            let query = with_parameters(&query, &parameters, span)?;
            self.stepped = Some(span);
            return Some(builder::with(&callee.receiver, builder::QUERY, &query));
        }
        // `Unirest.get(url).queryString("state", s)`: the request is there already.
        if telling && let Some(answer) = only_answer(&callee.receiver).filter(|answer| answer.at.is_none()) {
            let query = with_parameters(&Value::default(), &parameters, span)?;
            let request = answer.request;
            self.tell_request(request, "query", &query);
            return Some(callee.receiver.clone());
        }
        let setting = SETTING.contains(&name)
            && (go && name.starts_with(char::is_uppercase) || self.dialect.naming() == Naming::JavaScript);
        if !telling && !setting || !is_text(&receiver) || builder::is_builder(&callee.receiver) {
            return None;
        }
        let told = with_parameters(&receiver, &parameters, span)?;
        self.stepped = Some(span);
        let path = object.and_then(|object| dotted(object));
        if let Some(path) = path.filter(|path| frame.env.contains_key(&**path)) {
            frame.env.insert(path.into(), Arc::new(told.clone()));
        }
        Some(told)
    }

    /// A URL whose query is set as a whole: `url.search = query`, `u.RawQuery = q.Encode()`,
    /// `uri.query = URI.encode_www_form(state: s)`. Of a request that is there already it is
    /// an argument more.
    pub(crate) fn set_query(&mut self, frame: &mut Frame, object: &str, member: &str, query: &Value) {
        if !matches!(member, "search" | "RawQuery" | "query" | "Query") {
            return;
        }
        let text = |value: &Value| value.terms.iter().all(|term| matches!(term.kind, Kind::Text(_)));
        if query.is_empty() || !text(query) {
            return;
        }
        let whole = object.strip_suffix(".URL").and_then(|request| frame.env.get(request));
        if let Some(answer) = whole.and_then(|whole| only_answer(whole)).filter(|answer| answer.at.is_none())
        {
            let request = answer.request;
            self.tell_request(request, "query", query);
            return;
        }
        let Some(url) = frame.env.get(object).filter(|url| !url.is_empty() && text(url)) else { return };
        let marked = |term: &Term| match &term.kind {
            Kind::Text(pieces) => {
                matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.starts_with('?'))
            }
            _ => false,
        };
        let mark = if query.terms.iter().all(marked) { "" } else { "?" };
        let mark = Value::text(mark.into(), Span::NOWHERE);
        let joined = compose::concat(&[url_parts::without_query(url), mark, query.clone()], Span::NOWHERE);
        frame.env.insert(object.into(), Arc::new(joined));
    }
}

/// A URL or a query with parameters behind it, each a name and the place where it is written.
/// `None` where one has no room.
fn with_parameters(url: &Value, parameters: &[(String, Option<Span>)], span: Span) -> Option<Value> {
    let mut out = if url.is_empty() { Value::one(Kind::Text(Vec::new())) } else { url.clone() };
    for term in &mut out.terms {
        let Kind::Text(pieces) = &mut term.kind else { continue };
        for (name, place) in parameters.iter().filter(|(name, _)| sent::is_name(name)) {
            if pieces.len() > MAX_TOLD {
                return None;
            }
            let has = |sign: &str| {
                pieces.iter().any(|piece| matches!(piece, Piece::Literal { text, .. } if text.contains(sign)))
            };
            let literal = |text: String, literal: Span| Piece::Literal {
                text: text.into(),
                literal,
                origin: span,
                local: false,
            };
            let front = match (has("?"), has("/")) {
                _ if pieces.is_empty() => None,
                (true, _) => Some("&"),
                (false, true) => Some("?"),
                // A query of its own, or what stands for the whole URL.
                (false, false) if has("=") => Some("&"),
                (false, false) => Some("?"),
            };
            pieces.extend(front.map(|front| literal(front.to_owned(), Span::NOWHERE)));
            pieces.push(literal(format!("{name}="), place.unwrap_or(Span::NOWHERE)));
            pieces.push(Piece::Hole(name.as_str().into()));
        }
    }
    Some(out)
}
