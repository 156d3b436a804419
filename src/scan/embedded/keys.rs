//! Which JSON can hold client code at all: a look at its keys before it is parsed.
//!
//! Most JSON of a checkout is data, and much of it has the words of paths in it
//! (models of services, translations, recorded answers). Code stands under few keys.

use super::steps::{POWERSHELL, SCRIPTS, TASKS, WORDS};
use crate::scan::language::Language;

/// Keys of objects in which requests or scripts stand: what an action is given, the scripts
/// of a package, a recording.
const HOLDERS: [&str; 3] = ["with", "scripts", "log"];
/// Keys of lists of requests: collections of Postman and Insomnia.
const COLLECTED: [&str; 2] = ["item", "resources"];
/// What the type of a newer Insomnia collection begins with.
const INSOMNIA: &str = "collection.insomnia";
/// What the first line of a script that says itself what runs it begins with.
const SHEBANG: &str = "#!";
/// Longest key that is looked at, in bytes.
const LONGEST: usize = 256;

/// Whether client code would be looked for under some key of a JSON text. True of what is
/// no plain JSON, whose keys are written in other ways.
pub(super) fn may_hold_code(json: &[u8]) -> bool {
    let plain = match json.trim_ascii_start() {
        [b'[', ..] => true,
        [b'{', first @ ..] => matches!(first.trim_ascii_start().first(), Some(b'"' | b'}') | None),
        _ => false,
    };
    // Of the marks around keys and values, colons are the fewest.
    !plain || memchr::memchr_iter(b':', json).any(|colon| leads_to_code(json, colon))
}

/// Whether a colon stands behind a key under which client code is looked for.
fn leads_to_code(json: &[u8], colon: usize) -> bool {
    let Some(before) = json[..colon].trim_ascii_end().strip_suffix(b"\"") else { return false };
    let before = &before[before.len().saturating_sub(LONGEST)..];
    let Some(begin) = memchr::memrchr(b'"', before) else { return false };
    let Ok(key) = std::str::from_utf8(&before[begin + 1..]) else { return false };
    let ending = key.rsplit('.').next().unwrap_or(key);
    match json[colon + 1..].trim_ascii_start() {
        [b'"', text @ ..] => {
            SCRIPTS.contains(&ending)
                || POWERSHELL.contains(&ending)
                || ending.len() < key.len() && Language::of_extension(ending).is_some()
                || text.starts_with(SHEBANG.as_bytes())
                || text.starts_with(INSOMNIA.as_bytes())
        }
        [b'[', ..] => SCRIPTS.contains(&ending) || WORDS.contains(&ending) || COLLECTED.contains(&key),
        [b'{', ..] => TASKS.contains(&ending) || HOLDERS.contains(&key),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_code_are_seen() {
        for json in [
            r#"{"steps": [{"run": "curl x"}]}"#,
            r#"{ "a" : { "ansible.builtin.uri" : {"url": "x"} } }"#,
            r##"{"data": {"any": "#!/bin/sh\ncurl x"}}"##,
            r#"{"data": {"sync.py": "import requests\n"}}"#,
            r#"{"entrypoint":["sh","-c","x"]}"#,
            r#"{"log": {"entries": []}}"#,
            r#"[{"item": []}]"#,
            r#"{"type": "collection.insomnia.rest/5.0"}"#,
            "{run: 'curl x'}",
            "run: curl x",
        ] {
            assert!(may_hold_code(json.as_bytes()), "{json}");
        }
    }

    #[test]
    fn data_is_none() {
        for json in [
            r#"{"shapes": {"source": {"shape": "S"}, "command": 1, "documentation": "\"run\" it"}}"#,
            r#"{"users": ["run", "script"], "title": "users: all"}"#,
            "{}",
            "[]",
        ] {
            assert!(!may_hold_code(json.as_bytes()), "{json}");
        }
    }
}
