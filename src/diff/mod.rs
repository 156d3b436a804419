//! Two documents -> changes: who is hurt, with proof, one entry per cause.
//!
//! Schemas are compared by the values they accept, not keyword by keyword.
//! One assumption about undeclared fields holds everywhere: requests carry
//! declared fields only, and unknown fields in responses are ignored. Knows
//! nothing of policies, releases or report formats.

mod accepts;
mod branches;
mod cause;
mod change;
mod compare;
mod components;
mod containment;
mod covers;
mod curl;
mod discriminator;
mod facets;
mod hash;
mod keywords;
mod meaning;
mod message;
mod norm;
mod number;
mod numbers;
mod parts;
mod record;
mod responses;
mod schema;
mod security;
mod side;
mod space;
mod strings;
mod summary;
mod surface;
mod walk;
mod witness;

pub use change::{Affected, Breaks, Change, Spot, Verdict, Witness};
pub(crate) use compare::last_diff;
pub use compare::{Effort, diff, diff_with_effort};
pub use containment::{Containment, containment};
pub(crate) use meaning::Meaning;
