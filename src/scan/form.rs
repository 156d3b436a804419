//! The common form: what every client language is lowered to.
//!
//! Holds only what can matter to an HTTP call: strings and how they are built,
//! names and where they are assigned, functions, classes and calls. Everything
//! else of a language becomes an [`ExprKind::Unknown`] hole or
//! [`ExprKind::Effects`]. Knows nothing of syntax trees or of HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A range of bytes of the file's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The place of what no program has written: the scan itself put it together.
    pub(crate) const NOWHERE: Self = Self { start: u32::MAX, end: 0 };

    /// Whether `other` lies inside this span.
    pub(crate) fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Index of a function in [`Unit::functions`].
pub(crate) type FunctionId = usize;
/// Index of a class in [`Unit::classes`].
pub(crate) type ClassId = usize;

/// One file. Function 0 is its top level.
#[derive(Debug, Default)]
pub(crate) struct Unit {
    pub functions: Vec<Function>,
    pub classes: Vec<Class>,
    /// Every import of the file, in the order of the text.
    pub imports: Vec<Import>,
    /// The package that the file says it belongs to: Go's `package client`.
    pub package: Option<Arc<str>>,
    /// Classes whose members the file names without saying whose they are:
    /// `import static acme.Urls.*`, `using static Acme.Urls`.
    pub opened: Vec<Arc<str>>,
    /// The types that calls are said to give, by where the calls stand: `body<User>()`,
    /// `User user = mapper.readValue(text, User.class)`.
    pub typed: BTreeMap<Span, Said>,
    /// Where calls write the names of their arguments.
    pub told: BTreeMap<Span, Vec<Key>>,
    /// What a container makes for whoever asks for something of its type.
    pub beans: Vec<Bean>,
    /// Clients that are given a base after they are made.
    pub based: Vec<Based>,
    /// Names of the whole file to which a function gives a value: `global base_url`.
    pub shared: Vec<(FunctionId, Arc<str>)>,
    /// The names of beans that parameters and fields ask for.
    pub wanted: Vec<Wanted>,
    /// From the first to the last place where the text was nested more deeply than is
    /// followed.
    pub too_deep: Option<Span>,
    /// Parts that the grammar could not read.
    pub errors: Vec<Span>,
}

impl Unit {
    /// Whether a text of the unit passes a test; what stands alone as a
    /// statement is there to be read.
    pub(crate) fn has_text(&self, test: &dyn Fn(&str) -> bool) -> bool {
        let defaults = self.functions.iter().flat_map(|function| &function.params);
        self.functions.iter().any(|function| block_has_text(&function.body, test))
            || defaults.filter_map(|param| param.default.as_ref()).any(|default| default.has_text(test))
            || self.classes.iter().flat_map(|class| &class.fields).any(|(_, _, value)| value.has_text(test))
    }
}

impl Unit {
    /// The name of a field of a struct that may be given by its place.
    pub(crate) fn field_name(&self, class: ClassId, written: &Arc<str>) -> Arc<str> {
        let place = written.strip_prefix(PLACE).and_then(|place| place.parse::<usize>().ok());
        let field = place.and_then(|place| self.classes.get(class)?.wire.get(place));
        field.map_or_else(|| written.clone(), |field| field.name.clone())
    }

    /// Whether other files may take a text from this one that passes a test: a
    /// constant, a field, what a function returns.
    pub(crate) fn gives_text(&self, test: &dyn Fn(&str) -> bool) -> bool {
        let kept = |function: &Function| function.parent.is_none() || function.class.is_some();
        // `static readonly Route Users = new(HttpMethod.Get, "/users")`
        let made = |stmt: &Stmt| match stmt {
            Stmt::Assign { value: Expr { kind: ExprKind::Call(call), .. }, .. } => {
                let own = |name: &Arc<str>| self.classes.iter().any(|class| class.name == *name);
                matches!(&call.callee.kind, ExprKind::Name(name) if own(name))
                    && call.args.iter().any(|arg| arg.value.gives(test))
            }
            _ => false,
        };
        // What a function of the file itself gives a name is its own.
        let top = |function: &Function| function.parent == Some(0) && !function.inline;
        self.functions.iter().any(|function| match kept(function) {
            true => block_gives(&function.body, test, true) || function.body.iter().any(made),
            false => top(function) && block_gives(&function.body, test, false),
        }) || self.classes.iter().flat_map(|class| &class.fields).any(|(_, _, value)| value.gives(test))
    }
}

/// Whether what a body returns, or with `names` what it gives a name, passes a test.
fn block_gives(body: &[Stmt], test: &dyn Fn(&str) -> bool, names: bool) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::Return(value) => value.gives(test),
        Stmt::Assign { value, .. } => names && value.gives(test),
        Stmt::Branch(arms) => arms.iter().any(|arm| block_gives(arm, test, names)),
        Stmt::Loop(body) => block_gives(body, test, names),
        Stmt::Expr(_) | Stmt::Leave | Stmt::When { .. } => false,
    })
}

fn block_has_text(body: &[Stmt], test: &dyn Fn(&str) -> bool) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::Expr(Expr { kind: ExprKind::Text(_), .. }) | Stmt::Leave | Stmt::When { .. } => false,
        Stmt::Expr(value) | Stmt::Return(value) => value.has_text(test),
        Stmt::Assign { target, value } => value.has_text(test) || target.has_text(test),
        Stmt::Branch(arms) => arms.iter().any(|arm| block_has_text(arm, test)),
        Stmt::Loop(body) => block_has_text(body, test),
    })
}

impl Expr {
    /// Whether a text that passes a test is a part of the value itself: what a
    /// call is handed is none.
    fn gives(&self, test: &dyn Fn(&str) -> bool) -> bool {
        match &self.kind {
            ExprKind::Concat(parts) | ExprKind::Either(parts) | ExprKind::List(parts) => {
                parts.iter().any(|part| part.gives(test))
            }
            ExprKind::Given(_, a, b)
            | ExprKind::Default(a, b)
            | ExprKind::Asked { then: a, otherwise: b, .. } => a.gives(test) || b.gives(test),
            ExprKind::Fold { first, body, .. } => first.gives(test) || body.gives(test),
            ExprKind::Join { base, parts, .. } => {
                base.gives(test) || parts.iter().any(|part| part.gives(test))
            }
            ExprKind::Format { template: inner, .. }
            | ExprKind::Trim { text: inner, .. }
            | ExprKind::Replace { text: inner, .. }
            | ExprKind::Spread(inner) => inner.gives(test),
            ExprKind::Setting { default, .. } => default.as_deref().is_some_and(|value| value.gives(test)),
            ExprKind::Object(entries) => {
                entries.iter().any(|(key, value)| key.as_deref().is_some_and(test) || value.gives(test))
            }
            ExprKind::Instance(_, fields) => fields.iter().any(|(_, value)| value.gives(test)),
            ExprKind::Text(text) => test(text),
            // An object is what it is made of: `Settings(users_path="/users")`. What a method of an
            // interface asks for, its client's address is needed for.
            ExprKind::Call(call) => {
                let made = match &call.callee.kind {
                    ExprKind::Member(_, name) if **name == *ANNOTATED => true,
                    ExprKind::Name(name) | ExprKind::Member(_, name) => name.starts_with(char::is_uppercase),
                    _ => false,
                };
                made && call.args.iter().any(|arg| arg.value.gives(test))
            }
            _ => false,
        }
    }

    pub(crate) fn has_text(&self, test: &dyn Fn(&str) -> bool) -> bool {
        let has = |expr: &Expr| expr.has_text(test);
        let given = |args: &[Arg]| args.iter().any(|arg| arg.value.has_text(test));
        match &self.kind {
            ExprKind::Text(text) => test(text),
            ExprKind::Unknown(_)
            | ExprKind::Name(_)
            | ExprKind::Function(_)
            | ExprKind::Positional(_)
            | ExprKind::PositionalRest(_) => false,
            ExprKind::Member(inner, _) | ExprKind::Spread(inner) | ExprKind::Element(inner) => has(inner),
            ExprKind::Trim { text, .. } => has(text),
            ExprKind::Index(a, b) | ExprKind::Default(a, b) | ExprKind::Keyed(a, b) => has(a) || has(b),
            ExprKind::Implode { list: a, separator: b } | ExprKind::Each { list: a, body: b, .. } => {
                has(a) || has(b)
            }
            ExprKind::Concat(parts)
            | ExprKind::Either(parts)
            | ExprKind::List(parts)
            | ExprKind::Effects(parts) => parts.iter().any(has),
            ExprKind::Given(a, b, c)
            | ExprKind::Asked { subject: a, then: b, otherwise: c, .. }
            | ExprKind::Fold { list: a, first: b, body: c, .. } => has(a) || has(b) || has(c),
            ExprKind::Replace { text, from, to } => has(text) || has(from) || has(to),
            ExprKind::Format { template, args, .. } => has(template) || given(args),
            ExprKind::Join { base, parts, .. } => has(base) || parts.iter().any(has),
            ExprKind::Setting { default, .. } => default.as_deref().is_some_and(has),
            ExprKind::Call(call) => has(&call.callee) || given(&call.args),
            // A table of routes may have them as keys.
            ExprKind::Object(entries) => {
                entries.iter().any(|(key, value)| key.as_deref().is_some_and(test) || has(value))
            }
            ExprKind::Instance(_, fields) => fields.iter().any(|(_, value)| has(value)),
        }
    }
}

/// A name that a file brings in from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// The module as written: `a.b`, `..client`, `./lib/api`,
    /// `example.org/x/client`, `$DIR/lib.sh`.
    pub module: Arc<str>,
    pub what: Imported,
    /// The name by which the file calls it; `a.b` for Python's `import a.b`,
    /// empty where there is none.
    pub local: Arc<str>,
    pub span: Span,
}

/// What of a module is imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Imported {
    /// The module itself.
    Module,
    /// One thing of it, by its name there; [`DEFAULT_EXPORT`] for the default
    /// export of JavaScript.
    Name(Arc<str>),
    /// Everything.
    All,
}

/// The name of the argument that is what a command reads from its standard input.
pub(crate) const STDIN: &str = "(stdin)";
/// The name of the argument that names, as it is written, a client which is set up elsewhere.
pub(crate) const ASKED_CLIENT: &str = "(client)";
/// The name of the argument that is what a decorator is put before.
pub(crate) const DECORATED: &str = "(decorated)";
/// The name of the argument that is the path which stands beside a call.
pub(crate) const BESIDE: &str = "(beside)";
/// The name under which `export default` keeps its value.
pub(crate) const DEFAULT_EXPORT: &str = "(default)";
/// The name under which `module.exports =` keeps its value.
pub(crate) const COMMON_EXPORTS: &str = "(exports)";
/// What stands before the name of a member that a file gives to `exports`.
pub(crate) const EXPORTED: &str = "exports.";

/// The name of the call by which a constructor hands over to another one of its class.
pub(crate) const OWN_CONSTRUCTOR: &str = "(this)";

/// The name of the call that a method of an interface stands for by its annotations; its
/// arguments are the method and the path.
pub(crate) const ANNOTATED: &str = "(annotated request)";

/// The name of the method that gives an object as a text, where no name is fixed.
pub(crate) const WRITTEN: &str = "(written)";

/// The name of the field that is the name of an object's own class: `type(self).__name__`.
pub(crate) const CLASS_NAME: &str = "(class name)";

/// The same in small letters.
pub(crate) const CLASS_WORD: &str = "(class word)";

/// The name of the field that says which variant of an enumeration an object is.
pub(crate) const VARIANT: &str = "(variant)";

/// The class that a receiver is declared to be of which is a text.
pub(crate) const TEXT_TYPE: &str = "(text)";

/// The class that a receiver is declared to be of which is a client of a library.
pub(crate) const CLIENT_TYPE: &str = "(client)";

/// The class that a field is declared to be of which is a list.
pub(crate) const LIST_TYPE: &str = "(list)";

/// What stands before the place of a field of a struct that is given without its name.
const PLACE: &str = "#";

/// What a field of a struct is called that is given by its place.
pub(crate) fn at_place(place: usize) -> String {
    format!("{PLACE}{place}")
}

/// What stands before the name of a method of a class whose objects have one
/// of the same name.
pub(crate) const OF_CLASS: &str = "class.";

/// A function, method, named closure, or the top level of a file.
#[derive(Debug)]
pub(crate) struct Function {
    pub name: Option<Arc<str>>,
    /// The class whose method this is.
    pub class: Option<ClassId>,
    /// The function in which it is defined.
    pub parent: Option<FunctionId>,
    /// What the object is called inside a method (`self`, `this`, Go's receiver).
    pub receiver: Option<Arc<str>>,
    pub params: Vec<Param>,
    pub body: Vec<Stmt>,
    /// A closure that stands as a value where it is written.
    pub inline: bool,
    /// Read like a field, without a call.
    pub property: bool,
    /// Runs when an object is made.
    pub constructor: bool,
    /// It is kept under a key of an object: its name alone does not mean it.
    pub keyed: bool,
    /// The types of variables, where they are declared.
    pub types: Vec<(Arc<str>, Shape)>,
    /// The classes that parameters and locals are declared to be of, by name.
    pub declared: Vec<(Arc<str>, Arc<str>)>,
    /// The class of what it gives, as it is declared.
    pub gives: Option<Arc<str>>,
}

#[derive(Debug)]
pub(crate) struct Param {
    pub name: Arc<str>,
    pub kind: ParamKind,
    pub default: Option<Expr>,
}

/// A method whose object a container hands to whoever asks for one of its type:
/// `@Bean RestTemplate orbitTemplate() {..}`.
#[derive(Clone, Debug)]
pub(crate) struct Bean {
    pub function: FunctionId,
    /// The type, by its last name.
    pub kind: Arc<str>,
    pub names: Vec<Arc<str>>,
    /// Meant where several are of the type and none is named.
    pub primary: bool,
    /// Handed out by its name alone: others of the type are made without one.
    pub by_name: bool,
}

/// A client that is given a base after it is made: `client.defaults.baseURL = base`.
#[derive(Clone, Debug)]
pub(crate) struct Based {
    /// Gives the client as it is from then on.
    pub function: FunctionId,
    /// What the client is called where that is done.
    pub name: Arc<str>,
}

/// The name of the client that a class is handed: `services.AddHttpClient<Users>(..)`.
pub(crate) fn client_of(class: &str) -> String {
    format!("(for {class})")
}

/// A parameter or a field that asks for a bean by its name: `@Qualifier("orbit") RestTemplate rest`.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub by: Asker,
    /// What the parameter or the field is called.
    pub name: Arc<str>,
    pub bean: Arc<str>,
}

/// Whose parameter or field is handed a bean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    Function(FunctionId),
    Class(ClassId),
}

/// How arguments reach a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParamKind {
    /// By position or by name.
    Plain,
    /// All further positional arguments.
    Rest,
    /// All further named arguments.
    Named,
}

/// A class, struct type or object that has methods.
#[derive(Debug)]
pub(crate) struct Class {
    pub name: Arc<str>,
    pub bases: Vec<Arc<str>>,
    pub methods: Vec<FunctionId>,
    /// Constants of the class body, with the function in which they are read.
    pub fields: Vec<(Arc<str>, FunctionId, Expr)>,
    /// How a struct's fields are written in JSON.
    pub wire: Vec<WireField>,
    /// The types of fields, by the last names of what they are declared as.
    pub declared: Vec<(Arc<str>, Arc<str>)>,
    /// The file only adds to a class that stands elsewhere: `impl` of Rust.
    pub added: bool,
    /// There is one object of it, which has its name: `object Users : Resource("/users")`.
    pub single: bool,
}

/// A field of a struct, as it is written in JSON.
#[derive(Clone, Debug)]
pub(crate) struct WireField {
    pub name: Arc<str>,
    /// The key; `None` for what is not written, and where its own fields stand in
    /// place of it.
    pub key: Option<Arc<str>>,
    /// Left out where it is empty.
    pub optional: bool,
    pub shape: Shape,
}

/// What a type holds, as far as fields of structs can be reached through it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Struct(ClassId),
    /// A type of another package.
    Foreign(Arc<str>),
    List(Arc<Shape>),
    Map(Arc<Shape>),
    Open,
}

/// What a call is said to give.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub shape: Shape,
    /// Whether it is an answer as a whole, of which the body has this shape.
    pub whole: Whole,
}

/// Whether a call gives an answer of a library or what stands in its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    /// The body.
    No,
    /// The answer, by the name of the call, which functions of the program may have as well.
    ByName,
    /// The answer, by the type that is written: `ResponseEntity<User> reply = ...`.
    ByType,
}

#[derive(Debug)]
pub(crate) enum Stmt {
    Expr(Expr),
    Assign {
        target: Expr,
        value: Expr,
    },
    Return(Expr),
    /// Exactly one of the arms runs.
    Branch(Vec<Vec<Stmt>>),
    /// Runs any number of times.
    Loop(Vec<Stmt>),
    /// Leaves the block: raise, break, continue, exit.
    Leave,
    /// From here to the end of the block, what is asked of a name holds, or does not.
    When {
        subject: Expr,
        test: Test,
        holds: bool,
    },
}

/// What a condition asks of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// It is one of these texts, in capitals or not.
    Among(Vec<Arc<str>>),
    /// It is one of these texts, or what one of these constants is: `Method.POST`.
    Constant(Box<Constants>),
    /// It is given, and not empty.
    Given,
    /// It is this text: the key under which a table has something.
    Key(Arc<str>),
}

/// Texts, and constants by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Constants {
    pub texts: Vec<Arc<str>>,
    pub names: Vec<Arc<str>>,
}

/// Whether the end of a block is never reached.
pub(crate) fn leaves(body: &[Stmt]) -> bool {
    match body.last() {
        Some(Stmt::Return(_) | Stmt::Leave) => true,
        Some(Stmt::Branch(arms)) => !arms.is_empty() && arms.iter().all(|arm| leaves(arm)),
        _ => false,
    }
}

#[derive(Debug)]
pub(crate) struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

impl Expr {
    /// The same name or member once more.
    pub(crate) fn again(&self) -> Option<Expr> {
        let kind = match &self.kind {
            ExprKind::Name(name) => ExprKind::Name(name.clone()),
            ExprKind::Member(object, name) => ExprKind::Member(Box::new(object.again()?), name.clone()),
            _ => return None,
        };
        Some(Expr { kind, span: self.span })
    }

    /// The key that a text is where it names an entry of an object.
    pub(crate) fn key(self) -> Option<Key> {
        match self.kind {
            ExprKind::Text(text) => Some(Key::new(text, self.span)),
            _ => None,
        }
    }
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    Text(Arc<str>),
    /// Some value; the name is for people.
    Unknown(Arc<str>),
    Name(Arc<str>),
    Member(Box<Expr>, Arc<str>),
    Index(Box<Expr>, Box<Expr>),
    Concat(Vec<Expr>),
    /// One of these.
    Either(Vec<Expr>),
    /// The second where the first is given, else the third: `x ? a : b`.
    Given(Box<Expr>, Box<Expr>, Box<Expr>),
    /// One value where a test holds of the subject, else the other:
    /// `method === "PUT" ? a : b`.
    Asked {
        subject: Box<Expr>,
        test: Test,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// The first, or the second where the first is not given.
    Default(Box<Expr>, Box<Expr>),
    Format {
        template: Box<Expr>,
        style: FormatStyle,
        args: Vec<Arg>,
    },
    Join {
        base: Box<Expr>,
        parts: Vec<Expr>,
        style: JoinStyle,
    },
    /// The elements of a list as one text.
    Implode {
        list: Box<Expr>,
        separator: Box<Expr>,
    },
    /// A list of what something is for each element of another list.
    Each {
        list: Box<Expr>,
        name: Arc<str>,
        body: Box<Expr>,
    },
    /// What becomes of a first value with every element of a list: the names are
    /// those of what there is so far and of the element.
    Fold {
        list: Box<Expr>,
        first: Box<Expr>,
        names: [Arc<str>; 2],
        body: Box<Expr>,
    },
    Replace {
        text: Box<Expr>,
        from: Box<Expr>,
        to: Box<Expr>,
    },
    /// White space and the given characters cut off at one or both ends.
    Trim {
        text: Box<Expr>,
        start: bool,
        end: bool,
    },
    /// A value from outside the program, perhaps with a default.
    Setting {
        name: Arc<str>,
        default: Option<Box<Expr>>,
    },
    Call(Box<CallExpr>),
    List(Vec<Expr>),
    Object(Vec<(Option<Key>, Expr)>),
    /// An entry of an object whose key is a value: `{ [KEY]: value }`.
    Keyed(Box<Expr>, Box<Expr>),
    Spread(Box<Expr>),
    /// Any one element of a list or object.
    Element(Box<Expr>),
    Function(FunctionId),
    /// An object of a class of this file, with fields given where it is made.
    Instance(ClassId, Vec<(Key, Expr)>),
    /// The positional parameter of a shell function.
    Positional(usize),
    /// All positional parameters of a shell function from one on.
    PositionalRest(usize),
    /// Evaluated for the calls inside; the value is unknown, and strings in
    /// it are messages, conditions, and the like.
    Effects(Vec<Expr>),
}

/// A key of an object, and where it is written, if it is.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub name: Arc<str>,
    pub span: Option<Span>,
}

impl Key {
    pub(crate) fn new(name: Arc<str>, span: Span) -> Self {
        Self { name, span: Some(span) }
    }
}

impl From<Arc<str>> for Key {
    fn from(name: Arc<str>) -> Self {
        Self { name, span: None }
    }
}

impl From<&str> for Key {
    fn from(name: &str) -> Self {
        Self { name: name.into(), span: None }
    }
}

impl std::ops::Deref for Key {
    type Target = str;

    fn deref(&self) -> &str {
        &self.name
    }
}

/// Keys are the same by name, wherever they are written.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// How a template names its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormatStyle {
    /// `{}`, `{0}`, `{name}`.
    Braces,
    /// `%s`, `%d`, `%(name)s`.
    Percent,
    /// `$name`, `${name}`.
    Dollar,
}

/// How parts of a URL are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinStyle {
    /// RFC 3986 section 5: an absolute path replaces the base's path.
    Url,
    /// Parts are separated by exactly one slash.
    Path,
    /// As `Path`, but an absolute URL stands for itself.
    Base,
    /// As `Path`, where what stands before the first slash of the path may be empty.
    Parts,
}

#[derive(Debug)]
pub(crate) struct CallExpr {
    pub callee: Expr,
    pub args: Vec<Arg>,
}

#[derive(Debug)]
pub(crate) struct Arg {
    pub name: Option<Arc<str>>,
    pub value: Expr,
}

/// The values that a body returns, in any of its branches.
pub(crate) fn returned(body: &[Stmt]) -> Vec<&Expr> {
    let mut out = Vec::new();
    for stmt in body {
        match stmt {
            Stmt::Return(value) => out.push(value),
            Stmt::Branch(arms) => arms.iter().for_each(|arm| out.extend(returned(arm))),
            Stmt::Loop(body) => out.extend(returned(body)),
            Stmt::Expr(_) | Stmt::Assign { .. } | Stmt::Leave | Stmt::When { .. } => {}
        }
    }
    out
}
