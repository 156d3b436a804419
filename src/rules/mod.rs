//! The catalogue of rules: why something is reported.
//!
//! A rule is two files of its name, `<rule_id>.rs` with its [`Rule`] and its
//! check, `<rule_id>.md` with its page, and one line in the list below. From
//! that list come `sunwatch rules` and `explain`, docs/rules.md, the ids that a
//! policy may name, and the tests that hold the pages to their form.

mod call;
mod check;
mod fields;
mod generated;
mod sdk;

use crate::finding::{Catalogue, Finding, Level};

pub use call::{CallStatus, Judge, JudgedCall};
pub use check::{Check, check};
pub(crate) use check::{facts, replacement_text};
pub use fields::of_fields;
pub(crate) use fields::tells_of_fields;
pub use generated::generated;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Whether releases keep the policy: `check`.
    Policy,
    /// Whether client code will go on working: `scan`, `upgrade`.
    Client,
    /// What changed between two documents: `diff`.
    Change,
    /// Whether exceptions, suppressions and baselines are still needed.
    Exceptions,
}

impl Group {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Client => "client",
            Self::Change => "change",
            Self::Exceptions => "exceptions",
        }
    }
}

/// A run asks all rules of one group.
impl Catalogue for Group {
    fn was_asked(&self, rule: &str) -> bool {
        find(rule).is_some_and(|rule| rule.group == *self)
    }

    fn level(&self, rule: &str) -> Option<Level> {
        find(rule).map(|rule| rule.level)
    }

    fn ids(&self) -> Vec<&'static str> {
        ids()
    }
}

/// A rule's facts.
#[derive(Debug)]
pub struct Rule {
    /// Its name for ever.
    pub id: &'static str,
    /// One line: what it reports.
    pub summary: &'static str,
    /// What it is about.
    pub group: Group,
    /// Its level unless the policy sets another.
    pub level: Level,
    /// Who is hurt: `wire`, `sdk`, or nobody.
    pub breaks: &'static [&'static str],
    /// The version of sunwatch that first had it.
    pub since: &'static str,
    /// Its page: What it does, Why it matters, Example, How to fix, How to silence.
    pub page: &'static str,
    /// Its check over a history, for rules of [`Group::Policy`].
    pub check: Option<fn(&Check<'_>, &mut Vec<Finding>)>,
}

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        /// All rules in the order of their ids.
        pub static RULES: &[&Rule] = &[$(&$name::RULE),*];
    };
}

rules! {
    announced_not_flagged,
    baseline_unmatched,
    callback_added,
    callback_removed,
    component_added,
    component_removed,
    component_renamed,
    deprecated_flag_misspelt,
    deprecated_in_prose_only,
    deprecated_item_extended,
    deprecated_item_extended_shared,
    deprecated_on_arrival,
    deprecated_without_replacement,
    deprecation_added,
    deprecation_removed,
    deprecation_withdrawn,
    field_deprecated,
    field_near_removal,
    field_removable,
    field_removed,
    field_required,
    generated_client_outdated,
    ignore_expired,
    ignore_unused,
    method_unknown,
    operation_added,
    operation_deprecated,
    operation_id_changed,
    operation_near_removal,
    operation_not_yet_introduced,
    operation_removable,
    operation_removed,
    operation_tag_changed,
    operation_unknown,
    parameter_added,
    parameter_narrowed,
    parameter_optional,
    parameter_removed,
    parameter_required,
    parameter_style_changed,
    parameter_type_changed,
    parameter_widened,
    path_parameter_renamed,
    removal_overdue,
    removal_undecided,
    removed_before_window,
    removed_without_deprecation,
    replacement_missing,
    request_body_added,
    request_body_optional,
    request_body_removed,
    request_body_required,
    request_default_changed,
    request_discriminator_changed,
    request_enum_value_added,
    request_enum_value_removed,
    request_field_added,
    request_field_narrowed,
    request_field_optional,
    request_field_removed,
    request_field_required,
    request_field_widened,
    request_format_changed,
    request_media_type_added,
    request_media_type_removed,
    response_discriminator_changed,
    response_enum_value_added,
    response_enum_value_removed,
    response_field_added,
    response_field_narrowed,
    response_field_optional,
    response_field_removed,
    response_field_required,
    response_field_widened,
    response_format_changed,
    response_header_added,
    response_header_optional,
    response_header_removed,
    response_header_required,
    response_media_type_added,
    response_media_type_removed,
    response_status_added,
    response_status_removed,
    response_success_removed,
    sdk_method_removed,
    sdk_method_unknown,
    security_looser,
    security_scheme_changed,
    security_stricter,
    server_changed,
    stability_changed,
    sunset_changed,
    suppression_malformed,
    suppression_unused,
    webhook_added,
    webhook_body_added,
    webhook_body_removed,
    webhook_media_type_added,
    webhook_media_type_removed,
    webhook_removed,
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// All ids, as a policy may name them.
pub fn ids() -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.id).collect()
}
