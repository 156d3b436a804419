//! What a field holds that options may change: `New(WithBase("https://api.example.com"))`.
//! Where the constructor writes an address, an option that nobody in the program asks for
//! is no reason to think that it leads elsewhere.

use std::sync::Arc;

use crate::scan::evaluate::Evaluator;
use crate::scan::evaluate::index::Site;
use crate::scan::form::*;
use crate::scan::value::url::is_local;
use crate::scan::value::{Kind, Piece, Term, Value};

impl<'u> Evaluator<'u> {
    /// Everything that some sites give a field of a class.
    pub(crate) fn of_sites(&mut self, class: ClassId, member: &Arc<str>, sites: &[Site<'u>]) -> Value {
        let optional = self.index.optional.contains(&(class, member.clone()));
        let mut out = Value::default();
        let mut options = Vec::new();
        for (function, expr) in sites {
            // Where a function makes an object, its own names count: `Client{http: http}`.
            let own = &self.unit.classes[class].fields;
            let in_body = own.iter().any(|(_, _, value)| std::ptr::eq(value, *expr));
            let value = self.outside(*function, in_body.then_some(class), expr);
            match optional && self.makes_option(*function) {
                true => options.push((*function, value)),
                false => out = out.join(value),
            }
        }
        let addressed = out.terms.iter().any(is_somebodys);
        for (function, mut value) in options {
            if addressed && !value.terms.iter().all(is_begun) && !self.is_asked_for(function) {
                value.terms.retain(is_begun);
            }
            out = out.join(value);
        }
        out.of_field()
    }

    /// Whether a function gives a closure back: `return func(c *Client) { c.base = base }`,
    /// `return Option(func(c *Client) { .. })`.
    fn makes_option(&self, id: FunctionId) -> bool {
        self.unit.functions[id].body.iter().any(|stmt| match stmt {
            Stmt::Return(Expr { kind: ExprKind::Function(_), .. }) => true,
            Stmt::Return(Expr { kind: ExprKind::Call(call), .. }) => {
                let closure = |arg: &Arg| matches!(arg.value.kind, ExprKind::Function(_));
                // What is called is a type. A function is handed the closure to use it.
                call.args.len() == 1
                    && call.args.iter().all(closure)
                    && !self.index.names_function(&call.callee)
            }
            _ => false,
        })
    }

    /// Whether the program calls a function, which may have the name of another one.
    fn is_asked_for(&mut self, id: FunctionId) -> bool {
        if !self.index.callers(id).is_empty() {
            return true;
        }
        let Some(name) = self.unit.functions[id].name.as_deref() else { return true };
        let calls = self.index.calls_of(name).to_vec();
        let means = |term: &Term| matches!(term.kind, Kind::Function(meant) if meant == id);
        calls.into_iter().any(|(scope, call)| {
            let callee = self.outside_muted(scope, &call.callee);
            callee.terms.iter().any(means)
        })
    }
}

/// Whether an alternative is the address of a server that has a name.
fn is_somebodys(term: &Term) -> bool {
    let Kind::Text(pieces) = &term.kind else { return false };
    let Some(Piece::Literal { text, .. }) = pieces.first() else { return false };
    let host = text.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.split(['/', ':', '?', '#']).next().unwrap_or_default();
    !is_local(host)
}

/// Whether it is known what an alternative begins with.
fn is_begun(term: &Term) -> bool {
    match &term.kind {
        Kind::Text(pieces) => matches!(pieces.first(), Some(Piece::Literal { .. })),
        Kind::Unknown(_) | Kind::Param(_) => false,
        _ => true,
    }
}
