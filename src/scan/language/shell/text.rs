//! What shells read and the grammar does not: a line of several assignments, `A=$1 B=$2`, which
//! it takes together with the next line for one command.

use std::borrow::Cow;

/// The text with a separator in place of the space between the assignments of such a line, which
/// means the same, so that everything else stays where it is.
pub(crate) fn separated(text: &str) -> Cow<'_, str> {
    let mut out: Option<Vec<u8>> = None;
    let (mut at, mut goes_on) = (0, false);
    // `ENVIRONMENT=(`, whose elements may look like assignments.
    let mut in_list = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        in_list = bare.ends_with("=(") || in_list && !bare.ends_with(')');
        if !goes_on
            && !in_list
            && let Some(spaces) = between_assignments(bare)
        {
            let bytes = out.get_or_insert_with(|| text.as_bytes().to_vec());
            spaces.into_iter().for_each(|space| bytes[at + space] = b';');
        }
        goes_on = bare.ends_with('\\');
        at += line.len();
    }
    out.and_then(|bytes| String::from_utf8(bytes).ok()).map_or(text.into(), Cow::Owned)
}

/// Where the spaces stand of a line that is nothing but several assignments.
fn between_assignments(line: &str) -> Option<Vec<usize>> {
    let bytes = line.as_bytes();
    let is_space = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    let skip = |mut at: usize| {
        while is_space(at) {
            at += 1;
        }
        at
    };
    let mut spaces = Vec::new();
    let mut at = skip(0);
    loop {
        at = assigned(bytes, at)?;
        let next = skip(at);
        if next >= bytes.len() || bytes[next] == b'#' && next > at {
            break;
        }
        if next == at {
            return None;
        }
        spaces.push(at);
        at = next;
    }
    (!spaces.is_empty()).then_some(spaces)
}

/// The end of an assignment: of a name, `=` and a word.
fn assigned(bytes: &[u8], start: usize) -> Option<usize> {
    let name = bytes[start..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let equals = start + name;
    if name == 0 || bytes[start].is_ascii_digit() || bytes.get(equals) != Some(&b'=') {
        return None;
    }
    let mut open: Vec<u8> = Vec::new();
    let mut at = equals + 1;
    while let Some(byte) = bytes.get(at) {
        match (open.last(), byte) {
            (Some(b'\''), b'\'') => _ = open.pop(),
            (Some(b'\''), _) => {}
            (_, b'\\') => at += 1,
            (Some(b'"'), b'"') => _ = open.pop(),
            (_, b'$') if matches!(bytes.get(at + 1), Some(b'{' | b'(')) => {
                open.push(if bytes[at + 1] == b'{' { b'}' } else { b')' });
                at += 1;
            }
            (Some(b'"'), _) => {}
            (Some(known), _) if known == byte => _ = open.pop(),
            (_, b'"' | b'\'') => open.push(*byte),
            (Some(b')'), b'(') => open.push(b')'),
            // Backquotes, lists and all that is more than a word are left as they are.
            (None, b'`' | b'(' | b')' | b';' | b'&' | b'|' | b'<' | b'>') => return None,
            (None, b' ' | b'\t') => break,
            _ => {}
        }
        at += 1;
    }
    open.is_empty().then_some(at.min(bytes.len()))
}

#[cfg(test)]
mod tests {
    use super::separated;

    #[test]
    fn a_line_of_assignments_is_several_statements() {
        assert_eq!(
            separated("A=$1 B=${2:-b c}\tC=\"$(d \"e f\")\"\nd\n"),
            "A=$1;B=${2:-b c};C=\"$(d \"e f\")\"\nd\n"
        );
        assert_eq!(separated("  A='x y' B= # both\n"), "  A='x y';B= # both\n");
        assert_eq!(separated("X=(\n  a\n)\nA=1 B=2\n"), "X=(\n  a\n)\nA=1;B=2\n");
    }

    #[test]
    fn what_is_set_for_a_command_is_left() {
        for text in [
            "X=(\n  A=1 B=2\n)\n",
            "A=1 B=2 run\n",
            "env \\\n  A=1 B=2\n",
            "A=1\n",
            "A=(1 2) B=3\n",
            "A='1 B=2\n",
            "A=1 B=2 \\\n run\n",
            "A=\\",
            "é=1 B=2",
        ] {
            assert_eq!(separated(text), text);
        }
    }
}
