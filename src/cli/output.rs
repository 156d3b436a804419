//! Standard streams and files.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, bail};

use super::args::{Colour, Common};
use crate::report::plain;

/// Whether standard output is to have colours.
pub(super) fn colour(choice: Colour) -> bool {
    wants_colour(choice, &std::io::stdout())
}

fn wants_colour(choice: Colour, stream: &impl IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if set("NO_COLOR") => false,
        Colour::Auto if std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        Colour::Auto => stream.is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// Writes a report to `--output` or standard output.
pub(super) fn report(text: &str, common: &Common) -> anyhow::Result<()> {
    match &common.output {
        Some(file) => whole_file(file, text),
        None => stdout(text),
    }
}

/// Writes to standard output.
pub(super) fn stdout(text: impl AsRef<[u8]>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_ref()).and_then(|()| out.flush()).map_err(anyhow::Error::from)
}

/// Writes a file so that it appears whole or not at all.
pub(super) fn whole_file(file: &Path, text: impl AsRef<[u8]>) -> anyhow::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        bail!("cannot write {}: {} is no folder that is there", file.display(), folder.display());
    }
    let write = || -> std::io::Result<()> {
        let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
        temporary.write_all(text.as_ref())?;
        temporary.as_file().sync_all()?;
        readable_by_others(temporary.as_file())?;
        temporary.persist(file).map_err(|error| error.error)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", file.display()))
}

/// Temporary files are private; what is written for a user is a file like any other.
#[cfg(unix)]
fn readable_by_others(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_others(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// Whether an error is only that nobody reads any more.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Says what stopped the run.
pub(super) fn error(error: &anyhow::Error, choice: Colour) {
    say(&format!("{error:#}"), "error", AnsiColor::BrightRed, choice);
}

/// Says what a user should know beside the report.
pub(super) fn warning(message: &str, common: &Common) {
    if !common.quiet {
        say(message, "warning", AnsiColor::Yellow, common.color);
    }
}

/// Says what a curious user wants to know.
pub(super) fn note(message: &str, common: &Common) {
    if common.verbose && !common.quiet {
        say(message, "note", AnsiColor::BrightGreen, common.color);
    }
}

/// Says what nobody may miss, whatever was asked for.
pub(super) fn alarm(message: &str, choice: Colour) {
    say(message, "warning", AnsiColor::BrightRed, choice);
}

/// What of the options decides who is told what, for those who outlive them.
#[derive(Clone, Copy)]
pub(super) struct Voice {
    colour: Colour,
    quiet: bool,
    verbose: bool,
}

impl Voice {
    pub(super) fn of(common: &Common) -> Self {
        Self { colour: common.color, quiet: common.quiet, verbose: common.verbose }
    }

    pub(super) fn is_quiet(self) -> bool {
        self.quiet
    }

    pub(super) fn warning(self, message: &str) {
        if !self.quiet {
            say(message, "warning", AnsiColor::Yellow, self.colour);
        }
    }

    pub(super) fn note(self, message: &str) {
        if self.verbose && !self.quiet {
            say(message, "note", AnsiColor::BrightGreen, self.colour);
        }
    }
}

fn say(message: &str, word: &str, colour: AnsiColor, choice: Colour) {
    let message = plain(message, false);
    let mut stream = std::io::stderr().lock();
    let style: Style = colour.on_default().bold();
    // Where even this cannot be written, there is nobody left to tell.
    let _ = if wants_colour(choice, &stream) {
        writeln!(stream, "{style}{word}{style:#}: {message}")
    } else {
        writeln!(stream, "{word}: {message}")
    };
}
