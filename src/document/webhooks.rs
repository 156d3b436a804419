//! What the API calls and clients serve: webhooks (OpenAPI 3.1) and callbacks.
//!
//! They are read like operations but kept apart: nobody calls them, so they
//! are never in the answers about the API's operations. What is wrong in them
//! is said as a warning, since no callable operation is lost by it. Callbacks
//! of callbacks are not read.

use super::OperationKey;
use super::model::Webhook;
use super::openapi3::Paths;
use super::problem::Severity;
use super::read::Surface;
use crate::text::{Kind, Node};

impl<'t> Paths<'_, 't> {
    pub(super) fn webhooks(&mut self, root: Node<'t>, surface: &mut Surface) {
        if !self.reader.dialect.has_json_schema() {
            return;
        }
        let Some(list) = self.reader.member(root, "webhooks", Kind::Object, Severity::Warning) else {
            return;
        };
        self.reader.is_lenient = true;
        for entry in list.entries().filter(|entry| !entry.key.starts_with("x-")) {
            let path = format!("webhook:{}", entry.key);
            self.served(entry.key, None, &path, entry.value, surface);
        }
        self.reader.is_lenient = false;
    }

    /// The callbacks of the operation `owner`.
    pub(super) fn callbacks(&mut self, owner: &OperationKey, operation: Node<'t>, surface: &mut Surface) {
        let Some(list) = self.reader.member(operation, "callbacks", Kind::Object, Severity::Warning) else {
            return;
        };
        self.reader.is_lenient = true;
        for callback in list.entries().filter(|entry| !entry.key.starts_with("x-")) {
            let what = format_args!("callback `{}` of `{owner}`", callback.key);
            let Some(found) = self.reader.resolve(callback.value, what, Severity::Warning) else { continue };
            for entry in found.node.entries().filter(|entry| !entry.key.starts_with("x-")) {
                let path = format!("callback:{owner} {} {}", callback.key, entry.key);
                self.served(callback.key, Some(owner), &path, entry.value, surface);
            }
        }
        self.reader.is_lenient = false;
    }

    fn served(
        &mut self,
        name: &str,
        owner: Option<&OperationKey>,
        path: &str,
        item: Node<'t>,
        surface: &mut Surface,
    ) {
        for (key, item, node, _) in self.operations_of(path, item) {
            let operation = self.operation(key, item, node);
            surface.webhooks.push(Webhook { name: name.to_owned(), owner: owner.cloned(), operation });
        }
    }
}
