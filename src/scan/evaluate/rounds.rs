//! Functions that are called for every element of a list: `paths.map(p => get(p))`,
//! `paths.Select(p => client.GetAsync(p))`, `pool.map(fetch, paths)`, `array_map($get, $paths)`;
//! what gives the list in another form; closures that are called where they are written.

use std::sync::Arc;

use super::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::objects::containers::has_function;
use crate::scan::objects::elements::{ROW, Rows};
use crate::scan::requests::generic;
use crate::scan::requests::request::{Callee, option};
use crate::scan::value::{self, Kind, Term, Value};

/// Methods that give what a function makes of each element.
const MAPPING: [&str; 7] = ["Select", "SelectMany", "map", "flatMap", "flat_map", "mapNotNull", "filter_map"];
/// Methods that run a function for each element.
const RUNNING: [&str; 6] = ["ForEach", "forEach", "for_each", "ForAll", "forEachOrdered", "peek"];
/// Methods that give the same elements.
const SAME: [&str; 26] = [
    "stream",
    "parallelStream",
    "parallel",
    "sequential",
    "sorted",
    "distinct",
    "toList",
    "collect",
    "boxed",
    "AsParallel",
    "AsEnumerable",
    "AsQueryable",
    "ToList",
    "ToArray",
    "ToImmutableList",
    "Distinct",
    "Reverse",
    "iter",
    "iter_mut",
    "into_iter",
    "into_par_iter",
    "par_iter",
    "copied",
    "cloned",
    "enumerate",
    "to_vec",
];

/// Methods of lists of scripts that call a closure for every element.
const OF_LISTS: [&str; 8] = ["map", "forEach", "flatMap", "filter", "some", "every", "find", "each"];
/// Python's functions, and methods of its pools and executors, that take the function first.
const OF_POOLS: [&str; 5] = ["map", "imap", "imap_unordered", "map_async", "map_unordered"];
/// Helpers of scripts that take the list first.
const HELPERS: [&str; 6] = ["_", "lodash", "async", "Promise", "Bluebird", "R"];

/// Where a call has the list and the function.
struct Shape<'u> {
    /// Without one it is the object of the call.
    list: Option<&'u Expr>,
    function: &'u Expr,
    /// The parameter that is an element.
    place: usize,
}

impl<'u> Evaluator<'u> {
    /// What a closure gives that is called where it is written.
    pub(super) fn run_in_place(&mut self, frame: &mut Frame, call: &'u CallExpr) -> Option<Value> {
        let ExprKind::Function(id) = call.callee.kind else { return None };
        let one = call.args.len() <= 1 && call.args.iter().all(|arg| arg.name.is_none());
        if !self.unit.functions[id].inline || !one {
            return None;
        }
        let given = call.args.first().map(|arg| self.expr(frame, &arg.value));
        let value = self.closure_given(frame, id, given);
        Some(if value.is_empty() { Value::unknown("") } else { value })
    }

    /// What a call gives that runs a function for every element of a list, where the list
    /// is seen or a caller gives it.
    pub(super) fn rounds(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        call: &'u CallExpr,
        span: Span,
    ) -> Option<Value> {
        if let Some(list) = self.same_elements(frame, callee, call) {
            return Some(list);
        }
        let shape = self.shape(callee, call)?;
        let rows = self.rows_of_table(callee, shape.function);
        let is_table = rows.is_some();
        let list = match shape.list {
            // It is evaluated for the calls in it only once it is clear that it is one.
            Some(list) => {
                self.muted += 1;
                let value = self.expr(frame, list);
                self.muted -= 1;
                value
            }
            None => rows.unwrap_or_else(|| callee.receiver.clone()),
        };
        // A script's closure is run for what a caller's list holds, whatever it is a method of.
        let script = self.dialect.naming() == Naming::JavaScript;
        let written = matches!(shape.function.kind, ExprKind::Function(_));
        let known = |term: &Term| match &term.kind {
            Kind::List(items) => !items.is_empty(),
            Kind::Param(_) => shape.list.is_some() || script && written,
            _ => false,
        };
        if list.is_empty() || !list.terms.iter().all(known) {
            let kept = self.kept_by_filter(frame, callee, shape.function);
            return kept.or_else(|| self.paths_of_each(frame, callee, shape));
        }
        let inline = match &shape.function.kind {
            ExprKind::Function(id) => Some(*id).filter(|id| self.unit.functions[*id].inline)?,
            _ => {
                let function = self.expr(frame, shape.function);
                return self.named_rounds(frame, &function, &list, span);
            }
        };
        if let Some(list) = shape.list {
            self.expr(frame, list);
        }
        let items = match list.terms.as_slice() {
            [Term { kind: Kind::List(items), .. }] if items.len() <= value::MAX_ALTERNATIVES => {
                items.to_vec()
            }
            _ => vec![self.any_element(&list, span)],
        };
        let mut given = Vec::with_capacity(items.len());
        for item in items {
            let both = is_table && self.unit.functions[inline].params.len() == 2;
            let item = match item.terms.as_slice() {
                [Term { kind: Kind::List(parts), .. }] if both => parts.to_vec(),
                _ => vec![item],
            };
            let before = std::iter::repeat_with(|| Value::unknown("index")).take(shape.place);
            given.push(self.closure_given(frame, inline, before.chain(item).collect::<Vec<_>>()));
        }
        let known = |value: Value| if value.is_empty() { Value::unknown("") } else { value };
        let open = shape.list.is_none() && list.terms.iter().any(|term| matches!(term.kind, Kind::Param(_)));
        Some(match callee.name() {
            "filter" => list,
            // How many there are only the caller knows.
            _ if open => match given.as_slice() {
                [each] if MAPPING.contains(&callee.name()) && is_asked_for(each) => {
                    Value::one(Kind::List(Arc::new(given)))
                }
                _ => Value::unknown(""),
            },
            name if MAPPING.contains(&name) => {
                Value::one(Kind::List(Arc::new(given.into_iter().map(known).collect())))
            }
            _ => Value::unknown(""),
        })
    }

    /// The rows of a table whose closure takes key and value: `routes.forEach((path, method) -> ..)`,
    /// `routes.forEach { (path, method) -> .. }`.
    fn rows_of_table(&self, callee: &Callee, function: &Expr) -> Option<Value> {
        let ExprKind::Function(id) = function.kind else { return None };
        let table = matches!(callee.receiver.terms.as_slice(), [Term { kind: Kind::Object(_), .. }]);
        let takes_both = match self.unit.functions[id].params.as_slice() {
            [row] => &*row.name == ROW,
            params => params.len() == 2,
        };
        (table && takes_both && self.dialect.naming() == Naming::Classes)
            .then(|| Rows::Entries.of(&callee.receiver, |object| self.element(object, None)))
    }

    /// JavaScript: what a closure leaves of something of which nothing is known: `parts.filter(p => p)`.
    fn kept_by_filter(&mut self, frame: &mut Frame, callee: &Callee, function: &'u Expr) -> Option<Value> {
        let ExprKind::Function(id) = function.kind else { return None };
        if callee.name() != "filter" || self.dialect.naming() != Naming::JavaScript {
            return None;
        }
        self.closure_given(frame, id, Some(Value::unknown("item")));
        Some(callee.receiver.clone())
    }

    /// What a closure makes of each element of a list of which nothing is known, where that is
    /// a path: `ids.stream().map(id -> "/users/" + id)`, or in scripts a request that is described:
    /// `ids.map(id => ({ url: `/users/${id}`, method: "DELETE" }))`.
    fn paths_of_each(&mut self, frame: &mut Frame, callee: &Callee, shape: Shape<'u>) -> Option<Value> {
        let ExprKind::Function(id) = shape.function.kind else { return None };
        let function = &self.unit.functions[id];
        let [Stmt::Return(given)] = function.body.as_slice() else { return None };
        let put_together =
            matches!(given.kind, ExprKind::Concat(_) | ExprKind::Format { .. } | ExprKind::Text(_));
        let script = self.dialect.naming() == Naming::JavaScript;
        let object = script && matches!(given.kind, ExprKind::Object(_));
        let listed = script || matches!(self.dialect.naming(), Naming::Classes | Naming::Rust);
        let plain = listed && shape.list.is_none() && (put_together || object);
        if !plain || !function.inline || !MAPPING.contains(&callee.name()) {
            return None;
        }
        let given = self.closure_given(frame, id, None);
        Some(if is_asked_for(&given) {
            Value::one(Kind::List(Arc::new(vec![given])))
        } else {
            Value::unknown("")
        })
    }

    /// A list in another form, in languages whose lists have one: `paths.stream()`, `paths.iter()`.
    fn same_elements(&mut self, frame: &mut Frame, callee: &Callee, call: &'u CallExpr) -> Option<Value> {
        let named = matches!(self.dialect.naming(), Naming::Classes | Naming::Rust);
        let items = callee.receiver.terms.iter().map(|term| match &term.kind {
            Kind::List(items) => Some(items.len()),
            _ => None,
        });
        let count: usize = items.sum::<Option<usize>>()?;
        if !named || count == 0 || !SAME.contains(&callee.name()) {
            return None;
        }
        call.args.iter().for_each(|arg| drop(self.expr(frame, &arg.value)));
        Some(callee.receiver.clone())
    }

    /// As [`Self::rounds`], of a function of the program that is named.
    fn named_rounds(
        &mut self,
        frame: &mut Frame,
        function: &Value,
        list: &Value,
        span: Span,
    ) -> Option<Value> {
        let (id, object) = match function.terms.as_slice() {
            [Term { kind: Kind::Function(id), .. }] => (*id, Value::default()),
            // `def each(load, urls): pool.map(load, urls)`: callers give both.
            [Term { kind: Kind::Param(_), .. }] => {
                let callee =
                    Callee { path: Vec::new(), receiver: Value::default(), value: Value::clone(function) };
                let element = self.any_element(list, span);
                return self.handed_function(frame, &callee, &[(None, element)], span);
            }
            // PHP: `'fetch'`, `[$this, 'fetch']`
            [Term { kind: Kind::Text(_), .. }] => {
                let named = self.global(frame, &function.literal()?.into(), span)?;
                let [Term { kind: Kind::Function(id), .. }] = named.terms.as_slice() else { return None };
                (*id, Value::default())
            }
            [Term { kind: Kind::List(parts), .. }] => {
                let [object, name] = parts.as_slice() else { return None };
                let method = self.member(object, &name.literal()?.into(), span);
                let [Term { kind: Kind::Function(id), .. }] = method.terms.as_slice() else { return None };
                (*id, object.clone())
            }
            _ => return None,
        };
        if self.unit.functions[id].inline || self.unit.functions[id].params.is_empty() {
            return None;
        }
        let object = match (object.is_empty(), self.unit.functions[id].class) {
            (true, Some(class))
                if frame.this.or(self.unit.functions[frame.function].class) == Some(class) =>
            {
                Value::one(Kind::This(class))
            }
            _ => object,
        };
        let items = match list.terms.as_slice() {
            [Term { kind: Kind::List(items), .. }] if items.len() <= value::MAX_ALTERNATIVES => {
                items.to_vec()
            }
            _ => vec![self.any_element(list, span)],
        };
        let mut given = Vec::with_capacity(items.len());
        for item in items {
            self.sink(&item);
            let (value, _) = self.invoke(frame, id, &object, &[(None, item)], span);
            given.push(if value.is_empty() { Value::unknown("") } else { value });
        }
        Some(Value::one(Kind::List(Arc::new(given))))
    }

    fn shape(&self, callee: &Callee, call: &'u CallExpr) -> Option<Shape<'u>> {
        let name = callee.name();
        let own = |term: &Term| matches!(term.kind, Kind::Function(_) | Kind::Class(_) | Kind::Bound(..));
        let object = |term: &Term| {
            matches!(term.kind, Kind::Instance(..) | Kind::This(_) | Kind::Client(_))
                || has_function(term, name)
        };
        if callee.value.terms.iter().any(own) || callee.receiver.terms.iter().any(object) {
            return None;
        }
        let args = call.args.as_slice();
        let plain = |at: usize| args.get(at).filter(|arg| arg.name.is_none()).map(|arg| &arg.value);
        let callable = |expr: &&Expr| {
            matches!(expr.kind, ExprKind::Function(_) | ExprKind::Name(_) | ExprKind::Member(..))
        };
        let first = |function: &'u Expr, list: Option<&'u Expr>| Some(Shape { list, function, place: 0 });
        match self.dialect.naming() {
            Naming::JavaScript => {
                let helper = name == "pMap" || callee.path.len() == 2 && HELPERS.contains(&callee.owner());
                let jquery = callee.path.len() == 2 && matches!(callee.owner(), "$" | "jQuery");
                if (helper || jquery)
                    && (name == "pMap" || OF_LISTS.contains(&name) || name.ends_with("Limit"))
                {
                    let function = (1..args.len()).filter_map(plain).find(callable)?;
                    return Some(Shape { list: plain(0), function, place: usize::from(jquery) });
                }
                if !OF_LISTS.contains(&name) || callee.path.is_empty() {
                    return None;
                }
                first(plain(0).filter(callable)?, None)
            }
            Naming::Python if OF_POOLS.contains(&name) && args.len() >= 2 => {
                first(plain(0).filter(callable)?, Some(plain(1)?))
            }
            Naming::Classes if callee.path.len() == 1 && args.len() == 2 => match name {
                "array_map" => first(plain(0)?, Some(plain(1)?)),
                "array_walk" => first(plain(1)?, Some(plain(0)?)),
                _ => None,
            },
            Naming::Classes | Naming::Rust if args.len() == 1 => {
                let known = MAPPING.contains(&name) || RUNNING.contains(&name);
                first(plain(0).filter(callable).filter(|_| known)?, None)
            }
            _ => None,
        }
    }
}

/// Whether a value is a path, or an object that says where a request goes.
fn is_asked_for(value: &Value) -> bool {
    let told = |key: &&str| option(value, key).is_some_and(generic::reads_like_path);
    generic::reads_like_path(value) || ["url", "uri", "path", "endpoint"].iter().any(told)
}
