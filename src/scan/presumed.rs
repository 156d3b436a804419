//! Calls that are requests by their name alone, in a function that makes another request of
//! the same URL: `getQueue(url)` beside `fetch(url, options)` looks something up for it.

use super::evaluate::{Evaluator, Frame};
use super::request::Request;
use super::value::{ParamRef, Value};
use super::wording;

impl Evaluator<'_> {
    /// Leaves such calls out of what the callers of a function ask for.
    pub(super) fn leave_presumed(&self, frame: &mut Frame) {
        let presumed = |id: &usize| {
            let request = &self.requests[*id];
            looked_up(request).filter(|_| request.read(self.dialect).is_some_and(|found| !found.sure))
        };
        if frame.open.len() < 2 || !frame.open.iter().any(|id| presumed(id).is_some()) {
            return;
        }
        let mut asked: Vec<ParamRef> = Vec::new();
        for id in frame.open.iter().filter(|id| presumed(id).is_none()) {
            let found = self.requests[*id].read(self.dialect).filter(|found| found.sure);
            if let Some(found) = found {
                found.url.params(&mut |param| asked.push(param.clone()));
            }
        }
        let same = |url: &Value| {
            let mut all = true;
            url.params(&mut |param| all &= asked.contains(param));
            all
        };
        frame.open.retain(|id| !presumed(id).is_some_and(same));
    }
}

/// What a call is handed, if it is that alone and only its name says that it is a request, and
/// what it gets: `getQueue(url)`. A client's own method is more than that.
fn looked_up(request: &Request) -> Option<&Value> {
    let [(None, url)] = request.args.as_slice() else { return None };
    let gets = matches!(wording::words(request.callee.name()).as_slice(), [get, _, ..] if get == "get");
    let clients = ["client", "api", "http", "rest", "session"];
    let plain = !wording::ends_with_word(request.callee.owner(), &clients);
    (plain && url.depends() && gets).then_some(url)
}
