//! Rust: statics that are made when they are first used: `LazyLock::new(|| ..)`, `lazy_static! { .. }`,
//! `CELL.get_or_init(|| ..)`.

use std::collections::BTreeMap;

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, expr};
use crate::scan::language::shared::{call, plain};

/// What is made by what it is handed.
const MADE_LATER: [&str; 6] =
    ["LazyLock::new", "Lazy::new", "LazyCell::new", "SyncLazy::new", "SyncOnceCell::new", "AsyncLazy::new"];

/// A text in which `lazy_static! { static ref X: T = x; }` is `static X: T = x;`, every other byte
/// at its place.
pub(crate) fn opened(text: &str) -> Option<String> {
    const NAME: &str = "lazy_static!";
    if !text.contains(NAME) {
        return None;
    }
    let mut out = text.as_bytes().to_vec();
    // Where they begin, by where their braces do.
    let mut opens: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, _) in text.match_indices(NAME) {
        let before = text[..at].trim_end_matches("lazy_static::").trim_end_matches("::").len();
        let behind = text[at + NAME.len()..].trim_start();
        if behind.starts_with('{') {
            opens.insert(text.len() - behind.len(), before.min(at));
        }
    }
    let mut done = 0;
    for (open, close) in closed(text.as_bytes(), &opens) {
        let from = opens.get(&open).copied().unwrap_or(open);
        out[from..=open].iter_mut().filter(|byte| !byte.is_ascii_whitespace()).for_each(|byte| *byte = b' ');
        out[close] = b' ';
        if open < done {
            continue;
        }
        done = close;
        for (word, _) in text[open..close].match_indices("static ref ") {
            let place = open + word + "static ".len();
            out[place..place + "ref".len()].fill(b' ');
        }
    }
    String::from_utf8(out).ok()
}

/// Where some braces begin and end, in their order, if texts do not hold odd ones.
fn closed(bytes: &[u8], wanted: &BTreeMap<usize, usize>) -> BTreeMap<usize, usize> {
    let mut out = BTreeMap::new();
    let mut open = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' => open.push(at),
            b'}' => {
                if let Some(from) = open.pop().filter(|from| wanted.contains_key(from)) {
                    out.insert(from, at);
                }
            }
            _ => {}
        }
    }
    out
}

/// What is made when it is first used, by a closure or a function that stands alone.
pub(super) fn made_later<'t>(
    l: &mut Lowering<'t>,
    function: Node<'t>,
    args: Vec<Arg>,
    node: Node<'t>,
) -> Result<ExprKind, Vec<Arg>> {
    let path: String = l.text(function).split_whitespace().collect();
    let method = function.child_by_field_name("field").map_or("", |field| l.text(field));
    let fits = MADE_LATER.iter().any(|made| path == *made || path.ends_with(&format!("::{made}")))
        || matches!(method, "get_or_init" | "get_or_try_init");
    if !fits || args.len() != 1 {
        return Err(args);
    }
    let Some(made) = args.into_iter().next() else { return Err(plain(Vec::new())) };
    match made.value.kind {
        ExprKind::Function(_) | ExprKind::Name(_) | ExprKind::Member(..) => {
            Ok(expr(call(made.value, Vec::new()), node).kind)
        }
        kind => Ok(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::opened;

    #[test]
    fn statics_in_a_macro_are_ordinary_ones() {
        let text = "lazy_static! { a { lazy_static::lazy_static! {\nstatic ref X: T = { 1 }; } } } } lazy_static! { {";
        let wanted = "               a {                            \nstatic     X: T = { 1 };   }   } lazy_static! { {";
        assert_eq!(opened(text).unwrap(), wanted);
    }

    #[test]
    fn those_without_an_end_are_read_once() {
        let open = "lazy_static! { ".repeat(50_000);
        assert_eq!(opened(&open), Some(open.clone()));
        assert!(opened(&format!("{open}{}", "static ref ".repeat(1_000) + &"}".repeat(50_000))).is_some());
        assert!(opened(&"lazy_static! ".repeat(50_000)).is_some());
    }
}
