//! Changes between two documents: a list or object parameter is written in another way.

use super::{Group, Rule};
use crate::finding::Level;

/// `parameter-style-changed`.
pub(super) static RULE: Rule = Rule {
    id: "parameter-style-changed",
    summary: "a list or object parameter is written in another way",
    group: Group::Change,
    level: Level::Error,
    breaks: &["wire"],
    since: "0.1.0",
    page: include_str!("parameter_style_changed.md"),
    check: None,
};
