//! Arguments of a call filled into what a function makes: its requests and its
//! result, which are left open in what callers give.

use std::sync::Arc;

use super::Evaluator;
use super::calling::push_arg;
use super::loops::EACH;
use crate::scan::fields::answer::has_answer;
use crate::scan::fields::sent;
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::objects::captured::is_captured;
use crate::scan::requests::request::{Callee, NamedValue, Request};
use crate::scan::value::compose;
use crate::scan::value::guard::{self, Guard};
use crate::scan::value::truth;
use crate::scan::value::{self, Entry, Kind, Listed, ParamRef, Piece, RECEIVER, Term, Value};

/// From here on an index means an argument of the caller, whatever it is called
/// there.
const HANDED: usize = 1 << 40;

/// Functions that are handed to functions that are handed over.
pub(super) const MAX_HANDING: usize = 4;

/// Ways in which keys may be given that are kept.
const MAX_WAYS: usize = 8;

impl<'u> Evaluator<'u> {
    pub(super) fn filled(&mut self, request: &Request, filling: &Filling) -> Request {
        let mut args = Vec::with_capacity(request.args.len());
        for (name, value) in &request.args {
            let marker = name.as_deref().is_some_and(|name| name == "*" || name == "**");
            match value.terms.as_slice() {
                [Term { kind: Kind::Rest(from), .. }] if marker => args.extend(filling.rest(*from)),
                [Term { kind: Kind::Param(param), .. }]
                    if marker
                        && param.members.is_empty()
                        && self.is_named_rest(filling.function, param.index) =>
                {
                    args.extend(filling.leftover(self.unit, filling.function));
                }
                _ => {
                    let value = self.fill(value, filling);
                    push_arg(&mut args, name.clone(), value, marker);
                }
            }
        }
        let callee = Callee {
            path: request.callee.path.clone(),
            receiver: self.fill(&request.callee.receiver, filling),
            value: self.fill(&request.callee.value, filling),
        };
        let callee = if request.callee.value.depends() { callee.settled() } else { callee };
        Request {
            function: request.function,
            callee,
            args,
            span: request.span,
            fills: request.fills,
            wrappers: request.wrappers,
            later: request.later,
            repeats: false,
            guards: Vec::new(),
            in_place: None,
            declared: false,
            unasked: false,
        }
    }

    pub(crate) fn is_named_rest(&self, function: FunctionId, index: usize) -> bool {
        self.unit.functions[function].params.get(index).is_some_and(|p| p.kind == ParamKind::Named)
    }

    /// A value with the parameters of a call filled in.
    pub(crate) fn fill(&mut self, value: &Value, filling: &Filling) -> Value {
        if !value.depends() {
            return if filling.local { value.clone() } else { value.clone().imported(filling.span) };
        }
        let mut out = Value::default();
        // Parameters that have a default in this value.
        let mut defaulted: Vec<(ParamRef, bool)> = Vec::new();
        // Those for which the caller hands a parameter of its own on, which may be given or not.
        let mut passed_on: Vec<(ParamRef, ParamRef)> = Vec::new();
        for param in value.terms.iter().flat_map(|term| term.without.iter().chain(&term.given)) {
            if !defaulted.iter().any(|(known, _)| known == param) {
                let named = filling.is_given(self.unit, param);
                let given = match named || !filling.local {
                    true => self.argument(param, filling),
                    false => Value::default(),
                };
                // `post = true`
                let is_given = named || !filling.local && truth::is_true(&given);
                if is_given && truth::is_undecided(&given) {
                    continue;
                }
                let given = is_given && {
                    // Of an options object one alternative may be the caller's own, and
                    // others are seen not to have the member.
                    let nothing = |term: &Term| {
                        value::is_nothing_term(term)
                            || truth::is_false(term)
                            || matches!(term.kind, Kind::Unknown(_)) && !param.members.is_empty()
                            || term.literal().is_some_and(|text| text.is_empty())
                    };
                    let own = |term: &Term| match &term.kind {
                        Kind::Param(own) => Some(own.clone()),
                        _ => None,
                    };
                    if !filling.local && given.terms.iter().all(|term| own(term).is_some() || nothing(term)) {
                        passed_on.extend(given.terms.iter().filter_map(own).map(|own| (param.clone(), own)));
                    }
                    let known = given
                        .terms
                        .iter()
                        .any(|term| !matches!(term.kind, Kind::Unknown(_) | Kind::Answer(_)));
                    // A member that an options object does not have is not given.
                    let there = known || param.members.is_empty() || self.is_named(param, filling);
                    let never = !given.is_empty() && given.terms.iter().all(truth::is_false);
                    there && !never && !value::is_nothing(&given) && given.literal().as_deref() != Some("")
                };
                defaulted.push((param.clone(), given));
            }
        }
        for term in &value.terms {
            let open = |param: &ParamRef| passed_on.iter().any(|(known, _)| known == param);
            let given = |param: &ParamRef| {
                !open(param) && defaulted.iter().any(|(known, given)| known == param && *given)
            };
            let missing = |param: &ParamRef| defaulted.iter().any(|(known, given)| known == param && !*given);
            let needs = |param: &ParamRef| missing(param) && !filling.local;
            let lacks = match &term.kind {
                Kind::Param(param) => needs(param),
                Kind::Text(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Param(p) if needs(p))),
                _ => false,
            };
            let unmet = if filling.local { term.leaves_out() } else { term.given.iter().any(missing) };
            if lacks || unmet || term.without.iter().any(given) {
                continue;
            }
            let ways = self.keys(term, filling);
            if ways.is_empty() {
                continue;
            }
            let guards = match filling.local {
                true => Some(term.guards.iter().filter(|guard| guard.key().is_none()).cloned().collect()),
                false => self.met(&term.guards, filling),
            };
            let Some(guards) = guards else { continue };
            let filled = match &term.kind {
                Kind::Param(param) => {
                    let mut given = self.argument(param, filling);
                    if open(param) {
                        given.terms.retain(|term| matches!(term.kind, Kind::Param(_)));
                    }
                    given
                }
                Kind::This(_) => match &filling.receiver {
                    Some(receiver) if !filling.local => receiver.clone(),
                    _ => Value { terms: vec![term.clone()] },
                },
                Kind::Rest(from) => filling.spread_whole(*from).cloned().unwrap_or_else(|| {
                    let rest = filling.rest(*from).into_iter().map(|(_, value)| value).collect();
                    Value::one(Kind::List(Arc::new(rest)))
                }),
                Kind::Text(pieces) => {
                    let mut parts = Vec::with_capacity(pieces.len());
                    for piece in pieces {
                        parts.push(match piece {
                            Piece::Param(param) => {
                                let part = self.argument(param, filling);
                                let part = match in_query(&parts) {
                                    true => sent::as_query(&part, filling.span).unwrap_or(part),
                                    false => part,
                                };
                                let written = self.declared_text(param, &part, filling);
                                let part = written.unwrap_or(part);
                                // Ruby writes nothing for `nil`.
                                match !filling.local
                                    && self.dialect.calls_by_name()
                                    && value::is_nothing(&part)
                                {
                                    true => Value::text("".into(), Span::NOWHERE),
                                    false => self.as_text(part, filling.span),
                                }
                            }
                            Piece::Joined(listed, _) if filling.local => {
                                let declared = self.declared_template(listed, filling);
                                declared.unwrap_or_else(|| Value::one(Kind::Text(vec![piece.clone()])))
                            }
                            Piece::Joined(Listed::Param(param), separator) => {
                                let list = self.argument(param, filling);
                                compose::join_list(&list, separator, filling.span)
                            }
                            Piece::Joined(Listed::Template(waiting), _) => {
                                let template = self.argument(&waiting.param, filling);
                                let mut args: Vec<NamedValue> = Vec::with_capacity(waiting.args.len());
                                for (name, value) in &waiting.args {
                                    push_arg(&mut args, name.clone(), self.fill(value, filling), false);
                                }
                                // The template's pieces keep their own places, too.
                                compose::format(&template, waiting.style, &args, Span::NOWHERE)
                            }
                            Piece::Joined(Listed::Rest(from), separator)
                                if let Some(list) = filling.spread_whole(*from) =>
                            {
                                compose::join_list(list, separator, filling.span)
                            }
                            Piece::Joined(Listed::Rest(from), separator) => {
                                let whole = |value: &Value| {
                                    matches!(value.terms.as_slice(), [Term { kind: Kind::Rest(_), .. }])
                                };
                                let rest = filling.rest(*from).into_iter().map(|(name, value)| match name {
                                    // What is handed on as a whole, and not known.
                                    Some(_) if !whole(&value) => Value::unknown("..."),
                                    _ => value,
                                });
                                let list = Value::one(Kind::List(Arc::new(rest.collect())));
                                compose::join_list(&list, separator, filling.span)
                            }
                            other => {
                                let part = Value::one(Kind::Text(vec![other.clone()]));
                                if filling.local { part } else { part.imported(filling.span) }
                            }
                        });
                    }
                    // The pieces keep their own places: no span widens them.
                    compose::concat(&parts, Span::NOWHERE)
                }
                Kind::List(items) => {
                    let mut filled = Vec::with_capacity(items.len());
                    for item in items.iter() {
                        let rest = matches!(item.terms.as_slice(), [Term { kind: Kind::Rest(_), .. }]);
                        let item = self.fill(item, filling);
                        match item.terms.as_slice() {
                            [Term { kind: Kind::List(inner), .. }] if rest => {
                                filled.extend(inner.iter().cloned())
                            }
                            _ => filled.push(item),
                        }
                    }
                    Value::one(Kind::List(Arc::new(filled)))
                }
                Kind::Object(entries) => {
                    let entries = entries.iter().map(|(key, value)| (key.clone(), self.fill(value, filling)));
                    let entries = entries.collect::<Vec<_>>();
                    Value::one(Kind::Object(Arc::new(entries)))
                }
                Kind::Instance(class, fields) => {
                    let fields = fields.iter().map(|(key, value)| (key.clone(), self.fill(value, filling)));
                    let fields = fields.collect::<Vec<_>>();
                    Value::one(Kind::Instance(*class, Arc::new(fields)))
                }
                Kind::Bound(object, name) => {
                    Value::one(Kind::Bound(Arc::new(self.fill(object, filling)), name.clone()))
                }
                Kind::Client(base) => Value::one(Kind::Client(Arc::new(self.fill(base, filling)))),
                Kind::Function(_)
                | Kind::Class(_)
                | Kind::Module(_)
                | Kind::Answer(_)
                | Kind::Foreign
                | Kind::Unknown(_) => Value { terms: vec![term.clone()] },
            };
            let mut filled = filled;
            // What was handed over holds under conditions of the caller's own.
            let handed =
                !filling.local && matches!(term.kind, Kind::Param(_) | Kind::Text(_) | Kind::This(_));
            let passed = |params: &[ParamRef]| {
                let passed = passed_on.iter().filter(|(known, _)| params.contains(known));
                passed.map(|(_, own)| self.lent(own, filling)).collect::<Vec<_>>()
            };
            let (without, given) = (passed(&term.without), passed(&term.given));
            for added in &mut filled.terms {
                // Conditions of the called function; what its arguments need stays.
                added.guards.retain(|guard| !term.guards.contains(guard));
            }
            // What an argument is in one case is not what the function makes of it in the other.
            filled.terms.retain(|added| {
                !added.guards.iter().any(|own| guards.iter().any(|guard| own.excludes(guard)))
            });
            for added in &mut filled.terms {
                if !handed {
                    added.without.clear();
                    added.given.clear();
                }
                added.without.extend(without.iter().cloned());
                added.given.extend(given.iter().cloned());
                added.guard(&guards);
                if filling.local {
                    added.when.extend(guards.iter().filter_map(Guard::variant));
                }
                added.open |= term.open;
                added.when.extend(term.when.iter().copied());
            }
            let last = ways.len() - 1;
            for (at, way) in ways.into_iter().enumerate() {
                let mut filled = if at == last { std::mem::take(&mut filled) } else { filled.clone() };
                for added in &mut filled.terms {
                    added.when.extend(way.when.iter().copied());
                    added.without.extend(way.without.iter().cloned());
                    added.guard(&way.guards);
                }
                out = out.join(filled);
            }
        }
        out
    }

    /// A parameter that a caller hands on to a function that asks whether it is given.
    pub(super) fn lent(&self, own: &ParamRef, filling: &Filling) -> ParamRef {
        let params = filling.caller.map(|caller| &self.unit.functions[caller].params);
        let declared = params.and_then(|params| params.get(own.index));
        let needed = declared.is_some_and(|param| param.kind == ParamKind::Plain && param.default.is_none());
        ParamRef { lent: needed && own.members.is_empty(), ..own.clone() }
    }

    /// Whether a call names a member that is given by a name, whatever it is:
    /// `build(base=self.folder)` for `kwargs.get("base")`.
    fn is_named(&self, param: &ParamRef, filling: &Filling) -> bool {
        let [member] = param.members.as_slice() else { return false };
        let given = |value: &Value| !value::is_nothing(value);
        self.is_named_rest(filling.function, param.index)
            && filling.args.iter().any(|(name, value)| name.as_ref() == Some(member) && given(value))
    }

    /// What becomes of the keys under which an alternative stands in a table: the
    /// ways in which the call can give them. None if it gives other ones.
    fn keys(&mut self, term: &Term, filling: &Filling) -> Vec<Keys> {
        let mut ways = vec![Keys::default()];
        for (param, key) in term.guards.iter().filter_map(Guard::key) {
            let handed = handed_place(param).is_some();
            if handed && !filling.local && !filling.is_given(self.unit, param) {
                return Vec::new();
            }
            let given_by = self.argument(param, filling);
            let mut next = Vec::new();
            for way in &ways {
                for given in &given_by.terms {
                    let mut way = way.clone();
                    way.without.extend(given.without.iter().cloned());
                    match (given.literal(), &given.kind) {
                        // One of several that may be meant: all is of that one.
                        (Some(text), _) if text == **key => {
                            if given_by.terms.len() > 1 {
                                way.when.push(guard::arm(&param.name, key));
                            }
                        }
                        (Some(_), _) => continue,
                        (None, Kind::Param(outer)) => {
                            way.guards.push(Guard::of_key(outer.clone(), key.clone()))
                        }
                        // Nobody knows which: at least all is of one key.
                        (None, _) => way.when.push(guard::arm(&param.name, key)),
                    }
                    if next.len() < MAX_WAYS {
                        next.push(way);
                    }
                }
            }
            ways = next;
        }
        ways
    }

    /// Ruby: what is named and no parameter takes is a hash behind the other arguments.
    fn named_as_hash(&self, param: &ParamRef, filling: &Filling) -> Option<Value> {
        let params = &self.unit.functions[filling.function].params;
        let plain = params.get(param.index).is_some_and(|param| param.kind == ParamKind::Plain);
        if filling.local
            || !self.dialect.calls_by_name()
            || !plain
            || !filling.has_all()
            || param.index != filling.placed().count()
            || params.iter().any(|param| param.kind == ParamKind::Named)
        {
            return None;
        }
        let named = filling.leftover(self.unit, filling.function).into_iter();
        let named = named.filter_map(|(name, value)| Some((name?, value)));
        let entries = named.filter(|(name, _)| !name.is_empty() && !name.starts_with(['&', '*', '{', '(']));
        let entries: Vec<_> = entries.map(|(name, value)| (filling.entry(self.unit, &name), value)).collect();
        (!entries.is_empty()).then(|| Value::one(Kind::Object(Arc::new(entries))))
    }

    /// What a call hands to a parameter, or to a member of it.
    pub(crate) fn argument(&mut self, param: &ParamRef, filling: &Filling) -> Value {
        let unit = self.unit;
        if param.index == RECEIVER {
            let mut value = filling.receiver.clone().unwrap_or_default();
            for member in &param.members {
                value = self.member(&value, member, filling.span);
            }
            return if value.is_empty() { Value::unknown(&param.name) } else { value };
        }
        if let Some(place) = handed_place(param) {
            let value = match filling.at(place, &param.name) {
                Some(value) => value.clone(),
                None => match filling.handed_on(place, &param.name) {
                    Some(outer) => Value::one(Kind::Param(outer)),
                    None => Value::unknown(&param.name),
                },
            };
            return param
                .members
                .iter()
                .fold(value, |value, member| self.member(&value, member, filling.span));
        }
        if filling.receiver_only {
            return Value::one(Kind::Param(param.clone()));
        }
        let declared = unit.functions[filling.function].params.get(param.index);
        if let Some(outer) =
            filling.handed_on_by_name(param).filter(|_| self.is_named_rest(filling.function, param.index))
        {
            return Value::one(Kind::Param(outer));
        }
        let by_name = declared.and_then(|declared| filling.named(&declared.name));
        // `**kwargs` takes nothing by its place.
        let by_place = || {
            filling.positional(param.index).filter(|_| {
                !self.is_named_rest(filling.function, param.index) && !declared.is_some_and(is_captured)
            })
        };
        let each = param.members.first().is_some_and(|member| **member == *EACH);
        let given = match declared {
            Some(declared) if each && declared.kind == ParamKind::Rest => {
                let rest = filling.rest(param.index).into_iter().map(|(_, value)| value).collect();
                Some(Value::one(Kind::List(Arc::new(rest))))
            }
            _ => by_name.or_else(by_place).cloned(),
        };
        let given = given.or_else(|| {
            // A shell's function declares none.
            let name = match declared {
                Some(declared) if declared.kind == ParamKind::Plain => &declared.name,
                Some(_) => return None,
                None => &param.name,
            };
            let by_name = || filling.handed_under(name).filter(|_| declared.is_some());
            let handed = filling.handed_on(param.index, name).or_else(by_name)?;
            let mut value = Value::one(Kind::Param(handed.clone()));
            if declared.is_some_and(|declared| declared.default.is_some()) {
                let mut default = self.default_of(filling.function, param.index).imported(filling.span);
                default.terms.retain(|term| !matches!(term.kind, Kind::Unknown(_)));
                default.terms.iter_mut().for_each(|term| term.without.push(handed.clone()));
                value = value.join(default);
            }
            Some(value)
        });
        let given = given.or_else(|| self.named_as_hash(param, filling));
        let mut value = match (given, declared) {
            (Some(value), _) => value,
            (None, Some(declared)) if declared.kind == ParamKind::Named => {
                let entries = filling.leftover(unit, filling.function);
                let entries = entries
                    .into_iter()
                    .filter_map(|(name, value)| Some((filling.entry(unit, &name?), value)))
                    .collect();
                Value::one(Kind::Object(Arc::new(entries)))
            }
            // Only a caller elsewhere can give what this one does not.
            (None, Some(declared)) if !filling.local => match &declared.default {
                Some(default) => {
                    let parent = unit.functions[filling.function].parent;
                    let top = self.program.files[self.program.owners[filling.function]].root;
                    self.muted += 1;
                    let body = unit.functions[filling.function].class;
                    let value = self.outside(parent.unwrap_or(top), body, default);
                    self.muted -= 1;
                    value.imported(filling.span)
                }
                // What a script leaves out is nothing.
                None if self.dialect.naming() == Naming::JavaScript && filling.has_all() => {
                    Value::unknown("undefined")
                }
                None => Value::unknown(&param.name),
            },
            (None, _) => self.default_of(filling.function, param.index),
        };
        if let Some(object) = self.declared_object(filling.function, param, &value, filling.span) {
            value = object;
        }
        // What a function reads of an answer that it is handed is read there.
        let quiet = usize::from(has_answer(&value));
        self.muted += quiet;
        for member in &param.members {
            value = self.member(&value, member, filling.span);
        }
        self.muted -= quiet;
        if value.is_empty() { Value::unknown(&param.name) } else { value.called(&param.name) }
    }
}

/// Whether a text so far ends where a query begins or goes on.
fn in_query(parts: &[Value]) -> bool {
    let Some([Term { kind: Kind::Text(pieces), .. }]) = parts.last().map(|part| part.terms.as_slice()) else {
        return false;
    };
    matches!(pieces.last(), Some(Piece::Literal { text, .. }) if text.ends_with(['?', '&']))
}

/// The place of the argument that a parameter means, if it is one.
fn handed_place(param: &ParamRef) -> Option<usize> {
    (param.index != RECEIVER).then(|| param.index.checked_sub(HANDED))?
}

/// Conditions that are left of keys.
#[derive(Clone, Default)]
struct Keys {
    when: Vec<(u32, u32)>,
    without: Vec<ParamRef>,
    guards: Vec<Guard>,
}

/// The arguments of one call of a function.
#[derive(Clone)]
pub(crate) struct Filling {
    pub(crate) function: FunctionId,
    pub(crate) args: Vec<NamedValue>,
    /// The object whose method is called.
    pub(crate) receiver: Option<Value>,
    pub(crate) span: Span,
    /// The function that calls.
    pub(super) caller: Option<FunctionId>,
    /// The function itself, with nothing filled in.
    pub(crate) local: bool,
    /// The parameters stay; only what is the object's is filled in.
    pub(super) receiver_only: bool,
}

impl Filling {
    pub(crate) fn new(function: FunctionId, args: Vec<NamedValue>, span: Span) -> Self {
        Self { function, args, receiver: None, span, caller: None, local: false, receiver_only: false }
    }

    pub(crate) fn args(&self) -> &[NamedValue] {
        &self.args
    }

    /// Whether the call gives something to a parameter.
    pub(super) fn is_given(&self, unit: &Unit, param: &ParamRef) -> bool {
        if param.index == RECEIVER {
            return true;
        }
        if self.local {
            return false;
        }
        if let Some(place) = handed_place(param) {
            return self.at(place, &param.name).is_some() || self.handed_on(place, &param.name).is_some();
        }
        let declared = unit.functions[self.function].params.get(param.index);
        // `kwargs.get("base")` is given by that name.
        let name = declared.map(|declared| match (declared.kind, param.members.first()) {
            (ParamKind::Named, Some(member)) => member,
            _ => &declared.name,
        });
        let named = name.is_some_and(|name| self.named(name).is_some());
        let open = self.args.iter().any(|(name, _)| matches!(name.as_deref(), Some("*" | "**")));
        let by_place =
            declared.is_none_or(|declared| declared.kind != ParamKind::Named && !is_captured(declared));
        named || open || by_place && self.positional(param.index).is_some()
    }

    /// The argument that is given to a parameter by its name. In PowerShell another
    /// file may write it in other cases.
    fn named(&self, param: &str) -> Option<&Value> {
        let given = |same: &dyn Fn(&str) -> bool| {
            self.args.iter().find(|(name, _)| name.as_deref().is_some_and(same)).map(|(_, value)| value)
        };
        given(&|name| name == param).or_else(|| given(&|name| name.eq_ignore_ascii_case(param)))
    }

    /// Whether all arguments are seen.
    fn has_all(&self) -> bool {
        !self.args.iter().any(|(name, _)| matches!(name.as_deref(), Some("*" | "**")))
    }

    fn positional(&self, index: usize) -> Option<&Value> {
        self.placed().nth(index)
    }

    /// The arguments whose place is known: behind what is spread out none is.
    fn placed(&self) -> impl Iterator<Item = &Value> {
        let before = self.args.iter().take_while(|(name, _)| name.as_deref() != Some("*"));
        before.filter(|(name, _)| name.is_none()).map(|(_, value)| value)
    }

    /// The argument of the caller that a parameter is given, by place or by name,
    /// where the caller hands on what it is given itself: `send(*args, **kwargs)`.
    fn handed_on(&self, place: usize, name: &Arc<str>) -> Option<ParamRef> {
        if self.local {
            return None;
        }
        let behind = place.checked_sub(self.placed().count())?;
        self.args.iter().find_map(|(marker, value)| match value.terms.as_slice() {
            _ if marker.as_deref() != Some("*") => None,
            [Term { kind: Kind::Rest(from), .. }] => {
                Some(ParamRef::new(HANDED + from + behind, name.clone()))
            }
            // A list that the caller is given: `ask(...pattern)`
            [Term { kind: Kind::Param(list), .. }] => {
                let members = list.members.iter().cloned().chain([behind.to_string().into()]).collect();
                Some(ParamRef { members, name: name.clone(), ..list.clone() })
            }
            _ => None,
        })
    }

    /// The named argument of the caller that a member of `**kwargs` is, where the caller
    /// hands on those that it is given itself: `send(*args, **kwargs)`.
    fn handed_on_by_name(&self, param: &ParamRef) -> Option<ParamRef> {
        param.members.first().filter(|member| self.named(member).is_none())?;
        let outer = self.args.iter().find_map(|(marker, value)| match value.terms.as_slice() {
            [Term { kind: Kind::Param(outer), .. }] if marker.as_deref() == Some("**") => Some(outer),
            _ => None,
        })?;
        let members = outer.members.iter().chain(&param.members).cloned().collect();
        Some(ParamRef { members, ..outer.clone() })
    }

    /// What a caller that hands on all that it is given by name is given under one name:
    /// `send(**kwargs)`, where a parameter of `send` is called so.
    fn handed_under(&self, name: &Arc<str>) -> Option<ParamRef> {
        if self.local {
            return None;
        }
        let outer = self.args.iter().find_map(|(marker, value)| match value.terms.as_slice() {
            [Term { kind: Kind::Param(outer), .. }] if marker.as_deref() == Some("**") => Some(outer),
            _ => None,
        })?;
        let members = outer.members.iter().chain([name]).cloned().collect();
        Some(ParamRef { members, name: name.clone(), ..outer.clone() })
    }

    /// The argument at a place, or of a name.
    fn at(&self, place: usize, name: &Arc<str>) -> Option<&Value> {
        let named =
            || self.args.iter().find(|(known, _)| known.as_ref() == Some(name)).map(|(_, value)| value);
        self.positional(place).or_else(named)
    }

    pub(super) fn rest(&self, from: usize) -> Vec<NamedValue> {
        if self.local {
            return vec![(Some("*".into()), Value::unknown("@"))];
        }
        let loose = |name: &Option<Arc<str>>| name.is_none() || name.as_deref() == Some("*");
        self.args.iter().filter(|(name, _)| loose(name)).skip(from).cloned().collect()
    }

    /// The lists of which one is all that is handed over, where a condition decides which:
    /// `parts.append(kind)` in a branch, and `build_url(*parts)`.
    fn spread_whole(&self, from: usize) -> Option<&Value> {
        let loose = |(name, _): &&NamedValue| matches!(name.as_deref(), None | Some("*"));
        let mut given = self.args.iter().filter(loose).skip(from);
        let (name, value) = given.next().filter(|_| from == 0 && !self.local)?;
        let lists = value.terms.iter().all(|term| matches!(term.kind, Kind::List(_)));
        (name.is_some() && value.terms.len() > 1 && lists && given.next().is_none()).then_some(value)
    }

    /// The entry that an argument is which no parameter takes, at the place of its name.
    fn entry(&self, unit: &Unit, name: &Arc<str>) -> Entry {
        if **name == *"**" {
            return Entry::Spread;
        }
        let told = unit.told.get(&self.span).into_iter().flatten();
        let written = told.into_iter().find(|key| key.name == *name);
        Entry::Key(written.cloned().unwrap_or_else(|| name.clone().into()))
    }

    /// Named arguments that no parameter takes.
    fn leftover(&self, unit: &Unit, function: FunctionId) -> Vec<NamedValue> {
        let params = &unit.functions[function].params;
        let taken = |name: &Arc<str>| {
            params.iter().any(|p| p.kind == ParamKind::Plain && p.name.eq_ignore_ascii_case(name))
        };
        self.args.iter().filter(|(name, _)| name.as_ref().is_some_and(|name| !taken(name))).cloned().collect()
    }
}

impl Value {
    /// A result that did not depend on the arguments still stands elsewhere.
    pub(super) fn imported_from(self, original: &Value, span: Span) -> Self {
        if original.depends() { self } else { self.imported(span) }
    }
}

impl Request {
    /// Whether anything in the request is left to a caller.
    pub(super) fn depends(&self) -> bool {
        let callee = &self.callee;
        self.args.iter().any(|(_, value)| value.depends())
            || callee.receiver.depends()
            || callee.value.depends()
    }
}
