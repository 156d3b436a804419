//! The client languages: one file each, one row each in [`TABLE`].
//!
//! A language gives a grammar, a function that lowers a syntax tree to the
//! common form, and a [`Dialect`] that knows its HTTP libraries.

mod annotations;
mod go;
mod go_http;
mod java;
mod javascript;
mod javascript_http;
mod jvm_http;
mod lower;
mod python;
mod python_http;
mod rust;
mod rust_http;
mod rust_macro;
mod shared;
mod shell;
mod shell_http;
mod shell_words;
mod strings;

use super::form::Unit;
use super::request::Dialect;

/// A language of client code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Python 3.
    Python,
    /// POSIX shell and bash.
    Shell,
    /// JavaScript, with or without JSX.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// Go.
    Go,
    /// Java.
    Java,
    /// Rust.
    Rust,
}

/// What the scan knows of a language.
pub(super) struct Support {
    pub language: Language,
    /// The word for it in reports.
    pub name: &'static str,
    /// File name extensions.
    pub extensions: &'static [&'static str],
    /// Programs of a `#!` line, without version numbers.
    pub interpreters: &'static [&'static str],
    pub grammar: fn() -> tree_sitter::Language,
    pub lower: fn(tree_sitter::Node<'_>, &str) -> Unit,
    pub dialect: &'static dyn Dialect,
}

/// All languages.
pub(super) static TABLE: [Support; 8] = [
    Support {
        language: Language::Python,
        name: "python",
        extensions: &["py", "pyi", "pyw"],
        interpreters: &["python", "pypy", "uv"],
        grammar: || tree_sitter_python::LANGUAGE.into(),
        lower: python::lower,
        dialect: &python_http::Python,
    },
    Support {
        language: Language::Shell,
        name: "shell",
        extensions: &["sh", "bash", "ksh", "zsh", "bats"],
        interpreters: &["sh", "bash", "dash", "ksh", "zsh", "ash"],
        grammar: || tree_sitter_bash::LANGUAGE.into(),
        lower: shell::lower,
        dialect: &shell_http::Shell,
    },
    Support {
        language: Language::JavaScript,
        name: "javascript",
        extensions: &["js", "mjs", "cjs", "jsx"],
        interpreters: &["node", "bun", "deno", "k"],
        grammar: || tree_sitter_javascript::LANGUAGE.into(),
        lower: javascript::lower,
        dialect: &javascript_http::JavaScript,
    },
    Support {
        language: Language::TypeScript,
        name: "typescript",
        extensions: &["ts", "mts", "cts"],
        interpreters: &["ts-node", "tsx"],
        grammar: || tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        lower: javascript::lower,
        dialect: &javascript_http::JavaScript,
    },
    Support {
        language: Language::Tsx,
        name: "tsx",
        extensions: &["tsx"],
        interpreters: &[],
        grammar: || tree_sitter_typescript::LANGUAGE_TSX.into(),
        lower: javascript::lower,
        dialect: &javascript_http::JavaScript,
    },
    Support {
        language: Language::Go,
        name: "go",
        extensions: &["go"],
        interpreters: &[],
        grammar: || tree_sitter_go::LANGUAGE.into(),
        lower: go::lower,
        dialect: &go_http::Go,
    },
    Support {
        language: Language::Java,
        name: "java",
        extensions: &["java"],
        interpreters: &[],
        grammar: || tree_sitter_java::LANGUAGE.into(),
        lower: java::lower,
        dialect: &jvm_http::Jvm,
    },
    Support {
        language: Language::Rust,
        name: "rust",
        extensions: &["rs"],
        interpreters: &["rust-script"],
        grammar: || tree_sitter_rust::LANGUAGE.into(),
        lower: rust::lower,
        dialect: &rust_http::Rust,
    },
];

impl Language {
    /// The word for the language in reports.
    pub fn as_str(self) -> &'static str {
        self.support().map_or("", |support| support.name)
    }

    /// The language of a file with this extension.
    pub fn of_extension(extension: &str) -> Option<Self> {
        let extension = extension.to_ascii_lowercase();
        TABLE.iter().find(|row| row.extensions.contains(&extension.as_str())).map(|row| row.language)
    }

    /// The language of a script by its `#!` line.
    pub fn of_shebang(text: &str) -> Option<Self> {
        let line = text.strip_prefix("#!")?.lines().next()?;
        let mut words = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        let program = words.find(|word| *word != "env" && !word.starts_with('-') && !word.contains('='))?;
        let program = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        TABLE.iter().find(|row| row.interpreters.contains(&program)).map(|row| row.language)
    }

    pub(super) fn support(self) -> Option<&'static Support> {
        TABLE.iter().find(|row| row.language == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_row_and_a_grammar_that_loads() {
        for row in &TABLE {
            assert_eq!(row.language.as_str(), row.name);
            let mut parser = tree_sitter::Parser::new();
            parser.set_language(&(row.grammar)()).unwrap();
        }
    }

    #[test]
    fn shebangs_name_languages() {
        assert_eq!(Language::of_shebang("#!/bin/sh\n"), Some(Language::Shell));
        assert_eq!(Language::of_shebang("#!/usr/bin/env -S python3.12 -u\n"), Some(Language::Python));
        assert_eq!(Language::of_shebang("#!/usr/bin/perl\n"), None);
        assert_eq!(Language::of_extension("TSX"), Some(Language::Tsx));
    }
}
