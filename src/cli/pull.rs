//! `sunwatch pull`: a document is fetched, looked at, and kept.

use std::path::Path;

use anyhow::{Context, bail};

use super::args::{Common, FormatName};
use super::commands::{has_losses, render};
use super::load::Loader;
use super::{Outcome, output};
use crate::document::Document;
use crate::report::{PullReport, PulledDocument, Report};
use crate::source::Fetched;
use crate::source::archive::{Archive, Stored, sha256};

pub(super) fn run(common: &Common, sources: &[String], archive: Option<&Path>) -> anyhow::Result<Outcome> {
    let loader = Loader::new(common)?;
    let names: Vec<&str> = sources.iter().map(String::as_str).collect();
    let mut fetched = loader.fetched(&names)?;
    if archive.is_none() && fetched.len() > 1 {
        bail!("{} documents are more than one place can hold: give --archive FOLDER", fetched.len());
    }
    // What is no document is not kept, whatever its server calls it.
    let (documents, problems) = loader.looked_at(&fetched)?;
    let is_whole = documents.iter().all(|document| document.unfollowed() == 0);
    let mut parts: Vec<Vec<String>> = vec![Vec::new(); fetched.len()];
    for ((one, document), parts) in fetched.iter_mut().zip(&documents).zip(&mut parts) {
        if !is_whole {
            refuse(document, common);
        } else if document.is_bundled() {
            // Alone, its text would lead to files that are not kept.
            one.bytes = document.tree().to_json().with_context(|| one.name.clone())?.into_bytes();
            *parts = document.files().map(str::to_owned).collect();
        }
    }
    let files = match archive {
        _ if !is_whole => vec![None; fetched.len()],
        Some(folder) => kept(folder, &fetched, &parts, common)?,
        None => {
            if let (Some(file), [only]) = (&common.output, fetched.as_slice()) {
                output::whole_file(file, &only.bytes)?;
            }
            fetched.iter().map(|_| common.output.as_ref().map(|file| file.display().to_string())).collect()
        }
    };
    let incomplete = !is_whole || has_losses(&problems);
    let outcome = if incomplete { Outcome::Incomplete } else { Outcome::Clean };
    let is_shown = archive.is_some() || common.output.is_some() || common.format != FormatName::Text;
    if let (false, [only]) = (is_shown, fetched.as_slice()) {
        if is_whole {
            output::stdout(&only.bytes)?;
        }
        return Ok(outcome);
    }
    let documents = fetched
        .iter()
        .zip(&documents)
        .zip(parts)
        .zip(files)
        .map(|(((fetched, document), parts), file)| pulled(fetched, document, parts, file));
    let report = PullReport { documents: documents.collect(), problems };
    // The document is in --output; the report is still for standard output.
    output::stdout(render(&Report::Pull(report), common)?)?;
    Ok(outcome)
}

/// Says why a document is not kept, if it is not whole.
fn refuse(document: &Document, common: &Common) {
    let why = match document.unfollowed() {
        0 => return,
        1 => "one of its references leads".to_owned(),
        count => format!("{count} of its references lead"),
    };
    let more = if common.verbose { "" } else { " (-v says where)" };
    let message = format!(
        "nothing is written: {} is not whole, {why} to files that were not read{more}",
        document.name
    );
    output::alarm(&message, common.color);
}

/// Puts documents into an archive; the file of each.
fn kept(
    folder: &Path,
    fetched: &[Fetched],
    parts: &[Vec<String>],
    common: &Common,
) -> anyhow::Result<Vec<Option<String>>> {
    let time = jiff::Timestamp::now().round(jiff::Unit::Second).context("cannot tell the time")?.to_string();
    // All names are known before the first file is written.
    if let Some(nameless) = fetched.iter().find(|document| document.release.is_none()) {
        let asked = nameless.from.as_ref().map_or(&nameless.name, |from| &from.asked);
        bail!(
            "{} does not say which release it is, and files of an archive are named after it: \
             say it as in `sunwatch pull 2.19={asked} --archive {}`",
            nameless.name,
            folder.display()
        );
    }
    let mut archive = Archive::open(folder)?;
    let mut files = Vec::new();
    for (document, parts) in fetched.iter().zip(parts) {
        let (file, stored) = archive.store(document, parts, &time)?;
        let what = match stored {
            Stored::New => "is new",
            Stored::Replaced => "is replaced: its document has changed",
            Stored::Unchanged => "is unchanged",
        };
        output::note(&format!("{} {what}", file.display()), common);
        files.push(Some(file.display().to_string()));
    }
    Ok(files)
}

fn pulled(
    fetched: &Fetched,
    document: &Document,
    parts: Vec<String>,
    file: Option<String>,
) -> PulledDocument {
    PulledDocument {
        release: fetched.release.clone(),
        name: fetched.name.clone(),
        from: fetched.from.clone(),
        dialect: document.dialect.to_string(),
        title: document.title.clone(),
        version: document.version.clone(),
        operations: document.operations().len(),
        bytes: fetched.bytes.len(),
        sha256: sha256(&fetched.bytes),
        parts,
        file,
    }
}
