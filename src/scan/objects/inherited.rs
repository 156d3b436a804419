//! What classes say that the methods which they inherit use: a path in a field of the
//! class, and constants by which such a method chooses its way.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::judge::paths::weight;
use crate::scan::requests::request::{Callee, Request};
use crate::scan::value::guard;
use crate::scan::value::{Kind, Piece, Term, Value};

impl<'u> Evaluator<'u> {
    /// A request of an inherited method stands where the class says its path: the method's
    /// own line is that of all other classes as well.
    pub(crate) fn tell_at_class(&mut self, class: ClassId, request: &mut Request) {
        let Some(home) = self.unit.functions[request.function].class.filter(|home| *home != class) else {
            return;
        };
        let above = self.index.chain(home);
        let between: Vec<ClassId> =
            self.index.chain(class).into_iter().filter(|class| !above.contains(class)).collect();
        let spans: Vec<Arc<[Span]>> = between.into_iter().map(|class| self.said(class)).collect();
        let is_said = |at: Span| spans.iter().any(|spans| spans.iter().any(|span| span.contains(at)));
        let mut told = BTreeSet::new();
        for (_, value) in &mut request.args {
            stand_where(value, &is_said, &mut told);
        }
        stand_where(&mut request.callee.receiver, &is_said, &mut told);
        // A method of the class's own that hands over to this one says more.
        let name = self.unit.functions[request.function].name.as_deref().unwrap_or_default();
        let inherits = self.index.method(class, name) == Some(request.function);
        request.declared = inherits && !told.is_empty();
        let speaks = || self.index.chain(class).into_iter().any(|of| self.index.reads_of_itself(of, name));
        let outside = |(caller, _): &(FunctionId, _)| self.unit.functions[*caller].class.is_none();
        request.unasked = request.declared && !speaks() && !self.index.calls_of(name).iter().any(outside);
        // What stands in a call is no text that nobody is seen to send.
        self.quiet.append(&mut told);
    }

    /// The object on which a method of the base class runs: `super().update(id)`.
    pub(crate) fn above(&self, frame: &Frame, callee: &Callee, id: FunctionId) -> Option<Value> {
        let first = callee.path.first().filter(|_| callee.path.len() == 2)?;
        let class = frame.this.or(self.unit.functions[frame.function].class)?;
        let above = matches!(&**first, "super()" | "super") && !self.unit.functions[id].constructor;
        above.then(|| Value::one(Kind::Instance(class, Arc::default())))
    }

    /// A member as the class above has it: `super().base_url`.
    pub(crate) fn member_above(
        &mut self,
        frame: &Frame,
        object: &Expr,
        member: &Arc<str>,
        span: Span,
    ) -> Option<Value> {
        let named = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(name) if &**name == "super");
        let is_above = match &object.kind {
            ExprKind::Call(call) => named(&call.callee),
            // Ruby's is the method above, which is run.
            _ => named(object) && !self.dialect.calls_by_name(),
        };
        let class = self.unit.functions[frame.function].class.filter(|_| is_above)?;
        let base = self.index.chain(class).into_iter().nth(1)?;
        let value = self.field(base, member);
        let known = |term: &Term| !matches!(term.kind, Kind::Unknown(_));
        value.terms.iter().any(known).then(|| value.imported_with_fields(span))
    }

    /// The address that the one class which a mixin is mixed into keeps in a field: methods
    /// of the mixin ask for `self.base_url + "users"` without having it.
    pub(crate) fn address_below(&mut self, class: ClassId, member: &Arc<str>) -> Option<Value> {
        let keeps = |below: &ClassId| *below != class && self.index.fields[*below].contains_key(member);
        let keeping: BTreeSet<ClassId> = self.index.below(class).into_iter().filter(keeps).collect();
        let mut keeping = keeping.into_iter();
        let (below, None) = (keeping.next()?, keeping.next()) else { return None };
        let value = self.field(below, member);
        let whole = |term: &Term| match &term.kind {
            Kind::Text(pieces) => {
                matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.starts_with("http"))
            }
            _ => false,
        };
        value.terms.iter().any(whole).then_some(value)
    }

    /// Where a class itself gives its fields a value, and its methods what they return.
    fn said(&mut self, class: ClassId) -> Arc<[Span]> {
        if let Some(known) = self.said.get(&class) {
            return known.clone();
        }
        let mut spans: BTreeSet<Span> =
            self.index.fields[class].values().flatten().map(|(_, value)| value.span).collect();
        let unit = self.unit;
        for id in &unit.classes[class].methods {
            spans.extend(returned(&unit.functions[*id].body).into_iter().map(|value| value.span));
        }
        let spans: Arc<[Span]> = spans.into_iter().collect();
        self.said.insert(class, spans.clone());
        spans
    }

    /// Whether a condition on a field is known not to hold: classes give it, each a constant of
    /// its own, and nobody changes it.
    pub(crate) fn is_ruled_out(
        &mut self,
        frame: &mut Frame,
        subject: &'u Expr,
        test: &Test,
        holds: bool,
    ) -> bool {
        let ExprKind::Member(object, field) = &subject.kind else { return false };
        let ExprKind::Name(name) = &object.kind else { return false };
        let function = &self.unit.functions[frame.function];
        let Some(class) = frame.this.or(function.class) else { return false };
        if function.receiver.as_ref() != Some(name) || !self.is_of_classes(class, field) {
            return false;
        }
        let Some(test) = self.told(frame, test, subject.span) else { return false };
        let value = self.field(class, field);
        guard::says(&test, &value).is_some_and(|said| said != holds)
    }

    /// Whether a field is a constant that several classes of one family give, and that no
    /// method sets.
    fn is_of_classes(&self, class: ClassId, field: &Arc<str>) -> bool {
        let constant = |class: &ClassId| {
            self.index.fields[*class].get(field).is_some_and(|sites| {
                let own = self.unit.classes[*class].fields.iter().filter(|(name, ..)| name == field);
                own.count() == sites.len()
            })
        };
        let given = |class: &ClassId| self.index.fields[*class].contains_key(field);
        let Some(highest) = self.index.chain(class).into_iter().rfind(given) else { return false };
        let family: Vec<ClassId> = self.index.below(highest).into_iter().filter(given).collect();
        family.len() > 1 && family.iter().all(constant)
    }
}

/// How many letters of a piece are of words that say something: `/v` and `/api/v1` say
/// nothing.
fn words_of(piece: &Piece) -> usize {
    let Piece::Literal { text, .. } = piece else { return 0 };
    let path = match text.split_once("://") {
        Some((_, behind)) => behind.split_once('/').map_or("", |(_, path)| path),
        None => text,
    };
    let words = path.split('/').filter(|word| weight(word) > 0);
    words
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).count())
        .filter(|letters| *letters > 1)
        .sum()
}

/// Texts of which a part is said at certain places stand there.
fn stand_where(value: &mut Value, is_said: &dyn Fn(Span) -> bool, told: &mut BTreeSet<Span>) {
    for term in &mut value.terms {
        match &mut term.kind {
            Kind::Text(pieces) => {
                let said = |piece: &Piece| {
                    matches!(piece, Piece::Literal { text, literal, .. }
                        if text.contains(char::is_alphanumeric) && is_said(*literal))
                };
                let words = |is_said: bool| -> usize {
                    pieces.iter().filter(|piece| said(piece) == is_said).map(words_of).sum()
                };
                // Where a method has more of the path than the class, it stands there.
                if words(true) == 0 || words(true) < words(false) {
                    continue;
                }
                for piece in pieces {
                    let here = said(piece);
                    if let Piece::Literal { literal, origin, local, .. } = piece {
                        *local = here;
                        if here {
                            *origin = *literal;
                            told.insert(*literal);
                        }
                    }
                }
            }
            Kind::Object(entries) => {
                let mut inner = entries.to_vec();
                inner.iter_mut().for_each(|(_, value)| stand_where(value, is_said, told));
                *entries = Arc::new(inner);
            }
            Kind::Client(base) => {
                let mut inner = Value::clone(base);
                stand_where(&mut inner, is_said, told);
                *base = Arc::new(inner);
            }
            _ => {}
        }
    }
}
