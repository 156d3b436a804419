//! What the lowerings share beyond single nodes: statements that mean the same
//! in every language, functions and their parameters, classes and the members
//! that are read without saying whose they are.
//!
//! A language says by its [`Syntax`] what its nodes mean and hands the parts
//! of them to the functions here. Knows no node kinds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tree_sitter::Node;

use super::attempts::{attempted, may_not_happen};
use super::lower::{Lowering, children, expr, operands};
use crate::scan::form::*;

/// What the nodes of a language mean.
pub(super) trait Syntax {
    /// What an object is called inside its methods.
    const RECEIVER: &'static str = "this";
    /// Whether members are read by their bare names.
    const BARE_MEMBERS: bool = false;

    /// Lowers a statement or declaration.
    fn statement<'t>(lowering: &mut Lowering<'t>, node: Node<'t>, out: &mut Vec<Stmt>);
    /// Lowers an expression.
    fn expression<'t>(lowering: &mut Lowering<'t>, node: Node<'t>) -> ExprKind;
}

/// Names in the scopes around the place that is being lowered.
#[derive(Default)]
pub(super) struct Names {
    /// Locals and parameters, innermost last; the first scope is the file's.
    scopes: Vec<BTreeSet<Arc<str>>>,
    classes: Vec<OpenClass>,
    /// Methods of the file, where the language reads a bare name as a call.
    methods: BTreeSet<Arc<str>>,
    /// How the file first spells each name, where case does not tell names
    /// apart.
    spellings: BTreeMap<String, Arc<str>>,
    /// Names that stand for a URL builder.
    aliases: Vec<Arc<str>>,
    /// What the file calls classes of other names: `using URLs = Api.Urls;`.
    renamed: BTreeMap<Arc<str>, Arc<str>>,
    /// The beginning of the file's package, and what it imports from there that is no class.
    home: String,
    imported: BTreeSet<Arc<str>>,
    /// Declared types of the parameters of the function that comes next.
    pub(super) of_params: Vec<(Arc<str>, Arc<str>)>,
    /// Types that the file itself declares, where methods may be added to others.
    pub(super) declared: BTreeSet<Arc<str>>,
    /// Modules of the file that hold nothing but constants.
    pub(super) modules: BTreeSet<Arc<str>>,
    /// Structs of Rust that have a builder which a derive writes.
    pub(super) built: BTreeSet<Arc<str>>,
    /// Structs of Rust that hold one address.
    pub(super) newtypes: BTreeSet<Arc<str>>,
    /// Parameters that are closures on a request that is being built.
    pub(super) told_by: Vec<Arc<str>>,
    /// What the objects are called whose members closures name without saying so, innermost last.
    pub(super) scoped: Vec<Arc<str>>,
}

/// A class that is being lowered.
struct OpenClass {
    id: ClassId,
    members: BTreeSet<Arc<str>>,
    /// The function in which the fields get their first values.
    fields: FunctionId,
    body: Vec<Stmt>,
    /// What its methods ask for by their annotations, at the address that its client has.
    requests: Vec<Expr>,
}

/// How a function comes to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Manner {
    /// A closure that stands as a value where it is written.
    pub inline: bool,
    pub property: bool,
    pub constructor: bool,
}

/// A part of a string.
pub(super) enum Part<'t> {
    Text(String),
    Hole(Node<'t>),
}

/// The name of the call that makes an empty URL builder.
pub(super) const URL_BUILDER: &str = "(url builder)";

/// The name of a call that is a request; its arguments are method and path.
pub(in crate::scan) const PAIR: &str = "(method and path)";

pub(super) fn unknown() -> ExprKind {
    ExprKind::Unknown("".into())
}

pub(super) fn call(callee: Expr, args: Vec<Arg>) -> ExprKind {
    ExprKind::Call(Box::new(CallExpr { callee, args }))
}

pub(super) fn plain(values: Vec<Expr>) -> Vec<Arg> {
    values.into_iter().map(|value| Arg { name: None, value }).collect()
}

pub(super) fn named(name: &str, node: Node<'_>) -> Expr {
    expr(ExprKind::Name(name.into()), node)
}

pub(super) fn member(object: Expr, name: &str, node: Node<'_>) -> Expr {
    expr(ExprKind::Member(Box::new(object), name.into()), node)
}

impl<'t> Lowering<'t> {
    pub(super) fn value<S: Syntax>(&mut self, node: Node<'t>) -> Expr {
        let kind = self.nested(node, |lowering| S::expression(lowering, node));
        expr(kind.unwrap_or_else(unknown), node)
    }

    pub(super) fn values<S: Syntax>(&mut self, nodes: Vec<Node<'t>>) -> Vec<Expr> {
        nodes.into_iter().map(|node| self.value::<S>(node)).collect()
    }

    /// The value of a field of a node, unknown if there is none.
    pub(super) fn field_value<S: Syntax>(&mut self, node: Node<'t>, field: &str) -> Expr {
        match node.child_by_field_name(field) {
            Some(child) => self.value::<S>(child),
            None => expr(unknown(), node),
        }
    }

    /// The value of the last child: of parentheses, casts, awaits.
    pub(super) fn inner_value<S: Syntax>(&mut self, node: Node<'t>) -> ExprKind {
        match children(node).last() {
            Some(child) => self.value::<S>(*child).kind,
            None => unknown(),
        }
    }

    /// Everything in a node, for the calls in it.
    pub(super) fn effects<S: Syntax>(&mut self, node: Node<'t>) -> ExprKind {
        ExprKind::Effects(self.values::<S>(children(node)))
    }

    pub(super) fn stmt<S: Syntax>(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        self.nested(node, |lowering| S::statement(lowering, node, out));
    }

    /// The statements in a block.
    pub(super) fn block<S: Syntax>(&mut self, node: Node<'t>) -> Vec<Stmt> {
        let mut out = Vec::new();
        for child in children(node) {
            self.stmt::<S>(child, &mut out);
        }
        out
    }

    /// One statement or block as a list of statements.
    pub(crate) fn body<S: Syntax>(&mut self, node: Option<Node<'t>>) -> Vec<Stmt> {
        let mut out = Vec::new();
        if let Some(node) = node {
            self.stmt::<S>(node, &mut out);
        }
        out
    }

    /// An expression whose value is thrown away.
    pub(super) fn discard<S: Syntax>(&mut self, node: Option<Node<'t>>, out: &mut Vec<Stmt>) {
        if let Some(node) = node {
            let value = self.value::<S>(node);
            out.push(Stmt::Expr(expr(ExprKind::Effects(vec![value]), node)));
        }
    }

    pub(super) fn branch<S: Syntax>(
        &mut self,
        condition: Option<Node<'t>>,
        then: Option<Node<'t>>,
        otherwise: Option<Node<'t>>,
        out: &mut Vec<Stmt>,
    ) {
        self.discard::<S>(condition, out);
        let mut arms = [self.body::<S>(then), self.body::<S>(otherwise)];
        let asked = condition.and_then(|condition| self.plain_test(condition, false));
        let after = self.under_test(asked.as_ref(), &mut arms);
        out.push(Stmt::Branch(arms.into()));
        out.extend(after);
    }

    /// The arms of a switch; leaving one is no leaving of the block.
    pub(super) fn arms(&mut self, mut arms: Vec<Vec<Stmt>>, exhaustive: bool, out: &mut Vec<Stmt>) {
        arms.iter_mut().for_each(|arm| arm.retain(|stmt| !matches!(stmt, Stmt::Leave)));
        if !exhaustive {
            arms.push(Vec::new());
        }
        out.push(Stmt::Branch(arms));
    }

    /// A body that may end early, what then happens, and what always does.
    pub(super) fn attempt<S: Syntax>(
        &mut self,
        body: Vec<Stmt>,
        handlers: Vec<Node<'t>>,
        last: Option<Node<'t>>,
        out: &mut Vec<Stmt>,
    ) {
        let (start, count) = (out.len(), body.len());
        out.extend(body.into_iter().map(attempted));
        let mut goes_on = false;
        for handler in handlers {
            let body = self.body::<S>(Some(handler));
            goes_on |= !leaves(&body);
            out.push(Stmt::Branch(vec![body, Vec::new()]));
        }
        if goes_on {
            may_not_happen(out, start, count);
        }
        out.extend(self.body::<S>(last));
    }

    /// `raise`, `throw`: what is thrown is evaluated, the block is left.
    pub(super) fn leave<S: Syntax>(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let thrown = self.effects::<S>(node);
        out.push(Stmt::Expr(expr(thrown, node)));
        out.push(Stmt::Leave);
    }

    pub(super) fn give<S: Syntax>(&mut self, node: Node<'t>, value: Option<Node<'t>>, out: &mut Vec<Stmt>) {
        let value = match value {
            Some(value) => self.value::<S>(value),
            None => expr(unknown(), node),
        };
        out.push(Stmt::Return(value));
    }

    /// `for (name : list) body`
    pub(super) fn each<S: Syntax>(
        &mut self,
        name: Option<Node<'t>>,
        list: Option<Node<'t>>,
        body: Option<Node<'t>>,
        out: &mut Vec<Stmt>,
    ) {
        if let (Some(name), Some(list)) = (name, list) {
            let items = self.value::<S>(list);
            let word = self.name(name);
            self.declare(word.clone());
            let value = expr(ExprKind::Element(Box::new(items)), list);
            out.push(Stmt::Assign { target: expr(ExprKind::Name(word), name), value });
        }
        let body = self.body::<S>(body);
        out.push(Stmt::Loop(body));
    }

    /// A new local name with a value.
    pub(crate) fn local(&mut self, name: Node<'t>, value: Expr, out: &mut Vec<Stmt>) {
        let word = self.name(name);
        self.declare(word.clone());
        out.push(Stmt::Assign { target: expr(ExprKind::Name(word), name), value });
    }

    /// An assignment; `operator` is `=`, or how the old value takes part.
    pub(super) fn assignment(
        &mut self,
        target: Expr,
        operator: &str,
        old: Expr,
        value: Expr,
        node: Node<'t>,
    ) -> Stmt {
        let value = match operator {
            "=" => value,
            "+=" | "<<" | ".=" => expr(ExprKind::Concat(vec![old, value]), node),
            "??=" | "||=" => expr(ExprKind::Default(Box::new(old), Box::new(value)), node),
            _ => expr(ExprKind::Effects(vec![value]), node),
        };
        Stmt::Assign { target, value }
    }

    /// Notes a name of the innermost scope.
    pub(super) fn declare(&mut self, name: Arc<str>) {
        if self.names.scopes.is_empty() {
            self.names.scopes.push(BTreeSet::new());
        }
        if let Some(scope) = self.names.scopes.last_mut() {
            scope.insert(name);
        }
    }

    /// Whether a name is that of a local, or of a member of a class around it.
    pub(super) fn is_declared(&self, name: &str) -> bool {
        self.names.scopes.iter().any(|scope| scope.contains(name))
            || self.names.classes.iter().any(|class| class.members.contains(name))
    }

    /// A bare name: a local, or a member of the object at hand.
    pub(super) fn variable<S: Syntax>(&mut self, name: Arc<str>, node: Node<'t>) -> ExprKind {
        let local = self.names.scopes.iter().any(|scope| scope.contains(&name));
        if let Some(class) = self.names.renamed.get(&name).filter(|_| !local) {
            return ExprKind::Name(class.clone());
        }
        if !S::BARE_MEMBERS || local || self.names.classes.is_empty() {
            return ExprKind::Name(name);
        }
        let declared = self.names.classes.iter().any(|class| class.members.contains(&name));
        if !declared && self.names.imported.contains(&name) {
            return ExprKind::Name(name);
        }
        if declared || name.starts_with(|c: char| c.is_lowercase() || c == '_') {
            return ExprKind::Member(Box::new(named(S::RECEIVER, node)), name);
        }
        ExprKind::Name(name)
    }

    /// Notes what a file calls a class that has another name: the last name of a path.
    pub(super) fn rename(&mut self, alias: &str, path: &str) {
        let path = path.split(['<', ';']).next().unwrap_or(path).trim();
        let class = path.rsplit(['.', '\\']).next().unwrap_or(path).trim();
        if class.starts_with(char::is_uppercase) && alias != class {
            self.names.renamed.insert(alias.into(), class.into());
        }
    }

    /// Notes the package of a file.
    pub(super) fn note_package(&mut self, package: &str) {
        let mut parts = package.split('.');
        if let (Some(first), Some(second)) = (parts.next(), parts.next()) {
            self.names.home = format!("{first}.{second}.");
        }
    }

    /// Notes a name that the file imports from its own packages and that is no class.
    pub(super) fn note_import(&mut self, path: &str) {
        let name = path.rsplit('.').next().unwrap_or_default();
        let own = !self.names.home.is_empty() && path.starts_with(&self.names.home);
        if own && name.starts_with(char::is_lowercase) {
            self.names.imported.insert(name.into());
        }
    }

    /// The name of a class, where the file may call it by another one.
    pub(crate) fn class_named(&self, name: &'t str) -> std::borrow::Cow<'t, str> {
        match self.names.renamed.get(name) {
            Some(class) => class.to_string().into(),
            None => name.into(),
        }
    }

    /// A name as the file spells it first.
    pub(super) fn spelling(&mut self, name: &str) -> Arc<str> {
        self.names.spellings.entry(name.to_lowercase()).or_insert_with(|| name.into()).clone()
    }

    /// Notes a method that the file defines.
    pub(super) fn note_method(&mut self, name: Arc<str>) {
        self.names.methods.insert(name);
    }

    /// Whether the file defines a method of that name.
    pub(super) fn is_method(&self, name: &str) -> bool {
        self.names.methods.contains(name)
    }

    /// Whether the class that is being lowered declares a member.
    pub(super) fn has_member(&self, name: &str) -> bool {
        self.names.classes.last().is_some_and(|class| class.members.contains(name))
    }

    /// Lowers with a name standing for an empty URL builder.
    pub(super) fn with_alias(&mut self, name: Arc<str>, lower: impl FnOnce(&mut Self) -> Expr) -> Expr {
        self.names.aliases.push(name);
        let value = lower(self);
        self.names.aliases.pop();
        value
    }

    /// The URL builder that a name stands for.
    pub(super) fn alias(&self, name: &str, node: Node<'t>) -> Option<ExprKind> {
        let known = self.names.aliases.iter().any(|alias| **alias == *name);
        known.then(|| call(named(URL_BUILDER, node), Vec::new()))
    }

    /// Begins a class; `members` are the names that its body declares.
    pub(super) fn open_class<S: Syntax>(
        &mut self,
        name: &str,
        bases: Vec<Arc<str>>,
        members: BTreeSet<Arc<str>>,
    ) -> ClassId {
        let id = self.class(name);
        self.unit.classes[id].bases.extend(bases);
        // What a class around it declares is read through it as well.
        if let Some(outer) = self.names.classes.last() {
            let outer = self.unit.classes[outer.id].name.clone();
            if *outer != *name && !self.unit.classes[id].bases.contains(&outer) {
                self.unit.classes[id].bases.push(outer);
            }
        }
        let fields = self.add_function(None, Some(id));
        self.unit.functions[fields].receiver = Some(S::RECEIVER.into());
        self.names.classes.push(OpenClass { id, members, fields, body: Vec::new(), requests: Vec::new() });
        id
    }

    /// Ends the class that was begun last.
    pub(super) fn close_class(&mut self) {
        if let Some(class) = self.names.classes.pop() {
            self.unit.functions[class.fields].body = class.body;
            self.made_with_base(class.id, class.requests);
        }
    }

    /// What the class that is being lowered asks for at the address that its client has.
    pub(super) fn requests(&mut self) -> Option<&mut Vec<Expr>> {
        self.names.classes.last_mut().map(|class| &mut class.requests)
    }

    /// The class that is being lowered.
    pub(super) fn current_class(&self) -> Option<ClassId> {
        self.names.classes.last().map(|class| class.id)
    }

    /// Gives a field of the current class a value, lowered in the class.
    pub(super) fn set_field<S: Syntax>(
        &mut self,
        name: Arc<str>,
        node: Node<'t>,
        value: impl FnOnce(&mut Self) -> Expr,
    ) {
        let Some(fields) = self.names.classes.last().map(|class| class.fields) else { return };
        let outer = std::mem::replace(&mut self.function, fields);
        self.names.scopes.push(BTreeSet::new());
        let value = value(self);
        self.names.scopes.pop();
        self.function = outer;
        let target = member(named(S::RECEIVER, node), &name, node);
        if let Some(class) = self.names.classes.last_mut() {
            class.members.insert(name);
            class.body.push(Stmt::Assign { target, value });
        }
    }

    /// Adds a function, a method where a class is given.
    pub(super) fn define<S: Syntax>(
        &mut self,
        name: Option<Arc<str>>,
        class: Option<ClassId>,
        manner: Manner,
        params: Vec<Param>,
        body: impl FnOnce(&mut Self) -> Vec<Stmt>,
    ) -> FunctionId {
        let id = self.add_function(name, class);
        self.unit.functions[id].declared = std::mem::take(&mut self.names.of_params);
        self.names.scopes.push(params.iter().map(|param| param.name.clone()).collect());
        let outer = self.function;
        if !manner.inline {
            self.function = id;
        }
        let body = body(self);
        self.function = outer;
        self.names.scopes.pop();
        let function = &mut self.unit.functions[id];
        function.inline = manner.inline;
        function.property = manner.property;
        function.constructor = manner.constructor;
        function.params = params;
        function.body = body;
        if class.is_some() {
            function.receiver = Some(S::RECEIVER.into());
        }
        id
    }

    /// Notes the type that a parameter of the next function is declared with.
    pub(super) fn declare_param(&mut self, name: &str, kind: Option<Node<'t>>) {
        let kind = kind.and_then(|kind| declared_type(self.text(kind)));
        self.names.of_params.extend(kind.map(|kind| (name.into(), kind)));
    }

    /// The same of a local.
    pub(super) fn declare_local(&mut self, name: &str, kind: Option<Node<'t>>) {
        if let Some(kind) = kind.and_then(|kind| declared_type(self.text(kind))) {
            self.unit.functions[self.function].declared.push((name.into(), kind));
        }
    }

    /// The same of a field of a class.
    pub(super) fn declare_field(&mut self, class: ClassId, name: &str, kind: Option<Node<'t>>) {
        if let Some(kind) = kind.and_then(|kind| declared_type(self.text(kind))) {
            self.unit.classes[class].declared.push((name.into(), kind));
        }
    }

    /// The same of what a function gives.
    pub(super) fn declare_gives(&mut self, function: FunctionId, kind: Option<Node<'t>>) {
        self.unit.functions[function].gives = kind.and_then(|kind| declared_type(self.text(kind)));
    }

    /// A string of literal parts and holes.
    pub(super) fn text_of<S: Syntax>(&mut self, node: Node<'t>, parts: Vec<Part<'t>>) -> ExprKind {
        let mut out: Vec<Expr> = Vec::new();
        let mut literal = String::new();
        // Of JSON over several lines each piece stands where it is written.
        let first = parts.iter().find_map(|part| match part {
            Part::Text(text) => Some(text.trim_start()),
            Part::Hole(_) => None,
        });
        let json = first.is_some_and(|text| text.starts_with(['{', '[']));
        let lines = json && node.start_position().row != node.end_position().row;
        let source = self.source;
        let mut from = node.start_byte();
        let piece = move |text: String, from: usize| {
            let found = source.get(from..node.end_byte()).filter(|_| lines).and_then(|rest| rest.find(&text));
            let mut piece = expr(ExprKind::Text(text.as_str().into()), node);
            if let Some(at) = found.map(|at| from + at)
                && let (Ok(start), Ok(end)) = (u32::try_from(at), u32::try_from(at + text.len()))
            {
                piece.span = Span { start, end };
            }
            piece
        };
        for part in parts {
            match part {
                Part::Text(text) => literal.push_str(&text),
                Part::Hole(hole) => {
                    if !literal.is_empty() {
                        out.push(piece(std::mem::take(&mut literal), from));
                    }
                    from = hole.end_byte();
                    out.push(self.value::<S>(hole));
                }
            }
        }
        if out.is_empty() && !lines {
            return ExprKind::Text(literal.into());
        }
        if !literal.is_empty() {
            out.push(piece(literal, from));
        }
        ExprKind::Concat(out)
    }

    /// `this.field = param` at the front of a constructor.
    pub(super) fn keep<S: Syntax>(&mut self, name: &str, node: Node<'t>) -> Stmt {
        let target = member(named(S::RECEIVER, node), name, node);
        Stmt::Assign { target, value: named(name, node) }
    }

    /// An enumeration constant: an object whose fields are what its class's
    /// constructor makes of the arguments.
    pub(super) fn constant_of(
        &self,
        class: ClassId,
        name: &Arc<str>,
        args: Vec<Expr>,
        node: Node<'t>,
    ) -> ExprKind {
        let functions = &self.unit.functions;
        let constructors = self.unit.classes[class].methods.iter().map(|id| &functions[*id]);
        let mut fitting = constructors.filter(|f| f.constructor && f.params.len() == args.len());
        let mut fields = vec![(VARIANT.into(), expr(ExprKind::Text(name.clone()), node))];
        if let Some(constructor) = fitting.next_back() {
            for (param, value) in constructor.params.iter().zip(args) {
                let kept = constructor.body.iter().find_map(|stmt| match stmt {
                    Stmt::Assign {
                        target: Expr { kind: ExprKind::Member(_, field), .. },
                        value: Expr { kind: ExprKind::Name(name), .. },
                    } if *name == param.name => Some(field.clone()),
                    _ => None,
                });
                fields.push((kept.unwrap_or_else(|| param.name.clone()).into(), value));
            }
        }
        ExprKind::Instance(class, fields)
    }
}

/// The class that a declared type names: of `Api.Client<T>?` it is Client, of what stands
/// for an object that comes later it is that object. None for numbers, lists, and the like.
pub(super) fn declared_type(text: &str) -> Option<Arc<str>> {
    const LATER: [&str; 8] =
        ["Task", "ValueTask", "Lazy", "Optional", "CompletableFuture", "Future", "Provider", "Deferred"];
    const DEEPEST: usize = 3;
    let mut text = text.trim_start_matches([':', '?', ' ']).trim_end_matches(['?', '!', ' ']);
    for _ in 0..DEEPEST {
        let Some((outer, inner)) = text.split_once('<') else { break };
        if !LATER.contains(&outer.trim()) {
            text = outer.trim();
            break;
        }
        text = inner.trim().strip_suffix('>')?.trim_end_matches('?').trim();
    }
    let name = text.rsplit(['.', '\\']).next()?;
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (plain && name.len() > 1 && name.starts_with(char::is_uppercase)).then(|| name.into())
}

/// The second of two values where the first is given, else nothing: `body && text(body)`,
/// `body and dumps(body)`.
pub(super) fn both_of(first: Expr, second: Expr, node: Node<'_>) -> ExprKind {
    let nothing = expr(ExprKind::Unknown("null".into()), node);
    ExprKind::Given(Box::new(first), Box::new(second), Box::new(nothing))
}

/// Operands of a chain of `and` that are followed one by one; a longer one is a test.
const MAX_OPERANDS: usize = 4;

/// What a long chain of `and` gives, without nesting an operand in the next: the last where all
/// others hold.
pub(super) fn all_of(mut operands: Vec<Expr>, node: Node<'_>) -> ExprKind {
    match operands.pop() {
        Some(last) => both_of(expr(ExprKind::Effects(operands), node), last, node),
        None => ExprKind::Unknown("".into()),
    }
}

/// The operands of a chain of `and`, where they are so many that it is a test.
pub(super) fn long_chain<'t>(node: Node<'t>, operator: &str, source: &str) -> Option<Vec<Node<'t>>> {
    operands(node, node.kind(), operator, source).filter(|operands| operands.len() > MAX_OPERANDS)
}

/// The text of a block string without the indentation that its lines share. JSON keeps it, and so
/// its keys their places.
pub(super) fn dedent(text: &str) -> String {
    if text.trim_start().starts_with(['{', '[']) {
        return text.to_owned();
    }
    let body = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text);
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = body.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let lines: Vec<&str> = body.lines().map(|line| line.get(shared..).unwrap_or_default()).collect();
    lines.join("\n").trim_end().to_owned()
}
