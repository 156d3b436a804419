//! From the text of a source to its documents: named sources of the policy,
//! addresses, files. What comes over the network is fetched at the same time.

use anyhow::Context;

use super::load::{LoadedPolicy, Loader};
use super::{network, output};
use crate::policy::{self, Policy};
use crate::release::ReleaseId;
use crate::source::http::Ask;
use crate::source::{Bundle, Location, SourceSpec, Surroundings, split_release};

/// What a source's path is relative to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// The folder in which the program runs.
    Here,
    /// The folder of the policy.
    Policy,
}

impl Loader<'_> {
    /// Fetches at the same time what is in the network.
    pub(super) fn prefetch(&self, texts: &[impl AsRef<str>]) -> anyhow::Result<()> {
        let mut asks = Vec::new();
        for text in texts {
            let text = text.as_ref();
            if let Some(ask) = self.ask(text)? {
                asks.push((text.to_owned(), ask));
            }
        }
        self.network.fetch(asks, self.common)
    }

    /// What a source asks the network for, if it does.
    fn ask(&self, text: &str) -> anyhow::Result<Option<Ask>> {
        let (release, place) = split_release(text);
        let policy = &self.policy.policy;
        let mut ask = match policy.source(place) {
            Some(source) => match &source.location {
                policy::Location::Url(url) => network::ask(source, url, &policy.file)?,
                policy::Location::Path(_) => return Ok(None),
            },
            None if place.contains("://") => match SourceSpec::parse(text)?.location {
                Location::Url(url) => Ask::new(url.as_str()).map_err(anyhow::Error::msg)?,
                _ => return Ok(None),
            },
            None => return Ok(None),
        };
        ask.release = release.or_else(|| release_of(policy, place));
        Ok(Some(ask))
    }

    /// The documents of a source.
    pub(super) fn bundle(&self, text: &str, base: Base) -> anyhow::Result<Bundle> {
        self.prefetch(&[text])?;
        if self.ask(text)?.is_some() {
            let mut fetched = self.network.fetched(text)?;
            if split_release(text).0.is_none() {
                fetched.release = fetched.release.map(|release| listed(&self.policy, release));
            }
            let url = &fetched.name;
            let release = fetched.release.as_ref().map_or("of no release", ReleaseId::as_str);
            output::note(&format!("{text} is {url}, {release}"), self.common);
            return Ok(Bundle { documents: vec![fetched], ..Bundle::default() });
        }
        let (release, place) = split_release(text);
        let named = self.policy.policy.source(place);
        let mut spec = match named.map(|source| &source.location) {
            Some(policy::Location::Path(path)) => {
                let path = self.policy.folder.join(&path.value);
                let release = release.or_else(|| release_of(&self.policy.policy, place));
                SourceSpec { text: text.to_owned(), release, location: Location::Path(path) }
            }
            _ => SourceSpec::parse(text)?,
        };
        if let (Location::Path(path), Base::Policy, None) = (&mut spec.location, base, named) {
            *path = self.policy.folder.join(&path);
        }
        let mut stdin = std::io::stdin();
        let mut nothing = std::io::empty();
        let stdin: &mut dyn std::io::Read = if base == Base::Here { &mut stdin } else { &mut nothing };
        Ok(spec.fetch(&mut Surroundings { stdin, allow_ref: &self.common.allow_ref, network: None })?)
    }

    /// The documents that the policy's releases name.
    pub(super) fn policy_documents(&self) -> anyhow::Result<Vec<crate::source::Fetched>> {
        let policy = &self.policy.policy;
        let texts: Vec<&str> = policy
            .releases
            .iter()
            .filter_map(|release| Some(release.document.as_ref()?.value.as_str()))
            .collect();
        self.prefetch(&texts)?;
        let mut out = Vec::new();
        for release in &policy.releases {
            let Some(document) = &release.document else { continue };
            let bundle = self.bundle(&document.value, Base::Policy).with_context(|| {
                let (line, column, id) = (document.line, document.column, &release.id.value);
                format!("{}:{line}:{column}: the document of {id}", policy.file)
            })?;
            for mut document in bundle.documents {
                document.release = Some(release.id.value.clone());
                out.push(document);
            }
        }
        Ok(out)
    }
}

/// The release that the policy gives to a source: a `[[release]]` whose document
/// it is, or its own `release`.
fn release_of(policy: &Policy, place: &str) -> Option<ReleaseId> {
    let listed = policy
        .releases
        .iter()
        .find(|release| release.document.as_ref().is_some_and(|document| document.value == place));
    listed
        .map(|release| release.id.value.clone())
        .or_else(|| policy.source(place)?.release.as_ref().map(|release| release.value.clone()))
}

/// A release that a server names, as the policy lists it: 2.21.45 is a patch of
/// 2.21 where the policy knows no other.
fn listed(policy: &LoadedPolicy, release: ReleaseId) -> ReleaseId {
    let policy = &policy.policy;
    if let Some(known) = policy.release(&release) {
        return known.id.value.clone();
    }
    let numbers = |text: &str| -> Vec<String> {
        let text = text.trim_start_matches(['v', 'V']);
        let end = text.find(['-', '+']).unwrap_or(text.len());
        text[..end].split('.').map(str::to_owned).collect()
    };
    let own = numbers(release.as_str());
    let line = policy.releases.iter().find(|known| {
        let known = numbers(known.id.value.as_str());
        known.len() == 2 && own.len() > 2 && own.starts_with(&known) && release.is_version()
    });
    line.map_or(release, |known| known.id.value.clone())
}
