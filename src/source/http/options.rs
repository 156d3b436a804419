//! What the network is used with: handed in, never asked from the environment.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::retry::Retries;
use super::zone::{Names, SystemNames};

/// How long something may take.
#[derive(Clone, Debug)]
pub struct Timeouts {
    /// Until a connection stands.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub read: Duration,
    /// For one request with its answer.
    pub request: Duration,
    /// For everything that one source needs, waits included.
    pub source: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            request: Duration::from_secs(120),
            source: Duration::from_secs(300),
        }
    }
}

/// Bytes of one answer: several times the largest document that is known.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// How much is read.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one answer, unpacked.
    pub bytes: usize,
    /// Redirects one after the other.
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: MAX_ANSWER_BYTES, redirects: 8 }
    }
}

/// Whom to trust, and who we are.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// Certificates of further authorities, in PEM.
    pub authorities: Vec<u8>,
    /// A client certificate with its key, in PEM. Shown only to the origin of
    /// the source.
    pub identity: Option<Identity>,
    /// No certificate is checked.
    pub insecure: bool,
}

/// A client certificate with its key, in PEM.
#[derive(Clone)]
pub struct Identity(pub Vec<u8>);

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[identity]")
    }
}

/// Who watches: steps for the curious, signs of life for the waiting.
pub trait Watch: Send + Sync {
    /// One step is done: an answer came, a wait begins.
    fn step(&self, text: &str);
    /// Something takes longer. Called again and again with what is going on.
    fn waiting(&self, text: &str);
    /// The wait is over.
    fn done(&self);
    /// Something that a user should know even without asking.
    fn warning(&self, text: &str);
}

/// Nobody watches.
pub struct Unwatched;

impl Watch for Unwatched {
    fn step(&self, _: &str) {}
    fn waiting(&self, _: &str) {}
    fn done(&self) {}
    fn warning(&self, _: &str) {}
}

/// Everything that fetching depends on.
#[derive(Clone)]
pub struct Options {
    /// How long something may take.
    pub timeouts: Timeouts,
    /// How often requests are repeated.
    pub retries: Retries,
    /// How much is read.
    pub limits: Limits,
    /// Whom to trust.
    pub tls: Tls,
    /// Whether the system's proxy is used (`HTTPS_PROXY`, `NO_PROXY` and so on).
    pub proxy: bool,
    /// The folder of the cache, if there is to be one.
    pub cache: Option<PathBuf>,
    /// Only the cache answers.
    pub offline: bool,
    /// For what is left to chance: the lengths of waits.
    pub seed: u64,
    /// The time since 1970.
    pub clock: Arc<dyn Fn() -> Duration + Send + Sync>,
    /// When something counts as taking long.
    pub patience: Duration,
    /// Who watches.
    pub watch: Arc<dyn Watch>,
    /// Who knows the addresses of names.
    pub names: Arc<dyn Names>,
}

impl Options {
    /// The usual, with the time since 1970.
    pub fn new(clock: Arc<dyn Fn() -> Duration + Send + Sync>) -> Self {
        Self {
            timeouts: Timeouts::default(),
            retries: Retries::default(),
            limits: Limits::default(),
            tls: Tls::default(),
            proxy: true,
            cache: None,
            offline: false,
            seed: 0,
            clock,
            patience: Duration::from_secs(1),
            watch: Arc::new(Unwatched),
            names: Arc::new(SystemNames),
        }
    }
}
