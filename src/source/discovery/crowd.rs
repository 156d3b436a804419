//! Tags with more attributes than any real one has, told before a page is cut
//! into tokens: the tokenizer compares each attribute of a tag with all before
//! it, so that a megabyte of them would take minutes.

/// Most attributes of a tag.
const MAX_ATTRIBUTES: usize = 1_000;
/// What is shorter holds too few to cost anything.
const SHORT: usize = 4 * 1024;
/// Most comparisons of attributes with each other, of a whole page.
const MAX_COMPARISONS: usize = 100_000_000;

/// Gives a page to a tokenizer piece by piece, each to the end of a tag, as far
/// as no tag is crowded. `feed` says whether the piece ended a tag.
pub(super) fn each_piece(html: &str, mut feed: impl FnMut(&str) -> Fed) {
    // What was not ended yet begins at `from` and is looked at again when it is
    // twice as long.
    let (mut from, mut at, mut next) = (0, 0, SHORT);
    let mut comparisons = 0_usize;
    let mut raw: Option<String> = None;
    while at < html.len() {
        let end = html[at..].find('>').map_or(html.len(), |length| at + length + 1);
        if end - from > next {
            if is_crowded(&html[from..end], raw.as_deref()) {
                return;
            }
            next = 2 * (end - from);
        }
        let fed = feed(&html[at..end]);
        comparisons = comparisons.saturating_add(fed.attributes.saturating_mul(fed.attributes));
        if comparisons > MAX_COMPARISONS {
            return;
        }
        at = end;
        if fed.is_ended {
            (from, next, raw) = (end, SHORT, fed.raw);
        }
    }
}

/// What came of a piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Fed {
    /// Whether a tag or a comment ended with it.
    pub is_ended: bool,
    /// How many attributes the tag has.
    pub attributes: usize,
    /// The element, if only its own end is a tag from here on: a script.
    pub raw: Option<String>,
}

/// Whether the first tag of a text that begins outside of tags, or inside of
/// the element `raw`, has too many attributes.
fn is_crowded(text: &str, raw: Option<&str>) -> bool {
    let bytes = text.as_bytes();
    let is_tag = |at: usize| match raw {
        None => bytes[at..].get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/'),
        Some(name) => {
            let end = bytes[at..].get(1..name.len() + 2);
            end.is_some_and(|end| end[0] == b'/' && end[1..].eq_ignore_ascii_case(name.as_bytes()))
        }
    };
    let Some((start, _)) = text.match_indices('<').find(|(at, _)| is_tag(*at)) else { return false };
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'/';
    let skip = |at: usize, holds: &dyn Fn(&u8) -> bool| {
        bytes[at..].iter().position(|byte| !holds(byte)).map_or(bytes.len(), |length| at + length)
    };
    let mut at = skip(start + 2, &|byte| !is_space(byte) && *byte != b'>');
    let mut count = 0;
    loop {
        at = skip(at, &is_space);
        if at >= bytes.len() || bytes[at] == b'>' {
            return false;
        }
        count += 1;
        if count > MAX_ATTRIBUTES {
            return true;
        }
        // A `=` at the beginning is part of the name (HTML, tokenization).
        at = skip(at + 1, &|byte| !is_space(byte) && !matches!(byte, b'>' | b'='));
        let value = skip(at, &u8::is_ascii_whitespace);
        if bytes.get(value) != Some(&b'=') {
            continue;
        }
        at = skip(value + 1, &u8::is_ascii_whitespace);
        match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let end = bytes[at + 1..].iter().position(|byte| byte == quote);
                at = end.map_or(bytes.len(), |length| at + length + 2);
            }
            _ => at = skip(at, &|byte| !byte.is_ascii_whitespace() && *byte != b'>'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_counted_as_html_counts_them() {
        let with = |attribute: &str, times: usize| format!("text <a {}>", attribute.repeat(times));
        for attribute in ["a ", "a=b ", "a='> <' ", "a=\"x y\"", "a = 1\n", "=/", "a=/ "] {
            assert!(!is_crowded(&with(attribute, MAX_ATTRIBUTES), None), "{attribute:?}");
            assert!(is_crowded(&with(attribute, MAX_ATTRIBUTES + 1), None), "{attribute:?}");
        }
        assert!(is_crowded(&with("a ", 5_000).replace('>', ""), None));
        // One value, however long, is one attribute; what is no tag has none.
        assert!(!is_crowded(&format!("<a b=\"{}\">", "x = y ".repeat(50_000)), None));
        assert!(!is_crowded(&format!("<a b='{}", "x = y ".repeat(50_000)), None));
        assert!(!is_crowded(&"1 < 2 and so on ".repeat(50_000), None));
        // In a script only its own end is one.
        let code = "i<n and so on </b and more ".repeat(5_000);
        assert!(!is_crowded(&code, Some("script")));
        assert!(is_crowded(&code, None));
        assert!(is_crowded(&format!("{code}</SCRIPT {code}"), Some("script")));
    }

    #[test]
    fn pieces_are_the_page() {
        let html = "<a b='>'>x</a> > \u{e9}<c";
        let mut seen = Vec::new();
        each_piece(html, |piece| {
            seen.push(piece.to_owned());
            Fed::default()
        });
        assert_eq!(seen.concat(), html);
        assert_eq!(seen.len(), 5);
    }
}
