//! What is said of generated client code: one finding for each folder of it,
//! not one for each method.

use std::collections::BTreeMap;

use super::call::{CallStatus, JudgedCall};
use crate::finding::{Finding, Level};
use crate::release::ReleaseId;
use crate::rules;

/// Operations that are named before the rest is counted.
const NAMED: usize = 3;

/// Sums up the methods of generated client code that belong to what is gone or
/// on its way out at the target release.
pub fn generated(calls: &[JudgedCall], target: &ReleaseId) -> Vec<Finding> {
    const RULE: &str = "generated-client-outdated";
    let mut folders: BTreeMap<&str, Vec<&JudgedCall>> = BTreeMap::new();
    for judged in calls.iter().filter(|judged| judged.call.generated) {
        let folder = judged.call.file.rsplit_once('/').map_or(".", |(folder, _)| folder);
        folders.entry(folder).or_default().push(judged);
    }
    let mut out = Vec::new();
    for (folder, methods) in folders {
        let gone = operations(&methods, |status| status == CallStatus::Removed);
        let going = operations(&methods, |status| {
            matches!(status, CallStatus::Removable | CallStatus::NearRemoval | CallStatus::Deprecated)
        });
        let all = operations(&methods, |_| true);
        let level = match (gone.is_empty(), going.is_empty()) {
            (true, true) => continue,
            (false, _) => rules::find(RULE).map_or(Level::Warning, |rule| rule.level),
            (true, false) => Level::Note,
        };
        let message = format!(
            "{} of {} operations of the generated client in {folder} are gone or deprecated in {target}",
            gone.len() + going.len(),
            all.len(),
        );
        let mut finding = Finding::plain(RULE, level, message);
        for (what, list) in [("gone", &gone), ("deprecated", &going)] {
            if !list.is_empty() {
                let named: Vec<&str> = list.iter().take(NAMED).map(String::as_str).collect();
                let more = list.len() - named.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                finding.facts.push(format!("{} {what}: {}{more}", list.len(), named.join(", ")));
            }
        }
        finding.facts.push(format!("generate it anew from the document of {target}"));
        out.push(finding);
    }
    out
}

/// The operations of the methods with such a status, sorted.
fn operations(methods: &[&JudgedCall], wanted: impl Fn(CallStatus) -> bool) -> Vec<String> {
    let mut out: Vec<String> = methods
        .iter()
        .filter(|judged| wanted(judged.status))
        .filter_map(|judged| judged.operation.as_ref().map(ToString::to_string))
        .collect();
    out.sort();
    out.dedup();
    out
}
