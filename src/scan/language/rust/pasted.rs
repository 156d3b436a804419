//! Names that macros of Rust put together (`paste! { fn [<get_ $name>]() {} }`), and names that
//! become texts (`stringify!($name)`).

use std::rc::Rc;

use super::expansion::Tree;
use crate::document::camelized;

/// What a call of `paste!` or `stringify!` becomes, if there is one.
pub(super) fn pasted<'t>(trees: &[Tree<'t>], at: usize) -> Option<Vec<Tree<'t>>> {
    let [name, bang, args, ..] = trees.get(at..)? else { return None };
    let given = args.group().filter(|_| bang.is("!"))?;
    match name.leaf()? {
        "stringify" => {
            let [Tree::Leaf(text, place)] = given else { return None };
            // A raw name is written without its sign.
            let text = text.trim_start_matches("r#");
            Some(vec![Tree::Made(format!("{text:?}").into(), *place)])
        }
        "paste" => Some(joined(given)),
        // An older name: `paste::item! { .. }`.
        "item" if at.checked_sub(2).is_some_and(|front| trees[front].is("paste")) => Some(joined(given)),
        _ => None,
    }
}

/// Tokens with the names in `[<` and `>]` put together.
fn joined<'t>(trees: &[Tree<'t>]) -> Vec<Tree<'t>> {
    let one = |tree: &Tree<'t>| match tree {
        Tree::Group('[', inner, place) => match name_of(inner) {
            Some(name) => Tree::Made(name.into(), place.map(|(start, _)| start)),
            None => Tree::Group('[', Rc::new(joined(inner)), *place),
        },
        Tree::Group(open, inner, place) => Tree::Group(*open, Rc::new(joined(inner)), *place),
        other => other.clone(),
    };
    trees.iter().map(one).collect()
}

/// `< get_ name : snake >`: a sign behind a part says how that is written.
fn name_of(trees: &[Tree<'_>]) -> Option<String> {
    let [first, parts @ .., last] = trees else { return None };
    if !first.is("<") || !last.is(">") || parts.is_empty() {
        return None;
    }
    let mut all: Vec<String> = Vec::new();
    let mut parts = parts.iter();
    while let Some(part) = parts.next() {
        if part.is(":") {
            let last = all.last_mut()?;
            *last = written(last, parts.next()?.leaf()?)?;
            continue;
        }
        match part {
            Tree::Leaf(text, _) => all.push(text.trim_matches('"').trim_start_matches("r#").to_owned()),
            Tree::Made(text, _) => all.push(text.trim_matches('"').to_owned()),
            Tree::Group(..) => return None,
        }
    }
    let name = all.concat();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '\'');
    (!name.is_empty() && name.chars().all(fits)).then_some(name)
}

/// A name in the manner of a sign of `paste!`.
fn written(text: &str, manner: &str) -> Option<String> {
    Some(match manner {
        "lower" => text.to_lowercase(),
        "upper" => text.to_uppercase(),
        "snake" => {
            let mut out = String::new();
            let mut small = false;
            for c in text.chars() {
                if c.is_uppercase() && small {
                    out.push('_');
                }
                small = !c.is_uppercase() && c != '_';
                out.extend(c.to_lowercase());
            }
            out
        }
        "camel" => camelized(text, true),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn names_are_written_as_signs_say() {
        let all = |text| ["lower", "upper", "snake", "camel"].map(|manner| written(text, manner).unwrap());
        assert_eq!(all("user_keys"), ["user_keys", "USER_KEYS", "user_keys", "UserKeys"]);
        assert_eq!(all("UserKeys"), ["userkeys", "USERKEYS", "user_keys", "UserKeys"]);
        assert_eq!(written("user_keys", "title"), None);
    }
}
