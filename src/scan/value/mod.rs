//! Values of expressions as far as a URL can depend on them: texts with holes,
//! objects, functions, and parameters that a caller fills.
//!
//! A value is a small set of alternatives. Each remembers under which arms of
//! which branches it holds, so that a URL of one arm is not combined with the
//! method of another.

mod bounds;
pub(super) mod compose;
pub(super) mod guard;
pub(super) mod truth;
mod unset;
pub(super) mod url;
pub(super) mod url_parts;

use std::sync::Arc;

use self::bounds::room;
use self::guard::Guard;
pub(crate) use self::truth::{is_nothing, is_nothing_term};
use super::form::{ClassId, FunctionId, Key, Shape, Span, VARIANT};
use super::link::FileId;
use crate::scan::requests::template::Template;

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

/// What rows of a table are called that is made of a list: under any key but a name it is the
/// table again.
pub(crate) const FRAME: &str = "(frame)";

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

    /// A member of what the parameter is.
    pub(crate) fn member(&self, name: Arc<str>) -> Self {
        let mut members = self.members.clone();
        members.push(name.clone());
        Self { members, name, ..*self }
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

    /// What is not known and has no name is called like what holds it: `base = config.get("url")`.
    pub(crate) fn called(mut self, name: &str) -> Self {
        for term in &mut self.terms {
            if matches!(&term.kind, Kind::Unknown(known) if known.is_empty()) {
                term.kind = Kind::Unknown(name.into());
            }
        }
        self
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
    pub(crate) fn params(&self, each: &mut dyn FnMut(&ParamRef)) {
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

    /// The value with holes for parameters in its texts.
    pub(crate) fn without_params(mut self) -> Self {
        for term in &mut self.terms {
            match &mut term.kind {
                Kind::Param(param) => term.kind = Kind::Unknown(param.name.clone()),
                Kind::Text(pieces) => {
                    for piece in pieces {
                        if let Piece::Param(param) = piece {
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

/// What the number of a branch has that says which element of a list is meant.
pub(crate) const PLACES: u32 = 1 << 31;

/// Whether two alternatives can hold at once.
pub(crate) fn compatible(a: &[(u32, u32)], b: &[(u32, u32)]) -> bool {
    a.iter().all(|(branch, arm)| b.iter().all(|(other, other_arm)| branch != other || arm == other_arm))
}

fn same(a: &Term, b: &Term) -> bool {
    // What differs most often is asked first: this runs for every pair of alternatives.
    std::mem::discriminant(&a.kind) == std::mem::discriminant(&b.kind)
        && same_kind(&a.kind, &b.kind)
        && a.when == b.when
        && a.without == b.without
        && a.given == b.given
        && a.guards == b.guards
}

fn same_kind(a: &Kind, b: &Kind) -> bool {
    match (a, b) {
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

/// The parameters that a value may be.
fn params_of(value: &Value) -> Vec<ParamRef> {
    let param = |term: &Term| match &term.kind {
        Kind::Param(param) => Some(param.clone()),
        _ => None,
    };
    value.terms.iter().filter_map(param).collect()
}

/// One value where something is given, another one where it is not.
pub(crate) fn if_given(condition: &Value, branch: u32, then: Value, otherwise: Value) -> Value {
    let params = params_of(condition);
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
    let params = params_of(&given);
    let mut fallback = fallback;
    for term in &mut fallback.terms {
        term.without.extend(params.iter().cloned());
    }
    // `X="${X:-}"` is still only X; what a caller need not give may be nothing: `"/users/" + (id || "")`.
    let may_be_left_out = !params.is_empty();
    fallback.terms.retain(|term| may_be_left_out || term.literal().is_none_or(|text| !text.is_empty()));
    given.join(fallback)
}

/// What an object has under a name: a field, or, of a constant of an enumeration without a field of that
/// name, what it is called: Kotlin's `verb.name`.
pub(crate) fn own_field<'v>(fields: &'v [(Key, Value)], member: &str) -> Option<&'v Value> {
    let own = fields.iter().find(|(name, _)| *name.name == *member).map(|(_, value)| value);
    own.or_else(|| (member == "name").then(|| name_of_constant(fields))?)
}

/// What a constant of an enumeration is called, of its fields.
pub(crate) fn name_of_constant(fields: &[(Key, Value)]) -> Option<&Value> {
    fields.iter().find(|(field, _)| *field.name == *VARIANT).map(|(_, name)| name)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn text(text: &str) -> Value {
        Value::text(text.into(), Span { start: 1, end: 2 })
    }

    pub(crate) fn shown(value: &Value) -> Vec<String> {
        let term = |(pieces, _): (Vec<Piece>, &Term)| {
            let mut out = String::new();
            pieces.iter().for_each(|piece| piece.show(&mut out));
            out
        };
        value.texts().map(term).collect()
    }

    #[test]
    fn a_default_counts_where_nothing_is_given() {
        assert_eq!(shown(&or_default(text("a"), text("b"))), ["a"]);
        assert_eq!(shown(&or_default(Value::unknown("x"), text("b"))), ["{x}", "b"]);
        assert_eq!(shown(&or_default(Value::unknown("x"), text(""))), ["{x}"]);
    }
}
