//! Conditions on what callers give, which a value or a request holds under.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

use super::truth::flag;
use super::{Kind, ParamRef, Piece, RECEIVER, Term, Value};
use crate::scan::form::{Test, VARIANT};
use crate::scan::wording::{method_constant, method_named};

/// Conditions on parameters kept per alternative.
const MAX_TERM_GUARDS: usize = 8;

/// What has to hold of a parameter, or must not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Guard {
    pub(crate) param: ParamRef,
    /// What it is where nobody gives it.
    pub(crate) absent: Option<Arc<str>>,
    pub(crate) test: Test,
    pub(crate) holds: bool,
}

impl Guard {
    /// Whether both cannot hold at once.
    pub(crate) fn excludes(&self, other: &Guard) -> bool {
        // Whether it is handed on as one that is needed is no matter here.
        let same = (self.param.index, &self.param.members) == (other.param.index, &other.param.members);
        let alike = same && self.absent == other.absent;
        match (&self.test, &other.test) {
            _ if !alike => false,
            (one, other_test) if one == other_test => self.holds != other.holds,
            (Test::Among(one), Test::Among(texts)) => {
                self.holds && other.holds && !one.iter().any(|text| among(texts, text))
            }
            (Test::Key(one), Test::Key(text)) => self.holds && other.holds && one != text,
            _ => false,
        }
    }

    /// The key of a table under which something stands, if it is that.
    pub(crate) fn key(&self) -> Option<(&ParamRef, &Arc<str>)> {
        match &self.test {
            Test::Key(key) => Some((&self.param, key)),
            Test::Among(_) | Test::Constant(_) | Test::Given => None,
        }
    }

    /// The arm that stands for one variant of an enumeration, where nobody says which one it
    /// is: what the object says of its method and of its path is of the same one.
    pub(crate) fn variant(&self) -> Option<(u32, u32)> {
        let last = self.param.members.last().filter(|_| self.holds)?;
        match &self.test {
            Test::Among(texts) if **last == *VARIANT && texts.len() == 1 => Some(arm(VARIANT, &texts[0])),
            _ => None,
        }
    }

    /// What a table has under a key holds where a parameter is that key.
    pub(crate) fn of_key(param: ParamRef, key: Arc<str>) -> Self {
        Self { param, absent: None, test: Test::Key(key), holds: true }
    }

    /// What the test says of a value; `None` where that is not known. Whether something
    /// empty is as good as nothing is the language's matter.
    pub(crate) fn says(&self, value: &Value, given: bool, empty_is_nothing: bool) -> Option<bool> {
        let absent = || match (&self.test, &self.absent) {
            (Test::Among(texts), Some(text)) => among(texts, text),
            (Test::Given, Some(text)) => !text.is_empty() && flag(text) != Some(false),
            _ => false,
        };
        let term = |term: &Term| match (&self.test, term.literal(), &term.kind) {
            (_, None, _) if super::is_nothing_term(term) => Some(absent()),
            (Test::Among(texts), Some(text), _) => Some(match text.is_empty() && self.absent.is_some() {
                true => absent(),
                false => among(texts, &text),
            }),
            // `users/{id}` is none of the words that are asked for.
            (Test::Among(texts), None, Kind::Text(pieces))
                if !texts.iter().any(|text| may_be(pieces, text)) =>
            {
                Some(false)
            }
            (Test::Given, Some(text), _) => Some(if text.is_empty() { absent() } else { true }),
            (Test::Among(texts), None, Kind::Instance(_, fields)) => {
                let variant = fields.iter().find(|(key, _)| **key == *VARIANT)?;
                Some(among(texts, &variant.1.literal()?))
            }
            (Test::Among(texts), None, Kind::Unknown(name))
                if texts.iter().all(|text| method_named(text).is_some())
                    && method_constant(name).is_some() =>
            {
                method_constant(name).map(|method| among(texts, method))
            }
            (Test::Among(texts), None, Kind::Unknown(name)) if flag(name).is_some() => {
                Some(among(texts, name))
            }
            // What takes the place of nothing takes that of false: `method || "GET"`.
            (Test::Given, None, Kind::Unknown(name)) if flag(name) == Some(false) => {
                Some(self.absent.as_ref().is_some_and(|text| flag(text).is_none()) && absent())
            }
            (Test::Given, None, Kind::Unknown(name)) if flag(name) == Some(true) => Some(true),
            (Test::Given, None, kind) if empty_is_nothing && is_empty(kind) => (!term.open).then(absent),
            (Test::Given, None, Kind::Object(_) | Kind::List(_) | Kind::Text(_)) => Some(true),
            (_, None, Kind::Unknown(_)) if !given => Some(absent()),
            _ => None,
        };
        let mut all = value.terms.iter().map(term);
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(first)
    }
}

impl Value {
    /// Whether a caller says which variant of an enumeration it is of.
    pub(crate) fn is_of_variant(&self) -> bool {
        let says = |guard: &Guard| {
            guard.param.index != RECEIVER && guard.param.members.last().is_some_and(|name| **name == *VARIANT)
        };
        self.terms.iter().any(|term| term.guards.iter().any(says))
    }

    /// The value where more conditions hold.
    pub(crate) fn guarded(mut self, guards: &[Guard]) -> Self {
        // What holds only where these do not is no alternative here.
        let meets = |term: &Term| !term.guards.iter().any(|own| guards.iter().any(|more| own.excludes(more)));
        if self.terms.iter().any(meets) {
            self.terms.retain(meets);
        }
        self.terms.iter_mut().for_each(|term| term.guard(guards));
        self
    }
}

impl Term {
    /// Whether it is what a table has under a key that a parameter gives.
    pub(crate) fn is_chosen(&self) -> bool {
        self.guards.iter().any(|guard| guard.key().is_some())
    }

    /// Whether it holds only where a function hands nothing on for a parameter that it
    /// needs itself: `secret(name)` asks for one in `secrets(name)`, which may do without.
    pub(crate) fn leaves_out(&self) -> bool {
        let absent = |guard: &&Guard| guard.test == Test::Given && !guard.holds;
        let guards = self.guards.iter().filter(absent).map(|guard| &guard.param);
        self.without.iter().chain(guards).any(|param| param.lent)
    }

    /// Adds conditions.
    pub(crate) fn guard(&mut self, more: &[Guard]) {
        for guard in more {
            if self.guards.len() < MAX_TERM_GUARDS && !self.guards.contains(guard) {
                self.guards.push(guard.clone());
            }
        }
    }
}

/// The branch and the arm that stand for a parameter, which nobody knows any more,
/// being a key: the same in every run.
pub(crate) fn arm(param: &str, key: &str) -> (u32, u32) {
    let hash = |text: &str| {
        let mut hasher = FxHasher::default();
        text.hash(&mut hasher);
        hasher.finish() as u32
    };
    // Branches of the code are counted from zero.
    (hash(param) | 1 << 31, hash(key))
}

/// Whether such an arm is that of a variant of an enumeration.
pub(crate) fn is_variant(arm: &(u32, u32)) -> bool {
    arm.0 == self::arm(VARIANT, "").0
}

/// What a test says of a constant; `None` where that is not known.
pub(crate) fn says(test: &Test, value: &Value) -> Option<bool> {
    let [term] = value.terms.as_slice() else { return None };
    match (test, term.literal(), &term.kind) {
        (Test::Among(texts), Some(text), _) => Some(among(texts, &text)),
        (Test::Given, None, Kind::Unknown(name)) => flag(name),
        _ => None,
    }
}

/// Whether a value is an object or a list that holds nothing.
fn is_empty(kind: &Kind) -> bool {
    match kind {
        Kind::Object(entries) => entries.is_empty(),
        Kind::List(items) => items.is_empty(),
        _ => false,
    }
}

/// Whether pieces of which not all are known may be a text, in capitals or not.
fn may_be(pieces: &[Piece], text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let known = |piece: Option<&Piece>| match piece {
        Some(Piece::Literal { text, .. }) => text.to_ascii_lowercase(),
        _ => String::new(),
    };
    text.starts_with(known(pieces.first()).trim_start()) && text.ends_with(known(pieces.last()).trim_end())
}

fn among(texts: &[Arc<str>], text: &str) -> bool {
    texts.iter().any(|known| known.eq_ignore_ascii_case(text.trim()))
}
