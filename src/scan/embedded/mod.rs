//! Client code inside other files: shell steps of workflows, cells of
//! notebooks, fenced code of Markdown, recipes of makefiles, steps of pipelines,
//! and requests that are written as data (collections of API clients, Ansible's
//! `uri`, `.http` files, HCL).
//!
//! A container is taken apart into regions (`region`): a text in one client
//! language that knows where each of its bytes stands in the file. Requests as
//! data become a `curl` command in such a text. Each region is scanned by
//! itself, and its calls are put back to their places in the file. Knows
//! nothing of HTTP: what a call is, the languages say.

mod bruno;
mod collection;
mod commands;
mod component;
mod given;
mod groovy;
mod hcl;
mod hcl_module;
mod hcl_values;
mod http_file;
mod jinja;
mod just;
mod keys;
mod make;
mod make_calls;
mod markdown;
mod notebook;
mod region;
mod steps;
mod tasks;
mod template;
mod told_requests;

use std::path::Path;

use super::call::{Call, Confidence, FieldUse, SentObject, SkipReason, Target};
use super::language::Language;
use super::lines::Lines;
use crate::scan::files::project;
use crate::scan::files::walk::TextScan;
use crate::scan::judge::api::Api;
use region::Region;

/// Most regions of one file.
const MAX_REGIONS: usize = 20_000;

/// A kind of file that holds client code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Container {
    format: Format,
    /// Placeholders and statements of a template stand in it.
    templated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Yaml,
    Json,
    Notebook,
    HttpFile,
    Markdown,
    Makefile,
    Just,
    Dockerfile,
    /// A pipeline of Jenkins.
    Groovy,
    Bruno,
    Hcl,
    /// A page, or a component of one.
    Component,
    /// A template of client code.
    Code(Language),
}

impl Container {
    /// The kind of a file by its name, without folders.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        for end in [".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".gotmpl", ".mustache", ".hbs", ".erb"] {
            if let Some(inner) = lower.strip_suffix(end) {
                // What a server makes a page of is no page yet.
                let page = inner.ends_with(".html") || inner.ends_with(".htm");
                let plain = Format::of_name(inner).filter(|_| !page).or_else(|| {
                    let extension = inner.rsplit_once('.')?.1;
                    Language::of_extension(extension).map(Format::Code)
                });
                return plain.map(|format| Self { format, templated: true });
            }
        }
        let format = Format::of_name(&lower)?;
        // Playbooks, charts and workflows put placeholders into plain files.
        let templated = matches!(format, Format::Yaml | Format::Json | Format::Just);
        Some(Self { format, templated })
    }

    /// Whether files beside a file of this kind may give it variables.
    pub(super) fn may_be_given(self) -> bool {
        matches!(self.format, Format::Yaml | Format::Hcl)
    }

    /// The variables that files beside a file of this kind give it.
    fn given(self, path: &Path, name: &str, text: &str) -> given::Given {
        match self.format {
            Format::Yaml => given::beside(path, name, text),
            Format::Hcl => hcl_module::beside(path, text),
            _ => given::Given::default(),
        }
    }

    /// Whether files beside a file of this kind give it a text of which something holds.
    pub(super) fn is_given(
        self,
        (name, path): (&str, &Path),
        text: &str,
        holds: impl Fn(&str) -> bool,
    ) -> bool {
        self.given(path, name, text).texts().any(holds)
    }

    /// Whether client code would be looked for in a file of this kind, as far as a look
    /// at its bytes tells.
    pub(super) fn may_hold_code(self, bytes: &[u8]) -> bool {
        match self.format {
            Format::Json => keys::may_hold_code(bytes),
            Format::Markdown => markdown::has_fence(bytes),
            _ => true,
        }
    }

    /// Whether files of this kind are written to make requests, and not data
    /// of any sort.
    pub(super) fn is_code(self) -> bool {
        !matches!(self.format, Format::Yaml | Format::Json | Format::Markdown | Format::Hcl)
    }
}

impl Format {
    fn of_name(lower: &str) -> Option<Self> {
        let (stem, extension) = lower.rsplit_once('.').unwrap_or((lower, ""));
        Some(match extension {
            "yml" | "yaml" => Self::Yaml,
            "json" | "har" | "postman_collection" => Self::Json,
            "ipynb" => Self::Notebook,
            "http" | "rest" => Self::HttpFile,
            "md" | "mdx" | "markdown" => Self::Markdown,
            "mk" | "mak" => Self::Makefile,
            "just" => Self::Just,
            "groovy" | "jenkinsfile" => Self::Groovy,
            "bru" => Self::Bruno,
            "dockerfile" | "containerfile" => Self::Dockerfile,
            "tf" | "hcl" | "tofu" => Self::Hcl,
            "vue" | "svelte" | "html" | "htm" => Self::Component,
            _ if matches!(stem, "dockerfile" | "containerfile") => Self::Dockerfile,
            _ if stem == "jenkinsfile" => Self::Groovy,
            _ if matches!(lower, "makefile" | "gnumakefile") => Self::Makefile,
            _ if matches!(lower, "justfile" | ".justfile") => Self::Just,
            _ => return None,
        })
    }
}

/// What a container was taken apart into.
#[derive(Default)]
struct Extracted {
    regions: Vec<Region>,
    /// Where the container itself could not be read.
    unreadable: Option<usize>,
}

/// What a container gave.
pub(super) struct Scanned {
    /// The calls, and why the file was not analysed in full.
    pub scan: TextScan,
    /// Whether client code stands in it at all.
    pub client: bool,
}

/// Scans a container; `path` is where the files beside it stand, if it has a place.
pub(super) fn scan(
    api: &Api,
    (name, path): (&str, Option<&Path>),
    text: &str,
    container: Container,
    in_test: bool,
) -> Scanned {
    let given = path.map(|path| container.given(path, name, text)).unwrap_or_default();
    let blanked;
    let body = if container.templated && template::is_template(text) {
        blanked = template::blanked(text, container.format);
        blanked.as_str()
    } else {
        text
    };
    let Extracted { mut regions, unreadable } = match container.format {
        Format::Yaml => steps::of_yaml(body, text, &given),
        Format::Json => steps::of_json(body),
        Format::Notebook => notebook::extract(body),
        Format::HttpFile => http_file::extract(body, 0),
        Format::Markdown => markdown::extract(body),
        Format::Makefile => make::of_makefile(body),
        Format::Just => just::extract(body),
        Format::Groovy => groovy::extract(body),
        Format::Bruno => bruno::extract(body),
        Format::Dockerfile => make::of_dockerfile(body),
        Format::Hcl => hcl::extract(body, &given),
        Format::Component => component::extract(body),
        Format::Code(language) => {
            let mut region = Region::new(language);
            region.verbatim(body, 0);
            Extracted { regions: vec![region], unreadable: None }
        }
    };
    // What stands in placeholders is no part of the body. Descriptions of an API make no call.
    let describes = || ["openapi:", "swagger:"].iter().any(|front| text.starts_with(front));
    if container.format == Format::Yaml && !describes() {
        regions.extend(told_requests::looked_up(text));
    }
    let lines = Lines::new(text);
    let mut scan = TextScan::default();
    let mut client = false;
    for region in regions.iter().take(MAX_REGIONS) {
        client = true;
        if !api.may_occur(region.text().as_bytes(), region.language.ground()) {
            continue;
        }
        let part = project::scan_one(api, name, region.text(), region.language, in_test);
        let named = region.named.as_deref().is_some_and(|name| api.is_named(name));
        scan.calls.extend(part.calls.into_iter().map(|call| {
            let mut call = placed(call, region, text, &lines);
            // The name of the address speaks for it, whatever host it has.
            if named && call.method.is_some() && is_known(&call) {
                call.confidence = call.confidence.max(Confidence::Medium);
            }
            call
        }));
        // Code in other files is often a piece that does not stand alone.
        if let Some(SkipReason::TooComplex) = part.skipped {
            scan.skipped = Some(SkipReason::TooComplex);
        } else if let (Some(SkipReason::SyntaxError(line)), true) = (&part.skipped, region.whole) {
            let at = region.start_of(line_start(region.text(), *line));
            scan.skipped.get_or_insert(SkipReason::SyntaxError(lines.place(text, at).0));
        }
    }
    if regions.len() > MAX_REGIONS {
        scan.skipped = Some(SkipReason::TooComplex);
    }
    if let Some(at) = unreadable.filter(|_| runs_requests(text)) {
        client = true;
        scan.skipped.get_or_insert(SkipReason::SyntaxError(lines.place(text, at).0));
    }
    lift_company(&mut scan.calls);
    scan.calls
        .sort_by(|a, b| (a.span.start, a.span.end, &a.method).cmp(&(b.span.start, b.span.end, &b.method)));
    scan.calls.dedup();
    Scanned { scan, client }
}

/// Calls of a file that go where another one of it surely goes are no less sure: each region is read
/// by itself, but `https://<HOST>/api/v1/token` of one example is at the host of the next.
fn lift_company(calls: &mut [Call]) {
    let sure = calls.iter().filter(|call| call.confidence > Confidence::Low);
    let fronts: Vec<String> = sure
        .filter(|call| is_known(call))
        .filter_map(|call| open_front(&call.url))
        .map(str::to_owned)
        .collect();
    for call in calls.iter_mut().filter(|call| call.confidence == Confidence::Low) {
        let shares = open_front(&call.url).is_some_and(|front| fronts.iter().any(|known| known == front));
        if shares && call.method.is_some() && is_known(call) {
            call.confidence = Confidence::Medium;
        }
    }
}

/// Whether it is known which operation a call is.
fn is_known(call: &Call) -> bool {
    matches!(call.target, Target::Operation(_))
}

/// The front of a URL whose host is a placeholder: `https://{HOST}`, `{BASE_URL}`.
fn open_front(url: &str) -> Option<&str> {
    let start = url.find("://").map_or(0, |at| at + 3);
    let host = url[start..].split('/').next()?;
    let named = host.starts_with(['{', '<', '$']) && host.len() > 2;
    named.then(|| &url[..start + host.len()])
}

/// Whether a text that could not be read has the words of requests in it.
fn runs_requests(text: &str) -> bool {
    ["curl ", "wget ", "uri:", "\"nbformat\"", "getpostman.com"].iter().any(|word| text.contains(word))
}

/// The byte where a line (from 1) begins.
fn line_start(text: &str, line: usize) -> usize {
    match line {
        0 | 1 => 0,
        _ => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1),
    }
}

/// A call of a region as a call of the file.
fn placed(call: Call, region: &Region, text: &str, lines: &Lines) -> Call {
    let span = region.span_of(call.span.clone(), text);
    let request = region.start_of(line_start(region.text(), call.request_line));
    let (line, column) = lines.place(text, span.start);
    let (end_line, end_column) = lines.place(text, span.end.max(span.start));
    let request_line = lines.place(text, request).0;
    let confidence = match (region.doubtful, call.confidence) {
        (true, Confidence::High) => Confidence::Medium,
        (_, confidence) => confidence,
    };
    let moved = |field: &FieldUse| {
        let span = region.span_of(field.span.clone(), text);
        let (line, column) = lines.place(text, span.start);
        let (end_line, end_column) = lines.place(text, span.end.max(span.start));
        FieldUse { line, column, end_line, end_column, span, ..field.clone() }
    };
    let fields = call.fields.iter().map(moved).collect();
    let objects = call.objects.iter();
    let objects = objects
        .map(|object| SentObject { stands: moved(&object.stands), keys: object.keys.clone() })
        .collect();
    Call {
        fields,
        objects,
        line,
        column,
        end_line,
        end_column,
        request_line,
        confidence,
        language: region.shown.unwrap_or(call.language),
        span,
        ..call
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_their_names() {
        let format = |name: &str| Container::of_name(name).map(|container| container.format);
        assert_eq!(format("deploy.yml"), Some(Format::Yaml));
        assert_eq!(format("GNUmakefile"), Some(Format::Makefile));
        assert_eq!(format("Dockerfile.prod"), Some(Format::Dockerfile));
        assert_eq!(format("api.Dockerfile"), Some(Format::Dockerfile));
        assert_eq!(format("call.sh.j2"), Some(Format::Code(Language::Shell)));
        assert_eq!(format("site.yaml.tmpl"), Some(Format::Yaml));
        assert_eq!(format("Jenkinsfile.release"), Some(Format::Groovy));
        assert_eq!(format("justfile"), Some(Format::Just));
        assert_eq!(format("a.py"), None, "client code itself");
        assert_eq!(format("yaml"), None);
        assert_eq!(format("page.html.j2"), None);
    }
}
