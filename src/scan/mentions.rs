//! Whether a text may use what another file has: asked of files before they are parsed,
//! which costs a hundred times as much.

use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use memchr::{memchr, memmem, memrchr, memrchr3};

use super::form::{Import, Imported, Span};
use super::language::Language;

/// Words one of which stands in every text that uses some files.
pub(super) struct Mentions(AhoCorasick);

impl Mentions {
    /// None if there is no word to look for.
    pub(super) fn of<'w>(words: impl IntoIterator<Item = &'w String>) -> Option<Self> {
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
            Language::Python => places.next().is_some() && python_imports(text).iter().any(means),
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
    let start = memrchr3(b'"', b'\'', b'`', &bytes[..place.start])?;
    let end = place.end + memchr(bytes[start], &bytes[place.end..])?;
    let module = &text[start + 1..end];
    (!module.contains('\n')).then_some(module)
}

/// What a text of Python imports, one name each. What stands in texts and comments is
/// taken for code.
fn python_imports(text: &str) -> Vec<Import> {
    let mut out = Vec::new();
    for at in memmem::find_iter(text.as_bytes(), "import") {
        let line = memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |newline| newline + 1);
        let (before, after) = (text[line..at].trim(), &text[at + "import".len()..]);
        let (names, from) = (imported_names(after), before.rsplit_once("from").map(|(_, module)| module));
        match from.or_else(|| before.strip_prefix("from")).map(str::trim) {
            Some(module) => out.extend(names.map(|name| {
                let what = if name == "*" { Imported::All } else { Imported::Name(Arc::from(name)) };
                imported(module, what)
            })),
            None => out.extend(names.map(|name| imported(name, Imported::Module))),
        }
    }
    out
}

/// The names of a list behind `import`, which goes on in other lines behind `(` and `\`.
fn imported_names(list: &str) -> impl Iterator<Item = &str> {
    let bare = list.trim_start_matches([' ', '\t']);
    let end = match bare.strip_prefix('(') {
        Some(inside) => inside.find(')').map(|end| end + 1),
        None => memmem::find_iter(bare.as_bytes(), "\n")
            .find(|end| !bare[..*end].trim_end_matches('\r').ends_with('\\')),
    };
    let lines = bare[..end.unwrap_or(bare.len())].lines();
    let names = lines.flat_map(|line| line.split('#').next().unwrap_or(line).split([',', ';']));
    let bare = names
        .filter_map(|name| name.trim_matches([' ', '\t', '(', ')', '\\', '\r']).split([' ', '\t']).next());
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
        assert_eq!(asked("import a.utils as tools, b\n"), ["a.utils", "b"]);
        assert_eq!(asked("try: import utils\nexcept ImportError: pass\n"), ["utils"]);
        assert_eq!(asked("    from .. import utils; x = 1\n")[0], "..:utils");
        let several = "from package import (\n    names,  # (all)\n    utils as tools,\n)\nx = 1\n";
        assert!(asked(several).contains(&"package:names".to_owned()));
        assert_eq!(asked("from package import names, \\\n    utils\n"), ["package:names", "package:utils"]);
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
