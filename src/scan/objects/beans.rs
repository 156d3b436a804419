//! What a container hands to those who ask for something of a type: Spring's beans, what CDI
//! produces and Dagger provides.

use std::sync::Arc;

use crate::scan::evaluate::filling::Filling;
use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::{ASKED_CLIENT, Asker, Based, Bean, ClassId, FunctionId, Span, client_of};
use crate::scan::link::FileId;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Kind, Term, Value};
use crate::scan::wording::words;

/// The name under which is kept what a function makes for others; no program has it.
const MADE: &str = "(bean)";

/// Words in the names of clients that tell none of them from the others.
const PLAIN: [&str; 14] = [
    "rest",
    "web",
    "http",
    "api",
    "client",
    "template",
    "builder",
    "bean",
    "default",
    "the",
    "my",
    "request",
    "operations",
    "service",
];

/// What types are asked for by: the interface beside the class.
fn plain_kind(kind: &str) -> &str {
    match kind {
        "RestOperations" => "RestTemplate",
        kind => kind,
    }
}

impl<'u> Evaluator<'u> {
    /// What a container hands to a parameter that nobody else fills.
    pub(crate) fn bean_given(&mut self, function: FunctionId, index: usize, given: &Value) -> Option<Value> {
        if !self.may_be_handed(given) {
            return None;
        }
        let owner = &self.unit.functions[function];
        let name = owner.params.get(index)?.name.clone();
        let (_, kind) = owner.declared.iter().rev().find(|(known, _)| *known == name)?;
        self.bean(Asker::Function(function), &name, &kind.clone())
    }

    /// What a container hands to a field that nothing is seen to be given to.
    pub(crate) fn bean_of_field(
        &mut self,
        class: ClassId,
        member: &Arc<str>,
        given: &Value,
    ) -> Option<Value> {
        if !self.may_be_handed(given) {
            return None;
        }
        let unit = self.unit;
        let above = self.index.chain(class);
        // What a constructor gives to it is asked for there, by a name that says more.
        if above.iter().any(|class| self.index.fields[*class].contains_key(member)) {
            return None;
        }
        above.into_iter().find_map(|class| {
            let (_, kind) = unit.classes[class].declared.iter().find(|(name, _)| name == member)?;
            self.bean(Asker::Class(class), member, kind)
        })
    }

    /// Whether a container may hand over what is not known.
    fn may_be_handed(&self, given: &Value) -> bool {
        self.dialect.naming() == Naming::Classes
            && !self.unit.beans.is_empty()
            && given.terms.iter().all(|term| matches!(term.kind, Kind::Unknown(_)))
    }

    /// The client that is meant by a type and a name.
    fn bean(&mut self, by: Asker, name: &Arc<str>, kind: &Arc<str>) -> Option<Value> {
        let unit = self.unit;
        let file = match by {
            Asker::Function(id) => self.program.owners[id],
            Asker::Class(id) => self.program.class_owners[id],
        };
        let near = |bean: &&Bean| self.is_near(file, self.program.owners[bean.function]);
        let of_kind = |bean: &&Bean| plain_kind(&bean.kind) == plain_kind(kind);
        // What is handed to the method that makes it is another one.
        let itself = |bean: &&Bean| by != Asker::Function(bean.function);
        let all: Vec<&Bean> = unit.beans.iter().filter(of_kind).filter(itself).filter(near).collect();
        let wanted = unit.wanted.iter().find(|wanted| wanted.by == by && wanted.name == *name);
        let called = |name: &Arc<str>| all.iter().copied().find(|bean| bean.names.contains(name));
        let class = match by {
            Asker::Function(id) => unit.functions[id].class,
            Asker::Class(id) => Some(id),
        };
        let own = class.and_then(|class| called(&client_of(&unit.classes[class].name).into()));
        if let Some(own) = own {
            return self.client_made(own);
        }
        let all: Vec<&Bean> = all.iter().copied().filter(|bean| !bean.by_name).collect();
        let meant = match (wanted, all.as_slice()) {
            (Some(wanted), _) => called(&wanted.bean)?,
            (None, [only]) if may_be_called(only, name) => only,
            (None, []) => return None,
            (None, several) => match several.iter().find(|bean| bean.primary) {
                Some(primary) => primary,
                None => called(name)?,
            },
        };
        self.client_made(meant)
    }

    /// What a factory gives that is asked for a client by its name: `factory.CreateClient("orbit")`.
    /// Where no such client is set up, the arguments as they stand.
    pub(crate) fn client_asked(
        &mut self,
        frame: &Frame,
        mut args: Vec<NamedValue>,
    ) -> Result<Value, Vec<NamedValue>> {
        let Some(at) = args.iter().position(|(name, _)| name.as_deref() == Some(ASKED_CLIENT)) else {
            return Err(args);
        };
        let (_, written) = args.remove(at);
        let file = self.file_of(frame);
        let asked = [args.first().and_then(|(_, value)| value.literal()), written.literal()];
        let beans = &self.unit.beans;
        let meant = asked.into_iter().flatten().find_map(|asked| {
            let fits = |bean: &&Bean| bean.by_name && bean.names.iter().any(|name| **name == *asked);
            beans.iter().filter(fits).find(|bean| self.is_near(file, self.program.owners[bean.function]))
        });
        meant.and_then(|meant| self.client_made(meant)).ok_or(args)
    }

    /// A library whose own client is given a base by another file: `axios.defaults.baseURL = base`.
    pub(crate) fn based_library(&mut self, frame: &Frame, callee: &mut Callee) {
        let ([library] | [library, _]) = callee.path.as_slice() else { return };
        let unknown = |value: &Value| {
            value.terms.iter().all(|term| matches!(term.kind, Kind::Unknown(_) | Kind::Bound(..)))
        };
        if self.unit.based.is_empty() || !unknown(&callee.receiver) || !unknown(&callee.value) {
            return;
        }
        let file = self.file_of(frame);
        let called = format!("({library})");
        let fits = |client: &&Based| {
            let home = self.program.owners[client.function];
            *client.name == *called
                && home != file
                && (self.is_near(file, home) || self.index.reached(home).contains(&file))
        };
        let meant: Vec<FunctionId> =
            self.unit.based.iter().filter(fits).map(|client| client.function).collect();
        let mut base = Value::default();
        for function in meant {
            for term in self.bean_made(function).terms {
                if let Kind::Client(known) = term.kind {
                    base = base.join(Value::clone(&known));
                }
            }
        }
        if !base.is_empty() {
            callee.receiver = Value::one(Kind::Client(Arc::new(base)));
        }
    }

    /// Whether a file sees another one.
    fn is_near(&self, file: FileId, home: FileId) -> bool {
        let imports = &self.program.files[file].imports;
        home == file || imports.iter().any(|import| import.files.contains(&home))
    }

    /// The client that a bean is.
    fn client_made(&mut self, bean: &Bean) -> Option<Value> {
        let value = self.bean_made(bean.function);
        let client = |term: &Term| matches!(term.kind, Kind::Client(_));
        value.terms.iter().any(client).then_some(value)
    }

    /// The object that a method makes for whoever asks.
    fn bean_made(&mut self, function: FunctionId) -> Value {
        self.remembered(function, &MADE.into(), |evaluator| {
            let Some(done) = evaluator.summary(function, None) else { return Value::default() };
            let owner = &evaluator.unit.functions[function];
            let class = owner.class;
            let given = (0..owner.params.len()).map(|index| (None, evaluator.given(function, index)));
            let given = given.collect();
            let mut filling = Filling::new(function, given, Span::NOWHERE);
            filling.receiver = class.map(|class| Value::one(Kind::Instance(class, Arc::default())));
            evaluator.fill(&done.returned, &filling)
        })
    }
}

/// Whether the only one of a type is what a name asks for: another word than all of its own
/// means one that is not seen.
fn may_be_called(bean: &Bean, name: &str) -> bool {
    let own = |name: &str| -> Vec<String> {
        words(name).into_iter().filter(|word| !PLAIN.contains(&word.as_str())).collect()
    };
    let asked = own(name);
    let known: Vec<String> = bean.names.iter().flat_map(|name| own(name)).collect();
    asked.is_empty() || known.is_empty() || asked.iter().any(|word| known.contains(word))
}
