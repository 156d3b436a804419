//! Functions that are handed to a macro of another package: `api_doc! { Ping | pub async fn ping() {} }`.
//! What the macro makes of them is not known; that they are still functions is what such macros are for.

use super::expansion::Tree;

/// Macros whose tokens are code of another program, or data.
const CODE_AS_DATA: [&str; 4] = ["parse_quote", "quote", "quote_spanned", "stringify"];
/// What may stand before `fn`.
const BEFORE: [&str; 7] = ["async", "const", "crate", "default", "extern", "pub", "unsafe"];

/// Whether a text may hand functions to a macro.
pub(super) fn may_be_opened(text: &str) -> bool {
    text.contains("fn ") && ["! {", "!{"].iter().any(|sign| text.contains(sign))
}

/// The functions of a call of a macro that stands where functions are defined, with what is behind
/// the first of them.
pub(super) fn opened<'t>(trees: &[Tree<'t>], at: usize) -> Option<Vec<Tree<'t>>> {
    let [name, bang, Tree::Group('{', given, Some(_)), ..] = trees.get(at..)? else { return None };
    let name = name.leaf().filter(|name| bang.is("!") && !CODE_AS_DATA.contains(name))?;
    if !stands_among_items(trees, at) {
        return None;
    }
    if name == "cfg_if" {
        // `if #[cfg(unix)] { .. } else { .. }`: each of them is of some build.
        let arms = given.iter().filter_map(|tree| match tree {
            Tree::Group('{', inner, _) if first_function(inner).is_some() => Some(&**inner),
            _ => None,
        });
        let made: Vec<Tree<'t>> = arms.flatten().cloned().collect();
        return (!made.is_empty()).then_some(made);
    }
    first_function(given).map(|from| given[from..].to_vec())
}

/// Whether an item may begin at a place, where a path may lead to the name that stands there.
fn stands_among_items(trees: &[Tree<'_>], mut at: usize) -> bool {
    while at >= 2 && trees[at - 1].is("::") {
        at -= 2;
    }
    match at.checked_sub(1).map(|before| &trees[before]) {
        None | Some(Tree::Group('{' | '[', ..)) => true,
        Some(before) => before.is(";"),
    }
}

/// Where the first function begins: with what is said of it before `fn`.
fn first_function(trees: &[Tree<'_>]) -> Option<usize> {
    let defines = |at: usize| {
        let body =
            || trees[at + 3..].iter().find(|tree| matches!(tree, Tree::Group('{', ..)) || tree.is(";"));
        trees[at].is("fn")
            && trees.get(at + 1).and_then(Tree::leaf).is_some()
            && trees[at + 2..].iter().take(2).any(|tree| matches!(tree, Tree::Group('(', ..)) || tree.is("<"))
            && matches!(body(), Some(Tree::Group(..)))
    };
    let mut from = (0..trees.len().saturating_sub(3)).find(|at| defines(*at))?;
    while let Some(before) = from.checked_sub(1) {
        let of_attribute =
            from >= 2 && trees[from - 2].is("#") && matches!(trees[before], Tree::Group('[', ..));
        let of_pub = from >= 2 && trees[from - 2].is("pub") && matches!(trees[before], Tree::Group('(', ..));
        match trees[before].leaf() {
            _ if of_attribute || of_pub => from -= 2,
            Some(word) if BEFORE.contains(&word) || word.starts_with('"') => from -= 1,
            _ => break,
        }
    }
    Some(from)
}
