//! A document as a whole: from a text to the model.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{Operation, Schema, SchemaId, Webhook};
use super::problem::{Problem, Severity};
use super::reader::Reader;
use super::{
    Annotations, Dialect, DialectVersion, Method, OperationKey, bundle, dialect, openapi3, swagger20,
};
use crate::source::{NoReferences, References};
use crate::text::{self, Kind, Node, NodeId, Position, Span, Tree};

/// One OpenAPI description, read.
#[derive(Debug)]
pub struct Document {
    /// What the source calls itself: a file name, `-`, `git:v1:api.json`.
    pub name: String,
    /// OpenAPI or Swagger, and which version.
    pub dialect: DialectVersion,
    /// `info.title`.
    pub title: Option<String>,
    /// `info.version` as written. Often wrong (`2.2` for 2.20): a label, never
    /// the name of a release.
    pub version: Option<String>,
    /// The servers' URLs.
    pub servers: Vec<String>,
    /// Servers that single paths and operations name instead, as they are written.
    pub other_servers: Vec<String>,
    /// What could not be read as it should be, in the order of the text.
    pub problems: Vec<Problem>,
    tree: Tree,
    is_bundled: bool,
    unfollowed: usize,
    operations: Vec<Operation>,
    by_key: FxHashMap<OperationKey, usize>,
    webhooks: Vec<Webhook>,
    schemas: Vec<Schema>,
}

/// Why a document could not be read at all.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{name}:{position}: {message}")]
pub struct ReadError {
    /// The document's name.
    pub name: String,
    /// What was expected, what was found, what to do.
    pub message: String,
    /// Where.
    pub position: Position,
}

impl Document {
    /// Reads a document from its bytes: JSON or YAML, told apart by content.
    /// Files that it refers to are not read.
    ///
    /// # Errors
    /// Those of [`Document::read_with`].
    pub fn read(name: &str, bytes: Vec<u8>, annotations: &Annotations) -> Result<Self, ReadError> {
        let why = "other files cannot be read from here";
        Self::read_with(name, bytes, annotations, &NoReferences { why })
    }

    /// Reads a document from its bytes, and the files that it refers to from
    /// `references`.
    ///
    /// # Errors
    /// No UTF-8, no JSON or YAML, no document of a known dialect, or a limit of
    /// [`crate::text`]. Everything smaller is in [`Document::problems`].
    pub fn read_with(
        name: &str,
        bytes: Vec<u8>,
        annotations: &Annotations,
        references: &dyn References,
    ) -> Result<Self, ReadError> {
        let start = Position { line: 1, column: 1 };
        let error = |message: String, position| ReadError { name: name.to_owned(), message, position };
        let written = tree(name, bytes)?;
        let dialect = dialect::of(written.root()).map_err(|message| error(message, start))?;
        let bundled = bundle::bundle(written, dialect.dialect, references);
        let bundle::Bundled { tree, refused, notes, is_changed } = bundled;
        let root = tree.root();
        let mut reader = Reader::new(&tree, annotations, dialect.dialect, &refused);
        // OpenAPI 3.1.0, OpenAPI Object: one of `paths`, `webhooks` and
        // `components` must be there.
        let needs_paths = !(dialect.dialect.has_json_schema()
            && ["webhooks", "components"].iter().any(|key| root.get(key).is_some_and(Node::is_object)));
        let paths = match root.get("paths").filter(|paths| needs_paths || paths.kind() != Kind::Null) {
            None if needs_paths => {
                return Err(error(
                    "expected `paths` at the top of the document, found none".to_owned(),
                    start,
                ));
            }
            Some(paths) if !paths.is_object() => {
                let message = format!("`paths`: expected an object, found {}", paths.kind().described());
                let file = tree.part_name(paths.span().start).map_or(name, |file| file);
                return Err(ReadError { name: file.to_owned(), message, position: paths.position() });
            }
            paths => paths,
        };
        duplicates(&mut reader, &tree, paths);
        for key in ["openapi", "swagger"] {
            let Some(version) = root.get(key).filter(|version| version.kind() == Kind::Number) else {
                continue;
            };
            let message = format!(
                "`{key}`: expected a string, found the number {}; it is taken as meant",
                dialect.version
            );
            reader.problem(Severity::Warning, version.span(), message);
        }
        let Surface { servers, other_servers, operations, by_key, webhooks } = match dialect.dialect {
            Dialect::Swagger20 => swagger20::read(&mut reader, root),
            _ => openapi3::read(&mut reader, root),
        };
        reader.endless_schemas();
        if operations.is_empty() {
            let (severity, span, message) = match paths {
                Some(paths) => (Severity::Lost, paths.span(), "`paths` holds not one operation"),
                None => (Severity::Warning, root.span(), "without `paths` there is no operation to call"),
            };
            reader.problem(severity, span, message);
        }
        for (node, note) in notes {
            reader.problem(Severity::Warning, tree.node(node).span(), note);
        }
        // Where no reader comes by: nothing is passed over without a word.
        let said: FxHashSet<Span> = reader.problems.iter().map(|problem| problem.span).collect();
        let mut unsaid: Vec<_> = refused.iter().map(|(node, why)| (tree.node(*node), why)).collect();
        unsaid.retain(|(node, _)| !said.contains(&node.span()));
        unsaid.sort_by_key(|(node, _)| node.span());
        for (node, why) in unsaid {
            let message =
                format!("`$ref` to `{}` leads to nothing ({why})", node.as_str().unwrap_or_default());
            reader.problem(Severity::Warning, node.span(), message);
        }
        let (schemas, mut problems) = reader.done();
        problems.sort_by_key(|problem| problem.span);
        // What several uses share is read for each of them, and said once.
        let mut said = FxHashSet::default();
        problems.retain(|problem| said.insert((problem.span, problem.message.clone())));
        Ok(Self {
            name: name.to_owned(),
            dialect,
            title: info(tree.root(), "title"),
            version: info(tree.root(), "version"),
            servers,
            other_servers: other_servers.into_iter().collect(),
            problems,
            operations,
            by_key,
            webhooks,
            schemas,
            is_bundled: is_changed,
            unfollowed: refused.len(),
            tree,
        })
    }

    /// The operations in the order of the document.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation of that method and path, whatever its parameters are called.
    pub fn operation(&self, key: &OperationKey) -> Option<&Operation> {
        self.by_key.get(key).map(|index| &self.operations[*index])
    }

    /// What the API calls and clients serve: webhooks, then callbacks.
    pub fn webhooks(&self) -> &[Webhook] {
        &self.webhooks
    }

    /// The schema of that number; it must come from this document.
    pub fn schema(&self, id: SchemaId) -> &Schema {
        &self.schemas[id.index()]
    }

    /// All schemas, components first.
    pub fn schemas(&self) -> &[Schema] {
        &self.schemas
    }

    /// The number of each schema of [`Document::schemas`].
    pub fn schema_ids(&self) -> impl Iterator<Item = SchemaId> + use<> {
        (0..self.schemas.len() as u32).map(SchemaId)
    }

    /// The tree that all nodes of this document belong to.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Line and column of a value.
    pub fn position(&self, node: NodeId) -> Position {
        self.tree.node(node).position()
    }

    /// The file that a value stands in: the document, or one that it refers to.
    pub fn file(&self, node: NodeId) -> &str {
        self.tree.part_name(self.span(node).start).map_or(&self.name, |name| name)
    }

    /// The files that the document refers to, by what they are called.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.tree.part_names().map(|name| &**name)
    }

    /// Whether it has references to files that were followed, so that its text
    /// alone is not all of it; [`Document::tree`] is.
    pub fn is_bundled(&self) -> bool {
        self.is_bundled
    }

    /// How many of its references to files lead to nothing.
    pub fn unfollowed(&self) -> usize {
        self.unfollowed
    }

    /// Where a value stands, in bytes.
    pub fn span(&self, node: NodeId) -> Span {
        self.tree.node(node).span()
    }

    /// Whether a part of the document is missing from every answer.
    pub fn has_losses(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Lost)
    }
}

/// What a dialect's reader finds beside schemas and problems.
#[derive(Default)]
pub(super) struct Surface {
    pub(super) servers: Vec<String>,
    pub(super) other_servers: BTreeSet<String>,
    operations: Vec<Operation>,
    by_key: FxHashMap<OperationKey, usize>,
    pub(super) webhooks: Vec<Webhook>,
}

impl Surface {
    /// Adds an operation; gives back its key if there is one of that name.
    pub(super) fn push(&mut self, operation: Operation) -> Result<(), OperationKey> {
        if self.by_key.contains_key(&operation.key) {
            return Err(operation.key);
        }
        self.by_key.insert(operation.key.clone(), self.operations.len());
        self.operations.push(operation);
        Ok(())
    }
}

impl SchemaId {
    /// Its place in [`Document::schemas`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

fn info(root: Node<'_>, key: &str) -> Option<String> {
    root.get("info")?.get(key)?.scalar_text().map(str::to_owned)
}

/// The values of a text.
pub(super) fn tree(name: &str, bytes: Vec<u8>) -> Result<Tree, ReadError> {
    let error = |message: String, position| ReadError { name: name.to_owned(), message, position };
    // What is no UTF-8 is placed in the text before it.
    let text = text::decode(bytes).map_err(|(e, before)| {
        let index = text::LineIndex::new(&before);
        error(e.message, index.position(&before, e.span.start as usize))
    })?;
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        let message = "expected a JSON or YAML document, found a page in HTML or XML, perhaps one to log \
                       in; fetch the document itself";
        return Err(error(message.to_owned(), Position { line: 1, column: 1 }));
    }
    text::parse(text.clone())
        .map_err(|e| error(e.message, text::LineIndex::new(&text).position(&text, e.span.start as usize)))
}

/// Says which keys stand twice. A path or a method that does loses operations.
fn duplicates(reader: &mut Reader<'_>, tree: &Tree, paths: Option<Node<'_>>) {
    if tree.duplicate_keys().is_empty() {
        return;
    }
    let paths = || paths.into_iter().flat_map(Node::entries);
    let methods = paths().flat_map(|path| path.value.entries());
    let operations: Vec<Span> = paths().chain(methods).map(|entry| entry.key_span).collect();
    for span in tree.duplicate_keys() {
        let key = tree.text()[span.range()].trim_matches(['"', '\'']);
        let message = format!("the key `{key}` stands twice in its object; the last one counts");
        // What is behind a reference to a file may be an operation, too.
        let is_behind =
            tree.part_name(span.start).is_some() && (key.starts_with('/') || Method::KEYS.contains(&key));
        let severity =
            if is_behind || operations.contains(span) { Severity::Lost } else { Severity::Warning };
        reader.problem(severity, *span, message);
    }
}
