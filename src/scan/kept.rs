//! Closures that are kept under a name or a key are functions: those who call them say
//! what they are given. `get := func(path string) ...`, `$url = fn($id) => ...`,
//! `{"project": lambda id: ...}`.

use super::form::{CallExpr, Expr, ExprKind, FunctionId, Stmt, Unit};
use super::wording;

/// Words of functions that give back the function that they are handed, to be called as it is:
/// `useCallback(async (path) => ..., [])`, `memoize(load)`, `limiter.wrap(load)`.
const HANDING_BACK: [&str; 14] = [
    "callback",
    "cache",
    "cached",
    "debounce",
    "debounced",
    "memo",
    "memoise",
    "memoize",
    "memoized",
    "once",
    "throttle",
    "throttled",
    "wrap",
    "wrapped",
];

/// Whether what is called like this gives back the function that it is handed first.
pub(super) fn hands_back(name: &str) -> bool {
    wording::words(name).iter().any(|word| HANDING_BACK.contains(&word.as_str()))
}

/// Makes them functions. One that takes nothing is run where it stands: nobody says
/// more of it. One that is returned is a function where it is still to be given a path,
/// `return path => client.get(base + path)`; else what its maker was given is all there is.
pub(super) fn make_functions(unit: &mut Unit) {
    let (mut kept, mut returned) = (Vec::new(), Vec::new());
    unit.functions.iter().for_each(|function| in_block(&function.body, &mut kept, &mut returned));
    let fields = unit.classes.iter().flat_map(|class| &class.fields);
    fields.for_each(|(_, _, value)| of_value(value, &mut kept));
    returned.retain(|id| unit.functions[*id].params.iter().any(|param| wording::names_path(&param.name)));
    for id in kept.into_iter().chain(returned) {
        let function = &mut unit.functions[id];
        function.inline &= function.params.is_empty();
    }
}

fn in_block(body: &[Stmt], kept: &mut Vec<FunctionId>, returned: &mut Vec<FunctionId>) {
    for stmt in body {
        match stmt {
            Stmt::Assign { value, .. } => of_value(value, kept),
            Stmt::Return(value) => match &value.kind {
                ExprKind::Function(id) => returned.push(*id),
                _ => of_entries(value, kept),
            },
            Stmt::Branch(arms) => arms.iter().for_each(|arm| in_block(arm, kept, returned)),
            Stmt::Loop(body) => in_block(body, kept, returned),
            Stmt::Expr(_) | Stmt::Leave | Stmt::When { .. } => {}
        }
    }
}

fn of_value(value: &Expr, kept: &mut Vec<FunctionId>) {
    match &value.kind {
        ExprKind::Function(id) => kept.push(*id),
        ExprKind::Call(call) => kept.extend(handed_back(call)),
        _ => of_entries(value, kept),
    }
}

fn of_entries(value: &Expr, kept: &mut Vec<FunctionId>) {
    let ExprKind::Object(entries) = &value.kind else { return };
    entries.iter().filter(|(key, _)| key.is_some()).for_each(|(_, value)| of_value(value, kept));
}

/// The closure that a call gives back.
fn handed_back(call: &CallExpr) -> Option<FunctionId> {
    let (ExprKind::Name(name) | ExprKind::Member(_, name)) = &call.callee.kind else { return None };
    match call.args.first()?.value.kind {
        ExprKind::Function(id) if hands_back(name) => Some(id),
        _ => None,
    }
}
