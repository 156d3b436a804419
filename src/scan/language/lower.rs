//! What all lowerings share: the unit being built, the depth limit, errors.

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::*;

/// Nesting of syntax that is followed; what is deeper becomes unknown.
const MAX_NESTING: usize = 150;

/// A unit being built from a syntax tree.
pub(super) struct Lowering<'t> {
    pub source: &'t str,
    pub unit: Unit,
    /// The function that is being lowered.
    pub function: FunctionId,
    /// Locals and members, for languages that use [`super::shared`].
    pub names: super::shared::Names,
    /// Classes and libraries of a script.
    pub script: crate::scan::language::javascript::classes::Script,
    /// Names of Python that are an attribute whose name is a value: the function in which
    /// they are given it, the object and the value.
    pub attributes: Vec<(FunctionId, Arc<str>, Node<'t>, Node<'t>)>,
    /// Names of Python that stand for what a library has: the name, and what it is there.
    pub aliases: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// Options of shell functions by their spellings.
    pub sh_option_names: Vec<Arc<str>>,
    depth: usize,
}

impl<'t> Lowering<'t> {
    /// An empty unit whose top level is function 0.
    pub(crate) fn new(source: &'t str, root: Node<'t>) -> Self {
        let mut lowering = Self {
            source,
            unit: Unit::default(),
            function: 0,
            names: Default::default(),
            script: Default::default(),
            attributes: Vec::new(),
            aliases: Vec::new(),
            sh_option_names: Vec::new(),
            depth: 0,
        };
        lowering.add_function(None, None);
        lowering.errors(root);
        lowering
    }

    /// Notes the parts that the grammar could not read.
    fn errors(&mut self, root: Node<'t>) {
        if !root.has_error() {
            return;
        }
        // Without recursion: error trees can be deep.
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.is_error() {
                self.unit.errors.push(span(node));
            } else if node.has_error() && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    /// Adds an empty function inside the current one.
    pub(super) fn add_function(&mut self, name: Option<Arc<str>>, class: Option<ClassId>) -> FunctionId {
        let id = self.unit.functions.len();
        self.unit.functions.push(Function {
            name,
            class,
            parent: (id > 0).then_some(self.function),
            receiver: None,
            params: Vec::new(),
            body: Vec::new(),
            inline: false,
            property: false,
            constructor: false,
            keyed: false,
            types: Vec::new(),
            declared: Vec::new(),
            gives: None,
        });
        if let Some(class) = class {
            self.unit.classes[class].methods.push(id);
        }
        id
    }

    /// Notes an import.
    pub(super) fn import(&mut self, module: &str, what: Imported, local: &str, node: Node<'t>) {
        let import = Import { module: module.into(), what, local: local.into(), span: span(node) };
        self.unit.imports.push(import);
    }

    /// The class of a name, added if it is new.
    pub(super) fn class(&mut self, name: &str) -> ClassId {
        if let Some(id) = self.unit.classes.iter().position(|class| *class.name == *name) {
            return id;
        }
        self.unit.classes.push(Class {
            name: name.into(),
            bases: Vec::new(),
            methods: Vec::new(),
            fields: Vec::new(),
            wire: Vec::new(),
            declared: Vec::new(),
            added: false,
            single: false,
        });
        self.unit.classes.len() - 1
    }

    /// Runs `lower` one level deeper; `None` beyond the limit.
    pub(crate) fn nested<T>(&mut self, node: Node<'t>, lower: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_NESTING {
            let here = span(node);
            let deep = self.unit.too_deep.get_or_insert(here);
            *deep = Span { start: deep.start.min(here.start), end: deep.end.max(here.end) };
            return None;
        }
        self.depth += 1;
        let out = lower(self);
        self.depth -= 1;
        Some(out)
    }

    /// The source of a node.
    pub(super) fn text(&self, node: Node<'t>) -> &'t str {
        self.source.get(node.byte_range()).unwrap_or_default()
    }

    pub(crate) fn name(&self, node: Node<'t>) -> Arc<str> {
        self.text(node).into()
    }

    /// A node's text as a key of an object.
    pub(crate) fn key(&self, node: Node<'t>) -> Key {
        Key::new(self.name(node), span(node))
    }

    /// Keeps a value that several names are given parts of under a name of its own, so that it is
    /// evaluated once. Gives that name.
    pub(super) fn hold(&mut self, value: Expr, whole: Node<'t>, out: &mut Vec<Stmt>) -> Arc<str> {
        let held: Arc<str> = format!("(held {})", whole.start_byte()).into();
        out.push(Stmt::Assign { target: expr(ExprKind::Name(held.clone()), whole), value });
        held
    }

    /// Notes where a call writes the name of an argument.
    pub(super) fn tell(&mut self, call: Node<'t>, name: Option<Node<'t>>) {
        if let Some(name) = name {
            let key = self.key(name);
            self.unit.told.entry(span(call)).or_default().push(key);
        }
    }

    /// A field's text as a name.
    pub(super) fn field_name(&self, node: Node<'t>, field: &str) -> Option<Arc<str>> {
        node.child_by_field_name(field).map(|node| self.name(node))
    }
}

/// A key that is taken out of an object: `del body["key"]`.
pub(super) fn gone(target: Expr) -> Stmt {
    let span = target.span;
    let value = Expr { kind: ExprKind::Unknown(crate::scan::fields::sent::DELETED.into()), span };
    Stmt::Assign { target, value }
}

/// The bytes of a node.
pub(crate) fn span(node: Node<'_>) -> Span {
    let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    Span { start: at(node.start_byte()), end: at(node.end_byte()) }
}

pub(crate) fn expr(kind: ExprKind, node: Node<'_>) -> Expr {
    let mut node = node;
    // A member ends where its name does, not where brackets around it do.
    if let ExprKind::Member(..) = kind {
        while node.named_child_count() == 1
            && let Some(inner) = node.named_child(0)
        {
            node = inner;
        }
    }
    Expr { kind, span: span(node) }
}

/// The named children of a node but comments.
pub(super) fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra()).collect()
}

/// A node and what stands below it, in the order of the text, so many nodes at most. What is in
/// one that is not entered is left out.
pub(super) fn below<'t>(
    node: Node<'t>,
    most: usize,
    enters: impl Fn(Node<'t>) -> bool,
) -> impl Iterator<Item = Node<'t>> {
    let mut todo = vec![node];
    std::iter::from_fn(move || {
        let node = todo.pop()?;
        if enters(node) {
            todo.extend(children(node).into_iter().rev());
        }
        Some(node)
    })
    .take(most)
}

/// The children of a field.
pub(super) fn field_children<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor).filter(|child| child.is_named()).collect()
}

/// The operands of a chain of one binary operator, left to right, however
/// long the chain is. `None` if the node is no such operator.
pub(super) fn operands<'t>(
    node: Node<'t>,
    kind: &str,
    operator: &str,
    source: &str,
) -> Option<Vec<Node<'t>>> {
    let mut out = Vec::new();
    let mut at = node;
    while at.kind() == kind {
        let op = at.child_by_field_name("operator")?;
        if source.get(op.byte_range()) != Some(operator) {
            break;
        }
        out.push(at.child_by_field_name("right")?);
        at = at.child_by_field_name("left")?;
    }
    if out.is_empty() {
        return None;
    }
    out.push(at);
    out.reverse();
    Some(out)
}

/// The characters that a backslash escape stands for in C-like strings.
pub(super) fn unescape(escape: &str) -> String {
    let inner = escape.strip_prefix('\\').unwrap_or(escape);
    let code = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    match inner.chars().next() {
        Some('n') => "\n".into(),
        Some('t') => "\t".into(),
        Some('r') => "\r".into(),
        Some('\n') | Some('\r') | None => String::new(),
        Some('x' | 'u' | 'U') => {
            let digits = inner[1..].trim_start_matches('{').trim_end_matches('}');
            code(digits).map_or_else(String::new, String::from)
        }
        Some(_) => inner.to_owned(),
    }
}
