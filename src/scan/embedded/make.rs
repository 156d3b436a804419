//! Makefiles and Dockerfiles: their shell lines.

use super::Extracted;
use super::make_calls::{Functions, closing, defined};
use super::region::Region;
use crate::scan::language::Language;

/// Reads a makefile: the assignments and recipes of the whole file as one
/// script.
pub(super) fn of_makefile(text: &str) -> Extracted {
    let mut region = Region::new(Language::Shell);
    let functions = Functions::of(text);
    let mut at = 0;
    // Whether the line before went on, and whether it belonged to a recipe.
    let (mut goes_on, mut in_recipe) = (false, false);
    let mut in_function = false;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        // What a function does is said where it is called.
        if in_function || defined(line).is_some_and(|name| functions.has(name)) {
            in_function = line.trim() != "endef";
            continue;
        }
        let recipe = if goes_on { in_recipe } else { line.starts_with('\t') };
        if recipe {
            let code = line.trim_start_matches(['\t', ' ']);
            let code = if goes_on { code } else { code.trim_start_matches(['@', '-', '+']) };
            recipe_text(&mut region, code, start + line.len() - code.len(), &functions);
        } else if goes_on {
            // The rest of an assignment or a rule.
            region.glue(" \n");
        } else if let Some((name, value, offset)) = assignment(line).filter(|(name, ..)| !functions.has(name))
        {
            region.part(name, start..start);
            region.glue("=\"");
            let value = value.trim().trim_end_matches('\\').trim_end();
            let plain: String = value.replace(['"', '`'], "_");
            put_text(&mut region, &plain, start + offset, None, 0);
            region.glue("\"\n");
        } else if let Some(at) =
            line.find(": ;").or_else(|| line.find(":;")).filter(|_| !line.starts_with('#'))
        {
            // `health: ; curl ...`
            let from = at + line[at..].find(';').map_or(0, |end| end + 1);
            recipe_text(
                &mut region,
                line[from..].trim_start(),
                start + line.len() - line[from..].trim_start().len(),
                &functions,
            );
        }
        goes_on = line.trim_end().ends_with('\\');
        in_recipe = recipe;
    }
    let regions = if region.is_empty() { Vec::new() } else { vec![region] };
    Extracted { regions, unreadable: None }
}

/// `NAME = value`, with `:=`, `?=`, `::=`, perhaps exported: the name, the value
/// and where it begins.
fn assignment(line: &str) -> Option<(&str, &str, usize)> {
    let (left, value) = line.split_once('=')?;
    let name = left.trim_end_matches(['?', ':', '+', '!']).trim();
    let name = name.strip_prefix("export ").or_else(|| name.strip_prefix("override ")).unwrap_or(name).trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then(|| (name, value, line.len() - value.trim_start().len()))
}

/// Adds a line of a recipe.
fn recipe_text(region: &mut Region, text: &str, at: usize, functions: &Functions<'_>) {
    make_text(region, text, at, functions, 0);
    if !text.ends_with('\n') {
        region.glue("\n");
    }
}

/// Adds text of a recipe as the shell gets it from make.
pub(super) fn make_text(region: &mut Region, text: &str, at: usize, functions: &Functions<'_>, depth: usize) {
    put_text(region, text, at, Some(functions), depth);
}

/// Adds text as the shell gets it from make: `$$` is a dollar sign, `$(NAME)` a
/// variable. Outside of recipes no functions are called.
fn put_text(region: &mut Region, text: &str, at: usize, functions: Option<&Functions<'_>>, depth: usize) {
    let recipe = functions.is_some();
    let mut rest = text;
    let place = |rest: &str| at + text.len() - rest.len();
    while let Some(dollar) = rest.find('$') {
        region.verbatim(&rest[..dollar], place(rest));
        rest = &rest[dollar..];
        let from = place(rest);
        if let Some(after) = rest.strip_prefix("$$") {
            // Inside an assignment, what the shell is to read comes later.
            if recipe {
                region.part("$", from..from + 2);
            } else {
                region.part("_", from..from + 2);
            }
            rest = after;
            continue;
        }
        let close = match rest.as_bytes().get(1) {
            Some(b'(') => ')',
            Some(b'{') => '}',
            _ => {
                // `$@`, `$<`: a file's name.
                let next = rest[1..].chars().next().map_or(0, char::len_utf8);
                region.part("${automatic}", from..from + 1 + next);
                rest = &rest[1 + next..];
                continue;
            }
        };
        if let Some(functions) = functions
            && let Some(call) = rest[2..].strip_prefix("call ")
            && let Some(end) = closing(rest)
            && functions.expand(region, &call[..end + 1 - "$(call ".len() - 1], from + "$(call ".len(), depth)
        {
            rest = &rest[end + 1..];
            continue;
        }
        let Some(end) = rest.find(close) else { break };
        let inner = &rest[2..end];
        let plain = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if plain {
            region.part("${", from..from + 2);
            region.verbatim(inner, from + 2);
            region.part("}", from + end..from + end + 1);
            rest = &rest[end + 1..];
        } else if let Some(command) = inner.strip_prefix("shell ") {
            region.part("$(", from..from + 2 + "shell ".len());
            // What is inside is read on: `$$` and variables stand there too.
            rest = &rest[end - command.len()..];
            if !recipe {
                // In quotes a substitution ends at the same bracket.
                region.glue("");
            }
        } else {
            region.part("${computed}", from..from + end + 1);
            rest = &rest[end + 1..];
        }
    }
    region.verbatim(rest, place(rest));
}

/// Reads a Dockerfile: the assignments and commands of the whole file as one
/// script.
pub(super) fn of_dockerfile(text: &str) -> Extracted {
    let mut region = Region::new(Language::Shell);
    let mut at = 0;
    let mut goes_on = false;
    let mut heredoc: Option<String> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if let Some(end) = &heredoc {
            if line.trim() == end {
                heredoc = None;
            } else {
                region.verbatim(line, start);
            }
            continue;
        }
        let code = line.trim_start();
        let indent = line.len() - code.len();
        if code.starts_with('#') {
            continue;
        }
        let ends = code.trim_end();
        if goes_on {
            region.verbatim(line, start);
            goes_on = ends.ends_with('\\');
            continue;
        }
        let word_end = code.find(char::is_whitespace).unwrap_or(code.len());
        let (word, rest) = code.split_at(word_end);
        let mut body = rest.trim_start();
        let mut word = word.to_ascii_uppercase();
        if word == "ONBUILD" || word == "HEALTHCHECK" {
            // The instruction inside.
            let inner = ["CMD", "RUN"].iter().find_map(|name| body.find(name));
            let Some(inner) = inner else { continue };
            body = body[inner + 3..].trim_start();
            word = "RUN".to_owned();
        }
        let offset = |body: &str| start + indent + code.len() - body.len();
        match word.as_str() {
            "RUN" | "CMD" | "ENTRYPOINT" => {
                while body.starts_with("--") {
                    body = body.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
                }
                if let Some(tag) = body.strip_prefix("<<") {
                    let tag = tag.trim_start_matches('-').split_whitespace().next().unwrap_or_default();
                    heredoc = Some(tag.trim_matches(['"', '\'']).to_owned());
                    continue;
                }
                if body.starts_with('[') {
                    exec_form(&mut region, body.trim_end(), offset(body));
                    continue;
                }
                region.verbatim(body, offset(body));
                goes_on = ends.ends_with('\\');
                if !goes_on && !body.ends_with('\n') {
                    region.glue("\n");
                }
            }
            "ADD" => {
                let words = body.split_whitespace().filter(|word| !word.starts_with("--"));
                for word in words.filter(|word| word.starts_with("http") && word.contains("://")) {
                    let from = offset(body) + (word.as_ptr() as usize - body.as_ptr() as usize);
                    region.part("curl \"", from..from);
                    region.verbatim(word, from);
                    region.glue("\"\n");
                }
            }
            "ENV" | "ARG" => {
                let (name, value) = match body.split_once(['=', ' ']) {
                    Some((name, value)) => (name, value.trim_end()),
                    None => continue,
                };
                let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                if plain && !value.is_empty() && !value.ends_with('\\') {
                    region.part(name, offset(body)..offset(body) + name.len());
                    region.glue("=");
                    let from = offset(body) + name.len() + 1;
                    region.verbatim(value, from);
                    region.glue("\n");
                }
            }
            _ => {}
        }
    }
    let regions = if region.is_empty() { Vec::new() } else { vec![region] };
    Extracted { regions, unreadable: None }
}

/// `["curl", "-f", "http://.."]`, or a shell with `-c` before its command.
fn exec_form(region: &mut Region, text: &str, at: usize) {
    let Ok(tree) = crate::text::parse(text.into()) else { return };
    let items = tree.root().items().filter(|item| item.as_str().is_some());
    let words: Vec<super::commands::Scalar<'_>> =
        items.map(|node| super::commands::Scalar { node, base: at }).collect();
    if let Some(command) = super::commands::words(&[], &words).filter(|one| one.language == Language::Shell) {
        region.append(&command);
        region.glue("\n");
    }
}
