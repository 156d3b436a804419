//! Calls through a generated client: its methods by name, where its package is
//! imported.
//!
//! The names come from the documents' operationIds and tags, release by
//! release, by the rules of the generators. What an object is, is told by how it
//! is reached: `client.organizations.projects`, `ProjectsApi(client)`. An object
//! that comes from elsewhere is never the client's. Knows releases as numbers
//! with labels only.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::api::Api;
use crate::document::{OperationKey, Style, class, essence, invented};
use crate::scan::call::{Call, Confidence, SdkUse, Standing, Target, Via};
use crate::scan::form::*;
use crate::scan::language::Language;
use crate::scan::lines::Lines;

/// Names and fields that are followed back to where they are assigned.
const MAX_STEPS: usize = 8;
/// Nesting of expressions that are looked into.
const MAX_DEPTH: usize = 200;
/// Words of a method's name from which it says enough by itself.
const TELLING_WORDS: usize = 2;
/// Operations among which an ambiguous method may choose before it says nothing.
const MAX_AMBIGUOUS: usize = 4;

/// A package whose methods are operations of the API.
#[derive(Clone, Debug, Default)]
pub struct SdkConfig {
    /// The package as code imports it.
    pub package: String,
    /// The package as lock files name it.
    pub distribution: String,
    /// The language, as policies name it.
    pub language: String,
    /// Beginnings of versions, each with the release whose document it was made
    /// from.
    pub versions: Vec<(String, String)>,
    /// OperationIds are a group and a name in it, and so are methods, as Octokit's:
    /// `client.rest.repos.listTags` for `repos/list-tags`.
    pub grouped: bool,
}

/// What an operation is called in the clients of some releases.
#[derive(Clone, Debug)]
pub struct SdkName {
    /// The operation.
    pub operation: OperationKey,
    /// Its operationId.
    pub operation_id: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// How many operations before it have the same method name in its class.
    pub nth: usize,
    /// The releases, by number.
    pub releases: Range<usize>,
}

/// The number of the release whose client is pinned, by package.
pub(crate) type Pinned = BTreeMap<String, usize>;

/// The client of one package.
#[derive(Debug)]
pub(crate) struct Sdk {
    config: SdkConfig,
    style: Style,
    /// The methods by name.
    methods: BTreeMap<String, Vec<Method>>,
    /// The classes by their essence.
    classes: BTreeMap<String, String>,
    /// The labels of the releases.
    releases: Vec<String>,
    /// Words of which one stands in every file that has calls of the client.
    words: Vec<String>,
}

/// What a client whose methods are grouped is called where it is handed over.
const HANDED_OVER: [&str; 2] = ["octokit", "github"];

/// Other names by which a file may have one.
const CLIENTS: [&str; 4] = ["octokitClient", "githubClient", "githubApi", "gh"];

/// A group and a method in it, as code writes them.
type Grouped = (Arc<str>, Arc<str>);

#[derive(Debug)]
struct Method {
    class: String,
    operation: OperationKey,
    releases: Range<usize>,
}

impl Sdk {
    /// The client that a generator makes of these operations.
    pub(crate) fn new(config: SdkConfig, names: &[SdkName], releases: &[String]) -> Option<Self> {
        let style = Style::of(&config.language)?;
        let mut methods: BTreeMap<String, Vec<Method>> = BTreeMap::new();
        let mut classes = BTreeMap::new();
        for name in names {
            let invented = || invented(name.operation.method.as_str(), name.operation.path.as_str());
            let id = name.operation_id.clone().unwrap_or_else(invented);
            if config.grouped {
                if let Some((group, method)) = id.split_once('/') {
                    let class = essence(group);
                    classes.insert(class.clone(), style.method(group, 0));
                    methods.entry(style.method(method, 0)).or_default().push(Method {
                        class,
                        operation: name.operation.clone(),
                        releases: name.releases.clone(),
                    });
                }
                continue;
            }
            let tags = if name.tags.is_empty() { vec![String::new()] } else { name.tags.clone() };
            for tag in tags {
                let whole = class(&tag);
                let class = essence(&whole);
                classes.insert(class.clone(), whole);
                methods.entry(style.method(&id, name.nth)).or_default().push(Method {
                    class,
                    operation: name.operation.clone(),
                    releases: name.releases.clone(),
                });
            }
        }
        let mut words = vec![config.package.clone()];
        if config.grouped {
            let groups: Vec<&str> = classes.values().map(String::as_str).chain(["rest"]).collect();
            let of =
                |object: &&str| groups.iter().map(|group| format!("{object}.{group}")).collect::<Vec<_>>();
            // `githubClient.issues` has a word of its own.
            words.extend(HANDED_OVER.iter().chain(&CLIENTS).flat_map(of));
            // `api.git.createBlob`: whatever it is called.
            for (name, of_name) in methods.iter().filter(|(name, _)| tells(name)) {
                let class = |one: &Method| classes.get(&one.class).map(|class| format!("{class}.{name}"));
                words.extend(of_name.iter().filter_map(class));
            }
        }
        Some(Self { config, style, methods, classes, releases: releases.to_vec(), words })
    }

    /// A word that stands in every file that imports the package.
    pub(crate) fn word(&self) -> &str {
        &self.config.package
    }

    /// Words of which one stands in every file that has calls of the client.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// What is called after the client alone, which asks this API and no other.
    pub(super) fn named_after(&self) -> Option<&'static str> {
        self.config.grouped.then_some(HANDED_OVER[0])
    }

    fn speaks(&self, language: Language) -> bool {
        let script = |word: &str| matches!(word, "javascript" | "typescript" | "tsx");
        let word = language.as_str();
        word == self.config.language || (script(word) && script(&self.config.language))
    }

    pub(super) fn is_package(&self, module: &str) -> bool {
        module
            .strip_prefix(self.config.package.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', '\\', ':']))
    }

    /// Whether a file is handed a client that its name tells: a parameter `octokit`, or one
    /// that another file makes.
    pub(super) fn is_handed(&self, unit: &Unit) -> bool {
        // `({ octokit, owner })` is a name that is taken out of a parameter.
        let taken = |stmt: &Stmt| matches!(stmt, Stmt::Assign { target: Expr { kind: ExprKind::Name(name), .. }, .. } if names_client(name));
        let handed = |function: &Function| {
            function.params.iter().any(|param| names_client(&param.name))
                || any_statement(&function.body, &taken)
        };
        // Scripts of workflows are given one: `github.rest.issues.createComment(...)`.
        let given = || {
            let mut found = false;
            visit_members(unit, &mut |member, _| found |= is_given_client(member) || self.is_asked(member));
            found
        };
        self.config.grouped
            && (unit.functions.iter().any(handed)
                || unit.imports.iter().any(|import| names_client(&import.local))
                || given()
                || !self.asked_like_one(unit).is_empty())
    }

    /// What objects of a file are called, whatever that is, that are asked for several methods which hardly
    /// another client has in such groups (`api.git.createBlob`, `api.git.getRef`), and for none that these
    /// groups do not have.
    fn asked_like_one(&self, unit: &Unit) -> BTreeSet<Arc<str>> {
        const SEVERAL: usize = 3;
        if !self.config.grouped {
            return BTreeSet::new();
        }
        let mut asked: BTreeMap<Arc<str>, BTreeSet<Grouped>> = BTreeMap::new();
        let mut others = BTreeSet::new();
        visit_members(unit, &mut |member, call| {
            let ExprKind::Member(group, method) = &member.kind else { return };
            let ExprKind::Member(object, group) = &group.kind else { return };
            let (ExprKind::Name(name) | ExprKind::Member(_, name)) = &object.kind else { return };
            let class = essence(group);
            if call.is_none() || self.classes.get(&class).is_none_or(|class| *class != **group) {
                return;
            }
            match self.has_method(&class, method) {
                true if tells(method) => {
                    asked.entry(name.clone()).or_default().insert((group.clone(), method.clone()));
                }
                true => {}
                false => drop(others.insert(name.clone())),
            }
        });
        asked.retain(|name, methods| methods.len() >= SEVERAL && !others.contains(name));
        asked.into_keys().collect()
    }

    /// Whether a method is one of a group of the API, of an object that is called after it:
    /// `github.repos.listTags`.
    fn is_asked(&self, method: &Expr) -> bool {
        let ExprKind::Member(group, method) = &method.kind else { return false };
        let ExprKind::Member(object, group) = &group.kind else { return false };
        let class = essence(group);
        let known = || self.found(method).is_some_and(|(_, all)| all.iter().any(|one| one.class == class));
        is_called_after_it(object) && self.classes.contains_key(&class) && known()
    }

    /// Whether objects that are called after it are asked for several methods of groups of the
    /// API, and for none that these do not have: a client of another package is one all the same.
    fn is_asked_for_much(&self, unit: &Unit) -> bool {
        // Two methods of different groups, or three of one.
        const MUCH: usize = 4;
        let (mut asked, mut others) = (BTreeSet::new(), false);
        visit_members(unit, &mut |member, call| {
            let ExprKind::Member(group, method) = &member.kind else { return };
            let ExprKind::Member(object, name) = &group.kind else { return };
            if call.is_none() || !is_called_after_it(object) || !self.classes.contains_key(&essence(name)) {
                return;
            }
            match self.has_method(&essence(name), method) {
                true => drop(asked.insert((name.clone(), method.clone()))),
                false => others = true,
            }
        });
        let groups: BTreeSet<&Arc<str>> = asked.iter().map(|(group, _)| group).collect();
        self.config.grouped && !others && asked.len() + groups.len() >= MUCH
    }

    fn has_method(&self, class: &str, name: &str) -> bool {
        self.found(name).is_some_and(|(_, all)| all.iter().any(|one| one.class == *class))
    }

    /// The release from whose document the client of a version was made.
    pub(crate) fn release_of(&self, version: &str) -> Option<usize> {
        let version = version.trim_start_matches(['v', '=', '^', '~', ' ']);
        let fits = |front: &str| {
            version
                .strip_prefix(front)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+']))
        };
        let (_, release) = self
            .config
            .versions
            .iter()
            .filter(|(front, _)| fits(front))
            .max_by_key(|(front, _)| front.len())?;
        self.releases.iter().position(|known| known == release)
    }

    /// The name of the package in lock files.
    pub(crate) fn distribution(&self) -> &str {
        &self.config.distribution
    }

    fn found(&self, name: &str) -> Option<(&str, &[Method])> {
        if let Some((name, found)) = self.methods.get_key_value(name) {
            return Some((name, found));
        }
        self.style.variants().iter().find_map(|end| {
            let (name, found) = self.methods.get_key_value(name.strip_suffix(end)?)?;
            Some((name.as_str(), found.as_slice()))
        })
    }

    /// The method of a class that is spelled most like a name.
    fn nearest(&self, name: &str, class: &str) -> Option<String> {
        let of_class = self.methods.iter().filter(|(_, all)| all.iter().any(|one| one.class == class));
        let near =
            of_class.map(|(method, _)| method).min_by_key(|method| strsim::osa_distance(method, name))?;
        (strsim::osa_distance(near, name) * 3 <= name.len().max(6)).then(|| near.clone())
    }
}

/// A file in which calls of clients are looked for.
pub(crate) struct Place<'a> {
    pub name: &'a str,
    pub text: &'a str,
    pub language: Language,
    pub in_test: bool,
    pub pinned: &'a Pinned,
    /// What it imports from files of the program that import a client, which may hand one on.
    pub handing: &'a BTreeSet<Arc<str>>,
}

/// The calls of clients in one file. `near` says that a file it is read together
/// with imports the package.
pub(crate) fn calls(api: &Api, unit: &Unit, place: &Place<'_>, near: &BTreeSet<String>) -> Vec<Call> {
    let mut out = Vec::new();
    for sdk in api.sdks.iter().filter(|sdk| sdk.speaks(place.language)) {
        let imports = unit.imports.iter().any(|import| sdk.is_package(&import.module));
        if imports || sdk.is_handed(unit) || near.contains(&sdk.config.package) {
            let related = imports || near.contains(&sdk.config.package) || sdk.is_asked_for_much(unit);
            let search = Search {
                sdk,
                unit,
                place,
                names: Names::of(unit),
                imports,
                related,
                asked: sdk.asked_like_one(unit),
                known: RefCell::default(),
            };
            let mut found = Vec::new();
            search.all(&mut found);
            // A file may have a client of one API from several packages.
            found.retain(|call: &Call| out.iter().all(|known: &Call| known.span != call.span));
            out.extend(found);
        }
    }
    out
}

/// The packages that a file imports.
pub(crate) fn imported(api: &Api, unit: &Unit, language: Language) -> Vec<String> {
    let sdks = api.sdks.iter().filter(|sdk| sdk.speaks(language));
    let imports = |sdk: &&Sdk| unit.imports.iter().any(|import| sdk.is_package(&import.module));
    sdks.filter(imports).map(|sdk| sdk.config.package.clone()).collect()
}

/// Everything that is ever assigned to a name or field in a file.
struct Names<'u>(BTreeMap<Arc<str>, Vec<&'u Expr>>);

impl<'u> Names<'u> {
    fn of(unit: &'u Unit) -> Self {
        let mut out = Self(BTreeMap::new());
        for function in &unit.functions {
            out.block(&function.body);
            for param in &function.params {
                if let Some(default) = &param.default {
                    out.0.entry(param.name.clone()).or_default().push(default);
                }
            }
        }
        for class in &unit.classes {
            for (name, _, value) in &class.fields {
                out.0.entry(name.clone()).or_default().push(value);
            }
        }
        out
    }

    fn block(&mut self, body: &'u [Stmt]) {
        for stmt in body {
            match stmt {
                Stmt::Assign { target, value } => {
                    if let ExprKind::Name(name) | ExprKind::Member(_, name) = &target.kind {
                        self.0.entry(name.clone()).or_default().push(value);
                    }
                }
                Stmt::Branch(arms) => arms.iter().for_each(|arm| self.block(arm)),
                Stmt::Loop(body) => self.block(body),
                Stmt::Expr(_) | Stmt::Return(_) | Stmt::Leave | Stmt::When { .. } => {}
            }
        }
    }
}

/// What an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Object {
    /// One of the client's classes; whether it was followed to the package.
    Class(String, bool),
    /// The client, or something of it.
    Client,
    /// Something of this file or of another package.
    Foreign,
    Unknown,
}

struct Search<'a> {
    sdk: &'a Sdk,
    unit: &'a Unit,
    place: &'a Place<'a>,
    names: Names<'a>,
    /// The file itself imports the package.
    imports: bool,
    /// It does, or one that it is read together with.
    related: bool,
    /// Objects that are the client by what they are asked for.
    asked: BTreeSet<Arc<str>>,
    /// What names are known to stand for.
    known: RefCell<BTreeMap<Asked, Object>>,
}

/// What is asked of a name, and how many steps may be followed.
type Asked = (Meaning, Arc<str>, usize);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    /// What is assigned to it.
    Assigned,
    /// What the function of that name gives.
    Function,
    /// What all methods of that name give.
    Methods,
}

impl<'a> Search<'a> {
    fn all(&self, out: &mut Vec<Call>) {
        let lines = Lines::new(self.place.text);
        let mut seen = BTreeSet::new();
        let mut visit = |member: &'a Expr, call: Option<&'a Expr>| {
            if let Some(found) = self.read(member, call, &lines)
                && seen.insert(found.span.clone().start)
            {
                out.push(found);
            }
        };
        visit_members(self.unit, &mut visit);
    }

    /// A member that is a method of the client.
    fn read(&self, member: &Expr, call: Option<&Expr>, lines: &Lines) -> Option<Call> {
        let ExprKind::Member(object, name) = &member.kind else { return None };
        let receiver = self.object(object, MAX_STEPS);
        let found = self.sdk.found(name);
        let (method, class, candidates, sure) = match (&receiver, found) {
            (Object::Class(class, traced), Some((method, all))) => {
                let own: Vec<&Method> = all.iter().filter(|one| one.class == *class).collect();
                if own.is_empty() {
                    return None;
                }
                (method, Some(class.clone()), own, *traced || self.imports)
            }
            (_, None) | (Object::Client | Object::Unknown, _) if self.sdk.config.grouped => return None,
            (Object::Client | Object::Unknown, Some((method, all))) => {
                let classes: BTreeSet<&str> = all.iter().map(|one| one.class.as_str()).collect();
                let telling = method.split('_').count().max(capitals(method)) > TELLING_WORDS;
                let whole = self.imports && call.is_some() && classes.len() == 1;
                if !whole || !(telling || receiver == Object::Client) {
                    return None;
                }
                (method, classes.first().map(|class| (*class).to_owned()), all.iter().collect(), false)
            }
            (Object::Class(class, true), None) => {
                // The client's own helpers are no operations.
                let private =
                    name.starts_with('_') || matches!(&**name, "options" | "api_client" | "apiClient");
                let whole = self.sdk.classes.get(class)?;
                if private || call.is_none() || !self.imports {
                    return None;
                }
                let nearest = self.sdk.nearest(name, class);
                let target = Target::SdkMethod { nearest };
                return Some(self.call(member, call, lines, whole, name, target, Confidence::Medium, None));
            }
            _ => return None,
        };
        let pinned = self.place.pinned.get(&self.sdk.config.package).copied();
        let in_pinned = |one: &&&Method| pinned.is_some_and(|at| one.releases.contains(&at));
        let now: Vec<&&Method> = candidates.iter().filter(in_pinned).collect();
        let outside = pinned.is_some() && now.is_empty();
        let chosen: Vec<&Method> =
            if now.is_empty() { candidates.clone() } else { now.into_iter().copied().collect() };
        let mut keys: Vec<OperationKey> = chosen.iter().map(|one| one.operation.clone()).collect();
        keys.sort();
        keys.dedup();
        let confidence = match (sure && call.is_some(), keys.len(), outside) {
            (true, 1, false) => Confidence::High,
            (_, 1, _) => Confidence::Medium,
            _ => Confidence::Low,
        };
        let target = match keys.len() {
            1 => Target::Operation(keys.remove(0)),
            n if n <= MAX_AMBIGUOUS => Target::Path(keys),
            _ => return None,
        };
        let class = class.and_then(|class| self.sdk.classes.get(&class)).cloned().unwrap_or_default();
        Some(self.call(member, call, lines, &class, method, target, confidence, pinned))
    }

    #[allow(clippy::too_many_arguments)] // the parts of a call
    fn call(
        &self,
        member: &Expr,
        call: Option<&Expr>,
        lines: &Lines,
        class: &str,
        method: &str,
        target: Target,
        confidence: Confidence,
        pinned: Option<usize>,
    ) -> Call {
        let text = self.place.text;
        let span = member.span.start as usize..member.span.end as usize;
        let (line, column) = lines.place(text, span.start);
        let (end_line, end_column) = lines.place(text, span.end);
        let request = call.map_or(span.start, |call| call.span.start as usize);
        let (request_line, _) = lines.place(text, request);
        let (http, url) = match &target {
            Target::Operation(key) => (Some(key.method.clone()), key.path.to_string()),
            _ => (None, format!("{class}.{method}")),
        };
        Call {
            file: self.place.name.to_owned(),
            span,
            line,
            column,
            end_line,
            end_column,
            request_line,
            fields: Vec::new(),
            objects: Vec::new(),
            language: self.place.language,
            method: http,
            url,
            target,
            confidence: if self.place.in_test { Confidence::Low } else { confidence },
            via: Via::Sdk,
            in_test: self.place.in_test,
            generated: false,
            standing: Standing::Settled,
            sdk: Some(SdkUse {
                package: self.sdk.config.package.clone(),
                language: self.sdk.config.language.clone(),
                class: class.to_owned(),
                method: method.to_owned(),
                grouped: self.sdk.config.grouped,
                pinned: pinned.and_then(|at| self.sdk.releases.get(at)).cloned(),
            }),
        }
    }

    /// What an expression is, followed back over assignments.
    fn object(&self, expr: &Expr, left: usize) -> Object {
        let Some(left) = left.checked_sub(1) else { return Object::Unknown };
        match &expr.kind {
            ExprKind::Member(object, name) => {
                let outer = self.object(object, left);
                let traced = matches!(outer, Object::Client | Object::Class(..));
                // One that another file makes is known by what it is called.
                let called = || self.related && is_called_after_it(object) || self.is_asked_like_one(object);
                let grouped = self.sdk.config.grouped;
                if let Some(class) = self.class(name)
                    && (outer != Object::Foreign || grouped && (is_given_client(object) || called()))
                    && (traced || !grouped || is_named_client(object, self.imports) || called())
                {
                    return Object::Class(class, traced);
                }
                match outer {
                    Object::Client => Object::Client,
                    // `octokit.pulls.listFiles.endpoint`: what a method has is none of its group.
                    Object::Class(class, _) if grouped && self.sdk.has_method(&class, name) => {
                        Object::Unknown
                    }
                    // `self.api`: whatever is assigned to a field of that name. `service.octokit` is
                    // a client by its name, whoever made the service.
                    Object::Unknown => self.assigned(name, left),
                    Object::Foreign if grouped && names_client(name) => self.assigned(name, left),
                    other => other,
                }
            }
            ExprKind::Name(name) => self.named(name, left),
            ExprKind::Call(call) => self.made(call, left),
            ExprKind::Default(a, b) => self.best([self.object(a, left), self.object(b, left)]),
            ExprKind::Either(all) => self.best(all.iter().map(|one| self.object(one, left))),
            ExprKind::Instance(..) | ExprKind::Text(_) | ExprKind::Function(_) => Object::Foreign,
            _ => Object::Unknown,
        }
    }

    /// Whether an object is the client by what objects of its name are asked for.
    fn is_asked_like_one(&self, object: &Expr) -> bool {
        matches!(&object.kind, ExprKind::Name(name) | ExprKind::Member(_, name) if self.asked.contains(name))
    }

    /// What a name stands for.
    fn named(&self, name: &Arc<str>, left: usize) -> Object {
        if let Some(import) = self.unit.imports.iter().find(|import| import.local == *name) {
            return self.imported_object(import);
        }
        let assigned = self.assigned(name, left);
        if assigned != Object::Unknown {
            return assigned;
        }
        // `projects_api`, a parameter: its name says what it is.
        let says = essence(name) != name.to_ascii_lowercase().replace('_', "");
        match self.class(name) {
            Some(class) if says && !self.sdk.config.grouped => Object::Class(class, false),
            _ => Object::Unknown,
        }
    }

    fn assigned(&self, name: &Arc<str>, left: usize) -> Object {
        self.meant(Meaning::Assigned, name, left)
    }

    /// What a name means, found once: that of a bundle is assigned hundreds of times, to
    /// others that are as well.
    fn meant(&self, meaning: Meaning, name: &Arc<str>, left: usize) -> Object {
        let asked = (meaning, name.clone(), left);
        if let Some(known) = self.known.borrow().get(&asked) {
            return known.clone();
        }
        let named = |function: &&Function| function.name.as_ref() == Some(name);
        let mut functions = self.unit.functions.iter().filter(named);
        let object = match meaning {
            Meaning::Assigned => {
                let values = self.names.0.get(name).into_iter().flatten();
                self.best(values.map(|value| self.object(value, left)))
            }
            Meaning::Function => {
                functions.next().map_or(Object::Unknown, |function| self.given(function, left))
            }
            Meaning::Methods => {
                let methods = functions.filter(|function| function.class.is_some());
                let mut given = methods.map(|method| self.given(method, left));
                let first = given.next().unwrap_or(Object::Unknown);
                if given.all(|other| other == first) { first } else { Object::Unknown }
            }
        };
        self.known.borrow_mut().insert(asked, object.clone());
        object
    }

    /// What a call makes.
    fn made(&self, call: &CallExpr, left: usize) -> Object {
        let (owner, name) = match &call.callee.kind {
            ExprKind::Member(object, name) => (Some(self.object(object, left)), name),
            ExprKind::Name(name) => (None, name),
            _ => return Object::Unknown,
        };
        // `factory.getOctokit()` gives one, wherever the factory is from.
        if owner == Some(Object::Foreign) && self.sdk.config.grouped && names_client(name) {
            return Object::Unknown;
        }
        if owner == Some(Object::Foreign) {
            return Object::Foreign;
        }
        let imported = self.unit.imports.iter().find(|import| import.local == *name);
        if owner.is_none() && self.place.handing.contains(name) {
            return Object::Unknown;
        }
        let ours = imported.map(|import| self.sdk.is_package(&import.module));
        // `octokitFromAuth()`: what is called may say more than where it comes from.
        if ours == Some(false) && imported.map(|import| self.imported_object(import)) == Some(Object::Unknown)
        {
            return Object::Unknown;
        }
        let made = name.strip_prefix("New").unwrap_or(name);
        if let Some(class) = self.class(made)
            && essence(made) != made.to_ascii_lowercase()
            && ours != Some(false)
        {
            return Object::Class(class, ours == Some(true) || owner == Some(Object::Client));
        }
        match (owner, ours) {
            (Some(Object::Client), _) | (_, Some(true)) => Object::Client,
            (None, Some(false)) => Object::Foreign,
            // A class of the file may be a client of its own; a function may hand one on.
            (None, None) if self.unit.classes.iter().any(|class| class.name == *name) => Object::Foreign,
            (None, None) => {
                let given = self.meant(Meaning::Function, name, left);
                // `const Plus = Octokit.plugin(retry)`
                if given == Object::Unknown { self.assigned(name, left) } else { given }
            }
            // `this.authenticate()`, where every method of that name gives a client
            (Some(Object::Unknown), None) => self.meant(Meaning::Methods, name, left),
            _ => Object::Unknown,
        }
    }

    /// What a function gives, or the function that it gives.
    fn given(&self, function: &Function, left: usize) -> Object {
        let values = returned(&function.body).into_iter();
        self.best(values.map(|value| match value.kind {
            ExprKind::Function(inner) => self.given(&self.unit.functions[inner], left),
            _ => self.object(value, left),
        }))
    }

    /// What an imported name stands for. Of what is called a client nobody knows it.
    fn imported_object(&self, import: &Import) -> Object {
        let client = self.sdk.config.grouped
            && names_client(&import.local)
            && import.local.starts_with(char::is_lowercase);
        match self.sdk.is_package(&import.module) {
            true => Object::Client,
            false if client || self.place.handing.contains(&import.local) => Object::Unknown,
            false => Object::Foreign,
        }
    }

    fn class(&self, name: &str) -> Option<String> {
        let essence = essence(name);
        self.sdk.classes.contains_key(&essence).then_some(essence)
    }

    /// The surest of several.
    fn best(&self, all: impl IntoIterator<Item = Object>) -> Object {
        let rank = |object: &Object| match object {
            Object::Class(_, true) => 4,
            Object::Class(_, false) => 3,
            Object::Client => 2,
            Object::Foreign => 1,
            Object::Unknown => 0,
        };
        all.into_iter().max_by_key(rank).unwrap_or(Object::Unknown)
    }
}

/// Whether an object is a client by its name: `octokit`, `context.octokit`, and `kit.rest`
/// in a file that imports the package.
fn is_named_client(object: &Expr, imports: bool) -> bool {
    match &object.kind {
        ExprKind::Member(inner, name) if **name == *"rest" => {
            imports || is_given_client(object) || is_named_client(inner, false)
        }
        ExprKind::Name(name) | ExprKind::Member(_, name) => names_client(name),
        _ => false,
    }
}

/// Whether an object is a client by what it is called and what it has: `github.rest`, as
/// scripts of workflows are given it, `githubClient.rest` of another file.
fn is_given_client(object: &Expr) -> bool {
    let ExprKind::Member(object, name) = &object.kind else { return false };
    let named = |name: &str| name.to_ascii_lowercase().contains("github");
    **name == *"rest"
        && matches!(&object.kind, ExprKind::Name(name) | ExprKind::Member(_, name) if named(name))
}

/// Whether an object is called after what it asks, where the package is at hand: `github`, `gh`,
/// and what is given by `getGitHub()`.
fn is_called_after_it(object: &Expr) -> bool {
    let named =
        |name: &str| name == "gh" || names_client(name) || name.to_ascii_lowercase().contains("github");
    let object = match &object.kind {
        ExprKind::Call(call) => &call.callee,
        _ => object,
    };
    matches!(&object.kind, ExprKind::Name(name) | ExprKind::Member(_, name) if named(name))
}

/// Whether the name of a method has more than one word: what is called `list` or `create` may be anybody's.
fn tells(method: &str) -> bool {
    capitals(method) >= TELLING_WORDS
}

/// Whether a name says that it is an Octokit.
fn names_client(name: &str) -> bool {
    name.to_ascii_lowercase().contains("octokit")
}

/// Words of a name that begin with a capital, with the first.
fn capitals(name: &str) -> usize {
    1 + name.chars().skip(1).filter(char::is_ascii_uppercase).count()
}

/// Calls `visit` with every member expression of a file, and with the call whose callee it
/// is.
fn visit_members<'u>(unit: &'u Unit, visit: &mut dyn FnMut(&'u Expr, Option<&'u Expr>)) {
    for function in &unit.functions {
        walk_block(&function.body, visit);
    }
    for class in &unit.classes {
        class.fields.iter().for_each(|(_, _, value)| walk(value, 0, visit));
    }
}

/// Whether one of some statements, or of those in them, is such a one.
fn any_statement(body: &[Stmt], wanted: &dyn Fn(&Stmt) -> bool) -> bool {
    body.iter().any(|stmt| {
        wanted(stmt)
            || match stmt {
                Stmt::Branch(arms) => arms.iter().any(|arm| any_statement(arm, wanted)),
                Stmt::Loop(body) => any_statement(body, wanted),
                _ => false,
            }
    })
}

fn walk_block<'u>(body: &'u [Stmt], visit: &mut dyn FnMut(&'u Expr, Option<&'u Expr>)) {
    for stmt in body {
        match stmt {
            Stmt::Expr(expr) | Stmt::Return(expr) => walk(expr, 0, visit),
            Stmt::Assign { target, value } => {
                walk(target, 0, visit);
                walk(value, 0, visit);
            }
            Stmt::Branch(arms) => arms.iter().for_each(|arm| walk_block(arm, visit)),
            Stmt::Loop(body) => walk_block(body, visit),
            Stmt::Leave | Stmt::When { .. } => {}
        }
    }
}

fn walk<'u>(expr: &'u Expr, depth: usize, visit: &mut dyn FnMut(&'u Expr, Option<&'u Expr>)) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut go = |expr: &'u Expr| walk(expr, depth + 1, visit);
    match &expr.kind {
        ExprKind::Call(call) => {
            if let ExprKind::Member(object, _) = &call.callee.kind {
                visit(&call.callee, Some(expr));
                walk(object, depth + 1, visit);
            } else {
                walk(&call.callee, depth + 1, visit);
            }
            call.args.iter().for_each(|arg| walk(&arg.value, depth + 1, visit));
        }
        ExprKind::Member(object, _) => {
            visit(expr, None);
            walk(object, depth + 1, visit);
        }
        ExprKind::Index(a, b) | ExprKind::Default(a, b) => [a, b].into_iter().for_each(|one| go(one)),
        ExprKind::Given(a, b, c) | ExprKind::Asked { subject: a, then: b, otherwise: c, .. } => {
            [a, b, c].into_iter().for_each(|one| go(one));
        }
        ExprKind::Concat(all) | ExprKind::Either(all) | ExprKind::List(all) | ExprKind::Effects(all) => {
            all.iter().for_each(go);
        }
        ExprKind::Format { template, args, .. } => {
            go(template);
            args.iter().for_each(|arg| go(&arg.value));
        }
        ExprKind::Join { base, parts, .. } => {
            go(base);
            parts.iter().for_each(go);
        }
        ExprKind::Replace { text, from, to } => [text, from, to].into_iter().for_each(|part| go(part)),
        ExprKind::Trim { text, .. } => go(text),
        ExprKind::Setting { default: Some(default), .. } => go(default),
        ExprKind::Object(entries) => entries.iter().for_each(|(_, value)| go(value)),
        ExprKind::Instance(_, fields) => fields.iter().for_each(|(_, value)| go(value)),
        ExprKind::Spread(inner) | ExprKind::Element(inner) => go(inner),
        _ => {}
    }
}
