//! Calls that run a program of the command line: what it is handed is a request where
//! that is curl or the like, there or in a caller: `def run(command): subprocess.run(command)`.

use crate::scan::language::shell::http::{Word, program, runs_shell};
use crate::scan::language::shell::tools;
use crate::scan::requests::request::{Callee, Found, Meaning, NamedValue};
use crate::scan::value::{Kind, Term, Value};

/// Objects and modules whose functions run programs and nothing else.
const OWNERS: [&str; 16] = [
    "subprocess",
    "os",
    "commands",
    "sp",
    "exec",
    "child_process",
    "childProcess",
    "cp",
    "shell",
    "execa",
    "Open3",
    "IO",
    "Kernel",
    "Process",
    "Runtime",
    "getRuntime()",
];

/// What a call that runs a program means.
pub(super) fn meaning(callee: &Callee, args: &[NamedValue]) -> Meaning {
    let placed = |(name, _): &&NamedValue| matches!(name.as_deref(), None | Some("*"));
    let line = || args.iter().filter(placed).map(|(_, value)| value);
    // `/x/.exec(text)` is a method of something without a name.
    let bare = callee.path.len() == 1 && callee.receiver.is_empty();
    // Compilers number what they import: `child_process_1.execSync(command)`.
    let numbered = callee.owner().rsplit_once('_').filter(|(_, number)| number.parse::<u8>().is_ok());
    let owner = numbered.map_or(callee.owner(), |(owner, _)| owner);
    // `client.exec_command(command)` of paramiko runs it on another machine.
    let runs = bare || OWNERS.contains(&owner) || callee.name() == "exec_command";
    match command(args) {
        Some(found) => Meaning::Request(found),
        None if runs => handed(line()).map_or(Meaning::Unknown, Meaning::Request),
        None => Meaning::Unknown,
    }
}

/// The request that a command makes which is seen as a whole.
pub(super) fn command(args: &[NamedValue]) -> Option<Found> {
    one_of(args).or_else(|| program(args))
}

/// A command that is put together under conditions is one of several: `if token: command +=
/// ["-H", token]`.
fn one_of(args: &[NamedValue]) -> Option<Found> {
    const MAX: usize = 8;
    let command = |term: &Term| matches!(term.kind, Kind::List(_) | Kind::Text(_));
    let (at, several) = args.iter().enumerate().find_map(|(at, (name, value))| {
        let several = (2..=MAX).contains(&value.terms.len()) && value.terms.iter().all(command);
        (name.is_none() && several).then_some((at, value))
    })?;
    let mut whole: Option<Found> = None;
    for term in &several.terms {
        let mut args = args.to_vec();
        args[at].1 = Value { terms: vec![term.clone()] };
        let Some(mut found) = program(&args) else { continue };
        found.url = found.url.within(term);
        found.methods.iter_mut().for_each(|(_, when)| when.extend(term.when.iter().copied()));
        whole = Some(match whole {
            None => found,
            Some(mut known) => {
                known.url = known.url.join(found.url);
                known.methods.extend(found.methods);
                known.method_open |= found.method_open;
                known.sure &= found.sure;
                known.bare_host |= found.bare_host;
                known.bodies.extend(found.bodies);
                known.queries.extend(found.queries);
                known
            }
        });
    }
    whole
}

/// The program that a call finds in the search path: `shutil.which("gh")`, `exec.LookPath("gh")`.
pub(super) fn located<'v>(callee: &Callee, args: &'v [NamedValue]) -> Option<&'v Value> {
    let finds = match callee.name() {
        "which" | "find_executable" => {
            callee.path.len() == 1
                || OWNERS.contains(&callee.owner())
                || matches!(callee.owner(), "shutil" | "spawn")
        }
        "whichSync" | "LookPath" => true,
        "sync" => callee.owner() == "which",
        _ => false,
    };
    let (None, name) = args.first().filter(|_| finds)? else { return None };
    name.literal().is_some_and(|name| tools::is_client(&name)).then_some(name)
}

/// A request that whoever gives the command, or the rest of it, makes.
fn handed<'v>(args: impl Iterator<Item = &'v Value>) -> Option<Found> {
    let mut line: Vec<Value> = Vec::new();
    for value in args {
        match value.terms.as_slice() {
            [Term { kind: Kind::List(items), .. }] => line.extend(items.iter().cloned()),
            _ => line.push(value.clone()),
        }
    }
    let word = |value: &Value| value.literal();
    let begin = line.iter().position(|value| !word(value).is_some_and(|text| runs_shell(&text)))?;
    let given = |value: &Value| {
        !value.is_empty()
            && value.terms.iter().all(|term| matches!(term.kind, Kind::Param(_) | Kind::Rest(_)))
    };
    let open = match word(&line[begin]) {
        Some(text) if tools::is_client(&text) => line[begin..].iter().find(|value| given(value)),
        _ => Some(&line[begin]).filter(|value| given(value)),
    };
    open.map(|value| Found::with_method(None, None, value).unsure())
}

impl Word {
    /// A word as it is handed over.
    pub(crate) fn of(value: &Value) -> Self {
        Word { value: value.clone(), text: value.literal() }
    }
}
