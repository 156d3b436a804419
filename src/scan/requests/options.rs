//! Options of commands that a script defines itself: words that begin with a hyphen are given
//! by name.

use std::sync::Arc;

use super::request::NamedValue;
use crate::scan::form::{Param, ParamKind};
use crate::scan::value::Value;

/// Arguments with the options that a function reads given by their names; `None` where it reads
/// none.
pub(crate) fn by_name(params: &[Param], args: &[NamedValue]) -> Option<Vec<NamedValue>> {
    let options: Vec<&Param> = params.iter().filter(|param| param.name.starts_with('-')).collect();
    if options.is_empty() {
        return None;
    }
    let spelled = |word: &str| options.iter().find(|option| option.name.split('|').any(|name| name == word));
    let mut out = Vec::with_capacity(args.len());
    let mut rest = args.iter();
    let mut ended = false;
    while let Some((name, value)) = rest.next() {
        let word = value.literal().filter(|word| name.is_none() && !ended && word.starts_with('-'));
        let Some(word) = word else {
            out.push((name.clone(), value.clone()));
            continue;
        };
        if word == "--" {
            ended = true;
            continue;
        }
        if let Some(option) = spelled(&word) {
            let value = match option.kind {
                ParamKind::Plain => rest.next().map(|(_, value)| value.clone()),
                ParamKind::Rest | ParamKind::Named => Some(value.clone()),
            };
            out.push((Some(option.name.clone()), value.unwrap_or_default()));
            continue;
        }
        // `--method=POST`, `-XPOST`
        let parts = match word.split_once('=') {
            Some((front, _)) => {
                spelled(&format!("{front}=*")).or(spelled(front)).map(|option| (option, front.len() + 1))
            }
            None => word.get(..2).and_then(spelled).map(|option| (option, 2)),
        };
        match parts {
            Some((option, front)) => {
                let text: Arc<str> = word.get(front..).unwrap_or_default().into();
                out.push((Some(option.name.clone()), Value::text(text, crate::scan::form::Span::NOWHERE)));
            }
            None => out.push((name.clone(), value.clone())),
        }
    }
    Some(out)
}
