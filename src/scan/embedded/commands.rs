//! Commands as regions: scalars that hold a script, lists of words, and
//! requests that are written as data.

use super::region::{Escapes, Region};
use super::template;
use crate::scan::language::Language;
use crate::text::Node;

/// A scalar of a tree whose text begins at `base` in the file.
#[derive(Clone, Copy)]
pub(super) struct Scalar<'t> {
    pub node: Node<'t>,
    pub base: usize,
}

impl<'t> Scalar<'t> {
    pub(super) fn text(self) -> &'t str {
        self.node.scalar_text().unwrap_or_default()
    }

    /// Adds its text to a region.
    pub(super) fn add(self, region: &mut Region) {
        self.add_as(region, &template::for_shell(self.text()));
    }

    /// Adds a text of the same length as its own.
    pub(super) fn add_as(self, region: &mut Region, text: &str) {
        let span = self.node.span().range();
        let raw = &self.node.tree().text()[span.clone()];
        let (skipped, escapes) = match raw.as_bytes().first() {
            Some(b'"') => (1, Escapes::Backslash),
            Some(b'\'') => (1, Escapes::Quote),
            Some(b'|' | b'>') => (raw.find('\n').map_or(0, |end| end + 1), Escapes::None),
            _ => (0, Escapes::None),
        };
        let start = self.base + span.start + skipped;
        // What was replaced has its length, and so finds its place by the original.
        if text.len() == self.text().len() && text != self.text() {
            let mut places = Region::new(Language::Shell);
            places.decoded(self.text(), &raw[skipped..], start, escapes);
            for (at, c) in text.char_indices() {
                let end = at + c.len_utf8();
                region.part(&text[at..end], places.start_of(at)..places.end_of(end).max(places.start_of(at)));
            }
        } else {
            region.decoded(text, &raw[skipped..], start, escapes);
        }
    }
}

/// The language of a shell by its name: `bash`, `pwsh`, `python3`, `/bin/sh`.
pub(super) fn language_of(shell: &str) -> Option<Language> {
    let word = shell.split_whitespace().next()?.rsplit('/').next()?;
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').to_ascii_lowercase();
    match word.as_str() {
        "bash" | "sh" | "zsh" | "ash" | "dash" | "ksh" | "shell" => Some(Language::Shell),
        "python" | "py" | "ipython" => Some(Language::Python),
        "node" | "nodejs" | "javascript" | "js" => Some(Language::JavaScript),
        "typescript" | "ts" | "deno" => Some(Language::TypeScript),
        "pwsh" | "powershell" => Language::of_extension("ps1"),
        "ruby" => Language::of_extension("rb"),
        "php" => Language::of_extension("php"),
        "golang" => Some(Language::Go),
        "csharp" | "dotnet" => Language::of_extension("cs"),
        _ => None,
    }
}

/// A script in a scalar.
pub(super) fn script(scalar: Scalar<'_>, language: Language) -> Option<Region> {
    let text = scalar.text();
    if text.trim().is_empty() {
        return None;
    }
    // Its own first line knows best.
    let language = Language::of_shebang(text).unwrap_or(language);
    let mut region = Region::new(language);
    if language == Language::Shell {
        scalar.add(&mut region);
    } else if language == Language::Python {
        // What a runner puts in is a hole of Python's own.
        scalar.add_as(&mut region, &put_in(&text.replace("${_", "{__")));
    } else {
        scalar.add_as(&mut region, text);
    }
    Some(region)
}

/// The text with what Kubernetes' runners put in as holes: `$(params.API)` is `{_params_API}`.
fn put_in(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("$(") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest[2..].split(')').next().unwrap_or_default();
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
        if !plain || name.is_empty() || !rest[2 + name.len()..].starts_with(')') {
            out.push_str("$(");
            rest = &rest[2..];
            continue;
        }
        out.push_str("{_");
        out.push_str(&name.replace(['.', '-'], "_"));
        out.push('}');
        rest = &rest[name.len() + 3..];
    }
    out.push_str(rest);
    out
}

/// The words of a program that an image runs, `image: curlimages/curl:8.5.0`, where nothing but
/// its arguments is written.
pub(super) fn of_image(image: &str, list: &[Scalar<'_>]) -> Option<Region> {
    let program = image.rsplit('/').next()?.split([':', '@']).next()?;
    let first = list.first().filter(|_| program == "curl")?;
    let mut region = Region::new(Language::Shell);
    region.part("curl", start(*first)..start(*first));
    for word in list {
        region.glue(" ");
        quoted(&mut region, *word);
    }
    Some(region)
}

/// A command as a list of words: `["sh", "-c", "..."]`, `["curl", "-s", url]`;
/// `before` are words that stand elsewhere before them.
pub(super) fn words(before: &[Scalar<'_>], list: &[Scalar<'_>]) -> Option<Region> {
    let all: Vec<Scalar<'_>> = before.iter().chain(list).copied().collect();
    let first = all.iter().position(|word| !matches!(word.text(), "CMD" | "sudo" | "exec"))?;
    let all = &all[first..];
    if all.first()?.text() == "CMD-SHELL" {
        return script(*all.get(1)?, Language::Shell);
    }
    let program = all.first()?.text();
    if let Some(language) = language_of(program) {
        let flag = |word: &Scalar<'_>| {
            let text = word.text();
            text.starts_with('-') && !text.starts_with("--") && (text.ends_with('c') || text.ends_with('e'))
        };
        let at = all.iter().position(flag)?;
        return script(*all.get(at + 1)?, language);
    }
    if !matches!(program.rsplit('/').next().unwrap_or_default(), "curl" | "wget" | "http" | "https" | "xh") {
        return None;
    }
    let mut region = Region::new(Language::Shell);
    for (at, word) in all.iter().enumerate() {
        if at > 0 {
            region.glue(" ");
        }
        quoted(&mut region, *word);
    }
    Some(region)
}

/// Adds a scalar as one word of a command. Variables in it stay variables.
fn quoted(region: &mut Region, word: Scalar<'_>) {
    region.glue("\"");
    // Quotes are of no use in a word that matters; they only must not end it.
    word.add_as(region, &template::in_quotes(word.text()));
    region.glue("\"");
}

/// A part of a URL that is written as data.
pub(super) enum Piece<'t> {
    /// A scalar's whole text.
    Scalar(Scalar<'t>),
    /// Text that stands at these bytes.
    Text(std::borrow::Cow<'t, str>, std::ops::Range<usize>),
}

/// A request that is written as data. The file's own placeholders must be
/// `${name}` already, or of a form that every URL may hold.
pub(super) fn request(method: Option<&str>, url: &[Piece<'_>], shown: Option<Language>) -> Option<Region> {
    let mut region = Region::new(Language::Shell);
    region.shown = shown;
    // Where the command begins does not matter, but that it is near.
    match url.first()? {
        Piece::Scalar(scalar) => region.part("curl", start(*scalar)..start(*scalar)),
        Piece::Text(_, range) => region.part("curl", range.start..range.start),
    }
    match method.map(str::trim).filter(|method| !method.is_empty()) {
        Some(method) if method.chars().all(|c| c.is_ascii_alphabetic()) => {
            region.glue(&format!(" -X {}", method.to_ascii_uppercase()));
        }
        Some(method) => {
            let method = template::for_shell(method).replace(['"', '`', '\\', '\n'], "_");
            region.glue(&format!(" -X \"{method}\""));
        }
        None => {}
    }
    region.glue(" \"");
    for piece in url {
        match piece {
            Piece::Scalar(scalar) => {
                let text = template::for_shell(scalar.text());
                scalar.add_as(&mut region, &text.replace(['"', '`', '\\', '\n'], "_"));
            }
            Piece::Text(text, range) => {
                let text = template::for_shell(text).replace(['"', '`', '\\', '\n'], "_");
                region.part(&text, range.clone());
            }
        }
    }
    region.glue("\"\n");
    Some(region)
}

/// Where a scalar stands in the file.
pub(super) fn start(scalar: Scalar<'_>) -> usize {
    scalar.base + scalar.node.span().range().start
}
