//! Which names of a function stand for objects that somebody else may change:
//! those that are handed to code that is not seen, kept under a second name,
//! or used by functions within.
//!
//! A name is judged over the whole function, whatever the order of statements.
//! What a request, a message or a writer of JSON is handed stays as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::scan::form::*;
use crate::scan::link::Program;
use crate::scan::naming::Naming;
use crate::scan::wording;

/// Functions that are followed into one another.
const MAX_CHAIN: usize = 40;

/// Functions of one name that are all looked at.
const MAX_NAMESAKES: usize = 40;

/// Names of a function.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// What they hold is not all seen.
    pub loose: BTreeSet<Arc<str>>,
    /// What is given to a key of theirs.
    keyed: BTreeSet<Arc<str>>,
    /// They are put into other objects.
    inside: BTreeSet<Arc<str>>,
    /// They are given another value.
    assigned: BTreeSet<Arc<str>>,
}

/// The names of the functions of a program.
pub(crate) struct Escapes<'u> {
    program: &'u Program,
    unit: &'u Unit,
    /// Whether `body.put("a", 1)` gives a key of an object a value.
    fills_by_calls: bool,
    /// Whether functions are cmdlets, and a member is set by a call as well: `body.Name = 1`.
    commands: bool,
    /// Functions by name.
    named: BTreeMap<&'u str, Vec<FunctionId>>,
    /// Functions by the one in which they are defined.
    inner: BTreeMap<FunctionId, Vec<FunctionId>>,
    /// `None` while a function is looked through.
    known: BTreeMap<FunctionId, Option<Arc<Names>>>,
    chain: usize,
}

/// What becomes of the value of an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It is read where it stands.
    Read,
    /// It is put into an object or a list.
    Kept,
    /// It gets a second name.
    Alias,
    /// Somebody else may change it.
    Handed,
}

impl<'u> Escapes<'u> {
    pub(crate) fn new(program: &'u Program, naming: Naming) -> Self {
        let unit = &program.unit;
        let mut named: BTreeMap<&str, Vec<FunctionId>> = BTreeMap::new();
        let mut inner: BTreeMap<FunctionId, Vec<FunctionId>> = BTreeMap::new();
        for (id, function) in unit.functions.iter().enumerate().filter(|(_, function)| !function.inline) {
            if let Some(name) = &function.name {
                named.entry(name).or_default().push(id);
            }
            let root = program.files[program.owners[id]].root;
            if let Some(parent) = function.parent.or(Some(root)).filter(|parent| *parent != id) {
                inner.entry(parent).or_default().push(id);
            }
        }
        let fills_by_calls = naming.fills_by_calls();
        let commands = naming == Naming::Commands;
        Self { program, unit, fills_by_calls, commands, named, inner, known: BTreeMap::new(), chain: 0 }
    }

    /// Whether what a name of a function holds may be changed by somebody else.
    pub(super) fn is_loose(&mut self, function: FunctionId, name: &str) -> bool {
        self.of(function).is_none_or(|names| names.loose.contains(name))
    }

    /// Whether what a name of a function holds may be another thing than what was
    /// given to it.
    pub(super) fn may_change(&mut self, function: FunctionId, name: &str) -> bool {
        self.of(function).is_none_or(|names| names.loose.contains(name) || names.keyed.contains(name))
    }

    /// The names of a function; `None` while it is looked through, and where functions
    /// lead too far.
    fn of(&mut self, function: FunctionId) -> Option<Arc<Names>> {
        if let Some(known) = self.known.get(&function) {
            return known.clone();
        }
        if self.chain >= MAX_CHAIN {
            return None;
        }
        self.chain += 1;
        self.known.insert(function, None);
        let mut names = Names::default();
        let unit = self.unit;
        self.block(&unit.functions[function].body, &mut names);
        // What functions within use they may change at any time. Those of a file are
        // within its top level.
        let mut within: Vec<FunctionId> = self.inner.get(&function).cloned().unwrap_or_default();
        let file = self.program.owners[function];
        if self.program.files[file].root == function {
            within.extend((0..unit.functions.len()).filter(|id| self.program.owners[*id] == file));
        }
        within.retain(|id| *id != function);
        for id in within {
            let mut all = Everything(BTreeSet::new());
            all.block(unit, &unit.functions[id].body);
            names.loose.extend(all.0);
        }
        names.loose.extend(names.inside.intersection(&names.keyed).cloned().collect::<Vec<_>>());
        self.chain -= 1;
        let names = Arc::new(names);
        self.known.insert(function, Some(names.clone()));
        Some(names)
    }

    fn block(&mut self, body: &'u [Stmt], names: &mut Names) {
        for stmt in body {
            match stmt {
                Stmt::Expr(value) | Stmt::Return(value) => self.expr(value, Use::Read, names),
                Stmt::Assign { target, value } => match &target.kind {
                    ExprKind::Name(name) => {
                        names.assigned.insert(name.clone());
                        self.expr(value, Use::Alias, names);
                    }
                    ExprKind::Member(object, _) | ExprKind::Index(object, _) => {
                        let mut at = &**object;
                        while let ExprKind::Member(inner, _) | ExprKind::Index(inner, _) = &at.kind {
                            if let ExprKind::Index(_, key) = &at.kind {
                                self.expr(key, Use::Read, names);
                            }
                            at = inner;
                        }
                        match &at.kind {
                            ExprKind::Name(name) => _ = names.keyed.insert(name.clone()),
                            _ => self.expr(at, Use::Handed, names),
                        }
                        if let ExprKind::Index(_, key) = &target.kind {
                            self.expr(key, Use::Read, names);
                        }
                        self.expr(value, Use::Kept, names);
                    }
                    _ => {
                        self.expr(target, Use::Handed, names);
                        self.expr(value, Use::Handed, names);
                    }
                },
                Stmt::Branch(arms) => arms.iter().for_each(|arm| self.block(arm, names)),
                Stmt::Loop(body) => self.block(body, names),
                Stmt::Leave | Stmt::When { .. } => {}
            }
        }
    }

    fn expr(&mut self, expr: &'u Expr, becomes: Use, names: &mut Names) {
        // What is put into something new that is handed on is handed on.
        let part = match becomes {
            Use::Read | Use::Handed => becomes,
            Use::Kept | Use::Alias => Use::Kept,
        };
        // A part of an object is changed with the object.
        let whole = if becomes == Use::Read { Use::Read } else { Use::Handed };
        match &expr.kind {
            ExprKind::Name(name) => match becomes {
                Use::Read => {}
                Use::Kept => _ = names.inside.insert(name.clone()),
                Use::Alias | Use::Handed => _ = names.loose.insert(name.clone()),
            },
            ExprKind::Text(_)
            | ExprKind::Unknown(_)
            | ExprKind::Positional(_)
            | ExprKind::PositionalRest(_) => {}
            ExprKind::Member(object, _) | ExprKind::Element(object) => self.expr(object, whole, names),
            ExprKind::Index(object, key) => {
                self.expr(object, whole, names);
                self.expr(key, Use::Read, names);
            }
            ExprKind::Object(entries) => {
                for (_, value) in entries {
                    match &value.kind {
                        // Its entries are copied.
                        ExprKind::Spread(inner) => self.expr(inner, Use::Read, names),
                        _ => self.expr(value, part, names),
                    }
                }
            }
            ExprKind::Keyed(key, value) => {
                self.expr(key, Use::Read, names);
                self.expr(value, part, names);
            }
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item, part, names)),
            ExprKind::Spread(inner) => self.expr(inner, becomes, names),
            ExprKind::Either(arms) => arms.iter().for_each(|arm| self.expr(arm, becomes, names)),
            ExprKind::Default(given, fallback) => {
                self.expr(given, becomes, names);
                self.expr(fallback, becomes, names);
            }
            ExprKind::Given(condition, then, otherwise)
            | ExprKind::Asked { subject: condition, then, otherwise, .. } => {
                self.expr(condition, Use::Read, names);
                self.expr(then, becomes, names);
                self.expr(otherwise, becomes, names);
            }
            ExprKind::Setting { default, .. } => {
                if let Some(default) = default {
                    self.expr(default, becomes, names);
                }
            }
            ExprKind::Concat(parts) => parts.iter().for_each(|part| self.expr(part, Use::Read, names)),
            ExprKind::Format { template, args, .. } => {
                self.expr(template, Use::Read, names);
                args.iter().for_each(|arg| self.expr(&arg.value, Use::Read, names));
            }
            ExprKind::Join { base, parts, .. } => {
                self.expr(base, Use::Read, names);
                parts.iter().for_each(|part| self.expr(part, Use::Read, names));
            }
            ExprKind::Implode { list, separator } => {
                self.expr(list, Use::Read, names);
                self.expr(separator, Use::Read, names);
            }
            ExprKind::Each { list, body, .. } => {
                self.expr(list, whole, names);
                self.expr(body, part, names);
            }
            ExprKind::Fold { list, first, body, .. } => {
                self.expr(list, whole, names);
                self.expr(first, becomes, names);
                self.expr(body, part, names);
            }
            ExprKind::Replace { text, from, to } => {
                [text, from, to].into_iter().for_each(|part| self.expr(part, Use::Read, names));
            }
            ExprKind::Trim { text, .. } => self.expr(text, Use::Read, names),
            ExprKind::Function(id) => {
                let unit = self.unit;
                if unit.functions[*id].inline {
                    // When it runs, and how often, is not known.
                    let mut within = Names::default();
                    self.block(&unit.functions[*id].body, &mut within);
                    let Names { loose, keyed, inside, assigned } = within;
                    names.loose.extend(loose.into_iter().chain(keyed).chain(assigned));
                    names.inside.extend(inside);
                }
            }
            ExprKind::Instance(_, fields) => {
                fields.iter().for_each(|(_, value)| self.expr(value, part, names));
            }
            // What stands there may be a way to change it that no form is known for.
            ExprKind::Effects(parts) => parts.iter().for_each(|part| match &part.kind {
                ExprKind::Call(_) | ExprKind::Object(_) | ExprKind::List(_) | ExprKind::Function(_) => {
                    self.expr(part, Use::Read, names);
                }
                _ => self.expr(part, Use::Handed, names),
            }),
            ExprKind::Call(call) => self.call(call, whole, names),
        }
    }

    fn call(&mut self, call: &'u CallExpr, whole: Use, names: &mut Names) {
        // What puts entries into an object is followed where it stands.
        if let ExprKind::Member(object, name) = &call.callee.kind {
            let (target, rest) = match (&**name, &object.kind, call.args.split_first()) {
                ("update" | "setdefault", ExprKind::Name(name), _) => (Some(name), &call.args[..]),
                (name, ExprKind::Name(object), Some((_, [_])))
                    if self.fills_by_calls && PUTTERS.contains(&name) =>
                {
                    (Some(object), &call.args[..])
                }
                ("putAll" | "merge!", ExprKind::Name(name), Some((_, []))) => (Some(name), &call.args[..]),
                (step, ExprKind::Name(name), Some((_, []))) if self.commands && step.ends_with('=') => {
                    (Some(name), &call.args[..])
                }
                ("assign", ExprKind::Name(library), Some((first, rest))) if &**library == "Object" => {
                    match &first.value.kind {
                        ExprKind::Name(name) => (Some(name), rest),
                        _ => (None, &call.args[..]),
                    }
                }
                _ => (None, &[][..]),
            };
            if target.is_some() || !rest.is_empty() {
                names.keyed.extend(target.cloned());
                // A copy of the target's own entries may be kept under another name.
                if whole != Use::Read {
                    names.loose.extend(target.cloned());
                }
                let copied = !PUTTERS.contains(&&**name);
                rest.iter().for_each(|arg| match &arg.value.kind {
                    ExprKind::Name(_) | ExprKind::Spread(_) if copied => {
                        self.expr(&arg.value, Use::Read, names);
                    }
                    _ => self.expr(&arg.value, Use::Kept, names),
                });
                return;
            }
        }
        let name = match &call.callee.kind {
            ExprKind::Member(object, name) => {
                // `body.put("a", 1).put("b", 2)`
                let puts = self.fills_by_calls && PUTTERS.contains(&&**name) && call.args.len() == 2;
                let is_read = READERS.contains(&&**name) || puts;
                self.expr(object, if is_read { whole } else { Use::Handed }, names);
                Some(name)
            }
            ExprKind::Name(name) => Some(name),
            _ => {
                self.expr(&call.callee, Use::Handed, names);
                None
            }
        };
        let becomes = match name {
            // What is put into something that is no name is kept there.
            Some(name) if self.fills_by_calls && PUTTERS.contains(&&**name) && call.args.len() == 2 => {
                if whole == Use::Read {
                    Use::Kept
                } else {
                    Use::Handed
                }
            }
            Some(name) if self.keeps(name) || makes_body(call) => Use::Read,
            _ => Use::Handed,
        };
        call.args.iter().for_each(|arg| self.expr(&arg.value, becomes, names));
    }

    /// Whether what is called by a name leaves what it is handed as it is.
    fn keeps(&mut self, name: &str) -> bool {
        let unit = self.unit;
        let Some(own) = self.named.get(name).cloned() else {
            return wording::method_named(name).is_some()
                || CARRIERS.contains(&name)
                || sends(name)
                || self.commands && CMDLETS.contains(&&*name.to_ascii_lowercase())
                || wording::message_name(name);
        };
        // Which of so many is meant is not known, and none of them is worth its cost.
        if own.len() > MAX_NAMESAKES {
            return false;
        }
        own.into_iter().all(|id| {
            let Some(names) = self.of(id) else { return false };
            unit.functions[id].params.iter().all(|param| {
                !names.loose.contains(&param.name)
                    && !names.keyed.contains(&param.name)
                    && !names.inside.contains(&param.name)
            })
        })
    }
}

/// Whether a function is named like those that send what they are handed:
/// `PostAsJsonAsync`, `postForObject`.
fn sends(name: &str) -> bool {
    let rest = ["post", "put", "patch", "Post", "Put", "Patch", "Send"]
        .iter()
        .find_map(|verb| name.strip_prefix(verb))
        .unwrap_or_default();
    ["Async", "ForObject", "ForEntity", "ForLocation"].iter().any(|end| rest.ends_with(end))
}

/// `RequestBody.create(text, json)`, `JsonContent.Create(body)`
fn makes_body(call: &CallExpr) -> bool {
    matches!(&call.callee.kind, ExprKind::Member(owner, name) if matches!(&**name, "create" | "Create")
        && matches!(&owner.kind, ExprKind::Name(owner) if matches!(&**owner, "RequestBody" | "JsonContent")))
}

/// Methods that give a key of their object a value.
pub(crate) const PUTTERS: [&str; 6] = ["put", "addProperty", "set", "add", "Add", "replace"];

/// Methods that only read their object, or copy it.
const READERS: [&str; 24] = [
    "get",
    "items",
    "keys",
    "values",
    "entries",
    "copy",
    "has",
    "hasOwnProperty",
    "toString",
    "toJSON",
    "to_json",
    "encode",
    "format",
    "join",
    "includes",
    "index",
    "count",
    "startswith",
    "getBytes",
    "toByteArray",
    "encodeToByteArray",
    "toRequestBody",
    "toPrettyString",
    crate::scan::fields::typed::TYPED,
];

/// Functions that send what they are handed, write it down, or only read or copy it.
const CARRIERS: [&str; 53] = [
    "request",
    "fetch",
    "$fetch",
    "axios",
    "(axios)",
    "got",
    "ky",
    "urlopen",
    "Request",
    "dumps",
    "stringify",
    "Marshal",
    "MarshalIndent",
    "Encode",
    "NewBuffer",
    "NewReader",
    "NewRequest",
    "NewRequestWithContext",
    "Do",
    "urlencode",
    "len",
    "str",
    "repr",
    "dict",
    "sorted",
    "String",
    "isinstance",
    "json_encode",
    "http_build_query",
    "count",
    "writeValueAsString",
    "writeValueAsBytes",
    "valueToTree",
    "toJson",
    "toJSONString",
    "encodeToString",
    "HttpEntity",
    "exchange",
    "setBody",
    "bodyValue",
    "ofString",
    "ofByteArray",
    "StringEntity",
    "fromValue",
    "StringContent",
    "entity",
    "json",
    "form",
    "Serialize",
    "SerializeObject",
    "to_string",
    "to_vec",
    "send_json",
];

/// The same of PowerShell's cmdlets.
const CMDLETS: [&str; 8] = [
    "invoke-restmethod",
    "invoke-webrequest",
    "irm",
    "iwr",
    "convertto-json",
    "write-verbose",
    "write-debug",
    "write-host",
];

/// All names that a function mentions.
struct Everything(BTreeSet<Arc<str>>);

impl Everything {
    fn block(&mut self, unit: &Unit, body: &[Stmt]) {
        for stmt in body {
            match stmt {
                Stmt::Expr(value) | Stmt::Return(value) => self.expr(unit, value),
                Stmt::Assign { target, value } => {
                    self.expr(unit, target);
                    self.expr(unit, value);
                }
                Stmt::Branch(arms) => arms.iter().for_each(|arm| self.block(unit, arm)),
                Stmt::Loop(body) => self.block(unit, body),
                Stmt::Leave | Stmt::When { .. } => {}
            }
        }
    }

    fn expr(&mut self, unit: &Unit, expr: &Expr) {
        let mut each = |part: &Expr| self.expr(unit, part);
        match &expr.kind {
            ExprKind::Name(name) => _ = self.0.insert(name.clone()),
            ExprKind::Function(id) => self.block(unit, &unit.functions[*id].body),
            ExprKind::Text(_)
            | ExprKind::Unknown(_)
            | ExprKind::Positional(_)
            | ExprKind::PositionalRest(_) => {}
            ExprKind::Member(a, _)
            | ExprKind::Element(a)
            | ExprKind::Spread(a)
            | ExprKind::Trim { text: a, .. } => each(a),
            ExprKind::Index(a, b)
            | ExprKind::Keyed(a, b)
            | ExprKind::Default(a, b)
            | ExprKind::Implode { list: a, separator: b }
            | ExprKind::Each { list: a, body: b, .. } => {
                each(a);
                each(b);
            }
            ExprKind::Given(a, b, c)
            | ExprKind::Asked { subject: a, then: b, otherwise: c, .. }
            | ExprKind::Fold { list: a, first: b, body: c, .. }
            | ExprKind::Replace { text: a, from: b, to: c } => {
                [a, b, c].into_iter().for_each(|part| each(part));
            }
            ExprKind::Concat(parts)
            | ExprKind::Either(parts)
            | ExprKind::List(parts)
            | ExprKind::Effects(parts) => parts.iter().for_each(each),
            ExprKind::Object(entries) => entries.iter().for_each(|(_, value)| each(value)),
            ExprKind::Instance(_, fields) => fields.iter().for_each(|(_, value)| each(value)),
            ExprKind::Format { template, args, .. } => {
                each(template);
                args.iter().for_each(|arg| each(&arg.value));
            }
            ExprKind::Join { base, parts, .. } => {
                each(base);
                parts.iter().for_each(each);
            }
            ExprKind::Setting { default, .. } => {
                if let Some(default) = default {
                    each(default);
                }
            }
            ExprKind::Call(call) => {
                each(&call.callee);
                call.args.iter().for_each(|arg| each(&arg.value));
            }
        }
    }
}
