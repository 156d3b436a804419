//! `*` in the selectors of exceptions: any run of characters, also none.
//!
//! Not file globs: there is no `?`, no `[a-z]` and no difference between `*`
//! and `**`, since in paths `{}` and in fields `[]` already have a meaning.

/// Whether `pattern`, in which `*` stands for any run of characters, is `text`.
///
/// Takes at most `pattern.len() * text.len()` steps whatever is given.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where to go on when what follows the last `*` does not fit.
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            retry = Some((p + 1, t));
            p += 1;
        } else if pattern.get(p) == text.get(t) {
            p += 1;
            t += 1;
        } else if let Some((after, from)) = retry {
            retry = Some((after, from + 1));
            p = after;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern.get(p..).is_none_or(|rest| rest.iter().all(|b| *b == b'*'))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_any_run() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("a*", "a", true),
            ("/v1/*", "/v1/k8s/users", true),
            ("/v1/*/users", "/v1/k8s/users/users", true),
            ("/v1/*/users", "/v1/k8s/users/x", false),
            ("*b*b", "abab", true),
            ("a", "ab", false),
            ("ab", "a", false),
            ("a**c", "abc", true),
            ("ä*", "äö", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
