//! What a file defines, gathered before anything is evaluated: where names are
//! assigned, which fields objects have, where objects are made.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::scope::Symbol;
use crate::scan::form::*;
use crate::scan::link::{FileId, Program};
use crate::scan::wording::words;

/// An expression and the function in which it is to be read.
pub(crate) type Site<'u> = (FunctionId, &'u Expr);

/// The arguments of a call and the function in which it stands.
pub(crate) type Given<'u> = (FunctionId, &'u [Arg]);

/// A member of an object and what it is given.
pub(crate) type Member<'u> = (Arc<str>, Site<'u>);

/// Calls of one function that are looked at to see what it is given.
const MAX_CALLERS: usize = 8;

/// Calls of one constructor that are looked at.
const MAX_BUILT: usize = 64;

/// What names of top levels mean, as far as it was asked.
type Symbols = BTreeMap<(FileId, Arc<str>), Option<Symbol>>;

/// The name that a setting goes by among those of a file which gives it a value itself.
pub(super) fn setting_name(setting: &str) -> Arc<str> {
    format!("(setting) {setting}").into()
}

/// The definitions of a program.
pub(crate) struct Index<'u> {
    /// Per function: every value that its body assigns to a name.
    pub assigned: Vec<BTreeMap<Arc<str>, Vec<Site<'u>>>>,
    /// Per name of a function: every value that its body gives to a member of it.
    pub members: BTreeMap<(FunctionId, Arc<str>), Vec<Member<'u>>>,
    /// Per class: the words of its name.
    pub words: Vec<Vec<String>>,
    /// Per class: every value given to a field.
    pub fields: Vec<BTreeMap<Arc<str>, Vec<Site<'u>>>>,
    /// Per class: the calls that make an object of it.
    pub made: Vec<Vec<Given<'u>>>,
    /// The calls of constructors that have names: `Client::new(url)`.
    pub built: BTreeMap<FunctionId, Vec<Given<'u>>>,
    /// Functions by the function they are defined in and their name.
    pub functions: BTreeMap<(FunctionId, Arc<str>), FunctionId>,
    /// Per function: the named functions that it defines.
    inner: BTreeMap<FunctionId, Vec<FunctionId>>,
    pub classes: BTreeMap<(FileId, Arc<str>), ClassId>,
    /// Methods by name, over all classes.
    pub methods: BTreeMap<Arc<str>, Vec<FunctionId>>,
    /// Per class: the classes that it builds upon.
    bases: Vec<Vec<ClassId>>,
    /// Per class: the classes that build upon it.
    derived: Vec<Vec<ClassId>>,
    /// Per class: what its methods read of their object.
    reads: Vec<BTreeSet<&'u str>>,
    /// Functions that give a field of their object a value.
    pub setting: BTreeSet<FunctionId>,
    /// Fields that closures give a value which are handed the object: options of Go.
    pub optional: BTreeSet<(ClassId, Arc<str>)>,
    /// The closures in place around what is being looked at.
    closures: Vec<FunctionId>,
    /// Calls that may make an object.
    making: Vec<(FunctionId, &'u CallExpr)>,
    /// Functions that a file calls by a name of its own: `import channel from "./channel.js"` of one that has none.
    renamed: BTreeMap<(FileId, Arc<str>), FunctionId>,
    /// The calls by such names.
    called_anew: BTreeMap<FunctionId, Vec<(FunctionId, &'u CallExpr)>>,
    /// Calls by the last name of what is called, of names that the program defines.
    called: BTreeMap<&'u str, Vec<(FunctionId, &'u CallExpr)>>,
    /// Names of functions and methods.
    named: BTreeSet<&'u str>,
    /// How many functions that are no methods have a name.
    homonyms: BTreeMap<&'u str, usize>,
    /// Names of classes.
    names: BTreeSet<&'u str>,
    /// Modules that are imported under a name with dots.
    modules: BTreeSet<(FileId, &'u str)>,
    pub(super) symbols: RefCell<Symbols>,
    pub(super) reach: RefCell<BTreeMap<FileId, BTreeSet<FileId>>>,
    /// Per class: its own methods by name.
    own: Vec<BTreeMap<&'u str, FunctionId>>,
    /// The classes that a class builds upon, once all are known: a class may take in
    /// many modules, and every name is looked for in all of them.
    chains: Option<RefCell<BTreeMap<ClassId, Vec<ClassId>>>>,
    pub(crate) program: &'u Program,
    unit: &'u Unit,
}

impl<'u> Index<'u> {
    pub(crate) fn new(program: &'u Program) -> Self {
        let unit = &program.unit;
        let owner = |id: usize| program.class_owners.get(id).copied().unwrap_or(0);
        let mut index = Index {
            assigned: vec![BTreeMap::new(); unit.functions.len()],
            members: BTreeMap::new(),
            words: unit.classes.iter().map(|class| crate::scan::wording::words(&class.name)).collect(),
            fields: vec![BTreeMap::new(); unit.classes.len()],
            made: vec![Vec::new(); unit.classes.len()],
            built: BTreeMap::new(),
            functions: BTreeMap::new(),
            inner: BTreeMap::new(),
            classes: BTreeMap::new(),
            methods: BTreeMap::new(),
            bases: Vec::new(),
            derived: vec![Vec::new(); unit.classes.len()],
            reads: vec![BTreeSet::new(); unit.classes.len()],
            setting: BTreeSet::new(),
            optional: BTreeSet::new(),
            closures: Vec::new(),
            making: Vec::new(),
            renamed: renamed(program),
            called_anew: BTreeMap::new(),
            called: BTreeMap::new(),
            named: unit.functions.iter().filter_map(|function| function.name.as_deref()).collect(),
            names: unit.classes.iter().map(|class| &*class.name).collect(),
            modules: BTreeSet::new(),
            homonyms: BTreeMap::new(),
            symbols: RefCell::default(),
            reach: RefCell::default(),
            own: Vec::with_capacity(unit.classes.len()),
            chains: None,
            program,
            unit,
        };
        for class in &unit.classes {
            let mut own = BTreeMap::new();
            for id in &class.methods {
                if let Some(name) = unit.functions[*id].name.as_deref() {
                    own.entry(name).or_insert(*id);
                }
            }
            index.own.push(own);
        }
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
                        *index.homonyms.entry(name).or_default() += 1;
                        if let Some(parent) = function.parent.filter(|_| !function.inline) {
                            index.inner.entry(parent).or_default().push(id);
                        }
                        if function.keyed {
                            continue;
                        }
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
        index.based_elsewhere();
        // Assignments change what names mean: nothing was looked up before.
        for (id, class) in unit.classes.iter().enumerate() {
            let bases = class.bases.iter().filter_map(|base| index.class_named(owner(id), base));
            let mut bases: Vec<ClassId> = bases.filter(|base| *base != id).collect();
            // `impl Client` in a file that imports it, a class that is opened again.
            bases.extend(index.imported_class(owner(id), &class.name).filter(|base| *base != id));
            if class.added && bases.is_empty() {
                bases.extend(index.globbed_class(owner(id), &class.name).filter(|base| *base != id));
            }
            bases.iter().for_each(|base| index.derived[*base].push(id));
            index.bases.push(bases);
        }
        let making = std::mem::take(&mut index.making);
        // Classes that say themselves what they give to the class that they build upon.
        let telling: BTreeSet<ClassId> = making
            .iter()
            .filter(|(_, call)| hands_up(call))
            .filter_map(|(function, _)| unit.functions[*function].class)
            .collect();
        for (function, call) in making {
            if let (ExprKind::Name(name), Some(class)) = (&call.callee.kind, unit.functions[function].class)
                && **name == *OWN_CONSTRUCTOR
            {
                index.made[class].push((function, &call.args));
                continue;
            }
            let class = index.class_of(program.owners[function], &call.callee);
            if let Some(class) = class {
                index.made[class].push((function, &call.args));
            } else if let Some(id) = index.named_constructor(program.owners[function], &call.callee) {
                let calls = index.built.entry(id).or_default();
                if calls.len() < MAX_BUILT {
                    calls.push((function, &call.args));
                }
            } else if let Some(class) = unit.functions[function].class {
                // What a class around this one is read through may be set up by any call; a base
                // class of another file only by a constructor that hands over.
                let above = hands_up(call);
                for base in index.bases[class].clone() {
                    if above || owner(base) == owner(class) && !telling.contains(&class) {
                        index.made[base].push((function, &call.args));
                    }
                }
            }
        }
        index.chains = Some(RefCell::default());
        index
    }

    /// Clients that are given their bases where they are not made: `client.defaults.baseURL = base`.
    fn based_elsewhere(&mut self) {
        for Based { function, name } in &self.unit.based {
            let Some(Stmt::Return(made)) = self.unit.functions[*function].body.last() else { continue };
            let file = self.program.owners[*function];
            let root = self.program.files[file].root;
            let parent = |id: &FunctionId| self.unit.functions[*id].parent;
            let within: Vec<FunctionId> =
                std::iter::successors(parent(function), parent).take_while(|id| *id != root).collect();
            // Of a name of its own, only the function itself knows.
            let own = |id: &FunctionId| {
                let sites = self.assigned[*id].get(name).map_or(0, Vec::len);
                sites > 1 || self.unit.functions[*id].params.iter().any(|param| param.name == *name)
            };
            if within.iter().any(own) {
                continue;
            }
            let (home, name) = match self.import_meant(file, name) {
                Some(Symbol::Assigned(home, name)) if home != file => (home, name),
                None if !within.is_empty() => (file, name.clone()),
                _ => continue,
            };
            let root = self.program.files[home].root;
            if let Some(sites) = self.assigned[root].get_mut(&name) {
                sites.push((*function, made));
            }
        }
        self.symbols.borrow_mut().clear();
    }

    pub(super) fn unit(&self) -> &'u Unit {
        self.unit
    }

    /// The constructor that a class has under a name of its own.
    fn named_constructor(&self, file: FileId, callee: &Expr) -> Option<FunctionId> {
        let ExprKind::Member(class, name) = &callee.kind else { return None };
        let ExprKind::Name(_) = &class.kind else { return None };
        let id = self.method(self.class_of(file, class)?, name)?;
        self.unit.functions[id].constructor.then_some(id)
    }

    /// The method of that name in a class or the classes it builds upon.
    pub(crate) fn method(&self, class: ClassId, name: &str) -> Option<FunctionId> {
        self.chain(class).into_iter().find_map(|class| self.own.get(class)?.get(name).copied())
    }

    /// Calls of what has a name, whatever they mean; not all, where there are many.
    pub(crate) fn calls_of(&self, name: &str) -> &[(FunctionId, &'u CallExpr)] {
        self.called.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether what is called has the name of a function of the program.
    pub(crate) fn names_function(&self, callee: &Expr) -> bool {
        let (ExprKind::Name(name) | ExprKind::Member(_, name)) = &callee.kind else { return false };
        self.named.contains(&**name)
    }

    /// The calls of a function or of a method that no other has the name of; none
    /// if there are many.
    pub(crate) fn callers(&self, function: FunctionId) -> &[(FunctionId, &'u CallExpr)] {
        let Some(name) = self.unit.functions[function].name.as_deref() else { return &[] };
        let alone = match self.unit.functions[function].class {
            Some(_) => self.methods.get(name).is_some_and(|methods| methods.len() == 1),
            None => !self.methods.contains_key(name) && self.homonyms.get(name) == Some(&1),
        };
        let calls = self.called.get(name).map(Vec::as_slice).unwrap_or_default();
        if alone && calls.len() <= MAX_CALLERS { calls } else { &[] }
    }

    /// The calls of a function by names that other files give it; none if there are many.
    pub(crate) fn callers_elsewhere(&self, function: FunctionId) -> &[(FunctionId, &'u CallExpr)] {
        let calls = self.called_anew.get(&function).map(Vec::as_slice).unwrap_or_default();
        if calls.len() <= MAX_CALLERS { calls } else { &[] }
    }

    /// The methods of a class and of those that it builds upon, without those that
    /// are defined anew.
    pub(crate) fn methods_of(&self, class: ClassId) -> Vec<FunctionId> {
        let mut named: BTreeSet<&str> = BTreeSet::new();
        let all = self.chain(class).into_iter().flat_map(|class| self.unit.classes[class].methods.iter());
        all.copied()
            .filter(|id| self.unit.functions[*id].name.as_deref().is_some_and(|name| named.insert(name)))
            .collect()
    }

    /// The named functions that a function defines.
    pub(crate) fn inner(&self, function: FunctionId) -> &[FunctionId] {
        self.inner.get(&function).map(Vec::as_slice).unwrap_or_default()
    }

    /// The named functions that a function defines, and those that they define: what
    /// decorators are made of.
    pub(crate) fn all_inner(&self, function: FunctionId) -> Vec<FunctionId> {
        const MAX_INNER: usize = 64;
        let mut out = self.inner(function).to_vec();
        let mut next = 0;
        while next < out.len() && out.len() < MAX_INNER {
            out.extend(self.inner(out[next]));
            next += 1;
        }
        out
    }

    /// The classes that build upon a class, itself first.
    pub(crate) fn below(&self, class: ClassId) -> Vec<ClassId> {
        let mut out = vec![class];
        let mut next = 0;
        while next < out.len() {
            for derived in &self.derived[out[next]] {
                if !out.contains(derived) {
                    out.push(*derived);
                }
            }
            next += 1;
        }
        out
    }

    /// The constructor of a class, its own or that of a class it builds upon.
    pub(crate) fn constructor(&self, class: ClassId) -> Option<FunctionId> {
        self.chain(class).into_iter().find_map(|class| {
            self.unit.classes[class].methods.iter().copied().find(|id| self.unit.functions[*id].constructor)
        })
    }

    /// The method that a call of one runs: that of the class, or, of what only declares it,
    /// that of the class that builds upon it, where no other one has it but its asynchronous twin.
    pub(crate) fn implemented(&self, class: ClassId, name: &str) -> Option<FunctionId> {
        let runs = |id: &FunctionId| {
            let function = &self.unit.functions[*id];
            function.name.as_deref() == Some(name) && !function.body.is_empty()
        };
        let own = self.method(class, name);
        if own.as_ref().is_none_or(runs) {
            return own;
        }
        let below = self.below(class).into_iter().skip(1);
        let mut found = below.filter_map(|below| self.unit.classes[below].methods.iter().copied().find(runs));
        let Some(first) = found.next() else { return own };
        match found.all(|other| self.are_twins(first, other)) {
            true => Some(first),
            false => own,
        }
    }

    /// Whether two methods are of classes that differ by how they wait alone, and take the same:
    /// those of `Client` and `AsyncClient`.
    fn are_twins(&self, one: FunctionId, other: FunctionId) -> bool {
        let waits =
            |word: &String| matches!(word.as_str(), "async" | "asyncio" | "aio" | "sync" | "blocking");
        let class = |id: FunctionId| Some(&self.unit.classes[self.unit.functions[id].class?].name);
        let called = |name: &Arc<str>| {
            let mut called = words(name);
            called.retain(|word| !waits(word));
            called
        };
        let (Some(first), Some(second)) = (class(one), class(other)) else { return false };
        let takes = |id: FunctionId| self.unit.functions[id].params.iter().map(|param| &param.name);
        // Classes of one name in two modules are as different as any others.
        first != second && called(first) == called(second) && takes(one).eq(takes(other))
    }

    /// The methods that a class takes over from others and that mean something
    /// else on its objects.
    pub(crate) fn inherited(&self, class: ClassId) -> Vec<FunctionId> {
        let mut named: BTreeSet<&str> = BTreeSet::new();
        let mut out = Vec::new();
        for above in self.chain(class) {
            for id in &self.unit.classes[above].methods {
                let Some(name) = self.unit.functions[*id].name.as_deref() else { continue };
                if named.insert(name) && above != class && self.is_sensitive(*id, class) {
                    out.push(*id);
                }
            }
        }
        out
    }

    /// Whether a method means something else on an object of `class` than on one
    /// of the class that it is written in: what it reads of the object is
    /// defined anew.
    pub(crate) fn is_sensitive(&self, method: FunctionId, class: ClassId) -> bool {
        let Some(home) = self.unit.functions[method].class else { return false };
        if home == class {
            return false;
        }
        let above = self.chain(home);
        let between = self.chain(class).into_iter().filter(|class| !above.contains(class));
        let read = |name: &str| above.iter().any(|class| self.reads[*class].contains(name));
        // Every class has a name of its own.
        read(CLASS_NAME)
            || read(CLASS_WORD)
            || between.into_iter().any(|class| {
                self.unit.classes[class]
                    .methods
                    .iter()
                    .filter(|id| !self.unit.functions[**id].constructor)
                    .filter_map(|id| self.unit.functions[*id].name.as_deref())
                    .chain(self.unit.classes[class].fields.iter().map(|(name, ..)| &**name))
                    .chain(self.set_anew(class))
                    .any(read)
            })
    }

    /// Whether methods of a class ask what the class of their object is called.
    pub(crate) fn asks_its_name(&self, class: ClassId) -> bool {
        [CLASS_NAME, CLASS_WORD].iter().any(|name| self.reads_of_itself(class, name))
    }

    /// Whether methods of a class read a member of their object.
    pub(crate) fn reads_of_itself(&self, class: ClassId, member: &str) -> bool {
        self.reads[class].contains(member)
    }

    /// The fields that methods of a class give a value of their own, and not what these are
    /// handed: `this.prefix = "/users"`.
    fn set_anew(&self, class: ClassId) -> impl Iterator<Item = &str> {
        let own = move |(function, value): &Site<'u>| {
            self.unit.functions[*function].class == Some(class)
                && matches!(
                    value.kind,
                    ExprKind::Text(_)
                        | ExprKind::Concat(_)
                        | ExprKind::Format { .. }
                        | ExprKind::Join { .. }
                        | ExprKind::Member(..)
                        | ExprKind::Default(..)
                )
        };
        self.fields[class].iter().filter(move |(_, sites)| sites.iter().any(own)).map(|(name, _)| &**name)
    }

    /// Whether a file imports a module under this name with dots.
    pub(crate) fn is_import(&self, file: FileId, path: &str) -> bool {
        !self.modules.is_empty() && self.modules.contains(&(file, path))
    }

    /// A class and the classes of the program that it builds upon, nearest first.
    pub(crate) fn chain(&self, class: ClassId) -> Vec<ClassId> {
        let Some(known) = &self.chains else { return self.climbed(class) };
        known.borrow_mut().entry(class).or_insert_with(|| self.climbed(class)).clone()
    }

    fn climbed(&self, class: ClassId) -> Vec<ClassId> {
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
                            let home = self.home_of(function, name);
                            let sites = self.assigned[home].entry(name.clone()).or_default();
                            sites.push((function, value));
                        }
                        ExprKind::Member(object, field) => self.field(function, object, field, value),
                        // `os.environ["BASE"] = ".."` holds in the whole file, whoever says it.
                        ExprKind::Setting { name, .. } => {
                            let root = self.program.files[self.program.owners[function]].root;
                            let sites = self.assigned[root].entry(setting_name(name)).or_default();
                            sites.push((function, value));
                        }
                        _ => {}
                    }
                    self.expr(function, value);
                }
                Stmt::Branch(arms) => arms.iter().for_each(|arm| self.block(function, arm)),
                Stmt::Loop(body) => self.block(function, body),
                Stmt::Leave | Stmt::When { .. } => {}
            }
        }
    }

    /// The function to which a name belongs that another one gives a value: of a shared name, the
    /// file as a whole.
    fn home_of(&self, function: FunctionId, name: &Arc<str>) -> FunctionId {
        let shared = |(by, shared): &(FunctionId, Arc<str>)| *by == function && shared == name;
        match self.unit.shared.iter().any(shared) {
            true => self.program.files[self.program.owners[function]].root,
            false => function,
        }
    }

    fn field(&mut self, function: FunctionId, object: &'u Expr, field: &Arc<str>, value: &'u Expr) {
        // `this.config.prefix = "/api/v1"`: what the field is given may be anybody's.
        if let ExprKind::Member(outer, inner) = &object.kind
            && let ExprKind::Name(name) = &outer.kind
            && let Some(class) = self.receiver_class(function, name)
        {
            let path = format!("{inner}.{field}").into();
            self.fields[class].entry(path).or_default().push((function, value));
            return;
        }
        let ExprKind::Name(name) = &object.kind else { return };
        if let Some(class) = self.receiver_class(function, name) {
            self.fields[class].entry(field.clone()).or_default().push((function, value));
            self.setting.insert(function);
        } else {
            // `func WithBase(base string) Option { return func(c *Client) { c.base = base } }`
            if let Some(class) = self.handed_class(name) {
                self.fields[class].entry(field.clone()).or_default().push((function, value));
                self.optional.insert((class, field.clone()));
            }
            let members = self.members.entry((function, name.clone())).or_default();
            members.push((field.clone(), (function, value)));
        }
    }

    /// The class of what a closure is handed under a name.
    fn handed_class(&self, name: &str) -> Option<ClassId> {
        self.closures.iter().rev().find_map(|id| {
            let types = &self.unit.functions[*id].types;
            types.iter().find_map(|(known, shape)| match shape {
                Shape::Struct(class) if **known == *name => Some(*class),
                _ => None,
            })
        })
    }

    /// The class whose object a name means inside a function.
    pub(super) fn receiver_class(&self, function: FunctionId, name: &Arc<str>) -> Option<ClassId> {
        let mut at = Some(function);
        while let Some(id) = at {
            let owner = &self.unit.functions[id];
            if let Some(class) = owner.class
                && let Some(receiver) = &owner.receiver
                && (receiver == name || self.is_named(id, name, receiver))
            {
                return Some(class);
            }
            at = owner.parent;
        }
        None
    }

    /// Whether a function is one of a module from elsewhere: `errors.New("not found")` is no call
    /// of the program's own `New`.
    fn is_elsewhere(&self, function: FunctionId, callee: &Expr) -> bool {
        let ExprKind::Member(module, _) = &callee.kind else { return false };
        let ExprKind::Name(module) = &module.kind else { return false };
        self.program.files[self.program.owners[function]].foreign.contains(module)
    }

    /// Whether a name of a function is another one for what is called `receiver`:
    /// `var self = this`.
    fn is_named(&self, function: FunctionId, name: &Arc<str>, receiver: &Arc<str>) -> bool {
        let sites = self.assigned[function].get(name).map(Vec::as_slice).unwrap_or_default();
        matches!(sites, [(_, Expr { kind: ExprKind::Name(known), .. })] if known == receiver)
    }

    fn expr(&mut self, function: FunctionId, expr: &'u Expr) {
        match &expr.kind {
            ExprKind::Text(_)
            | ExprKind::Unknown(_)
            | ExprKind::Name(_)
            | ExprKind::Positional(_)
            | ExprKind::PositionalRest(_) => {}
            ExprKind::Member(inner, name) => {
                if let ExprKind::Name(object) = &inner.kind
                    && let Some(class) = self.receiver_class(function, object)
                {
                    self.reads[class].insert(name);
                }
                self.expr(function, inner);
            }
            ExprKind::Spread(inner) | ExprKind::Element(inner) => self.expr(function, inner),
            ExprKind::Trim { text, .. } => self.expr(function, text),
            ExprKind::Index(a, b) | ExprKind::Default(a, b) | ExprKind::Keyed(a, b) => {
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
            ExprKind::Implode { list: a, separator: b } | ExprKind::Each { list: a, name: _, body: b } => {
                self.expr(function, a);
                self.expr(function, b);
            }
            ExprKind::Given(a, b, c)
            | ExprKind::Asked { subject: a, then: b, otherwise: c, .. }
            | ExprKind::Fold { list: a, first: b, body: c, .. } => {
                [a, b, c].into_iter().for_each(|part| self.expr(function, part));
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
                // `super().__init__(x)`, `super(x)`: the base class is given x.
                if hands_up(call) {
                    self.making.push((function, call));
                }
                // `Client::new(url)`
                if let ExprKind::Member(class, name) = &call.callee.kind
                    && let ExprKind::Name(class) = &class.kind
                    && class.starts_with(|c: char| c.is_uppercase())
                    && name.starts_with(|c: char| c.is_lowercase())
                    && !call.args.is_empty()
                    && self.names.contains(&**class)
                {
                    self.making.push((function, call));
                }
                // The name of a class, or of what is exported or imported.
                if let ExprKind::Name(name) | ExprKind::Member(_, name) = &call.callee.kind
                    && (self.names.contains(&**name) || name.starts_with(|c: char| c.is_uppercase()))
                {
                    self.making.push((function, call));
                }
                if let ExprKind::Name(name) | ExprKind::Member(_, name) = &call.callee.kind
                    && !call.args.is_empty()
                    && self.named.contains(&**name)
                    && !self.is_elsewhere(function, &call.callee)
                {
                    let calls = self.called.entry(name).or_default();
                    // One more than anybody asks for.
                    if calls.len() <= MAX_CALLERS {
                        calls.push((function, call));
                    }
                }
                if let ExprKind::Name(name) = &call.callee.kind
                    && !self.renamed.is_empty()
                    && !call.args.is_empty()
                    && let Some(meant) = self.renamed.get(&(self.program.owners[function], name.clone()))
                {
                    let calls = self.called_anew.entry(*meant).or_default();
                    if calls.len() <= MAX_CALLERS {
                        calls.push((function, call));
                    }
                }
                self.expr(function, &call.callee);
                call.args.iter().for_each(|arg| self.expr(function, &arg.value));
            }
            ExprKind::Object(entries) => entries.iter().for_each(|(_, value)| self.expr(function, value)),
            ExprKind::Instance(class, fields) => {
                for (name, value) in fields {
                    let name = self.unit.field_name(*class, &name.name);
                    self.fields[*class].entry(name).or_default().push((function, value));
                    self.expr(function, value);
                }
            }
            ExprKind::Function(id) => {
                // A closure in place assigns to the names of what surrounds it.
                if self.unit.functions[*id].inline {
                    self.closures.push(*id);
                    self.block(function, &self.unit.functions[*id].body);
                    self.closures.pop();
                }
            }
        }
    }
}

/// Whether a constructor hands over to another one, of its class or of the one it builds
/// upon: `super().__init__(x)`, `super(x)`.
pub(crate) fn hands_up(call: &CallExpr) -> bool {
    match &call.callee.kind {
        ExprKind::Name(name) => &**name == "super" || **name == *OWN_CONSTRUCTOR,
        ExprKind::Member(object, name) => {
            let object = match &object.kind {
                ExprKind::Call(inner) => &inner.callee,
                _ => &**object,
            };
            matches!(&object.kind, ExprKind::Name(name) if &**name == "super")
                && matches!(&**name, "__init__" | "initialize" | "constructor" | "__construct")
        }
        _ => false,
    }
}

/// The functions that files import under a name which these do not have where they are defined.
fn renamed(program: &Program) -> BTreeMap<(FileId, Arc<str>), FunctionId> {
    let unit = &program.unit;
    let mut defined: BTreeMap<(FileId, &str), FunctionId> = BTreeMap::new();
    for (id, function) in unit.functions.iter().enumerate() {
        let file = program.owners[id];
        let outside = function.class.is_none()
            && function.parent.is_none_or(|parent| parent == program.files[file].root);
        if let Some(name) = function.name.as_deref().filter(|_| outside) {
            defined.entry((file, name)).or_insert(id);
        }
    }
    // `export default channel`
    for (file, linked) in program.files.iter().enumerate() {
        for stmt in &unit.functions[linked.root].body {
            if let Stmt::Assign { target, value } = stmt
                && let (ExprKind::Name(export), ExprKind::Name(name)) = (&target.kind, &value.kind)
                && **export == *DEFAULT_EXPORT
                && let Some(id) = defined.get(&(file, &**name)).copied()
            {
                defined.insert((file, DEFAULT_EXPORT), id);
            }
        }
    }
    let named: BTreeSet<&Arc<str>> =
        unit.functions.iter().filter_map(|function| function.name.as_ref()).collect();
    let mut out = BTreeMap::new();
    for (file, linked) in program.files.iter().enumerate() {
        for import in &linked.imports {
            let (Imported::Name(name), [target]) = (&import.what, import.files.as_slice()) else { continue };
            if let Some(id) = defined
                .get(&(*target, &**name))
                .filter(|_| **name != *import.local && !named.contains(&import.local))
            {
                out.insert((file, import.local.clone()), *id);
            }
        }
    }
    out
}
