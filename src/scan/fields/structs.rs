//! Structs whose fields have other names in JSON: what is written of them, and what
//! is read into them.

use std::sync::Arc;

use crate::scan::evaluate::scope::Symbol;
use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::link::FileId;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{self, Answer, Entry, Kind, ParamRef, Term, Value};
use crate::scan::wording;

/// The entry of an object that names the struct of another package that it is.
pub(crate) const STRUCT: &str = "(struct)";
/// Structs in one another, and values in values.
const MAX_DEPTH: usize = 32;

impl<'u> Evaluator<'u> {
    /// The class of a struct of another package: `models.User`.
    fn foreign(&self, file: FileId, name: &str) -> Option<ClassId> {
        if matches!(self.dialect.naming(), Naming::Classes | Naming::Rust | Naming::Python) {
            return match self.index.symbol(file, &name.into())? {
                Symbol::Class(class) => Some(class),
                _ => None,
            };
        }
        let (package, last) = name.split_once('.')?;
        let last: Arc<str> = last.into();
        let imports = self.program.files[file].imports.iter();
        imports
            .filter(|import| *import.local == *package)
            .flat_map(|import| import.files.iter().chain(&import.modules))
            .find_map(|target| self.index.classes.get(&(*target, last.clone())).copied())
    }

    /// Go: an object of a struct of another package of the program, `client.User{ID: id}`.
    pub(crate) fn of_package(
        &mut self,
        frame: &mut Frame,
        entries: &'u [(Option<Key>, Expr)],
    ) -> Option<Value> {
        if self.dialect.naming() != Naming::Go {
            return None;
        }
        let is_marker = |(key, _): &&(Option<Key>, Expr)| key.as_ref().is_some_and(|key| **key == *STRUCT);
        let (_, Expr { kind: ExprKind::Text(name), .. }) = entries.iter().find(is_marker)? else {
            return None;
        };
        let Some(class) = self.foreign(self.file_of(frame), name) else {
            return (entries.len() == 1).then(|| Value::one(Kind::List(Arc::default())));
        };
        let mut fields = Vec::with_capacity(entries.len());
        for (key, value) in entries.iter().filter(|entry| !is_marker(entry)) {
            let value = self.expr(frame, value);
            fields.extend(key.clone().map(|key| (key, value)));
        }
        Some(Value::one(Kind::Instance(class, Arc::new(fields))).no_more_than(value::MAX_WRITTEN))
    }

    /// How a struct is written, its embedded structs in place of it.
    fn wire(&self, class: ClassId, depth: usize) -> Vec<&'u WireField> {
        let mut out = Vec::new();
        for field in &self.unit.classes[class].wire {
            match (&field.key, &field.shape) {
                (None, Shape::Struct(inner)) if depth < MAX_DEPTH && *inner != class => {
                    out.extend(self.wire(*inner, depth + 1));
                }
                // What a base class has.
                (None, Shape::Foreign(base)) if depth < MAX_DEPTH && field.name.is_empty() => {
                    let home = self.program.class_owners.get(class);
                    match home.and_then(|home| self.foreign(*home, base)) {
                        Some(base) if base != class => out.extend(self.wire(base, depth + 1)),
                        _ => out.push(field),
                    }
                }
                _ => out.push(field),
            }
        }
        out
    }

    /// A value with every struct as the object that it is written as.
    pub(crate) fn wired(&self, value: &Value, file: FileId, depth: usize) -> Value {
        let mut out = value.clone();
        if depth > MAX_DEPTH {
            return out;
        }
        for term in &mut out.terms {
            match &term.kind {
                Kind::Instance(class, fields) if !self.unit.classes[*class].wire.is_empty() => {
                    let fields: Vec<(Key, Value)> = fields
                        .iter()
                        .map(|(key, value)| (key.clone(), self.wired(value, file, depth + 1)))
                        .collect();
                    let mut entries = self.written(*class, fields, depth);
                    // Whoever may change an object gives it no other properties.
                    if term.open && self.dialect.naming() == Naming::Classes {
                        for (_, value) in &mut entries {
                            *value = std::mem::take(value).opened();
                        }
                        term.open = false;
                    }
                    term.kind = Kind::Object(Arc::new(entries));
                }
                Kind::Object(entries) => {
                    let marker = entries.iter().find(|(entry, _)| *entry == Entry::Key(STRUCT.into()));
                    let name = marker.and_then(|(_, name)| name.literal());
                    let inner: Vec<(Entry, Value)> = entries
                        .iter()
                        .map(|(entry, value)| (entry.clone(), self.wired(value, file, depth + 1)))
                        .collect();
                    term.kind = match name {
                        None => Kind::Object(Arc::new(inner)),
                        Some(name) => match self.foreign(file, &name) {
                            Some(class) if !self.unit.classes[class].wire.is_empty() => {
                                let fields = inner.into_iter().filter_map(|(entry, value)| match entry {
                                    Entry::Key(key) if *key != *STRUCT => Some((key, value)),
                                    _ => None,
                                });
                                Kind::Object(Arc::new(self.written(class, fields.collect(), depth)))
                            }
                            // How it is written is not known, but what it asks for is.
                            _ => match described(&name, inner) {
                                Some(entries) => {
                                    term.open = true;
                                    Kind::Object(Arc::new(entries))
                                }
                                None => Kind::Unknown("".into()),
                            },
                        },
                    };
                }
                Kind::List(items) => {
                    let items = items.iter().map(|item| self.wired(item, file, depth + 1)).collect();
                    term.kind = Kind::List(Arc::new(items));
                }
                _ => {}
            }
        }
        out
    }

    /// An object of a class with what it is given where it is made, by name or by the names
    /// of the constructor's parameters.
    pub(crate) fn with_given(
        &self,
        object: Value,
        class: ClassId,
        call: &CallExpr,
        args: &[NamedValue],
        span: Span,
    ) -> Value {
        if !matches!(self.dialect.naming(), Naming::Classes | Naming::Python)
            || self.unit.classes[class].wire.is_empty()
            || call.args.len() != args.len()
        {
            return object;
        }
        let maker = self.index.constructor(class).map(|id| self.of_count(id, args.len()));
        let params = maker.map(|id| self.unit.functions[id].params.as_slice()).unwrap_or_default();
        let wire = self.wire(class, 0);
        let mut out = object;
        for (index, (arg, (name, value))) in call.args.iter().zip(args).enumerate() {
            let Some(name) = name.as_ref().or_else(|| params.get(index).map(|param| &param.name)) else {
                continue;
            };
            if wire.iter().any(|field| field.name == *name) {
                let told = self.unit.told.get(&span).into_iter().flatten().find(|key| key.name == *name);
                let written = match &arg.value.kind {
                    _ if let Some(at) = told.and_then(|key| key.span) => at,
                    ExprKind::Keyed(key, _) => key.span,
                    _ => arg.value.span,
                };
                let key = Key::new(name.clone(), written);
                out = out.with_field(&key, &value.no_more_than(value::MAX_HELD), |known| known == class);
            }
        }
        out
    }

    /// The entries that a struct with these fields is written as. Those that are not
    /// given are written too, unless they are left out where they are empty.
    fn written(&self, class: ClassId, fields: Vec<(Key, Value)>, depth: usize) -> Vec<(Entry, Value)> {
        let wire = self.wire(class, depth);
        let mut out: Vec<(Entry, Value)> = Vec::new();
        let embedded = |name: &str| {
            let own = &self.unit.classes[class].wire;
            own.iter().any(|field| *field.name == *name && field.key.is_none() && field.shape != Shape::Open)
        };
        for (name, value) in fields {
            if embedded(&name) {
                match value.terms.as_slice() {
                    [Term { kind: Kind::Object(inner), .. }] => out.extend(inner.iter().cloned()),
                    _ => out.push((Entry::Any, Value::unknown(""))),
                }
                continue;
            }
            match wire.iter().find(|field| *field.name == *name) {
                Some(WireField { key: Some(key), .. }) => {
                    out.push((Entry::Key(Key { name: key.clone(), span: name.span }), value));
                }
                Some(WireField { key: None, .. }) => {}
                // What is none of a class's properties is not written.
                None if self.dialect.naming() == Naming::Classes => {}
                None => out.push((Entry::Any, Value::unknown(""))),
            }
        }
        for field in wire {
            match &field.key {
                Some(key) if !field.optional => {
                    let entry = Entry::Key(Key::from(key.clone()));
                    if !out.iter().any(|(known, _)| *known == entry) {
                        out.push((entry, Value::unknown("")));
                    }
                }
                None if field.shape != Shape::Open => out.push((Entry::Any, Value::unknown(""))),
                _ => {}
            }
        }
        out
    }

    /// What stands in a field of the struct that an answer is read into.
    pub(super) fn answer_field(&self, answer: &Answer, member: &str) -> Option<Value> {
        let Some(Shape::Struct(class)) = answer.shape.as_deref() else { return None };
        let field = self.wire(*class, 0).into_iter().find(|field| *field.name == *member)?;
        let shape = self.known(&field.shape, self.program.class_owners.get(*class).copied()?);
        let mut value = answer.field(field.key.as_deref()?)?;
        for term in &mut value.terms {
            if let Kind::Answer(answer) = &mut term.kind {
                answer.shape = Some(Arc::new(shape.clone()));
            }
        }
        Some(value)
    }

    /// A shape with the classes of other packages looked up.
    pub(super) fn known(&self, shape: &Shape, file: FileId) -> Shape {
        match shape {
            Shape::Foreign(name) => self.foreign(file, name).map_or(Shape::Open, Shape::Struct),
            Shape::List(inner) => Shape::List(Arc::new(self.known(inner, file))),
            Shape::Map(inner) => Shape::Map(Arc::new(self.known(inner, file))),
            Shape::Struct(_) | Shape::Open => shape.clone(),
        }
    }

    /// The type of a variable.
    fn shape_of(&self, frame: &Frame, name: &str) -> Shape {
        let types = &self.unit.functions[frame.function].types;
        let mut declared = types.iter().filter(|(known, _)| **known == *name).map(|(_, shape)| shape);
        let file = self.file_of(frame);
        match declared.next() {
            // Several variables of one name.
            Some(shape) if declared.all(|other| other == shape) => self.known(shape, file),
            Some(_) => Shape::Open,
            None => match frame.env.get(name).map(|value| value.terms.as_slice()) {
                Some([Term { kind: Kind::Instance(class, _), .. }]) => Shape::Struct(*class),
                _ => Shape::Open,
            },
        }
    }

    /// Go: what leads from a request to its answer, and from there into a variable.
    pub(crate) fn decoded(
        &mut self,
        frame: &mut Frame,
        call: &CallExpr,
        callee: &Callee,
        args: &[NamedValue],
    ) -> Option<Value> {
        if !matches!(self.dialect.naming(), Naming::Go)
            || callee.value.terms.iter().any(|term| matches!(term.kind, Kind::Function(_)))
        {
            return None;
        }
        let answer = |value: &Value| match value.terms.as_slice() {
            [Term { kind: Kind::Answer(answer), .. }] if answer.at.is_none() => Some(answer.clone()),
            _ => None,
        };
        match callee.name() {
            // `json.NewEncoder(&buffer).Encode(body)`
            "Encode" => {
                let ExprKind::Member(encoder, _) = &call.callee.kind else { return None };
                let ExprKind::Call(encoder) = &encoder.kind else { return None };
                let made =
                    matches!(&encoder.callee.kind, ExprKind::Member(_, name) if &**name == "NewEncoder");
                let (Some(ExprKind::Name(buffer)), Some((None, body))) =
                    (encoder.args.first().map(|arg| &arg.value.kind), args.first())
                else {
                    return None;
                };
                if made {
                    frame.env.insert(buffer.clone(), Arc::new(body.clone()));
                }
                None
            }
            "Do" | "RoundTrip" | "ReadAll" | "NewReader" | "NewDecoder" | "LimitReader" | "NopCloser"
            | "TeeReader" => {
                args.iter().find(|(_, value)| answer(value).is_some()).map(|(_, value)| value.clone())
            }
            "Unmarshal" => {
                let answer = answer(&args.first()?.1)?;
                self.read_into(frame, &call.args.get(1)?.value, answer.request);
                Some(Value::unknown("err"))
            }
            "Decode" => {
                let answer = answer(&callee.receiver)?;
                self.read_into(frame, &call.args.first()?.value, answer.request);
                Some(Value::unknown("err"))
            }
            _ => None,
        }
    }

    /// Gives a variable the body of an answer.
    pub(super) fn read_into(&mut self, frame: &mut Frame, target: &Expr, request: usize) {
        let ExprKind::Name(name) = &target.kind else { return };
        // A parameter is the variable of a caller.
        if let Some([Term { kind: Kind::Param(param), .. }]) =
            frame.env.get(name).map(|value| value.terms.as_slice())
            && param.members.is_empty()
        {
            frame.decodes.push((request, ParamRef::clone(param)));
        }
        let shape = (self.dialect.naming() == Naming::Go).then(|| Arc::new(self.shape_of(frame, name)));
        let answer = Answer { request, at: Some("".into()), name: name.clone(), shape };
        frame.env.insert(name.clone(), Arc::new(Value::one(Kind::Answer(answer))));
    }

    /// Gives the variables that a call hands over what its function reads into them.
    pub(crate) fn read_through(&mut self, frame: &mut Frame, args: &[Arg]) {
        for (request, param) in std::mem::take(&mut self.handed_back) {
            if let Some(arg) = args.get(param.index).filter(|arg| arg.name.is_none()) {
                self.read_into(frame, &arg.value, request);
            }
        }
    }
}

/// The method and the path of a request that a struct of another library describes:
/// `httpclient.RequestData{Method: "GET", Path: "/users"}`.
fn described(name: &str, entries: Vec<(Entry, Value)>) -> Option<Vec<(Entry, Value)>> {
    const DESCRIBING: [&str; 4] = ["request", "requests", "req", "call"];
    if !wording::words(name).iter().any(|word| DESCRIBING.contains(&word.as_str())) {
        return None;
    }
    let is = |entry: &Entry, names: &[&str]| matches!(entry, Entry::Key(key) if names.iter().any(|name| key.eq_ignore_ascii_case(name)));
    let method = |(entry, _): &(Entry, Value)| is(entry, &["method"]);
    let path = |(entry, _): &(Entry, Value)| is(entry, &["path", "url", "uri", "endpoint"]);
    let whole = entries.iter().any(method) && entries.iter().any(path);
    whole.then(|| entries.into_iter().filter(|entry| method(entry) || path(entry)).collect())
}
