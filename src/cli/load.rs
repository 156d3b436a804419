//! From what was typed to a policy, a history and releases.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context, anyhow, bail};

use super::args::Common;
use super::network::Network;
use super::output;
use super::sources::Base;
use crate::document::{Annotations, Document, OperationKey, Severity};
use crate::lifecycle::{History, ledger};
use crate::policy::{Policy, Sdk};
use crate::release::{Channel, ReleaseId};
use crate::report::InputProblem;
use crate::rules;
use crate::source::{Fetched, meant_address};

/// The ledger of the product that the built-in policy is about.
const BUILTIN_LEDGER: &str = include_str!("builtin-ledger.json");

/// A policy and where it comes from.
pub(super) struct LoadedPolicy {
    pub(super) policy: Policy,
    /// The folder that the policy's paths are relative to.
    pub(super) folder: PathBuf,
    is_builtin: bool,
    /// Hosts of the built-in policy, where this one took over what that says.
    borrowed_hosts: Option<Vec<String>>,
}

impl LoadedPolicy {
    /// `--policy`, else the nearest policy.toml upwards, else the built-in one.
    pub(super) fn load(common: &Common) -> anyhow::Result<Self> {
        let here = std::env::current_dir().context("cannot tell the current folder")?;
        let found = match &common.policy {
            Some(file) => Some(file.clone()),
            None => nearest(&here),
        };
        let Some(file) = found else {
            let policy = Policy::builtin(&rules::ids()).map_err(|errors| anyhow!("{errors}"))?;
            return Ok(Self { policy, folder: here, is_builtin: true, borrowed_hosts: None });
        };
        let name = file.display().to_string();
        let bytes = std::fs::read(&file).with_context(|| format!("cannot read {name}"))?;
        let text = String::from_utf8(bytes).map_err(|_| anyhow!("{name}: expected UTF-8 text"))?;
        let policy = Policy::parse(&text, &name, &rules::ids()).map_err(|errors| anyhow!("{errors}"))?;
        output::note(&format!("the policy is {name}"), common);
        let folder = file.parent().map_or_else(|| here.clone(), Path::to_path_buf);
        Ok(Self { policy, folder, is_builtin: false, borrowed_hosts: None })
    }

    /// The channels to judge for: `--channel`, else all of the policy.
    pub(super) fn channels(&self, common: &Common) -> anyhow::Result<Vec<Channel>> {
        let known: Vec<Channel> = self.policy.channels().cloned().collect();
        let Some(name) = &common.channel else { return Ok(known) };
        let wanted = Channel::new(name);
        if known.contains(&wanted) {
            return Ok(vec![wanted]);
        }
        let names: Vec<&str> = known.iter().map(Channel::as_str).collect();
        if names.is_empty() {
            bail!(
                "--channel {name}: the policy has no windows; expected a [window.{name}] in {}",
                self.policy.file
            );
        }
        bail!(
            "--channel {name}: expected one of {}; each is a [window.NAME] of {}",
            names.join(", "),
            self.policy.file
        )
    }

    /// The one channel whose windows count for clients: `--channel`, else the
    /// policy's first.
    pub(super) fn channel(&self, common: &Common) -> anyhow::Result<Option<Channel>> {
        Ok(self.channels(common)?.into_iter().next())
    }
}

fn nearest(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join("policy.toml")).find(|file| file.is_file()).map(|file| {
        // As people name it: relative where it stands right here.
        if file.parent() == Some(from) { PathBuf::from("policy.toml") } else { file }
    })
}

/// A history with what was wrong with its documents.
pub(super) struct Loaded {
    pub(super) history: History,
    pub(super) documents: Vec<(ReleaseId, Document)>,
    pub(super) problems: Vec<InputProblem>,
}

impl Loaded {
    /// What was known when `release` came out, for questions about releases up
    /// to it: the answer does not change when later ones are added.
    pub(super) fn until(mut self, release: &ReleaseId, policy: &Policy) -> Self {
        let last = self.documents.iter().position(|(known, _)| known == release);
        if let Some(last) = last.filter(|last| last + 1 < self.documents.len()) {
            self.documents.truncate(last + 1);
            self.history = History::of_documents(&self.documents, policy);
        }
        self.history = self.history.until(release);
        self
    }

    /// Keeps only what was wrong with the documents of these releases: those of
    /// others were read for the history alone.
    pub(super) fn keep_problems(&mut self, is_asked: impl Fn(&ReleaseId) -> bool) {
        self.problems.retain(|problem| is_asked(&problem.release));
    }
}

/// Whether it is worth the time to look at a text as a ledger.
fn may_be_ledger(bytes: &[u8]) -> bool {
    const HEAD: usize = 1_000;
    let start = bytes.trim_ascii_start();
    ledger::is_ledger(&String::from_utf8_lossy(&start[..start.len().min(HEAD)]))
}

/// A document with its release or its label.
type Dated = (ReleaseId, Document);

/// A release as typed.
enum Named {
    /// One that the history has.
    Release(ReleaseId),
    /// One that comes with its own documents; it stands for the newest of them.
    Documents(Vec<Fetched>),
    /// One that comes with a ledger.
    Ledger(Box<History>),
}

pub(super) struct Loader<'l> {
    pub(super) policy: LoadedPolicy,
    pub(super) common: &'l Common,
    pub(super) network: Network,
    /// Files of folders that are no releases.
    passed_over: RefCell<Vec<String>>,
}

impl<'l> Loader<'l> {
    pub(super) fn new(common: &'l Common) -> anyhow::Result<Self> {
        let mut policy = LoadedPolicy::load(common)?;
        // A policy that only has exceptions or scan settings is about the
        // product that is built in.
        let says_nothing = policy.policy.releases.is_empty() && policy.policy.windows.is_empty();
        if !policy.is_builtin && says_nothing && common.history.is_empty() {
            let builtin = Policy::builtin(&rules::ids()).map_err(|errors| anyhow!("{errors}"))?;
            output::note(
                "the policy has no windows and no releases: those of the built-in policy are used",
                common,
            );
            policy.policy.windows = builtin.windows;
            policy.policy.releases = builtin.releases;
            if policy.policy.announcements.is_empty() {
                policy.policy.announcements = builtin.announcements;
            }
            // Its hosts are further installations of the same product.
            policy.borrowed_hosts = Some(builtin.scan.hosts.into_iter().map(|host| host.value).collect());
            policy.policy.scan.sdks.extend(builtin.scan.sdks);
        }
        Ok(Self { policy, common, network: Network::default(), passed_over: RefCell::default() })
    }

    /// Hosts at which the API is: those of the policy and its installations, and
    /// those of the documents' servers; with whether the policy has a say in it.
    ///
    /// The hosts of the built-in policy are those of one product, and say nothing
    /// about the documents of another.
    pub(super) fn hosts(&self, history: &History) -> anyhow::Result<(Vec<String>, bool)> {
        let policy = &self.policy.policy;
        let listed = || policy.scan.hosts.iter().map(|host| host.value.clone());
        let (own, builtin): (Vec<String>, Vec<String>) = match self.policy.is_builtin {
            true => (Vec::new(), listed().collect()),
            false => (listed().collect(), self.policy.borrowed_hosts.clone().unwrap_or_default()),
        };
        let mut hosts = own;
        hosts.extend(installations(policy));
        if !builtin.is_empty() && is_builtin_product(history)? {
            hosts.extend(builtin);
        }
        let said = hosts.iter().any(|host| !host.starts_with('!'));
        hosts.extend(history.server_hosts.iter().cloned());
        Ok((hosts, said))
    }

    /// The clients that the policy names; where the documents are of the product that is built in,
    /// those that are known of it come along.
    pub(super) fn sdks(&self, history: &History) -> anyhow::Result<Vec<Sdk>> {
        let mut sdks = self.policy.policy.scan.sdks.clone();
        let builtin = Policy::builtin(&rules::ids()).map_err(|errors| anyhow!("{errors}"))?.scan.sdks;
        let is_new = |one: &Sdk| sdks.iter().all(|own| own.package.value != one.package.value);
        let builtin: Vec<Sdk> = builtin.into_iter().filter(is_new).collect();
        if !builtin.is_empty() && is_builtin_product(history)? {
            sdks.extend(builtin);
        }
        Ok(sdks)
    }

    /// The history over all known releases: `sources`, else `--history`, else the
    /// policy's documents, else the built-in ledger.
    pub(super) fn all(&mut self, sources: &[String]) -> anyhow::Result<Loaded> {
        let sources = if sources.is_empty() { self.common.history.as_slice() } else { sources };
        if sources.is_empty() {
            return self.base();
        }
        only_once_from_stdin(sources)?;
        self.prefetch(sources)?;
        let mut fetched = Vec::new();
        for text in sources {
            match self.source(text)? {
                Named::Documents(documents) => fetched.extend(documents),
                Named::Ledger(history) if sources.len() == 1 => return Ok(self.of_ledger(*history)),
                Named::Ledger(_) => bail!("{text} is a ledger; expected it alone, or documents alone"),
                Named::Release(release) => {
                    bail!("{text}: expected documents or a ledger, found the release {release}")
                }
            }
        }
        self.label(&mut fetched);
        self.leave_builtin_releases(&fetched);
        self.read(fetched)
    }

    /// A history that has each of `names`, and the release that each stands for.
    pub(super) fn releases(&mut self, names: &[&str]) -> anyhow::Result<(Loaded, Vec<ReleaseId>)> {
        only_once_from_stdin(names)?;
        self.prefetch(names)?;
        let named = names.iter().map(|name| self.release(name)).collect::<anyhow::Result<Vec<_>>>()?;
        let comes_along = |named: &Named| matches!(named, Named::Documents(_));
        if let Some(at) = named.iter().position(|named| matches!(named, Named::Ledger(_))) {
            return self.with_ledger(names, named, at);
        }
        if !named.iter().any(comes_along) {
            let loaded = self.all(&[])?;
            let ids = self.found(names, &named, &loaded)?;
            return Ok((loaded, ids));
        }
        // Documents were named: they are read together with those of the policy.
        let mut fetched = Vec::new();
        let mut counts = Vec::new();
        for named in &named {
            let before = fetched.len();
            if let Named::Documents(documents) = named {
                fetched.extend(documents.iter().cloned());
            }
            counts.push(before..fetched.len());
        }
        self.label(&mut fetched);
        self.leave_builtin_releases(&fetched);
        let ids: Vec<Option<ReleaseId>> =
            counts.iter().map(|range| newest(&fetched[range.clone()])).collect();
        let given: Vec<ReleaseId> = fetched.iter().filter_map(|document| document.release.clone()).collect();
        let newest = given.iter().max().cloned();
        for more in self.known_documents()? {
            let Some(release) = &more.release else { continue };
            let is_older = newest.as_ref().is_some_and(|newest| release < newest);
            let is_named = named.iter().any(|named| matches!(named, Named::Release(id) if id == release));
            if !given.contains(release) && (is_older || is_named) {
                fetched.push(more);
            }
        }
        let loaded = self.read(fetched)?;
        let found = self.found(names, &named, &loaded);
        let found = found.with_context(
            || "the other releases come from documents, and a ledger cannot be put beside them",
        )?;
        let ids = ids.into_iter().zip(found).map(|(own, found)| own.unwrap_or(found)).collect();
        Ok((loaded, ids))
    }

    /// The documents that `names` stand for, each with its release or a label,
    /// and nothing else: no history is made, no other release is read.
    pub(super) fn documents(&self, names: &[&str]) -> anyhow::Result<(Vec<Dated>, Vec<InputProblem>)> {
        self.prefetch(names)?;
        // Nothing that is asked of such documents is written in sentences.
        let reading = Annotations { flags_only: true, ..self.policy.policy.reading() };
        let read_one = |Fetched { name, release, bytes, references, .. }: Fetched| {
            Document::read_with(&name, bytes, &reading, &*references).map(|document| {
                let label = || {
                    let title = document.title.clone().unwrap_or_else(|| name.clone());
                    let version = document.version.as_ref().map(|version| format!(" {version}"));
                    ReleaseId::new(&format!("{title}{}", version.unwrap_or_default()))
                };
                (release.unwrap_or_else(label), document)
            })
        };
        // Each is read while the next one is fetched, by a thread that ends with it, so
        // that its memory is there for what comes next.
        let slots: Vec<_> = names.iter().map(|_| Mutex::new(None)).collect();
        let read_in = |slot: &Mutex<Option<Fetched>>| {
            let one = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
            one.map(read_one)
        };
        let read = std::thread::scope(|scope| -> anyhow::Result<Vec<_>> {
            let read_in = &read_in;
            let mut started = Vec::new();
            for (at, (name, slot)) in names.iter().zip(&slots).enumerate() {
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.document(name)?);
                let is_last = at + 1 == names.len();
                let start = || std::thread::Builder::new().spawn_scoped(scope, move || read_in(slot)).ok();
                started.push((slot, if is_last { None } else { start() }));
            }
            // The last one, and those for which there was no thread, here.
            let mut here: Vec<_> = started
                .iter()
                .map(|(slot, thread)| if thread.is_none() { read_in(slot) } else { None })
                .collect();
            for (place, (_, thread)) in here.iter_mut().zip(started) {
                if let Some(thread) = thread {
                    *place = thread.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload));
                }
            }
            Ok(here.into_iter().flatten().collect())
        })?;
        let documents = read.into_iter().collect::<Result<Vec<_>, _>>()?;
        let problems: Vec<InputProblem> =
            documents.iter().flat_map(|(release, document)| problems(release, document)).collect();
        self.say_files(&documents);
        self.say(&problems);
        Ok((documents, problems))
    }

    /// All documents that `names` stand for, as they are.
    pub(super) fn fetched(&self, names: &[&str]) -> anyhow::Result<Vec<Fetched>> {
        only_once_from_stdin(names)?;
        self.prefetch(names)?;
        let mut out = Vec::new();
        for name in names {
            match self.release(name)? {
                Named::Documents(documents) => out.extend(documents),
                _ => out.push(self.document(name)?),
            }
        }
        Ok(out)
    }

    /// Reads documents to know that they are some, and says what is wrong.
    pub(super) fn looked_at(
        &self,
        fetched: &[Fetched],
    ) -> anyhow::Result<(Vec<Document>, Vec<InputProblem>)> {
        let reading = self.policy.policy.reading();
        let mut documents = Vec::new();
        let mut found = Vec::new();
        for one in fetched {
            let document = Document::read_with(&one.name, one.bytes.clone(), &reading, &*one.references)?;
            let release = one.release.clone().unwrap_or_else(|| ReleaseId::new(&one.name));
            found.extend(problems(&release, &document));
            documents.push(document);
        }
        self.say(&found);
        Ok((documents, found))
    }

    fn document(&self, name: &str) -> anyhow::Result<Fetched> {
        const HOW: &str = "changes inside payloads need the documents: give two files, \
             or set `document` at the releases of the policy";
        match self.release(name)? {
            Named::Documents(documents) => {
                let newest = documents.into_iter().max_by(|a, b| a.release.cmp(&b.release));
                newest.ok_or_else(|| anyhow!("{name}: no document is there"))
            }
            Named::Ledger(_) => bail!("{name} is a ledger; {HOW}"),
            Named::Release(id) => {
                let known = self.known_documents()?;
                if let Some(found) = known.into_iter().find(|document| document.release.as_ref() == Some(&id))
                {
                    return Ok(found);
                }
                let history = self.base()?.history;
                match history.releases.iter().any(|release| release.id == id) {
                    true => bail!("{name}: only a ledger is known of release {id}; {HOW}"),
                    false => Err(self.unknown(name, &history)),
                }
            }
        }
    }

    fn with_ledger(
        &self,
        names: &[&str],
        named: Vec<Named>,
        at: usize,
    ) -> anyhow::Result<(Loaded, Vec<ReleaseId>)> {
        let mut ledger = None;
        for (index, named) in named.iter().enumerate() {
            match named {
                Named::Ledger(history) if index == at => ledger = Some(history.as_ref().clone()),
                Named::Ledger(_) if names[index] == names[at] => {}
                Named::Release(_) => {}
                Named::Ledger(_) | Named::Documents(_) => {
                    bail!("{}: expected a release of the ledger {}, such as 2.19", names[index], names[at])
                }
            }
        }
        let history = ledger.ok_or_else(|| anyhow!("{} is no ledger", names[at]))?;
        let newest =
            history.newest().cloned().ok_or_else(|| anyhow!("the ledger {} has no releases", names[at]))?;
        let loaded = self.of_ledger(history);
        let ids = named.iter().map(|named| match named {
            Named::Release(id) => {
                known(&loaded.history, id).ok_or_else(|| self.unknown(id.as_str(), &loaded.history))
            }
            _ => Ok(newest.clone()),
        });
        let ids = ids.collect::<anyhow::Result<Vec<_>>>()?;
        Ok((loaded, ids))
    }

    fn found(&self, names: &[&str], named: &[Named], loaded: &Loaded) -> anyhow::Result<Vec<ReleaseId>> {
        let find = |(name, named): (&&str, &Named)| match named {
            Named::Release(id) => {
                known(&loaded.history, id).ok_or_else(|| self.unknown(name, &loaded.history))
            }
            _ => loaded.history.newest().cloned().ok_or_else(|| anyhow!("{name} holds no release")),
        };
        names.iter().zip(named).map(find).collect()
    }

    /// A release id, a source of the policy, or a source.
    fn release(&self, text: &str) -> anyhow::Result<Named> {
        let id = ReleaseId::new(text);
        let is_listed = self.policy.policy.release(&id).is_some();
        let looks_like_a_file =
            text == "-" || text.contains(['/', '\\', ':', '=']) || Path::new(text).exists();
        if is_listed || !looks_like_a_file && self.policy.policy.source(text).is_none() {
            return Ok(Named::Release(id));
        }
        self.source(text)
    }

    fn source(&self, text: &str) -> anyhow::Result<Named> {
        let bundle = self.bundle(text, Base::Here)?;
        for note in &bundle.notes {
            output::warning(note, self.common);
        }
        self.passed_over.borrow_mut().extend(bundle.passed_over);
        if let [only] = bundle.documents.as_slice()
            && may_be_ledger(&only.bytes)
            && let Ok(text) = std::str::from_utf8(&only.bytes)
            && ledger::is_ledger(text)
        {
            return Ok(Named::Ledger(Box::new(ledger::read(text, &only.name)?)));
        }
        Ok(Named::Documents(bundle.documents))
    }

    /// The documents that `--history` or the policy's releases name.
    fn known_documents(&self) -> anyhow::Result<Vec<Fetched>> {
        self.prefetch(&self.common.history)?;
        let mut out = Vec::new();
        for text in &self.common.history {
            if let Named::Documents(documents) = self.source(text)? {
                out.extend(documents);
            }
        }
        if !out.is_empty() {
            return Ok(out);
        }
        self.policy_documents()
    }

    /// The history without anything named on the command line.
    fn base(&self) -> anyhow::Result<Loaded> {
        let mut documents = self.known_documents()?;
        if !documents.is_empty() {
            self.label(&mut documents);
            return self.read(documents);
        }
        let history = ledger::read(BUILTIN_LEDGER, "the built-in ledger")?;
        let listed = &self.policy.policy.releases;
        let is_about =
            history.releases.iter().all(|release| self.policy.policy.release(&release.id).is_some());
        if !listed.is_empty() && !is_about {
            bail!(
                "{} names no documents: expected `document = \"...\"` at its releases, --history SOURCE, or documents on the command line",
                self.policy.policy.file
            );
        }
        output::note("the built-in ledger is used", self.common);
        Ok(self.of_ledger(history))
    }

    fn of_ledger(&self, history: History) -> Loaded {
        let history = history.judged_by(&self.policy.policy);
        Loaded { history, documents: Vec::new(), problems: Vec::new() }
    }

    /// Gives a label to documents whose release nobody says, in the order in
    /// which they were named.
    fn label(&self, fetched: &mut [Fetched]) {
        let is_single = fetched.len() == 1;
        for (at, document) in fetched.iter_mut().enumerate() {
            if document.release.is_some() {
                continue;
            }
            let read =
                Document::read(&document.name, document.bytes.clone(), &self.policy.policy.reading()).ok();
            let title =
                read.as_ref().and_then(|read| read.title.clone()).unwrap_or_else(|| document.name.clone());
            let version =
                read.and_then(|read| read.version).map(|version| format!(" {version}")).unwrap_or_default();
            let number = if is_single { String::new() } else { format!("{}: ", at + 1) };
            document.release = Some(ReleaseId::new(&format!("{number}{title}{version}")));
            let name = &document.name;
            let how = match document.from.as_ref().map(|from| (&from.source, &from.asked)) {
                Some((Some(source), _)) => {
                    format!("say it as in 2.19={source}, or `release = \"2.19\"` in [source.{source}]")
                }
                Some((None, asked)) => format!("say it as in 2.19={asked}"),
                None => format!("say it as in 2.19={name}"),
            };
            output::warning(
                &format!(
                    "{name} does not say which release it is: it is shown by its title; {how} to count releases"
                ),
                self.common,
            );
        }
    }

    /// Documents of none of the releases that the built-in policy lists are of
    /// another product, whatever their numbers: its calendar says nothing of them.
    fn leave_builtin_releases(&mut self, fetched: &[Fetched]) {
        let listed = &self.policy.policy.releases;
        let is_listed = |document: &Fetched| {
            listed.iter().any(|release| Some(&release.id.value) == document.release.as_ref())
        };
        let are_builtin = self.policy.is_builtin || self.policy.borrowed_hosts.is_some();
        if are_builtin && !fetched.iter().any(is_listed) {
            self.policy.policy.releases.clear();
        }
    }

    /// Reads documents that have a release or a label each.
    fn read(&self, mut fetched: Vec<Fetched>) -> anyhow::Result<Loaded> {
        use rayon::prelude::*;
        let order: Vec<ReleaseId> =
            self.policy.policy.releases.iter().map(|release| release.id.value.clone()).collect();
        // The policy's order comes first, as in its calendar.
        fetched.sort_by(|a, b| {
            let listed =
                |document: &Fetched| order.iter().position(|id| Some(id) == document.release.as_ref());
            match (listed(a), listed(b)) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => a.release.cmp(&b.release),
            }
        });
        if let Some(twins) = fetched.windows(2).find(|pair| pair[0].release == pair[1].release) {
            bail!(
                "{} and {} are both of release {}: expected one document for each release; name them with RELEASE=SOURCE",
                twins[0].name,
                twins[1].name,
                twins[0].release.as_ref().map_or("?", ReleaseId::as_str)
            );
        }
        let reading = self.policy.policy.reading();
        let read: Vec<_> = fetched
            .into_par_iter()
            .map(|fetched| {
                let Fetched { name, release, bytes, references, .. } = fetched;
                let release = release.unwrap_or_else(|| ReleaseId::new(&name));
                Document::read_with(&name, bytes, &reading, &*references).map(|document| (release, document))
            })
            .collect();
        let documents = read.into_iter().collect::<Result<Vec<_>, _>>()?;
        let problems: Vec<InputProblem> =
            documents.iter().flat_map(|(release, document)| problems(release, document)).collect();
        self.say_files(&documents);
        self.say(&problems);
        let history = History::of_documents(&documents, &self.policy.policy);
        Ok(Loaded { history, documents, problems })
    }

    /// Says which files were read beside documents, and which in their folders
    /// were not.
    fn say_files(&self, documents: &[Dated]) {
        for (release, document) in documents {
            let count = document.files().count();
            if count > 0 {
                let what = if count == 1 { "1 file" } else { &format!("{count} files") };
                output::note(&format!("{} ({release}) refers to {what}", document.name), self.common);
            }
        }
        for file in self.passed_over.take() {
            if !documents.iter().any(|(_, document)| document.files().any(|known| known == file)) {
                output::warning(&format!("{file} is passed over: its name is no release"), self.common);
            }
        }
    }

    /// Says on standard error what was wrong with documents: losses always, the
    /// rest as a count.
    fn say(&self, problems: &[InputProblem]) {
        let mut small = 0;
        for problem in problems {
            let line = format!("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message);
            if problem.lost || self.common.verbose {
                output::warning(&line, self.common);
            } else {
                small += 1;
            }
        }
        if small > 0 {
            let what = if small == 1 { "1 oddity" } else { &format!("{small} oddities") };
            output::warning(
                &format!("{what} in the documents changed no operation (-v lists them)"),
                self.common,
            );
        }
    }

    fn unknown(&self, name: &str, history: &History) -> anyhow::Error {
        let known: Vec<&str> = history.releases.iter().map(|release| release.id.as_str()).collect();
        // Of several as near as each other, the newest.
        let near = known.iter().rev().min_by_key(|id| strsim::osa_distance(id, name));
        let near = near.filter(|id| strsim::osa_distance(id, name) <= 2);
        let hint = match (near, meant_address(name)) {
            (Some(id), _) => format!("; did you mean {id}?"),
            (None, Some(address)) => format!("; for a server, write {address}"),
            (None, None) => String::new(),
        };
        anyhow!("{name}: no such release or file. Known releases: {}{hint}", known.join(", "))
    }
}

/// Standard input ends once: a second document in it would be empty.
fn only_once_from_stdin(names: &[impl AsRef<str>]) -> anyhow::Result<()> {
    let is_stdin = |name: &str| name == "-" || name.ends_with("=-");
    if names.iter().filter(|name| is_stdin(name.as_ref())).count() > 1 {
        bail!("`-` stands for standard input and can be given once: save the other document to a file");
    }
    Ok(())
}

fn known(history: &History, id: &ReleaseId) -> Option<ReleaseId> {
    history.releases.iter().find(|release| release.id == *id).map(|release| release.id.clone())
}

fn newest(documents: &[Fetched]) -> Option<ReleaseId> {
    documents.iter().filter_map(|document| document.release.clone()).max()
}

fn problems<'d>(release: &'d ReleaseId, document: &'d Document) -> impl Iterator<Item = InputProblem> + 'd {
    document.problems.iter().map(|problem| InputProblem {
        file: problem.file.as_deref().unwrap_or(&document.name).to_owned(),
        release: release.clone(),
        line: problem.position.line as usize,
        column: problem.position.column as usize,
        message: problem.message.clone(),
        lost: problem.severity == Severity::Lost,
    })
}

/// The hosts of the policy's own installations: calls to them are calls of the API.
fn installations(policy: &Policy) -> impl Iterator<Item = String> + '_ {
    policy.sources.iter().filter_map(|source| match &source.location {
        crate::policy::Location::Url(url) => {
            let rest = url.value.split_once("://").map_or(url.value.as_str(), |(_, rest)| rest);
            rest.split(['/', ':', '?']).next().map(str::to_owned)
        }
        crate::policy::Location::Path(_) => None,
    })
}

/// Whether a history is about the product of the built-in policy: it shares half
/// of its operations or more with the built-in ledger.
fn is_builtin_product(history: &History) -> anyhow::Result<bool> {
    // Its hosts and its clients are both asked for in one scan.
    static KNOWN: OnceLock<BTreeSet<OperationKey>> = OnceLock::new();
    let known = match KNOWN.get() {
        Some(known) => known,
        None => {
            let ledger = ledger::read(BUILTIN_LEDGER, "the built-in ledger")?;
            let known = ledger.operations().filter_map(|item| item.key.operation.clone()).collect();
            KNOWN.get_or_init(|| known)
        }
    };
    let all: Vec<_> = history.operations().filter_map(|item| item.key.operation.as_ref()).collect();
    let shared = all.iter().filter(|operation| known.contains(*operation)).count();
    Ok(shared * 2 >= all.len())
}
