//! Requests that YAML tells what runs it: a route that an action is given, steps of workflow
//! engines, of tests and of load tests.

use super::commands::{Piece, Scalar, request};
use super::region::Region;
use crate::scan::language::Language;
use crate::scan::wording::method_named;
use crate::text::{Kind, Node};

/// Bytes of a lookup's plugin and address.
const LONGEST_LOOKUP: usize = 2_000;

/// The address that the paths of a load test's steps stand below.
pub(super) fn target<'t>(root: Node<'t>, base: usize) -> Option<Scalar<'t>> {
    let node = root.get("config")?.get("target").filter(|node| node.as_str().is_some())?;
    Some(Scalar { node, base })
}

/// The request of an object.
pub(crate) fn of(node: Node<'_>, base: usize, target: Option<Scalar<'_>>, shown: Language) -> Option<Region> {
    if shown != Language::Yaml {
        return None;
    }
    let region = routed(node, base, shown).or_else(|| step(node, base, target, shown));
    region.or_else(|| called(node, base, shown)).or_else(|| written_out(node, base, shown))
}

/// `uses: octokit/request-action@v2` with `route: GET /repos/{owner}/{repo}`.
fn routed(step: Node<'_>, base: usize, shown: Language) -> Option<Region> {
    let uses = step.get("uses").and_then(Node::as_str)?;
    let (owner, _) = uses.split('@').next()?.split_once('/')?;
    let route = step.get("with")?.get("route").filter(|_| owner == "octokit")?;
    let text = route.as_str()?;
    let (method, path) = text.split_once(' ')?;
    let method = method_named(method)?;
    let scalar = Scalar { node: route, base };
    let mut whole = Region::new(Language::Shell);
    scalar.add_as(&mut whole, &super::template::for_shell(text));
    let at = whole.start_of(text.len() - path.len());
    let host = Piece::Text("https://api.github.com".into(), at..at);
    let path = path.trim();
    let url = Piece::Text(path.into(), at..at + path.len());
    request(Some(method), &[host, url], Some(shown))
}

/// `- get: { url: "/users" }` below a `config` that has a `target`.
fn step(node: Node<'_>, base: usize, target: Option<Scalar<'_>>, shown: Language) -> Option<Region> {
    let target = target?;
    node.entries().find_map(|entry| {
        let method = method_named(entry.key).filter(|_| entry.value.kind() == Kind::Object)?;
        let url = entry.value.get("url").filter(|url| url.as_str().is_some())?;
        let url = Scalar { node: url, base };
        let at = super::commands::start(url);
        let pieces = match url.text().starts_with('/') {
            true => vec![Piece::Text(target.text().into(), at..at), Piece::Scalar(url)],
            false => vec![Piece::Scalar(url)],
        };
        request(Some(method), &pieces, Some(shown))
    })
}

/// `call: http.get` with `args: { url: ... }`.
fn called(node: Node<'_>, base: usize, shown: Language) -> Option<Region> {
    let call = node.get("call").and_then(Node::as_str)?.strip_prefix("http.")?;
    let args = node.get("args")?;
    let url = args.get("url").filter(|url| url.as_str().is_some_and(is_address))?;
    let method = match method_named(call) {
        Some(method) => method,
        None => method_named(args.get("method").and_then(Node::as_str)?)?,
    };
    request(Some(method), &[Piece::Scalar(Scalar { node: url, base })], Some(shown))
}

/// `http: { url: "https://...", method: POST }`, `request: { ... }`
fn written_out(node: Node<'_>, base: usize, shown: Language) -> Option<Region> {
    // What was answered once is a record of it.
    if node.get("response").is_some_and(|response| response.get("body").is_some()) {
        return None;
    }
    let told = ["http", "request"].into_iter().find_map(|key| node.get(key))?;
    let url = told.get("url").filter(|url| url.as_str().is_some_and(is_address))?;
    let method = method_named(told.get("method").and_then(Node::as_str)?.trim())?;
    request(Some(method), &[Piece::Scalar(Scalar { node: url, base })], Some(shown))
}

/// `"{{ lookup('url', 'https://...') }}"` of a playbook, whatever is done with the answer.
pub(super) fn looked_up(text: &str) -> Vec<Region> {
    let mut out = Vec::new();
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        start += line.len();
        (start - line.len(), line)
    });
    let lines = lines.filter(|(_, line)| !line.trim_start().starts_with('#'));
    let calls = lines.flat_map(|(start, line)| {
        let calls = ["lookup(", "query("].into_iter().flat_map(|call| line.match_indices(call));
        calls.map(move |(at, call)| start + at + call.len())
    });
    for from in calls {
        let from = from + (text[from..].len() - text[from..].trim_start().len());
        // The plugin and the address are near.
        let end = text.len().min(from + LONGEST_LOOKUP);
        let Some(near) = text.get(from..end).filter(|near| near.starts_with(['\'', '"'])) else { continue };
        let quote = &near[..1];
        let Some((plugin, rest)) = near[1..].split_once(quote) else { continue };
        let Some(rest) = rest.trim_start().strip_prefix(',').map(str::trim_start) else { continue };
        if !matches!(plugin, "url" | "ansible.builtin.url") {
            continue;
        }
        let start = from + near.len() - rest.len();
        let pieces = summed(rest, start);
        let first = pieces.first().map(|piece| match piece {
            Piece::Text(text, _) => is_address(text),
            Piece::Scalar(_) => false,
        });
        if first == Some(true) {
            out.extend(request(Some("GET"), &pieces, Some(Language::Yaml)));
        }
    }
    out
}

/// The parts of an argument that is a sum of texts and names: `'https://a/' ~ name`, `api + '/users'`.
fn summed(text: &str, at: usize) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        let place = at + text.len() - rest.len();
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
            let Some(end) = rest[1..].find(quote) else { return Vec::new() };
            out.push(Piece::Text(rest[1..=end].into(), place + 1..place + 1 + end));
            rest = rest[end + 2..].trim_start();
        } else {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.'));
            let name = &rest[..end.unwrap_or(rest.len())];
            if name.is_empty() {
                return Vec::new();
            }
            out.push(Piece::Text(
                format!("${{_{}_}}", name.replace('.', "_")).into(),
                place..place + name.len(),
            ));
            rest = rest[name.len()..].trim_start();
        }
        match rest.strip_prefix(['~', '+']) {
            Some(more) => rest = more.trim_start(),
            None => return out,
        }
    }
}

/// Whether a text is an address, and no path that a server answers.
fn is_address(text: &str) -> bool {
    ["https://", "http://", "${"].iter().any(|front| text.starts_with(front)) && !text.contains(['"', '\n'])
}
