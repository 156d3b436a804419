//! Typed reading of TOML values that collects mistakes instead of stopping.
//!
//! A [`Table`] hands out the keys that are asked for and reports, at the end,
//! those that nobody asked for. It knows types and places, not what a policy
//! means.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};

use super::error::{Known, PolicyError, PolicyErrorKind};
use super::spanned::{Lines, Place, Spanned};

/// The text being read and the mistakes found in it so far.
pub(crate) struct Reader<'t> {
    file: &'t str,
    lines: Lines<'t>,
    pub(crate) errors: Vec<PolicyError>,
}

/// One value with its byte range.
pub(crate) type Node<'v> = &'v toml::Spanned<DeValue<'v>>;

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str, file: &'t str) -> Self {
        Self { file, lines: Lines::new(text), errors: Vec::new() }
    }

    pub(crate) fn report(&mut self, range: &Range<usize>, kind: PolicyErrorKind) {
        let place = self.lines.place(range);
        self.errors.push(PolicyError::new(self.file, &self.lines, place, kind));
    }

    /// Reports at a value that was read before.
    pub(crate) fn report_at<T>(&mut self, at: &Spanned<T>, width: usize, kind: PolicyErrorKind) {
        let width = u32::try_from(width).unwrap_or(1).max(1);
        let place = Place { line: at.line, column: at.column, width };
        self.errors.push(PolicyError::new(self.file, &self.lines, place, kind));
    }

    pub(crate) fn spanned<T>(&self, range: &Range<usize>, value: T) -> Spanned<T> {
        let Place { line, column, width: _ } = self.lines.place(range);
        Spanned { value, line, column }
    }

    fn wrong<T>(&mut self, key: &str, node: Node<'_>, expected: &'static str) -> Option<T> {
        let found = describe(node.get_ref());
        self.report(&node.span(), PolicyErrorKind::WrongType { key: key.to_owned(), expected, found });
        None
    }

    /// A table, or a report that says what was expected.
    pub(crate) fn table<'v>(
        &mut self,
        key: &str,
        node: Node<'v>,
        expected: &'static str,
    ) -> Option<&'v DeTable<'v>> {
        match node.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => self.wrong(key, node, expected),
        }
    }

    pub(crate) fn array<'v>(
        &mut self,
        key: &str,
        node: Node<'v>,
        expected: &'static str,
    ) -> Option<&'v [toml::Spanned<DeValue<'v>>]> {
        match node.get_ref() {
            DeValue::Array(array) => Some(array),
            _ => self.wrong(key, node, expected),
        }
    }

    /// A text that is not empty but for white space. The place is that of the opening quote.
    pub(crate) fn text(
        &mut self,
        key: &str,
        node: Node<'_>,
        expected: &'static str,
    ) -> Option<Spanned<String>> {
        let text = self.any_text(key, node, expected)?;
        if text.value.trim().is_empty() {
            self.report(&node.span(), PolicyErrorKind::EmptyText { key: key.to_owned(), expected });
            return None;
        }
        Some(text)
    }

    /// A text, also an empty one.
    pub(crate) fn any_text(
        &mut self,
        key: &str,
        node: Node<'_>,
        expected: &'static str,
    ) -> Option<Spanned<String>> {
        match node.get_ref() {
            DeValue::String(text) => Some(self.spanned(&node.span(), text.clone().into_owned())),
            _ => self.wrong(key, node, expected),
        }
    }

    /// The list of texts at a key, empty ones refused.
    pub(crate) fn texts(
        &mut self,
        key: &str,
        node: Node<'_>,
        expected: &'static str,
        element: &'static str,
    ) -> Vec<Spanned<String>> {
        let Some(array) = self.array(key, node, expected) else { return Vec::new() };
        array.iter().filter_map(|node| self.text(key, node, element)).collect()
    }

    pub(crate) fn boolean(&mut self, key: &str, node: Node<'_>) -> Option<Spanned<bool>> {
        match node.get_ref() {
            DeValue::Boolean(value) => Some(self.spanned(&node.span(), *value)),
            _ => self.wrong(key, node, "true or false"),
        }
    }

    /// A whole number from 0 to `max`.
    pub(crate) fn number(
        &mut self,
        key: &str,
        node: Node<'_>,
        max: u32,
        expected: &'static str,
    ) -> Option<Spanned<u32>> {
        let DeValue::Integer(integer) = node.get_ref() else { return self.wrong(key, node, expected) };
        match u32::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if number <= max => Some(self.spanned(&node.span(), number)),
            _ => {
                let kind =
                    PolicyErrorKind::WrongValue { key: key.to_owned(), expected, found: integer.to_string() };
                self.report(&node.span(), kind);
                None
            }
        }
    }

    /// A day: a TOML local date, or the same in quotes.
    pub(crate) fn date(&mut self, key: &str, node: Node<'_>) -> Option<Spanned<Date>> {
        const EXPECTED: &str = "a date as 2024-07-21";
        let (date, found) = match node.get_ref() {
            DeValue::Datetime(found) => {
                let day = found.date.filter(|_| found.time.is_none() && found.offset.is_none());
                (day.and_then(|d| date(d.year, d.month, d.day)), found.to_string())
            }
            // The other forms of ISO 8601 that the calendar library takes are no day as people write it.
            DeValue::String(text) => {
                let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
                (text.parse().ok().filter(|_| plain), text.clone().into_owned())
            }
            _ => return self.wrong(key, node, EXPECTED),
        };
        match date {
            Some(date) => Some(self.spanned(&node.span(), date)),
            None => {
                let kind = PolicyErrorKind::WrongValue { key: key.to_owned(), expected: EXPECTED, found };
                self.report(&node.span(), kind);
                None
            }
        }
    }

    /// One of the known words.
    pub(crate) fn word<T: Copy>(
        &mut self,
        node: Node<'_>,
        what: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<Spanned<T>> {
        let found = match node.get_ref() {
            DeValue::String(text) => text.clone().into_owned(),
            DeValue::Boolean(value) => value.to_string(),
            DeValue::Integer(number) => number.to_string(),
            other => describe(other),
        };
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == found) {
            return Some(self.spanned(&node.span(), *value));
        }
        let known = Known::new(&found, words.iter().map(|(word, _)| *word));
        self.report(&node.span(), PolicyErrorKind::UnknownWord { what, found, known });
        None
    }
}

fn date(year: u16, month: u8, day: u8) -> Option<Date> {
    let year = i16::try_from(year).ok()?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// What a value is, for a message: its kind and, where short, itself.
fn describe(value: &DeValue<'_>) -> String {
    const LONGEST: usize = 40;
    match value {
        DeValue::String(text) if text.chars().count() <= LONGEST => format!("the text {:?}", text.as_ref()),
        DeValue::String(_) => "a text".to_owned(),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(date) => format!("the date {date}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// The entries of a table, to be taken key by key.
pub(crate) struct Table<'v> {
    /// For messages: `[near]`, `[[release]]`.
    pub(crate) section: String,
    pub(crate) range: Range<usize>,
    entries: BTreeMap<&'v str, Entry<'v>>,
    asked: Vec<&'static str>,
}

#[derive(Clone)]
pub(crate) struct Entry<'v> {
    pub(crate) key: &'v str,
    pub(crate) key_range: Range<usize>,
    pub(crate) node: Node<'v>,
}

impl<'v> Table<'v> {
    pub(crate) fn new(section: impl Into<String>, range: Range<usize>, table: &'v DeTable<'v>) -> Self {
        let entries = table.iter().map(|(key, node)| {
            let key_range = key.span();
            let key: &'v str = key.get_ref();
            (key, Entry { key, key_range, node })
        });
        Self { section: section.into(), range, entries: entries.collect(), asked: Vec::new() }
    }

    /// The value of a key, which thereby becomes a known one.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Node<'v>> {
        self.asked.push(key);
        self.entries.remove(key).map(|entry| entry.node)
    }

    /// The value of a key that has to be there.
    pub(crate) fn require(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        expected: &'static str,
    ) -> Option<Node<'v>> {
        let node = self.take(key);
        if node.is_none() {
            let section = self.section.clone();
            reader.report(&self.range, PolicyErrorKind::Missing { section, key, expected });
        }
        node
    }

    /// Everything that has not been taken, in the order of the file.
    pub(crate) fn rest(&mut self) -> Vec<Entry<'v>> {
        let mut rest: Vec<_> = std::mem::take(&mut self.entries).into_values().collect();
        rest.sort_by_key(|entry| (entry.key_range.start, entry.key));
        rest
    }

    /// Whether no keys are left.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.entries.is_empty()
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(mut self, reader: &mut Reader<'_>) {
        for entry in self.rest() {
            let key = entry.key.to_owned();
            let known = Known::new(entry.key, self.asked.iter().copied());
            let kind = if self.section.is_empty() {
                PolicyErrorKind::UnknownSection { key, known }
            } else {
                PolicyErrorKind::UnknownKey { key, section: self.section.clone(), known }
            };
            reader.report(&entry.key_range, kind);
        }
    }
}
