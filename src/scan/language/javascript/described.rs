//! Requests that a description holds and the program around it sends: the nodes of n8n, with
//! `requestDefaults: { baseURL }` and `routing: { request: { method, url } }` below it, and the
//! request by which credentials are tried.

use tree_sitter::Node;

use super::classes::bare;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};

/// Nodes between a request and the description that says the base of all.
const MAX_ABOVE: usize = 64;

impl<'t> Lowering<'t> {
    /// The request that an object under the key `request` describes, as a call.
    pub(super) fn js_described(&mut self, pair: Node<'t>, request: Node<'t>) -> Option<ExprKind> {
        let request = bare(request);
        if request.kind() != "object" || self.js_key(pair) != Some("request") {
            return None;
        }
        let own_base = self.entry(request, "baseURL");
        match self.js_kept_under(pair.parent()?)? {
            "routing" => {}
            "test" if own_base.is_some() => {}
            _ => return None,
        }
        let url = self.entry(request, "url").filter(|url| self.js_is_address(*url))?;
        let base = own_base.or_else(|| self.js_default_base(pair));
        let mut options = Vec::new();
        for child in children(request) {
            let (Some(key), Some(value)) = (self.js_key(child), child.child_by_field_name("value")) else {
                continue;
            };
            let name = match key {
                "method" => "method",
                "body" => "data",
                "qs" => "params",
                _ => continue,
            };
            options.push((Some(Key::from(name)), self.js_expr(value)));
        }
        options.push((Some(Key::from("url")), self.js_template_of(url)));
        if let Some(base) = base {
            options.push((Some(Key::from("baseURL")), self.js_template_of(base)));
        }
        let callee = expr(ExprKind::Name("axios".into()), request);
        let options = expr(ExprKind::Object(options), request);
        Some(ExprKind::Call(Box::new(CallExpr { callee, args: vec![Arg { name: None, value: options }] })))
    }

    pub(super) fn js_key(&self, pair: Node<'t>) -> Option<&'t str> {
        Some(self.text(pair.child_by_field_name("key")?).trim_matches(['"', '\'']))
    }

    /// The name under which an object is kept: a key, a field, `this.test = { .. }`.
    fn js_kept_under(&self, object: Node<'t>) -> Option<&'t str> {
        let mut holder = object.parent()?;
        while matches!(holder.kind(), "parenthesized_expression" | "as_expression" | "satisfies_expression") {
            holder = holder.parent()?;
        }
        match holder.kind() {
            "pair" => self.js_key(holder),
            "public_field_definition" => Some(self.text(holder.child_by_field_name("name")?)),
            "field_definition" => Some(self.text(holder.child_by_field_name("property")?)),
            "assignment_expression" => {
                let target = holder.child_by_field_name("left")?;
                Some(self.text(target.child_by_field_name("property")?))
            }
            _ => None,
        }
    }

    /// Whether something can be where a request goes. A parameter that only adds to the request of
    /// its operation says no more than itself: `=/{{$value}}`.
    fn js_is_address(&self, url: Node<'t>) -> bool {
        let text = self.text(url).trim_matches(['"', '\'', '`', '=']);
        !text.is_empty() && text.trim_start_matches('/') != "{{$value}}"
    }

    /// What the description around a request says of the address of all: `requestDefaults`.
    fn js_default_base(&self, place: Node<'t>) -> Option<Node<'t>> {
        let mut at = place;
        for _ in 0..MAX_ABOVE {
            at = at.parent()?;
            if at.kind() == "object"
                && let Some(defaults) = self.entry(at, "requestDefaults")
            {
                return self.entry(bare(defaults), "baseURL");
            }
        }
        None
    }

    /// A text of a description, in which `=` says that there are expressions in it:
    /// `"=/users/{{$parameter["id"]}}"`.
    fn js_template_of(&mut self, node: Node<'t>) -> Expr {
        let mut whole = self.js_expr(node);
        if let ExprKind::Text(text) = &whole.kind
            && let Some(template) = text.strip_prefix('=')
        {
            whole.kind = filled(template, node);
        }
        whole
    }
}

/// What a template is whose expressions are names, or texts and names that are joined.
fn filled(template: &str, node: Node<'_>) -> ExprKind {
    let mut parts = Vec::new();
    let text = |text: &str| expr(ExprKind::Text(text.into()), node);
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((inner, behind)) = behind.split_once("}}") else { break };
        if !before.is_empty() {
            parts.push(text(before));
        }
        let joined: Vec<&str> = inner.split('+').map(str::trim).collect();
        for part in joined {
            let quote = part.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
            let quoted = quote.and_then(|quote| part.strip_prefix(quote)?.strip_suffix(quote));
            let quoted = quoted.filter(|inner| !inner.contains(['"', '\'', '`', '$', '?']));
            parts.push(match quoted {
                Some(quoted) => text(quoted),
                None => expr(ExprKind::Unknown(name_in(part).into()), node),
            });
        }
        rest = behind;
    }
    if !rest.is_empty() {
        parts.push(text(rest));
    }
    match parts.len() {
        1 => parts.remove(0).kind,
        _ => ExprKind::Concat(parts),
    }
}

/// The name that an expression ends with: `$parameter["designId"]`, `$credentials.host`.
fn name_in(expression: &str) -> &str {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let end = expression.trim_end_matches(|c: char| !is_word(c));
    let plain = expression.chars().all(|c| is_word(c) || "$.[]\"'()|&? ".contains(c));
    if plain { end.rsplit(|c: char| !is_word(c)).next().unwrap_or_default() } else { "" }
}

#[cfg(test)]
mod tests {
    use super::name_in;

    #[test]
    fn expressions_end_with_names() {
        assert_eq!(name_in("$parameter[\"designId\"]"), "designId");
        assert_eq!(name_in("$credentials.host"), "host");
        assert_eq!(name_in("($credentials.host || \"\").replace(/x/, \"\")"), "");
        assert_eq!(name_in(""), "");
    }
}
