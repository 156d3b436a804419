//! Whether an object is made with a path.

use crate::scan::evaluate::Evaluator;
use crate::scan::form::FunctionId;
use crate::scan::requests::generic;
use crate::scan::requests::request::NamedValue;
use crate::scan::wording;

/// Last words of names of what is no path, though it has a slash in it: `user_agent="shelf/1.2"`,
/// `accept="application/json"`.
const HEADERS: [&str; 6] = ["accept", "agent", "mime", "mimetype", "type", "timezone"];

impl Evaluator<'_> {
    /// Whether some argument of a constructor reads like a path and is not what a header says.
    pub(crate) fn is_given_path(&self, id: FunctionId, args: &[NamedValue]) -> bool {
        let params = &self.unit.functions[id].params;
        let is_header = |at: usize, name: Option<&str>| {
            let name = name.or_else(|| params.get(at).map(|param| &*param.name));
            name.is_some_and(|name| wording::ends_with_word(name, &HEADERS))
        };
        args.iter()
            .enumerate()
            .any(|(at, (name, value))| generic::reads_like_path(value) && !is_header(at, name.as_deref()))
    }
}
