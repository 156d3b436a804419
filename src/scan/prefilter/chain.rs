//! What an expression adds to a text in quotes: `"/users/" + id + "/roles"` goes on
//! with a value and `/roles`.

use super::text::{HOLE, is_word, partner, right_of};

/// Bytes of an expression that are looked at, and texts and values in it.
const MAX_LENGTH: usize = 400;
const MAX_OPERANDS: usize = 12;

/// The text that is added to one whose closing quote begins `behind`, with [`HOLE`] for each
/// value; without its last segment where it cannot be read to the end.
pub(super) fn added(behind: &[u8]) -> String {
    let mut rest = match behind.split_first() {
        Some((b'"' | b'\'' | b'`', rest)) => &rest[..rest.len().min(MAX_LENGTH)],
        _ => return String::new(),
    };
    let mut out = String::new();
    for _ in 0..MAX_OPERANDS {
        let Some(next) = behind_operator(rest) else { return out };
        let Some((text, length)) = operand(next) else { break };
        out.push_str(&text);
        rest = &next[length..];
    }
    out.truncate(out.rfind('/').unwrap_or(0));
    out
}

/// What stands behind `+`, or behind PHP's ` . `.
fn behind_operator(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = skip_space(bytes);
    match bytes.split_first()? {
        (b'+', next) if !next.starts_with(b"+") => Some(skip_space(next)),
        (b'.', next) if next.first().is_some_and(|b| b.is_ascii_whitespace() || *b == b'$') => {
            Some(skip_space(next))
        }
        _ => None,
    }
}

/// Without blanks, ends of lines and what joins these in Python.
fn skip_space(bytes: &[u8]) -> &[u8] {
    let space = |b: &u8| b.is_ascii_whitespace() || *b == b'\\';
    &bytes[bytes.iter().position(|b| !space(b)).unwrap_or(bytes.len())..]
}

/// A text or a value, and how many bytes it has.
fn operand(bytes: &[u8]) -> Option<(String, usize)> {
    let prefix = usize::from(matches!(bytes, [b'f' | b'r' | b'u', b'"' | b'\'', ..]));
    if let Some(quote @ (b'"' | b'\'' | b'`')) = bytes.get(prefix) {
        let text = right_of(bytes, prefix + 1);
        return (bytes.get(text.end) == Some(quote)).then_some((text.text, text.end + 1));
    }
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let close = match byte {
            b'(' => b')',
            b'[' => b']',
            b if is_word(*b) || matches!(b, b'.' | b'$' | b'@' | b':' | b'?' | b'!') => {
                end += 1;
                continue;
            }
            b'-' if bytes.get(end + 1) == Some(&b'>') => {
                end += 2;
                continue;
            }
            _ => break,
        };
        end += 1 + partner(bytes[end..].iter().copied().enumerate(), *byte, close)?;
    }
    // `.` alone is PHP's, and the value of nothing is none.
    let value = bytes[..end].iter().any(|b| is_word(*b) || *b == b')');
    value.then(|| (HOLE.to_string(), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(behind: &str) -> String {
        added(behind.as_bytes()).replace(HOLE, "{}")
    }

    #[test]
    fn what_is_added_is_read_over_lines() {
        assert_eq!(shown("' + id"), "{}");
        assert_eq!(shown("\" + id + \"/roles\")"), "{}/roles");
        assert_eq!(shown("' +\n   '/{{ id }}' +\n   '/groups', x)"), "/{}/groups");
        assert_eq!(shown("' \\\n  + self.of(a, b)[0] \\\n  + '/groups'"), "{}/groups");
        assert_eq!(shown("' . $user->id . '/roles'"), "{}/roles");
        assert_eq!(shown("` + `/${id}/x`;"), "/${}/x");
    }

    #[test]
    fn what_is_no_addition_adds_nothing() {
        for behind in ["'.format(x)", "', x + 'y'", "' % id", "'", "", "x + y", "' ++ y"] {
            assert_eq!(shown(behind), "", "{behind}");
        }
    }

    #[test]
    fn what_cannot_be_read_ends_with_the_segment_before() {
        assert_eq!(shown("' + id + '/roles/a b'"), "");
        assert_eq!(shown("' + id + '/roles/' + (a ? 'x' : 'y' + z"), "{}/roles");
    }
}
