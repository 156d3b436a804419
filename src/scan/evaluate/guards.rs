//! Conditions that callers decide: in `if method == "POST"` a request is made only
//! for those who say so.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

use super::filling::Filling;
use super::{Evaluator, Frame, dotted};
use crate::scan::files::modules::Naming;
use crate::scan::form::{Expr, Span, Test, VARIANT};
use crate::scan::objects::elements;
use crate::scan::value::truth::flag;
use crate::scan::value::{self, Kind, ParamRef, Piece, RECEIVER, Term, Value};
use crate::scan::wording::{method_constant, method_named};

/// Conditions kept per place.
const MAX_GUARDS: usize = 24;

/// Conditions on parameters kept per alternative.
const MAX_TERM_GUARDS: usize = 8;

/// What has to hold of a parameter, or must not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Guard {
    param: ParamRef,
    /// What it is where nobody gives it.
    absent: Option<Arc<str>>,
    test: Test,
    holds: bool,
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
    fn says(&self, value: &Value, given: bool, empty_is_nothing: bool) -> Option<bool> {
        let absent = || match (&self.test, &self.absent) {
            (Test::Among(texts), Some(text)) => among(texts, text),
            (Test::Given, Some(text)) => !text.is_empty() && flag(text) != Some(false),
            _ => false,
        };
        let term = |term: &Term| match (&self.test, term.literal(), &term.kind) {
            (_, None, _) if value::is_nothing_term(term) => Some(absent()),
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
pub(super) fn arm(param: &str, key: &str) -> (u32, u32) {
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

/// The parameter that decides what a value is, and what it is where nobody gives that:
/// `method || "GET"`.
fn decided(value: &Value) -> Option<(ParamRef, Option<Arc<str>>)> {
    let mut param: Option<&ParamRef> = None;
    let mut absent: Option<Arc<str>> = None;
    for term in &value.terms {
        match (&term.kind, term.literal()) {
            (Kind::Param(known), _) if !term.is_chosen() && param.is_none_or(|param| param == known) => {
                param = Some(known);
            }
            (_, Some(text)) if !term.without.is_empty() && absent.is_none() => absent = Some(text.into()),
            // `post = true`
            (Kind::Unknown(word), _)
                if !term.without.is_empty() && absent.is_none() && flag(word).is_some() =>
            {
                absent = Some(word.clone());
            }
            _ => return None,
        }
    }
    let param = param?;
    let alone = |term: &Term| term.without.iter().all(|other| other == param);
    value.terms.iter().all(alone).then(|| (param.clone(), absent))
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

/// A name that is known to be one of some words is that in what follows:
/// `if kind in ("users", "groups"): get(f"/{kind}")`.
fn narrow(frame: &mut Frame, subject: &Expr, value: &Value, words: &[Arc<str>]) {
    const MAX_WORDS: usize = 6;
    let (Some(path), [term]) = (dotted(subject), value.terms.as_slice()) else { return };
    if words.len() > MAX_WORDS || term.is_chosen() || !term.without.is_empty() {
        return;
    }
    let word = |word: &Arc<str>| {
        let mut text = Value::text(word.clone(), Span::NOWHERE);
        match &term.kind {
            // That it is this one holds of all that follows.
            _ if words.len() == 1 => {}
            Kind::Param(param) => text.terms[0].guard(&[Guard::of_key(param.clone(), word.clone())]),
            _ => text.terms[0].when.push(arm(&path, word)),
        }
        text
    };
    let open = match &term.kind {
        Kind::Param(param) => param.index != RECEIVER,
        Kind::Unknown(_) | Kind::Answer(_) => true,
        _ => false,
    };
    if open {
        let narrower = Arc::new(words.iter().map(word).fold(Value::default(), Value::join));
        let path: Arc<str> = path.into();
        let before = frame.env.insert(path.clone(), narrower.clone());
        frame.narrowed.push((path, before, narrower));
    }
}

impl Frame {
    /// Gives names back what they were before a condition said more of them.
    pub(super) fn widen(&mut self, to: usize) {
        for (path, before, narrower) in self.narrowed.drain(to..).rev() {
            let known = self.env.get(&path).is_some_and(|value| Arc::ptr_eq(value, &narrower));
            match before.filter(|_| known) {
                Some(before) => _ = self.env.insert(path, before),
                None if known => _ = self.env.remove(&path),
                None => {}
            }
        }
    }
}

fn among(texts: &[Arc<str>], text: &str) -> bool {
    texts.iter().any(|known| known.eq_ignore_ascii_case(text.trim()))
}

impl<'u> Evaluator<'u> {
    /// Notes that something holds of a name, or does not, if a caller decides that.
    pub(super) fn guarded(&mut self, frame: &mut Frame, subject: &'u Expr, test: &Test, holds: bool) {
        if frame.guards.len() >= MAX_GUARDS {
            return;
        }
        self.muted += 1;
        let value = self.expr(frame, subject);
        self.muted -= 1;
        let test = self.told(frame, test, subject.span);
        if let (true, Some(Test::Among(texts))) = (holds, &test) {
            narrow(frame, subject, &value, texts);
        }
        let Some((param, absent)) = decided(&value) else { return };
        let Some(test) = test else { return };
        frame.guards.push(Guard { param, absent, test, holds });
    }

    /// A test by the texts that its constants are; `None` where one of them is not known.
    pub(crate) fn told(&mut self, frame: &mut Frame, test: &Test, span: Span) -> Option<Test> {
        let Test::Constant(constants) = test else { return Some(test.clone()) };
        self.muted += 1;
        let mut known = Vec::with_capacity(constants.names.len());
        for name in &constants.names {
            let mut members = name.split('.');
            let first = self.name(frame, &members.next().unwrap_or_default().into(), span);
            let value = members.fold(first, |object, member| self.member(&object, &member.into(), span));
            known.push(value.literal().map(Arc::from));
        }
        self.muted -= 1;
        let mut known = known.into_iter().collect::<Option<Vec<_>>>()?;
        known.extend(constants.texts.iter().cloned());
        Some(Test::Among(known))
    }

    /// The branch for what is asked of a value. Of a parameter it is the same wherever the
    /// function asks for it: `id ? "PUT" : "POST"` beside `id ? one : all`.
    pub(super) fn branch_on(&mut self, frame: &Frame, value: &Value, test: &Test) -> u32 {
        let key = match value.terms.as_slice() {
            [Term { kind: Kind::Param(param), .. }] => {
                Some((frame.function, format!("{} {:?} {test:?}", param.index, param.members)))
            }
            _ => None,
        };
        if let Some(known) = key.as_ref().and_then(|key| self.asked.get(key)) {
            return *known;
        }
        self.branches += 1;
        self.asked.extend(key.map(|key| (key, self.branches)));
        self.branches
    }

    /// One of two values, each where a caller decides that it is this one.
    pub(crate) fn asked(
        &mut self,
        frame: &mut Frame,
        subject: &'u Expr,
        test: &Test,
        arms: [&'u Expr; 2],
    ) -> Value {
        self.muted += 1;
        let value = self.expr(frame, subject);
        self.muted -= 1;
        let branch = self.branch_on(frame, &value, test);
        let (around, narrowed) = (frame.guards.len(), frame.narrowed.len());
        let mut out = Value::default();
        for (arm, expr) in (0..).zip(arms) {
            self.guarded(frame, subject, test, arm == 0);
            let value = self.expr(frame, expr);
            frame.widen(narrowed);
            let guards = frame.guards.split_off(around);
            out = out.join(value.under(branch, arm).guarded(&guards));
        }
        out
    }

    /// The conditions that are left with the arguments of a call, but for keys, see
    /// [`Self::keys`]; `None` if one of them is not met.
    pub(super) fn met(&mut self, guards: &[Guard], filling: &Filling) -> Option<Vec<Guard>> {
        let empty_is_nothing = matches!(self.dialect.naming(), Naming::Python);
        let mut left = Vec::new();
        for guard in guards.iter().filter(|guard| guard.key().is_none()) {
            let mut given = filling.is_given(self.unit, &guard.param);
            let mut options = guard.param.clone();
            if let Some(member) = options.members.pop() {
                // Options that are seen not to have it.
                given &= elements::has(&self.argument(&options, filling), &member) != Some(false);
            }
            let value = self.argument(&guard.param, filling);
            match guard.says(&value, given, empty_is_nothing) {
                Some(said) if said != guard.holds => return None,
                Some(_) => {}
                // The caller leaves it to its own callers.
                None => {
                    if left.len() < MAX_GUARDS
                        && let Some((param, absent)) = decided(&value)
                    {
                        let absent = absent.or_else(|| guard.absent.clone());
                        let param = self.lent(&param, filling);
                        left.push(Guard { param, absent, ..guard.clone() });
                    }
                }
            }
        }
        Some(left)
    }
}
