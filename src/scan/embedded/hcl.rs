//! HCL: commands of provisioners and external programs, and the addresses that
//! `http` data sources and the like fetch.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tree_sitter::Node;

use super::Extracted;
use super::commands::{Piece, language_of, request};
use super::given::Given;
use super::hcl_module;
use super::hcl_values::{Under, bare};
use super::region::Region;
use crate::scan::language::Language;

/// Nesting that is followed.
pub(super) const MAX_NESTING: usize = 40;

/// Bytes of one text that is put together.
const MAX_TEXT: usize = 1 << 20;

/// Reads a file; `given` is what the other files of its module give it.
pub(super) fn extract(text: &str, given: &Given) -> Extracted {
    let mut out = Extracted::default();
    let Some(tree) = parsed(text) else { return out };
    let mut reader = Reader::new(text, given, &mut out.regions);
    let blocks = reader.blocks_with_constants(tree.root_node());
    for (labels, body) in &blocks {
        reader.repeated(labels, *body);
        reader.heredocs(labels, *body);
    }
    out
}

/// The syntax tree of a file.
pub(super) fn parsed(text: &str) -> Option<tree_sitter::Tree> {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_hcl::LANGUAGE.into()).ok()?;
    parser.parse(text, None)
}

/// Blocks, each with the words before its braces.
type Blocks<'t> = Vec<(Vec<&'t str>, Node<'t>)>;

pub(crate) struct Reader<'t, 'o> {
    text: &'t str,
    /// What other files give.
    given: &'o Given,
    /// `local.x` and the defaults of `var.x`.
    pub(super) known: BTreeMap<String, Node<'t>>,
    /// The addresses of what providers speak to, by their names.
    pub(super) providers: BTreeMap<&'t str, Node<'t>>,
    pub(crate) under: Under<'t>,
    /// Whether a condition has been met of which another arm may be meant.
    pub(super) chosen: bool,
    out: &'o mut Vec<Region>,
}

/// The address that a provider has.
#[derive(Clone, Copy)]
enum Base<'t, 'o> {
    Here(Node<'t>),
    /// Told by another file of the module.
    Given(&'o str),
}

/// A part of a string: literal, or what stands between `${` and `}`.
enum Part<'t> {
    Literal(Node<'t>),
    Value(Node<'t>),
}

impl<'t, 'o> Reader<'t, 'o> {
    pub(super) fn new(text: &'t str, given: &'o Given, out: &'o mut Vec<Region>) -> Self {
        Self {
            text,
            given,
            known: BTreeMap::new(),
            providers: BTreeMap::new(),
            under: Under::default(),
            chosen: false,
            out,
        }
    }

    /// All blocks; what they say of constants is known from then on.
    pub(super) fn blocks_with_constants(&mut self, root: Node<'t>) -> Blocks<'t> {
        let mut blocks = Vec::new();
        self.blocks(root, &mut blocks, 0);
        for (labels, body) in &blocks {
            self.constants(labels, *body);
        }
        blocks
    }

    pub(super) fn source(&self, node: Node<'t>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// All blocks with the words before their braces, outer ones first.
    fn blocks(&self, node: Node<'t>, out: &mut Blocks<'t>, depth: usize) {
        if depth > MAX_NESTING {
            return;
        }
        for child in children(node) {
            match child.kind() {
                "block" => {
                    let parts = children(child);
                    let words =
                        parts.iter().filter(|part| matches!(part.kind(), "identifier" | "string_lit"));
                    let words: Vec<&str> = words.map(|part| self.source(*part).trim_matches('"')).collect();
                    let body = parts.iter().find(|part| part.kind() == "body");
                    if let Some(body) = body {
                        out.push((words, *body));
                        self.blocks(*body, out, depth + 1);
                    }
                }
                "body" => self.blocks(child, out, depth + 1),
                _ => {}
            }
        }
    }

    fn attributes(&self, body: Node<'t>) -> Vec<(&'t str, Node<'t>)> {
        let attributes = children(body).into_iter().filter(|child| child.kind() == "attribute");
        attributes
            .filter_map(|attribute| {
                let parts = children(attribute);
                let name = parts.iter().find(|part| part.kind() == "identifier")?;
                let value = parts.iter().find(|part| part.kind() == "expression")?;
                Some((self.source(*name), *value))
            })
            .collect()
    }

    fn constants(&mut self, labels: &[&'t str], body: Node<'t>) {
        for (name, value) in self.attributes(body) {
            let key = match labels {
                ["locals"] => format!("local.{name}"),
                ["variable", variable] if name == "default" => format!("var.{variable}"),
                ["provider", provider] if matches!(name, "uri" | "base_url") => {
                    self.providers.insert(provider, value);
                    continue;
                }
                _ => continue,
            };
            for (member, inner) in self.entries(value) {
                let member = self.source(member).trim_matches('"');
                self.known.insert(format!("{key}.{member}"), inner);
                self.known.insert(format!("{key}[\"{member}\"]"), inner);
            }
            self.known.insert(key, value);
        }
    }

    /// The requests of a block, once for each element that it is repeated for, and with both
    /// arms of its conditions.
    fn repeated(&mut self, labels: &[&str], body: Node<'t>) {
        let repeated = self.attributes(body).into_iter().find(|(name, _)| *name == "for_each");
        let turns = repeated.map(|(_, value)| self.turns(value)).unwrap_or_default();
        let mut turns: Vec<_> = turns.into_iter().map(Some).collect();
        if turns.is_empty() {
            turns.push(None);
        }
        for each in turns {
            for second in [false, true] {
                self.under = Under { each, second };
                self.chosen = false;
                self.requests(labels, body);
                if !self.chosen {
                    break;
                }
            }
        }
        self.under = Under::default();
    }

    fn requests(&mut self, labels: &[&str], body: Node<'t>) {
        let attributes = self.attributes(body);
        let get = |name: &str| attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        match labels {
            ["provisioner", "local-exec"] => {
                let interpreter = get("interpreter").map(|value| self.words(value)).unwrap_or_default();
                let language = interpreter.first().and_then(|word| language_of(&self.plain(*word)));
                if let Some(command) = get("command") {
                    self.script(command, language.unwrap_or(Language::Shell));
                }
            }
            ["provisioner", _] => {
                for line in get("inline").map(|value| self.words(value)).unwrap_or_default() {
                    self.script(line, Language::Shell);
                }
            }
            ["data", "external", _] => {
                let words = get("program").map(|value| self.words(value)).unwrap_or_default();
                let language = words.first().and_then(|word| language_of(&self.plain(*word)));
                if let (Some(language), Some(command)) = (language, words.last()) {
                    self.script(*command, language);
                } else if words.len() > 1 {
                    let mut region = Region::new(Language::Shell);
                    for word in words {
                        region.glue(" \"");
                        self.add(&mut region, word, 0);
                        region.glue("\"");
                    }
                    self.out.push(region);
                }
            }
            ["data" | "resource" | "ephemeral", kind, _] if speaks_http(kind) => {
                // The objects of a REST provider stand below the address that it has.
                let provider = self.provider(kind.split('_').next().unwrap_or_default());
                let object = provider.and_then(|base| Some((base, get("create_path").or(get("path"))?)));
                let url = get("url").or(object.map(|(_, path)| path));
                let Some(url) = url else { return };
                let base = object.map(|(base, _)| base).filter(|_| get("url").is_none());
                let default = match (labels.first(), object) {
                    _ if *kind == "http" => Some("GET"),
                    (Some(&"data"), Some(_)) => Some("GET"),
                    (Some(&"resource"), Some(_)) => Some("POST"),
                    _ => None,
                };
                let made = ["method", "create_method"].into_iter().find_map(get);
                let method = made.map(|method| self.plain(method));
                self.asked(base, url, method.as_deref().or(default));
                for step in ["read", "update", "destroy"] {
                    let method = get(&format!("{step}_method")).map(|method| self.plain(method));
                    if let (Some(url), Some(method)) = (get(&format!("{step}_url")), method) {
                        self.asked(None, url, Some(&method));
                    }
                }
                // What becomes of an object later, where that is told.
                let Some(base) = base.filter(|_| labels[0] == "resource") else { return };
                for (step, method) in [("read", "GET"), ("update", "PUT"), ("destroy", "DELETE")] {
                    let told = get(&format!("{step}_method")).map(|method| self.plain(method));
                    if let Some(path) = get(&format!("{step}_path")) {
                        self.asked(Some(base), path, told.as_deref().or(Some(method)));
                    }
                }
            }
            _ => {}
        }
    }

    fn provider(&self, name: &str) -> Option<Base<'t, 'o>> {
        let here = self.providers.get(name).map(|base| Base::Here(*base));
        here.or_else(|| Some(Base::Given(self.given.text(&hcl_module::provider(name))?)))
    }

    /// Adds a request of an address below a base.
    fn asked(&mut self, base: Option<Base<'t, 'o>>, url: Node<'t>, method: Option<&str>) {
        let mut region = Region::new(Language::Shell);
        match base {
            Some(Base::Here(base)) => self.add(&mut region, base, 0),
            Some(Base::Given(base)) => region.part(base, url.start_byte()..url.start_byte()),
            None => {}
        }
        self.add(&mut region, url, 0);
        let text: Cow<'_, str> = Cow::Borrowed("");
        let at = url.start_byte();
        let head = request(method.or(Some("$")), &[Piece::Text(text, at..at)], Some(Language::Hcl));
        if let Some(head) = head {
            let mut whole = Region::new(Language::Shell);
            whole.shown = head.shown;
            // The command up to its address, which is still empty.
            whole.slice(&head, 0..head.text().len().saturating_sub(2));
            whole.append(&region);
            whole.glue("\"\n");
            self.out.push(whole);
        }
    }

    /// Scripts that are handed to what runs them elsewhere: `args` of a container,
    /// `user_data` of a machine, the files of a config map.
    fn heredocs(&mut self, labels: &[&str], body: Node<'t>) {
        if matches!(labels, ["provisioner", _] | ["data", "external", _]) {
            return;
        }
        let mut open: Vec<(Node<'t>, usize)> =
            self.attributes(body).into_iter().map(|(_, value)| (value, 0)).collect();
        open.reverse();
        while let Some((node, depth)) = open.pop() {
            if node.kind() == "heredoc_template" {
                let text = self.source(node);
                let code =
                    text.lines().skip(1).map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
                let runs = code.starts_with("#!") || text.contains("curl ") || text.contains("wget ");
                let language = match code.strip_prefix("#!") {
                    Some(shebang) => language_of(shebang.split(['/', ' ']).next_back().unwrap_or_default()),
                    None => Some(Language::Shell),
                };
                if let Some(language) = language.filter(|_| runs) {
                    self.script(node, language);
                }
            } else if depth < MAX_NESTING {
                open.extend(children(node).into_iter().rev().map(|child| (child, depth + 1)));
            }
        }
    }

    fn script(&mut self, value: Node<'t>, language: Language) {
        let mut region = Region::new(language);
        self.add(&mut region, value, 0);
        region.glue("\n");
        if !region.is_empty() {
            self.out.push(region);
        }
    }

    /// The members of a list, as expressions.
    pub(super) fn words(&self, value: Node<'t>) -> Vec<Node<'t>> {
        let mut open = vec![value];
        let mut out = Vec::new();
        while let Some(node) = open.pop() {
            match node.kind() {
                "tuple" => {
                    return children(node).into_iter().filter(|part| part.kind() == "expression").collect();
                }
                "expression" | "collection_value" => open.extend(children(node)),
                _ => out.push(node),
            }
        }
        out
    }

    /// The literal text of an expression.
    pub(super) fn plain(&self, value: Node<'t>) -> String {
        let parts = self.parts(value);
        let literal = parts.iter().map(|part| match part {
            Part::Literal(node) => self.source(*node),
            Part::Value(_) => "",
        });
        literal.collect()
    }

    /// The parts of a string or heredoc; an expression of another kind is one value.
    fn parts(&self, value: Node<'t>) -> Vec<Part<'t>> {
        let mut out = Vec::new();
        let mut open = vec![(value, 0)];
        while let Some((node, depth)) = open.pop() {
            match node.kind() {
                "template_literal" => out.push(Part::Literal(node)),
                // `local.api`
                "expression"
                    if children(node).first().is_some_and(|first| first.kind() == "variable_expr") =>
                {
                    out.push(Part::Value(node));
                }
                "string_lit" | "quoted_template" | "heredoc_template" | "template_expr" | "literal_value"
                | "expression"
                    if depth < MAX_NESTING =>
                {
                    let inner = children(node);
                    if inner.is_empty() && node.kind() != "string_lit" {
                        out.push(Part::Value(node));
                    }
                    open.extend(inner.into_iter().rev().map(|child| (child, depth + 1)));
                }
                "template_interpolation" => out.push(Part::Value(node)),
                kind if kind.contains("quote") || kind.starts_with("heredoc") => {}
                "template_directive" => {}
                _ => out.push(Part::Value(node)),
            }
        }
        out
    }

    /// Adds the text of an expression; what is not known is a variable.
    pub(super) fn add(&mut self, region: &mut Region, value: Node<'t>, depth: usize) {
        if depth > MAX_NESTING || region.text().len() > MAX_TEXT {
            return;
        }
        let mut end = None;
        for part in self.parts(value) {
            let (Part::Literal(node) | Part::Value(node)) = part;
            // Blanks beside an interpolation belong to no part.
            let gap = end.and_then(|end| self.text.get(end..node.start_byte()));
            if let (Some(gap), Some(end)) = (gap.filter(|gap| gap.trim().is_empty()), end) {
                region.verbatim(gap, end);
            }
            end = Some(node.end_byte());
            match part {
                Part::Literal(node) => {
                    self.literal(region, node);
                }
                Part::Value(node) => {
                    if depth < 8 && self.add_made(region, node, depth) {
                        continue;
                    }
                    let source = self.source(bare(node));
                    let name =
                        source.trim_start_matches(['$', '{', '~', ' ']).trim_end_matches(['}', '~', ' ']);
                    match (self.named(name).filter(|_| depth < 8), self.given.text(name)) {
                        (Some(known), _) => self.add(region, known, depth + 1),
                        (None, Some(text)) => region.part(text, node.byte_range()),
                        (None, None) => {
                            let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
                            let name: String = name.chars().take(60).map(plain).collect();
                            region.part(&format!("${{_{name}}}"), node.byte_range());
                        }
                    }
                }
            }
        }
    }

    /// Adds literal text: in quotes, a backslash escapes.
    fn literal(&self, region: &mut Region, node: Node<'t>) {
        let text = self.source(node);
        let at = node.start_byte();
        let quoted = node.parent().is_none_or(|parent| !parent.kind().starts_with("heredoc"));
        let mut rest = text;
        while let Some(found) = rest.find(if quoted { ['\\', '$'].as_slice() } else { ['$'].as_slice() }) {
            let place = at + text.len() - rest.len();
            region.verbatim(&rest[..found], place);
            let after = &rest[found..];
            let from = place + found;
            let (decoded, length) = match after.as_bytes() {
                [b'\\', b'n', ..] => ("\n", 2),
                [b'\\', b't', ..] => ("\t", 2),
                [b'\\', b'"', ..] => ("\"", 2),
                [b'\\', b'\\', ..] => ("\\", 2),
                // `$${` is a `${` of the shell's own.
                [b'$', b'$', b'{', ..] => ("$", 2),
                _ => (&after[..1], 1),
            };
            region.part(decoded, from..from + length);
            rest = &after[length..];
        }
        region.verbatim(rest, at + text.len() - rest.len());
    }
}

/// Whether a data source or resource of this type fetches an address.
fn speaks_http(kind: &str) -> bool {
    kind.split('_')
        .any(|word| matches!(word, "http" | "restapi" | "rest" | "httpclient" | "curl" | "terracurl"))
}

pub(super) fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}
