//! Conditions that callers decide: in `if method == "POST"` a request is made only
//! for those who say so.

use std::sync::Arc;

use super::filling::Filling;
use super::{Evaluator, Frame, dotted};
use crate::scan::form::{Expr, Span, Test};
use crate::scan::naming::Naming;
use crate::scan::objects::elements;
use crate::scan::value::guard::{Guard, arm};
use crate::scan::value::truth::flag;
use crate::scan::value::{Kind, ParamRef, RECEIVER, Term, Value};
use crate::scan::wording::method_constant;

/// Conditions kept per place.
const MAX_GUARDS: usize = 24;

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
            // What a library calls like a method is that: `hdrs.METH_GET`.
            let last = name.rsplit('.').next().unwrap_or_default();
            let unknown = matches!(value.terms.as_slice(), [] | [Term { kind: Kind::Unknown(_), .. }]);
            let by_name = || method_constant(last).filter(|_| unknown).map(str::to_owned);
            known.push(value.literal().or_else(by_name).map(Arc::from));
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
        // What is asked is evaluated again where a caller decides: its requests are noted there.
        let value = self.for_fields(|evaluator| evaluator.expr(frame, subject));
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
