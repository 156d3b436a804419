//! Classes that scripts write without `class`: constructor functions whose methods
//! are put on their prototype, by hand or by a compiler. And what compilers make
//! of imports, and the names under which files keep HTTP libraries.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tree_sitter::Node;

use super::above::joined;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, field_children};

/// What a script has of these, gathered before it is lowered.
#[derive(Default)]
pub(crate) struct Script {
    /// Functions that make objects.
    constructors: BTreeSet<Arc<str>>,
    /// Names of prototypes: `const proto = Client.prototype`.
    prototypes: BTreeMap<Arc<str>, Arc<str>>,
    /// Members of `exports` that are given a value.
    exported: BTreeSet<Arc<str>>,
    /// Whole modules by their names in the file.
    modules: BTreeMap<Arc<str>, Arc<str>>,
    /// The parameters of the function that is lowered, and those that it reads as
    /// `arguments[2]`.
    params: Vec<Arc<str>>,
    /// What stands for those of them that a caller leaves out.
    defaults: BTreeMap<Arc<str>, Expr>,
    /// Names of the module that takes URLs apart.
    urls: BTreeSet<Arc<str>>,
    /// Names of functions that join the parts of a URL.
    joins: BTreeSet<Arc<str>>,
    /// Whether `arguments` are those of a function that has a name.
    named: bool,
    /// Libraries by the names that the file has for them.
    libraries: BTreeMap<Arc<str>, &'static str>,
}

/// What `arguments` means around a function, see [`Script`].
pub(super) struct Arguments {
    params: Vec<Arc<str>>,
    defaults: BTreeMap<Arc<str>, Expr>,
    named: bool,
}

/// HTTP libraries by the modules that have their functions.
const LIBRARIES: [(&str, &str); 37] = [
    ("axios", "axios"),
    ("axios-retry", "axios"),
    ("got", "got"),
    ("gh-got", "got"),
    ("ky", "ky"),
    ("ky-universal", "ky"),
    ("superagent", "superagent"),
    ("request", "request"),
    ("request-promise", "request"),
    ("request-promise-native", "request"),
    ("request-promise-any", "request"),
    ("requestretry", "request"),
    ("postman-request", "request"),
    ("@cypress/request", "request"),
    ("@cypress/request-promise", "request"),
    ("teeny-request", "request"),
    ("needle", "needle"),
    ("restler", "restler"),
    ("phin", "phin"),
    ("popsicle", "popsicle"),
    ("unirest", "unirest"),
    ("node-fetch", "fetch"),
    ("node-fetch-native", "fetch"),
    ("cross-fetch", "fetch"),
    ("isomorphic-fetch", "fetch"),
    ("isomorphic-unfetch", "fetch"),
    ("unfetch", "fetch"),
    ("make-fetch-happen", "fetch"),
    ("node-fetch-commonjs", "fetch"),
    ("cross-undici-fetch", "fetch"),
    ("@whatwg-node/fetch", "fetch"),
    ("electron-fetch", "fetch"),
    ("undici", "undici"),
    ("http", "http"),
    ("https", "https"),
    ("node:http", "http"),
    ("node:https", "https"),
];

/// What compilers wrap around `require` where a module may have a default export.
const INTEROP: [&str; 6] = [
    "_interopRequireDefault",
    "_interopRequireWildcard",
    "_interopDefault",
    "__importDefault",
    "__importStar",
    "__toESM",
];

/// Built-in classes: what is put on their prototypes is no client.
const BUILT_IN: [&str; 10] =
    ["Object", "Array", "String", "Number", "Function", "Promise", "Date", "RegExp", "Error", "Element"];

impl Script {
    /// The library that a name of the file stands for, as the dialect knows it.
    pub(super) fn library(&self, name: &str) -> Option<Arc<str>> {
        self.libraries.get(name).map(|library| format!("({library})").into())
    }
}

/// A node without the parentheses around it.
pub(crate) fn bare(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    while node.kind() == "parenthesized_expression"
        && let [inner] = children(node).as_slice()
    {
        node = *inner;
    }
    node
}

fn is_function(node: Node<'_>) -> bool {
    matches!(node.kind(), "function_expression" | "generator_function" | "arrow_function")
}

impl<'t> Lowering<'t> {
    /// Finds the functions that make objects, wherever they stand in the file.
    pub(super) fn script_classes(&mut self, root: Node<'t>) {
        if !["prototype", "this.", "exports", "reateClass"].iter().any(|word| self.source.contains(word)) {
            return;
        }
        // Without recursion: trees can be deep.
        let mut cursor = root.walk();
        loop {
            self.note_class(cursor.node());
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn note_class(&mut self, node: Node<'t>) {
        match node.kind() {
            "assignment_expression" => {
                let Some(left) = node.child_by_field_name("left") else { return };
                if let Some(name) = self.exports_member(left) {
                    self.script.exported.insert(name);
                }
                let Some(object) = left.child_by_field_name("object") else { return };
                let name = match object.kind() {
                    "this" => self.maker(node),
                    _ => self.prototype_of(object).or_else(|| self.prototype_of(left)),
                };
                self.script.constructors.extend(name);
            }
            "variable_declarator" => {
                let name = node.child_by_field_name("name").filter(|name| name.kind() == "identifier");
                let value = node.child_by_field_name("value").and_then(|value| self.prototype_of(value));
                if let (Some(name), Some(of)) = (name, value) {
                    self.script.constructors.insert(of.clone());
                    self.script.prototypes.insert(self.name(name), of);
                }
            }
            "call_expression" => {
                let Some(function) = node.child_by_field_name("function") else { return };
                let Some(first) = self.arguments(node).first().copied() else { return };
                let name = match self.text(function).rsplit('.').next().unwrap_or_default() {
                    "inherits" | "_inherits" | "__extends" | "_inheritsLoose" | "_createClass"
                    | "createClass" => Some(self.name(first)).filter(|_| first.kind() == "identifier"),
                    // CoffeeScript's: `extend(Users, superClass)`.
                    "extend" if first.kind() == "identifier" && self.arguments(node).len() == 2 => {
                        Some(self.name(first)).filter(|name| name.starts_with(char::is_uppercase))
                    }
                    _ => self.prototype_of(first),
                };
                self.script.constructors.extend(name);
            }
            _ => {}
        }
    }

    pub(super) fn arguments(&self, call: Node<'t>) -> Vec<Node<'t>> {
        call.child_by_field_name("arguments").map(children).unwrap_or_default()
    }

    /// `Client.prototype`, or a name of that: whose prototype it is.
    fn prototype_of(&self, node: Node<'t>) -> Option<Arc<str>> {
        if node.kind() == "identifier" {
            return self.script.prototypes.get(self.text(node)).cloned();
        }
        if node.kind() != "member_expression" {
            return None;
        }
        let (object, property) = (node.child_by_field_name("object")?, node.child_by_field_name("property")?);
        let named = object.kind() == "identifier" && self.text(property) == "prototype";
        (named && !BUILT_IN.contains(&self.text(object))).then(|| self.name(object))
    }

    /// The name of the function around a place that is named like a class.
    fn maker(&self, place: Node<'t>) -> Option<Arc<str>> {
        let mut at = place.parent()?;
        loop {
            match at.kind() {
                "function_declaration" | "function_expression" => break,
                "method_definition" | "class_body" | "program" => return None,
                _ => at = at.parent()?,
            }
        }
        let name = at.child_by_field_name("name").or_else(|| {
            let holder = at.parent()?;
            match holder.kind() {
                "variable_declarator" => holder.child_by_field_name("name"),
                "assignment_expression" => holder.child_by_field_name("left"),
                _ => None,
            }
        })?;
        (name.kind() == "identifier" && self.text(name).starts_with(char::is_uppercase))
            .then(|| self.name(name))
    }

    /// The class that a name of the file makes objects of.
    pub(super) fn constructor_named(&mut self, name: &str) -> Option<ClassId> {
        self.script.constructors.contains(name).then(|| self.class(name))
    }

    /// Lowers a function that makes objects.
    pub(super) fn script_constructor(&mut self, node: Node<'t>, class: ClassId) -> FunctionId {
        self.js_function(node, Some("constructor".into()), Some(class), false)
    }

    /// `var Client = function () {...}`, and a function that is called where it stands
    /// and defines the class: true if it was one.
    pub(super) fn script_class(&mut self, name: &str, value: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let value = bare(value);
        let called = value.child_by_field_name("function").map(bare).is_some_and(is_function);
        if !self.script.constructors.contains(name) || !(called || is_function(value)) {
            return false;
        }
        let class = self.class(name);
        if called {
            let value = self.js_expr(value);
            out.push(Stmt::Expr(value));
        } else {
            self.script_constructor(value, class);
        }
        true
    }

    /// Whether what is assigned to is a member of a prototype.
    pub(super) fn is_script_member(&self, target: Node<'t>) -> bool {
        let object = target.child_by_field_name("object");
        object.is_some_and(|object| self.prototype_of(object).is_some())
    }

    /// An assignment to a member of a prototype or of a class: true if it was one.
    pub(super) fn script_member(&mut self, left: Node<'t>, right: Node<'t>) -> bool {
        let Some(object) = left.child_by_field_name("object") else { return false };
        let Some(member) = self.member_name(left) else { return false };
        if let Some(name) = self.prototype_of(object) {
            let class = self.class(&name);
            if member != "constructor" {
                self.class_value(class, member, right);
            }
            return true;
        }
        if object.kind() != "identifier" {
            return false;
        }
        let name = self.name(object);
        if member == "prototype" && self.script.constructors.contains(&name) {
            let class = self.class(&name);
            self.prototype(class, bare(right));
            return true;
        }
        let known = self.script.constructors.contains(&name)
            || self.unit.classes.iter().any(|class| class.name == name);
        if !known {
            return false;
        }
        let class = self.class(&name);
        let taken = self.source.contains(&format!("{name}.prototype.{member} ="));
        match taken {
            true => self.class_value(class, &format!("{OF_CLASS}{member}"), right),
            false => self.class_value(class, member, right),
        }
        true
    }

    /// The name of a member: `a.b`, `a["b"]`.
    pub(crate) fn member_name(&self, node: Node<'t>) -> Option<&'t str> {
        match node.kind() {
            "member_expression" => Some(self.text(node.child_by_field_name("property")?)),
            "subscript_expression" => {
                let index = node.child_by_field_name("index").filter(|index| index.kind() == "string")?;
                Some(self.text(index).trim_matches(['"', '\'']))
            }
            _ => None,
        }
    }

    /// What a prototype is: an object with methods, or one of another class.
    fn prototype(&mut self, class: ClassId, value: Node<'t>) {
        match value.kind() {
            "object" => self.methods_of(class, value),
            // `new Base()`
            "new_expression" => {
                if let Some(base) = value.child_by_field_name("constructor") {
                    self.base(class, base);
                }
            }
            // `Object.create(Base.prototype)`
            "call_expression" => {
                for value in self.arguments(value) {
                    if value.kind() == "object" {
                        self.methods_of(class, value);
                    } else {
                        self.base(class, value);
                    }
                }
            }
            _ => self.base(class, value),
        }
    }

    /// Notes a class that another one builds upon: `Base`, `Base.prototype`,
    /// `lib.Base`, `_base.default`.
    fn base(&mut self, class: ClassId, base: Node<'t>) {
        let mut text = self.text(base);
        // A function around the class is handed its base.
        if base.kind() == "identifier"
            && let Some(given) = self.handed_base(base)
        {
            text = self.text(given);
        }
        let name: Arc<str> = base_name(text).into();
        let known = &self.unit.classes[class];
        if known.name != name && !known.bases.contains(&name) && !name.is_empty() {
            self.unit.classes[class].bases.push(name);
        }
    }

    /// What is given for a parameter of a function that is called where it stands.
    fn handed_base(&self, name: Node<'t>) -> Option<Node<'t>> {
        let mut at = name.parent()?;
        while !is_function(at) {
            at = at.parent()?;
        }
        let params = children(at.child_by_field_name("parameters")?);
        let index = params.iter().position(|param| self.text(*param) == self.text(name))?;
        let mut call = at.parent()?;
        while call.kind() == "parenthesized_expression" {
            call = call.parent()?;
        }
        (call.kind() == "call_expression").then(|| self.arguments(call).get(index).copied()).flatten()
    }

    /// The members of an object literal as those of a class.
    fn methods_of(&mut self, class: ClassId, object: Node<'t>) {
        children(object).into_iter().for_each(|child| self.member_of(class, child));
    }

    /// A member of an object literal as one of a class.
    fn member_of(&mut self, class: ClassId, member: Node<'t>) {
        match member.kind() {
            "method_definition" => self.js_class_member(class, member),
            "pair" => {
                let (Some(key), Some(value)) =
                    (member.child_by_field_name("key"), member.child_by_field_name("value"))
                else {
                    return;
                };
                let key = self.text(key).trim_matches(['"', '\'']);
                if !matches!(key, "constructor" | "__proto__") {
                    self.class_value(class, key, value);
                } else if is_function(value) && key == "constructor" {
                    self.script_constructor(value, class);
                }
            }
            "shorthand_property_identifier" => {
                let value = self.js_expr(member);
                let (name, function) = (self.name(member), self.function);
                self.unit.classes[class].fields.push((name, function, value));
            }
            "spread_element" => {
                if let Some(inner) = children(member).first() {
                    self.base(class, *inner);
                }
            }
            _ => {}
        }
    }

    /// An object whose methods speak of the object itself: `{ base: "/v1", get(path) { return
    /// fetch(this.base + path) } }`. One that a call is handed stays a list of options.
    pub(super) fn script_object(&mut self, node: Node<'t>) -> Option<ExprKind> {
        if node.parent().is_none_or(|parent| parent.kind() == "arguments") {
            return None;
        }
        let value = |child: Node<'t>| match child.kind() {
            "method_definition" => Some(child),
            "pair" => child.child_by_field_name("value"),
            _ => None,
        };
        let speaks = |text: &str| {
            let own =
                |(at, _): (usize, &str)| !text[..at].ends_with(|c: char| c == '_' || c.is_alphanumeric());
            text.match_indices("this.").any(own)
        };
        let mut own = false;
        for function in children(node).into_iter().filter_map(value) {
            match function.kind() {
                "method_definition" | "function_expression" => own |= speaks(self.text(function)),
                // Its `this` is that of the function around the object.
                "arrow_function" if speaks(self.text(function)) => return None,
                _ => {}
            }
        }
        if !own {
            return None;
        }
        let name = format!("(object {})", node.start_byte());
        let fresh = self.unit.classes.iter().all(|class| *class.name != *name);
        let class = self.class(&name);
        let mut fields = Vec::new();
        for child in children(node) {
            match (child.kind(), value(child)) {
                ("pair", Some(value)) if !is_function(bare(value)) => {
                    let key = match child.child_by_field_name("key") {
                        Some(key) if key.kind() == "string" => self.js_expr(key).key(),
                        key => key.map(|key| self.key(key)),
                    };
                    let value = self.js_expr(value);
                    fields.extend(key.map(|key| (key, value)));
                }
                ("shorthand_property_identifier", _) => {
                    let value = self.js_expr(child);
                    fields.push((self.key(child), value));
                }
                _ if fresh => self.member_of(class, child),
                _ => {}
            }
        }
        Some(ExprKind::Instance(class, fields))
    }

    /// Gives a class a method or a constant.
    fn class_value(&mut self, class: ClassId, name: &str, value: Node<'t>) {
        let value = bare(value);
        if is_function(value) {
            let id = self.js_function(value, Some(name.into()), Some(class), false);
            self.unit.functions[id].receiver = Some("this".into());
            self.unit.functions[id].constructor = false;
            return;
        }
        let value = self.js_expr(value);
        let function = self.function;
        self.unit.classes[class].fields.push((name.into(), function, value));
    }

    /// Whether a class and the one that it builds upon are handed over: `extend(Users, superClass)`.
    fn extends_class(&self, args: &[Node<'t>]) -> bool {
        let [derived, base] = args else { return false };
        derived.kind() == "identifier"
            && base.kind() == "identifier"
            && self.script.constructors.contains(self.text(*derived))
    }

    /// A call that says something of a class or of what the file exports: true if it
    /// was one.
    pub(super) fn script_statement(&mut self, call: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let Some(function) = call.child_by_field_name("function").map(bare) else { return false };
        let args = self.arguments(call);
        if let Some(given) = self.js_private_set(call) {
            out.push(given);
            return true;
        }
        let class = |lowering: &mut Self, node: Node<'t>| {
            (node.kind() == "identifier").then(|| lowering.name(node)).map(|name| lowering.class(&name))
        };
        let name = match self.text(function).rsplit('.').next().unwrap_or_default() {
            // CoffeeScript's own, of which others of that name are told by what they are handed.
            "extend" if self.extends_class(&args) => "__extends",
            name => name,
        };
        match (name, args.as_slice()) {
            ("inherits" | "_inherits" | "__extends" | "_inheritsLoose", [derived, base, ..]) => {
                let Some(class) = class(self, *derived) else { return false };
                self.base(class, *base);
                true
            }
            ("_createClass" | "createClass", [made, methods @ ..]) => {
                let Some(class) = class(self, *made) else { return false };
                for list in methods.iter().filter(|list| list.kind() == "array") {
                    for entry in children(*list) {
                        self.described(class, entry);
                    }
                }
                true
            }
            ("_defineProperty", [this, key, value]) if key.kind() == "string" => {
                let object = Box::new(self.js_expr(*this));
                let member = self.text(*key).trim_matches(['"', '\'']);
                let target = expr(ExprKind::Member(object, member.into()), *key);
                let value = self.js_expr(*value);
                out.push(Stmt::Assign { target, value });
                true
            }
            ("setPrototypeOf" | "assign" | "extend" | "merge" | "mixin", [target, sources @ ..]) => {
                let Some(name) = self.prototype_of(*target) else { return false };
                let class = self.class(&name);
                for source in sources {
                    self.prototype(class, *source);
                }
                true
            }
            ("defineProperty", [target, key, what]) => {
                let member = self.text(*key).trim_matches(['"', '\'']);
                if let Some(name) = self.prototype_of(*target) {
                    let class = self.class(&name);
                    self.describe(class, member, *what);
                    return true;
                }
                if self.text(*target) != "exports" || member == "__esModule" {
                    return member == "__esModule";
                }
                // `{ get: function () { return module.Name; } }`
                let Some(value) = self.getter_value(*what) else { return false };
                let name = if member == "default" { DEFAULT_EXPORT } else { member };
                let name: Arc<str> = match name {
                    DEFAULT_EXPORT => DEFAULT_EXPORT.into(),
                    name => format!("{EXPORTED}{name}").into(),
                };
                let value = self.js_expr(value);
                out.push(Stmt::Assign { target: expr(ExprKind::Name(name), call), value });
                true
            }
            ("__exportStar" | "__export", [module, ..]) => {
                let Some(module) = self.js_required(*module) else { return false };
                self.import(&module, Imported::All, "", call);
                true
            }
            _ => false,
        }
    }

    /// `{ key: "name", value: function () {...} }`
    fn described(&mut self, class: ClassId, entry: Node<'t>) {
        let key = self.entry(entry, "key").map(|key| self.text(key).trim_matches(['"', '\'']));
        if let Some(key) = key {
            self.describe(class, key, entry);
        }
    }

    /// A member by its description.
    fn describe(&mut self, class: ClassId, name: &str, what: Node<'t>) {
        if let Some(value) = self.entry(what, "value") {
            self.class_value(class, name, value);
        } else if let Some(value) = self.entry(what, "get").filter(|value| is_function(*value)) {
            let id = self.js_function(value, Some(name.into()), Some(class), false);
            self.unit.functions[id].receiver = Some("this".into());
            self.unit.functions[id].property = true;
        }
    }

    /// The value of an entry of an object literal.
    pub(super) fn entry(&self, object: Node<'t>, key: &str) -> Option<Node<'t>> {
        children(object).into_iter().find_map(|child| match child.kind() {
            "pair" => {
                let named = self.text(child.child_by_field_name("key")?).trim_matches(['"', '\'']) == key;
                named.then(|| child.child_by_field_name("value")).flatten()
            }
            "method_definition" => (self.text(child.child_by_field_name("name")?) == key).then_some(child),
            _ => None,
        })
    }

    /// What a getter of a description gives.
    fn getter_value(&self, what: Node<'t>) -> Option<Node<'t>> {
        let getter = self.entry(what, "get")?;
        let body = getter.child_by_field_name("body")?;
        match children(body).as_slice() {
            [only] if only.kind() == "return_statement" => children(*only).first().copied(),
            _ if body.kind() != "statement_block" => Some(body),
            _ => None,
        }
    }

    /// A call through `call` or `apply`: what is really called, and with what.
    pub(super) fn script_call(&mut self, node: Node<'t>) -> Option<ExprKind> {
        let function = node.child_by_field_name("function").map(bare)?;
        let applied = self.js_applied_call(node);
        let way = self.member_name(function)?;
        let called = applied.map_or(bare(function.child_by_field_name("object")?), |(called, ..)| called);
        let args = applied.map_or_else(|| self.arguments(node), |(_, this, list)| vec![this, list]);
        let (this, given) = args.split_first()?;
        let this_text = self.text(*this);
        let own = called.child_by_field_name("object").map(bare).is_some_and(|object| {
            // CoffeeScript: `(ref = this.client).get.apply(ref, [path].concat(params))`
            let kept = (object.kind() == "assignment_expression").then(|| object.child_by_field_name("left"));
            self.text(kept.flatten().unwrap_or(object)) == this_text
        });
        let on_this = matches!(this_text, "this" | "_this" | "self" | "that" | "me");
        // `request[verb].call(context, options, done)`
        let chosen = called.kind() == "subscript_expression" && this.kind() == "identifier";
        if !(own || on_this || chosen || matches!(this_text, "null" | "undefined" | "void 0")) {
            return None;
        }
        let args: Vec<Arg> = match way {
            "call" => {
                let plain =
                    |lowering: &mut Self, node: &Node<'t>| Arg { name: None, value: lowering.js_expr(*node) };
                given.iter().map(|node| plain(self, node)).collect()
            }
            "apply" => match given.first() {
                Some(list) if self.text(*list) != "arguments" || self.is_arguments(*list) => {
                    let list = self.js_expr(*list);
                    spread_out(list).into_iter().skip(usize::from(applied.is_some())).collect()
                }
                _ => Vec::new(),
            },
            _ => return None,
        };
        // `urlJoin.apply(null, parts)`
        if self.joins_urls(called) && !args.is_empty() {
            return Some(joined(args.into_iter().map(|arg| arg.value).collect(), node));
        }
        let text = self.text(called);
        // `util.format.apply(null, arguments)`
        if matches!(text, "util.format" | "util.sprintf" | "sprintf")
            && matches!(args.as_slice(), [Arg { value: Expr { kind: ExprKind::Spread(_), .. }, .. }])
        {
            return args.into_iter().next().map(|arg| self.js_first_of(arg.value, node));
        }
        let above = |node| expr(ExprKind::Name("super".into()), node);
        let within = self.unit.functions[self.function].class.filter(|_| on_this);
        let callee = match within {
            Some(_) if let Some(above) = self.js_method_above(called) => above,
            // `Base.call(this, client)`
            Some(class)
                if text.contains(".getPrototypeOf(")
                    || text == "_super"
                    || called.kind() == "identifier" && text.starts_with(char::is_uppercase) =>
            {
                if called.kind() == "identifier" && text != "_super" {
                    self.base(class, called);
                }
                above(called)
            }
            // `Base.prototype.request.call(this, path)`
            Some(_)
                if called.child_by_field_name("object").is_some_and(|o| self.prototype_of(o).is_some()) =>
            {
                let member = self.member_name(called)?.into();
                expr(ExprKind::Member(Box::new(above(called)), member), called)
            }
            _ => self.js_callee(called),
        };
        Some(ExprKind::Call(Box::new(CallExpr { callee, args })))
    }

    /// What is waited for, where the grammar takes `await (a)` for a call.
    pub(super) fn awaited(&self, call: Node<'t>) -> Option<Node<'t>> {
        let function = call.child_by_field_name("function")?;
        let awaits = call.kind() == "call_expression" && self.text(function) == "await";
        awaits.then(|| self.arguments(call).last().copied()).flatten()
    }

    /// What is called in `(0, module.name)(url)`, as compilers write it, and in
    /// `await (0, module.name)(url)`.
    pub(super) fn called(&self, function: Node<'t>) -> Node<'t> {
        let function = bare(function);
        match function.kind() {
            "call_expression" => self.awaited(function).map_or(function, bare),
            "sequence_expression" if self.text(function).starts_with("0,") => {
                children(function).last().copied().unwrap_or(function)
            }
            _ => function,
        }
    }

    /// What is called: `a["delete"]` is a member like any other.
    pub(super) fn js_callee(&mut self, function: Node<'t>) -> Expr {
        let function = self.paging_client(self.called(function));
        if function.kind() == "subscript_expression"
            && let (Some(object), Some(member)) =
                (function.child_by_field_name("object"), self.member_name(function))
            && !self.is_default(function)
        {
            let object = self.js_expr(object);
            return expr(ExprKind::Member(Box::new(object), member.into()), function);
        }
        self.js_expr(function)
    }

    /// got: `client.paginate` in `client.paginate.all(url)`, which asks for the same.
    fn paging_client(&self, function: Node<'t>) -> Node<'t> {
        let pages = |node: &Node<'t>| self.member_name(*node) == Some("paginate");
        let object = function.child_by_field_name("object").filter(pages);
        object.filter(|_| matches!(self.member_name(function), Some("all" | "each"))).unwrap_or(function)
    }

    /// `module.default`, as compilers write what is imported by default.
    pub(super) fn is_default(&self, node: Node<'t>) -> bool {
        self.member_name(node) == Some("default")
            && node
                .child_by_field_name("object")
                .is_some_and(|object| self.script.modules.contains_key(self.text(object)))
    }

    /// The name of a member of `exports` or of `module`, as the file keeps it.
    pub(super) fn exports_member(&self, node: Node<'t>) -> Option<Arc<str>> {
        let object = node.child_by_field_name("object")?;
        let member = self.member_name(node)?;
        match self.text(object) {
            "exports" | "module.exports" if member == "default" => Some(DEFAULT_EXPORT.into()),
            "exports" | "module.exports" => Some(format!("{EXPORTED}{member}").into()),
            // What a file keeps at hand on `module`, which is its own.
            "module" if member != "exports" => Some(format!("module.{member}").into()),
            _ => None,
        }
    }

    /// What the file reads of its own exports.
    pub(super) fn own_export(&self, node: Node<'t>) -> Option<ExprKind> {
        if self.text(node) == "module.exports" {
            return Some(ExprKind::Name(COMMON_EXPORTS.into()));
        }
        let name = self.exports_member(node)?;
        self.script.exported.contains(&name).then_some(ExprKind::Name(name))
    }

    /// Begins a function that has `arguments` of its own.
    pub(super) fn enter_arguments(&mut self, params: &[Param], inline: bool) -> Arguments {
        let rest = params.iter().any(|param| param.kind == ParamKind::Rest);
        let own = params.iter().filter(|_| !rest).map(|param| param.name.clone()).collect();
        Arguments {
            params: std::mem::replace(&mut self.script.params, own),
            defaults: std::mem::take(&mut self.script.defaults),
            named: std::mem::replace(&mut self.script.named, !inline),
        }
    }

    /// Whether a name means all arguments of the function that is lowered.
    pub(super) fn is_arguments(&self, name: Node<'t>) -> bool {
        self.script.named && self.text(name) == "arguments"
    }

    /// Ends it: what it reads of `arguments` is a parameter like those with a name.
    pub(super) fn leave_arguments(&mut self, around: Arguments, params: &mut Vec<Param>) {
        self.script.named = around.named;
        let all = std::mem::replace(&mut self.script.params, around.params);
        let mut defaults = std::mem::replace(&mut self.script.defaults, around.defaults);
        for name in all.into_iter().skip(params.len()) {
            let default = defaults.remove(&name);
            params.push(Param { name, kind: ParamKind::Plain, default });
        }
    }

    /// Gives a parameter that has no name what stands for it where a caller leaves it out.
    pub(super) fn set_default(&mut self, argument: &Arc<str>, default: Expr) {
        self.script.defaults.insert(argument.clone(), default);
    }

    /// The parameter that `arguments[1]` is.
    pub(super) fn script_argument(&mut self, node: Node<'t>) -> Option<Arc<str>> {
        if self.text(node.child_by_field_name("object")?) != "arguments" {
            return None;
        }
        self.argument_at(self.text(node.child_by_field_name("index")?).parse().ok()?)
    }

    /// The parameter at a place, which may have no name.
    pub(super) fn argument_at(&mut self, index: usize) -> Option<Arc<str>> {
        const MAX: usize = 8;
        while index < MAX && self.script.params.len() <= index {
            let name = format!("(argument {})", self.script.params.len());
            self.script.params.push(name.into());
        }
        self.script.params.get(index).cloned()
    }

    /// The function of node's `url` that is called: `url.parse`, `_url.default.format`.
    pub(super) fn url_function(&self, function: Node<'t>) -> Option<&'t str> {
        let name = self.member_name(function)?;
        let module = self.text(function.child_by_field_name("object")?);
        self.script.urls.contains(module.trim_end_matches(".default")).then_some(name)
    }

    /// Whether a function is one that joins the parts of a URL, whatever the file calls it.
    pub(super) fn joins_urls(&self, function: Node<'t>) -> bool {
        self.script.joins.contains(self.text(function).trim_end_matches(".default"))
    }

    /// A URL of its parts: `{ hostname, pathname, query }`.
    pub(super) fn url_of_parts(&mut self, parts: Node<'t>, whole: Expr) -> ExprKind {
        let known = parts.kind() == "object";
        let has = |lowering: &Self, key: &str| {
            !known
                || children(parts).iter().any(|child| match child.kind() {
                    "pair" => lowering.field_name(*child, "key").is_some_and(|name| &*name == key),
                    "shorthand_property_identifier" => lowering.text(*child) == key,
                    _ => false,
                })
        };
        let member = |lowering: &mut Self, key: &str| {
            let given = if known { lowering.entry(parts, key) } else { None };
            match given {
                Some(value) => lowering.js_expr(value),
                None if known => expr(ExprKind::Name(key.into()), parts),
                None => {
                    let whole = lowering.js_expr(parts);
                    expr(ExprKind::Member(Box::new(whole), key.into()), parts)
                }
            }
        };
        if !has(self, "pathname") {
            return ExprKind::Effects(vec![whole]);
        }
        let host = match ["hostname", "host"].into_iter().find(|key| has(self, key)) {
            Some(key) => {
                let scheme = expr(ExprKind::Text("https://".into()), parts);
                ExprKind::Concat(vec![scheme, member(self, key)])
            }
            None => ExprKind::Unknown("host".into()),
        };
        let path = member(self, "pathname");
        ExprKind::Join { base: Box::new(expr(host, parts)), parts: vec![path], style: JoinStyle::Parts }
    }

    /// Whether a `switch` is what a compiler makes of a function that waits:
    /// `switch (_a.label)`, `switch (_context.prev = _context.next)`.
    pub(super) fn is_state_machine(&self, node: Node<'t>) -> bool {
        let value = node.child_by_field_name("value").map(|value| self.text(bare(value)).trim());
        value.is_some_and(|value| {
            value.starts_with('_')
                && (value.ends_with(".label") || value.ends_with(".next") && value.contains(".prev ="))
        })
    }

    /// The cases of such a `switch`, one after the other: what is returned is waited for,
    /// and the next case goes on.
    pub(super) fn js_steps(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let mut jumps = self.js_jumps(node);
        // The part that is jumped to, as far as it goes.
        let mut part: Option<Vec<Stmt>> = None;
        for case in node.child_by_field_name("body").map(children).unwrap_or_default() {
            let label = case.child_by_field_name("value").map(|label| self.text(label));
            if let Some(holds) = label.and_then(|label| jumps.remove(label)) {
                out.extend(part.take().map(|part| Stmt::Branch(vec![part, Vec::new()])));
                part = Some(vec![holds]);
            }
            for stmt in field_children(case, "body") {
                let mut step = Vec::new();
                self.js_statement(stmt, &mut step);
                let into = part.as_mut().unwrap_or(out);
                into.extend(step.into_iter().map(|stmt| match stmt {
                    leaving @ (Stmt::Return(_) | Stmt::Leave) => {
                        Stmt::Branch(vec![vec![leaving], Vec::new()])
                    }
                    other => other,
                }));
                if self.leaves_step(stmt) {
                    out.extend(part.take().map(|part| Stmt::Branch(vec![part, Vec::new()])));
                }
            }
        }
        out.extend(part.map(|part| Stmt::Branch(vec![part, Vec::new()])));
    }

    /// The module of a compiler's wrapper around `require`.
    pub(super) fn interop(&self, call: Node<'t>) -> Option<Node<'t>> {
        let function = bare(call.child_by_field_name("function")?);
        let whole = self.text(function);
        let name = whole.rsplit('.').next()?;
        // A bundler's: `a_default = __webpack_require__.n(a)`, to be called for what the module is.
        (INTEROP.contains(&name) || whole == "__webpack_require__.n")
            .then(|| self.arguments(call).first().copied())
            .flatten()
    }

    /// The module that a name of the file stands for.
    pub(super) fn module_named(&self, name: &str) -> Option<Arc<str>> {
        self.script.modules.get(name).cloned()
    }

    /// Notes the name by which the file has a library's function that is named like another
    /// library: undici's `request` has a default method of its own.
    pub(super) fn named_function(&mut self, module: &str, name: &str, local: &str) {
        if (module, name) == ("undici", "request") {
            self.script.libraries.insert(local.into(), "undici");
        }
        // `import { fetch as ask } from "undici"`
        if name == "fetch" && local != name && matches!(library_of(module), Some("fetch" | "undici")) {
            self.script.libraries.insert(local.into(), "fetch");
        }
        // What answers in place of a server is called like what asks one: `import { http } from "msw"`.
        if module == "msw" {
            self.script.libraries.insert(local.into(), "msw");
        }
        // `import { join } from "node:path"`
        let path = module.trim_start_matches("node:");
        if name == "join" && (matches!(path, "path" | "path/posix") || path.contains("/path/")) {
            self.script.joins.insert(local.into());
        }
    }

    /// Notes the name by which the file has a whole module.
    pub(super) fn named_module(&mut self, module: &str, local: &str, node: Node<'t>) {
        self.script.modules.insert(local.into(), module.into());
        if matches!(module, "url" | "node:url") {
            self.script.urls.insert(local.into());
        }
        if matches!(module, "url-join" | "urljoin" | "join-url" | "proper-url-join") {
            self.script.joins.insert(local.into());
        }
        if let Some(library) = library_of(module) {
            self.script.libraries.insert(local.into(), library);
            // It is from elsewhere under that name, too.
            self.import(module, Imported::Module, library, node);
        }
    }
}

/// The library that a module has, as the dialect knows it.
pub(super) fn library_of(module: &str) -> Option<&'static str> {
    LIBRARIES.iter().find(|(name, _)| *name == module).map(|(_, library)| *library)
}

/// The last name of a base class as it is written.
pub(super) fn base_name(text: &str) -> &str {
    let text = text.trim_end_matches(".prototype");
    let text = text.trim_end_matches(".default").trim_end_matches("[\"default\"]");
    text.rsplit('.').next().unwrap_or_default()
}

/// The arguments that `apply` is given as a list.
fn spread_out(list: Expr) -> Vec<Arg> {
    let plain = |value: Expr| Arg { name: None, value };
    let span = list.span;
    match list.kind {
        ExprKind::List(items) => items.into_iter().map(plain).collect(),
        // `["/users"].concat(rest)`
        ExprKind::Concat(parts) => parts.into_iter().flat_map(spread_out).collect(),
        kind => {
            let list = Box::new(Expr { kind, span });
            vec![plain(Expr { kind: ExprKind::Spread(list), span })]
        }
    }
}
