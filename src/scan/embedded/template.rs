//! Placeholders and statements of templates (Jinja, Go, GitHub and GitLab
//! expressions), replaced byte by byte, so that nothing changes its place.

use super::Format;
use crate::scan::language::Language;

/// Whether a text has something to replace.
pub(super) fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("<%") || text.contains("$[[")
}

/// Words with which a statement of a Go template begins: it stands for no value.
const STATEMENTS: [&str; 9] = ["if", "else", "end", "range", "with", "define", "block", "template", "/*"];

/// The text with statements blanked and placeholders as `${name}`, which is a
/// variable to shells and a hole in a URL to all. In code of other languages
/// placeholders stay: they are holes in strings as they are.
pub(super) fn blanked(text: &str, format: Format) -> String {
    let keeps = matches!(format, Format::Code(language) if language != Language::Shell)
        || matches!(format, Format::Markdown);
    let comments =
        matches!(format, Format::Yaml | Format::Just | Format::Code(Language::Shell | Language::Python));
    let mut out = text.as_bytes().to_vec();
    let mut at = 0;
    let mut absent: Vec<&str> = Vec::new();
    while at < text.len() {
        let rest = &text[at..];
        let Some(found) = rest.find(['{', '<', '$']) else { break };
        at += found;
        let rest = &text[at..];
        let (close, kind) = match rest.as_bytes() {
            [b'$', b'{', b'{', ..] => ("}}", Kind::Value(1)),
            [b'$', b'[', b'[', ..] => ("]]", Kind::Value(1)),
            [b'{', b'{', ..] => ("}}", Kind::Value(0)),
            [b'{', b'%', ..] => ("%}", Kind::Statement),
            [b'{', b'#', ..] => ("#}", Kind::Statement),
            [b'<', b'%', b'=', ..] => ("%>", Kind::Value(0)),
            [b'<', b'%', ..] => ("%>", Kind::Statement),
            _ => {
                at += 1;
                continue;
            }
        };
        // What is never closed is looked for once.
        let end = if absent.contains(&close) { None } else { rest.find(close).map(|end| at + end + 2) };
        let Some(end) = end else {
            absent.push(close);
            at += 2;
            continue;
        };
        let inner = text[at..end - 2].trim_start_matches(['$', '{', '<', '%', '=', '[', '-', ' ']);
        let word = inner.split([' ', '-', '}', '\n']).next().unwrap_or_default();
        // Insomnia's tags are values.
        let tag = matches!(format, Format::Json) && close == "%}";
        let statement = (kind == Kind::Statement && !tag)
            || STATEMENTS.contains(&word)
            || inner.starts_with("/*")
            || (close == "}}" && inner.starts_with(['#', '/', '^', '!']));
        let bytes = &mut out[at..end];
        if statement {
            blank(bytes);
            // A line of blanks alone may not be deeper than the text of a YAML
            // block that it begins; a comment may.
            if comments && alone(text, at, end) {
                out[at] = b'#';
            }
        } else if !keeps {
            let next = text.as_bytes().get(end);
            let last = next.is_none_or(|next| matches!(next, b'"' | b'\'' | b' ' | b'\n' | b'\r'));
            let done = close == "}}" && (joined(bytes, last) || filtered(bytes));
            if !done {
                variable(bytes, if let Kind::Value(dollar) = kind { dollar } else { 0 });
            }
        }
        at = end;
    }
    // Bytes of characters are replaced together, so this cannot fail.
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// With this many bytes before the braces.
    Value(usize),
    Statement,
}

/// Whether nothing else stands on the line, and it is one line.
fn alone(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].rsplit('\n').next().unwrap_or_default();
    let after = text[end..].split('\n').next().unwrap_or_default();
    before.trim().is_empty() && after.trim().is_empty() && !text[start..end].contains('\n')
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
}

/// Makes `${name}` of a placeholder of the same length.
fn variable(bytes: &mut [u8], dollar: usize) {
    let last = bytes.len() - 1;
    let inner = 2 + dollar.min(1);
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = match at {
            0 => b'$',
            1 => b'{',
            _ if at == last => b'}',
            _ if at < inner || at == last - 1 => b'_',
            _ if byte.is_ascii_alphanumeric() => *byte,
            _ => b'_',
        };
    }
}

/// Makes variables and text of a placeholder that joins them: `{{ base ~ '/users/' ~ id }}` is
/// `${_base___}/users/${___id__}`. False for any other one. `last` says that the address ends with it.
fn joined(bytes: &mut [u8], last: bool) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Some(inner) = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) else { return false };
    let parts: Vec<&str> = inner.split(['~', '+']).map(str::trim).collect();
    // Beside each name stands a text, whose quotes and blanks leave room for its braces.
    let apart = parts.windows(2).all(|pair| is_quoted(pair[0]) != is_quoted(pair[1]));
    let known = |part: &&str| is_dotted(part) || is_quoted(part);
    if parts.len() < 2 || !apart || !parts.iter().all(known) || is_quoted(parts[0]) {
        return false;
    }
    let mut out = bytes.to_vec();
    let mut from = 0;
    for part in parts.iter().filter(|part| is_quoted(part)) {
        // What stands before a text is a variable up to its quote.
        let start = part.as_ptr() as usize - text.as_ptr() as usize + 1;
        if !variable_in(&mut out[from..start]) {
            return false;
        }
        from = start + part.len() - 2;
    }
    if parts.last().is_some_and(|part| is_quoted(part)) {
        // Nothing is left but a quote and brackets. They may be where no address goes on.
        if !last {
            return false;
        }
        out[from..].fill(b'_');
        out[from] = b'#';
    } else if !variable_in(&mut out[from..]) {
        return false;
    }
    bytes.copy_from_slice(&out);
    true
}

/// A name, perhaps of a member.
fn is_dotted(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
}

/// A text in quotes that means what it says.
fn is_quoted(part: &str) -> bool {
    let quote = part.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let body = quote.and_then(|quote| part.strip_prefix(quote)?.strip_suffix(quote));
    body.is_some_and(|body| {
        !body.is_empty() && !body.contains(['\'', '"', '\\', '~', '+', '$', '{', ' ', '\n'])
    })
}

/// Makes `${name:-text}` of a placeholder with a default, `{{ name | default('text') }}`, and
/// `${name}` of one whose filters leave a text as it is.
fn filtered(bytes: &mut [u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Some(inner) = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) else { return false };
    let mut parts = inner.trim_matches('-').split('|').map(str::trim);
    let Some(name) = parts.next().filter(|name| is_dotted(name)) else { return false };
    let mut default = None;
    let mut count = 0;
    for filter in parts {
        count += 1;
        let (word, args) = filter.split_once('(').unwrap_or((filter, ""));
        match word.trim_end() {
            "default" | "d" => {
                let args = args.trim_end_matches(')').split(',').next().unwrap_or_default().trim();
                default = Some(args).filter(|args| is_quoted(args)).or(default);
            }
            "trim" | "string" | "quote" | "mandatory" | "urlencode" | "lower" => {}
            _ => return false,
        }
    }
    if count == 0 {
        return false;
    }
    let name: String = name.chars().map(|c| if c == '.' { '_' } else { c }).collect();
    let text = default.map_or(String::new(), |text| format!(":-{}", &text[1..text.len() - 1]));
    let Some(room) = bytes.len().checked_sub(name.len() + text.len() + "${_}".len()) else { return false };
    let out = format!("${{_{name}{}{text}}}", "_".repeat(room));
    bytes.copy_from_slice(out.as_bytes());
    true
}

/// Makes a variable of these bytes, whatever stands around its name.
fn variable_in(bytes: &mut [u8]) -> bool {
    if bytes.len() < 4 {
        return false;
    }
    variable(bytes, 0);
    true
}

/// The variable that [`blanked`] makes of a placeholder.
pub(super) fn name_of(placeholder: &str) -> String {
    let shell = for_shell(placeholder);
    shell.trim_start_matches("${").trim_end_matches('}').to_owned()
}

/// The variables of a text that [`blanked`] has made of placeholders of a name: it stands in
/// them alone, with more or fewer blanks around it.
pub(super) fn spellings(text: &str, name: &str) -> Vec<String> {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let plain = plain.trim_matches('_');
    let mut out: Vec<String> = Vec::new();
    for (at, _) in text.match_indices("${") {
        let Some(end) = text[at..].find('}') else { break };
        let variable = text[at + 2..at + end].split(":-").next().unwrap_or_default();
        // A variable of the shell's own has no such name.
        let made = variable.starts_with('_') || variable.ends_with('_');
        let named = made && !plain.is_empty() && variable.trim_matches('_') == plain;
        if named && !out.iter().any(|one| one == variable) {
            out.push(variable.to_owned());
        }
    }
    out
}

/// The name that a placeholder holds and nothing else, where a text is that placeholder:
/// `{{ users }}`, as [`blanked`] makes it or as it is written.
pub(super) fn variable_alone(text: &str) -> Option<&str> {
    let text = text.trim();
    let written = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    let name = written.or_else(|| text.strip_prefix("${")?.strip_suffix('}'))?;
    let name = name.trim_matches(['_', ' ', '-']);
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then_some(name)
}

/// The same for a text that may be put into a shell region: GitHub's `${{ x }}`.
pub(super) fn for_shell(text: &str) -> std::borrow::Cow<'_, str> {
    if is_template(text) {
        std::borrow::Cow::Owned(blanked(text, Format::Code(Language::Shell)))
    } else {
        std::borrow::Cow::Borrowed(text)
    }
}

/// The same for a text that is to stand in a shell's double quotes, which nothing in it ends.
pub(super) fn in_quotes(text: &str) -> String {
    for_shell(text).replace(['"', '`', '\\'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_variables_in_place() {
        let shell = |text: &str| blanked(text, Format::Code(Language::Shell));
        assert_eq!(shell("curl {{ base_url }}/a"), "curl ${_base_url__}/a");
        assert_eq!(shell("x ${{ env.URL }}/a"), "x ${__env_URL__}/a");
        assert_eq!(shell("{% if a %}\nb{# c #}\n{{- end }}"), "#         \nb       \n#         ");
        assert_eq!(shell("{{ ü }}").len(), "{{ ü }}".len());
        assert_eq!(blanked("f'{{ x }}'", Format::Code(Language::Python)), "f'{{ x }}'");
        for (text, expected) in [
            ("{{ a ~ '/x/' ~ b.c }}", "${_a___}/x/${__b_c__}"),
            ("{{ a ~ '/x' }}", "${_a___}/x#___"),
            // An address goes on.
            ("{{ a ~ '/x' }}/y", "${_a_____x___}/y"),
            ("{{ a | default('https://b.c') }}", "${_a______________:-https://b.c}"),
            ("{{ a | to_json }}", "${_a___to_json__}"),
            ("{{ a | trim }}", "${_a_________}"),
        ] {
            assert_eq!(shell(text), expected);
        }
        for text in ["{{", "{%", "${{}}", "{{}}", "<%%>", "{{}}}}", "$[[]]"] {
            assert_eq!(shell(text).len(), text.len());
        }
    }
}
