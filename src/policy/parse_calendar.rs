//! Reads the sections about releases: `[window.*]`, `[near]`, `[[release]]`,
//! `[[announcement]]`.

use toml::de::DeValue;

use crate::release::{Channel, Date, ReleaseId};

use super::error::{Known, PolicyErrorKind};
use super::model::{Announcement, Near, Release, Replacement, Window};
use super::parse::{ITEM, selector, tables};
use super::reader::{Node, Reader, Table};
use super::selector::Stars;
use super::spanned::Spanned;

/// Channels that are known without a window of their own.
const CHANNELS: [&str; 2] = ["self-hosted", "saas"];
/// The keys of `[[release]]` that are no channels.
const RELEASE_KEYS: [&str; 2] = ["id", "document"];

const MAX_RELEASES: u32 = 1_000;
const MAX_MONTHS: u32 = 1_200;
const MAX_DAYS: u32 = 36_500;
const RELEASES: &str = "a whole number of releases from 0 to 1000";
const MONTHS: &str = "a whole number of months from 0 to 1200";
const DAYS: &str = "a whole number of days from 0 to 36500";

pub(crate) fn windows(reader: &mut Reader<'_>, node: Option<Node<'_>>) -> Vec<Window> {
    const WINDOWS: &str = "a table for each channel, as [window.self-hosted]";
    let mut out = Vec::new();
    let Some(node) = node else { return out };
    let Some(table) = reader.table("window", node, WINDOWS) else { return out };
    for entry in Table::new("[window]", node.span(), table).rest() {
        if RELEASE_KEYS.contains(&entry.key) {
            let kind = PolicyErrorKind::ReservedChannel { key: entry.key.to_owned() };
            reader.report(&entry.key_range, kind);
        }
        let Some(inner) = reader.table(entry.key, entry.node, WINDOWS) else { continue };
        let section = format!("[window.{}]", entry.key);
        let mut table = Table::new(section.clone(), entry.node.span(), inner);
        let (releases, months) = (table.take("releases"), table.take("months"));
        // A misspelt key is reported as such.
        if releases.is_none() && months.is_none() && table.is_exhausted() {
            reader.report(&entry.node.span(), PolicyErrorKind::EmptyWindow { section });
        }
        let releases = releases.and_then(|node| reader.number("releases", node, MAX_RELEASES, RELEASES));
        let months = months.and_then(|node| reader.number("months", node, MAX_MONTHS, MONTHS));
        table.finish(reader);
        let channel = reader.spanned(&entry.key_range, Channel::new(entry.key));
        out.push(Window { channel, releases, months });
    }
    out
}

pub(crate) fn near(reader: &mut Reader<'_>, node: Option<Node<'_>>) -> Near {
    let mut out = Near::default();
    let Some(node) = node else { return out };
    let Some(table) = reader.table("near", node, "a table") else { return out };
    let mut table = Table::new("[near]", node.span(), table);
    let mut number = |key, max, expected, into: &mut u32| {
        if let Some(node) = table.take(key)
            && let Some(number) = reader.number(key, node, max, expected)
        {
            *into = number.value;
        }
    };
    number("releases", MAX_RELEASES, RELEASES, &mut out.releases);
    number("days", MAX_DAYS, DAYS, &mut out.days);
    table.finish(reader);
    out
}

/// A release id. A number is refused, whatever its digits: TOML readers, and
/// people who later write `2.20`, take `2.20` for `2.2`.
pub(crate) fn release_id(reader: &mut Reader<'_>, key: &str, node: Node<'_>) -> Option<Spanned<ReleaseId>> {
    let raw = match node.get_ref() {
        DeValue::Float(number) => number.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        _ => {
            let text = reader.text(key, node, "a release id in quotes as \"2.18\"")?;
            return Some(text.map(|text| ReleaseId::new(&text)));
        }
    };
    reader.report(&node.span(), PolicyErrorKind::UnquotedRelease { raw });
    None
}

pub(crate) fn releases(reader: &mut Reader<'_>, node: Option<Node<'_>>, windows: &[Window]) -> Vec<Release> {
    let mut channels: Vec<&str> = windows.iter().map(|window| window.channel.value.as_str()).collect();
    for channel in CHANNELS {
        if !channels.contains(&channel) {
            channels.push(channel);
        }
    }
    let mut out: Vec<Release> = Vec::new();
    for mut table in tables(reader, "[[release]]", node) {
        let id_node = table.require(reader, "id", "a release id in quotes as \"2.18\"");
        let id = id_node.and_then(|node| release_id(reader, "id", node));
        let document = table
            .take("document")
            .and_then(|node| reader.text("document", node, "a source: a file, folder or address"));
        let dates = dates(reader, &mut table, &channels);
        let (Some(id), Some(node)) = (id, id_node) else { continue };
        if let Some(kind) = out_of_place(&id.value, &out) {
            reader.report(&node.span(), kind);
        }
        for (channel, date) in &dates {
            if let Some(kind) = out_of_time(&id.value, channel, date.value, &out) {
                reader.report_at(date, date.value.to_string().len(), kind);
            }
        }
        out.push(Release { id, dates, document });
    }
    out
}

/// Whatever key is left in a `[[release]]` has to be a channel.
fn dates(reader: &mut Reader<'_>, table: &mut Table<'_>, channels: &[&str]) -> Vec<(Channel, Spanned<Date>)> {
    let mut out = Vec::new();
    for entry in table.rest() {
        if channels.contains(&entry.key) {
            let date = reader.date(entry.key, entry.node);
            out.extend(date.map(|date| (Channel::new(entry.key), date)));
        } else {
            let known = Known::new(entry.key, channels.iter().copied().chain(RELEASE_KEYS));
            let kind = PolicyErrorKind::UnknownChannel { key: entry.key.to_owned(), known };
            reader.report(&entry.key_range, kind);
        }
    }
    out
}

/// A release that reached a channel before an older one did.
fn out_of_time(id: &ReleaseId, channel: &Channel, date: Date, before: &[Release]) -> Option<PolicyErrorKind> {
    let date_of = |release: &Release| {
        let found = release.dates.iter().find(|(of, _)| of == channel)?;
        Some((release.id.value.to_string(), found.1.value))
    };
    let (before, before_date) = before.iter().rev().find_map(date_of)?;
    (date < before_date).then(|| PolicyErrorKind::DatedBefore {
        id: id.to_string(),
        channel: channel.clone(),
        date,
        before,
        before_date,
    })
}

/// What is wrong with listing `id` after `before`. Ids without any number
/// (names of mountains) have no order of their own: theirs is the file's.
fn out_of_place(id: &ReleaseId, before: &[Release]) -> Option<PolicyErrorKind> {
    if let Some(first) = before.iter().find(|release| release.id.value == *id) {
        return Some(PolicyErrorKind::DuplicateRelease {
            id: id.to_string(),
            first: first.id.value.to_string(),
            first_line: first.id.line,
        });
    }
    let numbered = |id: &ReleaseId| id.as_str().bytes().any(|b| b.is_ascii_digit());
    let last = &before.last()?.id.value;
    (numbered(id) && numbered(last) && id < last)
        .then(|| PolicyErrorKind::ReleaseOrder { id: id.to_string(), before: last.to_string() })
}

pub(crate) fn announcements(
    reader: &mut Reader<'_>,
    node: Option<Node<'_>>,
    releases: &[Release],
) -> Vec<Announcement> {
    let mut out: Vec<Announcement> = Vec::new();
    for mut table in tables(reader, "[[announcement]]", node) {
        let release = table.require(reader, "release", "a release that [[release]] lists").and_then(|node| {
            let release = release_id(reader, "release", node)?;
            if releases.iter().any(|listed| listed.id.value == release.value) {
                return Some(release);
            }
            let listed = releases.iter().map(|listed| listed.id.value.as_str());
            let known = Known::new(release.value.as_str(), listed);
            let kind = PolicyErrorKind::UnknownRelease { release: release.value.to_string(), known };
            reader.report(&node.span(), kind);
            None
        });
        let item_node = table.require(reader, "item", ITEM);
        let item = item_node.and_then(|node| selector(reader, "item", node, Stars::Refused));
        let replacement = table.take("replacement").and_then(|node| {
            const TEXT: &str = "what to use instead; leave the key out where there is nothing";
            reader.text("replacement", node, TEXT)
        });
        table.finish(reader);
        let (Some(release), Some(item), Some(node)) = (release, item, item_node) else { continue };
        let same = |a: &&Announcement| a.release.value == release.value && a.item.value == item.value;
        if let Some(first) = out.iter().find(same) {
            let kind = PolicyErrorKind::DuplicateAnnouncement { first_line: first.item.line };
            reader.report(&node.span(), kind);
        }
        let replacement = replacement.map(|text| text.map(|text| Replacement::new(&text)));
        out.push(Announcement { release, item, replacement });
    }
    out
}
