//! Words of documents, servers and files, fit for a terminal: it would obey
//! control characters, and turn text around where it is told to.

use std::borrow::Cow;

/// Text in which such characters are written out (`\\u{1b}`). With `styled`, our own
/// colours stay.
pub(crate) fn plain(text: &str, styled: bool) -> Cow<'_, str> {
    let Some(first) = text.char_indices().find(|(at, c)| acts(text, *at, *c)).map(|(at, _)| at) else {
        return Cow::Borrowed(text);
    };
    let mut out = text[..first].to_owned();
    for (at, c) in text[first..].char_indices().map(|(at, c)| (first + at, c)) {
        if acts(text, at, c) && !(styled && is_style(&text[at..])) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// JSON with such characters written out. They stand in its strings alone, where
/// `\\u` means the same; those below a space are written so already.
pub(super) fn plain_json(text: String) -> String {
    if !text.char_indices().any(|(at, c)| acts(&text, at, c)) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    for (at, c) in text.char_indices() {
        if acts(&text, at, c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a terminal does something else with a character than show it. Ends
/// of lines and tabs are meant.
fn acts(text: &str, at: usize, c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\r' => !text[at..].starts_with("\r\n"),
        // Directions: UAX #9, explicit formatting.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => c.is_control(),
    }
}

/// Whether a text begins with a style of ours: bold, a colour of letters that
/// is not black, or the end of these.
fn is_style(text: &str) -> bool {
    let Some(code) = text.strip_prefix("\u{1b}[").and_then(|rest| rest.split_once('m')).map(|(code, _)| code)
    else {
        return false;
    };
    matches!(code.as_bytes(), [b'0' | b'1'] | [b'3' | b'9', b'1'..=b'7'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        for (text, expected) in [
            ("plain, schön, 中文\n\tnext\r\n", "plain, schön, 中文\n\tnext\r\n"),
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\u{1b}]0;title\u{7}", "a\\u{1b}]0;title\\u{7}"),
            ("over\rwritten", "over\\rwritten"),
            ("\u{9b}2J \u{8}\u{0}\u{7f}", "\\u{9b}2J \\u{8}\\u{0}\\u{7f}"),
            ("a\u{202e}b\u{2066}", "a\\u{202e}b\\u{2066}"),
        ] {
            assert_eq!(plain(text, false), expected);
            assert_eq!(plain(text, true), expected);
        }
        let style = anstyle::AnsiColor::BrightRed.on_default().bold();
        let ours = format!("{style}error{style:#}: x\u{1b}[8mhidden\u{1b}[30mblack\u{1b}[1;1H");
        let shown = format!("{style}error{style:#}: x\\u{{1b}}[8mhidden\\u{{1b}}[30mblack\\u{{1b}}[1;1H");
        assert_eq!(plain(&ours, true), shown);
        assert!(!plain(&ours, false).contains('\u{1b}'));
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({ "a\u{9b}2J": "\u{1b}[2J \u{202e}\u{7f}\r\n\t ö 中" });
        let text = plain_json(serde_json::to_string_pretty(&value).unwrap());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(!text.chars().any(|c| c != '\n' && c.is_control()) && !text.contains('\u{202e}'), "{text}");
        assert!(text.contains("ö 中"));
    }
}
