//! Recipes of `just`: like those of a makefile, with `{{name}}` for what it puts in.

use super::Extracted;
use super::region::Region;
use super::template;
use crate::scan::language::Language;

/// Reads a file whose placeholders are variables of the shell already: the assignments and
/// recipes of the whole file as one script, but for recipes that say themselves what runs them.
pub(super) fn extract(text: &str) -> Extracted {
    let mut out = Extracted::default();
    let mut script = Region::new(Language::Shell);
    let mut own: Option<Region> = None;
    let mut at = 0;
    let mut heads = true;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let code = line.trim_start();
        let from = start + line.len() - code.len();
        if !line.starts_with([' ', '\t']) && !code.is_empty() {
            out.regions.extend(own.take());
            heads = true;
            if let Some((name, value)) = code.split_once(":=") {
                let name = name.trim().trim_start_matches("export ").trim();
                assign(&mut script, text, name, value, from + code.len() - value.len());
            }
            continue;
        }
        if heads && code.starts_with("#!") {
            own = Language::of_shebang(code).map(Region::new);
        }
        heads &= code.is_empty();
        match &mut own {
            Some(own) => own.verbatim(line, start),
            None => {
                let command = code.trim_start_matches(['@', '-']);
                script.verbatim(command, from + code.len() - command.len());
            }
        }
    }
    out.regions.extend(own);
    if !script.is_empty() {
        out.regions.push(script);
    }
    out
}

/// A value in quotes, under all names that placeholders have for it.
fn assign(script: &mut Region, text: &str, name: &str, value: &str, at: usize) {
    let plain = value.trim();
    let Some(quote) = plain.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return };
    let Some(end) = plain[1..].find(quote) else { return };
    let from = at + (value.len() - value.trim_start().len()) + 1;
    let mut names = template::spellings(text, name);
    names.push(name.to_owned());
    for name in names {
        script.part(&format!("{name}=\""), from..from);
        script.part(&template::in_quotes(&plain[1..=end]), from..from + end);
        script.glue("\"\n");
    }
}
