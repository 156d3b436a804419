//! Settings with a default: `os.environ.get("API", "https://shop.example/api")` leads to the shop
//! wherever nobody sets it, and to another installation of the shop where somebody does.

use super::api::HostSign;
use super::decide::Candidate;
use crate::scan::value::url::{Host, Segment};
use crate::scan::wording::{is_in_capitals, names_setting};

/// The known addresses among the alternatives of a request.
#[derive(Default)]
pub(super) struct Defaults {
    known: Vec<Known>,
}

struct Known {
    sign: HostSign,
    /// Whether the API has the path that is asked for there.
    matched: bool,
    segments: Vec<Segment>,
}

impl Defaults {
    /// Notes an alternative whose host is written, and not named after the API.
    pub(super) fn note(&mut self, candidate: &Candidate) {
        let written = matches!(candidate.url.host, Host::Known(_) | Host::Partly(_));
        if written && !candidate.named {
            let (sign, matched) = (candidate.sign, candidate.matched.is_some());
            self.known.push(Known { sign, matched, segments: candidate.url.segments.clone() });
        }
    }

    /// Judges the same path behind a setting as behind what it is by default: where that is another
    /// API's address the request is none of this API, and where nobody knows the host it is no surer.
    pub(super) fn apply(&self, candidates: &mut Vec<Candidate>) {
        candidates.retain_mut(|candidate| {
            let setting = matches!(&candidate.url.host, Host::Variable(name) if names_setting(name) || is_in_capitals(name));
            if candidate.named || !setting {
                return true;
            }
            let mut alike =
                self.known.iter().filter(|known| known.segments.ends_with(&candidate.url.segments));
            let Some(known) = alike.next() else { return true };
            // Of several addresses any may be meant.
            if alike.any(|other| other.sign != known.sign) {
                return true;
            }
            match known.sign {
                HostSign::Other => false,
                HostSign::Strange => {
                    candidate.sign = HostSign::Strange;
                    known.matched
                }
                _ => true,
            }
        });
    }
}
