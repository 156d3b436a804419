//! How the segments around a word go with a template of a path.

use super::text::HOLE;
use crate::scan::judge::paths::{is_version, weight};

/// Further path segments that one such value may stand for.
pub(super) const MAX_PUT_IN: usize = 3;

/// How much of a template the text has.
#[derive(Clone, Copy)]
pub(super) struct Likeness {
    /// Literal segments.
    pub(super) literal: usize,
    /// Values that are put in.
    pub(super) holes: usize,
    pub(super) weighs: usize,
}

impl Likeness {
    /// Whether a segment of the text can stand for one of the template.
    pub(super) fn takes(&mut self, known: &Option<String>, text: &str) -> bool {
        match known {
            _ if is_hole(text) => self.holes += 1,
            Some(known) if known == text => {
                self.literal += 1;
                self.weighs += weight(known);
            }
            Some(_) => return false,
            // `apps/v1` is another API's beginning.
            None if is_version(text) => return false,
            None => {}
        }
        true
    }

    /// Holds the segments before a word, nearest first, against the part of the
    /// template that leads to it; `None` if they are not its end. A value that is
    /// put in may have several segments.
    pub(super) fn leads<'a>(
        &mut self,
        template: &[Option<String>],
        before: &'a [&'a str],
    ) -> Option<Led<'a>> {
        let Some((text, rest)) = before.split_first() else { return Some(Led::default()) };
        let Some((known, front)) = template.split_last() else {
            return Some(Led { more: before, first: None });
        };
        if !is_hole(text) {
            if !self.takes(known, text) {
                return None;
            }
            let led = self.leads(front, rest)?;
            return Some(if rest.is_empty() { Led { first: Some(front.len()), ..led } } else { led });
        }
        self.holes += 1;
        if rest.iter().all(|text| is_hole(text)) {
            return Some(Led::default());
        }
        (0..=front.len().min(MAX_PUT_IN)).find_map(|taken| {
            let mut fit = *self;
            let led = fit.leads(&front[..front.len() - taken], rest)?;
            *self = fit;
            Some(led)
        })
    }
}

/// How the segments before a word go with a template.
#[derive(Default)]
pub(super) struct Led<'a> {
    /// Those that stand before all of it, nearest first.
    pub(super) more: &'a [&'a str],
    /// The place in the template of the text's first segment, if that is written out.
    pub(super) first: Option<usize>,
}

/// What stands around a word, as segments; what was before it nearest first.
pub(super) struct Around<'a> {
    pub(super) before: &'a [&'a str],
    pub(super) after: &'a [&'a str],
    /// Those that an expression adds behind the text.
    pub(super) beyond: &'a [&'a str],
    /// Something is put in before the text.
    pub(super) open: bool,
    /// A segment is put in behind it.
    pub(super) put_in: bool,
    /// The text begins with a host.
    pub(super) anchored: bool,
    /// It is none of the API's, as far as these are known: what it would find of one
    /// word is told at low confidence, and not looked for.
    pub(super) foreign: bool,
    /// A segment comes behind the text: `"/users/" + id`, `"/users" + "/" + id`.
    pub(super) continued: bool,
    /// The text stands in a sentence.
    pub(super) prose: bool,
}

/// What a template has behind a word, without the parameters that the first of a text's
/// values stands for beside its own: `repos/$REPO/pulls` is `/repos/{owner}/{repo}/pulls`.
pub(super) fn skip_put_in<'t>(template: &'t [Option<String>], after: &[&str]) -> &'t [Option<String>] {
    let [value, literal, ..] = after else { return template };
    if !is_hole(value) || is_hole(literal) {
        return template;
    }
    let parameters = template.iter().take_while(|known| known.is_none()).count();
    let goes_on = template.get(parameters).and_then(Option::as_deref) == Some(*literal);
    if goes_on && parameters > 1 && parameters <= MAX_PUT_IN { &template[parameters - 1..] } else { template }
}

/// Whether what an expression adds to a text may be the rest of a template; a value may have
/// several segments.
pub(super) fn may_go_on(template: &[Option<String>], beyond: &[&str]) -> bool {
    let Some((text, rest)) = beyond.split_first() else { return true };
    if is_hole(text) {
        let most = template.len().min(MAX_PUT_IN);
        return (most.min(1)..=most).any(|taken| may_go_on(&template[taken..], rest));
    }
    match template.split_first() {
        Some((known, template)) if known.as_ref().is_none_or(|known| known == text) => {
            may_go_on(template, rest)
        }
        _ => text.is_empty(),
    }
}

/// Whether a segment is a value that is put in: `%s`, `$id`, `:id`.
pub(super) fn is_hole(segment: &str) -> bool {
    segment.contains(['%', '$', HOLE, '?']) || segment.starts_with(':')
}
