//! What becomes of an object when something is put into it.

use std::sync::Arc;

use crate::scan::form::{ClassId, Key};
use crate::scan::value::{Entry, Kind, Term, Value, is_nothing_term};

impl Value {
    /// The value after something was given to a key of it.
    pub(crate) fn with(&self, key: &Entry, given: &Value) -> Self {
        let mut out = self.clone();
        for term in &mut out.terms {
            match &term.kind {
                Kind::Object(entries) => {
                    // Two keys that are not known need not be the same.
                    let stays = |known: &Entry| !matches!(key, Entry::Key(_)) || known != key;
                    let others = entries.iter().filter(|(known, _)| stays(known)).cloned();
                    term.kind =
                        Kind::Object(Arc::new(others.chain([(key.clone(), given.clone())]).collect()));
                }
                Kind::Instance(..) => {}
                _ => term.open |= term.may_change(),
            }
        }
        out
    }

    /// The value with what a caller gives as an object that holds all of that.
    pub(crate) fn written_out(&self) -> Self {
        let mut out = self.clone();
        for term in &mut out.terms {
            if let Kind::Param(_) = &term.kind {
                let given = Value { terms: vec![term.clone()] };
                term.kind = Kind::Object(Arc::new(vec![(Entry::Spread, given)]));
            }
        }
        out
    }

    /// The value with what code makes that is not seen as an object that holds all of that:
    /// `$params = Copy-CommonParameter $PSBoundParameters`.
    pub(crate) fn made_elsewhere(&self) -> Self {
        let mut out = self.clone();
        for term in &mut out.terms {
            if matches!(term.kind, Kind::Unknown(_)) && !is_nothing_term(term) {
                let made = Value { terms: vec![term.clone()] };
                term.kind = Kind::Object(Arc::new(vec![(Entry::Spread, made)]));
            }
        }
        out
    }

    /// The value after something was given to a key of an object in it.
    pub(crate) fn with_below(&self, keys: &[Entry], given: &Value) -> Self {
        let (first, rest) = match keys {
            [] => return self.clone(),
            [only] => return self.with(only, given),
            [first, rest @ ..] => (first, rest),
        };
        let mut out = self.clone();
        for term in &mut out.terms {
            let Kind::Object(entries) = &term.kind else {
                term.open |= term.may_change();
                continue;
            };
            let Some(at) = entries.iter().rposition(|(known, _)| known == first && *known != Entry::Any)
            else {
                term.open = true;
                continue;
            };
            let mut entries = entries.to_vec();
            entries[at].1 = entries[at].1.with_below(rest, given);
            term.kind = Kind::Object(Arc::new(entries));
        }
        out
    }

    /// The value after the entries of another object were put into it. With `missing`
    /// only those that it does not have.
    pub(crate) fn merged(&self, more: &Value, missing: bool) -> Self {
        let mut out = self.clone();
        let known = match more.terms.as_slice() {
            [Term { kind: Kind::Object(entries), open: false, .. }] => Some(entries),
            _ => None,
        };
        for term in &mut out.terms {
            let Kind::Object(old) = &term.kind else {
                term.open |= term.may_change();
                continue;
            };
            let mut entries = old.to_vec();
            match known {
                Some(more) => {
                    for (entry, value) in more.iter() {
                        let is_key = matches!(entry, Entry::Key(_));
                        let there = is_key && entries.iter().any(|(known, _)| known == entry);
                        if there && missing {
                            continue;
                        }
                        entries.retain(|(known, _)| !is_key || known != entry);
                        entries.push((entry.clone(), value.clone()));
                    }
                }
                None => entries.push((Entry::Spread, more.clone())),
            }
            term.kind = Kind::Object(Arc::new(entries));
        }
        out
    }

    /// The classes of which it may be an object.
    pub(crate) fn classes(&self) -> Vec<ClassId> {
        let class = |term: &Term| match term.kind {
            Kind::Instance(class, _) => Some(class),
            _ => None,
        };
        self.terms.iter().filter_map(class).collect()
    }

    /// The value after something was given to a field of it, where it is one of
    /// some structs.
    pub(crate) fn with_field(mut self, key: &Key, given: &Value, structs: impl Fn(ClassId) -> bool) -> Self {
        for term in &mut self.terms {
            if let Kind::Instance(class, fields) = &term.kind
                && structs(*class)
            {
                let others = fields.iter().filter(|(known, _)| known != key).cloned();
                let fields = others.chain([(key.clone(), given.clone())]).collect();
                term.kind = Kind::Instance(*class, Arc::new(fields));
            }
        }
        self
    }
}
