//! What is put at the end of a list or of a text that a name stands for.

use std::sync::Arc;

use crate::scan::evaluate::{Evaluator, Frame, dotted};
use crate::scan::fields::decoders::only_answer;
use crate::scan::fields::each_answer::is_list_of_answers;
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::compose;
use crate::scan::value::{self, Entry, Kind, Term, Value};

impl Evaluator<'_> {
    /// What there is of a text with more behind it, where each of several steps gives what
    /// there is by then: `url << "/users/" << id`.
    pub(super) fn put_behind(
        &self,
        frame: &mut Frame,
        object: &Expr,
        name: &str,
        callee: &Callee,
        args: &[NamedValue],
    ) -> Option<Value> {
        let object_of =
            |value: &Value| matches!(value.terms.as_slice(), [Term { kind: Kind::Object(_), .. }]);
        // Ruby: `{ state: "open" }.merge(options)`, `.merge(sort: "name")`
        let given = |value: &Value| {
            let param = matches!(value.terms.as_slice(), [Term { kind: Kind::Param(_), .. }]);
            param && self.dialect.calls_by_name()
        };
        if name == "merge" && !args.is_empty() && (object_of(&callee.receiver) || given(&callee.receiver)) {
            let mut whole = match object_of(&callee.receiver) {
                true => callee.receiver.clone(),
                // What a caller gives, and something besides.
                false => Value::one(Kind::Object(Arc::new(vec![(Entry::Spread, callee.receiver.clone())]))),
            };
            for (name, value) in args {
                whole = match name.as_deref() {
                    None | Some("**") => whole.merged(value, false),
                    Some(name) => whole.with(&Entry::Key(Key::from(name)), value),
                };
            }
            return Some(whole);
        }
        let text = |term: &Term| matches!(term.kind, Kind::Text(_) | Kind::Param(_));
        if name != "<<" || callee.receiver.is_empty() || !callee.receiver.terms.iter().all(text) {
            return None;
        }
        let mut first = object;
        while let ExprKind::Call(inner) = &first.kind
            && let ExprKind::Member(object, step) = &inner.callee.kind
            && &**step == "<<"
        {
            first = object;
        }
        let path = dotted(first)?;
        let parts: Vec<Value> =
            std::iter::once(&callee.receiver).chain(args.iter().map(|(_, value)| value)).cloned().collect();
        let whole = compose::concat(&parts, Span::NOWHERE);
        frame.env.insert(path.into(), Arc::new(whole.clone()));
        Some(whole)
    }

    /// What a method gives that keeps it in a field of its own name, where naming it is calling
    /// it: Ruby's `def base; @base ||= "https://..."; end`, `def conn; @conn ||= Faraday.new; end`.
    pub(crate) fn kept_value(&self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        let seen = |term: &Term| matches!(term.kind, Kind::Text(_) | Kind::Client(_) | Kind::Instance(..));
        let own = matches!(callee.receiver.terms.as_slice(), [Term { kind: Kind::This(_), .. }]);
        let known = !callee.value.is_empty() && callee.value.terms.iter().all(seen);
        (self.dialect.calls_by_name() && args.is_empty() && own && known).then(|| callee.value.clone())
    }

    /// Python, Ruby: a list and the list of an answer: `rows += page`.
    pub(crate) fn with_page(&self, values: &[Value]) -> Option<Value> {
        if self.dialect.naming() != Naming::Python && !self.dialect.calls_by_name() {
            return None;
        }
        let [known, page] = values else { return None };
        let fits = |term: &Term| match &term.kind {
            Kind::List(items) => items.is_empty() || is_list_of_answers(known),
            _ => false,
        };
        let item = only_answer(page)?.item()?;
        let lists = !known.is_empty() && known.terms.iter().all(fits);
        lists.then(|| Value::one(Kind::List(Arc::new(vec![item]))).opened())
    }

    /// A list that a name stands for, with what is put at its end:
    /// `parts.append(x)`, `parts.extend(more)`, `parts.push(a, b)`.
    pub(super) fn longer_list(
        &self,
        frame: &Frame,
        object: &Expr,
        name: &str,
        args: &[NamedValue],
    ) -> Option<(Arc<str>, Value)> {
        const MAX_IN_SEVERAL: usize = 24;
        let whole = matches!(name, "extend" | "addAll" | "AddRange" | "extend_from_slice");
        let one = args.len() == 1 && matches!(name, "append" | "add" | "Add" | "<<");
        if args.is_empty() || !whole && !one && name != "push" {
            return None;
        }
        let path = dotted(object)?;
        let known = frame.env.get(&*path)?;
        let list = |term: &Term| matches!(term.kind, Kind::List(_));
        // `all.push(...page)`
        let spread = |name: &Option<Arc<str>>, value: &Value| {
            name.as_deref() == Some("*") && crate::scan::fields::pipes::is_answer(value)
        };
        if known.is_empty()
            || !known.terms.iter().all(list)
            || args.iter().any(|(name, value)| name.is_some() && !spread(name, value))
        {
            return None;
        }
        // Segments of a path may be of several lists; whole requests in lists that grow under
        // conditions would be handed on by every helper in every combination.
        let segment = |term: &Term| matches!(term.kind, Kind::Text(_) | Kind::Param(_));
        let segments = args.iter().all(|(_, value)| value.terms.iter().all(segment));
        if known.terms.len() > 1 && !segments && !known.holds_at_most(MAX_IN_SEVERAL) {
            return None;
        }
        let mut longer = Value::default();
        for term in known.all_or_longest() {
            let mut parts = vec![Value { terms: vec![term.clone()] }];
            for (name, value) in args {
                parts.push(match whole || name.is_some() {
                    true => value.clone(),
                    false => Value::one(Kind::List(Arc::new(vec![value.clone()]))),
                });
            }
            // What is put in and not known may be any number of elements.
            let list = compose::chain_lists(&parts).unwrap_or_else(|| Value::unknown(""));
            longer = longer.join(list.within(term));
        }
        Some((path.into(), longer.no_more_than(value::MAX_WRITTEN).opened()))
    }
}
