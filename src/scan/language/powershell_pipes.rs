//! Functions of PowerShell that take what is piped into them.

use std::sync::Arc;

use tree_sitter::Node;

use super::lower::{Lowering, expr};
use crate::scan::form::*;

impl<'t> Lowering<'t> {
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
        const MARK: &str = "valuefrompipeline";
        let lower = self.source.to_ascii_lowercase();
        let head = format!("function {}", name.to_ascii_lowercase());
        let (at, _) = lower.match_indices(&head).find(|(at, _)| {
            let behind = lower[at + head.len()..].chars().next();
            behind.is_some_and(|c| !c.is_alphanumeric() && c != '-' && c != '_')
        })?;
        let body = &lower[at + head.len()..];
        let body = &body[..body.find("\nfunction ").unwrap_or(body.len())];
        let (mark, _) = body
            .match_indices(MARK)
            .find(|(mark, _)| !body[mark + MARK.len()..].starts_with("byproperty"))?;
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
