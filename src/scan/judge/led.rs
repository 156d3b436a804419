//! What callers say of the host of a request whose path is known where it is made.

use super::api::HostSign;
use super::decide::{Judge, MAX_LED};
use super::weigh;
use crate::scan::value::Piece;
use crate::scan::value::url::{Host, Url, split};

/// Callers of one request that are asked where it leads.
const MAX_ASKED: usize = 40;

impl Judge<'_> {
    /// Whether all that are seen to call say an address, and none of them the API's:
    /// `Retrofit.Builder().baseUrl("https://shop.example").build().create(Users::class.java)`.
    pub(super) fn goes_elsewhere(&self, id: usize, depth: usize) -> bool {
        let callers = &self.callers[id];
        !callers.is_empty()
            && depth < MAX_LED
            && callers.iter().all(|child| {
                let request = &self.requests[*child];
                if request.in_place.is_some() {
                    return self.goes_elsewhere(*child, depth + 1);
                }
                let Some(found) = request.read(self.dialect) else { return false };
                let other = |pieces: &[Piece]| {
                    let url = split(pieces, found.bare_host, |host| self.api.owns(host));
                    url.is_some_and(|url| self.api.sign(&url.host) == HostSign::Other)
                };
                let mut texts = found.url.texts().peekable();
                texts.peek().is_some() && texts.all(|(pieces, _)| other(&pieces))
            })
    }

    /// Whether somebody who is seen to call says an address of the API, or a setting that is named
    /// after it: `token(os.environ["ORBIT_URL"])` of `def token(root)`.
    pub(super) fn comes_home(&self, id: usize, depth: usize) -> bool {
        depth < MAX_LED
            && self.callers[id].iter().take(MAX_ASKED).any(|child| {
                let request = &self.requests[*child];
                if request.in_place.is_some() {
                    return self.comes_home(*child, depth + 1);
                }
                let Some(found) = request.read(self.dialect) else { return false };
                let named = |url: &Url, name: &str| weigh::is_api_of(self.api, name, url);
                let ours = |pieces: &[Piece]| {
                    let url = split(pieces, found.bare_host, |host| self.api.owns(host));
                    url.is_some_and(|url| match &url.host {
                        Host::Variable(name) => named(&url, name),
                        host => self.api.sign(host) == HostSign::Ours,
                    })
                };
                found.url.texts().any(|(pieces, _)| ours(&pieces))
            })
    }
}
