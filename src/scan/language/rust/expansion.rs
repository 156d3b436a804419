//! Macros of Rust that a program defines itself are expanded before its code is read:
//! `macro_rules! route { ($name:ident: $path:expr) => { fn $name(&self) { .. } } }`.
//!
//! What a call of a macro hands over keeps its place in the file; what the macro itself has
//! stands where the call does.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::opened::{may_be_opened, opened};
use super::pasted::pasted;
use crate::scan::form::Span;

/// Calls of macros in macros that are followed.
const MAX_DEPTH: usize = 160;
/// Tokens that the macros of a file may be expanded to.
const MAX_TOKENS: usize = 400_000;
/// Groups in groups that are read.
const MAX_NESTING: usize = 100;

/// What `doc-comment` does: what it is handed behind the text.
const DOC_COMMENT: &str = "macro_rules! doc_comment { ($x:expr, $($tt:tt)*) => { $($tt)* }; }";

/// A text whose macros are expanded, and where its parts stand in the file.
pub(crate) struct Expanded {
    pub(in crate::scan) text: String,
    /// Where parts begin in the text, and what they are in the file, one after the other.
    parts: Vec<(u32, Origin)>,
}

#[derive(Clone, Copy)]
enum Origin {
    /// The same bytes of the file, from here on.
    Same(u32),
    /// A part of a call.
    Inside(u32),
}

impl Expanded {
    /// The place in the file of a place in the text.
    pub(in crate::scan) fn place(&self, span: Span) -> Span {
        let (start, end) = (self.at(span.start, false), self.at(span.end, true));
        Span { start: start.min(end), end: start.max(end) }
    }

    fn at(&self, place: u32, end: bool) -> u32 {
        let wanted = if end { place.saturating_sub(1) } else { place };
        let part = self.parts.partition_point(|(from, _)| *from <= wanted).saturating_sub(1);
        match self.parts.get(part) {
            Some((from, Origin::Same(at))) => at + place.saturating_sub(*from),
            Some((_, Origin::Inside(at))) => *at,
            None => place,
        }
    }

    /// Whether what was written last is a name that a path may go on from, and a space.
    fn ends_in_name(&self) -> bool {
        // Behind these a path begins: `as ::std::string::String`.
        const KEYWORDS: [&str; 12] =
            ["as", "dyn", "else", "for", "if", "impl", "in", "match", "mut", "pub", "return", "use"];
        let Some(before) = self.text.strip_suffix(' ') else { return false };
        if self.parts.last().is_none_or(|(from, _)| *from as usize != before.len()) {
            return false;
        }
        let is_inside = |c: char| c.is_alphanumeric() || c == '_';
        let name = &before[before.trim_end_matches(is_inside).len()..];
        !name.is_empty() && !KEYWORDS.contains(&name)
    }
}

/// A token, or what stands in brackets. Places are those in the file, if they are there.
#[derive(Clone)]
pub(super) enum Tree<'t> {
    Leaf(&'t str, Option<u32>),
    /// A token that stands nowhere in the file: a name put together of several.
    Made(Rc<str>, Option<u32>),
    Group(char, Rc<Vec<Tree<'t>>>, Option<(u32, u32)>),
}

impl<'t> Tree<'t> {
    pub(super) fn leaf(&self) -> Option<&'t str> {
        match self {
            Tree::Leaf(text, _) => Some(text),
            Tree::Made(..) | Tree::Group(..) => None,
        }
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.leaf() == Some(text)
    }

    pub(super) fn group(&self) -> Option<&[Tree<'t>]> {
        match self {
            Tree::Leaf(..) | Tree::Made(..) => None,
            Tree::Group(_, inner, _) => Some(inner),
        }
    }
}

/// What a rule asks for.
enum Pattern<'t> {
    Leaf(&'t str),
    Group(char, Vec<Pattern<'t>>),
    Name(&'t str, &'t str),
    Repeat(Vec<Pattern<'t>>, Option<&'t str>, &'t str),
}

/// What a name of a rule stands for.
#[derive(Clone)]
enum Bound<'t> {
    One(Rc<Vec<Tree<'t>>>),
    Many(Rc<Vec<Bound<'t>>>),
}

type Bounds<'t> = BTreeMap<&'t str, Bound<'t>>;

/// The arms of a macro: what it is given, and what becomes of it.
type Rules<'t> = Vec<(Vec<Pattern<'t>>, Rc<Vec<Tree<'t>>>)>;

/// A macro: its arms, and the tokens that they were read from.
struct Macro<'t> {
    rules: Rules<'t>,
    source: Rc<Vec<Tree<'t>>>,
}

/// Macros by name; none where a name stands for several that differ.
type Known<'t> = BTreeMap<&'t str, Option<Rc<Macro<'t>>>>;

/// A file with the macros expanded that it or one of some other texts defines; none if it calls none.
pub(crate) fn expanded(text: &str, others: &[&str]) -> Option<Expanded> {
    let defines = |text: &str| text.contains("macro_rules!");
    let opens = may_be_opened(text);
    if !text.contains('!') || !opens && !defines(text) && !others.iter().any(|other| defines(other)) {
        return None;
    }
    let called = called(text);
    let all = || others.iter().copied().chain([DOC_COMMENT, text]);
    if !opens && !all().any(|text| defined(text).any(|name| called.contains(name))) {
        return None;
    }
    let trees = read(text, true);
    let (mut own, mut foreign, mut usual) = (Known::new(), Known::new(), Known::new());
    define(&trees, &mut own);
    others.iter().for_each(|other| define(&read(other, false), &mut foreign));
    define(&read(DOC_COMMENT, false), &mut usual);
    let known = [own, foreign, usual];
    let mut work = Work { scopes: Vec::new(), known, left: MAX_TOKENS, endless: false, calls: Vec::new() };
    work.look(&trees);
    if work.calls.is_empty() {
        return None;
    }
    let mut out = Expanded { text: String::with_capacity(text.len() * 2), parts: Vec::new() };
    let mut from = 0;
    let lines = text.match_indices('\n').map(|(at, _)| at as u32).collect();
    let mut near = Near { lines, last: 0, steps: 0 };
    for (start, end, trees) in std::mem::take(&mut work.calls) {
        let Some(before) = text.get(from..start as usize) else { continue };
        out.parts.push((out.text.len() as u32, Origin::Same(from as u32)));
        out.text.push_str(before);
        near.seen(start);
        write(&trees, &mut out, &mut near);
        from = end as usize;
    }
    out.parts.push((out.text.len() as u32, Origin::Same(from as u32)));
    out.text.push_str(text.get(from..)?);
    Some(out)
}

/// The words before a `!`.
fn called(text: &str) -> BTreeSet<&str> {
    let is_inside = |c: char| c.is_alphanumeric() || c == '_';
    let word = |(at, _)| {
        let before = text[..at].trim_end();
        &before[before.trim_end_matches(is_inside).len()..]
    };
    text.match_indices('!').map(word).collect()
}

/// The names of the macros that a text seems to define.
fn defined(text: &str) -> impl Iterator<Item = &str> {
    let name = |(at, sign): (usize, &str)| {
        let behind = text[at + sign.len()..].trim_start();
        behind.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()
    };
    text.match_indices("macro_rules!").map(name)
}

/// How many tokens there are.
fn size(trees: &[Tree<'_>]) -> usize {
    trees.iter().map(|tree| 1 + tree.group().map_or(0, size)).sum()
}

/// Where what a macro itself has stands in the file: behind what was handed over last, in the same
/// line, each token at a place of its own.
struct Near {
    /// Where the lines end.
    lines: Vec<u32>,
    last: u32,
    steps: u32,
}

impl Near {
    fn next(&mut self) -> u32 {
        self.steps += 1;
        let line = self.lines.partition_point(|end| *end < self.last);
        let left = self.lines.get(line).map_or(0, |end| end - self.last);
        self.last + self.steps.min(left)
    }

    fn seen(&mut self, end: u32) {
        (self.last, self.steps) = (end, 0);
    }
}

/// Writes tokens with spaces between them, paths as they are written by hand: `String::from`.
fn write(trees: &[Tree<'_>], out: &mut Expanded, near: &mut Near) {
    let part = |at: Option<u32>, text: &str, near: &mut Near, out: &mut Expanded| {
        if text == "::" && out.ends_in_name() {
            out.text.pop();
            out.parts.pop();
        }
        let origin = at.map_or_else(|| Origin::Inside(near.next()), Origin::Same);
        out.parts.push((out.text.len() as u32, origin));
        out.text.push_str(text);
        if let Some(at) = at {
            near.seen(at + text.len() as u32);
        }
        out.parts.push((out.text.len() as u32, Origin::Inside(near.last)));
        if text != "::" {
            out.text.push(' ');
        }
    };
    for tree in trees {
        match tree {
            Tree::Leaf(text, at) => part(*at, text, near, out),
            Tree::Made(text, at) => {
                // It is as long as it is, whatever it was put together of.
                part(None, text, near, out);
                near.seen(at.unwrap_or(near.last));
            }
            Tree::Group(open, inner, at) => {
                let bracket = [*open, closing(*open)].map(String::from);
                part(at.map(|(start, _)| start), &bracket[0], near, out);
                write(inner, out, near);
                part(at.map(|(_, end)| end), &bracket[1], near, out);
            }
        }
    }
}

fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// The calls that are being expanded.
struct Work<'t> {
    /// What is defined so far in the groups around, the innermost last.
    scopes: Vec<BTreeMap<&'t str, Rc<Macro<'t>>>>,
    /// All that the file defines (by exports and imports that is seen elsewhere too), what other files
    /// define, and what packages do.
    known: [Known<'t>; 3],
    left: usize,
    /// Whether calls in calls were too many to follow.
    endless: bool,
    /// Calls in the file: from where to where, and what they become.
    calls: Vec<(u32, u32, Vec<Tree<'t>>)>,
}

impl<'t> Work<'t> {
    /// The macro that a name stands for.
    fn of_name(&self, name: &str) -> Option<Rc<Macro<'t>>> {
        if let Some(nearest) = self.scopes.iter().rev().find_map(|scope| scope.get(name)) {
            return Some(nearest.clone());
        }
        self.known.iter().find_map(|known| known.get(name))?.clone()
    }

    /// Looks for calls of macros in a file.
    fn look(&mut self, trees: &[Tree<'t>]) {
        self.scopes.push(BTreeMap::new());
        self.look_inside(trees);
        self.scopes.pop();
    }

    fn look_inside(&mut self, trees: &[Tree<'t>]) {
        let mut at = 0;
        while at < trees.len() {
            let called = self.call(trees, at).or_else(|| Some((3, opened(trees, at)?)));
            if let Some((used, made)) = called
                && let (Tree::Leaf(_, Some(start)), Tree::Group(open, _, Some((_, end)))) =
                    (&trees[at], &trees[at + 2])
            {
                self.endless = false;
                let made = self.expand(&made, 1);
                if self.endless || self.left == 0 {
                    // Half of it says less than the call as it is written.
                    at += 1;
                    continue;
                }
                let mut end = end + 1;
                // `items!(a, b);`: behind what is defined there is no semicolon.
                if *open != '{'
                    && defines_items(&made)
                    && let Some(Tree::Leaf(";", Some(place))) = trees.get(at + used)
                {
                    end = place + 1;
                }
                let start = path_before(trees, at).unwrap_or(*start);
                self.calls.push((start, end, made));
                at += used;
                continue;
            }
            if trees[at].is("macro_rules") {
                if let (Some((name, found)), Some(scope)) = (definition(trees, at), self.scopes.last_mut()) {
                    scope.insert(name, Rc::new(found));
                }
                at += 4;
                continue;
            }
            if let Some(inner) = trees[at].group() {
                self.look(inner);
            }
            at += 1;
        }
    }

    /// What a call becomes, and how many tokens it has.
    fn call(&mut self, trees: &[Tree<'t>], at: usize) -> Option<(usize, Vec<Tree<'t>>)> {
        let [name, bang, args, ..] = trees.get(at..)? else { return None };
        let given = args.group().filter(|_| bang.is("!"))?;
        let called = self.of_name(name.leaf()?)?;
        for (pattern, body) in &called.rules {
            let mut bounds = Bounds::new();
            if fits(pattern, given, &mut bounds) == Some(given.len()) {
                let mut out = Vec::new();
                transcribe(body, &bounds, &mut out, &mut self.left);
                return (self.left > 0).then_some((3, out));
            }
        }
        None
    }

    /// The same of a macro that every program has, where it stands in one of the program's.
    fn pasted(&mut self, trees: &[Tree<'t>], at: usize) -> Option<(usize, Vec<Tree<'t>>)> {
        let made = pasted(trees, at)?;
        self.left = self.left.saturating_sub(size(&made));
        (self.left > 0).then_some((3, made))
    }

    /// Expands the calls in what a macro became.
    fn expand(&mut self, trees: &[Tree<'t>], depth: usize) -> Vec<Tree<'t>> {
        let mut out = Vec::with_capacity(trees.len());
        let mut at = 0;
        while at < trees.len() && !self.endless && self.left > 0 {
            if let Some((used, made)) = self.call(trees, at).or_else(|| self.pasted(trees, at)) {
                if depth >= MAX_DEPTH {
                    self.endless = true;
                    break;
                }
                while out.last().is_some_and(|last: &Tree<'_>| last.is("::")) {
                    out.truncate(out.len().saturating_sub(2));
                }
                let made = self.expand(&made, depth + 1);
                let items = defines_items(&made);
                out.extend(made);
                at += used;
                if items && trees.get(at).is_some_and(|next| next.is(";")) {
                    at += 1;
                }
                continue;
            }
            out.push(match &trees[at] {
                Tree::Group(open, inner, place) => {
                    Tree::Group(*open, Rc::new(self.expand(inner, depth)), *place)
                }
                leaf => leaf.clone(),
            });
            at += 1;
        }
        out
    }
}

/// Where the path begins that stands before a name: `crate::url!(..)`.
fn path_before(trees: &[Tree<'_>], at: usize) -> Option<u32> {
    let mut from = None;
    let mut at = at;
    while at >= 2 && trees[at - 1].is("::") {
        at -= 2;
        from = match &trees[at] {
            Tree::Leaf(_, place) => *place,
            Tree::Made(..) | Tree::Group(..) => None,
        };
    }
    from
}

/// Whether tokens define something.
fn defines_items(trees: &[Tree<'_>]) -> bool {
    const ITEMS: [&str; 13] = [
        "#", "pub", "fn", "async", "const", "static", "impl", "struct", "enum", "trait", "mod", "use", "type",
    ];
    trees.first().and_then(Tree::leaf).is_some_and(|word| ITEMS.contains(&word))
}

/// Notes the macros that some code defines.
fn define<'t>(trees: &[Tree<'t>], known: &mut Known<'t>) {
    for (at, tree) in trees.iter().enumerate() {
        if let Some((name, found)) = definition(trees, at) {
            match known.get_mut(name) {
                Some(first) => {
                    if first.as_ref().is_some_and(|first| !same(&first.source, &found.source)) {
                        *first = None;
                    }
                }
                None => {
                    known.insert(name, Some(Rc::new(found)));
                }
            }
        } else if let Some(inner) = tree.group()
            && !defines_at(trees, at.wrapping_sub(3))
        {
            define(inner, known);
        }
    }
}

/// Whether a macro is defined at some place.
fn defines_at(trees: &[Tree<'_>], at: usize) -> bool {
    trees.get(at).is_some_and(|tree| tree.is("macro_rules"))
}

/// The macro that is defined at some place: its name, and what it is.
fn definition<'t>(trees: &[Tree<'t>], at: usize) -> Option<(&'t str, Macro<'t>)> {
    if !defines_at(trees, at) {
        return None;
    }
    let [bang, name, Tree::Group(_, body, _), ..] = trees.get(at + 1..)? else { return None };
    let name = name.leaf().filter(|_| bang.is("!"))?;
    let mut rules = Vec::new();
    for (at, _) in body.iter().enumerate().filter(|(_, tree)| tree.is("=>")) {
        let given = at.checked_sub(1).and_then(|at| body.get(at)?.group());
        if let (Some(given), Some(Tree::Group(_, made, _))) = (given, body.get(at + 1)) {
            rules.push((patterns(given), Rc::new(placeless(made))));
        }
    }
    Some((name, Macro { rules, source: body.clone() }))
}

/// Whether tokens are the same, wherever they stand.
fn same(a: &[Tree<'_>], b: &[Tree<'_>]) -> bool {
    let one = |(a, b): (&Tree<'_>, &Tree<'_>)| match (a, b) {
        (Tree::Leaf(a, _), Tree::Leaf(b, _)) => a == b,
        (Tree::Made(a, _), Tree::Made(b, _)) => a == b,
        (Tree::Group(a, inside, _), Tree::Group(b, other, _)) => a == b && same(inside, other),
        _ => false,
    };
    a.len() == b.len() && a.iter().zip(b).all(one)
}

/// Tokens of a macro itself: they stand where it is called.
fn placeless<'t>(trees: &[Tree<'t>]) -> Vec<Tree<'t>> {
    let one = |tree: &Tree<'t>| match tree {
        Tree::Leaf(text, _) => Tree::Leaf(text, None),
        Tree::Made(text, _) => Tree::Made(text.clone(), None),
        Tree::Group(open, inner, _) => Tree::Group(*open, Rc::new(placeless(inner)), None),
    };
    trees.iter().map(one).collect()
}

/// How what is repeated goes on behind its brackets: the sign between, the sign of how often, and
/// how many tokens these are.
fn repeated<'t>(behind: &[Tree<'t>]) -> Option<(Option<&'t str>, &'t str, usize)> {
    let often =
        |tree: Option<&Tree<'t>>| tree.and_then(Tree::leaf).filter(|text| matches!(*text, "*" | "+" | "?"));
    match (often(behind.first()), often(behind.get(1))) {
        (Some(sign), None) => Some((None, sign, 1)),
        (None, Some(sign)) => Some((behind[0].leaf(), sign, 2)),
        (Some(sign), Some(other)) => match sign {
            // `$(a)+*` is a list with a sign between.
            "+" | "*" if other != sign => Some((Some(sign), other, 2)),
            _ => Some((None, sign, 1)),
        },
        (None, None) => None,
    }
}

fn patterns<'t>(trees: &[Tree<'t>]) -> Vec<Pattern<'t>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < trees.len() {
        let rest = &trees[at..];
        match rest {
            [dollar, name, colon, kind, ..] if dollar.is("$") && colon.is(":") && name.leaf().is_some() => {
                out.push(Pattern::Name(name.leaf().unwrap_or_default(), kind.leaf().unwrap_or_default()));
                at += 4;
            }
            [dollar, Tree::Group('(', inner, _), behind @ ..]
                if dollar.is("$")
                    && let Some((between, often, used)) = repeated(behind) =>
            {
                out.push(Pattern::Repeat(patterns(inner), between, often));
                at += 2 + used;
            }
            [Tree::Group(open, inner, _), ..] => {
                out.push(Pattern::Group(*open, patterns(inner)));
                at += 1;
            }
            [tree, ..] => {
                out.push(Pattern::Leaf(tree.leaf().unwrap_or_default()));
                at += 1;
            }
            [] => break,
        }
    }
    out
}

/// How many tokens some patterns take, if they fit.
fn fits<'t>(patterns: &[Pattern<'t>], trees: &[Tree<'t>], bounds: &mut Bounds<'t>) -> Option<usize> {
    let mut at = 0;
    for pattern in patterns {
        let rest = trees.get(at..)?;
        at += match pattern {
            Pattern::Leaf(text) => rest.first().filter(|tree| tree.is(text)).map(|_| 1)?,
            Pattern::Group(open, inner) => match rest.first()? {
                Tree::Group(known, given, _) if known == open => {
                    (fits(inner, given, bounds)? == given.len()).then_some(1)?
                }
                _ => return None,
            },
            Pattern::Name(name, kind) => {
                let used = taken(kind, rest)?;
                bounds.insert(name, Bound::One(Rc::new(rest.get(..used)?.to_vec())));
                used
            }
            Pattern::Repeat(inner, between, often) => {
                let (used, rounds) = rounds(inner, *between, often, rest)?;
                for name in names_of(inner) {
                    let of_round = |round: &Bounds<'t>| round.get(name).cloned();
                    let all = rounds.iter().filter_map(of_round).collect();
                    bounds.insert(name, Bound::Many(Rc::new(all)));
                }
                used
            }
        };
    }
    Some(at)
}

/// What is repeated, as often as it fits.
fn rounds<'t>(
    inner: &[Pattern<'t>],
    between: Option<&str>,
    often: &str,
    trees: &[Tree<'t>],
) -> Option<(usize, Vec<Bounds<'t>>)> {
    let mut at = 0;
    let mut out: Vec<Bounds<'t>> = Vec::new();
    loop {
        let mut from = at;
        if let (Some(sign), false) = (between, out.is_empty()) {
            match trees.get(at) {
                Some(tree) if tree.is(sign) => from += 1,
                _ => break,
            }
        }
        let mut round = Bounds::new();
        match trees.get(from..).and_then(|rest| fits(inner, rest, &mut round)) {
            Some(used) if used > 0 => at = from + used,
            _ => break,
        }
        out.push(round);
        if often == "?" {
            break;
        }
    }
    (often != "+" || !out.is_empty()).then_some((at, out))
}

/// The names in some patterns.
fn names_of<'t>(patterns: &[Pattern<'t>]) -> Vec<&'t str> {
    let names = |pattern: &Pattern<'t>| match pattern {
        Pattern::Leaf(_) => Vec::new(),
        Pattern::Name(name, _) => vec![*name],
        Pattern::Group(_, inner) | Pattern::Repeat(inner, ..) => names_of(inner),
    };
    patterns.iter().flat_map(names).collect()
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// How many tokens a part of code of a kind takes.
fn taken(kind: &str, trees: &[Tree<'_>]) -> Option<usize> {
    let first = trees.first();
    let word = || first.and_then(Tree::leaf);
    let until = |ends: &[&str], braces: bool| {
        let mut depth = 0i32;
        let end = trees.iter().position(|tree| {
            match tree.leaf() {
                Some("<") => depth += i32::from(!braces),
                Some(">") => depth -= 1,
                Some(">>") => depth -= 2,
                _ => {}
            }
            if depth < 0 {
                depth = 0;
                return !braces;
            }
            let brace = !braces && matches!(tree, Tree::Group('{', ..));
            depth == 0 && (brace || tree.leaf().is_some_and(|text| ends.contains(&text)))
        });
        Some(end.unwrap_or(trees.len())).filter(|used| *used > 0)
    };
    match kind {
        "ident" => word().filter(|text| is_word(text)).map(|_| 1),
        "lifetime" => word().filter(|text| text.starts_with('\'')).map(|_| 1),
        "literal" => match word()? {
            "-" => (trees.len() > 1).then_some(2),
            text => {
                let plain = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '"' | '\''));
                (plain || text.ends_with(['"', '#']) || matches!(text, "true" | "false")).then_some(1)
            }
        },
        "tt" => first.map(|_| 1),
        "block" => matches!(first, Some(Tree::Group('{', ..))).then_some(1),
        "vis" => Some(match (word(), trees.get(1)) {
            (Some("pub"), Some(Tree::Group('(', ..))) => 2,
            (Some("pub"), _) => 1,
            _ => 0,
        }),
        "ty" | "path" => until(&[",", ";", "=>", "=", ":", "|", "where", "as"], false),
        "expr" => until(&[",", ";", "=>"], true),
        "stmt" => until(&[";"], true),
        "pat" | "pat_param" => until(&["=>", ",", "=", "if", "in"], true),
        "meta" => until(&[",", ";"], true),
        "item" => {
            let end = trees.iter().position(|tree| tree.is(";") || matches!(tree, Tree::Group('{', ..)))?;
            Some(end + 1)
        }
        _ => None,
    }
}

/// What becomes of the body of a rule.
fn transcribe<'t>(body: &[Tree<'t>], bounds: &Bounds<'t>, out: &mut Vec<Tree<'t>>, left: &mut usize) {
    let mut at = 0;
    while at < body.len() && *left > 0 {
        let rest = &body[at..];
        *left -= 1;
        match rest {
            [dollar, Tree::Group('(', inner, _), behind @ ..]
                if dollar.is("$")
                    && let Some((between, _, used)) = repeated(behind) =>
            {
                let names = used_names(inner);
                let count = names.iter().filter_map(|name| match bounds.get(name) {
                    Some(Bound::Many(all)) => Some(all.len()),
                    _ => None,
                });
                for round in 0..count.max().unwrap_or(0) {
                    if let (Some(sign), true) = (between, round > 0) {
                        out.push(Tree::Leaf(sign, None));
                    }
                    let mut own = bounds.clone();
                    for name in &names {
                        if let Some(Bound::Many(all)) = bounds.get(name)
                            && let Some(one) = all.get(round)
                        {
                            own.insert(name, one.clone());
                        }
                    }
                    transcribe(inner, &own, out, left);
                }
                at += 2 + used;
            }
            [dollar, name, ..] if dollar.is("$") && name.leaf().is_some_and(is_word) => {
                let name = name.leaf().unwrap_or_default();
                match bounds.get(name) {
                    Some(Bound::One(trees)) => {
                        *left = left.saturating_sub(size(trees));
                        out.extend(trees.iter().cloned());
                    }
                    _ => out.push(Tree::Leaf(name, None)),
                }
                at += 2;
            }
            [Tree::Group(open, inner, place), ..] => {
                let mut own = Vec::new();
                transcribe(inner, bounds, &mut own, left);
                out.push(Tree::Group(*open, Rc::new(own), *place));
                at += 1;
            }
            [tree, ..] => {
                out.push(tree.clone());
                at += 1;
            }
            [] => break,
        }
    }
}

/// The names that a body uses.
fn used_names<'t>(body: &[Tree<'t>]) -> Vec<&'t str> {
    let mut out = Vec::new();
    for (at, tree) in body.iter().enumerate() {
        match tree {
            Tree::Leaf("$", _) => out.extend(body.get(at + 1).and_then(Tree::leaf)),
            Tree::Leaf(..) | Tree::Made(..) => {}
            Tree::Group(_, inner, _) => out.extend(used_names(inner)),
        }
    }
    out
}

/// Signs of more than one character.
const SIGNS: [&str; 18] = [
    "..=", "...", "=>", "->", "::", "..", "&&", "||", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "|=",
    ">>",
];

/// The tokens of a text.
fn read(text: &str, placed: bool) -> Vec<Tree<'_>> {
    // What is open: the bracket, where it is, and what stands in it.
    let mut open: Vec<(char, u32, Vec<Tree<'_>>)> = vec![(' ', 0, Vec::new())];
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let place = placed.then_some(at as u32);
        let length = match c {
            _ if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '/' if rest.starts_with("//") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '/' if rest.starts_with("/*") => {
                at += comment(rest);
                continue;
            }
            '(' | '[' | '{' => {
                if open.len() > MAX_NESTING {
                    return Vec::new();
                }
                open.push((c, at as u32, Vec::new()));
                at += 1;
                continue;
            }
            ')' | ']' | '}' => {
                if open.len() < 2 {
                    return Vec::new();
                }
                if let (Some((bracket, start, inner)), Some((_, _, around))) = (open.pop(), open.last_mut()) {
                    around.push(Tree::Group(bracket, Rc::new(inner), placed.then_some((start, at as u32))));
                }
                at += 1;
                continue;
            }
            '"' => string(rest),
            'r' | 'b' | 'c' if prefixed(rest).is_some() => prefixed(rest).unwrap_or(1),
            '\'' => quote(rest),
            _ if c.is_alphanumeric() || c == '_' => {
                let number = c.is_ascii_digit();
                let end = rest.char_indices().find(|(at, c)| {
                    let point =
                        number && *c == '.' && rest[at + 1..].starts_with(|c: char| c.is_ascii_digit());
                    !(c.is_alphanumeric() || *c == '_' || point)
                });
                end.map_or(rest.len(), |(end, _)| end)
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                sign.map_or(c.len_utf8(), |sign| sign.len())
            }
        };
        if let Some((_, _, inner)) = open.last_mut() {
            inner.push(Tree::Leaf(&rest[..length], place));
        }
        at += length;
    }
    match open.len() {
        1 => open.pop().map(|(_, _, trees)| trees).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The length of a comment in which others may stand.
fn comment(text: &str) -> usize {
    let mut depth = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => {
                depth -= 1;
                if depth == 0 {
                    return at + 2;
                }
            }
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    text.len()
}

/// The length of a text in double quotes.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a text with letters before its quotes: `r#".."#`, `b".."`.
fn prefixed(text: &str) -> Option<usize> {
    let letters = text.find(|c| !matches!(c, 'r' | 'b' | 'c'))?;
    let behind = &text[letters..];
    let hashes = behind.len() - behind.trim_start_matches('#').len();
    if letters > 2 || !behind[hashes..].starts_with('"') {
        return None;
    }
    if !text[..letters].contains('r') {
        return (hashes == 0).then(|| letters + string(behind));
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let inside = letters + hashes + 1;
    Some(text[inside..].find(&end).map_or(text.len(), |at| inside + at + end.len()))
}

/// The length of a character, or of a lifetime.
fn quote(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[2..].find('\'').map_or(text.len(), |end| {
            // `'\''`
            if end == 0 { text[3..].find('\'').map_or(text.len(), |end| end + 4) } else { end + 3 }
        }),
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => {
                let end = text[1..].find(|c: char| !c.is_alphanumeric() && c != '_');
                end.map_or(text.len(), |end| end + 1).max(1)
            }
        },
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> String {
        let expanded = expanded(text, &[]).map(|expanded| expanded.text).unwrap_or_default();
        let behind = expanded.split("//!").nth(1).unwrap_or_default();
        behind.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rules_are_tried_one_after_the_other() {
        let text = "macro_rules! a { (x $p:expr) => { get($p) }; ($p:expr, $q:expr) => { put($p, $q) }; }\n//!\n\
                    a!(x \"/u\") ; a!(1 + 2, \"b\")";
        assert_eq!(made(text), "get ( \"/u\" ) ; put ( 1 + 2 , \"b\" )");
    }

    #[test]
    fn what_is_repeated_is_repeated() {
        let text = "macro_rules! a { ($($m:ident($($p:ident: $t:ty),*)),+ $(,)?) => { $(fn $m($($p: $t,)*) {})+ }; }\n//!\n\
                    a!(get(a: Vec<u8>, b: &str), put(),);";
        let wanted = "fn get ( a : Vec < u8 > , b : & str , ) { } fn put ( ) { }";
        assert_eq!(made(text), wanted);
    }

    #[test]
    fn what_is_left_is_taken_by_the_macro_itself() {
        let text = "macro_rules! a { ($n:ident => $p:literal, $($rest:tt)*) => { fn $n() { $p } a!{$($rest)*} }; () => {} }\n//!\n\
                    a!{ x => \"/x\", y => r#\"/y\"#, }";
        assert_eq!(made(text), "fn x ( ) { \"/x\" } fn y ( ) { r#\"/y\"# }");
    }

    #[test]
    fn what_is_handed_over_keeps_its_place() {
        let text =
            "macro_rules! a { ($p:expr) => { get(concat!(\"/v1\", $p)) }; }\nfn b() { a!(\"/users\"); }\n";
        let expanded = expanded(text, &[]).unwrap();
        let at = expanded.text.find("\"/users\"").unwrap() as u32;
        let span = expanded.place(Span { start: at, end: at + 8 });
        assert_eq!(&text[span.start as usize..span.end as usize], "\"/users\"");
        let behind = expanded.text.rfind("}\n").unwrap() as u32;
        let span = expanded.place(Span { start: behind, end: behind + 1 });
        assert_eq!(span.end as usize, text.len() - 1);
    }

    #[test]
    fn the_nearest_definition_before_a_call_is_meant() {
        let text = "//!\nmod a { macro_rules! m { () => { get() } } fn f() { m!() } }\n\
                    mod b { macro_rules! m { () => { put() } } fn f() { m!() } fn g() { \
                    macro_rules! m { () => { post() } } m!() } fn h() { m!() } }";
        let expanded = made(text);
        for wanted in ["f() { get ( )", "f() { put ( )", "m { () => { post() } } post ( )", "h() { put ( )"] {
            assert!(expanded.contains(wanted), "{wanted}: {expanded}");
        }
    }

    #[test]
    fn a_name_of_several_macros_is_not_read() {
        let twice =
            "mod a { macro_rules! m { () => { get() } } } mod b { macro_rules! m { () => { put() } } }";
        assert_eq!(made(&format!("{twice} //!\nfn f() {{ m!() }}")), "");
        let get = "macro_rules! m { () => { get() } }";
        let put = "macro_rules! m { () => { put() } }";
        assert!(expanded("fn f() { m!() }", &[get, put]).is_none());
        assert!(expanded("fn f() { m!() }", &[get, get]).is_some());
        // What a module exports is seen everywhere.
        let text = format!("fn f() {{ self::m!() }} mod a {{ #[macro_export] {get} }}");
        assert!(expanded(&text, &[put]).unwrap().text.contains("{ get ( )"));
    }

    #[test]
    fn what_never_ends_stays_as_it_is_written() {
        for body in ["a!($($x)* $($x)*)", "a!($($x)*)", "(a!($($x)*) a!($($x)*))"] {
            let text = format!("macro_rules! a {{ ($($x:tt)*) => {{ {body} }} }}\nfn f() {{ a!(x); }}");
            assert!(expanded(&text, &[]).is_none(), "{body}");
        }
    }

    #[test]
    fn one_long_line_is_looked_at_once() {
        let body = "h(1, 2, 3, 4, 5, 6, 7, 8);".repeat(50);
        let calls = "a!(x);".repeat(300);
        let text = format!(
            "macro_rules! a {{ ($x:expr) => {{ {body} }} }} fn g() {{ {calls} }} /* {} */\n",
            "x".repeat(2_000_000)
        );
        assert!(expanded(&text, &[]).is_some());
    }

    #[test]
    fn no_text_is_too_odd() {
        for text in [
            "macro_rules! a {",
            "macro_rules! a { ($x:expr) => }",
            "a!(",
            "macro_rules!",
            "'",
            "r#\"!",
            "/*!",
            "macro_rules! a { ($x:literal) => { 1 }; ($x:tt) => { 2 } } fn f() { a!(-); a!(); }",
            "macro_rules! a { ($x:literal $y:vis) => { 1 } } fn f() { a!(- -); a!(1 pub); a!(-) }",
        ] {
            expanded(text, &["macro_rules! a { () => { a!() } }"]);
        }
        let endless = "macro_rules! a { ($($x:tt)*) => { a!($($x)* $($x)*) } }\nfn f() { a!(x) }";
        expanded(endless, &[]);
    }
}
