//! Markdown: fenced code, by the language of the fence. It may be an example,
//! so its calls are less sure.

use super::commands::language_of;
use super::region::Region;
use super::{Extracted, http_file};
use crate::scan::language::Language;

/// Whether something stands in a text that may begin a fence.
pub(super) fn has_fence(text: &[u8]) -> bool {
    let found = |mark: &str| memchr::memmem::find(text, mark.as_bytes()).is_some();
    found("```") || found("~~~")
}

/// Reads the fences of a text.
pub(super) fn extract(text: &str) -> Extracted {
    let mut out = Extracted::default();
    let mut at = 0;
    let mut open: Option<Fence> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        // A fence of a quote or a list is indented.
        let code = line.trim_start_matches([' ', '\t', '>']);
        let indent = line.len() - code.len();
        match &mut open {
            None => {
                let mark = code.chars().next().filter(|c| matches!(c, '`' | '~'));
                let Some(mark) = mark else { continue };
                let length = code.chars().take_while(|c| *c == mark).count();
                let info = code[length..].trim();
                if length >= 3 && !(mark == '`' && info.contains('`')) {
                    open = Some(Fence::new(mark, length, indent, info));
                }
            }
            Some(fence) => {
                let closing = code.trim_end();
                let closes = closing.len() >= fence.length && closing.chars().all(|c| c == fence.mark);
                if closes {
                    if let Some(fence) = open.take() {
                        fence.close(text, &mut out);
                    }
                } else {
                    let skipped = indent.min(fence.indent);
                    fence.lines.push((start + skipped, start + line.len()));
                }
            }
        }
    }
    out
}

/// An open fence.
struct Fence {
    mark: char,
    length: usize,
    indent: usize,
    /// The first word after the fence.
    info: String,
    /// Its lines, without the fence's indentation.
    lines: Vec<(usize, usize)>,
}

impl Fence {
    fn new(mark: char, length: usize, indent: usize, info: &str) -> Self {
        let info = info.trim_start_matches(['{', '.']);
        let end = info.find([' ', '\t', ',', '{', '}', ':', '=']).unwrap_or(info.len());
        Self { mark, length, indent, info: info[..end].to_ascii_lowercase(), lines: Vec::new() }
    }

    fn close(self, text: &str, out: &mut Extracted) {
        if matches!(self.info.as_str(), "http" | "rest") {
            let (Some((start, _)), Some((_, end))) = (self.lines.first(), self.lines.last()) else { return };
            let mut found = http_file::extract(&text[*start..*end], *start).regions;
            found.iter_mut().for_each(|region| region.doubtful = true);
            out.regions.extend(found);
            return;
        }
        let session = matches!(self.info.as_str(), "console" | "shell-session" | "shellsession" | "terminal");
        let lines = || self.lines.iter().map(|(start, end)| (*start, &text[*start..*end]));
        let language = match self.info.as_str() {
            _ if session => Some(Language::Shell),
            "" | "text" | "txt" | "plaintext" => {
                let command = |line: &str| {
                    let line = line.trim_start().trim_start_matches("$ ");
                    line.starts_with("curl ") || line.starts_with("wget ")
                };
                lines().any(|(_, line)| command(line)).then_some(Language::Shell)
            }
            info => language_of(info).or_else(|| Language::of_extension(info)),
        };
        let Some(language) = language else { return };
        let prompts = language == Language::Shell && lines().any(|(_, line)| is_prompt(line));
        // A session without prompts is commands alone.
        let session = session && prompts;
        let mut region = Region::new(language);
        region.doubtful = true;
        let mut goes_on = false;
        for (start, line) in lines() {
            let code = line.trim_start();
            let skipped = line.len() - code.len();
            if prompts || session {
                // What is no command is what was answered to one.
                let behind = if is_prompt(line) { 2 } else { 0 };
                if behind == 0 && !goes_on {
                    continue;
                }
                // A shell's second prompt.
                let more = if behind == 0 && code.starts_with("> ") { skipped + 2 } else { 0 };
                let from = if behind > 0 { skipped + behind } else { more };
                command_line(&mut region, &line[from..], start + from);
            } else if language == Language::Shell {
                command_line(&mut region, line, start);
            } else {
                region.verbatim(line, start);
            }
            // Blanks after a backslash are a slip of the pen that readers mend.
            let end = line.trim_end();
            goes_on = end.ends_with('\\');
        }
        if !region.is_empty() {
            out.regions.push(region);
        }
    }
}

/// Adds a line of commands as it is meant: a remark behind the backslash that ends it is
/// none of them (`\\ # the token`), and neither `<` nor `>` of a placeholder redirects.
fn command_line(region: &mut Region, line: &str, at: usize) {
    let remark = line.rfind('\\').filter(|end| {
        let behind = &line[end + 1..];
        behind.starts_with([' ', '\t']) && behind.trim_start().starts_with('#')
    });
    let code = remark.map_or(line, |end| &line[..=end]);
    let mut quote: Option<char> = None;
    let mut done = 0;
    for (open, c) in code.char_indices() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(mark), _) if mark == c => quote = None,
            (None, '<') if open >= done => {
                let Some(name) = placeholder(code, open) else { continue };
                region.verbatim(&code[done..open], at + done);
                done = open + name.len() + 2;
                let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
                let name: String = name.chars().map(plain).collect();
                region.part(&format!("${{_{name}}}"), at + open..at + done);
            }
            _ => {}
        }
    }
    region.verbatim(&code[done..], at + done);
    if remark.is_some() {
        region.glue("\n");
    }
}

/// The name in a placeholder that begins here and is a part of a word: `api/<id>`.
fn placeholder(line: &str, open: usize) -> Option<&str> {
    let close = open + line[open..].find('>')?;
    let name = &line[open + 1..close];
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | ':' | '=' | '-' | '?' | '&');
    let inside = line[..open].ends_with(joins) || line[close + 1..].starts_with(joins);
    (named && inside).then_some(name)
}

fn is_prompt(line: &str) -> bool {
    let code = line.trim_start();
    ["$ ", "# ", "% ", "> "].iter().any(|prompt| {
        code.strip_prefix(prompt).is_some_and(|rest| {
            // `# a comment` is no command of root's.
            *prompt == "$ "
                || ["curl ", "wget ", "http "].iter().any(|word| rest.trim_start().starts_with(word))
        })
    })
}
