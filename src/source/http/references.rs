//! The documents that a document from the network refers to: those of its own
//! origin, fetched as it was, and nothing else.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use url::Url;

use super::origin::Origin;
use super::session::{Question, Session};
use crate::source::{Referenced, References, Refusal};

/// So many documents are asked for at the same time.
const AT_ONCE: usize = 6;
const ACCEPT: &str = "application/json;q=0.9, application/yaml;q=0.9, */*;q=0.5";

/// What one document from the network may refer to.
pub(super) struct RemoteReferences {
    document: String,
    origin: Option<Origin>,
    session: Arc<Session>,
    /// Made for the first reference; its connections live in it.
    runtime: Mutex<Option<Runtime>>,
    /// What is left of the time for all of them together: a server that is slow
    /// with each would else take it thousands of times.
    left: Mutex<Duration>,
}

impl RemoteReferences {
    /// For the document at `url`, whose session it goes on with.
    pub(super) fn new(url: &Url, session: Arc<Session>) -> Self {
        let left = Mutex::new(session.options.timeouts.source);
        Self { document: url.to_string(), origin: Origin::of(url), session, runtime: Mutex::new(None), left }
    }

    fn ask(&self, runtime: &Runtime, locations: &[String], limit: usize) -> Vec<Result<Referenced, Refusal>> {
        let mut results = vec![None; locations.len()];
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let until = *left;
        let begun = (self.session.options.clock)();
        let local = tokio::task::LocalSet::new();
        local.block_on(runtime, async {
            let mut waiting = locations.iter().cloned().enumerate();
            let mut running = JoinSet::new();
            loop {
                while running.len() < AT_ONCE
                    && let Some((at, location)) = waiting.next()
                {
                    let (session, origin) = (Arc::clone(&self.session), self.origin.clone());
                    let begun = (session.options.clock)().saturating_sub(begun);
                    let time = until.saturating_sub(begun);
                    running.spawn_local(
                        async move { (at, fetch(&session, origin, location, limit, time).await) },
                    );
                }
                match running.join_next().await {
                    Some(Ok((at, result))) => results[at] = Some(result),
                    // A task that is gone left no result: said below.
                    Some(Err(_)) => {}
                    None => break,
                }
            }
        });
        self.session.options.watch.done();
        *left = until.saturating_sub((self.session.options.clock)().saturating_sub(begun));
        results
            .into_iter()
            .map(|result| result.unwrap_or_else(|| Err(Refusal::new("fetching ended early"))))
            .collect()
    }
}

async fn fetch(
    session: &Session,
    origin: Option<Origin>,
    location: String,
    limit: usize,
    left: Duration,
) -> Result<Referenced, Refusal> {
    let url = Url::parse(&location).map_err(|error| Refusal::new(error.to_string()))?;
    let limit = limit.min(session.options.limits.bytes);
    let question = Question { url: &url, accept: ACCEPT, limit, within: origin.as_ref() };
    let late = || {
        let time = session.options.timeouts.source.as_secs_f64();
        Refusal::new(format!("{}: all that is referred to is not there within {time} s", session.shown(&url)))
    };
    if left.is_zero() {
        return Err(late());
    }
    let answer = tokio::time::timeout(left, session.get(question)).await.map_err(|_| late())?;
    let answer = answer.map_err(|cause| Refusal::new(format!("{}: {cause}", session.shown(&url))))?;
    if answer.status != 200 {
        return Err(Refusal::new(format!("{} answered {}", session.shown(&url), answer.status)));
    }
    Ok(Referenced { name: session.shown(&answer.url), location: answer.url.to_string(), bytes: answer.body })
}

impl References for RemoteReferences {
    fn document(&self) -> &str {
        &self.document
    }

    fn locate(&self, base: &str, reference: &str) -> Result<String, Refusal> {
        let unreadable = |_| Refusal::new("the address cannot be read");
        let base = Url::parse(base).map_err(unreadable)?;
        let mut url = base.join(reference).map_err(unreadable)?;
        url.set_fragment(None);
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::new("the address has a user name or password in it"));
        }
        match Origin::of(&url) {
            None => Err(Refusal::new("only http and https are followed")),
            found if found == self.origin => Ok(url.to_string()),
            Some(other) => Err(Refusal::new(match &self.origin {
                Some(own) => format!("a document of {own} refers to nothing on {other}"),
                None => format!("the document refers to nothing on {other}"),
            })),
        }
    }

    fn fetch(&self, locations: &[String], limit: usize) -> Vec<Result<Referenced, Refusal>> {
        let mut runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        if runtime.is_none() {
            let made = tokio::runtime::Builder::new_current_thread().enable_all().build();
            // Connections belong to the runtime in which they were made.
            let made = made.map_err(|error| error.to_string());
            match made.and_then(|made| self.session.reconnect().map(|()| made)) {
                Ok(made) => *runtime = Some(made),
                Err(why) => return locations.iter().map(|_| Err(Refusal::new(why.clone()))).collect(),
            }
        }
        match &*runtime {
            Some(runtime) => self.ask(runtime, locations, limit),
            None => locations.iter().map(|_| Err(Refusal::new("the network cannot be used"))).collect(),
        }
    }
}

impl Drop for RemoteReferences {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            // A name that is still being looked up is not waited for.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for RemoteReferences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteReferences").field("origin", &self.origin).finish_non_exhaustive()
    }
}
