//! From sources to documents: all at the same time, each with its own session.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use url::Url;

use super::credentials::Credentials;
use super::failure::{Cause, NetworkError};
use super::options::Options;
use super::origin::shown;
use super::session::{Question, Session};
use crate::release::ReleaseId;
use crate::source::Fetched;

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
    let session = Session::new(&ask.url, ask.credentials.clone(), options).map_err(|why| NetworkError {
        message: format!("cannot fetch {}: {why}", shown(&ask.url)),
        tried: Vec::new(),
        hint: None,
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

async fn fetch(ask: &Ask, session: &Session) -> Result<Fetched, NetworkError> {
    let limit = session.options.limits.bytes;
    let question = Question { url: &ask.url, accept: "*/*", limit, insist: true };
    let answer = session.get(question).await.map_err(|cause| failed(ask, session, &cause))?;
    let name = session.shown(&answer.url);
    Ok(Fetched { name, release: ask.release.clone(), bytes: answer.body })
}
