//! Functions of PowerShell that take what is piped into them.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::PowerShell;
pub(super) use crate::scan::fields::pipes::PIPED;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, expr};
use crate::scan::language::shared::{call, named, plain};

/// What the commands of a pipe make of what comes in, as far as that is a part of it.
enum Step {
    /// `select -ExpandProperty name`, `% name`, `ForEach-Object { $_.name }`
    Member(Arc<str>, Span),
    /// `ConvertFrom-Json`
    Parsed,
}

/// What comes out of a pipe so far.
pub(super) struct Piped<'t> {
    first: Node<'t>,
    steps: Vec<Step>,
    known: bool,
}

impl<'t> Piped<'t> {
    pub(crate) fn new(first: Node<'t>) -> Self {
        Self { first, steps: Vec::new(), known: true }
    }

    pub(super) fn unknown(first: Node<'t>) -> Self {
        Self { first, steps: Vec::new(), known: false }
    }
}

impl<'t> Lowering<'t> {
    /// What comes out of a pipe so far, lowered once more.
    pub(super) fn ps_come_out(&mut self, piped: &Piped<'t>) -> Option<Expr> {
        let mut value = piped.known.then(|| self.value::<PowerShell>(piped.first))?;
        for step in &piped.steps {
            value = match step {
                Step::Member(name, span) => {
                    let item = expr(ExprKind::Element(Box::new(value)), piped.first);
                    Expr { kind: ExprKind::Member(Box::new(item), name.clone()), span: *span }
                }
                Step::Parsed => call_of("ConvertFrom-Json", vec![value], piped.first),
            };
        }
        Some(value)
    }

    /// What a command of a pipe does with what comes in: notes what it is from now on, and gives
    /// the fields that it reads on the way.
    pub(super) fn ps_stage(
        &mut self,
        piped: &mut Piped<'t>,
        name: &str,
        args: &[Arg],
        node: Node<'t>,
    ) -> Vec<Expr> {
        let text = |arg: &Arg| match &arg.value.kind {
            ExprKind::Text(text) => Some((text.clone(), arg.value.span)),
            _ => None,
        };
        let is = |arg: &Arg, front: &str| {
            arg.name.as_deref().is_some_and(|name| {
                let name = name.to_ascii_lowercase();
                name.len() >= 3 && front.starts_with(&*name)
            })
        };
        let closure = args.iter().any(|arg| matches!(arg.value.kind, ExprKind::Function(_)));
        let plain = || args.iter().filter(|arg| arg.name.is_none() || is(arg, "property"));
        // What is named, alone or as one of several.
        let mut named: Vec<(Arc<str>, Span)> = plain().filter_map(text).collect();
        for arg in plain() {
            if let ExprKind::List(items) = &arg.value.kind {
                let texts = items.iter().filter_map(|item| match &item.kind {
                    ExprKind::Text(text) => Some((text.clone(), item.span)),
                    _ => None,
                });
                named.extend(texts);
            }
        }
        let mut read = Vec::new();
        let mut reads = |lowering: &mut Self, piped: &Piped<'t>, fields: Vec<(Arc<str>, Span)>| {
            for (name, span) in fields {
                if let Some(value) = lowering.ps_come_out(piped) {
                    let value = expr(ExprKind::Element(Box::new(value)), node);
                    read.push(Expr { kind: ExprKind::Member(Box::new(value), name), span });
                }
            }
        };
        match name {
            "where-object" | "?" | "where" if closure => {}
            "where-object" | "?" | "where" => reads(self, piped, named.into_iter().take(1).collect()),
            "sort-object" | "sort" | "tee-object" | "tee" | "get-unique" => reads(self, piped, named),
            "select-object" | "select" => {
                match args.iter().find(|arg| is(arg, "expandproperty")).and_then(text) {
                    Some((name, span)) => piped.steps.push(Step::Member(name, span)),
                    None => reads(self, piped, named),
                }
            }
            "convertfrom-json" => piped.steps.push(Step::Parsed),
            "foreach-object" | "%" | "foreach" => match (closure, named.pop()) {
                (false, Some((name, span))) if args.len() == 1 => piped.steps.push(Step::Member(name, span)),
                (true, _) => match self.ps_members_of_each(node) {
                    Some(members) => piped.steps.extend(members),
                    None => piped.known = false,
                },
                _ => piped.known = false,
            },
            _ => piped.known = false,
        }
        read
    }

    /// The members of what comes in that a closure gives and nothing else: `{ $_.author.login }`.
    fn ps_members_of_each(&self, node: Node<'t>) -> Option<Vec<Step>> {
        let text = self.text(node);
        let start = text.find('{')? + 1;
        let inner = text.get(start..text.rfind('}')?)?;
        let at = node.start_byte() + start + (inner.len() - inner.trim_start().len());
        let path = inner.trim().strip_prefix("$_.").or_else(|| inner.trim().strip_prefix("$PSItem."))?;
        let mut start = at + inner.trim().len() - path.len();
        let mut out = Vec::new();
        for name in path.split('.') {
            if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
                return None;
            }
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let span = Span { start: place(start), end: place(start + name.len()) };
            out.push(Step::Member(name.into(), span));
            start += name.len() + 1;
        }
        Some(out)
    }

    /// A call of a function of the file with what is piped into it: every element of a list.
    pub(super) fn ps_piped_into(&mut self, mut called: Expr, piped: Expr, node: Node<'t>) -> Expr {
        let ExprKind::Call(call) = &mut called.kind else { return called };
        let ExprKind::Name(name) = &call.callee.kind else { return called };
        let Some(param) = self.ps_takes_piped(name) else { return called };
        if call
            .args
            .iter()
            .any(|arg| arg.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(&param)))
        {
            return called;
        }
        let value = match piped.kind {
            ExprKind::List(_) | ExprKind::Name(_) => expr(ExprKind::Element(Box::new(piped)), node),
            _ => piped,
        };
        call.args.push(Arg { name: Some(param), value });
        called
    }

    /// The parameter of a function of the file that is what is piped into it:
    /// `[Parameter(ValueFromPipeline)][string]$Path`.
    fn ps_takes_piped(&mut self, name: &str) -> Option<Arc<str>> {
        const MARK: &str = "ValueFromPipeline";
        let source = self.source;
        let head = format!("function {name}");
        let at = position(source, &head, |behind| {
            behind.chars().next().is_some_and(|c| !c.is_alphanumeric() && c != '-' && c != '_')
        })?;
        let body = source.get(at + head.len()..)?;
        let body = &body[..position(body, "\nfunction ", |_| true).unwrap_or(body.len())];
        let by_property = |behind: &str| starts_with(behind, "ByProperty");
        let mark = position(body, MARK, |behind| !by_property(behind))?;
        let from = at + head.len() + mark;
        let text = self.source.get(from..at + head.len() + body.len())?;
        let word = text.split('$').skip(1).find_map(|part| {
            let end = part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len());
            let word = &part[..end];
            let flag = word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false");
            (!word.is_empty() && !flag).then(|| word.to_owned())
        })?;
        Some(self.spelling(&word))
    }
}

/// Where a text has a word, whatever its capitals, behind which stands what is wanted.
fn position(text: &str, word: &str, fits: impl Fn(&str) -> bool) -> Option<usize> {
    let (first, last) = (word.as_bytes().first()?, word.len());
    let (small, large) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let mut places = memchr::memchr2_iter(small, large, text.as_bytes());
    places.find(|at| {
        text.get(*at..).is_some_and(|rest| starts_with(rest, word) && rest.get(last..).is_some_and(&fits))
    })
}

/// Whether a text begins with a word, whatever its capitals.
fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|front| front.eq_ignore_ascii_case(word))
}

/// A call of a function by its name.
pub(super) fn call_of(name: &str, args: Vec<Expr>, node: Node<'_>) -> Expr {
    expr(call(named(name, node), plain(args)), node)
}
