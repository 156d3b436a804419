//! Python: streams of connectors, whose classes say where their records come from and are asked by
//! a library: `RESTStream` of singer_sdk, `HttpStream` of airbyte_cdk.

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, expr};
use crate::scan::language::shared::{call, member, named};

/// A library of connectors.
struct Connectors {
    package: &'static str,
    /// The class that streams build upon.
    stream: &'static str,
    /// What streams called their method before it was `http_method`, if they did.
    older_verb: Option<&'static str>,
    /// Whether the path is what a method gives.
    path_is_asked: bool,
}

/// What a stream calls its method.
const VERB: &str = "http_method";

const LIBRARIES: [Connectors; 2] = [
    Connectors {
        package: "singer_sdk",
        stream: "RESTStream",
        older_verb: Some("rest_method"),
        path_is_asked: false,
    },
    Connectors { package: "airbyte_cdk", stream: "HttpStream", older_verb: None, path_is_asked: true },
];

impl<'t> Lowering<'t> {
    /// The request that a stream makes for each page of its records: it is GET where nothing else
    /// is said, of its `path` below its `url_base`.
    pub(super) fn py_stream(&mut self, class: ClassId, node: Node<'t>) {
        let Some(node) = node.child_by_field_name("name") else { return };
        let builds_upon = |name: &str| self.unit.classes[class].bases.iter().any(|base| **base == *name);
        let known = LIBRARIES
            .iter()
            .find(|library| builds_upon(library.stream) && self.source.contains(library.package));
        let Some(library) = known else { return };
        let own = |name: &str| member(named("self", node), name, node);
        let path = match library.path_is_asked {
            true => expr(call(own("path"), Vec::new()), node),
            false => own("path"),
        };
        let base = Box::new(own("url_base"));
        let url = expr(ExprKind::Join { base, parts: vec![path], style: JoinStyle::Path }, node);
        let args = [own(VERB), url].map(|value| Arg { name: None, value });
        let request = expr(call(member(named("requests", node), "request", node), args.into()), node);
        let id = self.add_function(Some("request_records".into()), Some(class));
        let function = &mut self.unit.functions[id];
        function.receiver = Some("self".into());
        function.body = vec![Stmt::Return(request)];
        let verb = library.older_verb.unwrap_or(VERB);
        let fields = &mut self.unit.classes[class].fields;
        let says = |verb: &str| fields.iter().any(|(name, ..)| **name == *verb);
        let renamed = library.older_verb.is_some() && !says(VERB);
        if !says(verb) {
            fields.push((verb.into(), id, expr(ExprKind::Text("GET".into()), node)));
        }
        if renamed {
            // What a stream says in the older way holds where it says nothing in the newer.
            let id = self.add_function(Some(VERB.into()), Some(class));
            let function = &mut self.unit.functions[id];
            function.receiver = Some("self".into());
            function.property = true;
            function.body = vec![Stmt::Return(own(verb))];
        }
    }
}
