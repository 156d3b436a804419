//! What a file defines, gathered before anything is evaluated: where names are
//! assigned, which fields objects have, where objects are made.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::form::*;
use super::link::{FileId, Program};
use super::scope::Symbol;

/// An expression and the function in which it is to be read.
pub(crate) type Site<'u> = (FunctionId, &'u Expr);

/// What names of top levels mean, as far as it was asked.
type Symbols = BTreeMap<(FileId, Arc<str>), Option<Symbol>>;

/// The definitions of a program.
pub(crate) struct Index<'u> {
    /// Per function: every value that its body assigns to a name.
    pub assigned: Vec<BTreeMap<Arc<str>, Vec<Site<'u>>>>,
    /// Per class: every value given to a field.
    pub fields: Vec<BTreeMap<Arc<str>, Vec<Site<'u>>>>,
    /// Per class: the calls that make an object of it.
    pub made: Vec<Vec<(FunctionId, &'u [Arg])>>,
    /// Functions by the function they are defined in and their name.
    pub functions: BTreeMap<(FunctionId, Arc<str>), FunctionId>,
    pub classes: BTreeMap<(FileId, Arc<str>), ClassId>,
    /// Methods by name, over all classes.
    pub methods: BTreeMap<Arc<str>, Vec<FunctionId>>,
    /// Per class: the classes that it builds upon.
    bases: Vec<Vec<ClassId>>,
    /// Calls that may make an object.
    making: Vec<(FunctionId, &'u CallExpr)>,
    /// Names of classes.
    names: BTreeSet<&'u str>,
    /// Modules that are imported under a name with dots.
    modules: BTreeSet<(FileId, &'u str)>,
    pub(super) symbols: RefCell<Symbols>,
    pub(super) reach: RefCell<BTreeMap<FileId, BTreeSet<FileId>>>,
    pub(super) program: &'u Program,
    unit: &'u Unit,
}

impl<'u> Index<'u> {
    pub(crate) fn new(program: &'u Program) -> Self {
        let unit = &program.unit;
        let owner = |id: usize| program.class_owners.get(id).copied().unwrap_or(0);
        let mut index = Index {
            assigned: vec![BTreeMap::new(); unit.functions.len()],
            fields: vec![BTreeMap::new(); unit.classes.len()],
            made: vec![Vec::new(); unit.classes.len()],
            functions: BTreeMap::new(),
            classes: BTreeMap::new(),
            methods: BTreeMap::new(),
            bases: Vec::new(),
            making: Vec::new(),
            names: unit.classes.iter().map(|class| &*class.name).collect(),
            modules: BTreeSet::new(),
            symbols: RefCell::default(),
            reach: RefCell::default(),
            program,
            unit,
        };
        for (id, class) in unit.classes.iter().enumerate() {
            index.classes.insert((owner(id), class.name.clone()), id);
        }
        for (file, linked) in program.files.iter().enumerate() {
            let dotted = linked.imports.iter().filter(|import| import.local.contains('.'));
            index.modules.extend(dotted.map(|import| (file, &*import.local)));
        }
        for (id, function) in unit.functions.iter().enumerate() {
            if let Some(name) = &function.name {
                match function.class {
                    Some(_) => index.methods.entry(name.clone()).or_default().push(id),
                    None => {
                        let top = || program.files[program.owners[id]].root;
                        index.functions.insert((function.parent.unwrap_or_else(top), name.clone()), id);
                    }
                }
            }
        }
        for (id, class) in unit.classes.iter().enumerate() {
            for (name, function, value) in &class.fields {
                index.fields[id].entry(name.clone()).or_default().push((*function, value));
                index.expr(*function, value);
            }
        }
        for (id, function) in unit.functions.iter().enumerate() {
            if !function.inline {
                index.block(id, &function.body);
            }
        }
        // Assignments change what names mean: nothing was looked up before.
        for (id, class) in unit.classes.iter().enumerate() {
            let bases = class.bases.iter().filter_map(|base| index.class_named(owner(id), base));
            let bases = bases.filter(|base| *base != id).collect();
            index.bases.push(bases);
        }
        for (function, call) in std::mem::take(&mut index.making) {
            if let Some(class) = index.class_of(program.owners[function], &call.callee) {
                index.made[class].push((function, &call.args));
            }
        }
        index
    }

    /// The method of that name in a class or the classes it builds upon.
    pub(crate) fn method(&self, class: ClassId, name: &str) -> Option<FunctionId> {
        self.chain(class).into_iter().find_map(|class| {
            let methods = &self.unit.classes[class].methods;
            methods.iter().copied().find(|id| self.unit.functions[*id].name.as_deref() == Some(name))
        })
    }

    /// Whether a file imports a module under this name with dots.
    pub(crate) fn is_import(&self, file: FileId, path: &str) -> bool {
        !self.modules.is_empty() && self.modules.contains(&(file, path))
    }

    /// A class and the classes of the program that it builds upon, nearest first.
    pub(crate) fn chain(&self, class: ClassId) -> Vec<ClassId> {
        let mut out = vec![class];
        let mut next = 0;
        while next < out.len() {
            for base in &self.bases[out[next]] {
                if !out.contains(base) {
                    out.push(*base);
                }
            }
            next += 1;
        }
        out
    }

    fn block(&mut self, function: FunctionId, body: &'u [Stmt]) {
        for stmt in body {
            match stmt {
                Stmt::Expr(value) | Stmt::Return(value) => self.expr(function, value),
                Stmt::Assign { target, value } => {
                    match &target.kind {
                        ExprKind::Name(name) => {
                            let sites = self.assigned[function].entry(name.clone()).or_default();
                            sites.push((function, value));
                        }
                        ExprKind::Member(object, field) => self.field(function, object, field, value),
                        _ => {}
                    }
                    self.expr(function, value);
                }
                Stmt::Branch(arms) => arms.iter().for_each(|arm| self.block(function, arm)),
                Stmt::Loop(body) => self.block(function, body),
                Stmt::Leave => {}
            }
        }
    }

    fn field(&mut self, function: FunctionId, object: &'u Expr, field: &Arc<str>, value: &'u Expr) {
        let ExprKind::Name(name) = &object.kind else { return };
        let mut at = Some(function);
        while let Some(id) = at {
            let owner = &self.unit.functions[id];
            if let Some(class) = owner.class
                && owner.receiver.as_ref() == Some(name)
            {
                self.fields[class].entry(field.clone()).or_default().push((function, value));
                return;
            }
            at = owner.parent;
        }
    }

    fn expr(&mut self, function: FunctionId, expr: &'u Expr) {
        match &expr.kind {
            ExprKind::Text(_)
            | ExprKind::Unknown(_)
            | ExprKind::Name(_)
            | ExprKind::Positional(_)
            | ExprKind::PositionalRest(_) => {}
            ExprKind::Member(inner, _) | ExprKind::Spread(inner) | ExprKind::Element(inner) => {
                self.expr(function, inner);
            }
            ExprKind::Trim { text, .. } => self.expr(function, text),
            ExprKind::Index(a, b) | ExprKind::Default(a, b) => {
                self.expr(function, a);
                self.expr(function, b);
            }
            ExprKind::Concat(parts)
            | ExprKind::Either(parts)
            | ExprKind::List(parts)
            | ExprKind::Effects(parts) => parts.iter().for_each(|part| self.expr(function, part)),
            ExprKind::Format { template, args, .. } => {
                self.expr(function, template);
                args.iter().for_each(|arg| self.expr(function, &arg.value));
            }
            ExprKind::Join { base, parts, .. } => {
                self.expr(function, base);
                parts.iter().for_each(|part| self.expr(function, part));
            }
            ExprKind::Replace { text, from, to } => {
                [text, from, to].into_iter().for_each(|part| self.expr(function, part));
            }
            ExprKind::Setting { default, .. } => {
                if let Some(default) = default {
                    self.expr(function, default);
                }
            }
            ExprKind::Call(call) => {
                // The name of a class, or of what is exported or imported.
                if let ExprKind::Name(name) | ExprKind::Member(_, name) = &call.callee.kind
                    && (self.names.contains(&**name) || name.starts_with(|c: char| c.is_uppercase()))
                {
                    self.making.push((function, call));
                }
                self.expr(function, &call.callee);
                call.args.iter().for_each(|arg| self.expr(function, &arg.value));
            }
            ExprKind::Object(entries) => entries.iter().for_each(|(_, value)| self.expr(function, value)),
            ExprKind::Instance(class, fields) => {
                for (name, value) in fields {
                    self.fields[*class].entry(name.clone()).or_default().push((function, value));
                    self.expr(function, value);
                }
            }
            ExprKind::Function(id) => {
                // A closure in place assigns to the names of what surrounds it.
                if self.unit.functions[*id].inline {
                    self.block(function, &self.unit.functions[*id].body);
                }
            }
        }
    }
}
