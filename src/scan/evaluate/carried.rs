//! Whether the requests that a function makes are those that its caller asks for: a function may
//! ask for something of its own, to log in, and lose what it is given on the way.

use super::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::requests::builder;
use crate::scan::requests::generic;
use crate::scan::requests::request::{Callee, Meaning, NamedValue};
use crate::scan::value::url_parts;
use crate::scan::value::{Kind, Listed, ParamRef, Piece, Value};
use crate::scan::wording;

impl<'u> Evaluator<'u> {
    /// Whether one of the requests that a call leads to has to do with the paths
    /// that are handed on. A function may make requests of its own, to log in,
    /// while what becomes of its arguments is not seen.
    pub(super) fn carries_path(&self, made: &[usize], callee: &Callee, args: &[NamedValue]) -> bool {
        let named = || matches!(generic::generic(callee, args), Meaning::Request(_));
        if !generic::names_request(args) && !named() {
            return true;
        }
        let mut paths = Vec::new();
        args.iter().for_each(|(_, value)| path_sources(value, &mut paths));
        let mut used = Vec::new();
        for request in made.iter().map(|id| &self.requests[*id]) {
            request.args.iter().for_each(|(_, value)| path_sources(value, &mut used));
            path_sources(&request.callee.receiver, &mut used);
        }
        paths.is_empty() || paths.iter().any(|source| used.contains(source))
    }

    /// Whether a call says a method, and none of the requests that it leads to is
    /// seen to have one.
    pub(super) fn loses_method(&self, made: &[usize], args: &[NamedValue]) -> bool {
        if made.is_empty() || !generic::names_request(args) {
            return false;
        }
        made.iter().all(|id| {
            self.requests[*id].read(self.dialect).is_some_and(|found| {
                !found.method_open && found.methods.iter().all(|(method, _)| method.is_none())
            })
        })
    }

    /// Whether a function is seen to ask for a path that an object it is handed was made with:
    /// `execute(new Query("/users"))`, where all queries are known where they are sent.
    pub(super) fn asked_inside(&mut self, id: FunctionId, args: &[NamedValue]) -> bool {
        let mut paths = Vec::new();
        for term in args.iter().flat_map(|(_, value)| &value.terms) {
            if let Kind::Instance(_, fields) = &term.kind {
                fields.iter().for_each(|(_, value)| path_sources(value, &mut paths));
            }
        }
        if paths.is_empty() {
            return false;
        }
        let Some(done) = self.summary(id, None) else { return false };
        let mut used = Vec::new();
        for request in done.made.iter().map(|id| &self.requests[*id]) {
            request.args.iter().for_each(|(_, value)| path_sources(value, &mut used));
            path_sources(&request.callee.receiver, &mut used);
        }
        paths.iter().any(|source| used.contains(source))
    }

    /// Whether a function of the program is to be judged like one from
    /// elsewhere: what it does is not seen, and it is handed a method and a path,
    /// or it is of another file and named like a request.
    pub(super) fn hides_request(
        &self,
        frame: &Frame,
        id: FunctionId,
        callee: &Callee,
        args: &[NamedValue],
        value: &Value,
    ) -> bool {
        let unknown = value.terms.iter().all(|term| matches!(term.kind, Kind::Unknown(_) | Kind::Answer(_)));
        let elsewhere = self.program.owners[id] != self.program.owners[frame.function];
        if unknown
            && (generic::passes_through(callee, args) || elsewhere && generic::builds_url(callee, args))
        {
            return true;
        }
        if !builder::may_go_on(value)
            && builder::given(args).is_some()
            && matches!(self.dialect.meaning(callee, args), Meaning::Request(_))
        {
            return true;
        }
        // What it makes is a request that its caller sends: `client.SendAsync(Message(HttpMethod.Get, path))`.
        if builder::is_builder(value) && builder::part(value, builder::URL).is_some() {
            return false;
        }
        // So is what it describes: `request(this.options("GET", path))`.
        if value.terms.iter().any(generic::describes_request) {
            return false;
        }
        match generic::generic(callee, args) {
            // What it makes of it is hidden in the same file, too: `fetchJson(path)` that hands it to a library.
            Meaning::Request(_) => {
                let asks = || {
                    !value.is_empty()
                        && wording::words(callee.name())
                            .iter()
                            .any(|word| matches!(word.as_str(), "fetch" | "request"))
                };
                generic::names_request(args) || (unknown && (elsewhere || asks()))
            }
            _ => false,
        }
    }
}

/// Where a part of a path comes from: a text that stands somewhere, or a
/// parameter.
enum Source {
    Literal(Span),
    Param(ParamRef),
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Source::Literal(one), Source::Literal(other)) => one == other,
            // The name is for people.
            (Source::Param(one), Source::Param(other)) => {
                (one.index, &one.members) == (other.index, &other.members)
            }
            _ => false,
        }
    }
}

fn path_sources(value: &Value, out: &mut Vec<Source>) {
    for term in &value.terms {
        match &term.kind {
            Kind::Text(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Literal { text, literal, .. } if text.contains('/') => {
                            out.push(Source::Literal(*literal));
                        }
                        // A part of a URL is still of that URL.
                        Piece::Param(param) => {
                            let mut whole = param.clone();
                            while let Some(last) = whole.members.last()
                                && url_parts::meant(last).is_some()
                            {
                                whole.members.pop();
                            }
                            out.push(Source::Param(whole));
                        }
                        Piece::Joined(Listed::Template(template), _) => {
                            out.push(Source::Param(template.param.clone()));
                            template.args.iter().for_each(|(_, value)| path_sources(value, out));
                        }
                        _ => {}
                    }
                }
            }
            Kind::Param(param) if wording::names_path(&param.name) => out.push(Source::Param(param.clone())),
            Kind::List(items) => items.iter().for_each(|item| path_sources(item, out)),
            Kind::Object(entries) => entries.iter().for_each(|(_, value)| path_sources(value, out)),
            Kind::Client(base) => path_sources(base, out),
            _ => {}
        }
    }
}
