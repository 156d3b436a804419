//! From sources to documents: all at the same time, each with its own session.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use url::Url;

use super::credentials::Credentials;
use super::failure::{Cause, NetworkError};
use super::options::Options;
use super::origin::shown;
use super::references::RemoteReferences;
use super::session::{Question, Session};
use crate::release::ReleaseId;
use crate::source::discovery::{self, Failure, Found, MAX_PAGE_BYTES, Purpose, Search, Step};
use crate::source::{Fetched, Provenance};

/// So many sources are asked at the same time.
const AT_ONCE: usize = 6;
/// How often who waits hears from us.
const BEAT: Duration = Duration::from_millis(120);

/// A source in the network.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What to call it, if not by its address: the name of a `[source.NAME]`.
    pub name: Option<String>,
    /// Its address.
    pub url: Url,
    /// How it lets us in.
    pub credentials: Credentials,
    /// The release, if it is known already.
    pub release: Option<ReleaseId>,
    /// Where it says which release it is.
    pub version: Option<VersionAt>,
}

/// Where a control plane says which release it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionAt {
    /// Relative to the root of the source's origin.
    pub path: String,
    /// A JSON pointer (RFC 6901) into the answer; empty for all of it.
    pub pointer: String,
}

impl Ask {
    /// A source that is open for everybody.
    ///
    /// # Errors
    /// Text that is no http or https URL, or one with a password in it.
    pub fn new(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err("expected an address that begins with https:// or http://".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            let why = "a user name or password in an address ends up in histories and logs: \
                       set up a [source.NAME] with `auth` in policy.toml";
            return Err(why.to_owned());
        }
        Ok(Self { name: None, url, credentials: Credentials::None, release: None, version: None })
    }
}

/// Fetches all sources at the same time; the results are in their order.
pub fn fetch_all(asks: Vec<Ask>, options: &Arc<Options>) -> Vec<Result<Fetched, NetworkError>> {
    let count = asks.len();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let message = format!("the network cannot be used: {error}");
            return vec![Err(NetworkError { message, tried: Vec::new(), hint: None }); count];
        }
    };
    let mut results: Vec<Option<Result<Fetched, NetworkError>>> = vec![None; count];
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let mut waiting = asks.into_iter().enumerate();
        let mut running = JoinSet::new();
        loop {
            while running.len() < AT_ONCE
                && let Some((at, ask)) = waiting.next()
            {
                let options = Arc::clone(options);
                running.spawn_local(async move { (at, watched(ask, &options).await) });
            }
            match running.join_next().await {
                Some(Ok((at, result))) => results[at] = Some(result),
                // A task that is gone left no result: said below.
                Some(Err(_)) => {}
                None => break,
            }
        }
    });
    // A name that is still being looked up is not waited for.
    runtime.shutdown_background();
    options.watch.done();
    let lost = || NetworkError { message: "fetching ended early".to_owned(), tried: Vec::new(), hint: None };
    results.into_iter().map(|result| result.unwrap_or_else(|| Err(lost()))).collect()
}

/// Fetches one source within its time, with signs of life.
async fn watched(ask: Ask, options: &Arc<Options>) -> Result<Fetched, NetworkError> {
    let session = Session::new(&ask.url, ask.credentials.clone(), options).map(Arc::new).map_err(|why| {
        NetworkError {
            message: format!("cannot fetch {}: {why}", shown(&ask.url)),
            tried: Vec::new(),
            hint: None,
        }
    })?;
    let beat = async {
        tokio::time::sleep(options.patience).await;
        loop {
            options.watch.waiting(&session.doing());
            tokio::time::sleep(BEAT).await;
        }
    };
    tokio::select! {
        biased;
        fetched = fetch(&ask, &session) => fetched,
        () = tokio::time::sleep(options.timeouts.source) => {
            let why = format!("not done within {} s", options.timeouts.source.as_secs_f64());
            Err(failed(&ask, &session, &Cause::Timeout(why)))
        }
        () = beat => Err(failed(&ask, &session, &Cause::Cut)),
    }
}

fn failed(ask: &Ask, session: &Session, cause: &Cause) -> NetworkError {
    NetworkError {
        message: format!("cannot fetch {}: {cause}", session.shown(&ask.url)),
        tried: session.tried(),
        hint: cause.hint(),
    }
}

async fn fetch(ask: &Ask, session: &Arc<Session>) -> Result<Fetched, NetworkError> {
    let found = search(ask, session).await?;
    let mut release = ask.release.clone();
    if let (None, Some(version)) = (&release, &ask.version) {
        release = Some(version_of(ask, version, session).await?);
    }
    let release = release.or_else(|| release_in(&found.url)).or_else(|| release_in(&ask.url));
    let url = session.shown(&found.url);
    let document = found.name.as_deref().map(|name| session.plain(name));
    let from = Provenance {
        asked: session.shown(&ask.url),
        source: ask.name.clone(),
        url: url.clone(),
        document,
        etag: found.etag.map(|tag| session.plain(&tag)),
        last_modified: found.last_modified.map(|day| session.plain(&day)),
        from_cache: found.cached,
    };
    let references = Arc::new(RemoteReferences::new(&found.url, Arc::clone(session)));
    Ok(Fetched { name: url, release, bytes: found.bytes, references, from: Some(from) })
}

/// A document, and what its server says about it.
struct Document {
    url: Url,
    name: Option<String>,
    bytes: Vec<u8>,
    etag: Option<String>,
    last_modified: Option<String>,
    cached: bool,
}

/// Runs a search: what discovery wants to see is fetched.
async fn search(ask: &Ask, session: &Session) -> Result<Document, NetworkError> {
    let mut search = Search::new(ask.url.clone());
    // Of the last answer: what its server says about the document in it.
    let mut last = (None, None, false);
    // A cause that ended a request, for the hint.
    let mut cause = None;
    loop {
        match search.step() {
            Step::Fetch(request) => {
                let limit = session.options.limits.bytes;
                let limit = match request.purpose {
                    Purpose::Start | Purpose::Document => limit,
                    Purpose::Index | Purpose::Configuration | Purpose::Page | Purpose::Script => {
                        limit.min(MAX_PAGE_BYTES)
                    }
                };
                let question =
                    Question { url: &request.url, accept: request.purpose.accept(), limit, within: None };
                match session.get(question).await {
                    Ok(answer) => {
                        last = (answer.etag, answer.last_modified, answer.cached);
                        if request.purpose == Purpose::Start && is_ledger(answer.status, &answer.body) {
                            let (etag, last_modified, cached) = last;
                            let (url, bytes) = (answer.url, answer.body);
                            return Ok(Document { url, name: None, bytes, etag, last_modified, cached });
                        }
                        search.answered(discovery::Answer {
                            url: answer.url,
                            status: answer.status,
                            content_type: answer.content_type,
                            links: answer.links,
                            body: answer.body,
                        });
                        if let Some(tried) = search.tried().last() {
                            session.explain(&tried.result);
                        }
                        cause = None;
                    }
                    // What is not in the cache may never have been there: the
                    // search goes on, as it did when it was fetched.
                    Err(Cause::NotCached) => {
                        search.answered(discovery::Answer {
                            url: request.url,
                            status: 404,
                            content_type: None,
                            links: Vec::new(),
                            body: Vec::new(),
                        });
                        cause = Some(Cause::NotCached);
                    }
                    Err(found) if found.is_final() => return Err(failed(ask, session, &found)),
                    Err(found) => {
                        search.unreachable(found.to_string());
                        cause = Some(found);
                    }
                }
            }
            Step::Found(Found { url, name, bytes }) => {
                let (etag, last_modified, cached) = last;
                return Ok(Document { url, name, bytes, etag, last_modified, cached });
            }
            Step::Failed(failure) => return Err(nothing(ask, session, &search, &failure, cause)),
        }
    }
}

/// What a search without success comes to.
fn nothing(
    ask: &Ask,
    session: &Session,
    search: &Search,
    failure: &Failure,
    cause: Option<Cause>,
) -> NetworkError {
    if cause == Some(Cause::NotCached) && session.options.offline {
        let nothing = Cause::NotCached.to_string();
        let mut tried = session.tried();
        tried.retain(|tried| tried.result != nothing);
        let message = format!("cannot fetch {} offline: it is not in the cache", session.shown(&ask.url));
        return NetworkError { message, tried, hint: Cause::NotCached.hint() };
    }
    let mut message = failure.to_string();
    // Addresses are shown without what may be a key.
    for url in search.tried().iter().map(|tried| &tried.url).chain([&ask.url]) {
        message = message.replace(url.as_str(), &session.shown(url));
    }
    let refused = session
        .tried()
        .iter()
        .any(|tried| tried.result.starts_with("401") || tried.result.starts_with("403"));
    let hint = match (cause.and_then(|cause| cause.hint()), refused) {
        (Some(hint), _) => Some(hint),
        (None, true) if session.variables().is_empty() => Some(
            "it asks for credentials: set up a [source.NAME] with `auth` in policy.toml and give its name"
                .to_owned(),
        ),
        (None, true) => Some(format!(
            "the server does not accept what is in {}, or what it stands for may not read this",
            session.variables()
        )),
        (None, false) => matches!(failure, Failure::Nothing { .. })
            .then(|| "give the address of the document itself, or of the page that shows it".to_owned()),
    };
    NetworkError { message: session.plain(&message), tried: session.tried(), hint }
}

/// A ledger of ours, which is no API document but a source as well.
fn is_ledger(status: u16, body: &[u8]) -> bool {
    let start = body.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let head: String =
        body[start..].iter().take(40).map(|byte| *byte as char).filter(|c| !c.is_whitespace()).collect();
    status == 200 && head.starts_with("{\"sunwatch\":")
}

/// Longest answer of a version endpoint.
const MAX_VERSION_BYTES: usize = 1024 * 1024;
/// Longest name of a release.
const MAX_RELEASE: usize = 64;

/// Asks the source which release it is.
async fn version_of(ask: &Ask, at: &VersionAt, session: &Session) -> Result<ReleaseId, NetworkError> {
    let mut root = ask.url.clone();
    root.set_query(None);
    let url = root.join(&at.path).unwrap_or(root);
    let error = |why: String| NetworkError {
        message: format!(
            "cannot tell the release of {}: {}: {why}",
            session.shown(&ask.url),
            session.shown(&url)
        ),
        tried: session.tried(),
        hint: Some(
            "check `version-path` and `version-pointer` of the source, or say which it is with `release`"
                .to_owned(),
        ),
    };
    let question =
        Question { url: &url, accept: "application/json, */*;q=0.5", limit: MAX_VERSION_BYTES, within: None };
    let answer = session.get(question).await.map_err(|cause| error(cause.to_string()))?;
    if answer.status != 200 {
        return Err(error(answer.status.to_string()));
    }
    version_in(&answer.body, &at.pointer).map_err(|why| error(session.plain(&why)))
}

/// The release that an answer says at a pointer.
fn version_in(body: &[u8], pointer: &str) -> Result<ReleaseId, String> {
    let text = String::from_utf8_lossy(body);
    let found = match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(json) => match json.pointer(pointer) {
            Some(serde_json::Value::String(text)) => text.trim().to_owned(),
            // Not JSON then but plain text, digits and all.
            Some(serde_json::Value::Number(_)) if pointer.is_empty() => text.trim().to_owned(),
            // 2.20 as a number would be 2.2.
            Some(serde_json::Value::Number(number)) => {
                return Err(format!("expected a text at {pointer:?}, found the number {number}"));
            }
            Some(_) => return Err(format!("expected a text at {pointer:?}, found something else")),
            None => return Err(format!("nothing stands at {pointer:?}")),
        },
        Err(_) if pointer.is_empty() => text.trim().to_owned(),
        Err(_) => return Err("expected JSON".to_owned()),
    };
    if is_release(&found) {
        Ok(ReleaseId::new(&found))
    } else {
        Err(format!("expected the name of a release, found {:?}", found.chars().take(80).collect::<String>()))
    }
}

/// Whether a server's word can be the name of a release: such names end up in
/// file names.
fn is_release(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+_".contains(&byte));
    plain && text.len() <= MAX_RELEASE && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// The release that an address says: `2.21`, `v2.21.3` or a day as a part of
/// its path, with or without the end of a file's name. `v1` is no release but a
/// version of an API.
fn release_in(url: &Url) -> Option<ReleaseId> {
    let segments: Vec<&str> = url.path_segments()?.collect();
    segments.iter().rev().find_map(|segment| {
        let stem = [".json", ".yaml", ".yml", ".html"].iter().find_map(|end| segment.strip_suffix(end));
        let stem = stem.unwrap_or(segment);
        let release = ReleaseId::new(stem);
        let is_day = stem.parse::<crate::release::Date>().is_ok();
        let is_version = release.is_version() && stem.contains('.');
        ((is_day || is_version) && is_release(stem)).then_some(release)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_in_addresses() {
        for (url, expected) in [
            ("https://a/2.21/openapi.json", Some("2.21")),
            ("https://a/docs/v2.20.1/", Some("v2.20.1")),
            ("https://a/specs/2.19.json", Some("2.19")),
            ("https://a/2024-10-01/api.yaml", Some("2024-10-01")),
            ("https://a/api/v1/openapi.json", None),
            ("https://a/openapi/v3", None),
            ("https://10.0.0.1/api/docs", None),
            ("https://a/", None),
        ] {
            let found = release_in(&Url::parse(url).unwrap());
            assert_eq!(found.as_ref().map(ReleaseId::as_str), expected, "{url}");
        }
    }

    #[test]
    fn versions_in_answers() {
        let read =
            |body: &str, pointer: &str| version_in(body.as_bytes(), pointer).map(|id| id.as_str().to_owned());
        assert_eq!(read(r#"{"a":{"version":"2.20"}}"#, "/a/version"), Ok("2.20".to_owned()));
        assert_eq!(read("\"2.20\"", ""), Ok("2.20".to_owned()));
        assert_eq!(read("2.20", ""), Ok("2.20".to_owned()));
        assert_eq!(read("v2.20.1\n", ""), Ok("v2.20.1".to_owned()));
        for (body, pointer) in [
            (r#"{"version":2.20}"#, "/version"),
            (r#"{"version":"../../etc/passwd"}"#, "/version"),
            (r#"{"version":{}}"#, "/version"),
            (r#"{"version":"2.20"}"#, "/release"),
            ("<html>", "/version"),
            ("<html>", ""),
            (r#"{"version":""}"#, "/version"),
        ] {
            assert!(read(body, pointer).is_err(), "{body} {pointer}");
        }
    }
}
