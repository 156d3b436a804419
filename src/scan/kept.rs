//! Closures that are kept under a name or a key are functions: those who call them say
//! what they are given. `get := func(path string) ...`, `$url = fn($id) => ...`,
//! `{"project": lambda id: ...}`.

use super::form::{Expr, ExprKind, FunctionId, Stmt, Unit};

/// Makes them functions. One that takes nothing is run where it stands: nobody says
/// more of it.
pub(super) fn make_functions(unit: &mut Unit) {
    let mut kept = Vec::new();
    unit.functions.iter().for_each(|function| in_block(&function.body, &mut kept));
    let fields = unit.classes.iter().flat_map(|class| &class.fields);
    fields.for_each(|(_, _, value)| of_value(value, &mut kept));
    for id in kept {
        let function = &mut unit.functions[id];
        function.inline &= function.params.is_empty();
    }
}

fn in_block(body: &[Stmt], kept: &mut Vec<FunctionId>) {
    for stmt in body {
        match stmt {
            Stmt::Assign { value, .. } => of_value(value, kept),
            Stmt::Return(value) => of_entries(value, kept),
            Stmt::Branch(arms) => arms.iter().for_each(|arm| in_block(arm, kept)),
            Stmt::Loop(body) => in_block(body, kept),
            Stmt::Expr(_) | Stmt::Leave | Stmt::When { .. } => {}
        }
    }
}

fn of_value(value: &Expr, kept: &mut Vec<FunctionId>) {
    match &value.kind {
        ExprKind::Function(id) => kept.push(*id),
        _ => of_entries(value, kept),
    }
}

fn of_entries(value: &Expr, kept: &mut Vec<FunctionId>) {
    let ExprKind::Object(entries) = &value.kind else { return };
    entries.iter().filter(|(key, _)| key.is_some()).for_each(|(_, value)| of_value(value, kept));
}
