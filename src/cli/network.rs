//! What the network is used with: files, environment, clock and terminal are
//! read here and handed in. Nothing is set up before the first address is asked
//! for.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::Common;
use super::output::{self, Voice};
use crate::policy::{self, Auth, Spanned};
use crate::source::Fetched;
use crate::source::http::{
    Ask, Credentials, Exchange, Identity, Named, NetworkError, Options, Secret, Tls, VersionAt, Watch,
    fetch_all,
};

/// What was fetched so far, by the text that asked for it.
#[derive(Default)]
pub(super) struct Network {
    options: OnceCell<Arc<Options>>,
    fetched: RefCell<BTreeMap<String, Result<Fetched, NetworkError>>>,
}

impl Network {
    /// Fetches at the same time what has not been fetched yet.
    pub(super) fn fetch(&self, asks: Vec<(String, Ask)>, common: &Common) -> anyhow::Result<()> {
        let mut new: Vec<(String, Ask)> = Vec::new();
        for (text, ask) in asks {
            if !self.fetched.borrow().contains_key(&text) && new.iter().all(|(known, _)| *known != text) {
                new.push((text, ask));
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let options = match self.options.get() {
            Some(options) => options,
            None => {
                let options = options(common)?;
                self.options.get_or_init(|| options)
            }
        };
        let (texts, asks): (Vec<String>, Vec<Ask>) = new.into_iter().unzip();
        let results = fetch_all(asks, options);
        self.fetched.borrow_mut().extend(texts.into_iter().zip(results));
        Ok(())
    }

    /// What was fetched for a text.
    pub(super) fn fetched(&self, text: &str) -> anyhow::Result<Fetched> {
        match self.fetched.borrow().get(text) {
            Some(Ok(fetched)) => Ok(fetched.clone()),
            Some(Err(error)) => Err(error.clone().into()),
            None => bail!("{text} was not fetched"),
        }
    }
}

fn options(common: &Common) -> anyhow::Result<Arc<Options>> {
    let network = &common.network;
    let read =
        |file: &PathBuf| std::fs::read(file).with_context(|| format!("cannot read {}", file.display()));
    let identity = match (&network.client_cert, &network.client_key) {
        (Some(certificate), key) => {
            let mut pem = read(certificate)?;
            if let Some(key) = key {
                pem.push(b'\n');
                pem.extend(read(key)?);
            }
            Some(Identity(pem))
        }
        (None, _) => None,
    };
    if network.insecure {
        output::alarm(
            "--insecure: no certificate is checked; documents and credentials can be read and changed on the way",
            common.color,
        );
    }
    let clock = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let mut options = Options::new(Arc::new(clock));
    options.tls = Tls {
        authorities: network.ca_cert.as_ref().map(read).transpose()?.unwrap_or_default(),
        identity,
        insecure: network.insecure,
    };
    options.cache = match (&network.cache_dir, network.no_cache) {
        (_, true) => None,
        (Some(folder), _) => Some(folder.clone()),
        (None, false) => cache_folder(),
    };
    options.offline = network.offline;
    // Different from run to run: the hasher of the standard library is seeded so.
    options.seed = std::collections::hash_map::RandomState::new().build_hasher().finish();
    options.watch = Arc::new(Terminal { voice: Voice::of(common), bar: Mutex::new(None) });
    Ok(Arc::new(options))
}

/// The folder of this user for what can be fetched again.
fn cache_folder() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let caches = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Caches"))
    } else {
        // XDG Base Directory Specification: a relative path there is to be ignored.
        folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))
    };
    caches.map(|caches| caches.join("sunwatch").join("http"))
}

/// Steps and signs of life on standard error.
struct Terminal {
    voice: Voice,
    bar: Mutex<Option<ProgressBar>>,
}

impl Terminal {
    /// Writes past the line that shows progress.
    fn aside(&self, write: impl FnOnce()) {
        match &*self.bar.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Watch for Terminal {
    fn step(&self, text: &str) {
        self.aside(|| self.voice.note(text));
    }

    fn waiting(&self, text: &str) {
        if self.voice.is_quiet() || !std::io::stderr().is_terminal() {
            return;
        }
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{spinner} {wide_msg}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style)
        });
        bar.set_message(text.to_owned());
        bar.tick();
    }

    fn done(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }

    fn warning(&self, text: &str) {
        self.aside(|| self.voice.warning(text));
    }
}

/// What a `[source.NAME]` with a `url` asks for, its secrets read from the
/// environment.
pub(super) fn ask(source: &policy::Source, url: &Spanned<String>, file: &str) -> anyhow::Result<Ask> {
    let place =
        |at: &Spanned<String>| format!("{file}:{}:{}: [source.{}]", at.line, at.column, source.name.value);
    let mut ask = Ask::new(&url.value).map_err(|why| anyhow::anyhow!("{}: {why}", place(url)))?;
    let named = |variable: &Spanned<String>| -> anyhow::Result<Named> {
        let name = &variable.value;
        let value = match std::env::var(name) {
            Ok(value) if !value.trim().is_empty() => value.trim().to_owned(),
            Ok(_) => bail!(
                "{}: the environment variable {name} is empty; put there what it is for",
                place(variable)
            ),
            Err(std::env::VarError::NotPresent) => bail!(
                "{}: the environment variable {name} is not set; export it before the command, as in `export {name}=...`",
                place(variable)
            ),
            Err(std::env::VarError::NotUnicode(_)) => {
                bail!("{}: the environment variable {name} holds no text", place(variable))
            }
        };
        Ok(Named { name: name.clone(), value: Secret::new(value) })
    };
    let parsed = |at: &Spanned<String>| {
        Ask::new(&at.value).map(|ask| ask.url).map_err(|why| anyhow::anyhow!("{}: {why}", place(at)))
    };
    let text = |at: &Option<Spanned<String>>| at.as_ref().map(|at| at.value.clone());
    ask.credentials = match &source.auth {
        Auth::None => Credentials::None,
        Auth::RunAi { client_id_env, client_secret_env, realm, token_url } => Credentials::Client {
            id: named(client_id_env)?,
            secret: named(client_secret_env)?,
            exchange: Exchange::RunAi {
                token_url: token_url.as_ref().map(parsed).transpose()?,
                realm: text(realm),
            },
        },
        Auth::ClientCredentials { client_id_env, client_secret_env, token_url, scope, audience } => {
            Credentials::Client {
                id: named(client_id_env)?,
                secret: named(client_secret_env)?,
                exchange: Exchange::ClientCredentials {
                    token_url: parsed(token_url)?,
                    scope: text(scope),
                    audience: text(audience),
                },
            }
        }
        Auth::Bearer { token_env } => Credentials::Bearer(named(token_env)?),
        Auth::Header { header, token_env } => {
            Credentials::Header { name: header.value.clone(), value: named(token_env)? }
        }
    };
    ask.name = Some(source.name.value.clone());
    ask.version = source.version.as_ref().map(|version| VersionAt {
        path: version.path.value.clone(),
        pointer: text(&version.pointer).unwrap_or_default(),
    });
    Ok(ask)
}
