//! Options that keep findings in client code out: the baseline, and the lines
//! changed since a revision.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, anyhow, bail};

use super::args::Filters as Typed;
use super::output;
use crate::finding::{Baseline, BaselineUse, Catalogue, Filters, Finding, Settled, settle_client};
use crate::policy::Policy;
use crate::release::Date;
use crate::scan::Scan;
use crate::source::Changes;

/// Settles the findings of a scan by everything that was asked for, and writes
/// the baseline if it is to be updated.
pub(super) fn settle(
    findings: Vec<Finding>,
    scan: &Scan,
    paths: &[PathBuf],
    policy: &Policy,
    rules: impl Catalogue,
    today: Option<Date>,
    typed: &Typed,
) -> anyhow::Result<Settled> {
    let here = std::env::current_dir().context("cannot tell the current folder")?;
    let changes = match &typed.since {
        Some(revision) => Some(Changes::since(revision, paths)?),
        None => None,
    };
    let changed = |file: &str, lines| match &changes {
        Some(changes) => changes.touches(&here.join(file), &lines),
        None => true,
    };
    let known = match &typed.baseline {
        Some(file) => Some(read(file, typed.update_baseline)?),
        None => None,
    };
    // Files are named from where the baseline stands, so that it does not matter
    // from where the scan is started.
    let home = match &typed.baseline {
        Some(file) => {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = here.join(folder.unwrap_or(Path::new(".")));
            folder.canonicalize().with_context(|| format!("cannot read {}", folder.display()))?
        }
        None => here.clone(),
    };
    let named = |file: &str| relative(&whole(&here.join(file)), &home);
    let roots: Vec<String> = paths.iter().map(|path| named(&path.to_string_lossy())).collect();
    // Only a baseline asks for them.
    let missed: LazyCell<BTreeSet<String>, _> =
        LazyCell::new(|| scan.files.skipped.iter().map(|skipped| named(&skipped.file)).collect());
    let looked_at = |file: &str| {
        let below = |root: &String| {
            root == "." && !file.starts_with("../")
                || file == root
                || file.strip_prefix(root.as_str()).is_some_and(|rest| rest.starts_with('/'))
                || outside(root, file)
        };
        roots.iter().any(below) && !missed.contains(file)
    };
    let baseline = known.as_ref().map(|known| BaselineUse {
        known,
        update: typed.update_baseline,
        named: &named,
        looked_at: &looked_at,
    });
    let filters =
        Filters { sources: Some(&scan.sources), baseline, changed: changes.is_some().then_some(&changed) };
    let settled = settle_client(findings, policy, rules, today, &filters);
    if let (Some(file), Some(baseline)) = (&typed.baseline, &settled.baseline) {
        output::whole_file(file, &baseline.write()?)?;
    }
    Ok(settled)
}

/// Whether a file is below a root that is itself made of steps upwards.
fn outside(root: &str, file: &str) -> bool {
    let ups = |path: &str| path.split('/').take_while(|part| *part == "..").count();
    let only_ups = root.split('/').all(|part| part == "..");
    only_ups && ups(file) <= ups(root)
}

fn read(file: &Path, may_miss: bool) -> anyhow::Result<Baseline> {
    let name = file.display().to_string();
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if may_miss {
                return Ok(Baseline::of(&name, []));
            }
            bail!("{name} is not there: write it with --update-baseline");
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read {name}")),
    };
    let text = String::from_utf8(bytes).map_err(|_| anyhow!("{name}: expected UTF-8 text"))?;
    Ok(Baseline::read(&name, &text)?)
}

/// The path without symbolic links, as far as it exists.
fn whole(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => whole(parent).join(name),
        _ => path.to_owned(),
    }
}

/// The path from a folder to a file, with `/` between folders.
fn relative(file: &Path, home: &Path) -> String {
    let common = file.components().zip(home.components()).take_while(|(a, b)| a == b).count();
    let ups = home.components().skip(common).map(|_| "..".to_owned());
    let downs = file.components().skip(common).filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    let parts: Vec<String> = ups.chain(downs).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_baseline() {
        let named = |file: &str| relative(Path::new(file), Path::new("/a/b"));
        assert_eq!(named("/a/b/c/d.py"), "c/d.py");
        assert_eq!(named("/a/x.py"), "../x.py");
        assert_eq!(named("/a/b"), ".");
        assert!(outside("..", "x.py") && outside("..", "../y/x.py") && !outside("..", "../../x.py"));
    }
}
