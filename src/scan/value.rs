//! Values of expressions as far as a URL can depend on them: texts with holes,
//! objects, functions, and parameters that a caller fills.
//!
//! A value is a small set of alternatives. Each remembers under which arms of
//! which branches it holds, so that a URL of one arm is not combined with the
//! method of another.

use std::sync::Arc;

use super::bounds::{room, shared_out};
use super::form::{ClassId, FormatStyle, FunctionId, JoinStyle, Key, Shape, Span};
use super::guards::Guard;
use super::link::FileId;
use super::template::{self, Template};
pub(crate) use super::truth::{is_nothing, is_nothing_term};

/// Alternatives kept per value; the rest is dropped.
pub(crate) const MAX_ALTERNATIVES: usize = 16;
/// Values in an object or list that is written out; more make it unknown.
pub(crate) const MAX_WRITTEN: usize = 20_000;
/// Values in one that is assigned to a field of an object that is handed on.
pub(crate) const MAX_HELD: usize = 500;
/// Pieces kept per text; more make the text unknown.
pub(crate) const MAX_PIECES: usize = 128;

/// Alternatives of one expression.
#[derive(Clone, Debug, Default)]
pub(crate) struct Value {
    pub terms: Vec<Term>,
}

/// One alternative.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    /// (branch, arm) pairs under which the alternative holds.
    pub when: Vec<(u32, u32)>,
    /// Holds only where none of these parameters is given: they have a default.
    pub without: Vec<ParamRef>,
    /// Holds only where all of these parameters are given.
    pub given: Vec<ParamRef>,
    /// Holds only where these conditions on parameters do.
    pub guards: Vec<Guard>,
    /// An object or list may hold more than is seen, or something else.
    pub open: bool,
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Text(Vec<Piece>),
    /// What a caller passes.
    Param(ParamRef),
    /// All positional arguments from this one on.
    Rest(usize),
    List(Arc<Vec<Value>>),
    Object(Arc<Vec<(Entry, Value)>>),
    Function(FunctionId),
    Class(ClassId),
    /// The object whose method is evaluated, of this class at least.
    This(ClassId),
    /// A module of the program.
    Module(Arc<[FileId]>),
    Instance(ClassId, Arc<Vec<(Key, Value)>>),
    /// A method of an object, not called yet.
    Bound(Arc<Value>, Arc<str>),
    /// A client object of an HTTP library, with its base URL.
    Client(Arc<Value>),
    /// What a request is answered, or a part of that.
    Answer(Answer),
    /// A mock, a server, a router: calls on it are no requests.
    Foreign,
    Unknown(Arc<str>),
}

/// What a request is answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    /// The request, by its index.
    pub request: usize,
    /// The place in the body; without one it is the answer as a whole.
    pub at: Option<Arc<str>>,
    /// What it is called.
    pub name: Arc<str>,
    /// What it is read into, in languages where that names its fields.
    pub shape: Option<Arc<Shape>>,
}

/// The key of an entry of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    Key(Key),
    /// A key that is not known.
    Any,
    /// Everything that the value holds.
    Spread,
}

/// The index by which a [`ParamRef`] means the object of a method.
pub(crate) const RECEIVER: usize = usize::MAX;

/// A parameter of the function being evaluated, or a member of it.
#[derive(Clone, Debug)]
pub(crate) struct ParamRef {
    pub index: usize,
    pub members: Vec<Arc<str>>,
    pub name: Arc<str>,
    /// A function that needs it hands it on to one that asks whether it is given.
    pub lent: bool,
}

impl ParamRef {
    pub(crate) fn new(index: usize, name: Arc<str>) -> Self {
        Self { index, members: Vec::new(), name, lent: false }
    }
}

/// The same, whoever asks for it.
impl PartialEq for ParamRef {
    fn eq(&self, other: &Self) -> bool {
        (self.index, &self.members, &self.name) == (other.index, &other.members, &other.name)
    }
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Literal {
        text: Arc<str>,
        /// Where the text stands.
        literal: Span,
        /// The outermost expression of the evaluated function that holds it,
        /// or the reference that brought it in from outside.
        origin: Span,
        /// It stands in the evaluated function itself.
        local: bool,
    },
    Hole(Arc<str>),
    Param(ParamRef),
    /// A list that a caller gives, its elements separated by a text.
    Joined(Listed, Arc<str>),
}

/// A list that a caller gives.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Listed {
    Param(ParamRef),
    /// All positional arguments from this one on.
    Rest(usize),
    Template(Arc<Template>),
}

impl Value {
    pub(crate) fn one(kind: Kind) -> Self {
        Self {
            terms: vec![Term {
                when: Vec::new(),
                without: Vec::new(),
                given: Vec::new(),
                guards: Vec::new(),
                open: false,
                kind,
            }],
        }
    }

    pub(crate) fn unknown(name: &str) -> Self {
        Self::one(Kind::Unknown(name.into()))
    }

    pub(crate) fn text(text: Arc<str>, span: Span) -> Self {
        Self::one(Kind::Text(vec![Piece::Literal { text, literal: span, origin: span, local: true }]))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Adds the alternatives of another value.
    pub(crate) fn join(mut self, other: Value) -> Self {
        for term in other.terms {
            if self.terms.len() >= room(&term.guards) {
                continue;
            }
            match self.terms.iter_mut().find(|known| same(known, &term)) {
                Some(known) => known.open |= term.open,
                None => self.terms.push(term),
            }
        }
        self
    }

    /// The value under one more condition.
    pub(crate) fn under(mut self, branch: u32, arm: u32) -> Self {
        for term in &mut self.terms {
            term.when.push((branch, arm));
        }
        self
    }

    /// The value where somebody else may have changed what it holds.
    pub(crate) fn opened(mut self) -> Self {
        self.terms.iter_mut().for_each(|term| term.open |= term.may_change());
        self
    }

    /// The value where somebody may have changed any of it: a URL is no text that
    /// stays what it is.
    pub(crate) fn changed(mut self) -> Self {
        self.terms.iter_mut().for_each(|term| term.open = true);
        self
    }

    /// The value where an alternative of what holds it is meant.
    pub(crate) fn within(mut self, outer: &Term) -> Self {
        for term in &mut self.terms {
            term.when.extend(outer.when.iter().copied());
            term.guard(&outer.guards);
        }
        self
    }

    /// Whether a parameter chooses among its alternatives.
    pub(crate) fn is_chosen(&self) -> bool {
        self.terms.iter().any(Term::is_chosen)
    }

    /// The only literal text, if the value is one.
    pub(crate) fn literal(&self) -> Option<String> {
        match self.terms.as_slice() {
            [term] => term.literal(),
            _ => None,
        }
    }

    /// Every alternative as pieces of a text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (Vec<Piece>, &Term)> {
        self.terms.iter().map(|term| (term.pieces(), term))
    }

    /// Applies a function to the pieces of every alternative that is a text.
    pub(crate) fn map_texts(mut self, edit: impl Fn(&mut Vec<Piece>)) -> Self {
        for term in &mut self.terms {
            if let Kind::Text(pieces) = &mut term.kind {
                edit(pieces);
            }
        }
        self
    }

    /// The value as seen from another function: its texts stand elsewhere and
    /// are reported where they are brought in.
    pub(crate) fn imported(mut self, reference: Span) -> Self {
        for term in &mut self.terms {
            match &mut term.kind {
                Kind::Text(pieces) => {
                    for piece in pieces {
                        if let Piece::Literal { origin, local, .. } = piece {
                            *origin = reference;
                            *local = false;
                        }
                    }
                }
                Kind::List(items) => {
                    *items = Arc::new(items.iter().map(|item| item.clone().imported(reference)).collect());
                }
                Kind::Object(entries) => {
                    let entry =
                        |(key, value): &(Entry, Value)| (key.clone(), value.clone().imported(reference));
                    *entries = Arc::new(entries.iter().map(entry).collect());
                }
                Kind::Client(base) => *base = Arc::new(base.as_ref().clone().imported(reference)),
                _ => {}
            }
        }
        self
    }

    /// As [`Self::imported`], and what the fields of an object hold.
    pub(crate) fn imported_with_fields(self, reference: Span) -> Self {
        let mut value = self.imported(reference);
        for term in &mut value.terms {
            if let Kind::Instance(_, fields) = &mut term.kind
                && !fields.is_empty()
            {
                let field = |(name, value): &(Key, Value)| {
                    (name.clone(), value.clone().imported_with_fields(reference))
                };
                *fields = Arc::new(fields.iter().map(field).collect());
            }
        }
        value
    }

    /// The value of an expression that consists of more than what the texts'
    /// places cover: `TABLE["key"]`.
    pub(crate) fn widened(self, span: Span) -> Self {
        self.map_texts(|pieces| {
            for piece in pieces {
                if let Piece::Literal { origin, local: false, .. } = piece
                    && span.contains(*origin)
                {
                    *origin = span;
                }
            }
        })
    }

    /// What it has of the object whose method is evaluated.
    pub(crate) fn receivers(&self, out: &mut Vec<ParamRef>) {
        self.params(&mut |param| {
            if param.index == RECEIVER && !out.contains(param) {
                out.push(param.clone());
            }
        });
    }

    /// Whether something is left to the arguments of a call.
    pub(crate) fn asks_caller(&self) -> bool {
        let mut asks = self.has_rest();
        self.params(&mut |param| asks |= param.index != RECEIVER);
        asks
    }

    /// Whether all further arguments of a call are a part of it: `"/".join(args)`.
    fn has_rest(&self) -> bool {
        let rest = |piece: &Piece| matches!(piece, Piece::Joined(Listed::Rest(_), _));
        self.terms.iter().any(|term| match &term.kind {
            Kind::Rest(_) => true,
            Kind::Text(pieces) => pieces.iter().any(rest),
            Kind::List(items) => items.iter().any(Value::has_rest),
            _ => false,
        })
    }

    /// Every parameter in it.
    pub(super) fn params(&self, each: &mut dyn FnMut(&ParamRef)) {
        for term in &self.terms {
            match &term.kind {
                Kind::Param(param) => each(param),
                Kind::Text(pieces) => {
                    for piece in pieces {
                        match piece {
                            Piece::Param(param) | Piece::Joined(Listed::Param(param), _) => each(param),
                            Piece::Joined(Listed::Template(template), _) => template.params(each),
                            _ => {}
                        }
                    }
                }
                Kind::List(items) => items.iter().for_each(|item| item.params(each)),
                Kind::Object(entries) => entries.iter().for_each(|(_, value)| value.params(each)),
                Kind::Instance(_, fields) => fields.iter().for_each(|(_, value)| value.params(each)),
                Kind::Client(base) | Kind::Bound(base, _) => base.params(each),
                _ => {}
            }
        }
    }

    /// The value with holes where a caller would give something.
    pub(crate) fn closed(mut self) -> Self {
        for term in &mut self.terms {
            match &mut term.kind {
                Kind::Param(param) if param.index != RECEIVER => {
                    term.kind = Kind::Unknown(param.name.clone());
                }
                Kind::Text(pieces) => {
                    for piece in pieces {
                        if let Piece::Param(param) = piece
                            && param.index != RECEIVER
                        {
                            *piece = Piece::Hole(param.name.clone());
                        }
                    }
                }
                _ => {}
            }
        }
        self
    }

    /// Whether any alternative depends on a parameter.
    pub(crate) fn depends(&self) -> bool {
        self.terms.iter().any(|term| {
            !term.given.is_empty()
                || !term.without.is_empty()
                || !term.guards.is_empty()
                || match &term.kind {
                    Kind::Param(_) | Kind::Rest(_) | Kind::This(_) => true,
                    Kind::Text(pieces) => {
                        pieces.iter().any(|piece| matches!(piece, Piece::Param(_) | Piece::Joined(..)))
                    }
                    Kind::List(items) => items.iter().any(Value::depends),
                    Kind::Object(entries) => entries.iter().any(|(_, value)| value.depends()),
                    Kind::Instance(_, fields) => fields.iter().any(|(_, value)| value.depends()),
                    Kind::Client(base) | Kind::Bound(base, _) => base.depends(),
                    Kind::Function(_)
                    | Kind::Class(_)
                    | Kind::Module(_)
                    | Kind::Answer(_)
                    | Kind::Foreign
                    | Kind::Unknown(_) => false,
                }
        })
    }
}

impl Term {
    /// The alternative as pieces of a text: anything else is one hole.
    pub(crate) fn pieces(&self) -> Vec<Piece> {
        match &self.kind {
            Kind::Text(pieces) => pieces.clone(),
            Kind::Param(param) => vec![Piece::Param(param.clone())],
            Kind::Unknown(name) | Kind::Answer(Answer { name, .. }) => vec![Piece::Hole(name.clone())],
            _ => vec![Piece::Hole("".into())],
        }
    }

    /// Whether others may change what it holds: a text stays what it is.
    pub(crate) fn may_change(&self) -> bool {
        matches!(
            self.kind,
            Kind::Object(_) | Kind::List(_) | Kind::Param(_) | Kind::Rest(_) | Kind::Instance(..)
        )
    }

    /// The text, if it has no hole.
    pub(crate) fn literal(&self) -> Option<String> {
        let Kind::Text(pieces) = &self.kind else { return None };
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Literal { text, .. } => out.push_str(text),
                _ => return None,
            }
        }
        Some(out)
    }
}

impl Piece {
    /// What a person sees: literal text, or the hole in braces.
    pub(crate) fn show(&self, out: &mut String) {
        let name = match self {
            Piece::Literal { text, .. } => return out.push_str(text),
            Piece::Hole(name) => name,
            Piece::Param(param) | Piece::Joined(Listed::Param(param), _) => &param.name,
            Piece::Joined(Listed::Rest(_), _) => "...",
            Piece::Joined(Listed::Template(template), _) => &template.param.name,
        };
        out.push('{');
        out.push_str(name);
        out.push('}');
    }
}

/// Whether two alternatives can hold at once.
pub(crate) fn compatible(a: &[(u32, u32)], b: &[(u32, u32)]) -> bool {
    a.iter().all(|(branch, arm)| b.iter().all(|(other, other_arm)| branch != other || arm == other_arm))
}

fn same(a: &Term, b: &Term) -> bool {
    let alike = a.without == b.without && a.given == b.given && a.guards == b.guards;
    if a.when != b.when || !alike {
        return false;
    }
    match (&a.kind, &b.kind) {
        (Kind::Text(a), Kind::Text(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|pair| match pair {
                    (
                        Piece::Literal { text, literal, origin, .. },
                        Piece::Literal { text: text_b, literal: literal_b, origin: origin_b, .. },
                    ) => text == text_b && literal == literal_b && origin == origin_b,
                    (Piece::Hole(a), Piece::Hole(b)) => a == b,
                    (Piece::Param(a), Piece::Param(b)) => a == b,
                    _ => false,
                })
        }
        (Kind::Param(a), Kind::Param(b)) => a == b,
        (Kind::Function(a), Kind::Function(b)) => a == b,
        (Kind::Unknown(a), Kind::Unknown(b)) => a == b,
        (Kind::Answer(a), Kind::Answer(b)) => a == b,
        (Kind::Foreign, Kind::Foreign) => true,
        _ => false,
    }
}

/// Puts texts together in every compatible combination.
pub(crate) fn concat(values: &[Value], span: Span) -> Value {
    if let Some(values) = super::unset::as_segments(values) {
        return product(&values, |out, pieces| out.extend(pieces), span);
    }
    product(values, |out, pieces| out.extend(pieces), span)
}

/// Combines the alternatives of several values with `add`, which appends the
/// pieces of the next value to what is there.
fn product(values: &[Value], add: impl Fn(&mut Vec<Piece>, Vec<Piece>), span: Span) -> Value {
    let mut terms = vec![(Conditions::default(), Vec::new())];
    for value in values {
        let mut next = Vec::new();
        let (texts, kept) = shared_out(value, terms.len());
        for (front, (conditions, pieces)) in terms.iter().enumerate() {
            let most = MAX_ALTERNATIVES.saturating_sub(kept * (terms.len() - 1 - front));
            for (more, term) in &texts {
                let room = room(&conditions.guards).max(room(&term.guards));
                let most = if room > MAX_ALTERNATIVES { room } else { room.min(most) };
                if next.len() >= most || !conditions.allow(term) {
                    continue;
                }
                let more = more.clone();
                let mut pieces = pieces.clone();
                add(&mut pieces, more);
                if pieces.len() > MAX_PIECES {
                    return Value::unknown("");
                }
                next.push((conditions.and(term), pieces));
            }
        }
        if !value.is_empty() {
            terms = next;
        }
    }
    let term = |(conditions, pieces): (Conditions, Vec<Piece>)| {
        let Conditions { when, without, given, guards, open } = conditions;
        Term { when, without, given, guards, open, kind: widen(pieces, span) }
    };
    Value { terms: terms.into_iter().map(term).collect() }
}

/// The conditions of several terms together.
#[derive(Clone, Default)]
struct Conditions {
    when: Vec<(u32, u32)>,
    without: Vec<ParamRef>,
    given: Vec<ParamRef>,
    open: bool,
    guards: Vec<Guard>,
}

impl Conditions {
    fn allow(&self, term: &Term) -> bool {
        compatible(&self.when, &term.when)
            && !self.without.iter().any(|param| term.given.contains(param))
            && !self.given.iter().any(|param| term.without.contains(param))
            && !self.guards.iter().any(|guard| term.guards.iter().any(|other| guard.excludes(other)))
    }

    fn and(&self, term: &Term) -> Self {
        Self {
            when: union(&self.when, &term.when),
            without: union(&self.without, &term.without),
            given: union(&self.given, &term.given),
            open: self.open || term.open,
            guards: union(&self.guards, &term.guards),
        }
    }
}

fn union<T: Clone + PartialEq>(a: &[T], b: &[T]) -> Vec<T> {
    let mut out = a.to_vec();
    out.extend(b.iter().filter(|item| !a.contains(item)).cloned());
    out
}

/// Widens the origins of the texts inside `span` to it.
fn widen(mut pieces: Vec<Piece>, span: Span) -> Kind {
    for piece in &mut pieces {
        if let Piece::Literal { origin, .. } = piece
            && span.contains(*origin)
        {
            *origin = span;
        }
    }
    Kind::Text(pieces)
}

/// The elements of a list as one text.
pub(crate) fn join_list(list: &Value, separator: &str, span: Span) -> Value {
    let separating = Value::one(Kind::Text(vec![Piece::Literal {
        text: separator.into(),
        literal: span,
        origin: span,
        local: false,
    }]));
    let mut out = Value::default();
    for term in &list.terms {
        let joined = |listed| Value::one(Kind::Text(vec![Piece::Joined(listed, separator.into())]));
        let value = match &term.kind {
            Kind::Rest(from) => joined(Listed::Rest(*from)),
            Kind::Param(param) => joined(Listed::Param(param.clone())),
            Kind::List(items) => {
                let mut parts = Vec::with_capacity(items.len() * 2);
                for item in items.iter() {
                    if !parts.is_empty() {
                        parts.push(separating.clone());
                    }
                    match item.terms.as_slice() {
                        [Term { kind: Kind::Rest(from), .. }] => parts.push(joined(Listed::Rest(*from))),
                        _ => parts.push(item.clone()),
                    }
                }
                concat(&parts, span)
            }
            _ => Value::unknown(""),
        };
        out = out.join(value);
    }
    if out.is_empty() { Value::unknown("") } else { out }
}

/// Several lists as one; `None` if one of the values is no list.
pub(crate) fn chain_lists(values: &[Value]) -> Option<Value> {
    let mut out = Vec::new();
    let mut open = false;
    for value in values {
        open |= value.terms.iter().any(|term| term.open);
        match value.terms.as_slice() {
            [Term { kind: Kind::List(items), .. }] => out.extend(items.iter().cloned()),
            [Term { kind: Kind::Rest(_), .. }] if values.len() > 1 => out.push(value.clone()),
            _ => return None,
        }
    }
    let list = Value::one(Kind::List(Arc::new(out)));
    Some(if open { list.opened() } else { list })
}

/// Puts the parts of a URL together as the libraries' join functions do.
pub(crate) fn join_url(base: &Value, parts: &[Value], style: JoinStyle, span: Span) -> Value {
    let mut values = vec![base.clone()];
    values.extend(parts.iter().cloned());
    let add = |out: &mut Vec<Piece>, more: Vec<Piece>| {
        if out.is_empty() {
            out.extend(more);
            return;
        }
        let absolute = starts_with(&more, '/');
        match style {
            JoinStyle::Url | JoinStyle::Base
                if has_scheme(&more) || super::url_parts::begins_elsewhere(&more) =>
            {
                *out = more
            }
            JoinStyle::Url if absolute => {
                cut_path(out);
                out.extend(more);
            }
            JoinStyle::Url => {
                // A relative reference replaces what follows the last slash.
                cut_after_last_slash(out);
                out.extend(more);
            }
            JoinStyle::Parts if super::url_parts::is_front(&more) => out.extend(more),
            JoinStyle::Path | JoinStyle::Base | JoinStyle::Parts => {
                trim_slashes(out, false, true);
                let mut more = more;
                trim_slashes(&mut more, true, false);
                out.push(Piece::Literal { text: "/".into(), literal: span, origin: span, local: false });
                out.extend(more);
            }
        }
    };
    product(&values, add, span)
}

fn starts_with(pieces: &[Piece], c: char) -> bool {
    matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.starts_with(c))
}

fn has_scheme(pieces: &[Piece]) -> bool {
    matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.starts_with("http://") || text.starts_with("https://"))
}

/// Cuts a URL after its host; a base that begins with a hole keeps only it.
fn cut_path(pieces: &mut Vec<Piece>) {
    let mut seen_scheme = false;
    for at in 0..pieces.len() {
        let Piece::Literal { text, .. } = &mut pieces[at] else { continue };
        let from = match text.find("://") {
            Some(scheme) if !seen_scheme => {
                seen_scheme = true;
                scheme + 3
            }
            _ => 0,
        };
        if let Some(slash) = text[from..].find('/') {
            let kept: Arc<str> = text[..from + slash].into();
            *text = kept;
            pieces.truncate(at + 1);
            return;
        }
    }
}

fn cut_after_last_slash(pieces: &mut Vec<Piece>) {
    let Some(Piece::Literal { text, .. }) = pieces.last_mut() else {
        // `urljoin(base, "api/v1/x")` with an unknown base: people mean one slash.
        let span = Span { start: 0, end: 0 };
        pieces.push(Piece::Literal { text: "/".into(), literal: span, origin: span, local: false });
        return;
    };
    if let Some(slash) = text.rfind('/') {
        let in_scheme = text[..slash].ends_with(":/") || text[..slash].ends_with(':');
        let kept: String = if in_scheme { format!("{text}/") } else { text[..=slash].to_owned() };
        *text = kept.into();
    }
}

/// Cuts slashes and white space off the ends of a text.
pub(crate) fn trim_slashes(pieces: &mut Vec<Piece>, start: bool, end: bool) {
    let cut = |c: char| c == '/' || c.is_whitespace();
    if start && let Some(Piece::Literal { text, .. }) = pieces.first_mut() {
        *text = text.trim_start_matches(cut).into();
    }
    if end && let Some(Piece::Literal { text, .. }) = pieces.last_mut() {
        *text = text.trim_end_matches(cut).into();
    }
    pieces.retain(|piece| !matches!(piece, Piece::Literal { text, .. } if text.is_empty()));
}

/// Fills a format template with its arguments.
pub(crate) fn format(
    template: &Value,
    style: FormatStyle,
    args: &[(Option<Arc<str>>, Value)],
    span: Span,
) -> Value {
    let mut out = Value::default();
    for term in &template.terms {
        if let Some(value) = template::waiting(term, style, args) {
            out = out.join(value);
            continue;
        }
        let mut parts = Vec::new();
        let mut position = 0;
        for piece in term.pieces() {
            let Piece::Literal { text, literal, origin, local } = &piece else {
                parts.push(Value::one(Kind::Text(vec![piece])));
                continue;
            };
            for field in fields(text, style) {
                match field {
                    Field::Text(text) => parts.push(Value::one(Kind::Text(vec![Piece::Literal {
                        text: text.into(),
                        literal: *literal,
                        origin: *origin,
                        local: *local,
                    }]))),
                    Field::Argument(name) => {
                        let value = match name.parse::<usize>() {
                            Ok(index) => positional(args, index),
                            Err(_) if name.is_empty() => {
                                position += 1;
                                positional(args, position - 1)
                            }
                            Err(_) => args
                                .iter()
                                .find(|(key, _)| key.as_deref() == Some(&*name))
                                .map(|(_, value)| value.clone()),
                        };
                        parts.push(value.unwrap_or_else(|| Value::unknown(&name)));
                    }
                }
            }
            if parts.len() > MAX_PIECES {
                return Value::unknown("");
            }
        }
        let mut filled = concat(&parts, span);
        for term_out in &mut filled.terms {
            term_out.when.extend(term.when.iter().copied());
            term_out.without.extend(term.without.iter().cloned());
            term_out.given.extend(term.given.iter().cloned());
            term_out.guard(&term.guards);
        }
        out = out.join(filled);
    }
    out
}

fn positional(args: &[(Option<Arc<str>>, Value)], index: usize) -> Option<Value> {
    args.iter().filter(|(name, _)| name.is_none()).nth(index).map(|(_, value)| value.clone())
}

enum Field {
    Text(String),
    /// The argument's name or number; empty for the next one.
    Argument(String),
}

fn fields(text: &str, style: FormatStyle) -> Vec<Field> {
    let mut out = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    let mut push = |literal: &mut String, name: String| {
        if !literal.is_empty() {
            out.push(Field::Text(std::mem::take(literal)));
        }
        out.push(Field::Argument(name));
    };
    while let Some(c) = chars.next() {
        match (style, c) {
            (FormatStyle::Braces, '{') if chars.peek() == Some(&'{') => {
                chars.next();
                literal.push('{');
            }
            (FormatStyle::Braces, '}') => {
                chars.next_if_eq(&'}');
                literal.push('}');
            }
            (FormatStyle::Braces, '{') => {
                let mut inner = String::new();
                for c in chars.by_ref() {
                    if c == '}' {
                        break;
                    }
                    inner.push(c);
                }
                let end = inner.find([':', '!', '.', '[']).unwrap_or(inner.len());
                inner.truncate(end);
                push(&mut literal, inner);
            }
            (FormatStyle::Percent, '%') if chars.next_if_eq(&'%').is_some() => literal.push('%'),
            (FormatStyle::Percent, '%') => {
                let mut name = String::new();
                let close = match chars.peek() {
                    Some('(') => Some(')'),
                    Some('{') => Some('}'),
                    Some('<') => Some('>'),
                    _ => None,
                };
                if let Some(close) = close {
                    chars.next();
                    name.extend(chars.by_ref().take_while(|c| *c != close));
                    // Ruby's `%{name}` needs no letter behind it.
                    if close == '}' {
                        push(&mut literal, name);
                        continue;
                    }
                }
                // `%2$s`: the second argument.
                let digits: String = chars.clone().take_while(char::is_ascii_digit).collect();
                if chars.clone().nth(digits.len()) == Some('$')
                    && let Ok(number @ 1..) = digits.parse::<usize>()
                {
                    chars.by_ref().take(digits.len() + 1).for_each(drop);
                    name = (number - 1).to_string();
                }
                while chars
                    .next_if(|c| matches!(c, '0'..='9' | '.' | '-' | '+' | '#' | ' ' | '[' | ']'))
                    .is_some()
                {}
                if chars.next_if(|c| c.is_ascii_alphabetic()).is_some() {
                    push(&mut literal, name);
                } else {
                    literal.push('%');
                }
            }
            _ => literal.push(c),
        }
    }
    if !literal.is_empty() {
        out.push(Field::Text(literal));
    }
    out
}

/// One value where something is given, another one where it is not.
pub(crate) fn if_given(condition: &Value, branch: u32, then: Value, otherwise: Value) -> Value {
    let params: Vec<ParamRef> = condition
        .terms
        .iter()
        .filter_map(|term| match &term.kind {
            Kind::Param(param) => Some(param.clone()),
            _ => None,
        })
        .collect();
    if params.is_empty() || params.len() < condition.terms.len() {
        return then.under(branch, 0).join(otherwise.under(branch, 1));
    }
    let (mut then, mut otherwise) = (then.under(branch, 0), otherwise.under(branch, 1));
    then.terms.iter_mut().for_each(|term| term.given.extend(params.iter().cloned()));
    otherwise.terms.iter_mut().for_each(|term| term.without.extend(params.iter().cloned()));
    then.join(otherwise)
}

/// A value, or another one where it is not given.
pub(crate) fn or_default(given: Value, fallback: Value) -> Value {
    if given.terms.iter().all(|term| term.literal().is_some_and(|text| !text.is_empty())) && !given.is_empty()
    {
        return given;
    }
    let params: Vec<ParamRef> = given
        .terms
        .iter()
        .filter_map(|term| match &term.kind {
            Kind::Param(param) => Some(param.clone()),
            _ => None,
        })
        .collect();
    let mut fallback = fallback;
    for term in &mut fallback.terms {
        term.without.extend(params.iter().cloned());
    }
    // `X="${X:-}"` is still only X.
    fallback.terms.retain(|term| term.literal().is_none_or(|text| !text.is_empty()));
    given.join(fallback)
}

/// Replaces literal text inside the literal pieces; where what is replaced is
/// not known, the text stays.
pub(crate) fn replace(text: Value, from: &Value, to: &Value) -> Value {
    let (Some(from), Some(to)) = (from.literal(), to.literal()) else { return text };
    if from.is_empty() {
        return text;
    }
    text.map_texts(|pieces| {
        for piece in pieces.iter_mut() {
            if let Piece::Literal { text, .. } = piece
                && text.contains(&from)
            {
                *text = text.replace(&from, &to).into();
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span { start: 0, end: 9 };

    fn text(text: &str) -> Value {
        Value::text(text.into(), Span { start: 1, end: 2 })
    }

    fn shown(value: &Value) -> Vec<String> {
        let term = |(pieces, _): (Vec<Piece>, &Term)| {
            let mut out = String::new();
            pieces.iter().for_each(|piece| piece.show(&mut out));
            out
        };
        value.texts().map(term).collect()
    }

    #[test]
    fn templates_are_filled() {
        let args = [(None, text("a")), (Some("id".into()), Value::unknown("x"))];
        let fill = |template: &str, style| shown(&format(&text(template), style, &args, SPAN)).remove(0);
        assert_eq!(fill("/{}/{id}/{{}}/{0}", FormatStyle::Braces), "/a/{x}/{}/a");
        assert_eq!(fill("/%s/%(id)s/100%%/%-3d", FormatStyle::Percent), "/a/{x}/100%/{}");
        assert_eq!(fill("/%1$s/%{id}/%<id>s/%1$05d", FormatStyle::Percent), "/a/{x}/{x}/a");
        assert_eq!(fill("/{0:>3}/{unclosed", FormatStyle::Braces), "/a/{unclosed}");
    }

    #[test]
    fn urls_are_joined_as_the_standard_says() {
        let join = |base: &str, part: &str, style| {
            shown(&join_url(&text(base), &[text(part)], style, SPAN)).remove(0)
        };
        // RFC 3986 section 5.4
        assert_eq!(join("http://a/b/c", "g", JoinStyle::Url), "http://a/b/g");
        assert_eq!(join("http://a/b/c/", "g", JoinStyle::Url), "http://a/b/c/g");
        assert_eq!(join("http://a/b/c", "/g", JoinStyle::Url), "http://a/g");
        assert_eq!(join("http://a", "/g", JoinStyle::Url), "http://a/g");
        assert_eq!(join("http://a/b", "http://c/d", JoinStyle::Url), "http://c/d");
        assert_eq!(join("http://a/b/", "/g", JoinStyle::Path), "http://a/b/g");
        assert_eq!(join("http://a/b", "https://c", JoinStyle::Base), "https://c");
    }

    #[test]
    fn arms_of_one_branch_do_not_mix() {
        let a = text("a").under(1, 0).join(text("b").under(1, 1));
        let b = text("1").under(1, 0).join(text("2").under(1, 1));
        assert_eq!(shown(&concat(&[a.clone(), b], SPAN)), ["a1", "b2"]);
        let c = text("1").under(2, 0).join(text("2").under(2, 1));
        assert_eq!(shown(&concat(&[a, c], SPAN)), ["a1", "a2", "b1", "b2"]);
    }

    #[test]
    fn alternatives_and_pieces_are_limited() {
        let two = |n: u32| text("a").under(n, 0).join(text("b").under(n, 1));
        let many: Vec<Value> = (0..40).map(two).collect();
        assert_eq!(concat(&many, SPAN).terms.len(), MAX_ALTERNATIVES);
        let long: Vec<Value> = (0..10_000).map(|_| text("a")).collect();
        assert_eq!(shown(&concat(&long, SPAN)), ["{}"]);
    }

    #[test]
    fn a_default_counts_where_nothing_is_given() {
        assert_eq!(shown(&or_default(text("a"), text("b"))), ["a"]);
        assert_eq!(shown(&or_default(Value::unknown("x"), text("b"))), ["{x}", "b"]);
        assert_eq!(shown(&or_default(Value::unknown("x"), text(""))), ["{x}"]);
    }
}
