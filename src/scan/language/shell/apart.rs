//! Assignments that stand on one line, `DEP=$1 MAIL=$2`, which the grammar reads as one command with what
//! follows them.

use std::borrow::Cow;

/// A text in which a semicolon stands between such assignments, in the place of a blank.
pub(crate) fn assigned_apart(text: &str) -> Cow<'_, str> {
    let mut blanks = Vec::new();
    let (mut at, mut goes_on) = (0, false);
    for line in text.split_inclusive('\n') {
        let code = line.trim_end();
        if !goes_on && !code.ends_with('\\') && code.contains('=') {
            blanks.extend(between(code).into_iter().flatten().map(|blank| at + blank));
        }
        goes_on = code.ends_with('\\');
        at += line.len();
    }
    if blanks.is_empty() {
        return text.into();
    }
    let mut bytes = text.as_bytes().to_vec();
    blanks.into_iter().for_each(|at| bytes[at] = b';');
    String::from_utf8(bytes).map_or(text.into(), Cow::Owned)
}

/// The blanks between the assignments of a line that holds several of them and nothing else.
fn between(line: &str) -> Option<Vec<usize>> {
    let mut out = Vec::new();
    let mut rest = line.trim_start();
    loop {
        let name = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
        let named = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let value = rest[name..].strip_prefix('=').filter(|_| named)?;
        let after = &value[word_end(value)?..];
        rest = after.trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            return (!out.is_empty()).then_some(out);
        }
        out.push(line.len() - after.len());
    }
}

/// Where a word ends that runs nothing: up to a blank outside of quotes and braces.
fn word_end(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), '`' | '\\') | (None, '`' | '(' | ')' | '\\' | '#' | ';' | '&' | '|' | '<' | '>') => {
                return None;
            }
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') => depth = depth.saturating_sub(1),
            (None, ' ' | '\t') if depth == 0 => return Some(at),
            _ => {}
        }
    }
    (quote.is_none() && depth == 0).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::assigned_apart;

    #[test]
    fn assignments_of_one_line_are_apart() {
        assert_eq!(assigned_apart("A=$1 B=\"x y\" C=${4:-2}\nx"), "A=$1;B=\"x y\";C=${4:-2}\nx");
        for other in [
            "A=1 curl x",
            "A=1",
            "env \\\nA=1 B=2",
            "A=1 B=2 \\\ncurl x",
            "A=$(x y) B=2",
            "a b=1 c=2",
            "A='x",
        ] {
            assert_eq!(assigned_apart(other), other);
        }
    }
}
