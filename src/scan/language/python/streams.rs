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
    /// What a stream calls its method.
    verb: &'static str,
    /// Whether the path is what a method gives.
    path_is_asked: bool,
}

const LIBRARIES: [Connectors; 2] = [
    Connectors { package: "singer_sdk", stream: "RESTStream", verb: "rest_method", path_is_asked: false },
    Connectors { package: "airbyte_cdk", stream: "HttpStream", verb: "http_method", path_is_asked: true },
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
        let args = [own(library.verb), url].map(|value| Arg { name: None, value });
        let request = expr(call(member(named("requests", node), "request", node), args.into()), node);
        let id = self.add_function(Some("request_records".into()), Some(class));
        let function = &mut self.unit.functions[id];
        function.receiver = Some("self".into());
        function.body = vec![Stmt::Return(request)];
        let fields = &mut self.unit.classes[class].fields;
        if !fields.iter().any(|(name, ..)| **name == *library.verb) {
            let get = expr(ExprKind::Text("GET".into()), node);
            fields.push((library.verb.into(), id, get));
        }
    }
}
