//! policy.toml -> [`Policy`]: which sections there are and who reads them.
//!
//! The sections about releases are read in `parse_calendar`, the others here.
//! Nothing stops at the first mistake.

use toml::de::{DeTable, DeValue};

use super::error::{Known, PolicyErrorKind, PolicyErrors};
use super::model::{
    Annotations, Exempt, ExemptExtension, ExtensionPath, ExtensionValue, Ignore, LevelSetting, Policy, Scan,
    Sdk,
};
use super::parse_calendar;
use super::reader::{Node, Reader, Table};
use super::selector::{ItemSelector, Stars};
use super::source::source;
use super::spanned::Spanned;

/// A policy is written by people; what is longer is another file.
pub const MAX_POLICY_BYTES: usize = 1 << 20;

const POLICY: &str = include_str!("../../policy.toml");

/// The commented policy.toml that `sunwatch init` writes.
pub const INIT_TEMPLATE: &str = include_str!("init.toml");

impl Policy {
    /// Reads a policy. `name` is the label of the file in messages, `rules` are
    /// the ids that `[levels]` and `[[ignore]]` may name.
    ///
    /// # Errors
    /// All mistakes of the file, each with its place: TOML syntax, unknown
    /// keys, rules, releases and channels, values of a wrong type or form, and
    /// what contradicts itself.
    pub fn parse(text: &str, name: &str, rules: &[&str]) -> Result<Self, PolicyErrors> {
        let mut reader = Reader::new(text, name);
        if text.len() > MAX_POLICY_BYTES {
            let kind = PolicyErrorKind::TooLarge { bytes: text.len(), max: MAX_POLICY_BYTES };
            reader.report(&(0..0), kind);
            return Err(PolicyErrors::new(reader.errors));
        }
        // Every line of it would be a mistake.
        if let Some(at) = text.find(|c: char| !c.is_whitespace()).filter(|at| text[*at..].starts_with('{')) {
            reader.report(&(at..at + 1), PolicyErrorKind::Json);
            return Err(PolicyErrors::new(reader.errors));
        }
        let (root, syntax) = DeTable::parse_recoverable(text);
        let mut bare_ids = Vec::new();
        for error in &syntax {
            let range = error.span().unwrap_or(0..0);
            if let Some((at, raw)) = bare_id(text, range.start) {
                if !bare_ids.contains(&at) {
                    bare_ids.push(at);
                    let raw = raw.to_owned();
                    reader.report(&(at..at + raw.len()), PolicyErrorKind::UnquotedRelease { raw });
                }
                continue;
            }
            // The parser's message may have a second line; one line says enough here.
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            reader.report(&range, PolicyErrorKind::Syntax(message));
        }
        // What is left of a broken file would give mistakes that are none.
        if !syntax.is_empty() {
            return Err(PolicyErrors::new(reader.errors));
        }
        let policy = document(&mut reader, root.get_ref(), rules, name);
        if reader.errors.is_empty() { Ok(policy) } else { Err(PolicyErrors::new(reader.errors)) }
    }

    /// The policy that is used where a user has none: the published facts of
    /// NVIDIA Run:ai (releases, windows, announcements).
    ///
    /// # Errors
    /// None in a release of sunwatch, a test reads it; the type says what
    /// [`Policy::parse`] says.
    pub fn builtin(rules: &[&str]) -> Result<Self, PolicyErrors> {
        Self::parse(POLICY, "built-in policy.toml", rules)
    }
}

/// The release id without quotes in the line around `offset`, and where it
/// begins: `id = 2.18.1` is no TOML, and the parser cannot know why.
fn bare_id(text: &str, offset: usize) -> Option<(usize, &str)> {
    let start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.lines().next()?;
    let (key, value) = line.split_once('=')?;
    let raw = value.split('#').next().unwrap_or(value).trim();
    let plain = raw.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+_".contains(&b));
    let at = start + key.len() + 1 + value.find(raw)?;
    (["id", "release"].contains(&key.trim()) && plain && !raw.is_empty()).then_some((at, raw))
}

fn document<'v>(reader: &mut Reader<'_>, root: &'v DeTable<'v>, rules: &[&str], name: &str) -> Policy {
    let mut root = Table::new("", 0..0, root);
    let windows = parse_calendar::windows(reader, root.take("window"));
    let near = parse_calendar::near(reader, root.take("near"));
    let releases = parse_calendar::releases(reader, root.take("release"), &windows);
    let announcements = parse_calendar::announcements(reader, root.take("announcement"), &releases);
    let exempt = root.take("exempt").map(|node| exempt(reader, node)).unwrap_or_default();
    let annotations = root.take("annotations").map(|node| annotations(reader, node)).unwrap_or_default();
    let levels = root.take("levels").map(|node| levels(reader, node, rules)).unwrap_or_default();
    let scan = root.take("scan").map(|node| scan(reader, node)).unwrap_or_default();
    let sources = root.take("source").map(|node| sources(reader, node)).unwrap_or_default();
    let ignores = root.take("ignore").map(|node| ignores(reader, node, rules)).unwrap_or_default();
    root.finish(reader);
    for source in &sources {
        if releases.iter().any(|release| release.id.value.as_str() == source.name.value) {
            let name = source.name.value.clone();
            reader.report_at(&source.name, name.len(), PolicyErrorKind::SourceLikeRelease { name });
        }
    }
    let file = name.to_owned();
    Policy {
        file,
        windows,
        near,
        releases,
        announcements,
        exempt,
        annotations,
        levels,
        scan,
        sources,
        ignores,
    }
}

/// The tables of `[[section]]`.
pub(crate) fn tables<'v>(
    reader: &mut Reader<'_>,
    section: &'static str,
    node: Option<Node<'v>>,
) -> Vec<Table<'v>> {
    let Some(node) = node else { return Vec::new() };
    let key = section.trim_matches(['[', ']']);
    if matches!(node.get_ref(), DeValue::Table(_)) {
        reader.report(&node.span(), PolicyErrorKind::SingleBrackets { section });
        return Vec::new();
    }
    let Some(array) = reader.array(key, node, "a list of tables") else { return Vec::new() };
    let mut out = Vec::new();
    for node in array {
        if let Some(table) = reader.table(key, node, "a table") {
            out.push(Table::new(section, node.span(), table));
        }
    }
    out
}

fn exempt(reader: &mut Reader<'_>, node: Node<'_>) -> Exempt {
    let mut out = Exempt::default();
    let Some(table) = reader.table("exempt", node, "a table") else { return out };
    let mut table = Table::new("[exempt]", node.span(), table);
    if let Some(node) = table.take("text") {
        out.text =
            reader.texts("text", node, "a list as [\"[Experimental]\"]", "a text that marks exempt surface");
    }
    if let Some(node) = table.take("extension")
        && let Some(found) = reader.table("extension", node, EXTENSION_TABLE)
    {
        let table = Table::new("[exempt] extension", node.span(), found);
        exempt_extensions(reader, "", table, &mut out.extensions);
    }
    table.finish(reader);
    out
}

const EXTENSION_TABLE: &str = "a table as { x-stability-level = [\"alpha\"] }";
const EXTENSION_PATH: &str = "an extension, beginning with `x-`";

/// `x-a.b = [...]` in TOML is a table in a table; `"x-a.b" = [...]` means the same here.
fn exempt_extensions(
    reader: &mut Reader<'_>,
    prefix: &str,
    mut table: Table<'_>,
    out: &mut Vec<ExemptExtension>,
) {
    for entry in table.rest() {
        let name = if prefix.is_empty() { entry.key.to_owned() } else { format!("{prefix}.{}", entry.key) };
        match entry.node.get_ref() {
            DeValue::Table(inner) => {
                let inner = Table::new(table.section.clone(), entry.node.span(), inner);
                exempt_extensions(reader, &name, inner, out);
            }
            _ => {
                let path = ExtensionPath::parse(&name);
                let values = extension_values(reader, &name, entry.node);
                match path {
                    Some(path) => {
                        let path = reader.spanned(&entry.key_range, path);
                        out.push(ExemptExtension { path, values });
                    }
                    None => {
                        let key = "extension".to_owned();
                        let kind = PolicyErrorKind::WrongValue { key, expected: EXTENSION_PATH, found: name };
                        reader.report(&entry.key_range, kind);
                    }
                }
            }
        }
    }
}

fn extension_values(reader: &mut Reader<'_>, key: &str, node: Node<'_>) -> Vec<Spanned<ExtensionValue>> {
    const LIST: &str = "a list of values as [\"alpha\", \"draft\"]";
    let mut out = Vec::new();
    let Some(array) = reader.array(key, node, LIST) else { return out };
    for node in array {
        let range = node.span();
        let value = match node.get_ref() {
            DeValue::Boolean(value) => Some(ExtensionValue::Boolean(*value)),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(ExtensionValue::Integer)
            }
            _ => None,
        };
        match value {
            Some(value) => out.push(reader.spanned(&range, value)),
            None => {
                let text = reader.any_text(key, node, "a text, a whole number, true or false");
                out.extend(text.map(|text| text.map(ExtensionValue::Text)));
            }
        }
    }
    out
}

fn annotations(reader: &mut Reader<'_>, node: Node<'_>) -> Annotations {
    let mut out = Annotations::default();
    let Some(table) = reader.table("annotations", node, "a table") else { return out };
    let mut table = Table::new("[annotations]", node.span(), table);
    for (key, list) in [
        ("deprecated-on", &mut out.deprecated_on),
        ("deprecated-in", &mut out.deprecated_in),
        ("removal-on", &mut out.removal_on),
        ("removal-in", &mut out.removal_in),
        ("replacement", &mut out.replacement),
        ("message", &mut out.message),
    ] {
        let Some(node) = table.take(key) else { continue };
        list.clear();
        for text in reader.texts(key, node, "a list as [\"x-sunset\"]", EXTENSION_PATH) {
            match ExtensionPath::parse(&text.value) {
                Some(path) => list.push(text.map(|_| path)),
                None => {
                    let found = text.value.clone();
                    let kind =
                        PolicyErrorKind::WrongValue { key: key.to_owned(), expected: EXTENSION_PATH, found };
                    reader.report_at(&text, text.value.chars().count() + 2, kind);
                }
            }
        }
    }
    table.finish(reader);
    out
}

fn unknown_rule(rule: &str, rules: &[&str]) -> PolicyErrorKind {
    let known = Known::new(rule, rules.iter().copied());
    PolicyErrorKind::UnknownRule { rule: rule.to_owned(), known }
}

fn levels(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    rules: &[&str],
) -> Vec<(Spanned<String>, Spanned<LevelSetting>)> {
    let mut out = Vec::new();
    let Some(table) = reader.table("levels", node, "a table") else { return out };
    for entry in Table::new("[levels]", node.span(), table).rest() {
        let known = rules.contains(&entry.key);
        if !known {
            reader.report(&entry.key_range, unknown_rule(entry.key, rules));
        }
        let level = reader.word(entry.node, "level", &LevelSetting::WORDS);
        if let (true, Some(level)) = (known, level) {
            out.push((reader.spanned(&entry.key_range, entry.key.to_owned()), level));
        }
    }
    out
}

fn scan(reader: &mut Reader<'_>, node: Node<'_>) -> Scan {
    let mut out = Scan::default();
    let Some(table) = reader.table("scan", node, "a table") else { return out };
    let mut table = Table::new("[scan]", node.span(), table);
    if let Some(node) = table.take("hosts") {
        out.hosts = hosts(reader, node);
    }
    if let Some(node) = table.take("base-paths") {
        out.base_paths = base_paths(reader, node);
    }
    if let Some(node) = table.take("exclude") {
        out.exclude = reader.texts("exclude", node, "a list as [\"vendor/**\"]", "a pattern of files");
    }
    if let Some(node) = table.take("tests") {
        out.tests = reader.boolean("tests", node).is_some_and(|tests| tests.value);
    }
    let sdks = table.take("sdk");
    for table in tables(reader, "[[scan.sdk]]", sdks) {
        out.sdks.extend(sdk(reader, table));
    }
    table.finish(reader);
    out
}

fn hosts(reader: &mut Reader<'_>, node: Node<'_>) -> Vec<Spanned<String>> {
    const HOST: &str = "a host without scheme, port or path, as *.run.ai or !docs.run.ai";
    let mut out = Vec::new();
    for text in reader.texts("hosts", node, "a list as [\"*.run.ai\"]", HOST) {
        // A colon is a port or a scheme unless there are several: an IPv6 address.
        let colons = text.value.matches(':').count();
        let bare = text.value.strip_prefix('!').unwrap_or(&text.value);
        if bare.is_empty()
            || bare.contains(['/', '@', '?', '#', '!'])
            || text.value.contains(char::is_whitespace)
            || colons == 1
        {
            let found = text.value.clone();
            let kind = PolicyErrorKind::WrongValue { key: "hosts".to_owned(), expected: HOST, found };
            reader.report_at(&text, text.value.chars().count() + 2, kind);
        } else {
            out.push(text.map(|host| host.to_ascii_lowercase()));
        }
    }
    out
}

fn base_paths(reader: &mut Reader<'_>, node: Node<'_>) -> Vec<Spanned<String>> {
    const PREFIX: &str = "an empty text, or a path as /runai";
    let Some(array) = reader.array("base-paths", node, "a list as [\"\", \"/runai\"]") else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for node in array {
        let Some(text) = reader.any_text("base-paths", node, PREFIX) else { continue };
        // `/` alone says the same as nothing.
        let trimmed = text.value.trim_end_matches('/').to_owned();
        if trimmed.is_empty() || (trimmed.starts_with('/') && !trimmed.contains(char::is_whitespace)) {
            out.push(text.map(|_| trimmed));
        } else {
            let key = "base-paths".to_owned();
            let kind = PolicyErrorKind::WrongValue { key, expected: PREFIX, found: text.value };
            reader.report(&node.span(), kind);
        }
    }
    out
}

fn sdk(reader: &mut Reader<'_>, mut table: Table<'_>) -> Option<Sdk> {
    let package = table
        .require(reader, "package", "the name of the package")
        .and_then(|node| reader.text("package", node, "the name of the package"));
    let languages = Sdk::LANGUAGES.map(|word| (word, word));
    let language = table
        .require(reader, "language", "the language of the package")
        .and_then(|node| reader.word(node, "language", &languages));
    let namings = Sdk::NAMINGS.map(|word| (word, word));
    let naming = match table.take("naming") {
        Some(node) => reader.word(node, "naming", &namings),
        None => Some(reader.spanned(&table.range, Sdk::NAMINGS[0])),
    };
    let distribution = table
        .take("distribution")
        .and_then(|node| reader.text("distribution", node, "the package as lock files name it"));
    let mut versions = Vec::new();
    const VERSIONS: &str = "a table of versions as { \"1.218\" = \"2.18\" }";
    if let Some(node) = table.take("versions")
        && let Some(found) = reader.table("versions", node, VERSIONS)
    {
        for entry in Table::new("[scan.sdk] versions", node.span(), found).rest() {
            let release = reader.text(entry.key, entry.node, "a release as \"2.18\"");
            let version = reader.spanned(&entry.key_range, entry.key.to_owned());
            versions.extend(release.map(|id| (version, id.map(|id| crate::release::ReleaseId::new(&id)))));
        }
    }
    table.finish(reader);
    Some(Sdk { package: package?, language: language?, naming: naming?, distribution, versions })
}

fn sources(reader: &mut Reader<'_>, node: Node<'_>) -> Vec<super::source::Source> {
    const SOURCES: &str = "a table for each source, as [source.prod]";
    let mut out = Vec::new();
    let Some(table) = reader.table("source", node, SOURCES) else { return out };
    for entry in Table::new("[source]", node.span(), table).rest() {
        let Some(inner) = reader.table(entry.key, entry.node, SOURCES) else { continue };
        let name = reader.spanned(&entry.key_range, entry.key.to_owned());
        let section = format!("[source.{}]", entry.key);
        out.extend(source(reader, name, Table::new(section, entry.node.span(), inner)));
    }
    out
}

fn ignores(reader: &mut Reader<'_>, node: Node<'_>, rules: &[&str]) -> Vec<Ignore> {
    let mut out = Vec::new();
    for mut table in tables(reader, "[[ignore]]", Some(node)) {
        let rule = table.require(reader, "rule", "the id of a rule").and_then(|node| {
            let rule = reader.text("rule", node, "the id of a rule")?;
            if rules.contains(&rule.value.as_str()) {
                return Some(rule);
            }
            reader.report(&node.span(), unknown_rule(&rule.value, rules));
            None
        });
        let item = table
            .require(reader, "item", ITEM)
            .and_then(|node| selector(reader, "item", node, Stars::Allowed));
        const FILES: &str = "files of client code, as clients/*.py";
        let file = table.take("file").map(|node| reader.text("file", node, FILES));
        let reason = table
            .require(reader, "reason", "the reason for the exception")
            .and_then(|node| reader.text("reason", node, "the reason for the exception"));
        const END: &str = "the last day of the exception, as 2027-01-31";
        let until = table.require(reader, "until", END).and_then(|node| reader.date("until", node));
        table.finish(reader);
        if let (Some(rule), Some(item), Some(reason), Some(until)) = (rule, item, reason, until) {
            // A file that cannot be read is a mistake already, and no exception for all.
            if let Some(file) = file.map_or(Some(None), |file| file.map(Some)) {
                out.push(Ignore { rule, item, file, reason, until });
            }
        }
    }
    out
}

/// What an `item =` looks like, for messages.
pub(crate) const ITEM: &str = "an item as `GET /v1/users` or `/v1/users query:limit`";

pub(crate) fn selector(
    reader: &mut Reader<'_>,
    key: &str,
    node: Node<'_>,
    stars: Stars,
) -> Option<Spanned<ItemSelector>> {
    let text = reader.any_text(key, node, ITEM)?;
    match ItemSelector::parse(&text.value, stars) {
        Ok(item) => Some(text.map(|_| item)),
        Err(error) => {
            reader.report(&node.span(), PolicyErrorKind::BadItem { item: text.value, error });
            None
        }
    }
}
