//! Which lines of a working tree have changed since a git revision. git itself is
//! asked; uncommitted changes count, and so do files that git does not track.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why the changes could not be told.
#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    /// The revision reads as an option.
    #[error("`{0}` is no revision: it begins with `-`; expected a branch, tag or commit, as origin/main")]
    Option(String),
    /// A folder is in no repository.
    #[error(
        "{folder} is in no git repository: changes since {revision} cannot be told; leave --since out there"
    )]
    NoRepository {
        /// The folder.
        folder: String,
        /// The revision.
        revision: String,
    },
    /// The repository has no such commit.
    #[error("{folder}: git knows no commit {revision}; in a shallow clone, fetch it first")]
    NoRevision {
        /// The repository.
        folder: String,
        /// The revision.
        revision: String,
    },
    /// git failed.
    #[error("git {what}: {message}")]
    Git {
        /// What it was asked for.
        what: &'static str,
        /// What it says.
        message: String,
    },
}

/// Changed lines of any number of repositories.
#[derive(Debug, Default)]
pub struct Changes {
    repositories: Vec<Repository>,
}

#[derive(Debug)]
struct Repository {
    /// The folder of the working tree, without symbolic links.
    root: PathBuf,
    /// The files that git tracks now, relative to the root.
    tracked: BTreeSet<PathBuf>,
    /// The changed lines of tracked files, in order.
    changed: BTreeMap<PathBuf, Vec<RangeInclusive<usize>>>,
}

impl Changes {
    /// Asks the repositories around these files and folders.
    ///
    /// # Errors
    /// A revision that begins with `-` or that a repository lacks, a path in no
    /// repository, and git's own failures.
    pub fn since(revision: &str, paths: &[PathBuf]) -> Result<Self, ChangesError> {
        if revision.starts_with('-') {
            return Err(ChangesError::Option(revision.to_owned()));
        }
        let mut out = Self::default();
        for path in paths {
            let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(path) };
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let top =
                git(folder, "rev-parse", &["rev-parse", "--show-toplevel"]).map_err(|error| match error {
                    ChangesError::Git { message, .. } if message.contains("not a git repository") => {
                        ChangesError::NoRepository {
                            folder: folder.display().to_string(),
                            revision: revision.to_owned(),
                        }
                    }
                    error => error,
                })?;
            let top = String::from_utf8_lossy(&top);
            let root = Path::new(top.trim_end_matches(['\n', '\r']));
            let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
            if !out.repositories.iter().any(|known| known.root == root) {
                out.repositories.push(Repository::read(root, revision)?);
            }
        }
        Ok(out)
    }

    /// Whether any of these lines has changed. What is outside the repositories
    /// has: nobody can tell.
    pub fn touches(&self, file: &Path, lines: &RangeInclusive<usize>) -> bool {
        let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        // Of repositories inside each other the inner one knows.
        let inside = self.repositories.iter().filter_map(|repository| {
            file.strip_prefix(&repository.root).ok().map(|relative| (repository, relative))
        });
        let Some((repository, relative)) = inside.min_by_key(|(_, relative)| relative.components().count())
        else {
            return true;
        };
        if !repository.tracked.contains(relative) {
            return true;
        }
        repository.changed.get(relative).is_some_and(|changed| {
            changed.iter().any(|range| range.start() <= lines.end() && lines.start() <= range.end())
        })
    }
}

impl Repository {
    fn read(root: PathBuf, revision: &str) -> Result<Self, ChangesError> {
        let commit = format!("{revision}^{{commit}}");
        let args = ["rev-parse", "--quiet", "--verify", "--end-of-options", &commit];
        let commit = git(&root, "rev-parse", &args).map_err(|_| ChangesError::NoRevision {
            folder: root.display().to_string(),
            revision: revision.to_owned(),
        })?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let tracked = git(&root, "ls-files", &["ls-files", "-z"])?;
        let tracked = tracked.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(path).collect();
        let diff = git(
            &root,
            "diff",
            &[
                "-c",
                "core.quotePath=true",
                "diff",
                "--no-color",
                "--no-ext-diff",
                "--no-textconv",
                "--unified=0",
                "--find-renames",
                "--src-prefix=a/",
                "--dst-prefix=b/",
                "--ignore-submodules",
                &commit,
                "--",
            ],
        )?;
        Ok(Self { root, tracked, changed: read_diff(&diff) })
    }
}

/// Runs git in a folder and gives what it prints.
fn git(folder: &Path, what: &'static str, args: &[&str]) -> Result<Vec<u8>, ChangesError> {
    let failed = |message: String| ChangesError::Git { what, message };
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(args)
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(format!("git could not be started: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(failed(message.trim().trim_start_matches("fatal: ").to_owned()))
}

/// The new side's lines in a diff without context.
fn read_diff(diff: &[u8]) -> BTreeMap<PathBuf, Vec<RangeInclusive<usize>>> {
    let mut out: BTreeMap<PathBuf, Vec<RangeInclusive<usize>>> = BTreeMap::new();
    let mut file: Option<PathBuf> = None;
    // Lines of a hunk are counted, so that a changed text that looks like a
    // diff is not read as one.
    let mut left = 0usize;
    for line in diff.split(|byte| *byte == b'\n') {
        if left > 0 {
            if !line.starts_with(b"\\") {
                left -= 1;
            }
        } else if let Some(name) = line.strip_prefix(b"+++ ") {
            file = new_name(name);
        } else if let Some(hunk) = line.strip_prefix(b"@@ ") {
            let Some((old, start, count)) = read_hunk(&String::from_utf8_lossy(hunk)) else { continue };
            left = old + count;
            if let (Some(file), true) = (&file, count > 0) {
                out.entry(file.clone()).or_default().push(start..=start + count - 1);
            }
        }
    }
    out
}

/// `-3,0 +4,2 @@`: the number of old lines, the first new one, their number.
fn read_hunk(text: &str) -> Option<(usize, usize, usize)> {
    let mut words = text.split(' ');
    let range = |word: &str, sign: char| {
        let word = word.strip_prefix(sign)?;
        let (start, count) = word.split_once(',').unwrap_or((word, "1"));
        Some((start.parse::<usize>().ok()?, count.parse::<usize>().ok()?))
    };
    let (_, old) = range(words.next()?, '-')?;
    let (start, count) = range(words.next()?, '+')?;
    Some((old, start, count))
}

/// `b/path`, perhaps quoted as in C.
fn new_name(name: &[u8]) -> Option<PathBuf> {
    // A name with a blank is followed by a tab.
    let name = name.strip_suffix(b"\r").unwrap_or(name);
    let name = name.strip_suffix(b"\t").unwrap_or(name);
    let name = match name.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) {
        Some(quoted) => unquoted(quoted),
        None => name.to_vec(),
    };
    name.strip_prefix(b"b/").map(path)
}

fn unquoted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        if *byte != b'\\' {
            out.push(*byte);
            continue;
        }
        let digits = text.get(at..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(value) = digits.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            out.push(value);
            at += 3;
            continue;
        }
        out.push(match text.get(at) {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'a') => 7,
            Some(b'b') => 8,
            Some(b'v') => 11,
            Some(b'f') => 12,
            Some(other) => *other,
            None => b'\\',
        });
        at += 1;
    }
    out
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_is_read_by_its_counts() {
        let diff = b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@ f\n-a\n+++ b/evil\n+@@ -1 +1 @@\n@@ -9,2 +11,0 @@\n-b\n-c\n\
            diff --git a/y b/y\n--- /dev/null\n+++ \"b/\\303\\244 \\\"q\\\".py\"\n@@ -0,0 +1,3 @@\n+1\n+2\n+3\n\\ No newline at end of file\n\
            diff --git a/z b/z\n--- a/z\n+++ /dev/null\n@@ -1 +0,0 @@\n-z\n";
        let changes = read_diff(diff);
        let all: Vec<_> =
            changes.iter().map(|(file, lines)| (file.display().to_string(), lines.clone())).collect();
        assert_eq!(all, [("x".to_owned(), vec![1..=2]), ("ä \"q\".py".to_owned(), vec![1..=3])]);
    }

    #[test]
    fn a_revision_is_no_option() {
        let error = Changes::since("--output=x", &[]).unwrap_err().to_string();
        assert!(error.contains("--output=x") && error.contains("begins with"), "{error}");
    }
}
