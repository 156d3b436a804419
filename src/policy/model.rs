//! What a policy says, after it has been read and found free of mistakes.
//!
//! Plain data with places; reading it is in `parse`, working with windows and
//! releases in `calendar` and `deadline`.

use jiff::civil::Date;

use crate::document::OperationKey;
use crate::release::{Channel, ReleaseId};

use super::selector::{ItemSelector, Stars, Subject, Target};
use super::source::Source;
use super::spanned::Spanned;

/// A whole policy.toml. Every list is in the order of the file.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The label under which the file was read, for messages.
    pub file: String,
    /// `[window.CHANNEL]`.
    pub windows: Vec<Window>,
    /// `[near]`.
    pub near: Near,
    /// `[[release]]`, from oldest to newest.
    pub releases: Vec<Release>,
    /// `[[announcement]]`.
    pub announcements: Vec<Announcement>,
    /// `[exempt]`.
    pub exempt: Exempt,
    /// `[annotations]`.
    pub annotations: Annotations,
    /// `[levels]`: rule id and level.
    pub levels: Vec<(Spanned<String>, Spanned<LevelSetting>)>,
    /// `[scan]`.
    pub scan: Scan,
    /// `[source.NAME]`.
    pub sources: Vec<Source>,
    /// `[[ignore]]`.
    pub ignores: Vec<Ignore>,
}

/// `[window.CHANNEL]`: how long a deprecated item stays. At least one of the
/// two is given; of two the longer counts.
#[derive(Clone, Debug)]
pub struct Window {
    /// The channel, at its name in the section's head.
    pub channel: Spanned<Channel>,
    /// For so many further releases: with 2, flagged in 2.18 means removable from 2.21.
    pub releases: Option<Spanned<u32>>,
    /// For so many calendar months from the date of the first flag.
    pub months: Option<Spanned<u32>>,
}

/// `[near]`: when a deadline counts as near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// So many releases before it.
    pub releases: u32,
    /// So many days before it.
    pub days: u32,
}

impl Default for Near {
    /// One release, 60 days.
    fn default() -> Self {
        Self { releases: 1, days: 60 }
    }
}

/// `[[release]]`.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its name.
    pub id: Spanned<ReleaseId>,
    /// When it reached each channel.
    pub dates: Vec<(Channel, Spanned<Date>)>,
    /// Its document: a source, relative to the policy file.
    pub document: Option<Spanned<String>>,
}

impl Release {
    /// When the release reached that channel, if the policy says.
    pub fn date(&self, channel: &Channel) -> Option<Date> {
        self.dates.iter().find(|(of, _)| of == channel).map(|(_, date)| date.value)
    }
}

/// `[[announcement]]`: an item's window began in this release, whatever the
/// documents flag.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// One of the releases that the policy lists.
    pub release: Spanned<ReleaseId>,
    /// What was announced; without `*`.
    pub item: Spanned<ItemSelector>,
    /// What to use instead.
    pub replacement: Option<Spanned<Replacement>>,
}

/// A replacement as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The text as written.
    pub text: String,
    /// The same as items, where it reads as such: `GET /api/v1/logo`,
    /// `/api/v1/logo`, or several with ` + ` between them. Empty for other texts.
    pub items: Vec<ItemSelector>,
}

impl Replacement {
    /// A replacement from its text; any text is one.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        let items: Result<_, _> =
            text.split(" + ").map(|part| ItemSelector::parse(part, Stars::Refused)).collect();
        Self { text: text.to_owned(), items: items.unwrap_or_default() }
    }

    /// The operations to use instead of `old`: those that are named, and for a
    /// path alone the one with the same method. Whether any document has them
    /// is not known here; for a path alone another method may be the right one.
    pub fn operations_for(&self, old: &OperationKey) -> Vec<OperationKey> {
        let whole = self.items.iter().filter(|item| item.place().is_none());
        let operation = |item: &ItemSelector| match item.target() {
            Target::Operation { method, path } => Some(OperationKey {
                method: method.as_ref().unwrap_or(&old.method).clone(),
                path: path.clone(),
            }),
            Target::Component(_) => None,
        };
        whole.filter_map(operation).collect()
    }
}

/// `[exempt]`: surface to which the window does not apply.
#[derive(Clone, Debug, Default)]
pub struct Exempt {
    /// Texts that mark it in a summary or description.
    pub text: Vec<Spanned<String>>,
    /// Extensions that mark it by one of their values.
    pub extensions: Vec<ExemptExtension>,
}

/// One extension of `[exempt]`.
#[derive(Clone, Debug)]
pub struct ExemptExtension {
    /// `x-stability-level`, or a path into an object.
    pub path: Spanned<ExtensionPath>,
    /// The values that exempt.
    pub values: Vec<Spanned<ExtensionValue>>,
}

/// A dotted path to an extension: `x-sunset`, `x-github.removalDate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionPath(String);

impl ExtensionPath {
    /// A path whose first name begins with `x-` and none of whose names is
    /// empty; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let named = text.split('.').all(|name| !name.is_empty() && !name.contains(char::is_whitespace));
        (text.starts_with("x-") && text.len() > 2 && named).then(|| Self(text.to_owned()))
    }
    /// The path as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The names from the extension down.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('.')
    }
}

/// A value that an extension is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtensionValue {
    /// A text.
    Text(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
}

/// `[annotations]`: in which extensions documents say more than
/// `deprecated: true`. Of several that are present the first in the list counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotations {
    /// Dates of deprecation.
    pub deprecated_on: Vec<Spanned<ExtensionPath>>,
    /// Releases of deprecation.
    pub deprecated_in: Vec<Spanned<ExtensionPath>>,
    /// Dates of removal.
    pub removal_on: Vec<Spanned<ExtensionPath>>,
    /// Releases of removal.
    pub removal_in: Vec<Spanned<ExtensionPath>>,
    /// Replacements.
    pub replacement: Vec<Spanned<ExtensionPath>>,
    /// Explanations.
    pub message: Vec<Spanned<ExtensionPath>>,
}

impl Default for Annotations {
    /// The extensions that are in use by more than one product; a list that
    /// the policy gives takes the place of the one here.
    fn default() -> Self {
        let known = crate::document::Annotations::default();
        let list = |paths: &[String]| {
            let place = |p| Spanned { value: p, line: 0, column: 0 };
            paths.iter().filter_map(|p| ExtensionPath::parse(p)).map(place).collect()
        };
        Self {
            deprecated_on: list(&known.deprecated),
            deprecated_in: Vec::new(),
            removal_on: list(&known.removal),
            removal_in: Vec::new(),
            replacement: list(&known.replacement),
            message: list(&known.message),
        }
    }
}

/// A level as `[levels]` sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelSetting {
    /// Fails a run by default.
    Error,
    /// Should be seen.
    Warning,
    /// Good to know.
    Note,
    /// The rule reports nothing.
    Off,
}

impl LevelSetting {
    pub(crate) const WORDS: [(&'static str, Self); 4] =
        [("error", Self::Error), ("warning", Self::Warning), ("note", Self::Note), ("off", Self::Off)];
}

/// `[scan]`: what counts as a call of this API.
#[derive(Clone, Debug)]
pub struct Scan {
    /// Patterns of hosts (`*.run.ai`), in lower case. Calls to any other known host are not of this API
    /// (but for those of the documents' servers), and never those to a host with `!` before it (`!docs.run.ai`).
    pub hosts: Vec<Spanned<String>>,
    /// Prefixes under which the API may be mounted: empty, or `/runai`. By default only the empty one.
    pub base_paths: Vec<Spanned<String>>,
    /// Patterns of files that are not scanned.
    pub exclude: Vec<Spanned<String>>,
    /// Whether test code counts.
    pub tests: bool,
    /// `[[scan.sdk]]`.
    pub sdks: Vec<Sdk>,
}

impl Default for Scan {
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            base_paths: vec![Spanned { value: String::new(), line: 0, column: 0 }],
            exclude: Vec::new(),
            tests: false,
            sdks: Vec::new(),
        }
    }
}

/// `[[scan.sdk]]`: a package whose methods are operations.
#[derive(Clone, Debug)]
pub struct Sdk {
    /// The package as client code imports it.
    pub package: Spanned<String>,
    /// The language as reports name it.
    pub language: Spanned<&'static str>,
    /// How operationIds become method names.
    pub naming: Spanned<&'static str>,
    /// The package as lock files name it, where that is another name.
    pub distribution: Option<Spanned<String>>,
    /// Beginnings of versions of the package, each with the release whose
    /// document it was made from.
    pub versions: Vec<(Spanned<String>, Spanned<ReleaseId>)>,
}

impl Sdk {
    /// The languages that a policy may name, as reports name them.
    pub const LANGUAGES: [&'static str; 12] = [
        "python",
        "javascript",
        "typescript",
        "go",
        "java",
        "rust",
        "ruby",
        "php",
        "csharp",
        "kotlin",
        "bash",
        "powershell",
    ];
    /// The known ways from operationIds to method names.
    pub const NAMINGS: [&'static str; 3] = ["openapi-generator", "swagger-codegen", "octokit"];
}

/// `[[ignore]]`: an exception with its reason.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The rule that is silenced.
    pub rule: Spanned<String>,
    /// Where; may hold `*`.
    pub item: Spanned<ItemSelector>,
    /// In which files of client code, if only in some; may hold `*`.
    pub file: Option<Spanned<String>>,
    /// Why; never empty.
    pub reason: Spanned<String>,
    /// The last day on which the exception holds.
    pub until: Spanned<Date>,
}

impl Ignore {
    /// Whether the exception is of the past: its last day is before `today`.
    pub fn expired(&self, today: Date) -> bool {
        self.until.value < today
    }

    /// Whether the exception is about findings in this file.
    pub fn covers_file(&self, file: Option<&str>) -> bool {
        match (&self.file, file) {
            (None, _) => true,
            (Some(glob), Some(file)) => {
                let plain = |text: &str| text.replace('\\', "/");
                let (glob, file) = (plain(&glob.value), plain(file));
                super::glob::matches(glob.trim_start_matches("./"), file.trim_start_matches("./"))
            }
            (Some(_), None) => false,
        }
    }

    /// Whether the exception is about this rule and item. Its date is not looked at.
    pub fn covers(&self, rule: &str, subject: &Subject<'_>) -> bool {
        self.rule.value == rule && self.item.value.covers(subject)
    }
}

impl Policy {
    /// What to read in documents beside the flag, and what exempts.
    pub fn reading(&self) -> crate::document::Annotations {
        let paths = |lists: [&[Spanned<ExtensionPath>]; 2]| -> Vec<String> {
            lists.concat().iter().map(|path| path.value.as_str().to_owned()).collect()
        };
        let value = |value: &Spanned<ExtensionValue>| match &value.value {
            ExtensionValue::Text(text) => text.clone(),
            ExtensionValue::Boolean(value) => value.to_string(),
            ExtensionValue::Integer(value) => value.to_string(),
        };
        let Annotations { deprecated_on, deprecated_in, removal_on, removal_in, replacement, message } =
            &self.annotations;
        crate::document::Annotations {
            deprecated: paths([deprecated_on, deprecated_in]),
            removal: paths([removal_on, removal_in]),
            replacement: paths([replacement, &[]]),
            message: paths([message, &[]]),
            exempt_text: self.exempt.text.iter().map(|text| text.value.clone()).collect(),
            exempt_extension: self
                .exempt
                .extensions
                .iter()
                .map(|found| (found.path.value.as_str().to_owned(), found.values.iter().map(value).collect()))
                .collect(),
            flags_only: false,
        }
    }

    /// The window of a channel; `None` when the policy sets none.
    pub fn window(&self, channel: &Channel) -> Option<&Window> {
        self.windows.iter().find(|window| window.channel.value == *channel)
    }

    /// The release of that id, by meaning (`v2.18` is `2.18`).
    pub fn release(&self, id: &ReleaseId) -> Option<&Release> {
        self.releases.iter().find(|release| release.id.value == *id)
    }

    /// The level that `[levels]` sets for a rule.
    pub fn level(&self, rule: &str) -> Option<LevelSetting> {
        self.levels.iter().find(|(id, _)| id.value == rule).map(|(_, level)| level.value)
    }

    /// The source of that name.
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name.value == name)
    }

    /// The channels that have a window, in the order of the file.
    pub fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.windows.iter().map(|window| &window.channel.value)
    }
}
