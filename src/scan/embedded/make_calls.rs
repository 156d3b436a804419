//! Functions of makefiles: `gh = curl -X $(1) $(API)/$(2)`, `define gh ... endef`, and what
//! `$(call gh,GET,users)` makes of them.

use std::collections::BTreeMap;

use super::make::make_text;
use super::region::Region;

/// Functions that are expanded in one another.
const MAX_CALLS: usize = 6;
/// Bytes of what calls are expanded to, in one recipe.
const MAX_EXPANDED: usize = 1 << 20;

/// What a makefile defines, by name.
#[derive(Default)]
pub(super) struct Functions<'t> {
    bodies: BTreeMap<&'t str, &'t str>,
}

impl<'t> Functions<'t> {
    /// The functions of a makefile: variables in which arguments stand, and `define`s.
    pub(crate) fn of(text: &'t str) -> Self {
        let mut bodies = BTreeMap::new();
        let mut open: Option<(&'t str, usize)> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            if let Some((name, from)) = open {
                if line.trim() == "endef" {
                    bodies.insert(name, &text[from..start]);
                    open = None;
                }
            } else if let Some(name) = defined(line) {
                open = Some((name, at));
            } else if let Some((name, value)) = line.split_once('=') {
                let name = name.trim_end_matches(['?', ':', '+']).trim();
                let takes = value.contains("$(1)") || value.contains("${1}") || value.contains("$1");
                if takes && !line.starts_with(['\t', '#']) && is_name(name) {
                    bodies.insert(name, value.trim());
                }
            }
        }
        Self { bodies }
    }

    /// Whether a variable is a function, whose own text is no command.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.bodies.contains_key(name)
    }

    /// Adds what a call stands for: `gh,GET,users/$(ID)`, which begins at `at` in the file.
    /// False if nothing is known of the function.
    pub(super) fn expand(&self, region: &mut Region, call: &str, at: usize, depth: usize) -> bool {
        let args = split(call, at);
        let Some((name, _)) = args.first() else { return false };
        let Some(body) = self.bodies.get(name.trim()) else { return false };
        if depth >= MAX_CALLS || region.text().len() > MAX_EXPANDED {
            return false;
        }
        let mut rest = *body;
        while let Some(dollar) = rest.find('$') {
            self.own_text(region, &rest[..dollar], depth);
            rest = &rest[dollar..];
            let Some((number, length)) = argument(rest) else {
                // What else is put in is read as it is anywhere.
                let length = place_of(rest);
                self.own_text(region, &rest[..length], depth);
                rest = &rest[length..];
                continue;
            };
            if let Some((text, from)) = args.get(number) {
                make_text(region, text, *from, self, depth + 1);
            }
            rest = &rest[length..];
        }
        self.own_text(region, rest, depth);
        true
    }

    /// Text of a function, which stands where that is called: beside its arguments.
    fn own_text(&self, region: &mut Region, text: &str, depth: usize) {
        let mut own = Region::new(region.language);
        let text = text.trim_start_matches(['@', '\t']).replace("\n\t", "\n").replace("\n@", "\n");
        make_text(&mut own, &text, 0, self, depth + 1);
        region.glue(own.text());
    }
}

/// The name that a `define` gives.
pub(super) fn defined(line: &str) -> Option<&str> {
    let name = line.strip_prefix("define ")?.trim().trim_end_matches(['=', ':', '?', ' ']);
    is_name(name).then_some(name)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// `$(2)`, `${2}` or `$2` at the front of a text: the number and how long it is.
fn argument(text: &str) -> Option<(usize, usize)> {
    let inner = text.strip_prefix('$')?;
    let (open, inner) = match inner.strip_prefix(['(', '{']) {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let digit = inner.chars().next()?.to_digit(10)? as usize;
    match open {
        true => inner[1..].starts_with([')', '}']).then_some((digit, 4)),
        false => Some((digit, 2)),
    }
}

/// How long what is put in at the front of a text is: `$(NAME)`.
fn place_of(text: &str) -> usize {
    match text.as_bytes().get(1) {
        Some(b'(' | b'{') => closing(text).map_or(text.len(), |end| end + 1),
        Some(_) => 1 + text[1..].chars().next().map_or(0, char::len_utf8),
        None => 1,
    }
}

/// Where the bracket that opens as the second character of a text is closed.
pub(super) fn closing(text: &str) -> Option<usize> {
    let (open, close) = match text.as_bytes().get(1)? {
        b'(' => (b'(', b')'),
        _ => (b'{', b'}'),
    };
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// The arguments of a call, its function's name first, with their places.
fn split(call: &str, at: usize) -> Vec<(&str, usize)> {
    let mut out = Vec::new();
    let (mut depth, mut from) = (0usize, 0);
    for (index, byte) in call.bytes().enumerate() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                out.push((&call[from..index], at + from));
                from = index + 1;
            }
            _ => {}
        }
    }
    out.push((&call[from..], at + from));
    out
}
