//! The requests of one source: redirects, credentials, repetitions, cache.
//!
//! Credentials go to the origin of the source and nowhere else, and not any
//! more once a redirect has left it. What a server names is checked before a
//! byte is sent there.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response};
use url::Url;

use super::cache::{Cache, Entry};
use super::credentials::Credentials;
use super::failure::{Attempt, Cause, cause};
use super::options::Options;
use super::origin::{Origin, location, may_follow, shown};
use super::retry::{Chance, is_transient, retry_after};
use super::secret::{Scrubber, Secret};
use super::token::{self, LoginError, Refusal, Token, TokenRequest, may_carry};
use super::zone::{Guard, is_this_machine};

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// After redirects.
    pub(super) url: Url,
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) links: Vec<String>,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    pub(super) body: Vec<u8>,
    /// Whether the body comes from the cache.
    pub(super) cached: bool,
}

/// What to ask.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'q> {
    pub(super) url: &'q Url,
    pub(super) accept: &'static str,
    /// Most bytes of the answer.
    pub(super) limit: usize,
    /// The only origin that may be asked, redirects included.
    pub(super) within: Option<&'q Origin>,
}

/// Most bytes of an answer that is an error: enough to quote from.
const MAX_ERROR_BYTES: usize = 64 * 1024;
/// Most bytes of an answer with a token.
const MAX_TOKEN_BYTES: usize = 256 * 1024;

/// The requests of one source.
pub(super) struct Session {
    pub(super) options: Arc<Options>,
    home: Url,
    origin: Option<Origin>,
    credentials: Credentials,
    guard: Arc<Guard>,
    clients: Mutex<Clients>,
    cache: Option<Cache>,
    state: Mutex<State>,
}

#[derive(Clone)]
struct Clients {
    /// With the client certificate, for the origin of the source.
    own: Client,
    /// Without, for all others.
    other: Client,
}

impl Clients {
    fn new(home: &Url, guard: &Arc<Guard>, options: &Options) -> Result<Self, String> {
        // A proxy elsewhere would see what is meant for this machine.
        let with_proxy = !is_this_machine(home);
        let client =
            |with_identity| super::client::client(options, Arc::clone(guard), with_identity, with_proxy);
        let own = client(true)?;
        let other = if options.tls.identity.is_some() { client(false)? } else { own.clone() };
        Ok(Self { own, other })
    }
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    scrubber: Scrubber,
    chance: Option<Chance>,
    tried: Vec<Attempt>,
    /// What is going on, for who waits.
    doing: String,
    /// Requests that were repeated.
    repeated: u32,
    /// Whether it was said that the cache cannot be written.
    complained: bool,
}

impl Session {
    /// # Errors
    /// Certificates that cannot be read; credentials for an open line.
    pub(super) fn new(home: &Url, credentials: Credentials, options: &Arc<Options>) -> Result<Self, String> {
        if !credentials.is_none() && !may_carry(home) {
            return Err(LoginError::Open { url: shown(home) }.to_string());
        }
        let guard = Arc::new(Guard::new(Arc::clone(&options.names), home));
        let clients = Mutex::new(Clients::new(home, &guard, options)?);
        let mut scrubber = Scrubber::default();
        for secret in credentials.secrets() {
            scrubber.learn(secret);
        }
        let cache =
            options.cache.as_ref().map(|folder| Cache::new(folder.clone(), credentials.fingerprint(home)));
        // Each source draws other numbers from the same seed.
        let seed = home
            .as_str()
            .bytes()
            .fold(options.seed, |seed, byte| (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let state = State { scrubber, chance: Some(Chance::new(seed)), ..State::default() };
        Ok(Self {
            options: Arc::clone(options),
            home: home.clone(),
            origin: Origin::of(home),
            credentials,
            guard,
            clients,
            cache,
            state: Mutex::new(state),
        })
    }

    /// Forgets all connections: those that stand belong to a runtime that ends.
    pub(super) fn reconnect(&self) -> Result<(), String> {
        let clients = Clients::new(&self.home, &self.guard, &self.options)?;
        *self.clients.lock().unwrap_or_else(PoisonError::into_inner) = clients;
        Ok(())
    }

    fn client(&self, own: bool) -> Client {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if own { clients.own.clone() } else { clients.other.clone() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The variables that hold its credentials; empty if it has none.
    pub(super) fn variables(&self) -> String {
        self.credentials.variables()
    }

    /// All requests so far.
    pub(super) fn tried(&self) -> Vec<Attempt> {
        self.state().tried.clone()
    }

    /// What is going on.
    pub(super) fn doing(&self) -> String {
        self.state().doing.clone()
    }

    /// A server's words, fit to be shown; empty if they cannot be.
    pub(super) fn quote(&self, text: &str) -> String {
        self.state().scrubber.quote(text).unwrap_or_default()
    }

    /// A sentence of ours with a server's words in it, fit to be shown.
    pub(super) fn plain(&self, text: &str) -> String {
        self.state().scrubber.plain(text)
    }

    /// A URL as it is shown.
    pub(super) fn shown(&self, url: &Url) -> String {
        self.state().scrubber.clean(&shown(url))
    }

    /// Says what the last answer turned out to be.
    pub(super) fn explain(&self, what: &str) {
        let what = self.quote(what);
        if let Some(last) = self.state().tried.last_mut()
            && !last.result.contains(&what)
        {
            last.result = format!("{}: {what}", last.result);
        }
    }

    fn note(&self, method: &str, url: &Url, result: &str) {
        let attempt = Attempt { request: format!("{method} {}", self.shown(url)), result: result.to_owned() };
        self.options.watch.step(&format!("{}: {}", attempt.request, attempt.result));
        self.state().tried.push(attempt);
    }

    /// Asks for a page or a document; follows redirects.
    pub(super) async fn get(&self, question: Question<'_>) -> Result<Answer, Cause> {
        let mut url = question.url.clone();
        url.set_fragment(None);
        let mut own = Origin::of(&url) == self.origin;
        if url != self.home {
            self.check(&self.home, &url)?;
        }
        for _ in 0..=self.options.limits.redirects {
            // Once left, never trusted again: who comes back may be sent.
            let origin = Origin::of(&url);
            own = own && origin == self.origin;
            if question.within.is_some() && origin.as_ref() != question.within {
                let cause = Cause::Refused("it is not of the document's own origin".to_owned());
                self.note("GET", &url, &cause.to_string());
                return Err(cause);
            }
            match self.exchange(&Question { url: &url, ..question }, own).await? {
                Reply::Answer(answer) => return Ok(*answer),
                Reply::Redirect(to) => {
                    let next = location(&url, &to).map_err(Cause::from);
                    let next = next.and_then(|next| self.check(&url, &next).map(|()| next));
                    match next {
                        Ok(next) => url = next,
                        Err(cause) => {
                            self.explain(&cause.to_string());
                            return Err(cause);
                        }
                    }
                }
            }
        }
        Err(Cause::Redirects(self.options.limits.redirects))
    }

    /// Whether a server at `from` may send us to `to`.
    fn check(&self, from: &Url, to: &Url) -> Result<(), Cause> {
        let checked = may_follow(from, to).map_err(Cause::from);
        checked.and_then(|()| self.guard.admit(to).map_err(Cause::from))
    }

    /// One address, repeated where that may help.
    async fn exchange(&self, question: &Question<'_>, own: bool) -> Result<Reply, Cause> {
        let Question { url, accept, .. } = *question;
        let cached = self.cache.as_ref().and_then(|cache| cache.read(url, accept, own));
        if self.options.offline {
            return match cached {
                Some(entry) => {
                    self.note("GET", url, "from the cache");
                    Ok(reply_of(url, entry))
                }
                None => {
                    self.note("GET", url, &Cause::NotCached.to_string());
                    Err(Cause::NotCached)
                }
            };
        }
        let mut attempt = 1;
        let mut renewed = false;
        loop {
            self.state().doing = format!("GET {}", self.shown(url));
            let headers = self.headers(question, own, cached.as_ref()).await.map_err(Cause::Login)?;
            let client = self.client(own);
            let sent = client.request(Method::GET, url.clone()).headers(headers).send();
            let sent = tokio::time::timeout(self.options.timeouts.request, async {
                let response = sent.await.map_err(|error| cause(&error, &self.options))?;
                self.receive(response, question).await
            });
            let received = sent.await.unwrap_or_else(|_| Err(self.too_long()));
            let (wait, reason) = match received {
                Ok(received) => {
                    let status = received.status;
                    if status == 401 && own && !renewed && self.drop_used_token() {
                        renewed = true;
                        self.note("GET", url, "401: the token has ended, another one is asked for");
                        continue;
                    }
                    if own && status != 401 {
                        self.token_was_used();
                    }
                    let again = is_transient(status);
                    let wait = again.then(|| self.wait(attempt, received.wait)).flatten();
                    match (wait, received.wait) {
                        (Some(wait), _) => (wait, status.to_string()),
                        (None, Some(asked)) if again && asked > self.options.retries.patience => {
                            let busy = Cause::Busy { status, seconds: asked.as_secs() };
                            self.note("GET", url, &busy.to_string());
                            return Err(busy);
                        }
                        _ => return self.settle(question, own, received, cached),
                    }
                }
                Err(cause) => {
                    let again = cause.is_transient();
                    match again.then(|| self.wait(attempt, None)).flatten() {
                        Some(wait) => (wait, cause.to_string()),
                        None => {
                            self.note("GET", url, &cause.to_string());
                            return Err(cause);
                        }
                    }
                }
            };
            self.note("GET", url, &format!("{reason}; again in {:.1} s", wait.as_secs_f64()));
            self.state().doing = format!("waiting for {}", self.shown(url));
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    fn too_long(&self) -> Cause {
        Cause::Timeout(format!("no whole answer within {} s", self.options.timeouts.request.as_secs_f64()))
    }

    /// How long to wait before the next attempt, if there is to be one. All
    /// requests share a budget: a server in trouble is not asked for each of
    /// the usual places again and again.
    fn wait(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        let mut state = self.state();
        if state.repeated >= self.options.retries.budget {
            return None;
        }
        let chance = state.chance.as_mut().map_or(0.5, Chance::next);
        let wait = self.options.retries.wait(attempt, asked, chance)?;
        state.repeated += 1;
        Some(wait)
    }

    /// The head of an answer, and its body as far as it is wanted.
    async fn receive(&self, mut response: Response, question: &Question<'_>) -> Result<Received, Cause> {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let limit = match status {
            200..=299 => question.limit,
            _ => MAX_ERROR_BYTES.min(question.limit),
        };
        let is_wanted = !matches!(status, 300..=399);
        let mut body = Vec::new();
        loop {
            if !is_wanted {
                break;
            }
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                    if status < 300 {
                        return Err(Cause::TooLarge(limit));
                    }
                    break;
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                // Of an error, what came is enough.
                Err(_) if status >= 400 => break,
                Err(error) => return Err(cause(&error, &self.options)),
            }
        }
        let text =
            |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let now = (self.options.clock)().as_secs();
        let wait = text(&header::RETRY_AFTER)
            .and_then(|value| retry_after(&value, text(&header::DATE).as_deref(), now));
        Ok(Received { status, headers, body, wait })
    }

    /// What an answer comes to, now that it will not be asked for again.
    fn settle(
        &self,
        question: &Question<'_>,
        own: bool,
        received: Received,
        cached: Option<Entry>,
    ) -> Result<Reply, Cause> {
        let Received { status, headers, body, .. } = received;
        let (url, accept) = (question.url, question.accept);
        let text =
            |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if status == 304 {
            return match cached {
                Some(entry) => {
                    self.note("GET", url, "304, unchanged since it was fetched last");
                    Ok(reply_of(url, entry))
                }
                None => {
                    self.note("GET", url, &Cause::Unasked.to_string());
                    Err(Cause::Unasked)
                }
            };
        }
        let location = text(header::LOCATION).filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308));
        let content_type = text(header::CONTENT_TYPE);
        let kind =
            content_type.as_deref().and_then(|kind| kind.split(';').next()).unwrap_or("no content type");
        let result = match &location {
            Some(to) => {
                let to = url.join(to).map_or_else(|_| "elsewhere".to_owned(), |to| self.shown(&to));
                format!("{status}, to {to}")
            }
            None if status == 200 => format!("200, {}, {}", self.quote(kind), size(body.len())),
            None => status.to_string(),
        };
        self.note("GET", url, &result);
        let mut entry = Entry::new(body);
        entry.etag = text(header::ETAG);
        entry.last_modified = text(header::LAST_MODIFIED);
        entry.content_type = content_type;
        entry.links = headers
            .get_all(header::LINK)
            .iter()
            .filter_map(|value| value.to_str().ok().map(str::to_owned))
            .collect();
        entry.location = location;
        if let Some(cache) = &self.cache {
            if may_keep(status, &headers) && !self.holds_secret(&entry) {
                self.complain(cache.write(url, accept, own, &entry));
            } else if cached.is_some() && matches!(status, 200..=399 | 404 | 410) {
                cache.forget(url, accept, own);
            }
        }
        Ok(match &entry.location {
            Some(to) => Reply::Redirect(to.clone()),
            None => Reply::Answer(Box::new(answer(url, status, entry, false))),
        })
    }

    /// Whether a server gave a secret back: that is not kept.
    fn holds_secret(&self, entry: &Entry) -> bool {
        let state = self.state();
        let heads = [&entry.etag, &entry.last_modified, &entry.content_type, &entry.location];
        let mut heads = heads.into_iter().flatten().chain(&entry.links);
        !self.credentials.is_none()
            && (state.scrubber.finds(&entry.body) || heads.any(|head| state.scrubber.finds(head.as_bytes())))
            || entry.location.as_ref().is_some_and(|to| to.contains(['?', '@']))
    }

    fn complain(&self, written: Result<(), String>) {
        if let Err(error) = written
            && !std::mem::replace(&mut self.state().complained, true)
        {
            self.options.watch.warning(&error);
        }
    }

    async fn headers(
        &self,
        question: &Question<'_>,
        own: bool,
        cached: Option<&Entry>,
    ) -> Result<HeaderMap, LoginError> {
        let mut out = HeaderMap::new();
        out.insert(header::ACCEPT, HeaderValue::from_static(question.accept));
        if let Some(entry) = cached.filter(|entry| entry.has_validator()) {
            for (name, value) in
                [(header::IF_NONE_MATCH, &entry.etag), (header::IF_MODIFIED_SINCE, &entry.last_modified)]
            {
                // RFC 9110, section 13.1.3: the tag alone decides where there is one.
                let is_second = name == header::IF_MODIFIED_SINCE && entry.etag.is_some();
                if let Some(value) = value.as_ref().and_then(|value| HeaderValue::from_str(value).ok())
                    && !is_second
                {
                    out.insert(name, value);
                }
            }
        }
        if own {
            match &self.credentials {
                Credentials::None => {}
                Credentials::Bearer(token) => {
                    out.insert(header::AUTHORIZATION, bearer(&token.value, &token.name)?);
                }
                Credentials::Header { name, value } => {
                    let unsendable = || LoginError::Unsendable { variable: value.name.clone() };
                    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable())?;
                    out.insert(header, sensitive(value.value.reveal()).ok_or_else(unsendable)?);
                }
                Credentials::Client { secret, .. } => {
                    let token = self.token().await?;
                    out.insert(header::AUTHORIZATION, bearer(&token, &secret.name)?);
                }
            }
        }
        Ok(out)
    }

    /// Drops a token that worked before; false if there is none.
    fn drop_used_token(&self) -> bool {
        let mut state = self.state();
        let used = state.token.as_ref().is_some_and(|token| token.used);
        if used {
            state.token = None;
        }
        used
    }

    fn token_was_used(&self) {
        if let Some(token) = &mut self.state().token {
            token.used = true;
        }
    }

    /// A token that has not ended.
    async fn token(&self) -> Result<Secret, LoginError> {
        let now = (self.options.clock)();
        let Credentials::Client { id, secret, exchange } = &self.credentials else {
            return Err(LoginError::Senseless { url: self.shown(&self.home), why: "no client".to_owned() });
        };
        if let Some(token) =
            self.state().token.as_ref().filter(|token| token.ends.is_none_or(|ends| now < ends))
        {
            return Ok(token.value.clone());
        }
        let mut refused: Option<(Refusal, LoginError)> = None;
        for (after, request) in token::requests(exchange, &self.home, id, secret) {
            let worth_while = match (&refused, after) {
                (None, None) => true,
                (Some((refusal, _)), Some(after)) => *refusal == after,
                _ => false,
            };
            if !worth_while {
                continue;
            }
            match self.ask_for_token(&request).await? {
                Ok(token) => {
                    let value = token.value.clone();
                    let mut state = self.state();
                    state.scrubber.learn(&value);
                    state.token = Some(token);
                    return Ok(value);
                }
                Err(refusal) => refused = Some(refusal),
            }
        }
        let never = || LoginError::Senseless { url: self.shown(&self.home), why: "nobody to ask".to_owned() };
        Err(refused.map_or_else(never, |(_, error)| error))
    }

    /// Asks one endpoint; the inner error is a refusal that another request may
    /// get around.
    async fn ask_for_token(
        &self,
        request: &TokenRequest,
    ) -> Result<Result<Token, (Refusal, LoginError)>, LoginError> {
        let url = &request.url;
        if !may_carry(url) {
            return Err(LoginError::Open { url: self.shown(url) });
        }
        let unreachable = |why: String| LoginError::Unreachable { url: self.shown(url), why };
        let mut attempt = 1;
        loop {
            self.state().doing = format!("POST {}", self.shown(url));
            let mut builder =
                self.client(true).post(url.clone()).header(header::CONTENT_TYPE, request.content_type);
            builder = builder.header(header::ACCEPT, "application/json");
            if let Some(basic) = &request.basic {
                let value = sensitive(&format!("Basic {}", basic.reveal()));
                let value = value.ok_or_else(|| LoginError::Unsendable { variable: self.variables() })?;
                builder = builder.header(header::AUTHORIZATION, value);
            }
            let sent = builder.body(request.body.reveal().to_owned()).send();
            let question = Question { url, accept: "", limit: MAX_TOKEN_BYTES, within: None };
            let received = tokio::time::timeout(self.options.timeouts.request, async {
                let response = sent.await.map_err(|error| cause(&error, &self.options))?;
                self.receive(response, &question).await
            });
            let received = received.await.unwrap_or_else(|_| Err(self.too_long()));
            let (again, asked, reason) = match &received {
                Ok(received) => (is_transient(received.status), received.wait, received.status.to_string()),
                Err(cause) => (cause.is_transient(), None, cause.to_string()),
            };
            if let Some(wait) = again.then(|| self.wait(attempt, asked)).flatten() {
                self.note("POST", url, &format!("{reason}; again in {:.1} s", wait.as_secs_f64()));
                tokio::time::sleep(wait).await;
                attempt += 1;
                continue;
            }
            let received = received.map_err(|cause| {
                self.note("POST", url, &reason);
                unreachable(cause.to_string())
            })?;
            return self.read_token(url, &received);
        }
    }

    fn read_token(
        &self,
        url: &Url,
        received: &Received,
    ) -> Result<Result<Token, (Refusal, LoginError)>, LoginError> {
        let status = received.status;
        if let 200..=299 = status {
            return match token::token(&received.body, (self.options.clock)()) {
                Ok(token) => {
                    self.note("POST", url, &format!("{status}, a token"));
                    Ok(Ok(token))
                }
                Err(why) => {
                    self.note("POST", url, &format!("{status}, but {why}"));
                    Err(LoginError::Senseless { url: self.shown(url), why: format!("{status}, but {why}") })
                }
            };
        }
        self.note("POST", url, &status.to_string());
        if let 300..=399 = status {
            let why = format!("{status}: secrets are not sent on to another address");
            return Err(LoginError::Senseless { url: self.shown(url), why });
        }
        let challenge = received.headers.get(header::WWW_AUTHENTICATE);
        let challenge = challenge.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let refusal = Refusal::of(status, challenge.to_ascii_lowercase().starts_with("basic"));
        let text = self.state().scrubber.quote(&message(&received.body));
        let variables = self.variables();
        Ok(Err((refusal, LoginError::Refused { url: self.shown(url), status, text, variables })))
    }
}

/// What an error's body says: the usual fields of JSON, or short plain text.
fn message(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    if let Ok(json) = serde_json::from_str::<serde_json::Value>(&text) {
        let keys = ["error_description", "message", "detail", "title", "error"];
        let found = keys.iter().find_map(|key| json.get(key)?.as_str());
        return found.unwrap_or_default().to_owned();
    }
    if text.trim_start().starts_with('<') { String::new() } else { text.into_owned() }
}

enum Reply {
    Answer(Box<Answer>),
    Redirect(String),
}

struct Received {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
    wait: Option<Duration>,
}

fn answer(url: &Url, status: u16, entry: Entry, cached: bool) -> Answer {
    let Entry { etag, last_modified, content_type, links, body, .. } = entry;
    Answer { url: url.clone(), status, content_type, links, etag, last_modified, body, cached }
}

fn reply_of(url: &Url, entry: Entry) -> Reply {
    match entry.location.clone() {
        Some(to) => Reply::Redirect(to),
        None => Reply::Answer(Box::new(answer(url, 200, entry, true))),
    }
}

/// What may be kept on disk: whole answers that the server does not forbid.
fn may_keep(status: u16, headers: &HeaderMap) -> bool {
    let mut control = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    matches!(status, 200 | 301 | 302 | 303 | 307 | 308)
        && !control.any(|value| value.to_ascii_lowercase().contains("no-store"))
}

fn bearer(token: &Secret, variable: &str) -> Result<HeaderValue, LoginError> {
    let value = sensitive(&format!("Bearer {}", token.reveal()));
    value.ok_or_else(|| LoginError::Unsendable { variable: variable.to_owned() })
}

/// A header's value that the library does not show either.
fn sensitive(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} kB", bytes / 1024),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}
