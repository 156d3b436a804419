//! Templates that a caller gives: `base.format(path=path)`, where the base is a parameter.
//! What is put in waits until the template is known.

use std::sync::Arc;

use super::request::NamedValue;
use crate::scan::form::FormatStyle;
use crate::scan::value::{Kind, Listed, ParamRef, Piece, Term, Value};

/// A parameter that is a template, and what is to be put into it.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub param: ParamRef,
    pub style: FormatStyle,
    pub args: Vec<NamedValue>,
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        // Copies of one are the same; others differ in what is put in, or may.
        self.param == other.param && std::ptr::eq(self.args.as_ptr(), other.args.as_ptr())
    }
}

impl Template {
    /// Every parameter in it.
    pub(crate) fn params(&self, each: &mut dyn FnMut(&ParamRef)) {
        each(&self.param);
        self.args.iter().for_each(|(_, value)| value.params(each));
    }
}

/// A template that is nothing but a parameter, filled once that is known.
pub(crate) fn waiting(term: &Term, style: FormatStyle, args: &[NamedValue]) -> Option<Value> {
    let param = match &term.kind {
        Kind::Param(param) => param,
        Kind::Text(pieces) => match pieces.as_slice() {
            [Piece::Param(param)] => param,
            _ => return None,
        },
        _ => return None,
    };
    if args.is_empty() {
        return None;
    }
    let template = Template { param: param.clone(), style, args: args.to_vec() };
    let piece = Piece::Joined(Listed::Template(Arc::new(template)), "".into());
    Some(Value { terms: vec![Term { kind: Kind::Text(vec![piece]), ..term.clone() }] })
}
