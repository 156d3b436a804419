//! Values of expressions, one arm for each that the common form has.

use std::sync::Arc;

use super::calling::push_arg;
use super::index::setting_name;
use super::{Evaluator, Frame, dotted, slot};
use crate::scan::fields::pipes::is_answer;
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::objects::elements;
use crate::scan::requests::builder;
use crate::scan::requests::request::NamedValue;
use crate::scan::value::compose;
use crate::scan::value::truth;
use crate::scan::value::{self, Entry, Kind, ParamRef, Term, Value};

impl<'u> Evaluator<'u> {
    /// Evaluates an expression.
    pub(crate) fn expr(&mut self, frame: &mut Frame, expr: &'u Expr) -> Value {
        if !self.enter() {
            self.deep.insert(frame.function);
            return Value::unknown("");
        }
        let value = self.kind(frame, expr);
        self.depth -= 1;
        value
    }

    /// What a method without parameters gives, where naming it is calling it.
    fn called_by_name(
        &mut self,
        frame: &mut Frame,
        object: &Value,
        method: &Value,
        span: Span,
    ) -> Option<Value> {
        let [Term { kind: Kind::Function(id), .. }] = method.terms.as_slice() else { return None };
        let function = &self.unit.functions[*id];
        if !self.dialect.calls_by_name() || function.inline || !function.params.is_empty() {
            return None;
        }
        let (value, _) = self.invoke(frame, *id, object, &[], span);
        (!value.is_empty()).then_some(value)
    }

    /// What a member is, or the class that it names where nothing is known of it.
    pub(super) fn known_or_class(&mut self, frame: &Frame, value: Value, expr: &Expr) -> Value {
        let ExprKind::Member(module, member) = &expr.kind else { return value };
        let unknown = |term: &Term| matches!(term.kind, Kind::Unknown(_));
        // A bare name that no class around it has.
        let bare = matches!(&module.kind, ExprKind::Name(name) if **name == *"this");
        if bare
            && value.terms.iter().all(unknown)
            && let Some(value) = self.of_opened(frame, member, expr.span)
        {
            return value;
        }
        let named = self.dialect.naming() == Naming::Classes && member.starts_with(char::is_uppercase);
        if !named || !value.terms.iter().all(unknown) {
            return value;
        }
        self.class_in_module(frame, module, member).unwrap_or(value)
    }

    /// What a method gives to a member of one of the object's fields, where nothing else is known
    /// of that: `this.config.prefix`.
    fn set_inside(&mut self, frame: &Frame, path: Option<String>, value: Value, span: Span) -> Value {
        let unknown = |term: &Term| matches!(term.kind, Kind::Unknown(_));
        let Some(path) = path.filter(|_| value.terms.iter().all(unknown)) else { return value };
        let Some((receiver, path)) = path.split_once('.').filter(|(_, path)| path.contains('.')) else {
            return value;
        };
        let class = self.index.receiver_class(frame.function, &receiver.into());
        let Some(class) = class.map(|class| frame.this.unwrap_or(class)) else { return value };
        let path: Arc<str> = path.into();
        match self.index.chain(class).iter().any(|class| self.index.fields[*class].contains_key(&path)) {
            true => self.field(class, &path).imported_with_fields(span),
            false => value,
        }
    }

    fn exprs(&mut self, frame: &mut Frame, exprs: &'u [Expr]) -> Vec<Value> {
        exprs.iter().map(|expr| self.expr(frame, expr)).collect()
    }

    fn kind(&mut self, frame: &mut Frame, expr: &'u Expr) -> Value {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Text(text) => Value::text(text.clone(), span),
            ExprKind::Unknown(name) => Value::unknown(name),
            ExprKind::Name(name) => self.name(frame, name, span),
            ExprKind::Member(object, member) => {
                if let Some(path) = dotted(expr)
                    && let Some(value) = frame.env.get(&*path)
                {
                    return Value::clone(value).opened();
                }
                // `a.b`, a module after Python's `import a.b`
                if let Some(path) = dotted(expr)
                    && self.index.is_import(self.file_of(frame), &path)
                    && let Some(module) = self.global(frame, &path.into(), span)
                {
                    return module;
                }
                if let Some(value) = self.member_above(frame, object, member, span) {
                    return value.widened(span).opened();
                }
                let value = self.expr(frame, object);
                let path = dotted(expr);
                let object = self.constant(frame, object, value, member);
                if let Some(made) = self.made_of_name(frame, &object, member, span) {
                    return made;
                }
                let method = self.beside_field(&object, member).filter(|_| self.dialect.calls_by_name());
                let value = method.unwrap_or_else(|| self.member(&object, member, span));
                let value = self.set_inside(frame, path, value, span);
                if let Some(value) = self.called_by_name(frame, &object, &value, span) {
                    return value;
                }
                self.known_or_class(frame, value, expr).widened(span).opened()
            }
            ExprKind::Index(object, key) => {
                if let Some(slot) = slot(object, key)
                    && let Some(value) = frame.env.get(&*slot)
                {
                    return Value::clone(value).opened();
                }
                if let Some(own) = self.own_entry(frame, object, key) {
                    return own;
                }
                let object = self.expr(frame, object);
                let written = key.span;
                let key = self.expr(frame, key);
                if builder::kind(&object).as_deref() == Some(builder::RESOURCE) {
                    return builder::extended(&object, &[key]);
                }
                if let Some(made) = self.made_of_key(frame, &object, &key, span) {
                    return made;
                }
                let value = self.element_of(&object, &key);
                // An element of a list that holds answers is no field of one.
                if is_answer(&object) {
                    self.note_read(&value, written);
                } else if let Some(key) = key.literal()
                    && let Some(value) = elements::of_copied(&object, &key)
                {
                    self.note_read(&value, written);
                }
                value.widened(span).opened()
            }
            ExprKind::Concat(parts) => {
                let values = self.exprs(frame, parts);
                if let Some(whole) = self.text_of_pieces(&values).or_else(|| self.with_page(&values)) {
                    return whole;
                }
                let written = |(value, part): (Value, &Expr)| self.written_out(frame, value, part.span);
                let values: Vec<Value> = values.into_iter().zip(parts).map(written).collect();
                compose::chain_several(&values).unwrap_or_else(|| compose::concat(&values, span))
            }
            ExprKind::Implode { list, separator } => {
                let list = self.expr(frame, list);
                let separator = self.expr(frame, separator);
                if let Some(text) = self.text_of_pieces(&[list.clone(), separator.clone()]) {
                    return text;
                }
                match separator.literal() {
                    Some(separator) => compose::join_list(&list, &separator, span),
                    None => Value::unknown(""),
                }
            }
            ExprKind::Each { list, name, body } => self.each(frame, list, name, body, span),
            ExprKind::Fold { list, first, names, body } => self.fold(frame, list, first, names, body),
            ExprKind::Either(arms) => {
                self.branches += 1;
                let branch = self.branches;
                arms.iter().enumerate().fold(Value::default(), |out, (arm, expr)| {
                    out.join(self.expr(frame, expr).under(branch, arm as u32))
                })
            }
            ExprKind::Given(condition, then, otherwise) => {
                let asked = self.expr(frame, condition);
                let branch = self.branch_on(frame, &asked, &Test::Given);
                let guards = frame.guards.len();
                self.guarded(frame, condition, &Test::Given, true);
                let then = self.expr(frame, then);
                frame.guards.truncate(guards);
                self.guarded(frame, condition, &Test::Given, false);
                let otherwise = self.expr(frame, otherwise);
                frame.guards.truncate(guards);
                value::if_given(&asked, branch, then, otherwise)
            }
            ExprKind::Asked { subject, test, then, otherwise } => {
                self.asked(frame, subject, test, [then, otherwise])
            }
            ExprKind::Default(given, fallback) => {
                let given = self.expr(frame, given);
                let fallback = self.expr(frame, fallback);
                value::or_default(given, fallback)
            }
            ExprKind::Format { template, style, args } => {
                let template = self.expr(frame, template);
                let template = self.or_its_default(frame, template);
                let given = !args.is_empty();
                let mut args = self.args(frame, args);
                if given && args.is_empty() {
                    // `template.format(**vars(self))`: what is put in has names that nobody sees.
                    args.push((Some("**".into()), Value::unknown("")));
                }
                for (_, value) in &mut args {
                    *value = self.written_out(frame, std::mem::take(value), span);
                }
                compose::format(&template, *style, &args, span)
            }
            ExprKind::Join { base, parts, style } => {
                let mut base = self.expr(frame, base);
                let mut values = Vec::with_capacity(parts.len());
                let parts = self.exprs(frame, parts);
                let own = parts.iter().take_while(|part| self.divided(frame, &mut base, part, span)).count();
                if own == parts.len() && own > 0 {
                    return base;
                }
                for part in parts.into_iter().skip(own) {
                    match part.terms.as_slice() {
                        [Term { kind: Kind::List(items), .. }] => values.extend(items.iter().cloned()),
                        [Term { kind: Kind::Rest(_), .. }] => {
                            values.push(compose::join_list(&part, "/", span))
                        }
                        _ => values.push(part),
                    }
                }
                compose::join_url(&base, &values, *style, span)
            }
            ExprKind::Replace { text, from, to } => {
                let text = self.expr(frame, text);
                let from = self.expr(frame, from);
                let to = self.expr(frame, to);
                compose::replace(text, &from, &to)
            }
            ExprKind::Trim { text, start, end } => {
                let text = self.expr(frame, text);
                text.map_texts(|pieces| compose::trim_slashes(pieces, *start, *end))
            }
            ExprKind::Setting { name, default } => {
                let root = self.program.files[self.file_of(frame)].root;
                let set = setting_name(name);
                let value = match self.index.assigned[root].get(&set).cloned() {
                    Some(sites) => Value::unknown(name).join(self.read(root, &set, &sites)),
                    None => Value::unknown(name),
                };
                match default.as_deref().map(|default| self.expr(frame, default)) {
                    // Nobody runs a program with nothing where a part of a path is due.
                    Some(default) if default.literal().as_deref() != Some("") => value.join(default),
                    _ => value,
                }
            }
            ExprKind::Call(call) => {
                let value = self.call(frame, expr.span, call);
                self.read_as(frame, expr.span, value)
            }
            ExprKind::List(items) => {
                let values = self.exprs(frame, items);
                let is_list = |term: &Term| matches!(term.kind, Kind::List(_));
                // `cmd+=("$url")`, where the list is one of several by now.
                let several = items.iter().zip(&values).position(|(item, value)| {
                    let spread = matches!(item.kind, ExprKind::Spread(_));
                    spread && value.terms.len() > 1 && value.terms.iter().all(is_list)
                });
                let Some(at) = several else { return list_of(items, values) };
                let mut out = Value::default();
                for term in values[at].all_or_longest() {
                    let mut values = values.clone();
                    values[at] = Value { terms: vec![term.clone()] };
                    out = out.join(list_of(items, values).within(term));
                }
                out
            }
            ExprKind::Object(entries) if let Some(object) = self.of_package(frame, entries) => object,
            ExprKind::Object(entries) => {
                let mut values = Vec::with_capacity(entries.len());
                for (key, expr) in entries {
                    if let ExprKind::Keyed(key, value) = &expr.kind {
                        let at = key.span;
                        let key = self.expr(frame, key).literal();
                        let key = key.map_or(Entry::Any, |key| Entry::Key(Key::new(key.into(), at)));
                        values.push((key, self.expr(frame, value)));
                        continue;
                    }
                    let value = self.expr(frame, expr);
                    let key = match (key, &expr.kind) {
                        (_, ExprKind::Spread(_)) => Entry::Spread,
                        (Some(key), _) => {
                            let at = key.span.or(Some(expr.span));
                            Entry::Key(Key { name: key.name.clone(), span: at })
                        }
                        (None, _) => Entry::Any,
                    };
                    // A script's options are empty until somebody says more: `{ account: "" }`
                    let script = self.dialect.naming() == Naming::JavaScript;
                    values.push((key, if script { value.of_field() } else { value }));
                }
                Value::one(Kind::Object(Arc::new(values))).no_more_than(value::MAX_WRITTEN)
            }
            // Outside an object there is none.
            ExprKind::Keyed(_, value) | ExprKind::Spread(value) => self.expr(frame, value),
            ExprKind::Element(inner) => {
                let list = self.expr(frame, inner);
                self.any_element(&list, span).opened()
            }
            ExprKind::Function(id) => {
                if self.unit.functions[*id].inline {
                    let given = self.closure_given(frame, *id, None);
                    self.keep_given(*id, given);
                }
                Value::one(Kind::Function(*id))
            }
            ExprKind::Instance(class, fields) => {
                let fields = fields.iter().map(|(name, value)| {
                    let value = self.expr(frame, value);
                    (Key { name: self.unit.field_name(*class, &name.name), span: name.span }, value)
                });
                // What options may change is all that they and whoever makes the object give.
                let fields: Vec<(Key, Value)> = fields.collect();
                let optional = |key: &Key| self.index.optional.contains(&(*class, key.name.clone()));
                let fields = fields.into_iter().filter(|(key, _)| !optional(key));
                Value::one(Kind::Instance(*class, Arc::new(fields.collect())))
                    .no_more_than(value::MAX_WRITTEN)
            }
            ExprKind::Positional(index) => {
                let name = (index + 1).to_string().into();
                Value::one(Kind::Param(ParamRef::new(*index, name)))
            }
            ExprKind::PositionalRest(index) => Value::one(Kind::Rest(*index)),
            ExprKind::Effects(parts) => {
                self.exprs(frame, parts);
                truth::left_of(parts)
            }
        }
    }

    /// `path / part`, where the class of the path says what that is.
    fn divided(&mut self, frame: &mut Frame, base: &mut Value, part: &Value, span: Span) -> bool {
        let [Term { kind: Kind::Instance(class, _) | Kind::This(class), .. }] = base.terms.as_slice() else {
            return false;
        };
        let Some(id) = self.index.method(*class, "__truediv__") else { return false };
        let (value, _) = self.invoke(frame, id, base, &[(None, part.clone())], span);
        let known = !value.is_empty();
        if known {
            *base = value;
        }
        known
    }

    /// A parameter, or what it is where nobody gives it: a template that has a default
    /// is filled in here.
    fn or_its_default(&mut self, frame: &Frame, value: Value) -> Value {
        let [Term { kind: Kind::Param(param), .. }] = value.terms.as_slice() else { return value };
        let own = self.unit.functions[frame.function].params.get(param.index);
        if !param.members.is_empty() || own.is_none_or(|own| own.default.is_none()) {
            return value;
        }
        let param = param.clone();
        let mut default = self.default_of(frame.function, param.index);
        default.terms.retain(|term| matches!(term.kind, Kind::Text(_)));
        default.terms.iter_mut().for_each(|term| term.without.push(param.clone()));
        if default.is_empty() {
            return value;
        }
        let mut given = value;
        given.terms.iter_mut().for_each(|term| term.given.push(param.clone()));
        default.join(given)
    }

    /// Runs a closure where it stands: it sees the names around it.
    pub(super) fn closure(&mut self, frame: &mut Frame, id: FunctionId) {
        self.closure_given(frame, id, None);
    }

    /// As [`Self::closure`], with its first parameters known; gives what it returns.
    pub(crate) fn closure_given(
        &mut self,
        frame: &mut Frame,
        id: FunctionId,
        given: impl IntoIterator<Item = Value>,
    ) -> Value {
        let mut given = given.into_iter();
        let env = frame.env.clone();
        let returned = std::mem::take(&mut frame.returned);
        let unit = self.unit;
        for param in &unit.functions[id].params {
            let value = given.next().unwrap_or_else(|| Value::unknown(&param.name));
            frame.env.insert(param.name.clone(), Arc::new(value));
        }
        self.block(frame, &unit.functions[id].body);
        frame.env = env;
        std::mem::replace(&mut frame.returned, returned)
    }

    /// Evaluates arguments; what is spread out is spread out.
    pub(crate) fn args(&mut self, frame: &mut Frame, args: &'u [Arg]) -> Vec<NamedValue> {
        let mut out = Vec::with_capacity(args.len());
        for arg in args {
            let value = self.expr(frame, &arg.value);
            let spread = matches!(arg.value.kind, ExprKind::Spread(_) | ExprKind::PositionalRest(_));
            push_arg(&mut out, arg.name.clone(), value, spread);
        }
        out
    }
}

/// A list with its elements; lists that are spread out in it are a part of it.
fn list_of(items: &[Expr], values: Vec<Value>) -> Value {
    let mut all = Vec::with_capacity(values.len());
    let mut open = false;
    for (item, value) in items.iter().zip(values) {
        match value.terms.as_slice() {
            [Term { kind: Kind::List(inner), open: may_change, .. }]
                if matches!(item.kind, ExprKind::Spread(_)) =>
            {
                open |= may_change;
                all.extend(inner.iter().cloned());
            }
            [Term { kind: Kind::Answer(answer), .. }]
                if matches!(item.kind, ExprKind::Spread(_))
                    && let Some(item) = answer.item() =>
            {
                open = true;
                all.push(item);
            }
            _ => all.push(value),
        }
    }
    let list = Value::one(Kind::List(Arc::new(all))).no_more_than(value::MAX_WRITTEN);
    if open { list.opened() } else { list }
}
