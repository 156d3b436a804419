//! Shell: functions that read options, by `getopts` or by a loop over their arguments. Each
//! option becomes a parameter that callers give by its name.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::Scope;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, field_children};

/// Parameters by place that such a function may have beside its options.
const PLACES: usize = 9;
/// Options of one function that are followed.
const MAX_OPTIONS: usize = 24;

/// An option: its spellings, and whether a value follows it.
struct Choice<'t> {
    /// `-m|--method`
    name: Arc<str>,
    takes: bool,
    body: Vec<Node<'t>>,
}

impl<'t> Lowering<'t> {
    /// A loop that reads options in a function: what it does for each, where that is given.
    pub(super) fn sh_options(&mut self, node: Node<'t>, scope: &mut Scope, out: &mut Vec<Stmt>) -> bool {
        if !scope.in_function || scope.option.is_some() {
            return false;
        }
        let condition: String =
            field_children(node, "condition").iter().map(|part| self.text(*part)).collect();
        let words: Vec<&str> = condition.split_whitespace().collect();
        let spec = words.iter().position(|word| *word == "getopts").and_then(|at| words.get(at + 1));
        let counts = condition.contains("$#") || condition.contains("\"$1\"") || condition.contains("$1 ");
        if spec.is_none() && !counts && condition.trim() != ":" && condition.trim() != "true" {
            return false;
        }
        let Some(body) = node.child_by_field_name("body") else { return false };
        let parts = children(body);
        let Some(case) = parts.iter().find(|part| part.kind() == "case_statement").copied() else {
            return false;
        };
        let asked = case.child_by_field_name("value").map_or("", |value| self.text(value));
        if spec.is_none() && !matches!(asked.trim_matches('"'), "$1" | "${1}" | "${1:-}" | "${1-}") {
            return false;
        }
        let spec = spec.map(|spec| spec.trim_matches(['"', '\'']));
        let (options, others) = self.sh_choices(case, spec);
        if options.is_empty() || options.len() > MAX_OPTIONS {
            return false;
        }
        self.sh_option_params(&options);
        for Choice { name, takes, body } in options {
            let subject = || expr(ExprKind::Name(name.clone()), case);
            let given = |holds| Stmt::When { subject: subject(), test: Test::Given, holds };
            let mut arm = vec![given(true)];
            let option = self.sh_option_names.len();
            self.sh_option_names.push(name.clone());
            let mut inner = Scope { option: Some((option, takes)), ..*scope };
            arm.extend(self.sh_block(body, &mut inner));
            out.push(Stmt::Branch(vec![arm, vec![given(false)]]));
        }
        // What is no option: `*) path=$1 ;;`
        for body in others {
            let mut inner = *scope;
            let arm = self.sh_block(body, &mut inner);
            out.extend(arm.into_iter().filter(|stmt| !matches!(stmt, Stmt::Leave)));
        }
        true
    }

    /// The options that a `case` tells apart, and what it does with other words.
    fn sh_choices(&self, case: Node<'t>, spec: Option<&str>) -> (Vec<Choice<'t>>, Vec<Vec<Node<'t>>>) {
        let value = case.child_by_field_name("value");
        let (mut options, mut others) = (Vec::new(), Vec::new());
        for item in children(case).into_iter().filter(|child| Some(*child) != value) {
            let patterns = field_children(item, "value");
            let body: Vec<Node<'t>> =
                children(item).into_iter().filter(|child| !patterns.contains(child)).collect();
            let words: Vec<&str> =
                patterns.iter().map(|pattern| self.text(*pattern).trim_matches(['"', '\''])).collect();
            let text = self.text(item);
            let first = words.first().copied().unwrap_or_default();
            match spec {
                Some(spec) => {
                    let letter =
                        words.iter().filter(|word| word.len() == 1).find(|word| spec.contains(**word));
                    let Some(letter) = letter.filter(|letter| !matches!(**letter, ":" | "?" | "*")) else {
                        continue;
                    };
                    let takes = spec.split_once(*letter).is_some_and(|(_, rest)| rest.starts_with(':'));
                    options.push(Choice { name: format!("-{letter}").into(), takes, body });
                }
                None if first.starts_with('-') && words.iter().all(|word| is_option(word)) => {
                    let takes = text.contains("$2") || text.contains("${2") || text.contains("${1#");
                    options.push(Choice { name: words.join("|").into(), takes, body });
                }
                None if first == "*" => others.push(body),
                None => {}
            }
        }
        (options, others)
    }

    /// Makes options parameters of the function, behind those that have a place.
    fn sh_option_params(&mut self, options: &[Choice<'t>]) {
        let function = self.function;
        let params = &mut self.unit.functions[function].params;
        let plain = |name: Arc<str>, default| Param { name, kind: ParamKind::Plain, default };
        for place in params.len()..PLACES {
            params.push(plain((place + 1).to_string().into(), None));
        }
        for option in options.iter().filter(|option| option.takes) {
            params.push(plain(option.name.clone(), None));
        }
        for option in options.iter().filter(|option| !option.takes) {
            // It is there or not; no word behind it is its own.
            params.push(Param { kind: ParamKind::Named, ..plain(option.name.clone(), None) });
        }
    }
}

/// `-m`, `--method`, `--method=*`
fn is_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-') && word != "--" && word != "-*" && word != "--*"
}
