//! How structs of Rust are written in JSON, by the attributes of serde.

use tree_sitter::Node;

use crate::scan::fields::typed;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children};
use crate::scan::wording::capitalised;

impl<'t> Lowering<'t> {
    /// How a struct is written by serde: `#[serde(rename_all = "camelCase")]`,
    /// `#[serde(rename = "type", skip_serializing_if = "Option::is_none")]`.
    pub(super) fn rust_wire(&mut self, node: Node<'t>) {
        let attributes = self.rust_attributes(node);
        if !attributes.iter().any(|text| text.contains("Serialize") || text.contains("Deserialize")) {
            return;
        }
        let Some(body) = node.child_by_field_name("body") else { return };
        if body.kind() != "field_declaration_list" {
            return;
        }
        let style = attributes.iter().find_map(|text| setting(text, "rename_all"));
        // Written as something else, or in a style that is not read here.
        let other = |word: &str| matches!(word, "tag" | "untagged" | "transparent" | "into" | "remote");
        if attributes
            .iter()
            .any(|text| serde_words(text).any(|word| other(word) || word == "rename_all" && style.is_none()))
        {
            return;
        }
        let style = style.unwrap_or_default();
        let name = self.field_name(node, "name").unwrap_or_default();
        let class = self.class(&name);
        for field in children(body).into_iter().filter(|child| child.kind() == "field_declaration") {
            let attributes = self.rust_attributes(field);
            let says = |word: &str| attributes.iter().any(|text| serde_words(text).any(|said| said == word));
            let Some(name) = self.field_name(field, "name") else { continue };
            let renamed = attributes.iter().find_map(|text| setting(text, "rename"));
            let kind = field.child_by_field_name("type").map_or("", |kind| self.text(kind));
            let (key, shape) = match renamed {
                // Its own fields stand in its place.
                _ if says("flatten") => (None, Shape::Foreign(kind.into())),
                _ if says("skip") || says("skip_serializing") => (None, Shape::Open),
                // `rename(serialize = "x")`
                None if says("rename") => (None, Shape::Open),
                Some(key) => (Some(key.into()), typed::shape(kind)),
                None => (Some(cased(name.trim_start_matches("r#"), &style).into()), typed::shape(kind)),
            };
            let optional = says("skip_serializing_if");
            self.unit.classes[class].wire.push(WireField { name, key, optional, shape });
        }
    }
}

/// The words of an attribute of serde: `rename` and `default` of
/// `#[serde(rename = "x", default)]`.
fn serde_words(attribute: &str) -> impl Iterator<Item = &str> {
    let inner = attribute.strip_prefix("#[serde(").map(|inner| inner.trim_end_matches([')', ']']));
    let word = |part| str::split(part, ['=', '(']).next().unwrap_or_default().trim();
    inner.into_iter().flat_map(|inner| inner.split(',')).map(word)
}

/// The text that an attribute of serde gives to a word: `rename = "x"`.
fn setting(attribute: &str, word: &str) -> Option<String> {
    let inner = attribute.strip_prefix("#[serde(")?;
    let mut parts = inner.split(',').filter_map(|part| part.split_once('='));
    let (_, value) = parts.find(|(name, _)| name.trim() == word)?;
    let text = value.trim().trim_end_matches([')', ']']).trim().trim_matches('"');
    (!text.is_empty() && !text.contains('(')).then(|| text.to_owned())
}

/// The name of a field in one of serde's styles.
fn cased(name: &str, style: &str) -> String {
    let words = || name.split('_').filter(|word| !word.is_empty());
    match style {
        "camelCase" => words()
            .enumerate()
            .map(|(at, word)| if at == 0 { word.to_owned() } else { capitalised(word) })
            .collect(),
        "PascalCase" => words().map(capitalised).collect(),
        "kebab-case" => name.replace('_', "-"),
        "UPPERCASE" | "SCREAMING_SNAKE_CASE" => name.to_ascii_uppercase(),
        "SCREAMING-KEBAB-CASE" => name.to_ascii_uppercase().replace('_', "-"),
        _ => name.to_owned(),
    }
}
