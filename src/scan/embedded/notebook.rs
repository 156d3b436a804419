//! Jupyter notebooks: the code cells of one kernel as one program, shell lines
//! and cells as commands.

use super::Extracted;
use super::commands::{Scalar, language_of};
use super::region::Region;
use crate::scan::language::Language;
use crate::text::{self, Kind, Node};

/// Reads a notebook.
pub(super) fn extract(text: &str) -> Extracted {
    let mut out = Extracted::default();
    let tree = match text::parse(text.into()) {
        Ok(tree) => tree,
        Err(error) => {
            out.unreadable = Some(error.span.start as usize);
            return out;
        }
    };
    let root = tree.root();
    let name = |path: [&str; 2]| {
        let node = root.get("metadata")?.get(path[0])?.get(path[1])?;
        language_of(node.as_str()?)
    };
    let kernel = name(["kernelspec", "language"])
        .or_else(|| name(["language_info", "name"]))
        .unwrap_or(Language::Python);
    let mut program = Region::new(kernel);
    // Notebooks of the third format have their cells in worksheets.
    let sheets = root.get("worksheets").into_iter().flat_map(Node::items);
    let cells = root.get("cells").into_iter().chain(sheets.filter_map(|sheet| sheet.get("cells")));
    for cell in cells.flat_map(Node::items) {
        if cell.get("cell_type").and_then(Node::as_str) != Some("code") {
            continue;
        }
        let Some(source) = cell.get("source").or_else(|| cell.get("input")) else { continue };
        let mut whole = Region::new(kernel);
        let parts: Vec<Node<'_>> =
            if source.kind() == Kind::Array { source.items().collect() } else { vec![source] };
        for node in parts.into_iter().filter(|node| node.as_str().is_some()) {
            let line = Scalar { node, base: 0 };
            line.add_as(&mut whole, line.text());
        }
        whole.glue("\n");
        read_cell(&whole, kernel, &mut program, &mut out.regions);
    }
    if !program.is_empty() {
        out.regions.insert(0, program);
    }
    out
}

/// Adds a cell to the program, or to the regions if it is another language's.
fn read_cell(cell: &Region, kernel: Language, program: &mut Region, out: &mut Vec<Region>) {
    let text = cell.text();
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    if let Some(magic) = first.strip_prefix("%%") {
        let mut words = magic.split_whitespace();
        let mut name = words.next().unwrap_or_default();
        if name == "script" {
            name = words.find(|word| !word.starts_with('-')).unwrap_or_default();
        }
        let timed = matches!(name, "time" | "timeit" | "capture" | "writefile" | "prun");
        let start = text.find(first).map_or(0, |at| at + first.len());
        if timed && name != "writefile" {
            return add(cell, start..text.len(), program);
        }
        if let Some(language) = language_of(name) {
            let mut region = Region::new(language);
            add(cell, start..text.len(), &mut region);
            out.push(region);
        }
        return;
    }
    if kernel != Language::Python {
        return add(cell, 0..text.len(), program);
    }
    let mut at = 0;
    let mut command: Option<Region> = None;
    for line in text.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        // A command goes on where its line ends with a backslash.
        if let Some(mut region) = command.take() {
            add(cell, range, &mut region);
            if line.trim_end().ends_with('\\') {
                command = Some(region)
            } else {
                out.push(region)
            }
            program.glue("\n");
            continue;
        }
        let code = line.trim_start();
        let indent = line.len() - code.len();
        // `!curl ..`, `!!curl ..`, `x = !curl ..`
        let bang = match code.strip_prefix('!') {
            Some(rest) => Some(line.len() - rest.trim_start_matches('!').len()),
            None => code.find("= !").filter(|at| is_target(&code[..*at])).map(|at| indent + at + 3),
        };
        if let Some(start) = bang.filter(|start| !is_filled(&line[*start..])) {
            let mut region = Region::new(Language::Shell);
            add(cell, range.start + start..range.end, &mut region);
            if line.trim_end().ends_with('\\') {
                command = Some(region)
            } else {
                out.push(region)
            }
            add(cell, range.start..range.start + indent, program);
            program.glue("pass\n");
        } else if let Some(start) = bang {
            add(cell, range.start..range.start + indent, program);
            run(cell, range.start + start..range.start + line.trim_end().len(), program);
        } else if let Some(start) = timed(code) {
            add(cell, range.start..range.start + indent, program);
            add(cell, range.start + indent + start..range.end, program);
        } else if code.starts_with('%') || code.starts_with('?') {
            add(cell, range.start..range.start + indent, program);
            program.glue("pass\n");
        } else {
            add(cell, range, program);
        }
    }
    out.extend(command);
}

/// Where the statement begins that a magic of one line measures: `%time load()`.
fn timed(code: &str) -> Option<usize> {
    let rest = code.strip_prefix('%')?;
    let name = rest.split_whitespace().next()?;
    if !matches!(name, "time" | "timeit" | "prun" | "memit" | "mprun" | "lprun") {
        return None;
    }
    let mut at = 1 + name.len();
    loop {
        at += code[at..].len() - code[at..].trim_start().len();
        // `-n 10`, `-o`
        let Some(option) = code[at..].split_whitespace().next().filter(|word| word.starts_with('-')) else {
            return Some(at).filter(|at| *at < code.trim_end().len());
        };
        at += option.len();
        let value = code[at..].split_whitespace().next().unwrap_or_default();
        if option.len() == 2 && !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) {
            at += code[at..].find(value).unwrap_or(0) + value.len();
        }
    }
}

/// Whether a command takes something from the notebook: `{base}`. One that goes on in the next
/// line is left to the shell.
fn is_filled(command: &str) -> bool {
    holes(command).next().is_some() && !command.trim_end().ends_with('\\') && !command.contains("\"\"\"")
}

/// The expressions of the notebook in a command, with their braces.
fn holes(command: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    command.match_indices('{').filter_map(|(open, _)| {
        let inner = &command[open + 1..];
        let end = inner.find('}')?;
        let name = &inner[..end];
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '\'' | '(' | ')');
        // `${x}` is the shell's own.
        let own = command[..open].ends_with('$')
            || name.is_empty()
            || name.starts_with(|c: char| c.is_ascii_digit());
        (!own && name.chars().all(plain)).then_some(open..open + end + 2)
    })
}

/// Adds a command as the notebook runs it, with its own names filled in.
fn run(cell: &Region, range: std::ops::Range<usize>, program: &mut Region) {
    let command = &cell.text()[range.clone()];
    program.glue("os.system(");
    let mut from = 0;
    let literal = |program: &mut Region, part: std::ops::Range<usize>, last: bool| {
        program.glue("r\"\"\"");
        add(cell, range.start + part.start..range.start + part.end, program);
        // A text may not end with one of the quotes that end it.
        program.glue(if last { " \"\"\"" } else { "\"\"\" + str(" });
    };
    for hole in holes(command) {
        // Quotes that a value stands in mean nothing here.
        literal(program, from..hole.start, false);
        add(cell, range.start + hole.start + 1..range.start + hole.end - 1, program);
        program.glue(") + ");
        from = hole.end;
    }
    literal(program, from..command.len(), true);
    program.glue(")\n");
}

fn is_target(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ',' | ' '))
}

/// Adds a part of one region to another. `{name}` in a command is a variable
/// of the notebook.
fn add(from: &Region, range: std::ops::Range<usize>, to: &mut Region) {
    to.slice(from, range);
}
