//! What the rules about client code say of one call: its status at the target
//! release, and the finding that goes with it.

use super::check::{facts, replacement_text};
use super::fields::Fields;
use super::sdk;
use crate::document::OperationKey;
use crate::finding::{Finding, Level, Spot};
use crate::lifecycle::{History, Item};
use crate::policy::{Calendar, Policy, State};
use crate::release::{Channel, Date, ReleaseId};
use crate::rules::{self, Rule};
use crate::scan::{Call, Confidence, Target};

/// Where a called operation stands at the target release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallStatus {
    /// There, and not deprecated.
    Current,
    /// Deprecated, its end not near.
    Deprecated,
    /// Deprecated, its end near.
    NearRemoval,
    /// Deprecated, its window over.
    Removable,
    /// Not there any more, or not yet.
    Removed,
    /// Not to be told: no known operation, or one of several.
    Unknown,
}

impl CallStatus {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Deprecated => "deprecated",
            Self::NearRemoval => "near-removal",
            Self::Removable => "removable",
            Self::Removed => "removed",
            Self::Unknown => "unknown",
        }
    }
}

/// Judges calls for somebody who will use the target release.
pub struct Judge<'j> {
    history: &'j History,
    policy: &'j Policy,
    calendar: Calendar,
    pub(super) target: ReleaseId,
    /// The release that clients are known to speak.
    pub(super) from: Option<ReleaseId>,
    pub(super) events: Fields<'j>,
    channel: Option<Channel>,
    today: Option<Date>,
}

/// A call with what it means at the target release.
#[derive(Clone, Debug)]
pub struct JudgedCall {
    /// The call.
    pub call: Call,
    /// The operation it is taken for.
    pub operation: Option<OperationKey>,
    /// Where that operation stands.
    pub status: CallStatus,
    /// The operation's life.
    pub life: Option<Item>,
    /// What is reported for it.
    pub finding: Option<Finding>,
    /// What is reported for the fields and parameters that it uses.
    pub fields: Vec<Finding>,
}

impl JudgedCall {
    /// A call of no operation that is known, with what is reported for it.
    fn unknown(call: Call, finding: Option<Finding>) -> Self {
        Self { operation: None, status: CallStatus::Unknown, life: None, finding, fields: Vec::new(), call }
    }
}

impl<'j> Judge<'j> {
    /// Judges by the windows of `channel`. Windows in months are asked on the day
    /// `today`, or else on the day on which the target release came out, so
    /// that an answer does not change from one day to the next.
    pub fn new(
        history: &'j History,
        policy: &'j Policy,
        target: &ReleaseId,
        channel: Option<Channel>,
        today: Option<Date>,
    ) -> Self {
        let calendar = history.calendar(policy);
        let today = today.or_else(|| channel.as_ref().and_then(|channel| calendar.date(target, channel)));
        let events = Fields::of(history);
        Self { history, policy, calendar, events, target: target.clone(), from: None, channel, today }
    }

    /// Judges clients that speak a release: what it asks of them already is no news.
    #[must_use]
    pub fn from(self, release: Option<ReleaseId>) -> Self {
        Self { from: release, ..self }
    }

    /// Where an operation stands at the target release, by its life at that time.
    pub fn status(&self, life: &Item) -> CallStatus {
        if !life.is_in(&self.target) {
            return CallStatus::Removed;
        }
        if !life.is_deprecated_in(&self.target) {
            return CallStatus::Current;
        }
        let ours = |found: &crate::lifecycle::ChannelDeadline| Some(&found.channel) == self.channel.as_ref();
        let deadline = life.deadlines(self.policy, &self.calendar).into_iter().find(ours);
        let state = deadline.map(|found| {
            found.deadline.state_at(Some(&self.target), self.today, &self.calendar, &self.policy.near)
        });
        match state {
            Some(State::Ended) => CallStatus::Removable,
            Some(State::Near) => CallStatus::NearRemoval,
            Some(State::Running | State::Unknown(_)) | None => CallStatus::Deprecated,
        }
    }

    /// The life of an operation that matters at the target: the one it has
    /// there, else the last one.
    pub fn life(&self, key: &OperationKey) -> Option<&'j Item> {
        let mut last = None;
        for life in self.history.lives(key) {
            if life.is_in(&self.target) {
                return Some(life);
            }
            last = Some(life);
        }
        last
    }

    /// Judges one call. A method of generated client code is judged and never
    /// reported for itself: [`super::generated`] sums them up.
    pub fn call(&self, call: Call) -> JudgedCall {
        let is_generated = call.generated;
        let mut judged = self.any_call(call);
        if is_generated {
            judged.finding = None;
        } else {
            judged.fields = self.fields(&judged.call, judged.status);
        }
        judged
    }

    /// Puts a finding where a call is.
    fn at(&self, mut finding: Finding, call: &Call) -> Finding {
        finding.confidence = Some(call.confidence);
        finding.facts.extend(doubt(call));
        finding.spot = Some(spot(call));
        finding.request_line = Some(call.request_line);
        finding
    }

    fn any_call(&self, call: Call) -> JudgedCall {
        match &call.target {
            Target::Operation(key) => match self.life(key) {
                Some(life) => self.known(call, life),
                None => JudgedCall::unknown(call, None),
            },
            Target::Path(keys) => {
                // One of several: only what holds for all of them is said.
                let lives: Vec<&Item> = keys.iter().filter_map(|key| self.life(key)).collect();
                let best = lives.iter().min_by_key(|life| self.status(life)).copied();
                match best.filter(|life| self.status(life) > CallStatus::Current) {
                    Some(life) => self.known(call, life),
                    None => {
                        let status = if best.is_some() { CallStatus::Current } else { CallStatus::Unknown };
                        let operation =
                            best.filter(|_| lives.len() == 1).and_then(|life| life.key.operation.clone());
                        JudgedCall { operation, status, ..JudgedCall::unknown(call, None) }
                    }
                }
            }
            Target::MethodUnknown { known } => {
                let methods: Vec<&str> = known.iter().map(|key| key.method.as_str()).collect();
                let method = call.method.as_ref().map_or("?", |method| method.as_str());
                let path = known.first().map_or(call.url.as_str(), |key| key.path.as_str()).to_owned();
                let message = format!("{method} {path} is in no known release");
                let mut finding = self.plain("method-unknown", &call, message);
                finding.facts.push(format!("the path has {}", methods.join(", ")));
                finding.called = Some(OperationKey::new(method, &path));
                JudgedCall::unknown(call, Some(finding))
            }
            Target::SdkMethod { nearest } => {
                let finding = sdk::unknown(&call, nearest.as_deref(), self.history);
                let finding = finding.map(|finding| self.at(finding, &call));
                JudgedCall::unknown(call, finding)
            }
            Target::Unknown { nearest } => {
                let method = call.method.as_ref().map_or("?", |method| method.as_str()).to_owned();
                let path = path_of(&call.url);
                let message = format!("{method} {path} is in no known release of this API");
                let mut finding = self.plain("operation-unknown", &call, message);
                if let Some(nearest) = nearest {
                    finding.facts.push(format!("the nearest operation is {nearest}"));
                }
                if let (Some(first), Some(last)) =
                    (self.history.releases.first(), self.history.releases.last())
                {
                    let known =
                        format!("known releases: {} to {}; an older one may have had it", first.id, last.id);
                    finding.facts.push(known);
                }
                finding.called = Some(OperationKey::new(&method, &path));
                JudgedCall::unknown(call, Some(finding))
            }
        }
    }

    fn known(&self, call: Call, life: &Item) -> JudgedCall {
        let operation = life.key.operation.clone();
        let status = self.status(life);
        let name = life.key.to_string();
        let target = &self.target;
        let is_future = status == CallStatus::Removed && self.is_yet_to_come(life);
        let judged = match status {
            CallStatus::Current | CallStatus::Unknown => None,
            CallStatus::Removed if is_future => Some((
                "operation-not-yet-introduced",
                format!("{name} is not in {target}; {} introduces it", life.introduced.release),
            )),
            CallStatus::Removed => Some(("operation-removed", format!("{name} is gone in {target}"))),
            CallStatus::Removable => {
                Some(("operation-removable", format!("{name} may be gone in any release after {target}")))
            }
            CallStatus::NearRemoval => {
                Some(("operation-near-removal", format!("{name} is near its removal")))
            }
            CallStatus::Deprecated => Some(("operation-deprecated", format!("{name} is deprecated"))),
        };
        let finding = judged.map(|(rule, message)| {
            let mut finding = Finding::about(id(rule), level(rule), life, message);
            let channels: Vec<Channel> = self.channel.iter().cloned().collect();
            finding.facts = facts(life, self.policy, &self.calendar, &channels);
            finding.channels = channels;
            finding.facts.extend(doubt(&call));
            finding.confidence = Some(call.confidence);
            finding.spot = Some(spot(&call));
            finding.request_line = Some(call.request_line);
            finding
        });
        // A method that goes breaks the code first; what is known of its operation
        // is said beside it.
        let renamed = sdk::renamed(&call, life, &self.target).map(|mut renamed| {
            renamed.facts.extend(finding.iter().map(|finding| finding.message.clone()));
            self.at(renamed, &call)
        });
        let finding = renamed.or(finding);
        JudgedCall { operation, status, life: Some(life.clone()), ..JudgedCall::unknown(call, finding) }
    }

    fn plain(&self, rule: &'static str, call: &Call, message: String) -> Finding {
        let mut finding = Finding::plain(id(rule), level(rule), message);
        finding.confidence = Some(call.confidence);
        finding.facts.extend(doubt(call));
        finding.spot = Some(spot(call));
        finding.request_line = Some(call.request_line);
        finding
    }

    /// The operations that people lose or will lose: those that go after `from`
    /// up to the target, and those still there with a deprecation.
    pub fn outlook(&self, from: &ReleaseId) -> Vec<(CallStatus, &'j Item)> {
        let mut out = Vec::new();
        for life in self.history.operations() {
            let status = self.status(life);
            let was_there = life.is_in(from);
            let matters = match status {
                CallStatus::Removed => was_there,
                CallStatus::Current | CallStatus::Unknown => false,
                _ => true,
            };
            if matters {
                out.push((status, life));
            }
        }
        out.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.key.cmp(&b.1.key)));
        out
    }

    /// The channel that is judged.
    pub(super) fn channel(&self) -> Option<&Channel> {
        self.channel.as_ref()
    }

    /// What is known of an item, for people.
    pub(super) fn facts(&self, item: &Item) -> Vec<String> {
        let channels: Vec<Channel> = self.channel.iter().cloned().collect();
        facts(item, self.policy, &self.calendar, &channels)
    }

    /// Whether an item is only introduced after the target.
    pub(super) fn is_yet_to_come(&self, item: &Item) -> bool {
        !item.introduced.or_earlier && item.introduced.release > self.target
    }

    /// What to use instead of an item, in one line.
    pub fn replacement(&self, item: &Item) -> Option<String> {
        replacement_text(item)
    }

    /// When an item may go in the judged channel: "2.21", "2025-01-21".
    pub fn removable(&self, item: &Item) -> Option<String> {
        let mut found = item.deadlines(self.policy, &self.calendar).into_iter();
        let ours = found.find(|found| Some(&found.channel) == self.channel.as_ref())?;
        ours.deadline.has_window().then(|| ours.deadline.to_string())
    }
}

fn rule(id: &str) -> Option<&'static Rule> {
    rules::find(id)
}

pub(super) fn id(name: &'static str) -> &'static str {
    rule(name).map_or(name, |rule| rule.id)
}

pub(super) fn level(name: &str) -> Level {
    rule(name).map_or(Level::Warning, |rule| rule.level)
}

/// Why a finding at a call is only a note.
fn doubt(call: &Call) -> Option<String> {
    (call.confidence == Confidence::Low)
        .then(|| "it may be no call: nothing shows that it is sent".to_owned())
}

fn spot(call: &Call) -> Spot {
    Spot {
        file: call.file.clone(),
        line: call.line,
        column: call.column,
        end_line: call.end_line,
        end_column: call.end_column,
        span: Some(call.span.clone()),
    }
}

/// The path of a URL as it was evaluated, without host and query.
fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    rest.split(['?', '#']).next().unwrap_or(rest).to_owned()
}
