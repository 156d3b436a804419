//! Values that are never shown: passwords, tokens, keys.
//!
//! A [`Secret`] prints as dots and its bytes leave it only towards a request.
//! A [`Scrubber`] takes secrets out of what a server says before anybody sees it.

use std::fmt;

/// A value that neither `Debug` nor `Display` shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for a request and nothing else.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Most characters of a server's words that are repeated.
const MAX_QUOTE: usize = 300;
/// A secret shorter than this is in every other word: nothing is quoted then.
const MIN_SECRET: usize = 4;

/// Takes secrets out of text.
#[derive(Default)]
pub(super) struct Scrubber {
    /// Each secret in each way of writing it, longest first.
    forms: Vec<String>,
    mute: bool,
}

impl Scrubber {
    /// Knows one more secret.
    pub(super) fn learn(&mut self, secret: &Secret) {
        let value = secret.reveal();
        if value.is_empty() {
            return;
        }
        self.mute |= value.len() < MIN_SECRET;
        let json = serde_json::to_string(value).unwrap_or_default();
        let form: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let percent = form.replace('+', "%20");
        let known = [value.to_owned(), json.trim_matches('"').to_owned(), form, percent];
        for text in known.into_iter().chain(base64_forms(value.as_bytes())) {
            if !text.is_empty() && !self.forms.contains(&text) {
                self.forms.push(text);
            }
        }
        self.forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    }

    /// Whether any secret stands in these bytes.
    pub(super) fn finds(&self, bytes: &[u8]) -> bool {
        self.mute || aho_corasick::AhoCorasick::new(&self.forms).map_or(true, |all| all.is_match(bytes))
    }

    /// Text of our own (an address, a reason) without secrets.
    pub(super) fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for form in &self.forms {
            if form.len() >= MIN_SECRET && text.contains(form.as_str()) {
                text = text.replace(form.as_str(), "[secret]");
            }
        }
        text
    }

    /// Text without secrets, on one line, without control characters.
    pub(super) fn plain(&self, text: &str) -> String {
        let plain: String = self.clean(text).chars().map(|c| if is_plain(c) { c } else { ' ' }).collect();
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What a server says, fit to be shown: without secrets, on one line,
    /// without control characters (a terminal would obey them), not too long.
    pub(super) fn quote(&self, text: &str) -> Option<String> {
        if self.mute {
            return None;
        }
        // Secrets go first: cutting could leave a half of one.
        let words = self.plain(text);
        let mut out: String = words.chars().take(MAX_QUOTE).collect();
        if out.len() < words.len() {
            out.push_str("...");
        }
        (!out.is_empty()).then_some(out)
    }
}

/// Whether a character neither moves a cursor nor turns the direction of text.
fn is_plain(c: char) -> bool {
    !(c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'))
}

/// The text of base64 (RFC 4648) that a value gives, at each of the three
/// places at which it can begin in a longer one, without the characters that
/// depend on its neighbours.
fn base64_forms(value: &[u8]) -> Vec<String> {
    let mut out = Vec::new();
    for shift in 0..3 {
        let mut bytes = vec![0; shift];
        bytes.extend_from_slice(value);
        let whole = base64(&bytes);
        let first = (shift * 8).div_ceil(6);
        let last = bytes.len() * 8 / 6;
        if let Some(inner) = whole.get(first..last).filter(|inner| inner.len() >= MIN_SECRET) {
            out.push(inner.to_owned());
            out.push(inner.replace('+', "-").replace('/', "_"));
        }
    }
    out
}

/// RFC 4648, section 4.
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0u32, |n, byte| n << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= three.len() { letter as char } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "[secret] [secret] Some([secret])");
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn secrets_go_however_they_are_written() {
        let mut scrubber = Scrubber::default();
        scrubber.learn(&Secret::new("p\"ss wörd/+"));
        let basic = base64("me:p\"ss wörd/+".as_bytes());
        let other = base64("you!:p\"ss wörd/+;".as_bytes());
        for said in [
            "bad p\"ss wörd/+ given".to_owned(),
            r#"{"got": "p\"ss wörd/+"}"#.to_owned(),
            "client_secret=p%22ss+w%C3%B6rd%2F%2B&x".to_owned(),
            "client_secret=p%22ss%20w%C3%B6rd%2F%2B".to_owned(),
            format!("Basic {basic}"),
            format!("Basic {other}"),
        ] {
            let shown = scrubber.quote(&said).unwrap();
            assert!(shown.contains("[secret]"), "{shown}");
            assert!(scrubber.finds(said.as_bytes()), "{said}");
            for part in ["ss w", "rd%2F", &basic[6..14]] {
                assert!(!shown.contains(part), "{shown}");
            }
        }
        assert!(!scrubber.finds(b"nothing of the kind"));
        assert_eq!(scrubber.quote("a\u{1b}[31mb\r\n\tc\u{202e}"), Some("a [31mb c".to_owned()));
        assert_eq!(scrubber.quote(&"x".repeat(1000)).map(|text| text.len()), Some(MAX_QUOTE + 3));
    }

    #[test]
    fn a_short_secret_silences_the_server() {
        let mut scrubber = Scrubber::default();
        scrubber.learn(&Secret::new("abc"));
        assert_eq!(scrubber.quote("cabcage"), None);
        assert!(scrubber.finds(b""));
    }
}
