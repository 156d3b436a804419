//! What a class hands to the constructor that it builds upon: `super("https://api.example.com")`.
//! Several classes may build upon one, each with an address of its own.

use std::sync::Arc;

use crate::scan::evaluate::Evaluator;
use crate::scan::evaluate::index::hands_up;
use crate::scan::form::*;
use crate::scan::requests::builder;
use crate::scan::requests::request::{Dialect, Request};
use crate::scan::value::{Kind, ParamRef, Piece, RECEIVER, Term, Value};

/// Constructors that are run in one another.
const MAX_CONSTRUCTIONS: usize = 4;

/// The fields of an object as the constructor of its class leaves it, where nobody says what
/// that is given.
pub(crate) type Made = Arc<Vec<(Arc<str>, Value)>>;

impl<'u> Evaluator<'u> {
    /// What a field holds of objects whose class hands something to the constructor above.
    pub(crate) fn as_made(&mut self, class: ClassId, member: &Arc<str>) -> Option<Value> {
        let made = self.made_of(class)?;
        let (_, value) = made.iter().find(|(name, _)| name == member)?;
        let known = |term: &Term| match &term.kind {
            Kind::Text(_) => true,
            Kind::Client(base) => base.terms.iter().all(|term| matches!(term.kind, Kind::Text(_))),
            _ => false,
        };
        (!value.is_empty() && value.terms.iter().all(known)).then(|| value.clone())
    }

    fn made_of(&mut self, class: ClassId) -> Option<Made> {
        if let Some(known) = self.made_of.get(&class) {
            return known.clone();
        }
        let id = self.index.constructor(class)?;
        let function = &self.unit.functions[id];
        let receiver = function.receiver.clone()?;
        let own = function.class.is_some_and(|home| self.index.chain(home).len() > 1);
        if !own
            || !block_hands_up(&function.body, &function.params)
            || self.constructions >= MAX_CONSTRUCTIONS
        {
            return None;
        }
        // What needs itself is not known there.
        self.made_of.insert(class, None);
        self.constructions += 1;
        let env = self.run_constructor(id, class, &[]);
        self.constructions -= 1;
        let front = format!("{receiver}.");
        let field = |(name, value): (Arc<str>, Arc<Value>)| {
            let field = name.strip_prefix(front.as_str()).filter(|field| !field.contains(['.', '[']))?;
            Some((Arc::from(field), Value::clone(&value)))
        };
        let made: Made = Arc::new(env.into_iter().filter_map(field).collect());
        self.made_of.insert(class, Some(made.clone()));
        Some(made)
    }

    /// The client object that a field holds, where each object of the class has one with an
    /// address of its own.
    pub(crate) fn own_client(&mut self, class: ClassId, member: &Arc<str>) -> Option<Value> {
        let value = self.field(class, member);
        let [Term { kind: Kind::Client(base), .. }] = value.terms.as_slice() else { return None };
        let texts = base.terms.iter().filter(|term| matches!(term.kind, Kind::Text(_))).count();
        if texts < 2 || !self.index.below(class).into_iter().any(|below| self.made_of(below).is_some()) {
            return None;
        }
        let members = vec![member.clone(), builder::BASE.into()];
        let base = ParamRef { index: RECEIVER, members, name: member.clone(), lent: false };
        Some(Value::one(Kind::Client(Arc::new(Value::one(Kind::Param(base))))))
    }
}

/// Whether a constructor hands something of its own to the one above: what it is given itself
/// is what whoever makes the object says.
fn block_hands_up(body: &[Stmt], params: &[Param]) -> bool {
    let given = |arg: &Arg| match &arg.value.kind {
        ExprKind::Name(name) => params.iter().any(|param| param.name == *name),
        ExprKind::Spread(_) => true,
        _ => false,
    };
    body.iter().any(|stmt| match stmt {
        Stmt::Expr(Expr { kind: ExprKind::Call(call), .. })
        | Stmt::Return(Expr { kind: ExprKind::Call(call), .. }) => {
            hands_up(call) && !call.args.iter().all(given)
        }
        Stmt::Branch(arms) => arms.iter().any(|arm| block_hands_up(arm, params)),
        _ => false,
    })
}

/// Whether a request goes to an address that its object has, and only one is known to be that
/// in place, as a default: whoever makes the object may give another one.
pub(crate) fn has_own_address(request: &Request, in_place: &Request, dialect: &dyn Dialect) -> bool {
    let (Some(asked), Some(known)) = (request.read(dialect), in_place.read(dialect)) else { return false };
    let of_object = |(pieces, _): (Vec<Piece>, &Term)| matches!(pieces.first(), Some(Piece::Param(param)) if param.index == RECEIVER);
    let given = |pieces: &[Piece]| matches!(pieces.first(), Some(Piece::Hole(_)));
    let texts = known.url.texts().filter(|(pieces, _)| !given(pieces));
    let mut hosts = texts.map(|(pieces, _)| match pieces.first() {
        Some(Piece::Literal { text, .. }) => {
            let (_, behind) = text.split_once("://")?;
            Some(behind.split('/').next().unwrap_or_default().to_owned())
        }
        _ => None,
    });
    let Some(Some(host)) = hosts.next() else { return false };
    !host.is_empty() && hosts.all(|other| other.as_ref() == Some(&host)) && asked.url.texts().all(of_object)
}
