//! What was typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::finding::Level;
use crate::release::Date;

/// API deprecation and compatibility checker.
///
/// Follows operations, parameters and fields over the releases of an OpenAPI
/// product, judges deprecations and removals by a support-window policy, and
/// finds the client code that is hit.
#[derive(Debug, Parser)]
#[command(name = "sunwatch", version, max_term_width = 100, arg_required_else_help = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// The policy; else the nearest policy.toml upwards, else the built-in one
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) policy: Option<PathBuf>,
    /// The documents or ledger in which releases are looked up; else those of the policy, else the built-in ledger
    #[arg(long, global = true, value_name = "SOURCE")]
    pub(super) history: Vec<String>,
    /// A folder that `$ref`s of documents may lead to, beside the document's own; can be given several times
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) allow_ref: Vec<PathBuf>,
    /// The channel whose windows count: self-hosted, saas, or another of the policy
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) channel: Option<String>,
    /// The day for windows in months and for exceptions; else the day the release came out, so that answers stay the same
    #[arg(long, global = true, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(super) today: Option<Date>,
    /// The form of the report
    #[arg(long, global = true, value_enum, default_value_t = FormatName::Text)]
    pub(super) format: FormatName,
    /// Write the report to a file; it appears whole or not at all
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// The level from which findings make the exit status 1
    #[arg(long, global = true, value_enum, value_name = "LEVEL", default_value_t = FailOn::Error)]
    pub(super) fail_on: FailOn,
    /// When to use colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(super) color: Colour,
    /// No warnings on standard error
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Everything instead of the first few; what was read, on standard error
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    #[command(flatten)]
    pub(super) network: Network,
}

/// Options of commands that fetch documents.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub(super) struct Network {
    /// Never use the network: what was fetched before comes from the cache
    #[arg(long, global = true)]
    pub(super) offline: bool,
    /// Where answers are kept; else the system's folder for caches
    #[arg(long, global = true, value_name = "FOLDER", conflicts_with = "no_cache")]
    pub(super) cache_dir: Option<PathBuf>,
    /// Keep nothing and use nothing that was kept
    #[arg(long, global = true, conflicts_with = "offline")]
    pub(super) no_cache: bool,
    /// Trust these certificate authorities too (PEM)
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) ca_cert: Option<PathBuf>,
    /// Show this client certificate to the source's own server (PEM)
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) client_cert: Option<PathBuf>,
    /// Its key, if it is not in the same file (PEM)
    #[arg(long, global = true, value_name = "FILE", requires = "client_cert")]
    pub(super) client_key: Option<PathBuf>,
    /// Check no certificate: whoever sits in between reads and changes everything
    #[arg(long, global = true)]
    pub(super) insecure: bool,
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "expected a day of the calendar, as 2025-08-19".to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatName {
    /// For people
    Text,
    /// For programs; the schemas are in docs/schema
    Json,
    /// For documentation
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    pub(super) fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warning => Some(Level::Warning),
            Self::Note => Some(Level::Note),
            Self::Never => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BreaksName {
    /// Bytes are refused or missing
    Wire,
    /// Generated or typed clients no longer compile or decode
    Sdk,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LevelName {
    Error,
    Warning,
    Note,
}

impl LevelName {
    pub(super) fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Note => Level::Note,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

/// Which client code is looked at.
#[derive(Debug, Args)]
pub(super) struct Client {
    /// Client code: files and folders
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// Leave out files and folders, written as in .gitignore; may be given several times
    #[arg(long, value_name = "GLOB")]
    pub(super) exclude: Vec<String>,
    /// Test code counts too
    #[arg(long)]
    pub(super) tests: bool,
}

/// Which findings in client code are reported.
#[derive(Debug, Default, Args)]
pub(super) struct Filters {
    /// Report only what is not in this file of known findings
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write the findings of this run to the baseline
    #[arg(long, requires = "baseline", conflicts_with = "since")]
    pub(super) update_baseline: bool,
    /// Report only findings at lines changed since this git revision
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    pub(super) since: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// What an upgrade takes away, and which of your clients call it
    Upgrade {
        /// The release in use
        #[arg(long, value_name = "R")]
        from: String,
        /// The release to upgrade to
        #[arg(long, value_name = "R")]
        to: String,
        #[command(flatten)]
        client: Client,
    },
    /// Every call of the API in client code, and those to what is deprecated, going or gone
    Scan {
        #[command(flatten)]
        client: Client,
        /// The release in use
        #[arg(long, value_name = "R")]
        from: Option<String>,
        /// The release to judge for; else the newest known
        #[arg(long, value_name = "R")]
        to: Option<String>,
        #[command(flatten)]
        filters: Filters,
    },
    /// What changed between two documents, by cause: who breaks, with proof
    Diff {
        /// The document or release before
        old: String,
        /// The document or release after
        new: String,
        /// Only what breaks the wire, or typed and generated clients
        #[arg(long, value_enum, value_name = "WHO")]
        breaks: Option<BreaksName>,
        /// Only what reaches such operations: `*` stands for anything, "GET /v1/*"
        #[arg(long, value_name = "GLOB")]
        operation: Option<String>,
        /// Only these rules
        #[arg(long, value_name = "ID")]
        rule: Vec<String>,
        /// Only what is of that level or worse
        #[arg(long, value_enum, value_name = "LEVEL")]
        level: Option<LevelName>,
        /// Everything, with every place, instead of the first few
        #[arg(long)]
        all: bool,
    },
    /// Whether a release keeps the policy, given the history
    Check {
        /// The release before
        old: String,
        /// The release to check
        new: String,
    },
    /// The lives of operations, parameters, fields and values over all releases; with -o the ledger
    History {
        /// Documents, folders of <release>.json|yaml, or a ledger; else those of the policy
        #[arg(value_name = "SOURCE")]
        sources: Vec<String>,
        /// With --format json, every place at which a field appears
        #[arg(long)]
        places: bool,
    },
    /// A release-note summary in Markdown
    Notes {
        /// The release before
        old: String,
        /// The release to describe
        new: String,
    },
    /// Fetch the document of a control plane, a docs page or any other source
    Pull {
        /// What to fetch: an address, a [source.NAME], RELEASE=SOURCE, a file
        #[arg(value_name = "SOURCE", required = true)]
        sources: Vec<String>,
        /// Put documents in a folder, named by release, with a record of where they are from
        #[arg(long, value_name = "FOLDER", conflicts_with = "output")]
        archive: Option<PathBuf>,
    },
    /// The catalogue of rules
    Rules,
    /// One rule in full
    Explain {
        /// Its id
        rule: String,
    },
    /// Write a commented policy.toml
    Init {
        /// Where to
        #[arg(default_value = "policy.toml")]
        file: PathBuf,
    },
    /// A completion script for a shell, on standard output
    Completions {
        /// The shell
        shell: Shell,
    },
    /// The manual page, on standard output
    Man,
}
