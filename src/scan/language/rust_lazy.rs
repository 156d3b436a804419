//! Rust: statics that are made when they are first used: `LazyLock::new(|| ..)`, `lazy_static! { .. }`,
//! `CELL.get_or_init(|| ..)`.

use tree_sitter::Node;

use super::lower::{Lowering, expr};
use super::shared::{call, plain};
use crate::scan::form::*;

/// What is made by what it is handed.
const MADE_LATER: [&str; 6] =
    ["LazyLock::new", "Lazy::new", "LazyCell::new", "SyncLazy::new", "SyncOnceCell::new", "AsyncLazy::new"];

/// A text in which `lazy_static! { static ref X: T = x; }` is `static X: T = x;`, every other byte
/// at its place.
pub(super) fn opened(text: &str) -> Option<String> {
    const NAME: &str = "lazy_static!";
    if !text.contains(NAME) {
        return None;
    }
    let mut out = text.as_bytes().to_vec();
    for (at, _) in text.match_indices(NAME) {
        let before = text[..at].trim_end_matches("lazy_static::").trim_end_matches("::").len();
        let Some(open) = text[at..].find('{').map(|open| at + open) else { continue };
        if !text[at + NAME.len()..open].trim().is_empty() {
            continue;
        }
        let Some(close) = end_of(text.as_bytes(), open) else { continue };
        let from = before.min(at);
        out[from..=open].iter_mut().filter(|byte| !byte.is_ascii_whitespace()).for_each(|byte| *byte = b' ');
        out[close] = b' ';
        for (word, _) in text[open..close].match_indices("static ref ") {
            let place = open + word + "static ".len();
            out[place..place + "ref".len()].fill(b' ');
        }
    }
    String::from_utf8(out).ok()
}

/// Where braces end, if texts do not hold odd ones.
fn end_of(bytes: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
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
