//! Requests of Bruno: `get { url: {{host}}/users }` in a file of its own.

use super::Extracted;
use super::commands::{Piece, request};
use super::region::Region;
use super::template;
use crate::scan::language::Language;
use crate::scan::wording::method_named;

/// Reads a file, which holds one request.
pub(super) fn extract(text: &str) -> Extracted {
    let mut out = Extracted::default();
    let mut variables = Region::new(Language::Shell);
    let mut asked: Option<Region> = None;
    let mut block = "";
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let code = line.trim();
        if let Some(name) = line.strip_suffix("{\n").or_else(|| line.strip_suffix("{\r\n")) {
            // Blocks begin at the margin; what is deeper belongs to a body.
            if !line.starts_with([' ', '\t']) {
                block = name.trim();
            }
            continue;
        }
        if line.starts_with('}') {
            block = "";
        }
        let Some((key, value)) = code.split_once(':') else { continue };
        let value = value.trim();
        let from = start + (line.len() - line.trim_start().len()) + (code.len() - value.len());
        let place = from..from + value.len();
        match (method_named(block), key.trim()) {
            (Some(method), "url") if !value.is_empty() => {
                let url = Piece::Text(value.into(), place);
                asked = request(Some(method), &[url], Some(Language::HttpFile));
            }
            (None, name) if block.starts_with("vars") && !value.is_empty() => {
                let variable = template::name_of(&format!("{{{{{}}}}}", name.trim_start_matches('~')));
                variables.part(&format!("{variable}=\""), from..from);
                variables.part(&template::in_quotes(value), place);
                variables.glue("\"\n");
            }
            _ => {}
        }
    }
    if let Some(region) = asked {
        variables.shown = region.shown;
        variables.append(&region);
        out.regions.push(variables);
    }
    out
}
