//! Calls that are requests by their name alone, in a function that makes another request of
//! the same URL: `getQueue(url)` beside `fetch(url, options)` looks something up for it.

use super::{Evaluator, Frame};
use crate::scan::requests::request::Request;
use crate::scan::value::{ParamRef, Value};
use crate::scan::wording;

impl Evaluator<'_> {
    /// Leaves such calls out of what the callers of a function ask for.
    pub(super) fn leave_presumed(&self, frame: &mut Frame) {
        let looked_up = |id: &usize| url_looked_up(&self.requests[*id]).is_some();
        if frame.open.len() < 2 || !frame.open.iter().any(looked_up) {
            return;
        }
        let mut asked: Vec<ParamRef> = Vec::new();
        let mut presumed = Vec::new();
        for id in &frame.open {
            match self.requests[*id].read(self.dialect) {
                Some(found) if found.sure => found.url.params(&mut |param| asked.push(param.clone())),
                Some(_) if looked_up(id) => presumed.push(*id),
                _ => {}
            }
        }
        let same = |id: usize| {
            let mut all = true;
            let url = url_looked_up(&self.requests[id]);
            url.into_iter().for_each(|url| url.params(&mut |param| all &= asked.contains(param)));
            all
        };
        presumed.retain(|id| same(*id));
        frame.open.retain(|id| !presumed.contains(id));
    }
}

/// What a call is handed, if it is that alone and only its name says that it is a request, and
/// what it gets: `getQueue(url)`. A client's own method is more than that.
fn url_looked_up(request: &Request) -> Option<&Value> {
    let [(None, url)] = request.args.as_slice() else { return None };
    let gets = matches!(wording::words(request.callee.name()).as_slice(), [get, _, ..] if get == "get");
    let clients = ["client", "api", "http", "rest", "session"];
    let plain = !wording::ends_with_word(request.callee.owner(), &clients);
    (plain && url.depends() && gets).then_some(url)
}
