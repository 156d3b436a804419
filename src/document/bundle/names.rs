//! Gives what references lead to in other files the names of components.
//!
//! A component of the document that is nothing but a reference to a file lends
//! its name to what it leads to. All else is called after the last part of the
//! pointer, or after the file that is referred to as a whole; where that name is
//! taken, the file's and the folder's names are put before it. What stands inside
//! another component that is referred to keeps its place there.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::follow::{File, Link, Place};
use super::grammar::{COMPONENTS, Form, Kind};
use crate::document::Dialect;
use crate::text::Node;

/// Longest chain of references to references.
const MAX_CHAIN: usize = 32;
/// Keys that hold schemas with names of their own.
const DEFINITIONS: [&str; 4] = ["definitions", "$defs", "components", "schemas"];

/// What is put in the place of a part of the document, or added to it.
#[derive(Default)]
pub(super) struct Part {
    /// Whose members it has.
    pub(super) base: Option<Place>,
    /// Members instead of those of the base, or beside them.
    pub(super) members: Vec<(String, Place)>,
}

#[derive(Default)]
pub(super) struct Names {
    /// What the strings of references are from now on.
    pub(super) rewritten: Vec<(Place, String)>,
    /// Parts of the document's top.
    pub(super) top: BTreeMap<&'static str, Part>,
    /// Parts of `components`.
    pub(super) components: BTreeMap<&'static str, Part>,
    /// `components` itself.
    pub(super) base: Option<Place>,
}

struct Namer<'f> {
    files: &'f [File],
    by_at: FxHashMap<Place, &'f Link>,
    dialect: Dialect,
    /// The pointers of what has one, by section.
    pointers: FxHashMap<(Place, &'static str), String>,
    /// Sections in which something is referred to.
    targets: FxHashMap<Place, &'static str>,
    taken: FxHashMap<&'static str, FxHashSet<String>>,
    /// Names of references that lead to files as a whole.
    lent: FxHashMap<Place, String>,
    out: Names,
}

pub(super) fn names(files: &[File], links: &[Link], dialect: Dialect) -> Names {
    let mut namer = Namer {
        files,
        by_at: links.iter().map(|link| (link.at, link)).collect(),
        dialect,
        pointers: FxHashMap::default(),
        targets: FxHashMap::default(),
        taken: FxHashMap::default(),
        lent: FxHashMap::default(),
        out: Names::default(),
    };
    namer.frame();
    for link in links.iter().filter(|link| !link.kind.is_frame()) {
        namer.targets.entry(namer.last(link.target, &link.fragment).0).or_insert(link.kind.section());
        namer.lend(link);
    }
    for link in links.iter().filter(|link| !link.kind.is_frame()) {
        let text = match namer.last(link.target, &link.fragment) {
            (target, fragment) if target.file == 0 => format!("#{fragment}"),
            (target, fragment) => namer.pointer(target, link.kind.section(), fragment),
        };
        namer.out.rewritten.push((link.at, text));
    }
    namer.out
}

/// A name as a part of a JSON pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn before_query(address: &str) -> &str {
    address.split('?').next().unwrap_or(address)
}

/// Where a map of components stands in a dialect: at the top or in
/// `components`, and under which key.
fn home(section: &'static str, dialect: Dialect) -> (bool, &'static str) {
    match (dialect, section) {
        (Dialect::Swagger20, "schemas") => (true, "definitions"),
        (Dialect::Swagger20, "parameters") => (true, "parameters"),
        (Dialect::Swagger20, "responses") => (true, "responses"),
        (Dialect::Swagger20, "securitySchemes") => (true, "securityDefinitions"),
        _ => (false, section),
    }
}

impl<'f> Namer<'f> {
    fn node(&self, place: Place) -> Node<'f> {
        self.files[place.file].tree.node(place.node)
    }

    /// Where a part of the frame is in the end, and what stands beside the
    /// references on the way.
    fn part(&self, mut place: Place) -> Part {
        let mut members: Vec<(String, Place)> = Vec::new();
        for _ in 0..MAX_CHAIN {
            let node = self.node(place);
            let Some(link) = self.link(place) else { break };
            for entry in node.entries().filter(|entry| entry.key != "$ref") {
                if !members.iter().any(|(key, _)| key == entry.key) {
                    let value = Place { file: place.file, node: entry.value.id() };
                    members.push((entry.key.to_owned(), value));
                }
            }
            place = link.target;
        }
        Part { base: Some(place), members }
    }

    /// The reference that an object is, if it was followed.
    fn link(&self, place: Place) -> Option<&'f Link> {
        let reference = self.node(place).get("$ref")?;
        self.by_at.get(&Place { file: place.file, node: reference.id() }).copied()
    }

    /// The members of a part as they are in the end.
    fn members(&self, part: &Part) -> Vec<(String, Place)> {
        let mut out = part.members.clone();
        let known: FxHashSet<String> = out.iter().map(|(key, _)| key.clone()).collect();
        if let Some(base) = part.base {
            let entries =
                self.node(base).entries().filter(|entry| entry.key != "$ref" && !known.contains(entry.key));
            out.extend(
                entries
                    .map(|entry| (entry.key.to_owned(), Place { file: base.file, node: entry.value.id() })),
            );
        }
        out
    }

    /// Puts the parts together that may be references as a whole, and names
    /// what stands in them.
    fn frame(&mut self) {
        let root = Place { file: 0, node: self.files[0].tree.root().id() };
        let mut components = Part::default();
        for entry in self.node(root).entries() {
            let Some((Form::One, kind)) = Kind::Root.member(entry.key) else { continue };
            let place = Place { file: 0, node: entry.value.id() };
            let part = self.part(place);
            let Some(key) = Kind::root_keys().find(|key| *key == entry.key) else { continue };
            if kind == Kind::Components {
                components = part;
            } else if part.base != Some(place) || kind.each().is_some() {
                self.out.top.insert(key, part);
            }
        }
        for (key, place) in self.members(&components) {
            if let Some((key, ..)) = COMPONENTS.iter().find(|(known, ..)| *known == key) {
                let part = self.part(place);
                self.out.components.insert(key, part);
            }
        }
        self.out.base = components.base;
        for (section, ..) in COMPONENTS {
            self.section(section);
        }
        for key in ["paths", "webhooks"] {
            self.path_items(key);
        }
    }

    /// Puts path items that are nothing but references to files where they are
    /// used: before OpenAPI 3.1 components have no place for them.
    fn path_items(&mut self, key: &'static str) {
        let section = Kind::PathItem.section();
        let Some(part) = self.out.top.get(key) else { return };
        let mut moved: Vec<(String, Place)> = Vec::new();
        for (name, place) in self.members(part) {
            let address = format!("#/{key}/{}", escaped(&name));
            let is_reference = self.node(place).entries().len() == 1;
            let link = self.link(place).filter(|_| is_reference);
            let end = link.map(|link| self.last(link.target, &link.fragment).0);
            let target = match end.filter(|target| target.file > 0) {
                Some(target) if !self.pointers.contains_key(&(target, section)) => {
                    moved.push((name, target));
                    target
                }
                None if place.file > 0 => place,
                _ => continue,
            };
            self.pointers.entry((target, section)).or_insert(address);
            self.targets.entry(target).or_insert(section);
        }
        if let Some(part) = self.out.top.get_mut(key) {
            part.members.retain(|(known, _)| !moved.iter().any(|(name, _)| name == known));
            part.members.extend(moved);
        }
    }

    fn held(&mut self, section: &'static str) -> &mut Part {
        let (is_top, key) = home(section, self.dialect);
        let parts = if is_top { &mut self.out.top } else { &mut self.out.components };
        parts.entry(key).or_default()
    }

    fn address(&self, section: &'static str, name: &str) -> String {
        let (is_top, key) = home(section, self.dialect);
        let name = escaped(name);
        if is_top { format!("#/{key}/{name}") } else { format!("#/components/{key}/{name}") }
    }

    /// Names the components of a section.
    fn section(&mut self, section: &'static str) {
        let (is_top, key) = home(section, self.dialect);
        let parts = if is_top { &self.out.top } else { &self.out.components };
        let Some(part) = parts.get(key) else { return };
        let members = self.members(part);
        let mut borrowed: Vec<(Place, Vec<String>)> = Vec::new();
        let mut at: FxHashMap<Place, usize> = FxHashMap::default();
        let mut preferred: FxHashMap<Place, String> = FxHashMap::default();
        for (key, place) in &members {
            let node = self.node(*place);
            let link = self.link(*place).filter(|_| node.entries().len() == 1);
            let end = link.map(|link| self.last(link.target, &link.fragment));
            match end.filter(|(target, _)| target.file > 0) {
                Some((target, fragment)) => {
                    let index = *at.entry(target).or_insert_with(|| {
                        borrowed.push((target, Vec::new()));
                        borrowed.len() - 1
                    });
                    borrowed[index].1.push(key.clone());
                    preferred.entry(target).or_insert_with(|| self.natural(target, fragment));
                }
                None if place.file > 0 => {
                    let address = self.address(section, key);
                    self.pointers.entry((*place, section)).or_insert(address);
                    self.targets.entry(*place).or_insert(section);
                }
                None => {}
            }
        }
        let keys = members.into_iter().map(|(key, _)| key).collect();
        self.taken.insert(section, keys);
        for (target, keys) in borrowed {
            if self.pointers.contains_key(&(target, section)) {
                continue;
            }
            let wanted = preferred.get(&target);
            let Some(key) = keys.iter().find(|key| Some(*key) == wanted).or(keys.first()) else { continue };
            let address = self.address(section, key);
            self.pointers.insert((target, section), address);
            self.targets.entry(target).or_insert(section);
            let members = &mut self.held(section).members;
            members.retain(|(known, _)| known != key);
            members.push((key.clone(), target));
        }
    }

    /// Follows objects that are nothing but references through files. Gives the
    /// last one with the fragment that led there.
    fn last<'a>(&self, mut target: Place, mut fragment: &'a str) -> (Place, &'a str)
    where
        'f: 'a,
    {
        for _ in 0..MAX_CHAIN {
            let is_reference = target.file > 0 && self.node(target).entries().len() == 1;
            let Some(link) = self.link(target).filter(|_| is_reference) else { break };
            (target, fragment) = (link.target, &link.fragment);
        }
        (target, fragment)
    }

    /// Where a name leads to a file over another reference (an index of files),
    /// the file has that name.
    fn lend(&mut self, link: &Link) {
        let (mut target, mut name) = (link.target, link.fragment.as_str());
        for _ in 0..MAX_CHAIN {
            let is_reference = target.file > 0 && self.node(target).entries().len() == 1;
            let Some(next) = self.link(target).filter(|_| is_reference) else { break };
            if next.fragment.is_empty() && !name.is_empty() {
                let name = self.natural(next.target, name);
                self.lent.entry(next.target).or_insert(name);
            }
            (target, name) = (next.target, &next.fragment);
        }
    }

    /// The pointer to what stands at `target`, which is named if it has no name.
    fn pointer(&mut self, target: Place, section: &'static str, fragment: &str) -> String {
        if let Some(known) = self.pointers.get(&(target, section)) {
            return known.clone();
        }
        let pointer = match self.holder(target, fragment) {
            Some((holder, its_section, fragment, rest)) => {
                format!("{}{rest}", self.pointer(holder, its_section, fragment))
            }
            None => {
                let name = self.free(section, target, fragment);
                self.held(section).members.push((name.clone(), target));
                self.address(section, &name)
            }
        };
        self.pointers.insert((target, section), pointer.clone());
        pointer
    }

    /// The nearest thing around `target` that is referred to itself, its
    /// section, the pointer to it and that from there on.
    fn holder<'p>(
        &self,
        target: Place,
        fragment: &'p str,
    ) -> Option<(Place, &'static str, &'p str, &'p str)> {
        let tree = &self.files[target.file].tree;
        let root = tree.root();
        // Percent-encoded ones and names lead nowhere here.
        let ends: Vec<usize> = fragment.match_indices('/').map(|(at, _)| at).collect();
        for end in ends.into_iter().rev() {
            let (before, rest) = fragment.split_at(end);
            let Some(node) = root.pointer(before) else { continue };
            let place = Place { file: target.file, node: node.id() };
            if let Some(section) = self.targets.get(&place) {
                let first = rest[1..].split('/').next().unwrap_or_default();
                return (!DEFINITIONS.contains(&first)).then_some((place, *section, before, rest));
            }
        }
        None
    }

    /// What something would be called if it were alone.
    fn natural(&self, target: Place, fragment: &str) -> String {
        let last = fragment.rsplit('/').next().filter(|last| !last.is_empty());
        match last {
            Some(last) => crate::text::percent_decoded(last).replace("~1", "/").replace("~0", "~"),
            None => self.lent.get(&target).cloned().unwrap_or_else(|| self.stem(target.file, 1)),
        }
    }

    /// The last parts of a file's name, without its ending.
    fn stem(&self, file: usize, parts: usize) -> String {
        let name = &self.files[file].name;
        // In an address blanks and the like are encoded, and a query may follow.
        let decoded = name.contains("://").then(|| crate::text::percent_decoded(before_query(name)));
        let name = decoded.as_deref().unwrap_or(name).replace(['\\', ':'], "/");
        let steps: Vec<&str> = name.split('/').filter(|step| !step.is_empty() && *step != ".").collect();
        let from = steps.len().saturating_sub(parts);
        let mut out = steps[from..].join("_");
        for end in [".json", ".yaml", ".yml"] {
            if let Some(stem) = out.strip_suffix(end) {
                out = stem.to_owned();
                break;
            }
        }
        out
    }

    /// A name that nothing has yet in its section.
    fn free(&mut self, section: &'static str, target: Place, fragment: &str) -> String {
        let natural = self.natural(target, fragment);
        let is_whole = fragment.is_empty();
        let with = |parts: usize| match is_whole {
            true => self.stem(target.file, parts + 1),
            false => format!("{}_{natural}", self.stem(target.file, parts)),
        };
        let candidates = std::iter::once(natural.clone()).chain((1..4).map(with)).collect::<Vec<_>>();
        let numbered = (2..).map(|number| format!("{natural}_{number}"));
        let taken = self.taken.entry(section).or_default();
        let free =
            candidates.into_iter().chain(numbered).find(|name| !name.is_empty() && !taken.contains(name));
        let name = free.unwrap_or(natural);
        taken.insert(name.clone());
        name
    }
}
