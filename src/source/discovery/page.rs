//! HTML pages: where a documentation viewer, a link or a script of the page
//! says that the document is.
//!
//! Reads the tokens of the page, not a tree: what matters are elements with
//! their attributes and the text of scripts, and tokens cost the same however
//! a hostile page is nested.

use std::cell::RefCell;
use std::collections::BTreeMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use url::Url;

use super::answer::{Answer, Candidate, Held, Lead, Purpose, Sight};
use super::crowd::Fed;
use super::link::Link;
use super::viewer::{self, Viewer};
use super::{crowd, index, script};

/// Most elements of a page that are kept.
const MAX_ELEMENTS: usize = 20_000;

/// An element with its attributes.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    pub tag: String,
    attributes: Vec<(String, String)>,
    /// The text inside, of scripts only.
    pub text: String,
}

impl Element {
    /// An attribute's value; its name in small letters.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    }
}

/// Elements that are looked at; of others, those with a viewer's attributes.
const KEPT: [&str; 9] = ["base", "link", "script", "meta", "iframe", "frame", "a", "input", "title"];

/// What is collected of a page.
#[derive(Default)]
struct Collected {
    elements: Vec<Element>,
    /// The element whose text is being read.
    open: Option<Element>,
    /// What came of the last piece of the page.
    fed: Fed,
}

#[derive(Default)]
struct Sink(RefCell<Collected>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match &token {
            Token::TagToken(tag) => {
                page.fed = Fed { is_ended: true, attributes: tag.attrs.len(), raw: None };
            }
            Token::CommentToken(_) | Token::DoctypeToken(_) => page.fed.is_ended = true,
            _ => {}
        }
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return start(&mut page, &tag),
            Token::TagToken(_) => {
                if let Some(element) = page.open.take() {
                    page.elements.push(element);
                }
            }
            Token::CharacterTokens(text) => {
                if let Some(element) = &mut page.open {
                    element.text.push_str(&text);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn start(page: &mut Collected, tag: &Tag) -> TokenSinkResult<()> {
    let name = tag.name.to_string();
    let raw = match name.as_str() {
        "script" => Some(RawKind::ScriptData),
        "style" | "xmp" | "noembed" | "noframes" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    };
    let attribute = |name: &str| tag.attrs.iter().any(|attribute| *attribute.name.local == *name);
    let kept = KEPT.contains(&name.as_str())
        || viewer::of_element(&name).is_some()
        || viewer::ATTRIBUTES.iter().any(|name| attribute(name));
    if kept && page.elements.len() < MAX_ELEMENTS {
        let attributes = tag.attrs.iter();
        let attributes =
            attributes.map(|one| (one.name.local.to_string().to_ascii_lowercase(), one.value.to_string()));
        let element = Element { tag: name, attributes: attributes.collect(), text: String::new() };
        if raw.is_some() {
            page.open = Some(element);
        } else {
            page.elements.push(element);
        }
    }
    page.fed.raw = raw.map(|_| tag.name.to_string());
    raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
}

fn elements(html: &str) -> Vec<Element> {
    let queue = BufferQueue::default();
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    crowd::each_piece(html, |piece| {
        queue.push_back(StrTendril::from_slice(piece));
        // The sink asks for no scripts to be run, so one feed reads it all.
        let _ = tokenizer.feed(&queue);
        std::mem::take(&mut tokenizer.sink.0.borrow_mut().fed)
    });
    tokenizer.end();
    let collected = tokenizer.sink.0.into_inner();
    let mut elements = collected.elements;
    elements.extend(collected.open);
    elements
}

/// Longest address that is taken from a server: what servers take (RFC 9110,
/// section 4.1), and what can still be shown.
pub(crate) const MAX_ADDRESS: usize = 8 * 1024;

/// An address on a page. Only http and https, and never with credentials in it.
pub(super) fn resolve(base: &Url, reference: &str) -> Option<Url> {
    let reference = reference.trim();
    let url = if reference.len() <= MAX_ADDRESS { base.join(reference).ok()? } else { return None };
    let plain =
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.as_str().len() <= MAX_ADDRESS;
    (plain && url.username().is_empty() && url.password().is_none()).then_some(url)
}

pub(super) fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// Reads a page.
pub(super) fn read(answer: &Answer, html: &str) -> Sight {
    let elements = elements(html);
    let base = elements.iter().find(|element| element.tag == "base").and_then(|element| element.get("href"));
    let base = base.and_then(|href| resolve(&answer.url, href)).unwrap_or_else(|| answer.url.clone());

    let mut viewer: Option<Viewer> = None;
    let mut candidates = Vec::new();
    let mut leads = Vec::new();
    for element in &elements {
        let seen = viewer::read_element(element, &base);
        viewer = viewer.or(seen.viewer);
        candidates.extend(seen.candidates);
    }

    // Texts that scripts of the page read by id.
    let texts: BTreeMap<String, String> = elements
        .iter()
        .filter(|element| element.tag == "script" && !element.text.trim().is_empty())
        .filter_map(|element| Some((element.get("id")?.to_owned(), element.text.clone())))
        .collect();
    let place =
        script::Place { page: &answer.url, base: &base, texts: &texts, budget: script::Budget::of_page() };
    let mut hints = Vec::new();
    let mut embedded = Vec::new();
    for element in elements.iter().filter(|element| element.tag == "script") {
        if element.text.trim().is_empty() {
            continue;
        }
        if is_json_script(element) {
            if let Ok(tree) = crate::text::parse(element.text.as_str().into()) {
                embedded.extend(index::documents_in(tree.root()));
            }
        } else if is_code(element) {
            let seen = script::run(&element.text, &place);
            viewer = viewer.or(seen.viewer);
            candidates.extend(seen.candidates);
            leads.extend(seen.leads);
            hints.extend(seen.hints);
            embedded.extend(seen.embedded);
        }
    }
    for attribute in ["data-initial-props", "data-props", "data-state"] {
        for value in elements.iter().filter_map(|element| element.get(attribute)) {
            if let Ok(tree) = crate::text::parse(value.into()) {
                embedded.extend(index::documents_in(tree.root()));
            }
        }
    }
    viewer = viewer.or_else(|| elements.iter().find_map(viewer::of_asset));

    // What the address itself says to Swagger UI.
    if viewer == Some(Viewer::SwaggerUi) {
        let asked = viewer::of_query(&answer.url, &base);
        if !asked.candidates.is_empty() || !asked.leads.is_empty() {
            (candidates, leads) = (asked.candidates, asked.leads);
        }
    }
    if candidates.is_empty() {
        candidates = embedded;
    }
    if candidates.is_empty() && viewer.is_some() {
        leads.extend(scripts(&elements, &base));
        leads.extend(hints);
    }
    let what = viewer.map_or("an HTML page", Viewer::page);
    let sight = Sight::Pointers { what, candidates, leads };
    let links: Vec<Link> = elements.iter().filter_map(link_of).collect();
    let sight = with_links(sight, &base, &links, "an HTML page with links");
    let Sight::Pointers { what, candidates, mut leads } = sight else { return sight };
    if candidates.is_empty() {
        leads.extend(elsewhere(&elements, &base, viewer));
    }
    if candidates.is_empty() && leads.is_empty() {
        return Sight::Nothing { what: described(&elements, viewer) };
    }
    Sight::Pointers { what, candidates, leads }
}

fn is_json_script(element: &Element) -> bool {
    element.get("type").is_some_and(|kind| {
        let kind = kind.to_ascii_lowercase();
        (kind.ends_with("/json") || kind.ends_with("+json")) && kind != "application/ld+json"
    })
}

fn is_code(element: &Element) -> bool {
    element.get("type").is_none_or(|kind| {
        let kind = kind.to_ascii_lowercase();
        kind == "module" || kind.contains("javascript") || kind.contains("ecmascript")
    })
}

/// The scripts of the page's own server that may configure a viewer: not the
/// viewers themselves.
fn scripts(elements: &[Element], base: &Url) -> Vec<Lead> {
    let scripts = elements.iter().filter(|element| element.tag == "script");
    let urls = scripts.filter_map(|element| resolve(base, element.get("src")?));
    let own = urls.filter(|url| same_origin(url, base) && !viewer::is_bundle(url));
    let mut urls: Vec<Url> = own.collect();
    // Names that configure before all others.
    urls.sort_by_key(|url| !viewer::is_initializer(url));
    urls.into_iter().map(|url| Lead { url, purpose: Purpose::Script }).collect()
}

fn link_of(element: &Element) -> Option<Link> {
    if element.tag != "link" {
        return None;
    }
    let rels = element.get("rel")?.split_ascii_whitespace().map(str::to_ascii_lowercase).collect();
    Some(Link {
        target: element.get("href")?.to_owned(),
        rels,
        media_type: element.get("type").map(str::to_owned),
        title: element.get("title").map(str::to_owned),
    })
}

/// Adds what links say: documents where nothing else names one, and pages and
/// catalogs to look at.
pub(super) fn with_links(sight: Sight, base: &Url, links: &[Link], what: &'static str) -> Sight {
    let target = |link: &Link| resolve(base, &link.target);
    let mut described: Vec<(&Link, Url)> =
        links.iter().filter(|link| link.describes()).filter_map(|link| Some((link, target(link)?))).collect();
    // The same document in another notation is the same document.
    let stem = |url: &Url| {
        let path = url.path();
        [".json", ".yaml", ".yml"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path).to_owned()
    };
    described.sort_by_key(|(link, url)| {
        !(url.path().ends_with(".json")
            || link.media_type.as_deref().is_some_and(|kind| kind.contains("json")))
    });
    let mut stems = std::collections::BTreeSet::new();
    described.retain(|(_, url)| stems.insert(stem(url)));
    let named: Vec<Candidate> = described
        .into_iter()
        .map(|(link, url)| Candidate { name: link.title.clone(), held: Held::At(url) })
        .collect();
    let leading = |rel: &str, purpose: Purpose| -> Vec<Lead> {
        let targets = links.iter().filter(|link| link.has(rel)).filter_map(target);
        targets.filter(|url| same_origin(url, base)).map(|url| Lead { url, purpose }).collect()
    };
    let mut further = leading("api-catalog", Purpose::Index);
    further.extend(leading("service-doc", Purpose::Page));
    match sight {
        Sight::Pointers { what, candidates, mut leads } if !candidates.is_empty() || named.is_empty() => {
            leads.extend(further);
            Sight::Pointers { what, candidates, leads }
        }
        Sight::Pointers { mut leads, .. } => {
            leads.extend(further);
            Sight::Pointers { what, candidates: named, leads }
        }
        Sight::Nothing { .. } if !named.is_empty() || !further.is_empty() => {
            Sight::Pointers { what, candidates: named, leads: further }
        }
        sight => sight,
    }
}

/// Other pages and files that a page without a document sends us to: frames, a
/// redirect in its head, files that are named like API documents.
fn elsewhere(elements: &[Element], base: &Url, viewer: Option<Viewer>) -> Vec<Lead> {
    let mut leads = Vec::new();
    for element in elements {
        let (reference, purpose) = match element.tag.as_str() {
            "meta" if element.get("http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("refresh")) => {
                let content = element.get("content").and_then(|content| content.split_once('='));
                let Some((_, target)) = content else { continue };
                (Some(target.trim().trim_matches(['"', '\''])), Purpose::Page)
            }
            "iframe" | "frame" => (element.get("src"), Purpose::Page),
            "a" => (element.get("href").filter(|href| viewer::is_document_name(href)), Purpose::Document),
            _ => continue,
        };
        let url = reference.and_then(|reference| resolve(base, reference));
        if let Some(url) = url.filter(|url| same_origin(url, base) && url != base) {
            leads.push(Lead { url, purpose });
        }
    }
    // A viewer whose configuration stays dark has its document beside it.
    if viewer.is_none() {
        return leads;
    }
    leads
}

fn described(elements: &[Element], viewer: Option<Viewer>) -> String {
    let password = elements.iter().any(|element| {
        element.tag == "input"
            && element.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("password"))
    });
    let title = elements.iter().find(|element| element.tag == "title").map(|element| element.text.trim());
    let title: String = title.unwrap_or_default().chars().filter(|c| !c.is_control()).take(60).collect();
    match (viewer, password, title.is_empty()) {
        (Some(viewer), ..) => format!("{} that names no document", viewer.page()),
        (None, true, _) => "a sign-in page".to_owned(),
        (None, false, true) => "an HTML page that names no document".to_owned(),
        (None, false, false) => format!("an HTML page ({title:?}) that names no document"),
    }
}
