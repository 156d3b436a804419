//! Where a class goes that builds upon a client of a library: `class Shelf extends RESTDataSource { baseURL = "..." }`,
//! `class Shelf extends RestClient { constructor() { super("https://...") } }`.

use crate::scan::evaluate::Evaluator;
use crate::scan::evaluate::index::hands_up;
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::requests::request::option;
use crate::scan::value::{Kind, Piece, Term, Value};

/// What such a class calls the address.
const KEYS: [&str; 4] = ["baseURL", "baseUrl", "prefixUrl", "url"];

impl<'u> Evaluator<'u> {
    /// The address that a class of a script has in a field, or hands to the constructor of the library.
    pub(crate) fn base_of_client(&mut self, class: ClassId) -> Value {
        if self.dialect.naming() == Naming::Python {
            return self.base_of_session(class);
        }
        if self.dialect.naming() != Naming::JavaScript {
            return Value::default();
        }
        for key in &KEYS[..3] {
            let given = self.field(class, &(*key).into());
            if given.terms.iter().any(is_text) {
                return given;
            }
        }
        let Some(id) = self.index.constructor(class) else { return Value::default() };
        for arg in calls_above(self.unit, id).flat_map(|call| &call.args) {
            let given = self.outside_muted(id, &arg.value);
            if given.terms.iter().any(is_address) {
                return given;
            }
            let told =
                KEYS.iter().find_map(|key| option(&given, key).filter(|url| url.terms.iter().any(is_text)));
            if let Some(told) = told {
                return told.clone();
            }
        }
        Value::default()
    }

    /// The same of Python's: `class Shelf(httpx.Client)` whose constructor says
    /// `super().__init__(base_url="https://...")`.
    fn base_of_session(&mut self, class: ClassId) -> Value {
        let unit = self.unit;
        let chain = self.index.chain(class);
        let builds_on = |names: &[&str]| {
            let known = |base: &str| names.contains(&base.rsplit('.').next().unwrap_or(base));
            chain.iter().any(|class| unit.classes[*class].bases.iter().any(|base| known(base)))
        };
        // Of these the address is an attribute, too.
        if builds_on(&["BaseUrlSession", "Client", "AsyncClient"]) {
            let given = self.field(class, &"base_url".into());
            if given.terms.iter().any(is_text) {
                return given;
            }
        }
        let by_place = builds_on(&["BaseUrlSession", "ClientSession"]);
        let Some(id) = self.index.constructor(class) else { return Value::default() };
        for call in calls_above(unit, id) {
            let told = call.args.iter().enumerate().find(|(at, arg)| match &arg.name {
                Some(name) => **name == *"base_url",
                None => *at == 0 && by_place,
            });
            let Some((_, arg)) = told else { continue };
            let given = self.outside_muted(id, &arg.value);
            if given.terms.iter().any(is_text) {
                return given;
            }
        }
        Value::default()
    }
}

/// The calls by which a constructor hands something to the class above.
fn calls_above(unit: &Unit, id: FunctionId) -> impl Iterator<Item = &CallExpr> {
    unit.functions[id].body.iter().filter_map(|stmt| match stmt {
        Stmt::Expr(Expr { kind: ExprKind::Call(call), .. }) if hands_up(call) => Some(&**call),
        _ => None,
    })
}

fn is_text(term: &Term) -> bool {
    matches!(term.kind, Kind::Text(_))
}

fn is_address(term: &Term) -> bool {
    match &term.kind {
        Kind::Text(pieces) => {
            matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.starts_with("http"))
        }
        _ => false,
    }
}
