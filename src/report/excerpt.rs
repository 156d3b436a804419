//! A finding as a compiler shows it: headline, place, the line with the place
//! underlined, facts.

use annotate_snippets::{AnnotationKind, Element, Group, Level as Mark, Renderer, Snippet};
use anstyle::{AnsiColor, Style};

use crate::finding::{Finding, Level, Spot};

/// Longest line of client code that is shown whole.
const MAX_LINE: usize = 400;

/// Renders one finding; `source` is the text its spot is in, if it is at hand.
pub(super) fn render(finding: &Finding, source: Option<&str>, colour: bool) -> String {
    let mark = match finding.level {
        Level::Error => Mark::ERROR,
        Level::Warning => Mark::WARNING,
        Level::Note => Mark::NOTE,
    };
    let Some(spot) = &finding.spot else { return without_lines(finding, colour) };
    let group = Group::with_title(mark.primary_title(finding.message.as_str()).id(finding.rule));
    let span = spot.span.clone().filter(|span| !span.is_empty());
    let shown = source.zip(span).and_then(|(source, span)| window(source, span));
    let Some((text, span)) = shown else { return without_lines(finding, colour) };
    let group = group.element(
        Snippet::source(text)
            .path(spot.file.as_str())
            .line_start(spot.line)
            .annotation(AnnotationKind::Primary.span(span)),
    );
    let facts = finding.facts.iter().map(|fact| Element::from(Mark::NOTE.no_name().message(fact.as_str())));
    let group = group.elements(facts);
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(MAX_LINE).render(&[group])
}

/// A finding in a document names its place only; one that rests on a ledger has
/// none.
fn without_lines(finding: &Finding, colour: bool) -> String {
    let text = super::Text { colour };
    let head = format!("{}[{}]", finding.level, finding.rule);
    let mut out = format!("{}: {}", text.level(finding.level, &head), text.bold(&finding.message));
    if let Some(Spot { file, line, column, .. }) = &finding.spot {
        out.push_str(&format!("\n  {} {file}:{line}:{column}", text.styled(frame(), "-->")));
    }
    for fact in &finding.facts {
        out.push_str(&format!("\n   {} {fact}", text.styled(frame(), "=")));
    }
    out
}

/// The colour of what frames a line of code.
fn frame() -> Style {
    AnsiColor::BrightBlue.on_default().bold()
}

/// The lines that a span covers, cut out of the text so that rendering costs
/// the same wherever they stand, with the span inside them.
fn window(source: &str, span: std::ops::Range<usize>) -> Option<(&str, std::ops::Range<usize>)> {
    let before = source.get(..span.start)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let rest = source.get(span.end..)?;
    let end = rest.find('\n').map_or(source.len(), |at| span.end + at);
    let text = source.get(start..end)?;
    Some((text, span.start - start..span.end - start))
}
