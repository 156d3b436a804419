//! Closures that are called for the elements of a list in an answer, or for the answer
//! itself: `pulls.map { |pull| pull["title"] }`, `assets.FirstOrDefault(a => a.Name == name)`,
//! `reply.then(body => body.id)`.

use std::sync::Arc;

use super::decoders::{ONE_OF, only_answer};
use crate::scan::evaluate::filling::Filling;
use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Answer, FRAME, Kind, Term, Value};

/// The method that gives a part of a list, where a language has a sign for it.
pub(crate) const SLICE: &str = "(slice)";

/// Methods that give the list again or a part of it, or leave a part in it.
const KEEPING: [&str; 42] = [
    "filter",
    "select",
    "reject",
    "find_all",
    "Where",
    "filterNot",
    "sort",
    "sort_by",
    "sortBy",
    "toSorted",
    "sortedBy",
    "sortedByDescending",
    "sortedWith",
    "sorted",
    "OrderBy",
    "OrderByDescending",
    "ThenBy",
    "ThenByDescending",
    "DistinctBy",
    "distinctBy",
    "uniq",
    "uniq_by",
    "takeWhile",
    "take_while",
    "TakeWhile",
    "skip_while",
    "SkipWhile",
    "dropWhile",
    "drop_while",
    "onEach",
    "peek",
    "each",
    "each_with_index",
    "inspect",
    "sort_by_key",
    "sort_unstable_by_key",
    "sort_unstable_by",
    "retain",
    "sortByDesc",
    "unique",
    "keep_if",
    "delete_if",
];
/// Methods that give one of the elements, beside those that need no closure for it ([`ONE_OF`]).
const FINDING: [&str; 18] = [
    "find",
    "detect",
    "findLast",
    "max_by",
    "min_by",
    "maxByOrNull",
    "minByOrNull",
    "maxBy",
    "minBy",
    "MaxBy",
    "MinBy",
    "max_by_key",
    "min_by_key",
    "firstWhere",
    "maxWithOrNull",
    "minWithOrNull",
    "maxWith",
    "minWith",
];
/// Methods that give a list of what the closure makes of each element.
const MAKING: [&str; 12] = [
    "map",
    "collect",
    "Select",
    "SelectMany",
    "flatMap",
    "flat_map",
    "filter_map",
    "mapNotNull",
    "mapToObj",
    "mapToInt",
    "mapToLong",
    "ConvertAll",
];
/// Methods that give something else.
const LOOKING: [&str; 44] = [
    "forEach",
    "ForEach",
    "for_each",
    "some",
    "every",
    "any",
    "Any",
    "all",
    "All",
    "none",
    "any?",
    "all?",
    "none?",
    "anyMatch",
    "allMatch",
    "noneMatch",
    "findIndex",
    "find_index",
    "position",
    "indexOfFirst",
    "count",
    "Count",
    "sum",
    "Sum",
    "sumOf",
    "Average",
    "Max",
    "Min",
    "groupBy",
    "group_by",
    "GroupBy",
    "ToDictionary",
    "ToLookup",
    "associateBy",
    "associate",
    "associateWith",
    "to_h",
    "to_set",
    "index_by",
    "each_with_object",
    "joinToString",
    "partition",
    "keyBy",
    "find_map",
];
/// Methods that run the closure for what there was and an element.
const FOLDING: [&str; 7] = ["reduce", "fold", "inject", "Aggregate", "reduceRight", "foldLeft", "try_fold"];
/// Methods that run the closure for the value as it is.
const ITSELF: [&str; 11] = [
    "then",
    "let",
    "also",
    "takeIf",
    "takeUnless",
    "tap",
    "ifPresent",
    "and_then",
    "is_some_and",
    "map_or",
    "map_or_else",
];
/// What gives one thing besides, of which some methods have the name of one of lists.
const SINGLE: [&str; 9] = ["nth", "as_ref", "as_object", "max", "min", "ofNullable", "and_then", "ok", "pop"];
/// What gives the elements one after the other.
const ITERATING: [&str; 8] =
    ["iter", "into_iter", "iter_mut", "drain", "stream", "parallelStream", "as_array", "EnumerateArray"];

/// Whether a method of a list gives one of its elements.
fn finds(name: &str) -> bool {
    FINDING.contains(&name) || ONE_OF.contains(&name)
}

/// What a call gives that runs a closure.
enum Gives {
    /// What its object was.
    Whole,
    /// What the closure was handed.
    Item,
    /// What the closure gave.
    Returned,
    /// A list of that.
    Made,
    Nothing,
}

impl Gives {
    /// The same, of what the closure was handed and gave.
    fn of(self, whole: &Value, item: Value, mut returned: Value) -> Value {
        match self {
            Gives::Whole => whole.clone(),
            Gives::Item => item,
            Gives::Returned if !returned.is_empty() => returned,
            Gives::Made if only_answer(&returned).is_some() => {
                returned.terms.retain(|term| matches!(term.kind, Kind::Answer(_)));
                Value::one(Kind::List(Arc::new(vec![returned]))).opened()
            }
            _ => Value::unknown(""),
        }
    }
}

impl<'u> Evaluator<'u> {
    /// The closure that stands in an argument.
    pub(super) fn closure_in(&self, arg: &Arg) -> Option<FunctionId> {
        match arg.value.kind {
            ExprKind::Function(id) => Some(id).filter(|id| self.unit.functions[*id].inline),
            _ => None,
        }
    }

    /// What a call gives that hands an answer, or its elements, to a closure where it stands.
    pub(crate) fn answer_closure(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        call: &'u CallExpr,
    ) -> Option<Value> {
        let name = callee.name();
        let ExprKind::Member(object, _) = &call.callee.kind else { return None };
        let whole = &callee.receiver;
        let Some(id) = call.args.iter().find_map(|arg| self.closure_in(arg)) else {
            let [Arg { name: None, value }] = call.args.as_slice() else { return None };
            let read = self.answer_function(frame, callee, call, value);
            // JavaScript: whatever it leaves out.
            let kept = self.dialect.naming() == Naming::JavaScript
                && name == "filter"
                && matches!(value.kind, ExprKind::Name(_));
            return read.or_else(|| kept.then(|| whole.clone()));
        };
        let (given, gives) = match only_answer(whole).cloned() {
            Some(answer) if ITSELF.contains(&name) || self.is_one(&answer, object) => {
                let gives = match name {
                    "also" | "takeIf" | "takeUnless" | "tap" | "filter" => Gives::Whole,
                    "ifPresent" | "is_some_and" => Gives::Nothing,
                    "map" | "flatMap" => Gives::Returned,
                    name if ITSELF.contains(&name) => Gives::Returned,
                    _ => return None,
                };
                (vec![whole.clone()], gives)
            }
            Some(answer) => {
                let mut item = answer.item()?;
                let term = whole.terms.iter().find(|term| matches!(term.kind, Kind::Answer(_)))?;
                item.terms.iter_mut().for_each(|inner| inner.when.extend(term.when.iter().copied()));
                self.of_elements(name, Some(id), item)?
            }
            // What a closure before made of each element.
            None => {
                if !is_list_of_answers(whole) {
                    return None;
                }
                let item = self.any_element(whole, call.callee.span);
                self.of_elements(name, Some(id), item)?
            }
        };
        let item = given.first().cloned().unwrap_or_default();
        let returned = self.closure_given(frame, id, given);
        let other = |arg: &&Arg| !matches!(arg.value.kind, ExprKind::Function(other) if other == id);
        for arg in call.args.iter().filter(other) {
            self.expr(frame, &arg.value);
        }
        Some(gives.of(whole, item, returned))
    }

    /// The same of a function of the program that is named: `releases.filter(isStable)`,
    /// `issues.map(this.toRow)`.
    fn answer_function(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        call: &'u CallExpr,
        value: &'u Expr,
    ) -> Option<Value> {
        let whole = &callee.receiver;
        let item = match only_answer(whole) {
            Some(answer) if answer.at.is_some() => answer.item()?,
            None if is_list_of_answers(whole) => self.any_element(whole, call.callee.span),
            _ => return None,
        };
        if !matches!(value.kind, ExprKind::Name(_) | ExprKind::Member(..)) {
            return None;
        }
        let (given, gives) = self.of_elements(callee.name(), None, item)?;
        let function = self.expr(frame, value);
        let [Term { kind: Kind::Function(id), .. }] = function.terms.as_slice() else { return None };
        let (id, item) = (*id, given.first().cloned()?);
        if self.unit.functions[id].inline || self.is_running(id) {
            return None;
        }
        let class = self.unit.functions[id].class;
        let args = given.into_iter().map(|item| (None, item)).collect();
        let returned = self.follow(id, class, &Filling::new(id, args, call.callee.span));
        let returned = if only_answer(&returned).is_some() { returned } else { Value::default() };
        Some(gives.of(whole, item, returned))
    }

    /// What the closure of a method of lists is given, and what the method gives.
    fn of_elements(
        &self,
        name: &str,
        closure: Option<FunctionId>,
        item: Value,
    ) -> Option<(Vec<Value>, Gives)> {
        let count = closure.map_or(1, |closure| self.unit.functions[closure].params.len());
        if FOLDING.contains(&name) && count >= 2 {
            return Some((vec![Value::unknown(""), item], Gives::Nothing));
        }
        let compared = count >= 2 && matches!(name, "sort" | "toSorted" | "sort_by" | "sort_unstable_by");
        let given = if compared { vec![item.clone(), item] } else { vec![item] };
        let gives = match name {
            _ if KEEPING.contains(&name) => Gives::Whole,
            _ if finds(name) => Gives::Item,
            "find_map" => Gives::Returned,
            _ if MAKING.contains(&name) => Gives::Made,
            _ if LOOKING.contains(&name) => Gives::Nothing,
            _ => return None,
        };
        Some((given, gives))
    }

    /// Whether a value in an answer is one thing and no list, as what stands before a method
    /// tells: `releases.iter().next()`, `body.get("user")`.
    fn is_one(&self, answer: &Answer, object: &Expr) -> bool {
        match answer.shape.as_deref() {
            Some(Shape::List(_)) => return false,
            Some(Shape::Struct(_)) => return true,
            _ => {}
        }
        if !matches!(self.dialect.naming(), Naming::Rust | Naming::Classes) || answer.at.is_none() {
            return answer.at.is_none();
        }
        let mut at = object;
        while let ExprKind::Call(call) = &at.kind {
            let ExprKind::Member(object, name) = &call.callee.kind else { break };
            if ITERATING.contains(&&**name) {
                return false;
            }
            let closure = || call.args.iter().any(|arg| matches!(arg.value.kind, ExprKind::Function(_)));
            if (SINGLE.contains(&&**name) || finds(name)) && (**name != *"find" || closure()) {
                return true;
            }
            at = object;
        }
        self.dialect.naming() == Naming::Rust
    }
}

/// Whether all that something may be is lists of answers, or of nothing.
pub(crate) fn is_list_of_answers(value: &Value) -> bool {
    let mut any = false;
    value.terms.iter().all(|term| match &term.kind {
        Kind::List(items) => {
            any |= !items.is_empty();
            items.iter().all(|item| only_answer(item).is_some())
        }
        _ => false,
    }) && any
}

impl<'u> Evaluator<'u> {
    /// What functions give that are handed a list in an answer, and perhaps a function for its
    /// elements: Python's `sorted(items, key=lambda item: item["id"])` and `enumerate(items)`,
    /// PHP's `array_map(fn ($item) => $item['id'], $items)`, Go's `append(all, page...)`.
    pub(crate) fn answers_handed(
        &mut self,
        frame: &mut Frame,
        call: &'u CallExpr,
        callee: &Callee,
        args: &[NamedValue],
    ) -> Option<Value> {
        if let Some(value) = self.handed_to_library(callee, args) {
            return Some(value);
        }
        // Of a list that was put together: `all.first`, `all.take(5)`.
        if !callee.receiver.is_empty() && is_list_of_answers(&callee.receiver) {
            let bare = args.is_empty();
            return match callee.name() {
                name if bare && ONE_OF.contains(&name) => {
                    Some(self.any_element(&callee.receiver, call.callee.span))
                }
                SLICE | "slice" | "take" | "Take" | "drop" | "Skip" | "skip" | "limit" | "reversed" => {
                    Some(callee.receiver.clone())
                }
                _ => None,
            };
        }
        let [name] = callee.path.as_slice() else { return None };
        if callee.value.terms.iter().any(|term| matches!(term.kind, Kind::Function(_) | Kind::Class(_))) {
            return None;
        }
        let span = call.callee.span;
        let item = |evaluator: &Self, value: &Value| match only_answer(value) {
            Some(answer) => answer.item(),
            None => is_list_of_answers(value).then(|| evaluator.any_element(value, span)),
        };
        let plain = |at: usize| {
            args.iter()
                .filter(|(name, _)| matches!(name.as_deref(), None | Some("*")))
                .nth(at)
                .map(|(_, value)| value)
        };
        let closure = call.args.iter().find_map(|arg| match arg.value.kind {
            ExprKind::Function(id) => Some(id).filter(|id| self.unit.functions[*id].inline),
            _ => None,
        });
        let python = self.dialect.naming() == Naming::Python;
        // What stands in a namespace (`\Acme\current`) is longer than its name and one stroke.
        let plainly = (span.end.saturating_sub(span.start) as usize) <= name.len() + 1;
        let php = self.dialect.has_array_functions() && plainly;
        let (list, keeps) = match &**name {
            "sorted" | "reversed" | "list" | "tuple" | "iter" | "set" if python => (plain(0)?, true),
            "max" | "min" | "next" | "sum" | "any" | "all" if python => (plain(0)?, false),
            "filter" if python => (plain(1)?, true),
            "map" if python => (plain(1)?, false),
            "enumerate" if python => {
                let pair = vec![Value::unknown("index"), item(self, plain(0)?)?];
                let pair = Value::one(Kind::List(Arc::new(pair)));
                return Some(Value::one(Kind::List(Arc::new(vec![pair]))).opened());
            }
            "array_map" if php => (plain(1)?, false),
            "array_filter" | "array_values" | "array_slice" | "array_reverse" | "usort" | "collect"
                if php =>
            {
                (plain(0)?, true)
            }
            "array_walk" | "current" | "reset" | "end" | "array_shift" | "array_pop" if php => {
                (plain(0)?, false)
            }
            "array_column" if php => {
                let (key, place) = super::sent::written_text(plain(1)?)?;
                let under = self.element(&item(self, plain(0)?)?, Some(key));
                self.note_read(&under, place);
                return Some(Value::one(Kind::List(Arc::new(vec![under]))).opened());
            }
            "append" if self.dialect.naming() == Naming::Go => {
                let more = args.iter().skip(1).find(|(_, value)| only_answer(value).is_some())?;
                let only = match (more.0.as_deref(), &more.1) {
                    (Some("*"), value) => item(self, value)?,
                    (_, value) => value.clone(),
                };
                return Some(Value::one(Kind::List(Arc::new(vec![only]))).opened());
            }
            "array_merge" if php => {
                let more = args.iter().map(|(_, value)| value).find(|value| only_answer(value).is_some())?;
                return Some(Value::one(Kind::List(Arc::new(vec![item(self, more)?]))).opened());
            }
            _ => return None,
        };
        let item = item(self, list)?;
        let compared = &**name == "usort";
        let given = if compared { vec![item.clone(), item.clone()] } else { vec![item.clone()] };
        let made = match closure {
            Some(id) => Some(self.closure_given(frame, id, given)),
            // `map(parse, items)`, `array_map([$this, 'parse'], $items)`
            None => {
                let named = args.iter().find_map(|(name, value)| match value.terms.as_slice() {
                    [Term { kind: Kind::Function(id), .. }] if name.is_none() => Some(*id),
                    _ => None,
                });
                let named = named.filter(|id| !self.unit.functions[*id].inline && !self.is_running(*id));
                named.map(|id| {
                    let args = given.into_iter().map(|item| (None, item)).collect();
                    self.follow(id, self.unit.functions[id].class, &Filling::new(id, args, span))
                })
            }
        };
        Some(match &**name {
            _ if keeps => list.clone(),
            "max" | "min" | "next" | "current" | "reset" | "end" | "array_shift" | "array_pop" => item,
            "map" | "array_map" => match made.filter(|made| only_answer(made).is_some()) {
                Some(made) => Value::one(Kind::List(Arc::new(vec![made]))).opened(),
                None => Value::unknown(""),
            },
            _ => Value::unknown(""),
        })
    }

    /// The same of functions of libraries: `Promise.all([first, second])`,
    /// `pandas.DataFrame(items)`, `gjson.GetBytes(text, "author.login")`.
    fn handed_to_library(&mut self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        let first = args.iter().find(|(name, _)| name.is_none()).map(|(_, value)| value)?;
        match (callee.owner(), callee.name()) {
            ("Promise", "all") => match first.terms.as_slice() {
                [Term { kind: Kind::List(items), .. }] => {
                    let answered = |item: &Value| only_answer(item).is_some() || is_list_of_answers(item);
                    items.iter().any(answered).then(|| first.clone())
                }
                _ => None,
            },
            (_, "DataFrame" | "from_records" | "json_normalize" | "from_dicts") => {
                let mut row = match only_answer(first) {
                    Some(answer) => answer.item()?,
                    None => is_list_of_answers(first).then(|| self.any_element(first, Span::NOWHERE))?,
                };
                for term in &mut row.terms {
                    if let Kind::Answer(answer) = &mut term.kind {
                        answer.name = FRAME.into();
                    }
                }
                Some(row)
            }
            ("gjson", "Get" | "GetBytes") => {
                let (path, place) = super::sent::written_text(&args.get(1)?.1)?;
                let mut at = only_answer(first)
                    .filter(|answer| answer.at.as_ref().is_none_or(|at| at.is_empty()))?
                    .body();
                let mut start = 0;
                for part in path.split('.') {
                    let answer = only_answer(&at)?.clone();
                    at = if part == "#" { answer.item()? } else { answer.under(Some(part))? };
                    self.note_read(&at, super::sent::within(place, path, start, part.len()));
                    start += part.len() + 1;
                }
                Some(at)
            }
            _ => None,
        }
    }
}
