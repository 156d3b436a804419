//! Loops over lists: a text that grows by every element is the text and the
//! elements joined.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::{Env, Evaluator, Frame, merge};
use crate::scan::fields::answer::answers;
use crate::scan::fields::decoders::only_answer;
use crate::scan::fields::each_answer::is_list_of_answers;
use crate::scan::form::*;
use crate::scan::value::compose;
use crate::scan::value::{self, Answer, Kind, PLACES, ParamRef, Piece, Term, Value};

/// The name of an element while a loop is looked at.
const ITSELF: &str = "(each)";

/// The variable of a loop and the list that it runs over.
pub(super) fn over(stmt: &Stmt) -> Option<(&Arc<str>, &Expr)> {
    match stmt {
        Stmt::Assign {
            target: Expr { kind: ExprKind::Name(name), .. },
            value: Expr { kind: ExprKind::Element(list), .. },
        } => Some((name, list)),
        _ => None,
    }
}

impl Frame {
    /// Keeps the answers that names stand for where a loop is left: `found = row; break`.
    pub(super) fn leave_loop(&mut self) {
        let Some(left) = self.left.last_mut() else { return };
        let answers = self.env.iter().filter(|(_, value)| only_answer(value).is_some());
        left.extend(answers.map(|(name, value)| (name.clone(), value.clone())));
    }

    /// Gives names the answers that they were given before a loop was left.
    fn found_in(&mut self, before: &Env, left: Vec<(Arc<str>, Arc<Value>)>) {
        for (name, value) in left {
            if before.get(&name).is_some_and(|known| Arc::ptr_eq(known, &value)) {
                continue;
            }
            let known = self.env.get(&name).map(|known| Value::clone(known)).unwrap_or_default();
            let same = |answer: &Answer| answers(&known).any(|other| other == answer);
            if !only_answer(&value).is_some_and(same) {
                self.env.insert(name, Arc::new(known.join(Value::clone(&value))));
            }
        }
    }
}

/// The member that means any element of a list.
pub(super) const EACH: &str = "[]";
/// Lists in lists whose elements are followed to a caller.
const MAX_DEPTH_OF_EACH: usize = 3;

impl<'u> Evaluator<'u> {
    /// Runs the body of a loop once or not at all; `list` is what it runs over.
    pub(super) fn run_loop(
        &mut self,
        frame: &mut Frame,
        body: &'u [Stmt],
        list: Option<(&'u Arc<str>, &'u Expr)>,
    ) {
        let before = frame.env.clone();
        let grown = list.map(|list| self.grown(frame, list, body, &before)).unwrap_or_default();
        let outside = self.branches;
        frame.left.push(Vec::new());
        self.block(frame, body);
        let left = frame.left.pop().unwrap_or_default();
        let inside = outside + 1..=self.branches;
        self.branches += 1;
        let mut after = std::mem::take(&mut frame.env);
        // What one round leaves and what another one leaves are there together.
        for (name, value) in &mut after {
            if !before.get(name).is_some_and(|known| Arc::ptr_eq(known, value)) && value.holds_under(&inside)
            {
                *value = Arc::new(Value::clone(value).out_of(&inside));
            }
        }
        let both = vec![(0, before.clone(), Vec::new()), (1, after, Vec::new())];
        frame.env = merge(self.branches, before.clone(), both);
        frame.found_in(&before, left);
        frame.env.extend(grown.into_iter().map(|(name, value)| (name, Arc::new(value))));
        // `if not page: return rows`, in the round after the one in which the rows were put in.
        for name in returned_names(body) {
            if let Some(rows) = frame.env.get(name).filter(|rows| is_list_of_answers(rows)) {
                let rows = Value::clone(rows);
                frame.returned = std::mem::take(&mut frame.returned).join(rows);
            }
        }
    }

    /// A list made of another one, element by element.
    pub(super) fn each(
        &mut self,
        frame: &mut Frame,
        list: &'u Expr,
        name: &Arc<str>,
        body: &'u Expr,
        span: Span,
    ) -> Value {
        let list = self.expr(frame, list);
        let known = frame.env.get(name).cloned();
        let mut of = |evaluator: &mut Self, item: Value| {
            crate::scan::fields::written_into::forget(frame, name);
            frame.env.insert(name.clone(), Arc::new(item));
            evaluator.expr(frame, body)
        };
        let value = match list.terms.as_slice() {
            // One list, or one of several: `TABLE[kind]`.
            terms if items_of(terms).is_some_and(|count| count <= value::MAX_ALTERNATIVES) => {
                let mut lists = Value::default();
                for term in terms {
                    let Kind::List(items) = &term.kind else { continue };
                    let items = items.iter().map(|item| match item.terms.as_slice() {
                        [Term { kind: Kind::Rest(_), .. }] => item.clone(),
                        _ => of(self, item.clone()),
                    });
                    let list = Value::one(Kind::List(Arc::new(items.collect())));
                    lists = lists.join(if terms.len() > 1 { list.within(term) } else { list });
                }
                lists
            }
            [Term { kind: Kind::Rest(_) | Kind::Param(_), .. }] => {
                self.muted += 1;
                let value = of(self, Value::unknown(ITSELF));
                self.muted -= 1;
                let same = match value.terms.as_slice() {
                    [Term { kind: Kind::Unknown(name), .. }] => &**name == ITSELF,
                    // `str(part)`
                    [Term { kind: Kind::Text(pieces), .. }] => {
                        matches!(pieces.as_slice(), [Piece::Hole(name)] if &**name == ITSELF)
                    }
                    _ => false,
                };
                if same {
                    list.clone()
                } else {
                    // `[client.get(path) for path in paths]`: whoever gives the list says which.
                    let element = self.any_element(&list, span);
                    any_number(of(self, element))
                }
            }
            _ => {
                let element = self.any_element(&list, span);
                any_number(of(self, element))
            }
        };
        match known {
            Some(known) => frame.env.insert(name.clone(), known),
            None => frame.env.remove(name),
        };
        value
    }

    /// What is made of a first value by every element of a list in turn:
    /// `parts.reduce((path, part) => path + "/" + part, base)`.
    pub(super) fn fold(
        &mut self,
        frame: &mut Frame,
        list: &'u Expr,
        first: &'u Expr,
        [whole, item]: &'u [Arc<str>; 2],
        body: &'u Expr,
    ) -> Value {
        let list = self.expr(frame, list);
        let first = self.expr(frame, first);
        let around = frame.env.clone();
        let mut round = |evaluator: &mut Self, before: &Value, element: Value| {
            frame.env.insert(whole.clone(), Arc::new(before.clone()));
            frame.env.insert(item.clone(), Arc::new(element));
            evaluator.expr(frame, body)
        };
        let value = match list.terms.as_slice() {
            [Term { kind: Kind::List(items), open: false, .. }]
                if items.len() <= value::MAX_ALTERNATIVES && !items.iter().any(is_rest) =>
            {
                items.iter().fold(first, |before, item| round(self, &before, item.clone()))
            }
            terms => {
                let whole =
                    matches!(terms, [Term { kind: Kind::Rest(_) | Kind::Param(_) | Kind::List(_), .. }]);
                let after = round(self, &first, Value::unknown(ITSELF));
                let grown = if whole { grows(&first, &after, &list) } else { None };
                // Nothing may be there to go through.
                let item = match crate::scan::fields::pipes::is_answer(&list) {
                    true => self.any_element(&list, Span::NOWHERE),
                    false => Value::unknown(""),
                };
                grown.unwrap_or_else(|| first.join(round(self, &Value::unknown(""), item)))
            }
        };
        frame.env = around;
        value
    }

    /// What a loop over a list makes of names, where each element is put behind what
    /// was there: `for (part : parts) { path.append("/").append(part); }`.
    pub(super) fn grown(
        &mut self,
        frame: &mut Frame,
        (name, list): (&'u Arc<str>, &'u Expr),
        body: &'u [Stmt],
        before: &Env,
    ) -> Vec<(Arc<str>, Value)> {
        self.muted += 1;
        let list = self.expr(frame, list);
        self.muted -= 1;
        let whole = matches!(
            list.terms.as_slice(),
            [Term { kind: Kind::Rest(_) | Kind::Param(_) | Kind::List(_), .. }]
        );
        if !whole || self.is_short() {
            return Vec::new();
        }
        let mut env = before.clone();
        env.insert(name.clone(), Arc::new(Value::unknown(ITSELF)));
        let known = std::mem::replace(&mut frame.env, env);
        let returned = frame.returned.clone();
        self.muted += 1;
        self.block(frame, body);
        self.muted -= 1;
        frame.returned = returned;
        let after = std::mem::replace(&mut frame.env, known);
        let mut out = Vec::new();
        for (name, value) in after {
            if let Some(start) = before.get(&name)
                && !Arc::ptr_eq(start, &value)
                && let Some(grown) = grows(start, &value, &list)
            {
                out.push((name, grown));
            }
        }
        out
    }

    /// Any element of a list or object. The elements are the arms of a branch
    /// that belongs to the place, so that all parts of one element stay together.
    pub(crate) fn any_element(&self, list: &Value, place: Span) -> Value {
        let branch = PLACES | (place.start & !PLACES);
        let mut out = Value::default();
        for term in &list.terms {
            let items: Vec<Value> = match &term.kind {
                Kind::List(items) => items.to_vec(),
                Kind::Object(entries) => entries.iter().map(|(_, value)| value.clone()).collect(),
                Kind::Answer(answer) => {
                    let item = answer.item().unwrap_or_else(|| Value::unknown(&answer.name));
                    out = out.join(item.within(term));
                    continue;
                }
                // What a caller gives one after the other: `for path in paths`, of `*paths`.
                Kind::Rest(from) => {
                    let each = ParamRef { members: vec![EACH.into()], ..ParamRef::new(*from, "item".into()) };
                    out = out.join(Value::one(Kind::Param(each)));
                    continue;
                }
                // The elements are those of the list that a caller hands over.
                Kind::Param(param) if param.members.len() < MAX_DEPTH_OF_EACH => {
                    let mut param = param.clone();
                    param.members.push(EACH.into());
                    out = out.join(Value::one(Kind::Param(param)));
                    continue;
                }
                _ => continue,
            };
            for (arm, item) in items.into_iter().enumerate() {
                out = out.join(item.under(branch, u32::try_from(arm).unwrap_or(u32::MAX)));
            }
        }
        if out.is_empty() { self.element(list, None) } else { out }
    }
}

impl Value {
    /// Whether some of it holds only under arms of these branches.
    fn holds_under(&self, branches: &RangeInclusive<u32>) -> bool {
        self.terms.iter().any(|term| term.when.iter().any(|(branch, _)| branches.contains(branch)))
    }

    /// The value without conditions on these branches.
    fn out_of(mut self, branches: &RangeInclusive<u32>) -> Self {
        self.terms.iter_mut().for_each(|term| term.when.retain(|(branch, _)| !branches.contains(branch)));
        self
    }
}

/// A list of any number of such texts: `[f"/users/{name}" for name in names]`.
fn any_number(value: Value) -> Value {
    if crate::scan::fields::decoders::only_answer(&value).is_some() {
        return Value::one(Kind::List(Arc::new(vec![value]))).opened();
    }
    match !value.is_empty() && value.terms.iter().all(has_words) {
        true => Value::one(Kind::List(Arc::new(vec![value]))).opened(),
        false => Value::unknown(""),
    }
}

/// Whether an alternative is a text of which some is written.
fn has_words(term: &Term) -> bool {
    matches!(&term.kind, Kind::Text(pieces) if pieces.iter().any(|piece| matches!(piece, Piece::Literal { .. })))
}

fn is_rest(value: &Value) -> bool {
    matches!(value.terms.as_slice(), [Term { kind: Kind::Rest(_), .. }])
}

/// A list with all elements of another one behind it, where one round of a loop puts one there.
fn longer(start: &Value, after: &Value, list: &Value) -> Option<Value> {
    let [Term { kind: Kind::List(before), .. }] = start.terms.as_slice() else { return None };
    let [Term { kind: Kind::List(items), .. }] = after.terms.as_slice() else { return None };
    let [.., last] = items.as_slice() else { return None };
    let itself = |term: &Term| matches!(&term.kind, Kind::Unknown(name) if &**name == ITSELF);
    let one = items.len() == before.len() + 1 && last.terms.len() == 1 && last.terms.iter().all(itself);
    one.then(|| compose::chain_lists(&[start.clone(), list.clone()]))?
}

/// A text with all elements of a list behind it, where one round of a loop puts one there.
fn grows(start: &Value, after: &Value, list: &Value) -> Option<Value> {
    if let Some(longer) = longer(start, after, list) {
        return Some(longer);
    }
    let [first] = start.terms.as_slice() else { return None };
    let start_pieces = match &first.kind {
        Kind::Text(_) | Kind::Param(_) => first.pieces(),
        _ => return None,
    };
    let mut round: Option<Vec<Piece>> = None;
    for term in &after.terms {
        let Kind::Text(pieces) = &term.kind else { return None };
        let added = behind(&start_pieces, pieces)?;
        let has_each = |piece: &Piece| matches!(piece, Piece::Hole(name) if &**name == ITSELF);
        match added.iter().filter(|piece| has_each(piece)).count() {
            // A round in which nothing happens.
            0 if added.is_empty() => {}
            1 if round.is_none() => round = Some(added),
            _ => return None,
        }
    }
    let round = round?;
    let at = round.iter().position(|piece| matches!(piece, Piece::Hole(name) if &**name == ITSELF))?;
    let (before, behind) = (&round[..at], &round[at + 1..]);
    let literal = |pieces: &[Piece]| {
        pieces.iter().try_fold(String::new(), |text, piece| match piece {
            Piece::Literal { text: more, .. } => Some(text + more),
            _ => None,
        })
    };
    let separator = literal(behind)? + &literal(before)?;
    let place = Span::NOWHERE;
    let part = |pieces: &[Piece]| Value::one(Kind::Text(pieces.to_vec()));
    let mut parts = vec![start.clone()];
    parts.extend((!before.is_empty()).then(|| part(before)));
    parts.push(compose::join_list(list, &separator, place));
    parts.extend((!behind.is_empty()).then(|| part(behind)));
    Some(compose::concat(&parts, place))
}

/// The pieces that stand behind others.
fn behind(start: &[Piece], all: &[Piece]) -> Option<Vec<Piece>> {
    let mut rest = all.iter();
    for piece in start {
        let other = rest.next()?;
        let same = match (piece, other) {
            (Piece::Literal { text: a, .. }, Piece::Literal { text: b, .. }) => a == b,
            (Piece::Hole(a), Piece::Hole(b)) => a == b,
            (Piece::Param(a), Piece::Param(b)) => a == b,
            _ => false,
        };
        if !same {
            return None;
        }
    }
    Some(rest.cloned().collect())
}

/// How many elements lists have together, where all that something may be is lists.
fn items_of(terms: &[Term]) -> Option<usize> {
    let count = |term: &Term| match &term.kind {
        Kind::List(items) => Some(items.len()),
        _ => None,
    };
    if terms.is_empty() { None } else { terms.iter().map(count).sum() }
}

impl Value {
    /// The lists that something may be; of many, as conditions make them one after the other,
    /// the one for which all of them hold.
    pub(crate) fn all_or_longest(&self) -> Vec<&Term> {
        const MAX_LISTS: usize = 8;
        let length = |term: &&Term| match &term.kind {
            Kind::List(items) => items.len(),
            _ => 0,
        };
        match self.terms.len() <= MAX_LISTS {
            true => self.terms.iter().collect(),
            false => self.terms.iter().max_by_key(length).into_iter().collect(),
        }
    }
}

/// The names that the body of a loop returns as they are.
fn returned_names(body: &[Stmt]) -> Vec<&Arc<str>> {
    let mut out = Vec::new();
    for stmt in body {
        match stmt {
            Stmt::Return(Expr { kind: ExprKind::Name(name), .. }) => out.push(name),
            Stmt::Branch(arms) => out.extend(arms.iter().flat_map(|arm| returned_names(arm))),
            _ => {}
        }
    }
    out
}
