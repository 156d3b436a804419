//! What PowerShell reads and its grammar does not: a command behind `param(...)` on the same
//! line, `function Get-A { param($Id) Invoke-RestMethod ... }`.

use std::borrow::Cow;

/// The text with a separator in place of the space there, so that everything else stays where
/// it is.
pub(crate) fn separated(text: &str) -> Cow<'_, str> {
    let mut out: Option<Vec<u8>> = None;
    let bytes = text.as_bytes();
    let lower = text.to_ascii_lowercase();
    let mut done = 0;
    for (at, _) in lower.match_indices("param") {
        if at < done {
            continue;
        }
        let before = lower[..at].bytes().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
        let open = lower[at + 5..].find(|c: char| c != ' ' && c != '\t').map(|skip| at + 5 + skip);
        let Some(open) = open.filter(|open| bytes[*open] == b'(') else { continue };
        if !matches!(before, None | Some(b'{' | b'\n' | b']' | b'\r')) {
            continue;
        }
        let Some(close) = closing(bytes, open) else { break };
        done = close;
        let space = bytes.get(close + 1).is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        let next = lower[close + 1..].bytes().find(|byte| !matches!(byte, b' ' | b'\t'));
        if space && next.is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'&') {
            out.get_or_insert_with(|| bytes.to_vec())[close + 1] = b';';
        }
    }
    out.and_then(|bytes| String::from_utf8(bytes).ok()).map_or(text.into(), Cow::Owned)
}

/// The parenthesis that closes the one at a place; texts may hold others.
fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match (quote, byte) {
            (Some(known), _) if known == *byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(*byte),
            // A comment ends with its line.
            (None, b'#') => quote = Some(b'\n'),
            (None, b'(') => depth += 1,
            (None, b')') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::separated;

    #[test]
    fn only_what_stands_behind_on_the_same_line_is_separated() {
        let text = "function A { param($Id = ')') irm $Id }\nfunction B {\n  param($Id)\n  irm\n}\n";
        assert_eq!(separated(text), text.replace(") irm", ");irm"));
        for text in ["function A { param($Id); irm }", "{ param($Id) }", "Get-Param ($x) y"] {
            assert_eq!(separated(text), text);
        }
    }
}
