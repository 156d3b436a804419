//! What each command does: load, ask the library, report.

use std::path::Path;

use anyhow::{anyhow, bail};
use clap::CommandFactory;

use super::args::{Cli, Client, Command, Common, Filters, FormatName};
use super::load::{Loaded, Loader};
use super::{Outcome, output};
use crate::finding::{Settled, settle};
use crate::lifecycle::{self, History, Item, ledger};
use crate::policy::{INIT_TEMPLATE, Policy};
use crate::release::{Channel, ReleaseId};
use crate::report::{
    CheckReport, Format, HistoryReport, InputProblem, ItemState, Json, Markdown, NotesReport, OutlookEntry,
    Report, ScanReport, Text, UpgradeReport, UpgradeVerdict,
};
use crate::rules::{self, Check, Group, Judge, JudgedCall};
use crate::scan::{Api, ApiConfig, Checkout, ScanOptions, SdkConfig, SdkName};

pub(super) fn run(cli: &Cli) -> anyhow::Result<Outcome> {
    let common = &cli.common;
    match &cli.command {
        Command::History { sources, places } => history(common, sources, *places),
        Command::Diff { old, new, breaks, operation, rule, level, all } => {
            let filter = super::diff::Filter {
                breaks: *breaks,
                operation: operation.as_deref(),
                rules: rule,
                level: *level,
            };
            super::diff::run(common, old, new, &filter, *all)
        }
        Command::Check { old, new } => check(common, old, new),
        Command::Scan { client, from, to, filters } => {
            scan(common, client, filters, from.as_deref(), to.as_deref())
        }
        Command::Upgrade { from, to, client } => upgrade(common, from, to, client),
        Command::Notes { old, new } => notes(common, old, new),
        Command::Pull { sources, archive } => super::pull::run(common, sources, archive.as_deref()),
        Command::Rules => show(&Report::Rules(rules::RULES), common),
        Command::Explain { rule } => show(&Report::Explain(find_rule(rule)?), common),
        Command::Init { file } => init(file, common),
        Command::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "sunwatch", &mut out);
            output::stdout(&out)?;
            Ok(Outcome::Clean)
        }
        Command::Man => {
            let mut out = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut out)?;
            output::stdout(&out)?;
            Ok(Outcome::Clean)
        }
    }
}

pub(super) fn render(report: &Report<'_>, common: &Common) -> anyhow::Result<String> {
    let colour = common.output.is_none() && output::colour(common.color);
    let text = match common.format {
        FormatName::Text => Text { colour }.render(report),
        FormatName::Json => Json.render(report),
        FormatName::Markdown => Markdown.render(report),
    };
    Ok(text?)
}

fn show(report: &Report<'_>, common: &Common) -> anyhow::Result<Outcome> {
    output::report(&render(report, common)?, common)?;
    Ok(Outcome::Clean)
}

/// The exit status (contract): findings first, then what is missing.
fn outcome(settled: Option<&Settled>, incomplete: bool, common: &Common) -> Outcome {
    let worst = settled.and_then(Settled::worst);
    match common.fail_on.level() {
        Some(level) if worst.is_some_and(|worst| worst >= level) => Outcome::Findings,
        _ if incomplete => Outcome::Incomplete,
        _ => Outcome::Clean,
    }
}

pub(super) fn has_losses(problems: &[InputProblem]) -> bool {
    problems.iter().any(|problem| problem.lost)
}

pub(super) fn find_rule(id: &str) -> anyhow::Result<&'static rules::Rule> {
    rules::find(id).ok_or_else(|| {
        let near =
            rules::ids().into_iter().min_by_key(|known| strsim::osa_distance(known, id)).unwrap_or_default();
        anyhow!("no rule is called {id}; did you mean {near}? `sunwatch rules` lists them")
    })
}

fn init(file: &Path, common: &Common) -> anyhow::Result<Outcome> {
    if file.exists() {
        bail!(
            "{} is there already; it is left as it is. Give another name to write the template",
            file.display()
        );
    }
    output::whole_file(file, INIT_TEMPLATE)?;
    output::note(&format!("{} is written", file.display()), common);
    Ok(Outcome::Clean)
}

fn history(common: &Common, sources: &[String], places: bool) -> anyhow::Result<Outcome> {
    let mut loader = Loader::new(common)?;
    let channels = loader.policy.channels(common)?;
    let Loaded { history, documents, problems } = loader.all(sources)?;
    let policy = &loader.policy.policy;
    if let Some(file) = &common.output {
        output::whole_file(file, &ledger::write(&history, policy)?)?;
        return Ok(outcome(None, has_losses(&problems), common));
    }
    let places = if places {
        if documents.is_empty() {
            bail!("--places needs documents: a ledger does not keep every place");
        }
        Some(item_places(&history, &documents))
    } else {
        None
    };
    let states = states(&history, policy, &channels, common);
    let incomplete = has_losses(&problems);
    let report = HistoryReport { history: &history, policy, channels, states, places, problems };
    output::report(&render(&Report::History(report), common)?, common)?;
    Ok(outcome(None, incomplete, common))
}

/// The places of each item, in the newest document that has it.
fn item_places(
    history: &History,
    documents: &[(ReleaseId, crate::document::Document)],
) -> Vec<Vec<lifecycle::Place>> {
    let mut out = vec![Vec::new(); history.items.len()];
    for (at, (release, document)) in documents.iter().enumerate() {
        let is_last = |item: &Item| {
            item.is_in(release) && documents.get(at + 1).is_none_or(|(next, _)| !item.is_in(next))
        };
        let (indexes, items): (Vec<usize>, Vec<&Item>) =
            history.items.iter().enumerate().filter(|(_, item)| is_last(item)).unzip();
        for (index, places) in indexes.into_iter().zip(lifecycle::places(document, &items)) {
            out[index] = places;
        }
    }
    out
}

/// Where each item stands at the newest release: the furthest of its channels.
fn states<'h>(
    history: &'h History,
    policy: &Policy,
    channels: &[Channel],
    common: &Common,
) -> Vec<(ItemState, &'h Item)> {
    let Some(newest) = history.newest() else { return Vec::new() };
    let calendar = history.calendar(policy);
    let mut out = Vec::new();
    for item in &history.items {
        let state = if item.removed.is_some() {
            if item.with_parent {
                continue;
            }
            ItemState::Removed
        } else if item.is_deprecated_in(newest) {
            let judge = |channel: &Channel| {
                let found =
                    item.deadlines(policy, &calendar).into_iter().find(|found| found.channel == *channel)?;
                let today = common.today.or_else(|| calendar.date(newest, channel));
                Some(match found.deadline.state_at(Some(newest), today, &calendar, &policy.near) {
                    crate::policy::State::Ended => ItemState::Removable,
                    crate::policy::State::Near => ItemState::Near,
                    _ => ItemState::Deprecated,
                })
            };
            // The first channel decides: the others are columns of the table.
            channels.first().and_then(judge).unwrap_or(ItemState::Deprecated)
        } else {
            continue;
        };
        out.push((state, item));
    }
    out
}

fn check(common: &Common, old: &str, new: &str) -> anyhow::Result<Outcome> {
    let mut loader = Loader::new(common)?;
    let channels = loader.policy.channels(common)?;
    let (loaded, old, new) = between(&mut loader, old, new)?;
    let policy = &loader.policy.policy;
    let Loaded { history, problems, .. } = loaded;
    let check = Check::new(&history, policy, &old, &new, channels.clone());
    let settled = settle(rules::check(&check), policy, Group::Policy, common.today);
    let outcome = outcome(Some(&settled), has_losses(&problems), common);
    let kept = check.kept();
    let report = CheckReport { history: &history, policy, old, new, channels, settled, kept, problems };
    output::report(&render(&Report::Check(report), common)?, common)?;
    Ok(outcome)
}

/// The history up to `new`, for what happened between two releases.
fn between(loader: &mut Loader<'_>, old: &str, new: &str) -> anyhow::Result<(Loaded, ReleaseId, ReleaseId)> {
    let (loaded, ids) = loader.releases(&[old, new])?;
    let policy = &loader.policy.policy;
    let (old, new) = in_order(&ids, &loaded.history, policy)?;
    let mut loaded = loaded.until(&new, policy);
    let calendar = loaded.history.calendar(policy);
    let at = |release: &ReleaseId| calendar.index(release);
    loaded.keep_problems(|release| at(release) >= at(&old) && at(release) <= at(&new));
    Ok((loaded, old, new))
}

/// Two releases, the first before the second.
pub(super) fn in_order(
    ids: &[ReleaseId],
    history: &History,
    policy: &Policy,
) -> anyhow::Result<(ReleaseId, ReleaseId)> {
    let [old, new] = ids else { bail!("expected two releases, found {}", ids.len()) };
    let calendar = history.calendar(policy);
    if calendar.index(old) >= calendar.index(new) {
        bail!("expected an older and a newer release, found {old} and {new}: give them the other way round");
    }
    Ok((old.clone(), new.clone()))
}

fn notes(common: &Common, old: &str, new: &str) -> anyhow::Result<Outcome> {
    let mut loader = Loader::new(common)?;
    let channels = loader.policy.channels(common)?;
    let (loaded, old, new) = between(&mut loader, old, new)?;
    let policy = &loader.policy.policy;
    let Loaded { history, problems, .. } = loaded;
    let incomplete = has_losses(&problems);
    let calendar = history.calendar(policy);
    let report = NotesReport { history: &history, policy, calendar, old, new, channels, problems };
    output::report(&render(&Report::Notes(report), common)?, common)?;
    Ok(outcome(None, incomplete, common))
}

/// Loads releases while client code is looked for: neither needs the other.
fn loaded_and_found(
    loader: &mut Loader<'_>,
    names: &[&str],
    client: &Client,
) -> anyhow::Result<(Loaded, Vec<ReleaseId>, Checkout)> {
    let policy = &loader.policy.policy;
    let options = ScanOptions {
        exclude: texts(&policy.scan.exclude).into_iter().chain(client.exclude.iter().cloned()).collect(),
        tests: policy.scan.tests || client.tests,
        ..ScanOptions::default()
    };
    std::thread::scope(|scope| {
        let search = scope.spawn(|| Checkout::find(&client.paths, options));
        let loaded = loader.releases(names);
        let found = search.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let (loaded, ids) = loaded?;
        Ok((loaded, ids, found?))
    })
}

fn texts(list: &[crate::policy::Spanned<String>]) -> Vec<String> {
    list.iter().map(|text| text.value.clone()).collect()
}

/// Scans client code and judges its calls at `to`.
fn scanned<'h>(
    common: &Common,
    loader: &'h Loader<'_>,
    loaded: &'h Loaded,
    checkout: Checkout,
    filters: &Filters,
    from: Option<ReleaseId>,
    to: ReleaseId,
) -> anyhow::Result<ScanReport<'h>> {
    let policy = &loader.policy.policy;
    let history = &loaded.history;
    let channel = loader.policy.channel(common)?;
    let operations = history.operations().filter_map(|item| item.key.operation.clone()).collect();
    let (hosts, hosts_are_complete) = loader.hosts(history)?;
    let names = sdk_names(history);
    let api = Api::new(ApiConfig {
        operations,
        hosts,
        hosts_are_complete,
        base_paths: texts(&policy.scan.base_paths),
        server_paths: history.server_paths.clone(),
        titles: history.titles.clone(),
        sdks: sdks(&loader.sdks(history)?, &names),
        sdk_names: names,
        releases: history.releases.iter().map(|release| release.id.to_string()).collect(),
        fields: rules::tells_of_fields(history),
    });
    let paths = checkout.paths().to_owned();
    let mut scan = checkout.scan(&api);
    let judge = Judge::new(history, policy, &to, channel.clone(), common.today).from(from.clone());
    let found = std::mem::take(&mut scan.calls);
    let calls: Vec<JudgedCall> = found.into_iter().map(|call| judge.call(call)).collect();
    let mut findings: Vec<_> = calls.iter().filter_map(|call| call.finding.clone()).collect();
    findings.extend(rules::of_fields(&calls));
    findings.extend(rules::generated(&calls, &to));
    let settled =
        super::trust::settle(findings, &scan, &paths, policy, Group::Client, common.today, filters)?;
    if let Some(baseline) = &settled.baseline {
        let what = if baseline.len() == 1 { "1 finding" } else { &format!("{} findings", baseline.len()) };
        output::note(&format!("{} is written: it knows {what}", baseline.file), common);
    }
    for skipped in scan.files.skipped.iter().filter(|skipped| skipped.reason.is_failure()) {
        output::warning(&format!("{} was not analysed: {}", skipped.file, skipped.reason), common);
    }
    Ok(ScanReport {
        history,
        policy,
        from,
        to,
        channel,
        calls,
        settled,
        files: scan.files,
        sources: scan.sources,
        problems: loaded.problems.clone(),
        verbose: common.verbose,
    })
}

/// The clients that are known. Where there is none and all operationIds are a group
/// and a name in it (`repos/list-tags`), those are known that Octokit's packages give.
fn sdks(known: &[crate::policy::Sdk], names: &[SdkName]) -> Vec<SdkConfig> {
    const PACKAGES: [&str; 4] = ["@octokit/rest", "octokit", "@actions/github", "probot"];
    let grouped = |name: &SdkName| name.operation_id.as_ref().is_some_and(|id| id.matches('/').count() == 1);
    if !known.is_empty() || names.is_empty() || !names.iter().all(grouped) {
        return known.iter().map(sdk).collect();
    }
    let config = |package: &str| SdkConfig {
        package: package.to_owned(),
        distribution: package.to_owned(),
        language: "javascript".to_owned(),
        versions: Vec::new(),
        grouped: true,
    };
    PACKAGES.map(config).to_vec()
}

fn sdk(sdk: &crate::policy::Sdk) -> SdkConfig {
    let package = sdk.package.value.clone();
    SdkConfig {
        distribution: sdk.distribution.as_ref().map_or_else(|| package.clone(), |name| name.value.clone()),
        package,
        language: sdk.language.value.to_owned(),
        versions: sdk
            .versions
            .iter()
            .map(|(version, release)| (version.value.clone(), release.value.to_string()))
            .collect(),
        grouped: sdk.naming.value == "octokit",
    }
}

/// What each operation is called in the generated clients of the releases.
fn sdk_names(history: &History) -> Vec<SdkName> {
    let releases: Vec<&ReleaseId> = history.releases.iter().map(|release| &release.id).collect();
    let mut out: Vec<SdkName> = Vec::new();
    for item in history.operations() {
        let Some(operation) = &item.key.operation else { continue };
        for (at, release) in releases.iter().enumerate().filter(|(_, release)| item.is_in(release)) {
            let Some(name) = item.client_name(release) else { continue };
            let same = |last: &&mut SdkName| {
                last.operation == *operation
                    && last.releases.end == at
                    && (&last.operation_id, &last.tags, last.nth)
                        == (&name.operation_id, &name.tags, name.nth)
            };
            match out.last_mut().filter(same) {
                Some(last) => last.releases.end = at + 1,
                None => out.push(SdkName {
                    operation: operation.clone(),
                    operation_id: name.operation_id.clone(),
                    tags: name.tags.clone(),
                    nth: name.nth,
                    releases: at..at + 1,
                }),
            }
        }
    }
    out
}

/// Whether client code was missed, or there was none to look at.
fn is_incomplete(report: &ScanReport<'_>) -> bool {
    has_losses(&report.problems)
        || report.files.skipped.iter().any(|skipped| skipped.reason.is_failure())
        || report.files.scanned == 0
}

fn scan(
    common: &Common,
    client: &Client,
    filters: &Filters,
    from: Option<&str>,
    to: Option<&str>,
) -> anyhow::Result<Outcome> {
    let mut loader = Loader::new(common)?;
    let names: Vec<&str> = from.into_iter().chain(to).collect();
    let (mut loaded, ids, checkout) = loaded_and_found(&mut loader, &names, client)?;
    let mut ids = ids.into_iter();
    let from = from.and_then(|_| ids.next());
    let newest = || loaded.history.newest().cloned().ok_or_else(|| anyhow!("no release is known"));
    let to = match to {
        Some(_) => ids.next().map_or_else(newest, Ok)?,
        None => newest()?,
    };
    loaded.keep_problems(|release| *release == to);
    let report = scanned(common, &loader, &loaded, checkout, filters, from, to)?;
    let outcome = outcome(Some(&report.settled), is_incomplete(&report), common);
    output::report(&render(&Report::Scan(report), common)?, common)?;
    Ok(outcome)
}

fn upgrade(common: &Common, from: &str, to: &str, client: &Client) -> anyhow::Result<Outcome> {
    let mut loader = Loader::new(common)?;
    let (mut loaded, ids, checkout) = loaded_and_found(&mut loader, &[from, to], client)?;
    let (from, to) = in_order(&ids, &loaded.history, &loader.policy.policy)?;
    loaded.keep_problems(|release| *release == from || *release == to);
    let filters = Filters::default();
    let scan = scanned(common, &loader, &loaded, checkout, &filters, Some(from.clone()), to.clone())?;
    let judge = Judge::new(&loaded.history, &loader.policy.policy, &to, scan.channel.clone(), common.today);
    let outlook = judge.outlook(&from).into_iter().map(|(status, item)| OutlookEntry {
        status,
        item,
        removable: judge.removable(item),
        replacement: judge.replacement(item),
        calls: (0..scan.calls.len()).filter(|at| scan.calls[*at].operation == item.key.operation).collect(),
    });
    let outlook = outlook.collect();
    let verdict = verdict(&scan);
    let outcome = outcome(Some(&scan.settled), is_incomplete(&scan), common);
    let report = UpgradeReport { scan, from, verdict, outlook };
    output::report(&render(&Report::Upgrade(report), common)?, common)?;
    Ok(outcome)
}

fn verdict(scan: &ScanReport<'_>) -> UpgradeVerdict {
    use crate::finding::Level;
    match scan.settled.worst() {
        Some(Level::Error) => UpgradeVerdict::Blocked,
        Some(Level::Warning) => UpgradeVerdict::Attention,
        // Never safe where something was not looked at.
        _ if is_incomplete(scan) => UpgradeVerdict::Attention,
        _ => UpgradeVerdict::Safe,
    }
}
