//! C#: clients that are set up where a program begins and handed to whoever asks:
//! `services.AddHttpClient<Users>(c => c.BaseAddress = ..)`, `AddHttpClient("orbit", ..)` and
//! `factory.CreateClient("orbit")`.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::CSharp;
use crate::scan::form::*;
use crate::scan::language::annotations;
use crate::scan::language::lower::{Lowering, below, children, expr};
use crate::scan::language::shared::{Manner, call, named};

/// Calls that set a client up, by what their names begin with.
const SETTING_UP: [&str; 3] = ["AddHttpClient", "AddRefitClient", "ConfigureHttpClient"];

/// What is searched of a closure that sets a client up.
const MAX_NODES: usize = 400;

/// The type that clients have.
const CLIENT: &str = "HttpClient";

impl<'t> Lowering<'t> {
    /// Notes a client that is set up by a call, and gives the one that an interface is asked by.
    pub(super) fn cs_set_up(&mut self, node: Node<'t>) -> Option<ExprKind> {
        let function = node.child_by_field_name("function")?;
        let name = self.cs_called(function);
        if !SETTING_UP.iter().any(|setting| self.text(name).starts_with(setting)) {
            return None;
        }
        let args = children(node.child_by_field_name("arguments")?);
        let closure = self.cs_setting_up(children(*args.last()?).last().copied()?)?;
        let address = self.cs_base_address(closure)?;
        // `AddHttpClient<Users>().ConfigureHttpClient(c => ..)`: the calls before say whose it is.
        let mut said = vec![(name, args.clone())];
        let mut at = function;
        while let Some(before) =
            at.child_by_field_name("expression").filter(|at| at.kind() == "invocation_expression")
        {
            let Some(called) = before.child_by_field_name("function") else { break };
            let given = before.child_by_field_name("arguments").map(children).unwrap_or_default();
            said.push((self.cs_called(called), given));
            at = called;
        }
        let adding = said.into_iter().find(|(name, _)| self.text(*name).starts_with("Add"));
        let (name, given) = adding?;
        let class = self.cs_last_type(name);
        if self.text(name).starts_with("AddRefitClient") {
            let base = self.value::<CSharp>(address);
            return Some(annotations::made(class?, base, node));
        }
        let mut names: Vec<Arc<str>> = class.map(|class| client_of(class).into()).into_iter().collect();
        let first = given.first().and_then(|first| children(*first).last().copied());
        names.extend(
            first.filter(|first| first.kind() != "lambda_expression").map(|first| self.cs_named(first)),
        );
        let params = match closure.child_by_field_name("parameters") {
            Some(list) if list.kind() == "parameter_list" => self.cs_params(list),
            Some(name) => vec![crate::scan::language::java::param(self.name(name))],
            None => Vec::new(),
        };
        let id = self.define::<CSharp>(None, None, Manner::default(), params, |l| {
            let value = l.value::<CSharp>(address);
            let args = vec![Arg { name: Some("BaseAddress".into()), value }];
            vec![Stmt::Return(expr(call(named(CLIENT, address), args), address))]
        });
        self.unit.beans.push(Bean {
            function: id,
            kind: CLIENT.into(),
            names,
            primary: false,
            by_name: true,
        });
        None
    }

    /// The argument of `CreateClient` as it is written: what sets the client up may name it alike.
    pub(super) fn cs_client_asked(&self, node: Node<'t>) -> Option<Arg> {
        let given = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let [first] = given.as_slice() else { return None };
        let name = self.cs_named(children(*first).last().copied()?);
        Some(Arg { name: Some(ASKED_CLIENT.into()), value: expr(ExprKind::Text(name), node) })
    }

    /// The node of what a call is called.
    fn cs_called(&self, function: Node<'t>) -> Node<'t> {
        function.child_by_field_name("name").unwrap_or(function)
    }

    /// The last of the types that a call is given: `<IUsers, Users>`.
    fn cs_last_type(&self, name: Node<'t>) -> Option<&'t str> {
        let (_, types) = self.text(name).split_once('<')?;
        let last = types.strip_suffix('>')?.rsplit(',').next()?.trim();
        last.rsplit('.').next().filter(|last| !last.is_empty())
    }

    /// A name that is a text, `nameof(Users)` or a constant, which is kept as it is written.
    fn cs_named(&self, node: Node<'t>) -> Arc<str> {
        let text = self.text(node).trim();
        let inside = text.strip_prefix("nameof(").and_then(|rest| rest.strip_suffix(')'));
        let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let last = inside.map(|inside| inside.rsplit('.').next().unwrap_or(inside));
        quoted.or(last).unwrap_or(text).into()
    }

    /// What sets a client up: a closure, or the method of the same class whose name is given.
    fn cs_setting_up(&self, given: Node<'t>) -> Option<Node<'t>> {
        match given.kind() {
            "lambda_expression" => Some(given),
            "identifier" => {
                let mut around = std::iter::successors(given.parent(), |at| at.parent());
                let members = around.find(|at| at.kind() == "declaration_list").map(children)?;
                members.into_iter().find(|member| {
                    let name = member.child_by_field_name("name").map(|name| self.text(name));
                    member.kind() == "method_declaration" && name == Some(self.text(given))
                })
            }
            _ => None,
        }
    }

    /// What a closure says the address of the client is.
    fn cs_base_address(&self, closure: Node<'t>) -> Option<Node<'t>> {
        let body = closure.child_by_field_name("body")?;
        below(body, MAX_NODES, |_| true).find_map(|node| {
            let left = node.child_by_field_name("left").filter(|_| node.kind() == "assignment_expression")?;
            node.child_by_field_name("right").filter(|_| self.text(left).ends_with(".BaseAddress"))
        })
    }
}
