//! Collections of API clients: Postman v2, Insomnia exports, HAR recordings.

use std::borrow::Cow;

use super::commands::{Piece, Scalar, request};
use super::region::Region;
use super::template;
use crate::scan::language::Language;
use crate::text::{Kind, Node, Tree};

/// Takes a collection apart; `false` if the tree is none.
pub(super) fn extract(tree: &Tree, base: usize, shown: Language, out: &mut Vec<Region>) -> bool {
    let root = tree.root();
    let root = root.get("collection").filter(|inner| is_postman(*inner)).unwrap_or(root);
    let text =
        |node: Node<'_>, key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    if is_postman(root) {
        postman(root, base, shown, out);
        return true;
    }
    if text(root, "_type") == "export" && root.get("resources").is_some() {
        insomnia(root.get("resources"), base, shown, out);
        return true;
    }
    if text(root, "type").starts_with("collection.insomnia.rest") {
        insomnia(Some(root), base, shown, out);
        return true;
    }
    let entries = root.get("log").and_then(|log| log.get("entries"));
    if let Some(entries) = entries.filter(|entries| entries.kind() == Kind::Array) {
        for entry in entries.items() {
            let Some(sent) = entry.get("request") else { continue };
            let Some(url) = sent.get("url").filter(|url| url.as_str().is_some()) else { continue };
            let method = sent.get("method").and_then(Node::as_str);
            out.extend(request(method, &[Piece::Scalar(Scalar { node: url, base })], Some(shown)));
        }
        return true;
    }
    false
}

fn is_postman(root: Node<'_>) -> bool {
    let info = root.get("info");
    let schema = info.and_then(|info| info.get("schema")).and_then(Node::as_str).unwrap_or_default();
    let known = schema.contains("getpostman.com") || schema.contains("postman");
    root.get("item").is_some_and(|item| item.kind() == Kind::Array)
        && (known || info.is_some_and(|info| info.get("_postman_id").is_some()))
}

/// Values by the names that placeholders have for them.
type Variables<'t> = Vec<(String, Scalar<'t>)>;

fn postman<'t>(root: Node<'t>, base: usize, shown: Language, out: &mut Vec<Region>) {
    let mut open: Vec<(Node<'t>, Variables<'t>)> = vec![(root, Vec::new())];
    while let Some((node, mut variables)) = open.pop() {
        for one in node.get("variable").into_iter().flat_map(Node::items) {
            let key = one.get("key").or_else(|| one.get("id")).and_then(Node::as_str);
            if let (Some(key), Some(value)) = (key, one.get("value")) {
                let value = Scalar { node: value, base };
                variables.push((template::name_of(&format!("{{{{{key}}}}}")), value));
                variables.push((template::name_of(&format!("{{{{ {key} }}}}")), value));
            }
        }
        if let Some(sent) = node.get("request") {
            out.extend(postman_request(sent, base, shown).map(|region| after(region, &variables)));
        }
        for event in node.get("event").into_iter().flat_map(Node::items) {
            let lines = event.get("script").and_then(|script| script.get("exec"));
            let mut region = Region::new(Language::JavaScript);
            for line in lines.into_iter().flat_map(Node::items).filter(|line| line.as_str().is_some()) {
                let line = Scalar { node: line, base };
                line.add_as(&mut region, line.text());
                region.glue("\n");
            }
            if !region.is_empty() {
                out.push(region);
            }
        }
        let items: Vec<Node<'t>> = node.get("item").into_iter().flat_map(Node::items).collect();
        open.extend(items.into_iter().rev().map(|item| (item, variables.clone())));
    }
}

/// A request, which is an object or an address. What was answered to it is no
/// request, though it is written like one.
fn postman_request(sent: Node<'_>, base: usize, shown: Language) -> Option<Region> {
    let scalar = |node| Scalar { node, base };
    let url = if sent.is_object() { sent.get("url")? } else { sent };
    let method = sent.get("method").and_then(Node::as_str);
    let raw = if url.is_object() { url.get("raw") } else { Some(url) };
    if let Some(raw) = raw.filter(|raw| raw.as_str().is_some_and(|text| !text.trim().is_empty())) {
        return request(method, &parameters(scalar(raw)), Some(shown));
    }
    // Only the parts: a host and a path, each a text or a list of texts.
    let texts = |key: &str| -> Vec<Scalar<'_>> {
        let Some(node) = url.get(key) else { return Vec::new() };
        if node.as_str().is_some() {
            return vec![scalar(node)];
        }
        let items = node.items().map(|item| item.get("value").unwrap_or(item));
        items.filter(|item| item.scalar_text().is_some()).map(scalar).collect()
    };
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let glue = |pieces: &mut Vec<Piece<'_>>, text: &'static str, next: &Scalar<'_>| {
        let at = next.base + next.node.span().start as usize;
        pieces.push(Piece::Text(Cow::Borrowed(text), at..at));
    };
    for (at, part) in texts("host").into_iter().enumerate() {
        let variable = part.text().starts_with("{{") || part.text().starts_with("${");
        match at {
            0 if !variable => glue(&mut pieces, "https://", &part),
            0 => {}
            _ => glue(&mut pieces, ".", &part),
        }
        pieces.push(Piece::Scalar(part));
    }
    for part in texts("path") {
        glue(&mut pieces, "/", &part);
        pieces.extend(parameters(part));
    }
    if pieces.is_empty() { None } else { request(method, &pieces, Some(shown)) }
}

/// A text whose `:name` segments are variables.
fn parameters<'t>(scalar: Scalar<'t>) -> Vec<Piece<'t>> {
    let text = template::for_shell(scalar.text()).into_owned();
    let mut out = String::with_capacity(text.len());
    let mut before = '/';
    let mut inside = false;
    for (at, c) in text.char_indices() {
        let named = text[at + c.len_utf8()..].starts_with(|next: char| next.is_ascii_alphabetic());
        if c == ':' && before == '/' && named {
            inside = true;
            out.push('$');
        } else {
            inside &= !matches!(c, '/' | '?' | '#');
            out.push(if inside && c.is_ascii() && !c.is_ascii_alphanumeric() { '_' } else { c });
        }
        before = c;
    }
    let mut region = Region::new(Language::Shell);
    scalar.add_as(&mut region, &out);
    // Every character with its place.
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, c) in out.char_indices() {
        let end = at + c.len_utf8();
        let (start, stop) = (region.start_of(from), region.end_of(end));
        let last = end == out.len();
        // Runs that stand in the file as they are stay together.
        if last || region.start_of(end) != stop || stop - start != end - from {
            pieces.push(Piece::Text(Cow::Owned(out[from..end].to_owned()), start..stop.max(start)));
            from = end;
        }
    }
    pieces
}

/// Insomnia's requests, wherever they stand below `root`, with the values of
/// its environments.
fn insomnia<'t>(root: Option<Node<'t>>, base: usize, shown: Language, out: &mut Vec<Region>) {
    let mut open: Vec<Node<'t>> = root.into_iter().collect();
    let mut variables: Variables<'t> = Vec::new();
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        if let Some(data) = node.get("data").filter(|data| data.is_object()) {
            for entry in data.entries() {
                let value = Scalar { node: entry.value, base };
                for form in ["{{ _.X }}", "{{_.X}}", "{{ X }}", "{{X}}"] {
                    variables.push((template::name_of(&form.replace('X', entry.key)), value));
                }
            }
        }
        let url = node.get("url").filter(|url| url.as_str().is_some_and(|text| !text.is_empty()));
        let method = node.get("method").and_then(Node::as_str);
        if let (Some(url), Some(method)) = (url, method) {
            found.extend(request(Some(method), &parameters(Scalar { node: url, base }), Some(shown)));
        }
        let children: Vec<Node<'t>> = node.entries().map(|entry| entry.value).chain(node.items()).collect();
        open.extend(children.into_iter().rev());
    }
    out.extend(found.into_iter().map(|region| after(region, &variables)));
}

/// A region behind the assignments of the variables that it reads.
fn after(region: Region, variables: &Variables<'_>) -> Region {
    let mut whole = Region::new(region.language);
    whole.shown = region.shown;
    for (name, value) in variables {
        let text = value.text();
        if name.is_empty() || text.is_empty() || text.contains('\n') || !region.text().contains(name.as_str())
        {
            continue;
        }
        whole.glue(&format!("{name}=\""));
        value.add_as(&mut whole, &template::in_quotes(text));
        whole.glue("\"\n");
    }
    whole.append(&region);
    whole
}
