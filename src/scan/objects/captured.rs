//! What a closure knows of the function that gives it back:
//! `make = base => path => fetch(base + path)`. Such an address is a parameter of the closure, too:
//! what is kept under a name (`gitea = make("https://gitea.example.com")`) is called with the one
//! that it was made with, everything else with any that the maker is given.

use std::sync::Arc;

use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::requests::request::NamedValue;
use crate::scan::value::{Kind, Term};
use crate::scan::wording;

/// The last words of names that hold an address.
const ADDRESSES: [&str; 9] =
    ["address", "base", "domain", "endpoint", "host", "origin", "server", "uri", "url"];

/// The last words of names that hold what makes a request: `withRetry = rawFetch => (url, init) => rawFetch(url, init)`.
const ASKERS: [&str; 4] = ["fetch", "fetcher", "request", "requester"];

/// Makes addresses that functions give back with a closure parameters of that, and what asks for them.
pub(crate) fn make_params(unit: &mut Unit) {
    let mut captured = Vec::new();
    for (maker, function) in unit.functions.iter().enumerate() {
        let address = |param: &&Param| {
            let named = |words: &[&str]| wording::ends_with_word(&param.name, words);
            param.kind == ParamKind::Plain && (named(&ADDRESSES) || named(&ASKERS))
        };
        let addresses: Vec<_> = function.params.iter().filter(address).map(|param| &param.name).collect();
        if addresses.is_empty() || function.inline {
            continue;
        }
        for value in returned(&function.body) {
            let closure = match &value.kind {
                ExprKind::Function(id) => Some(*id),
                ExprKind::Name(name) => unit.functions.iter().position(|inner| {
                    inner.parent == Some(maker) && inner.class.is_none() && inner.name.as_ref() == Some(name)
                }),
                _ => None,
            };
            let Some(id) = closure.filter(|id| !unit.functions[*id].inline) else { continue };
            for name in &addresses {
                let known = |function: &Function| changes(&function.body, name);
                let own = unit.functions[id].params.iter().any(|param| param.name == **name);
                if !own && !known(function) && !known(&unit.functions[id]) {
                    captured.push((id, Arc::clone(name), value.span));
                }
            }
        }
    }
    for (id, name, span) in captured {
        let params = &mut unit.functions[id].params;
        if params.iter().all(|param| param.name != name) {
            let outer = Expr { kind: ExprKind::Name(name.clone()), span };
            let default = Some(Expr { kind: ExprKind::Spread(Box::new(outer)), span });
            params.push(Param { name, kind: ParamKind::Plain, default });
        }
    }
}

/// Whether a parameter is one that only the closure's maker is given. No source has such a default.
pub(crate) fn is_captured(param: &Param) -> bool {
    let Some(Expr { kind: ExprKind::Spread(outer), .. }) = &param.default else { return false };
    matches!(&outer.kind, ExprKind::Name(name) if *name == param.name)
}

/// Whether a body gives a name another value.
fn changes(body: &[Stmt], name: &Arc<str>) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::Assign { target, .. } => matches!(&target.kind, ExprKind::Name(target) if target == name),
        Stmt::Branch(arms) => arms.iter().any(|arm| changes(arm, name)),
        Stmt::Loop(body) => changes(body, name),
        _ => false,
    })
}

impl<'u> Evaluator<'u> {
    /// The arguments of a call of a closure, with those that it was made with.
    pub(crate) fn with_captured(
        &mut self,
        frame: &mut Frame,
        callee: &'u Expr,
        id: FunctionId,
        args: &[NamedValue],
    ) -> Option<Vec<NamedValue>> {
        let unit = self.unit;
        let function = &unit.functions[id];
        let maker = function.parent?;
        if !function.params.iter().any(is_captured) {
            return None;
        }
        let (scope, made) = self.call_making(frame, callee)?;
        let means = |term: &Term| matches!(term.kind, Kind::Function(meant) if meant == maker);
        if !self.outside_muted(scope, &made.callee).terms.iter().all(means) {
            return None;
        }
        let mut all = args.to_vec();
        for param in function.params.iter().filter(|param| is_captured(param)) {
            let Some(index) = unit.functions[maker].params.iter().position(|own| own.name == param.name)
            else {
                continue;
            };
            let by_name = made.args.iter().find(|arg| arg.name.as_ref() == Some(&param.name));
            let by_place = || made.args.get(index).filter(|arg| arg.name.is_none());
            let Some(arg) = by_name.or_else(by_place) else { continue };
            let value = match scope == frame.function {
                true => {
                    self.muted += 1;
                    let value = self.expr(frame, &arg.value);
                    self.muted -= 1;
                    value
                }
                false => self.outside_muted(scope, &arg.value),
            };
            all.push((Some(param.name.clone()), value));
        }
        (all.len() > args.len()).then_some(all)
    }

    /// The call that made what is called: `make(base)(path)`, or the only one that a name is given.
    fn call_making(&self, frame: &Frame, callee: &'u Expr) -> Option<(FunctionId, &'u CallExpr)> {
        let name = match &callee.kind {
            ExprKind::Call(call) => return Some((frame.function, call)),
            ExprKind::Name(name) => name,
            _ => return None,
        };
        let around = std::iter::successors(Some(frame.function), |id| self.unit.functions[*id].parent);
        let root = self.program.files[self.program.owners[frame.function]].root;
        let sites = around.chain([root]).find_map(|id| self.index.assigned[id].get(name))?;
        match sites.as_slice() {
            [(scope, Expr { kind: ExprKind::Call(call), .. })] => Some((*scope, call)),
            _ => None,
        }
    }
}
