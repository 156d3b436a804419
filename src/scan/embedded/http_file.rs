//! `.http` and `.rest` files: requests one after the other, with variables.

use super::Extracted;
use super::commands::{Piece, request};
use super::region::Region;
use super::template;
use crate::scan::language::Language;
use crate::scan::wording::METHODS;

/// Reads the requests of a text that begins at `base` in the file.
pub(super) fn extract(text: &str, base: usize) -> Extracted {
    let mut out = Extracted::default();
    let mut variables: Vec<(String, String, usize)> = Vec::new();
    // Whether the next line that says something is a request.
    let mut due = true;
    let mut lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let mut next = lines.next();
    while let Some((start, line)) = next {
        next = lines.next();
        let code = line.trim_start();
        let at = base + start + (line.len() - code.len());
        let code = code.trim_end();
        if code.starts_with("###") {
            due = true;
            continue;
        }
        if let Some((name, value)) = code.strip_prefix('@').and_then(|rest| rest.split_once('='))
            && (due || !name.contains(' '))
        {
            let place = at + code.len() - value.trim_start().len();
            for form in [format!("{{{{{}}}}}", name.trim()), format!("{{{{ {} }}}}", name.trim())] {
                variables.push((template::name_of(&form), value.trim().to_owned(), place));
            }
            continue;
        }
        if !due || code.is_empty() || code.starts_with('#') || code.starts_with("//") {
            continue;
        }
        let word = code.split_whitespace().next().unwrap_or_default();
        let method = METHODS.into_iter().find(|method| *method == word);
        let rest = if method.is_some() { code[word.len()..].trim_start() } else { code };
        let addressed = ["http://", "https://", "{{", "/"].iter().any(|start| rest.starts_with(start));
        if method.is_none() && !addressed {
            // Scripts and directives before a request.
            continue;
        }
        due = false;
        let from = at + code.len() - rest.len();
        let url = match rest.rfind(" HTTP/") {
            Some(end) => rest[..end].trim_end(),
            None => rest,
        };
        let mut pieces = vec![Piece::Text(url.into(), from..from + url.len())];
        if url.starts_with('/')
            && let Some(host) = host_of(&text[start + line.len()..])
        {
            pieces.insert(0, Piece::Text(format!("https://{host}").into(), from..from));
        }
        // A long address goes on in lines that are indented.
        while let Some((start, line)) = next {
            let more = line.trim();
            if !line.starts_with([' ', '\t']) || !more.starts_with(['/', '?', '&']) {
                break;
            }
            let place = base + start + (line.len() - line.trim_start().len());
            pieces.push(Piece::Text(more.into(), place..place + more.len()));
            next = lines.next();
        }
        let Some(region) = request(Some(method.unwrap_or("GET")), &pieces, Some(Language::HttpFile)) else {
            continue;
        };
        let mut whole = Region::new(Language::Shell);
        whole.shown = region.shown;
        for (name, value, place) in &variables {
            let value = template::in_quotes(value);
            if region.text().contains(name.as_str())
                || variables.iter().any(|(_, other, _)| other.contains("{{"))
            {
                whole.glue(&format!("{name}=\""));
                whole.part(&value, *place..*place + value.len());
                whole.glue("\"\n");
            }
        }
        whole.append(&region);
        let name = url.strip_prefix("{{").and_then(|rest| rest.split_once("}}"));
        whole.named = name.map(|(name, _)| name.trim().to_owned());
        out.regions.push(whole);
    }
    out
}

/// The host that the headers of a request name, which begin a text.
fn host_of(headers: &str) -> Option<&str> {
    let mut lines = headers.lines().map(str::trim).take_while(|line| !line.is_empty());
    lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("host").then_some(value.trim())
    })
}
