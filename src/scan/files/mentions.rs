//! Whether a text may use what another file has: asked of files before they are parsed,
//! which costs a hundred times as much.

use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use memchr::{memchr, memmem, memrchr, memrchr3};

use crate::scan::form::{Import, Imported, Span};
use crate::scan::language::Language;

/// Imports of one file that are looked at, and names of each.
const MAX_IMPORTS: usize = 2_000;
const MAX_NAMES: usize = 200;
/// How long the name of a module is at most, in bytes.
const MAX_NAME: usize = 300;

/// Words one of which stands in every text that uses some files.
pub(super) struct Mentions(AhoCorasick);

impl Mentions {
    /// None if there is no word to look for.
    pub(crate) fn of<'w>(words: impl IntoIterator<Item = &'w String>) -> Option<Self> {
        let mut words = words.into_iter().filter(|word| word.len() > 1).peekable();
        words.peek()?;
        AhoCorasick::new(words).ok().map(Self)
    }

    /// Where the words stand as whole words.
    fn places<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        let of_word = |at: Option<usize>| {
            let byte = at.and_then(|at| text.as_bytes().get(at));
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii())
        };
        let found = self.0.find_overlapping_iter(text).map(|found| found.start()..found.end());
        found.filter(move |place| !of_word(place.start.checked_sub(1)) && !of_word(Some(place.end)))
    }

    /// Whether a text may use one of the files, as `means` knows of what a text imports.
    /// Where nothing of another file is known without an import, a word elsewhere says nothing.
    pub(super) fn stand_in(&self, text: &str, language: Language, means: &dyn Fn(&Import) -> bool) -> bool {
        let mut places = self.places(text);
        match language {
            // To look a module up costs more than to see that its name has none of the words.
            Language::Python => {
                let named = |import: &Import| match &import.what {
                    Imported::Name(name) => self.0.is_match(&**name) || self.0.is_match(&*import.module),
                    _ => self.0.is_match(&*import.module),
                };
                places.next().is_some()
                    && python_imports(text, &|import: &Import| named(import) && means(import))
            }
            Language::JavaScript | Language::TypeScript | Language::Tsx => places
                .filter_map(|place| named_module(text, place))
                .any(|module| means(&imported(module, Imported::Module))),
            _ => places.next().is_some(),
        }
    }
}

fn imported(module: &str, what: Imported) -> Import {
    Import { module: module.into(), what, local: "".into(), span: Span { start: 0, end: 0 } }
}

/// The text in quotation marks around a place: `"../lib/word.js"`.
fn named_module(text: &str, place: Range<usize>) -> Option<&str> {
    let bytes = text.as_bytes();
    let from = place.start.saturating_sub(MAX_NAME);
    let start = from + memrchr3(b'"', b'\'', b'`', &bytes[from..place.start])?;
    let to = bytes.len().min(place.end + MAX_NAME);
    let end = place.end + memchr(bytes[start], &bytes[place.end..to])?;
    let module = &text[start + 1..end];
    (!module.contains('\n')).then_some(module)
}

/// Whether a text of Python imports what is asked for, one name at a time. What stands in
/// texts and comments is taken for code.
fn python_imports(text: &str, means: &dyn Fn(&Import) -> bool) -> bool {
    let bytes = text.as_bytes();
    memmem::find_iter(bytes, "import").take(MAX_IMPORTS).any(|at| {
        // A long line is looked at from some character of it on.
        let from = at.saturating_sub(MAX_NAME);
        let line = memrchr(b'\n', &bytes[from..at]).map_or(from, |newline| from + newline + 1);
        let line = (line..=at).find(|line| text.is_char_boundary(*line)).unwrap_or(at);
        // `try: import json`, `x = 1; import json`
        let before = text[line..at].rsplit([':', ';']).next().unwrap_or_default().trim();
        let mut names = imported_names(&text[at + "import".len()..]);
        match before.strip_prefix("from").map(str::trim) {
            Some(module) => names.any(|name| {
                let what = if name == "*" { Imported::All } else { Imported::Name(Arc::from(name)) };
                means(&imported(module, what))
            }),
            None if before.is_empty() => names.any(|name| means(&imported(name, Imported::Module))),
            None => false,
        }
    })
}

/// The names of a list behind `import`, which goes on in other lines behind `(` and `\`.
fn imported_names(list: &str) -> impl Iterator<Item = &str> {
    let bare = list.trim_start_matches([' ', '\t']);
    let several = bare.starts_with('(');
    let mut goes_on = true;
    let lines = bare.split_inclusive('\n').take(MAX_NAMES).take_while(move |line| {
        let (this, code) = (goes_on, line.split('#').next().unwrap_or(line).trim_end());
        goes_on = if several { !code.contains(')') } else { code.ends_with('\\') };
        this
    });
    // What stands behind `;` is another statement.
    let code = lines.map(|line| line.split(['#', ';']).next().unwrap_or(line));
    let names = code.flat_map(|line| line.split(',')).take(MAX_NAMES);
    let bare = names.filter_map(|name| {
        name.trim_matches([' ', '\t', '(', ')', '\\', '\r', '\n']).split([' ', '\t']).next()
    });
    bare.filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is asked of a text that may use `package/utils`, in the order of asking.
    fn modules(text: &str, language: Language) -> Vec<String> {
        let asked = std::cell::RefCell::new(Vec::new());
        let words = ["utils".to_owned(), "util".to_owned()];
        let means = |import: &Import| {
            let name = match &import.what {
                Imported::Name(name) => format!(":{name}"),
                Imported::All => ":*".to_owned(),
                Imported::Module => String::new(),
            };
            asked.borrow_mut().push(format!("{}{name}", import.module));
            false
        };
        assert!(Mentions::of(&words).is_some_and(|mentions| !mentions.stand_in(text, language, &means)));
        asked.into_inner()
    }

    #[test]
    fn python_is_asked_for_what_it_imports() {
        let asked = |text| modules(text, Language::Python);
        assert_eq!(asked("from .utils import base, more as other\n"), [".utils:base", ".utils:more"]);
        assert_eq!(asked("import a.utils as tools, b\n"), ["a.utils"]);
        assert_eq!(asked("try: import utils\nexcept ImportError: pass\n"), ["utils"]);
        assert_eq!(asked("    from .. import utils; x = 1\n"), ["..:utils"]);
        let several = "from package import (\n    names,  # (all)\n    utils as tools,\n)\nx = 1\n";
        assert_eq!(asked(several), ["package:utils"]);
        assert_eq!(asked("from package import names, \\\n    utils\n"), ["package:utils"]);
        assert_eq!(asked("from utils import *"), ["utils:*"]);
        assert!(asked("import other_utils\n").is_empty(), "no word of it stands there");
        assert!(asked("utils = 1\n").is_empty());
    }

    #[test]
    fn javascript_is_asked_for_the_names_of_modules() {
        let asked = |text| modules(text, Language::TypeScript);
        assert_eq!(asked("import { base } from './utils'"), ["./utils"]);
        assert_eq!(asked("const utils = require(\"../lib/utils.js\")"), ["../lib/utils.js"]);
        assert!(asked("const utils = base()").is_empty());
        assert!(asked("const a = 'b';\nutils.run();\nconst c = 'd'").is_empty());
    }

    #[test]
    fn elsewhere_a_whole_word_counts() {
        let words = ["utils".to_owned()];
        let stands = |text| {
            Mentions::of(&words).is_some_and(|mentions| mentions.stand_in(text, Language::Rust, &|_| false))
        };
        assert!(stands("return utils::base()"));
        assert!(!stands("return my_utils::base()"));
    }
}
