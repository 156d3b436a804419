//! The command line: the only place that knows clap, standard streams, the
//! environment, the clock and exit codes.

mod args;
mod commands;
mod diff;
mod load;
mod network;
mod output;
mod pull;
mod sources;
mod trust;

use std::process::ExitCode;

use clap::Parser;

/// How a run ended (contract: exit status).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Something is.
    Findings,
    /// Done, but a part of the input could not be analysed.
    Incomplete,
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Incomplete => 3,
        }
    }
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let args = match args::Cli::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Help that nobody reads any more is no failure.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match commands::run(&args) {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error, args.common.color);
            ExitCode::from(2)
        }
    }
}
