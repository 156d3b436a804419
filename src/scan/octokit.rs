//! Methods of Octokit, GitHub's client of JavaScript: `octokit.rest.issues.createComment` is
//! the operation that documents call `issues/create-comment`.
//!
//! Scripts are often handed the client and import nothing, so that what leads to a method
//! is its name alone. Only ids of two parts are names of such methods.

use std::collections::BTreeMap;

use super::api::Api;
use super::call::{Call, Confidence, Target};
use super::form::*;
use super::language::Language;
use super::lines::Lines;
use super::sdk::{Place, SdkName, visit_members};
use crate::document::OperationKey;

/// Words of files that have the client: scripts of workflows call it `github`.
const WORDS: [&str; 2] = ["octokit", "github.rest"];

/// The methods by their name, in the part of the client that has them.
#[derive(Debug, Default)]
pub(super) struct Octokit(BTreeMap<(String, String), OperationKey>);

impl Octokit {
    pub(super) fn new(names: &[SdkName]) -> Self {
        let mut newest: BTreeMap<(String, String), (usize, &OperationKey)> = BTreeMap::new();
        for name in names {
            let Some((part, method)) = name.operation_id.as_deref().and_then(|id| id.split_once('/')) else {
                continue;
            };
            let (Some(part), Some(method)) = (camel(part), camel(method)) else { continue };
            let known = newest.entry((part, method)).or_insert((0, &name.operation));
            if known.0 <= name.releases.end {
                *known = (name.releases.end, &name.operation);
            }
        }
        Self(newest.into_iter().map(|(name, (_, operation))| (name, operation.clone())).collect())
    }

    /// Words of which each file that has calls of it has one; none if there are no methods.
    pub(super) fn words(&self) -> &'static [&'static str] {
        if self.0.is_empty() { &[] } else { &WORDS }
    }

    /// Whether a file has a method of it.
    pub(super) fn occurs_in(&self, unit: &Unit) -> bool {
        let mut found = false;
        if !self.0.is_empty() {
            visit_members(unit, &mut |member, _| found |= self.method(member).is_some());
        }
        found
    }

    /// The operation of a member, and whether the client is seen to be Octokit.
    fn method(&self, member: &Expr) -> Option<(&OperationKey, bool)> {
        let ExprKind::Member(part, method) = &member.kind else { return None };
        let ExprKind::Member(client, part) = &part.kind else { return None };
        let (ExprKind::Member(_, client) | ExprKind::Name(client)) = &client.kind else { return None };
        // Before there was `rest`, the parts were the client's own.
        let named = client.to_ascii_lowercase().ends_with("octokit");
        if &**client != "rest" && &**client != "github" && !named {
            return None;
        }
        let operation = self.0.get(&(part.to_string(), method.to_string()))?;
        Some((operation, &**client != "github"))
    }
}

/// The calls of Octokit in one file.
pub(super) fn calls(api: &Api, unit: &Unit, place: &Place<'_>) -> Vec<Call> {
    let script = matches!(place.language, Language::JavaScript | Language::TypeScript | Language::Tsx);
    if !script || api.octokit.0.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(place.text);
    let mut out: BTreeMap<usize, Call> = BTreeMap::new();
    visit_members(unit, &mut |member, call| {
        let Some((operation, known)) = api.octokit.method(member) else { return };
        // `octokit.paginate(octokit.rest.issues.list, { owner })` hands a method on.
        let confidence = if known && call.is_some() { Confidence::High } else { Confidence::Medium };
        let found = place.call(&lines, member, call, Target::Operation(operation.clone()), confidence);
        out.entry(found.span.end).or_insert(found);
    });
    out.into_values().collect()
}

/// `create-comment` as `createComment`.
fn camel(words: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if words.is_empty() || !words.chars().all(plain) {
        return None;
    }
    let mut out = String::with_capacity(words.len());
    for (at, word) in words.split('-').enumerate() {
        let mut chars = word.chars();
        let first = chars.next().map(|first| if at > 0 { first.to_ascii_uppercase() } else { first });
        out.extend(first.into_iter().chain(chars));
    }
    Some(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::scan::{ApiConfig, scan_file_text, scan_text};

    fn api() -> Api {
        let named = [
            ("DELETE", "/repos/{owner}/{repo}/moons/{moon}", "moon-scans/delete-moon"),
            ("GET", "/repos/{owner}/{repo}/moons", "moon-scans/list"),
            ("POST", "/orbits", "createOrbit"),
        ];
        let operations = named.map(|(method, path, _)| OperationKey::new(method, path));
        let name = |(operation, (_, _, id)): (&OperationKey, (&str, &str, &str))| SdkName {
            operation: operation.clone(),
            operation_id: Some(id.to_owned()),
            tags: Vec::new(),
            nth: 0,
            releases: 0..1,
        };
        Api::new(ApiConfig {
            operations: operations.to_vec(),
            sdk_names: operations.iter().zip(named).map(name).collect(),
            ..ApiConfig::default()
        })
    }

    fn found(calls: &[Call]) -> Vec<(usize, String, Confidence)> {
        let about = |call: &Call| {
            let method = call.method.as_ref().unwrap();
            (call.line, format!("{method} {}", call.url), call.confidence)
        };
        calls.iter().map(about).collect()
    }

    #[test]
    fn methods_by_their_names() {
        let text = "export async function run(octokit, context, moon) {
  const all = await octokit.paginate(octokit.rest.moonScans.list, { ...context.repo });
  const known = moon ? await octokit.rest.moonScans.deleteMoon({ moon }) : null;
  await context.octokit.moonScans.deleteMoon({ moon });
  await this.api.rest.moonScans.list(context.repo);
  await github.moonScans.list(context.repo);
  await octokit.rest.moonScans.deleteAll();
  await octokit.rest.createOrbit.list();
  await other.moonScans.list();
  return { all, known };
}
";
        let delete = || "DELETE /repos/{owner}/{repo}/moons/{moon}".to_owned();
        let list = || "GET /repos/{owner}/{repo}/moons".to_owned();
        let expected = [
            (2, list(), Confidence::Medium),
            (3, delete(), Confidence::High),
            (4, delete(), Confidence::High),
            (5, list(), Confidence::High),
            (6, list(), Confidence::Medium),
        ];
        let calls = scan_text(&api(), "a.ts", text, Language::TypeScript).calls;
        assert_eq!(found(&calls), expected);
        assert_eq!(
            scan_text(&api(), "a.py", "octokit.rest.moonScans.list()", Language::Python).calls.len(),
            0
        );
    }

    #[test]
    fn scripts_of_workflows() {
        let text = "jobs:
  a:
    steps:
      - uses: actions/github-script@v7
        with:
          script: |
            await github.rest.moonScans.list(context.repo)
";
        let calls = scan_file_text(&api(), ".github/workflows/a.yml", text).unwrap().calls;
        assert_eq!(found(&calls), [(7, "GET /repos/{owner}/{repo}/moons".to_owned(), Confidence::High)]);
    }
}
