//! Flags: what is said to be true or false, and what a comparison gives.

use super::{Kind, Term, Value};
use crate::scan::form::{Expr, ExprKind};

/// The word for what a comparison gives.
const EITHER: &str = "(true or false)";

/// Whether an alternative is the language's word for false.
pub(crate) fn is_false(term: &Term) -> bool {
    matches!(&term.kind, Kind::Unknown(name) if flag(name) == Some(false))
}

/// Whether a value is the language's word for true.
pub(crate) fn is_true(value: &Value) -> bool {
    let says = |term: &Term| matches!(&term.kind, Kind::Unknown(name) if flag(name) == Some(true));
    !value.is_empty() && value.terms.iter().all(says)
}

/// What a language's word for true or false says.
pub(crate) fn flag(word: &str) -> Option<bool> {
    match word {
        "true" | "True" => Some(true),
        "false" | "False" => Some(false),
        _ => None,
    }
}

/// Whether a value is true or false, and nobody knows which.
pub(crate) fn is_undecided(value: &Value) -> bool {
    let either = |term: &Term| matches!(&term.kind, Kind::Unknown(name) if **name == *EITHER);
    !value.is_empty() && value.terms.iter().all(either)
}

/// What a comparison of these parts gives.
pub(crate) fn of_comparison(mut parts: Vec<Expr>) -> ExprKind {
    if let Some(span) = parts.first().map(|part| part.span) {
        parts.push(Expr { kind: ExprKind::Unknown(EITHER.into()), span });
    }
    ExprKind::Effects(parts)
}

/// What parts that are evaluated for the calls in them leave.
pub(crate) fn left_of(parts: &[Expr]) -> Value {
    match parts.last().map(|part| &part.kind) {
        Some(ExprKind::Unknown(word)) if **word == *EITHER => Value::unknown(EITHER),
        _ => Value::unknown(""),
    }
}

/// Whether a value is the language's word for nothing.
pub(crate) fn is_nothing(value: &Value) -> bool {
    !value.is_empty() && value.terms.iter().all(is_nothing_term)
}

/// As [`is_nothing`], of one alternative.
pub(crate) fn is_nothing_term(term: &Term) -> bool {
    matches!(&term.kind, Kind::Unknown(name) if matches!(&**name, "None" | "null" | "nil" | "undefined"))
}
