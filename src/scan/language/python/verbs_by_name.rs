//! Clients of Python whose methods are made of their names: `def __getattr__(self, verb)` that
//! gives a function back which asks by that verb.

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{member, named};

/// What such a client is asked for.
const VERBS: [&str; 6] = ["get", "post", "put", "patch", "delete", "request"];

/// What a file names that makes requests itself.
const LIBRARIES: [&str; 5] = ["aiohttp", "httpx", "niquests", "requests", "urllib3"];

impl<'t> Lowering<'t> {
    /// Gives a class a method for each verb, if its `__getattr__` makes them:
    /// `return partial(self.session.request, verb)`, `return getattr(self.session, verb)`, or a function that
    /// stands in it.
    pub(super) fn py_verbs_by_name(&mut self, class: ClassId, definition: Node<'t>) {
        let name = definition.child_by_field_name("name").map(|name| self.text(name));
        let params = definition.child_by_field_name("parameters").map(children).unwrap_or_default();
        let ([receiver, verb], Some("__getattr__")) = (params.as_slice(), name) else { return };
        if !LIBRARIES.iter().any(|library| self.source.contains(library)) {
            return;
        }
        let Some(body) = definition.child_by_field_name("body") else { return };
        let receiver: Arc<str> = self.text(*receiver).into();
        let verb_node = verb.named_child(0).filter(|_| verb.kind() != "identifier").unwrap_or(*verb);
        let verb: Arc<str> = self.text(verb_node).into();
        let statements = children(body);
        let Some(given) = statements.iter().rev().find(|stmt| stmt.kind() == "return_statement") else {
            return;
        };
        let Some(given) = given.named_child(0) else { return };
        let inner = statements.iter().copied().find(|stmt| {
            let own = stmt.child_by_field_name("name").filter(|_| stmt.kind() == "function_definition");
            own.is_some_and(|own| given.kind() == "identifier" && self.text(own) == self.text(given))
        });
        let taken = |lowering: &Self, name: &str| {
            let methods = &lowering.unit.classes[class].methods;
            methods.iter().any(|id| lowering.unit.functions[*id].name.as_deref() == Some(name))
        };
        // A name that is a part of a path is no verb: `self.call("/" + name)`.
        let by_verb = match inner {
            Some(inner) => self.py_asks_by(inner, &verb, &receiver),
            None => self.py_is_given_by(given, &verb, &receiver),
        };
        if !by_verb {
            return;
        }
        for asked in VERBS {
            if taken(self, asked) {
                continue;
            }
            let id = match inner {
                // A function is told a verb, and no `request`.
                Some(_) if asked == "request" => continue,
                Some(inner) => {
                    let id = self.py_function(inner, Some(class), false);
                    let value = expr(ExprKind::Text(asked.into()), verb_node);
                    let told = Stmt::Assign { target: named(&verb, verb_node), value };
                    self.unit.functions[id].body.insert(0, told);
                    id
                }
                None => {
                    let id = self.add_function(None, Some(class));
                    self.py_give_by(id, given, asked);
                    id
                }
            };
            let function = &mut self.unit.functions[id];
            function.name = Some(asked.into());
            function.receiver = Some(receiver.clone());
        }
    }

    /// Whether what `__getattr__` gives is chosen by the name as a verb:
    /// `getattr(self.session, verb)`, `partial(self.session.request, verb)`.
    fn py_is_given_by(&self, given: Node<'t>, verb: &str, receiver: &str) -> bool {
        let Some(function) = given.child_by_field_name("function").filter(|_| given.kind() == "call") else {
            return false;
        };
        let args = given.child_by_field_name("arguments").map(children).unwrap_or_default();
        let [first, second, ..] = args.as_slice() else { return false };
        self.py_is_verb(*second, verb)
            && match self.text(function) {
                "getattr" => !self.py_is_verb(*first, verb) && self.text(*first) != receiver,
                "partial" | "functools.partial" => self.py_is_request(*first, receiver),
                _ => false,
            }
    }

    /// Whether a function asks by a verb that it is told: `self.session.request(verb, url)`,
    /// `getattr(self.session, verb)(url)`.
    fn py_asks_by(&self, inner: Node<'t>, verb: &str, receiver: &str) -> bool {
        let mut open = vec![inner];
        while let Some(node) = open.pop() {
            open.extend(children(node));
            let Some(function) = node.child_by_field_name("function").filter(|_| node.kind() == "call")
            else {
                continue;
            };
            if self.py_is_given_by(node, verb, receiver) {
                return true;
            }
            let args = node.child_by_field_name("arguments").map(children).unwrap_or_default();
            let told = args.first().is_some_and(|first| self.py_is_verb(*first, verb));
            if told && self.py_is_request(function, receiver) {
                return true;
            }
        }
        false
    }

    fn py_is_verb(&self, node: Node<'t>, verb: &str) -> bool {
        let text = self.text(node).trim_end_matches("()");
        text == verb || matches!(text.split_once('.'), Some((own, "upper" | "lower")) if own == verb)
    }

    /// `request` of a library or a session. What a class of its own calls so may take a path first.
    fn py_is_request(&self, callee: Node<'t>, receiver: &str) -> bool {
        matches!(self.text(callee).rsplit_once('.'), Some((object, "request")) if object != receiver)
    }

    /// Makes a function what such a call gives for a verb.
    fn py_give_by(&mut self, id: FunctionId, given: Node<'t>, verb: &str) {
        let args = given.child_by_field_name("arguments").map(children).unwrap_or_default();
        let Some(first) = args.first().copied() else { return };
        let first_value = self.py_expr(first);
        let function = given.child_by_field_name("function").map(|function| self.text(function));
        if function == Some("getattr") {
            return self.give_first(id, member(first_value, verb, first), Vec::new(), given);
        }
        let told = Arg { name: None, value: expr(ExprKind::Text(verb.into()), given) };
        self.give_first(id, first_value, vec![told], given);
    }
}
