//! The client languages: a folder or a file each, one row each in [`TABLE`].
//!
//! A language gives a grammar, a function that lowers a syntax tree to the
//! common form (`syntax`), and a [`Dialect`] that knows its HTTP libraries (`http`).
//! The files beside the folders are what several languages share.

mod annotations;
mod asked;
mod attempts;
mod beans;
mod cases;
mod conditions;
mod csharp;
mod curl_options;
mod go;
mod java;
mod javascript;
mod jvm_http;
mod kept_calls;
mod kotlin;
mod lower;
mod php;
mod powershell;
mod programs;
mod python;
mod required;
mod rows;
mod ruby;
mod rust;
pub(super) mod said_types;
mod shared;
mod shell;
mod strings;
mod written_names;
mod yields;

use super::form::Unit;
use super::prefilter::Ground;
use crate::scan::requests::request::Dialect;
pub(super) use shared::PAIR;

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
    /// C#.
    CSharp,
    /// Ruby.
    Ruby,
    /// PHP.
    Php,
    /// Kotlin.
    Kotlin,
    /// PowerShell.
    PowerShell,
    /// A request that is written as data in YAML.
    Yaml,
    /// A request that is written as data in JSON: a collection of an API client.
    Json,
    /// A request of a `.http` file.
    HttpFile,
    /// A request that is written as data in HCL.
    Hcl,
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

/// Files that are called by what they are for, in lower case.
const NAMED: [(Language, &[&str]); 3] = [
    (
        Language::Ruby,
        &[
            "rakefile",
            "gemfile",
            "guardfile",
            "fastfile",
            "appfile",
            "dangerfile",
            "brewfile",
            "capfile",
            "vagrantfile",
            "podfile",
            "berksfile",
            "thorfile",
            "puppetfile",
        ],
    ),
    (
        Language::Shell,
        &[
            ".bashrc",
            ".bash_profile",
            ".bash_login",
            ".bash_aliases",
            ".bash_functions",
            ".profile",
            ".kshrc",
            ".zshrc",
            ".zshenv",
            ".zprofile",
            ".envrc",
            "pkgbuild",
            "apkbuild",
        ],
    ),
    (Language::Python, &["sconstruct", "sconscript", "wscript"]),
];

/// All languages.
pub(super) static TABLE: [Support; 13] = [
    Support {
        language: Language::Python,
        name: "python",
        extensions: &["py", "pyi", "pyw"],
        interpreters: &["python", "pypy", "uv"],
        grammar: || tree_sitter_python::LANGUAGE.into(),
        lower: python::syntax::lower,
        dialect: &python::http::Python,
    },
    Support {
        language: Language::Shell,
        name: "shell",
        extensions: &["sh", "bash", "ksh", "zsh", "bats"],
        interpreters: &["sh", "bash", "dash", "ksh", "zsh", "ash"],
        grammar: || tree_sitter_bash::LANGUAGE.into(),
        lower: shell::syntax::lower,
        dialect: &shell::http::Shell,
    },
    Support {
        language: Language::JavaScript,
        name: "javascript",
        extensions: &["js", "mjs", "cjs", "jsx"],
        interpreters: &["node", "bun", "deno", "k"],
        grammar: || tree_sitter_javascript::LANGUAGE.into(),
        lower: javascript::syntax::lower,
        dialect: &javascript::http::JavaScript,
    },
    Support {
        language: Language::TypeScript,
        name: "typescript",
        extensions: &["ts", "mts", "cts"],
        interpreters: &["ts-node", "tsx"],
        grammar: || tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        lower: javascript::syntax::lower,
        dialect: &javascript::http::JavaScript,
    },
    Support {
        language: Language::Tsx,
        name: "tsx",
        extensions: &["tsx"],
        interpreters: &[],
        grammar: || tree_sitter_typescript::LANGUAGE_TSX.into(),
        lower: javascript::syntax::lower,
        dialect: &javascript::http::JavaScript,
    },
    Support {
        language: Language::Go,
        name: "go",
        extensions: &["go"],
        interpreters: &[],
        grammar: || tree_sitter_go::LANGUAGE.into(),
        lower: go::syntax::lower,
        dialect: &go::http::Go,
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
        lower: rust::syntax::lower,
        dialect: &rust::http::Rust,
    },
    Support {
        language: Language::CSharp,
        name: "csharp",
        extensions: &["cs", "csx"],
        interpreters: &["dotnet-script"],
        grammar: || tree_sitter_c_sharp::LANGUAGE.into(),
        lower: csharp::syntax::lower,
        dialect: &csharp::http::CSharp,
    },
    Support {
        language: Language::Ruby,
        name: "ruby",
        extensions: &["rb", "rake", "gemspec", "ru"],
        interpreters: &["ruby", "jruby"],
        grammar: || tree_sitter_ruby::LANGUAGE.into(),
        lower: ruby::syntax::lower,
        dialect: &ruby::http::Ruby,
    },
    Support {
        language: Language::Php,
        name: "php",
        extensions: &["php", "phtml", "inc"],
        interpreters: &["php"],
        grammar: || tree_sitter_php::LANGUAGE_PHP.into(),
        lower: php::syntax::lower,
        dialect: &php::http::Php,
    },
    Support {
        language: Language::Kotlin,
        name: "kotlin",
        extensions: &["kt", "kts"],
        interpreters: &["kotlin"],
        grammar: || tree_sitter_kotlin_sg::LANGUAGE.into(),
        lower: kotlin::syntax::lower,
        dialect: &jvm_http::Jvm,
    },
    Support {
        language: Language::PowerShell,
        name: "powershell",
        extensions: &["ps1", "psm1"],
        interpreters: &["pwsh", "powershell"],
        grammar: || tree_sitter_powershell::LANGUAGE.into(),
        lower: powershell::syntax::lower,
        dialect: &powershell::http::PowerShell,
    },
];

impl Language {
    /// How texts stand in it.
    pub(super) fn ground(self) -> Ground {
        match self {
            Self::Shell | Self::PowerShell => Ground::Shell,
            Self::Python => Ground::Python,
            _ => Ground::Code,
        }
    }

    /// A text as its grammar is to read it, every byte at its place.
    pub(super) fn as_read(self, text: &str) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Rust => match rust::lazy::opened(text) {
                Some(opened) => rust::streams::opened(&opened).into_owned().into(),
                None => rust::streams::opened(text),
            },
            Self::PowerShell => powershell::text::separated(text),
            Self::Shell => shell::text::separated(text),
            _ => text.into(),
        }
    }

    /// A text with the macros expanded that it or one of some other texts defines, if it calls any.
    pub(crate) fn expanded(self, text: &str, macros: &[&str]) -> Option<rust::expansion::Expanded> {
        (self == Self::Rust).then(|| rust::expansion::expanded(text, macros)).flatten()
    }

    /// The word for the language in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Json => "json",
            Self::HttpFile => "http",
            Self::Hcl => "hcl",
            code => code.support().map_or("", |support| support.name),
        }
    }

    /// The language of a file with this extension.
    pub fn of_extension(extension: &str) -> Option<Self> {
        let extension = extension.to_ascii_lowercase();
        TABLE.iter().find(|row| row.extensions.contains(&extension.as_str())).map(|row| row.language)
    }

    /// The language of a file by its name, of one that has no extension or is nothing but one.
    pub fn of_file_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        NAMED.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(language, _)| *language)
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
        assert_eq!(Language::of_file_name("Rakefile"), Some(Language::Ruby));
        assert_eq!(Language::of_file_name(".zshrc"), Some(Language::Shell));
        assert_eq!(Language::of_file_name("rakefile.md"), None);
    }

    /// The imports of a text: module, what, local name.
    fn imports(language: Language, text: &str) -> Vec<String> {
        let support = language.support().unwrap();
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&(support.grammar)()).unwrap();
        let tree = parser.parse(text, None).unwrap();
        let unit = (support.lower)(tree.root_node(), text);
        let show = |import: &super::super::form::Import| {
            use super::super::form::Imported;
            let what = match &import.what {
                Imported::Module => "module".to_owned(),
                Imported::All => "all".to_owned(),
                Imported::Name(name) => format!("name {name}"),
            };
            format!("{}: {what} as {}", import.module, import.local)
        };
        unit.imports.iter().map(show).collect()
    }

    #[test]
    fn imports_of_python() {
        let text = "import a.b\nimport c as d\nfrom .x.y import z as w, v\nfrom .. import q\n\
                    def f():\n    from m import *\ntry:\n    import fast\nexcept ImportError:\n    import slow as fast\n";
        assert_eq!(
            imports(Language::Python, text),
            [
                "a.b: module as a.b",
                "c: module as d",
                ".x.y: name z as w",
                ".x.y: name v as v",
                "..: name q as q",
                "m: all as ",
                "fast: module as fast",
                "slow: module as fast",
            ]
        );
    }

    #[test]
    fn imports_of_javascript() {
        let text = "import a, { b as c, default as d } from './m';\nimport * as n from \"@x/y\";\n\
                    export * from './all';\nexport { e as f } from './re';\nexport * as g from './ns';\n\
                    const h = require('h');\nconst { i, j: k } = require('ij');\nrequire('./x').run();\n\
                    async function late() { const { l } = await import('./late.js'); }\n";
        let expected = [
            "./m: name (default) as a",
            "./m: name b as c",
            "./m: name (default) as d",
            "@x/y: module as n",
            "./all: all as ",
            "./re: name e as f",
            "./ns: module as g",
            "h: module as h",
            "ij: name i as i",
            "ij: name j as k",
            "./x: module as (module ./x)",
            "./late.js: name l as l",
        ];
        assert_eq!(imports(Language::JavaScript, text), expected);
        assert_eq!(imports(Language::TypeScript, text), expected);
        assert_eq!(
            imports(Language::TypeScript, "import type { A } from './t';\nimport z = require('z');\n"),
            ["./t: name A as A", "z: module as z"]
        );
    }

    #[test]
    fn imports_of_go_and_shell() {
        let text = "package p\nimport \"net/http\"\nimport (\n\tc \"a.io/x/client\"\n\t. \"a.io/y\"\n\t_ \"a.io/z\"\n\t\"a.io/w/v2\"\n)\n";
        assert_eq!(
            imports(Language::Go, text),
            [
                "net/http: module as http",
                "a.io/x/client: module as c",
                "a.io/y: all as ",
                "a.io/w/v2: module as w"
            ]
        );
        let text = "source ./lib.sh\n. \"$(dirname \"$0\")/common.sh\"\n. \"$DIR/a/b.sh\"\nsource \"${HERE}/c.sh\"\n";
        assert_eq!(
            imports(Language::Shell, text),
            ["./lib.sh: all as ", "/common.sh: all as ", "/a/b.sh: all as ", "/c.sh: all as "]
        );
    }
}
