//! Calls that only say where they go on a machine of one's own, in the light of a whole checkout.

use super::api::Api;
use super::paths::{SPECIFIC, segments_of, weight};
use crate::scan::call::{Call, Confidence, Target};
use crate::scan::language::Language;

/// Where the hosts of the API are known, a port of one's own (`curl http://localhost:8080/api/v1/users`)
/// and the server that a page comes from (`fetch("/api/v1/users")`) may lead to it or be a service of
/// one's own that has the same paths. Where no other call goes to the API, none has a path that hardly
/// another service has and nothing in the checkout names the API, as `is_named` tells, they are taken for
/// the latter.
pub(crate) fn weigh(calls: &mut [Call], is_named: impl FnOnce() -> bool) {
    let sure = |call: &Call| call.confidence > Confidence::Low;
    let may_be_ones_own = |call: &Call| goes_to_ones_own(call) && !says_much(call);
    if !calls.iter().any(sure) || !calls.iter().filter(|call| sure(call)).all(may_be_ones_own) || is_named() {
        return;
    }
    for call in calls.iter_mut() {
        call.confidence = Confidence::Low;
    }
}

/// Whether hardly another service has such a path.
fn says_much(call: &Call) -> bool {
    let Target::Operation(operation) = &call.target else { return false };
    let words = segments_of(operation.path.as_str()).filter(|segment| !segment.contains('{'));
    words.map(weight).sum::<usize>() >= SPECIFIC
}

/// Whether a text has the API's name in it, however that is written: `RUNAI_URL`, `Run:ai`,
/// `app.run.ai`. An API without a name is anybody's.
pub(crate) fn is_named_in(api: &Api, text: &str) -> bool {
    let plain =
        || text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    !api.names.has_any() || api.names.are_written_in(&plain())
}

fn goes_to_ones_own(call: &Call) -> bool {
    let in_page = matches!(call.language, Language::JavaScript | Language::TypeScript | Language::Tsx);
    is_own_machine(&call.url) || in_page && call.url.starts_with('/')
}

/// Whether an address is of the machine itself, by a name that is written out.
fn is_own_machine(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let name = if host.starts_with('[') { host.split(']').next() } else { host.split(':').next() };
    let name = name.unwrap_or_default();
    matches!(name, "localhost" | "0.0.0.0" | "[::1")
        || name.starts_with("127.") && name.chars().all(|c| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_machines_are_known_by_their_names() {
        for url in
            ["http://localhost:8080/api", "127.0.0.1:80/x", "https://a:b@127.0.0.1/", "http://[::1]:8/x"]
        {
            assert!(is_own_machine(url), "{url}");
        }
        for url in
            ["http://localhost.example.com/api", "{base}/api", "/api", "http://platform:8080/x", "{}:80/x"]
        {
            assert!(!is_own_machine(url), "{url}");
        }
    }
}
