//! What is said of the fields and parameters that a call uses.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::call::{CallStatus, Judge, JudgedCall, id, level};
use crate::document::OperationKey;
use crate::finding::{Finding, Spot};
use crate::lifecycle::{History, Item, ItemKey, ItemKind, Requirement, Since};
use crate::scan::{Call, Confidence, FieldPlace, FieldUse, Language, SentObject, Target};

/// A field or parameter of an operation that has an event.
struct Event<'h> {
    place: FieldPlace,
    at: &'h str,
    item: &'h Item,
}

/// The fields and parameters that have an event, by the operations that they
/// belong to.
#[derive(Default)]
pub(super) struct Fields<'h> {
    by_operation: FxHashMap<&'h OperationKey, Vec<Event<'h>>>,
}

impl<'h> Fields<'h> {
    pub(super) fn of(history: &'h History) -> Self {
        let mut by_operation: FxHashMap<&OperationKey, Vec<Event<'h>>> = FxHashMap::default();
        for item in history.items.iter().filter(|item| item.has_event() && !item.with_parent) {
            match item.key.kind {
                ItemKind::Parameter => {
                    let Some(at) = item.key.at.strip_prefix("query:") else { continue };
                    // A component's parameter belongs to all operations that use it.
                    for operation in item.key.operation.iter().chain(&item.operations) {
                        let event = Event { place: FieldPlace::Query, at, item };
                        by_operation.entry(operation).or_default().push(event);
                    }
                }
                ItemKind::RequestField | ItemKind::ResponseField => {
                    for payload in &item.payloads {
                        let events = by_operation.entry(&payload.operation).or_default();
                        let place = match item.key.kind {
                            ItemKind::RequestField => FieldPlace::Body,
                            _ => FieldPlace::Answer,
                        };
                        events.extend(payload.at.iter().map(|at| Event { place, at, item }));
                    }
                }
                _ => {}
            }
        }
        Self { by_operation }
    }
}

/// Whether there is anything to say of fields and parameters that clients send or read.
pub(crate) fn tells_of_fields(history: &History) -> bool {
    let of_field = |kind: ItemKind| {
        matches!(kind, ItemKind::Parameter | ItemKind::RequestField | ItemKind::ResponseField)
    };
    history.items.iter().any(|item| item.has_event() && !item.with_parent && of_field(item.key.kind))
}

impl Judge<'_> {
    /// What is to be said of the fields that a call uses. What is not sure to be a
    /// call of one operation says nothing, and nothing is said of what goes with
    /// its operation.
    pub(super) fn fields(&self, call: &Call, status: CallStatus) -> Vec<Finding> {
        let Target::Operation(operation) = &call.target else { return Vec::new() };
        if call.confidence == Confidence::Low || matches!(status, CallStatus::Removed | CallStatus::Unknown) {
            return Vec::new();
        }
        let mut out: Vec<Finding> = Vec::new();
        let events = self.events.by_operation.get(operation).map(Vec::as_slice).unwrap_or_default();
        for field in &call.fields {
            // PowerShell takes lists apart by itself: `$users.email` is that of every one.
            let unrolls = call.language == Language::PowerShell && field.place == FieldPlace::Answer;
            let fits = |event: &Event| {
                event.place == field.place
                    && match unrolls {
                        true => fits(&unrolled(event.at), &unrolled(&field.at)),
                        false => fits(event.at, &field.at),
                    }
            };
            let fitting = events.iter().filter(|event| fits(event));
            // Whichever of several operations it is, there must be something to say.
            let told = |operation: &OperationKey| {
                let events = self.events.by_operation.get(operation).into_iter().flatten();
                events.filter(|event| fits(event)).any(|event| {
                    !self.is_yet_to_come(event.item) && self.status(event.item) != CallStatus::Current
                })
            };
            if !field.or.iter().all(told) {
                continue;
            }
            // The life that the field has at the target, or will have had.
            let lives = fitting.map(|event| event.item).filter(|item| !self.is_yet_to_come(item));
            let Some(item) = lives.min_by_key(|item| self.status(item)) else { continue };
            if let Some(finding) = self.field(call, operation, field, item) {
                let same = |known: &Finding| {
                    (known.rule, &known.spot, &known.item) == (finding.rule, &finding.spot, &finding.item)
                };
                if !out.iter().any(same) {
                    out.push(finding);
                }
            }
        }
        for finding in self.required(call, operation) {
            let same = |known: &Finding| (&known.spot, &known.item) == (&finding.spot, &finding.item);
            if !out.iter().any(|known| known.rule == finding.rule && same(known)) {
                out.push(finding);
            }
        }
        out
    }

    /// What the target release requires, the release that the client speaks does
    /// not, and the call does not send.
    fn required(&self, call: &Call, operation: &OperationKey) -> Vec<Finding> {
        let Some(life) = self.life(operation) else { return Vec::new() };
        let target = &self.target;
        let holds = |requirement: &&Requirement| {
            requirement.since <= *target
                && requirement.until.as_ref().is_none_or(|until| until > target)
                && self.from.as_ref().is_none_or(|from| requirement.since > *from)
        };
        let mut out = Vec::new();
        for requirement in life.requirements.iter().filter(holds) {
            let parameter = requirement.at.strip_prefix("query:");
            let (holder, name) = match parameter {
                Some(name) => ("", name),
                None => requirement.at.rsplit_once('.').unwrap_or(("", &requirement.at)),
            };
            let place = if parameter.is_some() { FieldPlace::Query } else { FieldPlace::Body };
            let lacks = |object: &&SentObject| {
                let SentObject { stands, keys } = object;
                stands.place == place && fits(holder, &stands.at) && !keys.contains(name)
            };
            let (kind, noun) = match parameter {
                Some(_) => (ItemKind::Parameter, "parameter"),
                None => (ItemKind::RequestField, "field"),
            };
            for object in call.objects.iter().filter(lacks) {
                let at = match (parameter, object.stands.at.as_str()) {
                    (None, "") | (Some(_), _) => name.to_owned(),
                    (None, holder) => format!("{holder}.{name}"),
                };
                let key = ItemKey::of_operation(kind, operation, requirement.at.clone());
                let item = Item {
                    required: Some(requirement.since.clone()),
                    ..Item::new(key, Since::exactly(requirement.since.clone()))
                };
                let message = format!("{noun} {at} of {operation} is required in {target} and not sent");
                let mut finding =
                    Finding::about(id("field-required"), level("field-required"), &item, message);
                finding.facts.push(format!("required since {}", requirement.since));
                finding.life = None;
                finding.place = parameter.is_none().then_some(at);
                self.stands(&mut finding, call, operation, &object.stands);
                out.push(finding);
            }
        }
        out
    }

    /// Puts a finding where a field stands.
    fn stands(&self, finding: &mut Finding, call: &Call, operation: &OperationKey, field: &FieldUse) {
        finding.channels = self.channel().cloned().into_iter().collect();
        finding.confidence = Some(call.confidence);
        finding.called = Some(operation.clone());
        finding.spot = Some(Spot {
            file: field.file.clone(),
            line: field.line,
            column: field.column,
            end_line: field.end_line,
            end_column: field.end_column,
            span: Some(field.span.clone()),
        });
        finding.request_line = (field.file == call.file).then_some(call.request_line);
    }

    fn field(&self, call: &Call, operation: &OperationKey, field: &FieldUse, item: &Item) -> Option<Finding> {
        let target = &self.target;
        let (rule, what) = match self.status(item) {
            CallStatus::Current | CallStatus::Unknown => return None,
            CallStatus::Removed => ("field-removed", format!("is gone in {target}")),
            CallStatus::Removable => {
                ("field-removable", format!("may be gone in any release after {target}"))
            }
            CallStatus::NearRemoval => ("field-near-removal", "is near its removal".to_owned()),
            CallStatus::Deprecated => ("field-deprecated", "is deprecated".to_owned()),
        };
        let name = match field.place {
            FieldPlace::Body => format!("field {} of {operation}", field.at),
            FieldPlace::Query => format!("parameter {} of {operation}", field.at),
            FieldPlace::Answer => format!("field {} in the answer of {operation}", field.at),
        };
        let message = format!("{name} {what}");
        let mut finding = Finding::about(id(rule), level(rule), item, message);
        finding.facts = self.facts(item);
        finding.place = (field.place != FieldPlace::Query).then(|| field.at.clone());
        self.stands(&mut finding, call, operation, field);
        Some(finding)
    }
}

/// What is reported for the fields that calls use, once for each place in the
/// code: two calls may send the same object.
pub fn of_fields(calls: &[JudgedCall]) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let new = |finding: &&Finding| {
        let place = finding.spot.as_ref().map(|spot| (spot.file.clone(), spot.line, spot.column));
        seen.insert((place, finding.rule, finding.item.clone()))
    };
    calls.iter().flat_map(|call| &call.fields).filter(new).cloned().collect()
}

/// Whether a place in code is the place of a payload, in which `{}` stands for
/// any key.
fn fits(payload: &str, code: &str) -> bool {
    if !payload.contains("{}") {
        return payload == code;
    }
    let steps = |text: &str| {
        let text = text.replace("[]", ".[]").replace("{}", ".{}");
        text.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (payload, code) = (steps(payload), steps(code));
    let same = |(a, b): (&String, &String)| a == b || a == "{}" && b != "[]";
    payload.len() == code.len() && payload.iter().zip(&code).all(same)
}

/// A place without the lists on the way to it.
fn unrolled(at: &str) -> String {
    at.replace("[]", "").trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{fits, unrolled};

    #[test]
    fn lists_that_are_taken_apart_are_no_part_of_a_place() {
        assert_eq!(unrolled("[].assets[].name"), "assets.name");
        assert_eq!(unrolled("assets{}.name"), "assets{}.name");
    }

    #[test]
    fn a_map_takes_any_key() {
        assert!(fits("spec.labels{}.value", "spec.labels.team.value"));
        assert!(fits("[].id", "[].id"));
        assert!(fits("{}.id", "a.id"));
        assert!(!fits("spec.labels{}.value", "spec.labels[].value"));
        assert!(!fits("spec.labels{}", "spec.labels"));
        assert!(!fits("spec.id", "id"));
    }
}
