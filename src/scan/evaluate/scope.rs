//! Names across files: what a name of a file's top level means, followed
//! through imports and re-exports.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::index::Index;
use super::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::link::{Bound, FileId};
use crate::scan::naming::Naming;
use crate::scan::value::{Entry, Kind, Term, Value};

/// Names through which a class is followed.
const MAX_RENAMED: usize = 8;

/// What a name of a file's top level is.
#[derive(Clone, Debug)]
pub(crate) enum Symbol {
    /// Assigned at the top level of this file, under this name.
    Assigned(FileId, Arc<str>),
    Function(FunctionId),
    Class(ClassId),
    /// A module: its files.
    Module(Arc<[FileId]>),
    /// A member of what the file exports as a whole.
    Exported(FileId, Arc<str>),
}

impl Index<'_> {
    /// What a name means at the top level of a file.
    pub(crate) fn symbol(&self, file: FileId, name: &Arc<str>) -> Option<Symbol> {
        let key = (file, name.clone());
        if let Some(known) = self.symbols.borrow().get(&key) {
            return known.clone();
        }
        let symbol = self.search(file, name, &mut BTreeSet::new());
        self.symbols.borrow_mut().insert(key, symbol.clone());
        symbol
    }

    /// What a file itself calls by a name.
    pub(super) fn own(&self, file: FileId, name: &Arc<str>) -> Option<Symbol> {
        let root = self.program.files[file].root;
        if self.assigned[root].contains_key(name) {
            return Some(Symbol::Assigned(file, name.clone()));
        }
        if let Some(function) = self.functions.get(&(root, name.clone())) {
            return Some(Symbol::Function(*function));
        }
        self.classes.get(&(file, name.clone())).map(|class| Symbol::Class(*class))
    }

    fn search(
        &self,
        file: FileId,
        name: &Arc<str>,
        seen: &mut BTreeSet<(FileId, Arc<str>)>,
    ) -> Option<Symbol> {
        if !seen.insert((file, name.clone())) {
            return None;
        }
        if let Some(own) = self.own(file, name) {
            return Some(own);
        }
        let imports = &self.program.files[file].imports;
        for import in imports.iter().filter(|import| import.local == *name) {
            if let Some(symbol) = self.imported(import, seen) {
                return Some(symbol);
            }
        }
        for import in imports.iter().filter(|import| import.what == Imported::All) {
            for target in &import.files {
                let found =
                    if import.own { self.own(*target, name) } else { self.search(*target, name, seen) };
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    fn imported(&self, import: &Bound, seen: &mut BTreeSet<(FileId, Arc<str>)>) -> Option<Symbol> {
        let module = |files: &[FileId]| (!files.is_empty()).then(|| Symbol::Module(files.into()));
        let Imported::Name(name) = &import.what else { return module(&import.files) };
        let exported: Arc<str> = format!("{EXPORTED}{name}").into();
        for name in [&exported, name] {
            if let Some(symbol) = import.files.iter().find_map(|target| self.search(*target, name, seen)) {
                return Some(symbol);
            }
        }
        if let Some(symbol) = module(&import.modules) {
            return Some(symbol);
        }
        // What a CommonJS or default-exporting file gives as a whole.
        let default = **name == *DEFAULT_EXPORT;
        let whole = [COMMON_EXPORTS, DEFAULT_EXPORT];
        for target in &import.files {
            for export in whole.iter().map(|export| Arc::from(*export)) {
                if self.own(*target, &export).is_some() {
                    return Some(match default {
                        true => Symbol::Assigned(*target, export),
                        false => Symbol::Exported(*target, name.clone()),
                    });
                }
            }
        }
        if default { module(&import.files) } else { None }
    }

    /// What a name of a file means that it imports.
    pub(super) fn import_meant(&self, file: FileId, name: &Arc<str>) -> Option<Symbol> {
        let imports = self.program.files[file].imports.iter().filter(|import| import.local == *name);
        imports.filter(|import| !import.own).find_map(|import| self.imported(import, &mut BTreeSet::new()))
    }

    /// The class that an expression names in a file: `Client`, `api.Client`.
    pub(super) fn class_of(&self, file: FileId, expr: &Expr) -> Option<ClassId> {
        let symbol = match &expr.kind {
            ExprKind::Name(name) => self.symbol(file, name)?,
            ExprKind::Member(object, name) => {
                let module = super::dotted(object)?;
                match self.symbol(file, &module.into())? {
                    Symbol::Module(files) => {
                        let exported: Arc<str> = format!("{EXPORTED}{name}").into();
                        let names = [&exported, name];
                        let found = |name: &Arc<str>| files.iter().find_map(|file| self.symbol(*file, name));
                        names.into_iter().find_map(found)?
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        self.class_meant(symbol)
    }

    /// The class that a symbol is, or that a module is as a whole.
    fn class_meant(&self, symbol: Symbol) -> Option<ClassId> {
        self.class_behind(symbol, MAX_RENAMED)
    }

    /// As [`Self::class_meant`], through so many names at most.
    fn class_behind(&self, symbol: Symbol, names: usize) -> Option<ClassId> {
        let symbol = match symbol {
            Symbol::Module(files) => files
                .iter()
                .flat_map(|file| [COMMON_EXPORTS, DEFAULT_EXPORT].map(|export| (*file, Arc::from(export))))
                .find_map(|(file, export)| self.own(file, &export))?,
            symbol => symbol,
        };
        match symbol {
            Symbol::Class(class) => Some(class),
            // `export default Client`, `module.exports = Client`
            Symbol::Assigned(file, name) => {
                let root = self.program.files[file].root;
                match self.assigned[root].get(&name)?.as_slice() {
                    [(_, Expr { kind: ExprKind::Name(known), .. })] if *known != name => {
                        self.class_behind(self.symbol(file, known)?, names.checked_sub(1)?)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The class that a file imports under a name.
    pub(super) fn imported_class(&self, file: FileId, name: &Arc<str>) -> Option<ClassId> {
        let imports = &self.program.files[file].imports;
        imports.iter().filter(|import| import.local == *name && !import.own).find_map(|import| {
            let symbol = self.imported(import, &mut BTreeSet::new())?;
            match symbol {
                Symbol::Class(class) => Some(class),
                // `var Tasks = require("./gen/tasks")`, which is opened again.
                Symbol::Module(_) | Symbol::Assigned(..) => self.class_meant(symbol),
                _ => None,
            }
        })
    }

    /// As [`Self::imported_class`], of what is imported as a whole: `use crate::scan::*`.
    pub(super) fn globbed_class(&self, file: FileId, name: &Arc<str>) -> Option<ClassId> {
        let imports = &self.program.files[file].imports;
        let all = imports.iter().filter(|import| import.what == Imported::All);
        let mut files = all.flat_map(|import| &import.files).filter(|target| **target != file);
        files.find_map(|target| match self.search(*target, name, &mut BTreeSet::new())? {
            Symbol::Class(class) => Some(class),
            _ => None,
        })
    }

    /// The class that a field is declared as, in the class or one that it builds upon.
    pub(super) fn declared(&self, class: ClassId, field: &str) -> Option<ClassId> {
        self.chain(class).into_iter().find_map(|class| {
            let declared = &self.unit().classes[class].declared;
            let (_, kind) = declared.iter().find(|(name, _)| **name == *field)?;
            let file = self.program.class_owners[class];
            self.class_named(file, kind).or_else(|| self.globbed_class(file, kind))
        })
    }

    /// The class of a name in the files of some classes: what a base class holds is known
    /// without its name.
    pub(crate) fn nested(&self, above: &[ClassId], name: &Arc<str>) -> Option<ClassId> {
        let in_file = |class: &ClassId| self.classes.get(&(self.program.class_owners[*class], name.clone()));
        above.iter().find_map(in_file).copied()
    }

    /// The class of a name in a file, as a base class or a type is written.
    pub(crate) fn class_named(&self, file: FileId, name: &Arc<str>) -> Option<ClassId> {
        let span = Span { start: 0, end: 0 };
        let named = |kind| Expr { kind, span };
        match self.symbol(file, name) {
            Some(Symbol::Class(class)) => return Some(class),
            None => {}
            Some(_) => return self.class_of(file, &named(ExprKind::Name(name.clone()))),
        }
        // Go: `rest.Client`
        if let Some((module, name)) = name.rsplit_once('.') {
            let module = Box::new(named(ExprKind::Name(module.into())));
            return self.class_of(file, &named(ExprKind::Member(module, name.into())));
        }
        // `models.Client`, of which only the last name is kept.
        let modules = || self.program.files[file].imports.iter().filter(|import| !import.own);
        let own = modules()
            .flat_map(|import| import.files.iter().chain(&import.modules))
            .find_map(|target| self.classes.get(&(*target, name.clone())).copied());
        // The module may have it from elsewhere, under another name.
        own.or_else(|| {
            let whole =
                modules().filter(|import| import.what == Imported::Module && !import.local.is_empty());
            whole
                .map(|import| Box::new(named(ExprKind::Name(import.local.clone()))))
                .find_map(|module| self.class_of(file, &named(ExprKind::Member(module, name.clone()))))
        })
    }

    /// The files that a file can name something of, itself among them.
    pub(crate) fn reached(&self, file: FileId) -> BTreeSet<FileId> {
        if let Some(known) = self.reach.borrow().get(&file) {
            return known.clone();
        }
        let mut out = BTreeSet::from([file]);
        let mut next = vec![file];
        while let Some(at) = next.pop() {
            for import in &self.program.files[at].imports {
                for target in import.files.iter().chain(&import.modules) {
                    if out.insert(*target) {
                        next.push(*target);
                    }
                }
            }
        }
        self.reach.borrow_mut().insert(file, out.clone());
        out
    }
}

impl<'u> Evaluator<'u> {
    /// The file whose code is being evaluated.
    pub(crate) fn file_of(&self, frame: &Frame) -> FileId {
        self.program.owners[frame.function]
    }

    /// The value of a name that no function around it defines.
    pub(super) fn global(&mut self, frame: &Frame, name: &Arc<str>, span: Span) -> Option<Value> {
        let file = self.file_of(frame);
        let symbol = self.index.symbol(file, name)?;
        Some(self.symbol_value(symbol, span))
    }

    /// A member of a class that the file opens: `import static acme.Urls.*`.
    pub(super) fn of_opened(&mut self, frame: &Frame, name: &Arc<str>, span: Span) -> Option<Value> {
        let file = self.file_of(frame);
        let program = self.program;
        let mut classes = program.files[file].opened.iter();
        let class = classes.find_map(|class| {
            let class = self.index.class_named(file, class)?;
            let of_class: Arc<str> = format!("{OF_CLASS}{name}").into();
            let method = [name, &of_class].iter().any(|name| self.index.method(class, name).is_some());
            (method || self.index.fields[class].contains_key(name)).then_some(class)
        })?;
        Some(self.member(&Value::one(Kind::Class(class)), name, span))
    }

    fn symbol_value(&mut self, symbol: Symbol, span: Span) -> Value {
        match symbol {
            Symbol::Function(id) => Value::one(Kind::Function(id)),
            Symbol::Class(id) => Value::one(Kind::Class(id)),
            Symbol::Module(files) => Value::one(Kind::Module(files)),
            Symbol::Assigned(file, name) => {
                let root = self.program.files[file].root;
                let sites = self.index.assigned[root].get(&name).cloned().unwrap_or_default();
                self.read(root, &name, &sites).imported(span)
            }
            Symbol::Exported(file, member) => {
                for export in [COMMON_EXPORTS, DEFAULT_EXPORT].map(Arc::from) {
                    if let Some(symbol) = self.index.own(file, &export) {
                        let whole = self.symbol_value(symbol, span);
                        return self.member(&whole, &member, span);
                    }
                }
                Value::unknown(&member)
            }
        }
    }

    /// What a module exports as a whole.
    pub(super) fn module_whole(&mut self, files: &[FileId], span: Span) -> Option<Value> {
        for file in files {
            for export in [COMMON_EXPORTS, DEFAULT_EXPORT].map(Arc::from) {
                if let Some(symbol) = self.index.own(*file, &export) {
                    return Some(self.symbol_value(symbol, span));
                }
            }
        }
        None
    }

    /// A member of an object that modules are spread out in: `{ ...require("./users") }`.
    pub(super) fn of_spread_module(
        &mut self,
        entries: &[(Entry, Value)],
        own: Value,
        member: &Arc<str>,
        span: Span,
    ) -> Value {
        if own.terms.iter().any(|term| !matches!(term.kind, Kind::Unknown(_))) {
            return own;
        }
        let module = |(entry, value): &(Entry, Value)| match value.terms.as_slice() {
            [Term { kind: Kind::Module(files), .. }] if *entry == Entry::Spread => Some(files.clone()),
            _ => None,
        };
        let found = entries.iter().rev().filter_map(module).find_map(|files| {
            let value = self.module_member(&files, member, span);
            value.terms.iter().any(|term| !matches!(term.kind, Kind::Unknown(_))).then_some(value)
        });
        found.unwrap_or(own)
    }

    /// A member of a module.
    pub(super) fn module_member(&mut self, files: &[FileId], member: &Arc<str>, span: Span) -> Value {
        let exported: Arc<str> = format!("{EXPORTED}{member}").into();
        // What PHP's `require` gives stands where it is used, not where the file is required.
        let given = self.dialect.naming() == Naming::Classes && **member == *DEFAULT_EXPORT;
        let span = if given { Span::NOWHERE } else { span };
        for name in [&exported, member] {
            if let Some(symbol) = files.iter().find_map(|file| self.index.symbol(*file, name)) {
                return self.symbol_value(symbol, span);
            }
        }
        if **member != *COMMON_EXPORTS && **member != *DEFAULT_EXPORT {
            for file in files {
                for export in [COMMON_EXPORTS, DEFAULT_EXPORT].map(Arc::from) {
                    if self.index.own(*file, &export).is_some() {
                        return self.symbol_value(Symbol::Exported(*file, member.clone()), span);
                    }
                }
            }
        }
        Value::unknown(member)
    }
}
