//! Linking: the units of files that import one another become one program.
//!
//! Every file gets a place of its own in one space of bytes, so that a [`Span`]
//! tells the file as well, and functions and classes get numbers that hold for
//! the whole program. Knows nothing of where modules are found (`modules`), nor
//! of what is evaluated.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::form::*;

/// Bytes of text in one program; the evaluator marks places in 31 bits.
pub(super) const MAX_PROGRAM: usize = 64 << 20;

/// Index of a file in [`Program::files`].
pub(crate) type FileId = usize;

/// Files that are evaluated together.
#[derive(Debug)]
pub(crate) struct Program {
    /// All functions and classes; imports are in [`Program::files`].
    pub unit: Unit,
    pub files: Vec<Linked>,
    /// The file of each function.
    pub owners: Vec<FileId>,
    /// The file of each class.
    pub class_owners: Vec<FileId>,
}

/// A file of a program.
#[derive(Debug)]
pub(crate) struct Linked {
    /// Where its text begins in the program's space of bytes.
    pub base: u32,
    /// Its top level.
    pub root: FunctionId,
    /// Whether calls are looked for in it; else it only helps to understand
    /// other files.
    pub searched: bool,
    /// Whether it is evaluated all the same, for the fields that it reads and sends.
    pub reads: bool,
    /// It is there for that alone, and makes no calls.
    pub added: bool,
    pub imports: Vec<Bound>,
    /// What it imports from elsewhere, by the names that it gives it.
    pub foreign: BTreeSet<Arc<str>>,
    /// Classes whose members are names in it.
    pub opened: Vec<Arc<str>>,
}

/// An import whose module is part of the program.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub local: Arc<str>,
    pub what: Imported,
    /// The files of the module: several for a Go package.
    pub files: Vec<FileId>,
    /// The files that the imported name itself stands for: `from package import
    /// module`.
    pub modules: Vec<FileId>,
    /// Only what the files themselves define: they are of the same package.
    pub own: bool,
}

/// A file to be linked.
pub(super) struct Part {
    pub unit: Unit,
    /// The length of its text.
    pub length: usize,
    pub searched: bool,
    pub reads: bool,
    /// It is there for that alone, and makes no calls.
    pub added: bool,
    pub imports: Vec<Bound>,
    pub foreign: BTreeSet<Arc<str>>,
    /// Parts with the same key share their classes: the files of a Go package.
    pub package: Option<String>,
}

impl Program {
    /// A program of one file.
    pub(crate) fn single(unit: Unit, length: usize) -> Self {
        let foreign = unit.imports.iter().map(|import| import.local.clone()).collect();
        let (imports, package) = (Vec::new(), None);
        Self::link(vec![Part {
            unit,
            length,
            searched: true,
            reads: false,
            added: false,
            imports,
            foreign,
            package,
        }])
    }

    /// Puts files together; their imports name each other by position.
    pub(super) fn link(parts: Vec<Part>) -> Self {
        let mut program = Program {
            unit: Unit::default(),
            files: Vec::new(),
            owners: Vec::new(),
            class_owners: Vec::new(),
        };
        let mut packages: BTreeMap<(String, Arc<str>), ClassId> = BTreeMap::new();
        let mut base = 0u32;
        for part in parts {
            let Part { mut unit, length, searched, reads, added, imports, foreign, package } = part;
            let file = program.files.len();
            let functions = program.unit.functions.len();
            let mut classes = Vec::with_capacity(unit.classes.len());
            let mut fresh = Vec::with_capacity(unit.classes.len());
            let mut next = program.unit.classes.len();
            for class in &unit.classes {
                let known = package
                    .as_ref()
                    .and_then(|package| packages.get(&(package.clone(), class.name.clone())).copied());
                fresh.push(known.is_none());
                classes.push(known.unwrap_or(next));
                if known.is_none() {
                    if let Some(package) = &package {
                        packages.insert((package.clone(), class.name.clone()), next);
                    }
                    next += 1;
                }
            }
            let moved = Moved { base, functions, classes: &classes, place: None };
            if base > 0 || functions > 0 || program.unit.classes.len() + unit.classes.len() != next {
                moved.unit(&mut unit);
            }
            program.owners.extend(std::iter::repeat_n(file, unit.functions.len()));
            program.unit.functions.append(&mut unit.functions);
            let opened = std::mem::take(&mut unit.opened);
            program.unit.typed.append(&mut unit.typed);
            program.unit.told.append(&mut unit.told);
            program.unit.beans.append(&mut unit.beans);
            program.unit.based.append(&mut unit.based);
            program.unit.shared.append(&mut unit.shared);
            program.unit.wanted.append(&mut unit.wanted);
            for (at, class) in unit.classes.into_iter().enumerate() {
                if fresh[at] {
                    program.class_owners.push(file);
                    program.unit.classes.push(class);
                } else if let Some(known) = program.unit.classes.get_mut(classes[at]) {
                    known.methods.extend(class.methods);
                    known.fields.extend(class.fields);
                    known.bases.extend(class.bases);
                    known.wire.extend(class.wire);
                    known.declared.extend(class.declared);
                    known.added &= class.added;
                }
            }
            program.files.push(Linked {
                base,
                root: functions,
                searched,
                reads,
                added,
                imports,
                foreign,
                opened,
            });
            base = base.saturating_add(u32::try_from(length).unwrap_or(u32::MAX)).saturating_add(1);
        }
        program
    }

    /// The file in which a place lies.
    pub(crate) fn file_at(&self, place: u32) -> FileId {
        self.files.partition_point(|file| file.base <= place).saturating_sub(1)
    }
}

/// How far the numbers of a file are moved.
struct Moved<'a> {
    base: u32,
    functions: usize,
    classes: &'a [ClassId],
    /// Where a place is, in place of a fixed distance.
    place: Option<&'a dyn Fn(Span) -> Span>,
}

/// Puts everything in a unit where a function says.
pub(crate) fn put(unit: &mut Unit, place: &dyn Fn(Span) -> Span) {
    let moved = Moved { base: 0, functions: 0, classes: &[], place: Some(place) };
    moved.unit(unit);
    let outside = unit.errors.iter_mut().chain(&mut unit.too_deep);
    outside
        .chain(unit.imports.iter_mut().map(|import| &mut import.span))
        .for_each(|span| *span = place(*span));
}

impl Moved<'_> {
    fn span(&self, span: &mut Span) {
        if let Some(place) = self.place {
            *span = place(*span);
            return;
        }
        span.start = span.start.saturating_add(self.base);
        span.end = span.end.saturating_add(self.base);
    }

    fn function(&self, id: &mut FunctionId) {
        *id += self.functions;
    }

    fn class(&self, id: &mut ClassId) {
        if let Some(moved) = self.classes.get(*id) {
            *id = *moved;
        }
    }

    fn unit(&self, unit: &mut Unit) {
        for function in &mut unit.functions {
            function.class.iter_mut().for_each(|class| self.class(class));
            function.parent.iter_mut().for_each(|parent| self.function(parent));
            for param in &mut function.params {
                param.default.iter_mut().for_each(|default| self.expr(default));
            }
            self.block(&mut function.body);
            function.types.iter_mut().for_each(|(_, shape)| self.shape(shape));
        }
        for class in &mut unit.classes {
            class.methods.iter_mut().for_each(|method| self.function(method));
            for (_, function, value) in &mut class.fields {
                self.function(function);
                self.expr(value);
            }
            class.wire.iter_mut().for_each(|field| self.shape(&mut field.shape));
        }
        let typed = std::mem::take(&mut unit.typed).into_iter();
        unit.typed = typed
            .map(|(at, said)| (self.moved(at), Said { shape: self.shaped(said.shape), whole: said.whole }))
            .collect();
        let told = std::mem::take(&mut unit.told).into_iter();
        let keys = |keys: Vec<Key>| {
            let key = |key: Key| Key { span: key.span.map(|span| self.moved(span)), ..key };
            keys.into_iter().map(key).collect()
        };
        unit.told = told.map(|(at, names)| (self.moved(at), keys(names))).collect();
        unit.beans.iter_mut().for_each(|bean| self.function(&mut bean.function));
        unit.based.iter_mut().for_each(|client| self.function(&mut client.function));
        unit.shared.iter_mut().for_each(|(function, _)| self.function(function));
        for wanted in &mut unit.wanted {
            match &mut wanted.by {
                Asker::Function(id) => self.function(id),
                Asker::Class(id) => self.class(id),
            }
        }
    }

    fn moved(&self, mut span: Span) -> Span {
        self.span(&mut span);
        span
    }

    fn shaped(&self, mut shape: Shape) -> Shape {
        self.shape(&mut shape);
        shape
    }

    fn shape(&self, shape: &mut Shape) {
        match shape {
            Shape::Struct(class) => self.class(class),
            Shape::List(inner) | Shape::Map(inner) => self.shape(Arc::make_mut(inner)),
            Shape::Foreign(_) | Shape::Open => {}
        }
    }

    fn block(&self, body: &mut [Stmt]) {
        for stmt in body {
            match stmt {
                Stmt::Expr(value) | Stmt::Return(value) => self.expr(value),
                Stmt::Assign { target, value } => {
                    self.expr(target);
                    self.expr(value);
                }
                Stmt::Branch(arms) => arms.iter_mut().for_each(|arm| self.block(arm)),
                Stmt::Loop(body) => self.block(body),
                Stmt::When { subject, .. } => self.expr(subject),
                Stmt::Leave => {}
            }
        }
    }

    fn args(&self, args: &mut [Arg]) {
        args.iter_mut().for_each(|arg| self.expr(&mut arg.value));
    }

    fn expr(&self, expr: &mut Expr) {
        self.span(&mut expr.span);
        match &mut expr.kind {
            ExprKind::Text(_)
            | ExprKind::Unknown(_)
            | ExprKind::Name(_)
            | ExprKind::Positional(_)
            | ExprKind::PositionalRest(_) => {}
            ExprKind::Member(inner, _) | ExprKind::Spread(inner) | ExprKind::Element(inner) => {
                self.expr(inner);
            }
            ExprKind::Trim { text, start: _, end: _ } => self.expr(text),
            ExprKind::Index(a, b) | ExprKind::Default(a, b) | ExprKind::Keyed(a, b) => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::Concat(parts)
            | ExprKind::Either(parts)
            | ExprKind::List(parts)
            | ExprKind::Effects(parts) => parts.iter_mut().for_each(|part| self.expr(part)),
            ExprKind::Format { template, style: _, args } => {
                self.expr(template);
                self.args(args);
            }
            ExprKind::Join { base, parts, style: _ } => {
                self.expr(base);
                parts.iter_mut().for_each(|part| self.expr(part));
            }
            ExprKind::Implode { list: a, separator: b } | ExprKind::Each { list: a, name: _, body: b } => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::Given(a, b, c)
            | ExprKind::Asked { subject: a, then: b, otherwise: c, .. }
            | ExprKind::Fold { list: a, first: b, body: c, .. } => {
                [a, b, c].into_iter().for_each(|part| self.expr(part));
            }
            ExprKind::Replace { text, from, to } => {
                [text, from, to].into_iter().for_each(|part| self.expr(part));
            }
            ExprKind::Setting { name: _, default } => {
                default.iter_mut().for_each(|default| self.expr(default));
            }
            ExprKind::Call(call) => {
                self.expr(&mut call.callee);
                self.args(&mut call.args);
            }
            ExprKind::Object(entries) => entries.iter_mut().for_each(|(key, value)| {
                key.iter_mut().filter_map(|key| key.span.as_mut()).for_each(|span| self.span(span));
                self.expr(value);
            }),
            ExprKind::Function(id) => self.function(id),
            ExprKind::Instance(class, fields) => {
                self.class(class);
                fields.iter_mut().for_each(|(key, value)| {
                    key.span.iter_mut().for_each(|span| self.span(span));
                    self.expr(value);
                });
            }
        }
    }
}
