//! Runs the program as tests need it: nothing of the machine's environment, no
//! colours, a fixed width, and output without what differs from run to run.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of `fixtures/`.
pub fn fixture(name: &str) -> PathBuf {
    root().join("fixtures").join(name)
}

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    /// The exit status.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// Fails with both streams unless the exit status is `code`.
    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("{error}\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr)
        })
    }
}

/// A run of the program in the making.
pub struct Sunwatch {
    command: Command,
    folder: PathBuf,
    input: Option<Vec<u8>>,
}

/// Runs the program in a folder.
pub fn sunwatch(folder: impl AsRef<Path>) -> Sunwatch {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sunwatch"));
    command.env_clear().current_dir(&folder).env("COLUMNS", "100");
    // git and the system's own libraries need to be found.
    for name in ["PATH", "SYSTEMROOT"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    // Coverage of the program, where it is asked for.
    if let Some(value) = std::env::var_os("LLVM_PROFILE_FILE") {
        command.env("LLVM_PROFILE_FILE", value);
    }
    Sunwatch { command, folder: folder.as_ref().to_owned(), input: None }
}

impl Sunwatch {
    /// Adds arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Gives standard input.
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Some(bytes.into());
        self
    }

    /// Runs it without colours.
    pub fn run(self) -> Ran {
        self.args(["--color", "never"]).run_as_is()
    }

    /// Runs it with nothing added to the arguments.
    pub fn run_as_is(mut self) -> Ran {
        self.command.stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() });
        let mut child = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        if let Some(input) = self.input.take() {
            // A program that fails before it reads is judged by its status.
            let _ = child.stdin.take().unwrap().write_all(&input);
        }
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| redacted(&String::from_utf8(bytes).unwrap(), &self.folder);
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// The command itself, for tests that need the process.
    pub fn command(self) -> Command {
        self.command
    }
}

/// Text without the folder it ran in, the repository, and the version.
fn redacted(text: &str, folder: &Path) -> String {
    let mut text = text.to_owned();
    let mut folders = vec![(folder.to_owned(), "[FOLDER]"), (root(), "[ROOT]")];
    if let Ok(real) = folder.canonicalize() {
        folders.push((real, "[FOLDER]"));
    }
    for (path, name) in folders {
        text = text.replace(&path.display().to_string(), name);
    }
    let version = env!("CARGO_PKG_VERSION");
    text.replace(&format!("\"sunwatch\": \"{version}\""), "\"sunwatch\": \"[VERSION]\"")
        .replace(&format!("sunwatch {version}"), "sunwatch [VERSION]")
}
