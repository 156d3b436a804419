//! Constants of enumerations: objects of a class that stand in its own body, each with what its
//! constructor is given there: `PODS("GET", "/pods")`.

use std::sync::Arc;

use crate::scan::evaluate::Evaluator;
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::value::{Kind, Term, Value};

/// Constants of one enumeration that are told apart.
const MAX_CONSTANTS: usize = 48;
/// The branches of which every constant of a class is an arm; those of the code are counted from
/// zero.
const OF_CLASS_BRANCH: u32 = 1 << 29;

impl<'u> Evaluator<'u> {
    /// The constants of a class that is an enumeration, with what they hold.
    fn constants(&self, class: ClassId) -> impl Iterator<Item = (&Arc<str>, &'u [(Key, Expr)])> {
        self.index.fields[class].iter().filter_map(move |(name, sites)| match sites.as_slice() {
            [(_, Expr { kind: ExprKind::Instance(own, fields), .. })] if *own == class => {
                Some((name, fields.as_slice()))
            }
            // `public static readonly Route Users = new(..)`
            [(_, Expr { kind: ExprKind::Call(call), .. })]
                if matches!(&call.callee.kind, ExprKind::Name(made) if *made == self.unit.classes[class].name) =>
            {
                Some((name, [].as_slice()))
            }
            _ => None,
        })
    }

    pub(super) fn is_enumeration(&self, class: ClassId) -> bool {
        self.constants(class).next().is_some()
    }

    /// Whether the constants of a class say what a field of theirs holds.
    pub(crate) fn constants_hold(&self, class: ClassId, field: &str) -> bool {
        let made = || {
            self.index.fields[class].contains_key(field)
                && self.constants(class).all(|(name, _)| **name != *field)
        };
        self.constants(class)
            .any(|(_, fields)| fields.iter().any(|(name, _)| **name == *field) || fields.is_empty() && made())
    }

    /// Any constant of an enumeration: what one of them holds belongs together.
    pub(super) fn any_constant(&mut self, class: ClassId) -> Option<Value> {
        let names: Vec<Arc<str>> = self.constants(class).map(|(name, _)| name.clone()).collect();
        if names.is_empty() || names.len() > MAX_CONSTANTS {
            return None;
        }
        let mut out = Value::default();
        for (arm, name) in names.iter().enumerate() {
            let value = self.field(class, name);
            out = out.join(value.under(OF_CLASS_BRANCH | class as u32, arm as u32));
        }
        Some(out)
    }

    /// The class of which all alternatives are constants, or of which a caller gives one.
    pub(crate) fn is_constant(&self, class: ClassId, receiver: &Value) -> bool {
        let constant = |term: &Term| match &term.kind {
            Kind::Instance(own, _) => *own == class,
            Kind::Param(_) => true,
            _ => false,
        };
        self.is_enumeration(class) && !receiver.is_empty() && receiver.terms.iter().all(constant)
    }

    /// Whether a name is that of a class which stands in another one, and of no field or method there.
    pub(crate) fn is_nested_class(&self, class: ClassId, name: &Arc<str>) -> bool {
        matches!(self.dialect.naming(), Naming::Classes | Naming::Python)
            && name.starts_with(char::is_uppercase)
            && self.index.chain(class).iter().all(|above| !self.index.fields[*above].contains_key(name))
            && self.index.method(class, name).is_none()
            && self.index.nested(&[class], name).is_some()
    }
}
