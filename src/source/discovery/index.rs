//! JSON that lists documents: a viewer's configuration, a server's index of
//! its documents, a linkset.

use url::Url;

use super::answer::{Candidate, Held, Lead, Purpose, Sight};
use super::link;
use super::page::resolve;
use crate::text::{Kind, Node};

/// Reads JSON that is no API document itself.
pub(super) fn read(url: &Url, root: Node<'_>, purpose: Purpose) -> Sight {
    if purpose == Purpose::Configuration
        && let Some(sight) = viewer_config(url, root)
    {
        return sight;
    }
    let readers: [fn(&Url, Node<'_>) -> Option<Sight>; 6] =
        [linkset, groups, resources, viewer_list, endpoints, wrapped];
    readers.iter().find_map(|read| read(url, root)).unwrap_or_else(|| Sight::Nothing {
        what: match root.kind() {
            Kind::Object => {
                let keys: Vec<&str> = root.entries().map(|entry| entry.key).take(4).collect();
                let keys: Vec<String> = keys.iter().map(|key| key.chars().take(30).collect()).collect();
                format!("JSON that is no API document (its keys are {})", keys.join(", "))
            }
            kind => format!("JSON that is no API document but {}", kind.described()),
        },
    })
}

/// A linkset (RFC 9264), as of an API catalog (RFC 9727).
fn linkset(url: &Url, root: Node<'_>) -> Option<Sight> {
    let contexts = root.get("linkset")?;
    if contexts.kind() != Kind::Array {
        return None;
    }
    let mut candidates = Vec::new();
    let mut leads = Vec::new();
    for context in contexts.items() {
        let anchor = context.get("anchor").and_then(Node::as_str);
        let base = anchor.and_then(|anchor| resolve(url, anchor)).unwrap_or_else(|| url.clone());
        let targets = |relation: &str| -> Vec<(Url, Option<&str>, Option<&str>)> {
            let list = context.get(relation).into_iter().flat_map(Node::items);
            list.filter_map(|target| {
                let text = |key: &str| target.get(key).and_then(Node::as_str);
                Some((resolve(url, text("href")?)?, text("type"), text("title")))
            })
            .collect()
        };
        let described = targets("service-desc");
        // One API in several notations: the one that is surest to be read.
        let rank = |media_type: Option<&str>| match media_type {
            Some(media_type) if link::is_document_type(media_type) => Some(0),
            Some(media_type) if media_type.contains("json") => Some(1),
            Some(media_type) if media_type.contains("yaml") => Some(2),
            None => Some(3),
            Some(_) => None,
        };
        let best = described.iter().filter_map(|(href, kind, title)| Some((rank(*kind)?, href, title)));
        if let Some((_, href, title)) = best.min_by_key(|(rank, ..)| *rank) {
            let name = title.map(str::to_owned).or_else(|| anchor.map(|_| base.to_string()));
            candidates.push(Candidate { name, held: Held::At(href.clone()) });
        }
        for (relation, purpose) in [("api-catalog", Purpose::Index), ("item", Purpose::Start)] {
            let targets = targets(relation).into_iter();
            leads.extend(targets.map(|(url, ..)| Lead { url, purpose }));
        }
    }
    // An item that a context of its own describes needs no visit.
    leads.retain(|lead| !candidates.iter().any(|one| one.name.as_deref() == Some(lead.url.as_str())));
    Some(Sight::Pointers { what: "an API catalog", candidates, leads })
}

/// The index of Kubernetes' `/openapi/v3`: one document for each group.
fn groups(url: &Url, root: Node<'_>) -> Option<Sight> {
    let paths = root.get("paths")?;
    let candidates: Vec<Candidate> = paths
        .entries()
        .filter_map(|entry| {
            let at = entry.value.get("serverRelativeURL")?.as_str()?;
            Some(Candidate { name: Some(entry.key.to_owned()), held: Held::At(resolve(url, at)?) })
        })
        .collect();
    (!candidates.is_empty()).then_some(Sight::Pointers {
        what: "a Kubernetes index",
        candidates,
        leads: Vec::new(),
    })
}

/// The list of endpoints that a Kubernetes server answers with at its root.
fn endpoints(url: &Url, root: Node<'_>) -> Option<Sight> {
    let paths = root.get("paths")?;
    let at = |wanted: &str| paths.items().filter_map(Node::as_str).any(|path| path == wanted);
    let places = [
        ("/openapi/v2", Purpose::Document),
        ("/openapi/v3", Purpose::Index),
        ("/openapi.json", Purpose::Document),
        ("/swagger.json", Purpose::Document),
    ];
    let places = places.into_iter().filter(|(path, _)| at(path));
    let leads: Vec<Lead> =
        places.filter_map(|(path, purpose)| Some(Lead { url: resolve(url, path)?, purpose })).collect();
    (!leads.is_empty()).then_some(Sight::Pointers {
        what: "a list of endpoints",
        candidates: Vec::new(),
        leads,
    })
}

/// springfox's `swagger-resources`: an array of groups.
fn resources(url: &Url, root: Node<'_>) -> Option<Sight> {
    let candidates = named(url, root);
    (!candidates.is_empty()).then_some(Sight::Pointers {
        what: "a list of documents",
        candidates,
        leads: Vec::new(),
    })
}

/// Swagger UI's configuration where nobody said that it is one: with a list.
fn viewer_list(url: &Url, root: Node<'_>) -> Option<Sight> {
    root.get("urls").and_then(|_| viewer_config(url, root))
}

/// Swagger UI's configuration, as springdoc serves it: `url` or `urls`.
fn viewer_config(url: &Url, root: Node<'_>) -> Option<Sight> {
    let mut candidates = root.get("urls").map(|urls| named(url, urls)).unwrap_or_default();
    if candidates.is_empty() {
        let at = root.get("url").and_then(Node::as_str).filter(|at| !at.is_empty());
        let held = at.and_then(|at| resolve(url, at)).map(Held::At);
        candidates.extend(held.map(|held| Candidate { name: None, held }));
    }
    pointers(candidates)
}

fn pointers(candidates: Vec<Candidate>) -> Option<Sight> {
    (!candidates.is_empty()).then_some(Sight::Pointers {
        what: "a Swagger UI configuration",
        candidates,
        leads: Vec::new(),
    })
}

/// The members of an array that have a `url` (or `location`), by `name`.
fn named(url: &Url, list: Node<'_>) -> Vec<Candidate> {
    let text = |node: Node<'_>, key: &str| {
        node.get(key).and_then(Node::as_str).map(str::to_owned).filter(|text| !text.is_empty())
    };
    list.items()
        .filter_map(|item| {
            let at = text(item, "url").or_else(|| text(item, "location"))?;
            Some(Candidate { name: text(item, "name"), held: Held::At(resolve(url, &at)?) })
        })
        .collect()
}

/// A configuration without a list, or a document inside other JSON.
fn wrapped(url: &Url, root: Node<'_>) -> Option<Sight> {
    let config = ["configUrl", "oauth2RedirectUrl", "validatorUrl", "dom_id", "layout"];
    if config.iter().any(|key| root.get(key).is_some()) {
        let at = root.get("url").and_then(Node::as_str).filter(|at| !at.is_empty())?;
        return pointers(vec![Candidate { name: None, held: Held::At(resolve(url, at)?) }]);
    }
    let candidates = documents_in(root);
    (!candidates.is_empty()).then_some(Sight::Pointers {
        what: "JSON around documents",
        candidates,
        leads: Vec::new(),
    })
}

/// How deep in other JSON a document may stand.
const MAX_WRAPPING: usize = 12;

/// The documents inside other JSON, each by its title.
pub(super) fn documents_in(root: Node<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut open = vec![(root, 0)];
    while let Some((node, depth)) = open.pop() {
        if found.len() >= super::MAX_CANDIDATES {
            break;
        }
        // More than the version: pages of other kinds have a key `openapi` too.
        if super::look::is_document(node)
            && node.get("info").is_some_and(Node::is_object)
            && (node.get("paths").is_some_and(Node::is_object)
                || node.get("webhooks").is_some_and(Node::is_object))
        {
            found.push(inside(node));
        } else if depth < MAX_WRAPPING {
            let children = node.entries().map(|entry| entry.value).chain(node.items());
            let mut children: Vec<_> = children.map(|child| (child, depth + 1)).collect();
            children.reverse();
            open.extend(children);
        }
    }
    found
}

/// A document that stands in other JSON, with its bytes as they are.
pub(super) fn inside(node: Node<'_>) -> Candidate {
    let title = node.get("info").and_then(|info| info.get("title")).and_then(Node::scalar_text);
    let bytes = node.tree().text()[node.span().range()].as_bytes().to_vec();
    Candidate { name: title.map(str::to_owned), held: Held::Inside(bytes) }
}
